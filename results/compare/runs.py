"""Runs side by side: what changes against the first one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...models.errors import DabiaoError
from ...models.quantity import Bilingual
from ...models.words import msg
from ..tables.table import Column, Table
from ..text.format import plain
from ..text.wording import in_points
from .headlines import headlines
from .inputs import StatedInputs, inputs

COMPARED = ("verdict", "targets", "sectors", "mixes", "limits", "investment", "pool", "indicators")
"""Tables set side by side: the numbers that a column says are compared, else all that differ."""


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
    columns = (
        Column("number", msg("No."), digits=0),
        Column("run", msg("Run")),
        Column("title", msg("Scenario")),
        Column("baseline", msg("Baseline")),
    )
    rows = tuple((at, name, titles[at - 1], at == 1) for at, name in enumerate(names, start=1))
    tables = {"runs": Table("runs", msg("Runs compared"), columns, rows, key=("number",))}
    if told:
        tables["inputs"] = inputs(told)
    if shared := headlines(runs):
        tables["headlines"] = shared
    for name in compared:
        present = [run.get(name) for run in runs]
        if any(table is not None for table in present):
            tables[name] = side_by_side(names, present)
    return tables


def side_by_side(names: Sequence[str], tables: Sequence[Table | None]) -> Table:
    """One table of several runs; see :func:`compare.runs.runs`."""
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
    heads = [_settled(columns[name], kept) for name in kept]
    for name in spread:
        own = [
            next((column for column in table.columns if column.name == name), None) if table else None
            for table in tables
        ]
        heads += _spread(_settled(columns[name], kept), own)
    where = [" ".join(str(at) for at, run in enumerate(rows, start=1) if place in run) for place in places]
    partly = len(set(where)) > 1
    if partly:
        heads.append(Column("in_runs", msg("In runs")))
    body = []
    for at, place in enumerate(places):
        cells = [next(iter(said[name][at]), None) for name in kept]
        for name in spread:
            each = [run.get(place, {}).get(name) for run in rows]
            cells += each
            if columns[name].numeric:
                cells += [difference(cell, each[0]) for cell in each[1:]]
        body.append((*cells, where[at]) if partly else tuple(cells))
    return Table(
        model.name, model.title, tuple(heads), tuple(body), tuple(k for k in key if k in kept), model.note
    )


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


def _rows(table: Table | None, key: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by key; rows that share a key are told apart by their order."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in table.records() if table is not None else ():
        place = tuple(plain(record.get(name)) for name in key)
        count = 0
        while (*place, count) in rows:
            count += 1
        rows[(*place, count)] = record
    return rows


def _settled(column: Column, kept: Sequence[str]) -> Column:
    """The column with digits of its own where the column that held them is not shown."""
    if not column.digits_from or column.digits_from in kept:
        return column
    return replace(column, digits_from="", digits=2 if column.digits is None else column.digits)


def _agree(cells: Sequence[Any]) -> bool:
    return all(plain(cell) == plain(cells[0]) for cell in cells)


def _spread(column: Column, own: Sequence[Column | None]) -> list[Column]:
    """One column per run, and for numbers one per difference; the number is the run's place in `runs`.

    A run's own heading stands where it has one: another year, another base of prices.
    """
    each = [
        replace(
            column, name=f"{column.name}_{at}", title=msg("{title} {at}", title=(mine or column).title, at=at)
        )
        for at, mine in enumerate(own, start=1)
    ]
    if not column.numeric:
        return each
    return each + [
        replace(
            column,
            name=f"{column.name}_{at}_less_1",
            title=msg("{title} change {at}-1", title=column.title, at=at),
            unit=in_points(column.unit),
            signed=True,
            fraction="points" if column.fraction else "",
        )
        for at in range(2, len(own) + 1)
    ]


def difference(cell: Any, base: Any) -> float | None:
    """How far a number lies above the first run's; empty where either is missing."""
    one, two = plain(cell), plain(base)
    numbers = isinstance(one, (int, float)) and isinstance(two, (int, float))
    return one - two if numbers and not isinstance(one, bool) and not isinstance(two, bool) else None  # type: ignore[operator]
