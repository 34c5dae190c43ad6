"""The year under way as one answer: where it stands, what the rest must bring, what can still be moved
(年内调度)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.indicators import Asked, indicator_of
from ...models.quantity import FloatArray
from ...models.span import IN_YEAR, MEASURES, Over
from ...models.target import Target, leading
from ...models.words import msg
from ...models.years import month_at
from ...scenarios.load import Loaded
from ..decide.assess import Assessment, Run
from ..decide.judge import on_draws
from ..study import Study, study
from ..uncertainty.chances import with_chances
from ..uncertainty.ensemble import Ensemble, Estimate
from .freeze import as_of_january, now_of, spent
from .news import News, news
from .readings import WHOLE, Reading

RANGE = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Rest:
    """What the rest of the year, or the years left, must bring for one tier.

    Attributes
    ----------
    growth
        Growth of the rest over the same months of the year before, or a year over the years left, %; None for
        what is a sum of levels.
    years
        First and last of the years left; None where it is the rest of the year.
    amount, monthly
        What is still to come, and that a month, in the unit of the row's level; None where it has none that
        adds up over months.
    usual
        The middle 80 % of what the rest brings, given what is known (growth, else the amount a month or
        year).
    """

    growth: float | None
    amount: float | None
    monthly: float | None
    usual: tuple[float, float, float]
    years: tuple[int, int] | None = None


@dataclass(frozen=True)
class RowTracked:
    """One tier of one row: chances in January and now, what the rest must bring, what can still be done.

    ``tier`` is empty, and what belongs to one left out, for a row that asks nothing.
    """

    target: Target
    tier: str
    threshold: float | None
    reading: Reading | None
    january: tuple[float, float, float]
    now: tuple[float, float, float]
    chance_january: Estimate | None
    chance: Estimate | None
    rest: Rest | None
    allowed: float | None = None


@dataclass(frozen=True)
class SectorNow:
    """A sector's money of the year: planned, spent by now (``stated`` or at the plan's pace), and the best
    from now on."""

    sector: str
    planned: float
    spent: float
    stated: bool
    best: float | None


@dataclass(frozen=True)
class Tracked:
    """Everything about the year under way.

    Attributes
    ----------
    january
        The study with nothing known.
    year, month
        Year (1 is the first) and month of it up to which is known.
    joint
        Chance of all minimum tiers together in January and now.
    best
        The plan that the optimiser found with what has begun and is spent held; None where no other is
        better.
    """

    loaded: Loaded
    january: Study
    now: Study
    year: int
    month: int
    rows: tuple[RowTracked, ...]
    joint: Mapping[str, tuple[Estimate, Estimate]]
    news: tuple[News, ...]
    sectors: tuple[SectorNow, ...]
    best: Run | None
    assessment: Assessment

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every figure, and what it was used for."""
        return self.now.posterior.readings if self.now.posterior else ()

    @property
    def open_year(self) -> int:
        """The first year of which money can still be moved."""
        return self.year + (self.month >= WHOLE)

    @property
    def until(self) -> str:
        """The month up to which is known."""
        return month_at(self.loaded.scenario.years.base + self.year, self.month)


def track(
    loaded: Loaded, *, solver: str = "auto", seed: int | None = None, draws: int | None = None
) -> Tracked:
    """Answer for the year under way.

    Raises
    ------
    ScenarioError
        Where nothing is known of it, or the figures lie where hardly any draw does.
    """
    now_is = now_of(loaded.scenario)
    if now_is is None:
        raise ScenarioError(
            [
                Problem(
                    "actuals",
                    msg("nothing"),
                    msg("figures to date: `actuals: {figures: {gdp_growth: {2021-06: 11.1}}}`, or a table"),
                    msg("give a table with --actuals FILE"),
                )
            ]
        )
    before = replace(loaded, scenario=as_of_january(loaded.scenario))
    january = study(before, solver=solver, seed=seed, draws=draws)
    now = study(loaded, solver=solver, seed=seed, draws=draws)
    assert now.ensemble is not None and january.ensemble is not None and now.jury is not None
    assessor = now.assessor
    assessment = assessor.assess([run for key, run in now.mixes.items() if key != now.scenario.plan])
    assessment = on_draws(assessor, with_chances(assessment, now.ensemble), now.jury)
    rows = tuple(_rows(january.ensemble, now, assessment, *now_is))
    best = assessment.optimised
    return Tracked(
        loaded,
        january,
        now,
        *now_is,
        rows,
        {
            tier: (january.ensemble.joint(tier), now.ensemble.joint(tier))
            for tier in ("ensure", "stretch")
            if now.ensemble.thresholds(tier)
        },
        _news(january, now),
        _sectors(now, best, now_is),
        best,
        assessment,
    )


def _rows(january: Ensemble, now: Study, assessment: Assessment, year: int, month: int) -> list[RowTracked]:
    found = now.ensemble
    assert found is not None
    readings = {each.row: each for each in (now.posterior.readings if now.posterior else ()) if each.counts}
    outcomes = {(each.target.id, each.tier): each for each in assessment.outcomes}
    made = []
    for key, target in found.targets.items():
        reading = readings.get(key)
        ranges = tuple(_range(each, key) for each in (january, found))
        asked: list[tuple[str, float | None]] = [*target.tiers.items()] or [("", None)]
        for tier, threshold in asked:
            rest = None
            if threshold is not None and (done := year if month == WHOLE else year - 1):
                rest = _years_left(now, target, done, threshold)
            elif threshold is not None and reading is not None and _of(target, found.year) == year:
                rest = _rest(now, target, reading, threshold)
            outcome = outcomes.get((key, tier))
            chances: list[Estimate | None] = [None, None]
            if tier:
                chances = [each.probability(key, tier) for each in (january, found)]
            made.append(
                RowTracked(
                    target,
                    tier,
                    threshold,
                    reading,
                    ranges[0],
                    ranges[1],
                    chances[0],
                    chances[1],
                    rest,
                    outcome.allowed if outcome else None,
                )
            )
    return made


