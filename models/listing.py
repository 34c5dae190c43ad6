"""What a list of projects says of the years before and after it: money spent, money due, what is usual
(项目清单).

Months as in :mod:`.project`; arrays are ``(P, D)`` (projects, draws or 1) unless said otherwise.

A list is read as a part of a stream. What was spent on listed works in the base year, times what a yuan of
each brings, is what works of this kind bring on line in a usual year; the markets' trends contain it. What
the listed works that have begun bring in year 1, 2, ... may be less, because the list leaves out what is
about to finish: that much is inferred.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .project import HAIR, ramp_average
from .quantity import BoolArray, FloatArray

LONGEST = 60
"""Years of works and ramp-up beyond which a stream is not followed."""


def due(worked: FloatArray, begins: FloatArray, ends: FloatArray) -> FloatArray:
    """Share of the investment that the plan wanted in place by month 0; what is ahead of the plan counts as
    wanted.

    Parameters
    ----------
    worked : share that is in place. ``begins``, ``ends``: start of works, and commissioning as planned.
    """
    length = np.maximum(ends - begins, HAIR)
    planned = np.where(ends <= 0.0, 1.0, np.clip(-begins / length, 0.0, 1.0))
    return np.where(begins < 0.0, np.maximum(worked, planned), worked)


def spent_before(
    money: FloatArray, begins: FloatArray, until: FloatArray, registered: FloatArray
) -> FloatArray:
    """Money of the base year as the statistics count it: nothing before registration, all so far in its
    month.

    Parameters
    ----------
    money : what was put in place before month 0, evenly from ``begins`` to ``until`` (0 where works go on).
    registered : month of entry in the statistics; one at or after month 0 counts later.
    """
    length = np.maximum(until - begins, HAIR)

    def counted(month: float) -> FloatArray:
        placed = money * np.clip((month - begins) / length, 0.0, 1.0)
        return np.where(registered < month - HAIR, placed, 0.0)

    return np.where(begins < 0.0, counted(0.0) - counted(-12.0), 0.0)


def pace_end(worked: FloatArray, begins: FloatArray, ends: FloatArray, stated: BoolArray) -> FloatArray:
    """Commissioning that the works so far foretell, months: at the pace so far where it is ``stated`` how far
    they are.

    .. math:: e = -b (1 - d) / d

    with start ``b`` and share done ``d``; else ``ends``, the planned end and the usual delay. Facts of the
    base year alone decide, so that a decision about the years to come changes nothing that is inferred of the
    past.
    """
    known = stated & (begins < 0.0)
    pace = (
        -begins * (1.0 - worked) / np.maximum(np.where(known, worked, 1.0), 1e-9)
    )  # nothing done so far: it never ends
    return np.where(known, pace, np.maximum(ends, 0.0))


def coming(begins: FloatArray, lasts: FloatArray, ramp_up: FloatArray, years: int) -> FloatArray:
    """What a stream of such projects, one begun each year, brings in years 1..T by those begun before month 0
    ``(P, T, D)``.

    In units of a project at full load; over all its projects, begun before or later, the stream brings 1 in
    every year.

    .. math:: c_t = \\sum_{k : b + 12 k < 0} \\Delta\\rho_t(b + \\ell + 12 k)

    Parameters
    ----------
    lasts : months from start to commissioning, ℓ.
    """
    last = np.ceil(-begins / 12.0 - HAIR) - 1.0
    count = int(np.ceil(np.clip((lasts + ramp_up).max(initial=0.0) / 12.0 + 3.0, 1.0, LONGEST)))
    found = np.zeros((len(begins), years, np.broadcast_shapes(begins.shape, lasts.shape, ramp_up.shape)[1]))
    for back in range(count):
        found += new_load(begins + lasts + 12.0 * (last - back), ramp_up, years)
    return found


def new_load(commissioned: FloatArray, ramp_up: FloatArray, years: int) -> FloatArray:
    """Rise of the year's average share of full load in years 1..T, ``(P, T, D)``."""
    share = [ramp_average(commissioned, ramp_up, year) for year in range(years + 1)]
    return np.stack([later - before for before, later in pairwise(share)], axis=1)


def missing(
    usual: FloatArray, stream: FloatArray, listed: FloatArray, finishing: FloatArray | float = 1.0
) -> FloatArray:
    """Part of the usual commissioning that unlisted works bring in years 1..T, ``(T, D)``.

    .. math:: s_t = \\max(0, \\phi \\sum_p n_p c_{pt} - \\sum_p y_p \\Delta\\rho_{pt}) / \\sum_p n_p

    Parameters
    ----------
    usual : what each project's stream brings in a year, n ``(P, D)``.
    stream : ``coming`` of each ``(P, T, D)``; ``listed``: what the listed projects that have begun bring
    ``(P, T, D)``.
    finishing : part of the usual that finishes in these years, φ.
    """
    whole = usual.sum(axis=0)
    lacking = finishing * (usual[:, None] * stream).sum(axis=0) - listed.sum(axis=0)
    lacking = np.where(lacking > 1e-9 * whole, lacking, 0.0)
    return np.asarray(np.divide(lacking, whole, out=np.zeros_like(lacking), where=whole > 0))


def usual_delay(slips: FloatArray, kinds: list[object]) -> FloatArray:
    """Months by which works have come late so far ``(P,)``: the median of their kind, of all where a kind has
    fewer than three.

    A project's own delay to come says little about the past; that of its like does. ``slips`` is NaN for
    finished works.
    """
    open_ = np.isfinite(slips)
    found = np.full(len(slips), float(np.median(slips[open_])) if open_.any() else 0.0)
    like: dict[object, list[int]] = {}
    for at, late in enumerate(open_):
        if late:
            like.setdefault(kinds[at], []).append(at)
    several = {kind: np.median(slips[rows]) for kind, rows in like.items() if len(rows) >= 3}
    for at, kind in enumerate(kinds if several else ()):
        found[at] = several.get(kind, found[at])
    return found
