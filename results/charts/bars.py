"""Bars by row: what moves the answer how far, what would have to be true, what is chosen (条形图)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...models.money import MONEY
from ...models.words import msg, tr
from ..colours import BEST, MISSED, MIX, PLAN, RANGES, REACHED, WHITE
from ..tables.table import Table
from ..text.format import chance_text
from ..text.wording import amount
from .frame import SMALL, TALL, Key, RowAxis, label_room, rows_frame
from .scene import Label, Line, Rect, Scene, shortened, text_width
from .words import Words


def bar(scene: Scene, frame: RowAxis, at: int, value: float, fill: str, told: str, tip: str = "") -> None:
    """A bar from zero with its number at its end."""
    y, (start, end) = frame.y(at), sorted((frame.scale(0.0), frame.scale(value)))
    scene.add(Rect(start, y - 7, max(end - start, 0.8), 14, fill, tip=tip or told))
    ahead = value >= 0
    scene.add(Label(end + 4 if ahead else start - 4, y, told, SMALL, "start" if ahead else "end"))


def tornado(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """The strongest numbers and what half of each one's range does, either way, the strongest first."""
    table = tables.get("tornado") or tables.get("key_assumptions")
    rows = table.records() if table is not None else []
    if table is None or not rows:
        return None
    sizes = [abs(row["effect"]) for row in rows]
    most = max(sizes)
    if most <= 0:
        return None
    names = [words(row["number"], row["path"]) for row in rows]
    ends = (msg("number lower by half its range"), msg("number higher by half its range"))
    if table.name == "tornado":
        ends = (msg("input at its 5 % quantile"), msg("input at its 95 % quantile"))
    colours = (RANGES[1], RANGES[3])
    keys = [Key(words(end), colour) for end, colour in zip(ends, colours, strict=True)]
    axis = words.heading(table.columns[table.at("effect")])
    scene, frame = rows_frame(names, -most, most, axis, keys=keys, pads=(44.0, 46.0), height=26)
    for at, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        y, zero = frame.y(at), frame.scale(0.0)
        long = frame.scale(size) - zero
        low, high = colours if row["effect"] > 0 else colours[::-1]
        told = words.number(size, 3)
        scene.add(
            Rect(zero - long, y - 7, long, 14, low, tip=f"{names[at]}: -{told}"),
            Rect(zero, y - 7, long, 14, high, tip=f"{names[at]}: +{told}"),
            Label(zero + long + 4, y, f"±{told}", SMALL),
        )
    return scene


def tornado_finding(tables: Mapping[str, Table], words: Words) -> str:
    """The number on which most hangs."""
    table = tables.get("tornado") or tables.get("key_assumptions")
    rows = table.records() if table is not None else []
    if table is None or not rows:
        return ""
    first = max(rows, key=lambda row: abs(row["effect"]))
    return tr(
        words.lang,
        "“{number}” matters most of all numbers: ±{effect} points",
        number=words(first["number"], first["path"]),
        effect=words.number(abs(first["effect"]), 2),
    )


