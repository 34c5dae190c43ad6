"""The cells of a table by their columns: read, and every doubt told with its cell (按列读数)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from ...models.errors import Said
from ...models.money import Money, money_in_use, unit_in_use
from ...models.quantity import Bilingual
from ...models.words import msg
from ..rates import slip
from ..report import Place, Report, one_of, shown
from .grid import Cell
from .headings import Head, Heading
from .values import ASK, OWN, UNITS, Amount, Month, amount, empty, factor, month, plain, proposed

FEW = 6
"""Cells that a note names."""
LARGE_USUALLY, LARGE_EVER = 100, 5_000
"""Money without a unit, half of it at least the first or any at least the second: perhaps 万元."""
STANDS_OUT = 500
"""How many times the middle of its column an amount is that is asked about."""
SHORT = 5
"""Durations without a unit, none longer: they may be years and not months."""
SUMS = ("invest", "spent", "adds.output", "adds.capacity", "fund", "value")
"""Columns in which a merged cell would be counted once for each row."""


@dataclass
class Cells:
    """Reads cells and gathers what is to be told of them."""

    head: Head
    path: str
    report: Report
    row: str = ""
    """The entry that is read, with a dot behind it."""
    said: dict[str, list[tuple[Place, Bilingual]]] = field(default_factory=dict)
    read: dict[tuple[str, str], Heading] = field(default_factory=dict)
    bare: dict[tuple[str, str], list[tuple[Decimal, Place]]] = field(default_factory=dict)
    stated: dict[str, list[tuple[Decimal, Place]]] = field(default_factory=dict)

    def wrong(self, cell: Cell, key: str, found: Said, expected: Said, hint: Said = "") -> None:
        """Note a mistake in a cell."""
        self.report.add(cell.place, f"{self.path}.{self.row}{key}".removeprefix("."), found, expected, hint)

    def note(self, place: Place, said: Bilingual) -> None:
        """Note how a cell was understood; what is said of many cells is told once."""
        self.said.setdefault(str(said), []).append((place, said))

    def number(self, cell: Cell, heading: Heading) -> Decimal | None:
        """The number of a cell in the schema's unit; None where it is empty or wrong."""
        key, kind = heading.column.key, heading.column.kind
        if empty(cell.text):
            return None
        if cell.rows > 1 and key in SUMS:
            self.wrong(
                cell,
                key,
                msg("{text} for {rows} rows together (merged cells)", text=shown(cell.text), rows=cell.rows),
                msg("an amount in each row"),
            )
            return None
        read = amount(cell.text)
        if read is None:
            self.wrong(cell, key, shown(cell.text), self._wanted(kind))
            return None
        times = self._times(read, heading)
        if times is None:
            self.wrong(
                cell,
                key,
                shown(cell.text),
                self._wanted(kind),
                msg("{unit} is no unit of it", unit=shown(read.unit or heading.unit)),
            )
            return None
        if read.about:
            self.note(cell.place, msg("about so much: the number is read as it stands"))
        self._gather(cell, heading, read, times)
        return read.number * times

    def _wanted(self, kind: str) -> Said:
        return msg("a number, alone or with its unit ({units})", units=one_of(proposed(kind)))

    def _times(self, read: Amount, heading: Heading) -> Decimal | None:
        """What a number is multiplied by: by the unit in the cell, in the heading, or above the table."""
        kind = heading.column.kind
        if kind not in UNITS:
            return None if read.unit else Decimal(1)
        unit = read.unit or heading.unit or (self.head.unit if kind == "money" else "")
        return factor(unit, kind) if unit else Decimal(1)

    def _gather(self, cell: Cell, heading: Heading, read: Amount, times: Decimal) -> None:
        kind = heading.column.kind
        if kind not in UNITS:
            return
        stated = read.unit or heading.unit or (self.head.unit if kind == "money" else "")
        if stated:
            self.stated.setdefault(heading.column.key, []).append((read.number * times, cell.place))
        else:
            self.read[heading.column.key, heading.text] = heading
            self.bare.setdefault((heading.column.key, heading.text), []).append((read.number, cell.place))

    def month(self, cell: Cell, heading: Heading, end: bool) -> Month | None:
        """The month of a cell; None where it is empty, wrong, or says something else than a date."""
        if empty(cell.text):
            return None
        found = month(cell.text, end)
        if found is ASK:
            whole = f"{plain(cell.text)[:4]}-01"
            self.wrong(
                cell,
                heading.column.key,
                shown(cell.text),
                msg("{first} or {second}", first=whole, second=whole.replace("-01", "-10")),
                msg("an October loses its 0 where a workbook takes it for a number: write 2024-10"),
            )
            return None
        if found is None:
            self.wrong(
                cell,
                heading.column.key,
                shown(cell.text),
                msg("a month such as 2024-09, 2024年9月 or 2024Q3"),
            )
            return None
        if found.rough:
            self.note(
                cell.place,
                msg("no month is stated: the last of the quarter or year counts")
                if end
                else msg("no month is stated: the first of the quarter or year counts"),
            )
        return found

    def doubts(self) -> None:
        """Ask about columns whose unit nobody states and that look like another one."""
        self.row = ""
        for (key, text), numbers in self.bare.items():
            self._doubt(self.read[key, text], numbers)
        for key, numbers in (*self.stated.items(), *((key, found) for (key, _), found in self.bare.items())):
            if key in SUMS and len(numbers) > 2:
                middle = median(number for number, _ in numbers)
                for number, place in numbers:
                    if number > LARGE_EVER / 10 and number > STANDS_OUT * middle > 0:
                        self.note(
                            place,
                            msg(
                                "more than {times} times the middle of its column: is the unit right?",
                                times=STANDS_OUT,
                            ),
                        )

    def _doubt(self, heading: Heading, numbers: Sequence[tuple[Decimal, Place]]) -> None:
        """One column without a unit."""
        kind, values = heading.column.kind, [abs(number) for number, _ in numbers]
        most, place = max(values), numbers[values.index(max(values))][1]
        first = Cell(heading.text, heading.place)
        if (
            kind == "money"
            and money_in_use() == Money()
            and (median(values) >= LARGE_USUALLY or most >= LARGE_EVER)
        ):
            self.wrong(
                first,
                heading.column.key,
                msg(
                    "amounts without a unit, up to {most:,.10g} ({place})", most=float(most), place=str(place)
                ),
                msg("the unit, in the heading or in the cells"),
                msg(
                    "write {first} or {second}",
                    first=f"{heading.text}（{money_in_use().smaller.label}）",
                    second=f"{heading.text}（{money_in_use().label}）",
                ),
            )
        elif kind == "months" and most <= SHORT and most > 0:
            self.wrong(
                first,
                heading.column.key,
                msg(
                    "durations without a unit, none above {most:g} ({place})",
                    most=float(most),
                    place=str(place),
                ),
                msg("the unit, in the heading or in the cells"),
                msg(
                    "write {first} or {second}", first=f"{heading.text}（月）", second=f"{heading.text}（年）"
                ),
            )
        elif kind == "percent" and slip(float(most), map(float, values), growth=False):
            self.wrong(
                first,
                heading.column.key,
                msg("parts of 1, none above {most:g} ({place})", most=float(most), place=str(place)),
                msg("percent: 40, not 0.4"),
                msg("write the sign in the cells or multiply by 100"),
            )
        else:
            self.note(heading.place, msg("no unit is stated: read as {unit}", unit=unit_in_use(OWN[kind])))

    def tell(self) -> None:
        """Tell the notes, each once, with the first of its cells."""
        for found in self.said.values():
            place, said = found[0]
            if len(found) == 1:
                self.report.told(place, said)
                continue
            names = ", ".join(_short(each, place) for each, _ in found[:FEW])
            more = ", ..." if len(found) > FEW else ""
            self.report.told(
                Place(place.file),
                msg("{said} ({count} cells: {names})", said=said, count=len(found), names=names + more),
            )


def _short(place: Place, first: Place) -> str:
    """A place without its file where that has been named."""
    return str(place).removeprefix(first.file)[1:] if place.file == first.file else str(place)
