"""Which of a scenario's projects start in which quarter: the choice of the solver, then run through the
pipeline (项目优选)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.project import ProjectPlan
from ...models.quantity import FloatArray
from ...models.sectors.process_chain import ProcessChain
from ...models.selection import Candidate, Programme
from ..study import Study
from .assess import Run

QUARTER = 3
"""Months of a quarter."""


@dataclass(frozen=True)
class SelectionQuestion:
    """What a choice among a scenario's projects is to respect besides its money: see :class:`Programme`."""

    quarters: int = 8
    carry: bool = False
    starts: int = 0
    completions: int = 0
    discount: float = 0.08
    investment: bool = False


def programme(begun: Study, ask: SelectionQuestion) -> Programme:
    """The projects of a scenario that have not started, with the money that those under way leave.

    Value is the value added of a year at full load at base prices (or, with ``investment``, the investment
    itself). A project starts at the quarter of its earliest start at the soonest and is complete when works,
    delay included, end. Money by source is that of the scenario's `funds` for named and key projects, a
    quarter of it each quarter, less what projects under way spend; a source without an amount is free.
    """
    pipeline, scenario = begun.pipeline, begun.scenario
    first = scenario.years.base + 1
    count = min(ask.quarters, 4 * begun.economy.years)
    names = tuple(f"{first + q // 4}Q{q % 4 + 1}" for q in range(count))
    money: dict[str, FloatArray] = {
        key: np.full(count, float(begun.values(fund.amount)[0]) / 4)
        for key, fund in scenario.funds.items()
        if fund.amount is not None
    }
    found = []
    due, _ = pipeline.planned(begun.plan.plan)
    for project, path in zip(pipeline.projects, due, strict=True):
        if project.ahead:
            found.append(_candidate(begun, project, ask, count))
            continue
        yearly = np.repeat(path / 4, 4)[:count]
        for source, share in project.funds.items():
            if source in money:
                money[source] = np.maximum(money[source] - share * yearly, 0.0)
    return Programme(
        tuple(found),
        names,
        money,
        ask.carry,
        starts=ask.starts,
        completions=ask.completions,
        discount=ask.discount,
    )


def _candidate(begun: Study, project: ProjectPlan, ask: SelectionQuestion, count: int) -> Candidate:
    stated = begun.scenario.projects[project.id]
    soonest = project.begins if project.earliest is None else min(project.earliest, project.begins)
    earliest = max(math.ceil(soonest / QUARTER - 1e-9), 0)
    build = max(math.ceil((project.construction + max(project.slip, 0.0)) / QUARTER - 1e-9), 1)
    money = {source: share * project.remaining for source, share in project.funds.items() if share > 0}
    left = 1 - sum(project.funds.values())
    if left > 1e-9:
        money[""] = left * project.remaining
    value = project.remaining if ask.investment else yearly_value(begun, project)
    return Candidate(project.id, stated.title, project.sector, value, money, build, earliest, count - 1)


def yearly_value(begun: Study, project: ProjectPlan) -> float:
    """Value added of a year at full load, 亿元 at base prices: output, or capacity of a process times its
    value, times the ratio."""
    adds = begun.scenario.projects[project.id].adds
    if adds is None or project.output <= 0:
        return 0.0
    sector = next(each for each in begun.economy.sectors if each.id == project.sector)
    branch, output = sector.branches[0], project.output
    if adds.process and isinstance(sector, ProcessChain):
        k = sector.flow.processes.index(adds.process)
        branch, output = sector.branches[k], output * float(sector.flow.value(0)[k, 0])
    elif isinstance(sector, ProcessChain):
        branch = sector.branches[-1]
    else:
        rows = begun.economy.rows(project.sector)
        made = begun.economy.accounts.output[rows, 0]
        return float(output * (made @ begun.economy.accounts.va_ratio[rows, 0]) / made.sum())
    return float(output * branch.va_ratio[0])


def carried_out(begun: Study, starts: Mapping[str, int]) -> Run:
    """The plan with the chosen projects at their quarters and the other candidates left out, through pipeline
    and economy.

    Raises
    ------
    ScenarioError
        Where chosen projects of a sector need more money in a year than the plan gives the sector.
    """
    ahead = [project for project in begun.pipeline.projects if project.ahead]
    shifts = {
        project.id: QUARTER * starts[project.id] - project.begins for project in ahead if project.id in starts
    }
    plan = replace(begun.plan.plan, id="selected", shifts={**begun.plan.plan.shifts, **shifts})
    pipeline_run = begun.pipeline.run(
        plan, without=frozenset(project.id for project in ahead if project.id not in starts)
    )
    return Run(
        plan,
        pipeline_run,
        begun.economy.simulate(pipeline_run.realisation, plan.routing or None, plan.quotas),
    )
