"""GLPK on arrays: the problem goes through a file in MPS format, the answer comes back in GLPK's own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ..models.errors import SolverError, reason_of
from ..models.quantity import FloatArray
from ..models.words import msg
from .arrays import Arrays
from .glpk import failed, found_libraries, glpsol
from .program import run
from .solution import Mixed, Status

_ENDS = {("bas", "f", "f"): Status.OPTIMAL, ("mip", "o"): Status.OPTIMAL, ("mip", "n"): Status.INFEASIBLE}


def mixed(
    problem: Arrays,
    *,
    time_limit: float,
    relax: bool = False,
    start: FloatArray | None = None,
    gap: float = 0.0,
) -> Mixed:
    """GLPK on arrays: the best point found in time; the bound is proven only where it ends by itself.

    ``start`` is not used: the program takes none. It counts whole seconds, so that it is stopped from
    outside.

    Raises
    ------
    SolverError
        Where the program is missing or cannot be run.
    """
    program = glpsol()
    if program is None:
        raise SolverError(msg("glpk is not installed"))
    with tempfile.TemporaryDirectory(prefix="dabiao-") as folder:
        model, answer = Path(folder) / "model.mps", Path(folder) / "answer.txt"
        model.write_text(mps(problem, relax), encoding="ascii")
        words = [
            program,
            "--freemps",
            str(model),
            "--max",
            "-w",
            str(answer),
            "--tmlim",
            str(max(int(time_limit - 0.3), 1)),
        ]
        words += ["--nomip"] if relax else ["--mipgap", f"{gap:.12g}"]
        try:
            with found_libraries(program):
                ran = run(words, max(time_limit, 0.1))
        except OSError as error:
            raise failed(program, reason_of(error)) from error
        if ran.code is None:
            return Mixed(Status.TIME_LIMIT, None, np.inf)
        if ran.code or not answer.is_file():
            raise failed(program, ran.told())
        return _read(answer.read_text(encoding="ascii"), ran.said, problem, relax)


def mps(problem: Arrays, relax: bool) -> str:
    """The problem in free MPS format, its objective to be maximised by the caller."""
    lines = ["NAME dabiao", "ROWS", " N c"]
    low, high = problem.row_low, problem.row_high
    kinds = np.where(low == high, "E", np.where(np.isfinite(high), "L", np.where(np.isfinite(low), "G", "N")))
    lines += [f" {kind} r{i}" for i, kind in enumerate(kinds)]
    lines.append("COLUMNS")
    table = problem.matrix.T
    whole = problem.integer & (not relax)
    marked = False
    for j in range(len(problem.cost)):
        if whole[j] != marked:
            marked = bool(whole[j])
            lines.append(f" M{j} 'MARKER' '{'INTORG' if marked else 'INTEND'}'")
        part = slice(table.indptr[j], table.indptr[j + 1])
        lines.append(f" x{j} c {float(problem.cost[j])!r}")
        lines += [
            f" x{j} r{i} {value!r}"
            for i, value in zip(table.indices[part].tolist(), table.data[part].tolist(), strict=True)
        ]
    if marked:
        lines.append(" MEND 'MARKER' 'INTEND'")
    lines.append("RHS")
    right = np.where(np.isfinite(high), high, np.where(np.isfinite(low), low, 0.0))
    lines += [f" b r{i} {value!r}" for i, value in enumerate(right.tolist()) if value != 0]
    both = np.flatnonzero(np.isfinite(low) & np.isfinite(high) & (low != high))
    if len(both):
        lines += ["RANGES", *(f" g r{i} {float(high[i] - low[i])!r}" for i in both)]
    lines.append("BOUNDS")
    for j, (least, most) in enumerate(zip(problem.low.tolist(), problem.high.tolist(), strict=True)):
        lines.append(
            f" {'LO' if np.isfinite(least) else 'MI'} d x{j}" + (f" {least!r}" if np.isfinite(least) else "")
        )
        lines.append(
            f" {'UP' if np.isfinite(most) else 'PL'} d x{j}" + (f" {most!r}" if np.isfinite(most) else "")
        )
    return "\n".join([*lines, "ENDATA", ""])


def _read(text: str, said: str, problem: Arrays, relax: bool) -> Mixed:
    """Status, point and bound out of the program's file."""
    point = np.zeros(len(problem.cost))
    reduced = np.zeros(len(problem.cost)) if relax else None
    ends: tuple[str, ...] = ()
    value = np.nan
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["s"]:
            ends, value = (words[1], *words[4:-1]), float(words[-1])
        elif words[:1] == ["j"] and relax:
            point[int(words[1]) - 1] = float(words[3])
            if reduced is not None:
                reduced[int(words[1]) - 1] = float(words[4])
        elif words[:1] == ["j"]:
            point[int(words[1]) - 1] = float(words[2])
    status = _ENDS.get(ends, Status.INFEASIBLE if _empty(said) else Status.TIME_LIMIT)
    if status is Status.INFEASIBLE:
        return Mixed(status, None, np.inf)
    there = status is Status.OPTIMAL or ends[-1:] == ("f",)
    done = status is Status.OPTIMAL
    return Mixed(status, point if there else None, value if done else np.inf, reduced if done else None)


def _empty(said: str) -> bool:
    return any(
        words in said
        for words in (
            "NO PRIMAL FEASIBLE SOLUTION",
            "HAS NO FEASIBLE SOLUTION",
            "NO INTEGER FEASIBLE SOLUTION",
        )
    )
