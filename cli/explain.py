"""`simulate explain`: why the sheet cannot be met, and the cheapest ways out."""

from __future__ import annotations

import click

from . import options
from .deliver import deliver
from .options import Question


@click.command(short_help="为什么 Why can the targets not be met together, and what would do?")
@click.option(
    "--target",
    "targets",
    metavar="ID",
    multiple=True,
    help="只看这些目标 These targets alone (may be repeated).",
)
@options.tier
@options.question
def explain(
    question: Question,
    targets: tuple[str, ...],
    tier: str,
) -> None:
    """为什么 Why the targets of a tier cannot all be met: conflicts, least relaxations, cheapest fixes.

    Where they can: which limits bind, what one more unit of each is worth, and how far that holds.

    \b
    simulate explain scenario.yaml
    simulate explain scenario.yaml --tier stretch --target gdp_growth --target fai_growth
    """
    loaded = question.scenario()
    targets = options.rows_of(loaded, targets)
    from ..engine.decide import explain as ask
    from ..engine.decide.required import goals_of
    from ..engine.study import study
    from ..results.tables.explain import explain_tables

    begun = study(loaded, solver=question.solver, seed=question.seed, draws=None)
    goals_of(begun.assessor, targets, [tier])  # a name that the sheet does not judge is told with the nearest
    found = ask.explain(begun.assessor, ask.goals_of(begun.assessor, tier, targets), tier)
    made = explain_tables(begun, found)
    asked = {"targets": targets, "tier": tier, "solver": begun.solver}
    shown = ("explain_targets", "explain_fixes", "explain_prices")
    deliver(made, loaded, "explain", asked, shown, question)
