"""The mix that is best for the end of the horizon, beside those that a planner named."""

from __future__ import annotations

from dataclasses import replace

from ..models.indicators import INDICATORS, Asked
from ..models.quantity import Text
from ..models.target import Target
from ..solvers.ask import most, spend
from ..solvers.problem import build
from .assess import Assessor, Run


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
    problem = build(
        economy, assessor.levers, assessor.bounds, assessor.sheet, [goal], assessor.plan.path, economy.years, assessor.year
    )
    if goal.id not in problem.goals:
        return None
    problem = spend(problem, assessor.solver)
    promise = most(problem, goal.id, 1.0, economy, relax=False, solver=assessor.solver)
    if promise.plan is None:
        return None
    last = economy.base_year + economy.years
    title = Text(zh=f"着眼{last}年的优化", en=f"Optimised for {last}")
    run = assessor.simulate(replace(promise.plan, id="horizon", title=title), whole=True)
    if run.path.gdp[-1, 0] <= assessor.plan.path.gdp[-1, 0]:
        return None
    return run, promise.goals[goal.id]
