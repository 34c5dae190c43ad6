"""All projects on their way through desks, builders and money, in all draws at once.

The dates are those of :func:`.projects.queue.run_jobs`, event for event. Everything is maxima and sums of
months, so a project that begins at S ends at ``max(S + works, floor)``, where ``floor`` is the largest over
its tranches of the month at which the money for one has come, plus the works from there to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ...models.project import HAIR
from ...models.quantity import BoolArray, FloatArray
from .queue import TRANCHE
from .queue_arrays import covered, serve

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ProjectBatch:
    """Projects in the order in which ties are broken; draws last: ``(J, D)`` unless said otherwise.

    Attributes
    ----------
    arrival, approval, start, works
        Unhindered month at the desk, months there (0: none needed), month of start, months of works.
    under_way
        Whether works are going on at month 0, ``(J,)``.
    present
        Whether it is there at all; a cancelled project is not.
    money
        What each fund has to pay for the first M projects, money, ``(M, D)``.
    """

    arrival: FloatArray
    approval: FloatArray
    start: FloatArray
    building: FloatArray
    under_way: BoolArray
    present: BoolArray
    money: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Shared:
    """What they share, by draw ``(D,)``: desks, builders, money of each fund a year; none stands for no
    shortage."""

    approvals: Counts | None = None
    builders: Counts | None = None
    funds: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Dates:
    """Months at which each project got there, ``(J, D)``; a month at or beyond the horizon is never.

    ``approved`` is ``-inf`` for projects that need no approval; ``unhindered`` is the start where nothing is
    scarce, ``inf`` for a project that is not there. ``paid`` are the months at which the tranches of the
    first M projects begin, ``(K, M, D)``; ``approval`` are the months at the desk.
    """

    approval: FloatArray
    approved: FloatArray
    unhindered: FloatArray
    started: FloatArray
    commissioned: FloatArray
    paid: FloatArray

    @property
    def desk(self) -> FloatArray:
        """Months at which each project's turn at the desk came."""
        return self.approved - self.approval


def schedule(batch: ProjectBatch, shared: Shared, horizon: float) -> Dates:
    """Run all projects through the shared resources up to the horizon, months."""
    there = batch.start < horizon
    there &= batch.present
    start = batch.start if there.all() else np.where(there, batch.start, np.inf)
    approved = _approve(batch, there, shared, horizon)
    ready = np.maximum(approved, start)
    paid_for = _paid_for(batch, start, shared, horizon)
    floor = _floor(batch, paid_for)
    started = ready
    if shared.builders is not None:
        started = _build(batch, start, ready, floor, shared.builders, horizon)
    ends = started + batch.building
    if floor is not None:
        np.maximum(ends[: len(floor)], floor, out=ends[: len(floor)])
    return Dates(batch.approval, approved, start, started, ends, _tranches(started, paid_for))


def _approve(batch: ProjectBatch, there: BoolArray, shared: Shared, horizon: float) -> FloatArray:
    """Months of approval; ``-inf`` for projects that need none, ``inf`` for those that are not there."""
    approved = np.full(there.shape, -np.inf)
    asks = batch.approval > 0
    rows = np.flatnonzero(asks.any(axis=1))
    need, at, asks = batch.approval[rows], batch.arrival[rows], asks[rows]
    np.copyto(at, np.inf, where=~(asks & there[rows]))
    if shared.approvals is not None:
        at = serve(at, at, need, None, shared.approvals, np.empty((0, there.shape[1])), horizon)
    need += at
    if not asks.all():
        np.copyto(need, -np.inf, where=~asks)
    approved[rows] = need
    return approved


def _build(
    batch: ProjectBatch,
    start: FloatArray,
    ready: FloatArray,
    floor: FloatArray | None,
    builders: Counts,
    horizon: float,
) -> FloatArray:
    """Months at which works begin, in place of ``ready``; those under way hold their builders and need no
    ticket."""
    running, coming = np.flatnonzero(batch.under_way), np.flatnonzero(~batch.under_way)
    held = ready[running] + batch.building[running]
    least = None
    if floor is not None:
        paying = batch.under_way[: len(floor)]
        own, least = held[: int(paying.sum())], floor[~paying]
        np.maximum(own, floor[paying], out=own)
    np.copyto(held, -np.inf, where=start[running] == np.inf)
    ready[coming] = serve(
        start[coming], ready[coming], batch.building[coming], least, builders, held, horizon
    )
    return ready


def tranches(building: FloatArray, most: int) -> FloatArray:
    """Months of each tranche, a year of works at most, ``(K, ...)``; ``K`` is ``most`` or as many as there
    are."""
    count = np.maximum(np.ceil(building / TRANCHE - HAIR), 1.0)
    at = np.arange(min(int(count.max(initial=1.0)), most), dtype=float).reshape(-1, *(1,) * building.ndim)
    return np.asarray(np.where(at < count, np.minimum(TRANCHE, building - TRANCHE * at), 0.0))


def parts(building: FloatArray, months: FloatArray) -> FloatArray:
    """Part of a project's money that each of its tranches takes, ``(K, ...)``."""
    whole = (np.arange(len(months)) == 0).astype(float).reshape(-1, *(1,) * building.ndim)
    return np.where(building > 0, months / np.where(building > 0, building, 1.0), whole)


def _paid_for(batch: ProjectBatch, start: FloatArray, shared: Shared, horizon: float) -> FloatArray:
    """Month at which the money for each tranche of the first M projects has come, ``(K, M, D)``, ``-inf`` for
    none."""
    count = next((len(money) for money in batch.money.values()), 0)
    # a tranche that comes a horizon after the first begins after the horizon
    most = int(np.ceil(horizon / TRANCHE))
    found = np.full(
        (len(tranches(batch.building[:count].max(initial=0.0), most)), *batch.building[:count].shape), -np.inf
    )
    for fund, amount in shared.funds.items():
        if fund not in batch.money:
            continue
        rows = np.flatnonzero((batch.money[fund] > 0).any(axis=1))
        building = batch.building[rows]
        share = parts(building, tranches(building, most))
        month = start[rows] + TRANCHE * np.arange(len(share), dtype=float)[:, None, None]
        known = (month < horizon) & (share > 0)
        month[~known] = np.inf
        need = np.where(known, batch.money[fund][rows] * share, 0.0)
        # draws first, then projects, then tranches: the order in which ties are broken
        month, need = (each.transpose(2, 1, 0).reshape(each.shape[2], -1) for each in (month, need))
        come = covered(month, need, amount).reshape(share.shape[::-1]).transpose(2, 1, 0)
        found[: len(come), rows] = np.maximum(found[: len(come), rows], come)
    return found


def _floor(batch: ProjectBatch, paid_for: FloatArray) -> FloatArray | None:
    """Month before which money lets none of the first M projects end, ``(M, D)``; None where it holds up
    nobody."""
    if not (paid_for > -np.inf).any():
        return None
    at = np.arange(len(paid_for), dtype=float)[:, None, None]
    return np.asarray((paid_for + (batch.building[: paid_for.shape[1]] - TRANCHE * at)).max(axis=0))


def _tranches(started: FloatArray, paid_for: FloatArray) -> FloatArray:
    """Months at which each tranche begins: when its money has come and the tranche before is done."""
    paid = paid_for.copy()
    if len(paid):
        np.maximum(started[: paid.shape[1]], paid[0], out=paid[0])
    for before, after in pairwise(paid):
        np.maximum(before + TRANCHE, after, out=after)
    return paid
