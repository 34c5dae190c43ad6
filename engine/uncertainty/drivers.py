"""What the doubt about each main target comes from, read off the draws of a run (不确定性构成)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...models.target import leading
from .causes import by_cause, until
from .decomposition import Share, first_orders
from .ensemble import Ensemble
from .replicates import parts_of
from .sample_points import PARTS

DRAWS_PER_INPUT = 4
"""With fewer draws for each input the shares are not told: a fit with as many terms as draws says nothing."""

MOST = 4
"""Targets whose doubt is told at most."""


@dataclass(frozen=True)
class UncertaintyDrivers:
    """Shares of variance by target, the rest last; by how many draws, and the standard deviation of each
    target."""

    shares: Mapping[str, tuple[Share, ...]]
    deviation: Mapping[str, float]
    draws: int


def uncertainty_drivers(found: Ensemble, last: int) -> UncertaintyDrivers | None:
    """Share of the variance of each main target by cause; None where the draws are too few to tell.

    Parameters
    ----------
    last
        Calendar year of the targets: later surprises cannot bear on it.
    """
    names = until(found.drawn, last)
    draws = len(found.drawn[names[0]]) if names else 0
    asked = main_targets(found)
    moved = sum(float(np.ptp(found.drawn[name])) > 0 for name in names)
    if not asked or not moved or draws < DRAWS_PER_INPUT * moved:
        return None
    parts = parts_of(np.arange(draws) % PARTS)
    outcomes = {key: found.outcomes[key][:draws] for key in asked}
    shares = first_orders({name: found.drawn[name] for name in names}, outcomes, parts, by_cause(names))
    return UncertaintyDrivers(shares, {key: float(found.outcomes[key].std()) for key in asked}, draws)


def main_targets(found: Ensemble) -> list[str]:
    """The main targets, or the first where none is called main."""
    return [target.id for target in leading(target for target in found.targets.values() if target.tiers)][
        :MOST
    ]
