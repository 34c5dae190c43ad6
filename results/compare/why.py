"""Why runs differ, on the terminal: groups of changes down, main indicators across."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...models.words import tr
from ..forms.terminal.layout import GAP, cell_width, pad
from ..tables.table import Table
from ..text.format import clean

_ROOM = 44  # cells that an indicator needs beside names and lines
_TITLE = 28  # cells that a heading may take
_NAME = 34


def why(table: Table, lang: str, width: int) -> list[str]:
    """One block a run: what each group of changes moves in the target year, and the lines that state it."""
    records = table.records()
    blocks = []
    for run in dict.fromkeys(row["run"] for row in records):
        own = [row for row in records if row["run"] == run]
        year = own[0]["year"]
        asked = [
            *dict.fromkeys(
                row["block"] for row in own if row["year"] == year and ":sector:" not in row["block"]
            )
        ][: max(1, width // _ROOM)]
        text = _block(
            table, [[row for row in own if row["block"] == block] for block in asked], int(run), lang, width
        )
        blocks.append(text)
    return blocks


def _block(table: Table, columns: list[list[Mapping[str, Any]]], run: int, lang: str, width: int) -> str:
    digits = table.columns[table.at("effect")].digits or 0
    heads, cells = [], []
    for rows in columns:
        unit = rows[0]["unit"].of(lang) if rows[0]["unit"] and rows[0]["unit"].en != "points" else ""
        heads.append(clip(f"{rows[0]['title'].of(lang)} {unit}".strip(), _TITLE))
        cells.append(_printed([row["effect"] for row in rows], digits))
    wide = [max(cell_width(head), *map(cell_width, each)) for head, each in zip(heads, cells, strict=True)]
    numbers = sum(wide) + GAP * len(wide)
    names = [clean(row["change"].of(lang)) for row in columns[0]]
    name = min(max(map(cell_width, names)), max(_NAME, width - numbers - 40), width - numbers - 2)
    title = tr(lang, "WHY CASE {run} DIFFERS FROM CASE 1, points, central case", run=run)
    lines = [_line(title, heads, wide, max(name + 2, cell_width(title)), "", width)]
    still = [
        at
        for at in range(len(names))
        if all(not each[at].strip("+-0.") for each in cells) and columns[0][at]["level"] != "total"
    ]
    for at, row in enumerate(columns[0]):
        if at in still:
            continue
        label = f"  {clip(names[at], name)}"
        lines.append(
            _line(
                label,
                [each[at] for each in cells],
                wide,
                max(name + 2, cell_width(title)),
                re.sub(r"[^;\s]*/", "", row["lines"]),
                width,
            )
        )
    if still:
        said = (
            tr(lang, '1 more moves less than 0.005: see the table "What the difference comes from"')
            if len(still) == 1
            else tr(
                lang,
                '{count} more move less than 0.005: see the table "What the difference comes from"',
                count=len(still),
            )
        )
        lines.insert(-1, clip(f"  {said}", width))
    return "\n".join(lines)


def _line(label: str, cells: list[str], wide: list[int], name: int, lines: str, width: int) -> str:
    text = (" " * GAP).join(
        [pad(label, name), *(pad(cell, size, right=True) for cell, size in zip(cells, wide, strict=True))]
    )
    left = width - cell_width(text) - GAP
    return f"{text}{' ' * GAP}{clip(lines, left)}".rstrip() if lines and left >= 12 else text


def _printed(effects: list[float], digits: int) -> list[str]:
    """Parts and their total, the parts adding up as printed."""
    from ..text.format import written
    from ..text.rounding import largest_remainder

    parts = largest_remainder(effects[:-1], digits, effects[-1])
    return [written(value, digits, "en", signed=True) for value in [*parts, effects[-1]]]


def clip(text: str, width: int) -> str:
    """``text`` cut to ``width`` cells, with dots where something is missing."""
    text = clean(text)
    if cell_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if cell_width(kept + character) > width - 2:
            break
        kept += character
    return f"{kept}.."
