"""Investment against growth, money and key projects."""

from __future__ import annotations

from collections.abc import Iterator

from ...models.consistency import Level, level, spread
from ...models.quantity import Text
from .line import Line, compare, half, lacking, say
from .pins import Known, tier_value


def investment_lines(known: Known) -> Iterator[Line]:
    """All comparisons that need the level or growth of investment."""
    yield from _capital_output(known)
    yield from _plan(known)
    yield from _money(known)
    yield from _key_projects(known)


def _capital_output(known: Known) -> Iterator[Line]:
    """GDP against investment at last year's ICOR.

    .. math:: k = F_0 / (Y_0 g_0 / (1 + g_0)), \\qquad g = F_1 / (k Y_0) = (1 + f) g_0 / (1 + g_0)

    with real growth f of investment: one more yuan invested brings as much as last year.
    """
    gdp, fai = known.row("gdp_growth"), known.row("fai_growth")
    if gdp is None or fai is None:
        return
    about = Text(zh="地区生产总值与投资", en="GDP growth against investment")
    before = known.outcome(gdp)
    accounts = known.scenario.accounts
    for tier in gdp.tiers:
        if tier == "at_most":
            continue
        if before is None:
            yield lacking("icor", gdp, tier, about, [f"history.outcomes.{gdp.id}"])
            continue
        if before.value <= 0:
            yield lacking("icor", gdp, tier, about, [f"history.outcomes.{gdp.id} > 0"])
            continue
        growth, used = known.investment_growth(tier)
        rate = before.value / 100
        added = accounts.gdp.value * rate / (1 + rate)
        ratio = accounts.fai.value / added
        implied = 100 * (1 + growth / 100) * rate / (1 + rate)
        swing = known.swing(known.economy.sector_ids)
        formula = (
            f"ICOR = {say(accounts.fai.value, 1)} ÷ {say(added, 1)} = {say(ratio, 2)}; "
            f"{say(accounts.fai.value, 1)} × {say(1 + growth / 100, 4)} ÷ {say(ratio, 2)} ÷ {say(accounts.gdp.value, 1)} = {say(implied, 2)} %"
        )
        nominal = say(tier_value(fai, tier) or 0.0, fai.digits)
        yield compare(
            "icor", gdp, tier, implied, doubt=swing.value if swing else None, slack=2 * half(gdp.digits), about=about,
            by=Text(zh=f"投资增长 {nominal} % 按上年增量资本产出率 {say(ratio, 1)}", en=f"investment at +{nominal} % with last year's ICOR, {say(ratio, 1)},"),
            basis=Text(zh=formula, en=formula), used=(before, accounts.fai, *used, *((swing,) if swing else ())),
        )  # fmt: skip


def _plan(known: Known) -> Iterator[Line]:
    """The row of investment against the plan's own total: works that come late only lower it."""
    fai = known.row("fai_growth")
    plan = known.scenario.investment.growth
    for tier in fai.tiers if fai else ():
        if fai is None or tier == "at_most":
            continue
        text = f"investment.growth = {say(plan.value, 2)}"
        yield compare(
            "plan", fai, tier, plan.value, doubt=spread(plan), slack=half(fai.digits), floor=True,
            about=Text(zh="投资增速与计划总量", en="Investment growth against the plan's total"),
            by=Text(zh="计划总量（不计延误）", en="the plan's total, before delays,"), basis=Text(zh=text, en=text), used=(plan,),
        )  # fmt: skip


def _money(known: Known) -> Iterator[Line]:
    """The row of investment against what the limits on all money allow."""
    fai, scenario = known.row("fai_growth"), known.scenario
    base = scenario.accounts.fai.value
    for limit in scenario.limits.values():
        if fai is None or limit.on != "investment":
            continue
        most = limit.relax_to or limit.stated
        implied, furthest = (100 * (quantity.value / base - 1) for quantity in (limit.stated, most))
        for tier in fai.tiers:
            asked = fai.tiers[tier]
            if tier == "at_most":
                continue
            grade = level(asked, implied, 0.0, half(fai.digits), floor=True)
            if grade is Level.CONTRADICTORY and asked <= furthest + half(fai.digits):
                grade = Level.TIGHT
            text = f"{say(limit.stated.value, 1)} ÷ {say(base, 1)} - 1 = {say(implied, 2)} %"
            if limit.relax_to:
                text += f"; {say(most.value, 1)} ÷ {say(base, 1)} - 1 = {say(furthest, 2)} %"
            yield compare(
                "money", fai, tier, implied, doubt=0.0, slack=half(fai.digits), floor=True, grade=grade,
                about=Text(zh=f"投资增速与限制“{limit.title.zh}”", en=f"Investment growth against the limit \"{limit.title.en}\""),
                by=Text(zh="限制最多", en="the limit at most"), basis=Text(zh=text, en=text),
                used=(limit.stated, scenario.accounts.fai, *((limit.relax_to,) if limit.relax_to else ())),
            )  # fmt: skip


def _key_projects(known: Known) -> Iterator[Line]:
    """Key projects against all investment: last year's share of it, their own plan, and the whole as a bound."""
    row, fai, scenario = known.row("key_project_investment"), known.row("fai_growth"), known.scenario
    if row is None:
        return
    base, about = scenario.accounts.fai, Text(zh="重点项目投资与全部投资", en="Key-project investment against all investment")
    before = known.outcome(row)
    for tier in row.tiers:
        if tier == "at_most":
            continue
        stated = tier_value(fai, tier) if fai else None
        nominal = scenario.investment.growth.value if stated is None else stated
        whole = base.value * (1 + nominal / 100)
        text = f"{say(base.value, 1)} × {say(1 + nominal / 100, 4)} = {say(whole, 1)}"
        yield compare(
            "key_bound", row, tier, whole, doubt=0.0, slack=half(row.digits), floor=True, about=about,
            by=Text(zh="全部投资至多", en="all investment at most"), basis=Text(zh=text, en=text), used=(base,),
        )  # fmt: skip
        if before is None:
            yield lacking("key_share", row, tier, about, [f"history.outcomes.{row.id}"])
        else:
            implied = before.value / base.value * whole
            text = f"{say(before.value, 1)} ÷ {say(base.value, 1)} × {say(whole, 1)} = {say(implied, 1)}"
            yield compare(
                "key_share", row, tier, implied, doubt=None, slack=half(row.digits), about=about, used=(before, base),
                by=Text(zh="按上年占比", en="last year's share of it"), basis=Text(zh=text, en=text),
            )  # fmt: skip
        if scenario.pool is not None:
            planned = scenario.pool.investment
            text = f"pool.investment = {say(planned.value, 1)}"
            yield compare(
                "key_plan", row, tier, planned.value, doubt=spread(planned), slack=half(row.digits), floor=True,
                about=Text(zh="重点项目投资与其计划", en="Key-project investment against its plan"), used=(planned,),
                by=Text(zh="年度计划（不计延误）", en="the year's plan, before delays,"), basis=Text(zh=text, en=text),
            )  # fmt: skip
