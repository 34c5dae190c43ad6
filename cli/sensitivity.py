"""`simulate sensitivity`: what a target hangs on."""

from __future__ import annotations

import click

from ..models.words import N_
from . import options
from .deliver import hand_in
from .language import command
from .options import Question, sixteenths


@command(short_help=N_("What a target hangs on: indices, tornado, the futures that miss it."))
@click.option("--target", metavar="ID", help=N_("The target; otherwise the first main one."))
@click.option(
    "--tier",
    type=click.Choice(["ensure", "stretch", "at_most"]),
    help=N_("Its tier; otherwise its first."),
)
@click.option(
    "--draws",
    type=click.IntRange(256, 2**20),
    default=2048,
    show_default=True,
    callback=lambda _c, _p, value: sixteenths(value),
    help=N_("Draws, a multiple of 16."),
)
@options.question
def sensitivity(
    question: Question,
    target: str | None,
    tier: str | None,
    draws: int,
) -> None:
    """What a target hangs on: which doubts, which inputs, which futures.

    First-order and total Sobol' indices by cause, a tornado by input, the futures in which a tier is missed,
    in words; the price of certainty, all mixes on the same draws, and what each project's slip costs.

    \b
    simulate sensitivity scenario.yaml
    simulate sensitivity scenario.yaml --target gdp_growth --tier stretch --draws 4096
    """
    loaded = question.scenario()
    from ..results.api.questions import sensitivity as ask

    hand_in(ask(loaded, target, tier, draws=draws, solver=question.solver, seed=question.seed), question)
