"""`simulate roll`: a scenario carried on to the next year."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..models.shell import shell_word
from ..models.words import N_, tr
from . import options
from .book import named
from .language import command, spoken
from .options import EXAMPLE, find_scenario, tell


@command(short_help=N_("Carry a scenario on to the next year: actual accounts, stages of projects, history."))
@click.argument("file", metavar="SCENARIO")
@click.option(
    "--actuals",
    type=click.Path(path_type=Path),
    help=N_("Table of what the year brought (CSV, Excel); otherwise the scenario's `actuals`."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=N_("New file; otherwise the old one's name with the next year, beside it."),
)
@options.lang
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing but the result."))
def roll(file: str, actuals: Path | None, out: Path | None, lang: str, quiet: bool) -> None:
    """Write the scenario of the next year: its base year is the year that is over. Actual accounts go in,
    projects' stages move on, what was asked and what came is kept as history; what nobody stated is carried
    on, and told.

    \b
    simulate roll scenario.yaml --actuals 2024.xlsx
    simulate roll my-city/baseline.yaml --actuals 2024.xlsx --out my-city/2025.yaml
    """
    if out is not None:
        named(out, (".yaml", ".yml"))
    loaded = find_scenario(file, actuals=actuals)
    from ..engine.run import check
    from ..engine.tracking.roll import roll as ask
    from ..results.forms.rolled import rolled_yaml
    from ..scenarios.load import load

    stated = loaded if actuals is None else load(file)
    made = ask(loaded, stated=stated.scenario.actuals is not None)
    year = int(loaded.scenario.years.first) + 1
    target = out or _name(file, year)
    text = rolled_yaml(made, loaded, _parent(file, target), lang)
    new = load(target, text=text)
    check(new)
    from ..results.write import put

    put(target, text.encode())
    for said in made.told:
        tell(f"- {said.of(lang)}", quiet)
    click.echo(str(target))
    tell(tr(spoken(), "NEXT  simulate run {file}", file=shell_word(target)), quiet)


def _name(file: str, year: int) -> Path:
    """The new file's name: beside the old one, with the year."""
    if file.startswith(EXAMPLE):
        return Path(f"{file.removeprefix(EXAMPLE).replace('/', '-')}-{year}.yaml")
    old = Path(file)
    if os.path.isdir(old):
        return old / f"baseline-{year}.yaml"
    stem = old.stem
    return old.with_name(f"{stem[:-5] if stem[-5:-4] == '-' and stem[-4:].isdecimal() else stem}-{year}.yaml")


def _parent(file: str, target: Path) -> str:
    """The old scenario as the new one names it."""
    import os

    if file.startswith(EXAMPLE):
        return file
    old = Path(file) / "baseline.yaml" if os.path.isdir(Path(file)) else Path(file)
    return Path(os.path.relpath(old.resolve(), target.resolve().parent)).as_posix()
