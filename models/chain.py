"""A process chain as a user states it: materials, processes, recoveries (工艺链)."""

from __future__ import annotations

from pydantic import Field, field_validator

from .parameters import MarketParameters, Utilisation, one_class
from .quantity import Bilingual, Quantity, StrictModel, each, maybe, measured


class Material(StrictModel):
    """What a process makes or uses."""

    title: Bilingual
    price: Quantity = measured(
        "元/吨", "Price in the base year without VAT, yuan per unit, a unit being 1 t or 1 m³ (价格).", 0.0001
    )
    price_growth: Quantity | None = maybe(
        "%/yr", "Growth of the price; none stands for constant (价格涨幅).", -90, 300
    )
    long_run_price: Quantity | None = maybe(
        "元/吨",
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

    base: Quantity = measured("万吨", "Output of `makes` in the base year (基年产量).", 0)
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
        "万吨/年", "Output at full load in the base year (产能); otherwise from utilisation.", 0
    )
    va_ratio: Quantity = measured("%", "Value added over the value of all it makes (增加值率).", 0.1, 99.9)
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
    materials: dict[str, Material]
    processes: dict[str, Process]
    recovery: dict[str, Recovery] = Field(default_factory=dict)
