"""Words that several commands understand, and the scenario they name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..models.words import N_, msg
from ..solvers.names import SOLVERS
from .complaint import bad_value, misuse, warn
from .language import language_option

if TYPE_CHECKING:
    from ..results.write import Written
    from ..scenarios.load import Loaded

EXAMPLE = "example:"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def sixteenths(value: int | None) -> int | None:
    """A number of draws that fills all scramblings alike."""
    if value is not None and value % 16:
        raise bad_value(
            msg(
                "expected a multiple of 16, such as {near}; got {value}",
                near=value - value % 16 + 16,
                value=value,
            )
        )
    return value


def _all(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    def wear(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return wear


lang = language_option()
spoken_only = language_option(expose_value=False)
"""The same, of a command whose results have no language."""
sets = click.option(
    "--set",
    "sets",
    metavar="KEY=VALUE",
    multiple=True,
    help=N_("Change one number, e.g. --set investment.growth=7 (may be repeated)."),
)
solver = click.option(
    "--solver", type=click.Choice(["auto", *SOLVERS]), default="auto", show_default=True, help=N_("Solver.")
)
engine = _all(
    solver,
    click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        default=None,
        help=N_("Draw project durations with this seed; otherwise central durations."),
    ),
)
out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help=N_("Folder for results."),
)
draws = click.option(
    "--draws",
    type=click.IntRange(0, 2**22),
    default=None,
    callback=lambda _c, _p, value: sixteenths(value),
    help=(
        N_(
            "Draws behind the probabilities: a multiple of 16, 0 for none; otherwise as many as"
            " `uncertainty.error` needs."
        )
    ),
)
output = _all(
    lang,
    click.option("--json", "as_json", is_flag=True, help=N_("Print one JSON document instead.")),
    click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing but the result.")),
)
example = click.option("--example", metavar="NAME", help=N_("A shipped scenario (see `simulate examples`)."))
scenario = _all(click.argument("file", metavar="[SCENARIO]", required=False), example)
tier = click.option(
    "--tier",
    type=click.Choice(["ensure", "stretch"]),
    default="ensure",
    show_default=True,
    help=N_("Tier."),
)

columns = click.option(
    "--columns",
    metavar="NAME=HEADING",
    multiple=True,
    help=N_("Our column = heading in the file (may be repeated)."),
)
panel_seed = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=20240101, show_default=True, help=N_("Seed.")
)
"""Questions to a panel always draw: their seed has a default."""


@dataclass(frozen=True)
class Question:
    """What every question to a scenario says: which one, what is changed, how it is solved, where the answer
    goes."""

    file: str | None
    example: str | None
    sets: tuple[str, ...]
    solver: str
    seed: int | None
    out: Path
    lang: str
    as_json: bool
    quiet: bool

    def scenario(self, actuals: Path | None = None) -> Loaded:
        """The scenario it is about, with a table of figures to date laid over it where there is one."""
        return find_scenario(self.file, self.example, self.sets, actuals)


def question(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a :class:`Question`, handed to the command as one."""
    names = [each.name for each in fields(Question)]

    @wraps(command)
    def gathered(**given: Any) -> None:
        command(Question(**{name: given.pop(name) for name in names}), **given)

    return _all(scenario, engine, sets, out, output)(gathered)


def written(run: Written) -> Path:
    """The folder of a run; where a damaged one stood there, that is told."""
    if run.told is not None:
        warn(run.told)
    return run.folder


def looks_like_scenario(word: str) -> bool:
    """Whether a word names a scenario rather than a command."""
    return (
        word.startswith(EXAMPLE)
        or word.lower().endswith((".yaml", ".yml", ".xlsx"))
        or "/" in word
        or os.sep in word
        or os.path.exists(word)
    )


def find_scenario(
    file: str | None, example: str | None = None, sets: Sequence[str] = (), actuals: Path | None = None
) -> Loaded:
    """The scenario that the words name: a file, ``example:NAME`` or ``--example NAME``."""
    if (file is None) == (example is None):
        raise misuse(msg("Give one scenario file, or --example NAME."))
    from ..models.money import count_in
    from ..models.words import call_in
    from ..scenarios.load import load

    loaded = load(str(file) if example is None else EXAMPLE + example, tuple(sets), actuals=actuals)
    count_in(loaded.scenario.money)
    call_in(loaded.scenario.words)
    for note in loaded.notes:
        warn(note)
    return loaded


def terminal_width() -> int:
    """Columns to write in: those of the terminal within reason, 100 where there is none."""
    return min(max(shutil.get_terminal_size((100, 24)).columns, 60), 160)


def tell(message: str, quiet: bool = False) -> None:
    """Say something about the work; results alone go to standard output."""
    if not quiet:
        click.echo(message, err=True)
