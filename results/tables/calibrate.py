"""What a calibration found, as tables with standard errors, and as priors for scenarios (校准)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...models.quantity import Bilingual
from ...models.words import msg
from ..text.format import finite
from .lines import Line, summary_of
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.forecast.calibrate.estimate import Calibration
    from ...engine.forecast.calibrate.shocks import Figure

SERIES = {
    "gdp": msg("GDP"),
    "primary": msg("Primary", context="table_calibrate"),
    "secondary": msg("Secondary", context="table_calibrate"),
    "tertiary": msg("Tertiary", context="table_calibrate"),
}
PARTS = {
    "persistence": msg("Persistence of a lead over the nation"),
    "national": msg("National shock, sd in calm years"),
    "crisis": msg("National shock, sd in crises"),
    "chance": msg("Chance of a crisis year"),
    "provincial": msg("Provincial shock, sd"),
    "own": msg("Own shock, sd"),
    "freedom": msg("Tails of own shocks (t, degrees of freedom)"),
}
_MORE = {
    "lasting": msg("Persistence, partly pooled over sectors"),
    "centre": msg("Growth of recent years (median, %)"),
    "drift": msg("Change of growth (points a year)"),
}
FIGURES = {
    "plan_bias": (msg("Growth less target, all years"), "points"),
    "plan_bias_recent": (msg("Growth less target, last five years"), "points"),
    "investment_bias": (msg("Investment growth, realised less planned"), "points"),
    "capital_ratio": (msg("Capital over output"), "1"),
    "icor": (msg("ICOR (investment over growth of output)"), "1"),
    "investment_response": (msg("Growth next year per point of investment share"), "points"),
}


def calibration_tables(found: Calibration) -> dict[str, Table]:
    """Every table of a calibration."""
    made = (_summary(found), _shocks(found), _correlations(found), _others(found), _leads(found))
    return {table.name: table for table in made}


@dataclass(frozen=True)
class _Row:
    """An estimate, of what and of which part of it; of a correlation, with what."""

    of: str
    figure: Figure
    part: str = ""
    other: str = ""


def _series(name: str) -> Bilingual:
    """Name of a series; of a panel's own groups as they are called there."""
    return SERIES.get(name) or Bilingual.same(name)


def _rows(figures: Mapping[str, Figure], part: str = "") -> list[_Row]:
    return [_Row(name, figure, part) for name, figure in figures.items()]


_ESTIMATE = (
    Column("value", msg("Estimate"), digits=2, value=lambda row: finite(row.figure.value)),
    Column("error", msg("Standard error"), digits=2, value=lambda row: finite(row.figure.error)),
    Column("cases", msg("Cases", context="table_calibrate"), digits=0, value=lambda row: row.figure.cases),
)


def known_years(found: Calibration) -> tuple[int, int]:
    """First and last year that the estimates rest on."""
    years = np.array(found.panel.years)[np.isfinite(found.panel.growth).any(axis=0)]
    return int(years[0]), int(years[-1])


def _summary(found: Calibration) -> Table:
    first, last = known_years(found)
    gdp, count = found.series["gdp"], len(found.panel.regions)
    years = gdp.national.cases
    lines = [
        Line(
            "sample",
            msg("Sample"),
            msg(
                "{count} regions, {first}-{last}; {dropped} cells that look interpolated left out; {totals}"
                " rows of totals left out.",
                count=count,
                first=first,
                last=last,
                dropped=found.dropped,
                totals=len(found.panel.totals),
            ),
        ),
        Line(
            "nation",
            msg("National shocks"),
            msg(
                "rest on {years} years alone: {calm:.1f} ± {calm_error:.1f} points in calm years,"
                " {crisis:.1f} ± {crisis_error:.1f} in crises; use with judgement.",
                years=years,
                calm=gdp.national.value,
                calm_error=gdp.national.error,
                crisis=gdp.crisis.value,
                crisis_error=gdp.crisis.error,
            ),
        ),
        Line(
            "own",
            msg("Own shocks"),
            msg(
                "sd {sd:.1f} ± {error:.1f} points; {lasts:.0f} % of a lead lasts into the next year."
                " Growth is as revised later: errors of first releases are not in it.",
                sd=gdp.own.value,
                error=gdp.own.error,
                lasts=100 * gdp.persistence.value,
            ),
        ),
    ]
    if "plan_bias" not in found.figures:
        said = msg("none in the panel: the bias of plans is not estimated.")
        lines.append(Line("targets", msg("Targets"), said))
    return summary_of(lines, msg("Summary", context="table_calibrate"))


def _shocks(found: Calibration) -> Table:
    rows = [
        *(_Row(name, getattr(series, part), part) for name, series in found.series.items() for part in PARTS),
        *(row for part in _MORE for row in _rows(getattr(found, part), part)),
    ]
    columns = (
        Column("series", msg("Series id"), shown=False, value=lambda row: row.of),
        Column("series_title", msg("Series"), value=lambda row: _series(row.of)),
        Column("part", msg("Part id"), shown=False),
        Column("part_title", msg("Parameter"), value=lambda row: (PARTS | _MORE)[row.part]),
        *_ESTIMATE,
    )
    note = msg(
        "Persistence corrected for short panels (Nickell 1981); variances between and within provinces;"
        " standard errors by drawing regions (years for the nation) anew. A provincial part of zero: no"
        " provinces in the panel, or an estimate below zero."
    )
    return declare("shocks", msg("Shocks and persistence"), columns, rows, ("series", "part"), note)


def _correlations(found: Calibration) -> Table:
    rows = [_Row(a, figure, part, b) for (a, b, part), figure in found.correlations.items()]
    columns = (
        Column("pair", msg("Id"), shown=False, value=lambda row: f"{row.of}-{row.other}-{row.part}"),
        Column("first", msg("Sector"), value=lambda row: _series(row.of)),
        Column("second", msg("with"), value=lambda row: _series(row.other)),
        Column(
            "part", msg("Shocks"), value=lambda row: msg("national") if row.part == "national" else msg("own")
        ),
        *_ESTIMATE,
    )
    return declare("correlations", msg("Correlations of sectors"), columns, rows, ("pair",))


def _others(found: Calibration) -> Table:
    columns = (
        Column("figure", msg("Id"), shown=False, value=lambda row: row.of),
        Column("title", msg("Parameter"), value=lambda row: FIGURES[row.of][0]),
        *_ESTIMATE,
        Column("unit", msg("Unit"), shown=False, value=lambda row: FIGURES[row.of][1]),
    )
    return declare("plans", msg("Bias of plans, and investment"), columns, _rows(found.figures), ("figure",))


def _leads(found: Calibration) -> Table:
    columns = (Column("region", msg("Region"), value=lambda row: row.of), *_ESTIMATE)
    note = msg("Mean lead of the last five years, shrunk towards the mean (James & Stein 1961).")
    title = msg("Lead over the nation (points)")
    return declare("leads", title, columns, _rows(found.leads), ("region",), note)
