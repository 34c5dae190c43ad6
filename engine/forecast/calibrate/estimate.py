"""Everything that one panel tells: shocks, correlations, investment, bias of plans, centres (校准)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....models.errors import Problem, ScenarioError
from ....models.quantity import FloatArray
from ....models.words import msg
from ..backtest.panel import PATHS, Panel
from .shocks import Figure, ShockEstimates, correlation, pooled, shocks

RECENT = 5
FILLED = 3
"""Equal changes in so many years running are taken for interpolation."""


@dataclass(frozen=True)
class Calibration:
    """What was found, and on what.

    Attributes
    ----------
    series
        ``gdp`` and, where known, the three sectors: their shocks.
    lasting
        Persistence of each sector's lead, drawn towards their mean as far as it is unsure.
    correlations
        (first, second, part) -> correlation of national or own shocks of two sectors.
    centre, drift
        Mean growth of the last years and its yearly change, by series, % and points a year.
    figures
        Bias of plans, ICOR, response to investment, by name.
    leads
        Region -> lead over the nation in the last years, shrunk towards its mean.
    dropped
        Cells taken for interpolation and left out.
    """

    panel: Panel
    series: Mapping[str, ShockEstimates]
    lasting: Mapping[str, Figure]
    correlations: Mapping[tuple[str, str, str], Figure]
    centre: Mapping[str, Figure]
    drift: Mapping[str, Figure]
    figures: Mapping[str, Figure]
    leads: Mapping[str, Figure]
    dropped: int


def calibrate(
    panel: Panel, *, skip: Sequence[int] = (), until: int | None = None, seed: int = 20240101
) -> Calibration:
    """Estimate from all years up to ``until``, those of ``skip`` left out.

    Raises
    ------
    ScenarioError
        Where too little is known to estimate anything.
    """
    panel, dropped = _clean(panel, skip, until)
    rng = np.random.default_rng(seed)
    paths = {"gdp": panel.growth} | {name: panel.sector_growth[s] for s, name in enumerate(panel.sectors)}
    series = {
        name: found for name, path in paths.items() if (found := shocks(path, panel.group, rng)) is not None
    }
    if "gdp" not in series:
        raise ScenarioError(
            [
                Problem(
                    "panel",
                    msg(
                        "{regions} regions, {count} region-years of growth",
                        regions=len(panel.regions),
                        count=np.isfinite(panel.growth).sum(),
                    ),
                    msg("at least 5 regions with 6 years each"),
                    msg("check the columns and --until"),
                )
            ]
        )
    names = [name for name in panel.sectors if name in series]
    lasting = dict(zip(names, pooled([series[name].persistence for name in names]), strict=True))
    return Calibration(
        panel,
        series,
        lasting,
        _correlations(series),
        {name: _centre(paths[name]) for name in series},
        {name: _drift(paths[name]) for name in series},
        _figures(panel, rng),
        _leads(panel),
        dropped,
    )


def _clean(panel: Panel, skip: Sequence[int], until: int | None) -> tuple[Panel, int]:
    """Years asked for, without cells that look interpolated."""
    years = np.array(panel.years)
    out = np.isin(years, skip) | (years > (until if until is not None else years[-1]))
    paths: Any = {name: getattr(panel, name).copy() for name in PATHS if name != "shares"}
    marks = [filled(paths["target"]), filled(paths["plans"][1])]
    paths["target"][marks[0]], paths["plans"][1][marks[1]] = np.nan, np.nan
    for path in paths.values():
        path[..., out] = np.nan
    return replace(panel, **paths), int(sum(mark.sum() for mark in marks))


def filled(path: FloatArray) -> np.ndarray:
    """Inner cells of runs that rise or fall by exactly the same step year after year, ``(R, Y)``.

    A target that is repeated (step zero) is a target; a line of equal steps is somebody's interpolation.
    """
    marks = np.zeros(path.shape, dtype=bool)
    step = np.diff(path, axis=1)
    same = np.isclose(step[:, 1:], step[:, :-1], atol=1e-9) & (np.abs(step[:, 1:]) > 1e-9)
    for r in range(len(path)):
        run = 0
        for t in range(same.shape[1]):
            run = run + 1 if same[r, t] else 0
            if run >= FILLED - 1:
                marks[r, t - run + 2 : t + 2] = True
    return marks


def _correlations(series: Mapping[str, ShockEstimates]) -> dict[tuple[str, str, str], Figure]:
    names = [name for name in series if name != "gdp"]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    found = {(a, b, "national"): correlation(series[a].years, series[b].years) for a, b in pairs}
    return found | {
        (a, b, "own"): correlation(series[a].regions.ravel(), series[b].regions.ravel()) for a, b in pairs
    }


def _yearly(path: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Positions of the years known and their means."""
    count = np.isfinite(path).sum(axis=0)
    at = np.flatnonzero(count >= max(1, 0.5 * count.max()))
    return at.astype(float), np.nansum(path[:, at], axis=0) / count[at]


