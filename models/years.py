"""Years that need not begin in January: what they are called, and where their months lie (财政年度)."""

from __future__ import annotations


class Year(int):
    """A year that begins in the month ``begins``; one that does not begin in January is called by the two
    years it lies in.

    It counts as the year in which it ends, as FY2013 does; one that begins in January is an ordinary number.

    >>> str(Year(2013, 7)), f"{Year(2000, 4) + 1}", Year(2012, 7) - Year(2010, 7), str(Year(2012))
    ('2012-13', '2000-01', 2, '2012')
    """

    begins: int

    def __new__(cls, value: int, begins: int = 1) -> Year:
        """Make the year from the number of the calendar year in which it ends."""
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
        return str(int(self)) if self.begins == 1 else f"{int(self) - 1}-{int(self) % 100:02d}"

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)


def place_in(time: str, base: int) -> tuple[int, int]:
    """Year (0 is the base year, 1 the year after it) and month of it (1 to 12) in which a month lies.

    >>> place_in("2021-06", 2020), place_in("2020-12", 2020), place_in("2021-06", Year(2020, 7))
    ((1, 6), (0, 12), (1, 12))
    """
    year, month = time.split("-")
    ahead = 12 * int(year) + int(month) - 1 - first_month(base + 1)
    return ahead // 12 + 1, ahead % 12 + 1


def month_at(year: int, month: int) -> str:
    """The calendar month of a year's month, counted from its beginning; the inverse of :func:`place_in`.

    >>> month_at(2021, 6), month_at(Year(2021, 7), 6)
    ('2021-06', '2020-12')
    """
    ahead = first_month(year) + month - 1
    return f"{ahead // 12}-{ahead % 12 + 1:02d}"


def first_month(year: int) -> int:
    """The number of the month in which a year begins, months counted from January of year 0.

    >>> first_month(2024) - 12 * 2024, first_month(Year(2024, 7)) - 12 * 2023
    (0, 6)
    """
    begins = year.begins if isinstance(year, Year) else 1
    return 12 * int(year) + (begins - 1 if begins == 1 else begins - 13)


def last_month(year: int) -> str:
    """The month in which a year ends, as scenarios write it.

    >>> last_month(2024), last_month(Year(2024, 4))
    ('2024-12', '2024-03')
    """
    end = first_month(year) + 11
    return f"{end // 12}-{end % 12 + 1:02d}"
