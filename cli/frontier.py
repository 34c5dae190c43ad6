"""`simulate optimize frontier`: what must be given up of one indicator for more of another."""

from __future__ import annotations

import click

from . import options
from .deliver import deliver
from .options import Question


@click.command(
    short_help="权衡 What is given up of one indicator for another, and near-optimal plans that differ most."
)
@click.option(
    "--of",
    "names",
    metavar="ID",
    multiple=True,
    help=(
        "指标 Indicator: a target, or limit:ID for the use of a limit (debt, energy, all money); two or"
        " three."
    ),
)
@click.option(
    "--points",
    type=click.IntRange(2, 60),
    default=9,
    show_default=True,
    help="每个指标取值数 Values per indicator.",
)
@click.option("--relax", is_flag=True, help="限制可放宽到终点 Limits may be relaxed to their end.")
@click.option(
    "--near",
    type=click.FloatRange(0, 50),
    default=2.0,
    show_default=True,
    help="近优 Percent below the best that count as near-optimal.",
)
@click.option(
    "--alternatives",
    "count",
    type=click.IntRange(0, 10),
    default=3,
    show_default=True,
    help="近优方案数 Near-optimal plans.",
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
    """权衡 Plans of which none is better in all of two or three indicators, with the mix at each point.

    Then plans nearly as good as the best of the first indicator that differ most from one another.

    \b
    simulate optimize frontier scenario.yaml --of gdp_growth --of industry_above_scale_growth
    simulate optimize frontier scenario.yaml --of gdp_growth --of limit:bond --points 20
    """
    loaded = question.scenario()
    names = options.rows_of(loaded, names)
    from ..engine.decide.frontier import trade_off
    from ..engine.study import study
    from ..results.tables.frontier import frontier_tables

    begun = study(loaded, solver=question.solver, seed=question.seed, draws=None)
    found = trade_off(begun.assessor, names, points=points, relax=relax, near=near, count=count)
    made = frontier_tables(begun, found)
    asked = {
        "names": names,
        "points": points,
        "relax": relax,
        "near": near,
        "count": count,
        "solver": begun.solver,
    }
    deliver(made, loaded, "frontier", asked, ("frontier", "frontier_near", "frontier_ranges"), question)
