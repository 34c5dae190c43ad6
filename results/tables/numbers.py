"""Every number of the scenario with its source or assumption (数据出处)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ...models.chain import AMOUNT, PRICE, YEARLY, Units
from ...models.money import MONEY, unit_in_use
from ...models.quantity import Bilingual, Quantity
from ...models.words import msg
from ..text.format import unit_text
from ..text.names import name_of, section_of
from ..text.wording import in_points, limit_unit
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

SOURCED = msg("sourced")
ASSUMED = msg("assumption")
COMPUTED = msg("computed")
SHOWN = msg("shown")
UNUSED = msg("not used")
_STAGES = ("planned", "approved", "started", "registered", "commissioned")
_TOLD = re.compile(r"^sectors\.[^.]+\.funds\.|^chains\.[^.]+\.recovery\.|^plausible\.")
"""Read by tables alone: sources of money, reported recoveries, what is usual."""
_STRONGEST = 40  # numbers that the document prints
_DEPENDS = re.compile(r"by kind|of the indicator|per unit|of the chain")


def counts(answer: Answer) -> tuple[int, int]:
    """How many numbers have a source, and how many are assumptions."""
    stated = list(answer.loaded.quantities().values())
    sourced = sum(1 for quantity in stated if quantity.sourced)
    return sourced, len(stated) - sourced


def ranked(answer: Answer) -> list[str]:
    """Paths of the numbers that move the first main target, the strongest first."""
    moving = [(path, effect) for path, effect in answer.one_at_a_time.effects.items() if abs(effect) > 5e-7]
    return [path for path, _ in sorted(moving, key=lambda item: (-abs(item[1]), item[0]))]


def numbers(answer: Answer) -> Table:
    """Every number: path, value, unit, bounds, source or assumption, and where it is written."""
    unit_of, effects = units_of(answer), answer.one_at_a_time.effects
    first = answer.sheet.targets[answer.ranked_by] if answer.ranked_by else None
    moved = unit_text(in_points(first.unit)) if first else None
    ranks = {path: rank for rank, path in enumerate(ranked(answer), start=1)}

    still = frozenset(hint.path for hint in answer.hints if hint.kind == "idle")

    def unit(quantity: Quantity) -> Bilingual | None:
        return unit_text(unit_of(quantity.path))

    def strongest(rows: Sequence[Quantity]) -> list[int]:
        places = [at for at, row in enumerate(rows) if row.path in ranks]
        return sorted(places, key=lambda at: ranks[rows[at].path])[:_STRONGEST]

    columns = (
        Column("part", msg("Part of the scenario"), value=lambda row: section_of(row.path), word=False),
        Column("number", msg("Number"), value=lambda row: name_of(answer.scenario, row.path)),
        Column("path", msg("Path"), shown=False),
        Column("value", msg("Value", context="table_numbers"), digits_from="as_stated"),
        Column("unit", msg("Unit"), value=unit),
        Column("low", msg("Low"), digits_from="as_stated", optional=True),
        Column("high", msg("High"), digits_from="as_stated", optional=True),
        Column("basis", msg("Basis"), value=lambda row: SOURCED if row.sourced else ASSUMED),
        Column("source", msg("Source id"), shown=False),
        Column("text", msg("Source or reason"), value=lambda row: _reason(answer, row)),
        Column(
            "effect",
            msg("Effect of half its range"),
            digits=3,
            unit_from="effect_unit",
            signed=True,
            value=lambda row: effects.get(row.path),
        ),
        Column("rank", msg("Rank", context="table_numbers"), digits=0, value=lambda row: ranks.get(row.path)),
        Column("use", msg("Use"), word=False, value=lambda row: _use(answer, row.path, still)),
        Column(
            "origin",
            msg("Written in", context="table_numbers"),
            word=False,
            value=lambda row: written_in(row.origin),
        ),
        Column("effect_unit", msg("Unit of the effect"), shown=False, value=lambda _: moved),
        Column("as_stated", msg("Digits"), shown=False, value=lambda _: None),
    )
    sourced, assumed = counts(answer)
    note = msg(
        "{all} numbers: {sourced} sourced, {assumed} assumptions.",
        all=sourced + assumed,
        sourced=sourced,
        assumed=assumed,
    )
    rows = answer.loaded.quantities().values()
    return declare("numbers", msg("Numbers and assumptions"), columns, rows, ("path",), note, strongest)


def _use(answer: Answer, path: str, still: frozenset[str]) -> Bilingual:
    """Whether a number is computed with, only shown, or not used at all in this scenario; ``still`` moves
    nothing."""
    idle = (
        (path in still or path.startswith("national."))
        and path in answer.one_at_a_time.idle
        and path.startswith(("sectors.", "chains.", "national."))
        and not re.search(r"price|above_scale", path)
    )
    if path in answer.read and not idle and not _passed(answer, path):
        return COMPUTED
    told = (
        path.startswith(("targets.", "accounts.gdp", "history."))
        or path.endswith(".growth_before")
        or _TOLD.search(path)
    )
    return SHOWN if told else UNUSED


def _passed(answer: Answer, path: str) -> bool:
    """Whether a number is a duration of a project that its stage or dates have overtaken, or a relation
    unasked for."""
    head, _, rest = path.partition(".")
    key, _, name = rest.partition(".")
    if head == "relations":
        return not _asked(answer, key)
    if head != "projects" or key not in answer.scenario.projects:
        return False
    project = answer.scenario.projects[key]
    reached = _STAGES.index(project.stage)
    if name.startswith("months.construction"):
        return project.finish is not None and (project.start is not None or reached >= 2)
    needed = {"months.approval": 1, "slip": 4}
    return any(name.startswith(one) and reached >= stage for one, stage in needed.items())


def _asked(answer: Answer, relation: str) -> bool:
    """Whether a target, or a relation that a target asks for, uses a linked relation."""
    wanted = [target.indicator for target in answer.sheet.targets.values() if target.judged]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in seen or name not in answer.sheet.relations:
            continue
        seen.add(name)
        wanted += answer.sheet.relations[name].drivers
    return relation in seen


def units_of(answer: Answer) -> Callable[[str], str]:
    """What gives the unit of a number by its path, as scenarios write it."""
    known, declared = answer.loaded.quantities(), _units(answer)
    return lambda path: known[path].unit or _unit(answer, path, declared.get(path, ""))


def _units(answer: Answer) -> dict[str, str]:
    """The unit that each number's field declares, by path."""
    return {quantity.path: unit for quantity, unit in with_units(answer.scenario, "")}


