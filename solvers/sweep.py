"""One linear problem, asked over and over with other right-hand sides or another objective: arrays in, arrays
out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
from . import highs
from .matrix import DENSE, IntArray
from .model import LARGEST, Compiled, Question
from .solution import Status
from .solve import TOLERANCE, chosen, solve


@dataclass(frozen=True)
class Swept:
    """Answers in the order of the questions.

    Attributes
    ----------
    status
        How each ended.
    objective
        Value of each optimum ``(K,)``, NaN without one.
    values
        The point of each ``(K, n)`` in the order of the model's variables, NaN without one.
    broken
        Greatest violation of any row or bound by any point, relative to its size, found by our own
        arithmetic.
    """

    status: tuple[Status, ...]
    objective: FloatArray
    values: FloatArray
    broken: float


def sweep(
    model: Compiled,
    base: Question,
    *,
    sides: Mapping[str, FloatArray] | None = None,
    costs: Mapping[str, FloatArray] | None = None,
    solver: str = "auto",
) -> Swept:
    """Ask a question K times, each time with other finite right-hand sides, or other coefficients of the
    objective.

    The model is compiled and handed over once; each question changes only what differs, and starts from the
    last
    basis. Binaries are relaxed. All points are checked against all rows and bounds at the end, at once.

    Parameters
    ----------
    base
        What all questions have in common.
    sides
        By row: the value of its finite side (of both where they are equal) in each question ``(K,)``.
    costs
        By variable: its coefficient in the objective of each question ``(K,)``.

    Raises
    ------
    SolverError
        For a number that no solver can use, for a row with two different finite sides, and where the solver
        fails or
        returns a point that does not hold.
    """
    sides, costs = sides or {}, costs or {}
    lengths = {len(values) for values in (*sides.values(), *costs.values())}
    if len(lengths) != 1:
        raise ValueError(f"a sweep needs as many values of each row and variable, found {sorted(lengths)}")
    count = lengths.pop()
    question = replace(base, integer=False)
    low, high = model.column_bounds(question)
    rows = np.array([model.row_at[name] for name in sides], dtype=np.int32)
    least, most = _sides(model, question, sides, count)
    cost = np.tile(model.cost(question), (count, 1))
    for name, values in costs.items():
        cost[:, model.at[name]] = values
        if not np.all(np.abs(values) < LARGEST):
            raise SolverError(
                msg(
                    "the objective has a coefficient of {name} that is not a number a solver can use",
                    name=name,
                )
            )
    if chosen(solver) == "highs" and not model.impossible and np.all(low <= high):
        columns = np.array([model.at[name] for name in costs], dtype=np.int32)
        step = highs.stepper(model, question, low, high, rows, columns)
        status, points = _stepped(step, least, most, cost[:, columns], len(model.names))
    else:
        status, points = _one_by_one(model, question, sides, least, most, costs, solver)
    found = np.array([each is Status.OPTIMAL for each in status], dtype=bool)
    objective = np.where(found, np.einsum("kn,kn->k", cost, np.nan_to_num(points)), np.nan)
    broken = violation(model, points[found], low, high, rows, least[found], most[found], question)
    if broken > TOLERANCE:
        raise SolverError(
            msg(
                "{solver} returned a point that breaks a constraint by {broken:.2g}",
                solver=chosen(solver),
                broken=broken,
            )
        )
    return Swept(tuple(status), objective, points, broken)


def _sides(
    model: Compiled, question: Question, sides: Mapping[str, FloatArray], count: int
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper bounds of the rows that are swept ``(K, R)``."""
    stated_low, stated_high = model.row_bounds(question)
    least, most = np.full((count, len(sides)), -np.inf), np.full((count, len(sides)), np.inf)
    for r, (name, values) in enumerate(sides.items()):
        low, high = float(stated_low[model.row_at[name]]), float(stated_high[model.row_at[name]])
        if np.isfinite(low) and np.isfinite(high) and low != high:
            raise SolverError(
                msg(
                    "constraint {name} has two sides, {low:g} and {high:g}: which one is swept?",
                    name=name,
                    low=low,
                    high=high,
                )
            )
        if not np.all(np.abs(values) < LARGEST):
            raise SolverError(
                msg("constraint {name} is given a side that is not a number a solver can use", name=name)
            )
        if np.isfinite(low):
            least[:, r] = values
        if np.isfinite(high):
            most[:, r] = values
    return least, most


def _stepped(
    step: Callable[[FloatArray, FloatArray, FloatArray], tuple[Status, FloatArray | None]],
    least: FloatArray,
    most: FloatArray,
    cost: FloatArray,
    size: int,
) -> tuple[list[Status], FloatArray]:
    """Every question to a solver that stays warm."""
    status, points = [], np.full((len(least), size), np.nan)
    for k in range(len(least)):
        ended, point = step(least[k], most[k], cost[k])
        status.append(ended)
        if point is not None:
            points[k] = point
    return status, points


def _one_by_one(
    model: Compiled,
    question: Question,
    sides: Mapping[str, FloatArray],
    least: FloatArray,
    most: FloatArray,
    costs: Mapping[str, FloatArray],
    solver: str,
) -> tuple[list[Status], FloatArray]:
    """Every question as any other."""
    status, points = [], np.full((len(least), len(model.names)), np.nan)
    for k in range(len(least)):
        rows = {name: (float(least[k, r]), float(most[k, r])) for r, name in enumerate(sides)}
        objective = {**question.objective, **{name: float(values[k]) for name, values in costs.items()}}
        found = solve(model, replace(question, objective=objective, rows={**question.rows, **rows}), solver)
        status.append(found.status)
        if found.found:
            points[k] = [found.values[name] for name in model.names]
    return status, points


def violation(
    model: Compiled,
    points: FloatArray,
    low: FloatArray,
    high: FloatArray,
    rows: IntArray,
    least: FloatArray,
    most: FloatArray,
    question: Question,
) -> float:
    """Greatest violation of rows (relative to their size) and bounds at points ``(K, n)``, the swept rows at
    their own sides."""
    if not len(points):
        return 0.0
    every_low, every_high = model.row_bounds(question)
    activity, size = _activity(model, points)
    lows, highs = np.tile(every_low, (len(points), 1)), np.tile(every_high, (len(points), 1))
    lows[:, rows], highs[:, rows] = least, most
    broken = np.maximum(lows - activity, activity - highs) / np.maximum(1.0, size)
    columns = np.maximum(low - points, points - high) / np.maximum(1.0, np.abs(points))
    return float(max(broken.max(initial=0.0), columns.max(initial=0.0)))


def _activity(model: Compiled, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Activity of every row at many points, and the sum of the sizes of its terms ``(K, m)``."""
    table = model.matrix
    if table.shape[0] * table.shape[1] <= DENSE:
        dense = table.dense()
        return points @ dense.T, np.abs(points) @ np.abs(dense).T
    found = [(table @ point, model.size @ np.abs(point)) for point in points]
    return np.array([one for one, _ in found]), np.array([other for _, other in found])
