"""A panel of regions: growth, target and value added by sector, year by year (面板)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from ....models.errors import Problem, ScenarioError, reason_of, where
from ....models.quantity import Bilingual, FloatArray
from ....models.words import msg
from ....scenarios.rates import column
from ....scenarios.report import meant, one_of
from ....scenarios.tables.csv_grid import separated
from ....scenarios.tables.panels import missing

COLUMNS: dict[str, tuple[str, ...]] = {
    "region": ("region", "city", "地区", "城市", "province"),
    "group": ("group", "province", "省份"),
    "year": ("year", "年份"),
    "growth": ("growth", "gdp_growth_pct", "gdp_growth", "增速"),
    "target": ("target", "target_pct", "gdp_target_pct", "目标"),
    "level": ("gdp", "gdp_nominal_yi", "gdp_yi", "gdp_nominal_revised_yi"),
    "primary": ("primary", "va_primary_yi", "va_primary"),
    "secondary": ("secondary", "va_secondary_yi", "va_secondary"),
    "tertiary": ("tertiary", "va_tertiary_yi", "va_tertiary"),
    "investment": ("investment", "fai_total_yi", "fai_yi"),
    "primary_growth": ("primary_growth", "va_primary_growth_pct", "va1_growth"),
    "secondary_growth": ("secondary_growth", "va_secondary_growth_pct", "va2_growth"),
    "tertiary_growth": ("tertiary_growth", "va_tertiary_growth_pct", "va3_growth"),
    "capital_ratio": ("capital_ratio", "capital_output_ratio"),
    "planned_investment": ("planned_investment", "target_fai"),
    "realised_investment": ("realised_investment", "fai_growth_pct"),
}
"""What a panel may hold, and the headings under which each is recognised."""

NEEDED = ("region", "year", "growth")
SECTORS = ("primary", "secondary", "tertiary")
PATHS = ("growth", "target", "shares", "sector_growth", "investment", "capital_ratio", "plans")
"""What a panel knows by year, years on the last axis."""

RATES = (
    "growth",
    "target",
    *(f"{name}_growth" for name in SECTORS),
    "planned_investment",
    "realised_investment",
)
"""Columns of growth in percent."""
WHOLE = 0.85
"""A region whose level is at least this part of all others' sum is their total."""


@dataclass(frozen=True)
class Panel:
    """Regions by years; missing cells are NaN.

    Attributes
    ----------
    growth, target
        Real growth and its target, % ``(R, Y)``.
    shares
        Share of each of three sectors in value added ``(3, R, Y)``: within one year, so that a break of
        levels between years touches nothing.
    sector_growth
        Real growth of three sectors, % ``(3, R, Y)``.
    investment
        Investment over value added ``(R, Y)``.
    plans
        Growth of investment as planned and as realised, % ``(2, R, Y)``.
    group
        Index of the province of each region ``(R,)``.
    totals
        Regions left out because they are the sum of the others.
    notes
        What is missing, and which rows were left out.
    """

    regions: tuple[str, ...]
    groups: tuple[str, ...]
    group: np.ndarray
    years: tuple[int, ...]
    growth: FloatArray
    target: FloatArray
    shares: FloatArray
    sector_growth: FloatArray
    investment: FloatArray
    capital_ratio: FloatArray
    plans: FloatArray
    totals: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()

    def at(self, year: int) -> int:
        """Position of a year."""
        return self.years.index(year)

    def until(self, year: int) -> Panel:
        """The panel as it stood when ``year`` began: nothing of that year but its targets (and planned
        growth)."""
        keep = self.at(year) + 1
        now = np.arange(keep) == keep - 1
        plans = np.stack([self.plans[0, :, :keep], np.where(now, np.nan, self.plans[1, :, :keep])])

        past: Any = {name: np.where(now, np.nan, getattr(self, name)[..., :keep]) for name in PATHS}
        return replace(
            self, **past | {"years": self.years[:keep], "target": self.target[:, :keep], "plans": plans}
        )

    def extended(self, year: int) -> Panel:
        """The panel with years up to ``year``, of which nothing is known."""
        more = range(self.years[-1] + 1, max(year, self.years[-1]) + 1)
        longer: Any = {
            name: np.concatenate([path, np.full((*path.shape[:-1], len(more)), np.nan)], axis=-1)
            for name in PATHS
            for path in [getattr(self, name)]
        }
        return replace(self, years=(*self.years, *more), **longer)

    def without_targets(self, years: Sequence[int]) -> Panel:
        """The panel without the targets of years in which they are not to be trusted (interpolated, say)."""
        bad = np.isin(self.years, years)
        return replace(self, target=np.where(bad, np.nan, self.target))


