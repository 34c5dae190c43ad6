"""Axes, rows and legends: where a number falls on the paper."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from ..colours import INK, LINE, PALE, SOFT, WHITE
from ..text.format import number
from .scene import WIDTH, Area, Dot, Label, Line, Rect, Scene, Shape, apart, box, moved, shortened, text_width

SMALL, BODY = 10.0, 11.0
"""Heights of letters; none is smaller."""
TALL = 520.0
"""Height of the rows of a picture that a page prints in letters that can be read."""
_NOTHING = 1e-9  # a smaller span is none
_MOST = 128.0  # room for the names of rows


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


def label_room(names: Sequence[str], size: float = SMALL, most: float = _MOST) -> float:
    """Room for the names of rows, within reason."""
    return min(max((text_width(name, size) for name in names), default=40.0), most) + 12


def row_names(
    scene: Scene, names: Sequence[str], rows: RowAxis, bold: Collection[int] = (), size: float = SMALL
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
    keys: Sequence[Key] = (),
    head: str = "",
    bold: Collection[int] = (),
    height: float = 24.0,
    pads: tuple[float, float] = (8.0, 8.0),
    width: float = WIDTH,
    left: float | None = None,
    right: float = 12.0,
    zero: bool = True,
) -> tuple[Scene, RowAxis]:
    """A scene of named rows with a legend above, grid, zero line and axis.

    Parameters
    ----------
    low, high
        The numbers that must have room.
    keys
        What the legend explains.
    head
        Stands over what is written at the right of the field.
    pads
        Points kept free beyond them, for texts at the ends of bars.
    right
        Points kept free at the right of the field.
    zero
        Whether the axis begins at zero where all numbers are above it.
    """
    room, end = label_room(names) if left is None else left, width - right
    low = min(low, 0.0) if zero else low
    if high - low < _NOTHING:
        high = low + 1.0
    scale = Scale(low, high, room + pads[0], end - pads[1])
    scene = Scene(width, 0.0)
    top = legend(scene, keys)
    for line in shortened(head, SMALL, right + 30, 2) if head else ():
        scene.add(Label(width - 2, top, line, SMALL, "end", SOFT))
        top += 12
    rows = RowAxis(scale, top, height, room, end)
    bottom = top + height * len(names)
    ticks = nice_ticks(low, high, max(int((end - room - sum(pads)) / 40), 2))
    shown = [tick for tick in ticks if room - 0.5 <= scale(tick) <= end + 0.5]
    for tick, text in zip(shown, tick_texts(shown), strict=True):
        x = scale(tick)
        scene.add(Line(((x, top), (x, bottom)), INK if tick == 0 else LINE, 1.0 if tick == 0 else 0.6))
        half = text_width(text, SMALL) / 2
        scene.add(Label(min(max(x, half), width - half), bottom + 10, text, SMALL, "middle", SOFT))
    scene.height = bottom + 18
    below(scene, axis, (room + end) / 2)
    row_names(scene, names, rows, bold)
    return scene, rows


def below(scene: Scene, text: str, middle: float | None = None, fill: str = SOFT) -> None:
    """A text under all that is drawn, in as many lines as it takes; about a middle where it fits."""
    lines = shortened(text, SMALL, scene.width - 12, 4) if text else []
    for line in lines:
        half = text_width(line, SMALL) / 2
        x = min(max(scene.width / 2 if middle is None else middle, half + 2), scene.width - half - 2)
        scene.add(Label(x, scene.height + 8, line, SMALL, "middle", fill))
        scene.height += 13
    scene.height += 3


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
    keys: Sequence[Key] = (),
    title: str = "",
    width: float = WIDTH,
    height: float = 240.0,
    left: float = 40.0,
    whole_x: Sequence[float] = (),
    right: float = 16.0,
) -> tuple[Scene, Plane]:
    """A scene with two axes, a legend above and the name of the upward one over it; ``whole_x`` are the only
    ticks of the first where they are years."""
    scene = Scene(width, 0.0)
    top = 6.0
    for line in shortened(title, BODY, width - 10, 2) if title else ():
        scene.add(Label(4, top + 3, line, BODY, bold=True))
        top += 17
    top = legend(scene, keys, down=top) if keys else top
    if names[1]:
        scene.add(Label(4, top + 2, shortened(names[1], SMALL, width - 8, 1)[0], SMALL, fill=SOFT))
        top += 16
    bottom = top + height - 34
    across = list(whole_x) or nice_ticks(*xs, max(int((width - left - right) / 48), 2))
    up = nice_ticks(*ys, 5)
    low, high = (min(*across, xs[0]), max(*across, xs[1])) if not whole_x else xs
    x = Scale(low, high, left, width - right)
    y = Scale(up[0], up[-1], bottom, top)
    for tick, text in zip(up, tick_texts(up), strict=True):
        zero = tick == 0
        scene.add(
            Line(((left, y(tick)), (width - right, y(tick))), INK if zero else LINE, 0.9 if zero else 0.6)
        )
        scene.add(Label(left - 6, y(tick), text, SMALL, "end", SOFT))
    for tick, text in zip(across, tick_texts(across), strict=True):
        scene.add(Line(((x(tick), bottom), (x(tick), bottom + 4)), LINE))
        half = text_width(text, SMALL) / 2
        scene.add(Label(min(x(tick), width - half), bottom + 12, text, SMALL, "middle", SOFT))
    scene.add(Line(((left, bottom), (width - right, bottom)), LINE))
    scene.height = bottom + 20
    below(scene, names[0], (left + width - right) / 2)
    return scene, Plane(x, y)


Mark: TypeAlias = Literal["box", "dot", "ring", "diamond", "tick", "line", "dash"]
"""How a thing is drawn: a bar or band, a full or empty round mark, a diamond, an upright stroke, a line."""


@dataclass(frozen=True)
class Key:
    """What the legend says of one mark; a press on it hides its series."""

    name: str
    colour: str
    mark: Mark = "box"
    series: str = ""


def mark(kind: Mark, x: float, y: float, colour: str, size: float = 4.5, tip: str = "") -> Shape:
    """A mark of a picture, the same in its legend."""
    if kind == "box":
        return Rect(x - size, y - size, 2 * size, 2 * size, colour, tip=tip)
    if kind == "tick":
        return Line(((x, y - 1.7 * size), (x, y + 1.7 * size)), colour, 2.4, tip=tip)
    if kind in ("line", "dash"):
        return Line(((x - 1.8 * size, y), (x + 1.8 * size, y)), colour, 2.0, kind == "dash", tip=tip)
    if kind == "diamond":
        far = 1.25 * size
        return Area(((x, y - far), (x + far, y), (x, y + far), (x - far, y)), colour, tip=tip)
    return Dot(x, y, size, colour if kind == "dot" else WHITE, colour if kind == "ring" else "", tip=tip)


def legend(scene: Scene, keys: Sequence[Key], left: float = 6.0, down: float = 6.0) -> float:
    """Marks with names above a picture, going on below where a line is full; returns where the picture
    begins."""
    x, y = left, down + 3
    for key in keys:
        wide = 20 + text_width(key.name, SMALL) + 10
        if x + wide > scene.width and x > left:
            x, y = left, y + 15
        series = f"legend:{key.series}"
        name = shortened(key.name, SMALL, scene.width - left - 22, 1)[0]
        scene.add(
            replace(mark(key.mark, x + 8, y, key.colour, 4.0), series=series),
            Label(x + 20, y, name, SMALL, series=series),
        )
        x += wide
    return y + 14 if keys else 6.0


def spread(labels: Sequence[Label], low: float, high: float) -> list[Label]:
    """The texts of one column moved up or down as little as it takes for none to lie on another, between two
    heights where there is room."""
    step = 1.2 * SMALL
    order = sorted(range(len(labels)), key=lambda at: labels[at].y)
    places: list[float] = []
    for at in order:
        places.append(max(labels[at].y, places[-1] + step if places else low + step / 2))
    over = high - step / 2
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], over)
        over = places[k] - step
    made = dict(zip(order, places, strict=True))
    return [replace(label, y=made[at]) for at, label in enumerate(labels)]


def put(scene: Scene, *tries: Label) -> bool:
    """Put the first of the texts that lies on no other and within the picture; whether there was one."""
    for label in tries:
        left, top, right, bottom = box(label)
        inside = left >= 0 and top >= 0 and right <= scene.width and bottom <= scene.height
        if inside and all(apart(label, other) for other in scene.labels()):
            scene.add(label)
            return True
    return False


def stacked(scenes: Sequence[Scene], across: int = 1) -> Scene:
    """Scenes one below the other, or so many side by side."""
    whole = Scene(max((sum(one.width for one in scenes[:across]), 0.0)), 0.0)
    for at in range(0, len(scenes), across):
        right = 0.0
        for one in scenes[at : at + across]:
            whole.add(*(moved(shape, right, whole.height) for shape in one.shapes))
            right += one.width
        whole.height += max(one.height for one in scenes[at : at + across])
    return whole
