"""Tables that a scenario keeps in files of their own: ``{file: table.csv}``, ``projects: 项目.xlsx``."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..models.errors import Said
from ..models.money import CURRENCY
from ..models.words import msg
from .document import LARGEST_NUMBER, LONGEST_KEY, MOST_NODES, Node
from .files import TABLES, Address, Reader, beside
from .report import Place, Report, meant, one_of, shown
from .tables.grid import UNCOMPUTED, Cell, Grid, grids, uncomputed
from .tables.values import amount, empty, plain
from .units import read_as, times

UNKNOWN = ("history.years",)
"""Tables in which an empty cell is a number that nobody knows, and not 0."""
ASKED = {"history.years": "%/yr", "mixes": "%", "national.coefficients": f"{CURRENCY}/{CURRENCY}"}
"""The units of tables: a multiple may stand in a cell."""

PROVENANCE = ("source", "assumption", "note")
WHOLE = (
    "projects",
    "mixes",
    "history.years",
    "national.coefficients",
    "national.table.flows",
    "national.table.import_flows",
    "actuals",
    "actuals.figures",
)
"""Where the name of a file alone stands for the table in it."""


LISTED = ("projects", "actuals", "actuals.figures")
"""Tables whose file stands for the source of their numbers where nothing else is said."""


def unfold(node: Node, owner: Address, reader: Reader, path: str = "") -> None:
    """Put the tables of files in the places that ask for them, all over the tree of one file."""
    for step, child in node.children():
        at = (path + step).removeprefix(".")
        if at in WHOLE and isinstance(child.value, str) and child.value.lower().endswith(TABLES):
            child.value = {"file": Node(child.value, child.place, child.key, child.text)}
        unfold(child, owner, reader, at)
    asked = node.map.get("file")
    if asked is None or isinstance(asked.value, (dict, list)):
        return
    if "column" in node.map:
        column(node, owner, reader, path)
        return
    sheets, words = _sheets(node.map.pop("sheet", None)), node.map.pop("words", None)
    for name in [name for name in node.map if name not in ("file", *PROVENANCE)]:
        extra = node.map.pop(name)
        reader.report.add(
            extra.key or extra.place,
            f"{path}.{name}",
            msg("a key beside `file`"),
            msg("only sheet, words, source, assumption or note"),
            meant(name, ("sheet", "words", *PROVENANCE)),
        )
    del node.map["file"]
    address = beside(owner, asked.text, asked.place, f"{path}.file".removeprefix("."), reader.report)
    before = len(reader.report.problems)
    found = grids(address, reader, asked.place, path, sheets) if address else []
    if not address or (not found and len(reader.report.problems) > before):
        return
    if words is not None:
        reworded(found, {name: child.text for name, child in words.map.items()})
    rows = _entries(found, Place(address.shown, 1, 1), path, reader.report)
    for name in set(rows) & set(node.map):
        reader.report.add(
            rows[name].place,
            path,
            msg("the row {name}", name=name),
            msg("another name ({name} has a meaning of its own)", name=name),
        )
    if path in LISTED and not {"source", "assumption"} & set(node.map):
        said = {"zh": f"见{address.below}", "en": f"as listed in {address.below}"}
        node.map["assumption"] = Node(
            {lang: Node(text, asked.place, text=text) for lang, text in said.items()},
            asked.place,
            asked.place,
        )
    node.map.update(rows)


def reworded(found: list[Grid], words: dict[str, str]) -> None:
    """Read cells that say one of the words as what it is said to mean."""
    for grid in found:
        grid.rows = [
            [cell._replace(text=words.get(cell.text, cell.text)) for cell in row] for row in grid.rows
        ]


def _sheets(node: Node | None) -> list[str]:
    """The names of the sheets that are asked for."""
    if node is None:
        return []
    return [each.text for each in node.value] if isinstance(node.value, list) else [node.text]


def _entries(found: list[Grid], start: Place, path: str, report: Report) -> dict[str, Node]:
    """What a table stands for where it is asked for."""
    from .tables import actuals, panels, projects

    found = [grid for grid in found if grid.rows]
    if path == "projects" and found:
        return projects.projects(found, path, report)
    grid = only(found, start, path, report)
    if grid is None:
        return {}
    grid.tell(report)
    if path == "mixes":
        return panels.mixes(grid, path, report)
    if path == "actuals":
        return {
            "figures": Node(actuals.figures(grid, "actuals.figures", report), start, key=start, loose=True)
        }
    if path == "actuals.figures":
        return actuals.figures(grid, path, report)
    if path == "history.years":
        grid = panels.years(grid, path, report)
    return table(grid, path, report)


def only(found: list[Grid], start: Place, path: str, report: Report) -> Grid | None:
    """The one sheet that is meant; None after a mistake has been noted."""
    if len(found) == 1:
        return found[0]
    if found:
        report.add(
            start._replace(line=0),
            path,
            msg("several sheets: {names}", names=one_of(grid.sheet for grid in found)),
            msg("`sheet:` with the name of one"),
            msg("of a table given on the command line: leave the other sheets out of the file")
            if path == "file"
            else "",
        )
    else:
        report.add(start, path, msg("no table"), msg("a first row of column names, then rows of numbers"))
    return None


def column(node: Node, owner: Address, reader: Reader, path: str) -> None:
    """Put one column of a table into a map as its `values`: ``{kind: empirical, file: prices.csv, column:
    v2o5}``."""
    asked, wanted = node.map.pop("file"), node.map.pop("column")
    sheets = _sheets(node.map.pop("sheet", None))
    address = beside(owner, asked.text, asked.place, f"{path}.file".removeprefix("."), reader.report)
    found = grids(address, reader, asked.place, path, sheets) if address else []
    grid = only(found, Place(address.shown, 1, 1), path, reader.report) if address and found else None
    if not address or grid is None:
        reader.report.lost.add(path)
        return
    names = [cell.text for cell in grid.rows[0]] if grid.rows else []
    if wanted.text not in names:
        reader.report.add(
            wanted.place,
            f"{path}.column".removeprefix("."),
            shown(wanted.text),
            msg("a column of {file}: {names}", file=address.shown, names=one_of(names)),
            meant(wanted.text, names),
        )
        reader.report.lost.add(path)
        return
    at = names.index(wanted.text)
    filled = [row[at] for row in grid.rows[1:] if at < len(row) and row[at].text]
    if len(filled) > MOST_NODES:
        reader.report.add(
            grid.start,
            path,
            msg("{count:,} values", count=len(filled)),
            msg("at most {most:,}", most=MOST_NODES),
        )
        return
    values = [number(cell, path, path, reader.report) for cell in filled]
    node.map["values"] = Node(values, wanted.place, key=asked.key)


def table(grid: Grid, path: str, report: Report, named: Callable[[str], str] = str) -> dict[str, Node]:
    """Rows of a table by key, each a map from column to number, with the place of every cell.

    The first row of several cells names the columns, the first column the rows. An empty cell stands for 0,
    in tables of past years for what is not known. ``named`` makes a key of what a heading says.
    """
    first = next((n for n, row in enumerate(grid.rows) if len({c.text for c in row if c.text}) > 1), 0)
    rows = grid.rows[first:]
    blank = _blank(rows)
    rows = [[cell for at, cell in enumerate(row) if at not in blank] for row in rows]
    if len(rows) < 2 or len(rows[0]) < 2:
        report.add(
            grid.start, path, msg("no table"), msg("a first row of column names, then rows of numbers")
        )
        return {}
    head, *below = rows
    names = [named(cell.text) for cell in head[1:]]
    _columns(head[1:], names, path, report)
    found: dict[str, Node] = {}
    for row in below:
        name, place = row[0].text, row[0].place
        if bad_name(name) or name in found:
            report.add(
                place,
                path,
                (
                    msg("the row {name} a second time", name=shown(name))
                    if name in found
                    else msg("the row {name}", name=shown(name))
                ),
                msg("each row once, by name"),
            )
        elif len(row) != len(head):
            report.add(
                place,
                path,
                msg("{count} cells in the row {name}", count=len(row), name=shown(name)),
                msg("{count} as in the first row", count=len(head)),
                msg("mind commas inside numbers"),
            )
        else:
            entries = {
                key: number(cell, f"{path}.{name}.{key}", path, report)
                for key, cell in zip(names, row[1:], strict=True)
                if not (path in UNKNOWN and empty(cell.text))
            }
            found[name] = Node(entries, place, key=place, loose=True)
    return found


def _blank(rows: list[list[Cell]]) -> set[int]:
    """Columns in which nothing stands; the last of a short row counts as one of the table."""
    width = max((len(row) for row in rows), default=0)
    return {at for at in range(width) if not any(row[at].text for row in rows if at < len(row))}


def _columns(head: list[Cell], names: list[str], path: str, report: Report) -> None:
    """Tell columns without a name and those named twice."""
    before: set[str] = set()
    for cell, name in zip(head, names, strict=True):
        if bad_name(name) or name in before:
            report.add(
                cell.place,
                path,
                (
                    msg("the column {name} a second time", name=shown(name))
                    if name in before
                    else msg("the column {name}", name=shown(name))
                ),
                msg("each column once, by a name without spaces and dots"),
            )
        before.add(name)


def bad_name(name: str) -> bool:
    """Whether a row or column cannot be a key."""
    return not name or len(name) > LONGEST_KEY or re.search(r"[.\[\]=\s]", name) is not None


def number(cell: Cell, path: str, table: str, report: Report) -> Node:
    """The number in a cell."""
    text = cell.text
    read = None if empty(text) else amount(text)
    value: float = 0
    asked = ASKED.get(table, "")
    factor = 1.0 if read is None or not read.unit else times(read.unit, asked) if asked else None
    if read is not None and factor == 1:
        value = float(read.number) if plain(text).count(".") or abs(read.number) > 1e12 else int(read.number)
    elif read is not None and factor is not None:
        value = float(f"{float(read.number) * factor:.12g}")
        report.told(cell.place, read_as(text, value, asked))
    elif text == UNCOMPUTED:
        report.add(cell.place, path, *uncomputed())
    elif not empty(text):
        unit = read.unit if read else ""
        hint: Said = msg("{unit} is no unit of it", unit=shown(unit)) if unit else ""
        wanted: Said = msg("a number in {unit}", unit=asked) if asked and unit else msg("a number")
        report.add(cell.place, path, shown(text), wanted, hint)
    if abs(value) > LARGEST_NUMBER:
        report.add(cell.place, path, shown(text), msg("a number"))
        value = 0
    return Node(value, cell.place, key=cell.place, text=f"{value:.15g}" if text else "0", loose=True)
