"""Figures of the year under way out of tables, and the words for rows and times turned into keys
(年内实绩表)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...models.indicators import INDICATORS
from ...models.money import MONEY, unit_in_use
from ...models.quantity import Bilingual
from ...models.words import msg
from ...models.years import Year, month_at
from ..document import Node
from ..indicator_names import branch, indicator, suggested
from ..report import Report, one_of, shown
from ..units import asked_here, read_as, times
from .grid import UNCOMPUTED, Cell, Grid, uncomputed
from .headings import split_unit, without_unit
from .panels import RATE, percent
from .periods import SINGLE, Period, in_title, period
from .settle import Names
from .values import amount, empty, plain

NAMES = re.compile(r"指标(名称)?|项目|名称|主要(经济)?指标|indicators?|name|row|target")
TIMES = re.compile(r"时期|时间|期间|年份|年度|月份|截至(月份|时间)?|累计时段|period|month|until|date|year")
UNITS = re.compile(r"(计量)?单位|units?")
RATES = re.compile(r"增速|增长|增幅|同比|比上年|growth|[±%％]")
LEVELS = re.compile(r"绝对[值数]|总量|累计[值数额]|完成|数值|本期|level|amount|value|累计$")
NATION = re.compile(r"全国|我国|国家|national |the nation's |nation's ")
UNUSED = re.compile(
    r"备注|说明|来源|序号|排名|全年目标|年度目标|目标值?|去年同期|上年同期|note|remark|source|rank|target"
)
DATED = re.compile(
    r"(19|20|21)\d\d ?[-/.年] ?\d{1,2} ?月?份?|\d{1,2} ?[-~–—－至到] ?\d{1,2} ?月份?|(19|20|21)?\d\d年? ?q\d"
)
"""Headings that would say a time, but say none that there is."""
TO_DATE = "1-6月, 上半年, 一季度, 前三季度, 2021-06"


class _Column(NamedTuple):
    """A column of figures: its heading, the period that it says, whether it is of growth (None: not said)."""

    at: int
    head: Cell
    period: Period | None
    growth: bool | None


def figures(grid: Grid, path: str, report: Report) -> dict[str, Node]:
    """Figures of a table by row and period, named as the table names them.

    A row an indicator and a column a period; or columns for indicator, period and figure; or a row a
    period; or a bulletin, whose title says the period and whose columns level and growth.
    """
    at = next((n for n, row in enumerate(grid.rows) if _is_head(row)), None)
    if at is None:
        report.add(
            grid.start,
            path,
            msg("no row of headings"),
            msg(
                "a heading {names}, and headings that say the time: {times}",
                names="指标 (indicator)",
                times=TO_DATE,
            ),
        )
        return {}
    usual = next((found for row in grid.rows[:at] for cell in row if (found := in_title(cell.text))), None)
    wrong = len(report.problems)
    head, below = grid.rows[at], grid.rows[at + 1 :]
    if below and _is_second(head, below[0]):
        head, below = _one(head, below[0]), below[1:]
    below = [[*row, *(Cell("", row[0].place) for _ in head[len(row) :])] for row in below]
    name = next((n for n, cell in enumerate(head) if NAMES.fullmatch(_word(cell.text))), None)
    when = next((n for n, cell in enumerate(head) if TIMES.fullmatch(_word(cell.text))), None)
    if name is None and when is not None:
        cells = _by_period(head, below, when)
    else:
        cells = _by_row(head, below, 0 if name is None else name, when, usual, path, report)
    made: dict[str, Node] = {}
    for key, said, cell in cells:
        row = made.setdefault(key, Node({}, cell.place, key=cell.place, loose=True))
        _put(row, said, cell, path, report)
    if not made and len(report.problems) == wrong:
        report.add(grid.start, path, msg("no figures"), msg("a number below a heading that says the time"))
    return made


def _word(text: str) -> str:
    return split_unit(text)[0]


def _is_head(row: list[Cell]) -> bool:
    if len({cell.text for cell in row if cell.text}) < 2:
        return False
    return any(_names(cell) for cell in row) or any(period(cell.text) for cell in row[1:])


def _is_second(head: list[Cell], row: list[Cell]) -> bool:
    """Whether a row below the headings is a second row of them: no number and no name of its own, and mostly
    words of a time, of growth or of levels."""
    names = next((n for n, cell in enumerate(head) if _names(cell)), 0)
    if names < len(row) and not _names(row[names]) and row[names].text not in ("", head[names].text):
        return False
    said = [cell for cell in row if cell.text and not cell.repeated]
    words = [each for each in said if _heads(each.text)]
    return bool(words) and all(amount(cell.text) is None for cell in said) and len(words) * 2 >= len(said)


def _names(cell: Cell) -> bool:
    """Whether a heading stands above names or times of rows."""
    word = _word(cell.text)
    return bool(NAMES.fullmatch(word) or TIMES.fullmatch(word))


def _heads(text: str) -> bool:
    return bool(period(text) or RATES.search(plain(text)) or LEVELS.search(_word(text)))


def _one(upper: list[Cell], lower: list[Cell]) -> list[Cell]:
    """Two rows of headings as one; an upper heading holds for the blank cells to its right."""
    made, last = list[Cell](), ""
    for n in range(max(len(upper), len(lower))):
        above, below = (row[n] if n < len(row) else None for row in (upper, lower))
        under = below.text if below and below.text and not (above and below.text == above.text) else ""
        last = (above.text if above else "") or (last if under else "")
        cell = above or below
        assert cell is not None
        made.append(
            cell._replace(
                text=f"{last} {under}".strip(), place=(below or cell).place if under else cell.place
            )
        )
    return made


def _by_period(head: list[Cell], below: list[list[Cell]], when: int) -> Iterator[tuple[str, str, Cell]]:
    """Rows that are periods, columns that are indicators."""
    for row in below:
        for n, cell in enumerate(row):
            if n != when and n < len(head) and head[n].text and not empty(cell.text):
                yield head[n].text, row[when].text, cell


def _by_row(
    head: list[Cell],
    below: list[list[Cell]],
    name: int,
    when: int | None,
    usual: Period | None,
    path: str,
    report: Report,
) -> Iterator[tuple[str, str, Cell]]:
    """Rows that are indicators (of one period each, where a column says it)."""
    unit = next((n for n, cell in enumerate(head) if UNITS.fullmatch(_word(cell.text))), None)
    columns = list(_columns(head, {name, when, unit}, usual, when is not None, report))
    for column in columns:
        rows = [row for row in below if not empty(row[column.at].text)]
        cells = [row[column.at] for row in rows]
        if column.growth:
            cells = percent(cells, column.head, RATE, path, report, single=False)
        for row, cell in zip(rows, cells, strict=True):
            if not row[name].text or amount(cell.text) is None:
                if row[name].text:
                    _no_number(cell, path, report)
                continue
            said_unit = row[unit].text if unit is not None else ""
            if not said_unit and not split_unit(row[name].text)[1]:
                said_unit = split_unit(column.head.text)[1]
            key = _key(row[name].text, column, said_unit)
            said = row[when].text if when is not None else _written(column.period)
            yield key, said, cell


def _columns(
    head: list[Cell], taken: set[int | None], usual: Period | None, timed: bool, report: Report
) -> Iterator[_Column]:
    left = usual
    for n, cell in enumerate(head):
        if n in taken or not cell.text:
            continue
        word, said = _word(cell.text), period(cell.text)
        growth = True if RATES.search(plain(cell.text)) else False if LEVELS.search(word) else None
        if said is SINGLE or (said is None and DATED.fullmatch(plain(cell.text))):
            report.add(
                cell.place,
                "actuals.figures",
                shown(cell.text),
                msg("a time from the beginning of the year, such as {times}", times=TO_DATE),
                msg("a quarter or a month alone is no figure to date") if said else "",
            )
        elif UNUSED.search(word) or (said is None and left is None and not timed):
            report.told(cell.place, msg("the column {name} is not used", name=shown(cell.text)))
        elif said is not None or growth is not None or timed:
            left = said or left  # growth beside a level is of its time
            yield _Column(n, cell, left, growth)
        else:
            report.told(cell.place, msg("the column {name} is not used", name=shown(cell.text)))


def _key(name: str, column: _Column, unit: str) -> str:
    """The name of a row, with growth or the unit that its column says."""
    if column.growth and not RATES.search(plain(name)):
        bare = without_unit(name)  # the unit in its name is that of the level
        return f"{bare} growth" if bare.isascii() else f"{bare}增速"
    if not column.growth and unit and not RATES.search(plain(unit)):
        return f"{name}({unit})"
    return name


def _written(said: Period | None) -> str:
    if said is None:
        return ""
    return f"{said.year}-{said.month:02d}" if said.year else {12: "全年"}.get(said.month, f"1-{said.month}月")


def _no_number(cell: Cell, path: str, report: Report) -> None:
    if cell.text == UNCOMPUTED:
        report.add(cell.place, path, *uncomputed())
    else:
        report.add(cell.place, path, shown(cell.text), msg("a number"))


def _put(row: Node, said: str, cell: Cell, path: str, report: Report) -> None:
    read = amount(cell.text)
    if read is None:
        _no_number(cell, path, report)
        return
    if said in row.map:
        report.add(
            cell.place, path, msg("a second figure for {time}", time=shown(said)), msg("one figure each")
        )
        return
    row.map[said] = Node(float(read.number), cell.place, key=cell.place, text=cell.text, loose=True)


def settle_actuals(root: Node, report: Report) -> None:
    """Turn the names of rows and times into keys, units into those of the rows, and tell what was read for
    what."""
    node = root.map.get("actuals")
    if node is None or not node.map:
        return
    usual = _year(root)
    for part in ("figures", "shares", "errors"):
        held = node.map.get(part)
        if held is not None and held.map:
            held.value = _rows(held, part, root, usual, report)
    nation = node.map.get("nation")
    if nation is not None and nation.map:
        nation.value = dict(_times(nation, "actuals.nation", usual, report))


def _year(root: Node) -> Year | None:
    """The year under way where none is said: that after the base year."""
    years = root.map.get("years")
    base, begins = (years.map.get(name) if years else None for name in ("base", "begins"))
    if base is None or type(base.value) is not int:
        return None
    month = begins.value if begins is not None and type(begins.value) is int else 1
    return Year(base.value + 1, month if 1 <= month <= 12 else 1)


_MARGINS = ("source", "assumption", "note")


def _rows(held: Node, part: str, root: Node, usual: Year | None, report: Report) -> dict[str, Node]:
    targets = root.map.get("targets")
    # a row taken away (`null`) is no row any more
    rows = (
        {key: row for key, row in targets.map.items() if row.value is not None and key not in _MARGINS}
        if targets
        else {}
    )
    made = {name: child for name, child in held.map.items() if name in _MARGINS}
    for name, child in held.map.items():
        path = f"actuals.{part}.{name}"
        if name in _MARGINS or not isinstance(child.value, dict):
            made[name] = child
            continue
        key = row_of(name, rows)
        if part == "figures" and _is_nations(name, rows, root):
            _to_nation(name, key, child, held, root, report)
            continue
        if not key and child.loose and part == "figures" and _account(name, child, root, usual, report):
            continue
        if not key and child.loose:
            report.told(child.at, msg("{name} is no row of the sheet: not used", name=shown(name)))
            continue
        if not key:
            report.add(
                child.key or child.place,
                path,
                shown(name),
                msg("a row of the sheet: {names}", names=one_of(rows, 30)),
                suggested(name, rows),
            )
            continue
        times_of = dict(_times(child, path, usual, report))
        if part != "shares":
            _in_its_unit(name, key, times_of, root, report)
        if key in made:
            made[key].map.update(_once(made[key].map, times_of, path, report))
        else:
            made[key] = Node(times_of, child.place, child.key, loose=child.loose)
        if child.loose or name != key:
            report.told(child.at, _read(name, key, [each for each in times_of if each not in _MARGINS]))
    return made


def _is_nations(name: str, rows: Mapping[str, Node], root: Node) -> bool:
    """Whether a name says the nation's, and neither the sheet nor the scenario is about that itself."""
    outlook = root.map.get("outlook")
    whose = outlook.map.get("of") if outlook else None
    titled = any(name in (key, *_titles(row)) for key, row in rows.items())
    return bool(NATION.match(plain(name))) and not titled and (whose is None or whose.text != "region")


