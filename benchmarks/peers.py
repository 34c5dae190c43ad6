"""The same small economy in dabiao, EMA Workbench, ModelFlow and PySD, in one run, as draws per second.

Five sectors, one year, invented numbers: output is what capacity and orders allow, x = min(q, M x + f), with
M the
local purchases per yuan of output. Ten numbers are uncertain: each sector's capacity q and outside demand f.
Every
tool gets the same draws, in the form its own manual shows for such a system, and must give the same output to
1e-6:

- dabiao: the market of the product, all draws at once (exact in two or three solves);
- EMA Workbench: a Python model of one experiment, `perform_experiments`, sequential, outcomes kept;
- ModelFlow: simultaneous equations solved by its own Gauss-Seidel, draw by draw in one process;
- PySD: five stocks that close the gap to min(q, M x + f), 40 steps, one `run` a draw.

Usage: ``pip install -r benchmarks/requirements-peers.txt`` and then ``python benchmarks/peers.py [DRAWS]``
A tool that is not installed, or that fails, is named and left out.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from dabiao.models.short_side import clear

SECTORS = 5
STEPS = 40
LINKS = np.array(
    [
        [0.10, 0.05, 0.02, 0.04, 0.01],
        [0.08, 0.15, 0.10, 0.03, 0.04],
        [0.02, 0.06, 0.05, 0.02, 0.02],
        [0.05, 0.07, 0.06, 0.12, 0.05],
        [0.03, 0.02, 0.08, 0.06, 0.10],
    ]
)
Answer = np.ndarray


def draws(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Capacity and outside demand ``(5, D)``: in some sectors one binds, in some the other."""
    rng = np.random.default_rng(7)
    size = np.array([60.0, 140.0, 50.0, 80.0, 70.0])[:, None]
    return size * rng.uniform(0.9, 1.2, (SECTORS, count)), size * rng.uniform(0.6, 0.9, (SECTORS, count))


def own(q: np.ndarray, f: np.ndarray) -> Answer:
    """The product's market in blocks that fit the cache."""
    led = np.zeros(SECTORS, dtype=bool)
    return np.concatenate(
        [
            clear(q[:, low : low + 4096], LINKS[:, :, None], f[:, low : low + 4096], led)
            for low in range(0, q.shape[1], 4096)
        ],
        axis=1,
    )


def ema(q: np.ndarray, f: np.ndarray) -> Answer:
    """EMA Workbench: a function of keywords for one experiment."""
    from ema_workbench import Model, RealParameter, ScalarOutcome, Scenario, SequentialEvaluator
    from ema_workbench.util import ema_logging

    ema_logging.log_to_stderr(logging.ERROR)

    def market(**u: float) -> dict[str, float]:
        limit = np.array([u[f"q{i}"] for i in range(SECTORS)])
        asked = np.array([u[f"f{i}"] for i in range(SECTORS)])
        x = limit
        for _ in range(STEPS):
            x = np.minimum(limit, LINKS @ x + asked)
        return {f"x{i}": float(x[i]) for i in range(SECTORS)}

    model = Model("market", function=market)
    model.uncertainties = [RealParameter(f"{name}{i}", 0, 1e3) for name in "qf" for i in range(SECTORS)]
    model.outcomes = [ScalarOutcome(f"x{i}") for i in range(SECTORS)]
    cases = [
        Scenario(
            str(d), **{f"q{i}": q[i, d] for i in range(SECTORS)}, **{f"f{i}": f[i, d] for i in range(SECTORS)}
        )
        for d in range(q.shape[1])
    ]
    with SequentialEvaluator(model) as evaluator:
        found, outcomes = evaluator.perform_experiments(scenarios=cases)
    assert len(found) == q.shape[1]
    return np.array([outcomes[f"x{i}"] for i in range(SECTORS)])


