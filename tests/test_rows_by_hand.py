"""Rows of the planning problem on two sectors and two years, written out; and ways to have tasks done."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.sweep import ways
from dabiao.engine.sweep.ledger import Finished
from dabiao.engine.sweep.tasks import Task, hashed
from dabiao.models.limits import TOTAL_MONEY
from dabiao.models.span import MEASURES
from dabiao.solvers import problem
from dabiao.solvers.decision_variables import DecisionVariables
from dabiao.solvers.model import Rows
from dabiao.solvers.problem import ALL_MONEY, APART, EXTRA, UNSPENT, PlanningProblem, enough_for
from planning import target


def written(rows: Rows) -> dict[str, tuple[dict[str, float], float, float]]:
    return {
        name: ({rows.names[at]: value for at, value in zip(places, values, strict=True)}, low, high)
        for name, places, values, low, high in rows.rows
    }


def money_rows(*names: str) -> Rows:
    rows = Rows()
    for name in names:
        rows.variable(name)
    return rows


def limit(key: str, totals: tuple[float, ...], **more: Any) -> Any:
    grounds = [SimpleNamespace(total=each) for each in totals]
    usual = {"all_money": True, "sets_total": False, "together": False}
    return SimpleNamespace(**{**usual, "id": key, "grounds": lambda _: grounds, **more})


GROUND: Any = SimpleNamespace(total=100.0, sectors=("a", "b"), planned=np.array([60.0, 40.0]))
INF = float("inf")


def test_more_money_is_a_relaxation_of_limits_of_other_years() -> None:
    """110 and 121 planned in their years: of all together 2.31 of the year's money, of each 1.21."""
    rows = money_rows(EXTRA, "relax:sum", "relax:each", "relax:points")
    points = limit("points", (1.0,), all_money=False)
    bounds = [limit("sum", (110.0, 121.0), together=True), limit("each", (110.0, 121.0)), points]
    problem._extra(rows, bounds, GROUND)
    terms, low, high = written(rows)["extra money"]
    assert terms == {
        EXTRA: 1.0,
        APART: -1.0,
        "relax:sum": pytest.approx(-1 / 2.31),
        "relax:each": pytest.approx(-1 / 1.21),
    }
    assert (low, high) == (-INF, 0.0) and rows.bounds[rows.at[APART]] == (0.0, 0.0)
    for none in ([points], [*bounds, limit("now", (100.0,), sets_total=True)]):
        rows = money_rows(EXTRA, "relax:sum", "relax:each", "relax:points")
        problem._extra(rows, none, GROUND)
        assert written(rows) == {} and APART not in rows.at


def test_how_far_money_is_from_the_plans_share() -> None:
    rows = money_rows("money:a", "money:b", EXTRA, UNSPENT)
    problem._distance(
        rows, SimpleNamespace(total=90.0, planned=np.array([60.0, 40.0])), ["money:a", "money:b"]
    )  # type: ignore[arg-type]
    found = written(rows)
    a = {EXTRA: -0.6, UNSPENT: 0.6, "money:a": 1.0}
    assert found["more:money:a"] == ({**a, "away:money:a": -1.0}, -INF, pytest.approx(54.0))
    assert found["less:money:a"] == ({**a, "away:money:a": 1.0}, pytest.approx(54.0), INF)
    assert found["less:money:b"][1] == pytest.approx(36.0) and len(found) == 4


