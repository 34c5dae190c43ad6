"""Names and rows become arrays, the same by way of Pyomo and without it."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.models.errors import SolverError
from dabiao.solvers.model import Compiled, Rows
from hypothesis import given, settings
from hypothesis import strategies as st
from pyomo.repn import generate_standard_repn


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 5), st.booleans()), min_size=1, max_size=5),
    st.lists(
        st.tuples(
            st.dictionaries(st.integers(0, 4), st.sampled_from([0.0, 1.0, -2.5, 3]), max_size=5),
            st.sampled_from([-np.inf, -1.0, 2.0]),
            st.sampled_from([2.0, 7.0, np.inf]),
        ),
        max_size=6,
    ),
)
def test_arrays_are_those_that_pyomo_holds(variables, constraints):
    """HiGHS gets the arrays, GLPK Pyomo's model: term by term and bound by bound they are the same."""
    rows = Rows()
    for i, (low, span, binary) in enumerate(variables):
        rows.variable(f"v{i}", 0.0 if binary else low, low + span, binary=binary)
    for i, (terms, low, high) in enumerate(constraints):
        rows.row(f"r{i}", {f"v{j}": c for j, c in terms.items() if j < len(variables)}, low, high)
    made = Compiled(rows)
    columns = {id(column): j for j, column in enumerate(made.columns())}
    for j, column in enumerate(made.columns()):
        assert (column.lb, column.ub) == (made.low[j], made.high[j]) and column.is_binary() == made.binary[j]
    assert list(made.pyomo.rows) == list(made.row_names)
    table = made.matrix
    for i, constraint in enumerate(made.pyomo.rows.values()):
        form = generate_standard_repn(constraint.body)
        assert form.is_linear() and not form.constant
        theirs = {columns[id(v)]: c for v, c in zip(form.linear_vars, form.linear_coefs, strict=True)}
        part = slice(table.indptr[i], table.indptr[i + 1])
        assert theirs == dict(zip(table.indices[part].tolist(), table.data[part].tolist(), strict=True))
        assert (constraint.lb, constraint.ub) == tuple(
            None if np.isinf(b) else b for b in (made.row_low[i], made.row_high[i])
        )


def test_variables_declared_twice_and_rows_that_hold_nothing():
    rows = Rows()
    rows.variable("a")
    rows.variable("b", 1.0, 4.0)
    assert rows.names == ["a", "b"] and rows.bounds[1] == (1.0, 4.0)
    with pytest.raises(ValueError, match="declared twice"):
        rows.variable("a")
    rows.row("free", {"a": 1.0})
    rows.row("empty", {"a": 0.0}, high=3.0)
    rows.row("never", {"b": 0.0}, low=1.0)
    assert not rows.spans and rows.impossible == ["never"]
    for wrong in (np.nan, np.inf, -np.inf, 1e16):
        with pytest.raises(SolverError, match="not a number a solver can use"):
            rows.row(f"wrong {wrong}", {"a": 1.0, "b": wrong}, high=1.0)
    with pytest.raises(KeyError):
        rows.row("unknown", {"z": 1.0}, high=1.0)
