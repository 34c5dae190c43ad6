"""Axes, rows and legends: where a number falls on the paper."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..text.format import number
from .scene import INK, LINE, PALE, SOFT, WIDTH, Label, Line, Rect, Scene, shortened, text_width

SMALL, BODY = 9.0, 10.0
_NOTHING = 1e-9  # a smaller span is none
_MOST = 190.0  # room for the names of rows


def nice_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Round numbers that cover an interval, no more than ``most`` + 1.

    >>> nice_ticks(0, 7.2)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    >>> nice_ticks(-0.4, 0.3, 4)
    [-0.4, -0.2, 0.0, 0.2, 0.4]
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return [0.0, 1.0]
    if high - low < _NOTHING * max(1.0, abs(low)):
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 12) + 0.0 for at in range(first, last + 1)]


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Ticks with as many digits as tell them apart."""
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    digits = next((d for d in range(7) if abs(step - round(step, d)) < 1e-9 * max(abs(step), 1e-9)), 6)
    return [number(tick, digits) for tick in ticks]


@dataclass(frozen=True)
class Scale:
    """A straight scale from numbers to points."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Place of a number."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class RowAxis:
    """Rows one below the other with a number axis below them."""

    scale: Scale
    top: float
    height: float
    left: float
    right: float

    def y(self, at: float) -> float:
        """Middle of a row."""
        return self.top + (at + 0.5) * self.height


def label_room(names: Sequence[str], size: float = BODY, most: float = _MOST) -> float:
    """Room for the names of rows, within reason."""
    return min(max((text_width(name, size) for name in names), default=40.0), most) + 12


def row_names(
    scene: Scene, names: Sequence[str], rows: RowAxis, bold: Collection[int] = (), size: float = BODY
) -> None:
    """Names at the left of their rows, in two lines where they are long."""
    for at, name in enumerate(names):
        lines = shortened(name, size, rows.left - 10, 2 if rows.height >= 2.15 * size else 1)
        for k, line in enumerate(lines):
            y = rows.y(at) + (k - (len(lines) - 1) / 2) * 1.15 * size
            scene.add(Label(rows.left - 8, y, line, size, "end", bold=at in bold))


def rows_frame(  # noqa: PLR0913  (each is a fact of its own)
    names: Sequence[str],
    low: float,
    high: float,
    axis: str,
    *,
    bold: Collection[int] = (),
    height: float = 22.0,
    top: float = 8.0,
    pads: tuple[float, float] = (8.0, 8.0),
    width: float = WIDTH,
    left: float | None = None,
    zero: bool = True,
) -> tuple[Scene, RowAxis]:
    """A scene of named rows with grid, zero line and axis.

    Parameters
    ----------
    low, high
        The numbers that must have room.
    pads
        Points kept free beyond them, for texts at the ends of bars.
    zero
        Whether the axis begins at zero where all numbers are above it.
    """
    room = label_room(names) if left is None else left
    right = width - 14.0
    inner = (room + pads[0], right - pads[1])
    low = min(low, 0.0) if zero else low
    if high - low < _NOTHING:
        high = low + 1.0
    ticks = nice_ticks(low, high)
    scale = Scale(low, high, *inner)
    rows = RowAxis(scale, top, height, room, right)
    bottom = top + height * len(names)
    scene = Scene(width, bottom + 40)
    shown = [tick for tick in ticks if room - 0.5 <= scale(tick) <= right + 0.5]
    for tick, text in zip(shown, tick_texts(shown), strict=True):
        x = scale(tick)
        scene.add(Line(((x, top), (x, bottom)), INK if tick == 0 else LINE, 1.0 if tick == 0 else 0.6))
        scene.add(Label(x, bottom + 11, text, SMALL, "middle", SOFT))
    scene.add(Label((room + right) / 2, bottom + 28, axis, SMALL, "middle", SOFT))
    row_names(scene, names, rows, bold)
    return scene, rows


def stripe(scene: Scene, rows: RowAxis, at: int) -> None:
    """A pale band behind a row that adds up others."""
    scene.shapes.insert(0, Rect(2, rows.top + at * rows.height, rows.right, rows.height, PALE))


@dataclass(frozen=True)
class Plane:
    """A field with a number axis on each side."""

    x: Scale
    y: Scale


def plane_frame(  # noqa: PLR0913  (each is a fact of its own)
    xs: tuple[float, float],
    ys: tuple[float, float],
    names: tuple[str, str],
    *,
    width: float = WIDTH,
    height: float = 330.0,
    left: float = 64.0,
    whole_x: Sequence[float] = (),
    top: float = 14.0,
    right: float = 20.0,
) -> tuple[Scene, Plane]:
    """A scene with two axes; ``whole_x`` are the only ticks of the first where they are years."""
    scene = Scene(width, height)
    across = list(whole_x) or nice_ticks(*xs, 8)
    up = nice_ticks(*ys, 6)
    bottom = height - 44
    low, high = (min(*across, xs[0]), max(*across, xs[1])) if not whole_x else xs
    x = Scale(low, high, left, width - right)
    y = Scale(up[0], up[-1], bottom, top)
    for tick, text in zip(up, tick_texts(up), strict=True):
        scene.add(
            Line(
                ((left, y(tick)), (width - right, y(tick))),
                INK if tick == 0 else LINE,
                0.9 if tick == 0 else 0.6,
            )
        )
        scene.add(Label(left - 6, y(tick), text, SMALL, "end", SOFT))
    for tick, text in zip(across, tick_texts(across), strict=True):
        scene.add(Line(((x(tick), bottom), (x(tick), bottom + 4)), LINE))
        scene.add(Label(x(tick), bottom + 13, text, SMALL, "middle", SOFT))
    scene.add(Line(((left, bottom), (width - right, bottom)), LINE))
    scene.add(Label((left + width - right) / 2, height - 12, names[0], SMALL, "middle", SOFT))
    scene.add(Label(14, (top + bottom) / 2, names[1], SMALL, "middle", SOFT, turned=True))
    return scene, Plane(x, y)


def legend(
    scene: Scene, entries: Sequence[tuple[str, str, str]], left: float, y: float, right: float | None = None
) -> float:
    """Swatches with names (series, name, colour), going on below where a line is full; returns the last
    line's middle."""
    x, end = left, right or scene.width - 14
    for series, name, colour in entries:
        wide = 16 + text_width(name, SMALL) + 14
        if x + wide > end + 14 and x > left:
            x, y = left, y + 15
        scene.add(
            Rect(x, y - 4, 9, 9, colour, series=f"legend:{series}"),
            Label(x + 13, y, name, SMALL, series=f"legend:{series}"),
        )
        x += wide
    return y
