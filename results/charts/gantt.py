"""Named projects on a calendar: planned above, simulated below (项目进度)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...models.words import msg
from ..tables.table import Table
from .frame import SMALL, RowAxis, Scale, label_room, legend, row_names
from .scene import BLUE, GREY, LINE, ORANGE, SOFT, WIDTH, Label, Line, Rect, Scene
from .words import Words

_DATE = re.compile(r"(\d{4})-(\d{2})")
_MOST = 60


def gantt(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A row a project: plan in grey, works in blue, ramp-up to full load in pale blue, delay in orange; by
    commissioning."""
    table = tables.get("projects")
    found = [
        row
        for row in (table.records() if table is not None else [])
        if _month(row["commissioned"]) is not None
    ]
    if not found:
        return None
    rows = sorted(found, key=lambda row: (_month(row["commissioned"]) or 0, str(row["project"])))[:_MOST]
    names = [words(row["title"], row["project"]) for row in rows]
    dates = [
        date
        for row in rows
        for name in ("planned_start", "planned_end", "started", "commissioned", "full_load")
        if (date := _month(row[name])) is not None
    ]
    first, last = min(dates) // 12, (max(dates) + 12) // 12
    first = max(first, last - 12)
    height, top, left = 22.0, 30.0, label_room(names, most=215.0)
    scale = Scale(12 * first, 12 * last, left + 4, WIDTH - 16)
    frame = RowAxis(scale, top, height, left, WIDTH - 14)
    bottom = top + height * len(rows)
    scene = Scene(WIDTH, bottom + 24)
    each = max(1, -(-(last - first) // 10))
    for year in range(first, last + 1):
        scene.add(Line(((scale(12 * year), top - 4), (scale(12 * year), bottom)), LINE, 0.6))
        if year < last and (year - first) % each == 0:
            scene.add(
                Label(
                    scale(12 * year + 6 * min(each, last - year)),
                    bottom + 11,
                    str(year),
                    SMALL,
                    "middle",
                    SOFT,
                )
            )
    row_names(scene, names, frame, size=9.0)
    for at, row in enumerate(rows):
        _bars(scene, frame, at, row, names[at], 12 * first, words)
    entries: Sequence[tuple[str, str, str]] = (
        (
            "",
            words(
                msg(
                    "plan",
                    context="in a picture",
                )
            ),
            GREY,
        ),
        (
            "",
            words(msg("simulated: works")),
            BLUE,
        ),
        (
            "",
            words(msg("delay")),
            ORANGE,
        ),
        (
            "",
            words(msg("ramp-up to full load")),
            "#a9c6dc",
        ),
    )
    legend(scene, entries, left, 12)
    return scene


def _bars(
    scene: Scene, frame: RowAxis, at: int, row: Mapping[str, Any], name: str, first: int, words: Words
) -> None:
    """Bars of one project."""
    y = frame.y(at)
    planned, ends = (_month(row[key]) for key in ("planned_start", "planned_end"))
    done, full = _month(row["commissioned"]), _month(row["full_load"])
    assert done is not None  # rows without it are not drawn
    begun = _month(row["started"])
    begun = min(first if begun is None else max(begun, first), done)
    tip = (
        f"{name}: {_said(row['started'], words)} → {_said(row['commissioned'], words)} →"
        f" {_said(row['full_load'], words)}"
    )

    def bar(start: float, end: float, up: float, thick: float, fill: str) -> None:
        start, end = max(start, first), max(end, first)
        if end > start:
            scene.add(
                Rect(frame.scale(start), y + up, frame.scale(end) - frame.scale(start), thick, fill, tip=tip)
            )

    if ends is not None:
        bar(min(begun, ends) if planned is None else planned, ends + 1, -8, 4, GREY)
    bar(begun, done + 1, -2, 9, BLUE)
    if ends is not None and done > ends:
        bar(max(ends + 1, begun), done + 1, -2, 9, ORANGE)
    if full is not None:
        bar(done + 1, full + 1, 1, 4, "#a9c6dc")


def _month(cell: Any) -> int | None:
    """Months since year 0 of ``2024-05``; None for words."""
    found = _DATE.fullmatch(cell.en if hasattr(cell, "en") else str(cell)) if cell is not None else None
    return 12 * int(found[1]) + int(found[2]) - 1 if found else None


def _said(cell: Any, words: Words) -> str:
    return "·" if cell is None else words(cell)
