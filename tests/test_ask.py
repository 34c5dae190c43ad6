"""Questions to a planning problem whose answers are known: how much is relaxed, left unspent, fallen short,
and which of many best plans is taken."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from dabiao.solvers.ask import cheapest, close_gaps, closest, ends, most, nearest, read_plan, spend, vector
from dabiao.solvers.model import Question
from dabiao.solvers.solution import Status
from dabiao.solvers.solve import solve
from planning import Case, target
from regions import four, laid, moving, sector

TOTAL = 168 * 1.06
"""Investment of the year: 6 % more than the base year's."""
BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])


def money(most_of: float, furthest: float | None = None, price: float = 1.0) -> dict:
    limit = {"title": "money", "on": "investment", "max": most_of}
    if furthest is not None:
        limit |= {"relax_to": furthest, "price": price}
    return {"limits": {"money": limit}}


def made(solver: str = "highs", **over) -> Case:
    return Case(laid(four(investment={"growth": 6}), over), solver)


def spent(optimum) -> float:
    return float(optimum.plan.investment[:, 0].sum())


@BOTH
@pytest.mark.parametrize("price", [1.0, 2.5])
def test_a_tier_beyond_a_limit_costs_what_the_limit_must_give(solver, price):
    """Growth of investment of 8 % is 168 x 0.02 beyond a limit of 6 %."""
    case = made(solver, **money(TOTAL, TOTAL + 20, price))
    problem = case.problem(target("fai_growth"), 1)
    found = cheapest(problem, {"fai_growth": (8.0, math.inf)}, case.economy, relax=True, solver=solver)
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(price * 168 * 0.02, rel=1e-5)
    assert found.relaxed == {"money": pytest.approx(168 * 0.02, rel=1e-5)}
    assert found.goals["fai_growth"] == pytest.approx(8, abs=1e-5)
    assert found.spans == {"fai_growth": (8.0, math.inf)}
    assert spent(found) == pytest.approx(168 * 1.08, rel=1e-6)


@BOTH
def test_a_tier_within_the_limits_costs_nothing_and_moves_nothing(solver):
    case = made(solver, **money(TOTAL, TOTAL + 20))
    problem = case.problem(target("fai_growth"), 1)
    for relax in (True, False):
        found = cheapest(problem, {"fai_growth": (6.0, math.inf)}, case.economy, relax=relax, solver=solver)
        assert found.objective == pytest.approx(0, abs=1e-5) and found.relaxed == {}
        assert found.plan.investment[:, 0] == pytest.approx(case.plan.plan.investment[:, 0], abs=1e-5)
        assert found.spans == {"fai_growth": (6.0, math.inf)}


@BOTH
def test_what_no_plan_reaches_has_no_plan(solver):
    case = made(solver, **money(TOTAL, TOTAL + 20))
    problem = case.problem(target("fai_growth"), 1)
    for relax, wanted in ((False, 8.0), (True, 80.0)):
        found = cheapest(
            problem, {"fai_growth": (wanted, math.inf)}, case.economy, relax=relax, solver=solver
        )
        assert found.status is Status.INFEASIBLE
        assert (found.plan, found.solution, found.goals, found.relaxed) == (None, None, {}, {})


@BOTH
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_best_plan_reaches_the_end_of_its_goal_by_the_least_moves(solver, sign):
    """No plan as good moves less money; a plan of random money is no better."""
    limits = {"mix": {"title": "mix", "on": "mix", "max": 6}}
    case = made(solver, limits=limits)
    problem = case.problem(target("gdp_growth"), 1)
    end = ends(problem, "gdp_growth", sign, relax=False, solver=solver).values["goal:gdp_growth"]
    found = most(problem, "gdp_growth", sign, case.economy, relax=False, solver=solver)
    assert found.objective == pytest.approx(end)
    assert sign * found.goals["gdp_growth"] >= sign * end - 1.01e-7 * max(1, abs(end))
    names = [f"away:money:{key}" for key in case.economy.sector_ids]
    held = end - sign * 1e-7 * max(1, abs(end))
    bounds = problem.relaxed(False) | {"goal:gdp_growth": (held, math.inf) if sign > 0 else (-math.inf, held)}
    least = solve(
        problem.compiled, Question(dict.fromkeys(names, 1.0), maximise=False, bounds=bounds), solver
    ).objective
    away = np.abs(found.plan.investment[:, 0] - case.plan.plan.investment[:, 0]).sum()
    assert away == pytest.approx(least, rel=1e-3, abs=1e-6)
    assert away > 1 or sign < 0, "the plan is as bad as any"


