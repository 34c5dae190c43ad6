"""Tasks that do next to nothing, and a process that carries out a sweep of them."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from dabiao.engine.sweep.ledger import Ledger
from dabiao.engine.sweep.run import Progress
from dabiao.engine.sweep.tasks import Planned, Task, hashed
from dabiao.engine.sweep.ways import Loop, Pool, Way
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Bilingual
from dabiao.results import sweep as results

WORK = f"{__name__}:work"


def work(spec: str) -> bytes:
    """What a task is told: take so long, write its name down, fail, end the process."""
    asked = json.loads(spec)
    time.sleep(asked.get("seconds", 0.0))
    if log := asked.get("log"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{asked['n']}\n")
    if asked.get("fails"):
        raise DabiaoError(Bilingual(zh=f"第{asked['n']}项不行", en=f"task {asked['n']} will not"))
    if asked.get("bug"):
        raise ZeroDivisionError("a bug")
    if (flag := asked.get("dies")) and (asked.get("always") or not Path(flag).exists()):
        Path(flag).touch()
        os._exit(9)
    n = asked["n"]
    tier = {"tier": "ensure", "threshold": 5.0, "chance": (n % 7) / 7, "error": 0.01, "rung": "out"}
    head = {"target": "t", "title_zh": "甲", "title_en": "a", "main": True, "year": 2024, "unit": "%"}
    return json.dumps([{**head, **tier, "digits": 1, "median": n / 3, "low": n / 4, "high": n / 2}]).encode()


def dummies(count: int, **more: object) -> Iterator[Planned]:
    """Tasks by number; ``odd`` says what one of them is told besides, by its number."""
    odd = more.pop("odd", {})
    assert isinstance(odd, dict)
    for n in range(count):
        said = {"n": n, **more, **odd.get(n, {})}
        plain = {key: value for key, value in said.items() if key not in ("log", "seconds")}
        task = Task(hashed(json.dumps(plain)), WORK, json.dumps(said))
        yield Planned(task, n // 2, f"s{n // 2}", "as-is", "", n % 2, 16)


def way_of(jobs: int) -> Way:
    return Pool(jobs) if jobs else Loop()


def carry_out(folder: Path, count: int, way: Way, talks: bool = False, **more: object) -> results.Swept:
    """A sweep of such tasks."""
    with results.writing(folder), way, Ledger(folder) as ledger:
        total = ledger.lay(lambda: dummies(count, **more))
        said: list[bool] = []

        def told(progress: Progress) -> None:
            """Say once that something was done."""
            if talks and progress.own and not said:
                said.append(True)
                print("begun", flush=True)

        title = Bilingual.same("dummies")
        return results.carry_out(ledger, way, total, lang="en", title=title, parquet=False, told=told)


def written(folder: Path) -> dict[str, bytes]:
    """Everything that a sweep leaves behind besides its ledger, by name."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.parent.name != "alive" and not file.name.startswith(("ledger", "."))
    }


def main() -> None:
    """Carry out a sweep: FOLDER COUNT JOBS PART and what the tasks are told."""
    folder, count, jobs, part, more = sys.argv[1:6]
    results.PART = results.LARGEST = int(part)  # a workbook of few rows: it is made in memory
    carry_out(Path(folder), int(count), way_of(int(jobs)), talks=True, **json.loads(more))
    if Path("/proc/self/status").exists():
        print(largest())


def largest() -> int:
    """MB of memory that this process had at most; nothing of who began it."""
    said = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert said is not None
    return int(said[1]) // 1024


if __name__ == "__main__":
    from sweeps import main as same  # tasks name this module, not the main one

    same()
