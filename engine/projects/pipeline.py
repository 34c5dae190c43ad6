"""The project pipeline: 核准 → 开工 → 纳统 → 投产 → 达产, from plans and draws to investment and output on
line.

Durations are drawn first; then every job runs through the shared resources (:mod:`.queue`), where named
projects come before the pool's; then money and output are booked by month and year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...models.pool import Generics, PoolDurations, generic_projects, pool_kernel
from ...models.project import (
    HAIR,
    Course,
    Durations,
    PipelineResult,
    PoolPlan,
    ProjectPlan,
    Resources,
    central_durations,
    count_registered,
    course,
    draw_durations,
    draw_pert,
    online,
    placed,
    yearly,
)
from ...models.quantity import FloatArray
from .queue import TRANCHE, Job, Tranche, run_jobs


def run_pipeline(
    projects: Sequence[ProjectPlan],
    pool: PoolPlan | None,
    resources: Resources | None,
    years: int,
    sectors: Sequence[str],
    rng: np.random.Generator | None = None,
) -> PipelineResult:
    """Take all projects through approval, works and commissioning, and book their investment by month.

    Parameters
    ----------
    projects : named projects, in the order in which ties are broken.
    pool : the unnamed key projects; its ``investment`` scales amounts and never moves a date.
    resources : what is shared; None for no shortage of anything.
    years : horizon T.
    sectors : order of the rows of ``pool.investment``.
    rng : draws durations, slips and cancellations; None takes the central ones.
    """
    return book(timetable(projects, pool, resources, years, rng), pool, years, sectors)


@dataclass(frozen=True)
class Timetable:
    """The dates of all projects: what does not depend on how much money the pool gets."""

    projects: tuple[ProjectPlan, ...]
    courses: tuple[Course, ...]
    durations: Durations
    named: tuple[Job, ...]
    generics: Generics
    building: FloatArray
    unnamed: tuple[Job, ...]


def timetable(
    projects: Sequence[ProjectPlan],
    pool: PoolPlan | None,
    resources: Resources | None,
    years: int,
    rng: np.random.Generator | None = None,
    drawn: tuple[Durations, PoolDurations] | None = None,
) -> Timetable:
    """Take all projects through their stages; arguments as for :func:`run_pipeline`.

    ``drawn`` are durations found elsewhere, of named and of unnamed projects; ``rng`` is then not asked.
    """
    resources = resources or Resources()
    generics = _no_generics() if pool is None else generic_projects(pool, projects, years)
    if drawn is not None:
        durations, own = drawn
        approval, building, slip = own.approval, generics.building * own.stretch, own.slip
    elif rng is None:
        durations = central_durations(projects)
        approval, building, slip = _central_pool(pool, generics)
    else:
        durations = draw_durations(projects, rng)
        approval, building, slip = _draw_pool(pool, generics, rng)
    courses = [course(p, durations, j) for j, p in enumerate(projects)]
    named = [_named_job(p, path) for p, path in zip(projects, courses, strict=True)]
    unnamed = _pool_jobs(generics, approval, building, slip)
    queued = [
        job
        for job, p, path, off in zip(named, projects, courses, durations.cancelled, strict=True)
        if p.stage != "commissioned" and path.part > 0 and not off
    ]
    run_jobs(queued + unnamed, resources, 12.0 * years)
    return Timetable(
        tuple(projects), tuple(courses), durations, tuple(named), generics, building, tuple(unnamed)
    )


def book(dates: Timetable, pool: PoolPlan | None, years: int, sectors: Sequence[str]) -> PipelineResult:
    """Investment and output on line that follow from the dates and the pool's money."""
    return _collect(
        dates.projects,
        dates.courses,
        dates.durations,
        dates.named,
        pool,
        dates.generics,
        dates.building,
        dates.unnamed,
        years,
        tuple(sectors),
    )


def _named_job(project: ProjectPlan, path: Course) -> Job:
    """The works of a named project, cut into tranches of a year each with its money."""
    count = max(int(np.ceil(path.building / TRANCHE - HAIR)), 1)
    tranches: list[Tranche] = []
    for k in range(count):
        months = min(TRANCHE, path.building - TRANCHE * k)
        amount = project.remaining * path.part * (months / path.building if path.building > 0 else 1.0)
        money = {fund: share * amount for fund, share in project.funds.items()}
        tranches.append(Tranche(months, amount, money))
    return Job(path.arrival, path.approval, path.start, project.under_way, tuple(tranches))


