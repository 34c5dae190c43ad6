"""Doubt of the years after the first: how much of a surprise lasts, and how far the level of growth wanders
for good, read from errors of earlier forecasts (以后年份的不确定性)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...models.forecast import Reference
from ...models.quantity import FloatArray

AHEAD = 5
"""Years ahead whose errors are read."""

PRIOR_ORIGINS = 3.0
"""Weight of the prior, in origins of which all years ahead have come."""


@dataclass(frozen=True)
class Carried:
    """How news is carried into later years.

    Attributes
    ----------
    persistence
        Part of a shock that is left a year later, share.
    drift
        Standard deviation of the change for good that each year after the first brings, points.
    """

    persistence: float
    drift: float


@dataclass(frozen=True)
class Lasting:
    """What is not known of the years after the first: of growth of all regions, and of a region's lead over
    them."""

    nation: Carried
    own: Carried


PRIOR = Lasting(Carried(0.95, 0.0), Carried(0.5, 1.1))
"""What 208 cities of China showed in forecasts of 2003-2006 by the end of 2007, before any year that is
scored on them: the nation's news lasted, so that no drift was left beside it."""

LONGEST = 0.95
"""No shock is taken to last longer."""


@dataclass(frozen=True)
class Missed:
    """Errors of the forecasts made when a year began, held for the years after: growth less what was foretold
    ``(R, K)`` for the years that have come, points (NaN: not known)."""

    references: Sequence[Reference]
    error: FloatArray


def lasting(past: Sequence[Missed], prior: Lasting = PRIOR) -> Lasting:
    """What forecasts of which at least two years have come teach, drawn towards a prior.

    With E_h the mean error of all regions h years ahead, and D_h what a region is off beside it (for D, means
    over regions),

    .. math:: \\rho = \\frac{\\sum E_1 E_2}{\\sum E_1^2}, \\qquad q^2 = \\frac{\\sum_{h \\ge 2}
              (E_h^2 - \\sigma^2 \\sum_{j < h} \\rho^{2j})}{\\sum_{h \\ge 2} (h - 1)}

    since the variance of an error is that of the shocks that are left and grows by q² a year (moments of the
    local level: Harvey 1989). σ is the spread that the references gave the first year: the nation's for E,
    the region's own for D. All regions of an origin are one case.
    """
    seen = [one for one in past if one.error.shape[1] > 1]
    if not seen:
        return prior
    common = [np.nanmean(one.error, axis=0) for one in seen]
    beside = [one.error - mean for one, mean in zip(seen, common, strict=True)]
    return Lasting(
        _carried([mean[None] for mean in common], [_nation(one) for one in seen], prior.nation),
        _carried(
            beside, [float(np.mean([each.own**2 for each in one.references])) for one in seen], prior.own
        ),
    )


def _nation(one: Missed) -> float:
    """Variance of the nation's news in the first year."""
    each = one.references[0]
    return (1 - each.chance) * each.calm**2 + each.chance * each.crisis**2


def _carried(errors: Sequence[FloatArray], given: Sequence[float], prior: Carried) -> Carried:
    """The same from errors by year ahead ``(N, K)`` and the variance given to the first year, by origin."""
    first = sum(float(np.nanmean(e[:, 0] ** 2)) for e in errors)
    second = sum(float(np.nanmean(e[:, 0] * e[:, 1])) for e in errors)
    count = len(errors)
    kept = second / first if first > 0 else prior.persistence
    rho = (count * kept + PRIOR_ORIGINS * prior.persistence) / (count + PRIOR_ORIGINS)
    rho = float(np.clip(rho, 0.0, LONGEST))
    years = PRIOR_ORIGINS * AHEAD * (AHEAD - 1) / 2
    grown = years * prior.drift**2
    for error, variance in zip(errors, given, strict=True):
        square = np.nanmean(error**2, axis=0)
        left = variance * np.cumsum(rho ** (2 * np.arange(len(square))))
        grown += float(np.sum((square - left)[1:]))
        years += len(square) * (len(square) - 1) / 2
    return Carried(rho, float(np.sqrt(max(grown, 0.0) / years)))
