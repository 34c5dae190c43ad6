"""Mixes under uncertainty: every mix on the same draws (不确定下的结构比选)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray
from ...models.target import Target
from .ensemble import WORKERS, in_threads, joined
from .futures import Sample
from .regret import Chance, Standing, chance, on_common_draws
from .replicates import parts_of
from .sample_points import PARTS


@dataclass(frozen=True)
class MixesOnDraws:
    """How mixes stand against each other.

    Attributes
    ----------
    target
        The target by whose value mixes are compared.
    standings
        By mix, on that target in the target year.
    chances
        Probability of each tier ``(target, tier)`` by mix, and its difference to the plan.
    later
        The same standings on GDP of the last year, in money at base-year prices; empty where it was not asked
        for.
    """

    target: str
    standings: Mapping[str, Standing]
    chances: Mapping[str, Mapping[tuple[str, str], Chance]]
    draws: int
    later: Mapping[str, Standing] = field(default_factory=dict)


def mixes_on_draws(  # noqa: PLR0913  (each is a fact of its own)
    samples: Sequence[Sample],
    plans: Mapping[str, Plan],
    own: str,
    year: int,
    targets: Mapping[str, Target],
    competing: frozenset[str],
    *,
    horizon: bool = False,
    known: Mapping[str, FloatArray] | None = None,
    workers: int = WORKERS,
) -> MixesOnDraws | None:
    """Compare plans on the draws of some samples; None where there is nothing to compare.

    Parameters
    ----------
    plans, own
        Plans by mix, and the key of the plan that differences are taken to.
    targets
        Targets whose tiers are told; mixes are ranked by the first.
    competing
        Mixes within the limits: only these can be best.
    horizon
        Whether GDP of the last year is compared too.
    known
        Outcomes of the own plan by target, where these very draws have been simulated with it: it is not run
        again.
    """
    if len(plans) < 2 or not targets or not samples:
        return None

    done = {} if horizon or known is None else {f"{key} {own}": known[key] for key in targets}

    def one(sample: Sample) -> dict[str, FloatArray]:
        found = {}
        for mix, plan in plans.items():
            if done and mix == own:
                continue
            path = sample.path(plan, None if horizon else year)
            for key in targets:
                found[f"{key} {mix}"] = sample.seen(sample.sheet.value(sample.sheet.targets[key], path, year))
            if horizon:
                found[f" {mix}"] = sample.seen(path.gdp[-1])
        return found

    values = joined(in_threads(one, samples, workers)) | done
    first, target = next(iter(targets.items()))
    draws = len(values[f"{first} {own}"])
    parts = parts_of(np.arange(draws) % PARTS)
    chances: dict[str, dict[tuple[str, str], Chance]] = {mix: {} for mix in plans}
    for key, each in targets.items():
        for tier, threshold in each.tiers.items():
            plain = each.reached(values[f"{key} {own}"], threshold).astype(float)
            for mix in plans:
                chances[mix][key, tier] = chance(
                    each.reached(values[f"{key} {mix}"], threshold).astype(float), plain, parts
                )
    standings = on_common_draws(
        {mix: values[f"{first} {mix}"] for mix in plans}, own, parts, sign=target.sign, competing=competing
    )
    later = (
        on_common_draws({mix: values[f" {mix}"] for mix in plans}, own, parts, competing=competing)
        if horizon
        else {}
    )
    return MixesOnDraws(first, standings, chances, draws, later)
