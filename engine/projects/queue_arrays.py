"""Queues in arrays: places handed out by ticket, and money by cumulated need, for all draws at once.

The same discipline as :mod:`.queue`, event for event, without events. A ticket is served at an order
statistic of the months at which earlier tickets give their places back (Kiefer & Wolfowitz 1955): with ``c``
places, each marked with the month at which it comes free, a ticket takes the first of them and puts back the
month of its own end.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...models.project import HAIR
from ...models.quantity import BoolArray, FloatArray
from .queue import QUARTER

Places = npt.NDArray[np.intp]
FOREVER = 1e6
"""Months that are as good as never."""

LEFT = 63 - int(FOREVER / HAIR).bit_length()
"""Bits of a whole number that are left beside a month in hairs."""

BINS = 2
"""Parts of a month in which a quick look counts who comes and what comes free."""


def lined_up(month: FloatArray) -> Places:
    """Places in the list ``(D, N)`` in the order of their tickets: by month to within a hair, ties by place.

    The month in hairs stands in the high bits of a whole number, the place in the low ones, so that sorting
    the numbers themselves is stable; where there are more places than bits are left, the months alone are
    sorted. ``inf`` comes last.
    """
    places = month.shape[-1]
    shift = max(places - 1, 1).bit_length()
    hairs = np.minimum(month, FOREVER)
    hairs /= HAIR
    keys = np.rint(hairs, out=hairs).astype(np.int64)
    if shift > LEFT:
        return np.argsort(keys, axis=-1, kind="stable")
    keys <<= shift
    keys |= np.arange(places, dtype=np.int64)
    keys.sort(axis=-1)
    keys &= (1 << shift) - 1
    return keys.astype(np.intp, copy=False)


def _pick(each: FloatArray, at: Places) -> FloatArray:
    """Values at positions in the flattened array; every one of them lies inside."""
    return np.ascontiguousarray(each).reshape(-1).take(at, mode="clip")


def serve(
    month: FloatArray,
    ready: FloatArray,
    busy: FloatArray,
    floor: FloatArray | None,
    capacity: npt.NDArray[np.int64],
    held: FloatArray,
    horizon: float,
) -> FloatArray:
    """Month at which each holder of a ticket begins: ``max(ready, month at which its ticket is served)``,
    ``(N, D)``.

    Parameters
    ----------
    month : months that order the tickets, no later than ``ready``; ``inf`` for no ticket.
    ready : month at which the holder comes; ``inf`` for one that never comes.
    busy, floor : a place taken at S comes back at ``max(S + busy, floor)``; what ends beyond the horizon
    changes
        nothing before it. ``floor`` is that of the first M holders, the others have none.
    capacity : places, ``(D,)``.
    held : months at which the places taken at month 0 come back, ``(U, D)``; ``-inf`` for a holder who is not
    there.
    """
    if not len(ready):
        return ready
    back = ready + busy
    if floor is not None:
        np.maximum(back[: len(floor)], floor, out=back[: len(floor)])
    draws = np.flatnonzero(_binds(month, back, held, capacity, horizon))
    if not len(draws):
        return ready

    line = lined_up(np.ascontiguousarray(month[:, draws].T))
    least = None
    if floor is not None:
        least = np.full(line.shape, -np.inf)
        least[:, : len(floor)] = floor[:, draws].T
        least = np.take_along_axis(least, line, axis=1)
    at = line * ready.shape[1]  # positions in the flattened arrays, draws last
    at += draws[:, None]
    places = _places(np.sort(held[:, draws].T, axis=1), capacity[draws])
    found = np.array(ready, order="C")
    found.put(at, _in_turn(_pick(ready, at), _pick(busy, at), least, places), mode="clip")
    return found


def _places(given: FloatArray, capacity: npt.NDArray[np.int64]) -> FloatArray:
    """Months at which places come free: ``-inf`` for one that is free, ``inf`` for one that is not there
    ``(D, C)``.

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


