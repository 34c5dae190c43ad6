"""The least investment that reaches targets: how much, in which mix, when, and if none does, what stops it
(倒推投资)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from ...models.errors import DabiaoError
from ...models.target import Target
from ...models.words import msg
from ...scenarios.report import joined, meant
from ...solvers.ask import Optimum, Spans, prices
from ...solvers.conflict import Conflict, conflict
from ...solvers.problem import PlanningProblem
from ...solvers.require import any_money, least_lift, least_money, most_with_any_money
from ...solvers.solution import Status
from .amount import money_error
from .assess import Assessor, Run
from .reach import Ask, Goal, spans, until_reached


class Reach(Enum):
    """How far one has to go; the value is the text shown."""

    WITHIN = msg("within every limit")
    MONEY = msg("needs more than the limit on investment")
    RELAXED = msg("needs other limits relaxed")
    OUT = msg("not feasible by investment alone")
    UNDECIDED = msg("undecided")


@dataclass(frozen=True)
class Required:
    """What reaching some goals together takes.

    Attributes
    ----------
    money
        Investment of the target year in the plan found, in money; NaN where there is none. ``error`` is its
        standard error.
    promised, values
        What the solver promised and what the simulation gives, by target.
    relaxed, cost
        Limits other than that on all investment that the plan goes beyond, by how much, and the price of
        that, in units of money.
    best
        Where there is no plan: the best simulated value of each goal alone with any investment and every
        limit relaxed to its end.
    stops
        Where there is no plan: limits any one of which would let one through if it gave far enough beyond its
        end, with how far in all.
    binds
        Where there is no plan: rows of the problem that bind at the best value of the first goal out of
        reach, with what one more unit of each would bring.
    clash
        Where there is no plan though each goal alone has one, or limits alone leave none: what cannot stand
        together.
    """

    goals: tuple[Goal, ...]
    reach: Reach
    run: Run | None = None
    money: float = float("nan")
    promised: Mapping[str, float] | None = None
    values: Mapping[str, float] | None = None
    relaxed: Mapping[str, float] | None = None
    cost: float = 0.0
    best: Mapping[str, float] | None = None
    stops: Mapping[str, float] | None = None
    binds: Mapping[str, float] | None = None
    clash: Conflict | None = None
    error: float | None = None


def goals_of(assessor: Assessor, names: Sequence[str], tiers: Sequence[str]) -> list[tuple[Goal, ...]]:
    """Questions: each named target (or main one) alone at each tier, then all of them together.

    A name may state a value of its own, ``id=value``: it is asked for besides no tier.

    Raises
    ------
    DabiaoError
        For a target that the sheet does not judge, with those that it does; for a value that is no number.
    """
    known = {target.id: target for target in assessor.targets}
    named = [_named(known, name) for name in names] or [(t, None) for t in known.values() if t.main]
    if not named:
        named = [(target, None) for target in known.values()]
    stated = [Goal(target, value) for target, value in named if value is not None]
    alone: list[tuple[Goal, ...]] = [(goal,) for goal in stated]
    together: list[tuple[Goal, ...]] = []
    plain = [target for target, value in named if value is None]
    for tier in tiers:
        own = [Goal(t, t.tiers[tier], tier) for t in plain if tier in t.tiers]
        ceilings = [Goal(t, t.tiers["at_most"], "at_most") for t in plain if "at_most" in t.tiers]
        alone += [(goal,) for goal in [*own, *ceilings] if (goal,) not in alone]
        # a target without this tier is held to the one it has, so that together means the whole sheet
        held = [
            Goal(t, t.tiers["ensure"], "ensure") for t in plain if tier not in t.tiers and "ensure" in t.tiers
        ]
        whole = (*stated, *own, *held, *ceilings)
        if own and len(whole) > 1:
            together.append(whole)
    if stated and not plain and len(stated) > 1:
        together.append(tuple(stated))
    return [*alone, *together]


def _named(known: Mapping[str, Target], name: str) -> tuple[Target, float | None]:
    key, equals, text = name.partition("=")
    if key not in known:
        raise DabiaoError(
            joined(
                msg("no judged target `{target}`; known: {names}", target=key, names=", ".join(known)),
                meant(key, known),
            )
        )
    if not equals:
        return known[key], None
    return known[key], number(text, name)


def number(text: str, where: str) -> float:
    """A finite number that a user wrote.

    Raises
    ------
    DabiaoError
        Where it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15:
        raise DabiaoError(msg("{where}: got `{text}`, expected a number such as 6.5", where=where, text=text))
    return value


def required(assessor: Assessor, goals: Sequence[Goal]) -> Required:
    """The least investment that reaches all goals together, simulated.

    Of ceilings alone it is the most, up to the plan's; where the plan keeps a ceiling already it is the plan.
    First within the limits as they stand, whatever is invested; then with the other limits relaxed as far as
    they may be, where the price of that counts beside the investment. Where neither reaches, what stops it.
    """
    asked, problem = tuple(goals), assessor.problem
    still = [goal for goal in asked if goal.target.id not in problem.goals]
    if any(not goal.met(assessor.value(goal.target, assessor.plan)) for goal in still):
        values = {goal.target.id: assessor.value(goal.target, assessor.plan) for goal in still}
        return Required(asked, Reach.OUT, best=values)
    plan = assessor.plan
    if (
        _capped(asked)
        and assessor.within(plan)
        and all(goal.met(assessor.settled(goal.target, plan)) for goal in asked)
    ):
        values = {goal.target.id: assessor.settled(goal.target, plan) for goal in asked}
        return Required(asked, Reach.WITHIN, plan, assessor.money(plan.plan), values, values, {})
    hoped = False
    for relax in (False, True):
        optimum, run = _least(assessor, asked, relax=relax)
        hoped = hoped or optimum is not None
        if optimum is not None and run is not None:
            return replace(
                _found(assessor, asked, optimum, run),
                error=money_error(
                    assessor, optimum, run, partial(_ask(assessor, asked, relax), assessor.near(optimum))
                ),
            )
    if hoped:
        return Required(asked, Reach.UNDECIDED)
    return _stopped(assessor, asked)


