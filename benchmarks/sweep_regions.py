"""A sweep over regions: tasks a second, against the plain loop, memory by number of tasks, and what a cluster
would take.

    python benchmarks/sweep_regions.py [regions] [dummy tasks, times 1,000]

Regions are the shipped city of Deyang over and over, each a file of its own, under nine outlooks with 512
draws; the plain loop calls the same function task by task without a ledger. The paper estimate for machines
that are not there says its parts.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from dabiao.engine.sweep.ledger import Ledger
from dabiao.engine.sweep.tasks import planned
from dabiao.engine.sweep.ways import Cluster, Loop, Pool, Way, done
from dabiao.results.sweep import carry_out, facts_of, lay, parquet_there
from dabiao.scenarios.sweep_file import Sweep, read_sweep

BASE = "example:deyang-2022"
OUTLOOKS = 9
DRAWS = 512
SLEEP = 0.05
"""Seconds of a task that only waits: what the machinery adds shows there whatever else the machine does."""


def asked(home: Path, regions: int, draws: int) -> Sweep:
    """The file of the sweep, with a file a region."""
    for at in range(regions):
        growth = 1 + at / regions
        text = f"extends: {BASE}\nassumption: for the benchmark\ninvestment: {{growth: {growth:.3f}}}\n"
        (home / f"region-{at:03d}.yaml").write_text(text, encoding="utf-8")
    outlooks = ", ".join(f"o{at}: {3 + at / 4}" for at in range(OUTLOOKS))
    file = home / "sweep.yaml"
    file.write_text(
        f'scenarios: ["region-*.yaml"]\noutlooks: {{{outlooks}}}\ndraws: {draws}\n', encoding="utf-8"
    )
    return read_sweep(file)


def swept(sweep: Sweep, folder: Path, way: Way) -> tuple[float, float, int]:
    """Seconds of the whole sweep, of its tasks alone, and how many these are; workers are warm."""
    with way, Ledger(folder) as ledger:
        facts = facts_of(sweep, way)
        begun = time.perf_counter()
        total = lay(sweep, ledger, facts, "auto")
        ended = carry_out(ledger, way, total, lang="en", title=sweep.title, parquet=parquet_there())
        assert ended.progress.failed == 0
        return time.perf_counter() - begun, ended.progress.seconds, total


def dummy(home: Path, name: str, count: int, jobs: int, seconds: float) -> tuple[float, int]:
    """Seconds and MB of a process that sweeps tasks which do nothing but wait."""
    support = Path(__file__).resolve().parents[1] / "tests" / "support"
    words = [str(home / name), str(count), str(jobs), "1000", f'{{"seconds": {seconds}}}']
    begun = time.perf_counter()
    told = subprocess.run(
        [sys.executable, str(support / "sweeps.py"), *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(support), *sys.path])},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - begun, int(told.stdout)


def main() -> None:
    regions = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    thousands = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        real = real_tasks(home, regions)
        waiting(home)
        memory(home, thousands)
        estimate(home, real)


def real_tasks(home: Path, regions: int) -> float:
    """Real regions by the plain loop and by the sweep, in turns; seconds of the processor a task."""
    sweep = asked(home, regions, DRAWS)
    facts = facts_of(sweep, Loop())
    tasks = [each.task for each in planned(sweep, facts, "auto", "", "")]
    done(tasks[0])
    begun, busy = time.perf_counter(), time.process_time()
    for task in tasks:
        assert done(task).failed is None
    plain, busy = time.perf_counter() - begun, time.process_time() - busy
    print(f"{regions} regions x {OUTLOOKS} outlooks x {DRAWS} draws = {len(tasks)} tasks")
    print(
        f"  plain loop     {plain:7.1f} s  {len(tasks) / plain:6.2f} tasks/s,"
        f" {1000 * busy / len(tasks):.0f} ms of the processor each"
    )
    ways: list[tuple[str, Way, int]] = [
        ("loop, ledger", Loop(), 1),
        ("1 worker", Pool(1), 1),
        ("2 workers", Pool(2), 2),
    ]
    try:
        ways.append(("dask, 2 local", Cluster("local", 2), 2))
    except Exception as error:
        print(f"  dask: {error}")
    for at, (said, way, workers) in enumerate(ways):
        whole, own, total = swept(sweep, home / f"real-{at}", way)
        print(
            f"  {said:14} {whole:7.1f} s  {total / own:6.2f} tasks/s,"
            f" {plain / own / workers:.2f} of the plain loop a worker"
        )
    return busy / len(tasks)


def waiting(home: Path) -> None:
    """Tasks that wait: the machinery alone, whatever else the machine does."""
    count = 200
    for jobs in (0, 1, 2):
        empty = dummy(home, f"none-{jobs}", 2, jobs, 0.0)[0]  # start-up
        seconds = dummy(home, f"wait-{jobs}", count, jobs, SLEEP)[0] - empty
        ideal = count * SLEEP / max(jobs, 1)
        said = f"{jobs} workers" if jobs else "loop, ledger"
        print(
            f"  {count} tasks of {1000 * SLEEP:.0f} ms, {said:12} {seconds:6.2f} s,"
            f" {ideal / seconds:.2f} of the plain loop"
        )


def memory(home: Path, thousands: int) -> None:
    """Memory by number of tasks."""
    for count in (1000, 1000 * max(1, thousands // 10), 1000 * thousands):
        seconds, most = dummy(home, f"dummy-{count}", count, 0, 0.0)
        print(f"  {count:>7,} dummy tasks: {seconds:6.1f} s, {most} MB at most")


def estimate(home: Path, real: float) -> None:
    """10,000 region-years of 10,000 draws on 100 machines, from parts measured here: a task, its draws beyond
    512, what the ledger adds."""
    sweep = asked(home, 1, 10_000)
    facts = facts_of(sweep, Loop())
    tasks = [each.task for each in planned(sweep, facts, "auto", "", "")]
    busy = time.process_time()
    for task in tasks[:3]:
        assert done(task).failed is None
    each = (time.process_time() - busy) / 3
    begun, _ = dummy(home, "add", 10_000, 0, 0.0)
    added = begun / 10_000
    count, machines, own = 10_000, 100, 2
    print(f"a task of 10,000 draws: {each:.2f} s of the processor (of 512: {real:.2f} s)")
    print(
        f"the ledger, data set and summary: {1000 * added:.2f} ms a task, in the one process that hands out"
    )
    compute = count * each / machines / own
    print(
        f"paper: {count:,} region-years x 10,000 draws on {machines} machines of {own} cores:"
        f" {compute:.0f} s of work, {count * added:.0f} s of handing out beside it, not counting the network"
        " or the start of workers"
    )


if __name__ == "__main__":
    main()
