"""`simulate run`: one scenario, answered and written down."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..models.shell import shell_word
from ..models.words import N_, tr
from . import options
from .language import command
from .options import find_scenario, tell, terminal_width
from .scenario import suspects
from .streams import print_whole

if TYPE_CHECKING:
    from ..results.tables.table import Table
    from ..results.write import Written
    from ..scenarios.load import Loaded
    from ..scenarios.schema import Scenario


@command(short_help=N_("Run a scenario: can its targets be reached?"))
@click.argument("file", metavar="[SCENARIO]", required=False)
@click.option("--example", metavar="NAME", help=N_("Run a shipped scenario (see `simulate examples`)."))
@options.engine
@options.draws
@options.sets
@options.out
@click.option(
    "--report",
    "reported",
    is_flag=True,
    help=N_("Write the report too (Word, Excel, HTML, Markdown, CSV; zh and en)."),
)
@options.output
def run(
    file: str | None,
    example: str | None,
    solver: str,
    seed: int | None,
    draws: int | None,
    sets: tuple[str, ...],
    out: Path,
    reported: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run a scenario: can its targets be reached, and what would it take?

    \b
    simulate run scenario.yaml
    simulate run --example NAME --set investment.growth=7
    """
    begun = time.perf_counter()
    loaded = find_scenario(file, example, sets)
    from ..engine.run import run as answer_scenario
    from ..models.errors import DabiaoError
    from ..results.forms.json_document import document, json_text
    from ..results.forms.terminal.answer import render
    from ..results.report import tables
    from ..results.write import refuse_other
    from ..scenarios.book.read import RESULTS
    from ..scenarios.load import resolved_yaml
    from ..scenarios.rates import questions
    from ..solvers.solve import chosen

    whole = resolved_yaml(loaded)
    for line in questions(loaded.questions, lang):
        tell(line, quiet)
    refuse_other(out, loaded.name, which_run(loaded, whole, chosen(solver), seed, lang, draws)["run"])
    with suspects(loaded, lang):
        answer = answer_scenario(loaded, solver=solver, seed=seed, draws=draws)
    made = tables(answer)
    meta = which_run(loaded, whole, getattr(answer, "solver", solver), seed, lang, draws)
    failed: DabiaoError | None = None
    try:  # before printing: a reader that stops early must not cost the files
        written = store(loaded, whole, made, meta, out, lang)
        book = workbook_beside(file, loaded, made, meta, lang)
    except DabiaoError as error:
        failed = error
    if as_json:
        print_whole(json_text(document(made, loaded.scenario.title, meta)))
    else:
        click.echo(render(answer, made, lang, terminal_width(), meta["run"]))
    if failed is not None:
        raise failed
    options.written(written)
    tell(wrote(written, time.perf_counter() - begun, lang), quiet)
    if book is not None:
        tell(f"{tr(lang, 'WROTE')}  {book}", quiet)
        usual = Path(str(file)).stem + RESULTS
        if book.name != usual:
            tell(tr(lang, "{file} was changed since it was written and stays as it is", file=usual), quiet)
    if reported:
        from .report import write

        write(written.folder, quiet=quiet or as_json, listed=False)
    named = file or f"{options.EXAMPLE}{example}"
    tell(next_steps(named, lang, written.folder, unreached(made), more_money(loaded.scenario)), quiet)


def which_run(
    loaded: Loaded, whole: str, solver: str, seed: int | None, lang: str, draws: int | None = None
) -> dict[str, Any]:
    """What makes this run itself: its id is the hash of all that decides its results.

    ``whole`` is the resolved scenario as text.
    """
    from ..results.write import code_hash, run_id

    run = run_id(whole, seed, __version__, code_hash(), solver, lang, draws)
    return {
        "run": run,
        "scenario": loaded.name,
        "seed": seed,
        "draws": draws,
        "solver": solver,
        "version": __version__,
    }


