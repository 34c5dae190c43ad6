"""Mixes under uncertainty, side by side on the same draws (不确定下的结构比选)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.words import msg, tr
from ..text.format import number
from ..text.wording import TIERS, amount, points, tier_name
from .chances import percent
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.mixes import MixesOnDraws
    from ...engine.uncertainty.regret import Standing


def mixes_uncertain_table(answer: Answer, found: MixesOnDraws | None) -> Table | None:
    """One row per mix: its mean and difference to the plan, chances of the tiers, how often it is best, and
    regret."""
    if found is None:
        return None
    target = answer.sheet.targets[found.target]
    unit = "points" if target.unit == "%" else target.unit
    tiers = list(next(iter(found.chances.values())))
    base, last = answer.economy.base_year, answer.economy.base_year + answer.economy.years
    columns = [
        Column("mix", msg("Mix id"), shown=False),
        Column("title", msg("Mix")),
        Column(
            "mean",
            msg("{title}, mean", title=target.title),
            target.unit,
            target.digits + 1,
        ),
        Column("difference", msg("Difference to the plan"), unit, target.digits + 2, signed=True),
        Column("difference_error", msg("its s.e."), unit, 4, shown=False),
    ]
    for key, tier in tiers:
        goal = msg("{title} {tier}", title=answer.sheet.targets[key].title, tier=TIERS[tier])
        columns += [
            Column(
                f"{key}_{tier}",
                msg("{goal}, chance", goal=goal),
                digits=3,
            ),
            Column(
                f"{key}_{tier}_error",
                msg("{goal}, s.e.", goal=goal),
                digits=4,
                shown=False,
            ),
            Column(
                f"{key}_{tier}_difference",
                msg("{goal}, difference", goal=goal),
                digits=3,
                signed=True,
                shown=False,
            ),
            Column(
                f"{key}_{tier}_difference_error",
                msg("{goal}, s.e. of difference", goal=goal),
                digits=4,
                shown=False,
            ),
        ]
    columns += [
        Column("best", msg("Best, chance"), digits=3),
        Column("best_error", msg("s.e. of being best"), digits=4, shown=False),
        Column("regret", msg("Mean regret"), unit, target.digits + 1, shown=False),
        Column("most_regret", msg("Largest regret"), unit, target.digits + 1),
    ]
    if found.later:
        columns += [
            Column(
                "last_difference",
                msg("GDP {last} difference ({base} prices)", last=last, base=base),
                "亿元",
                1,
                signed=True,
            ),
            Column("last_difference_error", msg("s.e. for {last}", last=last), "亿元", 2, shown=False),
            Column("last_best", msg("Best in {last}, chance", last=last), digits=3),
            Column("last_most_regret", msg("Largest regret in {last}", last=last), "亿元", 1),
        ]
    rows = tuple(_mix(answer, found, mix, standing, tiers) for mix, standing in found.standings.items())
    note = msg(
        "All mixes on the same {draws:,} draws (common random numbers), so that differences are known far"
        " better than the probabilities. Best: the highest {title} of that future (ties share it); regret:"
        " difference to the best mix of each future. A mix that breaks a limit does not compete.",
        draws=found.draws,
        title=target.title,
    )
    return Table(
        "mixes_uncertain",
        msg("Mixes under uncertainty"),
        tuple(columns),
        rows,
        ("mix",),
        note,
    )


def _mix(
    answer: Answer, found: MixesOnDraws, mix: str, standing: Standing, tiers: list[tuple[str, str]]
) -> tuple[Any, ...]:
    own = mix == answer.scenario.plan
    cells: list[Any] = [mix, answer.mixes[mix].plan.title, standing.mean]
    cells += [None, None] if own else [standing.difference, standing.difference_error]
    for key in tiers:
        chance = found.chances[mix][key]
        cells += [
            chance.value,
            chance.error,
            *((None, None) if own else (chance.difference, chance.difference_error)),
        ]
    cells += [standing.best, standing.best_error, standing.regret, standing.most_regret]
    if found.later:
        later = found.later[mix]
        cells += [
            *((None, None) if own else (later.difference, later.difference_error)),
            later.best,
            later.most_regret,
        ]
    return tuple(cells)


def rivals_sentence(answer: Answer, found: MixesOnDraws | None, lang: str) -> str:
    """The mix with the highest chance of the first target's first tier, against the plan; and what the plan
    may cost."""
    if found is None:
        return ""
    target, plan = answer.sheet.targets[found.target], answer.scenario.plan
    if not target.tiers:
        return ""
    tier = next(iter(target.tiers))
    able = [mix for mix, standing in found.standings.items() if standing.best is not None]
    if plan not in able or len(able) < 2:
        return ""
    top = max(able, key=lambda mix: found.chances[mix][target.id, tier].value)
    chance = found.chances[top][target.id, tier]
    unit = "points" if target.unit == "%" else target.unit
    regret = amount(found.standings[plan].most_regret or 0.0, unit, lang, target.digits + 1)
    best = percent(found.standings[top].best or 0.0)
    title, name, tier_text = (
        target.title.of(lang),
        answer.mixes[top].plan.title.of(lang),
        tier_name(tier, lang),
    )
    if top == plan or abs(chance.difference) <= 2 * chance.difference_error:
        return tr(
            lang,
            "On the same draws none of the listed mixes makes {title} {tier_text} clearly likelier than the"
            " plan; the plan's largest regret is {regret}.",
            title=title,
            tier_text=tier_text,
            regret=regret,
        )
    gain = points(100 * chance.difference, lang, 1)
    error = number(100 * chance.difference_error, 1)
    return tr(
        lang,
        'On the same draws {title} {tier} is likeliest with "{name}": {chance}, {gain} against the plan'
        " (s.e. {error}), best in {best} of the futures; the plan's largest regret is"
        " {regret}.",
        title=title,
        tier=tier_text,
        name=name,
        chance=percent(chance.value),
        gain=gain,
        error=error,
        best=best,
        regret=regret,
    )
