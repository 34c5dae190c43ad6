"""What can be decided, each with its money, its chances, its later cost and who must agree; and what would
have to be true (选择)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...models.quantity import FloatArray
from ...models.target import Target, leading
from ..uncertainty.causes import until
from ..uncertainty.crossing import BINS, Crossing, crossing
from ..uncertainty.ensemble import Ensemble, joined
from ..uncertainty.regret import Chance, chance
from ..uncertainty.replicates import parts_of
from .assess import Assessment, Assessor, Fix, Run
from .jury import Jury
from .reach import NEAR, PASSES

APART = 2.0
"""Standard errors by which a chance must differ from the plan's to be told from it."""

DRIVERS = 3


Kind = Literal["plan", "mix", "fix", "more"]

MOST_MORE = 1.5
"""Times the plan's money up to which its own mix is looked at."""


@dataclass(frozen=True)
class Decision:
    """One way to go.

    Attributes
    ----------
    kind
        ``plan``; ``mix``: another allowed plan of the highest chance; ``fix``: the least relaxation that
        reaches a tier; ``more``: the plan's own mix with as much money as reaches the first of these.
    money
        Investment of the year, 亿元; for a fix its standard error is ``fix.error``.
    chances
        Of each main tier ``(target, tier)``, with its difference to the plan on the same futures.
    later
        GDP of the last year of the horizon less that of the plan, central case, 亿元 at base-year prices.
    same
        Whether no main chance can be told from the plan's.
    wins
        Part of the futures in which the first main target is better than under the plan.
    turns
        Where another mix is neither better nor worse in nearly all futures: the number that decides it, and
        the value at which it turns; None where the draws do not settle it.
    """

    kind: Kind
    run: Run
    money: float
    chances: Mapping[tuple[str, str], Chance]
    later: float
    same: bool
    fix: Fix | None = None
    reaches: tuple[str, str] | None = None
    wins: float = 0.0
    turns: tuple[str, Crossing] | None = None


SURE = 0.95
"""Part of the futures from which a mix is better (or worse) without a word on what it turns on."""


def decisions(assessor: Assessor, found: Assessment, jury: Jury) -> tuple[Decision, ...]:
    """The plan, the allowed plan of the highest chance of the first main tier, and the least relaxation for
    each main tier."""
    mains = leading(target for target in assessor.targets if target.id in jury.targets)
    if not mains:
        return ()
    tiers = [(target.id, tier) for target in mains for tier in target.tiers]
    first = tiers[0]
    allowed = [
        run
        for run in (found.optimised, *(outcome.champion for outcome in found.outcomes))
        if run and assessor.within(run)
    ]
    best = max(allowed, key=lambda run: jury.chance(run.plan, *first).value, default=None)
    made = [_decision(assessor, jury, tiers, "plan", assessor.plan)]
    if best is not None and best.plan.key != assessor.plan.plan.key:
        made.append(_decision(assessor, jury, tiers, "mix", best))
    made += [
        _decision(
            assessor, jury, tiers, "fix", outcome.fix.run, outcome.fix, (outcome.target.id, outcome.tier)
        )
        for outcome in found.outcomes
        if outcome.fix and (outcome.target.id, outcome.tier) in tiers
    ]
    reached = next((one.reaches for one in made if one.kind == "fix" and one.reaches), None)
    scaled = _same_mix(assessor, jury, *reached) if reached else None
    if scaled is not None:
        made.append(_decision(assessor, jury, tiers, "more", scaled, reaches=reached))
    return tuple(made)


def _same_mix(assessor: Assessor, jury: Jury, target: str, tier: str) -> Run | None:
    """The plan's own mix with just the money that reaches a tier at the confidence asked for; None where no
    such amount is found.

    By the secant method on what the level lacks, to a thousandth of a printed digit.
    """
    own, plan = jury.targets[target], assessor.plan.plan
    close = NEAR * 10.0**-own.digits

    def lacks(factor: float) -> float:
        return own.sign * (own.rounded(own.tiers[tier]) - jury.level(plan.scaled(factor), target))

    before, here, last = 1.0, 1.0 + 0.02 * own.sign, lacks(1.0)
    if last <= close:
        return None
    for _ in range(PASSES):
        gap = lacks(here)
        if abs(gap) <= close:
            return assessor.simulate(plan.scaled(here))
        if gap == last:
            return None
        before, here, last = here, here - gap * (here - before) / (gap - last), gap
        if not 0 < here <= MOST_MORE:
            return None
    return None


