"""What a panel of regions teaches about a year that begins: all regions' expected mean, and each one's lead
(从面板学习)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.forecast import Ahead, Fitted, Learnt, Past, facts
from ...models.quantity import FloatArray
from .backtest.panel import Panel
from .news import CHANCE, EDITION, FORGETTING, GROWN, PLANS, PRIOR_YEARS, pool, read

KNOWN = (0, 1, 2, 4, 8)
"""Years of a region's own history for which coefficients are fitted."""

MEMORY = 3.0
"""Years after which a year counts half in the estimate of coefficients.

Of 3, 6, 12 and 30 the best on years that are not scored: cities 2006-2009, provinces 2001-2004.
"""

LEAD_LIFE = 0.7
"""Years after which regions' past lead over the nation counts half."""

SPREAD_MEMORY = 1.5
"""Years after which a year counts half in the estimate of the spread."""

HELD, HALF_WIDTH = 0.8, 1.1432
"""The spread is such that a Student's t with 5 degrees of freedom, as regions' shocks have, holds so much of
what is left; its half-width for a standard deviation of 1."""

DEEP = 2.0
"""Points by which a year falls short of its targets and still moves those of the next year: a crisis is no
lesson in modesty."""

RIDGE = 2.0
FEWEST = 30
"""Fewest earlier region-years from which coefficients are estimated; below, nothing is made of them."""

UNKNOWN = 2.0
"""Spread of a region's own, points, where there are too few region-years to tell."""


SETTINGS: tuple[object, ...] = (
    *(CHANCE, PRIOR_YEARS, FORGETTING, PLANS, GROWN, EDITION),
    *(MEMORY, LEAD_LIFE, SPREAD_MEMORY, HELD, HALF_WIDTH, DEEP, RIDGE, UNKNOWN),
)
"""What the method takes for granted whatever the panel: chosen on cities and provinces of China, in years
that are not scored. A panel of another country scores them (`simulate backtest`) and chooses none anew."""


@dataclass(frozen=True)
class Nation:
    """The nation on the years of a panel ``(Y,)``, %; NaN is "not known".

    Attributes
    ----------
    release
        Growth as first released.
    aim
        The nation's own target.
    editions
        Outlook by name of its edition: what was the newest known at that time.
    """

    release: FloatArray
    aim: FloatArray
    editions: Mapping[str, FloatArray]

    def until(self, position: int) -> Nation:
        """The same up to the year at a position: what is known when it begins, but for releases of later
        years."""
        keep = slice(0, position + 1)
        return Nation(
            self.release[keep], self.aim[keep], {name: path[keep] for name, path in self.editions.items()}
        )


def unknown(years: int) -> Nation:
    """A nation of which nothing is known."""
    nothing = np.full(years, np.nan)
    return Nation(nothing, nothing, {})


def learn(known: Panel, nation: Nation) -> Learnt:
    """Estimate everything for the last year of ``known``; nothing but its targets and outlooks is read of
    that year.

    Parameters
    ----------
    nation
        On the same years; the release of the last is not read.
    """
    growth, lead = means(known.growth), _lead(means(known.growth), nation.release)
    aim = _aims(means(known.target), np.where(np.isfinite(growth), growth, nation.release + lead), nation.aim)
    there = np.isfinite(growth)
    carried = np.where(
        there | (np.arange(len(growth)) == len(growth) - 1), growth, nation.release + lead
    )  # a year that no panel holds yet
    gap = np.where(there, means(known.growth - known.target), np.nan)
    past = Past(carried, aim, gap, np.full(len(growth), np.nan))
    fitted, spread = _fit(known, past)
    ahead, weights = {}, {}
    for name, outlook in {"none": None, **nation.editions}.items():
        if outlook is not None and not np.isfinite(outlook[-1]):
            continue
        found = _ahead(growth, aim, gap, lead, nation, outlook)
        if found is not None:
            ahead[name], weights[name] = found
    return Learnt(known.years, replace(past, spread=spread), nation.release, fitted, ahead, CHANCE, weights)


def _ahead(
    growth: FloatArray,
    aim: FloatArray,
    gap: FloatArray,
    lead: FloatArray,
    nation: Nation,
    outlook: FloatArray | None,
) -> tuple[Ahead, dict[str, float]] | None:
    """All regions' expected mean in the last year, and the weight of each reading; None where nothing is
    known."""
    given = {"past": (growth, np.zeros(len(growth)), GROWN), "targets": (aim + gap, aim, PLANS)}
    if not np.isfinite(aim).any():  # no region's target is known: the nation's speaks for them
        given["targets"] = (growth, nation.aim, PLANS)
    if outlook is not None:
        given["outlook"] = (growth, outlook + lead, EDITION)
    parts = {}
    for name, (path, offset, kind) in given.items():
        off = (path - offset)[:-1]
        first = np.flatnonzero(np.isfinite(off))
        if len(first) and np.isfinite(offset[-1]):
            reading = read(off[first[0] :], kind, float(off[first[0]]) if name == "past" else 0.0)
            parts[name] = (reading.after(int(first[0])), float(offset[-1]), kind.weight)
    if not parts:
        return None
    found, weights = pool(list(parts.values()))
    return found, dict(zip(parts, weights.tolist(), strict=True))


