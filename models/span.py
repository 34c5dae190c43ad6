"""The years that a target speaks of, and what it asks over them: a year, an average, a sum, every year
(目标所说的年份).

A measure is one entry of :data:`MEASURES`: its value on a path, draw by draw, and what a threshold asks of a
level. Schema, rules, sheet, optimiser and texts read the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .quantity import Bilingual, FloatArray, share_of
from .words import msg

Yearly = Callable[[int], FloatArray]


@dataclass(frozen=True)
class Series:
    """An indicator year by year: its value ``(D,)``, and of a growth rate the level that grows, where it has
    one. ``rate`` says that values are growth in % and compound; ``sign`` is -1 for a ceiling; growth of years
    in ``known`` is stated and goes before that of the level."""

    value: Yearly
    level: Yearly | None = None
    rate: bool = False
    sign: float = 1.0
    known: frozenset[int] = frozenset()

    def grown(self, first: int, last: int) -> FloatArray:
        """Level at the end of some years over that before them."""
        if self.level is not None and self.known.isdisjoint(range(first, last + 1)):
            return share_of(self.level(last), self.level(first - 1), 1.0)
        grown = [1 + self.value(year) / 100 for year in range(first, last + 1)]
        return np.asarray(np.prod(np.broadcast_arrays(*grown), axis=0))


@dataclass(frozen=True)
class Measure:
    """What is asked of some years.

    Attributes
    ----------
    value
        ``(series, first, last)`` -> ``(D,)``.
    factor
        How many times the level before the years a growth of so many % asks at their end, over n years:
        ``(growth, n)``.
    title
        What it makes of an indicator's title and years.
    each
        Whether it is held in each year by itself: the optimiser then has one row a year.
    """

    value: Callable[[Series, int, int], FloatArray]
    factor: Callable[[float, int], float]
    title: Callable[[Bilingual, object, object], Bilingual]
    each: bool = False


def in_year(series: Series, first: int, last: int) -> FloatArray:
    """The value of the last of the years, y_T."""
    return series.value(last)


def average(series: Series, first: int, last: int) -> FloatArray:
    """Mean of the years: of growth geometric, as statistics have it (年均增速); otherwise arithmetic.

    .. math:: 100 \\big[ (l_T / l_0)^{1/n} - 1 \\big], \\qquad \\frac{1}{n} \\sum_t y_t

    Growth without a level compounds, l_T / l_0 = Π (1 + g_t / 100). Source: National Bureau of Statistics,
    average annual growth by the level method (水平法).
    """
    years = last - first + 1
    if not series.rate:
        return total(series, first, last) / years
    if years == 1:
        return series.value(last)
    return np.asarray(100 * (np.maximum(series.grown(first, last), 0.0) ** (1 / years) - 1))


def total(series: Series, first: int, last: int) -> FloatArray:
    """Sum of the years; of growth what they bring together (累计): 100 (l_T / l_0 - 1)."""
    if first == last:
        return series.value(last)
    if series.rate:
        return np.asarray(100 * (series.grown(first, last) - 1))
    return np.asarray(np.sum(np.broadcast_arrays(*map(series.value, range(first, last + 1))), axis=0))


def every(series: Series, first: int, last: int) -> FloatArray:
    """The worst of the years: the least for a row to reach, the most for a ceiling."""
    values = np.stack(np.broadcast_arrays(*map(series.value, range(first, last + 1))))
    return np.asarray(values.min(axis=0) if series.sign > 0 else values.max(axis=0))


def _once(growth: float, years: int) -> float:
    return 1 + growth / 100


def _yearly(growth: float, years: int) -> float:
    return float((1 + growth / 100) ** years)


MEASURES: Mapping[str, Measure] = {
    "average": Measure(
        average,
        _yearly,
        lambda title, first, last: msg(
            "{title}, average {first}-{last}", title=title, first=first, last=last
        ),
    ),
    "sum": Measure(
        total,
        _once,
        lambda title, first, last: msg("{title}, total {first}-{last}", title=title, first=first, last=last),
    ),
    "every": Measure(
        every,
        _once,
        lambda title, first, last: msg(
            "{title}, every year {first}-{last}", title=title, first=first, last=last
        ),
        each=True,
    ),
}
"""What may be asked of several years, by the word that a scenario uses for it."""

IN_YEAR = Measure(in_year, _once, lambda title, first, last: msg("{title}, {year}", title=title, year=last))
"""What is asked of one year."""


@dataclass(frozen=True)
class Over:
    """The years ``first`` to ``last`` (1 is the year after the base year) and what is asked of them."""

    first: int
    last: int
    measure: Measure = IN_YEAR

    def value(self, series: Series, until: int) -> FloatArray:
        """What a path has reached of it by a year, ``(D,)``: from the last year on, the value that is judged;
        before the first, the year's own."""
        last = min(until, self.last)
        first = last if self.measure is IN_YEAR else min(self.first, last)
        return self.measure.value(series, first, last)

    def years(self) -> range:
        """The years, each."""
        return range(self.first, self.last + 1)

    def parts(self) -> tuple[Over, ...]:
        """What an optimiser holds row by row: every year by itself, or the whole."""
        if not self.measure.each:
            return (self,)
        return tuple(Over(year, year) for year in self.years())

    def asked(self, series: Series) -> Over:
        """The years whose growth is short or not: all of them, or the worst where each counts."""
        if not self.measure.each:
            return self
        worst = min(self.years(), key=lambda year: series.sign * float(series.value(year)[0]))
        return Over(worst, worst)

    def gap(self, series: Series, value: float, threshold: float) -> float | None:
        """Money by which a growth lies above a threshold: (f(g) - f(T)) times the level before the years;
        None where there is no level."""
        if series.level is None:
            return None
        one, measure = self.asked(series), self.measure
        n = one.last - one.first + 1
        before = float(series.level(one.first - 1)[0])
        return (measure.factor(value, n) - measure.factor(threshold, n)) * before
