"""`simulate targets`: the target sheet that a work report states, to be corrected by the planner."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..models.words import N_, msg
from . import options
from .language import command
from .streams import print_whole


@command(short_help=N_("Propose a target sheet from a work report."))
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option(
    "--extends",
    metavar="SCENARIO",
    default="",
    help=N_("Write a variant of this scenario, which runs."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("File to write it to; none is overwritten."),
)
@options.lang
def targets(report: Path, extends: str, out: Path | None, lang: str) -> None:
    """Propose a target sheet from a work report (.txt, .md, .docx): YAML to correct.

    By rules, without a model: each row stands with its line and its sentence; numbers of the past are no
    targets; numbers left out are listed at the end.
    """
    from ..models.errors import DabiaoError
    from ..results.write import put
    from ..scenarios.target_proposal import as_yaml, read_lines
    from ..scenarios.target_text import propose

    sheet = propose(read_lines(report))
    if not sheet.rows:
        raise DabiaoError(
            msg(
                "{report}: no sentence states a target with a number (targets, at least, strive for ...)",
                report=report,
            )
        )
    text = as_yaml(sheet, report.name, lang, *_variant(extends, out))
    own = [row for row in sheet.rows if row.key and not row.later]
    counted = msg(
        "{rows} rows proposed, {own} of them indicators of the product; {left} numbers left out",
        rows=sum(not row.later for row in sheet.rows),
        own=len(own),
        left=len(sheet.left),
    )
    if out is None:
        print_whole(text)
    else:
        put(out, text.encode())
        click.echo(str(out))
    options.tell(counted.of(lang))


def _variant(extends: str, out: Path | None) -> tuple[str, dict[str, str]]:
    """The scenario extended as the new file names it, and the titles of its rows with their keys."""
    if not extends:
        return "", {}
    from ..scenarios.load import load

    rows = load(extends).scenario.targets
    known = {text: key for key, row in rows.items() if row.title for text in (row.title.zh, row.title.en)}
    if extends.startswith(options.EXAMPLE) or out is None:
        return extends, known
    return Path(os.path.relpath(extends, out.parent)).as_posix(), known
