"""What each unfinished project does where it is deleted, cancelled, hastened or delayed (逐个项目的变动)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.quantity import Text
from .table import Column, Table

if TYPE_CHECKING:
    from ..engine.run import Answer


def changes(answer: Answer) -> Table | None:
    """One row a project and change: growth of the target year, GDP up to the last year, money of other works
    of its sector."""
    if not answer.changes:
        return None
    at, base = answer.year - 1, answer.economy.base_year
    last, year = base + answer.economy.years, base + answer.year
    projects = answer.scenario.projects
    rows: list[tuple[Any, ...]] = []
    for move in answer.changes:
        name = (
            projects[move.project].title
            if move.project
            else Text(zh="全部未完工具名项目", en="All unfinished named projects")
        )
        gone = 0.0 if move.displaced is None else float(move.displaced[:, at].sum())
        rows.append(
            (
                move.project or "all",
                move.id,
                name,
                move.title,
                float(move.gdp[at]),
                float(move.industry[at]),
                float(move.total[at]),
                float(move.total[-1]),
                gone,
            )
        )
    columns = (
        Column("project", "项目代码", "Project id", shown=False),
        Column("change", "变动代码", "Change id", shown=False),
        Column("title", "项目", "Project"),
        Column("what", "变动", "Change"),
        Column("gdp", f"GDP增速 {year}", f"GDP growth {year}", "points", 3, signed=True),
        Column("industry", f"规上工业增速 {year}", f"Above-scale industry {year}", "points", 3, signed=True),
        Column("made", f"GDP {year}", f"GDP {year}", "亿元", 2, signed=True),
        Column("total", f"GDP累计至{last}", f"GDP up to {last}", "亿元", 1, signed=True),
        Column("displaced", f"挤出其他工程 {year}", f"Taken from other works {year}", "亿元", 1, signed=True),
    )
    note = Text(
        zh=(
            "“从清单删除”是信息变化：不知道有这个项目，"
            "连带改变对上年常态和清单外项目的推断；取消才是项目不做。取消：已花的钱不产生产出，"
            "余款不用，或转投本行业其他工程（扣除后为机会成本）。提前一季：未开工的早开工、"
            "在建的早投产；另加资金时累计产出不减，"
            "总额不变时从本行业其他工程中让出资金（末列），当年增速可能因此下降。GDP按基年价。"
        ),
        en=(
            "Deleted is a change of information: nobody knows of the project, and what is inferred of last"
            " year and of works on no list changes with it. Cancelled means not done: what was spent brings"
            " nothing, the rest is saved, or goes to other works of the sector (the difference is the cost of"
            " the choice). A quarter sooner: those ahead begin, those under way finish sooner; with money"
            " added no output is lost up to any year; within the same total other works of the sector give up"
            " money (last column), and growth of the year may fall by it. GDP at base-year prices."
        ),
    )
    return Table(
        "changes",
        Text(zh="项目取消、提前与推后的影响", en="Projects cancelled, hastened or delayed"),
        columns,
        tuple(rows),
        ("project", "change"),
        note,
    )
