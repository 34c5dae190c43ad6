"""What page one says: the answer with its range, how many minimum targets stand where, three notes
(首页结论与提醒)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...models.quantity import Bilingual
from ...models.target import Rung, Target
from ...models.words import msg, tr
from ..tables.chances import percent
from ..tables.lines import Line
from ..tables.numbers import counts, ranked
from ..tables.uncertainty_drivers import uncertainty_drivers_sentence
from ..tables.verdict import breaks, telling_digits
from .format import number, unit_of
from .names import name_of
from .plain import plain_sentence
from .wording import amount, both, listed, mains, spaced

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ..tables.table import Table

LOW, HIGH = 0.1, 0.9
"""Quantiles between which eight of ten futures lie."""

_HOLDING, _ASSUMED, _NAMED = 3, 3, 2
_TELLS = 0.02
"""Worth of one more unit, in the target's unit, from which it is said to hold a target down."""


def headline_lines(answer: Answer, tables: Mapping[str, Table]) -> list[Line]:
    """Sentences of page one: the answer, the count, and what to keep in mind."""
    said: dict[str, tuple[Bilingual, Callable[[str], str]]] = {
        "front_answer": (msg("Verdict", context="page one"), lambda lang: answer_sentence(answer, lang)),
        "front_count": (msg("Minimum targets"), lambda lang: count_sentence(answer, lang)),
        "front_note_0": (msg("No chances"), lambda lang: undrawn_sentence(answer, lang)),
        "front_note_1": (
            msg("Uncertainty", context="page one"),
            lambda lang: uncertainty_drivers_sentence(tables, answer, lang),
        ),
        "front_note_2": (msg("Money"), lambda lang: money_sentence(answer, tables, lang)),
        "front_note_3": (msg("Assumptions", context="page one"), lambda lang: assumed_sentence(answer, lang)),
    }
    return [Line(key, label, both(say)) for key, (label, say) in said.items() if say("en")]


def answer_sentence(answer: Answer, lang: str) -> str:
    """The median of each main target with its range of eight in ten, and the chance of each tier."""
    found = answer.ensemble
    if found is None:
        return plain_sentence(answer, lang)
    told = [
        _one(answer, target, lang, first=at == 0)
        for at, target in enumerate(mains(answer)[:2])
        if target.id in found.targets
    ]
    if not told:
        return ""
    if len(told) == 1:
        return told[0]
    return tr(lang, "{note} {more}", context="two sentences", note=told[0], more=told[1])


def _one(answer: Answer, target: Target, lang: str, first: bool) -> str:
    found = answer.ensemble
    assert found is not None
    middle, low, high = (found.quantile(target.id, level).value for level in (0.5, LOW, HIGH))
    digits = telling_digits(target, middle)
    tiers = []
    for tier, threshold in target.tiers.items():
        asked, chance = (
            amount(threshold, target.unit, lang, target.digits),
            percent(found.probability(target.id, tier).value),
        )
        tiers.append(
            {
                "ensure": msg(
                    "the minimum target of {asked} has a chance of {chance}", asked=asked, chance=chance
                ),
                "stretch": msg("the stretch target of {asked} one of {chance}", asked=asked, chance=chance),
                "at_most": msg(
                    "the ceiling of {asked} is kept with a chance of {chance}", asked=asked, chance=chance
                ),
            }[tier].of(lang)
        )
    values: dict[str, Any] = {
        "title": target.title,
        "median": amount(middle, target.unit, lang, digits),
        "low": number(low, target.digits),
        "high": amount(high, target.unit, lang, target.digits),
        "tiers": listed(tiers, lang),
    }
    if first and target.over:
        return tr(
            lang,
            "Under the plan, {title} has a median projection of {median} (eight in ten futures lie between"
            " {low} and {high}): {tiers}.",
            **values,
        )
    if first:
        return tr(
            lang,
            "Under the plan, {title} in {year} has a median projection of {median} (eight in ten futures lie"
            " between {low} and {high}): {tiers}.",
            year=str(answer.scenario.years.target),
            **values,
        )
    return tr(
        lang,
        "{title}: median {median} ({low} to {high}); {tiers}.",
        **values,
    )


