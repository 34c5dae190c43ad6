"""A panel of regions: growth, target and value added by sector, year by year (面板)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from ....models.errors import Problem, ScenarioError, where
from ....models.quantity import Bilingual, FloatArray
from ....models.words import msg
from ....scenarios.rates import column
from ....scenarios.report import meant, one_of
from ....scenarios.tables.csv_grid import separated
from ....scenarios.tables.panels import fiscal_note, missing
from ....scenarios.tables.years import year_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "region": (
        *("region", "city", "地区", "城市", "county", "district", "municipality", "state", "province"),
        *("area", "name", "región", "entidad", "estado", "uf", "région", "département", "land", "bundesland"),
    ),
    "group": ("group", "province", "省份", "state", "division"),
    "year": ("year", "年份", "fy", "fiscal_year", "financial_year", "año", "ano", "année", "jahr"),
    "growth": (
        *("growth", "gdp_growth_pct", "gdp_growth", "增速", "real_growth", "real_gdp_growth", "growth_rate"),
        *("gsdp_growth", "grp_growth", "growth_pct", "croissance", "crecimiento", "crescimento", "wachstum"),
    ),
    "target": ("target", "target_pct", "gdp_target_pct", "目标", "growth_target", "target_growth", "goal"),
    "level": (
        *("gdp", "gdp_nominal_yi", "gdp_yi", "gdp_nominal_revised_yi", "gsdp", "grp", "gross_product"),
        *("nominal_gdp", "pib", "bip"),
    ),
    "primary": ("primary", "va_primary_yi", "va_primary"),
    "secondary": ("secondary", "va_secondary_yi", "va_secondary"),
    "tertiary": ("tertiary", "va_tertiary_yi", "va_tertiary"),
    "investment": ("investment", "fai_total_yi", "fai_yi", "gfcf"),
    "primary_growth": ("primary_growth", "va_primary_growth_pct", "va1_growth"),
    "secondary_growth": ("secondary_growth", "va_secondary_growth_pct", "va2_growth"),
    "tertiary_growth": ("tertiary_growth", "va_tertiary_growth_pct", "va3_growth"),
    "capital_ratio": ("capital_ratio", "capital_output_ratio"),
    "planned_investment": ("planned_investment", "target_fai"),
    "realised_investment": ("realised_investment", "fai_growth_pct"),
}
"""What a panel may hold, and the headings under which each is recognised, whatever their case."""

NEEDED = ("region", "year", "growth")
SECTORS = ("primary", "secondary", "tertiary")
PATHS = ("growth", "target", "shares", "sector_growth", "investment", "capital_ratio", "plans")
"""What a panel knows by year, years on the last axis."""

RATES = ("growth", "target", "planned_investment", "realised_investment")
"""Columns of growth in percent, beside those of sectors."""
WHOLE = 0.85
"""A region whose level is at least this part of all others' sum is their total."""


Row: TypeAlias = "tuple[int, Mapping[str, str]]"
"""A row with the line on which it ends."""


@dataclass(frozen=True)
class Panel:
    """Regions by years; missing cells are NaN.

    Attributes
    ----------
    growth, target
        Real growth and its target, % ``(R, Y)``.
    shares
        Share of each of ``S`` sectors in value added ``(S, R, Y)``: within one year, so that a break of
        levels between years touches nothing.
    sector_growth
        Real growth of the sectors, % ``(S, R, Y)``.
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
    sectors: tuple[str, ...] = SECTORS

    @property
    def aimless(self) -> bool:
        """Whether no region states a target in any year: then growth alone is scored."""
        return not np.isfinite(self.target).any()

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


def read_panel(
    path: Path, columns: Mapping[str, str] | None = None, groups: Sequence[str] = SECTORS
) -> Panel:
    """Read a CSV of region-years.

    Parameters
    ----------
    columns
        Our name -> heading in the file, where it is none of those recognised (``COLUMNS``).
    groups
        Names that sectors may have: those that the file has, by value added or ``NAME_growth``, are the
        panel's.

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
        raise ScenarioError([Problem("panel", f"{path}: {error}", msg("a CSV file in UTF-8"))]) from error
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
    headings = _headings(path, [h for h in rows[0][1] if h], columns or {}, groups)
    kept, notes = _without_strays(rows, headings, path)
    panel = _arranged(kept, headings, path, groups)
    return replace(panel, notes=(*notes, *_fiscal(kept, headings), *_holes(panel)))


def _fiscal(rows: Sequence[Row], headings: Mapping[str, str]) -> Iterator[Bilingual]:
    """How fiscal years were read, where there are any."""
    for _, row in rows:
        text = (row.get(headings["year"]) or "").strip()
        if (read := year_of(text)) and read.fiscal:
            yield fiscal_note(text)
            return


