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
from ....scenarios.tables.csv_grid import listed
from ..learn import Nation
from .panel import Panel, number, odd_rate
from .roll import NONE, Outlooks

COLUMNS: dict[str, tuple[str, ...]] = {
    "release": ("release", "first_release", "初值"),
    "aim": ("aim", "national_target", "全国目标"),
    "january": ("january", "weo_january", "1月"),
    "october": ("october", "weo_october_before", "上年10月"),
    "growth": ("growth", "各地平均增速"),
    "error": ("error", "误差"),
}
"""What a file of outlooks may hold beside the year, and the headings under which each is recognised."""

EDITIONS = ("january", "october")
"""The newest first: where one has no figure for a year, what was known before stands in."""


def read_outlooks(path: Path, panel: Panel, edition: str | None = None) -> Outlooks:
    """Read a CSV of year and outlooks, or of year, growth and error (the regions' mean, outright).

    Parameters
    ----------
    edition
        The one that is believed; the newest of the file where left out.

    Raises
    ------
    ScenarioError
        Where the file cannot be read, holds text where a number belongs, or no outlook at all.
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
    if not found and not told:
        raise ScenarioError(
            [
                Problem(
                    "--outlook",
                    msg("{path}: no outlook for any year of the panel", path=path),
                    msg("columns year, release, january, october; or year, growth, error"),
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
    grid = listed(path, report)
    report.stop()
    table = grid.rows if grid else []
    heads = [cell.text for cell in table[0]] if table else []
    if "year" not in heads and "年份" not in heads:
        raise ScenarioError(
            [
                Problem(
                    "--outlook", msg("{path}: no column `year`", path=path), msg("a CSV with a column year")
                )
            ]
        )
    at = heads.index("year" if "year" in heads else "年份")
    places = {
        name: heads.index(alias) for name, aliases in COLUMNS.items() for alias in aliases if alias in heads
    }
    problems: list[Problem] = []
    found: dict[int, dict[str, float]] = {}
    for row in table[1:]:
        line, cells = row[0].place.line, [cell.text for cell in row] + [""] * (len(heads) - len(row))
        year = number(cells[at])
        if not any(cell.strip() for cell in cells):
            continue
        if year != year or year != round(year):
            problems.append(
                Problem("year", f"`{cells[at][:40]}`", msg("a year"), file=path.name, line=line, column=1)
            )
            continue
        found[int(year)] = {}
        for name, place in places.items():
            value = number(cells[place])
            if cells[place].strip() and value != value:
                problems.append(
                    Problem(
                        heads[place],
                        f"`{cells[place][:40]}`",
                        msg("a number or nothing"),
                        file=path.name,
                        line=line,
                        column=1,
                    )
                )
            elif value == value and not (0 <= value <= 30 if name == "error" else -60 <= value <= 100):
                wanted = (
                    msg("a standard error from 0 to 30 points")
                    if name == "error"
                    else msg("growth in %, from -60 to 100")
                )
                problems.append(
                    Problem(
                        heads[place], f"`{cells[place][:40]}`", wanted, file=path.name, line=line, column=1
                    )
                )
            elif value == value:
                found[int(year)][name] = value
    lines = [
        (row[0].place.line, dict(zip(heads, [cell.text for cell in row], strict=False))) for row in table[1:]
    ]
    odd = [odd_rate(lines, heads[place], path, True) for name, place in places.items() if name != "error"]
    problems = [problem for some in odd for problem in some] or problems
    if problems:
        raise ScenarioError(problems[:20])
    return found


def editions(outlooks: Outlooks) -> Sequence[str]:
    """Editions that a file holds, and the backtest without any."""
    return (*(name for name in EDITIONS if name in outlooks.nation.editions), NONE)
