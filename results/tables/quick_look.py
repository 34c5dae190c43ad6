"""The quick look as tables: linear effects, their errors, chances by shift, what an exact run is asked
(速算)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ...engine.diagnose.quick_look import (
    GDP,
    Lever,
    QuickLook,
    Typed,
    largest,
    limit_id,
)
from ...engine.diagnose.tested import PART_TESTED, POINTS_TESTED, QUARTERS
from ...models.money import MONEY
from ...models.quantity import Bilingual, FloatArray
from ...models.words import in_a_list, msg
from ..text.format import unit_text
from ..text.wording import TIERS, in_points, limit_unit
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer

KINDS: dict[str, Bilingual] = {
    "money": msg("Total investment, same mix"),
    "share": msg("Share of a sector, taken from the others in proportion"),
    "later": msg("Project later"),
    "sooner": msg("Project sooner"),
}
UNITS: dict[str, str] = {"money": MONEY, "share": "points"}
QUARTER = msg("quarter")
"""The unit of a delay; those of other levers are :data:`UNITS`."""
FINE = 5
"""Digits of an effect."""


@dataclass(frozen=True)
class Moved:
    """Something that moves: what it is called among the effects, its name, unit, digits and ends; ``sign`` is
    -1 for a least."""

    id: str
    kind: str
    title: Bilingual
    unit: str
    digits: int
    plan: float
    sign: float = 1.0
    ensure: float | None = None
    stretch: float | None = None
    at_most: float | None = None
    margin: float = 0.0


def quick_tables(answer: Answer) -> dict[str, Table]:
    """All tables of the quick look; none where it was not made."""
    found = answer.quick
    if found is None:
        return {}
    moved = list(_moved(answer, found))
    made = (
        _effects(answer, found, moved),
        _answers(found, moved, answer),
        _chances(found),
        _typed(answer, found),
    )
    return {table.name: table for table in made}


def _moved(answer: Answer, found: QuickLook) -> Iterator[Moved]:
    """Main targets, GDP, and limits that answer linearly."""
    for target in found.targets:
        yield Moved(
            target.id,
            "target",
            target.title,
            target.unit,
            target.digits + 1,
            found.plan[target.id],
            1.0,
            target.ensure,
            target.stretch,
            target.at_most,
            target.margin,
        )
    base = answer.economy.base_year
    title = msg("GDP {now} ({base} prices), central case", now=base + answer.year, base=base)
    yield Moved(GDP, "level", title, MONEY, 1, found.plan[GDP])
    for bound in found.limits:
        limit, sign = answer.scenario.limits[bound.id], bound.sign
        most = sign * bound.most
        yield Moved(
            limit_id(bound),
            "limit",
            limit.title,
            limit_unit(answer, bound.id),
            2,
            sign * found.plan[limit_id(bound)],
            sign,
            ensure=most if sign < 0 else None,
            at_most=most if sign > 0 else None,
        )


def _effects(answer: Answer, found: QuickLook, moved: list[Moved]) -> Table:
    """One row a lever: what a unit of it does."""
    scenario = answer.scenario

    def name(lever: Lever) -> Bilingual:
        if lever.kind == "money":
            return KINDS["money"]
        if lever.kind == "share":
            return scenario.sectors[lever.of].title
        return scenario.projects[lever.of].title

    def effect(own: Moved) -> Iterator[Column]:
        yield Column(
            f"effect_{own.id}",
            own.title,
            in_points(own.unit),
            FINE,
            signed=True,
            value=lambda lever: own.sign * lever.effects[own.id],
        )
        yield Column(
            f"error_{own.id}",
            msg("Largest error, {title}", title=own.title),
            in_points(own.unit),
            FINE,
            signed=True,
            shown=False,
            value=lambda lever: own.sign * lever.errors[own.id],
        )

    columns = (
        Column("kind_id", msg("Kind id"), shown=False, value=lambda lever: lever.kind),
        Column("of", msg("Sector or project id"), shown=False),
        Column("kind", msg("What is changed"), value=lambda lever: KINDS[lever.kind]),
        Column("title", msg("Of what"), value=name),
        Column("unit", msg("Per"), value=lambda lever: unit_text(UNITS.get(lever.kind, "")) or QUARTER),
        Column("stated", msg("In the plan"), digits=2, value=lambda lever: lever.stated),
        Column("least", msg("Named projects need"), MONEY, 2, shown=False),
        *_rooms(answer),
        Column(
            "tested",
            msg("Moves tested"),
            value=lambda lever: Bilingual.same(", ".join(f"{step:+.4g}" for step in lever.tested)),
        ),
        *(column for own in moved for column in effect(own)),
    )
    note = msg(
        "Linear effects, each simulated with one thing changed and all else equal: the mean change over"
        " {futures} futures (of delays {few}). A point of the mix moved into a sector is taken from the"
        " others in proportion to their shares. A project comes a quarter (3 months) later or sooner than"
        " expected; the largest unfinished ones that do anything are listed. Any change of the mix that keeps"
        " 100 % has the effect of the sum over sectors of its change × (1 − share in the plan) × effect.",
        futures=found.futures,
        few=found.few,
    )
    title = msg("Quick look (approximate)")
    return declare("quick_look", title, columns, found.levers, ("kind_id", "of"), note)


def _rooms(answer: Answer) -> Iterator[Column]:
    """What limits leave a sector, and which ones, for the workbook."""
    limits = answer.scenario.limits

    def end(name: str, lever: Lever) -> float | None:
        value = float(getattr(lever.room, name))
        return value if getattr(lever.room, f"{name}_by") else None

    def which(name: str, lever: Lever) -> Bilingual | None:
        key = getattr(lever.room, f"{name}_by")
        return limits[key].title if key else None

    for name, title, unit in (
        ("low", msg("Limits ask for"), MONEY),
        ("high", msg("Limits allow"), MONEY),
        ("shift", msg("Limits let a share move by"), "points"),
    ):
        yield Column(name, title, unit, 2, shown=False, value=partial(end, name))
        by = msg("{title}: which limit", title=title)
        yield Column(f"{name}_by", by, shown=False, value=partial(which, name))


def _answers(found: QuickLook, moved: list[Moved], answer: Answer) -> Table:
    """One row for each thing that moves: the plan, the tiers, and the largest errors by what is changed."""

    def error(name: str, title: Bilingual, *kinds: str) -> Column:
        def value(own: Moved) -> float | None:
            errors = [lever.errors for lever in found.levers if lever.kind in kinds]
            return abs(largest(errors)[own.id]) if errors else None

        return Column(name, title, digits=3, value=value)

    def median(own: Moved) -> float | None:
        return abs(found.medians[own.id]) if own.id in found.medians else None

    def of_chance(tier: str, own: Moved) -> float | None:
        off = found.chances.get((own.id, tier))
        return None if off is None else abs(off)

    def together(own: Moved) -> float | None:
        return abs(found.together[own.id]) if found.together else None

    money, points, quarters = 100 * PART_TESTED, POINTS_TESTED, QUARTERS[-1]
    all_at_once = msg("Error, all at once")
    columns = (
        Column("id", msg("Id"), shown=False),
        Column("kind", msg("Kind id"), shown=False),
        Column("title", msg("What moves")),
        Column("unit", msg("Unit"), value=lambda own: unit_text(own.unit)),
        Column("digits", msg("Digits"), digits=0, shown=False),
        Column("plan", msg("Plan"), digits_from="digits"),
        Column("margin", msg("Margin of confidence"), digits=3, shown=False),
        Column("ensure", msg("At least"), digits_from="digits", optional=True),
        Column("stretch", TIERS["stretch"], digits_from="digits", optional=True),
        Column("at_most", TIERS["at_most"], digits_from="digits", optional=True),
        error("error_money", msg("Error, total ±{part:g} %", part=money), "money"),
        error("error_share", msg("Error, mix ±{points:g} points", points=points), "share"),
        error(
            "error_delay", msg("Error, delay ±{quarters:g} quarters", quarters=quarters), "later", "sooner"
        ),
        Column("error_together", all_at_once, digits=3, value=together),
        Column("error_median", msg("Error of the median"), digits=3, value=median),
        *(
            Column(
                f"error_chance_{tier}",
                msg("Error of the chance, {name}", name=title),
                digits=3,
                fraction="points",
                optional=True,
                value=partial(of_chance, tier),
            )
            for tier, title in TIERS.items()
        ),
    )
    return declare("quick_answers", msg("Quick look: errors"), columns, moved, ("id",), _note(found, answer))


def _note(found: QuickLook, answer: Answer) -> Bilingual:
    """What the errors are, and which limits are left to an exact run."""
    note = msg(
        "Errors: the largest difference, whatever its sign, between what simulation gives and what the"
        " linear effects give, in the unit of the row. By what is changed: over all sectors or listed"
        " projects, means over the same futures; all at once: total +{part:g} %, +{points:g} points into the"
        " sector that does most and the largest project a quarter later, and the reverse. Of the median and"
        " the chance: moves of the total and of that sector in {judged:,} futures, as an exact run tells"
        " them; delays are left out there. A chance is read from the plan's futures, each moved by the same"
        " amount.",
        part=100 * PART_TESTED,
        points=POINTS_TESTED,
        judged=found.judged,
    )
    if not found.bent:
        return note
    bent = msg(
        "These limits do not answer linearly; only the exact run judges them: {limits}.",
        limits=in_a_list(answer.scenario.limits[bound.id].title for bound in found.bent),
    )
    return msg("{first} {second}", first=note, second=bent)


class _Step(NamedTuple):
    """A place in the tables of chances."""

    step: int


def _at(values: FloatArray, row: _Step) -> float:
    """What stands at a step."""
    return float(values[row.step])


def _chances(found: QuickLook) -> Table:
    """Chances by how far every future is moved."""
    columns = [Column("step", msg("Step"), digits=0, value=lambda row: row.step)]
    for target in found.targets:
        curve = found.curves[target.id]
        columns.append(
            Column(
                f"shift_{target.id}",
                msg("Every future moved by: {title}", title=target.title),
                in_points(target.unit),
                4,
                signed=True,
                value=partial(_at, curve.shifts),
            )
        )
        columns += [
            Column(
                f"chance_{target.id}_{tier}",
                msg("{name}, {tiers}: chance", name=target.title, tiers=TIERS[tier]),
                digits=3,
                fraction="chance",
                value=partial(_at, own),
            )
            for tier, own in curve.chances.items()
        ]
    count = len(next(iter(found.curves.values())).shifts)
    note = msg(
        "Share of the plan's futures that reach a tier where each is moved by the same amount; the quick look"
        " reads between the steps in a straight line."
    )
    title = msg("Quick look: chances")
    return declare("quick_chances", title, columns, [_Step(at) for at in range(count)], ("step",), note)


class _Set(NamedTuple):
    """A number that an exact run is asked with, for a lever."""

    lever: Lever
    typed: Typed


def _typed(answer: Answer, found: QuickLook) -> Table:
    """What is set for an exact run: a constant and so much per unit of what is entered."""
    rows = [_Set(lever, typed) for lever in found.levers for typed in lever.typed]
    columns = (
        Column("kind_id", msg("Kind id"), shown=False, value=lambda row: row.lever.kind),
        Column("of", msg("Sector or project id"), shown=False, value=lambda row: row.lever.of),
        Column("kind", msg("What is changed"), value=lambda row: KINDS[row.lever.kind]),
        Column("path", msg("Set", context="table_quick_look"), value=lambda row: row.typed.path),
        Column("constant", msg("Constant"), digits=6, value=lambda row: row.typed.constant),
        Column("per", msg("Per unit entered"), digits=6, value=lambda row: row.typed.per),
    )

    note = msg(
        "For an exact run each of these is set (`--set PATH=VALUE`) to the constant plus so much per unit of"
        " the new total, of the new share (%) or of the delay (quarters). Ranges move along, so that the"
        " doubt stays what it is; what the mix was in the base year is held. An exact run takes what is typed"
        " for the plan as written: limits that count from the plan start from there."
    )
    if lost := [lever for lever in found.levers if not lever.typed and lever.kind != "sooner"]:
        projects = answer.scenario.projects
        names = [projects[each.of].title if each.kind == "later" else KINDS[each.kind] for each in lost]
        more = msg(
            "A number with a distribution of its own is changed in the file, not typed: {names}.",
            names=in_a_list(names),
        )
        note = msg("{first} {second}", first=note, second=more)
    if answer.scenario.projects and answer.scenario.listing.slip is None:
        more = msg(
            "The usual delay of works (`listing.slip`) is not stated and is read from the list: an exact run"
            " with another delay may read another one."
        )
        note = msg("{first} {second}", first=note, second=more)
    title = msg("Quick look: exact run")
    return declare("quick_typed", title, columns, rows, ("path",), note)
