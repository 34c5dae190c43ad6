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

from ...models.harmless import visible
from ...models.money import unit_in_use
from ...models.quantity import Bilingual
from ...models.words import msg
from ..begin import LARGEST
from ..report import Place, Report, meant, one_of, shown
from ..schema import Investment
from ..shape import measure
from ..tables.cells import Cells
from ..tables.grid import Cell, Grid
from ..tables.headings import Head, Heading
from ..tables.panels import RATE, percent
from ..tables.projects import REMARK, TOTAL
from ..tables.values import OWN, amount, empty, plain
from ..tables.years import year_of
from .columns import AHEAD, PEOPLE, Asked, bare, chosen, heads
from .schema import ParentSpec, TiersSpec

RATES = {
    "growth": measure(ParentSpec.model_fields["growth"]),
    "target": measure(TiersSpec.model_fields["ensure"]),
    "stretch": measure(TiersSpec.model_fields["stretch"]),
    "plan": measure(Investment.model_fields["growth"]),
}
"""Between what each rate may lie."""
MONEY = ("primary", "secondary", "industry", "construction", "tertiary", "fai", "planned")
NUMBERED = re.compile(r"[(（]?\d{1,2}[)）.、．:：]\D.*", re.S)
WHOLE = re.compile(
    r"[全本整]?(省|市|州|县|区|盟|旗|自治[区州县]|地区|区域)|全国"
    r"|[全本整各]?(省|市|州|县|区|盟|旗|自治[区州县]|地区|区域|县区|区县)*(合计|总计|小计|共计|累计|汇总|总[数和量])(数|值)?"
    r"|(the)?(whole|entire|all)?(province|region|city|county|prefectures|cities|counties|members)?(sub|grand)?totals?"
    r"|(the)?(whole|entire)(province|region|city|county)?|provincial(total)?"
)
"""Rows of totals, without spaces and brackets."""
PART = re.compile(r"其?中[:：]|#|of ?which|其中")
"""How a row begins that is a part of the one above it."""
MEAN = re.compile(r".*(平均(数|值|水平)?|average|mean)")
SAME = 0.005
"""Part by which the GDP of a row may miss the sum of the others to be taken for a total."""
ROUNDED = 0.2
"""Points by which the growth of an amount may miss the growth that is stated: both are rounded."""
NEAR = 0.02
"""Part by which members may miss their parent to be all of it: none of them is a total then."""
APART = 50
"""How many times the GDP per head of one member is that of another that is asked about: of the cities of
Sichuan the richest was 3.0 times the poorest in 2020."""


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


def rows_of(grid: Grid, path: str, asked: Asked, at: Mapping[str, Place], report: Report) -> list[Row]:
    """The rows of a table of members in the base year; every mistake is noted.

    ``at`` has the places of ``columns`` and ``take`` in the file that asks.
    """
    head = heads(grid, path, asked, at["columns"], report)
    if head is None:
        return []
    cells = Cells(head, path, report)
    columns = chosen(head, asked, at["columns"], cells)
    if columns is None:
        return []
    found = _of_year(_read(head, columns, cells, asked), asked.base, cells)
    found = [_planned(row, cells) for row in _members(found, columns, asked, cells)]
    _apart(found, columns, cells)
    _units(columns, cells)
    cells.tell()
    return _taken(found, asked.take, path, at["take"], report)


def _units(columns: Mapping[str, Heading], cells: Cells) -> None:
    """Tell how columns without a unit were read."""
    for key in dict.fromkeys(key for key, _ in cells.bare):
        unit = "万人" if key == "people" else unit_in_use(OWN["money"])
        cells.note(columns[key].place, msg("no unit is stated: read as {unit}", unit=unit))


def _read(head: Head, columns: Mapping[str, Heading], cells: Cells, asked: Asked) -> list[Row]:
    lines = []
    for row in head.rows:
        texts = [cell.text for cell in row]
        if not any(texts) or texts in head.lines:
            continue
        said = _no_member(row, columns, asked)
        if said:
            cells.note(next(cell for cell in row if cell.text).place, said)
        else:
            lines.append(row)
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
        name = " ".join(cell.text.split()) if visible(cell.text).strip() else ""
        if not name:
            cells.wrong(cell, "name", msg("nothing"), msg("the name of a member"))
            continue
        year = _year(row, columns, cells)
        if (name, year) in found:
            cells.wrong(cell, name, msg("a second row of this name"), msg("each member once"))
        elif year is not None or "year" not in columns:
            changed = {key: own[number] for key, own in rates.items()}
            now = year in (None, asked.base)
            found[name, year] = replace(_row(name, row, columns, changed, cells, now), year=year)
    return list(found.values())


