"""A question, its answer and its check, one step at a time: solvers that say what they are told to, and
problems of two variables whose optimum is seen at once."""

from __future__ import annotations

import itertools
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models.errors import SolverError
from dabiao.solvers import glpk, highs, highs_apart, program
from dabiao.solvers.arrays import Arrays, Block
from dabiao.solvers.matrix import Matrix
from dabiao.solvers.model import LARGEST, Compiled, Question, Rows, check_span, pyomo_model, weights
from dabiao.solvers.program import Ran
from dabiao.solvers.solution import Answer, Mixed, Solver, Status
from dabiao.solvers.solve import (
    LOOSELY,
    SOLVERS,
    TOLERANCE,
    WHOLE,
    choose,
    chosen,
    on_the_road,
    solve,
    subset,
)
from dabiao.solvers.stumbles import hearing

INF = float("inf")
NONE: Answer = (Status.FAILED, None, {})


def two(*, binary: bool = True) -> Compiled:
    """0 <= x <= 4, b in {0, 1}, x + 2 b <= 5."""
    rows = Rows()
    rows.variable("x", 0.0, 4.0)
    rows.variable("b", 0.0, 1.0, binary=binary)
    rows.row("sum", {"x": 1.0, "b": 2.0}, high=5.0)
    return Compiled(rows)


class Said:
    """A solver that answers what it is told to, one answer after the other, and notes what it is asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), list[tuple[Any, ...]]()

    def __call__(self, *asked: Any, **limits: Any) -> Any:
        self.asked.append((*asked, limits) if limits else asked)
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def says(monkeypatch: pytest.MonkeyPatch, *answers: Answer, name: str = "highs", **more: Any) -> Said:
    said = Said(*answers)
    monkeypatch.setitem(SOLVERS, name, Solver(lambda: True, said, "get it", **more))
    return said


def point(x: float, b: float) -> Answer:
    return Status.OPTIMAL, np.array([x, b]), {"sum": 0.5}


# ---- the road


def ways(**said: list[Any]) -> Callable[[str], Iterator[Callable[[], Any]]]:
    def methods(name: str) -> Iterator[Callable[[], Any]]:
        for each in said.get(name, []):
            yield Said(each)

    return methods


def test_the_first_answer_that_holds_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second method is silent about the first; another solver tells what the first one said, once."""
    for name in ("highs", "glpk"):
        says(monkeypatch, name=name)
    bad, worse = SolverError("bad"), SolverError("worse")
    told: list[Any] = []
    with hearing(told.append):
        assert on_the_road("highs", ways(highs=[1, 2])) == 1
        assert on_the_road("highs", ways(highs=[bad, 2], glpk=[3])) == 2
        assert on_the_road("auto", ways(highs=[bad, 2], glpk=[3])) == 2
        assert on_the_road("auto", ways(glpk=[3])) == 3
        assert told == []
        assert on_the_road("auto", ways(highs=[bad, worse], glpk=[worse, 3])) == 3
        assert [str(each) for each in told] == []
        assert on_the_road("auto", ways(highs=[bad, worse], glpk=[3])) == 3
        assert [str(each) for each in told] == ["glpk answered in place of highs: bad"]


def test_where_nobody_answers_all_are_told_the_first_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("highs", "glpk"):
        says(monkeypatch, name=name)
    bad, worse = SolverError("bad"), SolverError("worse")

    def fails(solver: str, **said: list[Any]) -> str:
        with pytest.raises(SolverError) as caught:
            on_the_road(solver, ways(**said))
        return str(caught.value)

    assert fails("auto", highs=[bad, worse], glpk=[worse]) == "bad; worse"
    assert fails("highs", highs=[bad, worse], glpk=[3]) == "bad; try --solver glpk"
    assert fails("glpk", glpk=[worse]) == "worse; try --solver highs"
    assert fails("highs") == "highs has no answer to such a question; try --solver glpk"
    assert fails("auto") == "highs has no answer to such a question"
    assert fails("auto", glpk=[worse]) == "worse"
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    assert fails("highs", highs=[bad]) == "bad" == fails("auto", highs=[bad])


def test_what_a_library_throws_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for error, words in (
        (ValueError("one\ntwo"), "highs failed: ValueError: one"),
        (MemoryError(), "highs failed: MemoryError: "),
        (SolverError("its own"), "its own"),
    ):
        says(monkeypatch, error)  # type: ignore[arg-type]
        monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
        with pytest.raises(SolverError) as caught:
            solve(two(), Question({"x": 1.0}), "highs")
        assert str(caught.value) == words


def test_a_solver_is_chosen_or_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("highs", "glpk"):
        says(monkeypatch, name=name)
    assert (chosen("highs"), chosen("highs").others) == ("highs", ())
    auto = chosen("auto")
    assert (auto, auto.others) == ("highs", ("glpk",)) and chosen(auto) is auto
    with pytest.raises(SolverError, match=r"^unknown solver `x`; known: auto, highs, glpk$"):
        chosen("x")
    gone = {"available": lambda: False}
    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], how="way one", **gone))
    assert (chosen("auto"), chosen("auto").others) == ("glpk", ())
    with pytest.raises(SolverError, match=r"^highs is not installed. way one$"):
        chosen("highs")
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], how="way two", **gone))
    with pytest.raises(SolverError, match=r"^no solver found. way one way two$"):
        chosen("auto")
    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], broken=lambda: "why"))
    with pytest.raises(SolverError, match=r"^highs cannot be used: why. way one$"):
        chosen("highs")


# ---- an answer, checked


def test_a_point_is_worth_what_our_own_arithmetic_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = says(monkeypatch, point(3.0, 1.0))
    found = solve(two(), Question({"x": 3.0, "b": -1.0}, bounds={"x": (1.0, 3.5)}), "highs")
    assert (found.status, found.objective, found.found) == (Status.OPTIMAL, 8.0, True)
    assert (found.values, found.broken) == ({"x": 3.0, "b": 1.0}, 0.0)
    (_, question, low, high), *_ = said.asked
    # it is asked with 1,000 as the largest coefficient, and its prices are told in ours
    assert question.objective == pytest.approx({"x": 1000.0, "b": -1000 / 3})
    assert found.duals == pytest.approx({"sum": 0.5 * 3 / 1000})
    assert (low.tolist(), high.tolist()) == ([1.0, 0.0], [3.5, 1.0])


