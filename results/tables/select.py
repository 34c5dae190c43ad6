"""A choice of projects as tables: which start when, what is left out, what it costs by source and quarter
(项目优选)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ...engine.decide.assess import Run
from ...engine.study import Study
from ...models.quantity import Bilingual
from ...models.selection import Broken, Programme
from ...models.words import msg, tr
from ...solvers.select import ProjectChoice
from ...solvers.solution import Status
from ..text.format import number, unit_text
from ..text.wording import amount, both, listed
from .table import Column, Table, hide_empty

RULES = {
    "budget": msg("money"),
    "must": msg("project that must start"),
    "region_least": msg("least starts of a region"),
    "region_most": msg("most starts of a region"),
    "region_money": msg("most investment of a region"),
    "starts": msg("least starts"),
    "completions": msg("least completions"),
}


def select_tables(
    programme: Programme,
    choice: ProjectChoice,
    short: Sequence[Broken] = (),
    begun: Study | None = None,
    run: Run | None = None,
) -> dict[str, Table]:
    """Every table of the answer by name; of a scenario's projects the regions are its sectors."""
    names = {} if begun is None else {key: sector.title for key, sector in begun.scenario.sectors.items()}
    made = [_summary(programme, choice, short, begun, run), _short(short)]
    if choice.found:
        made += [
            _starts(programme, choice, names),
            _left(programme, choice, names),
            _money(programme, choice),
            _regions(programme, choice, names),
            _quarters(programme, choice),
        ]
        if begun is not None and run is not None:
            made.append(_targets(begun, run))
    return {table.name: table for table in made if table.rows}


def _summary(
    programme: Programme, choice: ProjectChoice, short: Sequence[Broken], begun: Study | None, run: Run | None
) -> Table:
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    rows = [
        (
            "choice",
            msg("Choice"),
            both(partial(_said, programme, choice, short, begun is not None)),
        )
    ]
    if begun is not None and run is not None:
        rows.append(("advice", msg("Advice"), both(partial(_advice, begun, run))))
    return Table("summary", msg("Summary"), columns, tuple(rows), ("line",))


def _advice(begun: Study, run: Run, lang: str) -> str:
    """What the choice does to the targets of the year and to GDP later, and whether it is to be recommended:
    never where all it does is harm."""
    moved = {
        target.id: (
            target.sign * (begun.assessor.value(target, run) - begun.assessor.value(target, begun.plan))
        )
        for target in begun.assessor.targets
    }
    least = {target.id: 0.5 * 10.0 ** -(target.digits + 1) for target in begun.assessor.targets}
    up, down = ([key for key, value in moved.items() if sign * value > least[key]] for sign in (1.0, -1.0))
    later = float(run.path.gdp[-1, 0] - begun.plan.path.gdp[-1, 0])
    year, money = begun.scenario.years.last, amount(later, "亿元", lang, plus=True)
    titles = {target.id: target.title.of(lang) for target in begun.assessor.targets}
    loses = listed([titles[key] for key in down], lang, 3)
    if not up and later <= 0.05 and (down or later < -0.05):
        return tr(
            lang,
            "not recommended: {down}GDP of {year} {money}, and no target gains; the money of projects that"
            " are not chosen is not spent. Keep the plan's starts",
            year=year,
            money=money,
            down=(tr(lang, "{loses} fall, ", loses=loses) if down else ""),
        )
    gains = listed([titles[key] for key in up], lang, 3)
    if not down and (up or later > 0.05):
        return tr(
            lang,
            "worth taking: {up}GDP of {year} {money}",
            year=year,
            money=money,
            up=(tr(lang, "{gains} rise, ", gains=gains) if up else ""),
        )
    if not up and not down:
        return tr(lang, "no visible difference to the plan")
    rise = tr(lang, "{gains} rise, ", gains=gains) if up else ""
    return tr(
        lang,
        "a trade-off: {rise}{loses} fall, GDP of {year} {money}; not to be taken where the year's targets"
        " come first",
        rise=rise,
        loses=loses,
        year=year,
        money=money,
    )


