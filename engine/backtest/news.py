"""News of the nation: by how much regions miss their targets on average, a level that drifts and sometimes jumps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray

CALM, CRISIS, CHANCE = 0.8, 3.0, 0.15
"""National shock of a year, points: its sd in calm years and in crises, and the chance of a crisis."""

DRIFTS = (0.3, 0.5, 0.8)
"""Yearly drift of the level, points, that are weighed by how well each foretold the years before."""

KEPT = 48


@dataclass(frozen=True)
class News:
    """What the years before say of the national mean gap: a mixture of normals, with its mean drift."""

    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    drift: float

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        """Draws of next year's mean gap, its own shock included, points ``(count,)``, spread evenly over the law."""
        u = (rng.permutation(count) + rng.random(count)) / count
        pick = np.searchsorted(np.cumsum(self.weight) / self.weight.sum(), u).clip(0, len(self.weight) - 1)
        crisis = (rng.permutation(count) + 0.5) / count < CHANCE
        noise = np.where(crisis, CRISIS, CALM)
        return np.asarray(self.mean[pick] + np.sqrt(self.variance[pick] + noise**2) * rng.standard_normal(count))


def news(gaps: FloatArray, rebound: float = 0.0) -> News:
    """Foretell the national mean gap from the years before.

    .. math:: y_t = l_t + e_t, \\quad l_t = l_{t-1} + q\\,w_t, \\quad e_t \\sim 0.85\\,N(0, 0.8^2) + 0.15\\,N(0, 3^2)

    Plans are biased, and the bias drifts. A Gaussian-sum filter (Sorenson & Alspach 1971) for each drift ``q``;
    the filters are weighed by how likely each made what was seen (no later year is used). A year that is NaN is
    passed over. Filters on growth itself instead of the gap were tried: no better on cities, worse on provinces.

    Parameters
    ----------
    gaps
        Mean gap of the years before ``(Y,)``, points.
    rebound
        Part of a crisis' shortfall that the next year makes up (Friedman 1993: recessions pluck output down).
    """
    return _weighed(gaps, 0.0, 1.0, rebound)


def level(growth: FloatArray) -> News:
    """The same of one region's own growth: its level drifts, and a crisis is not taken for a new level ``(Y,)``."""
    seen = growth[np.isfinite(growth)]
    return _weighed(growth, float(seen[0]) if len(seen) else 0.0, 4.0)


def _weighed(path: FloatArray, start: float, spread: float, rebound: float = 0.0) -> News:
    filters = [(_filter(path, drift, start, spread, rebound), drift) for drift in DRIFTS]
    logged = np.array([f[0][3] for f in filters])
    share = np.exp(logged - logged.max())
    share = share / share.sum()
    return News(
        np.concatenate([s * f[0][0] for s, f in zip(share, filters, strict=True)]),
        np.concatenate([f[0][1] for f in filters]), np.concatenate([f[0][2] for f in filters]),
        float(share @ np.array(DRIFTS)),
    )


def _filter(
    path: FloatArray, drift: float, start: float, spread: float, rebound: float
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Weights, means and variances of what is foretold of next year, and the log likelihood."""
    weight, mean, variance, logged = np.ones(1), np.array([start]), np.array([spread]), 0.0
    echo = np.zeros(1)
    noise, chance = np.array([[CALM**2], [CRISIS**2]]), np.array([[1 - CHANCE], [CHANCE]])
    for seen in path:
        variance = variance + drift**2
        if not np.isfinite(seen):
            echo = np.zeros_like(mean)
            continue
        whole = variance + noise
        gain, off = variance / whole, seen - mean - echo
        likely = weight * chance * np.exp(-0.5 * off**2 / whole) / np.sqrt(2 * np.pi * whole)
        logged += float(np.log(max(float(likely.sum()), 1e-300)))
        order = np.argsort(-likely.ravel())[:KEPT]
        weight = likely.ravel()[order] / max(float(likely.ravel()[order].sum()), 1e-300)
        shock = off * (1 - gain)  # what of the surprise is the year's own and not the level's
        crisis = np.array([[0.0], [1.0]])
        mean = (mean + gain * off).ravel()[order]
        echo = (-rebound * crisis * np.minimum(shock, 0.0)).ravel()[order]
        variance = np.broadcast_to(variance * (1 - gain), likely.shape).ravel()[order]
    return weight, mean + echo, variance + drift**2, logged
