"""Shocks to growth: how long leads last, and how much of a year's news is the nation's, the province's and
one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....models.quantity import FloatArray

CRISIS_PRIOR, CRISIS_WEIGHT = 0.15, 10.0
"""Prior chance of a crisis year and its weight in years: a panel has too few years to tell alone."""

ROBUST = 1.4826


@dataclass(frozen=True)
class Figure:
    """An estimate with its standard error (NaN where it cannot be told) and how many cases it rests on."""

    value: float
    error: float
    cases: int


@dataclass(frozen=True)
class ShockEstimates:
    """How growth of one series moves from year to year.

    Attributes
    ----------
    persistence
        Part of a region's lead over the nation that lasts into the next year, corrected for short panels.
    national, crisis, chance
        Shock of the nation: sd in calm years, sd in crises, chance of a crisis.
    provincial, own
        Sd of what a province's regions share beyond the nation, and of what is a region's alone, points.
    freedom
        Degrees of freedom of the own part (Student's t): small is fat-tailed.
    path
        Yearly national shocks ``(Y,)``, and own ones ``(R, Y)``, for correlations between series.
    """

    persistence: Figure
    national: Figure
    crisis: Figure
    chance: Figure
    provincial: Figure
    own: Figure
    freedom: Figure
    years: FloatArray
    regions: FloatArray


def shocks(
    growth: FloatArray, group: np.ndarray, rng: np.random.Generator, repeats: int = 40
) -> ShockEstimates | None:
    """Estimate the shocks of a series ``(R, Y)``, %; None where fewer than 5 regions or 6 years are known.

    .. math:: g_{rt} - \\bar g_t = a_r + \\rho(g_{r,t-1} - \\bar g_{t-1}) + p_{gt} + e_{rt}

    Persistence by least squares on deviations from year and region means, with the correction of Nickell
    (1981), ρ + (1 + ρ)/(T - 1). Provincial and own variances by analysis of variance (Searle, Casella &
    McCulloch 1992). The nation's shock is the change of the mean. Standard errors by drawing regions (years,
    for the nation) anew.
    """
    there = np.isfinite(growth)
    if (there.sum(axis=1) >= 6).sum() < 5:
        return None
    persistence, left = _persistence(growth)
    lasting = np.clip(persistence, -0.95, 0.98)
    rows = [_parts(growth[pick], group[pick]) for pick in _drawn(len(growth), rng, repeats)]
    errors = np.nanstd(np.array(rows), axis=0)
    cases = int(np.isfinite(left).sum())
    _, provincial, own, freedom = _parts(growth, group)
    mean = _mean(growth)
    years = np.diff(mean)
    national = _mixture(years)
    again = np.array([_mixture(years[pick]) for pick in _drawn(len(years), rng, repeats)])
    spread = np.nanstd(again, axis=0)
    seen = int(np.isfinite(years).sum())
    calm, crisis, chance = (
        Figure(float(value), float(error), seen) for value, error in zip(national, spread, strict=True)
    )
    return ShockEstimates(
        Figure(float(lasting), float(errors[0]), cases),
        calm,
        crisis,
        chance,
        Figure(provincial, float(errors[1]), cases),
        Figure(own, float(errors[2]), cases),
        Figure(freedom, float(errors[3]), cases),
        years,
        left,
    )


def _drawn(count: int, rng: np.random.Generator, repeats: int) -> list[np.ndarray]:
    return [rng.integers(0, count, count) for _ in range(repeats)]


def _mean(growth: FloatArray) -> FloatArray:
    count = np.isfinite(growth).sum(axis=0)
    return np.where(count > 0, np.nansum(growth, axis=0) / np.maximum(count, 1), np.nan)


def _persistence(growth: FloatArray) -> tuple[float, FloatArray]:
    """Corrected persistence, and what it leaves ``(R, Y-1)``."""
    lead = growth - _mean(growth)
    x, y = lead[:, :-1], lead[:, 1:]
    both = np.isfinite(x) & np.isfinite(y)
    count = np.maximum(both.sum(axis=1, keepdims=True), 1)
    dx = np.where(both, x - np.where(both, x, 0).sum(axis=1, keepdims=True) / count, 0.0)
    dy = np.where(both, y - np.where(both, y, 0).sum(axis=1, keepdims=True) / count, 0.0)
    raw = float((dx * dy).sum() / max(float((dx**2).sum()), 1e-12))
    length = float(both.sum(axis=1)[both.sum(axis=1) > 0].mean()) if both.any() else 2.0
    corrected = raw + (1 + raw) / max(length - 1, 1.0)
    left = np.where(both, dy - min(corrected, 0.98) * dx, np.nan)
    return corrected, left


def _parts(growth: FloatArray, group: np.ndarray) -> tuple[float, float, float, float]:
    """Persistence; provincial and own sd; degrees of freedom."""
    persistence, left = _persistence(growth)
    names = np.unique(group)
    between, within, free, squares, groups = 0.0, 0.0, 0, 0.0, 0
    centred = left - _mean(left)
    own = np.full_like(left, np.nan)
    for name in names:
        part = centred[group == name]
        count = np.isfinite(part).sum(axis=0)
        mean = np.where(count > 0, np.nansum(part, axis=0) / np.maximum(count, 1), np.nan)
        rest = part - mean
        several = count > 1
        within += float(np.nansum(rest[:, several] ** 2))
        free += int((count[several] - 1).sum())
        between += float(np.nansum(mean[several] ** 2))
        squares += float((1 / count[several]).sum())
        groups += int(several.sum())
        # the mean takes part of each region's own shock away with it
        own[group == name] = rest * np.sqrt(np.where(several, count / np.maximum(count - 1, 1), np.nan))
    if len(names) < 2 or free < 20:
        seen = centred[np.isfinite(centred)]
        return persistence, 0.0, float(seen.std()), _freedom(seen)
    variance = within / free
    province = max(between / max(groups, 1) - variance * squares / max(groups, 1), 0.0)
    return persistence, float(np.sqrt(province)), float(np.sqrt(variance)), _freedom(own[np.isfinite(own)])


def _freedom(values: FloatArray) -> float:
    """Degrees of freedom by maximum likelihood over a grid, at the scale that fits each best; 30 stands for
    normal, 3 is the fattest tail allowed (a variance must exist)."""
    from scipy.stats import t

    grid = np.array([3, 3.5, 4, 5, 6, 8, 10, 15, 30])
    robust = max(ROBUST * float(np.median(np.abs(values))), 1e-9)
    best = [
        max(float(t.logpdf(values, nu, scale=scale).sum()) for scale in robust * np.linspace(0.6, 1.2, 7))
        for nu in grid
    ]
    return float(grid[int(np.argmax(best))])


def _mixture(years: FloatArray) -> tuple[float, float, float]:
    """Calm sd, crisis sd and chance of national shocks, by EM with a prior on the chance and on the
    crisis."""
    seen = years[np.isfinite(years)]
    if len(seen) < 5:
        return np.nan, np.nan, np.nan
    calm = max(ROBUST * float(np.median(np.abs(seen - np.median(seen)))), 0.05)
    crisis, chance = 3 * calm, CRISIS_PRIOR
    for _ in range(200):
        a = (1 - chance) / calm * np.exp(-0.5 * (seen / calm) ** 2)
        b = chance / crisis * np.exp(-0.5 * (seen / crisis) ** 2)
        bad = b / np.maximum(a + b, 1e-300)
        # a prior of one calm and one crisis year keeps both sds from falling to nothing
        calm = float(np.sqrt(((1 - bad) @ seen**2 + calm**2) / ((1 - bad).sum() + 1)))
        crisis = max(float(np.sqrt((bad @ seen**2 + (3 * calm) ** 2) / (bad.sum() + 1))), 1.5 * calm)
        chance = float((bad.sum() + CRISIS_PRIOR * CRISIS_WEIGHT) / (len(seen) + CRISIS_WEIGHT))
    return calm, crisis, chance


def correlation(one: FloatArray, other: FloatArray, shrink: float = 5.0) -> Figure:
    """Correlation of two paths of shocks, shrunk towards zero by n/(n + ``shrink``), with its standard
    error."""
    both = np.isfinite(one) & np.isfinite(other)
    count = int(both.sum())
    if count < 5:
        return Figure(np.nan, np.nan, count)
    raw = float(np.corrcoef(one[both], other[both])[0, 1])
    return Figure(raw * count / (count + shrink), (1 - raw**2) / np.sqrt(count - 1), count)


def pooled(figures: Sequence[Figure]) -> list[Figure]:
    """Estimates of kindred parameters drawn towards their mean, the less sure the more (partial pooling).

    .. math:: \\hat\\theta_i = m + \\frac{\\tau^2}{\\tau^2 + s_i^2}(\\theta_i - m)

    with the precision-weighted mean m and the variance τ² between them (DerSimonian & Laird 1986).
    """
    value, error = np.array([f.value for f in figures]), np.array([max(f.error, 1e-6) for f in figures])
    if len(figures) < 2 or not (np.isfinite(value).all() and np.isfinite(error).all()):
        return list(figures)
    weight = 1 / error**2
    mean = float((weight * value).sum() / weight.sum())
    excess = float((weight * (value - mean) ** 2).sum()) - (len(value) - 1)
    between = max(excess / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    again = 1 / (error**2 + between)
    mean = float((again * value).sum() / again.sum())
    keep = between / (between + error**2)
    return [
        Figure(float(mean + k * (v - mean)), float(np.sqrt(k * e**2 + (1 - k) ** 2 / again.sum())), f.cases)
        for k, v, e, f in zip(keep, value, error, figures, strict=True)
    ]
