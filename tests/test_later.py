"""Ten years on the solver promises what the simulation gives: the plan for the end of the horizon, and
frontier points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.engine.decide.frontier import trade_off
from dabiao.engine.decide.mixes import best_later, horizon_plan
from hypothesis import given, settings
from planning import Case, target
from regions import laid, scenario, sector, sketches

FREE = {"cuts": {"title": "cuts", "on": "cut", "max": 100}}  # no sector keeps anything but by the mix
MIX = {"mix": {"title": "mix", "on": "mix", "max": 25}, **FREE}
YEARS = {"years": {"base": 2020, "target": 2021, "last": 2030}}


def declining(**changes: Any) -> dict[str, Any]:
    """A state whose plan leaves industry so little money that its capacity and its sales outside end at zero
    within ten years."""
    built = {"utilisation": {"base": 75, "max": 90}, "output_per_yuan": 0.9, "gestation": [10, 45, 45]}
    sectors = {
        "plants": sector("industry", 60, capacity=built, market={"trend": -12, "finds_buyers": 100}),
        "works": sector("industry", 20, capacity={**built, "output_per_yuan": 0.1}),
        "shops": sector("services", 220),
    }
    shares = {"plants": 4, "works": 16, "shops": 80}
    return laid(
        scenario(
            sectors,
            **YEARS,
            limits={"mix": {"title": "mix", "on": "mix", "max": 50}, **FREE},
            mixes={"plan": {"shares": shares}},
            investment={"base_shares": {"plants": 45, "works": 5, "shops": 50}},
        ),
        changes,
    )


def best_of_random(case: Case, goal: Any, room: float, year: int = 10) -> float:
    """The best value among mixes of the plan's total within ``room`` of its shares, each simulated."""
    money = case.variables.money
    made = np.random.default_rng(1).dirichlet(np.ones(len(money)), 2000) * money.sum()
    allowed = made[(np.abs(made - money) <= room * money.sum()).all(axis=1)]
    assert len(allowed) > 20
    path = case.economy.simulate(case.variables.realisation(allowed.T))
    return float(case.sheet.value(goal, path, year).max())


def test_what_the_plan_drives_to_zero_is_still_found():
    """Around the plan alone industry answers to no lever, and the optimum leaves it out."""
    case, goal = Case(declining()), target("gdp_level")
    level = float(case.plan.path.gdp[10, 0])
    around_plan = case.assessor.simulate(case.most(goal, 10).plan, whole=True)
    found = best_later(case.assessor, goal, 10)
    assert found is not None and found.optimum == pytest.approx(found.value, rel=1e-6)
    best = best_of_random(case, goal, 0.5)
    assert found.value >= best * (1 - 1e-6) > float(around_plan.path.gdp[10, 0]) * 1.01
    run, optimum = horizon_plan(case.assessor) or (None, 0.0)
    assert run is not None and run.path.gdp[10, 0] > level and optimum == found.optimum


@pytest.mark.slow
@given(sketch=sketches())
@settings(
    max_examples=12, derandomize=True
)  # in a rare region the plans found alternate about a kink: then the table says why
def test_the_promise_for_the_tenth_year_is_the_simulation_in_any_region(sketch):
    """GDP to a millionth, its growth (a ratio of two years) to half a printed digit; no worse than the
    plan."""
    case = Case(laid(sketch, {"limits": MIX, **YEARS}))
    for goal, near in ((target("gdp_level"), 1e-6), (target("gdp_growth"), 0.05)):
        found = best_later(case.assessor, goal, 10)
        if found is None:
            continue
        scale = abs(found.value) if goal.id == "gdp_level" else 1.0
        assert abs(found.optimum - found.value) <= near * scale
        assert found.value >= float(case.sheet.value(goal, case.plan.path, 10)[0]) - near * scale


@given(sketch=sketches())
@settings(max_examples=6, derandomize=True)
def test_points_of_a_frontier_of_the_tenth_year_are_the_simulation(sketch):
    limits = {**MIX, "cap": {"title": "cap", "on": "investment", "max": 1e6}}
    aim = {"years": {**YEARS["years"], "target": 2030}, "targets": {"gdp_level": {"ensure": 1}}}
    case = Case(laid(sketch, {"limits": limits, **aim}))
    found = trade_off(case.assessor, ["gdp_level", "limit:cap"], points=4, count=0)
    assert found.points
    for one in found.points:
        assert one.promised[0] == pytest.approx(one.values[0], rel=1e-5)
        assert one.promised[1] == pytest.approx(one.values[1], abs=1e-5 * case.variables.money.sum())
