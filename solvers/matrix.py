"""A sparse matrix in compressed rows: all that is asked of one here, without a heavy import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from ..models.quantity import FloatArray

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Matrix:
    """Compressed rows: row ``i`` has ``data[indptr[i]:indptr[i+1]]`` in columns ``indices[...]``."""

    indptr: IntArray
    indices: IntArray
    data: FloatArray
    shape: tuple[int, int]

    @classmethod
    def of(cls, rows: Sequence[tuple[Sequence[int], Sequence[float]]], columns: int) -> Matrix:
        """From (columns, coefficients) of each row."""
        counts = np.array([0, *[len(index) for index, _ in rows]])
        return cls(
            np.cumsum(counts).astype(np.int32),
            np.fromiter(chain.from_iterable(index for index, _ in rows), dtype=np.int32),
            np.fromiter(chain.from_iterable(values for _, values in rows), dtype=float),
            (len(rows), columns),
        )

    @property
    def row(self) -> IntArray:
        """Row of each entry."""
        return np.repeat(np.arange(self.shape[0], dtype=np.int32), np.diff(self.indptr))

    def __matmul__(self, point: FloatArray) -> FloatArray:
        """Activity of every row at a point."""
        return np.asarray(
            np.bincount(self.row, weights=self.data * point[self.indices], minlength=self.shape[0]),
            dtype=np.float64,
        )

    def __abs__(self) -> Matrix:
        """The same with absolute values."""
        return Matrix(self.indptr, self.indices, np.abs(self.data), self.shape)

    @property
    def T(self) -> Matrix:
        """Rows and columns exchanged."""
        order = np.lexsort((self.row, self.indices))
        counts = np.bincount(self.indices, minlength=self.shape[1])
        return Matrix(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            self.row[order],
            self.data[order],
            (self.shape[1], self.shape[0]),
        )

    def column(self, j: int) -> FloatArray:
        """One column, dense."""
        found = np.zeros(self.shape[0])
        here = self.indices == j
        np.add.at(found, self.row[here], self.data[here])
        return found
