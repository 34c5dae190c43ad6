"""Limits and what one more unit of each is worth (限制与边际效果)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.hints import uncapped, unfloored
from ...engine.plans import counted
from ...models.limits import TOTAL_MONEY, Bound, Ground
from ...models.money import MONEY
from ...models.quantity import Bilingual, Quantity
from ...models.sectors.process_chain import ProcessChain
from ...models.target import Target
from ...models.words import in_each, msg, tr
from ...solvers.conflict import PLAN_TOTAL
from ...solvers.problem import FLOOR
from ..text.format import number, unit_text
from ..text.wording import amount, both, in_points, limit_unit, listed, mains, one_more, relax_unit, the_years
from .lines import Line
from .table import Column, Table, declare, first

if TYPE_CHECKING:
    from ...engine.decide.uses import Use
    from ...engine.run import Answer
    from ...scenarios.schema import Limit
    from .setting import Setting

_NOTE = msg(
    "The effect of one more unit holds at the optimum of that target, for small changes, not at the plan;"
    ' "used up" speaks of the plan: a limit that the plan leaves slack may bind at the optimum and then has a'
    " worth."
)


_TOTAL = msg("the plan's total investment")


def limit_name(setting: Setting, key: str, lang: str) -> str:
    """A limit with its value, as a sentence says it."""
    if key == PLAN_TOTAL:
        whole = counted(setting.scenario, setting.plan.plan, setting.year)
        return f"{_TOTAL.of(lang)} {amount(whole, MONEY, lang)}"
    limit = setting.scenario.limits[key]
    return f"{limit.title.of(lang)} {amount(limit.stated.value, limit_unit(setting, key), lang)}"


def limit_span(setting: Setting, bound: Bound) -> str:
    """The years in which a limit holds; empty for the target year."""
    if bound.years in ((), (setting.year,)):
        return ""
    first, last = (str(setting.economy.base_year + year) for year in (bound.years[0], bound.years[-1]))
    return first if first == last else f"{first}-{last}"


def contradiction(setting: Setting) -> Bilingual | None:
    """Which limits no plan keeps together; None where one does."""
    keys = setting.contradictory
    if not keys:
        return None

    def say(lang: str) -> str:
        all_of = listed([limit_name(setting, key, lang) for key in keys], lang)
        if len(keys) == 1:
            return tr(lang, "No plan keeps {all_of}: named projects alone need more", all_of=all_of)
        return tr(lang, "The limits contradict each other: no plan keeps all of {all_of}", all_of=all_of)

    return both(say)


def unstated_sentence(setting: Setting, lang: str) -> str:
    """Which limits nobody stated, and what alone holds an optimum then; nothing where a limit says how far a
    sector's money may rise."""
    scenario = setting.scenario
    if not uncapped(scenario):
        return ""
    bounded = any(limit.kind.all_money for limit in scenario.limits.values())
    missing = [tr(lang, "how far one sector's investment may rise")]
    held = [limit_name(setting, key, lang) for key in scenario.limits]
    if unfloored(scenario):
        missing.append(tr(lang, "how far it may be cut"))
        held.append(
            tr(
                lang,
                "every sector keeps at least {part} % of its planned money (an assumption)",
                part=number(100 * FLOOR, 0),
            )
        )
    if not bounded:
        missing.append(tr(lang, "how much may be invested in all"))
        whole = amount(counted(setting.scenario, setting.plan.plan, setting.year), MONEY, lang)
        held.append(tr(lang, "the plan's total investment, {whole}", whole=whole))
    return tr(
        lang,
        "no limit was stated on {missing}; only these hold: {held}. An optimum under these alone says what"
        " the model allows, not what can be done.",
        missing=listed(missing, lang, 3),
        held=listed(held, lang, 6),
    )


