"""What the solver promises is what the simulation gives: levers, limits and goals of the planning problem."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Target
from dabiao.solvers.ask import PRICED, most, prices
from dabiao.solvers.decision_variables import moved, read
from dabiao.solvers.model import Question
from dabiao.solvers.problem import EXTRA, enough_for
from dabiao.solvers.solve import solve
from hypothesis import given, settings
from planning import Case, target
from regions import four, laid, moving, sketches

MIX = {"mix": {"title": "mix", "on": "mix", "max": 6}}
LIMITS = {
    **MIX,
    "money": {"title": "money", "on": "investment", "max": 178.08, "relax_to": 190, "price": 1},
    "loans": {"title": "loans", "on": "source", "fund": "loan", "max": 60, "relax_to": 80, "price": 1.2},
    "haste": {"title": "haste", "on": "absorption", "max": 25, "relax_to": 60, "price": 0.5},
    "advance": {"title": "advance", "on": "advance", "max": 6},
}


def busy(**changes):
    """Every driver moving, projects that may start earlier, money from a fund, and limits of every kind."""
    return laid(
        moving(
            funds={"loan": {"title": "loan"}},
            limits=LIMITS,
            projects={"coming": {"start": "2021-09"}},
            sectors={
                "plants": {"funds": {"loan": 40}},
                "mines": {"funds": {"loan": 30}},
                "shops": {"funds": {"loan": 25}},
            },
        ),
        changes,
    )


@pytest.fixture(scope="module")
def case():
    return Case(busy())


def same(realisation, other, within=1e-9):
    for name in ("invested", "pool", "key_investment"):
        assert np.allclose(getattr(realisation, name), getattr(other, name), rtol=within, atol=within), name
    for key, own in other.named.items():
        for process, path in own.items():
            assert np.allclose(realisation.named[key][process], path, rtol=within, atol=within)


def test_levers_are_exact_at_the_plan(case):
    assert len(case.variables.choices) >= 4
    same(case.variables.realisation(case.variables.plan[:, None]), case.plan.pipeline_run.realisation)


def test_levers_are_affine(case):
    rng = np.random.default_rng(1)
    ends = case.variables.plan[:, None] + rng.normal(0, 1, (len(case.variables.plan), 2))
    part = 0.3
    between = (ends * [part, 1 - part]).sum(axis=1, keepdims=True)
    both, mixed = case.variables.realisation(ends), case.variables.realisation(between)
    for name in ("invested", "pool", "key_investment"):
        array = getattr(both, name)
        assert np.allclose((array * [part, 1 - part]).sum(axis=-1), getattr(mixed, name)[..., 0], atol=1e-9)
    assert np.abs(both.invested[..., 0] - both.invested[..., 1]).max() > 0.1


def mixes(case, count, seed=0):
    """Random mixes at the plan's total that leave named projects their money."""
    rng = np.random.default_rng(seed)
    money = case.variables.money
    found = []
    while len(found) < count:
        new = money * rng.uniform(0.6, 1.4, len(money))
        new *= money.sum() / new.sum()
        if (new[:, None] * case.variables.ratio >= case.plan.pipeline_run.planned).all():
            found.append(new)
    return found


def test_levers_are_the_pipeline_for_every_mix_of_the_plans_total(case):
    for money in mixes(case, 10):
        vector = case.variables.plan.copy()
        vector[: len(money)] = money
        plan = Plan("other", Bilingual(en="other"), case.variables.investment(money))
        same(case.variables.realisation(vector[:, None]), case.pipeline.run(plan).realisation)


def test_levers_are_the_pipeline_when_the_total_moves(case):
    """What is put in place follows the plan: more money of all sectors together is exact in every sector."""
    for step in (0.1, 0.05):
        vector = case.variables.plan.copy()
        vector[: len(case.variables.money)] *= 1 + step
        plan = Plan(
            "more", Bilingual(en="more"), case.variables.investment(case.variables.money * (1 + step))
        )
        realisation, exact = case.variables.realisation(vector[:, None]), case.pipeline.run(plan).realisation
        assert np.allclose(realisation.invested, exact.invested, rtol=1e-12)
        assert np.allclose(realisation.key_investment, exact.key_investment, rtol=1e-12)


