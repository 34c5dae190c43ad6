"""Tables of mixes and of past years, as planners lay them out (投资结构表、历年数据表)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...models.money import MONEY, unit_in_use
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from ..document import LONGEST_KEY, Node
from ..rates import column
from ..report import Place, Report, shown
from ..units import times
from .grid import Cell, Grid
from .headings import split_unit
from .projects import TOTAL, word
from .values import amount, empty, plain, whole
from .years import year_of

PLAN = ("plan", "计划", "现方案", "计划结构", "现结构", "基准方案", "计划方案", "基准")
"""What the mix of the plan is called."""
GROWTH = (
    r"(gdp|(国内|地区)?生产总值)指数|gdpindex|"
    r"(gdp|(国内|地区)?生产总值|实际|经济|[比较]上年|同比|全年|按(可比|不变)价格?(计算)?)*(实际)?(增速|增长|增长率|增长速度|增幅)|"
    r"(real|annual)*(gdp|gsdp|gva|grp)*(real|annual)*growth(rate)?|croissance|crecimiento|wachstum|crescimento"
)
TARGET = (
    r"(gdp|地区生产总值|生产总值|经济)*(增速|增长)?(预期)?目标(值)?|年初目标|"
    r"(gdp)?(growth)?(target|goal)|targetgrowth"
)
INDEXED = re.compile(r"上年\s*=\s*100|指数|\bindex\b|year\s*=\s*100")
"""What a heading of an index of last year = 100 says."""
RATE, SHARE = "%/yr", "%"
KNOWN = ("%", MONEY, "万人", "万吨", "months", "points", "个", "万亩")
"""Units, one of each kind, that tell a unit in brackets from other words there."""


def mixes(grid: Grid, path: str, report: Report) -> dict[str, Node]:
    """Mixes of a table: a row for each sector, a column for each mix."""
    from ..spreadsheet import bad_name, table

    rows = [row for row in grid.rows if not TOTAL.fullmatch(plain(row[0].text))]
    head = next((row for row in rows if len({cell.text for cell in row if cell.text}) > 1), None)
    for row in rows if head else ():
        if row is not head and row[0].text and bad_name(row[0].text):
            row[0] = row[0]._replace(text=_key(row[0].text))
    _shares(rows, head, path, report)
    shares = table(Grid(grid.file, rows), path, report, mix_key)
    made: dict[str, Node] = {}
    for cell in head[1:] if head else ():
        key = mix_key(cell.text)
        if not cell.text or key in made:
            continue
        place = cell.place
        parts = {sector: row.map[key] for sector, row in shares.items() if key in row.map}
        _whole(parts, cell, path, report)
        title = split_unit(cell.text)[0] if key == "plan" and plain(cell.text) != "plan" else cell.text
        made[key] = Node(
            {"title": word(title, place), "shares": Node(parts, place, key=place)}, place, key=place
        )
    return made


def _shares(rows: list[list[Cell]], head: list[Cell] | None, path: str, report: Report) -> None:
    """Columns whose heading states another unit than percent."""
    for at, cell in enumerate(head or ()):
        if at and _stated(cell.text) not in ("", SHARE):
            below = [row for row in rows if row is not head and at < len(row)]
            for row, read in zip(
                below, percent([row[at] for row in below], cell, SHARE, path, report), strict=True
            ):
                row[at] = read


def _whole(parts: dict[str, Node], head: Cell, path: str, report: Report) -> None:
    """Ask where the shares of a mix add up to one and not to 100."""
    values = [float(node.value) for node in parts.values() if isinstance(node.value, (int, float))]
    whole = sum(values)
    if column(values, growth=False) and abs(whole - 1) < 0.02:
        report.add(
            head.place,
            path,
            msg("shares that add to {whole:.6g}", whole=whole),
            msg("percent: 40, not 0.4"),
            msg("write the sign in the cells or multiply by 100"),
        )


def _key(text: str) -> str:
    return re.sub(r"[.\[\]=\s：:]+", "-", text).strip("-")[:LONGEST_KEY]


def mix_key(text: str) -> str:
    """The key of a mix by its heading."""
    name, _ = split_unit(text)
    return "plan" if name in PLAN else _key(re.sub(r"[(（]\s*[%％‰]\s*[)）]", "", text))


def years(grid: Grid, path: str, report: Report) -> Grid:
    """Past years as the schema has them: a row a year; years may stand in the first row."""
    head = next((n for n, row in enumerate(grid.rows) if len({c.text for c in row if c.text}) > 1), None)
    if head is None:
        return grid
    rows = grid.rows[head:]
    if sum(year_of(cell.text) is not None for cell in rows[0][1:]) > 1:
        width = max(map(len, rows))
        blank = Cell("", Place(grid.file, 1, 1))
        rows = [[row[at] if at < len(row) else blank for row in rows] for at in range(width)]
    used = [at for at, cell in enumerate(rows[0]) if at == 0 or cell.text]
    kept, names = [0], ["year"]
    for at in used[1:]:
        name = _column(rows[0][at].text)
        if not name:
            report.told(rows[0][at].place, msg("the column {name} is not used", name=shown(rows[0][at].text)))
            continue
        kept.append(at)
        names.append(name)
    top = [rows[0][at]._replace(text=name) for at, name in zip(kept, names, strict=True)]
    made = [top] + [[_cell(row, at) for at in kept] for row in rows[1:] if _is_year(row)]
    for row in rows[1:]:
        if not _is_year(row) and any(cell.text for cell in row):
            report.told(row[0].place, msg("the row {name} is no year: left out", name=shown(row[0].text)))
    for at, name in enumerate(names[1:], start=1):
        head_cell = rows[0][kept[at]]
        cells = percent([row[at] for row in made[1:]], head_cell, RATE, f"{path}.{name}", report)
        for row, cell in zip(made[1:], cells, strict=True):
            row[at] = cell
    fiscal = next((row[0] for row in rows[1:] if (read := year_of(row[0].text)) and read.fiscal), None)
    if fiscal is not None:
        report.told(fiscal.place, fiscal_note(fiscal.text))
    _holes(made[1:], names, report)
    return Grid(grid.file, made)


def fiscal_note(text: str) -> Bilingual:
    """How fiscal years were read, by one of them."""
    read = year_of(text)
    return msg(
        "fiscal years are called by the year in which they end: {text} is {year}",
        text=text,
        year=read.year if read else text,
    )


def _column(text: str) -> str:
    word, _ = split_unit(text)
    return "target" if re.fullmatch(TARGET, word) else "growth" if re.fullmatch(GROWTH, word) else ""


def _is_year(row: list[Cell]) -> bool:
    return year_of(row[0].text) is not None


def _cell(row: list[Cell], at: int) -> Cell:
    """A cell of a row; the year without its sign."""
    cell = row[at] if at < len(row) else Cell("", row[0].place)
    found = year_of(cell.text) if at == 0 else None
    return cell._replace(text=str(found.year)) if found else cell


def percent(
    cells: list[Cell], head: Cell, asked: str, path: str, report: Report, single: bool = True
) -> list[Cell]:
    """A column of rates in percent: another unit and an index that the heading states are converted, what
    looks like one is asked about."""
    known = [
        (at, read) for at, cell in enumerate(cells) if not empty(cell.text) and (read := amount(cell.text))
    ]
    unit = _stated(head.text)
    factor = times(unit, asked) if unit else 1.0
    if factor is None:
        wrong = msg("{unit} is no unit of it", unit=shown(unit))
        report.add(head.place, path, shown(head.text), msg("a number in {unit}", unit=asked), wrong)
        return cells
    index = bool(INDEXED.search(plain(head.text))) and all(read.number > 50 for _, read in known)
    if index or factor != 1:
        report.told(
            head.place,
            msg("an index of last year = 100: 100 is taken away")
            if index
            else msg("numbers in {unit} are read in {asked}", unit=unit, asked=asked),
        )
        cells = list(cells)
        for at, read in known:
            if not read.unit:
                number = read.number - 100 if index else read.number * Decimal(str(factor))
                cells[at] = cells[at]._replace(text=f"{number.normalize():f}")
    elif odd := column([float(read.number) for _, read in known], asked == RATE, single):
        at, read = known[odd[0]]
        said, value = msg("growth of {value:g} %", value=float(read.number)), float(read.number)
        report.add(cells[at].place, path, said, msg("growth in percent"), odd[1].hint(value))
    return cells


def indexed(cells: list[Cell], path: str, report: Report) -> None:
    """Ask where growth of which no heading states a unit looks like an index or a part of 1."""
    if cells:
        percent(cells, Cell("", cells[0].place), RATE, path, report)


class Years(NamedTuple):
    """A panel as a table: headings in its file, and rows of cells by heading, each with its first cell."""

    heads: tuple[str, ...]
    top: dict[str, Cell]
    rows: list[dict[str, Cell]]

    def place(self, path: Path) -> Place:
        """Where its headings stand in the file."""
        return min((cell.place for cell in self.top.values()), default=Place(path.as_posix()))

    def column(self, head: str, asked: str, report: Report, single: bool = True) -> FloatArray:
        """Numbers of a column in a unit; NaN where nothing stands. What is no number is told."""
        cells, asked = [row[head] for row in self.rows], unit_in_use(asked)
        factor = 1.0
        if asked in (RATE, SHARE):
            cells = percent(cells, self.top[head], asked, head, report, single)
        elif asked and (unit := _stated(head)):
            factor = times(unit, asked) or 1.0
        found = np.full(len(cells), np.nan)
        for at, cell in enumerate(cells):
            value = figure(cell.text, asked)
            if value is None:
                report.add(cell.place, head, shown(cell.text[:40]), msg("a number or nothing"))
            else:
                found[at] = value if re.search(r"[^\d.,+\-eE\s]", cell.text) else value * factor
        return found


def figure(text: str, asked: str = "") -> float | None:
    """The number in a cell, in a unit; NaN where nothing stands, None where it is no number of that unit.

    >>> figure("7.5%", "%/yr"), figure("12万亿元", "亿元"), figure("many"), figure("1,430")
    (7.5, 120000.0, None, 1430.0)
    """
    if empty(text) or plain(text) in ("nan", "na"):
        return math.nan
    read = amount(text)
    if read is None:
        return None
    factor = times(read.unit, asked) if read.unit else 1.0
    return None if factor is None else float(read.number) * factor


def panel_table(path: Path, known: Mapping[str, Sequence[str]], report: Report) -> Years | None:
    """A table of years in any form that lists are read in: CSV, tabs or a workbook, titles above the
    headings; None after a mistake has been noted.

    Headings are those of the file, but for signs and units behind them: `known` names what says the year.
    """
    from ..candidates import grid_of

    grid = grid_of(path, report)
    if grid is None:
        return None
    words = {plain(word) for word in known["year"]}
    first = next(
        (
            n
            for n, row in enumerate(grid.rows)
            if any(plain(split_unit(cell.text)[0]) in words for cell in row) and len(row) > 1
        ),
        0,
    )
    top = {cell.text: cell for cell in reversed(grid.rows[first]) if cell.text}
    heads = tuple(cell.text for cell in grid.rows[first] if cell.text)
    rows = []
    for row in grid.rows[first + 1 :]:
        blank = Cell("", row[0].place)
        rows.append({head: row[at] if at < len(row) else blank for at, head in _at(grid.rows[first])})
    return Years(heads, top, rows)


def _at(row: list[Cell]) -> list[tuple[int, str]]:
    return [(at, cell.text) for at, cell in enumerate(row) if cell.text]


def heading(there: Sequence[str], aliases: Sequence[str]) -> str | None:
    """The heading of a file that one of some names means: as it stands, otherwise but for case, signs and a
    unit behind it."""
    exact = next((name for name in aliases if name in there), None)
    if exact is not None:
        return exact

    def bare(name: str) -> str:
        return split_unit(name)[0].replace("_", "")

    plainly = {bare(head): head for head in reversed(there)}
    return next((plainly[word] for name in aliases if (word := bare(name)) in plainly), None)


def _stated(heading: str) -> str:
    """The unit that a heading states."""
    found = re.search(r"[(（]([^()（）]*)[)）]\s*$", heading)
    said = re.sub(r"^单位[:：]\s*", "", found[1]) if found else ""
    return said if said and any(times(said, unit_in_use(unit)) is not None for unit in KNOWN) else ""


def _holes(rows: list[list[Cell]], names: list[str], report: Report) -> None:
    """Tell years that are missing, and those without their growth."""
    years = {year: row for row in rows if (year := whole(row[0].text)) is not None}
    gone = [str(year) for year in missing(years)]
    if gone:
        report.told(rows[0][0].place, msg("no row for {years}", years=", ".join(gone)))
    at = names.index("growth") if "growth" in names else 0
    for year, row in years.items() if at else ():
        if year < max(years) and empty(row[at].text):
            report.told(row[at].place, msg("no growth of {year}", year=row[0].text))


def missing(years: Iterable[int]) -> list[int]:
    """Years between the first and the last that are not there.

    >>> missing([2019, 2022, 2021]), missing([])
    ([2020], [])
    """
    known = set(years)
    return [year for year in range(min(known, default=0), max(known, default=0)) if year not in known]
