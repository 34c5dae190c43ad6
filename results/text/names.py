"""Numbers of a scenario by their names: a reader sees no key (用语：参数名称)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ...models.indicators import DRIVER_TITLES, INDICATORS
from ...models.quantity import Bilingual
from ...models.words import in_each, msg
from .wording import key_in_words, titled

if TYPE_CHECKING:
    from ...scenarios.schema import Scenario

SECTIONS: dict[str, Bilingual] = {
    "national": msg("National input-output table"),
    "accounts": msg("Base-year accounts"),
    "demand": msg("Local demand"),
    "prices": msg("Prices"),
    "sectors": msg("Sectors"),
    "chains": msg("Process chains"),
    "investment": msg("Investment"),
    "funds": msg("Sources of money"),
    "projects": msg("Projects"),
    "listing": msg("List of projects"),
    "pool": msg("Key projects"),
    "pipeline": msg("Approval and construction capacity"),
    "mixes": msg("Investment mixes"),
    "limits": msg("Limits"),
    "indicators": msg("Own indicators"),
    "relations": msg("Fitted relations"),
    "targets": msg("Targets"),
    "history": msg("History"),
    "outlook": msg("National outlook"),
    "experience": msg("Reference forecast"),
    "anchor": msg("Reference forecast"),
    "long_view": msg("The long view"),
    "plausible": msg("Usual ranges"),
    "uncertainty": msg("Uncertainty"),
}
"""Parts of a scenario, by key."""

_ALL: dict[str, Bilingual] = {
    "projects": msg("All projects"),
    "sectors": msg("All sectors"),
    "mixes": msg("All mixes"),
    "funds": msg("All sources of money"),
    "materials": msg("All materials"),
    "processes": msg("All processes"),
}
_WORDS: dict[str, Bilingual] = {
    **DRIVER_TITLES,
    "Fe": msg("iron"),
    "V": msg("vanadium"),
    "Ti": msg("titanium"),
    "gdp": msg("GDP"),
    "primary": msg("primary industry"),
    "secondary": msg("secondary industry"),
    "tertiary": msg("tertiary industry"),
    "none": msg("without outlook"),
    "october": msg("outlook of October"),
    "january": msg("outlook of January"),
    "gap": msg("mean gap to targets"),
    "target": msg("target"),
    "mean": msg("mean of earlier years"),
    "last": msg("last year"),
    "works_of_industry": msg("projects of industry"),
    "works_of_services": msg("projects of services"),
    "market": msg("market outside"),
}
"""Keys that are no key of the schema and have no title."""
_HISTORY = re.compile(r"(\d+)-(none|target)")
_CHINESE = re.compile(r"[(（]([^()（）]*[\u4e00-\u9fff][^()（）]*)[)）]")


def section_of(path: str) -> Bilingual:
    """The part of the scenario that a number belongs to."""
    key = path.split(".")[0]
    return SECTIONS.get(key) or Bilingual.same(key)


def name_of(scenario: Scenario, path: str) -> Bilingual:
    """A number's name in words: the nearest title on its path, then what the schema calls it.

    The Chinese name of a field is what stands in brackets in its description; the English one is its key.
    """
    title, words = _walked(scenario, path)
    if title is None and len(words) > 1:  # the part of the scenario stands for a title
        known, part = words[0].every(), section_of(path)
        words[0] = in_each(
            lambda lang: known[lang] if lang != "en" and lang in known else f"{part.of(lang)}:"
        )
    return titled(title, words, path)


def name_of_all(scenario: Scenario, pattern: str, one: str) -> Bilingual:
    """The name of a number that all entries of a kind have, as ``sectors.*.trend``; ``one`` is one of
    them."""
    before = pattern.split(".*.")[0]
    return titled(_ALL[before.rpartition(".")[2]], _walked(scenario, one, before.count(".") + 1)[1], pattern)


def _walked(scenario: Scenario, path: str, entry: int = -1) -> tuple[Bilingual | None, list[Bilingual]]:
    """The nearest title on a path and the words behind it; the key at the place ``entry`` is no word."""
    part: Any = scenario
    found: Bilingual | None = None
    words: list[Bilingual] = []
    for at, step in enumerate(path.split(".")):
        key, _, place = step.partition("[")
        field = type(part).model_fields.get(key) if isinstance(part, BaseModel) else None
        if field is not None:
            chinese = _CHINESE.search(field.description or "")
            words.append(key_in_words(key, chinese.group(1) if chinese else ""))
            part = getattr(part, key, None)
        elif isinstance(part, dict):
            part = part.get(key)
            if not isinstance(getattr(part, "title", None), Bilingual) and at != entry:
                words.append(_title(scenario, key))
        title = getattr(part, "title", None)
        if isinstance(title, Bilingual):
            found, words = title, []
        if place:  # one of a list
            words.append(Bilingual.same(str(int(place.rstrip("]")) + 1)))
    return found, words


def _title(scenario: Scenario, key: str) -> Bilingual:
    """Title of a class of the national table, a sector, a fund, a target, an indicator, a material or an
    element, else the key."""
    for group in (scenario.sectors, scenario.funds, scenario.national.classes):
        if key in group:
            return group[key].title
    rows = (scenario.targets, scenario.indicators, scenario.relations, INDICATORS)
    for stated in (part.get(key) for part in rows):
        if stated and stated.title:
            return stated.title
    for chain in scenario.chains.values():
        if key in chain.materials:
            return chain.materials[key].title
    if known := _HISTORY.fullmatch(key):
        years = known[1]
        if known[2] == "target":
            return msg("{years} years known, with target", years=years)
        return msg("{years} years known", years=years)
    return _WORDS.get(key) or key_in_words(key, key)
