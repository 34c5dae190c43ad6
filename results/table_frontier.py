"""Trade-offs between indicators and near-optimal plans, as tables (权衡与近优方案)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..engine.optimise.frontier import LIMIT, Frontier
from ..models.quantity import Text
from .table import Column, Table, hide_empty
from .wording import amount, both, limit_unit, moved, printed_shares

if TYPE_CHECKING:
    from ..solvers.frontier import Criterion
    from .setting import Setting


def frontier_tables(setting: Setting, found: Frontier) -> dict[str, Table]:
    """Every table of a frontier."""
    made = [
        _summary(setting, found),
        _points(setting, found),
        _mix(setting, found),
        _nearby(setting, found),
        _ranges(setting, found),
    ]
    return {table.name: table for table in made if table.rows or table.name in ("summary", "frontier")}


def title(setting: Setting, one: Criterion) -> Text:
    """Name of an indicator: a target's, or the limit whose use it is."""
    if one.id.startswith(LIMIT):
        name = setting.scenario.limits[one.id.removeprefix(LIMIT)].title
        return Text(zh=f"{name.of('zh')}用量", en=f"{name.of('en')}, used")
    return setting.sheet.targets[one.id].title


def unit(setting: Setting, one: Criterion) -> str:
    """Unit of an indicator."""
    if one.id.startswith(LIMIT):
        return limit_unit(setting, one.id.removeprefix(LIMIT))
    return setting.sheet.targets[one.id].unit


def _digits(setting: Setting, one: Criterion) -> int:
    return 2 if one.id.startswith(LIMIT) else setting.sheet.targets[one.id].digits + 2


def _summary(setting: Setting, found: Frontier) -> Table:
    rows = [("frontier", Text(zh="权衡", en="Frontier"), both(lambda lang: _told(setting, found, lang)))]
    if found.nearby:
        rows.append(
            ("near", Text(zh="近优", en="Near-optimal"), both(lambda lang: _near_told(setting, found, lang)))
        )
    columns = (
        Column("line", "代码", "Line id", shown=False),
        Column("label", "事项", "Line"),
        Column("text", "内容", "Text"),
    )
    return Table("summary", Text(zh="摘要", en="Summary"), columns, tuple(rows), ("line",))


def _said(setting: Setting, one: Criterion, value: float, lang: str) -> str:
    return amount(value, unit(setting, one), lang, _digits(setting, one))


def _told(setting: Setting, found: Frontier, lang: str) -> str:
    zh = lang == "zh"
    if not found.points:
        return "限制之内没有可行方案。" if zh else "no plan keeps the limits."
    names = [title(setting, one).of(lang) for one in found.criteria]
    ends = [found.points[0], found.points[-1]]
    told = [
        ("，" if zh else ", ").join(
            f"{name} {_said(setting, one, value, lang)}"
            for name, one, value in zip(names, found.criteria, point.values, strict=True)
        )
        for point in ends
    ]
    if len(found.points) == 1:
        return (
            f"各指标可同时最好：{told[0]}，不必取舍。"
            if zh
            else f"all can be best at once: {told[0]}; nothing is given up."
        )
    if zh:
        return f"{len(found.points)} 个互不占优的方案，由“{told[0]}”到“{told[1]}”，均已模拟。"
    return f"{len(found.points)} plans, none better in all, from {told[0]} to {told[1]}; all simulated."


def _near_told(setting: Setting, found: Frontier, lang: str) -> str:
    first = found.criteria[0]
    name = title(setting, first).of(lang)
    far = amount(max(one.distance for one in found.nearby), "亿元", lang)
    total = setting.plan.plan.total(setting.year)
    wide = [
        (sector.title.of(lang), amount(low, "亿元", lang), amount(high, "亿元", lang), high - low)
        for sector, (low, high) in zip(setting.scenario.sectors.values(), found.ranges.tolist(), strict=True)
    ]
    widest = max((w for w in wide if math.isfinite(w[3])), key=lambda w: w[3])
    if lang == "zh":
        return (
            f"{name}与最好值相差 {found.near:g}% 以内的各方案，彼此最多可有 {far} 投向不同部门（全年"
            f" {amount(total, '亿元', lang)}）；"
            f"{widest[0]}可在 {widest[1]} 与 {widest[2]} 之间。"
        )
    return (
        f"plans whose {name} is within {found.near:g} % of the best differ by up to {far} that goes to other"
        f" sectors (of {amount(total, '亿元', lang)}); {widest[0]} may have from {widest[1]} to {widest[2]}."
    )


def _columns(setting: Setting, found: Frontier) -> list[Column]:
    """A column for the simulated value of each indicator."""
    return [
        Column(
            f"value_{at}",
            (name := title(setting, one)).of("zh"),
            name.of("en"),
            unit(setting, one),
            _digits(setting, one),
        )
        for at, one in enumerate(found.criteria, start=1)
    ]


