"""Plans nearly as good as the best that differ from it, and from one another, as much as they can
(近优方案)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..models.economy import Economy
from ..models.quantity import FloatArray
from .ask import Optimum, Spans, closest
from .model import Compiled, Question, Rows
from .problem import PlanningProblem
from .solution import Status
from .solve import solve

SECONDS = 20.0
"""Longest search for one alternative."""


@dataclass(frozen=True)
class Alternative:
    """A near-optimal plan and its least distance to the ones before, money that change sector.

    ``proved`` says that no near-optimal plan is farther; False where the search was stopped by the clock.
    """

    optimum: Optimum
    distance: float
    proved: bool


def spread(problem: PlanningProblem, bounds: Spans, solver: str) -> FloatArray:
    """Least and most money of each sector among all plans within ``bounds`` ``(S, 2)``, in units of money."""
    found = []
    for name in problem.mix:
        ends = [
            solve(problem.compiled, Question({name: 1.0}, maximise=top, bounds=bounds), solver)
            for top in (False, True)
        ]
        found.append([end.values[name] if end.found else np.nan for end in ends])
    return np.array(found)


def alternatives(
    problem: PlanningProblem, bounds: Spans, first: FloatArray, economy: Economy, *, count: int, solver: str
) -> list[Alternative]:
    """Plans within ``bounds`` (near-optimal ones), each as far as can be from ``first`` and those before it.

    .. math:: \\max_{m} \\min_j \\tfrac12 \\sum_s |m_s - m_{js}|

    over money by sector ``m`` (of all years where it moves between them) of plans within the bounds and the
    mixes ``m_j`` found so far: half the sum of differences is the money that changes sector. The distance
    is convex, so that its greatest value needs a yes or no per sector and mix (which way it moves): a
    mixed-integer programme, solved to its end. Source: modelling to generate alternatives, Brill, Chang &
    Hopkins (1982), Manage. Sci. 28, 221; here with the greatest least distance.

    Parameters
    ----------
    first
        Money by sector of the plan to differ from ``(S,)``, in units of money.
    """
    ranges = spread(problem, bounds, solver)
    known, found = [first], []
    for _ in range(count):
        farthest, size = _farther(problem, ranges, known)
        step = solve(farthest, Question({"distance": 1.0}, bounds=bounds, time_limit=SECONDS), solver)
        proved = step.status is Status.OPTIMAL
        money, distance = None, 0.0
        if proved:
            money = np.array([step.values[name] for name in problem.mix])
            distance = step.values["distance"]
        else:
            money, distance = _corner(problem, bounds, known, solver)
        if money is None or distance <= 1e-6 * size:
            break
        held = {name: _near(value, size) for name, value in zip(problem.mix, money, strict=True)}
        optimum = closest(problem, {**bounds, **held}, economy, solver, distance)
        if optimum.plan is None:
            break
        found.append(Alternative(optimum, distance, proved))
        known.append(money)
    return found


def _near(value: float, size: float) -> tuple[float, float]:
    return value - 1e-6 * size, value + 1e-6 * size


def _farther(
    problem: PlanningProblem, ranges: FloatArray, known: Sequence[FloatArray]
) -> tuple[Compiled, float]:
    """The problem with its least distance to known mixes as a variable, and the size of money."""
    rows = copied(problem.compiled)
    # room for the distance; every difference is at most the two totals
    most = float(np.nansum(ranges[:, 1] - ranges[:, 0])) + float(sum(np.abs(m).sum() for m in known))
    rows.variable("distance", 0.0, most)
    for j, mix in enumerate(known):
        parts = {}
        for s, here, (low, high) in zip(problem.mix, mix, ranges, strict=True):
            up, down = max(0.0, high - here), max(0.0, here - low)
            if up + down <= 1e-9 * max(1.0, abs(here)):
                continue
            away, more = rows.variable(f"apart:{j}:{s}"), rows.variable(f"up:{j}:{s}", binary=True)
            # up: apart <= m - here; else apart <= here - m; each loosened by as much as the other way can
            # give
            rows.row(f"up:{j}:{s}", {away: 1.0, s: -1.0, more: 2 * down}, high=2 * down - here)
            rows.row(f"down:{j}:{s}", {away: 1.0, s: 1.0, more: -2 * up}, high=here)
            parts[away] = -0.5
        rows.row(f"least:{j}", {"distance": 1.0, **parts}, high=0.0)
    return Compiled(rows), float(max(1.0, np.abs(known[0]).sum()))


def copied(model: Compiled, *, without: str = "\0", into: Rows | None = None, prefix: str = "") -> Rows:
    """Variables and rows of a model, to be added to, under names that begin with ``prefix``.

    Rows whose name begins with ``without`` are left out; ``into`` takes the rest where it is given.
    """
    rows = Rows() if into is None else into
    for name, low, high, binary in zip(model.names, model.low, model.high, model.binary, strict=True):
        rows.variable(prefix + name, float(low), float(high), binary=bool(binary))
    table = model.matrix
    for i, name in enumerate(model.row_names):
        if name.startswith(without):
            continue
        part = slice(table.indptr[i], table.indptr[i + 1])
        terms = {
            prefix + model.names[j]: float(c)
            for j, c in zip(table.indices[part], table.data[part], strict=True)
        }
        rows.row(prefix + name, terms, float(model.row_low[i]), float(model.row_high[i]))
    return rows


def _corner(
    problem: PlanningProblem, bounds: Spans, known: Sequence[FloatArray], solver: str
) -> tuple[FloatArray | None, float]:
    """The farthest of the corners with most or least money in one sector: what there is when the clock has
    run out."""
    best: tuple[FloatArray | None, float] = (None, 0.0)
    for name in problem.mix:
        for top in (False, True):
            end = solve(problem.compiled, Question({name: 1.0}, maximise=top, bounds=bounds), solver)
            if not end.found:
                continue
            money = np.array([end.values[other] for other in problem.mix])
            distance = apart(money, known)
            if distance > best[1]:
                best = money, distance
    return best


def apart(money: FloatArray, known: Sequence[FloatArray]) -> float:
    """Least distance of a mix to others: money that would have to change sector, in units of money.

    >>> apart(np.array([1.0, 2.0]), [np.array([2.0, 1.0]), np.array([3.0, 0.0])])
    1.0
    """
    return min(float(np.abs(money - other).sum()) / 2 for other in known)
