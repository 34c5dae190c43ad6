"""The shape of a scenario: what a user may say, with unit and meaning of every field.

The rules that need more than one field stand in :mod:`.rules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field, model_validator

from ..models.chain import YEARLY, Chain
from ..models.limits import LIMITS, Bound, naming
from ..models.money import CURRENCY, MONEY, Money
from ..models.parameters import SectorParameters
from ..models.quantity import Bilingual, Quantity, StrictModel, each, maybe, measured
from ..models.satellite import DRIVERS, TOTALS
from ..models.sectors import SECTORS
from ..models.span import MEASURES
from ..models.words import MEANT, Terms
from ..models.years import Year
from .schema_actuals import Actuals, ToDate
from .schema_forecast import AnchorSpec, Experience, History, Outlook

if TYPE_CHECKING:
    LimitKind = str
    SpanMeasure = str
    IndicatorDriver = str
    Sector = SectorParameters
else:
    Sector = Annotated[
        Union[tuple(kind.Parameters for kind in SECTORS.values())],  # noqa: UP007  (of as many as there are)
        Field(discriminator="model"),
    ]
    LimitKind = Literal[tuple(LIMITS)]
    SpanMeasure = Literal[tuple(MEASURES)]
    IndicatorDriver = Literal[tuple(DRIVERS)]
Basis = Literal["modelled", "linked", "stated"]
Stage = Literal["planned", "approved", "started", "registered", "commissioned"]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Years(StrictModel):
    """The years of the accounts."""

    base: int = Field(description="The year whose accounts are known.", ge=1950, le=2150)
    target: int = Field(
        description="The year of the target sheet: the year after the base year or later.", ge=1951, le=2151
    )
    last: int = Field(
        description="The last year simulated; at most 15 after the base year.", ge=1951, le=2165
    )
    begins: int = Field(
        1,
        ge=1,
        le=12,
        description="Month in which a year begins (年度起始月): years of a fiscal year are written 2012-13.",
    )

    @model_validator(mode="after")
    def _fiscal(self) -> Years:
        for name in ("base", "target", "last") if self.begins > 1 else ():
            self.__dict__[name] = Year(getattr(self, name), self.begins)
        return self

    @property
    def first(self) -> int:
        """The year after the base year."""
        return self.base + 1

    @property
    def ahead(self) -> int:
        """Years from the base year to the target year: the target year's index."""
        return self.target - self.base

    @property
    def horizon(self) -> int:
        """Years simulated."""
        return self.last - self.base


class Source(StrictModel):
    """Where numbers were read."""

    zh: str = ""
    en: str = ""
    date: str = Field("", description="Date of publication, as precise as known.")
    url: str = ""


class NationalClass(StrictModel):
    """A class of the national input-output table, with what the table and surveys say of it."""

    title: Bilingual
    va_ratio: Quantity = measured("%", "Value added over gross output (增加值率).", 0.1, 99.9)
    output: Quantity = measured(MONEY, "National gross output, the weight inside groups (全国总产出).", 0)
    labour_share: Quantity = measured("%", "Labour income over value added (劳动报酬占比).", 0, 100)
    household_share: Quantity = measured(
        "%", "Share of household consumption spent on it (居民消费占比).", 0, 100
    )
    government_share: Quantity = measured(
        "%", "Share of government consumption spent on it (政府消费占比).", 0, 100
    )
    regional_purchase: Quantity = measured(
        "%", "Share of local demand that a city's own producers meet (本地采购率).", 0, 100
    )
    outside_inputs: Quantity | None = maybe(
        "%",
        "Imports and taxes on products over gross output, where `coefficients` are of domestic product alone"
        " (进口投入占比).",
        0,
        99,
    )


