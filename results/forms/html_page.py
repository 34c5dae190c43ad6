"""Tables as one page that opens offline and prints well."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from ...models.quantity import Bilingual
from ...models.target import TOLD
from ...models.words import msg
from ..charts.gallery import caption_of, drawn
from ..charts.svg import svg
from ..charts.words import Words
from ..outline import chapters, lines_of, numbered
from ..tables.paper import on_paper
from ..tables.table import Column, Table, sentences, shown
from ..text.format import clean, heading, printed, safe_name, unique
from ..text.locales import locale
from .html_style import POLICY, SCRIPT, STYLE
from .markdown import facts
from .terminal.layout import cell_width

_UNPRINTED = msg("This annex stands on the screen alone; to print it use the workbook (tables.xlsx).")
_MORE = msg("More (each chapter begins with its own)")
_OPENS = ("plain", "verdict", "chances", "level", "broken", "odd", "cheapest", "gap", "uncertainty_drivers")
"""Sentences that stand open above all tables; those that open a chapter wait under a heading."""
_MANY = 9  # columns above which a table is set smaller
# A verdict keeps its words and gets a colour: on the page as on paper.
_RUNGS = {text: f' class="rung {rung.name.lower()}"' for rung, told in TOLD for text in told.every().values()}


def export_html(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.html``: the verdict first, then every chapter with its pictures and tables; one file, nothing
    from the network.

    Pictures are drawn here as SVG rather than by a library: a few kilobytes each instead of four megabytes,
    they print sharp, and the reader's browser brings the letters. Pointing at a shape tells its number, a
    legend hides its series, a heading sorts its table; without scripts the page still shows everything.
    """
    found = chapters(tables)
    taken: set[str] = set()
    anchors = {
        name: f"t-{unique(safe_name(name), taken)}"
        for _, names in found
        for name in names
        if name != "summary"
    }
    head, words = _safe(title.of(lang)), Words(lang)
    line = " · ".join(f"{_safe(name)}: {_safe(value)}" for name, value in facts(meta, lang))
    told, links, parts = sentences(tables, lang), [], []
    for at, (chapter, names) in enumerate(found):
        kept = [name for name in names if name != "summary"]
        if not kept:
            continue
        name = _safe(numbered(at, chapter, lang))
        inner = "".join(
            f'<a href="#{_safe(anchors[each])}">{_safe(tables[each].title.of(lang))}</a>\n' for each in kept
        )
        links.append(f'<span class="chapter"><a href="#c-{at}">{name}</a> {inner}</span>\n')
        parts.append(f'<h2 id="c-{at}">{name}</h2>\n')
        parts += [
            f'<p class="told"><b>{_safe(label)}</b>{_safe(text)}</p>\n'
            for label, text in lines_of(chapter, told)
        ]
        figures = "".join(_figure(each, tables, words) for each in chapter.charts)
        pieces = [_section(tables[each], anchors[each], lang) for each in kept]
        pieces.insert(
            int(chapter.table_first), f'<div class="figures">\n{figures}</div>\n' if figures else ""
        )
        inside = "".join(pieces)
        parts.append(
            f'<div class="annex">\n<p class="note printed">{_UNPRINTED.of(lang)}</p>\n{inside}</div>\n'
            if chapter.annex
            else inside
        )
    page = (
        f'<!DOCTYPE html>\n<html lang="{locale(lang).code or lang}">\n<head>\n<meta'
        f' charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<meta'
        ' name="viewport" content="width=device-width,'
        f' initial-scale=1">\n<title>{head}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{head}</h1>\n<p'  # noqa: E501
        f' class="facts">{line}</p>\n{_summary(tables, lang)}<nav>\n{"".join(links)}</nav>\n<main>\n{"".join(parts)}</main>\n<div'  # noqa: E501
        f' id="tip"></div>\n<script>{SCRIPT}</script>\n</body>\n</html>\n'
    )
    file = folder / "report.html"
    file.write_bytes(page.encode())
    return [file]


def _figure(name: str, tables: Mapping[str, Table], words: Words) -> str:
    """A picture with its caption; nothing where the tables have nothing to draw."""
    scene = drawn(name, tables, words)
    if scene is None:
        return ""
    title = caption_of(name, tables, words.lang)
    return f"<figure>{svg(scene, title)}<figcaption>{_safe(title)}</figcaption></figure>\n"


def _summary(tables: Mapping[str, Table], lang: str) -> str:
    """The answer in a few sentences, above all tables."""
    told = sentences(tables, lang)
    opens = next(iter(told), "")
    lines = {
        line: (
            f"<dt>{_safe(label)}</dt><dd{' class=' + chr(34) + 'first' + chr(34) if line == opens else ''}>{_safe(text)}</dd>\n"  # noqa: E501
        )
        for line, (label, text) in told.items()
    }
    if not lines:
        return ""
    again = [said for chapter, _ in chapters(tables) for said in lines_of(chapter, told)]
    more = (
        [line for line, said in told.items() if line not in _OPENS and said in again]
        if opens in _OPENS
        else []
    )
    first = "".join(text for line, text in lines.items() if line not in more)
    rest = "".join(lines[line] for line in more)
    hidden = (
        f'<details class="more"><summary>{_safe(_MORE.of(lang))}</summary><dl>\n{rest}</dl></details>\n'
        if rest
        else ""
    )
    return f'<div class="summary"><dl>\n{first}</dl>{hidden}</div>\n'


def _section(table: Table, anchor: str, lang: str) -> str:
    table = on_paper(table)
    columns, cells = shown(table), printed(table, lang)
    kinds = [f' class="{_kind(column, [row[at] for row in cells])}"' for at, column in enumerate(columns)]
    heads = [
        f'<th scope="col"{kind}>{_safe(heading(column, lang))}</th>'
        for column, kind in zip(columns, kinds, strict=True)
    ]
    rows = [
        f"<tr{mark}>"
        + "".join(
            f"<td{_RUNGS.get(cell, kind)}>{_safe(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)
        )
        + "</tr>\n"
        for row, mark in zip(cells, _marks(table), strict=True)
    ]
    many = ' class="many"' if len(columns) > _MANY else ""
    note = f'<p class="note">{_safe(table.note.of(lang))}</p>\n' if table.note else ""
    return (
        f'<section>\n<h3 id="{_safe(anchor)}">{_safe(table.title.of(lang))}</h3>\n<div'
        f' class="scroll"><table{many}>\n'
        f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table></div>\n{note}</section>\n"
    )


def _marks(table: Table) -> list[str]:
    """Rows that add up others stand out: a column ``level`` tells them from the sectors."""
    if all(column.name != "level" for column in table.columns):
        return [""] * len(table.rows)
    return [' class="sum"' if level in ("group", "total") else "" for level in table.column("level")]


def _kind(column: Column, cells: list[str]) -> str:
    """How a column is set: numbers right, short words on one line, long texts wide."""
    if column.numeric:
        return "n"
    widest = max(map(cell_width, cells), default=0)
    return "s" if widest <= 18 else "t" if widest <= 40 else "w"


@lru_cache(maxsize=1 << 14)
def _safe(text: str) -> str:
    return escape(clean(text))
