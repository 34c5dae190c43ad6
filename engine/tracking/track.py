"""The year under way as one answer: where it stands, what the rest must bring, what can still be moved
(年内调度)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.indicators import Asked, indicator_of
from ...models.quantity import FloatArray
from ...models.target import Target, leading
from ...models.words import msg
from ...models.years import month_at
from ...scenarios.load import Loaded
from ...scenarios.schema_actuals import Actuals
from ..decide.assess import Assessment, Run
from ..decide.judge import on_draws
from ..study import Study, study, uninformed
from ..uncertainty.chances import with_chances
from ..uncertainty.ensemble import Ensemble, Estimate
from .freeze import as_of_january, spent
from .news import News, news
from .now import WHOLE, finished, now_of
from .readings import LEVEL, Reading, facts, indicator_at, known_values
from .years_left import RANGE, YearsLeft, years_left


@dataclass(frozen=True)
class Rest:
    """What the rest of the year must bring for one tier.

    Attributes
    ----------
    growth
        Growth of the rest over the same months of the year before, %; None for a level.
    amount, monthly
        What is still to come, and that a month, in the unit of the row's level; None where it has none that
        adds up over months.
    usual
        The middle 80 % of what the rest brings, given what is known (growth, else the amount a month).
    """

    growth: float | None
    amount: float | None
    monthly: float | None
    usual: tuple[float, float, float]


@dataclass(frozen=True)
class RowTracked:
    """One tier of one row: chances in January and now, what the rest of the year or the years left must
    bring, what can still be done.

    ``tier`` is empty, and what belongs to one left out, for a row that asks nothing. ``best`` is the chance
    under the best plan from now (:attr:`Tracked.best`), of main rows.
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
    best: float | None = None
    left: YearsLeft | None = None


@dataclass(frozen=True)
class SectorNow:
    """A sector's money of a year that is not over: planned, spent by now (``stated`` or at the plan's pace),
    and the best from now on."""

    sector: str
    year: int
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
    best = assessment.optimised
    rows = tuple(_rows(january.ensemble, now, best, *now_is))
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
        _news(january, now, loaded),
        _sectors(now, best, now_is),
        best,
        assessment,
    )


def _rows(january: Ensemble, now: Study, best: Run | None, year: int, month: int) -> list[RowTracked]:
    found, jury = now.ensemble, now.jury
    assert found is not None and jury is not None
    readings = {each.row: each for each in (now.posterior.readings if now.posterior else ()) if each.counts}
    known, done = known_values(now.scenario), finished(now.scenario)
    made = []
    for key, target in found.targets.items():
        reading = readings.get(key)
        ranges = tuple(_range(each, key) for each in (january, found))
        asked: list[tuple[str, float | None]] = [*target.tiers.items()] or [("", None)]
        for tier, threshold in asked:
            rest = None
            if threshold is not None and reading is not None and month < WHOLE and _of(target, found) == year:
                rest = _rest(now, target, reading, threshold)
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
                    jury.chance(best.plan, key, tier).value
                    if best and tier and key in jury.targets
                    else None,
                    None
                    if threshold is None
                    else years_left(found, target, threshold, known.get(key, {}), done),
                )
            )
    return made


def _range(found: Ensemble, key: str) -> tuple[float, float, float]:
    low, middle, high = (found.quantile(key, level).value for level in RANGE)
    return low, middle, high


def _of(target: Target, found: Ensemble) -> int:
    """The one year that a row speaks of; 0 where it speaks of several."""
    if target.over is None:
        return found.year
    return target.over.last if target.over.first == target.over.last else 0


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


def _news(january: Study, now: Study, loaded: Loaded) -> tuple[News, ...]:
    """Why the main rows moved."""
    first, last = january.ensemble, now.ensemble
    assert first is not None and last is not None
    steps = {"progress": now.uninformed or first}
    draws = steps["progress"].draws
    actuals = loaded.scenario.actuals
    if actuals and (actuals.outlook or facts(now.scenario).prices):
        levels = {row for row in actuals.figures if indicator_at(loaded.scenario, row) == LEVEL}
        figures = {row: held for row, held in actuals.figures.items() if row not in levels}
        known = {
            "progress": actuals.model_copy(update={"outlook": {}, "figures": figures}),
            "prices": actuals.model_copy(update={"outlook": {}}),
        }
        steps = {step: uninformed(_with(loaded, own), now.solver, draws) for step, own in known.items()} | {
            "outlook": steps["progress"]
        }
    year = int(now.scenario.years.target)
    return tuple(
        news(first, steps, last, target.id, year)
        for target in leading(target for target in last.targets.values() if target.tiers)
    )


def _with(loaded: Loaded, actuals: Actuals) -> Loaded:
    """The scenario with other things known."""
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"actuals": actuals}))


def _sectors(now: Study, best: Run | None, now_is: tuple[int, int]) -> tuple[SectorNow, ...]:
    done, (year, _) = finished(now.scenario), now_is
    made = []
    for ahead in range(done + 1, now.year + 1):
        money, stated = (
            spent(now.scenario, now_is)
            if ahead == year
            else (np.zeros(len(now.scenario.sectors)), frozenset[str]())
        )
        planned = now.plan.plan.money(ahead)
        other = best.plan.money(ahead) if best else None
        made += [
            SectorNow(
                key,
                ahead,
                float(planned[at]),
                float(money[at]),
                key in stated,
                None if other is None else float(other[at]),
            )
            for at, key in enumerate(now.scenario.sectors)
        ]
    return tuple(made)
