"""The named projects of a scenario in all draws at once: what is planned, and what they do in each draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ..models.project import HAIR, ProjectPlan
from ..models.quantity import BoolArray, FloatArray, Quantity, Values
from ..scenarios.schema import Project, Scenario
from .fleet import parts, tranches
from .works import project_plans


@dataclass(frozen=True)
class Named:
    """Named projects; arrays are ``(P, D or 1)`` unless said otherwise.

    Dates of the plan are those of its central durations: a project that turns out slower was not planned to be.

    Attributes
    ----------
    plans
        The projects as planned, all numbers central.
    begins, ends, remaining
        Start and commissioning as planned, months, and money still to be spent at month 0, 亿元.
    approval, registration, construction, ramp_up, slip
        Months in each draw.
    share
        Part of the money that each fund pays, by fund.
    output
        Output or capacity at full load.
    """

    plans: tuple[ProjectPlan, ...]
    invest: FloatArray
    begins: FloatArray
    ends: FloatArray
    remaining: FloatArray
    approval: FloatArray
    registration: FloatArray
    construction: FloatArray
    ramp_up: FloatArray
    slip: FloatArray
    share: dict[str, FloatArray]
    output: FloatArray
    cancel: FloatArray

    def has(self, *stages: str) -> BoolArray:
        """Which projects have reached one of the stages, ``(P,)``."""
        return np.array([plan.stage in stages for plan in self.plans], dtype=np.bool_)

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
    """What projects do when nothing hinders them, ``(P, D or 1)``; fields as in :class:`..models.project.Course`."""

    arrival: FloatArray
    approval: FloatArray
    start: FloatArray
    works: FloatArray
    registered: FloatArray


class _Same:
    """A scenario that is compared by what it is, not by all that it says."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scenario is self.scenario

    def __hash__(self) -> int:
        return id(self.scenario)


@lru_cache(maxsize=4)
def _central(same: _Same) -> tuple[ProjectPlan, ...]:
    """The projects as planned, made once for all blocks of draws."""
    return project_plans(same.scenario, Values())


def named_projects(scenario: Scenario, values: Values) -> Named:
    """Named projects with every number as ``values`` gives it, kept inside what a project can be."""
    plans = _central(_Same(scenario))
    stated = list(scenario.projects.values())
    nothing = np.zeros(1)

    def rows(quantities: Iterable[Quantity | None], least: float = 0.0) -> FloatArray:
        """Values of a number of every project, 0 for one that states none, and no less than the least."""
        found = _table([nothing if each is None else values(each) for each in quantities])
        return np.maximum(found, least, out=found)

    months = {name: rows(getattr(p.months, name) for p in stated)
              for name in ("approval", "registration", "construction", "ramp_up")}
    invest = rows(p.invest for p in stated)
    begins, ends, left = (_table(each) for each in zip(
        *(_planned(plan, p, values) for plan, p in zip(plans, stated, strict=True)), strict=True)
    ) if plans else (_table(()),) * 3
    funds = dict.fromkeys(fund for p in stated for fund in p.funds)
    share = {fund: rows(p.funds.get(fund) for p in stated) / 100 for fund in funds}
    return Named(
        plans, invest, begins, ends, invest * left, **months, slip=rows((p.slip for p in stated), -np.inf), share=share,
        output=rows((p.adds.output or p.adds.capacity) if p.adds else None for p in stated),
        cancel=rows((p.cancel for p in stated), -np.inf) / 100,
    )


def _table(rows: Sequence[FloatArray]) -> FloatArray:
    """Numbers of projects, each ``(D,)`` or ``(1,)``, as one array ``(P, D or 1)``."""
    found = np.empty((len(rows), max(map(len, rows), default=1)))
    for at, each in enumerate(rows):
        found[at] = each
    return found


