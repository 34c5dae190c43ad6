"""A scenario as it stands now: what has begun is begun, what is spent is spent
(已开工、已完成的部分不再变动)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.money import MONEY, unit_in_use
from ...models.quantity import Draws, FloatArray, Quantity
from ...models.words import msg
from ...models.years import month_at
from ...scenarios.load import Loaded
from ...scenarios.schema import Limit, Project, Scenario
from ...scenarios.schema_actuals import ProjectActual
from ..plans import one, stated_plans
from .nation import nation_of
from .now import WHOLE, finished, now_of, until_of
from .readings import facts

SPENT = "spent-"
"""How limits begin that hold what is spent."""


def as_of_january(scenario: Scenario) -> Scenario:
    """The scenario with nothing known of its years."""
    return scenario.model_copy(update={"actuals": None, "to_date": None})


def frozen(loaded: Loaded) -> Loaded:
    """The scenario with the progress of its projects, and with limits that hold what has begun and is
    spent."""
    scenario, now = loaded.scenario, now_of(loaded.scenario)
    if scenario.actuals is None or now is None:
        return loaded
    year, month = now
    projects = {
        key: held(_known(project, scenario.actuals.projects.get(key)), scenario, 12 * (year - 1) + month)
        for key, project in scenario.projects.items()
    }
    scenario = foretold(_with_facts(scenario))
    limits = dict(scenario.limits)
    if year <= scenario.years.ahead and month < WHOLE:
        limits |= _floors(scenario, now)
    return replace(loaded, scenario=scenario.model_copy(update={"projects": projects, "limits": limits}))


def _with_facts(scenario: Scenario) -> Scenario:
    """The scenario with investment and prices of finished years as they were."""
    known = facts(scenario)
    investment, prices = scenario.investment, scenario.prices
    path = {**investment.path, **{year: _sure(own) for year, own in known.path.items()}}
    growth = {**investment.growth_in, **{year: _sure(own) for year, own in known.growth_in.items()}}
    for year in known.growth_in:
        path.pop(year, None)
    for year in known.path:
        growth.pop(year, None)
    why = msg("from nominal GDP and growth of finished years")
    stated = {
        year: Quantity(value=rate, assumption=why, path=f"prices.gdp_in.{year}")
        for year, rate in known.prices.items()
    }
    return scenario.model_copy(
        update={
            "investment": investment.model_copy(update={"path": path, "growth_in": growth}),
            "prices": prices.model_copy(update={"gdp_in": {**prices.gdp_in, **stated}}),
        }
    )


def foretold(scenario: Scenario) -> Scenario:
    """The scenario with the nation's outlook as it is now: each year to come is expected to grow as foretold,
    what is left of the shocks known so far taken off, which the forecast has in it.

    .. math:: c_t = f_t - f_1 - \\rho^{t - T} (g_T - m_T)

    with the growth g of the last finished year T and what was expected of it, m, in points of the nation's
    growth: an outlook that says what is expected anyway after that year changes nothing.
    """
    actuals, outlook, nation = scenario.actuals, scenario.outlook, nation_of(scenario)
    if actuals is None or not actuals.outlook or nation is None:
        return scenario
    done = finished(scenario)
    seen = actuals.nation.get(month_at(scenario.years.base + done, WHOLE)) if done else None
    shock = nation.shock(seen.value, done) if seen else 0.0
    stated = outlook.nation or outlook.growth or seen
    assert stated is not None  # rules see to it
    first = stated.value
    change = {year: each for year, each in outlook.change.items() if int(year) <= scenario.years.base + done}
    for year, said in actuals.outlook.items():
        left = nation.lasts ** (int(year) - scenario.years.base - done) * nation.factor * shock
        change[year] = _sure(said, said.value - first - left)
    return scenario.model_copy(update={"outlook": outlook.model_copy(update={"change": change})})


def _sure(quantity: Quantity, value: float | None = None) -> Quantity:
    """A number that is known."""
    update: dict[str, Any] = {"low": None, "high": None, "distribution": None}
    return quantity.model_copy(update=update | ({} if value is None else {"value": value}))


def _known(project: Project, known: ProjectActual | None) -> Project:
    """A project with what has become known of it."""
    if known is None:
        return project
    update: dict[str, Any] = {}
    if known.started:
        update["start"] = known.started
        if project.finish and project.start and not (known.commissioned or known.expected):
            update["finish"] = _later(project.finish, _months(project.start, known.started))
    if known.commissioned or known.expected:
        update["finish"] = known.commissioned or known.expected
        sure = ("approval", "registration", "construction")
        update["months"] = project.months.model_copy(
            update={name: _sure(getattr(project.months, name)) for name in sure}
        )
    if known.commissioned:
        update["slip"] = _sure(project.slip, 0.0)
    if known.cancelled:
        update["cancelled"] = known.cancelled
    if (known.started or known.commissioned) and project.cancel:
        update["cancel"] = None
    return project.model_copy(update=update)


def _months(first: str, last: str) -> int:
    """Months from one to another."""
    (y0, m0), (y1, m1) = ((int(part) for part in each.split("-")) for each in (first, last))
    return 12 * (y1 - y0) + m1 - m0


def _later(month: str, by: int) -> str:
    year, number = (int(part) for part in month.split("-"))
    ahead = 12 * year + number - 1 + by
    return f"{ahead // 12}-{ahead % 12 + 1:02d}"


def held(project: Project, scenario: Scenario, now: int) -> Project:
    """A project that can start no earlier than now, months after the base year."""
    if project.start is None or project.stage not in ("planned", "approved"):
        return project
    advance = next((limit for limit in scenario.limits.values() if limit.kind.of_starts), None)
    most = project.earlier or ((advance.relax_to or advance.stated) if advance else None)
    if most is None:
        return project
    room = _months(month_at(scenario.years.first, 1), project.start) - now
    return project.model_copy(update={"earlier": _sure(most, float(min(max(room, 0), most.value)))})


def spent(scenario: Scenario, now: tuple[int, int]) -> tuple[FloatArray, frozenset[str]]:
    """Money of the year under way put in place by now by sector ``(S,)``, and the sectors of which it is
    stated; of the others the plan's money at an even pace."""
    plan, (year, month) = stated_plans(scenario, Draws())[scenario.plan], now
    even = plan.money(year) * month / WHOLE
    stated = scenario.actuals.placed if scenario.actuals else {}
    values = [
        one(stated[key], Draws()) if key in stated else even[row] for row, key in enumerate(scenario.sectors)
    ]
    return np.array(values), frozenset(stated)


