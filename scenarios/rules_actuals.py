"""Rules of what is known of the year under way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..models.indicators import INDICATORS
from ..models.quantity import Quantity
from ..models.words import msg
from ..models.years import month_at, place_in
from .findings import Draft, Finding, refers
from .report import shown
from .schema import AccountsSpec, Project, Scenario, Years
from .schema_actuals import Actuals, ProjectActual

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
YEAR = 12
BEFORE = 2
"""Years before the base year of which figures to date tell the base effect."""
WORKING = ("started", "registered")


def is_growth(scenario: Scenario, row: str) -> bool:
    """Whether a row of the sheet is of growth over the year before: its figure to date then is growth too."""
    stated = scenario.targets[row]
    name = stated.indicator or row
    if own := scenario.indicators.get(name):
        return own.kind == "growth"
    if name in INDICATORS:
        return INDICATORS[name].growth
    return scenario.relations[name].unit.startswith("%") if name in scenario.relations else stated.unit == "%"


def figures_refer(draft: Draft) -> Iterator[Finding]:
    """Figures are of rows of the sheet, of years that the scenario knows, up to the month that is known."""
    actuals = draft.scenario.actuals
    if actuals is None or not draft.sound("actuals", "years"):
        return
    rows, years = draft.ids("targets"), draft.scenario.years
    for part in ("figures", "shares", "errors"):
        yield from refers(getattr(actuals, part), rows, f"actuals.{part}.{{}}", msg("a row of the sheet"))
    parts = [
        (f"actuals.{part}.{row}", held)
        for part in ("figures", "errors")
        for row, held in getattr(actuals, part).items()
    ]
    for path, held in [*parts, ("actuals.nation", actuals.nation)]:
        for time, figure in held.items():
            yield from _figure(f"{path}.{time}", time, figure, years, actuals.until)
    if actuals.until and not 0 < place_in(actuals.until, years.base)[0] <= years.horizon:
        within = msg("a month of {first} to {last}", first=years.first, last=years.last)
        yield Finding("actuals.until", actuals.until, within)
    yield from _twice(draft.scenario)
    yield from _falling(draft, actuals)
    yield from _impossible(draft.scenario)
    for row, held in actuals.shares.items():
        for time in held:
            if not MONTH.fullmatch(time) or place_in(time, years.base)[0] != 0:
                yield Finding(
                    f"actuals.shares.{row}.{time}",
                    time if MONTH.fullmatch(time) else shown(time),
                    msg("a month of the base year, {base}", base=years.base),
                )


def _falling(draft: Draft, actuals: Actuals) -> Iterator[Finding]:
    """Levels to date and the parts of a year that had come by then grow with the months of a year."""
    rows = draft.scenario.targets
    for part in ("figures", "shares"):
        for row, held in getattr(actuals, part).items():
            if part == "figures" and (row not in rows or is_growth(draft.scenario, row)):
                continue
            times = sorted(time for time in held if MONTH.fullmatch(time))
            places = [place_in(time, draft.scenario.years.base) for time in times]
            for (before, (year, _)), (time, (other, _)) in pairwise(zip(times, places, strict=True)):
                if year == other and 0 < held[time].value < held[before].value:
                    yield Finding(
                        f"actuals.{part}.{row}.{time}",
                        shown(held[time].value),
                        msg(
                            "at least {value}, the figure to {month}: both count from the beginning of the"
                            " year",
                            value=shown(held[before].value),
                            month=before,
                        ),
                    )


def _impossible(scenario: Scenario) -> Iterator[Finding]:
    """Growth of GDP lies where a year's can, as that of past years and of the nation."""
    low, high = GROWTH
    for row, held in scenario.actuals.figures.items() if scenario.actuals else ():
        target = scenario.targets.get(row)
        for time, figure in held.items() if target and (target.indicator or row) == "gdp_growth" else ():
            if not low <= figure.value <= high:
                yield Finding(
                    f"actuals.figures.{row}.{time}",
                    shown(figure.value),
                    msg("growth of {low} to {high} %", low=low, high=high),
                    msg("is it a level?") if figure.value > high else "",
                )


GROWTH = (-60, 100)
"""Growth of GDP that a figure may be, %: as `history.years` and `actuals.nation`."""
FAR = 20.0
"""Points off the stated deflator beyond which the prices that two figures of a year give are refused."""


