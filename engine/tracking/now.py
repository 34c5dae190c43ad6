"""Up to when a scenario's years are known (已知到何时)."""

from __future__ import annotations

from ...models.years import place_in
from ...scenarios.schema import Scenario

WHOLE = 12
"""The month with which a year is over."""


def until_of(scenario: Scenario) -> str:
    """The month up to which the year under way is known; empty where nothing is."""
    actuals = scenario.actuals
    if actuals is None:
        return ""
    if actuals.until:
        return actuals.until
    times = [time for held in (*actuals.figures.values(), actuals.nation) for time in held]
    return max((time for time in times if place_in(time, scenario.years.base)[0] > 0), default="")


def now_of(scenario: Scenario) -> tuple[int, int] | None:
    """Year (1 is the year after the base year) and month of it up to which is known; None where nothing
    is."""
    until = until_of(scenario)
    return place_in(until, scenario.years.base) if until else None


def finished(scenario: Scenario) -> int:
    """How many years are over and known."""
    now = now_of(scenario)
    return 0 if now is None else now[0] if now[1] == WHOLE else now[0] - 1