def _no_member(row: Sequence[Cell], columns: Mapping[str, Heading], asked: Asked) -> Bilingual | None:
    """Why a row is no member: a footnote, a total, the parent itself; None where it may be one."""
    texts = list(dict.fromkeys(cell.text for cell in row if cell.text))
    figures = any(amount(_at(row, own).text) for key, own in columns.items() if key != "name")
    if REMARK.fullmatch(plain(texts[0])) or (not figures and NUMBERED.fullmatch(plain(texts[0]))):
        return msg("a footnote: left out")
    if len(texts) == 1:
        return msg("a row without a figure: left out")
    name = re.sub(r"\(.*?\)|[*:]", "", bare(_at(row, columns["name"]).text))
    if name and (WHOLE.fullmatch(name) or TOTAL.fullmatch(name)):
        return msg("a row of totals: left out")
    if name and PART.match(bare(_at(row, columns["name"]).text)):
        return msg("a part of the row above: left out")
    if name and MEAN.fullmatch(name):
        return msg("a row of averages: left out")
    if name in {f"{own}{kind}" for own in _called(asked) for kind in ("", "省", "自治区", "province")}:
        return msg("the row of the parent itself: left out")
    return None


def _called(asked: Asked) -> set[str]:
    """What the parent is called, without the year and what follows it."""
    year = r"(19|20|21)\d\d(年度?)?"
    names = {re.sub(rf"^{year}|{year}.*$", "", bare(name)) for name in asked.names}
    return {name for name in names if name}


def _members(rows: list[Row], columns: Mapping[str, Heading], asked: Asked, cells: Cells) -> list[Row]:
    """The rows without the parent's, by its name and size; one that is the sum of the others is told."""
    kinds = r"(省|市|州|县|区|自治[区州县]|province|city|county|prefecture)$"
    stems = {re.sub(kinds, "", own) for own in _called(asked)}
    for row in rows:
        gdp = row.figures.get("gdp", 0.0)
        if re.sub(kinds, "", bare(row.name)) in stems and abs(gdp - asked.gdp) <= 0.1 * asked.gdp:
            cells.note(row.place, msg("the row of the parent itself: left out"))
            rows = [each for each in rows if each is not row]
    known = [row for row in rows if "gdp" in row.figures]
    whole = sum(row.figures["gdp"] for row in known)
    if len(known) < 3 or abs(whole - asked.gdp) <= NEAR * asked.gdp or asked.take:
        return rows
    for row in known:
        gdp = row.figures["gdp"]
        if abs(2 * gdp - whole) <= SAME * (whole - gdp):
            said = msg(
                "the GDP of {name}, {gdp:g}, is the sum of the other rows ({others:g}): a total? then name"
                " the members by `take`",
                name=row.name,
                gdp=gdp,
                others=whole - gdp,
            )
            cells.note(row.places["gdp"], said)
    return rows


def _apart(rows: Sequence[Row], columns: Mapping[str, Heading], cells: Cells) -> None:
    """Ask about residents without a unit that make some members far richer than others."""
    own = columns.get("people")
    if own is None or _people_unit(own.said):
        return
    per_head = {
        row.name: row.figures["gdp"] / row.figures["people"]
        for row in rows
        if {"gdp", "people"} <= set(row.figures)
    }
    if len(per_head) < 2:
        return
    rich, poor = max(per_head, key=per_head.__getitem__), min(per_head, key=per_head.__getitem__)
    times = per_head[rich] / per_head[poor]
    if times > APART:
        cells.report.ask(
            own.place,
            f"{cells.path}.people",
            msg(
                "GDP per head of {rich} is {times:.0f} times that of {poor}: are all residents in {unit}?"
                " state the unit in the heading",
                rich=rich,
                poor=poor,
                times=times,
                unit="万人",
            ),
        )


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
    """Of a panel, the row of each member in the base year, with targets and plans of the next, and its
    history."""
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
        figures = {key: value for key, value in own.figures.items() if key not in AHEAD}
        places, then = dict(own.places), years.get(base + 1)
        for key in AHEAD if own.figures and then else ():
            if then and key in then.figures:
                figures[key], places[key] = then.figures[key], then.places[key]
        past = {
            year: (row.figures.get("growth"), row.figures.get("target"))
            for year, row in sorted(years.items())
            if year <= base and {"growth", "target"} & set(row.figures)
        }
        found.append(replace(own, figures=figures, places=places, past=past))
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
    """One row; what is ``asked`` for and does not stand there is told. A row with a mistake has no
    figures."""
    cells.row, before = f"{name}.", len(cells.report.problems)
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
    return Row(name, row[0].place, figures if len(cells.report.problems) == before else {}, places)


