"""Pictures of a backtest: reliability, PIT histogram, scores by year; drawn as SVG, so that nothing must be installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .table import Table

SIDE, EDGE = 320, 46
_INK, _FIRST, _PALE = "#333", "#1f6f8b", "#c9d6df"


def backtest_charts(tables: dict[str, Table], lang: str) -> dict[str, str]:
    """File name -> SVG."""
    zh = lang == "zh"
    rows = tables["reliability"].records()
    dots = [(row["given"] / 100, row["came_true"] / 100, row["count"]) for row in rows]
    shares = [float(row["share"]) for row in tables["pit"].records()]
    years = [(int(row["year"]), float(row["probability"]), float(row["reached"])) for row in tables["by_year"].records()]
    return {
        "reliability.svg": _frame(
            ("概率", "达标频率") if zh else ("Probability given", "Share that came true"), _reliability(dots), percent=True
        ),
        "pit.svg": _frame(("预测分布中的位置", "占比") if zh else ("Place in the forecast distribution", "Share"), _bars(shares)),
        "years.svg": _frame(
            ("年份：实心为达标率，空心为平均概率", "%") if zh else ("Year: filled = reached, hollow = mean probability", "%"), _years(years)
        ),
    }


def _x(share: float) -> float:
    return EDGE + share * SIDE


def _y(share: float) -> float:
    return 14 + (1 - share) * SIDE


def _frame(labels: tuple[str, str], inside: str, percent: bool = False) -> str:
    ticks = "".join(
        f'<text x="{_x(k / 4):.0f}" y="{SIDE + 30}" text-anchor="middle">{25 * k}%</text>'
        f'<text x="{EDGE - 6}" y="{_y(k / 4) + 4:.0f}" text-anchor="end">{25 * k}%</text>' for k in range(5)
    ) if percent else ""
    wide, high = SIDE + EDGE + 20, SIDE + 62
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'font-family="sans-serif" font-size="11" fill="{_INK}"><rect width="100%" height="100%" fill="white"/>'
        f'<rect x="{EDGE}" y="14" width="{SIDE}" height="{SIDE}" fill="none" stroke="{_PALE}"/>{inside}{ticks}'
        f'<text x="{_x(0.5):.0f}" y="{SIDE + 50}" text-anchor="middle">{escape(labels[0])}</text>'
        f'<text x="12" y="{_y(0.5):.0f}" text-anchor="middle" transform="rotate(-90 12 {_y(0.5):.0f})">{escape(labels[1])}</text></svg>\n'
    )


def _reliability(dots: Sequence[tuple[float, float, int]]) -> str:
    most = max((count for *_, count in dots), default=1)
    line = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="{_PALE}"/>'
    path = " ".join(f"{_x(p):.1f},{_y(o):.1f}" for p, o, _ in dots)
    marks = "".join(
        f'<circle cx="{_x(p):.1f}" cy="{_y(o):.1f}" r="{3 + 9 * (n / most) ** 0.5:.1f}" fill="{_FIRST}" fill-opacity="0.6">'
        f"<title>{n}</title></circle>" for p, o, n in dots
    )
    return f'{line}<polyline points="{path}" fill="none" stroke="{_FIRST}"/>{marks}'


def _bars(shares: Sequence[float]) -> str:
    top, width = max([20.0, *shares]), 1 / len(shares)
    bars = "".join(
        f'<rect x="{_x(k * width) + 1:.1f}" y="{_y(s / top):.1f}" width="{SIDE * width - 2:.1f}" height="{SIDE * s / top:.1f}" fill="{_FIRST}"/>'
        f'<text x="{_x((k + 0.5) * width):.1f}" y="{_y(s / top) - 4:.1f}" text-anchor="middle">{s:.0f}%</text>'
        for k, s in enumerate(shares)
    )
    return f'{bars}<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(10 / top):.1f}" y2="{_y(10 / top):.1f}" stroke="{_INK}" stroke-dasharray="4 3"/>'


def _years(years: Sequence[tuple[int, float, float]]) -> str:
    step = 1 / max(len(years), 1)
    parts = []
    for k, (year, given, reached) in enumerate(years):
        x = _x((k + 0.5) * step)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(given / 100):.1f}" y2="{_y(reached / 100):.1f}" stroke="{_PALE}"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{_y(reached / 100):.1f}" r="4" fill="{_FIRST}"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{_y(given / 100):.1f}" r="4" fill="white" stroke="{_FIRST}"/>')
        parts.append(f'<text x="{x:.1f}" y="{SIDE + 30}" text-anchor="middle" font-size="9">{year}</text>')
    parts += [f'<text x="{EDGE - 6}" y="{_y(k / 4) + 4:.0f}" text-anchor="end">{25 * k}</text>' for k in range(5)]
    return "".join(parts)


def illustrate(folder: Path, pictures: Mapping[str, str], lang: str) -> None:
    """Put the pictures into the pages that are there: drawn inside the HTML, named in the Markdown."""
    page, text = folder / "report.html", folder / "report.md"
    titles = {
        "reliability.svg": ("可靠性", "Reliability"), "pit.svg": ("预测分布中的位置", "Place in the forecast distribution"),
        "years.svg": ("分年达标率与平均概率", "Reached, and probability given, by year"),
    }  # fmt: skip
    names = {name: titles[name][0 if lang == "zh" else 1] for name in pictures}
    if page.exists() and pictures:
        drawn = "".join(f"<figure><figcaption>{escape(names[n])}</figcaption>{svg}</figure>" for n, svg in pictures.items() if n != "reliability.svg")  # that one stands in its chapter
        before, mark, after = page.read_text(encoding="utf-8").rpartition("</body>")
        page.write_bytes(f"{before}{drawn}{mark}{after}".encode())
    if text.exists() and pictures:
        shown = "".join(f"\n![{names[name]}]({name})\n" for name in pictures)
        text.write_bytes((text.read_text(encoding="utf-8") + shown).encode())