class OwnTable(StrictModel):
    """An input-output table as published, of which classes and coefficients are made (自有投入产出表)."""

    flows: dict[str, dict[str, Quantity]] = measured(
        "as in the table",
        "All rows and columns of the table, or `{file: io.csv}`: classes, imports, taxes, value added and"
        " output; final demand (投入产出表).",
    )
    kind: Literal["total", "domestic", "coefficients"] = Field(
        description=(
            "What the classes' rows are: flows with imports inside (total), flows of domestic product alone "
            "(domestic), or inputs per unit of output, domestic where `imports` are apart (coefficients)."
        )
    )
    of: Literal["region", "nation"] = Field(
        "region", description="Whose table it is: a region's own says what is bought here."
    )
    classes: tuple[str, ...] = Field(
        (), description="Rows that are classes; otherwise all that are a column as well."
    )
    output: str = Field("output", description="Row of gross output, in money.")
    value_added: tuple[str, ...] = Field(("value_added",), description="Rows that add to value added.")
    labour: tuple[str, ...] = Field((), description="Rows of labour income, part of value added.")
    taxes: tuple[str, ...] = Field((), description="Rows of taxes on products less subsidies.")
    imports: str | None = Field(
        None,
        description=(
            "Row of imports by buyer (domestic, coefficients), or column of imports by product (total);"
            " signs do not matter."
        ),
    )
    import_flows: dict[str, dict[str, Quantity]] = each(
        "as in the table", "The matrix of imports: product by buyer, or `{file: imports.csv}`."
    )
    household: tuple[str, ...] = Field((), description="Columns of household consumption.")
    government: tuple[str, ...] = Field((), description="Columns of government consumption.")
    exports: tuple[str, ...] = Field((), description="Columns of exports.")
    final: tuple[str, ...] = Field(
        (), description="Other columns of final demand; with all of them stated rows are checked too."
    )
    margins: dict[str, dict[str, Quantity]] = each(
        "%",
        "For a table at purchasers' prices: of each class, the share of its price that trade and transport "
        "earn, by class.",
        0,
        100,
    )
    tolerance: Quantity | None = maybe(
        "%",
        "Largest gap of a column, and largest negative entry, over its output that is taken away; otherwise "
        "1.",
        0,
        100,
    )
    balance: Literal["ras", "residual"] | None = Field(
        None,
        description=(
            "What is done about larger ones; otherwise they are refused. ras: flows are scaled by rows and "
            "columns; residual: what a column lacks is bought outside."
        ),
    )


class National(StrictModel):
    """The national table that fills what a region does not publish."""

    table: OwnTable | None = Field(
        None, description="An own table in place of `classes` and `coefficients`, which are made of it."
    )
    tolerance: Quantity | None = maybe(
        "%",
        "Largest gap between 1 and what a column of `coefficients`, `va_ratio` and `outside_inputs` add to;"
        " columns are scaled to fit; otherwise 1 (直接消耗系数的容许差额).",
        0,
        100,
    )
    household_outside: Quantity | None = maybe(
        "%",
        "Part of household consumption that is imports and taxes on products, before what"
        " `regional_purchase` leaves of the rest (居民消费中的外购与产品税).",
        0,
        100,
    )
    government_outside: Quantity | None = maybe(
        "%", "The same of government consumption (政府消费中的外购与产品税).", 0, 100
    )
    classes: dict[str, NationalClass]
    groups: dict[str, tuple[str, ...]] = Field(description="Names for several classes together.")
    coefficients: dict[str, dict[str, Quantity]] = measured(
        f"{CURRENCY}/{CURRENCY}",
        "Row: the class bought from; column: the class that buys; imports included.",
        0,
        1,
    )


class AccountsSpec(StrictModel):
    """Control totals of the base year."""

    gdp: Quantity = measured(MONEY, "GDP (地区生产总值); the sectors must add up to it.", 0.001)
    fai: Quantity = measured(MONEY, "Fixed-asset investment (固定资产投资).", 0.001)
    household_consumption: Quantity = measured(MONEY, "Consumption of households living here (居民消费).", 0)
    government_consumption: Quantity = measured(MONEY, "Government consumption here (政府消费).", 0)
    transfers: Quantity = measured(
        MONEY, "Household income that is not earned here: pensions, remittances (转移性收入).", 0
    )
    disposable_income: Quantity | None = maybe(
        MONEY,
        "Disposable income of households living here, transfers included; otherwise labour income of the "
        "accounts plus transfers (居民可支配收入总额).",
        0.001,
    )


class Demand(StrictModel):
    """How local demand moves."""

    income_elasticity: Quantity = measured(
        "1", "Percent that consumption rises when household income rises 1 % (消费收入弹性).", 0, 1.5
    )
    autonomous_consumption: Quantity = measured(
        "%/yr", "Real growth of consumption beyond what income explains (自发消费增速).", -30, 30
    )
    government: Quantity = measured("%/yr", "Real growth of government consumption (政府消费增速).", -50, 50)
    transfers: Quantity = measured("%/yr", "Real growth of transfers (转移性收入增速).", -50, 50)


