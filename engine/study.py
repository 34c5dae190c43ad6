"""One scenario put together: its economy, its mixes through the pipeline, and the planning problem around the
plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.economy import Economy
from ..models.errors import ScenarioError
from ..models.limits import Bound
from ..models.quantity import FloatArray
from ..models.target import Sheet
from ..scenarios.load import Loaded
from ..scenarios.schema import Scenario
from ..solvers.solve import chosen
from . import build
from .again import differs_in_money, planned
from .decide import options
from .decide.assess import Assessor, Run
from .decide.jury import Jury, median_sheet
from .diagnose.one_at_a_time import Recorded
from .forecast.anchored import anchored
from .plans import stated_plans
from .projects.run import Pipeline
from .tracking.condition import Posterior, condition, mean_shocks
from .tracking.freeze import as_of_january, frozen
from .tracking.readings import known_values, readings
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
    stated, futures
        The scenario as it was written and what was drawn of it, where they are held for studies of other
        plans (:mod:`.again`); None where they are not.
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
    stated: Scenario | None = None
    futures: Futures | None = None

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


def study(
    loaded: Loaded,
    *,
    solver: str = "auto",
    seed: int | None = None,
    draws: int | None = 0,
    after: Sequence[Study] | None = None,
) -> Study:
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
    after
        Studies before this one: what a plan has in common with one of them is taken from there, and what is
        found now is held for the next. None where none will follow.

    Raises
    ------
    ScenarioError
        Where the scenario cannot be put together, with the file and line of what is wrong.
    SolverError
        Where no solver is found or it fails.
    """
    try:
        return _study(loaded, chosen(solver), seed, draws, after)
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


def _study(
    stated: Loaded, solver: str, seed: int | None, draws: int | None, after: Sequence[Study] | None
) -> Study:
    before = _before(stated.scenario, after or ())
    loaded = (
        replace(stated, scenario=planned(before.scenario, stated.scenario)) if before else as_known(stated)
    )
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
    found = jury = posterior = uninformed = futures = None
    if draws != 0:
        kept: list[Sample] = []
        confidence = scenario.uncertainty.chance_asked
        known = readings(scenario)
        like = before.futures if before else None
        futures = Futures(loaded.scenario, loaded.quantities(), alike=like)
        if like:
            futures.following(like)
        elif after is not None and not known:
            futures.hold()
        found = in_futures(futures, sheet, plan_run, year, draws, kept, None if known else APART)
        futures.apart()
        if known:
            uninformed = found
            found, kept, posterior = condition(futures, plan_run.plan, found, kept, known)
            sheet = sheet.knowing(known_values(scenario))
            if posterior.used:
                economy = replace(economy, shocks=mean_shocks(kept))
                mixes = {
                    key: replace(run, path=economy.simulate(run.pipeline_run.realisation))
                    for key, run in mixes.items()
                }
                plan_run = mixes[scenario.plan]
            found = replace(found, central=_central(sheet, plan_run))
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
        None if after is None else stated.scenario,
        None if after is None else futures,
    )


def _before(stated: Scenario, after: Sequence[Study]) -> Study | None:
    """The study of a scenario that differs from this one in planned money alone; None where there is none."""
    if stated.actuals is not None:
        return None
    return next(
        (
            each
            for each in after
            if each.stated and each.futures and differs_in_money(each.stated, stated, each.futures)
        ),
        None,
    )


def uninformed(loaded: Loaded, solver: str, draws: int) -> Ensemble:
    """A scenario's plan in its futures before figures bear on them: with projects, money, prices and the
    outlook as they are known."""
    begun = _study(loaded, solver, None, 0, None)
    futures = Futures(begun.loaded.scenario, begun.loaded.quantities())
    return in_futures(futures, begun.sheet, begun.plan, begun.year, draws)


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
    central = _central(sheet, plan)
    return ensemble(futures, sheet, plan.plan, year, central, draws=draws, keep=keep, apart=apart)


def _central(sheet: Sheet, plan: Run) -> dict[str, FloatArray]:
    """Every judged target by year in the central case ``(T,)``."""
    years = range(1, plan.path.economy.years + 1)
    return {
        key: np.array([float(sheet.value(target, plan.path, t)[0]) for t in years])
        for key, target in sheet.targets.items()
        if target.judged
    }