def _reason(answer: Answer, quantity: Quantity) -> Bilingual | None:
    """The source in words, or why the number is assumed."""
    if quantity.source is None:
        return quantity.assumption
    source = answer.scenario.sources.get(quantity.source)
    if source and (source.zh or source.en):
        return Bilingual(zh=source.zh, en=source.en)
    return Bilingual.same(quantity.source)


def written_in(origin: str) -> str:
    """File and line; where a folder of the user stands on his machine is no result.

    >>> written_in("folder/plan.yaml:6:44"), written_in("example:a/b.yaml:7:1")
    ('plan.yaml:6', 'example:a/b.yaml:7')
    """
    place = re.sub(r"(:\d+):\d+$", r"\1", origin)
    return place if place.startswith("example:") else re.split(r"[/\\]", place)[-1]


def with_units(part: Any, unit: str) -> Iterator[tuple[Quantity, str]]:
    """Every quantity with the unit that its field declares."""
    if isinstance(part, Quantity):
        yield part, unit
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            extra = field.json_schema_extra
            own = unit_in_use(str(extra.get("unit", ""))) if isinstance(extra, dict) else ""
            yield from with_units(getattr(part, name), own)
    elif isinstance(part, dict):
        for each in part.values():
            yield from with_units(each, unit)
    elif isinstance(part, tuple):
        for each in part:
            yield from with_units(each, unit)


def _unit(answer: Answer, path: str, unit: str) -> str:
    """The unit, where it follows from another key: of a limit from its kind, of a target from its
    indicator."""
    if not _DEPENDS.search(unit):
        return "" if unit == "1" else unit
    head, _, rest = path.partition(".")
    key, _, name = rest.partition(".")
    if head == "limits" and key in answer.scenario.limits:
        own = limit_unit(answer, key)
        return f"{MONEY}/{own}" if name == "price" and own != MONEY else "" if name == "price" else own
    if unit in (AMOUNT, YEARLY, PRICE):
        return _of_chain(answer, head, key, unit)
    if head == "targets" and key in answer.sheet.targets:
        return answer.sheet.targets[key].unit
    if head == "history" and name in answer.sheet.targets:
        return answer.sheet.targets[name].unit
    if head == "indicators" and key in answer.scenario.indicators:
        own = answer.scenario.indicators[key].unit or ""
        return own if name == "base" else f"{own}/{MONEY}"
    if head == "relations" and name == "constant" and key in answer.scenario.relations:
        return answer.scenario.relations[key].unit
    return ""


def _of_chain(answer: Answer, head: str, key: str, unit: str) -> str:
    """The unit of a chain's amounts or prices, or of the capacity that a project adds to it."""
    scenario = answer.scenario
    if head == "projects":
        key = str(getattr(scenario.sectors[scenario.projects[key].sector], "chain", ""))
    units = scenario.chains[key].units if key in scenario.chains else Units()
    return units.price if unit == PRICE else units.amount


def sources(answer: Answer) -> Table:
    """Where numbers were read, and how many stand on each source."""
    stated = answer.scenario.sources
    used = Counter(quantity.source for quantity in answer.loaded.quantities().values())
    columns = (
        Column("source", msg("Source id"), shown=False, value=str),
        Column(
            "title",
            msg("Source"),
            value=lambda key: Bilingual(
                zh=stated[key].zh or stated[key].en or key, en=stated[key].en or stated[key].zh or key
            ),
        ),
        Column("date", msg("Date"), optional=True, value=lambda key: stated[key].date or None),
        Column("numbers", msg("Numbers"), digits=0, value=lambda key: used[key]),
        Column("url", msg("Address"), optional=True, value=lambda key: stated[key].url or None),
    )
    return declare("sources", msg("Sources"), columns, (key for key in stated if key in used), ("source",))
