"""Tables as one Excel workbook: page one, what stands where, a sheet a table, at last which run it is."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ....models.quantity import Bilingual
from ....models.words import msg, tr
from ....scenarios.document import meaning
from ....scenarios.tables.grid import Grid
from ...colours import PLAN
from ...front import Front, front_page
from ...outline import CHAPTERS, chapters, numbered
from ...tables.percent import in_percent
from ...tables.table import Table, in_order, sentences
from ...text.format import clean, unique
from ..terminal.layout import wrap
from .about import links, picture_top, write_about
from .charts import add_charts
from .front import write_front
from .layout import LEAST, LINE, SMALLEST, SheetLayout
from .picture import picture
from .quick import NEEDED as QUICK
from .quick import Source, write_quick
from .sheet import TOP, Styles, Written, listed, new_book, put, table_name, write_table

FILE = "tables.xlsx"
RESULTS = "dabiao results"
"""Marks a workbook of results that was written beside the one that it was made from."""
CREATED = datetime(2024, 1, 1)  # a workbook states when it was made; a constant keeps the bytes equal
_METRIC = ("Verdana", 8)
"""The font by whose digits columns are measured: 7 pixels in Excel, and as wide where it is missing."""
_NO_SHEET = re.compile(r"[\[\]:*?/\\\t\r\n]+")
_SENTENCE = re.compile(r".+?(?=[。；;:：]|\. |$)")


def export_excel(
    tables: Mapping[str, Table], folder: Path, lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> list[Path]:
    """``tables.xlsx``: numbers to 16 digits, shown with their printed digits; a text is never a formula."""
    file = folder / FILE
    file.write_bytes(workbook_of(tables, lang, title, meta))
    return [file]


def workbook_of(
    tables: Mapping[str, Table],
    lang: str,
    title: Bilingual,
    meta: Mapping[str, Any],
    inputs: Sequence[Grid] = (),
    source: Source | None = None,
) -> bytes:
    """The workbook of a run; ``inputs`` are sheets that it was made from, copied to its end, and ``source``
    says where they stand."""
    buffer = io.BytesIO()
    book = new_book(buffer, *_METRIC)
    named = {"title": clean(title.of(lang)), "author": "dabiao", "created": CREATED}
    book.set_properties(named | ({"keywords": RESULTS} if inputs else {}))
    styles = Styles(book)
    ordered = [in_percent(table) for table in in_order(tables)]
    if quick := all(name in tables for name in QUICK):  # whoever plans finds it first
        ordered.sort(key=lambda table: table.name != QUICK[0])
    taken: set[str] = set()
    front, contents, *sheets, about = (
        book.add_worksheet(unique(name, taken, 31))
        for name in (
            tr(lang, "Page one"),
            tr(lang, "Contents"),
            *(sheet_name(table, lang) for table in ordered),
            tr(lang, "About this run"),
        )
    )
    head = clean(title.of(lang))
    for sheet in (front, contents, *sheets, about):
        sheet.set_default_row(LEAST)
        sheet.hide_gridlines(2)
        _paper(sheet, lang, head)
    written = {
        table.name: _table(book, sheet, styles, table, tables, lang, head)
        for sheet, table in zip(sheets[quick:], ordered[quick:], strict=True)
    }
    if quick:
        own = {table.name: table for table in ordered}
        chances = written["quick_chances"].grid
        written[QUICK[0]] = write_quick(sheets[0], styles, own, chances, source or Source(), lang)
    _contents(contents, styles, written, tables, lang)
    _ends(
        book,
        (front, about),
        styles,
        written,
        front_page(tables, lang, title, meta),
        tables,
        (title, meta),
        lang,
    )
    for grid in inputs:
        _copied(book.add_worksheet(unique(_named(grid, lang), taken, 31)), grid, styles)
    book.close()
    return buffer.getvalue()


def _named(grid: Grid, lang: str) -> str:
    """The name of a copied sheet."""
    return _NO_SHEET.sub(" ", tr(lang, "Input {sheet}", sheet=grid.sheet))[:28]


def _copied(sheet: Any, grid: Grid, styles: Styles) -> None:
    """The cells of a sheet that was read, in their places."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 12, 16)
    for row in grid.rows:
        for cell in row:
            if not cell.text or cell.repeated:
                continue
            at, value = (cell.place.line - 1, cell.place.column - 1), meaning(cell.text)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                sheet.write_number(*at, value, styles())
            else:
                put(sheet, *at, cell.text, styles())


def _ends(
    book: Any,
    sheets: tuple[Any, Any],
    styles: Styles,
    written: Mapping[str, Written],
    page: Front | None,
    tables: Mapping[str, Table],
    told: tuple[Bilingual, Mapping[str, Any]],
    lang: str,
) -> None:
    """The first sheet and the last one, on which the picture of the first has its numbers."""
    (front, about), (title, meta) = sheets, told
    named = list(links(written, lang))
    drawn = None
    if page is not None and "targets" in written:
        top = picture_top(meta, named, lang)
        drawn = picture(written["targets"], written.get("versus_targets"), about.get_name(), top, lang)
    said = tuple(sentences(tables, lang).values())
    opening = page or Front(clean(title.of(lang)), (), (), (), (), None, said, (), frozenset())
    write_front(book, front, styles, opening, tables, lang, drawn)
    write_about(book, about, styles, meta, named, drawn, lang)
    about.set_landscape()
    about.fit_to_pages(1, 0)