def figures_agree(draft: Draft) -> Iterator[Finding]:
    """Nominal GDP and growth of a finished year together give prices that can be."""
    actuals, scenario = draft.scenario.actuals, draft.scenario
    if actuals is None or not draft.sound("actuals", "years", "targets", "accounts", "prices"):
        return
    level, grown = (_years(scenario, name) for name in ("gdp_level", "gdp_growth"))
    level[int(scenario.years.base)] = ("", scenario.accounts.gdp.value)
    if "gdp" in actuals.accounts:
        level[int(scenario.years.first)] = ("actuals.accounts.gdp", actuals.accounts["gdp"].value)
    for year in sorted(grown.keys() & level.keys()):
        if year - 1 not in level:
            continue
        path, value = level[year]
        real = level[year - 1][1] * (1 + grown[year][1] / 100)
        stated = scenario.prices.gdp_in.get(str(year), scenario.prices.gdp).value
        prices = 100 * (value / real - 1) if real > 0 else 0.0
        if path and abs(prices - stated) > FAR:
            yield Finding(
                path,
                msg(
                    "a level that rises by {prices:.1f} % in prices beside growth of {growth} %",
                    prices=prices,
                    growth=shown(grown[year][1]),
                ),
                msg(
                    "prices within {far:.0f} points of those stated for {year}, {stated} %",
                    far=FAR,
                    year=year,
                    stated=shown(stated),
                ),
                msg(
                    "check the two figures and their units; if they are right, put `prices.gdp_in.{year}`",
                    year=year,
                ),
            )


def _years(scenario: Scenario, name: str) -> dict[int, tuple[str, float]]:
    """Figures of finished years of an indicator: path and value, by calendar year."""
    found, base = {}, scenario.years.base
    for row, held in scenario.actuals.figures.items() if scenario.actuals else ():
        target = scenario.targets.get(row)
        if target is None or (target.indicator or row) != name or target.covers:
            continue
        for time, figure in held.items():
            year, month = place_in(time, base) if MONTH.fullmatch(time) else (0, 0)
            if year > 0 and month == YEAR:
                found[int(base) + year] = f"actuals.figures.{row}.{time}", figure.value
    return found


def _twice(scenario: Scenario) -> Iterator[Finding]:
    """Figures are of an indicator by year, whatever years its rows speak of: two rows of one say it once."""
    seen: dict[tuple[object, ...], str] = {}
    for row, held in scenario.actuals.figures.items() if scenario.actuals else ():
        target = scenario.targets.get(row)
        for time in held if target else ():
            assert target is not None
            own = (target.indicator or row, target.covers, target.base, time)
            if own in seen:
                yield Finding(
                    f"actuals.figures.{row}.{time}",
                    msg("a second figure of the same indicator and time, beside {row}", row=seen[own]),
                    msg("one figure each"),
                    msg("rows of other years and of several years share the figures of their indicator"),
                )
            seen[own] = row


def _figure(path: str, time: str, figure: Quantity, years: Years, until: str | None) -> Iterator[Finding]:
    """One figure: its month, and that it is a figure."""
    if not MONTH.fullmatch(time):
        yield Finding(path, shown(time), msg("a month such as {time}", time="2021-06"))
        return
    if not -BEFORE <= place_in(time, years.base)[0] <= years.horizon:
        first = years.base - BEFORE
        yield Finding(path, time, msg("a month of {first} to {last}", first=first, last=years.last))
    if figure.low is not None or figure.high is not None or figure.distribution is not None:
        yield Finding(
            path,
            msg("a figure with a range"),
            msg("the figure as published"),
            msg("how far it may lie off the year's stands in `actuals.errors`"),
        )
    if until and time > until:
        yield Finding(path, time, msg("up to `actuals.until`, {until}", until=until))


