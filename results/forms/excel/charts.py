"""Native charts of the workbook: drawn by Excel from the cells of the same sheet, below the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....models.quantity import Bilingual
from ....models.words import msg, tr
from ...charts.gallery import CHARTS, caption_of
from ...colours import BEST, LINE, MINIMUM, MISSED, MIX, PLAN, REFERENCE, SOFT, STRETCH
from ...tables.table import Column, Table
from ...text.format import Cell, clean, heading, unit_of
from .layout import points
from .live import quoted
from .sheet import TOP, Written

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Native:
    """A chart of a table: its kind, the column of names, the columns of numbers, which rows.

    Attributes
    ----------
    kind, subtype
        As Excel knows them.
    names, values
        The column along the axis; the columns of numbers, or what their names begin with (``chance_*``).
    colours
        Of the values, in order; the last one stands for all that follow.
    keep
        Which records are drawn; None keeps every row.
    one, tell, most
        Rows that share the columns ``one`` make a chart of their own, which says what ``tell`` holds; at most
        so many are drawn.
    picture, title
        The picture of the report that shows the same and gives its title; else this title, or the table's.
    chance
        The numbers are chances: their axis runs from 0 to 100.
    ideal
        A column drawn against itself: where the points should lie.
    """

    kind: str
    names: str
    values: tuple[str, ...]
    colours: tuple[str, ...] = (PLAN, MIX, BEST, REFERENCE)
    subtype: str = ""
    keep: Callable[[Record], bool] | None = None
    one: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    most: int = 1
    picture: str = ""
    title: Bilingual | None = None
    chance: bool = False
    ideal: str = ""


_CURVE = {"kind": "scatter", "subtype": "straight_with_markers"}

NATIVE: dict[str, Native] = {
    "sectors": Native(
        "bar", "title", ("pull",), keep=lambda row: row.get("level") == "sector", picture="waterfall"
    ),
    "probabilities": Native(
        "bar",
        "title",
        ("probability",),
        (MINIMUM,),
        keep=lambda row: row.get("tier_id") == "ensure" and row.get("threshold") is not None,
        title=msg("Probability of the tier to be ensured"),
        chance=True,
    ),
    "fan": Native(
        "line",
        "year",
        ("q90", "q75", "q50", "q25", "q10"),
        (MIX, MIX, PLAN, MIX, MIX),
        one=("target",),
        tell=("title",),
        most=3,
        title=msg("Median projection and ranges by year"),
    ),
    "past": Native(
        "line",
        "year",
        ("growth", "asked", "reference"),
        (PLAN, MINIMUM, REFERENCE),
        one=("target",),
    ),
    "price": Native(
        "scatter",
        "money",
        ("chance_*",),
        (MINIMUM, STRETCH),
        "straight_with_markers",
        chance=True,
        picture="price",
    ),
    "break_evens": Native(
        "bar",
        "what",
        ("likelihood",),
        keep=lambda row: row.get("likelihood") is not None,
        one=("target", "tier_id"),
        tell=("title", "tier"),
        chance=True,
        title=msg("How likely each driver is to be as high as needed"),
    ),
    "mixes": Native(
        "column",
        "title",
        ("gdp_growth", "industry_growth"),
        title=msg("Growth of the year by investment mix"),
    ),
    "mixes_uncertain": Native(
        "bar", "title", ("best",), chance=True, title=msg("Chance that a mix is the best")
    ),
    "uncertainty_drivers": Native(
        "bar",
        "title",
        ("share_*",),
        (PLAN, MIX),
        keep=lambda row: any(cell is not None and cell >= 1 for cell in _shares(row)),
    ),
    "key_assumptions": Native("bar", "number", ("effect",), picture="tornado"),
    "delay_impact": Native(
        "bar",
        "title",
        ("effect",),
        (MISSED,),
        keep=lambda row: bool(row.get("effect")) and abs(row["effect"]) >= 5e-4,
        picture="delay_impact",
    ),
    "months": Native("area", "month", ("named", "rest"), (PLAN, MIX), "stacked"),
    "gap_sheet": Native(
        "bar",
        "title",
        ("gap_yi",),
        keep=lambda row: row.get("level") == "part" and str(row.get("block")).endswith(":sector"),
        one=("block",),
        tell=("tier",),
        title=msg("Room or gap by sector"),
    ),
    "reliability": Native(
        "scatter",
        "given",
        ("came_true",),
        (PLAN,),
        "straight_with_markers",
        picture="reliability",
        chance=True,
        ideal="middle",
    ),
    "sobol": Native(
        "bar",
        "title",
        ("total", "first"),
        (PLAN, MIX),
        keep=lambda row: row.get("kind_id") == "cause",
        one=("target",),
        tell=("target_title",),
        title=msg("Sobol' indices by cause"),
    ),
    "tornado": Native("bar", "number", ("at_low", "at_high"), (MIX, PLAN), picture="tornado"),
    "certainty": Native(
        "scatter",
        "amount",
        ("probability",),
        (MINIMUM,),
        "straight_with_markers",
        one=("lever_id", "target", "tier_id"),
        tell=("lever", "title", "tier"),
        most=3,
        title=msg("Price of certainty"),
        chance=True,
    ),
    "investment": Native(
        "bar",
        "title",
        ("planned", "realised"),
        (MIX, PLAN),
        keep=lambda row: row.get("level") == "sector",
        title=msg("Investment by sector: planned and carried out"),
    ),
    "robust": Native(
        "scatter",
        "asked",
        ("money",),
        (PLAN,),
        "straight_with_markers",
        one=("mix_id",),
        tell=("mix",),
        most=3,
    ),
    "frontier": Native(
        "scatter", "value_1", ("value_2",), (BEST,), "straight_with_markers", picture="trade_off"
    ),
    "required_mix": Native("bar", "title", ("plan_money", "money"), (PLAN, BEST), one=("answer",), most=1),
    "required_years": Native("column", "year", ("planned", "done"), (MIX, PLAN), one=("answer",)),
    "long_years": Native(
        "line", "year", ("growth", "share"), (PLAN, MIX), one=("case",), tell=("name",), most=5
    ),
}
"""One more chart is one line."""
_PIXEL = 0.75  # points
_GAP = 12.0  # points between charts


def _shares(row: Record) -> Iterator[Any]:
    return (cell for name, cell in row.items() if name.startswith("share_"))


def add_charts(
    book: Any, sheet: Any, written: Written, lang: str, tables: Mapping[str, Table]
) -> list[float]:
    """Put the table's charts below its note, no wider than the page; their heights in points."""
    table = written.table
    native = NATIVE.get(table.name)
    if native is None or native.names not in written.grid.columns:
        return []
    names = table.columns[table.at(native.names)]
    heights: list[float] = []
    down = _GAP
    for rows, told in _groups(written, native):
        values = _values(written, native, rows)
        if not values:
            continue
        chart = book.add_chart(
            {"type": native.kind, **({"subtype": native.subtype} if native.subtype else {})}
        )
        _series(chart, written, native, values, rows, lang)
        title = _title(native, table, tables, lang)
        if told:
            title = tr(lang, "{title}: {of}", title=title, of=" · ".join(told))
        chart.set_title({"name": clean(title), "overlay": False, "name_font": {"size": 12}})
        chart.set_legend({"none": True} if len(values) == 1 else {"position": "bottom"})
        _axes(chart, native, names, values, lang)
        wide, high = _size(native, written, len(rows), len(values))
        chart.set_size({"width": int(wide / _PIXEL) - 4, "height": int(high / _PIXEL)})
        sheet.insert_chart(
            len(table.rows) + TOP + 1, 0, chart, {"object_position": 3, "y_offset": int(down / _PIXEL)}
        )
        heights.append(high + _GAP)
        down += high + _GAP
    return heights


