"""`simulate compare`: scenarios and earlier runs side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..models.words import N_, in_each, msg, tr
from . import options
from .complaint import misuse
from .language import command, spoken
from .options import find_scenario, tell, terminal_width
from .streams import print_whole

if TYPE_CHECKING:
    from ..models.quantity import Bilingual
    from ..results.compare.inputs import StatedInputs
    from ..results.tables.table import Table
    from ..results.write import Stored
    from ..scenarios.load import Loaded


@command(short_help=N_("Set scenarios or earlier runs side by side."))
@click.argument("files", metavar="BASELINE OTHER...", nargs=-1, required=True)
@options.engine
@options.out
@options.output
def compare(
    files: tuple[str, ...],
    solver: str,
    seed: int | None,
    out: Path,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Set scenarios or earlier runs side by side; the first is the baseline.

    \b
    simulate compare baseline.yaml stretch.yaml runs/baseline/7f3a9c21b0de
    """
    if len(files) < 2:
        raise misuse(msg("Give at least two scenarios or run folders."))
    from ..models.errors import DabiaoError
    from ..results.compare.runs import compare as set_side_by_side
    from ..results.compare.terminal import render_comparison
    from ..results.forms.json_document import COMPARED, document, json_text
    from ..results.write import code_hash, run_id

    found = [_found(file) for file in files]  # all of them before the first is run: mistakes show at once
    _counted_alike(files, found)
    runs = [_answered(one, file, solver, seed) for one, file in zip(found, files, strict=True)]
    made = set_side_by_side(
        [one.name for one in runs],
        [one.tables for one in runs],
        titles=[one.title for one in runs],
        told=[one.told for one in runs],
    )
    made |= _why(runs, quiet)
    names = [one.title for one in runs]
    title = in_each(
        lambda lang: tr(
            lang,
            "Comparison: {scenarios}",
            scenarios=tr(lang, "; ", context="between scenarios").join(name.of(lang) for name in names),
        )
    )
    run = run_id("compare", *(one.decided for one in runs), __version__, code_hash(), lang)
    meta = {"schema": COMPARED, "run": run, "scenario": "compare", "version": __version__}
    failed: DabiaoError | None = None
    try:  # before printing: a reader that stops early must not cost the files
        folder = _store(made, out, lang, title, meta)
    except DabiaoError as error:
        failed = error
    if as_json:
        print_whole(json_text(document(made, title, meta)))
    else:
        click.echo(render_comparison(made, lang, terminal_width()))
    if failed is not None:
        raise failed
    tell(f"{tr(lang, 'WROTE')}  {folder}", quiet)


def _found(file: str) -> Loaded | Stored:
    """A scenario, or a run read back from its folder."""
    path = Path(file)
    if path.suffix == ".json" or (os.path.isdir(path) and os.path.exists(path / "tables.json")):
        from ..results.write import read_run

        stored = read_run(path)
        if "verdict" not in stored.tables:
            raise misuse(
                msg(
                    "{file} answers another question than a target sheet: `simulate run` makes what is"
                    " compared",
                    file=file,
                )
            )
        return stored
    return find_scenario(file)


def _counted_alike(files: Sequence[str], found: Sequence[Loaded | Stored]) -> None:
    """Amounts are compared in one money; scenarios that count in another are told."""
    from ..models.money import count_in
    from ..results.write import Stored

    all_money = [one.money if isinstance(one, Stored) else one.scenario.money for one in found]
    for file, money in zip(files, all_money, strict=True):
        if money != all_money[0]:
            raise misuse(
                msg(
                    "{first} counts in {unit}, {file} in {other}: give both the same `money`",
                    first=files[0],
                    unit=in_each(all_money[0].unit),
                    file=file,
                    other=in_each(money.unit),
                )
            )
    count_in(all_money[0])


@dataclass(frozen=True)
class _Run:
    """One run to compare: its name, what it calls itself, what it was told and found, and what decides it."""

    name: str
    title: Bilingual
    tables: Mapping[str, Table]
    told: StatedInputs
    decided: str
    loaded: Loaded | None
    seed: int | None


def _answered(one: Loaded | Stored, file: str, solver: str, seed: int | None) -> _Run:
    """A scenario, run; or an earlier run with what its folder remembers."""
    from ..results.compare.inputs import inputs_of
    from ..results.write import Stored

    if isinstance(one, Stored):
        from ..results.compare.versus import origins, reloaded, resolved, title_of
        from ..results.compare.versus import seed as seed_of

        home = Path(file) if os.path.isdir(Path(file)) else Path(file).parent
        told = inputs_of(resolved(home), one.tables, origins(home))
        return _Run(
            one.scenario or one.run, title_of(one), one.tables, told, one.run, reloaded(home), seed_of(home)
        )
    from ..engine.run import run as answer_scenario
    from ..results.report import tables
    from ..scenarios.load import resolved_yaml

    answer = answer_scenario(one, solver=solver, seed=seed)
    whole, found = resolved_yaml(one), tables(answer)
    decided = f"{whole} {seed} {getattr(answer, 'solver', solver)}"
    return _Run(one.name, one.scenario.title, found, inputs_of(whole, found, one.origins), decided, one, seed)


def _why(runs: Sequence[_Run], quiet: bool) -> Mapping[str, Table]:
    """What the differences from the first run come from; nothing where an earlier run's scenario is lost."""
    from ..results.compare.attribution import explained, outdated

    lost = [one.name for one in runs if one.loaded is None]
    if lost:
        names = ", ".join(lost)
        tell(tr(spoken(), "no attribution: {names} (no scenario.resolved.yaml)", names=names), quiet)
        return {}
    scenarios = [one.loaded.scenario for one in runs if one.loaded is not None]
    made = explained(scenarios, [one.seed for one in runs], [one.told.origins for one in runs])
    if "attribution" in made:
        for at in outdated(made["attribution"], [one.tables for one in runs]):
            said = msg(
                "NOTE run {at} was computed by another version of the program; the attribution is computed"
                " anew by this one.",
                at=at,
            )
            tell(said.of(spoken()), quiet)
    return made


def _store(made: Mapping[str, Table], out: Path, lang: str, title: Any, meta: Mapping[str, Any]) -> Path:
    from ..results.forms.export import writers
    from ..results.write import write_run

    manifest = {**meta, "command": sys.argv[1:]}
    written = write_run(out, "compare", meta["run"], writers(made, lang, title, meta), manifest=manifest)
    return options.written(written)
