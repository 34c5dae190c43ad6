"""Where characters stand in a text, lines counted as editors count them (行号)."""

from __future__ import annotations

import re
from bisect import bisect_right

BREAK = re.compile(r"\r\n|\n|\r")
"""What ends a line, and nothing else: U+0085 and U+2028 stand inside a line."""


class Lines:
    """The index of a text's lines: every line and column of a message is taken from one.

    >>> Lines("a\\r\\nb\\u2028c\\rd").at(5), Lines("a\\r\\nb\\u2028c\\rd").every()
    ((2, 3), ['a', 'b\\u2028c', 'd'])
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._begin = [0, *(found.end() for found in BREAK.finditer(text))]

    def at(self, index: int) -> tuple[int, int]:
        """Line and column of a character, counted from 1."""
        line = bisect_right(self._begin, index)
        return line, index - self._begin[line - 1] + 1

    def end(self) -> tuple[int, int]:
        """Line and column behind the last character that is no blank: where a text breaks off."""
        return self.at(len(self.text.rstrip()))

    def line(self, number: int) -> str:
        """A line by its number, without what ends it; empty where there is none."""
        if not 0 < number <= len(self._begin):
            return ""
        end = self._begin[number] if number < len(self._begin) else len(self.text)
        return self.text[self._begin[number - 1] : end].rstrip("\r\n")

    def every(self) -> list[str]:
        """All lines."""
        return BREAK.split(self.text)
