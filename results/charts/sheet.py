"""The target sheet as a picture: expected values against both tiers, and the probability of each
(目标与概率)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...models.words import msg
from ..tables.percent import hundredfold
from ..tables.table import Table
from ..text.format import chance_text
from .frame import SMALL, legend, rows_frame
from .scene import BLUE, GREEN, GREY, INK, ORANGE, RED, Dot, Label, Line, Rect, Scene, box
from .words import Words

_TIERS = ("ensure", "stretch", "at_most")


def growth_sheet(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Every judged row in %: the expected value as a dot, the tiers as marks, the distance between."""
    table = tables.get("targets")
    if table is None:
        return None
    rows = [
        row
        for row in table.records()
        if getattr(row["unit"], "zh", "") == "%" and row["gap"] is not None and row["expected"] is not None
    ]
    if not rows:
        return None
    values = [row[name] for row in rows for name in ("expected", *_TIERS) if row[name] is not None]
    names = [words(row["title"], row["target"]) for row in rows]
    scene, frame = rows_frame(
        names, min(values), max(values), "%", height=26, pads=(48.0, 48.0), top=30.0, zero=False
    )
    for at, row in enumerate(rows):
        y, x = frame.y(at), frame.scale(row["expected"])
        tiers = {name: row[name] for name in _TIERS if row[name] is not None}
        for name, value in tiers.items():
            mark = frame.scale(value)
            scene.add(
                Line(
                    ((mark, y - 8), (mark, y + 8)),
                    INK if name != "stretch" else ORANGE,
                    2.2,
                    tip=f"{names[at]}: {words.number(value, row['digits'])} %",
                )
            )
        fill = GREEN if row["gap"] >= 0 else RED
        first = frame.scale(next(iter(tiers.values())))
        scene.shapes.insert(
            0, Rect(min(x, first), y - 3, abs(first - x), 6, "#f3d9d6" if row["gap"] < 0 else "#d8eddf")
        )
        told = words.number(row["expected"], row["fine"])
        scene.add(Dot(x, y, 5, fill, tip=f"{names[at]}: {told} %"))
        scene.add(_beside(x, y, told, fill, [frame.scale(value) for value in tiers.values()]))
    entries = [
        (
            "",
            words(msg("expected: reached")),
            GREEN,
        ),
        (
            "",
            words(msg("expected: short")),
            RED,
        ),
        (
            "",
            words(
                msg(
                    "ensure",
                    context="in a picture",
                )
            ),
            INK,
        ),
        (
            "",
            words(
                msg(
                    "stretch",
                    context="in a picture",
                )
            ),
            ORANGE,
        ),
    ]
    legend(scene, entries, frame.left, 14)
    return scene


def _beside(x: float, y: float, told: str, fill: str, marks: Sequence[float]) -> Label:
    """The number at its own dot, on the side where no tier's mark stands; above it where both sides are
    taken."""
    away = -1 if sum(mark > x for mark in marks) * 2 > len(marks) else 1
    for side in (away, -away):
        label = Label(x + 8 * side, y, told, SMALL, "start" if side > 0 else "end", bold=True, fill=fill)
        left, _, right, _ = box(label)
        if not any(left - 2 < mark < right + 2 for mark in marks):
            return label
    return Label(x, y - 9, told, SMALL, "middle", bold=True, fill=fill)


def chances(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Probability of every judged tier, with its standard error; None where no ensemble ran."""
    table = tables.get("targets")
    if table is None:
        return None
    names = {
        "ensure": words(msg("ensure")),
        "stretch": words(msg("stretch")),
        "at_most": words(
            msg(
                "at most",
                context="in a picture",
            )
        ),
    }
    colours = {"ensure": BLUE, "stretch": ORANGE, "at_most": GREY}
    rows: list[tuple[str, list[tuple[str, float, float]]]] = []
    for row in table.records():
        found = [
            (tier, row[f"probability_{tier}"], row[f"error_{tier}"] or 0.0)
            for tier in _TIERS
            if row[f"probability_{tier}"] is not None
        ]
        if found:
            rows.append((words(row["title"], row["target"]), found))
    if not rows:
        return None
    axis = words(msg("probability of being reached, %"))
    scene, frame = rows_frame(
        [name for name, _ in rows], 0.0, 100.0, axis, pads=(2.0, 44.0), height=30, top=26.0
    )
    for at, (name, found) in enumerate(rows):
        for number, (tier, value, error) in enumerate(found):
            y, x = frame.y(at) + 12.0 * (number - (len(found) - 1) / 2), frame.scale(100 * value)
            told = chance_text(hundredfold(value))
            scene.add(
                Rect(
                    frame.scale(0),
                    y - 5,
                    x - frame.scale(0),
                    10,
                    colours[tier],
                    series=tier,
                    tip=(
                        f"{name} {names[tier]}: {words.number(100 * value, 1)} % ±"
                        f" {words.number(100 * error, 1)}"
                    ),
                )
            )
            low, high = (
                frame.scale(min(max(100 * (value + side * 1.96 * error), 0.0), 100.0)) for side in (-1, 1)
            )
            if high - low > 0.5:
                scene.add(Line(((low, y), (high, y)), INK, 1.2, series=tier))
            scene.add(Label(max(x, high) + 5, y, f"{told}%", SMALL, series=tier))
    shown = dict.fromkeys(tier for _, found in rows for tier, *_ in found)
    legend(scene, [(tier, names[tier], colours[tier]) for tier in shown], frame.left, 12)
    return scene
