"""Fans: where a target's value falls over the years, in how many of the futures (扇形图)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...models.words import msg
from ..tables.table import Table
from .frame import BODY, SMALL, legend, plane_frame
from .scene import BLUE, INK, ORANGE, SOFT, WIDTH, Area, Dot, Label, Line, Scene, moved, shortened
from .words import Words

_MOST = 4
_BANDS = (("q05", "q95", "#c9dceb"), ("q25", "q75", "#8fb4d1"))


def fans(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """A fan for each main target (of all, the first), two side by side: 90 and 50 % bands, median, central
    case, tiers."""
    table = tables.get("fan")
    if table is None or not table.rows:
        return None
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table.records():
        if row["q05"] is not None:
            rows.setdefault(row["target"], []).append(row)
    wanted = (
        list(dict.fromkeys(row["target"] for row in tables["verdict"].records() if row.get("target") in rows))
        if "verdict" in tables
        else []
    )
    chosen = [key for key in wanted or rows if len(rows[key]) > 1][:_MOST]
    if not chosen:
        return None
    across = 2 if len(chosen) > 1 else 1
    whole: list[Scene] = [_fan(key, rows[key], tables, words, WIDTH / across) for key in chosen]
    scene = Scene(
        WIDTH,
        24 + sum(max(one.height for one in whole[at : at + across]) for at in range(0, len(whole), across)),
    )
    entries = [
        (
            "90",
            words(msg("90 % of futures")),
            _BANDS[0][2],
        ),
        (
            "50",
            words(msg("50 % of futures")),
            _BANDS[1][2],
        ),
        (
            "median",
            words(
                msg(
                    "median",
                    context="in a picture",
                )
            ),
            BLUE,
        ),
        (
            "central",
            words(msg("central case")),
            INK,
        ),
    ]
    legend(scene, entries, 64, 12)
    for at, one in enumerate(whole):
        for shape in one.shapes:
            scene.add(moved(shape, WIDTH / across * (at % across), 24 + one.height * (at // across)))
    return scene


def _fan(
    key: str, rows: Sequence[Mapping[str, Any]], tables: Mapping[str, Table], words: Words, width: float
) -> Scene:
    """One target."""
    years = [int(row["year"]) for row in rows]
    tiers = _tiers(key, tables, words)
    values = [row[name] for row in rows for name in ("q05", "q95", "central") if row[name] is not None] + [
        value for _, value, _ in tiers
    ]
    scene, plane = plane_frame(
        (years[0] - 0.3, years[-1] + 0.3),
        (min(values), max(values)),
        ("", ""),
        width=width,
        height=250,
        left=46,
        whole_x=years,
        top=34,
    )
    units = (
        {row["target"]: row.get("unit") for row in tables["targets"].records()} if "targets" in tables else {}
    )
    known = units.get(key)
    unit = f" ({words(known)})" if known else ""
    title = shortened(words(rows[0]["title"], key) + unit, BODY, width - 60, 1)[0]
    scene.add(Label(46, 14, title, BODY, bold=True))
    x = [plane.x(year) for year in years]
    for low, high, colour in _BANDS:
        above = [(at, plane.y(row[high])) for at, row in zip(x, rows, strict=True)]
        below = [(at, plane.y(row[low])) for at, row in zip(x, rows, strict=True)]
        scene.add(Area((*above, *reversed(below)), colour, series={"q05": "90", "q25": "50"}[low]))
    digits = rows[0]["fine"]
    for name, colour, series in (("q50", BLUE, "median"), ("central", INK, "central")):
        known = [(at, row) for at, row in zip(x, rows, strict=True) if row[name] is not None]
        scene.add(
            Line(
                tuple((at, plane.y(row[name])) for at, row in known),
                colour,
                1.6,
                series=series,
                dash=name == "central",
            )
        )
        for at, row in known:
            tip = (
                f"{row['year']}: {words.number(row[name], digits)} ({words.number(row['q05'], digits)} …"
                f" {words.number(row['q95'], digits)})"
            )
            scene.add(Dot(at, plane.y(row[name]), 3, colour, tip=tip, series=series))
    taken: list[float] = []
    for name, value, colour in tiers:
        y = plane.y(value)
        scene.add(Line(((x[0] - 14, y), (x[0] + 14, y)), colour, 2.2, tip=f"{name} {words.number(value, 1)}"))
        place = y
        while any(abs(place - other) < 11 for other in taken):
            place += 11 if taken and place >= taken[-1] else -11
        taken.append(place)
        scene.add(Label(x[0] + 18, place, name, SMALL, fill=colour))
    return scene


def _tiers(key: str, tables: Mapping[str, Table], words: Words) -> list[tuple[str, float, str]]:
    """Tiers of a target: name, value, colour."""
    if "verdict" not in tables:
        return []
    colours = {"ensure": INK, "stretch": ORANGE}
    return [
        (words(row["tier"], row["tier_id"]), float(row["threshold"]), colours.get(row["tier_id"], SOFT))
        for row in tables["verdict"].records()
        if row["target"] == key and row["threshold"] is not None
    ]
