"""What a scenario says of past years and of the nation, for the reference forecast (参照预测的输入)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..models.quantity import Quantity, StrictModel, each, maybe, measured


class PastRow(StrictModel):
    """A row of a past year's sheet: what was asked, what had been expected, what came (往年目标与实绩)."""

    ensure: Quantity | None = maybe("of the indicator", "Ensure tier (确保).", -1e7, 1e7)
    stretch: Quantity | None = maybe("of the indicator", "Stretch tier (力争).", -1e7, 1e7)
    at_most: Quantity | None = maybe("of the indicator", "Ceiling (控制在…以内).", -1e7, 1e7)
    outcome: Quantity | None = maybe("of the indicator", "What came (实绩).", -1e7, 1e9)


class PastYear(StrictModel):
    """A year of the region's past, for the reference forecast (历年实绩)."""

    growth: Quantity | None = maybe("%/yr", "Real growth of GDP (实际增速).", -60, 100)
    target: Quantity | None = maybe("%/yr", "Growth target of the year (增长目标).", -60, 100)
    sheet: dict[str, PastRow] = Field(
        default_factory=dict,
        description=(
            "The whole sheet of the year, by key of `targets`: kept when a scenario is rolled on, and used by"
            " nothing (当年目标表)."
        ),
    )


class History(StrictModel):
    """What the years up to the base year brought: for the reference forecast, and for the audit of the sheet
    (历史实绩)."""

    years: dict[str, PastYear] = Field(
        default_factory=dict,
        description=(
            "Growth and targets by year, as many as known (历年增速与目标); the "
            "more, the narrower the reference forecast. The year after the base year may state its official "
            "target here."
        ),
    )
    outcomes: dict[str, Quantity] = each(
        "of the indicator", "Outcome of the base year, by key of `targets` (上年实绩).", -1e7, 1e7
    )
    growth: dict[str, Quantity] = each(
        "%/yr",
        "Real growth of value added in the base year, by sector or group; `growth_before` of a sector goes "
        "before (上年增速).",
        -100,
        1000,
    )
    swing: dict[str, Quantity] = each(
        "points",
        "Standard deviation of the change of real growth from one year to the next, by sector or group, or "
        "`gdp` (增速年际波动).",
        0,
        100,
    )


class Outlook(StrictModel):
    """What is expected of the nation in the year after the base year; a scenario's own goes before what is
    shipped (全国展望)."""

    growth: Quantity | None = maybe(
        "%/yr",
        "Growth of the nation's GDP in the year after the base year, as forecast (全国经济增长预测).",
        -60,
        100,
    )
    error: Quantity | None = maybe(
        "points", "Standard error of that forecast (预测误差); otherwise that of the edition.", 0, 20
    )
    of: Literal["nation", "region"] = Field(
        "nation",
        description="Whose growth is forecast: the nation's, or that of the region itself (本区域或全国).",
    )
    edition: Literal["january", "october", "none"] = Field(
        "january",
        description=(
            "Which shipped edition is known: January of the year after the base year, "
            "October of the base year, or none (版本)."
        ),
    )
    nation: Quantity | None = maybe(
        "%/yr",
        "The nation's growth in the year after the base year as the forecast has it from which `change` is"
        " counted: figures of the nation for later years (`actuals.nation`) are held against both"
        " (`change`所对应的基年次年全国增速预测).",
        -60,
        100,
    )
    change: dict[str, Quantity] = each(
        "points",
        "By later year: how much faster (slower: negative) the nation is expected to grow then than in the"
        " year after the base year. Every market's growth moves by it; years that are not stated go on as the"
        " last one before (以后年份全国增速比基年次年高低多少).",
        -60,
        60,
    )


class AnchorSpec(StrictModel):
    """Whether business as usual is set to the reference forecast (锚定)."""

    to: Literal["reference", "none"] = Field(
        "reference",
        description="`none`: the level is that of the scenario's own trends, which nobody scored.",
    )
    weight: Quantity | None = maybe(
        "%", "Part of the way from the scenario's own trends to the reference; left out: 100 (权重).", 0, 100
    )
    centre: float = Field(
        0.0,
        exclude=True,
        json_schema_extra={"hidden": True},
        description=(
            "Points by which central trends lie above those that are "
            "drawn about, so that the central case is the median of business as usual; found by a run."
        ),
    )


