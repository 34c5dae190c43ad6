"""Why runs differ: each indicator's difference by group of changed keys, with the lines that state them
(差异归因)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..tables.table import Column, Table
from ..text.format import number, unit_of, unit_text
from ..text.rounding import largest_remainder
from ..text.wording import listed, spaced

if TYPE_CHECKING:
    from ...engine.compare.attribute import Attribution, Group
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
    from ...engine.compare.attribute import attribute
    from ...engine.forecast.anchored import anchored_scenario

    scenarios = [anchored_scenario(scenario) for scenario in scenarios]
    found = {
        at: attribute(scenarios[0], scenario, (seeds[0], seeds[at - 1]))
        for at, scenario in enumerate(scenarios[1:], start=2)
    }
    return {
        "summary": sentences(found, origins, mains(scenarios)),
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
    rows = []
    for run, each in found.items():
        lines = [lines_of(group.paths, origins[run - 1], origins[0]) for group in each.groups]
        for at, item in enumerate(each.items):
            block, reached = f"{run}:{item.kind}:{item.id}:{item.year}", float(each.first[at])
            head = (run, block, item.id, item.title, unit_text(_unit(item)), each_year(each, item))
            for group, where in zip(each.groups, lines, strict=True):
                start, reached = reached, reached + float(group.effects[at])
                rows.append(
                    (
                        *head,
                        group.id,
                        group.title,
                        "part",
                        float(group.effects[at]),
                        start,
                        reached,
                        len(group.paths),
                        where,
                    )
                )
            whole = float(each.second[at] - each.first[at])
            rows.append(
                (
                    *head,
                    "difference",
                    msg("Difference"),
                    "total",
                    whole,
                    float(each.first[at]),
                    float(each.second[at]),
                    sum(len(group.paths) for group in each.groups),
                    "",
                )
            )
    columns = (
        Column("run", msg("Run"), digits=0),
        Column("block", msg("Block"), shown=False),
        Column("item", msg("Indicator id"), shown=False),
        Column("title", msg("Indicator")),
        Column("unit", msg("Unit")),
        Column("year", msg("Year"), digits=0),
        Column("group", msg("Change id"), shown=False),
        Column("change", msg("Change")),
        Column("level", msg("Level"), shown=False),
        Column("effect", msg("Effect"), digits=DIGITS, signed=True, adds=True),
        Column("from", msg("From"), digits=DIGITS),
        Column("to", msg("To"), digits=DIGITS),
        Column("keys", msg("Keys"), digits=0),
        Column("lines", msg("Written in")),
    )
    return Table(
        "attribution",
        msg("What the difference comes from"),
        columns,
        tuple(rows),
        ("run", "title", "year", "change"),
        _note(found.values()),
    )


def _note(found: Iterable[Attribution]) -> Bilingual:
    joined = [group for each in found for group in each.groups if group.joined]
    said = [
        msg(
            "Shapley values: what a group of changes moves, averaged over all orders in which the groups can"
            " be made; they add up to the difference, no residual, no order. Central case of the plan alone.",
        )
    ]
    if any(group.joined == "need" for group in joined):
        said.append(msg("Changes that cannot stand without each other are one group."))
    if any(group.joined == "few" for group in joined):
        said.append(msg("Groups that move least are joined as 'other'."))
    return in_each(lambda lang: tr(lang, " ").join(each.of(lang) for each in said))


def _unit(item: Item) -> str:
    return "points" if item.unit in ("%", "%/yr") else item.unit


def each_year(found: Attribution, item: Item) -> int:
    """The calendar year of an item."""
    return found.base_year + item.year


def lines_of(paths: Iterable[str], own: Mapping[str, str], other: Mapping[str, str]) -> str:
    """File and lines that state the paths: where the run itself states them, else where the first run
    does."""
    places: dict[str, set[int]] = {}
    for path in paths:
        for place in _places(path, own) or _places(path, other):
            file, _, line = place.rpartition(":")
            if line.isdigit():
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
    return file, int(line) if line.isdigit() else 0


def sentences(
    found: Mapping[int, Attribution], origins: Sequence[Mapping[str, str]], mains: Sequence[str]
) -> Table:
    """One sentence a run and main target: from what to what, and what that comes from."""
    rows = []
    for run, each in found.items():
        first = each.items[0].year if each.items else 0
        places = {
            item.id: at for at, item in enumerate(each.items) if item.year == first and item.kind != "sector"
        }
        wanted = [places[key] for key in mains if key in places][:2] or [0][: len(each.items)]
        rows += [
            (
                f"why_{run}_{each.items[at].id}",
                msg("Why case {run} differs from case 1", run=run),
                in_each(partial(_sentence, each, at, run, origins)),
            )
            for at in wanted
        ]
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, tuple(rows), ("line",))


def mains(scenarios: Iterable[Scenario]) -> list[str]:
    """Main targets of any of the scenarios, GDP growth first."""
    found = [key for each in scenarios for key, target in each.targets.items() if target.main]
    return [*dict.fromkeys(["gdp_growth", *found])]


def split(groups: Sequence[Group], at: int, total: float) -> list[float]:
    """Effects of the groups on an item as printed."""
    return largest_remainder([float(group.effects[at]) for group in groups], DIGITS, total)


def _sentence(found: Attribution, at: int, run: int, origins: Sequence[Mapping[str, str]], lang: str) -> str:
    item, whole = found.items[at], float(found.second[at] - found.first[at])
    unit = unit_of(item.unit, lang)
    less = unit_of(_unit(item), lang)
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
        where = lines_of(group.paths, origins[run - 1], origins[0])
        told.append(
            tr(
                lang,
                "{change} {effect} ({where})",
                change=group.title,
                effect=signed(effect),
                where=where,
            )
            if where
            else f"{group.title.of(lang)} {signed(effect)}"
        )
    if abs(rest) > 0.5 * 10**-DIGITS:
        told.append(f"{tr(lang, 'the rest')} {signed(rest)}")
    first, second = (number(float(value[at]), DIGITS) + spaced(unit) for value in (found.first, found.second))
    printed = [float(number(float(value[at]), DIGITS)) for value in (found.first, found.second)]
    rounded = number(round(printed[1] - printed[0], DIGITS), DIGITS) != number(whole, DIGITS)
    difference = signed(whole) + spaced(less)
    if rounded:
        difference = tr(lang, "{difference} (before rounding)", difference=difference)
    return tr(
        lang,
        "{year} {title} {first} → {second}, {difference}: {told}.",
        year=each_year(found, item),
        title=item.title,
        first=first,
        second=second,
        difference=difference,
        told=listed(told, lang, len(told))
        if told
        else tr(
            lang,
            "no change moves it",
        ),
    )


def signed(value: float) -> str:
    """A number with its sign and printed digits."""
    text = number(value, DIGITS)
    return f"+{text}" if value > 0 and text.strip("0.") else text
