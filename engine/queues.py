"""Queues in arrays: places handed out by ticket, and money by cumulated need, for all draws at once.

The same discipline as :mod:`.tickets`, event for event, without events. A ticket is served at an order statistic of
the months at which earlier tickets give their places back (Kiefer & Wolfowitz 1955): with ``c`` places, each marked
with the month at which it comes free, a ticket takes the first of them and puts back the month of its own end.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..models.project import HAIR
from ..models.quantity import BoolArray, FloatArray
from .tickets import QUARTER

Places = npt.NDArray[np.intp]
FOREVER = 1e6
"""Months that are as good as never."""

ROUNDING = 1e-3
"""Months within which a quick look cannot tell whether somebody waits."""


def lined_up(month: FloatArray) -> Places:
    """Places in the list ``(D, N)`` in the order of their tickets: by month to within a hair, ties by place.

    The month in hairs stands in the high bits of a whole number, the place in the low ones, so that sorting the
    numbers themselves is stable. ``inf`` comes last.
    """
    places = month.shape[-1]
    shift = max(places - 1, 1).bit_length()
    hairs = np.minimum(month, FOREVER)
    hairs /= HAIR
    keys = np.rint(hairs, out=hairs).astype(np.int64)
    keys <<= shift
    keys |= np.arange(places, dtype=np.int64)
    keys.sort(axis=-1)
    keys &= (1 << shift) - 1
    return keys.astype(np.intp, copy=False)


def _at(line: Places) -> Places:
    """Positions in the flattened array of places in a list, row by row."""
    return np.asarray(line + line.shape[1] * np.arange(len(line))[:, None])


def _pick(each: FloatArray, at: Places) -> FloatArray:
    """Values at flat positions; every one of them lies inside."""
    return np.ascontiguousarray(each).reshape(-1).take(at, mode="clip")


def serve(
    month: FloatArray, ready: FloatArray, busy: FloatArray, floor: FloatArray | None,
    capacity: npt.NDArray[np.int64], held: FloatArray, horizon: float,
) -> FloatArray:
    """Month at which each holder of a ticket begins: ``max(ready, month at which its ticket is served)``, ``(D, N)``.

    Parameters
    ----------
    month : months that order the tickets, no later than ``ready``; ``inf`` for no ticket.
    ready : month at which the holder comes; ``inf`` for one that never comes.
    busy, floor : a place taken at S comes back at ``max(S + busy, floor)``; what ends beyond the horizon changes
        nothing before it.
    capacity : places, ``(D,)``.
    held : months at which the places taken at month 0 come back, ``(D, U)``; ``-inf`` for a holder who is not there.
    """
    if not ready.shape[1]:
        return ready
    at = _at(lined_up(month))
    places = _places(np.sort(held, axis=1), capacity)
    back = ready + busy
    if floor is not None:
        np.maximum(back, floor, out=back)
    rows = np.flatnonzero(_binds(_pick(month, at), back, places, horizon))
    if not len(rows):
        return ready
    at = at[rows]
    turn, works = (np.ascontiguousarray(_pick(each, at).T) for each in (ready, busy))
    least = None if floor is None else np.ascontiguousarray(_pick(floor, at).T)
    begun = _recursion(turn, works, least, places[rows])
    found = np.array(ready, order="C")
    found.reshape(-1)[at] = begun
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


def _binds(soonest: FloatArray, back: FloatArray, places: FloatArray, horizon: float) -> BoolArray:
    """Draws in which somebody may have to wait, ``(D,)``.

    If nobody waits, ticket i needs as many places free before it comes as tickets are before it and itself. Places
    given back by later tickets come free no earlier than those could come, and that is no earlier than ``soonest``,
    the month of ticket i: so only months before it count, and all of them are of earlier tickets. Single precision
    sorts twice as fast; a draw within its rounding is taken as one that binds.
    """
    free = np.concatenate([places, back], axis=1, dtype=np.float32, casting="same_kind")
    free.sort(axis=1)
    first = soonest.astype(np.float32)
    waits = free[:, : soonest.shape[1]] >= first - np.float32(ROUNDING)
    waits &= first <= np.float32(horizon)
    return np.asarray(waits.any(axis=1))


def _recursion(turn: FloatArray, works: FloatArray, least: FloatArray | None, places: FloatArray) -> FloatArray:
    """Kiefer and Wolfowitz's recursion over the tickets ``(N, R)``, all draws at once; returns ``(R, N)``."""
    begun = turn.copy()
    free = min(int((places == -np.inf).sum(axis=1).min()), len(turn))
    # the first tickets find a place whatever happens
    back = turn[:free] + works[:free]
    if least is not None:
        np.maximum(back, least[:free], out=back)
    np.put_along_axis(places, np.argsort(places, axis=1, kind="stable")[:, :free], back.T, axis=1)
    width = places.shape[1]
    base = np.arange(len(places)) * width
    flat = places.reshape(-1)
    at, month = np.empty(len(places), dtype=np.intp), np.empty(len(places))
    last = int(np.flatnonzero(np.any(turn < np.inf, axis=1)).max(initial=-1)) + 1
    for i in range(free, last):
        places.argmin(axis=1, out=at)
        np.add(at, base, out=at)
        flat.take(at, out=month, mode="clip")
        np.maximum(month, turn[i], out=begun[i])
        np.add(begun[i], works[i], out=month)
        if least is not None:
            np.maximum(month, least[i], out=month)
        flat[at] = month
    return np.ascontiguousarray(begun.T)


def covered(month: FloatArray, need: FloatArray, amount: FloatArray) -> FloatArray:
    """Month at which money received covers each ticket and all before it, ``(D, N)``; ``-inf`` where it needs none.

    A quarter of a year's ``amount`` ``(D,)`` comes in at the start of each quarter, and what is not used is kept:
    the month is that of the first quarter q with (q + 1) quarters of money >= cumulated need. A hair of money is at
    hand, so that rounding of sums never costs a quarter. ``month`` orders the tickets.
    """
    at = _at(lined_up(month))
    lacking = np.empty(need.shape)
    lacking.reshape(-1)[at] = np.cumsum(_pick(need, at), axis=1)
    lacking -= HAIR * np.maximum(amount, 1.0)[:, None]
    quarter = (amount * QUARTER / 12.0)[:, None]
    fills = np.divide(lacking, quarter, out=np.full_like(lacking, np.inf), where=quarter > 0)
    months = np.where(lacking <= 0, 0.0, QUARTER * np.clip(np.ceil(fills) - 1.0, 0.0, FOREVER))
    return np.where(need > 0, months, -np.inf)
