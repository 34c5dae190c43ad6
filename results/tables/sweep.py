"""A sweep in one table: medians, chances and verdicts by scenario, setting and outlook (批量汇总)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...models.quantity import Bilingual
from ...models.target import Rung
from ...models.words import msg
from ..text.format import unit_text
from ..text.wording import SHEET
from .chances import fine, rough
from .table import Column, Table, declare
from .verdict import SHEET_ID

CEILING, ENSURE, STRETCH = "at_most", "ensure", "stretch"
AS_STATED = msg("as the scenario has it")
_RUNGS = [rung.name.lower() for rung in Rung]


@dataclass(frozen=True)
class Judged:
    """A target, or all together, in the tasks that differ in the seed alone; numbers are means over them."""

    scenario: str
    setting: str
    outlook: str
    draws: int | None
    tasks: int
    failed: int
    target: str = ""
    first: dict[str, Any] = field(default_factory=dict)
    median: float | None = None
    low: float | None = None
    high: float | None = None
    spread: float | None = None
    thresholds: dict[str, float | None] = field(default_factory=dict)
    chances: dict[str, float | None] = field(default_factory=dict)
    rungs: dict[str, str] = field(default_factory=dict)
    solver: str = ""
    stand_in: str = ""
    """What was told of another solver that answered in its place, in any of the tasks."""

    @property
    def digits(self) -> int | None:
        """Digits of the target."""
        return self.first.get("digits")

    @property
    def fine(self) -> int | None:
        """Digits of its values: one more."""
        return None if self.digits is None else self.digits + 1


@dataclass(frozen=True)
class Group:
    """Tasks that differ in the seed alone: records of those that are done, and how many failed."""

    scenario: str
    setting: str
    outlook: str
    draws: int | None
    done: Sequence[Sequence[dict[str, Any]]]
    failed: int


def judged(group: Group) -> Iterator[Judged]:
    """The main targets of a group and all targets together; one empty row where nothing was done."""
    head = (group.scenario, group.setting, group.outlook, group.draws)
    count = (len(group.done) + group.failed, group.failed)
    found: dict[str, list[dict[str, Any]]] = {}
    for records in group.done:
        for each in records:
            if each.get("main") or each["target"] == SHEET_ID:
                found.setdefault(each["target"], []).append(each)
    if not found:
        yield Judged(*head, *count)
    for target, records in sorted(found.items(), key=lambda pair: pair[0] == SHEET_ID):
        first = records[0]
        same = [each for each in records if each["tier"] == first["tier"]]
        medians = [each["median"] for each in same]
        tiers: dict[str, list[dict[str, Any]]] = {}
        for each in records:
            tiers.setdefault(ENSURE if each["tier"] == CEILING else each["tier"], []).append(each)
        yield Judged(
            *head,
            *count,
            target,
            first,
            _mean(medians),
            _mean([each["low"] for each in same]),
            _mean([each["high"] for each in same]),
            _spread(medians),
            {tier: own[0]["threshold"] for tier, own in tiers.items()},
            {tier: _mean([each["chance"] for each in own]) for tier, own in tiers.items()},
            {tier: _usual([each["rung"] for each in own]) for tier, own in tiers.items()},
            _each(records, "solver"),
            _each(records, "stand_in"),
        )


def _each(records: Iterable[dict[str, Any]], name: str) -> str:
    """What any of the tasks say, each once; those of an earlier version say nothing."""
    return "; ".join(dict.fromkeys(said for each in records if (said := each.get(name))))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _spread(values: Sequence[float | None]) -> float | None:
    """Standard deviation over the seeds."""
    known, middle = [value for value in values if value is not None], _mean(values)
    if len(known) < 2 or middle is None:
        return None
    return float((sum((value - middle) ** 2 for value in known) / (len(known) - 1)) ** 0.5)


def _usual(rungs: Sequence[str]) -> str:
    """The rung of most seeds, of several the lowest."""
    counts = Counter(rungs)
    return max(counts, key=lambda rung: (counts[rung], _RUNGS.index(rung) if rung in _RUNGS else -1))


def _rung(said: str | None) -> Bilingual | None:
    return Rung[said.upper()].value if said in _RUNGS and said else None


def _title(row: Judged) -> Bilingual | None:
    if not row.target:
        return None
    if row.target == SHEET_ID:
        return SHEET
    return Bilingual(zh=row.first["title_zh"], en=row.first["title_en"])


def _tier(tier: str, name: str, chance: Bilingual, verdict: Bilingual) -> tuple[Column, ...]:
    """Columns of a tier."""
    return (
        rough(
            f"{name}_threshold", msg("Target value"), value=lambda row: row.thresholds.get(tier), shown=False
        ),
        Column(
            f"{name}_chance",
            chance,
            digits=2,
            fraction="chance",
            optional=True,
            value=lambda row: row.chances.get(tier),
        ),
        Column(f"{name}_rung_id", msg("Rung id"), shown=False, value=lambda row: row.rungs.get(tier)),
        Column(f"{name}_rung", verdict, optional=True, value=lambda row: _rung(row.rungs.get(tier))),
    )


def _label(said: str) -> Bilingual:
    return Bilingual.same(said) if said else AS_STATED


def sweep_table(groups: Iterable[Group]) -> Table:
    """The summary of a sweep, a row for every main target of every group."""
    columns = (
        Column("scenario", msg("Scenario", context="sweep")),
        Column("setting", msg("Setting", context="sweep"), value=lambda row: _label(row.setting)),
        Column("outlook", msg("Outlook", context="sweep"), value=lambda row: _label(row.outlook)),
        Column("draws", msg("Draws"), digits=0, optional=True, terminal=False),
        Column("tasks", msg("Tasks", context="sweep"), digits=0, shown=False),
        Column(
            "failed",
            msg("Failed", context="sweep"),
            digits=0,
            optional=True,
            value=lambda row: row.failed or None,
        ),
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target"), value=_title),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.first.get("unit", ""))),
        fine("median", msg("Median")),
        fine("low", msg("10 % below"), terminal=False),
        fine("high", msg("10 % above"), terminal=False),
        fine("spread", msg("Spread over seeds"), terminal=False, optional=True),
        *_tier(ENSURE, ENSURE, msg("Chance of the minimum"), msg("Verdict on the minimum")),
        *_tier(STRETCH, STRETCH, msg("Chance of the stretch"), msg("Verdict on the stretch")),
        Column("solver", msg("Solver", context="sweep"), shown=False, value=lambda row: row.solver or None),
        Column(
            "stand_in",
            msg("Another solver answered", context="sweep"),
            optional=True,
            value=lambda row: row.stand_in or None,
        ),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("fine", msg("Digits of the projection"), digits=0, shown=False),
    )
    note = msg(
        "Chances and medians are means over the seeds, verdicts those of most seeds, of several the lowest. A"
        " ceiling counts as a minimum."
    )
    rows = (row for group in groups for row in judged(group))
    return declare("sweep", msg("Sweep"), columns, rows, (), note)
