"""One table, declared once: exporters, `--json` and the terminal read only this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...models.money import unit_in_use
from ...models.quantity import Bilingual
from ..outline import chapters


@dataclass(frozen=True)
class Column:
    """A column: its name for machines, its heading for people, unit and printed digits.

    ``digits`` is None for text. A percentage is stored as printed (6.5 means 6.5 %). Where the digits differ
    from row to row, ``digits_from`` names the column that holds them, and ``unit_from`` that of the units. A
    column that is not ``shown`` is for
    machines: CSV and JSON have it, pages and sheets do not. In a ``signed`` column a number above zero is
    printed with its plus. In a column of ``chance`` (percent) what would be printed as 0 or 100 is printed as
    less or more than the last digit: ``<1``, ``>99``. Where a column ``adds``, sectors are printed so that
    they add up to their subtotals and total; the table has the columns ``level`` (sector, group or total)
    and, with groups, ``group``.

    ``value`` makes the cell of a row; without it the cell is the row's attribute of the column's name. An
    ``optional`` column in which no row has a cell is for machines only. ``word`` and ``terminal`` say whether
    the document and the terminal print it, ``compared`` whether runs side by side show it for each run. A
    ``fraction`` is stored from 0 to 1 and printed times 100: a ``chance`` never as 0 or 100 %, a ``share``
    in %, a ``points`` (an error, a difference of chances) in percentage points. Of a table with columns of
    an ``event``, a page leaves out the rows in which all of these are zero.
    """

    name: str
    title: Bilingual
    unit: str = ""
    digits: int | None = None
    digits_from: str = ""
    unit_from: str = ""
    shown: bool = True
    signed: bool = False
    chance: bool = False
    adds: bool = False
    value: Callable[[Any], Any] | None = field(default=None, repr=False, compare=False)
    optional: bool = False
    word: bool = True
    terminal: bool = True
    compared: bool = False
    fraction: Literal["", "chance", "share", "points"] = ""
    event: bool = False

    def cell(self, row: Any) -> Any:
        """The cell of a row."""
        return getattr(row, self.name) if self.value is None else self.value(row)

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers."""
        return self.digits is not None or bool(self.digits_from)


@dataclass(frozen=True)
class Table:
    """A table of results; cells are numbers, None, bool, str or bilingual :class:`Bilingual`.

    ``brief`` holds the places of the rows that the document prints; None stands for the first ones.
    """

    name: str
    title: Bilingual
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    key: tuple[str, ...] = ()
    note: Bilingual | None = None
    brief: tuple[int, ...] | None = None
    printed: dict[str, list[list[str]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cells as printed, by language: made once for all exporters."""

    def __post_init__(self) -> None:
        """Refuse a table that no exporter could write."""
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: two columns have one name: {names}")
        known = {*self.key, *(column.digits_from for column in self.columns if column.digits_from)}
        if missing := sorted(known - set(names)):
            raise ValueError(f"table {self.name}: no column {', '.join(missing)}")
        for row in self.rows:
            if len(row) != len(names):
                raise ValueError(f"table {self.name}: {len(names)} columns, but a row of {len(row)}: {row}")

    def column(self, name: str) -> tuple[Any, ...]:
        """All cells of one column."""
        at = self.at(name)
        return tuple(row[at] for row in self.rows)

    def at(self, name: str) -> int:
        """Position of a column."""
        for place, column in enumerate(self.columns):
            if column.name == name:
                return place
        raise ValueError(f"table {self.name} has no column {name}")

    def records(self) -> list[dict[str, Any]]:
        """Each row as a map from column name to cell."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def digits(self, column: Column, row: tuple[Any, ...]) -> int | None:
        """Digits to print in one row of a column."""
        if not column.digits_from:
            return column.digits
        own = row[self.at(column.digits_from)]
        return column.digits if own is None else int(own)

    def every_digit(self, column: Column) -> list[int | None]:
        """Digits to print in every row of a column."""
        if not column.digits_from:
            return [column.digits] * len(self.rows)
        return [column.digits if own is None else int(own) for own in self.column(column.digits_from)]


Brief = Callable[[Sequence[Any]], Iterable[int]]
"""Which rows the document prints, by their places."""


def declare(
    name: str,
    title: Bilingual,
    columns: Iterable[Column],
    rows: Iterable[Any],
    key: tuple[str, ...] = (),
    note: Bilingual | None = None,
    brief: Brief | None = None,
) -> Table:
    """A table of ``rows``, each cell made by its column.

    Parameters
    ----------
    rows
        One value a row, of any kind that the columns read: mostly a small dataclass of the engine.
    brief
        Of these rows, the places of those that the document prints.
    """
    heads, items = tuple(columns), list(rows)
    cells = tuple(tuple(column.cell(row) for column in heads) for row in items)
    with_unit = any(column.name == "unit" for column in heads)
    heads = tuple(
        replace(column, unit_from="unit") if with_unit and _as_the_row(column) else column for column in heads
    )
    heads = tuple(
        replace(
            column,
            unit=unit_in_use(column.unit),
            shown=column.shown and not (column.optional and all(row[at] is None for row in cells)),
        )
        for at, column in enumerate(heads)
    )
    return Table(name, title, heads, cells, key, note, None if brief is None else tuple(brief(items)))


def _as_the_row(column: Column) -> bool:
    """Whether a column has the row's unit without saying so: it has the row's digits, and no unit of its
    own."""
    return bool(column.digits_from) and not (column.unit or column.unit_from or column.fraction)


def first(count: int) -> Brief:
    """The document prints the first rows."""
    return lambda rows: range(min(count, len(rows)))


def where(keep: Callable[[Any], bool]) -> Brief:
    """The document prints the rows of which something is true."""
    return lambda rows: [at for at, row in enumerate(rows) if keep(row)]


def none(rows: Sequence[Any]) -> Iterable[int]:
    """The document prints no row: the workbook and the page have them."""
    return ()


def every(rows: Sequence[Any]) -> Iterable[int]:
    """The document prints all rows, however many."""
    return range(len(rows))


def in_order(tables: Mapping[str, Table]) -> list[Table]:
    """Tables in the order a planner reads them: that of the chapters of a report."""
    return [tables[name] for _, names in chapters(tables) for name in names]


def sentences(tables: Mapping[str, Table], lang: str) -> dict[str, tuple[str, str]]:
    """Label and text of every sentence by its id."""
    found = tables["summary"].records() if "summary" in tables else []
    return {row["line"]: (row["label"].of(lang), row["text"].of(lang)) for row in found}


def shown(table: Table, names: Iterable[str] | None = None) -> list[Column]:
    """Columns meant for people, or those asked for by name, in the order asked."""
    if names is None:
        return [column for column in table.columns if column.shown]
    return [table.columns[table.at(name)] for name in names]
