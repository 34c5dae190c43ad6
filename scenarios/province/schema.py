"""Every key of a file of regions (省—市—县文件)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...models.money import MONEY
from ...models.quantity import Bilingual, Quantity, StrictModel, maybe, measured
from ..schema import Source
from ..schema_forecast import Outlook

HEAD = "regions"
"""The key by which a file of regions is told from a scenario."""
EXTRA = 10.0
"""Extra investment that a member may make where no limit is stated, % of its plan: an assumption, and told as
one."""
CUT = 5.0
"""Investment that a member may give up at most where no limit is stated, % of its plan: likewise."""
PEOPLE = "万人"
"""The unit of population."""
DISTANCE = 0.9
"""Elasticity of trade to distance where none is stated: the mean of 1,467 estimates (Disdier, A.-C. & Head,
K. 2008. The puzzling persistence of the distance effect on bilateral trade. Review of Economics and
Statistics 90(1): 37-48)."""


class ParentSpec(StrictModel):
    """The parent's own accounts of the base year (上级账户)."""

    gdp: Quantity = measured(MONEY, "GDP of the base year (地区生产总值).", 0.001)
    primary: Quantity | None = maybe(MONEY, "Value added of the primary sector (第一产业).", 0)
    secondary: Quantity | None = maybe(MONEY, "Value added of the secondary sector (第二产业).", 0)
    growth: Quantity | None = maybe("%/yr", "Real growth of GDP in the base year (基年增速).", -50, 100)


class TiersSpec(StrictModel):
    """Target of the growth of GDP (增速目标)."""

    ensure: Quantity | None = maybe("%", "The lower tier (确保).", -30, 50)
    stretch: Quantity | None = maybe("%", "The upper tier (力争).", -30, 50)


class GapSpec(StrictModel):
    """Target of the gap (差距目标)."""

    at_most: Quantity = measured(
        "1", "GDP per head of the richest member over that of the poorest, at most (人均差距).", 1, 100
    )


class TargetsSpec(StrictModel):
    """What is asked of the sum, and of the gap between members (全省目标)."""

    growth: TiersSpec = Field(default_factory=TiersSpec)
    gap: GapSpec | None = None


class PlaceSpec(StrictModel):
    """Where a member lies, for the map and for trade that falls with distance (坐标)."""

    latitude: Quantity = measured("degrees", "Of its seat, north positive (纬度).", -90, 90)
    longitude: Quantity = measured("degrees", "Of its seat, east positive (经度).", -180, 180)


class MemberSpec(StrictModel):
    """One member: a scenario, or more about a row of the table (成员)."""

    scenario: str | None = Field(None, description="Its scenario: a path from this file, or example:NAME.")
    title: Bilingual | None = Field(None, description="Its name; otherwise that of the scenario or the row.")
    population: Quantity | None = maybe(PEOPLE, "Residents (常住人口), for GDP per head.", 0.001)
    place: PlaceSpec | None = None
    regions: Quantity | None = maybe(
        "1",
        "How many regions of equal size it stands for, as the rest of a province does: shocks of its own are"
        " those of their mean; left out: 1.",
        1,
        1000,
    )


class TradeSpec(StrictModel):
    """What members buy of one another: from a table, or by size and distance (区域间贸易)."""

    content: Quantity = measured("%", "Value added in a unit of what is sold (增加值含量).", 0.1, 100)
    rows: str | None = Field(
        None, description="CSV or workbook beside this file: seller, buyer, amount in the base year."
    )
    sheet: str | None = Field(None, description="Name of the sheet, where a workbook has several.")
    within: Quantity | None = maybe(
        "%",
        "Where there is no table: what members buy of one another, % of their GDP together; divided by size"
        " and distance.",
        0.01,
        99,
    )
    distance: Quantity | None = maybe("1", "How trade falls with distance (距离弹性); left out: 0.9.", 0, 5)


class TableSpec(StrictModel):
    """A table of members, a row each; or a panel with a column of years, a row a member and year (市州表)."""

    rows: str = Field(description="CSV or workbook beside this file.")
    sheet: str | None = Field(None, description="Name of the sheet, where a workbook has several.")
    take: tuple[str, ...] = Field((), description="Names of the rows to take; left out: all.")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "By hand, where a heading is not understood: `gdp: heading as it stands`; keys: name, gdp,"
            " primary, secondary, industry, construction, tertiary, growth, target, stretch, people, fai,"
            " plan, planned, latitude, longitude, year."
        ),
    )


class MemberLimitSpec(StrictModel):
    """What one member may do (限额)."""

    most: Quantity | None = maybe(
        "%", "Extra investment at most, % of the member's plan; left out: 10.", 0, 200
    )
    cut: Quantity | None = maybe(
        "%", "Investment given up at most for others, % of the member's plan; left out: 5.", 0, 100
    )


class Regions(StrictModel):
    """A parent and its members (省—市—县)."""

    title: Bilingual
    country: str = Field("China", description="Where it lies: decides the priors of members of a table.")
    year: int = Field(description="Base year, whose accounts are known; the target year is the next.")
    parent: ParentSpec
    targets: TargetsSpec = Field(default_factory=TargetsSpec)
    reconcile: Literal["scale", "rest", "tell"] = Field(
        "scale",
        description=(
            "What is done where the members do not add up to the parent: all members in proportion, a member"
            " for the rest, or nothing but telling it."
        ),
    )
    members: dict[str, MemberSpec] = Field(default_factory=dict)
    table: TableSpec | None = None
    limits: dict[str, MemberLimitSpec] = Field(
        default_factory=dict, description="By member; left out: 10 % more than planned, 5 % less."
    )
    outlook: Outlook | None = Field(
        None,
        description=(
            "Growth of the nation in the target year for all members, before their own: a number, an edition"
            " (`january`, `october`, `none`), or a map."
        ),
    )
    trade: TradeSpec | None = None
    pool: Quantity | None = maybe(
        MONEY, "Money of the parent to be shared among members, beyond their plans (上级资金).", 0.001
    )
    confidence: Quantity | None = maybe(
        "%", "Chance from which a tier counts as reached; left out: 50, that of the median (把握要求).", 1, 99
    )
    seed: int = Field(20240101, ge=0, lt=2**63, description="Seed of all draws.")


class ProvinceFile(StrictModel):
    """What a file of regions holds."""

    dabiao: int = 1
    regions: Regions
    sources: dict[str, Source] = Field(default_factory=dict)
