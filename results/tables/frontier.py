"""Trade-offs between indicators and near-optimal plans, as tables (权衡与近优方案)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...engine.decide.frontier import LIMIT, Frontier
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.wording import amount, both, limit_unit, moved, printed_shares
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...solvers.frontier import Criterion
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


def title(setting: Setting, one: Criterion) -> Bilingual:
    """Name of an indicator: a target's, or the limit whose use it is."""
    if one.id.startswith(LIMIT):
        name = setting.scenario.limits[one.id.removeprefix(LIMIT)].title
        return msg("{name}, used", name=name)
    return setting.sheet.targets[one.id].title


def unit(setting: Setting, one: Criterion) -> str:
    """Unit of an indicator."""
    if one.id.startswith(LIMIT):
        return limit_unit(setting, one.id.removeprefix(LIMIT))
    return setting.sheet.targets[one.id].unit


def _digits(setting: Setting, one: Criterion) -> int:
    return 2 if one.id.startswith(LIMIT) else setting.sheet.targets[one.id].digits + 2


def _summary(setting: Setting, found: Frontier) -> Table:
    rows = [("frontier", msg("Frontier"), both(lambda lang: _told(setting, found, lang)))]
    if found.nearby:
        rows.append(("near", msg("Near-optimal"), both(lambda lang: _near_told(setting, found, lang))))
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, tuple(rows), ("line",))


def _said(setting: Setting, one: Criterion, value: float, lang: str) -> str:
    return amount(value, unit(setting, one), lang, _digits(setting, one))


def _told(setting: Setting, found: Frontier, lang: str) -> str:
    if not found.points:
        return tr(lang, "no plan keeps the limits.")
    names = [title(setting, one).of(lang) for one in found.criteria]
    ends = [found.points[0], found.points[-1]]
    told = [
        tr(lang, ", ").join(
            f"{name} {_said(setting, one, value, lang)}"
            for name, one, value in zip(names, found.criteria, point.values, strict=True)
        )
        for point in ends
    ]
    if len(found.points) == 1:
        return tr(lang, "all can be best at once: {told}; nothing is given up.", told=told[0])
    return tr(
        lang,
        "{points} plans, none better in all, from {first} to {last}; all simulated.",
        points=len(found.points),
        first=told[0],
        last=told[1],
    )


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
    return tr(
        lang,
        "plans whose {name} is within {near:g} % of the best differ by up to {far} that goes to other"
        " sectors (of {total}); {sector} may have from {least} to {most}.",
        name=name,
        near=found.near,
        far=far,
        total=amount(total, "亿元", lang),
        sector=widest[0],
        least=widest[1],
        most=widest[2],
    )


def _columns(setting: Setting, found: Frontier) -> list[Column]:
    """A column for the simulated value of each indicator."""
    return [
        Column(
            f"value_{at}",
            title(setting, one),
            unit(setting, one),
            _digits(setting, one),
        )
        for at, one in enumerate(found.criteria, start=1)
    ]


def _points(setting: Setting, found: Frontier) -> Table:
    """Every point: simulated values, what one unit of the first costs in the second, what changes."""
    columns = (
        Column("point", msg("No."), digits=0),
        *_columns(setting, found),
        *(
            Column(
                f"promised_{at}",
                msg("Promised {at}", at=at),
                unit(setting, one),
                _digits(setting, one),
                shown=False,
            )
            for at, one in enumerate(found.criteria, start=1)
        ),
        Column("rate", msg("First given up per unit of the second"), digits=3),
        Column("moved", msg("Against the plan", context="table_frontier")),
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
    note = msg(
        "ε-constraint method; no point is worse than another in all, none stands twice. Left out after"
        " simulation as dominated, double or beyond a limit: {outside}.",
        outside=found.outside,
    )
    table = Table("frontier", msg("Frontier"), columns, tuple(rows), ("point",), note)
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
        Column("point", msg("No."), digits=0),
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("money", msg("Money"), "亿元", 1),
        Column("share", msg("Share"), "%", 1),
        Column("change", msg("Against the plan", context="table_frontier-2"), "points", 1, signed=True),
    )
    return Table("frontier_mix", msg("Mix at each point"), columns, rows, ("point", "sector"))


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
        Column("plan", msg("No."), digits=0),
        Column("distance", msg("Differs from those before by"), "亿元", 1),
        *_columns(setting, found),
        Column("moved", msg("Against the plan", context="table_frontier")),
        Column("proved", msg("Proved farthest")),
    )
    note = msg(
        "No. 0 is the best plan of the first indicator; the others are within {near:g} % of it, each the one"
        " whose least difference to those before is greatest. The difference is money that goes to another"
        " sector.",
        near=found.near,
    )
    return Table(
        "frontier_near",
        msg("Near-optimal plans"),
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
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("plan", msg("In the plan"), "亿元", 1),
        Column("low", msg("Least"), "亿元", 1),
        Column("high", msg("Most"), "亿元", 1),
    )
    note = msg(
        "Money of each sector among all plans whose first indicator is within {near:g} % of the best.",
        near=found.near,
    )
    return Table("frontier_ranges", msg("Near-optimal ranges"), columns, rows, ("sector",), note)