@pytest.mark.parametrize(
    ("x", "b", "broken"),
    [(3.0 + 4e-6, 1.0, 4e-6 / 5), (4.0 + 3e-6, 0.0, 3e-6 / 4), (-0.9e-6, 0.0, 0.9e-6)],
)
def test_a_point_may_be_off_by_a_millionth_of_its_size(
    x: float, b: float, broken: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(monkeypatch, point(x, b))
    assert solve(two(), Question({"x": 1.0}), "highs").broken == pytest.approx(broken, rel=1e-3)
    says(monkeypatch, point(x + 9 * (x - round(x)), b))
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    with pytest.raises(SolverError, match=rf"^highs returned .* by {10 * broken:.2g}$"):
        solve(two(), Question({"x": 1.0}), "highs")
    assert TOLERANCE == 1e-6


def test_bounds_of_whole_numbers_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """0.3 to 1 is 1; a billionth beside a whole number is that number; and a relaxation is left as it is."""
    for span, whole, integer in (
        ((0.3, 1.0), (1.0, 1.0), True),
        ((0.0, 0.9), (0.0, 0.0), True),
        ((0.5e-9, 1 - 0.5e-9), (0.0, 1.0), True),
        ((0.3, 0.9), (0.3, 0.9), False),
    ):
        said = says(monkeypatch, point(0.0, whole[0]))
        solve(two(), Question({"x": 1.0}, bounds={"b": span, "x": (0.0, 2.5)}, integer=integer), "highs")
        (_, _, low, high), *_ = said.asked
        assert (low.tolist(), high.tolist()) == ([0.0, whole[0]], [2.5, whole[1]])


def test_what_cannot_be_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lower bound above an upper one by more than a billionth, of a variable, a start or a row; and a row
    without variables that says 1 <= 0."""
    said = says(monkeypatch)
    for question in (
        Question({}, bounds={"x": (2.0, 2.0 - 1e-8)}),
        Question({}, bounds={"b": (0.2, 0.8)}),
        Question({}, rows={"sum": (2.0, 2.0 - 1e-8)}),
    ):
        found = solve(two(), question, "highs")
        assert found.status is Status.INFEASIBLE and np.isnan(found.objective) and not found.found
        assert found.values == {} == found.duals
    rows = Rows()
    rows.variable("x")
    rows.row("never", {"x": 0.0}, low=1.0)
    assert solve(Compiled(rows), Question({}), "highs").status is Status.INFEASIBLE and said.asked == []
    with pytest.raises(SolverError, match="unknown solver"):
        solve(Compiled(rows), Question({}), "x")
    said = says(monkeypatch, point(2.0, 0.0))
    near = Question({}, bounds={"x": (2.0, 2.0 - 0.5e-9)}, rows={"sum": (2.0, 2.0 - 0.5e-9)})
    assert solve(two(), near, "highs").found
    (_, _, low, high), *_ = said.asked
    assert low[0] == high[0] == 2.0  # never the wrong way round


def test_starts_are_made_whole_and_the_rest_is_solved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """0.99995 is 1: the rest is asked again with b held there, and its prices are of no use."""
    said = says(monkeypatch, point(2.0, 1 - 0.5e-4), point(3.0, 1.0))
    found = solve(two(), Question({"x": 2.0}, bounds={"x": (0.0, 3.0)}), "highs")
    assert (found.objective, found.values, found.duals) == (6.0, {"x": 3.0, "b": 1.0}, {})
    _, (_, question, low, high) = said.asked
    assert question.bounds == {"x": (0.0, 3.0), "b": (1.0, 1.0)} and question.integer is False
    assert (low.tolist(), high.tolist()) == ([0.0, 1.0], [3.0, 1.0])
    says(monkeypatch, point(2.0, 0.5e-9))
    assert solve(two(), Question({"x": 2.0}), "highs").duals == {"sum": 0.001}  # whole enough as it is
    says(monkeypatch, point(2.0, 0.5))
    assert solve(two(), Question({"x": 2.0}, integer=False), "highs").values["b"] == 0.5
    says(monkeypatch, point(2.0, 1.5 * WHOLE))
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    with pytest.raises(SolverError, match=r"neither taken nor left \(0.00015 off\)$"):
        solve(two(), Question({"x": 2.0}), "highs")


def test_starts_that_leave_no_room_for_the_rest_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With b at 1 - 5e-5 x may be 3 and a hair; with b at 1 it must be above that and below 3."""
    says(monkeypatch, point(3.00005, 1 - 0.5e-4), (Status.INFEASIBLE, None, {}))
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    with pytest.raises(SolverError, match=r"^highs returned starts for which the rest cannot hold$"):
        solve(two(), Question({"x": 1.0}, bounds={"x": (3.00005, 4.0)}), "highs")


@pytest.mark.parametrize("word", [Status.UNBOUNDED, Status.FAILED])
def test_no_word_is_settled_by_two_more_questions(word: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is there a point, and a way out of it that gains?"""
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    asked = Question({"x": 2.0, "b": -8.0}, bounds={"x": (0.0, INF)}, rows={"sum": (-INF, INF)}, time_limit=7)
    dumb: Answer = (word, None, {})
    for end in (Status.INFEASIBLE, Status.TIME_LIMIT):
        said = says(monkeypatch, dumb, (end, None, {}))
        assert solve(two(), asked, "highs").status is end
        (_, _, low, high), (_, anywhere, low2, high2) = said.asked
        assert anywhere == replace(asked, objective={}) and low is low2 and high is high2
    here = point(0.0, 0.0)
    said = says(monkeypatch, dumb, here, point(0.5, 0.0))
    assert solve(two(), asked, "highs").status is Status.UNBOUNDED  # one the way of x
    cone, ray, low, high = said.asked[2]
    assert (ray.bounds, ray.rows, ray.integer, ray.objective) == ({}, {}, False, asked.objective)
    assert (low.tolist(), high.tolist()) == ([0.0, 0.0], [1.0, 0.0]) and cone.row_names == ()
    say = {"match": "^highs stopped without an answer: the problem is badly scaled"}
    for third in (
        point(0.0, 0.0),
        point(0.39e-6, 0.0),
        (Status.OPTIMAL, None, {}),
        (Status.INFEASIBLE, *here[1:]),
    ):
        says(monkeypatch, dumb, here, third)
        with pytest.raises(SolverError, **say):
            solve(two(), asked, "highs")
    says(monkeypatch, dumb, here, point(0.41e-6, 0.0))  # of a largest coefficient of 8: 8e-7
    assert solve(two(), asked, "highs").status is Status.UNBOUNDED
    for end in (Status.UNBOUNDED, Status.FAILED):
        says(monkeypatch, dumb, (end, None, {}))
        with pytest.raises(SolverError, **say):
            solve(two(), asked, "highs")
    says(monkeypatch, dumb, here, point(0.5, 0.0))
    with pytest.raises(SolverError, **say):  # downwards there is no way out
        solve(two(), replace(asked, maximise=False), "highs")
    says(monkeypatch, dumb, here, point(0.5, 0.0))
    assert (
        solve(two(), replace(asked, objective={"x": -1.0}, maximise=False), "highs").status
        is Status.UNBOUNDED
    )


def sack() -> Arrays:
    """x + 2 y <= 4 in whole numbers from 0 to 3."""
    row = Block(np.zeros(2, np.int64), np.arange(2), np.array([1.0, 2.0]), np.array([-INF]), np.array([4.0]))
    return Arrays.of(np.array([2.0, 3.0]), np.zeros(2), np.full(2, 3.0), np.ones(2, bool), [row])


def test_a_choice_is_checked_and_has_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def takes(*answers: Any, name: str = "highs") -> Said:
        said = Said(*answers)
        monkeypatch.setitem(SOLVERS, name, replace(SOLVERS[name], available=lambda: True, choose=said))
        return said

    good = Mixed(Status.OPTIMAL, np.array([2.0, 1.0]), 7.0)
    said = takes(good)
    assert choose("highs", sack(), time_limit=5.0, gap=0.25, start=None) is good
    ((_, limits),) = said.asked
    assert limits["gap"] == 0.25 and 4.9 < limits["time_limit"] <= 5.0
    said = takes(good)
    choose("highs", sack(), time_limit=-1.0)
    assert said.asked[0][1]["time_limit"] == 0.05
    nothing = Mixed(Status.INFEASIBLE, None, INF)
    takes(nothing)
    assert choose("highs", sack(), lambda _: "never", time_limit=5.0) is nothing
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    # 0.5 and 1.75 are no whole numbers: that is for `wrong` to say
    half = Mixed(Status.OPTIMAL, np.array([0.5, 1.75]), 7.0)
    takes(half)
    assert choose("highs", sack(), time_limit=5.0) is half
    takes(half)
    assert choose("highs", sack(), lambda p: f"half of {p[0]}", time_limit=5.0, relax=True) is half
    takes(half)
    with pytest.raises(SolverError, match=r"^the choice of highs breaks a rule: half of 0.5$"):
        choose("highs", sack(), lambda p: f"half of {p[0]}", time_limit=5.0, relax=False)
    off = np.array([2.0, 1.0 + 0.9 * LOOSELY * 2])
    takes(Mixed(Status.OPTIMAL, off, 7.0))
    assert choose("highs", sack(), time_limit=5.0).point is off
    for bad, words in (
        (np.array([2.0, 1.0 + 1.1 * LOOSELY * 2]), "1.1e-05"),
        (np.array([2.0, np.nan]), "inf"),
        (np.array([4.0, 0.0]), "1"),
    ):
        takes(Mixed(Status.OPTIMAL, bad, 7.0))
        with pytest.raises(
            SolverError, match=rf"^highs returned a point that breaks a constraint by {words}$"
        ):
            choose("highs", sack(), time_limit=5.0)
    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], choose=None))
    with pytest.raises(SolverError, match=r"^highs has no answer to such a question$"):
        choose("highs", sack(), time_limit=5.0)


def test_a_second_solver_has_only_the_time_that_the_first_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any, **__: Any) -> Mixed:
        time.sleep(0.2)
        raise SolverError("no")

    last = Said(Mixed(Status.TIME_LIMIT, None, INF))
    monkeypatch.setitem(SOLVERS, "highs", replace(SOLVERS["highs"], available=lambda: True, choose=slow))
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: True, choose=last))
    with hearing(lambda _: None):
        choose("auto", sack(), time_limit=5.0)
    assert last.asked[0][1]["time_limit"] <= 4.8


def test_rows_that_cannot_hold_are_named_within_the_questions_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Said(frozenset({"sum"}))
    says(monkeypatch, subset=said)
    asked = Question({}, bounds={"x": (3.5, 4.0)})
    assert subset(two(), asked, "highs") == {"sum"}
    ((_, question, low, high),) = said.asked
    assert question is asked and (low.tolist(), high.tolist()) == ([3.5, 0.0], [4.0, 1.0])
    says(monkeypatch)
    assert subset(two(), asked, "highs") == frozenset()


@pytest.mark.parametrize("bad", [None, np.array([np.nan, 1.0]), np.array([1.0, INF])])
def test_an_optimum_is_a_point_of_numbers(bad: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    says(monkeypatch, (Status.OPTIMAL, bad, {}))
    with pytest.raises(SolverError, match=r"^highs returned a point with values that are not numbers$"):
        solve(two(), Question({"x": 1.0}), "highs")


def test_a_hair_itself_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is off by a tolerance, to the last digit, holds; two bounds may cross by a billionth."""
    monkeypatch.setitem(SOLVERS, "glpk", replace(SOLVERS["glpk"], available=lambda: False))
    says(monkeypatch, point(-1e-6, 0.0))
    assert solve(two(), Question({"x": 1.0}), "highs").broken == 1e-6
    says(monkeypatch, point(1.0, 1e-9))
    assert solve(two(), Question({"x": 1.0}), "highs").values["b"] == 1e-9  # as good as none: no second look
    says(monkeypatch, point(1.0, 1e-4), point(2.0, 0.0))
    assert solve(two(), Question({"x": 1.0}), "highs").objective == 2.0  # the start is left, not refused
    for crossed in (Question({}, bounds={"x": (1e-9, 0.0)}), Question({}, rows={"sum": (1e-9, 0.0)})):
        says(monkeypatch, point(0.0, 0.0))
        assert solve(two(), crossed, "highs").found
    asked = Question({"x": 1.0}, bounds={"x": (0.0, INF)}, rows={"sum": (-INF, INF)})
    says(monkeypatch, (Status.FAILED, None, {}), point(0.0, 0.0), point(1e-7, 0.0))
    with pytest.raises(SolverError, match="badly scaled"):  # no way out by a ten-millionth
        solve(two(), asked, "highs")
    edge = Mixed(Status.OPTIMAL, np.array([-LOOSELY, 0.0]), 0.0)
    monkeypatch.setitem(
        SOLVERS, "highs", replace(SOLVERS["highs"], available=lambda: True, choose=Said(edge))
    )
    assert choose("highs", sack(), time_limit=5.0) is edge
    said = Said(point(1.0, 1e-9), point(2.0, 0.0))
    monkeypatch.setattr(highs, "_run", said)
    model = two()
    assert highs.answer(model, Question({"x": 1.0}), model.low, model.high)[1].tolist() == [2.0, 0.0]  # type: ignore[union-attr]
    runs: list[bool] = []
    monkeypatch.setattr(glpk, "glpsol", lambda: "/p/glpsol")
    monkeypatch.setattr(glpk, "_duals", lambda _: {})
    monkeypatch.setattr(glpk, "_run", lambda *_, presolve: runs.append(presolve))
    monkeypatch.setattr(glpk, "_words", lambda *_: Status.OPTIMAL)
    monkeypatch.setattr(glpk, "_point", lambda *_: np.array([-1e-7, 0.0]))
    assert glpk.answer(model, Question({"x": 1.0}), model.low, model.high)[0] is Status.OPTIMAL
    assert runs == [True]


# ---- HiGHS


def conflicting() -> Compiled:
    """x + y <= 3, x >= 2, y >= 2 as rows, and one that has nothing to do with them."""
    rows = Rows()
    for name in ("x", "y", "z"):
        rows.variable(name, 0.0, 9.0)
    rows.row("both", {"x": 1.0, "y": 1.0}, high=3.0)
    rows.row("z", {"z": 1.0}, low=1.0)
    rows.row("x", {"x": 1.0}, low=2.0)
    rows.row("y", {"y": 1.0}, low=2.0)
    return Compiled(rows)


def test_highs_names_the_rows_that_cannot_hold() -> None:
    """In the bounds of the question: where x may not pass 1 its own row alone; with a row lifted, none."""
    model = conflicting()

    def named(**more: Any) -> frozenset[str]:
        question = Question({}, **more)
        return highs.subset(model, question, *model.column_bounds(question))

    assert named() == {"both", "x", "y"}
    assert named(bounds={"x": (0.0, 1.0)}) == {"x"}
    assert named(rows={"both": (-INF, INF)}) == frozenset()
    assert named(rows={"y": (-INF, INF), "z": (10.0, INF)}) == {"z"}
    crossed = highs.subset(model, Question({}, rows={"both": (-INF, INF)}), np.full(3, 5.0), np.full(3, 4.0))
    assert crossed == frozenset()  # bounds the wrong way round are one value: 5 is enough for every row


def test_highs_without_a_word_on_conflicts_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import highspy

    class Engine:
        """HiGHS as older versions, newer ones and failures are."""

        def __init__(self, status: Any, **more: Any) -> None:
            self.status = status
            self.__dict__.update(more)

        def __getattr__(self, name: str) -> Any:
            if name == "getIis":
                raise AttributeError(name)
            return lambda *_: None

        def getModelStatus(self) -> Any:
            return self.status

    bad, fine = highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kOptimal
    found = SimpleNamespace(valid_=True, row_index_=[0, 3])
    ok, error = highspy.HighsStatus.kOk, highspy.HighsStatus.kError
    model = conflicting()
    for engine, named in (
        (Engine(bad), set()),
        (Engine(bad, getIis=lambda: found), {"both", "y"}),
        (Engine(bad, getIis=lambda: (ok, found)), {"both", "y"}),
        (Engine(bad, getIis=lambda: (error, found)), set()),
        (Engine(bad, getIis=lambda: (ok, SimpleNamespace(valid_=False, row_index_=[0]))), set()),
        (Engine(fine, getIis=lambda: found), set()),
    ):
        monkeypatch.setattr(highs, "_engine", lambda _, engine=engine: engine)
        assert highs.subset(model, Question({}), model.low, model.high) == named


def test_how_highs_ends_in_our_words() -> None:
    import highspy

    known = highspy.HighsModelStatus
    said = {
        known.kOptimal: Status.OPTIMAL,
        known.kInfeasible: Status.INFEASIBLE,
        known.kUnbounded: Status.UNBOUNDED,
        known.kUnboundedOrInfeasible: Status.UNBOUNDED,
        known.kTimeLimit: Status.TIME_LIMIT,
        known.kModelEmpty: Status.OPTIMAL,
        known.kSolveError: Status.FAILED,
        known.kIterationLimit: Status.FAILED,
    }
    for word, status in said.items():
        assert highs.status_of(SimpleNamespace(getModelStatus=lambda word=word: word)) is status


@pytest.mark.parametrize("value", [np.inf, 1e30])
def test_highs_refuses_what_is_no_number(value: float) -> None:
    bad = Block(np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([value]), np.zeros(1), np.ones(1))
    with pytest.raises(SolverError, match=r"^highs refuses the sack: a coefficient is too large"):
        highs.made(Arrays.of(np.ones(1), np.zeros(1), np.ones(1), np.zeros(1, bool), [bad]), "the sack")


def test_highs_in_arrays_by_hand() -> None:
    """Whole: 3 and 0 are worth 6 and 2 and 1 are worth 7. In parts 3 and a half are worth 7.5."""
    whole = highs.mixed(sack(), time_limit=10.0)
    assert (whole.status, whole.bound, whole.reduced) == (Status.OPTIMAL, pytest.approx(7.0), None)
    assert whole.point is not None and whole.point.tolist() == pytest.approx([2, 1])
    parts = highs.mixed(sack(), time_limit=10.0, relax=True)
    assert (parts.status, parts.bound) == (Status.OPTIMAL, pytest.approx(7.5))
    assert parts.point is not None and parts.point.tolist() == pytest.approx([3, 0.5])
    # a unit of x more is 2 less the half unit of y that it takes the room of
    assert parts.reduced is not None and parts.reduced.tolist() == pytest.approx([0.5, 0.0])
    none = sack().bounded(np.full(2, 3.0), np.full(2, 3.0))
    for relax in (True, False):
        found = highs.mixed(none, time_limit=10.0, relax=relax)
        assert (found.status, found.point, found.reduced) == (Status.INFEASIBLE, None, None)
    assert highs.mixed(none, time_limit=10.0, relax=True).bound == INF
    begun = highs.mixed(sack(), time_limit=10.0, start=np.array([0.0, 2.0]), gap=0.9)
    assert begun.point is not None and begun.bound >= 7 - 1e-9


def test_some_in_whole_numbers_and_the_rest_in_parts() -> None:
    """With y whole 2 and 1 are worth 7; with x whole 3 and a half are worth 7.5."""
    import highspy

    for integer, value, at in (([False, True], 7.0, [2.0, 1.0]), ([True, False], 7.5, [3.0, 0.5])):
        some = replace(sack(), integer=np.array(integer))
        found = highs.mixed(some, time_limit=10.0)
        assert found.bound == pytest.approx(value) and found.point is not None
        assert found.point.tolist() == pytest.approx(at)
        kinds = [
            each == highspy.HighsVarType.kInteger for each in highs.made(some, "it").getLp().integrality_
        ]
        assert kinds == integer
    plain = replace(sack(), integer=np.zeros(2, bool))
    assert not list(highs.made(plain, "it").getLp().integrality_)
    # a model's binaries are asked for question by question
    assert not list(highs._engine(two()).getLp().integrality_)


def test_what_an_engine_is_given() -> None:
    """Every number of the problem, row by row, to be minimised until it is told otherwise."""
    import highspy

    block = Block(
        np.array([0, 1, 1]),
        np.array([1, 0, 1]),
        np.array([5.0, 6.0, 7.0]),
        np.array([-INF, 2.0]),
        np.array([8.0, 9.0]),
    )
    cost, low, high = np.array([1.5, -2.5]), np.array([-1.0, -INF]), np.array([INF, 3.0])
    lp = highs.made(Arrays.of(cost, low, high, np.array([True, False]), [block]), "it").getLp()
    assert (lp.num_col_, lp.num_row_) == (2, 2) and list(lp.col_cost_) == [1.5, -2.5]
    assert (list(lp.col_lower_), list(lp.col_upper_)) == ([-1.0, -INF], [INF, 3.0])
    assert (list(lp.row_lower_), list(lp.row_upper_)) == ([-INF, 2.0], [8.0, 9.0])
    assert lp.sense_ == highspy.ObjSense.kMinimize
    entries = {
        (row, column): value for row, values in enumerate(rows_of(lp)) for column, value in values.items()
    }
    assert entries == {(0, 1): 5.0, (1, 0): 6.0, (1, 1): 7.0}


def rows_of(lp: Any) -> list[dict[int, float]]:
    """Entries of HiGHS' matrix by row, whichever way it keeps them."""
    import highspy

    matrix, by_row = lp.a_matrix_, [dict[int, float]() for _ in range(lp.num_row_)]
    starts, index, value = list(matrix.start_), list(matrix.index_), list(matrix.value_)
    across = matrix.format_ == highspy.MatrixFormat.kRowwise
    for major, (begin, end) in enumerate(itertools.pairwise(starts)):
        for at in range(begin, end):
            row, column = (major, index[at]) if across else (index[at], major)
            by_row[row][column] = value[at]
    return by_row


def test_a_first_point_is_the_answer_where_it_is_close_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    import highspy

    asked: dict[str, Any] = {}
    real = highs.made

    def made(*args: Any) -> Any:
        engine = real(*args)
        engine.setOptionValue("presolve", "off")

        class Heard:
            def __getattr__(self, name: str) -> Any:
                def call(*words: Any) -> Any:
                    asked.setdefault(name, []).append(words)
                    return getattr(engine, name)(*words)

                return call

        return Heard()

    monkeypatch.setattr(highs, "made", made)
    highs.mixed(sack(), time_limit=0.001, gap=0.25, start=np.array([2.0, 1.0]))
    assert ("time_limit", 0.01) in asked["setOptionValue"] and ("mip_rel_gap", 0.25) in asked[
        "setOptionValue"
    ]
    assert asked["changeObjectiveSense"] == [(highspy.ObjSense.kMaximize,)]
    ((first,),) = asked["setSolution"]
    assert list(first.col_value) == [2.0, 1.0]
    asked.clear()
    highs.mixed(sack(), time_limit=9.0)
    assert ("time_limit", 9.0) in asked["setOptionValue"] and "setSolution" not in asked


def test_what_a_question_in_whole_numbers_asks_of_highs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The relaxation first; where it is whole or has no point, it is the answer, without prices."""
    asked: list[list[bool]] = []
    for parts, whole, expected, times in (
        (point(1.0, 0.5), point(3.0, 1.0), (Status.OPTIMAL, [3.0, 1.0], {"sum": 0.5}), 2),
        (point(1.0, 1 - 0.5e-9), None, (Status.OPTIMAL, [1.0, 1 - 0.5e-9], {}), 1),
        (point(1.0, 1 - 2e-9), point(3.0, 1.0), (Status.OPTIMAL, [3.0, 1.0], {"sum": 0.5}), 2),
        ((Status.INFEASIBLE, None, {}), None, (Status.INFEASIBLE, None, {}), 1),
        ((Status.UNBOUNDED, None, {}), (Status.INFEASIBLE, None, {}), (Status.INFEASIBLE, None, {}), 2),
    ):
        said = Said(parts, whole)
        monkeypatch.setattr(highs, "_run", said)
        model = two()
        status, at, duals = highs.answer(model, Question({"x": 1.0}), model.low, model.high, 3)
        assert (status, None if at is None else at.tolist(), duals) == expected and len(said.asked) == times
        assert all(each[5] == 3 for each in said.asked)
        asked.append([bool(each[4].any()) for each in said.asked])
    assert asked[0] == [False, True] and asked[1] == [False]
    said = Said(point(1.0, 0.5))
    monkeypatch.setattr(highs, "_run", said)
    model = two()
    assert highs.answer(model, Question({}, integer=False), model.low, model.high)[1].tolist() == [1.0, 0.5]  # type: ignore[union-attr]
    assert len(said.asked) == 1 and said.asked[0][5] is None


def test_highs_stays_warm_from_optimum_to_optimum() -> None:
    model = two()

    def ask(way: int | None, **bounds: tuple[float, float]) -> Status:
        question = Question({"x": 1.0}, bounds=bounds)
        return highs.answer(model, question, *model.column_bounds(question), way)[0]

    assert ask(None) is Status.OPTIMAL
    warm = model.warm["highs"]
    assert ask(None, x=(1.0, 2.0)) is Status.OPTIMAL and model.warm["highs"] is warm
    assert ask(None, x=(4.0, 4.0), b=(1.0, 1.0)) is Status.INFEASIBLE and "highs" not in model.warm
    assert ask(None) is Status.OPTIMAL and model.warm["highs"] is not warm
    assert ask(1) is Status.OPTIMAL and "highs" not in model.warm
    for way in range(len(highs.WAYS)):
        assert ask(way) is Status.OPTIMAL


def test_ways_are_options_of_a_fresh_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    real, options = highs.made, list[tuple[str, object]]()

    def made(*args: Any) -> Any:
        engine = real(*args)

        class Heard:
            def __getattr__(self, name: str) -> Any:
                return getattr(engine, name)

            def setOptionValue(self, name: str, value: Any) -> Any:
                options.append((name, value))
                return engine.setOptionValue(name, value)

        return Heard()

    monkeypatch.setattr(highs, "made", made)
    for way, own in enumerate(highs.WAYS):
        options.clear()
        model = two(binary=False)
        status, at, duals = highs.answer(model, Question({"x": 1.0, "b": 3.0}), model.low, model.high, way)
        assert status is Status.OPTIMAL and at is not None and at.tolist() == pytest.approx([3.0, 1.0])
        assert duals["sum"] == pytest.approx(1.0)
        assert [each for each in options if each[0] != "time_limit"] == list(own.items())
        tight = Question({"x": 1.0, "b": 3.0}, rows={"sum": (-INF, 1.0)})
        _, at, _ = highs.answer(model, tight, model.low, model.high, way)
        assert at is not None and at.tolist() == pytest.approx([0.0, 0.5])


def test_prices_are_of_questions_without_whole_numbers() -> None:
    model = two()
    for question, priced in (
        (Question({"x": 1.0, "b": 1.5}), False),
        (Question({"x": 1.0}, integer=False), True),
    ):
        for way in (None, 0):
            status, _, duals = highs.answer(model, question, model.low, model.high, way)
            assert status is Status.OPTIMAL and bool(duals) is priced


def test_every_engine_promises_the_same() -> None:
    """One thread, one seed, no gap, no word."""
    engine = highs.made(sack(), "it")
    promised = {"output_flag": False, "threads": 1, "random_seed": 1, "mip_rel_gap": 0.0, "parallel": "off"}
    assert {name: engine.getOptionValue(name)[1] for name in promised} == promised
    assert list(engine.getLp().integrality_) and not list(highs.made(sack(), "it", True).getLp().integrality_)


def test_what_was_printed_before_is_not_lost(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(1, "w", closefd=False) as out:
        monkeypatch.setattr(highs.sys, "stdout", out)
        print("before", end="", file=out)
        with highs.quiet():
            print("inside", end="", file=out, flush=True)
        monkeypatch.undo()
    assert capfd.readouterr().out == "before"


def test_a_library_without_a_word_is_told_by_its_kind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "highspy.py").write_text("import os\nraise OSError(os.environ['WHY'])")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "highspy", raising=False)
    for why, said in (("", "OSError: "), ("one\ntwo", "OSError: one")):
        monkeypatch.setenv("WHY", why)
        highs.broken.cache_clear()
        assert str(highs.broken()) == f"it is installed and cannot be imported: {said}"
        assert not highs.available()
    monkeypatch.undo()
    highs.broken.cache_clear()
    assert highs.broken() is None and highs.available()


def test_time_counts_from_when_a_question_is_asked() -> None:
    """An engine counts the seconds of all that it was ever asked."""
    asked: list[tuple[str, float]] = []
    engine = SimpleNamespace(
        setOptionValue=lambda *words: asked.append(words),
        getRunTime=lambda: 100.0,
        getModelStatus=lambda: None,
        **dict.fromkeys(
            ("changeColsBounds", "changeColsCost", "changeObjectiveSense", "changeColsIntegrality", "run"),
            lambda *_: None,
        ),
        changeRowsBounds=lambda *_: None,
    )
    model = two()
    asking = Question({"x": 1.0}, time_limit=7.0)
    assert highs._asked(engine, model, asking, model.low, model.high, model.binary) is Status.FAILED
    assert asked == [("time_limit", 107.0)]


def test_highs_says_nothing_when_it_is_made(capfd: pytest.CaptureFixture[str]) -> None:
    with highs.quiet():
        os.write(1, b"noise")
    os.write(1, b"after")
    assert capfd.readouterr().out == "after"
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    for _ in range(3):
        with pytest.raises(KeyError), highs.quiet():
            raise KeyError
    os.write(1, b"again")
    assert capfd.readouterr().out == "again"
    assert not before or len(os.listdir("/proc/self/fd")) == before


def test_without_a_standard_output_there_is_nothing_to_keep_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: int) -> int:
        raise OSError

    monkeypatch.setattr(highs.os, "dup", gone)
    ran = []
    with highs.quiet():
        ran.append(1)
    assert ran == [1]
    monkeypatch.setattr(highs.sys, "stdout", None)
    with highs.quiet():
        ran.append(2)
    assert ran == [1, 2]


def test_what_the_process_beside_has_left_is_read(tmp_path: Path) -> None:
    killed, fine = Ran(-9, ""), Ran(0, "")
    none = highs_apart._read(tmp_path, fine)
    assert (none.status, none.point, none.bound) == (Status.TIME_LIMIT, None, INF)
    with pytest.raises(SolverError, match=r"^highs failed: it was killed by signal 9"):
        highs_apart._read(tmp_path, killed)
    np.save(tmp_path / highs_apart.BEST, np.array([1.0, 2.0]))
    np.save(tmp_path / highs_apart.BOUND, np.array([7.5, 1.0]))
    for ran in (killed, fine, Ran(None, "")):
        found = highs_apart._read(tmp_path, ran)
        assert (found.status, found.bound) == (Status.TIME_LIMIT, 7.5)
        assert found.point is not None and found.point.tolist() == [1.0, 2.0]
    for word, status in (
        ("kOptimal", Status.OPTIMAL),
        ("kInfeasible", Status.INFEASIBLE),
        ("kTimeLimit", Status.TIME_LIMIT),
        ("kElse", Status.TIME_LIMIT),
    ):
        (tmp_path / highs_apart.END).write_text(word)
        assert highs_apart._read(tmp_path, fine).status is status
    (tmp_path / highs_apart.BEST).write_text("torn")
    assert highs_apart._read(tmp_path, fine).point is None


def test_what_is_handed_to_the_process_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def run(words: list[str], seconds: float, env: dict[str, str]) -> Ran:
        with np.load(Path(words[2]) / highs_apart.PROBLEM) as handed:
            calls.append((words, seconds, env, {name: handed[name].tolist() for name in handed.files}))
        return Ran(0, "")

    monkeypatch.setattr(highs_apart, "run", run)
    monkeypatch.setenv("PYTHONPATH", "/own")
    highs_apart.mixed(sack(), time_limit=5.0, gap=0.125, start=np.array([2.0, 1.0]))
    ((words, seconds, env, handed),) = calls
    assert words[:2] == [sys.executable, highs_apart.highs_worker.__file__] and words[4] == "0.125"
    assert 4.0 < seconds <= 5.0 and float(words[3]) == pytest.approx(seconds, abs=1e-3)
    assert env["PYTHONPATH"].split(os.pathsep)[-1] == "/own" and set(os.environ) <= set(env)
    assert all(path in env["PYTHONPATH"].split(os.pathsep) for path in sys.path if path)
    assert "" not in env["PYTHONPATH"].split(os.pathsep)
    assert handed == {
        "cost": [2.0, 3.0],
        "low": [0.0, 0.0],
        "high": [3.0, 3.0],
        "row_low": [-INF],
        "row_high": [4.0],
        "indptr": [0, 2],
        "indices": [0, 1],
        "data": [1.0, 2.0],
        "integer": [True, True],
        "start": [2.0, 1.0],
    }
    highs_apart.mixed(sack(), time_limit=-5.0)
    assert calls[1][1] == 0.05 and "start" not in calls[1][3] and calls[1][0][4] == "0"
    relaxed = highs_apart.mixed(sack(), time_limit=5.0, relax=True)
    assert relaxed.bound == pytest.approx(7.5) and len(calls) == 2


# ---- GLPK


def test_where_the_program_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one stated, or none; a wheel's own, but not its script; one beside Python; one on PATH."""

    def there(*parts: str, text: bytes = b"\x7fELF") -> str:
        file = tmp_path.joinpath(*parts)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
        return str(file)

    own = there("own")
    monkeypatch.setenv(glpk.PLACE, own)
    assert glpk.glpsol() == own and glpk.available()
    monkeypatch.setenv(glpk.PLACE, str(tmp_path))
    assert glpk.glpsol() is None and not glpk.available()
    monkeypatch.delenv(glpk.PLACE)
    monkeypatch.setattr(glpk.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(glpk.sys, "path", [str(tmp_path / "site")])
    monkeypatch.setattr(glpk.sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setattr(glpk.shutil, "which", lambda name: f"/path/{name}")
    assert glpk.glpsol() == "/path/glpsol"
    beside = there("prefix", "bin", "glpsol")
    assert glpk.glpsol() == beside
    conda = there("prefix", "Library", "bin", "glpsol.exe")
    assert glpk.glpsol() == conda
    there("site", "cmeel.prefix", "bin", "glpsol", text=b"#!python")
    assert glpk.glpsol() == conda
    wheel = there("site", "cmeel.prefix", "bin", "glpsol.exe")
    assert glpk.glpsol() == wheel
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path / "other" / "cmeel")])
    monkeypatch.setattr(glpk.importlib.util, "find_spec", lambda _: spec)
    assert glpk.glpsol() == wheel
    first = there("other", "cmeel.prefix", "bin", "glpsol")
    assert glpk.glpsol() == first
    spec.submodule_search_locations = None
    assert glpk.glpsol() == wheel


def test_a_wheels_libraries_are_found_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/mine")
    monkeypatch.delenv("DYLD_LIBRARY_PATH", raising=False)
    with glpk.found_libraries("/a/cmeel.prefix/bin/glpsol"):
        assert os.environ["LD_LIBRARY_PATH"] == os.pathsep.join([str(Path("/a/cmeel.prefix/lib")), "/mine"])
        assert os.environ["DYLD_LIBRARY_PATH"] == str(Path("/a/cmeel.prefix/lib"))
    assert os.environ["LD_LIBRARY_PATH"] == "/mine" and "DYLD_LIBRARY_PATH" not in os.environ
    with glpk.found_libraries("/usr/bin/glpsol"):
        assert os.environ["LD_LIBRARY_PATH"] == "/mine" and "DYLD_LIBRARY_PATH" not in os.environ


def test_glpks_last_words(tmp_path: Path) -> None:
    from pyomo.opt import SolverStatus, TerminationCondition

    log = tmp_path / "log"

    def ended(said: str | None, points: int, fine: bool = True, ok: bool = True) -> Status:
        log.unlink(missing_ok=True)
        if said is not None:
            log.write_text(said)
        known = TerminationCondition
        solver = SimpleNamespace(
            termination_condition=known.optimal if fine else known.other,
            status=SolverStatus.ok if ok else SolverStatus.warning,
        )
        return glpk._words(SimpleNamespace(solver=solver, solution=[0] * points), log)

    assert ended(None, 1) is Status.OPTIMAL is ended("OPTIMAL", 1)
    assert ended(None, 0) is Status.FAILED is ended(None, 1, fine=False) is ended(None, 1, ok=False)
    assert ended("TIME LIMIT EXCEEDED; SEARCH TERMINATED", 1) is Status.TIME_LIMIT
    # what ran out of time first decides
    assert ended("PROBLEM HAS NO FEASIBLE SOLUTION\nTIME LIMIT EXCEEDED", 0) is Status.TIME_LIMIT
    for words in ("NO PRIMAL FEASIBLE SOLUTION", "HAS NO FEASIBLE SOLUTION", "NO INTEGER FEASIBLE SOLUTION"):
        assert ended(f"x {words}\n", 0) is Status.INFEASIBLE
        assert ended(f"x {words}\n", 1) is Status.OPTIMAL
    for words in ("NO DUAL FEASIBLE SOLUTION", "LP HAS UNBOUNDED PRIMAL SOLUTION"):
        assert ended(words, 0) is Status.UNBOUNDED


def test_values_that_no_row_mentions_are_as_near_to_zero_as_may_be() -> None:
    columns = [SimpleNamespace(value=each) for each in (None, None, None, 2.5)]
    model: Any = SimpleNamespace(columns=lambda: columns)
    low, high = np.array([1.0, -5.0, -INF, 0.0]), np.array([9.0, -2.0, INF, 9.0])
    assert glpk._point(model, low, high).tolist() == [1.0, -2.0, 0.0, 2.5]


def test_a_point_off_by_more_than_a_hair_is_asked_for_without_the_presolver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    presolved: list[bool] = []
    monkeypatch.setattr(glpk, "glpsol", lambda: "/p/glpsol")
    monkeypatch.setattr(glpk, "_duals", lambda _: {"sum": 0.25})

    def ask(at: float, presolve: bool, *words: Status, binary: bool = False, **asked: Any) -> Answer:
        presolved.clear()
        monkeypatch.setattr(
            glpk,
            "_run",
            lambda *_, presolve: presolved.append(presolve),
        )
        monkeypatch.setattr(glpk, "_words", Said(*words))
        monkeypatch.setattr(glpk, "_point", lambda *_: np.array([at, 1.0]))
        model = two(binary=binary)
        return glpk.answer(model, Question({"x": 1.0}, **asked), model.low, model.high, presolve)

    good = Status.OPTIMAL
    status, at, duals = ask(3.0 + 4e-7, True, good)  # 8e-8 of a row of size 5
    assert (status, duals, presolved) == (good, {"sum": 0.25}, [True]) and at is not None
    assert ask(3.0 + 6e-7, True, good, good)[0] is good and presolved == [True, False]
    assert ask(3.0 + 6e-7, True, good, Status.FAILED)[:2] == (Status.FAILED, None)
    assert ask(3.0 + 6e-7, False, good)[0] is good and presolved == [False]
    assert ask(9.0, True, Status.INFEASIBLE) == (Status.INFEASIBLE, None, {}) and presolved == [True]
    assert ask(3.0, True, good, binary=True)[2] == {}
    assert ask(3.0, True, good, binary=True, integer=False)[2] == {"sum": 0.25}
    assert ask(3.0 + 6e-7, True, good, rows={"sum": (-INF, 6.0)})[0] is good and presolved == [True]
    for error, words in (
        (ValueError("one\ntwo"), r"^glpk failed \(/p/glpsol\): its answer cannot be read: one$"),
        (ValueError(""), r": its answer cannot be read: ValueError$"),
        (SolverError("mine"), "^mine$"),
    ):
        with pytest.raises(SolverError, match=words):
            ask(3.0, True, error)  # type: ignore[arg-type]
    late = subprocess.TimeoutExpired("glpsol", 1.0)
    assert ask(3.0, True, late) == (Status.TIME_LIMIT, None, {})  # type: ignore[arg-type]
    monkeypatch.setattr(glpk, "glpsol", lambda: None)
    with pytest.raises(SolverError, match=r"^glpk is not installed$"):
        ask(3.0, True, good)


def test_pyomos_loggers_are_as_before() -> None:
    names = ("pyomo", "pyomo.core", "pyomo.opt", "pyomo.solvers", "pyomo.common")
    before = [logging.getLogger(name).level for name in names]
    logging.getLogger("pyomo.core").setLevel(7)
    try:
        with pytest.raises(KeyError), glpk._quiet():
            assert {logging.getLogger(name).level for name in names} == {logging.CRITICAL + 1}
            raise KeyError
        after = [logging.getLogger(name).level for name in names]
        assert after == [before[0], 7, *before[2:]]
    finally:
        logging.getLogger("pyomo.core").setLevel(before[1])


def test_a_question_is_written_into_pyomos_model() -> None:
    import pyomo.environ as pyo

    model = two()
    question = Question({"b": 3.0}, maximise=False, bounds={"x": (1.0, INF)}, rows={"sum": (2.0, 2.0)})
    glpk._ask(model, question, *model.column_bounds(question))
    x, b = model.columns()
    assert (x.lb, x.ub, b.lb, b.ub) == (1.0, None, 0.0, 1.0)
    assert x.domain is pyo.Reals and b.domain is pyo.Binary
    assert model.pyomo.objective.sense == pyo.minimize
    x.set_value(1.0), b.set_value(1.0, skip_validation=True)
    assert pyo.value(model.pyomo.objective) == 3.0
    row = model.pyomo.rows["sum"]
    assert (pyo.value(row.lower), pyo.value(row.upper), pyo.value(row.body)) == (2.0, 2.0, 3.0)
    plain = Question({}, integer=False, rows={"sum": (-INF, INF)})
    glpk._ask(model, plain, *model.column_bounds(plain))
    assert not row.active and b.domain is pyo.Reals and model.pyomo.objective.sense == pyo.maximize
    assert x.value is None and (x.lb, x.ub) == (0.0, 4.0)
    glpk._ask(model, Question({"x": 1.0}), model.low, model.high)
    assert row.active and row.lower is None and pyo.value(row.upper) == 5.0
    other = Question({"x": 1.0}, rows={"sum": (1.0, INF)})
    glpk._ask(model, other, model.low, model.high)
    assert pyo.value(row.lower) == 1.0 and row.upper is None
    assert isinstance(model.pyomo.dual, pyo.Suffix)
    single = Rows()
    single.variable("only", 1.0, 4.0)
    alone = Compiled(single)
    glpk._ask(alone, Question({}), alone.low, alone.high)
    (only,) = alone.columns()
    only.set_value(3.0)
    assert pyo.value(alone.pyomo.objective) == 0.0


def test_what_glpk_is_told_of_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, the sense, seconds in whole numbers, the gap or no whole numbers; and how it ends."""
    from dabiao.solvers import glpk_arrays

    asked: list[Any] = []
    ends: dict[str, Any] = {"code": 0, "said": "", "text": "s mip 1 2 o 7\nj 1 2\nj 2 1\ne o f\n"}

    def run(words: list[str], seconds: float) -> Ran:
        asked.append((words, seconds, Path(words[2]).read_text()))
        if ends["code"] == "none":
            raise PermissionError(13, "Permission denied")
        if ends["text"]:
            Path(words[5]).write_text(ends["text"])
        return Ran(ends["code"], ends["said"])

    monkeypatch.setattr(glpk_arrays, "run", run)
    monkeypatch.setattr(glpk_arrays, "glpsol", lambda: "/p/glpsol")
    found = glpk_arrays.mixed(sack(), time_limit=7.9, gap=0.125, start=np.zeros(2))
    assert (found.status, found.bound) == (Status.OPTIMAL, 7.0) and found.point is not None
    ((words, seconds, written),) = asked
    assert words[:2] == ["/p/glpsol", "--freemps"] and words[3:5] == ["--max", "-w"]
    assert words[6:] == ["--tmlim", "7", "--mipgap", "0.125"] and seconds == 7.9
    assert written == glpk_arrays.mps(sack(), False) != glpk_arrays.mps(sack(), True)
    for limit, whole, least in ((8.2, "7", 8.2), (8.4, "8", 8.4), (0.5, "1", 0.5), (0.01, "1", 0.1)):
        glpk_arrays.mixed(sack(), time_limit=limit)
        assert (asked[-1][0][7], asked[-1][1]) == (whole, least) and asked[-1][0][9] == "0"
    ends["text"] = "s bas 1 2 f f 7.5\nj 1 u 3 0.5\nj 2 b 0.5 0\ne o f\n"
    relaxed = glpk_arrays.mixed(sack(), time_limit=5.0, relax=True)
    assert relaxed.reduced is not None and relaxed.reduced.tolist() == [0.5, 0.0]
    assert asked[-1][0][8:] == ["--nomip"] and "MARKER" not in asked[-1][2]
    ends["code"] = None
    late = glpk_arrays.mixed(sack(), time_limit=5.0)
    assert (late.status, late.point, late.bound) == (Status.TIME_LIMIT, None, INF)
    for code, text, words_said in (
        (3, "x", "it ended with code 3 and said: last"),
        (0, "", "it ended with code 0 and said: last"),
        (-9, "x", "it was killed by signal 9"),
        ("none", "", "permission denied"),
    ):
        ends.update(code=code, text=text, said="first\nlast\n")
        with pytest.raises(SolverError, match=rf"^glpk failed \(/p/glpsol\): {words_said}"):
            glpk_arrays.mixed(sack(), time_limit=5.0)
    monkeypatch.setattr(glpk_arrays, "glpsol", lambda: None)
    with pytest.raises(SolverError, match=r"^glpk is not installed$"):
        glpk_arrays.mixed(sack(), time_limit=5.0)


def test_how_the_program_is_called_and_its_end_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A tenth of a second and one more than its own limit; its options; a point only where there is one."""
    calls: list[Any] = []
    ends: list[Any] = []

    def run(words: list[str], seconds: float) -> Any:
        calls.append((words, seconds))
        end = ends.pop(0)
        if isinstance(end, OSError):
            raise end
        return end

    monkeypatch.setattr(glpk, "run", run)
    shell = glpk._shell()(executable=sys.executable)
    shell._timelimit = 50.0
    command = SimpleNamespace(cmd=["/p", "a"])
    ends[:] = [Ran(0, "fine"), Ran(None, ""), Ran(2, "no"), FileNotFoundError(2, "x")]
    assert shell._execute_command(command) == [0, "fine"] and calls == [(["/p", "a"], 51.5)]
    with pytest.raises(subprocess.TimeoutExpired) as late:
        shell._execute_command(command)
    assert late.value.timeout == 50.0
    for words in (r"it ended with code 2 and said: no$", r"no such file or folder$"):
        with pytest.raises(SolverError, match=r"^glpk failed \(/p\): " + words):
            shell._execute_command(command)
    ends[:] = [
        Ran(0, "GLPSOL--GLPK LP/MIP Solver 5.0"),
        Ran(0, "hello"),
        Ran(1, "GLPSOL--GLPK LP/MIP Solver 5.0"),
    ]
    assert shell._get_version("/q")[:2] == (5, 0) and calls[-1] == (["/q", "--version"], 10.0)
    for _ in range(2):
        with pytest.raises(SolverError, match=r"it is no GLPK; asked for its version, it ended with code"):
            shell._get_version("/q")
    asked: list[Any] = []
    loaded: list[Any] = []

    class Shell:
        def __init__(self, executable: str) -> None:
            self.options: dict[str, str] = {}

        def solve(self, build: Any, **more: Any) -> Any:
            asked.append((dict(self.options), more))
            return SimpleNamespace(solution=[1] * (len(asked) - 1))

    monkeypatch.setattr(glpk, "_shell", lambda: Shell)
    build = SimpleNamespace(solutions=SimpleNamespace(load_from=loaded.append))
    for limit, seconds in ((7.2, 8), (0.2, 1), (60.0, 60)):
        glpk._run(
            build, sys.executable, Question({}, time_limit=limit), tmp_path / "log", presolve=limit > 7.0
        )
        assert asked[-1][1] == {
            "load_solutions": False,
            "timelimit": seconds,
            "logfile": str(tmp_path / "log"),
        }
    assert [options for options, _ in asked] == [{}, {"nopresol": "", "nointopt": ""}, {}] and len(
        loaded
    ) == 2
    (tmp_path / "plain").write_text("x")
    with pytest.raises(SolverError, match="it may not be executed"):
        glpk._run(build, str(tmp_path / "plain"), Question({}), tmp_path / "log")


# ---- a program beside


def test_a_program_is_run_to_its_end() -> None:
    told = {**os.environ, "A": "b", "PYTHONIOENCODING": "utf-8"}
    asked = "import os, sys; print(os.environ['A'], 'é', sys.stdin.read()); sys.exit(3)"
    assert program.run([sys.executable, "-c", asked], 20.0, told) == Ran(3, "b é \n")
    mixed = "import sys; print('out', flush=True); print('err', file=sys.stderr)"
    assert program.run([sys.executable, "-c", mixed], 20.0) == Ran(0, "out\nerr\n")
    with pytest.raises(FileNotFoundError):
        program.run(["/nowhere/program"], 1.0)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals are held back otherwise there")
def test_an_interrupt_waits_for_a_few_lines_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was held back before is held back after; an error on the way changes nothing."""

    def held() -> set[int]:
        return {int(each) for each in signal.pthread_sigmask(signal.SIG_BLOCK, ())}

    before = held()
    assert signal.SIGINT not in before
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        with program.interrupts_wait():
            assert held() == before | {signal.SIGUSR1, signal.SIGINT}
        assert held() == before | {signal.SIGUSR1}
        with pytest.raises(KeyError), program.interrupts_wait():
            raise KeyError
        assert held() == before | {signal.SIGUSR1}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    monkeypatch.delattr(signal, "pthread_sigmask")
    ran = []
    with program.interrupts_wait():
        ran.append(1)
    assert ran == [1]


def test_what_a_program_started_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is up after a tenth of a second: the program is gone, and its output is closed."""
    begun: list[Any] = []
    real = subprocess.Popen

    def noted(*words: Any, **more: Any) -> Any:
        begun.append((real(*words, **more), more))
        return begun[-1][0]

    monkeypatch.setattr(program.subprocess, "Popen", noted)
    assert program.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.1) == Ran(None, "")
    ((process, more),) = begun
    assert process.poll() is not None and process.stdout.closed
    assert more["stdin"] == subprocess.DEVNULL and more["stderr"] == subprocess.STDOUT
    assert more["text"] is True and more["start_new_session"] is True


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no groups of processes")
def test_what_a_program_left_running_ends_with_it(tmp_path: Path) -> None:
    """A program ends at once and leaves one of its own behind: that is gone too."""
    told = tmp_path / "left"
    made = f"echo $$ > {told}; exec sleep 60"
    leaves = f"import subprocess as s; s.Popen(['sh', '-c', {made!r}], stdout=s.DEVNULL, stderr=s.DEVNULL)"
    there = f"os.path.exists({str(told)!r}) and os.path.getsize({str(told)!r})"
    waits = f"import os, time\nwhile not ({there}): time.sleep(0.01)"
    assert program.run([sys.executable, "-c", f"{leaves}\n{waits}"], 30.0) == Ran(0, "")
    left = int(told.read_text())
    for _ in range(500):
        if gone(left):
            return
        time.sleep(0.01)
    os.kill(left, signal.SIGKILL)
    pytest.fail("what the program had started still runs")