def _range(found: Ensemble, key: str) -> tuple[float, float, float]:
    low, middle, high = (found.quantile(key, level).value for level in RANGE)
    return low, middle, high


def _rest(now: Study, target: Target, reading: Reading, threshold: float) -> Rest | None:
    """The rest of the year from the figure to date.

    .. math:: g = w y + (1 - w) g_{rest}, \\qquad w = \\text{part of the year before that had come by then}

    for growth; for a level what is lacking of it.
    """
    assert now.ensemble is not None
    left, values = WHOLE - reading.month, now.ensemble.outcomes[target.id]
    edge = target.edge(threshold)
    if not reading.growth:
        usual = _quantiles((values - reading.value) / left)
        lacking = edge - reading.value
        return Rest(None, lacking, lacking / left, usual)
    share, _ = share_to_date(now, target, reading)
    rest = (edge - share * reading.value) / (1 - share)
    known = indicator_of(target.indicator, now.economy)
    amount: float | None = None
    if known is not None and known.level is not None:
        base = float(
            known.level(now.plan.path, reading.year - 1, Asked(target.asked.covers, target.asked.base))[0]
        )
        amount = base * (1 - share) * (1 + rest / 100)
    return Rest(
        rest,
        amount,
        None if amount is None else amount / left,
        _quantiles((values - share * reading.value) / (1 - share)),
    )


def _of(target: Target, year: int) -> int:
    """The one year that a row speaks of; 0 where it speaks of several."""
    if target.over is None:
        return year
    return target.over.last if target.over.first == target.over.last else 0


def _years_left(now: Study, target: Target, done: int, threshold: float) -> Rest | None:
    """What the years left must bring, a year, given how far the years that are over have come.

    .. math:: 1 + r = \\left[ \\frac{f(T, n)}{f(P, k)} \\right]^{1 / (n - k)}, \\qquad f(g, n) = (1 + g)^n

    for an average of growth, of which P was reached in k of n years; for a level what it must grow by a year;
    for a sum of levels what is lacking, a year. None for rows that ask for each year by itself.
    """
    assert now.ensemble is not None
    year = now.year
    over = target.over or Over(year, year)
    left, k, n = over.last - done, done - over.first + 1, over.last - over.first + 1
    path = now.ensemble.paths[target.id]
    so_far, end, edge = path[done - 1], path[year - 1], target.edge(threshold)
    years = (int(now.scenario.years.base) + done + 1, int(now.scenario.years.base) + over.last)
    known = indicator_of(target.indicator, now.economy)
    growth = known.growth if known else target.unit == "%"
    if left < 1 or over.measure.each or (growth and (over.measure is IN_YEAR or k < 1)):
        return None
    middle = np.median(so_far, keepdims=True)
    if growth:

        def rate(value: FloatArray, before: FloatArray) -> FloatArray:
            whole, part = (_factor(over, each, years) for each, years in ((value, n), (before, k)))
            return 100 * ((whole / part) ** (1 / left) - 1)

    elif over.measure is IN_YEAR:

        def rate(value: FloatArray, before: FloatArray) -> FloatArray:
            return 100 * (np.maximum(value / before, 0.0) ** (1 / left) - 1)

    else:
        whole, part = (n, max(k, 0)) if over.measure is MEASURES["average"] else (1, 1 if k > 0 else 0)
        lacking = float(edge * whole - middle[0] * part)
        return Rest(None, lacking, lacking / left, _quantiles((end * whole - so_far * part) / left), years)
    needed = float(rate(np.array([edge]), middle)[0])
    return Rest(needed, None, None, _quantiles(rate(end, so_far)), years)


def _factor(over: Over, value: FloatArray, years: int) -> FloatArray:
    """Growth over some years as a factor, of their average or of their sum."""
    factor = 1 + value / 100
    return factor**years if over.measure is MEASURES["average"] else factor


def share_to_date(now: Study, target: Target, reading: Reading) -> tuple[float, bool]:
    """Part of the year before that had come by the month, and whether it is stated; otherwise as many
    twelfths as months."""
    actuals = now.scenario.actuals
    time = month_at(now.scenario.years.base + reading.year - 1, reading.month)
    stated = actuals.shares.get(target.id, {}).get(time) if actuals else None
    return (stated.value / 100, True) if stated else (reading.month / WHOLE, False)


def _quantiles(values: FloatArray) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, RANGE)
    return float(low), float(middle), float(high)


def _news(january: Study, now: Study) -> tuple[News, ...]:
    """Why the main rows moved."""
    first, last = january.ensemble, now.ensemble
    assert first is not None and last is not None
    before = now.uninformed or first
    year = int(now.scenario.years.target)
    return tuple(
        news(first, before, last, target.id, year)
        for target in leading(target for target in last.targets.values() if target.tiers)
    )


def _sectors(now: Study, best: Run | None, now_is: tuple[int, int]) -> tuple[SectorNow, ...]:
    year, month = now_is
    if month >= WHOLE and year < now.year:
        year, month = year + 1, 0  # a year is over: the next is open
    if year > now.year or month >= WHOLE:
        return ()
    money, stated = spent(now.scenario, year, month)
    planned = now.plan.plan.money(year)
    other = best.plan.money(year) if best else None
    return tuple(
        SectorNow(
            key,
            float(planned[at]),
            float(money[at]),
            key in stated,
            None if other is None else float(other[at]),
        )
        for at, key in enumerate(now.scenario.sectors)
    )
