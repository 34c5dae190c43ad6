"""Trade-offs between indicators, each point simulated, and near-optimal plans that differ most
(权衡与近优方案)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...models.errors import DabiaoError
from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...models.target import Sheet
from ...models.words import msg
from ...scenarios.report import joined, meant
from ...solvers.alternatives import alternatives, spread
from ...solvers.frontier import (
    Criterion,
    Point,
    best_of,
    beyond,
    frontier,
    of_limit,
    room,
    undominated,
)
from .assess import Assessor, Run
from .reach import NEAR, PASSES

LIMIT = "limit:"
"""Before the id of a limit, where its use is the indicator."""

HAIR = 1e-4
"""Part of an indicator's range below which two points are one."""


@dataclass(frozen=True)
class Traded:
    """One point of the frontier: values promised and simulated of each indicator, and the plan."""

    promised: tuple[float, ...]
    values: tuple[float, ...]
    run: Run


@dataclass(frozen=True)
class Near:
    """A near-optimal plan, simulated: money that changes sector against the nearest of the plans before,
    units of money."""

    distance: float
    proved: bool
    values: tuple[float, ...]
    run: Run


@dataclass(frozen=True)
class Frontier:
    """What was found.

    Attributes
    ----------
    points
        From the best value of the first indicator downwards; none dominated, none twice, in simulated values.
    outside
        Points that the simulation showed to break a limit or to be dominated, and that were left out.
    best, nearby, ranges
        The plan with the best value of the first indicator, plans within ``near`` % of that value which
        differ most, and the least and most money of each sector among all such plans ``(S, 2)``.
    """

    criteria: tuple[Criterion, ...]
    points: tuple[Traded, ...]
    outside: int
    near: float
    best: Near | None
    nearby: tuple[Near, ...]
    ranges: FloatArray


def criteria_of(assessor: Assessor, names: Sequence[str]) -> tuple[Criterion, ...]:
    """Indicators by name: a target of the sheet, or ``limit:ID`` for the use of a limit (less is better).

    Raises
    ------
    DabiaoError
        For a name that is neither, with the nearest; for fewer than two, more than three or the same twice.
    """
    problem = assessor.problem
    targets = {t.id: t for t in assessor.targets if t.id in problem.goals}
    limits = {f"{LIMIT}{b.id}" for b in assessor.bounds if not b.of_starts}
    chosen = list(names) or [t.id for t in targets.values() if t.main][:2]
    if not names and len(chosen) < 2:
        chosen = list(targets)[:2]
    if not 2 <= len(chosen) <= 3 or len(set(chosen)) < len(chosen):
        raise DabiaoError(
            msg(
                "give two or three different indicators with --of; known: {names}",
                names=", ".join([*targets, *sorted(limits)]),
            )
        )
    found = []
    for name in chosen:
        if name in targets:
            found.append(Criterion(name, problem.goals[name], targets[name].sign))
        elif name in limits:
            found.append(of_limit(problem, name.removeprefix(LIMIT)))
        else:
            raise DabiaoError(
                joined(
                    msg(
                        "no indicator `{name}`; known: {names}",
                        name=name,
                        names=", ".join([*targets, *sorted(limits)]),
                    ),
                    meant(name, [*targets, *limits]),
                )
            )
    return tuple(found)


def value_of(assessor: Assessor, one: Criterion, run: Run) -> float:
    """Simulated value of an indicator."""
    if one.id.startswith(LIMIT):
        key = one.id.removeprefix(LIMIT)
        return next(use.used for use in assessor.uses(run) if use.bound.id == key)
    return assessor.value(assessor.sheet.targets[one.id], run)


def trade_off(
    assessor: Assessor,
    names: Sequence[str],
    *,
    points: int = 9,
    relax: bool = False,
    near: float = 2.0,
    count: int = 3,
) -> Frontier:
    """The frontier of two or three indicators, every point simulated, and alternatives near the best of the
    first.

    Parameters
    ----------
    points
        Values per indicator after the first.
    relax
        Whether limits may be relaxed to their end.
    near, count
        How many percent below its best value the first indicator may be for an alternative, and how many to
        look for.

    Raises
    ------
    DabiaoError
        For names that are no indicators.
    """
    criteria = criteria_of(assessor, names)
    promised = frontier(
        assessor.problem, criteria, assessor.economy, points=points, relax=relax, solver=assessor.solver
    )
    free = {b.id: b.slack if relax else 0.0 for b in assessor.bounds}
    traded, outside = [], 0
    for point in promised:
        one = _kept(assessor, criteria, point, relax)
        if not assessor.within(one.run, free):
            outside += 1
            continue
        traded.append(one)
    values = np.array([one.values for one in traded]).reshape(len(traded), len(criteria))
    signs = np.array([one.sign for one in criteria])
    hair = np.array([_alike(assessor, one) for one in criteria])
    if len(traded):
        hair = np.maximum(hair, HAIR * np.ptp(values, axis=0))
    kept = _distinct([traded[i] for i in undominated(values, signs, hair)], hair)
    kept.sort(key=lambda one: tuple(-signs * np.array(one.values)))
    outside += len(traded) - len(kept)
    best, nearby, ranges = _nearby(assessor, criteria, relax, near, count)
    return Frontier(criteria, tuple(kept), outside, near, best, nearby, ranges)


