"""Tables as a page prints them: chances in percent, months in which nothing happens left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...models.words import msg
from .percent import in_percent
from .table import Table


def on_paper(table: Table) -> Table:
    """The table for a page; the workbook, CSV and JSON have every row."""
    found = in_percent(table)
    places = [at for at, column in enumerate(table.columns) if column.event]
    if not places:
        return found
    rows = tuple(row for row in found.rows if any(row[at] for at in places))
    less = len(found.rows) - len(rows)
    if not less:
        return found
    said = msg(
        "{less} months without investment, start or commissioning are left out; Excel has them.", less=less
    )
    note = (
        said
        if found.note is None
        else msg("{note} {more}", context="two sentences", note=found.note, more=said)
    )
    return replace(found, rows=rows, note=note)


def all_on_paper(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Every table for a page."""
    return {name: on_paper(table) for name, table in tables.items()}
