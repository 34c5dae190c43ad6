"""Every picture of a report; one more picture is one function and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...models.quantity import Text
from ..table import Table
from .bars import slips, tornado
from .fan import fans
from .fields import links, reliability
from .gantt import gantt
from .mixes import frontier_points, mix_bars
from .scene import Scene
from .sheet import chances, growth_sheet
from .waterfall import difference_waterfall, sectors_waterfall
from .words import Words


@dataclass(frozen=True)
class Chart:
    """A picture: its caption, and how it is drawn from the tables; None where they have nothing to draw."""

    title: Text
    draw: Callable[[Mapping[str, Table], Words], Scene | None]


CHARTS: dict[str, Chart] = {
    "sheet": Chart(Text(zh="各项目标：预计值与两档", en="Targets: expected values and both tiers"), growth_sheet),
    "chances": Chart(Text(zh="达到各档的概率（细线为95%抽样误差）", en="Probability of each tier (thin lines: 95 % sampling error)"), chances),
    "fan": Chart(Text(zh="主要目标逐年区间", en="Main targets over the years"), fans),
    "waterfall": Chart(Text(zh="各部门对经济增长的拉动", en="What each sector pulls of GDP growth"), sectors_waterfall),
    "mixes": Chart(Text(zh="投资结构比较：当年增速与期末规模", en="Mixes compared: growth of the year, size at the end"), mix_bars),
    "frontier": Chart(Text(zh="当年增速与期末规模的取舍（虚线连接互不占优的结构）", en="This year's growth against size at the end (dashed: mixes that none beats in both)"), frontier_points),
    "gantt": Chart(Text(zh="具名项目进度：计划与模拟", en="Named projects: planned and simulated"), gantt),
    "slips": Chart(Text(zh="单个项目推迟一季的影响", en="One project a quarter later: what it costs"), slips),
    "tornado": Chart(Text(zh="结论最依赖的数", en="What the answer hangs on"), tornado),
    "reliability": Chart(Text(zh="可靠性图", en="Reliability diagram"), reliability),
    "links": Chart(Text(zh="部门间直接消耗（本地投入）热力图", en="Heat map of local inputs between sectors"), links),
    "difference": Chart(Text(zh="差异归因", en="What the difference comes from"), difference_waterfall),
}  # fmt: skip


def drawn(name: str, tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A picture by name; None where the tables have nothing for it."""
    chart = CHARTS.get(name)
    return chart.draw(tables, words) if chart else None