def count_sentence(answer: Answer, lang: str) -> str:
    """How many minimum targets (or ceilings) that can be computed stand on each rung."""
    firsts = [each for each in answer.assessment.outcomes if each.tier in ("ensure", "at_most")]
    rungs = [each.rung for each in firsts]
    if len(rungs) < 2:
        return ""
    relaxed = [each.target.title.of(lang) for each in firsts if each.rung is Rung.RELAXED]
    told = [
        text.of(lang)
        for rung, text in (
            (
                Rung.PLAN,
                msg("{count} by the nearest plan within the limits", count=rungs.count(Rung.PLAN))
                if breaks(answer)
                else msg("{count} by the plan as written", count=rungs.count(Rung.PLAN)),
            ),
            (Rung.MIX, msg("{count} with another mix", count=rungs.count(Rung.MIX))),
            (
                Rung.RELAXED,
                msg(
                    "{count} only if a limit is relaxed ({names})",
                    count=len(relaxed),
                    names=listed(relaxed, lang, _NAMED),
                ),
            ),
            (Rung.OUT, msg("{count} not feasible within the limits", count=rungs.count(Rung.OUT))),
            (Rung.UNDECIDED, msg("{count} undecided", count=rungs.count(Rung.UNDECIDED))),
        )
        if rung in rungs
    ]
    return tr(
        lang,
        "{count} minimum targets can be computed: {told}.",
        count=len(rungs),
        told=listed(told, lang, len(told)),
    )


def undrawn_sentence(answer: Answer, lang: str) -> str:
    """That nothing was drawn, where nothing was."""
    if answer.ensemble is not None:
        return ""
    return tr(
        lang,
        "no futures were drawn: all values are of the central case, nothing is said of chances, and"
        " nothing is recommended.",
    )


def no_remedy(answer: Answer) -> Iterator[tuple[Target, str, float]]:
    """Main targets whose first tier is less likely than asked with the most money that is looked at, in the
    same mix; with that chance."""
    for aim, chance in answer.price[-1].chances.items() if answer.price else ():
        target = answer.sheet.targets[aim[0]]
        first = aim[1] == next(iter(target.tiers))
        if target.sign > 0 and first and chance.value < answer.scenario.uncertainty.chance_asked:
            yield target, aim[1], chance.value


def most_added(answer: Answer) -> str:
    """By how much more money the plan's own mix is looked at, %."""
    return number(100 * (answer.price[-1].factor - 1), 0)


def money_sentence(answer: Answer, tables: Mapping[str, Table], lang: str) -> str:
    """A main target that money alone does not bring to the chance asked for, and what holds it."""
    for target, tier, chance in no_remedy(answer):
        values: dict[str, Any] = {
            "title": target.title,
            "value": number(target.tiers[tier], target.digits) + spaced(unit_of(target.unit, lang)),
            "more": most_added(answer),
            "chance": percent(chance),
        }
        if names := _held(tables, target.id, lang):
            return tr(
                lang,
                "More money alone does not bring {title} {value}: with {more}% more in the same mix its"
                " chance is {chance}. What holds it down most: {names}.",
                names=names,
                **values,
            )
        return tr(
            lang,
            "More money alone does not bring {title} {value}: with {more}% more in the same mix its chance"
            " is {chance}.",
            **values,
        )
    return ""


def _held(tables: Mapping[str, Table], key: str, lang: str) -> str:
    """Markets, capacities and materials that are worth most to a target at its optimum."""
    table, name = tables.get("binding"), f"effect_{key}"
    if table is None or all(column.name != name for column in table.columns):
        return ""
    rows = [
        row
        for row in table.records()
        if row["kind_id"] not in ("money", "limit") and (row[name] or 0) >= _TELLS
    ]
    rows.sort(key=lambda row: -row[name])
    return listed(
        dict.fromkeys(
            f"{row['title'].of(lang)}{tr(lang, ' ')}{row['kind'].of(lang)}" for row in rows[:_HOLDING]
        ),
        lang,
    )


def assumed_sentence(answer: Answer, lang: str) -> str:
    """How many numbers are assumptions, and which matter most."""
    sourced, assumed = counts(answer)
    names = [name_of(answer.scenario, path).of(lang) for path in ranked(answer)[:_ASSUMED]]
    if not assumed or not names:
        return ""
    return tr(
        lang,
        "{assumed} of {all} parameters are assumptions; those that matter most: {names}.",
        assumed=assumed,
        all=sourced + assumed,
        names=listed(names, lang, _ASSUMED),
    )