class Prices(StrictModel):
    """Growth of prices; real is nominal over these."""

    gdp: Quantity = measured("%/yr", "GDP deflator (GDP平减指数).", -50, 100)
    gdp_in: dict[str, Quantity] = each(
        "%/yr",
        "GDP deflator of single years, by year, in place of `gdp` (分年GDP平减指数涨幅).",
        -50,
        100,
    )
    consumer: Quantity = measured("%/yr", "Consumer prices, CPI (居民消费价格).", -50, 100)
    investment: Quantity = measured(
        "%/yr", "Price index of fixed-asset investment (固定资产投资价格).", -50, 100
    )


class Fund(StrictModel):
    """A source of investment money (资金来源)."""

    title: Bilingual
    amount: Quantity | None = maybe(
        f"{MONEY}/年",
        "Money for named and key projects a year (年度额度), a quarter of it each quarter; "
        "none stands for no shortage.",
        0,
    )


class Investment(StrictModel):
    """How much is planned to be invested (投资计划)."""

    growth: Quantity = measured(
        "%/yr",
        "Planned nominal growth of investment in the year after the base year (计划投资增速).",
        -90,
        300,
    )
    later: Quantity = measured("%/yr", "Nominal growth in the years after (以后各年投资增速).", -90, 300)
    before: Quantity = measured(
        "%/yr", "Nominal growth in the years up to the base year (此前各年投资增速).", -90, 300
    )
    path: dict[str, Quantity] = each(
        MONEY,
        "Planned investment of single years, by year (各年计划投资): goes before `growth` and `later`; a year"
        " that is not named grows from the one before.",
        0.001,
    )
    growth_in: dict[str, Quantity] = each(
        "%/yr", "Planned nominal growth of single years, by year (各年投资增速), in the same way.", -90, 300
    )
    movable: Quantity | None = maybe(
        "%",
        "Part of a year's planned total that an optimum may move to or from other years up to the target"
        " year, with shares that differ by year (跨年可调比例); left out: by-year totals stay, and a"
        " sector's money rises or falls in all years alike.",
        0,
        100,
    )
    base_shares: dict[str, Quantity] = each(
        "%", "Share of each sector in base-year investment (基年投资占比); otherwise the plan's.", 0, 100
    )


class Months(StrictModel):
    """Durations of a project's stages, in months."""

    approval: Quantity = measured("months", "From filing to approval (核准).", 0, 240)
    registration: Quantity = measured(
        "months", "From start of works to entry in the statistics (纳统).", 0, 240
    )
    construction: Quantity = measured("months", "From start of works to commissioning (投产).", 1, 240)
    ramp_up: Quantity = measured("months", "From commissioning to full load (达产).", 0, 240)


class Adds(StrictModel):
    """What a project adds at full load: output of its sector, or capacity of a process."""

    output: Quantity | None = maybe(
        f"{MONEY}/年", "Gross output at full load, base-year prices (达产产值).", 0
    )
    process: str | None = Field(None, description="Process of the sector's chain.")
    capacity: Quantity | None = maybe(YEARLY, "Capacity added to the process (新增产能).", 0)


class Project(StrictModel):
    """A named project (重点项目)."""

    title: Bilingual
    sector: str
    invest: Quantity = measured(MONEY, "Total investment (总投资).", 0)
    done: Quantity | None = maybe(
        "%", "Part of the investment put in place before the year after the base year (已完成比例).", 0, 100
    )
    stage: Stage = Field(description="Stage reached when the base year ended.")
    start: Month | None = Field(None, description="Planned (or past) start of works.")
    finish: Month | None = Field(
        None, description="Planned (or past) commissioning; otherwise start + construction."
    )
    months: Months
    slip: Quantity = measured("months", "Delay of commissioning to expect (推迟月数).", -24, 120)
    adds: Adds | None = Field(None, description="None for a project that adds no output by itself.")
    funds: dict[str, Quantity] = each(
        "%", "Where the money comes from (资金来源), by key of `funds`.", 0, 100
    )
    cancel: Quantity | None = maybe(
        "%", "Probability that it is given up before works start (取消概率); only ahead of works.", 0, 100
    )
    cancelled: Month | None = Field(
        None,
        description=(
            "Month from which nothing more is done on it (取消时间): what was spent brings "
            "nothing, what was still planned is saved."
        ),
    )
    decided: Month | None = Field(
        None,
        description=(
            "Start decided on, as by a choice of projects (决定开工时间): all its dates move along, and what "
            "the list as written says of other works stays. After the last year: not begun."
        ),
    )
    key: bool = Field(True, description="Whether it counts among the key projects (重点项目).")
    earlier: Quantity | None = maybe(
        "months", "How much earlier it could start at most; none: the limit `advance`.", 0, 60
    )


