"""Whether numbers of one sheet fit one another: means, what is left for the rest, how far off counts
(目标自洽)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum

from .quantity import Quantity
from .words import msg

FAR = 2.0
"""Doubts (standard deviations) beyond which asking more contradicts what is implied; beyond one it is tight,
asking less is loose."""
HAIR = 1e-9


class Consistency(Enum):
    """How a row of the sheet fits the others; the value is the text shown."""

    CONTRADICTORY = msg("contradictory")
    TIGHT = msg("tight")
    LOOSE = msg("loose")
    CONSISTENT = msg("consistent")
    TOLD = msg("shown only")
    MISSING = msg("number missing")


def mean_growth(parts: Iterable[tuple[float, float]]) -> float:
    """Growth of a whole from its parts' ``(value before, growth in %)``.

    .. math:: g = \\sum_i w_i g_i / \\sum_i w_i

    >>> mean_growth([(50, 4.0), (150, 8.0)])
    7.0
    """
    known = list(parts)
    return math.fsum(weight * growth for weight, growth in known) / math.fsum(weight for weight, _ in known)


def rest_growth(growth: float, others: Iterable[tuple[float, float]], rest: float) -> float:
    """What the rest, worth ``rest`` before, must grow so that the whole grows by ``growth``.

    .. math:: g_r = (W g - \\sum_{i \\ne r} w_i g_i) / w_r, \\qquad W = w_r + \\sum_{i \\ne r} w_i

    >>> rest_growth(7.0, [(50, 4.0)], 150)
    8.0
    """
    known = list(others)
    whole = rest + math.fsum(weight for weight, _ in known)
    return (whole * growth - math.fsum(weight * each for weight, each in known)) / rest


def spread(quantity: Quantity) -> float:
    """Standard deviation of a number with ``low`` and ``high``: PERT with mode ``value``; 0 without them.

    .. math:: \\mu = (a + 4m + b)/6, \\qquad \\sigma^2 = (\\mu - a)(b - \\mu)/7
    """
    low = quantity.value if quantity.low is None else quantity.low
    high = quantity.value if quantity.high is None else quantity.high
    mean = (low + 4 * quantity.value + high) / 6
    return math.sqrt(max((mean - low) * (high - mean), 0.0) / 7)


def together(*doubts: float) -> float:
    """Standard deviation of a sum of independent doubts."""
    return math.hypot(*doubts)


def level(
    asked: float,
    implied: float,
    sd: float | None,
    slack: float,
    *,
    nearer: bool = False,
    floor: bool = False,
    ceiling: bool = False,
) -> Consistency:
    """How what a sheet asks stands to what its other numbers imply; asking too little is loose, however
    little: both can be met.

    Parameters
    ----------
    doubt
        Standard deviation of what is implied; None where nothing tells it.
    slack
        What rounding to the printed digits may hide; within it numbers agree.
    nearer
        Whether another tier of the same row lies nearer to what is implied.
    floor
        Whether asking for less than is implied is no matter at all.
    ceiling
        Whether what is asked is a ceiling: then implying less is no matter at all, implying more is tight.
    """
    over = implied - asked if ceiling else asked - implied
    if abs(over) <= slack + HAIR or ((floor or ceiling) and over < 0):
        return Consistency.CONSISTENT
    if sd is None:
        return Consistency.TOLD
    if over > FAR * sd:
        return Consistency.CONTRADICTORY
    if abs(over) > sd or nearer:
        return Consistency.TIGHT if over > 0 else Consistency.LOOSE
    return Consistency.CONSISTENT
