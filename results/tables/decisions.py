"""What can be decided, and what would have to be true, as tables (选择与前提)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.hints import uncapped
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.target import Target
from ...models.words import msg, tr
from ..text.causes import Supported, input_error, input_text, input_unit, input_value, supported, told_value
from ..text.format import number, unit_of, unit_text
from ..text.wording import (
    TIERS,
    amount,
    both,
    confidence,
    give_or_take,
    likelihood,
    listed,
    moved,
    relaxed,
    spaced,
    the_years,
)
from .chances import percent
from .table import Column, Table, declare, where

if TYPE_CHECKING:
    from ...engine.decide.decisions import BreakEven, Decision
    from ...engine.run import Answer
    from ...models.limits import Bound


def decisions_table(answer: Answer) -> Table | None:
    """Each row a decision: what changes, its money, the chance of each main tier, the last year, who must
    agree."""
    if not answer.decisions:
        return None
    plan, place = answer.decisions[0], {id(one): at for at, one in enumerate(answer.decisions)}

    def if_enough(make: Callable[[Decision], Any]) -> Callable[[Decision], Any]:
        return lambda one: make(one) if one.enough else None

    columns = (
        Column("decision", msg("Id"), shown=False, value=lambda one: f"{one.kind}-{place[id(one)]}"),
        Column("title", msg("Decision"), value=lambda one: _title(answer, one)),
        Column("change", msg("What changes"), word=False, value=lambda one: _change(answer, one)),
        Column(
            "money",
            msg("Investment of {year}", year=the_years(answer.scenario)),
            MONEY,
            1,
            value=if_enough(lambda one: one.money),
        ),
        Column(
            "money_error",
            msg("s.e."),
            MONEY,
            1,
            word=False,
            value=lambda one: one.fix and one.fix.error,
            optional=True,
        ),
        Column(
            "more",
            msg("Against the plan"),
            MONEY,
            1,
            signed=True,
            word=False,
            value=if_enough(lambda one: one.money - plan.money),
        ),
        *(
            column
            for key, tier in plan.chances
            for column in _chance(answer, key, tier, word=plan.firsts[key] == tier)
        ),
        Column(
            "wins",
            msg("Better than the plan in"),
            "%",
            0,
            word=False,
            value=lambda one: None if one is plan or not one.enough else 100 * one.wins,
        ),
        Column("turns", msg("Turns on"), word=False, value=lambda one: _turns(answer, one), optional=True),
        Column(
            "later",
            msg("GDP of {last} against the plan", last=answer.scenario.years.last),
            MONEY,
            1,
            signed=True,
            value=if_enough(lambda one: one.later),
        ),
        Column("who", msg("Who must agree"), value=lambda one: _who(answer, one), optional=True),
    )
    note = msg(
        'Chances on the same futures; "not distinguishable" means that no main chance differs from the'
        " plan's by more than two standard errors. Amounts aim at the target itself, not at a value that"
        " rounds to it, so that the chance is a little more than asked. Money is investment; limits stand in"
        " their own units and are not added into one price."
    )
    aim = next(iter(plan.chances))
    brief = where(lambda one: one.kind != "fix" or one.reaches == aim)
    title = msg("What can be decided")
    return declare("decisions", title, columns, answer.decisions, ("decision",), note, brief)


def _chance(answer: Answer, key: str, tier: str, word: bool) -> tuple[Column, Column]:
    """The chance of a tier, and its error."""
    title = msg("{name}, {tiers}: chance", name=answer.sheet.targets[key].title, tiers=TIERS[tier])

    def cell(make: Callable[[Decision], float]) -> Callable[[Decision], float | None]:
        return lambda one: 100 * make(one) if one.enough else None

    return (
        Column(
            f"chance_{key}_{tier}",
            title,
            "%",
            0,
            chance=True,
            word=word,
            value=cell(lambda one: one.chances[key, tier].value),
        ),
        Column(
            f"error_{key}_{tier}",
            msg("s.e."),
            "points",
            1,
            shown=False,
            value=cell(lambda one: one.chances[key, tier].error),
        ),
    )


def _who(answer: Answer, one: Decision) -> Bilingual | None:
    """Who must agree to what a decision breaks; what lies beyond the end of a limit is said."""
    if not one.broken or not one.enough:
        return None

    def say(lang: str) -> str:
        who = who_agrees(answer, one.broken, lang)
        return tr(lang, "{who}; beyond what may be relaxed", who=who) if one.beyond else who

    return both(say)


def limit_titles(answer: Answer, bounds: Iterable[Bound], lang: str) -> str:
    """Limits by their titles."""
    return listed([answer.scenario.limits[bound.id].title.of(lang) for bound in bounds], lang)


def who_agrees(answer: Answer, bounds: Iterable[Bound], lang: str) -> str:
    """Who must agree to breaking limits: their owners, or whoever sets them where nobody is named."""
    limits = (answer.scenario.limits[bound.id] for bound in bounds)
    names = (
        limit.owner.of(lang) if limit.owner else tr(lang, "whoever sets “{limit}”", limit=limit.title)
        for limit in limits
    )
    return listed(dict.fromkeys(names), lang, 2)


def _title(answer: Answer, one: Decision) -> Bilingual:
    if one.kind == "plan":
        return msg("the plan")
    if one.kind == "mix":
        if answer.decisions[0].broken and uncapped(answer.scenario):
            return msg("likeliest plan under the limits stated")
        if answer.decisions[0].broken:
            return msg("likeliest plan within the limits")
        if one.same:
            return msg("likeliest mix for the same money (not distinguishable from the plan)")
        return msg("likeliest mix for the same money")
    if one.kind == "free":
        return msg("likeliest mix that costs nothing later")
    if one.kind == "limit":
        return msg("all money that the limits allow, same mix")
    if one.kind == "end":
        return msg("likeliest, all limits relaxed to their ends")
    if one.kind == "more":
        return both(lambda lang: _more(answer, one, lang))
    assert one.reaches is not None
    key, tier = one.reaches
    target = answer.sheet.targets[key]
    return both(
        lambda lang: tr(
            lang,
            "to reach {title} {tier} {value}",
            title=target.title,
            tier=TIERS[tier],
            value=_aim(target, tier, lang),
        )
    )


def _more(answer: Answer, one: Decision, lang: str) -> str:
    """The plan's own mix with the money for a chance, or that no such amount is found."""
    asked = percent(one.asked or 0.0)
    if not one.enough:
        most = max(point.factor for point in answer.price)
        return tr(
            lang,
            "a chance of {asked}: not with up to {more}% more in the same mix (highest {chance})",
            asked=asked,
            more=number(100 * (most - 1), 0),
            chance=percent(next(iter(one.chances.values())).value),
        )
    more = amount(one.money - answer.decisions[0].money, MONEY, lang)
    if one.money < answer.decisions[0].money:
        less = amount(answer.decisions[0].money - one.money, MONEY, lang)
        return tr(lang, "{less} less in the same mix (chance ≥ {asked})", less=less, asked=asked)
    return tr(lang, "{more} more in the same mix (chance ≥ {asked})", more=more, asked=asked)


