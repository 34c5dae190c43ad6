"""What a first scenario says of the past and of the nation: where its level comes from
(新建方案：历史和展望)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..models.errors import Problem
from ..models.words import msg
from .files import own_yaml, shipped
from .report import Report
from .tables.values import whole

if TYPE_CHECKING:
    from .begin import Facts
    from .document import Node

EXPERIENCE = "china-2023/experience.yaml"
"""How Chinese cities fared: what a reference forecast rests on."""


def past_part(facts: Facts) -> str:
    """Growth and targets of past years and the nation's outlook, from which the reference forecast starts."""
    return _history(facts) + _outlook(facts)


def not_past(past: Mapping[int, object], base: int) -> list[Problem]:
    """What is told of years that a history cannot have."""
    from .rules_targets import LONGEST_HISTORY

    first = base - LONGEST_HISTORY
    expected = msg("a year from {first} to {last}, the base year", first=first, last=base)
    return [Problem("--past", str(year), expected) for year in past if not first <= year <= base]


def read_past(path: Path, report: Report) -> dict[int, tuple[float | None, float | None]]:
    """Growth and target by year out of a table (CSV, workbook); mistakes go to the report, each with its
    cell."""
    from .candidates import grid_of
    from .spreadsheet import table
    from .tables.panels import years

    grid = grid_of(path, report)
    if grid is None:
        return {}
    rows = table(years(grid, "history", report), "history.years", report)
    return {
        known: (_stated(row.map.get("growth")), _stated(row.map.get("target")))
        for year, row in rows.items()
        if (known := whole(year)) is not None
    }


def _stated(node: Node | None) -> float | None:
    return None if node is None or not node.number else float(node.value)  # type: ignore[arg-type]


def _history(facts: Facts) -> str:
    """Growth and targets by year, as far as they were given."""
    known = dict(facts.past)
    if facts.growth is not None:
        known[facts.year] = (facts.growth, known[facts.year][1] if facts.year in known else None)
    about = (
        "# 历年增速和目标，供参照预测，越多越准 growth and targets of past years, for the reference forecast:"
        " the more, the narrower\n"
    )
    rows = (
        "".join(
            f'    "{year}": {{{_pair(growth, target)}}}\n' for year, (growth, target) in sorted(known.items())
        )
        + f'    "{facts.year + 1}": {{target: {_figure(facts.ensure)}}}\n'
    )
    grown = known[facts.year][0] if facts.year in known else None
    last = "" if grown is None else f"  outcomes: {{gdp_growth: {_figure(grown)}}}\n"
    return f"history:                                   {about}  source: entered\n  years:\n{rows}{last}\n"


def _pair(growth: float | None, target: float | None) -> str:
    """What is known of a year."""
    named = {"growth": growth, "target": target}
    return ", ".join(f"{name}: {_figure(value)}" for name, value in named.items() if value is not None)


def _outlook(facts: Facts) -> str:
    """The nation's outlook: given, shipped, or to be stated."""
    if facts.outlook is not None:
        return (
            "outlook:                                   # 全国（本国）增长预测 the nation's growth, as"
            f" forecast\n  source: entered\n  growth: {_figure(facts.outlook)}\n\n"
        )
    if facts.experienced:
        return (
            "# 全国展望取随附版本（{0}年1月） the nation's outlook is the shipped edition of January {0};"
            " your own goes before it:\n# outlook: {{growth: {{value: 5, assumption: why}}, error: {{value:"
            " 1, assumption: why}}}}\n\n"
        ).format(facts.year + 1)
    return (
        "# 没有随附的全国展望：写上 outlook，增速水平才按参照预测 no outlook of the nation is shipped for"
        f" {facts.year + 1}: state one, and the level\n# is that of a reference forecast\n# outlook:"
        " {growth: {value: 5, assumption: why}, error: {value: 1, assumption: why}}\n\n"
    )


def shipped_years() -> frozenset[int]:
    """Target years for which an outlook of the nation is shipped."""
    return frozenset(map(int, own_yaml(shipped() / EXPERIENCE)["experience"]["ahead"]))


def _figure(value: float) -> str:
    return f"{value:.10g}"