def _of_years(means: FloatArray) -> Figure:
    """Mean of yearly means; its error counts years, not regions."""
    count = len(means)
    error = float(means.std(ddof=1) / np.sqrt(count)) if count > 1 else np.nan
    return Figure(float(means.mean()) if count else np.nan, error, count)


def _centre(path: FloatArray) -> Figure:
    """Median of the last years' means (one crisis does not move it); error of a median, 1.25 sd/√n."""
    means = _yearly(path)[1][-RECENT:]
    spread = _of_years(means)
    return Figure(float(np.median(means)), 1.2533 * spread.error, len(means))


def _drift(path: FloatArray, years: int = 10) -> Figure:
    """Slope of the yearly mean over the last years, points a year (Theil 1950), with its spread over
    pairs."""
    at, means = (each[-years:] for each in _yearly(path))
    if len(at) < 4:
        return Figure(np.nan, np.nan, len(at))
    i, j = np.triu_indices(len(at), 1)
    slopes = (means[j] - means[i]) / (at[j] - at[i])
    # as least squares would have it: the sd of residuals over the spread of years
    left = means - np.median(slopes) * at
    error = float(left.std(ddof=2) / np.sqrt(((at - at.mean()) ** 2).sum()))
    return Figure(float(np.median(slopes)), error, len(at))


def _figures(panel: Panel, rng: np.random.Generator) -> dict[str, Figure]:
    found = {}
    gap = panel.growth - panel.target
    if np.isfinite(gap).any():
        means = _yearly(gap)[1]
        found["plan_bias"], found["plan_bias_recent"] = _of_years(means), _of_years(means[-RECENT:])
    late = panel.plans[1] - panel.plans[0]
    if np.isfinite(late).sum() >= 3:
        found["investment_bias"] = _of_years(_yearly(late)[1])
    if np.isfinite(panel.capital_ratio).any():
        found["capital_ratio"] = _of_years(_yearly(panel.capital_ratio)[1][-RECENT:])
    if np.isfinite(panel.investment).any():
        share, growth = panel.investment, panel.growth
        both = np.isfinite(share) & np.isfinite(growth)
        last = np.flatnonzero(both.any(axis=0))[-RECENT:]
        part = np.where(both[:, last], 1.0, np.nan)
        grown = np.nansum(part * growth[:, last], axis=1)
        ratio = 100 * np.nansum(part * share[:, last], axis=1) / np.where(grown > 5, grown, np.nan)
        ratio = ratio[np.isfinite(ratio)]
        if len(ratio) >= 5:
            found["icor"] = Figure(
                float(np.median(ratio)), 1.2533 * float(ratio.std(ddof=1) / np.sqrt(len(ratio))), len(ratio)
            )
            found["investment_response"] = _response(share, growth, rng)
    return found


def _response(share: FloatArray, growth: FloatArray, rng: np.random.Generator) -> Figure:
    """Points of growth per point of last year's investment share, within regions and years; error by regions
    drawn anew."""
    x, y = 100 * share[:, :-1], growth[:, 1:]
    both = np.isfinite(x) & np.isfinite(y)
    if both.sum() < 30:
        return Figure(np.nan, np.nan, int(both.sum()))

    def slope(pick: np.ndarray) -> float:
        a, b, there = x[pick], y[pick], both[pick]
        a, b = np.where(there, a, np.nan), np.where(there, b, np.nan)
        for _ in range(20):  # means of regions and of years in turn, for a panel with holes
            for axis in (1, 0):
                a, b = (
                    each
                    - np.where(np.isfinite(each), each, 0).sum(axis=axis, keepdims=True)
                    / np.maximum(there.sum(axis=axis, keepdims=True), 1)
                    for each in (a, b)
                )
        return float(np.nansum(a * b) / max(float(np.nansum(a * a)), 1e-12))

    again = [slope(rng.integers(0, len(x), len(x))) for _ in range(60)]
    return Figure(slope(np.arange(len(x))), float(np.std(again)), int(both.sum()))


def _leads(panel: Panel) -> dict[str, Figure]:
    """Lead of each region over the nation in the last years, shrunk (James & Stein 1961, positive part)."""
    lead = panel.growth - np.where(
        np.isfinite(panel.growth).any(axis=0),
        np.nansum(panel.growth, axis=0) / np.maximum(np.isfinite(panel.growth).sum(axis=0), 1),
        np.nan,
    )
    known = np.flatnonzero(np.isfinite(lead).any(axis=0))[-RECENT:]
    part = lead[:, known]
    count = np.isfinite(part).sum(axis=1)
    rows = np.flatnonzero(count >= 2)
    if len(rows) < 4:
        return {}
    mean = np.nanmean(part[rows], axis=1)
    noise = float(np.nanmean(np.nanvar(part[rows], axis=1, ddof=1) / count[rows]))
    centre = float(mean.mean())
    keep = max(0.0, 1 - (len(rows) - 3) * noise / max(float(((mean - centre) ** 2).sum()), 1e-12))
    return {
        panel.regions[r]: Figure(
            centre + keep * (m - centre), float(np.sqrt(noise * max(keep, 1e-9))), int(count[r])
        )
        for r, m in zip(rows, mean, strict=True)
    }
