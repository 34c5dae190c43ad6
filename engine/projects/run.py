"""From a plan, through the pipeline of projects, to what reaches the economy each year."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...models.economy import Economy
from ...models.errors import Problem, ScenarioError
from ...models.money import in_money
from ...models.plan import Plan
from ...models.pool import PoolDurations
from ...models.project import Durations, PipelineResult, PoolPlan, ProjectPlan, Resources, yearly
from ...models.quantity import Draws, FloatArray
from ...models.realisation import Realisation, put_in_place
from ...models.words import msg
from ...scenarios.schema import Scenario
from ..plans import one, project_plans, resources, spread_of_months
from .ledger import Ledger, Works
from .named import planned_spending
from .pipeline import Timetable, book, timetable


@dataclass(frozen=True)
class PipelineRun:
    """The pipeline's result for one plan and what it delivers.

    Attributes
    ----------
    works
        What named projects plan, spend and bring, one draw.
    due, overdue
        Planned spending of named projects ``(P, T)``, and what each is behind its plan at month 0 ``(P,)``,
        in units of money.
    kernel
        Share of the unnamed key projects' plan for a year that is put in place in each month ``(T, 12 T)``.
    unnamed
        Investment besides named projects, planned and put in place, by sector and year ``(S, T)``; without
        what is carried in.
    """

    realisation: Realisation
    result: PipelineResult
    projects: tuple[ProjectPlan, ...]
    works: Works
    due: FloatArray
    overdue: FloatArray
    kernel: FloatArray
    unnamed: tuple[FloatArray, FloatArray]

    @property
    def planned(self) -> FloatArray:
        """Planned spending of named projects by sector and year ``(S, T)``, in units of money."""
        return self.works.planned[..., 0]


@dataclass(frozen=True)
class Booked:
    """All of a run that follows from the dates alone: the pool's money is not in ``result`` yet."""

    projects: tuple[ProjectPlan, ...]
    result: PipelineResult
    works: Works
    due: FloatArray
    overdue: FloatArray
    kernel: FloatArray


