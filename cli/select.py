"""`simulate optimize select`: which candidate projects start in which quarter."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..models.shell import shell_word
from ..models.words import N_, msg, tr
from . import options
from .complaint import misuse, warn
from .deliver import About, deliver, hand_over
from .language import command
from .options import Question, tell

if TYPE_CHECKING:
    from ..engine.decide.select import Budgets, SelectionQuestion
    from ..models.errors import DabiaoError
    from ..models.selection import Programme, Quota
    from ..scenarios.load import Loaded

TIMED_OUT = 5
"""Exit code where time ran out: the result is the best so far."""

_FILE = click.Path(path_type=Path)


@command(short_help=N_("Which candidate projects start in which quarter."))
@click.option(
    "--candidates",
    type=_FILE,
    help=N_("List of candidates (CSV, XLSX); with a scenario, as its `projects:` reads it."),
)
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
@click.option(
    "--to",
    metavar="FILE",
    type=_FILE,
    help=N_("Write the choice as a scenario (.yaml) or a workbook (.xlsx) that runs."),
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
    to: Path | None,
) -> None:
    """Which candidate projects start in which quarter, for the greatest value, with the proven
    distance from the best.

    Money by source and quarter, precedence, mutual exclusion, quotas of regions, least starts and
    completions. With --to the choice becomes a scenario or a workbook, to be run as it stands.

    \b
    simulate optimize select --candidates projects.csv --budgets money.csv --quotas regions.csv --starts 80
    simulate optimize select scenario.yaml --quarters 8 --to chosen.yaml
    simulate optimize select city.xlsx --candidates projects.xlsx --to city-chosen.xlsx

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
    limits = {"solver": question.solver, "until": begun_at + time_limit, "gap": gap / 100}
    rules: dict[str, Any] = {
        "starts": starts,
        "completions": completions,
        "carry": carry,
        "discount": discount / 100,
    }
    files = Files(candidates, budgets, quotas)
    if question.file is None and question.example is None and candidates is not None:
        if budgets is None or to is not None:
            raise misuse(msg("--candidates without a scenario goes with --budgets, and without --to."))
        _from_files(_listed(files, **rules), files, candidates, asked, limits, question)
        return
    base = _base(question, files)
    if to is not None:
        _check_to(to, base, question)
    rules |= {"quarters": quarters, "investment": value == "investment"}
    _from_scenario(base, files, to, rules, asked, limits, question)


_FEW = 40  # starts that a terminal still shows
_UNWRITTEN = "chosen.yaml"
"""What a scenario is called that is not written down."""


class Files(NamedTuple):
    """The files that a choice is made from."""

    candidates: Path | None
    budgets: Path | None
    quotas: Path | None

    @property
    def read(self) -> list[Path]:
        """Those that are there."""
        return [file for file in self if file is not None]

    @property
    def hashes(self) -> tuple[tuple[str, str], ...]:
        """Names and contents."""
        from ..results.write import hash_of

        return tuple((file.name, hash_of(file)) for file in self.read)


class Base(NamedTuple):
    """The scenario that a choice is made for: how another one in a folder extends it, and that folder."""

    extends: str
    folder: Path

    @property
    def shipped(self) -> bool:
        """Whether it is one that comes with the product, which may be extended from anywhere."""
        return self.extends.startswith(options.EXAMPLE)


def _base(question: Question, files: Files) -> Base:
    from ..scenarios.files import USUAL

    named = question.file if question.example is None else f"{options.EXAMPLE}{question.example}"
    if named is None or (question.file is not None and question.example is not None):
        raise misuse(msg("Give one scenario file, or --example NAME."))
    if named.startswith(options.EXAMPLE):
        return Base(named, files.candidates.parent if files.candidates else Path())
    path = Path(named)
    return Base(USUAL, path) if os.path.isdir(path) else Base(path.name, path.parent)


def _check_to(to: Path, base: Base, question: Question) -> None:
    """Refuse before any work what could not be written or would not run."""
    from .book import SUFFIX, free, named

    named(to, (SUFFIX, ".yaml", ".yml"))
    free(to)
    if question.sets:
        raise misuse(msg("--to writes what the files say: put the changes of --set into the scenario"))
    aside = to.parent.resolve() != base.folder.resolve()
    if aside and not base.shipped and to.suffix != SUFFIX:
        raise misuse(
            msg(
                "{to}: expected a file beside {file}, which it extends",
                to=to,
                file=base.folder / base.extends,
            )
        )


def _from_scenario(
    base: Base,
    files: Files,
    to: Path | None,
    rules: dict[str, Any],
    asked: dict[str, Any],
    limits: dict[str, Any],
    question: Question,
) -> None:
    """Choose, put the choice into a scenario, and tell what that scenario comes to."""
    from ..engine.decide.select import programme, written
    from ..engine.study import study
    from ..results.tables.select import select_tables
    from ..scenarios.load import load
    from ..scenarios.write import text
    from ..solvers.select import best_choice, shortfalls
    from ..solvers.solve import chosen as chosen_solver

    loaded = question.scenario()
    limits["solver"] = chosen_solver(limits["solver"])
    pool = loaded if files.candidates is None else _with_list(base, files.candidates, question, loaded)
    own = programme(pool, _question(pool, files, rules))
    own = replace(own, quotas=_quotas(files.quotas, [each.region for each in own.candidates]))
    if not own.candidates:
        raise _nothing_to_choose()
    choice = best_choice(own, **_left(limits))
    short = [] if choice.found else shortfalls(own, solver=limits["solver"])
    begun = study(loaded, solver=limits["solver"], seed=question.seed, draws=None)
    chosen = said = None
    if choice.found:
        said = text(written(pool, base.extends, own.candidates, choice.starts, files.candidates is not None))
        name = to.name if to is not None and to.suffix != ".xlsx" else _UNWRITTEN
        chosen = load(base.folder / name, question.sets, said)
    carried = None
    if chosen is not None:
        carried = study(chosen, solver=limits["solver"], seed=question.seed, draws=None)
    made = select_tables(own, choice, short, begun, carried)
    asked |= {"solver": limits["solver"], "result": choice.status.value, "worth": repr(choice.value)}
    if files.read:
        asked["files"] = repr(files.hashes)
    deliver(made, loaded, "select", asked, _shown(len(choice.starts)), question)
    if to is not None and chosen is not None and said is not None:
        _write(to, chosen, said, question)
    _exit(choice.status.value)


