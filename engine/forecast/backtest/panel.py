"""A panel of regions: growth, target and value added by sector, year by year (面板)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ....models.errors import Problem, ScenarioError, where
from ....models.money import MONEY
from ....models.quantity import Bilingual, FloatArray
from ....models.words import msg
from ....scenarios.report import Report, meant, one_of
from ....scenarios.tables.panels import RATE, Years, fiscal_note, missing, panel_table
from ....scenarios.tables.panels import heading as named
from ....scenarios.tables.years import year_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "region": (
        "region",
        "city",
        "地区",
        "城市",
        "province",
        "地市",
        "市州",
        "区县",
        "地区名称",
        "县区",
        "county",
        "district",
        "municipality",
        "state",
        "area",
        "name",
        "región",
        "entidad",
        "estado",
        "uf",
        "région",
        "département",
        "land",
        "bundesland",
    ),
    "group": ("group", "province", "省份", "省", "所属省份", "state", "division"),
    "year": (
        "year",
        "年份",
        "年度",
        "年",
        "fy",
        "fiscal_year",
        "financial_year",
        "año",
        "ano",
        "année",
        "jahr",
    ),
    "growth": (
        "growth",
        "gdp_growth_pct",
        "gdp_growth",
        "增速",
        "gdp增速",
        "地区生产总值增速",
        "实际增速",
        "经济增速",
        "gdp指数",
        "real_growth",
        "real_gdp_growth",
        "growth_rate",
        "gsdp_growth",
        "grp_growth",
        "growth_pct",
        "croissance",
        "crecimiento",
        "crescimento",
        "wachstum",
    ),
    "target": (
        "target",
        "target_pct",
        "gdp_target_pct",
        "目标",
        "增速目标",
        "增长目标",
        "gdp增速目标",
        "gdp目标",
        "预期目标",
        "growth_target",
        "target_growth",
        "goal",
    ),
    "level": (
        "gdp",
        "gdp_nominal_yi",
        "gdp_yi",
        "gdp_nominal_revised_yi",
        "地区生产总值",
        "生产总值",
        "gsdp",
        "grp",
        "gross_product",
        "nominal_gdp",
        "pib",
        "bip",
    ),
    "primary": ("primary", "va_primary_yi", "va_primary", "第一产业增加值", "第一产业", "一产增加值", "一产"),
    "secondary": (
        "secondary",
        "va_secondary_yi",
        "va_secondary",
        "第二产业增加值",
        "第二产业",
        "二产增加值",
        "二产",
    ),
    "tertiary": (
        "tertiary",
        "va_tertiary_yi",
        "va_tertiary",
        "第三产业增加值",
        "第三产业",
        "三产增加值",
        "三产",
    ),
    "investment": (
        "investment",
        "fai_total_yi",
        "fai_yi",
        "固定资产投资",
        "固定资产投资额",
        "全社会固定资产投资",
        "gfcf",
    ),
    "primary_growth": ("primary_growth", "va_primary_growth_pct", "va1_growth", "第一产业增速", "一产增速"),
    "secondary_growth": (
        "secondary_growth",
        "va_secondary_growth_pct",
        "va2_growth",
        "第二产业增速",
        "二产增速",
    ),
    "tertiary_growth": (
        "tertiary_growth",
        "va_tertiary_growth_pct",
        "va3_growth",
        "第三产业增速",
        "三产增速",
    ),
    "capital_ratio": ("capital_ratio", "capital_output_ratio", "资本产出比"),
    "planned_investment": ("planned_investment", "target_fai", "投资增速目标", "投资目标"),
    "realised_investment": ("realised_investment", "fai_growth_pct", "投资增速", "固定资产投资增速"),
}
"""What a panel may hold, and the headings under which each is recognised."""

NEEDED = ("region", "year", "growth")
SECTORS = ("primary", "secondary", "tertiary")
PATHS = ("growth", "target", "shares", "sector_growth", "investment", "capital_ratio", "plans")
"""What a panel knows by year, years on the last axis."""

RATES = ("growth", "target", "planned_investment", "realised_investment")
"""Columns of growth in percent, beside those of sectors."""
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
    """Read a table of region-years: a CSV in any usual encoding, or a workbook.

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
    report = Report()
    table = panel_table(path, COLUMNS, report)
    report.stop()
    assert table is not None
    headings = _headings(path, table, columns or {}, groups)
    kept, notes = _without_strays(table, headings)
    if not kept.rows:
        report.add(
            table.place(path), headings["year"], msg("no row of a region and a year"), msg("a row each")
        )
    panel = _arranged(kept, headings, report, groups)
    return replace(panel, notes=(*report.notes, *notes, *_fiscal(kept, headings), *_holes(panel)))


