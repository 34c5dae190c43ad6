"""The whole story: a scenario becomes an economy, a plan becomes a path, and every target gets its
verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..models.economy import Economy
from ..models.errors import ScenarioError
from ..models.limits import Bound
from ..models.quantity import Draws
from ..models.target import Sheet, leading
from ..scenarios.load import Loaded
from ..scenarios.schema import Scenario
from . import build
from .decide.assess import Assessment, Run
from .decide.decisions import BreakEven, Decision, break_evens, decisions, main_tiers, strongest
from .decide.judge import on_draws
from .decide.mixes import horizon_plan
from .decide.price import Priced, price_of_chance
from .decide.uses import Use
from .diagnose.audit import Audit, audit
from .diagnose.delay_impact import DelayImpact, delay_impacts
from .diagnose.gap import Gap, gaps
from .diagnose.hints import Hint, hints
from .diagnose.moves import Move, moves, project_moves
from .diagnose.one_at_a_time import OneAtATime, Recorded, one_at_a_time
from .diagnose.quick_look import QuickLook, quick_look
from .forecast.anchor import unanchored
from .forecast.anchored import Forecast, anchored, forecast, plan_adds
from .longview import Long, LongViewAsked, long_view, long_view_or_why
from .plans import stated_plans
from .progress import tell
from .projects.run import Pipeline
from .study import Study, study
from .uncertainty.chances import with_chances
from .uncertainty.drivers import UncertaintyDrivers, main_targets, uncertainty_drivers
from .uncertainty.ensemble import Ensemble
from .uncertainty.futures import Sample
from .uncertainty.mixes import MixesOnDraws, mixes_on_draws


@dataclass(frozen=True, repr=False)
class Answer:
    """Everything that one run found out.

    Attributes
    ----------
    plan
        The plan as written, simulated.
    mixes
        Every mix of the scenario and the optimiser's own (``optimised`` for the sheet, ``horizon`` for the
        last year), simulated; the plan first.
    uses
        How far each mix uses every limit.
    moves
        What growth turns on: the effect of timing, carry-over, money and mix, year by year.
    year
        Index of the target year (1 is the year after the base year).
    ranking
        What each number does to the first main target (``ranked_by``).
    long
        The long view; None where the scenario states none, or its numbers cannot stand together (told by a
        hint).
    read
        Paths of the numbers that the run asked for.
    ensemble
        The plan in many futures; None where no draws were asked for.
    hangs
        Sources of uncertainty; None where the draws are too few to tell, or none.
    rivals
        The mixes on the same draws; None without draws or with a single mix.
    slips
        What each named project costs the first main target where it comes a quarter later.
    gaps
        What GDP growth lacks at each tier, by sector and by late project.
    changes
        What unfinished named projects, each and all together, do where they are deleted, cancelled, hastened
        or delayed.
    hints
        What the scenario leaves unsaid, what is inferred, and what it states without effect.
    level
        Where the level of growth comes from; None where nothing is known to hold it to.
    price
        The chance of each main tier under the plan's own mix with more money or less.
    decisions, break_evens
        What can be decided, with its chances and later cost; and what would have to be true for the main
        tiers. Empty without draws.
    quick
        Linear effects of money, mix and delays on the main targets; None without draws.
    """

    loaded: Loaded
    economy: Economy
    sheet: Sheet
    plan: Run
    mixes: Mapping[str, Run]
    uses: Mapping[str, tuple[Use, ...]]
    assessment: Assessment
    moves: tuple[Move, ...]
    horizon_optimum: float | None
    solver: str
    seed: int | None
    year: int
    one_at_a_time: OneAtATime
    ranked_by: str | None
    long: Long | None
    read: frozenset[str]
    ensemble: Ensemble | None = None
    uncertainty_drivers: UncertaintyDrivers | None = None
    mixes_on_draws: MixesOnDraws | None = None
    delay_impacts: tuple[DelayImpact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    changes: tuple[Move, ...] = ()
    hints: tuple[Hint, ...] = ()
    level: GrowthLevel | None = None
    decisions: tuple[Decision, ...] = ()
    price: tuple[Priced, ...] = ()
    break_evens: tuple[BreakEven, ...] = ()
    quick: QuickLook | None = None

    def __repr__(self) -> str:
        return f"<Answer of the engine: {self.loaded.name}, {len(self.mixes)} mixes>"

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.loaded.scenario

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The limits of the scenario."""
        return tuple(use.bound for use in self.assessment.uses)

    @property
    def contradictory(self) -> tuple[str, ...]:
        """Limits that no plan keeps together; empty where one does."""
        return self.assessment.contradictory


