"""Shocks of a path: what no plan foresees, year by year (冲击)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .quantity import FloatArray


@dataclass(frozen=True)
class Shocks:
    """Yearly shocks, years 1..T, ``D`` draws; missing entries are 0.

    Attributes
    ----------
    demand
        Added to the growth of consumption beyond income: what is common to the region ``(T, D)``, share.
    sales
        By sector: added to the growth of sales outside (of output, where supply leads) ``(T, D)``, share.
    prices
        By material: factor on its price in the years 0..T, 1 in the base year ``(T+1, D)``.
    """

    demand: FloatArray | None = None
    sales: Mapping[str, FloatArray] = field(default_factory=dict)
    prices: Mapping[str, FloatArray] = field(default_factory=dict)

    def sold(self, sector: str, year: int) -> FloatArray:
        """Shock to a sector's market in a year (1, 2, ...), ``(D,)``."""
        found = self.sales.get(sector)
        return np.zeros(1) if found is None else found[year - 1]

    def wanted(self, year: int) -> FloatArray:
        """Factor w on base-year consumption by the shocks of the years up to ``year``, ``(D,)``."""
        if self.demand is None or year == 0:
            return np.ones(1)
        return np.asarray(np.prod(np.maximum(1 + self.demand[:year], 0.0), axis=0))

    def price(self, material: str, year: int) -> FloatArray:
        """Factor on a material's price in a year, ``(D,)``."""
        found = self.prices.get(material)
        return np.ones(1) if found is None else found[year]


NONE = Shocks()
"""The central case."""


def persistent(innovations: FloatArray, persistence: FloatArray) -> FloatArray:
    """Shocks that linger: s_t = ρ s_{t-1} + e_t, s_0 = 0; ``(T, D)`` -> ``(T, D)``."""
    path = np.empty_like(innovations)
    last = np.zeros(innovations.shape[-1])
    for year, fresh in enumerate(innovations):
        last = persistence * last + fresh
        path[year] = last
    return path


def drifting(changes: FloatArray) -> FloatArray:
    """Levels that wander for good: l_1 = 0, l_t = l_{t-1} + d_t; ``(T-1, D)`` -> ``(T, D)``.

    A random walk beside shocks that fade (local level: Harvey 1989, *Forecasting, Structural Time Series
    Models and the Kalman Filter*, ch. 2). What is not known of the first year's level is in its own shock, so
    nothing is added to that year. With :func:`persistent` shocks of standard deviation σ and changes of q,
    the mean of n years has the variance

    .. math:: \\frac{\\sigma^2}{n^2} \\sum_{k=1}^{n} \\Big( \\frac{1 - \\rho^k}{1 - \\rho} \\Big)^2
              + q^2 \\frac{(n - 1)(2n - 1)}{6 n}
    """
    path = np.zeros((len(changes) + 1, changes.shape[-1]))
    np.cumsum(changes, axis=0, out=path[1:])
    return path


def reverting(innovations: FloatArray, reversion: FloatArray) -> FloatArray:
    """Price factors that return to the central path, ``(T, D)`` -> ``(T+1, D)``.

    .. math:: \\ln f_t = (1 - \\kappa) \\ln f_{t-1} + e_t, \\qquad f_0 = 1

    the logarithm of price over central path as a discrete Ornstein-Uhlenbeck process (Schwartz 1997, model
    1).
    """
    logs = persistent(innovations, 1 - reversion)
    factors = np.ones((len(logs) + 1, logs.shape[-1]))
    np.exp(logs, out=factors[1:])
    return factors