def read_panel(path: Path, columns: Mapping[str, str] | None = None) -> Panel:
    """Read a CSV of region-years.

    Parameters
    ----------
    columns
        Our name -> heading in the file, where it is none of those recognised (``COLUMNS``).

    Raises
    ------
    ScenarioError
        Where the file cannot be read, lacks a column that is needed, or holds text where a number belongs.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separated(text))
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(
            [
                Problem(
                    "panel", msg("{path}: {why}", path=path, why=reason_of(error)), msg("a CSV file in UTF-8")
                )
            ]
        ) from error
    if not rows:
        raise ScenarioError(
            [
                Problem(
                    "panel",
                    msg("{path}, which has no rows", path=path),
                    msg("a CSV file with a heading and rows"),
                )
            ]
        )
    headings = _headings(path, [h for h in rows[0][1] if h], columns or {})
    kept, notes = _without_strays(rows, headings, path)
    panel = _arranged(kept, headings, path)
    return replace(panel, notes=(*notes, *_holes(panel)))


Row: TypeAlias = "tuple[int, Mapping[str, str]]"
"""A row with the line on which it ends."""


def _without_strays(
    rows: Sequence[Row], headings: Mapping[str, str], path: Path
) -> tuple[list[Row], list[Bilingual]]:
    """The rows of region-years; titles, remarks and blank rows among them are left out, and told."""
    kept, notes = [], []
    for line, row in rows:
        filled = [text.strip() for text in row.values() if isinstance(text, str) and text.strip()]
        if len(filled) > 1 or number(row.get(headings["year"]) or "") > 0:
            kept.append((line, row))
        elif filled:
            place, said = (
                where(path.name, line),
                msg("{text} is no region-year: left out", text=filled[0][:40]),
            )
            notes.append(msg("{place}: {said}", place=place, said=said))
    return kept, notes


def _holes(panel: Panel) -> Iterator[Bilingual]:
    """Years that a region lacks between its first and its last."""
    gone = {}
    for region, growth in zip(panel.regions, panel.growth, strict=True):
        known = np.array(panel.years)[np.isfinite(growth)]
        if years := missing(known.tolist()):
            gone[region] = years
    if gone:
        first = next(iter(gone))
        yield msg(
            "{count} regions lack growth in years between others, such as {region} in {years}",
            count=len(gone),
            region=first,
            years=", ".join(map(str, gone[first][:5])),
        )


def _headings(path: Path, there: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Our name -> heading in the file."""
    problems = [
        Problem(
            f"--columns {name}",
            f"`{name}`",
            msg("one of {names}", names=one_of(COLUMNS, 40)),
            meant(name, COLUMNS),
        )
        for name in stated
        if name not in COLUMNS
    ] + [
        Problem(
            f"--columns {name}",
            msg("heading `{heading}`, which {file} does not have", heading=heading, file=path.name),
            msg("a heading of the file"),
            meant(heading, there),
        )
        for name, heading in stated.items()
        if name in COLUMNS and heading not in there
    ]
    found = {
        name: heading
        for name, aliases in COLUMNS.items()
        if (heading := stated.get(name) or next((a for a in aliases if a in there), None))
    }
    if found.get("group") == found.get("region"):
        found.pop("group", None)
    problems += [
        Problem(
            f"{path.name}: {name}",
            msg("no such column"),
            msg("a heading {names}", names=one_of(COLUMNS[name])),
            msg("name yours with --columns {name}=HEADING", name=name),
        )
        for name in NEEDED
        if name not in found
    ]
    if problems:
        raise ScenarioError(problems)
    return found


