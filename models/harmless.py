"""Texts that steer no terminal and turn no order of letters (净化文字): shown, never obeyed."""

from __future__ import annotations

import re

STEERING = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
"""Controls (escape sequences begin with one, the bell is one) and marks that turn the order of letters."""
_STEERING = re.compile(f"[{STEERING}]")
_LINE = re.compile("[\u2028\u2029]")
_BACK = re.compile(r"(?<!\A)\r(?!\n)")


def harmless(text: str) -> str:
    """The text without what steers a terminal; what some take for the end of a line is a blank, and a line is
    begun anew only where the text itself begins, as a bar of progress does.

    >>> harmless("\\x1b[31mred\\x07 a\\u202eb\\r\\nc\\rd"), harmless("\\r### 3/4")
    ('[31mred ab\\r\\ncd', '\\r### 3/4')
    """
    if text.isprintable():
        return text
    return _BACK.sub("", _LINE.sub(" ", _STEERING.sub("", text)))


def escaped(text: str) -> str:
    """A document of JSON in which such characters are spelled out: it says the same.

    >>> escaped('"a\\x9bb"')
    '"a\\\\u009bb"'
    """
    if text.isprintable():
        return text
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_ESCAPED = re.compile(f"[{STEERING}\u2028\u2029]")
