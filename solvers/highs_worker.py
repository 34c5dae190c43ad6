"""HiGHS by itself, for a mixed-integer search that must end on time: run as a script beside the problem's
file.

HiGHS looks at the clock only between phases, some of which last longer than the whole limit; the caller stops
this process from outside and reads the best point that was written. Only numpy and highspy are imported here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

PROBLEM, BEST, BOUND, END = "problem.npz", "best.npy", "bound.npy", "end.txt"


def main(folder: Path, seconds: float, gap: float) -> None:
    """Search, writing down every better point and bound on the way."""
    import highspy
    import numpy as np

    given = np.load(folder / PROBLEM)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(given["cost"]), len(given["row_low"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = given["cost"], given["low"], given["high"]
    lp.row_lower_, lp.row_upper_ = given["row_low"], given["row_high"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        given["indptr"],
        given["indices"],
        given["data"],
    )
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(each)] for each in given["integer"]]
    lp.sense_ = highspy.ObjSense.kMaximize
    engine = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 1,
        "mip_abs_gap": 1e-9,
        "mip_rel_gap": gap,
        "time_limit": seconds,
    }
    for option, value in options.items():
        engine.setOptionValue(option, value)
    engine.passModel(lp)
    if "start" in given:
        first = highspy.HighsSolution()
        first.col_value = given["start"].tolist()
        engine.setSolution(first)

    def write(name: str, value: Any) -> None:
        np.save(folder / f"new-{name}", value)
        (folder / f"new-{name}").replace(folder / name)

    better, logged = (
        highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution,
        highspy.cb.HighsCallbackType.kCallbackMipLogging,
    )

    def heard(kind: Any, message: str, out: Any, into: Any, data: Any) -> None:
        if kind == better:
            write(BEST, np.array(out.mip_solution, dtype=float))
        if np.isfinite(out.mip_dual_bound):
            write(BOUND, np.array([float(out.mip_dual_bound)]))

    engine.setCallback(heard, None)
    for kind in (better, logged):
        engine.startCallback(kind)
    engine.run()
    info = engine.getInfo()
    if info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
        write(BEST, np.array(engine.getSolution().col_value, dtype=float))
    if np.isfinite(info.mip_dual_bound):
        write(BOUND, np.array([float(info.mip_dual_bound)]))
    (folder / END).write_text(engine.getModelStatus().name, encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
