"""Delay impact of projects: what the target year loses where one of them comes a quarter later
(项目在险价值)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...models.economy import Economy
from ...models.quantity import FloatArray
from ...models.target import Sheet, Target
from ...scenarios.schema import Scenario
from ..decide.assess import Run
from ..projects.queue import QUARTER
from ..projects.variants import Variant, each_varied, one_by_one
from ..uncertainty.ensemble import Ensemble


@dataclass(frozen=True)
class DelayImpact:
    """One project, a quarter later than expected.

    Attributes
    ----------
    effect
        Change of the target in the target year, its unit; below zero is a loss.
    money
        Change of GDP in the target year, in money at base-year prices.
    chances
        Change of the probability of each tier of the target; none where no ensemble ran.
    """

    project: str
    effect: float
    money: float
    chances: Mapping[str, float]


def delay_impacts(
    scenario: Scenario,
    economy: Economy,
    plan: Run,
    sheet: Sheet,
    target: Target,
    year: int,
    chances: Ensemble | None,
) -> tuple[DelayImpact, ...]:
    """Every named project that is not yet commissioned (of many the largest: :func:`.variants.one_by_one`),
    one at a time, three months later; the largest loss first.

    The effect is simulated in the central case, all projects in one run (:mod:`.variants`). The probability
    of a tier falls by the share of futures that reach it and would not with an outcome lower by the effect,

    .. math:: \\Delta p = P(y + e \\ge \\tau) - P(y \\ge \\tau)

    which takes the effect e of the central case for that of every future.
    """
    later = one_by_one([p for p in plan.pipeline_run.projects if p.stage != "commissioned"])
    variants = [Variant("later", frozenset((p.id,)), QUARTER) for p in later]
    found, values, known = [], np.zeros(1), None
    for variant, path, draw in each_varied(scenario, economy, plan.plan, variants, year):
        if path is not known:
            known, values = path, np.broadcast_to(sheet.value(target, path, year), path.gdp[year].shape)
        (project,), gdp = variant.projects, path.gdp[year]
        effect = float(values[draw] - values[0])
        found.append(DelayImpact(project, effect, float(gdp[draw] - gdp[0]), falls(chances, target, effect)))
    return tuple(sorted(found, key=lambda one: (target.sign * one.effect, one.project)))


def falls(chances: Ensemble | None, target: Target, effect: float) -> dict[str, float]:
    """Change of the probability of each tier where every outcome is moved by ``effect``."""
    if chances is None or target.id not in chances.outcomes:
        return {}
    outcomes: FloatArray = chances.outcomes[target.id]
    return {
        tier: float(
            np.mean(target.reached(outcomes + effect, value)) - np.mean(target.reached(outcomes, value))
        )
        for tier, value in target.tiers.items()
    }
