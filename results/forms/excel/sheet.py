"""One table on one sheet: title, headings that stay in view, numbers with their digits, the note below."""

from __future__ import annotations

from functools import cache
from typing import Any

from ....models.target import TOLD
from ...tables.table import Column, Table, shown
from ...text.format import clean, heading, plain, printed
from ..terminal.layout import wrap
from .layout import LEAST, LINE, SheetLayout, laid_out

TOP = 2
"""Rows above the first row of numbers: the title and the headings."""
_LONGEST = 32767  # characters that Excel allows in a cell
_EXACT = 2**53  # a larger integer would change in Excel's doubles
_LARGEST = 9.9e307  # Excel reads no larger number
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_INK, _MARK = "#1C2733", "#14507D"
_COLOURS = {
    "plan": "#D7EFDC",
    "mix": "#FDF0C4",
    "relaxed": "#FBDCC0",
    "out": "#F8D3D1",
    "undecided": "#E6E8EB",
}
_RUNGS = {text: _COLOURS[rung.name.lower()] for rung, told in TOLD for text in told.every().values()}


class Styles:
    """The few formats of the workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Any] = {}
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
            return self(align="right", **more)
        plain = f"0.{'0' * digits}" if digits else "0"
        if chance:
            least, half = f"{10.0**-digits:.{digits}f}", 0.5 * 10.0**-digits
            most = f"{100 - 10.0**-digits:.{digits}f}"
            return self(
                num_format=(
                    f'[<{half:.{digits + 1}f}]"<{least}";[>={100 - half:.{digits + 1}f}]">{most}";{plain}'
                ),
                align="right",
                **more,
            )
        return self(num_format=f"+{plain};-{plain};{plain}" if signed else plain, **more)

    def _words(self, right: bool, indent: bool, bold: bool, fill: str) -> Any:
        """Format of a text."""
        more = {
            **({"bold": True} if bold else {}),
            **({"bg_color": fill} if fill else {}),
            **({"align": "right"} if right else {"align": "left", "indent": 1} if indent else {}),
        }
        return self(text_wrap=True, **more)

    def head(self, right: bool = False, indent: bool = False) -> Any:
        """Format of a heading, between the rules of the table."""
        return self(
            bold=True,
            text_wrap=True,
            valign="vcenter",
            top=2,
            bottom=1,
            bg_color="#EEF2F6",
            align="right" if right else "left",
            indent=int(indent),
        )


def put(sheet: Any, row: int, at: int, text: str, style: Any) -> None:
    """A text, which is never a formula, a link or a number."""
    sheet.write_string(row, at, clean(text)[:_LONGEST], style)


def headline(column: Column, lang: str) -> str:
    """A heading with its unit on a line of its own."""
    whole, label = (
        heading(column, lang),
        clean(column.title.of(lang)),
    )
    return (
        f"{label}\n{whole[len(label) + 1 :]}"
        if len(whole) > len(label) and whole.startswith(f"{label} ")
        else whole
    )


def write_table(sheet: Any, styles: Styles, table: Table, lang: str) -> SheetLayout:
    """The table between its rules, the title above and the note below; gives back how it lies."""
    columns, texts = shown(table), printed(table, lang)
    numeric = [column.numeric for column in columns]
    heads = [headline(column, lang) for column in columns]
    lies = laid_out(heads, texts, numeric)
    sheet.set_default_row(LEAST)
    put(
        sheet, 0, 0, table.title.of(lang), styles(bold=True, font_size=13, font_color=_MARK, valign="vcenter")
    )
    sheet.set_row(0, 24)
    for at, (head, width) in enumerate(zip(heads, lies.widths, strict=True)):
        sheet.set_column(at, at, width)
        put(
            sheet,
            1,
            at,
            head,
            styles.head(right=numeric[at], indent=at > 0 and numeric[at - 1] and not numeric[at]),
        )
    for number, high in enumerate(lies.heights, start=1):
        if high != LEAST:
            sheet.set_row(number, high)
    sheet.freeze_panes(TOP, 1 if columns and not numeric[0] else 0)
    sums = _sums(table)
    places = [
        (at, table.at(column.name), table.every_digit(column), column, at > 0 and numeric[at - 1])
        for at, column in enumerate(columns)
    ]
    for number, (row, bold) in enumerate(zip(table.rows, sums, strict=True)):
        for at, place, digits, column, after in places:
            _cell(
                sheet,
                styles,
                (number + TOP, at),
                row[place],
                texts[number][at],
                digits[number],
                column,
                bold,
                after,
            )
    end = len(table.rows) + TOP
    for at in range(len(columns)):
        sheet.write_blank(end, at, None, styles(top=2))
    if table.note:
        _note(sheet, styles, end, table.note.of(lang), lies)
    return lies


def _sums(table: Table) -> list[bool]:
    """Rows that add up others."""
    if all(column.name != "level" for column in table.columns):
        return [False] * len(table.rows)
    return [level in ("group", "total") for level in table.column("level")]


def _note(sheet: Any, styles: Styles, row: int, text: str, lies: SheetLayout) -> None:
    """The note in the width of the table, on as many lines as it needs."""
    style = styles(font_size=9, font_color="#5B6B7A", text_wrap=True, top=2)
    last = next(
        (at for at in range(len(lies.widths)) if sum(lies.widths[: at + 1]) >= 150), len(lies.widths) - 1
    )
    room = sum(lies.widths[: last + 1])
    if last > 0:
        sheet.merge_range(row, 0, row, last, "", style)
    lines = len(wrap(clean(text), max(int(1.05 * room) - 3, 20)))
    sheet.set_row(row, min(LINE * lines + 5, 400))
    put(sheet, row, 0, text, style)


def _cell(  # noqa: PLR0913  (each is a fact of its own)
    sheet: Any,
    styles: Styles,
    at: tuple[int, int],
    cell: Any,
    text: str,
    digits: int | None,
    column: Column,
    bold: bool,
    after: bool,
) -> None:
    """A number that is shown with its printed digits, or the text that is printed."""
    value = plain(cell)
    if value is None:
        return
    if (
        not isinstance(value, bool)
        and isinstance(value, (int, float))
        and abs(value) < (_EXACT if isinstance(value, int) else _LARGEST)
    ):
        sheet.write_number(*at, value, styles.number(digits, column.signed, column.chance, bold))
        return
    sheet.write_string(*at, text[:_LONGEST], styles.words(column.numeric, after, bold, _RUNGS.get(text, "")))
