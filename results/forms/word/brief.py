"""What of each table the document prints: what decides; every number stays in the workbook and the page, and
a note says where."""

from __future__ import annotations

from dataclasses import dataclass

from ...tables.table import Column, Table, shown

_LONGEST = 60
"""Rows of a table that does not say which of them the document prints."""


@dataclass(frozen=True)
class Printed:
    """The columns and the places of the rows of a table that are printed."""

    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    whole: bool


def part_of(table: Table) -> Printed:
    """What is printed of a table: the columns and rows that its declaration names."""
    every = shown(table)
    columns = tuple(column for column in every if column.word) or tuple(every)
    rows = tuple(range(min(_LONGEST, len(table.rows)))) if table.brief is None else table.brief
    return Printed(columns, rows, len(columns) == len(every) and len(rows) == len(table.rows))