def test_of_two_sectors_that_answer_alike_the_smaller_moves():
    """The plan gives plants twice the money of works, plants of another name; mines take from one."""
    data = four(investment={"growth": 6})
    data["sectors"]["works"] = sector("industry", 120)
    data["accounts"]["gdp"] += 120
    shares = {"farms": 20, "plants": 30, "works": 15, "mines": 15, "shops": 20}
    case = Case(laid(data, {"mixes": {"plan": {"shares": shares}}}))
    problem = case.problem(target("sector_growth", covers=("mines",)), 4)
    at = {key: i for i, key in enumerate(case.economy.sector_ids)}
    plan = case.plan.plan.investment[:, 0]
    bounds = problem.relaxed(False) | {
        "money:mines": (plan[at["mines"]] + 1, math.inf),
        "money:farms": (plan[at["farms"]],) * 2,
        "money:shops": (plan[at["shops"]],) * 2,
    }
    found = closest(problem, bounds, case.economy, "highs", 0.0).plan.investment[:, 0]
    assert found[at["works"]] == pytest.approx(plan[at["works"]] - 1, abs=1e-6)
    assert found[at["plants"]] == plan[at["plants"]]


@BOTH
def test_shortfalls_are_closed_in_their_order_and_the_last_is_told(solver):
    """Investment may be 6 % at most. A minimum of 8 falls short by 2, a stretch of 9 by 3; with no
    stretch the minimum speaks."""
    targets = {"gdp_growth": None, "fai_growth": {"ensure": 8, "stretch": 9, "main": True}}
    case = made(solver, targets=targets, **money(TOTAL))
    problem = case.assessor.problem
    both = {"ensure": ["fai_growth:ensure"], "stretch": ["fai_growth:stretch"]}
    found = close_gaps(problem, both, case.economy, relax=False, solver=solver)
    assert found.objective == pytest.approx(3, abs=0.06)
    assert found.goals["fai_growth"] == pytest.approx(6, abs=1e-5)
    alone = close_gaps(problem, both | {"stretch": []}, case.economy, relax=False, solver=solver)
    assert alone.objective == pytest.approx(2, abs=0.06)
    assert spent(alone) == pytest.approx(TOTAL, rel=1e-6)
    none = close_gaps(problem, {}, case.economy, relax=False, solver=solver)
    assert none.objective == 0 and none.plan is not None


def test_the_first_shortfalls_are_not_given_up_for_the_next():
    """Farms and shops both want the money that moves: farms' minimum goes before shops' stretch, however
    far that falls short."""
    rows = {
        "gdp_growth": None,
        "farms": {"indicator": "sector_growth", "covers": ["farms"], "title": "farms", "ensure": 90},
        "shops": {
            "indicator": "sector_growth",
            "covers": ["shops"],
            "title": "shops",
            "ensure": -90,
            "stretch": 900,
            "main": True,
        },
    }
    case = made(targets=rows)
    problem = case.assessor.problem
    tiers = {"ensure": ["farms:ensure", "shops:ensure"], "stretch": ["shops:stretch"]}
    found = close_gaps(problem, tiers, case.economy, relax=False, solver="highs")
    best = ends(problem, "farms", 1.0, relax=False, solver="highs").values[problem.goals["farms"]]
    assert found.goals["farms"] == pytest.approx(best, abs=1e-4)


# ---- money that nothing can use


