"""From a plan, through the pipeline of projects, to what reaches the economy each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.economy import Economy
from ..models.errors import Problem, ScenarioError
from ..models.plan import Plan, spread
from ..models.pool import PoolDurations
from ..models.project import (
    Durations,
    PipelineResult,
    PoolPlan,
    ProjectPlan,
    Resources,
    planned_profile,
    yearly,
)
from ..models.quantity import FloatArray, Quantity, Values
from ..models.works import Works
from ..scenarios.schema import Months, Scenario
from .build import base_investment
from .pipeline import Timetable, book, timetable

HAIR = 1e-6
"""Months by which "by the end of December" lies before 1 January."""

LAGS = 4
"""Years of investment before the first year that still commission."""


def month(text: str, base: int) -> float:
    """Months from 1 January of the year after the base year; ``2024-03`` is the first of March.

    >>> month("2024-03", 2023), month("2023-10", 2023)
    (2.0, -3.0)
    """
    year, number = text.split("-")
    return float((int(year) - base - 1) * 12 + int(number) - 1)


def project_plans(scenario: Scenario, values: Values, durations: Values | None = None) -> tuple[ProjectPlan, ...]:
    """Named projects as the pipeline takes them; ``durations`` gives their months where those are not in ``values``."""
    timing = durations or values
    base = scenario.years.base
    advance = next((limit for limit in scenario.limits.values() if limit.on == "advance"), None)
    plans = []
    for key, stated in scenario.projects.items():
        months = stated.months
        start = month(stated.start, base) if stated.start else None
        # a plan says "by September": the month counts to its end
        finish = month(stated.finish, base) + 1 - HAIR if stated.finish else None
        adds = stated.adds
        full = (adds.output or adds.capacity) if adds else None
        plan = ProjectPlan(
            id=key, sector=stated.sector, invest=_one(stated.invest, values), stage=stated.stage,
            done=_one(stated.done, values) / 100 if stated.done else None, start=start, finish=finish,
            slip=_one(stated.slip, timing), cancel=_one(stated.cancel, values) / 100 if stated.cancel else 0.0,
            funds={f: _one(q, values) / 100 for f, q in stated.funds.items()},
            key=stated.key, output=_one(full, values) if full else 0.0, **_months(months, timing),
            spread=_spread(months, stated.slip),
        )
        # beyond `max` a start costs a relaxation, which the limit itself counts
        most = stated.earlier or ((advance.relax_to or advance.max) if advance else None)
        plans.append(_allowed(plan, _one(most, values) if most else 0.0))
    return tuple(plans)


def _allowed(plan: ProjectPlan, months: float) -> ProjectPlan:
    return replace(plan, earliest=max(plan.begins - months, 0.0)) if plan.ahead else plan


def _one(quantity: Quantity, values: Values) -> float:
    return float(values(quantity)[0])


def _months(months: Months, values: Values) -> dict[str, float]:
    return {name: _one(getattr(months, name), values) for name in ("approval", "registration", "construction", "ramp_up")}


def _spread(months: Months, slip: Quantity) -> dict[str, tuple[float, float]]:
    stated = {name: getattr(months, name) for name in ("approval", "registration", "construction", "ramp_up")}
    stated["slip"] = slip
    return {
        name: (q.value if q.low is None else q.low, q.value if q.high is None else q.high)
        for name, q in stated.items() if q.low is not None or q.high is not None
    }


def resources(scenario: Scenario, values: Values) -> Resources:
    """Desks, builders and money that projects share."""
    funds = {key: _one(fund.amount, values) for key, fund in scenario.funds.items() if fund.amount}
    desks = scenario.pipeline
    if desks is None:
        return Resources(funds=funds)
    return Resources(int(_one(desks.approvals, values)), int(_one(desks.builders, values)), funds)


def totals(scenario: Scenario, values: Values) -> FloatArray:
    """Planned nominal investment of years 1..T, 亿元."""
    years = np.arange(scenario.years.last - scenario.years.base)
    first = _one(scenario.accounts.fai, values) * (1 + _one(scenario.investment.growth, values) / 100)
    return np.asarray(first * (1 + _one(scenario.investment.later, values) / 100) ** years)


def stated_plans(scenario: Scenario, values: Values) -> dict[str, Plan]:
    """Every mix of the scenario as a plan, the plan itself first."""
    order = [scenario.plan, *[key for key in scenario.mixes if key != scenario.plan]]
    return {
        key: Plan(key, scenario.mixes[key].title, spread(_shares(scenario, key, values), totals(scenario, values)))
        for key in order
    }


def _shares(scenario: Scenario, key: str, values: Values) -> FloatArray:
    mix = scenario.mixes[key]
    if mix.starts_from:
        shares = _shares(scenario, mix.starts_from, values)
        return np.asarray(shares + np.array([_one(mix.add[s], values) if s in mix.add else 0.0 for s in scenario.sectors]))
    return np.array([_one(mix.shares[s], values) if s in mix.shares else 0.0 for s in scenario.sectors])


@dataclass(frozen=True)
class Delivery:
    """The pipeline's result for one plan and what it delivers."""

    works: Works
    result: PipelineResult
    projects: tuple[ProjectPlan, ...]
    planned: FloatArray
    """Planned spending of named projects by sector and year ``(S, T)``, 亿元."""
    kernel: FloatArray
    """Share of the unnamed key projects' plan for a year that is put in place in each month ``(T, 12 T)``."""


