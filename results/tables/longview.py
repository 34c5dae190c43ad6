"""The long view as tables: the three questions, year by year, where growth comes from, what it turns on
(长期视角)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...engine.longview import Credible, Long, LongViewCase, LongViewQuestion, Turn
from ...models import solow
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg, tr
from ..text.format import number
from .table import Column, Table, declare, none
from .two_accounts import accounts_sentences, accounts_table

_NAMES: dict[str, Bilingual] = {
    "capital_output": msg("capital over output"),
    "capital_formation": msg("part of investment that becomes capital"),
    "labour_share": msg("labour share"),
    "depreciation": msg("depreciation"),
    "productivity": msg("growth of productivity"),
    "human": msg("growth of schooling and skill"),
    "participation": msg("growth of participation"),
    "working_age": msg("growth of the share in working age"),
    "population": msg("growth of residents"),
    "gdp": msg("GDP"),
    "fai": msg("fixed-asset investment"),
}


def long_tables(long: Long | None) -> dict[str, Table]:
    """All tables of the long view by name; none where the scenario has none."""
    if long is None:
        return {}
    made = (_answers(long), accounts_table(long.accounts), _years(long), _sources(long), _turns(long))
    return {table.name: table for table in made if table.rows}


def _mean(growth: FloatArray) -> float:
    """Average growth a year, %: of compound growth, central draw."""
    return float(100 * (np.prod(1 + growth[:, 0]) ** (1 / len(growth)) - 1))


@dataclass(frozen=True)
class _Row:
    """A year of a case by its place."""

    place: int
    case: LongViewCase
    t: int

    @property
    def path(self) -> solow.LongPath:
        """How growth and investment go on."""
        return self.case.path

    @property
    def ratio(self) -> float:
        """Capital over output at the end of the year."""
        return float(self.path.ratio[self.t + 1, 0])

    def percent(self, path: FloatArray | None, later: int = 0) -> float | None:
        """The year of a path in percent, central draw; of levels, which begin a year earlier, one later."""
        return None if path is None else _percent(path, self.t + later)


def _rows(long: Long) -> list[_Row]:
    """Every case in its last year."""
    return [_Row(place, case, len(case.path.growth) - 1) for place, case in enumerate(long.cases)]


_rate, _share = partial(Column, unit="%", digits=2), partial(Column, unit="%", digits=1)
_CASE = (
    Column("case", msg("Case"), shown=False, value=lambda row: f"{row.place + 1}"),
    Column("ask", msg("Question"), terminal=False, value=lambda row: row.case.ask.value),
    Column("name", msg("Case", context="table_longview"), value=lambda row: row.case.name),
)


def _answers(long: Long) -> Table:
    """One row per case: growth, investment, capital, and whether anyone ever did it."""
    first, last = long.first, long.first + len(long.given.productivity) - 1
    hidden = partial(_share, shown=False)
    columns = (
        *_CASE,
        _rate("growth", msg("Growth a year"), value=lambda row: _mean(row.path.growth)),
        _rate("growth_first", msg("{first}", first=first), value=lambda row: _percent(row.path.growth, 0)),
        _rate("growth_last", msg("{last}", last=last), value=lambda row: _percent(row.path.growth, -1)),
        hidden("per_head", msg("Growth per head"), digits=2, value=lambda row: _mean(row.path.per_head)),
        hidden("share_base", msg("Invested in the base year"), value=lambda _: 100 * float(long.base[0])),
        _share(
            "share_first",
            msg("Invested {first}", first=first),
            value=lambda row: _percent(row.path.investment, 0),
        ),
        _share(
            "share_last",
            msg("Invested {last}", last=last),
            value=lambda row: _percent(row.path.investment, -1),
        ),
        hidden("share_peak", msg("Invested at most"), value=lambda row: _peak(row.path)),
        hidden("usual", msg("Nine in ten years on record below"), value=lambda _: long.usual),
        hidden("highest", msg("Highest ever"), value=lambda _: long.highest),
        Column("capital_output", msg("K/Y {last}", last=last), digits=2, value=lambda row: row.ratio),
        Column("icor", msg("ICOR"), digits=1, value=lambda row: _icor(row.path)),
        hidden(
            "level",
            msg("Output {last} (base year = 100)", last=last),
            unit="",
            value=lambda row: row.percent(row.path.level, 1),
        ),
        hidden(
            "owed",
            msg("Net owed outside {last}, of GDP", last=last),
            value=lambda row: row.percent(row.case.owed, 1),
        ),
        Column("credible", msg("Credible?"), value=lambda row: row.case.credible.value),
    )
    note = msg(
        "{first}-{last}. Invested: capital formation over GDP. Where investment is sought, growth is given"
        " and the share found; in all other rows the share (or savings) is given and growth found. The"
        " share that one growth needs changes over the years with capital over output: more capital wears"
        " out more and adds less. Against what is on record: nine in ten years below {usual} %, the"
        " highest {highest} %. Apart from the annual model, which stands beside it in the table of both"
        " accounts.",
        first=long.first,
        last=last,
        usual=number(long.usual, 1),
        highest=number(long.highest, 1),
    )
    for each in long.left_out:
        note = msg("{note} Left out: {name} ({why}).", note=note, name=each.name, why=each.why)
    title = msg("The long view: three questions")
    return declare("long_view", title, columns, _rows(long), ("case",), note)


def _percent(path: FloatArray, year: int) -> float:
    """A year of a path in percent, central draw."""
    return 100 * float(path[year, 0])


def _peak(path: solow.LongPath) -> float:
    """The highest share invested in any year, %."""
    return 100 * float(path.investment[:, 0].max())


def _icor(path: solow.LongPath) -> float | None:
    growth = _mean(path.growth) / 100
    return None if growth <= 0 else float(path.investment[:, 0].mean()) / growth


def _years(long: Long) -> Table:
    """Each case year by year."""
    rows = (_Row(last.place, last.case, t) for last in _rows(long) for t in range(last.t + 1))
    columns = (
        *_CASE,
        Column("year", msg("Year", context="table_longview"), digits=0, value=lambda row: long.first + row.t),
        _rate("growth", msg("Growth"), value=lambda row: row.percent(row.path.growth)),
        _rate(
            "per_head",
            msg("Growth per head", context="table_longview"),
            value=lambda row: row.percent(row.path.per_head),
        ),
        _share("share", msg("Invested"), value=lambda row: row.percent(row.path.investment)),
        Column("capital_output", msg("Capital over output"), digits=3, value=lambda row: row.ratio),
        Column(
            "level",
            msg("Output (base year = 100)"),
            digits=1,
            value=lambda row: row.percent(row.path.level, 1),
        ),
        _share("balance", msg("Net sent outside, of GDP"), value=lambda row: row.percent(row.case.balance)),
        _share("owed", msg("Net owed outside, of GDP"), value=lambda row: row.percent(row.case.owed, 1)),
    )
    title = msg("The long view, year by year")
    return declare("long_years", title, columns, rows, ("case", "year"), brief=none)


def _sources(long: Long) -> Table:
    """Growth accounting of every case: average points a year from each source, adding up to growth."""
    parts = [solow.account(long.given, case.path) for case in long.cases]
    titles = {
        "capital": msg("Capital"),
        "work": msg("People at work"),
        "human": msg("Schooling"),
        "productivity": msg("Productivity"),
    }

    def mean(source: str) -> Callable[[_Row], float]:
        return lambda row: 100 * float(getattr(parts[row.place], source)[:, 0].mean())

    columns = (
        *_CASE,
        *(Column(source, title, "points", 2, value=mean(source)) for source, title in titles.items()),
        Column(
            "growth",
            msg("Growth", context="table_longview"),
            "points",
            2,
            value=lambda row: sum(mean(source)(row) for source in titles),
        ),
    )
    note = msg("Average points a year; the parts add up to growth, without a residual.")
    return declare("long_sources", msg("Sources of long growth"), columns, _rows(long), ("case",), note)


def _turns(long: Long) -> Table:
    """What each number in doubt does at both ends of its range, the strongest first."""

    def name(turn: Turn) -> Bilingual:
        key = turn.quantity.path.rsplit(".", 1)[-1]
        return _NAMES.get(key, Bilingual.same(key))

    def growth(end: int) -> Callable[[Turn], float]:
        return lambda turn: 100 * turn.growth[end]

    def share(end: int) -> Callable[[Turn], float | None]:
        return lambda turn: None if turn.needed is None else 100 * turn.needed[end]

    rows = sorted(long.turns, key=lambda turn: -abs(turn.growth[1] - turn.growth[0]))
    wanted = "" if long.wanted is None else number(long.wanted, 1)
    columns = (
        Column("number", msg("Number"), value=name),
        Column("path", msg("Path"), shown=False, value=lambda turn: turn.quantity.path),
        Column(
            "value", msg("Value", context="table_longview"), digits=2, value=lambda turn: turn.quantity.value
        ),
        Column("low", msg("Low"), digits=2, value=lambda turn: turn.quantity.low),
        Column("high", msg("High"), digits=2, value=lambda turn: turn.quantity.high),
        _rate("growth_low", msg("At low: growth"), value=growth(0)),
        _rate("growth_high", msg("At high: growth"), value=growth(1)),
        _share("share_low", msg("At low: invested at most for {wanted} %", wanted=wanted), value=share(0)),
        _share("share_high", msg("At high: invested at most for {wanted} %", wanted=wanted), value=share(1)),
    )
    base = number(100 * float(long.base[0]), 1)
    note = (
        msg(
            "Two questions side by side: growth a year with the base year's {share} % of GDP invested"
            " throughout; and the highest share of any year where growth is to stay at {wanted} % in every"
            " year. One number at a time goes to an end of its range.",
            share=base,
            wanted=wanted,
        )
        if wanted
        else msg(
            "Growth a year with the base year's {share} % of GDP invested throughout; one number at a time"
            " goes to an end of its range.",
            share=base,
        )
    )
    return declare("long_turns", msg("What long growth turns on"), columns, rows, ("path",), note)


def long_sentences(long: Long, lang: str) -> list[tuple[str, str]]:
    """Both accounts side by side, the answers in words, one per question, and warnings: label and text."""
    years, base = len(long.given.productivity), number(100 * float(long.base[0]), 1)
    last, said = long.first + years - 1, list(accounts_sentences(long, lang))
    kept = next(
        (_mean(case.path.growth) for case in long.cases if case.ask is LongViewQuestion.GROWTH), None
    )  # today's share comes first
    for case in long.cases:
        path, peak = case.path, _peak(case.path)
        if case.ask is LongViewQuestion.INVESTMENT:
            text = tr(
                lang,
                "{name}: {first_share} % of GDP invested in {first}, {last_share} % in {last} (base year"
                " {base_share} %); capital over output comes to {ratio}",
                name=case.name,
                first_share=number(_percent(path.investment, 0), 1),
                first=long.first,
                last_share=number(_percent(path.investment, -1), 1),
                last=last,
                base_share=base,
                ratio=number(float(path.ratio[-1, 0]), 1),
            )
            if kept is not None and peak > 100 * float(long.base[0]):
                text += tr(
                    lang, "; at the base year's share growth would be {kept} % a year", kept=number(kept, 2)
                )
        else:
            text = tr(
                lang,
                "{name}: growth of {mean} % a year {first}-{last}, from {from_rate} % to {to_rate} %",
                name=case.name,
                mean=number(_mean(path.growth), 2),
                first=long.first,
                last=last,
                from_rate=number(_percent(path.growth, 0), 2),
                to_rate=number(_percent(path.growth, -1), 2),
            )
        said.append(
            (case.ask.value.of(lang), text + tr(lang, "<nothing>", context="ends an answer of the long view"))
        )
        if case.credible in (Credible.RARE, Credible.NEVER):
            warned = tr(
                lang,
                "{peak} % of GDP invested is {told} ({record})",
                peak=number(peak, 1),
                told=case.credible.value.of(lang),
                record=f"{number(long.usual if case.credible is Credible.RARE else long.highest, 1)}%",
            )
            said.append((tr(lang, "WARNING"), warned))
    said += [
        (
            each.ask.value.of(lang),
            tr(
                lang,
                "{name}: left out, its numbers cannot stand together ({why})",
                name=each.name,
                why=each.why,
            ),
        )
        for each in long.left_out
    ]
    return said
