"""Investment projects and the statistical pool: what they plan, and what they do when nothing hinders them.

Time is in months; 0 is 1 January of the year after the base year, and year y covers months 12(y-1) to 12y,
so that the base year (y = 0) lies between -12 and 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from .quantity import FloatArray

Stage = Literal["planned", "approved", "started", "registered", "commissioned"]
Bounds = tuple[float, float]
DURATIONS = ("approval", "registration", "construction", "ramp_up", "slip")
HAIR = 1e-9
"""Months (or shares) below which two dates (or sums) are the same: rounding must not cost a month."""


@dataclass(frozen=True)
class ProjectPlan:
    """A named project (重点项目) as planned: its money, its dates, the stage it has reached.

    Parameters
    ----------
    invest : total investment; ``done`` the share of it in place before month 0 (none: by time elapsed).
    stage : stage reached when the base year ended.
    start, finish : planned or past start of works and commissioning, months; a missing one follows from the
        other and ``construction``.
    approval, registration, construction, ramp_up : central durations, months; ``slip`` adds to construction.
    funds : share of the investment that each fund pays; what is left over never waits for money.
    output : what it adds at full load, in the caller's unit.
    earliest : earliest start of works that is allowed, months; none forbids an earlier start than planned.
    shift : months by which a decision moves start and finish, only before works have started.
    spread : low and high of durations in doubt (PERT), by the names in ``DURATIONS``.
    cancel : probability that it never starts, only before works have started.
    usual : months by which works of its kind have come late so far; how far it is, where nobody says, is read
    from it.
    stop : month from which nothing more is done on it (取消); what was spent brings nothing.
    decided : months by which a decision that the scenario states has moved its dates from those of the list.
    """

    id: str
    sector: str
    invest: float
    stage: Stage = "planned"
    done: float | None = None
    start: float | None = None
    finish: float | None = None
    approval: float = 0.0
    registration: float = 0.0
    construction: float = 12.0
    ramp_up: float = 0.0
    slip: float = 0.0
    funds: Mapping[str, float] = field(default_factory=dict)
    key: bool = True
    output: float = 0.0
    earliest: float | None = None
    shift: float = 0.0
    spread: Mapping[str, Bounds] = field(default_factory=dict)
    cancel: float = 0.0
    usual: float = 0.0
    stop: float | None = None
    decided: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no project can be.

        Raises
        ------
        ValueError
            A negative duration or amount, a share outside 0 to 1, or a spread around an unknown duration.
        """
        if min(self.invest, self.approval, self.registration, self.construction, self.ramp_up) < 0:
            raise ValueError(f"{self.id}: investment and durations must not be negative")
        if not 0 <= (self.done or 0.0) <= 1 or not 0 <= self.cancel <= 1:
            raise ValueError(f"{self.id}: share done and probability of cancelling lie between 0 and 1")
        if unknown := set(self.spread) - set(DURATIONS):
            raise ValueError(f"{self.id}: no duration is called {', '.join(sorted(unknown))}")

    @property
    def under_way(self) -> bool:
        """Whether works are going on at month 0."""
        return self.stage in ("started", "registered")

    @property
    def ahead(self) -> bool:
        """Whether works have not started at month 0."""
        return self.stage in ("planned", "approved")

    @property
    def begins(self) -> float:
        """Start of works as planned or remembered, without ``shift``, months."""
        if self.start is not None:
            return self.start
        if self.finish is not None:
            return self.finish - self.construction - (self.usual if self.stage == "commissioned" else 0.0)
        if self.under_way:
            return -(self.done or 0.0) * self.construction
        if self.stage == "commissioned":  # no date at all: long since at full load
            return -(self.construction + self.ramp_up + 12.0)
        return self.approval if self.stage == "planned" else 0.0

    @property
    def listed(self) -> float:
        """The same as the list has it, before anything was decided."""
        return self.begins - self.decided

    @property
    def ends(self) -> float:
        """Commissioning as planned or remembered, without ``shift`` and slip, months."""
        return self.begins + self.construction if self.finish is None else self.finish

    @property
    def worked(self) -> float:
        """Share of the investment in place at month 0; by the time passed, usual delay included, where nobody
        says."""
        if self.stage == "commissioned":
            return 1.0
        if self.done is not None:
            return self.done
        length = self.ends + self.usual - self.begins
        return min(max(-self.begins / length, 0.0), 1.0) if self.under_way and length > 0 else 0.0

    @property
    def remaining(self) -> float:
        """Investment still to be put in place at month 0, in units of money."""
        return self.invest * (1.0 - self.worked)

    def begun_at(self, month: float) -> ProjectPlan:
        """The same project with all its dates moved so that it begins at a month."""
        by = month - self.begins
        finish = None if self.start is None or self.finish is None else self.finish + by
        return replace(self, start=month, finish=finish, decided=self.decided + by)

    def moved(self, shift: float) -> ProjectPlan:
        """The same project with its start moved by ``shift`` months from the plan."""
        return replace(self, shift=shift)


