"""Waterfalls: parts that add up to a whole, each beginning where the one before ended (贡献分解)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...models.words import msg
from ..tables.table import Table
from ..text.format import printed
from .frame import SMALL, rows_frame, stripe
from .scene import BLUE, GREEN, GREY, RED, Label, Line, Rect, Scene
from .words import Words


@dataclass(frozen=True)
class WaterfallStep:
    """One bar: from where to where, its printed size; a total stands on zero."""

    name: str
    start: float
    end: float
    told: str
    total: bool = False
    tip: str = ""


def cascade(steps: Sequence[WaterfallStep], axis: str) -> Scene:
    """Bars one below the other, joined by thin lines; what rises is green, what falls red, totals blue."""
    low = min(min(step.start, step.end) for step in steps)
    high = max(max(step.start, step.end) for step in steps)
    scene, rows = rows_frame(
        [step.name for step in steps],
        low,
        high,
        axis,
        bold={at for at, step in enumerate(steps) if step.total},
        pads=(44.0, 52.0),
        zero=low <= 0,
    )
    thick = 0.62 * rows.height
    for at, step in enumerate(steps):
        x, y = sorted((rows.scale(step.start), rows.scale(step.end))), rows.y(at)
        if step.total:
            stripe(scene, rows, at)
        fill = (
            BLUE if step.total else GREEN if step.end > step.start else RED if step.end < step.start else GREY
        )
        if at and not steps[at].total:
            scene.add(
                Line(
                    ((x0 := rows.scale(step.start), rows.y(at - 1) + thick / 2), (x0, y - thick / 2)),
                    GREY,
                    0.8,
                )
            )
        scene.add(
            Rect(
                x[0],
                y - thick / 2,
                max(x[1] - x[0], 1.0),
                thick,
                fill,
                tip=step.tip or f"{step.name}: {step.told}",
            )
        )
        behind = step.end < step.start
        scene.add(
            Label(
                x[0] - 4 if behind else x[1] + 4,
                y,
                step.told,
                SMALL,
                "end" if behind else "start",
                bold=step.total,
            )
        )
    return scene


def sectors_waterfall(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Pull of every sector, adding up to the growth of GDP; None where GDP stands still."""
    table = tables.get("sectors")
    if table is None:
        return None
    steps, reached = [], 0.0
    for row in table.records():
        pull, name = row["pull"], words(row["title"], row["sector"])
        if pull is None or row["contribution"] is None:
            return None
        tip = f"{name}: {words.number(pull, 2)} · {words.number(row['contribution'], 1)} %"
        if row["level"] == "sector":
            steps.append(
                WaterfallStep(name, reached, reached + pull, words.number(pull, 2, signed=True), tip=tip)
            )
            reached += pull
        elif row["level"] == "total":
            steps.append(WaterfallStep(name, 0.0, pull, words.number(pull, 2), True, tip))
    return (
        cascade(
            steps,
            words(msg("pull, points (adding up to GDP growth)")),
        )
        if steps
        else None
    )


def difference_waterfall(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """What the difference between the first two runs comes from, for the first indicator that differs."""
    table = tables.get("attribution")
    if table is None or not table.rows:
        return None
    records = table.records()
    blocks = list(dict.fromkeys(row["block"] for row in records))
    moved = next(
        (
            b
            for b in blocks
            if any(
                row["block"] == b and row["level"] == "total" and abs(row["effect"]) > 5e-4 for row in records
            )
        ),
        None,
    )
    if moved is None:
        return None
    effects = [row[0] for row in printed(table, words.lang, [table.columns[table.at("effect")]])]
    rows = [(row, told) for row, told in zip(records, effects, strict=True) if row["block"] == moved]
    total = next(row for row, _ in rows if row["level"] == "total")
    title, unit = words(total["title"], total["item"]), words(total["unit"]) if total["unit"] else ""
    first, last = words.number(total["from"], 3), words.number(total["to"], 3)
    steps = [
        WaterfallStep(
            words(msg("Run {run}", run=1)),
            0.0,
            total["from"],
            first,
            True,
        )
    ]
    steps += [
        WaterfallStep(words(row["change"], row["group"]), row["from"], row["to"], told)
        for row, told in rows
        if row["level"] == "part"
    ]
    steps.append(WaterfallStep(words(msg("Run {run}", run=total["run"])), 0.0, total["to"], last, True))
    return cascade(
        cut := _cut(steps), f"{title}{f' ({unit})' if unit else ''} {total['year']}" + _broken(cut, words)
    )


def _broken(steps: Sequence[WaterfallStep], words: Words) -> str:
    """That the axis does not begin at zero."""
    return (
        words(msg(" (axis does not begin at zero)"))
        if any(step.total and step.start for step in steps)
        else ""
    )


def gap_waterfall(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """From the growth expected to the growth asked at the first tier missed: what each sector lacks."""
    table = tables.get("gap_sheet")
    if table is None:
        return None
    records = [row for row in table.records() if str(row["block"]).endswith(":sector")]
    total = next((row for row in records if row["level"] == "total" and row["gap"] < 0), None)
    if total is None:
        return None
    reached = total["expected"]
    steps = [
        WaterfallStep(
            words(
                msg(
                    "Expected",
                    context="in a picture",
                )
            ),
            0.0,
            reached,
            words.number(reached, 2),
            True,
        )
    ]
    for row in records:
        if row["tier_id"] == total["tier_id"] and row["level"] == "part" and row["gap"]:
            name = words(row["title"], row["item"])
            tip = (
                f"{name}: {words.number(row['gap'], 2, signed=True)} ·"
                f" {words.number(row['gap_yi'], 2, signed=True)} {words.unit('亿元')}"
            )
            steps.append(
                WaterfallStep(
                    name, reached, reached - row["gap"], words.number(-row["gap"], 2, signed=True), tip=tip
                )
            )
            reached -= row["gap"]
    steps.append(
        WaterfallStep(
            words(total["tier"], total["tier_id"]), 0.0, total["asked"], words.number(total["asked"], 2), True
        )
    )
    return cascade(
        cut := _cut(steps),
        words(msg("growth, %; points that each sector lacks")) + _broken(cut, words),
    )


def _cut(steps: Sequence[WaterfallStep]) -> list[WaterfallStep]:
    """Where small steps stand on large totals, totals begin just below the steps."""
    values = [value for step in steps for value in ((step.end,) if step.total else (step.start, step.end))]
    low, high = min(values), max(values)
    if low <= 0 or high - low > 0.35 * high:
        return list(steps)
    floor = low - 0.35 * (high - low or 0.1 * high)
    return [WaterfallStep(s.name, floor, s.end, s.told, True, s.tip) if s.total else s for s in steps]
