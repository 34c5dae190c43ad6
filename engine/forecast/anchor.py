"""Markets and shocks of a scenario set such that business as usual is the reference forecast; then the plan
acts (锚定).

One common shift of all market trends gives business as usual the reference's median, one scale of the
nation's shock and one of all that is the region's own give it the reference's spread. Many regions that
differ in stated numbers alone are solved at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...models.economy import Economy
from ...models.forecast import Reference
from ...models.quantity import Draws, FloatArray, Quantity
from ...models.realisation import Realisation
from ...models.shocks import NONE, Shocks
from ...scenarios.load import numbers
from ...scenarios.rules_uncertainty import SHOCKS
from ...scenarios.schema import Scenario
from .. import build
from ..uncertainty.futures import Futures, Sample
from ..uncertainty.inputs import PARTS, shocks_on
from .business_as_usual import usual_works
from .trends import centred, with_trends

PILOT, SOUNDING = 512, 256
"""Draws by which is seen what numbers in doubt and capacity do to the middle; and what numbers alone do to
the spread."""

BATCH = 16
"""Regions that are solved at once: more would not stay in a processor's memory."""

ROUNDS, EXACT = 20, 1e-3
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
        The scenario with its trends shifted and its shocks scaled, and its central case set to the median of
        business as usual.
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


@dataclass(frozen=True)
class Solved:
    """Shift and factors of ``R`` regions, points of GDP growth per point of shock to all demand, and the
    median found, ``(R,)`` each."""

    shift: FloatArray
    nation: FloatArray
    own: FloatArray
    response: FloatArray
    median: FloatArray


class RegionDraws(Draws):
    """Values of ``R`` regions in ``D`` draws each ``(R D,)``: stated ones by region ``(R,)``, drawn ones
    alike in all ``(D,)``."""

    def __init__(
        self, given: Mapping[str, FloatArray], drawn: Mapping[str, FloatArray], regions: int, draws: int
    ) -> None:
        self.strict = not drawn
        self.found = {path: np.repeat(values, draws) for path, values in given.items()} | {
            path: np.tile(values, regions) for path, values in drawn.items()
        }

    def __call__(self, quantity: Quantity) -> FloatArray:
        """Value of a quantity ``(R D,)``, or ``(1,)`` where all are alike."""
        found = self.found.get(quantity.path)
        return super().__call__(quantity) if found is None else found


def anchor(scenario: Scenario, reference: Reference, weight: float = 1.0) -> Anchor:
    """Solve the shift and the scales of one scenario.

    Parameters
    ----------
    weight
        Part of the way from the scenario's own trends and shocks to the reference.
    """
    found = solve(scenario, [reference], weight=weight)
    shift, nation, own = (float(each[0]) for each in (found.shift, found.nation, found.own))
    made = settled(scenario, reference, found, 0, weight)
    centre, at = _centre(without_news(made), float(found.median[0]), float(found.response[0]))
    return Anchor(
        centred(made, centre), reference, shift, nation, own, (_central(without_news(scenario)), at)
    )


def _centre(scenario: Scenario, median: float, response: float) -> tuple[float, float]:
    """Points by which central trends must lie above those of the draws for the median of business as usual,
    and what is met."""
    economy, realisation = build.economy(scenario, Draws()), usual_works(scenario, Draws(), 1)
    centre, at = 0.0, 0.0
    for _ in range(ROUNDS):
        sales = {key: np.full((1, 1), centre / 100) for key in scenario.sectors}
        at = float(_simulated(replace(economy, shocks=Shocks(None, sales)), realisation, 1)[0])
        if abs(at - median) < EXACT:
            break
        centre += (median - at) / response
    return centre, at


NOTHING = Reference(0.0, 1.0, 1.0, 0.0, 1.0)
"""Stands in where there is no reference: with a weight of 0 nothing is held to it."""


def unanchored(scenario: Scenario) -> Scenario:
    """The scenario by its own trends, its central case set to the median of business as usual."""
    return anchor(scenario, NOTHING, 0.0).scenario


def settled(
    scenario: Scenario, reference: Reference, found: Solved, at: int, weight: float = 1.0
) -> Scenario:
    """The scenario with its trends shifted and its shocks scaled to what was found of the region ``at`` a
    place.

    Changes for good (``drift``) of nation, province and region are stated in points of GDP growth: they are
    divided by the region's response, whatever its shocks are scaled by.
    """
    shift, nation, own, response = (
        float(each[at]) for each in (found.shift, found.nation, found.own, found.response)
    )
    level = 1 + weight * (1 / response - 1)
    return with_trends(
        _with_shocks(scenario, nation, own, reference if weight == 1.0 else None, level), shift
    )


