"""Numbers of the workbook that are formulas: gaps, differences, growth, shares and sums follow their cells.

A formula is written only where it gives the table's own number; anything else stays a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...tables.table import Table
from ...text.format import Cell

_NEAR = 1e-9
"""Relative difference up to which a formula gives the table's number."""
_LESS = re.compile(r"(.+)_(\d+)_less_(\d+)")
_PATTERN = re.compile(r'[*?~"]|^[<>=]')
"""A text that a condition of Excel would not take as it stands."""


@dataclass(frozen=True)
class Live:
    """A formula and what it gives."""

    text: str
    value: float

    def __add__(self, other: Live) -> Live:
        return Live(f"({self.text}+{other.text})", self.value + other.value)

    def __sub__(self, other: Live) -> Live:
        return Live(f"({self.text}-{other.text})", self.value - other.value)

    def __mul__(self, other: Live) -> Live:
        return Live(f"({self.text}*{other.text})", self.value * other.value)

    def __truediv__(self, other: Live) -> Live:
        return Live(f"({self.text}/{other.text})", self.value / other.value)

    @property
    def formula(self) -> str:
        """As a cell holds it."""
        outer = self.text.startswith("(") and self.text.endswith(")")
        return f"={self.text[1:-1] if outer else self.text}"


_ONE, _HUNDRED, _NONE = Live("1", 1.0), Live("100", 100.0), Live("0", 0.0)


def _greater(one: Live, two: Live) -> Live:
    return Live(f"MAX({one.text},{two.text})", max(one.value, two.value))


@dataclass(frozen=True)
class Grid:
    """Where the cells of a table stand on its sheet.

    Attributes
    ----------
    sheet
        Its name.
    top
        The row of the first cells, counted from 0.
    parts
        How many rows from there on belong to the Excel table; sums stand below.
    names
        Columns from left to right.
    rows
        All cells: numbers, or the texts that the sheet shows.
    """

    sheet: str
    top: int
    parts: int
    names: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    columns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Where each column stands."""
        object.__setattr__(self, "columns", {name: at for at, name in enumerate(self.names)})

    def at(self, row: int, name: str) -> str:
        """A cell, its column fixed."""
        return f"${_letters(self.columns[name])}{self.top + row + 1}"

    def fixed(self, row: int, name: str) -> str:
        """A cell, its row fixed too."""
        return f"${_letters(self.columns[name])}${self.top + row + 1}"

    def range(self, name: str, whole: bool = False) -> str:
        """A column of the Excel table; ``whole`` with the name of the sheet."""
        letters = _letters(self.columns[name])
        place = f"${letters}${self.top + 1}:${letters}${self.top + self.parts}"
        return f"{quoted(self.sheet)}!{place}" if whole else place

    def cells(self, name: str) -> list[Cell]:
        """The cells of a column of the Excel table."""
        at = self.columns[name]
        return [row[at] for row in self.rows[: self.parts]]


class Row:
    """A row of a grid, from which formulas are made; a cell without a number raises KeyError."""

    def __init__(self, grid: Grid, number: int) -> None:
        self.grid, self.number = grid, number

    def __getitem__(self, name: str) -> Live:
        value = self.grid.rows[self.number][self.grid.columns[name]]
        return Live(self.grid.at(self.number, name), _number(value))

    def total(self, name: str) -> Live:
        """The sum of a column of the Excel table."""
        return Live(f"SUM({self.grid.range(name)})", math.fsum(_numbers(self.grid.cells(name))))

    def plan(self, name: str) -> Live:
        """The cell of the first row, which is the plan's, found by its name wherever sorting puts it."""
        first = self.grid.names[0]
        return lookup(self.grid, name, {first: self.grid.rows[0][0]}, whole=False)


def lookup(grid: Grid, name: str, where: Mapping[str, Cell], whole: bool = True) -> Live:
    """The one number of a column where other columns hold what is asked."""
    keys = [grid.cells(key) for key in where]
    found = [
        cell
        for cell, *own in zip(grid.cells(name), *keys, strict=True)
        if all(_same(a, b) for a, b in zip(own, where.values(), strict=True))
    ]
    if len(found) != 1:
        raise KeyError(name)
    asked = ",".join(f"{grid.range(key, whole)},{_literal(value)}" for key, value in where.items())
    return Live(f"SUMIFS({grid.range(name, whole)},{asked})", _number(found[0]))


Rule = Callable[[Row], Live]


def _less(one: str, two: str) -> Rule:
    return lambda row: row[one] - row[two]


def _growth(new: str, old: str) -> Rule:
    return lambda row: (row[new] / row[old] - _ONE) * _HUNDRED


def _share(part: str, whole: str) -> Rule:
    return lambda row: row[part] / row.total(whole) * _HUNDRED


def _against_plan(name: str) -> Rule:
    return lambda row: row[name] - row.plan(name)


