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
BUTTON = 14.0  # points below the lines of a heading for the buttons of its filters
SMALLEST, _SPLIT = 0.6, 0.75  # letters are printed no smaller; of a sheet on several pages side by side
_MOST_HIGH = 400.0  # Excel knows no row above 409 points


@dataclass(frozen=True)
class SheetLayout:
    """Widths in digits, heights in points (the heading first), how the paper lies, how much smaller it is
    printed; where one page is too narrow, before which columns a page begins and how many are repeated."""

    widths: tuple[int, ...]
    heights: tuple[float, ...]
    landscape: bool
    scale: float
    breaks: tuple[int, ...] = ()
    kept: int = 1

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


def laid_out(
    heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], room: int | None = None
) -> SheetLayout:
    """Widths that keep numbers and words whole, heights that show every line, on the paper where letters stay
    largest."""
    longest = [max(map(cell_width, cells), default=0) for cells in zip(*rows, strict=True)] or [0] * len(
        heads
    )
    least = [_least(head, wide, number) for head, wide, number in zip(heads, longest, numeric, strict=True)]
    long = [at for at, wide in enumerate(longest) if wide > _SHORT and not numeric[at]]
    left = max(
        (room or (_LONG_ROOM if len(rows) > _MANY else _ROOM))
        - sum(width for at, width in enumerate(least) if at not in long),
        (16 if room else 34) * len(long),
    )
    roots = {at: longest[at] ** 0.5 for at in long}
    for at in sorted(
        long, key=lambda at: longest[at]
    ):  # what a shorter text does not need goes to the longer ones
        least[at] = max(min(longest[at] + 3, int(left * roots[at] / sum(roots.values()))), _NARROW)
        left -= least[at]
        del roots[at]
    heights = heights_of(heads, rows, least)
    wide, high = points(least), sum(heights)
    upright = min(1.0, _PORTRAIT / wide) if wide else 1.0
    landscape = upright < 1.0 and not (upright > 0.8 and high * upright > _HIGH[True])
    scale = min(1.0, _LANDSCAPE / wide) if landscape else upright
    if scale >= SMALLEST:
        return SheetLayout(tuple(least), heights, landscape, scale)
    kept = next((at for at, number in enumerate(numeric) if number), 1) or 1
    kept = next((at for at in range(kept, 0, -1) if points(least[:at]) < _LANDSCAPE / 3), 1)
    return SheetLayout(tuple(least), heights, True, _SPLIT, _breaks(least, kept), kept)


def _breaks(widths: Sequence[int], kept: int) -> tuple[int, ...]:
    """Before which columns a page begins, the first columns repeated on each, all about equally full."""
    room = 0.95 * _LANDSCAPE / _SPLIT - points(widths[:kept])
    found = _filled(widths, kept, room)
    evenly = (_filled(widths, kept, room * part / 20) for part in range(10, 20))
    return next((tried for tried in evenly if len(tried) == len(found)), found)


def _filled(widths: Sequence[int], kept: int, room: float) -> tuple[int, ...]:
    found, used = [], 0.0
    for at in range(kept, len(widths)):
        wide = points(widths[at : at + 1])
        if used and used + wide > room:
            found.append(at)
            used = 0.0
        used += wide
    return tuple(found)


def heights_of(
    heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], button: float = BUTTON
) -> tuple[float, ...]:
    """Height of the heading and of every row, so that each line of it is seen."""
    known: dict[tuple[str, int], int] = {}
    most = max((len(_lines(head, width - 1)) for head, width in zip(heads, widths, strict=True)), default=1)
    heights = [LEAST + LINE * (most - 1) + 3 + button]
    for row in rows:
        count = 1
        for text, width in zip(row, widths, strict=True):
            if cell_width(text) > width - 2 or "\n" in text:
                key = (text, width)
                if key not in known:
                    known[key] = sum(len(wrap(part, width - 2)) for part in text.splitlines() or [""])
                count = max(count, known[key])
        heights.append(min(LEAST + LINE * (count - 1), _MOST_HIGH))
    return tuple(heights)


def _least(head: str, longest: int, number: bool) -> int:
    """The least width of a column: a number or a short text whole, a heading in few lines, its words
    whole."""
    word = max((cell_width(part) for part in head.split()), default=0) if head.isascii() else 0
    wide = max(
        longest if number or longest <= _SHORT else _SHORT,
        min(word + word // 6, 18),
        min(cell_width(head), 10),
        5,
    )
    while len(_lines(head, wide + 1)) > _HEAD:
        wide += 1
    return wide + 2


def _lines(head: str, width: int) -> list[str]:
    return wrap(head, max(width, 4))
