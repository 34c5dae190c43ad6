"""News of the nation: growth of all regions next year, read from outlooks, from plans and from the past
(全国消息)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ...models.forecast import Ahead
from ...models.quantity import FloatArray

CHANCE = 0.15
"""Chance of a crisis year."""

PRIOR_YEARS = 5.0
"""Weight of the prior of the pool, in years of equal evidence."""

FORGETTING = 0.85
"""What a year's evidence for a drift and a noise counts for one year later (Raftery, Kárný & Ettler 2010)."""

KEPT = 48


@dataclass(frozen=True)
class Kind:
    """What is taken for granted of one way to read the nation; every combination is weighed by how well it
    foretold.

    Attributes
    ----------
    drifts, noises
        Yearly drift of the level and noise of a calm year, points.
    crises
        What a crisis adds to a year's surprise, points (sd).
    spread
        Variance of the level before anything is seen.
    weight
        Prior weight in the pool.
    lasting
        Part of the level that is left a year later.
    """

    drifts: tuple[float, ...]
    noises: tuple[float, ...]
    crises: tuple[float, ...]
    spread: float
    weight: float
    lasting: tuple[float, ...] = (1.0,)


PLANS = Kind((0.5, 1.0, 1.5), (0.3, 0.6), (3.0,), 1.0, 2.0)
"""Gaps to targets, whose bias drifts. In the years that are not scored (cities to 2009, provinces to 2004)
plans foretold better than past growth, so the prior leans to them."""

GROWN = Kind((0.5, 1.0, 1.5), (0.3, 0.6), (3.0,), 4.0, 1.0)
"""Past growth itself, whose level drifts."""

EDITION = Kind((0.1, 0.3, 0.6, 1.0), (0.2, 0.4, 0.8), (1.5, 3.0), 0.1, 20.0, (0.5, 0.8))
"""Errors of an outlook plus the regions' past lead over the nation: what was too high last year may be so
again, and fades."""


@dataclass(frozen=True)
class Reading:
    """One path read by filters: next year as a mixture of normals, and how probable each past year had been.

    ``density`` is that of every year given the years before it ``(Y,)``, NaN where the year was not seen;
    ``off`` what it was off by, and ``calm`` the variance that a calm year was given.
    """

    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    crisis: FloatArray
    density: FloatArray
    off: FloatArray
    calm: FloatArray

    def after(self, years: int) -> Reading:
        """The same with years before the first that were not seen."""
        later = {
            name: np.concatenate([np.full(years, np.nan), getattr(self, name)])
            for name in ("density", "off", "calm")
        }
        return replace(self, **later)


def read(path: FloatArray, kind: Kind, start: float = 0.0) -> Reading:
    """Filter a path with every combination of drift, noise and crisis, from a level of mean ``start``.

    .. math:: y_t = l_t + e_t, \\quad l_t = l_{t-1} + q\\,w_t, \\quad e_t \\sim 0.85\\,N(0, s^2) + 0.15\\,N(0, s^2 + c^2)

    A Gaussian-sum filter (Sorenson & Alspach 1971) for every q, s and c, weighed by likelihood, recent years
    more. A year that is NaN is passed over.
    """  # noqa: E501
    cases = list(product(kind.drifts, kind.noises, kind.crises, kind.lasting))
    filters = [
        _filter(path, drift, noise, crisis, start, kind.spread, lasting)
        for drift, noise, crisis, lasting in cases
    ]
    logged = np.array([f[3] for f in filters])
    before = np.zeros((len(filters), len(path) + 1))
    for year, seen in enumerate(logged.T):
        before[:, year + 1] = FORGETTING * before[:, year] + np.nan_to_num(seen)
    share = np.exp(before - before.max(axis=0))
    share = share / share.sum(axis=0)
    offs, calms = (np.array([f[at] for f in filters]) for at in (4, 5))
    off = (share[:, :-1] * offs).sum(axis=0)
    calm = (share[:, :-1] * (calms + (offs - off) ** 2)).sum(axis=0)
    return Reading(
        np.concatenate([s * f[0] for s, f in zip(share[:, -1], filters, strict=True)]),
        np.concatenate([f[1] for f in filters]),
        np.concatenate([f[2] + noise**2 for f, (_, noise, _, _) in zip(filters, cases, strict=True)]),
        np.concatenate(
            [np.full(len(f[0]), crisis) for f, (_, _, crisis, _) in zip(filters, cases, strict=True)]
        ),
        (share[:, :-1] * np.exp(logged)).sum(axis=0),
        off,
        calm,
    )