class NationYear(StrictModel):
    """A year of the nation and of the regions that coefficients were fitted on (全国与样本地区)."""

    release: Quantity | None = maybe("%/yr", "The nation's growth as first released (初值).", -60, 100)
    growth: Quantity | None = maybe(
        "%/yr", "Mean growth of the sample's regions (样本地区平均增速).", -60, 100
    )
    aim: Quantity | None = maybe("%/yr", "Mean target of the sample's regions (样本地区平均目标).", -60, 100)
    gap: Quantity | None = maybe(
        "points", "Mean growth less target of the sample's regions (样本地区平均缺口).", -60, 100
    )
    spread: Quantity | None = maybe(
        "points", "Typical size of what the coefficients left that year (残差).", 0, 60
    )


class AheadSpec(StrictModel):
    """What regions were expected to grow by on average in a year, before it began (事前展望)."""

    middle: Quantity = measured("%/yr", "Expected mean growth of regions (预期平均增速).", -60, 100)
    calm: Quantity = measured("points", "Standard error in a calm year (平常年误差).", 0.01, 30)
    crisis: Quantity = measured("points", "Standard error in a crisis (危机年误差).", 0.01, 60)


class BesideSpec(StrictModel):
    """How another indicator's growth stands to that of GDP (其他指标与GDP增速之差)."""

    mean: Quantity = measured("points", "Mean lead over GDP growth of recent years (近年平均差).", -60, 60)
    lasting: Quantity = measured(
        "1", "Part of a region's lead that lasts into the next year (延续系数).", 0, 1
    )
    spread: Quantity = measured("points", "Standard deviation of what is left (残差标准差).", 0, 60)


class Tenth(StrictModel):
    """What came true where a chance of about a tenth was given (某一概率档的检验)."""

    given: Quantity = measured("%", "Mean chance that was given (平均概率).", 0, 100)
    came_true: Quantity = measured("%", "Part that came true (实际达标).", 0, 100)
    count: Quantity = measured("1", "Region-years (地区年数).", 0, 1e7)


class SpanRecord(StrictModel):
    """How averages over so many years were foretold on past spans (多年平均的检验)."""

    inside: Quantity = measured(
        "%", "Part of the averages that the 80 % interval held (落入80%区间的比例).", 0, 100
    )
    least: Quantity = measured("%", "The same of the worst first year (最差起始年).", 0, 100)
    count: Quantity = measured("1", "Averages (检验次数).", 0, 1e7)
    regions: Quantity = measured("1", "Regions (地区数).", 0, 1e6)


class Coefficients(StrictModel):
    """What was known of regions' leads when an earlier year began (当年已知的系数)."""

    slopes: dict[str, dict[str, Quantity]] = each("1", "As in `experience.slopes` (系数).", -5, 5)
    spread: dict[str, Quantity] = each("points", "As in `experience.spread` (残差标准差).", 0, 30)


class Experience(StrictModel):
    """How regions like this fared in years like this: coefficients fitted on panels, shipped as numbers
    (经验系数)."""

    nation: dict[str, NationYear] = Field(default_factory=dict, description="By year.")
    ahead: dict[str, dict[str, AheadSpec]] = Field(
        default_factory=dict, description="By year, then by edition."
    )
    slopes: dict[str, dict[str, Quantity]] = each(
        "1",
        "By years of history known and whether a target is (`8-target`, `8-none`): coefficient of the past"
        " gap, the target, the mean lead and the last lead against all regions (系数).",
        -5,
        5,
    )
    spread: dict[str, Quantity] = each(
        "points", "Standard deviation of what is left, by the same (残差标准差).", 0, 30
    )
    chance: Quantity = measured("%", "Chance of a crisis year (危机年概率).", 0, 100)
    mapping: Quantity | None = maybe(
        "points",
        "Standard error of the regions' mean growth where the nation's is known exactly; otherwise 0.9, found"
        " on cities of China (已知全国增速时各地平均增速的误差).",
        0,
        20,
    )
    earlier: dict[str, Coefficients] = Field(
        default_factory=dict,
        description=(
            "By target year: coefficients from the years before it alone; the others "
            "where a year is not here (历年系数)."
        ),
    )
    beside: dict[str, BesideSpec] = Field(
        default_factory=dict, description="By indicator: above-scale industry, investment (其他指标)."
    )
    spans: dict[str, SpanRecord] = Field(
        default_factory=dict,
        description="By years of an average: how often its 80 % interval held (多年平均的检验).",
    )
    reliability: dict[str, dict[str, Tenth]] = Field(
        default_factory=dict,
        description="By edition, then by middle of a tenth in %: how chances of this kind came true (可靠性).",  # noqa: E501
    )
