"""The target sheet as a picture: where each outcome is likely to fall beside what is asked, and the chance of
it (目标与概率)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..colours import MINIMUM, MISSED, RANGES, REACHED, SOFT, STRETCH
from ..tables.percent import hundredfold
from ..tables.table import Table
from ..text.format import chance_text
from .frame import SMALL, TALL, Key, RowAxis, mark, put, rows_frame
from .scene import Area, Label, Line, Rect, Scene, box, text_width
from .words import Words

TIERS = ("ensure", "stretch", "at_most")
COLOURS = {"ensure": MINIMUM, "stretch": STRETCH, "at_most": MINIMUM, "need": MINIMUM}
NAMES: dict[str, Bilingual] = {
    "ensure": msg("minimum target", context="in a picture"),
    "stretch": msg("stretch target", context="in a picture"),
    "at_most": msg("ceiling", context="in a picture"),
    "need": msg("required", context="in a picture"),
}
RANGE = msg("80 % of outcomes")
CLEAR = 5.0
"""Points between a number and the middle of a mark beside it."""
_WIDE = 3.0
"""A band so many times as wide as the usual one goes on beyond the picture."""


@dataclass(frozen=True)
class Lane:
    """One projection of a target."""

    median: float
    low: float | None = None
    high: float | None = None
    chance: float | None = None


@dataclass(frozen=True)
class TargetRow:
    """A target, what is asked of it by tier, last year's outcome, and one projection or two."""

    name: str
    tiers: Mapping[str, float]
    lanes: tuple[Lane, ...]
    digits: int
    fine: int
    last: float | None = None

    def reached(self, lane: Lane) -> bool:
        """Whether a median is on the wanted side of the first tier."""
        tier, value = next(iter(self.tiers.items()))
        return (lane.median <= value) if tier == "at_most" else (lane.median >= value)


def growth_rows(table: Table, words: Words, runs: Sequence[str] = ("",)) -> list[TargetRow]:
    """Judged rows in %, with a lane a run; a run's columns end on what it is called by."""
    rows = []
    for row in table.records():
        tiers = {name: float(row[name]) for name in TIERS if row.get(name) is not None}
        lanes = tuple(
            Lane(
                row[f"expected{run}"],
                row.get(f"q10{run}"),
                row.get(f"q90{run}"),
                row.get(f"probability_{next(iter(tiers))}{run}"),
            )
            for run in runs
            if tiers and row.get(f"expected{run}") is not None
        )
        if getattr(row["unit"], "zh", "") == "%" and len(lanes) == len(runs):
            digits = int(row.get("digits") or 1)
            fine = int(row.get("fine") or digits + 1)
            rows.append(
                TargetRow(words(row["title"], row["target"]), tiers, lanes, digits, fine, row.get("last"))
            )
    return rows


