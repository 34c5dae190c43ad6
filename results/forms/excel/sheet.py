"""One table on one sheet: title, headings that stay in view, numbers with their digits, the note below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from ....models.target import TOLD
from ....models.words import tr
from ...colours import INK, PALE, SOFT, VERDICTS
from ...colours import LINE as RULE
from ...tables.table import Column, Table, shown
from ...text.format import Cell, clean, heading, plain, printed, unique
from ..terminal.layout import wrap
from .layout import LEAST, LINE, SheetLayout, laid_out
from .live import GROUP, Grid, Live, formulas

TOP = 2
"""Rows above the first row of numbers: the title and the headings."""
_LONGEST = 32767  # characters that Excel allows in a cell
_EXACT = 2**53  # a larger integer would change in Excel's doubles
_LARGEST = 9.9e307  # Excel reads no larger number
_LONGEST_HEAD = 250  # and in the heading of a table
SUMS = ("group", "total")
"""Levels of rows that add up others."""
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top", "font_color": INK}
_HAIR = {"bottom": 4, "bottom_color": RULE}
_RUNGS = {text: VERDICTS[rung.name.lower()] for rung, told in TOLD for text in told.every().values()}


def new_book(buffer: BinaryIO, font: str, size: int) -> Any:
    """An empty workbook in which text stays text: no formula, link or number is made of it."""
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": font, "font_size": size},
    }
    return xlsxwriter.Workbook(buffer, options)


@dataclass(frozen=True)
class Written:
    """A table on its sheet: where its cells stand, how it lies, which row of the table stands in which of the
    sheet."""

    table: Table
    grid: Grid
    lies: SheetLayout
    order: tuple[int, ...]


class Styles:
    """The few formats of the workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Any] = {}
        self.tables: set[str] = set()
        self.title = self(bold=True, font_size=13, valign="vcenter")
        self.number = cache(self._number)
        self.words = cache(self._words)

    def __call__(self, **properties: Any) -> Any:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**_BASE, **properties})
        return self.made[key]

    def _number(
        self, digits: int | None, signed: bool = False, chance: bool = False, bold: bool = False
    ) -> Any:
        """Format of a number with its printed digits."""
        more = {"bold": True} if bold else {}
        if digits is None:
            return self(align="right", **_HAIR, **more)
        plain = f"0.{'0' * digits}" if digits else "0"
        if chance:
            least, half = f"{10.0**-digits:.{digits}f}", 0.5 * 10.0**-digits
            most = f"{100 - 10.0**-digits:.{digits}f}"
            return self(
                num_format=(
                    f'[<{half:.{digits + 1}f}]"<{least}";[>={100 - half:.{digits + 1}f}]">{most}";{plain}'
                ),
                align="right",
                **_HAIR,
                **more,
            )
        return self(num_format=f"+{plain};-{plain};{plain}" if signed else plain, **_HAIR, **more)

    def _words(self, right: bool, indent: bool, bold: bool, fill: str) -> Any:
        """Format of a text."""
        more = {
            **({"bold": True} if bold else {}),
            **({"bg_color": fill} if fill else {}),
            **({"align": "right"} if right else {"align": "left", "indent": 1} if indent else {}),
        }
        return self(text_wrap=True, **_HAIR, **more)

    def head(self, right: bool = False, indent: bool = False, filtered: bool = False) -> Any:
        """Format of a heading, between the rules of the table; the button of a filter hides no letter."""
        return self(
            bold=True,
            text_wrap=True,
            valign="top" if filtered else "vcenter",
            top=1,
            bottom=1,
            bg_color=PALE,
            align="right" if right else "left",
            indent=int(indent),
        )


def put(sheet: Any, row: int, at: int, text: str, style: Any) -> None:
    """A text, which is never a formula, a link or a number."""
    sheet.write_string(row, at, clean(text)[:_LONGEST], style)


def heads_of(columns: Sequence[Column], lang: str) -> list[str]:
    """Headings with their units, each once: one that comes again says of which column it is."""
    found: list[str] = []
    taken: set[str] = set()
    for at, column in enumerate(columns):
        text = " ".join(heading(column, lang).split()) or column.name or str(at + 1)
        if text.casefold() in taken:
            own = next((head for head in reversed(found) if not head.endswith(text)), "")
            text = f"{own}: {text}"
        found.append(unique(text, taken, _LONGEST_HEAD))
    return found


def split(table: Table) -> tuple[list[int], list[int]]:
    """Places of the rows of the Excel table, and of those that add up others and stand below it."""
    level = next((at for at, column in enumerate(table.columns) if column.name == "level"), None)
    sums = [] if level is None else [at for at, row in enumerate(table.rows) if row[level] in SUMS]
    if len(sums) == len(table.rows):
        sums = []
    below = set(sums)
    return [at for at in range(len(table.rows)) if at not in below], sums


@dataclass(frozen=True)
class Block:
    """A table ready for a sheet: its columns and headings, its texts, where its cells will stand; ``order``
    says which row of the table stands in which of the sheet."""

    table: Table
    columns: tuple[Column, ...]
    heads: list[str]
    numeric: list[bool]
    texts: list[list[str]]
    order: tuple[int, ...]
    grid: Grid


