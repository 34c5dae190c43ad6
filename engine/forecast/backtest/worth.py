"""What an outlook of the nation is worth: scores if one with a given error had been stated in every scenario
(展望的价值)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....models.quantity import FloatArray
from ....models.target import rounded
from .roll import RolledYear
from .scores import crps

ERRORS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0)
"""Standard errors of outlooks that are tried, points."""

NODES = 15
"""Errors that an outlook may have made in a year, equally likely."""

DRAWS = 512
"""Draws of each region-year that outlooks are tried on."""

DIGITS = 1


@dataclass(frozen=True)
class OutlookWorth:
    """Mean scores of all region-years if an outlook with standard error ``error`` had been known, points."""

    error: float
    brier: float
    mistake: float
    crps: float


def worth(
    years: Sequence[RolledYear], seed: int, errors: Sequence[float] = ERRORS
) -> tuple[OutlookWorth, ...]:
    """Scores by the error of an outlook that is right on average and knows its own error.

    .. math:: g = g(n) + \\delta + e z, \\qquad \\delta \\sim N(0, e^2)

    with growth ``g(n)`` in the draws whose national news is what happened, the outlook's mistake δ of a year,
    shared by all its regions, and its own doubt z; scores are means over δ. What capacity does to the added
    points is left out.
    """
    return tuple(_one(years, error, np.random.default_rng([seed, at])) for at, error in enumerate(errors))


def _one(years: Sequence[RolledYear], error: float, rng: np.random.Generator) -> OutlookWorth:
    from ....models.special import ndtri

    mistakes = error * ndtri((np.arange(NODES) + 0.5) / NODES) if error else np.zeros(1)
    total, count = np.zeros(3), 0
    for year in years:
        known_aims = np.isfinite(year.target).all()
        aims = year.target if known_aims else np.zeros(len(year.target))
        edge = np.array([rounded(target, DIGITS) for target in aims]) - 0.5 * 10.0**-DIGITS
        hit = year.growth >= year.target - 1e-9
        known = year.known[:, :DRAWS]
        wide = known + error * rng.standard_normal(known.shape)
        for mistake in mistakes:
            total += _scores(wide + mistake, edge, hit, year.growth) / len(mistakes)
        if not known_aims:
            total[0] = np.nan
        count += len(year.target)
    brier, miss, spread = total / max(count, 1)
    return OutlookWorth(error, float(brier), float(miss), float(spread))


def _scores(grown: FloatArray, edge: FloatArray, hit: np.ndarray, actual: FloatArray) -> FloatArray:
    chance = (grown >= edge[:, None] - 1e-9).mean(axis=1)
    return np.array(
        [
            ((chance - hit) ** 2).sum(),
            np.abs(np.median(grown, axis=1) - actual).sum(),
            crps(grown, actual).sum(),
        ]
    )
