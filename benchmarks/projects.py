"""Long lists of projects: loading, and a whole run with its draws, by the length of the list.

A list of N small projects under the shipped plan of a city: loaded as CSV and as XLSX, seconds of the
processor a project at 3,000 beside 300; then the run with all its draws, seconds and memory at 300,
1,500 and 3,000.

Usage: ``python benchmarks/projects.py [--run]``
"""

from __future__ import annotations

import csv
import gc
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = "deyang-2022"
HEAD = ("项目名称", "所属行业", "项目进度", "总投资（亿元）", "建设工期（月）", "开工时间", "年产值（亿元）")
STAGES = {"前期": "2022", "已核准": "2022", "在建": "2021", "已纳统": "2021"}


def rows(count: int) -> list[list[object]]:
    """Projects of 85 亿元 together, whatever their number."""
    from dabiao.scenarios.load import load_example

    sectors, rng = list(load_example(EXAMPLE).scenario.sectors), random.Random(1)
    made: list[list[object]] = []
    for at in range(count):
        stage, invest = rng.choice(list(STAGES)), round(rng.uniform(0.2, 1.5) * 100 / count, 4)
        start = f"{STAGES[stage]}年{rng.randint(1, 11)}月"
        months, output = rng.choice([12, 18, 24, 30]), round(invest * rng.uniform(0.3, 1.5), 4)
        made.append([f"第{at}号项目", rng.choice(sectors), stage, invest, months, start, output])
    return made


def scenario(folder: Path, count: int, kind: str) -> Path:
    """A scenario with such a list."""
    from openpyxl import Workbook

    name = f"list-{count}.{kind}"
    if kind == "csv":
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD, *rows(count)])
    else:
        book = Workbook()
        for row in [HEAD, *rows(count)]:
            book.active.append(row)
        book.save(folder / name)
    file = folder / f"{count}-{kind}.yaml"
    file.write_text(f"dabiao: 1\nextends: example:{EXAMPLE}\nprojects: {name}\n", encoding="utf-8")
    return file


def loading(file: Path) -> float:
    """Seconds of the processor, the best of three."""
    from dabiao.scenarios.load import load

    found = []
    for _ in range(3):
        gc.collect()
        gc.disable()  # as the commands do
        begun = time.process_time()
        load(file)
        found.append(time.process_time() - begun)
        gc.enable()
    return min(found)


def running(file: Path) -> tuple[float, float]:
    """Seconds of the processor and GB at most of a whole run."""
    words = [sys.executable, "-m", "dabiao.cli.main", "run", file.name, "-q"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=file.parent, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 2**20


def main() -> None:
    """Print the tables."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("csv", "xlsx"):
            few, many = (loading(scenario(folder, count, kind)) for count in (300, 3000))
            print(
                f"load {kind:5} 300: {few:.2f} s  3,000: {many:.2f} s  a project: {many / few / 10:.2f} times"
            )
        for count in (300, 1500, 3000) if "--run" in sys.argv else ():
            seconds, size = running(scenario(folder, count, "csv"))
            print(f"run {count:6,}: {seconds:.1f} s, at most {size:.2f} GB")


if __name__ == "__main__":
    main()