def assumed_row(setting: Setting) -> list[Line]:
    """What nobody stated of the limits, as a line of a summary before any optimum.

    That nothing says how far a sector may rise, or that every sector keeps a part of its money because nobody
    said how little it may have.
    """
    if uncapped(setting.scenario):
        return [
            Line("unstated", msg("Limits not stated"), both(lambda lang: unstated_sentence(setting, lang)))
        ]
    if not unfloored(setting.scenario):
        return []
    said = msg(
        "no limit says how far a sector's investment may be cut: every sector keeps at"
        " least {part} % of its planned money, an assumption.",
        part=number(100 * FLOOR, 0),
    )
    return [Line("assumed", msg("Note"), said)]


def contradiction_row(setting: Setting) -> list[Line]:
    """The same as a line of a summary."""
    told = contradiction(setting)
    if told is None:
        return []
    return [Line("broken", msg("Note"), both(lambda lang: told.of(lang) + tr(lang, ".")))]


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


Worth = Callable[[Any, str], float | None]
"""What one more unit of a row does to a target, by its id; None where that is not known."""


def effects(answer: Answer, worth: Worth, word: bool = True) -> list[Column]:
    """A column per main target with what one more unit of something does to it."""

    def effect(target: Target) -> Column:
        return Column(
            f"effect_{target.id}",
            msg("One more, at the optimum: {title}", title=target.title),
            in_points(target.unit),
            4,
            signed=True,
            value=lambda row: worth(row, target.id),
            optional=True,
            word=word,
        )

    return [effect(target) for target in mains(answer)]


def limits(answer: Answer) -> Table:
    """Every limit: how much the plan uses, how far it can be relaxed, and what one more unit is worth."""
    ground, prices = _ground(answer), answer.assessment.prices

    def own(use: Use) -> Limit:
        return answer.scenario.limits[use.bound.id]

    def worth(use: Use, target: str) -> float | None:
        known = prices.get(target)
        return use.bound.worth(known, ground) if known else None

    def kind(use: Use) -> Bilingual:
        about = answer.economy.indicators.get(use.bound.about)
        if about is None:
            return use.bound.title
        when = limit_span(answer, use.bound)
        return msg("{title} ({year})", title=about.title, year=when) if when else about.title

    def held(use: Use) -> str | None:
        return None if use.bound.about else limit_span(answer, use.bound) or str(answer.scenario.years.target)

    years = Column("years", msg("Years", context="table_limits"), value=held)
    columns = (
        Column("limit", msg("Limit id"), shown=False, value=lambda use: use.bound.id),
        Column("title", msg("Limit"), value=lambda use: own(use).title),
        *([years] if any(limit_span(answer, bound) and not bound.about for bound in answer.bounds) else []),
        Column("kind", msg("Kind", context="table_limits"), word=False, value=kind),
        Column("unit", msg("Unit"), value=lambda use: unit_text(limit_unit(answer, use.bound.id))),
        Column(
            "max",
            msg("Stated bound"),
            digits=1,
            unit_from="unit",
            compared=True,
            value=lambda use: own(use).stated.value,
        ),
        Column(
            "used",
            msg("Used by the plan"),
            digits=2,
            unit_from="unit",
            compared=True,
            value=lambda use: use.bound.sign * use.used,
        ),
        Column("slack", msg("Left"), digits=2, unit_from="unit"),
        Column("over", msg("Over"), digits=2, unit_from="unit"),
        Column(
            "relax_to",
            msg("Relaxable to"),
            digits=1,
            unit_from="unit",
            optional=True,
            value=lambda use: _value(own(use).relax_to),
        ),
        Column(
            "price",
            msg("Price per unit"),
            MONEY,
            2,
            optional=True,
            word=False,
            value=lambda use: _value(own(use).price),
        ),
        Column("binding", msg("Used up by the plan"), value=lambda use: use.full),
        *effects(answer, worth, word=False),
    )
    return declare("limits", msg("Limits"), columns, answer.assessment.uses, ("limit",), _NOTE)


def _value(number: Quantity | None) -> float | None:
    return number.value if number else None


