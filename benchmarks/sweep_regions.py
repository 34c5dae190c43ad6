"""A sweep over regions: tasks a second, against the plain loop, memory by number of tasks, and what a cluster
would take.

    python benchmarks/sweep_regions.py [regions] [dummy tasks, times 1,000]
    python benchmarks/sweep_regions.py whole FOLDER [regions, 333] [workers, 2]

The second runs all of it, with tasks a second and memory twice a minute; stopped or killed, the same command
goes on.
On a machine that others use too the seconds of the processor say more than the clock.
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
from dabiao.engine.sweep.run import Progress, run
from dabiao.engine.sweep.tasks import Facts, Task, planned
from dabiao.engine.sweep.ways import Loop, Pool, Way, done, each
from dabiao.results.sweep import carry_out, facts_of, lay, parquet_there, writing
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


def busy(way: Way | None = None) -> float:
    """Seconds of the processor of this process and of the workers of a pool, so far."""
    spent = time.process_time()
    for worker in getattr(way, "_pool", ()):
        said = Path(f"/proc/{worker.process.pid}/stat").read_text().rpartition(")")[2].split()
        spent += (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return spent


ROUNDS = 5
EVERY = 30.0
"""Seconds between two lines of a long run."""


def swept(sweep: Sweep, folder: Path, way: Way) -> tuple[float, float, int]:
    """Seconds of the clock and of the processor of the tasks of a sweep, and how many these are; workers are
    warm."""
    with way, Ledger(folder) as ledger:
        facts = facts_of(sweep, way)
        list(each(way, warm(sweep, facts) * way.workers))
        begun, spent = time.perf_counter(), busy(way)
        total = lay(sweep, ledger, facts, "auto")
        ended = carry_out(ledger, way, total, lang="en", title=sweep.title, parquet=parquet_there())
        assert ended.progress.failed == 0
        return time.perf_counter() - begun, busy(way) - spent, total


def warm(sweep: Sweep, facts: dict[str, Facts]) -> list[Task]:
    """One task, so that a worker has everything at hand."""
    return [next(planned(sweep, facts, "auto", "", "")).task]


def memory_of(process: object) -> int:
    """MB that a process takes at most."""
    said = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(said.partition("VmHWM:")[2].split()[0]) // 1024


class Told:
    """A line twice a minute: how far it is, tasks a second, memory of every process."""

    def __init__(self, way: Pool) -> None:
        self.way, self.said = way, 0.0

    def __call__(self, now: Progress, last: bool = False) -> None:
        if not last and now.seconds - self.said < EVERY:
            return
        self.said = now.seconds
        workers = [memory_of(each.process.pid) for each in self.way._pool]
        print(
            f"{now.done:,} of {now.total:,} tasks, {now.failed} failed, {now.own:,} of them now in"
            f" {now.seconds:.0f} s: {now.pace:.2f} tasks/s; {memory_of('self')} MB, workers"
            f" {', '.join(map(str, workers))} MB",
            flush=True,
        )


def whole(folder: Path, regions: int, jobs: int) -> None:
    """Every region under every outlook, in a folder that stays."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep = asked(folder, regions, DRAWS)
    print(f"{regions} regions x {OUTLOOKS} outlooks x {DRAWS} draws, {jobs} workers, in {folder}", flush=True)
    begun = time.perf_counter()
    try:
        with writing(folder), Pool(jobs) as way, Ledger(folder / "sweep") as ledger:
            facts, told = facts_of(sweep, way), Told(way)
            print(f"scenarios read in {time.perf_counter() - begun:.0f} s", flush=True)
            total = lay(sweep, ledger, facts, "auto")
            ended = carry_out(
                ledger, way, total, lang="en", title=sweep.title, parquet=parquet_there(), told=told
            )
            told(ended.progress, last=True)
    except KeyboardInterrupt:
        print("stopped; the same command goes on")
        return
    print(f"all of it, from the start of workers to the summary: {time.perf_counter() - begun:.0f} s")


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
    return time.perf_counter() - begun, int(told.stdout.split()[-1])


