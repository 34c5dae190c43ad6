"""What a user states of a sector, whatever its model: the parts shared by all four."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from .quantity import Part, Quantity, Text, measured


class Market(Part):
    """Sales outside the region (外部市场)."""

    trend: Quantity = measured(
        "%/yr",
        "Real growth of sales outside the region when commissioning is normal (外部市场趋势增速).",
        at_least=-50,
        at_most=100,
    )
    finds_buyers: Quantity = measured(
        "%",
        "Share of output beyond normal commissioning that finds buyers outside (新产能达销率).",
        at_least=0,
        at_most=100,
    )


class Utilisation(Part):
    """How much of capacity is used (产能利用率)."""

    base: Quantity = measured("%", "Utilisation in the base year (基年产能利用率).", at_least=1, at_most=100)
    max: Quantity = measured(
        "%", "Highest utilisation that can be held for a year (最高产能利用率).", at_least=1, at_most=100
    )


class Capacity(Part):
    """What can be produced, and how investment adds to it (产能)."""

    utilisation: Utilisation
    scrapping: Quantity | None = measured(
        "%/yr",
        "Capacity scrapped a year (淘汰率); left out: the rate at which normal commissioning just lets "
        "capacity follow the market's trend.",
        default=None,
        at_least=-20,
        at_most=50,
    )
    drift: Quantity | None = measured(
        "%/yr",
        "Capacity gained by quality and efficiency (提质增效).",
        default=None,
        at_least=-20,
        at_most=20,
    )
    output_per_yuan: Quantity = measured(
        "亿元/亿元",
        "Gross output at full load per yuan of investment not tied to a named project κ (单位投资产出).",
        at_least=0,
        at_most=5,
    )
    gestation: tuple[Quantity, ...] = measured(
        "%",
        "Share of a year's investment that commissions in the same year, the next, ... (adds to 100)"
        " (投资形成进度).",
        at_least=0,
        at_most=100,
    )


def one_class(data: Any) -> Any:
    """A class by its name alone stands for 100 % of it."""
    return (
        {data: {"value": 100.0, "assumption": "one class of the national table"}}
        if isinstance(data, str)
        else data
    )


class SectorParameters(Part):
    """What every sector states, whatever its model."""

    model: str = Field(description="Which of the sector models computes it.")
    title: Text = Field(description="Name in Chinese and English.")
    national: dict[str, Quantity] = measured(
        "%",
        "Classes (or groups) of the national table that the sector is made of (行业构成), in % of its"
        " output; "
        "a plain name stands for 100 % of it.",
        at_least=0,
        at_most=100,
    )
    va: Quantity = measured("亿元", "Value added in the base year (增加值).", at_least=0.0001)
    output: Quantity | None = measured(
        "亿元", "Gross output in the base year (总产值); otherwise from va_ratio.", default=None, at_least=0
    )
    va_ratio: Quantity | None = measured(
        "%",
        "Value added over gross output (增加值率); otherwise national.",
        default=None,
        at_least=0.1,
        at_most=99.9,
    )
    growth_before: Quantity | None = measured(
        "%/yr",
        "Real growth in the base year (基年增速), shown beside the forecast.",
        default=None,
        at_least=-100,
    )
    above_scale: Quantity | None = measured(
        "%",
        "Share of value added made by above-scale industry (规上); "
        "leave out where the sector is not industry.",
        default=None,
        at_least=0,
        at_most=100,
    )
    regional_purchase: Quantity | None = measured(
        "%",
        "Share of local demand met by local producers (本地采购率); otherwise that of the national classes.",
        default=None,
        at_least=0,
        at_most=100,
    )
    labour_share: Quantity | None = measured(
        "%",
        "Labour income over value added (劳动报酬占比); otherwise national.",
        default=None,
        at_least=0,
        at_most=100,
    )
    investment_buys: dict[str, Quantity] = measured(
        "%",
        "What a yuan invested by this sector buys from producers in the region, by national class; "
        "the rest is land, imported equipment and interest (投资的本地采购).",
        at_least=0,
        at_most=100,
    )
    funds: dict[str, Quantity] = measured(
        "%",
        "Where the sector's investment money comes from (资金来源), by key of `funds`.",
        default_factory=dict,
        at_least=0,
        at_most=100,
    )
    demand: Quantity | None = measured(
        "%/yr",
        "Growth of what households, government and investors here ask of it beyond what income, budgets "
        "and investment explain; left out: none (本地需求变化).",
        default=None,
        at_least=-50,
        at_most=50,
    )
    price_growth: Quantity | None = measured(
        "%/yr",
        "Growth of the sector's output price; otherwise the GDP deflator (出厂价格涨幅).",
        default=None,
        at_least=-60,
        at_most=100,
    )
    demand_expected: Quantity | None = measured(
        "%/yr",
        "Part of `demand` that the nation's outlook and the region's past know already, such as a slump all"
        " over the country: no news against the reference forecast; left out: none (已在参照预测之内的部分).",
        default=None,
        at_least=-50,
        at_most=50,
    )
    realisation: Quantity | None = measured(
        "%",
        "What is put in place of each 100 planned, besides named projects; left out: 100 (投资完成比例).",
        default=None,
        at_least=0,
        at_most=300,
    )
    energy: Quantity | None = measured(
        "吨标煤/万元", "Energy per 10,000 yuan of gross output.", default=None, at_least=0
    )
    carbon: Quantity | None = measured(
        "吨二氧化碳/万元",
        "Carbon dioxide per 10,000 yuan of gross output, for a limit `on: carbon` (碳排放强度).",
        default=None,
        at_least=0,
    )

    _one_class = field_validator("national", mode="before")(one_class)
