"""Region-years in many futures, by the sampling layer of any scenario (抽样)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ...models.quantity import FloatArray, Values
from ..doubt.futures import Futures, Sample
from ..doubt.points import PARTS, Points
from ..plans import stated_plans
from .regions import NATIONAL, TARGET, known, scenario, template


@dataclass(frozen=True)
class Foretold:
    """Growth of GDP in all draws, % ``(D,)``, and the part of them in which the target is reached."""

    growth: FloatArray
    probability: float


class RegionYear:
    """The futures of one region-year: what `simulate run` on its file computes with the same draws and seed."""

    def __init__(self, stated: Mapping[str, float], year: int, seed: int, draws: int) -> None:
        """Take what :func:`.centre.state` says; ``draws`` is a multiple of 16."""
        self.stated, self.year = stated, year
        self.scenario, quantities = scenario(stated, year, seed)
        self.futures = Futures(self.scenario, quantities, until=1, alike=_alike())
        # points of one seed are the same for all regions, whose inputs are alike
        self.points = _points(len(self.futures.inputs.rows), seed, draws)

    @cached_property
    def sample(self) -> Sample:
        """All draws."""
        return self.futures.at(self.points)

    def foretold(self) -> Foretold:
        """What is foretold before the year."""
        return self._judged(self.sample)

    def told(self, shock: float) -> Foretold:
        """The same futures where the nation's whole shock (points, as stated) is known."""
        surprise = np.full(self.sample.draws, shock - self.stated[f"{NATIONAL}.mean"])
        return self._judged(self.sample.changed({f"{NATIONAL}.{self.year}": surprise}))

    def _judged(self, sample: Sample) -> Foretold:
        _, key, tier = TARGET.split(".")
        growth = sample.outcomes(stated_plans(self.scenario, Values())[self.scenario.plan], 1)[key]
        target = sample.sheet.targets[key]
        return Foretold(growth, float(target.reached(growth, target.tiers[tier]).mean()))


@lru_cache(maxsize=1)
def _alike() -> Futures:
    """Futures of the template, from which every region-year differs in values alone."""
    return Futures(template(), known(), until=1)


@lru_cache(maxsize=8)
def _points(dimensions: int, seed: int, draws: int) -> FloatArray:
    return Points(dimensions, seed).block(0, draws)


def whole(draws: int) -> int:
    """The next multiple of the number of scramblings."""
    return -(-draws // PARTS) * PARTS


def with_outlook(stated: Mapping[str, float], mean: float, error: float) -> dict[str, float]:
    """The same scenario with an outlook of the nation, as a user would state it: shock and its sd, points."""
    return {**stated, f"{NATIONAL}.mean": mean, f"{NATIONAL}.sd": error, f"{NATIONAL}.crisis.chance": 0.0}
