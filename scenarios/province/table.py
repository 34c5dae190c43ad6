"""A table of cities as statistics print it: a row a city, a dozen figures, or a panel: a row a city and year
(市州表).

Headings are recognised in Chinese and English; every mistake is told with its cell. Of a panel the rows of
the base year are the members', the target is that of the row of the year after, and growth and targets of
earlier years are each member's history.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...models.errors import Said
from ...models.words import msg
from ..begin import LARGEST
from ..report import Place, Report, meant, one_of, shown
from ..tables.cells import Cells
from ..tables.grid import Cell, Grid
from ..tables.headings import Column, Head, Heading, find_head, near, no_head
from ..tables.panels import GROWTH, RATE, TARGET, percent
from ..tables.projects import TOTAL
from ..tables.values import amount, empty, plain
from ..tables.years import year_of

_ADDED = r"(产业)?(增加值|valueadded|va|gva)?"
COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        "text",
        r"(城市|地区|市州|地级市|市|州|区县|县区|县市区|名称|行政区划?|单位)(名称?|别)?"
        r"|city|region|county|prefecture|district|municipality|area|name|place",
        "城市",
    ),
    Column(
        "gdp",
        "money",
        r"(地区|国内)?生产总值(总量|\(?gdp\)?)?|gdp(总量|level)?|grp|经济总量|grossdomesticproduct"
        r"|(gross)?regionalproduct",
        "地区生产总值",
    ),
    Column(
        "primary",
        "money",
        r"(第?一产业?|农林牧渔业?|primary(sector|industry)?|agriculture)" + _ADDED,
        "第一产业",
    ),
    Column("secondary", "money", r"(第?二产业?|secondary(sector|industry)?)" + _ADDED, "第二产业"),
    Column("industry", "money", r"(全部)?(工业|industry)" + _ADDED, "工业"),
    Column("construction", "money", r"(建筑业?|construction)" + _ADDED, "建筑业"),
    Column(
        "tertiary", "money", r"(第?三产业?|服务业|tertiary(sector|industry)?|services)" + _ADDED, "第三产业"
    ),
    Column("growth", "rate", GROWTH, "增速"),
    Column("target", "rate", TARGET, "目标"),
    Column("stretch", "rate", r"力争(目标)?|奋斗目标|stretch(target)?", "力争"),
    Column("people", "people", r"(年末)?(常住|总)?人口(数)?|population|residents|inhabitants", "常住人口"),
    Column(
        "fai",
        "money",
        r"(全社会)?固定资产投资(额|总额)?|投资(额|总额)|fai|(fixed(asset)?|total)?investment",
        "固定资产投资",
    ),
    Column("latitude", "degrees", r"北?纬度?|lat(itude)?", "纬度"),
    Column("longitude", "degrees", r"东?经度?|(lon|lng|long)(gitude)?|longitude", "经度"),
    Column(
        "plan", "rate", r"(计划)?(固定资产)?投资(计划)?(增速|增长)|plannedinvestment(growth)?", "投资计划增速"
    ),
)
NEEDED = ("name", "gdp", "primary")
YEAR = Column("year", "year", r"年份?|年度|years?", "年份")
"""The column that makes a table a panel; by itself the word is a unit of time, which heads no column."""
PEOPLE = {
    "": 1.0,
    "万人": 1.0,
    "万": 1.0,
    "人": 1e-4,
    "千人": 0.1,
    "million": 100.0,
    "thousand": 0.1,
    "百万": 100.0,
}
"""Units of population, in 万人."""


@dataclass(frozen=True)
class Row:
    """A row as read: figures by column, in the schema's units, and the place of each.

    ``year`` is None in a table without a column of years; ``past`` holds growth and target of other years.
    """

    name: str
    place: Place
    figures: Mapping[str, float]
    places: Mapping[str, Place]
    year: int | None = None
    past: Mapping[int, tuple[float | None, float | None]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its name as keys of a file are written: without spaces, dots and brackets."""
        return re.sub(r"[.\[\]=\s：:]+", "-", self.name).strip("-")


