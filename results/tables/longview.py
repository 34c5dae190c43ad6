"""The long view as tables: the three questions, year by year, where growth comes from, what it turns on
(长期视角)."""

from __future__ import annotations

import numpy as np

from ...engine.longview import Credible, Long, LongViewCase, LongViewQuestion
from ...models import solow
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg, tr
from ..text.format import number
from .table import Column, Table

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
    made = (_answers(long), _years(long), _sources(long), _turns(long))
    return {table.name: table for table in made if table.rows}


def _mean(growth: FloatArray) -> float:
    """Average growth a year, %: of compound growth, central draw."""
    return float(100 * (np.prod(1 + growth[:, 0]) ** (1 / len(growth)) - 1))


def _answers(long: Long) -> Table:
    """One row per case: growth, investment, capital, and whether anyone ever did it."""
    rows = []
    for i, case in enumerate(long.cases):
        path, share = case.path, 100 * case.path.investment[:, 0]
        rows.append(
            (
                f"{i + 1}",
                case.ask.value,
                case.name,
                _mean(path.growth),
                100 * float(path.growth[0, 0]),
                100 * float(path.growth[-1, 0]),
                _mean(path.per_head),
                100 * float(long.base[0]),
                float(share[0]),
                float(share[-1]),
                float(share.max()),
                long.usual,
                long.highest,
                float(path.ratio[-1, 0]),
                _icor(case),
                100 * float(path.level[-1, 0]),
                None if case.owed is None else 100 * float(case.owed[-1, 0]),
                case.credible.value,
            )
        )
    last = long.first + len(long.given.productivity) - 1
    columns = (
        Column("case", msg("Case"), shown=False),
        Column("ask", msg("Question")),
        Column("name", msg("Case", context="table_longview")),
        Column("growth", msg("Growth a year"), "%", 2),
        Column("growth_first", msg("{first}", first=long.first), "%", 2),
        Column("growth_last", msg("{last}", last=last), "%", 2),
        Column("per_head", msg("Growth per head"), "%", 2, shown=False),
        Column("share_base", msg("Invested in the base year"), "%", 1, shown=False),
        Column("share_first", msg("Invested {first}", first=long.first), "%", 1),
        Column("share_last", msg("Invested {last}", last=last), "%", 1),
        Column("share_peak", msg("Invested at most"), "%", 1, shown=False),
        Column("usual", msg("Nine in ten province-years below"), "%", 1, shown=False),
        Column("highest", msg("Highest ever"), "%", 1, shown=False),
        Column("capital_output", msg("K/Y {last}", last=last), "", 2),
        Column("icor", msg("ICOR"), "", 1),
        Column("level", msg("Output {last} (base year = 100)", last=last), "", 1, shown=False),
        Column("owed", msg("Net owed outside {last}, of GDP", last=last), "%", 1, shown=False),
        Column("credible", msg("Credible?")),
    )
    note = msg(
        "{first}-{last}. Invested: capital formation over GDP. Where investment is sought, growth is given"
        " and the share found; in all other rows the share (or savings) is given and growth found. The share"
        " that one growth needs changes over the years with capital over output: more capital wears out more"
        " and adds less. Against what provinces have done: nine in ten province-years below {usual} %, the"
        " highest {highest} %. Apart from the annual model.",
        first=long.first,
        last=last,
        usual=number(long.usual, 1),
        highest=number(long.highest, 1),
    )
    return Table(
        "long_view",
        msg("The long view: three questions"),
        columns,
        tuple(rows),
        ("case",),
        note,
    )


def _icor(case: LongViewCase) -> float | None:
    growth = _mean(case.path.growth) / 100
    return None if growth <= 0 else float(case.path.investment[:, 0].mean()) / growth


def _years(long: Long) -> Table:
    """Each case year by year."""
    rows = [
        (
            f"{i + 1}",
            case.ask.value,
            case.name,
            long.first + t,
            100 * float(case.path.growth[t, 0]),
            100 * float(case.path.per_head[t, 0]),
            100 * float(case.path.investment[t, 0]),
            float(case.path.ratio[t + 1, 0]),
            100 * float(case.path.level[t + 1, 0]),
            None if case.balance is None else 100 * float(case.balance[t, 0]),
            None if case.owed is None else 100 * float(case.owed[t + 1, 0]),
        )
        for i, case in enumerate(long.cases)
        for t in range(len(case.path.growth))
    ]
    columns = (
        Column("case", msg("Case"), shown=False),
        Column("ask", msg("Question")),
        Column("name", msg("Case", context="table_longview")),
        Column("year", msg("Year", context="table_longview"), digits=0),
        Column("growth", msg("Growth"), "%", 2),
        Column("per_head", msg("Growth per head", context="table_longview"), "%", 2),
        Column("share", msg("Invested"), "%", 1),
        Column("capital_output", msg("Capital over output"), "", 3),
        Column("level", msg("Output (base year = 100)"), "", 1),
        Column("balance", msg("Net sent outside, of GDP"), "%", 1),
        Column("owed", msg("Net owed outside, of GDP"), "%", 1),
    )
    return Table(
        "long_years",
        msg("The long view, year by year"),
        columns,
        tuple(rows),
        ("case", "year"),
    )


