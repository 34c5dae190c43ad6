"""Rolling origin: every region-year foretold from the years before it, as any scenario is, and scored
(滚动回测)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from typing import Any

import numpy as np

from ....models.errors import Problem, ScenarioError
from ....models.forecast import Ahead, Learnt
from ....models.quantity import BoolArray, FloatArray
from ....models.words import msg
from ...workers import workers
from ..learn import Nation, learn, unknown
from .panel import Panel
from .references import LEVELS, ReferenceMethod, references
from .regions import TEMPLATE, document, stated, structure
from .sampled import Foretold, region_years
from .scores import crps, place

FORECASTS = ("engine", "known", "hit_3", "hit_all", "target", "ar1", "last")
"""The engine; the engine told the nation's mean of the year; five references."""

NONE = "none"
"""The edition of those who have no outlook."""


@dataclass(frozen=True)
class RolledYear:
    """All forecasts of one year; arrays count its ``N`` scored regions, by forecast of ``FORECASTS`` first.

    ``places``, ``crps`` and ``centre`` are NaN for references that give no distribution.

    Attributes
    ----------
    known
        Growth in the draws whose national news is what happened, % ``(N, D)``.
    nation
        Mean growth of the regions: as expected, and as it was, %; sd of the news in a calm year, points.
    plan
        Weight of plans, against outlooks and past growth, in what was expected.
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
class Outlooks:
    """What was known of the nation: releases, targets and editions by year of the panel; and which edition is
    believed.

    ``told`` is the mean growth of all regions by year where somebody states it outright, and goes before.
    """

    nation: Nation
    edition: str
    told: Mapping[int, Ahead]

    @classmethod
    def none(cls, panel: Panel) -> Outlooks:
        """No outlook."""
        return cls(unknown(len(panel.years)), NONE, {})

    def learnt(self, known: Panel) -> tuple[Learnt, Ahead]:
        """What the panel teaches of its last year, and what is expected of all regions."""
        found = learn(known, self.nation.until(len(known.years) - 1))
        year = known.years[-1]
        return found, self.told.get(year) or found.ahead.get(self.edition) or found.ahead[NONE]


def backtest(
    panel: Panel,
    years: Sequence[int],
    *,
    draws: int = 2000,
    seed: int = 20240101,
    jobs: int = 2,
    outlooks: Outlooks | None = None,
    progress: Callable[[int, int], None] | None = None,
    template: str = TEMPLATE,
) -> tuple[RolledYear, ...]:
    """Foretell and score every year asked for; no year's forecast reads that year or a later one.

    The structure is that of ``template``, a scenario or a file of priors. A panel without any target is
    scored by its growth alone.

    Raises
    ------
    ScenarioError
        Where no year has a target and growth, or none a past.
    """
    wanted = [y for y in years if y in panel.years and panel.at(y) >= 3 and _scored(panel, panel.at(y)).any()]
    if not wanted:
        raise ScenarioError(
            [
                Problem(
                    "panel",
                    msg(
                        "no year among {first}-{last} with targets (or none at all), growth and three years"
                        " before",
                        first=min(years, default=0),
                        last=max(years, default=0),
                    ),
                    msg("region-years with growth and target"),
                    msg("check --years, --skip and the columns"),
                )
            ]
        )
    work = partial(
        foretell,
        panel,
        draws=draws,
        seed=seed,
        outlooks=outlooks or Outlooks.none(panel),
        template=template,
    )
    structure(template, panel.sectors)  # what is wrong with it is told here, and not by a process
    found = []
    if jobs > 1 and len(wanted) > 1:
        with workers(jobs) as pool:
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
    """Regions with a target (where any has one in the panel), growth and a past in a year ``(R,)``."""
    return (
        np.isfinite(panel.growth[:, at])
        & (np.isfinite(panel.target[:, at]) | panel.aimless)
        & np.isfinite(panel.growth[:, :at]).any(axis=1)
    )


def foretell(
    panel: Panel, year: int, *, draws: int, seed: int, outlooks: Outlooks, template: str = TEMPLATE
) -> RolledYear:
    """One year: what was learnt, references, scenarios and their futures through the engine, rivals, and what
    then happened."""
    known, built = panel.until(year), structure(template, panel.sectors)
    growth = panel.growth[:, panel.at(year)]
    rows = np.flatnonzero(_scored(panel, panel.at(year)))
    target, actual = known.target[rows, -1], growth[rows]
    learnt, ahead = outlooks.learnt(known)
    found = learnt.references(known.growth[rows], known.target[rows], ahead)
    said = [
        stated(known, int(r), each.median, float(aim), built)
        for r, each, aim in zip(rows, found, target, strict=True)
    ]
    news = float(actual.mean()) - ahead.middle
    made, oracle = [], []
    for futures in region_years(said, found, year, seed, draws, built):
        made.append(futures.foretold())
        oracle.append(futures.told(news))
    scores = [_by_draws(each, actual) for each in (made, oracle)]
    band = np.quantile(np.stack([each.growth for each in made]), [0.1, 0.9], axis=1)
    others = references(known)
    scores += [_by_reference(others[name], rows, target, actual) for name in FORECASTS[2:]]
    together = [np.stack([score[k] for score in scores]) for k in range(4)]
    together[0] = np.where(np.isfinite(target), together[0], np.nan)  # no target, no chance of reaching it
    weights = learnt.weights.get(outlooks.edition) or learnt.weights[NONE]
    return RolledYear(
        year,
        rows,
        target,
        actual,
        together[0],
        together[1],
        together[2],
        together[3],
        band,
        weights.get("targets", 0.0),
        float(np.mean([each.own for each in found])),
        np.stack([each.growth for each in oracle]),
        (ahead.middle, float(actual.mean()), ahead.calm),
    )


def written(
    panel: Panel,
    region: str,
    year: int,
    seed: int = 20240101,
    outlooks: Outlooks | None = None,
    template: str = TEMPLATE,
) -> dict[str, Any]:
    """One region-year of a backtest as a scenario that stands alone, as nested maps.

    Raises
    ------
    ScenarioError
        Where the panel has no such region or year, or no target for it.
    """
    names = [name for name in panel.regions if name == region or name.rsplit("/", 1)[-1] == region]
    if not names or year not in panel.years or panel.at(year) < 3:
        near = get_close_matches(region, panel.regions, 1, 0.3)
        raise ScenarioError(
            [
                Problem(
                    "--scenario",
                    f"{region} {year}",
                    msg(
                        "a region of the panel and a year from {first} to {last}",
                        first=panel.years[min(3, len(panel.years) - 1)],
                        last=panel.years[-1],
                    ),
                    (msg("did you mean {name}?", name=near[0]) if near and not names else ""),
                )
            ]
        )
    known = panel.until(year)
    outlooks, r = outlooks or Outlooks.none(panel), panel.regions.index(names[0])
    growth, target = known.growth[r], known.target[r]
    if not ((np.isfinite(target[-1]) or panel.aimless) and np.isfinite(growth).any()):
        raise ScenarioError(
            [
                Problem(
                    "--scenario",
                    msg("{region} {year} without a target", region=region, year=year),
                    msg("a region-year with a target"),
                )
            ]
        )
    learnt, ahead = outlooks.learnt(known)
    (reference,) = learnt.references(growth[None], target[None], ahead)
    edition = outlooks.edition if outlooks.edition in learnt.ahead else NONE
    learnt = replace(learnt, ahead={**learnt.ahead, edition: ahead})
    history = {
        each: {
            name: float(path[at])
            for name, path in (("growth", growth), ("target", target))
            if np.isfinite(path[at])
        }
        for at, each in enumerate(known.years)
    }
    built = structure(template, panel.sectors)
    said = stated(known, r, reference.median, float(target[-1]), built)
    past = {each: row for each, row in history.items() if row}
    return document(said, year, seed, past, learnt, edition, built) | {
        "title": {"zh": f"{region} {year}", "en": f"{region} {year}"}
    }


def _by_draws(found: Sequence[Foretold], actual: FloatArray) -> tuple[FloatArray, ...]:
    grown, probability = (
        np.stack([each.growth for each in found]),
        np.array([each.probability for each in found]),
    )
    return probability, np.median(grown, axis=1), crps(grown, actual), place(grown, actual)


def _by_reference(
    ref: ReferenceMethod, rows: np.ndarray, target: FloatArray, actual: FloatArray
) -> tuple[FloatArray, ...]:
    nothing = np.full(len(rows), np.nan)
    centre = nothing if ref.centre is None else ref.centre[rows]
    if ref.quantiles is None:
        return ref.probability[rows], centre, nothing, nothing
    quantiles = ref.quantiles[rows]
    assert quantiles.shape[1] == len(LEVELS)
    places = np.where(np.isfinite(quantiles).all(axis=1), place(quantiles, actual), np.nan)
    return ref.probability[rows], centre, crps(quantiles, actual), places
