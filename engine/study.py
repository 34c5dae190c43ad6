"""One scenario put together: its economy, its mixes through the pipeline, and the planning problem around the
plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..models.economy import Economy
from ..models.errors import ScenarioError
from ..models.limits import Bound
from ..models.target import Sheet
from ..scenarios.load import Loaded
from ..scenarios.schema import Scenario
from ..solvers.solve import chosen
from . import build
from .decide import options
from .decide.assess import Assessor, Run
from .decide.jury import Jury, median_sheet
from .diagnose.one_at_a_time import Recorded
from .forecast.anchored import anchored
from .plans import stated_plans
from .projects.run import Pipeline
from .tracking.condition import Posterior, condition
from .tracking.freeze import as_of_january, frozen
from .tracking.readings import readings
from .uncertainty.ensemble import APART, Ensemble, ensemble
from .uncertainty.futures import Futures, Sample


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
    ensemble, jury
        The plan in many futures, and those futures for other plans; None where nothing was drawn: then all
        values are of the central case.
    posterior
        What is known of the year under way and how the futures were conditioned on it; None where nothing is.
    uninformed
        The plan in the same futures before they were conditioned; None where they are not.
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
    ensemble: Ensemble | None = None
    jury: Jury | None = None
    posterior: Posterior | None = None
    uninformed: Ensemble | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario that is studied."""
        return self.loaded.scenario

    @property
    def plan(self) -> Run:
        """The plan as written, simulated."""
        return self.mixes[self.scenario.plan]

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The limits that are studied."""
        return self.assessor.bounds

    @property
    def contradictory(self) -> tuple[str, ...]:
        """Limits that no plan keeps together; empty where one does."""
        return self.assessor.contradictory


def study(loaded: Loaded, *, solver: str = "auto", seed: int | None = None, draws: int | None = 0) -> Study:
    """Put a scenario together, ready to be asked; its level is that of its reference forecast
    (:mod:`.forecast.anchored`).

    Parameters
    ----------
    solver
        ``auto``, ``highs`` or ``glpk``.
    seed
        None runs every project on its central durations; a seed draws them.
    draws
        Futures behind medians and chances: None for as many as the asked precision needs, 0 for none.

    Raises
    ------
    ScenarioError
        Where the scenario cannot be put together, with the file and line of what is wrong.
    SolverError
        Where no solver is found or it fails.
    """
    try:
        return _study(as_known(loaded), chosen(solver), seed, draws)
    except ScenarioError as error:
        raise error.placed(loaded.origins) from None


def as_known(loaded: Loaded) -> Loaded:
    """A scenario as it is run: anchored as in January, then with what is known of its projects and its
    money."""
    scenario = loaded.scenario
    if scenario.actuals is None:
        return anchored(loaded)
    before = anchored(replace(loaded, scenario=as_of_january(scenario))).scenario
    known = {"actuals": scenario.actuals, "to_date": scenario.to_date}
    return frozen(replace(loaded, scenario=before.model_copy(update=known)))


def _study(loaded: Loaded, solver: str, seed: int | None, draws: int | None) -> Study:
    scenario, values = loaded.scenario, Recorded()
    economy = build.economy(scenario, values)
    sheet = build.sheet(scenario, values)
    pipeline = Pipeline(scenario, economy, values, seed)
    year = scenario.years.ahead
    mixes: dict[str, Run] = {}
    for key, plan in stated_plans(scenario, values).items():
        pipeline_run = pipeline.run(plan)
        mixes[key] = Run(plan, pipeline_run, economy.simulate(pipeline_run.realisation))
    plan_run = mixes[scenario.plan]
    variables = options.variables(pipeline, plan_run.plan, plan_run.pipeline_run)
    limits = options.bounds(scenario, plan_run.plan, values)
    found = jury = posterior = uninformed = None
    if draws != 0:
        kept: list[Sample] = []
        confidence = scenario.uncertainty.chance_asked
        futures = Futures(loaded.scenario, loaded.quantities())
        known = readings(scenario)
        found = in_futures(futures, sheet, plan_run, year, draws, kept, None if known else APART)
        if known:
            uninformed = found
            found, kept, posterior = condition(futures, plan_run.plan, found, kept, known)
        jury = Jury(kept, found.targets, year, confidence).beside(found, plan_run.plan)
        sheet = median_sheet(sheet, found, confidence)
    assessor = Assessor(economy, pipeline, sheet, plan_run, variables, limits, solver, jury)
    return Study(
        loaded,
        economy,
        sheet,
        pipeline,
        mixes,
        assessor,
        year,
        values,
        solver,
        seed,
        found,
        jury,
        posterior,
        uninformed,
    )


def in_futures(
    futures: Futures,
    sheet: Sheet,
    plan: Run,
    year: int,
    draws: int | None = None,
    keep: list[Sample] | None = None,
    apart: int | None = None,
) -> Ensemble:
    """A plan in many futures: as many as ``draws``, or as the precision that the scenario asks needs.

    The first samples are put into ``keep`` for other plans, ``apart`` draws in each.
    """
    years = range(1, plan.path.economy.years + 1)
    central = {
        key: np.array([float(sheet.value(target, plan.path, t)[0]) for t in years])
        for key, target in sheet.targets.items()
        if target.judged
    }
    return ensemble(futures, sheet, plan.plan, year, central, draws=draws, keep=keep, apart=apart)
