"""Small programmes whose optimum, shadow prices and ends are known on paper, asked of both solvers.

The first is the factory of Hillier & Lieberman, Introduction to Operations Research, chapter 3: doors and
windows in three plants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.solution import Status
from dabiao.solvers.solve import SOLVERS, choose, solve

INF = float("inf")

Row = tuple[Mapping[str, float], float, float]


@dataclass(frozen=True)
class Paper:
    """A programme, its optimum, and the price of each row; spans of variables are 0 and more unless told."""

    asked: Question
    rows: Mapping[str, Row]
    value: float
    point: Mapping[str, float]
    prices: Mapping[str, float] = field(default_factory=dict)
    spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    binary: tuple[str, ...] = ()

    def model(self) -> Compiled:
        rows = Rows()
        for name in self.point:
            low, high = self.spans.get(name, (0.0, INF))
            rows.variable(name, low, high, binary=name in self.binary)
        for name, (terms, low, high) in self.rows.items():
            rows.row(name, terms, low, high)
        return Compiled(rows)


FACTORY = Paper(
    Question({"doors": 3.0, "windows": 5.0}),
    {
        "one": ({"doors": 1.0}, -INF, 4.0),
        "two": ({"windows": 2.0}, -INF, 12.0),
        "three": ({"doors": 3.0, "windows": 2.0}, -INF, 18.0),
    },
    36.0,
    {"doors": 2.0, "windows": 6.0},
    {"one": 0.0, "two": 1.5, "three": 1.0},
)
PACKED = Paper(
    Question({"a": 5.0, "b": 4.0, "c": 3.0}),
    {
        "one": ({"a": 2.0, "b": 3.0, "c": 1.0}, -INF, 5.0),
        "two": ({"a": 4.0, "b": 1.0, "c": 2.0}, -INF, 11.0),
        "three": ({"a": 3.0, "b": 4.0, "c": 2.0}, -INF, 8.0),
    },
    9.0,
    {"a": 1.0, "b": 1.0, "c": 0.0},
    binary=("a", "b", "c"),
)
PAPERS = {
    "factory": FACTORY,
    # in fractions 5 * 2 + 3 * 1: Chvatal, Linear Programming, chapter 2
    "packed in parts": replace(
        PACKED,
        binary=(),
        value=13.0,
        point={"a": 2.0, "b": 0.0, "c": 1.0},
        prices={"one": 1.0, "two": 0.0, "three": 1.0},
    ),
    "packed": PACKED,
    "cheapest mix": Paper(
        Question({"x": 2.0, "y": 3.0}, maximise=False),
        {"need": ({"x": 1.0, "y": 1.0}, 10.0, INF), "most": ({"x": 1.0}, -INF, 6.0)},
        24.0,
        {"x": 6.0, "y": 4.0},
        {"need": 3.0, "most": -1.0},
    ),
    "equality and negative numbers": Paper(
        Question({"x": 1.0, "y": 2.0}),
        {"sum": ({"x": 1.0, "y": 1.0}, -7.0, -7.0)},
        -3.0,
        {"x": -11.0, "y": 4.0},
        {"sum": 1.0},
        spans={"x": (-INF, INF), "y": (-3.0, 4.0)},
    ),
    "range, at its lower end": Paper(
        Question({"x": 1.0, "y": 4.0}, maximise=False),
        {"range": ({"x": 1.0, "y": -1.0}, 2.0, 5.0)},
        -3.0,
        {"x": 1.0, "y": -1.0},
        {"range": 1.0},
        spans={"x": (0.0, 9.0), "y": (-1.0, 9.0)},
    ),
    "range, at its upper end": Paper(
        Question({"x": 3.0, "y": 1.0}),
        {"range": ({"x": 1.0, "y": -1.0}, 2.0, 5.0)},
        28.0,
        {"x": 8.0, "y": 4.0},
        {"range": 0.0},
        spans={"x": (0.0, 8.0), "y": (-1.0, 4.0)},
    ),
    "a start worth its room": Paper(
        Question({"x": 4.0, "b": 9.0}),
        {"room": ({"x": 1.0, "b": 3.0}, -INF, 5.0)},
        17.0,
        {"x": 2.0, "b": 1.0},
        spans={"x": (0.0, 4.0)},
        binary=("b",),
    ),
    "a start not worth its room": Paper(
        Question({"x": 4.0, "b": 7.0}),
        {"room": ({"x": 1.0, "b": 3.0}, -INF, 5.0)},
        16.0,
        {"x": 4.0, "b": 0.0},
        spans={"x": (0.0, 4.0)},
        binary=("b",),
    ),
    "half a start": Paper(
        Question({"x": 4.0, "b": 9.0}, integer=False, rows={"room": (-INF, 3.5)}, bounds={"x": (2.0, 3.0)}),
        {"room": ({"x": 1.0, "b": 3.0}, -INF, 5.0)},
        3 * 4 + 9 / 6,
        {"x": 3.0, "b": 1 / 6},
        {"room": 3.0},
        spans={"x": (0.0, 4.0)},
        binary=("b",),
    ),
}
both = pytest.mark.parametrize("solver", SOLVERS)


@both
@pytest.mark.parametrize("name", PAPERS)
def test_both_find_what_is_on_paper(name: str, solver: str) -> None:
    paper = PAPERS[name]
    found = solve(paper.model(), paper.asked, solver)
    assert found.status is Status.OPTIMAL and found.objective == pytest.approx(paper.value, abs=1e-6)
    assert found.values == pytest.approx(paper.point, abs=1e-6) and found.broken < 1e-6
    assert found.duals == pytest.approx(paper.prices, abs=1e-6)


@both
def test_a_model_is_asked_one_question_after_the_other(solver: str) -> None:
    """Each answer as if it were the first: another sense, other bounds, a row lifted, no objective."""
    model = FACTORY.model()
    asked = FACTORY.asked

    def value(question: Question) -> float:
        return solve(model, question, solver).objective

    assert value(asked) == pytest.approx(36.0)
    assert value(replace(asked, maximise=False)) == pytest.approx(0.0)
    assert value(replace(asked, bounds={"doors": (3.0, 3.5)})) == pytest.approx(3 * 3 + 5 * 4.5)
    assert value(replace(asked, rows={"two": (-INF, INF)})) == pytest.approx(45.0)  # windows alone: 9
    assert value(replace(asked, rows={"one": (2.5, 3.0)})) == pytest.approx(2.5 * 3 + 5.25 * 5)
    assert value(replace(asked, rows={"three": (13.0, 13.0)})) == pytest.approx(1.0 + 30.0)
    assert value(Question({})) == 0.0
    assert value(Question({"windows": -1.0})) == pytest.approx(0.0)
    ends = [
        (replace(asked, bounds={"doors": (5.0, INF)}), Status.INFEASIBLE),
        (replace(asked, rows={"three": (25.0, INF)}), Status.INFEASIBLE),
        (replace(asked, rows={"two": (-INF, INF), "three": (-INF, INF)}), Status.UNBOUNDED),
    ]
    for question, status in ends:
        found = solve(model, question, solver)
        assert (found.status, found.values, found.duals) == (status, {}, {}) and np.isnan(found.objective)
        assert value(asked) == pytest.approx(36.0)


@both
def test_a_problem_in_arrays_by_hand(solver: str) -> None:
    """PACKED as arrays: 9 in whole numbers; in parts between 0 and 1, a and c are 1 and b two thirds."""
    from dabiao.solvers.arrays import Arrays, Block

    model = PACKED.model()
    table = model.matrix
    block = Block(
        table.row.astype(np.int64),
        table.indices.astype(np.int64),
        table.data,
        model.row_low,
        model.row_high,
    )
    problem = Arrays.of(model.cost(PACKED.asked), np.zeros(3), np.ones(3), np.ones(3, bool), [block])
    whole = choose(solver, problem, time_limit=20.0)
    assert whole.status is Status.OPTIMAL and whole.bound == pytest.approx(9.0)
    assert whole.point is not None and whole.point.tolist() == pytest.approx([1, 1, 0])
    parts = choose(solver, problem, time_limit=20.0, relax=True)
    assert parts.status is Status.OPTIMAL and parts.bound == pytest.approx(8 + 8 / 3)
    assert parts.point is not None and parts.point.tolist() == pytest.approx([1, 2 / 3, 1])
    # b is worth 4 for 3 of the first row: a unit of it 4 / 3
    assert parts.reduced is not None and parts.reduced.tolist() == pytest.approx([5 - 8 / 3, 0, 3 - 4 / 3])
    none = choose(solver, problem.bounded(np.ones(3), np.ones(3)), time_limit=20.0)
    assert (none.status, none.point) == (Status.INFEASIBLE, None)