def outlook_is_now(draft: Draft) -> Iterator[Finding]:
    """What is foretold now is of years wholly to come, and can be held against what was expected before."""
    actuals = draft.scenario.actuals
    if actuals is None or not actuals.outlook or not draft.sound("actuals", "years", "outlook"):
        return
    years, stated = draft.scenario.years, draft.scenario.outlook
    times = [*(time for held in actuals.figures.values() for time in held), *actuals.nation]
    known = [place_in(time, years.base) for time in times if MONTH.fullmatch(time)]
    now = place_in(actuals.until, years.base) if actuals.until else max(known, default=(0, 12))
    for year in actuals.outlook:
        if not (year.isdecimal() and len(year) == 4 and years.base + now[0] < int(year) <= years.last):
            first = years.base + now[0] + 1
            yield Finding(
                f"actuals.outlook.{year}",
                msg("the key {name}", name=shown(year)),
                msg("a year from {first} to {last}, as four digits", first=first, last=years.last),
            )
    if (stated.nation or stated.growth) is None:
        yield Finding(
            "actuals.outlook",
            msg("a new outlook, and nothing that was expected of the first year"),
            msg("`outlook.nation`: the nation's growth of {year} as forecast before", year=years.first),
        )
    if now[1] != YEAR:
        yield Finding(
            "actuals.outlook",
            msg("a new outlook in the middle of a year"),
            msg("figures up to the end of a year"),
        )
    elif now[0] > 0 and not any(
        place_in(time, years.base) == now for time in actuals.nation if MONTH.fullmatch(time)
    ):
        yield Finding(
            "actuals.nation",
            msg("no figure of {year}", year=years.base + now[0]),
            msg("the nation's growth of that year beside the new outlook"),
        )


def progress_refers(draft: Draft) -> Iterator[Finding]:
    """Money is of sectors, progress of projects that exist and of a stage that they can have."""
    actuals = draft.scenario.actuals
    if actuals is None or not draft.sound("actuals"):
        return
    yield from refers(actuals.placed, draft.ids("sectors"), "actuals.placed.{}", msg("a sector"))
    if draft.sound("national"):
        keys = (*AccountsSpec.model_fields, *draft.ids("sectors"), *draft.scenario.national.groups)
        what = msg("a key of `accounts`, a sector or a group")
        yield from refers(actuals.accounts, dict.fromkeys(keys), "actuals.accounts.{}", what)
    yield from refers(
        actuals.projects, draft.ids("projects"), "actuals.projects.{}", msg("a key of `projects`")
    )
    end = month_at(draft.scenario.years.base, YEAR) if draft.sound("years") else ""
    times = [time for held in actuals.figures.values() for time in held if MONTH.fullmatch(time)]
    now = actuals.until or max((*times, *filter(MONTH.fullmatch, actuals.nation)), default="")
    for key, known in actuals.projects.items():
        project = draft.scenario.projects.get(key)
        if project is not None:
            path = f"actuals.projects.{key}"
            yield from _progress(project, known, path, end)
            yield from _by_now(known, path, now if now > end else "")


def _by_now(known: ProjectActual, path: str, now: str) -> Iterator[Finding]:
    """What happened lies before the month up to which is known, what is expected after it."""
    for name in ("started", "commissioned"):
        said = getattr(known, name)
        if now and said is not None and said > now:
            yield Finding(
                f"{path}.{name}",
                said,
                msg("a month up to {month}, up to which the year is known", month=now),
                msg("what is still to come is `expected`") if name == "commissioned" else "",
            )
    if now and known.expected is not None and known.expected <= now:
        yield Finding(
            f"{path}.expected",
            known.expected,
            msg("a month after {end}", end=now),
            msg("what is on line is `commissioned`"),
        )
    if known.cancelled and known.expected:
        yield Finding(
            f"{path}.cancelled",
            known.cancelled,
            msg("no `expected` beside it"),
            msg("it is given up or still expected: leave one out"),
        )


def _progress(project: Project, known: ProjectActual, path: str, end: str) -> Iterator[Finding]:
    for name in ("started", "commissioned", "expected", "cancelled"):
        said = getattr(known, name)
        if said is not None and said <= end:
            yield Finding(
                f"{path}.{name}",
                said,
                msg("a month after {end}", end=end),
                msg("what happened up to the base year stands in `projects`"),
            )
    if project.stage == "commissioned":
        yield Finding(
            path,
            msg("progress of a project that is commissioned"),
            msg("a project that was not on line when the base year ended"),
        )
    if known.done and project.done and known.done.value < project.done.value:
        yield Finding(
            f"{path}.done",
            shown(known.done.value),
            msg("at least the {value} % of the base year, in `projects`", value=shown(project.done.value)),
        )
    if known.started and project.stage in WORKING:
        yield Finding(
            f"{path}.started",
            known.started,
            msg("no `started` at the stage {stage}", stage=shown(project.stage)),
            msg("works had begun before"),
        )
    if known.commissioned and (known.expected or known.cancelled):
        yield Finding(
            f"{path}.commissioned",
            known.commissioned,
            msg("no `expected` or `cancelled` beside it"),
            msg("it is on line: leave them out"),
        )
