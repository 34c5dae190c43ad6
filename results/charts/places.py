"""Members of a province where they lie: as large as their GDP, coloured by their chance (全省分布图)."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from typing import Any

from ...models.words import msg, tr
from ..colours import MIX, RANGES, WHITE
from ..tables.table import Table
from ..text.format import chance_text
from .frame import SMALL, Key, below, legend, put
from .scene import WIDTH, Dot, Label, Scene, box
from .words import Words

MARGIN, TALLEST = 48.0, 420.0
LARGEST = 26.0
"""Radius of the member with the greatest GDP, points."""
BOUNDS = (25.0, 50.0, 75.0)
"""Chances, %, at which the colour deepens."""


def _members(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Members whose place is known; a run without places has no such columns."""
    table = tables.get("province_members")
    rows = [] if table is None else table.records()
    return [row for row in rows if row.get("latitude") is not None and row.get("longitude") is not None]


def _colour(row: Mapping[str, Any]) -> str:
    chance = row.get("chance_ensure")
    return MIX if chance is None else RANGES[sum(100 * chance >= bound for bound in BOUNDS)]


def members_map(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Members as circles at their places, north up; the area is the GDP of the base year.

    Longitudes are drawn in closer by the cosine of the middle latitude: distances are right in both
    directions.
    """
    rows = sorted(_members(tables), key=lambda row: -float(row["base"]))
    if len(rows) < 2:
        return None
    keys = [
        Key(f"{low}–{high} %", colour, "dot")
        for low, high, colour in zip((0, 25, 50, 75), (25, 50, 75, 100), RANGES, strict=True)
    ]
    keys.append(Key(words(msg("no target is stated")), MIX, "dot"))
    scene = Scene(WIDTH, 0.0)
    top = legend(scene, keys) + MARGIN / 2
    norths = [float(row["latitude"]) for row in rows]
    easts = [float(row["longitude"]) * cos(radians((min(norths) + max(norths)) / 2)) for row in rows]
    wide, high = max(easts) - min(easts), max(norths) - min(norths)
    scale = min(
        (WIDTH - 2 * MARGIN) / wide if wide > 0 else TALLEST,
        TALLEST / high if high > 0 else WIDTH - 2 * MARGIN,
    )
    left = (WIDTH - wide * scale) / 2
    scene.height = top + high * scale + LARGEST + 18
    greatest = max(float(row["base"]) for row in rows)
    said: list[tuple[str, float, float, float]] = []
    for row, north, east in zip(rows, norths, easts, strict=True):
        x, y = left + (east - min(easts)) * scale, top + (max(norths) - north) * scale
        radius = max(LARGEST * (float(row["base"]) / greatest) ** 0.5, 3.0)
        name, growth = words(row["title"], row["member"]), words.number(row["growth"], 1)
        scene.add(Dot(x, y, radius, _colour(row), WHITE, tip=f"{name}: {growth} %{_told(row)}"))
        said.append((f"{name} {growth}", x, y, radius + 4))
    for text, x, y, off in said:
        tries = (
            Label(x, y + off + 4, text, SMALL, "middle"),
            Label(x, y - off - 4, text, SMALL, "middle"),
            Label(x + off, y, text, SMALL),
            Label(x - off, y, text, SMALL, "end"),
            *(Label(x + 0.7 * off, y + side * (0.7 * off + 3), text, SMALL) for side in (1, -1)),
            *(Label(x - 0.7 * off, y + side * (0.7 * off + 3), text, SMALL, "end") for side in (1, -1)),
        )
        dots = [shape for shape in scene.shapes if isinstance(shape, Dot) and shape.tip]
        put(scene, *(label for label in tries if not any(_on(label, dot) for dot in dots)), *tries)
    below(scene, words(msg("north is up; figures: median growth, %; colour: chance of the lower tier")))
    return scene


def _on(label: Label, dot: Dot) -> bool:
    """Whether a text lies on a circle."""
    left, top, right, bottom = box(label)
    x, y = min(max(dot.x, left), right), min(max(dot.y, top), bottom)
    return (x - dot.x) ** 2 + (y - dot.y) ** 2 < dot.radius**2


def _told(row: Mapping[str, Any]) -> str:
    chance = row.get("chance_ensure")
    return "" if chance is None else f", {chance_text(100 * chance)} %"


def map_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many of the members on the map reach their lower tier more likely than not."""
    judged = [row for row in _members(tables) if row.get("chance_ensure") is not None]
    if not judged:
        return ""
    return tr(
        words.lang,
        "{met} of {all} members on the map reach their lower tier in at least half of the futures",
        met=sum(row["chance_ensure"] >= 0.5 for row in judged),
        all=len(judged),
    )