def gone(number: int) -> bool:
    """Whether a process has ended; what nobody has asked after its end counts."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{number}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_end_of_a_program_in_words() -> None:
    assert str(Ran(None, "x").told()) == "it did not end in time and was stopped"
    assert str(Ran(-9, "x").told()) == "it was killed by signal 9; is there memory enough?"
    assert str(Ran(0, "a\n b \n\n").told()) == "it ended with code 0 and said: b"
    assert str(Ran(4, " \n").told()) == "it ended with code 4 and said nothing"


# ---- a model


def test_what_is_too_large_is_refused_at_the_edge() -> None:
    below = np.nextafter(LARGEST, 0)
    rows = Rows()
    assert rows.variable("a", -below, below) == "a" and rows.variable("b", -INF, INF) == "b"
    ends = ((-LARGEST, 0.0), (0.0, LARGEST), (0.0, -LARGEST), (0.0, -INF), (INF, 0.0), (INF, INF))
    for low, high in (*ends, (np.nan, 0.0), (0.0, np.nan)):
        with pytest.raises(
            SolverError, match=re.escape(f"variable c is bounded by {low:g}, {high:g}, which a")
        ):
            rows.variable("c", low, high)
        with pytest.raises(
            SolverError, match=re.escape(f"constraint c is bounded by {low:g}, {high:g}, which")
        ):
            Rows().row("c", {}, low, high)
    rows.row("fine", {"a": below, "b": below}, -below, below)  # their sum is above
    rows.row("unbounded", {"a": 1.0})
    rows.row("crossed", {"a": 1.0}, 2.0, 1.0)
    assert list(rows.spans) == ["fine", "crossed"] and rows.impossible == []
    with pytest.raises(SolverError, match="coefficient"):
        rows.row("alone", {"a": LARGEST}, high=1.0)
    for value in (LARGEST, -LARGEST, np.nan):
        with pytest.raises(SolverError, match=r"^constraint d has a coefficient that is not a number"):
            Rows().row("d", {"a": 1.0, "b": value}, high=1.0)
    check_span("variable", "x", -INF, INF)
    model = Compiled(rows)
    for name, span in (("a", (0.0, LARGEST)), ("b", (np.nan, 1.0))):
        with pytest.raises(SolverError, match=rf"^variable {name} is bounded"):
            model.column_bounds(Question({}, bounds={name: span}))
        with pytest.raises(SolverError, match=r"^constraint fine is bounded"):
            model.row_bounds(Question({}, rows={"fine": span}))
    for cost in (LARGEST, -LARGEST, np.nan):
        with pytest.raises(SolverError, match=r"^the objective has a coefficient"):
            model.cost(Question({"b": cost}))
    assert model.cost(Question({"b": below})).tolist() == [0.0, below]


def test_rows_without_variables_hold_or_never_do() -> None:
    """0 between the bounds, to a billionth."""
    rows = Rows()
    rows.variable("x")
    for at, (low, high) in enumerate(
        ((-1.0, 1.0), (0.9e-9, INF), (1.1e-9, INF), (-INF, -0.9e-9), (-INF, -1.1e-9), (0.0, 0.0))
    ):
        rows.row(f"r{at}", {"x": 0.0} if at % 2 else {}, low, high)
    rows.row("edge", {}, low=1e-9), rows.row("other edge", {}, high=-1e-9)
    assert rows.impossible == ["r2", "r4"] and Compiled(rows).impossible == ("r2", "r4")
    rows.row(
        "kept",
        {
            "x": 2.0,
        },
        low=1.0,
    )
    assert [(name, places, values, low, high) for name, places, values, low, high in rows.rows] == [
        ("kept", [0], [2.0], 1.0, INF)
    ]


def test_a_binary_is_at_most_one() -> None:
    rows = Rows()
    rows.variable("b", 0.0, INF, binary=True)
    rows.variable("c", 0.0, 0.0, binary=True)
    with pytest.raises(ValueError, match=r"^variable c is declared twice$"):
        rows.variable("c")
    rows.row("r", {"b": 1.0}, high=1.0), rows.row("empty", {}, high=1.0)
    for name in ("r", "empty"):
        with pytest.raises(ValueError, match=rf"^constraint {name} is declared twice$"):
            rows.row(name, {"b": 1.0}, high=1.0)
    rows.variable("x", 0.0, 7.0)
    assert rows.bounds == [(0.0, 1.0), (0.0, 0.0), (0.0, 7.0)] and rows.binary == [True, True, False]


def test_how_far_a_point_of_a_model_is_off() -> None:
    """Rows by the size of their terms, bounds by the size of the value; what is small by itself."""
    model = two()
    low, high = model.low, model.high

    def off(x: float, b: float, **more: Any) -> float:
        return model.violation(np.array([x, b]), more.pop("low", low), more.pop("high", high), **more)

    assert off(3.0, 1.0) == 0.0
    assert off(4.0, 1.0) == pytest.approx(1 / 6)
    assert off(-0.5, 0.0) == 0.5 and off(-2.0, 0.0) == 1.0 and off(5.0, 0.0) == pytest.approx(1 / 5)
    assert off(1.0, 1.0, rows=(np.array([4.0]), np.array([9.0]))) == pytest.approx(1 / 3)
    assert off(0.25, 0.0, rows=(np.array([0.5]), np.array([9.0]))) == 0.25
    assert off(1.0, 0.0, low=np.array([3.0, 0.0])) == 2.0
    assert model.fraction(np.array([0.4, 0.75])) == 0.25 and model.fraction(np.array([0.4, 1.0])) == 0.0
    assert Compiled(Rows()).violation(np.zeros(0), np.zeros(0), np.zeros(0)) == 0.0
    assert two(binary=False).fraction(np.array([0.5, 0.5])) == 0.0


def test_directions_without_end() -> None:
    """A variable without a bound on one side may go there, a row without one as well."""
    rows = Rows()
    for name, span in {"a": (0.0, 4.0), "b": (-INF, 4.0), "c": (0.0, INF), "d": (-INF, INF)}.items():
        rows.variable(name, *span)
    rows.row("r", {"a": 1.0, "b": -2.0, "d": 3.0}, 1.0, 5.0)
    rows.row("s", {"b": 1.0}, low=1.0)
    rows.row("t", {"c": 1.0}, high=1.0)
    model = Compiled(rows)
    cone = model.rays(model.low, model.high)
    assert cone.low.tolist() == [0, -1, 0, -1] and cone.high.tolist() == [0, 0, 1, 1]
    assert (cone.row_low.tolist(), cone.row_high.tolist()) == ([0, 0, -INF], [0, INF, 0])
    assert cone.matrix.data.tolist() == model.matrix.data.tolist() and not cone.binary.any()
    other = model.rays(np.zeros(4), np.full(4, INF), (np.full(3, -INF), np.array([1.0, INF, INF])))
    assert other.low.tolist() == [0] * 4 and other.high.tolist() == [1] * 4
    assert other.row_names == ("r",) and other.row_high.tolist() == [0]


def test_a_model_as_pyomos() -> None:
    import pyomo.environ as pyo

    rows = Rows()
    for name, span in {"a": (0.0, 4.0), "b": (-INF, 4.0), "c": (0.0, 4.0)}.items():
        rows.variable(name, *span)
    rows.variable("d", binary=True)
    rows.row("low", {"a": 2.0, "d": -3.0}, low=1.0)
    rows.row("equal", {"b": 1.0}, 2.0, 2.0)
    rows.row("both", {"c": 1.0, "a": 5.0}, 1.0, 9.0)
    model, columns = pyomo_model(rows)
    assert [(each.lb, each.ub) for each in columns] == [(0.0, 4.0), (None, 4.0), (0.0, 4.0), (0.0, 1.0)]
    assert [each.domain is pyo.Binary for each in columns] == [False, False, False, True]
    for column, value in zip(columns, (1.0, 2.0, 3.0, 1.0), strict=True):
        column.set_value(value)
    found = {
        name: (pyo.value(row.lower), pyo.value(row.body), pyo.value(row.upper))
        for name, row in model.rows.items()
    }
    assert found == {"low": (1.0, -1.0, None), "equal": (2.0, 2.0, 2.0), "both": (1.0, 8.0, 9.0)}
    empty, none = pyomo_model(Rows())
    assert none == [] and len(empty.rows) == 0
    assert weights([("a", 1.0), ("b", 2.0), ("a", 3.0)]) == {"a": 4.0, "b": 2.0}


def test_bounds_that_most_variables_share_are_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five variables two have their own: a hundred thousand others are not gone through one by one."""
    rows = Rows()
    for name, span in {"a": (0.0, 4.0), "b": (1.0, INF), "c": (0.0, 4.0), "d": (0.0, 4.0)}.items():
        rows.variable(name, *span)
    rows.variable("e", binary=True)
    kind = type(pyomo_model(rows)[1][0])
    real, told = kind.setlb, list[Any]()
    monkeypatch.setattr(kind, "setlb", lambda self, to: told.append((self.index(), to)) or real(self, to))
    _, columns = pyomo_model(rows)
    assert told == [(1, 1.0), (4, 0.0)] and [each.index() for each in columns] == list(range(5))
    assert [each.ub for each in columns] == [4.0, None, 4.0, 4.0, 1.0]


