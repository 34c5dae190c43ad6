"""What differs from language to language and is no word: units, money, spaces, letters, numerals.

A language without an entry is set as English is; its words stand in its catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_HAN = r"[\u3400-\u9fff]"
_SPACED = re.compile(rf"(?<={_HAN}) (?=[\d<>][\d.%,]*)|(?<=[\d%]) (?={_HAN})")
_DIGITS = "一二三四五六七八九十"

# Longest first: 万吨 must be read before 吨.
_LATIN: tuple[tuple[str, str], ...] = (
    ("公斤/亩", "kg/mu"),
    ("万亩", "10k mu"),
    ("万吨", "10kt"),
    ("万人", "10k persons"),
    ("万户", "10k households"),
    ("吨", "t"),
    ("标煤", " ce"),
    ("二氧化碳", " CO2"),
    ("亩", "mu"),
    ("人", "persons"),
    ("家", "firms"),
    ("户", "firms"),
    ("个百分点", "points"),
    ("个月", "months"),
    ("个", "items"),
    ("天", "days"),
    ("年", "yr"),
    ("CNY 100m/CNY 100m", "CNY/CNY"),
)
_CHINESE: tuple[tuple[str, str], ...] = (
    (r"\bmonths\b", "个月"),
    (r"\bpoints\b", "个百分点"),
    (r"\bprojects\b", "项"),
    (r"\bdesks\b", "个"),
    (r"\byr\b", "年"),
    (r"\bper\b", "每"),
    (r"\bdegrees of freedom\b", "自由度"),
)


def _latin(unit: str) -> str:
    for chinese, latin in _LATIN:
        unit = unit.replace(chinese, latin)
    return unit


def _chinese(unit: str) -> str:
    for latin, chinese in _CHINESE:
        unit = re.sub(latin, chinese, unit)
    return unit


def close_up(text: str) -> str:
    """Chinese as official texts set it: no space between a character and an unsigned number, on neither side.

    >>> close_up("至少 1056.3亿元，比现方案多 44.6亿元；结构：钒 -5.3个百分点、全部 4 档")
    '至少1056.3亿元，比现方案多44.6亿元；结构：钒 -5.3个百分点、全部4档'
    """
    return _SPACED.sub("", text)


def _ideographic(number: int) -> str:
    ten, one = divmod(number, 10)
    return (
        (_DIGITS[ten - 1] if ten > 1 else "")
        + ("十" if ten else "")
        + (_DIGITS[one - 1] if one else "")
        + "、"
    )


def _bracketed(number: int) -> str:
    return f"（{_ideographic(number)[:-1]}）"


@dataclass(frozen=True)
class Paper:
    """How a language sets a document on A4: margins in mm, letters (Latin and East Asian), sizes in points.

    Attributes
    ----------
    margins
        Top, bottom, left, right.
    title, first, second, body, table
        Letters of the title, of both levels of headings, of text and of tables.
    size, lead
        Letters of the text, and how far apart its lines stand.
    indent
        By how many letters the first line of a paragraph is set in.
    section
        The number of a passage within a chapter, from the two numbers.
    running
        Whether the title stands above every page.
    """

    margins: tuple[float, float, float, float] = (20, 18, 20, 20)
    title: tuple[str, str] = ("Arial", "黑体")
    first: tuple[str, str] = ("Arial", "黑体")
    second: tuple[str, str] = ("Arial", "黑体")
    body: tuple[str, str] = ("Arial", "宋体")
    table: tuple[str, str] = ("Arial", "宋体")
    size: float = 10.5
    lead: float = 15.0
    indent: int = 0
    section: Callable[[int, int], str] = "{}.{} ".format
    running: bool = True


_OFFICIAL = Paper(
    margins=(25, 22, 26, 24),
    title=("Times New Roman", "方正小标宋简体"),
    first=("Times New Roman", "黑体"),
    second=("Times New Roman", "楷体"),
    body=("Times New Roman", "仿宋"),
    table=("Times New Roman", "宋体"),
    size=12.0,
    lead=20.0,
    indent=2,
    section=lambda _, number: _bracketed(number),
    running=False,
)
"""GB/T 9704-2012 in letters, levels and fixed lines. Its page (225 mm high, in letters of 16 points) holds no
first page with an answer, a picture, a table and what to keep in mind; so text is smaller and margins
narrower."""


@dataclass(frozen=True)
class Locale:
    """How a language is set.

    Attributes
    ----------
    code
        What a page says of its language (BCP 47); empty: the language's own name.
    unit
        A unit of a scenario (亿元, months) as the language writes it.
    one
        Units whose single one is not "1" and the unit.
    percent
        The sign of percent after a number in running text.
    set
        The last touch on a finished sentence.
    heading
        The number of a chapter, with what parts it from the title.
    paper
        How a document is set.
    asian
        Whether marks that both scripts have, as quotes, are East Asian.
    """

    code: str = ""
    unit: Callable[[str], str] = _latin
    one: Mapping[str, str] = field(
        default_factory=lambda: {
            "10kt": "10 kt",
            "10kt ce": "10 kt ce",
            "points": "1 point",
            "months": "1 month",
        }
    )
    percent: str = " %"
    set: Callable[[str], str] = str
    heading: Callable[[int], str] = "{}. ".format
    paper: Paper = field(default_factory=Paper)
    asian: bool = False


_LOCALES = {
    "zh": Locale(
        code="zh-CN",
        unit=_chinese,
        one={},
        percent="%",
        set=close_up,
        heading=_ideographic,
        paper=_OFFICIAL,
        asian=True,
    )
}
_OTHERS = Locale()


def locale(lang: str) -> Locale:
    """How a language is set: its own way, or that of English.

    >>> locale("zh").heading(11), locale("en").heading(11), locale("fr").unit("万吨")
    ('十一、', '11. ', '10kt')
    """
    return _LOCALES.get(lang, _OTHERS)
