"""What a page may drag: money by year, shares of the mix, money of funds (可拖动的量)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from ...models.money import MONEY, unit_in_use
from ...models.plan import Plan
from ...models.quantity import Bilingual, Draws, Quantity
from ...models.words import msg
from ...scenarios.schema import Scenario

Kind = Literal["growth", "money", "share", "fund"]
QUICK = ("growth", "money", "share")
"""Kinds that move no date: their effect is told while they are dragged."""
MOST_YEARS = 10


@dataclass(frozen=True)
class Lever:
    """One number of the plan.

    Attributes
    ----------
    path
        Where it stands in the scenario; there it is ``value - less``.
    of
        The year, sector or fund that it belongs to, by key.
    group
        Levers of one group stand together; shares of a group add up to 100.
    low, high
        Between which it may be dragged; not limits of the scenario.
    """

    path: str
    kind: Kind
    of: str
    title: Bilingual
    value: float
    unit: str
    low: float
    high: float
    step: float
    group: str = ""
    group_title: Bilingual | None = None
    less: float = 0.0


def levers(scenario: Scenario) -> tuple[Lever, ...]:
    """Everything of a plan that can be dragged."""
    return (*_money(scenario), *_mix(scenario), *_funds(scenario))


def _money(scenario: Scenario) -> Iterator[Lever]:
    stated, years = scenario.investment, scenario.years
    title = msg("Growth of investment")
    for at, year in enumerate(range(int(years.first), int(years.target) + 1)):
        if at == MOST_YEARS:
            return
        key, said = str(year), Bilingual.same(str(years.first + at))
        if (level := stated.path.get(key)) is not None:
            money = level.value
            unit = unit_in_use(MONEY)
            yield Lever(
                f"investment.path.{key}", "money", key, said, money, unit, 0.5 * money, 1.5 * money,
                _step(money), "money", msg("Investment"),
            )  # fmt: skip
            continue
        own = stated.growth_in.get(key)
        growth = (own or (stated.later if at else stated.growth)).value
        path = "investment.growth" if at == 0 and own is None else f"investment.growth_in.{key}"
        low, high = min(-20.0, growth - 5), max(30.0, growth + 5)
        yield Lever(path, "growth", key, said, growth, "%", low, high, 0.1, "money", title)


def _step(money: float) -> float:
    """A round step of about a thousandth."""
    return float(10.0 ** (len(str(int(max(money, 1.0)))) - 3))


def _mix(scenario: Scenario) -> Iterator[Lever]:
    key = scenario.plan
    mix, whole = scenario.mixes[key], _shares(scenario, key, "")
    for period in ("", *_periods(scenario, key)):
        shares = _shares(scenario, key, period) if period else whole
        title = msg("Mix from {year}", year=period) if period else msg("Investment mix")
        for sector, row in scenario.sectors.items():
            share = shares.get(sector, 0.0)
            if mix.starts_from:
                path, less = f"mixes.{key}.add.{sector}", share - _of(mix.add, sector)
            elif period:
                path, less = f"mixes.{key}.by_year.{period}.{sector}", 0.0
            else:
                path, less = f"mixes.{key}.shares.{sector}", 0.0
            yield Lever(
                path, "share", sector, row.title, share, "%", 0.0, 100.0, 0.1, f"mix{period}", title, less
            )
        if mix.starts_from:
            return  # the same points are added in every year


def _periods(scenario: Scenario, key: str) -> list[str]:
    return sorted(scenario.mixes[key].by_year)


def _shares(scenario: Scenario, key: str, period: str) -> dict[str, float]:
    mix = scenario.mixes[key]
    if mix.starts_from:
        before = _shares(scenario, mix.starts_from, period)
        return {sector: before.get(sector, 0.0) + _of(mix.add, sector) for sector in scenario.sectors}
    stated = mix.by_year[period] if period else mix.shares
    return {sector: _of(stated, sector) for sector in scenario.sectors}


def shares_of(scenario: Scenario, key: str) -> dict[str, dict[str, float]]:
    """Shares of a mix in the periods that the plan has, by the groups of its levers; a mix that says nothing
    of a period has its usual shares in it."""
    own, plan = _periods(scenario, key), scenario.mixes[scenario.plan]
    periods = [] if plan.starts_from else _periods(scenario, scenario.plan)
    return {
        f"mix{period}": {
            sector: round(share, 6)
            for sector, share in _shares(scenario, key, period if period in own else "").items()
        }
        for period in ("", *periods)
    }


def _of(stated: Mapping[str, Quantity], key: str) -> float:
    return stated[key].value if key in stated else 0.0


def _funds(scenario: Scenario) -> Iterator[Lever]:
    for key, fund in scenario.funds.items():
        if fund.amount is not None:
            money = fund.amount.value
            yield Lever(
                f"funds.{key}.amount", "fund", key, fund.title, money, unit_in_use(f"{MONEY}/年"), 0.0,
                max(2 * money, 1.0), _step(money), "funds", msg("Sources of money, a year"),
            )  # fmt: skip


def quick(paths: set[str], known: tuple[Lever, ...]) -> bool:
    """Whether some changes move no date, so that they can be told on the futures that are kept."""
    return paths <= {lever.path for lever in known if lever.kind in QUICK}


def planned(scenario: Scenario, changes: Mapping[str, float]) -> Plan:
    """The plan with some of its levers moved; what they say of other years and mixes follows."""
    from ...engine.plans import stated_plans

    for path, value in changes.items():
        scenario = _put(scenario, path.split("."), value)
    plan = stated_plans(scenario, Draws())[scenario.plan]
    return replace(plan, id="moved")


def _put(part: Any, steps: list[str], value: float) -> Any:
    """A part of a scenario with one number replaced; what is not there yet is put there."""
    if not steps:
        return Quantity(value=value) if part is None else part.model_copy(update={"value": value})
    first, *rest = steps
    if isinstance(part, BaseModel):
        return part.model_copy(update={first: _put(getattr(part, first), rest, value)})
    return {**part, first: _put(part.get(first), rest, value)}
