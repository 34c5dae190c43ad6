"""Investment mixes side by side: this year's growth against the size of the economy at the end
(投资结构比较)."""

from __future__ import annotations

from collections.abc import Mapping

from ..tables.table import Table
from .frame import SMALL, nice_ticks, plane_frame, rows_frame
from .scene import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SERIES,
    WIDTH,
    Dot,
    Label,
    Line,
    Rect,
    Scene,
    box,
    moved,
    text_width,
)
from .words import Words


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
    scene, left = rows_frame(
        names, min(0.0, *growth), max(growth), first, pads=(2.0, 40.0), width=0.56 * WIDTH, height=26
    )
    for at, value in enumerate(growth):
        y, x = left.y(at), sorted((left.scale(0.0), left.scale(value)))
        told = words.number(value, 2)
        scene.add(Rect(x[0], y - 8, x[1] - x[0], 16, BLUE if at else GREY, tip=f"{names[at]}: {told} %"))
        scene.add(Label(x[1] + 4, y, told, SMALL))
    if not any(later):
        return scene
    second = words.heading(table.columns[table.at("gdp_last_diff")])
    other, right = rows_frame(
        [""] * len(rows),
        min(0.0, *later),
        max(0.0, *later),
        second,
        pads=(40.0, 44.0),
        width=0.44 * WIDTH,
        height=26,
        left=6.0,
    )
    for at, value in enumerate(later):
        if not value:
            continue
        y, x = right.y(at), sorted((right.scale(0.0), right.scale(value)))
        told = words.number(value, 1, signed=True)
        other.add(Rect(x[0], y - 8, x[1] - x[0], 16, GREEN if value > 0 else RED, tip=f"{names[at]}: {told}"))
        other.add(Label(x[1] + 4 if value > 0 else x[0] - 4, y, told, SMALL, "start" if value > 0 else "end"))
    return beside(scene, other)


def beside(one: Scene, two: Scene) -> Scene:
    """Two scenes side by side."""
    shapes = [*one.shapes, *(moved(shape, one.width, 0.0) for shape in two.shapes)]
    return Scene(one.width + two.width, max(one.height, two.height), shapes)


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
    )
    best = sorted(p for p in points if not any(q[0] >= p[0] and q[1] >= p[1] and q != p for q in points))
    if len(best) > 1:
        scene.add(Line(tuple((plane.x(a), plane.y(b)) for a, b in best), GREY, 1.4, dash=True))
    placed: list[Label] = []
    for at, row in enumerate(rows):
        x, y, name = plane.x(row["gdp_growth"]), plane.y(row["gdp_last"]), words(row["title"], row["mix"])
        colour = ORANGE if at == 0 else SERIES[0] if row["allowed"] else RED
        scene.add(
            Dot(
                x,
                y,
                6,
                colour,
                tip=f"{name}: {words.number(row['gdp_growth'], 2)} %, {words.number(row['gdp_last'], 1)}",
            )
        )
        label = _free(x, y, name, placed, scene.width)
        placed.append(label)
        scene.add(label)
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
    scene.add(Line(tuple((plane.x(a), plane.y(b)) for a, b in sorted(points)), GREY, 1.4, dash=True))
    placed: list[Label] = []
    for row, (a, b) in zip(rows, points, strict=True):
        placed.append(_free(plane.x(a), plane.y(b), words.number(row["point"], 0), placed, scene.width))
        scene.add(placed[-1])
        told = (
            f"{words.number(row['point'], 0)}: {words.number(b, columns[0].digits)},"
            f" {words.number(a, columns[1].digits)}"
        )
        scene.add(Dot(plane.x(a), plane.y(b), 5, BLUE, tip=told))
    return scene


def _around(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = min(values), max(values)
    space = 0.12 * (high - low) or 0.1 * abs(high) or 1.0
    ticks = nice_ticks(low - space, high + space, 8)
    return ticks[0], ticks[-1]


def _free(x: float, y: float, name: str, placed: list[Label], width: float) -> Label:
    """A place for a point's name that no other name has taken."""
    long = text_width(name, SMALL)
    tries = [
        Label(x + 10, y, name, SMALL),
        Label(x - 10, y, name, SMALL, "end"),
        *(
            Label(min(max(x, long / 2 + 70), width - long / 2 - 20), y + step, name, SMALL, "middle")
            for step in (-14, 14, -26, 26, -38, 38)
        ),
    ]
    for label in tries:
        a = box(label)
        if (
            a[0] >= 66
            and a[2] <= width - 16
            and not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in map(box, placed))
        ):
            return label
    return tries[2]
