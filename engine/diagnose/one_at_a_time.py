"""Which numbers move the verdict: every number of the economy moved a little, all in one run (敏感性排序)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ...models.quantity import BoolArray, Draws, FloatArray, Quantity
from ...models.target import Sheet, Target
from ...models.trajectory import Trajectory
from ...scenarios.schema import Scenario
from .. import build
from ..decide.assess import Run

STEP = 0.02
"""Part of a number's range (or of its size, where it has none) by which it is moved."""

PIPELINE = (
    "accounts.fai",
    "investment.",
    "mixes.",
    "projects.",
    "pool.",
    "pipeline.",
    "funds.",
    "limits.",
    "targets.",
    "long_view.",
)
"""Numbers of the plan and its projects, and of the long view: they act elsewhere and are not ranked here."""


BALANCE = re.compile(r"^chains\.[^.]+\.processes\.[^.]+\.(base|uses|capacity)(\.|$)")
"""Base-year flows of a chain: one cannot move alone without breaking the material balance."""


class Recorded(Draws):
    """Central values that remember which numbers were asked for."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __call__(self, quantity: Quantity) -> FloatArray:
        """The central value, one draw."""
        self.read.add(quantity.path)
        return super().__call__(quantity)


class Moved(Draws):
    """Central values in every draw, but in draw ``i + 1`` the ``i``-th number is moved by a part of half its
    range.

    Draws are not strict: a number may be moved to where it cannot stand with others.
    """

    strict = False

    def __init__(self, quantities: Iterable[Quantity], part: float = STEP) -> None:
        self.quantities, self.part = list(quantities), part
        self.at = {quantity.path: i + 1 for i, quantity in enumerate(self.quantities)}

    def __call__(self, quantity: Quantity) -> FloatArray:
        """The value in every draw; a number that is not moved keeps one draw."""
        at = self.at.get(quantity.path)
        if at is None:
            return super().__call__(quantity)
        values = np.full(1 + len(self.quantities), quantity.value)
        values[at] += step(quantity, self.part)
        return values


def width(quantity: Quantity) -> float:
    """Half of a number's range; a tenth of its size where it has none."""
    if quantity.low is not None or quantity.high is not None:
        low = quantity.value if quantity.low is None else quantity.low
        high = quantity.value if quantity.high is None else quantity.high
        return (high - low) / 2
    return abs(quantity.value) / 10


def step(quantity: Quantity, part: float = STEP) -> float:
    """How far a number is moved: towards the side on which its range is open."""
    size = part * width(quantity)
    return -size if quantity.high is not None and quantity.high <= quantity.value else size


@dataclass(frozen=True)
class OneAtATime:
    """What numbers do: change of the target for half a range, by path, and the numbers that do nothing at
    all."""

    effects: Mapping[str, float]
    idle: frozenset[str]


def differs(draws: int, *arrays: FloatArray) -> BoolArray:
    """Which draws differ from the first in any of the arrays, whose last axis are draws (or one), by more
    than rounding."""
    found = np.zeros(draws, dtype=np.bool_)
    for each in arrays:
        if each.shape[-1] > 1:
            wide = each.reshape(-1, draws)
            found |= (np.abs(wide - wide[:, :1]) > 1e-12 * np.maximum(np.abs(wide[:, :1]), 1.0)).any(axis=0)
    return found


def every_own(path: Trajectory) -> list[FloatArray]:
    """Indicators of the scenario's own in every year."""
    years = range(1, path.output.shape[1])
    return [own.value(path, t) for own in path.economy.indicators.values() for t in years]


def one_at_a_time(
    scenario: Scenario, quantities: Mapping[str, Quantity], sheet: Sheet, target: Target, plan: Run, year: int
) -> OneAtATime:
    """Change of a target when a number moves by half its range, to first order, by path.

    The plan's works are held; the economy around them is rebuilt with each number moved in a draw of its
    own, so that a thousand numbers cost one run. Numbers of the plan itself (:data:`PIPELINE`), base-year
    flows of a chain (:data:`BALANCE`) and numbers whose width is zero are left out. A number is idle where
    no output, capacity, quantity or target of the sheet moves with it in any year.
    """
    chosen = [
        q
        for path, q in quantities.items()
        if width(q) > 0 and not path.startswith(PIPELINE) and not BALANCE.match(path)
    ]
    values, draws = Moved(chosen), 1 + len(chosen)
    path = build.economy(scenario, values).simulate(plan.pipeline_run.realisation, plan.plan.routing or None)
    own = build.sheet(scenario, values)
    seen = [
        own.value(own.targets[t.id], path, t_)
        for t in sheet.targets.values()
        if t.judged
        for t_ in range(1, path.output.shape[1])
    ]
    seen += every_own(path)
    moved = differs(draws, path.output, np.nan_to_num(path.limit, posinf=0.0), *path.physical.values(), *seen)
    value = np.broadcast_to(own.value(own.targets[target.id], path, year), draws)
    return OneAtATime(
        {q.path: float(value[i + 1] - value[0]) / step(q) * width(q) for i, q in enumerate(chosen)},
        frozenset(q.path for i, q in enumerate(chosen) if not moved[i + 1]),
    )
