"""Questions to a planning problem of two sectors that can be solved on paper: the most, the cheapest, prices,
quotas, conflicts, trade-offs, near-optimal plans, plans for many draws."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models.limits import TOTAL_MONEY, Row
from dabiao.models.realisation import Realisation
from dabiao.solvers import alternatives as near_optimal
from dabiao.solvers import ask, chance, conflict, decision_variables, frontier, network, problem, require
from dabiao.solvers.ask import CLOSE, Optimum
from dabiao.solvers.decision_variables import Affine, DecisionVariables, KeyPool, Start
from dabiao.solvers.frontier import Criterion
from dabiao.solvers.model import Compiled, Question, Rows
from dabiao.solvers.problem import ALL_MONEY, APART, EXTRA, UNSPENT, PlanningProblem
from dabiao.solvers.solution import Solution, Status
from dabiao.solvers.solve import solve
from planning import target

INF = float("inf")


def near(value: Any) -> Any:
    return pytest.approx(value, abs=1e-5)


def written(rows: Rows) -> dict[str, tuple[dict[str, float], float, float]]:
    return {
        name: ({rows.names[at]: value for at, value in zip(places, values, strict=True)}, low, high)
        for name, places, values, low, high in rows.rows
    }


def bound(key: str, slack: float = 0.0, price: float = 0.0, **more: Any) -> Any:
    usual: dict[str, Any] = {"most": 0.0, "all_money": False, "sets_total": False, "years": ()}
    usual |= {"of_shares": False, "together": False, "about": "", "named_rows": lambda _: {}}
    return SimpleNamespace(**{**usual, "id": key, "slack": slack, "price": price, **more})


def levers(money: list[float], **more: Any) -> DecisionVariables:
    count = len(money)
    usual: dict[str, Any] = dict.fromkeys(
        (
            "fixed_spent",
            "fixed_tied",
            "fixed_named",
            "carried",
            "realised",
            "key_realised",
            "key",
            "delivered",
        )
    )
    usual |= {
        "money": np.array(money),
        "ratio": np.array([[1.0, 1.5]] * count),
        "rest": np.zeros((count, 2)),
        "choices": (),
        "fixed_planned": np.zeros((count, 2)),
        "year": 1,
    }
    return DecisionVariables(**{**usual, **more})


ECONOMY: Any = SimpleNamespace(sector_ids=("a", "b"), sectors=(), years=2)
CAP = bound("cap", 2.0, 3.0, most=6.0)
"""Sector a has at most 6, and 2 more at 3 each."""


def planned(
    rows: dict[str, tuple[dict[str, float], float, float]] | None = None,
    *bounds: Any,
    free: bool = False,
    **more: Any,
) -> PlanningProblem:
    """Ten units of money, 4 of them planned for a and 6 for b; the goal g is 2 a + b, h is -b; one output of
    at most 3 a."""
    bounds = bounds or (CAP,)
    made = Rows()
    for name in ("money:a", "money:b"):
        made.variable(name)
    variables = more.pop("variables", levers([4.0, 6.0]))
    for name in variables.names:
        made.variable(name, -INF if name.startswith("move") else 0.0, binary=name.startswith("start"))
    for each in bounds:
        made.variable(f"relax:{each.id}", 0.0, each.slack)
    made.variable(UNSPENT, 0.0, 10.0)
    made.variable(EXTRA, 0.0, INF if free else 0.0)
    made.variable("made:1")
    ground: Any = SimpleNamespace(
        total=10.0, sectors=("a", "b"), planned=np.array([4.0, 6.0]), paths=None, year=1
    )
    made.row(TOTAL_MONEY, {"money:a": 1.0, "money:b": 1.0, UNSPENT: 1.0, EXTRA: -1.0}, 10.0, 10.0)
    problem._distance(made, ground, ["money:a", "money:b"])
    made.row("capacity:x:1", {"made:1": 1.0, "money:a": -3.0}, high=0.0)
    for goal, terms in {"g": {"money:a": 2.0, "money:b": 1.0}, "h": {"money:b": -1.0}}.items():
        made.variable(f"goal:{goal}", -INF)
        made.row(f"goal:{goal}", {f"goal:{goal}": 1.0, **{k: -v for k, v in terms.items()}}, 0.0, 0.0)
    if any(each.id == "cap" for each in bounds):
        made.row("limit:cap", {"money:a": 1.0, "relax:cap": -1.0}, high=6.0)
    for name, row in (rows or {}).items():
        made.row(name, *row)
    usual: dict[str, Any] = {
        "compiled": Compiled(made),
        "variables": variables,
        "bounds": bounds,
        "ground": ground,
        "goals": {"g": "goal:g", "h": "goal:h"},
        "fixed": {},
        "leaders": {},
        "output": (("made:1",),),
        "va": np.array([0.5]),
        "year": 1,
    }
    return PlanningProblem(**{**usual, **more})


def money(found: Optimum) -> Any:
    assert found.plan is not None
    return found.plan.investment[:, 0].tolist()


# ---- the most, the cheapest, the nearest


@pytest.mark.parametrize("relax", [False, True])
def test_the_most_and_the_least_of_a_goal(relax: bool) -> None:
    """All that a may have; none of it."""
    one = planned()
    most = ask.most(one, "g", 1.0, ECONOMY, relax=relax, solver="highs")
    a = 8.0 if relax else 6.0
    assert (most.status, most.objective) == (Status.OPTIMAL, near(10 + a))
    assert money(most) == near([a, 10 - a]) and most.goals == near({"g": 10 + a, "h": a - 10})
    assert most.relaxed == ({"cap": near(2.0)} if relax else {})
    assert most.plan is not None and most.plan.investment[:, 1].tolist() == near([1.5 * a, 15 - 1.5 * a])
    least = ask.most(one, "g", -1.0, ECONOMY, relax=relax, solver="highs")
    assert least.objective == near(10.0) and money(least) == near([0.0, 10.0]) and least.relaxed == {}
    assert ask.ends(one, "h", 1.0, relax=relax, solver="highs").values["goal:h"] == near(a - 10)
    never = planned({"no": ({"money:a": 1.0}, 9.0, INF)})
    for none in (
        ask.most(never, "g", 1.0, ECONOMY, relax=relax, solver="highs"),
        ask.cheapest(never, {"g": (0.0, INF)}, ECONOMY, relax=relax, solver="highs"),
        ask.close_gaps(never, {"x": ["g"]}, ECONOMY, relax=relax, solver="highs")
        if "short:g" in never.compiled.at
        else ask.closest(never, never.relaxed(relax), ECONOMY, "highs", 1.0),
    ):
        assert none.status is Status.INFEASIBLE and math.isnan(none.objective)
        assert (none.goals, none.relaxed, none.plan) == ({}, {}, None)


def test_the_best_value_may_give_a_hair_for_a_nearer_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ten-millionth of 16, downwards; of a ceiling of 0.5, of one, upwards."""
    asked: list[Any] = []
    monkeypatch.setattr(ask, "closest", lambda _, bounds, *more: asked.append((bounds, more)))
    for value, sign, span in (
        (16.0, 1.0, (16 - 16 * CLOSE, INF)),
        (-16.0, -1.0, (-INF, -16 + 16 * CLOSE)),
        (0.5, -1.0, (-INF, 0.5 + CLOSE)),
    ):
        found = Solution(Status.OPTIMAL, value, {"goal:g": value}, {})
        monkeypatch.setattr(ask, "solve", lambda *_, found=found: found)
        ask.most(planned(), "g", sign, ECONOMY, relax=True, solver="s")
        bounds, (economy, solver, objective) = asked.pop()
        assert bounds == {"relax:cap": (0.0, 2.0), UNSPENT: (0.0, 0.0), "goal:g": span}
        assert (economy, solver, objective) == (ECONOMY, "s", value)


