"""What the variance of a target comes from, and what a higher probability takes (Sobol' 指数,
确定性的代价)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...models.words import msg
from ..tables.percent import hundredfold
from ..tables.table import Table
from .frame import BODY, SMALL, legend, plane_frame, rows_frame
from .scene import (
    BLUE,
    INK,
    ORANGE,
    SERIES,
    WIDTH,
    Area,
    Dot,
    Label,
    Line,
    Rect,
    Scene,
    moved,
    shortened,
)
from .words import Words

_MOST, _LEAST = 14, 0.005
"""Causes that are drawn, and the index below which none is."""
_SURE = 1.96  # standard errors of a 95 % interval
_CURVES = 4


def sobol_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """First-order and total index of every cause of the first target, with 95 % intervals, the largest total
    first."""
    table = tables.get("sobol")
    rows = [row for row in (table.records() if table is not None else []) if row["kind_id"] == "cause"]
    rows = [
        row
        for row in rows
        if row["target"] == rows[0]["target"] and max(row["total"], row["first"]) >= _LEAST
    ]
    rows = sorted(rows, key=lambda row: -row["total"])[:_MOST]
    if not rows:
        return None
    kinds = (
        (
            "first",
            words(msg("first order")),
            BLUE,
        ),
        (
            "total",
            words(msg("total effect")),
            ORANGE,
        ),
    )
    most = max(row[kind] + _SURE * (row[f"{kind}_error"] or 0.0) for row in rows for kind, *_ in kinds)
    names = [words(row["title"], row["group"]) for row in rows]
    target = words(rows[0]["target_title"], rows[0]["target"])
    axis = words(
        msg(
            "share of the variance of {target} (thin lines: 95 % intervals)",
            target=target,
        )
    )
    scene, frame = rows_frame(names, 0.0, most, axis, pads=(2.0, 48.0), height=32, top=26.0)
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
    legend(scene, [(kind, said, colour) for kind, said, colour in kinds], frame.left, 12)
    return scene


def certainty_curves(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Probability of each tier against the amount of each lever, a field a lever, with bands of 95 % sampling
    error."""
    table = tables.get("certainty")
    if table is None or not table.rows:
        return None
    levers: dict[str, dict[tuple[str, str], list[dict[str, Any]]]] = {}
    for row in table.records():
        levers.setdefault(row["lever_id"], {}).setdefault((row["target"], row["tier_id"]), []).append(row)
    found = {
        lever: curves for lever, curves in levers.items() if any(len(steps) > 1 for steps in curves.values())
    }
    keys = list(dict.fromkeys(key for curves in found.values() for key in curves))[:_CURVES]
    if not keys:
        return None
    across = WIDTH / min(len(found), 2)
    named = {
        key: next(_named(curves[key][0], words) for curves in found.values() if key in curves) for key in keys
    }
    entries = [("/".join(key), named[key], SERIES[at % len(SERIES)]) for at, key in enumerate(keys)]
    scene = Scene(WIDTH, 0.0)
    top = legend(scene, entries, 64, 12) + 14
    fields = [
        _field(
            next(iter(curves.values()))[0],
            {key: curves[key] for key in keys if key in curves},
            keys,
            words,
            across,
        )
        for curves in found.values()
    ]
    for at, field in enumerate(fields):
        for shape in field.shapes:
            scene.add(moved(shape, across * (at % 2), top + field.height * (at // 2)))
    scene.height = top + fields[0].height * -(-len(fields) // 2)
    return scene


def _named(row: Mapping[str, Any], words: Words) -> str:
    """A tier as the legend names it."""
    return (
        f"{words(row['title'], row['target'])} {words(row['tier'], row['tier_id'])}"
        f" {words.number(row['threshold'], row['digits'])}"
    )


def _field(
    first: Mapping[str, Any],
    curves: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]],
    keys: Sequence[tuple[str, str]],
    words: Words,
    width: float,
) -> Scene:
    """One lever."""
    lever, unit = words(first["lever"], first["lever_id"]), words(first["unit"]) if first["unit"] else ""
    most = max(step["amount"] for steps in curves.values() for step in steps)
    axes = (
        f"{lever}{f', {unit}' if unit else ''}",
        words(msg("probability, %")),
    )
    scene, plane = plane_frame((0.0, most), (0.0, 100.0), axes, width=width, height=290, left=52, top=26)
    scene.add(Label(52, 12, shortened(lever, BODY, width - 66, 1)[0], BODY, bold=True))
    for key, steps in curves.items():
        colour, series = SERIES[keys.index(key) % len(SERIES)], "/".join(key)
        points = [(plane.x(step["amount"]), step) for step in steps]
        high = [
            (x, plane.y(min(100 * (step["probability"] + _SURE * step["error"]), 100.0)))
            for x, step in points
        ]
        low = [
            (x, plane.y(max(100 * (step["probability"] - _SURE * step["error"]), 0.0))) for x, step in points
        ]
        scene.add(Area((*high, *reversed(low)), colour, 0.18, series=series))
        scene.add(
            Line(
                tuple((x, plane.y(100 * step["probability"])) for x, step in points),
                colour,
                1.8,
                series=series,
            )
        )
        for x, step in points:
            tip = (
                f"{words.number(step['amount'], 0)} {unit}:"
                f" {words.number(hundredfold(step['probability']), 1)} %"
            )
            scene.add(Dot(x, plane.y(100 * step["probability"]), 3, colour, tip=tip, series=series))
    return scene
