"""Tables of averages over several years, foretold by rolling origin (多年平均回测表)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...engine.forecast.backtest.averages import FORECASTS, PAST, Span, SpanScore, scored
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from .lines import Line, summary_of
from .table import Column, Table, declare

NAMES: dict[str, Bilingual] = {
    "engine": msg("The engine"),
    "past": msg("Mean of the {years} years before", years=PAST),
    "target": msg("The first year's target, held"),
}
_points, _percent = partial(Column, unit="points", digits=2), partial(Column, unit="%", digits=0)


@dataclass(frozen=True)
class _Score:
    over: int
    score: SpanScore


@dataclass(frozen=True)
class _Origin:
    span: Span
    forecast: str

    @property
    def k(self) -> int:
        """Place among the forecasts."""
        return FORECASTS.index(self.forecast)

    def mean(self, values: FloatArray) -> float | None:
        """Mean of what is known."""
        known = values[np.isfinite(values)]
        return float(known.mean()) if len(known) else None


def averages_tables(found: Mapping[int, Sequence[Span]], seed: int) -> dict[str, Table]:
    """Scores by length of the span, and every origin."""
    scores = [_Score(over, one) for over, spans in found.items() for one in scored(spans, seed)]
    made = (_summary(scores, found), _scores(scores), _origins(found))
    return {table.name: table for table in made}


def _summary(scores: Sequence[_Score], found: Mapping[int, Sequence[Span]]) -> Table:
    lines = []
    for over, spans in found.items():
        own = {row.score.forecast: row.score for row in scores if row.over == over}
        engine = own["engine"]
        rivals = [one for name, one in own.items() if name != "engine"]
        best = min(rivals, key=lambda one: one.error, default=engine)
        lines.append(
            Line(
                f"over_{over}",
                msg("{over} years", over=over),
                msg(
                    "{count} region-spans, first years {first}-{last}: the engine's average is off by"
                    " {error:.2f} points ({low:.2f} to {high:.2f}), {name} by {rival:.2f}; its 80 % interval"
                    " held {inside:.0f} %. Growth of all regions is taken to keep {least:.0f}-{most:.0f} % of"
                    " a shock a year later and to change for good by {still:.1f}-{moved:.1f} points a year"
                    " (standard deviation).",
                    count=engine.count,
                    first=str(spans[0].first),
                    last=str(spans[-1].first),
                    error=engine.error,
                    low=engine.error_low,
                    high=engine.error_high,
                    name=NAMES[best.forecast],
                    rival=best.error,
                    inside=100 * engine.inside,
                    least=100 * min(span.doubt.nation.persistence for span in spans),
                    most=100 * max(span.doubt.nation.persistence for span in spans),
                    still=min(span.doubt.nation.drift for span in spans),
                    moved=max(span.doubt.nation.drift for span in spans),
                ),
            )
        )
    return summary_of(lines, msg("Summary", context="table_backtest"))


def _scores(scores: Sequence[_Score]) -> Table:
    def of(name: str, times: float = 1.0) -> partial[float | None]:
        return partial(_value, name=name, times=times)

    columns = (
        Column("over", msg("Years of the average"), digits=0),
        Column("forecast", msg("Forecast"), value=lambda row: NAMES[row.score.forecast]),
        Column("count", msg("Region-spans"), digits=0, value=of("count")),
        _points("error", msg("Mean error of the average"), value=of("error")),
        _points("error_low", msg("Error: low"), value=of("error_low")),
        _points("error_high", msg("Error: high"), value=of("error_high")),
        _points("crps", msg("CRPS"), value=of("crps")),
        _percent("inside", msg("Inside the 80 % interval"), value=of("inside", 100)),
        Column("brier", msg("Brier score of reaching the target"), digits=3, value=of("brier")),
        _percent("given", msg("Mean chance given"), value=of("given", 100)),
        _percent("reached", msg("Reached"), value=of("reached", 100)),
    )
    note = msg(
        "Average growth of so many years from each first year on, foretold from the years before it; the"
        " target is that of the first year, asked of the average. Intervals of errors draw first years anew"
        " (90 %); spans overlap, so that they are too narrow. References have the errors of their own past"
        " spans around them."
    )
    return declare(
        "averages", msg("Averages over several years"), columns, scores, ("over", "forecast"), note
    )


def _value(row: _Score, name: str, times: float) -> float | None:
    value = float(getattr(row.score, name)) * times
    return value if np.isfinite(value) else None


def _origins(found: Mapping[int, Sequence[Span]]) -> Table:
    rows = [
        _Origin(span, name)
        for spans in found.values()
        for span in spans
        for name in FORECASTS
        if np.isfinite(span.centre[FORECASTS.index(name)]).any()
    ]
    columns = (
        Column("over", msg("Years of the average"), digits=0, value=lambda row: row.span.over),
        Column("first", msg("First year"), value=lambda row: str(row.span.first)),
        Column("forecast", msg("Forecast"), value=lambda row: NAMES[row.forecast]),
        Column("count", msg("Regions"), digits=0, value=lambda row: len(row.span.region)),
        _points(
            "off",
            msg("Came less foretold, mean"),
            value=lambda row: row.mean(row.span.growth - row.span.centre[row.k]),
        ),
        _percent(
            "inside",
            msg("Inside the 80 % interval"),
            value=lambda row: row.mean(
                np.where(
                    np.isfinite(row.span.places[row.k]),
                    100.0 * (np.abs(row.span.places[row.k] - 0.5) <= 0.4),
                    np.nan,
                )
            ),
        ),
        _percent(
            "given", msg("Mean chance given"), value=lambda row: row.mean(100 * row.span.probability[row.k])
        ),
        _percent(
            "lasting",
            msg("Left of a national shock a year later"),
            value=_carried("nation", "persistence", 100),
            shown=False,
        ),
        _points(
            "drift",
            msg("Change for good a year, all regions, sd"),
            value=_carried("nation", "drift"),
            shown=False,
        ),
        _percent(
            "own_lasting",
            msg("Left of a region's own shock a year later"),
            value=_carried("own", "persistence", 100),
            shown=False,
        ),
        _points(
            "own_drift",
            msg("Change for good a year, a region's own, sd"),
            value=_carried("own", "drift"),
            shown=False,
        ),
    )
    return declare(
        "averages_by_first_year",
        msg("Averages by first year"),
        columns,
        rows,
        ("over", "first", "forecast"),
    )


def _carried(whose: str, what: str, times: float = 1.0) -> Callable[[_Origin], float | None]:
    """How the engine carries news into later years."""

    def value(row: _Origin) -> float | None:
        return (
            times * float(getattr(getattr(row.span.doubt, whose), what)) if row.forecast == "engine" else None
        )

    return value
