"""Delay impact of each project: what the target loses where it alone comes a quarter later
(项目推迟的风险值)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...models.target import Target
from ..projects.queue import QUARTER
from .ensemble import WORKERS, Estimate, in_threads
from .futures import Sample
from .price import open_projects, slipped
from .replicates import mean, parts_of
from .sample_points import PARTS

BAND = 0.5
"""Width of the band over which a tier is smoothed: times the standard deviation, over the fifth root of the
draws."""


@dataclass(frozen=True)
class DrawnDelayImpact:
    """A project a quarter later: change of the target's mean value, and of the probability of a tier."""

    project: str
    effect: Estimate
    chance: Estimate


def delay_impacts(
    sample: Sample, plan: Plan, year: int, target: Target, tier: str, workers: int = WORKERS
) -> tuple[tuple[DrawnDelayImpact, ...], DrawnDelayImpact | None]:
    """Every project that is not commissioned, each by itself on the same draws, the greatest loss first; then
    all at once.

    One project moves few futures over a threshold. The change of the probability is therefore that of the
    smoothed tier,

    .. math:: \\Delta P = \\frac1N \\sum_d \\Phi\\left(\\frac{y'_d - e}{h}\\right) - \\Phi\\left(\\frac{y_d - e}{h}\\right),
              \\qquad h = \\tfrac12 \\sigma_y N^{-1/5}

    with e the value from which the tier is reached. Source: Liu & Hong (2011), Oper. Res. 59, 96 (kernel
    estimates of
    sensitivities of discontinuous payoffs).
    """  # noqa: E501
    before = sample.outcomes(plan, year)[target.id]
    projects = open_projects(sample)

    def one(some: tuple[str, ...]) -> DrawnDelayImpact:
        after = slipped(sample, some, QUARTER).outcomes(plan, year)[target.id]
        return slip_of("" if len(some) != 1 else some[0], before, after, target, tier)

    found = in_threads(one, [(project,) for project in projects], workers)
    whole = one(projects) if len(projects) > 1 else None
    return tuple(sorted(found, key=lambda slip: (target.sign * slip.effect.value, slip.project))), whole


def slip_of(
    project: str, before: FloatArray, after: FloatArray, target: Target, tier: str
) -> DrawnDelayImpact:
    """What changed between outcomes of the same draws ``(D,)``."""
    from ...models.special import ndtr

    parts = parts_of(np.arange(len(before)) % PARTS)
    edge = target.edge(target.tiers[tier])
    width = BAND * float(before.std()) * len(before) ** -0.2
    if width <= 1e-12 * max(1.0, abs(edge)):  # no doubt: reached or not
        change = target.reached(after, target.tiers[tier]).astype(float) - target.reached(
            before, target.tiers[tier]
        )
    else:
        change = ndtr(target.sign * (after - edge) / width) - ndtr(target.sign * (before - edge) / width)
    return DrawnDelayImpact(project, Estimate(*mean(after - before, parts)), Estimate(*mean(change, parts)))
