"""The first sheet: page one of the report, with its picture drawn by Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from ....models.words import msg
from ...charts.gallery import CHARTS, caption_of
from ...colours import SOFT
from ...front import Front
from ...tables.table import Column, Table, shown
from ...text.format import clean
from ..terminal.layout import wrap
from .layout import LEAST, heights_of, laid_out, points
from .picture import NAME, Picture
from .sheet import Styles, block, put, table_name, write_block

_LINE = 14.0  # points of a further line
ROOM = 130
"""Digits that stand side by side on the page."""


class Page:
    """The first sheet while it is written from top to bottom."""

    def __init__(self, sheet: Any, styles: Styles, widths: Sequence[int]) -> None:
        self.sheet, self.styles, self.widths = sheet, styles, list(widths)
        self.row, self.high = 0, 0.0
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)

    def down(self, high: float = LEAST) -> None:
        """One row of this height."""
        self.sheet.set_row(self.row, high)
        self.row, self.high = self.row + 1, self.high + high

    def text(self, text: str, first: int = 0, size: float = 10, label: str = "", **look: Any) -> None:
        """A paragraph across the page, on as many lines as it needs, its label before it."""
        room = int(sum(self.widths[first:]) * (9.2 if look.get("bold") else 10) / size) - 3
        lines = len(wrap(clean(text), max(room, 10)))
        if label:
            put(self.sheet, self.row, 0, label, self.styles(bold=True, text_wrap=True))
            lines = max(lines, len(wrap(clean(label), max(self.widths[0] - 2, 4))))
        style = self.styles(text_wrap=True, font_size=size, **look)
        if len(self.widths) - first > 1:
            self.sheet.merge_range(self.row, first, self.row, len(self.widths) - 1, "", style)
        put(self.sheet, self.row, first, text, style)
        self.down(min(LEAST + _LINE * (lines - 1) * size / 10 + (size - 10) * 1.6 + 2, 400))

    def heading(self, text: str) -> None:
        """A heading of the page."""
        self.down(5)
        self.text(text, size=11, bold=True, bottom=1, bottom_color=SOFT)


def widths_of(tables: Sequence[Table], lang: str) -> list[int]:
    """Columns of the page that suit every table on it."""
    if not tables:
        return [18, ROOM - 18]
    made = [block(table, lang, "", 0, _columns(table)) for table in tables]
    each = [laid_out(one.heads, one.texts, one.numeric, ROOM).widths for one in made]
    found = [max(widths) for widths in zip_longest(*each, fillvalue=0)]
    found[0] = max(found[0], 16)
    if sum(found) < ROOM:  # the page is filled by its last column
        found[-1] += ROOM - sum(found)
    return found


def _columns(table: Table) -> list[Column]:
    return [column for column in shown(table) if column.word]


def write_front(
    book: Any,
    sheet: Any,
    styles: Styles,
    front: Front,
    tables: Mapping[str, Table],
    lang: str,
    picture: Picture | None,
) -> None:
    """Title, answer, picture, decisions, what would have to be true, what to keep in mind, what to do."""
    page = Page(sheet, styles, widths_of(front.tables, lang))
    page.text(front.title, size=16, bold=True)
    if front.stamp:
        page.text("    ".join(f"{label} {said}" for label, said in front.stamp), size=9, font_color=SOFT)
    for at, said in enumerate(front.answer):
        page.text(said, size=11, bold=not at)
    if picture is not None:
        page.down(6)
        name = next((name for name in front.charts if name in CHARTS), NAME)
        picture.insert(book, sheet, page.row, points(page.widths), caption_of(name, tables, lang))
        for _ in range(int(picture.high / 20) + 1):
            page.down(20)
    for table in front.tables:
        _table(page, table, lang)
    if front.needs:
        page.heading(front.needs[0])
        page.text(front.needs[1])
    for title, sentences in (
        (msg("Keep in mind") if front.answer else msg("Results"), front.notes),
        (msg("Recommendations"), front.advice),
    ):
        if sentences:
            page.heading(title.of(lang))
            for label, text in sentences:
                page.text(text, 1, label=label)
    sheet.fit_to_pages(1, 1 if page.high <= 734 / 0.6 else 0)


def _table(page: Page, table: Table, lang: str) -> None:
    """A table of the page."""
    page.heading(table.title.of(lang))
    made = block(table, lang, page.sheet.get_name(), page.row + 1, _columns(table))
    write_block(page.sheet, page.styles, made, table_name(f"front_{table.name}", page.styles.tables), False)
    for high in heights_of(made.heads, made.texts, page.widths[: len(made.heads)], 0.0):
        page.down(high)
