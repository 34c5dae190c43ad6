"""Region-years set to their references and drawn in many futures, by the anchor and the sampling of any
scenario (抽样)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ....models.forecast import Reference
from ....models.quantity import Draws, FloatArray, Quantity
from ....scenarios.schema import Scenario
from ...plans import stated_plans
from ...uncertainty.futures import Futures, Sample
from ...uncertainty.sample_points import PARTS
from ..anchor import settled, solve
from ..drift import Lasting
from ..trends import number_at, trend_paths
from .regions import NATIONAL, TARGET, Structure, carried_on, scenario, structure


@dataclass(frozen=True)
class Foretold:
    """Growth of GDP in all draws, % ``(D,)``, and the part of them in which the target is reached."""

    growth: FloatArray
    probability: float


class RegionYear:
    """The futures of one region-year: what `simulate run` on its file computes with the same draws and
    seed."""

    def __init__(
        self, made: Scenario, said: Mapping[str, Quantity], draws: int, response: float, alike: Futures
    ) -> None:
        """Take the scenario as it was set to its reference.

        Parameters
        ----------
        said
            Its numbers by path.
        draws
            A multiple of 16.
        response
            Points of GDP growth per point of the nation's shock.
        alike
            Futures of the structure that it has.
        """
        self.scenario, self.response = made, response
        self.futures = Futures(made, said, until=made.years.horizon, alike=alike)
        # points of one seed are the same for all regions, whose inputs are alike
        doubt = made.uncertainty
        self.points = self.futures.inputs.first_points(doubt.seed, doubt.method, draws)

    @cached_property
    def sample(self) -> Sample:
        """All draws."""
        return self.futures.at(self.points)

    def foretold(self) -> Foretold:
        """What is foretold before the year."""
        return self._judged(self.sample)

    def mean_growth(self) -> FloatArray:
        """Average growth of all years of the scenario in all draws, % ``(D,)``."""
        years = self.scenario.years.horizon
        path = self.sample.path(stated_plans(self.scenario, Draws())[self.scenario.plan], years)
        return np.asarray(100 * ((path.gdp[years] / path.gdp[0]) ** (1 / years) - 1))

    def told(self, news: float) -> Foretold:
        """The same futures where the nation's news is known: points by which all regions' mean differs from
        what was expected."""
        surprise = np.full(self.sample.draws, news / self.response)
        return self._judged(self.sample.changed({f"{NATIONAL}.{self.scenario.years.target}": surprise}))

    def _judged(self, sample: Sample) -> Foretold:
        _, key, tier = TARGET.split(".")
        growth = sample.outcomes(stated_plans(self.scenario, Draws())[self.scenario.plan], 1)[key]
        target = sample.sheet.targets[key]
        return Foretold(growth, float(target.reached(growth, target.tiers[tier]).mean()))


def region_years(
    said: Sequence[Mapping[str, float]],
    references: Sequence[Reference],
    year: int,
    seed: int,
    draws: int,
    built: Structure | None = None,
    over: int = 1,
    doubt: Lasting | None = None,
) -> list[RegionYear]:
    """Regions of one year, each set to its reference; carried on over so many years, with doubt of those
    after the first."""
    built = built or structure()
    given = {path: np.array([one[path] for one in said]) for path in said[0] if path != TARGET}
    found = solve(scenario(said[0], year, seed, built)[0], references, given, alike=built.alike)
    made = []
    for r, (one, reference) in enumerate(zip(said, references, strict=True)):
        plain, numbers = scenario(one, year, seed, built)
        anchored = settled(carried_on(plain, over, doubt) if doubt else plain, reference, found, r)
        trends = {path: number_at(anchored, path) for path in trend_paths(plain)}
        response = float(found.response[r])
        made.append(RegionYear(anchored, {**numbers, **trends}, whole(draws), response, built.alike))
    return made


def whole(draws: int) -> int:
    """The next multiple of the number of scramblings."""
    return -(-draws // PARTS) * PARTS
