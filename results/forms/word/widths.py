"""How wide the columns of a table are: words stay whole, and the room that is left goes where it saves most
lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..terminal.layout import GAP, cell_width, wrap

IntArray = npt.NDArray[np.int_]

_WORD, _SIGNS = 14, 8  # a longer word of a heading may be broken; signs of Chinese may be anywhere
_LATIN = re.compile("[A-Za-z]{2}")
_SHOWN = 40  # rows that decide; later ones are like them


def narrowest(heads: Sequence[str], rows: Sequence[Sequence[str]], rights: Sequence[bool]) -> list[int]:
    """The least width of each column, in cells of half a letter: a number whole, a text in pieces one can
    read, words whole."""
    made = []
    for at, right in enumerate(rights):
        head = heads[at]
        word = max((cell_width(line) for line in wrap(head, _WORD if head.isascii() else _SIGNS)), default=1)
        word = min(word, max((cell_width(part) for part in head.split()), default=1))
        word = _latin(word) + 1 if head.isascii() else word + 1  # headings are bold
        if not head.isascii() and _LATIN.search(head):
            word += 1  # programs set a little space between Latin letters and Chinese signs
        cells = [row[at] for row in rows]
        longest = max(map(cell_width, cells), default=1)
        number = max((_latin(len(cell)) if cell.isascii() else cell_width(cell) for cell in cells), default=1)
        text = (
            longest
            if longest <= 10
            else 10
            if longest <= 16
            else 12
            if longest <= 24
            else 14
            if longest <= 60
            else 24
        )
        if not right:
            text = max(text, *(min(_wide(cell), _WORD + 2) for cell in cells[:_SHOWN]), 1)
        made.append(max(word, number if right else text, 3))
    return made


def _wide(text: str) -> int:
    """Room that the longest Latin word of a text takes."""
    return max((_latin(len(word)) for word in text.split() if word.isascii()), default=0)


def _latin(count: int) -> int:
    """Room for Latin letters or digits: in the widest usual fonts they are a fifth wider than half their
    height."""
    return -(-6 * count // 5)


def widths(
    heads: Sequence[str], rows: Sequence[Sequence[str]], rights: Sequence[bool], room: int
) -> list[int] | None:
    """Widths within ``room``; None where even the narrowest columns do not fit."""
    least = narrowest(heads, rows, rights)
    count = len(least)
    if sum(least) + GAP * (count - 1) > room:
        return None
    sizes = np.array(
        [[cell_width(row[at]) for at in range(count)] for row in rows[:_SHOWN]], dtype=int
    ).reshape(-1, count)
    top = np.array([cell_width(head) + 1 for head in heads])
    likes = np.vstack([sizes, top]).max(axis=0).tolist()
    found = [min(a, b) if b >= a else a for a, b in zip(least, likes, strict=True)]
    left = room - sum(found) - GAP * (count - 1)
    if sum(max(a, b) for a, b in zip(found, likes, strict=True)) + GAP * (count - 1) <= room:
        return [max(a, b) for a, b in zip(found, likes, strict=True)]
    step, now = max(left // 24, 1), _lines(sizes, top, found)
    while left > 0:
        best: tuple[float, int, int] | None = None
        for at in range(count):
            for more in {min(times * step, left, likes[at] - found[at]) for times in (1, 3, 8)} - {0}:
                if more < 0:
                    continue
                saved = now - _lines(sizes, top, [*found[:at], found[at] + more, *found[at + 1 :]])
                best = max(best, (saved / more, at, more)) if best else (saved / more, at, more)
        if best is None or best[0] <= 0:
            break
        _, at, more = best
        found[at] += more
        left -= more
        now = _lines(sizes, top, found)
    texts = [at for at in range(count) if not rights[at] and likes[at] > found[at]]
    if texts:  # where no step saves a line, the longest text gets what is left
        most = max(texts, key=lambda at: likes[at] - found[at])
        found[most] += min(left, likes[most] - found[most])
    return found


def _lines(sizes: IntArray, top: IntArray, found: Sequence[int]) -> float:
    """Lines that the rows take, the heading counted twice; a hair for every column, so that ties go to the
    fullest."""
    now = np.array(found)
    whole = 2.0 * int((-(-top // now)).max())
    parts = -(-sizes // now)
    for most, every in zip(parts.max(axis=1).tolist(), parts.sum(axis=1).tolist(), strict=True):
        whole += most + 0.01 * every
    return whole