def test_levers_are_the_pipeline_for_every_start(case):
    for j, choice in enumerate(case.variables.choices):
        if not choice.shift:
            continue
        vector = case.variables.plan.copy()
        start = vector[len(case.variables.money) :]
        for i, other in enumerate(case.variables.choices):
            start[i] = float(i == j) if other.project == choice.project else start[i]
        plan = Plan(
            "earlier", Bilingual(en="earlier"), case.plan.plan.investment, {choice.project: choice.shift}
        )
        same(case.variables.realisation(vector[:, None]), case.pipeline.run(plan).realisation, within=2e-3)


def test_a_project_that_commissions_after_the_horizon_still_ties_its_money():
    late = {"coming": {"finish": "2026-06"}}
    case = Case(busy(projects=late, years={"last": 2022}))
    assert any(c.project == "coming" and c.tied and not c.new.any() for c in case.variables.choices)
    same(case.variables.realisation(case.variables.plan[:, None]), case.plan.pipeline_run.realisation)


def test_the_affine_read_finds_constant_and_slopes():
    point = np.array([2.0, -1.0, 5.0])
    slope, constant = np.array([[1.5, 0.0, -2.0], [0.0, 1e-3, 4.0]]), np.array([7.0, -3.0])
    values = constant[:, None] + slope @ moved(point)
    found = read(values, point)
    assert np.allclose(found.slope, slope, atol=1e-12) and np.allclose(found.constant, constant)
    assert found.slope[0, 1] == 0.0  # rounding is not a slope


def promised(case, year):
    """Promise, what the simulation makes of the solver's levers, and what the pipeline makes of its plan."""
    goal = target("gdp_level")
    optimum = case.most(goal, year)
    vector = case.vector(optimum)
    routing = optimum.plan.routing or None
    by_levers = case.economy.simulate(case.variables.realisation(vector[:, None]), routing)
    by_pipeline = case.economy.simulate(case.pipeline.run(optimum.plan).realisation, routing)
    return optimum.goals[goal.id], *(
        float(case.sheet.value(goal, path, year)[0]) for path in (by_levers, by_pipeline)
    )


@pytest.mark.parametrize("year", [1, 2, 4])
def test_the_promise_is_the_simulation(case, year):
    optimum, by_levers, by_pipeline = promised(case, year)
    assert by_levers == pytest.approx(optimum, rel=1e-7)
    assert by_pipeline == pytest.approx(optimum, rel=1e-5)


def sells(case, year):
    """Whether the plan and the solver's leave every sector sales outside: driven to zero they no longer
    answer to the levers."""
    states, realisation, least = case.economy.start(), case.plan.pipeline_run.realisation, np.inf
    for t in range(1, year + 1):
        states = case.economy.advance(states, realisation, t)
        least = min(
            [
                least,
                *(
                    float(s.outside.min())
                    for s, b in zip(states, case.economy.sectors, strict=True)
                    if not b.branches[-1].supply_led
                ),
            ]
        )
    return least > 0


@pytest.mark.parametrize("year", [1, 4])
@given(sketch=sketches())
@settings(max_examples=15)
def test_the_promise_is_the_simulation_in_any_region(sketch, year):
    case = Case(laid(sketch, {"limits": MIX}))
    optimum, by_levers, by_pipeline = promised(case, year)
    assert by_pipeline == pytest.approx(by_levers, rel=1e-9)
    assert by_levers >= optimum * (1 - 1e-6)
    if sells(case, year):
        assert by_levers == pytest.approx(optimum, rel=1e-6)
    plan = float(case.sheet.value(target("gdp_level"), case.plan.path, year)[0])
    assert optimum >= plan * (1 - 1e-6)


def test_a_plan_of_the_solver_keeps_every_limit(case):
    for year in (1, 4):
        optimum = case.most(target("gdp_level"), year)
        run = case.assessor.simulate(optimum.plan, whole=True)
        assert case.assessor.within(run)
        assert run.plan.investment[:, 0].sum() == pytest.approx(case.variables.money.sum(), rel=1e-9)