class Pool(StrictModel):
    """The key projects that are not named (其余重点项目)."""

    projects: Quantity = measured(
        "projects", "Key projects in the year after the base year, named ones included (重点项目数).", 0
    )
    investment: Quantity = measured(MONEY, "Their planned investment in that year (计划投资).", 0)
    starts: Quantity = measured("projects", "Starts in that year (开工数).", 0)
    completions: Quantity = measured("projects", "Completions in that year (竣工数).", 0)
    months: Months
    slip: Quantity = measured("months", "Delay of start to expect (开工推迟).", -24, 120)
    realisation: Quantity | None = maybe(
        "%",
        "What key projects put in place of each 100 planned, within their sectors' investment; left out: 100"
        " (完成计划比例).",
        0,
        300,
    )


class Listing(StrictModel):
    """What `projects` is of all works that add output: all of them, or a part."""

    whole: bool = Field(
        False,
        description=(
            "Whether every such work is listed, from those not at full load through the whole base year "
            "on; otherwise what finishes unlisted is inferred, and told (清单是否完整)."
        ),
    )
    finishing: Quantity | None = maybe(
        "%",
        "Part of the usual that works begun up to the base year bring on line, listed or not, for a list"
        " that is not whole; left out: 100, as in the base year. Reported completions over those of the year"
        " before say more (完工相对上年).",
        0,
        300,
    )
    slip: Quantity | None = maybe(
        "months",
        "Delay by which works have come late in the years before; left out: the median of the listed delays,"
        " which then are those to come as well (往年平均推迟).",
        -24,
        120,
    )


class Desks(StrictModel):
    """Shared resources of the pipeline."""

    approvals: Quantity = measured("desks", "Approvals handled at the same time (审批).", 1)
    builders: Quantity = measured("projects", "Projects under construction at the same time (施工能力).", 1)


class Mix(StrictModel):
    """An investment mix: shares of all investment by sector (投资结构)."""

    title: Bilingual
    shares: dict[str, Quantity] = each("%", "Share of each sector; adds to 100.", 0, 100)
    by_year: dict[str, dict[str, Quantity]] = each(
        "%",
        "Shares from a year on, until the next that is named (分年份额), such as 2028: {industry: 60, ...};"
        " `shares` hold before.",
        0,
        100,
    )
    starts_from: str | None = Field(None, description="Another mix that `add` changes, in every year.")
    add: dict[str, Quantity] = each(
        "points", "Points added to the shares of `starts_from`; adds to 0.", -100, 100
    )