def solve(
    scenario: Scenario,
    references: Sequence[Reference],
    given: Mapping[str, FloatArray] | None = None,
    weight: float = 1.0,
    alike: Futures | None = None,
) -> Solved:
    """Solve the shift and the scales of regions.

    .. math:: \\operatorname{med}[g(\\gamma + \\delta)] = m, \\qquad \\sigma^2 = v^2 + b^2 \\sum_j k_j^2 \\sigma_j^2, \\qquad
              \\sigma_{nation} = s / k

    with the reference's median m, spreads s (nation) and σ (own), what numbers in doubt spread by themselves
    v, responses k of
    GDP growth to a point of shock, and the scenario's own shocks σ_j, times b. Demand that a scenario states
    by sector
    (``sectors.*.demand``, say a slump) and the means of shocks are news against business as usual: they are
    left out here, but for what
    was expected of demand.

    Parameters
    ----------
    scenario
        The first region; the others differ from it in numbers alone.
    references
        One per region; their crises are alike.
    given
        Numbers in which the regions differ, by path ``(R,)``.
    alike
        Futures of a scenario that differs in values alone, where there are any.
    """  # noqa: E501
    plain, given = without_news(scenario), given or {}
    parts = [
        _solve(
            plain,
            references[start : start + BATCH],
            {path: row[start : start + BATCH] for path, row in given.items()},
            weight,
            alike,
        )
        for start in range(0, len(references), BATCH)
    ]
    return Solved(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("shift", "nation", "own", "response", "median")
        )
    )


