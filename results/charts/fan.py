"""Fans: what was, and where a target's value falls over the years, in how many of the futures (扇形图)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...models.words import msg, tr
from ..colours import INK, MINIMUM, RANGES, REFERENCE, SHADES, SOFT
from ..tables.table import Table
from .frame import SMALL, Key, Plane, below, legend, mark, plane_frame, put, spread, stacked
from .scene import WIDTH, Area, Label, Line, Scene
from .sheet import COLOURS, NAMES
from .words import Words

_MOST, _YEARS = 3, 10
"""Targets, and years of the past with the forecast, that are drawn."""
_BANDS = (("q10", "q90"), ("q20", "q80"), ("q30", "q70"), ("q40", "q60"))
_SHARES = ("80", "60", "40", "20")
"""Percent of the futures within each band."""
_READ = msg(
    "How to read it: of 100 futures 80 lie within the whole fan, 20 within its darkest band, and half on"
    " either side of the line."
)


def fans(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A fan for each main target (of all, the first): deciles, median, tiers; of growth with its past and the
    reference forecast."""
    chosen = _chosen(tables)
    if not chosen:
        return None
    first, *others = chosen
    past = _past(first, tables)
    head = Scene(WIDTH, 0.0)
    known = any(row.get("over") for rows in chosen.values() for row in rows)
    head.height = legend(head, _keys(past, known, words))
    across = 2 if len(others) > 1 else 1
    panels = [_fan(first, chosen[first], tables, words, past, WIDTH, 216.0)]
    small = [_fan(key, chosen[key], tables, words, [], WIDTH / across, 170.0) for key in others]
    scene = stacked([head, *panels, *([stacked(small, across)] if small else [])])
    below(scene, words(_READ), fill=INK)
    return scene


def _chosen(tables: Mapping[str, Table]) -> dict[str, list[dict[str, Any]]]:
    """Rows of each target that is drawn."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in tables["fan"].records() if "fan" in tables else ():
        if row["q10"] is not None:
            rows.setdefault(row["target"], []).append(row)
    known = tables["verdict"].records() if "verdict" in tables else []
    wanted = list(dict.fromkeys(row["target"] for row in known if row.get("target") in rows))
    return {key: rows[key] for key in [key for key in wanted or rows if len(rows[key]) > 1][:_MOST]}


def _past(key: str, tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """What is known of a target's past, and the reference forecast."""
    known = tables["past"].records() if "past" in tables else []
    return [row for row in known if row["target"] == key][-_YEARS:]


def _keys(past: Sequence[Mapping[str, Any]], known: bool, words: Words) -> list[Key]:
    """The legend."""
    found = [Key(words(msg("median projection")), SHADES[1], "line", "median")]
    found += [
        Key(words(msg("{share} % of futures", share=share)), colour, series=share)
        for share, colour in zip(_SHARES[::3], RANGES[::3], strict=True)
    ]
    if known or any(row["growth"] is not None for row in past):
        found.append(Key(words(msg("outcome", context="in a picture")), SOFT, "dot", "past"))
    if any(row["asked"] is not None for row in past):
        found.append(Key(words(msg("target of the year", context="in a picture")), MINIMUM, "line", "asked"))
    if any(row["reference"] is not None for row in past):
        found.append(Key(words(msg("reference forecast, 80 %")), REFERENCE, "dot", "reference"))
    return found


def _fan(
    key: str,
    rows: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Table],
    words: Words,
    past: Sequence[Mapping[str, Any]],
    width: float,
    height: float,
) -> Scene:
    """One target."""
    years = [int(row["year"]) for row in rows]
    tiers = [(name, value) for name, value in _tiers(key, tables) if name in NAMES]
    first = min([years[0], *(int(row["year"]) for row in past)])
    names = ("q10", "q90", "growth", "asked", "reference", "low", "high")
    values = [row[name] for row in (*rows, *past) for name in names if row.get(name) is not None]
    values += [value for _, value in tiers]
    scene, plane = plane_frame(
        (first - 0.4, years[-1] + 0.4),
        (min(values), max(values)),
        ("", ""),
        keys=[
            Key(f"{words(NAMES[name])} {words.number(value, 1)}", COLOURS[name], "line")
            for name, value in tiers
        ],
        title=words.in_unit(words(rows[0]["title"], key), _unit(key, tables, words)),
        width=width,
        height=height,
        whole_x=_years(first, years[0], years[-1], width),
        left=34.0,
        right=34.0,
    )
    x = [plane.x(year) for year in years]
    for (low, high), colour, share in zip(_BANDS, RANGES, _SHARES, strict=True):
        above = [(at, plane.y(row[high])) for at, row in zip(x, rows, strict=True)]
        under = [(at, plane.y(row[low])) for at, row in zip(x, rows, strict=True)]
        scene.add(Area((*above, *reversed(under)), colour, series=share))
    median = tuple((at, plane.y(row["q50"])) for at, row in zip(x, rows, strict=True))
    scene.add(Line(median, SHADES[1], 1.8, series="median"))
    for (at, y), row in zip(median, rows, strict=True):
        low, told, high = (words.number(row[name], row["fine"]) for name in ("q10", "q50", "q90"))
        if row.get("over"):
            scene.add(replace(mark("dot", at, y, SOFT, 3.2, tip=f"{row['year']}: {told}"), series="past"))
            continue
        scene.add(mark("dot", at, y, SHADES[1], 2.4, tip=f"{row['year']}: {told} ({low} … {high})"))
    _before(scene, plane, past, words)
    _ends(scene, plane, rows[-1], x[-1], words)
    for name, value in tiers:
        tip = f"{words(NAMES[name])} {words.number(value, 1)}"
        at = plane.x(int(_asked(rows)["year"]))
        scene.add(Line(((at - 6, plane.y(value)), (at + 8, plane.y(value))), COLOURS[name], 2.6, tip=tip))
    return scene


