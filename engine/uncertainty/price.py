"""The price of certainty along the plan's own mix: more money, and projects earlier, on the same draws
(确定性的代价)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...models.target import Target
from .certainty import Curve, curve
from .ensemble import WORKERS, in_threads, joined
from .futures import Sample
from .replicates import parts_of
from .sample_points import PARTS

STEPS = (0, 1, 2, 3, 4, 6, 8, 12)
"""Extra money in steps of about a fortieth of the year's investment."""

PART = 0.025
MONTHS = (0.0, 1.0, 2.0, 3.0, 6.0, 9.0, 12.0)
"""Months by which all open projects come earlier."""


@dataclass(frozen=True)
class CertaintyPrice:
    """Probability of one tier against one lever: ``money`` (money a year) or ``earlier`` (months)."""

    lever: str
    target: str
    tier: str
    curve: Curve


def prices(
    samples: Sequence[Sample], plan: Plan, year: int, targets: Mapping[str, Target], workers: int = WORKERS
) -> tuple[CertaintyPrice, ...]:
    """Curves of every tier of the targets, for both levers.

    Money: every year's investment grows in the same proportion, the mix stays, limits are left aside.
    Earlier: all named projects that are not commissioned need so many months less from start to
    commissioning, money as planned.

    Parameters
    ----------
    samples
        Blocks of draws from the first on.
    """
    total = plan.total(year)
    amounts = [step * nice(PART * total) for step in STEPS] if total > 0 else []
    found: list[CertaintyPrice] = []
    if amounts:
        richer = [plan.scaled(1 + amount / total) for amount in amounts]
        found += _priced(
            "money",
            amounts,
            joined(in_threads(lambda s: _along(s, richer, year, targets), samples, workers)),
            targets,
        )
    if open_projects(samples[0]):

        def sooner(sample: Sample) -> dict[str, FloatArray]:
            return _stacked(
                [slipped(sample, open_projects(sample), -months).outcomes(plan, year) for months in MONTHS],
                targets,
            )

        found += _priced("earlier", MONTHS, joined(in_threads(sooner, samples, workers)), targets)
    return tuple(found)


def _along(
    sample: Sample, plans: Sequence[Plan], year: int, targets: Mapping[str, Target]
) -> dict[str, FloatArray]:
    return _stacked([sample.outcomes(plan, year) for plan in plans], targets)


def _stacked(
    outcomes: Sequence[Mapping[str, FloatArray]], targets: Mapping[str, Target]
) -> dict[str, FloatArray]:
    """Outcomes of every amount by target ``(K, D)``."""
    return {key: np.stack([each[key] for each in outcomes]) for key in targets}


def _priced(
    lever: str, amounts: Sequence[float], values: Mapping[str, FloatArray], targets: Mapping[str, Target]
) -> list[CertaintyPrice]:
    found = []
    for key, target in targets.items():
        parts = parts_of(np.arange(values[key].shape[1]) % PARTS)
        for tier, threshold in target.tiers.items():
            found.append(
                CertaintyPrice(
                    lever, key, tier, curve(amounts, short_of(target, values[key], threshold), parts)
                )
            )
    return found


def short_of(target: Target, values: FloatArray, threshold: float) -> FloatArray:
    """What is missing to a tier, at most 0 exactly where :meth:`Target.reached` says that it is reached."""
    short = target.sign * (target.edge(threshold) - values)
    there = target.reached(values, threshold)
    return np.asarray(np.where(there, np.minimum(short, 0.0), np.maximum(short, 1e-12)))


def open_projects(sample: Sample) -> tuple[str, ...]:
    """Named projects that are not commissioned yet."""
    return tuple(
        key for key, project in sample.futures.scenario.projects.items() if project.stage != "commissioned"
    )


def slipped(sample: Sample, projects: Sequence[str], months: float) -> Sample:
    """The same futures with some projects commissioned ``months`` later (earlier where negative)."""
    stated = sample.futures.scenario.projects
    return (
        sample.changed({stated[key].slip.path: sample.values(stated[key].slip) + months for key in projects})
        if months
        else sample
    )


def nice(value: float) -> float:
    """The nearest of 1, 2, 5 and their tenfolds.

    >>> nice(7.2), nice(0.8), nice(34.0)
    (10.0, 1.0, 50.0)
    """
    power = 10.0 ** np.floor(np.log10(value))
    return float(
        min((1 * power, 2 * power, 5 * power, 10 * power), key=lambda each: abs(np.log(each / value)))
    )
