"""Another plan at a glance: its central path, and its chances on the futures that are kept (速览)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..models.plan import Plan
from ..models.quantity import BoolArray, FloatArray
from .decide.assess import Run
from .decide.uses import Use
from .study import Study
from .uncertainty.ensemble import LEVELS, joined, values_by_year
from .uncertainty.futures import Sample

ENOUGH = 1024
"""Futures in which a plan is seen at a glance."""


@dataclass(frozen=True)
class Glance:
    """What a plan that differs from the one written in money alone brings.

    Attributes
    ----------
    values
        Value of each judged target in the target year, on the scale of the sheet (the median of the futures,
        to first order).
    quantiles
        Quantiles of each target by year ``(T, levels)``, of :data:`LEVELS`; empty where nothing was drawn.
    chances
        Of each target's tiers, and of ``sheet`` that all tiers of a kind are reached together.
    """

    run: Run
    values: Mapping[str, float]
    quantiles: Mapping[str, FloatArray]
    chances: Mapping[tuple[str, str], float]
    uses: tuple[Use, ...]
    year: int

    def at(self, target: str, level: float) -> float:
        """A quantile of a target in the target year."""
        return float(self.quantiles[target][self.year - 1, LEVELS.index(level)])

    def fan(self, target: str, year: int) -> dict[str, float]:
        """All quantiles of a target in a year (1, 2, ...), named ``q05`` to ``q95``."""
        row = self.quantiles[target][year - 1]
        return {f"q{100 * level:02.0f}": float(value) for level, value in zip(LEVELS, row, strict=True)}


@dataclass
class Beside:
    """Plans told beside the one that was studied, on the same futures.

    .. math:: p = p_0 + (\\hat p - \\hat p_0), \\qquad q = q_0 + (\\hat q - \\hat q_0)

    with chance and quantile of the studied plan in all futures drawn, and those with a hat in :data:`ENOUGH`
    of the futures kept: what both plans have in common costs no precision, and the studied plan is told as it
    was. Where a year is under way the futures kept are those that fit its figures under the studied plan:
    another plan is told in the same ones.
    """

    study: Study
    _own: dict[str, FloatArray] = field(default_factory=dict, repr=False)
    _base: dict[str, FloatArray] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """See the studied plan in the futures kept."""
        found = self.study.ensemble
        if found is None or not self._samples:
            return
        self._own = self._paths(self.study.plan.plan)
        self._base = {
            key: np.array([[found.quantile(key, level, year).value for level in LEVELS] for year in years])
            - _quantiles(path)
            for key, path in self._own.items()
            for years in [range(1, len(path) + 1)]
        }

    @cached_property
    def _samples(self) -> list[Sample]:
        """The first of the samples kept that have enough draws."""
        held = self.study.jury.samples if self.study.jury is not None else ()
        taken: list[Sample] = []
        for sample in held:
            if sum(each.draws for each in taken) < ENOUGH:
                taken.append(sample)
        return taken

    @property
    def draws(self) -> int:
        """Futures in which a plan is seen."""
        return sum(sample.draws for sample in self._samples)

    def at(self, plan: Plan) -> Glance:
        """A plan whose projects and whose region are those of the studied one."""
        study = self.study
        # not by the assessor, which remembers every plan
        pipeline_run = study.pipeline.planned_in_all(self._factor(plan)).run(plan)
        run = Run(plan, pipeline_run, study.economy.simulate(pipeline_run.realisation))
        sheet, uses = study.sheet, study.assessor.uses(run)
        values = {
            key: float(sheet.value(target, run.path, study.year)[0])
            for key, target in sheet.targets.items()
            if target.judged
        }
        if not self._own:
            return Glance(run, values, {}, {}, uses, study.year)
        paths = self._paths(plan)
        quantiles = {key: self._base[key] + _quantiles(path) for key, path in paths.items()}
        return Glance(run, values, quantiles, self._chances(paths), uses, study.year)

    def _paths(self, plan: Plan) -> dict[str, FloatArray]:
        """Value of each target by year in the futures kept ``(T, D)``."""
        assert self.study.ensemble is not None
        targets, factor = self.study.ensemble.targets, self._factor(plan)
        return joined(
            [values_by_year(sample.planned_in_all(factor), targets, plan) for sample in self._samples]
        )

    def _factor(self, plan: Plan) -> float:
        """Money of the first year, in parts of that of the plan as written."""
        written = self.study.plan.plan.total(1)
        return plan.total(1) / written if written > 0 else 1.0

    def _chances(self, paths: Mapping[str, FloatArray]) -> dict[tuple[str, str], float]:
        found, year = self.study.ensemble, self.study.year
        assert found is not None
        told: dict[tuple[str, str], float] = {}

        def tell(key: tuple[str, str], now: BoolArray, before: BoolArray, whole: float) -> None:
            told[key] = min(max(whole + float(now.mean() - before.mean()), 0.0), 1.0)

        for key, target in found.targets.items():
            for tier, threshold in target.tiers.items():
                now, before = (target.reached(own[key][year - 1], threshold) for own in (paths, self._own))
                tell((key, tier), now, before, found.probability(key, tier).value)
        for tier in ("ensure", "stretch"):
            asked = found.thresholds(tier)
            now, before = (
                np.all([found.targets[k].reached(own[k][year - 1], at) for k, at in asked.items()], axis=0)
                for own in (paths, self._own)
            )
            tell(("sheet", tier), now, before, found.joint(tier).value)
        return told


def _quantiles(path: FloatArray) -> FloatArray:
    """Quantiles :data:`LEVELS` of a target by year ``(T, levels)``."""
    return np.asarray(np.quantile(path, LEVELS, axis=1).T)
