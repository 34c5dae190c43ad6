"""`simulate explain`: why the sheet cannot be met, and the cheapest ways out."""

from __future__ import annotations

import click

from ..models.words import N_
from . import options
from .deliver import hand_in
from .language import command
from .options import Question


@command(short_help=N_("Why can the targets not be met together, and what would do?"))
@click.option(
    "--target",
    "targets",
    metavar="ID",
    multiple=True,
    help=N_("These targets alone (may be repeated)."),
)
@options.tier
@options.question
def explain(
    question: Question,
    targets: tuple[str, ...],
    tier: str,
) -> None:
    """Why the targets of a tier cannot all be met: conflicts, least relaxations, cheapest fixes.

    Where they can: which limits bind, what one more unit of each is worth, and how far that holds.

    \b
    simulate explain scenario.yaml
    simulate explain scenario.yaml --tier stretch --target gdp_growth --target fai_growth
    """
    loaded = question.scenario()
    from ..results.api.questions import explain as ask

    hand_in(ask(loaded, targets, tier, solver=question.solver, seed=question.seed), question)
