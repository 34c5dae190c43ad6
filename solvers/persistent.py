"""Any linear Pyomo model with mutable parameters, kept in HiGHS: set parameters, solve again, read the
variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..models.errors import SolverError
from ..models.quantity import FloatArray
from ..models.words import msg
from .highs import made, status_of
from .matrix import DENSE, IntArray, Matrix
from .model import LARGEST
from .solution import Status
from .solve import TOLERANCE

NOWHERE: IntArray = np.zeros(0, dtype=np.int32)


class Persistent:
    """A linear Pyomo model compiled once; each solve hands over only what its mutable parameters changed.

    Right-hand sides, bounds of variables and the objective's coefficients may depend on mutable parameters;
    the
    coefficients of constraints are taken as they are when the model is compiled. Binaries and integers are
    kept.
    """

    def __init__(self, model: Any) -> None:
        """Compile the active constraints and the one active objective of a ConcreteModel.

        Raises
        ------
        SolverError
            Where something is not linear, or there is not exactly one objective.
        """
        import pyomo.core as pyo

        self.columns: list[Any] = list(model.component_data_objects(pyo.Var, active=True, descend_into=True))
        at = {id(column): i for i, column in enumerate(self.columns)}
        constraints = list(model.component_data_objects(pyo.Constraint, active=True, descend_into=True))
        objectives = list(model.component_data_objects(pyo.Objective, active=True, descend_into=True))
        if len(objectives) != 1:
            raise SolverError(msg("a model needs one active objective, found {count}", count=len(objectives)))
        self.maximise = objectives[0].sense == pyo.maximize
        rows, self._low, self._high = [], _Numbers(len(constraints)), _Numbers(len(constraints))
        for i, constraint in enumerate(constraints):
            form = _linear(constraint.body, constraint.name)
            rows.append(
                ([at[id(v)] for v in form.linear_vars], [float(pyo.value(c)) for c in form.linear_coefs])
            )
            self._low.take(i, constraint.lower, -np.inf, form.constant)
            self._high.take(i, constraint.upper, np.inf, form.constant)
        self._least, self._most = _Numbers(len(self.columns)), _Numbers(len(self.columns))
        for i, column in enumerate(self.columns):
            self._least.take(i, column.lower, -np.inf)
            self._most.take(i, column.upper, np.inf)
        form = _linear(objectives[0].expr, "the objective")
        self._cost, self._offset = _Numbers(len(self.columns), 0.0), _Numbers(1, 0.0)
        for column, coefficient in zip(form.linear_vars, form.linear_coefs, strict=True):
            self._cost.take(at[id(column)], coefficient, 0.0)
        self._offset.take(0, form.constant, 0.0)
        self.matrix = Matrix.of(rows, len(self.columns))
        self._whole = self.matrix.dense() if self.matrix.shape[0] * self.matrix.shape[1] <= DENSE else None
        self._size = abs(self.matrix) if self._whole is None else np.abs(self._whole)
        self._engine = self._made()

    def _made(self) -> Any:
        import highspy

        self._optimal = highspy.HighsModelStatus.kOptimal
        whole = np.array([not column.is_continuous() for column in self.columns], dtype=bool)
        engine = made(
            self._cost.values,
            self._least.values,
            self._most.values,
            self.matrix,
            self._low.values,
            self._high.values,
            "the model",
            whole,
        )
        engine.changeObjectiveSense(
            highspy.ObjSense.kMaximize if self.maximise else highspy.ObjSense.kMinimize
        )
        return engine

    def solve(self, *, load: bool = True) -> tuple[Status, float]:
        """Solve with the parameters as they stand; the variables take the values found.

        Returns
        -------
        How it ended, and the objective (NaN without an optimum).

        Raises
        ------
        SolverError
            Where a parameter is not a number, or the point does not hold by our own arithmetic.
        """
        engine = self._engine
        rows = _both(self._low.changed(), self._high.changed())
        if len(rows):
            engine.changeRowsBounds(len(rows), rows, self._low.values[rows], self._high.values[rows])
        columns = _both(self._least.changed(), self._most.changed())
        if len(columns):
            engine.changeColsBounds(
                len(columns), columns, self._least.values[columns], self._most.values[columns]
            )
        moved = self._cost.changed()
        if len(moved):
            engine.changeColsCost(len(moved), moved, self._cost.values[moved])
        self._offset.changed()
        engine.run()
        if engine.getModelStatus() != self._optimal:
            status = status_of(engine)
            engine.clearSolver()
            return status, float("nan")
        point = np.asarray(engine.getSolution().col_value)
        self._check(point)
        if load:
            for column, value in zip(self.columns, point.tolist(), strict=True):
                column.set_value(value, skip_validation=True)
        return Status.OPTIMAL, float(self._cost.values @ point + self._offset.values[0])

    def _check(self, point: FloatArray) -> None:
        """Refuse a point that breaks a row or bound by more than a millionth of the row's size."""
        matrix = self.matrix if self._whole is None else self._whole
        activity = matrix @ point
        broken = np.maximum(self._low.values - activity, activity - self._high.values)
        outside = np.maximum(self._least.values - point, point - self._most.values)
        if broken.max(initial=0.0) <= TOLERANCE and outside.max(initial=0.0) <= TOLERANCE:
            return  # whatever the sizes: they are one at least
        broken /= np.maximum(1.0, self._size @ np.abs(point))
        outside /= np.maximum(1.0, np.abs(point))
        worst = max(float(broken.max(initial=0.0)), float(outside.max(initial=0.0)))
        if not worst <= TOLERANCE:
            raise SolverError(
                msg("highs returned a point that breaks a constraint by {worst:.2g}", worst=worst)
            )


