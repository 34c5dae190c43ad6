"""What stands in a cell: amounts with units, months, yes or no, stages in words (单元格的值)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ...models.harmless import half_width
from ...models.money import MONEY, money_in_use

MONTHS: Mapping[str, Decimal] = {
    name: Decimal(factor)
    for factor, names in (
        ("1", ("月", "个月", "month", "months", "mo", "mon")),
        ("3", ("季", "季度", "个季度", "quarter", "quarters")),
        ("12", ("年", "year", "years", "yr", "yrs")),
        ("0.25", ("周", "week", "weeks")),
        ("0.0328549", ("天", "日", "日历天", "个日历天", "day", "days")),
    )
    for name in names
}
PERCENT: Mapping[str, Decimal] = {
    "%": Decimal(1), "percent": Decimal(1), "pct": Decimal(1), "个百分点": Decimal(1), "百分点": Decimal(1),
    "‰": Decimal("0.1"),
}  # fmt: skip
WEIGHT: Mapping[str, Decimal] = {
    "万吨": Decimal(1), "吨": Decimal("1e-4"), "t": Decimal("1e-4"), "kt": Decimal("0.1"),
}  # fmt: skip
UNITS: Mapping[str, Mapping[str, Decimal]] = {
    "money": {},  # by the scenario's own: :func:`factor`
    "months": MONTHS,
    "percent": PERCENT,
    "weight": WEIGHT,
}
UNITS_SHOWN: Mapping[str, tuple[str, ...]] = {
    "months": ("月", "季度", "年", "days"),
    "percent": ("%", "‰"),
    "weight": ("吨", "万吨"),
}
"""Units as they are proposed."""
OWN: Mapping[str, str] = {"money": MONEY, "months": "月", "percent": "%", "weight": "万吨"}
"""The unit in which the schema has each kind."""

EMPTY = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "暂无",
        "待定",
        "未定",
        "不详",
        "n/a",
        "na",
        "tbd",
        "none",
        "...",  # as "…" is read
        "......",
        "..",
        "n.a.",
        "n.a",
        "*",
    )
)
ERRORS = frozenset(("#n/a", "#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!", "#getting_data"))

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d{1,2})?|[-+]?\.\d+"
_AMOUNT = re.compile(
    rf"(?P<about>约|大约|近|超|超过|逾|预计|about |ca\. ?|~|≈)?(?:人民币|¥|cny|rmb)? ?(?P<number>{_NUMBER})"
    r" ?(?P<unit>[^\d\s,.+-][^\d]{0,24}?|10,?000 ?yuan|100 ?million ?yuan)?(?P<more>左右|余|多|以上|上下)?"
)


class Amount(NamedTuple):
    """A number in a cell, the unit written beside it, and whether it is only about that much."""

    number: Decimal
    unit: str
    about: bool


def whole(text: str) -> int | None:
    """A number written in digits alone, at most 18 of them; None for any other text.

    >>> whole("2024"), whole("2024.0"), whole("9" * 5000)
    (2024, None, None)
    """
    return int(text) if text.isdecimal() and len(text) <= 18 else None


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """A text in half-width signs and small letters, without spaces at its ends.

    >>> plain("１，４３０万元 "), plain("％")
    ('1,430万元', '%')
    """
    return " ".join(half_width(text).replace("\u2212", "-").split()).lower()


def empty(text: str) -> bool:
    """Whether a cell says that there is nothing.

    >>> empty("—"), empty(" 待定"), empty("0")
    (True, True, False)
    """
    return plain(text) in EMPTY


def amount(text: str) -> Amount | None:
    """A number with its unit, where a text is one.

    >>> amount("1,430万元"), amount("70亿元").unit, amount("约12个月").about, amount("70,5"), amount("12-18")
    (Amount(number=Decimal('1430'), unit='万元', about=False), '亿元', True, None, None)
    """
    found = _AMOUNT.fullmatch(plain(text))
    if found is None or len(text) > 80:
        return None
    unit = (found["unit"] or "").strip()
    return Amount(
        Decimal(found["number"].replace(",", "").replace(" ", "")),
        unit,
        bool(found["about"] or found["more"]),
    )


def factor(unit: str, kind: str) -> Decimal | None:
    """By how much a number in ``unit`` is multiplied to be in the schema's; None where the unit is none.

    >>> factor("万元", "money"), factor("亿元/年", "money"), factor("吨", "money")
    (Decimal('0.0001'), Decimal('1'), None)
    """
    word = re.sub(r"^(单位|unit|in)[:： ]*|/(年|a|yr|year)$|[ .]|^每年|人民币", "", plain(unit))
    if kind == "money":
        times = money_in_use().times(word)
        return None if times is None else Decimal(f"{times:.12g}")
    return UNITS[kind].get(word)


def proposed(kind: str) -> tuple[str, ...]:
    """Units of a kind as they are proposed."""
    if kind != "money":
        return UNITS_SHOWN.get(kind, ())
    money = money_in_use()
    if money.currency == "CNY":
        return "元", "万元", "亿元", "million yuan"
    return tuple(f"{money.currency} {scale}".strip() for scale in ("", "m", "bn"))


class Month(NamedTuple):
    """A month as the schema has it, and whether only a year, a half or a quarter was said."""

    text: str
    rough: bool = False


ASK = Month("", True)
"""What may be read in two ways."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AROUND = re.compile(
    r"^(预计|计划|力争|拟于?|约|于|')|(前|内|左右|开工|动工|竣工|投产|建成|完工|投用|并?建成投产)$"
)
_DATE = re.compile(
    r"(?P<y>(?:19|20|21)\d\d) ?(?P<s>[-/.年]) ?(?P<m>\d{1,2})(?: ?月| ?[-/.月] ?\d{1,2} ?[日号]?)?"
    r"(?:份|底|末|初|中旬|上旬|下旬)?(?: \d\d:\d\d(?::\d\d)?)?"
)
_TURNED = re.compile(r"(?P<m>\d{1,2})[/.](?P<y>(?:19|20|21)\d\d)")
_DIGITS = re.compile(r"(?P<y>(?:19|20|21)\d\d)(?P<m>0[1-9]|1[0-2])(?:[0-3]\d)?")
_QUARTER = re.compile(
    r"(?:(\d{4}) ?年? ?[-/]? ?(?:q ?([1-4])|第?([1-4一二三四])季度?)|q([1-4])[ /-]?(\d{4}))([初末底])?"
)
_HALF = re.compile(r"(\d{4}) ?年? ?[-/]? ?(?:(上|前)半年|(下|后)半年|h([12]))([初末底])?")
_YEAR = re.compile(r"((?:19|20|21)\d\d) ?年?(初|底|末|中)?(?:\.0)?")
_SERIAL = re.compile(r"([3-6]\d{4})(?:\.\d+)?")
_WORDED = re.compile(r"([a-z]{3})[a-z]*[.,]?[ -]((?:19|20)\d\d)|((?:19|20)\d\d)[ -]([a-z]{3})[a-z]*")


