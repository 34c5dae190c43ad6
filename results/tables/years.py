"""Indicators of the plan, year by year (逐年指标)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ...models.indicators import INDICATORS, Asked
from ...models.quantity import Bilingual
from ...models.words import msg
from ..text.format import unit_text
from .mixes import INDUSTRY, has_industry
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer


def indicators(answer: Answer) -> Table:
    """Every modelled or linked indicator of the plan in each year after the base year."""
    years = range(1, answer.economy.years + 1)
    base = answer.economy.base_year
    rows = []
    for key, kind, title, unit, digits, value in _all(answer):
        path = [value(t) for t in years]
        cells = [None if math.isnan(x) else x for x in path]
        rows.append((key, kind, title, unit_text(unit), *cells, digits))
    columns = (
        Column("indicator", msg("Indicator id"), shown=False),
        Column("kind", msg("Kind", context="table_years"), shown=False),
        Column("title", msg("Indicator")),
        Column("unit", msg("Unit")),
        *(
            Column(f"y{base + t}", Bilingual.same(f"{base + t}"), digits=2, digits_from="digits")
            for t in years
        ),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg("Growth is real, except of investment, revenue, incomes and retail sales.")
    return Table(
        "indicators",
        msg("Indicators by year"),
        columns,
        tuple(rows),
        ("kind", "indicator"),
        note,
    )


_Row = tuple[str, str, Bilingual, str, int, Callable[[int], float]]


def _all(answer: Answer) -> Iterator[_Row]:
    """Indicators without coverage, then targets that are none of these, then the growth of every sector."""
    path, sheet = answer.plan.path, answer.sheet
    for name, known in INDICATORS.items():
        if known.covers or (name == INDUSTRY and not has_industry(answer)):
            continue
        if name == "key_project_investment" and not path.realisation.key_investment.any():
            continue
        yield name, "indicator", known.title, known.unit, known.digits + 1, _value(answer, name, Asked())
    for target in sheet.targets.values():
        if not target.judged or (target.indicator in INDICATORS and not INDICATORS[target.indicator].covers):
            continue
        yield (
            target.id,
            "target",
            target.title,
            target.unit,
            target.digits + 1,
            lambda t, target=target: float(sheet.value(target, path, t)[0]),  # type: ignore[misc]
        )
    for key, sector in answer.scenario.sectors.items():
        title = msg("{title}: growth of value added", title=sector.title)
        yield key, "sector", title, "%", 2, _value(answer, "sector_growth", Asked((key,)))


def _value(answer: Answer, name: str, asked: Asked) -> Callable[[int], float]:
    def value(year: int) -> Any:
        return float(INDICATORS[name].value(answer.plan.path, year, asked)[0])

    return value
