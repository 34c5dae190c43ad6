"""What a comparison says first: verdicts, growth and money of each run in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.target import Rung
from ...models.words import msg
from ..tables.table import Column, Table, declare
from ..text.format import plain, unit_text
from .sampling import Sampled, chances_of, difference_error, error_columns, medians_of, within
from .values import difference, value_columns

_Run = Mapping[str, Table]
_SHEET = "sheet"
_PERCENT = unit_text("%")
_UNLIKE = "gdp_last_own"
"""Last year's GDP where runs end in other years or count in other prices: no difference has a meaning."""


@dataclass(frozen=True)
class _Line:
    """A number of every run."""

    item: str
    title: Bilingual
    unit: Bilingual | None
    values: Sequence[Any]
    digits: int
    sampled: Sequence[Sampled | None] = ()


def headlines(runs: Sequence[_Run], alike: Collection[int] = ()) -> Table | None:
    """Tiers on each rung, chances and medians of the main targets, growth, investment, GDP of the last year:
    one row each.

    ``alike`` has the numbers of the runs that differ from the first in their draws alone: no difference of
    theirs is more than chance.
    """
    told = [*_rungs(runs), *_chances(runs), *_medians(runs), *_numbers(runs)]
    rows = [line for line in told if any(plain(cell) is not None for cell in line.values)]
    if not rows:
        return None
    columns = (
        Column("item", msg("Item id"), shown=False),
        Column("title", msg("Item")),
        Column("unit", msg("Unit")),
        *value_columns(len(runs), "digits", lambda row: row.item != _UNLIKE),
        *(_own_error(at) for at in range(1, len(runs) + 1)),
        *(column for at in range(2, len(runs) + 1) for column in _errors(at, alike)),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg(
        "Tiers are those of the main targets; growth is real, investment nominal. A difference of no more"
        " than two standard errors is within sampling error."
    )
    return declare("headlines", msg("Results"), columns, rows, ("item",), note)


def _own_error(at: int) -> Column:
    """The error of a run's own value."""

    def error(row: _Line) -> float | None:
        one = row.sampled[at - 1] if row.sampled else None
        return None if one is None else one.error

    title = msg("s.e. {at}", context="of a run", at=at)
    return Column(
        f"error_{at}", title, digits_from="digits", value=error, optional=True, word=False, terminal=False
    )


def _errors(at: int, alike: Collection[int]) -> Iterator[Column]:
    """The error of the difference from the first run, and whether the difference is within it."""

    def error(row: _Line) -> float | None:
        return difference_error(row.sampled[0], row.sampled[at - 1]) if row.sampled else None

    def told(row: _Line) -> bool | None:
        return within(difference(row.values[at - 1], row.values[0]), error(row), at in alike)

    for column, value in zip(error_columns(at, 1, "digits"), (error, told), strict=True):
        yield replace(column, value=value)


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
            yield _Line(f"rung_{name}", msg("{said} (tiers)", said=said), None, counts, 0)


def main_targets(run: _Run) -> list[str]:
    """Targets that the verdict speaks of."""
    rows = run["verdict"].records() if "verdict" in run else []
    return [str(row["target"]) for row in rows if row["target"] != _SHEET]


def _chances(runs: Sequence[_Run]) -> Iterator[_Line]:
    """Chances of the main tiers and of all of them together."""
    found = [chances_of(run) for run in runs]
    wanted = {"main", *(key for run in runs for key in main_targets(run))}
    titles = {
        (row["target"], row["tier_id"]): (row["title"], row["tier"])
        for run in runs
        for row in (run["probabilities"].records() if "probabilities" in run else ())
    }
    for key in dict.fromkeys(key for own in found for key in own if key[0] in wanted):
        title, tier = titles[key]
        told = msg("Chance: {title}, {tier}", title=title, tier=tier)
        own = [each.get(key) for each in found]
        yield _Line(f"chance_{key[0]}_{key[1]}", told, _PERCENT, [one and one.value for one in own], 1, own)


def _medians(runs: Sequence[_Run]) -> Iterator[_Line]:
    """Medians of the main targets."""
    found = [medians_of(run) for run in runs]
    rows = {
        str(row.get("target")): row
        for run in reversed(runs)
        for row in (run["targets"].records() if "targets" in run else ())
    }
    for key in dict.fromkeys(key for run in runs for key in main_targets(run)):
        own = [each.get(key) for each in found]
        if any(own) and key in rows:
            title = msg("{title}, median", title=rows[key]["title"])
            values, digits = [one and one.value for one in own], max(2, int(rows[key].get("fine") or 2))
            yield _Line(f"median_{key}", title, rows[key]["unit"], values, digits, own)


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
        return _Line(item, title, unit_text(unit), [row.get(name) for row in rows], 2 if unit == "%" else 1)

    drawn = {key for run in runs for key in medians_of(run)}
    growth = msg("GDP growth, central case") if drawn else msg("GDP growth")
    yield line("gdp_growth", growth, "%", total, "growth")
    if not drawn & {"industry_above_scale_growth"}:  # else its median stands above
        yield line("industry_growth", msg("Above-scale industry"), "%", plan, "industry_growth")
    yield line("fai_growth", msg("Growth of investment"), "%", money, "growth")
    yield line("planned", msg("Investment planned"), MONEY, money, "planned")
    yield line("realised", msg("Investment put in place"), MONEY, money, "realised")
    yield line("gdp_last" if one_year and alike else _UNLIKE, gdp, MONEY, last, "gdp_real")


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
