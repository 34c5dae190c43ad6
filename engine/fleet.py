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
from .queues import covered, numbered, serve
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
    """Months at which each project got there, ``(D, J)``; ``inf`` where the horizon ends first.

    ``paid`` are the months at which the tranches of the first M projects begin, ``(D, M, K)``.
    """

    desk: FloatArray
    approved: FloatArray
    started: FloatArray
    commissioned: FloatArray
    paid: FloatArray


def dispatch(fleet: Fleet, shared: Shared, horizon: float) -> Dates:
    """Run all projects through the shared resources up to the horizon, months."""
    present = fleet.present & (fleet.start < horizon)
    desk, approved = _approve(fleet, present, shared, horizon)
    ready = np.where(fleet.approval > 0, np.maximum(approved, fleet.start), fleet.start)
    ready[~present] = np.inf
    paid_for = _paid_for(fleet, present, shared, horizon)
    floor = _floor(fleet, paid_for)
    started = ready
    if shared.builders is not None:
        started = _build(fleet, present, ready, floor, shared.builders, horizon)
        started[started >= horizon] = np.inf
    ends = np.maximum(started + fleet.works, floor)
    ends[ends >= horizon] = np.inf
    return Dates(desk, approved, started, ends, _tranches(started, paid_for))


def _approve(fleet: Fleet, present: BoolArray, shared: Shared, horizon: float) -> tuple[FloatArray, FloatArray]:
    """Months at the desk and of approval."""
    desk, approved = np.full(fleet.start.shape, np.inf), np.full(fleet.start.shape, np.inf)
    columns = np.flatnonzero((present & (fleet.approval > 0)).any(axis=0))
    need = np.take(fleet.approval, columns, axis=1)
    waiting = np.take(present, columns, axis=1) & (need > 0)
    at = np.where(waiting, np.take(fleet.arrival, columns, axis=1), np.inf)
    if shared.approvals is not None:
        nobody = np.empty((len(at), 0))
        at = serve(numbered(at, waiting), at, need, np.full((1, 1), -np.inf), shared.approvals, nobody, horizon)
        at[at >= horizon] = np.inf
    desk[:, columns] = at
    at = at + need
    at[at >= horizon] = np.inf
    approved[:, columns] = at
    return desk, approved


def _build(
    fleet: Fleet, present: BoolArray, ready: FloatArray, floor: FloatArray, builders: Counts, horizon: float
) -> FloatArray:
    """Months at which works begin; those under way hold their builders and need no ticket."""
    running, coming = np.flatnonzero(fleet.under_way), np.flatnonzero(~fleet.under_way)
    ends = np.maximum(np.take(ready + fleet.works, running, axis=1), np.take(floor, running, axis=1))
    held = np.where(np.take(present, running, axis=1), np.where(ends < horizon, ends, np.inf), -np.inf)
    there = np.take(present, coming, axis=1)
    keys = numbered(np.take(fleet.start, coming, axis=1), there)
    turn, works, least = (np.take(each, coming, axis=1) for each in (ready, fleet.works, floor))
    started = ready.copy()
    started[:, coming] = serve(keys, turn, works, least, builders, held, horizon)
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


def _paid_for(fleet: Fleet, present: BoolArray, shared: Shared, horizon: float) -> FloatArray:
    """Month at which the money for each tranche of the first M projects has come, ``(D, M, K)``, ``-inf`` for none."""
    count = next((money.shape[1] for money in fleet.money.values()), 0)
    works = fleet.works[:, :count]
    # a tranche that comes a horizon after the first begins after the horizon
    part = parts(works, tranches(works, int(np.ceil(horizon / TRANCHE))))
    months = fleet.start[:, :count, None] + TRANCHE * np.arange(part.shape[2])
    known = present[:, :count, None] & (months < horizon) & (part > 0)
    found = np.full(part.shape, -np.inf)
    flat = (len(works), -1)
    keys = numbered(months.reshape(flat), known.reshape(flat)) if count else None
    for fund, amount in shared.funds.items():
        if fund not in fleet.money or keys is None:
            continue
        need = np.where(known, fleet.money[fund][:, :, None] * part, 0.0)
        found = np.maximum(found, covered(keys, need.reshape(flat), amount).reshape(part.shape))
    return np.where(found < horizon, found, np.inf)


def _floor(fleet: Fleet, paid_for: FloatArray) -> FloatArray:
    """Month before which money lets no project end, ``(D, J)``."""
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
