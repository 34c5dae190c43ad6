"""A question to a solver, and its answer checked: in the same words whichever it was."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

import numpy as np

from ..models.errors import Said, SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
from .arrays import Arrays
from .model import Compiled, Question
from .names import SOLVERS as NAMES
from .solution import Method, Mixed, Solution, Solver, Status
from .stumbles import stumbled

TOLERANCE = 1e-6
"""Violation, relative to the size of a row, above which a returned point is refused."""

LOOSELY = 1e-5
"""The same of the point of a choice of projects: its whole numbers are rounded, and then checked exactly."""

WHOLE = 1e-4
"""Distance of a binary from 0 or 1 above which a returned point is refused (GLPK itself allows 1e-5)."""

KEEN = 1e3
"""The largest coefficient of an objective as solvers are asked, at least."""


SOLVERS: dict[str, Solver] = {name: import_module(f".{name}", __package__).SOLVER for name in NAMES}
"""Every solver we know, the preferred one first."""


class Name(str):
    """Name of the solver that is asked first; ``others`` are asked, in their order, where it fails."""

    others: tuple[str, ...] = ()


_Found = TypeVar("_Found")


def on_the_road(solver: str, methods: Callable[[str], Iterator[Callable[[], _Found]]]) -> _Found:
    """The first answer that holds: of a solver's methods one after the other, then of the other solvers'
    where any may answer (``auto``). Every question to a solver goes this way.

    Parameters
    ----------
    methods
        What a solver can do for the question, the usual first; each raises a :class:`SolverError` where it
        fails or where what it returns does not hold.

    Raises
    ------
    SolverError
        Where nobody answers; what the first said comes first.
    """
    first = chosen(solver)
    failed: dict[str, Said] = {}
    for name in (first, *first.others):
        for method in methods(name):
            try:
                found = method()
            except SolverError as error:
                failed.setdefault(name, error.said)
            else:
                if failed and name not in failed:
                    stumbled(first, name, next(iter(failed.values())))
                return found
    said, *more = failed.values() or [msg("{solver} has no answer to such a question", solver=first)]
    for each in more:
        said = msg("{said}; {more}", said=said, more=each)
    rest = [
        name for name, known in SOLVERS.items() if name not in (first, *first.others) and known.available()
    ]
    raise SolverError(msg("{said}; try --solver {other}", said=said, other=rest[0]) if rest else said)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever a library throws: the user is told which solver failed, and how."""
    try:
        yield
    except SolverError:
        raise
    except Exception as error:
        lines = str(error).splitlines() or [""]
        raise SolverError(
            msg("{name} failed: {kind}: {said}", name=name, kind=type(error).__name__, said=lines[0])
        ) from error


def solve(model: Compiled, question: Question, solver: str = "auto") -> Solution:
    """Ask a model one question.

    Returns
    -------
    A solution whose point satisfies every constraint by our own arithmetic; without a point, its status:
    infeasible, unbounded or out of time.

    Raises
    ------
    SolverError
        Where the solver is missing, or, by every method of every solver that may answer, crashes, gives up,
        or returns a point that does not hold.
    """
    low, high = model.column_bounds(question)
    model.cost(question)  # refuses what is not a number
    if question.integer:  # GLPK refuses a whole number with a broken bound
        low, high = (
            np.where(model.binary, np.ceil(low - 1e-9), low),
            np.where(model.binary, np.floor(high + 1e-9), high),
        )
    rows = model.row_bounds(question)
    if model.impossible or np.any(low > high + 1e-9) or np.any(rows[0] > rows[1] + 1e-9):
        chosen(solver)
        return _without(Status.INFEASIBLE)
    high = np.maximum(low, high)

    def methods(name: str) -> Iterator[Callable[[], Solution]]:
        for answer in (SOLVERS[name].answer, *SOLVERS[name].again):
            yield partial(_answered, model, question, low, high, name, answer)

    return on_the_road(solver, methods)