class Limit(StrictModel):
    """Something that a plan must respect; without `relax_to` it can never be relaxed."""

    title: Bilingual
    on: LimitKind = Field(
        description="; ".join(f"{kind}: {limit.told()}" for kind, limit in LIMITS.items()) + ".",
        json_schema_extra={
            "zh": "；".join(f"{kind}：{limit.title.zh}（{limit.unit}）" for kind, limit in LIMITS.items())
            + "。"
        },
    )
    fund: str | None = Field(None, description=f"For {naming('fund', ' and ')}: the key of `funds`.")
    sectors: tuple[str, ...] = Field(
        (), description=f"For {naming('sectors', ' and ')}: the sectors whose money counts (部门)."
    )
    indicator: str | None = Field(
        None, description=f"For {naming('indicator', ' and ')}: the key of `indicators`."
    )
    year: int | None = Field(
        None,
        ge=1951,
        le=2165,
        description="The year in which it holds; otherwise the target year, or with `investment.movable`"
        " each year up to it.",
    )
    over: tuple[int, ...] = Field(
        (), description="First and last of the years in which it holds (起止年份), each of them."
    )
    together: bool = Field(
        False,
        description="Whether money is counted over all years of `over` together, not in each (合计);"
        f" for {', '.join(f'`on: {key}`' for key, one in LIMITS.items() if one.adds)}.",
    )
    max: Quantity | None = maybe(
        "by kind",
        "The limit (上限); below zero only where it is on an indicator, such as a growth rate.",
        -1e7,
    )
    min: Quantity | None = maybe(
        "by kind", "For `on: floor` and `on: indicator_floor`: the least (下限).", -1e7
    )
    relax_to: Quantity | None = maybe("by kind", "How far it can be relaxed (可放宽到).", -1e7)
    owner: Bilingual | None = Field(None, description="Who must agree to a relaxation (须谁同意).")
    price: Quantity | None = maybe(f"{MONEY} per unit", "What one unit of relaxation costs (放宽单价).", 0)

    @property
    def kind(self) -> type[Bound]:
        """What it is a limit on."""
        return LIMITS[self.on]

    @property
    def stated(self) -> Quantity:
        """The number that it sets: its most, or its least."""
        found = self.max or self.min
        assert found is not None  # the rules see to it
        return found


class IndicatorSpec(StrictModel):
    """An indicator of one's own: coefficients by sector times what drives them, its growth, or a ratio of two
    such levels (自定义指标)."""

    title: Bilingual
    unit: str | None = Field(
        None,
        description="Unit of what is counted, such as 万人; of a ratio the ratio's, otherwise that of the one"
        " over that of the other.",
    )
    digits: int = Field(1, ge=0, le=6, description="Digits that are printed, and that verdicts round to.")
    kind: Literal["level", "growth"] = Field(
        "level", description="The level (or ratio) itself, or its growth over the year before, %."
    )
    driver: IndicatorDriver = Field(
        "output",
        description="What a coefficient is per 亿元 of: "
        + "; ".join(f"{key}: {driver.title.en}" for key, driver in DRIVERS.items())
        + ".",
        json_schema_extra={
            "zh": "系数是每亿元什么的："
            + "；".join(f"{key}：{driver.title.zh}" for key, driver in DRIVERS.items())
            + "。"
        },
    )
    coefficients: dict[str, Quantity] = each(
        "of the indicator per 亿元",
        "How much of it an 亿元 of the driver takes or gives (系数), by sector, branch, or class or group of"
        " the national table: the nearest to a sector counts, and classes by the sector's composition.",
    )
    growth: Quantity | None = maybe(
        "%/yr",
        "Growth of all coefficients a year: efficiency, or productivity with the sign turned (系数年变化);"
        " left out: none.",
        -50,
        50,
    )
    growth_of: dict[str, Quantity] = each(
        "%/yr", "The same of single `coefficients`, in place of `growth` (分项年变化).", -50, 50
    )
    base: Quantity | None = maybe(
        "of the indicator",
        "Its level in the base year, where it is known: all coefficients are multiplied so that they give it,"
        " and by how much is told (基年值).",
        0,
    )
    of: str | None = Field(
        None,
        description="In place of coefficients: another indicator with coefficients, or one of the totals "
        + ", ".join(TOTALS)
        + ".",
    )
    over: str | None = Field(
        None, description="What `of` is set over, for a ratio: an indicator with coefficients, or a total."
    )


