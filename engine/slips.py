"""Value at risk of projects: what the target year loses where one of them comes a quarter later (项目在险价值)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..models.quantity import FloatArray
from ..models.target import Sheet, Target
from .assess import Run
from .doubt.ensemble import Ensemble
from .works import Pipeline

QUARTER = 3.0


@dataclass(frozen=True)
class Slip:
    """One project, a quarter later than expected.

    Attributes
    ----------
    effect
        Change of the target in the target year, its unit; below zero is a loss.
    money
        Change of GDP in the target year, 亿元 at base-year prices.
    chances
        Change of the probability of each tier of the target; none where no ensemble ran.
    """

    project: str
    effect: float
    money: float
    chances: Mapping[str, float]


def slips(pipeline: Pipeline, plan: Run, sheet: Sheet, target: Target, year: int, chances: Ensemble | None) -> tuple[Slip, ...]:
    """Every named project that is not yet commissioned, one at a time, three months later; the largest loss first.

    The effect is simulated in the central case. The probability of a tier falls by the share of futures that reach it and
    would not with an outcome lower by the effect,

    .. math:: \\Delta p = P(y + e \\ge \\tau) - P(y \\ge \\tau)

    which takes the effect e of the central case for that of every future.
    """
    found = []
    for project in plan.delivery.projects:
        if project.stage == "commissioned":
            continue
        later = [replace(p, slip=p.slip + QUARTER) if p is project else p for p in plan.delivery.projects]
        path = pipeline.economy.simulate(pipeline.run(plan.plan, projects=later).works)
        effect = float(sheet.value(target, path, year)[0] - sheet.value(target, plan.path, year)[0])
        money = float(path.gdp[year, 0] - plan.path.gdp[year, 0])
        found.append(Slip(project.id, effect, money, falls(chances, target, effect)))
    return tuple(sorted(found, key=lambda one: (target.sign * one.effect, one.project)))


def falls(chances: Ensemble | None, target: Target, effect: float) -> dict[str, float]:
    """Change of the probability of each tier where every outcome is moved by ``effect``."""
    if chances is None or target.id not in chances.outcomes:
        return {}
    outcomes: FloatArray = chances.outcomes[target.id]
    return {
        tier: float(np.mean(target.reached(outcomes + effect, value)) - np.mean(target.reached(outcomes, value)))
        for tier, value in target.tiers.items()
    }
