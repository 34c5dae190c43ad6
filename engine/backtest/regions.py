"""Region-years as scenarios of the product, simulated through its engine, many at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ...models.quantity import FloatArray, Quantity, Values
from ...models.works import Works
from ...scenarios.load import load_example
from ...scenarios.schema import Scenario
from ..build import base_investment, economy
from ..works import LAGS

TEMPLATE = "templates/three-sectors.yaml"
SECTOR_SD = (1.7, 2.0, 1.2)
"""Own yearly shock of primary, secondary and tertiary output, points."""

PRECISION = 1e-7


@dataclass(frozen=True)
class Region:
    """What a scenario of one region-year is told, everything from the year before.

    Attributes
    ----------
    shares
        Share of each sector in value added ``(3,)``.
    investment
        Investment over GDP.
    centre
        GDP growth that its markets' trend is solved for, %.
    relative
        Growth of each sector's trend relative to the others ``(3,)``, points.
    """

    shares: FloatArray
    investment: float
    centre: float
    relative: FloatArray


class Stated(Values):
    """The template's numbers, with those of many regions or draws in place of some (by path)."""

    def __init__(self, given: Mapping[str, FloatArray]) -> None:
        self.given = given

    def __call__(self, quantity: Quantity) -> FloatArray:
        """Value of a quantity ``(D,)``."""
        found = self.given.get(quantity.path)
        return np.array([quantity.value]) if found is None else found


@lru_cache(maxsize=1)
def template() -> Scenario:
    """The scenario of a region of which only a panel is known."""
    return load_example(TEMPLATE).scenario


def trends(scenario: Scenario) -> tuple[str, ...]:
    """Path of each sector's trend."""
    return tuple(
        f"sectors.{key}.trend" if sector.model == "agriculture" else f"sectors.{key}.market.trend"
        for key, sector in scenario.sectors.items()
    )


def numbers(regions: list[Region], copies: int = 1) -> dict[str, FloatArray]:
    """What the regions state, by path, each region repeated ``copies`` times: ``(R · copies,)``."""
    scenario = template()
    accounts = scenario.accounts
    one = np.ones(len(regions))
    found = {
        accounts.fai.path: np.array([accounts.gdp.value * region.investment for region in regions]),
        **{q.path: one * q.value for q in (accounts.household_consumption, accounts.government_consumption, accounts.transfers)},
    }
    for s, sector in enumerate(scenario.sectors.values()):
        found[sector.va.path] = np.array([accounts.gdp.value * region.shares[s] for region in regions])
    return {path: np.repeat(values, copies) for path, values in found.items()}


def document(region: Region, trend: FloatArray, target: float, year: int) -> dict[str, Any]:
    """The same region-year as a scenario file: what `simulate run` would be given.

    ``trend`` is each sector's, % ``(3,)``.
    """
    scenario = template()
    why = {"zh": "由上年已知数据得出", "en": "from what was known the year before"}
    tree: dict[str, Any] = {
        "dabiao": 1, "extends": f"example:{TEMPLATE}", "years": {"base": year - 1, "target": year, "last": year},
        "targets": {"gdp_growth": {"ensure": {"value": float(target), "assumption": why}, "main": True}},
    }
    stated = {path: float(values[0]) for path, values in numbers([region]).items()}
    stated |= {path: float(value) for path, value in zip(trends(scenario), trend, strict=True)}
    for path, value in stated.items():
        *above, last = path.split(".")
        at = tree
        for key in above:
            at = at.setdefault(key, {})
        at[last] = {"value": value, "low": value, "high": value, "assumption": why}
    return tree


def growth(regions: list[Region], trend: FloatArray) -> FloatArray:
    """GDP growth of year 1 through the engine, % ``(R, D)``.

    Parameters
    ----------
    trend
        Growth of each sector's trend in every draw, % ``(3, R, D)``.
    """
    scenario, copies = template(), trend.shape[-1]
    values = Stated(numbers(regions, copies) | {
        path: np.clip(row, -90, 200).ravel() for path, row in zip(trends(scenario), trend, strict=True)
    })
    built = economy(scenario, values)
    gdp = built.simulate(plain_works(scenario, values), until=1).gdp
    return np.asarray(100 * (gdp[1] / gdp[0] - 1)).reshape(len(regions), copies)


