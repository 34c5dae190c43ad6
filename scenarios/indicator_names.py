"""Indicators as planners call them, in Chinese and English, and the keys they stand for (指标名称)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ..models.errors import Said
from ..models.indicators import INDICATORS
from ..models.words import msg
from .report import meant
from .target_words import measured, plain


class Named(NamedTuple):
    """One indicator by its names: the key of its growth, the key of its level, what it covers, and whether
    less of it is better."""

    names: tuple[str, ...]
    growth: str = ""
    level: str = ""
    covers: str = ""
    ceiling: bool = False


NAMES: tuple[Named, ...] = (
    Named(
        (
            *("地区生产总值", "生产总值", "国内生产总值", "gdp", "经济", "经济总量"),
            *("gross regional product", "gross domestic product", "grp", "economic"),
        ),
        growth="gdp_growth",
        level="gdp_level",
    ),
    Named(
        (
            *("规模以上工业增加值", "规上工业增加值", "规模以上工业", "规上工业"),
            *("above-scale industry", "above-scale industrial value added"),
            *("industrial value added above designated size", "value added of above-scale industry"),
            *("value added of industry above designated size", "industry above designated size"),
        ),
        growth="industry_above_scale_growth",
    ),
    Named(
        (
            *("固定资产投资", "全社会固定资产投资", "固定资产投资总额", "固投"),
            *("fixed-asset investment", "fixed asset investment", "investment in fixed assets", "fai"),
        ),
        growth="fai_growth",
    ),
    Named(
        (
            *("社会消费品零售总额", "社零", "社零总额", "社消零", "社消零总额", "社会消费品零售额"),
            *("retail sales", "total retail sales", "retail sales of consumer goods"),
            "total retail sales of consumer goods",
        ),
        growth="retail_growth",
    ),
    Named(
        (
            *("城镇居民人均可支配收入", "城镇居民可支配收入", "城镇居民收入", "城镇常住居民人均可支配收入"),
            *("urban disposable income", "urban income", "disposable income of urban residents"),
            *("per capita disposable income of urban residents", "urban per capita disposable income"),
        ),
        growth="urban_income_growth",
    ),
    Named(
        (
            *("农村居民人均可支配收入", "农村居民可支配收入", "农村居民收入", "农民人均可支配收入"),
            *("农民收入", "农村常住居民人均可支配收入"),
            *("rural disposable income", "rural income", "disposable income of rural residents"),
            *("per capita disposable income of rural residents", "rural per capita disposable income"),
        ),
        growth="rural_income_growth",
    ),
    Named(
        (
            *("居民人均可支配收入", "居民可支配收入", "居民收入", "全体居民人均可支配收入"),
            *("城乡居民收入", "城乡居民人均可支配收入"),
            *("household income", "personal income", "residents' income", "per capita disposable income"),
        ),
        growth="household_income_growth",
    ),
    Named(
        (
            *("地方一般公共预算收入", "一般公共预算收入", "财政收入", "地方财政收入", "一般预算收入"),
            *("general public budget revenue", "budget revenue", "fiscal revenue", "public budget revenue"),
        ),
        growth="budget_revenue_growth",
    ),
    Named(
        (
            *("城镇新增就业", "新增城镇就业", "城镇新增就业人数", "城镇新增就业人口"),
            *("new urban jobs", "urban jobs", "new urban employment", "urban job creation"),
        ),
        level="urban_jobs",
    ),
    Named(
        (
            *("重点项目投资", "重点项目完成投资", "省市重点项目投资", "省市重点项目完成投资"),
            *("重点项目年度投资", "重点项目年度完成投资"),
            *("key-project investment", "key project investment", "investment in key projects"),
        ),
        level="key_project_investment",
    ),
    Named(
        ("居民消费", "居民消费支出", "household consumption", "private consumption"),
        growth="household_consumption_growth",
    ),
    Named(
        ("粮食产量", "粮食总产量", "粮食", "grain output", "grain production"),
        level="crop_output",
        covers="grain",
    ),
    Named(
        ("粮食播种面积", "粮食种植面积", "粮食面积", "area sown to grain", "grain area"),
        level="crop_area",
        covers="grain",
    ),
    Named(
        (
            *("居民消费价格", "居民消费价格指数", "居民消费价格总水平", "物价", "cpi"),
            *("consumer prices", "consumer price", "consumer price index", "inflation"),
        ),
        growth="consumer_prices",
        level="consumer_prices",
        ceiling=True,
    ),
    Named(
        (
            *("城镇调查失业率", "城镇登记失业率", "失业率", "surveyed urban unemployment rate"),
            *("urban unemployment rate", "unemployment rate", "unemployment"),
        ),
        ceiling=True,
    ),
)
BRANCHES: tuple[tuple[str, str], ...] = (
    ("primary", r"第?一产业?|农业|农林牧渔业|primary (industry|sector)|agriculture"),
    ("secondary", r"第?二产业?|secondary (industry|sector)"),
    ("tertiary", r"第?三产业?|服务业|tertiary (industry|sector)|services"),
    ("industry", r"(全部|全口径)?工业|industry"),
    ("manufacturing", r"制造业|manufacturing"),
    ("all_mining", r"采矿业|mining"),
    ("construction", r"建筑业|construction"),
)
"""Groups of the national table as target sheets name them."""
LESS = re.compile(
    r"能耗|能源消耗|碳强度|排放|pm ?2[._-]?5|pm10|浓度|用水量|水耗|死亡|事故|失业率|负债率|债务率|不良"
    r"|energy (use|intensity)|emission|unemployment",
    re.IGNORECASE,
)
REDUCED = re.compile(r"(下降|降低|减少|削减)(率|幅度?|比例)?([(（].*[)）])?$|reduction", re.IGNORECASE)
GROWS = re.compile(
    r"(?:同比)?(?:名义|实际)?(?:增长速度|增长率|增长|增速|增幅|涨幅|上涨)$"
    r"|^(?:real |annual )?(?:growth(?: rate)?|increase|rise) (?:of|in) (?:the )?"
    r"|[ _-](?:growth(?: rate)?|increase|rise|growth target)$"
)
AROUND = re.compile(
    r"^(?:力争|确保|实现)?(?:全市|全省|全区|全县|全州|全国|我市|我省|我区|我县|本市|本地区"
    r"|the (?:region|city)'s )|年度?目标$|目标$"
)
MARGINS = ("source", "assumption", "note")


class Found(NamedTuple):
    """What a name stands for: a key where the product has one, and what is known of it."""

    key: str
    covers: str = ""
    ceiling: bool = False


@cache
def _known() -> dict[str, Named]:
    """Every name -> its indicator, titles of the product's own included."""
    known = {name: named for named in NAMES for name in named.names}
    for key, indicator in INDICATORS.items():
        for title in {indicator.title.zh, indicator.title.en}:
            own = Named((), key, key) if indicator.growth else Named((), "", key)
            known.setdefault(_bare(title)[0], own if not indicator.covers else Named((), "", "", "any"))
    return known


