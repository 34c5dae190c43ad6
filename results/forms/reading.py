"""A report as it is read: page one, then the chapters that have something to show; nothing is said twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...models.quantity import Bilingual
from ..front import Front, front_page
from ..outline import Chapter, chapters, kind_of, lines_of, numbered
from ..tables.paper import on_paper
from ..tables.table import Table, sentences, shown
from ..text.format import clean

Said = tuple[str, str]
"""Label and text of a sentence."""

_FRONT = ("front_", "advice_", "versus_", "needs", "plain")
"""Beginnings of the ids of sentences that page one says, or says better."""


@dataclass(frozen=True)
class Part:
    """A chapter with its number, its sentences and its tables."""

    chapter: Chapter
    title: str
    lines: tuple[Said, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Reading:
    """A report in one language.

    Attributes
    ----------
    title, stamp
        What it is; of an analysis what it asks, and then the scenario.
    front
        Page one; None of an answer to another question than the target sheet.
    opening
        Sentences that open what has no page one.
    parts
        Its chapters, numbered from one.
    """

    title: str
    stamp: tuple[str, ...]
    front: Front | None
    opening: tuple[Said, ...]
    parts: tuple[Part, ...]


def reading(tables: Mapping[str, Table], lang: str, title: Bilingual, meta: Mapping[str, Any]) -> Reading:
    """The report of some tables.

    A table that page one shows with all its columns stands there alone. A sentence stands on page one, or
    opens its chapter; one that belongs to no chapter opens the report, or behind page one the first chapter.
    """
    front, kind, name = front_page(tables, lang, title, meta), kind_of(tables), clean(title.of(lang))
    told = sentences(tables, lang)
    there = {table.name for table in front.tables if _whole(table)} if front else set()
    shown_by = [(chapter, [n for n in names if n != "summary"]) for chapter, names in chapters(tables)]
    kept = [(chapter, names) for chapter, names in shown_by if names]
    later = {said for chapter, _ in kept for said in lines_of(chapter, told)}
    first = [
        said for line, said in told.items() if said not in later and not (front and line.startswith(_FRONT))
    ]
    heard = _heard(front)
    parts = []
    for at, (chapter, names) in enumerate(kept):
        lines = [*(first if front and not at else []), *lines_of(chapter, told)]
        new = tuple(said for said in lines if said[1] not in heard)
        heard |= {text for _, text in new}
        own = tuple(on_paper(tables[each]) for each in names if each not in there)
        parts.append(Part(chapter, numbered(at, chapter, lang), new, own))
    stamp = [f"{label}: {text}" for label, text in front.stamp] if front else [name] if kind else []
    head = front.title if front else name if kind is None else clean(kind.of(lang))
    return Reading(head, tuple(stamp), front, () if front else tuple(first), tuple(parts))


def _whole(table: Table) -> bool:
    return all(column.word for column in shown(table))


def _heard(front: Front | None) -> set[str]:
    """What page one says."""
    if front is None:
        return set()
    told = [*([front.needs] if front.needs else []), *front.notes, *front.advice]
    return {*front.answer, *(text for _, text in told)}
