"""HiGHS in process: the compiled arrays, warm from question to question."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import numpy as np

from ..models.errors import Said, SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
from .arrays import Arrays
from .model import Compiled, Question
from .solution import Answer, Mixed, Solver, Status

LEAST = "1.13"
"""The first version of highspy that changes bounds of many rows at once."""
UPGRADE = "pip install --upgrade highspy"

OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
    "small_matrix_value": 1e-12,
}
"""One thread and one seed for equal answers in every run; no gap, since another solver must find the same."""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep off standard output what HiGHS (from 1.16) says when it is made, before it can be told to be
    silent."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError, AttributeError):  # no standard output to protect
        yield
        return
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def available() -> bool:
    """Whether HiGHS can be used: installed, and its library can be loaded."""
    return importlib.util.find_spec("highspy") is not None and broken() is None


@cache
def broken() -> Said | None:
    """What hinders the use of HiGHS where it is installed."""
    try:
        import highspy
    except (Exception, SystemExit) as error:  # a library is missing, made for another processor, or no HiGHS
        reason = (str(error).splitlines() or [""])[0]
        return msg(
            "it is installed and cannot be imported: {kind}: {reason}",
            kind=type(error).__name__,
            reason=reason,
        )
    if not hasattr(getattr(highspy, "Highs", None), "changeRowsBounds"):
        return msg("its version is older than {least}: {command}", least=LEAST, command=UPGRADE)
    return None


def answer(
    model: Compiled, question: Question, low: FloatArray, high: FloatArray, way: int | None = None
) -> Answer:
    """HiGHS on the compiled arrays; ``way`` is one of :data:`WAYS`, from scratch.

    Binaries are relaxed first: where the linear optimum happens to be whole it is the optimum, at a tenth of
    the time.
    """
    whole = model.binary & question.integer
    if whole.any():
        status, point, _ = _run(model, question, low, high, np.zeros_like(whole), way)
        if status is Status.INFEASIBLE or (point is not None and model.fraction(point) < 1e-9):
            return status, point, {}
    return _run(model, question, low, high, whole, way)


WAYS: tuple[dict[str, str | int], ...] = (
    {},
    {"presolve": "off"},
    {"solver": "ipm"},
    {"simplex_strategy": 4},
    {"presolve": "off", "simplex_scale_strategy": 0},
)
"""Ways to ask anew, without what was learned before, where HiGHS ends without a word or with a point that
does not hold."""


def _run(
    model: Compiled, question: Question, low: FloatArray, high: FloatArray, whole: Any, way: int | None
) -> Answer:
    if way is None:
        engine = model.warm.get("highs") or _engine(model)
        model.warm["highs"] = engine
    else:  # what led astray is forgotten
        model.warm.pop("highs", None)
        engine = _engine(model)
        for option, value in WAYS[way].items():
            engine.setOptionValue(option, value)
    status = _asked(engine, model, question, low, high, whole)
    if status is not Status.OPTIMAL:
        # what it has learned from a problem without an optimum is no good start for the next one
        model.warm.pop("highs", None)
        return status, None, {}
    solution = engine.getSolution()
    duals = {} if whole.any() else dict(zip(model.row_names, map(float, solution.row_dual), strict=True))
    return status, np.array(solution.col_value, dtype=float), duals


def _asked(
    engine: Any, model: Compiled, question: Question, low: FloatArray, high: FloatArray, whole: Any
) -> Status:
    """How an engine ends that is asked a question."""
    import highspy

    count = len(model.names)
    columns = np.arange(count, dtype=np.int32)
    engine.setOptionValue("time_limit", engine.getRunTime() + question.time_limit)
    engine.changeColsBounds(count, columns, low, high)
    engine.changeColsCost(count, columns, model.cost(question))
    engine.changeObjectiveSense(
        highspy.ObjSense.kMaximize if question.maximise else highspy.ObjSense.kMinimize
    )
    kinds = np.where(whole, int(highspy.HighsVarType.kInteger), int(highspy.HighsVarType.kContinuous))
    engine.changeColsIntegrality(count, columns, kinds.astype(np.uint8))
    engine.changeRowsBounds(len(model.row_names), model.every_row, *model.row_bounds(question))
    engine.run()
    return status_of(engine)


def status_of(engine: Any) -> Status:
    """How HiGHS ended, in our words."""
    import highspy

    known = highspy.HighsModelStatus
    words = {
        known.kOptimal: Status.OPTIMAL,
        known.kInfeasible: Status.INFEASIBLE,
        known.kUnbounded: Status.UNBOUNDED,
        known.kUnboundedOrInfeasible: Status.UNBOUNDED,
        known.kTimeLimit: Status.TIME_LIMIT,
        known.kModelEmpty: Status.OPTIMAL,
    }
    return words.get(engine.getModelStatus(), Status.FAILED)


def _engine(model: Compiled) -> Any:
    free = np.zeros(len(model.names))
    return made(
        Arrays(free, model.low, model.high, free > 0, model.matrix, model.row_low, model.row_high),
        "the model",
    )


def made(problem: Arrays, what: str, relax: bool = False) -> Any:
    """HiGHS with a problem in it, its objective to be minimised; ``relax`` leaves whole numbers aside."""
    import highspy

    lp, matrix = highspy.HighsLp(), problem.matrix
    lp.num_col_, lp.num_row_ = len(problem.cost), len(problem.row_low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem.cost, problem.low, problem.high
    lp.row_lower_, lp.row_upper_ = problem.row_low, problem.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if problem.integer.any() and not relax:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(each)] for each in problem.integer]
    with quiet():
        engine = highspy.Highs()
    for option, value in OPTIONS.items():
        engine.setOptionValue(option, value)
    if engine.passModel(lp) == highspy.HighsStatus.kError:
        raise SolverError(msg("highs refuses {what}: a coefficient is too large or not a number", what=what))
    return engine


IRREDUCIBLE = 6
"""HiGHS' strategy: from the linear programme, then reduced until irreducible."""


