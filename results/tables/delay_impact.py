"""Delay impact of projects as a table (项目延期影响)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...models.words import msg
from ..text.wording import TIERS
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.run import Answer


def delay_impact_table(answer: Answer) -> Table | None:
    """Each project a quarter later: what the first main target loses, in its unit, in money and in
    probability."""
    if answer.ranked_by is None or not answer.delay_impacts:
        return None
    target = answer.sheet.targets[answer.ranked_by]
    stated = answer.scenario.projects
    rows = tuple(
        (
            one.project,
            stated[one.project].title,
            answer.scenario.sectors[stated[one.project].sector].title,
            float(stated[one.project].invest.value),
            one.effect,
            one.money,
            *(100 * one.chances[tier] if tier in one.chances else None for tier in TIERS),
        )
        for one in answer.delay_impacts
    )
    now, base = answer.economy.base_year + answer.year, answer.economy.base_year
    unit = "points" if target.unit == "%" else target.unit
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project")),
        Column("sector", msg("Sector")),
        Column("invest", msg("Investment"), "亿元", 1),
        Column(
            "effect",
            msg("Change of {title} {now}", title=target.title, now=now),
            unit,
            3,
            signed=True,
        ),
        Column(
            "money",
            msg("Change of GDP {now} ({base} prices)", now=now, base=base),
            "亿元",
            2,
            signed=True,
        ),
        *(
            Column(
                f"chance_{tier}",
                msg("Change of probability, {name}", name=name),
                "points",
                2,
                signed=True,
            )
            for tier, name in TIERS.items()
        ),
    )
    note = msg(
        "One named project that is not yet commissioned comes a quarter (3 months) later, all else equal,"
        " simulated in the central case; the largest loss first. Change of probability: by how much the share"
        " of futures that reach the tier changes where every outcome is moved by that effect. Projects with"
        " zero come on line after the year."
    )
    table = Table(
        "delay_impact",
        msg("Delay impact: one project a quarter later"),
        columns,
        rows,
        ("project",),
        note,
    )
    return hide_empty(table, *(f"chance_{tier}" for tier in TIERS))
