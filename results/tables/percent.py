"""Chances as people read them: in percent, their errors in points (概率以百分数列示)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..text.format import plain
from .table import Column, Table

_ERROR = re.compile(r"error|difference|swing|change")
CHANCES: dict[str, re.Pattern[str]] = {
    "verdict": re.compile(r"probability|error|allowed|relaxed"),
    "targets": re.compile(r"(probability|error)_\w+"),
    "probabilities": re.compile(r"(probability|error|alone|alone_error)"),
    "mixes_uncertain": re.compile(
        r".+_(ensure|stretch|at_most)(_difference)?(_error)?|(last_)?best(_error)?"
    ),
    "certainty": re.compile(r"probability|error|change(_error)?"),
    "certainty_levels": re.compile(r"now|most"),
    "tornado": re.compile(r"chance_(low|high)(_error)?|swing"),
    "boxes": re.compile(r"density(_error)?|base|coverage|support"),
}
"""Columns that hold chances or shares of draws as fractions, by table; CSV and JSON keep the fractions."""


def in_percent(table: Table) -> Table:
    """The table with its chances times 100: in %, errors and differences in points, two printed digits fewer.

    Chances never print as 0 or 100 (``<1``, ``>99``); shares of draws that a box holds may.

    A table without chances is given back as it is.
    """
    pattern = CHANCES.get(table.name.removeprefix("versus_"))
    at = {k for k, column in enumerate(table.columns) if pattern is not None and _fraction(column, pattern)}
    if not at:
        return table
    columns = tuple(
        (
            column
            if k not in at
            else (
                replace(column, unit="个百分点", digits=max((column.digits or 0) - 2, 1))
                if _ERROR.search(column.name)
                else replace(
                    column, unit="%", digits=max((column.digits or 0) - 2, 0), chance=table.name != "boxes"
                )
            )
        )
        for k, column in enumerate(table.columns)
    )
    rows = tuple(
        tuple(hundredfold(cell) if k in at else cell for k, cell in enumerate(row)) for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


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


def _fraction(column: Column, pattern: re.Pattern[str]) -> bool:
    """Whether a column holds fractions: numbers without unit under one of the names."""
    return column.digits is not None and not column.unit and pattern.fullmatch(column.name) is not None
