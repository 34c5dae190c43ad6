"""A process chain as a user states it: materials, processes, recoveries (工艺链)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from .parameters import MarketParameters, Utilisation, one_class
from .quantity import Bilingual, Quantity, StrictModel, each, maybe, measured
from .worth import USUAL, worth

AMOUNT, YEARLY, PRICE = "amount of the chain", "amount of the chain a year", "price of the chain"
"""Units that a chain states itself."""


class Units(StrictModel):
    """Words for amounts and prices of a chain, and what a price times an amount is worth (计量单位)."""

    amount: str = Field("万吨", description="Unit of amounts: 万吨, kt, kbbl, t ... (数量单位).")
    price: str = Field(
        "元/吨", description="Money over a unit: 元/吨, USD/bbl, thousand EUR/t ... (价格单位)."
    )
    worth: Quantity | None = maybe(
        "per unit",
        "Units of money that one unit of amount at a price of one is worth; otherwise derived from the units "
        "(万吨 × 元/吨 = 0.0001 亿元).",
        1e-12,
    )

    def derived(self, money: float = USUAL) -> float | None:
        """What the units say that an amount at a price of one is worth; None where they do not fit."""
        return worth(self.amount, self.price, money)

    def factor(self, money: float = USUAL) -> float | None:
        """What an amount at a price of one is worth in units of so many yuan (dollars, ...)."""
        return self.worth.value if self.worth else self.derived(money)


class Bought(StrictModel):
    """That a material can be bought outside the region, at its price (外购原料)."""

    most: Quantity | None = maybe(YEARLY, "Amount at most; none: any (外购上限).", 0)
    national: dict[str, Quantity] = each(
        "%",
        "Classes of the national table that it belongs to: they are not bought a second time (所属行业).",
        0,
        100,
    )

    _one_class = field_validator("national", mode="before")(one_class)


class Material(StrictModel):
    """What a process makes or uses."""

    title: Bilingual
    price: Quantity = measured(
        PRICE,
        "Price in the base year without VAT, money per unit; 0: a by-product for which nobody pays (价格).",
        0,
    )
    bought: Bought | None = Field(
        None,
        description="Stated where it can be bought outside: `{}` for any amount; otherwise it is made here.",
    )
    sharing: Literal["parts", "cost"] = Field(
        "parts",
        description=(
            "Where several processes make it: each is asked for its part (parts); or also for what another"
            " cannot make, the one first that keeps most value added per unit (cost)."
        ),
    )
    price_growth: Quantity | None = maybe(
        "%/yr", "Growth of the price; none stands for constant (价格涨幅).", -90, 300
    )
    long_run_price: Quantity | None = maybe(
        PRICE,
        "Level to which the price returns, at base-year prices; none: the base-year price (长期价格).",
        0.0001,
    )
    price_reversion: Quantity | None = maybe(
        "%/yr",
        "Part of the distance to its long-run path that the price closes in a year "
        "(均值回归速度); otherwise none.",
        0,
        100,
    )
    price_sd: Quantity | None = maybe(
        "%",
        "Standard deviation of the yearly surprise of the price, in logarithms × 100 (价格年度波动).",
        0,
        200,
    )
    content: dict[str, Quantity] = each("%", "Content of each element by mass (品位).", 0, 100)
    market: MarketParameters | None = Field(
        None,
        description=(
            "How fast sales outside can grow; none stands for the sector's market. "
            "It limits a process that is counted by this material, not joint products."
        ),
    )


class Recipe(StrictModel):
    """What a process makes and uses."""

    title: Bilingual
    makes: str = Field(description="The material by which activity is counted.")
    uses: dict[str, Quantity] = each("吨/吨", "Materials of the chain used per unit made.", 0)
    joint: dict[str, Quantity] = each("吨/吨", "Other materials made beside it per unit made (联产量).", 0)


class Process(Recipe):
    """One step of the chain; activity is counted in units of the material it makes."""

    base: Quantity = measured(AMOUNT, "Output of `makes` in the base year (基年产量).", 0)
    part: Quantity | None = maybe(
        "%",
        "Where several processes make the material: the part of what the chain itself uses of it that this "
        "one is asked for; otherwise as in the base year (供料占比).",
        0,
        100,
    )
    routing: dict[str, Quantity] = each(
        "%",
        "The largest share of each used material that this process may take "
        "(物料去向); shares of a material add to at most 100, what nobody takes is "
        "sold. Left out: all that other users leave.",
        0,
        100,
    )
    improvement: dict[str, Quantity] = each(
        "%/yr",
        "Growth of the amounts used (negative: less is needed) or made (工艺改进) jointly, by material.",
        -30,
        30,
    )
    utilisation: Utilisation | None = Field(None, description="Of this process; otherwise the sector's.")
    capacity: Quantity | None = maybe(
        YEARLY, "Output at full load in the base year (产能); otherwise from utilisation.", 0
    )
    va_ratio: Quantity | None = maybe(
        "%",
        "Value added over the value of all it makes (增加值率); otherwise from `other_purchases`.",
        0.1,
        99.9,
    )
    other_purchases: Quantity | None = maybe(
        "%",
        "What it buys besides the materials it uses, over the value of all it makes (其他购入占比); then"
        " value added is what materials and these leave.",
        0,
        99.9,
    )
    national: dict[str, Quantity] = measured(
        "%", "Classes of the national table whose purchases it resembles.", 0, 100
    )

    _one_class = field_validator("national", mode="before")(one_class)


class Recovery(StrictModel):
    """The part of an element in the ore that is put to use: reproduced by the chain, never an input
    (资源利用率)."""

    reported: Quantity = measured("%", "What was reported for the base year (公布值).", 0, 100)
    ore: str = Field(description="The material whose content is the whole.")
    made: tuple[str, ...] = Field((), description="Materials that count when made.")
    sold: dict[str, Quantity] = each(
        "%", "Materials that count when sold outside the chain, and the part that counts.", 0, 100
    )
    tolerance: Quantity | None = maybe(
        "points", "Largest difference that still counts as reproduced (容差).", 0
    )


class Chain(StrictModel):
    """Materials and processes of one chain."""

    title: Bilingual
    units: Units = Field(default_factory=Units)
    materials: dict[str, Material]
    processes: dict[str, Process]
    recovery: dict[str, Recovery] = Field(default_factory=dict)
