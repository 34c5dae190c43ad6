"""A Pyomo model that is compiled once and asked many questions.

Every question differs only in its objective and in bounds of variables and rows, so that a question is a handful
of numbers written into arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from .matrix import Matrix
from .pyomo_imports import modelling


@dataclass(frozen=True)
class Question:
    """An objective over named variables, and bounds of variables and of rows that replace those of the model.

    ``integer`` False relaxes binaries (their bounds stay), which gives shadow prices.
    """

    objective: Mapping[str, float]
    maximise: bool = True
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    integer: bool = True
    time_limit: float = 60.0
    rows: Mapping[str, tuple[float, float]] = field(default_factory=dict)


LARGEST = 1e15
"""Coefficients from here on are refused: solvers round them off, call them infinite or drop the model."""


class Rows:
    """Collects variables and linear rows by name, then makes a Pyomo model of them.

    ``impossible`` names rows without variables that cannot hold.

    Raises
    ------
    SolverError
        Where a coefficient is not a finite number: it never reaches a solver.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.bounds: list[tuple[float, float]] = []
        self.binary: list[bool] = []
        self.at: dict[str, int] = {}
        self.rows: list[tuple[str, list[int], list[float], float, float]] = []
        self.impossible: list[str] = []
        self._taken: set[str] = set()

    def variable(self, name: str, low: float = 0.0, high: float = np.inf, *, binary: bool = False) -> str:
        """Declare a variable; ``high`` may be infinite."""
        if name in self.at:
            raise ValueError(f"variable {name} is declared twice")
        check_span(f"variable {name}", low, high)
        self.at[name] = len(self.names)
        self.names.append(name)
        self.bounds.append((low, min(high, 1.0) if binary else high))
        self.binary.append(binary)
        return name

    def row(self, name: str, terms: Mapping[str, float], low: float = -np.inf, high: float = np.inf) -> None:
        """Declare ``low <= Σ coefficient · variable <= high``; zero coefficients are dropped."""
        if name in self._taken:
            raise ValueError(f"constraint {name} is declared twice")
        self._taken.add(name)
        kept = {v: c for v, c in terms.items() if c != 0}
        if not np.all(np.abs(list(kept.values())) < LARGEST):
            raise SolverError(f"constraint {name} has a coefficient that is not a number a solver can use")
        check_span(f"constraint {name}", low, high)
        if kept:
            self.rows.append((name, [self.at[v] for v in kept], list(kept.values()), low, high))
        elif low > 1e-9 or high < -1e-9:
            self.impossible.append(name)


def check_span(what: str, low: float, high: float) -> None:
    """Refuse bounds that no number can meet or that are not numbers."""
    fine = (low == -np.inf or abs(low) < LARGEST) and (high == np.inf or abs(high) < LARGEST)
    if not fine:
        raise SolverError(f"{what} is bounded by {low:g} and {high:g}, which a solver cannot use")


