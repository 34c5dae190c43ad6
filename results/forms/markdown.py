"""Tables as one Markdown page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..front import Front
from ..tables.table import Column, Table, shown
from ..text.format import clean, heading, printed
from .reading import reading

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
    """``report.md``: page one, then every table as printed; which run this is stands at the end."""
    read = reading(tables, lang, title, meta)
    stamp = " · ".join(map(_escape, read.stamp))
    opens = _front(read.front, lang) if read.front else [_told(read.opening)]
    chapters = [
        text
        for part in read.parts
        for text in (
            f"## {_escape(part.title)}",
            _told(part.lines),
            *(_section(table, lang) for table in part.tables),
        )
    ]
    line = " · ".join(f"{_escape(name)}: {_escape(value)}" for name, value in facts(meta, lang))
    parts = [f"# {_escape(read.title)}", stamp, *opens, *chapters, f"---\n\n{line}" if line else ""]
    file = folder / "report.md"
    file.write_bytes(("\n\n".join(part for part in parts if part) + "\n").encode())
    return [file]


def _front(front: Front, lang: str) -> list[str]:
    """Page one; pictures stand in other forms."""
    first, *rest = [*front.answer, ""]
    return [
        f"**{_escape(first)}**",
        *map(_escape, rest),
        *(
            _section(table, lang, [column for column in shown(table) if column.word])
            for table in front.tables
        ),
        _told([*([front.needs] if front.needs else []), *front.notes]),
        *([f"## {_escape(tr(lang, 'Recommendations'))}", _told(front.advice)] if front.advice else []),
    ]


def _told(told: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{_escape(label)}** {_escape(text)}" for label, text in told)


def _section(table: Table, lang: str, chosen: list[Column] | None = None) -> str:
    columns = chosen or shown(table)
    lines = [f"### {_escape(table.title.of(lang))}", ""]
    lines += [_row([heading(column, lang) for column in columns])]
    lines += ["| " + " | ".join("---:" if column.numeric else "---" for column in columns) + " |"]
    lines += [_row(row) for row in printed(table, lang, chosen)]
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
