"""What can be decided, each with its money, its chances, its later cost and who must agree; and what would
have to be true (选择)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...models.limits import Bound
from ...models.quantity import FloatArray
from ...models.target import Target, leading
from ..uncertainty.causes import until
from ..uncertainty.crossing import BINS, Crossing, crossing
from ..uncertainty.ensemble import Ensemble, joined
from ..uncertainty.regret import Chance, chance
from ..uncertainty.replicates import parts_of
from .assess import Assessment, Assessor, Fix, Run
from .judge import loosest
from .jury import Jury
from .price import Priced, broken_by, enough

APART = 2.0
"""Standard errors by which a chance must differ from the plan's to be told from it."""

DRIVERS = 3


Kind = Literal["plan", "mix", "free", "limit", "fix", "end", "more"]

SMALL = 0.05
"""GDP of the last year, money, that prints as nothing."""

LITTLE = 0.001
"""Part of the plan's money below which more of it is not looked at."""

CERTAIN = 0.8
"""Chance that is priced besides the one asked for."""


@dataclass(frozen=True)
class Decision:
    """One way to go.

    Attributes
    ----------
    kind
        ``plan``; ``mix``: the allowed plan of the highest chance for no more money; ``free``: the likeliest
        of those that take nothing from the last year, where ``mix`` does; ``limit``: the plan's own mix with
        all the money that the limits allow, where that is more; ``fix``: the least relaxation that reaches a
        tier; ``end``: the likeliest plan with every limit relaxed to its end; ``more``: the plan's own mix
        with as much money as gives the first tier the chance ``asked``, or where no amount that is looked at
        does, with the amount of the highest (``enough`` is False).
    money
        Investment by which plans are compared (:meth:`.Assessor.money`); for a fix its standard error is
        ``fix.error``.
    chances
        Of each main tier ``(target, tier)``, with its difference to the plan on the same futures.
    later
        GDP of the last year of the horizon less that of the plan, central case, in money at base-year prices.
    same
        Whether no main chance can be told from the plan's.
    wins
        Part of the futures in which the first main target is better than under the plan.
    broken, beyond
        Limits that it breaks, and those that it breaks beyond the end to which they may be relaxed.
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
    broken: tuple[Bound, ...] = ()
    beyond: tuple[Bound, ...] = ()
    asked: float | None = None
    enough: bool = True

    @property
    def firsts(self) -> dict[str, str]:
        """First tier of each main target, in their order."""
        found: dict[str, str] = {}
        for target, tier in self.chances:
            found.setdefault(target, tier)
        return found


SURE = 0.95
"""Part of the futures from which a mix is better (or worse) without a word on what it turns on."""


def decisions(
    assessor: Assessor, found: Assessment, jury: Jury, price: Sequence[Priced]
) -> tuple[Decision, ...]:
    """The plan, the allowed plan of the highest chance of the first main tier, the least relaxation for each
    main tier, and what a chance costs with the plan's own mix."""
    tiers = main_tiers(assessor, jury)
    if not tiers:
        return ()
    first = tiers[0]
    allowed = [
        run
        for run in (found.optimised, *(outcome.champion for outcome in found.outcomes))
        if run and assessor.within(run)
    ]
    made = [_decision(assessor, jury, tiers, "plan", assessor.plan)]
    made += _mixes(assessor, jury, tiers, allowed)
    made += _at_the_limit(assessor, jury, tiers)
    made += [
        replace(
            _decision(assessor, jury, tiers, "fix", outcome.fix.run),
            fix=outcome.fix,
            reaches=(outcome.target.id, outcome.tier),
        )
        for outcome in found.outcomes
        if outcome.fix and (outcome.target.id, outcome.tier) in tiers
    ]
    if all(one.reaches != first for one in made) and made[0].chances[first].value < jury.confidence:
        made += _at_the_end(assessor, jury, tiers, made)
    return (*made, *_more(assessor, jury, tiers, price))


def _mixes(
    assessor: Assessor, jury: Jury, tiers: Sequence[tuple[str, str]], allowed: Sequence[Run]
) -> list[Decision]:
    """The likeliest allowed plan for the first main tier, and the likeliest that costs nothing later."""
    first = tiers[0]
    others = {run.plan.key: run for run in allowed if run.plan.key != assessor.plan.plan.key}
    made = sorted(
        (_decision(assessor, jury, tiers, "mix", run) for run in others.values()),
        key=lambda one: -one.chances[first].value,
    )
    if not made:
        return []
    best = made[0]
    free = next((one for one in made if one.later >= -SMALL and _gains(one, first)), None)
    if best.later >= -SMALL or free is None:
        return [best]
    return [best, replace(free, kind="free")]


