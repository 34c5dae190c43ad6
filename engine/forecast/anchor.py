"""Markets and shocks of a scenario set such that business as usual is the reference forecast; then the plan acts (锚定).

One common shift of all market trends gives business as usual the reference's median, one scale of the nation's shock and one of
all that is the region's own give it the reference's spread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...models.economy import Economy
from ...models.forecast import Reference
from ...models.quantity import FloatArray, Quantity, Values
from ...models.shocks import Shocks
from ...models.works import Works
from ...scenarios.load import numbers
from ...scenarios.rules_doubt import SHOCKS
from ...scenarios.schema import Scenario
from .. import build
from ..doubt.futures import Futures, Sample
from ..doubt.inputs import shocks_on
from ..trends import with_trends
from .usual import usual_works

PILOT, SOUNDING = 1024, 256
"""Draws by which is seen what numbers in doubt and capacity do to the middle; and what numbers alone do to the spread."""

ROUNDS, EXACT = 6, 1e-3
LEAST = 0.05
"""Least response of GDP growth to a point of trend or shock."""

SMALLEST = 0.2
"""Shocks of a region's own are never made smaller than this part of what the scenario states."""


@dataclass(frozen=True)
class Anchor:
    """How a scenario was set to its reference.

    Attributes
    ----------
    scenario
        The scenario with its trends shifted and its shocks scaled.
    shift
        Points that were added to every market's trend.
    nation, own
        Factors on the nation's shock, and on those of province, region and sectors.
    usual
        Central growth of business as usual in year 1: with the scenario's own trends, and as set, %.
    """

    scenario: Scenario
    reference: Reference
    shift: float
    nation: float
    own: float
    usual: tuple[float, float]


