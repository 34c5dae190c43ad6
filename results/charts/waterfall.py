"""Waterfalls: parts that add up to a whole, each beginning where the one before ended (贡献分解)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...models.words import msg, tr
from ..colours import MISSED, MIX, PLAN, REACHED
from ..tables.table import Table
from ..text.format import printed
from .frame import SMALL, TALL, rows_frame, stripe
from .scene import Label, Line, Rect, Scene
from .sheet import NAMES
from .words import Words

_LEAST, _ROW = 5e-4, 24.0
"""A smaller difference is none; height of a row."""


@dataclass(frozen=True)
class WaterfallStep:
    """One bar: from where to where, its printed size; a total stands on zero."""

    name: str
    start: float
    end: float
    told: str
    total: bool = False
    tip: str = ""


def lumped(steps: Sequence[WaterfallStep], others: str, words: Words) -> list[WaterfallStep]:
    """Of more steps than a page holds, the largest; the rest are one step before the last total."""
    parts = [step for step in steps if not step.total]
    room = int(TALL // _ROW) - (len(steps) - len(parts))
    if len(parts) <= room:
        return list(steps)
    kept = sorted(parts, key=lambda step: -abs(step.end - step.start))[: room - 1]
    made: list[WaterfallStep] = []
    reached, rest = parts[0].start, sum(step.end - step.start for step in parts if step not in kept)
    for step in steps:
        if step.total and made and not made[-1].total:
            told = words.number(rest, 2, signed=True)
            made.append(WaterfallStep(others, reached, reached + rest, told))
        if step.total:
            made.append(step)
        elif step in kept:
            moved = step.end - step.start
            made.append(replace(step, start=reached, end=reached + moved))
            reached += moved
    return made


def cascade(steps: Sequence[WaterfallStep], axis: str, rise: str = REACHED) -> Scene:
    """Bars one below the other, joined by thin lines; totals are dark."""
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
            PLAN
            if step.total
            else rise
            if step.end > step.start
            else MISSED
            if step.end < step.start
            else MIX
        )
        if at and not steps[at].total:
            scene.add(
                Line(
                    ((x0 := rows.scale(step.start), rows.y(at - 1) + thick / 2), (x0, y - thick / 2)),
                    MIX,
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
            lumped(steps, words(msg("other sectors")), words),
            words(msg("contribution to growth, points (adding up to GDP growth)")),
        )
        if steps
        else None
    )


def sectors_finding(tables: Mapping[str, Table], words: Words) -> str:
    """The two sectors that contribute most."""
    rows = tables["sectors"].records() if "sectors" in tables else []
    parts = [row for row in rows if row["level"] == "sector" and row["pull"] is not None]
    total = next((row for row in rows if row["level"] == "total" and row["pull"] is not None), None)
    if total is None or len(parts) < 2:
        return ""
    first, second = sorted(parts, key=lambda row: -row["pull"])[:2]
    return tr(
        words.lang,
        "Of {total} points of GDP growth {first} contributes {one} and {second} {two}",
        total=words.number(total["pull"], 2),
        first=words(first["title"], first["sector"]),
        one=words.number(first["pull"], 2),
        second=words(second["title"], second["sector"]),
        two=words.number(second["pull"], 2),
    )


def _moved(records: Sequence[Mapping[str, Any]]) -> str | None:
    """The first indicator that differs between two runs."""
    totals = (row for row in records if row["level"] == "total" and abs(row["effect"]) > _LEAST)
    return next((row["block"] for row in totals), None)


def difference_finding(tables: Mapping[str, Table], words: Words, name: str = "attribution") -> str:
    """How far the first indicator that differs moves, and by what most."""
    records = tables[name].records() if name in tables else []
    rows = [row for row in records if row["block"] == _moved(records)]
    total = next((row for row in rows if row["level"] == "total"), None)
    parts = [row for row in rows if row["level"] == "part"]
    if total is None or not parts:
        return ""
    most = max(parts, key=lambda row: abs(row["effect"]))
    return tr(
        words.lang,
        "{name} {year}: from {one} to {two}, most of all by {change} ({effect})",
        name=words(total["title"], total["item"]),
        year=total["year"],
        one=words.number(total["from"], 2),
        two=words.number(total["to"], 2),
        change=words(most["change"], most["group"]),
        effect=words.number(most["effect"], 2, signed=True),
    )


def difference_waterfall(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """What the difference between the first two runs comes from, for the first indicator that differs."""
    table = tables.get("attribution")
    if table is None or not table.rows:
        return None
    records = table.records()
    moved = _moved(records)
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
    records, total = _missed(table)
    if total is None:
        return None
    reached = total["expected"]
    steps = [
        WaterfallStep(
            words(
                msg(
                    "Projected",
                    context="in a picture",
                )
            ),
            0.0,
            reached,
            words.number(reached, 2),
            True,
        )
    ]
    money = table.columns[table.at("gap_yi")].unit
    for row in records:
        if row["tier_id"] == total["tier_id"] and row["level"] == "part" and row["gap"]:
            name = words(row["title"], row["item"])
            tip = (
                f"{name}: {words.number(row['gap'], 2, signed=True)} ·"
                f" {words.number(row['gap_yi'], 2, signed=True)} {words.unit(money)}"
            )
            steps.append(
                WaterfallStep(
                    name, reached, reached - row["gap"], words.number(-row["gap"], 2, signed=True), tip=tip
                )
            )
            reached -= row["gap"]
    steps.append(
        WaterfallStep(
            words(NAMES.get(total["tier_id"], total["tier"]), total["tier_id"]),
            0.0,
            total["asked"],
            words.number(total["asked"], 2),
            True,
        )
    )
    return cascade(
        cut := _cut(lumped(steps, words(msg("other sectors")), words)),
        words(msg("growth, %; points that each sector lacks")) + _broken(cut, words),
        MISSED,
    )


def _missed(table: Table) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Rows by sector, and the total of the first tier missed."""
    records = [row for row in table.records() if str(row["block"]).endswith(":sector")]
    return records, next((row for row in records if row["level"] == "total" and row["gap"] < 0), None)


def gap_finding(tables: Mapping[str, Table], words: Words) -> str:
    """What lacks in all, and in which sector most of it."""
    records, total = _missed(tables["gap_sheet"]) if "gap_sheet" in tables else ([], None)
    if total is None:
        return ""
    parts = [row for row in records if row["tier_id"] == total["tier_id"] and row["level"] == "part"]
    said = tr(
        words.lang,
        "{lack} points lack to reach {asked}%",
        lack=words.number(-total["gap"], 2),
        asked=words.number(total["asked"], 1),
    )
    worst = min(parts, key=lambda row: row["gap"], default=None)
    if worst is None or worst["gap"] >= 0:
        return said
    return words.joined(
        said,
        tr(
            words.lang,
            "most in {sector}: {lack}",
            sector=words(worst["title"], worst["item"]),
            lack=words.number(-worst["gap"], 2),
        ),
    )


def _cut(steps: Sequence[WaterfallStep]) -> list[WaterfallStep]:
    """Where small steps stand on large totals, totals begin just below the steps."""
    values = [value for step in steps for value in ((step.end,) if step.total else (step.start, step.end))]
    low, high = min(values), max(values)
    if low <= 0 or high - low > 0.35 * high:
        return list(steps)
    floor = low - 0.35 * (high - low or 0.1 * high)
    return [WaterfallStep(s.name, floor, s.end, s.told, True, s.tip) if s.total else s for s in steps]
