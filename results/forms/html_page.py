"""Tables as one page that opens offline, is read on a telephone and prints well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from ...models.quantity import Bilingual
from ...models.target import TOLD
from ...models.words import msg, tr
from ..charts.gallery import caption_of, drawn
from ..charts.svg import svg
from ..charts.words import Words
from ..front import Front
from ..tables.table import Column, Table, shown
from ..text.format import clean, heading, printed, safe_name, unique
from ..text.locales import locale
from .html_style import POLICY, SCRIPT, STYLE, columns_style
from .markdown import facts
from .reading import Part, Reading, reading
from .terminal.layout import cell_width
from .word.brief import part_of

_UNPRINTED = msg("This annex stands on the screen alone; to print it use the workbook (tables.xlsx).")
_LONG = 20
"""Rows that are printed of a table; a longer one says how many it has."""
_MANY = 9
"""Columns above which a table is set smaller."""
_WIDTHS = {"s": 12, "m": 20, "t": 40}
"""Kinds of columns of text by the width of their longest cell; a wider one is ``w``."""
# A verdict keeps its words and gets a ground: on the page as on paper.
_RUNGS = {text: f' class="rung {rung.name.lower()}"' for rung, told in TOLD for text in told.every().values()}


def export_html(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``report.html``: page one first, then every chapter with its pictures and tables; one file, nothing
    from the network.

    Pictures are drawn here as SVG rather than by a library: a few kilobytes each instead of four megabytes,
    they print sharp, and the reader's browser brings the letters. Script adds what only a screen can do:
    headings sort their table, long tables have a filter, every table can be copied and saved. Without it the
    page still shows everything.
    """
    file = folder / "report.html"
    page = _Page(tables, lang, reading(tables, lang, title, meta), meta)
    file.write_bytes(page.whole().encode())
    return [file]


