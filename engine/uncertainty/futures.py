"""Futures of a scenario: the same plan in thousands of worlds, all arrays with draws on the last axis
(未来情景).

Usage: ``Futures(scenario, quantities).sample(first, count).path(plan)`` is a trajectory with ``count`` draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...models.economy import Economy
from ...models.plan import Plan
from ...models.quantity import Draws, FloatArray, Quantity
from ...models.shocks import NONE, Shocks, drifting, persistent, reverting
from ...models.target import Sheet
from ...models.trajectory import Trajectory
from ...scenarios.rules_uncertainty import SHOCKS
from ...scenarios.schema import Scenario, Shock
from .. import build
from ..diagnose.one_at_a_time import Recorded
from ..forecast.trends import as_drawn
from ..plans import stated_plans
from ..projects.drawn import DrawnPipeline
from ..projects.listed import Inferred, central_list, expected_list
from .inputs import DRIFT, PARTS, Drawn, Inputs, Parts, inputs_of, shocks_on

PILOT = 256
"""Draws by which is seen what delays take from a year on average."""

HELD = 4096
"""Draws that are held: their inputs, to tell what the doubt comes from, and where another plan follows the
region that they give; those of all others are made again when needed."""


class Futures:
    """Everything that does not depend on which draws are asked for."""

    def __init__(
        self,
        scenario: Scenario,
        quantities: Mapping[str, Quantity],
        until: int | None = None,
        alike: Futures | None = None,
    ) -> None:
        """Find what is in doubt.

        Parameters
        ----------
        quantities
            All numbers of the scenario by path.
        until
            Last year to simulate (1, 2, ...); the scenario's where left out.
        alike
            Futures of a scenario that differs in values alone, where there are any: what a run asks for is
            known from them.
        """
        self._held: dict[tuple[int, int], Sample] | None = None
        self._before: dict[tuple[int, int], Sample] = {}
        self.scenario, self.quantities = scenario, quantities = as_drawn(scenario, quantities)
        self.years = until or scenario.years.horizon
        self.by_region: frozenset[str]
        self.by_projects: frozenset[str]
        self.by_region, self.by_projects = (
            (alike.by_region, alike.by_projects) if alike else asked_for(scenario)
        )
        self.inputs: Inputs = inputs_of(
            scenario, quantities, read_by(scenario, self.by_region | self.by_projects), self.years
        )
        self.parts: Parts = {}
        self.alike: Parts = alike.parts if alike else {}
        self.points = self.inputs.points(scenario.uncertainty.seed, scenario.uncertainty.method)
        self.shocked = {key: shocks_on(scenario, key) for key in scenario.sectors}

    @cached_property
    def listing(self) -> Inferred:
        """What the list of projects leaves out, given that delays and durations are in doubt."""
        if not self.scenario.projects or self.scenario.listing.whole:
            return central_list(self.scenario)
        return expected_list(self.scenario, Drawn(self.inputs.values(self.points.block(0, PILOT))))

    def sample(self, first: int, count: int) -> Sample:
        """The draws ``first`` to ``first + count`` of the scenario's seed; the same whenever they are asked
        for."""
        before = self._before.pop((first, count), None)
        made = before.planning(self) if before else self.at(self.points.block(first, count), first)
        if self._held is not None and first + count <= HELD:
            self._held[first, count] = made
        return made

    def hold(self) -> None:
        """Hold the first :data:`HELD` draws for what follows them (:meth:`following`)."""
        self._held = {}

    def apart(self) -> None:
        """Let go of those that were followed."""
        self._before.clear()

    def following(self, before: Futures) -> None:
        """Stand on the draws held of futures that differ in planned money alone (:mod:`..again`).

        Each block is taken over once, and what is left is let go of with :meth:`apart`.
        """
        self.points, self._before = before.points, dict(before._held or {})
        self.__dict__["listing"] = before.listing
        self.hold()

    def at(self, uniforms: FloatArray, first: int = 0) -> Sample:
        """Draws at stated points ``(inputs, D)`` of the unit cube; ``first`` numbers the pipeline's own
        chances."""
        return Sample(self, self.inputs.values(uniforms), first, uniforms.shape[1])


def asked_for(scenario: Scenario) -> tuple[frozenset[str], frozenset[str]]:
    """Paths of the numbers that a region and its sheet ask for, and those that its pipeline asks for."""
    read, projects = Recorded(), Recorded()
    build.economy(scenario, read)
    build.sheet(scenario, read)
    plan = stated_plans(scenario, Draws())[scenario.plan]
    DrawnPipeline(scenario, projects, 1).run(
        plan
    )  # desks, builders, funds and the pool are asked for only by a run
    return frozenset(read.read), frozenset(projects.read)


def read_by(scenario: Scenario, read: frozenset[str]) -> frozenset[str]:
    """What a run reads, shocks included: these are read by the draws alone."""
    chains = (
        f"chains.{key}.materials.{name}.{part}"
        for key, chain in scenario.chains.items()
        for name in chain.materials
        for part in ("price_sd", "price_reversion")
    )
    return frozenset({*read, *chains})


class Sample:
    """A block of draws: the values of all inputs, and what the region is in each of them."""

    def __init__(
        self,
        futures: Futures,
        inputs: Mapping[str, FloatArray],
        first: int,
        draws: int,
        places: npt.NDArray[np.intp] | None = None,
    ) -> None:
        """Take the draws; of what they give, those at ``places`` stand for all, where some weigh more."""
        self.futures, self.inputs, self.first, self.draws, self.places = futures, inputs, first, draws, places
        self.values: Draws = Drawn(inputs, futures.parts, futures.alike)

    def picked(self, places: npt.NDArray[np.intp]) -> Sample:
        """The same draws, of which those at ``places`` stand for all."""
        return self._with(Sample(self.futures, self.inputs, self.first, self.draws, places))

    def _with(self, other: Sample) -> Sample:
        for part in ("economy", "sheet", "shocks", "drawn_pipeline"):
            if part in self.__dict__:
                other.__dict__[part] = self.__dict__[part]
        return other

    def planned_in_all(self, factor: float) -> Sample:
        """The same futures of a scenario that plans so many times the money in all."""
        other = self._with(Sample(self.futures, self.inputs, self.first, self.draws, self.places))
        other.__dict__["drawn_pipeline"] = self.drawn_pipeline.planned_in_all(factor)
        return other

    def planning(self, futures: Futures) -> Sample:
        """The same draws of futures that differ in planned money alone: the region, the works and their dates
        stay."""
        money = [name for name in self.inputs if name.startswith("investment.")]
        drawn = futures.inputs.some(money, futures.points.block(self.first, self.draws)) if money else {}
        other = self._with(Sample(futures, {**self.inputs, **drawn}, self.first, self.draws))
        other.__dict__["drawn_pipeline"] = self.drawn_pipeline.planning(futures.scenario, other.values)
        return other

    def seen(self, values: FloatArray) -> FloatArray:
        """Values of all draws ``(D,)`` or ``(1,)`` as they count."""
        every = np.broadcast_to(values, (self.draws,))
        return every if self.places is None else every[self.places]

    @cached_property
    def economy(self) -> Economy:
        """The region with its shocks."""
        return replace(build.economy(self.futures.scenario, self.values), shocks=self.shocks)

    @cached_property
    def sheet(self) -> Sheet:
        """The target sheet, whose linked relations are in doubt too."""
        return build.sheet(self.futures.scenario, self.values)

    @cached_property
    def drawn_pipeline(self) -> DrawnPipeline:
        """The pipeline of projects in every draw."""
        scenario = self.futures.scenario
        return DrawnPipeline(
            scenario,
            self.values,
            self.draws,
            scenario.uncertainty.seed,
            self.first,
            inferred=self.futures.listing,
        )

    def path(self, plan: Plan, until: int | None = None) -> Trajectory:
        """A plan simulated in every draw up to a year (1, 2, ...; the last where left out).

        Plans of one sample share all that is not decided (common random numbers).
        """
        realisation = self.drawn_pipeline.run(plan).realisation
        return self.economy.simulate(
            realisation, plan.routing or None, plan.quotas, until or self.futures.years
        )

    def outcomes(self, plan: Plan, year: int) -> dict[str, FloatArray]:
        """Value of every judged target in a year (1, 2, ...), ``(D,)``."""
        path, sheet = self.path(plan, year), self.sheet
        return {
            key: self.seen(sheet.value(target, path, year))
            for key, target in sheet.targets.items()
            if target.judged
        }

    def changed(self, inputs: Mapping[str, FloatArray], first: int | None = None) -> Sample:
        """The same draws with some inputs replaced, or with other chances of the pipeline (``first``).

        What reads none of the replaced inputs is shared with this sample, not made again.
        """
        luck = self.first if first is None else first
        other = Sample(self.futures, {**self.inputs, **inputs}, luck, self.draws, self.places)
        touched = frozenset(inputs)
        if luck == self.first and not touched & self.futures.by_projects:
            other.__dict__["drawn_pipeline"] = self.drawn_pipeline
        if touched <= self.futures.by_projects - self.futures.by_region:
            other.__dict__.update(economy=self.economy, sheet=self.sheet)
        elif all(
            name.startswith(SHOCKS) for name in touched
        ):  # a surprise strikes a region that is what it was
            other.__dict__.update(economy=replace(self.economy, shocks=other.shocks), sheet=self.sheet)
        return other

    @cached_property
    def shocks(self) -> Shocks:
        """Shocks of every year."""
        return self.struck()

    def struck(self, nation: FloatArray | None = None, own: FloatArray | None = None) -> Shocks:
        """Shocks of every year from the surprises: what is common to all sectors, what is a sector's own, and
        prices.

        .. math:: s_{jt} = n_t + p_t + o_t + u_{jt}, \\qquad n_t = \\mu_n + \\rho_n (n_{t-1} - \\mu_n) + e_t

        national, provincial, own part and those of the sector and its groups, each with a persistence of its
        own, and with the levels that wander for good (``drift``); points of growth.

        Parameters
        ----------
        nation, own
            Factors on the nation's part and on all others, one per copy of the draws ``(R,)``; shocks then
            have ``R D`` draws.
        """
        futures = self.futures
        scenario, stated = futures.scenario, futures.scenario.uncertainty.shocks

        def part(name: str, shock: Shock, factor: FloatArray | None) -> FloatArray:
            found = self._part(f"{SHOCKS}.{name}", shock)
            if factor is None:
                return found
            found = np.broadcast_to(found, (len(found), self.draws))
            return (factor[:, None] * found[:, None, :]).reshape(len(found), -1)

        common: FloatArray | None = None
        for name in PARTS:
            shock: Shock | None = getattr(stated, name)
            if shock:
                found = part(name, shock, nation if name == "national" else own)
                common = found if common is None else common + found
        sales: dict[str, FloatArray] = {}
        struck = {key: part(f"sectors.{key}", shock, own) for key, shock in stated.sectors.items()}
        for key in scenario.sectors:
            mine = [struck[each] for each in futures.shocked[key]]
            if mine or common is not None:
                sales[key] = sum(mine, np.zeros((1, 1)) if common is None else common)
        prices = {}
        for key, chain in scenario.chains.items():
            for name, material in chain.materials.items():
                fresh = self._surprises(f"chains.{key}.materials.{name}")
                if fresh is not None:
                    back = (
                        self.values(material.price_reversion) / 100
                        if material.price_reversion
                        else np.zeros(1)
                    )
                    path = reverting(fresh, back)
                    prices[name] = path if own is None else np.tile(path, len(own))
        return Shocks(common, sales, prices) if sales or prices or common is not None else NONE

    def _part(self, name: str, shock: Shock) -> FloatArray:
        """One part of the shocks, share of growth ``(T, D or 1)``; its mean counts in every year."""
        mean = self.values(shock.mean)[None, :] / 100 if shock.mean else np.zeros((1, 1))
        path: FloatArray = np.broadcast_to(mean, (self.futures.years, mean.shape[1]))
        fresh, changes = self._surprises(name), self._surprises(f"{name}.{DRIFT}", 2)
        if fresh is not None:
            left = self.values(shock.persistence) / 100 if shock.persistence else np.zeros(1)
            path = path + persistent(fresh, left)
        return path if changes is None else path + drifting(changes)

    def _surprises(self, name: str, first: int = 1) -> FloatArray | None:
        """Fresh surprises of all years from the ``first`` on ``(T, D)``, share; None where there are none."""
        base, last = self.futures.scenario.years.base, self.futures.years
        rows = [self.inputs.get(f"{name}.{base + year}") for year in range(first, last + 1)]
        known = [row for row in rows if row is not None]
        return np.stack(known) / 100 if known and len(known) == len(rows) else None
