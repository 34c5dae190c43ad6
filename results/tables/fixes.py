"""The cheapest fixes as tables: limits relaxed, and everything that their plans do otherwise (办法)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...models.target import Target
from ...models.words import msg, tr
from ..text.format import unit_text
from ..text.wording import (
    SHEET,
    TIERS,
    both,
    capital,
    printed_shares,
    relax_unit,
    room,
    shares_moved,
    shifted,
    together,
)
from .table import Column, Table, hide_empty
from .verdict import SHEET_ID, telling_digits

if TYPE_CHECKING:
    from ...engine.decide.assess import Fix
    from ...engine.run import Answer

COST = msg(
    "weight = price that a limit states × amount added or relaxed, summed: it ranks relaxations and is no"
    ' amount of money; money is in the table "What can be decided"'
)


def _fixed(answer: Answer) -> Iterator[tuple[Target | None, str, Fix]]:
    """Every fix with its target (none: the whole sheet) and tier."""
    for outcome in answer.assessment.outcomes:
        if outcome.fix:
            yield outcome.target, outcome.tier, outcome.fix
    for sheet in answer.assessment.sheets:
        if sheet.fix and together(answer, sheet.tier):
            yield None, sheet.tier, sheet.fix


_HEAD = (
    Column("target", msg("Target id"), shown=False),
    Column("title", msg("Target")),
    Column("tier_id", msg("Tier id"), shown=False),
    Column("tier", msg("Tier", context="table_fixes")),
)


def _head(target: Target | None, tier: str) -> tuple[Any, ...]:
    return (*((target.id, target.title) if target else (SHEET_ID, SHEET)), tier, TIERS[tier])


def fixes(answer: Answer) -> Table:
    """The cheapest relaxation that reaches each tier which needs one, limit by limit."""
    rows = [row for target, tier, fix in _fixed(answer) for row in _fix(answer, fix, target, tier)]
    columns = (
        *_HEAD,
        Column("limit", msg("Limit id"), shown=False),
        Column("limit_title", msg("Limit used further or relaxed")),
        Column("amount", msg("By"), digits=2, signed=True),
        Column("error", msg("s.e."), digits=2),
        Column("inside", msg("Of it within the limit"), digits=2, signed=True),
        Column("unit", msg("Unit")),
        Column("price", msg("Weight per unit"), digits=2),
        Column("cost", msg("Weight"), digits=2),
        Column("whole_cost", msg("Weight in all (for ranking)"), digits=2),
        Column("value", msg("Simulated value"), digits=2, digits_from="fine"),
        Column("shifts", msg("Projects moved")),
        Column("mix", msg("Main changes of the mix")),
        Column("fine", msg("Digits"), digits=0, shown=False),
    )
    note = msg(
        "Limits are relaxed just enough, at least weight; the value is that of the relaxed plan, simulated"
        " again. {cost}. The s.e. of an amount of investment is what the draws leave open. All that its"
        ' plan changes is in the table "Plans of the options".',
        cost=capital(COST),
    )
    if not rows:
        note = msg(
            "No tier is reached by relaxing a limit: each is reached within the limits, or not even at their"
            " end."
        )
    table = Table(
        "fixes",
        msg("Least-cost options"),
        columns,
        tuple(rows),
        ("target", "tier_id", "limit"),
        note,
    )
    return hide_empty(table, "error", "inside", "shifts", "value")


def _fix(answer: Answer, fix: Fix, target: Target | None, tier: str) -> list[tuple[Any, ...]]:
    limits = answer.scenario.limits
    price = {use.bound.id: use.bound.price for use in answer.assessment.uses}
    shifts = both(lambda lang: shifted(answer, fix.run, lang)) if any(fix.run.plan.shifts.values()) else None
    moves = both(lambda lang: shares_moved(answer, fix.run, lang, 3) or tr(lang, "unchanged"))
    head = _head(target, tier)
    value = None if math.isnan(fix.value) else fix.value
    tail = (fix.cost, value, shifts, moves, telling_digits(target, fix.value) if target else None)
    rows = [
        (
            *head,
            key,
            limits[key].title,
            more,
            fix.error if limits[key].kind.all_money else None,
            min(more, room(answer, key)) or None,
            unit_text(relax_unit(answer, key)),
            price[key],
            price[key] * more,
            *tail,
        )
        for key, more in fix.relaxed.items()
    ]
    none = msg("nothing relaxed")
    return rows or [(*head, "", none, None, None, None, None, None, None, *tail)]


def fix_plans(answer: Answer) -> Table:
    """The whole plan of each fix beside the plan as written: every sector's share, every start that moves."""
    rows = [
        row for target, tier, fix in _fixed(answer) for row in _plan(answer, fix, (*_head(target, tier),))
    ]
    columns = (
        *_HEAD,
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Kind")),
        Column("item_id", msg("Item id", context="table_fixes"), shown=False),
        Column("item", msg("Sector or project")),
        Column("plan_share", msg("Share in the plan"), "%", 1),
        Column("fix_share", msg("Share in the fix"), "%", 1),
        Column("change", msg("Change", context="table_fixes"), "points", 1, signed=True),
        Column("plan_money", msg("Money in the plan"), "亿元", 1),
        Column("fix_money", msg("Money in the fix"), "亿元", 1),
        Column("earlier", msg("Start brought forward"), "months", 0),
    )
    note = msg(
        "Shares of a fix add up to 100 in the digits shown; a start brought forward by less than nothing is"
        " put off."
    )
    table = Table(
        "fix_plans",
        msg("Plans of the options"),
        columns,
        tuple(rows),
        ("target", "tier_id", "kind_id", "item_id"),
        note,
    )
    return hide_empty(table, "earlier")


_KINDS = {"sector": msg("mix", context="table_fixes"), "project": msg("start of a project")}


def _plan(answer: Answer, fix: Fix, head: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    plan, run = answer.plan, fix.run
    old, new = printed_shares(answer, plan), printed_shares(answer, run)
    rows: list[tuple[Any, ...]] = [
        (
            *head,
            "sector",
            _KINDS["sector"],
            key,
            sector.title,
            old[at],
            new[at],
            round(new[at] - old[at], 1),
            float(plan.plan.money(answer.year)[at]),
            float(run.plan.money(answer.year)[at]),
            None,
        )
        for at, (key, sector) in enumerate(answer.scenario.sectors.items())
    ]
    rows += [
        (
            *head,
            "project",
            _KINDS["project"],
            key,
            answer.scenario.projects[key].title,
            None,
            None,
            None,
            None,
            None,
            -months,
        )
        for key, months in run.plan.shifts.items()
        if months
    ]
    return rows
