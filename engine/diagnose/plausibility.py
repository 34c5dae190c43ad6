"""Numbers that are allowed and out of the ordinary: told beside the answer, never refused (少见的数).

A number is held against another of the same scenario, or against what is on record; the usual range stands in
``plausible`` of the scenario, with its source. Nothing here changes a result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ...models.quantity import Draws, Quantity
from ...models.trajectory import Trajectory
from ...scenarios.load import Loaded
from ...scenarios.own_indicators import unit_of
from ...scenarios.schema import Plausible, Project, Scenario
from .. import build
from ..decide.options import limit_years
from ..forecast.anchored import anchored_scenario, forecast
from ..plans import stated_plans, totals
from ..projects.run import Pipeline

Rule = Literal[
    "output",
    "project",
    "target",
    "rare_target",
    "planned",
    "gdp",
    "fai",
    "household",
    "level",
    "limit",
    "pool",
    "history",
]
WAN = 1e4
"""A figure in ten thousands of a currency read as hundreds of millions is ten thousand times too large."""

FAR = 10
"""Where a range has no lower end, a ratio must be this many times beyond it before a unit is suspected."""

BELIEVABLE = 50.0
"""Growth of GDP in a year, %, up or down, beyond which no result is to be believed (assumption: several times
what growing or shrinking regions have on record outside wars; a wrong unit gives thousands)."""

PROVINCES = 3.0
"""GDP so many times that of the largest province of the year on record is told (assumption): the largest
itself is not, in later years and other prices; a wrong unit gives ten thousand times."""

GROWTH = "gdp_growth"


@dataclass(frozen=True)
class PlausibilityWarning:
    """One number out of the ordinary.

    Attributes
    ----------
    rule, path, about
        Which comparison; where the number stands in the scenario; the project, target or limit it belongs to.
    value, against
        The number, and what it was held against; None where the record alone speaks.
    ratio
        What was compared: ``value / against`` (in percent for shares; for growth of last year, ``against -
        value``), else ``value``.
    least, most
        The usual range of the ratio; infinite where there is no bound.
    basis
        The number of ``plausible`` that was passed.
    slip
        ``wan``: ten thousand times less lies within the range; ``percent``: a hundred times more does.
    """

    rule: Rule
    path: str
    about: str
    value: float
    against: float | None
    ratio: float
    least: float
    most: float
    basis: Quantity = field(repr=False)
    slip: Literal["", "wan", "percent"] = ""


def plausibility_warnings(
    scenario: Scenario, expected: Mapping[str, float]
) -> tuple[PlausibilityWarning, ...]:
    """Every number out of the ordinary, in the order of the scenario; none where it states no ``plausible``.

    Parameters
    ----------
    expected
        Value of each judged target in the target year under the plan, in the unit of the target.
    """
    usual = scenario.plausible
    if usual is None:
        return ()
    found = (
        *_accounts(scenario, usual),
        *_investment(scenario, usual),
        *_projects(scenario, usual),
        *_targets(scenario, usual, expected),
        _history(scenario, expected),
    )
    return tuple(one for one in found if one is not None)


def beyond(
    rule: Rule,
    path: str,
    about: str,
    value: float,
    against: float | None,
    usual: tuple[Quantity | None, Quantity | None],
    scale: float = 1.0,
) -> PlausibilityWarning | None:
    """A number whose ratio to another leaves its usual range; None where it stays inside or there is nothing
    to hold it against.

    >>> low, high = Quantity(value=0.1), Quantity(value=4)
    >>> beyond("output", "p", "p", 8.0, 4.0, (low, high)) is None
    True
    >>> one = beyond("output", "p", "p", 80000.0, 4.0, (low, high))
    >>> one.ratio, one.most, one.slip
    (20000.0, 4.0, 'wan')
    """
    least, most = (math.inf * sign if q is None else q.value for q, sign in zip(usual, (-1, 1), strict=True))
    if against is not None and against <= 0:
        return None
    ratio = scale * value / against if against is not None else value
    if least <= ratio <= most:
        return None
    basis = usual[0] if ratio < least else usual[1]
    assert basis is not None
    slip: Literal["", "wan", "percent"] = ""
    if (
        against is not None
        and ratio > (most if least > -math.inf else FAR * most)
        and least <= ratio / WAN <= most
    ):
        slip = "wan"
    elif against is None and 0 < ratio < least and least <= 100 * ratio <= most:
        slip = "percent"
    return PlausibilityWarning(rule, path, about, value, against, ratio, least, most, basis, slip)


def look(loaded: Loaded) -> tuple[PlausibilityWarning, ...]:
    """What is out of the ordinary in a scenario that has been checked: its plan is simulated for the levels
    of its targets."""
    scenario, values = anchored_scenario(loaded.scenario), Draws()
    economy, sheet = build.economy(scenario, values), build.sheet(scenario, values)
    plan = stated_plans(scenario, values)[scenario.plan]
    path = economy.simulate(Pipeline(scenario, economy, values).run(plan).realisation)
    year = scenario.years.ahead
    expected = {
        key: float(sheet.value(target, path, year)[0])
        for key, target in sheet.targets.items()
        if target.judged
    }
    return (
        without_own_trends(plausibility_warnings(scenario, expected))
        if forecast(loaded.scenario)
        else plausibility_warnings(scenario, expected)
    )


def greatest_change(path: Trajectory) -> tuple[int, float]:
    """The year, counted from the base, in which the central case's GDP changes most, and by how many %."""
    gdp = path.gdp[:, 0]
    growth = 100 * (gdp[1:] / gdp[:-1] - 1)
    at = int(np.argmax(np.abs(growth)))
    return at + 1, float(growth[at])


