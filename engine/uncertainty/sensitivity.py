"""What one target hangs on, in full: Sobol' indices, a tornado, and the futures in which it is missed
(敏感性分析)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...models.errors import DabiaoError
from ...models.words import msg
from ...scenarios.report import joined, meant
from ..forecast.anchored import anchored
from .causes import until
from .decomposition import Share, first_orders
from .delays import DrawnDelayImpact, delay_impacts
from .discovery import Discovery, columns_of, discover
from .drivers import DRAWS_PER_INPUT, main_targets
from .ensemble import BLOCK, WORKERS, Ensemble, in_threads
from .futures import Futures
from .mixes import MixesOnDraws, mixes_on_draws
from .pick_freeze import PickFreeze, pick_freeze, strongest
from .price import CertaintyPrice, prices
from .replicates import parts_of
from .sample_points import PARTS
from .tornado import Bar, tornado

if TYPE_CHECKING:
    from ..run import Answer

BARS = 20
"""Inputs of the tornado and of the boxes: the strongest."""

PROJECTS = 12
"""Inputs that projects read of which each is run by itself, those that the draws show to matter most."""

LEAST = 1e-6
"""Change of the outcome, relative, below which an input moves nothing."""


@dataclass(frozen=True)
class Sensitivity:
    """Where the uncertainty of one tier of one target comes from.

    Attributes
    ----------
    targets
        Targets whose indices are told; ``target`` is the one that bars and boxes are about.
    missed, reached
        Boxes of futures that miss the tier, and of those that reach it.
    prices
        Probabilities against more money and earlier projects.
    mixes_on_draws
        The mixes on the same draws, to the end of the horizon.
    delay_impacts, whole
        Each open project a quarter later by itself, and all of them.
    """

    targets: tuple[str, ...]
    target: str
    tier: str
    pick_freeze: PickFreeze
    bars: tuple[Bar, ...]
    missed: Discovery
    reached: Discovery
    prices: tuple[CertaintyPrice, ...]
    mixes_on_draws: MixesOnDraws | None
    delay_impacts: tuple[DrawnDelayImpact, ...]
    whole: DrawnDelayImpact | None


def sensitivity(
    answer: Answer, target: str | None = None, tier: str | None = None, draws: int = 2048
) -> Sensitivity:
    """Answer for one target (the first main one where none is named) and tier (its first).

    Parameters
    ----------
    answer
        A run with an ensemble.
    draws
        Futures of each side of the indices, a multiple of :data:`.sample_points.PARTS`.

    Raises
    ------
    DabiaoError
        For a target that the sheet does not judge, or a tier that it does not state; where the run has no
        draws.
    """
    found = answer.ensemble
    if found is None:
        raise DabiaoError(msg("no draws: run with --draws above 0."))
    key, own = asked(found, target, tier)
    scenario = anchored(answer.loaded)
    futures = Futures(scenario.scenario, scenario.quantities())
    targets = tuple(dict.fromkeys((key, *main_targets(found))))
    every, plan = until(found.drawn, answer.scenario.years.base + answer.year), answer.plan.plan
    bars = tornado(futures, found, key, own, candidates(futures, found, key, every), answer.scenario.plan)
    bars = tuple(bar for bar in bars if abs(bar.at_high - bar.at_low) >= LEAST * (1 + abs(bar.at_low)))[:BARS]
    names = [bar.input for bar in bars]
    columns = columns_of(futures, found, plan, names)
    samples = in_threads(
        lambda low: futures.sample(low, min(BLOCK, draws - low)), range(0, draws, BLOCK), WORKERS
    )
    aims = {each: found.targets[each] for each in targets}
    late, whole = delay_impacts(samples[0], plan, answer.year, aims[key], own)
    return Sensitivity(
        targets,
        key,
        own,
        pick_freeze(futures, plan, answer.year, targets, strongest(names, every), draws),
        bars,
        discover(found, key, own, columns),
        discover(found, key, own, columns, reached=True),
        prices(samples, plan, answer.year, aims),
        mixes_on_draws(
            samples,
            {mix: run.plan for mix, run in answer.mixes.items()},
            answer.scenario.plan,
            answer.year,
            aims,
            within(answer),
            horizon=answer.economy.years > answer.year,
        ),
        late,
        whole,
    )


def within(answer: Answer) -> frozenset[str]:
    """Mixes that break no limit."""
    return frozenset(mix for mix, uses in answer.uses.items() if all(use.over <= 0 for use in uses))


def asked(found: Ensemble, target: str | None, tier: str | None) -> tuple[str, str]:
    """The target and tier that are meant.

    Raises
    ------
    DabiaoError
        Where the sheet has no such target or tier.
    """
    known = [key for key, each in found.targets.items() if each.tiers]
    if target is not None and target not in known:
        raise DabiaoError(
            joined(
                msg("no judged target `{target}`; known: {names}", target=target, names=", ".join(known)),
                meant(target, known),
            )
        )
    if not known:
        raise DabiaoError(msg("the sheet has no judged target."))
    key = target or main_targets(found)[0]
    tiers = found.targets[key].tiers
    if tier is not None and tier not in tiers:
        raise DabiaoError(
            msg(
                "target {key} has no tier `{tier}`; known: {names}",
                key=key,
                tier=tier,
                names=", ".join(tiers),
            )
        )
    return key, tier or next(iter(tiers))


def candidates(futures: Futures, found: Ensemble, target: str, names: Sequence[str]) -> list[str]:
    """Inputs whose bars are worth making: all that no project reads, and the strongest of those that projects
    read."""
    ranked = [share.group for share in single(found, target, names) if share.group in futures.by_projects]
    return [name for name in names if name not in futures.by_projects] + ranked[:PROJECTS]


def single(found: Ensemble, target: str, names: Sequence[str]) -> Sequence[Share]:
    """Share of the target's variance by single input, the strongest first; the rest last.

    Where the draws are too few to fit all inputs at once, by the squared correlation of each.
    """
    draws = len(found.drawn[names[0]]) if names else 0
    outcome = found.outcomes[target][:draws]
    drawn = {name: found.drawn[name] for name in names if np.ptp(found.drawn[name]) > 0}
    if len(drawn) * DRAWS_PER_INPUT <= draws:
        return first_orders(drawn, {target: outcome}, parts_of(np.arange(draws) % PARTS))[target]
    if np.ptp(outcome) == 0:
        return ()
    found_ = [
        Share(name, float(np.corrcoef(values, outcome)[0, 1]) ** 2, draws**-0.5)
        for name, values in drawn.items()
    ]
    return sorted(found_, key=lambda share: -share.value)
