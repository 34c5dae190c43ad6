"""Sheets of a workbook (xlsx), read and never run: no macros, no formulas, no links (工作簿)."""

from __future__ import annotations

import datetime
import re
from functools import cache
from math import isfinite

from ...models.words import msg
from ..report import Place, Report, meant, one_of, shown
from .csv_grid import CONTROL
from .grid import MOST_CELLS, UNCOMPUTED, Cell, Grid, too_large
from .packed import Named, Packed, Refused, Sheet, chosen, fewer

PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: today's, and those of before 2007 or with a password."""
LISTS = "lists"
"""The hidden sheet of what drop-downs offer."""
_MOST_NAMED = 8

_WRITTEN = re.compile(r'"([^"]*)"|\[[^\]]*\]|(?<![_*])([\u4e00-\u9fff])')
"""Words behind a number: in quotes, or Chinese without."""
_ASIDE = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]', re.IGNORECASE)
"""Words, colours and languages in a format."""
_POINT = re.compile(r'(?:[!\\]\.|"\.")([0#?]+)')
"""A point that is written between digits instead of theirs: what stands behind it are shown as decimals."""
_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")
"""Commas behind the last digit: each shows thousands for ones."""
_DATE = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
_SPAN = re.compile(r"\[(?:hh?|mm?|ss?)\]", re.IGNORECASE)


def workbook(data: bytes, file: str, path: str, names: list[str], asked: Place, report: Report) -> list[Grid]:
    """The wanted sheets of a workbook; none after a mistake has been noted."""
    try:
        if data.startswith(PACKED[1]):
            raise Refused(msg("a workbook of before 2007, or one with a password"))
        packed = Packed(data)
        _named(packed.sheets, names, file, path, asked, report)
        found = [
            grid
            for each in chosen(packed.sheets, names)
            if (grid := _grid(each, packed, file, path, report)) is not None
        ]
    except Refused as error:
        report.add(Place(file), path, *error.said)
        return []
    except Exception as error:  # whatever a broken workbook raises: it is told, and nothing else happens
        report.add(
            Place(file),
            path,
            msg("a workbook that cannot be read ({error})", error=" ".join(str(error).split())[:80]),
            msg("a workbook (.xlsx)"),
            msg("open it in Excel and save it again as .xlsx"),
        )
        return []
    if packed.links:
        said = msg(
            "formulas refer to {count} other files: none is opened, what was last stored is read",
            count=packed.links,
        )
        report.told(Place(file), said)
    return found


def _named(sheets: list[Named], names: list[str], file: str, path: str, asked: Place, report: Report) -> None:
    """Tell sheets that are asked for and not there, and hidden ones that nobody asked for."""
    every = [sheet.title for sheet in sheets]
    for name in names:
        if name not in every:
            report.add(
                asked,
                f"{path}.sheet".removeprefix("."),
                shown(name),
                msg("a sheet of {file}: {names}", file=file, names=one_of(every)),
                meant(name, every),
            )
    hidden = [sheet.title for sheet in sheets if sheet.hidden and sheet.title != LISTS]
    if hidden and not names:
        said = msg("hidden sheets are not read: {names}", names=one_of(map(shown, hidden), _MOST_NAMED))
        report.left_out(Place(file), said)


def _grid(named: Named, packed: Packed, file: str, path: str, report: Report) -> Grid | None:
    """The cells of one sheet: merged ones filled, hidden rows left out and told."""
    sheet = packed.sheet(named)
    name = f"{file}!{CONTROL.sub(' ', named.title)}"
    every = sheet.values.keys() | sheet.computed
    rows, columns = (max((at[side] for at in every), default=0) for side in (0, 1))
    if too_large(Place(name), path, rows, columns, report):
        return None
    texts = {at: written(*stored, packed.since_1904) for at, stored in sheet.values.items()}
    texts |= {at: UNCOMPUTED for at in sheet.computed if at not in texts}
    merged = _merged(sheet, rows, columns)
    hidden = {number for number in sheet.hidden if number <= rows}
    grid = Grid(name, [], named.title)
    for number in range(1, rows + 1):
        row = []
        for column in range(1, columns + 1):
            at = (number, column)
            *source, spans = merged.get(at, (*at, 1))
            row.append(
                Cell(texts.get((source[0], source[1]), ""), Place(name, *at), spans, tuple(source) != at)
            )
        if not any(cell.text for cell in row):
            hidden.discard(number)
        elif number not in hidden:
            grid.rows.append(row)
    _told(grid, hidden, [Place(name, *at) for at in sorted(sheet.computed) if texts[at] != UNCOMPUTED])
    return grid


