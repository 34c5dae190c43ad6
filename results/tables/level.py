"""Where the level of growth comes from: reference, what the plan adds, shift of the markets, own trends
(增速水平的来历)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...models.quantity import Bilingual
from ...models.words import in_terms, msg, tr
from ..text.format import finite, number, unit_text
from ..text.wording import both, points
from .chances import CASES, TENTH
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer, GrowthLevel

TITLE = msg("Where the level of growth comes from")
CAUSES = {
    "spending": msg("what is invested here and bought here"),
    "capacity": msg("capacity from investment beyond (or short of) the usual"),
    "projects": msg("projects and carry-over beyond (or short of) the usual"),
    "demand": msg("demand that is stated by sector"),
    "skew": msg("skewness: capacity clips what is above the central case"),
}
EDITIONS = {
    "january": msg("the nation's outlook of January"),
    "october": msg("the nation's outlook of October"),
    "none": msg("past years alone (no outlook of the nation)"),
    "own": msg("the scenario's own outlook of the nation"),
    "region": msg(
        "the scenario's own outlook of the region itself, with the error that it states (nobody scored it)"
    ),
    "alone": msg(
        "the scenario's own outlook of the nation, taken as the region's (how the region stands to the nation"
        " is not known: history and target are not used; nobody scored it)"
    ),
    "past": msg("the region's own past alone (no outlook of the nation; nobody scored it)"),
}
JUDGED = msg(
    "no reference forecast (no outlook of the nation, and fewer than four years of past growth): the level is"
    " that of the scenario's own trends, a judgement that nobody scored."
)


UNANCHORED = msg(
    "no reference forecast, as the scenario asks: the level is that of its own trends, a judgement that"
    " nobody scored."
)


def basis(level: GrowthLevel, lang: str) -> str:
    """What the reference rests on."""
    found, reference = level.forecast.basis, level.forecast.reference
    outlook = EDITIONS[found.outlook].of(lang)
    if found.figure is not None:
        outlook += tr(lang, ", {figure} %", figure=number(found.figure, 1))
    elif np.isfinite(reference.nation):
        mean = number(reference.nation, 1)
        outlook += tr(lang, ", by which regions are expected at {mean} % on average", mean=mean)
    if found.outlook in ("alone", "region", "past"):
        return outlook
    years = (
        msg("1 year of its own history")
        if reference.known == 1
        else msg("{years} years of its own history", years=reference.known)
    )
    target = (
        msg("no target")
        if found.target is None
        else msg("a target of {target} %", target=number(found.target, 1))
    )
    return tr(lang, "{outlook}; {years}; {target}", outlook=outlook, years=years, target=target)


def level_sentence(answer: Answer, lang: str) -> str:
    """The four numbers in a sentence; without a reference, that the level is judgement."""
    level = answer.level
    if level is None:
        return (JUDGED if answer.scenario.anchor.to == "reference" else UNANCHORED).of(lang)
    reference, adds = level.forecast.reference, sum(level.adds.values())
    then = now = held = ""
    if (first := answer.scenario.years.first) != (target := answer.scenario.years.target):
        then, now = tr(lang, " for {first}", first=first), tr(lang, " in {target}", target=target)
        held = _held(answer, lang)
    parts = [
        f"{CAUSES[key].of(lang)} {points(value, lang)}"
        for key, value in sorted(level.adds.items(), key=lambda one: -abs(one[1]))
        if abs(value) >= 0.005
    ]
    added = points(adds, lang)
    if len(parts) > 1:
        added = tr(lang, "{added} ({parts})", added=added, parts=tr(lang, ", ").join(parts))
    return tr(
        lang,
        "reference forecast{then} {reference} %, the median of regions like this in a year like this"
        " ({basis}). Business as usual{now} comes to {usual} %, the plan adds {added} and makes it {plan} %."
        " By the scenario's own trends alone it would be {own} %; for the reference every market's trend is"
        " shifted by {shift}.{held}",
        reference=number(reference.median, 1),
        basis=basis(level, lang),
        usual=number(level.usual, 2),
        added=added,
        plan=number(level.plan, 2),
        own=number(level.own, 2),
        then=then,
        now=now,
        held=held,
        shift=points(level.forecast.anchor.shift, lang),
    )


def _held(answer: Answer, lang: str) -> str:
    """That the reference holds the first year, where the target year is a later one."""
    first, target = answer.scenario.years.first, answer.scenario.years.target
    if first == target:
        return ""
    return tr(
        lang,
        " The reference holds {first}; {target} follows from the same market trends.",
        first=first,
        target=target,
    )


@dataclass(frozen=True)
class _Number:
    """A number that the level is made of."""

    id: str
    what: Bilingual
    value: float
    unit: str = "points"


def _beside(level: GrowthLevel) -> Iterator[_Number]:
    """References of other indicators, beside which the plan's figures can be held."""
    for key, (median, spread) in level.forecast.beside.items():
        title = in_terms(BESIDE.get(key, Bilingual.same(key)))
        yield _Number(f"beside_{key}", msg("Reference: {title}", title=title), median, "%")
        said = msg("  its standard deviation, that of GDP included: {title}", title=title)
        yield _Number(f"beside_{key}_sd", said, spread)