class Pipeline(Ledger):
    """Runs plans of one scenario through the pipeline."""

    def __init__(
        self,
        scenario: Scenario,
        economy: Economy,
        values: Draws,
        seed: int | None = None,
        drawn: tuple[Durations, PoolDurations] | None = None,
    ) -> None:
        """Take the numbers of one draw; with durations already ``drawn``, nothing else is, and nothing is
        refused."""
        super().__init__(scenario, values)
        self.economy, self.seed, self.drawn = economy, seed, drawn
        self.planned_months = values if drawn is None else Draws()
        self.projects = project_plans(scenario, values, self.planned_months)
        self.resources = resources(scenario, values)
        # projects' dates are the same for every mix: found once
        self._dates: dict[str, Timetable] = {}
        self._booked: dict[bytes, Booked] = {}

    def recall(self, dates: dict[str, Timetable]) -> None:
        """Take what another pipeline of the same years, key projects and seed has found before, and add to
        it."""
        self._dates = dates

    def planned(self, plan: Plan) -> tuple[FloatArray, FloatArray]:
        """Planned spending of named projects by year ``(P, T)``, and what is overdue at month 0 ``(P,)``,
        units of money."""
        due = planned_spending(self.named, self.shifts(plan), self.years)
        return due.years[..., 0], due.overdue[..., 0]

    def run(self, plan: Plan) -> PipelineRun:
        """Run a plan: every project through its stages, and the year's investment and capacity out of it.

        Durations are central, or with a seed drawn at random (the same draws for every plan).

        Raises
        ------
        ScenarioError
            Where named projects of a sector need more than the plan gives it.
        """
        booked = self.booked(plan)
        result, works, kernel = booked.result, booked.works, booked.kernel
        if self.drawn is None:
            self._check(plan, works.planned[..., 0])
        left, key = (each[..., 0] for each in self.split(plan.investment[..., None], works))
        if key.any():
            investment = key @ kernel
            realised = np.divide(yearly(investment), key, out=np.ones_like(key), where=key > 1e-12)
            result = replace(result, pool_investment=investment, pool_realised=realised)
        else:
            kernel = np.zeros_like(kernel)
        money = (left[..., None], key[..., None], (key @ yearly(kernel))[..., None])
        others = put_in_place(self.realised, *money)[..., 0]
        realisation = self.realisation(*money, works)
        return PipelineRun(
            realisation, result, booked.projects, works, booked.due, booked.overdue, kernel, (left, others)
        )

    def booked(self, plan: Plan) -> Booked:
        """Dates, spending and new output of all projects; plans that move no start have the same."""
        shifts = self.shifts(plan)
        known = self._booked.get(shifts.tobytes())
        if known is None:
            self._booked[shifts.tobytes()] = known = self._book(plan)
        return known

    def _book(self, plan: Plan) -> Booked:
        moved = tuple(p.moved(plan.shifts.get(p.id, 0.0)) for p in self.projects)
        due, overdue = self.planned(plan)
        pool = self._pool()
        result = book(self._timetable(moved, pool, self.resources), pool, self.years, self.sectors)
        kernel = np.zeros((self.years, 12 * self.years))
        if pool is not None:
            free = book(self._timetable(moved, pool, Resources()), pool, self.years, self.sectors)
            kernel = pool_in_place(result.pool_kernel, free.pool_kernel)
        works = self.works(
            due[..., None], yearly(result.investment)[..., None], result.share_online[..., None]
        )
        return Booked(moved, result, works, due, overdue, kernel)

    def _pool(self) -> PoolPlan | None:
        """The unnamed key projects, without money yet."""
        stated = self.scenario.pool
        if stated is None:
            return None
        return PoolPlan(
            projects=one(stated.projects, self.values),
            starts=one(stated.starts, self.values),
            completions=one(stated.completions, self.values),
            investment=np.zeros((len(self.sectors), self.years)),
            approval=one(stated.months.approval, self.planned_months),
            construction=one(stated.months.construction, self.planned_months),
            slip=one(stated.slip, self.planned_months),
            spread={
                k: v
                for k, v in spread_of_months(stated.months, stated.slip).items()
                if k in ("approval", "construction", "slip")
            },
        )

    def _timetable(
        self, projects: tuple[ProjectPlan, ...], pool: PoolPlan | None, shared: Resources
    ) -> Timetable:
        """Dates of all projects with the given resources; the pool's money moves none of them."""
        key = repr((projects, shared))
        if key not in self._dates:
            rng = None if self.seed is None else np.random.default_rng(self.seed)
            self._dates[key] = timetable(projects, pool, shared, self.years, rng, self.drawn)
        return self._dates[key]

    def _check(self, plan: Plan, planned: FloatArray) -> None:
        short = np.argwhere(planned > plan.investment * (1 + 1e-9) + 1e-9)
        if len(short):
            raise ScenarioError(
                [
                    Problem(
                        f"mixes.{plan.id}",
                        msg(
                            "{investment} for {sector} in {year}",
                            investment=in_money(plan.investment[s, t]),
                            sector=self.sectors[s],
                            year=self.scenario.years.base + 1 + t,
                        ),
                        msg("at least the {planned} of its named projects", planned=in_money(planned[s, t])),
                        msg("raise its share, or move or stretch its projects"),
                    )
                    for s, t in short
                ]
            )


def pool_in_place(hindered: FloatArray, free: FloatArray) -> FloatArray:
    """Share of the unnamed key projects' plan for a year that is put in place in each month ``(T, 12 T)``.

    Within its own year the plan is placed as works without queues go. What slips out of a year in any case
    slips into the next; it slipped into year 1 as well, so a plan like last year's gives last year's
    investment. Only what queues hold up moves: out of the year that planned it, into the one in which it is
    put in place.
    """
    years = len(free)
    own = np.where(np.arange(free.shape[1])[None] // 12 == np.arange(years)[:, None], free, 0.0)
    whole = own.sum(axis=1, keepdims=True)
    even = np.repeat(np.eye(years), 12, axis=1) / 12.0
    return np.asarray(np.where(whole > 0, own / np.where(whole > 0, whole, 1.0), even) + hindered - free)
