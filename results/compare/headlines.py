"""What a comparison says first: verdicts, growth and money of each run in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...models.quantity import Bilingual
from ...models.target import Rung
from ...models.words import msg
from ..tables.table import Column, Table
from ..text.format import plain, unit_text

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
        Column("item", msg("Item id"), shown=False),
        Column("title", msg("Item")),
        Column("unit", msg("Unit")),
        *(Column(f"value_{at}", Bilingual.same(f"{at}"), digits_from="digits") for at in each),
        *(
            Column(f"value_{at}_less_1", msg("diff {at}-1", at=at), digits_from="digits", signed=True)
            for at in each[1:]
        ),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg("Tiers are those of the main targets; growth is real, investment nominal.")
    return Table("headlines", msg("Results"), columns, tuple(rows), ("item",), note)


_Line = tuple[str, Bilingual, str, list[Any], int]


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
                else msg("reached only with more investment or a limit relaxed")
            )
            title = msg("{said} (tiers)", said=said)
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
        title = msg("Chance: {title}, {tier}", title=row["title"], tier=row["tier"])
        cells = [100 * rows[key]["probability"] if key in rows else None for rows in found]
        lines.append((f"chance_{key[0]}_{key[1]}", title, "%", cells, 1))
    return lines


def _numbers(runs: Sequence[_Run]) -> list[_Line]:
    total = _row(runs, "sectors", lambda row: row.get("level") == "total")
    money = _row(runs, "investment", lambda row: row.get("level") == "total")
    plan = [next(iter(run["mixes"].records()), {}) if "mixes" in run else {} for run in runs]
    last = [_last(run, mix.get("mix")) for run, mix in zip(runs, plan, strict=True)]
    bases = {
        c.title
        for run in runs
        if "mix_years" in run
        for c in run["mix_years"].columns
        if c.name == "gdp_real"
    }
    years = {row.get("year") for row in last if row}
    alike = len(bases) == 1
    base = bases.pop() if alike else msg("GDP (own base prices)")
    one_year = len(years) == 1
    if one_year:
        gdp = msg("{base}, {year}", base=base, year=years.pop())
    else:
        gdp = msg("{base}, last year", base=base)

    def of(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
        return [row.get(name) for row in rows]

    return [
        ("gdp_growth", msg("GDP growth"), "%", of(total, "growth"), 2),
        (
            "industry_growth",
            msg("Above-scale industry"),
            "%",
            of(plan, "industry_growth"),
            2,
        ),
        ("fai_growth", msg("Growth of investment"), "%", of(money, "growth"), 2),
        ("planned", msg("Investment planned"), "亿元", of(money, "planned"), 1),
        ("realised", msg("Investment put in place"), "亿元", of(money, "realised"), 1),
        ("gdp_last" if one_year and alike else _UNLIKE, gdp, "亿元", of(last, "gdp_real"), 1),
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
