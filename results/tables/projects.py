"""Projects on their way: planned and simulated dates, money, what comes on line, month by month (项目)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.money import MONEY
from ...models.project import HAIR, ProjectPlan, yearly
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from ...models.years import first_month
from ..text.format import unit_text
from .table import Column, Table, declare, none

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

    >>> from dabiao.models.years import Year
    >>> month_text(2, 2023), month_text(-1, 2023), month_text(8, Year(2023, 7))
    ('2024-03', '2023-12', '2024-03')
    """
    year, month = divmod(number + first_month(base + 1), 12)
    return f"{year}-{month + 1:02d}"


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
    base, now, scenario = answer.economy.base_year, answer.economy.base_year + answer.year, answer.scenario
    plans, result = answer.plan.pipeline_run.projects, answer.plan.pipeline_run.result
    at = {plan.id: place for place, plan in enumerate(plans)}

    def of(path: FloatArray) -> Callable[[ProjectPlan], float]:
        return lambda plan: float(path[at[plan.id]])

    def date(name: str, title: Bilingual, end: bool = False, word: bool = False) -> Column:
        when = of(result.dates[name])
        return Column(name, title, word=word, value=lambda plan: _date(when(plan), answer, end))

    def span(name: str, title: Bilingual, value: Callable[[ProjectPlan], Any], **flags: Any) -> Column:
        return Column(name, title, "months", 1, value=value, **flags)

    def output(name: str, title: Bilingual, value: Callable[[ProjectPlan], float], **flags: Any) -> Column:
        def own(plan: ProjectPlan) -> float | None:
            return value(plan) if plan.output > 0 else None

        return Column(name, title, digits=2, optional=True, value=own, **flags)

    def delay(plan: ProjectPlan) -> float | None:
        done = commissioned(plan)
        return None if plan.stage == "commissioned" or not math.isfinite(done) else done - plan.ends

    def unit(plan: ProjectPlan) -> str | Bilingual | None:
        adds = scenario.projects[plan.id].adds
        return unit_text(MONEY if adds.output else "万吨") if adds and plan.output > 0 else None

    waits, part = result.waits, {"signed": True, "optional": True, "word": False}
    commissioned, done = of(result.dates["commissioned"]), of(np.array(done_in(answer)))
    waited = of(sum(waits.values(), np.zeros(len(plans))))
    more = of(result.share_online[:, answer.year] - result.share_online[:, answer.year - 1])
    columns = (
        Column("project", msg("Project id"), shown=False, value=lambda p: p.id),
        Column("title", msg("Project"), value=lambda p: scenario.projects[p.id].title),
        Column("sector", msg("Sector"), value=lambda p: scenario.sectors[p.sector].title),
        Column("invest", msg("Investment"), MONEY, 1),
        Column("stage", msg("Stage at start"), value=lambda p: STAGES[p.stage]),
        Column("planned_start", msg("Planned start"), word=False, value=lambda p: _start(p, base)),
        Column("planned_end", msg("Planned commissioning"), value=lambda p: _end(p, base)),
        date("started", msg("Start")),
        date("registered", msg("In the statistics")),
        date("commissioned", msg("Commissioning"), end=True, word=True),
        date("full_load", msg("Full load"), end=True),
        Column(
            "in_year",
            msg("Commissioned in {year}", year=now),
            word=False,
            value=lambda p: done(p) == answer.year,
        ),
        span("delay", msg("Delay"), delay, signed=True),
        span("slip", msg("Of which expected delay"), lambda p: p.slip or None, **part),
        span("waited", msg("Of it in queues"), lambda p: waited(p) or None, **part),
        span("wait_approval", msg("Waited for approval"), of(waits["approval"]), shown=False),
        span("wait_start", msg("Waited for builders"), of(waits["start"]), shown=False),
        span("wait_money", msg("Waited for money"), of(waits["money"]), shown=False),
        Column(
            "invested",
            msg("Invested {year}", year=now),
            MONEY,
            2,
            value=of(yearly(result.investment)[:, answer.year - 1]),
        ),
        output("adds", msg("Adds {year}", year=now), lambda p: p.output * more(p), signed=True),
        output("adds_full", msg("At full load"), lambda p: p.output, word=False),
        Column("adds_unit", msg("Unit of output"), optional=True, value=unit),
        Column("key", msg("Key project"), word=False),
        Column("earlier", msg("Can start earlier"), "months", 0, optional=True, word=False, value=_earlier),
    )
    note = msg(
        "Delay: simulated less planned commissioning. The expected delay is a prior of"
        " the scenario; queues (approval, builders, money; each in the CSV) come out of"
        " the simulation; the rest is approval. Commissioning at the end of December"
        " belongs to that year."
    )
    return declare("projects", msg("Named projects"), columns, plans, ("project",), note)


def _start(plan: ProjectPlan, base: int) -> str | None:
    """Planned start, where the plan states or implies it."""
    return month_text(begin_month(plan.begins), base) if plan.start is not None or plan.ahead else None


def _end(plan: ProjectPlan, base: int) -> str | None:
    """Planned commissioning, where the plan states or implies it."""
    dated = plan.stage != "commissioned" or plan.start is not None or plan.finish is not None
    return month_text(end_month(plan.ends), base) if dated else None


