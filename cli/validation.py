"""`simulate validation`: published cases beside what the product computes."""

from __future__ import annotations

from pathlib import Path

import click

from ..models.words import N_
from . import options
from .language import command


@command(short_help=N_("Published cases beside what the product computes."))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=N_("File for the whole page."))
@options.lang
def validation(out: Path | None, lang: str) -> None:
    """Compute the published cases anew: a summary, or with --out the whole page as Markdown."""
    from ..results.validation import compared, page, summary
    from ..results.write import renew

    lines = compared()
    if out is None:
        click.echo(summary(lines, lang))
        return
    renew(out, page(lines).encode())
