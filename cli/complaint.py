"""Errors as told, in the language spoken (报错)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..models.errors import DabiaoError
from .language import spoken

if TYPE_CHECKING:
    from ..models.quantity import Bilingual


def told(error: DabiaoError) -> str:
    """An error of a scenario, a solver or a file."""
    return error.of(spoken())


def misuse(said: Bilingual) -> click.UsageError:
    """Wrong words on the command line."""
    return click.UsageError(said.of(spoken()), click.get_current_context(silent=True))


def bad_value(said: Bilingual) -> click.BadParameter:
    """A wrong value of an option."""
    return click.BadParameter(said.of(spoken()))


def warn(said: Bilingual) -> None:
    """Something that a user should change and that is no mistake yet; on standard error."""
    click.echo(said.of(spoken()), err=True)
