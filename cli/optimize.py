"""`simulate optimize`: what it would take, what is given up, which projects; one file per question."""

from __future__ import annotations

import click

from ..models.words import N_
from .chain import chain
from .frontier import frontier
from .group import Guessing
from .language import language_option
from .required import required
from .robust import robust
from .select import select


@click.group(
    cls=Guessing, short_help=N_("What it would take: least investment, trade-offs, projects, robust mixes.")
)
@language_option(expose_value=False)
def optimize() -> None:
    """What would it take to reach the targets, and what is given up? Every plan found is simulated
    again."""


for _command in (required, frontier, robust, chain, select):
    optimize.add_command(_command)
