"""What the pipeline of projects delivers in every draw: the realisation of :mod:`.run` with draws on the
last axis.

Usage: ``DrawnPipeline(scenario, values, draws, seed).run(plan)`` gives a :class:`DrawnRun`, whose
``realisation`` goes to ``economy.simulate``. ``values(quantity)`` is ``(D,)`` or ``(1,)``; any number of the
scenario's projects, pool, desks, builders, funds, investment and base year may be drawn. Only what has no
number of its own is drawn here: how unnamed projects differ from each other, and which projects are
cancelled; draw d of a longer sample is draw ``first + d`` of that chance, so a sample may be cut into blocks
anywhere. Dates are kept: another plan with the same shifts costs almost nothing, and has the same futures.
``plan.investment`` is the central case; in each draw and year it is multiplied by drawn over central total
(:func:`.plans.totals`), so the mix stays and the total moves. A sector whose named projects need more than
its money in a draw spends what they need, and nothing else.

The plan (dates, planned spending, what must be approved when) is that of the central durations, what happens
that of the drawn ones. With one draw it is what :class:`.projects.run.Pipeline` gives when it runs the same
durations.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

import numpy as np

from ...models.plan import Plan
from ...models.quantity import BoolArray, Draws, FloatArray, Quantity
from ...models.realisation import Realisation
from ...scenarios.schema import Scenario
from ..memory import keep_freed
from ..plans import totals
from .batch import ProjectBatch, Shared, schedule
from .ledger import Ledger, Works
from .listed import Inferred
from .named import Courses, Named, courses, online, planned_spending, spending
from .unnamed import Unnamed, held_up, individual, spreads, stand_ins, uniforms

Group = TypeVar("Group", Named, Unnamed)

BLOCK = 512
"""Draws computed at a time: their arrays stay in the cache."""

KEPT = 8
"""Sets of shifts whose dates are kept."""


@dataclass(frozen=True)
class Timing:
    """The dates of all projects, and what follows from them alone; named projects ``(P, D)`` unless said
    otherwise.

    Attributes
    ----------
    commissioned, started
        Months, ``inf`` where the horizon ends first or the project is cancelled.
    waited
        Months by which works begin later than they would if nothing were scarce.
    spent
        Spending by year ``(P, T, D)``, in units of money.
    online
        Share of full-load output on line in the years 0..T, ``(P, T+1, D)``.
    held
        Share of the unnamed projects' plan for each year that queues move into or out of each year, ``(T, T,
        D)``.
    """

    commissioned: FloatArray
    started: FloatArray
    waited: FloatArray
    cancelled: BoolArray
    spent: FloatArray
    online: FloatArray
    held: FloatArray


@dataclass(frozen=True)
class DrawnRun:
    """What one plan delivers: to the economy, and when; ``planned`` is ``(S, T, D or 1)``, in money."""

    realisation: Realisation
    timing: Timing
    planned: FloatArray


class DrawnPipeline(Ledger):
    """Runs plans of one scenario through the pipeline, all draws at once."""

    def __init__(  # noqa: PLR0913  (each is a fact of its own)
        self,
        scenario: Scenario,
        values: Draws,
        draws: int,
        seed: int = 0,
        first: int = 0,
        workers: int = 1,
        block: int = BLOCK,
        alike: bool = False,
        named: Named | None = None,
        inferred: Inferred | None = None,
    ) -> None:
        """Take the numbers that ``values`` gives for the draws ``first`` to ``first + draws`` of a sample.

        ``alike``: nothing is left to chance, unnamed projects all have the pool's durations and none is
        cancelled. ``named`` and ``inferred`` are the list and what it leaves out, where they are not the
        scenario's own.
        """
        super().__init__(scenario, values, named, inferred)
        self.draws, self.seed, self.first, self.alike = draws, seed, first, alike
        self.workers, self.block = workers, block
        self.scale = self.totals / totals(scenario, Draws())
        self._kept: dict[bytes, tuple[Timing, Works]] = {}
        self._plan = self._stand_ins()
        same = (np.ones(1), np.ones(1), np.zeros(1))
        self._spreads = () if scenario.pool is None else same if alike else spreads(scenario.pool)

    def planning(self, scenario: Scenario, values: Draws) -> Self:
        """The same works, and the dates known of them, in a scenario that plans other money."""
        other = copy(self)
        other.scenario, other.values, other.totals = scenario, values, totals(scenario, values)
        other.scale, other._kept = other.totals / totals(scenario, Draws()), dict(self._kept)
        return other

    def run(self, plan: Plan, shifts: FloatArray | None = None, added: FloatArray | None = None) -> DrawnRun:
        """Run a plan in every draw: every project through its stages, and investment and capacity out of it.

        Parameters
        ----------
        shifts
            Months by which starts are moved, ``(P,)`` or ``(P, D)``; the plan's where left out.
        added
            Money by sector and year beside the plan's ``(S, T, D)``, in units of money.
        """
        if shifts is None:
            shifts = self.shifts(plan)
        known = self._kept.get(shifts.tobytes())
        if known is None:
            timing = self.timing(shifts)
            due = planned_spending(self.named, shifts, self.years).years
            known = timing, self.works(due, timing.spent, timing.online)
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[shifts.tobytes()] = known
        timing, works = known
        money = plan.investment[..., None] * self.scale
        left, key = self.split(money if added is None else money + added, works)
        placed = key
        if timing.held.any():
            placed = key + sum(key[:, [t]] * timing.held[t][None] for t in range(self.years))
        realisation = self.realisation(left, key, placed, works)
        return DrawnRun(realisation, timing, works.planned)

    def timing(self, shifts: FloatArray) -> Timing:
        """Dates of all projects whose starts are moved by ``shifts`` ``(P,)`` months."""
        keep_freed()
        bounds = [(low, min(low + self.block, self.draws)) for low in range(0, self.draws, self.block)]

        def part(bound: tuple[int, int]) -> Timing:
            return self._block(shifts, *bound)

        if self.workers > 1 and len(bounds) > 1:
            with _taking_turns(), ThreadPoolExecutor(self.workers) as pool:
                found = list(pool.map(part, bounds))
        else:
            found = [part(bound) for bound in bounds]
        return Timing(
            **{
                name: np.concatenate([getattr(each, name) for each in found], axis=-1)
                for name in Timing.__dataclass_fields__
            }
        )

    def _stand_ins(self) -> Unnamed | None:
        """The pool's stand-ins as planned; named key projects count inside its totals, without shifts."""
        pool, named = self.scenario.pool, self.named
        if pool is None:
            return None
        key = named.key[:, None]
        begins = np.maximum(named.begins - named.decided[:, None], 0.0)
        year = np.floor(begins / 12.0)
        coming = key & named.ahead[:, None]
        begun = np.stack([((year == y) & coming).sum(axis=0) for y in range(self.years)])
        ends = np.where(named.under_way[:, None], named.ends, begins + named.ends - named.begins)
        finished = ((ends < 12) & key & ~named.has("commissioned")[:, None]).sum(axis=0)
        running = np.full(1, int((named.key & named.under_way).sum()))
        totals = (self.values(q) for q in (pool.projects, pool.starts, pool.completions))
        wide = np.broadcast_arrays(*totals, finished)
        return stand_ins(
            wide[0],
            wide[1],
            wide[2],
            np.broadcast_to(begun, (self.years, len(wide[0]))) + 0.0,
            running,
            wide[3],
            pool.months.construction.value,
        )

    def _block(self, shifts: FloatArray, low: int, high: int) -> Timing:
        """Dates in the draws ``low`` to ``high``."""
        draws, horizon = high - low, 12.0 * self.years
        named = _some(self.named, low, high)
        path = courses(named, shifts if shifts.ndim == 1 else _some_columns(shifts, low, high))
        count = len(named.plans)
        ahead, done = named.ahead[:, None], named.has("commissioned")[:, None]
        cancelled = self._cancelled(named, low, draws) & ahead
        stopped = path.part < 1.0
        crowd = None if self._plan is None else self.crowd(low, high)
        batch = _fleet(named, path, cancelled, crowd, self.scenario, draws)
        dates = schedule(batch, self._shared(low, high, draws), horizon)
        commissioned = np.where(done, path.start, np.where(stopped, np.inf, dates.commissioned[:count]))
        started = np.where(ahead, dates.started[:count], named.begins)
        wait = np.where(ahead, dates.started[:count] - np.where(ahead, path.start, 0.0), 0.0)
        remaining, building, ramp_up, before = (
            np.broadcast_to(each, (count, draws))
            for each in (
                named.remaining * path.part,
                path.building,
                named.ramp_up,
                named.invest * named.worked,
            )
        )
        spent = spending(remaining, before, building, dates.paid, path.registered + wait, self.years)
        waited = np.where(np.isfinite(dates.unhindered[:count]), np.maximum(wait, 0.0), 0.0)
        held = np.zeros((self.years, self.years, draws))
        if crowd is not None:
            held = held_up(
                crowd.plan, dates.started[count:], dates.unhindered[count:], crowd.slowness, self.years
            )
        return Timing(
            commissioned,
            started,
            waited,
            cancelled,
            spent,
            online(commissioned, ramp_up, self.years),
            held,
        )

    def _cancelled(self, named: Named, low: int, draws: int) -> BoolArray:
        """Which projects are cancelled ``(P, D)``; each by a chance that hangs on its name alone."""
        found = np.zeros((len(named.plans), draws), dtype=np.bool_)
        risky = np.flatnonzero((named.cancel > 0).any(axis=1))
        if len(risky) and not self.alike:
            names = [named.plans[at].id for at in risky]
            found[risky] = uniforms(self.seed, names, self.first + low, draws) < named.cancel[risky]
        return found

    def crowd(self, low: int, high: int) -> Crowd:
        """The unnamed projects of the draws ``low`` to ``high`` on their own durations."""
        pool = self.scenario.pool
        assert pool is not None and self._plan is not None
        plan = _some(self._plan, low, high)
        approval, slowness, slip = (
            individual(spread, self.seed, name, plan.blocks, self.first + low, high - low, skip)
            for spread, name, skip in zip(self._spreads, (1, 2, 3), (1, 0, 1), strict=True)
        )
        central = max(pool.months.construction.value, 1e-9)
        return Crowd(
            plan,
            approval * np.maximum(_some_draws(self.values(pool.months.approval), low, high), 0.0),
            slowness
            * (np.maximum(_some_draws(self.values(pool.months.construction), low, high), 0.0) / central),
            slip + _some_draws(self.values(pool.slip), low, high),
        )

    def _shared(self, low: int, high: int, draws: int) -> Shared:
        """Desks, builders and money in the draws ``low`` to ``high``."""

        def each(quantity: Quantity, least: float = 0.0) -> FloatArray:
            return np.broadcast_to(np.maximum(_some_draws(self.values(quantity), low, high), least), (draws,))

        desks = self.scenario.pipeline
        funds = {key: each(fund.amount) for key, fund in self.scenario.funds.items() if fund.amount}
        if desks is None:
            return Shared(funds=funds)
        return Shared(
            each(desks.approvals, 1.0).astype(np.int64), each(desks.builders, 1.0).astype(np.int64), funds
        )


