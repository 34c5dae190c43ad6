"""Whether the rows of the sheet fit one another (目标体检)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...models.consistency import Consistency
from ...models.quantity import Bilingual, Quantity
from ...models.words import msg, tr
from ..text.format import number, unit_text
from ..text.wording import TIERS, both, percent_closed
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.diagnose.audit import Audit, AuditLine
    from ...scenarios.schema import Scenario

_MOST_SOURCES = 6


def audit_table(found: Audit, scenario: Scenario) -> Table:
    """Every comparison with its arithmetic, the findings first."""
    findings = found.findings
    order = [*findings, *(line for line in found.lines if line not in findings)]
    columns = (
        Column("check", msg("Check id"), shown=False),
        Column("target", msg("Target id"), shown=False),
        Column("tier_id", msg("Tier id"), shown=False),
        Column("level_id", msg("Level id"), shown=False),
        Column("finding", msg("Is the row's judgement"), shown=False),
        Column("about", msg("What is compared")),
        Column("tier", msg("Tier")),
        Column("level", msg("Level", context="table_audit")),
        Column("asked", msg("Asked"), digits_from="digits"),
        Column("implied", msg("Implied"), digits_from="digits"),
        Column("difference", msg("Difference", context="table_audit"), digits_from="digits", signed=True),
        Column("sd", msg("Its standard deviation"), digits_from="digits"),
        Column("unit", msg("Unit")),
        Column("nearest", msg("Tier that fits best")),
        Column("says", msg("In words")),
        Column("basis", msg("Arithmetic")),
        Column("numbers", msg("Numbers behind it and their sources")),
        Column("missing", msg("Missing")),
        Column("digits", msg("Digits"), shown=False),
    )
    note = msg(
        "Arithmetic on stated numbers, nothing is simulated. What is asked against what the other numbers"
        " imply: tight or loose beyond one standard deviation (or where another tier fits better),"
        " contradictory where more by over two is asked, consistent within rounding. The deviation comes from"
        " the ranges of the numbers and from how growth swings from year to year (history.swing). A ceiling"
        " is tight or contradictory only where the other numbers imply more; between a floor and a ceiling"
        " all is consistent; two ceilings never contradict each other. Each row has one judgement."
    )
    rows = tuple(_row(line, scenario, line in findings) for line in order)
    return Table(
        "audit",
        msg("Audit of the sheet"),
        columns,
        rows,
        ("check", "target", "tier_id", "about"),
        note,
    )


def _row(line: AuditLine, scenario: Scenario, finding: bool) -> tuple[Any, ...]:
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
        line.sd,
        unit_text(line.unit),
        TIERS.get(line.nearest or ""),
        percent_closed(line.says),
        percent_closed(line.basis, False),
        _numbers(line.used, scenario),
        ", ".join(line.missing) or None,
        line.digits + 1,
    )


def _numbers(used: Sequence[Quantity], scenario: Scenario) -> Bilingual | None:
    """Each number with its source or that it is an assumption."""
    if not used:
        return None

    def say(lang: str) -> str:
        parts = [
            f"{one.path or '?'} = {number(one.value, None)} ({_source(one, scenario, lang)})"
            for one in used[:_MOST_SOURCES]
        ]
        more = len(used) - _MOST_SOURCES
        tail = [tr(lang, "and {more} more", more=more)] if more > 0 else []
        return "; ".join([*parts, *tail])

    return both(say)


def _source(one: Quantity, scenario: Scenario, lang: str) -> str:
    if one.source is None:
        return tr(lang, "assumption")
    source = scenario.sources.get(one.source)
    return (
        Bilingual.told({"zh": source.zh or one.source, "en": source.en or one.source}).of(lang)
        if source
        else one.source
    )


def tally(found: Audit) -> dict[Consistency, int]:
    """How many comparisons stand on each level."""
    return {
        grade: sum(1 for line in found.lines if line.level is grade and line.check != "rest")
        for grade in Consistency
    }