def _to_nation(name: str, key: str, row: Node, held: Node, root: Node, report: Report) -> None:
    """The nation's growth of GDP put where it belongs; what else is said of the nation is not used, and
    told."""
    if key and _indicator_of(key, root) == "gdp_growth":
        nation = root.map["actuals"].map.setdefault("nation", Node({}, row.place, row.key, loose=True))
        for margin in _MARGINS:
            if margin in held.map:
                nation.map.setdefault(margin, held.map[margin])
        for time, child in row.map.items():
            if time in nation.map and time not in _MARGINS:
                wrong = msg("a second figure for {time}", time=shown(time))
                report.add(child.at, "actuals.nation", wrong, msg("one figure each"))
            nation.map[time] = child
        report.told(row.at, msg("{name} is read as the nation's growth", name=shown(name)))
    else:
        report.told(
            row.at, msg("{name} is the nation's, of which only growth of GDP is used", name=shown(name))
        )


def _account(name: str, row: Node, root: Node, usual: Year | None, report: Report) -> bool:
    """Whether a row is a level of the whole year that accounts have: it is put there, and told."""
    word, unit = split_unit(name)
    factor = times(unit, unit_in_use(MONEY)) if unit else None
    whole = [child for time, child in row.map.items() if (said := period(time)) and said.month == WHOLE_YEAR]
    sectors = root.map.get("sectors")
    found = indicator(name, unit)
    key = {"gdp_level": "gdp"}.get(found.key if found else "", "")
    if not key and re.fullmatch(r"固定资产投资(总?额|完成额)?|fixedassetinvestment|fai", word):
        key = "fai"
    key = (
        key
        or branch(f"{word.removesuffix('增加值')}增加值")
        or Names(sectors.map if sectors else {}).find(word.removesuffix("增加值"))
    )
    if not (key and factor and len(whole) == 1 and usual is not None):
        return False
    held = root.map["actuals"]
    accounts = held.map.setdefault("accounts", Node({}, row.place, row.key, loose=True))
    figures_of = held.map["figures"]
    for margin in _MARGINS:
        if margin in figures_of.map:
            accounts.map.setdefault(margin, figures_of.map[margin])
    if isinstance(whole[0].value, (int, float)) and key not in accounts.map:
        whole[0].value = float(whole[0].value) * factor
        accounts.map[key] = whole[0]
        report.told(
            row.at,
            msg("{name} is read as the account {key} of {year}", name=shown(name), key=key, year=usual),
        )
    return True


