"""The least investment that brings goals to given values, and the most that any investment could bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..models.economy import Economy
from .ask import CLOSE, Optimum, Spans, closest
from .model import Question
from .problem import EXTRA, UNSPENT, PlanningProblem
from .solve import solve

TURNS = 5
"""Times that the room of the mix is scaled to what is invested."""


def any_money(
    problem: PlanningProblem, *, relax: bool, lifted: Iterable[str] = ()
) -> dict[str, tuple[float, float]]:
    """Bounds under which the year's investment is free, from nothing to any amount.

    Limits on all investment are lifted, and those named in ``lifted``; the others stand, or with ``relax``
    may be relaxed to their end. Shares of the mix are of what is invested, cuts are from what the plan
    invests.
    """
    free = {b.id for b in problem.bounds if b.all_money} | set(lifted)
    bounds = problem.relaxed(relax) | {f"relax:{key}": (0.0, np.inf) for key in free}
    return bounds | {UNSPENT: (0.0, 0.0), EXTRA: (-float(problem.variables.money.sum()), np.inf)}


def least_money(
    problem: PlanningProblem,
    thresholds: Spans,
    economy: Economy,
    *,
    relax: bool,
    solver: str,
    lifted: Iterable[str] = (),
    keep: bool = False,
) -> Optimum:
    """The plan of least investment (with ``keep`` of the most, up to the plan's total), and least price of
    what is relaxed, that brings goals between the given bounds.

    .. math:: \\min \\sum_s m_s + \\sum_l price_l r_l \\quad \\text{so that} \\quad low_k \\le goal_k(m, y, x) \\le high_k

    over money by sector ``m``, starts ``y``, output ``x`` and relaxations ``r`` (all zero without ``relax``),
    within
    all limits but those on all investment. Of the plans with that cost it is the one closest to the stated
    mix.
    ``thresholds`` maps targets to (least, most) values.

    Returns
    -------
    A promise whose ``objective`` is the investment of the target year, in units of money.
    """  # noqa: E501
    bounds = any_money(problem, relax=relax, lifted=lifted)
    bounds |= {problem.goals[t]: span for t, span in thresholds.items()}
    priced = [b for b in problem.bounds if not b.all_money and b.slack > 0 and b.price > 0] if relax else []
    if keep:
        bounds[EXTRA] = (bounds[EXTRA][0], 0.0)
    cost = {EXTRA: -1.0 if keep else 1.0} | {f"relax:{b.id}": b.price for b in priced}
    first = solve(problem.compiled, Question(cost, maximise=False, bounds=bounds), solver)
    whole = problem.ground.total
    for _ in range(TURNS):
        if not first.found or first.values[EXTRA] >= 0:
            break
        # a point of the mix is of what is invested: where that is less than the plan's, less may be relaxed
        part = 1 + first.values[EXTRA] / whole
        caps = {f"relax:{b.id}": b.slack * part for b in problem.bounds if b.of_shares and b.slack > 0}
        if not relax or all(first.values[name] <= cap * (1 + 1e-9) for name, cap in caps.items()):
            break
        bounds |= {name: (0.0, cap) for name, cap in caps.items()}
        first = solve(problem.compiled, Question(cost, maximise=False, bounds=bounds), solver)
    if not first.found:
        return Optimum(first.status, np.nan, {}, {}, None)
    money = sum(first.values[f"money:{s}"] for s in economy.sector_ids)
    for name, weight in cost.items():
        (low, high), found = bounds[name], first.values[name]
        hair = CLOSE * max(1.0, money if name == EXTRA else found)
        bounds[name] = (low, min(high, found + hair)) if weight > 0 else (max(low, found - hair), high)
    return replace(closest(problem, bounds, economy, solver, money), spans=thresholds)


def most_with_any_money(
    problem: PlanningProblem, target: str, sign: float, economy: Economy, *, relax: bool, solver: str
) -> Optimum:
    """The plan with the best value of a goal whatever is invested, with the least investment that brings
    it."""
    goal = problem.goals[target]
    bounds = any_money(problem, relax=relax)
    first = solve(problem.compiled, Question({goal: sign}, bounds=bounds), solver)
    if not first.found:
        return Optimum(first.status, np.nan, {}, {}, None)
    held = first.values[goal] - sign * CLOSE * max(1.0, abs(first.values[goal]))
    span = (held, np.inf) if sign > 0 else (-np.inf, held)
    return least_money(problem, {target: span}, economy, relax=relax, solver=solver)


def least_lift(problem: PlanningProblem, thresholds: Spans, key: str, *, solver: str) -> float:
    """How far one limit must give, with any investment and the others relaxed to their end; infinite where it
    does not help."""
    bounds = any_money(problem, relax=True, lifted=[key])
    bounds |= {problem.goals[t]: span for t, span in thresholds.items()}
    name = f"relax:{key}"
    found = solve(problem.compiled, Question({name: 1.0}, maximise=False, bounds=bounds), solver)
    return found.values[name] if found.found else float("inf")
