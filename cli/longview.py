"""`simulate longview`: five years and more, by growth accounting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..models.words import N_, msg
from . import options
from .language import command
from .options import find_scenario, terminal_width
from .streams import print_whole

if TYPE_CHECKING:
    from ..engine.longview import Long
    from ..models.quantity import Bilingual

_SHARE = click.FloatRange(0, 500)


@command(short_help=N_("The long view: investment for growth, growth from investment or savings."))
@options.scenario
@options.sets
@click.option(
    "--growth",
    metavar="%",
    type=click.FloatRange(-50, 100),
    multiple=True,
    help=N_("Growth to keep up (may be repeated); the tiers of the sheet are asked too."),
)
@click.option(
    "--investment",
    metavar="%",
    type=_SHARE,
    multiple=True,
    help=N_("Share of GDP that forms capital (may be repeated)."),
)
@click.option(
    "--savings",
    metavar="% %",
    type=(_SHARE, click.FloatRange(-500, 500)),
    multiple=True,
    help=N_("Savings, and what of them is net sent outside (negative: comes in), of GDP."),
)
@click.option("--years", type=click.IntRange(1, 50), help=N_("Years ahead; otherwise those of the scenario."))
@options.lang
@click.option("--json", "as_json", is_flag=True, help=N_("Print one JSON document instead."))
def longview(
    file: str | None,
    example: str | None,
    sets: tuple[str, ...],
    growth: tuple[float, ...],
    investment: tuple[float, ...],
    savings: tuple[tuple[float, float], ...],
    years: int | None,
    lang: str,
    as_json: bool,
) -> None:
    """The long view of five years and more, by growth accounting, with the annual model beside it.

    What growth does a share of investment give; what share does growth need; what do savings carry?

    \b
    simulate longview scenario.yaml --growth 6.5 --investment 45 --years 10
    """
    loaded = find_scenario(file, example, sets)
    from .. import __version__
    from ..engine.longview import LongViewAsked
    from ..engine.run import look_ahead
    from ..models.errors import Problem, ScenarioError
    from ..results.forms.json_document import document, json_text
    from ..results.tables.longview import long_tables

    long = look_ahead(loaded, LongViewAsked(growth, investment, savings, years))
    if long is None:
        raise ScenarioError(
            [
                Problem(
                    "long_view",
                    msg("nothing"),
                    msg("capital over output, depreciation, growth of productivity ..."),
                    msg("extend example:china-2023/priors.yaml, or state them (simulate schema)"),
                )
            ]
        )
    if as_json:
        meta = {"schema": "dabiao.longview/1", "scenario": loaded.name, "version": __version__}
        print_whole(json_text(document(long_tables(long), loaded.scenario.title, meta)))
    else:
        click.echo(_text(long, loaded.scenario.title, lang))


def _text(long: Long, title: Bilingual, lang: str) -> str:
    """Sentences and tables for a terminal."""
    from ..results.forms.terminal.layout import paragraph, render_table, wrap
    from ..results.tables.longview import long_sentences, long_tables

    width, made = terminal_width(), long_tables(long)
    said = [paragraph(label, text, width) for label, text in long_sentences(long, lang)]
    names = ("long_accounts", "long_view", "long_sources", "long_turns")
    tables = (render_table(made[name], lang, width) for name in names if name in made)
    return "\n\n".join(["\n".join([*wrap(title.of(lang), width), "", *said]), *tables])
