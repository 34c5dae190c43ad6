"""Recommendations made from the results by rules: what to do, at what price and chance, what not, what to
watch (建议).

Every clause names the table it was read from. Nothing is advised that the draws do not support: a difference
below two standard errors is told as none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.decide.decisions import APART, SMALL
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..tables.chances import percent
from ..tables.decisions import limit_titles, who_agrees
from ..tables.lines import Line
from ..tables.verdict import telling_digits
from .causes import input_text
from .format import number, unit_of
from .headline import most_added, no_remedy
from .wording import amount, both, give_or_take, listed, moved, relaxed, spaced

if TYPE_CHECKING:
    from ...engine.decide.decisions import Decision
    from ...engine.run import Answer
    from ...engine.uncertainty.regret import Chance
    from ...models.target import Target
    from ..tables.table import Table

_PROJECTS = 2


def advice_lines(answer: Answer, tables: Mapping[str, Table]) -> list[Line]:
    """What to do, what it costs, what not to do, what to watch; nothing where no draws were made."""
    if not answer.decisions:
        return []
    told: tuple[tuple[Bilingual, Callable[[str], str]], ...] = (
        (msg("What to do"), lambda lang: _do(answer, tables, lang)),
        (msg("What it takes", context="advice"), lambda lang: _takes(answer, tables, lang)),
        (msg("The mix"), lambda lang: _mix(answer, tables, lang)),
        (msg("What not to do"), lambda lang: _not(answer, tables, lang)),
        (msg("What to watch"), lambda lang: _watch(answer, tables, lang)),
    )
    lines = [(label, both(say)) for label, say in told if say("en")]
    return [Line(f"advice_{at}", *line) for at, line in enumerate(lines, start=1)]


def _first(answer: Answer) -> tuple[str, str]:
    return next(iter(answer.decisions[0].chances))


def _aim(answer: Answer, lang: str) -> str:
    """The first main target with its first tier."""
    key, tier = _first(answer)
    target = answer.sheet.targets[key]
    value = number(target.tiers[tier], target.digits) + spaced(unit_of(target.unit, lang))
    return f"{target.title.of(lang)}{tr(lang, ' ')}{value}"


def _seen(tables: Mapping[str, Table], name: str, lang: str) -> str:
    """Where a clause was read, as its end."""
    return tr(lang, ' (table "{title}")', title=tables[name].title) if name in tables else ""


def _chance(one: Decision, answer: Answer) -> Chance:
    return one.chances[_first(answer)]


def _apart(one: Decision, answer: Answer) -> bool:
    found = _chance(one, answer)
    return abs(found.difference) > APART * found.difference_error


def _later(answer: Answer, one: Decision, lang: str) -> str:
    """What a decision does to the last year, as a clause; nothing where that prints as zero."""
    if abs(one.later) < SMALL:
        return ""
    return tr(
        lang,
        " (GDP of {last} {money})",
        last=str(answer.scenario.years.last),
        money=amount(one.later, MONEY, lang, plus=True),
    )


def _do(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """The first step for the first main target."""
    plan, aim = answer.decisions[0], _aim(answer, lang)
    own = _chance(plan, answer)
    if plan.broken:
        return tr(
            lang,
            "Bring the plan within its limits first, or have them relaxed: it breaks {names}, and {who} must"
            " agree{seen}.",
            names=limit_titles(answer, plan.broken, lang),
            who=who_agrees(answer, plan.broken, lang),
            seen=_seen(tables, "limits", lang),
        )
    if own.value >= answer.scenario.uncertainty.chance_asked:
        if less := _less_likely(answer, lang):
            return tr(
                lang,
                "For {aim} keep the plan as written, its chance is {chance}; less likely than asked:"
                " {less}{seen}.",
                aim=aim,
                chance=percent(own.value),
                less=less,
                seen=_seen(tables, "decisions", lang),
            )
        return tr(
            lang,
            "Keep the plan as written: {aim} has a chance of {chance}{seen}.",
            aim=aim,
            chance=percent(own.value),
            seen=_seen(tables, "decisions", lang),
        )
    enough = _enough(answer)
    if enough:
        one = enough[0]
        how = relaxed(answer, one.fix, lang, error=False) if one.fix else moved(answer, one.run, lang)
        values = {
            "how": how,
            "aim": aim,
            "before": percent(own.value),
            "after": percent(_chance(one, answer).value),
            "later": _later(answer, one, lang),
            "instead": _instead(answer, one, lang),
            "seen": _seen(tables, "decisions", lang),
        }
        if one.broken:
            return tr(
                lang,
                "{how}: the chance of {aim} rises from {before} to {after}{later}; {who} must"
                " agree{instead}{seen}.",
                who=who_agrees(answer, one.broken, lang),
                **values,
            )
        return tr(
            lang, "{how}: the chance of {aim} rises from {before} to {after}{later}{instead}{seen}.", **values
        )
    target = answer.sheet.targets[_first(answer)[0]]
    best = max(
        (one for one in answer.decisions if one.kind != "more"), key=lambda one: _chance(one, answer).value
    )
    had = _had(answer, target)
    return tr(
        lang,
        "Do not promise {aim}: no plan within the limits, even with every limit relaxed to its end, has the"
        " chance asked for (the highest is {best}). What the plan reaches with a chance of {asked} is"
        " {had}{seen}.",
        aim=aim,
        best=percent(_chance(best, answer).value),
        asked=percent(answer.scenario.uncertainty.chance_asked),
        had=amount(had, target.unit, lang, telling_digits(target, had)),
        seen=_seen(tables, "decisions", lang),
    )


def _less_likely(answer: Answer, lang: str) -> str:
    """Main targets whose first tier the plan does not give the chance asked for."""
    chances = answer.decisions[0].chances
    few = {
        key: chances[key, tier].value
        for key, tier in answer.decisions[0].firsts.items()
        if chances[key, tier].value < answer.scenario.uncertainty.chance_asked
    }
    return listed([f"{answer.sheet.targets[key].title.of(lang)} {percent(few[key])}" for key in few], lang)


def _enough(answer: Answer) -> list[Decision]:
    """Decisions within the limits, or with the least relaxation, that have the chance asked for."""
    return [
        one
        for one in answer.decisions[1:]
        if one.kind in ("free", "mix", "limit", "fix")
        and _chance(one, answer).value >= answer.scenario.uncertainty.chance_asked
        and _apart(one, answer)
    ]


def _had(answer: Answer, target: Target) -> float:
    """The value that the plan reaches with the chance asked for."""
    assert answer.ensemble is not None
    level = (
        1 - answer.scenario.uncertainty.chance_asked
        if target.sign > 0
        else answer.scenario.uncertainty.chance_asked
    )
    return float(np.quantile(answer.ensemble.outcomes[target.id], level))


def _instead(answer: Answer, one: Decision, lang: str) -> str:
    """The plan's own mix with more money, where it has the chance too within what may be relaxed."""
    other = next(
        (
            each
            for each in answer.decisions
            if each.kind == "more"
            and each.enough
            and not each.beyond
            and each.asked == answer.scenario.uncertainty.chance_asked
        ),
        None,
    )
    if other is None or one.kind == "more":
        return ""
    return tr(
        lang,
        "; in the same mix it takes {money} more{later}",
        money=amount(other.money - answer.decisions[0].money, MONEY, lang),
        later=_later(answer, other, lang),
    )