def _decision(
    assessor: Assessor,
    jury: Jury,
    tiers: Sequence[tuple[str, str]],
    kind: Kind,
    run: Run,
    fix: Fix | None = None,
    reaches: tuple[str, str] | None = None,
) -> Decision:
    own, plain = jury.outcomes(run.plan), jury.outcomes(assessor.plan.plan)
    chances = {}
    for key, tier in tiers:
        target = jury.targets[key]
        reached, before = (
            target.reached(each[key], target.tiers[tier]).astype(float) for each in (own, plain)
        )
        chances[key, tier] = chance(reached, before, jury.parts)
    whole = assessor.simulate(run.plan, whole=True)
    later = float(whole.path.gdp[-1, 0] - assessor.plan.path.gdp[-1, 0])
    same = kind == "mix" and all(
        abs(one.difference) <= APART * one.difference_error for one in chances.values()
    )
    first = jury.targets[tiers[0][0]]
    better = first.sign * (own[first.id] - plain[first.id])
    wins = float(np.mean(better > 0))
    turns = _turns(assessor, jury, better) if kind == "mix" and 1 - SURE < wins < SURE else None
    return Decision(kind, run, run.plan.total(assessor.year), chances, later, same, fix, reaches, wins, turns)


def _turns(assessor: Assessor, jury: Jury, better: FloatArray) -> tuple[str, Crossing] | None:
    """The number that moves the difference of two plans most, and the value at which one is no better than
    the other."""
    drawn = joined([sample.inputs for sample in jury.samples])
    names = until(drawn, assessor.economy.base_year + jury.year)
    name = max(names, key=lambda one: _strength(drawn[one], better), default=None)
    if name is None:
        return None
    found = crossing(drawn[name], (better > 0).astype(float), 0.5, jury.parts)
    return None if found.value is None else (name, found)


def _strength(values: FloatArray, outcome: FloatArray) -> float:
    """Size of a correlation."""
    own, off = values - values.mean(), outcome - outcome.mean()
    whole = float(np.sqrt((own**2).sum() * (off**2).sum()))
    return abs(float(own @ off)) / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class BreakEven:
    """What would have to be true of one driver for a tier to be as likely as asked, all else in doubt as
    before.

    Attributes
    ----------
    driver
        Path of the number, or of a surprise of the year.
    now
        Its median in the futures.
    needed
        The value at which the chance among futures near it is the confidence, with the part of the futures in
        which it is at least as favourable and the standard errors of both.
    """

    target: str
    tier: str
    driver: str
    now: float
    needed: Crossing


def strongest(found: Ensemble, target: str, last: int) -> tuple[str, ...]:
    """Inputs by the square of their correlation with a target, the strongest first; surprises after the year
    ``last`` cannot bear on it."""
    names = until(found.drawn, last)
    if not names:
        return ()
    outcome = found.outcomes[target][: len(found.drawn[names[0]])]
    return tuple(sorted(names, key=lambda name: -_strength(found.drawn[name], outcome))[:DRIVERS])


def break_evens(
    found: Ensemble, target: Target, tier: str, drivers: Sequence[str], confidence: float
) -> tuple[BreakEven, ...]:
    """For the drivers that move a target most: the value at which the tier has the chance asked for, and how
    likely that is.

    .. math:: P(y \\ge T \\mid x) = c

    How it is estimated, its error, and by which rule it is not shown: :func:`.uncertainty.crossing.crossing`.
    """
    made = []
    for driver in drivers[:DRIVERS]:
        values = found.drawn.get(driver)
        if values is None or len(values) < BINS * 8:
            continue
        reached = target.reached(found.outcomes[target.id][: len(values)], target.tiers[tier]).astype(float)
        made.append(
            BreakEven(
                target.id,
                tier,
                driver,
                float(np.median(values)),
                crossing(values, reached, confidence, parts_of(found.replicate[: len(values)])),
            )
        )
    return tuple(made)