@dataclass(frozen=True)
class GrowthLevel:
    """Four numbers: the reference, what the plan adds to it by cause, the shift of the markets, and what own
    trends would say.

    Attributes
    ----------
    adds
        Points that the plan adds to business as usual in the target year, central case, by cause
        (:data:`.forecast.anchored.CAUSES`).
    usual, plan
        Growth of business as usual and of the plan, as anchored, %: the plan's is the median of its futures,
        and what that lies off the central case is the cause ``skew``.
    own
        Central growth of the plan by the scenario's own trends, %.
    """

    forecast: Forecast
    adds: Mapping[str, float]
    usual: float
    plan: float
    own: float


def run(loaded: Loaded, *, solver: str = "auto", seed: int | None = None, draws: int | None = None) -> Answer:
    """Answer the target sheet of a scenario.

    Parameters
    ----------
    solver
        ``auto``, ``highs`` or ``glpk``.
    seed
        None runs every project on its central durations; a seed draws them.
    draws
        Futures behind the probabilities: None for as many as the asked precision needs (``uncertainty`` of
        the scenario), 0 for none.

    Raises
    ------
    ScenarioError
        Where the scenario cannot be put together.
    SolverError
        Where no solver is found or it fails.
    """
    try:
        with loaded.speaking():
            return _answer(loaded, solver, seed, draws)
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


def notes(loaded: Loaded) -> tuple[Hint, ...]:
    """What a scenario that has been checked leaves unsaid, what is inferred, and what it states without
    effect."""
    loaded = anchored(loaded)
    scenario, values = loaded.scenario, Draws()
    economy, sheet = build.economy(scenario, values), build.sheet(scenario, values)
    plan = stated_plans(scenario, values)[scenario.plan]
    pipeline_run = Pipeline(scenario, economy, values).run(plan)
    simulated = Run(plan, pipeline_run, economy.simulate(pipeline_run.realisation))
    first = next((target for target in sheet.targets.values() if target.judged), None)
    year = scenario.years.ahead
    idle = (
        one_at_a_time(scenario, loaded.quantities(), sheet, first, simulated, year).idle
        if first
        else frozenset()
    )
    _, unlong = long_view_or_why(scenario, economy, sheet, values)
    return (*hints(scenario, loaded.quantities(), sheet, simulated, idle), *unlong)


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


def look_ahead(loaded: Loaded, asked: LongViewAsked | None = None) -> Long | None:
    """The long view of a scenario alone, with its plan beside it in the annual model; None where the scenario
    states no ``long_view``.

    Raises
    ------
    ScenarioError
        Where the accounts cannot be put together.
    """
    values = Recorded()
    try:
        scenario = anchored(loaded).scenario
        return long_view(
            scenario, build.economy(scenario, values), build.sheet(scenario, values), values, asked
        )
    except ScenarioError as error:
        raise error.placed(loaded.origins) from None


def first_answer(begun: Study, loaded: Loaded) -> Answer:
    """What is known first, in a fraction of a second: plans simulated, limits, verdicts and their chances.

    The rest of an :class:`Answer` stays empty; ``loaded`` is the scenario as it was stated. To its limits are
    added those that a year under way brings: money that is spent.
    """
    if loaded.scenario.actuals is not None:  # otherwise it stays the same object: much is remembered of it
        held = {**begun.scenario.limits, **loaded.scenario.limits}
        loaded = replace(loaded, scenario=loaded.scenario.model_copy(update={"limits": held}))
    scenario, assessor, plan_run = begun.scenario, begun.assessor, begun.plan
    mixes, chances = dict(begun.mixes), begun.ensemble
    tell("verdicts")
    assessment = assessor.assess([run for key, run in mixes.items() if key != scenario.plan])
    if assessment.optimised:
        mixes["optimised"] = assessment.optimised
    if chances and begun.jury:
        tell("verdicts")
        assessment = on_draws(assessor, with_chances(assessment, chances), begun.jury)
    return Answer(
        loaded,
        begun.economy,
        begun.sheet,
        plan_run,
        mixes,
        {key: assessor.uses(run) for key, run in mixes.items()},
        assessment,
        (),
        None,
        begun.solver,
        begun.seed,
        begun.year,
        OneAtATime({}, frozenset()),
        None,
        None,
        frozenset(begun.values.read),
        chances,
    )


