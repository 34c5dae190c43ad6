"""A table of what members buy of one another: seller, buyer, amount (区域间贸易表)."""

from __future__ import annotations

from collections.abc import Mapping

from ...models.words import msg
from ..report import Report, meant, one_of, shown
from ..tables.cells import Cells
from ..tables.grid import Cell, Grid
from ..tables.headings import Column, find_head, no_head

COLUMNS: tuple[Column, ...] = (
    Column(
        "seller", "text", r"(卖方|供给方|调出地区?|流出地区?|来源地?|出口地区?)|from|origin|exporter", "卖方"
    ),
    Column(
        "buyer",
        "text",
        r"(买方|需求方|调入地区?|流入地区?|目的地?|进口地区?)|to|destination|importer",
        "买方",
    ),
    Column("amount", "money", r"(金额|贸易额|流量|流出额|数额)|(trade|flow|value|amount)s?", "金额"),
)


def flows_of(grid: Grid, path: str, names: Mapping[str, str], report: Report) -> dict[tuple[str, str], float]:
    """Amounts by the ids of seller and buyer; every mistake is noted. What a member buys of itself is left
    out.

    ``names`` holds the id of each name by which a member may be called.
    """
    head = find_head(grid, COLUMNS, ("seller", "buyer"))
    if head is None or len(head.found) < len(COLUMNS):
        no_head(grid, path, COLUMNS, COLUMNS, report)
        return {}
    columns, cells = {key: own[0] for key, own in head.found.items()}, Cells(head, path, report)
    found: dict[tuple[str, str], float] = {}
    for row in head.rows:
        if not any(cell.text for cell in row):
            continue
        at = {
            key: row[own.at] if own.at < len(row) else Cell("", row[0].place) for key, own in columns.items()
        }
        pair = tuple(_member(at[key], key, names, cells) for key in ("seller", "buyer"))
        amount = cells.number(at["amount"], columns["amount"])
        if amount is not None and amount < 0:
            cells.wrong(at["amount"], "amount", shown(at["amount"].text), msg("0 or more"))
        if None in pair or amount is None or pair[0] == pair[1]:
            continue
        key = str(pair[0]), str(pair[1])
        if key in found:
            cells.wrong(at["seller"], "seller", " → ".join(key), msg("each pair once"))
        found[key] = float(amount)
    cells.tell()
    return found


def _member(cell: Cell, key: str, names: Mapping[str, str], cells: Cells) -> str | None:
    """The member that a cell names; None where it is none, which is noted."""
    name = " ".join(cell.text.split())
    if name in names:
        return names[name]
    known = list(dict.fromkeys(names.values()))
    cells.wrong(
        cell, key, shown(name), msg("a member: {names}", names=one_of(known)), meant(name, list(names))
    )
    return None
