"""`simulate sensitivity`: what a target hangs on."""

from __future__ import annotations

import click

from . import options
from .deliver import deliver
from .options import Question, sixteenths


@click.command(short_help="敏感性 What a target hangs on: indices, tornado, the futures that miss it.")
@click.option("--target", metavar="ID", help="目标 The target; otherwise the first main one.")
@click.option(
    "--tier",
    type=click.Choice(["ensure", "stretch", "at_most"]),
    help="档次 Its tier (确保/力争/控制在); otherwise its first.",
)
@click.option(
    "--draws",
    type=click.IntRange(256, 2**20),
    default=2048,
    show_default=True,
    callback=lambda _c, _p, value: sixteenths(value),
    help="抽样次数 Draws, a multiple of 16.",
)
@options.question
def sensitivity(
    question: Question,
    target: str | None,
    tier: str | None,
    draws: int,
) -> None:
    """敏感性 What a target hangs on: which doubts, which inputs, which futures.

    First-order and total Sobol' indices by cause, a tornado by input, the futures in which a tier is missed,
    in words; the price of certainty, all mixes on the same draws, and what each project's slip costs.

    \b
    simulate sensitivity scenario.yaml
    simulate sensitivity scenario.yaml --target gdp_growth --tier stretch --draws 4096
    """
    loaded = question.scenario()
    target = options.rows_of(loaded, (target,))[0] if target else None
    from ..engine.run import run
    from ..engine.uncertainty.sensitivity import sensitivity as ask
    from ..results.tables.sensitivity import sensitivity_tables

    answer = run(loaded, solver=question.solver, seed=question.seed, draws=draws)
    found = ask(answer, target, tier, draws)
    made = sensitivity_tables(answer, found)
    told = {"target": found.target, "tier": found.tier, "draws": draws, "solver": answer.solver}
    deliver(
        made,
        loaded,
        "sensitivity",
        told,
        ("sobol", "tornado", "boxes", "certainty_levels", "mixes_uncertain", "delay_impact_draws"),
        question,
    )
