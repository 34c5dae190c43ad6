"""A planners' list of projects as candidates: what each costs, brings and takes, in the words of candidates
(项目清单作候选)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ...models.words import msg
from ..document import Node
from ..report import Place, Report, one_of
from .cells import Cells
from .grid import Cell, Grid
from .headings import Column, Head, find_head, split_unit
from .projects import COLUMNS, HEADED, UNUSED, ProjectList
from .settle import FUNDS
from .values import empty, plain

Row: TypeAlias = "dict[str, tuple[str, Place]]"
NEEDED = ("id", "value", "quarters")
_ALSO = ("region", "value", "after", "one_of", "must", "quarters", "earliest", "latest")
_NOTHING = "(?!)"
"""A pattern that fits nothing: of names that differ in brackets alone, only the whole one is meant."""


def planned(
    grid: Grid, own: Mapping[str, tuple[str, ...]], sources: Sequence[str], report: Report
) -> list[Row] | None:
    """The rows of a list of projects by the names of candidates' columns; None where it is no such list.

    Parameters
    ----------
    own
        Names of the columns of candidates; a table that has the needed ones is read as it stands.
    sources
        Sources of money that pay for them.
    """
    first = {cell.text for cell in grid.rows[0]}
    if all(first & set(own[key]) for key in NEEDED):
        return None
    also = [
        Column(key, "own", "|".join(map(re.escape, (plain(word) for word in own[key]))), own[key][-1])
        for key in _ALSO
    ]
    words = [split_unit(name)[0] for name in sources]
    paid = [
        Column(f"source:{name}", "own", re.escape(word) if words.count(word) == 1 else _NOTHING, name)
        for name, word in zip(sources, words, strict=True)
    ]
    head = find_head(grid, (*paid, *also, *COLUMNS), HEADED, UNUSED)
    if head is None or not {"title", "invest"} <= set(head.found):
        return None
    return _rows(head, sources, report)


def _rows(head: Head, sources: Sequence[str], report: Report) -> list[Row]:
    reading = ProjectList(Cells(head, "", report))
    lines: dict[int, list[Cell]] = {row[0].place.line: row for row in head.rows}
    reading.read()
    rows: list[Row] = []
    for name, node in reading.entries.items():
        stage = node.map.get("stage")
        if stage is not None and stage.text in ("started", "registered", "commissioned"):
            reading.cells.note(node.place, msg("works have begun: no candidate"))
            continue
        row: Row = {"id": (name, node.place), "title": (_title(node), node.place)}
        _own(head, lines[node.place.line], row)
        _worth(node, row, reading.cells)
        _times(node, row)
        _money(node, row, sources, reading.cells)
        rows.append(row)
    reading.tell()
    return rows


def _title(node: Node) -> str:
    title = node.map["title"]
    return title.text or next(iter(title.map.values())).text


def _own(head: Head, cells: list[Cell], row: Row) -> None:
    """Columns that candidates have by the same name."""
    for key, found in head.found.items():
        at = found[0].at
        if found[0].column.kind == "own" and at < len(cells) and not empty(cells[at].text):
            row[key.removeprefix("source:")] = (cells[at].text, cells[at].place)


def _worth(node: Node, row: Row, cells: Cells) -> None:
    """What it brings a year: its output, where no value is stated."""
    adds = node.map.get("adds")
    output = adds.map.get("output") if adds else None
    if "value" not in row and output is not None:
        row["value"] = (output.text, output.place)
        cells.note(output.place, msg("no value is stated: valued by its yearly output"))


def _times(node: Node, row: Row) -> None:
    """Quarters of building out of months, and the quarter of the planned start."""
    months = node.map.get("months")
    building = months.map.get("construction") if months else None
    if "quarters" not in row and building is not None and isinstance(building.value, float):
        row["quarters"] = (str(max(math.ceil(building.value / 3 - 1e-9), 1)), building.place)
    start = node.map.get("start")
    if "earliest" not in row and start is not None:
        year, _, number = start.text.partition("-")
        row["earliest"] = (f"{year}Q{(int(number) + 2) // 3}", start.place)


def _money(node: Node, row: Row, sources: Sequence[str], cells: Cells) -> None:
    """Money by source: as its shares say; all of it from the only source there is."""
    whole = node.map.get("invest")
    if whole is None or not isinstance(whole.value, float) or any(name in row for name in sources):
        return
    if len(sources) == 1:
        row[sources[0]] = (whole.text, whole.place)
        return
    shares = node.map.get("funds")
    for said, share in shares.map.items() if shares else ():
        source = _source(said, sources)
        if source and isinstance(share.value, float):
            row[source] = (f"{whole.value * share.value / 100:.10g}", share.place)
        else:
            shares = None
            break
    if not shares:
        cells.wrong(
            Cell("", whole.place),
            "invest",
            msg("money of which no source is stated"),
            msg("a column for each source, or {name}", name="资金来源"),
            msg("the sources are {names}", names=one_of(sources)),
        )


def _source(said: str, sources: Sequence[str]) -> str:
    """The source that a name means."""
    if said in sources:
        return said
    words = next((words for _, words in FUNDS if re.search(words, said)), None)
    found = [name for name in sources if words and re.search(words, plain(name))]
    return found[0] if len(found) == 1 else ""