def _said(
    programme: Programme, choice: ProjectChoice, short: Sequence[Broken], stated: bool, lang: str
) -> str:
    """The choice in a sentence; projects that a scenario has ``stated`` are worth money, those of a list what
    its column counts."""
    all_ = len(programme.candidates)
    if not choice.found:
        if choice.status is Status.INFEASIBLE:
            told = _why(short, lang)
            return tr(lang, "{all} candidates: no schedule keeps every rule{told}", all=all_, told=told)
        return tr(lang, "{all} candidates: time ran out before any schedule was found", all=all_)
    invest = sum(each.invest for each in programme.candidates if each.id in choice.starts)
    gap = number(100 * choice.gap, 2) if np.isfinite(choice.gap) else "∞"
    worth = (
        amount(choice.value, "亿元", lang, 2)
        if stated
        else number(choice.value, 2) + tr(lang, " (in the unit of the candidates' values)")
    )
    best = (
        ""
        if choice.status is Status.OPTIMAL
        else tr(
            lang,
            "time ran out, the best schedule so far; ",
        )
    )
    return tr(
        lang,
        "{starts} of {all} candidates start, with {money}, worth {worth}; {best}no schedule is worth more"
        " than {gap} % more",
        starts=len(choice.starts),
        all=all_,
        money=amount(invest, "亿元", lang),
        worth=worth,
        best=best,
        gap=gap,
    )


def _why(short: Sequence[Broken], lang: str) -> str:
    if not short:
        return ""
    parts = [
        f"{RULES[each.rule].of(lang)} {each.what} {number(each.by, 2)}".replace("  ", " ") for each in short
    ]
    return tr(lang, "; at least these would have to give: {rules}", rules=listed(parts, lang, 4))


def _short(short: Sequence[Broken]) -> Table:
    rows = [(each.rule, each.what, RULES[each.rule], each.what, each.by) for each in short]
    columns = (
        Column("rule", msg("Rule id"), shown=False),
        Column("about", msg("About id"), shown=False),
        Column("title", msg("Rule")),
        Column("of", msg("About", context="table_select")),
        Column("by", msg("Would have to give"), digits=2),
    )
    note = msg(
        "The least in all, relative to each rule's size; shares of projects count, whole ones need a little"
        " more."
    )
    return Table(
        "select_short",
        msg("Why no schedule keeps every rule"),
        columns,
        tuple(rows),
        ("rule", "about"),
        note,
    )


def _starts(programme: Programme, choice: ProjectChoice, names: Mapping[str, Bilingual]) -> Table:
    count = len(programme.quarters)
    rows = []
    for each in sorted(
        (c for c in programme.candidates if c.id in choice.starts), key=lambda c: (choice.starts[c.id], c.id)
    ):
        begins = choice.starts[each.id]
        ends = begins + each.build - 1
        done = programme.quarters[ends] if ends < count else None
        rows.append(
            (
                each.id,
                each.title,
                names.get(each.region, each.region),
                programme.quarters[begins],
                done,
                each.build,
                each.invest,
                each.value,
                programme.worth(each, begins),
                each.must,
            )
        )
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project")),
        _region(names),
        Column("start", msg("Start", context="table_select")),
        Column("complete", msg("Complete")),
        Column("build", msg("Quarters"), digits=0),
        Column("invest", msg("Investment", context="table_select"), "亿元", 2),
        _value(names),
        Column("worth", msg("Worth"), "亿元" if names else "", 3),
        Column("must", msg("Must start")),
    )
    later = any(row[4] is None for row in rows)
    note = msg("Without a quarter under Complete: after the horizon.") if later else None
    return Table(
        "select_starts", msg("Starts", context="table_select"), columns, tuple(rows), ("project",), note
    )


def _region(names: Mapping[str, Bilingual]) -> Column:
    """Heading of what quotas go by: a scenario's projects are sorted by sector, those of a list by region."""
    return Column("region", msg("Sector")) if names else Column("region", msg("Region"))


def _value(names: Mapping[str, Bilingual]) -> Column:
    """A scenario's projects count value in 亿元; a list counts it as its author did."""
    if names:
        return Column("value", msg("Value a year"), "亿元", 3)
    return Column("value", msg("Value a year, as the list counts it"), digits=3)


def _left(programme: Programme, choice: ProjectChoice, names: Mapping[str, Bilingual]) -> Table:
    left = sorted(
        (c for c in programme.candidates if c.id not in choice.starts),
        key=lambda c: -(c.value / c.invest if c.invest > 0 else np.inf),
    )
    rows = [
        (
            c.id,
            c.title,
            names.get(c.region, c.region),
            c.invest,
            c.value,
            c.value / c.invest if c.invest > 0 else None,
        )
        for c in left
    ]
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project")),
        _region(names),
        Column("invest", msg("Investment", context="table_select"), "亿元", 2),
        _value(names),
        Column("per_yuan", msg("Value per yuan"), digits=3),
    )
    return Table("select_left", msg("Left out"), columns, tuple(rows), ("project",))


