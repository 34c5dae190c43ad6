"""What the years left of a plan of several years must bring (后几年须达到的水平)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from ...models.span import IN_YEAR, MEASURES, Over
from ...models.target import Target
from ..uncertainty.ensemble import Ensemble

RANGE = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class YearsLeft:
    """What each of the years left must bring for one tier.

    Attributes
    ----------
    first, last
        The years left (1 is the first of the scenario).
    so_far
        What the years that are over have come to: average, sum, worst, or the last level.
    unknown
        Years that are over whose figure is not known: the median is taken.
    growth, amount
        Needed in each year left: growth, %; what it adds to a level, or what it comes to, in the row's unit.
        None where there is no such number.
    usual
        The middle 80 % of what the years left bring, of growth where that is needed, else of the amount.
    lost
        Whether nothing that the years left bring can reach it.
    """

    first: int
    last: int
    so_far: float
    unknown: tuple[int, ...]
    growth: float | None
    amount: float | None
    usual: tuple[float, float, float] | None
    lost: bool = False

    @property
    def years(self) -> int:
        """How many years are left."""
        return self.last - self.first + 1


def years_left(
    found: Ensemble, target: Target, threshold: float, known: Mapping[int, float], done: int
) -> YearsLeft | None:
    """What each of the years left must bring, given ``done`` years that are over; None where none of a row's
    years is over or none is left.

    .. math:: \\Big[ \\frac{(1 + T)^n}{\\prod_{t \\le s} (1 + g_t)} \\Big]^{1/m} - 1, \\qquad
        \\Big( \\frac{L}{l_s} \\Big)^{1/m} - 1, \\qquad \\frac{S - \\sum_{t \\le s} y_t}{m}

    for an average growth T over n years of which m are left, a level L, and a sum S; T is what is written,
    not the value that rounding lets count.
    """
    over = target.over or Over(found.year, found.year)
    rate, level = target.unit == "%", over.measure is IN_YEAR
    first = done + 1 if level else max(done + 1, over.first)
    begins = done if level else over.first
    if not 0 < begins <= done or first > over.last or (level and rate):
        return None
    path = found.by_year(target.id)
    past = {year: known.get(year, float(np.median(path[year - 1]))) for year in range(begins, done + 1)}
    unknown = tuple(year for year in past if year not in known)
    values, ahead = np.array(list(past.values())), path[first - 1 : over.last]
    given = _Given(target, threshold, values, ahead, over.last - over.first + 1)
    so_far, growth, amount, usual, lost = _MEASURED[_measure(over)](given)
    return YearsLeft(first, over.last, so_far, unknown, growth, amount, _range(usual), lost)


def _measure(over: Over) -> str:
    return next((name for name, measure in MEASURES.items() if measure is over.measure), "")


def _range(values: FloatArray) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, RANGE)
    return float(low), float(middle), float(high)


@dataclass(frozen=True)
class _Given:
    """A row's target and threshold, what its years that are over came to, those left in all draws ``(m, D)``,
    and how many years it speaks of."""

    target: Target
    threshold: float
    past: FloatArray
    ahead: FloatArray
    years: int

    @property
    def rate(self) -> bool:
        """Whether its values are growth and compound."""
        return self.target.unit == "%"


_Needed = tuple[float, float | None, float | None, FloatArray, bool]
"""What came so far; growth and amount needed in each year left; the same in all draws; whether it is lost."""


def _compound(given: _Given, whole: float, each: float) -> _Needed:
    """Growth that makes the whole: ``whole`` is its factor; ``each`` the power by which what came so far is
    told."""
    grown = float(np.prod(1 + given.past / 100))
    left = len(given.ahead)
    needed = 100 * ((whole / grown) ** (1 / left) - 1) if grown > 0 else None
    usual = 100 * (np.maximum(np.prod(1 + given.ahead / 100, axis=0), 0.0) ** (1 / left) - 1)
    return 100 * (max(grown, 0.0) ** each - 1), needed, None, usual, grown <= 0


def _average(given: _Given) -> _Needed:
    if given.rate:
        return _compound(given, (1 + given.threshold / 100) ** given.years, 1 / len(given.past))
    whole = given.threshold * given.years - float(given.past.sum())
    usual = given.ahead.mean(axis=0)
    return float(given.past.mean()), None, whole / len(given.ahead), usual, False


def _sum(given: _Given) -> _Needed:
    if given.rate:
        return _compound(given, 1 + given.threshold / 100, 1.0)
    whole = given.threshold - float(given.past.sum())
    return float(given.past.sum()), None, whole / len(given.ahead), given.ahead.mean(axis=0), False


def _every(given: _Given) -> _Needed:
    sign = given.target.sign
    worst = float((sign * given.past).min() * sign)
    usual = (sign * given.ahead).min(axis=0) * sign
    lost = not given.target.met(worst, given.threshold)
    needed = None if lost else given.threshold
    return worst, needed if given.rate else None, None if given.rate else needed, usual, lost


def _level(given: _Given) -> _Needed:
    last, left = float(given.past[-1]), len(given.ahead)
    amount = (given.threshold - last) / left
    if last <= 0 or given.threshold <= 0:
        return last, None, amount, (given.ahead[-1] - last) / left, False
    growth = 100 * ((given.threshold / last) ** (1 / left) - 1)
    usual = 100 * (np.maximum(given.ahead[-1] / last, 0.0) ** (1 / left) - 1)
    return last, growth, amount, usual, False


_MEASURED = {"average": _average, "sum": _sum, "every": _every, "": _level}