def test_every_output_of_the_problem_lies_below_the_simulation(case):
    """Whatever is rewarded: no promise can be above what the economy gives."""
    problem = case.problem(target("gdp_level"), 2)
    rng = np.random.default_rng(4)
    for _ in range(5):
        cost = {name: float(rng.normal()) for names in problem.output for name in names}
        solution = solve(problem.compiled, Question(cost, bounds=problem.relaxed(False)))
        vector = np.array([solution.values[n] for n in problem.compiled.names[: len(case.variables.plan)]])
        path = case.economy.simulate(case.variables.realisation(vector[:, None]))
        for t, names in enumerate(problem.output, start=1):
            made = np.array([solution.values[name] for name in names])
            chained = np.array(["/" in name for name in names])  # the solver may send materials elsewhere
            assert np.all((made <= path.output[:, t, 0] + 1e-6) | chained)


@pytest.mark.parametrize(
    "indicator, covers",
    [
        ("gdp_growth", ()),
        ("industry_above_scale_growth", ()),
        ("fai_growth", ()),
        ("key_project_investment", ()),
        ("household_consumption_growth", ()),
        ("household_income_growth", ()),
        ("gdp_level", ()),
        ("sector_growth", ("shops", "plants")),
        ("output_value", ("oxide", "metal")),
    ],
)
def test_a_goal_is_its_indicator(case, indicator, covers):
    goal = target(indicator, covers=covers)
    problem = case.problem(goal, 1)
    for money in mixes(case, 3, seed=5):
        held = {f"money:{s}": (m, m) for s, m in zip(case.economy.sector_ids, money, strict=True)}
        held |= {n: (1.0, 1.0) for n in problem.compiled.names if n.startswith("start:") and n.endswith(":0")}
        free = {
            row: (0.0, 1e6)
            for row in problem.compiled.names
            if row.startswith("relax:") and row != "relax:money"
        }
        reward = {n: float(v) for n, v in zip(problem.output[0], problem.va, strict=True)}
        solution = solve(problem.compiled, Question(reward, bounds={**held, **free}))
        vector = case.variables.plan.copy()
        vector[: len(money)] = money
        routing = {
            s.id: r
            for s in case.economy.sectors
            if (
                r := s.routing(
                    1, np.array([[solution.values[n]] for n in problem.output[0][case.economy.rows(s.id)]])
                )
            )
        }
        path = case.economy.simulate(case.variables.realisation(vector[:, None]), routing or None)
        assert solution.values[f"goal:{goal.id}"] == pytest.approx(
            float(case.sheet.value(goal, path, 1)[0]), rel=1e-9
        )


def test_a_sector_that_buys_nothing_of_its_own_sells_all_that_is_asked():
    """Builders without bricks of their own, and without a bound on what they can make."""
    data = laid(
        four(),
        {"national": {"coefficients": {"care": {"care": 0.0}}, "tolerance": 40}, "limits": MIX},
    )
    case = Case(data)
    at = case.economy.rows("shops").start
    assert case.economy.accounts.local[at, at, 0] == 0
    optimum, by_levers, _ = promised(case, 1)
    assert by_levers == pytest.approx(optimum, rel=1e-7)


# --- prices
# -----------------------------------------------------------------------------------------------------


def nudged(data, key, by):
    return laid(data, {"limits": {key: {"max": data["limits"][key]["max"] + by}}})


@pytest.mark.parametrize("solver", ["highs", "glpk"])
def test_a_price_is_what_one_more_unit_of_the_limit_brings(solver):
    data = busy(limits={"advance": None, "mix": {"max": 30}, "haste": {"max": 12}, "loans": {"max": 41}})
    goal = target("gdp_growth")

    def best(stated):
        case = Case(stated, solver)
        problem = case.problem(goal, 1)
        return case, problem, most(problem, goal.id, 1.0, case.economy, relax=False, solver=solver)

    case, problem, optimum = best(data)
    found = prices(problem, goal.id, 1.0, optimum, relax=False, solver=solver)
    assert found and all(row.startswith(PRICED) for row in found)
    step = 1e-3
    base = case.variables.delivered.normal[:, 0, 0]
    haste = sum(
        found.get(f"limit:haste:{s}", 0.0) * base[i] / 100 for i, s in enumerate(case.economy.sector_ids)
    )
    for key, price in (("loans", found.get("limit:loans", 0.0)), ("haste", haste)):
        after = best(nudged(data, key, step))[2].objective
        assert price == pytest.approx((after - optimum.objective) / step, rel=1e-3, abs=1e-6), key
    assert found.get("limit:loans", 0.0) > 1e-4 and haste > 1e-5  # both bind


