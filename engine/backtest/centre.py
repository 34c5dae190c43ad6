"""Markets and shocks of region-years such that the engine's growth has the centre and spread that the past suggests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.quantity import FloatArray, Values
from ...models.shocks import NONE, Shocks
from ...models.works import Works
from ...scenarios.schema import Scenario
from ..build import base_investment, economy
from ..doubt.futures import Futures
from ..doubt.points import Points
from ..plans import LAGS, realisation
from .news import CHANCE
from .regions import NATIONAL, SHOCKS, STRUCK, TARGET, Region, Stated, numbers, scenario, template, trends

PRECISION = 1e-7
BATCH = 12
PILOT = 256
"""Draws by which is seen what the numbers in doubt do to growth by themselves."""

LEAST = 0.05
"""Least response of GDP growth to a point of trend or shock."""

PART = 0.9
"""Sectors' own shocks never spread GDP by more than this part of the region's own spread."""


def growth(
    regions: list[Region], trend: FloatArray, shocks: Shocks = NONE, drawn: Mapping[str, FloatArray] | None = None
) -> FloatArray:
    """GDP growth of year 1 through the engine, % ``(R, D)``.

    Parameters
    ----------
    trend
        Growth of each sector's trend in every draw, % ``(3, R, D)``.
    shocks
        Of year 1, ``(1, R · D)`` each.
    drawn
        Numbers in doubt, by path ``(D,)``, the same for every region; none for the central case.
    """
    copies = trend.shape[-1]
    given = numbers(regions, copies) | {
        path: np.clip(row, -90, 200).ravel() for path, row in zip(trends(), trend, strict=True)
    } | {path: np.tile(values, len(regions)) for path, values in (drawn or {}).items()}
    values = Stated(given, strict=drawn is None)
    built = replace(economy(template(), values), shocks=shocks)
    gdp = built.simulate(plain_works(template(), values), until=1).gdp
    return np.asarray(100 * (gdp[1] / gdp[0] - 1)).reshape(len(regions), copies)


def plain_works(scenario: Scenario, values: Values) -> Works:
    """What a plan without named or key projects puts in place in year 1: the pipeline's result, for many draws."""
    total = values(scenario.accounts.fai)
    planned = total * (1 + values(scenario.investment.growth) / 100)
    shares = [
        values(scenario.mixes[scenario.plan].shares[key]) / 100 if key in scenario.mixes[scenario.plan].shares else np.zeros(1)
        for key in scenario.sectors
    ]
    invested = (np.stack(np.broadcast_arrays(*[share * planned for share in shares])) * realisation(scenario, values))[:, None, :]
    before = 1 + values(scenario.investment.before) / 100
    base = base_investment(scenario, values)
    normal = np.stack([base / before**lag for lag in range(LAGS)], axis=1)
    return Works(invested, invested, normal, normal, {}, np.zeros((1, 1)))


def solve(regions: list[Region], centre: FloatArray) -> FloatArray:
    """Each sector's trend for which the engine's central growth is ``centre`` ``(R,)``: ``(3, R)``, %."""
    relative = np.stack([region.relative for region in regions], axis=1)
    trend = centre[None, :] + relative
    at = growth(regions, trend[..., None])[:, 0]
    whole = np.maximum(growth(regions, trend[..., None] + 1)[:, 0] - at, LEAST)
    for _ in range(12):
        step = (centre - at) / whole
        trend = trend + np.clip(step, -20, 20)[None, :]
        before, at = at, growth(regions, trend[..., None])[:, 0]
        if np.max(np.abs(centre - at)) < PRECISION:
            break
        moved = np.abs(step) > 1e-9
        whole = np.where(moved, np.maximum((at - before) / np.where(moved, np.clip(step, -20, 20), 1.0), LEAST), whole)
    return trend


