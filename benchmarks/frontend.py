"""How long it takes to state a model of 50,000 variables and hand it to HiGHS: dabiao, linopy, Pyomo, raw
arrays, in one run.

Two models, each stated in the way that the tool's own manual shows, and handed over to HiGHS without solving:

- shipments: 50 plants serve 1,000 markets, 50,000 shipments in 1,050 long rows;
- stocks: 500 goods over 50 months, made and kept, 50,000 variables in 25,000 short rows.

dabiao: names and rows to arrays to HiGHS (`solvers/model.py`); "dabiao and Pyomo" with Pyomo's model of the
same rows
besides, as for GLPK.
linopy: labelled arrays, `to_highspy`. Pyomo: rules, then its own standard form, HiGHS. Raw: numpy arrays into
HiGHS.
Rounds go through all tools in turn, so that a busy machine slows all alike; times are the medians. Every
tool's model
is solved once at the end and must give the same optimum to 1e-7.

Usage: ``pip install -r benchmarks/requirements-frontend.txt`` and then ``python benchmarks/frontend.py
[ROUNDS]``
A tool that is not installed is named and left out.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

PLANTS, MARKETS = 50, 1000
GOODS, MONTHS = 500, 50
RNG = np.random.default_rng(5)
FREIGHT, SUPPLY, NEED = (
    RNG.uniform(1, 10, (PLANTS, MARKETS)),
    np.full(PLANTS, 1.2 * MARKETS / PLANTS),
    np.ones(MARKETS),
)
COST, ASKED, KEEPING, MOST = (
    RNG.uniform(5, 10, (GOODS, MONTHS)),
    RNG.uniform(0, 10, (GOODS, MONTHS)),
    0.2,
    12.0,
)


def highs(
    cost: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    start: Any,
    index: Any,
    value: Any,
    least: np.ndarray,
    most: np.ndarray,
) -> Any:
    """Rows in compressed form into HiGHS."""
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
        len(cost),
        len(least),
        cost,
        low,
        high,
    )
    lp.row_lower_, lp.row_upper_ = least, most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.passModel(lp)
    return engine


LAST: list[Any] = []
"""The model stated last."""


def raw_shipments() -> Any:
    """Arrays made by hand."""
    count = PLANTS * MARKETS
    every = np.arange(count, dtype=np.int32).reshape(PLANTS, MARKETS)
    index = np.concatenate([every.ravel(), every.T.ravel()])
    start = np.concatenate([np.arange(PLANTS) * MARKETS, count + np.arange(MARKETS + 1) * PLANTS]).astype(
        np.int32
    )
    least, most = (
        np.concatenate([np.full(PLANTS, -np.inf), NEED]),
        np.concatenate([SUPPLY, np.full(MARKETS, np.inf)]),
    )
    return highs(
        FREIGHT.ravel(),
        np.zeros(count),
        np.full(count, np.inf),
        start,
        index,
        np.ones(2 * count),
        least,
        most,
    )


def raw_stocks() -> Any:
    """Arrays made by hand: made - kept + kept before = asked."""
    cells = GOODS * MONTHS
    place = np.arange(cells).reshape(GOODS, MONTHS)
    first = np.zeros((GOODS, MONTHS), dtype=bool)
    first[:, 0] = True
    index = np.stack([place, cells + place, cells + place - 1], axis=2)
    value = np.broadcast_to([1.0, -1.0, 1.0], index.shape)
    kept = np.stack([~np.zeros_like(first), ~np.zeros_like(first), ~first], axis=2)
    start = np.concatenate([[0], np.cumsum(kept.sum(axis=2).ravel())]).astype(np.int32)
    cost = np.concatenate([COST.ravel(), np.full(cells, KEEPING)])
    high = np.concatenate([np.full(cells, MOST), np.full(cells, np.inf)])
    return highs(
        cost,
        np.zeros(2 * cells),
        high,
        start,
        index[kept].astype(np.int32),
        value[kept],
        ASKED.ravel(),
        ASKED.ravel(),
    )


def own_shipments() -> Any:
    """dabiao: names and rows."""
    from dabiao.solvers.model import Rows

    rows = Rows()
    names = [f"sent:{p}:{m}" for p in range(PLANTS) for m in range(MARKETS)]
    for name in names:
        rows.variable(name)
    for p in range(PLANTS):
        rows.row(
            f"supply:{p}", dict.fromkeys(names[p * MARKETS : (p + 1) * MARKETS], 1.0), high=float(SUPPLY[p])
        )
    for m in range(MARKETS):
        rows.row(f"need:{m}", dict.fromkeys(names[m::MARKETS], 1.0), low=float(NEED[m]))
    return _handed(rows, dict(zip(names, FREIGHT.ravel().tolist(), strict=True)))


def with_pyomo(tool: Callable[[], Any]) -> Callable[[], Any]:
    """The same, and Pyomo's model of it besides, as for GLPK."""

    def stated() -> Any:
        solver = tool()
        LAST[0].pyomo  # noqa: B018 - made when it is asked for
        return solver

    return stated