def _earlier(plan: ProjectPlan) -> float | None:
    """Months by which it may start before its plan; None where nothing allows it."""
    if not plan.ahead or plan.earliest is None:
        return None
    return max(plan.begins - plan.earliest, 0.0) or None


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


@dataclass(frozen=True)
class _Pooled:
    """What key projects do in a year: the named ones and the rest."""

    year: int
    what_id: str
    named: float
    rest: float


def pool(answer: Answer) -> Table | None:
    """Key projects as a whole: counts and money, planned and simulated, year by year."""
    stated, base, run = answer.scenario.pool, answer.economy.base_year, answer.plan.pipeline_run
    if stated is None:
        return None
    titles = {
        "starts": msg("Starts"),
        "completions": msg("Completions"),
        "investment": msg("Investment", context="table_projects"),
    }
    starts, pooled = run.result.starts, yearly(run.result.pool_investment).sum(axis=0)
    horizon = 12.0 * answer.economy.years
    keyed = [year for year, project in zip(done_in(answer), run.projects, strict=True) if project.key]
    others = [
        _year(date) for date in map(float, run.result.pool_dates["commissioned"]) if date <= horizon + HAIR
    ]
    rows = []
    for t, rest in enumerate(map(float, pooled), start=1):
        named = float(run.realisation.key_investment[t - 1, 0]) - rest
        rows += [
            _Pooled(base + t, "starts", float(starts["named"][t - 1]), float(starts["pool"][t - 1])),
            _Pooled(base + t, "completions", float(keyed.count(t)), float(others.count(t))),
            _Pooled(base + t, "investment", named, rest),
        ]
    columns = (
        Column("year", msg("Year"), digits=0),
        Column("what_id", msg("What id"), shown=False),
        Column("what", msg("What", context="table_projects"), value=lambda row: titles[row.what_id]),
        Column(
            "unit",
            msg("Unit"),
            value=lambda row: unit_text(MONEY if row.what_id == "investment" else "projects"),
        ),
        Column(
            "planned",
            msg("Planned"),
            digits_from="digits",
            value=lambda row: getattr(stated, row.what_id).value if row.year == base + 1 else None,
        ),
        Column(
            "simulated",
            msg("Simulated"),
            digits_from="digits",
            compared=True,
            value=lambda r: r.named + r.rest,
        ),
        Column("named", msg("Of these named"), digits_from="digits"),
        Column("rest", msg("Of these unnamed"), digits_from="digits"),
        Column(
            "digits", msg("Digits"), digits=0, shown=False, value=lambda row: int(row.what_id == "investment")
        ),
    )
    note = msg(
        "Completions: named key projects and the others commissioned in the year; those commissioned before"
        " the first month do not count, the end of December belongs to its year."
    )
    return declare("pool", msg("Key projects"), columns, rows, ("year", "what_id"), note)


def months(answer: Answer) -> Table:
    """Month by month: investment of named and other key projects, starts, commissionings, output that came on
    line."""
    result, plans = answer.plan.pipeline_run.result, answer.plan.pipeline_run.projects
    named, rest = result.investment.sum(axis=0), result.pool_investment.sum(axis=0)
    in_year = np.concatenate([np.cumsum(part) for part in (named + rest).reshape(-1, 12)])
    count = 12 * answer.economy.years

    def counted(name: str, wanted: Iterable[bool]) -> FloatArray:
        month = end_month if name == "commissioned" else begin_month
        dates = zip(map(float, result.dates[name]), wanted, strict=True)
        found = [month(date) for date, counts in dates if counts and date < math.inf]
        return np.bincount([m for m in found if 0 <= m < count], minlength=count).astype(float)

    years = done_in(answer)
    done = counted("commissioned", (year > 0 for year in years))
    key_done = counted("commissioned", (year > 0 and p.key for year, p in zip(years, plans, strict=True)))

    def number(name: str, title: Bilingual, path: FloatArray, event: bool = False) -> Column:
        return Column(name, title, digits=0, event=event, value=lambda m: int(path[m]))

    def money(name: str, title: Bilingual, path: FloatArray, digits: int = 2, event: bool = False) -> Column:
        return Column(name, title, MONEY, digits, event=event, value=lambda m: float(path[m]))

    columns = (
        Column("month", msg("Month"), value=lambda m: month_text(m, answer.economy.base_year)),
        money("named", msg("Named projects", context="table_projects"), named, event=True),
        money("rest", msg("Other key projects"), rest, event=True),
        money("in_year", msg("Year to date"), in_year, 1),
        number("starts", msg("Named starts"), counted("started", (p.ahead for p in plans)), event=True),
        number("key_starts", msg("Of these key"), counted("started", (p.ahead and p.key for p in plans))),
        number("commissioned", msg("Named commissionings"), done, event=True),
        number("key_commissioned", msg("Of them key projects"), key_done),
        number("commissioned_all", msg("Commissioned so far"), np.cumsum(done)),
    )
    note = msg("Only what the pipeline knows: investment outside key projects is not in it.")
    return declare("months", msg("Month by month"), columns, range(count), ("month",), note, brief=none)