def _delays(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Projects whose delay is felt."""
    rows = tables["delay_impact"].records() if "delay_impact" in tables else []
    return [row for row in rows if row["effect"] is not None and abs(row["effect"]) >= 5e-4][
        : int(TALL // 25)
    ]


def delay_impacts(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """What the target year loses where one project comes a quarter later; the largest first."""
    rows = _delays(tables)
    if not rows:
        return None
    table = tables["delay_impact"]
    names = [words(row["title"], row["project"]) for row in rows]
    values = [row["effect"] for row in rows]
    axis = words.heading(table.columns[table.at("effect")])
    low, high = min(0.0, *values), max(0.0, *values)
    scene, frame = rows_frame(names, low, high, axis, pads=(46.0 if low < 0 else 4.0, 46.0), height=25)
    for at, value in enumerate(values):
        told = words.number(value, 3, signed=True)
        bar(scene, frame, at, value, MISSED if value < 0 else REACHED, told, f"{names[at]}: {told}")
    return scene


def delay_finding(tables: Mapping[str, Table], words: Words) -> str:
    """The project whose delay costs most."""
    rows = _delays(tables)
    first = min(rows, key=lambda row: row["effect"], default=None)
    if first is None or first["effect"] >= 0:
        return ""
    return tr(
        words.lang,
        "A quarter's delay costs most at “{project}”: {effect} points of growth",
        project=words(first["title"], first["project"]),
        effect=words.number(first["effect"], 2, signed=True),
    )


def break_even_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """For each main tier its drivers: how likely it is that one alone is as favourable as it would have to
    be, the median now and the value needed."""
    table = tables.get("break_evens")
    rows = table.records() if table is not None else []
    if not rows or not any(row["needed"] is not None for row in rows):
        return None
    lines: list[tuple[str, dict[str, Any] | None]] = []
    for row in rows:
        aim = _aim(row, tables, words)
        if (aim, None) not in lines:
            lines.append((aim, None))
        lines.append((words(row["what"], row["driver"]), row))
    lines = lines[: int(TALL // 21)]
    told = [_needed(row, words) if row else "" for _, row in lines]
    drivers = [name if row else "" for name, row in lines]
    scene, frame = rows_frame(
        drivers,
        0.0,
        max(10.0, *(row["likelihood"] or 0.0 for row in rows)),
        words(msg("how likely such a value is, %; then: median now → value needed")),
        pads=(2.0, min(max(text_width(text, SMALL) for text in told) + 10, 150.0)),
        height=21.0,
        left=label_room(drivers, most=160.0),
    )
    for at, ((name, line), text) in enumerate(zip(lines, told, strict=True)):
        if line is None:
            scene.add(Rect(2, frame.y(at) - 9, scene.width - 4, 18, WHITE))
            short = shortened(name, SMALL, scene.width - 20, 1)[0]
            scene.add(Label(6, frame.y(at) + 1, short, SMALL, bold=True))
        else:
            bar(scene, frame, at, line["likelihood"] or 0.0, RANGES[3], text, f"{name}: {text}")
    return scene


def _aim(row: Mapping[str, Any], tables: Mapping[str, Table], words: Words) -> str:
    """A tier by its target, name and value."""
    known = tables["verdict"].records() if "verdict" in tables else []
    asked = next(
        (
            each["threshold"]
            for each in known
            if (each["target"], each["tier_id"]) == (row["target"], row["tier_id"])
        ),
        None,
    )
    tier = words(row["tier"], row["tier_id"]) if asked is None else words.number(asked, 1)
    return f"{words(row['title'], row['target'])} {tier}"


def _needed(row: Mapping[str, Any], words: Words) -> str:
    """How likely, from where to where; or why nothing is known."""
    if row["needed"] is None:
        return words(row["words"])
    digits = int(row["fine"] or 1)
    unit = words(row["unit"]) if row["unit"] else ""
    now, needed = (words.number(row[name], digits, signed=True) for name in ("now", "needed"))
    return f"{chance_text(row['likelihood'])}%  {now} → {needed} {unit}".rstrip()


def break_even_finding(tables: Mapping[str, Table], words: Words) -> str:
    """What would most likely make the first tier's chance what is asked for."""
    rows = tables["break_evens"].records() if "break_evens" in tables else []
    first = [
        row for row in rows if (row["target"], row["tier_id"]) == (rows[0]["target"], rows[0]["tier_id"])
    ]
    found = [row for row in first if row["needed"] is not None]
    if not found:
        return ""
    best = max(found, key=lambda row: row["likelihood"])
    return tr(
        words.lang,
        "{aim} becomes as likely as asked for if the {driver} alone reaches {needed} {unit}: a chance of"
        " {chance}%",
        aim=_aim(best, tables, words),
        driver=words(best["what"], best["driver"]),
        needed=words.number(best["needed"], int(best["fine"] or 1), signed=True),
        unit=words(best["unit"]) if best["unit"] else "",
        chance=chance_text(best["likelihood"]),
    )


def required_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Least investment that reaches each goal, beside the plan and the limit."""
    table = tables.get("required")
    rows = table.records()[: int(TALL // 30)] if table is not None else []
    if table is None or not rows:
        return None
    plan, limit = rows[0]["plan_money"], rows[0]["limit"]
    known = [row["money"] for row in rows if row["money"] is not None]
    ends = [value for value in (plan, limit, *known) if value is not None]
    if not ends:
        return None
    low, high = min(ends), max(ends)
    low -= 0.5 * (high - low) or 0.05 * abs(high)
    marks = [
        (plan, Key(words(msg("the plan", context="in a picture")), PLAN, "tick")),
        (limit, Key(words(msg("limit on investment")), MISSED, "tick")),
    ]
    marks = [(value, key) for value, key in marks if value is not None]
    keys = [Key(words(msg("least investment that is enough")), BEST), *(key for _, key in marks)]
    axis = words.heading(table.columns[table.at("money")]) + words(msg(" (axis does not begin at zero)"))
    scene, frame = rows_frame(
        [words(row["what"]) for row in rows],
        low,
        high,
        axis,
        keys=keys,
        pads=(2.0, 52.0),
        height=30,
        zero=False,
    )
    for at, row in enumerate(rows):
        y, start = frame.y(at), frame.scale(low)
        if row["money"] is None:
            told = shortened(words(row["reach"]), SMALL, frame.right - start - 8, 2)
            for k, line in enumerate(told):
                scene.add(Label(start + 6, y + 12 * (k - (len(told) - 1) / 2), line, SMALL, fill=MISSED))
            continue
        end, text = frame.scale(row["money"]), words.number(row["money"], 0)
        scene.add(
            Rect(start, y - 7, max(end - start, 0.8), 14, BEST, tip=text), Label(end + 5, y, text, SMALL)
        )
    for value, key in marks:
        x = frame.scale(value) + (1.5 if key.colour == MISSED else -1.5)
        ends_ = ((x, frame.top), (x, frame.top + frame.height * len(rows)))
        scene.shapes.insert(0, Line(ends_, key.colour, 1.6))
    return scene


def required_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many goals any investment reaches, and what the first of them takes."""
    rows = tables["required"].records() if "required" in tables else []
    found = [row for row in rows if row["money"] is not None]
    if not rows:
        return ""
    said = tr(
        words.lang,
        "Investment alone can reach {reached} of {count} goals",
        reached=len(found),
        count=len(rows),
    )
    if not found or found[0]["more"] is None:
        return said
    more = tr(
        words.lang, "{more} against the plan", more=amount(found[0]["more"], MONEY, words.lang, 0, plus=True)
    )
    return words.joined(said, words.of(words(found[0]["what"]), more))


def selected_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Candidates by investment: those that start, with their quarter, and those that do not."""
    rows = _candidates(tables, int(TALL // 50))
    if not rows:
        return None
    names = [words(row["title"], row["project"]) for row in rows]
    listed = next(tables[name] for name in ("select_starts", "select_left") if name in tables)
    axis = words.heading(listed.columns[listed.at("invest")])
    keys = [
        Key(words(msg("starts, with its quarter")), BEST),
        Key(words(msg("left out")), MIX),
    ]
    scene, frame = rows_frame(
        names, 0.0, max(row["invest"] for row in rows), axis, keys=keys, pads=(2.0, 96.0), height=25
    )
    for at, row in enumerate(rows):
        start = words(row["start"]) if row.get("start") else ""
        told = words.number(row["invest"], 1) + (f" · {start}" if start else "")
        bar(scene, frame, at, row["invest"], BEST if start else MIX, told, f"{names[at]}: {told}")
    return scene


def _candidates(tables: Mapping[str, Table], most: int | None) -> list[dict[str, Any]]:
    """Those that start, then those left out, the largest first; so many of each."""
    return [
        row
        for name in ("select_starts", "select_left")
        for row in sorted(tables[name].records() if name in tables else [], key=lambda row: -row["invest"])[
            :most
        ]
    ]


def selected_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many start, and with how much money."""
    rows = _candidates(tables, None)
    begun = [row for row in rows if row.get("start")]
    if not rows:
        return ""
    return tr(
        words.lang,
        "{chosen} of {count} candidates start, worth {money}",
        chosen=len(begun),
        count=len(rows),
        money=amount(sum(row["invest"] for row in begun), MONEY, words.lang),
    )
