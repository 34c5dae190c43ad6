"""Services: led by household income, visitors and what industry buys (服务业)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from ..capacity import Building, Selling
from ..parameters import Capacity, Market, SectorParameters
from ..quantity import FloatArray, Part, Quantity, Values, measured
from ..sector import Branch, Commissioned, Response, Routing, State, Supply


class Visitors(Part):
    """Spending of visitors (游客消费)."""

    spending: Quantity = measured(
        "亿元", "Base-year spending of visitors in this sector (游客消费); part of its outside sales.", at_least=0
    )
    growth: Quantity = measured("%/yr", "Real growth of that spending (游客消费增速).", at_least=-90, at_most=200)


class ServicesParameters(SectorParameters):
    """A sector led by demand; capacity only where it can bind."""

    model: Literal["services"]
    market: Market
    visitors: Visitors | None = None
    capacity: Capacity | None = Field(None, description="Only where capacity can bind (transport, lodging).")


class Services:
    """One branch that meets what is asked of it, up to capacity where it has one.

    Sales outside are visitors' spending, growing at its own rate, and the rest, growing with the market.
    """

    Parameters = ServicesParameters

    def __init__(self, id: str, parameters: ServicesParameters, branch: Branch, values: Values) -> None:
        self.id = id
        self.parameters = parameters
        self.branches = (branch,)
        self.selling = Selling(parameters.market, values)
        self.building = Building(parameters.capacity, self.selling.trend, values) if parameters.capacity else None
        self.base = branch.output * self.building.headroom if self.building else np.full_like(branch.output, np.inf)
        stated = parameters.visitors
        self.visitors = values(stated.spending) if stated else np.zeros(1)
        self.visitor_growth = 1.0 + values(stated.growth) / 100 if stated else np.ones(1)

    def start(self, outside: FloatArray) -> State:
        """Base year: visitors' spending is at most what is sold outside."""
        visitors = np.minimum(self.visitors[None, :], outside)
        return State(0, self.base[None, :], outside, {"visitors": visitors, "built": np.zeros(1)})

    def advance(self, state: State, got: Commissioned) -> State:
        """Visitors, other outside sales and, where it can bind, capacity."""
        year = state.year + 1
        visitors = state.stocks["visitors"] * np.maximum(self.visitor_growth + got.shock, 0.0)
        built, named = state.stocks["built"], got.named.get("", np.zeros(1))
        new, normal, limit = np.zeros(1), np.zeros(1), state.limit
        if self.building:
            new, normal = self.building.new(got.pool), self.building.new(got.normal)
            limit = self.building.grow(state.limit, new, normal, self.base, built, named)
        rest = self.selling.grow(state.outside - state.stocks["visitors"], new, normal, year, built, named, got.shock)
        return State(year, limit, rest + visitors, {"visitors": visitors, "built": built + named})

    def supply(self, state: State, routing: Routing | None = None) -> Supply:
        """Capacity (or none) and outside demand."""
        return Supply(state.limit, np.maximum(state.outside, 0.0))

    def response(self, state: State) -> Response:
        """The same, already linear."""
        return Response(state.limit, np.maximum(state.outside, 0.0))

    def physical(self, state: State, output: FloatArray) -> Mapping[str, FloatArray]:
        """Nothing physical is counted."""
        return {}

    def routing(self, year: int, output: FloatArray) -> Routing | None:
        """No chain, no routing."""
        return None
