"""Why goals cannot be met together: irreducible sets of goals, limits and facts of the economy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.errors import SolverError
from ..models.words import msg
from .ask import Spans
from .model import Question
from .problem import EXTRA, UNSPENT, PlanningProblem
from .require import any_money
from .solution import Status
from .solve import solve, subset

PLAN_TOTAL = "total"
"""Stands for the plan's total investment where no limit speaks of it."""

_FRAME = ("goal", "limit", "more", "less", "short", "starts once", "total money", "extra money")
"""Rows that only say what the names mean; all others are facts of the economy: capacity, demand, markets,
feeds, projects."""


@dataclass(frozen=True)
class Conflict:
    """Goals, limits and facts that cannot all hold, of which any one may go for the rest to hold.

    Attributes
    ----------
    goals, limits
        Ids of targets and of limits; :data:`PLAN_TOTAL` stands for the plan's own total.
    facts
        Rows of the problem: capacity, demand, markets, feeds, money tied to named projects.
    proved
        Whether the set was found infeasible, and feasible without each of its members in turn, by solving
        anew.
    """

    goals: tuple[str, ...]
    limits: tuple[str, ...]
    facts: tuple[str, ...]
    proved: bool


def irreducible(elements: Sequence[str], holds: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """A subset that does not hold, though it does without any one of its members; the first elements go
    first.

    Deletion filter: an element is left out for good where the rest still does not hold. ``holds`` must be
    monotone (what holds, holds without an element). Source: Chinneck & Dravnieks (1991), ORSA J. Comput. 3,
    157.

    >>> irreducible("abcd", lambda kept: not {"b", "d"} <= kept)
    ('b', 'd')
    """
    kept = list(elements)
    for element in elements:
        rest = [other for other in kept if other != element]
        if not holds(frozenset(rest)):
            kept = rest
    return tuple(kept)


def proved(members: Sequence[str], holds: Callable[[frozenset[str]], bool]) -> bool:
    """Whether a set does not hold, and does without each of its members in turn."""
    whole = frozenset(members)
    return not holds(whole) and all(holds(whole - {member}) for member in members)


def facts_of(problem: PlanningProblem) -> tuple[str, ...]:
    """Rows of the problem that are facts of the economy."""
    return tuple(name for name in problem.compiled.row_names if name.partition(":")[0] not in _FRAME)


def limits_of(problem: PlanningProblem) -> tuple[str, ...]:
    """Limits of the problem, and the plan's total where none speaks of all investment; what can be relaxed
    stands last."""
    order = sorted(problem.bounds, key=lambda bound: bound.slack > 0)
    ids = [bound.id for bound in order]
    return tuple(ids) if any(b.sets_total for b in order) else (PLAN_TOTAL, *ids)


def question(
    problem: PlanningProblem,
    spans: Spans,
    limits: Iterable[str],
    dropped: Iterable[str] = (),
    any_amount: bool = False,
) -> Question:
    """Is there a plan with these goals, within these limits (the others lifted), without the ``dropped``
    facts?

    With ``any_amount`` investment is free, and limits stand at their end.
    """
    held = set(limits)
    bounds = any_money(problem, relax=True) if any_amount else problem.relaxed(False)
    total = problem.ground.total  # below its maximum a limit on investment forbids nothing
    if not any_amount:
        bounds |= {f"relax:{b.id}": (0.0, max(0.0, b.most - total)) for b in problem.bounds if b.sets_total}
    bounds |= {f"relax:{b.id}": (0.0, np.inf) for b in problem.bounds if b.id not in held}
    money = [b.id for b in problem.bounds if b.sets_total] or [PLAN_TOTAL]
    if not any_amount and not held & set(money):
        bounds[EXTRA] = (0.0, np.inf)
    if not spans:  # limits alone: a plan that spends less keeps them as well
        bounds[UNSPENT] = (0.0, float(problem.variables.money.sum()))
    bounds |= {problem.goals[key]: span for key, span in spans.items()}
    return Question({}, bounds=bounds, rows=dict.fromkeys(dropped, (-np.inf, np.inf)))


def _solvable(problem: PlanningProblem, asked: Question, solver: str) -> bool:
    status = solve(problem.compiled, asked, solver).status
    if status not in (Status.OPTIMAL, Status.INFEASIBLE):
        raise SolverError(
            msg(
                "{solver} came to no answer ({value}) whether limits and targets fit together",
                solver=solver,
                value=status.value,
            )
        )
    return status is Status.OPTIMAL


def conflict(
    problem: PlanningProblem, spans: Spans, solver: str, *, any_amount: bool = False
) -> Conflict | None:
    """One irreducible conflict between goals, limits as they stand, and facts; None where a plan meets all.

    With ``any_amount`` whatever is invested, limits relaxed to their end.

    Without goals: limits (and facts) that no plan keeps together.

    Goals are left out first, then limits, then facts: a goal that cannot be met by itself is told by itself,
    with the fewest limits that forbid it. Where the solver names an infeasible subset of rows, only those
    facts are tried.

    Raises
    ------
    SolverError
        Where the solver comes to no answer in time.
    """
    facts, goals = facts_of(problem), tuple(reversed(list(spans)))
    money = {PLAN_TOTAL, *(b.id for b in problem.bounds if b.sets_total)} if any_amount else set()
    limits = [key for key in limits_of(problem) if key not in money]

    def holds(kept: frozenset[str]) -> bool:
        own = {key[5:]: spans[key[5:]] for key in kept if key.startswith("goal ")}
        stand = [key[6:] for key in kept if key.startswith("limit ")]
        return _solvable(
            problem,
            question(problem, own, stand, [f for f in facts if f"fact {f}" not in kept], any_amount),
            solver,
        )

    limited = [f"limit {key}" for key in limits]
    known = [f"fact {name}" for name in facts]
    wanted = [f"goal {key}" for key in goals]
    if holds(frozenset([*wanted, *limited, *known])):
        return None
    wanted = list(irreducible(wanted, lambda kept: holds(kept | {*limited, *known})))
    limited = list(irreducible(limited, lambda kept: holds(kept | {*wanted, *known})))
    frame = frozenset([*wanted, *limited])
    asked = question(
        problem, {g[5:]: spans[g[5:]] for g in wanted}, [key[6:] for key in limited], (), any_amount
    )
    if named := subset(problem.compiled, asked, solver):
        seeded = [fact for fact in known if fact[5:] in named]
        known = known if holds(frame | {*seeded}) else seeded
    known = list(irreducible(known, lambda kept: holds(kept | frame)))
    return Conflict(
        tuple(key for key in spans if f"goal {key}" in wanted),
        tuple(key[6:] for key in limited),
        tuple(fact[5:] for fact in known),
        proved([*wanted, *limited, *known], holds),
    )
