"""Columns of a table of members: by their headings in Chinese and English, of the right year, or by hand
(市州表的列)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...models.errors import Said
from ...models.money import money_in_use
from ...models.quantity import Bilingual
from ...models.words import msg
from ..report import Place, Report, joined, meant, one_of, shown
from ..tables.cells import Cells
from ..tables.grid import Cell, Grid
from ..tables.headings import DEEPEST, Column, Head, Heading, find_head, near, no_head, split_unit
from ..tables.panels import GROWTH, TARGET
from ..tables.values import PERCENT, amount, factor, plain

PEOPLE = {
    "": 1.0,
    "万人": 1.0,
    "万": 1.0,
    "人": 1e-4,
    "千人": 0.1,
    "million": 100.0,
    "thousand": 0.1,
    "百万": 100.0,
    "10 thousand": 1.0,
    "10thousand": 1.0,
    "ten thousand": 1.0,
    "10,000": 1.0,
}
"""Units of population, in 万人."""
_YEAR = r"(?:19|20|21)\d\d"
_ADDED = r"(产业)?(增加值|valueadded|va|gva)?(绝对[值数]|总量)?"
_GDP = r"(gdp|(国内|地区)?生产总值|经济)*"
_UP = r"(增速|增长|增长率|增长速度|增幅)"
_INVESTED = r"(全社会)?(固定资产)?投资"
_INVESTMENT = r"((total)?fixed(asset)?|total)?investment"


def _dated(words: str) -> str:
    """A heading that may begin or end with a year."""
    return rf"(?:{_YEAR}(?:年度?)?)?(?:{words})(?:(?:in|of|for)?{_YEAR}年?)?"


COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        "text",
        r"各?(城市|地区|[地市州盟旗区县]{1,4}|地级以?上?市|设区的?市|省辖市|名称|行政区[划域]?|单位|成员)(名称?|别)?"
        r"|city|cities|region|county|prefecture|district|municipality|area|name|place|member",
        "城市",
    ),
    Column(
        "gdp",
        "money",
        _dated(
            r"(地区|国内)?生产总值(总量|绝对[值数]|数值|\(?gdp\)?)?|gdp(总量|绝对[值数]|数值|level)?|grp(level)?|经济总量"
            r"|grossdomesticproduct|(gross)?regionalproduct"
        ),
        "地区生产总值",
    ),
    Column(
        "primary",
        "money",
        _dated(r"(第?一产业?|农林牧渔业?|primary(sector|industry)?|agriculture)" + _ADDED),
        "第一产业",
    ),
    Column("secondary", "money", _dated(r"(第?二产业?|secondary(sector|industry)?)" + _ADDED), "第二产业"),
    Column("industry", "money", _dated(r"(全部)?(工业|industry)" + _ADDED), "工业"),
    Column("construction", "money", _dated(r"(建筑业?|construction)" + _ADDED), "建筑业"),
    Column(
        "tertiary",
        "money",
        _dated(r"(第?三产业?|服务业|tertiary(sector|industry)?|services)" + _ADDED),
        "第三产业",
    ),
    Column("growth", "rate", _dated(GROWTH), "增速"),
    Column(
        "target",
        "rate",
        _dated(
            rf"{TARGET}|{_GDP}(增速|增长)?(确保|底线)(增速|增长)?(目标|档)?(值)?|{_GDP}(预期|计划|目标){_UP}(目标)?"
            rf"|{_GDP}(增速|增长)?(预期|计划)目标(值)?|(minimum|lower|ensure)(growth)?(tier|target)?"
            r"|(expected|planned|target)(gdp|grp)?growth"
        ),
        "目标",
    ),
    Column(
        "stretch",
        "rate",
        _dated(
            rf"{_GDP}(增速|增长)?(力争|奋斗|争取)(增速|增长)?(目标|档)?(值)?|(stretch|upper)(growth)?(tier|target)?"
        ),
        "力争",
    ),
    Column(
        "people",
        "people",
        _dated(r"(年?末)?(常住|总)?人口(总?数|总量|规模)?|(resident)?population|residents|inhabitants"),
        "常住人口",
    ),
    Column(
        "fai",
        "money",
        _dated(
            r"(全社会)?固定资产投资(完成)?(总?额)?|投资(完成|总)?额|完成投资|fai|(fixed(asset)?|total)?investment"
        ),
        "固定资产投资",
    ),
    Column("latitude", "degrees", r"北?纬度?|lat(itude)?", "纬度"),
    Column("longitude", "degrees", r"东?经度?|(lon|lng|long)(gitude)?|longitude", "经度"),
    Column(
        "planned",
        "money",
        _dated(
            rf"计划(完成)?{_INVESTED}总?额|{_INVESTED}(计划|目标)(总|完成)?额|{_INVESTED}总?额(计划|目标)"
            rf"|(amountof)?planned{_INVESTMENT}(amount|total|level)|amountofplanned{_INVESTMENT}"
        ),
        "计划投资额",
    ),
    Column(
        "plan",
        "rate",
        _dated(
            rf"(计划|预期|目标){_INVESTED}{_UP}?|{_INVESTED}(计划|预期|目标)+{_UP}?(目标)?|{_INVESTED}{_UP}(计划|预期|目标)+"
            rf"|(planned|target){_INVESTMENT}(growth)?(rate)?|(planned|target)growthof{_INVESTMENT}"
            rf"|{_INVESTMENT}(growth)?(target|plan|goal)"
        ),
        "投资计划增速",
    ),
    Column(
        "outcome",
        "rate",
        _dated(
            rf"{_INVESTED}(完成)?(总?额)?([比较]上年|同比)?{_UP}|({_INVESTMENT}|fai)growth(rate)?|growthof{_INVESTMENT}"
        ),
        "投资增速",
    ),
)
NEEDED = ("name", "gdp", "primary")
AHEAD = ("target", "stretch", "plan", "planned")
"""Columns of the target year; others that count are of the base year."""
TIMELESS = ("name", "latitude", "longitude")
YEAR = Column("year", "year", r"年份?|年度|years?", "年份")
"""The column that makes a table a panel; by itself the word is a unit of time, which heads no column."""
OTHERS = re.compile(
    rf"({_YEAR}年?)?.*(产业|工业|建筑|服务业|人口|投资|农林|收入|消费|零售|出口|财政|规上|规模|居民|价格"
    rf"|industry|sector|population|investment|income|sales|exports|revenue|prices).*({_UP}|growth(rate)?)"
)
"""Growth of something else than GDP: never read as that of GDP for the word below it."""
KEYS = (*(column.key for column in COLUMNS if column.key != "outcome"), "year")


@dataclass(frozen=True)
class Asked:
    """What is asked of a table: years, headings by hand, who the parent is."""

    base: int
    columns: Mapping[str, str] = field(default_factory=dict)
    take: Sequence[str] = ()
    names: Sequence[str] = ()
    """What the parent is called."""
    gdp: float = 0.0
    """The parent's GDP."""

    def year(self, key: str) -> int | None:
        """The year of which a column must be; None where none is asked."""
        return None if key in TIMELESS else self.base + (key in AHEAD)