def _title(native: Native, table: Table, tables: Mapping[str, Table], lang: str) -> str:
    """What the chart says."""
    if native.picture in CHARTS:
        return caption_of(native.picture, tables, lang)
    return (native.title or table.title).of(lang)


def _groups(written: Written, native: Native) -> list[tuple[list[int], list[str]]]:
    """Rows of the sheet of each chart, and what it is about."""
    found: dict[tuple[Any, ...], tuple[list[int], list[str]]] = {}
    records = written.table.records()
    for number, at in enumerate(written.order[: written.grid.parts]):
        row = records[at]
        if native.keep is not None and not native.keep(row):
            continue
        key = tuple(row.get(name) for name in native.one)
        if key not in found and len(found) == native.most:
            continue
        told = [written.grid.rows[number][written.grid.columns[name]] for name in native.tell]
        found.setdefault(key, ([], [str(text) for text in told]))[0].append(number)
    return list(found.values())


def _values(written: Written, native: Native, rows: Sequence[int]) -> list[Column]:
    """Columns of the chart that hold a number in one of the rows."""
    table, grid = written.table, written.grid
    wanted = [
        name
        for value in native.values
        for name in grid.names
        if name == value or (value.endswith("*") and name.startswith(value[:-1]))
    ]
    least = 2 if native.kind in ("line", "scatter") else 1  # a line has two ends

    def count(name: str) -> int:
        return sum(isinstance(grid.rows[row][grid.columns[name]], (int, float)) for row in rows)

    if native.kind == "scatter" and count(native.names) < least:
        return []
    columns = [table.columns[table.at(name)] for name in wanted]
    most = max((count(column.name) for column in columns), default=0)
    return [column for column in columns if column.numeric and count(column.name) and most >= least]


