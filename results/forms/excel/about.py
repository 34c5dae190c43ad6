"""The last sheet: which run this is, cells with names to link to, the numbers of the picture of page one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ....models.words import msg, tr
from ...text.format import clean, heading, unique, unit_of
from ..markdown import facts
from .layout import LEAST, LINE
from .live import Live, lookup, quoted
from .picture import Picture
from .sheet import Styles, Written, listed, put, table_name, write_cell

_WIDTHS = (44, 48, 14, *([14] * 8))
_HEADS = (msg("Name of the cell"), msg("Of what"), msg("Value"), msg("Unit"))
_LINKED = {
    "targets": {
        "median": "expected",
        "minimum": "ensure",
        "stretch": "stretch",
        "ceiling": "at_most",
        "gap": "gap",
    },
    "verdict": {"chance": "probability"},
}
"""What others link to: of which table how the name begins, and the column."""


@dataclass(frozen=True)
class Link:
    """A cell to link to: its name, what it is, the number wherever sorting puts it, digits and unit."""

    name: str
    what: str
    live: Live
    digits: int
    chance: bool
    unit: str


def links(written: Mapping[str, Written], lang: str) -> Iterator[Link]:
    """The cells that others link to."""
    taken: set[str] = set()
    for own in (written[name] for name in _LINKED if name in written):
        for row, cells in zip(own.table.records(), own.table.rows, strict=True):
            told = {key: clean(row[key].of(lang)) for key in ("title", "tier") if row.get(key) is not None}
            for start, name in _LINKED[own.table.name].items():
                try:
                    live = lookup(own.grid, name, told)
                except KeyError:
                    continue
                column = own.table.columns[own.table.at(name)]
                ids = "_".join(str(row[key]) for key in ("target", "tier_id") if key in row)
                unit = unit_of(column.unit, lang) or (row["unit"].of(lang) if row.get("unit") else "")
                yield Link(
                    unique(re.sub(r"[^A-Za-z0-9_]+", "_", f"{start}_{ids}"), taken, 200).replace("~", "_"),
                    " · ".join([*told.values(), heading(column, lang)]),
                    live,
                    own.table.digits(column, cells) or 0,
                    column.chance,
                    unit,
                )


def write_about(
    book: Any,
    sheet: Any,
    styles: Styles,
    meta: Mapping[str, Any],
    named: list[Link],
    picture: Picture | None,
    lang: str,
) -> None:
    """Identifiers, solver and version; names; numbers of the picture."""
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    put(sheet, 0, 0, tr(lang, "About this run"), styles.title)
    row = 2
    for label, said in facts(meta, lang):
        put(sheet, row, 0, label, styles(bold=True))
        put(sheet, row, 1, said, styles(text_wrap=True))
        row += 1
    if named:
        row = _links(book, sheet, styles, named, row + 1, lang)
    if picture is not None:
        _numbers(sheet, styles, picture, lang)


def _links(book: Any, sheet: Any, styles: Styles, named: list[Link], row: int, lang: str) -> int:
    """The cells with names; gives back the next row."""
    put(sheet, row, 0, tr(lang, "Cells with names, for links from other workbooks"), styles(bold=True))
    row += 1
    heads = [head.of(lang) for head in _HEADS]
    listed(
        sheet, styles, row, heads, [False, False, True, False], len(named), table_name("links", styles.tables)
    )
    last = row + len(named)
    for at, link in enumerate(named, start=row + 1):
        words = styles.words(False, False, False, "")
        put(sheet, at, 0, link.name, words)
        put(sheet, at, 1, link.what, words)
        write_cell(
            sheet, (at, 2), link.live.value, link.live, styles.number(link.digits, False, link.chance, False)
        )
        put(sheet, at, 3, link.unit, styles.words(False, True, False, ""))
        book.define_name(link.name, f"={quoted(sheet.get_name())}!$C${at + 1}")
    return last + 2


def picture_top(meta: Mapping[str, Any], named: list[Link], lang: str) -> int:
    """The row of the first numbers of the picture."""
    return 5 + len(facts(meta, lang)) + (len(named) + 4 if named else 0)


def _numbers(sheet: Any, styles: Styles, picture: Picture, lang: str) -> None:
    """The numbers of the picture of page one."""
    grid, top = picture.grid, picture.grid.top
    put(sheet, top - 2, 0, tr(lang, "Numbers of the picture of page one"), styles(bold=True))
    numeric = [name != "title" for name in grid.names]
    listed(
        sheet,
        styles,
        top - 1,
        picture.heads,
        numeric,
        len(picture.cells),
        table_name("picture", styles.tables),
    )
    sheet.set_row(top - 1, LEAST + 4 * LINE)
    for number, cells in enumerate(picture.cells):
        put(sheet, top + number, 0, str(grid.rows[number][0]), styles.words(False, False, False, ""))
        for at, name in enumerate(grid.names[1:], start=1):
            if (live := cells.get(name)) is not None:
                style = styles.number(0 if name in ("place", "again") else 2, False, False, False)
                write_cell(sheet, (top + number, at), live.value, live if live.text else None, style)
