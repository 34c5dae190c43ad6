"""What must be given up of one indicator for more of another: points of which none is better in all
(帕累托前沿)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.economy import Economy
from ..models.quantity import FloatArray
from .ask import Optimum, closest
from .model import Question
from .problem import APART, EXTRA, UNSPENT, PlanningProblem
from .solve import solve

HELD = 1e-6
"""Part of a criterion's range that an earlier objective may lose when a later one is improved."""


@dataclass(frozen=True)
class Criterion:
    """An indicator to be traded off: its variable in the problem, and +1 where more is better, -1 where less
    is.

    ``offset`` is what the variable lacks of the indicator itself (a limit's relaxation counts from the
    limit).
    """

    id: str
    variable: str
    sign: float
    offset: float = 0.0

    def span(self, least: float) -> tuple[float, float]:
        """Values of the variable at least as good as ``least``, a value of the indicator."""
        edge = least - self.offset
        return (edge, np.inf) if self.sign > 0 else (-np.inf, edge)


@dataclass(frozen=True)
class Point:
    """One point of a frontier: what the solver promises of each criterion, and the plan."""

    values: tuple[float, ...]
    optimum: Optimum


def of_limit(problem: PlanningProblem, key: str) -> Criterion:
    """Use of a limit as a criterion, the less the better: money of a source, energy, all investment, ..."""
    bound = next(b for b in problem.bounds if b.id == key)
    if bound.sets_total:
        return Criterion(f"limit:{key}", EXTRA, -1.0, problem.ground.total)
    return Criterion(f"limit:{key}", f"relax:{key}", -1.0, bound.most)


def room(
    problem: PlanningProblem, criteria: Sequence[Criterion], *, relax: bool
) -> dict[str, tuple[float, float]]:
    """Bounds of the problem in which the use of a limit that is a criterion may fall below the limit and be
    counted."""
    bounds = problem.relaxed(relax)
    money = {f"relax:{b.id}" if b.years else EXTRA: b.slack for b in problem.bounds if b.all_money}
    for one in criteria:
        if one.variable.startswith("relax:"):
            bounds[one.variable] = (-np.inf, bounds[one.variable][1])
        if one.variable in money:
            # all money is counted: as much or as little as the limits on it leave
            most = max((b.slack for b in problem.bounds if b.sets_total), default=0.0) if relax else 0.0
            least = -float(problem.variables.money.sum())
            bounds |= {EXTRA: (least, most if one.variable == EXTRA else np.inf), UNSPENT: (0.0, 0.0)}
            bounds |= {APART: (0.0, np.inf)} if APART in problem.compiled.at else {}
    return bounds


def frontier(
    problem: PlanningProblem,
    criteria: Sequence[Criterion],
    economy: Economy,
    *,
    points: int,
    relax: bool,
    solver: str,
) -> list[Point]:
    """Efficient points of two or three criteria, spread evenly over the range of all but the first.

    .. math:: \\max f_1 \\quad \\text{so that} \\quad f_k \\ge \\varepsilon_k, \\; k > 1

    for every ``ε`` on a grid between the worst value that an efficient point has in the payoff table and the
    best. Each optimum is made efficient: with ``f_1`` held, the sum of the others in parts of their ranges is
    improved (the augmented ε-constraint method, there in one weighted step). A grid point that asks for less
    than an earlier optimum gave in the innermost criterion has the same optimum and is passed over; one
    beyond an infeasible grid point is infeasible too. Sources: Haimes, Lasdon & Wismer (1971); Mavrotas &
    Florios (2013), Appl. Math. Comput. 219, 9652.

    Returns
    -------
    Points with different values, none dominated by another; empty where no plan keeps the limits.
    """
    bounds = room(problem, criteria, relax=relax)
    table = payoff(problem, criteria, bounds, solver)
    if table is None:
        return []
    ideal = (table * _signs(criteria)).max(axis=0) * _signs(criteria)
    worst = (table * _signs(criteria)).min(axis=0) * _signs(criteria)
    ranges = np.maximum(np.abs(ideal - worst), 1e-9)
    found: list[Point] = []
    for values in _grid(problem, criteria, bounds, ranges, worst, ideal, points, solver):
        if any(np.all(np.abs(values - np.array(p.values)) <= 1e-4 * ranges) for p in found):
            continue
        held = dict(bounds)
        for one, value, width in zip(criteria, values, ranges, strict=True):
            held[one.variable] = _meet(held.get(one.variable), one.span(value - one.sign * HELD * width))
        optimum = closest(problem, held, economy, solver, float(values[0]))
        if optimum.plan is not None:
            found.append(Point(tuple(float(v) for v in values), optimum))
    values = np.array([p.values for p in found]).reshape(len(found), len(criteria))
    return [found[i] for i in undominated(values, _signs(criteria), 1e-4 * ranges)]


