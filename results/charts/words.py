"""Texts of a picture in letters that its font has: a Chinese character never becomes a box."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..tables.table import Column
from ..text.format import clean, unit_of, written

FONT = "DABIAO_FONT"
"""Environment variable that names a font file with Chinese characters."""
_PACKAGE = "pylopdf_fonts_zh_cn"
_PROOF = "达标确力争贡献率拉动钒钛镍锂鲊"
"""Characters that a font must have before it is taken for Chinese."""
_KNOWN = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "msyh",
    "pingfang",
    "simhei",
    "wqy",
    "droidsansfallback",
    "notoserifcjk",
    "simsun",
    "fandol",
    "stheiti",
)


@cache
def characters(path: str) -> frozenset[int]:
    """Code points that a font file has; none where it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError, ValueError):
        return frozenset()


def candidates() -> Iterator[Path]:
    """Font files to look at: the one named, the one of the extra ``fonts``, the system's, likely ones
    first."""
    from matplotlib import font_manager

    if stated := os.environ.get(FONT, ""):
        yield Path(stated)
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(folder).glob("*Sans*.[ot]tf"))
    found = sorted(map(Path, font_manager.findSystemFonts()))

    def likely(path: Path) -> tuple[int, bool, str]:
        name = path.name.casefold().replace("-", "").replace("_", "")
        place = next((at for at, known in enumerate(_KNOWN) if known in name), len(_KNOWN))
        return place, "regular" not in name, path.name

    yield from sorted(found, key=likely)


@cache
def chinese_font() -> Path | None:
    """The first font that has Chinese characters, found by looking into it; None where no font has."""
    wanted = set(map(ord, _PROOF))
    return next((path for path in candidates() if wanted <= characters(str(path))), None)


def latin_font() -> Path:
    """The font that comes with matplotlib."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@dataclass
class Words:
    """Says texts in one language, in characters that can be drawn.

    Attributes
    ----------
    lang
        One of :data:`~.words.LANGUAGES`.
    covers
        Whether all of a text can be drawn; None where whoever reads brings the font (a browser).
    fallen
        Texts that were said otherwise than asked.
    """

    lang: str
    covers: Callable[[str], bool] | None = None
    fallen: list[str] = field(default_factory=list)

    def __call__(self, text: Bilingual | str, key: str = "") -> str:
        """The text, else its English, else its key, else its number."""
        asked = Bilingual.same(text) if isinstance(text, str) and text else text
        if isinstance(asked, str):
            return ""
        first = clean(asked.of(self.lang))
        if self.can(first):
            return first
        self.fallen.append(first)
        return next(
            (said for said in (clean(asked.of("en")), clean(key)) if said and self.can(said)),
            f"#{len(set(self.fallen))}",
        )

    def can(self, text: str) -> bool:
        """Whether every character of the text can be drawn."""
        return self.covers is None or self.covers(text)

    def unit(self, unit: str) -> str:
        """A unit."""
        return self(in_each(lambda lang: unit_of(unit, lang)))

    def heading(self, column: Column) -> str:
        """A column's heading with its unit."""
        return self.in_unit(self(column.title, column.name), self.unit(column.unit) if column.unit else "")

    def in_unit(self, name: str, unit: str) -> str:
        """A name with the unit in which it is told."""
        return self(msg("{name} ({unit})", name=name, unit=unit)) if unit else name

    def of(self, name: str, said: str) -> str:
        """What is said of a thing."""
        return tr(self.lang, "{name}: {said}", name=name, said=said)

    def joined(self, *parts: str) -> str:
        """Parts of one statement; empty ones are left out."""
        return tr(self.lang, "; ").join(filter(None, parts))

    def number(self, value: float, digits: int | None, signed: bool = False) -> str:
        """A number as the tables print it."""
        return written(value, digits, self.lang, signed)


def drawn_words(lang: str) -> Words:
    """Words for a picture that is painted here: in the font that is found, Chinese only where that font has
    it."""
    font = chinese_font()
    known = characters(str(latin_font())) | (characters(str(font)) if font else frozenset())
    return Words(lang, lambda text: all(ord(character) in known for character in text))
