"""What each chance costs with the plan's own mix: its money times a factor, judged on the same futures
(按原结构增投的把握)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.errors import ScenarioError
from ...models.limits import Bound
from ...models.plan import Plan
from ..uncertainty.ensemble import Estimate
from .assess import Assessor, Run
from .jury import Jury
from .reach import NEAR, PASSES

FACTORS = tuple(round(0.9 + 0.05 * step, 2) for step in range(13))
"""Times the plan's money at which its mix is judged."""

MOST = FACTORS[-1]
"""Times the plan's money up to which its own mix is looked at."""


@dataclass(frozen=True)
class Priced:
    """The plan's mix with more money or less.

    Attributes
    ----------
    money
        Investment by which plans are compared (:meth:`.Assessor.money`).
    chances
        Of each main tier ``(target, tier)``.
    broken, beyond
        Limits that it breaks, and those of them that it breaks beyond the end to which they may be relaxed.
    """

    factor: float
    money: float
    chances: Mapping[tuple[str, str], Estimate]
    broken: tuple[Bound, ...]
    beyond: tuple[Bound, ...]


def broken_by(assessor: Assessor, run: Run) -> tuple[tuple[Bound, ...], tuple[Bound, ...]]:
    """Limits that a simulated plan breaks, and those of them broken beyond their end."""
    over, ground = [use for use in assessor.uses(run) if use.over > 0], assessor.problem.ground
    return (
        tuple(use.bound for use in over),
        tuple(use.bound for use in over if use.used > (end := use.bound.end(ground)) + 1e-6 * max(1.0, end)),
    )


def price_of_chance(assessor: Assessor, jury: Jury, tiers: Sequence[tuple[str, str]]) -> tuple[Priced, ...]:
    """The chance of each tier at each factor of :data:`FACTORS` at which a sector still has the money of its
    named projects."""
    made = []
    for factor in FACTORS:
        plan = assessor.plan.plan if factor == 1 else assessor.plan.plan.scaled(factor)
        try:
            broken, beyond = broken_by(assessor, assessor.simulate(plan))
        except ScenarioError:
            continue
        chances = {(key, tier): jury.chance(plan, key, tier) for key, tier in tiers}
        made.append(Priced(factor, assessor.money(plan), chances, broken, beyond))
    return tuple(made)


def enough(
    assessor: Assessor,
    jury: Jury,
    aim: tuple[str, str],
    chance: float,
    points: Sequence[Priced],
) -> Plan | None:
    """The plan's own mix with just the money that gives a tier a chance; None where no such amount is found
    up to :data:`MOST` times its money, or where the plan has that chance already.

    .. math:: P(y(f \\cdot m) \\ge T) = c

    solved for the factor f by the secant method on what the level lacks, to a thousandth of a printed digit,
    begun between the two factors of ``points`` that enclose it.
    """
    own, plan = jury.targets[aim[0]], assessor.plan.plan
    close, threshold = NEAR * 10.0**-own.digits, own.rounded(own.tiers[aim[1]])
    here = min(max(chance - jury.more.get(aim, 0.0), 0.0), 1.0)  # in these futures
    level = 1 - here if own.sign > 0 else here

    def lacks(factor: float) -> float:
        found = np.quantile(jury.outcomes(plan.scaled(factor))[own.id], level)
        return own.sign * (threshold - float(found))

    if lacks(1.0) <= close:
        return None
    ahead = [point.factor for point in points if (point.factor - 1) * own.sign > 0]
    nearest = sorted(ahead, key=lambda factor: abs(factor - 1))
    outer = next((factor for factor in nearest if lacks(factor) <= 0), None)
    if outer is None:
        return None
    inner = [1.0, *nearest][nearest.index(outer)]
    low, high = (inner, lacks(inner)), (outer, lacks(outer))
    for _ in range(2 * PASSES):
        if abs(high[1]) <= close:
            break
        factor = high[0] - high[1] * (high[0] - low[0]) / (high[1] - low[1])
        tried = factor, lacks(factor)
        low, high = (low, tried) if tried[1] <= close else (tried, high)
    return plan.scaled(high[0])
