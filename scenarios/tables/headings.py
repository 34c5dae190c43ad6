"""The headings of a table: which row they stand in, what each of them means (表头)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from ...models.errors import Said
from ...models.words import msg
from ..report import Place, Report, joined, shown
from .grid import Cell, Grid
from .values import UNITS, amount, empty, factor, month, plain

DEEPEST = 30
"""Rows in which the headings are looked for."""
DEEP = 2
"""Rows of headings at most above and below the one with the most of them."""


class Column(NamedTuple):
    """A column that a table may have.

    Attributes
    ----------
    key
        Key of the schema, with dots.
    kind
        What its cells hold: text, money, months, percent, weight, month, yes, stage ...
    words
        Headings that mean it, as a pattern of the whole heading; the key itself always does.
    usual
        The heading that is proposed.
    stands_for
        Key of another column, whose place this one takes where a table has no such column.
    """

    key: str
    kind: str
    words: str
    usual: str
    stands_for: str = ""

    def fits(self, word: str) -> bool:
        """Whether a heading means it."""
        return word in (self.key, self.key.replace(".", ""), plain(self.usual)) or bool(
            re.fullmatch(self.words, word)
        )


@dataclass
class Heading:
    """A column that was found: where, what it means, the unit that its heading states."""

    at: int
    text: str
    place: Place
    column: Column
    unit: str = ""
    said: str = ""
    """All that stands over the column, from above."""


@dataclass
class Head:
    """The headings of a table and the rows below them."""

    grid: Grid
    found: dict[str, list[Heading]] = field(default_factory=dict)
    unknown: list[Cell] = field(default_factory=list)
    first: int = 0
    unit: str = ""
    """A unit of money that stands above the table for all of it."""
    lines: list[list[str]] = field(default_factory=list)
    """The rows of headings as texts: on each page they may stand again."""

    @property
    def rows(self) -> list[list[Cell]]:
        """What stands below the headings."""
        return self.grid.rows[self.first :]

    def one(self, key: str) -> Heading | None:
        """The first column of a key."""
        return next(iter(self.found.get(key, ())), None)


_UNIT_ABOVE = re.compile(r"(?:计量|金额)?单位[:： ]*([^\s,，;；)）、/]{1,8})|units?: ?([\w ]{1,20})")
FOREIGN = re.compile(r"usd|eur|hkd|jpy|美元|欧元|港元|港币|日元|\$|€")
"""Money of which no rate is known: refused in each cell."""
WHOLE = re.compile(r"合计|小计|总计|总额|总数|金额|数额|名称|total|amount|name")
"""Parts of a group of headings that mean the group."""
PARTS = re.compile(
    r"绝对[值数]|总量|数值|([比较]上年|同比)?(增长|增速|增幅|增长率|增长速度)|合计|小计|其中|level|growth(rate)?"
)
"""Parts of a group of headings that mean something only with it."""
_HEADED_YEAR = re.compile(r"(19|20|21)\d\d ?年?")
_YEAR_OF = re.compile(r"(19|20|21)\d\d ?年度? ?\D")
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_TRAILING = re.compile(r"^(.+?)[ _:/,、-]+([^ _:/,、-]+)$")


def split_unit(text: str) -> tuple[str, str]:
    """A heading without brackets, spaces and signs, and the unit that it states.

    >>> split_unit("总投资（万元）"), split_unit("建设工期/月"), split_unit("Investment (million yuan)")
    (('总投资', '万元'), ('建设工期', '月'), ('investment', 'million yuan'))
    """
    word = plain(text).strip("*: ")
    unit = ""
    for said in _BRACKETS.findall(word):
        unit = unit or _unit(said) or (said if FOREIGN.search(said) else "")
    word = _BRACKETS.sub("", word)
    if not unit and (found := _TRAILING.match(word)) and (unit := _unit(found[2])):
        word = found[1]
    return re.sub(r"[\s_*\"'“”:：/、,-]", "", word), unit


def without_unit(text: str) -> str:
    """A heading as it is, but for brackets that hold a unit.

    >>> without_unit("地区生产总值（亿元）"), without_unit("工业增加值（规上）")
    ('地区生产总值', '工业增加值(规上)')
    """
    bare = _BRACKETS.sub(lambda found: "" if _unit(found[1]) else found[0], plain(text))
    return bare.strip()


def _unit(said: str) -> str:
    """What a bracket holds, where it is a unit."""
    word = re.sub(r"^单位[:： ]*", "", said.strip())
    return word if any(factor(word, kind) is not None for kind in UNITS) else ""


def find_head(
    grid: Grid, columns: Sequence[Column], needed: Iterable[str], unused: re.Pattern[str] | None = None
) -> Head | None:
    """The rows of headings: the first with the most known, one of ``needed`` among them, and its neighbours.

    ``unused`` are headings that are understood and mean no column.
    """
    wanted = set(needed)
    best, most = -1, 1
    for number, row in enumerate(grid.rows[:DEEPEST]):
        keys = {column.key for cell in row if (column := _meant(cell.text, columns)[0])}
        if len(keys) > most and keys & wanted:
            best, most = number, len(keys)
    if best < 0:
        return None
    above, below = _extent(grid.rows, best, columns)
    own = grid.rows[above : below + 1]
    head = Head(
        grid,
        first=below + 1,
        unit=_above(grid.rows[:above]),
        lines=[[cell.text for cell in row] for row in own],
    )
    over = _names(own)
    for at, names in enumerate(over):
        _place(head, at, names, columns, unused)
    for column in columns:
        if column.stands_for and column.key in head.found:
            other = next(each for each in columns if each.key == column.stands_for)
            instead = [
                Heading(each.at, each.text, each.place, other, each.unit)
                for each in head.found.pop(column.key)
            ]
            head.found.setdefault(other.key, instead)
    while head.rows and _counts(head.rows[0]):
        head.first += 1
    width = max(map(len, head.rows), default=0)
    for at in (at for at in range(width) if at >= len(over) or not over[at]):
        if cell := next((row[at] for row in head.rows if at < len(row) and row[at].text), None):
            said = msg("no heading stands over {cell}: its column is not used", cell=shown(cell.text))
            grid.left.append((cell.place, said))
    return head


class _Name(NamedTuple):
    """A heading over one column, or over a group of them."""

    cell: Cell
    group: bool


def _names(rows: list[list[Cell]]) -> list[list[_Name]]:
    """Of each column its headings from above: what a group is called stands over each of its columns."""
    width = max(map(len, rows))
    table = [[row[at] if at < len(row) else Cell("", row[0].place) for at in range(width)] for row in rows]
    for upper, lower in pairwise(table):
        for at in range(1, width):
            # the blank beside a heading, each with a heading of its own below: one group
            if not upper[at].text and lower[at].text and _fresh(lower, upper, at - 1):
                upper[at] = upper[at - 1]._replace(place=upper[at].place)
    found: list[list[_Name]] = []
    for at in range(width):
        names: list[_Name] = []
        for row in table:
            beside = [row[n].text for n in (at - 1, at + 1) if 0 <= n < width]
            if row[at].text and (not names or names[-1].cell.text != row[at].text):
                names.append(_Name(row[at], row[at].text in beside))
        found.append(names)
    return found


def _fresh(row: list[Cell], upper: list[Cell], at: int) -> bool:
    """Whether a cell below a heading is a heading of its own."""
    return bool(row[at].text and upper[at].text and row[at].text != upper[at].text)


def _place(
    head: Head, at: int, names: list[_Name], columns: Sequence[Column], unused: re.Pattern[str] | None
) -> None:
    """Note what a column means: all its headings together, its lowest alone, or what stands over it alone."""
    units = [said for name in names if (said := _unit(plain(name.cell.text).strip("()[]")))]
    names = [name for name in names if not _unit(plain(name.cell.text).strip("()[]"))]
    if not names:
        return
    cell = names[-1].cell
    texts = [" ".join(name.cell.text.split()) for name in names]
    stated = [split_unit(text)[1] for text in reversed(texts)]
    for text in [*("".join(texts[n:]) for n in range(len(texts))), *_over(names)]:
        column, _ = _meant(text, columns)
        if column is not None:
            unit = next((said for said in (*units, *stated) if said and _fits(said, column.kind)), "")
            own = Heading(at, cell.text, cell.place, column, unit, "".join(texts))
            head.found.setdefault(column.key, []).append(own)
            return
        if unused is not None and unused.fullmatch(split_unit(text)[0]):
            break
    head.unknown.append(cell)


def _over(names: list[_Name]) -> list[str]:
    """The headings above that may speak for a column whose lowest one is not known."""
    found = []
    for name, lower in zip(reversed(names[:-1]), reversed(names[1:]), strict=True):
        if name.group and not WHOLE.fullmatch(split_unit(lower.cell.text)[0]):
            break
        found.append(name.cell.text)
    return found


def _fits(unit: str, kind: str) -> bool:
    """Whether a unit belongs to a kind of column; money of other countries is refused cell by cell."""
    return kind not in UNITS or factor(unit, kind) is not None or FOREIGN.search(unit) is not None


def _meant(text: str, columns: Sequence[Column]) -> tuple[Column | None, str]:
    """The column that a heading means, and the unit that it states."""
    if not text or len(text) > 80:
        return None, ""
    word, unit = split_unit(text)
    whole = without_unit(text)
    named = (column for column in columns if column.kind == "own" and without_unit(column.usual) == whole)
    return next(named, None) or next((column for column in columns if column.fits(word)), None), unit


def _extent(rows: list[list[Cell]], best: int, columns: Sequence[Column]) -> tuple[int, int]:
    """The first and the last row of the headings: groups may stand above, parts and units below."""
    above = below = best
    while best - above < DEEP and above > 0 and _groups(rows[above - 1], rows[above], columns):
        above -= 1
    while below - best < DEEP and below + 1 < len(rows) and _parts(rows[below], rows[below + 1], columns):
        below += 1
    return above, below


def _split(upper: list[Cell], row: list[Cell]) -> tuple[list[Cell], bool]:
    """The cells of a row that say something of their own; whether others are merged with the row above."""
    down = [
        cell.repeated and at < len(upper) and cell.text == upper[at].text != "" for at, cell in enumerate(row)
    ]
    return [cell for cell, same in zip(row, down, strict=True) if cell.text and not same], any(down)


def _groups(upper: list[Cell], row: list[Cell], columns: Sequence[Column]) -> bool:
    """Whether a row names groups of the headings below it."""
    _, merged = _split(upper, row)
    said = [cell for cell in upper if cell.text]
    if len({cell.text for cell in said}) < 2 or any(_datum(cell.text) for cell in said):
        return False
    if any(_UNIT_ABOVE.search(plain(cell.text)) for cell in said):
        return False
    return merged or any(_meant(cell.text, columns)[0] for cell in said)


def _parts(upper: list[Cell], row: list[Cell], columns: Sequence[Column]) -> bool:
    """Whether a row below headings is one of them: parts of groups, or units."""
    fresh, merged = _split(upper, row)
    if any(_datum(cell.text) for cell in row if cell.text):
        return False
    if merged and len({cell.text for cell in fresh}) != 1:
        return True
    known = sum(_meant(cell.text, columns)[0] is not None or _is_part(cell.text) for cell in fresh)
    units = all(_unit(plain(cell.text).strip("()[]")) for cell in fresh)
    bracketed = all(plain(cell.text).startswith("(") for cell in fresh)
    return units or bracketed or 2 * known >= len(fresh) or (merged and not known and len(fresh) == 1)


def _is_part(text: str) -> bool:
    """Whether a heading is known for the parts of groups."""
    return bool(PARTS.fullmatch(split_unit(text)[0]))


def _datum(text: str) -> bool:
    """Whether a cell holds a number or a date, and no year that heads a column."""
    word = plain(text)
    if _HEADED_YEAR.fullmatch(word):
        return False
    return bool(month(text)) or (not _YEAR_OF.match(word) and amount(text) is not None)


def _above(rows: list[list[Cell]]) -> str:
    """The unit of money that the title rows state for all of the table."""
    for row in rows:
        for cell in row:
            found = _UNIT_ABOVE.search(plain(cell.text))
            if found and factor(found[1] or found[2], "money") is not None:
                return found[1] or found[2]
    return ""


def _counts(row: list[Cell]) -> bool:
    """Whether a row below the headings only numbers the columns."""
    said = [plain(cell.text) for cell in row if cell.text]
    numbers = [word for word in said if word.isdecimal()]
    return (
        len(said) > 3
        and numbers == [str(n) for n in range(1, len(numbers) + 1)]
        and (len(numbers) == len(said) or set(said) - set(numbers) <= set("甲乙丙丁戊"))
    )


def near(text: str, columns: Sequence[Column]) -> Column | None:
    """The column whose usual heading is nearest to one that is not known."""
    word, _ = split_unit(text)
    if len(word) < (3 if word.isascii() else 2):
        return None  # a letter is like any short key
    names: Mapping[str, Column] = {
        plain(name): column for column in columns for name in (column.usual, column.key)
    }
    found = difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)
    return names[found[0]] if found else None


def listed(headings: Iterable[Heading]) -> str:
    """Headings with what they mean."""
    return ", ".join(f"{' '.join(each.text.split())} = {each.column.key}" for each in headings)


def no_head(
    grid: Grid,
    path: str,
    columns: Sequence[Column],
    needed: Sequence[Column],
    report: Report,
    instead: Said = "",
) -> None:
    """Tell that no row has the headings of a table, what comes nearest, and what to do ``instead``."""
    hint: Said = ""
    for row in grid.rows[:DEEPEST]:
        for cell in row:
            found = (
                near(cell.text, columns)
                if cell.text and not empty(cell.text) and len(cell.text) < 40
                else None
            )
            if found:
                hint = msg("did you mean {name}?", name=f"{cell.text} = {found.usual}")
                break
    report.add(
        grid.start,
        path,
        msg("no row of headings"),
        msg("headings such as {names}", names=", ".join(column.usual for column in needed)),
        joined(hint, instead),
    )
