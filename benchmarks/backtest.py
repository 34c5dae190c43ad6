"""A whole backtest of 208 regions and 13 years with 2,000 draws each, in seconds and per region-year.

    python benchmarks/backtest.py [--jobs 2]

The panel is made up (no data is needed); the ratio to one plain run of numpy's linear solver on as many 3 x 3
systems tells a slow machine from a slow program.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from dabiao.engine.forecast.backtest.panel import Panel
from dabiao.engine.forecast.backtest.roll import backtest

REGIONS, YEARS, SCORED, DRAWS = 208, 24, 13, 2000


def panel() -> Panel:
    """Growth around a target with national and own shocks."""
    rng = np.random.default_rng(1)
    target = np.full((REGIONS, YEARS), 8.0) + rng.normal(0, 1, (REGIONS, 1))
    growth = target + rng.normal(-0.5, 1, (1, YEARS)) + rng.normal(0, 1.7, (REGIONS, YEARS))
    nothing = np.full((REGIONS, YEARS), np.nan)
    shares = np.stack([np.full((REGIONS, YEARS), share) for share in (0.1, 0.45, 0.45)])
    return Panel(
        tuple(map(str, range(REGIONS))),
        tuple("abcdefgh"),
        np.arange(REGIONS) % 8,
        tuple(range(2000, 2000 + YEARS)),
        growth.round(1),
        target.round(1),
        shares,
        np.stack([nothing] * 3),
        nothing,
        nothing,
        np.stack([nothing] * 2),
    )


def main() -> None:
    """Run and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2)
    jobs = parser.parse_args().jobs
    made = panel()
    began = time.perf_counter()
    found = backtest(made, range(2000 + YEARS - SCORED, 2000 + YEARS), draws=DRAWS, jobs=jobs)
    whole = time.perf_counter() - began
    cases = sum(len(year.region) for year in found)
    began = time.perf_counter()
    np.linalg.solve(
        np.eye(3) + 0.1 * np.random.default_rng(1).random((cases * DRAWS // 10, 3, 3)),
        np.ones((cases * DRAWS // 10, 3, 1)),
    )
    plain = 10 * (time.perf_counter() - began)
    print(
        f"{cases} region-years x {DRAWS} draws: {whole:.1f} s on {jobs} processes, {1000 * whole / cases:.1f}"
        f" ms each, {whole / plain:.1f} times the bare linear solves"
    )


if __name__ == "__main__":
    main()
