"""Errors of growth to date and how well the year was told from it, as tables (累计增速的误差与回测)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...models.quantity import Bilingual
from ...models.words import msg
from ..text.format import finite, number
from .lines import Line, summary_of
from .table import Column, Table, declare
from .track import KNOWN

if TYPE_CHECKING:
    from ...engine.forecast.to_date import ErrorToDate, Quarterly, Scored

WAYS: dict[str, Bilingual] = {
    "january": msg("before the year began, from the region's own past"),
    "to_date": msg("growth to date taken as the year's"),
    "corrected": msg("growth to date less its base effect"),
    "given": msg("January's forecast given growth to date"),
}


def to_date_tables(
    panel: Quarterly, errors: Sequence[ErrorToDate], scored: Sequence[Scored]
) -> dict[str, Table]:
    """Every table of a quarterly calibration."""
    made = (_summary(panel, scored), _errors(errors), _scores(scored))
    return {table.name: table for table in made}


def _summary(panel: Quarterly, scored: Sequence[Scored]) -> Table:
    lines = [
        Line(
            "panel",
            msg("Panel"),
            msg(
                "{regions} regions, growth of {first}-{last}",
                regions=len(panel.regions),
                first=panel.years[0],
                last=panel.years[-1],
            ),
        )
    ]
    by_way = {(each.quarter, each.way): each for each in scored}
    for quarter in sorted({each.quarter for each in scored} - {0}):
        given, plain = by_way[quarter, "given"], by_way[quarter, "to_date"]
        lines.append(
            Line(
                f"quarter_{quarter}",
                msg("After Q{quarter}", quarter=quarter),
                msg(
                    "error {given} points, {inside} % in the 80 % interval (± {se}); growth to date taken as"
                    " the year's {plain}; before the year began {january}",
                    given=number(given.rmse, 2),
                    inside=number(100 * given.inside, 0),
                    se=number(100 * given.error, 0),
                    plain=number(plain.rmse, 2),
                    january=number(by_way[0, "january"].rmse, 2),
                ),
            )
        )
    return summary_of(lines)


def _errors(errors: Sequence[ErrorToDate]) -> Table:
    columns = (
        Column("quarter", msg("Quarters known"), digits=0),
        Column("kind", msg("Kind id"), shown=False),
        Column("known", msg("Known besides"), value=lambda row: KNOWN[row.kind]),
        Column("before", msg("Base effect"), digits=2, value=lambda row: finite(row.before)),
        Column("sd", msg("Standard deviation left"), "points", 2),
        Column("common", msg("Common to all regions"), digits=2, fraction="share"),
        Column("raw", msg("Root mean square, uncorrected"), "points", 2),
        Column("cases", msg("Cases", context="table_to_date"), digits=0),
    )
    title = msg("Growth to date less the year's")
    return declare("to_date_errors", title, columns, errors, ("quarter", "kind"))


def _scores(scored: Sequence[Scored]) -> Table:
    columns = (
        Column("quarter", msg("Quarters known"), digits=0),
        Column("way", msg("Way id"), shown=False),
        Column("title", msg("How the year is told"), value=lambda row: WAYS[row.way]),
        Column("rmse", msg("Root mean square error"), "points", 2),
        Column("mae", msg("Mean error"), "points", 2),
        Column("inside", msg("In the 80 % interval"), digits=2, fraction="share"),
        Column(
            "error",
            msg("its s.e., by years"),
            digits=2,
            fraction="share",
            value=lambda row: finite(row.error),
        ),
        Column("width", msg("Its mean width"), "points", 2),
        Column("cases", msg("Cases", context="table_to_date"), digits=0),
    )
    note = msg(
        "Rolling origin: errors, their tails and January's forecast are learnt from earlier years alone."
        " Regions of a year share their news: the standard error takes years as the sample. January's"
        " forecast here is a regression on a region's own past, with a mixture of calm years and crises; in"
        " a scenario it is the reference forecast with the plan."
    )
    title = msg("How well the year was told after each quarter")
    return declare("to_date_scores", title, columns, scored, ("quarter", "way"), note)