def own_stocks() -> Any:
    """dabiao: names and rows."""
    from dabiao.solvers.model import Rows

    rows = Rows()
    made = [[f"made:{g}:{t}" for t in range(MONTHS)] for g in range(GOODS)]
    kept = [[f"kept:{g}:{t}" for t in range(MONTHS)] for g in range(GOODS)]
    for high, names in ((MOST, made), (np.inf, kept)):
        for name in (name for row in names for name in row):
            rows.variable(name, high=high)
    asked = ASKED.tolist()
    for g in range(GOODS):
        for t in range(MONTHS):
            terms = {made[g][t]: 1.0, kept[g][t]: -1.0}
            if t:
                terms[kept[g][t - 1]] = 1.0
            rows.row(f"balance:{g}:{t}", terms, asked[g][t], asked[g][t])
    cost = {
        name: c
        for row, values in zip(made, COST.tolist(), strict=True)
        for name, c in zip(row, values, strict=True)
    }
    return _handed(rows, cost | {name: KEEPING for row in kept for name in row})


def _handed(rows: Any, cost: dict[str, float]) -> Any:
    """A question to the compiled model, as far as HiGHS before it runs."""
    from dabiao.solvers import highs as driver
    from dabiao.solvers.model import Compiled, Question

    model = Compiled(rows)
    LAST[:] = [model]
    engine = driver._engine(model)
    engine.changeColsCost(
        len(model.names),
        np.arange(len(model.names), dtype=np.int32),
        model.cost(Question(cost, maximise=False)),
    )
    return engine


def linopy_shipments() -> Any:
    """linopy: labelled arrays."""
    import linopy
    import pandas as pd
    import xarray as xr

    model, plants, markets = (
        linopy.Model(),
        pd.RangeIndex(PLANTS, name="plant"),
        pd.RangeIndex(MARKETS, name="market"),
    )
    sent = model.add_variables(lower=0, coords=[plants, markets], name="sent")
    model.add_constraints(sent.sum("market") <= xr.DataArray(SUPPLY, coords=[plants]), name="supply")
    model.add_constraints(sent.sum("plant") >= xr.DataArray(NEED, coords=[markets]), name="need")
    model.add_objective((sent * xr.DataArray(FREIGHT, coords=[plants, markets])).sum())
    return linopy.io.to_highspy(model)


def linopy_stocks() -> Any:
    """linopy: labelled arrays, the month before by shift."""
    import linopy
    import pandas as pd
    import xarray as xr

    model, goods, months = (
        linopy.Model(),
        pd.RangeIndex(GOODS, name="good"),
        pd.RangeIndex(MONTHS, name="month"),
    )
    made = model.add_variables(lower=0, upper=MOST, coords=[goods, months], name="made")
    kept = model.add_variables(lower=0, coords=[goods, months], name="kept")
    model.add_constraints(
        made - kept + kept.shift(month=1) == xr.DataArray(ASKED, coords=[goods, months]), name="balance"
    )
    model.add_objective((made * xr.DataArray(COST, coords=[goods, months])).sum() + KEEPING * kept.sum())
    return linopy.io.to_highspy(model)


def pyomo_shipments() -> Any:
    """Pyomo: rules."""
    import pyomo.environ as pyo

    model = pyo.ConcreteModel()
    model.p, model.m = pyo.RangeSet(0, PLANTS - 1), pyo.RangeSet(0, MARKETS - 1)
    model.sent = pyo.Var(model.p, model.m, bounds=(0, None))
    model.supply = pyo.Constraint(model.p, rule=lambda b, p: sum(b.sent[p, m] for m in b.m) <= SUPPLY[p])
    model.need = pyo.Constraint(model.m, rule=lambda b, m: sum(b.sent[p, m] for p in b.p) >= NEED[m])
    model.cost = pyo.Objective(expr=sum(FREIGHT[p, m] * model.sent[p, m] for p in model.p for m in model.m))
    return _standard(model)


