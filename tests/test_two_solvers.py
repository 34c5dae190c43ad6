"""Every problem of the shipped examples on both solvers: equal statuses, equal values, and one mix, not
two."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from dabiao.engine.decide.explain import goals_of
from dabiao.engine.decide.reach import Goal, spans
from dabiao.engine.decide.required import required
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import load_example
from dabiao.solvers.ask import cheapest, ends, most
from planning import Case

EXAMPLES = sorted(examples())


@cache
def cases(name):
    return Case(load_example(name)), Case(load_example(name), "glpk")


def test_there_are_examples():
    assert {"panzhihua-2024", "deyang-2022"} <= set(EXAMPLES)


@pytest.mark.parametrize("relax", [False, True])
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_ends_of_every_goal_are_equal(name, relax):
    one, other = cases(name)
    asked = 0
    for target in one.assessor.targets:
        if target.id not in one.assessor.problem.goals:
            continue
        for sign in (1.0, -1.0):
            first = ends(one.assessor.problem, target.id, sign, relax=relax, solver="highs")
            second = ends(other.assessor.problem, target.id, sign, relax=relax, solver="glpk")
            assert first.status is second.status, target.id
            assert first.objective == pytest.approx(second.objective, rel=1e-7, abs=1e-7, nan_ok=True), (
                target.id
            )
            assert max(first.broken, second.broken) < 1e-6
            asked += first.found
    assert asked >= 2


@pytest.mark.parametrize("name", EXAMPLES)
def test_ties_are_broken_towards_the_plan_so_that_both_return_one_mix(name):
    one, other = cases(name)
    for target in [t for t in one.assessor.targets if t.main and t.id in one.assessor.problem.goals]:
        first, second = (
            most(case.assessor.problem, target.id, target.sign, case.economy, relax=False, solver=case.solver)
            for case in (one, other)
        )
        assert first.objective == pytest.approx(second.objective, rel=1e-7)
        money, again = first.plan.investment[:, 0], second.plan.investment[:, 0]
        total = money.sum()
        assert np.abs(money - again).max() < 2e-4 * total, target.id
        assert first.plan.shifts == second.plan.shifts
        # and no mix that reaches as much is nearer: the distance to the plan is the least for both
        shares = one.variables.money / one.variables.money.sum() * total
        assert np.abs(money - shares).sum() == pytest.approx(
            np.abs(again - shares).sum(), rel=1e-3, abs=1e-3 * total / 100
        )


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_sheet_and_the_investment_for_its_targets_are_alike(name):
    one, other = cases(name)
    for tier in ("ensure", "stretch"):
        goals = goals_of(one.assessor, tier)
        wanted = spans(one.assessor, goals)
        statuses = {
            cheapest(case.assessor.problem, wanted, case.economy, relax=True, solver=case.solver).status
            for case in (one, other)
        }
        assert len(statuses) == 1
    target = next(t for t in one.assessor.targets if t.main and t.id in one.assessor.problem.goals)
    value = one.assessor.value(target, one.plan) + target.sign * 0.2
    answers = [required(case.assessor, [Goal(case.sheet.targets[target.id], value)]) for case in (one, other)]
    assert answers[0].reach is answers[1].reach
    assert answers[0].money == pytest.approx(answers[1].money, rel=1e-6, nan_ok=True)