def _aims(aim: FloatArray, growth: FloatArray, nation: FloatArray) -> FloatArray:
    """Mean targets by year; those that nobody has collected yet move as targets moved so far ``(Y,)``.

    .. math:: \\Delta a_t = b_1 (g_{t-1} - a_{t-1}) + b_2 \\Delta n_t

    with the regions' mean growth g, at most :data:`DEEP` points short, and the nation's own target n (no
    change where it is not known).
    """
    seen = np.flatnonzero(np.isfinite(aim))
    if not len(seen) or seen[-1] == len(aim) - 1:
        return aim
    step = np.nan_to_num(np.diff(nation))
    off = np.maximum(np.nan_to_num(growth[:-1] - aim[:-1]), -DEEP)
    x, y = np.stack([off, step], axis=1), np.diff(aim)
    there = np.isfinite(y) & np.isfinite(growth[:-1] - aim[:-1])
    slopes = np.linalg.solve(x[there].T @ x[there] + np.eye(2), x[there].T @ y[there])
    found = aim.copy()
    for t in range(int(seen[-1]) + 1, len(aim)):
        short = max(float(np.nan_to_num(growth[t - 1] - found[t - 1])), -DEEP)
        found[t] = found[t - 1] + slopes @ np.array([short, step[t - 1]])
    return found


def _lead(growth: FloatArray, release: FloatArray) -> FloatArray:
    """Regions' mean growth less the nation's in the years before each, the last counting most ``(Y,)``."""
    lead = growth - release
    found = np.full(len(growth), np.nan)
    for t in range(1, len(growth)):
        weight = 0.5 ** (np.arange(t)[::-1] / LEAD_LIFE) * np.isfinite(lead[:t])
        if weight.any():
            found[t] = (weight * np.nan_to_num(lead[:t])).sum() / weight.sum()
    return found


def _fit(known: Panel, past: Past) -> tuple[Fitted, FloatArray]:
    """Coefficients and spreads by (years known, has a target), and the typical size of what is left by year
    ``(Y,)``.

    Deviations from the year's mean are regressed on the deviations of the facts, year by year, for regions of
    which the years before are cut to so many (Huber 1964, with a small ridge).
    """
    slopes: dict[tuple[int, bool], FloatArray] = {}
    spreads: dict[tuple[int, bool], float] = {}
    typical = np.full(len(past.growth), np.nan)
    for years in KNOWN:
        for aimed in (False, True):
            lines = _lines(known, past, years, aimed)
            count = sum(len(y) for _, _, y in lines)
            if count < FEWEST:
                if years == 0:
                    slopes[0, aimed], spreads[0, aimed] = np.zeros(4), UNKNOWN
                continue
            last = len(past.growth) - 1
            weight = np.concatenate([np.full(len(y), 0.5 ** ((last - 1 - t) / MEMORY)) for t, _, y in lines])
            found, spread = _huber(
                np.concatenate([x for _, x, _ in lines]), np.concatenate([y for _, _, y in lines]), weight
            )
            slopes[years, aimed], spreads[years, aimed] = found, spread
            for t, x, y in lines:
                size = np.minimum(np.abs(y - x @ found), 3 * spread)
                typical[t] = max(float(np.sqrt(np.mean(size**2))), 0.2 * spread)
    return Fitted(slopes, spreads), typical


def _lines(known: Panel, past: Past, years: int, aimed: bool) -> list[tuple[int, FloatArray, FloatArray]]:
    """(position of the year, facts, growth) of every earlier year, as deviations from the year's mean."""
    found = []
    for t in range(max(years, 1), known.growth.shape[1] - 1):
        window = slice(t - years, t + 1)
        growth, target = known.growth[:, window], known.target[:, window]
        there = np.isfinite(growth).all(axis=1) & (np.isfinite(target[:, -1]) if aimed else True)
        if there.sum() < 3:
            continue
        cut = Past(*(each[window] for each in (past.growth, past.aim, past.gap, past.spread)))
        x = facts(growth[there], target[there], cut)
        if not aimed:
            x[:, :2] = 0.0
        y = growth[there, -1]
        found.append((t, x - x.mean(axis=0), y - y.mean()))
    return found


def _huber(x: FloatArray, y: FloatArray, weight: FloatArray) -> tuple[FloatArray, float]:
    """Huber regression by reweighting; the spread of what is left."""
    pull, robust, left = weight, 1.0, np.asarray(y)
    coefficients: FloatArray = np.zeros(x.shape[1])
    for _ in range(12):
        moments = (x * pull[:, None]).T
        coefficients = np.asarray(np.linalg.solve(moments @ x + RIDGE * np.eye(x.shape[1]), moments @ y))
        left = y - x @ coefficients
        robust = max(1.4826 * float(np.median(np.abs(left))), 1e-6)
        pull = np.asarray(weight * np.minimum(1.0, 2 * robust / np.maximum(np.abs(left), 1e-9)))
    recent = weight ** (MEMORY / SPREAD_MEMORY)
    order = np.argsort(np.abs(left))
    within = np.cumsum(recent[order]) / recent.sum()
    return (
        coefficients,
        float(np.abs(left)[order][min(int(np.searchsorted(within, HELD)), len(left) - 1)]) / HALF_WIDTH,
    )


def means(values: FloatArray) -> FloatArray:
    """Mean of each year over the regions that have it, ``(Y,)``."""
    count = np.isfinite(values).sum(axis=0)
    return np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)
