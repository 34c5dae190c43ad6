"""Five forecasts that need no model: what any engine must beat (参照预测)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ....models.quantity import FloatArray
from .panel import Panel

LEVELS = (np.arange(200) + 0.5) / 200
PAIRS = 20
"""Fewest earlier region-years from which a reference is estimated."""


@dataclass(frozen=True)
class ReferenceMethod:
    """A forecast of one year: probability of reaching the target, and quantiles of growth where it has them
    ``(R, Q)``."""

    probability: FloatArray
    quantiles: FloatArray | None
    centre: FloatArray | None


def references(known: Panel) -> Mapping[str, ReferenceMethod]:
    """The five references for the last year of ``known``, from the years before it.

    ``hit_3``, ``hit_all``: pooled rate of targets reached in the last three and in all years; ``target``: the
    target plus all regions' past gaps, with the target itself as centre; ``ar1``: growth on last year's
    growth around the region's own mean; ``last``: last year's growth plus past changes.
    """
    growth, target = known.growth[:, :-1], known.target[:, :-1]
    gap, count = growth - target, len(known.regions)
    hit = np.where(np.isfinite(gap), (gap >= -1e-9).astype(float), np.nan)
    now = known.target[:, -1]
    found: dict[str, ReferenceMethod] = {}
    for name, part in (("hit_3", hit[:, -3:]), ("hit_all", hit)):
        rate = float(np.nanmean(part)) if np.isfinite(part).any() else 0.5
        found[name] = ReferenceMethod(np.full(count, rate), None, None)
    found["target"] = _around(now, gap[np.isfinite(gap)], now, centre=now)
    last, before = growth[:, -1], growth[:, :-1]
    change = np.diff(growth, axis=1)
    found["last"] = _around(last, change[np.isfinite(change)], now, centre=last)
    seen = np.isfinite(growth).sum(axis=1)
    mean = np.where(seen > 0, np.nansum(growth, axis=1) / np.maximum(seen, 1), np.nan)
    x, y = (before - mean[:, None]).ravel(), (growth[:, 1:] - mean[:, None]).ravel()
    there = np.isfinite(x) & np.isfinite(y)
    slope = (
        float((x[there] * y[there]).sum() / max((x[there] ** 2).sum(), 1e-9)) if there.sum() >= PAIRS else 0.0
    )
    slope = float(np.clip(slope, -0.99, 0.99))
    centre = mean + slope * (last - mean)
    found["ar1"] = _around(centre, (y - slope * x)[there], now, centre=centre)
    return found


def _around(at: FloatArray, errors: FloatArray, target: FloatArray, centre: FloatArray) -> ReferenceMethod:
    """A centre plus the errors of the past."""
    spread = np.quantile(errors, LEVELS) if len(errors) >= PAIRS else np.zeros(len(LEVELS))
    quantiles = at[:, None] + spread[None, :]
    return ReferenceMethod((quantiles >= target[:, None] - 0.05).mean(axis=1), quantiles, centre)
