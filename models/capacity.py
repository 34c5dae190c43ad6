"""How capacity and sales outside move from year to year: two equations that sectors share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .parameters import Capacity, MarketParameters
from .quantity import Draws, FloatArray, Quantity


class Building:
    """Capacity that is built, scrapped and improved (产能).

    .. math:: Q_t = Q_{t-1}(1 + \\gamma + g) + N_t - \\bar N

    where no scrapping is stated: normal commissioning ``N̄`` just lets capacity follow the market's trend
    ``γ``; ``g`` is drift. With stated scrapping ``s``

    .. math:: Q_t = Q_{t-1}(1 - s + g) + N_t, \\qquad N_t = \\kappa \\sum_s w_s R_{t-s} + N^{listed}_t

    with output per yuan ``κ``, gestation ``w`` and investment ``R`` that is not tied to listed works.
    Base-year capacity is ``Q_0 = X_0 u_max / u_0``.
    """

    def __init__(self, stated: Capacity, trend: FloatArray, values: Draws) -> None:
        self.trend = trend
        self.scrapping = values(stated.scrapping) / 100 if stated.scrapping else None
        self.drift = values(stated.drift) / 100 if stated.drift else np.zeros(1)
        self.headroom = np.maximum(values(stated.utilisation.max) / values(stated.utilisation.base), 1.0)
        self.per_yuan = values(stated.output_per_yuan)
        self.gestation = gestation(stated.gestation, values)

    def new(self, invested: FloatArray) -> FloatArray:
        """Output commissioned by pool investment of this year and before, ``(L, D)`` -> ``(D,)``."""
        return self.per_yuan * commissioned(invested, self.gestation)

    def grow(self, limit: FloatArray, new: FloatArray, normal: FloatArray) -> FloatArray:
        """Next year's capacity, given what is commissioned now and what is normal."""
        if self.scrapping is not None:
            return limit * np.maximum(1.0 - self.scrapping + self.drift, 0.0) + new
        return np.maximum(limit * np.maximum(self.trend + self.drift, 0.0) + (new - normal), 0.0)


class Selling:
    """Sales outside the region (外部市场).

    .. math:: E_t = E_{t-1}(1 + \\gamma + s_t) + \\mu (N_t - \\bar N)

    ``γ`` is the trend of sales with *normal* commissioning ``N̄``: what the base year brought on line. Only
    what is commissioned beyond (or short of) the normal moves sales, at the rate ``μ`` at which it finds
    buyers; what was sold once goes on with the market. Growth seen in history contains normal commissioning;
    so stated, history can be used as it is and nothing is counted twice. ``s_t`` is the shock of the year, 0
    in the central case.
    """

    def __init__(self, stated: MarketParameters, values: Draws) -> None:
        self.trend = 1.0 + values(stated.trend) / 100
        self.finds_buyers = values(stated.finds_buyers) / 100

    def grow(
        self, outside: FloatArray, new: FloatArray, normal: FloatArray, shock: FloatArray | float = 0.0
    ) -> FloatArray:
        """Next year's sales, given what is commissioned now and what is normal.

        ``shock`` is added to the year's growth of what was sold before. The path may pass below zero, where
        nothing is sold: it is clipped where it is used, so that no shortfall is forgotten.
        """
        return outside * np.maximum(self.trend + shock, 0.0) + self.finds_buyers * (new - normal)


def gestation(stated: Sequence[Quantity], values: Draws) -> FloatArray:
    """Share of a year's investment that commissions in the same year, the next, ...; ``(L, D)``."""
    return np.stack(np.broadcast_arrays(*[values(share) / 100 for share in stated]))


def commissioned(invested: FloatArray, weights: FloatArray) -> FloatArray:
    """Investment that comes on line this year, Σ_s w_s F_{t-s}; lags beyond the weights do not count."""
    lags = min(len(invested), len(weights))
    total: FloatArray = (weights[:lags] * invested[:lags]).sum(axis=0)
    return total
