"""Limits and what one more unit of each is worth (限制与边际效果)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.hints import unfloored
from ...models.limits import TOTAL_MONEY, Ground
from ...models.quantity import Bilingual
from ...models.sectors.vanadium_titanium import VanadiumTitanium
from ...models.words import in_each, msg, tr
from ...solvers.conflict import PLAN_TOTAL
from ...solvers.problem import FLOOR
from ..text.format import number, unit_text
from ..text.wording import amount, both, limit_unit, listed, mains, one_more, relax_unit, the_year
from .lines import Line
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.decide.uses import Use
    from ...engine.run import Answer
    from .setting import Setting

_FULL = 1e-6  # relative distance at which a limit counts as used up

_NOTE = msg(
    "The effect of one more unit holds at the optimum of that target, for small changes, not at the plan;"
    ' "used up" speaks of the plan: a limit that the plan leaves slack may bind at the optimum and then has a'
    " worth."
)


_TOTAL = msg("the plan's total investment")


def limit_name(setting: Setting, key: str, lang: str) -> str:
    """A limit with its value, as a sentence says it."""
    if key == PLAN_TOTAL:
        return f"{_TOTAL.of(lang)} {amount(setting.plan.plan.total(setting.year), '亿元', lang)}"
    limit = setting.scenario.limits[key]
    return f"{limit.title.of(lang)} {amount(limit.stated.value, limit_unit(setting, key), lang)}"


def contradiction(setting: Setting) -> Bilingual | None:
    """Which limits no plan keeps together; None where one does."""
    if not setting.contradictory:
        return None
    if len(setting.contradictory) == 1:
        return both(
            lambda lang: tr(
                lang,
                "No plan keeps {all_of}: named projects alone need more",
                all_of=_all_of(setting, lang),
            )
        )
    return both(
        lambda lang: tr(
            lang,
            "The limits contradict each other: no plan keeps all of {all_of}",
            all_of=_all_of(setting, lang),
        )
    )


def assumed_row(setting: Setting) -> list[Line]:
    """That every sector keeps a part of its money because nobody said how little it may have, as a line of a
    summary."""
    if not unfloored(setting.scenario):
        return []
    part = number(100 * FLOOR, 0)
    return [
        Line(
            "assumed",
            msg("Note"),
            msg(
                "no limit says how far a sector's investment may be cut (cut or floor): every sector keeps at"
                " least {part} % of its planned money, an assumption.",
                part=part,
            ),
        )
    ]


def contradiction_row(setting: Setting) -> list[Line]:
    """The same as a line of a summary."""
    told = contradiction(setting)
    return (
        [
            Line(
                "broken",
                msg("Note"),
                both(lambda lang: told.of(lang) + tr(lang, ".")),
            )
        ]
        if told
        else []
    )


def _all_of(setting: Setting, lang: str) -> str:
    return listed([limit_name(setting, key, lang) for key in setting.contradictory], lang)


@dataclass(frozen=True)
class PricedRow:
    """A row of the solver in a planner's words: what it is, and one more unit of what.

    ``scale`` times the solver's price of the row is what one more unit is worth: below zero where a floor is
    lowered, and the money behind a percentage point where the limit is on a percentage.
    """

    kind: str
    title: Bilingual
    unit: str
    scale: float = 1.0


def effects(answer: Answer) -> list[Column]:
    """A column per main target with what one more unit of something does to it."""
    return [
        Column(
            f"effect_{target.id}",
            msg("One more, at the optimum: {title}", title=target.title),
            "points" if target.unit == "%" else target.unit,
            4,
            signed=True,
        )
        for target in mains(answer)
    ]


def limits(answer: Answer) -> Table:
    """Every limit: how much the plan uses, how far it can be relaxed, and what one more unit is worth."""
    columns = (
        Column("limit", msg("Limit id"), shown=False),
        Column("title", msg("Limit")),
        Column("kind", msg("Kind", context="table_limits")),
        Column("unit", msg("Unit")),
        Column("max", msg("Limit", context="table_limits"), digits=1),
        Column("used", msg("Used by the plan"), digits=2),
        Column("slack", msg("Left"), digits=2),
        Column("over", msg("Over"), digits=2),
        Column("relax_to", msg("Relaxable to"), digits=1),
        Column("price", msg("Price per unit"), "亿元", 2),
        Column("binding", msg("Used up by the plan")),
        *effects(answer),
    )
    rows = tuple(_limit(answer, use) for use in answer.assessment.uses)
    table = Table("limits", msg("Limits"), columns, rows, ("limit",), _NOTE)
    return hide_empty(table, "relax_to", "price", *(column.name for column in effects(answer)))


def _limit(answer: Answer, use: Use) -> tuple[Any, ...]:
    bound = use.bound
    stated = answer.scenario.limits[bound.id]
    slack = max(bound.most - use.used, 0.0)
    end = stated.relax_to.value if stated.relax_to else None
    ground = _ground(answer)
    prices = [answer.assessment.prices.get(target.id, {}) for target in mains(answer)]
    worth = [bound.worth(known, ground) if known else None for known in prices]
    return (
        bound.id,
        stated.title,
        bound.title,
        unit_text(limit_unit(answer, bound.id)),
        bound.sign * bound.most,
        bound.sign * use.used,
        slack,
        use.over,
        end,
        stated.price.value if stated.price else None,
        slack <= _FULL * max(1.0, abs(bound.most)),
        *worth,
    )


def _ground(setting: Setting) -> Ground:
    """What the limits are counted from; starts of projects are not marginal."""
    plan = setting.plan
    before = plan.pipeline_run.realisation.placed(0)[:, 0]
    return Ground.of(setting.economy, plan.plan.money(setting.year), before, setting.bounds, setting.year)


def binding(answer: Answer) -> Table:
    """What binds at the best plans: each row of the solver with a price, in a planner's words."""
    found: dict[str, dict[str, float]] = {}
    for target, prices in answer.assessment.prices.items():
        for row, price in prices.items():
            found.setdefault(row, {})[target] = price
    if any(f"limit:{bound.id}" in found for bound in answer.bounds if bound.all_money):
        found.pop(TOTAL_MONEY, None)  # the limit on all money says the same under its own name
    rows: list[tuple[Any, ...]] = []
    for row, by_target in found.items():
        known = priced(answer, row)
        worth = [known.scale * by_target[t.id] if t.id in by_target else None for t in mains(answer)]
        one = in_each(lambda lang, unit=known.unit: one_more(unit, lang))  # type: ignore[misc]
        rows.append((row, known.kind, _KINDS[known.kind], known.title, one, *worth))
    rows.sort(key=lambda cells: -max(abs(cell) for cell in cells[5:] if cell is not None))
    columns = (
        Column("row", msg("Row id"), shown=False),
        Column("kind_id", msg("Kind id", context="table_limits"), shown=False),
        Column("kind", msg("Kind", context="table_limits")),
        Column("title", msg("Binding constraints")),
        Column("one", msg("One more", context="table_limits")),
        *effects(answer),
    )
    table = Table("binding", msg("Binding constraints"), columns, tuple(rows), ("row",), _NOTE)
    return hide_empty(table, *(column.name for column in effects(answer)))


