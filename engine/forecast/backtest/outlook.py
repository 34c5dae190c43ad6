"""A file of outlooks: what was released, aimed at and foretold of the nation, year by year (全国展望文件)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ....models.errors import Problem, ScenarioError
from ....models.forecast import Ahead
from ....models.quantity import FloatArray
from ....models.words import msg
from ....scenarios.report import Report, one_of
from ....scenarios.tables.panels import RATE, heading, panel_table
from ....scenarios.tables.years import year_of
from ..learn import Nation
from .panel import Panel
from .roll import NONE, Outlooks

COLUMNS: dict[str, tuple[str, ...]] = {
    "release": ("release", "first_release", "初值"),
    "aim": ("aim", "national_target", "全国目标"),
    "january": ("january", "weo_january", "1月", "1月预测"),
    "october": ("october", "weo_october_before", "上年10月", "上年10月预测"),
    "growth": ("growth", "各地平均增速"),
    "error": ("error", "误差"),
}
"""What a file of outlooks may hold beside the year, and the headings under which each is recognised."""

EDITIONS = ("january", "october")
"""The newest first: where one has no figure for a year, what was known before stands in."""

YEAR = {"year": ("year", "年份", "年度", "年")}


def read_outlooks(path: Path, panel: Panel, edition: str | None = None) -> Outlooks:
    """Read a CSV of year and outlooks, or of year, growth and error (the regions' mean, outright).

    Parameters
    ----------
    edition
        The one that is believed; the newest of the file where left out.

    Raises
    ------
    ScenarioError
        Where the file cannot be read, holds text where a number belongs, or neither an outlook nor a release.
    """
    rows = _rows(path)
    years = np.array(panel.years)

    def column(name: str) -> FloatArray:
        return np.array([rows.get(int(year), {}).get(name, np.nan) for year in years])

    found, older = {}, np.full(len(years), np.nan)
    for name in reversed(EDITIONS):
        own = column(name)
        if np.isfinite(own).any():
            older = np.where(np.isfinite(own), own, older)
            found[name] = older
    told = {
        year: Ahead(row["growth"], row["error"], row["error"])
        for year, row in rows.items()
        if {"growth", "error"} <= set(row)
    }
    if not found and not told and not np.isfinite(column("release")).any():
        raise ScenarioError(
            [
                Problem(
                    "--outlook",
                    msg("no outlook for any year of the panel"),
                    msg("columns year, release, january, october; or year, growth, error"),
                    file=str(path),
                )
            ]
        )
    if edition is not None and edition not in (*found, NONE):
        raise ScenarioError(
            [Problem("--edition", edition, msg("one of {names}", names=one_of((*found, NONE))))]
        )
    newest = next((name for name in EDITIONS if name in found), NONE)
    return Outlooks(
        Nation(column("release"), column("aim"), found), edition or newest, {} if edition else told
    )


def _rows(path: Path) -> Mapping[int, Mapping[str, float]]:
    """What the file says by year."""
    report = Report()
    table = panel_table(path, YEAR, report)
    report.stop()
    assert table is not None
    head = heading(table.heads, YEAR["year"])
    if head is None:
        place = table.place(path)
        raise ScenarioError(
            [Problem("year", msg("no such column"), msg("a CSV with a column year"), "", *place)]
        )
    table = table._replace(rows=[row for row in table.rows if any(cell.text for cell in row.values())])
    years = [read.year if (read := year_of(row[head].text)) else None for row in table.rows]
    for row, year in zip(table.rows, years, strict=True):
        if year is None:
            report.add(row[head].place, "year", f"`{row[head].text[:40]}`", msg("a year"))
    found: dict[int, dict[str, float]] = {year: {} for year in years if year is not None}
    heads = {name: own for name, aliases in COLUMNS.items() if (own := heading(table.heads, aliases))}
    columns = {
        name: table.column(own, "points" if name == "error" else RATE, report) for name, own in heads.items()
    }
    report.stop()  # what is another form altogether is told once, not cell by cell
    for name, own in heads.items():
        values = columns[name]
        for row, year, value in zip(table.rows, years, values.tolist(), strict=True):
            if year is None or value != value:
                continue
            low, high = (0, 30) if name == "error" else (-60, 100)
            if not low <= value <= high:
                wanted = (
                    msg("a standard error from 0 to 30 points")
                    if name == "error"
                    else msg("growth in %, from -60 to 100")
                )
                report.add(row[own].place, own, f"`{row[own].text[:40]}`", wanted)
            found[year][name] = value
    report.stop()
    return found


def editions(outlooks: Outlooks) -> Sequence[str]:
    """Editions that a file holds, and the backtest without any."""
    return (*(name for name in EDITIONS if name in outlooks.nation.editions), NONE)
