"""Two solvers, one answer: statuses, optima, shadow prices, and what happens when a solver is missing or
mad."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from dabiao.models.errors import SolverError
from dabiao.solvers import glpk, highs
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.solution import Solver, Status
from dabiao.solvers.solve import SOLVERS, chosen, solve

INF = float("inf")
BOTH = ("highs", "glpk")
SAMPLE, WHOLE = 60, 320
"""Random problems in the quick run and in the slow one."""


def model(*rows, variables=("x", "y"), low=0.0, binary=()):
    made = Rows()
    for name in variables:
        made.variable(name, low)
    for name in binary:
        made.variable(name, 0, 1, binary=True)
    for number, (terms, least, most) in enumerate(rows):
        made.row(f"row {number}", terms, least, most)
    return Compiled(made)


CASES = {
    "optimal": (model(({"x": 1, "y": 2}, -INF, 4)), {"x": 1, "y": 1}, Status.OPTIMAL),
    "optimal, binaries": (model(({"x": 1, "b": 2}, -INF, 2.5), binary="b"), {"x": 1, "b": 3}, Status.OPTIMAL),
    "no row at all": (model(), {"x": -1}, Status.OPTIMAL),
    "no objective": (model(({"x": 1, "y": 1}, 1, 2)), {}, Status.OPTIMAL),
    "infeasible": (model(({"x": 1, "y": 1}, -INF, -1)), {"x": 1}, Status.INFEASIBLE),
    "infeasible, and no bound on the objective": (
        model(({"x": 1, "y": -1}, 2, INF), ({"x": 1, "y": -1}, -INF, 1)),
        {"x": 1, "y": 1},
        Status.INFEASIBLE,
    ),
    "infeasible in whole numbers alone": (
        model(({"b": 1}, 0.4, 0.6), binary="b"),
        {"b": 1},
        Status.INFEASIBLE,
    ),
    "infeasible in whole numbers, no bound": (
        model(({"b": 1}, 0.4, 0.6), binary="b"),
        {"x": 1},
        Status.INFEASIBLE,
    ),
    "a row without variables": (model(({"x": 0.0}, 1, INF)), {"x": -1}, Status.INFEASIBLE),
    "unbounded": (model(({"x": 1, "y": -1}, -INF, 1)), {"x": 1, "y": 1}, Status.UNBOUNDED),
    "unbounded, no row": (model(), {"x": 1}, Status.UNBOUNDED),
    "unbounded, two rows": (
        model(({"x": 1, "y": -1}, -INF, 1), ({"x": -2, "y": 1}, -INF, 3)),
        {"x": 1, "y": 1},
        Status.UNBOUNDED,
    ),
    "unbounded, free variables": (model(({"x": 1, "y": 1}, 1, 1), low=-INF), {"x": 1}, Status.UNBOUNDED),
    "unbounded, binaries": (
        model(({"x": 1, "y": -1, "b": 1}, -INF, 1), binary="b"),
        {"x": 1, "y": 1},
        Status.UNBOUNDED,
    ),
}


@pytest.mark.parametrize("solver", BOTH)
@pytest.mark.parametrize(
    ("least", "objective", "best"),
    [
        (1.0, {"x": 1e-8}, 3e-7),
        (1e-8, {"y": 1.0}, 3e-7),
        (1.0, {"x": -1e-8, "y": 1e-9}, 4e-9),
        (1.0, {"x": 0.0}, 0),
    ],
)
def test_a_gain_too_small_for_a_solvers_tolerance_is_found(
    solver: str, least: float, objective: dict[str, float], best: float
) -> None:
    """x is at most 30, y at most ``least`` times x and 4: a solver takes 1e-8 a unit for no gain at all."""
    rows = model(({"x": 1}, -INF, 30), ({"y": 1, "x": -least}, -INF, 0), ({"y": 1}, -INF, 4))
    if objective.get("x", 0.0) < 0:  # y costs nothing here
        rows = model(({"x": 1}, -INF, 30), ({"y": 1}, -INF, 4))
    assert solve(rows, Question(objective), solver).objective == pytest.approx(best, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("solver", BOTH)
@pytest.mark.parametrize("size", [1e-4, 0.02, 3.0, 5e3, 1e5])
def test_a_price_is_of_the_objective_as_it_was_asked(solver: str, size: float) -> None:
    """2 x + 3 y, times a size, with x + y up to 4 and y up to 1: prices 2 and 1, times the size."""
    rows = model(({"x": 1, "y": 1}, -INF, 4), ({"y": 1}, -INF, 1))
    found = solve(rows, Question({"x": 2 * size, "y": 3 * size}), solver)
    assert found.objective == pytest.approx(9 * size)
    assert found.duals["row 0"] == pytest.approx(2 * size) and found.duals["row 1"] == pytest.approx(size)


@pytest.mark.parametrize("solver", BOTH)
@pytest.mark.parametrize("case", CASES)
def test_an_end_has_the_same_word_whichever_solver(case, solver):
    built, objective, status = CASES[case]
    for _ in range(2):  # the second time from whatever the first has left behind
        assert solve(built, Question(objective), solver).status is status


@pytest.mark.parametrize("solver", BOTH)
def test_a_model_can_be_asked_again_after_any_end(solver):
    built = model(({"x": 1, "y": 1, "b": 1}, -INF, 4), binary="b")
    steps = [
        (Question({"x": 1, "y": 2, "b": 0.5}), 8.0),
        (Question({"x": 1}, bounds={"x": (5, 6)}), None),
        (Question({"x": 1, "y": 1}, maximise=False, bounds={"x": (1, 2)}), 1.0),
        (Question({"b": 1}), 1.0),
        (Question({"b": 1}, bounds={"b": (0, 0.3)}), 0.0),
        (Question({"b": 1}, bounds={"b": (0, 0.3)}, integer=False), 0.3),
        (Question({"x": 1, "y": 2, "b": 0.5}), 8.0),
    ]
    for question, expected in steps:
        found = solve(built, question, solver)
        assert found.status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL)
        if expected is not None:
            assert found.objective == pytest.approx(expected, abs=1e-9)


def knapsack(size=60):
    """A market split: whole numbers that no solver finds in a second."""
    rng = np.random.default_rng(3)
    rows = Rows()
    names = [rows.variable(f"b{i}", 0, 1, binary=True) for i in range(size)]
    slack = []
    for r in range(6):
        weight = rng.integers(1, 100, size).astype(float)
        slack += [rows.variable(f"over{r}"), rows.variable(f"under{r}")]
        rows.row(
            f"split {r}",
            {**dict(zip(names, weight, strict=True)), slack[-2]: -1, slack[-1]: 1},
            float(weight.sum() // 2),
            float(weight.sum() // 2),
        )
    return Compiled(rows), dict.fromkeys(slack, 1.0)


@pytest.mark.parametrize("solver", BOTH)
def test_time_runs_out_with_the_same_word(solver):
    built, objective = knapsack()
    assert (
        solve(built, Question(objective, maximise=False, time_limit=1.0), solver).status is Status.TIME_LIMIT
    )


def random_problem(seed):
    """A problem of any end: bounded or not, feasible or not, with and without binaries."""
    rng = np.random.default_rng(seed)
    columns, lines = int(rng.integers(2, 12)), int(rng.integers(1, 10))
    rows = Rows()
    for i in range(columns):
        kind = rng.random()
        if seed % 2 and kind < 0.4:
            rows.variable(f"v{i}", 0, 1, binary=True)
        elif kind < 0.75:
            rows.variable(f"v{i}", 0, INF if rng.random() < 0.5 else float(rng.integers(1, 20)))
        else:
            rows.variable(
                f"v{i}", -INF if rng.random() < 0.3 else -float(rng.integers(0, 9)), float(rng.integers(0, 9))
            )
    for r in range(lines):
        terms = {f"v{i}": float(rng.integers(-9, 10)) for i in range(columns) if rng.random() < 0.6}
        middle, width = float(rng.integers(-20, 40)), float(rng.integers(0, 20))
        low, high = [(-INF, middle), (middle - 40, INF), (middle - width, middle), (middle, middle)][
            int(rng.choice(4, p=[0.6, 0.2, 0.15, 0.05]))
        ]
        rows.row(f"r{r}", terms, low, high)
    objective = {f"v{i}": float(rng.integers(-9, 10)) for i in range(columns)}
    return Compiled(rows), Question(objective, maximise=bool(rng.random() < 0.5))


def agree(seeds):
    ends = dict.fromkeys(Status, 0)
    worst = 0.0
    for seed in seeds:
        built, question = random_problem(seed)
        one, other = (solve(built, question, solver) for solver in BOTH)
        assert one.status is other.status, seed
        ends[one.status] += 1
        if one.found:
            apart = abs(one.objective - other.objective) / max(1.0, abs(one.objective))
            assert apart < 1e-7, seed
            worst = max(worst, apart, one.broken, other.broken)
    return ends, worst


def test_random_problems_end_alike_and_at_the_same_value():
    ends, worst = agree(range(SAMPLE))
    assert ends[Status.OPTIMAL] > 15 and ends[Status.INFEASIBLE] > 5 and ends[Status.UNBOUNDED] > 5
    assert worst < 1e-9


@pytest.mark.slow
@pytest.mark.sample
def test_many_random_problems_end_alike_and_at_the_same_value():
    ends, worst = agree(range(SAMPLE, SAMPLE + WHOLE))
    print({end.value: count for end, count in ends.items()}, "worst difference", worst)
    assert ends[Status.OPTIMAL] > 100


@pytest.mark.parametrize("solver", BOTH)
def test_shadow_prices_prove_the_optimum(solver):
    """Strong duality and complementary slackness by our own arithmetic: no other solver is believed."""
    proved = 0
    for seed in range(0, 60, 2):
        built, question = random_problem(seed)
        found = solve(built, question, solver)
        if not found.found:
            continue
        sense = 1.0 if question.maximise else -1.0
        point = np.array(list(found.values.values()))
        dual = np.array([found.duals[name] for name in built.row_names])
        reduced = built.cost(question) - built.matrix.T @ dual
        worth = 0.0
        for value, low, high in [
            *zip(dual, built.row_low, built.row_high, strict=True),
            *zip(reduced, built.low, built.high, strict=True),
        ]:
            if abs(value) < 1e-9:
                continue
            end = high if sense * value > 0 else low
            assert np.isfinite(end), seed  # a price on a limit that is not there
            worth += value * end
        assert worth == pytest.approx(found.objective, rel=1e-7, abs=1e-7), seed
        activity = built.matrix @ point
        for value, made, low, high in zip(dual, activity, built.row_low, built.row_high, strict=True):
            assert abs(value) < 1e-7 or min(abs(made - low), abs(made - high)) < 1e-6, seed
        proved += 1
    assert proved > 10


@pytest.mark.parametrize("solver", BOTH)
@pytest.mark.parametrize("maximise", [True, False])
def test_a_shadow_price_is_the_change_of_the_objective_per_unit_of_the_limit(solver, maximise):
    def best(limit):
        rows = ({"x": 1, "y": 2}, -INF, limit), ({"x": 1, "y": 1}, 1, INF)
        return solve(model(*rows), Question({"x": 3, "y": 2}, maximise=maximise), solver)

    here = best(4)
    assert here.duals["row 0"] == pytest.approx(best(5).objective - here.objective)
    assert here.duals["row 1"] == pytest.approx(0.0 if maximise else 2.0)


@pytest.mark.parametrize("bad", [np.nan, INF, -INF, 1e30])
def test_no_solver_ever_sees_what_is_not_a_number(bad):
    with pytest.raises(SolverError, match="row 0"):
        model(({"x": bad, "y": 1}, 0, 1))
    with pytest.raises(SolverError, match="objective"):
        solve(CASES["optimal"][0], Question({"x": bad}), "highs")
    if bad != -INF:
        with pytest.raises(SolverError, match="row 0"):
            model(({"x": 1}, bad, INF))
        with pytest.raises(SolverError, match="variable x"):
            solve(CASES["optimal"][0], Question({"x": 1}, bounds={"x": (bad, INF)}), "highs")
        with pytest.raises(SolverError, match="variable z"):
            Rows().variable("z", bad)


def test_a_name_stands_for_one_thing():
    rows = Rows()
    rows.variable("x")
    rows.row("limit", {"x": 1.0}, high=1)
    with pytest.raises(ValueError, match="twice"):
        rows.variable("x")
    with pytest.raises(ValueError, match="twice"):
        rows.row("limit", {"x": 2.0}, high=1)


@pytest.mark.parametrize("solver", BOTH)
def test_a_missing_solver_tells_how_to_get_it(solver, monkeypatch):
    monkeypatch.setattr(highs.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(glpk.sys, "path", [])
    monkeypatch.setattr(glpk.sys, "prefix", "/nowhere")
    monkeypatch.setattr(glpk.shutil, "which", lambda name: None)
    for asked in (solver, "auto"):
        with pytest.raises(SolverError) as caught:
            solve(CASES["optimal"][0], Question({"x": 1}), asked)
        assert caught.value.exit_code == 3
        for word in ("pip install", "conda install -c conda-forge", "apt install"):
            assert word in str(caught.value)


def test_auto_falls_back_on_what_is_there(monkeypatch):
    assert chosen("auto") == "highs"
    monkeypatch.setitem(SOLVERS, "highs", Solver(lambda: False, highs.answer, ""))
    assert chosen("auto") == "glpk"
    with pytest.raises(SolverError, match="known: auto, highs, glpk"):
        chosen("cplex")


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("raise ImportError('libstdc++.so.6: version not found')", "be imported: ImportError: libstdc"),
        ("raise AttributeError('_core')", "be imported: AttributeError: _core"),
        ("class Highs: pass", "older than"),
    ],
)
def test_auto_leaves_aside_a_solver_that_cannot_be_loaded(module, why, monkeypatch, tmp_path):
    """HiGHS is installed, and a library that it needs is not, or it is too old."""
    (tmp_path / "highspy.py").write_text(module)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "highspy", raising=False)
    highs.broken.cache_clear()
    try:
        assert chosen("auto") == "glpk"
        with pytest.raises(SolverError, match=why):
            chosen("highs")
    finally:
        monkeypatch.undo()
        highs.broken.cache_clear()
    assert chosen("auto") == "highs"


def program(folder: Path, body: str) -> str:
    file = folder / "glpsol"
    file.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n")
    file.chmod(file.stat().st_mode | stat.S_IEXEC)
    return str(file)


VERSION = "if '--version' in sys.argv: print('GLPSOL--GLPK LP/MIP Solver 5.0'); sys.exit(0)"
MAD = {
    "exits with an error": f"{VERSION}\nprint('boom', file=sys.stderr); sys.exit(1)",
    "prints garbage": f"{VERSION}\nprint('\\u4e71\\u7801 garbage')",
    "writes garbage": (
        f"{VERSION}\nfor a in sys.argv:\n    if a.endswith(('.raw', '.glp')): open(a, 'w').write('c x\\ns"
        " bas ?')"
    ),
    "is no GLPK at all": "print('hello')",
    "kills itself": f"{VERSION}\nimport os; os.kill(os.getpid(), 9)",
}


@pytest.mark.parametrize("how", MAD)
def test_a_solver_gone_mad_is_an_error_in_one_line(how, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv(glpk.PLACE, program(tmp_path, MAD[how]))
    with pytest.raises(SolverError) as caught:
        solve(CASES["optimal"][0], Question({"x": 1}), "glpk")
    assert "\n" not in str(caught.value) and "glpk" in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_solver_that_never_ends_is_stopped(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv(glpk.PLACE, program(tmp_path, f"{VERSION}\ntime.sleep(60)"))
    found = solve(CASES["optimal"][0], Question({"x": 1}, time_limit=1.0), "glpk")
    assert found.status is Status.TIME_LIMIT and not found.values
    assert capfd.readouterr() == ("", "")


def test_a_program_that_is_stated_wrongly_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv(glpk.PLACE, str(tmp_path / "nothing"))
    with pytest.raises(SolverError, match=glpk.PLACE):
        chosen("glpk")


@pytest.mark.parametrize(
    "lie, words",
    [
        (lambda x: x + 1.0, "breaks a constraint"),
        (lambda x: x * np.nan, "not numbers"),
    ],
)
def test_a_point_is_checked_by_our_own_arithmetic(lie, words, monkeypatch):
    def liar(*args):
        status, point, duals = highs.answer(*args)
        return status, lie(point), duals

    monkeypatch.setitem(SOLVERS, "highs", Solver(lambda: True, liar, ""))
    with pytest.raises(SolverError, match=words):
        solve(CASES["optimal"][0], Question({"x": 1, "y": 1}), "highs")


@pytest.mark.parametrize("off, accepted", [(1e-5, True), (0.4, False)])
def test_a_start_is_taken_or_left(off, accepted, monkeypatch):
    built, objective, _ = CASES["optimal, binaries"]

    def vague(asked, question, low, high):
        status, point, duals = highs.answer(asked, question, low, high)
        if question.integer:
            point[asked.at["b"]] -= off
        return status, point, duals

    monkeypatch.setitem(SOLVERS, "highs", Solver(lambda: True, vague, ""))
    if accepted:
        assert solve(built, Question(objective), "highs").values["b"] == 1.0
    else:
        with pytest.raises(SolverError, match="neither taken nor left"):
            solve(built, Question(objective), "highs")


def test_a_program_that_pyomo_stops_for_time_ran_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*given: object, **named: object) -> None:
        raise subprocess.TimeoutExpired("glpsol", 1.0)

    monkeypatch.setattr(glpk, "_run", late)
    assert solve(CASES["optimal"][0], Question({"x": 1}), "glpk").status is Status.TIME_LIMIT


def test_glpk_leaves_nothing_behind_and_says_nothing(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environment, level = dict(os.environ), logging.getLogger("pyomo.core").level
    folder = sorted(Path.cwd().iterdir())
    for built, objective, _ in CASES.values():
        for solver in BOTH:
            solve(built, Question(objective), solver)
    assert list(tmp_path.iterdir()) == []
    assert sorted(Path.cwd().iterdir()) == folder
    assert dict(os.environ) == environment and logging.getLogger("pyomo.core").level == level
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("solver", BOTH)
def test_the_same_question_has_the_same_answer(solver):
    answers = []
    for _ in range(2):
        built, question = random_problem(7)
        first = solve(built, question, solver)
        solve(built, Question({"v0": 1.0}), solver)
        answers.append((first.values, solve(built, question, solver).objective))
    assert answers[0] == answers[1]
