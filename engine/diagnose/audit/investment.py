"""Investment against growth, money and key projects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....models.consistency import Consistency, level, spread
from ....models.money import in_money
from ....models.quantity import Bilingual, Quantity
from ....models.target import Target
from ....models.words import msg
from .line import AuditLine, compare, half, lacking, say
from .pins import Known, tier_value


def investment_lines(known: Known) -> Iterator[AuditLine]:
    """All comparisons that need the level or growth of investment."""
    yield from _capital_output(known)
    yield from _plan(known)
    yield from _money(known)
    yield from _key_projects(known)


def _capital_output(known: Known) -> Iterator[AuditLine]:
    """GDP against investment at last year's ICOR: one more yuan invested brings as much as last year.

    .. math:: k = F_0 / (Y_0 g_0 / (1 + g_0)), \\qquad g = F_1 / (k Y_0) = (1 + f) g_0 / (1 + g_0)

    with real growth f of investment. Where the sheet sets investment a ceiling, f is the most that it allows:
    GDP asked beyond that is tight whatever growth swings from year to year, contradictory beyond two
    deviations.
    """
    fai = known.row("fai_growth")
    for gdp in known.rows("gdp_growth") if fai else ():
        before = known.outcome(gdp)
        for tier in gdp.tiers:
            if fai is None or (tier == "at_most" and tier_value(fai, tier) is None):
                continue  # two ceilings never contradict each other
            if before is None or before.value <= 0:
                path = f"history.outcomes.{gdp.id}" if before is None else f"{before.path} > 0"
                yield lacking(
                    "icor",
                    gdp,
                    tier,
                    msg("GDP growth against investment"),
                    [path],
                )
            else:
                yield _brings(known, gdp, tier, before)


def _brings(known: Known, gdp: Target, tier: str, before: Quantity) -> AuditLine:
    """What investment brings at last year's ICOR, against one tier of GDP's row."""
    accounts, price, ceiling = (
        known.scenario.accounts,
        known.scenario.prices.investment,
        known.ceiling("fai_growth"),
    )
    rate, swing = before.value / 100, known.swing(known.economy.sector_ids)
    bound = ceiling is not None and tier != "at_most"
    nominal = ceiling if ceiling is not None and bound else known.invested(tier)[0]
    growth = 100 * ((1 + nominal / 100) / (1 + price.value / 100) - 1)
    added = accounts.gdp.value * rate / (1 + rate)
    ratio, per_point = accounts.fai.value / added, (1 + price.value / 100) * (1 + rate) / rate
    implied, needed = 100 * (1 + growth / 100) * rate / (1 + rate), gdp.tiers[tier] * per_point - 100
    sd, slack = swing.value if swing else None, 2 * half(gdp.digits)
    grade = level(gdp.tiers[tier], implied, sd, slack, floor=True) if bound else None
    if grade is Consistency.CONSISTENT and gdp.tiers[tier] > implied + slack:
        grade = Consistency.TIGHT
    formula = (
        f"ICOR = {say(accounts.fai.value, 1)} ÷ {say(added, 1)} = {say(ratio, 2)};"
        f" {say(accounts.fai.value, 1)} × {say(1 + growth / 100, 4)} ÷ {say(ratio, 2)} ÷"
        f" {say(accounts.gdp.value, 1)} = {say(implied, 2)} %"
    )
    invested, icor = f"{say(nominal, 1)} %", say(ratio, 1)
    signed = "+" * (nominal >= 0) + invested
    return compare(
        "icor",
        gdp,
        tier,
        implied,
        sd=sd,
        slack=slack,
        floor=bound or known.ranged(gdp),
        grade=grade,
        about=msg("GDP growth against investment"),
        by=(
            msg(
                "investment at most {signed} with last year's ICOR, {icor},",
                signed=signed,
                rate=invested,
                icor=icor,
            )
            if bound
            else msg(
                "investment at {signed} with last year's ICOR, {icor},",
                signed=signed,
                rate=invested,
                icor=icor,
            )
        ),
        basis=msg(
            "{formula}; the row needs investment at {sign}{needed} %",
            formula=formula,
            needed=say(needed, 1),
            sign="+" * (needed >= 0),
        ),
        used=(before, accounts.fai, price, *((swing,) if swing else ())),
    )


def _plan(known: Known) -> Iterator[AuditLine]:
    """Rows of investment against the plan's own total: works that come late only lower it.

    The plan is no row of the sheet, it may spend more as well as less: off by anything is tight, never
    contradictory.
    """
    plan = known.planned
    for fai, tier in ((row, tier) for row in known.rows("fai_growth") for tier in row.tiers):
        ceiling, money = (
            tier == "at_most",
            known.invested_before * (fai.tiers[tier] - plan.value) / 100,
        )
        grade = level(
            fai.tiers[tier], plan.value, spread(plan), half(fai.digits), floor=not ceiling, ceiling=ceiling
        )
        grade = Consistency.TIGHT if grade is Consistency.CONTRADICTORY else grade
        basis = msg("planned growth of investment = {value} %", value=say(plan.value, 2))
        if grade is Consistency.TIGHT:
            values: dict[str, Any] = {
                "basis": basis,
                "money": in_money(abs(money)),
            }
            basis = (
                msg(
                    "{basis}; the plan would have to spend {money} less",
                    **values,
                )
                if ceiling
                else msg(
                    "{basis}; the plan would have to spend {money} more",
                    **values,
                )
            )
        yield compare(
            "plan",
            fai,
            tier,
            plan.value,
            sd=spread(plan),
            slack=half(fai.digits),
            floor=True,
            grade=grade,
            about=msg("Investment growth against the plan's total"),
            by=msg("the plan's total, before delays,"),
            basis=basis,
            used=(plan,),
        )


def _money(known: Known) -> Iterator[AuditLine]:
    """The row of investment against what the limits on all money allow."""
    fai, scenario, base = known.row("fai_growth"), known.scenario, known.invested_before
    for limit in scenario.limits.values():
        if fai is None or not limit.kind.all_money:
            continue
        most = limit.relax_to or limit.stated
        implied, furthest = (100 * (quantity.value / base - 1) for quantity in (limit.stated, most))
        for tier in fai.tiers:
            asked = fai.tiers[tier]
            if tier == "at_most":
                continue
            grade = level(asked, implied, 0.0, half(fai.digits), floor=True)
            if grade is Consistency.CONTRADICTORY and asked <= furthest + half(fai.digits):
                grade = Consistency.TIGHT
            text = f"{say(limit.stated.value, 1)} ÷ {say(base, 1)} - 1 = {say(implied, 2)} %"
            if limit.relax_to:
                text += f"; {say(most.value, 1)} ÷ {say(base, 1)} - 1 = {say(furthest, 2)} %"
            yield compare(
                "money",
                fai,
                tier,
                implied,
                sd=0.0,
                slack=half(fai.digits),
                floor=True,
                grade=grade,
                about=msg('Investment growth against the limit "{title}"', title=limit.title),
                by=msg("the limit at most"),
                basis=Bilingual.same(text),
                used=(limit.stated, scenario.accounts.fai, *((limit.relax_to,) if limit.relax_to else ())),
            )


def _key_projects(known: Known) -> Iterator[AuditLine]:
    """Key projects against all investment: last year's share of it, their own plan, and the whole as a
    bound."""
    scenario = known.scenario
    base, about = (
        scenario.accounts.fai,
        msg("Key-project investment against all investment"),
    )
    for row, tier in ((each, tier) for each in known.rows("key_project_investment") for tier in each.tiers):
        before, (nominal, used) = known.outcome(row), known.invested(tier)
        if tier != "at_most":
            most = max(nominal, known.ceiling("fai_growth") or nominal) if not used else nominal
            whole = known.invested_before * (1 + most / 100)
            text = f"{say(known.invested_before, 1)} × {say(1 + most / 100, 4)} = {say(whole, 1)}"
            yield compare(
                "key_bound",
                row,
                tier,
                whole,
                sd=0.0,
                slack=half(row.digits),
                floor=True,
                about=about,
                by=msg("all investment at most"),
                basis=Bilingual.same(text),
                used=(base, *used),
            )
        whole = known.invested_before * (1 + nominal / 100)
        if before is None:
            yield lacking("key_share", row, tier, about, [f"history.outcomes.{row.id}"])
        else:
            implied = before.value / base.value * whole
            text = f"{say(before.value, 1)} ÷ {say(base.value, 1)} × {say(whole, 1)} = {say(implied, 1)}"
            yield compare(
                "key_share",
                row,
                tier,
                implied,
                sd=None,
                slack=half(row.digits),
                about=about,
                used=(before, base),
                by=msg("last year's share of it"),
                basis=Bilingual.same(text),
            )
        if scenario.pool is not None:
            planned, grown = scenario.pool.investment, float(known.money[known.years - 1] / known.money[0])
            text = say(planned.value, 1)
            if known.years > 1:  # it follows all investment
                text += f" × {say(grown, 4)} = {say(planned.value * grown, 1)}"
            yield compare(
                "key_plan",
                row,
                tier,
                planned.value * grown,
                sd=spread(planned) * grown,
                slack=half(row.digits),
                floor=True,
                about=msg("Key-project investment against its plan"),
                used=(planned,),
                by=msg("the year's plan, before delays,"),
                basis=msg("planned investment of key projects = {value}", value=text),
            )
