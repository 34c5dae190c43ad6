"""A mixed-integer problem as arrays, for problems too large to be written row by row.

.. math:: \\max c x, \\quad b_1 \\le A x \\le b_2, \\quad l \\le x \\le u, \\quad x_j \\in \\mathbb Z \\; (j \\in J)
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..models.quantity import BoolArray, FloatArray
from .matrix import Matrix

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Entries of some rows: row (counted within the block), column, coefficient; bounds of each row.

    ``about`` says of each row which rule it is, and about what; empty for rows that can never give.
    """

    rows: IntArray
    columns: IntArray
    values: FloatArray
    low: FloatArray
    high: FloatArray
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Arrays:
    """The problem; rows of several blocks stacked."""

    cost: FloatArray
    low: FloatArray
    high: FloatArray
    integer: BoolArray
    matrix: Matrix
    row_low: FloatArray
    row_high: FloatArray

    @classmethod
    def of(
        cls, cost: FloatArray, low: FloatArray, high: FloatArray, integer: BoolArray, blocks: Sequence[Block]
    ) -> Arrays:
        """Stack blocks of rows and bring them into compressed form."""
        starts = np.cumsum([0, *[len(block.low) for block in blocks]])
        rows = np.concatenate(
            [block.rows + start for block, start in zip(blocks, starts, strict=False)]
            or [np.zeros(0, dtype=np.int64)]
        )
        columns = np.concatenate([block.columns for block in blocks] or [np.zeros(0, dtype=np.int64)])
        values = np.concatenate([block.values for block in blocks] or [np.zeros(0)])
        order = np.lexsort((columns, rows))
        counts = np.bincount(rows, minlength=int(starts[-1]))
        matrix = Matrix(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            columns[order].astype(np.int32),
            values[order],
            (int(starts[-1]), len(cost)),
        )
        return cls(
            cost,
            low,
            high,
            integer,
            matrix,
            np.concatenate([block.low for block in blocks] or [np.zeros(0)]),
            np.concatenate([block.high for block in blocks] or [np.zeros(0)]),
        )

    def bounded(self, low: FloatArray, high: FloatArray) -> Arrays:
        """The same rows with other bounds of the variables."""
        return Arrays(self.cost, low, high, self.integer, self.matrix, self.row_low, self.row_high)

    def violation(self, point: FloatArray, whole: bool = True) -> float:
        """Greatest violation of rows (relative to their size), bounds and ``whole`` numbers at a point."""
        activity = self.matrix @ point
        size = np.maximum(1.0, abs(self.matrix) @ np.abs(point))
        rows = np.maximum(self.row_low - activity, activity - self.row_high) / size
        columns = np.maximum(self.low - point, point - self.high)
        off = np.abs(point - np.round(point))[self.integer & whole]
        return float(max(rows.max(initial=0.0), columns.max(initial=0.0), off.max(initial=0.0)))
