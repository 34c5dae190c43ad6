"""Native charts of the workbook: drawn by Excel from the cells of the same sheet, below the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .charts.scene import BLUE, GREEN, GREY, ORANGE, SERIES
from .format import clean, heading
from .table import Table, shown


@dataclass(frozen=True)
class Native:
    """A chart of a table: its kind, the column of names, the columns of numbers, which rows.

    ``subtype`` and ``keep`` as Excel and the table's records know them; None keeps every row, which must stand together.
    """

    kind: str
    names: str
    values: tuple[str, ...]
    subtype: str = ""
    keep: Callable[[dict[str, Any]], bool] | None = None


NATIVE: dict[str, Native] = {
    "sectors": Native("bar", "title", ("pull",), keep=lambda row: row.get("level") == "sector"),
    "targets": Native("bar", "title", ("expected", "ensure", "stretch"), keep=lambda row: getattr(row.get("unit"), "zh", "") == "%" and row.get("gap") is not None),
    "mixes": Native("column", "title", ("gdp_growth", "industry_growth")),
    "doubts": Native("bar", "number", ("effect",)),
    "slips": Native("bar", "title", ("effect",)),
    "months": Native("area", "month", ("named", "rest"), "stacked"),
    "gap_sheet": Native("bar", "title", ("gap_yi",), keep=lambda row: row.get("level") == "part"),
    "reliability": Native("line", "given", ("came_true",)),
}
"""One more chart is one line."""


def add_chart(book: Any, sheet: Any, name: str, table: Table, lang: str) -> None:
    """Put the table's chart below it, where it does not widen the page; nothing where it has none or no numbers."""
    native = NATIVE.get(table.name)
    if native is None or not table.rows:
        return
    columns = [column.name for column in shown(table)]
    values = [value for value in native.values if value in columns and table.columns[table.at(value)].numeric]
    runs = _runs(table, native)
    if native.names not in columns or not values or not runs:
        return
    options = {"type": native.kind, **({"subtype": native.subtype} if native.subtype else {})}
    chart = book.add_chart(options)
    at = columns.index(native.names)
    palette = (BLUE, ORANGE, GREEN, GREY) if len(values) <= 4 else SERIES
    for number, value in enumerate(values):
        to = columns.index(value)
        chart.add_series({
            "name": clean(heading(table.columns[table.at(value)], lang)),
            "categories": _cells(name, runs, at), "values": _cells(name, runs, to),
            "fill": {"color": palette[number % len(palette)]}, "border": {"none": True}, "gap": 60,
        } if native.kind != "line" else {"name": clean(heading(table.columns[table.at(value)], lang)), "categories": _cells(name, runs, at),
                                          "values": _cells(name, runs, to), "line": {"color": BLUE}})  # fmt: skip
    chart.set_title({"name": clean(table.title.of(lang)), "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"none": True} if len(values) == 1 else {"position": "bottom"})
    count = sum(last - first + 1 for first, last in runs)
    if native.kind == "bar":
        chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 9}})
    else:
        chart.set_x_axis({"label_position": "low", "num_font": {"size": 9}})
    high = max(300, 40 + 22 * count * (len(values) if native.kind == "bar" else 1)) if native.kind == "bar" else 340
    chart.set_size({"width": 640, "height": min(high, 620)})
    sheet.set_h_pagebreaks([len(table.rows) + 4])  # a chart is not torn between pages
    sheet.insert_chart(len(table.rows) + 5, 0, chart, {"object_position": 3})


def _runs(table: Table, native: Native) -> list[tuple[int, int]]:
    """Rows of the sheet that the chart takes, as stretches from first to last."""
    found: list[tuple[int, int]] = []
    for number, row in enumerate(table.records(), start=1):
        if native.keep is not None and not native.keep(row):
            continue
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _cells(name: str, runs: list[tuple[int, int]], column: int) -> str:
    """A reference to one column of the stretches."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    quoted = "'" + name.replace("'", "''") + "'"
    parts = [
        f"{quoted}!{xl_rowcol_to_cell(first, column, True, True)}:{xl_rowcol_to_cell(last, column, True, True)}" for first, last in runs
    ]
    return f"=({','.join(parts)})" if len(parts) > 1 else f"={parts[0]}"
