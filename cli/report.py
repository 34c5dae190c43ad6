"""`simulate report`: a run as a document that can be carried into the room."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import click

from ..models.words import LANGUAGES, N_, tr
from ..results.forms.export import REPORT
from .language import command, spoken
from .options import tell
from .which import run_folder


@command(short_help=N_("Write the report of a run: Word, Excel, HTML, Markdown, CSV."))
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("against", metavar="[STRETCH]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "forms",
    type=click.Choice(REPORT),
    multiple=True,
    help=N_("Form, may be repeated; otherwise all."),
)
@click.option(
    "--lang",
    type=click.Choice([*LANGUAGES, "both"]),
    default="both",
    show_default=True,
    help=N_("Language."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help=N_("Folder; otherwise RUN-report beside the run."),
)
@click.option("--issuer", default="", help=N_("Who issues the report; on page one."))
@click.option("--date", "dated", default="", help=N_("Date of the report, printed as written."))
@click.option("--data-until", default="", help=N_("What the data reach up to, as written."))
@click.option("--quiet", "-q", is_flag=True, help=N_("Say nothing."))
def report(
    run: Path,
    against: Path | None,
    forms: tuple[str, ...],
    lang: str,
    out: Path | None,
    issuer: str,
    dated: str,
    data_until: str,
    quiet: bool,
) -> None:
    """Write the report of a run folder in Chinese and English; with a second run, what that one
    changes and why.

    \b
    simulate report runs/my-city/7f3a9c21b0de
    simulate report runs/my-city/7f3a9c21b0de --format word --lang zh
    simulate report runs/baseline/7f3a9c21b0de runs/stretch/0d3d54ea7c11
    """
    run_folder(run)
    if against is not None:
        run_folder(against, run)
    stamp = {"issuer": issuer, "date": dated, "data_until": data_until}
    write(run, forms, LANGUAGES if lang == "both" else (lang,), out, quiet, against=against, stamp=stamp)


def write(
    run: Path,
    forms: tuple[str, ...] = (),
    langs: tuple[str, ...] = LANGUAGES,
    out: Path | None = None,
    quiet: bool = False,
    listed: bool = True,
    against: Path | None = None,
    stamp: Mapping[str, str] | None = None,
) -> None:
    """Write the report and say where it stands; of all forms one whose package is missing is left out, and
    told."""
    from ..results.forms.word.document import NEEDED
    from ..results.reports import write_report

    begun = time.perf_counter()
    done = write_report(run, out, langs, forms or REPORT, strict=bool(forms), against=against, stamp=stamp)
    for file in done.files if listed else ():
        if file.parent.name != "csv":
            click.echo(str(file))
    if done.left_out:
        tell(tr(spoken(), "no report.docx: {why}", why=NEEDED), quiet)
    seconds = f"{time.perf_counter() - begun:.1f}"
    tell(tr(spoken(), "REPORT  {folder} ({seconds} s)", folder=done.folder, seconds=seconds), quiet)
