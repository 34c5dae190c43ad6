"""Tables as one Excel workbook: a sheet a table, a cover before them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from ..models.quantity import Text
from .excel_charts import add_chart
from .export_markdown import facts
from .format import clean, heading, plain, printed, unique, written
from .glossary import glossary
from .layout import cell_width, wrap
from .percent import in_percent
from .table import Column, Table, in_order, shown

FILE = "tables.xlsx"
COVER, NOTES = "总览 Overview", "说明 Notes"
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
    ordered = [in_percent(table) for table in in_order(tables) if table.name != "glossary"]
    taken: set[str] = set()
    cover, notes = (book.add_worksheet(unique(name, taken, 31)) for name in (COVER, NOTES))
    names = [unique(sheet_name(table, lang), taken, 31) for table in ordered]
    _cover(cover, styles, list(zip(names, ordered, strict=True)), lang, title, meta)
    _notes(notes, styles, lang)
    for sheet in (cover, notes):
        _paper(sheet, lang, title.of(lang), landscape=False)
    for name, table in zip(names, ordered, strict=True):
        sheet = book.add_worksheet(name)
        _sheet(sheet, styles, table, lang)
        add_chart(book, sheet, name, table, lang)
        _paper(sheet, lang, title.of(lang), landscape=True)
        sheet.repeat_rows(0)
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
        self.number = cache(self._number)
        self.blank = cache(self)
        self.words = cache(lambda right: self(text_wrap=True, align="right" if right else "left"))

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**_BASE, **properties})
        return self.made[key]

    def _number(self, digits: int | None, signed: bool) -> Any:
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


_READING: tuple[Text, ...] = (
    Text(zh="每张工作表是一张表，第一行是表头，表下是注；空白为没有数字。", en="Each sheet is one table: headings in the first row, its note below; blank means no number."),
    Text(zh="单元格保存全部位数，按表中位数显示；显示的数与报告各格式一致。加总关系按显示位数用最大余额法取整的列，见该表的注。",
         en="Cells hold all digits and show those of the table, as every other form of the report does. Where printed parts must add up "
         "(largest remainder), the note of the table says so."),
    Text(zh="单位写在表头；各行单位不同的，另有“单位”一列。百分数按印刷值存放：6.5 即 6.5%。",
         en="Units stand in the headings, or in a column of their own where rows differ. Percentages are stored as printed: 6.5 means 6.5 %."),
    Text(zh="每个数的出处或假定见“数据与假定”表。", en="Sources and assumptions of every number are in the sheet of numbers and assumptions."),
)  # fmt: skip


def _notes(sheet: Any, styles: _Styles, lang: str) -> None:
    """How the workbook is read, and what its words mean."""
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 96)
    _text(sheet, 0, 0, "说明" if lang == "zh" else "Notes", styles(bold=True, font_size=16))
    for row, text in enumerate(_READING, start=2):
        sheet.merge_range(row, 0, row, 1, "", styles(text_wrap=True))
        _text(sheet, row, 0, text.of(lang), styles(text_wrap=True))
        sheet.set_row(row, 15 * len(wrap(text.of(lang), 120)) + 2)
    table, start = glossary(), len(_READING) + 3
    for at, column in enumerate(table.columns):
        _text(sheet, start, at, heading(column, lang), styles.head())
    for row, cells in enumerate(printed(table, lang), start=start + 1):
        for at, cell in enumerate(cells):
            _text(sheet, row, at, cell, styles(bold=at == 0, text_wrap=True))


def _paper(sheet: Any, lang: str, title: str, landscape: bool) -> None:
    """A4, one page wide, title above, page numbers below."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    name = clean(title).replace("&", "&&")[:100]
    pages = "第 &P 页，共 &N 页" if lang == "zh" else "Page &P of &N"
    sheet.set_header(f"&L&9{' ' if name[:1].isdigit() else ''}{name}&R&9&A")
    sheet.set_footer(f"&C&9{pages}")


def _sheet(sheet: Any, styles: _Styles, table: Table, lang: str) -> None:
    """One table: headings in the frozen first row, the note below."""
    columns = shown(table)
    texts = printed(table, lang)
    height, widths = 1, []
    for at, column in enumerate(columns):
        label = heading(column, lang)
        wide = max((cell_width(row[at]) for row in texts), default=0)
        width = min(max(wide, max((cell_width(word) for word in label.split()), default=0), 6) + 2, _WIDEST)
        height = max(height, len(wrap(label, width - 1)))
        sheet.set_column(at, at, width)
        widths.append(width)
        _text(sheet, 0, at, label, styles.head(right=column.numeric))
    sheet.set_row(0, 15 * height + 3)
    sheet.freeze_panes(1, 1 if columns and not columns[0].numeric else 0)
    places = [(at, table.at(column.name), table.every_digit(column), column) for at, column in enumerate(columns)]
    for number, row in enumerate(table.rows):
        for at, place, digits, column in places:
            _cell(sheet, styles, number + 1, at, row[place], digits[number], column, lang)
    if table.note:
        _note(sheet, styles, len(table.rows) + 2, table.note.of(lang), widths)


def _note(sheet: Any, styles: _Styles, row: int, text: str, widths: list[int]) -> None:
    """The note in the width of the table, on as many lines as it needs."""
    style = styles(italic=True, text_wrap=True)
    room = max(sum(widths), 40)
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", style)
    sheet.set_row(row, 15 * len(wrap(clean(text), room - 2)) + 2)
    _text(sheet, row, 0, text, style)


def _cell(
    sheet: Any, styles: _Styles, row: int, at: int, cell: Any, digits: int | None, column: Column, lang: str
) -> None:
    value = plain(cell)
    if value is None:
        sheet.write_blank(row, at, None, styles.blank())
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value, styles.blank())
    elif isinstance(value, (int, float)) and abs(value) < (_EXACT if isinstance(value, int) else _LARGEST):
        sheet.write_number(row, at, value, styles.number(digits, column.signed))
    else:
        _text(sheet, row, at, written(value, digits, lang, column.signed), styles.words(column.numeric))


def _text(sheet: Any, row: int, at: int, text: str, style: Any) -> None:
    sheet.write_string(row, at, clean(text)[:_LONGEST], style)
