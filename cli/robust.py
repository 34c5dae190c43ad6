"""`simulate optimize robust`: what certainty costs, and the mix that is least regretted."""

from __future__ import annotations

import click

from ..models.errors import DabiaoError
from ..models.words import msg
from . import options
from .complaint import misuse
from .deliver import deliver
from .options import Question, find_scenario


@click.command(
    short_help=(
        "稳健 The price of certainty: least investment for each probability; the mix least regretted over"
        " scenarios."
    )
)
@click.option(
    "--target",
    "targets",
    metavar="ID",
    multiple=True,
    help="目标 Targets to be reached together (may be repeated); otherwise the first main one.",
)
@options.tier
@click.option(
    "--level",
    "levels",
    type=click.FloatRange(0.01, 0.999),
    multiple=True,
    help="概率 Probability to buy (may be repeated); otherwise 0.5 to 0.9.",
)
@click.option(
    "--draws",
    type=click.IntRange(16, 4096),
    default=256,
    show_default=True,
    callback=lambda _c, _p, value: options.sixteenths(value),
    help="选用样本数 Draws to choose the mix on, a multiple of 16.",
)
@click.option(
    "--fresh",
    type=click.IntRange(16, 2**18),
    default=4096,
    show_default=True,
    callback=lambda _c, _p, value: options.sixteenths(value),
    help="新样本数 Fresh draws to judge it on, a multiple of 16.",
)
@click.option("--relax", is_flag=True, help="限制可放宽到终点 Limits may be relaxed to their end.")
@click.option(
    "--against",
    "others",
    metavar="FILE",
    multiple=True,
    help="其他方案 Another scenario of the region, for the least regret (may be repeated).",
)
@click.option(
    "--only-regret", is_flag=True, help="只求最大机会损失最小的结构 The least regret alone, no draws."
)
@options.question
def robust(
    question: Question,
    targets: tuple[str, ...],
    tier: str,
    levels: tuple[float, ...],
    draws: int,
    fresh: int,
    relax: bool,
    others: tuple[str, ...],
    only_regret: bool,
) -> None:
    """稳健 What certainty costs: the least investment with which a tier is reached with each probability.

    With --against: the one mix that is least regretted whichever scenario comes.

    \b
    simulate optimize robust scenario.yaml --target gdp_growth --level 0.5 --level 0.8
    simulate optimize robust baseline.yaml --against stretch.yaml --only-regret
    """
    loaded = question.scenario()
    targets = options.rows_of(loaded, targets)
    if only_regret and not others:
        raise misuse(msg("--only-regret needs --against FILE."))
    against = [find_scenario(other) for other in others]
    from ..engine.decide.explain import goals_of
    from ..engine.decide.regret import regrets
    from ..engine.decide.required import goals_of as check
    from ..engine.decide.robust import LEVELS, certainty
    from ..engine.study import study
    from ..results.tables.robust import robust_tables
    from ..scenarios.load import resolved_yaml

    begun = study(loaded, solver=question.solver, seed=question.seed, draws=None)
    check(begun.assessor, targets, [tier])  # a name that the sheet does not judge is told with the nearest
    goals = goals_of(begun.assessor, tier, targets)
    ceilings = [goal.target.id for goal in goals if goal.target.sign < 0]
    if ceilings and targets:
        raise DabiaoError(
            msg(
                "{names}: a ceiling takes no investment, so its certainty has no price; name a target"
                " that is to be reached, or use `simulate explain`",
                names=", ".join(ceilings),
            )
        )
    goals = tuple(goal for goal in goals if goal.target.sign > 0)
    if not targets:
        goals = tuple(goal for goal in goals if goal.target.main)[:1] or goals[:1]
    certain = []
    if not only_regret and goals:
        certain.append(
            certainty(
                begun.assessor,
                begun.scenario,
                begun.loaded.quantities(),
                goals,
                levels=levels or LEVELS,
                draws=draws,
                fresh=fresh,
                relax=relax,
                confirm=True,
            )
        )
    regret = None
    if against:
        named = targets[0] if len(targets) == 1 else None
        regret = regrets(
            [begun, *(study(other, solver=question.solver, seed=question.seed) for other in against)], named
        )
    made = robust_tables(begun, certain, regret)
    asked = {
        "targets": targets,
        "tier": tier,
        "levels": levels,
        "draws": draws,
        "fresh": fresh,
        "relax": relax,
        "only": only_regret,
        "others": [resolved_yaml(other) for other in against],
        "solver": begun.solver,
    }
    deliver(made, loaded, "robust", asked, ("robust", "regret"), question)