def test_money_moved_between_two_years() -> None:
    """60 and 40 in the second year; half and a quarter of it in the first, where 10 of the second sector are
    fixed: 50 and 100. A limit lets only 90 of 100 be spent; a fifth of a year's money may be moved."""
    ratio, rest = np.array([[0.5, 1.0], [0.25, 1.0]]), np.array([[0.0, 0.0], [10.0, 0.0]])
    variables: Any = SimpleNamespace(
        money=np.array([60.0, 40.0]),
        ratio=ratio,
        rest=rest,
        moves=((0, 0),),
        movable=0.2,
        year=2,
        choices=(),
        investment=lambda money: money[:, None] * ratio + rest,
    )
    rows = money_rows("money:a", "money:b", "move", EXTRA, UNSPENT)
    ground = SimpleNamespace(total=90.0, sectors=("a", "b"), paths=object())
    problem._between_years(rows, variables, ground, ["money:a", "money:b"], ["move"])  # type: ignore[arg-type]
    assert written(rows) == {
        "year total:1": (
            {"money:a": 0.5, "money:b": 0.25, "move": 1.0, EXTRA: -0.5, UNSPENT: 0.5},
            pytest.approx(45 - 10 - 10),
            pytest.approx(45 + 10 - 10),
        ),
        "year total:2": (
            {"money:a": 1.0, "money:b": 1.0, EXTRA: -1.0, UNSPENT: 1.0},
            pytest.approx(90 - 20),
            pytest.approx(90 + 20),
        ),
        TOTAL_MONEY: (
            {"money:a": 1.5, "money:b": 1.25, "move": 1.0, EXTRA: -1.5, UNSPENT: 1.5},
            pytest.approx(135 - 10),
            pytest.approx(135 - 10),
        ),
        ALL_MONEY + "a": ({"move": -1.0, ALL_MONEY + "a": 1.0, "money:a": -1.5}, 0.0, 0.0),
        ALL_MONEY + "b": ({ALL_MONEY + "b": 1.0, "money:b": -1.25}, 10.0, 10.0),
        "kept:move": ({"money:a": 0.5, "move": 1.0}, 15.0, INF),
        "more:move": ({"move": 1.0, "away:move": -1.0}, -INF, 0.0),
        "less:move": ({"move": 1.0, "away:move": 1.0}, 0.0, INF),
    }
    # a first year that is over neither moves nor grows
    variables.ratio, variables.rest = np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[30.0, 0.0], [20.0, 0.0]])
    variables.investment = lambda money: money[:, None] * variables.ratio + variables.rest
    variables.moves = ()
    rows = money_rows("money:a", "money:b", EXTRA, UNSPENT)
    problem._between_years(rows, variables, ground, ["money:a", "money:b"], [])  # type: ignore[arg-type]
    found = written(rows)
    assert "year total:1" not in found and found[ALL_MONEY + "a"][1:] == (30.0, 30.0)
    assert found[TOTAL_MONEY] == (
        {"money:a": 1.0, "money:b": 1.0, EXTRA: -1.0, UNSPENT: 1.0},
        pytest.approx(90.0),
        pytest.approx(90.0),
    )


def test_the_least_money_that_named_projects_leave_a_sector() -> None:
    """5 in the first year, of which 1 is spent in any case and the rest comes at half the pace: 8; a year
    whose money is all fixed asks for none."""
    own: Any = SimpleNamespace(
        rest=np.array([[1.0, 0.0], [10.0, 0.0]]), ratio=np.array([[0.5, 1.0], [0.0, 1.0]])
    )
    planned = np.array([[5.0, 2.0], [12.0, 3.0]])
    assert DecisionVariables.least(own, planned).tolist() == [8.0, 3.0]


def test_named_projects_tie_money_and_start_once() -> None:
    """5 and 2 of fixed projects in two years; one that needs 4 then 1, or 0 then 5 a year later."""
    choices = tuple(
        SimpleNamespace(project="mill", sector=0, planned=np.array(own)) for own in ([4.0, 1.0], [0.0, 5.0])
    )
    variables: Any = SimpleNamespace(
        money=np.array([60.0, 40.0]),
        ratio=np.array([[0.5, 1.0], [0.25, 1.0]]),
        rest=np.array([[1.0, 0.0], [0.0, 0.0]]),
        moves=(),
        choices=choices,
        fixed_planned=np.array([[5.0, 2.0], [0.0, 0.0]]),
    )
    rows = money_rows("money:a", "money:b", "now", "then", EXTRA, UNSPENT)
    problem._money(rows, variables, GROUND, ["money:a", "money:b"], ["now", "then"])
    assert written(rows) == {
        TOTAL_MONEY: ({"money:a": 1.0, "money:b": 1.0, UNSPENT: 1.0, EXTRA: -1.0}, 100.0, 100.0),
        "named projects:a:1": ({"money:a": 0.5, "now": -4.0}, 4.0, INF),
        "named projects:a:2": ({"money:a": 1.0, "now": -1.0, "then": -5.0}, 2.0, INF),
        "starts once:mill": ({"now": 1.0, "then": 1.0}, 1.0, 1.0),
    }


