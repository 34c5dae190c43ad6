"""A table of a report in Word: three rules as in official statistics, headings repeated on every page (三线表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...models.target import Rung
from ..format import heading, printed
from ..layout import GAP, cell_width, fitted, panels, total_width
from ..table import Column, Table, shown
from .marks import NAMESPACE, run

PORTRAIT, LANDSCAPE = 470.0, 715.0
"""Width between the margins of A4, points."""
_SIZES = (9.0, 8.0, 7.0, 6.5)
_WORD, _LONG, _SENTENCE = 16, 60, 32
"""Cells that a short text needs at least, from where on a text is long, and what that needs."""
_RULE, _HAIR = 'w:val="single" w:sz="12" w:color="1C2733"', 'w:val="single" w:sz="4" w:color="8496A6"'
_COLOURS = {"plan": "D7EFDC", "mix": "FDF0C4", "relaxed": "FBDCC0", "out": "F8D3D1", "undecided": "E6E8EB"}
RUNGS = {text: _COLOURS[rung.name.lower()] for rung in Rung for text in (rung.value.of("zh"), rung.value.of("en"))}


@dataclass(frozen=True)
class Setting:
    """How a table is set: the way the page lies, the size of letters, widths in cells of half a letter, panels."""

    landscape: bool
    size: float
    widths: tuple[int, ...]
    panels: tuple[tuple[int, ...], ...]


def setting(table: Table, lang: str, columns: Sequence[Column] | None = None, landscape: bool = False) -> Setting:
    """The largest letters on the narrowest page on which every column has the room that its words need.

    What fits no page goes on below with the first column repeated.
    """
    chosen = list(columns) if columns is not None else shown(table)
    heads, cells = [heading(column, lang) for column in chosen], printed(table, lang, chosen)
    rights = [column.numeric for column in chosen]
    for wide in (False, True) if not landscape else (True,):
        for size in _SIZES if wide else _SIZES[:2]:
            room = int((LANDSCAPE if wide else PORTRAIT) / (size / 2))
            widths = fitted(heads, cells, rights, room)
            if total_width(widths) <= room and _readable(cells, rights, widths):
                return Setting(wide, size, tuple(widths), (tuple(range(len(chosen))),))
    room = int(LANDSCAPE / (_SIZES[-2] / 2))
    widths = fitted(heads, cells, rights, room)
    return Setting(True, _SIZES[-2], tuple(widths), tuple(tuple(part) for part in panels(widths, room)))


def _readable(cells: Sequence[Sequence[str]], rights: Sequence[bool], widths: Sequence[int]) -> bool:
    """Whether no short text is broken into snippets and no long one into a ribbon."""
    for at, (right, width) in enumerate(zip(rights, widths, strict=True)):
        longest = max((cell_width(row[at]) for row in cells), default=0)
        if not right and width < min(longest, _WORD if longest <= _LONG else _SENTENCE):
            return False
    return True


def table_xml(table: Table, lang: str, how: Setting, columns: Sequence[Column] | None = None) -> list[str]:
    """The table, panel by panel."""
    chosen = list(columns) if columns is not None else shown(table)
    heads, cells = [heading(column, lang) for column in chosen], printed(table, lang, chosen)
    sums = _sums(table)
    made = []
    for panel in how.panels:
        whole = _widths(panel, how)
        rows = [_row([heads[at] for at in panel], [chosen[at] for at in panel], whole, how.size, head=True)]
        rows += [
            _row([row[at] for at in panel], [chosen[at] for at in panel], whole, how.size, bold=bold)
            for row, bold in zip(cells, sums, strict=True)
        ]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in whole)
        made.append(
            f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{sum(whole)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders><w:top {_RULE}/><w:bottom {_RULE}/></w:tblBorders><w:tblLayout w:type=\"fixed\"/>"
            '<w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
    return made


def _widths(panel: Sequence[int], how: Setting) -> list[int]:
    """Widths of a panel's columns in twentieths of a point; short tables are not stretched to the margins."""
    room = 20 * (LANDSCAPE if how.landscape else PORTRAIT)
    own = [(how.widths[at] + GAP) * how.size * 10 for at in panel]
    stretch = min(room / sum(own), 1.25) if own else 1.0
    return [int(width * stretch) for width in own]


def _sums(table: Table) -> list[bool]:
    """Rows that add up others: a column ``level`` tells them from their parts."""
    if all(column.name != "level" for column in table.columns):
        return [False] * len(table.rows)
    return [level in ("group", "total") for level in table.column("level")]


def _row(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], size: float, head: bool = False, bold: bool = False
) -> str:
    letters = f"{'<w:b/>' if head or bold else ''}<w:sz w:val=\"{int(2 * size)}\"/><w:szCs w:val=\"{int(2 * size)}\"/>"
    made = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        shade = RUNGS.get(cell) if not head and not column.numeric else None
        colour = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
        rule = f"<w:tcBorders><w:bottom {_HAIR}/></w:tcBorders>" if head else ""
        side = '<w:jc w:val="right"/>' if column.numeric else '<w:jc w:val="left"/>'
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{rule}{colour}<w:vAlign w:val="{"bottom" if head else "top"}"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{side}</w:pPr>{run(cell, letters)}</w:p></w:tc>'
        )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(made)}</w:tr>"
