"""What the document prints: its chapters, and of each table what decides; every number stays in the workbook
and the page, and the last sentence says where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ....models.words import msg
from ...outline import DOCUMENT, TRACKED, Brief, chapters
from ...tables.table import Column, Table, shown

_LONGEST = 30
"""Rows of a table that neither its declaration nor its chapter limits."""
_FIRST = 5
"""Assumptions that stand in the report proper; the annex has the next ones."""
_TELLS: dict[str, tuple[str, float]] = {
    "targets": ("expected", -math.inf),
    "break_evens": ("needed", -math.inf),
    "versus_attribution": ("effect", 0.005),
}
"""A column and how far it must be from nought for a row of a table to be printed: the other rows tell
nothing."""
COVERED = {
    "versus_front": ("sheet", "versus_headlines", "chain", "mixes_uncertain"),
    "versus_targets": ("targets",),
    "versus_decisions": ("decisions", "numbers"),
}
"""Tables of two runs, and what need not stand beside them: they say it, or the report of one run does."""
_PLACES = frozenset({"lines", "origin", "origin_1", "origin_2"})
"""Columns for those who edit a scenario: where in which file a value stands."""
_ASSUMED = ("number", "value", "low", "high", "effect", "text")
_RESULTS = msg("Results", context="chapter of an analysis")
_LEFT_OUT = frozenset({"summary", "glossary"})


@dataclass(frozen=True)
class Printed:
    """The columns and the places of the rows of a table that are printed."""

    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    fewer: bool


def part_of(table: Table, most: int = _LONGEST) -> Printed:
    """What is printed of a table: the columns and rows that its declaration names, no more than ``most`` rows
    and no column without a cell; of a table in blocks that is too long the first block."""
    every = shown(table)
    columns = tuple(column for column in every if column.word and column.name not in _PLACES) or tuple(every)
    rows = tuple(range(len(table.rows))) if table.brief is None else table.brief
    name, least = _TELLS.get(table.name, ("", 0.0))
    if name in {column.name for column in table.columns}:
        cells = table.column(name)
        rows = tuple(at for at in rows if cells[at] is not None and abs(cells[at]) >= least) or rows
    if len(rows) > most and any(column.name == "block" for column in table.columns):
        blocks = table.column("block")
        rows = tuple(at for at in rows if blocks[at] == blocks[rows[0]])
    rows = tuple(rows[:most])
    places = [table.at(column.name) for column in columns]
    told = tuple(
        column
        for column, place in zip(columns, places, strict=True)
        if any(table.rows[at][place] is not None for at in rows)
    )
    return Printed(told or columns, rows, len(rows) < len(table.rows))


def chapters_of(tables: Mapping[str, Table]) -> list[Brief]:
    """The chapters of the document: of an answer to the target sheet those of the outline, of any other
    answer all that there is."""
    if "verdict" in tables:
        return list(DOCUMENT)
    if "track" in tables:
        return list(TRACKED)
    made = [
        Brief(
            _RESULTS if chapter.id == "others" else chapter.title,
            (),
            {name: _LONGEST for name in names if name not in _LEFT_OUT},
            chapter.charts,
            chapter.id == "method",
            chapter.table_first,
        )
        for chapter, names in chapters(tables)
    ]
    return sorted(made, key=lambda chapter: chapter.annex)


def with_reasons(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables, in which key assumptions have their reasons and stand in two parts: the first few, and in
    the annex, under names a reader knows, those that follow."""
    if not {"key_assumptions", "numbers"} <= set(tables):
        return dict(tables)
    key, numbers = tables["key_assumptions"], tables["numbers"]
    if not {"path", *_ASSUMED[:-1]} <= {column.name for column in key.columns}:
        return dict(tables)
    reasons = dict(zip(numbers.column("path"), numbers.column("text"), strict=True))
    text = numbers.columns[numbers.at("text")]
    columns = tuple(
        replace(column, word=column.name in _ASSUMED, optional=False) for column in (*key.columns, text)
    )
    at = key.at("path")
    rows = tuple((*row, reasons.get(row[at])) for row in key.rows)
    whole = replace(key, columns=columns, rows=rows)
    rest = replace(whole, name="numbers", title=numbers.title, rows=rows[_FIRST:], note=numbers.note)
    return {**tables, "key_assumptions": replace(whole, rows=rows[:_FIRST]), "numbers": rest}
