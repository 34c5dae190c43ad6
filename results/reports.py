"""Reports of a stored run: every form in every language, in one folder, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..models.errors import DabiaoError
from ..models.quantity import Bilingual
from ..models.words import LANGUAGES, msg, terms_in_use
from .compare.versus import joined, title_of, versus
from .forms.export import EXPORTERS, REPORT, writers
from .place import named
from .tables.glossary import glossary
from .tables.method import method
from .tables.table import Table
from .write import MANIFEST, Stored, code_hash, read_json, read_run, replace_folder

SCHEMA = "dabiao.report/1"
_FACTS = ("seed", "solver", "version")


@dataclass(frozen=True)
class Reported:
    """Where a report stands, and which forms were left out for want of a package."""

    folder: Path
    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def missing(forms: Sequence[str]) -> tuple[str, ...]:
    """Forms whose package is not installed."""
    return tuple(form for form in forms if EXPORTERS[form].missing)


def write_report(
    run: Path,
    folder: Path | None = None,
    langs: Sequence[str] = LANGUAGES,
    forms: Sequence[str] = REPORT,
    strict: bool = False,
    against: Path | None = None,
    stamp: Mapping[str, str] | None = None,
) -> Reported:
    """Write the report of a run folder: a folder a language, in it every form.

    Parameters
    ----------
    run
        Folder that ``simulate run`` wrote, or its ``tables.json``.
    folder
        Where to; by default beside the run, with ``-report`` after its name.
    langs, forms
        Of :data:`~.words.LANGUAGES`; names of :data:`.export.EXPORTERS`. Forms whose package is missing are
        left out and told, unless ``strict``.
    against
        A second run (stretch against baseline): what it changes, and why, becomes a chapter.
    stamp
        Who issues the report, its date, up to when its data reach (:data:`.front.STAMP`), as page one prints
        them.

    Raises
    ------
    MissingWord
        Strict, and python-docx is missing.
    DabiaoError
        There is no run, or the folder cannot be written; what stood there still stands.
    """
    stored = read_run(run)
    with stored.speaking():
        return _written(stored, run, folder, langs, forms, strict, against, stamp)


def _written(
    stored: Stored,
    run: Path,
    folder: Path | None,
    langs: Sequence[str],
    forms: Sequence[str],
    strict: bool,
    against: Path | None,
    stamp: Mapping[str, str] | None,
) -> Reported:
    home = run if os.path.isdir(run) else run.parent
    place = folder or named(home).with_name(f"{home.resolve().name}-report")
    left_out = () if strict else missing(forms)
    kept = [form for form in forms if form not in left_out]
    meta = {**facts_of(stored, home), **{key: said for key, said in (stamp or {}).items() if said}}
    tables = added(stored.tables)
    if against is not None:
        beside, other = against if os.path.isdir(against) else against.parent, read_run(against)
        if not ("verdict" in tables and "verdict" in other.tables):
            raise DabiaoError(msg("two runs side by side must both answer a target sheet (`simulate run`)"))
        if len({year for each in (stored, other) if (year := _target_year(each)) is not None}) > 1:
            raise DabiaoError(
                msg("the two runs are of different years: set them side by side with `simulate compare`")
            )
        tables = joined(tables, versus((home, stored), (beside, other)))
    made = [partial(_language, tables, title_of(stored), meta, lang, kept) for lang in langs]
    written = replace_folder(place, made, {**meta, "langs": list(langs), "code": code_hash()}, SCHEMA)
    files = sorted(file for file in written.rglob("*") if os.path.isfile(file) and file.name != MANIFEST)
    return Reported(written, tuple(files), left_out)


def _target_year(run: Stored) -> int | None:
    """The year that a run is about: the first of its projections."""
    rows = run.tables["fan"].records() if "fan" in run.tables else []
    return min((int(row["year"]) for row in rows), default=None)


def _language(
    tables: Mapping[str, Table],
    title: Bilingual,
    meta: dict[str, Any],
    lang: str,
    forms: Sequence[str],
    folder: Path,
) -> None:
    own = folder / lang
    own.mkdir()
    every: list[Callable[[Path], list[Path]]] = writers(tables, lang, title, meta, forms)
    for write in every:
        write(own)


def added(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables of a run with what a report has besides: the method and its words."""
    shown = [
        column.shown
        for table in tables.values()
        for column in table.columns
        if column.name.startswith("industry")
    ]
    named = "above_scale" in dict(terms_in_use())  # a word of its own is not what China's statistics count
    return {**tables, "method": method(), "glossary": glossary(not named and (any(shown) or not shown))}


def facts_of(stored: Stored, home: Path) -> dict[str, Any]:
    """Which run this is, as its manifest says; without one, as its tables say."""
    try:
        manifest = read_json(home / MANIFEST)
    except (OSError, ValueError, RecursionError):
        manifest = {}
    known = manifest if isinstance(manifest, dict) else {}
    return {"run": stored.run, "scenario": stored.scenario, **{key: known.get(key) for key in _FACTS}}
