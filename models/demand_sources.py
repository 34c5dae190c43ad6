"""Growth by who buys: sales outside the region, households, government, builders (需求侧增长来源)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from .quantity import FloatArray, same_draws
from .trajectory import Trajectory

BUYERS = ("outside", "households", "government", "building")
"""Who buys from local producers in the end."""


def demand_sources(path: Trajectory) -> Mapping[str, FloatArray]:
    """Growth of GDP in each year by who buys, fractions of GDP of the year before, ``(T, D)`` each.

    .. math:: \\frac{\\Delta Y_t}{Y_{t-1}} = \\frac{v L \\, \\Delta (C + G + J + S)_t}{Y_{t-1}}, \\qquad
              L = (I - A^r)^{-1}, \\quad S = x - A^r x - C - G - J

    S is what is sold outside in fact, or is not bought here for want of capacity; the parts add up to
    growth exactly.
    Households spend what they earn: what others buy is partly repeated in C. Source: Miller & Blair (2009),
    ch. 2 and 13 (decomposition by final demand, with the coefficients of one year).
    """
    economy = path.economy
    accounts, years = economy.accounts, path.output.shape[1]
    local, va = accounts.local, accounts.va_ratio
    parts: dict[str, list[FloatArray]] = {name: [] for name in BUYERS}
    for t in range(years):
        made, moved = path.output[:, t], economy.demand_growth**t
        real = path.realisation.placed(t) / economy.prices.investment**t
        bought = {
            "households": economy.consumption(made, t),
            "government": accounts.government * economy.government_growth**t * moved,
            "building": np.einsum("bsd,sd->bd", *same_draws(accounts.buys, real)) * moved,
        }
        inside = np.einsum("ijd,jd->id", *same_draws(local, made))
        bought["outside"] = made - inside - sum(bought.values())
        for name, amounts in bought.items():
            parts[name].append(np.asarray(amounts))
    weights = np.linalg.solve(
        np.moveaxis(np.eye(len(local))[..., None] - local, 2, 0).swapaxes(1, 2), va.T[..., None]
    )
    worth = weights[..., 0].T
    before = path.gdp[:-1]
    return {
        name: np.stack([(worth * (later - earlier)).sum(axis=0) for earlier, later in pairwise(each)])
        / before
        for name, each in parts.items()
    }
