"""The price of certainty along the plan's own mix, and what each project's slip costs, as tables
(确定性的代价、项目推迟的代价)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...engine.uncertainty.certainty import LEVELS
from ...engine.uncertainty.price import CertaintyPrice
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import number, unit_of, unit_text
from ..text.wording import TIERS, amount, listed, tier_name
from .chances import percent
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.delays import DrawnDelayImpact

LEVERS: dict[str, tuple[Bilingual, str]] = {
    "money": (msg("more investment"), "亿元"),
    "earlier": (msg("projects earlier"), "months"),
}
LEAST = 0.0005
"""Smallest effect of a slip that a sentence names."""
_NO_GAIN = 0.005  # change of a probability that is not printed
ENOUGH = 0.75
"""Part of the way to a sentence's amount: the smallest step that brings this part of the largest gain."""


def certainty_table(answer: Answer, found: Sequence[CertaintyPrice]) -> Table:
    """Probability of each tier against each lever's amounts, and its change against none."""
    rows = tuple(
        (
            *_whose(answer, priced),
            step.amount,
            unit_text(LEVERS[priced.lever][1]),
            step.probability,
            step.error,
            step.change,
            step.change_error,
            answer.sheet.targets[priced.target].digits,
        )
        for priced in found
        for step in priced.curve.steps
    )
    columns = (
        *_WHOSE,
        Column("amount", msg("Amount"), digits=0),
        Column("unit", msg("Unit")),
        Column("probability", msg("Probability"), digits=3),
        Column("error", msg("s.e."), digits=3),
        Column("change", msg("Change", context="table_certainty"), digits=3, signed=True),
        Column("change_error", msg("s.e. of change"), digits=4),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    return Table(
        "certainty",
        msg("Price of certainty along the plan's mix"),
        columns,
        rows,
        ("lever_id", "target", "tier_id", "amount"),
        _NOTE,
    )


def levels_table(answer: Answer, found: Sequence[CertaintyPrice]) -> Table:
    """What each probability takes of each lever, and the probability at the end of the range."""
    rows = []
    for priced in found:
        levels = [cell for level in priced.curve.levels for cell in (level.amount, level.error)]
        first, last = priced.curve.steps[0], priced.curve.steps[-1]
        digits = answer.sheet.targets[priced.target].digits
        rows.append(
            (
                *_whose(answer, priced),
                unit_text(LEVERS[priced.lever][1]),
                first.probability,
                *levels,
                last.amount,
                last.probability,
                digits,
            )
        )
    needs = []
    for level in LEVELS:
        needs.append(Column(f"amount_{100 * level:.0f}", msg("For {level}", level=percent(level)), digits=1))
        needs.append(
            Column(
                f"error_{100 * level:.0f}",
                msg("s.e. for {level}", level=percent(level)),
                digits=1,
                shown=False,
            )
        )
    columns = (
        *_WHOSE,
        Column("unit", msg("Unit")),
        Column("now", msg("Probability now"), digits=2),
        *needs,
        Column("most_amount", msg("Range ends at"), digits=0),
        Column("most", msg("Probability there"), digits=2),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg(
        "Needed for a probability: what that part of the futures takes to get there; empty: beyond the"
        " range; 0: the plan does already. {note}",
        note=_NOTE,
    )
    return Table(
        "certainty_levels",
        msg("What a probability takes"),
        columns,
        tuple(rows),
        ("lever_id", "target", "tier_id"),
        note,
    )


_WHOSE = (
    Column("lever_id", msg("Lever id"), shown=False),
    Column("lever", msg("Lever")),
    Column("target", msg("Target id"), shown=False),
    Column("title", msg("Target")),
    Column("tier_id", msg("Tier id"), shown=False),
    Column("tier", msg("Tier", context="table_certainty")),
    Column("threshold", msg("Target value"), digits=1, digits_from="digits"),
)
_NOTE = msg(
    "The same draws throughout. More investment: every year's money grows in one proportion, the mix stays,"
    " limits are left aside; the amount is that of the target year. Projects earlier: all named projects not"
    " yet commissioned come so many months earlier, spending as planned."
)


def _whose(answer: Answer, priced: CertaintyPrice) -> tuple[Any, ...]:
    """Lever, target and tier."""
    target = answer.sheet.targets[priced.target]
    return (
        priced.lever,
        LEVERS[priced.lever][0],
        priced.target,
        target.title,
        priced.tier,
        TIERS[priced.tier],
        target.tiers[priced.tier],
    )


def certainty_sentence(
    answer: Answer, found: Sequence[CertaintyPrice], target: str, tier: str, lang: str
) -> str:
    """What an amount of each lever moves, and what even odds and the like need."""
    parts = [_moves(priced, lang) for priced in found if (priced.target, priced.tier) == (target, tier)]
    if not parts:
        return ""
    name = answer.sheet.targets[target].title.of(lang)
    head = tr(lang, "{name} {tier}: ", name=name, tier=tier_name(tier, lang))
    return head + tr(lang, "; ").join(parts)


def _moves(priced: CertaintyPrice, lang: str) -> str:
    steps, unit = priced.curve.steps, LEVERS[priced.lever][1]
    if steps[-1].change < _NO_GAIN:
        return _in_vain(priced, lang)
    gain = ENOUGH * steps[-1].change
    step = next((each for each in steps[1:] if each.change >= gain), steps[-1])
    before, after = percent(steps[0].probability), percent(step.probability)
    more = amount(step.amount, unit, lang, 0, plus=priced.lever == "money")
    needs = [
        (level.probability, amount(level.amount, unit, lang, 0))
        for level in priced.curve.levels
        if level.amount
    ]
    values: dict[str, Any] = {"more": more, "before": before, "after": after}
    told = (
        tr(lang, "{more} raises the chance from {before} to {after}", **values)
        if priced.lever == "money"
        else tr(
            lang,
            "named projects {more} earlier raise it from {before} to {after}",
            **values,
        )
    )
    return told + "".join(
        tr(lang, ", {chance} takes {need}", chance=percent(level), need=need) for level, need in needs
    )


def _in_vain(priced: CertaintyPrice, lang: str) -> str:
    """A lever that does not help: it moves nothing, or lowers the probability, as money does under a
    ceiling."""
    (lever, unit), first, last = LEVERS[priced.lever], priced.curve.steps[0], priced.curve.steps[-1]
    most, name = amount(last.amount, unit, lang, 0), lever.of(lang)
    if last.change <= -_NO_GAIN:
        return tr(
            lang,
            "{name}, {most}, lowers it from {before} to {after}",
            name=name,
            most=most,
            before=percent(first.probability),
            after=percent(last.probability),
        )
    return tr(
        lang,
        "{name}, up to {most}, hardly moves it ({probability})",
        name=name,
        most=most,
        probability=percent(last.probability),
    )


def slips_table(answer: Answer, found: Sequence[DrawnDelayImpact], target: str, tier: str) -> Table:
    """One row per project: what a quarter's slip takes from growth and from the probability."""
    aim = answer.sheet.targets[target]
    rows: list[tuple[Any, ...]] = []
    for slip in found:
        project = answer.scenario.projects[slip.project]
        rows.append(
            (
                slip.project,
                project.title,
                project.invest.value,
                slip.effect.value,
                slip.effect.error,
                100 * slip.chance.value,
                100 * slip.chance.error,
            )
        )
    unit = "points" if aim.unit == "%" else aim.unit

    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project")),
        Column("invest", msg("Investment"), "亿元", 1),
        Column("effect", msg("Change of {title}", title=aim.title), unit, 3, signed=True),
        Column("effect_error", msg("its s.e."), digits=5, shown=False),
        Column(
            "chance",
            msg("Change of the probability of {tiers}", tiers=TIERS[tier]),
            "points",
            2,
            signed=True,
        ),
        Column("chance_error", msg("s.e.", context="table_certainty"), "points", 3),
    )
    note = msg(
        "Mean change where that project alone comes a quarter later, on the same draws; the probability is"
        " that of a smoothed tier (Liu & Hong 2011): one project moves fewer futures over the threshold than"
        " draws can count."
    )
    return Table(
        "delay_impact_draws",
        msg("What a quarter's slip costs, on the same draws"),
        columns,
        tuple(rows),
        ("project",),
        note,
    )


def slips_sentence(
    answer: Answer, found: Sequence[DrawnDelayImpact], whole: DrawnDelayImpact | None, target: str, lang: str
) -> str:
    """The projects whose slip costs most, and all together."""
    aim = answer.sheet.targets[target]
    told = []
    for slip in found[:3]:
        if abs(slip.effect.value) < LEAST:
            break
        title = answer.scenario.projects[slip.project].title.of(lang)
        told.append(f"{title} {_loss(slip, lang)}")
    if not told:
        return ""
    unit = "points" if aim.unit == "%" else aim.unit
    said = tr(
        lang,
        "one project a quarter later moves {title} by ({unit}; in brackets the probability, points):"
        " {projects}",
        title=aim.title,
        unit=unit_of(unit, lang),
        projects=listed(told, lang),
    )
    if whole is None:
        return said
    return tr(lang, "{said}; all projects together {loss}", said=said, loss=_loss(whole, lang))


def _loss(slip: DrawnDelayImpact, lang: str) -> str:
    effect, chance = number(slip.effect.value, 3), number(100 * slip.chance.value, 1)
    return tr(lang, "{effect} ({chance})", effect=effect, chance=chance)
