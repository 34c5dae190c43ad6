"""Numbers out of the ordinary as a table and in words: the number, its ratio, the usual range, where it is
written (少见的数)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ...engine.diagnose.plausibility import (
    PlausibilityWarning,
    plausibility_warnings,
    without_own_trends,
)
from ...models.errors import Origins
from ...models.money import MONEY, money_in_use
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ...scenarios.own_indicators import title_of
from ...scenarios.own_indicators import unit_of as indicator_unit
from ...scenarios.schema import Scenario
from ..text.format import finite, number, unit_text
from ..text.wording import TIERS, amount, both
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

TITLE = msg("Numbers out of the ordinary")
_SLIPS = {
    "percent": msg("is it a fraction instead of a percentage?"),
    "": msg("please check"),
}


def odd(answer: Answer) -> tuple[PlausibilityWarning, ...]:
    """What is out of the ordinary in a scenario that was run."""
    sheet, path, year = answer.sheet, answer.plan.path, answer.year
    expected = {
        key: float(sheet.value(target, path, year)[0])
        for key, target in sheet.targets.items()
        if target.judged
    }
    found = plausibility_warnings(answer.scenario, expected)
    return without_own_trends(found) if answer.level else found


def plausibility_table(answer: Answer) -> Table | None:
    """One row per number; None where there is none."""
    found = odd(answer)
    if not found:
        return None
    scenario, origins = answer.scenario, Origins(answer.loaded.origins)
    own = partial(Column, digits=2, unit_from="unit")
    columns = (
        Column("path", msg("Path", context="table_oddities"), shown=False),
        Column("says", msg("In words"), value=lambda one: says(one, scenario)),
        own("value", msg("Value")),
        Column("unit", msg("Unit"), value=lambda one: unit_text(_unit(one, scenario))),
        Column("ratio", msg("Ratio"), digits=2),
        own("least", msg("Usual, from"), value=lambda one: finite(one.least)),
        own("most", msg("to", context="table_oddities"), value=lambda one: finite(one.most)),
        Column("basis", msg("What the range stands on"), value=lambda one: basis(one, scenario)),
        Column(
            "origin",
            msg("Written in", context="table_oddities"),
            value=lambda one: origins.of(one.path),
        ),
    )
    note = msg(
        "These numbers are allowed and unusual, mostly a matter of units or copying; they"
        " are reported and change no result. The usual ranges are stated in the scenario."
    )
    return declare("plausibility", TITLE, columns, found, ("path",), note)


def plausibility_sentence(answer: Answer, lang: str) -> str:
    """How many numbers are out of the ordinary, and the first of them."""
    found = odd(answer)
    if not found:
        return ""
    place = Origins(answer.loaded.origins).of(found[0].path)
    first = says(found[0], answer.scenario).of(lang) + (f" ({place})" if place else "")
    if len(found) == 1:
        return tr(lang, "one number is out of the ordinary: {first}", first=first)
    return tr(
        lang,
        '{count} numbers are out of the ordinary: {first}; the others stand in the table "Numbers out of the'
        ' ordinary"',
        count=len(found),
        first=first,
    )


def warnings(
    found: Sequence[PlausibilityWarning], scenario: Scenario, origins: Mapping[str, str], lang: str
) -> list[str]:
    """A line for each number, with the place where it is written."""
    head, known = tr(lang, "WARNING", context="table_oddities"), Origins(origins)
    return [
        f"{head}  {known.of(one.path)} "
        f" {one.path}{tr(lang, ': ')}{says(one, scenario).of(lang)}"
        + (
            tr(
                lang,
                "{slip}{basis}",
                basis=basis(one, scenario),
                slip=(tr(lang, " ") if one.slip else tr(lang, ". ")),
            )
        )
        for one in found
    ]


def basis(one: PlausibilityWarning, scenario: Scenario) -> Bilingual:
    """What the usual range stands on: a source, or that it is an assumption and why."""
    stated = one.basis
    source = scenario.sources.get(stated.source or "")
    if source is not None:
        return msg("Source: {source}", source=Bilingual(zh=source.zh, en=source.en))
    why = stated.assumption
    return msg("Assumption: {why}", why=why) if why else msg("Assumption")


def says(one: PlausibilityWarning, scenario: Scenario) -> Bilingual:
    """The number, what it was held against, the ratio, the usual range, and what may have happened."""
    money = money_in_use()
    slip = _SLIPS.get(one.slip) or msg(
        "is it in {smaller} instead of {unit}?",
        smaller=in_each(money.smaller.unit),
        unit=in_each(money.unit),
    )
    unit = _unit(one, scenario)
    if one.slip == "wan" and unit.startswith("万"):
        slip = msg("is it in single units instead of ten thousands?", unit=unit[1:], unit_2=unit)
    elif one.slip == "wan" and unit != MONEY:
        slip = _SLIPS[""]
    if one.rule == "history":
        slip = msg(
            "where the region always grows {word} than the nation, state market.trend of its sectors",
            word=(msg("faster") if one.ratio < 0 else msg("more slowly")),
        )
    return both(lambda lang: _said(one, scenario, lang) + tr(lang, "; ") + slip.of(lang))


def _unit(one: PlausibilityWarning, scenario: Scenario) -> str:
    if one.rule in ("target", "rare_target", "planned", "history"):
        return "%"
    if one.rule == "level":
        return indicator_unit(scenario, scenario.targets[one.about].indicator or one.about)
    return MONEY


def _range(one: PlausibilityWarning, share: bool, lang: str) -> str:
    """The usual range in words."""
    if one.rule in ("level", "limit"):
        most = number(one.most, None)
        return tr(lang, "usually within a factor of {most}", most=most)
    low, high = (
        None
        if math.isinf(end)
        else number(end, None) + "%"
        if share
        else tr(lang, "{ratio} times", ratio=number(end, None))
        for end in (one.least, one.most)
    )
    if low is None:
        return tr(lang, "usually at most {high}", high=high)
    if high is None:
        return tr(lang, "usually at least {low}", low=low)
    return tr(lang, "usually {low} to {high}", low=low, high=high)


def _said(one: PlausibilityWarning, scenario: Scenario, lang: str) -> str:
    unit = _unit(one, scenario)
    share = one.rule in ("project", "pool", "fai", "household")
    values: dict[str, Any] = {
        "name": _name(one, scenario, lang),
        "value": number(one.value, None) + "%" if unit == "%" else amount(one.value, unit, lang),
        "against": "" if one.against is None else amount(one.against, unit, lang),
        "times": tr(lang, "{ratio} times", ratio=number(one.ratio, 1 if one.ratio >= 1 else 3)),
        "share": f"{number(one.ratio, 1)}%",
        "usual": _range(one, share, lang),
        "least": number(one.least, None),
        "most": amount(one.most, MONEY, lang, 0) if one.rule == "gdp" else number(one.most, None),
        "expected": number(one.against or 0.0, 2),
        "apart": number(abs(one.ratio), 1),
    }
    told: dict[tuple[str, bool] | str, str] = {
        ("target", True): tr(
            lang,
            "{name} {value} is above any target that cities have on record ({least} to {most} %)",
            **values,
        ),
        ("target", False): tr(
            lang,
            "{name} {value} is below any target that cities have on record ({least} to {most} %)",
            **values,
        ),
        ("history", True): tr(
            lang,
            "{name} of {expected}% is expected, {apart} points above last year's {value}: more than the"
            " standard deviation of its change from year to year, {most} points",
            **values,
        ),
        ("history", False): tr(
            lang,
            "{name} of {expected}% is expected, {apart} points below last year's {value}: more than the"
            " standard deviation of its change from year to year, {most} points",
            **values,
        ),
        "output": tr(
            lang,
            "{name}: output of {value} a year at full load is {times} its investment of {against}, {usual}",
            **values,
        ),
        "project": tr(
            lang,
            "{name}: investment of {value} is {share} of last year's in the whole region, {against}, {usual}",
            **values,
        ),
        "pool": tr(
            lang,
            "planned investment of key projects, {value}, is {share} of all investment of the year,"
            " {against}, {usual}",
            **values,
        ),
        "rare_target": tr(
            lang,
            "{name} {value}: at most one in a hundred targets of recent years was above {most} %",
            **values,
        ),
        "planned": tr(
            lang,
            "{name} {value} is above the highest yearly growth of any province on record, {most} %",
            **values,
        ),
        "gdp": tr(lang, "GDP of {value} is above that of the largest province, {most}", **values),
        "fai": tr(
            lang,
            "fixed-asset investment of {value} is {share} of GDP, {usual} in the record of provinces",
            **values,
        ),
        "household": tr(lang, "household consumption of {value} is {share} of GDP, {usual}", **values),
        "level": tr(lang, "{name} {value} is {times} what the plan brings, {against}, {usual}", **values),
        "limit": tr(
            lang,
            "{name}: a limit of {value} is {times} the planned investment of {against}, {usual}",
            **values,
        ),
    }
    above = one.ratio >= 0 if one.rule == "history" else one.ratio > one.most
    return told.get(one.rule) or told[one.rule, above]


def _name(one: PlausibilityWarning, scenario: Scenario, lang: str) -> str:
    """The project, limit or target with its tier, as a sentence names it."""
    if one.rule in ("output", "project"):
        return scenario.projects[one.about].title.of(lang)
    if one.rule == "limit":
        return scenario.limits[one.about].title.of(lang)
    if not one.about:
        return tr(lang, "planned growth of investment")
    ends = one.path.rpartition(".")[2]
    tier = TIERS[ends].of(lang) if ends in TIERS else ""
    return tr(lang, "{title} {tier}", title=row_title(scenario, one.about), tier=tier).strip()


def row_title(scenario: Scenario, key: str) -> Bilingual:
    """Title of a row of the sheet: its own, or that of its indicator or relation."""
    target = scenario.targets[key]
    name = target.indicator or key
    return target.title or title_of(scenario, name)