def _money(programme: Programme, choice: ProjectChoice) -> Table:
    spent = programme.spending(choice.starts)
    rows: list[tuple[Any, ...]] = []
    for source, budget in programme.budgets.items():
        for q, name in enumerate(programme.quarters):
            rows.append(
                (
                    source,
                    name,
                    float(budget[q]),
                    float(spent[source][q]),
                    float(
                        (np.cumsum(budget) - np.cumsum(spent[source][:-1]))[q]
                        if programme.carry
                        else budget[q] - spent[source][q]
                    ),
                )
            )
        rows.append((source, msg("later"), None, float(spent[source][-1]), None))
    columns = (
        Column("source", msg("Source", context="table_select")),
        Column("quarter", msg("Quarter")),
        Column("budget", msg("Budget"), "亿元", 2),
        Column("spent", msg("Spent"), "亿元", 2),
        Column("left", msg("Left", context="table_select"), "亿元", 2),
    )
    note = msg("later: what is still to be paid after the horizon.")
    return Table(
        "select_money",
        msg("Money by quarter"),
        columns,
        tuple(rows),
        ("source", "quarter"),
        note,
    )


def _regions(programme: Programme, choice: ProjectChoice, names: Mapping[str, Bilingual]) -> Table:
    rows = []
    for region in dict.fromkeys((*programme.quotas, *(c.region for c in programme.candidates))):
        own = [c for c in programme.candidates if c.region == region]
        taken = [c for c in own if c.id in choice.starts]
        quota = programme.quotas.get(region)
        limits = (None, None, None) if quota is None else (quota.least, quota.most, quota.money)
        rows.append(
            (
                region,
                names.get(region, region),
                len(own),
                len(taken),
                sum(c.invest for c in taken),
                *(None if v is None or not np.isfinite(v) else v for v in limits),
            )
        )
    columns = (
        Column("region", msg("Region id"), shown=False),
        replace(_region(names), name="of"),
        Column("candidates", msg("Candidates"), digits=0),
        Column("starts", msg("Start", context="table_select"), digits=0),
        Column("invest", msg("Investment", context="table_select"), "亿元", 2),
        Column("least", msg("At least"), digits=0),
        Column("most", msg("At most"), digits=0),
        Column("money", msg("Investment at most"), "亿元", 2),
    )
    table = Table(
        "select_regions",
        msg("By sector") if names else msg("By region"),
        columns,
        tuple(rows),
        ("region",),
    )
    return hide_empty(table, "least", "most", "money")


def _quarters(programme: Programme, choice: ProjectChoice) -> Table:
    known = {c.id: c for c in programme.candidates}
    spent = programme.spending(choice.starts)
    rows = [
        (
            name,
            sum(begins == q for begins in choice.starts.values()),
            sum(begins + known[key].build - 1 == q for key, begins in choice.starts.items()),
            sum(float(path[q]) for path in spent.values()),
        )
        for q, name in enumerate(programme.quarters)
    ]
    columns = (
        Column("quarter", msg("Quarter")),
        Column("starts", msg("Starts", context="table_select-2"), digits=0),
        Column("completions", msg("Completions", context="table_select"), digits=0),
        Column("spent", msg("Spent", context="table_select"), "亿元", 2),
    )
    return Table(
        "select_quarters",
        msg("Starts and completions"),
        columns,
        tuple(rows),
        ("quarter",),
    )


def _targets(begun: Study, run: Run) -> Table:
    rows = []
    for target in begun.assessor.targets:
        before, after = (begun.assessor.value(target, each) for each in (begun.plan, run))
        rows.append(
            (
                target.id,
                target.title,
                before,
                after,
                after - before,
                unit_text(target.unit),
                target.digits + 1,
            )
        )
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("before", msg("Plan"), digits_from="digits"),
        Column("after", msg("With this choice"), digits_from="digits"),
        Column("change", msg("Change", context="table_select"), digits=2, signed=True),
        Column("unit", msg("Unit")),
        Column("digits", msg("Digits"), shown=False),
    )
    note = msg(
        "Chosen projects start in their quarters, the other candidates not at all; through pipeline and"
        " economy."
    )
    return Table(
        "select_targets",
        msg("What it does to the targets (simulated)", context="table_select"),
        columns,
        tuple(rows),
        ("target",),
        note,
    )
