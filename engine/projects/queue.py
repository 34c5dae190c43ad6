"""Jobs on their way through shared desks, builders and money (SimPy), served by ticket (取号排队).

Tickets are numbered by the month at which a job would need the resource if nothing ever hindered it, ties by
place in the list. What comes free goes to the next ticket and stays reserved until its holder comes for it.
So each stage begins at

    S_i = max(arrival of i, month at which ticket i has been served),

and the month of service is an order statistic of the months at which earlier tickets give their places back,
or the month at which the money received covers all tickets up to i. Maxima, order statistics and sums never
fall when their arguments rise, hence the law: **for unchanged projects, more desks, builders or money never
makes any commissioning later, in any draw** (with a queue that serves whoever comes first it does: Graham
1966). A ticket is served by earlier tickets of its own stage and by earlier stages alone, so nothing waits in
a circle.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ...models.project import HAIR, Resources

QUARTER = 3.0
TRANCHE = 12.0


class Tranche(NamedTuple):
    """A year of works, the investment in it, and the money that each fund must have for it beforehand,
    units of money."""

    months: float
    amount: float
    money: Mapping[str, float]


@dataclass(slots=True)
class Job:
    """A project on its way: what it needs, its tickets, and the months at which it got what it needs.

    ``arrival`` and ``start`` are its unhindered months at the desk and at the start of works.
    """

    arrival: float
    approval: float
    start: float
    under_way: bool
    tranches: tuple[Tranche, ...]
    queued: bool = False
    desk_ticket: int = 0
    builder_ticket: int = 0
    money_tickets: dict[int, list[Any]] = field(default_factory=dict)
    desk: float = np.inf
    approved: float = np.inf
    started: float = np.inf
    commissioned: float = np.inf
    paid: list[float] = field(default_factory=list)


def run_jobs(jobs: Sequence[Job], resources: Resources, horizon: float) -> None:
    """Run the jobs through the shared resources up to the horizon, and note on each when it got there."""
    import simpy

    env = simpy.Environment()
    jobs = [job for job in jobs if job.start < horizon]
    desks = builders = None
    if resources.approvals is not None:
        desks = Places(env, resources.approvals, 0)
        for ticket, job in enumerate(sorted(jobs, key=lambda job: (job.approval == 0, _hairs(job.arrival)))):
            job.desk_ticket = ticket
    if resources.builders is not None:
        builders = Places(env, resources.builders, sum(job.under_way for job in jobs))
        for ticket, job in enumerate(sorted(jobs, key=lambda job: (job.under_way, _hairs(job.start)))):
            job.builder_ticket = ticket
    _fund(env, resources.funds, jobs, horizon)
    for job in jobs:
        job.queued = True
        if desks is None and builders is None and not job.money_tickets:
            _pass_freely(job, horizon)
        else:
            env.process(_advance(env, job, desks, builders, horizon))
    env.run(until=horizon)


def _hairs(month: float) -> int:
    """A month to within a hair, so that rounding never decides who comes first."""
    return round(month / HAIR)


def _pass_freely(job: Job, horizon: float) -> None:
    """The dates of a job that shares nothing scarce need no events: sums of its durations."""
    if job.approval > 0:
        job.desk, job.approved = job.arrival, job.arrival + job.approval
    now = job.started = job.start
    for tranche in job.tranches:
        job.paid.append(now)
        now += tranche.months
    job.commissioned = now if now < horizon else np.inf


class Places:
    """Places that are handed out in the order of the tickets, and kept for holders who have not come yet."""

    def __init__(self, env: Any, capacity: int, holding: int) -> None:
        """``holding`` of the places are taken at month 0; if there are fewer, so many must first come
        free."""
        self.env = env
        self.served = capacity - holding
        self.waiting: dict[int, Any] = {}

    def turn(self, ticket: int) -> Any:
        """The event that a ticket's holder waits for; None if its place is there already."""
        if ticket < self.served:
            return None
        self.waiting[ticket] = event = self.env.event()
        return event

    def give_back(self) -> None:
        """A place comes free, and belongs to the next ticket."""
        holder = self.waiting.pop(self.served, None)
        self.served += 1
        if holder is not None:
            holder.succeed()


def _fund(env: Any, funds: Mapping[str, float], jobs: Sequence[Job], horizon: float) -> None:
    """Number every tranche of every job, fund by fund, and let the money come in each quarter.

    Money that has come in goes to the next ticket in full, and is kept for it: a tranche begins when
    money received covers it and all tickets before it.
    """
    import simpy

    tickets = sorted(
        (_hairs(job.start + TRANCHE * k), position, k)
        for position, job in enumerate(jobs)
        for k, tranche in enumerate(job.tranches)
        if tranche.money and job.start + TRANCHE * k < horizon
    )
    for fund, amount in funds.items():
        # A hair of money at hand, so that rounding of sums never costs a quarter.
        container = simpy.Container(env, init=HAIR * max(amount, 1.0))
        for _, position, k in tickets:
            need = jobs[position].tranches[k].money.get(fund, 0.0)
            if need > 0:
                jobs[position].money_tickets.setdefault(k, []).append(container.get(need))
        if (quarter := amount * QUARTER / 12.0) > 0:
            env.process(_fill(env, container, quarter))


def _fill(env: Any, container: Any, quarter: float) -> Generator[Any, Any, None]:
    """A quarter of the year's money comes in at the start of each quarter; what is not used is kept."""
    while True:
        container.put(quarter)
        yield env.timeout(QUARTER)


def _advance(  # noqa: C901  (one branch a rule)
    env: Any, job: Job, desks: Places | None, builders: Places | None, horizon: float
) -> Generator[Any, Any, None]:
    """One project, from the approval desk to commissioning."""
    if job.approval > 0:
        if job.arrival > 0:
            yield env.timeout(job.arrival)
        if desks is not None and (turn := desks.turn(job.desk_ticket)) is not None:
            yield turn
        job.desk = env.now
        yield env.timeout(job.approval)
        job.approved = env.now
        if desks is not None:
            desks.give_back()
    if job.start > env.now + HAIR:
        yield env.timeout(job.start - env.now)
    if builders is not None and not job.under_way and (turn := builders.turn(job.builder_ticket)) is not None:
        yield turn
    job.started = env.now
    for k, tranche in enumerate(job.tranches):
        yield from job.money_tickets.get(k, ())
        job.paid.append(env.now)
        if env.now + tranche.months >= horizon:
            return
        if tranche.months > 0:
            yield env.timeout(tranche.months)
    job.commissioned = env.now
    if builders is not None:
        builders.give_back()