def _nothing_to_choose() -> DabiaoError:
    from ..models.errors import Problem, ScenarioError

    return ScenarioError(
        [
            Problem(
                "projects",
                msg("no project that has still to start"),
                msg("candidates"),
                msg("state them, or give --candidates"),
            )
        ]
    )


def _shown(starts: int) -> tuple[str, ...]:
    """The tables for the terminal: long lists stand in the folder alone."""
    from ..results.api.questions import SELECTED

    return tuple(name for name in SELECTED if name != "select_starts" or starts <= _FEW)


def _with_list(base: Base, candidates: Path, question: Question, before: Loaded) -> Loaded:
    """The scenario with a list of projects laid into it, as `projects:` reads it."""
    from ..models.errors import ScenarioError
    from ..scenarios.load import load
    from ..scenarios.write import text

    where = os.path.relpath(candidates, base.folder).replace(os.sep, "/")
    said = text({"dabiao": 1, "extends": base.extends, "projects": where})
    try:
        found = load(base.folder / _UNWRITTEN, question.sets, said)
    except ScenarioError as error:  # of a file that nobody has seen: the option that asked for it is named
        told = [
            replace(each, file="--candidates", line=0, column=0)
            if Path(each.file).name == _UNWRITTEN
            else each
            for each in error.problems
        ]
        raise ScenarioError(told) from None
    for note in found.notes:
        if note not in before.notes:  # those have been told
            warn(note)
    return found


def _question(pool: Loaded, files: Files, rules: dict[str, Any]) -> SelectionQuestion:
    """What is asked of a scenario's projects: those of the list alone where there is one."""
    from ..engine.decide.select import SelectionQuestion

    among = None
    if files.candidates is not None:
        name = files.candidates.name
        among = frozenset(
            key
            for key in pool.scenario.projects
            if re.search(rf"(^|/){re.escape(name)}[:!]", pool.origins.get(f"projects.{key}.sector", ""))
        )
    money = None if files.budgets is None else _money(files.budgets)
    return SelectionQuestion(**rules, among=among, budgets=money)


def _money(budgets: Path) -> Budgets:
    from ..scenarios import candidates as read
    from ..scenarios.report import Report

    report = Report()
    found = read.budgets(budgets, report)
    report.stop()
    for note in report.notes:
        warn(note)
    return found


def _quotas(quotas: Path | None, regions: Sequence[str]) -> dict[str, Quota]:
    from ..scenarios import candidates as read
    from ..scenarios.report import Report

    report = Report()
    found = read.quotas(quotas, tuple(dict.fromkeys(regions)), report) if quotas else {}
    report.stop()
    return found


def _write(to: Path, chosen: Loaded, said: str, question: Question) -> None:
    """The choice as a file that runs: a scenario that extends the first one, or a workbook that holds all."""
    from ..results.write import put
    from .book import SUFFIX

    if to.suffix == SUFFIX:
        from ..results.forms.excel.converted import scenario_book

        put(to, scenario_book(chosen, question.lang))
        tell(
            tr(
                question.lang,
                "{file}: every value of the scenario and the starts that were chosen; columns and remarks"
                " of your own that are no values stay in the first file",
                file=to,
            ),
            question.quiet,
        )
    else:
        put(to, said.encode())
    tell(f"{tr(question.lang, 'WROTE')}  {to}", question.quiet)
    tell(f"{tr(question.lang, 'NEXT')}  simulate {shell_word(to)} --lang {question.lang}", question.quiet)


def _listed(files: Files, **limits: Any) -> Programme:
    """A programme out of CSV files; every mistake at once."""
    from ..models.selection import Programme
    from ..scenarios import candidates as read
    from ..scenarios.report import Report

    assert files.candidates is not None and files.budgets is not None
    report = Report()
    quarters, money = read.budgets(files.budgets, report)
    listed = read.candidates(files.candidates, quarters, tuple(money), report)
    regions = tuple(dict.fromkeys(each.region for each in listed))
    allowed = read.quotas(files.quotas, regions, report) if files.quotas else {}
    report.stop()
    for note in report.notes:
        warn(note)
    return Programme(listed, quarters, money, quotas=allowed, **limits)


def _from_files(
    programme: Programme,
    files: Files,
    named: Path,
    asked: dict[str, Any],
    limits: dict[str, Any],
    question: Question,
) -> None:
    from ..results.tables.select import select_tables
    from ..solvers.select import best_choice, shortfalls
    from ..solvers.solve import chosen

    limits["solver"] = chosen(limits["solver"])
    choice = best_choice(programme, **_left(limits))
    short = [] if choice.found else shortfalls(programme, solver=limits["solver"])
    made = select_tables(programme, choice, short)
    asked |= {"solver": limits["solver"], "result": choice.status.value, "worth": repr(choice.value)}
    title = msg("Choice of projects: {name}", name=named.name)
    about = About(named.stem, title, repr(files.hashes), files.hashes)
    hand_over(made, about, "select", asked, _shown(len(choice.starts)), question)
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
