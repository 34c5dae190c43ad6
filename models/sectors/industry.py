"""Industry: capacity and outside market, the short side decides (工业)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from ..capacity import Building, Selling
from ..parameters import Capacity, MarketParameters, SectorParameters
from ..quantity import Draws, FloatArray
from ..sector import Branch, Commissioned, Plain, Routing, State, Supply


class IndustryParameters(SectorParameters):
    """A sector that builds capacity and sells to a market outside."""

    model: Literal["industry"]
    market: MarketParameters
    capacity: Capacity = Field(description="Capacity and how investment adds to it.")


class Industry(Plain):
    """One branch that makes no more than its capacity and sells no more than is asked of it."""

    Parameters = IndustryParameters

    def __init__(self, id: str, parameters: IndustryParameters, branch: Branch, values: Draws) -> None:
        super().__init__(id, parameters, branch)
        self.selling = Selling(parameters.market, values)
        self.building = Building(parameters.capacity, self.selling.trend, values)
        self.base = branch.output * self.building.headroom

    def start(self, outside: FloatArray) -> State:
        """Base year: capacity leaves the headroom that utilisation tells."""
        return State(0, self.base[None, :], outside)

    def advance(self, state: State, got: Commissioned) -> State:
        """Capacity and sales after the year's commissioning."""
        building, normal = self.building, self.building.new(got.normal)
        listed, usual = got.listed(self.base - normal)
        new, normal = building.new(got.pool) + listed, normal + usual
        outside = self.selling.grow(state.outside, new, normal, got.shock)
        return State(state.year + 1, building.grow(state.limit, new, normal), outside)

    def supply(self, state: State, routing: Routing | None = None) -> Supply:
        """Capacity and outside market."""
        return Supply(state.limit, np.maximum(state.outside, 0.0))
