"""Years that need not begin in January: what they are called, and where their months lie (财政年度)."""

from __future__ import annotations

import re

_LABEL = re.compile(r"((?:19|20|21)\d\d) ?[-/–] ?(\d\d(?:\d\d)?)")


class Year(int):
    """A year that begins in the month ``begins`` and is called by the two years it lies in.

    It counts as the year in which it begins; with a January year it is an ordinary number.

    >>> str(Year(2012, 7)), f"{Year(1999, 4) + 1}", Year(2012, 7) - Year(2010, 7), str(Year(2012))
    ('2012-13', '2000-01', 2, '2012')
    """

    begins: int

    def __new__(cls, value: int, begins: int = 1) -> Year:
        """Make the year from the number of the calendar year in which it begins."""
        self = super().__new__(cls, value)
        self.begins = begins
        return self

    def __getnewargs__(self) -> tuple[int, int]:  # type: ignore[override]
        return int(self), self.begins

    def __add__(self, other: int) -> Year:
        return Year(int(self) + int(other), self.begins)

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        less = int(self) - int(other)
        return less if isinstance(other, Year) else Year(less, self.begins)

    def __str__(self) -> str:
        return str(int(self)) if self.begins == 1 else f"{int(self)}-{(int(self) + 1) % 100:02d}"

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)


def begins_in(year: int) -> int:
    """The month in which a year begins."""
    return year.begins if isinstance(year, Year) else 1


def labelled(text: str) -> int | None:
    """The year that a label of two years begins in; None where a text is no such label.

    >>> labelled("2012-13"), labelled("2012/2013"), labelled("2012-14"), labelled("2012-03")
    (2012, 2012, None, None)
    """
    found = _LABEL.fullmatch(text.strip())
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    return first if second in ((first + 1) % 100, first + 1) else None
