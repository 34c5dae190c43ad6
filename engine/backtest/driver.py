"""What the year before says of a region's growth: the centre and spread that its market is given (驱动)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.quantity import BoolArray, FloatArray
from .news import News, news
from .panel import Panel

HALF_LIFE = 2.5
"""Years after which a past gap or growth counts half."""

MEMORY = 3.0
"""Years after which a year counts half in the estimate of coefficients.

Of 3, 6, 12 and 30 the best on years that are not scored: cities 2006-2009, provinces 2001-2004.
"""

PRIOR_YEARS = 2.0
"""Weight of "as all others" in a region's own past gap, in years."""

PRIOR_CRISES = 20.0
"""Weight of "nothing is made up" in the estimate of the rebound, in region-years."""

STEADY, VOLATILE_LIFE = 6.0, 4.0
"""Weight of "as steady as all others" in a region's own spread, in years, and years after which a residual counts half."""

RIDGE = 2.0

FEWEST = 30
"""Fewest earlier region-years from which coefficients are estimated; below, the targets speak alone."""


@dataclass(frozen=True)
class Outlook:
    """What is known of one year when it begins.

    Attributes
    ----------
    national
        The mean gap of all regions to their targets, as a law.
    mean_target
        Mean target of the year, %.
    deviation
        What each region's own past adds to the national gap, points ``(R,)``.
    own
        Standard deviation of what is left in each region, points ``(R,)``.
    scored
        Regions that have a target and a past ``(R,)``.
    rebound
        Part of a deep shortfall that the next year made up, over all regions and years before.
    """

    year: int
    national: News
    mean_target: float
    deviation: FloatArray
    own: FloatArray
    scored: BoolArray
    coefficients: FloatArray
    rebound: float


def outlook(known: Panel) -> Outlook:
    """Estimate the driver for the last year of ``known``; nothing but its targets is read of that year.

    The gap to the target is, in each region, the nation's plus a linear form of its own shrunk past gap, its
    target relative to the nation's and the province's mean, and its past growth relative to both; the
    coefficients are estimated on deviations within each earlier year (Huber 1964, with a small ridge).
    """
    gap = known.growth - known.target
    last = len(known.years) - 1
    lines, seen, weights = [], [], []
    for t in range(2, last):
        there = np.isfinite(gap[:, t])
        if there.sum() < 3:
            continue
        x = features(known, t)[there]
        lines.append(x - x.mean(axis=0))
        seen.append(gap[there, t] - gap[there, t].mean())
        weights.append(np.full(int(there.sum()), 0.5 ** ((last - 1 - t) / MEMORY)))
    scored = np.isfinite(known.target[:, last]) & np.isfinite(known.growth[:, :last]).any(axis=1)
    x = features(known, last)
    coefficients, own, rebound = np.zeros(x.shape[1]), np.full(len(known.regions), 2.0), 0.0
    if lines and sum(map(len, seen)) >= FEWEST:
        coefficients, spread = _fit(np.concatenate(lines), np.concatenate(seen), np.concatenate(weights))
        left = _left(known, gap, coefficients)
        own, rebound = _own(left[:, :last], spread, scored), _rebound(left, spread)
    centre = x[scored].mean(axis=0) if scored.any() else np.zeros(x.shape[1])
    mean_target = float(np.mean(known.target[scored, last])) if scored.any() else np.nan
    grown = known.growth[:, :last]
    return Outlook(
        known.years[-1], news(_means(gap[:, :last]), _means(grown[scored] if scored.any() else grown), mean_target, rebound),
        mean_target, (x - centre) @ coefficients, own, scored, coefficients, rebound,
    )


def features(panel: Panel, t: int) -> FloatArray:
    """Seven facts about each region that are known when year ``t`` begins, ``(R, 7)``; 0 where unknown."""
    growth, target = panel.growth[:, :t], panel.target
    gap = growth - target[:, :t]
    weight = 0.5 ** (np.arange(t - 1, -1, -1) / HALF_LIFE)[None, :]
    relative = np.nan_to_num(gap - _means(gap))
    there = weight * np.isfinite(gap)
    held, whole = (relative * there).sum(axis=1), there.sum(axis=1)
    province = np.bincount(panel.group, held, len(panel.groups)) / (
        np.bincount(panel.group, whole, len(panel.groups)) + PRIOR_YEARS + 1
    )
    by_nation, by_province = growth - _means(growth), growth - _by_group(growth, panel)
    past = weight * np.isfinite(growth)
    past = past / np.maximum(past.sum(axis=1, keepdims=True), 1e-9)
    now = target[:, [t]]
    return np.stack([
        held / (whole + PRIOR_YEARS),
        np.nan_to_num(now - _means(now))[:, 0],
        (np.nan_to_num(by_nation) * past).sum(axis=1),
        (np.nan_to_num(by_province) * past).sum(axis=1),
        np.nan_to_num(by_nation[:, -1]),
        province[panel.group],
        np.nan_to_num(now - _by_group(now, panel))[:, 0],
    ], axis=1)


