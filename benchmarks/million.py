"""A million draws of the one-year economy of the shipped scenario, chain on, sampling included.

Uncertain are the numbers of markets, capacities, crops and prices that have bounds (PERT); the accounts of the base
year and the plan's works are central. Scrambled Sobol' points (scipy), blocks of draws, two threads; what is kept is
one indicator a draw. Prints seconds, draws a second and the peak of memory.

Usage: ``python benchmarks/million.py [DRAWS [WORKERS [NUMBERS]]]``: ``NUMBERS`` of the uncertain ones, evenly picked, stay so.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from dabiao.engine.build import economy
from dabiao.engine.works import Pipeline, stated_plans
from dabiao.models.quantity import FloatArray, Quantity, Values
from dabiao.scenarios.load import load_example
from scipy.special import betaincinv
from scipy.stats import qmc

EXAMPLE = "panzhihua-2024"
BLOCK = 32_768
NODES = 2_048
USED = (".market.", ".utilisation.", "prices.", ".trend", ".growth", "crops.", ".farmland.", ".capacity.")


def uncertain(quantity: Quantity) -> bool:
    """Whether the benchmark draws a number."""
    return (quantity.low is not None and quantity.high is not None and quantity.path.startswith(("sectors.", "chains.", "prices."))
            and any(part in quantity.path for part in USED) and "processes" not in quantity.path)


def nodes(quantity: Quantity) -> FloatArray:
    """Quantiles of the PERT of a number at NODES + 1 probabilities."""
    assert quantity.low is not None and quantity.high is not None
    width = quantity.high - quantity.low
    left = 4 * (quantity.value - quantity.low) / width
    return np.asarray(quantity.low + width * betaincinv(1 + left, 5 - left, np.linspace(0, 1, NODES + 1)))


class Block(Values):
    """One block of draws: every uncertain number at its column of the points."""

    def __init__(self, points: FloatArray, columns: dict[str, tuple[int, FloatArray]]) -> None:
        self.points, self.columns = points, columns
        self.known: dict[str, FloatArray] = {}

    def __call__(self, quantity: Quantity) -> FloatArray:
        """Straight lines between the nodes of the quantile function."""
        found = self.columns.get(quantity.path)
        if found is None:
            return super().__call__(quantity)
        if quantity.path not in self.known:
            column, table = found
            place = self.points[column] * NODES
            at = place.astype(np.int32)
            low = table.take(at)
            self.known[quantity.path] = low + (place - at) * (table.take(at + 1) - low)
        return self.known[quantity.path]


def main() -> None:
    """Run it and print one table."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 2**20
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    loaded = load_example(EXAMPLE, ["years.last=2024"])
    scenario = loaded.scenario
    doubtful = [(path, q) for path, q in loaded.quantities().items() if uncertain(q)]
    kept = min(int(sys.argv[3]) if len(sys.argv) > 3 else len(doubtful), len(doubtful))
    doubtful = [doubtful[i * len(doubtful) // kept] for i in range(kept)]
    columns = {path: (i, nodes(q)) for i, (path, q) in enumerate(doubtful)}
    region = economy(scenario, Values())
    works = Pipeline(scenario, region, Values()).run(stated_plans(scenario, Values())[scenario.plan]).works
    growth = np.empty(draws)
    begin = time.perf_counter()
    sampler = qmc.Sobol(len(columns), scramble=True, rng=np.random.default_rng(1))
    sampled = 0.0

    def run(job: tuple[int, FloatArray]) -> None:
        low, points = job
        built = economy(scenario, Block(points, columns))
        path = built.simulate(works)
        made = np.einsum("btd,bd->td", path.output, np.broadcast_to(built.accounts.va_ratio, path.output[:, 0].shape))
        growth[low:low + points.shape[1]] = 100 * (made[1] / made[0] - 1)

    with ThreadPoolExecutor(workers) as pool:
        waiting = []
        for low in range(0, draws, BLOCK):
            start = time.perf_counter()
            points = np.ascontiguousarray(sampler.random(min(BLOCK, draws - low)).T)
            sampled += time.perf_counter() - start
            if len(waiting) > workers:  # memory stays bounded
                waiting.pop(0).result()
            waiting.append(pool.submit(run, (low, points)))
        for each in waiting:
            each.result()
    taken = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}")
    print(f"{draws:,} draws, {len(columns)} uncertain numbers, {len(region.branches)} branches, {workers} threads")
    print(f"{taken:.2f} s ({sampled:.2f} s of it drawing points), {draws / taken:,.0f} draws/s, peak of memory {peak:.2f} GB")
    print(f"growth of value added: median {np.median(growth):.2f} %, P(>= 6.5) {np.mean(growth >= 6.45):.3f}")


if __name__ == "__main__":
    main()
