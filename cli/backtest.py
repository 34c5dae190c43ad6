"""`simulate backtest`: how good the probabilities were."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..models.words import N_, msg, tr
from . import options
from .complaint import misuse, warn
from .language import command
from .options import tell, terminal_width
from .streams import print_whole

LEARNT = 4  # years before the first that is judged

if TYPE_CHECKING:
    from ..engine.forecast.backtest.panel import Panel
    from ..engine.forecast.backtest.roll import Outlooks
    from ..models.quantity import Bilingual
    from ..results.tables.table import Table


@command(short_help=N_("Score the probabilities on a panel of regions."))
@click.argument("panel", metavar="PANEL", type=click.Path(path_type=Path))
@click.option(
    "--years", metavar="FIRST-LAST", help=N_("Years to score; otherwise all with four years before.")
)
@click.option(
    "--skip",
    metavar="YEAR",
    type=int,
    multiple=True,
    help=(N_("Year whose targets are not trusted (interpolated, say): neither scored nor learnt from.")),
)
@options.columns
@click.option(
    "--outlook",
    type=click.Path(path_type=Path),
    help=(
        N_(
            "CSV of year, release, january, october (the nation's growth, %); or of year, growth, error"
            " (the regions' mean)."
        )
    ),
)
@click.option(
    "--edition",
    "editions",
    multiple=True,
    metavar="NAME",
    help=(
        N_(
            "Edition to score: january, october, none, or all; otherwise the newest of the file (may be"
            " repeated)."
        )
    ),
)
@click.option(
    "--scenario",
    "case",
    nargs=2,
    type=(str, int),
    metavar="REGION YEAR",
    help=N_("Print that region-year as a scenario for `simulate run`."),
)
@click.option(
    "--template",
    metavar="FILE",
    default=None,
    help=N_(
        "Structure of the regions: a scenario or a file of priors, yours or example:...;"
        " otherwise the shipped template of China's three sectors."
    ),
)
@click.option(
    "--over",
    "spans",
    type=click.IntRange(2, 15),
    multiple=True,
    metavar="N",
    help=(
        N_(
            "Score the average growth of N years from each first year on, in place of single years (may be"
            " repeated)."
        )
    ),
)
@click.option(
    "--draws",
    type=click.IntRange(100, 100_000),
    default=2000,
    show_default=True,
    help=N_("Draws per region-year."),
)
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help=N_("Processes."))
@options.panel_seed
@options.out
@options.output
def backtest(
    panel: Path,
    years: str | None,
    skip: tuple[int, ...],
    columns: tuple[str, ...],
    outlook: Path | None,
    editions: tuple[str, ...],
    case: tuple[str, int] | None,
    template: str | None,
    spans: tuple[int, ...],
    draws: int,
    jobs: int,
    seed: int,
    out: Path,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Foretell every region-year of a panel from the years before it, and score what was said.

    Columns: region, year, growth (%); optional: target (%), value added of the sectors (primary, secondary,
    tertiary, or groups of the template's table) and their growth (NAME_growth), group (province), gdp,
    investment. Common headings are recognised, and fiscal years (2012-13, FY2013). Without any target growth
    is scored: error, CRPS, coverage. A panel of a single region is looked back upon: plan, forecast and
    outcome of each year.

    \b
    simulate backtest cities.csv --years 2010-2022 --skip 2020
    simulate backtest cities.csv --outlook nation.csv --edition all
    simulate backtest states.csv --template priors.yaml
    simulate backtest cities.csv --over 3 --over 5
    simulate backtest cities.csv --scenario REGION 2019 > region.yaml
    """
    from ..engine.forecast.backtest.outlook import read_outlooks
    from ..engine.forecast.backtest.panel import read_panel
    from ..results.forms.json_document import document, json_text
    from ..results.write import code_hash, hash_of, run_id

    if editions and outlook is None:
        raise misuse(msg("--edition needs --outlook FILE."))
    panel = shipped_or_own(panel)
    built_on, groups = structure_of(template)
    read = read_panel(panel, mapping(columns), groups).without_targets(skip)
    for note in read.notes:
        warn(note)
    if case:
        import yaml

        from ..engine.forecast.backtest.roll import written

        stated = written(
            read,
            *case,
            seed=seed,
            outlooks=read_outlooks(outlook, read, *editions[:1]) if outlook else None,
            template=built_on,
        )
        click.echo(yaml.safe_dump(stated, allow_unicode=True, sort_keys=False), nl=False)
        return
    _long_enough(read, panel)
    wanted = [y for y in span(years, read.years[LEARNT:]) if y not in skip]
    if not wanted:
        raise misuse(msg("No year is left to judge: check --years and --skip."))
    shown = sys.stderr.isatty() and not quiet
    made, names = (
        _averages(read, wanted, spans, outlook, editions, draws, seed, jobs, shown, built_on)
        if spans
        else _made(read, wanted, outlook, editions, draws, seed, jobs, lang, shown, built_on)
    )
    if template is None:
        tell(
            tr(
                lang,
                "STRUCTURE  the shipped template of China's three sectors; for another country give"
                " --template FILE",
            ),
            quiet,
        )
    title = msg("Backtest: {name}", name=panel.name)
    inputs = {file.name: hash_of(file) for file in (panel, outlook) if file}
    if template:
        from ..engine.forecast.backtest.regions import structure

        inputs |= dict(structure(built_on, read.sectors).loaded.files)
    run = run_id(
        inputs, wanted, columns, (*editions, *map(str, spans)), draws, seed, __version__, code_hash(), lang
    )
    meta = {"run": run, "scenario": "backtest", "seed": seed, "version": __version__}
    folder = store(made, out, meta, title, lang, inputs, {})
    if as_json:
        print_whole(json_text(document(made, title, meta)))
    else:
        click.echo(text(made, names, lang))
    tell(f"{tr(lang, 'WROTE')}  {folder}", quiet)