def _solve(
    scenario: Scenario,
    references: Sequence[Reference],
    given: Mapping[str, FloatArray],
    weight: float,
    alike: Futures | None,
) -> Solved:
    """The same for a few regions."""
    count = len(references)
    common, single = _responses(scenario, given, count)
    futures = Futures(scenario, _known(scenario), until=1, alike=alike)
    drawn = futures.inputs.values(_points(futures, SOUNDING))
    alone = {path: row for path, row in drawn.items() if not path.startswith(SHOCKS)}
    quiet = Sample(futures, alone, 0, SOUNDING)
    spread = (
        _grown(scenario, RegionDraws(given, alone, count, SOUNDING), count * SOUNDING, quiet.struck())
        .reshape(count, -1)
        .std(axis=1)
    )
    factors = np.array(
        [
            _scales(
                scenario,
                reference,
                float(spread[r]),
                float(common[r]),
                {key: float(each[r]) for key, each in single.items()},
            )
            for r, reference in enumerate(references)
        ]
    ).T
    nation, own = 1 + weight * (factors - 1)
    # all are drawn with the shocks of the first, each times its own factor over the first's
    scaled = _with_shocks(scenario, float(nation[0]), float(own[0]), references[0] if weight == 1.0 else None)
    futures = Futures(scaled, _known(scaled), until=1, alike=futures)
    half = _points(futures, PILOT // 2)
    sample = futures.at(
        np.concatenate([half, 1 - half], axis=1)
    )  # antithetic: what is above is seen as often below
    values = RegionDraws(
        given, {path: row for path, row in sample.inputs.items() if not path.startswith(SHOCKS)}, count, PILOT
    )
    economy, realisation = build.economy(scaled, values), usual_works(scaled, values, 1)
    struck = sample.struck(nation / nation[0], own / own[0])
    wanted = np.array([reference.median for reference in references])

    def median(shift: FloatArray) -> FloatArray:
        moved = np.repeat(shift / 100, PILOT)
        sales = {
            key: struck.sold(key, 1)[None] + moved for key in scenario.sectors
        }  # a shock adds to the trend
        growth = _simulated(replace(economy, shocks=replace(struck, sales=sales)), realisation, count * PILOT)
        return np.asarray(np.median(growth.reshape(count, PILOT), axis=1))

    if not weight:
        return Solved(np.zeros(count), nation, own, common, median(np.zeros(count)))
    shift, found = np.zeros(count), np.zeros(count)
    for _ in range(ROUNDS):
        found = median(shift)
        off = wanted - found
        if np.abs(off).max() < EXACT:
            break
        shift = np.where(np.abs(off) < EXACT, shift, shift + off / common)  # each region as if it were alone
    return Solved(weight * shift, nation, own, common, found if weight == 1.0 else median(weight * shift))


def _points(futures: Futures, count: int) -> FloatArray:
    """The first points of the scenario's seed."""
    uncertainty = futures.scenario.uncertainty
    return futures.inputs.first_points(uncertainty.seed, uncertainty.method, count)


def without_news(scenario: Scenario) -> Scenario:
    """The scenario with no demand stated by sector but for what was expected, and with shocks that are right
    on average."""
    sure = {"low": None, "high": None, "distribution": None}
    sectors = {
        key: sector.model_copy(
            update={"demand": sector.demand_expected and sector.demand_expected.model_copy(update=sure)}
        )
        for key, sector in scenario.sectors.items()
    }

    def even(shock: Any) -> Any:
        return shock and shock.model_copy(update={"mean": None})

    shocks = scenario.uncertainty.shocks
    made = shocks.model_copy(
        update={
            **{part: even(getattr(shocks, part)) for part in PARTS},
            "sectors": {key: even(each) for key, each in shocks.sectors.items()},
        }
    )
    uncertainty = scenario.uncertainty.model_copy(update={"shocks": made})
    return scenario.model_copy(update={"sectors": sectors, "uncertainty": uncertainty})


def _central(scenario: Scenario) -> float:
    """Growth of business as usual in year 1, central case, %."""
    return float(_grown(scenario, Draws(), 1)[0])


def _grown(scenario: Scenario, values: Draws, draws: int, shocks: Shocks = NONE) -> FloatArray:
    """Growth of GDP under business as usual in year 1 ``(D,)``, %."""
    return _simulated(
        replace(build.economy(scenario, values), shocks=shocks), usual_works(scenario, values, 1), draws
    )


def _simulated(economy: Economy, realisation: Realisation, draws: int) -> FloatArray:
    """Growth of GDP in year 1 in every draw ``(D,)``, %."""
    gdp = economy.simulate(realisation, until=1).gdp
    return np.broadcast_to(100 * (gdp[1] / gdp[0] - 1), (draws,))


def _responses(
    scenario: Scenario, given: Mapping[str, FloatArray], count: int
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Points of GDP growth per point of shock to all demand ``(R,)``, and to the sectors that one stated
    shock strikes."""
    struck = {
        key: {sector for sector in scenario.sectors if key in shocks_on(scenario, sector)}
        for key in scenario.uncertainty.shocks.sectors
    }
    cases: list[tuple[set[str], bool, float]] = [
        (set(scenario.sectors), True, 0.01),
        (set(scenario.sectors), True, -0.01),
    ]
    cases += [(some, False, 0.01) for some in struck.values()]
    size = 1 + len(cases)
    sales = {
        key: np.tile([0.0, *(step if key in some else 0.0 for some, _, step in cases)], count)[None]
        for key in scenario.sectors
    }
    demand = np.tile([0.0, *(step if everywhere else 0.0 for _, everywhere, step in cases)], count)[None]
    growth = _grown(
        scenario, RegionDraws(given, {}, count, size), count * size, Shocks(demand, sales)
    ).reshape(count, size)
    common = np.maximum((growth[:, 1] - growth[:, 2]) / 2, LEAST)
    return common, {key: growth[:, 3 + at] - growth[:, 0] for at, key in enumerate(struck)}


def _scales(
    scenario: Scenario, reference: Reference, spread: float, common: float, single: Mapping[str, float]
) -> tuple[float, float]:
    """Factors on the nation's shock and on the region's own."""
    stated = scenario.uncertainty.shocks
    nation = (
        reference.calm / common / stated.national.sd.value
        if stated.national and stated.national.sd.value > 0
        else 1.0
    )
    parts = [common * each.sd.value for each in (stated.province, stated.own) if each]
    parts += [single[key] * each.sd.value for key, each in stated.sectors.items()]
    whole = float(np.sqrt(np.sum(np.square(parts))))
    left = np.sqrt(max(reference.own**2 - spread**2, 0.0))
    return nation, max(float(left / whole), SMALLEST) if whole > 0 else 1.0


def _with_shocks(
    scenario: Scenario, nation: float, own: float, reference: Reference | None, level: float = 1.0
) -> Scenario:
    """The scenario with its shocks scaled; those of the nation with the reference's crises. Changes for good
    are times ``level``."""
    shocks = scenario.uncertainty.shocks

    def times(quantity: Quantity, factor: float) -> Quantity:
        return quantity.model_copy(update={"value": quantity.value * factor, "low": None, "high": None})

    def scaled(shock: Any, factor: float) -> Any:
        return None if shock is None else shock.model_copy(update={"sd": times(shock.sd, factor)})

    def levelled(shock: Any) -> Any:
        return shock and shock.model_copy(update={"drift": shock.drift and times(shock.drift, level)})

    national = shocks.national
    if national is not None:
        crisis = national.crisis
        if crisis is not None and reference is not None and reference.calm > 0:
            ratio = (
                reference.crisis / reference.calm * nation * national.sd.value / crisis.sd.value
                if crisis.sd.value > 0
                else 1.0
            )
            chance = crisis.chance.model_copy(
                update={"value": 100 * reference.chance, "low": None, "high": None}
            )
            crisis = crisis.model_copy(update={"sd": times(crisis.sd, ratio), "chance": chance})
        elif crisis is not None:
            crisis = crisis.model_copy(update={"sd": times(crisis.sd, nation)})
        national = national.model_copy(update={"sd": times(national.sd, nation), "crisis": crisis})
    made = shocks.model_copy(
        update={
            "national": levelled(national),
            "province": levelled(scaled(shocks.province, own)),
            "own": levelled(scaled(shocks.own, own)),
            "sectors": {key: scaled(each, own) for key, each in shocks.sectors.items()},
        }
    )
    return scenario.model_copy(
        update={"uncertainty": scenario.uncertainty.model_copy(update={"shocks": made})}
    )


def _known(scenario: Scenario) -> Mapping[str, Quantity]:
    """All numbers of a scenario by path; how late works may be is not in doubt, so that no delay decides
    which draws are taken."""
    sure = {"low": None, "high": None, "distribution": None}
    return {
        each.path: each.model_copy(update=sure) if _TIMING.match(each.path) else each
        for each in numbers(scenario)
    }


_TIMING = re.compile(r"pool\.|projects\.[^.]+\.(slip|cancel|months\.)")
