"""The statistical pool of key projects that nobody names: stand-ins, and when their money is spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .project import HAIR, PoolPlan, ProjectPlan, placed
from .quantity import FloatArray


@dataclass(frozen=True)
class Generics:
    """The unnamed projects of the pool one by one, as planned; every array has shape (projects,).

    ``start`` is 0 for those under way at month 0, ``building`` their months of construction from there.
    """

    start: FloatArray
    building: FloatArray
    under_way: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PoolDurations:
    """What each unnamed project does in one draw, months ``(projects,)``; ``stretch`` multiplies its
    works."""

    approval: FloatArray
    stretch: FloatArray
    slip: FloatArray


def generic_projects(pool: PoolPlan, named: Sequence[ProjectPlan], years: int) -> Generics:
    """Stand-ins for the unnamed key projects, such that the totals reported for year 1 come out exactly.

    Starts are spread evenly over each year, completions over year 1; the others under way finish one after
    the other until a construction time has passed. Named key projects count inside the totals by their
    plan without ``shift``: bringing one forward must not remove an unnamed one.
    """
    key = [p for p in named if p.key and p.stage != "commissioned"]
    begins = [max(p.listed, 0.0) for p in key if p.ahead]
    begun = [sum(12 * y <= begin < 12 * (y + 1) for begin in begins) for y in range(years)]
    active = begun[0] + sum(p.under_way for p in key)
    finished = sum((p.ends if p.under_way else max(p.listed, 0.0) + p.ends - p.begins) < 12 for p in key)
    total = max(round(pool.projects) - active, 0)
    new = [max(round(pool.starts) - count, 0) for count in begun]
    new[0] = min(new[0], total)
    starts = np.concatenate([12.0 * y + _evenly(count) for y, count in enumerate(new)])
    # Where construction is short, some of year 1's starts complete in it: they are part of its completions.
    quick = int(np.sum(starts + pool.construction < 12.0))
    running = total - new[0]
    complete = min(max(round(pool.completions) - finished - quick, 0), running)
    later = 12.0 + _evenly(running - complete) / 12.0 * max(pool.construction - 12.0, 12.0)
    left = np.concatenate([_evenly(complete), later])
    return Generics(
        start=np.concatenate([np.zeros(running), starts]),
        building=np.concatenate([left, np.full(len(starts), pool.construction)]),
        under_way=np.arange(running + len(starts)) < running,
    )


def _evenly(count: int) -> FloatArray:
    """Months of a year at which ``count`` events fall when they are spread evenly."""
    return (np.arange(count) + 0.5) * 12.0 / max(count, 1)


def pool_kernel(generics: Generics, begun: FloatArray, building: FloatArray, years: int) -> FloatArray:
    """Share of the pool's plan for year t (row) that is put in place in month m (column).

    Each month of works planned in a year carries an equal part of the year's plan, and takes it along when
    the works begin later or take longer. Undelayed, a row adds up to 1 within its own year; delayed money is
    spent later. A year without works of the pool is spread evenly over its months.

    Parameters
    ----------
    begun, building : actual start of works (0 when under way) and months from there, (projects,).

    Returns
    -------
    shape (years, months); all sectors share it, so that investment scales amounts and moves no date.
    """
    rows = [np.repeat(np.eye(years)[t] / 12.0, 12) for t in range(years)]
    if not len(generics.start):
        return np.array(rows).reshape(years, 12 * years)
    at = np.arange(12 * years + 1, dtype=float)
    begun = np.minimum(begun, 1e6)
    stretch = building / np.maximum(generics.building, HAIR)
    for t in range(years):
        low = np.clip(12.0 * t - generics.start, 0.0, generics.building)
        high = np.clip(12.0 * (t + 1) - generics.start, 0.0, generics.building)
        active = high > low
        if active.any():
            share = (high - low)[active] / (high - low)[active].sum()
            begin, end = (begun + low * stretch)[active], (begun + high * stretch)[active]
            rows[t] = np.diff(placed(begin, end, share, at).sum(axis=0))
    return np.array(rows)