def pool(parts: Sequence[tuple[Reading, float, float]]) -> tuple[Ahead, FloatArray]:
    """Readings of the same years, each with what is to be added to it and its prior weight, as one law; and
    the weights found.

    Their weights are those under which the pool would have foretold the years before best (Geweke & Amisano
    2011), drawn towards the prior; no later year is used.
    """
    weights = _weights(
        np.stack([part.density for part, _, _ in parts]), np.array([prior for _, _, prior in parts])
    )
    weight = np.concatenate(
        [share * part.weight / part.weight.sum() for share, (part, _, _) in zip(weights, parts, strict=True)]
    )
    mean = np.concatenate([part.mean + moved for part, moved, _ in parts])
    variance = np.concatenate([part.variance for part, _, _ in parts])
    middle = float(weight @ mean)
    calm = float(weight @ (variance + (mean - middle) ** 2)) * _sureness(
        weights, [part for part, _, _ in parts]
    )
    rough = calm + float(weight @ np.concatenate([part.crisis for part, _, _ in parts]) ** 2)
    return Ahead(middle, float(np.sqrt(calm)), float(np.sqrt(rough))), weights


def _sureness(weights: FloatArray, parts: Sequence[Reading]) -> float:
    """Factor on the variance of a calm year: what the pool was off by in the years before over what it gave
    them, drawn towards 1.

    .. math:: \\frac{k + \\sum_t f^{T - t} \\min(z_t^2, 4)}{k + \\sum_t f^{T - t}}
    """
    offs, calms = np.stack([part.off for part in parts]), np.stack([part.calm for part in parts])
    off = weights @ offs
    size = np.minimum(off**2 / (weights @ (calms + (offs - off) ** 2)), 4.0)
    old = FORGETTING ** np.arange(len(size))[::-1] * np.isfinite(size)
    return float((PRIOR_YEARS + (old * np.nan_to_num(size)).sum()) / (PRIOR_YEARS + old.sum()))


def level(growth: FloatArray) -> Ahead:
    """One region's own growth next year: its level drifts, and a crisis is not taken for a new level
    ``(Y,)``."""
    seen = growth[np.isfinite(growth)]
    return pool([(read(growth, GROWN, float(seen[0]) if len(seen) else 0.0), 0.0, 1.0)])[0]


def _weights(density: FloatArray, prior: FloatArray) -> FloatArray:
    """Weights with the greatest posterior: Π_t Σ_k w_k p_kt under a Dirichlet prior, by EM; ``(K, Y)`` ->
    ``(K,)``."""
    seen = density[:, np.isfinite(density).all(axis=0)]
    prior = prior / prior.sum()
    weights = prior
    for _ in range(200):
        mine = weights[:, None] * seen
        mine = mine / np.maximum(mine.sum(axis=0), 1e-300)
        weights = (PRIOR_YEARS * prior + mine.sum(axis=1)) / (PRIOR_YEARS + seen.shape[1])
    return weights


def _filter(
    path: FloatArray, drift: float, calm: float, rough: float, start: float, spread: float, lasting: float
) -> tuple[FloatArray, ...]:
    """Weights, means and variances of next year's level; by year the log density, what it was off by, and a
    calm year's variance."""
    weight, mean, variance = np.ones(1), np.array([start]), np.array([spread])
    logged, errors, calms = np.full((3, len(path)), np.nan)
    noise, chance = np.array([[calm**2], [calm**2 + rough**2]]), np.array([[1 - CHANCE], [CHANCE]])
    for year, seen in enumerate(path):
        mean, variance = lasting * mean, lasting**2 * variance + drift**2
        if not np.isfinite(seen):
            continue
        whole = variance + noise
        gain, off = variance / whole, seen - mean
        likely = weight * chance * np.exp(-0.5 * off**2 / whole) / np.sqrt(2 * np.pi * whole)
        logged[year] = np.log(max(float(likely.sum()), 1e-300))
        errors[year] = weight @ off
        calms[year] = weight @ (whole[0] + (off - errors[year]) ** 2)
        order = np.argsort(-likely.ravel(), kind="stable")[:KEPT]
        weight = likely.ravel()[order] / max(float(likely.ravel()[order].sum()), 1e-300)
        mean = (mean + gain * off).ravel()[order]
        variance = np.broadcast_to(variance * (1 - gain), likely.shape).ravel()[order]
    return weight, lasting * mean, lasting**2 * variance + drift**2, logged, errors, calms
