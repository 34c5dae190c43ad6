"""Indicators of the plan, year by year (逐年指标)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...models.indicators import INDICATORS, Asked
from ...models.quantity import Bilingual
from ...models.target import Target
from ...models.words import msg
from ..text.format import unit_text
from .mixes import INDUSTRY, has_industry
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer


@dataclass(frozen=True)
class _Indicator:
    """An indicator, of which kind it is, and its value in a year (1, 2, ...)."""

    indicator: str
    kind: str
    title: Bilingual
    unit: str
    digits: int
    value: Callable[[int], float]


def indicators(answer: Answer) -> Table:
    """Every modelled or linked indicator of the plan in each year after the base year."""
    columns = (
        Column("indicator", msg("Indicator id"), shown=False),
        Column("kind", msg("Kind", context="table_years"), shown=False),
        Column("title", msg("Indicator")),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
        *(_year(answer.economy.base_year, t) for t in range(1, answer.economy.years + 1)),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg("Growth is real, except of investment, revenue, incomes and retail sales.")
    title = msg("Indicators by year")
    return declare("indicators", title, columns, _all(answer), ("kind", "indicator"), note)


def _year(base: int, t: int) -> Column:
    def value(row: _Indicator) -> float | None:
        found = row.value(t)
        return None if math.isnan(found) else found

    return Column(f"y{base + t}", Bilingual.same(f"{base + t}"), digits=2, digits_from="digits", value=value)


def _is_a_row(answer: Answer, row: Target) -> bool:
    """Whether a target says what no indicator's row does."""
    name = row.indicator
    return name not in answer.economy.indicators and (name not in INDICATORS or bool(INDICATORS[name].covers))


def _all(answer: Answer) -> Iterator[_Indicator]:
    """Indicators without coverage, the scenario's own, targets that are none of these, growth of every
    sector."""
    path, sheet = answer.plan.path, answer.sheet

    def of(name: str, asked: Asked) -> Callable[[int], float]:
        return lambda t: float(INDICATORS[name].value(path, t, asked)[0])

    def of_target(target: Target) -> Callable[[int], float]:
        return lambda t: float(sheet.value(target, path, t)[0])

    for name, known in INDICATORS.items():
        if known.covers or (name == INDUSTRY and not has_industry(answer)):
            continue
        if name == "key_project_investment" and not path.realisation.key_investment.any():
            continue
        yield _Indicator(name, "indicator", known.title, known.unit, known.digits + 1, of(name, Asked()))
    for name, own in answer.economy.indicators.items():
        yield _Indicator(
            name,
            "own",
            own.title,
            own.unit,
            own.digits + 1,
            lambda t, own=own: float(own.value(path, t)[0]),  # type: ignore[misc]
        )
    for key, row in sheet.targets.items():
        if row.judged and _is_a_row(answer, row):
            yield _Indicator(key, "target", row.title, row.unit, row.digits + 1, of_target(row))
    for key, sector in answer.scenario.sectors.items():
        title = msg("{title}: growth of value added", title=sector.title)
        yield _Indicator(key, "sector", title, "%", 2, of("sector_growth", Asked((key,))))
