"""How the first page is set so that it is one page: the largest letters with which all of it fits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

from ...front import Front
from ...text.locales import locale
from ..terminal.layout import cell_width
from .brief import part_of
from .page import room
from .tables import SIZES, grid_of, height, setting

_SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
_TITLES = (22.0, 20.0, 18.0, 16.0, 15.0, 14.0)
_PICTURES = (0.28, 0.24, 0.2)
"""Height of the picture at most, of that between the margins."""
_LEAD = 1.4
"""Lines of the page are this much farther apart than its letters are high."""
_SPARE = 14.0
"""Room that is left, points: letters of other programs break lines elsewhere."""
_LATIN = 1.18
"""Letters of wide fonts, which programs without the named ones take, over half their height."""
_CAPTION, _AFTER = 25.0, 3.0


@dataclass(frozen=True)
class Fit:
    """Sizes of letters (of title, text, tables), the lines' distance and the width of the picture in points;
    how many tables the page holds."""

    title: float
    size: float
    lead: float
    cells: float
    picture: float
    tables: int


def fitted(front: Front, ratio: float | None, lang: str) -> Fit:
    """The largest letters with which the page holds everything.

    A page that holds not all tables even in the smallest letters leaves the later ones to their chapter.

    Parameters
    ----------
    ratio
        Height of the picture over its width; None without one.
    """
    wide, high = room(lang)
    title = next((size for size in _TITLES if 1.05 * _width(front.title, size) < wide), _TITLES[-1])
    left = high - _SPARE - 1.3 * title * lines(front.title, title, wide) - 6 - 20 * bool(front.stamp)
    tables = range(len(front.tables), -1, -1)
    fits = [
        Fit(title, size, _LEAD * size, cells, min(wide, part * high / (ratio or 1.0)), count)
        for count, size, part, cells in product(tables, _SIZES, _PICTURES, (SIZES[0], SIZES[-1]))
    ]
    shown = 0.0 if ratio is None else 1.0
    found = (
        fit
        for fit in fits
        if shown * (fit.picture * (ratio or 0.0) + _CAPTION + 8)
        + _tables(front, fit, lang)
        + _texts(front, fit.size, wide, lang)
        <= left
    )
    return next(found, fits[-1])


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


def _tables(front: Front, fit: Fit, lang: str) -> float:
    """Height of the first tables with their captions."""
    wide, whole = room(lang)[0], 0.0
    for table in front.tables[: fit.tables]:
        grid = grid_of(table, lang, part_of(table))
        whole += _CAPTION + height(grid, setting(grid, wide, fit.cells)) + 12
    return whole
