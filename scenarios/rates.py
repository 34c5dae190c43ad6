"""Rates that look like parts of 1 (0.065) or like an index of last year = 100 (106.5), where percent is asked
for: asked about in every field and every panel (小数、指数当百分数)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..models.errors import Said
from ..models.quantity import Bilingual
from ..models.words import msg, tr

if TYPE_CHECKING:
    from .document import Node
    from .report import Place, Report

SMALLEST = 0.3
"""Growth that is all below this, %, is asked about: 0.09 is mostly 9 %."""
PART = 1.0
"""The same for other numbers in percent: 0.4 is mostly 40 %."""
INDEX = (85.0, 130.0)
"""Growth between these, %, is mostly an index of last year = 100."""


class Slip(NamedTuple):
    """What a number in percent looks like, and what it would then be in percent."""

    kind: Literal["fraction", "index"]
    meant: float

    def hint(self, value: float) -> Said:
        """What to write instead."""
        if self.kind == "index":
            return msg("of an index (last year = 100) take 100 away: {value:g}", value=self.meant)
        return told(value, self)


def slip(value: float, beside: Iterable[float] = (), growth: bool = True) -> Slip | None:
    """What a number in percent looks like, with those beside it (its bounds, its column); None for percent.

    >>> slip(0.065), slip(106.5), slip(6.5), slip(0.2, [-1.0, 3.0]), slip(106.5, [104.0, 98.0]).meant
    (Slip(kind='fraction', meant=6.5), Slip(kind='index', meant=6.5), None, None, 6.5)
    """
    every = [abs(each) for each in (value, *beside) if each]
    if value and (max(every) < SMALLEST if growth else max(every) <= PART and min(every) < PART):
        return Slip("fraction", float(f"{100 * value:.10g}"))
    if growth and all(INDEX[0] < each < INDEX[1] for each in (value, *beside)):
        return Slip("index", float(f"{value - 100:.10g}"))
    return None


def column(values: Sequence[float], growth: bool = True, single: bool = True) -> tuple[int, Slip] | None:
    """The first number of a column that does not look like percent, and what it looks like: where all of them
    do, or (``single``) one among others; a part of 1 among others has more digits than they have.

    >>> column([106.5, 104.0]), column([6.5, 0.065, 7.0])[0], column([6.5, 107.0])[0], column([0.2, 6.5])
    ((0, Slip(kind='index', meant=6.5)), 1, 1, None)
    """
    known = [(at, value) for at, value in enumerate(values) if value]
    if not known:
        return None
    if found := slip(known[0][1], [value for _, value in known], growth):
        return known[0][0], found
    long = [at for at, value in known if abs(10 * value - round(10 * value)) > 1e-9]
    for at, value in known if growth and single else ():
        found = slip(value)
        if found and (found.kind == "index" or long == [at]):
            return at, found
    return None


Question: TypeAlias = "tuple[str, str, Bilingual]"
"""Place, path and question of a number that is allowed and mostly means another one."""


class Rate(NamedTuple):
    """A number of a scenario in percent, as written."""

    path: str
    unit: str
    node: Node
    group: str = ""
    """The map of numbers of one kind that it stands in."""

    @property
    def kin(self) -> str:
        """What it shares with the numbers that speak for it: a row, a map, a column of years."""
        row = re.match(r"targets\.[^.]+", self.path)
        years = re.fullmatch(r"history\.years\.[^.]+(\.\w+)", self.path)
        return row[0] if row else f"history.years{years[1]}" if years else self.group or self.path

    @property
    def growth(self) -> bool:
        """Whether it is the growth of something."""
        part, name, *_ = (*self.path.split("."), "")
        if part == "targets" or self.path.startswith("history.outcomes"):
            named = name if part == "targets" else self.path
            return bool(re.search(r"growth|price|增长|增速|价格", named))
        return self.unit == "%/yr"

    @property
    def stated(self) -> bool:
        """Whether the unit stands beside it: nothing is to be asked then."""
        return "unit" in self.node.map

    @property
    def value(self) -> float:
        """The number."""
        return _number(self.node.map.get("value", self.node))

    @property
    def bounds(self) -> list[float]:
        """Its ends, where they are stated."""
        return [_number(self.node.map[name]) for name in ("low", "high") if name in self.node.map]

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.node.map.get("value", self.node).at


def _number(node: Node) -> float:
    return float(node.value) if node.number else 0.0  # type: ignore[arg-type]


UNASKED = re.compile(r"^(national|experience|plausible|relations|uncertainty)\.")
"""Coefficients, and what is shipped with the product."""


def ask(rates: Sequence[Rate], report: Report) -> None:
    """Ask about every number in percent that looks like something else, with its place."""
    groups: dict[str, list[Rate]] = {}
    for rate in rates:
        if not UNASKED.match(rate.path) and not rate.stated:
            groups.setdefault(rate.kin, []).append(rate)
    for group in groups.values():
        for rate, found_slip in _of(group):
            report.ask(rate.place, rate.path, told(rate.value, found_slip))


def _of(group: Sequence[Rate]) -> Iterator[tuple[Rate, Slip]]:
    if len(group) == 1:
        rate = group[0]
        if found := slip(rate.value, rate.bounds, rate.growth):
            yield rate, found
    elif odd := column([rate.value for rate in group], group[0].growth):
        yield group[odd[0]], odd[1]


def told(value: float, found: Slip) -> Bilingual:
    """The question about a number that is read as percent."""
    if found.kind == "index":
        return msg(
            "{value:g} is read as {value:g} %; if it is an index (last year = 100), write {meant:g}",
            value=value,
            meant=found.meant,
        )
    return msg(
        "{value:g} is read as {value:g} %; if {meant:g} % is meant, write {meant:g}",
        value=value,
        meant=found.meant,
    )


def questions(found: Iterable[Question], lang: str) -> list[str]:
    """A line for each number in percent that looks like something else."""
    return [
        tr(lang, "WARNING  {place}  {path}: {said}", place=place, path=path, said=said)
        for place, path, said in found
    ]