def _made(
    read: Panel,
    wanted: list[int],
    outlook: Path | None,
    editions: tuple[str, ...],
    draws: int,
    seed: int,
    jobs: int,
    lang: str,
    shown: bool,
    file: str,
) -> tuple[dict[str, Table], tuple[str, ...]]:
    """Every table, and those that are shown on the terminal."""
    from ..engine.forecast.backtest.alone import history
    from ..engine.forecast.backtest.judge import Judged
    from ..engine.forecast.backtest.roll import Outlooks
    from ..engine.forecast.backtest.roll import backtest as roll
    from ..results.tables.backtest import backtest_tables, history_table

    if len(read.regions) == 1:
        known = _editions(outlook, read, editions)[0] if outlook else None
        past = history(read, wanted, draws=draws, seed=seed, outlooks=known, template=file)
        return {"history": history_table(past)}, ("history",)
    names: tuple[str, ...] = ("scores", "differences", "by_year", "nation", "outlooks")
    judged = {
        each.edition: Judged(
            read,
            roll(
                read,
                wanted,
                draws=draws,
                seed=seed,
                jobs=jobs,
                outlooks=each,
                progress=_bar if shown else None,
                template=file,
            ),
            draws,
            seed,
        )
        for each in (_editions(outlook, read, editions) if outlook else [Outlooks.none(read)])
    }
    made = backtest_tables(next(iter(judged.values())), judged)
    return made, ("editions", *names) if len(judged) > 1 else names


def _averages(
    read: Panel,
    wanted: list[int],
    spans: Sequence[int],
    outlook: Path | None,
    editions: tuple[str, ...],
    draws: int,
    seed: int,
    jobs: int,
    shown: bool,
    file: str,
) -> tuple[dict[str, Table], tuple[str, ...]]:
    """Tables of averages over several years, and those that are shown on the terminal."""
    from ..engine.forecast.backtest.averages import averages
    from ..results.tables.backtest_averages import averages_tables

    known = _editions(outlook, read, editions)[0] if outlook else None
    found = {
        over: averages(
            read,
            wanted,
            over,
            draws=draws,
            seed=seed,
            jobs=jobs,
            outlooks=known,
            template=file,
            progress=_bar if shown else None,
        )
        for over in dict.fromkeys(spans)
    }
    return averages_tables(found, seed), ("averages", "averages_by_first_year")


def structure_of(file: str | None) -> tuple[str, tuple[str, ...]]:
    """The file that gives regions their structure, and the names that sectors of a panel may have."""
    from ..engine.forecast.backtest.panel import SECTORS
    from ..engine.forecast.backtest.regions import TEMPLATE
    from ..scenarios.ground import ground_of

    return (TEMPLATE, SECTORS) if file is None else (file, ground_of(file).names)