def _aim(target: Target, tier: str, lang: str) -> str:
    """The value of a tier with its unit."""
    return number(target.tiers[tier], target.digits) + spaced(unit_of(target.unit, lang))


def _turns(answer: Answer, one: Decision) -> Bilingual | None:
    if one.turns is None:
        return None
    name, found = one.turns
    what = input_text(answer, name)

    def say(lang: str) -> str:
        value = told_value(answer, name, found.value or 0.0, lang, found.error)
        return tr(lang, "{what} (changes places at {value})", what=what, value=value)

    return both(say)


def _change(answer: Answer, one: Decision) -> Bilingual:
    if one.kind == "plan":
        return msg("—")
    return both(
        lambda lang: relaxed(answer, one.fix, lang, error=False) if one.fix else moved(answer, one.run, lang)
    )


def break_evens_table(answer: Answer) -> Table | None:
    """What would have to be true for each main tier to have the chance asked for, and how likely that is."""
    if not answer.break_evens:
        return None
    targets = answer.sheet.targets

    def if_any(make: Callable[[BreakEven], Any]) -> Callable[[BreakEven], Any]:
        return lambda one: None if one.needed.value is None else make(one)

    def needed(one: BreakEven) -> Supported:
        value, error = one.needed.value or 0.0, one.needed.error
        return supported(input_value(one.driver, value), input_error(one.driver, value, error))

    def words(one: BreakEven) -> Bilingual:
        if one.needed.value is None:
            return msg("no value drawn") if one.needed.known else UNSETTLED
        return likelihood(one.needed.beyond)

    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target"), value=lambda one: targets[one.target].title),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda one: one.tier),
        Column("tier", msg("Tier", context="table_decisions"), value=lambda one: TIERS[one.tier]),
        Column("driver", msg("Path", context="table_decisions"), shown=False),
        Column("what", msg("Driver"), value=lambda one: input_text(answer, one.driver)),
        Column("unit", msg("Unit"), value=lambda one: unit_text(input_unit(answer, one.driver))),
        Column(
            "now",
            msg("Median now"),
            digits=2,
            unit_from="unit",
            value=lambda one: input_value(one.driver, one.now),
        ),
        Column(
            "needed", msg("Would have to be"), digits_from="fine", value=if_any(lambda one: needed(one).value)
        ),
        Column("error", msg("s.e."), digits_from="fine", value=if_any(lambda one: needed(one).error)),
        Column("likelihood", msg("How likely"), "%", 0, value=if_any(lambda one: 100 * one.needed.beyond)),
        Column(
            "likelihood_error",
            msg("s.e. of that"),
            "points",
            1,
            word=False,
            value=if_any(lambda one: 100 * one.needed.beyond_error),
        ),
        Column("fine", msg("Digits"), digits=0, shown=False, value=if_any(lambda one: needed(one).digits)),
        Column("words", msg("In words", context="table_decisions"), word=False, value=words),
    )
    note = msg(
        "With everything else uncertain as before, a driver of this value gives the tier"
        " the chance asked for; how likely: the part of the futures in which it is at"
        " least as favourable. Digits are those that the error supports; nothing is shown"
        " where two standard errors exceed the driver's own standard deviation, or where"
        " half of the draws have no such value."
    )
    title = msg("What would have to be true")
    return declare("break_evens", title, columns, answer.break_evens, ("target", "tier_id", "driver"), note)