@BOTH
def test_what_limits_give_no_use_to_may_be_left_unspent(solver):
    """6 % more is to be spent; no sector takes over 3 % more, 5 % where the limit gives."""
    haste = {"title": "haste", "on": "absorption", "max": 3, "relax_to": 5, "price": 1}
    case = made(solver, limits={"haste": haste})
    problem = spend(case.problem(target("gdp_growth"), 1), solver)
    assert problem.unspent == (pytest.approx(168 * 0.03, rel=1e-6), pytest.approx(168 * 0.01, rel=1e-6))
    found = nearest(case.problem(target("gdp_growth"), 1), case.economy, solver=solver)
    assert spent(found) == pytest.approx(168 * 1.03, rel=1e-6)


def test_a_limit_on_all_money_sets_what_is_spent():
    case = made(**money(170, 175))
    problem = case.problem(target("gdp_growth"), 1)
    assert spend(problem, "highs").unspent == (0.0, 0.0)
    assert spent(nearest(problem, case.economy, solver="highs")) == pytest.approx(170, rel=1e-6)


@BOTH
def test_what_can_be_spent_is_spent(solver):
    case = made(solver, **money(TOTAL + 1))
    problem = case.problem(target("gdp_growth"), 1)
    assert spend(problem, solver).unspent == (0.0, 0.0)
    found = nearest(problem, case.economy, solver=solver)
    assert np.array_equal(found.plan.investment[:, 0], case.plan.plan.investment[:, 0])
    assert (found.objective, found.relaxed, found.plan.shifts) == (0.0, {}, {})


def test_below_a_ceiling_anything_may_be_left_unspent():
    case = made(targets={"fai_growth": {"at_most": 3}})
    assert spend(case.assessor.problem, "highs").unspent == (pytest.approx(TOTAL),) * 2


# ---- from the solver's levers to a plan


@pytest.fixture(scope="module")
def read():
    advance = {"title": "advance", "on": "advance", "max": 6}
    case = Case(laid(moving(limits={"advance": advance}), {"projects": {"coming": {"start": "2021-09"}}}))
    problem = case.problem(target("gdp_growth"), 1)
    return case, problem, closest(problem, problem.relaxed(False), case.economy, "highs", 0.0)


def altered(found, **values):
    return replace(found.solution, values={**found.solution.values, **values})


def test_nothing_asked_nothing_moved(read):
    case, problem, found = read
    assert found.plan.shifts == {} and found.plan.id == "optimised"
    assert found.plan.investment[:, 0] == pytest.approx(case.plan.plan.investment[:, 0])
    names = problem.compiled.names[: len(problem.variables.plan)]
    assert list(vector(problem, found.solution)) == [found.solution.values[name] for name in names]


def test_a_hair_beside_the_plan_is_the_plan_and_more_is_not(read):
    """A ten-millionth of a sector's money is the solver's tolerance."""
    case, problem, found = read
    stated, plain = problem.variables.money, read_plan(problem, found.solution, case.economy)
    for i, key in enumerate(case.economy.sector_ids):
        hair = 0.5e-7 * max(stated[i], 1.0)
        same = read_plan(problem, altered(found, **{f"money:{key}": stated[i] + hair}), case.economy)
        assert np.array_equal(same.investment, plain.investment), key
        other = read_plan(problem, altered(found, **{f"money:{key}": stated[i] + 40 * hair}), case.economy)
        assert other.investment[i, 0] > plain.investment[i, 0], key


def test_a_start_counts_where_most_of_it_is_chosen(read):
    case, problem, found = read
    moved = [choice for choice in problem.variables.choices if choice.shift]
    assert moved
    for choice in moved:
        own = [each for each in problem.variables.choices if each.project == choice.project]
        for share, shifts in ((0.51, {choice.project: choice.shift}), (0.5, {}), (0.49, {})):
            values = {f"start:{each.project}:{each.shift:g}": 0.0 for each in own}
            values[f"start:{choice.project}:{choice.shift:g}"] = share
            assert read_plan(problem, altered(found, **values), case.economy).shifts == shifts


def test_money_below_nothing_is_nothing(read):
    case, problem, found = read
    key = "farms"
    at = case.economy.sector_ids.index(key)
    plan = read_plan(problem, altered(found, **{f"money:{key}": -1e-3}), case.economy)
    assert plan.investment[at, 0] >= 0
