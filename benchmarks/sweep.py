"""A thousand right-hand sides, and a thousand objectives, of an example's investment problem, in one run.

    python benchmarks/sweep.py [EXAMPLE] [--count 1000] [--repeat 3]

Ours (a Pyomo model compiled once, driven by arrays; a plain Pyomo model whose mutable parameters are set;
every
point checked) against raw warm HiGHS on the same matrices in the same order, Pyomo's own persistent
interfaces
(APPSI and contrib), scipy's HiGHS and glpsol. What is built once is built before the clock starts, for all.
Binaries are relaxed for all. The values of all are compared; the slower ones answer fewer questions and are
scaled
up. Times are the best of N; ratios are to raw HiGHS in the same round, the median of N rounds.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from dabiao.engine.study import study
from dabiao.models.quantity import FloatArray
from dabiao.scenarios.load import load_example
from dabiao.solvers.conflict import facts_of
from dabiao.solvers.highs import _engine
from dabiao.solvers.model import Compiled, Question
from dabiao.solvers.solve import solve
from dabiao.solvers.sweep import sweep


@dataclass(frozen=True)
class Task:
    """One sweep: the problem, what all questions share, and what differs: row sides ``(K, R)`` or costs ``(K,
    C)``."""

    name: str
    model: Compiled
    base: Question
    rows: list[str]
    sides: FloatArray
    columns: list[str]
    costs: FloatArray

    @property
    def count(self) -> int:
        """Number of questions."""
        return len(self.sides) if self.rows else len(self.costs)

    def first(self, count: int) -> Task:
        """The first questions alone."""
        return replace(self, sides=self.sides[:count], costs=self.costs[:count])


def tasks(example: str, count: int) -> list[Task]:
    """Right-hand sides of all capacities, demands and markets moved by some percent; money worth something
    else in each sector."""
    made = study(load_example(example)).assessor
    problem, model = made.problem, made.problem.compiled
    goal = problem.goals[next(t.id for t in made.targets if t.main)]
    base = Question({goal: 1.0}, bounds=problem.relaxed(False), integer=False)
    rng = np.random.default_rng(1)
    rows = [
        name
        for name in facts_of(problem)
        if np.isfinite(model.row_high[model.row_at[name]]) and model.row_high[model.row_at[name]] > 0
    ]
    stated = np.array([model.row_high[model.row_at[name]] for name in rows])
    sides = stated * (1 + rng.uniform(-0.02, 0.02, (count, len(rows))))
    columns = [f"money:{s}" for s in made.economy.sector_ids]
    costs = rng.uniform(-0.02, 0.02, (count, len(columns)))
    nothing = np.zeros((count, 0))
    return [
        Task("right-hand sides", model, base, rows, sides, [], nothing),
        Task("objectives", model, base, [], nothing, columns, costs),
    ]


Ready = Callable[[], FloatArray]
"""All questions of a task, asked; what is built once has been built, and the first question asked."""


def ours(task: Task) -> Ready:
    """The product's own sweep."""
    sides = {name: task.sides[:, r] for r, name in enumerate(task.rows)}
    costs = {name: task.costs[:, c] for c, name in enumerate(task.columns)}
    return lambda: sweep(task.model, task.base, sides=sides, costs=costs, solver="highs").objective


def raw(task: Task) -> Ready:
    """HiGHS alone, warm: what differs goes in, the value and the point come out."""
    import highspy

    model = task.model
    engine = _engine(model)  # the same matrix and options
    every = np.arange(len(model.names), dtype=np.int32)
    engine.changeColsBounds(len(every), every, *model.column_bounds(task.base))
    engine.changeColsCost(len(every), every, model.cost(task.base))
    engine.changeObjectiveSense(highspy.ObjSense.kMaximize)
    rows = np.array([model.row_at[name] for name in task.rows], dtype=np.int32)
    columns = np.array([model.at[name] for name in task.columns], dtype=np.int32)
    low = np.full(len(rows), -np.inf)
    engine.run()

    def ask() -> FloatArray:
        found = []
        for k in range(task.count):
            if task.rows:
                engine.changeRowsBounds(len(rows), rows, low, task.sides[k])
            else:
                engine.changeColsCost(len(columns), columns, task.costs[k])
            engine.run()
            np.asarray(engine.getSolution().col_value)
            found.append(engine.getInfo().objective_function_value)
        return np.array(found)

    return ask


