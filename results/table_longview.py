"""The long view as tables: the three questions, year by year, where growth comes from, what it turns on
(长期视角)."""

from __future__ import annotations

import numpy as np

from ..engine.longview import Ask, Case, Credible, Long
from ..models import solow
from ..models.quantity import FloatArray, Text
from .format import number
from .table import Column, Table

_NAMES: dict[str, Text] = {
    "capital_output": Text(zh="资本产出比", en="capital over output"),
    "capital_formation": Text(zh="资本形成占固定资产投资", en="part of investment that becomes capital"),
    "labour_share": Text(zh="劳动份额", en="labour share"),
    "depreciation": Text(zh="折旧率", en="depreciation"),
    "productivity": Text(zh="全要素生产率增速", en="growth of productivity"),
    "human": Text(zh="人力资本增速", en="growth of schooling and skill"),
    "participation": Text(zh="劳动参与率增速", en="growth of participation"),
    "working_age": Text(zh="劳动年龄人口占比增速", en="growth of the share in working age"),
    "population": Text(zh="常住人口增速", en="growth of residents"),
    "gdp": Text(zh="地区生产总值", en="GDP"),
    "fai": Text(zh="固定资产投资", en="fixed-asset investment"),
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
        Column("case", "序", "Case", shown=False),
        Column("ask", "问", "Question"),
        Column("name", "情形", "Case"),
        Column("growth", "年均增长", "Growth a year", "%", 2),
        Column("growth_first", f"{long.first}年增速", f"{long.first}", "%", 2),
        Column("growth_last", f"{last}年增速", f"{last}", "%", 2),
        Column("per_head", "人均年均增长", "Growth per head", "%", 2, shown=False),
        Column("share_base", "基年投资率", "Invested in the base year", "%", 1, shown=False),
        Column("share_first", f"{long.first}年投资率", f"Invested {long.first}", "%", 1),
        Column("share_last", f"{last}年投资率", f"Invested {last}", "%", 1),
        Column("share_peak", "最高投资率", "Invested at most", "%", 1, shown=False),
        Column("usual", "90%的省份年度数据低于", "Nine in ten province-years below", "%", 1, shown=False),
        Column("highest", "历史最高", "Highest ever", "%", 1, shown=False),
        Column("capital_output", f"{last}年资本产出比", f"K/Y {last}", "", 2),
        Column("icor", "ICOR", "ICOR", "", 1),
        Column("level", f"{last}年产出（基年=100）", f"Output {last} (base year = 100)", "", 1, shown=False),
        Column("owed", f"{last}年净对外负债占GDP", f"Net owed outside {last}, of GDP", "%", 1, shown=False),
        Column("credible", "可信度", "Credible?"),
    )
    note = Text(
        zh=(
            f"{long.first}—{last}年。投资率为资本形成占GDP。“增长需要多少投资”各行的增速是给定的，"
            "投资率是求得的；其余各行投资率或储蓄率给定，增速求得。同一增速所需投资率逐年变化，"
            "是因为资本产出比在变：资本越多，折旧越多、新增资本的产出越少。"
            f"可信度对照30个省的历史：90%的省份年度数据低于{number(long.usual, 1)}%，"
            f"最高{number(long.highest, 1)}%。长期核算与年度模型互不混用。"
        ),
        en=(
            f"{long.first}-{last}. Invested: capital formation over GDP. Where investment is sought, growth"
            " is given and the share found; in all other rows the share (or savings) is given and growth"
            " found. The share that one growth needs changes over the years with capital over output: more"
            " capital wears out more and adds less. Against what provinces have done: nine in ten"
            f" province-years below {number(long.usual, 1)} %, the highest {number(long.highest, 1)} %. Apart"
            " from the annual model."
        ),
    )
    return Table(
        "long_view",
        Text(zh="长期视角：三个问题", en="The long view: three questions"),
        columns,
        tuple(rows),
        ("case",),
        note,
    )


def _icor(case: Case) -> float | None:
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
        Column("case", "序", "Case", shown=False),
        Column("ask", "问", "Question"),
        Column("name", "情形", "Case"),
        Column("year", "年", "Year", digits=0),
        Column("growth", "增速", "Growth", "%", 2),
        Column("per_head", "人均增速", "Growth per head", "%", 2),
        Column("share", "投资率", "Invested", "%", 1),
        Column("capital_output", "资本产出比", "Capital over output", "", 3),
        Column("level", "产出（基年=100）", "Output (base year = 100)", "", 1),
        Column("balance", "对外净流出占GDP", "Net sent outside, of GDP", "%", 1),
        Column("owed", "净对外负债占GDP", "Net owed outside, of GDP", "%", 1),
    )
    return Table(
        "long_years",
        Text(zh="长期视角：逐年", en="The long view, year by year"),
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
        Column("case", "序", "Case", shown=False),
        Column("ask", "问", "Question"),
        Column("name", "情形", "Case"),
        Column("capital", "资本", "Capital", "points", 2),
        Column("work", "劳动力", "People at work", "points", 2),
        Column("human", "人力资本", "Schooling", "points", 2),
        Column("productivity", "全要素生产率", "Productivity", "points", 2),
        Column("growth", "合计", "Growth", "points", 2),
    )
    note = Text(
        zh="各年平均，百分点；各项相加即增速，没有余项。",
        en="Average points a year; the parts add up to growth, without a residual.",
    )
    return Table(
        "long_sources",
        Text(zh="长期增长来源", en="Sources of long growth"),
        columns,
        tuple(rows),
        ("case",),
        note,
    )


