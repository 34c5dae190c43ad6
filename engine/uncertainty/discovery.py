"""In which futures a target is missed: boxes over what a planner can name (未达标情形)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray, share_of
from .ensemble import BLOCK, WORKERS, Ensemble, in_threads
from .futures import Futures
from .prim import Box, boxes
from .sample_points import PARTS

DELAY = "delay"
"""Average delay of the named projects' commissioning, months: queues and all, weighted by investment."""

MOST = 2
"""Boxes that are told."""


@dataclass(frozen=True)
class Discovery:
    """Boxes of futures that miss a tier (or reach it); ``share`` is the part of all futures that do."""

    target: str
    tier: str
    boxes: tuple[Box, ...]
    share: float
    draws: int


def discover(
    found: Ensemble, target: str, tier: str, columns: Mapping[str, FloatArray], *, reached: bool = False
) -> Discovery:
    """Boxes of inputs that hold misses (or ``reached``), shaped on one half of the scramblings and judged on
    the other.

    ``columns`` are values ``(D,)`` of what may be restricted, in the first D draws.
    """
    draws = len(next(iter(columns.values()))) if columns else 0
    there = found.reached(target, tier)[:draws]
    wanted = there if reached else ~there
    odd = np.arange(draws) % PARTS % 2 == 1
    held = boxes(columns, wanted, np.flatnonzero(~odd), np.flatnonzero(odd), most=MOST) if draws else ()
    return Discovery(target, tier, held, float(wanted.mean()) if draws else 0.0, draws)


def columns_of(futures: Futures, found: Ensemble, plan: Plan, names: Sequence[str]) -> dict[str, FloatArray]:
    """What boxes may restrict: some inputs in the draws that are held, and the delay of projects."""
    columns = {name: found.drawn[name] for name in names}
    draws = len(next(iter(found.drawn.values()))) if found.drawn else 0
    late = delays(futures, plan, draws) if draws else None
    return columns if late is None else {**columns, DELAY: late}


def delays(
    futures: Futures, plan: Plan, draws: int, workers: int = WORKERS, block: int = BLOCK
) -> FloatArray | None:
    """Months by which named projects come later than planned, on average over their money left ``(D,)``.

    What the horizon ends before, or is given up, counts as commissioned at its end. None where no project is
    left to finish.
    """
    bounds = [(low, min(block, draws - low)) for low in range(0, draws, block)]

    def one(bound: tuple[int, int]) -> FloatArray | None:
        drawn_pipeline = futures.sample(*bound).drawn_pipeline
        named = drawn_pipeline.named
        open_ = ~named.has("commissioned")
        horizon = 12.0 * drawn_pipeline.years
        ends = np.minimum(named.ends, horizon)
        weight = np.where(open_[:, None] & (ends < horizon), named.remaining, 0.0)
        if not weight.any():
            return None
        done = np.minimum(drawn_pipeline.run(plan).timing.commissioned, horizon)
        return share_of((weight * (done - ends)).sum(axis=0), np.broadcast_to(weight, done.shape).sum(axis=0))

    parts = [each for each in in_threads(one, bounds, workers) if each is not None]
    return np.concatenate(parts) if parts and len(parts) == len(bounds) else None