def _takes(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """What each chance costs with the plan's own mix."""
    plan = answer.decisions[0]
    parts = []
    for one in answer.decisions:
        if one.kind != "more" or one.asked is None:
            continue
        asked = percent(one.asked)
        if not one.enough:
            parts.append(
                tr(
                    lang,
                    "a chance of {asked} is not reached with up to {more}% more (the highest is {chance})",
                    asked=asked,
                    more=most_added(answer),
                    chance=percent(_chance(one, answer).value),
                )
            )
            continue
        values = {
            "asked": asked,
            "money": amount(abs(one.money - plan.money), MONEY, lang),
            "later": _later(answer, one, lang),
        }
        if one.money < plan.money:
            parts.append(tr(lang, "a chance of {asked} takes {money} less{later}", **values))
        elif one.beyond:
            names = limit_titles(answer, one.beyond, lang)
            parts.append(
                tr(
                    lang,
                    "a chance of {asked} takes {money} more{later}, beyond the end to which {names} may be"
                    " relaxed",
                    names=names,
                    **values,
                )
            )
        else:
            parts.append(tr(lang, "a chance of {asked} takes {money} more{later}", **values))
    if not parts:
        return ""
    return tr(
        lang,
        "In the same mix, {parts}{seen}.",
        parts=tr(lang, "; ").join(parts),
        seen=_seen(tables, "price", lang),
    )


def _mix(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """Whether another mix within the limits is worth it for the first main target."""
    plan = answer.decisions[0]
    one = next((one for one in answer.decisions if one.kind == "mix"), None)
    told = next(iter(_enough(answer)), None)
    ceiling = answer.sheet.targets[_first(answer)[0]].sign < 0
    if (
        one is None
        or plan.broken
        or ceiling
        or _chance(plan, answer).value >= answer.scenario.uncertainty.chance_asked
    ):
        return ""
    if told is not None and told.kind in ("mix", "free"):
        return ""  # it is what to do
    found, seen = _chance(one, answer), _seen(tables, "decisions", lang)
    if one.same or not _apart(one, answer) or found.difference < 0:
        return tr(
            lang,
            "No other mix for the same money within the limits is told from the plan by its chances: nothing"
            " speaks for changing it for this target{seen}.",
            seen=seen,
        )
    values: dict[str, Any] = {
        "gain": number(100 * found.difference, 1) + give_or_take(100 * found.difference_error, 1),
        "how": moved(answer, one.run, lang),
        "seen": seen,
    }
    if one.later >= -SMALL:
        return tr(
            lang,
            "The likeliest mix for the same money ({how}) gains {gain} points of chance and costs nothing"
            " later{seen}.",
            **values,
        )
    values |= {
        "lost": amount(-one.later, MONEY, lang),
        "last": str(answer.scenario.years.last),
    }
    free = next((each for each in answer.decisions if each.kind == "free"), None)
    if free is None:
        return tr(
            lang,
            "The likeliest mix for the same money ({how}) gains {gain} points of chance this year and costs"
            " {lost} of GDP in {last}: it is a loan from later years{seen}.",
            **values,
        )
    least = _chance(free, answer)
    return tr(
        lang,
        "The likeliest mix for the same money ({how}) gains {gain} points of chance this year and costs"
        " {lost} of GDP in {last}: it is a loan from later years. Another ({other}) gains {less} points and"
        " costs nothing later: prefer it{seen}.",
        other=moved(answer, free.run, lang),
        less=number(100 * least.difference, 1) + give_or_take(100 * least.difference_error, 1),
        **values,
    )


def _not(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """Targets for which money is no remedy."""
    names = [target.title.of(lang) for target, _, _ in no_remedy(answer)]
    if not names:
        return ""
    return tr(
        lang,
        "Do not add money for the sake of {names}: even {more}% more in the same mix does not make it as"
        " likely as asked{seen}.",
        names=listed(names, lang),
        more=most_added(answer),
        seen=_seen(tables, "price", lang),
    )


def _watch(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """The drivers of the first main target, and the projects whose delay costs most."""
    parts = []
    key, tier = _first(answer)
    drivers = [
        input_text(answer, one.driver).of(lang)
        for one in answer.break_evens
        if (one.target, one.tier) == (key, tier) and one.needed.value is not None
    ]
    if drivers:
        parts.append(
            tr(
                lang,
                "what would turn the answer: {drivers}{seen}",
                drivers=listed(drivers, lang),
                seen=_seen(tables, "break_evens", lang),
            )
        )
    late = [
        f"{row['title'].of(lang)} {amount(row['effect'], 'points', lang, 2)}"
        for row in (tables["delay_impact"].records() if "delay_impact" in tables else ())[:_PROJECTS]
        if row["effect"] <= -0.005
    ]
    if late:
        parts.append(
            tr(
                lang,
                "projects that cost most growth if they come a quarter later: {late}{seen}",
                late=listed(late, lang),
                seen=_seen(tables, "delay_impact", lang),
            )
        )
    if not parts:
        return ""
    said = tr(lang, "; ").join(parts)
    return said[:1].upper() + said[1:] + tr(lang, ".")