def month(text: str, end: bool = False) -> Month | None:
    """A month out of a date; of a quarter or a year its first month, or with ``end`` its last.

    >>> [month(said).text for said in ("2024年3月", "2024/3", "2024-03-15", "2024.03", "202403", "45352")]
    ['2024-03', '2024-03', '2024-03', '2024-03', '2024-03', '2024-03']
    >>> month("2024Q2"), month("2024年二季度", end=True).text, month("2024", end=True), month("soon")
    (Month(text='2024-04', rough=True), '2024-06', Month(text='2024-12', rough=True), None)
    >>> month("2024年一季度末"), month("2024年底前").text, month("24年3月").text
    (Month(text='2024-03', rough=False), '2024-12', '2024-03')
    >>> month("2024.1") is ASK  # January, or an October that lost its 0
    True
    """
    word = plain(text)
    for _ in range(3):
        word = _AROUND.sub("", word).strip()
    word = re.sub(r"^(?=\d\d ?年 ?\d{1,2} ?月)", "20", word)
    if found := _QUARTER.fullmatch(word):
        year, said = found[1] or found[5], found[2] or found[3] or found[4]
        number = int(said) if said.isdecimal() else "一二三四".index(said) + 1
        return _of(year, 3 * number if _ends(found[6], end) else 3 * number - 2, not found[6])
    if found := _HALF.fullmatch(word):
        second = bool(found[3]) or found[4] == "2"
        last = _ends(found[5], end)
        return _of(found[1], (12 if second else 6) if last else (7 if second else 1), not found[5])
    if found := _YEAR.fullmatch(word):
        usual = 12 if end else 1
        return _of(found[1], {"初": 1, "底": 12, "末": 12, "中": 6}.get(found[2] or "", usual), not found[2])
    if found := _DATE.fullmatch(word):
        if found["s"] == "." and word == f"{found['y']}.1":
            return ASK
        return _of(found["y"], int(found["m"]))
    if found := _TURNED.fullmatch(word) or _DIGITS.fullmatch(word):
        return _of(found["y"], int(found["m"]))
    if found := _SERIAL.fullmatch(word):
        return _serial(int(found[1]))
    if found := _WORDED.fullmatch(word):
        name = found[1] or found[4]
        return _of(found[2] or found[3], _MONTHS.index(name) + 1) if name in _MONTHS else None
    return None


def _ends(word: str | None, end: bool) -> bool:
    """Whether the last month of a quarter or half is meant: as a word beside it says, else as asked."""
    return word in ("末", "底") if word else end


def _of(year: str, number: int, rough: bool = False) -> Month | None:
    return Month(f"{int(year):04d}-{number:02d}", rough) if 1 <= number <= 12 else None


def _serial(days: int) -> Month:
    """The month of a day as a workbook counts it, from the end of 1899."""
    import datetime

    day = datetime.date(1899, 12, 30) + datetime.timedelta(days=days)
    return Month(f"{day.year:04d}-{day.month:02d}")


_TO = re.compile(r"——|--|[—–~至到]| - |-")
_SAME_YEAR = re.compile(r"\d{1,2} ?月?(?:份|底|末)?")


