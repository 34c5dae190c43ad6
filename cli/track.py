"""`simulate track`: the year under way."""

from __future__ import annotations

from pathlib import Path

import click

from ..models.words import N_
from . import options
from .deliver import hand_in
from .language import command
from .options import Question


@command(
    short_help=N_("The year under way: what is known, what the rest must bring, what can still be moved.")
)
@click.option(
    "--actuals",
    type=click.Path(path_type=Path),
    help=N_("Table of figures to date (CSV, Excel): indicator, H1, Jan-Sep ...; otherwise the scenario's."),
)
@options.draws
@options.question
def track(question: Question, actuals: Path | None, draws: int | None) -> None:
    """Where the year stands given the figures to date; what the rest of it must bring for each tier, and how
    likely that is; what changed since January; what can still be moved, and its best use.

    \b
    simulate track scenario.yaml
    simulate track scenario.yaml --actuals first-half.xlsx
    simulate track my-city/baseline.yaml
    """
    from ..results.api.questions import track as ask

    loaded = question.scenario(actuals)
    hand_in(ask(loaded, draws=draws, solver=question.solver, seed=question.seed), question)
