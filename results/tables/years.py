"""Indicators of the plan, year by year (逐年指标)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...models.indicators import INDICATORS, Asked
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.target import Target
from ...models.words import msg
from ..text.format import unit_text
from .mixes import INDUSTRY, has_industry
from .sectors import divisions
from .table import Column, Table, declare, none

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
    base: float | None = None
    """Its value in the base year, where that is known."""


def indicators(answer: Answer) -> Table:
    """Every modelled or linked indicator of the plan in each year after the base year; the base year itself,
    as far as it is known, is for machines."""
    columns = (
        Column("indicator", msg("Indicator id"), shown=False),
        Column("kind", msg("Kind", context="table_years"), shown=False),
        Column("title", msg("Indicator")),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
        replace(_year(answer.economy.base_year, 0), shown=False),
        *(_year(answer.economy.base_year, t) for t in range(1, answer.economy.years + 1)),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg("Growth is real, except of investment, revenue, incomes and retail sales.")
    title = msg("Indicators by year")
    return declare("indicators", title, columns, _all(answer), ("kind", "indicator"), note)


def _year(base: int, t: int) -> Column:
    def value(row: _Indicator) -> float | None:
        found = row.value(t) if t else row.base
        return None if found is None or math.isnan(found) else found

    return Column(f"y{base + t}", Bilingual.same(f"{base + t}"), digits=2, digits_from="digits", value=value)


def _is_a_row(answer: Answer, row: Target) -> bool:
    """Whether a target says what no indicator's row does."""
    name = row.indicator
    return name not in answer.economy.indicators and (name not in INDICATORS or bool(INDICATORS[name].covers))


def _of_a_year(answer: Answer, row: Target) -> Bilingual:
    """A row's title without the years that it speaks of, where nobody gave it one."""
    known = INDICATORS.get(row.indicator) or answer.scenario.relations.get(row.indicator)
    stated = answer.scenario.targets[row.id].title
    return row.title if row.over is None or stated is not None or known is None else known.title


def _by_year(answer: Answer, row: Target) -> Callable[[int], float]:
    """Values of a row in single years, whatever years it speaks of."""
    path, sheet = answer.plan.path, answer.sheet
    of = sheet.value if row.over is None else sheet.in_year
    return lambda t: float(of(row, path, t)[0])


def _outcomes(answer: Answer) -> dict[str, float]:
    """What the scenario states of the base year, by indicator, by ``targets.KEY`` and by ``sectors.KEY``."""
    targets, found = answer.sheet.targets, dict[str, float]()
    for key, outcome in answer.scenario.history.outcomes.items():
        found[f"targets.{key}"] = outcome.value
        if key in targets and not targets[key].asked.covers:
            found[targets[key].indicator] = outcome.value
    for key, sector in answer.scenario.sectors.items():
        if sector.growth_before is not None:
            found[f"sectors.{key}"] = sector.growth_before.value
    return found


def _all(answer: Answer) -> Iterator[_Indicator]:
    """Indicators without coverage, the scenario's own, targets that are none of these, growth of every
    sector."""
    path, sheet = answer.plan.path, answer.sheet
    stated = _outcomes(answer)

    def of(name: str, asked: Asked) -> Callable[[int], float]:
        return lambda t: float(INDICATORS[name].value(path, t, asked)[0])

    for name, known in INDICATORS.items():
        # what is invested stands among the levels, by sector
        if known.covers or name == "fai_level" or (name == INDUSTRY and not has_industry(answer)):
            continue
        if name == "key_project_investment" and not path.realisation.key_investment.any():
            continue
        value = of(name, Asked())
        # a growth is known of the base year where the scenario states it, a level by the accounts
        last = stated.get(name) if known.growth or name == "key_project_investment" else value(0)
        yield _Indicator(name, "indicator", known.title, known.unit, known.digits + 1, value, last)
    for name, own in answer.economy.indicators.items():
        yield _Indicator(
            name,
            "own",
            own.title,
            own.unit,
            own.digits + 1,
            lambda t, own=own: float(own.value(path, t)[0]),  # type: ignore[misc]
            stated.get(name),
        )
    for key, row in sheet.targets.items():
        if row.judged and _is_a_row(answer, row):
            last = stated.get(f"targets.{key}")
            title = _of_a_year(answer, row)
            yield _Indicator(key, "target", title, row.unit, row.digits + 1, _by_year(answer, row), last)
    for key, sector in answer.scenario.sectors.items():
        title = msg("{title}: growth of value added", title=sector.title)
        last = stated.get(f"sectors.{key}")
        yield _Indicator(key, "sector", title, "%", 2, of("sector_growth", Asked((key,))), last)


@dataclass(frozen=True)
class _Level:
    """An amount of money in each year: of which account, of what (empty: all of it), in which group."""

    account: str
    item: str
    group: str
    title: Bilingual
    prices: str
    value: Callable[[int], float]


def levels(answer: Answer) -> Table:
    """Amounts behind the growth, year by year with the base year: GDP, value added and investment by
    sector, household consumption and income.

    Value added, consumption and income are at prices of the base year; investment at those of the year.
    """
    base = answer.economy.base_year
    columns = (
        Column("account", msg("Account id"), shown=False),
        Column("item", msg("Item id"), shown=False),
        Column("group", msg("Group id"), shown=False),
        Column("title", msg("Account")),
        Column("prices_id", msg("Prices id"), shown=False, value=lambda row: row.prices),
        Column("prices", msg("Prices"), value=lambda row: _PRICES[row.prices]),
        *(replace(_amount(base, t), unit=MONEY) for t in range(answer.economy.years + 1)),
    )
    rows, key = _amounts(answer), ("account", "item")
    return declare("levels", msg("Levels by year"), columns, rows, key, brief=none)


_PRICES = {"base": msg("of the base year"), "current": msg("of the year")}


def _amount(base: int, t: int) -> Column:
    return Column(f"y{base + t}", Bilingual.same(f"{base + t}"), digits=2, value=lambda row: row.value(t))


def _amounts(answer: Answer) -> Iterator[_Level]:
    path, sectors = answer.plan.path, answer.scenario.sectors
    placed = path.realisation.placed
    group_of = {key: name for name, members in divisions(answer.economy).items() for key in members}

    def added(key: str) -> Callable[[int], float]:
        return lambda t: float(path.sector_va(key)[t, 0])

    def spent(at: int) -> Callable[[int], float]:
        return lambda t: float(placed(t)[at, 0])

    yield _Level("gdp", "", "", msg("GDP"), "base", lambda t: float(path.gdp[t, 0]))
    for key, sector in sectors.items():
        title = msg("Value added: {title}", title=sector.title)
        yield _Level("value_added", key, group_of.get(key, ""), title, "base", added(key))
    yield _Level("investment", "", "", msg("Investment"), "current", lambda t: float(placed(t)[:, 0].sum()))
    for at, key in enumerate(answer.economy.sector_ids):
        title = msg("Investment: {title}", title=sectors[key].title)
        yield _Level("investment", key, group_of.get(key, ""), title, "current", spent(at))
    bought = msg("Household consumption, local goods")
    yield _Level("consumption", "", "", bought, "base", lambda t: float(path.consumption[t, 0]))
    yield _Level("income", "", "", msg("Household income"), "base", lambda t: float(path.income[t, 0]))
