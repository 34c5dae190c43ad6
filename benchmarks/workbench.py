"""How long the workbench takes at its three speeds, and how many times faster each is than a whole run.

- hand: what is told while a lever is dragged, by the server's own question (central path, chances in 1,024
  of the futures kept, two pictures, limits); "path" is the central path of it alone;
- plan: what is told when it is let go (loading with the change, anchoring, futures, verdicts, tables);
- run: the answer of `simulate run` with all its tables, without files.

Rounds go through all of them in turn, so that a busy machine slows all alike; times are medians of the clock
and of the processor, each round with another value of the lever.

Usage: ``python benchmarks/workbench.py [ROUNDS] [SCENARIO ...]``
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dabiao.engine.run import run
from dabiao.results.report import tables
from dabiao.results.workbench.app import Service, tidied, unhurried
from dabiao.results.workbench.desk import Desk
from dabiao.results.workbench.levers import planned

SCENARIOS = ("panzhihua-2024", "panzhihua-plan14", "deyang-2022")
PARTS = ("path", "hand", "plan", "run")


def measured(scenario: str, rounds: int) -> dict[str, tuple[float, float]]:
    """Median milliseconds of the clock and of the processor by part."""
    file = f"example:{scenario}"
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Desk(Path(folder)))
        asked = {"file": file, "changes": {}, "lang": "zh", "tab": "a"}
        bench = service.desk.bench(file, {})
        lever = next(each for each in bench.levers if each.kind in ("growth", "money"))
        service.glance(asked | {"moved": {}})
        found: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
        for at in range(1, rounds + 1):
            moved = {lever.path: lever.value * (1 + 0.002 * at)}

            def path(moved: dict[str, float] = moved) -> object:
                study = bench.study
                plan = planned(study.scenario, moved)
                return study.economy.simulate(study.pipeline.run(plan).realisation).gdp

            works: dict[str, Callable[[], object]] = {
                "path": path,
                "hand": lambda moved=moved: service.glance(asked | {"moved": moved}),
                "plan": lambda moved=moved: service.plan(asked | {"changes": moved}),
                "run": lambda moved=moved: tables(run(service.desk.scenario(file, moved))),
            }
            for part, work in works.items():
                clock, processor = time.perf_counter(), time.process_time()
                with bench.loaded.speaking():
                    work()
                found[part].append((time.perf_counter() - clock, time.process_time() - processor))
                tidied()
    return {
        part: (
            1000 * statistics.median(clock for clock, _ in each),
            1000 * statistics.median(processor for _, processor in each),
        )
        for part, each in found.items()
    }


def main() -> None:
    """Print the table."""
    unhurried()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {rounds} rounds"
    )
    print("milliseconds of the clock (of the processor); how many times faster than the whole run")
    for scenario in sys.argv[2:] or SCENARIOS:
        found = measured(scenario, rounds)
        whole = found["run"][1]
        told = [
            f"{part} {clock:.0f} ({processor:.0f})" + (f", {whole / processor:.1f}x" if part != "run" else "")
            for part, (clock, processor) in found.items()
        ]
        print(f"{scenario:18} {'; '.join(told)}")


if __name__ == "__main__":
    main()