def main() -> None:
    if sys.argv[1:2] == ["whole"]:
        more = [int(word) for word in sys.argv[3:]]
        whole(Path(sys.argv[2]), *(more + [333, 2][len(more) :]))
        return
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
    """Real regions by the plain loop and by the sweep; seconds of the processor a task."""
    sweep = asked(home, regions, DRAWS)
    facts = facts_of(sweep, Loop())
    tasks = [own.task for own in planned(sweep, facts, "auto", "", "")]
    done(tasks[0])
    begun, spent = time.perf_counter(), busy()
    for task in tasks:
        assert done(task).failed is None
    plain, spent = time.perf_counter() - begun, busy() - spent
    print(f"{regions} regions x {OUTLOOKS} outlooks x {DRAWS} draws = {len(tasks)} tasks")
    print(
        f"  {'plain loop':14} {plain:6.1f} s of the clock, {len(tasks) / plain:5.2f} tasks/s;"
        f" {spent:6.1f} s of the processor, {1000 * spent / len(tasks):.0f} ms a task",
        flush=True,
    )
    ways: list[tuple[str, Way]] = [("loop, ledger", Loop()), ("1 worker", Pool(1)), ("2 workers", Pool(2))]
    for at, (said, way) in enumerate(ways):
        clock, own, total = swept(sweep, home / f"real-{at}", way)
        print(
            f"  {said:14} {clock:6.1f} s of the clock, {total / clock:5.2f} tasks/s;"
            f" {own:6.1f} s of the processor, {spent / own:.2f} of the plain loop",
            flush=True,
        )
    return spent / len(tasks)


def waiting(home: Path) -> None:
    """Tasks that wait: the machinery alone, whatever else the machine does; workers are warm, start is told
    apart."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # workers find it too
    import sweeps

    count = 200
    for jobs in (0, 1, 2):
        shares, begun = list[float](), time.perf_counter()
        with sweeps.way_of(jobs) as way:
            list(each(way, [own.task for own in sweeps.dummies(2 * way.workers)]))
            start = time.perf_counter() - begun
            for again in range(ROUNDS):
                with Ledger(home / f"wait-{jobs}-{again}") as ledger:
                    total = ledger.lay(lambda: sweeps.dummies(count, seconds=SLEEP))
                    begun = time.perf_counter()
                    run(ledger, way, total)
                    shares.append(count * SLEEP / way.workers / (time.perf_counter() - begun))
        said = f"{jobs} workers" if jobs else "loop, ledger"
        middle = sorted(shares)[ROUNDS // 2]
        print(
            f"  {count} tasks of {1000 * SLEEP:.0f} ms, {said:12} {middle:.2f} of the plain"
            f" loop ({min(shares):.2f} to {max(shares):.2f} of {ROUNDS}); start {start:.1f} s",
            flush=True,
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
    facts_of(sweep, Loop())  # modules are there
    fresh = home / "fresh"
    fresh.mkdir()
    sweep = asked(fresh, 1, 10_000)
    spent = busy()
    facts = facts_of(sweep, Loop())
    read = busy() - spent
    tasks = [own.task for own in planned(sweep, facts, "auto", "", "")]
    spent = busy()
    for task in tasks[:3]:
        assert done(task).failed is None
    large = (busy() - spent) / 3
    begun, _ = dummy(home, "add", 10_000, 0, 0.0)
    added = begun / 10_000
    count, machines, own = 10_000, 100, 2
    print(f"a task of 10,000 draws: {large:.2f} s of the processor (of 512: {real:.2f} s)")
    print(
        f"the ledger, data set and summary: {1000 * added:.2f} ms a task, in the one process that hands out"
    )
    compute = count * (large + read) / machines / own
    print(f"a scenario read before, its files not at hand: {read:.2f} s of the processor")
    print(
        f"paper: {count:,} region-years x 10,000 draws on {machines} machines of {own} cores:"
        f" {compute:.0f} s of work (each region-year a scenario to be read), {count * added:.0f} s of"
        " handing out beside it, not counting the network or the start of workers"
    )


if __name__ == "__main__":
    main()