def _within_plan(scenario: Scenario, year: int, stated: frozenset[str]) -> None:
    """A year's money of the plan holds what has been put in place of it.

    Raises
    ------
    ScenarioError
        Where more is put in place than is planned for the whole year: what the year brings would be counted
        on less money than is spent.
    """
    planned = stated_plans(scenario, Draws())[scenario.plan].money(year)
    placed = scenario.actuals.placed if scenario.actuals else {}
    money, calendar = unit_in_use(MONEY), scenario.years.base + year
    over = [
        Problem(
            f"actuals.placed.{key}",
            msg("{placed} put in place", placed=f"{placed[key].value:g} {money}"),
            msg(
                "up to {planned}, the plan's money for the whole of {year}",
                planned=f"{own:.1f} {money}",
                year=calendar,
            ),
            msg("check the unit; if it is right, raise the plan's money of the year (`investment`, `mixes`)"),
        )
        for key, own in zip(scenario.sectors, planned, strict=True)
        if key in stated and placed[key].value > own * (1 + 1e-9)
    ]
    if over:
        raise ScenarioError(over)


def _floors(scenario: Scenario, now: tuple[int, int]) -> dict[str, Limit]:
    """A limit for every sector: no less than what is spent in the year under way."""
    money, stated = spent(scenario, now)
    _within_plan(scenario, now[0], stated)
    year = None if now[0] == scenario.years.ahead else int(scenario.years.base) + now[0]
    made = {}
    for (key, sector), amount in zip(scenario.sectors.items(), money, strict=True):
        if amount <= 0:
            continue
        why = (
            msg("put in place by {month}", month=until_of(scenario))
            if key in stated
            else msg("the plan's money at an even pace")
        )
        least = Quantity(value=float(amount), assumption=why, path=f"limits.{SPENT}{key}.min")
        title = msg("spent by {month}: {sector}", month=until_of(scenario), sector=sector.title)
        made[f"{SPENT}{key}"] = Limit(title=title, on="floor", sectors=(key,), min=least, year=year)
    return made