def store(
    loaded: Loaded, whole: str, made: Mapping[str, Table], meta: Mapping[str, Any], out: Path, lang: str
) -> Written:
    """Write the folder of the run: every export, the resolved scenario, the manifest."""
    from ..results.compare.versus import ORIGINS, stated_in
    from ..results.forms.export import writers
    from ..results.write import code_hash, write_run
    from ..scenarios.files import RESOLVED

    title = loaded.scenario.title
    return write_run(
        out,
        meta["scenario"],
        meta["run"],
        writers=writers(made, lang, title, meta),
        files={RESOLVED: whole, ORIGINS: stated_in(loaded)},
        manifest={
            **meta,
            "lang": lang,
            "code": code_hash(),
            "command": sys.argv[1:],
            "inputs": dict(loaded.files),
        },
    )


def workbook_beside(
    file: str | None, loaded: Loaded, made: Mapping[str, Table], meta: Mapping[str, Any], lang: str
) -> Path | None:
    """The results of a workbook as a workbook beside it; nothing for other scenarios."""
    if file is None or not file.lower().endswith(".xlsx") or file.startswith(options.EXAMPLE):
        return None
    from ..results.beside import results_beside

    return results_beside(Path(file), made, lang, loaded.scenario.title, meta, loaded.origins)


def wrote(written: Written, seconds: float, lang: str) -> str:
    """One line: where the results stand."""
    count = sum(1 for file in (written.folder / "csv").glob("*.csv"))
    files = f"report.html report.md tables.xlsx tables.json {count} csv"
    return tr(
        lang,
        "{new}  {folder}  {files} ({seconds:.1f} s)",
        folder=written.folder,
        files=files,
        seconds=seconds,
        new=(tr(lang, "WROTE") if written.new else tr(lang, "SAME RUN, KEPT")),
    )


def unreached(made: Mapping[str, Table]) -> bool:
    """Whether a tier of a main target is out of reach, or every tier together is."""
    return any(row.get("rung_id") == "out" for row in made["verdict"].records())


def beside(scenario: str) -> str:
    """A scenario in the same folder that extends this very file, such as the one that `simulate new` writes;
    nothing where there is none."""
    file = Path(scenario)
    if scenario.startswith(options.EXAMPLE) or not os.path.isfile(file):
        return ""
    from ..scenarios.begin import OTHER

    others = sorted(file.parent.glob("*.y*ml"), key=lambda other: (other.name != OTHER, other.name))
    return next((str(other) for other in others if other.name != file.name and _extends(other, file)), "")


def _extends(other: Path, file: Path) -> bool:
    """Whether a scenario says that it extends ``file``."""
    from ..scenarios.files import content

    try:
        text = content(other).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    stated = re.search(r"""^extends:\s+["']?([^"'#\n]+?)["']?\s*(?:#.*)?$""", text, re.MULTILINE)
    return stated is not None and (other.parent / stated[1]).resolve() == file.resolve()


MORE = "investment.growth=8"
"""A number that is changed for an example."""


def more_money(scenario: Scenario) -> str:
    """Another number for the investment of the first year, by the key that decides it."""
    year, plan = str(int(scenario.years.first)), scenario.investment
    if year in plan.path:
        return f"investment.path.{year}={plan.path[year].value * 1.03:.4g}"
    return f"investment.growth_in.{year}=8" if year in plan.growth_in else MORE


def next_steps(
    scenario: str, lang: str, folder: Path | None = None, short: bool = False, change: str = MORE
) -> str:
    """What a planner may ask next; ``short``: why a tier is out of reach, what it would take, and the report
    of ``folder``; ``change``: a number to try another value of."""
    other = beside(scenario) or tr(lang, "other.yaml")
    scenario, other = shell_word(scenario), shell_word(other)
    why = [f"simulate explain {scenario}", f"simulate optimize required {scenario}"] if short else []
    if short and folder is not None:
        why.append(f"simulate report {shell_word(folder)}")
    steps = (
        *why,
        f"simulate compare {scenario} {other}",
        f"simulate {scenario} --set {change}",
        f"simulate show {scenario} --origins",
    )
    from ..results.forms.terminal.layout import cell_width

    head = tr(lang, "NEXT") + "  "
    return head + f"\n{' ' * cell_width(head)}".join(steps)
