"""What can be decided, and what would have to be true, as tables (选择与前提)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.quantity import Bilingual
from ...models.words import LANGUAGES, msg, tr
from ..text.causes import input_error, input_text, input_unit, input_value, supported, told_value
from ..text.format import number, unit_of, unit_text
from ..text.wording import (
    TIERS,
    both,
    confidence,
    give_or_take,
    likelihood,
    listed,
    moved,
    relaxed,
    spaced,
    the_year,
)
from .chances import percent
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.decide.decisions import BreakEven, Decision
    from ...engine.run import Answer


def decisions_table(answer: Answer) -> Table | None:
    """Each row a decision: what changes, its money, the chance of each main tier, the last year, who must
    agree."""
    if not answer.decisions:
        return None
    tiers = list(answer.decisions[0].chances)
    columns: list[Column] = [
        Column("decision", msg("Id"), shown=False),
        Column("title", msg("Decision")),
        Column("change", msg("What changes")),
        Column(
            "money",
            msg("Investment of {year}", year=the_year(answer.scenario.years)),
            "亿元",
            1,
        ),
        Column("money_error", msg("s.e."), "亿元", 1),
        Column("more", msg("Against the plan"), "亿元", 1, signed=True),
    ]
    for key, tier in tiers:
        name = answer.sheet.targets[key].title
        columns.append(
            Column(
                f"chance_{key}_{tier}",
                msg("Chance: {name}, {tiers}", name=name, tiers=TIERS[tier]),
                "%",
                0,
            )
        )
        columns.append(Column(f"error_{key}_{tier}", msg("s.e."), "points", 1, shown=False))
    last = answer.scenario.years.last
    columns += [
        Column("wins", msg("Better than the plan in"), "%", 0),
        Column("turns", msg("Turns on")),
        Column("later", msg("GDP of {last}", last=last), "亿元", 1, signed=True),
        Column("who", msg("Who must agree")),
    ]
    rows = tuple(_row(answer, one, at) for at, one in enumerate(answer.decisions))
    note = msg(
        'Chances on the same futures; "not distinguishable" means that no main chance differs from the'
        " plan's by more than two standard errors. Money is investment; limits stand in their own units and"
        " are not added into one price."
    )
    return hide_empty(
        Table(
            "decisions",
            msg("What can be decided"),
            tuple(columns),
            rows,
            ("decision",),
            note,
        ),
        "money_error",
        "who",
        "turns",
    )


def _row(answer: Answer, one: Decision, at: int) -> tuple[Any, ...]:
    plan = answer.decisions[0].money
    cells = [cell for chance in one.chances.values() for cell in (100 * chance.value, 100 * chance.error)]
    owners = [
        limit.owner or limit.title
        for key in (one.fix.relaxed if one.fix else ())
        if (limit := answer.scenario.limits.get(key))
    ]
    who = both(lambda lang: listed([owner.of(lang) for owner in owners], lang, 3)) if owners else None
    return (
        f"{one.kind}-{at}",
        _title(answer, one),
        _change(answer, one),
        one.money,
        one.fix.error if one.fix else None,
        one.money - plan,
        *cells,
        None if one.kind == "plan" else 100 * one.wins,
        _turns(answer, one),
        one.later,
        who,
    )


def _title(answer: Answer, one: Decision) -> Bilingual:
    if one.kind == "plan":
        return msg("the plan")
    if one.kind == "mix":
        if one.same:
            return msg("the likeliest plan within the limits (not distinguishable from the plan)")
        return msg("the likeliest plan within the limits")
    assert one.reaches is not None
    key, tier = one.reaches
    target = answer.sheet.targets[key]
    value = number(target.tiers[tier], target.digits)
    values = {lang: value + spaced(unit_of(target.unit, lang)) for lang in LANGUAGES}
    if one.kind == "more":
        return both(
            lambda lang: tr(
                lang,
                "to reach {title} {tier} {value}, the mix as planned",
                title=target.title,
                tier=TIERS[tier],
                value=values[lang],
            )
        )
    return both(
        lambda lang: tr(
            lang,
            "to reach {title} {tier} {value}",
            title=target.title,
            tier=TIERS[tier],
            value=values[lang],
        )
    )


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
    rows = tuple(_break_even(answer, one) for one in answer.break_evens)
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("tier_id", msg("Tier id"), shown=False),
        Column("tier", msg("Tier", context="table_decisions")),
        Column("driver", msg("Path", context="table_decisions"), shown=False),
        Column("what", msg("Driver")),
        Column("unit", msg("Unit")),
        Column("now", msg("Median now"), digits=2),
        Column("needed", msg("Would have to be"), digits_from="fine"),
        Column("error", msg("s.e."), digits_from="fine"),
        Column("likelihood", msg("How likely"), "%", 0),
        Column("likelihood_error", msg("s.e. of that"), "points", 1),
        Column("fine", msg("Digits"), digits=0, shown=False),
        Column("words", msg("In words", context="table_decisions")),
    )
    note = msg(
        "With everything else in doubt as before, a driver of this value gives the tier the chance asked for;"
        " how likely: the part of the futures in which it is at least as favourable. Digits are those that"
        " the error supports; nothing is shown where two standard errors exceed the driver's own standard"
        " deviation, or where half of the draws have no such value."
    )
    return Table(
        "break_evens",
        msg("What would have to be true"),
        columns,
        rows,
        ("target", "tier_id", "driver"),
        note,
    )


def _break_even(answer: Answer, one: BreakEven) -> tuple[Any, ...]:
    target, found = answer.sheet.targets[one.target], one.needed
    head = (
        one.target,
        target.title,
        one.tier,
        TIERS[one.tier],
        one.driver,
        input_text(answer, one.driver),
        unit_text(input_unit(answer, one.driver)),
        input_value(one.driver, one.now),
    )
    if found.value is None:
        return (
            *head,
            None,
            None,
            None,
            None,
            None,
            msg("no value drawn") if found.known else UNSETTLED,
        )
    value, error, digits = supported(
        input_value(one.driver, found.value), input_error(one.driver, found.value, found.error)
    )
    return (
        *head,
        value,
        error,
        100 * found.beyond,
        100 * found.beyond_error,
        digits,
        likelihood(found.beyond),
    )


UNSETTLED = msg("not settled by these draws")


def break_even_sentence(answer: Answer, lang: str) -> str:
    """For the first main tier that is not reached: its drivers, what they would have to be, and how likely
    that is."""
    if not answer.break_evens:
        return ""
    first = answer.break_evens[0]
    some = [one for one in answer.break_evens if (one.target, one.tier) == (first.target, first.tier)]
    target = answer.sheet.targets[first.target]
    value = number(target.tiers[first.tier], target.digits) + spaced(unit_of(target.unit, lang))
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