def parametric(task: Task) -> tuple[Any, Any, Any]:
    """The same problem as a plain Pyomo model with a mutable parameter for all that differs."""
    import pyomo.environ as pyo

    model, build = task.model, pyo.ConcreteModel()
    low, high = model.column_bounds(task.base)
    bounds = {
        i: (None if np.isinf(a) else float(a), None if np.isinf(b) else float(b))
        for i, (a, b) in enumerate(zip(low, high, strict=True))
    }
    build.x = pyo.Var(range(len(model.names)), bounds=lambda _m, i: bounds[i])
    build.side = pyo.Param(
        range(len(task.rows)), mutable=True, initialize=dict(enumerate(task.sides[0])) if task.rows else {}
    )
    build.cost = pyo.Param(
        range(len(task.columns)),
        mutable=True,
        initialize=dict(enumerate(task.costs[0])) if task.columns else {},
    )
    build.rows = pyo.ConstraintList()
    table, place = model.matrix, {model.row_at[name]: r for r, name in enumerate(task.rows)}
    for i in range(len(model.row_names)):
        part = slice(table.indptr[i], table.indptr[i + 1])
        body = sum(
            float(c) * build.x[int(j)] for j, c in zip(table.indices[part], table.data[part], strict=True)
        )
        if i in place:
            build.rows.add(body <= build.side[place[i]])
            continue
        least, most = float(model.row_low[i]), float(model.row_high[i])
        build.rows.add(
            body == least
            if least == most
            else (None if np.isinf(least) else least, body, None if np.isinf(most) else most)
        )
    fixed = model.cost(task.base)
    objective = sum(float(fixed[i]) * build.x[int(i)] for i in np.flatnonzero(fixed))
    objective += sum(build.cost[c] * build.x[model.at[name]] for c, name in enumerate(task.columns))
    build.objective = pyo.Objective(expr=objective, sense=pyo.maximize)
    return build, build.side, build.cost


def appsi(task: Task) -> Ready:
    """Pyomo's APPSI interface, persistent, told that only parameters change."""
    from pyomo.contrib.appsi.solvers import Highs

    build, side, cost = parametric(task)
    solver = Highs()
    solver.highs_options = {"threads": 1, "parallel": "off", "random_seed": 1, "small_matrix_value": 1e-12}
    solver.config.load_solution = False
    solver.update_config.check_for_new_or_removed_constraints = False
    solver.update_config.check_for_new_or_removed_vars = False
    solver.update_config.check_for_new_or_removed_params = False
    solver.update_config.check_for_new_objective = False
    solver.update_config.update_constraints = False
    solver.update_config.update_vars = False
    solver.update_config.update_named_expressions = False
    solver.update_config.update_objective = bool(task.columns)
    solver.update_config.treat_fixed_vars_as_params = False
    solver.solve(build)

    def ask() -> FloatArray:
        found = []
        for k in range(task.count):
            _set(task, k, side, cost)
            found.append(solver.solve(build).best_feasible_objective)
        return np.array(found)

    return ask


def _set(task: Task, k: int, side: Any, cost: Any) -> None:
    if task.rows:
        side.store_values(dict(enumerate(task.sides[k].tolist())))
    else:
        cost.store_values(dict(enumerate(task.costs[k].tolist())))


def contrib(task: Task) -> Ready:
    """Pyomo's newer persistent interface."""
    from pyomo.contrib.solver.solvers.highs import Highs

    build, side, cost = parametric(task)
    solver = Highs()
    solver.config.solver_options.update(
        {"threads": 1, "parallel": "off", "random_seed": 1, "small_matrix_value": 1e-12}
    )
    solver.config.load_solutions = False
    updates = solver.config.auto_updates
    updates.check_for_new_or_removed_constraints = updates.check_for_new_or_removed_vars = False
    updates.check_for_new_or_removed_params = updates.check_for_new_objective = False
    updates.update_constraints = updates.update_vars = updates.update_named_expressions = False
    updates.update_objective = bool(task.columns)
    solver.solve(build)

    def ask() -> FloatArray:
        found = []
        for k in range(task.count):
            _set(task, k, side, cost)
            found.append(solver.solve(build).incumbent_objective)
        return np.array(found)

    return ask


def persistent(task: Task) -> Ready:
    """The product's persistent way to the same plain Pyomo model: parameters set, solved again, variables
    loaded."""
    from dabiao.solvers.persistent import Persistent

    build, side, cost = parametric(task)
    solver = Persistent(build)
    solver.solve()

    def ask() -> FloatArray:
        found = []
        for k in range(task.count):
            _set(task, k, side, cost)
            found.append(solver.solve()[1])
        return np.array(found)

    return ask


