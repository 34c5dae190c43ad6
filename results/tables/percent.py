"""Chances as people read them: in percent, their errors in points (概率以百分数列示)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..text.format import plain
from .table import Column, Table


def in_percent(table: Table) -> Table:
    """The table with its fractions times 100: in %, errors and differences in points, two printed digits
    fewer.

    A table without fractions is given back as it is.
    """
    at = {k for k, column in enumerate(table.columns) if column.fraction}
    if not at:
        return table
    columns = tuple(_hundredfold(column) if k in at else column for k, column in enumerate(table.columns))
    rows = tuple(
        tuple(hundredfold(cell) if k in at else cell for k, cell in enumerate(row)) for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def _hundredfold(column: Column) -> Column:
    """A column of fractions as it stands in percent."""
    digits = (column.digits or 0) - 2
    if column.fraction == "points":
        return replace(column, unit="个百分点", digits=max(digits, 1), fraction="")
    return replace(column, unit="%", digits=max(digits, 0), chance=column.fraction == "chance", fraction="")


def hundredfold(cell: Any) -> Any:
    """A fraction in percent, exact in decimals, so that a half is rounded as it reads; anything else as it
    is.

    >>> hundredfold(0.285), hundredfold(1), hundredfold(None)
    (28.5, 100.0, None)
    """
    value = plain(cell)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return float(Decimal(repr(value)).scaleb(2))