@dataclass
class _Page:
    """A page in the making: a picture that stands on it already is not drawn again."""

    tables: Mapping[str, Table]
    lang: str
    read: Reading
    meta: Mapping[str, Any]
    ids: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)
    set_as: set[str] = field(default_factory=set)

    def whole(self) -> str:
        """The page."""
        read = self.read
        head = _safe(read.title)
        named = head if read.front else _safe(" · ".join((read.title, *read.stamp)))
        stamp = f'<p class="stamp">{_safe(" · ".join(read.stamp))}</p>\n' if read.stamp else ""
        main = (self.front(read.front) if read.front else self.opening()) + self.chapters()
        words = {
            "filter": tr(self.lang, "Filter"),
            "save": tr(self.lang, "Save as CSV"),
            "copy": tr(self.lang, "Copy"),
            "done": tr(self.lang, "Copied"),
            "rows": tr(self.lang, "rows shown:"),
        }
        data = "".join(f' data-{key}="{_safe(word)}"' for key, word in words.items())
        return (
            f'<!DOCTYPE html>\n<html lang="{locale(self.lang).code or self.lang}">\n<head>\n'
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{named}</title>\n<style>{STYLE}{columns_style(self.set_as)}</style>\n</head>\n"
            f'<body{data}>\n<a class="skip" href="#answer">{_safe(tr(self.lang, "To the answer"))}</a>\n'
            f"<header>\n<h1>{head}</h1>\n{stamp}</header>\n<main>\n{main}</main>\n{self.footer()}"
            f'<div id="tip"></div>\n<script>{SCRIPT}</script>\n</body>\n</html>\n'
        )

    def footer(self) -> str:
        """Which run this is: of use to who checks it, not to who reads it."""
        line = " · ".join(f"{_safe(name)}: {_safe(value)}" for name, value in facts(self.meta, self.lang))
        return f"<footer>\n<p>{line}</p>\n</footer>\n" if line else ""

    def front(self, front: Front) -> str:
        """Page one: answer, picture, decisions, what would have to be true, what to keep in mind, advice."""
        answer = "".join(f"<p>{_safe(text)}</p>\n" for text in front.answer)
        picture = next(filter(None, map(self.figure, front.charts)), "")
        decisions = "".join(
            self.table(table, self.anchor(f"f-{table.name}"), [c for c in shown(table) if c.word])
            for table in front.tables
        )
        self.decided = {table.name for table in front.tables}
        told = _told([*([front.needs] if front.needs else []), *front.notes])
        advice = f"<h3>{_safe(tr(self.lang, 'Recommendations'))}</h3>\n{_told(front.advice)}"
        return (
            '<section class="front" aria-labelledby="answer">\n'
            f'<h2 id="answer">{_safe(tr(self.lang, "Verdict", context="page one"))}</h2>\n'
            f'<div class="answer">\n{answer}</div>\n{picture}{decisions}{told}'
            f"{advice if front.advice else ''}</section>\n"
        )

    def opening(self) -> str:
        """The answer in a few sentences, of what has no page one."""
        if not self.read.opening:
            return '<span id="answer"></span>\n'
        title = _safe(tr(self.lang, "Summary"))
        return (
            f'<section class="front" aria-labelledby="answer">\n<h2 id="answer">{title}</h2>\n'
            f"{_told(self.read.opening)}</section>\n"
        )

    def chapters(self) -> str:
        """Contents, then chapter after chapter."""
        links, parts = [], []
        for at, part in enumerate(self.read.parts, start=1):
            anchors = [self.anchor(f"t-{table.name}") for table in part.tables]
            inner = "".join(
                f'<a href="#{own}">{_safe(table.title.of(self.lang))}</a>\n'
                for table, own in zip(part.tables, anchors, strict=True)
            )
            links.append(f'<li><a href="#c-{at}">{_safe(part.title)}</a> {inner}</li>\n')
            parts.append(self.chapter(part, f"c-{at}", anchors))
        nav = (
            f'<nav aria-labelledby="contents">\n<h2 id="contents">{_safe(tr(self.lang, "Contents"))}</h2>\n'
            f"<ul>\n{''.join(links)}</ul>\n</nav>\n"
        )
        return (nav if links else "") + "".join(parts)

    def chapter(self, part: Part, anchor: str, anchors: Sequence[str]) -> str:
        """A chapter: its sentences, its pictures, its tables."""
        figures = "".join(self.figure(each) for each in part.chapter.charts)
        pieces = [self.table(table, own) for table, own in zip(part.tables, anchors, strict=True)]
        pieces.insert(int(part.chapter.table_first), figures)
        inside = f"{_told(part.lines)}{''.join(pieces)}"
        if part.chapter.annex:
            note = f'<p class="note printed">{_safe(_UNPRINTED.of(self.lang))}</p>\n'
            inside = f'{note}<div class="annex">\n{inside}</div>\n'
        printed = part.lines or figures or any(part_of(table).rows for table in part.tables)
        return (
            f'<section class="{"chapter" if printed else "chapter unprinted"}" aria-labelledby="{anchor}">\n'
            f'<h2 id="{anchor}">{_safe(part.title)}</h2>\n{inside}</section>\n'
        )

    def figure(self, name: str) -> str:
        """A picture with its caption; nothing where there is nothing to draw, or it is drawn already."""
        scene = None if name in self.pictures else drawn(name, self.tables, Words(self.lang))
        if scene is None:
            return ""
        self.pictures.add(name)
        title = caption_of(name, self.tables, self.lang)
        return (
            f'<figure>\n<figcaption>{_safe(title)}</figcaption>\n<div class="picture" tabindex="0" '
            f'role="group" aria-label="{_safe(title)}">{svg(scene, title)}</div>\n</figure>\n'
        )

    def anchor(self, name: str) -> str:
        """An id of the page that no other part has."""
        return _safe(unique(safe_name(name), self.ids))

    def table(self, table: Table, anchor: str, columns: list[Column] | None = None) -> str:
        """A table under its title; what paper has no room for is marked."""
        part = part_of(table)
        heads = shown(table) if columns is None else columns
        cells = printed(table, self.lang, columns)
        names = [_safe(heading(column, self.lang)) for column in heads]
        again = columns is None and table.name in self.decided
        rows = () if again else part.rows[:_LONG]
        marks = [
            *self.columns(heads, cells, {column.name for column in part.columns}),
            *(["many"] if len(heads) > _MANY else []),
            *(["brief"] if len(rows) < len(table.rows) else []),
            *(["cards"] if columns else []),
        ]
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        body = _bodies(table, cells, rows, names if columns else [])
        kind = "table" if rows or not table.rows else "table unprinted"
        return (
            f'<section class="{kind}" aria-labelledby="{anchor}">\n'
            f'<h3 id="{anchor}">{_safe(table.title.of(self.lang))}</h3>\n'
            f'<div class="scroll" tabindex="0" role="group" aria-labelledby="{anchor}">\n'
            f'<table class="{" ".join(marks)}" aria-labelledby="{anchor}">\n'
            f"<thead><tr>{head}</tr></thead>\n{body}</table></div>\n"
            f"{self.notes(table, len(rows))}</section>\n"
        )

    def notes(self, table: Table, rows: int) -> str:
        """What stands under a table; on paper also how much of it is printed."""
        text = f'<p class="note">{_safe(table.note.of(self.lang))}</p>\n' if table.note else ""
        if rows in (0, len(table.rows)):
            return text
        said = tr(
            self.lang,
            "{shown} of {count} rows are printed; the page on a screen and the workbook have all.",
            shown=rows,
            count=len(table.rows),
        )
        return f'{text}<p class="note printed">{_safe(said)}</p>\n'

    def columns(
        self, heads: Sequence[Column], cells: Sequence[Sequence[str]], on_paper: set[str]
    ) -> list[str]:
        """How columns are set, as classes of the table: a mark on each cell would weigh more than all
        numbers."""
        kinds = [f"{_kind(column, [row[at] for row in cells])}{at + 1}" for at, column in enumerate(heads)]
        kinds += [f"x{at + 1}" for at, column in enumerate(heads) if column.name not in on_paper]
        self.set_as |= set(kinds)
        return kinds