def responses(regions: list[Region], trend: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points of GDP growth per point of shock: to one sector's sales ``(3, R)``, and to all demand ``(R,)``."""
    count, keys = len(regions), tuple(template().sectors)
    up, none = np.full((1, count), 0.01), np.zeros((1, count))

    def grown(struck: Mapping[str, FloatArray], demand: FloatArray | None) -> FloatArray:
        return growth(regions, trend[..., None], Shocks(demand, {key: struck.get(key, none) for key in keys}))[:, 0]

    at = grown({}, None)
    single = np.stack([grown({key: up}, None) - at for key in keys])
    common = 0.5 * (grown(dict.fromkeys(keys, up), up) - grown(dict.fromkeys(keys, -up), -up))
    return single, np.maximum(common, LEAST)


@dataclass(frozen=True)
class Numbers:
    """What numbers in doubt do to growth by themselves: moved centre and spread ``(R,)``, points."""

    moved: FloatArray
    spread: FloatArray


def numbers_alone(regions: list[Region], trend: FloatArray, stated: Mapping[str, float], year: int) -> Numbers:
    """Growth with all numbers in doubt drawn and no shock, against the central case."""
    inputs = Futures(*scenario(stated, year, 0), until=1).inputs
    uniforms = Points(len(inputs.rows), 0).block(0, PILOT)
    drawn = {path: row for path, row in inputs.values(uniforms).items() if not path.startswith(SHOCKS)}
    found, central = [], growth(regions, trend[..., None])[:, 0]
    for start in range(0, len(regions), BATCH):
        some = slice(start, start + BATCH)
        wide = np.repeat(trend[:, some, None], PILOT, axis=2)
        found.append(growth(regions[some], wide, drawn=drawn))
    grown = np.concatenate(found)
    return Numbers(np.median(grown, axis=1) - central, grown.std(axis=1))


def state(regions: list[Region], targets: FloatArray, year: int) -> list[dict[str, float]]:
    """All that the scenarios of the regions say, by path.

    Trends are solved so that the median of growth is each region's centre, numbers in doubt included; shocks so that,
    before capacity binds, growth is spread as the past's errors were:

    .. math:: \\sigma^2 = v^2 + \\sum_i k_i^2 \\sigma_i^2 + k^2 s^2

    with the own spread σ, what numbers in doubt spread (v), sectors' shocks (the template's, smaller where they alone
    would spread too much) and the region's own shock s; k are responses of GDP growth. The nation's shock is its
    spread over k.
    """
    centre = np.array([region.centre for region in regions])
    own = np.array([region.own for region in regions])
    trend = solve(regions, centre)
    first = _stated(regions, trend, targets, np.ones((len(STRUCK), len(regions))), np.ones((3, len(regions))))
    alone = numbers_alone(regions, trend, first[0], year)
    trend = solve(regions, centre - alone.moved)
    single, common = responses(regions, trend)
    usual = np.array([template().doubt.shocks.sectors[key].sd.value for key in STRUCK])[:, None]
    left = np.maximum(own**2 - alone.spread**2, (0.1 * own) ** 2)
    by_sectors = ((single * usual) ** 2).sum(axis=0)
    smaller = np.minimum(1.0, np.sqrt(PART**2 * left / np.maximum(by_sectors, 1e-12)))
    rest = np.sqrt(np.maximum(left - by_sectors * smaller**2, 0.0))
    calm, crisis = (np.array([getattr(region, name) for region in regions]) for name in ("calm", "crisis"))
    return _stated(regions, trend, targets, usual * smaller, np.stack([calm, crisis, rest]) / common)


def _stated(
    regions: list[Region], trend: FloatArray, targets: FloatArray, sectors: FloatArray, shocks: FloatArray
) -> list[dict[str, float]]:
    rows = numbers(regions) | dict(zip(trends(), trend, strict=True)) | {
        f"{SHOCKS}.sectors.{key}.sd": row for key, row in zip(STRUCK, sectors, strict=True)
    } | dict(zip((f"{NATIONAL}.sd", f"{NATIONAL}.crisis.sd", f"{SHOCKS}.own.sd"), shocks, strict=True)) | {
        f"{NATIONAL}.mean": np.zeros(len(regions)), f"{NATIONAL}.crisis.chance": np.full(len(regions), 100 * CHANCE), TARGET: targets,
    }
    return [{path: float(values[r]) for path, values in rows.items()} for r in range(len(regions))]