def _ground(setting: Setting) -> Ground:
    """What the limits are counted from; starts of projects are not marginal."""
    plan = setting.plan
    before = plan.pipeline_run.realisation.placed(0)[:, 0]
    return Ground.of(
        setting.economy,
        plan.plan.money(setting.year),
        before,
        setting.bounds,
        setting.year,
        path=plan.path,
    )


def binding(answer: Answer) -> Table:
    """What binds at the best plans: each row of the solver with a price, in a planner's words."""
    found: dict[str, dict[str, float]] = {}
    for target, prices in answer.assessment.prices.items():
        for row, price in prices.items():
            found.setdefault(row, {})[target] = price
    if any(f"limit:{bound.id}" in found for bound in answer.bounds if bound.all_money):
        found.pop(TOTAL_MONEY, None)  # the limit on all money says the same under its own name
    words = {row: priced(answer, row) for row in found}

    def worth(row: str, target: str) -> float | None:
        return words[row].scale * found[row][target] if target in found[row] else None

    columns = (
        Column("row", msg("Row id"), shown=False, value=str),
        Column(
            "kind_id", msg("Kind id", context="table_limits"), shown=False, value=lambda row: words[row].kind
        ),
        Column("kind", msg("Kind", context="table_limits"), value=lambda row: _KINDS[words[row].kind]),
        Column("title", msg("Binding constraints"), value=lambda row: words[row].title),
        Column(
            "one",
            msg("One more", context="table_limits"),
            value=lambda row: in_each(lambda lang: one_more(words[row].unit, lang)),
        ),
        *effects(answer, worth),
    )
    rows = sorted(found, key=lambda row: -abs(words[row].scale) * max(map(abs, found[row].values())))
    return declare("binding", msg("Binding constraints"), columns, rows, ("row",), _NOTE, brief=first(15))


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
            msg("Investment of {year}", context="limits", year=the_years(answer.scenario)),
            MONEY,
        )
    head, _, rest = row.partition(":")
    if head == "limit":
        return _of_limit(answer, row)
    name, _, year = rest.rpartition(":")
    if head == "named projects":
        title = _dated(answer, answer.scenario.sectors[name].title, year)
        said = msg("{title}: tied to named projects", title=title)
        return PricedRow("projects", said, MONEY, -1.0)
    branches = {branch.id: branch.title for branch in answer.economy.branches}
    if head == "capacity" and name in branches:
        return PricedRow("capacity", _dated(answer, branches[name], year), MONEY)
    title, unit = Bilingual.same(name), "万吨"
    for sector in answer.economy.sectors:
        if isinstance(sector, ProcessChain):
            if name in sector.chain.materials or name in sector.chain.processes:
                unit = sector.chain.units.amount
            if head == "feed" and name in sector.chain.materials:
                title = sector.chain.materials[name].title
            elif name in sector.chain.processes:
                process = sector.chain.processes[name]
                title = sector.chain.materials[process.makes].title if head == "market" else process.title
    return PricedRow(head, _dated(answer, title, year), unit)


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
    year = name.rpartition(":")[2] if len(bound.years) > 1 and not bound.together else ""
    if row is None or part not in answer.scenario.sectors:
        return PricedRow("limit", _in(answer, limit.title, year), relax_unit(answer, key))
    title = msg("{limit}: {sector}", limit=limit.title, sector=answer.scenario.sectors[part].title)
    if row.low > -math.inf:
        title = msg("{title} (floor lowered)", title=title)
    elif way:
        title = msg("{title} (upper end)", title=title)
    unit = "points" if row.percent else relax_unit(answer, key)
    return PricedRow("limit", _in(answer, title, year), unit, -row.relax)


def _dated(answer: Setting, title: Bilingual, year: str) -> Bilingual:
    """The title with its year where that is not the target's."""
    return _in(answer, title, "" if year == str(answer.year) else year)


def _in(answer: Setting, title: Bilingual, year: str) -> Bilingual:
    """The title with a year by its index, where there is one."""
    if not year.isdecimal():
        return title
    return msg("{title} ({year})", title=title, year=answer.economy.base_year + int(year))
