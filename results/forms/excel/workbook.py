"""Tables as one Excel workbook: a sheet a table, a cover and how to read it before them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ....models.quantity import Bilingual
from ....models.words import msg, tr
from ...outline import CHAPTERS, chapters, numbered
from ...tables.glossary import glossary
from ...tables.percent import in_percent
from ...tables.table import Table, in_order, sentences
from ...text.format import clean, heading, printed, unique
from ..markdown import facts
from ..terminal.layout import wrap
from .charts import add_chart
from .layout import LEAST, LINE, SheetLayout
from .sheet import TOP, Styles, put, write_table

FILE = "tables.xlsx"
COVER, NOTES = "总览 Overview", "说明 Notes"
_CREATED = datetime(2024, 1, 1)  # a workbook states when it was made; a constant keeps the bytes equal
_NO_SHEET = re.compile(r"[\[\]:*?/\\\t\r\n]+")
_SENTENCE = re.compile(r".+?(?=[。；;:：]|\. |$)")
_OPENS = ("plain", "verdict", "chances", "cheapest", "gap")
"""Sentences on the cover."""


def export_excel(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``tables.xlsx``: numbers to 16 digits, shown with their printed digits; text is never a formula."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": clean(title.of(lang)), "author": "dabiao", "created": _CREATED})
    styles = Styles(book)
    ordered = [in_percent(table) for table in in_order(tables) if table.name != "glossary"]
    annexed = {name for chapter in CHAPTERS if chapter.annex for name in chapter.tables}
    taken: set[str] = set()
    cover, notes = (book.add_worksheet(unique(name, taken, 31)) for name in (COVER, NOTES))
    names = [unique(sheet_name(table, lang), taken, 31) for table in ordered]
    _cover(
        cover,
        styles,
        dict(zip((table.name for table in ordered), names, strict=True)),
        tables,
        lang,
        title,
        meta,
    )
    _notes(notes, styles, lang)
    for sheet in (cover, notes):
        sheet.set_default_row(LEAST)
        sheet.hide_gridlines(2)
        _paper(sheet, lang, title.of(lang), landscape=False)
    for name, table in zip(names, ordered, strict=True):
        sheet = book.add_worksheet(name)
        sheet.hide_gridlines(2)
        lies = write_table(sheet, styles, table, lang)
        chart = add_chart(book, sheet, name, table, lang, lies)
        _paper(sheet, lang, title.of(lang), lies.landscape)
        _breaks(sheet, table, lies, chart)
        if table.name in annexed:
            _first_page_alone(sheet, table, lies, lang, title.of(lang))
    book.close()
    file = folder / FILE
    file.write_bytes(buffer.getvalue())
    return [file]


def sheet_name(table: Table, lang: str) -> str:
    """The title as Excel allows it for a sheet: at most 31 characters (counted as UTF-16), none of
    ``[]:*?/\\``."""
    names = [_NO_SHEET.sub(" ", clean(text)).strip("' ") for text in (table.title.of(lang), table.name)]
    name = next((name for name in names if name), "sheet")
    while len(name.encode("utf-16-le")) > 56:  # room for the number that tells equal names apart
        name = name[:-1]
    return "History_" if name.casefold() == "history" else name.rstrip("' ")


def _cover(
    sheet: Any,
    styles: Styles,
    names: Mapping[str, str],
    tables: Mapping[str, Table],
    lang: str,
    title: Bilingual,
    meta: Mapping[str, Any],
) -> None:
    """Which run this is, its verdict, and what stands on which sheet."""
    for at, width in enumerate((34, 8, 66)):
        sheet.set_column(at, at, width)
    put(sheet, 0, 0, title.of(lang), styles(bold=True, font_size=18, font_color="#14507D"))
    sheet.set_row(0, 30)
    line = "    ".join(f"{name} {value}" for name, value in facts(meta, lang))
    put(sheet, 1, 0, line, styles(font_size=9, font_color="#5B6B7A"))
    row, told = 3, sentences(tables, lang)
    for key in [key for key in _OPENS if key in told] or list(told)[:3]:
        label, text = told[key]
        row = _merged(sheet, styles, row, label, text, 1, 2, 74)
    row += 1
    heads = (
        msg("Sheet"),
        msg("Rows"),
        msg("What it says"),
    )
    for at, head in enumerate(heads):
        put(sheet, row, at, head.of(lang), styles.head(right=at == 1))
    for at, (chapter, found) in enumerate(chapters(tables)):
        kept = [name for name in found if name in names]
        if not kept:
            continue
        row += 1
        for column in range(3):
            put(
                sheet,
                row,
                column,
                numbered(at, chapter, lang) if not column else "",
                styles(bold=True, bg_color="#F4F7FA"),
            )
        for name in kept:
            row += 1
            _listed(sheet, styles, row, names[name], tables[name], lang)
    for column in range(3):
        sheet.write_blank(row + 1, column, None, styles(top=2))


def _listed(sheet: Any, styles: Styles, row: int, name: str, table: Table, lang: str) -> None:
    """A line of the cover: a sheet, how many rows it has, the first sentence of its note."""
    target = "internal:'" + name.replace("'", "''") + "'!A1"
    sheet.write_url(
        row, 0, target, styles(font_color="#14507D", underline=1, align="left", indent=1), string=name
    )
    sheet.write_number(row, 1, len(table.rows), styles(num_format="0"))
    note = clean(table.note.of(lang)) if table.note else ""
    first = _SENTENCE.match(note)
    said = first[0].strip() if first else ""
    put(
        sheet, row, 2, said, styles(text_wrap=True, align="left", indent=1, font_size=9, font_color="#5B6B7A")
    )
    sheet.set_row(row, LEAST + 13 * (len(wrap(said, 68)) - 1))


def _merged(
    sheet: Any, styles: Styles, row: int, label: str, text: str, first: int, last: int, room: int
) -> int:
    """A labelled sentence across columns, on as many lines as it needs; gives back the next row."""
    put(sheet, row, 0, label, styles(bold=True, font_color="#14507D"))
    sheet.merge_range(row, first, row, last, "", styles(text_wrap=True))
    put(sheet, row, first, text, styles(text_wrap=True))
    sheet.set_row(row, min(LEAST + LINE * (len(wrap(clean(text), room - 3)) - 1), 400))
    return row + 1


_READING: tuple[Bilingual, ...] = (
    msg(
        "Each sheet is one table: title, headings, numbers, a note and for some a chart below; blank means no"
        " number."
    ),
    msg(
        "Cells hold all digits and show those of the table, as every other form of the report does. Where"
        " printed parts must add up (largest remainder), the note of the table says so."
    ),
    msg(
        "Units stand in the headings, or in a column of their own where rows differ. Percentages are stored"
        " as printed: 6.5 means 6.5 %. Probabilities never show as 0 or 100 but as <1 and >99."
    ),
    msg(
        "Sources and assumptions of every number are in the sheet of numbers and assumptions. It is long:"
        " only its first page is printed, until its print area is cleared."
    ),
)


def _notes(sheet: Any, styles: Styles, lang: str) -> None:
    """How the workbook is read, and what its words mean."""
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 80)
    put(
        sheet,
        0,
        0,
        tr(lang, "Notes"),
        styles(bold=True, font_size=16, font_color="#14507D"),
    )
    sheet.set_row(0, 28)
    for row, said in enumerate(_READING, start=2):
        sheet.merge_range(row, 0, row, 1, "", styles(text_wrap=True))
        put(sheet, row, 0, said.of(lang), styles(text_wrap=True))
        sheet.set_row(row, LEAST + LINE * (len(wrap(said.of(lang), 104)) - 1))
    table, start = glossary(), len(_READING) + 3
    for at, column in enumerate(table.columns):
        put(sheet, start, at, heading(column, lang), styles.head())
    for row, cells in enumerate(printed(table, lang), start=start + 1):
        for at, cell in enumerate(cells):
            put(sheet, row, at, cell, styles(bold=at == 0, text_wrap=True))
        sheet.set_row(row, LEAST + LINE * (max(len(wrap(cells[0], 26)), len(wrap(cells[1], 77))) - 1))


def _paper(sheet: Any, lang: str, title: str, landscape: bool) -> None:
    """A4, one page wide, title above, page numbers below."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    name = clean(title).replace("&", "&&")[:100]
    pages = tr(lang, "Page &P of &N")
    sheet.set_header(f"&L&9{' ' if name[:1].isdigit() else ''}{name}&R&9&A")
    sheet.set_footer(f"&C&9{pages}")


