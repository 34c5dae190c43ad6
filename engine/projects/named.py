"""The named projects of a scenario in all draws at once: what is planned, and what they do in each draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from ...models.listing import due
from ...models.project import HAIR, ProjectPlan
from ...models.quantity import BoolArray, Draws, FloatArray, Quantity
from ...scenarios.schema import Project, Scenario
from ..plans import project_plans
from ..remember import remembered
from .batch import parts, tranches
from .queue import TRANCHE


@dataclass(frozen=True)
class Named:
    """Named projects; arrays are ``(P, D or 1)`` unless said otherwise.

    Dates of the plan are those of its central durations: a project that turns out slower was not planned to
    be.

    Attributes
    ----------
    plans
        The projects as planned, all numbers central.
    begins, ends, worked
        Start and commissioning as planned, months, and the share of the money in place at month 0.
    promised
        Commissioning as it was planned up to month 0, by which is seen what is overdue: a decision to finish
        sooner makes nothing overdue.
    approval, registration, construction, ramp_up, slip
        Months in each draw.
    share
        Part of the money that each fund pays, by fund.
    output
        Output or capacity at full load.
    stop
        Month from which nothing more is done; ``inf`` for a project that goes on.
    """

    plans: tuple[ProjectPlan, ...]
    invest: FloatArray
    begins: FloatArray
    ends: FloatArray
    promised: FloatArray
    worked: FloatArray
    approval: FloatArray
    registration: FloatArray
    construction: FloatArray
    ramp_up: FloatArray
    slip: FloatArray
    share: dict[str, FloatArray]
    output: FloatArray
    cancel: FloatArray
    stop: FloatArray

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Rows of the projects by their ids."""
        return {plan.id: at for at, plan in enumerate(self.plans)}

    @property
    def remaining(self) -> FloatArray:
        """Money still to be spent at month 0, in units of money."""
        return self.invest * (1.0 - self.worked)

    @property
    def usual(self) -> FloatArray:
        """Months by which works of their kind have come late so far, ``(P, 1)``."""
        return np.array([plan.usual for plan in self.plans]).reshape(-1, 1)

    @property
    def decided(self) -> FloatArray:
        """Months by which decisions have moved them from the dates of the list, ``(P,)``."""
        return np.array([plan.decided for plan in self.plans])

    @property
    def lasts(self) -> FloatArray:
        """Months from start to commissioning, usual delay included; of a finished project what they were."""
        return self.ends - self.begins + np.where(self.has("commissioned")[:, None], 0.0, self.usual)

    @property
    def makes(self) -> FloatArray:
        """1 for projects that add output or capacity of their own, ``(P, 1)``."""
        return np.array([float(plan.output > 0) for plan in self.plans]).reshape(-1, 1)

    def has(self, *stages: str) -> BoolArray:
        """Which projects have reached one of the stages, ``(P,)``."""
        if stages not in self._reached:
            self._reached[stages] = np.array([plan.stage in stages for plan in self.plans], dtype=np.bool_)
        return self._reached[stages]

    @cached_property
    def _reached(self) -> dict[tuple[str, ...], BoolArray]:
        return {}

    @property
    def ahead(self) -> BoolArray:
        """Which projects have not started at month 0, ``(P,)``."""
        return self.has("planned", "approved")

    @property
    def under_way(self) -> BoolArray:
        """Which projects are under way at month 0, ``(P,)``."""
        return self.has("started", "registered")

    @property
    def key(self) -> BoolArray:
        """Which projects count among the key projects, ``(P,)``."""
        return np.array([plan.key for plan in self.plans], dtype=np.bool_)


@dataclass(frozen=True)
class Courses:
    """What projects do when nothing hinders them, ``(P, D or 1)``; fields as in
    :class:`..models.project.Course`."""

    arrival: FloatArray
    approval: FloatArray
    start: FloatArray
    building: FloatArray
    registered: FloatArray
    part: FloatArray


@remembered(kept=4)
def _central(scenario: Scenario) -> tuple[ProjectPlan, ...]:
    """The projects as planned, made once for all blocks of draws."""
    return project_plans(scenario, Draws())