def _kept(assessor: Assessor, criteria: Sequence[Criterion], point: Point, relax: bool) -> Traded:
    """A point simulated; where the promise of an indicator is not kept, asked for anew around the plan found,
    the others held.

    The better in the first indicator of the plans tried counts.
    """
    first, digits = (
        criteria[0],
        {one.id: assessor.sheet.targets[one.id].digits for one in criteria if not one.id.startswith(LIMIT)},
    )
    best: Traded | None = None
    for _ in range(PASSES):
        assert point.optimum.plan is not None and point.optimum.solution is not None
        run = assessor.simulate(point.optimum.plan)
        found = Traded(point.values, tuple(value_of(assessor, one, run) for one in criteria), run)
        kept = all(
            abs(said - given) <= NEAR * 10.0 ** -digits[one.id]
            for one, said, given in zip(criteria, found.promised, found.values, strict=True)
            if one.id in digits
        )
        if best is None or kept or first.sign * (found.values[0] - best.values[0]) > 0:
            best = found
        problem = assessor.around(point.optimum) if not kept else None
        again = (
            beyond(problem, criteria, found.values, assessor.economy, relax=relax, solver=assessor.solver)
            if problem
            else None
        )
        if again is None:
            break
        point = again
    assert best is not None
    return best


def _alike(assessor: Assessor, one: Criterion) -> float:
    """By how much values of an indicator may differ and be the same: half the last digit that is shown."""
    return 0.5 * 10.0 ** -shown_digits(assessor.sheet, one)


def shown_digits(sheet: Sheet, one: Criterion) -> int:
    """Digits with which values of a frontier are shown: two more than the sheet's."""
    return 2 if one.id.startswith(LIMIT) else sheet.targets[one.id].digits + 2


def _distinct(points: Sequence[Traded], hair: FloatArray) -> list[Traded]:
    kept: list[Traded] = []
    for one in points:
        if not any(np.all(np.abs(np.array(one.values) - np.array(other.values)) <= hair) for other in kept):
            kept.append(one)
    return kept


def _nearby(
    assessor: Assessor, criteria: Sequence[Criterion], relax: bool, near: float, count: int
) -> tuple[Near | None, tuple[Near, ...], FloatArray]:
    """Plans within ``near`` % of the best value of the first indicator that differ most from it and one
    another."""
    solver, first = assessor.solver, criteria[0]
    targets = [] if first.id.startswith(LIMIT) else [assessor.sheet.targets[first.id]]
    top, run = assessor.until_kept(
        lambda problem: best_of(problem, first, assessor.economy, relax=relax, solver=solver), targets
    )
    nothing = np.full((len(assessor.economy.sector_ids), 2), np.nan)
    if run is None or top.solution is None or count < 1:
        return None, (), nothing
    problem = assessor.problem
    if any(assessor.first_order(target) for target in targets):
        problem = assessor.around(top)
        if first.variable not in problem.compiled.at:
            return None, (), nothing
    bounds, value = room(problem, [first], relax=relax), top.objective
    least = value - first.sign * near / 100 * abs(value)
    held = {**bounds, first.variable: first.span(least)}
    if first.variable in bounds:
        low, high = bounds[first.variable]
        held[first.variable] = (max(low, first.span(least)[0]), min(high, first.span(least)[1]))
    money = np.array([top.solution.values[name] for name in problem.mix])
    ranges = spread(problem, held, solver)
    found = alternatives(problem, held, money, assessor.economy, count=count, solver=solver)

    def simulated(plan: Plan, distance: float, proved: bool) -> Near:
        run = assessor.simulate(plan)
        return Near(distance, proved, tuple(value_of(assessor, one, run) for one in criteria), run)

    return (
        simulated(run.plan, 0.0, True),
        tuple(simulated(one.optimum.plan, one.distance, one.proved) for one in found if one.optimum.plan),
        ranges,
    )