def growth_sheet(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Every judged row in %: median and 80 % band, the tiers, last year's outcome, the chance."""
    table = tables.get("targets")
    rows = growth_rows(table, words) if table is not None else []
    if table is None or not rows:
        return None
    last = words(table.columns[table.at("last")].title) if "last" in _names(table) else ""
    return target_rows(rows, words, last)


def versus_sheet(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """The same of two runs: the first above, the second below."""
    table = tables.get("versus_targets")
    rows = growth_rows(table, words, ("_1", "_2")) if table is not None else []
    if table is None or not rows:
        return None
    last = words(table.columns[table.at("last")].title) if "last" in _names(table) else ""
    return target_rows(rows, words, last, _titles(tables, words))


def needs_sheet(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """What the plan gives beside what is required, of the targets of one question in %."""
    rows = _needs(tables, words)
    return target_rows(rows, words, "") if rows else None


def _needs(tables: Mapping[str, Table], words: Words) -> list[TargetRow]:
    """Targets in % of the answer to why a sheet fails."""
    rows = []
    for row in tables["explain_targets"].records() if "explain_targets" in tables else ():
        if getattr(row["unit"], "zh", "") == "%" and row["have"] is not None:
            ceiling = (row["gap"] >= 0) != (row["have"] >= row["need"])
            tiers = {"at_most" if ceiling else "need": float(row["need"])}
            name = words(row["title"], row["target"])
            rows.append(TargetRow(name, tiers, (Lane(row["have"]),), int(row["digits"]), int(row["fine"])))
    return rows


def needs_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many targets are met, and which lacks most."""
    rows = tables["explain_targets"].records() if "explain_targets" in tables else []
    if not rows:
        return ""
    said = tr(
        words.lang,
        "The plan meets {met} of {count} targets",
        met=sum(bool(row["met"]) for row in rows),
        count=len(rows),
    )
    short = [row for row in _needs(tables, words) if not row.reached(row.lanes[0])]
    if not short:
        return said
    worst = max(short, key=lambda row: abs(row.lanes[0].median - next(iter(row.tiers.values()))))
    return words.joined(
        said,
        tr(
            words.lang,
            "{name} lacks most: {have}% of {need}% required",
            name=worst.name,
            have=words.number(worst.lanes[0].median, worst.fine),
            need=words.number(next(iter(worst.tiers.values())), worst.digits),
        ),
    )


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _titles(tables: Mapping[str, Table], words: Words) -> tuple[str, ...]:
    """What the runs compared call themselves."""
    known = tables["versus_runs"].records() if "versus_runs" in tables else []
    titles = [words(row["title"], str(row["run"])) for row in known[:2]]
    plain = [words(msg("run {number}", number=at)) for at in (1, 2)]
    return tuple(titles if len(set(titles)) == 2 else plain)


def target_rows(rows: Sequence[TargetRow], words: Words, last: str, runs: Sequence[str] = ()) -> Scene:
    """Targets one below the other, each with a lane a run; ``last`` says what the open mark is."""
    height = 33.0 if len(rows[0].lanes) == 1 else 46.0
    rows = rows[: int(TALL // height)]
    low, high = _span(rows)
    chances = any(lane.chance is not None for row in rows for lane in row.lanes)
    bands = any(lane.low is not None for row in rows for lane in row.lanes)
    tiers = dict.fromkeys(tier for row in rows for tier in row.tiers)
    met = {row.reached(lane) for row in rows for lane in row.lanes}
    kinds = [
        (True, Key(words(msg("median: reaches the minimum")), REACHED, "dot")),
        (False, Key(words(msg("median: falls short")), MISSED, "dot")),
    ]
    keys = [
        *(key for reached, key in kinds if reached in met),
        *([Key(words(RANGE), RANGES[1])] if bands else []),
        *(Key(words(NAMES[tier]), COLOURS[tier], "tick") for tier in tiers),
        *([Key(last, SOFT, "ring")] if any(row.last is not None for row in rows) else []),
        *(Key(name, SOFT, "dot" if not at else "diamond") for at, name in enumerate(runs)),
    ]
    scene, frame = rows_frame(
        [row.name for row in rows],
        low,
        high,
        "%",
        keys=keys,
        head=words(msg("chance of the minimum", context="in a picture")) if chances else "",
        height=height,
        pads=(10.0, 14.0),
        right=48.0 if chances else 10.0,
        zero=False,
    )
    for at, row in enumerate(rows):
        _row(scene, frame, at, row, words)
    return scene


def _span(rows: Sequence[TargetRow]) -> tuple[float, float]:
    """From the least to the greatest of medians, tiers and bands, but for bands much wider than others."""
    values = [value for row in rows for value in (*row.tiers.values(), *(lane.median for lane in row.lanes))]
    bands = [
        (lane.low, lane.high)
        for row in rows
        for lane in row.lanes
        if lane.low is not None and lane.high is not None
    ]
    usual = sorted(high - low for low, high in bands)[len(bands) // 2] if bands else 0.0
    values += [end for low, high in bands if high - low <= _WIDE * usual for end in (low, high)]
    low, high = min(values), max(values)
    more = [row.last for row in rows if row.last is not None and low - usual < row.last < high + usual]
    return min(low, *more, low), max(high, *more, high)


def _row(scene: Scene, frame: RowAxis, at: int, row: TargetRow, words: Words) -> None:
    """One target: bands below, then tiers, last year's outcome and the medians."""
    gap = 16.0
    first = frame.y(at) + 2 - gap * (len(row.lanes) - 1) / 2
    ends = first + gap * (len(row.lanes) - 1)
    for number, lane in enumerate(row.lanes):
        up = number < len(row.lanes) - 1
        _band(scene, frame, first + gap * number, lane, row, words, up)
    for tier, value in row.tiers.items():
        x = frame.scale(value)
        tip = f"{row.name}: {words(NAMES[tier])} {words.number(value, row.digits)} %"
        scene.add(Line(((x, first - 8), (x, ends + 8)), COLOURS[tier], 2.4, tip=tip))
    _tier_numbers(scene, frame, first - 14, row, words)
    marks = [frame.scale(value) for value in row.tiers.values()]
    marks += _last(scene, frame, (first, ends), row, words)
    for number, lane in enumerate(row.lanes):
        y, x = first + gap * number, frame.scale(lane.median)
        told, colour = words.number(lane.median, row.fine), REACHED if row.reached(lane) else MISSED
        scene.add(mark("diamond" if number else "dot", x, y, colour, tip=f"{row.name}: {told} %"))
        last = number == len(row.lanes) - 1
        put(scene, *_beside(x, y, told, colour, marks, ends + 11 if last else y - 12))
        if lane.chance is not None:
            chance = f"{chance_text(hundredfold(lane.chance))}%"
            scene.add(Label(scene.width - 2, y, chance, SMALL, "end", colour, bold=True))


def _last(
    scene: Scene, frame: RowAxis, heights: tuple[float, float], row: TargetRow, words: Words
) -> list[float]:
    """Last year's outcome; beyond the picture at its edge with its number, or not at all. Returns its
    place."""
    if row.last is None:
        return []
    place, told = frame.scale(row.last), words.number(row.last, row.digits)
    x = min(max(place, frame.left + 4), frame.right - 4)
    tries = (Label(x + 4, y, told, SMALL, "end", SOFT) for y in (heights[0] - 13, heights[1] + 13))
    if x != place and not put(scene, *tries):
        return []
    scene.add(mark("ring", x, sum(heights) / 2, SOFT, 4.0, f"{row.name}: {told} %"))
    return [x]


def _band(scene: Scene, frame: RowAxis, y: float, lane: Lane, row: TargetRow, words: Words, up: bool) -> None:
    """The 80 % band; an end beyond the picture is an arrow with its number, above or below it."""
    if lane.low is None or lane.high is None:
        return
    left, right = frame.left + 6, frame.right - 6
    x = [min(max(frame.scale(end), left), right) for end in (lane.low, lane.high)]
    told = [words.number(end, row.digits) for end in (lane.low, lane.high)]
    tip = f"{row.name}: {words(RANGE)} {told[0]} … {told[1]} %"
    beside = y - 12 if up else y + 12
    scene.add(Rect(x[0], y - 4.5, max(x[1] - x[0], 0.8), 9, RANGES[1], tip=tip))
    if frame.scale(lane.low) < left:
        scene.add(Area(((left, y - 7), (left - 7, y), (left, y + 7)), RANGES[1]))
        put(scene, Label(left - 6, beside, told[0], SMALL, "start", SOFT))
    if frame.scale(lane.high) > right:
        scene.add(Area(((right, y - 7), (right + 7, y), (right, y + 7)), RANGES[1]))
        put(scene, Label(right + 6, beside, told[1], SMALL, "end", SOFT))


def _tier_numbers(scene: Scene, frame: RowAxis, y: float, row: TargetRow, words: Words) -> None:
    """What is asked, over its marks; two that are near each other stand left and right of their middle."""
    found = sorted((frame.scale(value), tier, value) for tier, value in row.tiers.items())
    told = [words.number(value, row.digits) for _, _, value in found]
    near = len(found) == 2 and found[1][0] - found[0][0] < max(text_width(each, SMALL) for each in told) + 4
    middle = (found[0][0] + found[-1][0]) / 2
    for at, ((x, tier, _), text) in enumerate(zip(found, told, strict=True)):
        if near:
            label = Label(middle + (2 if at else -2), y, text, SMALL, "start" if at else "end")
        else:
            label = Label(x, y, text, SMALL, "middle")
        put(scene, Label(label.x, y, text, SMALL, label.anchor, COLOURS[tier]))


def _beside(
    x: float, y: float, told: str, fill: str, marks: Sequence[float], under: float | None = None
) -> list[Label]:
    """Places of the number at its own dot, the best first: a side where no mark stands; below, or at a height
    given, where both are taken."""
    away = -1 if sum(mark > x for mark in marks) * 2 > len(marks) else 1
    sides = [
        Label(x + 8 * side, y, told, SMALL, "start" if side > 0 else "end", bold=True, fill=fill)
        for side in (away, -away)
    ]
    free = [label for label in sides if not any(_near(label, place) for place in marks)]
    low = y + 11 if under is None else under
    return [*free, Label(x, low, told, SMALL, "middle", bold=True, fill=fill), *sides]


def _near(label: Label, place: float) -> bool:
    """Whether a mark lies in a number or close by."""
    left, _, right, _ = box(label)
    return left - CLEAR < place < right + CLEAR


def sheet_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many targets the median reaches, and the chance of the first."""
    rows = growth_rows(tables["targets"], words) if "targets" in tables else []
    if not rows:
        return ""
    head = tr(
        words.lang,
        "The plan's median reaches {reached} of {count} growth targets",
        reached=sum(row.reached(row.lanes[0]) for row in rows),
        count=len(rows),
    )
    return words.joined(head, words.of(rows[0].name, _said(rows[0], rows[0].lanes[0], words)))


def _said(row: TargetRow, lane: Lane, words: Words) -> str:
    """A projection in words."""
    median = words.number(lane.median, row.fine)
    if lane.chance is None:
        return tr(words.lang, "median {median}%", median=median)
    aim = words.number(next(iter(row.tiers.values())), row.digits)
    chance = chance_text(hundredfold(lane.chance))
    return tr(
        words.lang,
        "median {median}%, a chance of {chance}% to reach {aim}%",
        median=median,
        chance=chance,
        aim=aim,
    )


def versus_finding(tables: Mapping[str, Table], words: Words) -> str:
    """Median and chance of the first target in both runs."""
    table = tables.get("versus_targets")
    rows = growth_rows(table, words, ("_1", "_2")) if table is not None else []
    if not rows:
        return ""
    first, names = rows[0], _titles(tables, words)
    told = [
        tr(words.lang, "“{run}”: {said}", run=run, said=_said(first, lane, words))
        for run, lane in zip(names, first.lanes, strict=True)
    ]
    return words.of(first.name, words.joined(*told))


def chances(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Probability of every judged tier, with its standard error; None where no ensemble ran."""
    rows = _chance_rows(tables, words)[: int(TALL // 28)]
    if not rows:
        return None
    axis = words(msg("probability of being reached, %"))
    shown = dict.fromkeys(tier for _, found in rows for tier, *_ in found)
    scene, frame = rows_frame(
        [name for name, _ in rows],
        0.0,
        100.0,
        axis,
        keys=[Key(words(NAMES[tier]), COLOURS[tier], series=tier) for tier in shown],
        pads=(2.0, 34.0),
        height=28,
    )
    for at, (name, found) in enumerate(rows):
        for number, (tier, value, error) in enumerate(found):
            y, x = frame.y(at) + 12.0 * (number - (len(found) - 1) / 2), frame.scale(100 * value)
            told = chance_text(hundredfold(value))
            tip = (
                f"{name} {words(NAMES[tier])}: {words.number(100 * value, 1)} % ±"
                f" {words.number(100 * error, 1)}"
            )
            zero = frame.scale(0)
            scene.add(Rect(zero, y - 5, x - zero, 10, COLOURS[tier], series=tier, tip=tip))
            low, high = (
                frame.scale(min(max(100 * (value + side * 1.96 * error), 0.0), 100.0)) for side in (-1, 1)
            )
            if high - low > 0.5:
                scene.add(Line(((low, y), (high, y)), SOFT, 1.2, series=tier))
            scene.add(Label(max(x, high) + 5, y, f"{told}%", SMALL, series=tier))
    return scene


def _chance_rows(
    tables: Mapping[str, Table], words: Words
) -> list[tuple[str, list[tuple[str, float, float]]]]:
    """Each target with its tiers: chance and error."""
    rows = []
    for row in tables["targets"].records() if "targets" in tables else ():
        found: list[tuple[str, float, Any]] = [
            (tier, row[f"probability_{tier}"], row[f"error_{tier}"] or 0.0)
            for tier in TIERS
            if row[f"probability_{tier}"] is not None
        ]
        if found:
            rows.append((words(row["title"], row["target"]), found))
    return rows


def chances_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many tiers are likelier than not."""
    chances_ = [value for _, found in _chance_rows(tables, words) for _, value, _ in found]
    if not chances_:
        return ""
    return tr(
        words.lang,
        "{likely} of {count} target tiers are more likely than not to be reached",
        likely=sum(value > 0.5 for value in chances_),
        count=len(chances_),
    )
