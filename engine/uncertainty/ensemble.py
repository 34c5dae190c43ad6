"""How likely each target is: one plan in as many futures as the asked precision needs (概率)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ...models.plan import Plan
from ...models.quantity import BoolArray, FloatArray
from ...models.target import Sheet, Target, leading
from ..memory import keep_freed
from ..progress import tell
from ..projects.unnamed import CHUNK
from .futures import HELD, Futures, Sample
from .replicates import Parts, mean, parts_of, share, spread
from .sample_points import PARTS

Job = TypeVar("Job")
Found = TypeVar("Found")

LEVELS = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95)
"""Quantiles that are told."""

BLOCK = 2048
"""Draws simulated at a time; twice as many where there are plenty."""

CELLS = 1 << 20
"""Projects times draws at a time: larger arrays neither stay in the cache nor come back from the system at no
cost (:mod:`..memory`)."""

WORKERS = 2

KEPT = 2048
"""Draws on which other plans are compared with the first one."""

APART = 1024
"""Draws of each sample that is kept: two are simulated at a time, and one by itself tells a plan at a
glance."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its standard error, measured over independent scramblings."""

    value: float
    error: float


@dataclass(frozen=True)
class Ensemble:
    """One plan's outcomes in all draws.

    Attributes
    ----------
    targets
        The judged targets by id.
    paths
        Value of each by year ``(T, D)``, years 1..T.
    central
        The same in the central case ``(T,)``.
    year
        The target year (1, 2, ...).
    asked, met
        The standard error asked of every main probability, and whether it was reached within the limit of
        draws.
    inputs, kept
        How many numbers and surprises were drawn; paths of ranges that are shown and not drawn.
    drawn
        Values of all inputs in the first :data:`HELD` draws at most.
    single
        Of targets that speak of other years than the sheet's, the indicator in each single year ``(T, D)``.
    """

    targets: Mapping[str, Target]
    paths: Mapping[str, FloatArray]
    central: Mapping[str, FloatArray]
    year: int
    asked: float
    met: bool
    inputs: int
    kept: tuple[str, ...]
    seed: int
    drawn: Mapping[str, FloatArray] = field(default_factory=dict)
    single: Mapping[str, FloatArray] = field(default_factory=dict)
    _known: dict[tuple[str, int], tuple[Estimate, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def outcomes(self) -> Mapping[str, FloatArray]:
        """Value of each target in the target year ``(D,)``."""
        return {key: path[self.year - 1] for key, path in self.paths.items()}

    def by_year(self, target: str) -> FloatArray:
        """A target's indicator in each single year ``(T, D)``, whatever the target asks of several."""
        return self.single.get(target, self.paths[target])

    @property
    def draws(self) -> int:
        """How many futures were simulated."""
        return next((path.shape[1] for path in self.paths.values()), 0)

    @cached_property
    def replicate(self) -> npt.NDArray[np.int_]:
        """Scrambling that each draw belongs to ``(D,)``."""
        return np.arange(self.draws) % PARTS

    @cached_property
    def parts(self) -> Parts:
        """Positions of the draws of each scrambling."""
        return parts_of(self.replicate)

    def reached(self, target: str, tier: str) -> BoolArray:
        """Futures in which a tier is reached after rounding to the sheet's digits ``(D,)``."""
        found = self.targets[target]
        return found.reached(self.outcomes[target], found.tiers[tier])

    def probability(self, target: str, tier: str) -> Estimate:
        """Chance that a tier is reached."""
        return self.chance(self.reached(target, tier))

    def chance(self, happens: BoolArray) -> Estimate:
        """Probability of an event ``(D,)``; its error is never below half a draw's weight."""
        return Estimate(*share(happens, self.parts))

    def shares(self, happens: BoolArray) -> FloatArray:
        """Part of the futures of each scrambling in which an event ``(D,)`` happens ``(R,)``."""
        return np.asarray(happens.reshape(-1, PARTS).mean(axis=0), dtype=float)

    def medians(self, target: str) -> FloatArray:
        """Median of a target's value in each scrambling ``(R,)``."""
        return np.asarray(np.quantile(self.outcomes[target].reshape(-1, PARTS), 0.5, axis=0))

    def thresholds(self, tier: str, main: bool = False) -> dict[str, float]:
        """What the whole sheet asks at a tier: a ceiling belongs to both, a target without stretch asks its
        ensure."""
        found = {}
        for key, target in self.targets.items():
            tiers = target.tiers
            threshold = tiers.get(tier, tiers.get("at_most", tiers.get("ensure")))
            if threshold is not None and (target.main or not main):
                found[key] = threshold
        return found

    def all_reached(self, tier: str, main: bool = False, without: str | None = None) -> BoolArray:
        """Futures in which every target of a tier is reached (``main``: the main ones), but for one
        ``without``."""
        every = np.ones(self.draws, dtype=np.bool_)
        for key, threshold in self.thresholds(tier, main).items():
            if key != without:
                every &= self.targets[key].reached(self.outcomes[key], threshold)
        return every

    def joint(self, tier: str, main: bool = False) -> Estimate:
        """Chance that all targets of a tier are reached together."""
        return self.chance(self.all_reached(tier, main))

    def alone_missed(self, target: str, tier: str, main: bool = False) -> Estimate:
        """Chance that a target is missed while all others of its tier are reached: what it alone costs."""
        own = self.targets[target].reached(self.outcomes[target], self.thresholds(tier, main)[target])
        return self.chance(self.all_reached(tier, main, target) & ~own)

    def quantile(self, target: str, level: float, year: int | None = None) -> Estimate:
        """Quantile of a target's value in a year (the target year), one of :data:`LEVELS`; its error over
        scramblings."""
        return self._quantiles(target, year or self.year)[LEVELS.index(level)]

    def _quantiles(self, target: str, year: int) -> tuple[Estimate, ...]:
        """All quantiles of a target in a year, made once."""
        if (target, year) not in self._known:
            values = self.paths[target][year - 1]
            own = np.quantile(values.reshape(-1, PARTS), LEVELS, axis=0)
            pooled = np.quantile(values, LEVELS)
            self._known[target, year] = tuple(
                Estimate(float(value), spread(row)) for value, row in zip(pooled, own, strict=True)
            )
        return self._known[target, year]

    def mean(self, target: str) -> Estimate:
        """Mean of a target's value."""
        return Estimate(*mean(self.outcomes[target], self.parts))

    def worst(self) -> float:
        """Largest standard error of the main targets' probabilities (of all, where none is main)."""
        return _worst(self.targets, self.outcomes, self.parts)


def ensemble(  # noqa: PLR0913  (each is a fact of its own)
    futures: Futures,
    sheet: Sheet,
    plan: Plan,
    year: int,
    central: Mapping[str, FloatArray],
    *,
    draws: int | None = None,
    workers: int = WORKERS,
    block: int | None = None,
    keep: list[Sample] | None = None,
    apart: int | None = None,
) -> Ensemble:
    """Simulate a plan until every main probability is known as well as ``uncertainty.error`` asks, or draws
    run out.

    Parameters
    ----------
    central
        Value of each judged target by year in the central case ``(T,)``.
    draws
        Exactly so many, whatever the precision; None to begin with ``uncertainty.draws_min`` and to double.
    block
        Draws simulated at a time, where not as many as is fast.
    keep
        Where given, the samples of the first :data:`KEPT` draws are put into it: other plans may be run on
        them.
    apart
        Draws of each of these samples, where not as many as is fast.

    The same draws give the same digits for any number of workers and any size of block.
    """
    uncertainty = futures.scenario.uncertainty
    targets = {key: target for key, target in sheet.targets.items() if target.judged}
    first, most = (uncertainty.draws_min, uncertainty.draws_max) if draws is None else (draws, draws)
    if first % PARTS:
        raise ValueError(f"draws must be a multiple of {PARTS}, found {first}")
    tell("draws", 0, first)
    paths, drawn = simulated(futures, targets, plan, 0, first, workers, block or apart, keep)
    while True:
        done = next(iter(paths.values())).shape[1] if paths else most
        outcomes = {key: path[year - 1] for key, path in paths.items()}
        worst = _worst(targets, outcomes, parts_of(np.arange(done) % PARTS))
        enough = worst <= uncertainty.error or done >= most
        tell("draws", done, done if enough else 2 * done, worst)
        if enough:
            break
        more, held = simulated(futures, targets, plan, done, done, workers, block)
        drawn = joined([drawn, held]) if held else drawn
        paths = {key: np.concatenate([path, more[key]], axis=1) for key, path in paths.items()}
    paths, single = parted(paths)
    return Ensemble(
        targets,
        paths,
        central,
        year,
        uncertainty.error,
        worst <= uncertainty.error,
        len(futures.inputs.rows),
        futures.inputs.kept,
        uncertainty.seed,
        drawn,
        single,
    )


def _worst(targets: Mapping[str, Target], outcomes: Mapping[str, FloatArray], parts: Parts) -> float:
    judged = leading(t for t in targets.values() if t.tiers)
    errors = [
        mean(t.reached(outcomes[t.id], threshold), parts)[1] for t in judged for threshold in t.tiers.values()
    ]
    return max(errors, default=0.0)


def simulated(
    futures: Futures,
    targets: Mapping[str, Target],
    plan: Plan,
    first: int,
    count: int,
    workers: int,
    block: int | None,
    keep: list[Sample] | None = None,
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Values of the targets by year in the draws ``first`` to ``first + count``, ``(T, count)``; inputs of
    those that are held."""
    block = block or (2 * BLOCK if count >= 4 * BLOCK and keep is None else BLOCK)
    listed = CELLS // max(len(futures.scenario.projects), 1) // CHUNK * CHUNK
    block = min(block, max(listed, CHUNK))
    if keep is None:  # a part for each thread
        block = min(block, max(count // workers // CHUNK * CHUNK, CHUNK))
    bounds = [(low, min(block, first + count - low)) for low in range(first, first + count, block)]

    def one(bound: tuple[int, int]) -> tuple[dict[str, FloatArray], dict[str, FloatArray], Sample | None]:
        sample = futures.sample(*bound)
        held = max(min(HELD - sample.first, sample.draws), 0)
        values = values_by_year(sample, targets, plan)
        drawn = {key: own[:held] for key, own in sample.inputs.items() if held}
        return values, drawn, sample if keep is not None and sample.first + sample.draws <= KEPT else None

    found = in_threads(one, bounds, workers)
    if keep is not None:
        keep += [sample for _, _, sample in found if sample is not None]
    held = [drawn for _, drawn, _ in found if drawn]
    return joined([values for values, _, _ in found]), joined(held) if held else {}


def values_by_year(sample: Sample, targets: Mapping[str, Target], plan: Plan) -> dict[str, FloatArray]:
    """Value of each target in the years 1..T, ``(T, D)``; of one that speaks of other years than the sheet's
    also what its indicator is in each (:func:`parted`)."""
    path, sheet, years = sample.path(plan), sample.sheet, sample.futures.years

    def of(target: Target) -> FloatArray:
        values = (sheet.value(target, path, year) for year in range(1, years + 1))
        return np.stack([sample.seen(own) for own in values])

    rows = {key: of(sheet.targets[key]) for key in targets}
    spans = (key for key in targets if sheet.targets[key].over)
    return rows | {SINGLE + key: of(replace(sheet.targets[key], over=None)) for key in spans}


SINGLE = "single year: "
"""How values in single years are called beside those of the spans that targets speak of."""


def parted(rows: Mapping[str, FloatArray]) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Values of targets, and those of single years."""
    own = {key: path for key, path in rows.items() if not key.startswith(SINGLE)}
    return own, {key.removeprefix(SINGLE): path for key, path in rows.items() if key not in own}


def joined(blocks: Sequence[Mapping[str, FloatArray]]) -> dict[str, FloatArray]:
    """Blocks of draws side by side."""
    return {key: np.concatenate([each[key] for each in blocks], axis=-1) for key in blocks[0]}


def in_threads(work: Callable[[Job], Found], jobs: Sequence[Job], workers: int) -> list[Found]:
    """Work on all jobs, several at a time, in their order."""
    keep_freed()
    if workers > 1 and len(jobs) > 1:
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(work, jobs))
    return [work(job) for job in jobs]
