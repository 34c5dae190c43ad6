"""Outlines of letters: a text of a picture as curves that any painter fills."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...models.quantity import FloatArray
from .words import chinese_font, latin_font

Codes = npt.NDArray[np.uint8]
_UNHINTED = "LOAD_NO_HINTING"  # before matplotlib 3.10
_EM = 100.0  # points at which a letter is read
_TOP, _BOTTOM = 0.76, -0.24
"""What a line of text takes above and below its base line at least, in heights of a letter: as ``l`` and
``p``."""


@dataclass(frozen=True)
class Outline:
    """Curves of a text on the base line from 0 to ``width``, all in heights of a letter, upwards; ``codes``
    as matplotlib's."""

    points: FloatArray
    codes: Codes
    width: float

    @property
    def middle(self) -> float:
        """Height of the middle of the line above the base line."""
        heights = self.points[:, 1] if len(self.points) else np.zeros(1)
        return (max(_TOP, float(heights.max())) + min(_BOTTOM, float(heights.min()))) / 2


@dataclass
class Letters:
    """The Latin font, and for what it lacks the Chinese one where there is one; each letter is read once."""

    faces: list[Any]
    known: dict[str, Outline] = field(default_factory=dict)

    def __call__(self, text: str) -> Outline:
        """The outline of a text, letter after letter."""
        points, codes, at = [], [], 0.0
        for letter in text:
            if letter not in self.known:
                self.known[letter] = self._read(letter)
            one = self.known[letter]
            points.append(one.points + np.array([at, 0.0]))
            codes.append(one.codes)
            at += one.width
        if not points:
            return Outline(np.zeros((0, 2)), np.zeros(0, dtype=np.uint8), 0.0)
        return Outline(np.concatenate(points), np.concatenate(codes), at)

    def _read(self, letter: str) -> Outline:
        """One letter from the first font that has it."""
        from matplotlib import ft2font

        face = next((each for each in self.faces if each.get_char_index(ord(letter))), None)
        if face is None:  # texts are said in letters that there are: see `words`
            warnings.warn(f"no font has the letter {letter!r}: left out of a picture", stacklevel=2)
            return Outline(np.zeros((0, 2)), np.zeros(0, dtype=np.uint8), 0.5)
        plain = ft2font.LoadFlags.NO_HINTING if hasattr(ft2font, "LoadFlags") else getattr(ft2font, _UNHINTED)
        face.set_size(_EM, 72)
        glyph = face.load_char(ord(letter), flags=plain)
        points, codes = face.get_path()
        return Outline(
            np.array(points, dtype=float).reshape(-1, 2) / _EM,
            np.array(codes, dtype=np.uint8),
            glyph.linearHoriAdvance / 65536 / _EM,
        )


def letters(bold: bool) -> Letters:
    """The letters of every picture, plain or bold."""
    return _found(bold, latin_font(), chinese_font())


@cache
def _found(bold: bool, *paths: Path | None) -> Letters:
    """Letters of font files; the bold ones of the same family where it has them."""
    from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

    faces = []
    for path in paths:
        if path is None:
            continue
        if not any(entry.fname == str(path) for entry in fontManager.ttflist):
            fontManager.addfont(str(path))
        names = [entry.name for entry in fontManager.ttflist if entry.fname == str(path)]
        family = next((name for name in names if name.endswith("SC")), names[0])
        faces.append(get_font(findfont(FontProperties(family=[family], weight="bold" if bold else "normal"))))
    return Letters(faces)
