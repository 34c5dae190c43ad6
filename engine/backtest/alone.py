"""One region by itself: each year of its history foretold from the year before, beside its plan and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.quantity import FloatArray
from .centre import state
from .news import level
from .panel import Panel
from .roll import structure
from .sampled import RegionYear, whole

OWN, PROVINCE = 1.7, 1.4
"""Own and provincial shock, points: a single region cannot tell its own spread.

Own lies between the estimates on 208 cities for 2010-2023 (1.58) and 2000-2023 (1.86): the spread, unlike the
centre, is therefore not from the years before alone.
"""

NEEDED = 4


@dataclass(frozen=True)
class Past:
    """A year foretold: quantiles of growth (10, 50, 90 %), probability of its target (NaN without one), outcome."""

    year: int
    target: float
    quantiles: FloatArray
    probability: float
    place: float
    growth: float


def history(panel: Panel, years: Sequence[int], *, draws: int = 2000, seed: int = 20240101) -> tuple[Past, ...]:
    """Foretell years of a panel's only region through the engine, each from the years before it.

    Its market's trend is solved for the level of its own past growth, as a filter with drift and crises finds it
    (see :func:`.news.level`); the target plays no part in the forecast. A year whose growth is unknown is foretold
    and not scored.

    Raises
    ------
    ScenarioError
        Where no year asked for has four years of growth before it.
    """
    found = []
    for year in years:
        if year not in panel.years or np.isfinite(panel.growth[0, :panel.at(year)]).sum() < NEEDED:
            continue
        known = panel.until(year)
        seen = level(known.growth[0, :-1])
        target, growth = float(known.target[0, -1]), float(panel.growth[0, panel.at(year)])
        aimed = target if np.isfinite(target) else 0.0
        region = structure(known, 0, seen.middle, seen, float(np.hypot(OWN, PROVINCE)))
        made = RegionYear(state([region], np.array([aimed]), year)[0], year, seed, whole(draws)).foretold()
        found.append(Past(
            year, target, np.quantile(made.growth, [0.1, 0.5, 0.9]), made.probability if np.isfinite(target) else np.nan,
            float((made.growth < growth).mean()) if np.isfinite(growth) else np.nan, growth,
        ))
    if not found:
        raise ScenarioError([Problem(
            "panel", f"no year among {min(years, default=0)}-{max(years, default=0)} with {NEEDED} years of growth before it",
            "years of one region's growth", "check --years and the columns",
        )])
    return tuple(found)

