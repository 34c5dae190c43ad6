"""The sentences a kind of answer opens with, as a table (摘要)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ...models.quantity import Bilingual
from ...models.words import msg
from .table import Column, Table, declare


class Line(NamedTuple):
    """A sentence: its id, its label, its text."""

    line: str
    label: Bilingual
    text: Bilingual


def summary_of(lines: Iterable[Line], title: Bilingual | None = None) -> Table:
    """The table of the sentences that there is something to say in."""
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return declare("summary", title or msg("Summary"), columns, lines, ("line",))
