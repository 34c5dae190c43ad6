"""The answer in one sentence that needs no table: what is expected, how far off the target that is, how
likely it is (一句话)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...engine.diagnose.plausibility import BELIEVABLE, greatest_change
from ...models.money import MONEY
from ...models.words import msg, tr
from ..tables.chances import percent
from ..tables.verdict import by_rounding, hair, telling_digits
from .wording import amount, mains

if TYPE_CHECKING:
    from ...engine.decide.assess import Outcome
    from ...engine.run import Answer

_MOST = 3  # targets that the sentence names before it says how many there are
_LEAST_MONEY = 0.05  # 亿元 that print as something


def plain_sentence(answer: Answer, lang: str) -> str:
    """What the plan brings each main target, beside the highest tier it reaches and the first it misses;
    empty without targets."""
    wanted = {target.id for target in mains(answer)}
    by_target: dict[str, list[Outcome]] = {}
    for outcome in answer.assessment.outcomes:
        if outcome.target.id in wanted and math.isfinite(outcome.expected):
            by_target.setdefault(outcome.target.id, []).append(outcome)
    every = [tiers for tiers in by_target.values() if tiers]
    if not every:
        return ""
    year = str(answer.scenario.years.target)
    parts = [_one(tiers, lang, year if at == 0 else "") for at, tiers in enumerate(every[:_MOST])]
    if more := len(every) - len(parts):
        parts.append(tr(lang, "The target sheet has {more} more", more=more))
    said = tr(
        lang,
        ". ",
        context="between what is said of two targets",
    ).join(parts)
    return _doubt(answer, lang) + tr(lang, "Under the plan, {said}.", said=said)


def _doubt(answer: Answer, lang: str) -> str:
    """What comes first where the result is not to be believed; empty otherwise."""
    year, growth = greatest_change(answer.plan.path)
    if abs(growth) <= BELIEVABLE:
        return ""
    return tr(
        lang,
        "NOT TO BE BELIEVED: GDP would change by {growth} in {year}, more than {most} in a year; a number"
        " of the scenario has a wrong unit or size, see the warnings. ",
        growth=amount(growth, "%", lang, 0),
        year=str(answer.scenario.years.base + year),
        most=amount(BELIEVABLE, "%", lang, 0),
    )


def _one(tiers: list[Outcome], lang: str, year: str) -> str:
    """One target: its expected value, the highest tier reached, the first missed."""
    target, expected = tiers[0].target, tiers[0].expected
    met = [outcome for outcome in tiers if target.met(expected, outcome.threshold)]
    missed = [outcome for outcome in tiers if not target.met(expected, outcome.threshold)]
    said = [_against(outcome, lang) for outcome in (*met[-1:], *missed[:1])]
    value = amount(expected, target.unit, lang, telling_digits(target, expected))
    tiers_told = tr(
        lang,
        " and ",
        context="between what is said of two tiers",
    ).join(said)
    if not year or target.over:
        return tr(
            lang,
            "{target} is projected at {value}, {tiers_told}",
            target=target.title,
            value=value,
            tiers_told=tiers_told,
        )
    return tr(
        lang,
        "{target} in {year} is projected at {value}, {tiers_told}",
        target=target.title,
        year=year,
        value=value,
        tiers_told=tiers_told,
    )


def _against(outcome: Outcome, lang: str) -> str:
    """The expected value beside one tier, how far it is off, and the chance of reaching it."""
    target = outcome.target
    reached, ceiling = target.met(outcome.expected, outcome.threshold), target.sign < 0
    asked = amount(outcome.threshold, target.unit, lang, target.digits)
    tier = {
        "ensure": msg("{asked} minimum target", asked=asked),
        "stretch": msg("{asked} stretch target", asked=asked),
        "at_most": msg("ceiling of {asked}", asked=asked),
    }[outcome.tier]
    off = _off(outcome, reached, lang)
    if ceiling:
        told = (
            tr(lang, "within the {tier} ({off})", tier=tier, off=off)
            if reached
            else tr(lang, "above the {tier} ({off})", tier=tier, off=off)
        )
    elif reached:
        told = tr(lang, "at or above the {tier} ({off})", tier=tier, off=off)
    else:
        told = tr(lang, "below the {tier} ({off})", tier=tier, off=off)
    if outcome.probability is None:
        return told
    return tr(
        lang,
        "{told}, with a {chance} chance of reaching it",
        told=told,
        chance=percent(outcome.probability),
    )


def _off(outcome: Outcome, reached: bool, lang: str) -> str:
    """The distance to a tier, in the target's unit and in money where it has a level."""
    target = outcome.target
    unit = "points" if target.unit == "%" else target.unit
    gap = amount(abs(outcome.gap), unit, lang, telling_digits(target, outcome.expected))
    if by_rounding(target, outcome.expected, outcome.threshold):
        return tr(lang, "after rounding, {hair} off before it", hair=hair(outcome, lang))
    told = tr(
        lang,
        "{gap} {reached}",
        gap=gap,
        reached=(
            tr(lang, "to spare") if reached else (tr(lang, "over") if target.sign < 0 else tr(lang, "short"))
        ),
    )
    money = outcome.gap_yi
    if reached or money is None or abs(money) < _LEAST_MONEY or unit == MONEY:
        return told
    return told + (tr(lang, ", about {money}", money=amount(abs(money), MONEY, lang)))
