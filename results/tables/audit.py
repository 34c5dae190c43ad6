"""Whether the rows of the sheet fit one another (目标体检)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...models.consistency import Consistency
from ...models.quantity import Bilingual, Quantity
from ...models.words import in_a_list, msg, tr
from ..text.format import number, unit_text
from ..text.names import name_of
from ..text.wording import TIERS, both, percent_closed
from .table import Column, Table, declare, first

if TYPE_CHECKING:
    from ...engine.diagnose.audit import Audit, AuditLine
    from ...scenarios.schema import Scenario

_MOST_SOURCES = 6


def audit_table(found: Audit, scenario: Scenario) -> Table:
    """Every comparison with its arithmetic, the findings first."""
    findings = found.findings
    order = [*findings, *(line for line in found.lines if line not in findings)]

    def difference(line: AuditLine) -> float | None:
        return None if line.asked is None or line.implied is None else line.asked - line.implied

    figure = partial(Column, digits_from="digits")
    aside = partial(Column, word=False, terminal=False)
    columns = (
        Column("check", msg("Check id"), shown=False),
        Column("target", msg("Target id"), shown=False),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda line: line.tier or None),
        Column("level_id", msg("Level id"), shown=False, value=lambda line: line.level.name.lower()),
        Column("finding", msg("Is the row's judgement"), shown=False, value=lambda line: line in findings),
        Column("about", msg("What is compared")),
        Column("tier", msg("Tier"), value=lambda line: TIERS.get(line.tier)),
        Column("level", msg("Level", context="table_audit"), value=lambda line: line.level.value),
        figure("asked", msg("Asked")),
        figure("implied", msg("Implied")),
        figure("difference", msg("Difference", context="table_audit"), value=difference, signed=True),
        figure("sd", msg("Its standard deviation"), word=False),
        Column("unit", msg("Unit"), value=lambda line: unit_text(line.unit)),
        aside("nearest", msg("Tier that fits best"), value=lambda line: TIERS.get(line.nearest)),
        Column("says", msg("In words"), value=partial(_says, scenario), terminal=False),
        aside("basis", msg("Arithmetic"), value=lambda line: percent_closed(line.basis, False)),
        aside(
            "numbers",
            msg("Numbers behind it and their sources"),
            value=lambda line: _numbers(line.used, scenario),
        ),
        aside(
            "missing", msg("Missing"), value=lambda line: _missing(scenario, line) if line.missing else None
        ),
        Column("used", msg("Path"), shown=False, value=lambda line: _paths(one.path for one in line.used)),
        Column("lacking", msg("Path"), shown=False, value=lambda line: _paths(line.missing)),
        Column("digits", msg("Digits"), shown=False, value=lambda line: line.digits + 1),
    )
    note = msg(
        "Arithmetic on stated numbers, nothing is simulated. What is asked against what the other numbers"
        " imply: tight or loose beyond one standard deviation (or where another tier fits better),"
        " contradictory where more by over two is asked, consistent within rounding. The deviation comes from"
        " the ranges of the numbers and from how growth swings from year to year. A ceiling"
        " is tight or contradictory only where the other numbers imply more; between a floor and a ceiling"
        " all is consistent; two ceilings never contradict each other. Each row has one judgement."
    )
    title, key = msg("Audit of the sheet"), ("check", "target", "tier_id", "about")
    return declare("audit", title, columns, order, key, note, first(len(findings)))


def _paths(paths: Iterable[str]) -> str | None:
    """Paths for machines; None where there is none."""
    return ", ".join(paths) or None


def _missing(scenario: Scenario, line: AuditLine) -> Bilingual:
    """Numbers that a comparison lacks, by name."""
    return in_a_list(name_of(scenario, path) for path in line.missing)


def _says(scenario: Scenario, line: AuditLine) -> Bilingual:
    """What a comparison comes to; where numbers lack, which."""
    if line.missing:
        names = _missing(scenario, line)
        return msg("{about}: not compared, {names} not stated", about=line.about, names=names)
    return percent_closed(line.says)


def _numbers(used: Sequence[Quantity], scenario: Scenario) -> Bilingual | None:
    """Each number with its source or that it is an assumption."""
    if not used:
        return None

    def say(lang: str) -> str:
        parts = [
            f"{name_of(scenario, one.path).of(lang) if one.path else '?'} = {number(one.value, None)}"
            f" ({_source(one, scenario, lang)})"
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
