"""A process chain over several places, as a user states it: plants, markets, routes, purchases
(多地工艺网络).

Processes are those of :mod:`.chain`: what one makes, uses and makes jointly; here each runs where its unit
stands.
"""

from __future__ import annotations

from pydantic import Field

from .chain import Recipe, Units
from .money import MONEY, unit_in_use
from .quantity import Bilingual, Quantity, StrictModel, each, maybe, measured
from .worth import size


class Good(StrictModel):
    """What a process makes or uses."""

    title: Bilingual
    price: Quantity | None = maybe(
        "per unit",
        "Price at which any place can buy any amount outside; none: it cannot be bought (外购价).",
        0,
    )


class Step(Recipe):
    """One process, wherever its unit stands; activity is counted in units of the material it makes."""

    unit: str | None = Field(
        None,
        description=(
            "The unit of equipment that it runs on, by which places state capacity; otherwise its own name"
            " (设备)."
        ),
    )
    load: Quantity | None = maybe(
        "per unit made", "Capacity of the unit that one unit made takes; otherwise 1.", 0
    )
    cost: Quantity | None = maybe("per unit made", "Cost beyond the materials it uses.", 0)


class Trade(StrictModel):
    """What can be bought from, or sold to, somebody at a place."""

    price: Quantity = measured("per unit", "Price.", 0)
    most: Quantity | None = maybe("per unit of time", "Amount at most; none: any.", 0)


class Site(StrictModel):
    """A place: a plant, a market, a port."""

    title: Bilingual
    capacity: dict[str, Quantity] = each("per unit of time", "Capacity of each unit of equipment here.", 0)
    needs: dict[str, Quantity] = each(
        "per unit of time", "Amount of a material that must come here (需求).", 0
    )
    offers: dict[str, Trade] = Field(
        default_factory=dict, description="Materials that can be bought here, imports say (供应)."
    )
    takes: dict[str, Trade] = Field(
        default_factory=dict, description="Materials that can be sold here, exports say (收购)."
    )


class Carriage(StrictModel):
    """How a material travels: cost of a unit = fixed + per_distance × distance; nothing at distance 0."""

    fixed: Quantity = measured("per unit", "Loading and unloading.", 0)
    per_distance: Quantity = measured("per unit and distance", "Freight.", 0)
    distance: dict[str, dict[str, Quantity]] = each(
        "per unit", "Distance, from place to place; a pair left out has no route.", 0
    )


class NetworkUnits(Units):
    """Words for amounts, money and prices of a network."""

    money: str = MONEY

    @property
    def scale(self) -> float:
        """Single yuan (dollars, ...) of a unit of its money."""
        return size(unit_in_use(self.money)).factor


class Network(StrictModel):
    """Materials, processes and places of a chain spread over a country."""

    title: Bilingual
    units: NetworkUnits = Field(default_factory=NetworkUnits)
    materials: dict[str, Good] = Field(min_length=1)
    processes: dict[str, Step] = Field(default_factory=dict)
    places: dict[str, Site] = Field(min_length=1)
    transport: dict[str, Carriage] = Field(
        default_factory=dict, description="How each material travels; one left out stays where it is made."
    )