WHOLE_YEAR = 12


def _once(known: Mapping[str, Node], more: Mapping[str, Node], path: str, report: Report) -> dict[str, Node]:
    for time in set(known) & set(more) - set(_MARGINS):
        report.add(
            more[time].at, path, msg("a second figure for {time}", time=shown(time)), msg("one figure each")
        )
    return dict(more)


def _read(name: str, key: str, times_of: list[str]) -> Bilingual:
    return msg("{name} is read as {key}, up to {times}", name=shown(name), key=key, times=", ".join(times_of))


def row_of(name: str, rows: Mapping[str, Node]) -> str:
    """The row of the sheet that a name means: its key, its title, or its indicator's names; empty where
    none."""
    if name in rows:
        return name
    word, unit = split_unit(name)
    for key, row in rows.items():
        if any(_alike(split_unit(text)[0], word) for text in _titles(row)):
            return key
    found = indicator(name, unit) or (None if unit else indicator(name, "%"))
    wanted = found.key if found else ""
    if not wanted:
        wanted = next(
            (key for key, own in INDICATORS.items() if word in map(plain, (own.title.zh, own.title.en))), ""
        )
    if wanted in rows:
        return wanted
    fits = [key for key, row in rows.items() if wanted and _indicator(row) == wanted]
    # rows that ask the same of other years have the same figures
    return fits[0] if len({_what(rows[key]) for key in fits}) == 1 else ""


