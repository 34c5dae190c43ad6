"""A model that is compiled once and asked many questions.

Every question differs only in its objective and in bounds of variables and rows, so that a question is a
handful of numbers written into arrays.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
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

    ``spans`` maps each row to its bounds; its entries are ``places`` and ``values`` from its number in
    ``begins`` to the next (one long list for all, since many short ones take twice the time). ``impossible``
    names rows without variables that cannot hold.

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
        self.spans: dict[str, tuple[float, float]] = {}
        self.begins: list[int] = [0]
        self.places: list[int] = []
        self.values: list[float] = []
        self.impossible: list[str] = []
        self._taken: set[str] = set()

    @property
    def rows(self) -> Iterator[tuple[str, list[int], list[float], float, float]]:
        """Every row: name, variables by number, coefficients, bounds."""
        for (name, (low, high)), begin, end in zip(
            self.spans.items(), self.begins, self.begins[1:], strict=False
        ):
            yield name, self.places[begin:end], self.values[begin:end], low, high

    def variable(self, name: str, low: float = 0.0, high: float = np.inf, *, binary: bool = False) -> str:
        """Declare a variable; ``high`` may be infinite."""
        if name in self.at:
            raise ValueError(f"variable {name} is declared twice")
        if not (-LARGEST < low < LARGEST and (high == np.inf or -LARGEST < high < LARGEST)):
            check_span("variable", name, low, high)
        self.at[name] = len(self.names)
        self.names.append(name)
        self.bounds.append((low, min(high, 1.0) if binary else high))
        self.binary.append(binary)
        return name

    def row(self, name: str, terms: Mapping[str, float], low: float = -np.inf, high: float = np.inf) -> None:
        """Declare ``low <= Σ coefficient · variable <= high``; zero coefficients are dropped, and rows
        without bounds."""
        if name in self._taken:
            raise ValueError(f"constraint {name} is declared twice")
        self._taken.add(name)
        values = terms.values()
        # a sum of sizes is a number below the bound only if every one of them is
        if not sum(map(abs, values)) < LARGEST and not all(abs(value) < LARGEST for value in values):
            raise SolverError(
                msg("constraint {name} has a coefficient that is not a number a solver can use", name=name)
            )
        if not -LARGEST < low <= high < LARGEST:
            check_span("constraint", name, low, high)
        if 0 in values:
            terms = {variable: value for variable, value in terms.items() if value != 0}
        if not terms:
            if low > 1e-9 or high < -1e-9:
                self.impossible.append(name)
        elif low > -np.inf or high < np.inf:
            self.spans[name] = (low, high)
            self.places.extend(map(self.at.__getitem__, terms))
            self.values.extend(terms.values())
            self.begins.append(len(self.places))


def check_span(what: str, name: str, low: float, high: float) -> None:
    """Refuse bounds that no number can meet or that are not numbers."""
    fine = (low == -np.inf or abs(low) < LARGEST) and (high == np.inf or abs(high) < LARGEST)
    if not fine:
        kind, said = msg("variable") if what == "variable" else msg("constraint"), f"{low:g}, {high:g}"
        raise SolverError(
            msg(
                "{kind} {name} is bounded by {said}, which a solver cannot use",
                kind=kind,
                name=name,
                said=said,
            )
        )


class Compiled:
    """The model as arrays for HiGHS in process, and as Pyomo's for GLPK and whoever asks for it.

    Both are made of the same rows; Pyomo's, which takes five times as long, only when it is asked for.
    """

    def __init__(self, rows: Rows) -> None:
        self.names = tuple(rows.names)
        self.at = dict(rows.at)
        self.low, self.high = np.array(rows.bounds, dtype=float).reshape(-1, 2).T.copy()
        self.binary = np.array(rows.binary, dtype=bool)
        self.impossible = tuple(rows.impossible)
        self._rows = rows
        names = tuple(rows.spans)
        self.row_names, self.row_at = names, dict(zip(names, range(len(names)), strict=True))
        self.every_row = np.arange(len(names), dtype=np.int32)
        self.matrix = Matrix(
            np.array(rows.begins, dtype=np.int32),
            np.array(rows.places, dtype=np.int32),
            np.array(rows.values, dtype=float),
            (len(names), len(self.names)),
        )
        self.row_low, self.row_high = np.array(list(rows.spans.values()), dtype=float).reshape(-1, 2).T.copy()
        self.size = abs(self.matrix)
        self.warm: dict[str, Any] = {}

    @cached_property
    def _pyomo(self) -> tuple[Any, list[Any]]:
        with _no_garbage():
            return pyomo_model(self._rows)

    @property
    def pyomo(self) -> Any:
        """The model as Pyomo's, made when it is first asked for."""
        return self._pyomo[0]

    def columns(self) -> list[Any]:
        """Pyomo's variables in our order."""
        return self._pyomo[1]

    def column_bounds(self, question: Question) -> tuple[FloatArray, FloatArray]:
        """Bounds of all variables for one question."""
        low, high = self.low.copy(), self.high.copy()
        for name, (least, most) in question.bounds.items():
            low[self.at[name]], high[self.at[name]] = least, most
            check_span("variable", name, least, most)
        return low, high

    def row_bounds(self, question: Question) -> tuple[FloatArray, FloatArray]:
        """Bounds of all rows for one question; those of the model itself where it replaces none."""
        if not question.rows:
            return self.row_low, self.row_high
        low, high = self.row_low.copy(), self.row_high.copy()
        for name, (least, most) in question.rows.items():
            low[self.row_at[name]], high[self.row_at[name]] = least, most
            check_span("constraint", name, least, most)
        return low, high

    def cost(self, question: Question) -> FloatArray:
        """The objective as an array."""
        cost = np.zeros(len(self.names))
        for name, coefficient in question.objective.items():
            cost[self.at[name]] = coefficient
        if not np.all(np.abs(cost) < LARGEST):
            raise SolverError(msg("the objective has a coefficient that is not a number a solver can use"))
        return cost

    def violation(
        self,
        point: FloatArray,
        low: FloatArray,
        high: FloatArray,
        rows: tuple[FloatArray, FloatArray] | None = None,
    ) -> float:
        """Greatest violation of rows (relative to their size) and bounds at a point; ``rows`` replaces the
        rows' bounds."""
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

    def rays(
        self, low: FloatArray, high: FloatArray, rows: tuple[FloatArray, FloatArray] | None = None
    ) -> Compiled:
        """Directions, no longer than 1 per variable, in which one can go from any feasible point without end.

        A feasible problem is unbounded exactly where one of them improves the objective (Minkowski-Weyl).
        """
        cone = Rows()
        for name, least, most in zip(self.names, low, high, strict=True):
            cone.variable(name, -1.0 if np.isinf(least) else 0.0, 1.0 if np.isinf(most) else 0.0)
        table, (row_low, row_high) = self.matrix, rows or (self.row_low, self.row_high)
        for i, name in enumerate(self.row_names):
            part = slice(table.indptr[i], table.indptr[i + 1])
            terms = {
                self.names[j]: float(c) for j, c in zip(table.indices[part], table.data[part], strict=True)
            }
            cone.row(
                name,
                terms,
                -np.inf if np.isinf(row_low[i]) else 0.0,
                np.inf if np.isinf(row_high[i]) else 0.0,
            )
        return Compiled(cone)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Do not look for cyclic garbage while a hundred thousand objects are made that all stay: it doubles the
    time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def pyomo_model(rows: Rows) -> tuple[Any, list[Any]]:
    """The same rows as a Pyomo model: variables ``x``, constraints ``rows``, objective set per question; and
    the variables in order."""
    pyo = modelling()
    from pyomo.core.expr.numeric_expr import LinearExpression

    model = pyo.ConcreteModel()
    spans = [(None if low == -np.inf else low, None if high == np.inf else high) for low, high in rows.bounds]
    # bounds that most variables share are given once
    usual = Counter(spans).most_common(1)[0][0] if spans else (None, None)
    model.x = pyo.Var(range(len(spans)), bounds=usual)
    columns = list(model.x.values())
    for column, span, binary in zip(columns, spans, rows.binary, strict=True):
        if binary:
            column.domain = pyo.Binary
        if span != usual:
            column.setlb(span[0])
            column.setub(span[1])
    model.rows = pyo.Constraint(pyo.Any)
    pick = columns.__getitem__
    for name, places, values, low, high in rows.rows:
        body = LinearExpression(
            constant=0, linear_coefs=list(map(float, values)), linear_vars=list(map(pick, places))
        )
        least, most = (None if low == -np.inf else low), (None if high == np.inf else high)
        model.rows[name] = (least, body, most) if least != most else body == least
    return model, columns


def weights(terms: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Sum of terms by variable."""
    total: dict[str, float] = {}
    for name, coefficient in terms:
        total[name] = total.get(name, 0.0) + coefficient
    return total
