"""A scenario as it stands now: what has begun is begun, what is spent is spent
(已开工、已完成的部分不再变动)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...models.quantity import Draws, FloatArray, Quantity
from ...models.words import msg
from ...models.years import month_at, place_in
from ...scenarios.load import Loaded
from ...scenarios.schema import Limit, Project, Scenario
from ...scenarios.schema_actuals import Actuals, ProjectActual
from ..plans import one, stated_plans
from .readings import WHOLE, until_of

SPENT = "spent-"
"""How limits begin that hold what is spent."""


def as_of_january(scenario: Scenario) -> Scenario:
    """The scenario with nothing known of its years."""
    return scenario.model_copy(update={"actuals": None, "to_date": None})


def now_of(scenario: Scenario) -> tuple[int, int] | None:
    """Year (1 is the year after the base year) and month of it up to which is known; None where nothing
    is."""
    until = until_of(scenario)
    return place_in(until, scenario.years.base) if until else None


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
    limits = dict(scenario.limits)
    if year <= scenario.years.ahead and month < WHOLE:
        limits |= _floors(scenario, scenario.actuals, year, month)
    return replace(loaded, scenario=scenario.model_copy(update={"projects": projects, "limits": limits}))


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


def spent(scenario: Scenario, year: int, month: int) -> tuple[FloatArray, frozenset[str]]:
    """Money of a year put in place by the end of a month by sector ``(S,)``, and the sectors of which it is
    stated; of the others the plan's money at an even pace."""
    plan = stated_plans(scenario, Draws())[scenario.plan]
    even = plan.money(year) * month / WHOLE
    stated = scenario.actuals.placed if scenario.actuals else {}
    values = [
        one(stated[key], Draws()) if key in stated else even[row] for row, key in enumerate(scenario.sectors)
    ]
    return np.array(values), frozenset(stated)


def _floors(scenario: Scenario, actuals: Actuals, year: int, month: int) -> dict[str, Limit]:
    """A limit for every sector: no less than what is spent."""
    money, stated = spent(scenario, year, month)
    own = None if year == scenario.years.ahead else int(scenario.years.base) + year
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
        made[f"{SPENT}{key}"] = Limit(title=title, on="floor", sectors=(key,), min=least, year=own)
    return made
