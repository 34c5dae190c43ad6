"""Tables of a backtest: scores, differences to references, by year and province, reliability (回测)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.forecast.backtest.worth import OutlookWorth
from ...models.quantity import Bilingual
from ...models.words import in_each, msg, tr
from ..text.format import finite
from .chances import CASES, TENTH
from .level import Tenth
from .lines import Line, summary_of
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.forecast.backtest.alone import PastForecast
    from ...engine.forecast.backtest.judge import Judged, ScoreEstimate

NAMES: dict[str, Bilingual] = {
    "engine": msg("The engine"),
    "known": msg("The engine, given the year's national mean"),
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
_points, _percent = partial(Column, unit="points", digits=2), partial(Column, unit="%", digits=0)
_score = partial(Column, digits=3)
_REFERENCES = [name for name in NAMES if name not in ("engine", "known")]


def backtest_tables(judged: Judged, by_edition: Mapping[str, Judged] | None = None) -> dict[str, Table]:
    """Every table of a backtest; one more where it was made by several editions of the nation's outlook."""
    aimed = (reliability, brier_parts)
    made = (
        *((editions(by_edition),) if by_edition and len(by_edition) > 1 else ()),
        summary(judged),
        scores(judged),
        differences(judged),
        by_year(judged),
        by_group(judged),
        *(() if judged.aimless else (make(judged) for make in aimed)),
        pit(judged),
        nation(judged),
        outlooks(judged),
        headline(judged),
    )
    return {table.name: table for table in made}


def summary(judged: Judged) -> Table:
    """What a reader needs to know, in sentences."""
    error, inside = judged.estimate("error", "engine"), judged.estimate("inside_80", "engine")
    lines = (
        Line("sample", msg("Sample"), _sample(judged)),
        Line("crps", msg("Forecasts"), _against(judged, "crps"))
        if judged.aimless
        else Line("brier", msg("Probabilities"), _against(judged, "brier")),
        Line(
            "error",
            msg("Error"),
            msg(
                "Mean absolute error {error:.2f} points; the 80 % interval held {held:.0f} % of outcomes.",
                error=error.value,
                held=100 * inside.value,
            ),
        ),
        Line("known", msg("Worth of national news"), _worth(judged)),
        Line("short", msg("Where it falls short"), _short(judged)),
    )
    return summary_of(lines, msg("Summary", context="table_backtest"))


def _sample(judged: Judged) -> Bilingual:
    """How many regions and years, and how many targets were reached, where there are any."""
    values = {
        "regions": len(set(judged.region.tolist())),
        "first": min(judged.year),
        "last": max(judged.year),
        "count": len(judged.year),
        "draws": judged.draws,
    }
    if judged.aimless:
        return msg(
            "{regions} regions, {first}-{last}, {count} region-years, no targets in the panel: growth is"
            " scored, not chances; {draws} draws each, parameters from earlier years only.",
            **values,
        )
    return msg(
        "{regions} regions, {first}-{last}, {count} region-years; targets reached in {mean:.0f} %;"
        " {draws} draws each, parameters from earlier years only.",
        mean=100 * judged.reached.mean(),
        **values,
    )


def _against(judged: Judged, score: str) -> Bilingual:
    """The engine's score beside that of the best reference, and whether they can be told apart."""
    own, best = judged.estimate(score, "engine"), _best(judged, score)
    mixed = judged.estimate(score, "engine", best)
    return msg(
        "{name_of} {score:.3f} ({low:.3f} to {high:.3f}); the best reference, {name}, {rival:.3f}: {told}.",
        name_of=SCORES[score],
        score=own.value,
        low=own.low,
        high=own.high,
        name=in_each(lambda lang: NAMES[best].of(lang).lower()),
        rival=judged.estimate(score, best).value,
        told=_told(mixed.low, mixed.high),
    )


def _best(judged: Judged, score: str) -> str:
    """The reference that scores lowest."""
    found = {name: judged.estimate(score, name).value for name in _REFERENCES}
    return min((name for name in found if np.isfinite(found[name])), key=found.__getitem__)


