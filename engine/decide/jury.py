"""Plans judged on the draws: the chance that any plan reaches a tier, on the same futures as the plan as
written (按抽样评判)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ...models.plan import Plan
from ...models.quantity import BoolArray, FloatArray, Quantity
from ...models.target import Sheet, Target
from ...scenarios.schema import Scenario
from ..uncertainty.ensemble import BLOCK, Ensemble, Estimate, in_threads, joined
from ..uncertainty.futures import Futures, Sample
from ..uncertainty.replicates import halves, parts_of, share
from ..uncertainty.sample_points import PARTS

WORKERS = 2


def median_sheet(sheet: Sheet, found: Ensemble, confidence: float) -> Sheet:
    """The sheet whose values are medians of the plan's futures, and whose tiers are met where the chance is
    the confidence asked for.

    .. math:: v^* = v + (q_{0.5} - v_0), \\qquad v^* \\text{ reaches } T \\iff v^* + (q_{1-c} - q_{0.5}) \\ge T

    with central values v, the plan's own v_0, quantiles q of the plan's futures (for a ceiling q_c) and the
    confidence c. What capacity, delays
    and relations take off the central case is the same for other plans to first order; :class:`Jury` measures
    it.
    """  # noqa: E501
    offsets, targets = {}, dict(sheet.targets)
    for key, target in found.targets.items():
        values, central = found.outcomes[key], float(found.central[key][found.year - 1])
        if not np.isfinite(values).all():
            continue
        middle = found.quantile(key, 0.5)
        offsets[key] = middle.value - central
        if confidence != 0.5:
            level = 1 - confidence if target.sign > 0 else confidence
            targets[key] = replace(target, margin=float(np.quantile(values, level)) - middle.value)
    return Sheet(targets, sheet.relations, offsets, found.year, sheet.known)


@dataclass
class Jury:
    """The futures on which plans are judged.

    Attributes
    ----------
    targets
        The judged targets as the sheet states them.
    confidence
        Chance from which a tier counts as reached, share.
    more
        By how much the plan's chance of each tier in all futures that were drawn lies above its chance in
        these: the chance of any plan is told with it.
    """

    samples: Sequence[Sample]
    targets: Mapping[str, Target]
    year: int
    confidence: float = 0.5
    more: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known: dict[str, dict[str, FloatArray]] = {}

    @classmethod
    def drawn(
        cls,
        scenario: Scenario,
        quantities: Mapping[str, Quantity],
        targets: Mapping[str, Target],
        year: int,
        draws: int,
        seed: int,
    ) -> Jury:
        """Futures of a scenario up to a year (1, 2, ...) from a seed of their own."""
        own = scenario.model_copy(
            update={"uncertainty": scenario.uncertainty.model_copy(update={"seed": seed})}
        )
        futures = Futures(own, quantities, year)
        return cls(
            [futures.sample(low, min(BLOCK, draws - low)) for low in range(0, draws, BLOCK)], targets, year
        )

    def beside(self, found: Ensemble, plan: Plan) -> Jury:
        """The same futures, every chance told beside that of the plan in all futures drawn.

        .. math:: p = p_0 + (\\hat p - \\hat p_0)

        with the plan's chance :math:`p_0` in all futures and both chances with a hat in these: what both
        plans have in common costs no precision, and the plan's own chance is one number everywhere.
        """
        more = {
            (key, tier): found.probability(key, tier).value - self.chance(plan, key, tier).value
            for key, target in self.targets.items()
            for tier in target.tiers
        }
        return replace(self, more=more)

    @cached_property
    def draws(self) -> int:
        """Number of futures D."""
        return sum(sample.draws for sample in self.samples)

    @cached_property
    def parts(self) -> list[np.ndarray]:
        """Positions of the draws of each scrambling."""
        return list(parts_of(np.arange(self.draws) % PARTS))

    def outcomes(self, plan: Plan) -> Mapping[str, FloatArray]:
        """Value of each target under a plan in all futures ``(D,)``."""
        key = plan.key
        if key not in self._known:
            self._known[key] = joined(
                in_threads(lambda sample: sample.outcomes(plan, self.year), self.samples, WORKERS)
            )
        return self._known[key]

    def chance(self, plan: Plan, target: str, tier: str) -> Estimate:
        """Chance that a plan reaches a tier, and its standard error."""
        own = self.targets[target]
        found = self._estimate(own.reached(self.outcomes(plan)[target], own.tiers[tier]))
        return self.told(found, target, tier)

    def told(self, found: Estimate, target: str, tier: str) -> Estimate:
        """A chance in these futures, as it is told."""
        if not (more := self.more.get((target, tier), 0.0)):
            return found
        return replace(found, value=min(max(found.value + more, 0.0), 1.0))

    def joint(self, plan: Plan, thresholds: Mapping[str, float]) -> Estimate:
        """Chance that a plan reaches all of some thresholds together."""
        return self._estimate(self.reached(plan, thresholds))

    def reached(self, plan: Plan, thresholds: Mapping[str, float]) -> BoolArray:
        """Futures in which a plan reaches all of some thresholds ``(D,)``."""
        found, every = self.outcomes(plan), np.ones(self.draws, dtype=np.bool_)
        for key, threshold in thresholds.items():
            every &= self.targets[key].reached(found[key], threshold)
        return every

    def _estimate(self, happens: np.ndarray) -> Estimate:
        return Estimate(*share(happens, self.parts))

    def level(self, plan: Plan, target: str) -> float:
        """The value that a plan reaches with the confidence: the median at one half."""
        own = self.targets[target]
        return float(
            np.quantile(self.outcomes(plan)[target], 1 - self.confidence if own.sign > 0 else self.confidence)
        )

    def halved(self, plan: Plan, target: str) -> FloatArray:
        """That value in balanced halves of the scramblings, less the value in all of them ``(2 R - 2,)``."""
        own = self.targets[target]
        values, level = self.outcomes(plan)[target], 1 - self.confidence if own.sign > 0 else self.confidence
        taken = (
            np.concatenate([self.parts[at] for at in np.flatnonzero(half)])
            for half in halves(len(self.parts))
        )
        return np.array([np.quantile(values[places], level) for places in taken]) - self.level(plan, target)

    def short(self, plan: Plan, target: str, threshold: float) -> float:
        """What that value lacks of a tier (plus lacks), rounding counted, in the target's unit."""
        own = self.targets[target]
        return own.sign * (own.edge(threshold) - self.level(plan, target))

    def enough(self, chance: Estimate) -> bool:
        """Whether a chance is the one asked for."""
        return chance.value >= self.confidence - 1e-12
