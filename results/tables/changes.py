"""What each unfinished project does where it is deleted, cancelled, hastened or delayed (逐个项目的变动)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg
from .mixes import has_industry
from .shortened import shortened, unfinished
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.diagnose.moves import Move
    from ...engine.run import Answer


def changes(answer: Answer) -> Table | None:
    """One row a project and change: growth of the target year, GDP up to the last year, money of other works
    of its sector."""
    if not answer.changes:
        return None
    at, base = answer.year - 1, answer.economy.base_year
    last, year = base + answer.economy.years, base + answer.year
    titles = {"": msg("All unfinished named projects")}
    titles |= {key: project.title for key, project in answer.scenario.projects.items()}

    def gone(move: Move) -> float:
        return 0.0 if move.displaced is None else float(move.displaced[:, at].sum())

    def made(move: Move) -> float:
        return float(move.total[at] - (move.total[at - 1] if at else 0.0))

    def number(name: str, title: Bilingual, unit: str, digits: int, value: Callable[[Move], float]) -> Column:
        return Column(name, title, unit, digits, signed=True, value=value)

    columns = (
        Column("project", msg("Project id"), shown=False, value=lambda move: move.project or "all"),
        Column("change", msg("Change id", context="table_changes"), shown=False, value=lambda move: move.id),
        Column("title", msg("Project"), value=lambda move: titles[move.project]),
        Column("what", msg("Change", context="table_changes"), value=lambda move: move.title),
        number("gdp", msg("GDP growth {year}", year=year), "points", 3, lambda m: float(m.gdp[at])),
        Column(
            "industry",
            msg("Above-scale industry {year}", year=year),
            "points",
            3,
            signed=True,
            optional=True,
            shown=has_industry(answer),
            value=lambda m: float(m.industry[at]),
        ),
        number("made", msg("GDP {year}", year=year), MONEY, 2, made),
        number("total", msg("GDP up to {last}", last=last), MONEY, 1, lambda m: float(m.total[-1])),
        number("displaced", msg("Taken from other works {year}", year=year), MONEY, 1, gone),
    )
    note = msg(
        "Deleted is a change of information: nobody knows of the project, and what is inferred of last year"
        " and of works on no list changes with it. Cancelled means not done: what was spent brings nothing,"
        " the rest is saved, or goes to other works of the sector (the difference is the cost of the choice)."
        " A quarter sooner: those ahead begin, those under way finish sooner; with money added no output is"
        " lost up to any year; within the same total other works of the sector give up money (last column),"
        " and growth of the year may fall by it. GDP at base-year prices."
    )
    title = msg("Projects cancelled, hastened or delayed")
    note = shortened(note, unfinished(answer.scenario.projects))
    return declare("changes", title, columns, answer.changes, ("project", "change"), note)
