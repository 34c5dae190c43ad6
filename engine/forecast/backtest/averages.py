"""Averages over several years foretold by rolling origin, through the engine, beside two references
(多年平均的回测)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ....models.errors import Problem, ScenarioError
from ....models.forecast import Ahead, Reference
from ....models.quantity import FloatArray
from ....models.words import msg
from ...workers import workers
from ..drift import AHEAD, Lasting, Missed, lasting
from .panel import Panel
from .references import LEVELS, PAIRS
from .regions import TEMPLATE, stated, structure
from .roll import Outlooks
from .sampled import region_years
from .scores import block_interval, crps, place

FORECASTS = ("engine", "past", "target")
"""The engine; the mean of the last :data:`PAST` years; the target of the first year, held for all."""

PAST = 5
"""Years whose mean is the plainest forecast of the next ones."""

HELD = 0.8
"""Part of outcomes that the interval is to hold."""


@dataclass(frozen=True)
class Span:
    """One origin: all forecasts of the mean growth of the years ``first`` to ``first + over - 1``.

    Arrays count its ``N`` scored regions, by forecast of :data:`FORECASTS` first; NaN where a forecast or a
    target is not known. ``doubt`` is what errors before ``first`` taught of the years after it.
    """

    first: int
    over: int
    region: np.ndarray
    growth: FloatArray
    target: FloatArray
    centre: FloatArray
    crps: FloatArray
    places: FloatArray
    probability: FloatArray
    doubt: Lasting


@dataclass(frozen=True)
class SpanScore:
    """What a forecast of averages scored over some origins: mean error, CRPS and Brier score with 90 %
    intervals from drawing origins anew, part inside the 80 % interval, mean chance given, part reached."""

    forecast: str
    count: int
    error: float
    error_low: float
    error_high: float
    crps: float
    inside: float
    brier: float
    given: float
    reached: float


def mean_growth(growth: FloatArray) -> FloatArray:
    """Average growth of years on the last axis, %: 100 (Π (1 + g / 100)^(1/n) - 1)."""
    return np.asarray(100 * (np.prod(1 + growth / 100, axis=-1) ** (1 / growth.shape[-1]) - 1))


@dataclass(frozen=True)
class _Origin:
    """What was known when a span began: references of all scored regions."""

    first: int
    rows: np.ndarray
    references: tuple[Reference, ...]
    ahead: Ahead


def averages(  # noqa: PLR0913  (each is a fact of its own)
    panel: Panel,
    years: Sequence[int],
    over: int,
    *,
    draws: int = 2000,
    seed: int = 20240101,
    jobs: int = 2,
    outlooks: Outlooks | None = None,
    template: str = TEMPLATE,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Span, ...]:
    """Foretell and score the mean growth of ``over`` years from every first year asked for.

    No forecast reads its years; doubt of the years after the first is learnt from errors of forecasts made
    and known before.

    Raises
    ------
    ScenarioError
        Where no such span has growth in all its years and three years before.
    """
    known = outlooks or Outlooks.none(panel)
    wanted = [y for y in years if _scored(panel, y, over).any()]
    if not wanted:
        raise ScenarioError(
            [
                Problem(
                    "panel",
                    msg("no {over} years in a row with growth and three years before", over=over),
                    msg("region-years with growth"),
                    msg("check --years and --over"),
                )
            ]
        )
    structure(template, panel.sectors)  # what is wrong with it is told here, and not by a process
    earlier = [y for y in panel.years if y < wanted[-1] and _scored(panel, y, 1).any()]
    missed = {y: _missed(panel, _origin(panel, y, 1, known)) for y in earlier}
    origins = [_origin(panel, y, over, known) for y in wanted]
    doubts = [_learnt(missed, y) for y in wanted]
    work = partial(_foretell, panel, over=over, draws=draws, seed=seed, template=template)
    found = []
    jobs = min(jobs, len(wanted))
    with workers(jobs) as pool:
        for done, span in enumerate(pool.map(work, origins, doubts), 1):
            found.append(span)
            if progress:
                progress(done, len(wanted))
    return tuple(_beside(panel, found, at) for at in range(len(found)))


def _scored(panel: Panel, first: int, over: int) -> np.ndarray:
    """Regions with growth in all years of a span, and a past ``(R,)``."""
    if first not in panel.years or first + over - 1 not in panel.years or panel.at(first) < 3:
        return np.zeros(len(panel.regions), dtype=bool)
    at = panel.at(first)
    return np.asarray(
        np.isfinite(panel.growth[:, at : at + over]).all(axis=1)
        & np.isfinite(panel.growth[:, :at]).any(axis=1)
    )


def _origin(panel: Panel, first: int, over: int, outlooks: Outlooks) -> _Origin:
    known, rows = panel.until(first), np.flatnonzero(_scored(panel, first, over))
    learnt, ahead = outlooks.learnt(known)
    return _Origin(first, rows, learnt.references(known.growth[rows], known.target[rows], ahead), ahead)


def actual(panel: Panel, rows: np.ndarray, first: int, over: int) -> FloatArray:
    """Mean growth that came, % ``(N,)``."""
    at = panel.at(first)
    return mean_growth(panel.growth[rows, at : at + over])


def _missed(panel: Panel, origin: _Origin) -> Missed:
    """By what the references of an origin, held for the years after, were off in each of them."""
    at = panel.at(origin.first)
    medians = np.array([each.median for each in origin.references])
    error = panel.growth[origin.rows, at : at + AHEAD] - medians[:, None]
    known = np.isfinite(error).any(axis=0)
    return Missed(origin.references, error[:, : len(known) if known.all() else int(known.argmin())])


def _learnt(missed: Mapping[int, Missed], first: int) -> Lasting:
    """What forecasts made before ``first`` teach by what had come before it."""
    return lasting(
        [replace(one, error=one.error[:, : first - year]) for year, one in missed.items() if year < first]
    )


def _foretell(
    panel: Panel, origin: _Origin, doubt: Lasting, *, over: int, draws: int, seed: int, template: str
) -> Span:
    """One origin through the engine: what the regions' scenarios bring over the years."""
    known, built = panel.until(origin.first), structure(template, panel.sectors)
    rows, aims = origin.rows, known.target[origin.rows, -1]
    said = [
        stated(known, int(r), each.median, float(aim), built)
        for r, each, aim in zip(rows, origin.references, aims, strict=True)
    ]
    futures = region_years(said, origin.references, origin.first, seed, draws, built, over, doubt)
    drawn = np.stack([each.mean_growth() for each in futures])
    came = actual(panel, rows, origin.first, over)
    chance = np.where(np.isfinite(aims), (drawn >= aims[:, None] - 0.05).mean(axis=1), np.nan)
    nothing = np.full(len(rows), np.nan)

    def beside(own: FloatArray) -> FloatArray:
        return np.stack([own, nothing, nothing])

    return Span(
        origin.first,
        over,
        rows,
        came,
        aims,
        beside(np.median(drawn, axis=1)),
        beside(crps(drawn, came)),
        beside(place(drawn, came)),
        beside(chance),
        doubt,
    )


