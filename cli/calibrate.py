"""`simulate calibrate`: what a panel says of the numbers that the engine needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..models.words import N_, msg, tr
from . import options
from .backtest import mapping, span, store, structure_of, text
from .complaint import warn
from .language import command
from .options import tell
from .streams import print_whole

if TYPE_CHECKING:
    from ..engine.forecast.backtest.panel import Panel
    from ..scenarios.ground import Ground


@command(short_help=N_("Estimate shocks, trends and the bias of plans from a panel."))
@click.argument("panel", metavar="PANEL", type=click.Path(path_type=Path))
@click.option(
    "--until",
    type=int,
    metavar="YEAR",
    help=N_("Use years up to this one, e.g. before extrapolated ones."),
)
@click.option("--skip", metavar="YEAR", type=int, multiple=True, help=N_("Year to leave out."))
@options.columns
@click.option(
    "--outlook",
    type=click.Path(path_type=Path),
    help=(N_("CSV of year, release, january, october: writes experience.yaml too, for reference forecasts.")),
)
@click.option(
    "--years",
    metavar="FIRST-LAST",
    help=N_("With --outlook: years to score; otherwise all with ten before."),
)
@click.option(
    "--draws",
    type=click.IntRange(100, 100_000),
    default=512,
    show_default=True,
    help=N_("With --outlook: draws per region-year."),
)
@click.option(
    "--extends",
    metavar="FILE",
    default=None,
    help=N_("Your own file of priors (its table, its groups); otherwise China's, as an assumption."),
)
@click.option("--country", default="", help=N_("Country of the panel; otherwise that of --extends."))
@click.option(
    "--experience/--no-experience",
    "experienced",
    default=None,
    help=N_(
        "Write experience.yaml, for reference forecasts from the panel's own past; by default with"
        " --outlook or --extends."
    ),
)
@click.option(
    "--date", default="", help=N_("Date to write into the priors; otherwise the panel's last year.")
)
@click.option(
    "--quarterly",
    is_flag=True,
    help=N_("The panel is of real output by quarter: errors of growth to date, into to-date.yaml."),
)
@options.panel_seed
@options.out
@options.output
def calibrate(
    panel: Path,
    until: int | None,
    skip: tuple[int, ...],
    columns: tuple[str, ...],
    outlook: Path | None,
    years: str | None,
    draws: int,
    extends: str | None,
    country: str,
    experienced: bool | None,
    date: str,
    quarterly: bool,
    seed: int,
    out: Path,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Estimate, with standard errors, what a panel of regions tells of growth, its shocks and its plans.

    Writes priors.yaml beside the tables; a scenario takes it over with `extends: priors.yaml`. With --outlook
    (a file, or none: the panel's own past) also experience.yaml: coefficients of the reference forecast, with
    its scores and how its chances came true. With --extends the groups are those of your own table.

    \b
    simulate calibrate provinces.csv --until 2017
    simulate calibrate cities.csv --outlook nation.csv --skip 2020
    simulate calibrate states.csv --extends own/priors.yaml
    simulate calibrate quarters.csv --quarterly
    """
    if quarterly:
        _quarterly(panel, columns, date, out, lang, as_json, quiet)
        return
    from ..engine.forecast.backtest.panel import read_panel
    from ..engine.forecast.calibrate.estimate import calibrate as estimate
    from ..results.forms.json_document import document, json_text
    from ..results.forms.priors import priors_yaml
    from ..results.tables.calibrate import calibration_tables, known_years
    from ..results.write import code_hash, hash_of, run_id

    template, groups = structure_of(extends)
    read = read_panel(panel, mapping(columns), groups)
    for note in read.notes:
        warn(note)
    if extends is None:
        tell(
            tr(
                lang,
                "PRIORS  what a panel cannot say is taken from China's priors; for another country give"
                " --extends FILE",
            ),
            quiet,
        )
    found = estimate(read, skip=skip, until=until, seed=seed)
    made = calibration_tables(found)
    title = msg("Calibration: {name}", name=panel.name)
    inputs = {file.name: hash_of(file) for file in (panel, outlook) if file}
    asked = (until, skip, columns, years, draws, extends, country, experienced, date, seed)
    run = run_id(inputs, *asked, __version__, code_hash(), lang)
    meta = {"run": run, "scenario": "calibrate", "seed": seed, "version": __version__}
    when = date or str(known_years(found)[1])
    based, ground = _based(extends, out / "calibrate" / run)
    files = {"priors.yaml": priors_yaml(found, panel.name, when, based, country, ground)}
    if bool(outlook or extends) if experienced is None else experienced:
        files["experience.yaml"] = _experience(
            read.without_targets(skip), outlook, years, skip, draws, seed, panel.name, when, template
        )
    folder = store(made, out, meta, title, lang, inputs, files)
    if as_json:
        print_whole(json_text(document(made, title, meta)))
    else:
        click.echo(text(made, ("shocks", "correlations", "plans"), lang))
    tell(f"{tr(lang, 'WROTE')}  {folder}  {'  '.join(files)}", quiet)