def _answered(
    model: Compiled, question: Question, low: FloatArray, high: FloatArray, name: str, answer: Method
) -> Solution:
    """The answer of one method, checked.

    Solvers take a gain of less than 1e-7 a unit for none (their tolerance of reduced costs, in units of the
    objective): they are asked with the objective ``keen`` times as large.
    """
    largest = max(map(abs, question.objective.values()), default=0.0)
    keen = min(max(1.0, KEEN / largest), KEEN**2) if largest else 1.0
    asked = replace(question, objective={key: keen * cost for key, cost in question.objective.items()})
    with _told(name):
        status, point, duals = answer(model, asked, low, high)
        duals = {key: value / keen for key, value in duals.items()}
        if status in (Status.UNBOUNDED, Status.FAILED):
            status = _settled(model, question, low, high, name, answer)
    if status is not Status.OPTIMAL:
        return _without(status)
    if point is None or not np.isfinite(point).all():
        raise SolverError(msg("{name} returned a point with values that are not numbers", name=name))
    if question.integer and model.fraction(point) > 1e-9:
        return _polished(model, question, point, name)
    broken = model.violation(point, low, high, model.row_bounds(question))
    if broken > TOLERANCE:
        raise _breaks(name, broken)
    objective = float(model.cost(question) @ point)
    return Solution(status, objective, dict(zip(model.names, point.tolist(), strict=True)), duals, broken)


def _breaks(name: str, broken: float) -> SolverError:
    return SolverError(
        msg("{name} returned a point that breaks a constraint by {broken:.2g}", name=name, broken=broken)
    )


def _without(status: Status) -> Solution:
    return Solution(status, math.nan, {}, {})


def _settled(
    model: Compiled, question: Question, low: FloatArray, high: FloatArray, name: str, answer: Method
) -> Status:
    """What "unbounded or infeasible", or no word at all, stands for: is there a point, and is there a way
    out?

    Raises
    ------
    SolverError
        Where there is a point and no way out: the solver gave up on a problem that has an optimum.
    """
    anywhere = replace(question, objective={})
    status, _, _ = answer(model, anywhere, low, high)
    if status is Status.OPTIMAL:
        cone = model.rays(low, high, model.row_bounds(question))
        away, point, _ = answer(
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


def choose(
    solver: str, problem: Arrays, wrong: Callable[[FloatArray], str] = lambda _: "", **limits: Any
) -> Mixed:
    """A solver's answer to a mixed-integer problem in arrays, its point checked.

    ``wrong`` says what is wrong with a point in whole numbers besides; empty where nothing is.

    Raises
    ------
    SolverError
        Where no solver that may answer takes such a problem, or all fail.
    """

    until = time.perf_counter() + limits["time_limit"]

    def ask(name: str, take: Callable[..., Mixed]) -> Mixed:
        left = max(until - time.perf_counter(), 0.05)
        with _told(name):
            found = take(problem, **limits | {"time_limit": left})
        if found.point is None:
            return found
        off = problem.violation(found.point, whole=False) if np.isfinite(found.point).all() else np.inf
        if off > LOOSELY:
            raise _breaks(name, off)
        if not limits.get("relax") and (rule := wrong(found.point)):
            raise SolverError(msg("the choice of {solver} breaks a rule: {wrong}", solver=name, wrong=rule))
        return found

    def methods(name: str) -> Iterator[Callable[[], Mixed]]:
        if (take := SOLVERS[name].choose) is not None:
            yield partial(ask, name, take)

    return on_the_road(solver, methods)


def subset(model: Compiled, question: Question, solver: str) -> frozenset[str]:
    """Rows that cannot hold together, as the solver names them: a help, empty where it fails or has none."""
    known = SOLVERS[chosen(solver)].subset
    with suppress(SolverError):
        if known is not None:
            with _told(solver):
                return known(model, question, *model.column_bounds(question))
    return frozenset()


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
    found = solve(model, replace(question, bounds=bounds, integer=False), str(name))
    if not found.found:
        raise SolverError(msg("{name} returned starts for which the rest cannot hold", name=name))
    return replace(found, duals={})


def chosen(solver: str) -> Name:
    """Name of the solver to ask; ``auto`` is the first one installed, and the others where it fails.

    Raises
    ------
    SolverError
        Where it is unknown or not installed, with how to get it.
    """
    if isinstance(solver, Name):
        return solver
    if solver == "auto":
        there = [name for name, known in SOLVERS.items() if known.available()]
        if there:
            found = Name(there[0])
            found.others = tuple(there[1:])
            return found
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
    return Name(solver)