def _titles(row: Node) -> list[str]:
    """The titles that a row of the sheet states."""
    title = row.map.get("title")
    if title is None:
        return []
    return [part.text for part in title.map.values()] if title.map else [title.text]


def _what(row: Node) -> tuple[str, ...]:
    """What a row is about, whatever the years that it speaks of."""
    parts = (row.map.get(name) for name in ("covers", "base", "unit"))
    return tuple("" if part is None else repr(_plain(part)) for part in parts)


def _plain(node: Node) -> object:
    """What a node says, without its places."""
    value = node.value
    if isinstance(value, dict):
        return {name: _plain(child) for name, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, list) else value


def _alike(title: str, word: str) -> bool:
    """Whether two names are the same: 装备制造业增加值 is 装备制造增加值."""
    return title == word or title.replace("业", "") == word.replace("业", "")


def _indicator_of(key: str, root: Node) -> str:
    """The indicator of a row of the sheet by its key."""
    targets = root.map.get("targets")
    row = targets.map.get(key) if targets else None
    return (_indicator(row) if row else "") or key


def _indicator(row: Node) -> str:
    said = row.map.get("indicator")
    return said.text if said else ""


def _times(node: Node, path: str, usual: Year | None, report: Report) -> Iterator[tuple[str, Node]]:
    """Times as months, each with its figure."""
    seen: set[str] = set()
    for name, child in node.map.items():
        if name in _MARGINS:
            yield name, child
            continue
        found = period(name)
        if found is None or found is SINGLE or (found.year is None and usual is None):
            hint: Bilingual | str = (
                msg("a quarter or a month alone is no figure to date") if found is SINGLE else ""
            )
            report.add(
                child.key or child.place,
                path,
                shown(name),
                msg("a time from the beginning of the year, such as {times}", times=TO_DATE),
                hint,
            )
            continue
        begins = usual.begins if usual is not None else 1
        year = usual if found.year is None or usual is None else Year(found.year, begins)
        key = f"{found.year}-{found.month:02d}"
        if found.counted or found.year is None:
            key = month_at(Year(found.year or 0) if year is None else year, found.month)
        if key in seen:
            report.add(child.at, path, msg("a second figure for {time}", time=key), msg("one figure each"))
            continue
        seen.add(key)
        yield key, child


def _in_its_unit(name: str, key: str, times_of: dict[str, Node], root: Node, report: Report) -> None:
    """Figures in the row's unit: what a cell, a text or the row's name states is converted."""
    asked = asked_here(f"targets.{key}.ensure", root)
    heading = split_unit(name)[1]
    for time, node in times_of.items():
        value = node.map.get("value", node)
        read = amount(value.text) if isinstance(value.value, str) or node.loose else None
        unit = (read.unit if read else "") or (heading if node.loose else "")
        said = node.map.get("unit")
        unit = said.text if said is not None else unit
        if time in _MARGINS or not (unit and asked) or (read is None and said is None):
            continue
        factor = times(unit, asked)
        if factor is None:
            report.add(
                value.at,
                f"actuals.figures.{key}.{time}",
                shown(value.text),
                msg("a number in {unit}", unit=asked),
            )
            continue
        number = float(read.number) if read else float(value.value)  # type: ignore[arg-type]
        if factor != 1:
            report.told(value.at, read_as(f"{value.text} {unit}", number * factor, asked))
        value.value = number * factor
        node.map.pop("unit", None)