class Pieces:
    """The parts of such a page one by one, for a page that shows them in its own order."""

    def __init__(self, tables: Mapping[str, Table], lang: str, title: Bilingual) -> None:
        self._page = _Page(tables, lang, reading(tables, lang, title, {}), {})

    def opened(self) -> str:
        """Page one, or the sentences that open what has none."""
        page = self._page
        return page.front(page.read.front) if page.read.front else page.opening()

    def every(self) -> list[dict[str, str]]:
        """Every chapter: its id, its title, and its HTML."""
        found = []
        for at, part in enumerate(self._page.read.parts, start=1):
            anchors = [self._page.anchor(f"t-{table.name}") for table in part.tables]
            made = self._page.chapter(part, f"c-{at}", anchors)
            found.append(
                {"id": part.chapter.id, "title": part.chapter.title.of(self._page.lang), "html": made}
            )
        return found


def _told(told: Sequence[tuple[str, str]]) -> str:
    """Sentences, each behind its label."""
    lines = "".join(f"<dt>{_safe(label)}</dt><dd>{_safe(text)}</dd>\n" for label, text in told)
    return f'<dl class="told">\n{lines}</dl>\n' if lines else ""


def _bodies(
    table: Table, cells: Sequence[Sequence[str]], printed: Sequence[int], labels: Sequence[str]
) -> str:
    """Rows in groups that are sorted by themselves: each ends with its sums.

    With ``labels`` each cell has its heading, for screens on which a row becomes a card. Tags that HTML lets
    end by themselves do so: they would be a tenth of the page.
    """
    sums, groups = _sums(table), _column(table, "block")
    kept = set(printed)
    made: list[str] = []
    wide = len(cells[0]) - 1 if cells else 0
    named = [f' data-h="{label}"' for label in labels[1:]] or [""] * wide
    for at, row in enumerate(cells):
        if not at or (sums[at - 1] and not sums[at]) or groups[at] != groups[at - 1]:
            made.append(f"{'</tbody>' if at else ''}<tbody>")
        kinds = [*(["sum"] if sums[at] else []), *(["p"] if at in kept and len(kept) < len(cells) else [])]
        mark = f' class="{" ".join(kinds)}"' if kinds else ""
        first = f"<th scope=row>{_safe(row[0])}" if row else ""
        inner = "".join(
            f"<td{_RUNGS.get(cell, '')}{name}>{_safe(cell)}"
            for cell, name in zip(row[1:], named, strict=True)
        )
        made.append(f"\n<tr{mark}>{first}{inner}</tr>")
    return "".join(made) + "</tbody>\n" if made else "<tbody></tbody>\n"


def _column(table: Table, name: str) -> Sequence[Any]:
    there = any(column.name == name for column in table.columns)
    return table.column(name) if there else [None] * len(table.rows)


def _sums(table: Table) -> list[bool]:
    """Rows that add up others stand out: a column ``level`` tells them from the sectors."""
    return [level in ("group", "total") for level in _column(table, "level")]


def _kind(column: Column, cells: list[str]) -> str:
    """How a column is set: numbers right, short words on one line, long texts wide."""
    if column.numeric:
        return "n"
    widest = max(map(cell_width, cells), default=0)
    return next((kind for kind, most in _WIDTHS.items() if widest <= most), "w")


@lru_cache(maxsize=1 << 14)
def _safe(text: str) -> str:
    return escape(clean(text))
