"""The cheapest fixes as tables: limits relaxed, and everything that their plans do otherwise (办法)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...engine.decide.assess import Fix
from ...engine.plans import counted_money
from ...models.money import MONEY
from ...models.quantity import Bilingual
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
    told_relaxed,
    told_weight,
)
from .table import Column, Table, declare, none
from .verdict import SHEET_ID, telling_digits

if TYPE_CHECKING:
    from ...engine.run import Answer
    from .setting import Setting

COST = msg(
    "weight = price that a limit states × amount added or relaxed, summed: it ranks relaxations and is no"
    ' amount of money; money is in the table "What can be decided"'
)


def within(setting: Setting, key: str, more: float) -> float | None:
    """The part of an amount that the limit already allows."""
    return (min(more, room(setting, key)) or None) if math.isfinite(more) else None


def about(make: Callable[[str, Fix], Any]) -> Callable[[Any], Any]:
    """A cell about the ``limit`` that the ``fix`` of a row relaxes; empty where it relaxes none."""
    return lambda row: make(row.limit, row.fix) if row.limit else None


def given(setting: Setting, word: bool = True) -> list[Column]:
    """By how much a fix relaxes a limit."""
    limits = setting.scenario.limits
    more = about(lambda key, fix: fix.relaxed[key])
    error = about(lambda key, fix: fix.error if limits[key].kind.all_money else None)
    free = about(lambda key, fix: within(setting, key, fix.relaxed[key]))
    own = partial(Column, digits=2, unit_from="unit")
    return [
        own("amount", msg("By"), signed=True, value=more),
        own("error", msg("s.e."), value=error, optional=True, word=word),
        own("inside", msg("Of it within the limit"), signed=True, value=free, optional=True, word=word),
    ]


@dataclass(frozen=True)
class _Part:
    """A fix of a tier of a target (none: of the whole sheet), and one thing that it does: a limit that it
    relaxes, the share of a sector, or a project that starts at another time."""

    target: Target | None
    tier_id: str
    fix: Fix
    limit: str = ""
    kind_id: str = ""
    item_id: str = ""
    item: Bilingual | None = None
    plan_share: float | None = None
    fix_share: float | None = None
    plan_money: float | None = None
    fix_money: float | None = None
    earlier: float | None = None


def _fixed(answer: Answer) -> Iterator[_Part]:
    """Every fix."""
    for outcome in answer.assessment.outcomes:
        if outcome.fix:
            yield _Part(outcome.target, outcome.tier, outcome.fix)
    for sheet in answer.assessment.sheets:
        if sheet.fix and together(answer, sheet.tier):
            yield _Part(None, sheet.tier, sheet.fix)


_HEAD = (
    Column(
        "target", msg("Target id"), shown=False, value=lambda row: row.target.id if row.target else SHEET_ID
    ),
    Column("title", msg("Target"), value=lambda row: row.target.title if row.target else SHEET),
    Column("tier_id", msg("Tier id"), shown=False),
    Column("tier", msg("Tier", context="table_fixes"), value=lambda row: TIERS[row.tier_id]),
)


def fixes(answer: Answer) -> Table:
    """The cheapest relaxation that reaches each tier which needs one, limit by limit."""
    price = {use.bound.id: use.bound.price for use in answer.assessment.uses}

    def title(row: _Part) -> Bilingual:
        return answer.scenario.limits[row.limit].title if row.limit else msg("nothing relaxed")

    def value(row: _Part) -> float | None:
        return None if math.isnan(row.fix.value) else row.fix.value

    def fine(row: _Part) -> int | None:
        return telling_digits(row.target, row.fix.value) if row.target else None

    def moves(row: _Part) -> Bilingual:
        return both(lambda lang: shares_moved(answer, row.fix.run, lang, 3) or tr(lang, "unchanged"))

    def shifts(row: _Part) -> Bilingual | None:
        run = row.fix.run
        return both(lambda lang: shifted(answer, run, lang)) if any(run.plan.shifts.values()) else None

    columns = (
        *_HEAD,
        Column("limit", msg("Limit id"), shown=False),
        Column("limit_title", msg("Limit used further or relaxed"), value=title),
        *given(answer, word=False),
        Column("unit", msg("Unit"), value=about(lambda key, fix: unit_text(relax_unit(answer, key)))),
        Column("price", msg("Weight per unit"), digits=2, word=False, value=lambda row: price.get(row.limit)),
        Column(
            "cost",
            msg("Weight"),
            digits=2,
            word=False,
            value=about(lambda key, fix: told_weight(price[key] * fix.relaxed[key])),
        ),
        Column(
            "whole_cost",
            msg("Weight in all (for ranking)"),
            digits=2,
            word=False,
            value=lambda row: told_weight(row.fix.cost),
        ),
        Column("value", msg("Simulated value"), "", 2, "fine", "target_unit", value=value, optional=True),
        Column("shifts", msg("Projects moved"), optional=True, word=False, value=shifts),
        Column("mix", msg("Main changes of the mix"), word=False, value=moves),
        Column("fine", msg("Digits"), digits=0, shown=False, value=fine),
        Column(
            "target_unit",
            msg("Unit of target"),
            shown=False,
            value=lambda row: unit_text(row.target.unit) if row.target else None,
        ),
    )
    rows = [
        replace(one, limit=key)
        for one in _fixed(answer)
        for key in told_relaxed(answer, one.fix.relaxed) or ("",)
    ]
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
    return declare("fixes", msg("Least-cost options"), columns, rows, ("target", "tier_id", "limit"), note)


def fix_plans(answer: Answer) -> Table:
    """The whole plan of each fix beside the plan as written: every sector's share, every start that moves."""
    kinds = {"sector": msg("mix", context="table_fixes"), "project": msg("start of a project")}

    def change(row: _Part) -> float | None:
        here, there = row.plan_share, row.fix_share
        return None if here is None or there is None else round(there - here, 1)

    columns = (
        *_HEAD,
        Column("kind_id", msg("Kind id"), shown=False),
        Column("kind", msg("Kind"), value=lambda row: kinds[row.kind_id]),
        Column("item_id", msg("Item id", context="table_fixes"), shown=False),
        Column("item", msg("Sector or project")),
        Column("plan_share", msg("Share in the plan"), "%", 1),
        Column("fix_share", msg("Share in the fix"), "%", 1),
        Column("change", msg("Change", context="table_fixes"), "points", 1, signed=True, value=change),
        Column("plan_money", msg("Money in the plan"), MONEY, 1),
        Column("fix_money", msg("Money in the fix"), MONEY, 1),
        Column("earlier", msg("Start brought forward"), "months", 0, optional=True),
    )
    note = msg(
        "Shares of a fix add up to 100 in the digits shown; a start brought forward by less than nothing is"
        " put off."
    )
    rows = [part for one in _fixed(answer) for part in _parts(answer, one)]
    key = ("target", "tier_id", "kind_id", "item_id")
    return declare("fix_plans", msg("Plans of the options"), columns, rows, key, note, brief=none)


def _parts(answer: Answer, one: _Part) -> Iterator[_Part]:
    """All that the plan of a fix gives its sectors, and the projects that it moves."""
    plan, run = answer.plan, one.fix.run
    old, new = printed_shares(answer, plan), printed_shares(answer, run)
    before, after = (counted_money(answer.scenario, one.plan, answer.year) for one in (plan, run))
    for at, (key, sector) in enumerate(answer.scenario.sectors.items()):
        yield replace(
            one,
            kind_id="sector",
            item_id=key,
            item=sector.title,
            plan_share=old[at],
            fix_share=new[at],
            plan_money=float(before[at]),
            fix_money=float(after[at]),
        )
    for key, months in run.plan.shifts.items():
        if months:
            title = answer.scenario.projects[key].title
            yield replace(one, kind_id="project", item_id=key, item=title, earlier=-months)
