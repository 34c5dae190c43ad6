"""Queues in arrays: places handed out by ticket, and money by cumulated need, for all draws at once.

The same discipline as :mod:`.tickets`, event for event, without events. A ticket is served at an order statistic of
the months at which earlier tickets give their places back (Kiefer & Wolfowitz 1955): with ``c`` places, sorted by
the month at which each comes free, a ticket takes the first of them and puts back the month of its own end.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..models.project import HAIR
from ..models.quantity import BoolArray, FloatArray
from .tickets import QUARTER

Keys = npt.NDArray[np.int64]
LAST = np.int64(1) << np.int64(62)
ROUNDING = 1e-3
"""Months within which a quick look cannot tell whether somebody waits."""


def numbered(month: FloatArray, taking: BoolArray) -> Keys:
    """Numbers of tickets by month, to within a hair, ties by place in the list; ``(D, N)`` both.

    Sorted along the last axis they give the order of the tickets: each holds its place in the list in its low bits.
    """
    places = month.shape[-1]
    shift = np.int64(max(places - 1, 1)).item().bit_length()
    hairs = np.where(taking, month, 0.0)
    hairs /= HAIR
    keys = np.rint(hairs, out=hairs).astype(np.int64)
    keys <<= shift
    np.copyto(keys, LAST, where=~taking)
    keys |= np.arange(places, dtype=np.int64)
    return keys


def order(keys: Keys) -> npt.NDArray[np.int64]:
    """Places in the list in the order of their tickets, ``(D, N)``."""
    shift = max(keys.shape[-1] - 1, 1).bit_length()
    return np.asarray(np.sort(keys, axis=-1) & ((1 << shift) - 1))


def serve(
    keys: Keys, ready: FloatArray, busy: FloatArray, floor: FloatArray, capacity: npt.NDArray[np.int64],
    held: FloatArray, horizon: float,
) -> FloatArray:
    """Month at which each holder of a ticket begins: ``max(ready, month at which its ticket is served)``, ``(D, N)``.

    Parameters
    ----------
    keys : tickets by :func:`numbered`.
    ready : month at which the holder comes; ``inf`` for one that never comes.
    busy, floor : a place taken at S comes back at ``max(S + busy, floor)``, ``(D or 1, N)``; beyond the horizon it
        never does.
    capacity : places, ``(D,)``.
    held : months at which the places taken at month 0 come back, ``(D, U)``; ``-inf`` for a holder who is not there.
    """
    if not ready.shape[1]:
        return ready
    line = order(keys)
    turn = np.take_along_axis(ready, line, axis=1)
    places = _places(np.sort(held, axis=1), capacity)
    rows = np.flatnonzero(_binds(turn, np.maximum(ready + busy, floor), places, horizon))
    if not len(rows):
        return ready
    line = line[rows]
    works, least = (np.take_along_axis(np.broadcast_to(each, ready.shape)[rows], line, axis=1).T for each in (busy, floor))
    begun = _recursion(*map(np.ascontiguousarray, (turn[rows].T, works, least, places[rows])))
    found = ready.copy()
    late = np.empty_like(begun)
    np.put_along_axis(late, line, begun, axis=1)
    found[rows] = late
    return found


def _places(given: FloatArray, capacity: npt.NDArray[np.int64]) -> FloatArray:
    """Months at which places come free: ``-inf`` for one that is free, ``inf`` for one that is not there ``(D, C)``.

    Where more are held than there are, so many must first come back without serving anybody.
    """
    holding = (given > -np.inf).sum(axis=1)
    absent = given.shape[1] - holding
    excess = np.maximum(holding - capacity, 0)
    at = np.arange(given.shape[1])
    taken = np.where(at < (absent + excess)[:, None], np.inf, given)
    free = np.maximum(capacity - holding, 0)
    width = int(free.max(initial=0))
    spare = np.where(np.arange(width) < free[:, None], -np.inf, np.inf)
    return np.concatenate([taken, spare], axis=1)


def _binds(turn: FloatArray, back: FloatArray, places: FloatArray, horizon: float) -> BoolArray:
    """Draws in which somebody may have to wait, ``(D,)``.

    If nobody waits, ticket i needs as many places free before it comes as tickets are before it and itself. Places
    given back by later tickets come free no earlier than those are ready: so only months before ``soonest``, the
    first month at which ticket i or any later one is ready, count, and all of them are of earlier tickets.
    Single precision sorts twice as fast; a draw within its rounding is taken as one that binds.
    """
    soonest = np.minimum.accumulate(turn[:, ::-1], axis=1)[:, ::-1]
    free = np.concatenate([places, back], axis=1, dtype=np.float32, casting="same_kind")
    free.sort(axis=1)
    return np.asarray(((free[:, : turn.shape[1]] >= soonest - ROUNDING) & (soonest < horizon)).any(axis=1))


def _recursion(turn: FloatArray, works: FloatArray, least: FloatArray, places: FloatArray) -> FloatArray:
    """Kiefer and Wolfowitz's recursion over the tickets ``(N, R)``, all draws at once; returns ``(R, N)``."""
    begun = turn.copy()
    free = int((places == -np.inf).sum(axis=1).min())
    # the first tickets find a place whatever happens
    back = np.maximum(turn[:free] + works[:free], least[:free]).T
    first = np.argsort(places, axis=1, kind="stable")[:, : back.shape[1]]
    np.put_along_axis(places, first, back, axis=1)
    width = places.shape[1]
    if not width:
        return np.full(begun.T.shape, np.inf)
    base = np.arange(len(places)) * width
    flat = places.reshape(-1)
    at = np.empty(len(places), dtype=np.intp)
    month = np.empty(len(places))
    last = int(np.flatnonzero(np.any(turn < np.inf, axis=1)).max(initial=-1)) + 1
    for i in range(free, last):
        np.argmin(places, axis=1, out=at)
        at += base
        flat.take(at, out=month, mode="clip")
        np.maximum(month, turn[i], out=month)
        begun[i] = month
        month += works[i]
        np.maximum(month, least[i], out=month)
        flat[at] = month
    return np.ascontiguousarray(begun.T)


def covered(keys: Keys, need: FloatArray, amount: FloatArray) -> FloatArray:
    """Month at which money received covers each ticket and all before it, ``(D, N)``; ``-inf`` where it needs none.

    A quarter of a year's ``amount`` ``(D,)`` comes in at the start of each quarter, and what is not used is kept:
    the month is that of the first quarter q with (q + 1) quarters of money >= cumulated need. A hair of money is at
    hand, so that rounding of sums never costs a quarter.
    """
    line = order(keys)
    summed = np.cumsum(np.take_along_axis(need, line, axis=1), axis=1)
    whole = np.empty_like(summed)
    np.put_along_axis(whole, line, summed, axis=1)
    quarter = (amount * QUARTER / 12.0)[:, None]
    lacking = whole - HAIR * np.maximum(amount, 1.0)[:, None]
    fills = np.divide(lacking, quarter, out=np.full_like(lacking, np.inf), where=quarter > 0)
    months = np.where(lacking <= 0, 0.0, QUARTER * np.maximum(np.ceil(fills) - 1.0, 0.0))
    return np.where(need > 0, months, -np.inf)
