"""Chapters of an answer as pieces of a page (页面片段)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...models.quantity import Bilingual
from ..forms.html_page import Pieces
from ..tables.table import Table
from .screen import rows

if TYPE_CHECKING:
    from ...engine.run import Answer

_NUMBERS = frozenset(
    [
        "part",
        "number",
        "path",
        "value",
        "unit",
        "low",
        "high",
        "basis",
        "text",
        "effect",
        "rank",
        "use",
        "origin",
    ]
)


class Fragments:
    """An answer in one language, chapter by chapter, as the page of a report has it."""

    def __init__(self, tables: Mapping[str, Table], lang: str, title: Bilingual) -> None:
        self.tables, self.lang = tables, lang
        self.pieces = Pieces(tables, lang, title)

    def whole(self, answer: Answer | None) -> dict[str, Any]:
        """Page one, the chapters, and the assumptions as data to be changed."""
        found: dict[str, Any] = {"front": self.pieces.opened(), "chapters": self.pieces.every()}
        if "numbers" in self.tables:
            found["numbers"] = self.numbers()
        if answer is not None and answer.ensemble is not None:
            found |= {"draws": answer.ensemble.draws, "error": answer.ensemble.worst()}
        return found

    def numbers(self) -> list[dict[str, Any]]:
        """Every number of the scenario, the weightiest first, with what may be edited of it unprinted."""
        table = self.tables["numbers"]
        told = [
            {**row, "raw": {name: record[name] for name in ("value", "low", "high")}}
            for row, record in zip(rows(table, self.lang, _NUMBERS), table.records(), strict=True)
        ]
        return sorted(told, key=lambda row: int(row["rank"]) if row["rank"].isdecimal() else len(told) + 1)
