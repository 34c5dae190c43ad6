"""`simulate validate`, `show`, `schema`, `examples`: what a scenario says, without running it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..models.shell import shell_word
from ..models.words import N_, msg, tr
from . import options
from .complaint import misuse, warn
from .language import command
from .options import find_scenario
from .streams import print_whole

if TYPE_CHECKING:
    from ..scenarios.load import Loaded


@command(short_help=N_("Check a scenario without running it."))
@click.argument("file", metavar="SCENARIO")
@options.sets
@options.lang
def validate(file: str, sets: tuple[str, ...], lang: str) -> None:
    """Check a scenario or a file of regions without running it; all mistakes are told at once (exit code 2).

    Numbers that are allowed and out of the ordinary are told as warnings, with the usual range; what is left
    unsaid, inferred, or stated without effect as notes (exit code 0).
    """
    from ..scenarios.other_kinds import states
    from ..scenarios.province.schema import HEAD

    if states(file, HEAD):
        regions(file, sets, lang)
        return
    loaded = find_scenario(file, sets=sets)
    from ..engine.diagnose.plausibility import look
    from ..engine.run import check, notes
    from ..results.tables.hints import hint_lines
    from ..results.tables.plausibility import warnings
    from ..scenarios.rates import questions

    with suspects(loaded, lang):
        check(loaded)
    click.echo(summary(loaded, lang))
    said = hint_lines(notes(loaded), loaded.scenario, loaded.origins, lang)
    for line in (
        *questions(loaded.questions, lang),
        *warnings(look(loaded), loaded.scenario, loaded.origins, lang),
        *said,
    ):
        click.echo(line)


@command(short_help=N_("Print a scenario with everything it inherits."))
@click.argument("file", metavar="SCENARIO")
@options.sets
@click.option("--origins", is_flag=True, help=N_("Say which file and line set each value."))
@click.option(
    "--inherited",
    is_flag=True,
    help=N_("What is inherited from which file, of which country, block by block."),
)
@options.lang
def show(file: str, sets: tuple[str, ...], origins: bool, inherited: bool, lang: str) -> None:
    """Print a scenario with everything it inherits, one value a line."""
    from ..scenarios.other_kinds import states
    from ..scenarios.province.schema import HEAD

    if states(file, HEAD):
        raise misuse(
            msg(
                "{file} is a file of regions, no scenario: `simulate validate {word}` checks it, `simulate"
                " province {word}` runs it; `show` prints the scenario of a member",
                file=file,
                word=shell_word(file),
            )
        )
    loaded = find_scenario(file, sets=sets)
    if inherited:
        from ..results.forms.terminal.layout import render_table
        from ..results.tables.inherited import inherited_table

        click.echo(render_table(inherited_table(loaded), lang, options.terminal_width()))
        return
    from ..scenarios.load import show as shown

    click.echo(shown(loaded, origins).rstrip("\n"))


@command(short_help=N_("Print the JSON schema of scenarios, for editors."))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=N_("File to write it to."))
@click.option("--markdown", is_flag=True, help=N_("A page to read instead of JSON."))
@options.lang
def schema(out: Path | None, markdown: bool, lang: str) -> None:
    """Print the JSON schema of scenarios: editors then complete keys and show units."""
    import json

    from ..scenarios.load import json_schema
    from ..scenarios.reference import reference

    text = reference(lang) if markdown else json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        print_whole(text)
        return
    from ..results.write import renew

    renew(out, text.encode())


@command(short_help=N_("List the scenarios that are shipped."))
@options.lang
def examples(lang: str) -> None:
    """List the scenarios that are shipped; run one with `simulate --example NAME`."""
    from ..scenarios.files import examples as shipped

    for name in shipped():
        title = find_scenario(None, name).scenario.title
        click.echo(f"{name}  {title.of(lang)}")


def regions(file: str, sets: tuple[str, ...], lang: str) -> None:
    """Check a file of regions: its table, its members, what does not add up."""
    from ..scenarios.province.load import load_province
    from ..scenarios.rates import questions

    loaded = load_province(file, sets)
    for note in loaded.notes:
        warn(note)
    said = tr(
        lang,
        "OK  {name}: {members} members, GDP {stated:.2f} of {whole:.2f}, multiplied by {factor:.4f}",
        name=loaded.name,
        members=len(loaded.members),
        stated=loaded.stated,
        whole=loaded.regions.parent.gdp.value,
        factor=loaded.factor,
    )
    for line in (said, *questions(loaded.questions, lang)):
        click.echo(line)


@contextmanager
def suspects(loaded: Loaded, lang: str) -> Iterator[None]:
    """Where numbers cannot stand together, tell those first that are out of the ordinary: a wrong unit is
    mostly behind it."""
    from ..models.errors import ScenarioError

    try:
        yield
    except ScenarioError:
        from ..engine.diagnose.plausibility import plausibility_warnings
        from ..results.tables.plausibility import warnings

        for line in warnings(
            plausibility_warnings(loaded.scenario, {}), loaded.scenario, loaded.origins, lang
        ):
            click.echo(line, err=True)
        raise


def summary(loaded: Loaded, lang: str) -> str:
    """One line: what a scenario holds, and how many of its numbers are sourced."""
    from ..scenarios.load import numbers

    scenario = loaded.scenario
    stated = list(numbers(scenario))
    sourced = sum(1 for quantity in stated if quantity.sourced)
    return tr(
        lang,
        "OK  {name}: {sectors} sectors, {projects} projects, {targets} targets; {numbers} numbers,"
        " {sourced} of them sourced, {assumed} assumptions",
        name=loaded.name,
        sectors=len(scenario.sectors),
        projects=len(scenario.projects),
        targets=len(scenario.targets),
        numbers=len(stated),
        sourced=sourced,
        assumed=len(stated) - sourced,
    )
