"""`simulate province`: a province and its cities, a city and its counties."""

from __future__ import annotations

from pathlib import Path

import click

from ..models.words import N_, msg
from . import options
from .complaint import misuse, warn
from .deliver import About, hand_over
from .language import command
from .options import Question, tell


@command(short_help=N_("A province of regions: their sum, each of them, the gap, and who must do what."))
@click.argument("file", metavar="FILE")
@options.draws
@options.solver
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=None,
    help=N_("Seed of the futures; otherwise the file's."),
)
@options.sets
@options.out
@options.output
def province(
    file: str,
    draws: int | None,
    solver: str,
    seed: int | None,
    sets: tuple[str, ...],
    out: Path,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """A file of regions: members by path or by a table of a dozen figures each, in the same futures. Does the
    sum reach its target, does each, how wide is the gap per head, and who must do what?

    \b
    simulate province example:sichuan-2021/province.yaml
    simulate province my-province.yaml --set regions.reconcile=scale
    """
    from ..engine.province.run import DRAWS, run_province
    from ..models.money import count_in
    from ..results.tables.province import SHOWN, province_tables
    from ..scenarios.province.load import load_province
    from ..scenarios.rates import questions

    if draws == 0:
        raise misuse(msg("--draws 0: a province is told by its futures alone"))
    question = Question(file, None, sets, solver, seed, out, lang, as_json, quiet)
    loaded = load_province(file, sets)
    for note in loaded.notes:
        warn(note)
    for line in questions(loaded.questions, lang):
        tell(line, quiet)
    count_in(loaded.members[0].loaded.scenario.money)
    found = run_province(loaded, draws=draws or DRAWS, seed=seed, solver=solver)
    asked = {"draws": found.together.draws, "seed": found.seed, "solver": found.solver}
    about = About(loaded.name, loaded.title, loaded.whole, loaded.files)
    hand_over(province_tables(found), about, "province", asked, SHOWN, question)
