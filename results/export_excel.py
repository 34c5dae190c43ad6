"""Tables as one Excel workbook: a sheet a table, a cover before them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ..models.quantity import Text
from .export_markdown import facts
from .format import clean, heading, plain, printed, unique, written
from .layout import cell_width, wrap
from .table import Column, Table, in_order, shown

FILE = "tables.xlsx"
COVER = "总览 Overview"
_CREATED = datetime(2024, 1, 1)  # a workbook states when it was made; a constant keeps the bytes equal
_WIDEST = 60
_NO_SHEET = re.compile(r"[\[\]:*?/\\\t\r\n]+")
_LONGEST = 32767  # characters that Excel allows in a cell
_EXACT = 2**53  # a larger integer would change in Excel's doubles
_LARGEST = 9.9e307  # Excel reads no larger number
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}


def export_excel(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Text, meta: Mapping[str, Any]
) -> list[Path]:
    """``tables.xlsx``: numbers to 16 digits, shown with their printed digits; text is never a formula."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": clean(title.of(lang)), "author": "dabiao", "created": _CREATED})
    styles = _Styles(book)
    ordered = in_order(tables)
    taken: set[str] = set()
    cover = book.add_worksheet(unique(COVER, taken, 31))
    names = [unique(sheet_name(table, lang), taken, 31) for table in ordered]
    _cover(cover, styles, list(zip(names, ordered, strict=True)), lang, title, meta)
    for name, table in zip(names, ordered, strict=True):
        _sheet(book.add_worksheet(name), styles, table, lang)
    book.close()
    file = folder / FILE
    file.write_bytes(buffer.getvalue())
    return [file]


def sheet_name(table: Table, lang: str) -> str:
    """The title as Excel allows it for a sheet: at most 31 characters (counted as UTF-16), none of ``[]:*?/\\``."""
    names = [_NO_SHEET.sub(" ", clean(text)).strip("' ") for text in (table.title.of(lang), table.name)]
    name = next((name for name in names if name), "sheet")
    while len(name.encode("utf-16-le")) > 56:  # room for the number that tells equal names apart
        name = name[:-1]
    return "History_" if name.casefold() == "history" else name.rstrip("' ")


class _Styles:
    """The few formats of the workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**_BASE, **properties})
        return self.made[key]

    def number(self, digits: int | None, signed: bool) -> Any:
        """Format of a number with its printed digits."""
        if digits is None:
            return self(align="right")
        plain = f"0.{'0' * digits}" if digits else "0"
        return self(num_format=f"+{plain};-{plain};{plain}" if signed else plain)

    def head(self, right: bool = False) -> Any:
        """Format of a heading."""
        return self(
            bold=True, text_wrap=True, valign="bottom", bottom=2, bg_color="#E8EEF4", align="right" if right else "left"
        )


def _cover(
    sheet: Any, styles: _Styles, tables: list[tuple[str, Table]], lang: str, title: Text, meta: Mapping[str, Any]
) -> None:
    """Which run this is, and what stands on which sheet."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    _text(sheet, 0, 0, title.of(lang), styles(bold=True, font_size=16))
    row = 2
    for name, value in facts(meta, lang):
        _text(sheet, row, 0, name, styles())
        _text(sheet, row, 1, value, styles())
        row += 1
    row += 1
    for at, text in enumerate(("工作表", "说明") if lang == "zh" else ("Sheet", "Note")):
        _text(sheet, row, at, text, styles.head())
    for name, table in tables:
        row += 1
        target = "internal:'" + name.replace("'", "''") + "'!A1"
        sheet.write_url(row, 0, target, styles(font_color="#14507D", underline=1), string=name)
        _text(sheet, row, 1, table.note.of(lang) if table.note else "", styles(text_wrap=True))


def _sheet(sheet: Any, styles: _Styles, table: Table, lang: str) -> None:
    """One table: headings in the frozen first row, the note below."""
    columns = shown(table)
    texts = printed(table, lang)
    height = 1
    for at, column in enumerate(columns):
        label = heading(column, lang)
        wide = max((cell_width(row[at]) for row in texts), default=0)
        width = min(max(wide, max((cell_width(word) for word in label.split()), default=0), 6) + 2, _WIDEST)
        height = max(height, len(wrap(label, width - 1)))
        sheet.set_column(at, at, width)
        _text(sheet, 0, at, label, styles.head(right=column.numeric))
    sheet.set_row(0, 15 * height + 3)
    sheet.freeze_panes(1, 1 if columns and not columns[0].numeric else 0)
    places = [(at, table.at(column.name), column) for at, column in enumerate(columns)]
    for number, row in enumerate(table.rows, start=1):
        for at, place, column in places:
            _cell(sheet, styles, number, at, row[place], table.digits(column, row), column, lang)
    if table.note:
        _text(sheet, len(table.rows) + 2, 0, table.note.of(lang), styles(italic=True))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(
    sheet: Any, styles: _Styles, row: int, at: int, cell: Any, digits: int | None, column: Column, lang: str
) -> None:
    value = plain(cell)
    if value is None:
        sheet.write_blank(row, at, None, styles())
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value, styles())
    elif isinstance(value, (int, float)) and abs(value) < (_EXACT if isinstance(value, int) else _LARGEST):
        sheet.write_number(row, at, value, styles.number(digits, column.signed))
    else:
        _text(sheet, row, at, written(value, digits, lang, column.signed), styles(text_wrap=True, align="right" if column.numeric else "left"))


def _text(sheet: Any, row: int, at: int, text: str, style: Any) -> None:
    sheet.write_string(row, at, clean(text)[:_LONGEST], style)