def anchor(scenario: Scenario, reference: Reference, weight: float = 1.0) -> Anchor:
    """Solve the shift and the scales.

    .. math:: \\operatorname{med}[g(\\gamma + \\delta)] = m, \\qquad \\sigma^2 = v^2 + b^2 \\sum_j k_j^2 \\sigma_j^2, \\qquad
              \\sigma_{nation} = s / k

    with the reference's median m, spreads s (nation) and σ (own), what numbers in doubt spread by themselves v, responses k of
    GDP growth to a point of shock, and the scenario's own shocks σ_j, times b.

    Parameters
    ----------
    weight
        Part of the way from the scenario's own trends and shocks to the reference.

    Demand that a scenario states by sector (``sectors.*.demand``, say a slump) is news against business as usual: it is left out here.
    """
    whole, scenario = scenario, without_news(scenario)
    central = _central(scenario)
    common, single = _responses(scenario)
    futures = Futures(scenario, _known(scenario), until=1)
    drawn = futures.inputs.values(futures.points.block(0, SOUNDING))
    quiet = Sample(futures, {path: row for path, row in drawn.items() if not path.startswith(SHOCKS)}, 0, SOUNDING)
    spread = float(_grown(quiet.economy, _usual(quiet), SOUNDING).std())
    nation, own = _scales(scenario, reference, spread, common, single)
    nation, own = (1 + weight * (each - 1) for each in (nation, own))
    scaled = _with_shocks(scenario, nation, own, reference if weight == 1.0 else None)
    futures = Futures(scaled, _known(scaled), until=1, alike=futures)
    half = futures.points.block(0, PILOT // 2)
    sample = futures.at(np.concatenate([half, 1 - half], axis=1))  # antithetic: what is above is seen as often below
    economy, works, struck = sample.economy, _usual(sample), sample.shocks
    shift = 0.0
    for _ in range(ROUNDS):
        sales = {key: struck.sold(key, 1)[None] + shift / 100 for key in scenario.sectors}  # a shock adds to the trend
        found = float(np.median(_grown(replace(economy, shocks=replace(struck, sales=sales)), works, PILOT)))
        if abs(reference.median - found) < EXACT:
            break
        shift += (reference.median - found) / common
    shift *= weight
    made = with_trends(whole.model_copy(update={"doubt": scaled.doubt}), shift)
    return Anchor(made, reference, shift, nation, own, (central, _central(without_news(made))))


def without_news(scenario: Scenario) -> Scenario:
    """The scenario with no demand stated by sector."""
    return scenario.model_copy(update={
        "sectors": {key: sector.model_copy(update={"demand": None}) for key, sector in scenario.sectors.items()}
    })


def _central(scenario: Scenario) -> float:
    """Growth of business as usual in year 1, central case, %."""
    values = Values()
    return float(_grown(build.economy(scenario, values), usual_works(scenario, values, 1), 1)[0])


def _usual(sample: Sample) -> Works:
    """Works of business as usual in every draw."""
    return usual_works(sample.futures.scenario, sample.values, 1)


def _grown(economy: Economy, works: Works, draws: int) -> FloatArray:
    """Growth of GDP in year 1 in every draw ``(D,)``, %."""
    gdp = economy.simulate(works, until=1).gdp
    return np.broadcast_to(100 * (gdp[1] / gdp[0] - 1), (draws,))


def _responses(scenario: Scenario) -> tuple[float, dict[str, float]]:
    """Points of GDP growth per point of shock to all demand, and to the sectors that one stated shock strikes."""
    struck = {key: {sector for sector in scenario.sectors if key in shocks_on(scenario, sector)} for key in scenario.doubt.shocks.sectors}
    cases: list[tuple[set[str], bool, float]] = [(set(scenario.sectors), True, 0.01), (set(scenario.sectors), True, -0.01)]
    cases += [(some, False, 0.01) for some in struck.values()]
    size = 1 + len(cases)
    sales = {
        key: np.array([[0.0, *(step if key in some else 0.0 for some, _, step in cases)]]) for key in scenario.sectors
    }
    demand = np.array([[0.0, *(step if everywhere else 0.0 for _, everywhere, step in cases)]])
    values = Values()
    economy = replace(build.economy(scenario, values), shocks=Shocks(demand, sales))
    growth = _grown(economy, usual_works(scenario, values, 1), size)
    common = max(float(growth[1] - growth[2]) / 2, LEAST)
    return common, {key: float(growth[3 + at] - growth[0]) for at, key in enumerate(struck)}


def _scales(
    scenario: Scenario, reference: Reference, spread: float, common: float, single: Mapping[str, float]
) -> tuple[float, float]:
    """Factors on the nation's shock and on the region's own."""
    stated = scenario.doubt.shocks
    nation = reference.calm / common / stated.national.sd.value if stated.national and stated.national.sd.value > 0 else 1.0
    parts = [common * each.sd.value for each in (stated.province, stated.own) if each]
    parts += [single[key] * each.sd.value for key, each in stated.sectors.items()]
    whole = float(np.sqrt(np.sum(np.square(parts))))
    left = np.sqrt(max(reference.own**2 - spread**2, 0.0))
    return nation, max(float(left / whole), SMALLEST) if whole > 0 else 1.0


def _with_shocks(scenario: Scenario, nation: float, own: float, reference: Reference | None) -> Scenario:
    """The scenario with its shocks scaled; those of the nation with the reference's crises."""
    shocks = scenario.doubt.shocks

    def times(quantity: Quantity, factor: float) -> Quantity:
        return quantity.model_copy(update={"value": quantity.value * factor, "low": None, "high": None})

    def scaled(shock: Any, factor: float) -> Any:
        return None if shock is None else shock.model_copy(update={"sd": times(shock.sd, factor)})

    national = shocks.national
    if national is not None:
        crisis = national.crisis
        if crisis is not None and reference is not None and reference.calm > 0:
            ratio = reference.crisis / reference.calm * nation * national.sd.value / crisis.sd.value if crisis.sd.value > 0 else 1.0
            chance = crisis.chance.model_copy(update={"value": 100 * reference.chance, "low": None, "high": None})
            crisis = crisis.model_copy(update={"sd": times(crisis.sd, ratio), "chance": chance})
        elif crisis is not None:
            crisis = crisis.model_copy(update={"sd": times(crisis.sd, nation)})
        national = national.model_copy(update={"sd": times(national.sd, nation), "crisis": crisis})
    made = shocks.model_copy(update={
        "national": national, "province": scaled(shocks.province, own), "own": scaled(shocks.own, own),
        "sectors": {key: scaled(each, own) for key, each in shocks.sectors.items()},
    })
    return scenario.model_copy(update={"doubt": scenario.doubt.model_copy(update={"shocks": made})})


def _known(scenario: Scenario) -> Mapping[str, Quantity]:
    """All numbers of a scenario by path; how late works may be is not in doubt, so that no delay decides which draws are taken."""
    sure = {"low": None, "high": None, "distribution": None}
    return {each.path: each.model_copy(update=sure) if _TIMING.match(each.path) else each for each in numbers(scenario)}


_TIMING = re.compile(r"pool\.|projects\.[^.]+\.(slip|cancel|months\.)")
