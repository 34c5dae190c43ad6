"""Tables as one Markdown page."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...models.quantity import Bilingual
from ...models.words import msg
from ..outline import chapters, numbered
from ..tables.paper import on_paper
from ..tables.table import Table, sentences, shown
from ..text.format import clean, heading, printed

_SPECIAL = re.compile(r"([\\`*_\[\]|~#])")

# What `meta` says of a run, in the reader's words; keys not named here are for machines.
FACTS: dict[str, Bilingual] = {
    "scenario": msg("Scenario"),
    "run": msg("Run", context="export_markdown"),
    "solver": msg("Solver"),
    "seed": msg("Seed"),
    "version": msg("dabiao version"),
}


def facts(meta: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """What stands under the title of a page: which run this is."""
    return [
        (name.of(lang), clean(str(meta[key])))
        for key, name in FACTS.items()
        if meta.get(key) not in (None, "")
    ]


def export_markdown(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.md``: every table as printed, the verdict first."""
    line = " · ".join(f"{_escape(name)}: {_escape(value)}" for name, value in facts(meta, lang))
    told = "\n".join(
        f"- **{_escape(label)}** {_escape(text)}" for label, text in sentences(tables, lang).values()
    )
    sections = []
    for at, (chapter, names) in enumerate(chapters(tables)):
        if kept := [tables[name] for name in names if name != "summary"]:
            sections += [
                f"## {_escape(numbered(at, chapter, lang))}",
                *(_section(table, lang) for table in kept),
            ]
    parts = [f"# {_escape(title.of(lang))}", line, told, *sections]
    file = folder / "report.md"
    file.write_bytes(("\n\n".join(part for part in parts if part) + "\n").encode())
    return [file]


def _section(table: Table, lang: str) -> str:
    table = on_paper(table)
    columns = shown(table)
    lines = [f"### {_escape(table.title.of(lang))}", ""]
    lines += [_row([heading(column, lang) for column in columns])]
    lines += ["| " + " | ".join("---:" if column.numeric else "---" for column in columns) + " |"]
    lines += [_row(row) for row in printed(table, lang)]
    if table.note:
        lines += ["", _escape(table.note.of(lang))]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(_escape(cell) for cell in cells) + " |"


@lru_cache(maxsize=1 << 14)
def _escape(text: str) -> str:
    """Text that stays text: no markup, no column, no line of its own."""
    text = html.escape(" ".join(clean(text).split()), quote=False)
    return _SPECIAL.sub(r"\\\1", text)
