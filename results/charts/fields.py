"""Fields of colour and of points: the input-output links, and how often probabilities came true."""

from __future__ import annotations

from collections.abc import Mapping

from ...models.words import msg
from ..tables.table import Table
from .frame import SMALL, label_room, plane_frame
from .scene import (
    BLUE,
    GREY,
    INK,
    LINE,
    WHITE,
    WIDTH,
    Dot,
    Label,
    Line,
    Rect,
    Scene,
    shortened,
    text_width,
)
from .words import Words

_HEAD = 110.0  # room for a name above its column
_LOW, _HIGH = (238, 244, 248), (20, 80, 125)


def links(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Direct input coefficients within the region: what a column's sector buys of a row's, per yuan of its
    output."""
    table = tables.get("coefficients")
    if table is None or not table.rows:
        return None
    rows = table.records()
    buyers = [column for column in table.columns if column.name.startswith("to_")]
    names = [words(row["title"], row["sector"]) for row in rows]
    values = [[float(row[column.name] or 0.0) for column in buyers] for row in rows]
    most = max(max(line) for line in values)
    left = label_room(names, SMALL) + 26
    side = min((WIDTH - left - 16) / len(buyers), 34.0)
    high = min(side, 24.0)
    named = side >= SMALL + 3  # narrower columns have numbers alone
    heads = [shortened(name, SMALL, _HEAD, 1)[0] for name in names[: len(buyers)]] if named else []
    top = 22.0 + max((text_width(head, SMALL) for head in heads), default=12.0)
    scene = Scene(WIDTH, top + high * len(rows) + 26)
    for at in range(len(buyers)):
        if at < len(heads):
            scene.add(Label(left + (at + 0.5) * side, top - 5, heads[at], SMALL, turned=True))
        else:
            scene.add(Label(left + (at + 0.5) * side, top - 9, str(at + 1), SMALL, "middle"))
    axis = words(msg("buying sector")) if named else words(msg("buying sector (numbers as at the left)"))
    scene.add(Label(left + side * len(buyers) / 2, 8, axis, SMALL, "middle"))
    for at, (name, line) in enumerate(zip(names, values, strict=True)):
        y = top + at * high
        scene.add(
            Label(
                left - 6,
                y + high / 2,
                f"{shortened(name, SMALL, left - 28, 1)[0]}{'' if named else f' {at + 1}'}",
                SMALL,
                "end",
            )
        )
        for to, value in enumerate(line):
            share = (value / most) ** 0.5 if most > 0 and value > 0 else 0.0
            told = words.number(value, 3)
            tip = f"{name} → {names[to] if to < len(names) else to + 1}: {told}"
            scene.add(Rect(left + to * side, y, side, high, _shade(share), WHITE, tip=tip))
            if value >= 0.0095 and side >= 24:
                scene.add(
                    Label(
                        left + (to + 0.5) * side,
                        y + high / 2,
                        f"{100 * value:.0f}",
                        SMALL - 1,
                        "middle",
                        WHITE if share > 0.6 else INK,
                    )
                )
    note = words(msg("figures: local inputs in yuan per 100 of output; colour deepens by the square root"))
    scene.add(Label(left, top + high * len(rows) + 14, note, SMALL - 0.5))
    return scene


def _shade(share: float) -> str:
    mixed = [round(a + (b - a) * share) for a, b in zip(_LOW, _HIGH, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def reliability(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Probabilities given against the share that came true; on the line they are right."""
    table = tables.get("reliability")
    rows = [
        row
        for row in (table.records() if table is not None else [])
        if row["given"] is not None and row["came_true"] is not None
    ]
    if table is None or not rows:
        return None
    scene, plane = plane_frame(
        (0.0, 100.0),
        (0.0, 100.0),
        (
            words(msg("probability given, %")),
            words(msg("share that came true, %")),
        ),
        width=0.66 * WIDTH,
        height=400,
    )
    scene.add(Line(((plane.x(0), plane.y(0)), (plane.x(100), plane.y(100))), GREY, 1.0, dash=True))
    most = max(row["count"] for row in rows)
    scene.add(Line(tuple((plane.x(row["given"]), plane.y(row["came_true"])) for row in rows), LINE, 1.2))
    for row in rows:
        radius = 3 + 9 * (row["count"] / most) ** 0.5
        tip = (
            f"{words.number(row['given'], 0)} % → {words.number(row['came_true'], 0)} % (n ="
            f" {words.number(row['count'], 0)})"
        )
        scene.add(Dot(plane.x(row["given"]), plane.y(row["came_true"]), radius, BLUE, WHITE, tip=tip))
    return scene
