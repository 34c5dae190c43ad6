"""The answer in one sentence that needs no table: what is expected, how far off the target that is, how
likely it is (一句话)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..models.words import tr
from .table_chances import percent
from .table_verdict import by_rounding, hair, telling_digits
from .wording import amount, mains

if TYPE_CHECKING:
    from ..engine.assess import Outcome
    from ..engine.run import Answer

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
    year, zh = answer.scenario.years.target, lang == "zh"
    parts = [_one(tiers, lang, str(year) if at == 0 else "") for at, tiers in enumerate(every[:_MOST])]
    if more := len(every) - len(parts):
        parts.append(tr(lang, "The target sheet has {more} more", more=more))
    return f"按现方案，{'；'.join(parts)}。" if zh else f"Under the plan, {'. '.join(parts)}."


def _one(tiers: list[Outcome], lang: str, year: str) -> str:
    """One target: its expected value, the highest tier reached, the first missed."""
    target, expected, zh = tiers[0].target, tiers[0].expected, lang == "zh"
    met = [outcome for outcome in tiers if target.met(expected, outcome.threshold)]
    missed = [outcome for outcome in tiers if not target.met(expected, outcome.threshold)]
    said = [_against(outcome, lang) for outcome in (*met[-1:], *missed[:1])]
    value = amount(expected, target.unit, lang, telling_digits(target, expected))
    title = target.title.of(lang)
    if zh:
        return f"{f'{year}年' if year else ''}{title}预计{value}，{'，'.join(said)}"
    return f"{title}{f' in {year}' if year else ''} is expected at {value}, {' and '.join(said)}"


def _against(outcome: Outcome, lang: str) -> str:
    """The expected value beside one tier, how far it is off, and the chance of reaching it."""
    target, zh = outcome.target, lang == "zh"
    reached, ceiling = target.met(outcome.expected, outcome.threshold), target.sign < 0
    asked = amount(outcome.threshold, target.unit, lang, target.digits)
    off = _off(outcome, reached, lang)
    if zh:
        tier = {"ensure": "确保目标", "stretch": "力争目标", "at_most": "上限"}[outcome.tier]
        side = ("不超过" if reached else "高于") if ceiling else "达到" if reached else "低于"
        told = f"{side}{asked}的{tier}（{off}）"
        return told if outcome.probability is None else f"{told}，达标概率{percent(outcome.probability)}"
    tier = {
        "ensure": f"{asked} target to be ensured",
        "stretch": f"{asked} stretch target",
        "at_most": f"ceiling of {asked}",
    }[outcome.tier]
    side = ("within" if reached else "above") if ceiling else "at or above" if reached else "below"
    told = f"{side} the {tier} ({off})"
    return (
        told
        if outcome.probability is None
        else f"{told}, with a {percent(outcome.probability)} chance of reaching it"
    )


def _off(outcome: Outcome, reached: bool, lang: str) -> str:
    """The distance to a tier, in the target's unit and in money where it has a level."""
    target, _zh = outcome.target, lang == "zh"
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
    if reached or money is None or abs(money) < _LEAST_MONEY or unit == "亿元":
        return told
    return told + (tr(lang, ", about {money}", money=amount(abs(money), "亿元", lang)))
