"""A reference forecast: median and spread of a region's growth in a year, before anything is planned (参照预测).

What regions like this did in years like this. One region's growth is what all regions are expected to have on average and a
linear form of what is known of the region itself,

.. math:: g_r = l + x_r' \\beta_m + u + e_r

with the expected mean ``l`` (an outlook of the nation and the regions' lead over it), facts ``x``, coefficients ``β`` for
regions of which ``m`` years are known, the nation's surprise ``u`` (calm years and crises) and the region's own ``e``.
Percent and percentage points throughout; NaN is "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .quantity import FloatArray

HALF_LIFE = 2.5
"""Years after which a past lead or gap counts half."""

PRIOR_YEARS = 2.0
"""Weight of "as all others" in the shrunk past gap, years."""

STEADY, VOLATILE_LIFE = 6.0, 4.0
"""Years' weight of "as steady as all others", and half-life, in a region's own spread."""

FACTS = ("gap", "target", "mean", "last")
"""Past gap to targets against all regions', target against theirs, mean past lead in growth, last lead."""


@dataclass(frozen=True)
class Reference:
    """What regions like this did in years like this.

    Attributes
    ----------
    median
        Median growth of GDP, %.
    calm, crisis, chance
        Standard deviation of the nation's news in a calm year and in a crisis, points, and the chance of a crisis, share.
    own
        Standard deviation of what is the region's own, points.
    nation
        What all regions are expected to grow by on average, %; NaN where it rests on the region's own past alone.
    known
        Years of the region's own history that it rests on.
    """

    median: float
    calm: float
    crisis: float
    chance: float
    own: float
    nation: float = float("nan")
    known: int = 0


@dataclass(frozen=True)
class Past:
    """Regions' means by year up to the year to come, which is the last ``(Y,)``: growth, target, gap, size of what was left."""

    growth: FloatArray
    aim: FloatArray
    gap: FloatArray
    spread: FloatArray


@dataclass(frozen=True)
class Fitted:
    """Coefficients ``(4,)`` and spread of what they leave, by (years known, has a target)."""

    slopes: Mapping[tuple[int, bool], FloatArray]
    spread: Mapping[tuple[int, bool], float]

    def used(self, have: int, aimed: bool) -> tuple[int, bool]:
        """The entry for so many years: the greatest that is no more than known."""
        return max(key for key in self.slopes if key[0] <= have and key[1] == aimed)


def facts(growth: FloatArray, target: FloatArray, past: Past) -> FloatArray:
    """Facts of each region in the last year ``(R, 4)``, points; 0 where nothing is known.

    Parameters
    ----------
    growth, target : own history on the years of ``past``, the last column being the year to come ``(R, Y)``.
    """
    years = growth.shape[1] - 1
    lead = growth[:, :-1] - past.growth[:-1]
    gap = (growth - target)[:, :-1] - past.gap[:-1]
    old = 0.5 ** (np.arange(years)[::-1] / HALF_LIFE)
    w, v = old * np.isfinite(gap), old * np.isfinite(lead)
    held = (w * np.nan_to_num(gap)).sum(axis=1) / (w.sum(axis=1) + PRIOR_YEARS)
    mean = (v * np.nan_to_num(lead)).sum(axis=1) / np.maximum(v.sum(axis=1), 1e-9)
    last = np.nan_to_num(lead[:, -1]) if years else np.zeros(len(growth))
    return np.stack([held, np.nan_to_num(target[:, -1] - past.aim[-1]), mean, last], axis=1)


def lead(growth: FloatArray, target: FloatArray, past: Past, fitted: Fitted) -> tuple[float, float, int]:
    """One region's lead over all regions' mean in the year to come, its own spread, and the years known; rows ``(Y,)``."""
    have = int(np.isfinite(growth[:-1]).sum())
    key = fitted.used(have, bool(np.isfinite(target[-1]) and np.isfinite(past.aim[-1])))
    middle = float(facts(growth[None], target[None], past)[0] @ fitted.slopes[key])
    return middle, fitted.spread[key] * _steadiness(growth, target, past, fitted), have


def _steadiness(growth: FloatArray, target: FloatArray, past: Past, fitted: Fitted) -> float:
    """A region's own spread over all regions', from what was left of its own past years, drawn towards 1."""
    total, weight = STEADY, STEADY
    last = len(growth) - 1
    for t in range(1, last):
        if not (np.isfinite(growth[t]) and np.isfinite(past.growth[t]) and np.isfinite(past.spread[t])):
            continue
        before = Past(*(np.append(each[:t], each[t]) for each in (past.growth, past.aim, past.gap, past.spread)))
        key = fitted.used(int(np.isfinite(growth[:t]).sum()), bool(np.isfinite(target[t]) and np.isfinite(past.aim[t])))
        foretold = facts(growth[None, : t + 1], target[None, : t + 1], before)[0] @ fitted.slopes[key]
        size = min(abs(float(growth[t] - past.growth[t] - foretold)) / float(past.spread[t]), 3.0)
        old = 0.5 ** ((last - 1 - t) / VOLATILE_LIFE)
        total, weight = total + old * size**2, weight + old
    return float(np.sqrt(total / weight))
