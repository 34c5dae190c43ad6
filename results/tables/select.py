"""A choice of projects as tables: which start when, what is left out, what it costs by source and quarter
(项目优选)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...engine.study import Study
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.selection import Broken, Candidate, Programme, Quota
from ...models.words import msg, tr
from ...solvers.select import ProjectChoice
from ...solvers.solution import Status
from ..text.format import number
from ..text.wording import amount, both, listed
from .effect import effect_columns, effects_of
from .lines import Line, summary_of
from .table import Column, Table, declare

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
    chosen: Study | None = None,
) -> dict[str, Table]:
    """Every table of the answer by name; of a scenario's projects the regions are its sectors."""
    names = {} if begun is None else {key: sector.title for key, sector in begun.scenario.sectors.items()}
    funds = {} if begun is None else {key: fund.title for key, fund in begun.scenario.funds.items()}
    made = [_summary(programme, choice, short, begun, chosen), _short(short)]
    if choice.found:
        made += [
            _starts(programme, choice, names),
            _left(programme, choice, names),
            _money(programme, choice, funds),
            _regions(programme, choice, names),
            _quarters(programme, choice),
        ]
        if begun is not None and chosen is not None:
            made.append(_targets(begun, chosen))
    return {table.name: table for table in made if table.rows}


def _summary(
    programme: Programme,
    choice: ProjectChoice,
    short: Sequence[Broken],
    begun: Study | None,
    chosen: Study | None,
) -> Table:
    lines = [Line("choice", msg("Choice"), both(partial(_said, programme, choice, short, begun is not None)))]
    if begun is not None and chosen is not None:
        lines.append(Line("advice", msg("Advice"), both(partial(_advice, begun, chosen))))
    return summary_of(lines)


