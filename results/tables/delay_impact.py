"""Delay impact of projects as a table (项目延期影响)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg
from ..text.wording import TIERS, in_points
from .shortened import shortened, unfinished
from .table import Column, Table, declare, first

if TYPE_CHECKING:
    from ...engine.run import Answer


def delay_impact_table(answer: Answer) -> Table | None:
    """Each project a quarter later: what the first main target loses, in its unit, in money and in
    probability."""
    if answer.ranked_by is None or not answer.delay_impacts:
        return None
    target = answer.sheet.targets[answer.ranked_by]
    projects, sectors = answer.scenario.projects, answer.scenario.sectors
    base, now = answer.economy.base_year, answer.economy.base_year + answer.year

    def chance(tier: str, name: Bilingual) -> Column:
        return Column(
            f"chance_{tier}",
            msg("Change of probability, {name}", name=name),
            "points",
            2,
            signed=True,
            optional=True,
            word=tier == "ensure",
            value=lambda one: 100 * one.chances[tier] if tier in one.chances else None,
        )

    effect = msg("Change of {title} {now}", title=target.title, now=now)
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project"), value=lambda one: projects[one.project].title),
        Column("sector", msg("Sector"), value=lambda one: sectors[projects[one.project].sector].title),
        Column("invest", msg("Investment"), MONEY, 1, value=lambda one: projects[one.project].invest.value),
        Column("effect", effect, in_points(target.unit), 3, signed=True),
        Column(
            "money", msg("Change of GDP {now} ({base} prices)", now=now, base=base), MONEY, 2, signed=True
        ),
        *(chance(tier, name) for tier, name in TIERS.items()),
    )
    note = msg(
        "One named project that is not yet commissioned comes a quarter (3 months) later, all else equal,"
        " simulated in the central case; the largest loss first. Change of probability: by how much the share"
        " of futures that reach the tier changes where every outcome is moved by that effect. Projects with"
        " zero come on line after the year."
    )
    note = shortened(note, unfinished(projects))
    title = msg("Delay impact: one project a quarter later")
    return declare("delay_impact", title, columns, answer.delay_impacts, ("project",), note, brief=first(12))