def pyomo_stocks() -> Any:
    """Pyomo: rules."""
    import pyomo.environ as pyo

    model = pyo.ConcreteModel()
    model.g, model.t = pyo.RangeSet(0, GOODS - 1), pyo.RangeSet(0, MONTHS - 1)
    model.made, model.kept = (
        pyo.Var(model.g, model.t, bounds=(0, MOST)),
        pyo.Var(model.g, model.t, bounds=(0, None)),
    )
    model.balance = pyo.Constraint(
        model.g,
        model.t,
        rule=lambda b, g, t: b.made[g, t] - b.kept[g, t] + (b.kept[g, t - 1] if t else 0) == ASKED[g, t],
    )
    model.cost = pyo.Objective(
        expr=sum(COST[g, t] * model.made[g, t] + KEEPING * model.kept[g, t] for g in model.g for t in model.t)
    )
    return _standard(model)


def _standard(model: Any) -> Any:
    """Pyomo's standard form into HiGHS."""
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    table, sense = form.A.tocsr(), np.array([bound for _, bound in form.rows])
    least, most = np.where(sense <= 0, form.rhs, -np.inf), np.where(sense >= 0, form.rhs, np.inf)
    bounds = np.array(
        [[-np.inf if v.lb is None else v.lb, np.inf if v.ub is None else v.ub] for v in form.columns]
    )
    return highs(
        np.asarray(form.c.todense()).ravel(),
        bounds[:, 0].copy(),
        bounds[:, 1].copy(),
        table.indptr,
        table.indices,
        table.data,
        least,
        most,
    )


MODELS: dict[str, dict[str, Callable[[], Any]]] = {
    "shipments": {
        "raw arrays": raw_shipments,
        "linopy": linopy_shipments,
        "dabiao": own_shipments,
        "dabiao and Pyomo": with_pyomo(own_shipments),
        "Pyomo": pyomo_shipments,
    },
    "stocks": {
        "raw arrays": raw_stocks,
        "linopy": linopy_stocks,
        "dabiao": own_stocks,
        "dabiao and Pyomo": with_pyomo(own_stocks),
        "Pyomo": pyomo_stocks,
    },
}


def measured(
    tools: dict[str, Callable[[], Any]], rounds: int
) -> tuple[dict[str, list[float]], dict[str, float], dict[str, str]]:
    """Seconds of every round by tool, the optimum by tool, and why a tool was left out."""
    taken: dict[str, list[float]] = {name: [] for name in tools}
    optimum, missing = {}, {}
    for name, tool in tools.items():  # the first time only imports; its model is solved
        try:
            engine = tool()
        except ImportError as error:
            missing[name] = str(error)
            continue
        engine.setOptionValue("output_flag", False)
        engine.setOptionValue("threads", 1)  # of one process all must say the same
        engine.run()
        optimum[name] = engine.getInfo().objective_function_value
    for _ in range(rounds):
        for name in optimum:
            gc.collect()
            begin = time.perf_counter()
            engine = tools[name]()
            taken[name].append(time.perf_counter() - begin)
            del engine
    return taken, optimum, missing


def main() -> None:
    """Run all tools that are there and print a table for each model."""
    warnings.simplefilter("ignore")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    found = []
    for package in ("numpy", "highspy", "pyomo", "linopy"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"no {package}")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" {', '.join(found)}; medians of {rounds} rounds"
    )
    for model, tools in MODELS.items():
        taken, optimum, missing = measured(tools, rounds)
        print(f"\n{model:16}{'ms':>10}{'x raw':>10}{'x linopy':>10}   optimum")
        times = {name: statistics.median(rows) for name, rows in taken.items() if rows}
        for name, seconds in times.items():
            peer = (
                f"{statistics.median(a / b for a, b in zip(taken[name], taken['linopy'], strict=True)):10.2f}"
                if "linopy" in times
                else f"{'-':>10}"
            )
            print(
                f"{name:16}{1000 * seconds:10.1f}{seconds / times['raw arrays']:10.1f}{peer}  "
                f" {optimum[name]:.6f}"
            )
        for name, why in missing.items():
            print(f"{name:16}not installed: {why}")
        spread = max(optimum.values()) - min(optimum.values())
        assert spread <= 1e-7 * abs(optimum["raw arrays"]), f"the tools' optima differ by {spread}"


if __name__ == "__main__":
    main()
