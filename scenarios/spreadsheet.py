"""A table of numbers that a scenario keeps in a CSV file: ``{file: table.csv}``."""

from __future__ import annotations

import csv
import re

from ..models.words import msg
from .document import LONGEST_KEY, MOST_NODES, Node, meaning
from .files import Address, Reader, beside
from .report import Place, Report, meant, one_of, shown

UNKNOWN = ("history.years",)
"""Tables in which an empty cell is a number that nobody knows, and not 0."""

PROVENANCE = ("source", "assumption", "note")


def unfold(node: Node, owner: Address, reader: Reader, path: str = "") -> None:
    """Put the tables of CSV files in the places that ask for them, all over the tree of one file."""
    for step, child in node.children():
        unfold(child, owner, reader, (path + step).removeprefix("."))
    asked = node.map.get("file")
    if asked is None or isinstance(asked.value, (dict, list)):
        return
    if "column" in node.map:
        column(node, owner, reader, path)
        return
    for name in [name for name in node.map if name not in ("file", *PROVENANCE)]:
        extra = node.map.pop(name)
        reader.report.add(
            extra.key or extra.place,
            f"{path}.{name}",
            msg("a key beside `file`"),
            msg("only source, assumption or note"),
            meant(name, PROVENANCE),
        )
    del node.map["file"]
    address = beside(owner, asked.text, asked.place, f"{path}.file".removeprefix("."), reader.report)
    text = reader.text(address, asked.place, path) if address else None
    if address and text is not None:
        rows = table(text, address.shown, path, reader.report)
        for name in set(rows) & set(node.map):
            reader.report.add(
                rows[name].place,
                path,
                msg("the row {name}", name=name),
                msg("another name ({name} has a meaning of its own)", name=name),
            )
        node.map.update(rows)


def column(node: Node, owner: Address, reader: Reader, path: str) -> None:
    """Put one column of a table into a map as its `values`: ``{kind: empirical, file: prices.csv, column:
    v2o5}``."""
    asked, wanted = node.map.pop("file"), node.map.pop("column")
    address = beside(owner, asked.text, asked.place, f"{path}.file".removeprefix("."), reader.report)
    text = reader.text(address, asked.place, path) if address else None
    if not address or text is None:
        reader.report.lost.add(path)
        return
    rows = [
        split(line, address.shown, number, path, reader.report)
        for number, line in enumerate(text.splitlines(), 1)
    ]
    names = [name for _, name in rows[0]] if rows else []
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
    filled = [(number, row[at]) for number, row in enumerate(rows[1:], 2) if at < len(row) and row[at][1]]
    if len(filled) > MOST_NODES:
        reader.report.add(
            Place(address.shown, 1, 1),
            path,
            msg("{count:,} values", count=len(filled)),
            msg("at most {most:,}", most=MOST_NODES),
        )
        return
    values = [
        cell(text, Place(address.shown, number, start), path, reader.report)
        for number, (start, text) in filled
    ]
    node.map["values"] = Node(values, wanted.place, key=asked.key)


def table(text: str, file: str, path: str, report: Report) -> dict[str, Node]:
    """Rows of a table by key, each a map from column to number, with the place of every cell.

    The first row names the columns, the first column the rows. An empty cell stands for 0, in tables of past
    years for what is not known.
    """
    if text.count(",") + text.count("\n") > MOST_NODES:
        report.add(
            Place(file, 1, 1), path, msg("a larger table"), msg("at most {most:,} cells", most=MOST_NODES)
        )
        return {}
    lines = text.splitlines()
    cells = [split(line, file, number, path, report) for number, line in enumerate(lines, 1)]
    filled = [(number, row) for number, row in enumerate(cells, 1) if any(cell for _, cell in row)]
    if len(filled) < 2 or len(filled[0][1]) < 2:
        report.add(
            Place(file, 1, 1), path, msg("no table"), msg("a first row of column names, then rows of numbers")
        )
        return {}
    line, head = filled[0]
    names = [name for _, name in head[1:]]
    before: set[str] = set()
    for column, name in head[1:]:
        if bad_name(name) or name in before:
            report.add(
                Place(file, line, column),
                path,
                (
                    msg("the column {name} a second time", name=shown(name))
                    if name in before
                    else msg("the column {name}", name=shown(name))
                ),
                msg("each column once, by a name without spaces and dots"),
            )
        before.add(name)
    rows: dict[str, Node] = {}
    for number, row in filled[1:]:
        column, name = row[0]
        place = Place(file, number, column)
        if bad_name(name) or name in rows:
            report.add(
                place,
                path,
                (
                    msg("the row {name} a second time", name=shown(name))
                    if name in rows
                    else msg("the row {name}", name=shown(name))
                ),
                msg("each row once, by name"),
            )
            continue
        if len(row) != len(head):
            report.add(
                place,
                path,
                msg("{count} cells in the row {name}", count=len(row), name=shown(name)),
                msg("{count} as in the first row", count=len(head)),
                msg("mind commas inside numbers"),
            )
            continue
        entries = {
            key: cell(text, Place(file, number, at), f"{path}.{name}.{key}", report)
            for key, (at, text) in zip(names, row[1:], strict=True)
            if text or path not in UNKNOWN
        }
        rows[name] = Node(entries, place, key=place)
    return rows


def bad_name(name: str) -> bool:
    """Whether a row or column cannot be a key."""
    return not name or len(name) > LONGEST_KEY or re.search(r"[.\[\]=\s]", name) is not None


def split(line: str, file: str, number: int, path: str, report: Report) -> list[tuple[int, str]]:
    """The cells of a line, each with the column where it begins."""
    try:
        fields = next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        report.add(
            Place(file, number, 1),
            path,
            msg("a line that is no CSV ({error})", error=error),
            msg("cells between commas"),
        )
        return []
    cells: list[tuple[int, str]] = []
    at = 0
    for text in fields:
        cells.append((at + 1, text.strip()))
        quoted = line[at : at + 1] == '"'
        at += len(text) + text.count('"') * quoted + 2 * quoted + 1
    return cells


def cell(text: str, place: Place, path: str, report: Report) -> Node:
    """The number in a cell."""
    value = meaning(text) if text else 0
    if not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) > 1e15:
        report.add(place, path, shown(text), msg("a number"))
        value = 0
    return Node(value, place, key=place, text=text or "0")