def _worth(judged: Judged) -> Bilingual:
    """What knowing the nation's growth would give, and how good an outlook must be to help."""
    own, known = (judged.estimate("brier", name).value for name in ("engine", "known"))
    error, told = (judged.estimate("error", name).value for name in ("engine", "known"))
    helps = [
        each.error
        for each in judged.outlooks
        if each.error > 0 and (judged.aimless or each.brier < own) and each.mistake < error
    ]
    said = msg(
        "Knowing the regions' mean growth of the year beforehand would take the error from {error:.2f} to"
        " {known_error:.2f} points",
        error=error,
        known_error=told,
    )
    said = (
        said
        if judged.aimless
        else msg(
            "Knowing the regions' mean growth of the year beforehand would take the Brier score from"
            " {own:.3f} to {known:.3f} and the error from {error:.2f} to {known_error:.2f} points",
            own=own,
            known=known,
            error=error,
            known_error=told,
        )
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
    score = "crps" if judged.aimless else "brier"
    scored = judged.scores[score][0]
    by = {year: float(scored[at].mean()) for year, at in _by_year(judged).items()}
    worst = sorted(judged.years, key=lambda year: by[year.year], reverse=True)[:3]
    own = judged.estimate("error", "known").value
    years = [
        msg(
            "{year} ({name} {score:.2f}), mean growth projected {expected:.1f} %, was {was:.1f} %",
            year=each.year,
            name=SCORES[score],
            score=by[each.year],
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


@dataclass(frozen=True)
class _Mean:
    """A score of a forecast, or how far the engine's lies from it."""

    score: str
    forecast: str
    found: ScoreEstimate


def scores(judged: Judged) -> Table:
    """Every score of every forecast, with its interval over years."""
    rows = (_Mean(score, name, judged.estimate(score, name)) for score in SCORES for name in NAMES)
    note = msg(
        "Brier, log, error and CRPS: lower is better. Intervals by drawing whole years anew: national news"
        " strikes all regions of a year, so there are hardly more independent cases than years."
    )
    return _scored("scores", msg("Scores"), msg("Forecast"), msg("Value"), rows, note)


def differences(judged: Judged) -> Table:
    """The engine less each reference: below zero the engine is better."""
    rows = (
        _Mean(score, name, judged.estimate(score, "engine", name)) for score in LOWER for name in _REFERENCES
    )
    title, note = msg("Differences to references"), msg("Below zero the engine is better.")
    return _scored("differences", title, msg("Reference"), msg("Engine less reference"), rows, note, True)


def _scored(
    name: str,
    title: Bilingual,
    forecast: Bilingual,
    head: Bilingual,
    rows: Iterable[_Mean],
    note: Bilingual,
    signed: bool = False,
) -> Table:
    columns = (
        Column("score", msg("Score id"), shown=False),
        Column("score_title", msg("Score"), value=lambda row: SCORES[row.score]),
        Column("forecast", msg("Forecast id"), shown=False),
        Column("forecast_title", forecast, value=lambda row: NAMES[row.forecast]),
        _score("value", head, signed=signed, value=lambda row: row.found.value),
        _score("low", msg("90 % from"), value=lambda row: finite(row.found.low)),
        _score("high", msg("to"), value=lambda row: finite(row.found.high)),
    )
    known = [row for row in rows if np.isfinite(row.found.value)]
    return declare(name, title, columns, known, ("score", "forecast"), note)


EDITIONS: dict[str, Bilingual] = {
    "january": msg("The nation's outlook of January"),
    "october": msg("The nation's outlook of October before"),
    "none": msg("No outlook of the nation"),
}


def editions(by_edition: Mapping[str, Judged]) -> Table:
    """Scores edition by edition of the nation's outlook."""

    def mean(score: str, scale: float = 1) -> Callable[[str], float]:
        return lambda name: scale * by_edition[name].estimate(score, "engine").value

    def widest(name: str) -> float:
        inside = by_edition[name].scores["inside_80"][0]
        return 100 * max(float(inside[at].mean()) for at in _by_year(by_edition[name]).values())

    def missed(name: str) -> float:
        return float(np.mean([abs(year.nation[0] - year.nation[1]) for year in by_edition[name].years]))

    columns = (
        Column("edition", msg("Id"), shown=False, value=str),
        Column(
            "title", msg("Outlook of the nation"), value=lambda name: EDITIONS.get(name, Bilingual.same(name))
        ),
        _score("brier", msg("Brier"), value=mean("brier")),
        _points("error", msg("Mean absolute error"), value=mean("error")),
        _points("crps", msg("CRPS"), value=mean("crps")),
        _percent("inside_80", msg("Inside 80 %"), value=mean("inside_80", 100)),
        _percent("widest", msg("of it, the highest year"), value=widest),
        _points("nation", msg("Error of the regions' mean"), value=missed),
    )
    return declare("editions", msg("By edition"), columns, by_edition, ("edition",))


def _by_year(judged: Judged) -> dict[int, np.ndarray]:
    """Positions of each year's region-years."""
    return {year.year: np.flatnonzero(judged.year == year.year) for year in judged.years}


def by_year(judged: Judged) -> Table:
    """The engine's scores year by year."""
    year = Column("year", msg("Year"), digits=0, value=int)
    return _sliced(judged, "by_year", msg("By year"), year, _by_year(judged))


def by_group(judged: Judged) -> Table:
    """The engine's scores province by province."""
    province = Column("province", msg("Province"), value=str)
    return _sliced(judged, "by_province", msg("By province"), province, dict(judged.groups()))


def _sliced(
    judged: Judged, name: str, title: Bilingual, key: Column, parts: Mapping[Any, np.ndarray]
) -> Table:
    """The engine's scores part by part of the region-years, each by its positions."""

    def mean(values: np.ndarray, scale: float = 1) -> Callable[[Any], float]:
        return lambda part: scale * float(values[parts[part]].mean())

    own = {score: path[0] for score, path in judged.scores.items()}
    aimed = (
        _points("gap", msg("Growth less target"), signed=True, value=mean(judged.growth - judged.target)),
        _percent("probability", msg("Mean probability"), value=mean(judged.probability[0], 100)),
        _percent("reached", msg("Reached"), value=mean(judged.reached, 100)),
        _score("brier", msg("Brier"), value=mean(own["brier"])),
    )
    columns = (
        key,
        Column("count", msg("Cases"), digits=0, value=lambda part: len(parts[part])),
        *(() if judged.aimless else aimed),
        _points("error", msg("Error"), value=mean(own["error"])),
        _points("crps", msg("CRPS"), value=mean(own["crps"])),
        _percent("inside_80", msg("Inside 80 %"), value=mean(own["inside_80"], 100)),
    )
    return declare(name, title, columns, parts, (key.name,))


def reliability(judged: Judged) -> Table:
    """How often what was called so probable came true."""
    rows = (
        Tenth(100 * b.middle, 100 * b.given, 100 * b.true.value, b.count, 100 * b.true.low, 100 * b.true.high)
        for b in judged.reliability()
    )
    columns = (
        *TENTH,
        _percent("low", msg("90 % from"), digits=1),
        _percent("high", msg("to"), digits=1),
        CASES,
    )
    note = msg(
        "Where probabilities can be trusted, what came true is near the mean probability. Intervals draw"
        " whole years anew: a bin filled by one or two years is unsure."
    )
    return declare("reliability", msg("Reliability"), columns, rows, ("middle",), note)


def pit(judged: Judged) -> Table:
    """Where outcomes fell in their forecast distributions."""
    shares = judged.pit()
    columns = (
        _percent("place", msg("Place in the distribution"), value=lambda tenth: 10 * tenth + 5),
        _percent("share", msg("Share"), digits=1, value=lambda tenth: 100 * float(shares[tenth])),
    )
    note = msg("About 10 % each where the distributions are right.")
    return declare("pit", msg("PIT histogram"), columns, range(len(shares)), ("place",), note)


def brier_parts(judged: Judged) -> Table:
    """Brier scores taken apart."""
    parts = {name: judged.parts(name) for name in NAMES}
    columns = (
        Column("forecast", msg("Forecast id"), shown=False, value=str),
        Column("forecast_title", msg("Forecast"), value=NAMES.get),
        _score("brier", msg("Brier"), value=lambda name: parts[name].score),
        _score("reliability", msg("Reliability (low is good)"), value=lambda name: parts[name].reliability),
        _score("resolution", msg("Resolution (high is good)"), value=lambda name: parts[name].resolution),
        _score("uncertainty", msg("Uncertainty"), value=lambda name: parts[name].uncertainty),
        _score("within", msg("Within bins"), value=lambda name: parts[name].within),
    )
    return declare("brier_parts", msg("Parts of the Brier score"), columns, NAMES, ("forecast",))


def headline(judged: Judged) -> Table:
    """The whole backtest in a row: the engine beside the best reference, and with the nation's news known."""
    brier, error = "" if judged.aimless else _best(judged, "brier"), _best(judged, "error")

    def mean(score: str, name: str, scale: float = 1) -> Callable[[Judged], float]:
        return lambda judged: scale * judged.estimate(score, name).value

    aimed = (
        _score("brier", msg("Brier"), value=mean("brier", "engine")),
        _score("brier_best", msg("Best reference"), value=mean("brier", brier)),
        _score("brier_known", msg("Nation known"), value=mean("brier", "known")),
        Column("brier_of", msg("Which"), value=lambda _: NAMES[brier]),
    )
    columns = (
        Column(
            "years",
            msg("Years", context="table_backtest"),
            value=lambda judged: f"{min(judged.year)}-{max(judged.year)}",
        ),
        Column("count", msg("Region-years"), digits=0, value=lambda judged: len(judged.year)),
        *(aimed if brier else ()),
        _points("error", msg("Mean error"), value=mean("error", "engine")),
        _points("error_best", msg("Best reference"), value=mean("error", error)),
        _points("error_known", msg("Nation known"), value=mean("error", "known")),
        Column("error_of", msg("Which"), value=lambda _: NAMES[error]),
        _percent("inside", msg("Inside 80 %"), value=mean("inside_80", "engine", 100)),
    )
    return declare("headline", msg("In one row"), columns, (judged,), ("years",))


def nation(judged: Judged) -> Table:
    """What was expected of the nation year by year, and what came."""
    columns = (
        Column("year", msg("Year"), digits=0),
        _percent("expected", msg("Mean growth projected"), digits=1, value=lambda y: y.nation[0]),
        _percent("happened", msg("What happened"), digits=1, value=lambda y: y.nation[1]),
        _points(
            "off",
            msg("Projected less actual"),
            digits=1,
            signed=True,
            value=lambda y: y.nation[0] - y.nation[1],
        ),
        _points("calm", msg("sd of a calm year"), digits=1, value=lambda y: y.nation[2]),
        _percent("plan", msg("Weight of plans"), value=lambda y: 100 * y.plan),
    )
    note = msg(
        "The regions' mean growth is read from an outlook of the nation (where there is one), from targets"
        " (plans) and from past growth, weighted by the years before."
    )
    title = msg("The nation: projected and actual")
    return declare("nation", title, columns, judged.years, ("year",), note)


def outlooks(judged: Judged) -> Table:
    """Scores by the error of an outlook of the nation."""
    brier, error, crps = (judged.estimate(name, "engine").value for name in ("brier", "error", "crps"))
    itself = OutlookWorth(np.nan, brier, error, crps)

    def title(each: OutlookWorth) -> Bilingual:
        if each is itself:
            return msg("none: the backtest itself")
        return msg("standard error {error:g} points", error=each.error) if each.error else msg("exact")

    columns = (
        Column(
            "outlook",
            msg("Id"),
            shown=False,
            value=lambda each: "none" if each is itself else f"{each.error:g}",
        ),
        Column("title", msg("Outlook of the nation"), value=title),
        _points("sd", msg("Standard error"), shown=False, value=lambda each: finite(each.error)),
        *(() if judged.aimless else (_score("brier", msg("Brier")),)),
        _points("error", msg("Mean absolute error"), value=lambda each: each.mistake),
        _points("crps", msg("CRPS")),
    )
    note = msg(
        "As if every scenario had stated an outlook of the regions' mean that is right on average and has"
        " this error."
    )
    rows = (itself, *judged.outlooks)
    return declare("outlooks", msg("What an outlook is worth"), columns, rows, ("outlook",), note)


def history_table(found: tuple[PastForecast, ...]) -> Table:
    """A region's own past: what its plan said, what the engine would have said, what happened."""

    def quantile(at: int) -> Callable[[PastForecast], float]:
        return lambda past: float(past.quantiles[at])

    def inside(past: PastForecast) -> Bilingual | None:
        if np.isnan(past.growth):
            return None
        return msg("yes") if 0.1 <= past.place <= 0.9 else msg("no", context="table_backtest")

    columns = (
        Column("year", msg("Year"), digits=0),
        _percent("target", msg("Target then"), digits=1, value=lambda past: finite(past.target)),
        _percent("low", msg("Forecast 10 %"), digits=1, value=quantile(0)),
        _percent("median", msg("median"), digits=1, value=quantile(1)),
        _percent("high", msg("90 %"), digits=1, value=quantile(2)),
        _percent("probability", msg("P(target)"), value=lambda past: finite(100 * past.probability)),
        _percent("growth", msg("What happened"), digits=1, value=lambda past: finite(past.growth)),
        Column("inside", msg("Inside 80 %", context="table_backtest"), value=inside),
    )
    note = msg(
        "From the years before alone, and the nation's outlook of the time where one was given; blank: target"
        " not found. Growth is as revised later; at the time first releases were known."
    )
    return declare("history", msg("Looking back"), columns, found, ("year",), note)