def _planned(row: Row, cells: Cells) -> Row:
    """A row with the growth of investment that its planned amount is over that of the base year.

    .. math:: g = 100 \\, (I_1 / I_0 - 1)
    """
    planned, base = row.figures.get("planned"), row.figures.get("fai")
    if planned is None:
        return row
    cell = Cell("", row.places["planned"])
    if base is None:
        cells.note(
            cell.place,
            msg(
                "planned investment is not used: investment of the base year, from which it grows, is missing"
            ),
        )
        return row
    growth, stated = round(100 * (planned / base - 1), 6), row.figures.get("plan")
    limits, found = (
        RATES["plan"],
        msg("{planned:g}, {growth:.3g} % more than {base:g}", planned=planned, growth=growth, base=base),
    )
    cells.row = f"{row.name}."
    if stated is not None and abs(stated - growth) > ROUNDED:
        asked = msg("growth of {stated:g} % as its own column says, or one of them", stated=stated)
        cells.wrong(cell, "planned", found, asked)
    elif not (limits.at_least or 0) <= growth <= (limits.at_most or 0):
        cells.wrong(cell, "planned", found, limits.said, msg("are both in one unit?"))
    else:
        row = replace(row, figures={"plan": growth, **row.figures}, places={"plan": cell.place, **row.places})
    cells.row = ""
    return row


def _figure(cell: Cell, heading: Heading, cells: Cells) -> float | None:
    """The number of a cell in the unit of the schema; None where nothing stands or a mistake was noted."""
    kind = heading.column.kind
    if empty(cell.text):
        return None
    if kind == "money":
        money = cells.number(cell, heading)
        return None if money is None else float(money)
    if kind == "people":
        return _people(cell, heading, cells)
    read = amount(cell.text)
    unit = "" if read is None else plain(read.unit)
    if kind == "degrees":
        most = 90 if heading.column.key == "latitude" else 180
        if read is not None and unit in ("", "°", "度") and abs(read.number) <= most:
            return float(read.number)
        cells.wrong(cell, heading.column.key, shown(cell.text), msg("degrees, {most} at most", most=most))
        return None
    if read is None or unit not in ("", "%"):
        cells.wrong(cell, heading.column.key, shown(cell.text), msg("a number in {unit}", unit="%"))
        return None
    limits, value = RATES[heading.column.key], float(read.number)
    if not (limits.at_least or 0) <= value <= (limits.at_most or 0):
        cells.wrong(cell, heading.column.key, shown(cell.text), limits.said)
        return None
    return value


def _people(cell: Cell, heading: Heading, cells: Cells) -> float | None:
    """Residents, 万人."""
    read = amount(cell.text)
    said = (plain(read.unit) if read else "") or _people_unit(heading.said)
    factor = PEOPLE.get(said)
    if read is None or factor is None or read.number <= 0:
        cells.wrong(
            cell,
            heading.column.key,
            shown(cell.text),
            msg("a number of people above 0 ({unit})", unit="万人"),
        )
        return None
    if not said:
        cells.bare.setdefault((heading.column.key, heading.text), []).append((read.number, heading.place))
    return float(read.number) * factor


def _people_unit(text: str) -> str:
    """The unit of population that a heading states."""
    words = [plain(said) for said in re.findall(r"[(（]([^()（）]*)[)）]", text)]
    return next((word for word in words if word in PEOPLE), "")


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
        return
    for key in MONEY:
        if key in figures and figures[key] <= 0:
            cells.wrong(
                Cell("", places[key]),
                key,
                f"{figures[key]:g}",
                msg("more than 0"),
                msg("a sector that is not there: give a small figure such as 0.1"),
            )
    if figures.get("stretch", 100.0) < figures.get("target", -100.0):
        cells.wrong(
            Cell("", places["stretch"]),
            "stretch",
            f"{figures['stretch']:g}",
            msg("at least the target of {target:g}", target=figures["target"]),
        )
    parts = {key: figures[key] for key in ("primary", "secondary", "tertiary") if key in figures}
    whole = sum(parts.values())
    over = whole > 1.005 * gdp or ("tertiary" not in parts and whole >= gdp)
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
