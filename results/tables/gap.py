"""The gap sheet as a table: by sector and by cause, in money and points, adding up to the printed digit
(缺口分解)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...engine.diagnose.gap import Gap
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import number
from ..text.rounding import largest_remainder
from ..text.wording import TIERS, amount, listed, points
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.run import Answer

MONEY, POINTS = 2, 2
_SECTOR, _CAUSE = msg("by sector"), msg("by cause")
_TOGETHER = msg("Late projects together, beyond each alone")
_OTHER = msg("All else: demand, markets and capacity")
_TOTAL = msg("Gap in all")


def gap_sheet(answer: Answer) -> Table | None:
    """Every tier of GDP growth: parts by sector, then by cause, each adding up to the gap as printed.

    Money and points are rounded here by the largest remainder: every form of the report shows the same
    digits.
    """
    rows: list[tuple[Any, ...]] = []
    for gap in answer.gaps:
        rows += _rows(answer, gap)
    if not rows:
        return None
    columns = (
        Column("tier_id", msg("Tier id"), shown=False),
        Column("tier", msg("Tier", context="table_gap")),
        Column("block", msg("Block"), shown=False),
        Column("division", msg("Divided")),
        Column("level", msg("Level"), shown=False),
        Column("item", msg("Item id", context="table_gap"), shown=False),
        Column("title", msg("Item", context="table_gap")),
        Column("before", msg("Value added, year before"), "亿元", 1),
        Column("asked", msg("Growth asked"), "%", 2),
        Column("expected", msg("Expected"), "%", 2),
        Column("set_by", msg("Asked by")),
        Column("months", msg("Late by"), "months", 1),
        Column("gap_yi", msg("Margin (+) or gap (-)"), "亿元", MONEY, signed=True),
        Column("gap", msg("Margin (+) or gap (-)"), "points", POINTS, signed=True),
    )
    note = msg(
        "Each tier is divided twice, and each division adds up to the gap in the digits shown (largest"
        " remainder). By sector: a sector that another growth row speaks for is asked that growth, all others"
        " the same number of points more or less than expected, so that GDP comes to the tier; money at"
        " base-year prices. By cause: the slip that the scenario expects is taken from one named project at a"
        " time and simulated again; what they do together is taking all away at once less the sum of each."
    )
    return Table("gap_sheet", msg("Gap sheet"), columns, tuple(rows), ("block", "item"), note)


def _rows(answer: Answer, gap: Gap) -> list[tuple[Any, ...]]:
    scenario, tier = answer.scenario, TIERS[gap.tier]
    sectors = [
        (
            part.sector,
            scenario.sectors[part.sector].title,
            part.before,
            part.asked,
            part.expected,
            _by(answer, part.set_by),
            None,
            part.money,
        )
        for part in gap.parts
    ]
    causes: list[tuple[Any, ...]] = [
        (one.project, scenario.projects[one.project].title, None, None, None, None, one.months, one.money)
        for one in gap.late
        if abs(one.money) >= 0.005
    ]
    rest = sum(one.money for one in gap.late if abs(one.money) < 0.005)
    if causes:
        causes.append(("together", _TOGETHER, None, None, None, None, None, gap.together + rest))
    causes.append(
        ("other", _OTHER, None, None, None, None, None, gap.money - sum(cause[-1] for cause in causes))
    )
    made: list[tuple[Any, ...]] = []
    for name, division, parts in (("sector", _SECTOR, sectors), ("cause", _CAUSE, causes)):
        block = f"{gap.tier}:{name}"
        money = largest_remainder([part[-1] for part in parts], MONEY, gap.money)
        share = largest_remainder([100 * part[-1] / gap.before for part in parts], POINTS, gap.points)
        head = (gap.tier, tier, block, division)
        made += [
            (*head, "part", *part[:-1], yi, point)
            for part, yi, point in zip(parts, money, share, strict=True)
        ]
        made.append(
            (
                *head,
                "total",
                "total",
                _TOTAL,
                gap.before,
                gap.asked,
                gap.expected,
                None,
                None,
                float(number(gap.money, MONEY)),
                float(number(gap.points, POINTS)),
            )
        )
    return made


def _by(answer: Answer, source: str) -> Bilingual | None:
    """What asks a sector's growth: the title of the row, or the investment row."""
    if not source:
        return None
    target = answer.sheet.targets.get(source.removesuffix(":rest").removesuffix(":ceiling"))
    if target is not None:
        return target.title
    return msg("Fixed-asset investment") if source.startswith("investment:") else Bilingual.same(source)


def gap_sentence(answer: Answer, lang: str) -> str:
    """The first tier that is missed: how much, where most, and what late projects cost."""
    gap = next((one for one in answer.gaps if one.points < 0), None)
    if gap is None:
        return ""
    worst = [part for part in sorted(gap.parts, key=lambda part: part.money) if part.money < 0][:3]
    named = listed(
        [
            f"{answer.scenario.sectors[part.sector].title.of(lang)}"
            f" {amount(part.money, '亿元', lang, plus=True)}"
            for part in worst
        ],
        lang,
    )
    told = tr(
        lang,
        "{title} lacks {money} ({points}) of its {tier} tier; most of it in {sectors}",
        title=gap.target.title,
        money=amount(-gap.money, "亿元", lang),
        points=points(-gap.points, lang).lstrip("+"),
        tier=TIERS[gap.tier],
        sectors=named,
    )
    if not gap.late:
        return told
    late = gap.together + sum(one.money for one in gap.late)
    values: dict[str, Any] = {"told": told, "money": amount(abs(late), "亿元", lang)}
    if late < 0:
        return tr(
            lang,
            "{told}; the slip expected of named projects costs {money} of it",
            **values,
        )
    return tr(
        lang,
        "{told}; the slip expected of named projects spares {money} of it",
        **values,
    )
