"""What money is counted in: a currency, how many of it make the unit, and how both are said (货币单位).

Code writes :data:`MONEY` for the unit of a scenario's amounts and :data:`CURRENCY` for one of its currency.
What they stand for is the money of the scenario in hand (:func:`counting`): the hundred million yuan where it
states none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from math import isclose, log10

from pydantic import Field

from .quantity import Bilingual, StrictModel
from .words import in_each

MONEY, CURRENCY = "money", "currency"
_TOKEN = re.compile(rf"(?<!\w)({MONEY}|{CURRENCY})(?!\w)")


@dataclass(frozen=True)
class _Way:
    """How a language names money: its scales by power of ten, scale and currency put together as a unit and
    behind a number, and the scales that running text counts in."""

    scales: Mapping[int, str]
    unit: str
    text: str
    prose: tuple[int, ...]
    by_size: bool = False


_ENGLISH = _Way(
    {
        0: "",
        1: "10",
        2: "100",
        3: "k",
        4: "10k",
        5: "100k",
        6: "m",
        7: "10m",
        8: "100m",
        9: "bn",
        10: "10bn",
        11: "100bn",
        12: "tn",
    },
    "{name} {scale}",
    "{name} {number}{scale}",
    (0, 3, 6, 9, 12),
)
_CHINESE = _Way(
    {
        0: "",
        1: "十",
        2: "百",
        3: "千",
        4: "万",
        5: "十万",
        6: "百万",
        7: "千万",
        8: "亿",
        9: "十亿",
        10: "百亿",
        11: "千亿",
        12: "万亿",
    },
    "{scale}{name}",
    "{number}{scale}{name}",
    (4, 8),
    by_size=True,
)
_WAYS: Mapping[str, _Way] = {"zh": _CHINESE}
_SCALES: Mapping[str, float] = {
    **{scale: 10.0**power for way in (_ENGLISH, _CHINESE) for power, scale in way.scales.items() if scale},
    "thousand": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "billion": 1e9,
    "bln": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
    "10,000": 1e4,
    "10000": 1e4,
    "100million": 1e8,
    "hundredmillion": 1e8,
    "units": 1.0,
    "thousands": 1e3,
    "millions": 1e6,
    "billions": 1e9,
}
"""Words of scales, and what they are."""
_YUAN = ("人民币元", "元人民币", "人民币", "元", "yuan", "rmb", "¥", "￥")


class Money(StrictModel):
    """The money of a scenario: ``scale`` times the currency is one unit of every amount."""

    currency: str = Field("CNY", pattern="^[A-Z]{3}$", description="Code of the currency by ISO 4217.")
    scale: float = Field(
        1e8,
        ge=1,
        le=1e12,
        description="How many of it make one unit of every amount, a power of ten: 1000000, or a word as"
        " million, billion, 万, 亿.",
    )

    @property
    def power(self) -> int:
        """The scale as a power of ten."""
        return round(log10(self.scale))

    @property
    def named(self) -> bool:
        """Whether the scale is a power of ten, so that it has a name."""
        return isclose(self.scale, 10.0**self.power, rel_tol=1e-12)

    @property
    def label(self) -> str:
        """The unit as scenarios and tables write it.

        >>> Money().label, Money(currency="USD", scale=1e9).label
        ('亿元', 'USD bn')
        """
        return self.unit("zh" if self.currency == "CNY" else "en")

    @property
    def base(self) -> str:
        """One of the currency as scenarios write it."""
        return currency_name(self.currency, "zh" if self.currency == "CNY" else "en")

    @property
    def smaller(self) -> Money:
        """The next smaller unit that figures are often in by mistake."""
        scale = 1e4 if self.currency == "CNY" else max(self.scale / 1e3, 1.0)
        return Money(currency=self.currency, scale=scale)

    def unit(self, lang: str) -> str:
        """The unit in a language.

        >>> Money().unit("en"), Money(currency="USD", scale=1e9).unit("zh")
        ('CNY 100m', '十亿美元')
        """
        way = _WAYS.get(lang, _ENGLISH)
        return way.unit.format(scale=way.scales[self.power], name=currency_name(self.currency, lang)).strip()

    def units(self, lang: str) -> str:
        """The unit of tables, and what it is in running text where that counts in another.

        >>> Money().units("zh"), Money().units("en"), Money(currency="USD", scale=1e9).units("en")
        ('亿元', 'CNY 100m = CNY 0.1bn', 'USD bn')
        """
        unit, (power, around) = self.unit(lang), self.prose(1.0, lang)
        if power == self.power or lang in _WAYS:
            return unit
        return f"{unit} = {around.format(f'{10.0 ** (self.power - power):g}')}"

    def prose(self, value: float, lang: str) -> tuple[int, str]:
        """The scale that running text counts an amount in: its power of ten, and what stands around a number
        ``{}``.

        >>> Money().prose(41.6, "zh"), Money().prose(41.6, "en")
        ((8, '{}亿元'), (9, 'CNY {}bn'))
        >>> millions = Money(currency="USD", scale=1e6)
        >>> millions.prose(2.5, "zh"), millions.prose(2.5, "en")
        ((4, '{}万美元'), (6, 'USD {}m'))
        """
        way, power = _WAYS.get(lang, _ENGLISH), self.power
        if way.by_size:
            large = power >= way.prose[-1] or abs(value) * self.scale >= 10.0 ** way.prose[-1]
            chosen = way.prose[-1] if large else way.prose[0]
        else:
            chosen = next(known for known in way.prose if known >= power)
        name = currency_name(self.currency, lang)
        return chosen, way.text.format(name=name, number="{}", scale=way.scales[chosen])

    def times(self, unit: str) -> float | None:
        """What an amount in another unit of money is multiplied by to be in this one; None where it is no
        unit of this currency.

        >>> Money().times("万元"), Money().times("million yuan"), Money().times("USD bn"), Money().times("吨")
        (0.0001, 0.01, None, None)
        """
        found = taken_apart(unit, self.currency)
        return None if found is None or found[0] not in ("", self.currency) else found[1] / self.scale


@cache
def currency_name(currency: str, lang: str) -> str:
    """A currency in a language; English writes its code.

    >>> currency_name("CNY", "zh"), currency_name("USD", "zh"), currency_name("USD", "en")
    ('元', '美元', 'USD')
    """
    if _WAYS.get(lang) is None:
        return currency
    if currency == "CNY":
        return "元"
    from babel.numbers import get_currency_name

    return str(get_currency_name(currency, locale=lang))


@cache
def known_currency(currency: str) -> bool:
    """Whether a code is one of ISO 4217."""
    if currency == "CNY":
        return True
    from babel.numbers import is_currency

    return bool(is_currency(currency))


@cache
def _aliases(currency: str) -> tuple[str, ...]:
    """What a currency is called in tables, longest first."""
    if currency == "CNY":
        return (*_YUAN, "cny")
    from babel.numbers import get_currency_name, get_currency_symbol

    said = {
        currency,
        f"{currency[:2]}$" if currency.endswith("D") else currency,
        get_currency_symbol(currency, locale="en"),
        *(get_currency_name(currency, locale="en", count=count) for count in (1, 2)),
        *(get_currency_name(currency, locale=lang) for lang in _WAYS),
    }
    if currency.endswith("D"):  # a dollar: within a scenario in this currency the sign is clear
        said |= {"$", "dollar", "dollars"}
    more = {"EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
    said.add(more.get(currency, currency))
    plain = {_plain(str(word)) for word in said}
    return tuple(sorted(plain, key=len, reverse=True))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


@cache
def taken_apart(unit: str, currency: str) -> tuple[str, float] | None:
    """A unit of money as its currency, empty where none is named, and how many of it; None where it is no
    money. ``currency`` is the one whose sign and names need no code.

    >>> taken_apart("万元", "CNY"), taken_apart("USD bn", "CNY"), taken_apart("$ million", "USD")
    (('CNY', 10000.0), ('USD', 1000000000.0), ('USD', 1000000.0))
    >>> taken_apart("million", "USD"), taken_apart("十亿美元", "USD"), taken_apart("t", "USD")
    (('', 1000000.0), ('USD', 1000000000.0), None)
    """
    word, found = _plain(unit), ""
    if word in _SCALES:
        return "", _SCALES[word]
    for name in _aliases(currency):
        if name in word:
            word, found = word.replace(name, "", 1), currency
            break
    else:
        yuan = next((name for name in _YUAN if name in word), None)
        codes = [each for each in (word[:3], word[-3:]) if known_currency(each.upper())]
        if yuan is not None and "美元" not in word:
            word, found = word.replace(yuan, "", 1), "CNY"
        elif codes:
            word, found = word.replace(codes[0], "", 1), codes[0].upper()
    if not found:
        return None
    word = word.strip("()")
    return (found, _SCALES[word] if word else 1.0) if not word or word in _SCALES else None


_USUAL = Money()


def scale_of(text: str) -> float | None:
    """A scale in figures or in a word; None where it is none.

    >>> scale_of("1e6"), scale_of("million"), scale_of("亿"), scale_of("1,000"), scale_of("250")
    (1000000.0, 1000000.0, 100000000.0, 1000.0, None)
    """
    word = _plain(text)
    try:
        found = _SCALES[word] if word in _SCALES else float(word.replace(",", ""))
    except ValueError:
        return None
    if not 1 <= found <= 1e12:
        return None
    return found if isclose(found, 10.0 ** round(log10(found)), rel_tol=1e-12) else None


_IN_USE: ContextVar[Money] = ContextVar("money", default=_USUAL)


def money_in_use() -> Money:
    """The money of the scenario in hand."""
    return _IN_USE.get()


@contextmanager
def counting(money: Money) -> Iterator[None]:
    """Within it every amount is in this money."""
    before = _IN_USE.set(money)
    try:
        yield
    finally:
        _IN_USE.reset(before)


def count_in(money: Money) -> None:
    """From here on every amount is in this money: for a command, which has one scenario in hand."""
    _IN_USE.set(money)


def unit_in_use(unit: str) -> str:
    """A unit of code as scenarios and tables write it.

    >>> unit_in_use("money per unit"), unit_in_use("%"), unit_in_use("currency/t")
    ('亿元 per unit', '%', '元/t')
    """
    if MONEY not in unit and CURRENCY not in unit:
        return unit
    money = money_in_use()
    return _TOKEN.sub(lambda found: money.label if found[1] == MONEY else money.base, unit)


_LABEL = re.compile(r"\b[A-Z]{3} (?:(?:100?)?(?:k|m|bn)|tn|100?)\b")


@cache
def money_of(label: str) -> Money | None:
    """The money that a label says; None where it is no money.

    >>> money_of("亿元") == Money(), money_of("USD bn"), money_of("%")
    (True, Money(currency='USD', scale=1000000000.0), None)
    """
    if not re.fullmatch(rf"{_LABEL.pattern}|[A-Z]{{3}}|[十百千万亿]*元", label):
        return None
    found = taken_apart(label, "CNY" if label.endswith("元") else label[:3])
    if found is None or not found[0]:
        return None
    money = Money(currency=found[0], scale=found[1])
    return money if money.named and known_currency(money.currency) else None


def said_in(unit: str, lang: str) -> str:
    """A unit with the labels of money in it said in a language.

    >>> said_in("亿元 per points", "en"), said_in("INR 10m", "zh"), said_in("USD/t", "zh")
    ('CNY 100m per points', '千万印度卢比', '美元/t')
    """

    def words(found: re.Match[str]) -> str:
        money = money_of(found[0])
        return money.unit(lang) if money else found[0]

    return re.sub(rf"{_LABEL.pattern}|\b[A-Z]{{3}}\b|[十百千万亿]*元", words, unit)


def in_money(value: float, digits: int = 1) -> Bilingual:
    """An amount as a message says it, in every language.

    >>> in_money(41.57).of("zh"), in_money(-41.57).of("en")
    ('41.6亿元', '-CNY 4.16bn')
    """
    money = money_in_use()

    def say(lang: str) -> str:
        power, around = money.prose(value, lang)
        shift = power - money.power
        text = around.format(f"{abs(value) / 10.0**shift:.{max(digits + shift, 0)}f}")
        return f"-{text}" if value < 0 else text

    return in_each(say)


def one_of_money() -> Bilingual:
    """The unit of money in every language."""
    return in_each(money_in_use().unit)
