"""What a comparison says first: verdicts, growth and money of each run in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...models.quantity import Bilingual
from ...models.target import Rung
from ...models.words import msg
from ..tables.table import Column, Table, declare
from ..text.format import plain, unit_text
from .values import value_columns

_Run = Mapping[str, Table]
_SHEET = "sheet"
_UNLIKE = "gdp_last_own"
"""Last year's GDP where runs end in other years or count in other prices: no difference has a meaning."""


@dataclass(frozen=True)
class _Line:
    """A number of every run."""

    item: str
    title: Bilingual
    unit: str
    values: Sequence[Any]
    digits: int


def headlines(runs: Sequence[_Run]) -> Table | None:
    """Tiers on each rung, growth of GDP and industry, investment, GDP of the last year: one row each."""
    told = [*_rungs(runs), *_chances(runs), *_numbers(runs)]
    rows = [line for line in told if any(plain(cell) is not None for cell in line.values)]
    if not rows:
        return None
    columns = (
        Column("item", msg("Item id"), shown=False),
        Column("title", msg("Item")),
        Column("unit", msg("Unit"), value=lambda row: unit_text(row.unit)),
        *value_columns(len(runs), "digits", lambda row: row.item != _UNLIKE),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg("Tiers are those of the main targets; growth is real, investment nominal.")
    return declare("headlines", msg("Results"), columns, rows, ("item",), note)


def _rungs(runs: Sequence[_Run]) -> Iterator[_Line]:
    """How many tiers of main targets stand on each rung that any run knows."""
    found = []
    for run in runs:
        rows = run["verdict"].records() if "verdict" in run else []
        rungs = [row.get("rung_id") for row in rows if row.get("target") != _SHEET]
        found.append(rungs if any(rungs) else None)
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
            yield _Line(f"rung_{name}", msg("{said} (tiers)", said=said), "", counts, 0)


def _chances(runs: Sequence[_Run]) -> Iterator[_Line]:
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
    for key in dict.fromkeys(key for rows in found for key in rows):
        row = next(rows[key] for rows in found if key in rows)
        title = msg("Chance: {title}, {tier}", title=row["title"], tier=row["tier"])
        cells = [100 * rows[key]["probability"] if key in rows else None for rows in found]
        yield _Line(f"chance_{key[0]}_{key[1]}", title, "%", cells, 1)


def _numbers(runs: Sequence[_Run]) -> Iterator[_Line]:
    """Growth and money of each run's plan."""
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
    gdp = (
        msg("{base}, {year}", base=base, year=years.pop())
        if one_year
        else msg("{base}, last year", base=base)
    )

    def line(item: str, title: Bilingual, unit: str, rows: Sequence[Mapping[str, Any]], name: str) -> _Line:
        return _Line(item, title, unit, [row.get(name) for row in rows], 2 if unit == "%" else 1)

    yield line("gdp_growth", msg("GDP growth"), "%", total, "growth")
    yield line("industry_growth", msg("Above-scale industry"), "%", plan, "industry_growth")
    yield line("fai_growth", msg("Growth of investment"), "%", money, "growth")
    yield line("planned", msg("Investment planned"), "亿元", money, "planned")
    yield line("realised", msg("Investment put in place"), "亿元", money, "realised")
    yield line("gdp_last" if one_year and alike else _UNLIKE, gdp, "亿元", last, "gdp_real")


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
