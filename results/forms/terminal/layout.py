"""Tables and paragraphs on a terminal, aligned where Chinese and Latin letters meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from ....models.harmless import harmless
from ....models.words import tr
from ...tables.table import Column, Table, shown
from ...text.format import heading, printed

GAP = 2
_NARROWEST = 8
# One unit that a line may not break inside: a Latin word or number with its unit, or a Chinese character,
# each
# with the marks that open and close it (禁则: no line begins with a closing mark or ends with an opening
# one).
_CJK = r"\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef"
_OPEN, _CLOSE = r"（【《“", r"，。、；：！？）】》”…·"
_MEASURE = "|".join(
    (
        r"[十百千万亿]*[\u4e00-\u9fff]{0,4}元|亿|万",
        "万?吨(?:标煤|二氧化碳)?|万亩|亩|万人|人|万户|户|个百分点|个月|个|年|天|档|项|次",
    )
)
_UNIT = re.compile(
    rf"\s+|[{_OPEN}]*(?:[^\s{_CJK}{_OPEN}{_CLOSE}]+(?:(?<=\d)(?:{_MEASURE}|"
    rf" %(?!\S)))?|(?![{_OPEN}{_CLOSE}])[{_CJK}]|(?=[{_CLOSE}]))[{_CLOSE}]*|[{_OPEN}]+"
)


def cell_width(text: str) -> int:
    """Columns that ``text`` takes on a terminal, as it is shown there: a Chinese character takes two."""
    if text.isascii() and text.isprintable():
        return len(text)
    return _summed(text)


@lru_cache(maxsize=1 << 14)
def _summed(text: str) -> int:
    return sum(map(_width, harmless(text)))


@cache
def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, width: int, right: bool = False) -> str:
    """``text`` filled with blanks to ``width``; ``right`` sets it at the right edge."""
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int) -> list[str]:
    """``text`` as it is shown, in lines no wider than ``width``; what is wider than a line is broken
    inside."""
    lines: list[str] = []
    line, used = "", 0
    for unit, wide in _units(text):
        if used + wide > width and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if not line and unit.isspace():
            continue
        while wide > width:
            cut = _cut(unit, width)
            while cut > 1 and not unit[cut:].strip(_CLOSE):  # a closing mark takes what it closes along
                cut -= 1
            lines.append(unit[:cut])
            unit = unit[cut:]
            wide = cell_width(unit)
        line += unit
        used += wide
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


@lru_cache(maxsize=1 << 12)
def _units(text: str) -> tuple[tuple[str, int], ...]:
    """What a line may not break inside, as it is shown, each with its width; blanks are single."""
    return tuple((unit, cell_width(unit)) for unit in _UNIT.findall(" ".join(harmless(text).split())))


def _cut(text: str, width: int) -> int:
    """How many characters fit into ``width``; at least one, so that wrapping ends."""
    used = 0
    for at, character in enumerate(text):
        used += _width(character)
        if used > width:
            return max(at, 1)
    return len(text)


def paragraph(label: str, text: str, width: int, indent: int | None = None) -> str:
    """A labelled sentence whose further lines hang under the first."""
    hang = cell_width(label) + GAP if indent is None else indent
    lines = wrap(text, max(width - hang, _NARROWEST))
    return "\n".join([pad(label, hang) + lines[0], *(" " * hang + line for line in lines[1:])]).rstrip()


def render_table(
    table: Table, lang: str, width: int, columns: Sequence[str] | None = None, hung: str = ""
) -> str:
    """A table aligned within ``width`` columns of a terminal; nothing is cut off.

    Too wide a table first breaks its headings, then its texts, and at last goes on below with the
    first column repeated. The text of the column ``hung`` stands in full lines under its row.
    """
    chosen = shown(table, columns) if columns else [column for column in shown(table) if column.terminal]
    below_rows = _hung(table, lang, [column for column in chosen if column.name == hung], width)
    chosen = [column for column in chosen if column.name != hung]
    rights = [column.numeric for column in chosen]
    heads = [heading(column, lang) for column in chosen]
    cells = printed(table, lang, chosen)
    title = table.title.of(lang)
    above: list[str] = []
    if (
        chosen
        and not rights[0]
        and cell_width(title) <= max((cell_width(row[0]) for row in cells), default=0) + 8
    ):
        heads[0] = title  # the heading of the names says what they are names of
    else:
        above = wrap(title, width)
    below = wrap(table.note.of(lang), width - GAP) if table.note else []
    widths = fitted(heads, cells, rights, width)
    sides = panels(widths, width)
    parts = [_block(at, heads, cells, rights, widths, below_rows if at is sides[-1] else {}) for at in sides]
    lines = [*above, *(line for part in parts for line in part), *(" " * GAP + line for line in below)]
    return "\n".join(line.rstrip() for line in lines)


def _hung(table: Table, lang: str, columns: list[Column], width: int) -> dict[int, list[str]]:
    """Lines under a row, by its number: the heading of a column and its text."""
    return {
        at: paragraph("", f"{heading(column, lang)}{tr(lang, ': ')}{text}", width, 2 * GAP).split("\n")
        for column in columns
        for at, (cell, text) in enumerate(
            zip(table.column(column.name), (row[0] for row in printed(table, lang, [column])), strict=True)
        )
        if cell is not None
    }


def fitted(heads: list[str], cells: list[list[str]], rights: list[bool], width: int) -> list[int]:
    """Width of each column: as wide as it likes if all fit, narrower where text can be broken."""
    body = [max((cell_width(row[at]) for row in cells), default=0) for at in range(len(heads))]
    likes = [max(cell_width(head), wide) for head, wide in zip(heads, body, strict=True)]
    if total_width(likes) <= width:
        return likes
    words = [max((cell_width(word) for word in head.split()), default=0) for head in heads]
    floors = [max(min(word, 12), wide) for word, wide in zip(words, body, strict=True)]
    likes = [
        min(like, floor) if right else like for like, floor, right in zip(likes, floors, rights, strict=True)
    ]
    while total_width(likes) > width:
        widest = max(
            (at for at, right in enumerate(rights) if not right), key=lambda at: likes[at], default=-1
        )
        if widest < 0 or likes[widest] <= _NARROWEST:
            break
        likes[widest] -= 1
    return [min(like, width) for like in likes]


def total_width(widths: Sequence[int]) -> int:
    """Columns of a terminal that a row takes, gaps included."""
    return sum(widths) + GAP * (len(widths) - 1)


def panels(widths: list[int], width: int) -> list[list[int]]:
    """Columns that stand side by side; each panel after the first repeats the first column."""
    if not widths:
        return []
    found: list[list[int]] = [[0]]
    for at in range(1, len(widths)):
        together = [widths[k] for k in found[-1]] + [widths[at]]
        if total_width(together) > width and found[-1] != [0]:
            found.append([0])
        found[-1].append(at)
    return found


def _block(
    at: list[int],
    heads: list[str],
    cells: list[list[str]],
    rights: list[bool],
    widths: list[int],
    hung: Mapping[int, list[str]],
) -> list[str]:
    """The lines of one panel; ``hung`` has what stands under a row, by its number."""
    lines: list[str] = []
    for number, row in enumerate([heads, *cells]):
        broken = {k: wrap(row[k], widths[k]) for k in at}
        height = max(len(part) for part in broken.values())
        for k, part in broken.items():  # headings stand on their column, texts hang from their row
            empty = [""] * (height - len(part))
            broken[k] = empty + part if number == 0 else part + empty
        lines += [
            (" " * GAP).join(pad(broken[k][line], widths[k], rights[k]) for k in at) for line in range(height)
        ]
        lines += hung.get(number - 1, [])
    return lines
