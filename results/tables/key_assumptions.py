"""Key assumptions: the numbers that move the first main target most (关键假定)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...models.words import msg, tr
from ..text.format import unit_of, unit_text
from ..text.names import name_of
from ..text.wording import in_points
from .numbers import ASSUMED, SOURCED, ranked, units_of
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

SHOWN = 15
"""Numbers listed; the others stand in the table of all numbers with their rank."""


def key_assumptions(answer: Answer) -> Table | None:
    """The strongest numbers: value, range, and what half the range does to the first main target."""
    paths = ranked(answer)[:SHOWN]
    if answer.ranked_by is None or not paths:
        return None
    target = answer.sheet.targets[answer.ranked_by]
    known, declared = answer.loaded.quantities(), units_of(answer)
    effect, unit = answer.one_at_a_time.effects, in_points(target.unit)
    own = partial(Column, digits=2, unit_from="unit")
    columns = (
        Column("rank", msg("Rank"), digits=0, value=lambda path: paths.index(path) + 1),
        Column("number", msg("Number"), value=lambda path: name_of(answer.scenario, path)),
        Column("path", msg("Path"), shown=False, value=lambda path: path),
        own("value", msg("Value", context="table_doubts"), value=lambda path: known[path].value),
        own("low", msg("Low"), value=lambda path: known[path].low),
        own("high", msg("High"), value=lambda path: known[path].high),
        Column("unit", msg("Unit"), shown=False, value=lambda path: unit_text(declared(path))),
        Column("effect", msg("Effect of half the range"), unit, 3, signed=True, value=effect.__getitem__),
        Column("basis", msg("Basis"), value=lambda path: SOURCED if known[path].sourced else ASSUMED),
    )
    note = msg(
        "How far {title} moves when one number moves by half its range (a tenth of it where it has none), all"
        " else equal, to first order. The plan itself (money, mix, projects) and base flows of a chain are"
        " not ranked.",
        title=target.title,
    )
    title = msg("Key assumptions", context="table_doubts")
    return declare("key_assumptions", title, columns, paths, ("path",), note)


def headline(answer: Answer, lang: str, count: int = 4) -> str:
    """The strongest numbers in one line."""
    parts = [
        f"{name_of(answer.scenario, p).of(lang)} ±{abs(answer.one_at_a_time.effects[p]):.2f}"
        for p in ranked(answer)[:count]
    ]
    if not parts or answer.ranked_by is None:
        return ""
    target = answer.sheet.targets[answer.ranked_by]
    told = unit_of(in_points(target.unit), lang)
    return tr(lang, "half a range moves {title} by ({told}): ", title=target.title, told=told) + " · ".join(
        parts
    )
