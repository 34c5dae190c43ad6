"""What the past years brought, beside what was aimed at, and what the reference forecast says of the next
(历年实绩与参照预测)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...engine.forecast.anchored import held_to
from ...models.words import msg
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer


@dataclass(frozen=True)
class _Year:
    target: str
    year: int
    growth: float | None = None
    asked: float | None = None
    reference: float | None = None
    low: float | None = None
    high: float | None = None


def past(answer: Answer) -> Table | None:
    """Growth and target of each year of the history; the reference forecast of the first year after it."""
    scenario = answer.scenario
    key = next(
        (t.id for t in answer.sheet.targets.values() if t.indicator == "gdp_growth" and not t.over),
        "",
    )
    if not key:
        return None
    rows = [
        _Year(
            key,
            int(year),
            known.growth.value if known.growth else None,
            known.target.value if known.target else None,
        )
        for year, known in sorted(scenario.history.years.items())
        if known.growth is not None
    ]
    if not rows:
        return None
    if (held := held_to(answer.loaded.scenario)) is not None:
        found, _ = held
        low, high = found.quantile(0.1), found.quantile(0.9)
        rows.append(_Year(key, scenario.years.first, reference=found.median, low=low, high=high))
    columns = (
        Column("target", msg("Target id"), shown=False),
        Column("year", msg("Year"), digits=0),
        Column("growth", msg("GDP growth"), "%", 1),
        Column("asked", msg("Target of the year"), "%", 1, optional=True),
        Column("reference", msg("Reference forecast"), "%", 1, optional=True),
        Column("low", msg("10th percentile of the reference"), "%", 1, optional=True),
        Column("high", msg("90th percentile of the reference"), "%", 1, optional=True),
    )
    return declare("past", msg("Past growth and the reference forecast"), columns, rows, ("target", "year"))