def _without_strays(
    rows: Sequence[Row], headings: Mapping[str, str], path: Path
) -> tuple[list[Row], list[Bilingual]]:
    """The rows of region-years; titles, remarks and blank rows among them are left out, and told."""
    kept, notes = [], []
    for line, row in rows:
        filled = [text.strip() for text in row.values() if isinstance(text, str) and text.strip()]
        if len(filled) > 1 or _year(row.get(headings["year"]) or "") > 0:
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


def recognised(groups: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What a panel with sectors of these names may hold, with the headings of each."""
    known = {
        name: aliases for name, aliases in COLUMNS.items() if name.removesuffix("_growth") not in SECTORS
    }
    for name in groups:
        for key in (name, f"{name}_growth"):
            known[key] = COLUMNS.get(key, (key,))
    return known


def simple(heading: str) -> str:
    """A heading without case, signs and its unit.

    >>> simple("Real GDP growth (%)"), simple("FY")
    ('real_gdp_growth', 'fy')
    """
    word = re.sub(r"[(\[（].*?[)\]）]|%", "", heading.strip().casefold())
    return re.sub(r"[\s\-.]+", "_", word.strip()).strip("_")


def _headings(
    path: Path, there: Sequence[str], stated: Mapping[str, str], groups: Sequence[str]
) -> dict[str, str]:
    """Our name -> heading in the file."""
    known = recognised(groups)
    problems = [
        Problem(
            f"--columns {name}",
            f"`{name}`",
            msg("one of {names}", names=one_of(known, 40)),
            meant(name, known),
        )
        for name in stated
        if name not in known
    ] + [
        Problem(
            f"--columns {name}",
            msg("heading `{heading}`, which {file} does not have", heading=heading, file=path.name),
            msg("a heading of the file"),
            meant(heading, there),
        )
        for name, heading in stated.items()
        if name in known and heading not in there
    ]
    named = {simple(heading): heading for heading in reversed(there)} | {
        heading: heading for heading in there
    }
    found = {
        name: heading
        for name, aliases in known.items()
        if (heading := stated.get(name) or next((named[a] for a in aliases if a in named), None))
    }
    if found.get("group") == found.get("region"):
        found.pop("group", None)
    problems += [
        Problem(
            f"{path.name}: {name}",
            msg("no such column"),
            msg("a heading {names}", names=one_of(known[name])),
            msg("name yours with --columns {name}=HEADING", name=name),
        )
        for name in NEEDED
        if name not in found
    ]
    if problems:
        raise ScenarioError(problems)
    return found


def _arranged(  # noqa: C901  (one branch a rule)
    rows: Sequence[Row], headings: Mapping[str, str], path: Path, known: Sequence[str]
) -> Panel:
    """Cells laid out by region and year."""
    problems: list[Problem] = []
    keys: list[tuple[str, int]] = []
    groups: dict[str, str] = {}
    for line, row in rows:
        text = (row.get(headings["year"]) or "").strip()
        value = _year(text)
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
        if name in RATES or name.endswith("_growth"):
            problems += odd_rate(rows, heading, path, name in RATES[:2])
    if problems:
        raise ScenarioError(problems[:20])
    names = tuple(sorted(set(groups.values())))
    index = np.array([names.index(groups[region]) for region in regions])
    sectors = tuple(name for name in known if name in cells or f"{name}_growth" in cells)
    if set(known) <= set(SECTORS):
        sectors = tuple(known)
    return _without_totals(_panel(regions, names, index, years, cells, sectors), cells)


def odd_rate(rows: Sequence[Row], heading: str, path: Path, single: bool) -> list[Problem]:
    """The first cell of a column of rates that looks like a part of 1 or like an index."""
    values = [(value, line) for line, row in rows if np.isfinite(value := number(row.get(heading) or ""))]
    odd = column([value for value, _ in values], single=single)
    if odd is None:
        return []
    value, line = values[odd[0]]
    hint = odd[1].hint(value)
    return [Problem(heading, f"{value:g}", msg("growth in percent"), hint, path.name, line, 1)]


def _year(text: str) -> float:
    """The year that a cell holds, fiscal years by the one in which they end; NaN where it is none."""
    read = year_of(text)
    return float(read.year) if read else number(text)


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
    sectors: tuple[str, ...],
) -> Panel:
    nothing = np.full((len(regions), len(years)), np.nan)

    def stacked(names: Sequence[str]) -> FloatArray:
        return np.array([cells.get(name, nothing) for name in names]).reshape(len(names), *nothing.shape)

    value_added = stacked(sectors)
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
        stacked([f"{name}_growth" for name in sectors]),
        cells.get("investment", nothing) / level,
        cells.get("capital_ratio", nothing),
        stacked(["planned_investment", "realised_investment"]),
        sectors=sectors,
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