class Pipeline:
    """Runs plans of one scenario through the pipeline."""

    def __init__(
        self, scenario: Scenario, economy: Economy, values: Values, seed: int | None = None,
        drawn: tuple[Durations, PoolDurations] | None = None,
    ) -> None:
        """Take the numbers of one draw; with durations already ``drawn``, nothing else is, and nothing is refused."""
        self.scenario, self.economy, self.values, self.seed, self.drawn = scenario, economy, values, seed, drawn
        self.planned_months = values if drawn is None else Values()
        self.projects = project_plans(scenario, values, self.planned_months)
        self.resources = resources(scenario, values)
        self.sectors = economy.sector_ids
        self.years = economy.years
        self.totals = totals(scenario, values)
        before = 1 + _one(scenario.investment.before, values) / 100
        base = base_investment(scenario, values)
        self.normal = np.stack([base / before**lag for lag in range(LAGS)], axis=1)
        # projects as planned, and their dates, are the same for every mix: found once
        self._spending: dict[str, FloatArray] = {}
        self._dates: dict[str, Timetable] = {}

    def recall(self, dates: dict[str, Timetable], spending: dict[str, FloatArray]) -> None:
        """Take what another pipeline of the same years, key projects and seed has found before, and add to it."""
        self._dates, self._spending = dates, spending

    def spending(self, project: ProjectPlan) -> FloatArray:
        """Planned spending of a named project by year ``(T,)``."""
        key = repr(project)
        if key not in self._spending:
            self._spending[key] = planned_profile(project, self.years)[0]
        return self._spending[key]

    def planned(self, projects: Sequence[ProjectPlan]) -> FloatArray:
        """Planned spending of named projects by sector and year ``(S, T)``."""
        spending = np.zeros((len(self.sectors), self.years))
        for project in projects:
            spending[self.sectors.index(project.sector)] += self.spending(project)
        return spending

    def key_pool(self, plan: Plan, projects: Sequence[ProjectPlan]) -> FloatArray:
        """Planned investment of the unnamed key projects by sector and year ``(S, T)``, 亿元.

        The key projects' total follows all investment; by sector it follows what named projects leave.
        """
        free = np.maximum(plan.investment - self.planned(projects), 0.0)
        pool = self.scenario.pool
        if pool is None:
            return np.zeros_like(free)
        named = sum((self.spending(project) for project in projects if project.key), np.zeros(self.years))
        total = _one(pool.investment, self.values) * plan.investment.sum(axis=0) / self.totals[0]
        wanted = np.clip(total - named, 0.0, free.sum(axis=0))
        whole = free.sum(axis=0)
        return np.asarray(free * np.divide(wanted, whole, out=np.zeros_like(whole), where=whole > 0))

    def run(self, plan: Plan, *, projects: Sequence[ProjectPlan] | None = None) -> Delivery:
        """Run a plan: every project through its stages, and the year's investment and capacity out of it.

        Durations are central, or with a seed drawn at random (the same draws for every plan).

        Raises
        ------
        ScenarioError
            Where named projects of a sector need more than the plan gives it.
        """
        moved = tuple(p.moved(plan.shifts.get(p.id, 0.0)) for p in (projects if projects is not None else self.projects))
        planned = self.planned(moved)
        if self.drawn is None:
            self._check(plan, planned)
        stated = self.scenario.pool
        pool = None
        key = self.key_pool(plan, moved)
        if stated is not None:
            pool = PoolPlan(
                projects=_one(stated.projects, self.values), starts=_one(stated.starts, self.values),
                completions=_one(stated.completions, self.values), investment=key,
                approval=_one(stated.months.approval, self.planned_months),
                construction=_one(stated.months.construction, self.planned_months),
                slip=_one(stated.slip, self.planned_months),
                spread={k: v for k, v in _spread(stated.months, stated.slip).items()
                        if k in ("approval", "construction", "slip")},
            )
        result = book(self._timetable(moved, pool, self.resources), pool, self.years, self.sectors)
        kernel = np.zeros((self.years, 12 * self.years))
        if key.any():
            free = book(self._timetable(moved, pool, Resources()), pool, self.years, self.sectors)
            kernel = self.pool_kernel((result, free))
            investment = key @ kernel
            realised = np.divide(yearly(investment), key, out=np.ones_like(key), where=key > 1e-12)
            result = replace(result, pool_investment=investment, pool_realised=realised)
        return Delivery(self._works(plan, moved, planned, key, result), result, moved, planned, kernel)

    def _timetable(self, projects: tuple[ProjectPlan, ...], pool: PoolPlan | None, shared: Resources) -> Timetable:
        """Dates of all projects with the given resources; the pool's money moves none of them."""
        key = repr((projects, shared))
        if key not in self._dates:
            rng = None if self.seed is None else np.random.default_rng(self.seed)
            self._dates[key] = timetable(projects, pool, shared, self.years, rng, self.drawn)
        return self._dates[key]

    def pool_kernel(self, delivery: tuple[PipelineResult, PipelineResult]) -> FloatArray:
        """Share of the unnamed key projects' plan for a year that is put in place in each month ``(T, 12 T)``.

        ``delivery`` is the pipeline's result and that with resources without end. In its own year the plan is
        placed as the pipeline does it; in the next year comes what slips in any case, queue or none, the base
        year's included (on a plan smaller by the growth of all investment). What queues hold up beyond that
        takes the place of other works when it comes, and is not added: the year's plan is its ceiling.
        """
        result, unhindered = delivery
        years = np.arange(result.pool_kernel.shape[1]) // 12
        own = np.arange(self.years)[:, None]
        kernel = np.where(years == own, result.pool_kernel, np.where(years == own + 1, unhindered.pool_kernel, 0.0))
        late = np.where(years == 1, unhindered.pool_kernel[0], 0.0)
        kernel[0, :-12] += float(self.normal[:, 0].sum() / self.totals[0]) * late[12:]
        return np.asarray(kernel)

    def counted(self, projects: Sequence[ProjectPlan], result: PipelineResult) -> FloatArray:
        """Spending of each named project that adds to its year ``(P, T)``: put in place, and planned for the year.

        The year's plan is the ceiling of what is put in place: late works that come in a later year take the
        place of others there. So a delay lowers its year and raises none, and no sector loses when a queue
        gets shorter.
        """
        planned = np.array([self.spending(project) for project in projects]).reshape(len(projects), self.years)
        return np.asarray(np.minimum(yearly(result.investment), planned))

    def _works(
        self, plan: Plan, projects: Sequence[ProjectPlan], planned: FloatArray, key: FloatArray, result: PipelineResult
    ) -> Works:
        rows = [self.sectors.index(project.sector) for project in projects]
        spent = self.counted(projects, result)
        named, tied = np.zeros_like(planned), np.zeros_like(planned)
        for row, project, path in zip(rows, projects, spent, strict=True):
            named[row] += path
            if project.output > 0:
                tied[row] += path
        pooled = yearly(result.pool_investment) if key.any() else np.zeros_like(planned)
        invested = np.maximum(plan.investment - planned - key, 0.0) + pooled + named
        key_named = sum((path for project, path in zip(projects, spent, strict=True) if project.key), np.zeros(self.years))
        return Works(
            invested=invested[..., None], pool=(invested - tied)[..., None], history=self.history(projects),
            normal=self.normal, named=self._named(projects, result),
            key_investment=(key_named + pooled.sum(axis=0))[:, None],
        )

    def _named(self, projects: Sequence[ProjectPlan], result: PipelineResult) -> Mapping[str, Mapping[str, FloatArray]]:
        """New output or capacity of named projects by sector and year."""
        found: dict[str, dict[str, FloatArray]] = {}
        for j, project in enumerate(projects):
            adds = self.scenario.projects[project.id].adds
            if adds is None or project.output == 0:
                continue
            new = project.output * np.diff(result.share_online[j])[:, None]
            own = found.setdefault(project.sector, {})
            own[adds.process or ""] = own.get(adds.process or "", np.zeros((self.years, 1))) + new
        return found

    def history(self, projects: Sequence[ProjectPlan]) -> FloatArray:
        """Investment of the base year, the year before, ... that is not tied to named projects ``(S, L, D)``."""
        tied = np.zeros((len(self.sectors), LAGS, 1))
        for project in projects:
            if project.output == 0 or project.begins >= 0:
                continue
            begin, end = project.begins, min(project.ends, 0.0)
            amount = project.invest - project.remaining
            for lag in range(LAGS):
                low, high = -12.0 * (lag + 1), -12.0 * lag
                part = max(0.0, min(end, high) - max(begin, low)) / max(end - begin, 1e-9)
                tied[self.sectors.index(project.sector), lag] += amount * part
        rest: FloatArray = np.maximum(self.normal - tied, 0.0)
        return rest

    def _check(self, plan: Plan, planned: FloatArray) -> None:
        short = np.argwhere(planned > plan.investment * (1 + 1e-9) + 1e-9)
        if len(short):
            raise ScenarioError([
                Problem(
                    f"mixes.{plan.id}", f"{plan.investment[s, t]:.1f} 亿元 for {self.sectors[s]} in "
                    f"{self.scenario.years.base + 1 + t}", f"at least the {planned[s, t]:.1f} 亿元 of its named projects",
                    "raise its share, or move or stretch its projects",
                ) for s, t in short
            ])