def _points(setting: Setting, found: Frontier) -> Table:
    """Every point: simulated values, what one unit of the first costs in the second, what changes."""
    columns = (
        Column("point", "序号", "No.", digits=0),
        *_columns(setting, found),
        *(
            Column(
                f"promised_{at}",
                f"承诺{at}",
                f"Promised {at}",
                unit(setting, one),
                _digits(setting, one),
                shown=False,
            )
            for at, one in enumerate(found.criteria, start=1)
        ),
        Column(
            "rate", "每得1单位（第二项）让出（第一项）", "First given up per unit of the second", digits=3
        ),
        Column("moved", "与现方案相比", "Against the plan"),
    )
    rows: list[tuple[Any, ...]] = []
    for at, one in enumerate(found.points, start=1):
        rate = None
        if at > 1 and len(found.criteria) == 2:
            before = found.points[at - 2].values
            gained = abs(one.values[1] - before[1])
            rate = abs(one.values[0] - before[0]) / gained if gained > 1e-12 else None
        rows.append(
            (at, *one.values, *one.promised, rate, both(lambda lang, run=one.run: moved(setting, run, lang)))  # type: ignore[misc]
        )
    note = Text(
        zh=(
            f"ε约束法；没有一点在各项上都不如另一点，也没有重复。另有 {found.outside} 个点因模拟中被占优、"
            "重复或突破限制而未列。"
        ),
        en=(
            "ε-constraint method; no point is worse than another in all, none stands twice. Left out after"
            f" simulation as dominated, double or beyond a limit: {found.outside}."
        ),
    )
    table = Table("frontier", Text(zh="权衡", en="Frontier"), columns, tuple(rows), ("point",), note)
    return hide_empty(table, "rate")


def _mix(setting: Setting, found: Frontier) -> Table:
    """The mix at every point."""
    before = printed_shares(setting, setting.plan)
    rows = tuple(
        (
            at,
            key,
            sector.title,
            float(one.run.plan.money(setting.year)[i]),
            share,
            round(share - before[i], 1),
        )
        for at, one in enumerate(found.points, start=1)
        for i, ((key, sector), share) in enumerate(
            zip(setting.scenario.sectors.items(), printed_shares(setting, one.run), strict=True)
        )
    )
    columns = (
        Column("point", "序号", "No.", digits=0),
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("title", "部门", "Sector"),
        Column("money", "投资", "Money", "亿元", 1),
        Column("share", "占比", "Share", "%", 1),
        Column("change", "与现方案相差", "Against the plan", "points", 1, signed=True),
    )
    return Table(
        "frontier_mix", Text(zh="各点的投资结构", en="Mix at each point"), columns, rows, ("point", "sector")
    )


def _nearby(setting: Setting, found: Frontier) -> Table:
    """The best plan of the first indicator, and those near it that differ most."""
    everything = ([found.best] if found.best else []) + list(found.nearby)
    rows = tuple(
        (
            at,
            one.distance if at else None,
            *one.values,
            both(lambda lang, run=one.run: moved(setting, run, lang)),  # type: ignore[misc]
            one.proved,
        )
        for at, one in enumerate(everything)
    )
    columns = (
        Column("plan", "序号", "No.", digits=0),
        Column("distance", "与前面方案至少相差", "Differs from those before by", "亿元", 1),
        *_columns(setting, found),
        Column("moved", "与现方案相比", "Against the plan"),
        Column("proved", "已证最远", "Proved farthest"),
    )
    note = Text(
        zh=(
            f"序号0是第一项指标最好的方案；其余与它相差不超过{found.near:g}%，"
            "依次取与前面各方案最小差异最大的。相差＝改投其他部门的资金。"
        ),
        en=(
            f"No. 0 is the best plan of the first indicator; the others are within {found.near:g} % of it,"
            " each the one whose least difference to those before is greatest. The difference is money that"
            " goes to another sector."
        ),
    )
    return Table(
        "frontier_near",
        Text(zh="近优方案", en="Near-optimal plans"),
        columns,
        rows if found.nearby else (),
        ("plan",),
        note,
    )


def _ranges(setting: Setting, found: Frontier) -> Table:
    """Least and most money of each sector among near-optimal plans."""
    rows = tuple(
        (key, sector.title, float(setting.plan.plan.money(setting.year)[i]), low, high)
        for i, ((key, sector), (low, high)) in enumerate(
            zip(setting.scenario.sectors.items(), found.ranges.tolist(), strict=True)
        )
        if math.isfinite(low)
    )
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("title", "部门", "Sector"),
        Column("plan", "现方案", "In the plan", "亿元", 1),
        Column("low", "最少", "Least", "亿元", 1),
        Column("high", "最多", "Most", "亿元", 1),
    )
    note = Text(
        zh=f"第一项指标与最好值相差不超过{found.near:g}%的全部方案中，每个部门投资的范围。",
        en=(
            f"Money of each sector among all plans whose first indicator is within {found.near:g} % of the"
            " best."
        ),
    )
    return Table(
        "frontier_ranges", Text(zh="近优范围", en="Near-optimal ranges"), columns, rows, ("sector",), note
    )
