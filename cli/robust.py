"""`simulate optimize robust`: what certainty costs, and the mix that is least regretted."""

from __future__ import annotations

import click

from ..models.words import N_, msg
from . import options
from .complaint import misuse
from .deliver import hand_in
from .language import command
from .options import Question, find_scenario


@command(
    short_help=(
        N_(
            "The price of certainty: least investment for each probability; the mix least regretted over"
            " scenarios."
        )
    )
)
@click.option(
    "--target",
    "targets",
    metavar="ID",
    multiple=True,
    help=N_("Targets to be reached together (may be repeated); otherwise the first main one."),
)
@options.tier
@click.option(
    "--level",
    "levels",
    type=click.FloatRange(0.01, 0.999),
    multiple=True,
    help=N_("Probability to buy (may be repeated); otherwise 0.5 to 0.9."),
)
@click.option(
    "--draws",
    type=click.IntRange(16, 4096),
    default=256,
    show_default=True,
    callback=lambda _c, _p, value: options.sixteenths(value),
    help=N_("Draws to choose the mix on, a multiple of 16."),
)
@click.option(
    "--fresh",
    type=click.IntRange(16, 2**18),
    default=4096,
    show_default=True,
    callback=lambda _c, _p, value: options.sixteenths(value),
    help=N_("Fresh draws to judge it on, a multiple of 16."),
)
@click.option("--relax", is_flag=True, help=N_("Limits may be relaxed to their end."))
@click.option(
    "--against",
    "others",
    metavar="FILE",
    multiple=True,
    help=N_("Another scenario of the region, for the least regret (may be repeated)."),
)
@click.option("--only-regret", is_flag=True, help=N_("The least regret alone, no draws."))
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
    """What certainty costs: the least investment with which a tier is reached with each probability.

    With --against: the one mix that is least regretted whichever scenario comes.

    \b
    simulate optimize robust scenario.yaml --target gdp_growth --level 0.5 --level 0.8
    simulate optimize robust baseline.yaml --against stretch.yaml --only-regret
    """
    loaded = question.scenario()
    if only_regret and not others:
        raise misuse(msg("--only-regret needs --against FILE."))
    against = [find_scenario(other) for other in others]
    from ..results.api.questions import robust as ask

    answer = ask(
        loaded,
        targets,
        tier,
        levels=levels,
        draws=draws,
        fresh=fresh,
        relax=relax,
        against=against,
        only_regret=only_regret,
        solver=question.solver,
        seed=question.seed,
    )
    hand_in(answer, question)
