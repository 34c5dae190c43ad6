"""Rules of indicators of one's own, and of limits on them."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.indicators import DRIVERS, INDICATORS
from ..models.satellite import TOTALS
from ..models.words import msg
from .findings import Draft, Finding, refers
from .indicator_names import suggested
from .own_indicators import level_unit, ratio_scale
from .report import meant, one_of, shown
from .schema import IndicatorSpec, Limit


def indicators_are_made(draft: Draft) -> Iterator[Finding]:
    """An indicator of one's own has coefficients of parts that exist, or is made of others that have."""
    for key, own in draft.scenario.indicators.items():
        path = f"indicators.{key}"
        if key in INDICATORS or key in DRIVERS or key in TOTALS or key in draft.ids("relations"):
            yield Finding(
                path,
                msg("the name {name}, which is taken", name=shown(key)),
                msg("a name of its own"),
            )
        yield from _of_others(draft, path, own) if own.of else _of_sectors(draft, path, own)


def _of_sectors(draft: Draft, path: str, own: IndicatorSpec) -> Iterator[Finding]:
    """Coefficients of sectors, branches, classes or groups, each with a unit."""
    if own.over:
        yield Finding(
            f"{path}.over",
            msg("`over` beside `coefficients`"),
            msg("`of` and `over`: keys of two indicators"),
            msg("state the coefficients as an indicator of its own, and the ratio as another"),
        )
    if not own.coefficients:
        yield Finding(path, msg("neither `coefficients` nor `of`"), msg("one of them"))
    if own.unit is None:
        yield Finding(path, msg("no `unit`"), msg("the unit of what is counted, such as 万人"))
    scenario = draft.scenario
    chains = [sector.chain for sector in scenario.sectors.values() if hasattr(sector, "chain")]
    if draft.sound("sectors", "chains", "national") and all(name in scenario.chains for name in chains):
        branches = [
            f"{name}/{process}"
            for name, sector in scenario.sectors.items()
            if (chain := scenario.chains.get(getattr(sector, "chain", "")))
            for process in (*chain.processes, "other")
        ]
        known = dict.fromkeys(
            (*scenario.sectors, *branches, *scenario.national.groups, *scenario.national.classes)
        )
        yield from refers(
            own.coefficients,
            known,
            f"{path}.coefficients.{{}}",
            msg("a sector, a branch, or a class or group of the national table"),
        )
    yield from refers(
        own.growth_of, own.coefficients, f"{path}.growth_of.{{}}", msg("a key of its `coefficients`")
    )


def _of_others(draft: Draft, path: str, own: IndicatorSpec) -> Iterator[Finding]:
    """Made of other indicators, it states nothing that they state; their units make its own."""
    for name in ("coefficients", "growth", "growth_of", "base"):
        if getattr(own, name):
            yield Finding(
                f"{path}.{name}",
                msg("`{name}` beside `of`", name=name),
                msg("it in `indicators.{of}`, whose coefficients these are", of=own.of or ""),
            )
    counted = {key: None for key, each in draft.scenario.indicators.items() if not each.of}
    known = dict.fromkeys((*counted, *TOTALS))
    whole = True
    for field in ("of", "over"):
        name = getattr(own, field)
        if name is not None and name not in known and draft.sound(f"indicators.{name}"):
            whole = False
            made = draft.scenario.indicators.get(name)
            yield Finding(
                f"{path}.{field}",
                msg("the indicator {name}", name=shown(name)),
                one_of(known, 30),
                msg("it has no coefficients itself: name what it is made of, `{of}`", of=made.of or "")
                if made
                else meant(name, known),
            )
    if own.kind == "growth" and own.unit not in (None, "%"):
        yield Finding(f"{path}.unit", shown(own.unit), '"%"', msg("growth is in %"))
    if own.kind == "level" and own.unit and not own.over and whole:
        counted_in = level_unit(draft.scenario, own)
        if own.unit != counted_in:
            yield Finding(f"{path}.unit", shown(own.unit), f'"{counted_in}"', msg("leave `unit` out"))
    if whole and own.over and ratio_scale(draft.scenario, own) is None:
        plain = own.model_copy(update={"unit": None})
        yield Finding(
            f"{path}.unit",
            shown(own.unit or ""),
            msg("{unit} or a multiple of it", unit=level_unit(draft.scenario, plain)),
            msg("it is the unit of `of` over that of `over`"),
        )


def limits_on_indicators(draft: Draft) -> Iterator[Finding]:
    """A limit on an indicator names one of the scenario's own."""
    for key, limit in draft.scenario.limits.items():
        path = f"limits.{key}"
        if limit.kind.names == "indicator":
            yield from _named(draft, path, limit)
        else:
            if limit.indicator is not None:
                yield Finding(
                    f"{path}.indicator",
                    shown(limit.indicator),
                    msg("no `indicator` unless `on: indicator` or `on: indicator_floor`"),
                )


def _named(draft: Draft, path: str, limit: Limit) -> Iterator[Finding]:
    known = draft.ids("indicators")
    if limit.indicator is None:
        yield Finding(
            path,
            msg("`on: {kind}` without `indicator`", kind=limit.on),
            msg("`indicator: ` {names}", names=one_of(known, 30)) if known else msg("a key of `indicators`"),
        )
    elif limit.indicator not in known:
        hint = suggested(limit.indicator, known)
        yield Finding(
            f"{path}.indicator",
            shown(limit.indicator),
            msg("a key of `indicators`"),
            msg("a limit is on an indicator of one's own; a target with `at_most` may be on any")
            if limit.indicator in INDICATORS
            else hint,
        )
