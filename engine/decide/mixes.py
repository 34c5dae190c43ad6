"""The mix that is best for the end of the horizon, beside those that a planner named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...models.indicators import INDICATORS, Asked
from ...models.quantity import FloatArray
from ...models.sector import Routing
from ...models.target import Target
from ...models.words import msg
from ...solvers.ask import most, spend, vector
from ...solvers.problem import build
from .assess import Assessor, Run
from .reach import NEAR, PASSES


@dataclass(frozen=True)
class Later:
    """A plan for a later year: the value that the solver promised and the value that the simulation gives."""

    run: Run
    optimum: float
    value: float


def best_later(assessor: Assessor, goal: Target, year: int) -> Later | None:
    """The allowed plan with the best simulated value of a target in a year (1, 2, ...) up to the last; None
    where no plan keeps the limits.

    Growth of a later year is a ratio of two outputs, and sales or capacity that the plan drives to zero
    answer to no lever there: both are first-order. So the problem is written around the plan, around the base
    year's mix (what comes on line is the normal), and around that mix with so much money that nothing ever
    comes on line short of the normal; and each time anew around the plan found, until the simulation keeps
    the promise to a hundredth of a printed digit (successive linear programming; Griffith & Stewart 1961,
    Management Science 7, 379). The best of what is found is no proof that nothing is better.
    """
    variables, prices = assessor.variables, assessor.economy.prices.investment[0]
    base, starts = variables.base, [variables.plan]
    grown = prices ** np.arange(1, variables.ratio.shape[1] + 1) / np.maximum(variables.ratio, 1e-3)
    ample = grown[:, variables.ratio.any(axis=0)].max()  # years that are over take no money
    for scale in (variables.money.sum() / base.sum(), ample):
        starts.append(variables.plan)
        starts[-1][: len(base)] = base * scale
    found = [one for one in (_around(assessor, goal, year, start) for start in starts) if one]
    return max(
        found, key=lambda one: goal.rounded(goal.sign * one.value), default=None
    )  # of plans alike the one found first


def _around(assessor: Assessor, goal: Target, year: int, point: FloatArray) -> Later | None:
    """The best plan found from a lever vector on, with the promise made around it where that is kept."""
    economy, variables, hair = assessor.economy, assessor.variables, NEAR * 10.0**-goal.digits
    best: Later | None = None
    routing: Mapping[str, Routing] = {}
    for _ in range(PASSES):
        path = economy.simulate(variables.realisation(point[:, None]), routing or None)
        problem = build(economy, variables, assessor.bounds, assessor.sheet, [goal], path, year, point)
        if goal.id not in problem.goals:
            break
        optimum = most(
            spend(problem, assessor.solver), goal.id, goal.sign, economy, relax=False, solver=assessor.solver
        )
        if optimum.plan is None or optimum.solution is None:
            break
        run = assessor.simulate(optimum.plan, whole=True)
        found = Later(run, optimum.goals[goal.id], float(assessor.sheet.value(goal, run.path, year)[0]))
        kept = abs(found.optimum - found.value) <= hair
        gain = goal.sign * (found.value - best.value) if best else np.inf
        if gain > hair or (kept and gain > -hair):
            best = found
        if kept:
            break
        point, routing = vector(problem, optimum.solution), optimum.plan.routing
    return best


def horizon_plan(assessor: Assessor) -> tuple[Run, float] | None:
    """The allowed plan with the largest GDP in the last year, simulated, and the promised GDP.

    Money and limits are those of the target year; the mix is held over the years. None where the simulation
    finds nothing better than the plan.
    """
    economy = assessor.economy
    known = INDICATORS["gdp_level"]
    goal = Target(
        "gdp_level", known.title, "gdp_level", "modelled", known.unit, known.digits, None, None, None, Asked()
    )
    found = best_later(assessor, goal, economy.years)
    if found is None or found.run.path.gdp[-1, 0] <= assessor.plan.path.gdp[-1, 0]:
        return None
    last = economy.base_year + economy.years
    title = msg("Optimised for {last}", last=last)
    plan = replace(found.run.plan, id="horizon", title=title)
    return replace(found.run, plan=plan), found.optimum
