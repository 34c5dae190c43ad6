"""`simulate audit`: do the targets fit one another, before anything is run?"""

from __future__ import annotations

import click

from ..models.words import N_
from . import options
from .language import command
from .options import find_scenario, terminal_width
from .streams import print_whole


@command(short_help=N_("Audit a sheet: do its targets fit one another?"))
@options.scenario
@options.sets
@click.option("--all", "every", is_flag=True, help=N_("Show what is consistent too."))
@options.lang
@click.option("--json", "as_json", is_flag=True, help=N_("Print one JSON document instead."))
def audit(
    file: str | None, example: str | None, sets: tuple[str, ...], every: bool, lang: str, as_json: bool
) -> None:
    """Audit a target sheet: do its rows fit one another? Arithmetic alone, nothing is simulated.

    \b
    simulate audit scenario.yaml
    simulate audit --example NAME --lang en --all
    """
    loaded = find_scenario(file, example, sets)
    from .. import __version__
    from ..engine.run import examine
    from ..results.forms.json_document import document, json_text
    from ..results.forms.terminal.audit import render_audit
    from ..results.tables.audit import audit_table

    found = examine(loaded)
    if as_json:
        made = {"audit": audit_table(found, loaded.scenario)}
        meta = {"schema": "dabiao.audit/1", "scenario": loaded.name, "version": __version__}
        print_whole(json_text(document(made, loaded.scenario.title, meta)))
    else:
        click.echo(render_audit(found, loaded.scenario, lang, terminal_width(), every))
