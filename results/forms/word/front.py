"""How the first page is set so that it is one page: the largest letters with which all of it fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from ...front import Front
from ...tables.table import Table
from ...text.locales import locale
from ..terminal.layout import cell_width
from .brief import part_of
from .page import room
from .tables import SIZES, grid_of, height, setting

if TYPE_CHECKING:
    from ...charts.scene import Scene

_SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
_TITLES = (22.0, 20.0, 18.0, 16.0, 15.0, 14.0)
_SCALES = (1.0, 0.9, 0.8, 0.72)
"""Of the picture, which in its own size has letters of 10 points."""
_LEAD = 1.4
"""Lines of the page are this much farther apart than its letters are high."""
_SPARE = 26.0
"""Room that is left, points: letters of other programs break lines elsewhere."""
_LATIN = 1.2
"""Letters of wide fonts, which programs without the named ones take, over half their height."""
_CAPTION, _AFTER, _NUMBER = 25.0, 3.0, "Figure 10"


@dataclass(frozen=True)
class Fit:
    """Sizes of letters (of title, text, tables), the lines' distance and the width of the picture in points,
    nought without one; how many tables the page holds."""

    title: float
    size: float
    lead: float
    cells: float
    picture: float
    tables: int


def fitted(front: Front, scene: Scene | None, told: str, lang: str) -> Fit:
    """The largest letters with which the page holds everything.

    A page that does not hold everything even in the smallest letters leaves the later tables to their
    chapters, then the picture.

    Parameters
    ----------
    scene, told
        The picture and its caption; None without one.
    """
    wide, high = room(lang)
    title = next((size for size in _TITLES if 1.05 * _width(front.title, size) < wide), _TITLES[-1])
    left = high - _SPARE - 1.3 * title * lines(front.title, title, wide) - 6 - 20 * bool(front.stamp)
    own = 0.0 if scene is None else scene.width
    counts = range(len(front.tables), 0, -1)
    cells = (SIZES[0], SIZES[-1])
    tries = [
        *product(counts, _SIZES, _SCALES if own else (0.0,), cells),
        *product(counts, _SIZES, (0.0,), cells),
        *product((0,), _SIZES, _SCALES, cells),
    ]
    high_tables = {
        (count, letters): _tables(front.tables[:count], letters, lang)
        for count in (0, *counts)
        for letters in cells
    }
    high_texts = {size: _texts(front, size, wide, lang) for size in _SIZES}
    fits = [
        Fit(title, size, _LEAD * size, letters, min(wide, scale * own), count)
        for count, size, scale, letters in tries
    ]
    found = (
        fit
        for fit in fits
        if (picture_height(scene, fit.picture, told, wide) if scene and fit.picture else 0)
        + high_tables[fit.tables, fit.cells]
        + high_texts[fit.size]
        <= left
    )
    return next(found, fits[-1])


def first_rows(table: Table, count: int) -> Table:
    """Of a table of targets the first ``count`` rows in %; any other as it is."""
    if table.name not in ("targets", "versus_targets"):
        return table
    at = table.at("unit")
    rows = [row for row in table.rows if getattr(row[at], "zh", "") == "%"]
    return replace(table, rows=tuple(rows[:count]))


def picture_height(scene: Scene, wide: float, told: str, room: float) -> float:
    """Height of a picture with its caption."""
    return scene.height * wide / scene.width + 6 + _CAPTION + 13 * (lines(f"{told} {_NUMBER}", 10, room) - 1)


def _width(text: str, size: float) -> float:
    latin = sum(1 for sign in text if sign.isascii())
    return (cell_width(text) + latin * (_LATIN - 1)) * size / 2


def lines(text: str, size: float, wide: float) -> int:
    """Lines that a text takes; a word that does not fit leaves the end of its line empty."""
    return max(1, math.ceil(_width(text, size) * 1.03 / wide))


def _texts(front: Front, size: float, wide: float, lang: str) -> float:
    """Height of the page's paragraphs."""
    said = [("", text) for text in front.answer]
    said += ([front.needs] if front.needs else []) + list(front.notes)
    indent = " " * 2 * locale(lang).paper.indent
    return sum(_LEAD * size * lines(f"{indent}{label}  {text}", size, wide) + _AFTER for label, text in said)


def _tables(tables: Sequence[Table], letters: float, lang: str) -> float:
    """Height of tables with their captions."""
    wide, whole = room(lang)[0], 0.0
    for table in tables:
        grid = grid_of(table, lang, part_of(table))
        whole += _CAPTION + height(grid, setting(grid, wide, letters)) + 12
    return whole
