"""Mixtures of two scenarios, simulated: those of one economy all in one run, a draw each (混合情形)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.economy import Economy
from ...models.errors import ScenarioError
from ...models.indicators import INDICATORS, Asked
from ...models.quantity import Bilingual, Draws, FloatArray
from ...models.realisation import Realisation
from ...models.target import Sheet
from ...models.trajectory import Trajectory
from ...scenarios.schema import Scenario
from .. import build
from ..plans import stated_plans
from ..projects.pipeline import Timetable
from ..projects.run import Pipeline
from .blend import UNREAD, Blend

_WORKS = frozenset({"investment", "pipeline", "seed"})
"""Groups that act through the pipeline of projects alone."""

_ECONOMY = frozenset({"demand", "markets", "prices", "chains", "national", "indicators"})
"""Groups that the pipeline does not read."""

Mixture = frozenset[str]
"""Groups that are as in the second scenario."""


@dataclass(frozen=True)
class Item:
    """One number of the plan's simulation: a target's indicator or a sector's growth, in one year, or in
    those that the target says by itself (``dated``)."""

    id: str
    kind: str
    title: Bilingual
    unit: str
    digits: int
    year: int
    dated: bool = False


class Between:
    """Indicators of every mixture of two scenarios; what stays the same is worked out once."""

    def __init__(self, one: Scenario, two: Scenario, seeds: tuple[int | None, int | None]) -> None:
        self.blend = Blend(one, two)
        self.seeds = seeds
        self.items = items_of(one, two)
        self.known: dict[Mixture, FloatArray | ScenarioError] = {}
        self.regions: dict[Mixture, tuple[Economy, Sheet]] = {}
        self.realisations: dict[Mixture, Realisation] = {}
        self.dates: dict[object, dict[str, Timetable]] = {}
        self.groups = [*self.blend.groups, *(["seed"] if seeds[0] != seeds[1] else [])]

    def __call__(self, taken: Mixture) -> FloatArray:
        """Value of every item ``(I,)`` where the groups in ``taken`` are as in the second scenario.

        Raises
        ------
        ScenarioError
            Where this mixture cannot stand.
        """
        self.prepare([taken])
        found = self.known[taken]
        if isinstance(found, ScenarioError):
            raise found
        return found

    @property
    def runs(self) -> int:
        """Mixtures that were simulated."""
        return sum(not isinstance(found, ScenarioError) for found in self.known.values())

    def prepare(self, mixtures: Iterable[Mixture]) -> None:
        """Simulate many mixtures; those that share an economy run together, each as a draw of its works."""
        alike: dict[Mixture, dict[Mixture, Realisation]] = {}
        for taken in mixtures:
            if taken in self.known:
                continue
            try:
                held, realisation = self._put_together(taken)
            except ScenarioError as error:
                self.known[taken] = error
            else:
                alike.setdefault(held, {})[taken] = realisation
        for held, works_of in alike.items():
            economy, sheet = self.regions[held]
            path = economy.simulate(side_by_side(list(works_of.values())))
            values = np.array(
                [np.broadcast_to(_value(item, sheet, path), (len(works_of),)) for item in self.items]
            )
            self.known |= dict(zip(works_of, values.T.copy(), strict=True))

    def _put_together(self, taken: Mixture) -> tuple[Mixture, Realisation]:
        """The economy that a mixture has, by the groups that make it, and its works."""
        left = set(self.groups) - {UNREAD}
        if not taken & left:
            scenario = self.blend.one
        elif left <= taken:
            scenario = self.blend.two
        else:
            scenario = self.blend(taken)
        values, seed = Draws(), self.seeds["seed" in taken]
        held = frozenset(group for group in taken if not self._only_works(group))
        if held not in self.regions:
            self.regions[held] = build.economy(scenario, values), build.sheet(scenario, values)
        put = frozenset(
            group for group in taken if group not in _ECONOMY and not group.startswith("sectors.")
        )
        if put not in self.realisations:
            pipeline = Pipeline(scenario, self.regions[held][0], values, seed)
            key = (seed, repr(scenario.pool), scenario.years)
            pipeline.recall(self.dates.setdefault(key, {}))
            self.realisations[put] = pipeline.run(stated_plans(scenario, values)[scenario.plan]).realisation
        return held, self.realisations[put]

    def _only_works(self, group: str) -> bool:
        """Whether a group acts through the pipeline alone and leaves the economy around it as it is."""
        stated = bool(self.blend.one.investment.base_shares and self.blend.two.investment.base_shares)
        return group.startswith("projects.") or group in _WORKS or (group == "mix" and stated)


def side_by_side(realisations: Sequence[Realisation]) -> Realisation:
    """Several works of one region, a draw each; what a project adds in some of them is nothing in the
    others."""
    if len(realisations) == 1:
        return realisations[0]

    def joined(name: str) -> FloatArray:
        return np.concatenate([getattr(each, name) for each in realisations], axis=-1)

    def parts(name: str) -> dict[str, dict[str, FloatArray]]:
        whole: dict[str, dict[str, FloatArray]] = {}
        for draw, each in enumerate(realisations):
            for sector, own in getattr(each, name).items():
                for key, path in own.items():
                    wide = whole.setdefault(sector, {}).setdefault(
                        key, np.zeros((*path.shape[:-1], len(realisations)))
                    )
                    wide[..., draw : draw + 1] = path
        return whole

    plain = {name: joined(name) for name in ("invested", "pool", "history", "normal", "key_investment")}
    return replace(realisations[0], **plain, **{name: parts(name) for name in ("named", "usual", "unlisted")})  # type: ignore[arg-type]


def _value(item: Item, sheet: Sheet, path: Trajectory) -> FloatArray:
    """An item in every draw."""
    if item.kind == "target":
        return sheet.value(sheet.targets[item.id], path, item.year)
    if item.kind == "sector":
        return INDICATORS["sector_growth"].value(path, item.year, Asked((item.id,)))
    return INDICATORS[item.id].value(path, item.year, Asked())


def items_of(one: Scenario, two: Scenario) -> tuple[Item, ...]:
    """Judged targets that both sheets have, growth of GDP and investment, GDP, growth of every sector; target
    year and last."""
    sheets = [build.sheet(each, Draws()) for each in (one, two)]
    shared = [
        target
        for key, target in sheets[0].targets.items()
        if target.judged
        and key in sheets[1].targets
        and sheets[1].targets[key].judged
        and sheets[1].targets[key].unit == target.unit
    ]
    first = one.years.ahead
    last = min(one.years.last, two.years.last) - one.years.base
    items = []
    for year in dict.fromkeys(year for year in (first, last) if 1 <= year <= last):
        items += [
            Item(
                target.id,
                "target",
                target.title,
                target.unit,
                target.digits + 1,
                year,
                target.over is not None,
            )
            for target in shared
        ]
        there = {target.indicator for target in shared}
        for name in ("gdp_growth", "fai_growth", "gdp_level"):
            if name not in there:
                known = INDICATORS[name]
                items.append(Item(name, "indicator", known.title, known.unit, known.digits + 1, year))
        items += [
            Item(key, "sector", stated.title, "%", 2, year)
            for key, stated in one.sectors.items()
            if key in two.sectors
        ]
    return tuple(items)