def bare(text: str) -> str:
    """A text without spaces, in half-width signs and small letters."""
    return re.sub(r"\s", "", plain(text))


def heads(grid: Grid, path: str, asked: Asked, place: Place, report: Report) -> Head | None:
    """The headings of a table of members; None after a mistake has been noted."""
    for key in asked.columns:
        if key not in KEYS:
            report.add(
                place, f"{path}.columns.{key}", msg("an unknown key"), one_of(KEYS, 20), meant(key, KEYS)
            )
    by_hand = [
        Column(column.key, column.kind, re.escape(split_unit(asked.columns[column.key])[0]), column.usual)
        for column in COLUMNS
        if column.key in asked.columns
    ]
    columns = (*by_hand, *(column for column in COLUMNS if column.key not in asked.columns))
    grid = _units_above(grid)
    head = find_head(grid, columns, NEEDED, OTHERS)
    if head is None:
        used = [column for column in COLUMNS if column.key in (*NEEDED, "secondary")]
        no_head(grid, path, COLUMNS, used, report, way_out())
    return head


def _units_above(grid: Grid) -> Grid:
    """The table with a row of nothing but units laid into the headings above it."""
    for at, row in enumerate(grid.rows[1:DEEPEST], 1):
        said = [bare(cell.text).strip("()") for cell in row]
        units = {each for each in said[1:] if each}
        if (
            said[:1] in ([""], ["单位"], ["计量单位"], ["unit"], ["units"])
            and units
            and all(map(_unit, units))
        ):
            above = [
                cell._replace(text=f"{cell.text}（{unit}）") if cell.text and unit else cell
                for cell, unit in zip(grid.rows[at - 1], ["", *said[1:]], strict=False)
            ]
            return replace(grid, rows=[*grid.rows[: at - 1], above, *grid.rows[at + 1 :]])
    return grid


