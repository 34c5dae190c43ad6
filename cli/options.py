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

from ..models.words import LANGUAGES, msg
from ..solvers.names import SOLVERS
from .complaint import bad_value, misuse, warn

if TYPE_CHECKING:
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


lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    envvar="DABIAO_LANG",
    show_default=True,
    help="语言 Language of tables and reports (or DABIAO_LANG).",
)
sets = click.option(
    "--set",
    "sets",
    metavar="KEY=VALUE",
    multiple=True,
    help="改一个数 Change one number, e.g. --set investment.growth=7 (may be repeated).",
)
engine = _all(
    click.option(
        "--solver",
        type=click.Choice(["auto", *SOLVERS]),
        default="auto",
        show_default=True,
        help="求解器 Solver.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        default=None,
        help="随机种子 Draw project durations with this seed; otherwise central durations.",
    ),
)
out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="结果目录 Folder for results.",
)
draws = click.option(
    "--draws",
    type=click.IntRange(0, 2**22),
    default=None,
    callback=lambda _c, _p, value: sixteenths(value),
    help=(
        "抽样次数 Draws behind the probabilities: a multiple of 16, 0 for none; otherwise as many as"
        " `uncertainty.error` needs."
    ),
)
output = _all(
    lang,
    click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON Print one JSON document instead."),
    click.option("--quiet", "-q", is_flag=True, help="不报进度 Say nothing but the result."),
)
example = click.option(
    "--example", metavar="NAME", help="自带方案 A shipped scenario (see `simulate examples`)."
)
scenario = _all(click.argument("file", metavar="[SCENARIO]", required=False), example)
tier = click.option(
    "--tier",
    type=click.Choice(["ensure", "stretch"]),
    default="ensure",
    show_default=True,
    help="档次 Tier (确保/力争).",
)

columns = click.option(
    "--columns",
    metavar="NAME=HEADING",
    multiple=True,
    help="列名对应 Our column = heading in the file (may be repeated).",
)
panel_seed = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=20240101, show_default=True, help="随机种子 Seed."
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

    def scenario(self) -> Loaded:
        """The scenario it is about."""
        return find_scenario(self.file, self.example, self.sets)


def question(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a :class:`Question`, handed to the command as one."""
    names = [each.name for each in fields(Question)]

    @wraps(command)
    def gathered(**given: Any) -> None:
        command(Question(**{name: given.pop(name) for name in names}), **given)

    return _all(scenario, engine, sets, out, output)(gathered)


def looks_like_scenario(word: str) -> bool:
    """Whether a word names a scenario rather than a command."""
    return (
        word.startswith(EXAMPLE)
        or word.lower().endswith((".yaml", ".yml", ".xlsx"))
        or "/" in word
        or os.sep in word
        or os.path.exists(word)
    )


def find_scenario(file: str | None, example: str | None = None, sets: Sequence[str] = ()) -> Loaded:
    """The scenario that the words name: a file, ``example:NAME`` or ``--example NAME``."""
    if (file is None) == (example is None):
        raise misuse(msg("Give one scenario file, or --example NAME."))
    from ..models.money import count_in
    from ..models.words import call_in
    from ..scenarios.load import load, load_example

    loaded = load(str(file), tuple(sets)) if example is None else load_example(example, tuple(sets))
    count_in(loaded.scenario.money)
    call_in(loaded.scenario.words)
    for note in loaded.notes:
        warn(note)
    return loaded


def rows_of(loaded: Loaded, names: Sequence[str]) -> tuple[str, ...]:
    """Rows of the target sheet by their keys, their titles or the names of their indicators, each with what
    follows its `=`; a name that is none of these is left to be told."""
    from ..scenarios.indicator_names import key_of

    rows = loaded.scenario.targets
    titles = {text: key for key, row in rows.items() if row.title for text in (row.title.zh, row.title.en)}
    named = {row.indicator or key: key for key, row in reversed(rows.items())}
    found = []
    for said in names:
        name, equals, value = said.partition("=")
        key = name if name in rows else titles.get(name) or named.get(key_of(name)) or name
        found.append(f"{key}{equals}{value}")
    return tuple(found)


def terminal_width() -> int:
    """Columns to write in: those of the terminal within reason, 100 where there is none."""
    return min(max(shutil.get_terminal_size((100, 24)).columns, 60), 160)


def tell(message: str, quiet: bool = False) -> None:
    """Say something about the work; results alone go to standard output."""
    if not quiet:
        click.echo(message, err=True)
