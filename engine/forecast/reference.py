"""The reference forecast of a scenario: its history and target, the nation's outlook, and shipped experience (参照预测)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.forecast import FACTS, Fitted, Past, Reference, lead
from ...models.quantity import FloatArray, Quantity
from ...scenarios.schema import Scenario
from ...scenarios.schema_forecast import Experience

GDP = "gdp_growth"

MAPPING = 0.9
"""Standard error, points, of regions' mean growth given the nation's: errors of 208 cities' mean against an exact outlook plus last
year's difference, 2010-2022."""

ALONE, ALONE_CALM, ALONE_CRISIS, ALONE_CHANCE = 2.5, 1.2, 3.4, 0.15
"""Own spread, nation's calm and crisis spread (points) and chance of a crisis where no experience is shipped: assumptions of the size
found on Chinese cities."""


@dataclass(frozen=True)
class Basis:
    """What a reference rests on, for the reader: edition or own outlook, its figure, years of history, whether a target was known."""

    outlook: str
    figure: float | None
    years: int
    target: float | None


def reference_of(scenario: Scenario) -> tuple[Reference, Basis] | None:
    """Median and spread of the target year's growth before the plan; None where nothing is known of the nation.

    With shipped experience: regions' expected mean (a scenario's own outlook goes before the shipped edition), and the region's lead
    over it. Without: an outlook of its own alone, which nobody scored.
    """
    year, experience = scenario.years.target, scenario.experience
    growth, target = _own(scenario)
    ahead = _ahead(scenario)
    if experience is None or ahead is None:
        return _alone(growth, target[-1], scenario)
    middle, calm, crisis, basis, figure = ahead
    past = _past(experience, range(year - growth.shape[0] + 1, year + 1))
    found, own, known = lead(growth, target, past, _fitted(experience))
    reference = Reference(middle + found, calm, crisis, _value(experience.chance) / 100, own, middle, known)
    return reference, Basis(basis, figure, known, float(target[-1]) if np.isfinite(target[-1]) else None)


def _value(quantity: Quantity | None) -> float:
    return float("nan") if quantity is None else quantity.value


def _own(scenario: Scenario) -> tuple[FloatArray, FloatArray]:
    """Growth and targets by year up to the target year ``(Y,)``; the sheet's lower tier stands in for an official target."""
    year, rows = scenario.years.target, {int(key): row for key, row in scenario.history.years.items()}
    rows = {key: row for key, row in rows.items() if key <= year}
    first = min([*rows, year - 1])
    growth, target = (np.full(year - first + 1, np.nan) for _ in range(2))
    for key, row in rows.items():
        growth[key - first], target[key - first] = _value(row.growth), _value(row.target)
    growth[-1] = np.nan
    last = scenario.history.outcomes.get(GDP)
    if not np.isfinite(growth[-2]) and last is not None:
        growth[-2] = last.value
    if not np.isfinite(target[-1]):
        sheet = next((row for key, row in scenario.targets.items() if (row.indicator or key) == GDP), None)
        target[-1] = _value(sheet.ensure) if sheet else np.nan
    return growth, target


def _ahead(scenario: Scenario) -> tuple[float, float, float, str, float | None] | None:
    """Regions' expected mean growth, its error in calm years and crises, what it rests on, and the nation's figure."""
    year, stated, experience = str(scenario.years.target), scenario.outlook, scenario.experience
    if experience is None:
        return None
    shipped = experience.ahead.get(year, {})
    edition = stated.edition if stated.edition in shipped else next((name for name in ("january", "october", "none") if name in shipped), "")
    known = shipped.get(edition)
    if stated.growth is not None:
        before = experience.nation.get(str(scenario.years.base))
        ahead = _value(before.growth) - _value(before.release) if before else float("nan")
        ahead = ahead if np.isfinite(ahead) else 0.0
        calm, crisis = (known.calm.value, known.crisis.value) if known else (ALONE_CALM, ALONE_CRISIS)
        if stated.error is not None:
            calm = crisis = float(np.hypot(stated.error.value, MAPPING))
        return stated.growth.value + ahead, calm, crisis, "own", stated.growth.value
    if known is None:
        return None
    return known.middle.value, known.calm.value, known.crisis.value, edition, None


def _past(experience: Experience, years: range) -> Past:
    rows = [experience.nation.get(str(year)) for year in years]
    return Past(*(
        np.array([float("nan") if row is None else _value(getattr(row, name)) for row in rows])
        for name in ("growth", "aim", "gap", "spread")
    ))


def _fitted(experience: Experience) -> Fitted:
    def key(name: str) -> tuple[int, bool]:
        years, _, kind = name.partition("-")
        return int(years), kind == "target"

    return Fitted(
        {key(name): np.array([row[fact].value for fact in FACTS]) for name, row in experience.slopes.items()},
        {key(name): quantity.value for name, quantity in experience.spread.items()},
    )


def _alone(growth: FloatArray, target: float, scenario: Scenario) -> tuple[Reference, Basis] | None:
    """Without shipped experience: an outlook of one's own, and a spread that narrows with the years of history."""
    years = int(np.isfinite(growth).sum())
    outlook = scenario.outlook.growth
    if outlook is None:
        return None  # what a region did is a poor guide to a year of which nothing is known
    error = scenario.outlook.error
    calm, crisis = (ALONE_CALM, ALONE_CRISIS) if error is None else (float(np.hypot(error.value, MAPPING)),) * 2
    own = ALONE * float(np.sqrt((years + 4) / (years + 2)))
    found = Reference(outlook.value, calm, crisis, ALONE_CHANCE, own, outlook.value, years)
    return found, Basis("own", outlook.value, years, target if np.isfinite(target) else None)