def named_projects(scenario: Scenario, values: Draws) -> Named:
    """Named projects with every number as ``values`` gives it, kept inside what a project can be."""
    plans = _central(scenario)
    stated = list(scenario.projects.values())

    def rows(quantities: Iterable[Quantity | None], least: float = 0.0) -> FloatArray:
        """Values of a number of every project, 0 for one that states none, and no less than the least."""
        found = values.rows(quantities)
        return np.maximum(found, least, out=found)

    months = {
        name: rows(getattr(p.months, name) for p in stated)
        for name in ("approval", "registration", "construction", "ramp_up")
    }
    invest = rows(p.invest for p in stated)
    begins, ends, worked = _planned(plans, stated, values)
    funds = dict.fromkeys(fund for p in stated for fund in p.funds)
    share = {fund: rows(p.funds.get(fund) for p in stated) / 100 for fund in funds}
    return Named(
        plans,
        invest,
        begins,
        ends,
        ends,
        worked,
        **months,
        slip=rows((p.slip for p in stated), -np.inf),
        share=share,
        output=rows((p.adds.output or p.adds.capacity) if p.adds else None for p in stated),
        cancel=rows((p.cancel for p in stated), -np.inf) / 100,
        stop=np.array([np.inf if plan.stop is None else plan.stop for plan in plans]).reshape(-1, 1),
    )


