"""Numbers, words and names as people read them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from ...models.harmless import STEERING
from ...models.money import said_in, unit_in_use
from ...models.quantity import Bilingual
from ...models.words import in_each, msg
from ...models.years import Year
from ..tables.table import Column, Table, shown
from .locales import locale
from .rounding import largest_remainder

Cell: TypeAlias = int | float | bool | str | Bilingual | None

EMPTY = "—"
_LARGE = 1e15  # above it a double no longer holds every unit: digits would be made up

_CONTROL = re.compile(f"[{STEERING}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BOOL = {
    True: msg(
        "yes",
        context="a cell that says yes or no",
    ),
    False: msg(
        "no",
        context="a cell that says yes or no",
    ),
}
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


_ORDINARY = frozenset({type(None), bool, int, str, Bilingual})


def plain(cell: Any) -> Cell:
    """A cell as an ordinary value: numbers of numpy become Python's, NaN becomes None."""
    kind = type(cell)
    if kind is float:
        return None if math.isnan(cell) else float(cell)
    if kind in _ORDINARY:
        return cell  # type: ignore[no-any-return]
    if isinstance(cell, (bool, str, Bilingual)):
        return cell
    if hasattr(cell, "item"):
        cell = cell.item()
    if isinstance(cell, (bool, str)):
        return cell
    if isinstance(cell, int):
        return int(cell)
    if isinstance(cell, float):
        return None if math.isnan(cell) else float(cell)
    raise TypeError(f"a table cell must be a number, None, bool, str or Text, not {type(cell).__name__}")


def finite(value: float) -> float | None:
    """A number as a cell; None where it is not known or has no bound.

    >>> finite(2.5), finite(float("nan"))
    (2.5, None)
    """
    return float(value) if math.isfinite(value) else None


