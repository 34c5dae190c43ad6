"""What an amount times a price is worth in money, derived from their units (数量×价格折合金额)."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

USUAL = 100_000_000.0
"""Yuan, dollars, ... of the unit in which accounts are kept, where nothing else is said: CNY 100m."""

_SCALES = (
    ("thousand", 1e3), ("trillion", 1e12), ("million", 1e6), ("billion", 1e9), ("mill", 1e6), ("mln", 1e6),
    ("10,000", 1e4), ("1,000", 1e3), ("10000", 1e4), ("1000", 1e3), ("100m", 1e8), ("100", 1e2),
    ("mn", 1e6), ("bn", 1e9), ("十", 10.0), ("百", 1e2), ("千", 1e3), ("万", 1e4), ("亿", 1e8),
)  # fmt: skip
_KNOWN = {
    name: (base, factor)
    for base, factor, names in (
        ("t", 1.0, "t|tonne|吨"),
        ("t", 1e3, "kt|千吨"),
        ("t", 1e6, "Mt"),
        ("t", 1e-3, "kg|公斤|千克"),
        ("t", 5e-4, "斤"),
        ("m3", 1.0, "m3|m³|立方米|方"),
        ("m3", 1e-3, "l|litre|liter|升"),
        ("m3", 0.158987294928, "bbl|barrel|桶"),
        ("m3", 158.987294928, "kbbl"),
        ("m3", 158987.294928, "MMbbl"),
        ("m3", 0.003785411784, "gal|gallon"),
        ("kWh", 1.0, "kWh|千瓦时|度"),
        ("kWh", 1e3, "MWh"),
        ("kWh", 1e6, "GWh"),
        ("kWh", 1e9, "TWh"),
    )
    for name in names.split("|")
}


class Size(NamedTuple):
    """What a unit is reckoned in, and how much of that one of it is."""

    base: str
    factor: float


@cache
def size(unit: str) -> Size:
    """A unit taken apart; a word that is not known stands for itself.

    >>> size("万吨"), size("mill US$"), size("thousand pallets")
    (Size(base='t', factor=10000.0), Size(base='us$', factor=1000000.0), Size(base='pallet', factor=1000.0))
    """
    name, factor = unit.strip(), 1.0
    while name:
        plain = name.removesuffix("s") if len(name) > 3 else name
        for known in (name, plain, plain.lower()):
            if known in _KNOWN:
                base, each = _KNOWN[known]
                return Size(base, factor * each)
        word, scale = next(((w, s) for w, s in _SCALES if name.lower().startswith(w)), ("", 1.0))
        rest = name[len(word) :].strip()
        if not word or not rest:
            return Size(plain.lower(), factor)
        name, factor = rest, factor * scale
    return Size("", factor)


@cache
def worth(amount: str, price: str, money: float = USUAL) -> float | None:
    """Units of money that one unit of amount at a price of one is worth; None where the two do not fit.

    .. math:: w = \\frac{a\\,c}{u\\,m}

    with an amount of a basic units, a price of c in single yuan (dollars, ...) for u of them, and accounts
    in units of m.

    Parameters
    ----------
    money
        Single yuan (dollars, ...) of the unit in which accounts are kept.

    >>> worth("万吨", "元/吨"), worth("kbbl", "USD/bbl", 1e6), worth("kt", "US$ per tonne", 1e6)
    (0.0001, 0.001, 0.001)
    >>> worth("bbl", "USD/t", 1e6) is None
    True
    """
    above, found, below = re.sub(r" per ", "/", price).rpartition("/")
    if not found or not above.strip() or not below.strip():
        return None
    many, each = size(amount), size(below)
    if not many.base or many.base != each.base:
        return None
    return float(f"{many.factor * size(above).factor / each.factor / money:.12g}")