def test_what_a_goal_lacks_of_its_tiers() -> None:
    """In points of a rate; in percent of a level; of a ceiling what is beyond it."""
    rate = replace(target("gdp_growth", 6.0), id="rate", digits=1, stretch=6.5)
    level = replace(target("key_project_investment", 200.0), id="level", digits=0)
    cap = replace(target("gdp_growth", None, 4.0), id="cap", digits=1)
    rows = money_rows("rate", "level", "cap")
    problem._shortfalls(rows, [rate, level, cap, replace(rate, id="fixed")], {k: k for k in rows.names})
    found = written(rows)
    assert found["short:rate:ensure"] == (
        {"rate": 1.0, "short:rate:ensure": 1.0},
        pytest.approx(5.95 + 0.00005),
        INF,
    )
    assert found["short:rate:stretch"][1] == pytest.approx(6.45 + 0.00005)
    assert found["short:level:ensure"][0]["short:level:ensure"] == 2.0
    assert found["short:level:ensure"][1] == pytest.approx(199.5005)
    assert found["short:cap:at_most"] == (
        {"cap": -1.0, "short:cap:at_most": 1.0},
        pytest.approx(-4.05 + 0.00005),
        INF,
    )
    assert len(found) == 4
    assert enough_for(rate, 6.0) == 6.0 and enough_for(replace(rate, margin=0.25), 6.0) == 5.75


def made(**more: Any) -> PlanningProblem:
    usual = dict.fromkeys(
        ("compiled", "variables", "ground", "goals", "fixed", "leaders", "output", "va", "year", "bounds")
    )
    return PlanningProblem(**{**usual, "bounds": (), "goals": {}, **more})  # type: ignore[arg-type]


def test_money_by_which_plans_are_compared() -> None:
    """Of the year, or of all years where it moves between them."""
    own: Any = SimpleNamespace(moves=(), money=np.array([60.0, 40.0]), choices=(), names=(), year=2)
    one = made(variables=own, ground=GROUND)
    weights, fixed = one.spent
    assert (one.mix, one.levers) == (("money:a", "money:b"), ("money:a", "money:b"))
    assert weights.tolist() == [1, 1] and fixed == 0.0 and one.extra(130.0) == 30.0
    ratio, rest = np.array([[0.5, 1.0, 1.1], [0.25, 1.0, 1.1]]), np.array([[0.0, 0.0, 0.0], [10.0, 0.0, 7.0]])
    own = SimpleNamespace(
        moves=((0, 0),),
        money=np.array([60.0, 40.0]),
        choices=("c",),
        names=("start", "move:a"),
        year=2,
        ratio=ratio,
        rest=rest,
        investment=lambda money: money[:, None] * ratio + rest,
    )
    two = made(variables=own, ground=GROUND)
    weights, fixed = two.spent
    assert two.mix == (ALL_MONEY + "a", ALL_MONEY + "b") and two.levers == ("money:a", "money:b", "move:a")
    assert weights.tolist() == [1.5, 1.25, 1.0] and fixed == 10.0
    # 150 in two years, of which 100 in the second: a unit more there is 1.5 in all
    assert two.extra(150.0) == 0.0 and two.extra(153.0) == pytest.approx(2.0)
    less = made(variables=own, ground=SimpleNamespace(total=90.0, sectors=("a", "b")))
    assert less.extra(135.0) == pytest.approx(0.0)


def test_goals_held_in_every_year_are_their_worst_year() -> None:
    parts = (({"x": 2.0}, 1.0), ({"x": -1.0, "y": 1.0}, 0.0))
    one = made(
        goals={"low": "g", "high": "h", "plain": "p"}, every={"low": (1.0, parts), "high": (-1.0, parts)}
    )
    found = one.reached({"x": 1.0, "y": 9.0, "g": 0.0, "h": 0.0, "p": 4.0})
    assert found == {"low": 3.0, "high": 8.0, "plain": 4.0}
    some = made(bounds=(SimpleNamespace(id="k", slack=5.0),), unspent=(1.0, 2.0))
    assert some.relaxed(True) == {"relax:k": (0.0, 5.0), UNSPENT: (0.0, 2.0)}
    assert some.relaxed(False) == {"relax:k": (0.0, 0.0), UNSPENT: (0.0, 1.0)}


# ---- ways to have tasks done

SAYS = "sweeps:work"


def task(n: int, **more: object) -> Task:
    return Task(f"t{n}", SAYS, json.dumps({"n": n, **more}))