def test_the_price_of_money_holds_all_that_follows_from_more_of_it():
    data = busy(limits={"loans": None, "haste": None})
    case = Case(data)
    problem = case.problem(target("gdp_growth"), 1)
    optimum = most(problem, "gdp_growth", 1.0, case.economy, relax=False, solver="highs")
    price = prices(problem, "gdp_growth", 1.0, optimum, relax=False, solver="highs")["total money"]
    held = {**problem.relaxed(False), EXTRA: (0.01, 0.01), "relax:money": (0.0, 1.0)}
    held |= {
        name: (round(optimum.solution.values[name]),) * 2
        for name in problem.compiled.names
        if name.startswith("start:")
    }
    more = solve(problem.compiled, Question({"goal:gdp_growth": 1.0}, bounds=held)).objective
    assert price == pytest.approx((more - optimum.objective) / 0.01, rel=1e-4)
    assert price > 0


# --- goals and thresholds
# ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold, digits", [(6.5, 1), (6.55, 1), (-1.0, 1), (550, 0), (26, 2), (0.0, 1)])
@pytest.mark.parametrize("ceiling", [False, True])
def test_enough_for_a_tier_is_just_enough(threshold, digits, ceiling):
    tier = (None, None, threshold) if ceiling else (threshold, None, None)
    one = Target("x", Bilingual(en="x"), "x", "modelled", "%", digits, *tier, asked=None)
    enough = enough_for(one, threshold, rounding=True)
    assert one.met(enough, threshold)
    assert not one.met(enough - one.sign * 0.02 * 10.0**-digits, threshold)
    assert enough_for(one, threshold) == one.rounded(threshold)  # the aim is the tier, not what rounds to it


def test_shortfalls_of_levels_are_percent_of_the_threshold():
    data = busy(
        targets={
            "gdp_growth": {"ensure": 30},
            "key_project_investment": {"ensure": 900},
            "fai_growth": {"at_most": -20},
        }
    )
    problem = Case(data).assessor.problem
    for key, threshold, unit, sign in (
        ("gdp_growth:ensure", 30, 1, 1),
        ("key_project_investment:ensure", 900, 9, 1),
        ("fai_growth:at_most", -20, 1, -1),
    ):
        solution = solve(
            problem.compiled, Question({f"short:{key}": 1.0}, maximise=False, bounds=problem.relaxed(False))
        )
        goal = solution.values[problem.goals[key.split(":")[0]]]
        assert solution.objective == pytest.approx(sign * (threshold - goal) / unit, abs=0.06)


def test_targets_that_rise_together_share_their_best_plan():
    data = busy(
        targets={
            "gdp_growth": {"ensure": 5},
            "jobs": {"ensure": 1},
            "fai_growth": {"ensure": 1},
            "slack": {"at_most": 9},
        },
        relations={
            "jobs": {"title": "jobs", "unit": "万人", "constant": 1, "drivers": {"gdp_growth": 0.2}},
            "slack": {"title": "slack", "constant": 1, "drivers": {"gdp_growth": -0.2}},
        },
    )
    leaders = Case(data).assessor.problem.leaders
    assert leaders == {
        "gdp_growth": "gdp_growth",
        "jobs": "gdp_growth",
        "fai_growth": "fai_growth",
        "slack": "slack",
    }


def test_two_chains_with_the_same_processes_do_not_share_rows():
    data = four()
    hills = laid(data["sectors"]["mines"], {"chain": "hill"})
    data["sectors"]["hills"] = hills
    data["chains"]["hill"] = data["chains"]["ridge"]
    data["accounts"]["gdp"] += hills["va"]
    data["mixes"]["plan"]["shares"] = dict.fromkeys(data["sectors"], 20)
    case = Case(laid(data, {"limits": MIX}))
    optimum, by_levers, _ = promised(case, 1)
    assert by_levers == pytest.approx(optimum, rel=1e-7)
