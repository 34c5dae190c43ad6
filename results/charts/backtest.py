"""Pictures of a backtest: where outcomes fell, scores by year, and against plainer forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...models.words import msg, tr
from ..colours import INK, LINE, MISSED, RANGES, REACHED, SOFT
from ..tables.table import Table
from .frame import SMALL, Key, mark, plane_frame, rows_frame
from .scene import WIDTH, Label, Line, Rect, Scene
from .words import Words

PICTURES = {"reliability": "reliability", "pit": "pit", "by_year": "years", "differences": "differences"}
"""Pictures that the command writes as files, by what each file is called."""


def pit_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Share of outcomes in each tenth of their forecast; a right forecast has a tenth in each."""
    shares = [float(row["share"]) for row in tables["pit"].records()] if "pit" in tables else []
    if not shares:
        return None
    most = max(20.0, *shares)
    scene, plane = plane_frame(
        (0.0, 100.0),
        (0.0, most),
        (
            words(msg("place of the outcome in its forecast, % (dashes: if every forecast were right)")),
            words(msg("share of outcomes, %")),
        ),
    )
    width = 100.0 / len(shares)
    for at, share in enumerate(shares):
        x, end, y = plane.x(width * at) + 1, plane.x(width * (at + 1)) - 1, plane.y(share)
        scene.add(Rect(x, y, end - x, plane.y(0) - y, RANGES[3], tip=f"{words.number(share, 1)} %"))
        scene.add(Label((x + end) / 2, y - 7, words.number(share, 0), SMALL, "middle"))
    fair = plane.y(width)
    scene.add(Line(((plane.x(0), fair), (plane.x(100), fair)), INK, 1.2, dash=True))
    return scene


def pit_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How many outcomes fell into the middle eight tenths."""
    shares = [float(row["share"]) for row in tables["pit"].records()] if "pit" in tables else []
    if len(shares) < 3:
        return ""
    return tr(
        words.lang,
        "{inside}% of outcomes fell within the middle {wanted}% of their forecasts",
        inside=words.number(sum(shares[1:-1]), 0),
        wanted=words.number(100 * (1 - 2 / len(shares)), 0),
    )


def year_dots(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """By year: the mean probability given, and the share of targets that was reached."""
    rows = tables["by_year"].records() if "by_year" in tables else []
    if not rows or "probability" not in rows[0]:
        return None
    years = [int(row["year"]) for row in rows]
    step = max(1, -(-(years[-1] - years[0] + 1) * 34 // int(WIDTH - 60)))
    keys = [
        Key(words(msg("mean probability given")), SOFT, "ring"),
        Key(words(msg("share reached")), REACHED, "dot"),
    ]
    scene, plane = plane_frame(
        (years[0] - 0.6, years[-1] + 0.6),
        (0.0, 100.0),
        ("", "%"),
        keys=keys,
        whole_x=list(range(years[0], years[-1] + 1, step)),
    )
    for row in rows:
        x, given, reached = plane.x(row["year"]), plane.y(row["probability"]), plane.y(row["reached"])
        tip = f"{row['year']}: {words.number(row['probability'], 0)} % / {words.number(row['reached'], 0)} %"
        scene.add(Line(((x, given), (x, reached)), LINE, 2.0))
        scene.add(mark("dot", x, reached, REACHED, tip=tip), mark("ring", x, given, SOFT, 4.0, tip))
    return scene


def year_finding(tables: Mapping[str, Table], words: Words) -> str:
    """How far the probability given was from the share reached, and in which year furthest."""
    rows = tables["by_year"].records() if "by_year" in tables else []
    if not rows or "probability" not in rows[0]:
        return ""
    worst = max(rows, key=lambda row: abs(row["probability"] - row["reached"]))
    return tr(
        words.lang,
        "Furthest off in {year}: {given}% given, {reached}% reached",
        year=worst["year"],
        given=words.number(worst["probability"], 0),
        reached=words.number(worst["reached"], 0),
    )


def score_bars(tables: Mapping[str, Table], words: Words) -> Scene | None:
    """Brier score against each plainer forecast, with its 90 % interval."""
    rows = _versus(tables)
    if not rows:
        return None
    names = [words(row["forecast_title"], row["forecast"]) for row in rows]
    ends = [row[name] for row in rows for name in ("value", "low", "high") if row[name] is not None]
    axis = words(msg("Brier score: engine less reference (below 0 is better), 90 % interval"))
    scene, frame = rows_frame(names, min(0.0, *ends), max(0.0, *ends), axis, height=36, pads=(26.0, 26.0))
    for at, row in enumerate(rows):
        y, told = frame.y(at) + 6, words.number(row["value"], 3, signed=True)
        colour = REACHED if row["value"] < 0 else MISSED
        if row["low"] is not None and row["high"] is not None:
            scene.add(Line(((frame.scale(row["low"]), y), (frame.scale(row["high"]), y)), colour, 2.0))
        x = frame.scale(row["value"])
        scene.add(mark("dot", x, y, colour, tip=f"{names[at]}: {told}"))
        scene.add(Label(x, y - 12, told, SMALL, "middle", colour))
    return scene


def _versus(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Differences of the Brier score."""
    rows = tables["differences"].records() if "differences" in tables else []
    return [row for row in rows if row["score"] == "brier" and row["value"] is not None]


def score_finding(tables: Mapping[str, Table], words: Words) -> str:
    """Against how many plainer forecasts the engine is better beyond doubt."""
    rows = _versus(tables)
    if not rows:
        return ""
    return tr(
        words.lang,
        "Better than {better} of {count} plainer forecasts, beyond the 90% interval",
        better=sum(row["high"] is not None and row["high"] < 0 for row in rows),
        count=len(rows),
    )


def written_pictures(tables: Mapping[str, Table], lang: str) -> dict[str, tuple[str, str]]:
    """File name -> title and picture of those that are there."""
    from .gallery import caption_of, drawn
    from .svg import standalone

    found = {}
    for name, file in PICTURES.items():
        scene = drawn(name, tables, Words(lang))
        if scene is not None:
            title = caption_of(name, tables, lang)
            found[f"{file}.svg"] = (title, standalone(scene, title))
    return found


def illustrate(folder: Path, titles: Mapping[str, str]) -> None:
    """Name the pictures in the Markdown that is there."""
    text = folder / "report.md"
    if text.exists() and titles:
        shown = "".join(f"\n![{title}]({name})\n" for name, title in titles.items())
        text.write_bytes((text.read_text(encoding="utf-8") + shown).encode())