def _pool_jobs(generics: Generics, approval: FloatArray, building: FloatArray, slip: FloatArray) -> list[Job]:
    """The pool's projects; those that start soon after month 0 stand at the desk already."""
    start = np.where(generics.under_way, 0.0, np.maximum(generics.start + slip, 0.0))
    desk = np.where(generics.under_way, 0.0, np.minimum(approval, start))
    arrival, running = (start - desk).tolist(), generics.under_way.tolist()
    columns = zip(arrival, desk.tolist(), start.tolist(), running, strict=True)
    nothing: dict[str, float] = {}
    return [
        Job(*column, (Tranche(months, 0.0, nothing),))
        for column, months in zip(columns, building.tolist(), strict=True)
    ]


def _no_generics() -> Generics:
    """No unnamed projects at all."""
    return Generics(np.empty(0), np.empty(0), np.empty(0, dtype=bool))


def _central_pool(pool: PoolPlan | None, generics: Generics) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Central approval time, works and slip of the pool's projects."""
    count = len(generics.start)
    approval, slip = (pool.approval, pool.slip) if pool else (0.0, 0.0)
    return np.full(count, approval), generics.building, np.full(count, slip)


def _draw_pool(
    pool: PoolPlan | None, generics: Generics, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Drawn approval time, works and slip of the pool's projects; works stretch as construction does."""
    if pool is None:
        return _central_pool(pool, generics)
    approval, construction, slip = (
        draw_pert(getattr(pool, name), pool.spread.get(name), rng, len(generics.start))
        for name in ("approval", "construction", "slip")
    )
    return approval, generics.building * construction / max(pool.construction, HAIR), slip


def _collect(  # noqa: PLR0913  (each is a fact of its own)
    projects: Sequence[ProjectPlan],
    courses: Sequence[Course],
    durations: Durations,
    named: Sequence[Job],
    pool: PoolPlan | None,
    generics: Generics,
    building: FloatArray,
    unnamed: Sequence[Job],
    years: int,
    sectors: tuple[str, ...],
) -> PipelineResult:
    """Turn the dates of all projects into money by month and output on line by year."""
    horizon = 12.0 * years
    dates = _named_dates(projects, courses, named, durations.ramp_up)
    before = np.array([p.invest * p.worked for p in projects])
    investment = _named_investment(named, dates["registered"], years, before)
    left = (
        np.array([p.remaining * path.part for p, path in zip(projects, courses, strict=True)])
        * ~durations.cancelled
    )
    left += np.where(dates["registered"] >= -HAIR, before, 0.0)
    remaining = np.maximum(left - investment.sum(axis=1), 0.0)
    share_online = online(dates["commissioned"], durations.ramp_up, years)
    pool_dates = {
        "started": np.array([job.started for job in unnamed]),
        "commissioned": np.array([job.commissioned for job in unnamed]),
    }
    kernel = pool_kernel(generics, pool_dates["started"], building, years)
    plan = np.zeros((len(sectors), years)) if pool is None else np.asarray(pool.investment, dtype=float)
    if plan.shape != (len(sectors), years):
        raise ValueError(f"the pool's investment has shape {plan.shape}, expected {(len(sectors), years)}")
    pool_investment = plan @ kernel
    realised = np.divide(yearly(pool_investment), plan, out=np.ones_like(plan), where=plan > 0)
    key = np.array([p.key for p in projects], dtype=bool)
    new = np.array([p.ahead for p in projects], dtype=bool)
    return PipelineResult(
        ids=tuple(p.id for p in projects),
        sectors=sectors,
        dates={name: np.where(date < horizon, date, np.inf) for name, date in dates.items()},
        waits=_waits(named),
        cancelled=durations.cancelled,
        investment=investment,
        remaining=remaining,
        share_online=share_online,
        pool_kernel=kernel,
        pool_investment=pool_investment,
        pool_realised=realised,
        pool_dates=pool_dates,
        pool_waits=_waits(unnamed),
        starts={
            "named": _per_year(dates["started"][key & new], years),
            "pool": _per_year(pool_dates["started"][~generics.under_way], years),
        },
        completions={
            "named": _per_year(dates["commissioned"][key], years),
            "pool": _per_year(pool_dates["commissioned"], years),
        },
        by_fund=_by_fund(
            projects,
            _named_investment(named, dates["registered"], years, 0.0 * before),
            pool,
            pool_investment,
        ),
    )


def _named_dates(
    projects: Sequence[ProjectPlan], courses: Sequence[Course], jobs: Sequence[Job], ramp_up: FloatArray
) -> dict[str, FloatArray]:
    """Months at which each named project reached each stage; a cancelled one never does."""
    rows: list[tuple[float, float, float, float]] = []
    for project, path, job in zip(projects, courses, jobs, strict=True):
        if project.ahead:
            approved = job.approved if path.approval > 0 else -np.inf
            finished = job.commissioned if path.part == 1.0 else np.inf
            rows.append((approved, job.started, path.registered + (job.started - path.start), finished))
        else:
            finished = path.commissioned if project.stage == "commissioned" else job.commissioned
            rows.append((-np.inf, project.begins, path.registered, finished if path.part == 1.0 else np.inf))
    table = np.array(rows, dtype=float).reshape(-1, 4).T
    dates = dict(zip(("approved", "started", "registered", "commissioned"), table, strict=True))
    return dates | {"full_load": dates["commissioned"] + ramp_up}


def _named_investment(
    jobs: Sequence[Job], registered: FloatArray, years: int, before: FloatArray
) -> FloatArray:
    """Monthly investment of each named project; ``before``: in place at month 0."""
    at = np.arange(12 * years + 1, dtype=float)
    cumulated = np.zeros((len(jobs), len(at)))
    pieces = [
        (j, begin, begin + tranche.months, tranche.amount)
        for j, job in enumerate(jobs)
        for begin, tranche in zip(job.paid, job.tranches, strict=False)
    ]
    if pieces:
        owner, begin, end, amount = np.array(pieces, dtype=float).T
        np.add.at(cumulated, owner.astype(int), placed(begin, end, amount, at))
    return count_registered(cumulated, registered, before)


def _waits(jobs: Sequence[Job]) -> dict[str, FloatArray]:
    """Months that each project waited for a desk, a builder, money; ``inf`` where the horizon cut it."""
    queued = np.array([job.queued for job in jobs], dtype=bool)
    months = [(job.arrival, job.approval, job.start, job.desk, job.approved, job.started) for job in jobs]
    arrival, approval, start, desk, approved, started = np.array(months, dtype=float).reshape(-1, 6).T
    at_desk = np.where((approval > 0) & queued, desk - arrival, 0.0)
    ready = np.where(approval > 0, np.maximum(approved, start), start)
    for_builder = np.where(np.isfinite(ready) & queued, started - np.minimum(ready, 1e6), 0.0)
    for_money = np.zeros(len(jobs))
    for j, job in enumerate(jobs):
        if job.money_tickets and job.paid:
            worked = sum(tranche.months for tranche in job.tranches[: len(job.paid) - 1])
            for_money[j] = job.paid[-1] - job.started - worked
    return {
        "approval": np.maximum(at_desk, 0.0),
        "start": np.maximum(for_builder, 0.0),
        "money": np.maximum(for_money, 0.0),
    }


def _per_year(dates: FloatArray, years: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Number of dates in each of the years 1..T."""
    return np.histogram(dates[np.isfinite(dates)] + HAIR, bins=12.0 * np.arange(years + 1))[0].astype(
        np.int64
    )


def _by_fund(
    projects: Sequence[ProjectPlan],
    investment: FloatArray,
    pool: PoolPlan | None,
    pool_investment: FloatArray,
) -> dict[str, FloatArray]:
    """Investment of each month by the fund that pays it, named projects and pool together."""
    total: dict[str, FloatArray] = {}
    for project, monthly in zip(projects, investment, strict=True):
        for fund, share in project.funds.items():
            total[fund] = total.get(fund, 0.0) + share * monthly
    if pool is not None:
        for fund, share in pool.funds.items():
            total[fund] = total.get(fund, 0.0) + share * pool_investment.sum(axis=0)
    return total
