"""What a scenario of several years asks and plans, carried on to the years that are left (规划期内滚动)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...models.money import MONEY
from ...models.quantity import Bilingual, Quantity
from ...models.words import msg
from ...scenarios.rules_actuals import is_growth
from ...scenarios.schema import Limit, Scenario, TargetSpec

TIERS = ("ensure", "stretch", "at_most")
Tree = dict[str, Any]


def targets(
    scenario: Scenario,
    titles: Mapping[str, Bilingual],
    brought: Callable[[str], float],
    told: list[Bilingual],
) -> Tree:
    """Rows of years: those of the year that is over go, spans begin a year later and ask what is
    left of them.

    .. math:: 1 + T' = \\left[ (1 + T)^n / (1 + g) \\right]^{1 / (n - 1)}

    for an average of growth; a mean or a sum of levels less what the year brought.

    Parameters
    ----------
    titles
        What rows are called.
    brought
        What the year brought of a row's indicator.
    """
    over, made = int(scenario.years.first), Tree()
    for key, row in scenario.targets.items():
        first, last = row.span(scenario.years)
        if not row.of_years or first > over:
            continue
        if last <= over:
            made[key] = None
            told.append(msg("{row} speaks of {year} alone and is left out", row=titles[key], year=over))
            continue
        made[key] = _shorter(scenario, key, row, titles[key], brought, told)
    return made


def _shorter(
    scenario: Scenario,
    key: str,
    row: TargetSpec,
    title: Bilingual,
    brought: Callable[[str], float],
    told: list[Bilingual],
) -> Tree:
    first, last = row.span(scenario.years)
    own: Tree = {"over": [int(scenario.years.first) + 1, last]}
    if row.measure == "every":
        return own | ({"title": None} if row.title else {})
    came, growth = brought(key), is_growth(scenario, key)
    for tier in TIERS:
        asked: Quantity | None = getattr(row, tier)
        if asked is None:
            continue
        left = round(_left(asked.value, came, last - first + 1, row.measure or "", growth), 2)
        why = msg(
            "{asked} asked over {first}-{last}, of which {year} brought {came}",
            asked=asked.value,
            first=first,
            last=last,
            year=first,
            came=round(came, 2),
        )
        own[tier] = {"value": left, "assumption": {"zh": why.of("zh"), "en": why.of("en")}}
        told.append(msg("{row}: {why}; {left} is left to ask", row=title, why=why, left=left))
    own |= {name: None for name in ("said", "title") if getattr(row, name) is not None}
    return own


def _left(asked: float, came: float, years: int, measure: str, growth: bool) -> float:
    """What a span still asks once its first year is over.

    >>> round(_left(7.5, 8.3, 5, "average", True), 3), _left(7000, 1600, 4, "sum", False)
    (7.301, 5400)
    """
    if not growth:
        return asked - came if measure == "sum" else (asked * years - came) / (years - 1)
    whole, part = 1 + asked / 100, 1 + came / 100
    if measure == "sum":
        return 100 * (whole / part - 1)
    return float(100 * ((whole**years / part) ** (1 / (years - 1)) - 1))


def limits(scenario: Scenario, factor: float, placed: float, told: list[Bilingual], carried: Any) -> Tree:
    """Limits in money grow with investment (``factor``); those of years that are over are left out, spans
    begin a year later, and money that is added up over them is less by what was ``placed``."""
    over, made = int(scenario.years.first), Tree()
    for key, limit in scenario.limits.items():
        if limit.over and limit.over[0] <= over:
            made[key] = _later(limit, over, placed, carried)
        elif limit.year is not None and limit.year <= over:
            made[key] = None
        elif limit.year is None and not limit.over and limit.kind.unit == MONEY:
            made[key] = {name: carried(quantity, factor) for name, quantity in _stated(limit)}
    gone = [key for key, own in made.items() if own is None]
    grown = [key for key, own in made.items() if own and "over" not in own]
    spans = [key for key, own in made.items() if own and "over" in own]
    if gone:
        told.append(msg("limits of {year} are left out: {names}", year=over, names=", ".join(gone)))
    if grown:
        told.append(msg("limits in money are carried on with investment: {names}", names=", ".join(grown)))
    if spans:
        told.append(
            msg("limits over years begin a year later, less what was spent: {names}", names=", ".join(spans))
        )
    return made


def _stated(limit: Limit) -> list[tuple[str, Quantity]]:
    return [(name, own) for name in ("max", "min", "relax_to") if (own := getattr(limit, name)) is not None]


def _later(limit: Limit, over: int, placed: float, carried: Any) -> Tree | None:
    if limit.over[-1] <= over:
        return None
    made: Tree = {"over": [over + 1, limit.over[-1]]}
    if limit.over[-1] == over + 1:
        made = {"over": None, "year": over + 1, **({"together": None} if limit.together else {})}
    if limit.together and limit.kind.all_money:
        for name, quantity in _stated(limit):
            made[name] = carried(quantity, (quantity.value - placed) / quantity.value)
    return made


def investment(scenario: Scenario) -> Tree:
    """Money planned by year: what is stated of the year that is over goes; the next grows as later years do,
    in a plan of several."""
    made: Tree = {}
    over = int(scenario.years.first)
    for name in ("path", "growth_in"):
        gone = {year: None for year in getattr(scenario.investment, name) if int(year) <= over}
        if gone:
            made[name] = gone
    if int(scenario.years.target) > over:
        later = scenario.investment.later
        why = later.assumption
        made["growth"] = {"value": later.value} | {
            bound: value for bound in ("low", "high") if (value := getattr(later, bound)) is not None
        }
        made["growth"] |= (
            {"source": later.source}
            if later.source
            else {"assumption": {"zh": why.of("zh"), "en": why.of("en")} if why else "-"}
        )
    return made


def mixes(scenario: Scenario) -> Tree:
    """Shares that hold from a year that is over hold from the start."""
    over, made = int(scenario.years.first), Tree()
    for key, mix in scenario.mixes.items():
        gone = sorted((year for year in mix.by_year if int(year) <= over), key=int)
        if gone:
            shares = mix.by_year[gone[-1]]
            made[key] = {
                "shares": {sector: _plain(own) for sector, own in shares.items()},
                "by_year": dict.fromkeys(gone),
            }
    return made


def _plain(quantity: Quantity) -> Tree:
    made: Tree = {"value": quantity.value}
    why = quantity.assumption
    if quantity.source:
        return made | {"source": quantity.source}
    return made | {"assumption": {"zh": why.of("zh"), "en": why.of("en")} if why else "-"}


def of_year(scenario: Scenario) -> Mapping[str, TargetSpec]:
    """Rows that speak of the year that is over, and of it alone."""
    year = int(scenario.years.first)
    return {key: row for key, row in scenario.targets.items() if row.span(scenario.years) == (year, year)}
