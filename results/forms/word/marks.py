"""Pieces of WordprocessingML: runs, fields, captions, bookmarks (ECMA-376, part 1, chapter 17)."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from ...text.format import clean

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


_MINUS = re.compile(r"(?<![^\s（(：，、；/→~·])-(?=\d)")
"""A minus before its number; a hyphen inside a date or a name is none."""
_ALONE = re.compile(r"-[0-9.,]+")


def safe(text: str) -> str:
    """Text as it may stand in the document's XML; it is never markup."""
    return escape(clean(text), quote=True)


def element(xml: str) -> Any:
    """An element of the document from its XML."""
    from docx.oxml import parse_xml

    return parse_xml(xml)


def run(text: str, properties: str = "") -> str:
    """A run of text; line ends become breaks."""
    inside = "<w:br/>".join(map(_line, text.splitlines() or [""]))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def _line(text: str) -> str:
    """A line of a run; no line ends between a minus and its number (``noBreakHyphen``: ECMA-376, 17.3.3.18).

    A number that stands alone has a line to itself: it is set as it is, to be copied into a sheet.
    """
    if _ALONE.fullmatch(text):
        return f'<w:t xml:space="preserve">{text}</w:t>'
    return "<w:noBreakHyphen/>".join(
        f'<w:t xml:space="preserve">{safe(part)}</w:t>' for part in _MINUS.split(text)
    )


def field(instruction: str, shown: str) -> str:
    """A field with the result that it has now: Word numbers and counts by it."""
    return f'<w:fldSimple w:instr=" {safe(instruction)} "><w:r><w:t>{safe(shown)}</w:t></w:r></w:fldSimple>'


def paragraph(inside: str, style: str = "", keep: bool = False, more: str = "") -> str:
    """A paragraph of runs; ``keep`` holds it on the page of what follows."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    kept = "<w:keepNext/>" if keep else ""
    return f"<w:p {NAMESPACE}><w:pPr>{styled}{kept}{more}</w:pPr>{inside}</w:p>"


def caption(word: str, number: int, title: str, keep: bool) -> str:
    """A numbered caption: Word finds it as it finds its own, so that lists of tables and figures can be
    made."""
    inside = run(f"{word} ") + field(f"SEQ {word} \\* ARABIC", str(number)) + run(f"  {title}")
    return paragraph(inside, "Caption", keep)