def _first_page_alone(sheet: Any, table: Table, lies: SheetLayout, lang: str, title: str) -> None:
    """Of a long annex the first page is printed, and its edge says how to print the rest."""
    high, rows = 24 + lies.heights[0], 0
    while rows < len(table.rows) and high + lies.heights[rows + 1] <= 0.9 * lies.page:
        high += lies.heights[rows + 1]
        rows += 1
    if rows >= len(table.rows) - 1:
        return
    sheet.print_area(0, 0, TOP + max(rows, 1) - 1, max(len(lies.widths) - 1, 0))
    name = clean(title).replace("&", "&&")[:100]
    said = tr(lang, "First page alone; clear the print area to print all")
    sheet.set_header(f"&L&9{' ' if name[:1].isdigit() else ''}{name}&C&9{said}&R&9&A")


def _breaks(sheet: Any, table: Table, lies: SheetLayout, chart: float) -> None:
    """Headings come again where the table goes on over the page; a chart begins a page where one does not
    hold both."""
    note = 60.0 if table.note else 0.0
    high = 24 + sum(lies.heights) + note
    apart = bool(chart) and high + chart > 0.92 * lies.page
    if high > 1.2 * lies.page:
        sheet.repeat_rows(0, TOP - 1)
    elif high > 0.9 * lies.page:  # no page for the last few rows
        sheet.set_print_scale(max(int(93 * lies.scale * min(lies.page / high, 1.0)), 10))
    if apart:
        sheet.set_h_pagebreaks([len(table.rows) + TOP + 1])
