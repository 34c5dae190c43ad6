"""Tables of a backtest: scores, differences to references, by year and province, reliability (回测)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from .chances import CASES, TENTH
from .table import Column, Table

if TYPE_CHECKING:
    from ...engine.forecast.backtest.alone import PastForecast
    from ...engine.forecast.backtest.judge import Judged, ScoreEstimate

NAMES: dict[str, Bilingual] = {
    "engine": msg("The engine"),
    "known": msg("The engine, told the year's national mean"),
    "hit_3": msg("Hit rate of the last 3 years"),
    "hit_all": msg("Hit rate of all years before"),
    "target": msg("Target with past gaps"),
    "ar1": msg("AR(1)"),
    "last": msg("Last year's growth"),
}
SCORES: dict[str, Bilingual] = {
    "brier": msg("Brier score"),
    "log": msg("Log score"),
    "error": msg("Mean absolute error (points)"),
    "crps": msg("CRPS (points)"),
    "inside_50": msg("Inside the 50 % interval"),
    "inside_80": msg("Inside the 80 % interval"),
    "inside_90": msg("Inside the 90 % interval"),
}
LOWER = ("brier", "log", "error", "crps")
_BAND = (Column("low", msg("90 % from"), digits=3), Column("high", msg("to"), digits=3))


def backtest_tables(judged: Judged, by_edition: Mapping[str, Judged] | None = None) -> dict[str, Table]:
    """Every table of a backtest; one more where it was made by several editions of the nation's outlook."""
    made = (
        *((editions(by_edition),) if by_edition and len(by_edition) > 1 else ()),
        summary(judged),
        scores(judged),
        differences(judged),
        by_year(judged),
        by_group(judged),
        reliability(judged),
        pit(judged),
        brier_parts(judged),
        nation(judged),
        outlooks(judged),
        headline(judged),
    )
    return {table.name: table for table in made}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _cells(found: ScoreEstimate) -> tuple[float | None, ...]:
    return _number(found.value), _number(found.low), _number(found.high)


