"""A table of a report in Word: three rules as in official statistics, headings repeated on every page
(三线表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....models.target import TOLD
from ....models.words import tr
from ...colours import INK, MIX, VERDICTS
from ...tables.table import Column, Table
from ...text.format import EMPTY, clean, printed, unit_of
from ..terminal.layout import GAP, cell_width, panels
from .brief import Printed
from .marks import NAMESPACE, run
from .widths import narrowest, widths

SIZES = (9.0, 8.5, 8.0)
"""Letters of a table; smaller ones are not read with ease."""
WHOLE, _ENDS = 600.0, 3
"""Height up to which a table is not torn between pages; rows that stay together at the ends of a higher
one."""
_MUCH = 1.25
"""How much higher a table may be for the sake of larger letters."""
_RULE = f'w:val="single" w:sz="12" w:color="{INK[1:]}"'
_HAIR = f'w:val="single" w:sz="4" w:color="{MIX[1:]}"'
RUNGS = {text: VERDICTS[rung.name.lower()][1:] for rung, told in TOLD for text in told.every().values()}
_BLANK = "—"


@dataclass(frozen=True)
class Grid:
    """A table as printed: headings, rows, which columns are set right, which rows add up others."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rights: tuple[bool, ...]
    sums: tuple[bool, ...]


def head_of(column: Column, lang: str) -> str:
    """Heading of a column, its unit in brackets."""
    label, unit = column.title.of(lang), unit_of(column.unit, lang)
    return clean(label if not unit or unit in label else tr(lang, "{what} ({unit})", what=label, unit=unit))


def cell_of(text: str) -> str:
    """A cell as the document prints it: what is not known is a dash."""
    return _BLANK if text == EMPTY else text


def grid_of(table: Table, lang: str, part: Printed) -> Grid:
    """The printed cells of a part; a table of few rows and many columns is turned, its rows side by side."""
    heads, columns = [head_of(column, lang) for column in part.columns], part.columns
    every = [list(map(cell_of, row)) for row in printed(table, lang, list(columns))]
    cells, sums = [every[at] for at in part.rows], _sums(table)
    if 2 <= len(cells) <= 7 and len(heads) >= 10 and len(heads) > len(cells) + 3:
        rows = tuple((head, *(row[at] for row in cells)) for at, head in enumerate(heads) if at)
        rights = (False, *[all(column.numeric for column in columns[1:])] * len(cells))
        return Grid((heads[0], *(row[0] for row in cells)), rows, rights, (False,) * len(rows))
    return Grid(
        tuple(heads),
        tuple(map(tuple, cells)),
        tuple(column.numeric for column in columns),
        tuple(sums[at] for at in part.rows),
    )


def _sums(table: Table) -> list[bool]:
    """Rows that add up others: a column ``level`` tells them from their parts."""
    if all(column.name != "level" for column in table.columns):
        return [False] * len(table.rows)
    return [level in ("group", "total") for level in table.column("level")]


@dataclass(frozen=True)
class Typesetting:
    """How a table is set: the room between the margins and the size of letters in points, widths in cells of
    half a letter, panels."""

    room: float
    size: float
    widths: tuple[int, ...]
    panels: tuple[tuple[int, ...], ...]


def setting(grid: Grid, room: float, most: float = SIZES[0]) -> Typesetting:
    """The largest letters, ``most`` at most, with which every column has the room that its words need;
    smaller ones only where they make the table much less high.

    What fits no page goes on below with the first column repeated.
    """
    found = (
        (size, widths(grid.heads, grid.rows, grid.rights, int(room / (size / 2))))
        for size in SIZES
        if size <= most
    )
    one = (tuple(range(len(grid.heads))),)
    made = [Typesetting(room, size, tuple(wide), one) for size, wide in found if wide is not None]
    if made:
        high = [height(grid, each) for each in made]
        return next(each for each, points in zip(made, high, strict=True) if points <= _MUCH * min(high))
    least = narrowest(grid.heads, grid.rows, grid.rights)
    split = panels(least, int(room / (SIZES[-1] / 2)))
    return Typesetting(room, SIZES[-1], tuple(least), tuple(map(tuple, split)))


def height(grid: Grid, how: Typesetting) -> float:
    """Height of the table, points."""
    room = [int(width / (10 * how.size)) - 1 for width in _widths(range(len(how.widths)), how)]
    lines = [
        max(-(-cell_width(cell) // max(wide, 1)) for cell, wide in zip(row, room, strict=True))
        for row in (grid.heads, *grid.rows)
    ]
    return len(how.panels) * sum(1.25 * how.size * count + 1.5 for count in lines)


def table_xml(grid: Grid, how: Typesetting, noted: bool = False) -> list[str]:
    """The table, panel by panel; a short one stays on one page, of a long one no few rows stand alone, nor
    does its note."""
    made = []
    whole = height(grid, how) / len(how.panels) <= WHOLE
    for panel in how.panels:
        widths = _widths(panel, how)
        rights = [grid.rights[at] for at in panel]
        rows = [_row([grid.heads[at] for at in panel], rights, widths, how.size, head=True)]
        count = len(grid.rows)
        for number, (row, bold) in enumerate(zip(grid.rows, grid.sums, strict=True)):
            near = whole or number < _ENDS or number >= count - _ENDS
            keep = near and (noted or number < count - 1)
            rows.append(_row([row[at] for at in panel], rights, widths, how.size, bold=bold, keep=keep))
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        made.append(
            f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders><w:top {_RULE}/><w:bottom {_RULE}/></w:tblBorders><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
            f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
    return made


def _widths(panel: Sequence[int], how: Typesetting) -> list[int]:
    """Widths of a panel's columns in twentieths of a point; short tables are not stretched to the margins."""
    room = 20 * how.room
    own = [(how.widths[at] + GAP) * how.size * 10 for at in panel]
    stretch = min(room / sum(own), 1.25) if own else 1.0
    return [int(width * stretch) for width in own]


def _row(
    cells: Sequence[str],
    rights: Sequence[bool],
    widths: Sequence[int],
    size: float,
    head: bool = False,
    bold: bool = False,
    keep: bool = False,
) -> str:
    """A row; its lines are a quarter higher than its letters in whatever font the reader has."""
    letters = (
        f'{"<w:b/>" if head or bold else ""}<w:sz w:val="{int(2 * size)}"/><w:szCs w:val="{int(2 * size)}"/>'
    )
    lines = f'<w:spacing w:before="10" w:after="10" w:line="{int(25 * size)}" w:lineRule="exact"/>'
    kept = "<w:keepNext/>" if head or keep else ""
    made = []
    for cell, right, width in zip(cells, rights, widths, strict=True):
        shade = RUNGS.get(cell) if not head and not right else None
        colour = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
        rule = f"<w:tcBorders><w:bottom {_HAIR}/></w:tcBorders>" if head else ""
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{rule}{colour}<w:vAlign'
            f' w:val="{"bottom" if head else "top"}"/></w:tcPr><w:p><w:pPr><w:pStyle'
            f' w:val="TableText"/>{kept}{lines}<w:jc'
            f' w:val="{"right" if right else "left"}"/></w:pPr>{run(cell, letters)}</w:p></w:tc>'
        )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(made)}</w:tr>"
