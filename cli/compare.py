"""`simulate compare`: scenarios and earlier runs side by side."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from . import options
from .options import find_scenario, tell, terminal_width

if TYPE_CHECKING:
    from ..results.table import Table
    from ..results.write import Stored
    from ..scenarios.load import Loaded


@click.command(short_help="比较方案 Set scenarios or earlier runs side by side.")
@click.argument("files", metavar="BASELINE OTHER...", nargs=-1, required=True)
@options.engine
@click.option("--out", type=click.Path(path_type=Path), default=None, help="另存比较结果 Folder to write the comparison to.")
@options.output
def compare(
    files: tuple[str, ...],
    solver: str,
    seed: int | None,
    out: Path | None,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """比较方案 Set scenarios or earlier runs side by side; the first is the baseline.

    \b
    simulate compare baseline.yaml stretch.yaml runs/baseline/7f3a9c21b0de
    """
    if len(files) < 2:
        raise click.UsageError("至少要两个方案或运行目录：give at least two scenarios or run folders.")
    from ..models.quantity import Text
    from ..results.compare import compare as set_side_by_side
    from ..results.export_json import document, json_text
    from ..results.layout import render_table
    from ..results.table import in_order
    from ..results.write import code_hash, run_id

    found = [_found(file) for file in files]  # all of them before the first is run: mistakes show at once
    names, runs, decided = [], [], []
    for one in found:
        name, tables, what = _tables(one, solver, seed)
        names.append(name)
        runs.append(tables)
        decided.append(what)
    made = set_side_by_side(names, runs)
    title = Text(zh="比较：" + "、".join(names), en="Comparison: " + ", ".join(names))
    run = run_id("compare", *decided, __version__, code_hash(), lang)
    meta = {"schema": "dabiao.compare/1", "run": run, "scenario": "compare", "version": __version__}
    if out is not None:
        folder = _store(made, out, lang, title, meta)
        tell(f"已写入 WROTE  {folder}", quiet)
    if as_json:
        click.echo(json_text(document(made, title, meta)).encode(), nl=False)
        return
    click.echo("\n\n".join(render_table(table, lang, terminal_width()) for table in in_order(made)))


def _found(file: str) -> Loaded | Stored:
    """A scenario, or a run read back from its folder."""
    path = Path(file)
    if path.suffix == ".json" or (path.is_dir() and (path / "tables.json").exists()):
        from ..results.write import read_run

        return read_run(path)
    return find_scenario(file)


def _tables(one: Loaded | Stored, solver: str, seed: int | None) -> tuple[str, Mapping[str, Table], str]:
    """Name, tables and identity of one run."""
    from ..results.write import Stored

    if isinstance(one, Stored):
        return one.scenario or one.run, one.tables, one.run
    from ..engine.run import run as answer_scenario
    from ..results.report import tables
    from ..scenarios.load import resolved_yaml

    answer = answer_scenario(one, solver=solver, seed=seed)
    return one.name, tables(answer), f"{resolved_yaml(one)} {seed} {getattr(answer, 'solver', solver)}"


def _store(made: Mapping[str, Table], out: Path, lang: str, title: Any, meta: Mapping[str, Any]) -> Path:
    from ..results.export import writers
    from ..results.write import write_run

    manifest = {**meta, "command": sys.argv[1:]}
    return write_run(out, "compare", meta["run"], writers(made, lang, title, meta), manifest=manifest).folder