@dataclass(frozen=True)
class PoolPlan:
    """The key projects that nobody names (其余重点项目), known only by their totals.

    Parameters
    ----------
    projects, starts, completions : numbers in year 1, named key projects included.
    investment : money planned for the projects that are not named, shape (sectors, years).
    approval, construction : durations, months; ``slip`` is the delay of a start.
    funds : share of the investment that each fund pays.
    spread : low and high of ``approval``, ``construction``, ``slip`` where they are in doubt.
    """

    projects: float
    starts: float
    completions: float
    investment: FloatArray
    approval: float = 0.0
    construction: float = 24.0
    slip: float = 0.0
    funds: Mapping[str, float] = field(default_factory=dict)
    spread: Mapping[str, Bounds] = field(default_factory=dict)


@dataclass(frozen=True)
class Resources:
    """What projects share: approval desks, builders, in money; none or missing stands for no shortage.

    ``funds`` is the money of each fund for named projects, money a year, a quarter of it each quarter.
    """

    approvals: int | None = None
    builders: int | None = None
    funds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Durations:
    """The months that each stage of each project takes in one draw; every array has shape (projects,)."""

    approval: FloatArray
    registration: FloatArray
    construction: FloatArray
    ramp_up: FloatArray
    slip: FloatArray
    cancelled: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Course:
    """The course of one project that never has to queue.

    It stands at the approval desk at ``arrival`` for ``approval`` months (0: no approval needed), works begin
    at ``start`` (0 when under way) and last ``building`` months. ``part`` of what was left is done; less than
    all of it where the project is stopped, and none where it is stopped before its works begin.
    """

    arrival: float
    approval: float
    start: float
    building: float
    registered: float
    ramp_up: float
    part: float = 1.0

    @property
    def commissioned(self) -> float:
        """Month of commissioning."""
        return self.start + self.building


def central_durations(projects: Sequence[ProjectPlan]) -> Durations:
    """The central duration of every stage, with nothing cancelled."""
    table = {name: np.array([float(getattr(p, name)) for p in projects]) for name in DURATIONS}
    return Durations(cancelled=np.zeros(len(projects), dtype=bool), **table)


def draw_durations(projects: Sequence[ProjectPlan], rng: np.random.Generator) -> Durations:
    """Draw durations, slips and cancellations, one stream of random numbers per project.

    With a stream of its own, a change to one project leaves the draws of the others alone.
    """
    table = {name: np.empty(len(projects)) for name in DURATIONS}
    cancelled = np.zeros(len(projects), dtype=bool)
    for j, (project, stream) in enumerate(zip(projects, rng.spawn(len(projects)), strict=True)):
        cancelled[j] = stream.random() < project.cancel and project.ahead
        for name in DURATIONS:
            table[name][j] = draw_pert(getattr(project, name), project.spread.get(name), stream, 1)[0]
    return Durations(cancelled=cancelled, **table)


def draw_pert(mode: float, bounds: Bounds | None, rng: np.random.Generator, size: int) -> FloatArray:
    """PERT draws: low + (high - low) Beta(1 + 4 (mode - low)/(high - low), 1 + 4 (high - mode)/(high - low)).

    Source: Malcolm, Roseboom, Clark & Fazar 1959. Without bounds, or with equal ones, every draw is ``mode``.
    """
    if bounds is None or bounds[1] <= bounds[0]:
        return np.full(size, float(mode))
    low, high = bounds
    left = min(max((mode - low) / (high - low), 0.0), 1.0)
    return np.asarray(low + (high - low) * rng.beta(1 + 4 * left, 1 + 4 * (1 - left), size))


def course(project: ProjectPlan, durations: Durations, index: int) -> Course:
    """What the project does when nothing hinders it, given its durations at ``index``.

    A drawn construction time stretches the planned one in proportion; the slip is added to it.
    Works under way end at the planned commissioning plus slip, or at month 0 if that has passed.
    """
    approval, slip = float(durations.approval[index]), float(durations.slip[index])
    registration, ramp_up = float(durations.registration[index]), float(durations.ramp_up[index])
    stretch = float(durations.construction[index]) / project.construction if project.construction else 1.0
    begins, ends = project.begins, project.ends
    if project.stage == "commissioned":
        return Course(0.0, 0.0, min(ends, 0.0), 0.0, -np.inf, ramp_up)
    if project.under_way:
        building = max(0.0, min(ends, 0.0) + max(ends, 0.0) * stretch + slip)
        registered = -np.inf if project.stage == "registered" else begins + registration
        return stopped(Course(0.0, 0.0, 0.0, building, registered, ramp_up), project.stop)
    building = max(0.0, (ends - begins) * stretch + slip)
    start = max(begins + project.shift, 0.0)
    if project.stage == "approved":
        return stopped(Course(0.0, 0.0, start, building, start + registration, ramp_up), project.stop)
    arrival = max(start - approval, 0.0)
    start = max(start, arrival + approval)
    return stopped(Course(arrival, approval, start, building, start + registration, ramp_up), project.stop)