def _unit(word: str) -> bool:
    return word in (*PERCENT, *PEOPLE, "°", "度") or factor(word, "money") is not None


def way_out() -> Said:
    """What to do where a heading is not understood."""
    return msg("or name them by hand: {form}", form="table: {columns: {gdp: …, primary: …}}")


def chosen(head: Head, asked: Asked, place: Place, cells: Cells) -> dict[str, Heading] | None:
    """The one column of each key, of its year or as named by hand; every other is told. None after a
    mistake."""
    before = len(cells.report.problems)
    _by_hand(head, asked)
    _plans(head, asked, cells)
    found: dict[str, Heading] = {}
    late: list[Heading] = []
    for key, headings in head.found.items():
        if key == "outcome":
            for each in headings:
                cells.note(each.place, _outcome(each))
            continue
        own = _one(key, headings, asked, place, cells, late)
        if own is not None:
            found[key] = own
    _year_column(head, asked, found)
    for key in asked.columns:
        if key in KEYS and key not in head.found and key not in found:
            _no_such(head, key, asked, place, cells)
    for cell in head.unknown:
        if "year" not in found or cell.place != found["year"].place:
            cells.report.told(cell.place, _unused(cell))
    _lacking(head, found, late, cells, asked)
    return found if len(cells.report.problems) == before else None


def _by_hand(head: Head, asked: Asked) -> None:
    """Columns named by hand whose heading alone would be taken for a unit."""
    top = head.grid.rows[head.first - len(head.lines) : head.first]
    for column in COLUMNS:
        said = bare(asked.columns.get(column.key, ""))
        for row in top if said and column.key not in head.found else ():
            for at, cell in enumerate(row):
                if bare(cell.text) == said:
                    head.found[column.key] = [Heading(at, cell.text, cell.place, column, "", cell.text)]


def _year_column(head: Head, asked: Asked, found: dict[str, Heading]) -> None:
    said = bare(asked.columns.get("year", ""))
    for at, cell in enumerate(head.grid.rows[head.first - 1]):
        if bare(cell.text) == said if said else YEAR.fits(plain(cell.text)):
            found["year"] = Heading(at, cell.text, cell.place, YEAR, "", cell.text)


def _no_such(head: Head, key: str, asked: Asked, place: Place, cells: Cells) -> None:
    texts = [cell.text for cell in head.grid.rows[head.first - 1] if cell.text]
    cells.report.add(
        place,
        f"{cells.path}.columns.{key}",
        shown(asked.columns[key]),
        msg("a heading of the table: {names}", names=one_of(texts, 20)),
        meant(asked.columns[key], texts),
    )


