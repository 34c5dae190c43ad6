"""A picture as shapes: what is drawn where, in points, whoever paints it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from ..colours import INK
from ..forms.terminal.layout import cell_width

WIDTH = 400.0
"""Of every picture: letters of 10 points are 12 in a document that prints it 480 points wide, and 9 pixels on
a phone of 390."""
_LETTER = 0.6  # width of a Latin letter over its height in a wide sans-serif: room is kept for the widest


@dataclass(frozen=True)
class Rect:
    """A box; ``tip`` is told where a pointer rests on it, ``series`` hides and shows it with its legend."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""
    tip: str = ""
    series: str = ""


@dataclass(frozen=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    stroke: str = INK
    width: float = 1.0
    dash: bool = False
    tip: str = ""
    series: str = ""


@dataclass(frozen=True)
class Area:
    """A filled outline."""

    points: tuple[tuple[float, float], ...]
    fill: str
    opacity: float = 1.0
    tip: str = ""
    series: str = ""


@dataclass(frozen=True)
class Dot:
    """A round mark."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str = ""
    tip: str = ""
    series: str = ""


@dataclass(frozen=True)
class Label:
    """A text; ``y`` is its middle, ``turned`` runs it upwards."""

    x: float
    y: float
    text: str
    size: float = 10.0
    anchor: Literal["start", "middle", "end"] = "start"
    fill: str = INK
    bold: bool = False
    turned: bool = False
    series: str = ""


Shape: TypeAlias = Rect | Line | Area | Dot | Label


@dataclass
class Scene:
    """A picture: its size in points and its shapes, those below first."""

    width: float
    height: float
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes on top."""
        self.shapes.extend(shapes)

    def labels(self) -> list[Label]:
        """Every text of the picture."""
        return [shape for shape in self.shapes if isinstance(shape, Label)]


def text_width(text: str, size: float) -> float:
    """Room that a text takes at most: a Chinese character is as wide as high, a Latin letter three fifths of
    it."""
    wide = sum(1 for character in text if cell_width(character) == 2)
    return size * (wide + _LETTER * (len(text) - wide))


def box(label: Label) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text."""
    long, high = text_width(label.text, label.size), 1.15 * label.size
    ahead = {"start": 0.0, "middle": long / 2, "end": long}[label.anchor]
    if label.turned:
        return label.x - high / 2, label.y - (long - ahead), label.x + high / 2, label.y + ahead
    return label.x - ahead, label.y - high / 2, label.x - ahead + long, label.y + high / 2


def shortened(text: str, size: float, room: float, lines: int = 2) -> list[str]:
    """The text in at most so many lines of the room; what does not fit ends in an ellipsis."""
    from ..forms.terminal.layout import wrap

    cells = int(2 * room / size)
    while cells > 4 and any(text_width(line, size) > room for line in wrap(text, cells)):
        cells -= 1
    made = wrap(text, cells)
    if len(made) <= lines:
        while cells > 4 and len(even := wrap(text, cells - 1)) == len(made):  # lines of much the same length
            cells, made = cells - 1, even
        return made
    last = made[lines - 1]
    while last and text_width(last + "…", size) > room:
        last = last[:-1]
    return [*made[: lines - 1], last.rstrip() + "…"]


def apart(one: Label, two: Label, slack: float = 0.5) -> bool:
    """Whether two texts do not lie on each other."""
    a, b = box(one), box(two)
    return not (a[0] + slack < b[2] and b[0] + slack < a[2] and a[1] + slack < b[3] and b[1] + slack < a[3])


def moved(shape: Shape, right: float, down: float) -> Shape:
    """A shape elsewhere."""
    if isinstance(shape, (Line, Area)):
        return replace(shape, points=tuple((x + right, y + down) for x, y in shape.points))
    return replace(shape, x=shape.x + right, y=shape.y + down)
