"""Investment by sector and by fund: planned, put in place, tied to named projects (投资与资金)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.diagnose.hints import money_by_project
from ...models.money import MONEY
from ...models.project import yearly
from ...models.quantity import Bilingual, FloatArray
from ...models.words import msg
from .table import Column, Table, declare

if TYPE_CHECKING:
    from ...engine.run import Answer


def investment(answer: Answer) -> Table:
    """Investment of the target year by sector: before, planned, put in place, growth, share, named
    projects."""
    at, year = answer.year - 1, answer.economy.base_year + answer.year
    pipeline_run, ids = answer.plan.pipeline_run, answer.economy.sector_ids
    placed = pipeline_run.realisation.placed

    def of(path: FloatArray) -> Callable[[int | None], float]:
        return lambda s: float(path.sum() if s is None else path[s])

    def money(name: str, title: Bilingual, value: Callable[[int | None], float], **flags: Any) -> Column:
        return Column(name, title, MONEY, 1, adds=True, value=value, **flags)

    def growth(s: int | None) -> float | None:
        return 100 * (done(s) / before(s) - 1) if before(s) > 0 else None

    def share(s: int | None) -> float | None:
        return 100 * done(s) / done(None) if done(None) > 0 else None

    before, planned = of(placed(answer.year - 1)[:, 0]), of(answer.plan.plan.money(answer.year))
    done = of(placed(answer.year)[:, 0])
    titles = [sector.title for sector in answer.scenario.sectors.values()]
    columns = (
        Column("level", msg("Level"), shown=False, value=lambda s: "total" if s is None else "sector"),
        Column("sector", msg("Sector id"), shown=False, value=lambda s: "total" if s is None else ids[s]),
        Column("title", msg("Sector"), value=lambda s: msg("Total") if s is None else titles[s]),
        money("before", msg("Investment {year}", year=year - 1), before),
        money("planned", msg("Planned {year}", year=year), planned, compared=True),
        money("realised", msg("Put in place {year}", year=year), done, compared=True),
        money("short", msg("Against plan"), lambda s: done(s) - planned(s), signed=True),
        Column("growth", msg("Growth"), "%", 1, value=growth),
        Column("share", msg("Share"), "%", 1, adds=True, value=share),
        money("named_planned", msg("Named projects, planned"), of(pipeline_run.planned[:, at])),
        money("named", msg("Named projects, done"), of(_named(answer)[:, at])),
    )
    rows = [*range(len(ids)), None]
    note = msg(
        "Nominal; sectors add up to the total in the digits shown (largest remainder). What is put in place"
        " comes month by month out of the pipeline: starts, entry in the statistics, money, queues."
    )
    title = msg("Investment", context="table_money")
    return declare("investment", title, columns, rows, ("level", "sector"), note)


def _named(answer: Answer) -> FloatArray:
    """Investment put in place in named projects by sector and year, 亿元 ``(S, T)``."""
    ids, pipeline_run = answer.economy.sector_ids, answer.plan.pipeline_run
    spent = np.zeros_like(pipeline_run.unnamed[1])
    for project, monthly in zip(pipeline_run.projects, pipeline_run.result.investment, strict=True):
        spent[ids.index(project.sector)] += yearly(monthly)
    return spent


@dataclass(frozen=True)
class _Fate:
    """What becomes of the money of a project, of other works, or of several of these together, 亿元."""

    level: str
    id: str
    title: Bilingual
    of: str
    overdue: float
    planned: float
    beyond: float
    spent: float
    cancelled: float
    left: float


_MONEY = ("overdue", "planned", "beyond", "spent", "cancelled", "left")


def money(answer: Answer) -> Table | None:
    """What becomes of the planned money over the horizon, project by project and sector by sector, every yuan
    once.

    Overdue + planned + beyond plan = put in place + cancelled + left over.
    """
    scenario = answer.scenario
    if not scenario.projects:
        return None

    def summed(level: str, key: str, title: Bilingual, rows: Iterable[_Fate]) -> _Fate:
        each = list(rows)
        return _Fate(
            level, key, title, key, **{name: sum(getattr(row, name) for row in each) for name in _MONEY}
        )

    single = list(_single(answer))
    sectors = [
        summed("sector", key, msg("Subtotal"), (row for row in single if row.of == key))
        for key in answer.economy.sector_ids
    ]
    rows = [*single, *sectors, summed("total", "total", msg("Total"), sectors)]
    first, last = answer.economy.base_year + 1, answer.economy.base_year + answer.economy.years
    columns = (
        Column("level", msg("Level"), shown=False),
        Column("id", msg("Id"), shown=False),
        Column("title", msg("Project")),
        Column(
            "sector",
            msg("Sector"),
            value=lambda row: msg("All") if row.level == "total" else scenario.sectors[row.of].title,
        ),
        Column("overdue", msg("Late from before"), MONEY, 1),
        Column("planned", msg("Planned {first}-{last}", first=first, last=last), MONEY, 1),
        Column("beyond", msg("By the rate realised"), MONEY, 1, signed=True),
        Column("spent", msg("Put in place"), MONEY, 1),
        Column("cancelled", msg("Cancelled"), MONEY, 1),
        Column("left", msg("Left over after {last}", last=last), MONEY, 1),
    )
    note = msg(
        "All money once: late from before + planned + by the rate realised = put in place + cancelled + left"
        " over after the last year (below zero: done sooner than planned). What is late counts in the year in"
        " which it is put in place."
    )
    return declare("money", msg("What becomes of planned investment"), columns, rows, ("level", "id"), note)


def _single(answer: Answer) -> Iterable[_Fate]:
    """Named projects, then works of each sector that are on no list."""
    ids, pipeline_run, scenario = answer.economy.sector_ids, answer.plan.pipeline_run, answer.scenario
    for key, amounts in money_by_project(answer.plan):
        late, planned, done, gone, left = amounts.tolist()
        of = scenario.projects[key]
        yield _Fate("project", key, of.title, of.sector, late, planned, 0.0, done, gone, left)
    planned_others, done_others = pipeline_run.unnamed
    carried = (pipeline_run.realisation.invested[..., 0] - done_others - _named(answer)).sum(axis=1)
    for s, key in enumerate(ids):
        late, planned, done = (float(each[s].sum()) for each in (carried, planned_others, done_others))
        ratio = scenario.sectors[key].realisation
        held = done / (ratio.value / 100 if ratio and ratio.value > 0 else 1.0)
        beyond, spent, left = done - held, done + late, planned - held
        yield _Fate("other", key, msg("Other works"), key, late, planned, beyond, spent, 0.0, left)


def funds(answer: Answer) -> Table | None:
    """Where the money comes from: need of the plan by fund, and what named projects drew."""
    stated = answer.scenario.funds
    if not stated:
        return None
    sectors, money = answer.scenario.sectors.values(), answer.plan.plan.money(answer.year)
    drawn = answer.plan.pipeline_run.result.by_fund
    limits = {limit.fund: limit.stated.value for limit in answer.scenario.limits.values() if limit.fund}

    def need(key: str) -> float:
        parts = [sector.funds[key].value / 100 if key in sector.funds else 0.0 for sector in sectors]
        return float(np.array(parts) @ money)

    def amount(key: str) -> float | None:
        most = stated[key].amount
        return most.value if most else None

    def used(key: str) -> float | None:
        return float(yearly(drawn[key])[answer.year - 1]) if key in drawn else None

    columns = (
        Column("fund", msg("Fund id"), shown=False, value=str),
        Column("title", msg("Fund"), value=lambda key: stated[key].title),
        Column("need", msg("Needed by all investment"), MONEY, 1, value=need),
        Column("limit", msg("Limit", context="table_money"), MONEY, 1, optional=True, value=limits.get),
        Column("amount", msg("Open to named projects"), MONEY, 1, optional=True, value=amount),
        Column("drawn", msg("Drawn by named projects"), MONEY, 1, optional=True, value=used),
    )
    return declare("funds", msg("Funds"), columns, stated, ("fund",))
