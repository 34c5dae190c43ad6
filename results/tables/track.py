"""The year under way as sentences and tables: where it stands, what the rest must bring, what changed, what
can still be moved (年内调度)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...engine.tracking.condition import FEWEST
from ...engine.tracking.news import CAUSES, OTHER
from ...engine.tracking.now import WHOLE
from ...engine.tracking.readings import NATION, Reading, known_values
from ...models.indicators import indicator_of
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.target import rounded
from ...models.words import in_each, msg, tr
from ...models.years import month_at, place_in
from ..text.format import chance_text, number, unit_text, written
from ..text.wording import LEAST, TIERS, amount, listed, signed, tier_name
from .chances import fan_of
from .lines import Line, summary_of
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.tracking.news import News
    from ...engine.tracking.track import RowTracked, SectorNow, Tracked

USES: dict[str, Bilingual] = {
    "used": msg("an observation of the year"),
    "whole": msg("the year itself"),
    "superseded": msg("contained in a later figure"),
    "base": msg("base effect"),
    "stated": msg("shown only: nothing is computed for this row"),
    "later": msg("shown only: nothing is expected of the nation in that year"),
    "money": msg("investment as it was, in place of the plan's"),
    "prices": msg("with growth it gives the prices of the year"),
    "beside": msg("the year itself; an observation of all else"),
    "held": msg("the year itself"),
    "unshared": msg("shown only: what part of a year comes by then is not known"),
}
KNOWN: dict[str, Bilingual] = {
    "": msg("—", context="what is known besides"),
    "plain": msg("growth to date alone"),
    "before": msg("with the base effect"),
    "three": msg("with the base effect of three years"),
    "own": msg("error as stated"),
}
NEWS: dict[str, Bilingual] = {
    "progress": msg("progress of projects and money"),
    "outlook": msg("the nation's outlook for the years to come"),
    "nation": msg("the nation and the province"),
    "own": msg("the region's own"),
    "projects": msg("what was not known of projects and money"),
    "prices": msg("prices", context="news"),
    OTHER: msg("numbers not known exactly"),
    "rest": msg("not linear"),
}
ODD = 4.0
"""Standard deviations off what January expected from which a figure is asked about."""


def track_tables(found: Tracked) -> dict[str, Table]:
    """Every table of the answer, the sentences first."""
    now, mains = found.now, {each.row for each in found.news}
    assert now.ensemble is not None
    drawn = [target for key, target in now.ensemble.targets.items() if key in mains]
    made = (
        _summary(found),
        _track(found),
        _rest(found),
        _years(found),
        fan_of(now.ensemble, drawn, now.scenario),
        _news(found),
        _money(found),
        _figures(found),
    )
    return {table.name: table for table in made if table.rows or table.name == "track"}


def _percent(value: float) -> str:
    return f"{chance_text(100 * value)}%"


def _said(row: RowTracked, value: float, lang: str, digits: int | None = None) -> str:
    places = row.target.digits if digits is None else digits
    if row.target.unit == "%":
        return f"{written(value, places, lang)}%"
    return amount(value, row.target.unit, lang, places)


def _main(found: Tracked) -> list[RowTracked]:
    """The tiers that sentences speak of: those of the main rows, or of all where none is main."""
    asked = [row for row in found.rows if row.tier]
    return [row for row in asked if row.target.main] or asked[:4]


def _summary(found: Tracked) -> Table:
    return summary_of(_lines(found), msg("The year under way"))


def _lines(found: Tracked) -> Iterator[Line]:
    by_row: dict[str, list[RowTracked]] = {}
    for row in _main(found):
        by_row.setdefault(row.target.id, []).append(row)
    for tiers in by_row.values():
        yield from _of_row(found, tiers)
    for tier, (before, now) in found.joint.items():
        if sum(row.tier == tier for row in found.rows) > 1:
            yield Line(
                f"joint_{tier}",
                msg("All together"),
                msg(
                    "all rows at the {tier}: chance {now} (January {before})",
                    tier=in_each(lambda lang, tier=tier: tier_name(tier, lang)),  # type: ignore[misc]
                    now=_percent(now.value),
                    before=_percent(before.value),
                ),
            )
    yield Line("known", msg("Known"), in_each(lambda lang: _known(found, lang)))
    yield from _unshared(found)
    yield from _odd(found)
    for each in found.news:
        label = msg("What changed since January {year}", year=found.loaded.scenario.years.first)
        yield Line(f"news_{each.row}", label, in_each(lambda lang, each=each: _changed(found, each, lang)))  # type: ignore[misc]
    if found.sectors:
        yield Line("replan", msg("What can still be moved"), in_each(lambda lang: _replan(found, lang)))
    posterior = found.now.posterior
    if posterior and posterior.used:
        yield Line("draws", msg("Draws"), _draws(posterior.effective, posterior.draws, posterior.moved))


def _of_row(found: Tracked, tiers: list[RowTracked]) -> Iterator[Line]:
    """Where a row stands, and what each tier needs of the rest of the year and of the years left."""
    key = tiers[0].target.id
    yield Line(f"now_{key}", tiers[0].target.title, in_each(partial(_now, found, tiers)))
    for row in tiers:
        if row.rest is not None:
            label = msg("The rest of the year")
            yield Line(f"rest_{key}_{row.tier}", label, in_each(partial(_needed, found, row)))
        if row.left is not None:
            label = msg("The years left")
            yield Line(f"left_{key}_{row.tier}", label, in_each(partial(_asked, found, row)))


def _odd(found: Tracked) -> Iterator[Line]:
    """Figures that January hardly expected."""
    posterior = found.now.posterior
    for at, (middle, sd) in posterior.expected.items() if posterior else ():
        each = found.readings[at]
        says, digits = each.says or 0.0, _digits(found, each)
        if abs(says - middle) > ODD * sd:
            yield Line(
                f"odd_{each.row or 'nation'}_{each.time}",
                msg("Check"),
                msg(
                    "{title} up to {time} says {says} of the year, where January expected {middle} ± {sd}:"
                    " is the"
                    " figure right?",
                    title=_title(found, each.row),
                    time=each.time,
                    says=number(says, digits),
                    middle=number(middle, digits),
                    sd=number(sd, digits),
                ),
            )


def _unshared(found: Tracked) -> Iterator[Line]:
    """Levels to date that say nothing of the year, and what would make them."""
    base = found.loaded.scenario.years.base
    for each in found.readings:
        if each.use != "unshared":
            continue
        yield Line(
            f"unshared_{each.row}_{each.time}",
            msg("Check"),
            msg(
                "{figure} is shown only: what part of a year comes by then is not known; give the row's"
                " figure up to {before}, or `actuals.shares.{row}`",
                figure=in_each(lambda lang, each=each: _figure(found, each, lang)),  # type: ignore[misc]
                before=month_at(base, each.month),
                row=each.row,
            ),
        )


def _draws(effective: float, draws: int, moved: bool) -> Bilingual:
    if moved:
        return msg(
            "moved to where the figures are, {effective:,} effective of {draws:,}; on fewer than {fewest}"
            " no chance"
            " is told",
            effective=round(effective),
            draws=draws,
            fewest=FEWEST,
        )
    return msg(
        "January's, weighted: {effective:,} effective of {draws:,}; on fewer than {fewest} no chance is told",
        effective=round(effective),
        draws=draws,
        fewest=FEWEST,
    )


def _known(found: Tracked, lang: str) -> str:
    told = [_over(found, row, lang) for row in dict.fromkeys(each.row for each in found.readings)]
    told = [said for said in told if said]
    for each in found.readings:
        if not each.counts or each.month == WHOLE:
            continue
        said = _figure(found, each, lang)
        if each.use == "used" and each.says is not None:
            said += tr(
                lang,
                " (says {says} ± {sd} of the year)",
                says=number(each.says, _digits(found, each)),
                sd=number(each.sd or 0.0, _digits(found, each)),
            )
        told.append(said)
    if not told:
        until = _until(found, found.until).of(lang)
        return tr(lang, "{until}: no figure that counts", context="known", until=until)
    return listed(told, lang, 8)


def _until(found: Tracked, time: str) -> Bilingual:
    """The part of a year from its beginning up to a month, in words."""
    years = found.loaded.scenario.years
    year, month = place_in(time, years.base)
    calendar = years.base + year
    if month == WHOLE:
        return msg("whole of {year}", year=calendar)
    named = {3: msg("first quarter of {year}", year=calendar), 6: msg("first half of {year}", year=calendar)}
    if time[:4] != str(calendar) or int(time[5:]) != month:  # years that begin in another month
        return named.get(month) or msg("first {month} months of {year}", month=month, year=calendar)
    return named.get(month) or msg("January to {name} {year}", name=MONTHS[month - 1], year=calendar)


MONTHS = (
    *(msg("January"), msg("February"), msg("March"), msg("April"), msg("May"), msg("June"), msg("July")),
    *(msg("August"), msg("September"), msg("October"), msg("November"), msg("December")),
)


def _over(found: Tracked, row: str, lang: str) -> str:
    """A row in the years that are over; empty where none of it is known."""
    years = [each for each in found.readings if each.row == row and each.month == WHOLE and each.year > 0]
    values = [
        tr(lang, "{year}: {value}", year=each.time[:4], value=_value(found, each, lang)) for each in years
    ]
    return (
        tr(lang, "{title} {values}", title=_title(found, row), values=listed(values, lang, 5))
        if years
        else ""
    )


def _digits(found: Tracked, reading: Reading) -> int:
    target = found.now.sheet.targets.get(reading.row)
    return target.digits if target else 1


def _title(found: Tracked, row: str) -> Bilingual:
    """What the figures of a row are of: its indicator, whatever years the row speaks of."""
    target = found.now.sheet.targets.get(row)
    if target is None:
        return msg("The nation's growth")
    indicator = target.indicator
    known = indicator_of(indicator, found.now.economy) or found.loaded.scenario.relations.get(indicator)
    alone = target.over is None and found.now.year == 1
    return target.title if alone or known is None else known.title


def _value(found: Tracked, reading: Reading, lang: str) -> str:
    """A figure with its unit."""
    target, digits = found.now.sheet.targets.get(reading.row), _digits(found, reading)
    if target is None or target.unit == "%":
        return f"{number(reading.value, digits)}%"
    return amount(reading.value, target.unit, lang, digits)


def _figure(found: Tracked, reading: Reading, lang: str) -> str:
    return tr(
        lang,
        "{title} {value} in the {until}",
        title=_title(found, reading.row),
        value=_value(found, reading, lang),
        until=_until(found, reading.time).of(lang),
    )


def _now(found: Tracked, tiers: list[RowTracked], lang: str) -> str:
    low, middle, high = tiers[0].now
    chances = [
        tr(
            lang,
            "{tier} {threshold}: chance {chance} ({before} in January)",
            tier=tier_name(row.tier, lang),
            threshold=_said(row, row.threshold or 0.0, lang),
            chance=_percent(row.chance.value if row.chance else 0.0),
            before=_percent(row.chance_january.value if row.chance_january else 0.0),
        )
        for row in tiers
    ]
    return tr(
        lang,
        "median {middle} (80 %: {low} to {high}), in January {year} {january}; {chances}",
        middle=_said(tiers[0], middle, lang),
        low=_said(tiers[0], low, lang),
        high=_said(tiers[0], high, lang),
        year=found.loaded.scenario.years.first,
        january=_said(tiers[0], tiers[0].january[1], lang),
        chances=listed(chances, lang),
    )


def _needed(found: Tracked, row: RowTracked, lang: str) -> str:
    rest = row.rest
    assert rest is not None and row.threshold is not None and row.chance is not None
    digits = row.target.digits
    tier = tr(
        lang,
        "{tier} {threshold}",
        context="tier",
        tier=tier_name(row.tier, lang),
        threshold=_said(row, row.threshold, lang),
    )
    least = tr(lang, "at most") if row.target.sign < 0 else tr(lang, "at least")
    said = {
        "tier": tier,
        "least": least,
        "when": tr(lang, "the {left} months left", left=WHOLE - found.month),
        "chance": _percent(row.chance.value),
    }
    if rest.growth is None:
        unit = _level_unit(row)
        return tr(
            lang,
            "{tier} needs {least} {each} a month in {when}; {usual} a month is expected (chance {chance})",
            **said,
            each=amount(rest.monthly or 0.0, unit, lang),
            usual=amount(rest.usual[1], unit, lang),
        )
    usual = {
        "usual": number(rest.usual[1], digits),
        "low": number(rest.usual[0], digits),
        "high": number(rest.usual[2], digits),
    }
    if rest.growth < 0 and row.target.sign > 0:
        return tr(
            lang,
            "{tier} is reached unless {when} fall by more than {fall} %; {usual} % is expected, 80 %: {low}"
            " to {high} % (chance {chance})",
            **said,
            **usual,
            fall=number(-rest.growth, digits),
        )
    money = ""
    if rest.monthly is not None:
        money = tr(
            lang,
            " ({monthly} a month at {year} prices)",
            monthly=amount(rest.monthly, _level_unit(row), lang),
            year=int(found.loaded.scenario.years.base),
        )
    return tr(
        lang,
        "{tier} needs growth of {least} {growth} % in {when}{money}; {usual} % is expected, 80 %:"
        " {low} to {high} % (chance {chance})",
        **said,
        **usual,
        growth=number(rest.growth, digits),
        money=money,
    )


def _asked(found: Tracked, row: RowTracked, lang: str) -> str:
    """What the years left must bring, and what is to be expected of them."""
    left = row.left
    assert left is not None and row.threshold is not None and row.chance is not None
    base = found.loaded.scenario.years.base
    tier, value = tier_name(row.tier, lang), _said(row, row.threshold, lang)
    years = _span(base + left.first, base + left.last).of(lang)
    so_far = _said(row, left.so_far, lang)
    if left.lost:
        return tr(
            lang,
            "{tier} {value} is out of reach whatever {years} brings: {so_far} so far",
            tier=tier,
            value=value,
            years=years,
            so_far=so_far,
        )
    growth, usual = left.growth, left.usual
    needed = (
        f"{number(growth, row.target.digits)}%"
        if growth is not None
        else amount(left.amount or 0.0, row.target.unit, lang, row.target.digits)
    )
    assert usual is not None
    low, middle, high = (
        f"{number(each, row.target.digits)}%"
        if growth is not None
        else amount(each, row.target.unit, lang, row.target.digits)
        for each in usual
    )
    return tr(
        lang,
        "{tier} {value} needs {least} {needed} a year in {years} ({so_far} so far); {middle} is expected,"
        " 80 %: {low} to {high} (chance {chance})",
        tier=tier,
        value=value,
        least=tr(lang, "at most") if row.target.sign < 0 else tr(lang, "at least"),
        needed=needed,
        years=years,
        so_far=so_far,
        middle=middle,
        low=low,
        high=high,
        chance=_percent(row.chance.value),
    )


def _span(first: int, last: int) -> Bilingual:
    """Years from first to last."""
    if first == last:
        return Bilingual(zh=str(first), en=str(first))
    return msg("{first}-{last}", context="years", first=first, last=last)


def _level_unit(row: RowTracked) -> str:
    return MONEY if row.target.unit == "%" else row.target.unit


def _changed(found: Tracked, each: News, lang: str) -> str:
    target = found.now.sheet.targets[each.row]
    digits = target.digits + 1
    before, now = (rounded(value, digits) for value in (each.january, each.now))
    whole = adding([each.moved[cause] for cause in CAUSES], now - before, digits)
    parts = [
        tr(lang, "{cause} {points}", context="news", cause=NEWS[cause], points=signed(moved, digits))
        for cause, moved in zip(CAUSES, whole, strict=True)
        if abs(moved) >= 0.5 * 10.0**-digits
    ]
    return tr(
        lang,
        "{title}: median {before} to {now}: {parts}",
        title=target.title,
        before=number(before, digits),
        now=number(now, digits),
        parts=listed(parts, lang, len(CAUSES)) or tr(lang, "nothing"),
    )


def adding(parts: Sequence[float], whole: float, digits: int) -> list[float]:
    """Parts rounded so that they add up to a whole as printed: those furthest from rounding the other way
    give (largest remainders).

    >>> adding([1.14, 0.26, 0.013, 0.324, 0.072], 1.81, 2)
    [1.14, 0.26, 0.01, 0.33, 0.07]
    """
    unit = 10.0**-digits
    exact = [part / unit for part in parts]
    units = [round(part) for part in exact]
    short = round(whole / unit) - sum(units)
    step = 1 if short > 0 else -1
    order = sorted(range(len(units)), key=lambda at: -step * (exact[at] - units[at]))
    for at in order[: abs(short)]:
        units[at] += step
    return [round(each * unit, digits) for each in units]


def _replan(found: Tracked, lang: str) -> str:
    free = sum(max(each.planned - each.spent, 0.0) for each in found.sectors)
    base, years = found.loaded.scenario.years.base, sorted({each.year for each in found.sectors})
    told = tr(
        lang,
        "{free} of {total} of the investment of {years} is not spent{pace}",
        free=amount(free, MONEY, lang),
        total=amount(sum(each.planned for each in found.sectors), MONEY, lang),
        years=_span(base + years[0], base + years[-1]).of(lang),
        pace=""
        if all(each.stated or not each.spent for each in found.sectors)
        else tr(lang, " (where not stated, at an even pace)"),
    )
    changes: dict[str, float] = {}
    for each in found.sectors:
        if each.best is not None:
            changes[each.sector] = changes.get(each.sector, 0.0) + each.best - each.planned
    moved = {sector: change for sector, change in changes.items() if abs(change) >= LEAST}
    better, worse = (_shifted(found, sign, lang) for sign in (1.0, -1.0))
    if not moved or not better:
        return told + tr(lang, "; no other use of it within the limits makes a tier likelier by a point")
    chances = better + (tr(lang, "; less likely: {chances}", chances=worse) if worse else "")
    titles = found.loaded.scenario.sectors
    moves = listed(
        [
            f"{titles[sector].title.of(lang)} {signed(change, 1)}"
            for sector, change in sorted(moved.items(), key=lambda one: -abs(one[1]))
        ],
        lang,
    )
    return told + tr(lang, "; the best use of it: {moves}; chances: {chances}", moves=moves, chances=chances)


def _shifted(found: Tracked, sign: float, lang: str) -> str:
    """Chances of main tiers that the best use of money raises, or with a minus lowers, by a point or so."""
    rows = [
        (row, row.chance.value, row.best)
        for row in _main(found)
        if row.best is not None and row.chance is not None and sign * (row.best - row.chance.value) > 0.005
    ]
    return listed(
        [
            tr(
                lang,
                "{title} {tier} {before} to {after}",
                title=row.target.title,
                tier=TIERS[row.tier],
                before=_percent(before),
                after=_percent(after),
            )
            for row, before, after in rows
        ],
        lang,
    )


_figure_column = partial(Column, digits_from="digits")
_chance = partial(Column, digits=3, fraction="chance")


def _to_date(found: Tracked, row: RowTracked) -> float | None:
    """What is known of a row: what the years that are over have come to, else its figure of the one year that
    it speaks of."""
    if row.left is not None:
        return row.left.so_far
    year = row.target.over.last if row.target.over is not None else found.now.year
    whole = known_values(found.now.scenario).get(row.target.id, {})
    own = [each for each in found.readings if each.row == row.target.id and each.counts and each.year == year]
    return whole.get(year, own[-1].value if own else None)


def _track(found: Tracked) -> Table:
    """Every row and tier: January and now."""

    def at(which: str, place: int) -> partial[float | None]:
        return partial(lambda row, which, place: getattr(row, which)[place], which=which, place=place)

    columns = (
        Column("id", msg("Target id"), shown=False, value=lambda row: row.target.id),
        Column("title", msg("Target"), value=lambda row: row.target.title),
        Column("unit", msg("Unit"), terminal=False, value=lambda row: unit_text(row.target.unit)),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: row.target.digits),
        _figure_column(
            "to_date",
            msg("To date"),
            value=partial(_to_date, found),
        ),
        _figure_column("january", msg("Median in January"), value=at("january", 1)),
        _figure_column("low", msg("Now: low (10 %)"), value=at("now", 0), terminal=False),
        _figure_column("median", msg("Now: median"), value=at("now", 1)),
        _figure_column("high", msg("Now: high (90 %)"), value=at("now", 2), terminal=False),
        Column("tier", msg("Tier"), value=lambda row: TIERS.get(row.tier)),
        Column("tier_id", msg("Tier id"), shown=False, value=lambda row: row.tier or None),
        _figure_column("threshold", msg("Target value"), value=lambda row: row.threshold),
        _chance(
            "chance_january",
            msg("Chance in January"),
            value=lambda row: row.chance_january.value if row.chance_january else None,
        ),
        _chance("chance", msg("Chance now"), value=lambda row: row.chance.value if row.chance else None),
        Column(
            "error",
            msg("s.e."),
            digits=3,
            fraction="points",
            shown=False,
            value=lambda row: row.chance.error if row.chance else None,
        ),
        _chance(
            "allowed",
            msg("Chance of the best plan from now"),
            terminal=False,
            value=lambda row: row.best,
        ),
    )
    note = msg("Known up to {until}. Medians and ranges of the year given what is known.", until=found.until)
    return declare("track", msg("The year under way"), columns, found.rows, ("id", "tier"), note)


def _rest(found: Tracked) -> Table:
    rows = [row for row in found.rows if row.rest is not None]
    columns = (
        Column("id", msg("Target id"), shown=False, value=lambda row: row.target.id),
        Column("title", msg("Target"), value=lambda row: row.target.title),
        Column("tier", msg("Tier"), value=lambda row: TIERS[row.tier]),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: row.target.digits),
        _figure_column("growth", msg("Growth needed, %"), value=lambda row: row.rest.growth),
        Column("amount", msg("Amount needed"), digits=1, value=lambda row: row.rest.amount),
        Column("monthly", msg("A month"), digits=1, value=lambda row: row.rest.monthly),
        _figure_column("usual_low", msg("Expected: low (10 %)"), value=lambda row: row.rest.usual[0]),
        _figure_column("usual", msg("Expected: median"), value=lambda row: row.rest.usual[1]),
        _figure_column("usual_high", msg("Expected: high (90 %)"), value=lambda row: row.rest.usual[2]),
        _chance("chance", msg("Chance"), value=lambda row: row.chance.value),
    )
    note = msg(
        "The {left} months left, over the same months of the year before; amounts at base-year prices. By"
        " part of"
        " the year before that had come by then, where it is stated; otherwise twelfths.",
        left=WHOLE - found.month,
    )
    return declare(
        "track_rest", msg("What the rest of the year must bring"), columns, rows, ("id", "tier"), note
    )


def _years(found: Tracked) -> Table:
    """What each of the years left must bring, by target."""
    rows = [(row, row.left) for row in found.rows if row.left is not None]
    base = found.loaded.scenario.years.base
    unknown = sorted({base + year for _, left in rows for year in left.unknown})

    columns = (
        Column("id", msg("Target id"), shown=False, value=lambda row: row[0].target.id),
        Column("title", msg("Target"), value=lambda row: row[0].target.title),
        Column("tier", msg("Tier"), value=lambda row: TIERS[row[0].tier]),
        Column("unit", msg("Unit"), terminal=False, value=lambda row: unit_text(row[0].target.unit)),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: row[0].target.digits),
        _figure_column("threshold", msg("Target value"), value=lambda row: row[0].threshold),
        _figure_column("so_far", msg("So far"), value=lambda row: row[1].so_far),
        Column("years", msg("Years left"), value=lambda row: _span(base + row[1].first, base + row[1].last)),
        Column("growth", msg("Growth needed a year, %"), digits=1, value=lambda row: row[1].growth),
        _figure_column("amount", msg("Amount needed a year"), value=lambda row: row[1].amount),
        Column("usual_low", msg("Expected: low (10 %)"), digits=1, value=lambda row: row[1].usual[0]),
        Column("usual", msg("Expected: median"), digits=1, value=lambda row: row[1].usual[1]),
        Column("usual_high", msg("Expected: high (90 %)"), digits=1, value=lambda row: row[1].usual[2]),
        Column("lost", msg("Out of reach"), terminal=False, value=lambda row: row[1].lost),
        _chance("chance", msg("Chance"), value=lambda row: row[0].chance.value),
    )
    note = msg(
        "What each of the years left must bring, alike, for the value as written (a value that rounds to it"
        " counts). Of a level the growth at current prices, and what is added to it a year; of a sum what a"
        " year comes to. Expected: growth where growth is needed, else the amount.",
    )
    if unknown:
        note = msg(
            "{note} Not known, the median is taken: {years}.", note=note, years=", ".join(map(str, unknown))
        )
    return declare("track_years", msg("What the years left must bring"), columns, rows, ("id", "tier"), note)


def _news(found: Tracked) -> Table:
    rows = [(each, cause) for each in found.news for cause in CAUSES]
    digits = {each.row: found.now.sheet.targets[each.row].digits + 1 for each in found.news}
    columns = (
        Column("id", msg("Target id"), shown=False, value=lambda row: row[0].row),
        Column("title", msg("Target"), value=lambda row: found.now.sheet.targets[row[0].row].title),
        Column("cause", msg("Cause id"), shown=False, value=lambda row: row[1]),
        Column("what", msg("What moved the median"), value=lambda row: NEWS[row[1]]),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: digits[row[0].row]),
        Column(
            "moved", msg("Change"), digits_from="digits", signed=True, value=lambda row: row[0].moved[row[1]]
        ),
    )
    note = msg(
        "Lines add up to the change of the median. Progress of projects: the scenario with what is known of"
        " them."
        " The others: how far the figures moved what was in doubt, times the slope of the row on it;"
        " figures alone"
        " tell the nation's news from the region's own only as far as one is likelier than the other,"
        " unless the"
        " nation's own figures are stated (`actuals.nation`)."
    )
    return declare("track_news", msg("What changed since January"), columns, rows, ("id", "cause"), note)


def _money(found: Tracked) -> Table:
    scenario = found.loaded.scenario

    def change(row: SectorNow) -> float | None:
        return None if row.best is None else row.best - row.planned

    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector"), value=lambda row: scenario.sectors[row.sector].title),
        Column("year", msg("Year"), digits=0, value=lambda row: scenario.years.base + row.year),
        Column("planned", msg("Planned"), MONEY, 1),
        Column("spent", msg("Spent"), MONEY, 1),
        Column("stated", msg("Stated"), value=lambda row: row.stated),
        Column("left", msg("Still open"), MONEY, 1, value=lambda row: max(row.planned - row.spent, 0.0)),
        Column("change", msg("Best change"), MONEY, 1, signed=True, value=change),
    )
    note = msg(
        "Spent: as stated, otherwise the plan's money at an even pace. Best change: the optimiser's plan"
        " for the"
        " whole sheet, with what is spent and begun held."
    )
    return declare(
        "track_money",
        msg("Money: spent, open, and its best use"),
        columns,
        found.sectors,
        ("sector", "year"),
        note,
    )


def _figures(found: Tracked) -> Table:
    columns = (
        Column("row", msg("Row"), shown=False, value=lambda row: row.row or "nation"),
        Column("title", msg("Indicator"), value=lambda row: _title(found, row.row)),
        Column("time", msg("Up to")),
        Column("digits", msg("Digits"), digits=0, shown=False, value=lambda row: _digits(found, row)),
        _figure_column("value", msg("As stated")),
        Column("use", msg("Read as"), value=lambda row: USES[row.use]),
        _figure_column("says", msg("Says of the year")),
        Column("sd", msg("Error"), digits=2),
        Column("known", msg("How"), value=lambda row: KNOWN[row.known]),
        Column(
            "share",
            msg("Part of the year to date"),
            "%",
            1,
            optional=True,
            value=lambda row: None if row.share is None else 100 * row.share,
        ),
        Column(
            "place",
            msg("Stands in"),
            word=False,
            terminal=False,
            value=lambda row: _place(found, row),
        ),
    )
    note = msg(
        "Errors: root mean square by which growth to date differed from the year's, given what is known"
        " besides;"
        " {source}. A row that moves more than GDP has an error wider in proportion.",
        source=_source(found),
    )
    return declare(
        "track_figures",
        msg("Which figures were read for what"),
        columns,
        found.readings,
        ("row", "time"),
        note,
    )


def _place(found: Tracked, reading: Reading) -> str:
    part = "nation" if reading.row == NATION else f"figures.{reading.row}"
    path = f"actuals.{part}.{reading.time}"
    return found.loaded.origins.get(path) or found.loaded.origins.get(f"{path}.value", "")


def _source(found: Tracked) -> Bilingual:
    block = found.loaded.scenario.to_date
    why = block.tails.assumption if block else None
    return why or msg("as stated in `to_date`")
