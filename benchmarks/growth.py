"""How cost grows with draws, sectors, years and projects, and how far memory alone would let it go.

The shipped scenario under doubt: every number with bounds is drawn evenly between them. "Pipeline" is all
projects
through desks, builders and money; "economy" is the accounts and the markets of every year. The bound is that
of
STREAM's triad (McCalpin 1995) on this machine: what would be left if a draw only had to read its works and
write its
path once, and nothing had to be computed.

Usage: ``python benchmarks/growth.py``
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import fields

import numpy as np
from dabiao.engine.build import economy
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.drawn import DrawnPipeline
from dabiao.models.quantity import Draws, FloatArray, Quantity
from dabiao.models.short_side import clear
from dabiao.scenarios.load import load_example

EXAMPLE = "panzhihua-2024"


class Drawn(Draws):
    """Numbers of the plan, its projects and funds drawn evenly between their bounds; others central."""

    def __init__(self, draws: int) -> None:
        self.draws, self.rng, self.known = draws, np.random.default_rng(1), {}

    def __call__(self, quantity: Quantity) -> FloatArray:
        """The same draws whenever a quantity is asked for."""
        if quantity.low is None or quantity.high is None:
            return super().__call__(quantity)
        if quantity.path not in self.known:
            self.known[quantity.path] = self.rng.uniform(quantity.low, quantity.high, self.draws)
        return self.known[quantity.path]


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Shortest of some rounds, seconds of the processor."""
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def triad() -> float:
    """Bytes a second of ``a = b + s c`` over arrays far larger than any cache, one thread."""
    size = 20_000_000
    a, b, c = np.zeros(size), np.ones(size), np.ones(size)

    def run() -> None:
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)

    # numpy needs two passes: c -> a, then a, b -> a; five moves of eight bytes an element
    return 5 * 8 * size / seconds(run)


def parts(draws: int, *sets: str) -> tuple[float, float, float]:
    """Microseconds a draw of pipeline and economy, and bytes a draw of works and path; one thread."""
    scenario = load_example(EXAMPLE, list(sets)).scenario
    values = Drawn(draws)
    region, plan = economy(scenario, Draws()), stated_plans(scenario, Draws())[scenario.plan]
    pipeline = seconds(lambda: DrawnPipeline(scenario, values, draws).run(plan), 2)
    realisation = DrawnPipeline(scenario, values, draws).run(plan).realisation
    simulated = seconds(lambda: region.simulate(realisation), 2)
    path = region.simulate(realisation)
    size = sum(
        each.nbytes
        for each in (getattr(realisation, field.name) for field in fields(realisation))
        if isinstance(each, np.ndarray)
    )
    size += sum(each.nbytes for each in vars(path).values() if isinstance(each, np.ndarray))
    return 1e6 * pipeline / draws, 1e6 * simulated / draws, size / draws


def main() -> None:
    """Print the table of growth and the bound."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy"
        f" {np.__version__}; one thread"
    )
    print(f"{'':26}{'pipeline':>10}{'economy':>10}   microseconds a draw")
    stated = None
    for draws in (100, 1_000, 4_000, 16_000):
        stated = parts(draws)
        print(f"{f'{draws} draws':26}{stated[0]:10.1f}{stated[1]:10.1f}")
    for last in (2024, 2026, 2028, 2033, 2038):
        pipeline, simulated, _ = parts(2_000, f"years.last={last}")
        print(f"{f'{last - 2023} years':26}{pipeline:10.1f}{simulated:10.1f}")
    for count in (100, 200, 400, 800):
        sets = (
            f"pool.projects={count}",
            f"pool.starts={count * 2 // 5}",
            f"pipeline.approvals={count // 5}",
            f"pipeline.builders={count}",
        )
        pipeline, simulated, _ = parts(2_000, *sets)
        print(f"{f'{count} key projects':26}{pipeline:10.1f}{simulated:10.1f}")
    for sectors in (5, 10, 20, 40):
        rng = np.random.default_rng(3)
        links = rng.uniform(0, 0.6 / sectors, (sectors, sectors, 1))
        limit, demand = rng.uniform(90, 120, (sectors, 4_000)), rng.uniform(40, 90, (sectors, 4_000))
        taken = seconds(lambda a=limit, m=links, f=demand, n=sectors: clear(a, m, f, np.zeros(n, dtype=bool)))
        print(f"{f'{sectors} sectors, one market':26}{'':10}{1e6 * taken / 4_000:10.1f}")
    bandwidth = triad()
    assert stated is not None
    print(
        f"triad {bandwidth / 1e9:.1f} GB/s; works and path are {stated[2]:,.0f} bytes a draw: "
        f"at most {bandwidth / stated[2]:,.0f} draws/s, reached {1e6 / (stated[0] + stated[1]):,.0f} "
        f"(economy alone {1e6 / stated[1]:,.0f})"
    )


if __name__ == "__main__":
    main()