def beyond(
    problem: PlanningProblem,
    criteria: Sequence[Criterion],
    values: Sequence[float],
    economy: Economy,
    *,
    relax: bool,
    solver: str,
) -> Point | None:
    """The best of the first criterion where the others are at least as good as ``values``; None where no plan
    is, or nothing moves one."""
    if any(one.variable not in problem.compiled.at for one in criteria):
        return None
    first, held = criteria[0], room(problem, criteria, relax=relax)
    for one, value in zip(criteria[1:], values[1:], strict=True):
        held[one.variable] = _meet(
            held.get(one.variable), one.span(value - one.sign * HELD * max(1.0, abs(value)))
        )
    step = solve(problem.compiled, Question({first.variable: first.sign}, bounds=held), solver)
    if not step.found:
        return None
    best = float(_values(criteria, step.values)[0])
    held[first.variable] = _meet(
        held.get(first.variable), first.span(best - first.sign * HELD * max(1.0, abs(best)))
    )
    optimum = closest(problem, held, economy, solver, best)
    if optimum.plan is None or optimum.solution is None:
        return None
    return Point(tuple(_values(criteria, optimum.solution.values).tolist()), optimum)


def best_of(
    problem: PlanningProblem, one: Criterion, economy: Economy, *, relax: bool, solver: str
) -> Optimum:
    """The plan with the best value of one criterion, its ``objective``, closest to the plan."""
    held = room(problem, [one], relax=relax)
    step = solve(problem.compiled, Question({one.variable: one.sign}, bounds=held), solver)
    if not step.found:
        return Optimum(step.status, np.nan, {}, {}, None)
    best = step.values[one.variable] + one.offset
    edge = one.span(best - one.sign * HELD * max(1.0, abs(best)))
    return closest(
        problem, {**held, one.variable: _meet(held.get(one.variable), edge)}, economy, solver, best
    )


def undominated(values: FloatArray, signs: FloatArray, hair: FloatArray) -> list[int]:
    """Rows of ``values`` ``(n, k)`` that no other row beats: as good in all to a ``hair``, and better in one
    by more.

    >>> undominated(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0]]), np.array([1.0, 1.0]), np.array([1e-9, 1e-9]))
    [0, 1]
    """  # noqa: E501
    good = values * signs
    kept = []
    for i, own in enumerate(good):
        beaten = (good >= own - hair).all(axis=1) & (good > own + hair).any(axis=1)
        if not beaten.any():
            kept.append(i)
    return kept


def payoff(
    problem: PlanningProblem,
    criteria: Sequence[Criterion],
    bounds: dict[str, tuple[float, float]],
    solver: str,
) -> FloatArray | None:
    """The value of every criterion where each in turn is best and the others are as good as that allows ``(k,
    k)``."""
    rows = []
    for i in range(len(criteria)):
        order = [i, *[j for j in range(len(criteria)) if j != i]]
        held = dict(bounds)
        values = np.full(len(criteria), np.nan)
        for j in order:
            one = criteria[j]
            step = solve(problem.compiled, Question({one.variable: one.sign}, bounds=held), solver)
            if not step.found:
                return None
            values = _values(criteria, step.values)
            held[one.variable] = _meet(
                held.get(one.variable), one.span(values[j] - one.sign * 0.1 * HELD * max(1.0, abs(values[j])))
            )
        rows.append(values)
    return np.array(rows)


def _grid(
    problem: PlanningProblem,
    criteria: Sequence[Criterion],
    bounds: dict[str, tuple[float, float]],
    ranges: FloatArray,
    worst: FloatArray,
    ideal: FloatArray,
    points: int,
    solver: str,
) -> Iterator[FloatArray]:
    """Efficient values at every grid point of the criteria after the first."""
    steps = [np.linspace(worst[k], ideal[k], points) for k in range(1, len(criteria))]
    outer, inner = steps[:-1], steps[-1]
    last, sign = criteria[-1], criteria[-1].sign
    for fixed in itertools.product(*outer):
        reached = -np.inf
        for edge in inner:
            if sign * edge <= reached:
                continue
            held = dict(bounds)
            wanted = [*zip(criteria[1:-1], fixed, ranges[1:-1], strict=True), (last, edge, ranges[-1])]
            for one, least, width in wanted:
                held[one.variable] = _meet(held.get(one.variable), one.span(least - one.sign * HELD * width))
            values = _efficient(problem, criteria, held, ranges, solver)
            if values is None:
                break
            reached = sign * float(values[-1])
            yield values


def _efficient(
    problem: PlanningProblem,
    criteria: Sequence[Criterion],
    held: dict[str, tuple[float, float]],
    ranges: FloatArray,
    solver: str,
) -> FloatArray | None:
    """The best value of the first criterion, then the most of the others that it allows."""
    first = criteria[0]
    step = solve(problem.compiled, Question({first.variable: first.sign}, bounds=held), solver)
    if not step.found:
        return None
    best = _values(criteria, step.values)[0]
    held = held | {
        first.variable: _meet(held.get(first.variable), first.span(best - first.sign * HELD * ranges[0]))
    }
    others = {one.variable: one.sign / width for one, width in zip(criteria[1:], ranges[1:], strict=True)}
    step = solve(problem.compiled, Question(others, bounds=held), solver)
    return _values(criteria, step.values) if step.found else None


def _values(criteria: Sequence[Criterion], point: Mapping[str, float]) -> FloatArray:
    return np.array([point[one.variable] + one.offset for one in criteria])


def _signs(criteria: Sequence[Criterion]) -> FloatArray:
    return np.array([one.sign for one in criteria])


def _meet(old: tuple[float, float] | None, new: tuple[float, float]) -> tuple[float, float]:
    """Both bounds at once."""
    return new if old is None else (max(old[0], new[0]), min(old[1], new[1]))
