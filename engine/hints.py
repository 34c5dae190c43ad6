"""What a scenario leaves unsaid, and what it says without effect: told by validation and by every run (提示)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..models.economy import Economy
from ..models.quantity import FloatArray, Quantity
from ..models.target import Sheet
from ..scenarios.schema import Scenario
from . import build
from .assess import Run
from .deliveries import Deliveries
from .rank import BALANCE, Moved, Recorded, width

Kind = Literal["left_out", "no_start", "beyond", "late", "unlisted", "carried", "idle"]
"""What there is to tell.

left_out
    A sector that the plan's mix does not name gets no investment.
no_start
    A project that states no date starts as soon as it can, in January of the year after the base year.
beyond, late
    A project that starts after the last year counts nothing; one that is finished after it is investment and brings no output.
unlisted
    Output that works on no list bring in year 1, inferred because the list of projects is not whole, 亿元 or the process's unit.
carried
    Money of the base year that comes late into year 1 from works on no list, inferred from the usual delay, 亿元.
idle
    A stated number that was moved by half its range, and nothing moved with it: no output, investment or target in any year.
"""


@dataclass(frozen=True)
class Hint:
    """One thing to know: what kind, the place it stands at, whom it is about, and an amount where there is one."""

    kind: Kind
    path: str
    about: str = ""
    amount: float | None = None
    process: str = ""


def hints(
    scenario: Scenario, quantities: Mapping[str, Quantity], economy: Economy, sheet: Sheet, plan: Run
) -> tuple[Hint, ...]:
    """Everything that there is to tell of a scenario and its plan, simulated."""
    return (*_silent(scenario, plan), *_inferred(plan), *_idle(scenario, quantities, sheet, plan))


def _silent(scenario: Scenario, plan: Run) -> Iterator[Hint]:
    """What nobody stated, and what lies beyond the horizon."""
    stated = scenario.mixes[scenario.plan].shares
    for key in scenario.sectors:
        if key not in stated:
            yield Hint("left_out", f"mixes.{scenario.plan}.shares", key)
    horizon = 12.0 * (scenario.years.last - scenario.years.base)
    commissioned = plan.delivery.result.dates["commissioned"]
    for project, end in zip(plan.delivery.projects, commissioned, strict=True):
        said = scenario.projects[project.id]
        if project.ahead and said.start is None and said.finish is None:
            yield Hint("no_start", f"projects.{project.id}", project.id)
        if project.ahead and project.begins >= horizon:
            yield Hint("beyond", f"projects.{project.id}.start", project.id)
        elif project.stop is None and project.output > 0 and not end < horizon:
            yield Hint("late", f"projects.{project.id}", project.id)


def _inferred(plan: Run) -> Iterator[Hint]:
    """What is read from the list of projects about works that are not on it."""
    works = plan.delivery.works
    for sector, own in works.unlisted.items():
        for process, path in own.items():
            if path[0, 0] > 0:
                yield Hint("unlisted", "listing", sector, float(path[0, 0]), process)
    carried = plan.delivery.works.invested[:, 0, 0] - plan.delivery.unnamed[1][:, 0]
    for project, spent in zip(plan.delivery.projects, plan.delivery.result.investment, strict=True):
        carried[plan.path.economy.sector_ids.index(project.sector)] -= spent[:12].sum()
    if carried.sum() > 1e-9:
        yield Hint("carried", "listing", amount=float(carried.sum()))


def _idle(scenario: Scenario, quantities: Mapping[str, Quantity], sheet: Sheet, plan: Run) -> Iterator[Hint]:
    """Numbers that a simulation reads and that move nothing, found by moving each in a draw of its own; those of the nation apart."""
    read = Recorded()
    build.economy(scenario, read)
    build.sheet(scenario, read)
    Deliveries(scenario, read, 1, alike=True).run(plan.plan)
    chosen = [
        q for path, q in quantities.items()
        if path in read.read and width(q) > 0 and not BALANCE.match(path) and "national." not in path
    ]
    values, draws = Moved(chosen, part=1.0), 1 + len(chosen)
    economy = build.economy(scenario, values)
    works = Deliveries(scenario, values, draws, alike=True).run(plan.plan).works
    path = economy.simulate(works, plan.plan.routing or None, plan.plan.quotas)
    rows = build.sheet(scenario, values)
    judged = [
        rows.value(target, path, year) for target in rows.targets.values() if target.judged for year in range(1, economy.years + 1)
    ]
    moved = np.zeros(draws, dtype=bool)
    seen = (path.output, np.nan_to_num(path.limit, posinf=0.0), works.invested, works.key_investment, *path.physical.values(), *judged)
    for each in seen:
        wide = np.broadcast_to(each, (*each.shape[:-1], draws)).reshape(-1, draws)
        moved |= (np.abs(wide - wide[:, :1]) > 1e-12 * np.maximum(np.abs(wide[:, :1]), 1.0)).any(axis=0)
    for at, quantity in enumerate(chosen, start=1):
        if not moved[at]:
            yield Hint("idle", quantity.path, amount=quantity.value)


def money_by_project(plan: Run) -> tuple[tuple[str, FloatArray], ...]:
    """What becomes of each named project's money within the horizon, 亿元.

    Overdue at month 0, planned, put in place, cancelled, left over: overdue + planned = put in place + cancelled + left over.
    What is left over is below zero where works come sooner than planned.
    """
    found = []
    delivery = plan.delivery
    for j, project in enumerate(delivery.projects):
        planned, overdue = float(delivery.due[j].sum()), float(delivery.overdue[j])
        spent = float(delivery.result.investment[j].sum())
        rest = overdue + planned - spent
        gone = rest if project.stop is not None or delivery.result.cancelled[j] else 0.0
        found.append((project.id, np.array([overdue, planned, spent, gone, rest - gone])))
    return tuple(found)