def subset(model: Compiled, question: Question, low: FloatArray, high: FloatArray) -> frozenset[str]:
    """Rows of an infeasible subset that HiGHS finds, binaries relaxed; empty where it finds none."""
    import highspy

    engine = _engine(model)
    engine.setOptionValue("presolve", "off")
    engine.setOptionValue("iis_strategy", IRREDUCIBLE)
    columns = np.arange(len(model.names), dtype=np.int32)
    engine.changeColsBounds(len(model.names), columns, low, np.maximum(low, high))
    engine.changeRowsBounds(len(model.row_names), model.every_row, *model.row_bounds(question))
    engine.run()
    if engine.getModelStatus() != highspy.HighsModelStatus.kInfeasible or not hasattr(engine, "getIis"):
        return frozenset()
    found = engine.getIis()
    said, iis = found if isinstance(found, tuple) else (highspy.HighsStatus.kOk, found)
    if said == highspy.HighsStatus.kError or not iis.valid_:
        return frozenset()
    return frozenset(model.row_names[i] for i in iis.row_index_)


def mixed(
    problem: Arrays,
    *,
    time_limit: float,
    relax: bool = False,
    start: FloatArray | None = None,
    gap: float = 0.0,
) -> Mixed:
    """HiGHS on arrays: the best point found in time, and the bound that nothing exceeds.

    ``relax`` leaves whole numbers aside and gives reduced costs; ``start`` is a first point; the search ends
    at a relative ``gap``.
    """
    import highspy

    engine = made(problem, "the problem", relax)
    engine.changeObjectiveSense(highspy.ObjSense.kMaximize)
    engine.setOptionValue("time_limit", max(time_limit, 0.01))
    engine.setOptionValue("mip_rel_gap", gap)
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = start.tolist()
        engine.setSolution(first)
    engine.run()
    status, info = status_of(engine), engine.getInfo()
    solution = engine.getSolution()
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    point = np.array(solution.col_value, dtype=float) if found else None
    bound = (
        float(info.mip_dual_bound)
        if not relax
        else float(info.objective_function_value)
        if status is Status.OPTIMAL
        else np.inf
    )
    reduced = np.array(solution.col_dual, dtype=float) if relax and status is Status.OPTIMAL else None
    return Mixed(status, point, bound, reduced)


def _apart(problem: Arrays, **asked: Any) -> Mixed:
    from .highs_apart import mixed as in_its_own_process  # it imports this module

    return in_its_own_process(problem, **asked)


SOLVER = Solver(
    available,
    answer,
    msg(
        "HiGHS: pip install highspy, or conda install -c conda-forge highspy; "
        "HiGHS is not in apt, GLPK is: apt install glpk-utils, then --solver glpk."
    ),
    subset,
    _apart,
    tuple(partial(answer, way=way) for way in range(len(WAYS))),
    broken=broken,
)
