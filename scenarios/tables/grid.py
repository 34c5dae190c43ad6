"""Cells of a table, each with its place; what may be read of a file at most (单元格)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ...models.errors import Said
from ...models.quantity import Bilingual
from ...models.words import msg
from ..files import Address, Reader
from ..report import Place, Report

MOST_ROWS = 20_000
MOST_COLUMNS = 300
MOST_CELLS = 400_000


UNCOMPUTED = "#formula"
"""Stands in a cell whose formula has no stored result."""


def uncomputed() -> tuple[Said, Said, Said]:
    """What is told of such a cell."""
    return (
        msg("a formula without a stored result"),
        msg("a value"),
        msg("open the workbook in Excel and save it, or paste values"),
    )


class Cell(NamedTuple):
    """A cell as written: dates as 2024-03-15, percents with their sign."""

    text: str
    place: Place
    rows: int = 1
    """How many rows the cell spans."""
    repeated: bool = False
    """Whether it shows what a merged cell to its left or above it says."""


@dataclass
class Grid:
    """A sheet: its rows of cells, what was understood on the way, and what was left out but blank rows."""

    file: str
    rows: list[list[Cell]]
    sheet: str = ""
    notes: list[tuple[Place, Bilingual]] = field(default_factory=list)
    left: list[tuple[Place, Bilingual]] = field(default_factory=list)

    def tell(self, report: Report) -> None:
        """Tell how it was read, and what of it was left out."""
        for place, said in self.notes:
            report.told(place, said)
        for place, said in self.left:
            report.left_out(place, said)

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.rows[0][0].place if self.rows else Place(self.file, 1, 1)

    def texts(self) -> Iterator[list[str]]:
        """The rows as texts."""
        return ([cell.text for cell in row] for row in self.rows)


def too_large(place: Place, path: str, rows: int, columns: int, report: Report) -> bool:
    """Whether a table is beyond what is read, which is told."""
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS and rows * columns <= MOST_CELLS:
        return False
    report.add(
        place,
        path,
        msg("a larger table: {rows:,} rows, {columns:,} columns", rows=rows, columns=columns),
        msg(
            "at most {rows:,} rows, {columns:,} columns and {cells:,} cells",
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
            cells=MOST_CELLS,
        ),
        msg("delete what is no part of the table, or split the file"),
    )
    return True


def grids(
    address: Address, reader: Reader, asked: Place, path: str, sheets: Iterable[str] = ()
) -> list[Grid]:
    """The sheets of a file of tables; none after a mistake has been noted.

    Parameters
    ----------
    address, asked, path
        The file, and who asks for it.
    sheets
        Names of the sheets wanted; all visible ones where there are none.
    """
    from .csv_grid import csv_grid, headed  # each form of file where it is needed
    from .workbook import PACKED, workbook

    data = reader.data(address, asked, path)
    if data is None:
        return []
    if data.startswith(PACKED) or address.below.lower().endswith((".xlsx", ".xlsm", ".xls", ".et", ".ods")):
        return workbook(data, address.shown, path, list(sheets), asked, reader.report)
    cells = csv_grid(data, address.shown, path, reader.report)
    grid = cells and headed(cells, path, reader.report)
    return [] if grid is None else [grid]
