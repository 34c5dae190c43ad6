"""Boxes of futures in which a target is missed: patient rule induction (PRIM, 未达标情形)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.quantity import BoolArray, FloatArray
from .replicates import Places

PEEL = 0.05
"""Part of a box that one step peels off."""

SMALLEST = 0.05
"""A box holds at least this part of all draws."""

DIMENSIONS = 3
"""Inputs that a box restricts at most: a planner reads no more."""

LEVEL = 0.01
"""Significance that the box, and each of its restrictions, must reach on draws that did not shape it."""

Spans = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Restriction:
    """One input held within a range: ``low <= x <= high``, infinite where a side is open.

    ``p`` is the chance that the others alone would have held as many misses (Bryant & Lempert 2010).
    """

    input: str
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Box:
    """Futures in which a target is missed more often than elsewhere, judged on draws that did not shape it.

    Attributes
    ----------
    coverage
        Part of all misses that the box holds.
    density
        Part of the box's futures that miss; ``base`` is that of all futures.
    support
        Part of all futures in the box.
    p
        Chance of so many misses in a box that has nothing to do with them.
    """

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    density_error: float
    base: float
    support: float
    p: float


def boxes(
    inputs: Mapping[str, FloatArray],
    missed: BoolArray,
    shape: Places,
    judge: Places,
    *,
    most: int = 1,
    dimensions: int = DIMENSIONS,
    level: float = LEVEL,
) -> tuple[Box, ...]:
    """Boxes that hold misses, most telling first; none where nothing is significant.

    A box is peeled: again and again the twentieth of it whose removal leaves the densest rest is taken off,
    from either end of any input. Of all boxes on the way the one is kept with the greatest difference between
    its part of the misses and its part of the hits (coverage minus false alarms; the whole space has 0).
    Inputs are then dropped down to ``dimensions``, and wherever dropping costs nothing significant. A further
    box looks only at draws outside the earlier ones. Limits are observed values and comparisons only, so that
    a monotone transform of an input changes nothing.

    Sources: Friedman & Fisher (1999), Stat. Comput. 9, 123; Bryant & Lempert (2010), Technol. Forecast. Soc.
    Change 77, 34 (coverage, density, quasi-p-values; here on draws that did not shape the box).

    Parameters
    ----------
    inputs
        Sampled values ``(D,)`` of the inputs that may be restricted.
    missed
        Futures in which the target is missed ``(D,)``.
    shape, judge
        Positions of the draws that shape the box, and of the others that judge it.
    """
    names = [key for key, values in inputs.items() if np.ptp(values) > 0]
    if not names:
        return ()
    table = np.stack([inputs[key] for key in names])
    found: list[Box] = []
    free = np.ones(len(missed), dtype=bool)
    for _ in range(most):
        box = _one(table, names, missed, free, shape, judge, dimensions, level)
        if box is None:
            break
        found.append(box)
        spans = {names.index(r.input): (r.low, r.high) for r in box.restrictions}
        free &= ~inside(table, spans)
    return tuple(found)


def inside(table: FloatArray, spans: Mapping[int, tuple[float, float]]) -> BoolArray:
    """Which columns of ``table`` ``(p, D)`` lie within all ranges."""
    held = np.ones(table.shape[1], dtype=bool)
    for row, (low, high) in spans.items():
        held &= (table[row] >= low) & (table[row] <= high)
    return held


def _one(
    table: FloatArray,
    names: Sequence[str],
    missed: BoolArray,
    free: BoolArray,
    shape: Places,
    judge: Places,
    dimensions: int,
    level: float,
) -> Box | None:
    """The best box among free draws, shaped on one part and judged on the other; None where it is not
    significant."""
    seen = shape[free[shape]]
    own, hit = table[:, seen], missed[seen]
    if hit.all() or not hit.any():
        return None
    chosen = _peeled(own, hit, range(len(names)))
    chosen = _fewer(own, hit, chosen, lambda spans: len(spans) > dimensions)
    if chosen and len(chosen) < len(names):
        chosen = _peeled(own, hit, sorted(chosen))  # with the others gone, the limits may lie elsewhere
    chosen = _fewer(own, hit, chosen, lambda spans: max(_quasi(own, hit, spans).values()) > level)
    others = judge[free[judge]]
    far, far_hit = table[:, others], missed[others]
    # a restriction that says nothing on fresh draws goes, and the box is judged without it; several tests,
    # each stricter
    strict = level / max(len(chosen), 1)
    chosen = _fewer(far, far_hit, chosen, lambda spans: max(_quasi(far, far_hit, spans).values()) > strict)
    if not chosen:
        return None
    held, tests = inside(far, chosen), _quasi(far, far_hit, chosen)
    p = _by_chance(len(far_hit), int(far_hit.sum()), int(held.sum()), int(far_hit[held].sum()))
    if p > strict:
        return None
    density = float(far_hit[held].mean())
    return Box(
        tuple(
            Restriction(names[row], *chosen[row], tests[row])
            for row in sorted(chosen, key=lambda row: tests[row])
        ),
        float(far_hit[held].sum() / missed[judge].sum()),
        density,
        float(np.sqrt(density * (1 - density) / held.sum())),
        float(missed[judge].mean()),
        float(held.sum() / len(judge)),
        p,
    )


def _gain(hit: BoolArray, held: BoolArray) -> float:
    """Part of the misses held minus part of the hits held."""
    misses = int(hit.sum())
    inside_misses, inside_all = int(hit[held].sum()), int(held.sum())
    return inside_misses / misses - (inside_all - inside_misses) / max(len(hit) - misses, 1)


def _peeled(table: FloatArray, hit: BoolArray, rows: Sequence[int]) -> Spans:
    """The box with the greatest gain on the way of peeling."""
    keep = np.arange(table.shape[1])
    spans: Spans = {}
    best: Spans = {}
    most, least = 0.0, max(SMALLEST * table.shape[1], 2)
    misses, hits = int(hit.sum()), max(int((~hit).sum()), 1)
    while True:
        inner, told = table[:, keep], hit[keep]
        step = max(int(PEEL * len(keep)), 1)
        tries: list[tuple[float, int, int, bool, BoolArray]] = []
        for row in rows:
            values = inner[row]
            ends = np.partition(values, [step, len(values) - 1 - step])
            for low, limit in ((True, ends[step]), (False, ends[len(values) - 1 - step])):
                left = values >= limit if low else values <= limit
                count = int(left.sum())
                if count == len(values):  # equal values: the whole tie goes
                    left = values > limit if low else values < limit
                    count = int(left.sum())
                if count >= least:
                    # misses won per draw given up: equal steps compare by density, unequal ones fairly
                    rise = float(told[left].mean() - told.mean()) / (len(values) - count)
                    tries.append((rise, -len(tries), row, low, left))
        if not tries:
            return best
        _, _, row, low, left = max(tries, key=lambda each: each[:2])
        keep = keep[left]
        kept = table[row, keep]
        before = spans.get(row, (-np.inf, np.inf))
        spans[row] = (float(kept.min()), before[1]) if low else (before[0], float(kept.max()))
        got = int(hit[keep].sum())
        gain = got / misses - (len(keep) - got) / hits
        if gain > most:
            most, best = gain, dict(spans)


def _fewer(table: FloatArray, hit: BoolArray, spans: Spans, too_many: Callable[[Spans], bool]) -> Spans:
    """Restrictions dropped one by one, the cheapest first, while there are too many."""
    left = dict(spans)
    while left and too_many(left):
        cost = {}
        for row in left:
            rest = {other: span for other, span in left.items() if other != row}
            cost[row] = _gain(hit, inside(table, rest))
        del left[max(cost, key=lambda row: cost[row])]
    return left


def _quasi(table: FloatArray, hit: BoolArray, spans: Spans) -> dict[int, float]:
    """Chance, by restriction, that a box without it holds as many misses among as many draws.

    P(Binomial(n, q) >= h), n and h the draws and misses of the box, q the density without the restriction.
    """
    from ...models.special import bdtrc

    held = inside(table, spans)
    count, misses = int(held.sum()), int(hit[held].sum())
    found = {}
    for row in spans:
        wider = inside(table, {other: span for other, span in spans.items() if other != row})
        density = float(hit[wider].mean()) if wider.any() else 0.0
        found[row] = 1.0 if misses == 0 or density >= 1 else float(bdtrc(misses - 1, count, density))
    return found


def _by_chance(draws: int, misses: int, held: int, held_misses: int) -> float:
    """P(at least so many misses in the box) where box and misses are independent (binomial)."""
    from ...models.special import bdtrc

    if held_misses == 0:
        return 1.0
    return float(bdtrc(held_misses - 1, held, misses / draws))
