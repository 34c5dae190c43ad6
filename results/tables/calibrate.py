"""What a calibration found, as tables with standard errors, and as priors for scenarios (校准)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.quantity import Bilingual
from ...models.words import msg
from .table import Column, Table

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
    "persistence": (msg("Persistence of a lead over the nation"), "1"),
    "national": (msg("National shock, sd in calm years"), "points"),
    "crisis": (msg("National shock, sd in crises"), "points"),
    "chance": (msg("Chance of a crisis year"), "1"),
    "provincial": (msg("Provincial shock, sd"), "points"),
    "own": (msg("Own shock, sd"), "points"),
    "freedom": (msg("Tails of own shocks (t, degrees of freedom)"), "1"),
}
FIGURES = {
    "plan_bias": (msg("Growth less target, all years"), "points"),
    "plan_bias_recent": (msg("Growth less target, last five years"), "points"),
    "investment_bias": (
        msg("Investment growth, realised less planned"),
        "points",
    ),
    "capital_ratio": (msg("Capital over output"), "1"),
    "icor": (msg("ICOR (investment over growth of output)"), "1"),
    "investment_response": (
        msg("Growth next year per point of investment share"),
        "points",
    ),
}


def calibration_tables(found: Calibration) -> dict[str, Table]:
    """Every table of a calibration."""
    made = (_summary(found), _shocks(found), _correlations(found), _others(found), _leads(found))
    return {table.name: table for table in made}


def _cells(figure: Figure) -> tuple[Any, ...]:
    value, error = (float(x) if np.isfinite(x) else None for x in (figure.value, figure.error))
    return value, error, figure.cases


_ESTIMATE = (
    Column("value", msg("Estimate"), digits=2),
    Column("error", msg("Standard error"), digits=2),
    Column("cases", msg("Cases", context="table_calibrate"), digits=0),
)


def known_years(found: Calibration) -> tuple[int, int]:
    """First and last year that the estimates rest on."""
    years = np.array(found.panel.years)[np.isfinite(found.panel.growth).any(axis=0)]
    return int(years[0]), int(years[-1])


def _summary(found: Calibration) -> Table:
    first, last = known_years(found)
    gdp, count = found.series["gdp"], len(found.panel.regions)
    years = gdp.national.cases
    rows = [
        (
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
        (
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
        (
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
        rows.append(
            (
                "targets",
                msg("Targets"),
                msg("none in the panel: the bias of plans is not estimated."),
            )
        )
    columns = (
        Column("line", msg("Id"), shown=False),
        Column("label", msg("Item")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary", context="table_calibrate"), columns, tuple(rows), ("line",))


def _shocks(found: Calibration) -> Table:
    rows = tuple(
        (name, SERIES[name], part, title, *_cells(getattr(series, part)))
        for name, series in found.series.items()
        for part, (title, _) in PARTS.items()
    ) + tuple(
        (name, SERIES[name], key, title, *_cells(figure))
        for key, title, figures in (
            (
                "lasting",
                msg("Persistence, partly pooled over sectors"),
                found.lasting,
            ),
            (
                "centre",
                msg("Growth of recent years (median, %)"),
                found.centre,
            ),
            ("drift", msg("Change of growth (points a year)"), found.drift),
        )
        for name, figure in figures.items()
    )
    columns = (
        Column("series", msg("Series id"), shown=False),
        Column("series_title", msg("Series")),
        Column("part", msg("Part id"), shown=False),
        Column("part_title", msg("Parameter")),
        *_ESTIMATE,
    )
    note = msg(
        "Persistence corrected for short panels (Nickell 1981); variances between and within provinces;"
        " standard errors by drawing regions (years for the nation) anew. A provincial part of zero: no"
        " provinces in the panel, or an estimate below zero."
    )
    return Table(
        "shocks",
        msg("Shocks and persistence"),
        columns,
        rows,
        ("series", "part"),
        note,
    )


def _correlations(found: Calibration) -> Table:
    rows = tuple(
        (f"{a}-{b}-{part}", SERIES[a], SERIES[b], _part(part), *_cells(f))
        for (a, b, part), f in found.correlations.items()
    )
    columns = (
        Column("pair", msg("Id"), shown=False),
        Column("first", msg("Sector")),
        Column("second", msg("with")),
        Column("part", msg("Shocks")),
        *_ESTIMATE,
    )
    return Table("correlations", msg("Correlations of sectors"), columns, rows, ("pair",))


def _part(part: str) -> Bilingual:
    return msg("national") if part == "national" else msg("own")


def _others(found: Calibration) -> Table:
    rows = tuple(
        (name, FIGURES[name][0], *_cells(figure), FIGURES[name][1]) for name, figure in found.figures.items()
    )
    columns = (
        Column("figure", msg("Id"), shown=False),
        Column("title", msg("Parameter")),
        *_ESTIMATE,
        Column("unit", msg("Unit"), shown=False),
    )
    return Table("plans", msg("Bias of plans, and investment"), columns, rows, ("figure",))


def _leads(found: Calibration) -> Table:
    rows = tuple((name, *_cells(figure)) for name, figure in found.leads.items())
    note = msg("Mean lead of the last five years, shrunk towards the mean (James & Stein 1961).")
    return Table(
        "leads",
        msg("Lead over the nation (points)"),
        (Column("region", msg("Region")), *_ESTIMATE),
        rows,
        ("region",),
        note,
    )
