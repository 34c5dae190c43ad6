"""The price of certainty along the plan's own mix, and what each project's slip costs, as tables
(确定性的代价、项目推迟的代价)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..engine.doubt.certainty import LEVELS
from ..engine.doubt.price import Priced
from ..models.quantity import Text
from ..models.words import msg, tr
from .format import number, unit_of, unit_text
from .table import Column, Table
from .table_chances import percent
from .wording import TIERS, amount, listed, tier_name

if TYPE_CHECKING:
    from ..engine.doubt.slips import Slip
    from ..engine.run import Answer

LEVERS: dict[str, tuple[Text, str]] = {
    "money": (msg("more investment"), "亿元"),
    "earlier": (msg("projects earlier"), "months"),
}
LEAST = 0.0005
"""Smallest effect of a slip that a sentence names."""
_NO_GAIN = 0.005  # change of a probability that is not printed
ENOUGH = 0.75
"""Part of the way to a sentence's amount: the smallest step that brings this part of the largest gain."""


def certainty_table(answer: Answer, found: Sequence[Priced]) -> Table:
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


def levels_table(answer: Answer, found: Sequence[Priced]) -> Table:
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
    note = Text(
        zh="各概率所需：使该比例的情景恰好达到的数量；空：超出范围；0：现方案已达到。" + _NOTE.of("zh"),
        en=(
            "Needed for a probability: what that part of the futures takes to get there; empty: beyond the"
            " range; 0: the plan does already. "
        )
        + _NOTE.of("en"),
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


def _whose(answer: Answer, priced: Priced) -> tuple[Any, ...]:
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


def certainty_sentence(answer: Answer, found: Sequence[Priced], target: str, tier: str, lang: str) -> str:
    """What an amount of each lever moves, and what even odds and the like need."""
    parts = [_moves(priced, lang) for priced in found if (priced.target, priced.tier) == (target, tier)]
    if not parts:
        return ""
    name = answer.sheet.targets[target].title.of(lang)
    head = tr(lang, "{name} {tier}: ", name=name, tier=tier_name(tier, lang))
    return head + (tr(lang, "; ")).join(parts)


def _moves(priced: Priced, lang: str) -> str:
    steps, unit = priced.curve.steps, LEVERS[priced.lever][1]
    if steps[-1].change < _NO_GAIN:
        return _in_vain(priced, lang)
    gain = ENOUGH * steps[-1].change
    step = next((each for each in steps[1:] if each.change >= gain), steps[-1])
    before, after = percent(steps[0].probability), percent(step.probability)
    more = amount(step.amount, unit, lang, 0, plus=priced.lever == "money")
    spaced = more if priced.lever == "money" else f" {more}"
    needs = [
        (level.probability, amount(level.amount, unit, lang, 0))
        for level in priced.curve.levels
        if level.amount
    ]
    if lang == "zh":
        told = (
            f"{more}使概率由 {before} 到 {after}"
            if priced.lever == "money"
            else f"具名项目提前{spaced}使概率由 {before} 到 {after}"
        )
        return told + "".join(f"，达到 {percent(level)} 需 {need}" for level, need in needs)
    told = (
        f"{more} raises the chance from {before} to {after}"
        if priced.lever == "money"
        else f"named projects {more} earlier raise it from {before} to {after}"
    )
    return told + "".join(f", {percent(level)} takes {need}" for level, need in needs)


def _in_vain(priced: Priced, lang: str) -> str:
    """A lever that does not help: it moves nothing, or lowers the probability, as money does under a
    ceiling."""
    (lever, unit), first, last = LEVERS[priced.lever], priced.curve.steps[0], priced.curve.steps[-1]
    most, name = amount(last.amount, unit, lang, 0), lever.of(lang)
    if last.change <= -_NO_GAIN:
        return tr(
            lang,
            "{name}, {most}, lowers it from {probability} to {probability_2}",
            name=name,
            most=most,
            probability=percent(first.probability),
            probability_2=percent(last.probability),
        )
    return tr(
        lang,
        "{name}, up to {most}, hardly moves it ({probability})",
        name=name,
        most=most,
        probability=percent(last.probability),
    )


def slips_table(answer: Answer, found: Sequence[Slip], target: str, tier: str) -> Table:
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
    zh, en = aim.title.of("zh"), aim.title.of("en")
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project")),
        Column("invest", msg("Investment"), "亿元", 1),
        Column("effect", Text(zh=f"{zh}变动", en=f"Change of {en}"), unit, 3, signed=True),
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
        "slips_doubt",
        msg("What a quarter's slip costs, on the same draws"),
        columns,
        tuple(rows),
        ("project",),
        note,
    )


def slips_sentence(answer: Answer, found: Sequence[Slip], whole: Slip | None, target: str, lang: str) -> str:
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
    measure = {"points": "个百分点"}.get(unit, unit) if lang == "zh" else unit_of(unit, lang)
    if lang == "zh":
        tail = f"；全部项目一起 {_loss(whole, lang)}" if whole else ""
        return (
            f"单个项目推迟一季，{aim.title.of('zh')}变动（{measure}；括号内为概率变动，"
            f"个百分点）：{listed(told, lang)}{tail}"
        )
    tail = f"; all projects together {_loss(whole, lang)}" if whole else ""
    return (
        f"one project a quarter later moves {aim.title.of('en')} by ({measure}; in brackets the probability,"
        f" points): {listed(told, lang)}{tail}"
    )


def _loss(slip: Slip, lang: str) -> str:
    effect, chance = number(slip.effect.value, 3), number(100 * slip.chance.value, 1)
    return tr(lang, "{effect} ({chance})", effect=effect, chance=chance)