def _left(known: Panel, gap: FloatArray, coefficients: FloatArray) -> FloatArray:
    """What the driver leaves of every earlier gap, within each year ``(R, Y)``."""
    left = np.full_like(gap, np.nan)
    for t in range(2, gap.shape[1] - 1):
        there = np.isfinite(gap[:, t])
        if there.sum() >= 3:
            x = features(known, t)[there]
            left[there, t] = gap[there, t] - gap[there, t].mean() - (x - x.mean(axis=0)) @ coefficients
    return left


def _own(left: FloatArray, spread: float, scored: BoolArray) -> FloatArray:
    """Each region's own spread, drawn towards all regions' ``(R,)``, whose mean square it keeps.

    .. math:: s_r^2 \\propto s^2 \\frac{k + \\sum_t w_t \\min(|e_{rt}|/s_t, 3)^2}{k + \\sum_t w_t}

    with the year's own spread s_t, the weight k of :data:`STEADY` years and w halving every four years (a scaled
    inverse chi-squared prior: Gelman et al. 2013, *Bayesian Data Analysis*, ch. 2).
    """
    there = np.isfinite(left)
    size = np.where(there, np.abs(np.nan_to_num(left)), 0.0)
    count = np.maximum(there.sum(axis=0), 1)
    typical = np.sqrt((np.minimum(size, 3 * spread) ** 2).sum(axis=0) / count)
    relative = np.minimum(size / np.maximum(typical, 0.2 * spread), 3.0)
    weight = 0.5 ** (np.arange(left.shape[1])[::-1] / VOLATILE_LIFE) * there
    ratio = (STEADY + (weight * relative**2).sum(axis=1)) / (STEADY + weight.sum(axis=1))
    whole = float(ratio[scored].mean()) if scored.any() else 1.0
    return np.asarray(spread * np.sqrt(ratio / whole))


def _rebound(left: FloatArray, own: float) -> float:
    """How much of a region's own deep shortfall the next year makes up, shrunk towards nothing (0..1).

    Over all earlier region-years whose surprise lay below -2 sd: -Σ e_t e_{t-1} / Σ e_{t-1}², times n/(n + 20).
    What is seen of regions' own crises is taken to hold for the nation's, of which there are too few to tell.
    """
    before, after = left[:, :-1], left[:, 1:]
    deep = np.isfinite(before) & np.isfinite(after) & (before < -2 * own)
    count, whole = int(deep.sum()), float((before[deep] ** 2).sum())
    if not count:
        return 0.0
    return float(np.clip(-(before[deep] * after[deep]).sum() / whole * count / (count + PRIOR_CRISES), 0.0, 1.0))


def _means(values: FloatArray) -> FloatArray:
    """Mean of each year over the regions that have it, ``(Y,)``."""
    count = np.isfinite(values).sum(axis=0)
    return np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)


def _by_group(values: FloatArray, panel: Panel) -> FloatArray:
    """Mean of each year over a region's province ``(R, Y)``."""
    member = np.eye(len(panel.groups))[panel.group]
    count = member.T @ np.isfinite(values)
    total = member.T @ np.nan_to_num(values)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return np.asarray(mean[panel.group])


def _fit(x: FloatArray, y: FloatArray, weight: FloatArray) -> tuple[FloatArray, float]:
    """Huber regression by reweighting; the sd of what is left, outliers cut at four robust sds."""
    pull, robust, left = weight, 1.0, np.asarray(y)
    coefficients: FloatArray = np.zeros(x.shape[1])
    for _ in range(12):
        moments = (x * pull[:, None]).T
        coefficients = np.asarray(np.linalg.solve(moments @ x + RIDGE * np.eye(x.shape[1]), moments @ y))
        left = y - x @ coefficients
        robust = max(1.4826 * float(np.median(np.abs(left))), 1e-6)
        pull = np.asarray(weight * np.minimum(1.0, 2 * robust / np.maximum(np.abs(left), 1e-9)))
    squares = np.minimum(left**2, (4 * robust) ** 2)
    return coefficients, float(np.sqrt(np.average(squares, weights=weight)))
