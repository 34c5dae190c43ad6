"""Tables as one page that opens offline and prints well."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..models.quantity import Text
from .export_markdown import facts
from .format import clean, heading, printed, safe_name, unique
from .layout import cell_width
from .table import Column, Table, in_order, shown

_STYLE = """
:root { --ink: #1c2733; --soft: #5b6b7a; --line: #d5dde5; --band: #f4f7fa; --mark: #14507d; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; color: var(--ink); background: #fff;
  font: 15px/1.55 "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Segoe UI", Arial, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; color: var(--mark); }
.facts, .note { margin: .25rem 0; color: var(--soft); font-size: .9rem; }
nav { margin: 1rem 0; padding: .6rem .9rem; background: var(--band); border-left: 3px solid var(--mark); }
nav a { margin-right: 1.1rem; color: var(--mark); text-decoration: none; white-space: nowrap; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
th, td { padding: .3rem .65rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--band); border-bottom: 2px solid var(--mark); vertical-align: bottom; word-break: keep-all; }
.n { text-align: right; } td.n, td.s { white-space: nowrap; }
.t { min-width: 8em; overflow-wrap: anywhere; } .w { min-width: 16em; overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: #fafbfd; }
.sum td { font-weight: 600; }
.scroll { overflow-x: auto; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; } nav { display: none; }
  .scroll { overflow: visible; } thead { display: table-header-group; } tr { break-inside: avoid; }
  h2 { break-after: avoid; } th, td { padding: 2pt 5pt; }
}
"""


def export_html(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Text, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.html``: every table as printed, the verdict first; one file, nothing from the network."""
    ordered = in_order(tables)
    taken: set[str] = set()
    anchors = [f"t-{unique(safe_name(table.name), taken)}" for table in ordered]
    head = _safe(title.of(lang))
    links = "".join(
        f'<a href="#{_safe(at)}">{_safe(table.title.of(lang))}</a>\n' for at, table in zip(anchors, ordered, strict=True)
    )
    line = " · ".join(f"{_safe(name)}: {_safe(value)}" for name, value in facts(meta, lang))
    sections = "".join(_section(table, at, lang) for at, table in zip(anchors, ordered, strict=True))
    page = (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{head}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{head}</h1>\n"
        f'<p class="facts">{line}</p>\n<nav>\n{links}</nav>\n<main>\n{sections}</main>\n</body>\n</html>\n'
    )
    file = folder / "report.html"
    file.write_bytes(page.encode())
    return [file]


def _section(table: Table, anchor: str, lang: str) -> str:
    columns, cells = shown(table), printed(table, lang)
    kinds = [f' class="{_kind(column, [row[at] for row in cells])}"' for at, column in enumerate(columns)]
    heads = [f'<th scope="col"{kind}>{_safe(heading(column, lang))}</th>' for column, kind in zip(columns, kinds, strict=True)]
    rows = [
        f"<tr{mark}>" + "".join(f"<td{kind}>{_safe(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)) + "</tr>\n"
        for row, mark in zip(cells, _marks(table), strict=True)
    ]
    note = f'<p class="note">{_safe(table.note.of(lang))}</p>\n' if table.note else ""
    return (
        f'<section>\n<h2 id="{_safe(anchor)}">{_safe(table.title.of(lang))}</h2>\n<div class="scroll"><table>\n'
        f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table></div>\n{note}</section>\n"
    )


def _marks(table: Table) -> list[str]:
    """Rows that add up others stand out: a column ``level`` tells them from the sectors."""
    if all(column.name != "level" for column in table.columns):
        return [""] * len(table.rows)
    return ["" if level == "sector" else ' class="sum"' for level in table.column("level")]


def _kind(column: Column, cells: list[str]) -> str:
    """How a column is set: numbers right, short words on one line, long texts wide."""
    if column.numeric:
        return "n"
    widest = max(map(cell_width, cells), default=0)
    return "s" if widest <= 18 else "t" if widest <= 40 else "w"


def _safe(text: str) -> str:
    return escape(clean(text))