def _bare(name: str) -> tuple[str, bool]:
    """A name without what stands around it, and whether it says that growth is meant."""
    text = re.sub(r"[(（][^()（）]*[)）]|[“”\"'‘’《》]", "", plain(name)).strip(" :，,。")
    text = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", AROUND.sub("", text)).strip()
    if text.isascii():
        text = text.replace("_", " ")
    short = GROWS.sub("", text).strip()
    return short or text, short != text


def indicator(name: str, unit: str = "") -> Found | None:
    """What a name stands for, by the unit of its number where growth and level have one name.

    None where the name is not known, or where neither the name nor the unit says which of the two is meant.

    >>> indicator("地区生产总值增速").key, indicator("GDP", "亿元").key, indicator("Retail sales growth").key
    ('gdp_growth', 'gdp_level', 'retail_growth')
    >>> indicator("地区生产总值") is indicator("gross output") is None
    True
    """
    short, grows = _bare(name)
    named = _known().get(short)
    if named is None or named.covers == "any":
        return None
    rate = grows or (bool(unit) and measured(unit).base == "%")
    if named.ceiling and not named.growth:
        return Found("", ceiling=True)
    key = named.growth if rate else named.level if unit else named.growth or named.level
    if not rate and not unit and named.growth and named.level and named.growth != named.level:
        return None
    return Found(key, named.covers, named.ceiling) if key else None


def branch(name: str) -> str:
    """The group or class of the national table whose value added a name means; empty where it means none.

    >>> branch("第二产业增加值"), branch("服务业增加值增速"), branch("现代服务业增加值")
    ('secondary', 'tertiary', '')
    """
    short, grows = _bare(name)
    bare = re.sub(r"增加值$|^value added of (the )?| value added$", "", short)
    if bare == short and not grows:
        return ""
    return next((key for key, words in BRANCHES if re.fullmatch(words, bare)), "")


def better(names: Iterable[str]) -> str:
    """Whether ``less`` or ``more`` of what is named so is better; empty where the names do not tell.

    >>> better(["单位GDP能耗"]), better(["单位GDP能耗降低率"]), better(["货运量"])
    ('less', 'more', '')
    """
    for name in names:
        if REDUCED.search(name):
            return "more"
        found = indicator(name, "%")
        if LESS.search(name) or (found and found.ceiling):
            return "less"
    return ""


def key_of(name: str) -> str:
    """The key that a name of several words stands for; empty where it stands for none."""
    found = indicator(name, "%") or indicator(name)
    return found.key if found and not found.covers else ""


def suggested(name: str, known: Iterable[str]) -> Said:
    """The question "did you mean ...?" for the nearest key or name of an indicator, or nothing."""
    keys = list(known)
    key = near(name, set(keys))
    return meant(name, keys) or (msg("did you mean {name}?", name=key) if key else "")


def near(name: str, known: set[str]) -> str:
    """The key of the nearest name that is among those known; empty where none is near."""
    names = {each: named for each, named in _known().items() if {named.growth, named.level} & known}
    short, grows = _bare(name)
    found = difflib.get_close_matches(short[:80], list(names), n=1, cutoff=0.6)
    if not found:
        return ""
    named = names[found[0]]
    order = (named.growth, named.level) if grows or not named.level else (named.level, named.growth)
    return next((key for key in order if key in known), "")
