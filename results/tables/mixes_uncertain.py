"""Mixes under uncertainty, side by side on the same draws (不确定下的结构比选)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ...models.money import MONEY
from ...models.words import msg, tr
from ..text.format import number
from ..text.wording import TIERS, amount, in_points, points, tier_name
from .chances import chance_column, percent, points_column
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...engine.uncertainty.mixes import MixesOnDraws
    from ...engine.uncertainty.regret import Chance, Standing


def mixes_uncertain_table(answer: Answer, found: MixesOnDraws | None) -> Table | None:
    """One row per mix: its mean and difference to the plan, chances of the tiers, how often it is best, and
    regret."""
    if found is None:
        return None
    target, base = answer.sheet.targets[found.target], answer.economy.base_year
    digits, last = target.digits + 1, base + answer.economy.years
    in_unit, money = partial(Column, unit=in_points(target.unit)), partial(Column, unit=MONEY)

    def against(of: Mapping[str, Standing | Chance], part: str = "difference") -> Callable[[Standing], Any]:
        """What there is to say of every mix but the plan itself."""
        return lambda row: None if row.mix == answer.scenario.plan else getattr(of[row.mix], part)

    def chances(key: str, tier: str) -> tuple[Column, ...]:
        """The chance of a tier, its difference to the plan, and their errors."""
        name, title = f"{key}_{tier}", answer.sheet.targets[key].title
        goal = msg("{title} {tier}", title=title, tier=TIERS[tier])
        of = {mix: known[key, tier] for mix, known in found.chances.items()}
        return (
            chance_column(
                name,
                msg("{goal}, chance", goal=goal),
                value=lambda row: of[row.mix].value,
                word=tier != "stretch",
            ),
            hidden(f"{name}_error", msg("{goal}, s.e.", goal=goal), value=lambda row: of[row.mix].error),
            hidden(
                f"{name}_difference",
                msg("{goal}, difference", goal=goal),
                digits=3,
                signed=True,
                value=against(of),
            ),
            hidden(
                f"{name}_difference_error",
                msg("{goal}, s.e. of difference", goal=goal),
                value=against(of, "difference_error"),
            ),
        )

    def in_last(later: Mapping[str, Standing]) -> tuple[Column, ...]:
        """How mixes stand in the last year."""
        title = msg("GDP {last} difference ({base} prices)", last=last, base=base)
        error, best = msg("s.e. for {last}", last=last), msg("Best in {last}, chance", last=last)
        off, regret = partial(against, later), msg("Largest regret in {last}", last=last)
        return (
            money("last_difference", title, digits=1, signed=True, value=off()),
            money("last_difference_error", error, digits=2, shown=False, value=off("difference_error")),
            chance_column("last_best", best, value=lambda row: later[row.mix].best),
            money("last_most_regret", regret, digits=1, value=lambda row: later[row.mix].most_regret),
        )

    hidden, own, away = partial(points_column, shown=False), found.standings, msg("Difference to the plan")
    columns = (
        Column("mix", msg("Mix id"), shown=False),
        Column("title", msg("Mix"), value=lambda row: answer.mixes[row.mix].plan.title),
        Column("mean", msg("{title}, mean", title=target.title), target.unit, digits),
        in_unit("difference", away, digits=digits + 1, signed=True, value=against(own)),
        in_unit(
            "difference_error", msg("its s.e."), digits=4, shown=False, value=against(own, "difference_error")
        ),
        *(column for key in next(iter(found.chances.values())) for column in chances(*key)),
        chance_column("best", msg("Best, chance")),
        hidden("best_error", msg("s.e. of being best")),
        in_unit("regret", msg("Mean regret"), digits=digits, shown=False),
        in_unit("most_regret", msg("Largest regret"), digits=digits),
        *(in_last(found.later) if found.later else ()),
    )
    note = msg(
        "All mixes on the same {draws:,} draws (common random numbers), so that differences are known far"
        " better than the probabilities. Best: the highest {title} of that future (ties share it); regret:"
        " difference to the best mix of each future. A mix that breaks a limit does not compete.",
        draws=found.draws,
        title=target.title,
    )
    title, rows = msg("Mixes under uncertainty"), found.standings.values()
    return declare("mixes_uncertain", title, columns, rows, ("mix",), note)


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
    regret = amount(found.standings[plan].most_regret or 0.0, in_points(target.unit), lang, target.digits + 1)
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