class Compiled:
    """The model as Pyomo built it and as arrays, for solvers in process."""

    def __init__(self, rows: Rows) -> None:
        self.names = tuple(rows.names)
        self.at = dict(rows.at)
        self.low = np.array([low for low, _ in rows.bounds], dtype=float)
        self.high = np.array([high for _, high in rows.bounds], dtype=float)
        self.binary = np.array(rows.binary, dtype=bool)
        self.impossible = tuple(rows.impossible)
        self.pyomo = pyomo_model(rows)
        self.matrix, self.row_low, self.row_high = self._arrays()
        self.size = abs(self.matrix)
        self.warm: dict[str, Any] = {}

    def _arrays(self) -> tuple[Matrix, FloatArray, FloatArray]:
        """The constraint matrix and row bounds, read off Pyomo's own linear form of every constraint."""
        from pyomo.repn.standard_repn import generate_standard_repn

        ours = {id(column): i for i, column in enumerate(self.columns())}
        rows, names, low, high = [], [], [], []
        for name, constraint in self.pyomo.rows.items():
            form = generate_standard_repn(constraint.body, compute_values=True)
            rows.append(([ours[id(var)] for var in form.linear_vars], form.linear_coefs))
            names.append(name)
            least, most = constraint.lb, constraint.ub
            low.append(-np.inf if least is None else least - form.constant)
            high.append(np.inf if most is None else most - form.constant)
        self.row_names = tuple(names)
        self.row_at = {name: i for i, name in enumerate(names)}
        self.every_row = np.arange(len(names), dtype=np.int32)
        return Matrix.of(rows, len(self.names)), np.array(low, dtype=float), np.array(high, dtype=float)

    def columns(self) -> list[Any]:
        """Pyomo's variables in our order."""
        return [self.pyomo.x[i] for i in range(len(self.names))]

    def column_bounds(self, question: Question) -> tuple[FloatArray, FloatArray]:
        """Bounds of all variables for one question."""
        low, high = self.low.copy(), self.high.copy()
        for name, (least, most) in question.bounds.items():
            low[self.at[name]], high[self.at[name]] = least, most
            check_span(f"variable {name}", least, most)
        return low, high

    def row_bounds(self, question: Question) -> tuple[FloatArray, FloatArray]:
        """Bounds of all rows for one question; those of the model itself where it replaces none."""
        if not question.rows:
            return self.row_low, self.row_high
        low, high = self.row_low.copy(), self.row_high.copy()
        for name, (least, most) in question.rows.items():
            low[self.row_at[name]], high[self.row_at[name]] = least, most
            check_span(f"constraint {name}", least, most)
        return low, high

    def cost(self, question: Question) -> FloatArray:
        """The objective as an array."""
        cost = np.zeros(len(self.names))
        for name, coefficient in question.objective.items():
            cost[self.at[name]] = coefficient
        if not np.all(np.abs(cost) < LARGEST):
            raise SolverError("the objective has a coefficient that is not a number a solver can use")
        return cost

    def violation(
        self, point: FloatArray, low: FloatArray, high: FloatArray, rows: tuple[FloatArray, FloatArray] | None = None
    ) -> float:
        """Greatest violation of rows (relative to their size) and bounds at a point; ``rows`` replaces the rows' bounds."""
        least, most = rows or (self.row_low, self.row_high)
        activity = self.matrix @ point
        size = np.maximum(1.0, self.size @ np.abs(point))
        broken = np.maximum(least - activity, activity - most) / size
        columns = np.maximum(low - point, point - high) / np.maximum(1.0, np.abs(point))
        return float(max(broken.max(initial=0.0), columns.max(initial=0.0)))

    def fraction(self, point: FloatArray) -> float:
        """How far the binaries of a point are from 0 and 1."""
        starts = point[self.binary]
        return float(np.abs(starts - np.round(starts)).max(initial=0.0))

    def rays(self, low: FloatArray, high: FloatArray, rows: tuple[FloatArray, FloatArray] | None = None) -> Compiled:
        """Directions, no longer than 1 per variable, in which one can go from any feasible point without end.

        A feasible problem is unbounded exactly where one of them improves the objective (Minkowski-Weyl).
        """
        cone = Rows()
        for name, least, most in zip(self.names, low, high, strict=True):
            cone.variable(name, -1.0 if np.isinf(least) else 0.0, 1.0 if np.isinf(most) else 0.0)
        table, (row_low, row_high) = self.matrix, rows or (self.row_low, self.row_high)
        for i, name in enumerate(self.row_names):
            part = slice(table.indptr[i], table.indptr[i + 1])
            terms = {self.names[j]: float(c) for j, c in zip(table.indices[part], table.data[part], strict=True)}
            cone.row(
                name, terms, -np.inf if np.isinf(row_low[i]) else 0.0, np.inf if np.isinf(row_high[i]) else 0.0
            )
        return Compiled(cone)


def pyomo_model(rows: Rows) -> Any:
    """The same rows as a Pyomo model: variables ``x``, constraints ``rows``, objective set per question."""
    pyo = modelling()
    from pyomo.core.expr.numeric_expr import LinearExpression

    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(len(rows.names)))
    for i, ((low, high), binary) in enumerate(zip(rows.bounds, rows.binary, strict=True)):
        if binary:
            model.x[i].domain = pyo.Binary
        model.x[i].setlb(None if np.isinf(low) else low)
        model.x[i].setub(None if np.isinf(high) else high)
    model.rows = pyo.Constraint(pyo.Any)
    for name, columns, coefficients, low, high in rows.rows:
        body = LinearExpression(constant=0, linear_coefs=coefficients, linear_vars=[model.x[i] for i in columns])
        least, most = (None if np.isinf(low) else low), (None if np.isinf(high) else high)
        model.rows[name] = (least, body, most) if least != most else body == least
    return model


def weights(terms: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Sum of terms by variable."""
    total: dict[str, float] = {}
    for name, coefficient in terms:
        total[name] = total.get(name, 0.0) + coefficient
    return total
