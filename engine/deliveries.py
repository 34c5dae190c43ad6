"""What the pipeline of projects delivers in every draw: the works of :mod:`.works` with draws on the last
axis.

Usage: ``Deliveries(scenario, values, draws, seed).run(plan)`` gives a :class:`Delivered`, whose ``works`` go
to
``economy.simulate``. ``values(quantity)`` is ``(D,)`` or ``(1,)``; any number of the scenario's projects,
pool, desks,
builders, funds, investment and base year may be drawn. Only what has no number of its own is drawn here: how
unnamed
projects differ from each other, and which projects are cancelled; draw d of a longer sample is draw ``first +
d`` of
that chance, so a sample may be cut into blocks anywhere. Dates are kept: another plan with the same shifts
costs
almost nothing, and has the same futures. ``plan.investment`` is the central case; in each draw and year it is
multiplied by drawn over central total (:func:`.works.totals`), so the mix stays and the total moves. A sector
whose
named projects need more than its money in a draw spends what they need, and nothing else.

The plan (dates, planned spending, what must be approved when) is that of the central durations, what happens
that of
the drawn ones. With one draw it is what :class:`.works.Pipeline` gives when it runs the same durations.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeVar

import numpy as np

from ..models.plan import Plan
from ..models.quantity import BoolArray, FloatArray, Quantity, Values
from ..models.works import Works
from ..scenarios.schema import Scenario
from .build import base_investment
from .fleet import Fleet, Shared, dispatch
from .listed import Inferred, central_list, past, unlisted
from .memory import keep_freed
from .named import Courses, Named, courses, named_projects, online, planned_spending, spending
from .plans import LAGS, realisation
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
        Spending by year ``(P, T, D)``, 亿元.
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
class Delivered:
    """What one plan delivers: to the economy, and when; ``planned`` is ``(S, T, D or 1)``, 亿元."""

    works: Works
    timing: Timing
    planned: FloatArray


class Deliveries:
    """Runs plans of one scenario through the pipeline, all draws at once."""

    def __init__(  # noqa: PLR0913  (each is a fact of its own)
        self,
        scenario: Scenario,
        values: Values,
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
        cancelled. ``named``
        and ``inferred`` are the list and what it leaves out, where they are not the scenario's own.
        """
        self.scenario, self.values, self.draws, self.seed, self.first = scenario, values, draws, seed, first
        self.workers, self.block, self.alike = workers, block, alike
        self.sectors = tuple(scenario.sectors)
        self.years = scenario.years.horizon
        self.named = named or named_projects(scenario, values)
        self.rows = [self.sectors.index(plan.sector) for plan in self.named.plans]
        self.central, self.totals = _totals(scenario, Values()), _totals(scenario, values)
        self.normal = _normal(scenario, values)
        self.past = past(scenario, self.named, self.normal[:, 0], values)
        self.inferred = inferred or central_list(scenario)
        self.realised = realisation(scenario, values)
        self._kept: dict[bytes, Timing] = {}
        self._plan = self._stand_ins()
        same = (np.ones(1), np.ones(1), np.zeros(1))
        self._spreads = () if scenario.pool is None else same if alike else spreads(scenario.pool)

    def run(self, plan: Plan, shifts: FloatArray | None = None, added: FloatArray | None = None) -> Delivered:
        """Run a plan in every draw: every project through its stages, and investment and capacity out of it.

        Parameters
        ----------
        shifts
            Months by which starts are moved, ``(P,)`` or ``(P, D)``; the plan's where left out.
        added
            Money by sector and year beside the plan's ``(S, T, D)``, 亿元.
        """
        if shifts is None:
            shifts = np.array([plan.shifts.get(p.id, 0.0) for p in self.named.plans])
        timing = self._kept.get(shifts.tobytes())
        if timing is None:
            timing = self.timing(shifts)
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[shifts.tobytes()] = timing
        planned = planned_spending(self.named, shifts, self.years).years
        return Delivered(self._works(plan, planned, timing, added), timing, self._by_sector(planned))

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
        begins = np.maximum(named.begins, 0.0)
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
        chance = uniforms(self.seed, 0, count, self.first + low, draws)
        ahead, done = named.ahead[:, None], named.has("commissioned")[:, None]
        cancelled = (chance < named.cancel) & ahead & (not self.alike)
        stopped = path.part < 1.0
        crowd = None if self._plan is None else self.crowd(low, high)
        fleet = _fleet(named, path, cancelled, crowd, self.scenario, draws)
        dates = dispatch(fleet, self._shared(low, high, draws), horizon)
        commissioned = np.where(done, path.start, np.where(stopped, np.inf, dates.commissioned[:count]))
        started = np.where(ahead, dates.started[:count], named.begins)
        wait = np.where(ahead, dates.started[:count] - np.where(ahead, path.start, 0.0), 0.0)
        remaining, works, ramp_up, before = (
            np.broadcast_to(each, (count, draws))
            for each in (named.remaining * path.part, path.works, named.ramp_up, named.invest * named.worked)
        )
        spent = spending(remaining, before, works, dates.paid, path.registered + wait, self.years)
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

    def _by_sector(self, path: FloatArray, of: FloatArray | None = None) -> FloatArray:
        """Sums of the named projects' paths ``(P, T, D)`` by sector, ``(S, T, D)``; ``of`` is 0 for those
        left out."""
        total = np.zeros((len(self.sectors), *path.shape[1:]))
        for j, row in enumerate(self.rows):
            total[row] += path[j] if of is None else path[j] * of[j]
        return total

    def _works(self, plan: Plan, planned: FloatArray, timing: Timing, added: FloatArray | None) -> Works:
        """Money and capacity by sector and year, as :meth:`.works.Pipeline.run` adds them up."""
        money = plan.investment[..., None] * (self.totals / self.central)
        if added is not None:
            money = money + added
        by_sector, key, spent = self._by_sector(planned), self.named.key, timing.spent
        free = np.maximum(money - by_sector, 0.0)
        unnamed = self._key_pool(money, free, planned)
        placed = unnamed
        if timing.held.any():
            placed = unnamed + sum(unnamed[:, [t]] * timing.held[t][None] for t in range(self.years))
        others = self.realised[:, None] * (free - unnamed + placed)
        invested = others + self._by_sector(spent)
        invested[:, 0] = invested[:, 0] + self.inferred.carried
        tied = self._by_sector(spent, self.named.makes)
        keyed = reduce(np.add, [spent[j] for j in np.flatnonzero(key)], np.zeros((self.years, 1)))
        pool = self.scenario.pool
        ratio = self.values(pool.realisation) / 100 if pool and pool.realisation else np.ones(1)
        return Works(
            invested=invested,
            pool=invested - tied,
            history=(1.0 - self.past.tied)[:, None] * self.normal,
            normal=self.normal,
            named=self._named(timing),
            key_investment=keyed + np.minimum(ratio * _sum(placed), _sum(others)),
            usual=self.past.usual,
            unlisted=unlisted(self.past.usual, self.inferred.missing),
        )

    def _key_pool(self, money: FloatArray, free: FloatArray, planned: FloatArray) -> FloatArray:
        """Planned investment of the unnamed key projects ``(S, T, D)``, as :meth:`.works.Pipeline.key_pool`
        has it."""
        pool = self.scenario.pool
        if pool is None:
            return np.zeros_like(free)
        keyed = reduce(
            np.add, [planned[j] for j in np.flatnonzero(self.named.key)], np.zeros((self.years, 1))
        )
        whole = _sum(free)
        total = self.values(pool.investment) * _sum(money) / self.totals[0]
        wanted = np.clip(total - keyed, 0.0, whole)
        there = whole > 0
        return np.asarray(free * np.where(there, wanted / np.where(there, whole, 1.0), 0.0))

    def _named(self, timing: Timing) -> Mapping[str, Mapping[str, FloatArray]]:
        """New output or capacity of named projects by sector and year."""
        found: dict[str, dict[str, FloatArray]] = {}
        for j, project in enumerate(self.named.plans):
            adds = self.scenario.projects[project.id].adds
            if adds is None or not (self.named.output[j] > 0).any():
                continue
            new = self.named.output[j] * np.diff(timing.online[j], axis=0)
            own = found.setdefault(project.sector, {})
            own[adds.process or ""] = own.get(adds.process or "", np.zeros((self.years, 1))) + new
        return found


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
    def works(self) -> FloatArray:
        """Months of works ``(G, D or 1)``."""
        return self.plan.works * self.slowness


