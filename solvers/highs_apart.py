"""HiGHS in a process of its own, which is stopped when time is up (see :mod:`.highs_worker`)."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
from . import highs, highs_worker
from .arrays import Arrays
from .highs_worker import BEST, BOUND, END, PROBLEM
from .program import Ran, run
from .solution import Mixed, Status

_ENDS = {"kOptimal": Status.OPTIMAL, "kInfeasible": Status.INFEASIBLE, "kTimeLimit": Status.TIME_LIMIT}


def mixed(
    problem: Arrays,
    *,
    time_limit: float,
    relax: bool = False,
    start: FloatArray | None = None,
    gap: float = 0.0,
) -> Mixed:
    """The best point found in time, and the bound that nothing exceeds; a relaxation is solved in this
    process.

    Raises
    ------
    SolverError
        Where the process crashes before any point was found.
    """
    if relax:
        return highs.mixed(problem, time_limit=time_limit, relax=True)
    until = time.perf_counter() + time_limit
    with tempfile.TemporaryDirectory(prefix="dabiao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        parts: dict[str, Any] = {} if start is None else {"start": start}
        np.savez(
            folder / PROBLEM,
            cost=problem.cost,
            low=problem.low,
            high=problem.high,
            row_low=problem.row_low,
            row_high=problem.row_high,
            indptr=problem.matrix.indptr,
            indices=problem.matrix.indices,
            data=problem.matrix.data,
            integer=problem.integer,
            **parts,
        )
        left = max(until - time.perf_counter(), 0.05)
        words = [sys.executable, highs_worker.__file__, name, f"{left:.3f}", f"{gap:.12g}"]
        paths = os.pathsep.join(
            [*(path for path in sys.path if path), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        ran = run(words, left, {**os.environ, "PYTHONPATH": paths})
        return _read(folder, ran)


def _read(folder: Path, ran: Ran) -> Mixed:
    ended = (folder / END).read_text(encoding="ascii") if (folder / END).is_file() else ""
    point = bound = None
    with suppress(OSError, ValueError):
        point = np.load(folder / BEST)
    with suppress(OSError, ValueError):
        bound = float(np.load(folder / BOUND)[0])
    if ran.code and point is None:
        raise SolverError(msg("highs failed: {said}", said=ran.told()))
    return Mixed(_ENDS.get(ended, Status.TIME_LIMIT), point, np.inf if bound is None else bound)