RULES: dict[str, dict[str, tuple[Rule, ...]]] = {
    "targets": {
        "gap": (
            _less("expected", "ensure"),
            _less("at_most", "expected"),
            _less("expected", "stretch"),
        )
    },
    "gap_sheet": {"gap": (_less("expected", "asked"),)},
    "decisions": {"more": (_against_plan("money"),)},
    "mixes": {
        "gdp_growth_diff": (_against_plan("gdp_growth"),),
        "gdp_last_diff": (_against_plan("gdp_last"),),
    },
    "mixes_uncertain": {"difference": (_against_plan("mean"),)},
    "price": {"more": (lambda row: row["money"] - lookup(row.grid, "money", {"factor": 1.0}, False),)},
    "sectors": {
        "growth": (_growth("va", "va_before"),),
        "added": (_less("va", "va_before"),),
        "pull": (_share("added", "va_before"),),
        "contribution": (_share("added", "added"),),
    },
    "investment": {
        "short": (_less("realised", "planned"),),
        "growth": (_growth("realised", "before"),),
        "share": (_share("realised", "realised"),),
    },
    "chain": {
        "growth": (_growth("made", "base"),),
        "utilisation": (lambda row: row["made"] / row["capacity"] * _HUNDRED,),
    },
    "recovery": {"difference": (_less("reproduced", "reported"),)},
    "limits": {
        "slack": (_less("max", "used"), lambda row: _greater(row["max"] - row["used"], _NONE)),
        "over": (lambda row: _greater(row["used"] - row["max"], _NONE),),
    },
    "fixes": {"cost": (lambda row: row["amount"] * row["price"],)},
    "fix_plans": {"change": (_less("fix_share", "plan_share"),)},
    "money": {
        "left": (
            lambda row: row["overdue"] + row["planned"] + row["beyond"] - row["spent"] - row["cancelled"],
        )
    },
    "pool": {"rest": (_less("simulated", "named"),)},
    "audit": {"difference": (_less("asked", "implied"), _less("implied", "asked"))},
    "long_sources": {
        "growth": (lambda row: row["capital"] + row["work"] + row["human"] + row["productivity"],)
    },
}
"""The first that gives the table's number; one more formula is one line."""

BLOCKS: dict[str, tuple[str, ...]] = {
    "gap_sheet": ("tier", "division"),
    "versus_attribution": ("run", "title", "year"),
    "attribution": ("run", "title", "year"),
}
"""What the parts of a sum share with it, where a table has more than one total."""

GROUP = "group_title"
"""The column that says to which subtotal a row belongs."""


def formulas(table: Table, grid: Grid) -> dict[tuple[int, int], Live]:
    """The cells that are formulas, by row and column of the grid."""
    rules = RULES.get(table.name, {}) | {
        name: (_less(f"{known[1]}_{known[2]}", f"{known[1]}_{known[3]}"),)
        for name in grid.names
        if (known := _LESS.fullmatch(name))
    }
    found: dict[tuple[int, int], Live] = {}
    for name, tried in rules.items():
        if name in grid.columns:
            at = grid.columns[name]
            for number in range(len(grid.rows)):
                if live := _first(tried, Row(grid, number), grid.rows[number][at]):
                    found[number, at] = live
    return found | _sums(table, grid)


def _sums(table: Table, grid: Grid) -> dict[tuple[int, int], Live]:
    """Subtotals and totals below the Excel table, where they are the sums of its rows."""
    found: dict[tuple[int, int], Live] = {}
    shared = [name for name in BLOCKS.get(table.name, ()) if name in grid.columns]
    for number in range(grid.parts, len(grid.rows)):
        row = grid.rows[number]
        keys = shared or ([GROUP] if GROUP in grid.columns and row[grid.columns[GROUP]] else [])
        for at, name in enumerate(grid.names):
            if live := _first((_sum(name, keys),), Row(grid, number), row[at]):
                found[number, at] = live
    return found


def _sum(name: str, keys: Sequence[str]) -> Rule:
    """The sum of the rows that share some cells with this one."""

    def rule(row: Row) -> Live:
        grid, own = row.grid, row.grid.rows[row.number]
        if not keys:
            return row.total(name)
        asked = [own[grid.columns[key]] for key in keys]
        parts = [
            cell
            for cell, *its in zip(grid.cells(name), *map(grid.cells, keys), strict=True)
            if all(map(_same, its, asked))
        ]
        if any(isinstance(text, str) and _PATTERN.search(text) for text in asked):
            raise KeyError(name)
        told = ",".join(f"{grid.range(key)},{grid.at(row.number, key)}" for key in keys)
        return Live(f"SUMIFS({grid.range(name)},{told})", math.fsum(_numbers(parts)))

    return rule


def _first(rules: Sequence[Rule], row: Row, stated: Cell) -> Live | None:
    """The first rule that gives the number that is stated."""
    if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not math.isfinite(stated):
        return None
    for rule in rules:
        try:
            live = rule(row)
        except (KeyError, ZeroDivisionError, OverflowError):
            continue
        if math.isclose(live.value, stated, rel_tol=_NEAR, abs_tol=_NEAR):
            return live
    return None


def _number(cell: Cell) -> float:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise KeyError(cell)
    return float(cell)


def _numbers(cells: Sequence[Cell]) -> list[float]:
    """The numbers among cells; a text among them is no column to add up."""
    if any(isinstance(cell, (str, bool)) for cell in cells):
        raise KeyError("text")
    found = [float(cell) for cell in cells if isinstance(cell, (int, float))]
    if not found:
        raise KeyError("blank")
    return found


def _same(one: Cell, two: Cell) -> bool:
    """As a condition of Excel sees it: case does not count."""
    if isinstance(one, str) and isinstance(two, str):
        return one.casefold() == two.casefold()
    return one is not None and one == two


def _literal(value: Cell) -> str:
    if isinstance(value, str):
        if not value or _PATTERN.search(value) or len(value) > 200:
            raise KeyError(value)
        return f'"{value}"'
    return f"{_number(value):.17g}"


def quoted(sheet: str) -> str:
    """The name of a sheet as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _letters(column: int) -> str:
    """The letters of a column.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    text, at = "", column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
