"""Value at risk of projects as a table (项目延期影响)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.quantity import Text
from .table import Column, Table, hide_empty
from .wording import TIERS

if TYPE_CHECKING:
    from ..engine.run import Answer


def slip_table(answer: Answer) -> Table | None:
    """Each project a quarter later: what the first main target loses, in its unit, in money and in
    probability."""
    if answer.ranked_by is None or not answer.slips:
        return None
    target = answer.sheet.targets[answer.ranked_by]
    stated = answer.scenario.projects
    rows = tuple(
        (
            one.project,
            stated[one.project].title,
            answer.scenario.sectors[stated[one.project].sector].title,
            float(stated[one.project].invest.value),
            one.effect,
            one.money,
            *(100 * one.chances[tier] if tier in one.chances else None for tier in TIERS),
        )
        for one in answer.slips
    )
    now, base = answer.economy.base_year + answer.year, answer.economy.base_year
    unit = "points" if target.unit == "%" else target.unit
    columns = (
        Column("project", "项目代码", "Project id", shown=False),
        Column("title", "项目", "Project"),
        Column("sector", "部门", "Sector"),
        Column("invest", "总投资", "Investment", "亿元", 1),
        Column(
            "effect",
            f"{now}年{target.title.of('zh')}变动",
            f"Change of {target.title.of('en')} {now}",
            unit,
            3,
            signed=True,
        ),
        Column(
            "money",
            f"{now}年GDP变动（{base}年价）",
            f"Change of GDP {now} ({base} prices)",
            "亿元",
            2,
            signed=True,
        ),
        *(
            Column(
                f"chance_{tier}",
                f"{name.zh}档概率变动",
                f"Change of probability, {name.en}",
                "points",
                2,
                signed=True,
            )
            for tier, name in TIERS.items()
        ),
    )
    note = Text(
        zh=(
            "每次只让一个未投产的具名项目推迟一季（3个月），其余不变，在中心情形下模拟；按损失由大到小。"
            "概率变动：把各情形的结果平移该影响，"
            "达到该档的情形占比变动多少。当年为零的项目在当年之后才投产。"
        ),
        en=(
            "One named project that is not yet commissioned comes a quarter (3 months) later, all else equal,"
            " simulated in the central case; the largest loss first. Change of probability: by how much the"
            " share of futures that reach the tier changes where every outcome is moved by that effect."
            " Projects with zero come on line after the year."
        ),
    )
    table = Table(
        "slips",
        Text(zh="项目延期影响：单个项目推迟一季", en="Value at risk: one project a quarter later"),
        columns,
        rows,
        ("project",),
        note,
    )
    return hide_empty(table, *(f"chance_{tier}" for tier in TIERS))
