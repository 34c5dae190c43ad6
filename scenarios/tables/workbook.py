"""Sheets of a workbook (xlsx), read and never run: no macros, no formulas, no links (工作簿)."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from ...models.errors import Said
from ...models.words import msg
from ..report import Place, Report, meant, one_of, shown
from .csv_grid import CONTROL
from .grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, UNCOMPUTED, Cell, Grid, too_large

PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: today's, and those of before 2007 or with a password."""

MOST_UNPACKED = 80_000_000
MOST_PARTS = 2_000
MOST_MERGED = 20_000
_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_FOREIGN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 1 << 20
_WRITTEN = re.compile(r'"([^"]*)"')


def workbook(data: bytes, file: str, path: str, names: list[str], asked: Place, report: Report) -> list[Grid]:
    """The wanted sheets of a workbook; none after a mistake has been noted."""
    refused = unsafe(data, file)
    if refused:
        report.add(Place(file), path, *refused)
        return []
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        computed = any(_FORMULA.search(part) for part in _parts(data, "worksheets/"))
        formulas = load_workbook(io.BytesIO(data), keep_links=False) if computed else None
    except Exception as error:  # whatever a broken workbook raises: it is told, and nothing else happens
        report.add(
            Place(file),
            path,
            msg("a workbook that cannot be read ({error})", error=str(error)[:80]),
            msg("a workbook (.xlsx)"),
            msg("open it in Excel and save it again as .xlsx"),
        )
        return []
    found = [book[name] for name in _chosen(book, names, file, path, asked, report)]
    return [
        grid
        for sheet in found
        if (grid := _grid(sheet, formulas[sheet.title] if formulas else None, file, path, report)) is not None
    ]


def _chosen(book: Any, names: list[str], file: str, path: str, asked: Place, report: Report) -> list[str]:
    """The sheets to read: those named, otherwise all visible ones."""
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    every = [sheet.title for sheet in book.worksheets]
    for name in names:
        if name not in every:
            report.add(
                asked,
                f"{path}.sheet".removeprefix("."),
                shown(name),
                msg("a sheet of {file}: {names}", file=file, names=one_of(every)),
                meant(name, every),
            )
    return [name for name in names if name in every] if names else visible


def unsafe(data: bytes, file: str) -> tuple[Said, Said, Said] | None:
    """Why a workbook is not opened: what was found, what is expected, what to do."""
    wanted, again = msg("a workbook (.xlsx)"), msg("open it in Excel and save it as .xlsx")
    if data.startswith(PACKED[1]):
        return msg("a workbook of before 2007, or one with a password"), wanted, again
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_UNPACKED or len(parts) > MOST_PARTS:
                return (
                    msg(
                        "a workbook of {size:,} bytes in {count:,} parts, unpacked",
                        size=size,
                        count=len(parts),
                    ),
                    msg("at most {size:,} bytes in {count:,} parts", size=MOST_UNPACKED, count=MOST_PARTS),
                    msg("delete rows and columns that only look empty"),
                )
            names = {part.filename.lower() for part in parts}
    except Exception:  # likewise
        return msg("a file that is no workbook"), wanted, again
    if any("vbaproject" in name for name in names):
        return msg("a workbook with macros"), msg("a workbook without macros (.xlsx)"), again
    if "xl/workbook.xml" not in names:
        return msg("a file that is no workbook"), wanted, again
    return _unsafe_parts(data)


def _unsafe_parts(data: bytes) -> tuple[Said, Said, Said] | None:
    """Whether a part holds more cells than are read, or speaks of other documents."""
    try:
        for cells, foreign in _counted(data):
            if foreign:
                return msg("a workbook with a document type of its own"), msg("a workbook (.xlsx)"), ""
            if cells > MOST_CELLS:
                return (
                    msg("a sheet of more than {cells:,} cells", cells=MOST_CELLS),
                    msg("fewer"),
                    msg("delete rows and columns that only look empty"),
                )
    except Exception as error:  # whatever a broken part raises: it is told, and nothing else happens
        return (
            msg("a workbook that cannot be read ({error})", error=str(error)[:80]),
            msg("a workbook (.xlsx)"),
            msg("open it in Excel and save it again as .xlsx"),
        )
    return None


def _counted(data: bytes) -> Iterable[tuple[int, bool]]:
    """Of each part that is XML: how many cells it has, and whether it has a document type."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for part in packed.infolist():
            if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            cells, foreign, rest = 0, False, b""
            with packed.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    text = rest + chunk
                    cells += len(_CELL.findall(text))
                    foreign = (
                        foreign
                        or _FOREIGN.search(text) is not None
                        or text.startswith((b"\xff\xfe", b"\xfe\xff"))
                    )
                    rest = text[-9:] if len(text) > 9 and b">" not in text[-9:] else b""
                    if cells > MOST_CELLS or foreign:
                        break
            yield cells, foreign


def _parts(data: bytes, folder: str) -> Iterable[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            if folder in name and name.endswith(".xml"):
                yield packed.read(name)


def _grid(sheet: Any, formulas: Any, file: str, path: str, report: Report) -> Grid | None:
    """The cells of one sheet: merged ones filled, hidden rows left out and told."""
    name = f"{file}!{CONTROL.sub(' ', sheet.title)}"
    known = {at: cell for at, cell in sheet._cells.items() if cell.value is not None}
    computed = {
        at for at, cell in (formulas._cells.items() if formulas is not None else ()) if cell.data_type == "f"
    }
    every = known.keys() | computed
    rows, columns = (max((at[side] for at in every), default=0) for side in (0, 1))
    if too_large(Place(name), path, rows, columns, report):
        return None
    texts = {at: written(cell.value, str(cell.number_format or "")) for at, cell in known.items()}
    texts |= {at: UNCOMPUTED for at in computed if at not in texts}
    merged = _merged(sheet, rows, columns)
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden and number <= rows}
    grid = Grid(name, [], sheet.title)
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
    _told(grid, hidden, [Place(name, *at) for at in sorted(computed) if texts[at] != UNCOMPUTED])
    return grid


def _told(grid: Grid, hidden: set[int], stored: list[Place]) -> None:
    """Note what was left out and what was computed elsewhere."""
    if hidden:
        named = ", ".join(map(str, sorted(hidden)[:8])) + (", ..." if len(hidden) > 8 else "")
        grid.notes.append(
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


def _merged(sheet: Any, rows: int, columns: int) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Of each cell inside a merged one: row and column of the one that speaks, and how many rows it spans."""
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for area in list(sheet.merged_cells.ranges)[:MOST_MERGED]:
        last_row, last_column = min(area.max_row, rows), min(area.max_col, columns)
        if len(found) > MOST_CELLS:
            break
        for row in range(area.min_row, min(last_row, area.min_row + MOST_ROWS) + 1):
            for column in range(area.min_col, min(last_column, area.min_col + MOST_COLUMNS) + 1):
                found[row, column] = (area.min_row, area.min_col, last_row - area.min_row + 1)
    return found


def written(value: Any, how: str) -> str:
    """A value of a cell as a text: dates as 2024-03-15, percents with their sign, units of its format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return str(value)
    if isinstance(value, (int, float)):
        first = how.split(";")[0]
        if "%" in first and '"' not in first:
            return f"{value * 100:.12g}%"
        unit = "".join(part for part in _WRITTEN.findall(first) if part.strip())
        return f"{value:.15g}{unit.strip()}"
    return CONTROL.sub(" ", str(value)).strip()