class TargetSpec(StrictModel):
    """One row of the target sheet; the key names the indicator unless `indicator` does."""

    title: Bilingual | None = None
    indicator: str | None = Field(
        None, description="An indicator of the product, or a key of `indicators` or `relations`."
    )
    basis: Basis | None = Field(None, description="Only to say `stated`; otherwise the indicator knows.")
    said: str | None = Field(
        None, description="The target as a sheet words it (7.5%以上, 7-8%, at least 6.5 %); read as tiers."
    )
    ensure: Quantity | None = maybe("of the indicator", "Ensure tier (确保).", -1e7, 1e7)
    stretch: Quantity | None = maybe("of the indicator", "Stretch tier (力争).", -1e7, 1e7)
    at_most: Quantity | None = maybe("of the indicator", "Ceiling (控制在…以内).", -1e7, 1e7)
    covers: tuple[str, ...] = Field(
        (), description="Sectors, groups, materials or crops that the indicator adds up."
    )
    base: Quantity | None = maybe(
        "of the indicator", "Base-year level (基年值), for an output value wider than `covers`."
    )
    unit: str | None = Field(None, description="Unit of a stated target.")
    expected: Quantity | None = maybe("of the indicator", "For a stated target: last year's figure (上年数).")
    main: bool = Field(False, description="Shown in the verdict.")
    year: int | None = Field(
        None,
        ge=1951,
        le=2165,
        description="The year that the row speaks of (年份), the target year at most; otherwise that one.",
    )
    over: tuple[int, ...] = Field(
        (),
        description="First and last of the years that `measure` is of (起止年份), such as [2026, 2030];"
        " otherwise all years up to the target year.",
    )
    measure: SpanMeasure | None = Field(
        None,
        description=(
            "What is asked of several years (口径). average: their mean, of growth the geometric one (年均);"
            " sum: all of them together, of growth what they bring in all (累计); every: each of them, floor"
            " or ceiling (每年)."
        ),
    )

    @property
    def of_years(self) -> bool:
        """Whether the row says which years it speaks of."""
        return self.year is not None or bool(self.over) or self.measure is not None

    def span(self, years: Years) -> tuple[int, int]:
        """First and last year that it speaks of."""
        if self.year is not None:
            return self.year, self.year
        if self.over:
            return self.over[0], self.over[-1]
        return (years.first if self.measure else years.target), years.target


class RelationSpec(StrictModel):
    """A linked indicator: constant + Σ coefficient × driver (挂钩关系)."""

    title: Bilingual
    unit: str = "%"
    digits: int = Field(1, ge=0, le=4)
    constant: Quantity = measured("of the indicator", "Constant (常数项).")
    drivers: dict[str, Quantity] = measured(
        "of the indicator per unit",
        "Coefficient of each driver (系数): gdp_growth, "
        "nominal_gdp_growth, consumption_growth, consumer_prices or an indicator.",
    )
    borrowed: bool = Field(
        False,
        description="Whether the constant is a level of another region's size: so of the shared priors; "
        "gone where another file states the constant (他地规模).",
    )


class LongView(StrictModel):
    """What the long view of five years and more takes as given; the annual model does not use it
    (长期视角)."""

    years: int = Field(10, ge=1, le=50, description="Years ahead of the base year.")
    capital_output: Quantity = measured("1", "Capital over output of the base year (资本产出比).", 0.05, 50)
    capital_formation: Quantity = measured(
        "%",
        "Part of fixed-asset investment that becomes capital: land and second-hand "
        "purchases do not (固定资本形成占固定资产投资).",
        1,
        200,
    )
    labour_share: Quantity | None = maybe(
        "%", "Labour income over GDP; otherwise that of the accounts (劳动份额).", 1, 99
    )
    depreciation: Quantity = measured("%/yr", "Capital that wears out (折旧率).", 0, 50)
    productivity: Quantity = measured(
        "%/yr", "Growth of total factor productivity (全要素生产率增速).", -20, 20
    )
    human: Quantity = measured("%/yr", "Growth of schooling and skill per worker (人力资本增速).", -20, 20)
    participation: Quantity = measured(
        "%/yr", "Growth of the part of the working age that works (劳动参与率增速).", -20, 20
    )
    working_age: Quantity = measured(
        "%/yr", "Growth of the part of residents in working age (劳动年龄人口占比增速).", -20, 20
    )
    population: Quantity = measured("%/yr", "Growth of residents (常住人口增速).", -20, 20)
    usual: Quantity = measured(
        "%",
        "Capital formation over output that nine in ten of the recorded years (of provinces, of countries)"
        " stayed below (历史常见上限).",
        1,
        500,
    )
    highest: Quantity = measured("%", "The highest on record in a year (历史最高).", 1, 500)
    agree_within: Quantity | None = maybe(
        "points",
        "Average difference a year between the growth of the annual model and that of the long view, beyond"
        " which a warning is given; otherwise 1.",
        0,
        50,
    )


