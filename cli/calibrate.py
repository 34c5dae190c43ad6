"""`simulate calibrate`: what a panel says of the numbers that the engine needs."""

from __future__ import annotations

from pathlib import Path

import click

from .. import __version__
from . import options
from .backtest import mapping, store, text
from .options import tell


@click.command(short_help="校准 Estimate shocks, trends and the bias of plans from a panel.")
@click.argument("panel", metavar="PANEL.csv", type=click.Path(path_type=Path))
@click.option("--until", type=int, metavar="YEAR", help="只用到该年 Use years up to this one, e.g. before extrapolated ones.")
@click.option("--skip", metavar="YEAR", type=int, multiple=True, help="不用的年份 Year to leave out.")
@click.option("--columns", metavar="NAME=HEADING", multiple=True, help="列名对应 Our column = heading in the file (may be repeated).")
@click.option("--date", default="", help="估计日期 Date to write into the priors; otherwise the panel's last year.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20240101, show_default=True, help="随机种子 Seed.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="结果目录 Folder for results.")
@options.output
def calibrate(
    panel: Path, until: int | None, skip: tuple[int, ...], columns: tuple[str, ...], date: str, seed: int, out: Path,
    lang: str, as_json: bool, quiet: bool,
) -> None:
    """校准 Estimate, with standard errors, what a panel of regions tells of growth, its shocks and its plans.

    \b
    Writes priors.yaml beside the tables; a scenario takes it over with `extends: priors.yaml`.
    simulate calibrate provinces.csv --until 2017
    """
    from ..engine.backtest.panel import read_panel
    from ..engine.calibrate.estimate import calibrate as estimate
    from ..models.quantity import Text
    from ..results.export_json import document, json_text
    from ..results.priors import priors_yaml
    from ..results.table_calibrate import calibration_tables, known_years
    from ..results.write import code_hash, run_id, sha256

    found = estimate(read_panel(panel, mapping(columns)), skip=skip, until=until, seed=seed)
    made = calibration_tables(found)
    title = Text(zh=f"校准：{panel.name}", en=f"Calibration: {panel.name}")
    inputs = {panel.name: sha256(panel.read_bytes())}
    run = run_id(inputs, until, skip, columns, date, seed, __version__, code_hash(), lang)
    meta = {"run": run, "scenario": "calibrate", "seed": seed, "version": __version__}
    priors = priors_yaml(found, panel.name, date or str(known_years(found)[1]))
    folder = store(made, out, meta, title, lang, inputs, {"priors.yaml": priors})
    if as_json:
        click.echo(json_text(document(made, title, meta)).encode(), nl=False)
    else:
        click.echo(text(made, ("shocks", "correlations", "plans"), lang))
    tell(f"{'已写入' if lang == 'zh' else 'WROTE'}  {folder}  priors.yaml", quiet)
