"""A scenario as it is run: its level and its doubt are those of the reference forecast, where there is one (锚定后的方案)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from ...models.economy import Economy
from ...models.forecast import Reference
from ...models.quantity import Values
from ...models.works import Works
from ...scenarios.load import Loaded
from ...scenarios.schema import Scenario
from .anchor import Anchor, anchor
from .reference import Basis, reference_of
from .usual import usual_works

KEPT = 8
"""Scenarios whose anchor is remembered."""

_known: dict[int, tuple[Scenario, Forecast | None]] = {}


@dataclass(frozen=True)
class Forecast:
    """How a scenario's level was found: the reference, what it rests on, and what was done to meet it."""

    reference: Reference
    basis: Basis
    anchor: Anchor


def forecast(loaded: Loaded) -> Forecast | None:
    """The reference of a scenario and its anchor; None where it wants none, or nothing is known to make one of."""
    scenario = loaded.scenario
    found = _known.get(id(scenario))
    if found is None or found[0] is not scenario:
        found = scenario, _forecast(loaded)
        while len(_known) >= KEPT:
            del _known[next(iter(_known))]
        _known[id(scenario)] = found
    return found[1]


def _forecast(loaded: Loaded) -> Forecast | None:
    scenario = loaded.scenario
    if scenario.anchor.to == "none":
        return None
    made = reference_of(scenario)
    if made is None:
        return None
    reference, basis = made
    weight = scenario.anchor.weight.value / 100 if scenario.anchor.weight else 1.0
    return Forecast(reference, basis, anchor(scenario, loaded.quantities(), reference, weight))


def anchored(loaded: Loaded) -> Loaded:
    """The scenario with its markets and shocks set to the reference; itself where there is none."""
    found = forecast(loaded)
    return loaded if found is None else replace(loaded, scenario=found.anchor.scenario)


def anchored_scenario(scenario: Scenario) -> Scenario:
    """The same of a scenario whose numbers stand nowhere else, say one read back from a run's folder."""
    return anchored(Loaded(scenario, "", {}, {}, ())).scenario


CAUSES = ("spending", "capacity", "projects", "demand")
"""What a plan adds to business as usual: builders and suppliers of what is invested; capacity that investment brings beyond (or short
of) the usual; listed projects, carry-over and unlisted works beyond (or short of) theirs; and demand that is stated by sector."""


def plan_adds(scenario: Scenario, economy: Economy, works: Works, year: int = 1) -> Mapping[str, float]:
    """Points of GDP growth in a year that the plan's works and stated demand add to business as usual, by cause; they add up exactly.

    Shapley values over the causes (Shapley 1953): the mean over all orders in which they can be put in place.
    """
    usual = usual_works(scenario, Values(), economy.years)
    parts: dict[str, dict[str, tuple[Any, Any]]] = {
        "spending": {"invested": (usual.invested, works.invested)},
        "capacity": {"pool": (usual.pool, works.pool)},
        "projects": {"named": (usual.named, works.named), "unlisted": (usual.unlisted, works.unlisted)},
    }
    known: dict[frozenset[str], float] = {}

    def growth(taken: frozenset[str]) -> float:
        if taken not in known:
            given = {name: pair[cause in taken] for cause, some in parts.items() for name, pair in some.items()}
            region = economy if "demand" in taken else replace(economy, demand_growth=np.ones_like(economy.demand_growth))
            gdp = region.simulate(replace(works, **given), until=year).gdp
            known[taken] = float(100 * (gdp[year, 0] / gdp[year - 1, 0] - 1))
        return known[taken]

    total = dict.fromkeys(CAUSES, 0.0)
    orders = list(permutations(CAUSES))
    for order in orders:
        for at, cause in enumerate(order):
            before = frozenset(order[:at])
            total[cause] += (growth(before | {cause}) - growth(before)) / len(orders)
    return {cause: float(np.round(value, 12)) for cause, value in total.items()}