def rows_of(grid: Grid, path: str, base: int, take: Sequence[str], asked: Place, report: Report) -> list[Row]:
    """The rows of a table of members in the base year; every mistake is noted."""
    used = [column for column in COLUMNS if column.key in NEEDED]
    head = find_head(grid, COLUMNS, NEEDED)
    if head is None:
        no_head(grid, path, COLUMNS, used, report)
        return []
    if not _whole(head, path, report):
        return []
    cells = Cells(head, path, report)
    for cell in head.unknown:
        if YEAR.fits(plain(cell.text)):
            continue
        hint = near(cell.text, COLUMNS)
        report.told(
            cell.place,
            msg(
                "the column {name} is not used; did you mean {usual}?",
                name=shown(cell.text),
                usual=hint.usual,
            )
            if hint
            else msg("the column {name} is not used", name=shown(cell.text)),
        )
    found = _of_year(_read(head, cells, base), base, cells)
    cells.tell()
    return _taken(found, take, path, asked, report)


def _whole(head: Head, path: str, report: Report) -> bool:
    """Whether all needed columns are there; each that is not is told, with what comes nearest."""
    lacking = [column for column in COLUMNS if column.key in NEEDED and column.key not in head.found]
    if "secondary" not in head.found and "industry" not in head.found:
        lacking.append(next(column for column in COLUMNS if column.key == "secondary"))
    for column in lacking:
        hint: Said = next(
            (
                msg("did you mean {name}?", name=f"{cell.text} = {column.usual}")
                for cell in head.unknown
                if near(cell.text, [column])
            ),
            "",
        )
        report.add(
            head.grid.start,
            f"{path}.{column.key}",
            msg("no such column"),
            msg("a column headed {name} or {key}", name=column.usual, key=column.key),
            hint,
        )
    return not lacking


def _read(head: Head, cells: Cells, base: int) -> list[Row]:
    columns = {key: headings[0] for key, headings in head.found.items()}
    for at, cell in enumerate(head.grid.rows[head.first - 1]):
        if YEAR.fits(plain(cell.text)):
            columns["year"] = Heading(at, cell.text, cell.place, YEAR)
    lines = [row for row in head.rows if any(cell.text for cell in row)]
    rates = {
        key: percent(
            [_at(row, own) for row in lines],
            Cell(own.text, own.place),
            RATE,
            f"{cells.path}.{key}",
            cells.report,
        )
        for key, own in columns.items()
        if own.column.kind == "rate"
    }
    found: dict[tuple[str, int | None], Row] = {}
    for number, row in enumerate(lines):
        cell = _at(row, columns["name"])
        name = " ".join(cell.text.split())
        if not name:
            cells.wrong(cell, "name", msg("nothing"), msg("the name of a member"))
            continue
        if TOTAL.fullmatch(plain(name)) or plain(name) in ("全省", "全市", "全州", "全县", "全区"):
            cells.note(cell.place, msg("a row of totals: left out"))
            continue
        year = _year(row, columns, cells)
        if (name, year) in found:
            cells.wrong(cell, name, msg("a second row of this name"), msg("each member once"))
        elif year is not None or "year" not in columns:
            changed = {key: own[number] for key, own in rates.items()}
            asked = year in (None, base)
            found[name, year] = replace(_row(name, row, columns, changed, cells, asked), year=year)
    return list(found.values())


def _year(row: Sequence[Cell], columns: Mapping[str, Heading], cells: Cells) -> int | None:
    """The year of a row; None where the table has no such column, or what stands there is none."""
    if "year" not in columns:
        return None
    cell = _at(row, columns["year"])
    read = year_of(cell.text)
    if read is None:
        cells.wrong(cell, "year", shown(cell.text), msg("a year such as 2023"))
    return None if read is None else int(read.year)


def _of_year(rows: Sequence[Row], base: int, cells: Cells) -> list[Row]:
    """Of a panel, the row of each member in the base year, with its target of the next and its history."""
    if all(row.year is None for row in rows):
        return list(rows)
    by_name: dict[str, dict[int, Row]] = {}
    for row in rows:
        by_name.setdefault(row.name, {})[row.year or 0] = row
    found = []
    for name, years in by_name.items():
        own = years.get(base)
        if own is None:
            first = Cell(name, next(iter(years.values())).place)
            cells.wrong(first, name, msg("no row of {year}", year=base), msg("one of each member"))
            continue
        figures = {key: value for key, value in own.figures.items() if key not in ("target", "stretch")}
        for key in ("target", "stretch"):
            if base + 1 in years and key in years[base + 1].figures:
                figures[key] = years[base + 1].figures[key]
        past = {
            year: (row.figures.get("growth"), row.figures.get("target"))
            for year, row in sorted(years.items())
            if year <= base and {"growth", "target"} & set(row.figures)
        }
        found.append(replace(own, figures=figures, past=past))
    return found


