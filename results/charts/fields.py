"""Fields of colour and of points: the input-output links, and how often probabilities came true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...models.words import msg, tr
from ..colours import INK, LINE, RANGES, SHADES, SOFT, WHITE
from ..tables.table import Column, Table
from .frame import SMALL, below, label_room, plane_frame, put
from .scene import WIDTH, Dot, Label, Line, Rect, Scene, shortened, text_width
from .words import Words

_HEAD = 120.0  # room for a name above its column
_SECTORS = 18
_FIGURE = 24.0  # of a field that has room for its figure
_LOW, _HIGH = (tuple(int(shade[at : at + 2], 16) for at in (1, 3, 5)) for shade in SHADES)


def links(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Direct input coefficients within the region: what a column's sector buys of a row's, per yuan of its
    output."""
    table = tables.get("coefficients")
    if table is None or not table.rows:
        return None
    rows, buyers = _largest(table)
    names = [words(row["title"], row["sector"]) for row in rows]
    values = [[float(row[column.name] or 0.0) for column in buyers] for row in rows]
    most = max(max(line) for line in values)
    left = label_room(names) + 20
    side = min((WIDTH - left - 16) / len(buyers), 34.0)
    high = max(min(side, 24.0), 15.0)
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
    long = text_width(axis, SMALL)
    scene.add(Label(min(left + side * len(buyers) / 2, WIDTH - long / 2 - 2), 8, axis, SMALL, "middle"))
    for at, (name, line) in enumerate(zip(names, values, strict=True)):
        y = top + at * high
        scene.add(
            Label(
                left - 6,
                y + high / 2,
                shortened(name, SMALL, left - (10 if named else 28), 1)[0] + ("" if named else f" {at + 1}"),
                SMALL,
                "end",
            )
        )
        for to, value in enumerate(line):
            share = (value / most) ** 0.5 if most > 0 and value > 0 else 0.0
            told = words.number(value, 3)
            tip = f"{name} → {names[to] if to < len(names) else to + 1}: {told}"
            scene.add(Rect(left + to * side, y, side, high, _shade(share), WHITE, tip=tip))
            if value >= 0.0095 and side >= _FIGURE:
                scene.add(
                    Label(
                        left + (to + 0.5) * side,
                        y + high / 2,
                        f"{100 * value:.0f}",
                        SMALL,
                        "middle",
                        WHITE if share > 0.6 else INK,
                    )
                )
    deepens = msg("the deeper the colour, the more is bought within the region per unit of output")
    figures = msg("figures: local inputs per 100 of output; colour deepens by the square root")
    note = words(figures if side >= _FIGURE else deepens)
    scene.height = top + high * len(rows) + 4
    below(scene, note)
    return scene


def _largest(table: Table) -> tuple[list[dict[str, Any]], list[Column]]:
    """Sectors that sell and that buy: where there are more than can be told apart, those that trade most."""
    rows, buyers = table.records(), [column for column in table.columns if column.name.startswith("to_")]
    if len(rows) != len(buyers) or len(rows) <= _SECTORS:
        return rows, buyers
    cells = [[float(row[column.name] or 0.0) for column in buyers] for row in rows]
    sums = [sum(line) + sum(other[at] for other in cells) for at, line in enumerate(cells)]
    kept = sorted(sorted(range(len(rows)), key=lambda at: -sums[at])[:_SECTORS])
    return [rows[at] for at in kept], [buyers[at] for at in kept]


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
            words(msg("probability given, % (numbers: cases)")),
            words(msg("share that came true, %")),
        ),
        height=320.0,
    )
    scene.add(Line(((plane.x(0), plane.y(0)), (plane.x(100), plane.y(100))), SOFT, 1.0, dash=True))
    most = max(row["count"] for row in rows)
    scene.add(Line(tuple((plane.x(row["given"]), plane.y(row["came_true"])) for row in rows), LINE, 1.2))
    for row in rows:
        x, y, count = plane.x(row["given"]), plane.y(row["came_true"]), words.number(row["count"], 0)
        radius = 3 + 6 * (row["count"] / most) ** 0.5
        tip = f"{words.number(row['given'], 0)} % → {words.number(row['came_true'], 0)} % (n = {count})"
        if row.get("low") is not None and row.get("high") is not None:
            scene.add(Line(((x, plane.y(row["low"])), (x, plane.y(row["high"]))), RANGES[3], 2.0, tip=tip))
        scene.add(Dot(x, y, radius, RANGES[3], WHITE, tip=tip))
        put(scene, Label(x + 10, y + 11, count, SMALL), Label(x - 10, y - 11, count, SMALL, "end"))
    put(
        scene, Label(plane.x(2), plane.y(27), words(msg("perfect", context="in a picture")), SMALL, fill=SOFT)
    )
    return scene


def reliability_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How far what came true was from what was said, on average over the cases."""
    rows = [
        row
        for row in (tables["reliability"].records() if "reliability" in tables else [])
        if row["given"] is not None and row["came_true"] is not None
    ]
    cases = sum(row["count"] for row in rows)
    if not cases:
        return ""
    off = sum(row["count"] * abs(row["given"] - row["came_true"]) for row in rows) / cases
    return tr(
        words.lang,
        "Chances of this kind came true within {off} points of what was said, on average over {cases:,}"
        " cases",
        off=words.number(off, 0),
        cases=cases,
    )
