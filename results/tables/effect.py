"""What a choice does to the targets, as simulated: before, after, and the change (对目标的影响)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.decide.assess import Run
from ...engine.study import Study
from ...models.quantity import Bilingual
from ...models.target import Target
from ...models.words import msg
from ..text.format import unit_text
from .table import Column


@dataclass(frozen=True)
class Effect:
    """A target in the plan and after a change; of which sector, where there are several changes."""

    of: Target
    before: float
    after: float
    sector: str = ""


def effects(begun: Study, run: Run, sector: str = "") -> Iterator[Effect]:
    """Every target in the plan and in another run."""
    for target in begun.assessor.targets:
        before, after = (begun.assessor.value(target, each) for each in (begun.plan, run))
        yield Effect(target, before, after, sector)


def effects_of(begun: Study, other: Study) -> Iterator[Effect]:
    """Every target in the plan of a scenario and in that of another one with the same sheet."""
    there = {target.id: target for target in other.assessor.targets}
    for target in begun.assessor.targets:
        before = begun.assessor.value(target, begun.plan)
        yield Effect(target, before, other.assessor.value(there[target.id], other.plan))


def effect_columns(after: Bilingual, change: Bilingual, digits: int) -> tuple[Column, ...]:
    """Columns of rows of :class:`Effect`; the sector is left to the caller."""
    return (
        Column("target", msg("Target id"), shown=False, value=lambda row: row.of.id),
        Column("title", msg("Target"), value=lambda row: row.of.title),
        Column("before", msg("Plan"), digits_from="digits"),
        Column("after", after, digits_from="digits"),
        Column("change", change, digits=digits, signed=True, value=lambda row: row.after - row.before),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.of.unit)),
        Column("digits", msg("Digits"), shown=False, value=lambda row: row.of.digits + 1),
    )
