"""Years as tables write them: calendar years, and fiscal years by the year in which they end (年度写法)."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...models.harmless import half_width

_PLAIN = re.compile(r"((?:19|20|21)\d\d)年?(?:\.0)?")
_SPAN = re.compile(r"(?:fy)?[ _]*((?:19|20|21)\d\d)[-/–—]((?:19|20|21)?\d\d)年?", re.IGNORECASE)
_NAMED = re.compile(r"fy[ _]*((?:19|20|21)?\d\d)", re.IGNORECASE)
_CENTURY = 50
"""Two digits from which on a year lies in the last century: FY50 is 1950, FY49 is 2049."""


class ReadYear(NamedTuple):
    """A year, and whether it was written as a fiscal one."""

    year: int
    fiscal: bool


def year_of(text: str) -> ReadYear | None:
    """The year that a cell holds; a fiscal year is called by the year in which it ends.

    >>> year_of("2019年"), year_of("2012-13"), year_of("FY2013"), year_of("fy 13"), year_of("1999/2000")
    (ReadYear(year=2019, fiscal=False), ReadYear(year=2013, fiscal=True), ReadYear(year=2013, fiscal=True), ReadYear(year=2013, fiscal=True), ReadYear(year=2000, fiscal=True))
    >>> year_of("2012-15"), year_of("total")
    (None, None)
    """  # noqa: E501
    word = half_width(text).strip()
    if found := _PLAIN.fullmatch(word):
        return ReadYear(int(found[1]), fiscal=False)
    if found := _SPAN.fullmatch(word):
        end = int(found[1]) + 1
        return ReadYear(end, fiscal=True) if str(end).endswith(found[2]) else None
    if found := _NAMED.fullmatch(word):
        digits = int(found[1])
        century = 0 if digits > 99 else 2000 if digits < _CENTURY else 1900
        return ReadYear(century + digits, fiscal=True)
    return None
