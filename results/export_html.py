"""Tables as one page that opens offline and prints well."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..models.quantity import Text
from ..models.target import Rung
from .export_markdown import facts
from .format import clean, heading, printed, safe_name, unique
from .layout import cell_width
from .table import Column, Table, in_order, sentences, shown

_MANY = 9  # columns above which a table is set smaller
# A verdict keeps its words and gets a colour: on the page as on paper.
_RUNGS = {
    text: f' class="rung {rung.name.lower()}"' for rung in Rung for text in (rung.value.of("zh"), rung.value.of("en"))
}

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
th { background: var(--band); border-bottom: 2px solid var(--mark); vertical-align: bottom; min-width: 4.2em; }
.n { text-align: right; } td.n, td.s { white-space: nowrap; }
.t { min-width: 8em; overflow-wrap: anywhere; } .w { min-width: 16em; overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: #fafbfd; }
.sum td { font-weight: 600; }
main, section { min-width: 0; }
.scroll { max-width: 100%; overflow-x: auto; }
.many { font-size: .82rem; } .many th, .many td { padding: .25rem .4rem; }
.summary { margin: 1rem 0; padding: .8rem 1.1rem; border: 1px solid var(--line); border-left: 4px solid var(--mark); }
.summary dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 0; }
.summary dt { font-weight: 600; color: var(--mark); } .summary dd { margin: 0; overflow-wrap: anywhere; }
.summary .first { font-size: 1.08rem; font-weight: 600; }
td.rung { font-weight: 600; white-space: nowrap; }
td.plan { background: #d7efdc; color: #10522a; } td.mix { background: #fdf0c4; color: #6b4e00; }
td.relaxed { background: #fbdcc0; color: #7a3604; } td.out { background: #f8d3d1; color: #8a1510; }
td.undecided { background: #e6e8eb; color: #3c4650; }
@page { size: A4 landscape; margin: 11mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; } .scroll { overflow: visible; } table { max-width: 100%; font-size: 8pt; }
  thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; }
  th, td { padding: 2pt 4pt; } th { min-width: 0; overflow-wrap: anywhere; }
  .t, .w, td.s, td.rung { min-width: 0; white-space: normal; overflow-wrap: anywhere; }
  .many { font-size: 6.5pt; } .many th, .many td { padding: 1.5pt 2pt; }
}
"""


def export_html(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Text, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.html``: every table as printed, the verdict first; one file, nothing from the network."""
    ordered = [table for table in in_order(tables) if table.name != "summary"]
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
        f'<p class="facts">{line}</p>\n{_summary(tables, lang)}<nav>\n{links}</nav>\n<main>\n{sections}</main>\n</body>\n</html>\n'
    )
    file = folder / "report.html"
    file.write_bytes(page.encode())
    return [file]


def _summary(tables: Mapping[str, Table], lang: str) -> str:
    """The answer in a few sentences, above all tables."""
    lines = [
        f"<dt>{_safe(label)}</dt><dd{' class=' + chr(34) + 'first' + chr(34) if line == 'verdict' else ''}>{_safe(text)}</dd>\n"
        for line, (label, text) in sentences(tables, lang).items()
    ]
    return f'<div class="summary"><dl>\n{"".join(lines)}</dl></div>\n' if lines else ""


def _section(table: Table, anchor: str, lang: str) -> str:
    columns, cells = shown(table), printed(table, lang)
    kinds = [f' class="{_kind(column, [row[at] for row in cells])}"' for at, column in enumerate(columns)]
    heads = [f'<th scope="col"{kind}>{_safe(heading(column, lang))}</th>' for column, kind in zip(columns, kinds, strict=True)]
    rows = [
        f"<tr{mark}>" + "".join(
            f"<td{_RUNGS.get(cell, kind)}>{_safe(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)
        ) + "</tr>\n"
        for row, mark in zip(cells, _marks(table), strict=True)
    ]
    many = ' class="many"' if len(columns) > _MANY else ""
    note = f'<p class="note">{_safe(table.note.of(lang))}</p>\n' if table.note else ""
    return (
        f'<section>\n<h2 id="{_safe(anchor)}">{_safe(table.title.of(lang))}</h2>\n<div class="scroll"><table{many}>\n'
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
