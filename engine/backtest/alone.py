"""One region by itself: each year of its history foretold from the year before, beside its plan and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.quantity import FloatArray
from . import regions as engine
from .driver import FREEDOM
from .news import News, level
from .panel import Panel
from .roll import TENTH, stated_region

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
        rng = np.random.default_rng([seed, year])
        seen: News = level(known.growth[0, :-1])
        common = seen.draw(draws, rng)
        middle = float(np.median(common))
        stated = [stated_region(known, 0, middle)]
        trend, slope = engine.solve(stated)
        local = np.array([np.hypot(OWN, PROVINCE)])
        grown = engine.growth(stated, engine.shaken(trend, slope, (common - middle)[None, :], local, rng, FREEDOM))[0]
        target, growth = float(known.target[0, -1]), float(panel.growth[0, panel.at(year)])
        found.append(Past(
            year, target, np.quantile(grown, [0.1, 0.5, 0.9]),
            float((grown >= target - TENTH).mean()) if np.isfinite(target) else np.nan,
            float((grown < growth).mean()) if np.isfinite(growth) else np.nan, growth,
        ))
    if not found:
        raise ScenarioError([Problem(
            "panel", f"no year among {min(years, default=0)}-{max(years, default=0)} with {NEEDED} years of growth before it",
            "years of one region's growth", "check --years and the columns",
        )])
    return tuple(found)

