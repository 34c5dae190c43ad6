"""Trade-offs between indicators and near-optimal plans, as tables (权衡与近优方案)."""

from __future__ import annotations

import math
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from ...engine.decide.frontier import LIMIT, Frontier, shown_digits
from ...engine.plans import counted
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.wording import amount, both, limit_unit, moved
from .limits import assumed_row
from .lines import Line, summary_of
from .rows import Numbered, SectorMoney, by_sector
from .table import Column, Table, declare, none

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


def _summary(setting: Setting, found: Frontier) -> Table:
    opening = assumed_row(setting)
    lines = [*opening, Line("frontier", msg("Frontier"), both(partial(_told, setting, found)))]
    if found.nearby:
        lines.append(Line("near", msg("Near-optimal"), both(partial(_near_told, setting, found))))
    return summary_of(lines)


def _said(setting: Setting, one: Criterion, value: float, lang: str) -> str:
    return amount(value, unit(setting, one), lang, shown_digits(setting.sheet, one))


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
    far = amount(max(one.distance for one in found.nearby), MONEY, lang)
    total = counted(setting.scenario, setting.plan.plan, setting.year)
    wide = [
        (sector.title.of(lang), amount(low, MONEY, lang), amount(high, MONEY, lang), high - low)
        for sector, (low, high) in zip(setting.scenario.sectors.values(), found.ranges.tolist(), strict=True)
    ]
    widest = max((w for w in wide if math.isfinite(w[3])), key=lambda w: round(w[3], 1))
    return tr(
        lang,
        "plans whose {name} is within {near:g} % of the best differ by up to {far} that goes to other"
        " sectors (of {total}); {sector} may have from {least} to {most}.",
        name=name,
        near=found.near,
        far=far,
        total=amount(total, MONEY, lang),
        sector=widest[0],
        least=widest[1],
        most=widest[2],
    )


def _values(setting: Setting, found: Frontier, promised: bool = False) -> list[Column]:
    """A column for the simulated value of each indicator, or for machines what the solver promised."""

    def column(k: int, one: Criterion) -> Column:
        name, head = f"value_{k + 1}", title(setting, one)
        if promised:
            name, head = f"promised_{k + 1}", msg("Promised {at}", at=k + 1)
        form = unit(setting, one), shown_digits(setting.sheet, one)
        return Column(name, head, *form, shown=not promised, value=lambda row: of(row.one)[k])

    of = attrgetter("promised" if promised else "values")
    return [column(k, one) for k, one in enumerate(found.criteria)]


def _moves(setting: Setting) -> Column:
    """What a plan changes."""
    against = msg("Against the plan", context="table_frontier")
    return Column("moved", against, value=lambda row: both(partial(moved, setting, row.one.run)))


def _points(setting: Setting, found: Frontier) -> Table:
    """Every point: simulated values, what one unit of the first costs in the second, what changes."""

    def rate(row: Numbered) -> float | None:
        if row.at == 1 or len(found.criteria) != 2:
            return None
        before = found.points[row.at - 2].values
        gained = abs(row.one.values[1] - before[1])
        return abs(row.one.values[0] - before[0]) / gained if gained > 1e-12 else None

    columns = (
        _POINT,
        *_values(setting, found),
        *_values(setting, found, promised=True),
        Column(
            "rate",
            msg("The first indicator given up per unit of the second (trade-off)"),
            digits=3,
            optional=True,
            value=rate,
        ),
        _moves(setting),
    )
    note = msg(
        "ε-constraint method; no point is worse than another in all, none stands twice. Left out after"
        " simulation as dominated, double or beyond a limit: {outside}.",
        outside=found.outside,
    )
    rows = (Numbered(at, one) for at, one in enumerate(found.points, start=1))
    return declare("frontier", msg("Frontier"), columns, rows, ("point",), note)


_POINT = Column("point", msg("No."), digits=0, value=lambda row: row.at)


def _mix(setting: Setting, found: Frontier) -> Table:
    """The mix at every point."""

    def change(row: SectorMoney) -> float:
        return round(row.share - row.plan_share, 1)

    against = msg("Against the plan", context="table_frontier-2")
    columns = (
        _POINT,
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("money", msg("Money"), MONEY, 1),
        Column("share", msg("Share"), "%", 1),
        Column("change", against, "points", 1, signed=True, value=change),
    )
    rows = by_sector(setting, {at: one.run for at, one in enumerate(found.points, start=1)})
    return declare("frontier_mix", msg("Mix at each point"), columns, rows, ("point", "sector"), brief=none)


def _nearby(setting: Setting, found: Frontier) -> Table:
    """The best plan of the first indicator, and those near it that differ most."""
    apart = msg("Differs from those before by")
    columns = (
        Column("plan", msg("No."), digits=0, value=lambda row: row.at),
        Column("distance", apart, MONEY, 1, value=lambda row: row.one.distance if row.at else None),
        *_values(setting, found),
        _moves(setting),
        Column("proved", msg("Proved farthest"), value=lambda row: row.one.proved),
    )
    note = msg(
        "No. 0 is the best plan of the first indicator; the others are within {near:g} % of it, each the one"
        " whose least difference to those before is greatest. The difference is money that goes to another"
        " sector.",
        near=found.near,
    )
    every = [*([found.best] if found.best else []), *found.nearby] if found.nearby else []
    rows = (Numbered(at, one) for at, one in enumerate(every))
    return declare("frontier_near", msg("Near-optimal plans"), columns, rows, ("plan",), note)


def _ranges(setting: Setting, found: Frontier) -> Table:
    """Least and most money of each sector among near-optimal plans."""
    low, high = (dict(zip(setting.scenario.sectors, ends, strict=True)) for ends in found.ranges.T.tolist())
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("plan", msg("In the plan"), MONEY, 1, value=lambda row: row.money),
        Column("low", msg("Least"), MONEY, 1, value=lambda row: low[row.sector]),
        Column("high", msg("Most"), MONEY, 1, value=lambda row: high[row.sector]),
    )
    note = msg(
        "Money of each sector among all plans whose first indicator is within {near:g} % of the best.",
        near=found.near,
    )
    rows = [row for row in by_sector(setting, {"plan": setting.plan}) if math.isfinite(low[row.sector])]
    return declare("frontier_ranges", msg("Near-optimal ranges"), columns, rows, ("sector",), note)
