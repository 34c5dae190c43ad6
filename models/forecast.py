"""A reference forecast: median and spread of a region's growth in a year, before anything is planned
(参照预测).

What regions like this did in years like this. One region's growth is what all regions are expected to have on
average and a linear form of what is known of the region itself,

.. math:: g_r = l + x_r' \\beta_m + u + e_r

with the expected mean ``l`` (an outlook of the nation and the regions' lead over it), facts ``x``,
coefficients ``β`` for regions of which ``m`` years are known, the nation's surprise ``u`` (calm years and
crises) and the region's own ``e``. Percent and percentage points throughout; NaN is "not known".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from .quantity import FloatArray

HALF_LIFE = 2.5
"""Years after which a past lead or gap counts half."""

PRIOR_YEARS = 2.0
"""Weight of "as all others" in the shrunk past gap, years."""

STEADY, VOLATILE_LIFE = 6.0, 4.0
"""Years' weight of "as steady as all others", and half-life, in a region's own spread."""

BOLD = 4.0
"""Points by which a target may lie off all regions' mean and still say more: a target is a sign of what is
expected, no lever."""

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
        Standard deviation of the nation's news in a calm year and in a crisis, points, and the chance of a
        crisis, share.
    own
        Standard deviation of what is the region's own, points.
    nation
        What all regions are expected to grow by on average, %; NaN where it rests on the region's own past
        alone.
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

    def quantile(self, level: float) -> float:
        """Growth below which a share ``level`` of all such years lies, %.

        .. math:: F(x) = (1 - p) \\Phi(x / \\sqrt{calm^2 + own^2}) + p \\Phi(x / \\sqrt{crisis^2 + own^2})

        about the median, by halving.
        """
        parts = [
            (share, NormalDist(0.0, math.hypot(spread, self.own) or 1e-9))
            for share, spread in ((1 - self.chance, self.calm), (self.chance, self.crisis))
        ]
        low, high = -100.0, 100.0
        for _ in range(60):
            middle = (low + high) / 2
            below = sum(share * law.cdf(middle) for share, law in parts) < level
            low, high = (middle, high) if below else (low, middle)
        return self.median + (low + high) / 2


@dataclass(frozen=True)
class Ahead:
    """What all regions are expected to grow by on average in a year, %, and its error in a calm year and in a
    crisis, points."""

    middle: float
    calm: float
    crisis: float


@dataclass(frozen=True)
class Past:
    """Regions' means by year up to the year to come, which is the last ``(Y,)``: growth, target, gap, size of
    what was left."""

    growth: FloatArray
    aim: FloatArray
    gap: FloatArray
    spread: FloatArray

    def until(self, year: int) -> Past:
        """The same up to the year at position ``year``."""
        return Past(*(each[: year + 1] for each in (self.growth, self.aim, self.gap, self.spread)))


@dataclass(frozen=True)
class Fitted:
    """Coefficients ``(4,)`` and spread of what they leave, by (years known, has a target)."""

    slopes: Mapping[tuple[int, bool], FloatArray]
    spread: Mapping[tuple[int, bool], float]

    def used(self, have: int, aimed: bool) -> tuple[int, bool]:
        """The entry for so many years: the greatest that is no more than known."""
        return max(key for key in self.slopes if key[0] <= have and key[1] == aimed)


@dataclass(frozen=True)
class Learnt:
    """What a panel of regions teaches about the last of ``years``, when it begins.

    Attributes
    ----------
    past
        All regions' means by year ``(Y,)``.
    release
        The nation's growth as first released ``(Y,)``, %.
    fitted
        Coefficients of a region's lead, by what is known of it.
    ahead, weights
        All regions' expected mean by edition of the nation's outlook (``none``: without one), and the weight
        of each reading in it.
    chance
        Chance of a crisis year, share.
    """

    years: tuple[int, ...]
    past: Past
    release: FloatArray
    fitted: Fitted
    ahead: Mapping[str, Ahead]
    chance: float
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def references(self, growth: FloatArray, target: FloatArray, ahead: Ahead) -> tuple[Reference, ...]:
        """References of regions for the last year, from their own growth and targets ``(R, Y)`` and what is
        expected of all."""
        middle, own = leads(growth, target, self.past, self.fitted)
        known = np.isfinite(growth[:, :-1]).sum(axis=1)
        return tuple(
            Reference(
                ahead.middle + float(lead),
                ahead.calm,
                ahead.crisis,
                self.chance,
                float(spread),
                ahead.middle,
                int(years),
            )
            for lead, spread, years in zip(middle, own, known, strict=True)
        )


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
    aim = np.clip(np.nan_to_num(target[:, -1] - past.aim[-1]), -BOLD, BOLD)
    return np.stack([held, aim, mean, last], axis=1)


def leads(
    growth: FloatArray, target: FloatArray, past: Past, fitted: Fitted
) -> tuple[FloatArray, FloatArray]:
    """Regions' leads over all regions' mean in the year to come ``(R,)``, and their own spreads ``(R,)``,
    points.

    .. math:: s_r^2 = s^2 \\frac{k + \\sum_t w_t \\min(|e_{rt}|/s_t, 3)^2}{k + \\sum_t w_t}

    with the spread s of all, what was left of the region's own past years e over the year's typical size s_t,
    the weight k of
    :data:`STEADY` years and w halving every :data:`VOLATILE_LIFE` years (a scaled inverse chi-squared prior:
    Gelman et al. 2013,
    *Bayesian Data Analysis*, ch. 2).

    Parameters
    ----------
    growth, target
        Own history on the years of ``past``, the last column being the year to come ``(R, Y)``.
    """
    middle, spread = _foretold(growth, target, past, fitted)
    total, weight = np.full(len(growth), STEADY), np.full(len(growth), STEADY)
    last = growth.shape[1] - 1
    for t in range(1, last):
        if not (np.isfinite(past.growth[t]) and 0 < past.spread[t] < np.inf):
            continue
        left = (
            growth[:, t]
            - past.growth[t]
            - _foretold(growth[:, : t + 1], target[:, : t + 1], past.until(t), fitted)[0]
        )
        old = 0.5 ** ((last - 1 - t) / VOLATILE_LIFE) * np.isfinite(left)
        total += old * np.minimum(np.abs(np.nan_to_num(left)) / past.spread[t], 3.0) ** 2
        weight += old
    return middle, spread * np.sqrt(total / weight)


def _foretold(
    growth: FloatArray, target: FloatArray, past: Past, fitted: Fitted
) -> tuple[FloatArray, FloatArray]:
    """Lead in the last year and the spread of all regions of which as much is known, ``(R,)`` each."""
    have = np.isfinite(growth[:, :-1]).sum(axis=1)
    aimed = np.isfinite(target[:, -1]) & np.isfinite(past.aim[-1])
    keys = [fitted.used(int(years), bool(aim)) for years, aim in zip(have, aimed, strict=True)]
    slopes = np.array([fitted.slopes[key] for key in keys])
    return (facts(growth, target, past) * slopes).sum(axis=1), np.array([fitted.spread[key] for key in keys])
