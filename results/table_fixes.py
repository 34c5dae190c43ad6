"""The cheapest fixes as tables: limits relaxed, and everything that their plans do otherwise (办法)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..models.quantity import Text
from ..models.target import Target
from .format import unit_text
from .table import Column, Table, hide_empty
from .table_verdict import SHEET_ID, telling_digits
from .wording import SHEET, TIERS, both, printed_shares, relax_unit, room, shares_moved, shifted, together

if TYPE_CHECKING:
    from ..engine.assess import Fix
    from ..engine.run import Answer

COST = Text(
    zh="权重＝限制所列单价×追加或放宽量之和，只用于在各种放宽之间排序，不是金额；金额见“可作的选择”表",
    en=(
        "weight = price that a limit states × amount added or relaxed, summed: it ranks relaxations and is no"
        ' amount of money; money is in the table "What can be decided"'
    ),
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
    Column("target", "目标代码", "Target id", shown=False),
    Column("title", "目标", "Target"),
    Column("tier_id", "档次代码", "Tier id", shown=False),
    Column("tier", "档次", "Tier"),
)


def _head(target: Target | None, tier: str) -> tuple[Any, ...]:
    return (*((target.id, target.title) if target else (SHEET_ID, SHEET)), tier, TIERS[tier])


def fixes(answer: Answer) -> Table:
    """The cheapest relaxation that reaches each tier which needs one, limit by limit."""
    rows = [row for target, tier, fix in _fixed(answer) for row in _fix(answer, fix, target, tier)]
    columns = (
        *_HEAD,
        Column("limit", "限制代码", "Limit id", shown=False),
        Column("limit_title", "追加或放宽的限制", "Limit used further or relaxed"),
        Column("amount", "追加或放宽", "By", digits=2, signed=True),
        Column("error", "标准误", "s.e.", digits=2),
        Column("inside", "其中限额以内", "Of it within the limit", digits=2, signed=True),
        Column("unit", "单位", "Unit"),
        Column("price", "单位权重", "Weight per unit", digits=2),
        Column("cost", "权重", "Weight", digits=2),
        Column("whole_cost", "合计权重（排序用）", "Weight in all (for ranking)", digits=2),
        Column("value", "模拟可到", "Simulated value", digits=2, digits_from="fine"),
        Column("shifts", "调整的项目", "Projects moved"),
        Column("mix", "主要结构变动", "Main changes of the mix"),
        Column("fine", "位数", "Digits", digits=0, shown=False),
    )
    note = Text(
        zh=(
            f"放宽多少以达到目标、权重最小为准；“模拟可到”是按放宽后的方案重新模拟的结果。{COST.zh}。"
            "投资的标准误是抽样误差。方案的全部变动见“路径的方案”表。"
        ),
        en=(
            "Limits are relaxed just enough, at least weight; the value is that of the relaxed plan,"
            " simulated again. "
            f"{COST.en[0].upper()}{COST.en[1:]}. The s.e. of an amount of investment is what the draws leave"
            ' open. All that its plan changes is in the table "Plans of the options".'
        ),
    )
    if not rows:
        note = Text(
            zh="没有一档要靠放宽限制达到：或在限制内已可达，或放宽到终点也达不到。",
            en=(
                "No tier is reached by relaxing a limit: each is reached within the limits, or not even at"
                " their end."
            ),
        )
    table = Table(
        "fixes",
        Text(zh="代价最小的路径", en="Least-cost options"),
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
    moves = both(
        lambda lang: shares_moved(answer, fix.run, lang, 3) or ("不变" if lang == "zh" else "unchanged")
    )
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
    none = Text(zh="不需放宽", en="nothing relaxed")
    return rows or [(*head, "", none, None, None, None, None, None, None, *tail)]


def fix_plans(answer: Answer) -> Table:
    """The whole plan of each fix beside the plan as written: every sector's share, every start that moves."""
    rows = [
        row for target, tier, fix in _fixed(answer) for row in _plan(answer, fix, (*_head(target, tier),))
    ]
    columns = (
        *_HEAD,
        Column("kind_id", "类别代码", "Kind id", shown=False),
        Column("kind", "类别", "Kind"),
        Column("item_id", "代码", "Item id", shown=False),
        Column("item", "部门或项目", "Sector or project"),
        Column("plan_share", "现方案占比", "Share in the plan", "%", 1),
        Column("fix_share", "办法占比", "Share in the fix", "%", 1),
        Column("change", "相差", "Change", "points", 1, signed=True),
        Column("plan_money", "现方案投资", "Money in the plan", "亿元", 1),
        Column("fix_money", "办法投资", "Money in the fix", "亿元", 1),
        Column("earlier", "开工提前", "Start brought forward", "months", 0),
    )
    note = Text(
        zh="各办法的占比按所列位数相加为100；开工提前为负的是推后。",
        en=(
            "Shares of a fix add up to 100 in the digits shown; a start brought forward by less than nothing"
            " is put off."
        ),
    )
    table = Table(
        "fix_plans",
        Text(zh="路径的方案", en="Plans of the options"),
        columns,
        tuple(rows),
        ("target", "tier_id", "kind_id", "item_id"),
        note,
    )
    return hide_empty(table, "earlier")


_KINDS = {"sector": Text(zh="投资结构", en="mix"), "project": Text(zh="项目开工", en="start of a project")}


def _plan(answer: Answer, fix: Fix, head: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    plan, run = answer.plan, fix.run
    old, new = printed_shares(plan), printed_shares(run)
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
            float(plan.plan.investment[at, 0]),
            float(run.plan.investment[at, 0]),
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