def _told(grid: Grid, hidden: set[int], stored: list[Place]) -> None:
    """Note what was left out and what was computed elsewhere."""
    if hidden:
        named = ", ".join(map(str, sorted(hidden)[:8])) + (", ..." if len(hidden) > 8 else "")
        grid.left.append(
            (
                Place(grid.file),
                msg(
                    "{count} hidden rows are left out ({rows}); show them in Excel if they count",
                    count=len(hidden),
                    rows=named,
                ),
            )
        )
    if stored:
        grid.notes.append(
            (
                stored[0],
                msg(
                    "{count} formulas: what the workbook last stored is read, nothing is computed",
                    count=len(stored),
                ),
            )
        )


def _merged(sheet: Sheet, rows: int, columns: int) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Of each cell inside a merged one: row and column of the one that speaks, and how many rows it spans."""
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    taken = 0
    for top, left, bottom, right in sheet.merged:
        last_row, last_column = min(bottom, rows), min(right, columns)
        taken += max(last_row - top + 1, 0) * max(last_column - left + 1, 0)
        if taken > MOST_CELLS:
            raise fewer(msg("merged cells that lie over each other"))
        for row in range(top, last_row + 1):
            for column in range(left, last_column + 1):
                found[row, column] = (top, left, last_row - top + 1)
    return found


def written(kind: str, text: str, how: str, since_1904: bool = False) -> str:
    """What a cell stores as a text: dates as 2024-03-15, percents with their sign, units of its format.

    >>> written("n", "45366", "yyyy-mm-dd"), written("n", "0.4", "0%"), written("n", "1.5", '0.0"亿元"')
    ('2024-03-15', '40%', '1.5亿元')
    """
    if kind == "b":
        return "true" if text.strip() == "1" else "false"
    if kind == "d":
        return text.strip().partition("T")[0]
    if kind != "n":
        return CONTROL.sub(" ", text).strip()
    try:
        value = float(text)
    except ValueError:
        return CONTROL.sub(" ", text).strip()
    if not isfinite(value):
        return text.strip()
    first, dated = _form(how)
    if dated:
        return _date(value, dated, since_1904) or f"{value:.15g}"
    if "%" in first and '"' not in first:
        return f"{value * 100:.12g}%"
    words = (quoted or bare for quoted, bare in _WRITTEN.findall(first))
    unit = "".join(word for word in words if word.strip() not in ("", "."))
    return f"{value / _scaled(first):.15g}{unit.strip()}"


@cache
def _scaled(form: str) -> int:
    """How many times smaller a format shows a number than it is stored.

    >>> _scaled('0.0,"千元"'), _scaled('0!.0,"万元"'), _scaled('0"."0000"万元"'), _scaled("#,##0.00")
    (1000, 10000, 10000, 1)
    """
    bare = _ASIDE.sub("", _POINT.sub(r"\1", form))
    decimals = sum(len(digits) for digits in _POINT.findall(form))
    power: int = 10 ** (decimals + 3 * sum(len(commas) for commas in _THOUSANDS.findall(bare)))
    return power


@cache
def _form(how: str) -> tuple[str, str]:
    """The part of a format for numbers above 0, and whether it shows a day or a span of time."""
    first = how.split(";")[0][:200]
    bare = _ASIDE.sub("", first)
    return first, "span" if _SPAN.search(bare) else "day" if _DATE.search(bare) else ""


def _date(value: float, form: str, since_1904: bool) -> str:
    """The day of a serial number; nothing where there is none.

    The day 60 of Excel (29 February 1900) does not exist: earlier ones are one day later than they seem.
    """
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30)
    try:
        span = datetime.timedelta(days=value)
        if form == "span":
            return str(span)
        if not since_1904 and 1 <= value < 60:
            span += datetime.timedelta(days=1)
        day = start + span + datetime.timedelta(milliseconds=0.5)
    except OverflowError:
        return ""
    return day.date().isoformat() if value >= 1 or since_1904 else day.time().isoformat("seconds")