def _least(assessor: Assessor, goals: Sequence[Goal], *, relax: bool) -> tuple[Optimum | None, Run | None]:
    """The cheapest plan that simulates to all goals; a promise alone where the simulation falls short of
    every one.

    Of goals that are first-order the stated plan may promise none: then the best plans for each are begun
    with.
    """
    free = {b.id: float("inf") if b.all_money else b.slack if relax else 0.0 for b in assessor.bounds}
    sign = -1.0 if _capped(goals) else 1.0
    found: tuple[Optimum | None, Run | None] = (None, None)
    for problem in _beginnings(assessor, goals, relax):
        optimum, run = until_reached(
            assessor,
            problem,
            goals,
            _ask(assessor, goals, relax),
            lambda optimum: free,
            lambda optimum, run: sign * assessor.money(run.plan),
        )
        found = optimum or found[0], run
        if run is not None:
            break
    return found


def _beginnings(assessor: Assessor, goals: Sequence[Goal], relax: bool) -> Iterator[PlanningProblem]:
    """The problem around the stated plan; of first-order goals also around the best plan for each, whatever
    is invested."""
    yield assessor.problem
    for goal in goals:
        if assessor.first_order(goal.target) and goal.target.id in assessor.problem.goals:
            optimum, _ = _best(assessor, goal, relax)
            if optimum.plan is not None:
                problem = assessor.around(optimum)
                if all(other.target.id in problem.goals for other in goals):
                    yield problem


def _best(assessor: Assessor, goal: Goal, relax: bool) -> tuple[Optimum, Run | None]:
    """The most of a goal that any investment brings, simulated."""
    key, sign = goal.target.id, goal.target.sign
    return assessor.until_kept(
        lambda problem: most_with_any_money(
            problem, key, sign, assessor.economy, relax=relax, solver=assessor.solver
        ),
        [goal.target],
    )


def _ask(assessor: Assessor, goals: Sequence[Goal], relax: bool) -> Ask:
    """The solver's least investment for spans of goals (of ceilings alone the most)."""

    def ask(problem: PlanningProblem, wanted: Spans) -> Optimum:
        return least_money(
            problem,
            wanted,
            assessor.economy,
            relax=relax,
            solver=assessor.solver,
            keep=_capped(goals),
        )

    return ask


def _capped(goals: Sequence[Goal]) -> bool:
    """Whether the goals are ceilings alone."""
    return all(goal.target.sign < 0 for goal in goals)


def _found(assessor: Assessor, goals: tuple[Goal, ...], optimum: Optimum, run: Run) -> Required:
    money, uses = assessor.money(run.plan), assessor.uses(run)
    others = {use.bound.id: use.over for use in uses if use.over > 0 and not use.bound.all_money}
    price = {b.id: b.price for b in assessor.bounds}
    over = any(use.bound.all_money and use.over > 0 for use in uses)
    reach = Reach.RELAXED if others else Reach.MONEY if over else Reach.WITHIN
    values = {goal.target.id: assessor.settled(goal.target, run) for goal in goals}
    return Required(
        goals,
        reach,
        run,
        money,
        {k: optimum.promised.get(k, values[k]) for k in values},
        values,
        others,
        sum(price[k] * v for k, v in others.items()),
    )


def _stopped(assessor: Assessor, goals: tuple[Goal, ...]) -> Required:
    """Why no investment reaches the goals: the most that any brings, and the limits and rows that stop it."""
    problem, solver = assessor.problem, assessor.solver
    best, short, ends = {}, None, {}
    for goal in goals:
        key = goal.target.id
        if key not in problem.goals:
            continue
        optimum, run = _best(assessor, goal, relax=True)
        if optimum.status not in (Status.OPTIMAL, Status.INFEASIBLE, Status.UNBOUNDED):
            return Required(goals, Reach.UNDECIDED)
        if run is None:
            continue
        best[key], ends[key] = assessor.value(goal.target, run), optimum
        if short is None and not goal.met(best[key]):
            short = goal
    wanted = spans(assessor, goals)
    clash = conflict(problem, wanted, solver, any_amount=True) if short is None else None
    if short is None and clash is None:
        return Required(goals, Reach.UNDECIDED)
    lifts = {
        b.id: least_lift(problem, wanted, b.id, solver=solver) for b in problem.bounds if not b.all_money
    }
    stops = {key: lift for key, lift in lifts.items() if lift < float("inf")}
    binds: Mapping[str, float] = {}
    if short is not None:
        key = short.target.id
        binds = prices(
            problem,
            key,
            short.target.sign,
            ends[key],
            relax=True,
            solver=solver,
            within=any_money(problem, relax=True),
        )
    return Required(goals, Reach.OUT, best=best, stops=stops, binds=binds, clash=clash)


def curve(assessor: Assessor, target: Target, values: Sequence[float]) -> list[Required]:
    """Least investment for each value of one target, from the first to the last."""
    return [required(assessor, [Goal(target, value)]) for value in values]
