"""Proper scores of probabilities and of forecast distributions (概率评分)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ....models.quantity import BoolArray, FloatArray


@dataclass(frozen=True)
class Brier:
    """Brier score and its parts: score = reliability - resolution + uncertainty + within.

    ``within`` is what binning leaves (Stephenson, Coelho & Jolliffe 2008): zero where all forecasts of a bin
    agree.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def brier(probability: FloatArray, reached: BoolArray, bins: int = 10) -> Brier:
    """Mean squared error of probabilities, decomposed (Murphy 1973).

    .. math:: BS = \\frac1n\\sum_k n_k(\\bar p_k - \\bar o_k)^2 - \\frac1n\\sum_k n_k(\\bar o_k - \\bar o)^2
              + \\bar o(1 - \\bar o) + W
    """
    hit = reached.astype(float)
    at = np.minimum((probability * bins).astype(int), bins - 1)
    count = np.bincount(at, minlength=bins)
    full = count > 0
    mean = np.bincount(at, probability, bins)[full] / count[full]
    rate = np.bincount(at, hit, bins)[full] / count[full]
    weight = count[full] / len(hit)
    score, base = float(np.mean((probability - hit) ** 2)), float(hit.mean())
    reliability = float((weight * (mean - rate) ** 2).sum())
    resolution = float((weight * (rate - base) ** 2).sum())
    uncertainty = base * (1 - base)
    return Brier(score, reliability, resolution, uncertainty, score - reliability + resolution - uncertainty)


def log_loss(probability: FloatArray, reached: BoolArray, floor: float = 1e-3) -> FloatArray:
    """-log of the probability given to what happened, at least ``floor``."""
    given = np.where(reached, probability, 1 - probability)
    return np.asarray(-np.log(np.clip(given, floor, 1.0)))


def crps(draws: FloatArray, seen: FloatArray) -> FloatArray:
    """Continuous ranked probability score of draws ``(N, D)`` against what was seen ``(N,)``.

    .. math:: CRPS = E|X - y| - \\tfrac12 E|X - X'|

    Source: Gneiting & Raftery 2007; the second term from ranks, over all pairs.
    """
    count = draws.shape[1]
    ranked = np.sort(draws, axis=1)
    spread = (ranked * (2 * np.arange(1, count + 1) - count - 1)).sum(axis=1) / count**2
    return np.asarray(np.abs(draws - seen[:, None]).mean(axis=1) - spread)


def place(draws: FloatArray, seen: FloatArray) -> FloatArray:
    """Probability integral transform: the share of draws below what was seen, ties split, ``(N,)``."""
    below = (draws < seen[:, None]).mean(axis=1)
    return np.asarray(below + 0.5 * (draws == seen[:, None]).mean(axis=1))


def coverage(places: FloatArray, level: float) -> FloatArray:
    """1 where the central interval of ``level`` (0..1) held what was seen, ``(N,)``."""
    edge = (1 - level) / 2
    return ((places >= edge) & (places <= 1 - edge)).astype(float)


def block_interval(
    blocks: np.ndarray,
    statistic: Callable[[np.ndarray], float],
    rng: np.random.Generator,
    level: float = 0.9,
    repeats: int = 400,
) -> tuple[float, float]:
    """Interval of a statistic when whole blocks (years) are drawn anew.

    Years are drawn with all their regions, because a year's news strikes all of them. ``statistic`` takes
    positions. Source: Künsch 1989, with years as blocks.
    """
    names = np.unique(blocks)
    members = [np.flatnonzero(blocks == name) for name in names]
    found = [
        statistic(np.concatenate([members[i] for i in rng.integers(0, len(names), len(names))]))
        for _ in range(repeats)
    ]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
