"""The unnamed key projects in all draws at once: stand-ins, their chance, and when their money is spent.

The same equations as :mod:`..models.pool`, in all draws. What has no number of its own in a scenario, how
each unnamed project differs from the others, is drawn here: approval and construction as a multiple of the
pool's (mean 1), slip as a difference (mean 0), each spread as its quantity's bounds are (PERT). Draw number d
has the same chance whatever block of draws it is computed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...models.distributions import Law
from ...models.project import HAIR
from ...models.quantity import BoolArray, FloatArray, Quantity
from ...models.uncertainty import law
from ...scenarios.schema import Pool
from ..seeds import number_of

CHUNK = 256
"""Draws that share one stream of random numbers."""

STEPS = 4096
"""Equally likely values into which an individual duration is cut: steps of hours."""


WAIT = 1e-6
"""Months below which two starts are the same: sums of months in another order."""


@dataclass(frozen=True)
class Unnamed:
    """Stand-ins as planned, years 1..T; ``start``, ``building`` and ``present`` are ``(G, D or 1)``,
    ``under_way`` is ``(G,)``.

    ``blocks`` is the number of stand-ins under way, and of starts in each year.
    """

    start: FloatArray
    building: FloatArray
    present: BoolArray
    under_way: BoolArray
    blocks: tuple[int, ...]


def stand_ins(
    projects: FloatArray,
    starts: FloatArray,
    completions: FloatArray,
    begun: FloatArray,
    running: FloatArray,
    finished: FloatArray,
    construction: float,
) -> Unnamed:
    """Stand-ins such that the totals of year 1 come out exactly, as :func:`..models.pool.generic_projects`
    has them.

    Parameters
    ----------
    projects, starts, completions : totals of year 1, ``(D,)``.
    begun, running, finished : named key projects among them: starts by year ``(T, D)``, under way at month 0
    and
        completed in year 1, ``(D,)``.
    construction : planned months of works.
    """
    total = np.maximum(np.rint(projects) - (begun[0] + running), 0)
    new = np.maximum(np.rint(starts) - begun, 0)
    new[0] = np.minimum(new[0], total)
    begins = [12.0 * y + _evenly(each) for y, each in enumerate(new)]
    on = [np.arange(len(each))[:, None] < new[y] for y, each in enumerate(begins)]
    start, there = np.concatenate(begins), np.concatenate(on)
    quick = ((start + construction < 12.0) & there).sum(axis=0)
    left = total - new[0]
    complete = np.minimum(np.maximum(np.rint(completions) - finished - quick, 0), left)
    at = np.arange(int(left.max(initial=0)))[:, None]
    soon = _evenly(complete, len(at))
    rest = left - complete
    later = 12.0 + ((at - complete + 0.5) * 12.0 / np.maximum(rest, 1)) / 12.0 * max(
        construction - 12.0, 12.0
    )
    building = np.where(at < complete, soon, later)
    return Unnamed(
        np.concatenate([np.zeros(building.shape), start]),
        np.concatenate([building, np.full(start.shape, construction)]),
        np.concatenate([at < left, there]),
        np.arange(len(at) + len(start)) < len(at),
        (len(at), *(len(each) for each in begins)),
    )


def _evenly(count: FloatArray, places: int | None = None) -> FloatArray:
    """Months of a year at which ``count`` events fall when they are spread evenly, ``(places, D)``."""
    places = int(count.max(initial=0)) if places is None else places
    return np.asarray((np.arange(places)[:, None] + 0.5) * 12.0 / np.maximum(count, 1))


def spread_of(quantity: Quantity) -> FloatArray:
    """Equally likely values of a quantity, ``(STEPS,)``, as it is distributed; one value where it is
    certain."""
    found = law(quantity)
    return np.array([quantity.value]) if found is None else _steps(found)


@lru_cache(maxsize=64)
def _steps(found: Law) -> FloatArray:
    return found.ppf((np.arange(STEPS) + 0.5) / STEPS)


def spreads(pool: Pool) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How unnamed projects differ: approval and works as multiples with mean 1, slip as a difference with
    mean 0."""
    approval, construction = (
        np.maximum(spread_of(q), 0.0) for q in (pool.months.approval, pool.months.construction)
    )
    slip = spread_of(pool.slip)
    return (
        approval / max(approval.mean(), HAIR),
        construction / max(construction.mean(), HAIR),
        slip - slip.mean(),
    )