def shipped_or_own(panel: Path) -> Path:
    """The file itself, or one that comes with the product: ``example:FOLDER/FILE.csv``."""
    name = panel.as_posix()
    if not name.startswith(options.EXAMPLE):
        return panel
    from ..scenarios.files import shipped

    root = shipped().resolve()
    found = (root / name.removeprefix(options.EXAMPLE)).resolve()
    return found if found.is_relative_to(root) else panel


def mapping(columns: Sequence[str]) -> dict[str, str]:
    """``NAME=HEADING`` pairs as a map."""
    pairs = [pair.partition("=") for pair in columns]
    wrong = ["".join(pair) for pair in pairs if not all(map(str.strip, pair))]
    if wrong:
        raise misuse(
            msg("--columns {pair}: expected NAME=HEADING, e.g. growth=gdp_growth_pct", pair=", ".join(wrong))
        )
    return {name.strip(): heading.strip() for name, _, heading in pairs}


def text(made: dict[str, Table], names: Sequence[str], lang: str) -> str:
    """Sentences and the named tables, for a terminal."""
    from ..results.forms.terminal.layout import paragraph, render_table
    from ..results.tables.table import sentences

    width = terminal_width()
    said = [paragraph(label, told, width) for label, told in sentences(made, lang).values()]
    return "\n\n".join(["\n".join(said), *(render_table(made[name], lang, width) for name in names)])


def store(
    made: dict[str, Table],
    out: Path,
    meta: dict[str, Any],
    title: Bilingual,
    lang: str,
    inputs: dict[str, str],
    files: dict[str, str],
) -> Path:
    """Write the folder of the run: tables in every form, further files, the manifest."""
    from functools import partial

    from ..results.charts.backtest import illustrate, written_pictures
    from ..results.forms.export import writers
    from ..results.write import write_run

    pictures = written_pictures(made, lang)
    pages: list[Callable[[Path], object]] = [
        *writers(made, lang, title, meta),
        partial(illustrate, titles={name: title for name, (title, _) in pictures.items()}),
    ]
    manifest = {**meta, "lang": lang, "command": sys.argv[1:], "inputs": inputs}
    drawings = {name: drawing for name, (_, drawing) in pictures.items()}
    return options.written(
        write_run(out, meta["scenario"], meta["run"], pages, {**files, **drawings}, manifest)
    )


def _long_enough(read: Panel, file: Path) -> None:
    """Tell how many years there are where a panel is too short to judge any: four to learn from, one to
    judge."""
    import numpy as np

    from ..models.errors import Problem, ScenarioError

    there = [year for at, year in enumerate(read.years) if np.isfinite(read.growth[:, at]).any()]
    if len(there) < LEARNT or len(read.years) <= LEARNT:
        years = msg("{count} years of growth", count=len(there))
        if there:
            years = msg(
                "{count} years of growth ({first}-{last})", count=len(there), first=there[0], last=there[-1]
            )
        raise ScenarioError(
            [
                Problem(
                    "year",
                    years,
                    msg(
                        "at least {count} years: {learnt} to learn from and 1 to judge",
                        count=LEARNT + 1,
                        learnt=LEARNT,
                    ),
                    file=str(file),
                    line=1,
                    column=1,
                )
            ]
        )


def _bar(done: int, total: int) -> None:
    """Progress on a terminal's standard error."""
    click.echo(f"\r{'#' * (30 * done // total):<30} {done}/{total}", err=True, nl=done == total)


def span(years: str | None, known: Sequence[int]) -> list[int]:
    """Years as ``FIRST-LAST``; otherwise all that are known."""
    if not years:
        return list(known)
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*(?:-\s*([0-9]{1,4})\s*)?", years)
    if found is None:
        raise misuse(msg("--years {years}: expected FIRST-LAST, e.g. 2010-2022", years=years))
    return list(range(int(found[1]), int(found[2] or found[1]) + 1))


def _editions(file: Path, panel: Panel, asked: Sequence[str]) -> list[Outlooks]:
    """Outlooks of the editions asked for, the newest first; `all` for every one of the file and none."""
    from ..engine.forecast.backtest.outlook import editions, read_outlooks

    if not asked:
        return [read_outlooks(file, panel)]
    wanted = list(editions(read_outlooks(file, panel))) if "all" in asked else list(dict.fromkeys(asked))
    return [read_outlooks(file, panel, name) for name in wanted]