UNSETTLED = msg("not settled by these draws")


def break_even_sentence(answer: Answer, lang: str) -> str:
    """For the first main tier that is not reached: its drivers, what they would have to be, and how likely
    that is."""
    if not answer.break_evens:
        return ""
    first = answer.break_evens[0]
    some = [one for one in answer.break_evens if (one.target, one.tier) == (first.target, first.tier)]
    target = answer.sheet.targets[first.target]
    value = _aim(target, first.tier, lang)
    told = [_told(answer, one, lang) for one in some if one.needed.value is not None]
    none, open_ = (
        [
            input_text(answer, one.driver).of(lang)
            for one in some
            if one.needed.value is None and one.needed.known is known
        ]
        for known in (True, False)
    )
    if not told:
        parts = []
        if none:
            parts.append(
                tr(
                    lang,
                    "no single driver ({none}) would give it the chance asked for",
                    none=listed(none, lang, 3),
                )
            )
        if open_:
            parts.append(
                tr(
                    lang,
                    "what {open} would have to be is {unsettled}",
                    open=listed(open_, lang, 3),
                    unsettled=UNSETTLED,
                )
            )
        said = tr(lang, "; ").join(parts)
        return tr(lang, "{title} {value}: {said}", title=target.title, value=value, said=said)
    joined = tr(lang, "; or ").join(told)
    return tr(
        lang,
        "for {title} {value} to have the chance asked for ({confidence}), one of these: {joined}",
        title=target.title,
        value=value,
        confidence=confidence(answer),
        joined=joined,
    )


def _told(answer: Answer, one: BreakEven, lang: str) -> str:
    name, found = input_text(answer, one.driver).of(lang), one.needed
    now, plain = (told_value(answer, one.driver, value, lang) for value in (one.now, found.value or 0.0))
    chance = percent(found.beyond)
    if chance[0] not in "<>":
        chance = f"{chance[:-1]}{give_or_take(100 * found.beyond_error, 0)}%"
    if now == plain:
        return tr(
            lang,
            "{name} hardly other than {now}, its median ({chance} likely)",
            name=name,
            now=now,
            chance=chance,
        )
    needed = told_value(answer, one.driver, found.value or 0.0, lang, found.error)
    return tr(
        lang,
        "{name} {needed} instead of {now} ({chance} likely)",
        name=name,
        needed=needed,
        now=now,
        chance=chance,
    )
