"""The gap sheet: what is lacking to a growth target, sector by sector, and how much of it is late projects
(缺口分解)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...models.economy import Economy
from ...models.span import Over
from ...models.target import Sheet, Target
from ...scenarios.schema import Scenario
from ..decide.assess import Run
from ..projects.variants import Variant, each_varied, one_by_one
from .audit.pins import Known

WHOLE = "gdp_growth"


@dataclass(frozen=True)
class SectorGap:
    """A sector: value added of the year before, growth asked of it and expected (%), and what is lacking
    (money, minus lacks).

    ``set_by`` is the id of the target that asks this growth of it, empty where the sector takes its part of
    the rest.
    """

    sector: str
    before: float
    asked: float
    expected: float
    money: float
    set_by: str


@dataclass(frozen=True)
class Late:
    """A project behind its plan, and the value added of the target year that this costs (money, minus is a
    loss)."""

    project: str
    sector: str
    months: float
    money: float


@dataclass(frozen=True)
class Gap:
    """One tier of GDP growth: its gap in money at base-year prices (minus lacks), by sector and by cause.

    Both divisions add up to ``money``: the parts, and late projects + ``together`` + ``other``.
    ``together`` is what late projects do jointly beyond the sum of each alone.
    """

    target: Target
    tier: str
    asked: float
    expected: float
    before: float
    money: float
    parts: tuple[SectorGap, ...]
    late: tuple[Late, ...]
    together: float
    other: float

    @property
    def points(self) -> float:
        """The gap in percentage points."""
        return self.expected - self.asked


def gaps(scenario: Scenario, economy: Economy, sheet: Sheet, plan: Run, year: int) -> tuple[Gap, ...]:
    """The gap of GDP growth at each of its tiers; none where the sheet has no such row.

    A sector that another growth row of the sheet speaks for is asked that row's growth; all others are asked
    the same
    number of points more (or less) than expected, so that the sheet's GDP growth comes out:

    .. math:: r_i = g_i + \\frac{\\sum_{j \\in B} v_j (r_B - g_j)}{\\sum_{j \\in B} v_j}, \\qquad \\sum_i v_i r_i = V r

    with v value added of the year before, g expected growth, r growth asked, B the sectors that one row
    speaks for. Rows of several years each have a gap of their own, of growth over all of the years.
    """  # noqa: E501
    spans = dict.fromkeys(target.over for target in sheet.targets.values() if target.indicator == WHOLE)
    return tuple(
        gap
        for over in spans
        for gap in _of_years(scenario, economy, sheet.speaking_of(over), plan, over or Over(year, year))
    )


def _of_years(scenario: Scenario, economy: Economy, sheet: Sheet, plan: Run, over: Over) -> Iterator[Gap]:
    """The gap of GDP growth over some years: what they ask in all, against what they bring.

    Of a row that is held in every year the one with the least growth counts.
    """
    known = Known(scenario, economy, sheet)
    row = next(
        (one for one in known.aggregates if one.target.indicator == WHOLE and one.target.at_most is None),
        None,
    )
    if row is None:
        return
    asked_over = over.asked(sheet.series(row.target, plan.path))
    first, last, count = asked_over.first, asked_over.last, asked_over.last - asked_over.first + 1
    before = {key: float(plan.path.sector_va(key)[first - 1, 0]) for key in economy.sector_ids}

    def in_all(growth: float) -> float:
        """What growth of the row's kind comes to over its years, %."""
        return growth if count == 1 else 100 * (asked_over.measure.factor(growth, count) - 1)

    # what draws and the confidence asked for take off the central case is taken off every sector in equal
    # points
    value = float(over.value(sheet.series(row.target, plan.path), over.last)[0])
    off = sheet.offsets.get(row.target.id, 0.0) + row.target.margin
    off = (off if count == 1 else in_all(value + off) - in_all(value)) / 100
    after = {key: float(plan.path.sector_va(key)[last, 0]) + before[key] * off for key in economy.sector_ids}
    late, joint = _late(scenario, economy, plan, last)
    for tier, growth in row.target.tiers.items():
        asked = in_all(growth)
        blocks, _ = known.blocks(row, tier)
        rows = [
            (block.sectors, in_all(block.pin.growth), block.pin.source)
            for block in blocks
            if block.set_by_sheet
        ]
        parts = divided(before, after, asked, rows)
        whole = sum(before.values())
        money = sum(after.values()) - whole * (1 + asked / 100)
        expected = 100 * (sum(after.values()) / whole - 1)
        together = joint - sum(one.money for one in late)
        yield Gap(row.target, tier, asked, expected, whole, money, parts, late, together, money - joint)


def divided(
    before: Mapping[str, float],
    after: Mapping[str, float],
    asked: float,
    rows: Sequence[tuple[tuple[str, ...], float, str]],
) -> tuple[SectorGap, ...]:
    """The gap of the whole by sector: rows that speak for sectors first, the rest in equal points.

    Where rows speak for every sector, what they leave is asked of all in equal points.

    Parameters
    ----------
    before, after
        Value added of each sector in the year before and, as expected, in the target year.
    asked
        Growth asked of the whole, %.
    rows
        Sectors that another row speaks for, the growth it asks of them together, its name.

    >>> [round(part.money, 2) for part in divided({"a": 50.0, "b": 50.0}, {"a": 52.0, "b": 53.0}, 6.0, [(("a",), 5.0, "row")])]
    [-0.5, -0.5]
    """  # noqa: E501
    growth = {key: 100 * (after[key] / value - 1) if value > 0 else 0.0 for key, value in before.items()}
    wanted, by = dict(growth), dict.fromkeys(before, "")
    for sectors, rate, name in rows:
        own = sum(before[key] for key in sectors)
        more = sum(before[key] * (rate - growth[key]) for key in sectors) / own if own > 0 else 0.0
        wanted |= {key: growth[key] + more for key in sectors}
        by |= dict.fromkeys(sectors, name)
    free = [key for key in before if not by[key]] or list(before)
    weight = sum(before[key] for key in free)
    left = sum(before.values()) * asked - sum(before[key] * wanted[key] for key in before)
    wanted |= {key: wanted[key] + left / weight for key in free} if weight > 0 else {}
    return tuple(
        SectorGap(
            key,
            before[key],
            wanted[key],
            growth[key],
            before[key] * (growth[key] - wanted[key]) / 100,
            by[key],
        )
        for key in before
    )


def _late(scenario: Scenario, economy: Economy, plan: Run, year: int) -> tuple[tuple[Late, ...], float]:
    """What the slip that the scenario expects costs: each project (of many the largest) alone without it, and
    all together."""
    behind = [p for p in plan.pipeline_run.projects if p.stage != "commissioned" and p.slip > 0]
    if not behind:
        return (), 0.0
    alone = one_by_one(behind)
    timely = [Variant("on_time", frozenset((p.id,))) for p in alone]
    timely.append(Variant("on_time", frozenset(p.id for p in behind)))
    lost = [
        float(path.gdp[year][0] - path.gdp[year][draw])
        for _, path, draw in each_varied(scenario, economy, plan.plan, timely, year)
    ]
    late = [Late(p.id, p.sector, p.slip, money) for p, money in zip(alone, lost[:-1], strict=True)]
    return tuple(sorted(late, key=lambda one: (one.money, one.project))), lost[-1]
