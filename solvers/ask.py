"""Questions to a planning problem: the most of an indicator, the cheapest way to a tier, the least
shortfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..models.economy import Economy
from ..models.limits import TOTAL_MONEY
from ..models.plan import Plan
from ..models.quantity import FloatArray
from ..models.sector import Routing
from ..models.words import msg
from .model import Question
from .problem import EXTRA, UNSPENT, PlanningProblem
from .solution import Solution, Status
from .solve import solve

CLOSE = 1e-7
"""What an earlier objective may lose, relative to its size, when ties are broken."""

Spans = Mapping[str, tuple[float, float]]
"""Least and most value by name."""


@dataclass(frozen=True)
class Optimum:
    """What a solver promises: a plan, the goals it would reach, and the relaxations it needs.

    ``plan`` is None without a point; ``spans`` are the values that were asked of the goals, where the least
    that reaches them was sought; ``promised`` are the goals with what simulating the plan before had shown to
    come on top of them, where it was asked again.
    """

    status: Status
    objective: float
    goals: Mapping[str, float]
    relaxed: Mapping[str, float]
    plan: Plan | None
    solution: Solution | None = None
    spans: Spans = field(default_factory=dict)
    promised: Mapping[str, float] = field(default_factory=dict)


def ends(problem: PlanningProblem, target: str, sign: float, *, relax: bool, solver: str) -> Solution:
    """The greatest (or least, for a ceiling) value of an indicator: no allowed plan reaches more."""
    goal = problem.goals[target]
    return solve(problem.compiled, Question({goal: sign}, bounds=problem.relaxed(relax)), solver)


def most(
    problem: PlanningProblem, target: str, sign: float, economy: Economy, *, relax: bool, solver: str
) -> Optimum:
    """The plan with the best value of an indicator within the limits, closest to the stated one."""
    first = ends(problem, target, sign, relax=relax, solver=solver)
    if not first.found:
        return Optimum(first.status, np.nan, {}, {}, None)
    goal = problem.goals[target]
    held = first.values[goal] - sign * CLOSE * max(1.0, abs(first.values[goal]))
    bounds = problem.relaxed(relax) | {goal: (held, np.inf) if sign > 0 else (-np.inf, held)}
    return closest(problem, bounds, economy, solver, first.values[goal])


def cheapest(
    problem: PlanningProblem, thresholds: Spans, economy: Economy, *, relax: bool, solver: str
) -> Optimum:
    """The plan of least cost of relaxation that brings goals between the given bounds, closest to the plan.

    ``thresholds`` maps targets to (least, most) values.
    """
    bounds = problem.relaxed(relax) | {problem.goals[t]: span for t, span in thresholds.items()}
    price = {f"relax:{b.id}": b.price for b in problem.bounds if b.slack > 0}
    if relax and price:
        first = solve(problem.compiled, Question(price, maximise=False, bounds=bounds), solver)
        if not first.found:
            return Optimum(first.status, np.nan, {}, {}, None)
        for name, cost in price.items():
            if cost > 0:
                top = first.values[name] + CLOSE * max(1.0, first.values[name])
                bounds[name] = (0.0, min(bounds[name][1], top))
        return replace(closest(problem, bounds, economy, solver, first.objective), spans=thresholds)
    return replace(closest(problem, bounds, economy, solver, 0.0), spans=thresholds)


def close_gaps(
    problem: PlanningProblem,
    tiers: Mapping[str, Sequence[str]],
    economy: Economy,
    *,
    relax: bool,
    solver: str,
) -> Optimum:
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
            return Optimum(step.status, np.nan, {}, {}, None)
        for name in shorts:
            bounds[name] = (0.0, step.values[name] + CLOSE * max(1.0, step.values[name]))
        total = step.objective
    return closest(problem, bounds, economy, solver, total)


def spend(problem: PlanningProblem, solver: str) -> PlanningProblem:
    """The same problem, allowed to leave unspent what its limits give no use to; where the sheet has a
    ceiling, anything.

    Other mixes are judged at the plan's total; where no mix of that total keeps the limits, at the most that
    one can spend. What helps a ceiling is less investment.
    """
    if problem.ceilings:
        whole = float(problem.variables.money.sum())
        return replace(problem, unspent=(whole, whole))
    least = []
    for relax in (False, True):
        bounds = problem.relaxed(relax) | {UNSPENT: (0.0, float(problem.variables.money.sum()))}
        found = solve(problem.compiled, Question({UNSPENT: 1.0}, maximise=False, bounds=bounds), solver)
        least.append(found.objective * (1 + 1e-9) + 1e-9 if found.found and found.objective > 1e-6 else 0.0)
    return replace(problem, unspent=(least[0], least[1]))


def nearest(problem: PlanningProblem, economy: Economy, *, solver: str) -> Optimum:
    """The plan closest to the stated one that breaks no limit, spending less where nothing else keeps
    them."""
    found = closest(problem, problem.relaxed(False), economy, solver, 0.0)
    if found.plan is None:
        found = closest(
            problem,
            problem.relaxed(False) | {UNSPENT: (0.0, float(problem.variables.money.sum()))},
            economy,
            solver,
            0.0,
        )
    return found


def closest(
    problem: PlanningProblem, bounds: Spans, economy: Economy, solver: str, objective: float
) -> Optimum:
    """Among points within ``bounds``, the one closest to the plan; output is rewarded so that it is the
    simulation's."""
    # sectors that answer alike would leave the choice to the solver: the larger one is moved a hair less
    # gladly
    share = problem.variables.money / problem.variables.money.sum()
    cost = {
        f"away:money:{s}": -1.0 - 1e-3 * float(part)
        for s, part in zip(economy.sector_ids, share, strict=True)
    }
    cost |= {f"away:{name}": -1.0 for name in problem.variables.names if name.startswith("move:")}
    for choice in problem.variables.choices:
        if choice.shift:
            cost[f"start:{choice.project}:{choice.shift:g}"] = -0.1 * abs(choice.shift)
    cost |= {f"relax:{b.id}": -1.0 for b in problem.bounds if b.slack > 0}
    cost[UNSPENT] = -1.0
    for names in problem.output:
        for name, va in zip(names, problem.va, strict=True):
            cost[name] = 1e-4 * float(va)
    solution = solve(problem.compiled, Question(cost, bounds=bounds), solver)
    if not solution.found:
        return Optimum(solution.status, np.nan, {}, {}, None)
    goals = problem.reached(solution.values)
    relaxed = {b.id: solution.values[f"relax:{b.id}"] for b in problem.bounds}
    return Optimum(
        Status.OPTIMAL,
        objective,
        goals,
        {k: v for k, v in relaxed.items() if v > 1e-6},
        read_plan(problem, solution, economy),
        solution,
    )