def _turns(long: Long) -> Table:
    """What each number in doubt does at both ends of its range, the strongest first."""

    def name(path: str) -> Text:
        key = path.rsplit(".", 1)[-1]
        return _NAMES.get(key, Text(zh=key, en=key))

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
        Column("number", "数", "Number"),
        Column("path", "路径", "Path", shown=False),
        Column("value", "取值", "Value", digits=2),
        Column("low", "下限", "Low", digits=2),
        Column("high", "上限", "High", digits=2),
        Column("growth_low", "取下限：年均增长", "At low: growth", "%", 2),
        Column("growth_high", "取上限：年均增长", "At high: growth", "%", 2),
        Column(
            "share_low",
            f"取下限：{wanted}%增长所需最高投资率",
            f"At low: invested at most for {wanted} %",
            "%",
            1,
        ),
        Column(
            "share_high",
            f"取上限：{wanted}%增长所需最高投资率",
            f"At high: invested at most for {wanted} %",
            "%",
            1,
        ),
    )
    share = number(100 * float(long.base[0]), 1)
    note = (
        Text(
            zh=(
                f"两问分开看：“年均增长”是投资率一直保持基年的{share}%时的增速；“所需最高投资率”是要逐年保持{wanted}%增长时，"
                "各年投资率中最高的一年。"
                "每次只把一个数取到区间的一端。"
            ),
            en=(
                f"Two questions side by side: growth a year with the base year's {share} % of GDP invested"
                f" throughout; and the highest share of any year where growth is to stay at {wanted} % in"
                " every year. One number at a time goes to an end of its range."
            ),
        )
        if wanted
        else Text(
            zh=f"投资率一直保持基年的{share}%时的年均增速；每次只把一个数取到区间的一端。",
            en=(
                f"Growth a year with the base year's {share} % of GDP invested throughout; one number at a"
                " time goes to an end of its range."
            ),
        )
    )
    return Table(
        "long_turns",
        Text(zh="长期增长取决于什么", en="What long growth turns on"),
        columns,
        tuple(rows),
        ("path",),
        note,
    )


def long_sentences(long: Long, lang: str) -> list[tuple[str, str]]:
    """The answers in words, one per question, and warnings: label and text."""
    zh = lang == "zh"
    years, base = len(long.given.productivity), number(100 * float(long.base[0]), 1)
    last, said = long.first + years - 1, []
    kept = next(
        (_mean(case.path.growth) for case in long.cases if case.ask is Ask.GROWTH), None
    )  # today's share comes first
    for case in long.cases:
        path = case.path
        share = [number(100 * float(path.investment[t, 0]), 1) for t in (0, -1)]
        growth = [
            number(v, 2)
            for v in (_mean(path.growth), 100 * float(path.growth[0, 0]), 100 * float(path.growth[-1, 0]))
        ]
        if case.ask is Ask.INVESTMENT:
            text = (
                f"{case.name.zh}，"
                f"投资率须从{long.first}年的{share[0]}%到{last}年的{share[1]}%（基年{base}%），"
                f"资本产出比到{number(float(path.ratio[-1, 0]), 1)}"
                if zh
                else (
                    f"{case.name.en}: {share[0]} % of GDP invested in {long.first}, {share[1]} % in {last}"
                    f" (base year {base} %); capital over output comes to"
                    f" {number(float(path.ratio[-1, 0]), 1)}"
                )
            )
            if kept is not None and float(path.investment[:, 0].max()) > float(long.base[0]):
                text += (
                    f"；投资率若保持基年水平，年均只增长{number(kept, 2)}%"
                    if zh
                    else f"; at the base year's share growth would be {number(kept, 2)} % a year"
                )
        else:
            text = (
                f"{case.name.zh}，{long.first}—{last}年均增长{growth[0]}%，从{growth[1]}%到{growth[2]}%"
                if zh
                else (
                    f"{case.name.en}: growth of {growth[0]} % a year {long.first}-{last}, from {growth[1]} %"
                    f" to {growth[2]} %"
                )
            )
        said.append((case.ask.value.of(lang), text + ("。" if zh else "")))
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
                    "警示" if zh else "WARNING",
                    (
                        f"投资率要到 {peak}%，{told}（{record}）。"
                        if zh
                        else f"{peak} % of GDP invested is {told} ({record})"
                    ),
                )
            )
    return said
