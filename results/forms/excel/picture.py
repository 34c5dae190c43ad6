"""The picture of page one, drawn by Excel: each target with its median, eight futures in ten, both tiers and
the last outcome; its numbers are formulas on the last sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ....models.quantity import Bilingual
from ....models.words import msg, tr
from ...colours import INK, LINE, MINIMUM, MISSED, PLAN, RANGES, REACHED, SOFT, STRETCH
from ...text.format import clean
from .live import Grid, Live, lookup, quoted
from .sheet import Written

NAME = "sheet"
"""The picture of the report that shows the same."""
_PIXEL = 0.75
_ROW, _LEAST, _AROUND = 23.0, 100.0, 96.0  # points of a target, of title, axis and legend
_MOST = 16  # targets that one page shows

_HEADS: dict[str, Bilingual] = {
    "title": msg("Target"),
    "place": msg("Place"),
    "again": msg("Place, other end"),
    "low": msg("10th percentile"),
    "high": msg("90th percentile"),
    "edge": msg("Edge"),
    "reached": msg("Median, at or above the minimum target"),
    "missed": msg("Median, below the minimum target"),
    "minimum": msg("Minimum target (or ceiling)"),
    "stretch": msg("Stretch target"),
    "last": msg("Last outcome"),
    "second": msg("Median of the second scenario"),
}


@dataclass(frozen=True)
class Picture:
    """The numbers of the picture: a row a target, a number or a formula a cell; where they stand."""

    grid: Grid
    cells: list[dict[str, Live | None]]
    axis: tuple[float, float, float]
    lang: str

    @property
    def high(self) -> float:
        """Height in points."""
        return max(_ROW * len(self.cells), _LEAST) + _AROUND

    @property
    def heads(self) -> list[str]:
        """Headings of the numbers."""
        return [_HEADS[name].of(self.lang) for name in self.grid.names]

    def insert(self, book: Any, sheet: Any, row: int, wide: float, title: str) -> None:
        """Draw it at a row of a sheet."""
        chart = book.add_chart({"type": "scatter"})
        bands = [at for at, cells in enumerate(self.cells) if cells.get("low") is not None]
        for at in bands:
            chart.add_series(
                {
                    "name": tr(self.lang, "Eight futures in ten"),
                    "categories": self._row(at, "low", "high"),
                    "values": self._row(at, "place", "again"),
                    "line": {"color": RANGES[2], "width": 6, "transparency": 50},
                    "marker": {"type": "none"},
                }
            )
        for name, look in self._looks().items():
            if name == "names" or any(cells.get(name) is not None for cells in self.cells):
                at_name = "edge" if name == "names" else name
                chart.add_series({"categories": self._all(at_name), "values": self._all("place"), **look})
        low, high, step = self.axis
        chart.set_x_axis(
            {
                "min": low,
                "max": high,
                "major_unit": step,
                "num_font": {"size": 9},
                "num_format": '0"%"' if step >= 1 else '0.0"%"',
                "crossing": "min",
                "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
            }
        )
        chart.set_y_axis(
            {
                "min": 0.3,
                "max": len(self.cells) + 0.7,
                "major_unit": 1,
                "label_position": "none",
                "major_tick_mark": "none",
                "line": {"none": True},
                "major_gridlines": {"visible": False},
                "crossing": "min",
            }
        )
        chart.set_title({"name": clean(title), "overlay": False, "name_font": {"size": 12}})
        chart.set_legend(
            {"position": "bottom", "font": {"size": 9}, "delete_series": [*range(1, len(bands)), len(bands)]}
        )
        plot = (self.high - _AROUND) / self.high
        chart.set_plotarea({"layout": {"x": 0.3, "y": 34 / self.high, "width": 0.66, "height": plot}})
        chart.set_size({"width": int(wide / _PIXEL) - 4, "height": int(self.high / _PIXEL)})
        sheet.insert_chart(row, 0, chart, {"object_position": 3})

    def _all(self, name: str) -> str:
        return f"={self.grid.range(name, whole=True)}"

    def _row(self, row: int, first: str, last: str) -> str:
        """Two cells side by side."""
        return f"={quoted(self.grid.sheet)}!{self.grid.fixed(row, first)}:{self.grid.fixed(row, last)}"

    def _looks(self) -> dict[str, dict[str, Any]]:
        """How each series looks, the names of the targets first, what lies on top last."""
        titles = self.grid.cells("title")
        return {
            "names": {
                "name": clean(_HEADS["title"].of(self.lang)),
                "marker": {"type": "none"},
                "data_labels": {
                    "custom": [{"value": clean(str(title))} for title in titles],
                    "value": True,
                    "position": "left",
                    "font": {"size": 8, "color": INK},
                },
            },
            "last": self._dot("last", SOFT, "diamond", 6, hollow=True),
            "minimum": {**self._dot("minimum", MINIMUM, "square", 3), **_tick(MINIMUM)},
            "stretch": {**self._dot("stretch", STRETCH, "square", 3), **_tick(STRETCH)},
            "reached": self._dot("reached", REACHED, "circle", 8),
            "missed": self._dot("missed", MISSED, "circle", 8),
            "second": self._dot("second", PLAN, "triangle", 7, hollow=True),
        }

    def _dot(self, name: str, colour: str, kind: str, size: int, hollow: bool = False) -> dict[str, Any]:
        fill = {"none": True} if hollow else {"color": colour}
        marker = {"type": kind, "size": size, "fill": fill, "border": {"color": colour, "width": 1.25}}
        return {"name": clean(_HEADS[name].of(self.lang)), "marker": marker}


def _tick(colour: str) -> dict[str, Any]:
    """An upright line through a point."""
    line = {"color": colour, "width": 2.25}
    return {"y_error_bars": {"type": "fixed", "value": 0.32, "end_style": 0, "line": line}}


def picture(targets: Written, second: Written | None, sheet: str, top: int, lang: str) -> Picture | None:
    """The picture of the judged targets in %, the first at the top; None where there is none."""
    rows = [row for row in targets.table.records() if _judged(row)][:_MOST]
    if not rows:
        return None
    made = [_cells(row, targets.grid, None if second is None else second.grid, lang) for row in rows]
    values = [cell.value for cells in made for cell in cells.values() if cell is not None]
    axis = scale(min(values), max(values))
    for at, cells in enumerate(made):
        cells["place"] = _constant(len(made) - at)
        cells["again"] = cells["place"]
        cells["edge"] = _constant(axis[0])
    names = [name for name in _HEADS if name == "title" or any(cells.get(name) is not None for cells in made)]
    titles = [str(row["title"].of(lang)) for row in rows]
    grid = Grid(
        sheet,
        top,
        len(made),
        names,
        [
            [title, *(None if (cell := cells.get(name)) is None else cell.value for name in names[1:])]
            for title, cells in zip(titles, made, strict=True)
        ],
    )
    return Picture(grid, made, axis, lang)


def _judged(row: Mapping[str, Any]) -> bool:
    return getattr(row["unit"], "zh", "") == "%" and row["gap"] is not None and row["expected"] is not None


def _constant(value: float) -> Live:
    return Live("", float(value))


def _cells(row: Mapping[str, Any], grid: Grid, second: Grid | None, lang: str) -> dict[str, Live | None]:
    """The numbers of a target, each looked up where its table stands."""
    title = clean(row["title"].of(lang))

    def of(name: str, place: Grid | None = grid) -> Live | None:
        if place is None or name not in place.columns:
            return _constant(row[name]) if row.get(name) is not None else None
        try:
            return lookup(place, name, {"title": title})
        except KeyError:
            return _constant(row[name]) if row.get(name) is not None else None

    median = of("expected")
    low, high = of("q10"), of("q90")
    return {
        "low": low if high else None,
        "high": high if low else None,
        "reached": median if row["gap"] >= 0 else None,
        "missed": median if row["gap"] < 0 else None,
        "minimum": of("ensure") or of("at_most"),
        "stretch": of("stretch"),
        "last": of("last"),
        "second": of("expected_2", second),
    }


def scale(low: float, high: float) -> tuple[float, float, float]:
    """An axis from below the least to above the largest, and its step: 1, 2 or 5 times a power of ten.

    >>> scale(1.2, 8.9)
    (0.0, 10.0, 2.0)
    """
    span = max(high - low, 1e-6)
    power = 10.0 ** math.floor(math.log10(span / 5))
    step = next(power * times for times in (1, 2, 5, 10) if span / (power * times) <= 6)
    return step * math.floor(low / step), step * math.ceil(high / step), step
