"""Causes of doubt in words: the groups that inputs belong to (不确定性的来源)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ..engine.doubt.causes import LUCK, SECTOR, cause_of
from ..engine.doubt.misses import DELAY
from ..models.quantity import Text
from .format import number, unit_of
from .table_doubts import name_of
from .table_numbers import unit_at
from .wording import give_or_take, spaced

if TYPE_CHECKING:
    from ..engine.run import Answer
    from .setting import Setting

CAUSES: dict[str, Text] = {
    "national": Text(zh="全国经济", en="national economy"),
    "province": Text(zh="全省经济", en="province"),
    "own": Text(zh="本地全局性因素", en="the region's own luck"),
    "chain_prices": Text(zh="产业链产品价格", en="prices of the chain"),
    "markets": Text(zh="市场趋势", en="market trends"),
    "prices": Text(zh="价格指数", en="price levels"),
    "timing": Text(zh="项目推迟与工期", en="project slippage and durations"),
    "projects": Text(zh="项目规模", en="size of projects"),
    "money": Text(zh="投资总量", en="amount of investment"),
    "demand": Text(zh="居民与政府消费", en="household and government demand"),
    "land": Text(zh="农业面积与单产", en="farm area and yields"),
    "capacity": Text(zh="产能与投资产出", en="capacity and what investment yields"),
    "relations": Text(zh="挂钩关系残差", en="residuals of linked relations"),
    "links": Text(zh="投入产出与基年账户", en="links and accounts"),
    LUCK: Text(zh="项目取消与未具名项目的差异", en="cancelled projects and differences of unnamed ones"),
    "other": Text(zh="其他", en="other"),
    "": Text(zh="其余（交互作用等）", en="rest (interactions and the like)"),
}
GROUPS: dict[str, Text] = {
    "primary": Text(zh="第一产业", en="primary industry"),
    "secondary": Text(zh="第二产业", en="secondary industry"),
    "tertiary": Text(zh="第三产业", en="tertiary industry"),
}


def cause_text(setting: Setting, cause: str) -> Text:
    """A cause in words; the shock of a sector or group by its title."""
    if not cause.startswith(SECTOR):
        return CAUSES.get(cause, CAUSES["other"])
    key = cause.removeprefix(SECTOR)
    scenario = setting.scenario
    stated = scenario.sectors.get(key) or scenario.national.classes.get(key)
    title = stated.title if stated else GROUPS.get(key, Text(zh=key, en=key.replace("_", " ")))
    return Text(zh=f"{title.of('zh')}冲击", en=f"shock to {title.of('en')}")


_SHOCKS: dict[str, Text] = {
    "national": Text(zh="全国经济冲击", en="national shock"),
    "province": Text(zh="全省经济冲击", en="provincial shock"),
    "own": Text(zh="本地冲击", en="the region's own shock"),
}
_DELAYED = Text(zh="具名项目平均推迟", en="average delay of named projects")
_YEARLY = re.compile(r"^(.*)\.(\d{4})$")


def input_text(answer: Answer, name: str) -> Text:
    """An input in words: a shock, a price's surprise, the delay of projects, or a number of the scenario; the
    year where there are several."""
    yearly = _YEARLY.match(name)
    if name == DELAY:
        return _DELAYED
    if not yearly:
        return name_of(answer, name)
    cause = cause_of(name)
    if cause == "chain_prices":
        title = name_of(answer, yearly[1])
        found = Text(zh=f"{title.of('zh').rstrip('·')}价格", en=f"price of {title.of('en').rstrip(': ')}")
    else:
        found = _SHOCKS.get(cause) or cause_text(answer, cause)
    if answer.year == 1:
        return found
    return Text(zh=f"{yearly[2]}年{found.of('zh')}", en=f"{found.of('en')} of {yearly[2]}")


def input_unit(answer: Answer, name: str) -> str:
    """Unit of an input; a surprise of a price is told in percent, a shock in points."""
    if name == DELAY:
        return "months"
    if _YEARLY.match(name):
        return "%" if cause_of(name) == "chain_prices" else "points"
    unit = unit_at(answer, name)
    return "%" if unit.startswith("%") else unit


def input_value(name: str, value: float) -> float:
    """Value of an input as told: a price's surprise is drawn in logarithms × 100."""
    return (
        100 * math.expm1(value / 100) if _YEARLY.match(name) and cause_of(name) == "chain_prices" else value
    )


def input_error(name: str, value: float, error: float) -> float:
    """Standard error of an input as told."""
    return abs(input_value(name, value + error) - input_value(name, value - error)) / 2


def supported(value: float, error: float) -> tuple[float, float, int]:
    """A value and its standard error, both rounded to the first digit of the error, with the digits to print.

    >>> supported(1.6134, 0.0817), supported(9043.2, 212.0)
    ((1.61, 0.08, 2), (9000.0, 200.0, 0))
    """
    digits = (
        -int(f"{error:.0e}".partition("e")[2]) if error > 0 else 3
    )  # the exponent of the error to one digit
    return round(value, digits), round(error, digits), max(digits, 0)


def told_value(answer: Answer, name: str, value: float, lang: str, error: float | None = None) -> str:
    """A value of an input with its unit, and its sign where zero is what is expected; with an ``error`` in
    the digits that it supports."""
    shown, unit = input_value(name, value), input_unit(answer, name)
    text = number(shown, 1 if abs(shown) < 100 else 0)
    if error is not None:
        shown, wide, digits = supported(shown, input_error(name, value, error))
        text = number(shown, digits) + give_or_take(wide, digits)
    if _YEARLY.match(name) and shown > 0:
        text = f"+{text}"
    if unit == "%":
        return f"{text}%"
    told = {"points": "个百分点", "months": "个月"}.get(unit, unit) if lang == "zh" else unit_of(unit, lang)
    return text + spaced(told)
