"""Ten thousand futures of the whole shipped scenario: sampling, accounts, pipeline of projects, five years,
all targets.

What a run does for its probabilities, after start-up (imports, tables of quantiles, direction numbers).
Prints seconds by
workers and block (of a shared machine the processor's own say more), that the bytes are the same, and where
the time of one
worker goes.

Usage: ``python benchmarks/ensemble.py [DRAWS]``
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable

import numpy as np
from dabiao.engine import build
from dabiao.engine.plans import stated_plans
from dabiao.engine.uncertainty.ensemble import BLOCK, ensemble, values_by_year
from dabiao.engine.uncertainty.futures import Futures
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import load_example

EXAMPLE = "panzhihua-2024"


def main() -> None:
    """Print the table."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_240
    loaded = load_example(EXAMPLE)
    scenario = loaded.scenario
    sheet, plan = build.sheet(scenario, Draws()), stated_plans(scenario, Draws())[scenario.plan]
    futures = Futures(scenario, loaded.quantities())
    futures.sample(0, 16).outcomes(plan, 1)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy"
        f" {np.__version__}"
    )
    print(
        f"{draws:,} draws, {len(futures.inputs.rows)} uncertain inputs, {len(scenario.projects)} named"
        f" projects, {futures.years} years"
    )
    first = None
    for workers, block in ((1, BLOCK), (2, BLOCK), (2, 2 * BLOCK), (2, BLOCK // 2)):
        begin, busy = time.perf_counter(), time.process_time()
        found = ensemble(futures, sheet, plan, 1, {}, draws=draws, workers=workers, block=block).paths
        taken, busy = time.perf_counter() - begin, time.process_time() - busy
        first = first or found
        same = all((first[key] == found[key]).all() for key in found)
        print(
            f"{workers} workers, blocks of {block:>5}: {taken:5.2f} s ({busy:5.2f} s of processor),"
            f" {draws / taken:8,.0f} draws/s, bytes {'the same' if same else 'DIFFER'}"
        )
    parts(futures, sheet.targets, plan, draws)


def parts(futures: Futures, targets: object, plan: object, draws: int) -> None:
    """Seconds of processor of each part of the work, one worker."""
    spent = dict.fromkeys(("points and values", "accounts", "pipeline", "economy", "targets"), 0.0)

    def timed(name: str, work: Callable[[], object]) -> object:
        begin = time.process_time()
        found = work()
        spent[name] += time.process_time() - begin
        return found

    for low in range(0, draws, BLOCK):
        sample = timed("points and values", lambda low=low: futures.sample(low, BLOCK))
        timed("accounts", lambda sample=sample: sample.economy)
        realisation = timed("pipeline", lambda sample=sample: sample.drawn_pipeline.run(plan).realisation)
        timed("economy", lambda sample=sample, realisation=realisation: sample.economy.simulate(realisation))
        judged = {key: target for key, target in targets.items() if target.judged}
        begin = time.process_time()
        values_by_year(sample, judged, plan)
        spent["targets"] += time.process_time() - begin
    spent["targets"] -= spent["economy"]
    print("one worker, processor: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items()))


if __name__ == "__main__":
    main()
