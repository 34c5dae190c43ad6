"""How a table lies on a sheet: widths of its columns, heights of its rows, which way the paper lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..terminal.layout import cell_width, wrap

LINE, LEAST = 15.0, 16.5
"""Height of a further line and of a row, points."""
_PORTRAIT, _LANDSCAPE = 523.0, 770.0
"""Room between the margins of A4, points."""
_HIGH = {True: 487.0, False: 734.0}
_DIGIT, _PAD = 5.25, 3.75  # points of a digit at 10 points, of a cell's edges
_SHORT, _NARROW = 26, 18  # a text up to here stays on one line; a long one has at least so much
_ROOM, _LONG_ROOM, _MANY = 150, 220, 200  # cells that a sheet with long texts takes, one of many rows
_HEAD = 4  # lines of a heading
_MOST_HIGH = 400.0  # Excel knows no row above 409 points


@dataclass(frozen=True)
class SheetLayout:
    """Widths in digits, heights in points (the heading first), how the paper lies, how much smaller it is
    printed."""

    widths: tuple[int, ...]
    heights: tuple[float, ...]
    landscape: bool
    scale: float

    @property
    def width(self) -> float:
        """All columns together, points."""
        return points(self.widths)

    @property
    def page(self) -> float:
        """Points of the sheet that one page holds from top to bottom."""
        return _HIGH[self.landscape] / self.scale


def points(widths: Sequence[int]) -> float:
    """Columns side by side, points."""
    return sum(_DIGIT * width + _PAD for width in widths)


def laid_out(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> SheetLayout:
    """Widths that keep numbers and words whole, heights that show every line, on the paper where letters stay
    largest."""
    longest = [max(map(cell_width, cells), default=0) for cells in zip(*rows, strict=True)] or [0] * len(
        heads
    )
    least = [_least(head, wide, number) for head, wide, number in zip(heads, longest, numeric, strict=True)]
    long = [at for at, wide in enumerate(longest) if wide > _SHORT and not numeric[at]]
    left = max(
        (_LONG_ROOM if len(rows) > _MANY else _ROOM)
        - sum(width for at, width in enumerate(least) if at not in long),
        34 * len(long),
    )
    roots = {at: longest[at] ** 0.5 for at in long}
    for at in sorted(
        long, key=lambda at: longest[at]
    ):  # what a shorter text does not need goes to the longer ones
        least[at] = max(min(longest[at] + 3, int(left * roots[at] / sum(roots.values()))), _NARROW)
        left -= least[at]
        del roots[at]
    known: dict[tuple[str, int], int] = {}
    heights = [
        LEAST
        + LINE
        * (
            max((len(_lines(head, width - 1)) for head, width in zip(heads, least, strict=True)), default=1)
            - 1
        )
        + 3
    ]
    places = [at for at in range(len(heads)) if longest[at] >= least[at] - 1]
    for row in rows:
        count = 1
        for at in places:
            text = row[at]
            if cell_width(text) > least[at] - 2 or "\n" in text:
                key = (text, least[at])
                if key not in known:
                    known[key] = sum(len(wrap(part, least[at] - 2)) for part in text.splitlines() or [""])
                count = max(count, known[key])
        heights.append(min(LEAST + LINE * (count - 1), _MOST_HIGH))
    wide, high = points(least), sum(heights)
    upright = min(1.0, _PORTRAIT / wide) if wide else 1.0
    landscape = upright < 1.0 and not (upright > 0.8 and high * upright > _HIGH[True])
    return SheetLayout(
        tuple(least), tuple(heights), landscape, min(1.0, _LANDSCAPE / wide) if landscape else upright
    )


def _least(head: str, longest: int, number: bool) -> int:
    """The least width of a column: a number or a short text whole, a heading in few lines, its words
    whole."""
    word = max((cell_width(part) for part in head.split()), default=0) if head.isascii() else 0
    wide = max(
        longest if number or longest <= _SHORT else _SHORT, min(word, 16), min(cell_width(head), 10), 5
    )
    while len(_lines(head, wide + 1)) > _HEAD:
        wide += 1
    return wide + 2


def _lines(head: str, width: int) -> list[str]:
    """A heading in lines, its unit on a line of its own where it has one."""
    return [line for part in head.split("\n") for line in wrap(part, max(width, 4))]