def _years(first: int, start: int, last: int, width: float) -> list[int]:
    """Years that are written: the first of the projection, and others at even steps from it."""
    step = max(1, -(-(last - first + 1) * 32 // int(width - 70)))
    return [*reversed(range(start, first - 1, -step)), *range(start + step, last + 1, step)]


def _unit(key: str, tables: Mapping[str, Table], words: Words) -> str:
    """The unit of a target."""
    known = tables["targets"].records() if "targets" in tables else []
    unit = next((row.get("unit") for row in known if row["target"] == key), None)
    return words(unit) if unit else ""


def _tiers(key: str, tables: Mapping[str, Table]) -> list[tuple[str, float]]:
    """Tiers of a target and their values."""
    known = [
        (row["target"], row["tier_id"], row["threshold"])
        for row in (tables["verdict"].records() if "verdict" in tables else [])
    ] + [
        (row["id"], row["tier_id"], row["threshold"])
        for row in (tables["track"].records() if "track" in tables else [])
    ]
    return [(tier, float(value)) for target, tier, value in known if target == key and value is not None]


def _before(scene: Scene, plane: Plane, past: Sequence[Mapping[str, Any]], words: Words) -> None:
    """Outcomes and targets of past years, and the reference forecast beside the first year of the fan."""
    points = [
        (plane.x(row["year"]), plane.y(row["growth"]), row) for row in past if row["growth"] is not None
    ]
    if points:
        scene.add(Line(tuple((x, y) for x, y, _ in points), SOFT, 1.2, series="past"))
    for row in past:
        if row["asked"] is not None:
            x, y = plane.x(row["year"]), plane.y(row["asked"])
            tip = f"{row['year']}: {words.number(row['asked'], 1)}"
            scene.add(Line(((x - 5, y), (x + 5, y)), MINIMUM, 2.2, tip=tip, series="asked"))
    for x, y, row in points:
        tip = f"{row['year']}: {words.number(row['growth'], 1)}"
        scene.add(replace(mark("dot", x, y, SOFT, 2.6, tip=tip), series="past"))
    for row in past:
        if row["reference"] is not None:
            x, y = plane.x(row["year"]) - 7, plane.y(row["reference"])
            told = words.number(row["reference"], 1)
            ends = ((x, plane.y(row["low"])), (x, plane.y(row["high"])))
            scene.add(
                Line(ends, REFERENCE, 2.0, tip=f"{row['year']}: {told}", series="reference"),
                replace(mark("dot", x, y, REFERENCE, 3.6), series="reference"),
                Label(x - 6, y, told, SMALL, "end", REFERENCE, bold=True, series="reference"),
            )
    if points:
        x, y, row = points[0]
        put(
            scene,
            *(Label(x, y + up, words.number(row["growth"], 1), SMALL, "middle", SOFT) for up in (-11, 12)),
        )


def _ends(scene: Scene, plane: Plane, row: Mapping[str, Any], x: float, words: Words) -> None:
    """Where the fan ends: its first and last decile and the median, written beside it."""
    wanted = [
        Label(x + 5, plane.y(row[name]), words.number(row[name], 1), SMALL, bold=name == "q50")
        for name in ("q90", "q50", "q10")
    ]
    scene.add(*spread(wanted, 0.0, plane.y.start))


def _asked(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The row of the year of which a target speaks; without one, of the first year that is not over."""
    open_ = [row for row in rows if not row.get("over")]
    return next((row for row in rows if row.get("asked")), open_[0] if open_ else rows[-1])


def fan_finding(tables: Mapping[str, Table], words: Words) -> str:
    """Where the first target falls in eight of ten futures, in the year that it speaks of."""
    chosen = _chosen(tables)
    if not chosen:
        return ""
    key, rows = next(iter(chosen.items()))
    row = _asked(rows)
    told = {
        name: words.number(row[at], 1) for name, at in (("low", "q10"), ("high", "q90"), ("median", "q50"))
    }
    name, year = words(row["title"], key), str(row["year"])
    if year in name:
        said = tr(
            words.lang,
            "{name}: 80% of futures between {low} and {high}, half of them above {median}",
            name=name,
            **told,
        )
    else:
        said = tr(
            words.lang,
            "{name} {year}: 80% of futures between {low} and {high}, half of them above {median}",
            name=name,
            year=year,
            **told,
        )
    asked = next(iter(_tiers(key, tables)), None)
    if asked is None:
        return said
    aim = words.number(asked[1], 1)
    return words.joined(said, tr(words.lang, "minimum target {aim}", aim=aim))
