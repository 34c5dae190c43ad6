"""News of the nation: growth of all regions next year, read from their plans and from their past (全国消息)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from ...models.quantity import FloatArray

CRISIS, CHANCE = 3.0, 0.15
"""What a crisis adds to a year's national shock, points (sd), and its chance."""

DRIFTS, NOISES = (0.5, 1.0, 1.5), (0.3, 0.6)
"""Yearly drift of the level and noise of a calm year, points: all pairs are weighed by how well each foretold."""

PLAN, PAST = 3.0, 2.0
"""Beta prior of the weight of plans against past growth: about what five years of equal evidence would say.

In the years that are not scored (cities to 2009, provinces to 2004) plans foretold better, so the prior leans to them.
"""

KEPT = 48


@dataclass(frozen=True)
class News:
    """Next year's mean gap of regions to their targets (or a region's own growth), before it begins.

    Attributes
    ----------
    middle
        Mean, points.
    calm, crisis
        Standard deviations of a calm year and of a crisis, the unknown level included; a crisis has the chance ``CHANCE``.
    plan
        Weight of the reading of plans, the rest is that of past growth; 1 where there is no other.
    """

    middle: float
    calm: float
    crisis: float
    plan: float

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        """Draws ``(count,)``, points."""
        rough = rng.random(count) < CHANCE
        return np.asarray(self.middle + np.where(rough, self.crisis, self.calm) * rng.standard_normal(count))


@dataclass(frozen=True)
class Reading:
    """One path read by filters: next year as a mixture of normals, and how probable each past year had been.

    ``density`` is that of every year given the years before it ``(Y,)``, NaN where the year was not seen.
    """

    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    noise: FloatArray
    density: FloatArray


def news(gaps: FloatArray, growth: FloatArray, mean_target: float, rebound: float = 0.0) -> News:
    """Foretell the mean gap of a year from two readings of the years before.

    .. math:: y_t = l_t + e_t, \\quad l_t = l_{t-1} + q\\,w_t, \\quad e_t \\sim 0.85\\,N(0, s^2) + 0.15\\,N(0, s^2 + 3^2)

    The plan's reading: y is the gap to targets, whose bias drifts. The past's reading: y is growth itself. Each is a
    Gaussian-sum filter (Sorenson & Alspach 1971) for every ``q`` and ``s``, weighed by likelihood. The two are pooled
    with the weight under which the pool would have foretold the years before best (Geweke & Amisano 2011), drawn
    towards its prior; no later year is used. A year that is NaN is passed over.

    Parameters
    ----------
    gaps
        Mean gap of all regions to their targets, the years before ``(Y,)``, points.
    growth
        Mean growth of the regions that are foretold, the same years ``(Y,)``, %.
    mean_target
        Mean target of the year to come, %.
    rebound
        Part of a crisis' shortfall that the next year makes up (Friedman 1993: recessions pluck output down).
    """
    first = np.flatnonzero(np.isfinite(gaps))
    planned = gaps[first[0]:] if len(first) else gaps[:0]
    known = np.flatnonzero(np.isfinite(growth))
    plan = read(planned, 0.0, 1.0, rebound)
    if not len(known):
        return _news([(1.0, plan, 0.0)], 1.0)
    grown = growth[known[0]:]
    past = read(grown, float(grown[0]), 4.0, rebound)
    both = min(len(planned), len(grown))
    weight = _weight(plan.density[len(planned) - both:], past.density[len(grown) - both:])
    return _news([(weight, plan, 0.0), (1 - weight, past, -mean_target)], weight)


def level(growth: FloatArray) -> News:
    """One region's own growth next year: its level drifts, and a crisis is not taken for a new level ``(Y,)``."""
    seen = growth[np.isfinite(growth)]
    return _news([(1.0, read(growth, float(seen[0]) if len(seen) else 0.0, 4.0), 0.0)], 0.0)


def read(path: FloatArray, start: float, spread: float, rebound: float = 0.0) -> Reading:
    """Filter a path with every pair of drift and noise, from a level of mean ``start`` and variance ``spread``."""
    filters = [(*_filter(path, drift, noise, start, spread, rebound), noise) for drift, noise in product(DRIFTS, NOISES)]
    logged = np.array([f[3] for f in filters])
    before = np.concatenate([np.zeros((len(filters), 1)), np.nancumsum(logged, axis=1)], axis=1)
    share = np.exp(before - before.max(axis=0))
    share = share / share.sum(axis=0)
    return Reading(
        np.concatenate([s * f[0] for s, f in zip(share[:, -1], filters, strict=True)]),
        np.concatenate([f[1] for f in filters]), np.concatenate([f[2] for f in filters]),
        np.concatenate([np.full(len(f[0]), f[4]) for f in filters]), (share[:, :-1] * np.exp(logged)).sum(axis=0),
    )


def _weight(plan: FloatArray, past: FloatArray) -> float:
    """Weight of the plan's reading with the greatest posterior: Π (w p_t + (1 - w) q_t) under a Beta prior, by EM."""
    there = np.isfinite(plan) & np.isfinite(past)
    one, other = plan[there], past[there]
    weight = 0.5
    for _ in range(200):
        mine = weight * one / np.maximum(weight * one + (1 - weight) * other, 1e-300)
        weight = float((PLAN - 1 + mine.sum()) / (PLAN + PAST - 2 + len(mine)))
    return weight


def _news(parts: list[tuple[float, Reading, float]], plan: float) -> News:
    """Mean and variance of a pool of readings, each moved by a number; a calm year and a crisis about them."""
    weight = np.concatenate([share * reading.weight for share, reading, _ in parts])
    weight = weight / weight.sum()
    mean = np.concatenate([reading.mean + moved for _, reading, moved in parts])
    within = np.concatenate([reading.variance + reading.noise**2 for _, reading, _ in parts])
    middle = float(weight @ mean)
    calm = float(weight @ (within + (mean - middle) ** 2))
    return News(middle, float(np.sqrt(calm)), float(np.sqrt(calm + CRISIS**2)), plan)


def _filter(
    path: FloatArray, drift: float, calm: float, start: float, spread: float, rebound: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weights, means and variances of next year's level (and rebound), and the log density of every year seen."""
    weight, mean, variance, logged = np.ones(1), np.array([start]), np.array([spread]), np.full(len(path), np.nan)
    echo = np.zeros(1)
    noise, chance = np.array([[calm**2], [calm**2 + CRISIS**2]]), np.array([[1 - CHANCE], [CHANCE]])
    for year, seen in enumerate(path):
        variance = variance + drift**2
        if not np.isfinite(seen):
            echo = np.zeros_like(mean)
            continue
        whole = variance + noise
        gain, off = variance / whole, seen - mean - echo
        likely = weight * chance * np.exp(-0.5 * off**2 / whole) / np.sqrt(2 * np.pi * whole)
        logged[year] = np.log(max(float(likely.sum()), 1e-300))
        order = np.argsort(-likely.ravel())[:KEPT]
        weight = likely.ravel()[order] / max(float(likely.ravel()[order].sum()), 1e-300)
        shock = off * (1 - gain)  # what of the surprise is the year's own and not the level's
        crisis = np.array([[0.0], [1.0]])
        mean = (mean + gain * off).ravel()[order]
        echo = (-rebound * crisis * np.minimum(shock, 0.0)).ravel()[order]
        variance = np.broadcast_to(variance * (1 - gain), likely.shape).ravel()[order]
    return weight, mean + echo, variance + drift**2, logged
