"""What a user states of a sector, whatever its model: the parts shared by all four."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from .money import CURRENCY, MONEY
from .quantity import Bilingual, Quantity, StrictModel, each, maybe, measured


class MarketParameters(StrictModel):
    """Sales outside the region (外部市场)."""

    trend: Quantity = measured(
        "%/yr",
        "Real growth of sales outside the region when commissioning is normal (外部市场趋势增速).",
        -50,
        100,
    )
    finds_buyers: Quantity = measured(
        "%", "Share of output beyond normal commissioning that finds buyers outside (新产能达销率).", 0, 100
    )


class Utilisation(StrictModel):
    """How much of capacity is used (产能利用率)."""

    base: Quantity = measured("%", "Utilisation in the base year (基年产能利用率).", 1, 100)
    max: Quantity = measured("%", "Highest utilisation that can be held for a year (最高产能利用率).", 1, 100)


class Capacity(StrictModel):
    """What can be produced, and how investment adds to it (产能)."""

    utilisation: Utilisation
    scrapping: Quantity | None = maybe(
        "%/yr",
        "Capacity scrapped a year (淘汰率); left out: the rate at which normal commissioning just lets "
        "capacity follow the market's trend.",
        -20,
        50,
    )
    drift: Quantity | None = maybe("%/yr", "Capacity gained by quality and efficiency (提质增效).", -20, 20)
    output_per_yuan: Quantity = measured(
        f"{CURRENCY}/{CURRENCY}",
        "Gross output at full load per unit of investment not tied to a named project κ (单位投资产出).",
        0,
        5,
    )
    gestation: tuple[Quantity, ...] = measured(
        "%",
        "Share of a year's investment that commissions in the same year, the next, ... (adds to 100)"
        " (投资形成进度).",
        0,
        100,
    )


def one_class(data: Any) -> Any:
    """A class by its name alone stands for 100 % of it."""
    return (
        {data: {"value": 100.0, "assumption": "one class of the national table"}}
        if isinstance(data, str)
        else data
    )


class SectorParameters(StrictModel):
    """What every sector states, whatever its model."""

    model: str = Field(description="Which of the sector models computes it.")
    title: Bilingual = Field(description="Name in Chinese and English.")
    national: dict[str, Quantity] = measured(
        "%",
        "Classes (or groups) of the national table that the sector is made of (行业构成), in % of its"
        " output; "
        "a plain name stands for 100 % of it.",
        0,
        100,
    )
    va: Quantity = measured(MONEY, "Value added in the base year (增加值).", 0.0001)
    output: Quantity | None = maybe(
        MONEY, "Gross output in the base year (总产值); otherwise from va_ratio.", 0
    )
    va_ratio: Quantity | None = maybe(
        "%", "Value added over gross output (增加值率); otherwise national.", 0.1, 99.9
    )
    growth_before: Quantity | None = maybe(
        "%/yr", "Real growth in the base year (基年增速), shown beside the forecast.", -100
    )
    above_scale: Quantity | None = maybe(
        "%",
        "Share of value added made by above-scale industry (规上); "
        "leave out where the sector is not industry.",
        0,
        100,
    )
    regional_purchase: Quantity | None = maybe(
        "%",
        "Share of local demand met by local producers (本地采购率); otherwise that of the national classes.",
        0,
        100,
    )
    labour_share: Quantity | None = maybe(
        "%", "Labour income over value added (劳动报酬占比); otherwise national.", 0, 100
    )
    investment_buys: dict[str, Quantity] = measured(
        "%",
        "What one unit invested by this sector buys from producers in the region, by national class; "
        "the rest is land, imported equipment and interest (投资的本地采购).",
        0,
        100,
    )
    funds: dict[str, Quantity] = each(
        "%", "Where the sector's investment money comes from (资金来源), by key of `funds`.", 0, 100
    )
    demand: Quantity | None = maybe(
        "%/yr",
        "Growth of what households, government and investors here ask of it beyond what income, budgets "
        "and investment explain; left out: none (本地需求变化).",
        -50,
        50,
    )
    price_growth: Quantity | None = maybe(
        "%/yr", "Growth of the sector's output price; otherwise the GDP deflator (出厂价格涨幅).", -60, 100
    )
    demand_expected: Quantity | None = maybe(
        "%/yr",
        "Part of `demand` that the nation's outlook and the region's past know already, such as a slump all"
        " over the country: no news against the reference forecast; left out: none (已在参照预测之内的部分).",
        -50,
        50,
    )
    realisation: Quantity | None = maybe(
        "%",
        "What is put in place of each 100 planned, besides named projects; left out: 100 (投资完成比例).",
        0,
        300,
    )

    _one_class = field_validator("national", mode="before")(one_class)
