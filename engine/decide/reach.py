"""Goals of a question, and asking until the simulation reaches what the solver promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...models.target import Target
from ...solvers.ask import Optimum, Spans, cheapest
from ...solvers.problem import PlanningProblem, enough_for

if TYPE_CHECKING:
    from .assess import Assessor, Run

PASSES = 6
"""Times that the solver is asked again when the simulation gives more or less than it promised."""

NEAR = 1e-3
"""Part of a printed digit by which a plan may miss a tier that it aims at."""

EXACT = 1e-6
"""Part of itself by which a simulated value may miss a value that was stated, not read off the sheet."""


@dataclass(frozen=True)
class Goal:
    """A value that a target is to reach: a tier of the sheet, or without ``tier`` a value stated in the
    question.

    A tier counts as the sheet does, after rounding; a stated value is meant as it stands.
    """

    target: Target
    threshold: float
    tier: str = ""

    def least(self, rounding: bool) -> float:
        """The value that is asked for, or with ``rounding`` the least that counts."""
        return enough_for(self.target, self.threshold, rounding) if self.tier else self.threshold

    @property
    def edge(self) -> float:
        """The least value that counts in one future, rounding included, with a hair for the solver's
        tolerance."""
        return (
            enough_for(self.target, self.threshold, rounding=True) + self.target.margin
            if self.tier
            else self.threshold
        )

    @property
    def close(self) -> float:
        """By how much a plan may miss what it aims at, in the target's unit."""
        return NEAR * 10.0**-self.target.digits if self.tier else 0.1 * EXACT * max(1.0, abs(self.threshold))

    def met(self, value: float) -> bool:
        """Whether a simulated value reaches it."""
        if self.tier:
            return self.target.met(value, self.threshold)
        return self.target.sign * (value - self.threshold) >= -EXACT * max(1.0, abs(self.threshold))

    def span(self, least: float) -> tuple[float, float]:
        """Values that are at least as good as ``least``."""
        return (least, float("inf")) if self.target.sign > 0 else (float("-inf"), least)


def spans(assessor: Assessor, goals: Sequence[Goal]) -> dict[str, tuple[float, float]]:
    """What the solver is to keep, by target; goals that no lever moves are left out."""
    return {
        g.target.id: g.span(g.least(rounding=True)) for g in goals if g.target.id in assessor.problem.goals
    }


Ask = Callable[[PlanningProblem, Spans], Optimum]
"""The solver's answer to a problem for spans of goals."""


def until_reached(
    assessor: Assessor,
    problem: PlanningProblem,
    goals: Sequence[Goal],
    ask: Ask,
    free: Callable[[Optimum], Mapping[str, float]],
    least: Callable[[Optimum, Run], float],
) -> tuple[Optimum | None, Run | None]:
    """The plan with the least ``least`` that simulates to all goals; a promise alone where none does.

    The pipeline and rounding take or give a little of what was promised: the solver is asked for what is
    needed less what the simulation gave beyond its promise, until the simulation just reaches. That
    difference, as the plan before had it, is part of the promise that is told. A goal that is first-order (a
    ratio, growth of a later year) is written anew around each plan found, so that its promise is the
    simulation's in the end; of plans that cost the same the one whose promise is kept counts.

    Parameters
    ----------
    problem
        The problem to begin with.
    free
        How far the plan of a promise may go beyond each limit.
    """
    found = _until(assessor, problem, goals, ask, free, least, rounding=False)
    return (
        found if found[0] is not None else _until(assessor, problem, goals, ask, free, least, rounding=True)
    )


