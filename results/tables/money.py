"""Investment by sector and by fund: planned, put in place, tied to named projects (投资与资金)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.diagnose.hints import money_by_project
from ...models.project import yearly
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.run import Answer


def investment_before(answer: Answer) -> FloatArray:
    """Investment put in place by sector in the year before the target year, 亿元 ``(S,)``."""
    return answer.plan.pipeline_run.realisation.placed(answer.year - 1)[:, 0]


def investment(answer: Answer) -> Table:
    """Investment of the target year by sector: before, planned, put in place, growth, share, named
    projects."""
    at, year = answer.year - 1, answer.economy.base_year + answer.year
    pipeline_run, ids = answer.plan.pipeline_run, answer.economy.sector_ids
    before, planned = investment_before(answer), answer.plan.plan.money(answer.year)
    done = pipeline_run.realisation.placed(answer.year)[:, 0]
    spent = yearly(pipeline_run.result.investment)
    named = np.zeros(len(ids))
    for j, project in enumerate(pipeline_run.projects):
        named[ids.index(project.sector)] += spent[j, at]
    titles = [sector.title for sector in answer.scenario.sectors.values()]
    whole = float(done.sum())
    promised = pipeline_run.planned[:, at]
    rows = [
        _row("sector", key, titles[s], before[s], planned[s], done[s], named[s], promised[s], whole)
        for s, key in enumerate(ids)
    ]
    rows.append(
        _row(
            "total",
            "total",
            msg("Total"),
            before.sum(),
            planned.sum(),
            whole,
            named.sum(),
            promised.sum(),
            whole,
        )
    )
    columns = (
        Column("level", msg("Level"), shown=False),
        Column("sector", msg("Sector id"), shown=False),
        Column("title", msg("Sector")),
        Column("before", msg("Investment {year}", year=year - 1), "亿元", 1, adds=True),
        Column("planned", msg("Planned {year}", year=year), "亿元", 1, adds=True),
        Column("realised", msg("Put in place {year}", year=year), "亿元", 1, adds=True),
        Column("short", msg("Against plan"), "亿元", 1, signed=True, adds=True),
        Column("growth", msg("Growth"), "%", 1),
        Column("share", msg("Share"), "%", 1, adds=True),
        Column("named_planned", msg("Named projects, planned"), "亿元", 1, adds=True),
        Column("named", msg("Named projects, done"), "亿元", 1, adds=True),
    )
    note = msg(
        "Nominal; sectors add up to the total in the digits shown (largest remainder). What is put in place"
        " comes month by month out of the pipeline: starts, entry in the statistics, money, queues."
    )
    return Table(
        "investment",
        msg("Investment", context="table_money"),
        columns,
        tuple(rows),
        ("level", "sector"),
        note,
    )


def _row(  # noqa: PLR0913  (each is a fact of its own)
    level: str,
    key: str,
    title: Bilingual,
    before: float,
    planned: float,
    done: float,
    named: float,
    named_plan: float,
    whole: float,
) -> tuple[Any, ...]:
    return (
        level,
        key,
        title,
        float(before),
        float(planned),
        float(done),
        float(done - planned),
        float(100 * (done / before - 1)) if before > 0 else None,
        float(100 * done / whole) if whole > 0 else None,
        float(named_plan),
        float(named),
    )


def money(answer: Answer) -> Table | None:
    """What becomes of the planned money over the horizon, project by project and sector by sector, every yuan
    once.

    Overdue + planned + beyond plan = put in place + cancelled + left over.
    """
    if not answer.scenario.projects:
        return None
    ids, scenario, pipeline_run = answer.economy.sector_ids, answer.scenario, answer.plan.pipeline_run
    sums = np.zeros((len(ids), 6))
    rows: list[tuple[Any, ...]] = []
    for key, (overdue, planned, spent, gone, left) in money_by_project(answer.plan):
        project = scenario.projects[key]
        row = np.array([overdue, planned, 0.0, spent, gone, left])
        sums[ids.index(project.sector)] += row
        rows.append(("project", key, project.title, scenario.sectors[project.sector].title, *map(float, row)))
    planned_others, done_others = pipeline_run.unnamed
    spent_named = np.zeros_like(done_others)
    for j, each in enumerate(pipeline_run.projects):
        spent_named[ids.index(each.sector)] += yearly(pipeline_run.result.investment[j])
    carried = (pipeline_run.realisation.invested[..., 0] - done_others - spent_named).sum(axis=1)
    realised = scenario.sectors
    for s, key in enumerate(ids):
        ratio = realised[key].realisation
        held = done_others[s].sum() / (ratio.value / 100 if ratio and ratio.value > 0 else 1.0)
        left = planned_others[s].sum() - held
        beyond = done_others[s].sum() - held
        row = np.array(
            [carried[s], planned_others[s].sum(), beyond, done_others[s].sum() + carried[s], 0.0, left]
        )
        sums[s] += row
        title = msg("Other works")
        rows.append(("other", key, title, scenario.sectors[key].title, *map(float, row)))
    for s, key in enumerate(ids):
        rows.append(("sector", key, msg("Subtotal"), scenario.sectors[key].title, *map(float, sums[s])))
    rows.append(
        (
            "total",
            "total",
            msg("Total"),
            msg("All"),
            *map(float, sums.sum(axis=0)),
        )
    )
    first, last = answer.economy.base_year + 1, answer.economy.base_year + answer.economy.years
    columns = (
        Column("level", msg("Level"), shown=False),
        Column("id", msg("Id"), shown=False),
        Column("title", msg("Project")),
        Column("sector", msg("Sector")),
        Column("overdue", msg("Late from before"), "亿元", 1),
        Column("planned", msg("Planned {first}-{last}", first=first, last=last), "亿元", 1),
        Column("beyond", msg("By the rate realised"), "亿元", 1, signed=True),
        Column("spent", msg("Put in place"), "亿元", 1),
        Column("cancelled", msg("Cancelled"), "亿元", 1),
        Column("left", msg("Left over after {last}", last=last), "亿元", 1),
    )
    note = msg(
        "Every yuan once: late from before + planned + by the rate realised = put in place + cancelled + left"
        " over after the last year (below zero: done sooner than planned). What is late counts in the year in"
        " which it is put in place."
    )
    return Table(
        "money",
        msg("What becomes of planned investment"),
        columns,
        tuple(rows),
        ("level", "id"),
        note,
    )


def funds(answer: Answer) -> Table | None:
    """Where the money comes from: need of the plan by fund, and what named projects drew."""
    stated = answer.scenario.funds
    if not stated:
        return None
    at, sectors = answer.year - 1, answer.scenario.sectors
    money = answer.plan.plan.money(answer.year)
    drawn = answer.plan.pipeline_run.result.by_fund
    limits = {limit.fund: limit for limit in answer.scenario.limits.values() if limit.fund}
    rows = []
    for key, fund in stated.items():
        parts = [sector.funds[key].value / 100 if key in sector.funds else 0.0 for sector in sectors.values()]
        used = float(yearly(drawn[key])[at]) if key in drawn else None
        limit = limits.get(key)
        rows.append(
            (
                key,
                fund.title,
                float(np.array(parts) @ money),
                limit.stated.value if limit else None,
                fund.amount.value if fund.amount else None,
                used,
            )
        )
    columns = (
        Column("fund", msg("Fund id"), shown=False),
        Column("title", msg("Fund")),
        Column("need", msg("Needed by all investment"), "亿元", 1),
        Column("limit", msg("Limit", context="table_money"), "亿元", 1),
        Column("amount", msg("Open to named projects"), "亿元", 1),
        Column("drawn", msg("Drawn by named projects"), "亿元", 1),
    )
    table = Table("funds", msg("Funds"), columns, tuple(rows), ("fund",))
    return hide_empty(table, "limit", "amount", "drawn")
