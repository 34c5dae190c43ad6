"""What money in tables is counted in: one place for everything that leaves the program (货币单位)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .format import unit_of

HOUSE = "亿元"
"""How the unit of money is written in columns and rows, whatever it is."""


@dataclass(frozen=True)
class Money:
    """One unit of money in tables: ``scale`` units of a ``currency`` (ISO 4217)."""

    currency: str = "CNY"
    scale: float = 1e8


def money_of(document: Mapping[str, Any]) -> Money:
    """What a stored run counts money in; CNY 100m where it does not say."""
    stated = document.get("money")
    if not isinstance(stated, Mapping):
        return Money()
    usual = Money()
    return Money(str(stated.get("currency", usual.currency)), float(stated.get("scale", usual.scale)))


def money_unit(lang: str, money: Money = Money()) -> str:
    """The unit of money as a language writes it.

    >>> money_unit("en"), money_unit("zh"), money_unit("en", Money("USD", 1e6))
    ('CNY 100m', '亿元', 'USD 1m')
    """
    if money == Money():
        return unit_of(HOUSE, lang)
    scale, letter = next(
        ((money.scale / size, letter) for size, letter in _SIZES if money.scale >= size), (money.scale, "")
    )
    return f"{money.currency} {scale:g}{letter}"


_SIZES = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


def unit_in(unit: str, lang: str, money: Money = Money()) -> str:
    """A unit of a column or a row as a language writes it, money in what the run counts in."""
    return money_unit(lang, money).join(unit_of(part, lang) for part in unit.split(HOUSE))
