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

ANSWER, COUNT, NEEDS, NOTE, ADVICE = "front_answer", "front_count", "needs", "front_note", "advice"
_LONGEST = 80
"""Letters of what an option may state on the page."""

BORROWED, UNSTATED = "borrowed", "unstated"
BROKEN, WHY, VERSUS = "broken", "why_", "versus_"
"""Sentences of the summary that the page takes, by id or by what ids begin with."""
_ALL = (ANSWER, COUNT, NEEDS, f"{NOTE}_", f"{ADVICE}_", VERSUS)


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
    lines
        Ids of the sentences that stand here and need not be said again.
    """

    title: str
    stamp: tuple[tuple[str, str], ...]
    answer: tuple[str, ...]
    charts: tuple[str, ...]
    tables: tuple[Table, ...]
    needs: tuple[str, str] | None
    notes: tuple[tuple[str, str], ...]
    advice: tuple[tuple[str, str], ...]
    lines: frozenset[str]


def front_page(
    tables: Mapping[str, Table], lang: str, title: Bilingual, meta: Mapping[str, Any]
) -> Front | None:
    """The first page of a run; None of an answer to another question than the target sheet."""
    told = sentences(tables, lang)
    if ANSWER not in told:
        return None
    two = "versus_front" in tables
    start = VERSUS if two and f"{VERSUS}title" in told else ""
    asked = tr(lang, "{name}: can its main targets be reached?", name=title.of(lang))
    answer = _begin(told, f"{VERSUS}answer" if start else ANSWER)
    parts = {
        "answer": [*_opening(told), *answer, *(_begin(told, WHY)[:1] if two else _begin(told, COUNT))],
        "needs": _begin(told, f"{start}{NEEDS}"),
        "notes": _begin(told, f"{start}{NOTE}_"),
        "advice": _begin(told, f"{start}{ADVICE}_"),
    }
    said = {name: tuple(told[key] for key in keys) for name, keys in parts.items()}
    names = ("versus_front", "versus_decisions") if two else ("decisions",)
    return Front(
        clean(told[f"{VERSUS}title"][1] if start else asked),
        tuple((label.of(lang), stated) for key, label in STAMP.items() if (stated := _stated(meta, key))),
        tuple(text for _, text in said["answer"]),
        ("versus_sheet", "sheet") if two else ("sheet",),
        tuple(on_paper(tables[key]) for key in names if key in tables),
        next(iter(said["needs"]), None),
        said["notes"],
        said["advice"],
        frozenset([*parts["answer"], *(key for start in _ALL for key in _begin(told, start))]),
    )


def _opening(told: Mapping[str, tuple[str, str]]) -> list[str]:
    """Ids of the sentences without which no answer may be read."""
    return [key for start in (BORROWED, UNSTATED, BROKEN) for key in _begin(told, start)]


def _stated(meta: Mapping[str, Any], key: str) -> str:
    """What an option states, on one line of a head's length."""
    return clean(" ".join(str(meta.get(key) or "").split()))[:_LONGEST]


def _begin(told: Mapping[str, tuple[str, str]], start: str) -> list[str]:
    """Ids of the sentences that begin so."""
    return [key for key in told if key.startswith(start)]