def without_own_trends(found: tuple[PlausibilityWarning, ...]) -> tuple[PlausibilityWarning, ...]:
    """What is out of the ordinary where the level is that of a reference forecast: its distance from last
    year is no fault of trends."""
    return tuple(one for one in found if one.rule != "history")


def _accounts(scenario: Scenario, usual: Plausible) -> Iterator[PlausibilityWarning | None]:
    """Levels of the base year against one another, GDP against the largest province."""
    accounts = scenario.accounts
    gdp = accounts.gdp.value
    if usual.gdp_most is not None and gdp > PROVINCES * (most := usual.gdp_most.value):
        yield PlausibilityWarning(
            "gdp",
            "accounts.gdp",
            "",
            gdp,
            None,
            gdp,
            -math.inf,
            most,
            usual.gdp_most,
            "wan" if gdp / WAN <= most else "",
        )
    yield beyond("fai", "accounts.fai", "", accounts.fai.value, gdp, (usual.fai_least, usual.fai_most), 100)
    yield beyond(
        "household",
        "accounts.household_consumption",
        "",
        accounts.household_consumption.value,
        gdp,
        (usual.consumption_least, usual.consumption_most),
        100,
    )


def _investment(scenario: Scenario, usual: Plausible) -> Iterator[PlausibilityWarning | None]:
    """Planned growth against the record; limits and key projects against the money of the plan."""
    growth = scenario.investment.growth
    yield beyond("planned", "investment.growth", "", growth.value, None, (None, usual.investment_most))
    path = totals(scenario, Draws())[:, 0]
    times = Quantity(
        value=1 / usual.level_most.value,
        assumption=usual.level_most.assumption,
        source=usual.level_most.source,
    )
    for key, limit in scenario.limits.items():
        if limit.kind.all_money:
            planned = [path[year - 1] for year in limit_years(scenario, limit) or (scenario.years.ahead,)]
            yield beyond(
                "limit",
                f"limits.{key}.max",
                key,
                limit.stated.value,
                float(sum(planned) if limit.together else max(planned)),
                (times, usual.level_most),
            )
    if scenario.pool is not None:
        yield beyond(
            "pool",
            "pool.investment",
            "",
            scenario.pool.investment.value,
            path[0],  # the pool is that of the first year
            (None, usual.project_most),
            100,
        )


def _projects(scenario: Scenario, usual: Plausible) -> Iterator[PlausibilityWarning | None]:
    """What a project brings against its money, and its money against a year of the whole region's."""
    for key, project in scenario.projects.items():
        path, money = f"projects.{key}", project.invest.value
        yield beyond(
            "project",
            f"{path}.invest",
            key,
            money,
            scenario.accounts.fai.value,
            (None, usual.project_most),
            100,
        )
        output = output_of(scenario, project)
        if output is not None and project.adds is not None:
            where = "output" if project.adds.output is not None else "capacity"
            yield beyond(
                "output", f"{path}.adds.{where}", key, output, money, (usual.output_least, usual.output_most)
            )


def output_of(scenario: Scenario, project: Project) -> float | None:
    """Gross output a year at full load, money: as stated, or capacity times the price of what the process
    makes."""
    adds = project.adds
    if adds is None:
        return None
    if adds.output is not None:
        return adds.output.value or None
    if adds.capacity is None or adds.process is None:
        return None
    for chain in scenario.chains.values():
        if adds.process in chain.processes:
            price = chain.materials[chain.processes[adds.process].makes].price.value
            return adds.capacity.value * price * (chain.units.factor(scenario.money_scale) or 0.0) or None
    return None


def _history(scenario: Scenario, expected: Mapping[str, float]) -> PlausibilityWarning | None:
    """Growth expected against last year's: apart by more than growth swings from one year to the next (one
    standard deviation)."""
    last, swing = scenario.history.outcomes.get(GROWTH), scenario.history.swing.get("gdp")
    asked = next(
        (
            key
            for key, target in scenario.targets.items()
            if (target.indicator or key) == GROWTH and key in expected
        ),
        None,
    )
    if last is None or swing is None or asked is None:
        return None
    off = expected[asked] - last.value
    if abs(off) <= swing.value:
        return None
    return PlausibilityWarning(
        "history",
        f"history.outcomes.{GROWTH}",
        asked,
        last.value,
        expected[asked],
        off,
        -swing.value,
        swing.value,
        swing,
    )


def _targets(
    scenario: Scenario, usual: Plausible, expected: Mapping[str, float]
) -> Iterator[PlausibilityWarning | None]:
    """Growth asked against what cities have ever asked of themselves; levels asked against what the plan
    brings."""
    times = Quantity(
        value=1 / usual.level_most.value,
        assumption=usual.level_most.assumption,
        source=usual.level_most.source,
    )
    for key, target in scenario.targets.items():
        for tier in ("ensure", "stretch"):
            stated: Quantity | None = getattr(target, tier)
            if stated is None:
                continue
            path = f"targets.{key}.{tier}"
            if target.measure == "sum" and unit_of(scenario, target.indicator or key) == "%":
                continue  # growth of several years together: no record speaks of it
            if (target.indicator or key) == GROWTH:
                record = beyond(
                    "target", path, key, stated.value, None, (usual.target_least, usual.target_highest)
                )
                yield record or beyond(
                    "rare_target", path, key, stated.value, None, (None, usual.target_usual)
                )
            elif (target.indicator or key) == "fai_growth":
                yield beyond("planned", path, key, stated.value, None, (None, usual.investment_most))
            elif key in expected and unit_of(scenario, target.indicator or key) != "%":
                yield beyond("level", path, key, stated.value, expected[key], (times, usual.level_most))
