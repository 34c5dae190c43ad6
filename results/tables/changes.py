"""What each unfinished project does where it is deleted, cancelled, hastened or delayed (逐个项目的变动)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.words import msg
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer


def changes(answer: Answer) -> Table | None:
    """One row a project and change: growth of the target year, GDP up to the last year, money of other works
    of its sector."""
    if not answer.changes:
        return None
    at, base = answer.year - 1, answer.economy.base_year
    last, year = base + answer.economy.years, base + answer.year
    projects = answer.scenario.projects
    rows: list[tuple[Any, ...]] = []
    for move in answer.changes:
        name = projects[move.project].title if move.project else msg("All unfinished named projects")
        gone = 0.0 if move.displaced is None else float(move.displaced[:, at].sum())
        rows.append(
            (
                move.project or "all",
                move.id,
                name,
                move.title,
                float(move.gdp[at]),
                float(move.industry[at]),
                float(move.total[at]),
                float(move.total[-1]),
                gone,
            )
        )
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("change", msg("Change id", context="table_changes"), shown=False),
        Column("title", msg("Project")),
        Column("what", msg("Change", context="table_changes")),
        Column("gdp", msg("GDP growth {year}", year=year), "points", 3, signed=True),
        Column("industry", msg("Above-scale industry {year}", year=year), "points", 3, signed=True),
        Column("made", msg("GDP {year}", year=year), "亿元", 2, signed=True),
        Column("total", msg("GDP up to {last}", last=last), "亿元", 1, signed=True),
        Column("displaced", msg("Taken from other works {year}", year=year), "亿元", 1, signed=True),
    )
    note = msg(
        "Deleted is a change of information: nobody knows of the project, and what is inferred of last year"
        " and of works on no list changes with it. Cancelled means not done: what was spent brings nothing,"
        " the rest is saved, or goes to other works of the sector (the difference is the cost of the choice)."
        " A quarter sooner: those ahead begin, those under way finish sooner; with money added no output is"
        " lost up to any year; within the same total other works of the sector give up money (last column),"
        " and growth of the year may fall by it. GDP at base-year prices."
    )
    return Table(
        "changes",
        msg("Projects cancelled, hastened or delayed"),
        columns,
        tuple(rows),
        ("project", "change"),
        note,
    )