def _binds(
    month: FloatArray, back: FloatArray, held: FloatArray, capacity: npt.NDArray[np.int64], horizon: float
) -> BoolArray:
    """Draws in which somebody may have to wait, ``(D,)``; ``month`` and ``back`` are ``(N, D)``.

    Nobody waits as long as no half month sees more tickets, with all before them, than there are places at
    its beginning, with all that have come back. Then every ticket finds its place: a place that a later
    ticket gives back comes no earlier than the later ticket could come, so all that have come back are of
    earlier ones.
    """
    draws, bins = month.shape[1], int(np.ceil(horizon)) * BINS + 1
    first = np.arange(draws) * bins

    def counted(each: FloatArray) -> npt.NDArray[np.intp]:
        """How many of the months lie in or before each half month up to the horizon, ``(D, bins)``."""
        at = each * BINS
        place = np.minimum(at, bins - 1.0, out=at).astype(np.intp)
        place += first
        return np.cumsum(
            np.bincount(place.reshape(-1), minlength=draws * bins).reshape(draws, bins)[:, :-1], axis=1
        )

    spare = capacity - (held > -np.inf).sum(axis=0)
    lacking = counted(month)
    free = counted(back)
    if len(held):
        free += counted(np.where(held > -np.inf, held, np.inf))
    lacking[:, 1:] -= free[:, :-1]
    return np.asarray((lacking.max(axis=1) > spare) | (spare < 0))


def _in_turn(
    turn: FloatArray, building: FloatArray, least: FloatArray | None, places: FloatArray
) -> FloatArray:
    """Months at which the holders of tickets begin, tickets in order ``(R, N)``; places come free at ``(R,
    C)``.

    Ticket i is served at the i-th smallest of the months at which places come free or back. Half as many
    tickets as there are places are taken at a time: first as if they gave back no place that others of them
    take, then, where that is not so, again with the months at which they do, until nothing changes. Months
    only fall from one round to the next, and a round settles one more ticket at least: a later ticket begins,
    and gives back, no earlier than ticket i is served, whatever its month.
    """
    begun = turn.copy()
    free = np.sort(places, axis=1)
    last = int(np.flatnonzero((turn < np.inf).any(axis=0)).max(initial=-1)) + 1
    step = free.shape[1] // 2 + 1
    for first in range(0, last, step):
        now = slice(first, min(first + step, last))
        floor = None if least is None else least[:, now]
        begun[:, now], free = _some_turns(turn[:, now], building[:, now], floor, free)
    return begun


def _some_turns(
    ready: FloatArray, building: FloatArray, least: FloatArray | None, free: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Months at which the next m tickets begin ``(R, m)``, and at which places come free after them ``(R,
    C)``."""
    tickets, width = ready.shape[1], free.shape[1]

    def served(begun: FloatArray, rows: slice | Places) -> FloatArray:
        """Months at which places come free or back ``(R, C + m)``, sorted."""
        come = np.empty((len(begun), width + tickets))
        come[:, :width] = free[rows]
        back = np.add(begun, building[rows], out=come[:, width:])
        if least is not None:
            np.maximum(back, least[rows], out=back)
        come.sort(axis=1)
        return come

    begun = np.maximum(ready, free[:, :tickets])
    come = served(begun, slice(None))
    again = np.maximum(ready, come[:, :tickets])
    rows = np.flatnonzero((again != begun).any(axis=1))
    while len(rows):
        before = begun[rows] = again[rows]
        come[rows] = served(before, rows)
        after = again[rows] = np.maximum(ready[rows], come[rows, :tickets])
        rows = rows[(after != before).any(axis=1)]
    return begun, come[:, tickets:]


def covered(month: FloatArray, need: FloatArray, amount: FloatArray) -> FloatArray:
    """Month at which money received covers each ticket and all before it, ``(D, N)``; ``-inf`` where it needs
    none.

    A quarter of a year's ``amount`` ``(D,)`` comes in at the start of each quarter, and what is not used is
    kept: the month is that of the first quarter q with (q + 1) quarters of money >= cumulated need. A hair of
    money is at hand, so that rounding of sums never costs a quarter. ``month`` orders the tickets.
    """
    line = lined_up(month)
    lacking = np.empty(need.shape)
    np.put_along_axis(lacking, line, np.cumsum(np.take_along_axis(need, line, axis=1), axis=1), axis=1)
    lacking -= HAIR * np.maximum(amount, 1.0)[:, None]
    quarter = (amount * QUARTER / 12.0)[:, None]
    with np.errstate(over="ignore"):  # next to no money fills nothing, like none
        fills = np.divide(lacking, quarter, out=np.full_like(lacking, np.inf), where=quarter > 0)
    months = np.where(lacking <= 0, 0.0, QUARTER * np.clip(np.ceil(fills) - 1.0, 0.0, FOREVER))
    return np.where(need > 0, months, -np.inf)
