"""Baseline against stretch: what a second run changes, as a chapter of the first run's report
(基准与力争对照)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...models.errors import ScenarioError
from ...models.quantity import Bilingual
from ...models.words import msg
from ...scenarios.files import RESOLVED, content
from ..tables.lines import summary_of
from ..tables.numbers import written_in
from ..tables.table import Table
from ..write import MANIFEST, Stored, read_json
from .inputs import inputs_of
from .page_one import PREFIX, decisions_table, facts_table, front_lines, short_names
from .runs import compare

if TYPE_CHECKING:
    from ...scenarios.load import Loaded

_KEPT = ("runs", "headlines", "targets", "inputs", "attribution")
ORIGINS = "origins.json"
"""Where each value of a run was written, in the files as the user has them."""


def versus(one: tuple[Path, Stored], two: tuple[Path, Stored]) -> dict[str, Table]:
    """Tables of two stored runs side by side, the first the baseline; their names begin with ``versus_``.

    The difference is attributed exactly to groups of changed keys (Shapley values) where both resolved
    scenarios can still be read; without them that table is left out. The key ``summary`` holds the sentences
    of page one and those that say why.

    Raises
    ------
    DabiaoError
        The runs count the same thing in different units.
    """
    homes, runs = [one[0], two[0]], [one[1], two[1]]
    told = [
        inputs_of(resolved(home), run.tables, origins(home)) for home, run in zip(homes, runs, strict=True)
    ]
    titles, stored = [title_of(run) for run in runs], [run.tables for run in runs]
    names = short_names(titles)
    made = compare([run.scenario or run.run for run in runs], stored, titles=titles, told=told)
    loaded = [reloaded(home) for home in homes]
    scenarios = [each.scenario for each in loaded if each is not None]
    if len(scenarios) == len(runs):
        from .attribution import explained, mains

        made |= explained(scenarios, [seed(home) for home in homes], [each.origins for each in told])
        if "attribution" in made:
            # all other targets stand in ``simulate compare``
            made["attribution"] = _attributed(made["attribution"], mains(scenarios))
    if "targets" in made:
        made["targets"] = _targets(made["targets"])
    kept = {
        f"{PREFIX}{name}": replace(made[name], name=f"{PREFIX}{name}")
        for name in _KEPT
        if name in made and made[name].rows
    }
    lines = front_lines(stored, titles, names)
    why = made["summary"].rows if "attribution" in made else ()
    summary = summary_of(lines)
    page = [facts_table(stored, names, bool(made["runs"].column("alike")[1])), decisions_table(stored, names)]
    return {
        **{table.name: table for table in page if table is not None and table.rows},
        **kept,
        **({"summary": replace(summary, rows=(*summary.rows, *why))} if lines or why else {}),
    }


def _attributed(table: Table, items: Collection[str]) -> Table:
    """Only the rows of some indicators; the document prints those of the first year."""
    rows = tuple(row for row, item in zip(table.rows, table.column("item"), strict=True) if item in items)
    kept = replace(table, rows=rows)
    years = kept.column("year")
    return replace(kept, brief=tuple(at for at, year in enumerate(years) if year == min(years)))


def _targets(table: Table) -> Table:
    """Under a title of its own; the document prints what is asked, expected and how likely, of what moves."""
    names = {column.name for column in table.columns}
    chances = {"probability_ensure_1", "probability_ensure_2"}
    said = chances if chances <= names else {"rung_ensure_1", "rung_ensure_2"}
    said |= {"title", "unit", "ensure", "expected_1", "expected_2", "expected_2_less_1"}
    columns = (replace(column, word=column.name in said) for column in table.columns)
    moved = tuple(at for at, less in enumerate(table.column("expected_2_less_1")) if less)
    title = msg("{title} (compared)", title=table.title)
    return replace(table, title=title, columns=tuple(columns), brief=moved)


def joined(tables: Mapping[str, Table], other: Mapping[str, Table]) -> dict[str, Table]:
    """The tables of a run with the comparison; sentences of both stand in one table."""
    whole = {**tables, **{name: table for name, table in other.items() if name != "summary"}}
    if "summary" in tables and "summary" in other:
        whole["summary"] = replace(tables["summary"], rows=(*tables["summary"].rows, *other["summary"].rows))
    return whole


def title_of(run: Stored) -> Bilingual:
    """What the scenario of a run calls itself."""
    stated = run.document.get("title")
    return (
        Bilingual(**stated) if isinstance(stated, dict) else Bilingual.same(run.scenario or run.run or "run")
    )


def resolved(home: Path) -> str | None:
    """The resolved scenario beside a run's tables, if it is still there."""
    try:
        return content(home / RESOLVED).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


_OF_FILE = "country of "
"""Under what the country of a file is kept, beside the places of values; and the scenario's own file."""
_OWN = "own file"


def stated_in(loaded: Loaded) -> str:
    """What :data:`ORIGINS` holds: file and line by dotted path, and the country of every file; folders of the
    user's machine are left out."""
    countries = {_OF_FILE + written_in(file): country for file, country in loaded.countries.items()}
    places = {path: written_in(place) for path, place in loaded.origins.items()}
    return (
        json.dumps(
            {**places, **countries, _OWN: written_in(loaded.file)},
            ensure_ascii=False,
            indent=0,
            sort_keys=True,
        )
        + "\n"
    )


def origins(home: Path) -> dict[str, str]:
    """Where each value of a run was written; nothing for a run of a version that did not keep it."""
    try:
        found = read_json(home / ORIGINS)
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(path): str(place) for path, place in found.items()} if isinstance(found, dict) else {}


def reloaded(home: Path) -> Loaded | None:
    """The scenario of a run, where this version still reads it."""
    from ...scenarios.load import load

    try:
        return as_it_was(load(home / RESOLVED), origins(home))
    except ScenarioError:
        return None


def as_it_was(loaded: Loaded, places: Mapping[str, str]) -> Loaded:
    """A resolved scenario whose numbers are known by the files that first stated them: what is a default is
    told by that."""
    if not places:
        return loaded
    from ...scenarios.load import numbers

    for quantity in numbers(loaded.scenario):
        origin = places.get(quantity.path) or places.get(f"{quantity.path}.value")
        if origin:
            object.__setattr__(quantity, "origin", origin)  # just read, and in no other hands
    countries = {key.removeprefix(_OF_FILE): text for key, text in places.items() if key.startswith(_OF_FILE)}
    told = {key: text for key, text in places.items() if key != _OWN and not key.startswith(_OF_FILE)}
    return replace(
        loaded,
        origins={**loaded.origins, **told},
        countries=countries or loaded.countries,
        file=places.get(_OWN, loaded.file),
    )


def seed(home: Path) -> int | None:
    """The seed of a run."""
    try:
        found = read_json(home / MANIFEST).get("seed")
    except (OSError, ValueError, RecursionError, AttributeError):
        return None
    return found if isinstance(found, int) else None
