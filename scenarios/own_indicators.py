"""What a scenario says of its own indicators: units, titles, and what they are made of (自定义指标)."""

from __future__ import annotations

from ..models.indicators import INDICATORS
from ..models.money import MONEY, unit_in_use
from ..models.quantity import Bilingual
from ..models.satellite import TOTALS
from .schema import IndicatorSpec, Scenario
from .units import times


def unit_of(scenario: Scenario, name: str) -> str:
    """Unit of an indicator: of the product, of the scenario's own, or of a relation; empty where there is
    none."""
    if own := scenario.indicators.get(name):
        return "%" if own.kind == "growth" else level_unit(scenario, own)
    if name in INDICATORS:
        return INDICATORS[name].unit
    return scenario.relations[name].unit if name in scenario.relations else ""


def level_unit(scenario: Scenario, own: IndicatorSpec) -> str:
    """Unit of the level or ratio itself, also where its growth is the indicator."""
    if not own.of:
        return own.unit or ""
    above = _counted_in(scenario, own.of)
    if not own.over:
        return above
    stated = own.unit if own.kind == "level" else None
    return stated or f"{above}/{_counted_in(scenario, own.over)}"


def _counted_in(scenario: Scenario, name: str) -> str:
    """Unit of a level that another indicator is made of."""
    if name in TOTALS:
        return unit_in_use(MONEY)
    return scenario.indicators[name].unit or "" if name in scenario.indicators else ""


def ratio_scale(scenario: Scenario, own: IndicatorSpec) -> float | None:
    """What the ratio of two levels is multiplied by to be in the indicator's unit; None where the unit does
    not fit them."""
    if not (own.of and own.over):
        return 1.0
    above, below = _counted_in(scenario, own.of), _counted_in(scenario, own.over)
    unit = level_unit(scenario, own)
    if unit in ("%", "1"):
        alike = times(above, below)
        return None if alike is None else alike * (100.0 if unit == "%" else 1.0)
    return times(f"{above}/{below}", unit)


def title_of(scenario: Scenario, name: str) -> Bilingual:
    """Title of an indicator, of the product or of one's own, or of a relation; else the key."""
    for known in (scenario.indicators, INDICATORS, scenario.relations):
        if name in known:
            return known[name].title
    return Bilingual.same(name)
