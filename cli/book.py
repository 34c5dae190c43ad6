"""`simulate template` and `simulate convert`: a scenario as a workbook."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..models.shell import shell_word
from ..models.words import N_, msg, tr
from . import options
from .complaint import misuse
from .language import command
from .options import find_scenario, tell

SUFFIX = ".xlsx"


@command(short_help=N_("Write a workbook to fill in."))
@click.argument("file", metavar="REGION.xlsx", type=click.Path(path_type=Path))
@options.lang
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing but the file."))
def template(file: Path, lang: str, quiet: bool) -> None:
    """Write a workbook to fill in; it never overwrites.

    \b
    simulate template my-city.xlsx
    simulate my-city.xlsx
    """
    from ..results.forms.excel.inputs import template as blank
    from ..results.write import put

    named(file, (SUFFIX,))
    put(file, blank(lang))
    click.echo(str(file))
    tell(f"{tr(lang, 'NEXT')}  simulate {shell_word(file)} --lang {lang}", quiet)


def named(file: Path, endings: tuple[str, ...]) -> None:
    """Refuse a name that ends otherwise."""
    if not file.name.lower().endswith(endings):
        raise misuse(
            msg("{file}: expected a name that ends in {endings}", file=file, endings=", ".join(endings))
        )


def free(file: Path) -> None:
    """Refuse the name of a file that is there."""
    from ..results.write import WriteError

    if os.path.lexists(file):
        raise WriteError(msg("{file} is there already and nothing was changed; give another name", file=file))


@command(short_help=N_("Turn a scenario into a workbook, or a workbook into YAML."))
@click.argument("scenario", metavar="SCENARIO")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@options.sets
@options.lang
def convert(scenario: str, file: Path, sets: tuple[str, ...], lang: str) -> None:
    """Turn a scenario into a workbook (.xlsx), or a workbook into YAML, without loss; never overwrites.

    \b
    simulate convert baseline.yaml my-city.xlsx
    simulate convert my-city.xlsx my-city.yaml
    """
    named(file, (SUFFIX, ".yaml", ".yml"))
    from ..results.write import put

    loaded = find_scenario(scenario, sets=sets)
    if file.name.lower().endswith(SUFFIX):
        from ..results.forms.excel.converted import scenario_book

        data = scenario_book(loaded, lang)
    else:
        from ..scenarios.load import resolved_yaml

        data = resolved_yaml(loaded).encode()
    put(file, data)
    click.echo(str(file))