def individual(
    spread: FloatArray, seed: int, name: int, blocks: tuple[int, ...], first: int, draws: int, skip: int = 0
) -> FloatArray:
    """A value of ``spread`` for every stand-in and draw ``first`` to ``first + draws``, ``(G, D or 1)``.

    Every block of stand-ins has a stream of its own and takes from it in order, so that one more project in a
    block, or another block of draws, leaves the chance of all others alone. The first ``skip`` blocks are
    left out.
    """
    rows = sum(blocks[skip:])
    if len(spread) == 1:
        return np.full((rows, 1), spread[0])
    step = np.empty((rows, draws), dtype=np.intp)
    for chunk in range(first // CHUNK, -(-(first + draws) // CHUNK)):
        low, high = max(first, chunk * CHUNK), min(first + draws, (chunk + 1) * CHUNK)
        inside = slice(low - chunk * CHUNK, high - chunk * CHUNK)
        row = 0
        for block, size in enumerate(blocks[skip:], start=skip):
            stream = np.random.SFC64(np.random.SeedSequence([seed, name, block, chunk]))
            raw = (
                np.asarray(stream.random_raw(size * CHUNK // 4))
                .astype("<u8", copy=False)
                .view("<u2")
                .reshape(size, CHUNK)
            )
            step[row : row + size, low - first : high - first] = raw[:, inside] >> 4
            row += size
    return spread.take(step, mode="clip")


def uniforms(seed: int, names: Sequence[str], first: int, draws: int) -> FloatArray:
    """Uniform numbers for things by name and draws ``first`` to ``first + draws``, ``(names, D)``; those of a
    name hang on nothing else."""
    found = np.empty((len(names), draws))
    keys = [number_of(name) for name in names]
    for chunk in range(first // CHUNK, -(-(first + draws) // CHUNK)):
        low, high = max(first, chunk * CHUNK), min(first + draws, (chunk + 1) * CHUNK)
        inside, there = slice(low - chunk * CHUNK, high - chunk * CHUNK), slice(low - first, high - first)
        for row, key in zip(found, keys, strict=True):
            stream = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, key, chunk])))
            row[there] = stream.random(CHUNK)[inside]
    return found


def held_up(
    plan: Unnamed, begun: FloatArray, unhindered: FloatArray, slowness: FloatArray, years: int
) -> FloatArray:
    """Share of the pool's plan for each year (first) that queues move into or out of each year (second),
    ``(T, T, D)``.

    Each month of works planned in a year takes its part of the plan along
    (:func:`..models.pool.pool_kernel`). What slips in any case slips out of a year as it slips in from the
    year before; only what queues hold up changes a year, and comes when it is done. A piece of works, planned
    from ``low`` to ``high`` months after its start, is placed up to the moment ``at`` as far as ``clip((at -
    begun) / slowness, low, high)`` goes.

    Parameters
    ----------
    begun, unhindered : months at which works begin, with the queues and without, ``(G, D)``.
    slowness : months that a planned month of works takes, ``(G, D or 1)``.
    """
    draws = np.flatnonzero((begun > unhindered + WAIT).any(axis=0))
    found = np.zeros((years, years, begun.shape[1]))
    if not len(draws):
        return found

    def some(each: FloatArray) -> FloatArray:
        return each if each.shape[1] == 1 else np.take(each, draws, axis=1)

    begun, unhindered, pace = some(begun), some(unhindered), 1.0 / np.maximum(some(slowness), 1e-12)
    start, building = some(plan.start), some(plan.building)
    present = plan.present if plan.present.shape[1] == 1 else np.take(plan.present, draws, axis=1)
    for t in range(years):
        low = np.clip(12.0 * t - start, 0.0, building)
        high = np.where(present, np.clip(12.0 * (t + 1) - start, 0.0, building), low)
        rows = np.flatnonzero((high > low).any(axis=1))
        if not len(rows):
            continue
        part = slice(int(rows[0]), int(rows[-1]) + 1)
        low, high = low[part], np.maximum(high[part], low[part])
        whole = _total(high - low)
        before: FloatArray | float = 0.0
        for u in range(years):
            now, free = (
                _placed(12.0 * (u + 1), each[part], pace[part], low, high) for each in (begun, unhindered)
            )
            now -= free  # one by one: a project that is not there adds nothing, in whatever block of draws
            moved = _total(now) / np.where(whole > 0, whole, 1.0)
            found[t, u, draws] = moved - before
            before = moved
    return found


def _placed(at: float, begun: FloatArray, pace: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Months of planned works put in place up to a moment ``(G, D)``."""
    done = np.subtract(at, begun)
    done *= pace
    np.maximum(done, low, out=done)
    np.minimum(done, high, out=done)
    return done


def _total(each: FloatArray) -> FloatArray:
    """Sum over the first axis, one after the other: the same digits for any number of draws and absent
    projects (rows are added whole; a sum along contiguous numbers would add them in pairs)."""
    return np.asarray(each.sum(axis=0) if each.shape[1] > 1 else np.add.accumulate(each, axis=0)[-1])