def stopped(path: Course, stop: float | None) -> Course:
    """The course cut off at a month: works up to it are done, the rest never, and nothing is commissioned."""
    if stop is None or stop >= path.start + path.building - HAIR:
        return path
    months = max(stop - path.start, 0.0)
    return replace(path, building=months, part=months / path.building if path.building > 0 else 0.0)


def ramp_average(
    commissioned: FloatArray | float, ramp_up: FloatArray | float, year: npt.NDArray[np.int64] | int
) -> FloatArray:
    """The year's average of a share of full load that rises in a straight line from commissioning on.

    ρ = (R(b - c) - R(a - c)) / 12 with a, b the ends of the year, c the commissioning, r the ramp-up and
    R(x) = 0 for x < 0, x²/2r up to r, x - r/2 beyond: the integral of the line.

    ``commissioned`` and ``ramp_up`` are months of any shapes that broadcast; never commissioned is ``inf``.
    """
    since = 12.0 * np.asarray(year, dtype=float) - np.asarray(commissioned, dtype=float)
    ramp = np.asarray(ramp_up, dtype=float)

    def integral(x: FloatArray) -> FloatArray:
        on_the_way = np.clip(x, 0.0, ramp)  # 0 where there is no ramp
        return np.asarray(on_the_way**2 / np.where(ramp > 0, 2.0 * ramp, 1.0) + np.maximum(x - ramp, 0.0))

    # Dates without bound would give inf - inf; a million months are as good.
    since = np.clip(since, -1e6, 1e6)
    return np.asarray((integral(since) - integral(since - 12.0)) / 12.0)


def placed(begin: FloatArray, end: FloatArray, amount: FloatArray, at: FloatArray) -> FloatArray:
    """Investment put in place up to the moments ``at``, spread evenly from ``begin`` to ``end``.

    Returns
    -------
    shape (pieces, moments), in units of money; a piece without length is placed at once.
    """
    length = np.maximum(end - begin, HAIR)[:, None]
    return np.asarray(amount[:, None] * np.clip((at[None, :] - begin[:, None]) / length, 0.0, 1.0))


def count_registered(cumulated: FloatArray, registered: FloatArray, before: FloatArray) -> FloatArray:
    """Monthly investment in the statistics from investment put in place up to each month's end.

    Nothing counts before the month of registration; in it, everything so far does, what was put in place
    ``before`` month 0 and had not been registered then included.
    """
    at = np.arange(cumulated.shape[1], dtype=float)
    waiting = np.where(registered >= -HAIR, before, 0.0)[:, None]
    return np.diff(np.where(at[None, :] > registered[:, None] + HAIR, cumulated + waiting, 0.0), axis=1)


def yearly(monthly: FloatArray) -> FloatArray:
    """Sums of twelve months along the last axis."""
    return np.asarray(monthly.reshape(*monthly.shape[:-1], monthly.shape[-1] // 12, 12).sum(axis=-1))


def online(commissioned: FloatArray, ramp_up: FloatArray, years: int) -> FloatArray:
    """Share of full-load output on line in the years 0..T, shape (projects, T+1)."""
    return ramp_average(commissioned[:, None], ramp_up[:, None], np.arange(years + 1))


@dataclass(frozen=True)
class PipelineResult:
    """What the pipeline gives: dates, investment put in place, output on line.

    Dates are months, ``inf`` where the horizon ends first or the project is cancelled, ``-inf`` where the
    stage was passed before month 0 on a day that the plan does not state.

    Parameters
    ----------
    dates : ``approved``, ``started``, ``registered``, ``commissioned``, ``full_load`` to (projects,).
    waits : months waited for ``approval`` (a desk), ``start`` (a builder), ``money``; (projects,).
    investment : money per month as the statistics count it, (projects, months); ``remaining`` falls later.
    share_online : share of full-load output on line in the years 0..T, (projects, T+1).
    pool_kernel : share of the pool's plan for a year that is put in place in each month, (T, months).
    pool_investment : money per month, (sectors, months); ``pool_realised`` of each year's plan, (sectors, T).
    starts, completions : projects per year, ``named`` (key ones) and ``pool``, (T,) each.
    by_fund : money per month by fund, named projects and pool, (months,).
    """

    ids: tuple[str, ...]
    sectors: tuple[str, ...]
    dates: Mapping[str, FloatArray]
    waits: Mapping[str, FloatArray]
    cancelled: npt.NDArray[np.bool_]
    investment: FloatArray
    remaining: FloatArray
    share_online: FloatArray
    pool_kernel: FloatArray
    pool_investment: FloatArray
    pool_realised: FloatArray
    pool_dates: Mapping[str, FloatArray]
    pool_waits: Mapping[str, FloatArray]
    starts: Mapping[str, npt.NDArray[np.int64]]
    completions: Mapping[str, npt.NDArray[np.int64]]
    by_fund: Mapping[str, FloatArray]