def scipy(task: Task) -> Ready:
    """scipy.optimize.linprog, cold each time (it has no warm start)."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    model, table = task.model, task.model.matrix
    matrix = csr_array((table.data, table.indices, table.indptr), shape=table.shape)
    low, high = model.column_bounds(task.base)
    equal = model.row_low == model.row_high
    upper, lower = ~equal & np.isfinite(model.row_high), ~equal & np.isfinite(model.row_low)

    def ask() -> FloatArray:
        found = []
        for k in range(task.count):
            most, cost = model.row_high.copy(), model.cost(task.base)
            for r, name in enumerate(task.rows):
                most[model.row_at[name]] = task.sides[k, r]
            for c, name in enumerate(task.columns):
                cost[model.at[name]] = task.costs[k, c]
            from scipy.sparse import vstack

            done = linprog(
                -cost,
                A_ub=vstack([matrix[upper], -matrix[lower]]),
                b_ub=np.concatenate([most[upper], -model.row_low[lower]]),
                A_eq=matrix[equal],
                b_eq=model.row_low[equal],
                bounds=np.stack([low, high], axis=1),
                method="highs",
            )
            found.append(-done.fun)
        return np.array(found)

    return ask


def glpsol(task: Task) -> Ready:
    """GLPK as a program, by the product's own way to it: written to a file and read back each time."""

    def ask() -> FloatArray:
        found = []
        for k in range(task.count):
            rows = {name: (-np.inf, float(task.sides[k, r])) for r, name in enumerate(task.rows)}
            objective = {
                **task.base.objective,
                **{name: float(task.costs[k, c]) for c, name in enumerate(task.columns)},
            }
            found.append(
                solve(task.model, replace(task.base, objective=objective, rows=rows), "glpk").objective
            )
        return np.array(found)

    return ask


WAYS: dict[str, tuple[Callable[[Task], Ready], float]] = {
    "raw HiGHS, warm": (raw, 1.0),
    "ours, arrays": (ours, 1.0),
    "ours, plain Pyomo": (persistent, 1.0),
    "plain Pyomo, APPSI": (appsi, 1.0),
    "plain Pyomo, contrib": (contrib, 1.0),
    "scipy linprog": (scipy, 0.1),
    "glpsol": (glpsol, 0.03),
}
"""Each way with the part of the questions that it answers."""


def main() -> None:
    """Print a table per sweep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("example", nargs="?", default="panzhihua-2024")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    import highspy
    import pyomo

    print(
        f"{os.cpu_count()} cores, highspy {highspy.Highs().version()}, pyomo {pyomo.version.version}, numpy"
        f" {np.__version__}"
    )
    for task in tasks(asked.example, asked.count):
        model = task.model
        print(
            f"\n{asked.example}: {len(model.names)} variables, {len(model.row_names)} rows; {task.count}"
            f" {task.name}, {len(task.rows) or len(task.columns)} numbers each"
        )
        print(f"  {'':24}{'seconds':>10}{'per solve, ms':>15}{'ratio':>8}{'largest difference':>20}")
        expected = raw(task)()
        taken: dict[str, list[float]] = {name: [] for name in WAYS}
        values: dict[str, FloatArray] = {}
        for _ in range(asked.repeat):  # in turns, so that a busy moment strikes all
            for name, (way, part) in WAYS.items():
                some = task.first(max(10, int(part * task.count)))
                ask = way(some)
                gc.collect()
                gc.freeze()  # no way pays for looking through what others have built
                begun = time.perf_counter()
                values[name] = ask()
                taken[name].append((time.perf_counter() - begun) * task.count / some.count)
        plain = np.array(taken["raw HiGHS, warm"])
        for name, seconds in taken.items():
            ratio = float(np.median(np.array(seconds) / plain))
            apart = np.abs(values[name] - expected[: len(values[name])]) / np.maximum(
                1.0, np.abs(expected[: len(values[name])])
            )
            scaled = "" if WAYS[name][1] == 1 else f"   (of {len(values[name])} questions)"
            print(
                f"  {name:24}{min(seconds):10.3f}{1000 * min(seconds) / task.count:15.3f}{ratio:8.2f}{np.nanmax(apart):20.1e}{scaled}"  # noqa: E501
            )


if __name__ == "__main__":
    main()
