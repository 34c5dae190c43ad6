"""The price of certainty along the plan's own mix, and what each project's slip costs, as tables
(确定性的代价、项目推迟的代价)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ...engine.uncertainty.certainty import LEVELS, CertaintyStep, ChanceNow
from ...engine.uncertainty.price import CertaintyPrice
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import number, unit_of, unit_text
from ..text.wording import TIERS, amount, in_points, listed, tier_name
from .chances import percent
from .table import Column, Table, declare, first, none

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.delays import DrawnDelayImpact
    from ...models.target import Target


class _Lever(NamedTuple):
    title: Bilingual
    unit: str


LEVERS = {
    "money": _Lever(msg("more investment"), MONEY),
    "earlier": _Lever(msg("projects earlier"), "months"),
}
LEAST = 0.0005
"""Smallest effect of a slip that a sentence names."""
_NO_GAIN = 0.005  # change of a probability that is not printed
ENOUGH = 0.75
"""Part of the way to a sentence's amount: the smallest step that brings this part of the largest gain."""


class _Point(NamedTuple):
    """A point of the curve of a lever for a tier."""

    price: CertaintyPrice
    at: CertaintyStep


def certainty_table(answer: Answer, found: Sequence[CertaintyPrice]) -> Table:
    """Probability of each tier against each lever's amounts, and its change against none."""
    change = msg("Change", context="table_certainty")
    columns = (
        *_whose(answer),
        Column("amount", msg("Amount"), digits=0, unit_from="unit", value=lambda row: row.at.amount),
        _UNIT,
        Column("probability", msg("Probability"), digits=3, fraction="chance", value=_probability),
        Column("error", msg("s.e."), digits=3, fraction="points", value=lambda row: row.at.error),
        Column("change", change, digits=3, signed=True, fraction="points", value=lambda row: row.at.change),
        Column(
            "change_error",
            msg("s.e. of change"),
            digits=4,
            fraction="points",
            value=lambda row: row.at.change_error,
        ),
        _digits(answer),
    )
    title, key = msg("Price of certainty along the plan's mix"), ("lever_id", "target", "tier_id", "amount")
    rows = (_Point(price, step) for price in found for step in price.curve.steps)
    return declare("certainty", title, columns, rows, key, _NOTE, none)


def levels_table(answer: Answer, found: Sequence[CertaintyPrice]) -> Table:
    """What each probability takes of each lever, and the probability at the end of the range."""

    own = partial(Column, digits=1, unit_from="unit")

    def needs(k: int, told: str) -> tuple[Column, Column]:
        amount, error = msg("For {level}", level=told), msg("s.e. for {level}", level=told)
        name = f"{100 * LEVELS[k]:.0f}"

        def level(row: _Point) -> ChanceNow:
            return row.price.curve.levels[k]

        return (
            own(f"amount_{name}", amount, value=lambda row: level(row).amount),
            own(f"error_{name}", error, shown=False, value=lambda row: level(row).error),
        )

    def last(row: _Point) -> CertaintyStep:
        return row.price.curve.steps[-1]

    there = msg("Probability there")
    columns = (
        *_whose(answer),
        _UNIT,
        Column("now", msg("Probability now"), digits=2, fraction="chance", value=_probability),
        *(column for k, level in enumerate(LEVELS) for column in needs(k, percent(level))),
        Column(
            "most_amount",
            msg("Range ends at"),
            digits=0,
            unit_from="unit",
            value=lambda row: last(row).amount,
        ),
        Column("most", there, digits=2, fraction="chance", value=lambda row: last(row).probability),
        _digits(answer),
    )
    note = msg(
        "Needed for a probability: what that part of the futures takes to get there; empty: beyond the"
        " range; 0: the plan does already. {note}",
        note=_NOTE,
    )
    rows = (_Point(price, price.curve.steps[0]) for price in found)
    title, key = msg("What a probability takes"), ("lever_id", "target", "tier_id")
    return declare("certainty_levels", title, columns, rows, key, note)


_UNIT = Column("unit", msg("Unit"), value=lambda row: unit_text(LEVERS[row.price.lever].unit))
_NOTE = msg(
    "The same draws throughout. More investment: every year's money grows in one proportion, the mix stays,"
    " limits are left aside; the amount is that of the target year. Projects earlier: all named projects not"
    " yet commissioned come so many months earlier, spending as planned."
)


def _probability(row: _Point) -> float:
    return row.at.probability


def _whose(answer: Answer) -> tuple[Column, ...]:
    """Lever, target and tier."""

    def target(row: _Point) -> Target:
        return answer.sheet.targets[row.price.target]

    def threshold(row: _Point) -> float:
        return target(row).tiers[row.price.tier]

    tier = msg("Tier", context="table_certainty")
    return (
        Column("lever_id", msg("Lever id"), shown=False, value=lambda row: row.price.lever),
        Column("lever", msg("Lever"), value=lambda row: LEVERS[row.price.lever].title),
        Column("target", msg("Target id"), shown=False, value=lambda row: row.price.target),
        Column("title", msg("Target"), value=lambda row: target(row).title),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda row: row.price.tier),
        Column("tier", tier, value=lambda row: TIERS[row.price.tier]),
        Column("threshold", msg("Target value"), "", 1, "digits", "target_unit", value=threshold),
        Column(
            "target_unit",
            msg("Unit of target"),
            shown=False,
            value=lambda row: unit_text(target(row).unit),
        ),
    )


def _digits(answer: Answer) -> Column:
    def digits(row: _Point) -> int:
        return answer.sheet.targets[row.price.target].digits

    return Column("digits", msg("Digits"), digits=0, shown=False, value=digits)


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
    steps, unit = priced.curve.steps, LEVERS[priced.lever].unit
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
        else tr(lang, "named projects {more} earlier raise it from {before} to {after}", **values)
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
    aim, projects = answer.sheet.targets[target], answer.scenario.projects
    effect, unit = msg("Change of {title}", title=aim.title), in_points(aim.unit)
    chance = msg("Change of the probability of {tiers}", tiers=TIERS[tier])
    error = msg("s.e.", context="table_certainty")
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project"), value=lambda slip: projects[slip.project].title),
        Column("invest", msg("Investment"), MONEY, 1, value=lambda slip: projects[slip.project].invest.value),
        Column("effect", effect, unit, 3, signed=True, value=lambda slip: slip.effect.value),
        Column("effect_error", msg("its s.e."), digits=5, shown=False, value=lambda slip: slip.effect.error),
        Column("chance", chance, "points", 2, signed=True, value=lambda slip: 100 * slip.chance.value),
        Column("chance_error", error, "points", 3, value=lambda slip: 100 * slip.chance.error),
    )
    note = msg(
        "Mean change where that project alone comes a quarter later, on the same draws; the probability is"
        " that of a smoothed tier (Liu & Hong 2011): one project moves fewer futures over the threshold than"
        " draws can count."
    )
    title = msg("What a quarter's delay costs, on the same draws")
    return declare("delay_impact_draws", title, columns, found, ("project",), note, first(12))


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
    unit = in_points(aim.unit)
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
