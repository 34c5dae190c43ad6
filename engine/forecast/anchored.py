"""A scenario as it is run: its level and its doubt are those of the reference forecast, where there is one
(锚定后的方案)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...models.economy import Economy
from ...models.forecast import Reference
from ...models.quantity import Draws, FloatArray
from ...models.realisation import Realisation
from ...scenarios.load import Loaded
from ...scenarios.schema import Scenario
from .. import build
from ..compare.attribute import shapley
from ..remember import remembered
from .anchor import Anchor, anchor, unanchored, without_news
from .business_as_usual import usual_works
from .reference import Basis, beside_of, reference_of


@dataclass(frozen=True)
class Forecast:
    """How a scenario's level was found: the reference, what it rests on, and what was done to meet it.

    ``beside`` holds median and standard deviation of other indicators' references, which are shown and hold
    nothing.
    """

    reference: Reference
    basis: Basis
    anchor: Anchor
    beside: Mapping[str, tuple[float, float]]


def held_to(scenario: Scenario) -> tuple[Reference, Basis] | None:
    """The reference that a scenario's level is held to, and what it rests on; as :func:`forecast`."""
    return None if scenario.anchor.to == "none" else reference_of(scenario)


@remembered(kept=8)
def forecast(scenario: Scenario) -> Forecast | None:
    """The reference of a scenario and its anchor; None where it wants none, or nothing is known to make one
    of."""
    made = held_to(scenario)
    if made is None:
        return None
    reference, basis = made
    weight = scenario.anchor.weight.value / 100 if scenario.anchor.weight else 1.0
    return Forecast(reference, basis, anchor(scenario, reference, weight), beside_of(scenario, reference))


@remembered(kept=8)
def anchored_scenario(scenario: Scenario) -> Scenario:
    """The scenario with its markets and shocks set to the reference, where there is one; its central case is
    a median either way."""
    found = forecast(scenario)
    return unanchored(scenario) if found is None else found.anchor.scenario


def anchored(loaded: Loaded) -> Loaded:
    """The same of a scenario with the memory of its files."""
    return replace(loaded, scenario=anchored_scenario(loaded.scenario))


CAUSES = ("spending", "capacity", "projects", "demand")
"""What a plan adds to business as usual: builders and suppliers of what is invested; capacity that investment
brings beyond (or short of) the usual; listed projects, carry-over and unlisted works beyond (or short of)
theirs; and demand that is stated by sector."""


def plan_adds(
    scenario: Scenario, economy: Economy, realisation: Realisation, year: int
) -> Mapping[str, float]:
    """Points of GDP growth in a year that the plan's works and stated demand add to business as usual, by
    cause; they add up exactly.

    Shapley values over the causes (:func:`..attribute.shapley`).
    """
    usual = usual_works(scenario, Draws(), economy.years)
    expected = build.economy(without_news(scenario), Draws()).demand_growth
    parts: dict[str, dict[str, tuple[Any, Any]]] = {
        "spending": {"invested": (usual.invested, realisation.invested)},
        "capacity": {"pool": (usual.pool, realisation.pool)},
        "projects": {
            "named": (usual.named, realisation.named),
            "unlisted": (usual.unlisted, realisation.unlisted),
        },
    }

    def growth(taken: frozenset[str]) -> FloatArray:
        given = {name: pair[cause in taken] for cause, some in parts.items() for name, pair in some.items()}
        region = economy if "demand" in taken else replace(economy, demand_growth=expected)
        gdp = region.simulate(replace(realisation, **given), until=year).gdp
        return np.asarray(100 * (gdp[year] / gdp[year - 1] - 1))

    return {cause: float(np.round(value[0], 12)) for cause, value in shapley(growth, CAUSES).items()}
