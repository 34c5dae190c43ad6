"""The annual model and the long view of one plan, over the same years (年度模型与长期视角对照).

The annual model counts who buys, the long view what it is made with: equations in :mod:`..models.economy` and
:mod:`..models.solow`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from ..models import solow
from ..models.demand_sources import demand_sources
from ..models.quantity import Draws, FloatArray
from ..models.solow import Fundamentals, LongPath
from ..models.trajectory import Trajectory
from ..scenarios.schema import LongView, Scenario
from . import build
from .plans import stated_plans
from .projects.run import Pipeline

APART = 1.0
"""Points a year by which both accounts may differ on average without a warning, where nothing is stated: an
assumption, about the standard error of a ten-year forecast of growth."""

FURTHEST = 15
"""Years after the base year that the annual model goes at most."""

TWICE = 2.0
"""What investment is multiplied by to show how each account answers to it."""


@dataclass(frozen=True)
class BothAccounts:
    """One plan in both accounts, central case; growth is compound, fractions a year.

    Attributes
    ----------
    annual, long
        Average growth in the annual model and in the long view.
    invested
        Capital formation over GDP in the annual model, average: the long view is given its path.
    demand, sources
        Growth by who buys (annual model), and by what it is made with (long view): each adds up to its
        growth.
    implied
        Growth of productivity, the same in every year, with which the long view would give the annual model's
        growth.
    """

    annual: float
    long: float
    invested: float
    demand: Mapping[str, float]
    sources: Mapping[str, float]
    implied: float


@dataclass(frozen=True)
class TwoAccounts:
    """The plan, and the plan with twice the investment in every year, in both accounts.

    Attributes
    ----------
    first, last
        The years compared.
    capital_share, depreciation, productivity
        What the long view takes as given, fractions; productivity a year on average.
    within
        Points a year by which the plan's two growth rates may differ.
    """

    first: int
    last: int
    plan: BothAccounts
    twice: BothAccounts
    capital_share: float
    depreciation: float
    productivity: float
    within: float

    @property
    def gap(self) -> float:
        """Growth of the annual model less that of the long view, points a year."""
        return 100 * (self.plan.annual - self.plan.long)

    @property
    def apart(self) -> bool:
        """Whether they differ by more than is stated."""
        return abs(self.gap) > self.within


def two_accounts(scenario: Scenario, stated: LongView, given: Fundamentals, ratio: FloatArray) -> TwoAccounts:
    """Both accounts of a scenario's plan over the years of its long view, at most :data:`FURTHEST`.

    The annual model is simulated to the last of them, whatever the scenario's own last year; the long view is
    given the share of its GDP that the annual model invests in each year.

    Parameters
    ----------
    given, ratio
        Fundamentals and K/Y of the base year of one draw.
    """
    years = min(given.years, FURTHEST)
    span = scenario.years.model_copy(update={"last": scenario.years.base + years})
    longer, values = scenario.model_copy(update={"years": span}), Draws()
    economy = build.economy(longer, values)
    pipeline = Pipeline(longer, economy, values)
    plan = stated_plans(longer, values)[longer.plan]
    formed = values(stated.capital_formation) / 100
    given = given.until(years)

    def both(factor: float) -> BothAccounts:
        realisation = pipeline.run(plan.scaled(factor)).realisation
        return _both(economy.simulate(realisation), formed, given, ratio)

    return TwoAccounts(
        longer.years.first,
        longer.years.last,
        both(1.0),
        both(TWICE),
        float(1 - given.labour_share[0]),
        float(given.depreciation[0]),
        _mean(given.productivity),
        float(values(stated.agree_within)[0]) if stated.agree_within else APART,
    )


def _both(path: Trajectory, formed: FloatArray, given: Fundamentals, ratio: FloatArray) -> BothAccounts:
    prices, years = path.economy.prices.investment, range(1, given.years + 1)
    real = np.stack([(path.realisation.placed(t) / prices**t).sum(axis=0) for t in years])
    share = formed * real / path.gdp[1:]
    growth = path.gdp[1:] / path.gdp[:-1] - 1
    long = solow.growth_from_investment(given, ratio, share)
    return BothAccounts(
        _mean(growth),
        _mean(long.growth),
        float(share[:, 0].mean()),
        _parts(demand_sources(path), growth),
        _parts(_sources(given, long), long.growth),
        solow.productivity_for(given, ratio, share, _mean(growth)),
    )


def _sources(given: Fundamentals, path: LongPath) -> Mapping[str, FloatArray]:
    found = solow.account(given, path)
    return {part.name: getattr(found, part.name) for part in fields(found)}


def _mean(growth: FloatArray) -> float:
    """Compound average of yearly rates, central draw."""
    return float(np.prod(1 + growth[:, 0]) ** (1 / len(growth)) - 1)


def _parts(parts: Mapping[str, FloatArray], growth: FloatArray) -> dict[str, float]:
    """Averages of the parts of yearly growth, scaled so that they add up to compound growth."""
    plain = float(growth[:, 0].mean())
    scale = _mean(growth) / plain if abs(plain) > 1e-9 else 1.0
    return {name: scale * float(part[:, 0].mean()) for name, part in parts.items()}
