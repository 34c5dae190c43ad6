"""The nation as a region's scenario sees it: what was expected of its growth year by year, what surprises
of it mean, and what is expected of it now (全国增速)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from ...models.shocks import persistent
from ...scenarios.rules_uncertainty import SHOCKS
from ...scenarios.schema import Scenario
from ..forecast.reference import reference_of


@dataclass(frozen=True)
class Nation:
    """What January expected of the nation, and what a point of surprise is worth.

    Attributes
    ----------
    middle
        What was expected of each year (0 is the first), %: of the nation itself where the scenario says it,
        otherwise of regions' mean, which is stated of the first year alone and taken to go on.
    lead
        What regions' mean lay above the nation's growth in the base year; nought where ``middle`` is the
        nation's.
    factor
        Points of that growth per point of the nation's shock.
    lasts
        Part of a year's shock that is left a year later.
    """

    middle: tuple[float, ...]
    lead: float
    factor: float
    lasts: float

    def grown(self, inputs: Mapping[str, FloatArray], first: int, year: int) -> FloatArray:
        """Its growth in a year (1, 2, ...) in all draws, from the surprises up to it; ``first`` is the
        calendar year of the first."""
        fresh = np.stack([inputs[f"{SHOCKS}.national.{first + t}"] for t in range(year)])
        return np.asarray(self.middle[year - 1] + self.factor * persistent(fresh, np.array([self.lasts]))[-1])

    def shock(self, growth: float, year: int) -> float:
        """The shock, points, that a growth of a year was."""
        return (growth + self.lead - self.middle[year - 1]) / self.factor


def nation_of(scenario: Scenario) -> Nation | None:
    """What is known of the nation; None where nothing is expected of it."""
    found = reference_of(scenario) if scenario.anchor.to != "none" else None
    shock = scenario.uncertainty.shocks.national
    if found is None or shock is None or not shock.sd.value or not np.isfinite(found[0].nation):
        return None
    reference = found[0]
    factor = reference.calm / shock.sd.value
    usual = factor * (shock.mean.value if shock.mean else 0.0)
    lasts = shock.persistence.value / 100 if shock.persistence else 0.0
    stated = scenario.outlook.nation or scenario.outlook.growth
    if stated is not None and scenario.outlook.change:
        path = tuple(stated.value + usual + change for change in _changes(scenario))
        return Nation(path, 0.0, factor, lasts)
    before = scenario.experience.nation.get(str(int(scenario.years.base))) if scenario.experience else None
    lead = before.growth.value - before.release.value if before and before.growth and before.release else 0.0
    years = int(scenario.years.last - scenario.years.base)
    return Nation((reference.nation + usual,) * years, lead, factor, lasts)


def _changes(scenario: Scenario) -> list[float]:
    """By year, how much faster the nation was expected to grow than in the first."""
    found, now = [], 0.0
    for year in range(scenario.years.first, scenario.years.last + 1):
        stated = scenario.outlook.change.get(str(year))
        now = stated.value if stated else now
        found.append(now)
    return found
