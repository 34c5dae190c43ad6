"""Rolling origin: every region-year foretold from the years before it, through the engine, and scored (滚动回测)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.quantity import BoolArray, FloatArray
from .centre import state
from .driver import Outlook, outlook
from .news import News
from .panel import Panel
from .references import LEVELS, Reference, references
from .regions import NATIONAL, Region, document
from .sampled import Foretold, RegionYear, whole, with_outlook
from .scores import crps, place

FORECASTS = ("engine", "known", "hit_3", "hit_all", "target", "ar1", "last")
"""The engine; the engine told the nation's mean of the year; five references."""

PERSISTENCE = (0.8, 0.7, 0.6)
"""How much of a sector's lead over GDP lasts into the next year (primary, secondary, tertiary)."""

USUAL_SHARES, USUAL_INVESTMENT = (0.10, 0.45, 0.45), 0.6


@dataclass(frozen=True)
class Year:
    """All forecasts of one year; arrays count its ``N`` scored regions, by forecast of ``FORECASTS`` first.

    ``places``, ``crps`` and ``centre`` are NaN for references that give no distribution.

    Attributes
    ----------
    known
        Growth in the draws whose national news is what happened, % ``(N, D)``.
    nation
        Mean growth of the regions: as expected, and as it was, %; sd of the news in a calm year, points.
    plan
        Weight of plans, against past growth, in what was expected.
    """

    year: int
    region: np.ndarray
    target: FloatArray
    growth: FloatArray
    probability: FloatArray
    centre: FloatArray
    crps: FloatArray
    places: FloatArray
    band: FloatArray
    plan: float
    own: float
    known: FloatArray
    nation: tuple[float, float, float]


@dataclass(frozen=True)
class Told:
    """The nation's outlook for a year as a scenario may state it: mean growth of the regions, and its error (sd)."""

    growth: float
    error: float


def backtest(
    panel: Panel, years: Sequence[int], *, draws: int = 2000, seed: int = 20240101, jobs: int = 2,
    told: Mapping[int, Told] | None = None, progress: Callable[[int, int], None] | None = None,
) -> tuple[Year, ...]:
    """Foretell and score every year asked for; no year's forecast reads that year or a later one.

    Raises
    ------
    ScenarioError
        Where no year has a target and growth, or none a past.
    """
    wanted = [y for y in years if y in panel.years and panel.at(y) >= 3 and _scored(panel, panel.at(y)).any()]
    if not wanted:
        raise ScenarioError([Problem(
            "panel", f"no year among {min(years, default=0)}-{max(years, default=0)} with targets, growth and three years before",
            "region-years with growth and target", "check --years, --skip and the columns",
        )])
    work = partial(foretell, panel, draws=draws, seed=seed, told=told or {})
    found = []
    if jobs > 1 and len(wanted) > 1:
        with ProcessPoolExecutor(jobs) as pool:
            for done, year in enumerate(pool.map(work, wanted), 1):
                found.append(year)
                if progress:
                    progress(done, len(wanted))
        return tuple(found)
    for done, y in enumerate(wanted, 1):
        found.append(work(y))
        if progress:
            progress(done, len(wanted))
    return tuple(found)


def _scored(panel: Panel, at: int) -> BoolArray:
    """Regions with a target, growth and a past in a year ``(R,)``."""
    return np.isfinite(panel.growth[:, at]) & np.isfinite(panel.target[:, at]) & np.isfinite(panel.growth[:, :at]).any(axis=1)


def foretell(panel: Panel, year: int, *, draws: int, seed: int, told: Mapping[int, Told]) -> Year:
    """One year: driver, scenarios, their futures through the engine, references, and what then happened."""
    known = panel.until(year)
    seen = outlook(known)
    growth = panel.growth[:, panel.at(year)]
    rows = np.flatnonzero(_scored(panel, panel.at(year)))
    target, actual = known.target[rows, -1], growth[rows]
    regions = [stated_region(known, seen, int(r)) for r in rows]
    stated = state(regions, target, year)
    news, happened = seen.national, float(np.mean(actual - target))
    points = [one[f"{NATIONAL}.sd"] / news.calm for one in stated]  # of shock per point of GDP growth
    if year in told:
        mean, error = told[year].growth - seen.mean_target - news.middle, told[year].error
        stated = [with_outlook(one, mean * point, error * point) for one, point in zip(stated, points, strict=True)]
    found, oracle = [], []
    for one, point in zip(stated, points, strict=True):
        futures = RegionYear(one, year, seed, whole(draws))
        found.append(futures.foretold())
        oracle.append(futures.told((happened - news.middle) * point))
    scores = [_by_draws(each, actual) for each in (found, oracle)]
    band = np.quantile(np.stack([each.growth for each in found]), [0.1, 0.9], axis=1)
    others = references(known)
    scores += [_by_reference(others[name], rows, target, actual) for name in FORECASTS[2:]]
    together = [np.stack([score[k] for score in scores]) for k in range(4)]
    return Year(
        year, rows, target, actual, together[0], together[1], together[2], together[3], band, news.plan,
        float(seen.own[rows].mean()), np.stack([each.growth for each in oracle]),
        (float(target.mean()) + news.middle, float(actual.mean()), news.calm),
    )


