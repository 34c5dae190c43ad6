"""What a target says as a sheet words it: "7.5%以上", "7-8%", "at least 6.5 %" (目标的说法).

A pure function from a text to tiers. What it cannot be sure of it says, and gives no tier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..models.errors import Said
from ..models.harmless import half_width
from ..models.money import money_in_use, taken_apart
from ..models.quantity import Bilingual
from ..models.words import in_a_list, msg
from .report import shown

LONGEST = 120
NUMBER = r"[-+]?\d+(?:\.\d+)?"
SCALES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
ENGLISH_SCALES = {
    "thousand": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
BASES: dict[str, tuple[str, float]] = {
    "%": ("%", 1.0),
    "‰": ("%", 0.1),
    "个百分点": ("points", 1.0),
    "百分点": ("points", 1.0),
    "percentage points": ("points", 1.0),
    "percentage point": ("points", 1.0),
    "points": ("points", 1.0),
    "pp": ("points", 1.0),
    "元": ("元", 1.0),
    "yuan": ("元", 1.0),
    "cny": ("元", 1.0),
    "rmb": ("元", 1.0),
    "美元": ("美元", 1.0),
    "人": ("人", 1.0),
    "people": ("人", 1.0),
    "persons": ("人", 1.0),
    "jobs": ("人", 1.0),
    "吨": ("吨", 1.0),
    "tonnes": ("吨", 1.0),
    "tons": ("吨", 1.0),
    "公斤": ("吨", 0.001),
    "斤": ("吨", 0.0005),
    "亩": ("亩", 1.0),
    "mu": ("亩", 1.0),
    "公顷": ("亩", 15.0),
    "hectares": ("亩", 15.0),
    "户": ("户", 1.0),
    "家": ("户", 1.0),
    "firms": ("户", 1.0),
    "enterprises": ("户", 1.0),
    "个": ("个", 1.0),
    "projects": ("个", 1.0),
    "千瓦时": ("千瓦时", 1.0),
    "度": ("千瓦时", 1.0),
    "千瓦": ("千瓦", 1.0),
    "kilometres": ("公里", 1.0),
    "km": ("公里", 1.0),
} | {
    each: (each, 1.0)
    for each in (
        *(
            "套",
            "项",
            "所",
            "座",
            "条",
            "列",
            "场",
            "辆",
            "艘",
            "台",
            "名",
            "件",
            "处",
            "支",
            "宗",
            "张",
            "头",
            "只",
        ),
        *("人次", "公里", "平方公里", "平方米", "立方米", "天", "微克/立方米", "微克每立方米"),
    )
}
"""Units by their name without 万, 亿, million: what they are reckoned in, and how much of it one is."""

_NAMES = "|".join(re.escape(name) for name in sorted(BASES, key=len, reverse=True))
UNIT = rf"(?:[十百千万亿]*(?:{_NAMES})|(?:{'|'.join(ENGLISH_SCALES)})\s*(?:{_NAMES})?)"


class Measured(NamedTuple):
    """A unit taken apart: what it is reckoned in, and how much of it one is."""

    base: str
    factor: float


def measured(unit: str) -> Measured:
    """A unit taken apart; one that is not known stands for itself.

    >>> measured("亿元"), measured("million yuan"), measured("万亿斤")
    (Measured(base='元', factor=100000000.0), Measured(base='元', factor=1000000.0), \
Measured(base='吨', factor=500000000.0))
    """
    name, factor = plain(unit), 1.0
    if (money := taken_apart(name, money_in_use().currency)) and money[0]:
        return Measured("元" if money[0] == "CNY" else money[0], money[1])
    while name and name not in BASES:
        word = next((word for word in (*SCALES, *ENGLISH_SCALES) if name.startswith(word)), "")
        if not word:
            return Measured(plain(unit), 1.0)
        factor *= (SCALES | ENGLISH_SCALES)[word]
        name = name[len(word) :].strip()
    base, each = BASES.get(name, ("", 1.0))
    return Measured(base, factor * each)


def converted(value: float, said: str, unit: str) -> float | None:
    """A number in another unit, None where the two measure different things; without a unit it is in that
    asked for.

    >>> converted(70000, "万元", "亿元"), converted(18000, "人", "万人"), converted(7, "%", "亿元")
    (7.0, 1.8, None)
    """
    if not said or not unit:
        return value
    given, asked = measured(said), measured(unit)
    if given.base == asked.base:
        return float(f"{value * given.factor / asked.factor:.12g}")
    # a count in English ("12 million") leaves its unit to the indicator
    return float(f"{value * given.factor / asked.factor:.12g}") if not given.base else None


@dataclass(frozen=True)
class Wording:
    """Tiers of a target, in ``unit``.

    ``beside`` names what the text compares with instead of a number: ``gdp`` (GDP growth) or ``before`` (last
    year). ``unclear`` tells why nothing was understood.
    """

    ensure: float | None = None
    stretch: float | None = None
    at_most: float | None = None
    unit: str = ""
    about: bool = False
    beside: str = ""
    unclear: Said = ""

    @property
    def tiers(self) -> dict[str, float]:
        """Tier -> number."""
        named = {"ensure": self.ensure, "stretch": self.stretch, "at_most": self.at_most}
        return {tier: value for tier, value in named.items() if value is not None}

    @property
    def said(self) -> Said:
        """What was understood, in words."""
        return told(self.tiers, self.unit)


def told(tiers: dict[str, float], unit: str) -> Bilingual:
    """Tiers in words, as a note tells them."""
    return in_a_list(_tier(tier, f"{value:.10g}", unit) for tier, value in tiers.items())


def _tier(tier: str, value: str, unit: str) -> Bilingual:
    if tier == "ensure":
        return msg("ensure {value} {unit}", value=value, unit=unit)
    if tier == "stretch":
        return msg("stretch {value} {unit}", value=value, unit=unit)
    return msg("at most {value} {unit}", value=value, unit=unit)


ROLES: tuple[tuple[str, str], ...] = (
    (
        "most",
        r"不超过|不高于|不突破|不大于|不多于|不得超过|控制在|低于|小于|少于|至多|最多|以内|之内|以下|(?:下?降|降低|减少|压减)[到至]"
        r"|≤|<=|<|(?:at|no|not) (?:most|more than|higher than|over|above)|below|under|within|less than"
        r"|or less|or below|maximum|max|capped at",
    ),
    ("ensure", r"确保|保底|底线|必保|保证|守住|ensuring|ensure|secure"),
    (
        "stretch",
        r"力争|争取|冲刺|奋斗目标|奋斗|努力|挑战|striving for|strive for|stretch|aiming for|aim for"
        r"|aiming at|if possible",
    ),
    (
        "up",
        r"不得低于|不低于|不少于|不小于|至少|达到|突破|超过|高于|大于|多于|及以上|以上|保持在?|稳定在?|≥|>=|>|\+"
        r"|at least|(?:no|not) (?:less|lower|fewer) than|above|more than|over|or more|or above|or higher"
        r"|minimum|min|超",
    ),
    ("about", r"左右|上下|大约|大致|大概|约(?!束)|about|around|approximately|roughly|some|or so"),
    ("down", r"下降|降低|减少|降幅|跌幅|降|down|falling|fall|cut"),
    (
        "",
        r"增长|增速|增幅|涨幅|提高|提升|上升|上涨|实现|完成|新增|预期目标|预期性|约束性|预期|计划|目标|年均|同比|(?:比|较)(?:上年|去年)"
        r"|同口径|按?可比价格?(?:计算)?|不变价|总额|总量|全年|今年|[在为于按的到近:: ]"
        r"|growth|growing|grow|rising|rise|up|year on year|a year|target|reaching|reach|of|by|to|at|the|is|be"
        r"|and|a|an|,",
    ),
)
"""What a word says of the number it stands beside."""
_WORD = re.compile("|".join(f"(?P<r{at}>{words})" for at, (_, words) in enumerate(ROLES)))

GROWTH = r"(?:经济|gdp|地区生产总值|生产总值)(?:发展|增长|增速)?"
WITH_GDP = re.compile(
    rf"(?:增长|增速)?(?:与|和|同){GROWTH}(?:保持)?(?:基本)?(?:同步|持平)(?:增长)?"
    rf"|(?:增长|增速)?(?:略?高于|快于|不低于|不慢于|跑赢){GROWTH}"
    r"|(?:growth )?(?:in line|in step|on par|keeping pace) with (?:gdp|economic)(?: growth)?"
    r"|(?:growth )?(?:above|faster than|not below|not? (?:less|lower|slower) than) (?:gdp|economic) growth"
)
LIKE_BEFORE = re.compile(
    r"(?:与|和|同)?(?:上年|去年)(?:基本)?持平|(?:基本)?持平|(?:不低于|保持|稳定在)(?:上年|去年)(?:水平)?"
    r"|(?:same as|unchanged from|no less than|not below) last year|unchanged"
)


REMARK = re.compile(r"\(([^()]*)\)")
BETTER = re.compile(
    r"(?:[、;,。]|(?<=[上右下内%]))(?:并|且)?(?:在?实际工作中)?(?:力争|争取|努力|奋斗)(?:实现|取得|达到|完成)?(?:更[好高优快]|最好)"
    r"(?:一些|一点|一步)?的?(?:结果|水平|成绩|成效|目标|增长|速度)?[。]?$"
)
"""What is said of a target and adds nothing to it."""
_SAYS = re.compile("|".join(words for role, words in ROLES if role))


def _beside(found: re.Match[str]) -> str:
    """What stands in brackets: another number, a word that belongs to the number, or a mere remark."""
    if re.search(r"\d", found[1]):
        return f"、{found[1]}"
    return found[1] if _SAYS.search(found[1]) else ""


_DIGITS = "零一二三四五六七八九"
_PER_CENT = re.compile(
    rf"百分之(?:([{_DIGITS}]?)(十)?([{_DIGITS}])?(?:点([{_DIGITS}]+))?|({NUMBER}))(?![百千])"
)


def _in_figures(found: re.Match[str]) -> str:
    """A percentage in words, in figures."""
    tens, ten, ones, after, figures = found.groups()
    if figures:
        return f"{figures}%"
    if not (tens or ten or ones):
        return found[0]
    whole = 10 * (_DIGITS.index(tens) if tens else 1) if ten else _DIGITS.index(tens or "零")
    whole += _DIGITS.index(ones) if ones else 0
    part = "." + "".join(str(_DIGITS.index(each)) for each in after) if after else ""
    return f"{whole}{part}%"


def bare(text: str) -> str:
    """A wording without what adds nothing to it: remarks in brackets, the hope for more; words for figures.

    >>> bare("7.5%以上(同口径),在实际工作中力争更好"), bare("7.5%(力争8%)"), bare("8%(力争)")
    ('7.5%以上', '7.5%、力争8%', '8%力争')
    >>> bare("百分之七点五"), bare("两位数")
    ('7.5%', '10%')
    """
    text = REMARK.sub(_beside, text)
    text = figures(BETTER.sub("", text))
    return re.sub(r"两位数", "10%", text).strip()


def figures(text: str) -> str:
    """A text with its percentages in words written in figures.

    >>> figures("增长百分之九，力争百分之十点五"), figures("百分之百")
    ('增长9%，力争10.5%', '百分之百')
    """
    return _PER_CENT.sub(_in_figures, text)


def plain(text: str) -> str:
    """A text in half-width lower-case signs, one kind of dash and of percent."""
    text = half_width(text).lower().strip()
    text = re.sub(r"per ?cent\b|pct\b", "%", re.sub(r"[—–−~～]+", "-", text))
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return re.sub(r"\s+", " ", text)


def worded(text: str, unit: str = "", ceiling: bool = False, floor: bool = False) -> Wording:
    """Understand a target as a sheet words it.

    A number alone is what is to be ensured; "左右/about" is read at the figure; of a range, the lower end is
    ensured and the upper one stretched; where less is better (``ceiling``) a number alone is the most.

    Parameters
    ----------
    text
        Such as "7.5%以上", "6.5%、力争7%", "控制在3.5%以内", "at least 6.5 %".
    unit
        The unit of the indicator, which the numbers come back in; empty: as said.
    ceiling, floor
        Whether less, or more, of the indicator is known to be better: a fall is then the most, or the least.

    >>> worded("6.5%、力争7%以上", "%").tiers, worded("7-8%").tiers, worded("no more than 3.5 %").tiers
    ({'ensure': 6.5, 'stretch': 7.0}, {'ensure': 7.0, 'stretch': 8.0}, {'at_most': 3.5})
    >>> worded("下降2%以内", "%", floor=True).tiers, worded("下降3%以上", "%", ceiling=True).tiers
    ({'ensure': -2.0}, {'at_most': -3.0})
    """
    said = bare(plain(text))
    tight = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", said)
    if not said or len(text) > LONGEST:
        return Wording(unclear=msg("a text that no number stands in"))
    if WITH_GDP.fullmatch(tight):
        return Wording(beside="gdp", unit=unit)
    if LIKE_BEFORE.fullmatch(tight):
        return Wording(beside="before", unit=unit)
    if not re.search(r"\d", tight):
        return Wording(
            unclear=msg("{part} has no number: write the figure, or leave the row out", part=shown(text))
        )
    sofar = Wording(unit=unit)
    parts = [part for part in _parts(tight) if part.strip()]
    for part in parts:
        sofar = _joined(sofar, _part(part.strip(), unit or sofar.unit, ceiling, floor))
        if sofar.unclear:
            return Wording(unclear=sofar.unclear)
    if sofar.ensure is not None and sofar.stretch is not None and sofar.stretch < sofar.ensure:
        return Wording(unclear=msg("a stretch tier below the one to ensure"))
    return sofar


class Spoken(NamedTuple):
    """Which years a wording speaks of, and what it asks of them; empty where it does not say."""

    rest: str
    first: int = 0
    last: int = 0
    measure: str = ""


_SPAN = re.compile(
    r"(?:到|至|by |in |until )?(?P<one>(?:19|20)\d\d)\s?年?(?:底|末)?"
    r"(?:\s?(?:-|至|到|to)\s?(?P<two>(?:19|20)\d\d)\s?年?)?(?:期间|间)?[,: ]?"
)
_PLAN = re.compile(r"[“\"']?十(?P<name>[三四五六])五[”\"']?(?:规划)?(?:时期|期间|末|内)?[,: ]?")
_PLANS = {"三": 2016, "四": 2021, "五": 2026, "六": 2031}
"""First year of a five-year plan by its name."""
_MEASURES = (
    ("average", re.compile(r"年均|平均每年|on average|average(?: annual)?|a year on average")),
    ("sum", re.compile(r"累计|合计|cumulative(?:ly)?|in total|in all")),
    (
        "every",
        re.compile(
            r"(?:每年|各年|逐年)(?:都|均)?(?=增|不|保持|达到|实现|至少|控制|在|高|超)"
            r"|(?:in )?(?:every|each) year"
        ),
    ),
)


def spoken(text: str) -> Spoken:
    """The years that a wording speaks of, taken out of it.

    >>> spoken("年均增长7.5%以上"), spoken("到2025年达到1600亿元")
    (Spoken(rest='增长7.5%以上', first=0, last=0, measure='average'), \
Spoken(rest='达到1600亿元', first=2025, last=2025, measure=''))
    >>> spoken("2021-2025年累计5000亿元"), spoken("每年不低于6%").measure, spoken("7%").measure
    (Spoken(rest='5000亿元', first=2021, last=2025, measure='sum'), 'every', '')
    """
    said, first, last, measure = plain(text), 0, 0, ""
    if found := _PLAN.search(said):
        first = _PLANS[found["name"]]
        last, said = first + 4, said[: found.start()] + said[found.end() :]
    elif found := _SPAN.search(said):
        first = int(found["one"])
        last = int(found["two"] or first)
        said = said[: found.start()] + said[found.end() :]
    for name, words in _MEASURES:
        if words.search(said):
            measure, said = name, words.sub("", said, count=1)
            break
    return Spoken(said.strip() if first or measure else text, first, last, measure)


def _parts(text: str) -> Iterator[str]:
    """The pieces of a text that each hold one number."""
    yield from re.split(
        r"[、;,。]|/(?=[^\d]*\d)(?=\D*(?:确保|力争|争取|stretch|\d))(?!立方米|吨|亩|月|周)", text
    )


def _part(text: str, unit: str, ceiling: bool, floor: bool) -> Wording:
    """What a piece with one number or one range says."""
    own = rf"|{re.escape(plain(unit))}" if unit else ""
    found = re.fullmatch(
        rf"(?P<before>\D*?)(?P<low>{NUMBER}) ?(?P<first>{UNIT}{own}|[十百千万亿]+)?"
        rf"(?: ?(?:-|至|到|to) ?(?P<high>{NUMBER}))? ?(?P<last>{UNIT}{own})?(?P<after>\D*)",
        text,
    )
    if not found:
        return Wording(unclear=msg("{part}, which is no number with words known here", part=shown(text)))
    roles = _roles(re.sub(r"(?:cny|rmb|¥)", "", found["before"])) + _roles(found["after"])
    if None in roles:
        return Wording(unclear=msg("{part}, which is no number with words known here", part=shown(text)))
    given = found["last"] or found["first"] or ("元" if re.search(r"cny|rmb|¥", found["before"]) else "")
    first = found["first"] if found["high"] and found["first"] else given
    first = first + measured_name(given) if re.fullmatch(r"[十百千万亿]+", first) else first
    ends = [converted(float(found["low"]), first, unit)]
    if found["high"]:
        ends.append(converted(float(found["high"]), given, unit))
    if None in ends:
        return Wording(unclear=msg("a number in {given}, where {unit} is asked for", given=given, unit=unit))
    return _tiers([end for end in ends if end is not None], set(roles), unit or given, ceiling, floor)


def measured_name(unit: str) -> str:
    """A unit without 万, 亿."""
    return re.sub(r"^[十百千万亿]+", "", unit)


def _roles(text: str) -> list[str | None]:
    """What the words of a text say of the number; None for one that is not known."""
    roles: list[str | None] = []
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if not found:
            return [None]
        roles.append(ROLES[int((found.lastgroup or "r0")[1:])][0])
        at = found.end()
    return roles


def _tiers(ends: list[float], roles: set[str | None], unit: str, ceiling: bool, floor: bool) -> Wording:
    """One number or two with what the words beside them say."""
    about = "about" in roles
    if "down" in roles:
        return _fall(ends, roles, unit, ceiling, floor)
    if "most" in roles and roles & {"up", "ensure"}:
        return Wording(unclear=msg("a floor and a ceiling for one number"))
    if len(ends) == 2 and (ends[0] > ends[1] or (roles & {"up", "stretch"})):
        return Wording(unclear=msg("a range that no tiers can be read from"))
    if "most" in roles or (ceiling and not roles & {"up", "stretch", "ensure"}):
        return Wording(at_most=ends[-1], unit=unit, about=about)
    if len(ends) == 2:
        return Wording(ensure=ends[0], stretch=ends[1], unit=unit, about=about)
    tier = "stretch" if "stretch" in roles else "ensure"
    return Wording(**{tier: ends[0]}, unit=unit, about=about)  # type: ignore[arg-type]


def _fall(ends: list[float], roles: set[str | None], unit: str, ceiling: bool, floor: bool) -> Wording:
    """A fall: of at least so much where less is better, of at most so much where more is."""
    if ceiling == floor or len(ends) > 1:
        return Wording(unclear=msg("a fall, where it is not known whether less is better"))
    if roles & ({"most", "stretch"} if ceiling else {"up"}):
        return Wording(unclear=msg("a floor and a ceiling for one number"))
    tier = "at_most" if ceiling else "stretch" if "stretch" in roles else "ensure"
    return Wording(**{tier: -ends[0]}, unit=unit, about="about" in roles)  # type: ignore[arg-type]


def _joined(sofar: Wording, more: Wording) -> Wording:
    """Two pieces as one target: each tier once, a ceiling alone."""
    if more.unclear:
        return more
    tiers = sofar.tiers | more.tiers
    if len(tiers) < len(sofar.tiers) + len(more.tiers):
        return Wording(unclear=msg("two numbers for one tier; say which is to be ensured, which stretched"))
    if "at_most" in tiers and len(tiers) > 1:
        return Wording(unclear=msg("a floor and a ceiling; write two targets"))
    return Wording(
        tiers.get("ensure"),
        tiers.get("stretch"),
        tiers.get("at_most"),
        more.unit,
        sofar.about or more.about,
    )
