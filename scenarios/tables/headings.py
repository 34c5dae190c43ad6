"""The headings of a table: which row they stand in, what each of them means (表头)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...models.errors import Said
from ...models.words import msg
from ..report import Place, Report
from .grid import Cell, Grid
from .values import UNITS, amount, empty, factor, month, plain

DEEPEST = 30
"""Rows in which the headings are looked for."""


class Column(NamedTuple):
    """A column that a table may have.

    Attributes
    ----------
    key
        Key of the schema, with dots.
    kind
        What its cells hold: text, money, months, percent, weight, month, yes, stage ...
    words
        Headings that mean it, as a pattern of the whole heading; the key itself always does.
    usual
        The heading that is proposed.
    """

    key: str
    kind: str
    words: str
    usual: str

    def fits(self, word: str) -> bool:
        """Whether a heading means it."""
        return word in (self.key, self.key.replace(".", ""), plain(self.usual)) or bool(
            re.fullmatch(self.words, word)
        )


@dataclass
class Heading:
    """A column that was found: where, what it means, the unit that its heading states."""

    at: int
    text: str
    place: Place
    column: Column
    unit: str = ""


@dataclass
class Head:
    """The headings of a table and the rows below them."""

    grid: Grid
    found: dict[str, list[Heading]] = field(default_factory=dict)
    unknown: list[Cell] = field(default_factory=list)
    first: int = 0
    unit: str = ""
    """A unit of money that stands above the table for all of it."""

    @property
    def rows(self) -> list[list[Cell]]:
        """What stands below the headings."""
        return self.grid.rows[self.first :]

    def one(self, key: str) -> Heading | None:
        """The first column of a key."""
        return next(iter(self.found.get(key, ())), None)


_UNIT_ABOVE = re.compile(r"(?:计量|金额)?单位[:： ]*([^\s,，;；)）、/]{1,8})|units?: ?([\w ]{1,20})")
FOREIGN = re.compile(r"usd|eur|hkd|jpy|美元|欧元|港元|港币|日元|\$|€")
"""Money of which no rate is known: refused in each cell."""
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_TRAILING = re.compile(r"^(.+?)[ _:/,、-]+([^ _:/,、-]+)$")


def split_unit(text: str) -> tuple[str, str]:
    """A heading without brackets, spaces and signs, and the unit that it states.

    >>> split_unit("总投资（万元）"), split_unit("建设工期/月"), split_unit("Investment (million yuan)")
    (('总投资', '万元'), ('建设工期', '月'), ('investment', 'million yuan'))
    """
    word = plain(text).strip("*: ")
    unit = ""
    for said in _BRACKETS.findall(word):
        unit = unit or _unit(said) or (said if FOREIGN.search(said) else "")
    word = _BRACKETS.sub("", word)
    if not unit and (found := _TRAILING.match(word)) and (unit := _unit(found[2])):
        word = found[1]
    return re.sub(r"[\s_*\"'“”:：/、,-]", "", word), unit


def _unit(said: str) -> str:
    """What a bracket holds, where it is a unit."""
    word = re.sub(r"^单位[:： ]*", "", said.strip())
    return word if any(factor(word, kind) is not None for kind in UNITS) else ""


def find_head(grid: Grid, columns: Sequence[Column], needed: Iterable[str]) -> Head | None:
    """The row of headings, the one of the first with the most known, one of ``needed`` there."""
    wanted = set(needed)
    best, most = -1, 1
    for number, row in enumerate(grid.rows[:DEEPEST]):
        keys = {column.key for cell in row if (column := _meant(cell, columns)[0])}
        if len(keys) > most and keys & wanted:
            best, most = number, len(keys)
    if best < 0:
        return None
    above = best
    below = _lower(grid.rows, best)
    head = Head(grid, first=below + 1, unit=_above(grid.rows[:above]))
    for at in range(max(len(row) for row in grid.rows[best : below + 1])):
        cells = [row[at] for row in grid.rows[best : below + 1] if at < len(row) and row[at].text]
        _place(head, at, cells, columns)
    while head.rows and _counts(head.rows[0]):
        head.first += 1
    return head


def _place(head: Head, at: int, cells: list[Cell], columns: Sequence[Column]) -> None:
    """Note what one column means: its lowest heading counts, then the ones above it."""
    unit = ""
    for cell in reversed(cells):
        if said := _unit(plain(cell.text).strip("()[]")):
            unit = unit or said  # a row of units below the headings
            continue
        column, stated = _meant(cell, columns)
        if column is not None:
            heading = Heading(at, cell.text, cell.place, column, unit or stated)
            head.found.setdefault(column.key, []).append(heading)
            return
    if cells:
        head.unknown.append(cells[-1])


def _meant(cell: Cell, columns: Sequence[Column]) -> tuple[Column | None, str]:
    """The column that a heading means, and the unit that it states."""
    if not cell.text or len(cell.text) > 80:
        return None, ""
    word, unit = split_unit(cell.text)
    return next((column for column in columns if column.fits(word)), None), unit


def _lower(rows: list[list[Cell]], best: int) -> int:
    """The last row of the headings: a second one, or a row of units, may stand below the first."""
    last = best
    while last - best < 2 and last + 1 < len(rows):
        row = rows[last + 1]
        filled = [cell for cell in row if cell.text]
        fresh = [cell for cell in filled if not cell.repeated]
        within = any(cell.repeated for cell in filled)
        bare = [cell for cell in fresh if not plain(cell.text).startswith("(")]
        if not filled or any(amount(cell.text) or month(cell.text) for cell in filled):
            break
        units = all(_unit(plain(cell.text).strip("()[]")) for cell in fresh)
        below_blank = all(
            at >= len(rows[last]) or not rows[last][at].text for at, c in enumerate(row) if c.text
        )
        if not (units or (within and len(fresh) < len(filled)) or below_blank or not bare):
            break
        last += 1
    return last


def _above(rows: list[list[Cell]]) -> str:
    """The unit of money that the title rows state for all of the table."""
    for row in rows:
        for cell in row:
            found = _UNIT_ABOVE.search(plain(cell.text))
            if found and factor(found[1] or found[2], "money") is not None:
                return found[1] or found[2]
    return ""


def _counts(row: list[Cell]) -> bool:
    """Whether a row below the headings only numbers the columns."""
    said = [plain(cell.text) for cell in row if cell.text]
    numbers = [word for word in said if word.isdigit()]
    return (
        len(said) > 3
        and numbers == [str(n) for n in range(1, len(numbers) + 1)]
        and (len(numbers) == len(said) or set(said) - set(numbers) <= set("甲乙丙丁戊"))
    )


def near(text: str, columns: Sequence[Column]) -> Column | None:
    """The column whose usual heading is nearest to one that is not known."""
    word, _ = split_unit(text)
    names: Mapping[str, Column] = {
        plain(name): column for column in columns for name in (column.usual, column.key)
    }
    found = difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)
    return names[found[0]] if found else None


def listed(headings: Iterable[Heading]) -> str:
    """Headings with what they mean."""
    return ", ".join(f"{' '.join(each.text.split())} = {each.column.key}" for each in headings)


def no_head(
    grid: Grid, path: str, columns: Sequence[Column], needed: Sequence[Column], report: Report
) -> None:
    """Tell that no row has the headings of a table, and what comes nearest."""
    hint: Said = ""
    for row in grid.rows[:DEEPEST]:
        for cell in row:
            found = (
                near(cell.text, columns)
                if cell.text and not empty(cell.text) and len(cell.text) < 40
                else None
            )
            if found:
                hint = msg("did you mean {name}?", name=f"{cell.text} = {found.usual}")
                break
    report.add(
        grid.start,
        path,
        msg("no row of headings"),
        msg("headings such as {names}", names=", ".join(column.usual for column in needed)),
        hint,
    )
