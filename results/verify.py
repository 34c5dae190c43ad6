"""Whether a run still stands as it was written, and whether it can be made again (核验)."""

from __future__ import annotations

import csv
import inspect
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from math import inf, isfinite
from operator import itemgetter
from pathlib import Path
from typing import Any

from ..models.errors import DabiaoError
from ..models.quantity import Bilingual
from ..models.words import msg
from ..scenarios.files import RESOLVED, content, unread
from .forms.csv_files import csv_text
from .tables.table import Table, declare
from .write import MANIFEST, code_hash, compared, read_json, read_run, run_id, seal_holds

_ABOUT = ("schema", "lang", "code", "command", "inputs", "versions", "written", "outputs")
_PLACES = ("origin",)
"""Columns that say where a file states a number: the resolved scenario states it elsewhere."""
_PLACED = (("summary", "odd"),)
"""Tables and rows whose words say it."""
ROUNDING = 1e-9
"""Difference, as a part of numbers above 1, that another processor or another version of a library makes:
they add in another order. Seen: 1e-12."""


@dataclass(frozen=True)
class Verified:
    """What a check of a run folder found.

    Attributes
    ----------
    same, changed, missing, extra
        Files by name, against the manifest.
    tables_same, tables_rounded, tables_differ
        Tables made again: byte for byte the same; the same but for rounding, with the largest difference;
        others. None where that was not asked.
    program
        Whether the program is the one that wrote the run.
    told
        What the manifest says that cannot be so.
    sealed
        Whether the manifest is one of those that would show a change of itself.
    """

    run: str
    same: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    tables_same: tuple[str, ...] | None
    tables_rounded: Mapping[str, float] | None
    tables_differ: tuple[str, ...] | None
    program: bool
    told: tuple[Bilingual, ...] = ()
    sealed: bool = True

    @property
    def ok(self) -> bool:
        """Whether nothing differs, and what decided the run cannot have been changed either."""
        return self.unchanged and self.sealed

    @property
    def unchanged(self) -> bool:
        """Whether nothing differs from what the manifest says, whoever wrote that."""
        return not (self.changed or self.missing or self.extra or self.tables_differ or self.told)


def verify(folder: Path, rerun: bool = False) -> Verified:
    """Hash every file of a run against its manifest; asked, run it again and compare every table.

    Raises
    ------
    DabiaoError
        The folder has no manifest, or, to run it again, no scenario.
    """
    from .compare.versus import ORIGINS

    manifest = read_manifest(folder)
    found = compared(folder, manifest["outputs"])
    told = tuple(_contradictions(folder, manifest))
    same, rounded, differ = None, None, None
    if rerun and ORIGINS in (*found.changed, *found.missing):
        told += (
            msg(
                "{file} is not as it was written, and it says which numbers are defaults:"
                " the run cannot be made again",
                file=ORIGINS,
            ),
        )
    elif rerun:
        same, rounded, differ = again(folder, manifest)
    return Verified(
        str(manifest.get("run", "")),
        found.same,
        found.changed,
        found.missing,
        found.extra,
        same,
        rounded,
        differ,
        manifest.get("code") in (None, code_hash()),
        told,
        "seal" in manifest,
    )


_DECIDES = ("seed", "version", "code", "solver", "lang", "draws")
"""What decides the results of a run besides its resolved scenario, in the order of its id."""
_BEFORE_SEALS = "0.1."
"""Versions whose manifests have no seal begin with this."""
_SINCE_SEALS = "draws"
"""What no manifest of theirs says."""