def _one(
    key: str, headings: Sequence[Heading], asked: Asked, place: Place, cells: Cells, late: list[Heading]
) -> Heading | None:
    """Of the columns of one key the one that is read; the others are told."""
    if key in asked.columns:
        said = bare(asked.columns[key])
        right = [each for each in headings if said in (bare(each.text), bare(each.said))]
        if not right:
            _no_such(head=cells.head, key=key, asked=asked, place=place, cells=cells)
            return None
        wrong: list[Heading] = []
    else:
        year = asked.year(key)
        wrong = [each for each in headings if year and _year_of(each) not in (None, year)]
        right = [each for each in headings if each not in wrong]
        right.sort(key=lambda each: _year_of(each) is None)
    for each in wrong:
        late.append(each)
        cells.report.told(
            each.place,
            msg(
                "the column {name} is not used: it is of {year}, and {what} is asked for {wanted}",
                name=shown(each.said),
                year=_year_of(each),
                what=each.column.usual,
                wanted=asked.year(key),
            ),
        )
    for each in [each for each in headings if each not in wrong and each is not right[0]] if right else ():
        cells.report.told(
            each.place,
            msg(
                "the column {name} is not used: {other} is read as {what}",
                name=shown(each.said),
                other=shown(right[0].said),
                what=each.column.usual,
            ),
        )
    return right[0] if right else None


def _year_of(heading: Heading) -> int | None:
    """The year that a heading states."""
    found = re.search(rf"(?<!\d){_YEAR}(?!\d)", plain(heading.said))
    return int(found[0]) if found else None


def _plans(head: Head, asked: Asked, cells: Cells) -> None:
    """Part headings of planned investment into growth and amounts, by what they say and by their unit."""
    amounts = next(column for column in COLUMNS if column.key == "planned")
    for each in [] if "plan" in asked.columns else list(head.found.get("plan", ())):
        kind = _kind(head, each)
        if kind == "money":
            head.found["plan"].remove(each)
            head.found.setdefault("planned", []).append(
                Heading(each.at, each.text, each.place, amounts, each.unit, each.said)
            )
        elif not kind:
            cells.wrong(
                Cell(each.text, each.place),
                "plan",
                msg("{name} without a unit: an amount or its growth", name=shown(each.said)),
                msg("the unit, in the heading or in the cells"),
                msg(
                    "write {first} or {second}",
                    first=f"{each.said}（{money_in_use().label}）",
                    second=f"{each.said}（%）",
                ),
            )
    if not head.found.get("plan", [None]):
        del head.found["plan"]


def _kind(head: Head, heading: Heading) -> str:
    """Whether planned investment is stated as an amount or as growth; nothing where neither is said."""
    if heading.unit and factor(heading.unit, "money") is not None:
        return "money"
    if re.search(r"增|growth|%|目标|target|goal", plain(heading.said)):
        return "rate"
    units = {
        plain(read.unit)
        for row in head.rows
        if heading.at < len(row) and (read := amount(row[heading.at].text)) and read.unit
    }
    if not units:
        return ""
    return "rate" if units == {"%"} else "money"


def _outcome(heading: Heading) -> Bilingual:
    return msg(
        "the column {name} is not used: growth of investment is an outcome; a plan is headed {usual}",
        name=shown(heading.said),
        usual="投资计划增速",
    )


def _unused(cell: Cell) -> Bilingual:
    hint = near(cell.text, COLUMNS)
    if hint is None or hint.key == "outcome":
        return msg("the column {name} is not used", name=shown(cell.text))
    return msg(
        "the column {name} is not used; did you mean {usual}?", name=shown(cell.text), usual=hint.usual
    )


def _lacking(
    head: Head, found: Mapping[str, Heading], late: Sequence[Heading], cells: Cells, asked: Asked
) -> None:
    """Tell each column that is needed and not there, with what comes nearest."""
    lacking = [column for column in COLUMNS if column.key in NEEDED and column.key not in found]
    if "secondary" not in found and "industry" not in found:
        lacking.append(next(column for column in COLUMNS if column.key == "secondary"))
    for column in lacking:
        if column.key in asked.columns:
            continue  # told already
        year = next((each for each in late if each.column.key == column.key), None)
        hint: Said = (
            msg("{name} is of another year than `year`", name=shown(year.said))
            if year
            else next(
                (
                    msg("did you mean {name}?", name=f"{cell.text} = {column.usual}")
                    for cell in head.unknown
                    if near(cell.text, [column])
                ),
                "",
            )
        )
        cells.report.add(
            head.grid.start,
            f"{cells.path}.{column.key}",
            msg("no such column"),
            msg("a column headed {name} or {key}", name=column.usual, key=column.key),
            joined(hint, way_out()),
        )
