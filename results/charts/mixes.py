"""Investment mixes side by side: this year's growth against the size of the economy at the end
(投资结构比较)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...models.money import MONEY
from ...models.words import msg, tr
from ..colours import BEST, INK, MISSED, MIX, PLAN, REACHED, SOFT
from ..tables.table import Table
from ..text.wording import amount
from .bars import bar
from .frame import SMALL, Key, mark, nice_ticks, plane_frame, put, rows_frame, stacked
from .scene import Label, Line, Scene, text_width
from .words import Words

_BEST = ("optimised", "horizon")
"""Mixes that the optimiser found."""


def _colour(row: Mapping[str, Any], at: int) -> str:
    """Of a mix: the plan stands first."""
    return PLAN if not at else BEST if row["mix"] in _BEST else MIX


def _keys(rows: Sequence[Mapping[str, Any]], words: Words) -> list[Key]:
    """The legend of mixes."""
    found = {_colour(row, at) for at, row in enumerate(rows)}
    every = [
        Key(words(msg("the plan", context="in a picture")), PLAN),
        Key(words(msg("other mixes")), MIX),
        Key(words(msg("found by optimising")), BEST),
    ]
    return [key for key in every if key.colour in found]


def mix_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Growth in the target year by mix at the left, GDP of the last year against the plan at the right."""
    table = tables.get("mixes")
    rows = table.records() if table is not None else []
    if table is None or len(rows) < 2:
        return None
    names = [words(row["title"], row["mix"]) for row in rows]
    growth = [row["gdp_growth"] for row in rows]
    later = [row["gdp_last_diff"] or 0.0 for row in rows]
    first = words.heading(table.columns[table.at("gdp_growth")])
    above, frame = rows_frame(
        names, min(0.0, *growth), max(growth), first, keys=_keys(rows, words), pads=(2.0, 40.0)
    )
    for at, value in enumerate(growth):
        told = words.number(value, 2)
        bar(above, frame, at, value, _colour(rows[at], at), told, f"{names[at]}: {told} %")
    if not any(later):
        return above
    second = words.heading(table.columns[table.at("gdp_last_diff")])
    low, high = min(0.0, *later), max(0.0, *later)
    under, frame = rows_frame(names, low, high, second, pads=(46.0 if low < 0 else 2.0, 46.0))
    for at, value in enumerate(later):
        if value:
            told = words.number(value, 1, signed=True)
            bar(under, frame, at, value, REACHED if value > 0 else MISSED, told, f"{names[at]}: {told}")
    return stacked([above, under])


def mixes_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How far mixes differ this year and at the end."""
    rows = tables["mixes"].records() if "mixes" in tables else []
    if len(rows) < 2:
        return ""
    growth = [row["gdp_growth"] for row in rows]
    best = max(rows, key=lambda row: row["gdp_last_diff"] or 0.0)
    said = tr(
        words.lang,
        "Mixes differ by {spread} points of this year's growth",
        spread=words.number(max(growth) - min(growth), 2),
    )
    if not best["gdp_last_diff"] or best["gdp_last_diff"] < 0:
        return said
    return words.joined(
        said,
        tr(
            words.lang,
            "largest at the end: {mix}, {more} against the plan",
            mix=words(best["title"], best["mix"]),
            more=amount(best["gdp_last_diff"], MONEY, words.lang, plus=True),
        ),
    )


def mix_field(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Each mix as a point: growth of the target year across, GDP of the last year up; the best trade-offs
    joined."""
    table = tables.get("mixes")
    rows = [row for row in (table.records() if table is not None else []) if row.get("gdp_last") is not None]
    if table is None or len(rows) < 3:
        return None
    points = [(row["gdp_growth"], row["gdp_last"]) for row in rows]
    xs, ys = zip(*points, strict=True)
    scene, plane = plane_frame(
        _around(xs),
        _around(ys),
        (
            words.heading(table.columns[table.at("gdp_growth")]),
            words.heading(table.columns[table.at("gdp_last")]),
        ),
        keys=_keys(rows, words),
    )
    best = sorted(p for p in points if not any(q[0] >= p[0] and q[1] >= p[1] and q != p for q in points))
    if len(best) > 1:
        scene.add(Line(tuple((plane.x(a), plane.y(b)) for a, b in best), SOFT, 1.4, dash=True))
    for at, row in enumerate(rows):
        x, y, name = plane.x(row["gdp_growth"]), plane.y(row["gdp_last"]), words(row["title"], row["mix"])
        tip = f"{name}: {words.number(row['gdp_growth'], 2)} %, {words.number(row['gdp_last'], 1)}"
        scene.add(mark("dot" if row["allowed"] else "ring", x, y, _colour(row, at), 5.5, tip))
        put(scene, *_places(x, y, name, scene.width))
    return scene


def frontier_points(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Points of a frontier of two indicators, joined and numbered as in the table."""
    table = tables.get("frontier")
    if table is None:
        return None
    rows = table.records()
    columns = [column for column in table.columns if column.name in ("value_1", "value_2")]
    if len(rows) < 2 or len(columns) < 2:
        return None
    points = [(row["value_2"], row["value_1"]) for row in rows]
    xs, ys = zip(*points, strict=True)
    scene, plane = plane_frame(
        _around(xs), _around(ys), (words.heading(columns[1]), words.heading(columns[0]))
    )
    scene.add(Line(tuple((plane.x(a), plane.y(b)) for a, b in sorted(points)), SOFT, 1.4, dash=True))
    for row, (a, b) in zip(rows, points, strict=True):
        put(scene, *_places(plane.x(a), plane.y(b), words.number(row["point"], 0), scene.width))
        told = (
            f"{words.number(row['point'], 0)}: {words.number(b, columns[0].digits)},"
            f" {words.number(a, columns[1].digits)}"
        )
        scene.add(mark("dot", plane.x(a), plane.y(b), BEST, tip=told))
    return scene


def _around(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = min(values), max(values)
    space = 0.12 * (high - low) or 0.1 * abs(high) or 1.0
    ticks = nice_ticks(low - space, high + space, 8)
    return ticks[0], ticks[-1]


def _places(x: float, y: float, name: str, width: float) -> list[Label]:
    """Places for a point's name, the nearest first."""
    long = text_width(name, SMALL)
    middle = min(max(x, long / 2 + 42), width - long / 2 - 4)
    return [
        Label(x + 9, y, name, SMALL, fill=INK),
        Label(x - 9, y, name, SMALL, "end", INK),
        *(Label(middle, y + step, name, SMALL, "middle", INK) for step in (-13, 13, -25, 25, -37, 37)),
    ]