def _arranged(rows: Sequence[Row], headings: Mapping[str, str], path: Path) -> Panel:  # noqa: C901  (one branch a rule)
    """Cells laid out by region and year."""
    problems: list[Problem] = []
    keys: list[tuple[str, int]] = []
    groups: dict[str, str] = {}
    for line, row in rows:
        text = (row.get(headings["year"]) or "").strip()
        value = number(text)
        if not np.isfinite(value) or value != round(value):
            problems.append(
                Problem(headings["year"], f"`{text}`", msg("a year"), file=path.name, line=line, column=1)
            )
            value = 0.0
        group = (row.get(headings["group"]) or "").strip() if "group" in headings else ""
        region = (row.get(headings["region"]) or "").strip()
        region = region if group in ("", region) else f"{group}/{region}"
        keys.append((region, int(value)))
        groups[region] = group
    regions, years = tuple(sorted(groups)), tuple(range(min(y for _, y in keys), max(y for _, y in keys) + 1))
    if not problems and len(years) > 300:
        problems.append(
            Problem(
                headings["year"],
                msg("years from {first} to {last}", first=years[0], last=years[-1]),
                msg("at most 300 years"),
            )
        )
    if not problems and len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        problems.append(
            Problem(
                "panel",
                msg("two rows for {region} in {year}", region=twice[0], year=twice[1]),
                msg("one row per region and year"),
            )
        )
    if problems:
        raise ScenarioError(problems[:20])
    place = {region: r for r, region in enumerate(regions)}
    cells: dict[str, FloatArray] = {}
    for name, heading in headings.items():
        if name in ("region", "group", "year"):
            continue
        cells[name] = np.full((len(regions), len(years)), np.nan)
        for (region, year), (line, row) in zip(keys, rows, strict=True):
            text = (row.get(heading) or "").strip()
            value = number(text)
            if text and not np.isfinite(value) and text.lower() not in ("nan", "na", "-", "—"):
                problems.append(
                    Problem(
                        heading,
                        f"`{text[:40]}`",
                        msg("a number or nothing"),
                        file=path.name,
                        line=line,
                        column=1,
                    )
                )
            cells[name][place[region], year - years[0]] = value
        if name in RATES:
            problems += odd_rate(rows, heading, path, name in RATES[:2])
    if problems:
        raise ScenarioError(problems[:20])
    names = tuple(sorted(set(groups.values())))
    index = np.array([names.index(groups[region]) for region in regions])
    return _without_totals(_panel(regions, names, index, years, cells), cells)


def odd_rate(rows: Sequence[Row], heading: str, path: Path, single: bool) -> list[Problem]:
    """The first cell of a column of rates that looks like a part of 1 or like an index."""
    values = [(value, line) for line, row in rows if np.isfinite(value := number(row.get(heading) or ""))]
    odd = column([value for value, _ in values], single=single)
    if odd is None:
        return []
    value, line = values[odd[0]]
    hint = odd[1].hint(value)
    return [Problem(heading, f"{value:g}", msg("growth in percent"), hint, path.name, line, 1)]


def number(text: str) -> float:
    """A finite number that a cell holds; NaN for anything else."""
    try:
        found = float(text)
    except ValueError:
        return np.nan
    return found if np.isfinite(found) else np.nan


def _panel(
    regions: tuple[str, ...],
    groups: tuple[str, ...],
    group: np.ndarray,
    years: tuple[int, ...],
    cells: Mapping[str, FloatArray],
) -> Panel:
    nothing = np.full((len(regions), len(years)), np.nan)
    value_added = np.stack([cells.get(name, nothing) for name in SECTORS])
    whole = value_added.sum(axis=0)
    whole = np.where(whole > 0, whole, np.nan)
    # level and investment may come in another vintage than the sectors: over the level where there is one
    level = cells.get("level", whole)
    level = np.where(level > 0, level, np.nan)
    return Panel(
        regions,
        groups,
        group,
        years,
        cells.get("growth", nothing),
        cells.get("target", nothing),
        value_added / whole,
        np.stack([cells.get(f"{name}_growth", nothing) for name in SECTORS]),
        cells.get("investment", nothing) / level,
        cells.get("capital_ratio", nothing),
        np.stack([cells.get("planned_investment", nothing), cells.get("realised_investment", nothing)]),
    )


def _without_totals(panel: Panel, cells: Mapping[str, FloatArray]) -> Panel:
    """Leave out a region that is the sum of the others (a nation beside its provinces)."""
    level = cells.get("level")
    if level is None or len(panel.regions) < 4:
        return panel
    there = np.isfinite(level)
    rest = np.where(there, np.nansum(level, axis=0) - np.nan_to_num(level), np.inf)
    known = there & ((there.sum(axis=0) >= 4)[None, :])
    # in most of the years for which its level is known
    total = np.where(known, np.nan_to_num(level) >= WHOLE * rest, False).sum(axis=1) > 0.5 * np.maximum(
        known.sum(axis=1), 1
    )
    if not total.any():
        return panel
    keep = ~total
    kept: Any = {name: getattr(panel, name)[..., keep, :] for name in PATHS}
    return replace(
        panel,
        regions=tuple(r for r, k in zip(panel.regions, keep, strict=True) if k),
        group=panel.group[keep],
        totals=tuple(r for r, k in zip(panel.regions, keep, strict=True) if not k),
        **kept,
    )
