"""A region with its planning problem, for tests of the optimiser."""

from __future__ import annotations

from typing import Any

import numpy as np
from dabiao.engine.decide import options
from dabiao.engine.decide.assess import Assessor, Run
from dabiao.models.indicators import INDICATORS, Asked
from dabiao.models.quantity import Draws
from dabiao.models.target import Sheet, Target
from dabiao.scenarios.load import Loaded
from dabiao.scenarios.schema import Scenario
from dabiao.solvers.ask import Optimum, most
from dabiao.solvers.problem import PlanningProblem, build
from regions import Region, region


class Case:
    """A region, its plan simulated, its levers and limits, and the assessor of its sheet."""

    def __init__(self, data: dict[str, Any] | Scenario | Loaded, solver: str = "highs") -> None:
        self.region: Region = region(data.scenario if isinstance(data, Loaded) else data)
        self.economy, self.pipeline, self.sheet = self.region.economy, self.region.pipeline, self.region.sheet
        plan = self.region.plan
        pipeline_run = self.pipeline.run(plan)
        self.plan = Run(plan, pipeline_run, self.economy.simulate(pipeline_run.realisation))
        self.variables = options.variables(self.pipeline, plan, pipeline_run)
        self.bounds = options.bounds(self.region.scenario, plan, Draws())
        self.solver = solver
        self.assessor = Assessor(
            self.economy, self.pipeline, self.sheet, self.plan, self.variables, self.bounds, solver
        )

    def problem(self, target: Target, year: int) -> PlanningProblem:
        """The planning problem of one target alone."""
        return build(
            self.economy,
            self.variables,
            self.bounds,
            Sheet({target.id: target}, {}),
            [target],
            self.plan.path,
            year,
        )

    def most(self, target: Target, year: int) -> Optimum:
        """The best plan for one target alone."""
        return most(
            self.problem(target, year), target.id, target.sign, self.economy, relax=False, solver=self.solver
        )

    def vector(self, optimum: Optimum) -> np.ndarray:
        """A solver's levers."""
        names = [f"money:{s}" for s in self.economy.sector_ids]
        names += [f"start:{c.project}:{c.shift:g}" for c in self.variables.choices]
        return np.array([optimum.solution.values[name] for name in names])


def target(
    indicator: str, ensure: float | None = None, at_most: float | None = None, covers: tuple[str, ...] = ()
) -> Target:
    """A target of one tier."""
    known = INDICATORS[indicator]
    return Target(
        indicator,
        known.title,
        indicator,
        "modelled",
        known.unit,
        known.digits,
        ensure,
        None,
        at_most,
        Asked(covers),
    )
