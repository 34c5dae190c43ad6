"""1,000 replications of 200 projects through desks, builders and money: SimPy event by event, and all at once
in arrays.

First the queues alone: both get the same durations and must give the same month of commissioning for every
project
of every replication. Then the whole pipeline of a shipped scenario (durations drawn, dates, money, works by
sector and
year), by the reference and in arrays: for the target year
(about 200 projects), and for five years. Best of five for the arrays, one pass for SimPy, all in one process;
seconds of the
processor, but for two threads those of the clock on the wall.

Usage: ``python benchmarks/pipeline.py [REPLICATIONS [PROJECTS]]``
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import simpy
from dabiao.engine.build import economy
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.batch import ProjectBatch, Shared, parts, schedule, tranches
from dabiao.engine.projects.drawn import DrawnPipeline
from dabiao.engine.projects.queue import Job, Tranche, run_jobs
from dabiao.engine.projects.run import Pipeline
from dabiao.models.project import Resources
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import load_example

HORIZON = 60.0
BLOCK = 250
DESKS, BUILDERS, MONEY = 22, 75, 60.0


def crowd(replications: int, projects: int) -> ProjectBatch:
    """Projects that start over four years; one in five is under way (as in the shipped scenario), one in six
    needs money."""
    rng = np.random.default_rng(2024)
    shape = (projects, replications)
    under_way = np.arange(projects) % 5 == 0
    going, planned = under_way[:, None], np.round(np.linspace(0, 48, projects))[:, None]
    approval = np.where(going, 0.0, rng.triangular(3, 6, 12, shape))
    start = np.where(going, 0.0, np.maximum(planned, approval))
    building = np.where(going, rng.uniform(1, 24, shape), rng.triangular(12, 18, 30, shape))
    money = np.where(np.arange(projects)[:, None] % 6 == 0, rng.uniform(1, 8, shape), 0.0)[: projects // 6]
    return ProjectBatch(
        start - approval, approval, start, building, under_way, np.ones(shape, dtype=bool), {"bond": money}
    )


def jobs_of(batch: ProjectBatch, draw: int) -> list[Job]:
    """One replication as SimPy takes it."""
    money = batch.money["bond"]
    jobs = []
    for j, building in enumerate(batch.building[:, draw]):
        months = tranches(building, 99)
        share = parts(building, months) * (money[j, draw] if j < len(money) else 0.0)
        stages = tuple(
            Tranche(float(m), 1.0, {"bond": float(s)} if s > 0 else {})
            for m, s in zip(months, share, strict=True)
        )
        row = (float(each[j, draw]) for each in (batch.arrival, batch.approval, batch.start))
        jobs.append(Job(*row, bool(batch.under_way[j]), stages))
    return jobs


def some(batch: ProjectBatch, shared: Shared, low: int, high: int) -> tuple[ProjectBatch, Shared]:
    """The replications ``low`` to ``high``."""
    cut = slice(low, high)
    rows = (each[:, cut].copy() for each in (batch.arrival, batch.approval, batch.start, batch.building))
    return (
        ProjectBatch(*rows, batch.under_way, batch.present[:, cut], {"bond": batch.money["bond"][:, cut]}),
        Shared(shared.approvals[cut], shared.builders[cut], {"bond": shared.funds["bond"][cut]}),
    )


def best(
    work: Callable[[], object], clock: Callable[[], float] = time.process_time, rounds: int = 5
) -> float:
    """Shortest of several rounds, seconds of the processor, or by another clock."""
    taken = []
    for _ in range(rounds):
        begin = clock()
        work()
        taken.append(clock() - begin)
    return min(taken)


def queues(replications: int, projects: int) -> None:
    """Events alone."""
    batch = crowd(replications, projects)
    shared = Shared(
        np.full(replications, DESKS), np.full(replications, BUILDERS), {"bond": np.full(replications, MONEY)}
    )
    replicas = [jobs_of(batch, draw) for draw in range(replications)]
    resources = Resources(DESKS, BUILDERS, {"bond": MONEY})
    begin = time.process_time()
    for jobs in replicas:
        run_jobs(jobs, resources, HORIZON)
    events = time.process_time() - begin
    dates = schedule(batch, shared, HORIZON)
    pieces = [some(batch, shared, low, low + BLOCK) for low in range(0, replications, BLOCK)]
    with ThreadPoolExecutor(2) as pool:
        two = best(lambda: list(pool.map(lambda piece: schedule(*piece, HORIZON), pieces)), time.perf_counter)
    one = best(lambda: [schedule(*piece, HORIZON) for piece in pieces])
    expected = np.array([[job.commissioned for job in jobs] for jobs in replicas]).T
    same = np.isclose(dates.commissioned, expected, atol=1e-9) | (
        np.minimum(dates.commissioned, expected) > HORIZON - 1e-6
    )
    waited = (dates.started > np.maximum(batch.start, 0) + 1e-6).mean()
    print(
        f"queues of {projects} projects, {replications} replications; {100 * waited:.0f} % of the projects"
        " wait"
    )
    shown(("SimPy", events), ("arrays, one thread", one), ("arrays, two threads", two), count=replications)
    print(f"  months of commissioning that differ: {int((~same).sum())} of {same.size}")


def whole(replications: int, last: int) -> None:
    """The whole pipeline of the shipped scenario, up to the year ``last``."""
    loaded = load_example("panzhihua-2024", [f"years.last={last}"]).scenario
    built = economy(loaded, Draws())
    plan = stated_plans(loaded, Draws())[loaded.plan]
    few = max(replications // 20, 5)
    begin = time.process_time()
    for seed in range(few):
        Pipeline(loaded, built, Draws(), seed).run(plan)
    events = (time.process_time() - begin) * replications / few
    one, two = (
        best(lambda w=workers: DrawnPipeline(loaded, Draws(), replications, workers=w).run(plan), clock)
        for workers, clock in ((1, time.process_time), (2, time.perf_counter))
    )
    unnamed = DrawnPipeline(loaded, Draws(), 1).crowd(0, 1).building.shape[0]
    print(
        f"whole pipeline: {len(loaded.projects)} named and {unnamed} unnamed projects to {last}, "
        f"{replications} replications (reference timed on {few})"
    )
    shown(
        ("reference (SimPy)", events),
        ("arrays, one thread", one),
        ("arrays, two threads", two),
        count=replications,
    )


def shown(*rows: tuple[str, float], count: int) -> None:
    """One line each: milliseconds a replication, and how many times faster than the first."""
    for name, taken in rows:
        print(f"  {name:22}{1e3 * taken / count:9.3f} ms a replication {rows[0][1] / taken:8.0f} x")


def main() -> None:
    """Run both and print the tables."""
    stated = [int(each) for each in sys.argv[1:]]
    replications, projects = (*stated, *(1000, 200)[len(stated) :])
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, simpy {simpy.__version__}"
    )
    queues(replications, projects)
    for last in (2024, 2028):
        whole(replications, last)


if __name__ == "__main__":
    main()
