"""Asked over and over: a sweep and a persistent Pyomo model give what each question by itself gives."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest
from dabiao.models.errors import SolverError
from dabiao.scenarios.load import load_example
from dabiao.solvers import highs
from dabiao.solvers import solve as solving
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.persistent import Persistent
from dabiao.solvers.solution import Status
from dabiao.solvers.solve import SOLVERS, solve
from dabiao.solvers.sweep import sweep
from hypothesis import given, settings
from hypothesis import strategies as st
from planning import Case
from scipy.optimize import linprog

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


@BOTH
@pytest.mark.parametrize("seed", range(6))
def test_a_sweep_is_each_question_by_itself(seed, solver):
    rows, cost = random_rows(seed)
    built, rng = Compiled(rows), np.random.default_rng(seed + 100)
    sides = {name: rng.uniform(-3, 40, 12) for name in built.row_names[:4]}
    costs = {name: rng.uniform(-5, 9, 12) for name in built.names[:3]}
    for some in ({"sides": sides}, {"costs": costs}, {"sides": sides, "costs": costs}):
        found = sweep(built, Question(cost), solver=solver, **some)
        ends = set()
        for k in range(12):
            fresh = again(rows, {name: float(values[k]) for name, values in some.get("sides", {}).items()})
            objective = {**cost, **{name: float(values[k]) for name, values in some.get("costs", {}).items()}}
            expected = solve(fresh, Question(objective), solver)
            ends.add(expected.status)
            assert found.status[k] is expected.status
            assert found.objective[k] == pytest.approx(expected.objective, rel=1e-7, abs=1e-7, nan_ok=True)
            if expected.found:
                assert fresh.violation(found.values[k], fresh.low, fresh.high) <= max(found.broken, 1e-12)
        assert np.isnan(found.values[[s is not Status.OPTIMAL for s in found.status]]).all()


def test_a_sweep_of_an_example_agrees_between_solvers():
    case = Case(load_example("panzhihua-2024"))
    problem, model = case.assessor.problem, case.assessor.problem.compiled
    base = Question({problem.goals["gdp_growth"]: 1.0}, bounds=problem.relaxed(False))
    sides = {"limit:bond": np.linspace(50, 70, 9)}
    one, other = (sweep(model, base, sides=sides, solver=solver) for solver in ("highs", "glpk"))
    assert one.objective == pytest.approx(other.objective, rel=1e-7)
    steps = np.diff(one.objective)
    assert (steps >= -1e-9).all() and (np.diff(steps) <= 1e-9).all()  # rising, and less and less


def test_what_cannot_be_swept_is_told():
    rows, cost = random_rows(1)
    rows.row("both", {"x0": 1.0}, 1, 5)
    built = Compiled(rows)
    with pytest.raises(SolverError, match="two sides"):
        sweep(built, Question(cost), sides={"both": np.ones(3)})
    for bad in (np.nan, INF, 1e30):
        with pytest.raises(SolverError, match="r0"):
            sweep(built, Question(cost), sides={"r0": np.array([1.0, bad])})
        with pytest.raises(SolverError, match="x1"):
            sweep(built, Question(cost), costs={"x1": np.array([1.0, bad])})
    with pytest.raises(ValueError, match="as many values"):
        sweep(built, Question(cost), sides={"r0": np.ones(3)}, costs={"x1": np.ones(2)})


def test_points_of_a_sweep_are_checked_by_our_own_arithmetic(monkeypatch):
    built = Compiled(random_rows(2)[0])
    honest = highs.stepper

    def lying(*args):
        step = honest(*args)

        def other(*numbers):
            status, point = step(*numbers)
            return status, None if point is None else point + 1.0

        return other

    monkeypatch.setattr(highs, "stepper", lying)
    with pytest.raises(SolverError, match="breaks a constraint"):
        sweep(built, Question({"x1": 1.0}), sides={"r0": np.linspace(10, 20, 4)}, solver="highs")


# --- a Pyomo model of one's own
# ----------------------------------------------------------------------------------------


def plain(binary=False):
    model = pyo.ConcreteModel()
    model.x = pyo.Var([0, 1, 2], bounds=(0, 10))
    model.y = pyo.Var(domain=pyo.Binary if binary else pyo.NonNegativeReals, bounds=(0, 1))
    model.side, model.price = (
        pyo.Param([0, 1], mutable=True, initialize={0: 8.0, 1: 3.0}),
        pyo.Param(mutable=True, initialize=2.0),
    )
    model.top = pyo.Param(mutable=True, initialize=6.0)
    model.x[2].setub(model.top)
    model.one = pyo.Constraint(expr=model.x[0] + 2 * model.x[1] + model.x[2] <= model.side[0])
    model.two = pyo.Constraint(expr=model.x[0] - model.x[1] + 4 * model.y + 1.0 >= 2 * model.side[1] - 4)
    model.best = pyo.Objective(
        expr=3 * model.x[0] + model.price * model.x[1] + 2 * model.x[2] - 5 * model.y + 7, sense=pyo.maximize
    )
    return model


def expected(side0, side1, price, top):
    found = linprog(
        [-3, -price, -2, 5],
        A_ub=[[1, 2, 1, 0], [-1, 1, 0, -4]],
        b_ub=[side0, 1.0 - (2 * side1 - 4)],
        bounds=[(0, 10), (0, 10), (0, top), (0, 1)],
        method="highs",
    )
    return 7 - found.fun if found.success else None


@given(
    st.lists(
        st.tuples(st.floats(0, 30), st.floats(0, 12), st.floats(-3, 9), st.floats(0, 9)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=30)
def test_a_persistent_model_follows_its_parameters(changes):
    model = plain()
    solver = Persistent(model)
    for side0, side1, price, top in changes:
        model.side[0], model.side[1], model.price, model.top = side0, side1, price, top
        status, objective = solver.solve()
        wanted = expected(side0, side1, price, top)
        if wanted is None:
            assert status is Status.INFEASIBLE and np.isnan(objective)
            continue
        assert status is Status.OPTIMAL and objective == pytest.approx(wanted, rel=1e-7, abs=1e-7)
        assert pyo.value(model.best) == pytest.approx(objective, abs=1e-6)  # the variables are loaded


def test_whole_numbers_stay_whole():
    model = plain(binary=True)
    model.side[1] = 6.0  # asks for x0 - x1 + 4 y >= 7
    model.side[0] = 5.0
    status, objective = Persistent(model).solve()
    assert status is Status.OPTIMAL and pyo.value(model.y) == pytest.approx(1.0)
    assert objective == pytest.approx(3 * 5 - 5 + 7)


def test_what_is_no_linear_model_is_told():
    model = plain()
    model.bent = pyo.Constraint(expr=model.x[0] ** 2 <= 4)
    with pytest.raises(SolverError, match="bent is not linear"):
        Persistent(model)
    model = plain()
    model.more = pyo.Objective(expr=model.x[0])
    with pytest.raises(SolverError, match="one active objective"):
        Persistent(model)
    model = plain()
    solver = Persistent(model)
    model.side[0] = float("nan")
    with pytest.raises(SolverError, match="mutable parameter"):
        solver.solve()


# --- solvers in trouble
# ------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("error", [RuntimeError("boom\nmore"), MemoryError(), ZeroDivisionError("x")])
def test_a_solver_that_throws_is_one_line(solver, error, monkeypatch):
    def thrown(*args):
        raise error

    monkeypatch.setitem(SOLVERS, solver, solving.Solver(lambda: True, thrown, ""))
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