def _contradictions(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Bilingual]:
    """What a manifest says that cannot be so: of itself, of its id, of its tables."""
    if "seal" not in manifest:
        version = str(manifest.get("version", ""))
        if _SINCE_SEALS in manifest or not version.startswith(_BEFORE_SEALS):
            yield msg(
                "{manifest} has no seal, though manifests that say what it says have one:"
                " it was changed after the run was written",
                manifest=MANIFEST,
            )
    elif not seal_holds(manifest):
        yield msg("{manifest} was changed after the run was written", manifest=MANIFEST)
    run = str(manifest.get("run", ""))
    if os.path.isfile(folder / RESOLVED):
        if lacking := [name for name in _DECIDES if name not in manifest]:
            if "seal" in manifest:
                yield msg("{manifest} does not say: {names}", manifest=MANIFEST, names=", ".join(lacking))
            return
        try:
            whole = content(folder / RESOLVED).decode("utf-8")
        except (OSError, ValueError):
            return
        made = run_id(whole, *(manifest[name] for name in _DECIDES))
        if made != run:
            yield msg(
                "scenario, seed, version, solver, language and draws make the run {made}, not {run}",
                made=made,
                run=run,
            )


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder.

    Raises
    ------
    DabiaoError
        It is missing or damaged.
    """
    file = folder / MANIFEST
    try:
        whole = read_json(file)
    except OSError as error:
        raise DabiaoError(
            msg(
                "{folder}: no run to verify (no {manifest}: {reason});"
                " give a folder that `simulate run` wrote",
                folder=folder,
                manifest=MANIFEST,
                reason=unread(error),
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise DabiaoError(
            msg(
                "{file}: damaged, nothing can be verified: {error}",
                file=file,
                error=getattr(error, "said", error),
            )
        ) from error
    outputs = whole.get("outputs") if isinstance(whole, dict) else None
    if not isinstance(outputs, dict) or not all(isinstance(stated, str) for stated in outputs.values()):
        raise DabiaoError(
            msg("{file}: no list of outputs with their hashes, nothing can be verified", file=file)
        )
    return dict(whole)


def again(
    folder: Path, manifest: Mapping[str, Any]
) -> tuple[tuple[str, ...], Mapping[str, float], tuple[str, ...]]:
    """Run the resolved scenario with the manifest's seed and solver: tables that are the same, those that are
    but for rounding, tables that differ."""
    from ..engine.run import run
    from ..scenarios.load import load
    from ..solvers.solve import chosen
    from .compare.versus import as_it_was, origins
    from .report import tables

    if not os.path.isfile(folder / RESOLVED):
        raise DabiaoError(
            msg(
                "{folder}: no {resolved}, so the run cannot be made again; run the scenario itself",
                folder=folder,
                resolved=RESOLVED,
            )
        )
    stored = read_run(folder, changed=True)
    asked = {
        name: manifest[name]
        for name in inspect.signature(run).parameters
        if name != "loaded" and name in manifest
    }
    if asked.get("solver") == (first := chosen("auto")):  # where another answered in its place, it does again
        asked["solver"] = first
    with tempfile.TemporaryDirectory() as place:  # a copy: the name of the folder is no part of the scenario
        copy = Path(place) / RESOLVED
        copy.write_bytes(content(folder / RESOLVED))
        loaded = as_it_was(load(copy), origins(folder))
    before, lang = stored.tables, str(manifest.get("lang", "zh"))
    with stored.speaking():
        made = tables(run(loaded, **asked))
        both = [name for name in before if name in made]
        apart = {name: _apart(_text(before[name], lang), _text(made[name], lang)) for name in both}
    return (
        tuple(name for name in both if apart[name] == 0),
        {name: found for name, found in apart.items() if 0 < found <= ROUNDING},
        tuple(name for name in dict.fromkeys([*before, *made]) if not apart.get(name, inf) <= ROUNDING),
    )


def _apart(one: str, two: str) -> float:
    """The largest difference between numbers of two tables, as a part of those above 1; infinite where they
    differ in anything else."""
    if one == two:
        return 0.0
    first, second = (list(csv.reader(io.StringIO(text))) for text in (one, two))
    if [*map(len, first)] != [*map(len, second)]:
        return inf
    worst = 5e-324  # texts that differ are not the same
    for a, b in zip(chain.from_iterable(first), chain.from_iterable(second), strict=True):
        if a != b:
            try:
                x, y = float(a), float(b)
            except ValueError:
                return inf
            if not isfinite(x - y):
                return inf
            worst = max(worst, abs(x - y) / max(1.0, abs(x)))
    return worst


def _text(table: Table, lang: str) -> str:
    """A table as CSV without the places of files."""
    columns = [replace(c, value=itemgetter(c.name)) for c in table.columns if c.name not in _PLACES]
    rows = (row for row in table.records() if (table.name, row.get("line")) not in _PLACED)
    return csv_text(declare(table.name, table.title, columns, rows), lang)