def test_a_task_is_done_or_told() -> None:
    fine = ways.done(task(3))
    assert fine.id == "t3" and fine.failed is None and json.loads(fine.result)[0]["median"] == 1.0
    failed = ways.done(task(4, fails=True))
    assert failed.failed == {"zh": "第4项不行", "en": "task 4 will not"} and failed.result == b""
    bug = ways.done(task(5, bug=True)).failed
    assert bug == {"zh": "ZeroDivisionError: a bug", "en": "ZeroDivisionError: a bug"}
    died = ways._died(task(6), 9)
    assert died.id == "t6" and "2" in (died.failed or {})["en"] and "9" in (died.failed or {})["zh"]
    assert "t6" in ways._again(task(6), 9).of("en")


def test_the_loop_does_tasks_in_turn() -> None:
    with ways.Loop() as loop:
        for n in range(3):
            loop.put(task(n))
        assert [end.id for end in loop.take(0.0)] == ["t0", "t1", "t2"] and loop.take(0.0) == []
        for n in range(2):
            loop.put(task(n, seconds=0.25))
        assert [end.id for end in loop.take(0.0)] == ["t0"]  # a moment is over with the first
        loop.put(task(7))
    assert loop.take(0.0) == []


class Slow:
    """A way that ends what it was given one by one, and notes how many it had at once."""

    workers = 2

    def __init__(self) -> None:
        self.inside: list[Task] = []
        self.most = 0

    def put(self, task: Task) -> None:
        self.inside.append(task)
        self.most = max(self.most, len(self.inside))

    def take(self, seconds: float) -> Iterator[Finished]:
        assert seconds == 1.0
        return iter([Finished(self.inside.pop(0).id)] if len(self.inside) != 1 or self.most else [])


def test_a_way_has_twice_as_many_tasks_as_workers_at_hand() -> None:
    slow = Slow()
    ends = list(ways.each(slow, [task(n) for n in range(9)]))  # type: ignore[arg-type]
    assert [end.id for end in ends] == [f"t{n}" for n in range(9)] and slow.most == 4
    assert list(ways.each(Slow(), [])) == []  # type: ignore[arg-type]


class Pipe:
    """The end of a worker that says what it is told to."""

    def __init__(self, *said: Any) -> None:
        self.said = list(said)

    def recv(self) -> Any:
        if not self.said:
            raise EOFError
        return self.said.pop(0)

    def poll(self) -> bool:
        return bool(self.said)


def test_a_worker_that_dies_gives_its_tasks_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one it was at has a second try and is first again; at the second death it is given up."""
    from collections import deque

    notices: list[Any] = []
    pool = ways.Pool(1, notices.append)

    def worker(*said: Any, begun: bool = True) -> Any:
        return SimpleNamespace(pipe=Pipe(*said), hand=deque([task(1), task(2)]), begun=begun, end=lambda: 9)

    fresh = worker()
    monkeypatch.setattr(ways, "_Worker", lambda: fresh)
    pool.put(task(3))
    pool._pool = [worker()]
    assert pool._bury(0) == [] and pool._pool == [fresh] and len(notices) == 1
    assert [each.id for each in pool._tasks] == ["t1", "t2", "t3"]
    pool._tasks.clear()
    pool._pool = [worker(Finished("t1"))]  # it had told of the first before
    assert [end.id for end in pool._bury(0)] == ["t1"] and [each.id for each in pool._tasks] == ["t2"]
    pool._tasks.clear()
    pool._pool = [worker()]
    (given_up,) = pool._bury(0)
    assert given_up.id == "t1" and given_up.failed and [each.id for each in pool._tasks] == ["t2"]
    pool._tasks.clear()
    pool._pool = [worker(begun=False)]
    assert pool._bury(0) == [] and [each.id for each in pool._tasks] == ["t1", "t2"]
    assert pool._stillborn == 1
    again = worker(None, begun=False)
    assert pool._told(again) == [] and again.begun and pool._stillborn == 0


def test_names_are_of_all_that_decides() -> None:
    assert hashed("a", 1) == hashed("a", "1") != hashed("a1") and len(hashed()) == 32
    assert MEASURES["average"].factor(5.0, 3) == pytest.approx(1.05**3)


@pytest.mark.skipif(os.name == "nt", reason="processes are ended otherwise there")
def test_a_worker_that_answers_nothing_is_ended_all_the_same() -> None:
    worker = ways._Worker()
    os.kill(worker.process.pid or 0, signal.SIGSTOP)
    codes: list[object] = []
    ending = Thread(target=lambda: codes.append(worker.end()), daemon=True)
    ending.start()
    ending.join(5)
    still = ending.is_alive()
    if still:
        os.kill(worker.process.pid or 0, signal.SIGKILL)
    assert not still and codes == [-signal.SIGKILL]
