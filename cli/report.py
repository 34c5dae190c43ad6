"""`simulate report`: a run as a document that can be carried into the room."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import click

from ..models.words import LANGUAGES
from ..results.forms.export import REPORT
from .options import tell
from .which import run_folder


@click.command(short_help="写报告 Write the report of a run: Word, Excel, HTML, Markdown, CSV.")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("against", metavar="[STRETCH]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "forms",
    type=click.Choice(REPORT),
    multiple=True,
    help="格式，可重复 Form, may be repeated; otherwise all.",
)
@click.option(
    "--lang",
    type=click.Choice([*LANGUAGES, "both"]),
    default="both",
    show_default=True,
    help="语言 Language.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="输出目录 Folder; otherwise RUN-report beside the run.",
)
@click.option("--issuer", default="", help="编制单位，印在首页 Who issues the report; on page one.")
@click.option("--date", "dated", default="", help="报告日期，照写 Date of the report, printed as written.")
@click.option("--data-until", default="", help="数据截至，照写 What the data reach up to, as written.")
@click.option("--quiet", "-q", is_flag=True, help="不报进度 Say nothing.")
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
    """写报告 Write the report of a run folder in Chinese and English; with a second run, what that one
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
        tell(f"没有写 Word 报告：未安装 python-docx。No report.docx: {NEEDED}", quiet)
    tell(f"报告 REPORT  {done.folder} ({time.perf_counter() - begun:.1f} s)", quiet)
