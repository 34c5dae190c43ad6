"""Texts that steer no terminal, turn no order of letters and hide nothing (净化文字): shown, never obeyed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

STEERING = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
"""Controls (escape sequences begin with one, the bell is one) and marks that turn the order of letters."""
UNSEEN = (
    "\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u2065\\u206a-\\u206f"
    "\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufdd0-\\ufdef\\ufff0-\\ufffb\\ufffe\\uffff\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a"
    "\\U000e0000-\\U000e0fff"
)
"""What nobody sees beside :data:`STEERING`: Unicode's Default_Ignorable_Code_Point (its
DerivedCoreProperties.txt, the same since version 6.3 but for U+180F), the three marks of annotations,
U+FFF9 to U+FFFB, and what Unicode says is no character (U+FDD0 to U+FDEF, U+FFFE, U+FFFF)."""

_PICTURE = (
    "[\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u23ff\\u2460-\\u24ff\\u25a0-\\u27bf"
    "\\u2900-\\u297f\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299\\U0001f000-\\U0001faff]"
)
_KEPT = "|".join(
    (
        "\\U0001f3f4[\\U000e0030-\\U000e0039\\U000e0061-\\U000e007a]{3,6}\\U000e007f",  # a flag of a region
        f"{_PICTURE}[\\ufe0e\\ufe0f]?(?:\\u200d{_PICTURE}\\ufe0f?)*",  # pictures joined to one
        "[0-9#*]\\ufe0f\\u20e3",  # a key with a digit
        "(?<=[\\u0600-\\u109f\\u1780-\\u18af])[\\u180b-\\u180d\\u180f\\u200c\\u200d]",  # shapes of letters
    )
)
"""Where such characters make a picture or a letter what it is: there they are seen (Unicode UTS 51)."""
_FOUND = re.compile(f"[{STEERING}{UNSEEN}]")
_PARTS = re.compile(f"({_KEPT})|[{STEERING}{UNSEEN}\u2028\u2029]")
_ODD = (
    "[\xb2\xb3\xb9\xbc-\xbe\u2070-\u2079\u2080-\u2089\u2150-\u215f\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32cb\u3358-\u3370\u33e0-\u33fe\U0001f100-\U0001f10c]"
)
"""Digits in rings and brackets, raised, lowered, as fractions or days: marks of footnotes, as a rule."""
_MARKS = re.compile(rf"((?:(?<=\d)|(?<=\d\s)){_ODD}+|{_ODD}+(?=\s?[\d.]))")
_LINE = re.compile("[\u2028\u2029]")
_BACK = re.compile(r"(?<!\A)\r(?!\n)")


def harmless(text: str) -> str:
    """The text as it is shown: what steers a terminal or cannot be seen is spelled out, so that two names
    which differ never look the same; what some take for the end of a line is a blank, and a line is begun
    anew only where the text itself begins, as a bar of progress does.

    >>> harmless("\\x1b[31mred\\x07 a\\u202eb\\r\\nc\\rd"), harmless("\\r### 3/4")
    ('\\\\x1b[31mred\\\\x07 a\\\\u202eb\\r\\ncd', '\\r### 3/4')
    >>> harmless("电池\\u200b厂")
    '电池\\\\u200b厂'
    """
    return _BACK.sub("", _LINE.sub(" ", _replaced(text, _spelled)))


def visible(text: str) -> str:
    """The text without what :func:`harmless` spells out: what a reader sees of it.

    >>> visible("\\x1b[31mred 电池\\u200b厂")
    '[31mred 电池厂'
    """
    return _BACK.sub("", _LINE.sub(" ", _replaced(text, lambda _: "")))


def escaped(text: str) -> str:
    """A document of JSON in which such characters are spelled out: it says the same.

    >>> escaped('"a\\x9bb"'), escaped('"\\U000e0041"')
    ('"a\\\\u009bb"', '"\\\\udb40\\\\udc41"')
    """
    return _replaced(text, _in_json, _PARTS)


def codes(text: str) -> str:
    """The characters of a text that cannot be seen, by their numbers in Unicode.

    >>> codes("电池\\u200b厂\\xad")
    'U+200B, U+00AD'
    """
    return ", ".join(
        dict.fromkeys(f"U+{ord(found[0]):04X}" for found in _PARTS.finditer(text) if not found[1])
    )


def half_width(text: str) -> str:
    """The text in ordinary signs (Unicode's NFKC), but a mark beside a digit makes no longer number of it.

    >>> half_width("１，４３０％ ①"), half_width("20①"), half_width("3½"), half_width("km²")
    ('1,430% 1', '20①', '3½', 'km2')
    """
    return "".join(
        part if at % 2 else unicodedata.normalize("NFKC", part) for at, part in enumerate(_MARKS.split(text))
    )


def _replaced(text: str, how: Callable[[str], str], sought: re.Pattern[str] = _FOUND) -> str:
    if (text.isascii() and text.isprintable()) or not sought.search(text):
        return text
    return _PARTS.sub(
        lambda found: found[0] if found[1] or not sought.match(found[0]) else how(found[0]), text
    )


def _spelled(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _in_json(char: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