def _at(row: Sequence[Cell], heading: Heading) -> Cell:
    return row[heading.at] if heading.at < len(row) else Cell("", row[0].place)


def _row(
    name: str,
    row: Sequence[Cell],
    columns: Mapping[str, Heading],
    rates: Mapping[str, Cell],
    cells: Cells,
    asked: bool,
) -> Row:
    """One row; what is ``asked`` for and does not stand there is told."""
    cells.row = f"{name}."
    figures: dict[str, float] = {}
    places: dict[str, Place] = {}
    for key, heading in columns.items():
        cell = rates.get(key) or _at(row, heading)
        places[key] = cell.place
        if key in ("name", "year"):
            continue
        value = _figure(cell, heading, cells)
        if value is not None:
            figures[key] = value
        elif asked and empty(cell.text) and key in ("gdp", "primary"):
            cells.wrong(cell, key, msg("nothing"), msg("a number"))
    lacking = not {"secondary", "industry"} & set(figures)
    if asked and lacking and {"gdp", "primary"} <= set(figures):
        cells.wrong(row[0], "secondary", msg("nothing"), msg("a number"))
    _sound(figures, places, cells)
    cells.row = ""
    return Row(name, row[0].place, figures, places)


def _figure(cell: Cell, heading: Heading, cells: Cells) -> float | None:
    """The number of a cell in the unit of the schema; None where nothing stands or a mistake was noted."""
    kind = heading.column.kind
    if empty(cell.text):
        return None
    if kind == "money":
        money = cells.number(cell, heading)
        return None if money is None else float(money)
    read = amount(cell.text)
    unit = "" if read is None else plain(read.unit)
    if kind == "people":
        said = unit or _people_unit(heading.text)
        factor = PEOPLE.get(said)
        if read is not None and factor is not None:
            return float(read.number) * factor
        cells.wrong(cell, heading.column.key, shown(cell.text), msg("a number of people (万人)"))
        return None
    if kind == "degrees":
        most = 90 if heading.column.key == "latitude" else 180
        if read is not None and unit in ("", "°", "度") and abs(read.number) <= most:
            return float(read.number)
        cells.wrong(cell, heading.column.key, shown(cell.text), msg("degrees, {most} at most", most=most))
        return None
    if read is None or unit not in ("", "%"):
        cells.wrong(cell, heading.column.key, shown(cell.text), msg("a number in {unit}", unit="%"))
        return None
    return float(read.number)


def _people_unit(text: str) -> str:
    """The unit of population that a heading states."""
    found = re.search(r"[(（]([^()（）]*)[)）]", text)
    word = plain(found[1]) if found else ""
    return word if word in PEOPLE else ""


def _sound(figures: Mapping[str, float], places: Mapping[str, Place], cells: Cells) -> None:
    """That a row's figures can stand together: sectors inside GDP, GDP no more than any province's."""
    gdp = figures.get("gdp")
    if gdp is None:
        return
    first = Cell("", places["gdp"])
    if not 0 < gdp <= LARGEST:
        cells.wrong(
            first,
            "gdp",
            f"{gdp:g}",
            msg("GDP above 0 and no more than any province's ({most:g})", most=LARGEST),
            msg("state the unit in the heading: 地区生产总值（万元）"),
        )
    parts = {key: figures[key] for key in ("primary", "secondary", "tertiary") if key in figures}
    whole = sum(parts.values())
    over = whole > 1.005 * gdp
    if over or (len(parts) == 3 and whole < 0.995 * gdp):
        cells.wrong(
            first,
            "gdp",
            msg("{gdp:g} beside {whole:g} of {names}", gdp=gdp, whole=whole, names=", ".join(parts)),
            msg("sectors that add up to GDP"),
        )


def _taken(found: Sequence[Row], take: Sequence[str], path: str, asked: Place, report: Report) -> list[Row]:
    """The rows asked for; a name that no row has is told, with the nearest."""
    if not take:
        return list(found)
    by_name = {row.name: row for row in found} | {row.id: row for row in found}
    for name in take:
        if name not in by_name:
            report.add(
                asked,
                f"{path}.take",
                shown(name),
                msg("a row of the table: {names}", names=one_of(row.name for row in found)),
                meant(name, [row.name for row in found]),
            )
    return [by_name[name] for name in take if name in by_name]
