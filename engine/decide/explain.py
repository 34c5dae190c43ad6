"""Why the sheet cannot be met, and the cheapest ways out; where it can, what binds and what one more unit is
worth (为什么)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...models.target import Rung
from ...solvers.ask import close_gaps
from ...solvers.conflict import Conflict, conflict
from .amount import measured
from .assess import Assessor, Fix, Run
from .reach import Goal, cheapest_run, spans
from .shadow_prices import ShadowPrice, prices_of


@dataclass(frozen=True)
class Relief:
    """The least by which one limit alone must give for some goals to be met.

    Attributes
    ----------
    amount
        In the limit's unit, infinite where this limit alone does not help; ``allowed`` says how far it may
        give.
    cost
        Its price times the amount, in units of money.
    run
        The plan, simulated; None where none simulates to the goals.
    """

    goals: tuple[Goal, ...]
    limit: str
    amount: float
    allowed: float
    cost: float
    run: Run | None


@dataclass(frozen=True)
class Explanation:
    """What was found about some goals together.

    Attributes
    ----------
    values
        Simulated values of the plan, by target.
    rung
        Met by the plan, by another mix, only with limits relaxed, not even then, or undecided.
    run
        The plan that meets all goals within the limits, where there is one.
    conflicts
        Irreducible conflicts; no goal stands in two of them.
    reliefs
        For each goal that the plan misses, and for all together: the least relaxation of each limit alone.
    fixes
        For the same questions the cheapest relaxation of several limits, each within its end.
    lowered
        Where not even all relaxations together help: the goals as far as they can be met, the sum of what is
        given up being least, and the cheapest fix for these.
    prices
        Where all goals can be met: what one more unit of each limit and fact is worth at the best of each
        main goal.
    """

    tier: str
    goals: tuple[Goal, ...]
    values: Mapping[str, float]
    rung: Rung
    run: Run | None = None
    conflicts: tuple[Conflict, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    fixes: tuple[tuple[tuple[Goal, ...], Fix | None], ...] = ()
    lowered: tuple[tuple[Goal, ...], Fix | None] | None = None
    prices: tuple[ShadowPrice, ...] = ()
    together: float | None = None
    """Chance that the plan named by ``rung`` reaches all goals in one future, share; None where nothing is
    drawn, or of one goal."""

    @property
    def missed(self) -> tuple[Goal, ...]:
        """Goals that the plan as written misses."""
        return tuple(goal for goal in self.goals if not goal.met(self.values[goal.target.id]))


def goals_of(assessor: Assessor, tier: str, names: Sequence[str] = ()) -> tuple[Goal, ...]:
    """The goals of a tier of the sheet, a target without this tier by the one it has; or of those named."""
    found = []
    for target in assessor.targets:
        own = next((t for t in (tier, "at_most", "ensure") if t in target.tiers), None)
        if own and (not names or target.id in names):
            found.append(Goal(target, target.tiers[own], own))
    return tuple(found)


def explain(assessor: Assessor, goals: Sequence[Goal], tier: str = "ensure") -> Explanation:
    """Whether goals can be met together; if not, why, and what would do.

    Raises
    ------
    SolverError
        Where the solver comes to no answer.
    """
    asked = tuple(goals)
    values = {goal.target.id: assessor.value(goal.target, assessor.plan) for goal in asked}
    found = Explanation(tier, asked, values, Rung.OUT)
    still = [goal for goal in found.missed if goal.target.id not in assessor.problem.goals]
    if not found.missed and assessor.within(assessor.plan):
        return replace(
            found,
            rung=Rung.PLAN,
            run=assessor.plan,
            prices=prices_of(assessor, asked),
            together=_together(assessor, asked, assessor.plan),
        )
    hoped = False
    if not still:
        optimum, run = cheapest_run(assessor, assessor.problem, asked, relax=False)
        if run is not None:
            return replace(
                found,
                rung=Rung.MIX,
                run=run,
                prices=prices_of(assessor, asked),
                together=_together(assessor, asked, run),
            )
        hoped = optimum is not None
    parts = [(goal,) for goal in found.missed if goal.target.id in assessor.problem.goals]
    questions = [*parts, asked] if len(asked) > 1 and not still else parts
    reliefs = tuple(relief for part in questions for relief in _reliefs(assessor, part))
    fixes = tuple((part, measured(assessor, assessor.fix(part, relax=True)[0])) for part in questions)
    whole = next((fix for part, fix in fixes if part == asked), None)
    if whole is not None:
        rung = Rung.RELAXED if whole.relaxed else Rung.MIX
        return replace(
            found,
            rung=rung,
            conflicts=_conflicts(assessor, asked),
            reliefs=reliefs,
            fixes=fixes,
            together=_together(assessor, asked, whole.run),
        )
    return replace(
        found,
        rung=Rung.UNDECIDED if hoped else Rung.OUT,
        conflicts=_conflicts(assessor, asked),
        reliefs=reliefs,
        fixes=fixes,
        lowered=_lowered(assessor, asked),
    )


def _together(assessor: Assessor, goals: Sequence[Goal], run: Run) -> float | None:
    """Chance that a plan reaches every goal in one and the same future."""
    if (
        assessor.jury is None
        or len(goals) < 2
        or any(goal.target.id not in assessor.jury.targets for goal in goals)
    ):
        return None
    return assessor.jury.joint(run.plan, {goal.target.id: goal.threshold for goal in goals}).value


def _conflicts(assessor: Assessor, goals: Sequence[Goal]) -> tuple[Conflict, ...]:
    """Conflicts one after another, each without the goals of those before."""
    found = [
        Conflict((goal.target.id,), (), (), True)
        for goal in goals
        if goal.target.id not in assessor.problem.goals
        and not goal.met(assessor.value(goal.target, assessor.plan))
    ]
    left = spans(assessor, goals)
    while left:
        one = conflict(assessor.problem, left, assessor.solver)
        if one is None:
            break
        found.append(one)
        if not one.goals:  # limits and facts that cannot hold whatever is aimed at
            break
        left = {key: span for key, span in left.items() if key not in one.goals}
    return tuple(found)


def _reliefs(assessor: Assessor, goals: tuple[Goal, ...]) -> list[Relief]:
    """Each limit alone: the least by which it must give, however far that is."""
    found = []
    for bound in assessor.bounds:
        alone = tuple(
            replace(b, slack=float("inf") if b is bound else 0.0, price=1.0) for b in assessor.problem.bounds
        )
        optimum, run = cheapest_run(assessor, replace(assessor.problem, bounds=alone), goals, relax=True)
        amount = optimum.relaxed.get(bound.id, 0.0) if optimum is not None else float("inf")
        found.append(
            Relief(
                goals,
                bound.id,
                amount,
                bound.slack,
                bound.price * amount if optimum is not None else amount,
                run,
            )
        )
    return found


def _lowered(assessor: Assessor, goals: tuple[Goal, ...]) -> tuple[tuple[Goal, ...], Fix | None]:
    """The goals brought down as little as possible in all, every limit relaxed to its end, and the cheapest
    fix for them.

    What is given up is in points for rates and in percent of the threshold for levels, so that it can be
    added.
    """
    names = [f"{g.target.id}:{g.tier}" for g in goals if g.target.id in assessor.problem.goals and g.tier]
    optimum = close_gaps(
        assessor.problem, {"asked": names}, assessor.economy, relax=True, solver=assessor.solver
    )
    run = assessor.simulate(optimum.plan) if optimum.plan else assessor.plan
    lower = []
    for goal in goals:
        reached = assessor.settled(goal.target, run)
        lower.append(
            goal
            if goal.met(reached)
            else replace(goal, threshold=goal.target.rounded(reached + goal.target.margin))
        )
    fix = assessor.fix(lower, relax=True)[0] or assessor.kept(optimum, lower)
    return tuple(lower), measured(assessor, fix)
