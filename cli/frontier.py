"""`simulate optimize frontier`: what must be given up of one indicator for more of another."""

from __future__ import annotations

import click

from ..models.words import N_
from . import options
from .deliver import hand_in
from .language import command
from .options import Question


@command(
    short_help=N_("What is given up of one indicator for another, and near-optimal plans that differ most.")
)
@click.option(
    "--of",
    "names",
    metavar="ID",
    multiple=True,
    help=(
        N_("Indicator: a target, or limit:ID for the use of a limit (debt, energy, all money); two or three.")
    ),
)
@click.option(
    "--points",
    type=click.IntRange(2, 60),
    default=9,
    show_default=True,
    help=N_("Values per indicator."),
)
@click.option("--relax", is_flag=True, help=N_("Limits may be relaxed to their end."))
@click.option(
    "--near",
    type=click.FloatRange(0, 50),
    default=2.0,
    show_default=True,
    help=N_("Percent below the best that count as near-optimal."),
)
@click.option(
    "--alternatives",
    "count",
    type=click.IntRange(0, 10),
    default=3,
    show_default=True,
    help=N_("Near-optimal plans."),
)
@options.question
def frontier(
    question: Question,
    names: tuple[str, ...],
    points: int,
    relax: bool,
    near: float,
    count: int,
) -> None:
    """Plans of which none is better in all of two or three indicators, with the mix at each point.

    Then plans nearly as good as the best of the first indicator that differ most from one another.

    \b
    simulate optimize frontier scenario.yaml --of gdp_growth --of industry_above_scale_growth
    simulate optimize frontier scenario.yaml --of gdp_growth --of limit:bond --points 20
    """
    loaded = question.scenario()
    from ..results.api.questions import frontier as ask

    answer = ask(
        loaded,
        names,
        points=points,
        relax=relax,
        near=near,
        alternatives=count,
        solver=question.solver,
        seed=question.seed,
    )
    hand_in(answer, question)
