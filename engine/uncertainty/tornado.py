"""What one input does by itself: the outcome at its low and high end, and how likely a tier is at either
(龙卷风)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.quantity import BoolArray, FloatArray
from ..plans import stated_plans
from ..projects.run import Pipeline
from .ensemble import Ensemble, Estimate
from .futures import Futures, Sample
from .replicates import Places, parts_of, share
from .sample_points import PARTS

ENDS = (0.05, 0.95)
"""Quantiles of an input at which the outcome is told."""

FIFTH = 0.2


@dataclass(frozen=True)
class Bar:
    """One input.

    Attributes
    ----------
    low, high
        Its 5 % and 95 % quantile.
    at_low, at_high
        The plan's outcome with the input there: the median, plus what the input does by itself with
        everything else central.
    chance_low, chance_high
        Probability of the tier in the futures in which the input lies in its lowest, and in its highest
        fifth.
    """

    input: str
    low: float
    high: float
    at_low: float
    at_high: float
    chance_low: Estimate
    chance_high: Estimate


def tornado(
    futures: Futures, found: Ensemble, target: str, tier: str, names: Sequence[str], mix: str
) -> tuple[Bar, ...]:
    """A bar for each input, the longest first."""
    laws = {each.name: each.law for each in futures.inputs.rows}
    draws = len(next(iter(found.drawn.values()))) if found.drawn else 0
    reached = found.reached(target, tier)[:draws]
    span = {name: laws[name].ppf(np.array(ENDS)) for name in names}
    outcomes = together(futures, span, target, mix, found.year)
    # all else central lies off the median by what capacity and delays do: bars stand about the median
    off = found.quantile(target, 0.5).value - alone(futures, {}, target, mix, found.year)
    bars = [
        Bar(
            name,
            float(low),
            float(high),
            outcomes[name][0] + off,
            outcomes[name][1] + off,
            *fifths(found.drawn[name], reached),
        )
        for name, (low, high) in span.items()
    ]
    return tuple(sorted(bars, key=lambda bar: -abs(bar.at_high - bar.at_low)))


def together(
    futures: Futures, span: Mapping[str, FloatArray], target: str, mix: str, year: int
) -> dict[str, tuple[float, float]]:
    """Outcome with each input by itself at two values: one array for all that no project reads, the others
    one by one."""
    single = {name: ends for name, ends in span.items() if name in futures.by_projects}
    found = {
        name: (
            alone(futures, {name: ends[0]}, target, mix, year),
            alone(futures, {name: ends[1]}, target, mix, year),
        )
        for name, ends in single.items()
    }
    others = [name for name in span if name not in single]
    centre = {quantity.path: quantity.value for quantity in futures.quantities.values()}
    inputs = {}
    for at, name in enumerate(others):
        inputs[name] = np.full(2 * len(others), centre.get(name, 0.0))
        inputs[name][2 * at : 2 * at + 2] = span[name]
    if others:
        values = _outcome(futures, inputs, target, mix, year)
        found |= {name: (float(values[2 * at]), float(values[2 * at + 1])) for at, name in enumerate(others)}
    return {name: found[name] for name in span}


def alone(futures: Futures, values: Mapping[str, float], target: str, mix: str, year: int) -> float:
    """Outcome of a mix with some inputs at stated values and all others central, projects included.

    The mean of a shock counts: it is expected of every future, beyond the central case.
    """
    return float(
        _outcome(futures, {name: np.array([value]) for name, value in values.items()}, target, mix, year)[0]
    )


def _outcome(
    futures: Futures, stated: Mapping[str, FloatArray], target: str, mix: str, year: int
) -> FloatArray:
    """The same for many draws, of which the projects know the first."""
    draws = len(next(iter(stated.values()))) if stated else 1
    calm = {
        each.name: np.zeros(draws) for each in futures.inputs.rows if each.name.rpartition(".")[2].isdecimal()
    }
    sample = Sample(futures, {**calm, **stated}, 0, draws)
    pipeline = Pipeline(futures.scenario, sample.economy, sample.values)
    realisation = pipeline.run(stated_plans(futures.scenario, sample.values)[mix]).realisation
    path = sample.economy.simulate(realisation, until=year)
    return np.broadcast_to(sample.sheet.value(sample.sheet.targets[target], path, year), (draws,))


def fifths(values: FloatArray, reached: BoolArray) -> tuple[Estimate, Estimate]:
    """Probability in the fifth of futures with the lowest values, and in that with the highest.

    Equal values stand in the order of the draws.
    """
    order = np.argsort(values, kind="stable")
    count = max(int(FIFTH * len(values)), 1)
    return _within(order[:count], reached), _within(order[len(values) - count :], reached)


def _within(some: Places, reached: BoolArray) -> Estimate:
    own = np.sort(some)
    return Estimate(*share(reached[own], parts_of(own % PARTS)))
