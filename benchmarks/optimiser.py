"""How long the optimiser takes: building and compiling the problem, each question, HiGHS against GLPK.

    python benchmarks/optimiser.py [EXAMPLE ...] [--repeat N]

Times are the best of N in milliseconds; what is imported on first use is imported before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from dabiao.engine import build as building
from dabiao.engine.decide import options
from dabiao.engine.decide.assess import Assessor, Run
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.engine.run import run
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import Loaded, examples, load_example
from dabiao.solvers import decision_variables as variables
from dabiao.solvers import model, problem
from dabiao.solvers.ask import close_gaps, ends, most, prices
from dabiao.solvers.solve import SOLVERS


def best(action: Callable[[], Any], repeat: int) -> float:
    """Shortest of several times, milliseconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def assessor(loaded: Loaded, solver: str) -> Assessor:
    """Everything up to the questions."""
    scenario, values = loaded.scenario, Draws()
    economy = building.economy(scenario, values)
    pipeline = Pipeline(scenario, economy, values)
    plan = stated_plans(scenario, values)[scenario.plan]
    pipeline_run = pipeline.run(plan)
    simulated = Run(plan, pipeline_run, economy.simulate(pipeline_run.realisation))
    return Assessor(
        economy,
        pipeline,
        building.sheet(scenario, values),
        simulated,
        options.variables(pipeline, plan, pipeline_run),
        options.bounds(scenario, plan, values),
        solver,
    )


def steps(made: Assessor, repeat: int) -> None:
    """Build and compile, apart."""
    rows: list[model.Rows] = []
    compiled = model.Compiled.__init__

    def keep(self: model.Compiled, given: model.Rows) -> None:
        rows[:] = [given]
        compiled(self, given)

    def whole() -> None:
        problem.build(
            made.economy, made.variables, made.bounds, made.sheet, made.targets, made.plan.path, made.year
        )

    model.Compiled.__init__ = keep  # type: ignore[method-assign]
    try:
        total = best(whole, repeat)
    finally:
        model.Compiled.__init__ = compiled  # type: ignore[method-assign]
    compiling = best(lambda: model.Compiled(rows[0]), repeat)
    affine = best(lambda: variables.years(made.economy, made.variables, made.year), repeat)
    size = made.problem.compiled
    print(f"  {len(size.names)} variables ({int(size.binary.sum())} binary), {len(size.row_names)} rows")
    print(f"  {'read affine limits':28}{affine:9.1f}\n  {'write rows':28}{total - compiling - affine:9.1f}")
    print(f"  {'compile (Pyomo, arrays)':28}{compiling:9.1f}")


def questions(made: Assessor) -> dict[str, Callable[[], Any]]:
    """Each kind of question once."""
    problem, economy, solver = made.problem, made.economy, made.solver
    goal = next(t for t in made.targets if t.id in problem.goals)
    optimum = most(problem, goal.id, goal.sign, economy, relax=False, solver=solver)
    tiers = {"ensure": [f"{t.id}:{tier}" for t in made.targets if t.id in problem.goals for tier in t.tiers]}
    return {
        "end of one goal": lambda: ends(problem, goal.id, goal.sign, relax=True, solver=solver),
        "most, nearest the plan": lambda: most(
            problem, goal.id, goal.sign, economy, relax=False, solver=solver
        ),
        "close all gaps": lambda: close_gaps(problem, tiers, economy, relax=False, solver=solver),
        "shadow prices": lambda: prices(problem, goal.id, goal.sign, optimum, relax=False, solver=solver),
        "the whole ladder": lambda: assessor_again(made).assess([]),
    }


def assessor_again(made: Assessor) -> Assessor:
    """The same assessor without what it remembers; building counts."""
    return Assessor(
        made.economy, made.pipeline, made.sheet, made.plan, made.variables, made.bounds, made.solver
    )


def main() -> None:
    """Print a table per example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", nargs="*", help=f"among {', '.join(examples())}")
    parser.add_argument("--repeat", type=int, default=3)
    chosen = parser.parse_args()
    for name in chosen.examples or ["deyang-2022", "panzhihua-2024"]:
        loaded = load_example(name)
        made = {solver: assessor(loaded, solver) for solver in SOLVERS}
        run(loaded)
        print(name)
        steps(made["highs"], chosen.repeat)
        print(f"  {'ms':28}" + "".join(f"{solver:>9}" for solver in SOLVERS) + "    ratio")
        asked = {solver: questions(each) for solver, each in made.items()}
        table = {
            question: [best(asked[solver][question], chosen.repeat) for solver in SOLVERS]
            for question in asked["highs"]
        }
        table["engine.run"] = [best(partial(run, loaded, solver=solver), chosen.repeat) for solver in SOLVERS]
        for question, times in table.items():
            print(f"  {question:28}" + "".join(f"{t:9.1f}" for t in times) + f"{times[1] / times[0]:9.1f}")


if __name__ == "__main__":
    main()