def _planned(
    plans: Sequence[ProjectPlan], stated: Sequence[Project], values: Draws
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Start, end and the share of the money in place; only ``done`` may move them from the central plan."""

    def column(each: Iterable[float]) -> FloatArray:
        return np.array(list(each), dtype=np.float64).reshape(-1, 1)

    begins, ends, worked, construction = (
        column(getattr(plan, name) for plan in plans) for name in ("begins", "ends", "worked", "construction")
    )
    known = np.array([each.done is not None for each in stated], dtype=np.bool_)[:, None]
    if not known.any():
        return begins, ends, worked
    done = np.clip(values.rows(each.done for each in stated) / 100, 0.0, 1.0)
    undated = [plan.under_way and plan.start is None and plan.finish is None for plan in plans]
    moved = np.array(undated, dtype=np.bool_)[:, None] & known
    if moved.any():
        begins = np.where(moved, -done * construction, begins)
        ends = np.where(moved, begins + construction, ends)
    finished = np.array([plan.stage == "commissioned" for plan in plans], dtype=np.bool_)[:, None]
    return begins, ends, np.where(known, np.where(finished, 1.0, done), worked)


def courses(named: Named, shifts: FloatArray) -> Courses:
    """The course of every project that never queues, as :func:`..models.project.course`; ``shifts`` ``(P,)``
    or ``(P, D)``."""
    central = np.array([plan.construction for plan in named.plans]).reshape(-1, 1)
    stretch = np.where(central > 0, named.construction / np.where(central > 0, central, 1.0), 1.0)
    path = _course(
        named, shifts, stretch, named.slip, named.approval, named.registration, named.has("planned")
    )
    months = np.clip(named.stop - path.start, 0.0, path.building)
    cut = named.stop < path.start + path.building - HAIR
    part = np.where(
        cut, months / np.where(path.building > 0, path.building, 1.0), 1.0
    )  # works of no length: none
    return replace(path, building=np.where(cut, months, path.building), part=part)


def _course(
    named: Named,
    shifts: FloatArray,
    stretch: FloatArray,
    slip: FloatArray,
    approval: FloatArray,
    registration: FloatArray,
    asks: BoolArray,
) -> Courses:
    begins, ends = named.begins, named.ends
    moved = shifts if shifts.ndim > 1 else shifts[:, None]
    running, done, asks = (each[:, None] for each in (named.under_way, named.has("commissioned"), asks))
    needed = np.where(asks, approval, 0.0)
    planned = np.maximum(begins + moved, 0.0)
    arrival = np.where(asks, np.maximum(planned - needed, 0.0), 0.0)
    start = np.where(asks, np.maximum(planned, arrival + needed), planned)
    start = np.where(running, 0.0, np.where(done, np.minimum(ends, 0.0), start))
    building = np.where(
        running,
        np.minimum(ends, 0.0) + np.maximum(ends, 0.0) * stretch + slip,
        (ends - begins) * stretch + slip,
    )
    building = np.where(done, 0.0, np.maximum(building, 0.0))
    on = np.where(running, begins + registration, start + registration)
    registered = np.where(named.has("registered", "commissioned")[:, None], -np.inf, on)
    return Courses(arrival, needed, start, building, registered, np.ones((len(begins), 1)))


@dataclass(frozen=True)
class Due:
    """The plan's money: ``years`` 1..T ``(P, T, D)``, and what should have been in place by month 0 and is
    not ``(P, D)``, in units of money."""

    years: FloatArray
    overdue: FloatArray


def planned_spending(named: Named, shifts: FloatArray, years: int) -> Due:
    """Spending by year as the plan is written, without slip, queue, late approval or a stop.

    Works under way follow the plan's even pace; what they are behind it at month 0 is overdue, and comes on
    top of what is planned for the years, as what slips out of a year falls out of it.
    """
    one = np.ones((len(named.plans), 1))
    registration = np.array([plan.registration for plan in named.plans]).reshape(-1, 1)
    path = _course(named, shifts, one, 0 * one, 0 * one, registration, named.has())
    wanted = due(named.worked, named.begins, named.promised)
    waiting = path.registered >= -HAIR
    length = np.maximum(path.building, HAIR)
    ends = 12.0 * np.arange(years + 1)[:, None, None]
    placed = named.invest * (
        np.where(waiting, wanted, 0.0) + (1.0 - wanted) * np.clip((ends - path.start) / length, 0.0, 1.0)
    )
    late = named.invest * np.where(waiting, 0.0, wanted - named.worked)
    return Due(_counted(placed, path.registered), late)


def spending(
    remaining: FloatArray,
    before: FloatArray,
    building: FloatArray,
    paid: FloatArray,
    registered: FloatArray,
    years: int,
) -> FloatArray:
    """Spending by year as the statistics see it, ``(P, T, D)``: tranche by tranche, nothing before
    registration.

    ``paid`` are the months at which the tranches begin, ``(K, P, D)``; ``before``: money in place at month 0,
    which counts on registration where that is still to come.
    """
    months = tranches(building, len(paid))
    ends = 12.0 * np.arange(1, years + 1)[:, None, None]
    placed = np.zeros((years + 1, *building.shape))  # up to month 0, and to the end of each year
    placed += np.where(registered >= -HAIR, before, 0.0)
    for k, (share, length, begin) in enumerate(zip(parts(building, months), months, paid, strict=True)):
        amount = remaining * share
        rows = np.flatnonzero((amount > 0).any(axis=1))
        done = ends[k:] - np.minimum(begin[rows], 1e6)  # tranche k begins in year k + 1 or later
        done *= 1.0 / np.maximum(length[rows], HAIR)
        np.clip(done, 0.0, 1.0, out=done)
        done *= amount[rows]
        placed[k + 1 :, rows] += done
    return _counted(placed, registered)


def unhindered_spending(named: Named, path: Courses, years: int) -> FloatArray:
    """Spending by year of projects that never queue, ``(P, T, D)``."""
    left, before = named.remaining * path.part, named.invest * named.worked
    shape = np.broadcast_shapes(path.start.shape, path.building.shape, left.shape)
    building = np.broadcast_to(path.building, shape)
    paid = path.start + TRANCHE * np.arange(len(tranches(building, years)))[:, None, None]
    return spending(
        np.broadcast_to(left, shape),
        np.broadcast_to(before, shape),
        building,
        np.broadcast_to(paid, (len(paid), *shape)),
        np.broadcast_to(path.registered, shape),
        years,
    )


def _counted(placed: FloatArray, registered: FloatArray) -> FloatArray:
    """Spending by year ``(P, T, D)`` from what is placed up to its ends ``(T+1, P, D)``: nothing before
    registration."""
    since = registered + HAIR
    ends = [np.where(12.0 * year > since, each, 0.0) for year, each in enumerate(placed)]
    found = np.empty((len(since), len(ends) - 1, placed.shape[2]))
    for year, (before, later) in enumerate(pairwise(ends)):
        np.subtract(later, before, out=found[:, year])
    return found


def online(commissioned: FloatArray, ramp_up: FloatArray, years: int) -> FloatArray:
    """Share of full-load output on line in the years 0..T, ``(P, T+1, D)``, as
    :func:`..models.project.ramp_average`.

    The share's integral up to the end of a year is taken once for the year and once for the next.
    """
    since, per = np.minimum(commissioned, 1e6), 1.0 / np.where(ramp_up > 0, 2.0 * ramp_up, 1.0)
    found = np.empty((len(since), years + 1, since.shape[1]))
    before = np.zeros(since.shape)
    for year in range(-1, years + 1):
        months = 12.0 * year - since
        rising = np.minimum(np.maximum(months, 0.0), ramp_up)
        rising *= rising
        rising *= per
        months -= ramp_up
        rising += np.maximum(months, 0.0, out=months)
        if year >= 0:
            np.subtract(rising, before, out=found[:, year])
        before = rising
    found /= 12.0
    return found
