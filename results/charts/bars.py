"""Bars about zero: what moves the answer how far (龙卷风图)."""

from __future__ import annotations

from collections.abc import Mapping

from ...models.words import msg
from ..tables.table import Table
from .frame import SMALL, legend, rows_frame
from .scene import BLUE, ORANGE, RED, Label, Rect, Scene
from .words import Words


def tornado(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """The strongest numbers and what half of each one's range does, either way, the strongest first."""
    table = tables.get("tornado") or tables.get("key_assumptions")
    rows = table.records() if table is not None else []
    if table is None or not rows:
        return None
    sizes = [abs(row["effect"]) for row in rows]
    most = max(sizes)
    if most <= 0:
        return None
    names = [words(row["number"], row["path"]) for row in rows]
    axis = words.heading(table.columns[table.at("effect")])
    scene, frame = rows_frame(names, -most, most, axis, pads=(40.0, 40.0), height=25, top=26.0)
    for at, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        y, zero = frame.y(at), frame.scale(0.0)
        long = frame.scale(size) - zero
        low, high = (ORANGE, BLUE) if row["effect"] > 0 else (BLUE, ORANGE)
        told = words.number(size, 3)
        scene.add(
            Rect(zero - long, y - 7, long, 14, low, tip=f"{names[at]}: -{told}"),
            Rect(zero, y - 7, long, 14, high, tip=f"{names[at]}: +{told}"),
        )
        scene.add(Label(zero + long + 4, y, f"±{told}", SMALL))
    ends = (
        msg("number lower by half its range"),
        msg("number higher by half its range"),
    )
    if table.name == "tornado":
        ends = (
            msg("input at its 5 % quantile"),
            msg("input at its 95 % quantile"),
        )
    legend(
        scene,
        [("", words(end), colour) for end, colour in zip(ends, (ORANGE, BLUE), strict=True)],
        frame.left,
        12,
    )
    return scene


def delay_impacts(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """What the target year loses where one project comes a quarter later; the largest first."""
    table = tables.get("delay_impact")
    rows = [
        row
        for row in (table.records() if table is not None else [])
        if row["effect"] is not None and abs(row["effect"]) >= 5e-4
    ][:20]
    if table is None or not rows:
        return None
    names = [words(row["title"], row["project"]) for row in rows]
    values = [row["effect"] for row in rows]
    low, high = min(0.0, *values), max(0.0, *values)
    scene, frame = rows_frame(
        names, low, high, words.heading(table.columns[table.at("effect")]), pads=(44.0, 44.0), height=24
    )
    for at, value in enumerate(values):
        y, x = frame.y(at), sorted((frame.scale(0.0), frame.scale(value)))
        told = words.number(value, 3, signed=True)
        scene.add(
            Rect(
                x[0], y - 7, max(x[1] - x[0], 0.8), 14, RED if value < 0 else BLUE, tip=f"{names[at]}: {told}"
            )
        )
        scene.add(Label(x[1] + 4 if value > 0 else x[0] - 4, y, told, SMALL, "start" if value > 0 else "end"))
    return scene
