"""What one more unit of each limit and of each fact of the economy is worth, and over which range
(影子价格及其有效范围)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.errors import SolverError
from ...models.limits import Bound
from ...models.target import Target, leading
from ...solvers.ask import PRICED
from ...solvers.conflict import facts_of
from ...solvers.model import Question
from ...solvers.problem import EXTRA, PlanningProblem
from ...solvers.ranging import PriceRange, Probe, worth
from ...solvers.solution import Solution
from ...solvers.solve import solve
from .assess import Assessor
from .reach import Goal, spans

SMALL = 1e-9
"""Prices below this are rounding."""

Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class ShadowPrice:
    """A limit (``limit:id``) or row of the problem that binds at the best value of a target.

    ``worth`` is in units of the target per unit of the limit or row.
    """

    target: Target
    best: float
    row: str
    worth: PriceRange


def prices_of(assessor: Assessor, goals: Sequence[Goal]) -> tuple[ShadowPrice, ...]:
    """Prices at the best value of each main goal, all goals being met, the starts of projects held where they
    are best."""
    problem, held = assessor.problem, spans(assessor, goals)
    known = [goal.target for goal in goals if goal.target.id in problem.goals]
    found: list[ShadowPrice] = []
    for target in leading(known):
        bounds = problem.relaxed(False) | {problem.goals[key]: span for key, span in held.items()}
        objective = {problem.goals[target.id]: target.sign}
        best = solve(problem.compiled, Question(objective, bounds=bounds), assessor.solver)
        if not best.found:
            continue
        model = problem.compiled
        bounds |= {
            name: (float(round(best.values[name])),) * 2
            for name, binary in zip(model.names, model.binary, strict=True)
            if binary
        }
        linear = solve(model, Question(objective, bounds=bounds, integer=False), assessor.solver)
        if not linear.found:
            continue
        for bound in problem.bounds:
            if not bound.of_starts:  # starts are yes or no: nothing is marginal
                probe = limit_probe(problem, bound, objective, bounds, assessor.solver)
                reach = (
                    float(problem.variables.money.sum()) / 2
                    if bound.sets_total
                    else max(1.0, abs(bound.most), bound.slack)
                )
                found += _priced(target, best.objective, f"limit:{bound.id}", worth(probe, reach, reach))
        for row in facts_of(problem):
            if abs(linear.duals[row]) > SMALL and row.startswith(PRICED):
                at = model.row_at[row]
                stated = model.row_high[at] if np.isfinite(model.row_high[at]) else model.row_low[at]
                reach = max(1.0, abs(float(stated)))
                found += _priced(
                    target,
                    best.objective,
                    row,
                    worth(row_probe(problem, row, objective, bounds, assessor.solver), reach, reach),
                )
    return tuple(found)


def _priced(target: Target, best: float, row: str, one: PriceRange) -> list[ShadowPrice]:
    """The price with the target's own sign; nothing where neither more nor less matters."""
    slopes = [target.sign * slope for slope in (one.more, one.less)]
    if not any(abs(slope) > SMALL for slope in slopes):
        return []
    return [ShadowPrice(target, target.sign * best, row, PriceRange(slopes[0], slopes[1], one.up, one.down))]


def limit_probe(
    problem: PlanningProblem, bound: Bound, objective: Mapping[str, float], bounds: Bounds, solver: str
) -> Probe:
    """The best objective when one limit gives by an amount (tightens by less than nothing), with its slope
    there.

    The slope is that of a variable held at a value: its cost less the prices of the rows it stands in.
    """
    model, name = problem.compiled, f"relax:{bound.id}"
    column = model.matrix.column(model.at[name])
    money = bound.sets_total

    def probe(by: float) -> tuple[float, float] | None:
        own = dict(bounds) | {name: (by, by)}
        if money:
            own[EXTRA] = (min(by, 0.0), np.inf)
        found = _within_reach(problem, Question(objective, bounds=own, integer=False), solver)
        if found is None:
            return None
        dual = np.array([found.duals[row] for row in model.row_names])
        return found.objective, -float(dual @ column)

    return probe


def row_probe(
    problem: PlanningProblem, row: str, objective: Mapping[str, float], bounds: Bounds, solver: str
) -> Probe:
    """The best objective when the right-hand side of a row is moved, with its price there."""
    model = problem.compiled
    low, high = float(model.row_low[model.row_at[row]]), float(model.row_high[model.row_at[row]])

    def probe(by: float) -> tuple[float, float] | None:
        moved = {row: (low + by, high + by)}
        found = _within_reach(problem, Question(objective, bounds=bounds, integer=False, rows=moved), solver)
        return None if found is None else (found.objective, found.duals[row])

    return probe


def _within_reach(problem: PlanningProblem, asked: Question, solver: str) -> Solution | None:
    """A point, or None where there is none, or none that holds by our own arithmetic.

    A hair before nothing is feasible, a solver's tolerance may let through what is not: there the range ends.
    """
    try:
        found = solve(problem.compiled, asked, solver)
    except SolverError:
        return None
    return found if found.found else None
