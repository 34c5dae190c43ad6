"""Pictures of a backtest: reliability, PIT histogram, scores by year; drawn as SVG, so that nothing must be
installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ...models.words import msg, tr

if TYPE_CHECKING:
    from ..tables.table import Table

SIDE, EDGE = 320, 46
_INK, _FIRST, _PALE = "#333", "#1f6f8b", "#c9d6df"


def backtest_charts(tables: dict[str, Table], lang: str) -> dict[str, str]:
    """File name -> SVG."""
    rows = tables["reliability"].records()
    dots = [
        (row["given"] / 100, row["came_true"] / 100, row["low"] / 100, row["high"] / 100, row["count"])
        for row in rows
    ]
    shares = [float(row["share"]) for row in tables["pit"].records()]
    years = [
        (int(row["year"]), float(row["probability"]), float(row["reached"]))
        for row in tables["by_year"].records()
    ]
    versus = [row for row in tables["differences"].records() if row["score"] == "brier"]
    names = [row["forecast_title"].of(lang) for row in versus]
    return {
        "reliability.svg": _frame(
            (
                tr(lang, "Probability given (numbers: cases; bars: 90 % intervals)"),
                tr(lang, "Share that came true", context="an axis"),
            ),
            _reliability(dots, tr(lang, "perfect")),
            percent="xy",
        ),
        "pit.svg": _frame(
            (
                tr(lang, "Place of the outcome in its forecast (dashes: 10 % each, if right)"),
                tr(lang, "Share of outcomes", context="an axis"),
            ),
            _bars(shares),
            percent="x",
        ),
        "years.svg": _frame(
            (tr(lang, "Year: filled = reached, hollow = mean probability"), "%"),
            _years(years),
        ),
        "differences.svg": _frame(
            (
                tr(lang, "Brier score: engine less reference (below 0 is better), 90 % interval"),
                "",
            ),
            _differences(names, [(row["value"], row["low"], row["high"]) for row in versus]),
        ),
    }


def _x(share: float) -> float:
    return EDGE + share * SIDE


def _y(share: float) -> float:
    return 14 + (1 - share) * SIDE


def _frame(labels: tuple[str, str], inside: str, percent: str = "") -> str:
    ticks = "".join(
        (
            f'<text x="{_x(k / 4):.0f}" y="{SIDE + 30}" text-anchor="middle">{25 * k}%</text>'
            if "x" in percent
            else ""
        )
        + (
            f'<text x="{EDGE - 6}" y="{_y(k / 4) + 4:.0f}" text-anchor="end">{25 * k}%</text>'
            if "y" in percent
            else ""
        )
        for k in range(5)
    )
    wide, high = SIDE + EDGE + 20, SIDE + 62
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
        f' font-family="sans-serif" font-size="11" fill="{_INK}"><rect width="100%" height="100%"'
        f' fill="white"/><rect x="{EDGE}" y="14" width="{SIDE}" height="{SIDE}" fill="none"'
        f' stroke="{_PALE}"/>{inside}{ticks}<text x="{_x(0.5):.0f}" y="{SIDE + 50}"'
        f' text-anchor="middle">{escape(labels[0])}</text><text x="12" y="{_y(0.5):.0f}" text-anchor="middle"'
        f' transform="rotate(-90 12 {_y(0.5):.0f})">{escape(labels[1])}</text></svg>\n'
    )


def _reliability(dots: Sequence[tuple[float, float, float, float, int]], perfect: str) -> str:
    most = max((count for *_, count in dots), default=1)
    line = (
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="{_INK}" stroke-dasharray="4'
        f' 3"/><text x="{_x(0.12):.0f}" y="{_y(0.16):.0f}" transform="rotate(-45 {_x(0.12):.0f}'
        f' {_y(0.16):.0f})">{escape(perfect)}</text>'
    )
    path = " ".join(f"{_x(p):.1f},{_y(o):.1f}" for p, o, *_ in dots)
    marks = "".join(
        f'<line x1="{_x(p):.1f}" x2="{_x(p):.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}" stroke="{_FIRST}"'
        f' stroke-width="1.5"/><circle cx="{_x(p):.1f}" cy="{_y(o):.1f}" r="{3 + 9 * (n / most) ** 0.5:.1f}"'
        f' fill="{_FIRST}" fill-opacity="0.6"/><text x="{_x(p) + 13:.1f}" y="{_y(o) + 12:.1f}"'
        f' font-size="9">{n}</text>'
        for p, o, low, high, n in dots
    )
    return f'{line}<polyline points="{path}" fill="none" stroke="{_FIRST}"/>{marks}'


def _differences(names: Sequence[str], found: Sequence[tuple[float, float, float]]) -> str:
    """A dot and a bar for each reference, on a scale that holds them all and zero."""
    ends = [0.0, *(v for each in found for v in each)]
    low, high = min(ends), max(ends)
    room = 0.06 * max(high - low, 1e-9)
    low, high = low - room, high + room

    def at(value: float) -> float:
        return _x((value - low) / (high - low))

    parts = [
        f'<line x1="{at(0):.1f}" x2="{at(0):.1f}" y1="14" y2="{SIDE + 14}" stroke="{_INK}"'
        ' stroke-dasharray="4 3"/>'
    ]
    step = SIDE / max(len(found), 1)
    for k, (name, (value, first, last)) in enumerate(zip(names, found, strict=True)):
        y = 14 + (k + 0.6) * step
        parts += [
            (
                f'<line x1="{at(first):.1f}" x2="{at(last):.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_FIRST}"'
                ' stroke-width="2"/>'
            ),
            f'<circle cx="{at(value):.1f}" cy="{y:.1f}" r="5" fill="{_FIRST}"/>',
            (
                f'<text x="{EDGE + 6}" y="{y - 14:.1f}">{escape(name)}: {value:+.3f} ({first:+.3f},'
                f" {last:+.3f})</text>"
            ),
        ]
    spots = [0.0, *(v for v in (low + room, high - room) if abs(at(v) - at(0)) > 40)]
    parts += [
        f'<text x="{at(v):.1f}" y="{SIDE + 30}" text-anchor="middle">{v:+.2f}</text>'
        for v in dict.fromkeys(spots)
    ]
    return "".join(parts)


def _bars(shares: Sequence[float]) -> str:
    top, width = max([20.0, *shares]), 1 / len(shares)
    bars = "".join(
        f'<rect x="{_x(k * width) + 1:.1f}" y="{_y(s / top):.1f}" width="{SIDE * width - 2:.1f}"'
        f' height="{SIDE * s / top:.1f}" fill="{_FIRST}"/><text x="{_x((k + 0.5) * width):.1f}"'
        f' y="{_y(s / top) - 4:.1f}" text-anchor="middle">{s:.0f}%</text>'
        for k, s in enumerate(shares)
    )
    return (
        f'{bars}<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(10 / top):.1f}" y2="{_y(10 / top):.1f}"'
        f' stroke="{_INK}" stroke-dasharray="4 3"/>'
    )


def _years(years: Sequence[tuple[int, float, float]]) -> str:
    step = 1 / max(len(years), 1)
    parts = []
    for k, (year, given, reached) in enumerate(years):
        x = _x((k + 0.5) * step)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(given / 100):.1f}" y2="{_y(reached / 100):.1f}"'
            f' stroke="{_PALE}"/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{_y(reached / 100):.1f}" r="4" fill="{_FIRST}"/>')
        parts.append(
            f'<circle cx="{x:.1f}" cy="{_y(given / 100):.1f}" r="4" fill="white" stroke="{_FIRST}"/>'
        )
        parts.append(f'<text x="{x:.1f}" y="{SIDE + 30}" text-anchor="middle" font-size="9">{year}</text>')
    parts += [
        f'<text x="{EDGE - 6}" y="{_y(k / 4) + 4:.0f}" text-anchor="end">{25 * k}</text>' for k in range(5)
    ]
    return "".join(parts)


def illustrate(folder: Path, pictures: Mapping[str, str], lang: str) -> None:
    """Put the pictures into the pages that are there: drawn inside the HTML, named in the Markdown."""
    page, text = folder / "report.html", folder / "report.md"
    titles = {
        "reliability.svg": msg("Reliability"),
        "pit.svg": msg("Place in the forecast distribution"),
        "years.svg": msg("Reached, and probability given, by year"),
        "differences.svg": msg("Differences to the five references"),
    }
    names = {name: titles[name].of(lang) for name in pictures}
    if page.exists() and pictures:
        drawn = "".join(
            f"<figure><figcaption>{escape(names[n])}</figcaption>{svg}</figure>"
            for n, svg in pictures.items()
            if n != "reliability.svg"
        )  # that one stands in its chapter
        before, mark, after = page.read_text(encoding="utf-8").rpartition("</body>")
        page.write_bytes(f"{before}{drawn}{mark}{after}".encode())
    if text.exists() and pictures:
        shown = "".join(f"\n![{names[name]}]({name})\n" for name in pictures)
        text.write_bytes((text.read_text(encoding="utf-8") + shown).encode())