@dataclass(frozen=True)
class Crowd:
    """The unnamed projects on their own durations.

    Attributes
    ----------
    approval, slip
        Months, of those that start, ``(G - those under way, D or 1)``.
    slowness
        Months that a planned month of works takes, ``(G, D or 1)``.
    """

    plan: Unnamed
    approval: FloatArray
    slowness: FloatArray
    slip: FloatArray

    @property
    def building(self) -> FloatArray:
        """Months of works ``(G, D or 1)``."""
        return self.plan.building * self.slowness


def _fleet(
    named: Named, path: Courses, cancelled: BoolArray, crowd: Crowd | None, scenario: Scenario, draws: int
) -> ProjectBatch:
    """Named projects, then unnamed ones, as the queues take them."""
    count = len(named.plans)
    money = {
        fund: np.broadcast_to(share * named.remaining * path.part, (count, draws))
        for fund, share in named.share.items()
        if scenario.funds[fund].amount is not None
    }
    if not money:
        money = {"": np.zeros((count, draws))}
    rows = count + (0 if crowd is None else len(crowd.plan.under_way))
    arrival, approval, start, building = np.empty((4, rows, draws))
    arrival[:count], approval[:count], start[:count], building[:count] = (
        path.arrival,
        path.approval,
        path.start,
        path.building,
    )
    present, running = np.empty((rows, draws), dtype=np.bool_), named.under_way
    present[:count] = ~cancelled & ~named.has("commissioned")[:, None] & (path.part > 0.0)
    if crowd is not None:
        under_way = crowd.plan.blocks[0]
        for each in (arrival, start, approval):
            each[count : count + under_way] = 0.0
        at, comes, desk = (each[count + under_way :] for each in (arrival, start, approval))
        np.add(crowd.plan.start[under_way:], crowd.slip, out=comes)
        np.maximum(comes, 0.0, out=comes)
        np.minimum(crowd.approval, comes, out=desk)
        np.subtract(comes, desk, out=at)
        np.multiply(crowd.plan.building, crowd.slowness, out=building[count:])
        present[count:] = crowd.plan.present
        running = np.concatenate([running, crowd.plan.under_way])
    return ProjectBatch(arrival, approval, start, building, running, present, money)


@contextmanager
def _taking_turns() -> Iterator[None]:
    """Let threads that do many short array operations hand over quickly: a fifth faster with two of them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _some(group: Group, low: int, high: int) -> Group:
    """The same projects in some of the draws."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(each) for name, each in value.items()}
        if isinstance(value, np.ndarray) and value.ndim == 2:
            return value if value.shape[1] == 1 else value[:, low:high]
        return value

    return replace(group, **{name: cut(getattr(group, name)) for name in group.__dataclass_fields__})


def _some_columns(table: FloatArray, low: int, high: int) -> FloatArray:
    return table if table.shape[1] == 1 else table[:, low:high]


def _some_draws(values: FloatArray, low: int, high: int) -> FloatArray:
    return values if len(values) == 1 else values[low:high]
