"""Questions to a planning problem: the most of an indicator, the cheapest way to a tier, the least shortfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.economy import Economy
from ..models.plan import Plan
from ..models.quantity import Text
from ..models.sector import Routing
from .model import Question
from .problem import Problem
from .solution import Solution, Status
from .solve import solve

CLOSE = 1e-7
"""What an earlier objective may lose, relative to its size, when ties are broken."""


@dataclass(frozen=True)
class Promise:
    """What a solver promises: a plan, the goals it would reach, and the relaxations it needs.

    ``duals`` are changes of the objective per unit of a limit; ``plan`` is None without a point.
    """

    status: Status
    objective: float
    goals: Mapping[str, float]
    relaxed: Mapping[str, float]
    plan: Plan | None
    solution: Solution | None = None


def most(problem: Problem, target: str, sign: float, economy: Economy, *, relax: bool, solver: str) -> Promise:
    """The greatest (or least, for a ceiling) value of an indicator within the limits, closest to the plan."""
    goal = problem.goals[target]
    bounds = problem.relaxed(relax)
    first = solve(problem.compiled, Question({goal: sign}, bounds=bounds), solver)
    if not first.found:
        return Promise(first.status, np.nan, {}, {}, None)
    held = first.values[goal] - sign * CLOSE * max(1.0, abs(first.values[goal]))
    bounds |= {goal: (held, np.inf) if sign > 0 else (-np.inf, held)}
    return _nearest(problem, bounds, economy, solver, first.values[goal])


def cheapest(
    problem: Problem, thresholds: Mapping[str, tuple[float, float]], economy: Economy, *, relax: bool, solver: str
) -> Promise:
    """The plan of least cost of relaxation that brings goals between the given bounds, closest to the plan.

    ``thresholds`` maps targets to (least, most) values.
    """
    bounds = problem.relaxed(relax) | {problem.goals[t]: span for t, span in thresholds.items()}
    price = {f"relax:{b.id}": b.price for b in problem.bounds if b.slack > 0}
    if relax and price:
        first = solve(problem.compiled, Question(price, maximise=False, bounds=bounds), solver)
        if not first.found:
            return Promise(first.status, np.nan, {}, {}, None)
        for name, cost in price.items():
            if cost > 0:
                top = first.values[name] + CLOSE * max(1.0, first.values[name])
                bounds[name] = (0.0, min(bounds[name][1], top))
        return _nearest(problem, bounds, economy, solver, first.objective)
    return _nearest(problem, bounds, economy, solver, 0.0)


def close_gaps(
    problem: Problem, tiers: Mapping[str, Sequence[str]], economy: Economy, *, relax: bool, solver: str
) -> Promise:
    """Goal programme: ensure shortfalls first, then stretch, then least relaxation, then closest to the plan.

    Shortfalls are in points for rates and in percent of the threshold for levels, so that they can be added.
    Source: Charnes & Cooper (1961), pre-emptive goals. ``tiers`` maps ``ensure`` and ``stretch`` to
    ``target:tier`` names.
    """
    bounds = problem.relaxed(relax)
    total = 0.0
    for names in tiers.values():
        shorts = {f"short:{name}": 1.0 for name in names}
        if not shorts:
            continue
        step = solve(problem.compiled, Question(shorts, maximise=False, bounds=bounds), solver)
        if not step.found:
            return Promise(step.status, np.nan, {}, {}, None)
        for name in shorts:
            bounds[name] = (0.0, step.values[name] + CLOSE * max(1.0, step.values[name]))
        total = step.objective
    return _nearest(problem, bounds, economy, solver, total)


def nearest(problem: Problem, economy: Economy, *, solver: str) -> Promise:
    """The plan closest to the stated one that breaks no limit."""
    return _nearest(problem, problem.relaxed(False), economy, solver, 0.0)


def _nearest(
    problem: Problem, bounds: Mapping[str, tuple[float, float]], economy: Economy, solver: str, objective: float
) -> Promise:
    """Among points within ``bounds``, the one closest to the plan; output is rewarded so that it is the simulation's."""
    cost = {f"away:money:{s}": -1.0 for s in economy.sector_ids}
    for choice in problem.levers.choices:
        if choice.shift:
            cost[f"start:{choice.project}:{choice.shift:g}"] = -0.1 * abs(choice.shift)
    cost |= {f"relax:{b.id}": -1.0 for b in problem.bounds if b.slack > 0}
    for names in problem.output:
        for name, va in zip(names, problem.va, strict=True):
            cost[name] = 1e-4 * float(va)
    solution = solve(problem.compiled, Question(cost, bounds=bounds), solver)
    if not solution.found:
        return Promise(solution.status, np.nan, {}, {}, None)
    goals = {target: solution.values[name] for target, name in problem.goals.items()}
    relaxed = {b.id: solution.values[f"relax:{b.id}"] for b in problem.bounds}
    return Promise(
        Status.OPTIMAL, objective, goals, {k: v for k, v in relaxed.items() if v > 1e-6},
        read_plan(problem, solution, economy), solution,
    )


def read_plan(problem: Problem, solution: Solution, economy: Economy) -> Plan:
    """The solver's levers as a plan that the pipeline and the simulation can run."""
    levers = problem.levers
    money = np.array([max(0.0, solution.values[f"money:{s}"]) for s in economy.sector_ids])
    money = np.where(np.abs(money - levers.money) < 1e-7 * np.maximum(levers.money, 1.0), levers.money, money)
    shifts = {
        c.project: c.shift for c in levers.choices
        if c.shift and solution.values[f"start:{c.project}:{c.shift:g}"] > 0.5
    }
    return Plan(
        "optimised", Text(zh="优化方案", en="optimised"), np.outer(money, levers.ratio), shifts,
        _routing(problem, solution, economy),
    )


def _routing(problem: Problem, solution: Solution, economy: Economy) -> dict[str, Routing]:
    """Where the solution sends materials, for chains whose own routing is not enough."""
    found: dict[str, Routing] = {}
    for sector in economy.sectors:
        names = problem.output[-1][economy.rows(sector.id)]
        routing = sector.routing(problem.year, np.array([[solution.values[name]] for name in names]))
        if routing:
            found[sector.id] = routing
    return found


def prices(problem: Problem, target: str, sign: float, promise: Promise, *, relax: bool, solver: str) -> dict[str, float]:
    """Shadow prices at an optimum: change of the indicator per unit of each limit (starts held where they are).

    Only limits with a price other than zero are returned; units are those of the indicator per unit of the limit.
    """
    if promise.solution is None:
        return {}
    held = {
        name: (round(promise.solution.values[name]),) * 2
        for name, binary in zip(problem.compiled.names, problem.compiled.binary, strict=True) if binary
    }
    bounds: dict[str, tuple[float, float]] = {**problem.relaxed(relax), **{k: (float(a), float(b)) for k, (a, b) in held.items()}}
    solution = solve(problem.compiled, Question({problem.goals[target]: sign}, bounds=bounds, integer=False), solver)
    if not solution.found:
        return {}
    found = {}
    for row, dual in solution.duals.items():
        if abs(dual) > 1e-9 and row.startswith(("limit:", "total money", "capacity:", "market:", "feed:", "named projects:")):
            found[row] = sign * dual
    return found


def as_named(plan: Plan, key: str, title: Text) -> Plan:
    """The same plan under another name."""
    return replace(plan, id=key, title=title)