def test_garbage_is_left_lying_while_a_model_is_made() -> None:
    """And looked for as before afterwards, whether it was or not."""
    import gc

    from dabiao.solvers.model import _no_garbage

    assert gc.isenabled()
    with _no_garbage():
        assert not gc.isenabled()
        with _no_garbage():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), _no_garbage():
        raise KeyError
    assert gc.isenabled()


def test_a_matrix_by_rows_and_by_columns() -> None:
    """[1 0 2], [0 0 0], [0 3 -4]"""
    table = Matrix.of([([0, 2], [1.0, 2.0]), ([], []), ([2, 1], [-4.0, 3.0])], 3)
    assert table.row.tolist() == [0, 0, 2, 2] and table.shape == (3, 3)
    assert (table @ np.array([1.0, 10.0, 100.0])).tolist() == [201, 0, -370]
    assert (abs(table) @ np.array([1.0, 10.0, 100.0])).tolist() == [201, 0, 430]
    turned = table.T
    assert (turned.indptr.tolist(), turned.indices.tolist()) == ([0, 1, 2, 4], [0, 2, 0, 2])
    assert turned.data.tolist() == [1, 3, 2, -4] and turned.shape == (3, 3)
    assert [table.column(j).tolist() for j in range(3)] == [[1, 0, 0], [0, 0, 3], [2, 0, -4]]
    wide = Matrix.of([([3], [5.0])], 4)
    assert wide.T.shape == (4, 1) and wide.T.indptr.tolist() == [0, 0, 0, 0, 1]