BESIDE = {
    "industry_above_scale_growth": msg("growth of above-scale industry"),
    "fai_growth": msg("growth of investment"),
}


def record_sentence(answer: Answer, lang: str) -> str:
    """How chances like that of the first main target came true, and what of the doubt is the nation's;
    nothing without a record."""
    rows = _record(answer)
    if not rows or answer.level is None:
        return ""
    reference = answer.level.forecast.reference
    calm = reference.calm**2 * (1 - reference.chance) + reference.crisis**2 * reference.chance
    share = 100 * calm / (calm + reference.own**2)
    chance = _chance(answer)
    at = (
        max(rows, key=lambda row: row.count)
        if chance is None
        else min(rows, key=lambda row: abs(row.given - chance))
    )
    return tr(
        lang,
        "of {count} region-years that were given {first}-{last} %, {true} % came true"
        " ({at} % was given on average). {share} % of the uncertainty of growth"
        " (variance) is the nation's: a better outlook takes from that part.",
        count=at.count,
        first=at.middle - 5,
        last=at.middle + 5,
        true=number(at.came_true, 0),
        at=number(at.given, 0),
        share=number(share, 0),
    )


def _chance(answer: Answer) -> float | None:
    """Chance of the first tier of the first judged target of GDP growth, %."""
    if answer.ensemble is None:
        return None
    for key, target in answer.sheet.targets.items():
        if target.indicator == "gdp_growth" and not target.over and key in answer.ensemble.targets:
            tier = next(iter(target.tiers), None)
            return None if tier is None else 100 * answer.ensemble.probability(key, tier).value
    return None


@dataclass(frozen=True)
class Tenth:
    """A tenth of the chances given: its middle, the mean given, the part that came true and its bounds, %."""

    middle: float
    given: float
    came_true: float
    count: int
    low: float | None = None
    high: float | None = None


def _record(answer: Answer) -> list[Tenth]:
    """How chances came true, by tenths, for the edition that the reference rests on."""
    experience = answer.scenario.experience
    if experience is None or answer.level is None or not experience.reliability:
        return []
    name = answer.level.forecast.basis.outlook
    found = experience.reliability.get(name) or next(iter(experience.reliability.values()))
    return [
        Tenth(int(middle), row.given.value, row.came_true.value, round(row.count.value))
        for middle, row in found.items()
        if row.count.value > 0
    ]


def record_table(answer: Answer) -> Table | None:
    """How chances of this kind came true, by tenths; None without a record."""
    rows = _record(answer)
    if not rows:
        return None
    note = msg(
        "Rolling origin: each region-year from what was known before, by the same reference forecast and"
        " engine. Where chances can be trusted the two are near."
    )
    title = msg("How chances of this kind came true")
    return declare("reliability", title, (*TENTH, CASES), rows, ("middle",), note)


def level_table(answer: Answer) -> Table | None:
    """The four numbers, and how the plan's growth is made up; None without a reference."""
    level = answer.level
    if level is None:
        return None
    reference, anchor = level.forecast.reference, level.forecast.anchor
    rows = (
        _Number(
            "reference",
            both(
                lambda lang: (
                    tr(lang, "Reference: median of regions like this in a year like this (")
                    + basis(level, lang)
                    + tr(lang, ")")
                )
            ),
            reference.median,
            "%",
        ),
        _Number("nation", msg("of it, regions' expected mean"), reference.nation, "%"),
        _Number("own", msg("standard deviation of what is the region's own"), reference.own),
        _Number("calm", msg("standard deviation of the nation's news, calm year"), reference.calm),
        _Number("usual", msg("business as usual"), level.usual, "%"),
        *(_Number(f"adds_{key}", _added(key), value) for key, value in level.adds.items()),
        _Number("plan", msg("the plan", context="table_level"), level.plan, "%"),
        _Number("shift", msg("shift of every market's trend"), anchor.shift),
        _Number("trends", msg("the plan by the scenario's own trends alone"), level.own, "%"),
        *_beside(level),
    )
    columns = (
        Column("id", msg("Id"), shown=False),
        Column("what", msg("What", context="table_level")),
        Column("value", msg("Value"), digits=2, unit_from="unit", value=lambda row: finite(row.value)),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
    )
    note = msg(
        "Business as usual is the reference, but for the precision of the solution; it"
        " and what the plan adds come to the median projection of the plan."
    )
    if _held(answer, "en"):
        note = both(lambda lang: _held(answer, lang).strip())
    return declare("level", TITLE, columns, rows, ("id",), note)


def _added(cause: str) -> Bilingual:
    return both(lambda lang: tr(lang, "the plan adds: ") + CAUSES[cause].of(lang))
