"""The best use of a process chain in one year: which process gets how much of each material (工艺链优化).

Processes are those of the simulation (:mod:`..models.flow`); with activity z and wish w of process k,
material m used
(u) and made (y), capacity L and market S:

.. math::
    z_k \\le w_k \\le L_k, \\qquad \\sum_{k \\in m} w_k - \\pi_m \\sum_j u_{mj} w_j \\le \\sum_{k \\in m} S_k, \\qquad
    \\sum_k u_{mk} z_k \\le \\sum_k y_{mk} z_k + b_m

with the makers k counted by a material m, their part :math:`\\pi_m` of what the chain uses of it, and b what
can be bought outside. With routing shares r held the last row is
:math:`u_{mk} z_k \\le r_{mk} (\\sum_j y_{mj} z_j + b_m)`, the second one a row for each maker; every feasible
z then lies below the simulation's, and equals it where each process is rewarded. Source: activity analysis
(Koopmans 1951).
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..models.flow import Flow
from ..models.quantity import FloatArray
from ..models.sector import Routing
from .model import Compiled, Question, Rows
from .solution import Solution, Status
from .solve import solve

CLOSE = 1e-9
"""Part of itself that the best value may lose when ties are broken towards what is made now."""

GOAL = "goal"


@dataclass(frozen=True)
class ChainYear:
    """A chain in one year, central case.

    Attributes
    ----------
    limit, market
        Capacity of each process ``(P,)`` and most that each can sell outside of what it is counted by
        ``(P,)``, infinite for any.
    routing
        Shares that the plan states; none for the scenario's own.
    """

    flow: Flow
    year: int
    limit: FloatArray
    market: FloatArray
    routing: Routing | None = None


@dataclass(frozen=True)
class Best:
    """Activity of every process ``(P,)`` at the best value, and what one more unit of each limit adds to it.

    ``prices`` maps ``capacity:process``, ``market:process`` and ``feed:material`` to value per unit.
    """

    status: Status
    value: float
    activity: FloatArray
    prices: Mapping[str, float]


def best_use(
    chain: ChainYear,
    worth: FloatArray,
    *,
    held: bool = False,
    near: FloatArray | None = None,
    solver: str = "auto",
    time_limit: float = 60.0,
) -> Best:
    """Activities that are worth most.

    Parameters
    ----------
    worth
        Value of a unit of activity of each process ``(P,)``.
    held
        Whether materials go where the plan's routing sends them; otherwise routing is free.
    near
        Activities that ties are broken towards ``(P,)``.

    Raises
    ------
    SolverError
        Where the solver is missing or fails.
    """
    names = chain.flow.processes
    compiled = Compiled(_rows(chain, worth, held, near))
    first = solve(compiled, Question({GOAL: 1.0}, time_limit=time_limit), solver)
    if not first.found:
        return Best(first.status, float("nan"), np.full(len(names), np.nan), {})
    last = first
    if near is not None:
        least = first.objective - CLOSE * max(1.0, abs(first.objective))
        away = {
            f"{side}:{name}": float(abs(worth[k])) or 1.0
            for k, name in enumerate(names)
            for side in ("more", "less")
        }
        closest = Question(away, maximise=False, bounds={GOAL: (least, np.inf)}, time_limit=time_limit)
        found = solve(compiled, closest, solver)
        last = found if found.found else first
    return Best(first.status, last.values[GOAL], _activity(chain.flow, last), _prices(first))


def _activity(flow: Flow, solution: Solution) -> FloatArray:
    return np.array([max(solution.values[f"make:{name}"], 0.0) for name in flow.processes])


def _prices(solution: Solution) -> dict[str, float]:
    heads = ("capacity:", "market:", "feed:")
    return {
        name: dual for name, dual in solution.duals.items() if name.startswith(heads) and abs(dual) > 1e-12
    }


def _rows(chain: ChainYear, worth: FloatArray, held: bool, near: FloatArray | None) -> Rows:
    flow, rows = chain.flow, Rows()
    used, made = flow.used(chain.year)[..., 0], flow.made(chain.year)[..., 0]
    makes = [rows.variable(f"make:{name}") for name in flow.processes]
    wishes = [rows.variable(f"wish:{name}") for name in flow.processes]
    rows.variable(GOAL, -np.inf)
    rows.row(
        GOAL, {GOAL: 1.0, **{name: -float(value) for name, value in zip(makes, worth, strict=True)}}, 0.0, 0.0
    )
    for k, name in enumerate(flow.processes):
        rows.row(f"capacity:{name}", {wishes[k]: 1.0}, high=float(chain.limit[k]))
        rows.row(f"wish:{name}", {makes[k]: 1.0, wishes[k]: -1.0}, high=0.0)
    _markets(rows, chain, wishes, held)
    share = flow.routed(chain.routing)[..., 0]
    for m, material in enumerate(flow.materials):
        if not flow.uses[m].any() or flow.endless[m]:
            continue
        most = float(flow.most[m, 0])
        from_here = {make: float(amount) for make, amount in zip(makes, made[m], strict=True) if amount > 0}
        if not held:
            net = {make: float(used[m, k] - made[m, k]) for k, make in enumerate(makes)}
            rows.row(f"feed:{material}", net, high=most)
            continue
        for k, name in enumerate(flow.processes):
            if used[m, k] > 0:
                part = float(share[m, k])
                taken = {make: -part * amount for make, amount in from_here.items()}
                rows.row(f"feed:{material}:{name}", {**taken, makes[k]: float(used[m, k])}, high=part * most)
    if near is not None:
        for k, name in enumerate(flow.processes):
            more, less = rows.variable(f"more:{name}"), rows.variable(f"less:{name}")
            rows.row(f"near:{name}", {makes[k]: 1.0, more: -1.0, less: 1.0}, float(near[k]), float(near[k]))
    return rows


def _markets(rows: Rows, chain: ChainYear, wishes: list[str], held: bool) -> None:
    """What is asked of the processes counted by each material: together, or of each where routing is held."""
    flow, used = chain.flow, chain.flow.used(chain.year)[..., 0]
    for m, makers in flow.counted.items():
        sales, part = float(chain.market[list(makers)].sum()), float(flow.part[list(makers), 0].sum())
        groups = [(makers, part, sales)]
        if held:
            groups = [((k,), *_asked(chain, m, k, part, sales)) for k in makers]
        for group, inside, outside in groups:
            if np.isfinite(outside):
                asked = {
                    wish: -inside * float(amount)
                    for wish, amount in zip(wishes, used[m], strict=True)
                    if amount > 0
                }
                wanted = {wishes[k]: 1.0 for k in group}
                rows.row(f"market:{flow.processes[group[0]]}", {**asked, **wanted}, high=max(outside, 0.0))


def _asked(chain: ChainYear, material: int, k: int, part: float, sales: float) -> tuple[float, float]:
    """What is asked of a process: its part of what the chain uses, and of sales outside."""
    flow = chain.flow
    share = (chain.routing or {}).get(flow.processes[k], {}).get(flow.materials[material])
    if share is None:
        return float(flow.part[k, 0]), float(chain.market[k])
    return share * part, share * sales
