"""A report's file read, and the target sheet that it proposes written as YAML to correct (目标表草案)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from ..models.errors import DabiaoError, Said
from ..models.harmless import visible
from ..models.indicators import INDICATORS
from ..models.words import msg, tr
from .files import MARKS, content, unread
from .indicator_names import indicator
from .lines import Lines
from .tables.packed import Refused, paragraphs
from .target_text import Line, Row, Sheet
from .target_words import told

MOST_LINES = 50_000
SOURCE = "work-report"
CLOSED = re.compile(r"[.\[\]=\s:：“”\"'#,，{}]+")


def read_lines(path: Path) -> list[Line]:
    """The paragraphs of a report: text or Markdown in UTF-8, UTF-16 or GBK, or a Word document.

    Raises
    ------
    DabiaoError
        Where the file cannot be read, is too large, or is no text.
    """
    try:
        data = content(path)
    except (OSError, ValueError) as error:
        raise _unread(path, unread(error)) from error
    if path.suffix.lower() == ".docx":
        return _word(path, data)
    if data.count(0) > len(data) // 20 and data[:2] not in MARKS:
        raise _unread(path, msg("it is no text"))
    for encoding in ("utf-16" if data[:2] in MARKS else "utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [
            Line(number, visible(line)) for number, line in enumerate(Lines(text).every()[:MOST_LINES], 1)
        ]
    raise _unread(path, msg("neither UTF-8 nor GBK"))


def _word(path: Path, data: bytes) -> list[Line]:
    """The paragraphs of a Word document, counted."""
    try:
        said = paragraphs(data, MOST_LINES)
    except Refused as error:
        raise _unread(path, error.said[0]) from error
    except Exception as error:  # whatever a broken document raises: it is told, and nothing else happens
        raise _unread(path, msg("it is no Word document")) from error
    return [Line(number, visible(text)) for number, text in enumerate(said, 1)]


def _unread(path: Path, why: Said) -> DabiaoError:
    return DabiaoError(msg("cannot read {path}: {reason}", path=path, reason=why))


def as_yaml(
    sheet: Sheet, name: str, lang: str, extends: str = "", known: Mapping[str, str] | None = None
) -> str:
    """The proposed sheet as a fragment of a scenario: each row with the sentence it came from.

    With ``extends`` it is a variant of that scenario; ``known`` are titles of rows that stand there, with
    their keys.
    """
    lines = [
        "# " + tr(lang, "Proposed by rules from {name}: check each row against its sentence.", name=name),
        *([f"extends: {json.dumps(extends, ensure_ascii=False)}"] if extends else []),
        "sources:",
        f"  {SOURCE}: {{zh: {quoted(name)}, en: {quoted(name)}}}",
        "targets:",
        f"  source: {SOURCE}",
    ]
    grown = any(row.key == "gdp_growth" for row in sheet.rows)
    left = list(sheet.left)
    later = [row for row in sheet.rows if row.later]
    taken: set[str] = set()
    for row in sheet.rows:
        if row.later:
            continue
        if row.said and not grown:
            left.append((row.line, row.sentence))
            continue
        lines += _row(row, lang, taken, known or {})
    if later:
        lines += ["", "# " + tr(lang, "Of a later year, not of this sheet:")]
        lines += [
            _remark(lang, row.line, f"{row.title} {told(row.tiers, row.unit).of(lang)}") for row in later
        ]
    if left:
        lines += ["", "# " + tr(lang, "Numbers left out, as no target or not understood:")]
        lines += [_remark(lang, number, " ".join(text.split())) for number, text in sorted(left)]
    return "\n".join(lines) + "\n"


def _remark(lang: str, number: int, text: str) -> str:
    return "#   " + tr(lang, "line {line}: {text}", line=number, text=text)


def _row(row: Row, lang: str, taken: set[str], known: Mapping[str, str]) -> list[str]:
    """One row: under its indicator, under the key of a row that stands, or under its own name and only
    stated."""
    there = "" if row.key else known.get(row.title, "")
    key = row.key or there or CLOSED.sub("_", row.title)[:60].strip("_")
    while key in taken:
        key += "_"
    taken.add(key)
    said = tr(lang, "line {line}: {text}", line=row.line, text=row.title)
    lines = [f"  {key}:  # {said}"]
    if not row.key and not there:
        lines += [f"    title: {quoted(row.title)}", "    basis: stated", f"    unit: {quoted(row.unit)}"]
        lines += _could(row, lang)
    lines += [f"    said: {row.said}"] if row.said else []
    lines += [f"    {tier}: {value:.12g}{row.unit if there else ''}" for tier, value in row.tiers.items()]
    return [*lines, f"    note: {quoted(row.sentence[:300])}"]


def _could(row: Row, lang: str) -> list[str]:
    """A remark where the product has an indicator that must be told what it adds up."""
    found = indicator(row.title, row.unit)
    if found is None or found.key not in INDICATORS:
        return []
    told_so = tr(
        lang, "The model gives it by `indicator: {key}` and `covers:`, without `basis`.", key=found.key
    )
    return [f"    # {told_so}"]


def quoted(text: str) -> str:
    """A text as YAML reads it back."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
