"""What is said where only the largest projects of a long list are moved one by one (长清单)."""

from __future__ import annotations

from collections.abc import Mapping

from ...engine.projects.variants import MANY, MOST
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...scenarios.schema import Project
from ..text.wording import both


def shortened(note: Bilingual, count: int) -> Bilingual:
    """A note, and of more than :data:`MANY` projects that the largest alone stand in the table.

    >>> shortened(msg("Note."), 401).en
    'Note. Of 401 unfinished projects the 100 of the largest investment are moved one by one.'
    """
    if count <= MANY:
        return note
    said = msg(
        "Of {count} unfinished projects the {most} of the largest investment are moved one by one.",
        count=count,
        most=MOST,
    )
    return both(lambda lang: note.of(lang) + tr(lang, " ") + said.of(lang))


def unfinished(projects: Mapping[str, Project]) -> int:
    """How many projects of a scenario are not commissioned."""
    return sum(project.stage != "commissioned" for project in projects.values())
