"""The ladder: for each target and tier, reached by the plan, by another mix, if a limit is relaxed, or not at
all.

Only simulated values are reported; what the solver promised stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ...models.economy import Economy
from ...models.limits import Bound
from ...models.plan import Plan
from ...models.target import Rung, Sheet, Target
from ...models.trajectory import Trajectory
from ...solvers.ask import Optimum, close_gaps, ends, most, nearest, prices, spend, vector
from ...solvers.conflict import conflict
from ...solvers.decision_variables import DecisionVariables
from ...solvers.problem import PlanningProblem, build
from ...solvers.solution import Solution, Status
from ..plans import counted
from ..projects.run import Pipeline, PipelineRun
from .reach import NEAR, PASSES, Goal, cheapest_run
from .uses import Use, use_of

if TYPE_CHECKING:
    from .jury import Jury


@dataclass(frozen=True)
class Run:
    """One plan, simulated."""

    plan: Plan
    pipeline_run: PipelineRun
    path: Trajectory


@dataclass(frozen=True)
class Fix:
    """The cheapest relaxation that reaches a tier: amounts by limit, their cost, the simulated value; the
    standard error of its money."""

    relaxed: Mapping[str, float]
    cost: float
    value: float
    run: Run
    optimum: Optimum | None = None
    error: float | None = None


@dataclass(frozen=True)
class Outcome:
    """One tier of one target, judged.

    Attributes
    ----------
    expected
        Simulated value of the plan. ``attainable``: the best simulated value of any allowed plan found, and
        ``optimum`` what the solver said it would be. ``bound``: the solver's upper bound with every limit
        relaxed to its end (where it was needed).
    gap, gap_yi
        Expected, at the confidence asked for, minus threshold in the target's unit, and in money where the
        indicator has a level.
    probability, error
        Chance of reaching the tier and its standard error; None where no ensemble ran.
    allowed, relaxed
        The highest chance of any plan found within the limits, and with limits relaxed, on the same futures
        (main targets); None where it was not asked.
    champion
        The plan within the limits with the best simulated value. ``best``: the one that is named where
        another mix reaches the tier, and ``reached`` the value that it has. ``close``: the plan's own chance
        is within sampling error of the one asked for.
    """

    target: Target
    tier: str
    threshold: float
    expected: float
    attainable: float
    optimum: float
    bound: float | None
    gap: float
    gap_yi: float | None
    rung: Rung
    fix: Fix | None = None
    best: Run | None = None
    probability: float | None = None
    error: float | None = None
    allowed: float | None = None
    relaxed: float | None = None
    champion: Run | None = None
    reached: float | None = None
    close: bool = False


@dataclass(frozen=True)
class SheetOutcome:
    """All tiers of one kind together: the rung, the fix where one is needed, what stays short, the allowed
    plan found, and its chance."""

    tier: str
    rung: Rung
    fix: Fix | None
    missed: tuple[str, ...]
    best: Run | None = None
    probability: float | None = None
    error: float | None = None
    allowed: float | None = None


@dataclass(frozen=True)
class Assessment:
    """Everything judged about one scenario in its target year."""

    outcomes: tuple[Outcome, ...]
    sheets: tuple[SheetOutcome, ...]
    uses: tuple[Use, ...]
    prices: Mapping[str, Mapping[str, float]]
    optimised: Run | None
    promised: Mapping[str, float]
    judged: Run
    contradictory: tuple[str, ...] = ()
    """Limits that no plan keeps together; empty where one does."""


class Assessor:
    """Judges one plan of one scenario: builds the problem once and asks it everything."""

    def __init__(
        self,
        economy: Economy,
        pipeline: Pipeline,
        sheet: Sheet,
        plan: Run,
        variables: DecisionVariables,
        bounds: Sequence[Bound],
        solver: str,
        jury: Jury | None = None,
    ) -> None:
        self.economy, self.pipeline, self.sheet, self.solver = economy, pipeline, sheet, solver
        self.year = year = variables.year
        self.until = max([year, *(when for bound in bounds for when in bound.years)])
        self.plan, self.variables, self.bounds, self.jury = plan, variables, tuple(bounds), jury
        self.targets = [t for t in sheet.targets.values() if t.judged and t.tiers]
        self.problem: PlanningProblem = spend(
            build(economy, variables, bounds, sheet, self.targets, plan.path, year), solver
        )
        self.tried: list[Run] = []
        self._runs: dict[str, Run] = {}
        self._promised: dict[str, Optimum] = {}
        self._ends: dict[str, Solution] = {}

    def value(self, target: Target, run: Run) -> float:
        """Simulated value of a target."""
        return float(self.sheet.value(target, run.path, self.year)[0])

    def money(self, plan: Plan) -> float:
        """Investment by which plans are compared, in units of money."""
        return counted(self.pipeline.scenario, plan, self.year)

    def settled(self, target: Target, run: Run) -> float:
        """The value of a plan that counts, on the scale of :meth:`value`: measured on the futures, where
        there are any."""
        if self.jury is None or target.id not in self.jury.targets:
            return self.value(target, run)
        return self.jury.level(run.plan, target.id) - target.margin

    def simulate(self, plan: Plan, *, whole: bool = False) -> Run:
        """A plan through the pipeline and the economy, up to the target's year (or a limit's that is later)
        or the ``whole`` horizon.

        The same plan under another name is not run again.
        """
        key = f"{whole} {plan.key}"
        if key not in self._runs:
            pipeline_run = self.pipeline.run(plan)
            until = None if whole else self.until
            path = self.economy.simulate(pipeline_run.realisation, plan.routing or None, plan.quotas, until)
            self._runs[key] = Run(plan, pipeline_run, path)
        return replace(self._runs[key], plan=plan)

    def first_order(self, target: Target) -> bool:
        """Whether the problem holds a target's value only around a plan: a ratio, growth of a later year,
        which is one of two outputs, what several years come to, or where money moves between years."""
        return (
            self.year > 1
            or target.indicator in self.economy.indicators
            or target.over is not None
            or bool(self.variables.moves)
        )

    def around(self, optimum: Optimum, like: PlanningProblem | None = None) -> PlanningProblem:
        """The problem (``like`` another's limits) with what is first-order written around a plan that the
        solver found."""
        assert optimum.plan is not None and optimum.solution is not None
        plan, point = optimum.plan, vector(self.problem, optimum.solution)
        path = self.economy.simulate(
            self.variables.realisation(point[:, None]), plan.routing or None, plan.quotas, self.until
        )
        problem = build(
            self.economy,
            self.variables,
            self.bounds,
            self.sheet,
            self.targets,
            path,
            self.year,
            point,
            plan.quotas,
        )
        like = like or self.problem
        return replace(problem, unspent=like.unspent, bounds=like.bounds)

    def near(self, optimum: Optimum) -> PlanningProblem:
        """The problem around a plan found where its goals are first-order, else that around the stated
        plan."""
        asked = optimum.spans.keys()
        if any(self.first_order(self.sheet.targets[key]) for key in asked):
            problem = self.around(optimum)
            if asked <= problem.goals.keys():
                return problem
        return self.problem

    def until_kept(
        self, ask: Callable[[PlanningProblem], Optimum], targets: Sequence[Target], whole: bool = False
    ) -> tuple[Optimum, Run | None]:
        """The solver's answer and its plan simulated; where it promised what is first-order, asked anew
        around the plan found until the simulation keeps the promise. The nearest to it counts."""
        first = [
            (target, NEAR * 10.0**-target.digits)
            for target in targets
            if self.first_order(target) and target.id in self.problem.goals
        ]
        problem, best = self.problem, None
        for _ in range(PASSES):
            optimum = ask(problem)
            if optimum.plan is None:
                break
            run = self.simulate(optimum.plan, whole=whole)
            off = max(
                (abs(optimum.goals[one.id] - self.value(one, run)) / near for one, near in first), default=0.0
            )
            if best is None or off < best[0]:
                best = off, optimum, run
            if off <= 1.0:
                break
            problem = self.around(optimum)
            if still := {key: value for key, value in problem.fixed.items() if key in optimum.goals}:
                # all output that bears on it is rationed there: no lever moves it, and it is what it is
                best = best[0], replace(best[1], goals={**best[1].goals, **still}), best[2]
                break
        return best[1:] if best else (optimum, None)

    def assess(self, others: Sequence[Run]) -> Assessment:
        """Judge every tier; ``others`` are further simulated mixes that count as found if they break no
        limit."""
        uses = self.uses(self.plan)
        judged: Run | None = self.plan
        if any(use.over > 0 for use in uses):
            optimum = nearest(self.problem, self.economy, solver=self.solver)
            judged = self.simulate(replace(optimum.plan, id="nearest")) if optimum.plan else None
        self.tried = [run for run in (judged, *others) if run and self.within(run)]
        best = {target.id: self._best(target) for target in self.targets}
        outcomes = []
        for target in self.targets:
            outcomes += self._tiers(target, judged, best[target.id])
        sheets = tuple(
            self._sheet(tier, outcomes, judged) for tier in ("ensure", "stretch") if self._asked(tier)
        )
        optimised, promised = self._optimised()
        return Assessment(
            tuple(outcomes),
            sheets,
            uses,
            self._prices(),
            optimised,
            promised,
            judged or self.plan,
            self.contradictory,
        )

    @cached_property
    def contradictory(self) -> tuple[str, ...]:
        """Limits as they stand that no plan keeps together; empty where one does."""
        if self.within(self.plan):
            return ()
        none = conflict(self.problem, {}, self.solver)
        return none.limits if none else ()

    def within(self, run: Run, relaxed: Mapping[str, float] | None = None) -> bool:
        """Whether a simulated plan keeps every limit, each relaxed by what is stated."""
        free = relaxed or {}
        return all(
            use.over <= free.get(use.bound.id, 0.0) + 1e-6 * max(1.0, use.bound.most)
            for use in self.uses(run)
        )

    def _best(self, target: Target) -> float:
        """The solver's best promise for an indicator within the limits; the plan it gives is simulated."""
        if target.id not in self.problem.goals:
            return self.value(target, self.plan)
        leader = self.problem.leaders[target.id]
        if leader not in self._promised:
            self._promised[leader], run = self.until_kept(
                lambda problem: most(
                    problem, target.id, target.sign, self.economy, relax=False, solver=self.solver
                ),
                [target],
            )
            self.tried += [run] if run and self.within(run) else []
        return self._promised[leader].goals.get(target.id, float("nan"))

    def _tiers(self, target: Target, judged: Run | None, promised: float) -> list[Outcome]:
        expected = self.value(target, self.plan)
        own = self.value(target, judged) if judged else float("nan")
        best = max(self.tried, key=lambda run: target.sign * self.value(target, run), default=None)
        attainable = self.value(target, best) if best else float("nan")
        found = []
        for tier, threshold in target.tiers.items():
            fix, bound = None, None
            if target.id not in self.problem.goals:
                rung = Rung.PLAN if target.met(expected, threshold) else Rung.OUT
            elif target.met(own, threshold):
                rung = Rung.PLAN
                attainable = (
                    own if target.sign < 0 else attainable
                )  # how far below a ceiling one could go is no question
            elif target.met(attainable, threshold):
                rung = Rung.MIX
            else:
                rung, fix, bound = self._relaxed(target, tier)
                if (
                    fix and not fix.relaxed
                ):  # asked for more than was needed, a plan within the limits got there
                    rung, best, attainable, fix = Rung.MIX, fix.run, fix.value, None
            found.append(
                Outcome(
                    target,
                    tier,
                    threshold,
                    expected,
                    attainable,
                    promised,
                    bound,
                    expected + target.margin - threshold,
                    self.sheet.gap_yi(target, self.plan.path, self.year, threshold - target.margin),
                    rung,
                    fix,
                    best if rung is Rung.MIX else None,
                    champion=best,
                )
            )
        return found

    def nearby(self, target: Target, tier: str) -> Run | None:
        """The plan within the limits that reaches a tier and is closest to the plan as written."""
        fix, _ = self.fix([Goal(target, target.tiers[tier], tier)], relax=False)
        return fix.run if fix else None

    def _relaxed(self, target: Target, tier: str) -> tuple[Rung, Fix | None, float | None]:
        """The bound with everything relaxed, and the cheapest relaxation that simulates to the tier."""
        goal = Goal(target, target.tiers[tier], tier)
        leader = self.problem.leaders[target.id]
        if leader not in self._ends:
            self._ends[leader] = ends(self.problem, target.id, target.sign, relax=True, solver=self.solver)
        end = self._ends[leader]
        if end.status is Status.INFEASIBLE:
            return Rung.OUT, None, None
        if not end.found:
            return Rung.UNDECIDED, None, None
        bound = end.values[self.problem.goals[target.id]] + target.sign * self._excess(target)
        if not goal.met(bound):
            return Rung.OUT, None, bound
        fix, _ = self.fix([goal], relax=True)
        if fix is None:
            # the cheapest ways fall short in simulation: everything relaxed to its end is the last try
            optimum = most(self.problem, target.id, target.sign, self.economy, relax=True, solver=self.solver)
            fix = self.kept(optimum, [goal])
        return (Rung.RELAXED, fix, bound) if fix else (Rung.UNDECIDED, None, bound)

    def _excess(self, target: Target) -> float:
        """What the simulation gives beyond the promise of the best plan: more than nothing where the problem
        is first-order.

        So it is for ceilings, and where a plan brings back sales outside that the stated plan drives to zero.
        """
        optimum = self._promised[self.problem.leaders[target.id]]
        if optimum.plan is None:
            return 0.0
        return max(
            0.0, target.sign * (self.value(target, self.simulate(optimum.plan)) - optimum.goals[target.id])
        )

    def fix(self, goals: Sequence[Goal], *, relax: bool) -> tuple[Fix | None, bool]:
        """The cheapest plan that simulates to all goals, and whether the solver promised one at all."""
        optimum, run = cheapest_run(self, self.problem, goals, relax=relax)
        found = self.kept(optimum, goals) if optimum and run else None
        if found is None and optimum is not None and optimum.plan is not None and self.variables.moves:
            # growth of a later year bends where money moves between years: once more around the plan found
            again, run = cheapest_run(self, self.around(optimum), goals, relax=relax)
            found = self.kept(again, goals) if again and run else None
        return found, optimum is not None

    def kept(self, optimum: Optimum, goals: Sequence[Goal]) -> Fix | None:
        """A promise that simulates to all goals within the limits that it relaxes."""
        if optimum.plan is None:
            return None
        run = self.simulate(optimum.plan)
        if not self.within(run, optimum.relaxed) or any(
            not goal.met(self.settled(goal.target, run)) for goal in goals
        ):
            return None
        price = {b.id: b.price for b in self.bounds}
        cost = sum(price[key] * amount for key, amount in optimum.relaxed.items())
        value = self.settled(goals[0].target, run) if len(goals) == 1 else float("nan")
        return Fix(optimum.relaxed, cost, value, run, optimum)

    def _asked(self, tier: str) -> bool:
        """Whether the sheet has such a tier; ceilings alone make a sheet of the first one."""
        names = {"ensure", "at_most"} if tier == "ensure" else {tier}
        return any(names & target.tiers.keys() for target in self.targets)

    def thresholds(self, tier: str) -> dict[str, float]:
        """Threshold of every target for a tier of the whole sheet; a ceiling belongs to both tiers."""
        found = {}
        for target in self.targets:
            tiers = target.tiers
            threshold = tiers.get(tier, tiers.get("at_most", tiers.get("ensure")))
            if threshold is not None:
                found[target.id] = threshold
        return found

    def least_likely(self, tier: str) -> tuple[str, ...]:
        """Targets whose own chance under the plan is below what is asked for; none where each alone has it
        and only together they fail."""
        if not self.jury:
            return ()
        asked = self.thresholds(tier)
        return tuple(
            key for key, threshold in asked.items() if self.jury.short(self.plan.plan, key, threshold) > 0
        )

    def _missed(self, run: Run, thresholds: Mapping[str, float]) -> tuple[str, ...]:
        return tuple(
            key
            for key, threshold in thresholds.items()
            if not self.sheet.targets[key].met(self.value(self.sheet.targets[key], run), threshold)
        )

    def _sheet(self, tier: str, outcomes: Sequence[Outcome], judged: Run | None) -> SheetOutcome:
        """Whether all tiers of one kind can be met together; if not, what the least relaxation is."""
        thresholds = self.thresholds(tier)
        missed = self._missed(judged or self.plan, thresholds)
        if judged and not missed:
            return SheetOutcome(tier, Rung.PLAN, None, ())
        beyond = tuple(key for key in missed if key not in self.problem.goals)
        if beyond:
            return SheetOutcome(tier, Rung.OUT, None, beyond)
        if there := next((run for run in self.tried if not self._missed(run, thresholds)), None):
            return SheetOutcome(tier, Rung.MIX, None, (), there)
        hoped = False
        for relax in (False, True):
            fix, promised = self.fix(
                [Goal(self.sheet.targets[key], value, tier) for key, value in thresholds.items()], relax=relax
            )
            hoped = hoped or promised
            if fix:
                return (
                    SheetOutcome(tier, Rung.RELAXED, fix, ())
                    if relax
                    else SheetOutcome(tier, Rung.MIX, None, (), fix.run)
                )
        if hoped:
            return SheetOutcome(tier, Rung.UNDECIDED, None, missed)
        alone = tuple(
            o.target.id
            for o in outcomes
            if thresholds.get(o.target.id) == o.threshold and o.rung in (Rung.OUT, Rung.UNDECIDED)
        )
        return SheetOutcome(tier, Rung.OUT, None, alone or missed)

    def _optimised(self) -> tuple[Run | None, Mapping[str, float]]:
        """The optimiser's own plan: ensure shortfalls first, then stretch, then closest to the plan."""
        tiers: dict[str, list[str]] = {"ensure": [], "stretch": []}
        for target in self.targets:
            if target.id in self.problem.goals:
                for tier in target.tiers:
                    tiers["stretch" if tier == "stretch" else "ensure"].append(f"{target.id}:{tier}")
        optimum, run = self.until_kept(
            lambda problem: close_gaps(problem, tiers, self.economy, relax=False, solver=self.solver),
            self.targets,
            whole=True,
        )
        return (run, optimum.goals) if run else (None, {})

    def _prices(self) -> dict[str, dict[str, float]]:
        """Shadow prices of limits at the most that each main target can reach."""
        return {
            target.id: prices(
                self.problem,
                target.id,
                target.sign,
                self._promised[self.problem.leaders[target.id]],
                relax=False,
                solver=self.solver,
            )
            for target in self.targets
            if target.main and target.id in self.problem.goals
        }

    def uses(self, run: Run) -> tuple[Use, ...]:
        """How far a simulated plan uses each limit of the target's year."""
        return tuple(use_of(bound, run, self.problem.ground) for bound in self.bounds)
