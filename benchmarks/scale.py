"""How the cost of every step grows with the number of sectors in one market and of projects in one region.

Regions of 5 to 60 sectors, and a city's list of 100 to 3,000 projects, through: loading, ``validate``'s
check, the central run, 1,024 futures, the optimiser, and the whole ``simulate run`` as a command of its own.
Every step has a process of its own, with its imports done and a small scenario through it before the clock
starts; seconds are the processor's. The exponent is the slope of the logarithms, over all sizes and over the
upper half of them; a cost with a part that does not grow shows a smaller one.

Usage: ``python benchmarks/scale.py [--sectors 5,10,20,40,60] [--projects 100,300,1000,3000] [--steps
load,draws]``
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

STEPS = ("load", "check", "central", "draws", "optimiser", "market", "answer", "run")
DRAWS = 1024


def region(folder: Path, sectors: int) -> Path:
    """A region of so many sectors: agriculture, services and industries over the national classes in turn."""
    import yaml

    classes = [
        *("light_manufacturing", "chemicals", "building_materials", "metals", "equipment", "utilities"),
        *("mining", "metal_mining"),
    ]
    made: dict[str, Any] = {
        "agriculture": {"model": "agriculture", "title": "Agriculture", "national": "agriculture", "va": 110},
        "services": {"model": "services", "title": "Services", "national": "tertiary", "va": 420},
    }
    for at in range(sectors - 2):
        made[f"industry_{at}"] = {
            "model": "industry",
            "title": f"Industry {at}",
            "national": classes[at % len(classes)],
            "va": round(470 / (sectors - 2) * (1 + 0.3 * math.sin(at)), 4),
        }
    whole = sum(each["va"] for each in made.values())
    shares = {key: 100 * each["va"] / whole for key, each in made.items()}
    more = {"industry_0": 1.0, "services": -1.0}
    document = {
        "dabiao": 1,
        "country": "China",
        "extends": "example:china-2023/priors.yaml",
        "title": f"A region of {sectors} sectors",
        "years": {"base": 2023, "target": 2024, "last": 2026},
        "accounts": {
            "assumption": "invented",
            "gdp": whole,
            "fai": 600.0,
            "household_consumption": 360.0,
            "government_consumption": 140.0,
            "transfers": 90.0,
        },
        "investment": {"assumption": "invented", "growth": 6, "before": 6},
        "sectors": made,
        "mixes": {
            "plan": {"title": "Plan", "shares": {"assumption": "invented", **shares}},
            "other": {
                "title": "Other",
                "starts_from": "plan",
                "add": {"assumption": "invented", **more},
            },
        },
        "targets": {"gdp_growth": {"ensure": {"value": 6, "assumption": "invented"}, "main": True}},
        "limits": {
            "money": {
                "title": "Investment of the year",
                "on": "investment",
                "assumption": "invented",
                "max": 640,
                "relax_to": 660,
                "price": 1,
            },
            "mix": {"title": "Shift of the mix", "on": "mix", "assumption": "invented", "max": 8},
        },
    }
    for each in made.values():
        each["va"] = {"value": each["va"], "assumption": "invented"}
    file = folder / f"{sectors}-sectors.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def listed(folder: Path, count: int) -> Path:
    """The shipped plan of a city with a list of so many projects."""
    from projects import scenario

    return scenario(folder, count, "csv")


def market(sectors: int) -> Callable[[], object]:
    """One year's market in 1,024 futures, each with links of its own; a fifth of the branches at their
    limit."""
    import numpy as np
    from dabiao.models.short_side import clear

    rng = np.random.default_rng(3)
    links = rng.uniform(0, 0.6 / sectors, (sectors, sectors, DRAWS))
    limit, demand = rng.uniform(60, 220, (sectors, DRAWS)), rng.uniform(40, 90, (sectors, DRAWS))
    led = np.zeros(sectors, dtype=bool)
    return lambda: clear(limit, links, demand, led)


def work(step: str, file: Path) -> Callable[[], object]:
    """What is timed, with all that comes before it done."""
    from dabiao.engine.run import check, run
    from dabiao.engine.study import study
    from dabiao.scenarios.load import load

    if step == "load":
        return lambda: load(file)
    if step == "market":
        return market(int(file.name.split("-")[0]))
    loaded = load(file)
    if step == "check":
        return lambda: check(loaded)
    if step == "central":
        return lambda: study(loaded, draws=0)
    if step == "draws":
        from dabiao.engine.study import in_futures
        from dabiao.engine.uncertainty.futures import Futures

        begun = study(loaded, draws=0)

        def drawn() -> object:
            futures = Futures(begun.loaded.scenario, begun.loaded.quantities())
            return in_futures(futures, begun.sheet, begun.plan, begun.year, DRAWS)

        return drawn
    if step == "optimiser":
        begun = study(loaded, draws=0)
        return lambda: begun.assessor.assess(
            [run for key, run in begun.mixes.items() if key != begun.scenario.plan]
        )
    return lambda: run(loaded, draws=DRAWS)


def alone(step: str, warm: Path, file: Path) -> float:
    """Seconds of the processor of a step, in this process."""
    if step != "market":
        work(step, warm)()
    act = work(step, file)
    gc.collect()
    gc.disable()  # as the commands do
    begun = time.process_time()
    act()
    return time.process_time() - begun


def apart(step: str, warm: Path, file: Path) -> float:
    """Seconds of the processor of a step in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    here = [sys.executable, __file__, "--alone", step, str(warm), str(file)]
    command = [sys.executable, "-m", "dabiao.cli.main", "run", str(file), "-q", "--draws", str(DRAWS)]
    words = command if step == "run" else here
    told = subprocess.run(words, cwd=file.parent, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent if step == "run" else float(told.splitlines()[-1])


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Least-squares exponent of a power law."""
    xs, ys = [math.log(each) for each in sizes], [math.log(max(each, 1e-4)) for each in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((a - x) ** 2 for a in xs)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / spread if spread else math.nan


def table(name: str, sizes: Sequence[int], files: Sequence[Path], steps: Sequence[str]) -> None:
    """Seconds of every step by size, and how they grow."""
    print(f"{name:12}" + "".join(f"{size:>9,}" for size in sizes) + "   last/first   exponent (upper half)")
    for step in steps:
        took = [apart(step, files[0], file) for file in files]
        half = len(sizes) // 2
        print(
            f"{step:12}"
            + "".join(f"{each:9.3f}" for each in took)
            + f"{took[-1] / max(took[0], 1e-4):13.1f}{slope(sizes, took):11.2f}"
            + f" ({slope(sizes[half:], took[half:]):.2f})",
            flush=True,
        )


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sectors", default="5,10,20,40,60")
    asked.add_argument("--projects", default="100,300,1000,3000")
    asked.add_argument("--steps", default=",".join(STEPS))
    asked.add_argument("--alone", nargs=3)
    given = asked.parse_args()
    if given.alone:
        print(alone(given.alone[0], Path(given.alone[1]), Path(given.alone[2])))
        return
    steps = given.steps.split(",")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {DRAWS} futures"
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sectors, projects = (
            [int(each) for each in text.split(",") if each] for text in (given.sectors, given.projects)
        )
        if sectors:
            table("sectors", sectors, [region(folder, each) for each in sectors], steps)
        if projects:
            left = [step for step in steps if step != "market"]
            table("projects", projects, [listed(folder, each) for each in projects], left)


if __name__ == "__main__":
    main()
