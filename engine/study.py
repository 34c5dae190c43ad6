"""One scenario put together: its economy, its mixes through the pipeline, and the planning problem around the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..models.economy import Economy
from ..models.errors import ScenarioError
from ..models.target import Sheet
from ..scenarios.load import Loaded
from ..scenarios.schema import Scenario
from ..solvers.solve import chosen
from . import build, options
from .assess import Assessor, Run
from .forecast.anchored import anchored
from .plans import stated_plans
from .rank import Recorded
from .works import Pipeline


@dataclass(frozen=True)
class Study:
    """Everything that questions to one scenario start from.

    Attributes
    ----------
    mixes
        Every mix that the scenario states, simulated; the plan first.
    assessor
        The planning problem around the plan, built once, and the simulation beside it.
    year
        Index of the target year (1 is the year after the base year).
    values
        The numbers that were asked for so far.
    """

    loaded: Loaded
    economy: Economy
    sheet: Sheet
    pipeline: Pipeline
    mixes: Mapping[str, Run]
    assessor: Assessor
    year: int
    values: Recorded
    solver: str
    seed: int | None

    @property
    def scenario(self) -> Scenario:
        """The scenario that is studied."""
        return self.loaded.scenario

    @property
    def plan(self) -> Run:
        """The plan as written, simulated."""
        return self.mixes[self.scenario.plan]


def study(loaded: Loaded, *, solver: str = "auto", seed: int | None = None) -> Study:
    """Put a scenario together, ready to be asked; its level is that of its reference forecast (:mod:`.forecast.anchored`).

    Parameters
    ----------
    solver
        ``auto``, ``highs`` or ``glpk``.
    seed
        None runs every project on its central durations; a seed draws them.

    Raises
    ------
    ScenarioError
        Where the scenario cannot be put together, with the file and line of what is wrong.
    SolverError
        Where no solver is found or it fails.
    """
    try:
        return _study(anchored(loaded), chosen(solver), seed)
    except ScenarioError as error:
        raise error.placed(loaded.origins) from None


def _study(loaded: Loaded, solver: str, seed: int | None) -> Study:
    scenario, values = loaded.scenario, Recorded()
    economy = build.economy(scenario, values)
    sheet = build.sheet(scenario, values)
    pipeline = Pipeline(scenario, economy, values, seed)
    year = scenario.years.target - scenario.years.base
    mixes: dict[str, Run] = {}
    for key, plan in stated_plans(scenario, values).items():
        delivery = pipeline.run(plan)
        mixes[key] = Run(plan, delivery, economy.simulate(delivery.works))
    plan_run = mixes[scenario.plan]
    levers = options.levers(pipeline, plan_run.plan, plan_run.delivery)
    limits = options.bounds(scenario, plan_run.plan, values)
    assessor = Assessor(economy, pipeline, sheet, plan_run, levers, limits, year, solver)
    return Study(loaded, economy, sheet, pipeline, mixes, assessor, year, values, solver, seed)