class Plausible(StrictModel):
    """What is usual or on record; numbers beyond it are told, never refused, and change nothing
    (少见的数)."""

    output_least: Quantity = measured(
        f"{CURRENCY}/{CURRENCY}",
        "A year's output at full load per unit of a project's investment that few stay below"
        " (产出投资比常见下限).",
        0,
    )
    output_most: Quantity = measured(
        f"{CURRENCY}/{CURRENCY}", "The same that few go beyond (产出投资比常见上限).", 0
    )
    project_most: Quantity = measured(
        "%",
        "Investment of one project, or of all key projects of the year, over the region's yearly investment "
        "that few go beyond (占全年投资的常见上限).",
        1,
    )
    target_least: Quantity = measured("%", "The lowest target of growth on record (增长目标最低).", -50, 100)
    target_usual: Quantity = measured(
        "%", "Targets of growth that hardly any city goes beyond today (增长目标常见上限).", -50, 100
    )
    target_highest: Quantity = measured(
        "%", "The highest target of growth on record (增长目标最高).", -50, 100
    )
    investment_most: Quantity = measured("%", "The highest growth of investment on record (投资增速最高).", 0)
    gdp_most: Quantity | None = maybe(MONEY, "GDP of the largest province (最大省份的地区生产总值).", 1)
    fai_least: Quantity = measured(
        "%", "Fixed-asset investment over GDP, the lowest on record (投资占GDP最低).", 0
    )
    fai_most: Quantity = measured("%", "The highest on record (投资占GDP最高).", 0)
    consumption_least: Quantity = measured(
        "%", "Household consumption over GDP that few stay below (居民消费占GDP常见下限).", 0
    )
    consumption_most: Quantity = measured("%", "The same that few go beyond (居民消费占GDP常见上限).", 0)
    level_most: Quantity = measured(
        "1",
        "How many times a target's level may differ from the plan's, or a limit from its money"
        " (倍数常见上限).",
        1,
    )


class Crisis(StrictModel):
    """Years in which everything is shaken: a second normal, met with a small chance (危机年份)."""

    sd: Quantity = measured("points", "Standard deviation of the shock in such a year (危机年标准差).", 0, 50)
    chance: Quantity = measured("%", "Chance that a year is one (危机年概率).", 0, 100)


class Shock(StrictModel):
    """A yearly shock to growth: fresh every year, and part of it lingers (冲击)."""

    sd: Quantity = measured(
        "points",
        "Standard deviation (标准差) of the fresh shock of a year (in calm years, where crises are stated).",
        0,
        50,
    )
    mean: Quantity | None = maybe(
        "points", "What is expected of the year beyond the central case, such as a national outlook.", -30, 30
    )
    persistence: Quantity | None = maybe(
        "%", "Part of a shock that is still there a year later (持续性).", -99, 99
    )
    drift: Quantity | None = maybe(
        "points",
        "Standard deviation of a change for good that each year after the first brings: the level of"
        " growth itself wanders. It leaves the first year as it is (趋势变动).",
        0,
        50,
    )
    tails: Quantity | None = maybe(
        "degrees of freedom",
        "Fatness of the tails, by Student's t; none stands for normal (厚尾).",
        2.1,
        1000,
    )
    crisis: Crisis | None = Field(None, description="Instead of `tails`: a mixture of calm years and crises.")


class ShocksSpec(StrictModel):
    """What no plan foresees, in points of yearly real growth of sales outside and of consumption (冲击)."""

    national: Shock | None = Field(None, description="Shared by the whole country (全国).")
    province: Shock | None = Field(None, description="Shared by the province (全省).")
    own: Shock | None = Field(None, description="The region's own (本地).")
    sectors: dict[str, Shock] = Field(
        default_factory=dict,
        description="On top: of one sector, or shared by the sectors of a group of the national table.",
    )


MOST_RHO = 0.99
"""Two numbers nearer to one another than this are one number: their matrix cannot be drawn from."""


class Correlation(StrictModel):
    """Numbers that move together (相关)."""

    between: tuple[str, ...] = Field(
        description=(
            "Two or more dotted paths of numbers in doubt, correlated each with each; or"
            " `uncertainty.shocks.national`, `uncertainty.shocks.sectors.steel`, or the path of a material"
            " for its price's surprises: year by year."
        )
    )
    rho: Quantity = measured(
        "1", "Correlation (相关系数) of their normal scores (Gaussian copula).", -MOST_RHO, MOST_RHO
    )


