"""A reference forecast: median and spread of a region's growth in a year, before anything is planned (参照预测)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """What regions like this did in years like this.

    Attributes
    ----------
    median
        Median growth of GDP, %.
    calm, crisis, chance
        Standard deviation of the nation's news in a calm year and in a crisis, points, and the chance of a crisis, share.
    own
        Standard deviation of what is the region's own, points.
    """

    median: float
    calm: float
    crisis: float
    chance: float
    own: float
