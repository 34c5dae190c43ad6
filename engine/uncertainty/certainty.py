"""The price of certainty: how likely a tier gets with more money or earlier projects (确定性的代价)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...models.quantity import BoolArray, FloatArray
from .replicates import Parts, mean, spread

LEVELS = (0.5, 0.8, 0.9)
"""Probabilities whose price is told."""


@dataclass(frozen=True)
class CertaintyStep:
    """One amount: the probability it gives, and its change against none, each with a standard error."""

    amount: float
    probability: float
    error: float
    change: float
    change_error: float


@dataclass(frozen=True)
class ChanceNow:
    """The amount at which a probability is reached and its standard error; None where it lies beyond the
    range.

    0 where the probability is reached without any.
    """

    probability: float
    amount: float | None
    error: float | None


@dataclass(frozen=True)
class Curve:
    """Probability of a tier against amounts of one lever."""

    steps: tuple[CertaintyStep, ...]
    levels: tuple[ChanceNow, ...]


def reached(values: FloatArray, enough: float, sign: float) -> BoolArray:
    """Whether each value is ``enough``: not below it (sign +1), or not above it (-1)."""
    return np.asarray(sign * (values - enough) >= 0)


def needed(amounts: FloatArray, short: FloatArray) -> FloatArray:
    """Least amount at which a future is no longer short, ``(D,)``; infinite where the range does not get
    there.

    Between two amounts the shortfall is taken as linear. The economy is piecewise linear in money, so that
    this is exact but for the amounts between which capacity begins to bind.

    Parameters
    ----------
    amounts
        Increasing, ``(K,)``, the first of them 0.
    short
        What is missing with each amount ``(K, D)``; at most 0 where the tier is reached.
    """
    there = short <= 0
    ever = there.any(axis=0)
    at = there.argmax(axis=0)
    draws = np.arange(short.shape[1])
    before = np.maximum(at - 1, 0)
    high, low = short[before, draws], short[at, draws]
    fall = np.where(high - low > 0, high - low, 1.0)
    part = np.where(at > 0, high / fall, 0.0)
    exact = amounts[before] + part * (amounts[at] - amounts[before])
    return np.where(ever, exact, np.inf)


def curve(
    amounts: Sequence[float], short: FloatArray, parts: Parts, levels: Sequence[float] = LEVELS
) -> Curve:
    """Probability against amounts, all amounts on the same draws.

    P(a) is the part of futures that are not short at a; the change against none is the mean over futures of
    the difference, so that what both have in common cancels in its error (common random numbers, Glasserman &
    Yao 1992). The price of a level is the quantile of the amounts that the futures need (:func:`needed`).

    Parameters
    ----------
    short
        What is missing to the tier with each amount ``(K, D)``, in the target's unit.
    """
    grid = np.asarray(amounts, dtype=float)
    there = short <= 0
    steps = []
    for amount, own in zip(grid, there, strict=True):
        change = own.astype(float) - there[0]
        steps.append(CertaintyStep(float(amount), *mean(own, parts), *mean(change, parts)))
    least = needed(grid, short)
    return Curve(tuple(steps), tuple(_level(least, level, parts) for level in levels))


def _level(least: FloatArray, level: float, parts: Parts) -> ChanceNow:
    """Quantile of what futures need."""
    amount = _quantile(least, level)
    if not np.isfinite(amount):
        return ChanceNow(level, None, None)
    own = np.array([_quantile(least[part], level) for part in parts])
    error = spread(own) if np.isfinite(own).all() else None
    return ChanceNow(level, amount, error)


def _quantile(least: FloatArray, level: float) -> float:
    """Smallest amount that is enough for the share ``level`` of futures."""
    ranked = np.sort(least)
    return float(ranked[max(int(np.ceil(level * len(ranked))) - 1, 0)])