def test_the_cheapest_of_two_limits_gives_way() -> None:
    """17 needs a at 7. It costs 3 by the cap; by the other limit, of 1 a unit, it is 1; what costs nothing
    is not bounded, and given only where it must be."""
    one = planned()
    found = ask.cheapest(one, {"g": (17.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert (
        found.objective == near(3.0) and found.relaxed == {"cap": near(1.0)} and money(found) == near([7, 3])
    )
    assert found.spans == {"g": (17.0, INF)}
    assert ask.cheapest(one, {"g": (17.0, INF)}, ECONOMY, relax=False, solver="highs").plan is None
    inside = ask.cheapest(one, {"g": (15.0, INF)}, ECONOMY, relax=False, solver="highs")
    assert (inside.objective, money(inside), inside.spans) == (0.0, near([5, 5]), {"g": (15.0, INF)})
    other = bound("other", 5.0, 1.0)
    both = {"limit:other": ({"money:a": 1.0, "relax:cap": -1.0, "relax:other": -1.0}, -INF, 6.0)}
    two = planned(both, bound("cap", 2.0, 3.0), other)
    found = ask.cheapest(two, {"g": (17.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert found.objective == near(3.0)  # the cap itself has to give
    free = planned({}, bound("cap", 2.0, 0.0))
    found = ask.cheapest(free, {"g": (17.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert found.objective == near(0.0) and found.relaxed == {"cap": near(1.0)}
    little = planned({}, bound("cap", 0.5, 4.0))
    found = ask.cheapest(little, {"g": (16.25, INF)}, ECONOMY, relax=True, solver="highs")
    assert found.objective == near(1.0) and found.relaxed == {"cap": near(0.25)}
    stiff = planned({}, bound("cap", 0.0, 1.0))
    found = ask.cheapest(stiff, {"g": (15.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert (found.objective, found.relaxed) == (0.0, {})


def test_what_is_paid_once_is_not_paid_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relaxation of 1.5 may be a hair more, of 0.5 the hair of one, and never more than its end."""
    asked: list[Any] = []

    def closest(_: Any, bounds: Any, *__: Any) -> Optimum:
        asked.append(bounds)
        return Optimum(Status.OPTIMAL, 0.0, {}, {}, None)

    monkeypatch.setattr(ask, "closest", closest)
    bounds = (bound("cap", 2.0, 3.0), bound("k", 9.0, 1.0), bound("full", 4.0, 1.0), bound("free", 5.0, 0.0))
    values = {"relax:cap": 1.5, "relax:k": 0.5, "relax:full": 4.0, "relax:free": 1.0}
    found = Solution(Status.OPTIMAL, 9.0, values, {})
    monkeypatch.setattr(ask, "solve", lambda *_: found)
    one = planned({}, *bounds)
    ask.cheapest(one, {"g": (17.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert asked.pop() == {
        "relax:cap": (0.0, 1.5 + 1.5 * CLOSE),
        "relax:k": (0.0, 0.5 + CLOSE),
        "relax:full": (0.0, 4.0),
        "relax:free": (0.0, 5.0),
        UNSPENT: (0.0, 0.0),
        "goal:g": (17.0, INF),
    }
    shorts = Solution(Status.OPTIMAL, 7.0, {"short:x": 3.0, "short:y": 0.25}, {})
    monkeypatch.setattr(ask, "solve", lambda *_: shorts)
    ask.close_gaps(one, {"ensure": ["x"], "stretch": ["y"]}, ECONOMY, relax=False, solver="highs")
    held = asked.pop()
    assert held["short:x"] == (0.0, 3 + 3 * CLOSE) and held["short:y"] == (0.0, 0.25 + CLOSE)
    assert held["relax:cap"] == (0.0, 0.0)


def test_of_all_plans_the_one_nearest_to_the_stated_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit away costs 1 and a thousandth of the sector's part of money; a start a tenth a month; output is
    worth a ten-thousandth of its value added."""
    asked: list[Any] = []

    def noted(model: Any, question: Question, solver: str) -> Solution:
        asked.append((question, solver))
        return Solution(Status.INFEASIBLE, math.nan, {}, {})

    monkeypatch.setattr(ask, "solve", noted)
    choices = tuple(
        Start("mill", shift, 0, "a", "", True, False, *[np.zeros(2)] * 3) for shift in (0.0, -6.0, 3.5)
    )
    variables = levers([4.0, 6.0], choices=choices, moves=((1, 0),))
    one = planned(
        {},
        bound("cap", 0.5, 3.0),
        bound("hard"),
        variables=variables,
        output=(("made:1", "x"), ("y", "z")),
        va=np.array([0.5, 0.25]),
    )
    none = ask.closest(one, {"goal:g": (1.0, 2.0)}, ECONOMY, "glpk", 5.0)
    assert none.status is Status.INFEASIBLE and math.isnan(none.objective)
    ((question, solver),) = asked
    assert question.bounds == {"goal:g": (1.0, 2.0)} and question.maximise and solver == "glpk"
    assert question.objective == pytest.approx(
        {
            "away:money:a": -1.0004,
            "away:money:b": -1.0006,
            "away:move:1:1": -1.0,
            "start:mill:-6": -0.6,
            "start:mill:3.5": -0.35,
            "relax:cap": -1.0,
            UNSPENT: -1.0,
            "made:1": 0.5e-4,
            "x": 0.25e-4,
            "y": 0.5e-4,
            "z": 0.25e-4,
        }
    )


def test_relaxations_below_a_millionth_are_none() -> None:
    one = planned({}, bound("cap", 2.0, 3.0), bound("k", 5.0, 1.0))
    least = {"relax:cap": (1.1e-6, 2.0), "relax:k": (0.9e-6, 5.0), UNSPENT: (0.0, 0.0)}
    found = ask.closest(one, least, ECONOMY, "highs", 7.0)
    assert found.relaxed == {"cap": pytest.approx(1.1e-6)} and found.objective == 7.0
    assert found.solution is not None and found.goals == near({"g": 14.0, "h": -6.0})


def test_where_nothing_else_keeps_the_limits_less_is_spent() -> None:
    one = planned({"small": ({"money:a": 1.0, "money:b": 1.0}, -INF, 7.0)})
    assert ask.closest(one, one.relaxed(False), ECONOMY, "highs", 0.0).plan is None
    found = ask.nearest(one, ECONOMY, solver="highs")
    assert sum(money(found)) == near(7.0) and found.objective == 0.0
    assert money(ask.nearest(planned(), ECONOMY, solver="highs")) == [4.0, 6.0]
    beyond = planned({"more": ({"money:a": 1.0}, 7.0, INF)})  # which only a relaxed cap lets have
    assert ask.nearest(beyond, ECONOMY, solver="highs").plan is None
    spent = ask.spend(one, "highs")
    assert spent.unspent == pytest.approx((3.0, 3.0), abs=1e-6) and spent.unspent[0] > 3.0
    assert ask.spend(planned(), "highs").unspent == (0.0, 0.0)
    roomy = planned({"b": ({"money:b": 1.0}, -INF, 3.0)})
    assert ask.spend(roomy, "highs").unspent == near((1.0, 0.0))
    assert ask.spend(planned(ceilings=True), "highs").unspent == (10.0, 10.0)
    never = planned({"no": ({"money:a": 1.0}, 19.0, INF)})
    assert ask.spend(never, "highs").unspent == (0.0, 0.0)


# ---- prices


def test_prices_of_rows_at_an_optimum() -> None:
    """A unit more of the cap is worth 1 (2 - 1); a unit of money 1; one that also widens a share of 0.6 of it
    in another row of price 1 is worth 1.6. What is no limit has no price."""
    one = planned()
    tight: dict[str, Any] = {"relax": False, "solver": "highs"}
    best = ask.most(one, "g", 1.0, ECONOMY, **tight)
    assert ask.prices(one, "g", 1.0, best, **tight) == near({"limit:cap": 1.0, TOTAL_MONEY: 1.0})
    # less of a ceiling is better: 10 at the least, a unit of money costs one
    least = ask.most(one, "g", -1.0, ECONOMY, **tight)
    assert ask.prices(one, "g", -1.0, least, **tight) == near({TOTAL_MONEY: 1.0})
    given = {"relax:cap": (0.0, 9.0), UNSPENT: (0.0, 0.0)}
    assert ask.prices(one, "g", 1.0, best, **tight, within=given) == near({TOTAL_MONEY: 2.0})
    share = {"limit:share": ({"money:a": 1.0, EXTRA: -0.6}, -INF, 5.0)}
    sets = bound("all", 0.0, sets_total=True, all_money=True)
    two = planned({**share, "limit:all": ({EXTRA: 1.0, "relax:all": -1.0}, -INF, 0.0)}, CAP, sets, free=True)
    best = ask.most(two, "g", 1.0, ECONOMY, relax=False, solver="highs")
    assert best.objective == near(15.0)
    found = ask.prices(two, "g", 1.0, best, relax=False, solver="highs")
    assert found == near({"limit:share": 1.0, TOTAL_MONEY: 1.6})
    wide = ask.prices(two, "g", 1.0, best, relax=True, solver="highs")
    assert wide == found  # none of these can be relaxed
    assert (
        ask.prices(one, "g", 1.0, Optimum(Status.OPTIMAL, 0.0, {}, {}, None), relax=False, solver="s") == {}
    )
    nothing = {"relax": False, "solver": "highs", "within": {"money:a": (9.0, 9.0), **one.relaxed(False)}}
    assert ask.prices(one, "g", 1.0, best, **nothing) == {}  # no such plan


def test_starts_stay_where_they_are_while_money_is_priced() -> None:
    """The goal s is a + 5 for the early start; the price of a's cap is 1 whichever start is cheaper."""
    choices = tuple(Start("mill", at, 0, "a", "", True, False, *[np.zeros(2)] * 3) for at in (0.0, -6.0))
    early = {
        "once": ({"start:mill:0": 1.0, "start:mill:-6": 1.0}, 1.0, 1.0),
        "limit:early": ({"start:mill:-6": 1.0, "money:b": -0.25}, -INF, 0.5),
        "bonus": ({"made:1": 1.0, "start:mill:-6": -5.0}, -INF, 0.0),
    }
    one = planned(early, variables=levers([4.0, 6.0], choices=choices), goals={"g": "goal:g", "m": "made:1"})
    best = ask.most(one, "m", 1.0, ECONOMY, relax=False, solver="highs")
    assert best.objective == near(5.0) and best.plan is not None and best.plan.shifts == {"mill": -6.0}
    assert best.solution is not None
    # held at the early start nothing but the bonus bounds it
    assert ask.prices(one, "m", 1.0, best, relax=False, solver="highs") == {}
    assert ask.prices(one, "g", 1.0, best, relax=False, solver="highs") == near(
        {"limit:cap": 1.0, TOTAL_MONEY: 1.0}
    )
    # 0.7 of an early start is none: a unit of what forbids it is worth nothing
    early["limit:early"] = ({"start:mill:-6": 1.0, "money:b": -0.05}, -INF, 0.2)
    late = planned(early, variables=levers([4.0, 6.0], choices=choices), goals={"m": "made:1"})
    best = ask.most(late, "m", 1.0, ECONOMY, relax=False, solver="highs")
    assert best.objective == near(0.0) and best.plan is not None and best.plan.shifts == {}
    assert ask.prices(late, "m", 1.0, best, relax=False, solver="highs") == {}


# ---- from levers to a plan


def test_quotas_where_a_limit_on_output_binds() -> None:
    """Two branches, two years. 2 x of the first year and 3 y of the second, with 0.5 of a's money, are at
    most 20 and what is relaxed; a limit with room rations nobody."""
    output = (("x:1", "y:1"), ("x:2", "y:2"))
    values = {"money:a": 4.0, "money:b": 6.0, "x:1": 3.0, "y:1": 7.0, "x:2": 5.0, "y:2": 4.0}
    values |= {"relax:cap": 0.5, "relax:k": 0.0}

    def found(*rows: Row, **changes: float) -> Any:
        cap = bound("cap", 2.0, named_rows=lambda ground: {f"r{at}": row for at, row in enumerate(rows)})
        one = planned({}, cap, bound("k"), output=output)
        solution = Solution(Status.OPTIMAL, 0.0, {**values, **changes}, {})
        quotas = ask._quotas(one, solution, ECONOMY)
        return None if quotas is None else quotas.tolist()

    made = {1: np.array([2.0, 0.0]), 2: np.array([0.0, 3.0])}
    # 6 + 12 + 0.5 * 4 = 20 <= 19.5 + 0.5
    row = Row(1.0, money=np.array([0.5, 0.0]), output=made, high=19.5)
    assert found(row) == [[3.0, INF], [INF, 4.0]]
    assert found(row, **{"relax:cap": 0.6}) is None
    assert found(row, **{"relax:cap": 0.4}) == [[3.0, INF], [INF, 4.0]]
    assert found(row, **{"relax:cap": 0.5 + 0.9e-6 * 12}) == [[3.0, INF], [INF, 4.0]]
    assert found(row, **{"relax:cap": 0.5 + 1.1e-6 * 12}) is None
    assert found(row, **{"money:a": 3.9}) is None
    # 6 + 12 alone, and 3 of what lowers the sum: years and branches with a negative part are not rationed
    plain = Row(1.0, output={1: np.array([2.0, -3.0]), 2: np.array([0.0, 3.0])}, high=-3.5)
    assert found(plain) == [[3.0, INF], [INF, 4.0]]
    assert found(Row(1.0, money=np.array([0.5, 0.0]), high=0.0)) is None
    assert found() is None
    both = found(row, Row(1.0, output={2: np.array([1.0, 0.0])}, high=4.5))
    assert both == [[3.0, 5.0], [INF, 4.0]]
    small = Row(1.0, output={1: np.array([0.1, 0.0])}, high=0.3 - 0.5 + 0.9e-6)
    assert found(small) == [[3.0, INF], [INF, INF]]  # below one the hair is a millionth
    percent = Row(100.0, output=made, high=17.5, percent=True)
    assert found(percent) == [[3.0, INF], [INF, 4.0]]


def test_levers_are_read_as_a_plan() -> None:
    """b has 1 less, which goes to a's first year; what named projects plan is kept."""
    choices = tuple(
        Start("mill", at, 1, "b", "", True, False, np.array(own), np.zeros(2), np.zeros(2))
        for at, own in ((0.0, [1.0, 2.0]), (3.0, [0.0, 9.0]))
    )
    moving = levers(
        [4.0, 6.0], choices=choices, moves=((0, 0),), fixed_planned=np.array([[0.0, 1.0], [2.0, 1.0]])
    )
    one = planned({}, variables=moving, year=2)
    values = {"money:a": 4.0 + 2e-7, "money:b": 5.0, "move:0:1": 1.0, "made:1": 0.0, "relax:cap": 0.0}

    def read(**more: float) -> Any:
        found = Solution(Status.OPTIMAL, 0.0, {**values, **more}, {})
        plan = ask.read_plan(one, found, ECONOMY)
        return plan.investment.tolist(), dict(plan.shifts)

    stays = {"start:mill:0": 1.0, "start:mill:3": 0.0}
    assert read(**stays) == ([[5.0, 6.0], [5.0, 7.5]], {})
    # later: 2 fixed and 0 in the first year, 1 and 9 in the second
    assert read(**{"start:mill:0": 0.0, "start:mill:3": 1.0}) == ([[5.0, 6.0], [5.0, 10.0]], {"mill": 3.0})
    assert read(**stays, **{"money:b": 2.0}) == ([[5.0, 6.0], [3.0, 3.0]], {})
    assert read(**stays, **{"move:0:1": -9.0, "money:b": -1.0}) == ([[0.0, 6.0], [3.0, 3.0]], {})
    still = levers([4.0, 6.0], choices=choices, fixed_planned=np.array([[0.0, 9.0], [2.0, 1.0]]))
    one = planned({}, variables=still)
    # a needs 6 for its 9 in the second year; the other sector keeps its 5
    assert read(**stays) == ([[6.0, 9.0], [5.0, 7.5]], {})
    assert ask.vector(one, Solution(Status.OPTIMAL, 0.0, {**values, **stays}, {})).tolist() == [
        4.0 + 2e-7,
        5.0,
        1.0,
        0.0,
    ]


def test_routing_is_asked_of_chains_in_the_problems_year() -> None:
    asked: list[Any] = []

    def chain(key: str, found: Any) -> Any:
        def routing(year: int, output: Any) -> Any:
            asked.append((key, year, output.tolist()))
            return found

        return SimpleNamespace(id=key, routing=routing)

    rows = {"a": slice(0, 1), "b": slice(1, 3)}
    economy: Any = SimpleNamespace(sectors=(chain("a", None), chain("b", {"p": {"m": 0.5}})), rows=rows.get)
    one = planned({}, output=(("w",), ("x", "y", "z")), year=2)
    found = Solution(Status.OPTIMAL, 0.0, {"w": 0.0, "x": 1.0, "y": 2.0, "z": 3.0}, {})
    assert ask._routing(one, found, economy) == {"b": {"p": {"m": 0.5}}}
    assert asked == [("a", 2, [[1.0]]), ("b", 2, [[2.0], [3.0]])]


# ---- money that may be any amount


ALL = bound("all", 3.0, 1.0, most=11.0, all_money=True, sets_total=True)


def test_bounds_where_any_amount_may_be_invested() -> None:
    later = bound("later", 4.0, 1.0, all_money=True, years=(2,))
    one = planned({}, CAP, ALL, later, bound("mix", 5.0, 2.0), free=True)
    free = {"relax:all": (0.0, INF), "relax:later": (0.0, INF), UNSPENT: (0.0, 0.0), EXTRA: (-10.0, INF)}
    assert require.any_money(one, relax=False) == {**free, "relax:cap": (0, 0), "relax:mix": (0, 0)}
    assert require.any_money(one, relax=True) == {**free, "relax:cap": (0, 2), "relax:mix": (0, 5)}
    lifted = require.any_money(one, relax=False, lifted=["mix"])
    assert lifted == {**free, "relax:cap": (0, 0), "relax:mix": (0, INF)}


def lots(*bounds: Any, rows: Any = None) -> PlanningProblem:
    return planned(
        {"limit:all": ({EXTRA: 1.0, "relax:all": -1.0}, -INF, 0.0), **(rows or {})}, *bounds, free=True
    )


def free_money(*bounds: Any, rows: Any = None) -> PlanningProblem:
    """The same where less than the plan may be invested."""
    one = lots(*bounds, rows=rows)
    one.compiled.low[one.compiled.at[EXTRA]] = -INF
    return one


def test_the_least_money_that_reaches_a_goal() -> None:
    """2 a + b = 20 with a at most 6 takes 14; the cap relaxed by r, at 3 a unit, saves r: it is not worth it.
    At half a unit of money it is."""
    one = free_money(CAP, ALL)
    for relax in (False, True):
        found = require.least_money(one, {"g": (20.0, INF)}, ECONOMY, relax=relax, solver="highs")
        assert (found.objective, found.spans) == (near(14.0), {"g": (20.0, INF)})
        assert money(found) == near([6, 8]) and found.relaxed == {"all": near(4.0)}
    half = free_money(bound("cap", 2.0, 0.5, most=6.0), ALL)
    found = require.least_money(half, {"g": (20.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert found.objective == near(12.0) and money(found) == near([8, 4])
    assert found.relaxed == {"all": near(2.0), "cap": near(2.0)}
    stands = require.least_money(half, {"g": (20.0, INF)}, ECONOMY, relax=False, solver="highs")
    assert stands.objective == near(14.0)
    less = require.least_money(one, {"g": (10.0, INF)}, ECONOMY, relax=False, solver="highs")
    assert less.objective == near(5.0) and money(less) == near([5, 0])
    kept = require.least_money(one, {"g": (10.0, INF)}, ECONOMY, relax=False, solver="highs", keep=True)
    assert kept.objective == near(10.0) and money(kept) == near([4, 6])
    over = require.least_money(one, {"g": (20.0, INF)}, ECONOMY, relax=False, solver="highs", keep=True)
    assert over.status is Status.INFEASIBLE and over.plan is None and math.isnan(over.objective)
    none = require.least_money(one, {"h": (1.0, INF)}, ECONOMY, relax=True, solver="highs")
    assert none.status is Status.INFEASIBLE
    lifted = require.least_money(
        one, {"g": (20.0, INF)}, ECONOMY, relax=False, solver="highs", lifted=["cap"]
    )
    assert lifted.objective == near(10.0) and money(lifted) == near([10, 0])


def test_the_most_that_any_money_brings_and_what_must_give() -> None:
    """With b at most 5 in any case, 2 * 6 + 5; relaxed 2 * 8 + 5. For 20 the cap must give 1.5 of it."""
    one = free_money(CAP, ALL, rows={"ground:b": ({"money:b": 1.0}, -INF, 5.0)})
    for relax, best in ((False, 17.0), (True, 21.0)):
        found = require.most_with_any_money(one, "g", 1.0, ECONOMY, relax=relax, solver="highs")
        assert found.goals["g"] == near(best) and sum(money(found)) == near(best - (8 if relax else 6))
        least = require.most_with_any_money(one, "g", -1.0, ECONOMY, relax=relax, solver="highs")
        assert least.goals["g"] == near(0.0) and least.objective == near(0.0)
    assert require.least_lift(one, {"g": (20.0, INF)}, "cap", solver="highs") == near(1.5)
    assert require.least_lift(one, {"g": (99.0, INF)}, "cap", solver="highs") == near(41.0)
    assert require.least_lift(one, {"g": (99.0, INF)}, "all", solver="highs") == INF
    stiff = free_money(
        CAP, ALL, bound("other", 3.0, 1.0), rows={"o": ({"money:a": 1.0, "relax:other": -1.0}, -INF, 7.0)}
    )
    assert require.least_lift(stiff, {"g": (19.0, INF), "h": (-1.0, INF)}, "cap", solver="highs") == near(3.0)
    assert require.least_lift(stiff, {"g": (22.0, INF), "h": (-1.0, INF)}, "cap", solver="highs") == INF
    small = planned({"half": ({"goal:g": 1.0}, -INF, 0.5)}, CAP, ALL, free=True)
    hair = require.most_with_any_money(small, "g", 1.0, ECONOMY, relax=False, solver="highs")
    assert hair.spans == {"g": (pytest.approx(0.5 - CLOSE, abs=1e-12), INF)}
    never = free_money(CAP, ALL, rows={"no": ({"money:a": 1.0, "money:b": 1.0}, -INF, -1.0)})
    none = require.most_with_any_money(never, "g", 1.0, ECONOMY, relax=True, solver="highs")
    assert none.status is Status.INFEASIBLE and none.plan is None


@pytest.mark.parametrize(
    ("value", "sign", "span"),
    [
        (16.0, 1.0, (16 - 16 * CLOSE, INF)),
        (-16.0, -1.0, (-INF, -16 + 16 * CLOSE)),
        (0.5, 1.0, (0.5 - CLOSE, INF)),
        (-0.5, -1.0, (-INF, -0.5 + CLOSE)),
    ],
)
def test_the_best_with_any_money_may_give_a_hair(
    value: float, sign: float, span: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its value, or of one where it is less."""
    asked: list[Any] = []
    one = free_money(CAP, ALL)
    monkeypatch.setattr(
        require,
        "solve",
        lambda model, question, solver: (
            asked.append((question, solver)) or Solution(Status.OPTIMAL, value, {"goal:g": value}, {})
        ),
    )
    monkeypatch.setattr(require, "least_money", lambda *some, **more: asked.append((some, more)) or "least")
    assert require.most_with_any_money(one, "g", sign, ECONOMY, relax=True, solver="s") == "least"
    (question, solver), (some, more) = asked
    assert question.objective == {"goal:g": sign} and question.maximise and solver == "s"
    assert question.bounds == require.any_money(one, relax=True)
    assert some == (one, {"g": span}, ECONOMY) and more == {"relax": True, "solver": "s"}


def test_points_of_the_mix_shrink_with_what_is_invested(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 points relaxed by 4 where 0.75 of the money is invested: 3.75 are allowed, then 3.5 at 0.7."""
    mix = bound("mix", 5.0, 2.0, of_shares=True)
    one = free_money(mix, bound("none", 0.0, 1.0, of_shares=True), bound("k", 9.0, 1.0), ALL)
    asked: list[Question] = []
    nothing = Optimum(Status.OPTIMAL, 0.0, {}, {}, None)
    monkeypatch.setattr(require, "closest", lambda *_: nothing)

    def turns(*points: tuple[float, float], relax: bool = True) -> list[tuple[float, float]]:
        rest = {"relax:none": 0.0, "relax:k": 8.0, "money:a": 1.0, "money:b": 2.0}
        said = [
            Solution(Status.OPTIMAL, 0.0, {EXTRA: extra, "relax:mix": give, **rest}, {})
            for extra, give in points
        ]

        def answer(_: Any, question: Question, __: str) -> Solution:
            asked.append(replace(question, bounds=dict(question.bounds)))
            return said.pop(0) if said else Solution(Status.INFEASIBLE, math.nan, {}, {})

        asked.clear()
        monkeypatch.setattr(require, "solve", answer)
        require.least_money(one, {}, ECONOMY, relax=relax, solver="highs")
        return [question.bounds["relax:mix"] for question in asked]

    assert turns((-2.5, 4.0), (-3.0, 3.6)) == [(0.0, 5.0), (0.0, 3.75), (0.0, 3.5)]
    assert asked[1].bounds["relax:k"] == (0.0, 9.0) and asked[1].bounds["relax:none"] == (0.0, 0.0)
    assert asked[0].objective == {EXTRA: 1.0, "relax:mix": 2.0, "relax:k": 1.0} == asked[2].objective
    assert not asked[0].maximise and not asked[1].maximise
    assert len(turns(*[(-2.5, 4.0)] * 9)) == 1 + require.TURNS
    for last in ((-2.5, 3.75), (0.0, 5.0), (2.0, 5.0), (-2.5, 3.75 * (1 + 0.9e-9))):
        assert turns(last, (-2.5, 3.0)) == [(0.0, 5.0)]
    assert len(turns((-2.5, 3.75 * (1 + 1.1e-9)), (-2.5, 3.0))) == 2
    assert len(turns((-2.5, 4.0), (-2.5, 3.0), relax=False)) == 1
    small = bound("small", 0.5, 1.0, of_shares=True)
    one = free_money(mix, small, bound("none", 0.0, 1.0, of_shares=True), bound("k", 9.0, 1.0), ALL)
    for give in (0.3, 0.4):  # 0.375 are left of a half
        rest = {EXTRA: -2.5, "relax:mix": 1.0, "relax:small": give, "relax:none": 0.0, "relax:k": 0.0}
        said = Solution(Status.OPTIMAL, 0.0, {**rest, "money:a": 1.0, "money:b": 2.0}, {})
        asked.clear()
        monkeypatch.setattr(
            require,
            "solve",
            lambda _, q, __, said=said: asked.append(replace(q, bounds=dict(q.bounds))) or said,
        )
        require.least_money(one, {}, ECONOMY, relax=True, solver="highs")
        assert len(asked) == (1 if give == 0.3 else 1 + require.TURNS)
        assert asked[-1].bounds["relax:small"] == (0.0, 0.5 if give == 0.3 else 0.375)


def test_what_was_found_once_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """The money to a hair of all money, a price to one of itself or of one; never past the bounds."""
    asked: list[Any] = []
    monkeypatch.setattr(
        require,
        "closest",
        lambda _, b, *m: asked.append((b, m)) or Optimum(Status.OPTIMAL, 0.0, {}, {}, None),
    )
    one = free_money(bound("x", 9.0, 2.0), bound("y", 9.0, 1.0), bound("z", 3.0, 1.0), ALL)
    values = {EXTRA: 30.0, "relax:x": 4.0, "relax:y": 0.5, "relax:z": 3.0, "money:a": 15.0, "money:b": 25.0}
    monkeypatch.setattr(require, "solve", lambda *_: Solution(Status.OPTIMAL, 0.0, values, {}))
    require.least_money(one, {}, ECONOMY, relax=True, solver="s")
    bounds, more = asked.pop()
    assert more == (ECONOMY, "s", 40.0) and bounds[EXTRA] == (-10.0, 30 + 40 * CLOSE)
    assert bounds["relax:x"] == (0.0, 4 + 4 * CLOSE) and bounds["relax:y"] == (0.0, 0.5 + CLOSE)
    assert bounds["relax:z"] == (0.0, 3.0)
    values |= {EXTRA: -2.0, "money:a": 3.0, "money:b": 5.0}
    require.least_money(one, {}, ECONOMY, relax=False, solver="s", keep=True)
    assert asked.pop()[0][EXTRA] == (-2 - 8 * CLOSE, 0.0)
    values |= {EXTRA: -10.0, "money:a": 0.0, "money:b": 0.0}
    require.least_money(one, {}, ECONOMY, relax=False, solver="s", keep=True)
    assert asked.pop()[0][EXTRA] == (-10.0, 0.0)


# ---- conflicts


def test_what_is_asked_about_a_conflict() -> None:
    """Limits that are not named are lifted; the plan's total or a limit on all money stands where it is."""
    plain, whole = planned(), lots(CAP, ALL)
    stands = {"relax:cap": (0.0, 0.0)}
    spans = {"g": (17.0, INF)}

    def bounds(one: PlanningProblem, spans: Any, limits: list[str], **more: Any) -> dict[str, Any]:
        asked = conflict.question(one, spans, limits, **more)
        assert asked.objective == {} and asked.rows == {}
        return dict(asked.bounds)

    goal = {"goal:g": (17.0, INF)}
    none = {UNSPENT: (0.0, 0.0)}
    assert bounds(plain, spans, ["cap", conflict.PLAN_TOTAL]) == {**stands, **none, **goal}
    assert bounds(plain, spans, ["cap"]) == {**stands, **none, **goal, EXTRA: (0.0, INF)}
    assert bounds(plain, spans, [conflict.PLAN_TOTAL]) == {"relax:cap": (0.0, INF), **none, **goal}
    # below its maximum of 11 a limit on all money forbids nothing: 1 more than the plan's 10
    assert bounds(whole, spans, ["cap", "all"]) == {**stands, **none, **goal, "relax:all": (0.0, 1.0)}
    lifted = {"relax:all": (0.0, INF), EXTRA: (0.0, INF)}
    assert bounds(whole, spans, ["cap"]) == {**stands, **none, **goal, **lifted}
    low = lots(CAP, bound("all", 3.0, most=8.0, all_money=True, sets_total=True))
    assert bounds(low, spans, ["cap", "all"])["relax:all"] == (0.0, 0.0)
    # limits alone: a plan that spends less keeps them as well
    assert bounds(plain, {}, ["cap", conflict.PLAN_TOTAL]) == {**stands, UNSPENT: (0.0, 10.0)}
    any_amount = bounds(whole, spans, ["cap"], any_amount=True)
    assert any_amount == {
        "relax:cap": (0.0, 2.0),
        "relax:all": (0.0, INF),
        EXTRA: (-10.0, INF),
        **none,
        **goal,
    }
    dropped = conflict.question(plain, spans, ["cap"], ["capacity:x:1"])
    assert dropped.rows == {"capacity:x:1": (-INF, INF)}


def test_why_goals_cannot_be_met() -> None:
    """18 needs 8 for a, which may have 6; -1 for h leaves b at 1; together with 14 as the least for b."""
    one = planned()
    assert conflict.facts_of(one) == ("capacity:x:1",)
    assert conflict.limits_of(one) == (conflict.PLAN_TOTAL, "cap")
    both = lots(CAP, bound("stiff"), ALL)
    assert conflict.limits_of(both) == ("stiff", "cap", "all")
    assert conflict.conflict(one, {"g": (16.0, INF)}, "highs") is None
    found = conflict.conflict(one, {"g": (18.0, INF)}, "highs")
    assert found == conflict.Conflict(("g",), (conflict.PLAN_TOTAL, "cap"), (), True)
    # a at least 5 and b at least 6 are too much; a at most 2 and b at most 7 too little, whatever is added
    pair = conflict.conflict(one, {"g": (15.0, INF), "h": (-INF, -6.0)}, "highs")
    assert pair == conflict.Conflict(("g", "h"), (conflict.PLAN_TOTAL,), (), True)
    less = conflict.conflict(one, {"g": (-INF, 12.0), "h": (-7.0, INF)}, "highs")
    assert less == conflict.Conflict(("g", "h"), (), (), True)
    # a goal that cannot be met by itself is told by itself: the last goals go first
    three = conflict.conflict(one, {"h": (1.0, INF), "g": (18.0, INF)}, "highs")
    assert three == conflict.Conflict(("h",), (), (), True)
    made = planned(goals={"m": "made:1"})
    fact = conflict.conflict(made, {"m": (19.0, INF)}, "highs")
    assert fact == conflict.Conflict(("m",), ("cap",), ("capacity:x:1",), True)
    anyway = conflict.conflict(made, {"m": (25.0, INF)}, "highs", any_amount=True)
    assert anyway == conflict.Conflict(("m",), ("cap",), ("capacity:x:1",), True)
    assert conflict.conflict(made, {"m": (24.0, INF)}, "highs", any_amount=True) is None
    stiff = planned({"limit:stiff": ({"money:a": 1.0}, 7.0, INF)}, CAP, bound("stiff"))
    assert conflict.conflict(stiff, {}, "highs") is not None


def test_a_hint_is_asked_for_the_conflict_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Goals and limits that are left, nothing dropped; a hint that does not do is not believed."""
    asked: list[Any] = []
    made = planned(goals={"g": "goal:g", "m": "made:1"})
    spans = {"g": (1.0, INF), "m": (19.0, INF)}
    for named in (frozenset[str](), {"capacity:x:1"}, {"limit:cap"}):
        monkeypatch.setattr(conflict, "subset", lambda *words, named=named: asked.append(words) or named)
        found = conflict.conflict(made, spans, "highs")
        assert found == conflict.Conflict(("m",), ("cap",), ("capacity:x:1",), True)
        (model, question, solver) = asked.pop()
        assert question == conflict.question(made, {"m": (19.0, INF)}, ["cap"]) and solver == "highs"
        assert model is made.compiled


def test_what_comes_to_no_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from dabiao.models.errors import SolverError

    for status, holds in ((Status.OPTIMAL, True), (Status.INFEASIBLE, False)):
        monkeypatch.setattr(conflict, "solve", lambda *_, status=status: SimpleNamespace(status=status))
        assert conflict._solvable(planned(), Question({}), "s") is holds
    for status in (Status.TIME_LIMIT, Status.UNBOUNDED, Status.FAILED):
        monkeypatch.setattr(conflict, "solve", lambda *_, status=status: SimpleNamespace(status=status))
        with pytest.raises(SolverError, match=rf"^s came to no answer \({status.value}\)"):
            conflict._solvable(planned(), Question({}), "s")


# ---- near-optimal plans


def test_plans_as_far_apart_as_can_be() -> None:
    """From 4 and 6: all 10 to b is 4 away, 6 and 4 only 2; then 6 and 4, which is 2 and 6 from the two."""
    one = planned()
    bounds = one.relaxed(False)
    first = np.array([4.0, 6.0])
    assert near_optimal.spread(one, bounds, "highs").tolist() == [near([0, 6]), near([4, 10])]
    found = near_optimal.alternatives(one, bounds, first, ECONOMY, count=2, solver="highs")
    assert [each.distance for each in found] == near([4.0, 2.0]) and all(each.proved for each in found)
    assert [money(each.optimum) for each in found] == [near([0.0, 10.0]), near([6.0, 4.0])]
    assert found[0].optimum.objective == near(4.0)
    (only,) = near_optimal.alternatives(one, bounds, first, ECONOMY, count=1, solver="highs")
    assert only.distance == near(4.0)
    assert near_optimal.alternatives(one, bounds, first, ECONOMY, count=0, solver="highs") == []
    held = {**bounds, "money:a": (4.0, 4.0)}
    assert near_optimal.alternatives(one, held, first, ECONOMY, count=2, solver="highs") == []
    never = {**bounds, "money:a": (7.0, 7.0)}
    assert np.isnan(near_optimal.spread(one, never, "highs")).all()


def test_a_difference_is_the_way_that_money_goes() -> None:
    """a may have 0 to 6 and has 4; b 4 to 10 and has 10: it can only fall, by 6."""
    one, ranges = planned(), np.array([[0.0, 6.0], [4.0, 10.0]])
    model, size = near_optimal._farther(one, ranges, [np.array([4.0, 10.0]), np.array([6.0, 4.0])])
    assert size == 14.0
    assert (model.low[model.at["distance"]], model.high[model.at["distance"]]) == (0.0, 12.0 + 24.0)
    found = {
        name: ({model.names[j]: float(c) for j, c in zip(*entries, strict=True)}, low, high)
        for name, entries, low, high in (
            (
                name,
                (
                    model.matrix.indices[model.matrix.indptr[i] : model.matrix.indptr[i + 1]],
                    model.matrix.data[model.matrix.indptr[i] : model.matrix.indptr[i + 1]],
                ),
                model.row_low[i],
                model.row_high[i],
            )
            for i, name in enumerate(model.row_names)
        )
    }
    a, b = "apart:0:money:a", "apart:0:money:b"
    assert found["up:0:money:a"] == ({a: 1.0, "money:a": -1.0, "up:0:money:a": 8.0}, -INF, 8.0 - 4.0)
    assert found["down:0:money:a"] == ({a: 1.0, "money:a": 1.0, "up:0:money:a": -4.0}, -INF, 4.0)
    assert found["up:0:money:b"] == ({b: 1.0, "money:b": -1.0, "up:0:money:b": 12.0}, -INF, 12.0 - 10.0)
    assert found["down:0:money:b"] == ({b: 1.0, "money:b": 1.0}, -INF, 10.0)
    assert found["least:0"] == ({"distance": 1.0, a: -0.5, b: -0.5}, -INF, 0.0)
    assert model.binary[model.at["up:0:money:a"]] and model.high[model.at[a]] == INF
    assert found["down:1:money:a"][0] == {"apart:1:money:a": 1.0, "money:a": 1.0}
    # what cannot differ by a billionth has no part in it, and a mix below one has the size of one
    tight = np.array([[4.0 - 1e-9, 4.0 + 1e-9], [0.0, 0.3]])
    model, size = near_optimal._farther(one, tight, [np.array([4.0, 0.2])])
    assert size == 4.2 and "apart:0:money:a" not in model.at and "apart:0:money:b" in model.at
    assert near_optimal._farther(one, np.zeros((2, 2)), [np.array([0.2, -0.3])])[1] == 1.0
    hair = near_optimal._farther(one, np.array([[0.0, 1e-9], [0.0, 1.1e-9]]), [np.zeros(2)])[0]
    assert "apart:0:money:a" not in hair.at and "apart:0:money:b" in hair.at
    assert "apart:0:money:b" not in near_optimal._farther(one, np.zeros((2, 2)), [np.array([0.2, 0.0])])[0].at


def test_a_plan_that_is_no_farther_than_a_millionth_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of money of 40 that is 4e-5, by which the mix that was found may be missed as well."""
    assert near_optimal._near(5.0, 40.0) == (5 - 4e-5, 5 + 4e-5)
    one, known = planned(), np.array([15.0, 25.0])
    for distance, found in ((3.9e-5, 0), (4.1e-5, 2)):
        values = {"distance": distance, "money:a": 7.0, "money:b": 3.0}
        said = Solution(Status.OPTIMAL, distance, values, {})
        asked: list[Any] = []
        monkeypatch.setattr(near_optimal, "solve", lambda *_, said=said: said)
        monkeypatch.setattr(
            near_optimal,
            "closest",
            lambda _, bounds, *more, asked=asked: asked.append((bounds, more)) or SimpleNamespace(plan=1),
        )
        some = near_optimal.alternatives(one, {"x": (0.0, 1.0)}, known, ECONOMY, count=2, solver="s")
        assert [(each.distance, each.proved) for each in some] == [(distance, True)] * found
        for bounds, more in asked:
            assert bounds == {
                "x": (0.0, 1.0),
                "money:a": (7 - 4e-5, 7 + 4e-5),
                "money:b": (3 - 4e-5, 3 + 4e-5),
            }
            assert more == (ECONOMY, "s", distance)


def test_what_may_stay_unspent_is_a_hair_more_than_must(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Question] = []
    for least, room in ((4.0, 4 * (1 + 1e-9) + 1e-9), (0.9e-6, 0.0), (1.1e-6, 1.1e-6 * (1 + 1e-9) + 1e-9)):
        said = [Solution(Status.OPTIMAL, least, {}, {}), Solution(Status.OPTIMAL, 2.0, {}, {})]
        monkeypatch.setattr(
            ask, "solve", lambda _, question, __, said=said: asked.append(question) or said.pop(0)
        )
        assert ask.spend(planned(), "s").unspent == (room, 2 * (1 + 1e-9) + 1e-9)
    firm, relaxed = asked[:2]
    assert firm.bounds == {"relax:cap": (0.0, 0.0), UNSPENT: (0.0, 10.0)}
    assert relaxed.bounds == {"relax:cap": (0.0, 2.0), UNSPENT: (0.0, 10.0)}
    assert firm.objective == {UNSPENT: 1.0} and not firm.maximise and not relaxed.maximise


def test_points_that_others_beat_are_none() -> None:
    """Better in one by more than a hair and no worse in any by more than one; of a ceiling less is better."""

    def kept(*rows: tuple[float, float], signs: tuple[float, float] = (1.0, 1.0)) -> list[int]:
        return frontier.undominated(np.array(rows), np.array(signs), np.array([0.5, 0.1]))

    assert kept((3, 1), (1, 3)) == [0, 1] and kept((3, 1), (1, 3), signs=(1, -1)) == [0]
    assert kept((3, 1), (1, 3), signs=(-1, 1)) == [1] and kept((3, 1), (3.5, 1.0)) == [0, 1]
    assert kept((3, 1), (3.6, 1.0)) == [1] and kept((3, 1), (3.6, 0.95)) == [1]
    assert kept((3, 1), (3.6, 0.85)) == [0, 1] and kept((3, 1), (2.5, 1.2)) == [1]
    assert kept((3, 1), (2.4, 1.2)) == [0, 1] and kept((3, 1), (3, 1)) == [0, 1]


def test_a_frontier_leaves_out_what_another_point_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """By more than a ten-thousandth of the range of 6; a point without a plan is none."""
    one, table = planned(), np.array([[16.0, -4.0], [10.0, -10.0]])
    plans: list[Any] = []
    held: list[Any] = []
    monkeypatch.setattr(frontier, "payoff", lambda *_: table)
    monkeypatch.setattr(
        frontier, "closest", lambda _, bounds, *more: held.append((bounds, more)) or plans.pop(0)
    )

    def found(*values: tuple[float, float], gone: int = -1) -> Any:
        held.clear()
        plans[:] = [SimpleNamespace(plan=None if at == gone else at) for at in range(len(values))]
        monkeypatch.setattr(frontier, "_grid", lambda *_: iter(map(np.array, values)))
        some = frontier.frontier(one, [G, H], ECONOMY, points=3, relax=False, solver="s")
        return [point.values for point in some]

    assert found((16.0, -4.0), (15.0, -4.0005), (14.0, -8.0)) == [(16.0, -4.0), (14.0, -8.0)]
    bounds, more = held[0]
    assert bounds["goal:g"] == (pytest.approx(16 - 6e-6), INF) and bounds["goal:h"] == (
        -INF,
        pytest.approx(-4 + 6e-6),
    )
    assert more == (ECONOMY, "s", 16.0)
    assert found((16.0, -4.0), (15.0, -4.0007)) == [(16.0, -4.0), (15.0, -4.0007)]
    assert found((16.0, -4.0), (14.0, -8.0), gone=0) == [(14.0, -8.0)]
    assert found() == []


def test_when_the_clock_runs_out_there_is_a_corner(monkeypatch: pytest.MonkeyPatch) -> None:
    one, real = planned(), near_optimal.solve
    bounds, known = one.relaxed(False), [np.array([4.0, 6.0])]
    mix, distance = near_optimal._corner(one, bounds, known, "highs")
    assert mix is not None and mix.tolist() == near([0, 10]) and distance == near(4.0)
    mix, distance = near_optimal._corner(one, bounds, [*known, np.array([0.0, 10.0])], "highs")
    assert mix is not None and mix.tolist() == near([6, 4]) and distance == near(2.0)
    assert near_optimal._corner(one, {**bounds, "money:a": (7.0, 7.0)}, known, "highs") == (None, 0.0)
    less = {**bounds, "money:b": (5.0, 5.0), UNSPENT: (0.0, 10.0)}
    mix, distance = near_optimal._corner(one, less, [np.array([4.0, 5.0])], "highs")
    assert mix is not None and mix.tolist() == near([0, 5]) and distance == near(2.0)
    mix, _ = near_optimal._corner(one, bounds, [np.array([3.0, 7.0])], "highs")
    assert mix is not None and mix.tolist() == near([0, 10])  # as far as 6 and 4, and found before
    asked: list[Question] = []

    def late(model: Any, question: Question, solver: str) -> Solution:
        asked.append(question)
        if "distance" in question.objective:
            return Solution(Status.TIME_LIMIT, math.nan, {}, {})
        return real(model, question, solver)

    monkeypatch.setattr(near_optimal, "solve", late)
    (found,) = near_optimal.alternatives(one, bounds, known[0], ECONOMY, count=1, solver="highs")
    assert found.distance == near(4.0) and not found.proved
    assert [q.time_limit for q in asked if "distance" in q.objective] == [near_optimal.SECONDS]
    assert near_optimal.apart(np.array([1.0, 5.0]), [np.array([4.0, 3.0]), np.array([1.0, 2.0])]) == 1.5


def test_a_model_is_copied_by_name() -> None:
    rows = Rows()
    rows.variable("x", -1.0, 4.0)
    rows.variable("b", binary=True)
    rows.row("keep", {"x": 2.0, "b": -1.0}, 1.0, 5.0)
    rows.row("cut:1", {"x": 1.0}, high=3.0)
    model = Compiled(rows)
    both = near_optimal.copied(model)
    assert (both.names, both.bounds, both.binary) == (["x", "b"], [(-1.0, 4.0), (0.0, 1.0)], [False, True])
    assert written(both) == {"keep": ({"x": 2.0, "b": -1.0}, 1.0, 5.0), "cut:1": ({"x": 1.0}, -INF, 3.0)}
    assert list(written(near_optimal.copied(model, without="cut:"))) == ["keep"]
    into = Rows()
    into.variable("own")
    assert near_optimal.copied(model, into=into, prefix="0/") is into
    assert into.names == ["own", "0/x", "0/b"]
    assert written(into)["0/keep"] == ({"0/x": 2.0, "0/b": -1.0}, 1.0, 5.0)


# ---- trade-offs


def test_the_use_of_a_limit_as_a_criterion() -> None:
    one = lots(CAP, ALL)
    assert frontier.of_limit(one, "all") == Criterion("limit:all", EXTRA, -1.0, 10.0)
    cap = frontier.of_limit(one, "cap")
    assert cap == Criterion("limit:cap", "relax:cap", -1.0, 6.0) and cap.span(5.0) == (-INF, -1.0)
    assert Criterion("g", "goal:g", 1.0, 2.0).span(5.0) == (3.0, INF)
    assert frontier._meet(None, (1.0, 2.0)) == (1.0, 2.0) == frontier._meet((0.0, 2.0), (1.0, 3.0))


def test_room_for_the_use_of_a_limit() -> None:
    plain = frontier.room(lots(CAP, ALL), [Criterion("g", "goal:g", 1.0)], relax=True)
    assert plain == lots(CAP, ALL).relaxed(True)
    cap = frontier.room(lots(CAP, ALL), [Criterion("cap", "relax:cap", -1.0, 6.0)], relax=True)
    assert cap["relax:cap"] == (-INF, 2.0) and EXTRA not in cap
    assert frontier.room(lots(CAP, ALL), [Criterion("cap", "relax:cap", -1.0)], relax=False)["relax:cap"] == (
        -INF,
        0.0,
    )
    for relax, most in ((True, 3.0), (False, 0.0)):
        all_money = frontier.room(lots(CAP, ALL), [Criterion("all", EXTRA, -1.0, 10.0)], relax=relax)
        assert all_money[EXTRA] == (-10.0, most) and all_money[UNSPENT] == (0.0, 0.0)
        assert APART not in all_money
    two = lots(CAP, ALL, bound("more", 5.0, 1.0, all_money=True, sets_total=True))
    assert frontier.room(two, [Criterion("all", EXTRA, -1.0)], relax=True)[EXTRA] == (-10.0, 5.0)
    later = bound("later", 4.0, 1.0, all_money=True, years=(2,))
    wide = planned({"apart": ({EXTRA: 1.0}, -INF, 99.0)}, CAP, later, free=True)
    found = frontier.room(wide, [Criterion("later", "relax:later", -1.0)], relax=True)
    assert found[EXTRA] == (-10.0, INF) and found["relax:later"] == (-INF, 4.0) and APART not in found
    wide.compiled.at[APART] = 0
    assert frontier.room(wide, [Criterion("later", "relax:later", -1.0)], relax=True)[APART] == (0.0, INF)


G, H = Criterion("g", "goal:g", 1.0), Criterion("h", "goal:h", -1.0)


def test_two_criteria_on_a_line() -> None:
    """g is 10 + a, and h is a - 10, the less the better, with a from 0 to 6: three points of a line."""
    one = planned()
    table = frontier.payoff(one, [G, H], one.relaxed(False), "highs")
    assert table is not None and table.tolist() == [near([16, -4]), near([10, -10])]
    found = frontier.frontier(one, [G, H], ECONOMY, points=3, relax=False, solver="highs")
    assert sorted(point.values for point in found) == [near((10, -10)), near((13, -7)), near((16, -4))]
    for point in found:
        assert money(point.optimum) == near([point.values[0] - 10, 20 - point.values[0]])
    assert [point.optimum.objective for point in found] == near([point.values[0] for point in found])
    off = [G, replace(H, offset=100.0)]
    moved = frontier.frontier(one, off, ECONOMY, points=2, relax=False, solver="highs")
    assert sorted(point.values for point in moved) == [near((10, 90)), near((16, 96))]
    some = frontier.beyond(one, off, [0.0, 93.0], ECONOMY, relax=False, solver="highs")
    assert some is not None and some.values == pytest.approx((13, 93), abs=1e-3)
    relaxed = frontier.frontier(one, [G, H], ECONOMY, points=2, relax=True, solver="highs")
    assert sorted(point.values for point in relaxed) == [near((10, -10)), near((18, -2))]
    never = planned({"no": ({"money:a": 1.0}, 9.0, INF)})
    assert frontier.payoff(never, [G, H], never.relaxed(True), "highs") is None
    assert frontier.frontier(never, [G, H], ECONOMY, points=3, relax=True, solver="highs") == []


def test_points_that_were_found_are_not_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a ten-thousandth of the range of each; a step that asks for less than was reached is left
    out."""
    one, asked = planned(), list[Any]()
    values = [
        np.array(each) for each in ((16.0, -4.0), (16.0 - 5e-4, -4.0 - 5e-4), (15.0, -5.0), (10.0, -10.0))
    ]
    monkeypatch.setattr(frontier, "_grid", lambda *words: asked.append(words) or iter(values))
    found = frontier.frontier(one, [G, H], ECONOMY, points=3, relax=False, solver="highs")
    assert [point.values for point in found] == [(16.0, -4.0), (15.0, -5.0), (10.0, -10.0)]
    ((_, _, _, ranges, worst, ideal, points, solver),) = asked
    assert (points, solver) == (3, "highs") and ranges.tolist() == near([6, 6])
    assert worst.tolist() == near([10, -4]) and ideal.tolist() == near([16, -10])
    monkeypatch.undo()
    bests = [np.array(each) for each in ((16.0, -8.0), (10.0, -10.0))]
    held: list[Any] = []
    monkeypatch.setattr(frontier, "_efficient", lambda p, c, h, *_: held.append(h) or bests.pop(0))
    grid = frontier._grid(
        one,
        [G, H],
        {"x": (0.0, 1.0)},
        np.array([6.0, 6.0]),
        np.array([10.0, -4.0]),
        np.array([16.0, -10.0]),
        4,
        "s",
    )
    # of -4, -6, -8 and -10 the first gives -8 already
    assert [each.tolist() for each in grid] == [[16.0, -8.0], [10.0, -10.0]]
    assert [each["goal:h"] for each in held] == [(-INF, -4 + 6e-6), (-INF, -10 + 6e-6)]
    assert all(each["x"] == (0.0, 1.0) and "goal:g" not in each for each in held)
    third = Criterion("x", "money:b", 1.0)
    bests[:], asked = [np.array([16.0, -9.0, 6.0])] * 9, []
    held.clear()
    three = np.array([6.0, 6.0, 4.0]), np.array([10.0, -4.0, 4.0]), np.array([16.0, -10.0, 8.0])
    list(frontier._grid(one, [G, H, third], {}, *three, 3, "s"))
    steps = [(each["goal:h"][1] - 6e-6, each["money:b"][0] + 4e-6) for each in held]
    assert steps == [near((h, b)) for h in (-4, -7, -10) for b in (4, 8)]


def test_the_best_where_another_is_at_least_as_good() -> None:
    one = planned()
    some = frontier.beyond(one, [G, H], [0.0, -7.0], ECONOMY, relax=False, solver="highs")
    assert some is not None and some.values == pytest.approx((13, -7), abs=1e-4)
    assert some.optimum.objective == pytest.approx(13, abs=1e-4)
    wide = frontier.beyond(one, [G, H], [0.0, -1.0], ECONOMY, relax=True, solver="highs")
    assert wide is not None and wide.values == pytest.approx((18, -2), abs=1e-4)
    assert frontier.beyond(one, [G, H], [0.0, -11.0], ECONOMY, relax=True, solver="highs") is None
    assert (
        frontier.beyond(one, [G, Criterion("x", "goal:x", 1.0)], [0, 0], ECONOMY, relax=True, solver="s")
        is None
    )
    best = frontier.best_of(one, G, ECONOMY, relax=True, solver="highs")
    assert best.objective == near(18.0) and money(best) == pytest.approx([8, 2], abs=1e-4)
    least = frontier.best_of(one, Criterion("h", "goal:h", -1.0, 5.0), ECONOMY, relax=True, solver="highs")
    assert least.objective == near(-5.0) and money(least) == pytest.approx([0, 10], abs=1e-4)
    never = planned({"no": ({"money:a": 1.0}, 9.0, INF)})
    none = frontier.best_of(never, G, ECONOMY, relax=True, solver="highs")
    assert none.status is Status.INFEASIBLE and none.plan is None and math.isnan(none.objective)


def test_what_is_held_in_a_trade_off_may_give_a_millionth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the value where it is above one, else of one; a hundred-thousandth part of a millionth in the table
    of the best of each."""
    asked: list[Any] = []
    values = {"goal:g": 16.0, "goal:h": -0.5, EXTRA: 0.0}

    def answer(_: Any, question: Question, __: str) -> Solution:
        asked.append((dict(question.objective), dict(question.bounds)))
        return Solution(Status.OPTIMAL, 0.0, values, {})

    monkeypatch.setattr(frontier, "solve", answer)
    monkeypatch.setattr(
        frontier, "closest", lambda _, held, *__: asked.append(({}, dict(held))) or SimpleNamespace(plan=None)
    )
    one = planned()
    frontier.beyond(one, [G, H], [0.0, -4.0], ECONOMY, relax=False, solver="s")
    (cost, first), (_, held) = asked
    assert cost == {"goal:g": 1.0} and first["goal:h"] == (-INF, -4 + 4e-6) and "goal:g" not in first
    assert held["goal:g"] == (16 - 16e-6, INF) and held["goal:h"] == first["goal:h"]
    asked.clear()
    values["goal:g"] = 0.5
    frontier.beyond(one, [G, H], [0.0, 0.25], ECONOMY, relax=False, solver="s")
    assert asked[0][1]["goal:h"] == (-INF, 0.25 + 1e-6) and asked[1][1]["goal:g"] == (0.5 - 1e-6, INF)
    values["goal:g"] = 16.0
    asked.clear()
    frontier.best_of(one, H, ECONOMY, relax=False, solver="s")
    assert asked[0][0] == {"goal:h": -1.0} and asked[1][1]["goal:h"] == (-INF, -0.5 + 1e-6)
    asked.clear()
    frontier.payoff(one, [G, H], {}, "s")
    assert [(cost, held) for cost, held in asked] == [
        ({"goal:g": 1.0}, {}),
        ({"goal:h": -1.0}, {"goal:g": (16 - 16e-7, INF)}),
        ({"goal:h": -1.0}, {}),
        ({"goal:g": 1.0}, {"goal:h": (-INF, -0.5 + 1e-7)}),
    ]
    asked.clear()
    frontier._efficient(one, [G, H], {"goal:g": (0.0, INF)}, np.array([4.0, 8.0]), "s")
    assert asked == [
        ({"goal:g": 1.0}, {"goal:g": (0.0, INF)}),
        ({"goal:h": -0.125}, {"goal:g": (16 - 4e-6, INF)}),
    ]


# ---- many draws


def cuts() -> chance.Cuts:
    """Draw 0 gives 2 a, draw 1 gives b, draw 2 gives 1 + a + b, each of which must be 9; and a of draw 2 must
    be 1."""
    made = chance.Cuts(2, 3)
    at = np.array([3.0, 5.0])
    slope = np.array([[2.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    made.add(np.arange(3), np.array([6.0, 5.0, 9.0]), slope, at, 9.0)
    made.add(np.array([2]), np.array([3.0]), np.array([[1.0, 0.0]]), at, 1.0)
    return made


def test_lines_of_draws() -> None:
    draw, constant, slope, need = cuts().joined()
    assert draw.tolist() == [0, 1, 2, 2] and constant.tolist() == [0.0, 0.0, 1.0, 0.0]
    assert slope.tolist() == [[2, 0], [0, 1], [1, 1], [1, 0]] and need.tolist() == [9, 9, 9, 1]
    assert cuts().room(np.array([4.0, 10.0])).tolist() == [-1.0, 1.0, 3.0]
    assert cuts().room(np.array([0.5, 10.0])).tolist() == [-8.0, 1.0, -0.5]
    assert chance.Cuts(2, 4, *[[each] for each in cuts().joined()]).room(np.zeros(2))[3] == INF


def master() -> chance.Master:
    one = free_money(bound("cap", 0.0), ALL)
    bounds = require.any_money(one, relax=False, lifted=["cap"])
    return chance.Master(one, bounds, cuts(), "highs")


def test_the_least_money_for_some_draws() -> None:
    """4.5 for the first draw alone; 9 for the second; 8 for the third, of which a must have one."""
    own = master()

    def cheapest(*kept: int, most: float = INF) -> Any:
        held = np.isin(np.arange(3), kept)
        found = own.cheapest(held, most)
        return None if found is None else (own.total(found), found.tolist())

    total, mix = cheapest(0)
    assert total == near(4.5) and mix == near([4.5, 0.0])
    assert cheapest(1)[1] == near([0.0, 9.0]) and cheapest(2)[0] == near(8.0)
    assert cheapest(0, 1)[1] == near([4.5, 9.0]) and cheapest(0, 1, 2)[0] == near(13.5)
    assert cheapest()[0] == near(0.0)
    assert cheapest(0, most=4.4) is None and cheapest(0, most=4.5 * (1 + 2e-9)) is not None
    found = Solution(Status.OPTIMAL, 0.0, {"money:a": 4.5, "money:b": 0.0}, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chance, "solve", lambda *_: found)
        assert (
            cheapest(0, most=4.5 * (1 - 0.9e-9)) is not None and cheapest(0, most=4.5 * (1 - 1.1e-9)) is None
        )
    own.bounds = {**own.bounds, "money:a": (0.0, 4.0)}
    assert cheapest(0) is None and own.choose(3, np.array([3.0, 5.0])) is None


def test_a_choice_of_draws_goes_down_until_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 3 and 5 the third draw has room 0, the others lack 3 and 4: 8 at most, or 4.5 for the first where
    the 8 are put so that it is reached as well."""
    own = master()
    one = own.choose(1, np.array([3.0, 5.0]))
    assert one is not None and one.kept.sum() == 1 and cuts().room(one.money)[one.kept][0] > -1e-9
    assert one.total == near(8.0 if one.kept[2] else 4.5)
    two = own.choose(2, np.array([3.0, 5.0]))
    assert two is not None and two.kept.tolist() == [True, False, True] and two.total == near(8.0)
    from_first = own.choose(1, np.array([4.5, 0.0]))
    assert (
        from_first is not None
        and from_first.total == near(4.5)
        and from_first.kept.tolist()
        == [
            True,
            False,
            False,
        ]
    )
    totals = [9.0, 7.0, 7.0 - 0.5e-6]
    asked: list[Any] = []
    monkeypatch.setattr(
        own, "cheapest", lambda kept: asked.append(kept) or np.array([totals[len(asked) - 1], 0])
    )
    last = own.choose(2, np.array([3.0, 5.0]))
    assert last is not None and last.total == 7.0 and len(asked) == 3
    asked.clear()
    totals[:] = [100.0 - at for at in range(99)]
    assert own.choose(2, np.array([3.0, 5.0])).total == 100.0 - (chance.TURNS - 1)  # type: ignore[union-attr]


def test_no_plan_for_so_many_draws_costs_less_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    own, ranges = master(), np.array([[0.0, 20.0], [0.0, 20.0]])
    for count, least in ((1, 4.5), (2, 8.0), (3, 13.5)):
        total, mix = own.bound(count, 40.0, ranges)
        assert total == near(least) and mix is not None and own.total(mix) == near(least)
    assert own.bound(3, 13.0, ranges) == (INF, None)
    assert own.bound(3, 13.6, ranges)[0] == near(13.5)
    asked: list[Question] = []

    def late(model: Any, question: Question, solver: str) -> Solution:
        asked.append(question)
        lacks = {
            name: model.matrix.column(model.at[name]).tolist() for name in model.names if "missed" in name
        }
        asked.append(lacks)  # type: ignore[arg-type]
        return Solution(Status.TIME_LIMIT, math.nan, {}, {})

    monkeypatch.setattr(chance, "solve", late)
    total, mix = own.bound(2, 40.0, np.array([[1.0, 20.0], [2.0, 30.0]]))
    assert math.isnan(total) and mix is None
    question, lacks = asked
    assert question.bounds[EXTRA] == (-10.0, 30.0) and question.time_limit == chance.SECONDS
    # at 1 and 2: 9 - 2, 9 - 2, 9 - 4; and a of at least 1 is never missed
    each = {key: [v for v in column if v] for key, column in lacks.items()}  # type: ignore[attr-defined]
    assert each == {"missed:0": [7.0, 1.0], "missed:1": [7.0, 1.0], "missed:2": [5.0, 1.0]}


def test_the_total_of_all_years_has_what_is_fixed() -> None:
    own = master()
    own.problem = SimpleNamespace(spent=(np.array([1.5, 1.25, 1.0]), 10.0), levers=("x", "y"))  # type: ignore[assignment]
    assert own.total(np.array([2.0, 4.0, -1.0])) == 3 + 5 - 1 + 10
    assert own._money({"y": 1.0, "x": 2.0}).tolist() == [2.0, 1.0]


def test_a_line_that_falls_lacks_most_at_the_top() -> None:
    made = chance.Cuts(2, 1)
    made.add(np.array([0]), np.array([4.0]), np.array([[-1.0, 2.0]]), np.zeros(2), 3.0)
    one = free_money(bound("cap", 0.0), ALL)
    own = chance.Master(one, require.any_money(one, relax=False), made, "highs")
    total, mix = own.bound(1, 40.0, np.array([[0.0, 20.0], [0.0, 20.0]]))
    assert total == near(0.0) and mix is not None
    # 4 - a + 2 b >= 3 holds at nothing; what the draw could lack is 3 - 4 + 20
    assert own.bound(0, 40.0, np.array([[0.0, 20.0], [0.0, 20.0]]))[0] == near(0.0)


# ---- a network of plants


def plants() -> Any:
    """Steel of two plants and ore that can be bought; scrap comes with steel."""
    from dabiao.models.network import Network

    fact = {"assumption": "test"}
    return Network.model_validate(
        {
            "title": "n",
            "units": {"worth": 2},
            "materials": {
                "steel": {"title": "steel"},
                "ore": {"title": "ore", "price": {"value": 4, **fact}},
                "scrap": {"title": "scrap"},
            },
            "processes": {
                "melt": {
                    "title": "m",
                    "makes": "steel",
                    "uses": {"ore": {"value": 1.5, **fact}},
                    "joint": {"scrap": {"value": 0.25, **fact}},
                    "cost": {"value": 10, **fact},
                    "unit": "furnace",
                    "load": {"value": 2, **fact},
                },
                "cast": {"title": "c", "makes": "steel", "uses": {"scrap": {"value": 3, **fact}}},
            },
            "places": {
                "north": {"title": "n", "capacity": {"furnace": 12, "cast": 7}},
                "south": {
                    "title": "s",
                    "capacity": {"cast": 5},
                    "offers": {"scrap": {"price": 6, "most": 8}},
                },
                "town": {"title": "t", "needs": {"steel": 3}, "takes": {"steel": {"price": 50, "most": 9}}},
            },
            "transport": {
                "steel": {
                    "fixed": 1,
                    "per_distance": 0.5,
                    "distance": {"north": {"town": 4}, "south": {"town": 0}},
                }
            },
        }
    )


def test_a_network_written_out() -> None:
    own = plants()
    assert network.worth(own) == 2.0
    assert network.freight(own) == {("steel", "north", "town"): 3.0, ("steel", "south", "town"): 0.0}
    near_by = plants()
    ends = near_by.transport["steel"].distance["south"]
    ends["town"] = ends["town"].model_copy(update={"value": 0.5})
    assert network.freight(near_by)["steel", "south", "town"] == 1.25  # whatever is moved has the fixed part
    assert [(key, place, unit) for key, _, place, unit in network.runs(own)] == [
        ("melt", "north", "furnace"),
        ("cast", "north", "cast"),
        ("cast", "south", "cast"),
    ]
    rows, gain, keys, held = network._problem(own)
    assert gain == {
        "make:melt:north": -20.0,
        "make:cast:north": 0.0,
        "make:cast:south": 0.0,
        "send:steel:north:town": -6.0,
        "send:steel:south:town": 0.0,
        "offer:scrap:south": -12.0,
        "take:steel:town": 100.0,
        "buy:ore:north": -8.0,
    }
    assert rows.bounds[rows.at["offer:scrap:south"]] == (0.0, 8.0)
    assert rows.bounds[rows.at["take:steel:town"]] == (0.0, 9.0)
    assert rows.bounds[rows.at["make:melt:north"]] == (0.0, INF)
    assert written(rows) == {
        "balance:steel:north": (
            {"make:melt:north": 1.0, "make:cast:north": 1.0, "send:steel:north:town": -1.0},
            0.0,
            INF,
        ),
        "balance:scrap:north": ({"make:melt:north": 0.25, "make:cast:north": -3.0}, 0.0, INF),
        "balance:ore:north": ({"make:melt:north": -1.5, "buy:ore:north": 1.0}, 0.0, INF),
        "balance:steel:south": ({"make:cast:south": 1.0, "send:steel:south:town": -1.0}, 0.0, INF),
        "balance:scrap:south": ({"make:cast:south": -3.0, "offer:scrap:south": 1.0}, 0.0, INF),
        "balance:steel:town": (
            {"send:steel:north:town": 1.0, "send:steel:south:town": 1.0, "take:steel:town": -1.0},
            3.0,
            INF,
        ),
        "capacity:furnace:north": ({"make:melt:north": 2.0}, -INF, 12.0),
        "capacity:cast:north": ({"make:cast:north": 1.0}, -INF, 7.0),
        "capacity:cast:south": ({"make:cast:south": 1.0}, -INF, 5.0),
    }
    assert keys["send:steel:north:town"] == ("send", ("steel", "north", "town"))
    assert held["balance:ore:north"] == ("balance", ("ore", "north"))
    assert held["capacity:furnace:north"] == ("capacity", ("furnace", "north"))


def test_a_network_solved_on_paper() -> None:
    """A unit melted costs 20, 12 of ore and 6 of freight, and leaves 1/4 of scrap, of which 1/12 is cast: 6
    melted and 0.5 cast, and 8/3 in the south from scrap for 36 each; 3 go to the town, the rest is sold."""
    found = network.best_flows(plants(), "highs")
    assert found.status is Status.OPTIMAL
    assert found.activity == near({("melt", "north"): 6, ("cast", "north"): 0.5, ("cast", "south"): 8 / 3})
    assert found.bought == near({("ore", "north"): 9}) and found.offered == near({("scrap", "south"): 8})
    assert found.taken == near({("steel", "town"): 6.5 + 8 / 3 - 3})
    assert found.sent == near({("steel", "north", "town"): 6.5, ("steel", "south", "town"): 8 / 3})
    assert found.margin == near(100 * (6.5 + 8 / 3 - 3) - 6 * 20 - 9 * 8 - 6.5 * 6 - 8 * 12)
    # a unit of the furnace melts half a unit: 100 - 6 - 20 - 12 and a twelfth of 94
    assert found.capacity_price["furnace", "north"] == near((62 + 94 / 12) / 2)
    assert found.material_price["steel", "town"] == near(100) and found.material_price[
        "ore", "north"
    ] == near(8)
    poor = plants()
    poor.places["town"].needs["steel"] = poor.places["north"].capacity["furnace"]
    none = network.best_flows(poor, "highs")
    assert none.status is Status.INFEASIBLE and math.isnan(none.margin) and none.sent == {} == none.activity


# ---- a chain in one year


def mines(most: float = 0.0, endless: bool = False) -> Any:
    """Two mines and a smelter that uses 2 of ore and may take three quarters of it; slag is half of metal."""
    from dabiao.models.flow import Flow

    table = np.zeros((3, 3, 1))
    uses, joint, share = table.copy(), table.copy(), table.copy()
    uses[0, 2], joint[2, 2], share[0, 2] = 2.0, 0.5, 0.75
    column = np.array([[30.0], [50.0], [30.0]])
    return Flow(
        ("ore", "metal", "slag"),
        ("old", "new", "smelter"),
        (0, 0, 1),
        uses,
        np.ones((3, 3, 1)),
        joint,
        np.ones((3, 3, 1)),
        share,
        column,
        column,
        np.array([[most], [0.0], [0.0]]),
        (endless, False, False),
        np.array([[0.25], [0.75], [1.0]]),
        (False,) * 3,
        1.0,
        column / 100,
    )


LIMIT, MARKET, WORTH = np.array([20.0, 25.0, 99.0]), np.array([6.0, INF, 40.0]), np.array([1.0, 2.0, 10.0])


def test_a_chain_written_out() -> None:
    from dabiao.solvers import chain

    year = chain.ChainYear(mines(8.0), 0, LIMIT, np.array([6.0, 7.0, 40.0]))
    found = written(chain._rows(year, WORTH, False, None))
    plain = {
        "goal": ({"goal": 1.0, "make:old": -1.0, "make:new": -2.0, "make:smelter": -10.0}, 0.0, 0.0),
        **{
            f"capacity:{k}": ({f"wish:{k}": 1.0}, -INF, x)
            for k, x in (("old", 20), ("new", 25), ("smelter", 99))
        },
        **{
            f"wish:{k}": ({f"make:{k}": 1.0, f"wish:{k}": -1.0}, -INF, 0.0) for k in ("old", "new", "smelter")
        },
    }
    smelter = {"market:smelter": ({"wish:smelter": 1.0}, -INF, 40.0)}
    assert found == {
        **plain,
        **smelter,
        "market:old": ({"wish:smelter": -2.0, "wish:old": 1.0, "wish:new": 1.0}, -INF, 13.0),
        "feed:ore": ({"make:old": -1.0, "make:new": -1.0, "make:smelter": 2.0}, -INF, 8.0),
    }
    held = written(chain._rows(year, WORTH, True, np.array([1.0, 2.0, 3.0])))
    assert held == {
        **plain,
        **smelter,
        "market:old": ({"wish:smelter": -0.5, "wish:old": 1.0}, -INF, 6.0),
        "market:new": ({"wish:smelter": -1.5, "wish:new": 1.0}, -INF, 7.0),
        "feed:ore:smelter": ({"make:old": -0.75, "make:new": -0.75, "make:smelter": 2.0}, -INF, 6.0),
        **{
            f"near:{k}": ({f"make:{k}": 1.0, f"more:{k}": -1.0, f"less:{k}": 1.0}, at, at)
            for k, at in (("old", 1.0), ("new", 2.0), ("smelter", 3.0))
        },
    }
    sent = {"old": {"ore": 0.4}, "smelter": {"ore": 0.5}}
    said = written(chain._rows(replace(year, routing=sent), WORTH, True, None))
    assert said["market:old"] == ({"wish:smelter": near(-0.8), "wish:old": 1.0}, -INF, near(0.4 * 13))
    assert said["feed:ore:smelter"][0]["make:old"] == -0.5 and said["feed:ore:smelter"][2] == 4.0
    wide = written(chain._rows(replace(year, market=MARKET, flow=mines(endless=True)), WORTH, False, None))
    assert "market:old" not in wide and "feed:ore" not in wide and "market:smelter" in wide
    short = written(chain._rows(replace(year, market=np.array([6.0, 7.0, -1.0])), WORTH, False, None))
    assert short["market:smelter"][2] == 0.0


def test_the_best_use_of_a_chain_on_paper() -> None:
    """45 of ore are 22.5 of metal; where three quarters may be used 16.875."""
    from dabiao.solvers.chain import ChainYear, best_use

    year = ChainYear(mines(), 0, LIMIT, MARKET)
    free = best_use(year, WORTH, solver="highs")
    assert (free.status, free.value) == (Status.OPTIMAL, near(20 + 50 + 225))
    assert free.activity.tolist() == near([20, 25, 22.5])
    assert free.prices == near({"capacity:old": 6.0, "capacity:new": 7.0, "feed:ore": 5.0})
    held = best_use(year, WORTH, held=True, solver="highs")
    assert held.value == near(70 + 168.75) and held.activity.tolist() == near([20, 25, 16.875])
    # where ore is worth nothing by itself it is made as before, as far as metal does not need it
    tie = best_use(year, np.array([0.0, 0.0, 1.0]), near=np.array([5.0, 25.0, 9.0]), solver="highs")
    assert tie.value == near(22.5) and tie.activity.tolist() == near([20, 25, 22.5])
    few = ChainYear(mines(), 0, LIMIT, np.array([INF, INF, 10.0]))
    tie = best_use(few, np.array([0.0, 0.0, 1.0]), near=np.array([5.0, 24.0, 9.0]), solver="highs")
    assert tie.value == near(10.0) and tie.activity.tolist() == near([5, 24, 10])
    assert best_use(few, WORTH, near=np.array([5.0, 24.0, 9.0]), solver="highs").value == near(20 + 50 + 100)


def test_what_ties_cost_and_what_is_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    from dabiao.solvers import chain

    asked: list[Question] = []
    duals = {"capacity:old": 2.0, "market:old": -1e-13, "feed:ore": 1.1e-12, "wish:old": 5.0}
    values = {"goal": 50.0, "make:old": -1e-9, "make:new": 3.0, "make:smelter": 4.0}
    said = [Solution(Status.OPTIMAL, 50.0, values, duals), Solution(Status.TIME_LIMIT, math.nan, {}, {})] * 2
    monkeypatch.setattr(chain, "solve", lambda _, question, __: asked.append(question) or said.pop(0))
    year = chain.ChainYear(mines(), 0, LIMIT, MARKET)
    found = chain.best_use(year, np.array([0.0, -2.0, 10.0]), near=np.ones(3), time_limit=7.0)
    assert found.prices == {"capacity:old": 2.0, "feed:ore": 1.1e-12}
    assert found.activity.tolist() == [0.0, 3.0, 4.0] and (found.value, found.status) == (
        50.0,
        Status.OPTIMAL,
    )
    first, second = asked
    assert first.objective == {"goal": 1.0} and first.maximise and not second.maximise
    assert second.bounds == {"goal": (50.0 - 50e-9, INF)} and first.time_limit == second.time_limit == 7.0
    assert second.objective == {
        f"{side}:{name}": cost
        for name, cost in (("old", 1.0), ("new", 2.0), ("smelter", 10.0))
        for side in ("more", "less")
    }
    asked.clear()
    chain.best_use(year, WORTH)
    assert len(asked) == 1


# ---- levers and what they move


def test_the_pool_of_key_projects_follows_its_levers() -> None:
    """In the first year the pool gets half of what is left, and a quarter and three quarters of what the
    total brings beyond; in the second it is nothing but its part."""
    pool = KeyPool(
        np.array([10.0, 8.0]),
        np.zeros(2),
        np.zeros(2),
        np.array([0.5, 0.25]),
        np.array([[0.25, 0.5], [0.75, 0.5]]),
        np.array([1.0, 0.0]),
        np.eye(2),
    )
    free = np.array([[[8.0], [4.0]], [[6.0], [8.0]]])
    found = pool.planned(free, np.array([[1.2], [1.0]]), np.array([[3.0], [1.0]]))
    # 10 * 1.2 - 3 - 0.5 * 14 = 2 beyond
    assert found[..., 0].tolist() == [pytest.approx([4.5, 1.0]), pytest.approx([4.5, 2.0])]


def mill() -> tuple[Start, Start]:
    """4 then 2 planned, 3 then 2 spent, 5 new in the second year; or all of it a year later."""
    own = (np.array([4.0, 2.0]), np.array([3.0, 2.0]), np.array([0.0, 5.0]))
    late = (np.array([0.0, 4.0]), np.array([0.0, 3.0]), np.array([0.0, 0.0]))
    return Start("mill", 0.0, 1, "b", "p", True, True, *own), Start(
        "mill", 12.0, 1, "b", "p", False, False, *late
    )


def around(**more: Any) -> DecisionVariables:
    """Two sectors, two years; half of what the pool plans comes a year later."""
    history = np.ones((2, 3, 1))
    delivered = Realisation(
        np.zeros((2, 2, 1)),
        np.zeros((2, 2, 1)),
        history,
        7 * history,
        {},
        np.zeros((2, 1)),
        {"u": {}},
        {"l": {}},
    )
    key = KeyPool(
        np.array([10.0, 12.0]),
        np.array([1.0, 2.0]),
        np.array([0.5, 1.5]),
        np.array([0.5, 0.5]),
        np.array([[0.25, 0.5], [0.75, 0.5]]),
        np.ones(2),
        np.array([[0.5, 0.5], [0.0, 0.5]]),
    )
    usual: dict[str, Any] = {
        "choices": mill(),
        "fixed_planned": np.array([[1.0, 2.0], [3.0, 0.0]]),
        "fixed_spent": np.array([[0.5, 1.5], [2.0, 0.25]]),
        "fixed_tied": np.array([[0.25, 0.5], [1.0, 0.0]]),
        "fixed_named": {"b": {"p": np.array([[1.0], [2.0]])}, "a": {"": np.array([[3.0, 4.0], [5.0, 6.0]])}},
        "carried": np.array([[0.1, 0.2], [0.3, 0.4]]),
        "realised": np.array([0.9, 0.8]),
        "key_realised": 0.7,
        "key": key,
        "delivered": delivered,
    }
    return levers([14.0, 16.0], **{**usual, **more})


def by_loop(own: DecisionVariables, vector: np.ndarray, scale: list[float]) -> dict[str, Any]:
    """The same equations, one number at a time."""
    money, shares = vector[:2], vector[2:4]
    moved = vector[4:]
    invested, pool, free = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2))
    spent, tied = own.fixed_spent.copy(), own.fixed_tied.copy()
    key_planned, key_spent = own.key.named.copy(), own.key.spent.copy()
    for s in range(2):
        for t in range(2):
            free[s, t] = money[s] * own.ratio[s, t] + own.rest[s, t] - own.fixed_planned[s, t]
    for (s, t), more in zip(own.moves, moved, strict=True):
        free[s, t] += more
    for choice, share in zip(own.choices, shares, strict=True):
        for t in range(2):
            free[choice.sector, t] -= share * choice.planned[t]
            spent[choice.sector, t] += share * choice.spent[t]
            tied[choice.sector, t] += share * choice.spent[t] if choice.tied else 0.0
            if choice.key:
                key_planned[t] += share * choice.planned[t]
                key_spent[t] += share * choice.spent[t]
    planned = np.zeros((2, 2))
    for t in range(2):
        beyond = own.key.total[t] * scale[t] - key_planned[t] - own.key.share[t] * free[:, t].sum()
        for s in range(2):
            planned[s, t] = own.key.share[t] * free[s, t] + own.key.split[s, t] * beyond
    key = key_spent.copy()
    for s in range(2):
        for u in range(2):
            placed = sum(own.key.late[t, u] * planned[s, t] for t in range(2))
            invested[s, u] = (
                own.realised[s] * (free[s, u] - planned[s, u] + placed) + spent[s, u] + own.carried[s, u]
            )
            pool[s, u] = invested[s, u] - tied[s, u]
            key[u] += own.key_realised * placed
    return {"invested": invested, "pool": pool, "key": key}


@pytest.mark.parametrize(
    ("more", "moved", "scale"),
    [
        ({}, [], [31.0 / 30, 31.0 / 30]),
        ({"moves": ((0, 1),)}, [2.0], [31.0 / 30, (31.0 * 1.5 + 2) / 45]),
        ({"rest": np.array([[1.0, 0.0], [0.0, 2.0]])}, [], [32.0 / 31, (46.5 + 2) / 47]),
        ({"ratio": np.array([[1.0, 2.0], [1.0, 0.5]])}, [], [31.0 / 30, (26 + 9) / (28 + 8)]),
    ],
)
def test_what_the_pipeline_delivers_for_levers(
    more: dict[str, Any], moved: list[float], scale: list[float]
) -> None:
    """13 and 18 of money, a quarter of the early start and three of the late one; beside it the plan."""
    own = around(**more)
    vector = np.array([13.0, 18.0, 0.25, 0.75, *moved])
    found = own.realisation(np.stack([own.plan, vector], axis=1))
    for at, (each, scales) in enumerate(((own.plan, [1.0, 1.0]), (vector, scale))):
        expected = by_loop(own, each, scales)
        assert found.invested[..., at] == pytest.approx(expected["invested"])
        assert found.pool[..., at] == pytest.approx(expected["pool"])
        assert found.key_investment[:, at] == pytest.approx(expected["key"])
    assert found.named["b"]["p"].tolist() == [[1.0, 1.0], [7.0, 3.25]]
    assert found.named["a"][""].tolist() == [[3.0, 4.0], [5.0, 6.0]]
    assert (found.usual, found.unlisted) == ({"u": {}}, {"l": {}})
    assert found.history is own.delivered.history and found.normal is own.delivered.normal
    assert own.base.tolist() == [7.0, 7.0]
    assert own.plan.tolist() == [14.0, 16.0, 1.0, 0.0, *[0.0] * len(moved)]


def test_names_of_levers_and_money_by_year() -> None:
    own = around(moves=((1, 0), (0, 1)), rest=np.array([[0.0, 1.0], [0.0, 0.0]]))
    assert own.names == ("start:mill:0", "start:mill:12", "move:1:1", "move:0:2")
    assert own.investment(np.array([10.0, 20.0])).tolist() == [[10.0, 16.0], [20.0, 30.0]]
    assert own.investment(np.array([10.0, 20.0]), np.array([3.0, -4.0])).tolist() == [
        [10.0, 12.0],
        [23.0, 30.0],
    ]
    fresh = around(choices=(Start("new", 0.0, 0, "c", "q", False, False, *[np.array([1.0, 2.0])] * 3),))
    found = fresh.realisation(np.array([[14.0], [16.0], [0.5]]))
    assert found.named["c"]["q"].tolist() == [[0.5], [1.0]]


def test_a_map_is_read_off_its_draws() -> None:
    """3 + 2 x - y around (1, 10); a slope of rounding is none, relative to the value."""
    values = np.array([[-5.0, -3.0, -6.0], [1e6, 1e6 + 0.9e-5, 1e6 + 1.1e-5], [0.1, 0.1, 0.1 + 0.9e-11]])
    found = decision_variables.read(values, np.array([1.0, 10.0]))
    assert found.slope[0].tolist() == [2.0, -1.0] and found.constant[0] == 3.0
    assert found.slope[1, 0] == 0.0 and found.slope[1, 1] > 1e-5
    assert found.slope[2].tolist() == [0.0, 0.0] and found.constant[2] == 0.1
    small = decision_variables.read(np.array([0.25, 0.25 + 1.5e-11, 0.25 - 1.5e-11]), np.array([1.0, 10.0]))
    assert small.slope.tolist() == pytest.approx([1.5e-11, -1.5e-11], rel=1e-4)
    assert decision_variables.moved(np.array([3.0, 7.0])).tolist() == [[3, 4, 3], [7, 7, 8]]


def test_what_bounds_a_year_is_read_off_the_economy() -> None:
    """Two sectors of one and two branches; the second branch has no limit; prices of investment rise by a
    tenth a year, and money is advanced year by year."""
    point = np.array([2.0, 3.0])
    invested = np.zeros((2, 2, 3))
    invested[0, 0], invested[0, 1] = [11.0, 22.0, 11.0], [12.1, 12.1, 24.2]
    variables: Any = SimpleNamespace(
        realisation=lambda draws: SimpleNamespace(invested=invested, draws=draws)
    )
    coupling = SimpleNamespace(bound=np.array([4.0, 5.0, 4.0]), name="c")

    def sector(key: str, limit: list[list[float]], aux: int, *couplings: Any) -> Any:
        def response(state: Any) -> Any:
            return SimpleNamespace(
                limit=np.array(limit) + state,
                outside=np.full((len(limit), 1), 1.0 * state),
                couplings=couplings,
                aux=aux,
            )

        return SimpleNamespace(id=key, response=response)

    advanced: list[Any] = []

    def advance(states: Any, realisation: Any, year: int) -> Any:
        advanced.append((year, realisation.draws.tolist()))
        return tuple(state + 1 for state in states)

    economy: Any = SimpleNamespace(
        start=lambda: (0, 10),
        advance=advance,
        sectors=(sector("a", [[5.0]], 0), sector("b", [[INF], [7.0]], 2, coupling)),
        prices=SimpleNamespace(investment=np.array([1.1, 1.1, 1.1])),
        demand=lambda year, outside, real: outside + real.sum(axis=0) * year,
        links=lambda year: np.full((3, 3, 1), float(year)),
        rows={"a": slice(0, 1), "b": slice(1, 3)}.get,
    )
    first, second = decision_variables.years(economy, variables, 2, point)
    assert advanced == [(year, [[2, 3, 2], [3, 3, 4]]) for year in (1, 2)]
    assert first.limit.constant.tolist() == [6.0, INF, 18.0] and not first.limit.slope.any()
    # a unit of the first lever is 11 of money at a price of 1.1
    assert first.demand.slope.tolist() == [pytest.approx([10.0, 0.0])] * 3
    assert first.demand.constant.tolist() == pytest.approx([1 + 10 - 20, 11 - 10, 11 - 10])
    assert second.demand.slope.tolist() == [pytest.approx([0.0, 20.0])] * 3
    assert second.demand.constant.tolist() == pytest.approx([2 + 20 - 60, 12 - 40, 12 - 40])
    assert first.links.tolist() == [[1.0] * 3] * 3 and second.limit.constant[0] == 7.0
    ((which, bound_of, start),) = first.couplings
    assert which is coupling and start == 1 and first.aux == (0, 2)
    assert bound_of.slope.tolist() == [1.0, 0.0] and bound_of.constant == 2.0


# ---- rows of the problem


def test_a_year_as_rows() -> None:
    """Branch 0 is led by supply, 1 has no limit; the third buys of the second; a chain of two processes."""
    rows = Rows()
    for name in ("m", "s"):
        rows.variable(name)
    branches = tuple(SimpleNamespace(id=key, sector=key[0]) for key in ("a", "b1", "b2"))
    economy: Any = SimpleNamespace(
        branches=branches,
        supply_led=np.array([True, False, False]),
        sectors=(SimpleNamespace(id="a"), SimpleNamespace(id="b")),
        rows={"a": slice(0, 1), "b": slice(1, 3)}.get,
    )
    chain = SimpleNamespace(name="feed:ore", weights=np.array([2.0, -1.0]), aux_weights=np.array([0.0, 3.0]))
    year: Any = SimpleNamespace(
        limit=Affine(np.array([5.0, INF, 7.0]), np.array([[1.0, 0.0], [9.0, 9.0], [0.0, 2.0]])),
        demand=Affine(np.array([1.0, 2.0, 3.0]), np.array([[9.0, 9.0], [4.0, 0.0], [0.0, 0.5]])),
        links=np.array([[0.1, 0.0, 0.2], [0.0, 0.3, 0.0], [0.25, 0.5, 0.0]]),
        couplings=((chain, Affine(np.float64(8.0), np.array([0.0, 6.0])), 1),),
        aux=(0, 2),
    )
    assert problem._year(rows, economy, year, ["m", "s"], 3) == ("output:a:3", "output:b1:3", "output:b2:3")
    assert "wish:b:0:3" in rows.at and "wish:b:1:3" in rows.at and len(rows.names) == 7
    expected = {
        "capacity:a:3": ({"output:a:3": 1.0, "m": -1.0}, -INF, 5.0),
        "capacity:b2:3": ({"output:b2:3": 1.0, "s": -2.0}, -INF, 7.0),
        "demand:b1:3": ({"output:b1:3": pytest.approx(0.7), "m": -4.0}, -INF, 2.0),
        "demand:b2:3": (
            {"output:a:3": -0.25, "output:b1:3": -0.5, "output:b2:3": 1.0, "s": -0.5},
            -INF,
            3.0,
        ),
        "feed:ore:3": ({"output:b1:3": 2.0, "output:b2:3": -1.0, "wish:b:1:3": 3.0, "s": -6.0}, -INF, 8.0),
    }
    assert written(rows) == expected
    rows = Rows()
    for name in ("m", "s"):
        rows.variable(name)
    year.aux = (1, 2)
    problem._year(rows, economy, year, ["m", "s"], 3)
    assert written(rows)["feed:b/ore:3"] == expected["feed:ore:3"] and "wish:a:0:3" in rows.at


def test_limits_as_rows() -> None:
    rows = Rows()
    for name in ("m", "n", "s", "move", "o1", "o2", "relax:k", EXTRA, UNSPENT):
        rows.variable(name)
    own = {
        "limit:k": Row(
            2.0,
            np.array([1.0, 0.0]),
            {2: np.array([4.0])},
            np.array([5.0]),
            extra=6.0,
            unspent=7.0,
            low=1.0,
            high=9.0,
        ),
        "limit:k:x": Row(200.0, starts=np.array([5.0, 3.0]), high=9.0, percent=True),
    }
    limits = [bound("k", named_rows=lambda ground: own)]
    problem._limits(rows, limits, None, ["m", "n"], ["s", "move"], [("o1",), ("o2",)])  # type: ignore[arg-type]
    assert written(rows) == {
        "limit:k": ({"m": 1.0, "o2": 4.0, "s": 5.0, "relax:k": -2.0, EXTRA: 6.0, UNSPENT: 7.0}, 1.0, 9.0),
        "limit:k:x": ({"s": 5.0, "move": 3.0, "relax:k": -2.0}, -INF, 9.0),
    }


def test_money_that_sectors_keep_by_assumption() -> None:
    ground: Any = SimpleNamespace(planned=np.array([4.0, 6.0]))
    halves = SimpleNamespace(leave=lambda least, _: least - np.array([0.5, 0.0]))
    assert problem.kept(ground, []).tolist() == [2.0, 3.0]
    assert problem.kept(ground, [halves, halves]).tolist() == [1.0, 3.0]  # type: ignore[list-item]


def goal(value: float, levers: list[float], output: list[float], last: int = 1, rewarded: bool = True) -> Any:
    return problem._Goal(value, np.array(levers), np.array(output), last, rewarded)


def test_goals_as_rows() -> None:
    """Levers (2, 3), output 5 in the first year and 8 in the second."""
    rows = Rows()
    for name in ("m", "n", "o1", "o2"):
        rows.variable(name)
    parts = {
        "fixed": (goal(4.0, [0, 0], [0]), goal(6.0, [0, 0], [0])),
        "capped": (goal(4.0, [0, 0], [0]), goal(6.0, [0, 0], [0])),
        "plain": (goal(10.0, [1.0, 0.0], [2.0]),),
        "twice": (goal(30.0, [2.0, 0.0], [4.0]),),
        "later": (goal(30.0, [2.0, 0.0], [4.0], last=2),),
        "down": (goal(1.0, [-1.0, 0.0], [0.0], rewarded=False),),
        "each": (goal(7.0, [0.0, 0.0], [1.0]), goal(9.0, [0.0, 1.0], [0.0], last=2)),
    }
    asked = [SimpleNamespace(id=key, sign=-1.0 if key in ("capped", "down") else 1.0) for key in parts]

    def goals(*names: str, sign: float | None = None, money: int = 1) -> Any:
        some = [each for each in asked if each.id in names]
        if sign is not None:
            some = [SimpleNamespace(id=each.id, sign=sign) for each in some]
        fresh = Rows()
        for name in rows.names:
            fresh.variable(name)
        around: Any = SimpleNamespace(
            goals=lambda target: parts[target.id],
            plan=SimpleNamespace(output=np.array([[[0.0], [5.0], [8.0]]])),
            point=np.array([2.0, 3.0]),
            variables=SimpleNamespace(money=np.zeros(money)),
        )
        found = problem._goals(fresh, around, some, ["m", "n"], [("o1",), ("o2",)])  # type: ignore[arg-type]
        return found, written(fresh)

    found, table = goals(*parts)
    assert found.fixed == {"fixed": 4.0, "capped": 6.0} and "goal:fixed" not in table
    assert found.goals == {key: f"goal:{key}" for key in ("plain", "twice", "later", "down", "each")}
    # 10 = -2 + 1 * 2 + 2 * 5
    assert table["goal:plain"] == ({"goal:plain": 1.0, "m": -1.0, "o1": -2.0}, -2.0, -2.0)
    assert table["goal:later"] == ({"goal:later": 1.0, "m": -2.0, "o2": -4.0}, 30 - 4 - 32, 30 - 4 - 32)
    assert table["goal:each:1"] == ({"goal:each": 1.0, "o1": -1.0}, -INF, 2.0)
    assert table["goal:each:2"] == ({"goal:each": 1.0, "n": -1.0}, -INF, 6.0)
    assert found.every == {"each": (1.0, (({"o1": 1.0}, 2.0), ({"n": 1.0}, 6.0)))}
    # what goes the same way in the same year has the same best plan
    assert found.leaders == {
        "plain": "plain",
        "twice": "plain",
        "later": "later",
        "down": "down",
        "each": "each",
    }
    assert not found.eased  # less of m helps nothing: of `down` more of it does
    low, table = goals("each", sign=-1.0)
    assert table["goal:each:1"][1:] == (2.0, INF) and table["goal:each:2"][1:] == (6.0, INF)
    assert low.every["each"][0] == -1.0
    assert goals("down", sign=1.0)[0].eased
    assert not goals("plain", sign=-1.0)[0].eased  # rewarded: money is not in the way
    parts["down"] = (goal(1.0, [0.0, -1.0], [0.0], rewarded=False),)
    assert not goals("down", sign=1.0)[0].eased  # a start, no money
    assert goals("down", sign=1.0, money=2)[0].eased  # less of one of the two is enough
    assert goals("plain", "twice", sign=-1.0)[0].leaders == {"plain": "plain", "twice": "plain"}


def test_which_way_a_goal_is_pushed() -> None:
    one = goal(0.0, [3.0, 0.0], [-4.0])
    assert one.way(1.0).tolist() == [0.6, 0.0, -0.8] and one.way(-1.0).tolist() == [-0.6, 0.0, 0.8]
    assert not one.fixed and goal(1.0, [0, 0], [0]).fixed and not goal(1.0, [0, 0], [1]).fixed


def test_values_around_a_point() -> None:
    """A rate is read off its draws; an indicator of one's own by the slopes of its levels."""
    point, rate = np.array([2.0, 3.0]), target("gdp_growth", 6.0)
    sheet: Any = SimpleNamespace(value=lambda t, path, year: np.array([10.0, 11.0, 8.0]) * year)
    path: Any = SimpleNamespace(economy=SimpleNamespace(indicators={}))
    found = problem._around(sheet, rate, path, 2, point)
    assert (found.slope.tolist(), found.constant) == ([2.0, -4.0], 20 - 4 + 12)
    still: Any = SimpleNamespace(value=lambda *_: np.array([10.0]))
    assert problem._around(still, rate, path, 2, point).slope.tolist() == [0.0, 0.0]
    asked: list[Any] = []

    def slope(path: Any, year: int, read: Any) -> Any:
        asked.append((year, read(np.array([1.0, 3.0, 1.0])).tolist(), read(np.array([1.0])).tolist()))
        return np.array([5.0])

    path.economy.indicators["gdp_growth"] = SimpleNamespace(slope=slope)
    found = problem._around(sheet, rate, path, 1, point)
    assert (found.slope.tolist(), found.constant) == ([5.0, 5.0], 10 - 25)
    assert asked == [(1, [2.0, 0.0], [0.0, 0.0])]


def test_solutions_of_a_question_are_solutions() -> None:
    """The little problem of these tests is what it says: 2 a + b on a line."""
    one = planned()
    for a in (0.0, 2.5, 6.0):
        held = {**one.relaxed(False), "money:a": (a, a)}
        assert solve(one.compiled, Question({"goal:g": 1.0}, bounds=held), "highs").objective == near(10 + a)
    assert ALL_MONEY not in one.compiled.at


# ---- one mix for several scenarios


def scenarios() -> list[Any]:
    """In one the port may start later, in the other not; the goal g is to be high in the first (16 at most)
    and low in the second (10 at least)."""
    from dabiao.solvers.regret import RegretCase

    def start(project: str, shift: float) -> Start:
        return Start(project, shift, 0, "a", "", True, False, *[np.zeros(2)] * 3)

    made = []
    for sign, best, some in (
        (1.0, 16.0, (("mill", 0.0), ("mill", -6.0), ("port", 0.0), ("port", 3.0))),
        (-1.0, 10.0, (("mill", 0.0), ("mill", -6.0), ("port", 0.0))),
    ):
        choices = tuple(start(*each) for each in some)
        own = planned({}, variables=levers([4.0, 6.0], choices=choices))
        made.append(RegretCase(own, ECONOMY, "g", sign, best))
    return made


def test_the_least_regret_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first lacks 6 - a and the second a: 3 of both at a = 3."""
    from dabiao.solvers import regret

    asked: list[tuple[Compiled, Question, Any]] = []

    def noted(model: Compiled, question: Question, solver: str) -> Solution:
        found = solve(model, question, solver)
        asked.append((model, replace(question, bounds=dict(question.bounds)), found))
        return found

    monkeypatch.setattr(regret, "solve", noted)
    found = regret.least_regret(scenarios(), "highs")
    assert (found.status, found.regret) == (Status.OPTIMAL, near(3.0)) and len(found.plans) == 2
    for plan in found.plans:
        assert plan.investment[:, 0].tolist() == near([3, 7])
    (model, first, _), (again, second, _) = asked
    assert model is again and first.objective == {regret.MOST: 1.0} and not first.maximise
    table = written(near_optimal.copied(model))
    assert table["shares"] == ({"share:a": 1.0, "share:b": 1.0}, 1.0, 1.0)
    assert table["same:0:a"] == ({"0/money:a": 1.0, "share:a": -10.0}, 0.0, 0.0)
    assert table["same:1:b"] == ({"1/money:b": 1.0, "share:b": -10.0}, 0.0, 0.0)
    assert table["regret:0"] == ({regret.MOST: 1.0, "0/goal:g": 1.0}, 16.0, INF)
    assert table["regret:1"] == ({regret.MOST: 1.0, "1/goal:g": -1.0}, -10.0, INF)
    same = {name: row for name, row in table.items() if name.startswith("same:") and "start" in name}
    assert same == {
        f"same:1:{name}": ({f"1/{name}": 1.0, f"0/{name}": -1.0}, 0.0, 0.0)
        for name in ("start:mill:0", "start:mill:-6")
    }
    held = {
        **{f"{k}/relax:cap": (0.0, 0.0) for k in range(2)},
        **{f"{k}/{UNSPENT}": (0.0, 0.0) for k in range(2)},
        **{f"{k}/start:port:0": (1.0, 1.0) for k in range(2)},
        "0/start:port:3": (0.0, 0.0),
    }
    assert first.bounds == held
    assert second.maximise and second.objective == {"0/goal:g": 1.0, "1/goal:g": -1.0}
    assert second.bounds == {**held, regret.MOST: (0.0, near(3.0))} and second.bounds[regret.MOST][1] > 3.0
    spans = dict(zip(model.names, zip(model.low.tolist(), model.high.tolist(), strict=True), strict=True))
    assert spans["share:a"] == (0.0, 1.0) and spans[regret.MOST] == (0.0, INF)


def test_where_the_second_question_has_no_answer_the_first_one_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Regret of 0.5 may be a ten-millionth more, of 16 a ten-millionth of 16."""
    from dabiao.solvers import regret

    cases = scenarios()
    for most in (0.5, 16.0):
        values = dict.fromkeys(
            [f"{k}/{name}" for k, case in enumerate(cases) for name in case.problem.compiled.names], 0.0
        )
        values |= {regret.MOST: most, "0/money:a": 2.0, "1/money:b": 5.0}
        said = [Solution(Status.OPTIMAL, most, values, {}), Solution(Status.TIME_LIMIT, math.nan, {}, {})]
        asked: list[Question] = []
        monkeypatch.setattr(
            regret,
            "solve",
            lambda _, question, __, said=said, asked=asked: asked.append(question) or said.pop(0),
        )
        found = regret.least_regret(cases, "s")
        assert (found.status, found.regret) == (Status.OPTIMAL, most)
        assert [plan.investment[:, 0].tolist() for plan in found.plans] == [[2, 0], [0, 5]]
        assert asked[1].bounds[regret.MOST] == (0.0, most + CLOSE * max(1.0, most))


# ---- shortfalls, tier by tier


def gaps(**tiers: float) -> PlanningProblem:
    """A sector is short of a tier by so much as it has less money."""
    one = planned()
    made = near_optimal.copied(one.compiled)
    for name, asked in tiers.items():
        sector, tier = name.split("_")
        short = made.variable(f"short:{sector}:{tier}")
        made.row(short, {f"money:{sector}": 1.0, short: 1.0}, low=asked)
    return replace(one, compiled=Compiled(made))


def test_shortfalls_of_ensure_tiers_go_before_those_of_stretch_tiers() -> None:
    """Of 10, 7 are asked for a, whose cap is 6: 1 short. A stretch of 5.5 for b is then short by 1.5, though
    it could be met for 0.5 more of the first; and with a relaxed cap a has its 7 and b 2.5 too little."""
    one = gaps(a_ensure=7.0, b_ensure=3.0, b_stretch=5.5)
    tiers = {"ensure": ["a:ensure", "b:ensure"], "stretch": ["b:stretch"]}
    for relax, a in ((False, 6.0), (True, 7.0)):
        found = ask.close_gaps(one, tiers, ECONOMY, relax=relax, solver="highs")
        assert (found.status, found.objective) == (Status.OPTIMAL, near(a - 4.5))
        assert money(found) == near([a, 10 - a]) and found.relaxed == ({"cap": near(1.0)} if relax else {})
    first = ask.close_gaps(one, {**tiers, "stretch": []}, ECONOMY, relax=False, solver="highs")
    assert first.objective == near(1.0) and money(first) == near([6, 4])
    bare: Any = {"none": [], **tiers}
    assert ask.close_gaps(one, bare, ECONOMY, relax=False, solver="highs").objective == near(1.5)
    turned = {"stretch": ["b:stretch"], "ensure": ["a:ensure"]}
    assert ask.close_gaps(one, turned, ECONOMY, relax=False, solver="highs").objective == near(2.5)
    nothing = ask.close_gaps(one, {}, ECONOMY, relax=False, solver="highs")
    assert nothing.objective == 0.0 and money(nothing) == [4.0, 6.0]
    never = replace(
        one,
        compiled=Compiled(near_optimal.copied(one.compiled, without="limit:")),
        bounds=(bound("cap", -1.0),),
    )
    none = ask.close_gaps(never, tiers, ECONOMY, relax=True, solver="highs")
    assert none.status is Status.INFEASIBLE and math.isnan(none.objective) and none.plan is None


# ---- hairs themselves


def test_a_hair_itself_is_no_more_than_a_hair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Relaxations, prices and what must stay unspent of exactly a hair are none; money that far off the plan
    is its own."""
    one = planned(variables=levers([0.0, 6.0]))
    values = dict.fromkeys(one.compiled.names, 0.0) | {"relax:cap": 1e-6, "money:a": 1e-7}
    duals = dict.fromkeys(one.compiled.row_names, 0.0) | {"limit:cap": 1e-9, "capacity:x:1": -1e-9}
    found = Solution(Status.OPTIMAL, 1e-6, values, duals)
    monkeypatch.setattr(ask, "solve", lambda *_: found)
    best = ask.closest(one, {}, ECONOMY, "s", 0.0)
    assert best.relaxed == {} and ask.spend(one, "s").unspent == (0.0, 0.0)
    assert best.plan is not None and best.plan.investment[0].tolist() == [1e-7, 1.5e-7]
    assert ask.prices(one, "g", 1.0, best, relax=False, solver="s") == {}
    row = Row(1.0, output={1: np.array([1.0])}, high=1e-6)
    tight = planned({}, bound("cap", named_rows=lambda _: {"r": row}))
    nothing = replace(found, values=dict.fromkeys(values, 0.0))
    assert ask._quotas(tight, nothing, ECONOMY) is None
    edge = decision_variables.read(np.array([0.0, 1e-11, 0.99e-11]), np.array([1.0, 1.0]))
    assert edge.slope.tolist() == [1e-11, 0.0]


def test_ways_that_differ_by_a_ten_billionth_are_two() -> None:
    """A second goal that goes as the first does has its best plan; one a hair beside it has its own."""

    def leaders(beside: float) -> Any:
        rows = Rows()
        for name in ("m", "n"):
            rows.variable(name)
        slopes = {"one": [1.0, 0.0], "two": [1.0, beside]}
        around_: Any = SimpleNamespace(
            goals=lambda target: (goal(1.0, slopes[target.id], [0.0]),),
            plan=SimpleNamespace(output=np.zeros((1, 2, 1))),
            point=np.zeros(2),
            variables=SimpleNamespace(money=np.zeros(2)),
        )
        asked: Any = [SimpleNamespace(id=key, sign=1.0) for key in slopes]
        return problem._goals(rows, around_, asked, ["m", "n"], [("o",)]).leaders["two"]

    assert leaders(0.99e-10) == "one" and leaders(1e-10) == "two"


def test_what_was_left_of_a_choice_at_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mix of exactly the most that may be spent is taken; a total that falls by exactly a hair is no
    better."""
    own = master()
    most = 4.5
    exact = Solution(Status.OPTIMAL, 0.0, {"money:a": most * (1 + 1e-9), "money:b": 0.0}, {})
    monkeypatch.setattr(chance, "solve", lambda *_: exact)
    assert own.cheapest(np.array([True, False, False]), most) is not None
    totals = [8.0, 8.0 - 1e-7 * 8.0]
    asked: list[Any] = []
    monkeypatch.setattr(
        own, "cheapest", lambda kept: asked.append(kept) or np.array([totals[len(asked) - 1], 0.0])
    )
    last = own.choose(2, np.array([3.0, 5.0]))
    assert last is not None and last.total == 8.0 and len(asked) == 2
