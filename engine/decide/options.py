"""What the plan leaves to decide: the allowed starts of projects, and limits, in the form that solvers
take."""

from __future__ import annotations

import numpy as np

from ...models.limits import Bound
from ...models.plan import Plan
from ...models.project import HAIR, yearly
from ...models.quantity import Draws, FloatArray
from ...scenarios.schema import Limit, Scenario
from ...solvers.decision_variables import DecisionVariables, KeyPool, Start
from ..plans import one
from ..projects.named import courses, online, planned_spending, unhindered_spending
from ..projects.run import Pipeline, PipelineRun
from ..tracking.now import finished


def variables(pipeline: Pipeline, plan: Plan, pipeline_run: PipelineRun) -> DecisionVariables:
    """Levers around a plan, exact at the plan itself.

    Projects that have not started and may start at more than one time are free; the rest, and what queues
    add to the unhindered course of free projects, stays as the pipeline delivered it.
    """
    years, sectors = pipeline.years, pipeline.sectors
    planned, spent = pipeline_run.planned.copy(), np.zeros_like(pipeline_run.planned)
    tied = np.zeros_like(planned)
    key_spent, key_planned = np.zeros(years), np.zeros(years)
    named = {
        s: {k: path.copy() for k, path in own.items()} for s, own in pipeline_run.realisation.named.items()
    }
    choices: list[Start] = []
    done = yearly(pipeline_run.result.investment)
    open_to = _choices(pipeline, pipeline_run)
    for j, project in enumerate(pipeline_run.projects):
        row = sectors.index(project.sector)
        spent[row] += done[j]
        tied[row] += done[j] if project.output > 0 else 0.0
        key_spent += done[j] if project.key else 0.0
        key_planned += pipeline_run.due[j] if project.key else 0.0
        own = open_to.get(project.id, [])
        if len(own) < 2:
            continue
        choices += own
        stated = own[0]
        planned[row] -= stated.planned
        spent[row] -= stated.spent
        tied[row] -= stated.spent if project.output > 0 else 0.0
        key_spent -= stated.spent if project.key else 0.0
        key_planned -= stated.planned if project.key else 0.0
        if stated.new.any():
            named[project.sector][stated.process] -= stated.new[:, None]
    year = pipeline.scenario.years.ahead
    over = min(finished(pipeline.scenario), year - 1)
    ratio, rest = _paths(plan, year, over)
    movable = pipeline.scenario.investment.movable
    carried = np.zeros_like(planned)
    carried[:, 0] = pipeline.inferred.carried[:, 0]
    return DecisionVariables(
        money=plan.money(year),
        ratio=ratio,
        rest=rest,
        choices=tuple(choices),
        fixed_planned=planned,
        fixed_spent=spent,
        fixed_tied=tied,
        fixed_named=named,
        carried=carried,
        realised=pipeline.realised[:, 0],
        key_realised=float(pipeline.key_realised[0]),
        key=_key_pool(pipeline, plan, pipeline_run, key_planned, key_spent),
        delivered=pipeline_run.realisation,
        year=year,
        moves=()
        if movable is None
        else tuple((s, t) for t in range(over, year - 1) for s in range(len(sectors))),
        movable=0.0 if movable is None else one(movable, pipeline.values) / 100,
    )


def _paths(plan: Plan, year: int, done: int) -> tuple[FloatArray, FloatArray]:
    """Money of every sector and year over that of the target year, and what has nothing to be set over
    ``(S, T)``; all sectors alike where the mix is the same in all years. What was spent in the ``done`` years
    that are over stays."""
    ratio, rest = _ratios(plan, year)
    if not done:
        return ratio, rest
    over = np.arange(plan.investment.shape[1]) < done
    return np.where(over, 0.0, ratio), np.where(over, plan.investment, rest)


def _ratios(plan: Plan, year: int) -> tuple[FloatArray, FloatArray]:
    money, total = plan.money(year)[:, None], plan.investment.sum(axis=0) / plan.total(year)
    alike = np.broadcast_to(total, plan.investment.shape)
    if np.allclose(money * alike, plan.investment, rtol=1e-9, atol=1e-9):
        return alike.copy(), np.zeros_like(plan.investment)
    there = np.broadcast_to(money > 0, plan.investment.shape)
    ratio = np.divide(plan.investment, money, out=np.array(alike), where=there)
    return ratio, np.where(there, 0.0, plan.investment)