class Uncertainty(StrictModel):
    """Random draws behind probabilities."""

    confidence: Quantity | None = maybe(
        "%",
        "Chance from which a tier counts as reached; left out: 50, which is that of the median (把握要求).",
        1,
        99,
    )
    seed: int = Field(20240101, ge=0, lt=2**63, description="Seed of all draws.")
    method: Literal["sobol", "latin"] = Field(
        "sobol", description="Scrambled Sobol' points, or Latin hypercubes."
    )
    error: float = Field(
        0.005,
        gt=0,
        le=0.5,
        description="Standard error of the main targets' probabilities at which drawing stops.",
    )
    draws_min: int = Field(2048, ge=256, le=2**22, description="Draws to begin with; a power of 2.")
    draws_max: int = Field(16384, ge=256, le=2**22, description="Draws at most; a power of 2.")
    shocks: ShocksSpec = Field(default_factory=ShocksSpec)
    correlations: dict[str, Correlation] = Field(default_factory=dict, description="By any name.")

    @property
    def chance_asked(self) -> float:
        """The chance from which a tier counts as reached, share: one half where none is stated."""
        return self.confidence.value / 100 if self.confidence else 0.5


class TermsSpec(StrictModel):
    """What the region calls some things otherwise than this product does (用语)."""

    ensure: Bilingual | None = Field(None, description="Instead of minimum (确保).")
    stretch: Bilingual | None = Field(None, description="Instead of stretch (力争).")
    province: Bilingual | None = Field(None, description="Instead of province (省): state, canton ...")
    above_scale: Bilingual | None = Field(
        None, description="Instead of above-scale industry (规模以上工业): large firms in manufacturing ..."
    )
    fixed_investment: Bilingual | None = Field(
        None,
        description="Instead of fixed-asset investment (固定资产投资).",
    )


class Scenario(StrictModel):
    """A whole scenario, resolved."""

    def __repr__(self) -> str:
        size = f"{len(self.sectors)} sectors, {len(self.targets)} targets"
        return f"<Scenario {self.title.of('en')[:80]!r}: {size}>"

    __str__ = __repr__

    dabiao: Literal[1] = Field(description="Version of the schema.")
    title: Bilingual
    country: str = Field(
        "",
        description=(
            "Country of the region, by name or code; in a file of priors that of its figures. While trends,"
            " the input-output table or shocks are another country's, every verdict says so."
        ),
    )
    years: Years
    money: Money = Field(default_factory=Money)
    terms: TermsSpec = Field(default_factory=TermsSpec)
    sources: dict[str, Source] = Field(default_factory=dict)
    national: National
    accounts: AccountsSpec
    demand: Demand
    prices: Prices
    sectors: dict[str, Sector] = Field(min_length=1)
    chains: dict[str, Chain] = Field(default_factory=dict)
    funds: dict[str, Fund] = Field(default_factory=dict)
    investment: Investment
    projects: dict[str, Project] = Field(default_factory=dict)
    listing: Listing = Field(default_factory=Listing)
    pool: Pool | None = None
    pipeline: Desks | None = None
    mixes: dict[str, Mix]
    limits: dict[str, Limit] = Field(default_factory=dict)
    indicators: dict[str, IndicatorSpec] = Field(default_factory=dict)
    relations: dict[str, RelationSpec] = Field(default_factory=dict)
    targets: dict[str, TargetSpec] = Field(min_length=1)
    history: History = Field(default_factory=History)
    outlook: Outlook = Field(default_factory=Outlook)
    experience: Experience | None = None
    anchor: AnchorSpec = Field(default_factory=AnchorSpec)
    actuals: Actuals | None = None
    to_date: ToDate | None = None
    long_view: LongView | None = None
    plausible: Plausible | None = None
    uncertainty: Uncertainty = Field(default_factory=Uncertainty)

    @property
    def words(self) -> Terms:
        """The region's own words, as messages take them."""
        said = {key: getattr(self.terms, key) for key in MEANT}
        return tuple((key, word) for key, word in said.items() if word is not None)

    @property
    def money_scale(self) -> float:
        """How many of the currency make the unit in which the accounts are kept."""
        return self.money.scale

    @property
    def plan(self) -> str:
        """Key of the mix that is the plan."""
        return "plan"