def _fleet(
    named: Named, path: Courses, cancelled: BoolArray, crowd: Crowd | None, scenario: Scenario, draws: int
) -> Fleet:
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
    arrival, approval, start, works = np.empty((4, rows, draws))
    arrival[:count], approval[:count], start[:count], works[:count] = (
        path.arrival,
        path.approval,
        path.start,
        path.works,
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
        np.multiply(crowd.plan.works, crowd.slowness, out=works[count:])
        present[count:] = crowd.plan.present
        running = np.concatenate([running, crowd.plan.under_way])
    return Fleet(arrival, approval, start, works, running, present, money)


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


def _sum(array: FloatArray) -> FloatArray:
    """Sum over the first axis, term by term: the same digits whatever the number of draws."""
    return reduce(np.add, list(array))


def _totals(scenario: Scenario, values: Values) -> FloatArray:
    """Planned nominal investment of years 1..T, ``(T, D)``, 亿元."""
    first = values(scenario.accounts.fai) * (1 + values(scenario.investment.growth) / 100)
    later = 1 + values(scenario.investment.later) / 100
    path = [first]
    for _ in range(scenario.years.horizon - 1):
        path.append(path[-1] * later)
    return np.stack(np.broadcast_arrays(*path))


def _normal(scenario: Scenario, values: Values) -> FloatArray:
    """All investment of the base year, the year before, ... ``(S, L, D)``, 亿元."""
    path = [base_investment(scenario, values)]
    for _ in range(LAGS - 1):
        path.append(path[-1] / (1 + values(scenario.investment.before) / 100))
    return np.stack(np.broadcast_arrays(*path), axis=1)
