"""The workbook that a planner fills in: sheets, headings, drop-downs, one example a sheet (填报工作簿)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ....scenarios.book.layout import MARK, Part, Sheet, choices, guide, heading_unit, sheets
from ....scenarios.tables.csv_grid import CONTROL
from ....scenarios.tables.values import proposed
from ...colours import ENTER, INK, SOFT
from ..terminal.layout import cell_width
from .sheet import new_book
from .workbook import CREATED

Filled: TypeAlias = "Mapping[str, Sequence[Mapping[str, Any]]]"
"""Rows by sheet: of the basics key, value, source ...; of the others a value a column."""
LINE = 18
"""Points that a line of the guide is high."""
ROOM = 30
"""Empty rows to fill in below those that are there."""
LISTS = "lists"
_LONGEST = 32_000
_WIDTHS = {"title": 26, "said": 22, "indicator": 30, "path": 46, "about": 42, "note": 42, "zh": 40, "en": 40}
_ROWS: Mapping[str, int] = {"history": 12, "sectors": 20, "projects": 200, "targets": 30, "other": 40}


def template(lang: str) -> bytes:
    """A workbook to fill in."""
    return inputs_book(lang, {})


def inputs_book(lang: str, filled: Filled) -> bytes:
    """A workbook with what is known filled in; an example in sheets of which nothing is."""
    buffer = io.BytesIO()
    book = new_book(buffer, "Microsoft YaHei", 10)
    book.set_properties({"author": "dabiao", "created": CREATED})
    made = _Book(book, lang, filled)
    made.write()
    book.close()
    return buffer.getvalue()


class _Book:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, lang: str, filled: Filled) -> None:
        self.book, self.lang, self.filled = book, lang, filled
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": INK})
        self.note = book.add_format({"font_color": SOFT, "text_wrap": True, "valign": "top"})
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "font_color": INK}
        )
        self.cell = book.add_format({"bg_color": ENTER, "border": 1, "border_color": "#DDD6A8"})
        self.plain = book.add_format({"font_color": INK})
        self.grey = book.add_format({"italic": True, "font_color": "#6B6B6B"})
        self.lists: dict[str, str] = {}

    def write(self) -> None:
        """All sheets, then the lists that drop-downs offer."""
        title, lines = guide()
        sheet = self.book.add_worksheet(title.of(self.lang))
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, title.of(self.lang), self.title)
        for at, line in enumerate(lines, start=1):
            sheet.write_string(at, 0, line.of(self.lang), self.note)
            sheet.set_row(at, LINE * (1 + cell_width(line.of(self.lang)) // 110))
        made = [(part, self.book.add_worksheet(part.title.of(self.lang))) for part in sheets().values()]
        self.hidden = self.book.add_worksheet(LISTS)
        self.hidden.very_hidden()
        for part, sheet in made:
            sheet.write_string(0, 0, part.title.of(self.lang), self.title)
            sheet.write_string(1, 0, part.note.of(self.lang), self.plain)
            self._basics(part, sheet) if part.rows else self._table(part, sheet)
            sheet.freeze_panes(3, 1)
            sheet.set_paper(9)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
        made[0][1].activate()

    def _basics(self, part: Sheet, sheet: Any) -> None:
        """A row a figure: label, value, unit, source, assumption, note, example."""
        for at, column in enumerate(part.columns):
            sheet.write_string(2, at, column.heading(self.lang), self.head)
        for at, width in enumerate((32, 16, 16, 22, 22, 42, 18)):
            sheet.set_column(at, at, width)
        known = {row["key"]: row for row in self.filled.get(part.key, ())}
        for at, row in enumerate(part.rows, start=3):
            said = known.get(row.key, {})
            sheet.write_string(at, 0, row.title.of(self.lang), self.plain)
            for n, key in ((1, "value"), (3, "source"), (4, "assumption")):
                self._put(sheet, at, n, said.get(key), self.cell)
            unit = heading_unit(row.kind, self.lang)
            self._put(sheet, at, 2, unit, self.plain)
            if unit:
                names = proposed(row.kind)
                offered = [unit, *(name for name in names if name != unit)]
                sheet.data_validation(
                    at, 2, at, 2, {"validate": "list", "source": offered, "error_type": "warning"}
                )
            self._put(sheet, at, 5, row.note.of(self.lang), self.note)
            self._put(sheet, at, 6, row.example.of(self.lang), self.grey)

    def _table(self, part: Sheet, sheet: Any) -> None:
        """A row an entry; an example first where nothing is known."""
        rows = list(self.filled.get(part.key, ()))
        columns = self._columns(part, rows)
        for at, (key, column) in enumerate(columns):
            text = column.heading(self.lang) if column else key
            sheet.write_string(2, at, text, self.head)
            if column and column.note.of(self.lang):
                sheet.write_comment(2, at, column.note.of(self.lang), {"author": "dabiao"})
            sheet.set_column(at, at, _WIDTHS.get(key, max(12, min(2 * len(text), 20))))
        first = 3
        if not self.filled:
            self._example(part, sheet, columns)
            first = 4
        last = first + max(len(rows), 0) + _ROWS.get(part.key, ROOM)
        for at in range(first, last):
            said = rows[at - first] if at - first < len(rows) else {}
            for n, (key, _) in enumerate(columns):
                self._put(sheet, at, n, said.get(key), self.cell)
        for n, (_, column) in enumerate(columns):
            if column and column.choices:
                source = self._list(column.choices, self._own(column.choices))
                sheet.data_validation(
                    first, n, last - 1, n, {"validate": "list", "source": source, "error_type": "warning"}
                )
        if part.key == "mixes" and not self.filled:
            self._usual(sheet, first)

    def _columns(self, part: Sheet, rows: list[Mapping[str, Any]]) -> list[tuple[str, Part | None]]:
        """The columns of a sheet; of mixes as many as there are."""
        if part.key == "mixes" and rows:
            return [("sector", part.columns[0]), *((key, None) for key in rows[0] if key != "sector")]
        return [(column.key, column) for column in part.columns]

    def _example(self, part: Sheet, sheet: Any, columns: list[tuple[str, Part | None]]) -> None:
        """A row that shows how; it begins with the word by which it is known and not read."""
        for n, (_, column) in enumerate(columns):
            said = column.example.of(self.lang) if column else ""
            if n == 0:
                said = f"{MARK.of(self.lang)} {said}".strip()
            elif column and column.choices and not said:
                said = next(iter(choices(column.choices).values())).of(self.lang)
            self._put(sheet, 3, n, said, self.grey)

    def _usual(self, sheet: Any, first: int) -> None:
        """The sectors of a first scenario, for their shares."""
        for at, words in enumerate(choices("sectors").values(), start=first):
            self._put(sheet, at, 0, words.of(self.lang), self.cell)

    def _own(self, name: str) -> list[str]:
        """What a list offers: the sectors that are known, otherwise the usual words."""
        known = [str(row["id"]) for row in self.filled.get("sectors", ())] if name == "sectors" else []
        return known or [said.of(self.lang) for said in choices(name).values()]

    def _list(self, name: str, words: list[str]) -> str:
        """The place of a list that a drop-down offers."""
        if name not in self.lists:
            column = len(self.lists)
            for at, word in enumerate(words):
                self.hidden.write_string(at, column, word)
            letter = chr(ord("A") + column)
            self.lists[name] = f"={LISTS}!${letter}$1:${letter}${len(words)}"
        return self.lists[name]

    def _put(self, sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
        """A value in its cell; a number that a workbook would round is written as text."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            sheet.write_string(row, column, choices("yes")[str(value).lower()].of(self.lang), style)
        elif isinstance(value, (int, float)) and float(f"{value:.15g}") == value:
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, CONTROL.sub(" ", str(value))[:_LONGEST], style)
