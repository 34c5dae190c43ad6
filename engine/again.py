"""A study after another one: what two plans of one region have in common is not found again (沿用).

Region, anchor, futures and the dates of works do not ask how much money is planned, nor how it is mixed. So
where two scenarios differ in that alone, all of these are taken over as they are; the numbers are those that
would be found anew, to the last digit.
"""

from __future__ import annotations

import re

from ..models.uncertainty import law
from ..scenarios.load import numbers
from ..scenarios.schema import Scenario
from .uncertainty.futures import Futures

PLANNED = ("mixes", "investment")
"""Parts of a scenario in which what is planned stands."""

MONEY = re.compile(r"investment\.(growth$|later$|path\.|growth_in\.)")
"""Numbers that :func:`.plans.totals` alone asks for, beside the base year's investment."""


def differs_in_money(one: Scenario, other: Scenario, asked: Futures) -> bool:
    """Whether two scenarios differ in nothing but the money that is planned and its mix.

    Parameters
    ----------
    asked
        Futures of one of them, which know what its region and its projects ask for: where the base year's
        investment is that of a mix, it is none of the plan's alone.
    """
    if other.model_copy(update={name: getattr(one, name) for name in PLANNED}) != one:
        return False
    before, now = (
        {each.path: each for name in PLANNED for each in numbers(getattr(scenario, name))}
        for scenario in (one, other)
    )
    if any(path.startswith("investment.") for path in before.keys() ^ now.keys()):
        return False  # other numbers are asked for
    moved = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    read = moved & (asked.by_region | asked.by_projects)
    return read.isdisjoint(asked.by_region) and all(
        MONEY.match(path) and (law(before[path]) is None) == (law(now[path]) is None) for path in read
    )


def planned(like: Scenario, scenario: Scenario) -> Scenario:
    """A scenario with the money and the mixes that another one plans."""
    return like.model_copy(update={name: getattr(scenario, name) for name in PLANNED})