def span(text: str) -> tuple[Month, Month] | None:
    """Beginning and end of the years or months of works; one year alone is both.

    >>> span("2023-2025年"), span("2022.03—2024.12")[1].text, span("2024-03")
    ((Month(text='2023-01', rough=True), Month(text='2025-12', rough=True)), '2024-12', None)
    >>> [each.text for each in span("2024.1-2024.12")], [each.text for each in span("2024年3-9月")]
    (['2024-01', '2024-12'], ['2024-03', '2024-09'])
    >>> span("2024年") == span("2024") == span("2024-2024"), span("24"), span("2023-2022")
    (True, None, None)
    """
    word = plain(text)
    if _YEAR.fullmatch(word) and word[-1] not in "初底末中":
        word = f"{word[:4]}-{word[:4]}"
    for sign in _TO.finditer(word):
        begins = _typed(word[: sign.start()])
        ends = _typed(word[sign.end() :], begins, end=True) if begins else None
        if begins and ends and begins.text <= ends.text:
            return begins, ends
    return None


def _typed(text: str, begins: Month | None = None, end: bool = False) -> Month | None:
    """One end of a span. It was typed as a text and has lost no 0; an end may leave out the year of the
    beginning ("2024年3-9月")."""
    word = text.strip()
    if begins and not begins.rough and "月" in word and _SAME_YEAR.fullmatch(word):
        word = f"{begins.text[:4]}年{word}"
    found = month(word, end)
    return _of(word[:4], 1) if found is ASK else found


YES = frozenset(
    (
        "是",
        "yes",
        "y",
        "true",
        "1",
        "√",
        "✓",
        "✔",
        "☑",
        "有",
        "对",
        "必上",
        "重点",
        "省重点",
        "市重点",
        "国家重点",
        "省级",
        "市级",
        "省级重点",
        "市级重点",
    )
)
NO = frozenset(("否", "no", "n", "false", "0", "×", "x", "✗", "☐", "无", "非", "非重点", "不是", "一般"))


def yes(text: str) -> bool | None:
    """Yes or no; None where a text is neither.

    >>> yes("是"), yes("√"), yes("否"), yes("perhaps")
    (True, True, False, None)
    """
    word = plain(text)
    return True if word in YES else False if word in NO else None


STAGES: tuple[tuple[str, str], ...] = (
    ("", r"停工|停建|取消|终止|暂缓|缓建|调出|cancelled|canceled|suspended|stopped|abandoned"),
    (
        "planned",
        r"(未|拟|待|计划|预计|即将|准备|力争)[^,;、。已]{0,10}?(开工|动工|开建)|新开工|not (yet )?started",
    ),
    (
        "started",
        r"(主体|土建|基础|地基|桩基|路基|厂房)[^,;、。]{0,8}?(完成|完工|竣工|封顶)|封顶|设备安装|安装设备|调试|试(生产|运行|运营)"
        r"|部分(建成|投产|完工)|一期[^,;、。]{0,6}?(建成|投产|完工|竣工)",
    ),
    (
        "commissioned",
        r"投产|竣工|完工|建成|投用|投运|运营|投入使用"
        r"|^已?完成$|commissioned|completed?\b|finished|operati",
    ),
    ("registered", r"(?<![未拟待])(纳统|入统|入库)|registered"),
    ("approved", r"(具备|满足|达到|符合)[^,;、。]{0,4}开工条件"),
    (
        "started",
        r"在建|续建|开工|动工|建设中|施工(?!图|许可|招标)|土建|主体|复工|收尾|扫尾"
        r"|started|(under|in) construction|^construction$|on-?going|in progress|building",
    ),
    (
        "approved",
        r"(?<![未待])(核准|批复|备案|立项|可研|获批|已批|审批通过)|approved|permitted|authori[sz]ed",
    ),
    (
        "planned",
        r"拟建|待建|储备|谋划|前期|规划|策划|签约|洽谈|招标|设计|施工图|用地|征地|拆迁|环评|选址|论证|手续"
        r"|planned|planning|proposed|pipeline|preparation",
    ),
)
"""Stages by what is said of them; the first that is found counts, an empty one is none of a plan."""

_AHEAD = re.compile(r"(未|拟|待|计划|预计|即将|准备|力争)[^,;、]{0,10}?(投产|竣工|完工|建成|投用|投运|运营)")
_STAGES = tuple((stage, re.compile(words)) for stage, words in STAGES)
KEYS = ("planned", "approved", "started", "registered", "commissioned")


@lru_cache(maxsize=1 << 12)
def stage(text: str) -> str | None:
    """The schema's stage for what is said of one; "" for works given up, None where nothing is known.

    >>> [stage(said) for said in ("前期", "已核准", "在建", "计划2024年投产", "已投产", "停工", "甲")]
    ['planned', 'approved', 'started', None, 'commissioned', '', None]
    """
    word = plain(text)
    if word in KEYS:
        return word
    word = _AHEAD.sub("", word)
    return next((name for name, words in _STAGES if words.search(word)), None)