def _series(
    chart: Any, written: Written, native: Native, values: Sequence[Column], rows: Sequence[int], lang: str
) -> None:
    """Put the numbers into a chart, every series with its name and colour; further ones are dashed."""
    grid = written.grid

    def cells(name: str) -> list[Cell]:
        return [grid.rows[row][grid.columns[name]] for row in rows]

    for number, column in enumerate(values):
        colour = native.colours[number % len(native.colours)]
        dash = "solid" if number < len(native.colours) else "dash"
        if native.kind in ("line", "scatter"):
            middle = native.kind == "scatter" or colour != MIX  # the bounds of a range are thin
            look: dict[str, Any] = {
                "line": {"color": colour, "width": 2.25 if middle else 1.25, "dash_type": dash},
                "marker": {
                    "type": "circle" if middle else "none",
                    **({"size": 5, "fill": {"color": colour}, "border": {"color": colour}} if middle else {}),
                },
            }
        else:
            look = {"fill": {"color": colour}, "border": {"none": True}, "gap": 50, "overlap": 0}
        chart.add_series(
            {
                "name": clean(heading(column, lang)),
                "categories": reference(written, native.names, rows),
                "values": reference(written, column.name, rows),
                "categories_data": cells(native.names),
                "values_data": cells(column.name),
                **look,
            }
        )
    if native.ideal in written.grid.columns:
        same = reference(written, native.ideal, rows)
        chart.add_series(
            {
                "name": tr(lang, "as announced"),
                "categories": same,
                "values": same,
                "line": {"color": SOFT, "width": 1, "dash_type": "dash"},
                "marker": {"type": "none"},
            }
        )


def _axes(chart: Any, native: Native, names: Column, values: Sequence[Column], lang: str) -> None:
    """Titles and units of both axes; names of bars stand at the left of all bars, the first at the top;
    chances run from 0 to 100."""
    units = {unit_of(column.unit, lang) for column in values}
    said = clean(heading(values[0], lang)) if len(values) == 1 else units.pop() if len(units) == 1 else ""
    small = {"size": 9, "bold": False}
    percent = {"min": 0, "max": 100, "major_unit": 20} if native.chance else {}
    scale: dict[str, Any] = {
        "name": said,
        "name_font": small,
        "num_font": {"size": 9},
        "num_format": "General",
        "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.75}},
        **percent,
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
        return
    along: dict[str, Any] = {"label_position": "low", "num_font": {"size": 9}}
    if native.kind == "area":
        along |= {"interval_unit": 6, "interval_tick": 6}
    if native.kind == "scatter":
        along |= {"num_format": "General", "major_gridlines": {"visible": False}}
        if native.chance and names.unit == "%":
            along |= percent
    if native.kind in ("line", "scatter"):
        along |= {"name": clean(heading(names, lang)), "name_font": small}
    chart.set_x_axis(along)
    chart.set_y_axis({**scale, "crossing": "min"} if native.kind == "scatter" else scale)


def _size(native: Native, written: Written, rows: int, values: int) -> tuple[float, float]:
    """Width and height in points, so that one page holds the chart below the headings repeated above it."""
    lies = written.lies
    larger = min(1 / lies.scale, 1.6)  # a sheet that is printed small
    room = (770.0 if lies.landscape else 523.0) / lies.scale
    if lies.breaks:  # the first of the pages side by side
        room = points(lies.widths[: lies.breaks[0]])
    high = 83 + 14 * rows * (1 + 0.5 * (values - 1)) if native.kind == "bar" else 240.0
    below = 0.9 * lies.page - lies.heights[0] - 24.0 - 34.0
    wide = min(max(lies.width, 480.0), room, 760.0 * larger)
    return wide, min(max(high, 165.0) * larger, 480.0 * larger, 0.8 * lies.page, below)


def reference(written: Written, name: str, rows: Sequence[int]) -> str:
    """A reference to the cells of a column in some rows."""
    grid = written.grid
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    parts = [
        f"{quoted(grid.sheet)}!{grid.fixed(first, name)}:{grid.fixed(last, name)}" for first, last in runs
    ]
    return f"=({','.join(parts)})" if len(parts) > 1 else f"={parts[0]}"