def _until(
    assessor: Assessor,
    problem: PlanningProblem,
    goals: Sequence[Goal],
    ask: Ask,
    free: Callable[[Optimum], Mapping[str, float]],
    least: Callable[[Optimum, Run], float],
    rounding: bool,
) -> tuple[Optimum | None, Run | None]:
    """The same for the tiers themselves, or for what rounds to them where nothing more can be had.

    A plan that misses what was asked for, though it rounds to it, comes after all that do not; of those that
    cost the same (:data:`EXACT`) the one whose promise is nearest to the simulation counts.
    """
    moving = [goal for goal in goals if goal.target.id in problem.goals]
    needed = {goal.target.id: goal.least(rounding) for goal in moving}
    first = {goal.target.id: goal for goal in moving if assessor.first_order(goal.target)}
    asked, gave, hoped = dict(needed), dict[str, float](), None
    before: dict[str, tuple[float, float]] = {}
    best: tuple[_Rank, Optimum, Run] | None = None
    for _ in range(PASSES):
        optimum = ask(problem, {goal.target.id: goal.span(asked[goal.target.id]) for goal in moving})
        plan = optimum.plan
        if plan is None:
            break
        optimum = replace(
            optimum,
            promised={key: value + gave.get(key, 0.0) for key, value in optimum.goals.items()},
        )
        hoped = optimum
        run = assessor.simulate(plan)
        found = {goal.target.id: assessor.settled(goal.target, run) for goal in moving}
        if all(goal.met(found[goal.target.id]) for goal in moving) and assessor.within(run, free(optimum)):
            rank = _rank(moving, needed, found, optimum, least(optimum, run))
            if best is None or rank.before(best[0]):
                best = rank, optimum, run
        promised = dict(optimum.goals)
        central = {key: assessor.value(goal.target, run) for key, goal in first.items()}
        if any(abs(promised[key] - central[key]) > goal.close for key, goal in first.items()):
            problem, promised = assessor.around(optimum, problem), promised | central
            if first.keys() - problem.goals.keys():
                break
        gave = {key: value - promised[key] for key, value in found.items()}
        again = {
            key: _crossing(needed[key], (asked[key], more), before.get(key)) for key, more in gave.items()
        }
        same = promised == optimum.goals
        before = {key: (asked[key], more) for key, more in gave.items()} if same else {}
        if same and all(abs(again[goal.target.id] - asked[goal.target.id]) <= goal.close for goal in moving):
            break
        asked = {
            goal.target.id: again[goal.target.id] + goal.target.sign * 0.1 * goal.close for goal in moving
        }
    return (best[1], best[2]) if best else (hoped, None)


def _crossing(needed: float, now: tuple[float, float], before: tuple[float, float] | None) -> float:
    """What to ask for, so that with what the simulation gives on top just the needed comes out: as much less
    as it gave; after two answers by the secant through both, where that is a step of a like size."""
    asked, gave = now
    plain = needed - gave
    if before is None or abs(asked - before[0]) < 1e-12:
        return plain
    slope = (gave - before[1]) / (asked - before[0])
    return plain if abs(slope) > 0.5 else (needed - gave + slope * asked) / (1 + slope)


@dataclass(frozen=True)
class _Rank:
    """Which of two plans that reach all goals counts: whether one is short of what was asked for, what it
    costs, by how many times what may be missed its promise is off."""

    short: bool
    cost: float
    off: float

    def before(self, other: _Rank) -> bool:
        """Whether it counts rather than another."""
        if self.short != other.short:
            return other.short
        if abs(self.cost - other.cost) > EXACT * max(1.0, abs(other.cost)):
            return self.cost < other.cost
        return self.off < other.off


def _rank(
    goals: Sequence[Goal],
    needed: Mapping[str, float],
    found: Mapping[str, float],
    optimum: Optimum,
    cost: float,
) -> _Rank:
    short = any(
        goal.target.sign * (needed[goal.target.id] - found[goal.target.id]) > goal.close for goal in goals
    )
    off = max(
        (
            abs(optimum.promised[goal.target.id] - found[goal.target.id]) / goal.close
            for goal in goals
            if goal.target.id in optimum.promised
        ),
        default=0.0,
    )
    return _Rank(short, cost, off)


def cheapest_run(
    assessor: Assessor, problem: PlanningProblem, goals: Sequence[Goal], *, relax: bool
) -> tuple[Optimum | None, Run | None]:
    """The relaxation of least weight that simulates to goals, closest to the plan; without ``relax`` the
    closest plan within the limits."""
    price = {b.id: b.price for b in problem.bounds}
    return until_reached(
        assessor,
        problem,
        goals,
        lambda here, wanted: cheapest(here, wanted, assessor.economy, relax=relax, solver=assessor.solver),
        lambda optimum: optimum.relaxed,
        lambda optimum, run: sum(price[key] * amount for key, amount in optimum.relaxed.items()),
    )