def summary(judged: Judged) -> Table:
    """What a reader needs to know, in sentences."""
    count, regions = len(judged.year), len(set(judged.region.tolist()))
    first, last = min(judged.year), max(judged.year)
    own = judged.estimate("brier", "engine")
    error, inside = judged.estimate("error", "engine"), judged.estimate("inside_80", "engine")
    others = [name for name in NAMES if name not in ("engine", "known")]
    best = min(others, key=lambda name: judged.estimate("brier", name).value)
    rival = judged.estimate("brier", best)
    mixed = judged.estimate("brier", "engine", best)
    told = _told(mixed.low, mixed.high)
    rows = (
        (
            "sample",
            msg("Sample"),
            msg(
                "{regions} regions, {first}-{last}, {count} region-years; targets reached in {mean:.0f} %;"
                " {draws} draws each, parameters from earlier years only.",
                regions=regions,
                first=first,
                last=last,
                count=count,
                mean=100 * judged.reached.mean(),
                draws=judged.draws,
            ),
        ),
        (
            "brier",
            msg("Probabilities"),
            msg(
                "Brier score {score:.3f} ({low:.3f} to {high:.3f}); the best reference, {name},"
                " {rival:.3f}: {told}.",
                score=own.value,
                low=own.low,
                high=own.high,
                name=in_each(lambda lang: NAMES[best].of(lang).lower()),
                rival=rival.value,
                told=told,
            ),
        ),
        (
            "error",
            msg("Error"),
            msg(
                "Mean absolute error {error:.2f} points; the 80 % interval held {held:.0f} % of outcomes.",
                error=error.value,
                held=100 * inside.value,
            ),
        ),
        ("known", msg("Worth of national news"), _worth(judged)),
        ("short", msg("Where it falls short"), _short(judged)),
    )
    columns = (
        Column("line", msg("Id"), shown=False),
        Column("label", msg("Item")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary", context="table_backtest"), columns, rows, ("line",))


def _worth(judged: Judged) -> Bilingual:
    """What knowing the nation's growth would give, and how good an outlook must be to help."""
    own, known = (judged.estimate("brier", name).value for name in ("engine", "known"))
    error, told = (judged.estimate("error", name).value for name in ("engine", "known"))
    helps = [
        each.error for each in judged.outlooks if each.error > 0 and each.brier < own and each.mistake < error
    ]
    said = msg(
        "Knowing the regions' mean growth of the year beforehand would take the Brier score from {own:.3f} to"
        " {known:.3f} and the error from {error:.2f} to {known_error:.2f} points",
        own=own,
        known=known,
        error=error,
        known_error=told,
    )
    if not helps:
        return msg("{said}.", said=said)
    return msg(
        "{said}; an outlook of the nation helps with a standard error of up to {most:g} points (table"
        ' "What an outlook is worth").',
        said=said,
        most=max(helps),
    )


def _short(judged: Judged) -> Bilingual:
    """The worst years, and whether the nation's news was the reason."""
    by = {
        year.year: float(judged.scores["brier"][0, judged.year == year.year].mean()) for year in judged.years
    }
    worst = sorted(judged.years, key=lambda year: by[year.year], reverse=True)[:3]
    own = judged.estimate("error", "known").value
    years = [
        msg(
            "{year} (Brier {brier:.2f}), mean growth expected {expected:.1f} %, was {was:.1f} %",
            year=each.year,
            brier=by[each.year],
            expected=each.nation[0],
            was=each.nation[1],
        )
        for each in worst
    ]
    return msg(
        "The worst years: {years}. Beside the nation's news the regions' own errors are {own:.2f} points on"
        " average; what might lower them is outside a panel: quarterly figures, the progress of projects and"
        " firms.",
        years=in_each(lambda lang: tr(lang, "; ").join(year.of(lang) for year in years)),
        own=own,
    )


def _told(low: float, high: float) -> Bilingual:
    """Whether a difference (negative is better) is clear of zero over the years."""
    if high < 0:
        return msg("better, and so over the whole 90 % interval")
    if low > 0:
        return msg("the engine is worse, over the whole 90 % interval")
    return msg("the 90 % interval of the difference contains zero: too few years to be sure")


def scores(judged: Judged) -> Table:
    """Every score of every forecast, with its interval over years."""
    rows = tuple(
        (score, SCORES[score], name, NAMES[name], *_cells(found))
        for score in SCORES
        for name in NAMES
        if np.isfinite((found := judged.estimate(score, name)).value)
    )
    columns = (
        Column("score", msg("Score id"), shown=False),
        Column("score_title", msg("Score")),
        Column("forecast", msg("Forecast id"), shown=False),
        Column("forecast_title", msg("Forecast")),
        Column("value", msg("Value"), digits=3),
        *_BAND,
    )
    note = msg(
        "Brier, log, error and CRPS: lower is better. Intervals by drawing whole years anew: national news"
        " strikes all regions of a year, so there are hardly more independent cases than years."
    )
    return Table("scores", msg("Scores"), columns, rows, ("score", "forecast"), note)


EDITIONS: dict[str, Bilingual] = {
    "january": msg("The nation's outlook of January"),
    "october": msg("The nation's outlook of October before"),
    "none": msg("No outlook of the nation"),
}


def editions(by_edition: Mapping[str, Judged]) -> Table:
    """Scores edition by edition of the nation's outlook."""
    rows = []
    for name, judged in by_edition.items():
        brier_, error, spread, inside = (
            judged.estimate(score, "engine").value for score in ("brier", "error", "crps", "inside_80")
        )
        nation_ = float(np.mean([abs(year.nation[0] - year.nation[1]) for year in judged.years]))
        widest = max(
            float(judged.scores["inside_80"][0, judged.year == year.year].mean()) for year in judged.years
        )
        rows.append(
            (
                name,
                EDITIONS.get(name, Bilingual.same(name)),
                brier_,
                error,
                spread,
                100 * inside,
                100 * widest,
                nation_,
            )
        )
    columns = (
        Column("edition", msg("Id"), shown=False),
        Column("title", msg("Outlook of the nation")),
        Column("brier", msg("Brier"), digits=3),
        Column("error", msg("Mean absolute error"), "points", digits=2),
        Column("crps", msg("CRPS"), "points", digits=2),
        Column("inside_80", msg("Inside 80 %"), "%", digits=0),
        Column("widest", msg("of it, the highest year"), "%", digits=0),
        Column("nation", msg("Error of the regions' mean"), "points", digits=2),
    )
    return Table("editions", msg("By edition"), columns, tuple(rows), ("edition",))


def differences(judged: Judged) -> Table:
    """The engine less each reference: below zero the engine is better."""
    rows = tuple(
        (score, SCORES[score], name, NAMES[name], *_cells(found))
        for score in LOWER
        for name in NAMES
        if name not in ("engine", "known")
        and np.isfinite((found := judged.estimate(score, "engine", name)).value)
    )
    columns = (
        Column("score", msg("Score id"), shown=False),
        Column("score_title", msg("Score")),
        Column("forecast", msg("Forecast id"), shown=False),
        Column("forecast_title", msg("Reference")),
        Column("value", msg("Engine less reference"), digits=3, signed=True),
        *_BAND,
    )
    note = msg("Below zero the engine is better.")
    return Table(
        "differences",
        msg("Differences to references"),
        columns,
        rows,
        ("score", "forecast"),
        note,
    )


def _slice(judged: Judged, at: np.ndarray) -> tuple[Any, ...]:
    means = [float(judged.scores[name][0, at].mean()) for name in ("brier", "error", "crps", "inside_80")]
    gap = float((judged.growth - judged.target)[at].mean())
    return (
        len(at),
        gap,
        100 * float(judged.probability[0, at].mean()),
        100 * float(judged.reached[at].mean()),
        *means[:3],
        100 * means[3],
    )


_SLICE = (
    Column("count", msg("Cases"), digits=0),
    Column("gap", msg("Growth less target"), "points", digits=2, signed=True),
    Column("probability", msg("Mean probability"), "%", digits=0),
    Column("reached", msg("Reached"), "%", digits=0),
    Column("brier", msg("Brier"), digits=3),
    Column("error", msg("Error"), "points", digits=2),
    Column("crps", msg("CRPS"), "points", digits=2),
    Column("inside_80", msg("Inside 80 %"), "%", digits=0),
)


def by_year(judged: Judged) -> Table:
    """The engine's scores year by year."""
    rows = tuple(
        (year.year, *_slice(judged, np.flatnonzero(judged.year == year.year))) for year in judged.years
    )
    return Table(
        "by_year",
        msg("By year"),
        (Column("year", msg("Year"), digits=0), *_SLICE),
        rows,
        ("year",),
    )


def by_group(judged: Judged) -> Table:
    """The engine's scores province by province."""
    rows = tuple((name, *_slice(judged, at)) for name, at in judged.groups())
    return Table(
        "by_province",
        msg("By province"),
        (Column("province", msg("Province")), *_SLICE),
        rows,
        ("province",),
    )


def reliability(judged: Judged) -> Table:
    """How often what was called so probable came true."""
    rows = tuple(
        (100 * b.middle, 100 * b.given, 100 * b.true.value, 100 * b.true.low, 100 * b.true.high, b.count)
        for b in judged.reliability()
    )
    columns = (
        *TENTH,
        Column("low", msg("90 % from"), "%", digits=1),
        Column("high", msg("to"), "%", digits=1),
        CASES,
    )
    note = msg(
        "Where probabilities can be trusted, what came true is near the mean probability. Intervals draw"
        " whole years anew: a bin filled by one or two years is unsure."
    )
    return Table("reliability", msg("Reliability"), columns, rows, ("middle",), note)


def pit(judged: Judged) -> Table:
    """Where outcomes fell in their forecast distributions."""
    rows = tuple((10 * k + 5, 100 * float(share)) for k, share in enumerate(judged.pit()))
    columns = (
        Column("place", msg("Place in the distribution"), "%", digits=0),
        Column("share", msg("Share"), "%", digits=1),
    )
    note = msg("About 10 % each where the distributions are right.")
    return Table("pit", msg("PIT histogram"), columns, rows, ("place",), note)


def brier_parts(judged: Judged) -> Table:
    """Brier scores taken apart."""
    rows = []
    for name in NAMES:
        part = judged.parts(name)
        rows.append(
            (name, NAMES[name], part.score, part.reliability, part.resolution, part.uncertainty, part.within)
        )
    columns = (
        Column("forecast", msg("Forecast id"), shown=False),
        Column("forecast_title", msg("Forecast")),
        Column("brier", msg("Brier"), digits=3),
        Column("reliability", msg("Reliability (low is good)"), digits=3),
        Column("resolution", msg("Resolution (high is good)"), digits=3),
        Column("uncertainty", msg("Uncertainty"), digits=3),
        Column("within", msg("Within bins"), digits=3),
    )
    return Table(
        "brier_parts",
        msg("Parts of the Brier score"),
        columns,
        tuple(rows),
        ("forecast",),
    )


def headline(judged: Judged) -> Table:
    """The whole backtest in a row: the engine beside the best reference, and with the nation's news known."""
    others = [name for name in NAMES if name not in ("engine", "known")]
    found = {}
    for score in ("brier", "error"):
        values = {name: judged.estimate(score, name).value for name in others}
        best = min((name for name in others if np.isfinite(values[name])), key=values.__getitem__)
        found[score] = (
            judged.estimate(score, "engine").value,
            values[best],
            judged.estimate(score, "known").value,
            NAMES[best],
        )
    years = f"{min(judged.year)}-{max(judged.year)}"
    row = (
        years,
        len(judged.year),
        *found["brier"],
        *found["error"],
        100 * judged.estimate("inside_80", "engine").value,
    )
    columns = (
        Column("years", msg("Years", context="table_backtest")),
        Column("count", msg("Region-years"), digits=0),
        Column("brier", msg("Brier"), digits=3),
        Column("brier_best", msg("Best reference"), digits=3),
        Column("brier_known", msg("Nation known"), digits=3),
        Column("brier_of", msg("Which")),
        Column("error", msg("Mean error"), "points", digits=2),
        Column("error_best", msg("Best reference"), "points", digits=2),
        Column("error_known", msg("Nation known"), "points", digits=2),
        Column("error_of", msg("Which")),
        Column("inside", msg("Inside 80 %"), "%", digits=0),
    )
    return Table("headline", msg("In one row"), columns, (row,), ("years",))


def nation(judged: Judged) -> Table:
    """What was expected of the nation year by year, and what came."""
    rows = tuple(
        (y.year, *y.nation[:2], y.nation[0] - y.nation[1], y.nation[2], 100 * y.plan) for y in judged.years
    )
    columns = (
        Column("year", msg("Year"), digits=0),
        Column("expected", msg("Mean growth expected"), "%", digits=1),
        Column("happened", msg("What happened"), "%", digits=1),
        Column("off", msg("Expected less actual"), "points", digits=1, signed=True),
        Column("calm", msg("sd of a calm year"), "points", digits=1),
        Column("plan", msg("Weight of plans"), "%", digits=0),
    )
    note = msg(
        "The regions' mean growth is read from an outlook of the nation (where there is one), from targets"
        " (plans) and from past growth, weighted by the years before."
    )
    return Table(
        "nation",
        msg("The nation: expected and actual"),
        columns,
        rows,
        ("year",),
        note,
    )


def outlooks(judged: Judged) -> Table:
    """Scores by the error of an outlook of the nation."""
    engine = tuple(judged.estimate(name, "engine").value for name in ("brier", "error", "crps"))
    rows: list[tuple[Any, ...]] = [("none", msg("none: the backtest itself"), None, *engine)]
    rows += [
        (
            f"{each.error:g}",
            (msg("standard error {error:g} points", error=each.error) if each.error else msg("exact")),
            each.error,
            each.brier,
            each.mistake,
            each.crps,
        )
        for each in judged.outlooks
    ]
    columns = (
        Column("outlook", msg("Id"), shown=False),
        Column("title", msg("Outlook of the nation")),
        Column("sd", msg("Standard error"), "points", digits=2, shown=False),
        Column("brier", msg("Brier"), digits=3),
        Column("error", msg("Mean absolute error"), "points", digits=2),
        Column("crps", msg("CRPS"), "points", digits=2),
    )
    note = msg(
        "As if every scenario had stated an outlook of the regions' mean that is right on average and has"
        " this error."
    )
    return Table(
        "outlooks",
        msg("What an outlook is worth"),
        columns,
        tuple(rows),
        ("outlook",),
        note,
    )


def history_table(found: tuple[PastForecast, ...]) -> Table:
    """A region's own past: what its plan said, what the engine would have said, what happened."""
    rows = tuple(
        (
            past.year,
            _number(past.target),
            *(float(q) for q in past.quantiles),
            None if np.isnan(past.probability) else 100 * past.probability,
            _number(past.growth),
            (
                None
                if np.isnan(past.growth)
                else msg("yes")
                if 0.1 <= past.place <= 0.9
                else msg("no", context="table_backtest")
            ),
        )
        for past in found
    )
    columns = (
        Column("year", msg("Year"), digits=0),
        Column("target", msg("Target then"), "%", digits=1),
        Column("low", msg("Forecast 10 %"), "%", digits=1),
        Column("median", msg("median"), "%", digits=1),
        Column("high", msg("90 %"), "%", digits=1),
        Column("probability", msg("P(target)"), "%", digits=0),
        Column("growth", msg("What happened"), "%", digits=1),
        Column("inside", msg("Inside 80 %", context="table_backtest")),
    )
    note = msg(
        "From the years before alone, and the nation's outlook of the time where one was given; blank: target"
        " not found. Growth is as revised later; at the time first releases were known."
    )
    return Table("history", msg("Looking back"), columns, rows, ("year",), note)
