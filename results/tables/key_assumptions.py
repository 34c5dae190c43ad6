"""Key assumptions: the numbers that move the first main target most (关键假定)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ...models.indicators import INDICATORS
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ..text.format import unit_of
from ..text.wording import in_points, key_in_words, titled
from .numbers import ASSUMED, SOURCED, ranked
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

SHOWN = 15
"""Numbers listed; the others stand in the table of all numbers with their rank."""

_CHINESE = re.compile(r"[(（]([^()（）]*[\u4e00-\u9fff][^()（）]*)[)）]")


def key_assumptions(answer: Answer) -> Table | None:
    """The strongest numbers: value, range, and what half the range does to the first main target."""
    paths = ranked(answer)[:SHOWN]
    if answer.ranked_by is None or not paths:
        return None
    target = answer.sheet.targets[answer.ranked_by]
    known = answer.loaded.quantities()
    effect, unit = answer.one_at_a_time.effects, in_points(target.unit)
    columns = (
        Column("rank", msg("Rank"), digits=0, value=lambda path: paths.index(path) + 1),
        Column("number", msg("Number"), value=lambda path: name_of(answer, path)),
        Column("path", msg("Path"), shown=False, value=lambda path: path),
        Column("value", msg("Value", context="table_doubts"), digits=2, value=lambda path: known[path].value),
        Column("low", msg("Low"), digits=2, value=lambda path: known[path].low),
        Column("high", msg("High"), digits=2, value=lambda path: known[path].high),
        Column("effect", msg("Effect of half the range"), unit, 3, signed=True, value=effect.__getitem__),
        Column("basis", msg("Basis"), value=lambda path: SOURCED if known[path].sourced else ASSUMED),
    )
    note = msg(
        "How far {title} moves when one number moves by half its range (a tenth of it where it has none), all"
        " else equal, to first order. The plan itself (money, mix, projects) and base flows of a chain are"
        " not ranked.",
        title=target.title,
    )
    title = msg("Key assumptions", context="table_doubts")
    return declare("key_assumptions", title, columns, paths, ("path",), note)


def headline(answer: Answer, lang: str, count: int = 4) -> str:
    """The strongest numbers in one line."""
    parts = [
        f"{name_of(answer, p).of(lang)} ±{abs(answer.one_at_a_time.effects[p]):.2f}"
        for p in ranked(answer)[:count]
    ]
    if not parts or answer.ranked_by is None:
        return ""
    target = answer.sheet.targets[answer.ranked_by]
    told = unit_of(in_points(target.unit), lang)
    return tr(lang, "half a range moves {title} by ({told}): ", title=target.title, told=told) + " · ".join(
        parts
    )


def name_of(answer: Answer, path: str) -> Bilingual:
    """A number's name in words: the nearest title on its path, then what the schema calls it.

    The Chinese name of a field is what stands in brackets in its description; the English one is its key.
    """
    part: Any = answer.scenario
    titles: list[Bilingual] = []
    words: list[Bilingual] = []
    for key in path.split("."):
        key = key.split("[")[0]
        field = type(part).model_fields.get(key) if isinstance(part, BaseModel) else None
        if field is not None:
            chinese = _CHINESE.search(field.description or "")
            words.append(key_in_words(key, chinese.group(1) if chinese else ""))
            part = getattr(part, key, None)
        elif isinstance(part, dict):
            part = part.get(key)
            if not isinstance(getattr(part, "title", None), Bilingual):
                words.append(_title(answer, key))
        title = getattr(part, "title", None)
        if isinstance(title, Bilingual):
            titles.append(title)
            words = []
    if not titles and len(words) > 1:  # the part of the scenario stands for a title
        words[0] = Bilingual.told({**words[0].every(), "en": f"{words[0].en.capitalize()}:"})
    return titled(titles[-1] if titles else None, words, path)


def _title(answer: Answer, key: str) -> Bilingual:
    """Title of a class of the national table, a sector, a fund, a target, an indicator or a material, else
    the key."""
    scenario = answer.scenario
    if key in scenario.national.classes:
        return scenario.national.classes[key].title
    if key in scenario.sectors:
        return scenario.sectors[key].title
    if key in scenario.funds:
        return scenario.funds[key].title
    stated = scenario.targets.get(key) or scenario.relations.get(key)
    if stated and stated.title:
        return stated.title
    if key in INDICATORS:
        return INDICATORS[key].title
    for chain in scenario.chains.values():
        if key in chain.materials:
            return chain.materials[key].title
    return Bilingual(zh=key, en=key.replace("_", " "))
