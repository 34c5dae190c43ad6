"""`simulate optimize select`: which candidate projects start in which quarter."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..models.words import N_, msg
from . import options
from .complaint import misuse, warn
from .deliver import About, hand_in, hand_over
from .language import command
from .options import Question

if TYPE_CHECKING:
    from ..models.selection import Programme

TIMED_OUT = 5
"""Exit code where time ran out: the result is the best so far."""

_FILE = click.Path(path_type=Path)


@command(short_help=N_("Which candidate projects start in which quarter."))
@click.option("--candidates", type=_FILE, help=N_("CSV of candidates, instead of a scenario's projects."))
@click.option("--budgets", type=_FILE, help=N_("CSV of money: quarter, and a column for each source."))
@click.option("--quotas", type=_FILE, help=N_("CSV of region, least, most (starts), money."))
@click.option("--starts", type=click.IntRange(0), default=0, help=N_("Projects that start, at least."))
@click.option(
    "--completions",
    type=click.IntRange(0),
    default=0,
    help=N_("Projects complete within the horizon, at least."),
)
@click.option("--carry", is_flag=True, help=N_("Money left over may be spent in a later quarter."))
@click.option(
    "--discount",
    metavar="%",
    type=click.FloatRange(0, 100),
    default=8.0,
    show_default=True,
    help=N_("Discount a year until a project is complete."),
)
@click.option(
    "--quarters",
    type=click.IntRange(1, 60),
    default=8,
    show_default=True,
    help=N_("Quarters, for a scenario's projects."),
)
@click.option(
    "--value",
    type=click.Choice(["value-added", "investment"]),
    default="value-added",
    show_default=True,
    help=N_("What a scenario's projects are valued by."),
)
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=click.FloatRange(1, 86_400),
    default=60.0,
    show_default=True,
    help=N_("Seconds; then the best choice so far."),
)
@click.option(
    "--gap",
    metavar="%",
    type=click.FloatRange(0, 100),
    default=0.1,
    show_default=True,
    help=N_("Distance from the bound at which to stop."),
)
@options.question
def select(
    question: Question,
    candidates: Path | None,
    budgets: Path | None,
    quotas: Path | None,
    starts: int,
    completions: int,
    carry: bool,
    discount: float,
    quarters: int,
    value: str,
    time_limit: float,
    gap: float,
) -> None:
    """Which candidate projects start in which quarter, for the greatest value, with the proven
    distance from the best.

    Money by source and quarter, precedence, mutual exclusion, quotas of regions, least starts and
    completions.

    \b
    simulate optimize select --candidates projects.csv --budgets money.csv --quotas regions.csv --starts 80
    simulate optimize select scenario.yaml --quarters 8

    Exit code 5: time ran out, the choice is the best so far.
    """
    begun_at = time.perf_counter()
    asked: dict[str, Any] = {
        "starts": starts,
        "completions": completions,
        "carry": carry,
        "discount": discount,
        "gap": gap,
        "quarters": quarters,
        "value": value,
        "seed": question.seed,
    }
    limits: dict[str, Any] = {"solver": question.solver, "until": begun_at + time_limit, "gap": gap / 100}
    if candidates is not None:
        if question.file is not None or question.example is not None or budgets is None:
            raise misuse(msg("--candidates goes with --budgets, and without a scenario."))
        listed, files = _listed(
            candidates,
            budgets,
            quotas,
            starts=starts,
            completions=completions,
            carry=carry,
            discount=discount / 100,
        )
        _from_files(listed, files, candidates, asked, limits, question)
        return
    if budgets is not None or quotas is not None:
        raise misuse(msg("--budgets and --quotas go with --candidates."))
    loaded = question.scenario()
    from ..results.api.questions import select as ask

    answer = ask(
        loaded,
        quarters=quarters,
        starts=starts,
        completions=completions,
        carry=carry,
        discount=discount,
        value=value,
        time_limit=max(limits["until"] - time.perf_counter(), 0.5),
        gap=gap,
        solver=question.solver,
        seed=question.seed,
    )
    hand_in(answer, question)
    _exit(answer.asked["result"])


_FEW = 40  # starts that a terminal still shows


def _listed(
    candidates: Path, budgets: Path, quotas: Path | None, **limits: Any
) -> tuple[Programme, list[Path]]:
    """A programme out of CSV files; every mistake at once."""
    from ..models.selection import Programme
    from ..scenarios import candidates as read
    from ..scenarios.report import Report

    report = Report()
    quarters, money = read.budgets(budgets, report)
    listed = read.candidates(candidates, quarters, tuple(money), report)
    allowed = (
        read.quotas(quotas, tuple(dict.fromkeys(each.region for each in listed)), report) if quotas else {}
    )
    report.stop()
    for note in report.notes:
        warn(note)
    return Programme(listed, quarters, money, quotas=allowed, **limits), [
        candidates,
        budgets,
        *([quotas] if quotas else []),
    ]


def _from_files(
    programme: Programme,
    files: list[Path],
    named: Path,
    asked: dict[str, Any],
    limits: dict[str, Any],
    question: Question,
) -> None:
    from ..results.api.questions import SELECTED
    from ..results.tables.select import select_tables
    from ..results.write import sha256
    from ..solvers.select import best_choice, shortfalls
    from ..solvers.solve import chosen

    limits["solver"] = chosen(limits["solver"])
    choice = best_choice(programme, **_left(limits))
    short = [] if choice.found else shortfalls(programme, solver=limits["solver"])
    made = select_tables(programme, choice, short)
    hashes = tuple((file.name, sha256(file.read_bytes())) for file in files)
    asked |= {"solver": limits["solver"], "result": choice.status.value, "worth": repr(choice.value)}
    shown = tuple(name for name in SELECTED if name != "select_starts" or len(choice.starts) <= _FEW)
    title = msg("Choice of projects: {name}", name=named.name)
    hand_over(made, About(named.stem, title, repr(hashes), hashes), "select", asked, shown, question)
    _exit(choice.status.value)


def _left(limits: dict[str, Any]) -> dict[str, Any]:
    """What reading the files has left of the time."""
    return {
        "solver": limits["solver"],
        "gap": limits["gap"],
        "time_limit": max(limits["until"] - time.perf_counter(), 0.5),
    }


def _exit(status: str) -> None:
    if status == "time limit":
        click.get_current_context().exit(TIMED_OUT)
