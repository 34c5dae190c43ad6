"""Why runs differ: each indicator's difference by group of changed keys, with the lines that state them
(差异归因)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ...engine.compare.attribute import Attribution, Group, attribute
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..tables.lines import Line, summary_of
from ..tables.table import Column, Table, declare
from ..text.format import number, unit_of, unit_text
from ..text.rounding import largest_remainder
from ..text.wording import in_points, listed, signed, spaced

if TYPE_CHECKING:
    from ...engine.compare.between import Item
    from ...scenarios.schema import Scenario

DIGITS = 2
_NAMED = 5  # groups that the sentence names


def explained(
    scenarios: Sequence[Scenario], seeds: Sequence[int | None], origins: Sequence[Mapping[str, str]]
) -> dict[str, Table]:
    """What the difference of every further run from the first comes from: the table, and sentences.

    Raises
    ------
    ScenarioError
        Where a scenario cannot be simulated.
    """
    from ...engine.forecast.anchored import anchored_scenario

    scenarios = [anchored_scenario(scenario) for scenario in scenarios]
    found = {
        at: attribute(scenarios[0], scenario, (seeds[0], seeds[at - 1]))
        for at, scenario in enumerate(scenarios[1:], start=2)
    }
    return {
        "summary": sentences(found, mains(scenarios)),
        "attribution": attribution(found, origins),
    }


def outdated(table: Table, runs: Sequence[Mapping[str, Table]]) -> list[int]:
    """Numbers of the runs whose stored values are not those that this program computes from their
    scenarios."""
    computed: dict[tuple[int, str], float] = {}
    for row in table.records():
        if row["level"] == "total":
            for run, value in ((1, row["from"]), (int(row["run"]), row["to"])):
                computed.setdefault((run, row["item"]), value)  # the target year stands first
    wrong = set()
    for at, tables in enumerate(runs, start=1):
        for row in tables["targets"].records() if "targets" in tables else ():
            value, stored = computed.get((at, str(row["target"]))), row.get("central", row.get("expected"))
            if (
                value is not None
                and isinstance(stored, float)
                and abs(value - stored) > 1e-9 * (1 + abs(stored))
            ):
                wrong.add(at)
    return sorted(wrong)


@dataclass(frozen=True)
class _Step:
    """What a group of changes moves of an item in a calendar year; the whole difference is one more group."""

    run: int
    item: Item
    year: int
    group: Group
    level: str
    effect: float
    start: float
    end: float
    lines: str


def _steps(found: Mapping[int, Attribution], origins: Sequence[Mapping[str, str]]) -> Iterator[_Step]:
    for run, each in found.items():
        lines = [lines_of(group.paths, origins[run - 1], origins[0]) for group in each.groups]
        every = tuple(path for group in each.groups for path in group.paths)
        whole = Group("difference", msg("Difference"), (), every, each.second - each.first)
        for at, item in enumerate(each.items):
            year, first, second = each.base_year + item.year, float(each.first[at]), float(each.second[at])
            start = first
            for group, where in zip(each.groups, lines, strict=True):
                effect = float(group.effects[at])
                yield _Step(run, item, year, group, "part", effect, start, start + effect, where)
                start += effect
            yield _Step(run, item, year, whole, "total", float(whole.effects[at]), first, second, "")


def _block(row: _Step) -> str:
    return f"{row.run}:{row.item.kind}:{row.item.id}:{row.item.year}"


def attribution(found: Mapping[int, Attribution], origins: Sequence[Mapping[str, str]]) -> Table:
    """Every indicator's difference from run 1, group by group.

    Parameters
    ----------
    found
        Attribution of each further run by its number (2, 3, ...).
    origins
        Where each run states its values, ``path -> file:line``, run by run.

    Returns
    -------
    Table
        Blocks of one indicator and year: the groups, which add up to the printed digit, then the difference.
        ``from`` and ``to`` are the steps of a waterfall from run 1 to the other run.
    """
    columns = (
        Column("run", msg("Run"), digits=0, word=False),
        Column("block", msg("Block"), shown=False, value=_block),
        Column("item", msg("Indicator id"), shown=False, value=lambda row: row.item.id),
        Column("title", msg("Indicator"), value=lambda row: row.item.title),
        Column("unit", msg("Unit"), word=False, value=lambda row: unit_text(in_points(row.item.unit))),
        Column("year", msg("Year"), digits=0),
        Column("group", msg("Change id"), shown=False, value=lambda row: row.group.id),
        Column("change", msg("Change"), value=lambda row: row.group.title),
        Column("level", msg("Level"), shown=False),
        Column("effect", msg("Effect"), digits=DIGITS, signed=True, adds=True),
        Column("from", msg("From"), digits=DIGITS, value=lambda row: row.start),
        Column("to", msg("To"), digits=DIGITS, value=lambda row: row.end),
        Column("keys", msg("Keys"), digits=0, word=False, value=lambda row: len(row.group.paths)),
        Column("lines", msg("Written in")),
    )
    title, key = msg("What the difference comes from"), ("run", "title", "year", "change")
    return declare("attribution", title, columns, _steps(found, origins), key, _note(found.values()))


def _note(found: Iterable[Attribution]) -> Bilingual:
    joined = [group for each in found for group in each.groups if group.joined]
    said = [
        msg(
            "Shapley values: what a group of changes moves, averaged over all orders in which the groups can"
            " be made; they add up to the difference, no residual, no order. Central case of the plan alone."
        )
    ]
    if any(group.joined == "need" for group in joined):
        said.append(msg("Changes that cannot stand without each other are one group."))
    if any(group.joined == "few" for group in joined):
        said.append(msg("Groups that move least are joined as 'other'."))
    return in_each(lambda lang: tr(lang, " ").join(each.of(lang) for each in said))


def lines_of(paths: Iterable[str], own: Mapping[str, str], other: Mapping[str, str]) -> str:
    """File and lines that state the paths: where the run itself states them, else where the first run
    does."""
    places: dict[str, set[int]] = {}
    for path in paths:
        for place in _places(path, own) or _places(path, other):
            file, _, line = place.rpartition(":")
            if line.isdecimal():
                places.setdefault(file, set()).add(int(line))
    return "; ".join(f"{file}:{','.join(map(str, sorted(lines)))}" for file, lines in places.items())


def _places(path: str, origins: Mapping[str, str]) -> list[str]:
    """Places of a value, or the first of those inside an entry."""
    if path in origins:
        return [origins[path]]
    inside = sorted(
        {where for key, where in origins.items() if key.startswith((f"{path}.", f"{path}["))}, key=_line
    )
    return inside[:1]


def _line(place: str) -> tuple[str, int]:
    file, _, line = place.rpartition(":")
    return file, int(line) if line.isdecimal() else 0


def sentences(found: Mapping[int, Attribution], mains: Sequence[str]) -> Table:
    """One sentence a run and main target: from what to what, and what that comes from."""
    lines = []
    for run, each in found.items():
        first = each.items[0].year if each.items else 0
        places = {
            item.id: at for at, item in enumerate(each.items) if item.year == first and item.kind != "sector"
        }
        wanted = [places[key] for key in mains if key in places][:2] or [0][: len(each.items)]
        lines += [
            Line(
                f"why_{run}_{each.items[at].id}",
                msg("Why case {run} differs from case 1", run=run),
                in_each(partial(_sentence, each, at)),
            )
            for at in wanted
        ]
    return summary_of(lines)


def mains(scenarios: Iterable[Scenario]) -> list[str]:
    """Main targets of any of the scenarios, GDP growth first."""
    found = [key for each in scenarios for key, target in each.targets.items() if target.main]
    return [*dict.fromkeys(["gdp_growth", *found])]


def split(groups: Sequence[Group], at: int, total: float) -> list[float]:
    """Effects of the groups on an item as printed."""
    return largest_remainder([float(group.effects[at]) for group in groups], DIGITS, total)


def _sentence(found: Attribution, at: int, lang: str) -> str:
    item, whole = found.items[at], float(found.second[at] - found.first[at])
    unit = unit_of(item.unit, lang)
    less = unit_of(in_points(item.unit), lang)
    parts = sorted(
        zip(found.groups, split(found.groups, at, whole), strict=True), key=lambda part: -abs(part[1])
    )
    told: list[str] = []
    rest = 0.0
    for group, effect in parts:
        if effect == 0:
            continue
        if len(told) == _NAMED:
            rest += effect
            continue
        told.append(f"{group.title.of(lang)} {signed(effect, DIGITS)}")
    if abs(rest) > 0.5 * 10**-DIGITS:
        told.append(f"{tr(lang, 'the rest')} {signed(rest, DIGITS)}")
    first, second = (number(float(value[at]), DIGITS) + spaced(unit) for value in (found.first, found.second))
    printed = [float(number(float(value[at]), DIGITS)) for value in (found.first, found.second)]
    rounded = number(round(printed[1] - printed[0], DIGITS), DIGITS) != number(whole, DIGITS)
    difference = signed(whole, DIGITS) + spaced(less)
    if rounded:
        difference = tr(lang, "{difference} (before rounding)", difference=difference)
    year, title = found.base_year + item.year, item.title.of(lang)
    return tr(
        lang,
        "{what}, central case: {first} → {second}, {difference}: {told}.",
        what=title if item.dated else tr(lang, "{year} {title}", year=year, title=title),
        first=first,
        second=second,
        difference=difference,
        told=listed(told, lang, len(told)) if told else tr(lang, "no change moves it"),
    )
