"""The months that a figure to date is counted up to, as planners write them (累计时段)."""

from __future__ import annotations

import re
from typing import NamedTuple

from .values import plain

_YEAR = r"(?P<y>(?:19|20|21)?\d\d)(?: ?年度?| ?[-/.])? ?"
_SPAN = re.compile(rf"(?:{_YEAR})?0?1 ?月?份? ?(?:[-~–—－至到]|to) ?(?P<m>1[0-2]|0?[1-9]) ?月份?")
_MONTHS = (
    "jan(?:uary)?",
    "feb(?:ruary)?",
    "mar(?:ch)?",
    "apr(?:il)?",
    "may",
    "june?",
    "july?",
    "aug(?:ust)?",
    "sept?(?:ember)?",
    "oct(?:ober)?",
    "nov(?:ember)?",
    "dec(?:ember)?",
)
_TO = r" ?(?:[-~–—－至到]|to) ?"
_NUMBERED = tuple(enumerate(_MONTHS, 1))[1:]
_WORDED = ((2, "two", "两"), (3, "three", "三"), (6, "six", "六"), (9, "nine", "九"), (10, "ten", "十"))
_NAMED: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(rf"(?:{_YEAR})?(?:{words})(?:(?: of)? ?(?P<y2>(?:19|20|21)\d\d))?"), month)
    for words, month in (
        (r"第?[一1]季度?|q1|first quarter|首季|quarter 1", 3),
        (r"(?:上|前)半年|h1|first half|half 1|半年", 6),
        (rf"前[三3](?:个)?季度|[一1][-—~至][三3]季度|(?:first )?three quarters|q1{_TO}q3", 9),
        (rf"q1{_TO}q2", 6),
        *((rf"jan(?:uary)?{_TO}{name}|{n}m|first {n} months|前{n}个月", n) for n, name in _NUMBERED),
        *((rf"first {word} months|前{chinese}个月", n) for n, word, chinese in _WORDED),
        (r"全年|年度|year|whole year|full year|fy", 12),
    )
)
_DAY = r" ?[-/.月] ?(?:3[01]|[12]\d|0?[1-9]) ?日?"
_MONTH = re.compile(rf"(?P<y>(?:19|20|21)\d\d) ?[-/.年] ?(?P<m>1[0-2]|0?[1-9])(?: ?月?份?|{_DAY})?")
_WHOLE = re.compile(r"(?P<y>(?:19|20|21)\d\d) ?年?")
_QUARTER = re.compile(
    rf"(?:{_YEAR})?(?:第?(?P<n>[二三四234])季度?|q(?P<q>[234])|h2|下半年|second half)(?: ?(?:19|20|21)\d\d)?"
)
_ONE_MONTH = re.compile(rf"(?:{_YEAR})?(?:1[0-2]|0?[1-9]) ?月份?")
_ENGLISH = re.compile(rf"(?:(?P<n>{'|'.join(_MONTHS)})) ?(?P<y>(?:19|20|21)\d\d)?")
_AROUND = re.compile(
    r"累计|year to date|ytd|to date|同比|比上年同期|比去年同期"
    r"|(实际|名义)?(增长|增速|增幅|完成|实绩)(率|数|情况)?"
    r"|growth|[%％±]|[()（）]|绝对[值数量]|主要(经济)?指标.*$"
)


_INSIDE = re.compile(
    r"(?:(?:19|20|21)\d\d ?年? ?)?(?:第?[一1]季度|上半年|前[三3]个?季度|全年"
    r"|0?1 ?月?份? ?[-~–—－至到] ?(?:1[0-2]|0?[1-9]) ?月份?)"
    r"|(?:first (?:half|quarter|three quarters)|jan(?:uary)? ?(?:[-–—]|to) ?[a-z]+)"
    r"(?:,? (?:of )?(?:19|20|21)\d\d)?"
)
_YEAR_INSIDE = re.compile(r"(?:19|20|21)\d\d(?= ?年)")
_LESS = re.compile(r"季|月|半年|quarter|month|half")


class Period(NamedTuple):
    """From the beginning of a year to the end of a month; without a year, of the year under way.

    The month is ``counted`` from the beginning of a year, wherever that lies, or else one of the calendar.
    """

    year: int | None
    month: int
    counted: bool = False


SINGLE = Period(None, 0)
"""What is a quarter or a month alone, and no figure to date."""


def period(text: str) -> Period | None:
    """The period that a heading or a key names; :data:`SINGLE` where it names a quarter or a month alone.

    >>> period("2021-06"), period("上半年"), period("2021年1-9月累计增速(%)"), period("2020")
    (Period(year=2021, month=6, counted=False), Period(year=None, month=6, counted=True), Period(year=2021, month=9, counted=False), Period(year=2020, month=12, counted=True))
    >>> period("前三季度")[:2], period("2021H1")[:2], period("三季度") is SINGLE, period("6月") is SINGLE, period("增速")
    ((None, 9), (2021, 6), True, True, None)
    """  # noqa: E501
    word = plain(text)
    cumulated = bool(re.search(r"累计|to date|ytd", word))
    word = " ".join(_AROUND.sub(" ", word).split()).strip(" :,，")
    word = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", word)
    if not word:
        return None
    if found := _MONTH.fullmatch(word):
        return Period(int(found["y"]), int(found["m"]))
    if found := _SPAN.fullmatch(word):
        return Period(_year(found["y"]), int(found["m"]))
    if found := _WHOLE.fullmatch(word):
        return Period(int(found["y"]), 12, counted=True)
    for pattern, month in _NAMED:
        if found := pattern.fullmatch(word):
            return Period(_year(found["y"] or found["y2"]), month, counted=True)
    return _alone(word, cumulated)


def in_title(text: str) -> Period | None:
    """The period that the title of a table names among other words; the whole of a year where only that is
    named, and nothing of a quarter or a month alone.

    >>> in_title("泸州市2026年上半年主要经济指标")[:2], in_title("Luzhou, first half of 2026")[:2]
    ((2026, 6), (2026, 6))
    >>> in_title("泸州市2026年统计公报")[:2], in_title("2026年二季度经济运行情况")
    ((2026, 12), None)
    """
    if found := period(text):
        return None if found is SINGLE else found
    word = plain(text)
    if inside := _INSIDE.search(word):
        return period(inside[0].replace(",", ""))
    years = set(_YEAR_INSIDE.findall(word))
    return Period(int(years.pop()), 12, counted=True) if len(years) == 1 and not _LESS.search(word) else None


def _alone(word: str, cumulated: bool) -> Period | None:
    """A quarter or a month by its name: up to it where that is said, otherwise alone."""
    if found := _QUARTER.fullmatch(word):
        said = found["n"] or found["q"]
        if cumulated and said:
            quarter = "二三四".index(said) + 2 if said in "二三四" else int(said)
            return Period(_year(found["y"]), 3 * quarter, counted=True)
        return SINGLE
    if found := _ENGLISH.fullmatch(word):
        month = next(n for n, name in enumerate(_MONTHS, 1) if re.fullmatch(name, found["n"]))
        return Period(_year(found["y"]), month, counted=True) if cumulated or month == 1 else SINGLE
    if _ONE_MONTH.fullmatch(word):
        return SINGLE
    return None


def _year(text: str | None) -> int | None:
    return None if not text else int(text) + (2000 if len(text) == 2 else 0)
