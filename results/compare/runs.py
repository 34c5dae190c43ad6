"""Runs side by side: what changes against the first one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from ...models.errors import DabiaoError
from ...models.quantity import Bilingual
from ...models.words import msg
from ..tables.table import Column, Table, declare
from ..text.format import plain
from ..text.wording import in_points
from .headlines import headlines
from .inputs import StatedInputs, inputs
from .sampling import computed_alike, draws_of, marked, worst_error
from .values import difference

COMPARED = ("verdict", "targets", "sectors", "mixes", "limits", "investment", "pool", "indicators")
"""Tables set side by side: the numbers that a column says are compared, else all that differ."""

_Place: TypeAlias = tuple[Any, ...]
_Rows: TypeAlias = dict[_Place, dict[str, Any]]


def compare(
    names: Sequence[str],
    runs: Sequence[Mapping[str, Table]],
    compared: Sequence[str] = COMPARED,
    *,
    titles: Sequence[Bilingual] = (),
    told: Sequence[StatedInputs] = (),
) -> dict[str, Table]:
    """The runs' tables side by side; the first run is what the others are measured against.

    Rows are matched by the table's key; a row that a run lacks stays empty there. What all runs
    agree on is shown once. Each compared number has one column per run, then one column per further
    run with its difference from the first, of the numbers as computed; words on which the runs differ
    have one column per run. Headings give a run's number in the table `runs`.

    Parameters
    ----------
    names, runs
        The runs, the baseline first.
    compared
        Which tables.
    titles
        What the scenarios call themselves.
    told
        What each run was told; the table `inputs` then lists what differs.

    Raises
    ------
    DabiaoError
        Fewer than two runs, or the same column has another unit in another run.
    """
    if len(names) < 2 or len(names) != len(runs):
        raise DabiaoError(msg("compare needs at least two runs"))
    names = _distinct(names)
    titles = titles or [Bilingual.same(name) for name in names]
    alike = {
        at
        for at in range(2, len(names) + 1)
        if told
        and not inputs([told[0], told[at - 1]]).rows
        and told[0].whole
        and told[at - 1].whole
        and computed_alike(runs[0], runs[at - 1])
    }
    columns = (
        Column("number", msg("No."), digits=0, value=int),
        Column("run", msg("Run"), value=lambda at: names[at - 1]),
        Column("title", msg("Scenario"), value=lambda at: titles[at - 1]),
        Column("baseline", msg("Baseline"), value=lambda at: at == 1),
        Column("draws", msg("Draws"), digits=0, value=lambda at: draws_of(runs[at - 1]), optional=True),
        Column(
            "error",
            msg("s.e. of a main chance up to"),
            "points",
            1,
            value=lambda at: worst_error(runs[at - 1]),
            optional=True,
        ),
        Column("alike", msg("Differs in its draws alone"), shown=False, value=lambda at: at in alike),
    )
    every = range(1, len(names) + 1)
    tables = {"runs": declare("runs", msg("Runs compared"), columns, every, ("number",))}
    if told:
        tables["inputs"] = inputs(told)
    if shared := headlines(runs, alike):
        tables["headlines"] = shared
    for name in compared:
        present = [run.get(name) for run in runs]
        if any(table is not None for table in present):
            tables[name] = side_by_side(present)
    if "targets" in tables:
        tables["targets"] = marked(tables["targets"], runs, alike)
    return tables


def side_by_side(tables: Sequence[Table | None]) -> Table:
    """One table of several runs; see :func:`compare`."""
    model = next(table for table in tables if table is not None)
    key = model.key or (model.columns[0].name,)
    columns = _columns(tables)
    rows = [_rows(table, key) for table in tables]
    places = list(dict.fromkeys(place for run in rows for place in run))
    said = {
        name: [[run[place][name] for run in rows if name in run.get(place, ())] for place in places]
        for name in columns
    }
    agreed = [name for name in columns if name in key or all(map(_agree, said[name]))]
    chosen = [name for name, column in columns.items() if column.compared and name not in key]
    spread = [
        name
        for name, column in columns.items()
        if name in chosen or (name not in agreed and (not chosen or not column.numeric))
    ]
    kept = [name for name in agreed if name not in spread]

    def once(name: str) -> Column:
        def cell(place: _Place) -> Any:
            return next((run[place][name] for run in rows if name in run.get(place, ())), None)

        return replace(_settled(columns[name], kept), value=cell)

    heads = [once(name) for name in kept]
    for name in spread:
        heads += _spread(_settled(columns[name], kept), tables, rows)
    where = {
        place: " ".join(str(at) for at, run in enumerate(rows, start=1) if place in run) for place in places
    }
    if len(set(where.values())) > 1:
        heads.append(Column("in_runs", msg("In runs"), value=where.get))
    return declare(model.name, model.title, heads, places, tuple(k for k in key if k in kept), model.note)


def _distinct(names: Sequence[str]) -> list[str]:
    """Names made different from each other by a number."""
    seen: dict[str, int] = {}
    new = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        new.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return new


def _columns(tables: Sequence[Table | None]) -> dict[str, Column]:
    """All columns of the runs, the first run's first."""
    columns: dict[str, Column] = {}
    for table in tables:
        for column in table.columns if table is not None else ():
            known = columns.setdefault(column.name, column)
            if known.unit != column.unit:
                raise DabiaoError(
                    msg(
                        "cannot compare {column!r} of {table!r}: one run has it in {unit!r},"
                        " another in {other!r}",
                        column=column.name,
                        table=table.name if table else "",
                        unit=known.unit,
                        other=column.unit,
                    )
                )
    return columns


def _rows(table: Table | None, key: Sequence[str]) -> _Rows:
    """Rows by key; rows that share a key are told apart by their order."""
    rows: _Rows = {}
    for record in table.records() if table is not None else ():
        place = tuple(plain(record.get(name)) for name in key)
        count = 0
        while (*place, count) in rows:
            count += 1
        rows[(*place, count)] = record
    return rows


def _settled(column: Column, kept: Sequence[str]) -> Column:
    """The column, empty or not, with digits of its own where the column that held them is not shown."""
    column = replace(column, optional=False)
    if not column.digits_from or column.digits_from in kept:
        return column
    return replace(column, digits_from="", digits=2 if column.digits is None else column.digits)


def _agree(cells: Sequence[Any]) -> bool:
    return all(plain(cell) == plain(cells[0]) for cell in cells)


def _spread(column: Column, tables: Sequence[Table | None], rows: Sequence[_Rows]) -> list[Column]:
    """One column per run, and for numbers one per difference; the number is the run's place in `runs`.

    A run's own heading stands where it has one: another year, another base of prices.
    """

    def cell(at: int, place: _Place) -> Any:
        return rows[at].get(place, {}).get(column.name)

    def own(at: int, table: Table | None) -> Column:
        mine = next((each for each in table.columns if each.name == column.name), column) if table else column
        title = msg("{title} {at}", title=mine.title, at=at + 1)
        return replace(column, name=f"{column.name}_{at + 1}", title=title, value=partial(cell, at))

    def less(at: int) -> Column:
        return replace(
            column,
            name=f"{column.name}_{at + 1}_less_1",
            title=msg("{title} change {at}-1", title=column.title, at=at + 1),
            unit=in_points(column.unit),
            signed=True,
            fraction="points" if column.fraction else "",
            value=lambda place: difference(cell(at, place), cell(0, place)),
        )

    each = [own(at, table) for at, table in enumerate(tables)]
    return [*each, *map(less, range(1, len(tables)))] if column.numeric else each
