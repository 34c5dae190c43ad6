"""The first page: one answer, one picture, one table of decisions, what would have to be true, what to keep
in mind. Every form of a report begins with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..models.quantity import Bilingual
from ..models.words import msg, tr
from .tables.paper import on_paper
from .tables.table import Table, sentences
from .text.format import clean

STAMP: dict[str, Bilingual] = {
    "issuer": msg("Issued by"),
    "date": msg("Date"),
    "data_until": msg("Data up to"),
}
"""What the head of a page says of a report, by the option that states it."""

BROKEN, ANSWER, COUNT = "broken", "front_answer", "front_count"
NEEDS, NOTE, ADVICE = "needs", "front_note", "advice"
"""Sentences of the summary that the page takes, by id or by what ids begin with."""


@dataclass(frozen=True)
class Front:
    """The first page of a report, in one language.

    Attributes
    ----------
    title, stamp
        What the report is; by whom, of when, with data up to when, each with its label.
    answer
        Sentences that answer.
    charts
        Pictures by name, the first one that can be drawn.
    tables
        Decisions, each with its price, its chance, its later cost and who must agree; of two runs first what
        they bring side by side.
    needs, notes, advice
        What would have to be true; what to keep in mind; what to do: each with its label.
    """

    title: str
    stamp: tuple[tuple[str, str], ...]
    answer: tuple[str, ...]
    charts: tuple[str, ...]
    tables: tuple[Table, ...]
    needs: tuple[str, str] | None
    notes: tuple[tuple[str, str], ...]
    advice: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> frozenset[str]:
        """Ids of the sentences that stand here and need not be said again."""
        return frozenset({BROKEN, ANSWER, COUNT, NEEDS})


def front_page(
    tables: Mapping[str, Table], lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> Front | None:
    """The first page of a run; None of an answer to another question than the target sheet."""
    told = sentences(tables, lang)
    if ANSWER not in told:
        return None
    two = "versus_front" in tables
    name = title.of(lang)
    return Front(
        clean(tr(lang, "{name}: can its main targets be reached?", name=name)),
        tuple((label.of(lang), clean(str(meta[key]))) for key, label in STAMP.items() if meta.get(key)),
        tuple(told[key][1] for key in (BROKEN, ANSWER, COUNT) if key in told),
        ("versus_sheet", "sheet") if two else ("sheet",),
        tuple(on_paper(tables[key]) for key in ("versus_front", "decisions") if key in tables),
        told.get(NEEDS),
        _begin(told, NOTE),
        _begin(told, ADVICE),
    )


def _begin(told: Mapping[str, tuple[str, str]], start: str) -> tuple[tuple[str, str], ...]:
    return tuple(said for key, said in told.items() if key.startswith(f"{start}_"))