def _fiscal(table: Years, headings: Mapping[str, str]) -> Iterator[Bilingual]:
    """How fiscal years were read, where there are any."""
    for row in table.rows:
        text = row[headings["year"]].text
        if (read := year_of(text)) and read.fiscal:
            yield fiscal_note(text)
            return


def _without_strays(table: Years, headings: Mapping[str, str]) -> tuple[Years, list[Bilingual]]:
    """The rows of region-years; titles, remarks and blank rows among them are left out, and told."""
    kept, notes = [], []
    for row in table.rows:
        filled = [cell for cell in row.values() if cell.text]
        if len(filled) > 1 or year_of(row[headings["year"]].text) is not None:
            kept.append(row)
        elif filled:
            said = msg("{text} is no region-year: left out", text=filled[0].text[:40])
            place = where(Path(filled[0].place.file).name, filled[0].place.line)
            notes.append(msg("{place}: {said}", place=place, said=said))
    return table._replace(rows=kept), notes


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


def _headings(path: Path, table: Years, stated: Mapping[str, str], groups: Sequence[str]) -> dict[str, str]:
    """Our name -> heading in the file."""
    known, there, place = recognised(groups), table.heads, table.place(path)
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
    found = {
        name: heading
        for name, aliases in known.items()
        if (heading := stated.get(name) or named(there, aliases))
    }
    if found.get("group") == found.get("region"):
        found.pop("group", None)
    problems += [
        Problem(
            name,
            msg("no such column"),
            msg("a heading {names}", names=one_of(known[name])),
            msg("name yours with --columns {name}=HEADING", name=name),
            *place,
        )
        for name in NEEDED
        if name not in found
    ]
    if problems:
        raise ScenarioError(problems)
    return found


def _arranged(table: Years, headings: Mapping[str, str], report: Report, known: Sequence[str]) -> Panel:
    """Cells laid out by region and year."""
    keys: list[tuple[str, int]] = []
    groups: dict[str, str] = {}
    for row in table.rows:
        cell = row[headings["year"]]
        year = year_of(cell.text)
        if year is None:
            report.add(cell.place, headings["year"], f"`{cell.text}`", msg("a year"))
        group = row[headings["group"]].text if "group" in headings else ""
        region = row[headings["region"]].text
        region = region if group in ("", region) else f"{group}/{region}"
        keys.append((region, year.year if year else 0))
        groups[region] = group
    report.stop()
    regions, years = tuple(sorted(groups)), tuple(range(min(y for _, y in keys), max(y for _, y in keys) + 1))
    _once(keys, years, headings, table, report)
    place = {region: r for r, region in enumerate(regions)}
    at = tuple(np.array([[place[region], year - years[0]] for region, year in keys]).T)
    cells: dict[str, FloatArray] = {}
    for name, heading in headings.items():
        if name in ("region", "group", "year"):
            continue
        cells[name] = np.full((len(regions), len(years)), np.nan)
        asked = (
            RATE if name in RATES or name.endswith("_growth") else "" if name == "capital_ratio" else MONEY
        )
        cells[name][at] = table.column(heading, asked, report, name in RATES[:2])
    report.stop()
    names = tuple(sorted(set(groups.values())))
    index = np.array([names.index(groups[region]) for region in regions])
    sectors = tuple(name for name in known if name in cells or f"{name}_growth" in cells)
    if set(known) <= set(SECTORS):
        sectors = tuple(known)
    return _without_totals(_panel(regions, names, index, years, cells, sectors), cells)


def _once(
    keys: Sequence[tuple[str, int]],
    years: Sequence[int],
    headings: Mapping[str, str],
    table: Years,
    report: Report,
) -> None:
    """Refuse years far apart, and two rows for one region and year."""
    if len(years) > 300:
        report.add(
            table.top[headings["year"]].place,
            headings["year"],
            msg("years from {first} to {last}", first=years[0], last=years[-1]),
            msg("at most 300 years"),
        )
    seen: set[tuple[str, int]] = set()
    for key, row in zip(keys, table.rows, strict=True):
        if key in seen:
            report.add(
                row[headings["year"]].place,
                "panel",
                msg("two rows for {region} in {year}", region=key[0], year=key[1]),
                msg("one row per region and year"),
            )
        seen.add(key)
    report.stop()


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