def written(panel: Panel, region: str, year: int, seed: int = 20240101) -> dict[str, Any]:
    """One region-year of a backtest as a scenario that stands alone, as nested maps.

    Raises
    ------
    ScenarioError
        Where the panel has no such region or year, or no target for it.
    """
    names = [name for name in panel.regions if name == region or name.rsplit("/", 1)[-1] == region]
    if not names or year not in panel.years or panel.at(year) < 3:
        near = get_close_matches(region, panel.regions, 1, 0.3)
        raise ScenarioError([Problem(
            "--scenario", f"{region} {year}", f"a region of the panel and a year from {panel.years[min(3, len(panel.years) - 1)]} to {panel.years[-1]}",
            f"did you mean {near[0]}?" if near and not names else "",
        )])
    known = panel.until(year)
    seen, r = outlook(known), panel.regions.index(names[0])
    if not seen.scored[r]:
        raise ScenarioError([Problem("--scenario", f"{region} {year} without a target", "a region-year with a target")])
    stated = state([stated_region(known, seen, r)], known.target[[r], -1], year)[0]
    nation = seen.mean_target + seen.national.middle
    notes = {f"{NATIONAL}.mean": {
        "zh": f"各地平均预计增长{nation:.1f}%，已含在中心预测里；另有全国展望时写两者之差，并把sd改为展望的误差",
        "en": f"regions are expected to grow by {nation:.1f} % on average, which is in the centre; an outlook of your own: state "
              "the difference here and its error as sd",
    }}
    return document(stated, year, seed, notes) | {"title": {"zh": f"{region} {year}", "en": f"{region} {year}"}}


def stated_region(known: Panel, seen: Outlook, r: int) -> Region:
    """What the scenario of region ``r`` says for the last year of ``known``: structure of the year before."""
    news = seen.national
    centre = float(known.target[r, -1] + seen.deviation[r]) + news.middle
    return structure(known, r, centre, news, float(seen.own[r]))


def structure(known: Panel, r: int, centre: float, news: News, own: float) -> Region:
    """Sectors and investment of a region in the year before the last of ``known``, with a centre and spreads."""
    shares = _latest(known.shares[:, r], np.array(USUAL_SHARES))
    lead = known.sector_growth[:, r] - known.growth[r]
    lasting = np.array(PERSISTENCE) * _latest(lead, np.zeros(3))
    share = np.maximum(shares, 1e-3)
    invested = _latest(known.investment[[r]], np.array([USUAL_INVESTMENT]))[0]
    return Region(
        share / share.sum(), float(np.clip(invested, 0.2, 1.2)), centre, np.clip(lasting, -10, 10), news.calm, news.crisis, own
    )


def _latest(path: FloatArray, otherwise: FloatArray) -> FloatArray:
    """The last year in which all rows are known, ``(k, Y)`` -> ``(k,)``."""
    there = np.flatnonzero(np.isfinite(path).all(axis=0))
    return path[:, there[-1]] if len(there) else otherwise


def _by_draws(found: Sequence[Foretold], actual: FloatArray) -> tuple[FloatArray, ...]:
    grown, probability = np.stack([each.growth for each in found]), np.array([each.probability for each in found])
    return probability, np.median(grown, axis=1), crps(grown, actual), place(grown, actual)


def _by_reference(ref: Reference, rows: np.ndarray, target: FloatArray, actual: FloatArray) -> tuple[FloatArray, ...]:
    nothing = np.full(len(rows), np.nan)
    centre = nothing if ref.centre is None else ref.centre[rows]
    if ref.quantiles is None:
        return ref.probability[rows], centre, nothing, nothing
    quantiles = ref.quantiles[rows]
    assert quantiles.shape[1] == len(LEVELS)
    return ref.probability[rows], centre, crps(quantiles, actual), place(quantiles, actual)