def _beside(panel: Panel, spans: Sequence[Span], at: int) -> Span:
    """A span with its references: their centres, and around them the errors that the same forecast had of
    spans that were over before."""
    span = spans[at]
    centres = {name: _centre(panel, span.region, span.first, name) for name in FORECASTS[1:]}
    for k, name in enumerate(FORECASTS[1:], 1):
        centre = centres[name]
        span.centre[k] = centre
        errors = _errors(panel, span.first, span.over, name)
        if len(errors) < PAIRS:
            continue
        drawn = centre[:, None] + np.quantile(errors, LEVELS)[None, :]
        there = np.isfinite(centre)
        span.crps[k] = np.where(there, crps(drawn, span.growth), np.nan)
        span.places[k] = np.where(there, place(drawn, span.growth), np.nan)
        reached = (drawn >= span.target[:, None] - 0.05).mean(axis=1)
        span.probability[k] = np.where(there & np.isfinite(span.target), reached, np.nan)
    return span


def _centre(panel: Panel, rows: np.ndarray, first: int, name: str) -> FloatArray:
    at = panel.at(first)
    if name == "target":
        return np.asarray(panel.target[rows, at])
    past = panel.growth[rows, max(at - PAST, 0) : at]
    seen = np.isfinite(past)
    return np.where(seen.any(axis=1), np.nansum(past, axis=1) / np.maximum(seen.sum(axis=1), 1), np.nan)


def _errors(panel: Panel, first: int, over: int, name: str) -> FloatArray:
    found = [np.zeros(0)]
    for year in panel.years:
        if year + over <= first and (rows := np.flatnonzero(_scored(panel, year, over))).size:
            off = actual(panel, rows, year, over) - _centre(panel, rows, year, name)
            found.append(off[np.isfinite(off)])
    return np.concatenate(found)


def scored(spans: Sequence[Span], seed: int = 20240101) -> tuple[SpanScore, ...]:
    """What every forecast scored; all are compared on the region-spans that each of them foretells."""
    first = np.concatenate([np.full(len(one.region), one.first) for one in spans])
    growth, target = (np.concatenate([getattr(one, name) for one in spans]) for name in ("growth", "target"))
    centre, score, places, chance = (
        np.concatenate([getattr(one, name) for one in spans], axis=1)
        for name in ("centre", "crps", "places", "probability")
    )
    there = np.isfinite(centre[:2]).all(axis=0)
    if np.isfinite(target).any():
        there &= np.isfinite(target)
    hit = (growth >= target - 0.05).astype(float)
    found = []
    for k, name in enumerate(FORECASTS):
        own = there & np.isfinite(centre[k])
        if not own.any():
            continue
        error = np.abs(centre[k] - growth)
        rng = np.random.default_rng(seed)
        low, high = block_interval(first[own], lambda at, e=error[own]: float(e[at].mean()), rng)  # type: ignore[misc]
        inside = np.where(np.isfinite(places[k]), np.abs(places[k] - 0.5) <= HELD / 2, np.nan)
        judged = own & np.isfinite(chance[k])
        found.append(
            SpanScore(
                name,
                int(own.sum()),
                float(error[own].mean()),
                low,
                high,
                _mean(score[k][own]),
                _mean(inside[own]),
                _mean((chance[k] - hit)[judged] ** 2),
                _mean(chance[k][judged]),
                _mean(hit[judged]),
            )
        )
    return tuple(found)


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
