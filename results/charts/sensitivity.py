"""What the variance of a target comes from (Sobol' 指数)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...models.words import msg, tr
from ..colours import INK, RANGES
from ..tables.table import Table
from .frame import SMALL, Key, rows_frame
from .scene import Label, Line, Rect, Scene
from .words import Words

_MOST, _LEAST = 14, 0.005
"""Causes that are drawn, and the index below which none is."""
_SURE = 1.96  # standard errors of a 95 % interval


def sobol_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """First-order and total index of every cause of the first target, with 95 % intervals, the largest total
    first."""
    rows = _causes(tables)
    if not rows:
        return None
    kinds = (
        ("first", words(msg("first order")), RANGES[3]),
        ("total", words(msg("total effect")), RANGES[1]),
    )
    most = max(row[kind] + _SURE * (row[f"{kind}_error"] or 0.0) for row in rows for kind, *_ in kinds)
    names = [words(row["title"], row["group"]) for row in rows]
    target = words(rows[0]["target_title"], rows[0]["target"])
    axis = words(msg("share of the variance of {target} (thin lines: 95 % intervals)", target=target))
    keys = [Key(said, colour, series=kind) for kind, said, colour in kinds]
    scene, frame = rows_frame(names, 0.0, most, axis, keys=keys, pads=(2.0, 46.0), height=32)
    for at, row in enumerate(rows):
        for number, (kind, said, colour) in enumerate(kinds):
            y, value, half = (
                frame.y(at) + 13.0 * (number - 0.5),
                row[kind],
                _SURE * (row[f"{kind}_error"] or 0.0),
            )
            told = words.number(value, 3)
            long = frame.scale(max(value, 0.0)) - frame.scale(0.0)
            scene.add(
                Rect(
                    frame.scale(0.0),
                    y - 5.5,
                    long,
                    11,
                    colour,
                    series=kind,
                    tip=f"{names[at]}, {said}: {told} ± {words.number(row[f'{kind}_error'] or 0.0, 3)}",
                )
            )
            low, high = frame.scale(max(value - half, 0.0)), frame.scale(max(value + half, 0.0))
            if high - low > 0.5:
                scene.add(Line(((low, y), (high, y)), INK, 1.2, series=kind))
            scene.add(Label(max(high, frame.scale(0.0) + long) + 5, y, told, SMALL, series=kind))
    return scene


def _causes(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Causes of the first target, the largest total first."""
    rows = [
        row for row in (tables["sobol"].records() if "sobol" in tables else []) if row["kind_id"] == "cause"
    ]
    rows = [
        row
        for row in rows
        if row["target"] == rows[0]["target"] and max(row["total"], row["first"]) >= _LEAST
    ]
    return sorted(rows, key=lambda row: -row["total"])[:_MOST]


def sobol_finding(tables: Mapping[str, Table], words: Words) -> str:
    """The first two causes and their shares."""
    rows = _causes(tables)
    if not rows:
        return ""
    told = [
        tr(
            words.lang,
            "{cause} {share}%",
            cause=words(row["title"], row["group"]),
            share=words.number(100 * row["total"], 0),
        )
        for row in rows[:2]
    ]
    return tr(
        words.lang,
        "The uncertainty of {target} comes most from: {causes}",
        target=words(rows[0]["target_title"], rows[0]["target"]),
        causes=words.joined(*told),
    )