def vector(problem: PlanningProblem, solution: Solution) -> FloatArray:
    """The solver's levers: money by sector, then the share of each start ``(n,)``."""
    count = len(problem.variables.plan)
    return np.array([solution.values[name] for name in problem.compiled.names[:count]])


def read_plan(problem: PlanningProblem, solution: Solution, economy: Economy) -> Plan:
    """The solver's levers as a plan that the pipeline and the simulation can run."""
    variables = problem.variables
    money = np.array([max(0.0, solution.values[f"money:{s}"]) for s in economy.sector_ids])
    money = np.where(
        np.abs(money - variables.money) < 1e-7 * np.maximum(variables.money, 1.0), variables.money, money
    )
    planned, shifts = variables.fixed_planned.copy(), {}
    for c in variables.choices:
        if solution.values[f"start:{c.project}:{c.shift:g}"] > 0.5:
            planned[c.sector] += c.planned
            if c.shift:
                shifts[c.project] = c.shift
    # a solver may miss what named projects need by its tolerance; the pipeline does not forgive it
    moved = np.array([solution.values[name] for name in variables.names[len(variables.choices) :]])
    investment = variables.investment(money, moved) if variables.moves else None
    if investment is None:
        investment = variables.investment(np.maximum(money, variables.least(planned)))
    return Plan(
        "optimised",
        msg("Optimised"),
        np.maximum(investment, planned) if variables.moves else investment,
        shifts,
        _routing(problem, solution, economy),
        _quotas(problem, solution, economy),
    )


def _routing(problem: PlanningProblem, solution: Solution, economy: Economy) -> dict[str, Routing]:
    """Where the solution sends materials, for chains whose own routing is not enough."""
    found: dict[str, Routing] = {}
    for sector in economy.sectors:
        names = problem.output[-1][economy.rows(sector.id)]
        routing = sector.routing(problem.year, np.array([[solution.values[name]] for name in names]))
        if routing:
            found[sector.id] = routing
    return found


def _quotas(problem: PlanningProblem, solution: Solution, economy: Economy) -> FloatArray | None:
    """Output that branches may make that use what a limit on output counts, in the years where it binds."""
    made = np.array([[solution.values[name] for name in names] for names in problem.output])
    quotas = np.full((made.shape[1], economy.years), np.inf)
    held = vector(problem, solution)
    for bound in problem.bounds:
        for row in bound.named_rows(problem.ground).values():
            if not row.output:
                continue
            parts = [slope * made[t - 1] for t, slope in row.output.items()]
            levers = np.concatenate([row.money, row.starts])
            parts += [levers * held] if levers.any() else []
            room = row.high - row.relax * solution.values[f"relax:{bound.id}"] - sum(map(np.sum, parts))
            if room < 1e-6 * max(1.0, *(np.abs(part).sum() for part in parts)):
                for t, slope in row.output.items():
                    quotas[slope > 0, t - 1] = made[t - 1, slope > 0]
    return quotas if np.isfinite(quotas).any() else None


PRICED = ("limit:", TOTAL_MONEY, "capacity:", "market:", "feed:", "named projects:")
"""Rows whose shadow prices mean something to a planner."""


def prices(
    problem: PlanningProblem,
    target: str,
    sign: float,
    optimum: Optimum,
    *,
    relax: bool,
    solver: str,
    within: Spans | None = None,
) -> dict[str, float]:
    """Shadow prices at an optimum: change of the indicator per unit of each row (starts held where they are).

    Only rows with a price other than zero are returned, in units of the indicator per unit of the row's
    right-hand side; ``total money`` is the price of investment with all that follows from it (a larger total
    also widens the room that is a share of it). ``within`` replaces the bounds that ``relax`` stands for.
    """
    if optimum.solution is None:
        return {}
    model = problem.compiled
    bounds = dict(within) if within is not None else problem.relaxed(relax)
    for name, binary in zip(model.names, model.binary, strict=True):
        if binary:
            bounds[name] = (round(optimum.solution.values[name]),) * 2
    solution = solve(model, Question({problem.goals[target]: sign}, bounds=bounds, integer=False), solver)
    if not solution.found:
        return {}
    dual = np.array([solution.duals[row] for row in model.row_names])
    worth = dict(zip(model.row_names, dual.tolist(), strict=True))
    money = [f"limit:{b.id}" for b in problem.bounds if b.sets_total]
    column = model.matrix.column(model.at[EXTRA])
    worth[TOTAL_MONEY] = -float(
        sum(
            price * weight
            for price, weight, row in zip(dual, column, model.row_names, strict=True)
            if row not in money
        )
    )
    return {
        row: sign * price
        for row, price in worth.items()
        if abs(price) > 1e-9 and row not in money and row.startswith(PRICED)
    }