class _Numbers:
    """An array of numbers, of which some are read off mutable parameters again and again."""

    def __init__(self, count: int, otherwise: float = np.nan) -> None:
        self.values = np.full(count, otherwise)
        self._at: list[int] = []
        self._read: list[Any] = []
        self._less: list[Any] = []
        self._shifted = False
        self._place = NOWHERE

    def take(self, at: int, expression: Any, otherwise: float, less: Any = 0.0) -> None:
        """The number at a place: an expression less another, or what stands for nothing."""
        import pyomo.core as pyo

        if expression is None:
            self.values[at] = otherwise
            return
        self.values[at] = float(pyo.value(expression)) - float(pyo.value(less))
        if not (_settled(expression) and _settled(less)):
            self._at.append(at)
            self._read.append(expression)
            fixed = float(pyo.value(less)) if _settled(less) else 0.0
            self._less.append((lambda: fixed) if fixed else None if _settled(less) else less)
            self._shifted = self._shifted or self._less[-1] is not None

    def changed(self) -> IntArray:
        """Read the parameters again; the places whose numbers are others now."""
        if not self._at:
            return NOWHERE
        if len(self._place) < len(self._at):
            self._place = np.array(self._at, dtype=np.int32)
        fresh = np.array([one() for one in self._read])
        if self._shifted:
            fresh -= [0.0 if other is None else float(other()) for other in self._less]
        at = self._place
        new = fresh != self.values[at]
        if not new.any():
            return NOWHERE
        if not np.all(np.abs(fresh) < LARGEST):
            raise SolverError(msg("a mutable parameter has no value that a solver can use"))
        self.values[at] = fresh
        found: IntArray = at[new]
        return found


def _both(one: IntArray, other: IntArray) -> IntArray:
    """Places in either of two lists."""
    if not len(other):
        return one
    return np.union1d(one, other).astype(np.int32) if len(one) else other


def _settled(expression: Any) -> bool:
    """Whether an expression can never change its value."""
    return isinstance(expression, (int, float)) or expression.is_constant()


def _linear(expression: Any, name: str) -> Any:
    """Pyomo's linear form, its numbers still expressions of mutable parameters."""
    from pyomo.repn.standard_repn import generate_standard_repn

    form = generate_standard_repn(expression, compute_values=False)
    if not form.is_linear():
        raise SolverError(msg("{name} is not linear", name=name))
    return form