def _answer(loaded: Loaded, solver: str, seed: int | None, draws: int | None) -> Answer:
    """The story itself: economy, plans, levers, verdicts, chances; then what they turn on.

    One after the other: draws in a thread beside the optimiser take a fifth more processor time, and no less
    of the clock's.
    """
    begun = study(loaded, solver=solver, seed=seed, draws=draws)
    told = first_answer(begun, loaded)
    scenario, assessor, year, chances, jury = (
        begun.scenario,
        begun.assessor,
        begun.year,
        begun.ensemble,
        begun.jury,
    )
    mixes, uses, optimum = dict(told.mixes), dict(told.uses), None
    tell("drivers")
    if begun.economy.years > year and (found := horizon_plan(assessor)):
        mixes["horizon"], optimum = found
        uses["horizon"] = assessor.uses(mixes["horizon"])
    shares = uncertainty_drivers(chances, scenario.years.base + year) if chances else None
    ranked_by, ranks = next(iter(leading(assessor.targets)), None), told.one_at_a_time
    risks = told.delay_impacts
    if ranked_by:
        numbers = begun.loaded.quantities()
        ranks = one_at_a_time(scenario, numbers, begun.sheet, ranked_by, begun.plan, year)
        risks = delay_impacts(scenario, begun.economy, begun.plan, begun.sheet, ranked_by, year, chances)
    tell("price")
    price = price_of_chance(assessor, jury, main_tiers(assessor, jury)) if jury else ()
    tell("decisions")
    long, unlong = long_view_or_why(scenario, begun.economy, begun.sheet, begun.values)
    return replace(
        told,
        moves=moves(begun.pipeline, begun.plan),
        level=_level(loaded.scenario, begun),
        mixes=mixes,
        uses=uses,
        horizon_optimum=optimum,
        one_at_a_time=ranks,
        ranked_by=ranked_by.id if ranked_by else None,
        long=long,
        read=frozenset(begun.values.read),
        uncertainty_drivers=shares,
        mixes_on_draws=_rivals(scenario, chances, jury.samples if jury else (), mixes, uses, year),
        delay_impacts=risks,
        gaps=gaps(scenario, begun.economy, begun.sheet, begun.plan, year),
        changes=project_moves(begun.pipeline, begun.plan),
        hints=(
            *hints(scenario, begun.loaded.quantities(), begun.sheet, begun.plan, ranks.idle),
            *unlong,
        ),
        decisions=decisions(assessor, told.assessment, jury, price) if jury else (),
        price=price,
        break_evens=_break_evens(begun, chances, shares),
        quick=quick_look(begun, loaded.scenario),
    )


def _break_evens(
    begun: Study, found: Ensemble | None, shares: UncertaintyDrivers | None
) -> tuple[BreakEven, ...]:
    """For each main tier that the plan does not reach: the numbers and surprises that move its target most,
    and what they must be."""
    if found is None or shares is None or begun.jury is None:
        return ()
    made: list[BreakEven] = []
    for key in main_targets(found):
        target = found.targets[key]
        for tier in target.tiers:
            if found.probability(key, tier).value < begun.jury.confidence:
                made += break_evens(
                    found,
                    target,
                    tier,
                    strongest(found, key, begun.scenario.years.target),
                    begun.jury.confidence,
                )
    return tuple(made)


def _level(stated: Scenario, begun: Study) -> GrowthLevel | None:
    """Where the level of the target year's growth comes from, of a scenario as it is stated."""
    found = forecast(stated)
    if found is None:
        return None
    plan, year = begun.plan, begun.year
    gdp = plan.path.gdp[:, 0]
    own = (
        build.economy(unanchored(stated), Draws())
        .simulate(plan.pipeline_run.realisation, plan.plan.routing or None, plan.plan.quotas, year)
        .gdp[:, 0]
    )
    adds = dict(plan_adds(begun.scenario, begun.economy, plan.pipeline_run.realisation, year))
    grown = [100 * float(each[year] / each[year - 1] - 1) for each in (gdp, own)]
    usual = grown[0] - sum(adds.values())
    skew = sum(
        begun.sheet.offsets.get(key, 0.0)
        for key, target in begun.sheet.targets.items()
        if target.indicator == "gdp_growth" and not target.over
    )
    if skew:
        adds["skew"] = skew
    return GrowthLevel(found, adds, usual, grown[0] + skew, grown[1])


def _rivals(
    scenario: Scenario,
    found: Ensemble | None,
    samples: Sequence[Sample],
    mixes: Mapping[str, Run],
    uses: Mapping[str, tuple[Use, ...]],
    year: int,
) -> MixesOnDraws | None:
    """All mixes on the draws that were kept; only those within the limits compete."""
    if found is None:
        return None
    plans = {key: run.plan for key, run in mixes.items()}
    within = frozenset(key for key in plans if all(use.over <= 0 for use in uses[key]))
    aims, draws = (
        {key: found.targets[key] for key in main_targets(found)},
        sum(sample.draws for sample in samples),
    )
    known = {
        key: found.outcomes[key][:draws] for key in aims
    }  # the samples are the first draws of the plan's own ensemble
    return mixes_on_draws(samples, plans, scenario.plan, year, aims, within, known=known)
