"""How capacity and sales outside move from year to year: two equations that sectors share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .parameters import Capacity, Market
from .quantity import FloatArray, Quantity, Values, share_of


class Building:
    """Capacity that scraps, improves and is built (产能).

    .. math:: Q_t = Q_{t-1}(1 - s + g) + N_t, \\qquad N_t = \\kappa \\sum_s w_s F_{t-s} + N^{named}_t

    with scrapping ``s``, drift ``g``, output per yuan ``κ``, gestation ``w`` and pool investment ``F``;
    base-year capacity ``Q_0 = X_0 u_max / u_0``. Where no scrapping is stated it is the rate that fits what was
    seen: with normal commissioning ``N̄`` capacity followed the trend ``γ`` of the market, so
    ``s = N̄_0 (1 + γ) / Q_0 - γ``.
    """

    def __init__(self, stated: Capacity, trend: FloatArray, values: Values) -> None:
        self.trend = trend
        self.scrapping = values(stated.scrapping) / 100 if stated.scrapping else None
        self.drift = values(stated.drift) / 100 if stated.drift else np.zeros(1)
        self.headroom = np.maximum(values(stated.utilisation.max) / values(stated.utilisation.base), 1.0)
        self.per_yuan = values(stated.output_per_yuan)
        self.gestation = gestation(stated.gestation, values)

    def new(self, invested: FloatArray) -> FloatArray:
        """Output commissioned by pool investment of this year and before, ``(L, D)`` -> ``(D,)``, 亿元."""
        return self.per_yuan * commissioned(invested, self.gestation)

    def keep(self, normal: FloatArray, base: FloatArray) -> FloatArray:
        """What is left of capacity after a year, 1 - s + g.

        ``normal`` is what the base year commissions, ``base`` its capacity (same unit); where there was no
        capacity nothing is scrapped. No more than all of it is lost, or more capacity would lower the next year's.
        """
        if self.scrapping is not None:
            return np.maximum(1.0 - self.scrapping + self.drift, 0.0)
        kept = np.where(base > 0, self.trend - share_of(normal * self.trend, base), 1.0) + self.drift
        return np.maximum(kept, 0.0)

    def grow(
        self, limit: FloatArray, new: FloatArray, normal: FloatArray, base: FloatArray, built: FloatArray,
        named: FloatArray,
    ) -> FloatArray:
        """Next year's capacity: the pool's ``new`` and this year's ``named``; ``built`` is named and in ``limit``.

        What a named project brought on line stays as it is: it is neither scrapped nor improved in the horizon.
        """
        return np.maximum((limit - built) * self.keep(normal, base) + new, 0.0) + built + named


class Selling:
    """Sales outside the region (外部市场).

    .. math:: E_t = E_{t-1}(1 + \\gamma + s_t) + \\mu (N_t - \\bar N_t), \\qquad \\bar N_t = \\bar N_0 (1+\\gamma)^t

    ``γ`` is the trend of sales with *normal* commissioning ``N̄``: what the investment of the base year and
    the years before it would commission. Only what is commissioned beyond (or short of) the normal moves
    sales, at the rate ``μ`` at which it finds buyers. Growth seen in history contains normal commissioning;
    so stated, history can be used as it is and nothing is counted twice. ``s_t`` is the shock of the year,
    0 in the central case.
    """

    def __init__(self, stated: Market, values: Values) -> None:
        self.trend = 1.0 + values(stated.trend) / 100
        self.finds_buyers = values(stated.finds_buyers) / 100

    def grow(
        self, outside: FloatArray, new: FloatArray, normal: FloatArray, year: int, built: FloatArray, named: FloatArray,
        shock: FloatArray | float = 0.0,
    ) -> FloatArray:
        """Next year's sales; ``normal`` is base-year commissioning, ``year`` the year reached (1, 2, ...).

        ``shock`` is added to the year's growth of what was sold before.

        ``built`` is the output of named projects so far, sold at the rate μ inside ``outside``; it stays, and
        ``named`` of this year comes on top, so that an earlier commissioning lowers no year. The path may pass
        below zero, where nothing is sold: it is clipped where it is used, so that no shortfall is forgotten.
        """
        own = outside - self.finds_buyers * built
        own = own * np.maximum(self.trend + shock, 0.0) + self.finds_buyers * (new - normal * self.trend**year)
        return own + self.finds_buyers * (built + named)


def gestation(stated: Sequence[Quantity], values: Values) -> FloatArray:
    """Share of a year's investment that commissions in the same year, the next, ...; ``(L, D)``."""
    return np.stack(np.broadcast_arrays(*[values(share) / 100 for share in stated]))


def commissioned(invested: FloatArray, weights: FloatArray) -> FloatArray:
    """Investment that comes on line this year, Σ_s w_s F_{t-s}; lags beyond the weights do not count."""
    lags = min(len(invested), len(weights))
    total: FloatArray = (weights[:lags] * invested[:lags]).sum(axis=0)
    return total
