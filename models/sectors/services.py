"""Services: led by household income, visitors and what industry buys (服务业)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from ..capacity import Building, Selling, commissioned, gestation
from ..money import CURRENCY, MONEY
from ..parameters import Capacity, MarketParameters, SectorParameters
from ..quantity import Draws, FloatArray, Quantity, StrictModel, maybe, measured
from ..sector import Branch, Commissioned, Plain, State


class Visitors(StrictModel):
    """Spending of visitors (游客消费)."""

    spending: Quantity = measured(
        MONEY, "Base-year spending of visitors in this sector (游客消费); part of its outside sales.", 0
    )
    growth: Quantity = measured("%/yr", "Real growth of that spending (游客消费增速).", -90, 200)


class ServicesParameters(SectorParameters):
    """A sector led by demand; capacity only where it can bind."""

    model: Literal["services"]
    market: MarketParameters
    visitors: Visitors | None = None
    capacity: Capacity | None = Field(None, description="Only where capacity can bind (transport, lodging).")
    output_per_yuan: Quantity | None = maybe(
        f"{CURRENCY}/{CURRENCY}",
        "Gross output that one unit of investment not tied to a named project makes possible; finds_buyers of"
        " it is sold. A branch with `capacity` states it there; left out, investment does nothing for the"
        " branch itself (单位投资产出).",
        0,
        5,
    )
    gestation: tuple[Quantity, ...] = measured(
        "%",
        "Share of a year's investment that pays in the same year, the next, ... (adds to 100)"
        " (投资见效进度).",
        0,
        100,
        default=(),
    )


class Services(Plain):
    """One branch that meets what is asked of it, up to capacity where it has one.

    Sales outside are visitors' spending, growing at its own rate, and the rest, growing with the market and
    with what investment beyond the normal makes possible.
    """

    Parameters = ServicesParameters

    def __init__(self, id: str, parameters: ServicesParameters, branch: Branch, values: Draws) -> None:
        super().__init__(id, parameters, branch)
        self.selling = Selling(parameters.market, values)
        self.building = (
            Building(parameters.capacity, self.selling.trend, values) if parameters.capacity else None
        )
        self.base = (
            branch.output * self.building.headroom if self.building else np.full_like(branch.output, np.inf)
        )
        self.most = self.base if self.building else branch.output
        self.per_yuan = values(parameters.output_per_yuan) if parameters.output_per_yuan else np.zeros(1)
        self.gestation = gestation(parameters.gestation, values) if parameters.gestation else np.ones((1, 1))
        stated = parameters.visitors
        self.visitors = values(stated.spending) if stated else np.zeros(1)
        self.visitor_growth = 1.0 + values(stated.growth) / 100 if stated else np.ones(1)

    def start(self, outside: FloatArray) -> State:
        """Base year: visitors' spending is at most what is sold outside."""
        visitors = np.minimum(self.visitors[None, :], outside)
        return State(0, self.base[None, :], outside, {"visitors": visitors})

    def new(self, invested: FloatArray) -> FloatArray:
        """Output made possible by investment of this year and before, ``(L, D)`` -> ``(D,)``, in money."""
        if self.building:
            return self.building.new(invested)
        return self.per_yuan * commissioned(invested, self.gestation)

    def advance(self, state: State, got: Commissioned) -> State:
        """Visitors, other outside sales and, where it can bind, capacity."""
        visitors = state.stocks["visitors"] * np.maximum(self.visitor_growth + got.shock, 0.0)
        normal = self.new(got.normal)
        listed, usual = got.listed(self.most - normal)
        new, normal = self.new(got.pool) + listed, normal + usual
        limit = self.building.grow(state.limit, new, normal) if self.building else state.limit
        rest = self.selling.grow(state.outside - state.stocks["visitors"], new, normal, got.shock)
        return State(state.year + 1, limit, rest + visitors, {"visitors": visitors})
