"""Countries by any of their names: code, English or Chinese (国家名称)."""

from __future__ import annotations

from functools import cache

from ..models.quantity import Bilingual

_NAMES = ("en", "zh")


@cache
def _codes() -> dict[str, str]:
    """Code of two letters by every name that CLDR knows: codes of two and three letters, names in English and
    Chinese."""
    from babel.core import get_global

    found: dict[str, str] = {}
    territories = {lang: _territories(lang) for lang in _NAMES}
    for code in territories["en"]:
        if len(code) == 2:
            found[code.casefold()] = code
            found.update({territories[lang].get(code, code).casefold(): code for lang in _NAMES})
    aliases = get_global("territory_aliases")
    for name, codes in aliases.items():
        if len(str(name)) == 3 and len(codes) == 1:
            found.setdefault(str(name).casefold(), codes[0])
    return found


def _territories(lang: str) -> dict[str, str]:
    """Name of each territory by its code, in a language."""
    from babel import Locale

    return {str(code): str(name) for code, name in Locale(lang).territories.items()}


def code_of(country: str) -> str:
    """Code of a country; of one that is not known its name as it stands, without regard to case.

    >>> code_of("CHN"), code_of("中国"), code_of("United States"), code_of("Utopia")
    ('CN', 'CN', 'US', 'utopia')
    """
    plain = " ".join(country.split()).casefold()
    return _codes().get(plain, plain)


def same(one: str, other: str) -> bool:
    """Whether two names are of one country."""
    return code_of(one) == code_of(other)


def named(country: str) -> Bilingual:
    """Name of a country in both languages; one that is not known as it stands.

    >>> str(named("USA")), named("China").zh
    ('United States', '中国')
    """
    code = code_of(country)
    names = {lang: _territories(lang).get(code, country) for lang in _NAMES}
    return Bilingual(zh=names["zh"], en=names["en"])


def currency_of(country: str) -> str:
    """Code of the currency that a country has today; empty where nobody knows.

    >>> currency_of("USA"), currency_of("Kenya"), currency_of("Utopia")
    ('USD', 'KES', '')
    """
    from babel.numbers import get_territory_currencies

    code = code_of(country)
    found = get_territory_currencies(code) if len(code) == 2 and code.isupper() else []
    return str(found[-1]) if found else ""
