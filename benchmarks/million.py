"""A million draws of the one-year economy of the shipped scenario, chain on, sampling included, through the
run's own draws.

Uncertain are numbers of markets, capacities, crops and prices with bounds (PERT), and the shocks of the year;
the
accounts of the base year and the plan's works are central. Blocks of draws, two threads; what is kept is one
indicator
a draw. Prints seconds, draws a second and the peak of memory.

Usage: ``python benchmarks/million.py [DRAWS [WORKERS [NUMBERS]]]``: ``NUMBERS`` of the uncertain ones, evenly
picked, stay so
(first 30, then all, where left out); shocks come on top.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time

import numpy as np
from dabiao.engine.build import economy
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.engine.uncertainty.ensemble import in_threads
from dabiao.engine.uncertainty.futures import Futures
from dabiao.models.indicators import INDICATORS, Asked
from dabiao.models.quantity import Draws, Quantity
from dabiao.scenarios.load import load_example
from dabiao.scenarios.schema import Scenario

EXAMPLE = "panzhihua-2024"
BLOCK = 32_768
USED = (".market.", ".utilisation.", "prices.", ".trend", ".growth", "crops.", ".farmland.", ".capacity.")


def uncertain(quantity: Quantity) -> bool:
    """Whether the benchmark draws a number."""
    return (
        quantity.low is not None
        and quantity.high is not None
        and quantity.path.startswith(("sectors.", "chains.", "prices."))
        and any(part in quantity.path for part in USED)
        and "processes" not in quantity.path
    )


def main() -> None:
    """Run it with all numbers in doubt and with few, and print one table."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 2**20
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy"
        f" {np.__version__}"
    )
    loaded = load_example(EXAMPLE)
    doubtful = [(path, q) for path, q in loaded.quantities().items() if uncertain(q)]
    for numbers in [int(sys.argv[3])] if len(sys.argv) > 3 else [30, len(doubtful)]:
        kept = min(numbers, len(doubtful))
        measure(
            loaded.scenario, dict(doubtful[i * len(doubtful) // kept] for i in range(kept)), draws, workers
        )
    print(f"peak of memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


def measure(scenario: Scenario, doubtful: dict[str, Quantity], draws: int, workers: int) -> None:
    """Draw, simulate and tell the seconds."""
    futures = Futures(scenario, doubtful, until=1)
    region = economy(scenario, Draws())
    realisation = (
        Pipeline(scenario, region, Draws()).run(stated_plans(scenario, Draws())[scenario.plan]).realisation
    )
    futures.sample(0, 16).economy.simulate(realisation, until=1)  # start-up: imports and tables
    growth = np.empty(draws)

    def run(low: int) -> None:
        count = min(BLOCK, draws - low)
        path = futures.sample(low, count).economy.simulate(realisation, until=1)
        growth[low : low + count] = INDICATORS["gdp_growth"].value(path, 1, Asked())

    begin, own = time.perf_counter(), time.process_time()
    in_threads(run, range(0, draws, BLOCK), workers)
    taken, busy = time.perf_counter() - begin, time.process_time() - own
    begin = time.perf_counter()
    in_threads(
        lambda low: futures.sample(low, min(BLOCK, draws - low)) and None, range(0, draws, BLOCK), workers
    )
    sampled = time.perf_counter() - begin
    print(
        f"{draws:,} draws, {len(futures.inputs.rows)} uncertain inputs, {len(region.branches)} branches,"
        f" {workers} threads: {taken:.2f} s (processor {busy:.2f} s, sampling alone {sampled:.2f} s),"
        f" {draws / taken:,.0f} draws/s; median {np.median(growth):.2f} %, P(>= 6.5)"
        f" {np.mean(growth >= 6.45):.3f}"
    )


if __name__ == "__main__":
    main()
