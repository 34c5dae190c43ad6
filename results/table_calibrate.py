"""What a calibration found, as tables with standard errors, and as priors for scenarios (校准)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..models.quantity import Text
from .table import Column, Table

if TYPE_CHECKING:
    from ..engine.calibrate.estimate import Calibration
    from ..engine.calibrate.shocks import Figure

SERIES = {
    "gdp": Text(zh="地区生产总值", en="GDP"),
    "primary": Text(zh="一产", en="Primary"),
    "secondary": Text(zh="二产", en="Secondary"),
    "tertiary": Text(zh="三产", en="Tertiary"),
}
PARTS = {
    "persistence": (Text(zh="领先幅度的持续性", en="Persistence of a lead over the nation"), "1"),
    "national": (Text(zh="全国冲击标准差（平常年）", en="National shock, sd in calm years"), "points"),
    "crisis": (Text(zh="全国冲击标准差（危机年）", en="National shock, sd in crises"), "points"),
    "chance": (Text(zh="危机年概率", en="Chance of a crisis year"), "1"),
    "provincial": (Text(zh="省级冲击标准差", en="Provincial shock, sd"), "points"),
    "own": (Text(zh="自身冲击标准差", en="Own shock, sd"), "points"),
    "freedom": (Text(zh="自身冲击尾部（t自由度）", en="Tails of own shocks (t, degrees of freedom)"), "1"),
}
FIGURES = {
    "plan_bias": (Text(zh="增速减目标：全部年份", en="Growth less target, all years"), "points"),
    "plan_bias_recent": (Text(zh="增速减目标：最近五年", en="Growth less target, last five years"), "points"),
    "investment_bias": (
        Text(zh="投资增速：实际减计划", en="Investment growth, realised less planned"),
        "points",
    ),
    "capital_ratio": (Text(zh="资本产出比", en="Capital over output"), "1"),
    "icor": (Text(zh="增量资本产出比（投资口径）", en="ICOR (investment over growth of output)"), "1"),
    "investment_response": (
        Text(zh="投资率每高1个百分点，次年增速变化", en="Growth next year per point of investment share"),
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
    Column("value", "估计", "Estimate", digits=2),
    Column("error", "标准误", "Standard error", digits=2),
    Column("cases", "样本数", "Cases", digits=0),
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
            Text(zh="样本", en="Sample"),
            Text(
                zh=(
                    f"{count}个地区，{first}—{last}年；{found.dropped}个疑似插值的单元未用；左外的合计行：{len(found.panel.totals)}个。"
                ),
                en=(
                    f"{count} regions, {first}-{last}; {found.dropped} cells that look interpolated left out;"
                    f" {len(found.panel.totals)} rows of totals left out."
                ),
            ),
        ),
        (
            "nation",
            Text(zh="全国冲击", en="National shocks"),
            Text(
                zh=(
                    f"只有{years}个年份可估：平常年{gdp.national.value:.1f}±{gdp.national.error:.1f}个百分点，"
                    f"危机年{gdp.crisis.value:.1f}±{gdp.crisis.error:.1f}个百分点，误差大，宜配合判断使用。"
                ),
                en=(
                    f"rest on {years} years alone: {gdp.national.value:.1f} ± {gdp.national.error:.1f} points"
                    f" in calm years, {gdp.crisis.value:.1f} ± {gdp.crisis.error:.1f} in crises; use with"
                    " judgement."
                ),
            ),
        ),
        (
            "own",
            Text(zh="自身冲击", en="Own shocks"),
            Text(
                zh=(
                    f"标准差{gdp.own.value:.1f}±{gdp.own.error:.1f}个百分点；领先幅度次年保留{100 * gdp.persistence.value:.0f}%。"  # noqa: E501
                    "增速为事后修订数，当年初值的误差未计。"
                ),
                en=(
                    f"sd {gdp.own.value:.1f} ± {gdp.own.error:.1f} points; {100 * gdp.persistence.value:.0f}"
                    " % of a lead lasts into the next year. Growth is as revised later: errors of first"
                    " releases are not in it."
                ),
            ),
        ),
    ]
    if "plan_bias" not in found.figures:
        rows.append(
            (
                "targets",
                Text(zh="目标", en="Targets"),
                Text(
                    zh="面板没有目标，计划偏差未估。",
                    en="none in the panel: the bias of plans is not estimated.",
                ),
            )
        )
    columns = (
        Column("line", "代码", "Id", shown=False),
        Column("label", "项目", "Item"),
        Column("text", "内容", "Text"),
    )
    return Table("summary", Text(zh="要点", en="Summary"), columns, tuple(rows), ("line",))


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
                Text(zh="持续性（部门间部分合并）", en="Persistence, partly pooled over sectors"),
                found.lasting,
            ),
            (
                "centre",
                Text(zh="近年增速（中位数，%）", en="Growth of recent years (median, %)"),
                found.centre,
            ),
            ("drift", Text(zh="增速的逐年变化（点/年）", en="Change of growth (points a year)"), found.drift),
        )
        for name, figure in figures.items()
    )
    columns = (
        Column("series", "代码", "Series id", shown=False),
        Column("series_title", "指标", "Series"),
        Column("part", "代码", "Part id", shown=False),
        Column("part_title", "参数", "Parameter"),
        *_ESTIMATE,
    )
    note = Text(
        zh=(
            "持续性经短面板修正（Nickell 1981）；方差按组间、组内分解；标准误：地区（全国项为年份）自助抽样。"
            "省级为零表示面板没有省级分组或估计为负。"
        ),
        en=(
            "Persistence corrected for short panels (Nickell 1981); variances between and within provinces;"
            " standard errors by drawing regions (years for the nation) anew. A provincial part of zero: no"
            " provinces in the panel, or an estimate below zero."
        ),
    )
    return Table(
        "shocks",
        Text(zh="冲击与持续性", en="Shocks and persistence"),
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
        Column("pair", "代码", "Id", shown=False),
        Column("first", "部门", "Sector"),
        Column("second", "部门", "with"),
        Column("part", "冲击", "Shocks"),
        *_ESTIMATE,
    )
    return Table(
        "correlations", Text(zh="部门间相关", en="Correlations of sectors"), columns, rows, ("pair",)
    )


def _part(part: str) -> Text:
    return Text(zh="全国", en="national") if part == "national" else Text(zh="自身", en="own")


def _others(found: Calibration) -> Table:
    rows = tuple(
        (name, FIGURES[name][0], *_cells(figure), FIGURES[name][1]) for name, figure in found.figures.items()
    )
    columns = (
        Column("figure", "代码", "Id", shown=False),
        Column("title", "参数", "Parameter"),
        *_ESTIMATE,
        Column("unit", "单位", "Unit", shown=False),
    )
    return Table(
        "plans", Text(zh="计划偏差与投资", en="Bias of plans, and investment"), columns, rows, ("figure",)
    )


def _leads(found: Calibration) -> Table:
    rows = tuple((name, *_cells(figure)) for name, figure in found.leads.items())
    note = Text(
        zh="最近五年平均领先，按James-Stein向均值收缩。",
        en="Mean lead of the last five years, shrunk towards the mean (James & Stein 1961).",
    )
    return Table(
        "leads",
        Text(zh="各地领先全国（点）", en="Lead over the nation (points)"),
        (Column("region", "地区", "Region"), *_ESTIMATE),
        rows,
        ("region",),
        note,
    )
