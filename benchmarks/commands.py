"""Whole commands as a user waits for them, clock and processor; beside another checkout where one is named.

    python benchmarks/commands.py [rounds] [folder of another checkout]

A run with all its default files and draws, the report of two runs in five forms and two languages, and the
questions that
follow a run. Both checkouts take turns, so that a busy machine is as busy for one as for the other; the least
of all rounds
is told, with the ratio of the processor's seconds.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE, STRETCH = "scenarios/panzhihua-2024/baseline.yaml", "scenarios/panzhihua-2024/stretch.yaml"
COMMANDS: dict[str, list[str]] = {
    "simulate --help": ["--help"],
    "simulate validate": ["validate", BASE],
    "simulate BASELINE (all default files)": [BASE, "--out", "{new}", "--quiet"],
    "simulate BASELINE --draws 0": [BASE, "--out", "{new}", "--draws", "0", "--quiet"],
    "simulate report BASELINE STRETCH (5 forms, 2 languages)": [
        "report",
        "{base}",
        "{stretch}",
        "--out",
        "{new}",
        "--quiet",
    ],
    "simulate compare BASELINE STRETCH": ["compare", BASE, STRETCH, "--out", "{new}"],
    "simulate optimize required": ["optimize", "required", BASE, "--out", "{new}"],
    "simulate explain": ["explain", BASE],
    "simulate sensitivity": ["sensitivity", BASE, "--out", "{new}"],
}


def took(checkout: Path, words: list[str]) -> tuple[float, float]:
    """Seconds of the clock and of the processor for one whole process."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dabiao").symlink_to(checkout)
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "dabiao.cli.main", *words],
            check=True,
            cwd=checkout,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": folder},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (
            time.perf_counter() - begun,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        )


def stored(checkout: Path, home: Path) -> dict[str, str]:
    """Run both scenarios once, for those that read a run; their folders by name."""
    found = {}
    for name, file in (("base", BASE), ("stretch", STRETCH)):
        took(checkout, [file, "--out", str(home / name), "--quiet"])
        found[name] = str(next((home / name).glob("*/*/manifest.json")).parent)
    return found


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    checkouts = [Path(__file__).resolve().parents[1], *(Path(each).resolve() for each in sys.argv[2:3])]
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; seconds of the clock / of the processor,"
        f" least of {rounds}"
    )
    with tempfile.TemporaryDirectory() as home:
        runs = [stored(each, Path(home) / str(at)) for at, each in enumerate(checkouts)]
        for name, words in COMMANDS.items():
            best = [(float("inf"), float("inf"))] * len(checkouts)
            for turn in range(rounds):
                for at, checkout in enumerate(checkouts):
                    new = str(Path(home) / f"new-{at}-{turn}-{abs(hash(name))}")
                    now = took(checkout, [word.format(new=new, **runs[at]) for word in words])
                    best[at] = (min(best[at][0], now[0]), min(best[at][1], now[1]))
            told = "   ".join(f"{clock:7.2f} /{processor:6.2f}" for clock, processor in best)
            ratio = f"   {best[1][1] / best[0][1]:5.1f} times" if len(best) > 1 else ""
            print(f"{name:58}{told}{ratio}", flush=True)


if __name__ == "__main__":
    main()
