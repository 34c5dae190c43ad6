"""Causes of doubt in words: the groups that inputs belong to (不确定性的来源)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from ...engine.uncertainty.causes import DRIFT_CAUSE, LUCK, SECTOR, cause_of
from ...engine.uncertainty.discovery import DELAY
from ...engine.uncertainty.inputs import DRIFT
from ...models.quantity import Bilingual
from ...models.words import in_each, in_terms, msg
from ..tables.numbers import units_of
from .format import number, unit_of
from .names import name_of
from .wording import give_or_take, spaced

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ..tables.setting import Setting

CAUSES: dict[str, Bilingual] = {
    "national": msg("national economy"),
    "province": msg("province"),
    "own": msg("region-specific shock"),
    DRIFT_CAUSE: msg("lasting change of national growth"),
    "chain_prices": msg("prices of the chain"),
    "markets": msg("market trends"),
    "prices": msg("price levels"),
    "timing": msg("project slippage and durations"),
    "projects": msg("size of projects"),
    "money": msg("amount of investment"),
    "demand": msg("household and government demand"),
    "land": msg("farm area and yields"),
    "capacity": msg("capacity and what investment yields"),
    "indicators": msg("coefficients of own indicators"),
    "relations": msg("residuals of linked relations"),
    "links": msg("links and accounts"),
    LUCK: msg("cancelled projects and differences of unnamed ones"),
    "other": msg("other"),
    "": msg("rest (interactions and the like)"),
}
GROUPS: dict[str, Bilingual] = {
    "primary": msg("primary industry"),
    "secondary": msg("secondary industry"),
    "tertiary": msg("tertiary industry"),
}


def cause_text(setting: Setting, cause: str) -> Bilingual:
    """A cause in words; the shock of a sector or group by its title."""
    if not cause.startswith(SECTOR):
        return in_terms(CAUSES.get(cause, CAUSES["other"]))
    key = cause.removeprefix(SECTOR)
    scenario = setting.scenario
    stated = scenario.sectors.get(key) or scenario.national.classes.get(key)
    title = stated.title if stated else GROUPS.get(key, Bilingual.same(key.replace("_", " ")))
    return msg("shock to {title}", title=title)


_SHOCKS: dict[str, Bilingual] = {
    "national": msg("national shock"),
    "province": msg("provincial shock"),
    "own": msg("the region's own shock"),
}
_OWN_DRIFT = msg("lasting change of the region's own growth")
_DELAYED = msg("average delay of named projects")
_YEARLY = re.compile(r"^(.*)\.(\d{4})$")


def input_text(answer: Answer, name: str) -> Bilingual:
    """An input in words: a shock, a price's surprise, the delay of projects, or a number of the scenario; the
    year where there are several."""
    yearly = _YEARLY.match(name)
    if name == DELAY:
        return _DELAYED
    if not yearly:
        return name_of(answer.scenario, name)
    cause = cause_of(name)
    if cause == "chain_prices":
        title = name_of(answer.scenario, yearly[1])
        bare = in_each(lambda lang: title.of(lang).rstrip("·: "))
        found = msg("price of {title}", title=bare)
    elif cause == "own" and f".{DRIFT}." in name:
        found = in_terms(_OWN_DRIFT)
    else:
        shock = _SHOCKS.get(cause)
        found = in_terms(shock) if shock else cause_text(answer, cause)
    if answer.year == 1:
        return found
    return msg("{found} of {yearly}", found=found, yearly=yearly[2])


def input_unit(answer: Answer, name: str) -> str:
    """Unit of an input; a surprise of a price is told in percent, a shock in points."""
    if name == DELAY:
        return "months"
    if _YEARLY.match(name):
        return "%" if cause_of(name) == "chain_prices" else "points"
    unit = units_of(answer)(name)
    return "%" if unit.startswith("%") else unit


def input_value(name: str, value: float) -> float:
    """Value of an input as told: a price's surprise is drawn in logarithms × 100."""
    return (
        100 * math.expm1(value / 100) if _YEARLY.match(name) and cause_of(name) == "chain_prices" else value
    )


def input_error(name: str, value: float, error: float) -> float:
    """Standard error of an input as told."""
    return abs(input_value(name, value + error) - input_value(name, value - error)) / 2


class Supported(NamedTuple):
    """A value and its standard error as far as the error supports their digits."""

    value: float
    error: float
    digits: int


def supported(value: float, error: float) -> Supported:
    """A value and its standard error, both rounded to the first digit of the error, with the digits to print.

    >>> supported(1.6134, 0.0817)
    Supported(value=1.61, error=0.08, digits=2)
    >>> supported(9043.2, 212.0)
    Supported(value=9000.0, error=200.0, digits=0)
    """
    digits = (
        -int(f"{error:.0e}".partition("e")[2]) if error > 0 else 3
    )  # the exponent of the error to one digit
    return Supported(round(value, digits), round(error, digits), max(digits, 0))


def told_value(answer: Answer, name: str, value: float, lang: str, error: float | None = None) -> str:
    """A value of an input with its unit, and its sign where zero is what is expected; with an ``error`` in
    the digits that it supports."""
    shown, unit = input_value(name, value), input_unit(answer, name)
    text = number(shown, 1 if abs(shown) < 100 else 0)
    if error is not None:
        shown, wide, digits = supported(shown, input_error(name, value, error))
        text = number(shown, digits) + give_or_take(wide, digits)
    if _YEARLY.match(name) and shown > 0 and text.split(" ")[0].strip("0."):
        text = f"+{text}"
    if unit == "%":
        return f"{text}%"
    return text + spaced(unit_of(unit, lang))
