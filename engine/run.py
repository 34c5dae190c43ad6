"""The whole story: a scenario becomes an economy, a plan becomes a path, and every target gets its verdict."""

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
from .assess import Assessment, Assessor, Run, Use
from .audit import Audit, audit
from .mixes import horizon_plan
from .moves import Move, moves
from .rank import Ranking, Recorded, ranking
from .works import Pipeline, stated_plans


@dataclass(frozen=True)
class Answer:
    """Everything that one run found out.

    Attributes
    ----------
    plan
        The plan as written, simulated.
    mixes
        Every mix of the scenario and the optimiser's own (``optimised`` for the sheet, ``horizon`` for the last
        year), simulated; the plan first.
    uses
        How far each mix uses every limit.
    moves
        What growth turns on: the effect of timing, carry-over, money and mix, year by year.
    year
        Index of the target year (1 is the year after the base year).
    ranking
        What each number does to the first main target (``ranked_by``).
    read
        Paths of the numbers that the run asked for.
    """

    loaded: Loaded
    economy: Economy
    sheet: Sheet
    plan: Run
    mixes: Mapping[str, Run]
    uses: Mapping[str, tuple[Use, ...]]
    assessment: Assessment
    moves: tuple[Move, ...]
    horizon_promise: float | None
    solver: str
    seed: int | None
    year: int
    ranking: Ranking
    ranked_by: str | None
    read: frozenset[str]

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.loaded.scenario


def run(loaded: Loaded, *, solver: str = "auto", seed: int | None = None) -> Answer:
    """Answer the target sheet of a scenario.

    Parameters
    ----------
    solver
        ``auto``, ``highs`` or ``glpk``.
    seed
        None runs every project on its central durations; a seed draws them.

    Raises
    ------
    ScenarioError
        Where the scenario cannot be put together.
    SolverError
        Where no solver is found or it fails.
    """
    try:
        return _answer(loaded, chosen(solver), seed)
    except ScenarioError as error:
        raise error.placed(loaded.origins) from None


def check(loaded: Loaded) -> None:
    """Put a scenario together without judging it: accounts, chains, and every mix through the pipeline.

    Raises
    ------
    ScenarioError
        Where its numbers are each allowed and cannot stand together.
    """
    scenario, values = loaded.scenario, Recorded()
    try:
        economy = build.economy(scenario, values)
        pipeline = Pipeline(scenario, economy, values)
        for plan in stated_plans(scenario, values).values():
            pipeline.run(plan)
    except ScenarioError as error:
        raise error.placed(loaded.origins) from None


def examine(loaded: Loaded) -> Audit:
    """Audit the target sheet of a scenario: do its rows fit one another? Nothing is simulated.

    Raises
    ------
    ScenarioError
        Where the accounts cannot be put together.
    """
    scenario, values = loaded.scenario, Recorded()
    try:
        return audit(scenario, build.economy(scenario, values), build.sheet(scenario, values))
    except ScenarioError as error:
        raise error.placed(loaded.origins) from None


def _answer(loaded: Loaded, solver: str, seed: int | None) -> Answer:
    """The story itself: economy, plans, levers, verdicts."""
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
    assessment = assessor.assess([run for key, run in mixes.items() if key != scenario.plan])

    promise = None
    if assessment.optimised:
        mixes["optimised"] = assessment.optimised
    if economy.years > year:
        found = horizon_plan(assessor)
        if found:
            mixes["horizon"], promise = found
    uses = {key: assessor.uses(run) for key, run in mixes.items()}
    turns = moves(pipeline, plan_run)
    ranked_by = next((t for t in assessor.targets if t.main), assessor.targets[0] if assessor.targets else None)
    ranks = Ranking({}, frozenset())
    if ranked_by:
        ranks = ranking(scenario, loaded.quantities(), sheet, ranked_by, plan_run, year)
    return Answer(
        loaded, economy, sheet, plan_run, mixes, uses, assessment, turns, promise, solver, seed, year, ranks,
        ranked_by.id if ranked_by else None, frozenset(values.read),
    )
