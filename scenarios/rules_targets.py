"""Rules of the target sheet and of linked indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..models.errors import Said
from ..models.indicators import DRIVERS, INDICATORS
from ..models.quantity import Bilingual
from ..models.sectors.agriculture import AgricultureParameters
from ..models.sectors.process_chain import ProcessChainParameters
from ..models.span import MEASURES
from ..models.words import in_a_list, msg
from .findings import Draft, Finding, circles, refers
from .indicator_names import suggested
from .report import joined, one_of, shown
from .schema import TargetSpec, Years


def targets_are_known(draft: Draft) -> Iterator[Finding]:
    """A target asks for an indicator that an equation or a relation gives; else it is stated, and says so."""
    known = dict.fromkeys((*INDICATORS, *draft.ids("indicators"), *draft.ids("relations")))
    coverable = {kind: _coverable(draft, kind) for kind in COVERED}
    for key, target in draft.scenario.targets.items():
        path, name = f"targets.{key}", target.indicator or key
        if target.basis == "stated":
            if target.title is None:
                yield Finding(path, msg("a stated target without `title`"), "`title: {zh: ..., en: ...}`")
        elif name not in known:
            yield Finding(
                f"{path}.indicator" if target.indicator else path,
                msg("the indicator {name}", name=shown(name)),
                one_of(known, 30),
                joined(suggested(name, known), msg("or `basis: stated` for a target that is only shown")),
            )
        elif name in INDICATORS:
            yield from _covers(target, path, name, coverable)
        elif name in draft.ids("indicators") and target.covers:
            yield Finding(
                f"{path}.covers",
                one_of(target.covers),
                msg("no `covers`: {name} counts what its coefficients say", name=name),
            )


def _covers(
    target: TargetSpec, path: str, name: str, coverable: Mapping[str, Collection[str] | None]
) -> Iterator[Finding]:
    """What an indicator adds up exists, and is said where it must be."""
    kind = INDICATORS[name].covers
    if not kind:
        if target.covers:
            yield Finding(
                f"{path}.covers", one_of(target.covers), msg("no `covers`: {name} adds nothing up", name=name)
            )
        return
    if not target.covers:
        yield Finding(
            path, msg("no `covers`"), msg("the {parts} that {name} adds up", parts=COVERED[kind], name=name)
        )
    known = coverable[kind]
    if known is not None:
        yield from refers(target.covers, known, f"{path}.covers[{{index}}]", COVERED[kind])


COVERED = {
    "sectors": msg("sectors or groups"),
    "goods": msg("materials, sectors or groups"),
    "crops": msg("crops"),
}


def _coverable(draft: Draft, kind: str) -> Collection[str] | None:
    """The names that an indicator can add up; None where parts of them are not known to be right."""
    if not draft.sound("sectors", "chains", "national"):
        return None
    scenario = draft.scenario
    if kind == "crops":
        return {
            crop: None
            for sector in scenario.sectors.values()
            if isinstance(sector, AgricultureParameters)
            for crop in sector.crops
        }
    names = [*scenario.sectors, *scenario.national.groups]
    for key, sector in scenario.sectors.items():
        if isinstance(sector, ProcessChainParameters):
            if sector.chain not in scenario.chains:
                return None
            names += [f"{key}/{process}" for process in (*scenario.chains[sector.chain].processes, "other")]
            names += scenario.chains[sector.chain].materials if kind == "goods" else ()
    return dict.fromkeys(names)


def tiers_are_ordered(draft: Draft) -> Iterator[Finding]:
    """A verdict needs a tier; to stretch is to reach higher than to ensure; a ceiling has no tiers.

    A row without tier is shown and not judged; it cannot be the whole sheet, nor stand in the verdict.
    """
    tiers = one_of(("`ensure`", "`stretch`", "`at_most`"))
    if draft.sound("targets") and not any(
        t.said or t.ensure or t.stretch or t.at_most for t in draft.scenario.targets.values()
    ):
        yield Finding(
            "targets",
            msg("no tier anywhere"),
            msg("{tiers} in one target at least", tiers=tiers),
            msg("there is nothing to judge"),
        )
    for key, target in draft.scenario.targets.items():
        path = f"targets.{key}"
        if target.main and not (target.said or target.ensure or target.stretch or target.at_most):
            yield Finding(
                path, msg("`main` without a tier"), tiers, msg("without a tier the row is only shown")
            )
        if target.ensure and target.stretch and target.stretch.value < target.ensure.value:
            yield Finding(
                f"{path}.stretch",
                f"{target.stretch.value:g}",
                msg("at least `ensure`, {value:g}", value=target.ensure.value),
                msg("are the two exchanged?"),
            )
        if target.at_most and (target.ensure or target.stretch):
            yield Finding(
                f"{path}.at_most",
                msg("a ceiling beside a tier to reach"),
                msg("one of them"),
                msg("write two targets"),
            )


def spans_are_ahead(draft: Draft) -> Iterator[Finding]:
    """A row speaks of one year or of several in a row, all after the base year and none after the target
    year."""
    if not draft.sound("years"):
        return
    years = draft.scenario.years
    ahead = (
        msg("years from {first} to {last}", first=str(years.first), last=str(years.target))
        if years.target > years.first
        else msg("the year {year}", year=str(years.target))
    )
    for key, target in draft.scenario.targets.items():
        path = f"targets.{key}"
        if target.year is not None and (target.over or target.measure):
            yield Finding(
                f"{path}.year",
                msg("`year` beside `{name}`", name="over" if target.over else "measure"),
                msg("one of them"),
                msg("`year: 2028` is one year, `over: [2026, 2030]` with `measure` several"),
            )
            continue
        if target.over and len(target.over) != 2:
            found = in_a_list(Bilingual.same(str(year)) for year in target.over)
            yield Finding(f"{path}.over", found, msg("two years: the first and the last"))
            continue
        if target.over and target.measure is None:
            yield Finding(
                path, msg("`over` without `measure`"), one_of([f"`measure: {name}`" for name in MEASURES])
            )
        if target.year is None and not target.over:
            continue
        first, last = target.span(years)
        if first > last:
            yield Finding(
                f"{path}.over",
                msg("{first} before {last}", first=str(first), last=str(last)),
                msg("the first year before the last"),
                msg("are the two exchanged?"),
            )
        elif not years.first <= first <= last <= years.target:
            yield Finding(
                f"{path}.{'year' if target.year is not None else 'over'}",
                str(first) if first == last else f"{first}-{last}",
                ahead,
                _beyond(first, last, years),
            )


def _beyond(first: int, last: int, years: Years) -> Said:
    """What to do about years that the sheet does not reach."""
    if first < years.first:
        return msg("the base year {base} and what lies before it are known already", base=str(years.base))
    return msg(
        "`years.target: {last}` makes {last} the sheet's year; rows of {target} then say `year: {target}`",
        last=str(last),
        target=str(years.target),
    )


def rows_can_stand_together(draft: Draft) -> Iterator[Finding]:
    """Two rows of one indicator and the same years leave room between the highest floor and the lowest
    ceiling."""
    rows: dict[tuple[object, ...], list[tuple[str, TargetSpec]]] = {}
    for key, target in draft.scenario.targets.items():
        if target.basis != "stated":
            years = (target.year, target.over, target.measure)
            name = (target.indicator or key, frozenset(target.covers), years)
            rows.setdefault(name, []).append((key, target))
    for own in rows.values():
        floors = [
            (key, tier, quantity)
            for key, target in own
            for tier in ("ensure", "stretch")
            if (quantity := getattr(target, tier))
        ]
        for key, target in own:
            for other, tier, floor in floors:
                if target.at_most and floor.value > target.at_most.value:
                    yield Finding(
                        f"targets.{key}.at_most",
                        msg(
                            "at most {value:g} beside `targets.{other}.{tier}`, at least {floor:g}",
                            value=target.at_most.value,
                            other=other,
                            tier=tier,
                            floor=floor.value,
                        ),
                        msg("at least {value:g}, or a lower tier there", value=floor.value),
                        msg("the two rows cannot both be met"),
                    )


def ranges_are_said(draft: Draft) -> Iterator[Finding]:
    """A tier is a number; a range is a floor and a ceiling in two rows."""
    for key, target in draft.scenario.targets.items():
        for tier in ("ensure", "stretch", "at_most"):
            stated = getattr(target, tier)
            if stated is not None and (
                stated.distribution is not None or {stated.low, stated.high} - {None, stated.value}
            ):
                yield Finding(
                    f"targets.{key}.{tier}",
                    msg("an uncertain range"),
                    msg("one number"),
                    msg(
                        "a target from 7 to 8: `ensure: 7`, `stretch: 8`; a ceiling is a second row with"
                        " `indicator` and `at_most: 8`"
                    ),
                )


def relations_refer(draft: Draft) -> Iterator[Finding]:
    """A linked indicator follows from drivers that are known, and never from itself."""
    relations = draft.scenario.relations
    plain = [name for name, indicator in INDICATORS.items() if not indicator.covers]
    known = dict.fromkeys((*DRIVERS, *plain, *draft.ids("indicators"), *draft.ids("relations")))
    follows = {key: list(relation.drivers) for key, relation in relations.items()}
    for key, relation in relations.items():
        path = f"relations.{key}"
        for name in relation.drivers:
            if name not in known:
                needs = msg("it needs `covers`, which a relation cannot say") if name in INDICATORS else ""
                yield Finding(
                    f"{path}.drivers.{name}",
                    msg("the driver {name}", name=shown(name)),
                    one_of(known, 30),
                    needs or suggested(name, known),
                )
        if key in INDICATORS:
            yield Finding(
                path,
                msg("the name {name}, which is an indicator of the product", name=shown(key)),
                msg("a name of its own"),
            )
    for way in circles(follows):
        yield Finding(
            f"relations.{way[0]}.drivers.{way[1]}",
            msg("a circle: {way}", way=" -> ".join(way)),
            msg("relations that do not follow from themselves"),
        )


def history_refers(draft: Draft) -> Iterator[Finding]:
    """What the base year brought is told of rows of the sheet and of sectors that exist."""
    if not draft.sound("history", "national"):
        return
    history, scenario = draft.scenario.history, draft.scenario
    rows = dict.fromkeys(
        (*draft.ids("targets"), *INDICATORS, *draft.ids("indicators"), *draft.ids("relations"))
    )
    yield from refers(history.outcomes, rows, "history.outcomes.{}", msg("a key of `targets`"))
    if draft.sound("years"):
        yield from _past_years(draft)
    parts = dict.fromkeys((*draft.ids("sectors"), *scenario.national.groups))
    yield from refers(
        history.growth, parts, "history.growth.{}", msg("a sector or a group of the national table")
    )
    yield from refers(
        history.swing, {**parts, "gdp": None}, "history.swing.{}", msg("`gdp`, a sector or a group")
    )


def later_years(draft: Draft) -> Iterator[Finding]:
    """The nation's outlook beyond the first year is of years of the horizon, as four digits."""
    if not draft.sound("years", "outlook"):
        return
    years = draft.scenario.years
    for year in draft.scenario.outlook.change:
        if not (year.isdecimal() and len(year) == 4 and years.first < int(year) <= years.last):
            hint = (
                msg("a year from {first} to {last}, as four digits", first=years.first + 1, last=years.last)
                if years.last > years.first
                else msg("a later `years.last` first")
            )
            yield Finding(f"outlook.change.{year}", msg("the key {name}", name=shown(year)), hint)


def _past_years(draft: Draft) -> Iterator[Finding]:
    """History is of years, as four digits, up to the base year; of the year after it the official target
    alone may be known."""
    base, first = draft.scenario.years.base, draft.scenario.years.first
    for year, row in draft.scenario.history.years.items():
        path = f"history.years.{year}"
        if not (year.isdecimal() and len(year) == 4 and base - LONGEST_HISTORY <= int(year) <= first):
            yield Finding(
                path,
                msg("the key {name}", name=shown(year)),
                msg("a year from {first} to {last}, as four digits", first=base - LONGEST_HISTORY, last=base),
                msg("or {year}, of which the target alone may be stated", year=first),
            )
        elif int(year) == first and row.growth is not None:
            yield Finding(
                f"{path}.growth",
                f"{row.growth.value:g}",
                msg("no growth of {year}, the year to come", year=first),
                msg("its target may be stated here"),
            )


LONGEST_HISTORY = 50
"""Years before the base year that a history may reach back."""