_KINDS: dict[str, Bilingual] = {
    "money": msg("money"),
    "limit": msg("limit"),
    "capacity": msg("capacity"),
    "market": msg("market"),
    "feed": msg("feed"),
    "projects": msg("tied to projects"),
}


def priced(answer: Setting, row: str) -> PricedRow:
    """A row of the solver in a planner's words."""
    if row == TOTAL_MONEY:
        return PricedRow(
            "money",
            msg("Investment of {year}", context="limits", year=the_year(answer.scenario.years)),
            "亿元",
        )
    head, _, rest = row.partition(":")
    if head == "limit":
        return _of_limit(answer, row)
    name, _, year = rest.rpartition(":")
    if head == "named projects":
        title = _dated(answer, answer.scenario.sectors[name].title, year)
        said = msg("{title}: tied to named projects", title=title)
        return PricedRow("projects", said, "亿元", -1.0)
    branches = {branch.id: branch.title for branch in answer.economy.branches}
    if head == "capacity" and name in branches:
        return PricedRow("capacity", _dated(answer, branches[name], year), "亿元")
    title = Bilingual.same(name)
    for sector in answer.economy.sectors:
        if isinstance(sector, VanadiumTitanium):
            if head == "feed" and name in sector.chain.materials:
                title = sector.chain.materials[name].title
            elif name in sector.chain.processes:
                process = sector.chain.processes[name]
                title = sector.chain.materials[process.makes].title if head == "market" else process.title
    return PricedRow(head, _dated(answer, title, year), "万吨")


def named(row: PricedRow) -> Bilingual:
    """What binds, with the word for capacity, market or feed behind a branch or material."""
    return {
        "capacity": msg("{title} capacity", title=row.title),
        "market": msg("{title} market", title=row.title),
        "feed": msg("{title} feed", title=row.title),
    }.get(row.kind, row.title)


def _of_limit(answer: Setting, name: str) -> PricedRow:
    """A row of a limit: the whole of it, or its part for one sector."""
    key = name.split(":")[1]
    limit, bound = answer.scenario.limits[key], next(b for b in answer.bounds if b.id == key)
    row = bound.named_rows(_ground(answer)).get(name)
    part, _, way = row.part.partition(":") if row else ("", "", "")
    if row is None or part not in answer.scenario.sectors:
        return PricedRow("limit", limit.title, relax_unit(answer, key))
    title = msg("{limit}: {sector}", limit=limit.title, sector=answer.scenario.sectors[part].title)
    if row.low > -math.inf:
        title = msg("{title} (floor lowered)", title=title)
    elif way:
        title = msg("{title} (upper end)", title=title)
    unit = "points" if row.percent else relax_unit(answer, key)
    return PricedRow("limit", title, unit, -row.relax)


def _dated(answer: Setting, title: Bilingual, year: str) -> Bilingual:
    """The title with its year where that is not the target's."""
    if not year.isdigit() or int(year) == answer.year:
        return title
    when = answer.economy.base_year + int(year)
    return msg("{title} ({year})", title=title, year=when)