def block(table: Table, lang: str, sheet: str, top: int, columns: list[Column] | None = None) -> Block:
    """A table that begins below its headings in a row of a sheet, with all columns for people or some."""
    chosen = columns or shown(table)
    cells = printed(table, lang, columns)
    parts, sums = split(table)
    order = (*parts, *sums)
    texts = [list(cells[at]) for at in order]
    heads, numeric = heads_of(chosen, lang), [column.numeric for column in chosen]
    names = [column.name for column in chosen]
    groups = [] if columns else _groups(table, lang)
    if groups:  # of which subtotal a row is a part: by it a subtotal adds up
        heads.append(unique(tr(lang, "Counts towards"), {head.casefold() for head in heads}, _LONGEST_HEAD))
        names.append(GROUP)
        numeric.append(False)
        for text, at in zip(texts, order, strict=True):
            text.append(groups[at])
    places = [table.at(column.name) for column in chosen]
    rows = [
        [*(_value(table.rows[at][place], text[k]) for k, place in enumerate(places)), *text[len(places) :]]
        for at, text in zip(order, texts, strict=True)
    ]
    return Block(
        table, tuple(chosen), heads, numeric, texts, order, Grid(sheet, top, len(parts), names, rows)
    )


def write_block(sheet: Any, styles: Styles, made: Block, name: str, filtered: bool = True) -> None:
    """Headings, cells and formulas of a table, as an Excel table of this name."""
    grid = made.grid
    listed(sheet, styles, grid.top - 1, made.heads, made.numeric, grid.parts, name, filtered)
    live = formulas(made.table, grid)
    digits = [made.table.every_digit(column) for column in made.columns]
    for number, row in enumerate(grid.rows):
        bold = number >= grid.parts
        for at, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, (int, float)):
                column = made.columns[at]
                style = styles.number(digits[at][made.order[number]], column.signed, column.chance, bold)
            else:
                after = at > 0 and made.numeric[at - 1]
                style = styles.words(made.numeric[at], after, bold, _RUNGS.get(made.texts[number][at], ""))
            write_cell(sheet, (number + grid.top, at), value, live.get((number, at)), style)


def write_table(sheet: Any, styles: Styles, table: Table, lang: str) -> Written:
    """The Excel table, its title above, sums and the note below; gives back where it stands and how it
    lies."""
    made = block(table, lang, sheet.get_name(), TOP)
    lies = laid_out(made.heads, made.texts, made.numeric)
    sheet.set_default_row(LEAST)
    put(sheet, 0, 0, table.title.of(lang), styles.title)
    sheet.set_row(0, 24)
    for at, width in enumerate(lies.widths):
        sheet.set_column(at, at, width)
    for number, high in enumerate(lies.heights, start=1):
        if high != LEAST:
            sheet.set_row(number, high)
    sheet.freeze_panes(TOP, 1 if made.columns and not made.numeric[0] else 0)
    write_block(sheet, styles, made, table_name(table.name, styles.tables))
    end = len(table.rows) + TOP
    for at in range(len(made.heads)):
        sheet.write_blank(end, at, None, styles(top=1))
    if table.note:
        _note(sheet, styles, end, table.note.of(lang), lies)
    return Written(table, made.grid, lies, made.order)


def listed(
    sheet: Any,
    styles: Styles,
    row: int,
    heads: Sequence[str],
    numeric: Sequence[bool],
    count: int,
    name: str,
    filtered: bool = True,
) -> None:
    """Make cells an Excel table with a name; without rows there are its headings alone."""
    looks = [
        styles.head(number, at > 0 and numeric[at - 1] and not number, filtered)
        for at, number in enumerate(numeric)
    ]
    if count and heads:
        sheet.add_table(
            row,
            0,
            row + count,
            len(heads) - 1,
            {
                "name": name,
                "style": "Table Style Light 1",
                "autofilter": filtered,
                "columns": [
                    {"header": head, "header_format": look} for head, look in zip(heads, looks, strict=True)
                ],
            },
        )
    else:
        for at, (head, look) in enumerate(zip(heads, looks, strict=True)):
            put(sheet, row, at, head, look)


def table_name(name: str, taken: set[str]) -> str:
    """A name as Excel allows it for a table or a cell: letters, digits and _, never like a cell's address."""
    return unique(f"t_{re.sub(r'[^A-Za-z0-9_]+', '_', name)}", taken, 200).replace("~", "_")


def _groups(table: Table, lang: str) -> list[str]:
    """Of which subtotal each row is a part, by the subtotal's title; nothing where there is none."""
    if not {"level", "group", "title"} <= {column.name for column in table.columns}:
        return []
    rows = table.records()
    titles = {row["group"]: clean(row["title"].of(lang)) for row in rows if row["level"] == "group"}
    return [titles.get(row["group"], "") for row in rows] if titles else []


def _value(cell: Any, text: str) -> Cell:
    """What a cell holds: a number as Excel knows it, the printed text of anything else, or nothing."""
    value = plain(cell)
    if value is None:
        return None
    if isinstance(value, (bool, str)) or not isinstance(value, (int, float)):
        return text
    return value if abs(value) < (_EXACT if isinstance(value, int) else _LARGEST) else text


def _note(sheet: Any, styles: Styles, row: int, text: str, lies: SheetLayout) -> None:
    """The note in the width of the table or of its first page, on as many lines as it needs."""
    style = styles(font_size=9, font_color=SOFT, text_wrap=True, top=1)
    last = next(
        (at for at in range(len(lies.widths)) if sum(lies.widths[: at + 1]) >= 150 or at + 1 in lies.breaks),
        len(lies.widths) - 1,
    )
    room = sum(lies.widths[: last + 1])
    if last > 0:
        sheet.merge_range(row, 0, row, last, "", style)
    lines = len(wrap(clean(text), max(int(1.05 * room) - 3, 20)))
    sheet.set_row(row, min(LINE * lines + 5, 400))
    put(sheet, row, 0, text, style)


def write_cell(sheet: Any, at: tuple[int, int], value: Cell, live: Live | None, style: Any) -> None:
    """A formula with what it gives, a number or a text; blank stays blank."""
    if live is not None:
        sheet.write_formula(*at, live.formula, style, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(*at, value, style)
    elif value is not None:
        sheet.write_string(*at, str(value)[:_LONGEST], style)
