"""A question to a solver, and its answer checked: in the same words whichever it was."""

from __future__ import annotations

import math
from dataclasses import replace
from importlib import import_module

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
from .model import Compiled, Question
from .names import SOLVERS as NAMES
from .solution import Solution, Solver, Status

TOLERANCE = 1e-6
"""Violation, relative to the size of a row, above which a returned point is refused."""

WHOLE = 1e-4
"""Distance of a binary from 0 or 1 above which a returned point is refused (GLPK itself allows 1e-5)."""


SOLVERS: dict[str, Solver] = {name: import_module(f".{name}", __package__).SOLVER for name in NAMES}
"""Every solver we know, the preferred one first."""


def solve(model: Compiled, question: Question, solver: str = "auto") -> Solution:
    """Ask a model one question.

    Returns
    -------
    A solution whose point satisfies every constraint by our own arithmetic; without a point, its status:
    infeasible, unbounded or out of time.

    Raises
    ------
    SolverError
        Where the solver is missing, crashes, gives up, or returns a point that does not hold.
    """
    name = chosen(solver)
    low, high = model.column_bounds(question)
    model.cost(question)  # refuses what is not a number
    if question.integer:  # GLPK refuses a whole number with a broken bound
        low, high = (
            np.where(model.binary, np.ceil(low - 1e-9), low),
            np.where(model.binary, np.floor(high + 1e-9), high),
        )
    rows = model.row_bounds(question)
    if model.impossible or np.any(low > high + 1e-9) or np.any(rows[0] > rows[1] + 1e-9):
        return _without(Status.INFEASIBLE)
    high = np.maximum(low, high)
    try:
        status, point, duals = SOLVERS[name].answer(model, question, low, high)
    except SolverError:
        raise
    except Exception as error:  # whatever a library throws: the user is told which solver failed, and how
        raise SolverError(
            msg(
                "{name} failed: {kind}: {said}",
                name=name,
                kind=type(error).__name__,
                said=str(error).splitlines()[0] if str(error) else "",
            )
        ) from error
    if status in (Status.UNBOUNDED, Status.FAILED):
        status = _settled(model, question, low, high, name)
    if status is not Status.OPTIMAL:
        return _without(status)
    if point is None or not np.isfinite(point).all():
        raise SolverError(msg("{name} returned a point with values that are not numbers", name=name))
    if question.integer and model.fraction(point) > 1e-9:
        return _polished(model, question, point, name)
    broken = model.violation(point, low, high, rows)
    if broken > TOLERANCE:
        raise SolverError(
            msg("{name} returned a point that breaks a constraint by {broken:.2g}", name=name, broken=broken)
        )
    objective = float(model.cost(question) @ point)
    return Solution(status, objective, dict(zip(model.names, point.tolist(), strict=True)), duals, broken)


def _without(status: Status) -> Solution:
    return Solution(status, math.nan, {}, {})


def _settled(model: Compiled, question: Question, low: FloatArray, high: FloatArray, name: str) -> Status:
    """What "unbounded or infeasible", or no word at all, stands for: is there a point, and is there a way
    out?

    Raises
    ------
    SolverError
        Where there is a point and no way out: the solver gave up on a problem that has an optimum.
    """
    anywhere = replace(question, objective={})
    status, _, _ = SOLVERS[name].answer(model, anywhere, low, high)
    if status is Status.OPTIMAL:
        cone = model.rays(low, high, model.row_bounds(question))
        away, point, _ = SOLVERS[name].answer(
            cone, replace(question, bounds={}, rows={}, integer=False), cone.low, cone.high
        )
        if away is Status.OPTIMAL and point is not None:
            cost = model.cost(question)
            gain = float(cost @ point) * (1 if question.maximise else -1)
            if gain > 1e-7 * max(1.0, float(np.abs(cost).max(initial=0.0))):
                return Status.UNBOUNDED
    elif status in (Status.INFEASIBLE, Status.TIME_LIMIT):
        return status
    raise SolverError(
        msg(
            "{name} stopped without an answer: the problem is badly scaled, or the solver is broken",
            name=name,
        )
    )


def _polished(model: Compiled, question: Question, point: FloatArray, name: str) -> Solution:
    """The same starts, exactly 0 or 1, and the best of the rest for them."""
    if model.fraction(point) > WHOLE:
        raise SolverError(
            msg(
                "{name} returned a start that is neither taken nor left ({off:.2g} off)",
                name=name,
                off=model.fraction(point),
            )
        )
    held = {
        name: (float(round(value)),) * 2
        for name, value, binary in zip(model.names, point, model.binary, strict=True)
        if binary
    }
    bounds = {**question.bounds, **{key: (a, b) for key, (a, b) in held.items()}}
    found = solve(model, replace(question, bounds=bounds, integer=False), name)
    if not found.found:
        raise SolverError(msg("{name} returned starts for which the rest cannot hold", name=name))
    return replace(found, duals={})


def chosen(solver: str) -> str:
    """Name of the solver to use; ``auto`` is the first one installed.

    Raises
    ------
    SolverError
        Where it is unknown or not installed, with how to get it.
    """
    if solver == "auto":
        for name, known in SOLVERS.items():
            if known.available():
                return name
        said = msg("no solver found.")
        for known in SOLVERS.values():
            said = msg("{said} {how}", said=said, how=known.how)
        raise SolverError(said)
    if solver not in SOLVERS:
        raise SolverError(
            msg("unknown solver `{solver}`; known: auto, {names}", solver=solver, names=", ".join(SOLVERS))
        )
    known = SOLVERS[solver]
    if not known.available():
        if (why := known.broken()) is not None:
            raise SolverError(
                msg("{solver} cannot be used: {why}. {how}", solver=solver, why=why, how=known.how)
            )
        raise SolverError(msg("{solver} is not installed. {how}", solver=solver, how=known.how))
    return solver
