"""All projects on their way through desks, builders and money, in all draws at once.

The dates are those of :func:`.tickets.run_jobs`, event for event. Everything is maxima and sums of months, so a
project that begins at S ends at ``max(S + works, floor)``, where ``floor`` is the largest over its tranches of the
month at which the money for one has come, plus the works from there to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..models.project import HAIR
from ..models.quantity import BoolArray, FloatArray
from .queues import covered, serve
from .tickets import TRANCHE

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fleet:
    """Projects in the order in which ties are broken; draws first: ``(D, J)`` unless said otherwise.

    Attributes
    ----------
    arrival, approval, start, works
        Unhindered month at the desk, months there (0: none needed), month of start, months of works.
    under_way
        Whether works are going on at month 0, ``(J,)``.
    present
        Whether it is there at all; a cancelled project is not.
    money
        What each fund has to pay for the first M projects, 亿元, ``(D, M)``.
    """

    arrival: FloatArray
    approval: FloatArray
    start: FloatArray
    works: FloatArray
    under_way: BoolArray
    present: BoolArray
    money: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Shared:
    """What they share, by draw ``(D,)``: desks, builders, money of each fund a year; none stands for no shortage."""

    approvals: Counts | None = None
    builders: Counts | None = None
    funds: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Dates:
    """Months at which each project got there, ``(D, J)``; a month at or beyond the horizon is never.

    ``desk`` and ``approved`` are ``-inf`` for projects that need no approval. ``paid`` are the months at which the
    tranches of the first M projects begin, ``(D, M, K)``.
    """

    desk: FloatArray
    approved: FloatArray
    started: FloatArray
    commissioned: FloatArray
    paid: FloatArray


def dispatch(fleet: Fleet, shared: Shared, horizon: float) -> Dates:
    """Run all projects through the shared resources up to the horizon, months."""
    there = fleet.present & (fleet.start < horizon)
    start = fleet.start if there.all() else np.where(there, fleet.start, np.inf)
    desk, approved = _approve(fleet, start, shared, horizon)
    ready = np.maximum(approved, start)
    paid_for = _paid_for(fleet, start, shared, horizon)
    floor = _floor(fleet, paid_for)
    started = ready
    if shared.builders is not None:
        started = _build(fleet, start, ready, floor, shared.builders, horizon)
    ends = started + fleet.works
    if floor is not None:
        np.maximum(ends, floor, out=ends)
    return Dates(desk, approved, started, ends, _tranches(started, paid_for))


def _approve(fleet: Fleet, start: FloatArray, shared: Shared, horizon: float) -> tuple[FloatArray, FloatArray]:
    """Months at the desk and of approval."""
    desk, approved = np.full(start.shape, -np.inf), np.full(start.shape, -np.inf)
    columns = np.flatnonzero((fleet.approval > 0).any(axis=0))
    need, arrival, begin = (np.take(each, columns, axis=1) for each in (fleet.approval, fleet.arrival, start))
    asks, comes = need > 0, begin < np.inf
    at = arrival if (asks & comes).all() else np.where(asks & comes, arrival, np.inf)
    if shared.approvals is not None:
        at = serve(at, at, need, None, shared.approvals, np.empty((len(at), 0)), horizon)
    done = at + need
    if not asks.all():
        at, done = (np.where(asks, each, -np.inf) for each in (at, done))
    desk[:, columns], approved[:, columns] = at, done
    return desk, approved


def _build(
    fleet: Fleet, start: FloatArray, ready: FloatArray, floor: FloatArray | None, builders: Counts, horizon: float
) -> FloatArray:
    """Months at which works begin; those under way hold their builders and need no ticket."""
    running, coming = np.flatnonzero(fleet.under_way), np.flatnonzero(~fleet.under_way)
    ends = np.take(ready, running, axis=1) + np.take(fleet.works, running, axis=1)
    if floor is not None:
        np.maximum(ends, np.take(floor, running, axis=1), out=ends)
    there = np.take(start, running, axis=1) < np.inf
    held = ends if there.all() else np.where(there, ends, -np.inf)
    month, turn, works = (np.take(each, coming, axis=1) for each in (start, ready, fleet.works))
    least = None if floor is None else np.take(floor, coming, axis=1)
    started = ready.copy()
    started[:, coming] = serve(month, turn, works, least, builders, held, horizon)
    return started


def tranches(works: FloatArray, most: int) -> FloatArray:
    """Months of each tranche, a year of works at most, ``(..., K)``; ``K`` is ``most`` or as many as there are."""
    count = np.maximum(np.ceil(works / TRANCHE - HAIR), 1.0)
    at = np.arange(min(int(count.max(initial=1.0)), most))
    return np.asarray(np.where(at < count[..., None], np.minimum(TRANCHE, works[..., None] - TRANCHE * at), 0.0))


def parts(works: FloatArray, months: FloatArray) -> FloatArray:
    """Part of a project's money that each of its tranches takes, ``(..., K)``."""
    whole = (np.arange(months.shape[-1]) == 0).astype(float)
    length = works[..., None]
    return np.where(length > 0, months / np.where(length > 0, length, 1.0), whole)


def _paid_for(fleet: Fleet, start: FloatArray, shared: Shared, horizon: float) -> FloatArray:
    """Month at which the money for each tranche of the first M projects has come, ``(D, M, K)``, ``-inf`` for none."""
    count = next((money.shape[1] for money in fleet.money.values()), 0)
    works = fleet.works[:, :count]
    # a tranche that comes a horizon after the first begins after the horizon
    part = parts(works, tranches(works, int(np.ceil(horizon / TRANCHE))))
    found = np.full(part.shape, -np.inf)
    for fund, amount in shared.funds.items():
        if fund not in fleet.money:
            continue
        columns = np.flatnonzero((fleet.money[fund] > 0).any(axis=0))
        share, begin = part[:, columns], start[:, columns]
        month = begin[:, :, None] + TRANCHE * np.arange(part.shape[2])
        known = (month < horizon) & (share > 0)
        need = np.where(known, fleet.money[fund][:, columns, None] * share, 0.0)
        flat = (len(works), need.shape[1] * need.shape[2])
        come = covered(np.where(known, month, np.inf).reshape(flat), need.reshape(flat), amount).reshape(need.shape)
        found[:, columns] = np.maximum(found[:, columns], come)
    return found


def _floor(fleet: Fleet, paid_for: FloatArray) -> FloatArray | None:
    """Month before which money lets no project end, ``(D, J)``; None where money holds up nobody."""
    if not (paid_for > -np.inf).any():
        return None
    floor = np.full(fleet.works.shape, -np.inf)
    left = fleet.works[:, : paid_for.shape[1], None] - TRANCHE * np.arange(paid_for.shape[2])
    floor[:, : paid_for.shape[1]] = (paid_for + left).max(axis=2, initial=-np.inf)
    return floor


def _tranches(started: FloatArray, paid_for: FloatArray) -> FloatArray:
    """Months at which each tranche begins: when its money has come and the tranche before is done."""
    paid = paid_for.copy()
    if paid.shape[2]:
        paid[:, :, 0] = np.maximum(started[:, : paid.shape[1]], paid[:, :, 0])
    for k in range(1, paid.shape[2]):
        paid[:, :, k] = np.maximum(paid[:, :, k - 1] + TRANCHE, paid[:, :, k])
    return paid
