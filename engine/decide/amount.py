"""How far the least amount of money moves with the draws that it is measured on (金额的抽样误差)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...solvers.ask import Optimum, Spans, cheapest
from .assess import Assessor, Fix, Run

BINDS = 1e-6
"""Part of itself by which a promised value may lie beyond what was asked and still be held there."""


def money_error(
    assessor: Assessor, optimum: Optimum | None, run: Run | None, ask: Callable[[Spans], Optimum]
) -> float | None:
    """Standard error of the investment of a least-cost plan; None where nothing was drawn, or no goal
    holds the plan where it is.

    By the delta method: levels q of the goals are measured on the futures, and what they lack is asked of the
    solver.

    .. math:: s^2 = \\frac1H \\sum_h \\Bigl(\\sum_k \\frac{\\partial m}{\\partial a_k} (q_{kh} - q_k)\\Bigr)^2

    over balanced halves h of the independent scramblings (:func:`.uncertainty.replicates.halves`), with the
    slope of money m in what is asked a_k of each goal that binds: the solver is asked again one standard
    error of its level up and down.

    Parameters
    ----------
    ask
        The solver's answer for spans of goals, as the plan was found.
    """
    if assessor.jury is None or optimum is None or run is None or not optimum.spans:
        return None
    off: float | np.ndarray = 0.0
    held = False
    for key, span in optimum.spans.items():
        edge = next((end for end in span if np.isfinite(end)), None)
        if (
            edge is None
            or key not in assessor.jury.targets
            or abs(optimum.goals[key] - edge) > BINDS * max(1.0, abs(edge))
        ):
            continue
        away = assessor.jury.halved(run.plan, key)
        slope = _slope(assessor, optimum.spans, key, float(np.sqrt(np.mean(away**2))), run, ask)
        if slope is not None:
            held, off = True, off + slope * away
    return float(np.sqrt(np.mean(np.square(off)))) if held else None


def _slope(
    assessor: Assessor, spans: Spans, key: str, step: float, found: Run, ask: Callable[[Spans], Optimum]
) -> float | None:
    """Money per unit more asked of one goal, over a step to both sides; to one where the other has no plan,
    None where none has."""
    if step <= 0:
        return 0.0
    low, high = spans[key]
    plans = {shift: ask({**spans, key: (low + shift, high + shift)}).plan for shift in (-step, step)}
    ends = {shift: assessor.money(plan) for shift, plan in plans.items() if plan is not None}
    if not ends:
        return None
    money = assessor.money(found.plan)
    down, up = min(0.0, *ends), max(0.0, *ends)
    return (ends.get(up, money) - ends.get(down, money)) / (up - down)


def measured(assessor: Assessor, fix: Fix | None) -> Fix | None:
    """A fix with the standard error of its money."""
    if fix is None or fix.optimum is None:
        return fix
    problem = assessor.near(fix.optimum)

    def ask(spans: Spans) -> Optimum:
        return cheapest(problem, spans, assessor.economy, relax=True, solver=assessor.solver)

    return replace(fix, error=money_error(assessor, fix.optimum, fix.run, ask))