def modelflow(q: np.ndarray, f: np.ndarray) -> Answer:
    """ModelFlow: a data frame for each draw, solved period by period."""
    import pandas as pd
    from modelclass import model

    asked = [" + ".join(f"{LINKS[i, j]} * x{j}" for j in range(SECTORS)) + f" + f{i}" for i in range(SECTORS)]
    market = model.from_eq("\n".join(f"frml <> x{i} = min(q{i}, {asked[i]}) $" for i in range(SECTORS)))
    found = np.empty(q.shape)
    names = [f"{name}{i}".upper() for name in "qfx" for i in range(SECTORS)]
    for d in range(q.shape[1]):
        row = np.concatenate([q[:, d], f[:, d], q[:, d]])
        data = pd.DataFrame([row, row], index=[2023, 2024], columns=names)
        solved = market(
            data,
            2024,
            2024,
            silent=True,
            conv=" ".join(f"X{i}" for i in range(SECTORS)),
            relconv=1e-12,
            absconv=1e-9,
        )
        found[:, d] = solved.loc[2024, [f"X{i}" for i in range(SECTORS)]]
    return found


def pysd(q: np.ndarray, f: np.ndarray) -> Answer:
    """PySD: a Vensim file, read once, run once a draw."""
    import pysd as tool

    def asked(i: int) -> str:
        return "+".join(f"{LINKS[i, j]}*x{j}" for j in range(SECTORS)) + f"+f{i}"

    lines = ["{UTF-8}"]
    for i in range(SECTORS):
        lines += [
            f"q{i} = 100 ~~|",
            f"f{i} = 50 ~~|",
            f"x{i} = INTEG(MIN(q{i}, {asked(i)}) - x{i}, q{i}) ~~|",
        ]
    lines += [
        "INITIAL TIME = 0 ~~|",
        f"FINAL TIME = {STEPS} ~~|",
        "TIME STEP = 1 ~~|",
        f"SAVEPER = {STEPS} ~~|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "market.mdl")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        model = tool.read_vensim(str(path))
        found = np.empty(q.shape)
        for d in range(q.shape[1]):
            given = {
                f"{name}{i}": float(each[i, d]) for name, each in (("q", q), ("f", f)) for i in range(SECTORS)
            }
            out = model.run(
                params=given, return_timestamps=[STEPS], return_columns=[f"x{i}" for i in range(SECTORS)]
            )
            found[:, d] = out.iloc[-1].to_numpy()
    return found


def timed(tool: Callable[[np.ndarray, np.ndarray], Answer], count: int) -> tuple[float, float]:
    """Draws a second, fixed costs left out (from two sizes of run), and the worst difference to the exact
    answer."""
    taken, worst = [], 0.0
    for size in (2, max(count // 10, 2), count):  # the first only imports
        q, f = draws(size)
        begin = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            found = tool(q, f)
        taken.append((size, time.perf_counter() - begin))
        worst = max(worst, float(np.abs(found - own(q, f)).max()))
    _, (few, short), (many, long) = taken
    return (many - few) / max(long - short, 1e-9), worst


def main() -> None:
    """Run what is installed and print the table."""
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy"
        f" {np.__version__}; one thread"
    )
    print(f"{'':32}{'draws/s':>12}{'dabiao is':>12}{'worst difference':>18}")
    rows = [
        ("dabiao", "dabiao", own, 400 * count),
        ("EMA Workbench", "ema-workbench", ema, count),
        ("ModelFlow", "ModelFlowIb", modelflow, max(count // 4, 20)),
        ("PySD", "pysd", pysd, max(count // 4, 20)),
    ]
    first = 0.0
    for name, package, tool, size in rows:
        try:
            stated = "" if package == "dabiao" else version(package)
            rate, worst = timed(tool, size)
        except (PackageNotFoundError, ImportError) as error:
            print(f"{name:32}not installed: {error}")
            continue
        except Exception as error:  # a peer that fails must not hide the others
            print(f"{name:32}failed: {type(error).__name__}: {error}")
            continue
        first = first or rate
        print(f"{name + ' ' + stated:32}{rate:12,.0f}{first / rate:10,.0f} x{worst:18.1e}", flush=True)


if __name__ == "__main__":
    main()