def _quarterly(
    panel: Path, columns: tuple[str, ...], date: str, out: Path, lang: str, as_json: bool, quiet: bool
) -> None:
    """Errors of growth to date from a quarterly panel, scored, with the file that scenarios extend."""
    from ..engine.forecast.to_date import LEARNT, backtest, errors, read_quarterly
    from ..results.forms.json_document import document, json_text
    from ..results.forms.to_date import to_date_yaml
    from ..results.tables.to_date import to_date_tables
    from ..results.write import code_hash, hash_of, run_id

    read = read_quarterly(panel, mapping(columns))
    for note in read.notes:
        warn(note)
    law = errors(read)
    scored = backtest(read) if len(read.years) > LEARNT else ()
    made = to_date_tables(read, list(law.errors.values()), scored)
    title = msg("Growth to date: {name}", name=panel.name)
    inputs = {panel.name: hash_of(panel)}
    run = run_id(inputs, columns, date, __version__, code_hash(), lang)
    meta = {"run": run, "scenario": "to-date", "seed": None, "version": __version__}
    files = {"to-date.yaml": to_date_yaml(read, law, scored, panel.name, date or str(read.years[-1]))}
    folder = store(made, out, meta, title, lang, inputs, files)
    if as_json:
        print_whole(json_text(document(made, title, meta)))
    else:
        click.echo(text(made, ("to_date_errors", "to_date_scores"), lang))
    tell(f"{tr(lang, 'WROTE')}  {folder}  {'  '.join(files)}", quiet)


def _based(extends: str | None, folder: Path) -> tuple[str, Ground | None]:
    """What the priors extend, as a file in ``folder`` names it, and what that offers."""
    from ..results.forms.priors import EXTENDS
    from ..scenarios.ground import ground_of

    if extends is None:
        return EXTENDS, None
    near = (
        extends if extends.startswith(options.EXAMPLE) else Path(os.path.relpath(extends, folder)).as_posix()
    )
    return near, ground_of(extends)


def _experience(
    panel: Panel,
    outlook: Path | None,
    years: str | None,
    skip: tuple[int, ...],
    draws: int,
    seed: int,
    name: str,
    date: str,
    template: str,
) -> str:
    """The file of experience: what the panel teaches of each year, and how it was scored."""
    from ..engine.forecast.backtest.outlook import read_outlooks
    from ..engine.forecast.backtest.roll import Outlooks
    from ..engine.forecast.calibrate.experience import BEYOND, LEARNT, teach
    from ..results.forms.experience import experience_yaml

    longer = panel.extended(panel.years[-1] + BEYOND)
    known = read_outlooks(outlook, longer) if outlook else Outlooks.none(longer)
    wanted = [year for year in span(years, panel.years[LEARNT:]) if year not in skip]
    taught = teach(panel, known, wanted, draws=draws, seed=seed, template=template)
    return experience_yaml(taught, name, date)
