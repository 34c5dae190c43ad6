"""The audit of a sheet on a terminal: what does not fit first, each with its arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....models.consistency import Consistency
from ....models.words import tr
from ...tables.audit import audit_table, tally
from ...text.wording import percent_closed
from .layout import paragraph, render_table, wrap

if TYPE_CHECKING:
    from ....engine.diagnose.audit import Audit, AuditLine
    from ....scenarios.schema import Scenario

_WIDEST_TEXT = 100


def render_audit(found: Audit, scenario: Scenario, lang: str, width: int, every: bool = False) -> str:
    """Counts, findings, what GDP leaves to the rest, what is missing; with ``every``, all comparisons as a
    table."""
    text = min(width, _WIDEST_TEXT)
    years = f"{scenario.years.base}→{scenario.years.target}"
    lines = [*wrap(f"{scenario.title.of(lang)}  {years}", width), ""]
    counts = tally(found)
    told = tr(lang, ", ").join(
        tr(lang, "{count} {grade}", count=count, grade=grade.value) for grade, count in counts.items()
    )
    whole = sum(counts.values())
    said = (
        tr(lang, "1 comparison: {told}", told=told)
        if whole == 1
        else tr(lang, "{count} comparisons: {told}", count=whole, told=told)
    )
    lines.append(paragraph(tr(lang, "AUDIT"), said, text))
    for line in found.findings:
        lines += _finding(line, lang, text)
    rest = [line for line in found.lines if line.check == "rest"]
    if rest:
        lines += ["", tr(lang, "WHAT IS LEFT TO THE REST")]
        lines += [paragraph("  -", percent_closed(line.says).of(lang), text) for line in rest]
    missing = [line for line in found.lines if line.level is Consistency.MISSING]
    if missing:
        lines += ["", tr(lang, "NOT COMPARED")]
        lines += [
            paragraph("  -", says, text) for says in dict.fromkeys(line.says.of(lang) for line in missing)
        ]
    if every:
        lines += ["", render_table(audit_table(found, scenario), lang, width)]
    else:
        lines += [
            "",
            tr(
                lang,
                '--all shows every comparison; arithmetic and sources stand in --json and in the table "Audit'
                ' of the sheet" of every run',
            ),
        ]
    return "\n".join(lines)


def _finding(line: AuditLine, lang: str, width: int) -> list[str]:
    """A finding under its level, with the arithmetic below."""
    grade = line.level.value.of(lang)
    head = f"  [{grade}]"
    return [
        paragraph(head, percent_closed(line.says).of(lang), width),
        paragraph("     ", f"= {percent_closed(line.basis, False).of(lang)}", width, 6),
    ]
