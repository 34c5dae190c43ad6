"""The year under way as sentences and tables: where it stands, what the rest must bring, what changed, what
can still be moved (年内调度)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ...engine.tracking.condition import FEWEST
from ...engine.tracking.news import CAUSES, OTHER
from ...engine.tracking.readings import NATION, WHOLE, Reading
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..text.format import chance_text, number, unit_text, written
from ..text.wording import LEAST, TIERS, amount, listed, signed, tier_name
from .lines import Line, summary_of
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.tracking.news import News
    from ...engine.tracking.track import RowTracked, SectorNow, Tracked

USES: dict[str, Bilingual] = {
    "used": msg("an observation of the year"),
    "whole": msg("the year itself"),
    "superseded": msg("contained in a later figure; tells the way within the year"),
    "base": msg("base effect"),
    "stated": msg("shown only: nothing is computed for this row"),
    "later": msg("shown only: nothing is expected of the nation in that year"),
}
KNOWN: dict[str, Bilingual] = {
    "": msg("—", context="what is known besides"),
    "plain": msg("growth to date alone"),
    "before": msg("with the base effect"),
    "path": msg("with the way within the year"),
    "both": msg("with base effect and the way within the year"),
    "own": msg("error as stated"),
}
NEWS: dict[str, Bilingual] = {
    "progress": msg("progress of projects"),
    "nation": msg("the nation and the province"),
    "own": msg("the region's own"),
    "projects": msg("projects and money", context="news"),
    "prices": msg("prices", context="news"),
    OTHER: msg("numbers not known exactly"),
    "rest": msg("not linear"),
}
ODD = 4.0
"""Standard deviations off what January expected from which a figure is asked about."""


def track_tables(found: Tracked) -> dict[str, Table]:
    """Every table of the answer, the sentences first."""
    made = (_summary(found), _track(found), _rest(found), _news(found), _money(found), _figures(found))
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
    yield Line("known", msg("Known"), in_each(lambda lang: _known(found, lang)))
    for row in _main(found):
        key = f"{row.target.id}_{row.tier}"
        yield Line(f"now_{key}", row.target.title, in_each(lambda lang, row=row: _now(row, lang)))  # type: ignore[misc]
        if row.rest is not None:
            label = msg("The rest of the year")
            yield Line(f"rest_{key}", label, in_each(lambda lang, row=row: _needed(found, row, lang)))  # type: ignore[misc]
    for each in found.news:
        label = msg("What changed since January")
        yield Line(f"news_{each.row}", label, in_each(lambda lang, each=each: _changed(found, each, lang)))  # type: ignore[misc]
    if found.sectors:
        yield Line("replan", msg("What can still be moved"), in_each(lambda lang: _replan(found, lang)))
    for tier, (before, now) in found.joint.items():
        if any(row.tier == tier for row in found.rows):
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
    posterior = found.now.posterior
    yield from _odd(found)
    if posterior and posterior.used:
        yield Line("draws", msg("Draws"), _draws(posterior.effective, posterior.draws, posterior.moved))


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
    told = []
    for each in found.readings:
        if not each.counts:
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
    what = listed(told, lang, 8) or tr(lang, "no figure that counts")
    return tr(lang, "up to {until}: {what}", until=found.until, what=what)


def _digits(found: Tracked, reading: Reading) -> int:
    target = found.now.sheet.targets.get(reading.row)
    return target.digits if target else 1


def _title(found: Tracked, row: str) -> Bilingual:
    target = found.now.sheet.targets.get(row)
    return target.title if target else msg("The nation's growth")


def _figure(found: Tracked, reading: Reading, lang: str) -> str:
    target = found.now.sheet.targets.get(reading.row)
    digits = _digits(found, reading)
    value = (
        f"{number(reading.value, digits)}%"
        if target is None or target.unit == "%"
        else amount(reading.value, target.unit, lang, digits)
    )
    title = _title(found, reading.row)
    if reading.month == WHOLE:
        return tr(lang, "{title} {year} {value}", title=title, year=reading.time[:4], value=value)
    return tr(lang, "{title} {value} up to {time}", title=title, value=value, time=reading.time)


def _now(row: RowTracked, lang: str) -> str:
    assert row.threshold is not None and row.chance is not None and row.chance_january is not None
    low, middle, high = row.now
    return tr(
        lang,
        "median {middle} (80 %: {low} to {high}), in January {january}; {tier} {threshold}: chance"
        " {chance}, in"
        " January {before}",
        middle=_said(row, middle, lang),
        low=_said(row, low, lang),
        high=_said(row, high, lang),
        january=_said(row, row.january[1], lang),
        tier=tier_name(row.tier, lang),
        threshold=_said(row, row.threshold, lang),
        chance=_percent(row.chance.value),
        before=_percent(row.chance_january.value),
    )


def _needed(found: Tracked, row: RowTracked, lang: str) -> str:
    rest = row.rest
    assert rest is not None and row.threshold is not None and row.chance is not None
    least = tr(lang, "at most") if row.target.sign < 0 else tr(lang, "at least")
    left = WHOLE - found.month
    monthly = "" if rest.monthly is None else amount(rest.monthly, _level_unit(row), lang)
    if rest.growth is None:
        return tr(
            lang,
            "{tier} {threshold} needs {least} {monthly} a month in the {left} months left; {usual} are"
            " expected"
            " (chance {chance})",
            tier=tier_name(row.tier, lang),
            threshold=_said(row, row.threshold, lang),
            least=least,
            monthly=monthly,
            left=left,
            usual=amount(rest.usual[1], _level_unit(row), lang),
            chance=_percent(row.chance.value),
        )
    money = "" if rest.monthly is None else tr(lang, " ({monthly} a month)", monthly=monthly)
    return tr(
        lang,
        "{tier} {threshold} needs growth of {least} {growth} % in the {left} months left{money}; {usual} % is"
        " expected, 80 %: {low} to {high} % (chance {chance})",
        tier=tier_name(row.tier, lang),
        threshold=_said(row, row.threshold, lang),
        least=least,
        growth=number(rest.growth, row.target.digits),
        left=left,
        money=money,
        usual=number(rest.usual[1], row.target.digits),
        low=number(rest.usual[0], row.target.digits),
        high=number(rest.usual[2], row.target.digits),
        chance=_percent(row.chance.value),
    )


def _level_unit(row: RowTracked) -> str:
    return MONEY if row.target.unit == "%" else row.target.unit


def _changed(found: Tracked, each: News, lang: str) -> str:
    target = found.now.sheet.targets[each.row]
    digits = target.digits + 1
    parts = [
        tr(
            lang,
            "{cause} {points}",
            context="news",
            cause=NEWS[cause],
            points=signed(each.moved[cause], digits),
        )
        for cause in CAUSES
        if abs(each.moved[cause]) >= 0.5 * 10.0**-digits
    ]
    return tr(
        lang,
        "{title}: median {before} to {now}: {parts}",
        title=target.title,
        before=number(each.january, digits),
        now=number(each.now, digits),
        parts=listed(parts, lang, len(CAUSES)) or tr(lang, "nothing"),
    )


def _replan(found: Tracked, lang: str) -> str:
    free = sum(max(each.planned - each.spent, 0.0) for each in found.sectors)
    told = tr(
        lang,
        "{free} of {total} of the year's investment is not spent",
        free=amount(free, MONEY, lang),
        total=amount(sum(each.planned for each in found.sectors), MONEY, lang),
    )
    moved = [
        each for each in found.sectors if each.best is not None and abs(each.best - each.planned) >= LEAST
    ]
    better = [
        row
        for row in _main(found)
        if row.allowed is not None and row.chance is not None and row.allowed > row.chance.value + 0.005
    ]
    if not moved or not better:
        return told + tr(lang, "; no other use of it within the limits makes a tier likelier by a point")
    chances = listed(
        [
            tr(
                lang,
                "{title} {tier} {before} to {after}",
                title=row.target.title,
                tier=TIERS[row.tier],
                before=_percent(row.chance.value if row.chance else 0.0),
                after=_percent(row.allowed or 0.0),
            )
            for row in better
        ],
        lang,
    )
    titles = found.loaded.scenario.sectors
    moves = listed(
        [
            f"{titles[each.sector].title.of(lang)} {signed(each.best - each.planned, 1)}"
            for each in sorted(moved, key=lambda one: -abs((one.best or 0.0) - one.planned))
            if each.best is not None
        ],
        lang,
    )
    return told + tr(lang, "; the best use of it: {moves}; chances: {chances}", moves=moves, chances=chances)


_figure_column = partial(Column, digits_from="digits")
_chance = partial(Column, digits=3, fraction="chance")


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
            "to_date", msg("To date"), value=lambda row: row.reading.value if row.reading else None
        ),
        _figure_column("january", msg("Median in January"), value=at("january", 1)),
        _figure_column("low", msg("Now: low (10 %)"), value=at("now", 0), terminal=False),
        _figure_column("median", msg("Now: median"), value=at("now", 1)),
        _figure_column("high", msg("Now: high (90 %)"), value=at("now", 2), terminal=False),
        Column("tier", msg("Tier"), value=lambda row: TIERS.get(row.tier)),
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
            value=lambda row: row.allowed,
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
        "track_money", msg("Money: spent, open, and its best use"), columns, found.sectors, ("sector",), note
    )


def _figures(found: Tracked) -> Table:
    columns = (
        Column("row", msg("Row"), shown=False, value=lambda row: row.row or "nation"),
        Column("title", msg("Figure"), value=lambda row: _title(found, row.row)),
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
