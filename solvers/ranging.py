"""What one more unit of a limit is worth, and over which range that price holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Probe = Callable[[float], tuple[float, float] | None]
"""Value of the optimum, and a slope that supports it, when a limit gives by some amount; None where nothing
is feasible."""

LINE = 1e-7
"""Difference, relative to the values, below which two lines are one."""

TURNS = 60
"""Most solves of one side."""


@dataclass(frozen=True)
class PriceRange:
    """Slope of the optimum's value to both sides of where a limit stands, and how far each slope holds.

    Attributes
    ----------
    more, less
        Change of the value per unit when the limit gives, and when it tightens (per unit given up, so that
        both are equal where there is no kink); NaN where it cannot be tightened at all.
    up, down
        How far the limit can give, and be tightened, before the slope changes or nothing is feasible;
        infinite where neither happens within the reach that was asked for.
    """

    more: float
    less: float
    up: float
    down: float


def worth(probe: Probe, up: float, down: float) -> PriceRange:
    """Slopes of a concave value function to both sides of zero, and the range over which each holds.

    The value of a linear programme is concave and piecewise linear in a right-hand side, so that the first
    piece is found exactly: two supporting lines meet; where the value lies on both, there is the breakpoint;
    else the line at that point takes the farther one's place. Unlike a basis' ranging this does not depend on
    which of several optimal bases the solver stopped at. Source: Eisner & Severance (1976), J. ACM 23, 619.

    Parameters
    ----------
    up, down
        How far to look, both positive.
    """
    more, high = _piece(probe, up)
    less, low = _piece(_mirrored(probe), down)
    return PriceRange(more, -less, high, low)


def _mirrored(probe: Probe) -> Probe:
    def other(by: float) -> tuple[float, float] | None:
        found = probe(-by)
        return None if found is None else (found[0], -found[1])

    return other


def _piece(probe: Probe, reach: float) -> tuple[float, float]:
    """Slope of the first piece right of zero and where it ends; NaN and 0 where nothing right of zero is
    feasible."""
    here = probe(0.0)
    if here is None:
        return float("nan"), 0.0
    value, slope = here
    size = max(1.0, abs(value))
    far = _farthest(probe, reach)
    other = probe(far) if far > 0 else None
    if other is None:
        return float("nan"), 0.0
    at, held = far, 0.0
    waiting: list[tuple[float, tuple[float, float]]] = []
    for _ in range(TURNS):
        there, tilt = other
        if abs(value + slope * at - there) <= LINE * size:  # the point lies on the line of here
            held = max(held, at)
            if not waiting:
                return slope, np.inf if far == reach else far
            at, other = waiting.pop()
            continue
        meet = (there - tilt * at - value) / (slope - tilt) if slope != tilt else 0.0
        if meet <= LINE * max(
            1.0, at
        ):  # a kink right here: the line of the other point is the one that begins
            slope = tilt
            continue
        between = probe(meet)
        if between is None:
            break
        if abs(value + slope * meet - between[0]) <= LINE * size:
            return slope, meet
        waiting.append((at, other))
        at, other = meet, between
    return slope, held


def _farthest(probe: Probe, reach: float) -> float:
    """The farthest feasible point within reach, to a hair, by halving."""
    if probe(reach) is not None:
        return reach
    low, high = 0.0, reach
    while high - low > 1e-6 * reach:
        middle = (low + high) / 2
        low, high = (middle, high) if probe(middle) is not None else (low, middle)
    return low if low > 1e-5 * reach else 0.0
