"""Means over draws with errors measured over independent scramblings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ...models.quantity import BoolArray, FloatArray

Places = npt.NDArray[np.int_]
Parts = Sequence[Places]
"""Positions of the draws of each independent scrambling."""


def parts_of(replicate: npt.NDArray[np.int_]) -> tuple[Places, ...]:
    """Positions of the draws of each replicate, from the number of the replicate that each draw belongs
    to."""
    return tuple(np.flatnonzero(replicate == each) for each in np.unique(replicate))


def spread(replicates: FloatArray) -> float:
    """Standard error of the mean of independent replicates."""
    if len(replicates) < 2:
        return float("nan")
    return float(replicates.std(ddof=1) / np.sqrt(len(replicates)))


@lru_cache(maxsize=4)
def halves(parts: int) -> FloatArray:
    """Balanced halves of the parts, each with its complement: 1 where a part belongs to one ``(2 R - 2, R)``;
    R is a power of two.

    .. math:: s^2 = \\frac{1}{2R - 2} \\sum_h (\\theta_h - \\bar\\theta)^2

    is the squared standard error of a figure from its values in the halves: for a mean exactly that of
    :func:`spread`; for what bends,
    such as a quantile or a crossing, steadier than leaving out one part at a time. Source: McCarthy (1969),
    Rev. Int. Stat. Inst. 37, 239; Shao & Wu (1989), Ann. Stat. 17, 1176.
    """
    from scipy.linalg import hadamard

    rows = hadamard(parts, float)[1:]
    return np.concatenate([1 + rows, 1 - rows]) / 2


def mean(values: FloatArray | BoolArray, parts: Parts) -> tuple[float, float]:
    """Mean over all draws and its standard error over the parts."""
    return float(values.mean()), spread(np.array([values[part].mean() for part in parts]))


def share(happens: BoolArray, parts: Parts) -> tuple[float, float]:
    """Part of the draws in which something happens and its standard error, which is never below half a draw's
    weight."""
    value, error = mean(happens, parts)
    return value, max(error, 0.5 / max(len(happens), 1))