def _key_pool(
    pipeline: Pipeline,
    plan: Plan,
    pipeline_run: PipelineRun,
    fixed_planned: FloatArray,
    fixed_spent: FloatArray,
) -> KeyPool:
    """The unnamed key projects around a plan."""
    free, money = (each[..., 0] for each in pipeline.split(plan.investment[..., None], pipeline_run.works))
    wanted, left = money.sum(axis=0), free.sum(axis=0)
    named = pipeline_run.works.key_planned[..., 0]
    inside = (wanted > 1e-9) & (wanted < left - 1e-9)
    return KeyPool(
        total=np.where(inside, wanted + named, 0.0),
        named=fixed_planned,
        spent=fixed_spent,
        share=_ratio(wanted, left, 0.0),
        split=_ratio(free, np.broadcast_to(left, free.shape), 0.0),
        moving=inside.astype(float),
        late=yearly(pipeline_run.kernel),
    )


def _ratio(part: FloatArray, whole: FloatArray, otherwise: float) -> FloatArray:
    return np.divide(part, whole, out=np.full_like(part, otherwise), where=whole > 1e-12)


STEP = 3.0
"""Months between two starts that are open to choice."""


def _choices(pipeline: Pipeline, pipeline_run: PipelineRun) -> dict[str, list[Start]]:
    """The starts that are allowed, from the scenario's to the earliest, with what each brings, delay
    included, queues left out.

    Moves that approval makes useless are left out; a project under way, finished, stopped or dropped has its
    plan alone.
    """
    named, years = pipeline.named, pipeline.years
    room = [
        max(p.begins - p.earliest, 0.0) if p.ahead and p.earliest is not None and p.stop is None else 0.0
        for p in pipeline_run.projects
    ]
    shifts = -STEP * np.arange(int(max(room, default=0.0) / STEP + HAIR) + 1)
    if len(shifts) < 2:
        return {}
    wide = np.broadcast_to(shifts, (len(room), len(shifts)))
    path, due = courses(named, wide), planned_spending(named, wide, years).years
    spent, ends = unhindered_spending(named, path, years), path.start + path.building
    load = online(ends, np.broadcast_to(named.ramp_up, ends.shape), years)
    found: dict[str, list[Start]] = {}
    for j, project in enumerate(pipeline_run.projects):
        adds, own = pipeline.scenario.projects[project.id].adds, list[Start]()
        for k, shift in enumerate(shifts.tolist()):
            if -shift > room[j] + HAIR or (k and path.start[j, k] > path.start[j, k - 1] - HAIR):
                break
            own.append(
                Start(
                    project.id,
                    shift,
                    pipeline.sectors.index(project.sector),
                    project.sector,
                    (adds.process or "") if adds else "",
                    project.key,
                    project.output > 0,
                    due[j, :, k],
                    spent[j, :, k],
                    project.output * np.diff(load[j, :, k]),
                )
            )
        found[project.id] = own
    return found


def bounds(scenario: Scenario, plan: Plan, values: Draws) -> tuple[Bound, ...]:
    """The limits of a scenario; the plan's total is what may be spent unless a limit on investment is
    relaxed."""
    return tuple(_bound(scenario, key, limit, plan, values) for key, limit in scenario.limits.items())


def _bound(scenario: Scenario, key: str, limit: Limit, plan: Plan, values: Draws) -> Bound:
    most = float(values(limit.stated)[0])
    end = float(values(limit.relax_to)[0]) if limit.relax_to else most
    price = float(values(limit.price)[0]) if limit.price else None
    weights = [
        (
            1.0
            if sector in limit.sectors
            else float(values(own.funds[limit.fund])[0]) / 100
            if limit.fund in own.funds
            else 0.0
        )
        for sector, own in scenario.sectors.items()
    ]
    years = limit_years(scenario, limit)
    totals = [plan.total(year) for year in years or (scenario.years.ahead,)]
    planned = sum(totals) if limit.together else max(totals)
    return limit.kind.of(
        key, most, end, price, np.array(weights), planned, limit.indicator or "", years, limit.together
    )


def limit_years(scenario: Scenario, limit: Limit) -> tuple[int, ...]:
    """Indices of the years in which a limit holds; empty for the target year alone.

    Where money may move between years, what a limit says of shares, sectors and funds it says of each year.
    """
    years = scenario.years
    if limit.over:
        return tuple(range(limit.over[0] - years.base, limit.over[-1] - years.base + 1))
    if limit.year is not None or limit.kind.names == "indicator":
        return ((limit.year or years.target) - years.base,)
    each = scenario.investment.movable is not None and limit.kind.by_year and not limit.kind.all_money
    return tuple(range(1, years.ahead + 1)) if each else ()
