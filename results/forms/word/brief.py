"""What of each table the document prints: what decides; every number stays in the workbook and the page, and
a note says where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...tables.table import Column, Table, shown

Rows = Callable[[Table], Sequence[int]]
_LONGEST = 60
"""Rows of a table of which nothing is known; the first ones are printed."""


@dataclass(frozen=True)
class Brief:
    """Columns printed, named in a line (none: all), and rows printed (none chosen: the first sixty)."""

    columns: str = ""
    rows: Rows | None = None


@dataclass(frozen=True)
class Printed:
    """The columns and the places of the rows of a table that are printed."""

    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    whole: bool


def _all(table: Table) -> Sequence[int]:
    return range(len(table.rows))


def _none(table: Table) -> Sequence[int]:
    return ()


def _first(count: int) -> Rows:
    return lambda table: range(min(count, len(table.rows)))


def _where(keep: Callable[[dict[str, Any]], bool]) -> Rows:
    return lambda table: [at for at, row in enumerate(table.records()) if keep(row)]


def _ranked(count: int) -> Rows:
    """The first by rank."""

    def rows(table: Table) -> Sequence[int]:
        ranks = [(row["rank"], at) for at, row in enumerate(table.records()) if row.get("rank") is not None]
        return [at for _, at in sorted(ranks)[:count]]

    return rows


def _first_missed(table: Table) -> Sequence[int]:
    """Both divisions of the first tier that is missed, else of the first; parts that print as nothing are
    left out."""
    records = table.records()
    totals = [row for row in records if row["level"] == "total"]
    tier = next(
        (row["tier_id"] for row in totals if row["gap"] < 0), records[0]["tier_id"] if records else None
    )
    return [
        at
        for at, row in enumerate(records)
        if row["tier_id"] == tier and (row["level"] == "total" or abs(row["gap_yi"] or 0) >= 0.005)
    ]


def _first_year(table: Table) -> Sequence[int]:
    years = table.column("year")
    return [at for at, year in enumerate(years) if year == min(years)]


BRIEFS: dict[str, Brief] = {
    "verdict": Brief("title tier threshold expected unit probability rung takes"),
    "targets": Brief(
        "title basis unit last expected ensure stretch at_most gap rung_ensure rung_stretch "
        "probability_ensure"
    ),
    "probabilities": Brief("title tier threshold unit probability error central mean q05 q50 q95"),
    "sectors": Brief("title va_before growth va added pull contribution binds utilisation"),
    "materials": Brief(rows=_none),
    "mixes": Brief(
        "title moved allowed gdp_growth industry_growth gdp_growth_diff average gdp_last gdp_last_diff"
    ),
    "frontier_mix": Brief(rows=_none),
    "mix_years": Brief(rows=_none),
    "binding": Brief(rows=_first(15)),
    "limits": Brief("title unit max used slack over relax_to price binding"),
    "fixes": Brief("title tier limit_title amount unit price cost whole_cost value"),
    "fix_plans": Brief(rows=_none),
    "delay_impact": Brief(rows=_first(12)),
    "projects": Brief("title sector invest stage planned_end commissioned delay invested adds adds_unit"),
    "delay_impact_draws": Brief(rows=_first(12)),
    "sobol": Brief(
        "target_title title first first_error total total_error",
        _where(lambda row: row.get("kind_id") == "cause"),
    ),
    "certainty": Brief(rows=_none),
    "months": Brief(rows=_none),
    "long_years": Brief(rows=_none),
    "coefficients": Brief(rows=_none),
    "versus_targets": Brief(
        "title unit ensure stretch expected_1 expected_2 expected_2_less_1 rung_ensure_1 rung_ensure_2",
        _where(lambda row: row.get("expected_2_less_1") not in (None, 0)),
    ),
    "versus_inputs": Brief("name value_1 value_2 value_2_less_1 origin_2"),
    "versus_attribution": Brief("title year change effect from to lines", _first_year),
    "gap_sheet": Brief("division title asked expected set_by months gap_yi gap", _first_missed),
    "audit": Brief(
        "about tier level asked implied difference unit says",
        _where(lambda row: row.get("finding") is True),
    ),
    "checks": Brief(rows=_where(lambda row: row.get("ok") is False)),
    "method": Brief(rows=_all),
    "glossary": Brief(rows=_all),
    "numbers": Brief("rank path value unit low high effect basis text", _ranked(40)),
}
"""Tables of which the document prints a part; one more is one line."""


def part_of(table: Table) -> Printed:
    """What is printed of a table; a table that lacks what its brief reads (a run of another version) is
    printed from its start."""
    brief = BRIEFS.get(table.name, Brief())
    every = {column.name: column for column in shown(table)}
    columns = tuple(every[name] for name in brief.columns.split() if name in every) or tuple(every.values())
    try:
        rows = tuple((brief.rows or _first(_LONGEST))(table))
    except (KeyError, TypeError, ValueError):
        rows = tuple(_first(_LONGEST)(table))
    return Printed(columns, rows, len(columns) == len(every) and len(rows) == len(table.rows))