def _table(
    book: Any,
    sheet: Any,
    styles: Styles,
    table: Table,
    tables: Mapping[str, Table],
    lang: str,
    head: str,
) -> Written:
    """A table on its sheet, with its charts, ready to be printed."""
    written = write_table(sheet, styles, table, lang)
    charts = add_charts(book, sheet, written, lang, tables)
    _printed(sheet, written, charts)
    if table.name in _ANNEXED:
        _first_page_alone(sheet, table, written.lies, lang, head)
    return written


_ANNEXED = {name for chapter in CHAPTERS if chapter.annex for name in chapter.tables}


def sheet_name(table: Table, lang: str) -> str:
    """The title as Excel allows it for a sheet: at most 31 characters (counted as UTF-16), none of
    ``[]:*?/\\``."""
    names = [_NO_SHEET.sub(" ", clean(text)).strip("' ") for text in (table.title.of(lang), table.name)]
    name = next((name for name in names if name), "sheet")
    while len(name.encode("utf-16-le")) > 56:  # room for the number that tells equal names apart
        name = name[:-1]
    return "History_" if name.casefold() == "history" else name.rstrip("' ")


def _contents(
    sheet: Any, styles: Styles, written: Mapping[str, Written], tables: Mapping[str, Table], lang: str
) -> None:
    """What stands on which sheet, and how the workbook is read."""
    for at, width in enumerate((26, 34, 7, 62)):
        sheet.set_column(at, at, width)
    put(sheet, 0, 0, tr(lang, "Contents"), styles.title)
    sheet.set_row(0, 24)
    heads = [tr(lang, "Chapter"), tr(lang, "Sheet"), tr(lang, "Rows"), tr(lang, "What it says")]
    row = 1
    for at, (chapter, found) in enumerate(chapters(tables)):
        for name in found:
            row += 1
            _line(sheet, styles, row, numbered(at, chapter, lang), written[name], lang)
    listed(
        sheet, styles, 1, heads, [False, False, True, False], row - 1, table_name("contents", styles.tables)
    )
    sheet.freeze_panes(2, 0)
    row += 2
    put(sheet, row, 0, tr(lang, "How to read this workbook"), styles(bold=True))
    for at, said in enumerate(_READING, start=row + 1):
        sheet.merge_range(at, 0, at, 3, "", styles(text_wrap=True))
        put(sheet, at, 0, said.of(lang), styles(text_wrap=True))
        sheet.set_row(at, LEAST + LINE * (len(wrap(said.of(lang), 122)) - 1))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _line(sheet: Any, styles: Styles, row: int, chapter: str, written: Written, lang: str) -> None:
    """A line of the contents: its chapter, a sheet, how many rows it has, the first sentence of its note."""
    name, table = written.grid.sheet, written.table
    target = "internal:'" + name.replace("'", "''") + "'!A1"
    style = styles(font_color=PLAN, underline=1, bottom=4, text_wrap=True)
    sheet.write_url(row, 1, target, style, string=name)
    sheet.write_number(row, 2, len(table.rows), styles.number(0, False, False, False))
    first = _SENTENCE.match(clean(table.note.of(lang))) if table.note else None
    said = first[0].strip() if first else ""
    put(sheet, row, 3, said, styles.words(False, True, False, ""))
    lines = max(len(wrap(chapter, 23)), len(wrap(name, 31)), len(wrap(said, 58)))
    put(sheet, row, 0, chapter, styles.words(False, False, False, ""))
    sheet.set_row(row, LEAST + LINE * (lines - 1))


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


def _paper(sheet: Any, lang: str, title: str) -> None:
    """A4, the title above, the sheet and the page below."""
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.set_header(f"&L&9{_edge(title)}")
    sheet.set_footer(f"&L&9&A&R&9{tr(lang, 'Page &P of &N')}")


def _edge(title: str) -> str:
    """A title in the edge of a page, where & commands and a digit would belong to the size of letters."""
    name = title.replace("&", "&&")[:100]
    return f"{' ' if name[:1].isdecimal() else ''}{name}"


def _first_page_alone(sheet: Any, table: Table, lies: SheetLayout, lang: str, title: str) -> None:
    """Of a long annex the first page is printed, and its edge says how to print the rest."""
    high, rows = 24 + lies.heights[0], 0
    while rows < len(table.rows) and high + lies.heights[rows + 1] <= 0.9 * lies.page:
        high += lies.heights[rows + 1]
        rows += 1
    if rows >= len(table.rows) - 1:
        return
    sheet.print_area(0, 0, TOP + max(rows, 1) - 1, max(len(lies.widths) - 1, 0))
    said = tr(lang, "First page alone; clear the print area to print all")
    sheet.set_header(f"&L&9{_edge(title)}&R&9{said}")


def _printed(sheet: Any, written: Written, charts: list[float]) -> None:
    """One page wide where letters stay large enough, else on pages side by side with the first columns
    repeated; headings come again over the page; a chart is never torn."""
    table, lies = written.table, written.lies
    if lies.landscape:
        sheet.set_landscape()
    note = 60.0 if table.note else 0.0
    high = 24 + sum(lies.heights) + note
    whole = high + sum(charts)
    if whole > 0.95 * lies.page:
        sheet.repeat_rows(0, TOP - 1)
    if lies.breaks:
        sheet.repeat_columns(0, lies.kept - 1)
        sheet.set_print_scale(int(100 * lies.scale))
        sheet.set_v_pagebreaks(list(lies.breaks))
    elif whole <= lies.page * lies.scale / SMALLEST and (charts or whole > 0.95 * lies.page):
        sheet.fit_to_pages(1, 1)
    elif not charts:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(int(94 * lies.scale))
    if charts and whole > lies.page * lies.scale / SMALLEST:
        sheet.set_h_pagebreaks([len(table.rows) + TOP + 1])