def _advice(begun: Study, chosen: Study, lang: str) -> str:
    """What the choice does to the targets of the year and to GDP later, and whether it is to be recommended:
    never where all it does is harm."""
    moved = {row.of.id: row.of.sign * (row.after - row.before) for row in effects_of(begun, chosen)}
    least = {target.id: 0.5 * 10.0 ** -(target.digits + 1) for target in begun.assessor.targets}
    up, down = ([key for key, value in moved.items() if sign * value > least[key]] for sign in (1.0, -1.0))
    later = float(chosen.plan.path.gdp[-1, 0] - begun.plan.path.gdp[-1, 0])
    year, money = begun.scenario.years.last, amount(later, MONEY, lang, plus=True)
    titles = {target.id: target.title.of(lang) for target in begun.assessor.targets}
    loses = listed([titles[key] for key in down], lang, 3)
    if not up and later <= 0.05 and (down or later < -0.05):
        return tr(
            lang,
            "not recommended: {down}GDP of {year} {money}, and no target gains; the money of projects that"
            " are not chosen is not spent. Keep the plan's starts",
            year=year,
            money=money,
            down=(tr(lang, "{loses} worsen, ", loses=loses) if down else ""),
        )
    gains = listed([titles[key] for key in up], lang, 3)
    if not down and (up or later > 0.05):
        return tr(
            lang,
            "worth taking: {up}GDP of {year} {money}",
            year=year,
            money=money,
            up=(tr(lang, "{gains} improve, ", gains=gains) if up else ""),
        )
    if not up and not down:
        return tr(lang, "no visible difference to the plan")
    rise = tr(lang, "{gains} improve, ", gains=gains) if up else ""
    return tr(
        lang,
        "a trade-off: {rise}{loses} worsen, GDP of {year} {money}; not to be taken where what worsens comes"
        " first",
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
        amount(choice.value, MONEY, lang, 2)
        if stated
        else number(choice.value, 2) + tr(lang, " (in the unit of the candidates' values)")
    )
    if all_ and not choice.starts and not any(each.value for each in programme.candidates):
        return tr(
            lang, "{all} candidates, none of which states a yearly output: none is worth anything", all=all_
        )
    best = "" if choice.status is Status.OPTIMAL else tr(lang, "time ran out, the best schedule so far; ")
    return tr(
        lang,
        "{starts} of {all} candidates start, with {money}, worth {worth}; {best}proven to"
        " be within {gap} % of the optimum",
        starts=len(choice.starts),
        all=all_,
        money=amount(invest, MONEY, lang),
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
    columns = (
        Column("rule", msg("Rule id"), shown=False),
        Column("about", msg("About id"), shown=False, value=lambda each: each.what),
        Column("title", msg("Rule"), value=lambda each: RULES[each.rule]),
        Column("of", msg("About", context="table_select"), value=lambda each: each.what),
        Column("by", msg("Would have to give"), digits=2),
    )
    note = msg(
        "The least in all, relative to each rule's size; shares of projects count, whole ones need a little"
        " more."
    )
    title = msg("Why no schedule keeps every rule")
    return declare("select_short", title, columns, short, ("rule", "about"), note)


def _starts(programme: Programme, choice: ProjectChoice, names: Mapping[str, Bilingual]) -> Table:
    starts, quarters = choice.starts, dict(enumerate(programme.quarters))

    def complete(each: Candidate) -> str | None:
        return quarters.get(starts[each.id] + each.build - 1)

    chosen = sorted((c for c in programme.candidates if c.id in starts), key=lambda c: (starts[c.id], c.id))
    columns = (
        Column("project", msg("Project id"), shown=False, value=lambda each: each.id),
        Column("title", msg("Project")),
        _region(names),
        Column("start", msg("Start", context="table_select"), value=lambda each: quarters[starts[each.id]]),
        Column("complete", msg("Complete"), value=complete),
        Column("build", msg("Quarters"), digits=0),
        Column("invest", msg("Investment", context="table_select"), MONEY, 2),
        _value(names),
        Column(
            "worth",
            msg("Worth"),
            MONEY if names else "",
            3,
            value=lambda each: programme.worth(each, starts[each.id]),
        ),
        Column("must", msg("Must start")),
    )
    later = any(complete(each) is None for each in chosen)
    note = msg("Without a quarter under Complete: after the horizon.") if later else None
    title = msg("Starts", context="table_select")
    return declare("select_starts", title, columns, chosen, ("project",), note)


def _region(names: Mapping[str, Bilingual]) -> Column:
    """What quotas go by: a scenario's projects are sorted by sector, those of a list by region."""
    title = msg("Sector") if names else msg("Region")
    return Column("region", title, value=lambda each: names.get(each.region, each.region))


def _value(names: Mapping[str, Bilingual]) -> Column:
    """A scenario's projects count value in 亿元; a list counts it as its author did."""
    if names:
        return Column("value", msg("Value a year"), MONEY, 3)
    return Column("value", msg("Value a year, as the list counts it"), digits=3)


def _left(programme: Programme, choice: ProjectChoice, names: Mapping[str, Bilingual]) -> Table:
    def per_yuan(each: Candidate) -> float | None:
        return each.value / each.invest if each.invest > 0 else None

    columns = (
        Column("project", msg("Project id"), shown=False, value=lambda each: each.id),
        Column("title", msg("Project")),
        _region(names),
        Column("invest", msg("Investment", context="table_select"), MONEY, 2),
        _value(names),
        Column("per_yuan", msg("Value per unit of money"), digits=3, value=per_yuan),
    )
    left = sorted(
        (c for c in programme.candidates if c.id not in choice.starts),
        key=lambda c: (per_yuan(c) is not None, -(per_yuan(c) or 0.0)),
    )
    return declare("select_left", msg("Left out"), columns, left, ("project",))


@dataclass(frozen=True)
class _Paid:
    """Money of a source in a quarter, and what is left of it, 亿元."""

    source: str
    quarter: str | Bilingual
    budget: float | None
    spent: float
    left: float | None


def _paid(programme: Programme, choice: ProjectChoice) -> Iterator[_Paid]:
    """Money of each source by quarter, then what is still to be paid."""
    spent = programme.spending(choice.starts)
    for source, budget in programme.budgets.items():
        own = spent[source][:-1]
        left = np.cumsum(budget) - np.cumsum(own) if programme.carry else budget - own
        for q, name in enumerate(programme.quarters):
            yield _Paid(source, name, float(budget[q]), float(own[q]), float(left[q]))
        yield _Paid(source, msg("later"), None, float(spent[source][-1]), None)


def _money(programme: Programme, choice: ProjectChoice, funds: Mapping[str, Bilingual]) -> Table:
    columns = (
        Column("source", msg("Source id", context="table_select"), shown=False),
        Column(
            "title",
            msg("Source", context="table_select"),
            value=lambda row: funds.get(row.source, row.source),
        ),
        Column("quarter", msg("Quarter")),
        Column("budget", msg("Budget"), MONEY, 2),
        Column("spent", msg("Spent"), MONEY, 2),
        Column("left", msg("Left", context="table_select"), MONEY, 2),
    )
    note = msg("later: what is still to be paid after the horizon.")
    rows = _paid(programme, choice)
    return declare("select_money", msg("Money by quarter"), columns, rows, ("source", "quarter"), note)


def _regions(programme: Programme, choice: ProjectChoice, names: Mapping[str, Bilingual]) -> Table:
    regions = dict.fromkeys((*programme.quotas, *(c.region for c in programme.candidates)))

    def own(region: str) -> list[Candidate]:
        return [c for c in programme.candidates if c.region == region]

    def taken(region: str) -> list[Candidate]:
        return [c for c in own(region) if c.id in choice.starts]

    def quota(
        name: str, title: Bilingual, unit: str, digits: int, of: Callable[[Quota], float | None]
    ) -> Column:
        def limit(region: str) -> float | None:
            found = of(programme.quotas[region]) if region in programme.quotas else None
            return found if found is not None and np.isfinite(found) else None

        return Column(name, title, unit, digits, optional=True, value=limit)

    columns = (
        Column("region", msg("Region id"), shown=False, value=str),
        Column("of", _region(names).title, value=lambda region: names.get(region, region)),
        Column("candidates", msg("Candidates"), digits=0, value=lambda region: len(own(region))),
        Column(
            "starts", msg("Start", context="table_select"), digits=0, value=lambda region: len(taken(region))
        ),
        Column(
            "invest",
            msg("Investment", context="table_select"),
            MONEY,
            2,
            value=lambda region: sum(c.invest for c in taken(region)),
        ),
        quota("least", msg("At least"), "", 0, lambda own: own.least),
        quota("most", msg("At most"), "", 0, lambda own: own.most),
        quota("money", msg("Investment at most"), MONEY, 2, lambda own: own.money),
    )
    title = msg("By sector") if names else msg("By region")
    return declare("select_regions", title, columns, regions, ("region",))


def _quarters(programme: Programme, choice: ProjectChoice) -> Table:
    known = {c.id: c for c in programme.candidates}
    spent, starts = programme.spending(choice.starts).values(), choice.starts
    begun = Counter(starts.values())
    done = Counter(begins + known[key].build - 1 for key, begins in starts.items())
    columns = (
        Column("quarter", msg("Quarter"), value=lambda q: programme.quarters[q]),
        Column("starts", msg("Starts", context="table_select-2"), digits=0, value=lambda q: begun[q]),
        Column("completions", msg("Completions", context="table_select"), digits=0, value=lambda q: done[q]),
        Column(
            "spent",
            msg("Spent", context="table_select"),
            MONEY,
            2,
            value=lambda q: sum(float(path[q]) for path in spent),
        ),
    )
    rows = range(len(programme.quarters))
    return declare("select_quarters", msg("Starts and completions"), columns, rows, ("quarter",))


def _targets(begun: Study, chosen: Study) -> Table:
    columns = effect_columns(msg("With this choice"), msg("Change", context="table_select"), 2)
    note = msg(
        "Chosen projects start in their quarters, the other candidates not at all; through pipeline and"
        " economy."
    )
    title = msg("What it does to the targets (simulated)", context="table_select")
    return declare("select_targets", title, columns, effects_of(begun, chosen), ("target",), note)
