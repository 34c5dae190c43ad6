"""What stands where in a workbook to fill in: sheets, columns, choices in every language (工作簿的表式)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ...models.limits import LIMITS
from ...models.money import money_in_use
from ...models.quantity import Bilingual
from ..files import own_yaml
from ..tables.headings import Column, split_unit
from ..tables.values import plain

EXAMPLE = re.compile(r"(示例|example)([ :：].*)?", re.IGNORECASE | re.DOTALL)
"""Rows that begin with this are not read."""
MARK = Bilingual(zh="示例", en="Example")
UNITS: Mapping[str, Bilingual] = {
    "percent": Bilingual(zh="%", en="%"),
    "months": Bilingual(zh="月", en="months"),
}
"""The unit that a heading proposes, by kind."""
DATE = re.compile(r"(?P<year>(?:19|20|21)\d\d) ?年?(?:\.0)?")


def heading_unit(kind: str, lang: str) -> str:
    """The unit that a heading proposes; empty where the kind has none."""
    if kind == "money":
        return money_in_use().unit(lang)
    return UNITS[kind].of(lang) if kind in UNITS else ""


@dataclass(frozen=True)
class Part:
    """A column of a sheet, or a row of the basics: key, kind of value, heading, note, example, choices, and
    other headings that mean it."""

    key: str
    kind: str
    title: Bilingual
    note: Bilingual
    example: Bilingual
    choices: str = ""
    also: str = ""

    @property
    def column(self) -> Column:
        """The same as a column that headings are held against."""
        words = {split_unit(text)[0] for text in self.title.every().values()}
        known = [*map(re.escape, sorted(words)), *([self.also] if self.also else [])]
        return Column(self.key, self.kind, "|".join(known), self.title.zh)

    def heading(self, lang: str) -> str:
        """The heading with its unit."""
        text = self.title.of(lang)
        unit = heading_unit(self.kind, lang)
        return text + ((f"（{unit}）" if lang == "zh" else f" ({unit})") if unit else "")  # brackets of CJK


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title, a note above it, its columns, and for the basics its rows."""

    key: str
    title: Bilingual
    note: Bilingual
    columns: tuple[Part, ...]
    rows: tuple[Part, ...] = ()

    def part(self, key: str) -> Part:
        """The column or row of a key."""
        return next(part for part in (*self.rows, *self.columns) if part.key == key)


def _written() -> dict[str, Any]:
    found: dict[str, Any] = own_yaml(Path(__file__).with_name("sheets.yaml"))
    return found


@cache
def sheets() -> Mapping[str, Sheet]:
    """The sheets in their order, by key."""
    return {
        key: Sheet(
            key,
            Bilingual(**said["title"]),
            _text(said["note"]),
            tuple(map(_part, said["columns"])),
            tuple(map(_part, said.get("rows", ()))),
        )
        for key, said in _written().items()
        if key not in ("choices", "guide", "models")
    }


def guide() -> tuple[Bilingual, tuple[Bilingual, ...]]:
    """The title and the lines of the sheet that says how to fill in the others."""
    said = _written()["guide"]
    return Bilingual(**said["title"]), tuple(Bilingual(**line) for line in said["lines"])


def _text(said: Any) -> Bilingual:
    return Bilingual.told(said) if isinstance(said, dict) else Bilingual.same(str(said))


def _part(said: list[Any]) -> Part:
    key, kind, title, note, example, choices, also = said + [""] * (7 - len(said))
    return Part(key, kind, Bilingual(**title), _text(note), _text(example), choices, also)


@cache
def choices(name: str) -> Mapping[str, Bilingual]:
    """What a drop-down offers: the words of each key."""
    if name == "limits":
        return {kind: limit.title for kind, limit in LIMITS.items()}
    return {key: Bilingual(**said) for key, said in _written()["choices"][name].items()}


def chosen(name: str, text: str) -> str:
    """The key that a word of a drop-down stands for, in any language; the word itself where it is none."""
    said = plain(text)
    for key, words in choices(name).items():
        if said == plain(key) or said in map(plain, words.every().values()):
            return key
    return text.strip()


def sheet_of(title: str) -> Sheet | None:
    """The sheet that is meant by a title in any language."""
    said = plain(title)
    return next(
        (
            sheet
            for sheet in sheets().values()
            if said in {sheet.key, *map(plain, sheet.title.every().values())}
        ),
        None,
    )


def model_of(national: str) -> str:
    """The sector model for a class of the national table."""
    held: Mapping[str, list[str]] = _written()["models"]
    return next((model for model, classes in held.items() if national in classes), "industry")