def _planned(plan: ProjectPlan, stated: Project, values: Values) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Start, end and the part of the money still to be spent; only ``done`` may move them from the central plan."""
    begins, ends = np.array([plan.begins]), np.array([plan.ends])
    if stated.done is None:
        return begins, ends, np.array([plan.remaining / plan.invest if plan.invest > 0 else 0.0])
    done = np.clip(values(stated.done) / 100, 0.0, 1.0)
    if plan.under_way and plan.start is None and plan.finish is None:
        begins = -done * plan.construction
        ends = begins + plan.construction
    return begins, ends, np.zeros(1) if plan.stage == "commissioned" else 1.0 - done


def courses(named: Named, shifts: FloatArray) -> Courses:
    """The course of every project that never queues, as :func:`..models.project.course` has it, ``shifts`` ``(P,)``."""
    central = np.array([plan.construction for plan in named.plans]).reshape(-1, 1)
    stretch = np.where(central > 0, named.construction / np.where(central > 0, central, 1.0), 1.0)
    return _course(named, shifts, stretch, named.slip, named.approval, named.registration, named.has("planned"))


def _course(
    named: Named, shifts: FloatArray, stretch: FloatArray, slip: FloatArray, approval: FloatArray,
    registration: FloatArray, asks: BoolArray,
) -> Courses:
    begins, ends = named.begins, named.ends
    running, done, asks = (each[:, None] for each in (named.under_way, named.has("commissioned"), asks))
    needed = np.where(asks, approval, 0.0)
    planned = np.maximum(begins + shifts[:, None], 0.0)
    arrival = np.where(asks, np.maximum(planned - needed, 0.0), 0.0)
    start = np.where(asks, np.maximum(planned, arrival + needed), planned)
    start = np.where(running, 0.0, np.where(done, np.minimum(ends, 0.0), start))
    works = np.where(
        running, np.minimum(ends, 0.0) + np.maximum(ends, 0.0) * stretch + slip, (ends - begins) * stretch + slip
    )
    works = np.where(done, 0.0, np.maximum(works, 0.0))
    on = np.where(running, np.maximum(begins + registration, 0.0), start + registration)
    registered = np.where(named.has("registered", "commissioned")[:, None], -np.inf, on)
    return Courses(arrival, needed, start, works, registered)


def planned_spending(named: Named, shifts: FloatArray, years: int) -> FloatArray:
    """Spending by year as the plan is written, without slip, queue or late approval, ``(P, T, D or 1)``, 亿元."""
    one = np.ones((len(named.plans), 1))
    registration = np.array([plan.registration for plan in named.plans]).reshape(-1, 1)
    path = _course(named, shifts, one, 0 * one, 0 * one, registration, named.has())
    length = np.maximum(path.works, HAIR)

    ends = 12.0 * np.arange(years + 1)[:, None, None]
    return _counted(named.remaining * np.clip((ends - path.start) / length, 0.0, 1.0), path.registered)


def spending(
    remaining: FloatArray, works: FloatArray, paid: FloatArray, registered: FloatArray, years: int
) -> FloatArray:
    """Spending by year as the statistics see it, ``(P, T, D)``: tranche by tranche, nothing before registration.

    ``paid`` are the months at which the tranches begin, ``(K, P, D)``.
    """
    months = tranches(works, len(paid))
    ends = 12.0 * np.arange(1, years + 1)[:, None, None]
    placed = np.zeros((years + 1, *works.shape))  # up to month 0, where nothing is, and to the end of each year
    for k, (share, length, begin) in enumerate(zip(parts(works, months), months, paid, strict=True)):
        amount = remaining * share
        rows = np.flatnonzero((amount > 0).any(axis=1))
        done = ends[k:] - np.minimum(begin[rows], 1e6)  # tranche k begins in year k + 1 or later
        done *= 1.0 / np.maximum(length[rows], HAIR)
        np.clip(done, 0.0, 1.0, out=done)
        done *= amount[rows]
        placed[k + 1:, rows] += done
    return _counted(placed, registered)


def _counted(placed: FloatArray, registered: FloatArray) -> FloatArray:
    """Spending by year ``(P, T, D)`` from what is placed up to its ends ``(T+1, P, D)``: nothing before registration."""
    since = registered + HAIR
    ends = [np.where(12.0 * year > since, each, 0.0) for year, each in enumerate(placed)]
    found = np.empty((len(since), len(ends) - 1, placed.shape[2]))
    for year, (before, later) in enumerate(pairwise(ends)):
        np.subtract(later, before, out=found[:, year])
    return found


def online(commissioned: FloatArray, ramp_up: FloatArray, years: int) -> FloatArray:
    """Share of full-load output on line in the years 0..T, ``(P, T+1, D)``, as :func:`..models.project.ramp_average`.

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
