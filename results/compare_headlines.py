"""What a comparison says first: verdicts, growth and money of each run in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..models.quantity import Text
from ..models.target import Rung
from .format import plain, unit_text
from .table import Column, Table

_Run = Mapping[str, Table]
_SHEET = "sheet"
_UNLIKE = "gdp_last_own"
"""Last year's GDP where runs end in other years or count in other prices: no difference has a meaning."""


def headlines(runs: Sequence[_Run]) -> Table | None:
    """Tiers on each rung, growth of GDP and industry, investment, GDP of the last year: one row each."""
    told = [*_rungs(runs), *_chances(runs), *_numbers(runs)]
    rows = []
    for key, title, unit, cells, digits in told:
        values = [plain(cell) for cell in cells]
        if all(value is None for value in values):
            continue
        less = [
            (
                value - values[0]
                if isinstance(value, (int, float)) and isinstance(values[0], (int, float)) and key != _UNLIKE
                else None
            )
            for value in values[1:]
        ]
        rows.append((key, title, unit_text(unit), *values, *less, digits))
    if not rows:
        return None
    each = range(1, len(runs) + 1)
    columns = (
        Column("item", "项目代码", "Item id", shown=False),
        Column("title", "项目", "Item"),
        Column("unit", "单位", "Unit"),
        *(Column(f"value_{at}", f"{at}", f"{at}", digits_from="digits") for at in each),
        *(
            Column(
                f"value_{at}_less_1", f"方案{at}减方案1", f"diff {at}-1", digits_from="digits", signed=True
            )
            for at in each[1:]
        ),
        Column("digits", "位数", "Digits", digits=0, shown=False),
    )
    note = Text(
        zh="档数只计主要目标；增速按不变价，投资为名义值。",
        en="Tiers are those of the main targets; growth is real, investment nominal.",
    )
    return Table("headlines", Text(zh="结果", en="Results"), columns, tuple(rows), ("item",), note)


_Line = tuple[str, Text, str, list[Any], int]


def _rungs(runs: Sequence[_Run]) -> list[_Line]:
    """How many tiers of main targets stand on each rung that any run knows."""
    found = []
    for run in runs:
        rows = run["verdict"].records() if "verdict" in run else []
        rungs = [row.get("rung_id") for row in rows if row.get("target") != _SHEET]
        found.append(rungs if any(rungs) else None)
    lines = []
    for rung in Rung:
        name = rung.name.lower()
        counts = [None if rungs is None else rungs.count(name) for rungs in found]
        if any(counts):
            # money within a limit and a limit relaxed are counted together here
            said = (
                rung.value
                if rung is not Rung.RELAXED
                else Text(
                    zh="追加投资或放宽限制才可达", en="reached only with more investment or a limit relaxed"
                )
            )
            title = Text(zh=f"{said.zh}（档）", en=f"{said.en} (tiers)")
            lines.append((f"rung_{name}", title, "", counts, 0))
    return lines


def _chances(runs: Sequence[_Run]) -> list[_Line]:
    """Chances of the main tiers and of all of them together; runs of one scenario and seed share their
    draws."""
    found: list[dict[tuple[str, str], Mapping[str, Any]]] = []
    for run in runs:
        main = {row["target"] for row in run["verdict"].records()} if "verdict" in run else set()
        rows = run["probabilities"].records() if "probabilities" in run else []
        found.append(
            {
                (row["target"], row["tier_id"]): row
                for row in rows
                if row["target"] in {*main - {_SHEET}, "main"}
            }
        )
    lines = []
    for key in dict.fromkeys(key for rows in found for key in rows):
        row = next(rows[key] for rows in found if key in rows)
        title = Text(
            zh=f"概率：{row['title'].of('zh')}·{row['tier'].of('zh')}",
            en=f"Chance: {row['title'].of('en')}, {row['tier'].of('en')}",
        )
        cells = [100 * rows[key]["probability"] if key in rows else None for rows in found]
        lines.append((f"chance_{key[0]}_{key[1]}", title, "%", cells, 1))
    return lines


def _numbers(runs: Sequence[_Run]) -> list[_Line]:
    total = _row(runs, "sectors", lambda row: row.get("level") == "total")
    money = _row(runs, "investment", lambda row: row.get("level") == "total")
    plan = [next(iter(run["mixes"].records()), {}) if "mixes" in run else {} for run in runs]
    last = [_last(run, mix.get("mix")) for run, mix in zip(runs, plan, strict=True)]
    bases = {
        (c.zh, c.en)
        for run in runs
        if "mix_years" in run
        for c in run["mix_years"].columns
        if c.name == "gdp_real"
    }
    years = {row.get("year") for row in last if row}
    alike = len(bases) == 1
    zh, en = bases.pop() if alike else ("GDP（各自基年价）", "GDP (own base prices)")
    year = f"{years.pop()}" if len(years) == 1 else ""
    gdp = Text(zh=f"{year or '末'}年{zh}", en=f"{en}, {year or 'last year'}")

    def of(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
        return [row.get(name) for row in rows]

    return [
        ("gdp_growth", Text(zh="地区生产总值增速", en="GDP growth"), "%", of(total, "growth"), 2),
        (
            "industry_growth",
            Text(zh="规上工业增速", en="Above-scale industry"),
            "%",
            of(plan, "industry_growth"),
            2,
        ),
        ("fai_growth", Text(zh="固定资产投资增速", en="Growth of investment"), "%", of(money, "growth"), 2),
        ("planned", Text(zh="投资计划", en="Investment planned"), "亿元", of(money, "planned"), 1),
        ("realised", Text(zh="投资完成", en="Investment put in place"), "亿元", of(money, "realised"), 1),
        ("gdp_last" if year and alike else _UNLIKE, gdp, "亿元", of(last, "gdp_real"), 1),
    ]


def _row(
    runs: Sequence[_Run], name: str, wanted: Callable[[Mapping[str, Any]], bool]
) -> list[Mapping[str, Any]]:
    """The row of a table that is wanted, run by run; empty where a run lacks it."""
    return [
        next((row for row in run[name].records() if wanted(row)), {}) if name in run else {} for run in runs
    ]


def _last(run: _Run, mix: Any) -> Mapping[str, Any]:
    """The plan's last year."""
    rows = [row for row in run["mix_years"].records() if row.get("mix") == mix] if "mix_years" in run else []
    return max(rows, key=lambda row: row["year"], default={})
