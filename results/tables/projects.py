"""Projects on their way: planned and simulated dates, money, what comes on line, month by month (项目)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.project import HAIR, ProjectPlan, yearly
from ...models.quantity import Bilingual
from ...models.words import msg
from ..text.format import unit_text
from .table import Column, Table, hide_empty

if TYPE_CHECKING:
    from ...engine.run import Answer

STAGES: dict[str, Bilingual] = {
    "planned": msg("planned"),
    "approved": msg("approved"),
    "started": msg("started"),
    "registered": msg("registered"),
    "commissioned": msg("commissioned"),
}


def begin_month(at: float) -> int:
    """Number of the month in which a start falls, 0 being January of the year after the base year.

    >>> begin_month(2.0), begin_month(2.9)
    (2, 2)
    """
    return math.floor(at + HAIR)


def end_month(at: float) -> int:
    """Number of the month in which an end falls: works done by the end of a month belong to it.

    >>> end_month(9.0), end_month(9.1)
    (8, 9)
    """
    return math.ceil(at - HAIR) - 1


def month_text(number: int, base: int) -> str:
    """A month as statistics write it.

    >>> month_text(2, 2023), month_text(-1, 2023)
    ('2024-03', '2023-12')
    """
    return f"{base + 1 + number // 12}-{number % 12 + 1:02d}"


def _date(at: float, answer: Answer, end: bool) -> Bilingual:
    """A simulated date; passed before the accounts begin, or beyond their end."""
    base, last = answer.economy.base_year, answer.economy.base_year + answer.economy.years
    if at == -math.inf:
        return msg("earlier")
    if at == math.inf:
        return msg("after {last}", last=last)
    return Bilingual.same(month_text(end_month(at) if end else begin_month(at), base))


def projects(answer: Answer) -> Table:
    """Every named project: its plan, its simulated course, its delay, and what it brings in the target
    year."""
    year = answer.economy.base_year + answer.year
    columns = (
        Column("project", msg("Project id"), shown=False),
        Column("title", msg("Project")),
        Column("sector", msg("Sector")),
        Column("invest", msg("Investment"), "亿元", 1),
        Column("stage", msg("Stage at start")),
        Column("planned_start", msg("Planned start")),
        Column("planned_end", msg("Planned commissioning")),
        Column("started", msg("Start")),
        Column("registered", msg("In the statistics")),
        Column("commissioned", msg("Commissioning")),
        Column("full_load", msg("Full load")),
        Column("in_year", msg("Commissioned in {year}", year=year)),
        Column("delay", msg("Delay"), "months", 1, signed=True),
        Column("slip", msg("Of it expected slip"), "months", 1, signed=True),
        Column("waited", msg("Of it in queues"), "months", 1, signed=True),
        Column("wait_approval", msg("Waited for approval"), "months", 1, shown=False),
        Column("wait_start", msg("Waited for builders"), "months", 1, shown=False),
        Column("wait_money", msg("Waited for money"), "months", 1, shown=False),
        Column("invested", msg("Invested {year}", year=year), "亿元", 2),
        Column("adds", msg("Adds {year}", year=year), digits=2, signed=True),
        Column("adds_full", msg("At full load"), digits=2),
        Column("adds_unit", msg("Unit of output")),
        Column("key", msg("Key project")),
        Column("earlier", msg("Can start earlier"), "months", 0),
    )
    rows = tuple(_project(answer, at) for at in range(len(answer.plan.pipeline_run.projects)))
    note = msg(
        "Delay: simulated less planned commissioning. Expected slip is a prior of the scenario; queues"
        " (approval, builders, money; each in the CSV) come out of the simulation; the rest is approval."
        " Commissioning at the end of December belongs to that year."
    )
    table = Table("projects", msg("Named projects"), columns, rows, ("project",), note)
    return hide_empty(table, "slip", "waited", "adds", "adds_full", "adds_unit", "earlier")


def delay(answer: Answer, at: int) -> float | None:
    """Months by which a project is commissioned later than planned; None where either date is not known."""
    project, done = (
        answer.plan.pipeline_run.projects[at],
        answer.plan.pipeline_run.result.dates["commissioned"][at],
    )
    if project.stage == "commissioned" or not math.isfinite(done):
        return None
    return float(done) - project.ends


def waited(answer: Answer, at: int) -> float:
    """Months that a project waits in all queues together."""
    return sum(float(months[at]) for months in answer.plan.pipeline_run.result.waits.values())


def done_in(answer: Answer) -> list[int]:
    """Year (1, 2, ...) in which each named project is commissioned; 0 where before the first or after the
    last.

    One commissioned at the very end of December belongs to that year.
    """
    pipeline_run = answer.plan.pipeline_run
    dates = pipeline_run.result.dates["commissioned"]
    return [
        0 if p.stage == "commissioned" else _year(float(date))
        for p, date in zip(pipeline_run.projects, dates, strict=True)
    ]


def _year(date: float) -> int:
    """Year in which an end falls; 0 for before the first, or never."""
    return end_month(date) // 12 + 1 if HAIR < date < math.inf else 0


def _project(answer: Answer, at: int) -> tuple[Any, ...]:
    pipeline_run, base = answer.plan.pipeline_run, answer.economy.base_year
    project, result = pipeline_run.projects[at], pipeline_run.result
    stated = answer.scenario.projects[project.id]
    dates = {
        name: _date(float(path[at]), answer, end=name in ("commissioned", "full_load"))
        for name, path in result.dates.items()
    }
    on, year = result.share_online[at], answer.year
    adds = stated.adds if project.output > 0 else None
    unit = None if adds is None else "亿元" if adds.output else "万吨"
    return (
        project.id,
        stated.title,
        answer.scenario.sectors[project.sector].title,
        project.invest,
        STAGES[project.stage],
        *_planned(project, base),
        *(dates[name] for name in ("started", "registered", "commissioned", "full_load")),
        done_in(answer)[at] == answer.year,
        delay(answer, at),
        project.slip or None,
        waited(answer, at) or None,
        *(float(result.waits[name][at]) for name in ("approval", "start", "money")),
        float(yearly(result.investment[at])[year - 1]),
        float(project.output * (on[year] - on[year - 1])) if adds else None,
        project.output if adds else None,
        unit_text(unit) if unit else None,
        project.key,
        _earlier(project),
    )


def _planned(project: ProjectPlan, base: int) -> tuple[str | None, str | None]:
    """Planned start and commissioning, where the plan states or implies them."""
    dated = project.start is not None or project.finish is not None
    if project.stage == "commissioned" and not dated:
        return None, None
    start = month_text(begin_month(project.begins), base)
    return (start if project.start is not None or project.ahead else None), month_text(
        end_month(project.ends), base
    )


def _earlier(project: ProjectPlan) -> float | None:
    """Months by which it may start before its plan; None where nothing allows it."""
    if not project.ahead or project.earliest is None:
        return None
    return max(project.begins - project.earliest, 0.0) or None


def pool(answer: Answer) -> Table | None:
    """Key projects as a whole: counts and money, planned and simulated, year by year."""
    stated = answer.scenario.pool
    if stated is None:
        return None
    result, realisation = answer.plan.pipeline_run.result, answer.plan.pipeline_run.realisation
    plan = {
        "starts": stated.starts.value,
        "completions": stated.completions.value,
        "investment": stated.investment.value,
    }
    names = {
        "starts": (msg("Starts"), "projects", 0),
        "completions": (msg("Completions"), "projects", 0),
        "investment": (msg("Investment", context="table_projects"), "亿元", 1),
    }
    pooled = yearly(result.pool_investment).sum(axis=0)
    horizon = 12.0 * answer.economy.years
    keyed = [
        year
        for year, project in zip(done_in(answer), answer.plan.pipeline_run.projects, strict=True)
        if project.key
    ]
    others = [_year(date) for date in map(float, result.pool_dates["commissioned"]) if date <= horizon + HAIR]
    rows = []
    for t in range(1, answer.economy.years + 1):
        whole = float(realisation.key_investment[t - 1, 0])
        parts = {
            "starts": [float(result.starts[who][t - 1]) for who in ("named", "pool")],
            "completions": [float(keyed.count(t)), float(others.count(t))],
            "investment": [whole - float(pooled[t - 1]), float(pooled[t - 1])],
        }
        for key, (named, rest) in parts.items():
            title, unit, digits = names[key]
            rows.append(
                (
                    answer.economy.base_year + t,
                    key,
                    title,
                    unit_text(unit),
                    plan[key] if t == 1 else None,
                    named + rest,
                    named,
                    rest,
                    digits,
                )
            )
    columns = (
        Column("year", msg("Year"), digits=0),
        Column("what_id", msg("What id"), shown=False),
        Column("what", msg("What", context="table_projects")),
        Column("unit", msg("Unit")),
        Column("planned", msg("Planned"), digits_from="digits"),
        Column("simulated", msg("Simulated"), digits_from="digits"),
        Column("named", msg("Of these named"), digits_from="digits"),
        Column("rest", msg("Of these unnamed"), digits_from="digits"),
        Column("digits", msg("Digits"), digits=0, shown=False),
    )
    note = msg(
        "Completions: named key projects and the others commissioned in the year; those commissioned before"
        " the first month do not count, the end of December belongs to its year."
    )
    return Table("pool", msg("Key projects"), columns, tuple(rows), ("year", "what_id"), note)


def months(answer: Answer) -> Table:
    """Month by month: investment of named and other key projects, starts, commissionings, output that came on
    line."""
    result, base = answer.plan.pipeline_run.result, answer.economy.base_year
    named, rest = result.investment.sum(axis=0), result.pool_investment.sum(axis=0)
    count = 12 * answer.economy.years

    plans = answer.plan.pipeline_run.projects

    def counted(name: str, which: list[bool]) -> Any:
        months = [
            end_month(date) if name == "commissioned" else begin_month(date)
            for date, wanted in zip(map(float, result.dates[name]), which, strict=True)
            if wanted and date < math.inf
        ]
        return np.bincount([m for m in months if 0 <= m < count], minlength=count)

    new = [p.ahead for p in plans]
    later = [year > 0 for year in done_in(answer)]
    key = [p.key for p in plans]
    both = [
        (counted(name, which), counted(name, [w and k for w, k in zip(which, key, strict=True)]))
        for name, which in (("started", new), ("commissioned", later))
    ]
    (starts, key_starts), (done, key_done) = both
    in_year = np.concatenate([np.cumsum(part) for part in (named + rest).reshape(-1, 12)])
    rows = tuple(
        (
            month_text(m, base),
            float(named[m]),
            float(rest[m]),
            float(in_year[m]),
            int(starts[m]),
            int(key_starts[m]),
            int(done[m]),
            int(key_done[m]),
            int(done[: m + 1].sum()),
        )
        for m in range(count)
    )
    columns = (
        Column("month", msg("Month")),
        Column("named", msg("Named projects", context="table_projects"), "亿元", 2),
        Column("rest", msg("Other key projects"), "亿元", 2),
        Column("in_year", msg("Year to date"), "亿元", 1),
        Column("starts", msg("Named starts"), digits=0),
        Column("key_starts", msg("Of these key"), digits=0),
        Column("commissioned", msg("Named commissionings"), digits=0),
        Column("key_commissioned", msg("Of these key"), digits=0),
        Column("commissioned_all", msg("Commissioned so far"), digits=0),
    )
    return Table(
        "months",
        msg("Month by month"),
        columns,
        rows,
        ("month",),
        msg("Only what the pipeline knows: investment outside key projects is not in it."),
    )
