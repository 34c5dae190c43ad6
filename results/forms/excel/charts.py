"""Native charts of the workbook: drawn by Excel from the cells of the same sheet, below the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ....models.quantity import Bilingual
from ....models.words import msg
from ...colours import SERIES
from ...tables.table import Column, Table, shown
from ...text.format import clean, heading, unit_of
from .layout import SheetLayout
from .sheet import TOP


@dataclass(frozen=True)
class Native:
    """A chart of a table: its kind, the column of names, the columns of numbers, which rows.

    ``subtype`` and ``keep`` as Excel and the table's records know them; None keeps every row. Where ``one``
    names columns, only rows that share these with the first row kept are drawn. ``title`` stands in place of
    the table's.
    """

    kind: str
    names: str
    values: tuple[str, ...]
    subtype: str = ""
    keep: Callable[[dict[str, Any]], bool] | None = None
    one: tuple[str, ...] = ()
    title: Bilingual | None = None


NATIVE: dict[str, Native] = {
    "sectors": Native(
        "bar",
        "title",
        ("pull",),
        keep=lambda row: row.get("level") == "sector",
        title=msg("What each sector pulls of GDP growth"),
    ),
    "targets": Native(
        "bar",
        "title",
        ("expected", "ensure", "stretch"),
        keep=lambda row: getattr(row.get("unit"), "zh", "") == "%" and row.get("gap") is not None,
        title=msg("Targets: expected values and both tiers"),
    ),
    "probabilities": Native(
        "bar",
        "title",
        ("probability",),
        keep=lambda row: row.get("tier_id") == "ensure" and row.get("threshold") is not None,
        title=msg("Probability of the tier to be ensured"),
    ),
    "mixes": Native(
        "column",
        "title",
        ("gdp_growth", "industry_growth"),
        title=msg("Growth of the year by investment mix"),
    ),
    "key_assumptions": Native("bar", "number", ("effect",)),
    "delay_impact": Native(
        "bar", "title", ("effect",), keep=lambda row: bool(row.get("effect")) and abs(row["effect"]) >= 5e-4
    ),
    "months": Native("area", "month", ("named", "rest"), "stacked"),
    "gap_sheet": Native(
        "bar",
        "title",
        ("gap_yi",),
        keep=lambda row: row.get("level") == "part" and str(row.get("block")).endswith(":sector"),
        one=("block",),
        title=msg("Room or gap by sector (first tier listed)"),
    ),
    "reliability": Native("line", "given", ("came_true",)),
    "sobol": Native(
        "bar",
        "title",
        ("total", "first"),
        keep=lambda row: row.get("kind_id") == "cause",
        one=("target",),
        title=msg("Sobol' indices by cause, first target"),
    ),
    "certainty": Native(
        "line",
        "amount",
        ("probability",),
        one=("lever_id", "target", "tier_id"),
        title=msg("Price of certainty: first lever, target and tier"),
    ),
    "investment": Native(
        "bar",
        "title",
        ("planned", "realised"),
        keep=lambda row: row.get("level") == "sector",
        title=msg("Investment by sector: planned and carried out"),
    ),
}
"""One more chart is one line."""
_PIXEL = 0.75  # points


def add_chart(book: Any, sheet: Any, name: str, table: Table, lang: str, lies: SheetLayout) -> float:
    """Put the table's chart below its note, no wider than the page; its height in points, 0 where there is
    none."""
    native = NATIVE.get(table.name)
    if native is None or not table.rows:
        return 0.0
    columns = [column.name for column in shown(table)]
    values = [table.columns[table.at(value)] for value in native.values if value in columns]
    values = [column for column in values if column.numeric]
    runs = _runs(table, native)
    if native.names not in columns or not values or not runs:
        return 0.0
    chart = book.add_chart({"type": native.kind, **({"subtype": native.subtype} if native.subtype else {})})
    at = columns.index(native.names)
    palette = SERIES
    for number, column in enumerate(values):
        told = {
            "name": clean(heading(column, lang)),
            "categories": _cells(name, runs, at),
            "values": _cells(name, runs, columns.index(column.name)),
        }
        colour = palette[number % len(palette)]
        look = (
            {"line": {"color": SERIES[0]}, "marker": {"type": "circle", "size": 5}}
            if native.kind == "line"
            else {"fill": {"color": colour}, "border": {"none": True}, "gap": 50, "overlap": 0}
        )
        chart.add_series({**told, **look})
    title = native.title or table.title
    chart.set_title({"name": clean(title.of(lang)), "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"none": True} if len(values) == 1 else {"position": "bottom"})
    _axes(chart, native, table.columns[table.at(native.names)], values, lang)
    count = sum(last - first + 1 for first, last in runs)
    high = max(220, 110 + 19 * count * (1 + 0.5 * (len(values) - 1))) if native.kind == "bar" else 320
    room = (770.0 if lies.landscape else 523.0) / lies.scale
    larger = min(1 / lies.scale, 1.6)  # a sheet that is printed small
    wide = min(max(lies.width, 480.0), room, 760.0 * larger) / _PIXEL
    below = 0.9 * lies.page - lies.heights[0] - 24.0  # one page holds it, title and headings repeated above
    high = min(high * larger, 640.0 * larger, min(0.8 * lies.page, below) / _PIXEL)
    chart.set_size({"width": int(wide) - 4, "height": int(high)})
    sheet.insert_chart(len(table.rows) + TOP + 2, 0, chart, {"object_position": 3})
    return high * _PIXEL + 34.0


def _axes(chart: Any, native: Native, names: Column, values: Sequence[Column], lang: str) -> None:
    """Titles and units of both axes; names of bars stand at the left of all bars, the first at the top."""
    units = {unit_of(column.unit, lang) for column in values}
    unit = units.pop() if len(units) == 1 else ""
    said = (
        clean(heading(values[0], lang))
        if len(values) == 1
        else unit or ("%" if native.names == "title" and all(column.digits_from for column in values) else "")
    )
    font = {"size": 9, "bold": False}
    scale = {
        "name": said,
        "name_font": font,
        "num_font": {"size": 9},
        "major_gridlines": {"visible": True, "line": {"color": "#D5DDE5"}},
    }
    if native.kind == "bar":
        chart.set_y_axis(
            {
                "reverse": True,
                "label_position": "low",
                "num_font": {"size": 9},
                "crossing": "max",
                "major_gridlines": {"visible": False},
            }
        )
        chart.set_x_axis(scale)
    else:
        along: dict[str, Any] = {"label_position": "low", "num_font": {"size": 9}}
        if native.kind == "area":
            along |= {"interval_unit": 6, "interval_tick": 6}
        if native.kind == "line":
            along |= {"name": clean(heading(names, lang)), "name_font": font}
        chart.set_x_axis(along)
        chart.set_y_axis(scale)


def _runs(table: Table, native: Native) -> list[tuple[int, int]]:
    """Rows of the sheet that the chart takes, as stretches from first to last."""
    found: list[tuple[int, int]] = []
    shared: tuple[Any, ...] | None = None
    for number, row in enumerate(table.records(), start=TOP):
        if native.keep is not None and not native.keep(row):
            continue
        own = tuple(row.get(name) for name in native.one)
        shared = own if shared is None else shared
        if own != shared:
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
        f"{quoted}!{xl_rowcol_to_cell(first, column, True, True)}:{xl_rowcol_to_cell(last, column, True, True)}"  # noqa: E501
        for first, last in runs
    ]
    return f"=({','.join(parts)})" if len(parts) > 1 else f"={parts[0]}"