def plain_works(scenario: Scenario, values: Values) -> Works:
    """What a plan without named or key projects puts in place in year 1: the pipeline's result, for many draws."""
    total = values(scenario.accounts.fai)
    planned = total * (1 + values(scenario.investment.growth) / 100)
    shares = [
        values(scenario.mixes[scenario.plan].shares[key]) / 100 if key in scenario.mixes[scenario.plan].shares else np.zeros(1)
        for key in scenario.sectors
    ]
    invested = np.stack(np.broadcast_arrays(*[share * planned for share in shares]))[:, None, :]
    before = 1 + values(scenario.investment.before) / 100
    base = base_investment(scenario, values)
    normal = np.stack([base / before**lag for lag in range(LAGS)], axis=1)
    return Works(invested, invested, normal, normal, {}, np.zeros((1, 1)))


def solve(regions: list[Region]) -> tuple[FloatArray, FloatArray]:
    """Each sector's trend for which the engine's central growth is the region's centre, and what a trend does.

    Returns
    -------
    trend ``(3, R)``, % ; slope ``(3, R)``: points of GDP growth per point of each sector's trend.
    """
    centre = np.array([region.centre for region in regions])
    relative = np.stack([region.relative for region in regions], axis=1)
    trend = centre[None, :] + relative
    at = growth(regions, trend[..., None])[:, 0]
    slope = np.stack([
        growth(regions, (trend + np.eye(3)[s][:, None])[..., None])[:, 0] - at for s in range(3)
    ])
    whole = np.maximum(slope.sum(axis=0), 0.05)
    for _ in range(12):
        step = (centre - at) / whole
        trend = trend + np.clip(step, -20, 20)[None, :]
        before, at = at, growth(regions, trend[..., None])[:, 0]
        if np.max(np.abs(centre - at)) < PRECISION:
            break
        moved = np.abs(step) > 1e-9
        whole = np.where(moved, np.maximum((at - before) / np.where(moved, np.clip(step, -20, 20), 1.0), 0.05), whole)
    return trend, slope


def shaken(
    trend: FloatArray, slope: FloatArray, common: FloatArray, own: FloatArray, rng: np.random.Generator, freedom: float
) -> FloatArray:
    """Trends with shocks such that, before capacity binds, GDP growth is spread as the past's errors were ``(3, R, D)``.

    .. math:: g_{ird} = \\gamma_{ir} + \\sigma_i z_{ird} + (c_{rd} + s_r z_{rd}) / k_r, \\qquad
              s_r^2 = \\sigma^2 - \\sum_i k_{ir}^2 \\sigma_i^2

    with the response ``k`` of GDP growth to trends; ``z`` is Student's t of unit variance. Where sectors alone
    would spread more than ``own``, their shocks are made smaller.

    Parameters
    ----------
    common
        What strikes all regions ``(R, D)`` or ``(1, D)``, points of GDP growth.
    own
        Standard deviation of each region's own shocks to GDP growth, points ``(R,)``.
    """
    whole = np.maximum(slope.sum(axis=0), 0.05)
    sd = np.array(SECTOR_SD)[:, None]
    by_sectors = ((slope * sd) ** 2).sum(axis=0)
    smaller = np.minimum(1.0, 0.9 * own / np.sqrt(by_sectors))
    rest = np.sqrt(own**2 - by_sectors * smaller**2)
    unit = np.sqrt((freedom - 2) / freedom)
    size = (trend.shape[1], common.shape[-1])
    single = unit * rng.standard_t(freedom, (3, *size)) * (sd * smaller[None, :])[..., None]
    wide = (common + rest[:, None] * unit * rng.standard_t(freedom, size)) / whole[:, None]
    return np.asarray(trend[..., None] + single + wide[None, ...])