def _gains(one: Decision, aim: tuple[str, str]) -> bool:
    """Whether the draws tell that a decision has a higher chance than the plan."""
    found = one.chances[aim]
    return found.difference > APART * found.difference_error


def _at_the_limit(assessor: Assessor, jury: Jury, tiers: Sequence[tuple[str, str]]) -> list[Decision]:
    """The plan's own mix with all the money that the limit on it allows, where that is more than planned and
    breaks no other limit."""
    factors = [
        use.bound.most / use.used for use in assessor.uses(assessor.plan) if use.bound.all_money and use.used
    ]
    if not factors or min(factors) < 1 + LITTLE:
        return []
    run = assessor.simulate(assessor.plan.plan.scaled(min(factors)))
    one = _decision(assessor, jury, tiers, "limit", run)
    return [] if one.broken else [one]


def main_tiers(assessor: Assessor, jury: Jury) -> list[tuple[str, str]]:
    """Target and tier of the main rows that are judged, the first one first."""
    mains = leading(target for target in assessor.targets if target.id in jury.targets)
    return [(target.id, tier) for target in mains for tier in target.tiers]


def _at_the_end(
    assessor: Assessor, jury: Jury, tiers: Sequence[tuple[str, str]], made: Sequence[Decision]
) -> list[Decision]:
    """The best plan for the first main target with every limit relaxed to its end, where it is likelier than
    all before it."""
    first = tiers[0]
    run = loosest(assessor, jury.targets[first[0]]) if first[0] in assessor.problem.goals else None
    if run is None:
        return []
    one = _decision(assessor, jury, tiers, "end", run)
    return [one] if one.chances[first].value > max(each.chances[first].value for each in made) else []


def _more(
    assessor: Assessor, jury: Jury, tiers: Sequence[tuple[str, str]], price: Sequence[Priced]
) -> list[Decision]:
    """The plan's own mix with just the money for each chance that the plan does not have: the one asked for,
    and :data:`CERTAIN`."""
    first, made = tiers[0], []
    plan = jury.chance(assessor.plan.plan, *first).value
    for asked in sorted({jury.confidence, max(CERTAIN, jury.confidence)}):
        if plan >= asked:
            continue
        found = enough(assessor, jury, first, asked, price)
        most = max(price, key=lambda point: point.chances[first].value)
        run = assessor.simulate(found or assessor.plan.plan.scaled(most.factor))
        one = _decision(assessor, jury, tiers, "more", run)
        made.append(replace(one, reaches=first, asked=asked, enough=found is not None))
    return made


def _decision(
    assessor: Assessor,
    jury: Jury,
    tiers: Sequence[tuple[str, str]],
    kind: Kind,
    run: Run,
) -> Decision:
    own, plain = jury.outcomes(run.plan), jury.outcomes(assessor.plan.plan)
    chances = {}
    for key, tier in tiers:
        target = jury.targets[key]
        reached, before = (
            target.reached(each[key], target.tiers[tier]).astype(float) for each in (own, plain)
        )
        own_chance = chance(reached, before, jury.parts)
        chances[key, tier] = replace(own_chance, value=jury.chance(run.plan, key, tier).value)
    whole = assessor.simulate(run.plan, whole=True)
    later = float(whole.path.gdp[-1, 0] - assessor.plan.path.gdp[-1, 0])
    same = kind == "mix" and all(
        abs(one.difference) <= APART * one.difference_error for one in chances.values()
    )
    first = jury.targets[tiers[0][0]]
    better = first.sign * (own[first.id] - plain[first.id])
    wins = float(np.mean(better > 0))
    turns = _turns(assessor, jury, better) if kind == "mix" and 1 - SURE < wins < SURE else None
    broken, beyond = broken_by(assessor, run)
    return Decision(
        kind,
        run,
        assessor.money(run.plan),
        chances,
        later,
        same,
        wins=wins,
        turns=turns,
        broken=broken,
        beyond=beyond,
    )


def _turns(assessor: Assessor, jury: Jury, better: FloatArray) -> tuple[str, Crossing] | None:
    """The number that moves the difference of two plans most, and the value at which one is no better than
    the other."""
    drawn = joined([{key: one.seen(own) for key, own in one.inputs.items()} for one in jury.samples])
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
