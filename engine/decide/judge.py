"""Verdicts as statements about chances: plan, any allowed plan, any relaxed plan, on the same futures
(按概率定结论)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...models.target import Rung, Target, leading
from ...solvers.ask import most
from .amount import measured
from .assess import Assessment, Assessor, Outcome, Run, SheetOutcome
from .jury import Jury

CLOSE = 2.0
"""Standard errors of its chance within which a plan may have the one asked for after all."""


def on_draws(assessor: Assessor, found: Assessment, jury: Jury) -> Assessment:
    """The same verdicts, each rung being that of the highest chance found.

    *plan*: p(plan) is the confidence asked for; *mix*: p*(allowed) is, the highest chance of any plan found
    within the limits; *relaxed*: p*(relaxed) is; otherwise out. Plans are found on the centre and judged on
    the draws. Of rows beside the main ones the rung stays that of the median; whole sheets are judged by the
    joint chance.
    """
    # where no plan keeps the limits none has a chance within them
    allowed = (
        []
        if assessor.contradictory
        else [run for run in (found.judged, found.optimised, *assessor.tried) if run and assessor.within(run)]
    )
    told = {target.id for target in leading(assessor.targets)} & jury.targets.keys()
    outcomes = tuple(
        _judged(assessor, outcome, allowed, found.judged, jury) if outcome.target.id in told else outcome
        for outcome in found.outcomes
    )
    sheets = tuple(_together(assessor, sheet, allowed, found.judged, jury) for sheet in found.sheets)
    return replace(
        found,
        outcomes=tuple(replace(each, fix=measured(assessor, each.fix)) for each in outcomes),
        sheets=tuple(replace(each, fix=measured(assessor, each.fix)) for each in sheets),
    )


def _judged(assessor: Assessor, outcome: Outcome, allowed: Sequence[Run], judged: Run, jury: Jury) -> Outcome:
    key, tier = outcome.target.id, outcome.tier
    own = (
        0.0
        if not allowed
        else (
            outcome.probability
            if judged is assessor.plan and outcome.probability is not None
            else jury.chance(judged.plan, key, tier).value
        )
    )
    chances = [(jury.chance(run.plan, key, tier).value, run) for run in allowed]
    best = max([own, *(chance for chance, _ in chances)])
    if own >= jury.confidence:
        return replace(outcome, rung=Rung.PLAN, fix=None, best=None, allowed=best)
    close = jury.confidence - own <= CLOSE * (outcome.error or 0.0)
    if best >= jury.confidence:
        near = assessor.nearby(outcome.target, tier)
        if near is None or not jury.enough(jury.chance(near.plan, key, tier)):
            near = min(
                (run for chance, run in chances if chance >= jury.confidence),
                key=lambda run: _away(assessor, run),
            )
        shown = assessor.settled(outcome.target, near)
        attainable = shown if outcome.target.sign < 0 else outcome.attainable
        return replace(
            outcome,
            rung=Rung.MIX,
            fix=None,
            best=near,
            allowed=best,
            reached=shown,
            attainable=attainable,
            close=close,
        )
    if key not in assessor.problem.goals:
        return replace(outcome, rung=Rung.OUT, fix=None, best=None, allowed=best if allowed else None)
    runs = [
        run for run in (outcome.fix.run if outcome.fix else None, loosest(assessor, outcome.target)) if run
    ]
    if assessor.within(assessor.plan, {bound.id: bound.slack for bound in assessor.bounds}):
        runs.append(assessor.plan)
    relaxed = max((jury.chance(run.plan, key, tier).value for run in runs), default=best)
    relaxed = max(relaxed, best)
    hoped = relaxed >= jury.confidence or (
        outcome.bound is not None and outcome.target.met(outcome.bound, outcome.threshold)
    )
    rung = (
        Rung.RELAXED if outcome.fix and relaxed >= jury.confidence else Rung.UNDECIDED if hoped else Rung.OUT
    )
    fix = outcome.fix if rung is Rung.RELAXED else None
    return replace(
        outcome,
        rung=rung,
        fix=fix,
        best=None,
        allowed=best if allowed else None,
        relaxed=relaxed,
        close=close,
    )


def _away(assessor: Assessor, run: Run) -> float:
    """How far a plan's money is from the plan as written, in units of money."""
    years = slice(assessor.year)
    return float(np.abs(run.plan.investment[:, years] - assessor.plan.plan.investment[:, years]).sum())


def loosest(assessor: Assessor, target: Target) -> Run | None:
    """The plan with the best value of an indicator with every limit relaxed to its end."""
    optimum = most(
        assessor.problem, target.id, target.sign, assessor.economy, relax=True, solver=assessor.solver
    )
    return assessor.simulate(optimum.plan) if optimum.plan else None


def _together(
    assessor: Assessor, sheet: SheetOutcome, allowed: Sequence[Run], judged: Run, jury: Jury
) -> SheetOutcome:
    thresholds = assessor.thresholds(sheet.tier)
    own = (
        0.0
        if not allowed
        else (
            sheet.probability
            if judged is assessor.plan and sheet.probability is not None
            else jury.joint(judged.plan, thresholds).value
        )
    )
    if own >= jury.confidence:
        return replace(sheet, rung=Rung.PLAN, fix=None, missed=())
    best, there = max(
        (
            (jury.joint(run.plan, thresholds).value, run)
            for run in [*allowed, *([sheet.best] if sheet.best else [])]
        ),
        key=lambda pair: pair[0],
        default=(own, None),
    )
    if best >= jury.confidence:
        return replace(sheet, rung=Rung.MIX, fix=None, missed=(), allowed=best, best=there)
    relaxed = jury.joint(sheet.fix.run.plan, thresholds).value if sheet.fix else None
    if relaxed is not None and relaxed >= jury.confidence:
        return replace(sheet, rung=Rung.RELAXED, missed=(), allowed=best if allowed else None)
    return replace(
        sheet,
        rung=Rung.OUT,
        fix=None,
        missed=assessor.least_likely(sheet.tier),
        allowed=max(best, relaxed or 0.0) if allowed else None,
    )
