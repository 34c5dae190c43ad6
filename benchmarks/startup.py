"""How long a user waits: whole processes of `simulate`, against a Python that does nothing.

python benchmarks/startup.py [rounds] [scenario]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time


def seconds(command: list[str], rounds: int) -> float | None:
    """Median of `rounds` whole processes, or None where the command fails.

    Each works in an empty folder: where a run is already written it is not written again.
    """
    taken = []
    for _ in range(rounds + 1):  # the first only warms the disk
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            done = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, check=False
            )
            taken.append(time.perf_counter() - begun)
        if done.returncode:
            return None
    return statistics.median(taken[1:])


DEFAULT = "panzhihua-2024"
"""The shipped scenario that the README runs."""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    scenario = sys.argv[2] if len(sys.argv) > 2 else None
    python = [sys.executable]
    simulate = [*python, "-m", "dabiao.cli.main"]
    rows = [
        ("python -c pass", [*python, "-c", "pass"], rounds),
        ("simulate --help", [*simulate, "--help"], rounds),
        ("simulate --version", [*simulate, "--version"], rounds),
    ]
    asked = [scenario] if scenario else ["--example", DEFAULT]
    at = ["validate", scenario or f"example:{DEFAULT}"]
    rows.append((f"simulate {' '.join(at)}", [*simulate, *at], max(rounds // 2, 1)))
    rows.append((f"simulate {' '.join(asked)}", [*simulate, *asked, "--quiet"], max(rounds // 2, 1)))
    bare = None
    for name, command, times in rows:
        took = seconds(command, times)
        bare = bare or took or 1.0
        told = f"{took:8.3f} s {took / bare:8.1f} x" if took is not None else "   fails"
        print(f"{name:48}{told}", flush=True)


if __name__ == "__main__":
    main()
