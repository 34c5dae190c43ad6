"""Named projects on a calendar: planned above, simulated below (项目进度)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...models.words import msg, tr
from ..colours import LINE, MISSED, PLAN, RANGES, SOFT
from ..tables.table import Table
from .frame import SMALL, Key, RowAxis, Scale, label_room, legend, row_names
from .scene import WIDTH, Label, Line, Rect, Scene, shortened
from .words import Words

_DATE = re.compile(r"(\d{4})-(\d{2})")
_MOST = 24
"""Projects that are drawn: more are not readable on one page."""
_DATES, _HEIGHT = 76.0, 20.0
"""Room for the dates at the right, and the height of a row."""


def gantt(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A row a project, the largest ones by commissioning: plan, works as simulated, delay, ramp-up to full
    load; at the right the month of commissioning and the delay."""
    rows = _drawn(tables)
    if not rows:
        return None
    names = [words(row["title"], row["project"]) for row in rows]
    columns = ("planned_start", "planned_end", "started", "commissioned", "full_load")
    dates = [date for row in rows for name in columns if (date := _month(row[name])) is not None]
    first, last = min(dates) // 12, (max(dates) + 12) // 12
    first = max(first, last - 9)
    keys = [
        Key(words(msg("plan", context="in a picture")), PLAN),
        Key(words(msg("simulated: works")), RANGES[3]),
        Key(words(msg("delay")), MISSED),
        Key(words(msg("ramp-up to full load")), RANGES[1]),
    ]
    scene = Scene(WIDTH, 0.0)
    top = legend(scene, keys)
    head = words(msg("commissioned (months late)"))
    scene.add(Label(WIDTH - 2, top, shortened(head, SMALL, WIDTH - 8, 1)[0], SMALL, "end", SOFT))
    top += 10
    left = label_room(names, most=160.0)
    scale = Scale(12 * first, 12 * last, left + 2, WIDTH - _DATES)
    frame = RowAxis(scale, top, _HEIGHT, left, WIDTH - _DATES)
    bottom = top + _HEIGHT * len(rows)
    scene.height = bottom + 20
    _calendar(scene, scale, (first, last), (top, bottom))
    row_names(scene, names, frame)
    for at, row in enumerate(rows):
        _bars(scene, frame, at, row, names[at], 12 * first, words)
    return scene


def _dated(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Projects that are commissioned in some month."""
    rows = tables["projects"].records() if "projects" in tables else []
    return [row for row in rows if _month(row["commissioned"]) is not None]


def _drawn(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """The largest of them, by commissioning."""
    largest = sorted(_dated(tables), key=lambda row: -(row["invest"] or 0.0))[:_MOST]
    return sorted(largest, key=lambda row: (_month(row["commissioned"]) or 0, str(row["project"])))


def _calendar(scene: Scene, scale: Scale, years: tuple[int, int], heights: tuple[float, float]) -> None:
    """Lines and numbers of years."""
    first, last = years
    each = max(1, -(-34 * (last - first) // int(scale.end - scale.start)))
    for year in range(first, last + 1):
        x = scale(12 * year)
        scene.add(Line(((x, heights[0] - 2), (x, heights[1])), LINE, 0.6))
        if year < last and (year - first) % each == 0:
            scene.add(Label(scale(12 * year + 6), heights[1] + 11, str(year), SMALL, "middle", SOFT))


def _bars(
    scene: Scene, frame: RowAxis, at: int, row: Mapping[str, Any], name: str, first: int, words: Words
) -> None:
    """Bars of one project and its dates."""
    y = frame.y(at)
    planned, ends = (_month(row[key]) for key in ("planned_start", "planned_end"))
    done, full = _month(row["commissioned"]), _month(row["full_load"])
    assert done is not None  # rows without it are not drawn
    begun = _month(row["started"])
    begun = min(first if begun is None else max(begun, first), done)
    tip = f"{name}: {' → '.join(_said(row[key], words) for key in ('started', 'commissioned', 'full_load'))}"

    def bar(start: float, end: float, up: float, thick: float, fill: str) -> None:
        start, end = max(start, first), max(end, first)
        if end > start:
            x = frame.scale(start)
            scene.add(Rect(x, y + up, frame.scale(end) - x, thick, fill, tip=tip))

    if ends is not None:
        bar(min(begun, ends) if planned is None else planned, ends + 1, -8, 4, PLAN)
    bar(begun, done + 1, -2, 8, RANGES[3])
    late = 0 if ends is None else done - ends
    if ends is not None and late > 0:
        bar(max(ends + 1, begun), done + 1, -2, 8, MISSED)
    if full is not None:
        bar(done + 1, full + 1, 0, 4, RANGES[1])
    told = _said(row["commissioned"], words) + (f" (+{late})" if late > 0 else "")
    scene.add(Label(WIDTH - 2, y, told, SMALL, "end", MISSED if late > 0 else SOFT))


def gantt_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many come later than planned, and the latest of them."""
    rows = [row for row in _dated(tables) if _month(row["planned_end"]) is not None]
    late = {at: _late(row) for at, row in enumerate(rows)}
    if not rows:
        return ""
    said = tr(
        words.lang,
        "{late} of {count} named projects come later than planned",
        late=sum(months > 0 for months in late.values()),
        count=len(rows),
    )
    worst = max(late, key=lambda at: late[at])
    if late[worst] > 0:
        row = rows[worst]
        longest = tr(
            words.lang,
            "the longest delay: {project}, {months} months",
            project=words(row["title"], row["project"]),
            months=late[worst],
        )
        said = words.joined(said, longest)
    dated = len(_dated(tables))
    return (
        words.joined(said, tr(words.lang, "the {count} largest are drawn", count=_MOST))
        if dated > _MOST
        else said
    )


def _late(row: Mapping[str, Any]) -> int:
    """Months by which a project comes later than planned."""
    done, ends = _month(row["commissioned"]), _month(row["planned_end"])
    return 0 if done is None or ends is None else done - ends


def _month(cell: Any) -> int | None:
    """Months since year 0 of ``2024-05``; None for words."""
    found = _DATE.fullmatch(cell.en if hasattr(cell, "en") else str(cell)) if cell is not None else None
    return 12 * int(found[1]) + int(found[2]) - 1 if found else None


def _said(cell: Any, words: Words) -> str:
    return "·" if cell is None else words(cell)