def number(value: float, digits: int | None) -> str:
    """A number with its printed digits, a half rounded away from zero as official statistics do.

    Rounding starts from the shortest decimal that names the number: 2.675 gives 2.68, although the
    double lies a little below. Without ``digits`` the number is printed as stated.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return EMPTY if math.isnan(value) else "∞" if value > 0 else "-∞"
    if abs(value) >= _LARGE:
        return f"{Decimal(repr(value)):.{max(digits or 0, 3)}e}"
    if digits is None:
        return str(value) if isinstance(value, int) else f"{value + 0.0:.10g}"  # -0.0 + 0.0 is 0.0
    text = f"{value:.{digits}f}" if _untied(value, digits) else _half_up(value, digits)
    return text if text.strip("-0.") else text.lstrip("-")  # never "-0.0"


def _untied(value: float, digits: int) -> bool:
    """Whether plain formatting rounds the shortest decimal as :func:`_half_up` does: where that one is no
    tie, and not huge.

    A tie strictly between a double and its shortest decimal would be shorter and name the same double.
    """
    shortest = repr(value)
    tie = shortest[-1] == "5" and len(shortest) - shortest.find(".") == digits + 2
    return -1e9 < value < 1e9 and digits <= 6 and not tie and "e" not in shortest


def _half_up(value: float, digits: int) -> str:
    """The shortest decimal that names the number, rounded to its printed digits, a half away from zero."""
    exact = Decimal(repr(value))
    return format(
        exact.quantize(Decimal(1).scaleb(-digits), context=Context(40 + digits, ROUND_HALF_UP)), "f"
    )


def clean(text: str) -> str:
    """The text without characters that no XML, page or sheet may hold, or that turn the order of letters."""
    if text.isprintable():  # none of them is
        return text
    return _CONTROL.sub("", text)


def chance_text(value: float, digits: int = 0) -> str:
    """A chance in percent; what no draw showed is not printed as impossible, nor the contrary as certain.

    >>> chance_text(25.4), chance_text(0.0), chance_text(99.8), chance_text(99.8, 1), chance_text(100.0, 1)
    ('25', '<1', '>99', '99.8', '>99.9')
    """
    text, least = number(value, digits), Decimal(1).scaleb(-digits)
    if Decimal(text) < least:
        return f"<{least:f}"
    return f">{100 - least:f}" if Decimal(text) >= 100 else text


def written(cell: Any, digits: int | None, lang: str, signed: bool = False, chance: bool = False) -> str:
    """A cell as printed in ``lang``; ``signed`` puts a plus before what is printed as more than zero."""
    if isinstance(cell, Year):
        return str(cell)
    value = plain(cell)
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return _BOOL[value].of(lang)
    if isinstance(value, Bilingual):
        return clean(value.of(lang))
    if isinstance(value, str):
        return clean(value)
    if chance and math.isfinite(value):
        return chance_text(value, digits or 0)
    text = number(value, digits)
    return f"+{text}" if signed and value > 0 and text.strip("0.") else text


def unit_of(unit: str, lang: str) -> str:
    """A unit in ``lang``: scenarios write 亿元, USD bn and %/yr, a page has one language."""
    return _unit_of(unit_in_use(unit), lang)


@lru_cache(maxsize=1 << 12)
def _unit_of(unit: str, lang: str) -> str:
    return locale(lang).unit(said_in(unit, lang))


def unit_text(unit: str) -> Bilingual | None:
    """A unit as a cell: for tables whose rows differ in unit."""
    return in_each(lambda lang: unit_of(unit, lang)) if unit else None


def heading(column: Column, lang: str) -> str:
    """Heading of a column with its unit."""
    label = column.title.of(lang)
    unit = unit_of(column.unit, lang)
    return clean(label if not unit or unit in label else f"{label} {unit}")


def printed(table: Table, lang: str, columns: list[Column] | None = None) -> list[list[str]]:
    """The cells for people as printed in ``lang``, row by row; parts add up to their total as printed."""
    if columns is None:
        if lang not in table.printed:
            table.printed[lang] = printed(table, lang, shown(table))
        return table.printed[lang]
    places = [(table.at(column.name), column) for column in columns]
    whole = {column.name: _added_up(table, column) for _, column in places if column.adds}
    made = []
    for at, column in places:
        own, digits, signed, chance = (
            whole.get(column.name, {}),
            table.every_digit(column),
            column.signed,
            column.chance,
        )
        made.append(
            [
                written(own.get(number, row[at]), shown_to, lang, signed, chance)
                for number, (row, shown_to) in enumerate(zip(table.rows, digits, strict=True))
            ]
        )
    return [list(row) for row in zip(*made, strict=True)] if made else [[] for _ in table.rows]


def _added_up(table: Table, column: Column) -> dict[int, float]:
    """Printed numbers of a column whose sectors add up to its subtotals and its total, by row.

    Without a total, or where the parts are not its parts, every number is rounded by itself.
    """
    cells, levels = [plain(cell) for cell in table.column(column.name)], table.column("level")
    if any(each.name == "block" for each in table.columns):  # every block adds up by itself
        found: dict[int, float] = {}
        blocks: dict[Any, list[int]] = {}
        for at, block in enumerate(table.column("block")):
            blocks.setdefault(block, []).append(at)
        for rows in blocks.values():
            found |= _parts(rows, cells, levels, column)
        return found
    found = _parts(range(len(cells)), cells, levels, column)
    if found and any(level == "group" for level in levels):
        parts = [at for at, level in enumerate(levels) if level == "sector"]
        groups = table.column("group")
        for at, level in enumerate(levels):
            if level == "group":
                found[at] = round(
                    sum(found[part] for part in parts if groups[part] == groups[at]), column.digits or 0
                )
    return found


def _parts(
    rows: Sequence[int], cells: Sequence[Cell], levels: Sequence[Any], column: Column
) -> dict[int, float]:
    """Printed parts of the one total among the rows."""
    parts = [at for at in rows if levels[at] in ("sector", "part")]
    totals = [at for at in rows if levels[at] == "total"]
    values = [cells[at] for at in parts]
    if (
        len(totals) != 1
        or column.digits is None
        or not all(isinstance(cell, (int, float)) for cell in values)
    ):
        return {}
    total = cells[totals[0]]
    if not isinstance(total, (int, float)):
        return {}
    try:
        split = largest_remainder(
            [float(cell) for cell in values if isinstance(cell, (int, float))], column.digits, total
        )
    except ValueError:
        return {}
    return dict(zip(parts, split, strict=True))


def safe_name(name: str, default: str = "unnamed") -> str:
    """A name for a file or folder on every system: no path, no device, no odd characters."""
    name = re.sub(r"[^\w.+-]+", "-", clean(name))[:60].strip("-. ")
    return f"_{name}" if _DEVICE.fullmatch(name) else name or default


def unique(name: str, taken: set[str], longest: int = 60) -> str:
    """``name``, or with a number after it where it is taken; letters' case does not tell names apart."""
    new, count = name[:longest], 1
    while new.casefold() in taken:
        count += 1
        new = f"{name[: longest - len(str(count)) - 1]}~{count}"
    taken.add(new.casefold())
    return new