def _sources(long: Long) -> Table:
    """Growth accounting of every case: average points a year from each source, adding up to growth."""
    rows = []
    for i, case in enumerate(long.cases):
        parts = solow.account(long.given, case.path)
        points = [
            100 * float(part[:, 0].mean())
            for part in (parts.capital, parts.work, parts.human, parts.productivity)
        ]
        rows.append((f"{i + 1}", case.ask.value, case.name, *points, sum(points)))
    columns = (
        Column("case", msg("Case"), shown=False),
        Column("ask", msg("Question")),
        Column("name", msg("Case", context="table_longview")),
        Column("capital", msg("Capital"), "points", 2),
        Column("work", msg("People at work"), "points", 2),
        Column("human", msg("Schooling"), "points", 2),
        Column("productivity", msg("Productivity"), "points", 2),
        Column("growth", msg("Growth", context="table_longview"), "points", 2),
    )
    note = msg("Average points a year; the parts add up to growth, without a residual.")
    return Table(
        "long_sources",
        msg("Sources of long growth"),
        columns,
        tuple(rows),
        ("case",),
        note,
    )


def _turns(long: Long) -> Table:
    """What each number in doubt does at both ends of its range, the strongest first."""

    def name(path: str) -> Bilingual:
        key = path.rsplit(".", 1)[-1]
        return _NAMES.get(key, Bilingual.same(key))

    rows = [
        (
            name(turn.quantity.path),
            turn.quantity.path,
            turn.quantity.value,
            turn.quantity.low,
            turn.quantity.high,
            100 * turn.growth[0],
            100 * turn.growth[1],
            *((None, None) if turn.needed is None else (100 * turn.needed[0], 100 * turn.needed[1])),
        )
        for turn in sorted(long.turns, key=lambda turn: -abs(turn.growth[1] - turn.growth[0]))
    ]
    wanted = "" if long.wanted is None else number(long.wanted, 1)
    columns = (
        Column("number", msg("Number")),
        Column("path", msg("Path"), shown=False),
        Column("value", msg("Value", context="table_longview"), digits=2),
        Column("low", msg("Low"), digits=2),
        Column("high", msg("High"), digits=2),
        Column("growth_low", msg("At low: growth"), "%", 2),
        Column("growth_high", msg("At high: growth"), "%", 2),
        Column(
            "share_low",
            msg("At low: invested at most for {wanted} %", wanted=wanted),
            "%",
            1,
        ),
        Column(
            "share_high",
            msg("At high: invested at most for {wanted} %", wanted=wanted),
            "%",
            1,
        ),
    )
    share = number(100 * float(long.base[0]), 1)
    note = (
        msg(
            "Two questions side by side: growth a year with the base year's {share} % of GDP invested"
            " throughout; and the highest share of any year where growth is to stay at {wanted} % in every"
            " year. One number at a time goes to an end of its range.",
            share=share,
            wanted=wanted,
        )
        if wanted
        else msg(
            "Growth a year with the base year's {share} % of GDP invested throughout; one number at a time"
            " goes to an end of its range.",
            share=share,
        )
    )
    return Table(
        "long_turns",
        msg("What long growth turns on"),
        columns,
        tuple(rows),
        ("path",),
        note,
    )


def long_sentences(long: Long, lang: str) -> list[tuple[str, str]]:
    """The answers in words, one per question, and warnings: label and text."""
    years, base = len(long.given.productivity), number(100 * float(long.base[0]), 1)
    last, said = long.first + years - 1, []
    kept = next(
        (_mean(case.path.growth) for case in long.cases if case.ask is LongViewQuestion.GROWTH), None
    )  # today's share comes first
    for case in long.cases:
        path = case.path
        share = [number(100 * float(path.investment[t, 0]), 1) for t in (0, -1)]
        growth = [
            number(v, 2)
            for v in (_mean(path.growth), 100 * float(path.growth[0, 0]), 100 * float(path.growth[-1, 0]))
        ]
        if case.ask is LongViewQuestion.INVESTMENT:
            text = tr(
                lang,
                "{name}: {first_share} % of GDP invested in {first}, {last_share} % in {last} (base year"
                " {base_share} %); capital over output comes to {ratio}",
                name=case.name,
                first_share=share[0],
                first=long.first,
                last_share=share[1],
                last=last,
                base_share=base,
                ratio=number(float(path.ratio[-1, 0]), 1),
            )
            if kept is not None and float(path.investment[:, 0].max()) > float(long.base[0]):
                text += tr(
                    lang, "; at the base year's share growth would be {kept} % a year", kept=number(kept, 2)
                )
        else:
            text = tr(
                lang,
                "{name}: growth of {mean} % a year {first}-{last}, from {from_rate} % to {to_rate} %",
                name=case.name,
                mean=growth[0],
                first=long.first,
                last=last,
                from_rate=growth[1],
                to_rate=growth[2],
            )
        said.append(
            (case.ask.value.of(lang), text + tr(lang, "<nothing>", context="ends an answer of the long view"))
        )
        if case.credible in (Credible.RARE, Credible.NEVER):
            peak = number(100 * float(path.investment[:, 0].max()), 1)
            told = case.credible.value.of(lang)
            record = (
                f"{number(long.usual, 1)}%"
                if case.credible is Credible.RARE
                else f"{number(long.highest, 1)}%"
            )
            said.append(
                (
                    tr(lang, "WARNING"),
                    (
                        tr(
                            lang,
                            "{peak} % of GDP invested is {told} ({record})",
                            peak=peak,
                            told=told,
                            record=record,
                        )
                    ),
                )
            )
    return said
