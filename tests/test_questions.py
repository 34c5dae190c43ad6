"""Asked over and over: a compiled model gives what a fresh one gives; solvers in trouble are told."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.models.errors import SolverError
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.solution import Solver, Status
from dabiao.solvers.solve import SOLVERS, solve

INF = float("inf")
BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])


def random_rows(seed, columns=5, lines=6):
    rng = np.random.default_rng(seed)
    rows = Rows()
    for i in range(columns):
        rows.variable(f"x{i}", 0, INF if i == 0 and seed % 3 == 0 else float(rng.integers(2, 12)))
    for r in range(lines):
        terms = {f"x{i}": float(rng.integers(-3, 8)) for i in range(columns)}
        low, high = [(-INF, 20.0), (2.0, INF), (5.0, 5.0)][int(rng.choice(3, p=[0.6, 0.25, 0.15]))]
        rows.row(f"r{r}", terms, low, high)
    return rows, {f"x{i}": float(rng.integers(-4, 9)) for i in range(columns)}


def again(rows, sides):
    """A fresh model with other right-hand sides."""
    made = Rows()
    for name, (low, high) in zip(rows.names, rows.bounds, strict=True):
        made.variable(name, low, high)
    for name, columns, coefficients, low, high in rows.rows:
        side = sides.get(name)
        made.row(
            name,
            {rows.names[j]: c for j, c in zip(columns, coefficients, strict=True)},
            low if side is None or np.isinf(low) else side,
            high if side is None or np.isinf(high) else side,
        )
    return Compiled(made)


@BOTH
@pytest.mark.parametrize("seed", range(6))
def test_a_question_with_other_rows_is_a_model_with_other_rows(seed, solver):
    rows, cost = random_rows(seed)
    built, rng = Compiled(rows), np.random.default_rng(seed)
    for _ in range(6):
        sides = {name: float(rng.uniform(-2, 40)) for name in built.row_names if rng.random() < 0.5}
        asked = {}
        for name, side in sides.items():
            at = built.row_at[name]
            asked[name] = (
                side if np.isfinite(built.row_low[at]) else -INF,
                side if np.isfinite(built.row_high[at]) else INF,
            )
        one, other = (
            solve(built, Question(cost, rows=asked), solver),
            solve(again(rows, sides), Question(cost), solver),
        )
        assert one.status is other.status
        if one.found:
            assert one.objective == pytest.approx(other.objective, rel=1e-7, abs=1e-7)
            assert one.broken < 1e-6


@BOTH
def test_a_row_taken_away_and_put_back(solver):
    rows = Rows()
    rows.variable("x", 0, 10)
    rows.row("cap", {"x": 1.0}, high=3)
    built = Compiled(rows)
    for bounds, value in (((-INF, INF), 10), (None, 3), ((2, 2), 2), ((-INF, 5), 5), (None, 3)):
        found = solve(built, Question({"x": 1.0}, rows={} if bounds is None else {"cap": bounds}), solver)
        assert found.objective == pytest.approx(value)
    assert solve(built, Question({"x": 1.0}, rows={"cap": (5, 4)}), solver).status is Status.INFEASIBLE


# --- solvers in trouble
# ------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("error", [RuntimeError("boom\nmore"), MemoryError(), ZeroDivisionError("x")])
def test_a_solver_that_throws_is_one_line(solver, error, monkeypatch):
    def thrown(*args):
        raise error

    monkeypatch.setitem(SOLVERS, solver, Solver(lambda: True, thrown, ""))
    with pytest.raises(SolverError, match=f"{solver} failed: {type(error).__name__}") as caught:
        solve(Compiled(random_rows(1)[0]), Question({"x0": 1.0}), solver)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 3


@BOTH
@pytest.mark.parametrize("seed", range(12))
def test_a_badly_scaled_problem_is_solved_right_or_refused(seed, solver):
    """Coefficients over sixteen orders of size: an optimum that is claimed holds by exact arithmetic, or none
    is claimed."""
    from fractions import Fraction

    rng = np.random.default_rng(seed)
    rows = Rows()
    for i in range(4):
        rows.variable(f"x{i}", 0, 10.0 ** int(rng.integers(-4, 6)))
    for r in range(4):
        rows.row(
            f"r{r}",
            {f"x{i}": float(rng.normal()) * 10.0 ** int(rng.integers(-8, 9)) for i in range(4)},
            high=float(rng.uniform(0, 10)),
        )
    built = Compiled(rows)
    try:
        found = solve(built, Question({f"x{i}": 1.0 for i in range(4)}), solver)
    except SolverError:
        return
    assert found.status is Status.OPTIMAL  # zero is feasible and every variable is bounded
    for _, columns, coefficients, _, high in rows.rows:
        exact = [
            Fraction(c) * Fraction(found.values[rows.names[j]])
            for j, c in zip(columns, coefficients, strict=True)
        ]
        assert float(sum(exact) - Fraction(high)) <= 2e-6 * max(1.0, float(sum(map(abs, exact))))
