"""`simulate export` and `simulate verify`: what stands in the folder of a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..models.words import N_, tr
from ..results.forms.export import EXCHANGE
from . import options
from .language import command
from .options import tell
from .streams import print_whole

if TYPE_CHECKING:
    from ..results.verify import Verified


@command(short_help=N_("Write a run for other programs: long table, IAMC, data package, Parquet."))
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(EXCHANGE)),
    default="long",
    show_default=True,
    help=N_("Tidy long CSV, IAMC layout (pyam), Frictionless data package, or Parquet."),
)
@click.option("--region", default="", help=N_("Region in the IAMC layout; otherwise the scenario's title."))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help=N_("Folder; otherwise RUN-FORMAT beside the run."),
)
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing."))
@options.lang
def export(run: Path, form: str, region: str, out: Path | None, quiet: bool, lang: str) -> None:
    """Write the tables of a run for other programs.

    \b
    simulate export runs/my-city/7f3a9c21b0de --format iamc
    """
    from ..results.forms.export import exchanged
    from ..results.forms.interchange import Asked, stored, write_files
    from ..results.place import named
    from ..results.write import read_run

    found = stored(run, read_run)
    home = named(run if os.path.isdir(run) else run.parent)
    made = write_files(
        exchanged(form, found, Asked(lang, region)), out or home.with_name(f"{home.name}-{form}")
    )
    for file in made[:3]:
        click.echo(str(file))
    if len(made) > 3:
        tell(tr(lang, "{count} files", count=len(made)), quiet)


def _verdict(found: Verified, lang: str) -> str:
    """The last word on a run."""
    if found.ok:
        return tr(lang, "VERIFIED")
    if found.unchanged:
        return tr(lang, "FILES UNCHANGED; WHAT DECIDED THE RUN CANNOT BE CHECKED")
    return tr(lang, "NOT VERIFIED")


@command(short_help=N_("Check that a run stands as it was written, or make it again."))
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--rerun", is_flag=True, help=N_("Run it again and compare every table, byte for byte."))
@options.output
@click.pass_context
def verify(ctx: click.Context, run: Path, rerun: bool, lang: str, as_json: bool, quiet: bool) -> None:
    """Hash every file of a run against its manifest; exit code 1 where something differs or
    the manifest has no seal."""
    import json
    from dataclasses import asdict, replace

    from ..results.verify import verify as check

    found = check(run, rerun)
    if as_json:
        told_so = [said.of(lang) for said in found.told]
        whole = {
            "schema": "dabiao.verify/1",
            "ok": found.ok,
            **asdict(replace(found, told=())),
            "told": told_so,
        }
        print_whole(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    else:
        told = [
            (tr(lang, "unchanged", context="files of a run"), found.same, False),
            (tr(lang, "changed"), found.changed, True),
            (tr(lang, "missing"), found.missing, True),
            (tr(lang, "not in the manifest"), found.extra, True),
            (tr(lang, "made again, the same"), found.tables_same, False),
            (
                tr(
                    lang,
                    "made again, the same but for rounding by at most {most} (another processor or other"
                    " versions of libraries add in another order)",
                    most=f"{max((found.tables_rounded or {}).values(), default=0):.0e}",
                ),
                found.tables_rounded,
                True,
            ),
            (tr(lang, "made again, different"), found.tables_differ, True),
        ]
        for what, names, named in told:
            if names is not None and (names or not named):
                said = (
                    tr(lang, "1 file {what}", what=what)
                    if len(names) == 1
                    else tr(lang, "{count} files {what}", count=len(names), what=what)
                )
                if named:
                    said += tr(lang, ": ") + tr(lang, ", ", context="between the things of a list").join(
                        names
                    )
                click.echo(said)
        for wrong in found.told:
            click.echo(wrong.of(lang))
        if not found.sealed:
            tell(
                tr(lang, "the run is of a version whose manifest does not show whether it was changed"), quiet
            )
        if not found.program:
            tell(
                tr(lang, "the program is not the one that wrote this run"),
                quiet,
            )
        click.echo(_verdict(found, lang))
    ctx.exit(0 if found.ok else 1)
