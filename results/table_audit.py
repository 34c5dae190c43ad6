"""Whether the rows of the sheet fit one another (目标体检)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..models.consistency import Level
from ..models.quantity import Quantity, Text
from .format import number, unit_text
from .table import Column, Table
from .wording import TIERS, both, percent_closed

if TYPE_CHECKING:
    from ..engine.audit import Audit, Line
    from ..scenarios.schema import Scenario

_MOST_SOURCES = 6


def audit_table(found: Audit, scenario: Scenario) -> Table:
    """Every comparison with its arithmetic, the findings first."""
    findings = found.findings
    order = [*findings, *(line for line in found.lines if line not in findings)]
    columns = (
        Column("check", "代码", "Check id", shown=False),
        Column("target", "目标代码", "Target id", shown=False),
        Column("tier_id", "档次代码", "Tier id", shown=False),
        Column("level_id", "程度代码", "Level id", shown=False),
        Column("finding", "是否结论", "Is the row's judgement", shown=False),
        Column("about", "核对", "What is compared"),
        Column("tier", "档", "Tier"),
        Column("level", "程度", "Level"),
        Column("asked", "表中要求", "Asked", digits_from="digits"),
        Column("implied", "其余数推得", "Implied", digits_from="digits"),
        Column("difference", "差", "Difference", digits_from="digits", signed=True),
        Column("doubt", "推算的标准差", "Its standard deviation", digits_from="digits"),
        Column("unit", "单位", "Unit"),
        Column("nearest", "相符的档", "Tier that fits best"),
        Column("says", "说明", "In words"),
        Column("basis", "算式", "Arithmetic"),
        Column("numbers", "用到的数及出处", "Numbers behind it and their sources"),
        Column("missing", "缺的数", "Missing"),
        Column("digits", "位数", "Digits", shown=False),
    )
    note = Text(
        zh=(
            "不经模拟，只作算术：表中要求与其余数推得之差，超过一个标准差（或与另一档更相符）为偏紧或偏松，"
            "高出两个以上为矛盾；四舍五入范围内为一致。"
            "标准差来自所用数的区间和增速的年际波动。"
            "上限只在其余数推得更高时偏紧或矛盾；上下限之间都算一致；两个上限互不矛盾。每行一个结论。"
        ),
        en=(
            "Arithmetic on stated numbers, nothing is simulated. What is asked against what the other numbers"
            " imply: tight or loose beyond one standard deviation (or where another tier fits better),"
            " contradictory where more by over two is asked, consistent within rounding. The deviation comes"
            " from the ranges of the numbers and from how growth swings from year to year (history.swing). A"
            " ceiling is tight or contradictory only where the other numbers imply more; between a floor and"
            " a ceiling all is consistent; two ceilings never contradict each other. Each row has one"
            " judgement."
        ),
    )
    rows = tuple(_row(line, scenario, line in findings) for line in order)
    return Table(
        "audit",
        Text(zh="目标体检", en="Audit of the sheet"),
        columns,
        rows,
        ("check", "target", "tier_id", "about"),
        note,
    )


def _row(line: Line, scenario: Scenario, finding: bool) -> tuple[Any, ...]:
    off = None if line.asked is None or line.implied is None else line.asked - line.implied
    return (
        line.check,
        line.target,
        line.tier or None,
        line.level.name.lower(),
        finding,
        line.about,
        TIERS.get(line.tier),
        line.level.value,
        line.asked,
        line.implied,
        off,
        line.doubt,
        unit_text(line.unit),
        TIERS.get(line.nearest or ""),
        percent_closed(line.says),
        percent_closed(line.basis, False),
        _numbers(line.used, scenario),
        ", ".join(line.missing) or None,
        line.digits + 1,
    )


def _numbers(used: Sequence[Quantity], scenario: Scenario) -> Text | None:
    """Each number with its source or that it is an assumption."""
    if not used:
        return None

    def say(lang: str) -> str:
        parts = [
            f"{one.path or '?'} = {number(one.value, None)} ({_source(one, scenario, lang)})"
            for one in used[:_MOST_SOURCES]
        ]
        more = len(used) - _MOST_SOURCES
        tail = [f"… 另 {more} 个" if lang == "zh" else f"and {more} more"] if more > 0 else []
        return "; ".join([*parts, *tail])

    return both(say)


def _source(one: Quantity, scenario: Scenario, lang: str) -> str:
    if one.source is None:
        return "假定" if lang == "zh" else "assumption"
    source = scenario.sources.get(one.source)
    return (source.zh if lang == "zh" else source.en) or one.source if source else one.source


def tally(found: Audit) -> dict[Level, int]:
    """How many comparisons stand on each level."""
    return {
        grade: sum(1 for line in found.lines if line.level is grade and line.check != "rest")
        for grade in Level
    }
