"""Which of a scenario's projects start in which quarter: the choice of the solver, written back as a scenario
(项目优选)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.plan import Plan
from ...models.project import ProjectPlan
from ...models.quantity import Draws, FloatArray
from ...models.sectors.process_chain import ProcessChain
from ...models.selection import Candidate, Programme
from ...models.words import msg
from ...scenarios.load import Loaded
from ...scenarios.report import meant, one_of
from ...scenarios.shape import MARGINS
from ..build import economy
from ..plans import stated_plans
from ..projects.run import Pipeline

QUARTER = 3
"""Months of a quarter."""

Budgets = tuple[tuple[str, ...], Mapping[str, FloatArray]]
"""Quarters, one after another, and money by source ``(Q,)``."""


@dataclass(frozen=True)
class SelectionQuestion:
    """What a choice among a scenario's projects is to respect besides its money: see :class:`Programme`.

    ``among`` are the projects to choose from, all that have not started where left out; ``budgets`` is the
    money, that of the scenario's `funds` where left out.
    """

    quarters: int = 8
    carry: bool = False
    starts: int = 0
    completions: int = 0
    discount: float = 0.08
    investment: bool = False
    among: frozenset[str] | None = None
    budgets: Budgets | None = None


def programme(loaded: Loaded, ask: SelectionQuestion) -> Programme:
    """The projects of a scenario that have not started, with the money that those under way leave.

    Value is the value added of a year at full load at base prices (or, with ``investment``, the investment
    itself). A project starts at the quarter of its earliest start at the soonest and is complete when works,
    delay included, end. Money by source is that of the scenario's `funds` for named and key projects, a
    quarter of it each quarter, less what projects that are not up for choice spend; a source without an
    amount is free.

    Raises
    ------
    ScenarioError
        Where the scenario cannot be put together, or money is not that of its first quarters and sources.
    """
    scenario, values = loaded.scenario, Draws()
    pipeline = Pipeline(scenario, economy(scenario, values), values)
    plan = stated_plans(scenario, values)[scenario.plan]
    ahead = {p.id for p in pipeline.projects if p.ahead and (ask.among is None or p.id in ask.among)}
    names, money = ask.budgets or _own(pipeline, plan, ask.quarters, ahead)
    if ask.budgets is not None:
        names, money = _within(pipeline, names, money)
    found = [
        _candidate(pipeline, p, ask, tuple(money), len(names)) for p in pipeline.projects if p.id in ahead
    ]
    return Programme(
        tuple(found),
        names,
        money,
        ask.carry,
        starts=ask.starts,
        completions=ask.completions,
        discount=ask.discount,
    )


def _quarters(pipeline: Pipeline) -> tuple[str, ...]:
    """Names of all quarters of the horizon."""
    first = pipeline.scenario.years.base + 1
    return tuple(f"{first + q // 4}Q{q % 4 + 1}" for q in range(4 * pipeline.years))


def _own(pipeline: Pipeline, plan: Plan, count: int, ahead: set[str]) -> Budgets:
    """Money of the scenario's funds, less what projects spend that are not up for choice."""
    names = _quarters(pipeline)[:count]
    money: dict[str, FloatArray] = {
        key: np.full(len(names), float(pipeline.values(fund.amount)[0]) / 4)
        for key, fund in pipeline.scenario.funds.items()
        if fund.amount is not None
    }
    due, _ = pipeline.planned(plan)
    for project, path in zip(pipeline.projects, due, strict=True):
        if project.id in ahead:
            continue
        yearly = np.repeat(path / 4, 4)[: len(names)]
        for source, share in project.funds.items():
            if source in money:
                money[source] = np.maximum(money[source] - share * yearly, 0.0)
    return names, money


def _within(pipeline: Pipeline, names: tuple[str, ...], money: Mapping[str, FloatArray]) -> Budgets:
    """Money that is stated, for the quarters of the horizon; refused where it is of other quarters or of
    sources that the scenario does not know."""
    known, funds = _quarters(pipeline), pipeline.scenario.funds
    wrong = []
    if names[:1] != known[:1]:
        wrong.append(Problem("budgets", names[0], msg("{first} as the first quarter", first=known[0])))
    wrong += [
        Problem("budgets", name, msg("a key of `funds`: {names}", names=one_of(funds)), meant(name, funds))
        for name in (money if len(money) > 1 else ())
        if name not in funds
    ]
    if wrong:
        raise ScenarioError(wrong)
    count = len(known)
    return names[:count], {source: each[:count] for source, each in money.items()}


def _candidate(
    pipeline: Pipeline, project: ProjectPlan, ask: SelectionQuestion, sources: tuple[str, ...], count: int
) -> Candidate:
    stated = pipeline.scenario.projects[project.id]
    sooner = 0.0 if project.earliest is None else max(project.begins - project.earliest, 0.0)
    earliest = max(math.ceil((project.listed - sooner) / QUARTER - 1e-9), 0)
    build = max(math.ceil((project.construction + max(project.slip, 0.0)) / QUARTER - 1e-9), 1)
    paid = project.funds
    if ask.budgets is not None and len(sources) == 1:
        paid = {sources[0]: 1.0}  # the only money there is pays for everything
    money = {source: share * project.remaining for source, share in paid.items() if share > 0}
    left = 1 - sum(paid.values())
    if left > 1e-9:
        money[""] = left * project.remaining
    value = project.remaining if ask.investment else yearly_value(pipeline, project)
    return Candidate(project.id, stated.title, project.sector, value, money, build, earliest, count - 1)


def yearly_value(pipeline: Pipeline, project: ProjectPlan) -> float:
    """Value added of a year at full load, in money at base prices: output, or capacity of a process times its
    value, times the ratio."""
    economy = pipeline.economy
    adds = pipeline.scenario.projects[project.id].adds
    if adds is None or project.output <= 0:
        return 0.0
    sector = next(each for each in economy.sectors if each.id == project.sector)
    branch, output = sector.branches[0], project.output
    if adds.process and isinstance(sector, ProcessChain):
        k = sector.flow.processes.index(adds.process)
        branch, output = sector.branches[k], output * float(sector.flow.value(0)[k, 0])
    elif isinstance(sector, ProcessChain):
        branch = sector.branches[-1]
    else:
        rows = economy.rows(project.sector)
        made = economy.accounts.output[rows, 0]
        return float(output * (made @ economy.accounts.va_ratio[rows, 0]) / made.sum())
    return float(output * branch.va_ratio[0])


def written(
    loaded: Loaded, extends: str, candidates: Iterable[Candidate], starts: Mapping[str, int], listed: bool
) -> dict[str, Any]:
    """A choice as a scenario that extends another one: each candidate with the month in which it starts, the
    first of its quarter.

    Candidates of the scenario's own that are not chosen start in the January after the last year, and their
    money goes to other works of their sectors. Of those ``listed`` elsewhere the chosen ones are written with
    all that is known of them, the others not at all.
    """
    first, last = loaded.scenario.years.base + 1, loaded.scenario.years.last
    whole, made = loaded.tree["projects"], {}
    for each in candidates:
        quarter = starts.get(each.id)
        if quarter is None and listed:
            continue
        month = f"{last + 1}-01"
        if quarter is not None:
            month = f"{first + quarter // 4}-{QUARTER * (quarter % 4) + 1:02d}"
        made[each.id] = {**(whole[each.id] if listed else {}), "decided": month}
    margins = {name: whole[name] for name in MARGINS if listed and made and name in whole}
    return {"dabiao": 1, "extends": extends, "projects": margins | made}
