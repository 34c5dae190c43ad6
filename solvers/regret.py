"""One mix for several scenarios: the least that can be lost, in the worst of them, against knowing which one
comes (最小最大后悔)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.economy import Economy
from ..models.plan import Plan
from .alternatives import copied
from .ask import CLOSE, read_plan
from .model import Compiled, Question, Rows
from .problem import UNSPENT, PlanningProblem
from .solution import Solution, Status
from .solve import solve

MOST = "most regret"


@dataclass(frozen=True)
class RegretCase:
    """One scenario: its problem, its economy, the goal in it, and the best that its own best mix reaches.

    ``sign`` is +1 where more is better.
    """

    problem: PlanningProblem
    economy: Economy
    goal: str
    sign: float
    best: float


@dataclass(frozen=True)
class LeastRegret:
    """The plan in each scenario (one mix, one set of starts), and the regret promised; no plan without a
    point."""

    status: Status
    regret: float
    plans: tuple[Plan, ...]


def least_regret(cases: Sequence[RegretCase], solver: str) -> LeastRegret:
    """The mix and starts with the least greatest regret over scenarios; of several, the one with the least
    sum of regrets.

    .. math:: \\min_{w, y} \\max_k \\left( s f_k^* - s f_k(w T_k, y) \\right)

    with shares of sectors ``w`` (the same in all scenarios), the total ``T_k`` and the best value ``f_k^*``
    of each scenario, starts ``y`` the same for projects and dates that all scenarios allow (others start as
    stated), and every limit kept in every scenario. Source: Savage (1951), J. Am. Stat. Assoc. 46, 55; as one
    linear programme over copies of the problem, Kouvelis & Yu (1997).
    """
    rows = Rows()
    sectors = cases[0].economy.sector_ids
    for s in sectors:
        rows.variable(f"share:{s}", 0.0, 1.0)
    rows.variable(MOST)
    rows.row("shares", {f"share:{s}": 1.0 for s in sectors}, 1.0, 1.0)
    bounds: dict[str, tuple[float, float]] = {}
    starts = [
        {f"start:{c.project}:{c.shift:g}": c.shift for c in case.problem.variables.choices} for case in cases
    ]
    shared = set.intersection(*map(set, starts))
    # a project keeps its stated start where scenarios differ in the dates that they allow
    free = {
        p
        for p in {n.rsplit(":", 1)[0] for n in shared}
        if all({n for n in own if n.rsplit(":", 1)[0] == p} <= shared for own in starts)
    }
    for k, case in enumerate(cases):
        head, total = f"{k}/", case.problem.ground.total
        copied(case.problem.compiled, into=rows, prefix=head)
        bounds |= {head + name: span for name, span in case.problem.relaxed(False).items()}
        bounds[head + UNSPENT] = (0.0, 0.0)
        for s in sectors:
            rows.row(f"same:{k}:{s}", {f"{head}money:{s}": 1.0, f"share:{s}": -total}, 0.0, 0.0)
        for name, shift in starts[k].items():
            if name.rsplit(":", 1)[0] not in free:
                stated = float(shift == 0)
                bounds[head + name] = (stated, stated)
            elif k:
                rows.row(f"same:{k}:{name}", {head + name: 1.0, f"0/{name}": -1.0}, 0.0, 0.0)
        rows.row(
            f"regret:{k}",
            {MOST: 1.0, f"{head}{case.problem.goals[case.goal]}": case.sign},
            low=case.sign * case.best,
        )
    model = Compiled(rows)
    first = solve(model, Question({MOST: 1.0}, maximise=False, bounds=bounds), solver)
    if not first.found:
        return LeastRegret(first.status, np.nan, ())
    bounds[MOST] = (0.0, first.values[MOST] + CLOSE * max(1.0, first.values[MOST]))
    reward = {f"{k}/{case.problem.goals[case.goal]}": case.sign for k, case in enumerate(cases)}
    second = solve(model, Question(reward, bounds=bounds), solver)
    found = second if second.found else first
    plans = tuple(read_plan(case.problem, _own(found, f"{k}/"), case.economy) for k, case in enumerate(cases))
    return LeastRegret(Status.OPTIMAL, first.values[MOST], plans)


def _own(found: Solution, head: str) -> Solution:
    """The part of a solution that belongs to one scenario."""
    values: Mapping[str, float] = {
        name.removeprefix(head): value for name, value in found.values.items() if name.startswith(head)
    }
    return replace(found, values=values)
