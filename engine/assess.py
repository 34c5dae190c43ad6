"""The ladder: for each target and tier, reached by the plan, by another mix, if a limit is relaxed, or not at all.

Only simulated values are reported; what the solver promised stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.economy import Economy
from ..models.plan import Plan
from ..models.target import Rung, Sheet, Target
from ..models.trajectory import Trajectory
from ..solvers.ask import Promise, cheapest, close_gaps, most, nearest, prices
from ..solvers.levers import Levers
from ..solvers.problem import Bound, Problem, build, enough_for
from .works import Delivery, Pipeline


PASSES = 4
"""Times that the optimiser is asked again when the simulation falls short of its promise."""


@dataclass(frozen=True)
class Run:
    """One plan, simulated."""

    plan: Plan
    delivery: Delivery
    path: Trajectory


@dataclass(frozen=True)
class Use:
    """How far a plan uses a limit: ``used`` of ``bound.most``; ``over`` by how much it breaks it."""

    bound: Bound
    used: float
    over: float


@dataclass(frozen=True)
class Fix:
    """The cheapest relaxation that reaches a tier: amounts by limit, their cost, the simulated value."""

    relaxed: Mapping[str, float]
    cost: float
    value: float
    run: Run


@dataclass(frozen=True)
class Outcome:
    """One tier of one target, judged.

    Attributes
    ----------
    expected
        Simulated value of the plan. ``attainable``: the best simulated value of any allowed plan found, and
        ``promise`` what the solver said it would be. ``bound``: the solver's upper bound with every limit
        relaxed to its end (where it was needed).
    gap, gap_yi
        Expected minus threshold in the target's unit, and in 亿元 where the indicator has a level.
    probability, error
        Chance of reaching the tier and its standard error; None where no ensemble ran.
    """

    target: Target
    tier: str
    threshold: float
    expected: float
    attainable: float
    promise: float
    bound: float | None
    gap: float
    gap_yi: float | None
    rung: Rung
    fix: Fix | None = None
    best: Run | None = None
    probability: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class SheetOutcome:
    """All tiers of one kind together: the rung, the fix where one is needed, and what stays short."""

    tier: str
    rung: Rung
    fix: Fix | None
    missed: tuple[str, ...]


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


class Assessor:
    """Judges one plan of one scenario: builds the problem once and asks it everything."""

    def __init__(
        self, economy: Economy, pipeline: Pipeline, sheet: Sheet, plan: Run, levers: Levers, bounds: Sequence[Bound],
        year: int, solver: str,
    ) -> None:
        self.economy, self.pipeline, self.sheet, self.year, self.solver = economy, pipeline, sheet, year, solver
        self.plan, self.levers, self.bounds = plan, levers, tuple(bounds)
        self.targets = [t for t in sheet.targets.values() if t.judged and t.tiers]
        self.problem: Problem = build(economy, levers, bounds, sheet, self.targets, plan.path, year)
        self.tried: list[Run] = []

    def value(self, target: Target, run: Run) -> float:
        """Simulated value of a target."""
        return float(self.sheet.value(target, run.path, self.year)[0])

    def simulate(self, plan: Plan) -> Run:
        """A plan through the pipeline and the economy."""
        delivery = self.pipeline.run(plan)
        return Run(plan, delivery, self.economy.simulate(delivery.works, plan.routing or None))

    def assess(self, others: Sequence[Run]) -> Assessment:
        """Judge every tier; ``others`` are further simulated mixes that count as found if they break no limit."""
        uses = self.uses(self.plan)
        judged = self.plan
        if any(use.over > 0 for use in uses):
            promise = nearest(self.problem, self.economy, solver=self.solver)
            judged = self.simulate(replace(promise.plan, id="nearest")) if promise.plan else self.plan
        self.tried = [judged, *[run for run in others if not any(u.over > 0 for u in self.uses(run))]]
        best = {target.id: self._best(target) for target in self.targets}
        outcomes = []
        for target in self.targets:
            outcomes += self._tiers(target, judged, *best[target.id])
        sheets = tuple(self._sheet(tier, outcomes, judged) for tier in ("ensure", "stretch") if self._asked(tier))
        optimised, promised = self._optimised()
        return Assessment(
            tuple(outcomes), sheets, uses, self._prices(), optimised, promised, judged,
        )

    def _best(self, target: Target) -> tuple[float, Promise | None]:
        """The solver's best promise for an indicator within the limits; the plan it gives is simulated."""
        if target.id not in self.problem.goals:
            return self.value(target, self.plan), None
        promise = most(self.problem, target.id, target.sign, self.economy, relax=False, solver=self.solver)
        if promise.plan is None:
            return float("nan"), promise
        self.tried.append(self.simulate(promise.plan))
        return promise.goals[target.id], promise

    def _tiers(self, target: Target, judged: Run, promised: float, promise: Promise | None) -> list[Outcome]:
        expected = self.value(target, self.plan)
        own = self.value(target, judged)
        best = max(self.tried, key=lambda run: target.sign * self.value(target, run))
        attainable = self.value(target, best)
        found = []
        for tier, threshold in target.tiers.items():
            fix, bound = None, None
            if target.met(own, threshold):
                rung = Rung.PLAN
            elif target.met(attainable, threshold):
                rung = Rung.MIX
            elif promise is None:
                rung = Rung.OUT
            else:
                rung, fix, bound = self._relaxed(target, threshold)
                if rung is Rung.OUT and target.met(promised, threshold):
                    rung = Rung.UNDECIDED
            found.append(Outcome(
                target, tier, threshold, expected, attainable, promised, bound, expected - threshold,
                self.sheet.gap_yi(target, self.plan.path, self.year, threshold), rung, fix,
                best if rung is Rung.MIX else None,
            ))
        return found

    def _relaxed(self, target: Target, threshold: float) -> tuple[Rung, Fix | None, float | None]:
        """The bound with everything relaxed, and the cheapest relaxation that simulates to the tier."""
        end = most(self.problem, target.id, target.sign, self.economy, relax=True, solver=self.solver)
        if end.plan is None:
            return Rung.UNDECIDED, None, None
        bound = end.goals[target.id]
        if not target.met(bound, threshold):
            return Rung.OUT, None, bound
        enough = enough_for(target, threshold)
        for _ in range(PASSES):
            promise = cheapest(
                self.problem, {target.id: _span(target, enough)}, self.economy, relax=True, solver=self.solver
            )
            if promise.plan is None:
                promise = end
            run = self.simulate(promise.plan or self.plan.plan)
            value = self.value(target, run)
            if target.met(value, threshold):
                return Rung.RELAXED, Fix(promise.relaxed, self._cost(promise.relaxed), value, run), bound
            if promise is end:
                break
            # queues and rounding took a little of what was promised: ask for that much more
            enough += 1.05 * (enough - value)
        return Rung.UNDECIDED, None, bound

    def _cost(self, relaxed: Mapping[str, float]) -> float:
        price = {b.id: b.price for b in self.bounds}
        return sum(price[key] * amount for key, amount in relaxed.items())

    def _asked(self, tier: str) -> bool:
        return any(tier in target.tiers for target in self.targets)

    def _thresholds(self, tier: str) -> dict[str, float]:
        """Threshold of every target for a tier of the whole sheet; a ceiling belongs to both tiers."""
        found = {}
        for target in self.targets:
            tiers = target.tiers
            threshold = tiers.get(tier, tiers.get("at_most", tiers.get("ensure")))
            if threshold is not None:
                found[target.id] = threshold
        return found

    def _missed(self, run: Run, thresholds: Mapping[str, float]) -> tuple[str, ...]:
        return tuple(
            key for key, threshold in thresholds.items()
            if not self.sheet.targets[key].met(self.value(self.sheet.targets[key], run), threshold)
        )

    def _sheet(self, tier: str, outcomes: Sequence[Outcome], judged: Run) -> SheetOutcome:
        """Whether all tiers of one kind can be met together; if not, what the least relaxation is."""
        thresholds = self._thresholds(tier)
        missed = self._missed(judged, thresholds)
        if not missed:
            return SheetOutcome(tier, Rung.PLAN, None, ())
        beyond = [key for key in missed if key not in self.problem.goals]
        if beyond:
            return SheetOutcome(tier, Rung.OUT, None, tuple(beyond))
        for run in self.tried:
            if not self._missed(run, thresholds):
                return SheetOutcome(tier, Rung.MIX, None, ())
        spans = {}
        for key, threshold in thresholds.items():
            if key in self.problem.goals:
                target = self.sheet.targets[key]
                spans[key] = _span(target, enough_for(target, threshold))
        for relax in (False, True):
            promise = cheapest(self.problem, spans, self.economy, relax=relax, solver=self.solver)
            if promise.plan is None:
                continue
            run = self.simulate(promise.plan)
            left = self._missed(run, thresholds)
            if not left:
                fix = Fix(promise.relaxed, self._cost(promise.relaxed), float("nan"), run)
                return SheetOutcome(tier, Rung.RELAXED if relax else Rung.MIX, fix if relax else None, ())
            return SheetOutcome(tier, Rung.UNDECIDED, None, left)
        alone = tuple(
            o.target.id for o in outcomes
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
        promise = close_gaps(self.problem, tiers, self.economy, relax=False, solver=self.solver)
        if promise.plan is None:
            return None, {}
        return self.simulate(promise.plan), promise.goals

    def _prices(self) -> dict[str, dict[str, float]]:
        """Shadow prices of limits at the most that each main target can reach."""
        found = {}
        for target in self.targets:
            if target.main and target.id in self.problem.goals:
                promise = most(self.problem, target.id, target.sign, self.economy, relax=False, solver=self.solver)
                found[target.id] = prices(
                    self.problem, target.id, target.sign, promise, relax=False, solver=self.solver
                )
        return found

    def uses(self, run: Run) -> tuple[Use, ...]:
        """How far a simulated plan uses each limit of the target's year."""
        money = run.plan.investment[:, 0]
        base = self.levers.delivered.normal[:, 0, 0]
        found = []
        for bound in self.bounds:
            if bound.kind == "investment":
                # what the plan itself spends is the yardstick: other mixes are judged at the plan's total
                used = float(money.sum())
            elif bound.kind == "source":
                used = float(bound.weights @ money)
            elif bound.kind == "energy":
                used = float(self.economy.energy[:, 0] @ run.path.output[:, self.year, 0])
            elif bound.kind == "absorption":
                used = float(np.max(np.where(base > 0, 100 * (money / np.maximum(base, 1e-12) - 1), 0.0)))
            elif bound.kind == "mix":
                used = float(np.abs(run.plan.shares - self.plan.plan.shares).max())
            else:
                used = max((-shift for shift in run.plan.shifts.values()), default=0.0)
            over = used - bound.most
            found.append(Use(bound, used, over if over > 1e-6 * max(1.0, abs(bound.most)) else 0.0))
        return tuple(found)


def _span(target: Target, enough: float) -> tuple[float, float]:
    """Values of an indicator that reach a threshold."""
    return (enough, np.inf) if target.sign > 0 else (-np.inf, enough)
