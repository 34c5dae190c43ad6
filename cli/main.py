"""The command `simulate`: words in, exit code out.

Nothing heavy is imported here: each command imports what it needs when it runs.
"""

from __future__ import annotations

if __name__ == "__main__":  # python -m dabiao.cli.main: it begins as the program does
    from .start import main as start

    start()

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..models.errors import DabiaoError, reason_of
from ..models.shell import quoted
from ..models.words import N_, msg, tr
from ..solvers.stumbles import Hearing, hearing
from .audit import audit
from .backtest import backtest
from .book import convert, template
from .calibrate import calibrate
from .compare import compare
from .completion import completion
from .doctor import doctor
from .explain import explain
from .folder import export, verify
from .group import Guessing
from .language import language, language_option, speaking, spoken
from .longview import longview
from .new import new
from .optimize import optimize
from .options import looks_like_scenario
from .province import province
from .report import report
from .roll import roll
from .run import run
from .scenario import examples, schema, show, validate
from .sensitivity import sensitivity
from .serve import serve
from .start import heeded
from .streams import prepare
from .surroundings import fit, unfit
from .sweep import sweep
from .targets import targets
from .track import track
from .validation import validation

if TYPE_CHECKING:
    from ..models.errors import Said

INTERRUPTED = 130
BROKEN = 70  # a bug, not a mistake of the user
THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "BLIS_NUM_THREADS",
)
"""What tells libraries of linear algebra how many threads to use."""
_HELP = ("--help", "-h", "--version")


class Simulate(Guessing):
    """The commands; a first word that is none but looks like a scenario means `run`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` before a scenario or before an option of `run`."""
        at = _own(args)
        if at < len(args) and args[at] not in self.commands and args[at] not in _HELP:
            word = args[at]
            if word.startswith("-") or looks_like_scenario(word):
                args = [*args[:at], "run", *args[at:]]
        return super().parse_args(ctx, args)

    def main(self, args: Any = None, *more: Any, **extra: Any) -> Any:
        """Run the program in the language that its words, the environment or the locale ask for."""
        words = sys.argv[1:] if args is None else list(args)
        with speaking(language(words, os.environ)):
            try:
                return super().main(args, *more, **extra)
            except OSError as error:  # of pages of help, which are printed before a command begins
                from .complaint import told

                with suppress(OSError):
                    click.echo(told(_of_the_system(error)), err=True)
                _nowhere()
                sys.exit(DabiaoError.exit_code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every end that is not a result becomes a message and an exit code."""
        try:
            with heeded(), hearing(_stumbles()):
                fit()
                result = super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(tr(spoken(), "Interrupted."), err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # the reader, `head` say, has seen enough
            _nowhere()
            ctx.exit(0)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if _debugging(ctx):
                raise
            why = _as_told(error)
            click.echo(_bug(error) if why is None else why.of(spoken()), err=True)
            ctx.exit(BROKEN if why is None else why.exit_code)
        return result


def _nowhere() -> None:
    """What is still to be printed leads nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stumbles() -> Hearing:
    """Says once for each pair that one solver answered in place of another."""
    told: set[str] = set()

    def hear(said: Said) -> None:
        line = said if isinstance(said, str) else said.of(spoken())
        if line not in told:
            told.add(line)
            click.echo(f"{tr(spoken(), 'NOTE')}  {line}", err=True)

    return hear


def _as_told(error: Exception) -> DabiaoError | None:
    """What ended a command, as it is told; None where it is a bug."""
    if around := unfit(error):
        return around
    if isinstance(error, OSError):  # a full disk, a folder not to be written
        return _of_the_system(error)
    return error if isinstance(error, DabiaoError) else None


def _bug(error: Exception) -> str:
    return tr(
        spoken(),
        "Internal error: {kind}: {error}\nThis is a bug in dabiao, not a problem with your scenario."
        " Please report it with what\n    simulate --debug {words}\nprints.",
        kind=type(error).__name__,
        error=error,
        words=" ".join(map(quoted, sys.argv[1:])),
    )


def _of_the_system(error: OSError) -> DabiaoError:
    """What the system refused, told as it told it."""
    reason = reason_of(error)
    if error.filename is None:
        return DabiaoError(msg("cannot read or write: {reason}", reason=reason))
    return DabiaoError(msg("cannot read or write {file}: {reason}", file=error.filename, reason=reason))


def _own(args: list[str]) -> int:
    """How many words at the beginning are of the program itself: `--debug`, `--lang` with its language."""
    at = 0
    while at < len(args) and (args[at] == "--debug" or args[at].startswith("--lang")):
        at += 2 if args[at] == "--lang" else 1
    return min(at, len(args))


def _debugging(ctx: click.Context) -> bool:
    return bool(ctx.params.get("debug"))


@click.group(
    cls=Simulate,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMAND [ARGS]...",
    epilog="simulate scenario.yaml = simulate run scenario.yaml",
)
@click.version_option(__version__, prog_name="dabiao", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, envvar="DABIAO_DEBUG", help=N_("Show the traceback of an error."))
@language_option(expose_value=False)
def simulate(debug: bool) -> None:
    """Can this region reach its targets?"""


for _command in (
    run,
    compare,
    optimize,
    province,
    explain,
    sensitivity,
    sweep,
    audit,
    longview,
    track,
    roll,
    backtest,
    calibrate,
    validation,
    validate,
    show,
    schema,
    examples,
    report,
    export,
    verify,
    new,
    template,
    convert,
    targets,
    serve,
    doctor,
    completion,
):
    simulate.add_command(_command)


def _one_thread() -> None:
    """Let linear algebra run in the thread that asks for it, whatever the environment says; works until numpy
    is imported.

    Sums in several threads are added up in another order: digits would depend on the number of cores. And
    the matrices of a run are small: a second thread mostly waits, ten times as long as the sum takes.
    """
    for name in THREADS:
        os.environ[name] = "1"


def _without_settings() -> None:
    """Let no library be set from outside: a variable that it reads when it is imported and does not know ends
    it, and the program stands on what it does by default."""
    os.environ["MPLBACKEND"] = "agg"  # nothing opens a window
    os.environ.pop("SOURCE_DATE_EPOCH", None)  # what is written bears no time; numpy takes it for a number


def main() -> None:
    """The command of the words of this process; :mod:`.start` is the program's entry."""
    prepare()
    _one_thread()
    _without_settings()
    # one command, then the process ends: looking for cyclic garbage costs a tenth of a run and finds nothing
    gc.disable()
    try:
        simulate(prog_name="simulate")
    finally:
        gc.freeze()  # nor does it find any at the end, when Python looks once more
