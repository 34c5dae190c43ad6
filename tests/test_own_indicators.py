"""Indicators of one's own: what they count, what scales, and that optimiser and simulation agree on them."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from city import CITY
from dabiao.engine.decide.frontier import trade_off
from dabiao.engine.run import run
from dabiao.engine.study import study
from dabiao.models.errors import ScenarioError
from dabiao.models.satellite import DRIVERS
from dabiao.models.target import Rung
from dabiao.results.report import tables
from dabiao.scenarios.countries import same
from dabiao.scenarios.load import examples, load
from dabiao.solvers.ask import most
from hypothesis import given, settings
from hypothesis import strategies as st
from lighter import lighter
from planning import Case
from regions import four, laid, moving, region, scenario, sector, sketches
from shown import ROOT

BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])
BLOCKS = ("jobs", "energy", "carbon", "tax")


def counting(driver="output", each=None, **more):
    """Indicators that count something of every sector of :func:`moving`, with their ratio to GDP and their
    growth."""
    each = each or {"farms": 0.2, "plants": 0.9, "mines": 0.4, "shops": 0.1}
    own = {"title": "coal", "unit": "t", "digits": 4, "driver": driver, "coefficients": each, **more}
    return {
        "coal": own,
        "coal_growth": {"title": "growth", "kind": "growth", "of": "coal", "digits": 4},
        "per_gdp": {"title": "per GDP", "digits": 4, "of": "coal", "over": "gdp"},
        "per_gdp_growth": {"title": "change", "kind": "growth", "of": "coal", "over": "gdp", "digits": 2},
    }


def values(data, name, years=(0, 1, 2, 3)):
    """An indicator of the plan by year."""
    made = region(data)
    path = made.run()
    return np.array([float(made.economy.indicators[name].value(path, t)[0]) for t in years])


# --- what they count
# ---------------------------------------------------------------------------------------------------


def test_a_level_is_coefficient_times_driver_added_up_and_coefficients_grow():
    """By hand: Σ c (1 + γ)^t va_t, the growth of one sector's coefficient its own."""
    each = {"farms": 0.5, "plants": 0.02, "shops": 0.1}
    data = moving(
        indicators=counting("value_added", {**each, "mines": 0.0}, growth=-4, growth_of={"shops": 1})
    )
    path = region(data).run()
    rate = {"farms": 0.96, "plants": 0.96, "shops": 1.01}
    for t, found in enumerate(values(data, "coal")):
        by_hand = sum(each[key] * rate[key] ** t * float(path.sector_va(key)[t, 0]) for key in each)
        assert found == pytest.approx(by_hand, rel=1e-12)
        assert values(data, "per_gdp")[t] == pytest.approx(by_hand / float(path.gdp[t, 0]), rel=1e-12)
    levels = values(data, "coal")
    assert values(data, "coal_growth", (1, 2, 3)) == pytest.approx(100 * (levels[1:] / levels[:-1] - 1))


def test_a_class_or_group_speaks_for_sectors_by_what_they_are_made_of():
    """60 % goods and 40 % care by output are 60 × 30 and 40 × 54 by value added; the smallest group
    counts."""
    mixed = sector("industry", 100, national={"goods": 60, "care": 40})
    for driver, weights in (("output", (60, 40)), ("value_added", (60 * 30, 40 * 54))):
        own = {"title": "jobs", "unit": "人", "driver": driver}
        given = {"second": 9.0, "making": 0.1, "care": 0.3}
        data = scenario({"mixed": mixed}, indicators={"jobs": {**own, "coefficients": given}})
        made = region(data).economy.indicators["jobs"]
        mean = (0.1 * weights[0] + 0.3 * weights[1]) / sum(weights)
        assert made.account.coefficients[0, 0] == pytest.approx(mean, rel=1e-12)
        assert made.uncounted == ()
        part = region(
            scenario({"mixed": mixed}, indicators={"jobs": {**own, "coefficients": {"care": 0.3}}})
        ).economy.indicators["jobs"]
        assert part.uncounted == ("mixed",)
        assert part.account.coefficients[0, 0] == pytest.approx(0.3 * weights[1] / sum(weights))


def test_processes_of_a_chain_have_coefficients_of_their_own_classes_or_of_their_own():
    each = {"mines/mining": 2.0, "goods": 0.5, "soil": 0.1, "care": 0.0, "building": 0.0}
    made = region(four(indicators=counting("output", each))).economy
    found = dict(
        zip(
            [b.id for b in made.branches],
            made.indicators["coal"].account.coefficients[:, 0].tolist(),
            strict=True,
        )
    )
    assert found["mines/mining"] == 2.0  # not that of soil, its class
    assert found["mines/smelting"] == 0.5 and found["farms"] == 0.1
    assert found["mines/leaching"] == pytest.approx(0.7 * 0.5)


def test_drivers_are_what_they_are_called():
    """Coefficients of 1 add up to GDP, nominal GDP, investment and labour income."""
    ones = dict.fromkeys(("farms", "plants", "mines", "shops"), 1.0)
    for driver in DRIVERS:
        data = moving(indicators=counting(driver, ones))
        path = region(data).run()
        economy, t = path.economy, 3
        placed = float(path.realisation.placed(t).sum())
        asked = {
            "output": float(path.output[:, t].sum()),
            "value_added": float(path.gdp[t, 0]),
            "labour_income": float((economy.accounts.labour * path.output[:, t]).sum()),
            "investment": placed / 1.015**t,
            "nominal_value_added": float(path.gdp[t, 0]) * 1.01**t,
            "nominal_investment": placed,
        }
        if driver in asked:
            assert values(data, "coal", (t,))[0] == pytest.approx(asked[driver], rel=1e-9), driver
    nominal = float((path.output[:, t] * economy.prices.sectors**t).sum())
    assert values(moving(indicators=counting("nominal_output", ones)), "coal", (t,))[0] == pytest.approx(
        nominal
    )


@given(data=sketches(), driver=st.sampled_from(sorted(DRIVERS)), times=st.floats(0.1, 20))
@settings(max_examples=25, deadline=None)
def test_levels_scale_with_coefficients_and_growth_and_shares_do_not(data, driver, times):
    """Doubling every coefficient doubles the level; its growth, and its ratio to another that doubles too,
    stay."""
    each = {key: 0.1 + 0.3 * at for at, key in enumerate(data["sectors"])}

    def made(factor):
        scaled = {key: factor * one for key, one in each.items()}
        own = counting(driver, scaled)
        half = {**own["coal"], "coefficients": {key: one**2 / factor for key, one in scaled.items()}}
        share = {"title": "share", "of": "half", "over": "coal", "unit": "1"}
        return laid(data, {"indicators": {**own, "half": half, "share": share}})

    one, other = made(1.0), made(times)
    assert values(other, "coal") == pytest.approx(times * values(one, "coal"), rel=1e-9)
    for name in ("coal_growth", "per_gdp_growth"):
        years = (1, 2, 3)
        assert values(other, name, years) == pytest.approx(values(one, name, years), rel=1e-9, abs=1e-9)
    assert values(other, "share") == pytest.approx(values(one, "share"), rel=1e-9)


def test_with_coefficients_of_one_growth_is_that_of_gdp():
    ones = dict.fromkeys(("farms", "plants", "mines", "shops"), 1.0)
    made = region(moving(indicators=counting("value_added", ones)))
    path = made.run()
    for t in (1, 2, 4):
        gdp = 100 * (float(path.gdp[t, 0] / path.gdp[t - 1, 0]) - 1)
        assert float(made.economy.indicators["coal_growth"].value(path, t)[0]) == pytest.approx(gdp, rel=1e-9)


def test_a_base_level_scales_all_coefficients_and_leaves_growth_alone():
    free, fitted = (moving(indicators=counting(**more)) for more in ({}, {"base": 500.0}))
    assert values(fitted, "coal", (0,))[0] == pytest.approx(500)
    assert values(fitted, "coal") == pytest.approx(500 / values(free, "coal")[0] * values(free, "coal"))
    assert values(fitted, "coal_growth", (1, 2)) == pytest.approx(values(free, "coal_growth", (1, 2)))
    times = region(fitted).economy.indicators["coal"].fitted
    assert times == pytest.approx(500 / values(free, "coal")[0])


# --- the optimiser
# -----------------------------------------------------------------------------------------------------


def judged(targets, limits=None, solver="highs", **more):
    """A case with own indicators, targets on them and limits."""
    return Case(
        moving(
            indicators=counting(**more), targets={"gdp_growth": {"ensure": 0}, **targets}, limits=limits or {}
        ),
        solver,
    )


@cache
def best(name, tier, solver):
    """Best value of an own indicator: promised and simulated."""
    plan = values(moving(indicators=counting()), name, (1,))[0]
    case = judged({name: {tier: plan}}, {"cut": {"title": "cut", "on": "cut", "max": 30}}, solver)
    one = case.sheet.targets[name]
    found = most(case.assessor.problem, name, one.sign, case.economy, relax=False, solver=solver)
    run_of = case.assessor.simulate(found.plan)
    assert case.assessor.within(run_of)
    return found.goals[name], case.assessor.value(one, run_of), plan


@pytest.mark.parametrize("name", ["coal", "coal_growth", "per_gdp", "per_gdp_growth"])
@pytest.mark.parametrize("tier", ["ensure", "at_most"])
def test_the_best_promised_is_the_best_simulated_and_both_solvers_find_it(name, tier):
    """Exact for a level that is pushed up; a ratio is first-order around the plan: a part of the gain may be
    missing."""
    promised, simulated, plan = best(name, tier, "highs")
    gain = (simulated - plan) * (1 if tier == "ensure" else -1)
    assert gain > 1e-6
    exact = tier == "ensure" and name.startswith("coal")
    assert abs(simulated - promised) <= (1e-6 * max(1, abs(plan)) if exact else 0.15 * gain)
    other = best(name, tier, "glpk")
    assert other[0] == pytest.approx(promised, rel=1e-6, abs=1e-6)
    assert other[1] == pytest.approx(simulated, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("capped", [False, True])
def test_verdicts_promise_what_the_simulation_gives(capped):
    """Also of ratios, and where a cap rations output: the problem is written anew around the plan found.
    Under a cap to two hundredths of a printed digit: what the plan before gave on top is in the promise."""
    data = moving(indicators=counting())
    now = {name: values(data, name, (1,))[0] for name in ("coal", "coal_growth", "per_gdp", "per_gdp_growth")}
    targets = {
        "coal_growth": {"ensure": now["coal_growth"] + 9},
        "per_gdp": {"at_most": now["per_gdp"] * 0.9},
        "per_gdp_growth": {"at_most": now["per_gdp_growth"] - 9},
    }
    limits = {"cut": {"title": "cut", "on": "cut", "max": 30}}
    if capped:
        limits["quota"] = {
            "title": "quota",
            "on": "indicator",
            "indicator": "coal",
            "max": 0.995 * now["coal"],
        }
    case = judged(targets, limits)
    found = case.assessor.assess([])
    for outcome in found.outcomes:
        near = (2e-2 if capped else 1e-2) * 10.0**-outcome.target.digits
        assert outcome.attainable == pytest.approx(outcome.optimum, abs=near), outcome.target.id
    for key, promised in found.promised.items():
        target = case.sheet.targets[key]
        assert case.assessor.value(target, found.optimised) == pytest.approx(
            promised, abs=1e-2 * 10.0**-target.digits
        ), key


@BOTH
@pytest.mark.parametrize("name", ["coal", "coal_growth", "per_gdp", "per_gdp_growth"])
def test_a_cap_is_kept_exactly_by_the_best_plan(name, solver):
    """cap × GDP - x ≥ 0 is linear: the best growth within a cap that binds is promised and simulated alike,
    and the cap is used up."""
    loose = {"title": "cut", "on": "cut", "max": 50}

    def fastest(limits):
        case = judged({}, {"cut": loose, **limits}, solver)
        found = most(case.assessor.problem, "gdp_growth", 1.0, case.economy, relax=False, solver=solver)
        one = case.assessor.simulate(found.plan)
        growth = case.assessor.value(case.sheet.targets["gdp_growth"], one)
        assert growth == pytest.approx(found.goals["gdp_growth"], abs=1e-5)
        return growth, float(case.economy.indicators[name].value(one.path, 1)[0])

    free, used = fastest({})
    cap = used - 0.002 * (100 if name.endswith("growth") else abs(used))
    held, now = fastest({"quota": {"title": "quota", "on": "indicator", "indicator": name, "max": cap}})
    assert now == pytest.approx(cap, rel=1e-6, abs=1e-6)
    assert held < free - 1e-4


def test_a_floor_holds_and_costs_growth():
    plan = values(
        moving(indicators=counting(each={"farms": 1.0, "plants": 0.0, "mines": 0.0, "shops": 0.0})),
        "coal",
        (1,),
    )[0]
    each = {"farms": 1.0, "plants": 0.0, "mines": 0.0, "shops": 0.0}
    found = {}
    for least in (0.0, plan):
        limits = {
            "least": {"title": "least", "on": "indicator_floor", "indicator": "coal", "min": least},
            "cut": {"title": "cut", "on": "cut", "max": 60},
        }
        case = judged({}, limits, each=each)
        optimum = most(case.assessor.problem, "gdp_growth", 1.0, case.economy, relax=False, solver="highs")
        one = case.assessor.simulate(optimum.plan)
        assert case.assessor.within(one)
        found[least] = optimum.goals["gdp_growth"]
        assert float(case.economy.indicators["coal"].value(one.path, 1)[0]) >= least - 1e-6
    assert found[plan] < found[0.0] - 1e-6


def test_a_cap_in_a_year_binds_in_that_year_alone():
    """The plan that keeps a cap of 2023 makes less in 2023 of what counts, and in no other year."""
    loose = {"cut": {"title": "cut", "on": "cut", "max": 50}}
    cap = 0.98 * values(moving(indicators=counting()), "coal", (3,))[0]
    quota = {"title": "quota", "on": "indicator", "indicator": "coal", "year": 2023, "max": cap}
    case = judged({}, {**loose, "quota": quota})
    (use,) = [use for use in case.assessor.uses(case.plan) if use.bound.id == "quota"]
    assert use.over == pytest.approx(cap / 0.98 * 0.02, rel=1e-9)
    optimum = most(case.assessor.problem, "gdp_growth", 1.0, case.economy, relax=False, solver="highs")
    one = case.assessor.simulate(optimum.plan, whole=True)
    assert float(case.economy.indicators["coal"].value(one.path, 3)[0]) == pytest.approx(cap, rel=1e-6)
    assert case.assessor.within(one)
    assert np.isfinite(one.plan.quotas[:, 2]).any()
    assert not np.isfinite(one.plan.quotas[:, [0, 1, 3]]).any()
    # a cap of the target year that is not reached asks for nothing in 2023
    free = judged({}, {**loose, "quota": {**quota, "year": 2021}})
    assert (
        most(free.assessor.problem, "gdp_growth", 1.0, free.economy, relax=False, solver="highs").plan.quotas
        is None
    )


def test_an_own_indicator_is_traded_off_against_a_cap_on_another():
    cap = 1.2 * values(moving(indicators=counting()), "coal", (1,))[0]
    limits = {
        "cut": {"title": "cut", "on": "cut", "max": 50},
        "quota": {"title": "quota", "on": "indicator", "indicator": "coal", "max": cap},
    }
    plan = values(moving(indicators=counting()), "coal_growth", (1,))[0]
    case = judged({"coal_growth": {"at_most": plan, "main": True}}, limits)
    found = trade_off(case.assessor, ["gdp_growth", "limit:quota"], points=3, count=0)
    growth = [one.values[0] for one in found.points]
    coal = [one.values[1] for one in found.points]
    assert len(growth) >= 2 and growth == sorted(growth, reverse=True) and coal == sorted(coal, reverse=True)


# --- scenarios
# ----------------------------------------------------------------------------------------------------------


def city(folder, more, **files):
    """The city with something added, and further files beside it."""
    for name, text in {"city": CITY, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = folder / "more.yaml"
    path.write_text(f"extends: city.yaml\nassumption: more\n{more}", encoding="utf-8")
    return load(path)


def refused(folder, more, **files):
    """Everything that is told of it."""
    with pytest.raises(ScenarioError) as error:
        city(folder, more, **files)
    return str(error.value)


COAL = (
    "indicators:\n  coal: {title: coal, unit: 万吨标煤,"
    " coefficients: {agriculture: 0.1, industry: 0.9, services: 0.1}}\n"
)


def test_mistakes_are_told_with_the_nearest_right_name_and_all_at_once(tmp_path):
    said = refused(
        tmp_path,
        "indicators:\n"
        "  a: {title: a, unit: 万人, coefficients: {industri: 1}}\n"
        "  l: {title: l, unit: 万人, coefficients: {services: {value: 2, unit: 吨/万元}}}\n"
        "  b: {title: b, of: c, over: gdp}\n"
        "  c: {title: c, unit: 万人, coefficients: {industry: 1}, over: gdp}\n"
        "  d: {title: d, of: e, over: gdp, unit: 万元/人}\n"
        "  e: {title: e, unit: 万人, coefficients: {industry: 1}}\n"
        "  f: {title: f, kind: growth, of: e, unit: 万人}\n"
        "  g: {title: g, of: jops, over: e}\n"
        "  h: {title: h, unit: 人, driver: value_add, coefficients: {industry: 1}}\n"
        "  gdp_growth: {title: i, unit: 人, coefficients: {industry: 1}}\n"
        "  k: {title: k, of: d, over: gdp}\n",
    )
    for words in (
        "indicators.a.coefficients.industri",
        "did you mean industry?",
        "indicators.l.coefficients.services.unit",
        "万人/亿元",
        "indicators.c.over",
        "indicators.d.unit",
        "indicators.f.unit",
        "indicators.g.of",
        "did you mean value_added?",
        "indicators.gdp_growth",
        "indicators.k.of",
    ):
        assert words in said, words


def test_limits_and_targets_on_own_indicators_are_checked(tmp_path):
    said = refused(
        tmp_path,
        COAL + "limits:\n"
        "  a: {title: a, on: indicator, max: 3}\n"
        "  b: {title: b, on: indicator, indicator: cole, max: 3}\n"
        "  c: {title: c, on: indicator, indicator: coal, max: 3, year: 2031}\n"
        "  d: {title: d, on: cut, max: 3, indicator: coal}\n"
        "  e: {title: e, on: indicator, indicator: coal, max: 3亿元}\n"
        "  f: {title: f, on: investment, max: -3}\n"
        "targets: {coal: {ensure: 5, covers: [industry]}}\n",
    )
    for words in (
        "targets.coal.covers",
        "limits.f.max",
        "limits.a",
        "limits.b.indicator",
        "did you mean coal?",
        "limits.c.year",
        "limits.d.indicator",
        "limits.e.max",
    ):
        assert words in said, words


def test_units_of_coefficients_limits_and_targets_are_converted(tmp_path):
    whole = CITY.replace(
        "gdp_growth: {ensure: 5", "coal: {at_most: 0.12亿吨标煤}\n  gdp_growth: {ensure: 5"
    ).replace(
        "limits:\n", "limits:\n  quota: {title: q, on: indicator, indicator: coal, max: 13000000吨标煤}\n"
    ) + COAL.replace("industry: 0.9", "industry: 0.9吨标煤/万元")
    (tmp_path / "c.yaml").write_text(whole, encoding="utf-8")
    made = load(tmp_path / "c.yaml").scenario
    assert made.indicators["coal"].coefficients["industry"].value == 0.9
    assert made.limits["quota"].max.value == 1300 and made.targets["coal"].at_most.value == 1200


def test_a_file_of_indicators_is_used_and_its_numbers_may_be_replaced(tmp_path):
    block = "assumption: block\n" + COAL
    made = city(
        tmp_path,
        "indicators: {use: block.yaml, coal: {coefficients: {industry: 0.5}, base: 700}}\n",
        block=block,
    )
    own = made.scenario.indicators["coal"]
    assert (own.coefficients["industry"].value, own.coefficients["services"].value) == (0.5, 0.1)
    assert own.base.value == 700
    assert own.coefficients["services"].assumption.en == "block"
    assert "in a file of indicators" in refused(
        tmp_path, "indicators: {use: block.yaml}\n", block=block + "accounts: {gdp: 3}\n"
    )
    assert "does not exist" in refused(tmp_path, "indicators: {use: [blok.yaml]}\n")
    assert "circle" in refused(
        tmp_path,
        "indicators: {use: a.yaml}\n",
        a="indicators: {use: b.yaml}\n",
        b="indicators: {use: a.yaml}\n",
    )


def test_energy_per_output_of_sectors_and_its_quota_are_read_as_an_indicator(tmp_path):
    """The keys up to version 0.2 say the same, and the new name is told."""
    limit = "limits:\n  quota: {{title: q, on: {}, max: 900}}\n  money:"
    old = CITY.replace("limits:\n  money:", limit.format("energy"))
    for key, each in (("agriculture", 0.1), ("industry", 0.9), ("services", 0.1)):
        old = old.replace(f"{key}: {{model: ", f"{key}: {{energy: {each}, model: ")
    new = CITY.replace("limits:\n  money:", limit.format("indicator, indicator: energy")) + COAL.replace(
        "coal: {title: coal", "energy: {title: {zh: 能源消费, en: Energy use}"
    )
    for name, text in (("old", old), ("new", new)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    one, other = (load(tmp_path / f"{name}.yaml") for name in ("old", "new"))
    told = " ".join(note.of("en") for note in one.notes)
    assert "sectors.*.energy" in told and "on: indicator, indicator: energy" in told
    uses = [run(each, draws=0).assessment.uses for each in (one, other)]
    assert [use.used for use in uses[0]] == pytest.approx([use.used for use in uses[1]], rel=1e-12)


def test_a_range_of_a_coefficient_is_drawn_and_bears_on_the_chance(tmp_path):
    """With nothing but the coefficients in doubt the median level is that of the median coefficient."""
    ranged = "{value: 1, low: 0.8, high: 1.2}"
    more = (
        "indicators:\n  coal: {title: coal, unit: t,"
        f" coefficients: {{industry: {ranged}, services: 0, agriculture: 0}}}}\n"
    )
    free = city(tmp_path, more)
    plan = run(free, draws=0).plan.path
    level = float(plan.economy.indicators["coal"].value(plan, 1)[0])
    chances = {}
    for tier in (0.9 * level, 1.1 * level):
        text = CITY.replace(
            "gdp_growth: {ensure: 5", f"coal: {{ensure: {tier}, main: true}}\n  gdp_growth: {{ensure: 5"
        )
        (tmp_path / "drawn.yaml").write_text(text + more, encoding="utf-8")
        answer = run(load(tmp_path / "drawn.yaml"), draws=512)
        found = answer.ensemble
        assert "indicators.coal.coefficients.industry" in found.drawn
        chances[tier] = found.probability("coal", "ensure").value
    drawn, outcome = found.drawn["indicators.coal.coefficients.industry"], found.outcomes["coal"]
    assert np.corrcoef(drawn, outcome[: len(drawn)])[0, 1] > 0.9
    low, high = chances.values()
    assert low > 0.85 and high < 0.15


# --- what is shipped
# ----------------------------------------------------------------------------------------------------------


@cache
def opted(name, folder):
    """A shipped region with all blocks, and targets on jobs, energy and taxes."""
    uses = ", ".join(f"example:china-2023/{block}.yaml" for block in BLOCKS)
    path = folder / f"{name}.yaml"
    path.write_text(
        f"extends: example:{name}\nassumption: for this test\nindicators: {{use: [{uses}]}}\n"
        "targets:\n  jobs_growth: {ensure: 0}\n  energy_per_gdp_growth: {at_most: -1}\n"
        "  tax: {ensure: 1, stretch: 100000}\n  tax_per_gdp: {ensure: 5}\n  productivity: {ensure: 5}\n",
        encoding="utf-8",
    )
    return run(load(path), draws=0)


@pytest.mark.parametrize(
    "name",
    lighter(name for name in examples() if same(load(f"example:{name}").scenario.country, "China")),
)
def test_blocks_count_every_sector_and_change_nothing_else(name, tmp_path_factory):
    """Shipped figures are the same with and without; a sector's share of jobs is between none and all."""
    answer, plain = opted(name, tmp_path_factory.getbasetemp()), run(load(f"example:{name}"), draws=0)
    for key, target in plain.sheet.targets.items():
        one, other = (
            float(a.sheet.value(a.sheet.targets[key], a.plan.path, a.year)[0]) for a in (plain, answer)
        )
        assert one == pytest.approx(other, rel=1e-12, nan_ok=True), key
        assert target.unit == answer.sheet.targets[key].unit
    path, own = answer.plan.path, answer.economy.indicators
    assert all(not each.uncounted for each in own.values())
    level = {key: float(own[key].level(path, 0)[0]) for key in BLOCKS}
    gdp = float(path.gdp[0, 0])
    assert 5 < gdp / level["jobs"] < 40  # 万元 a worker; 17 in the nation
    assert 0.1 < level["energy"] / gdp < 1.5  # tonnes of coal equivalent per 万元; 0.45 in the nation
    assert 0.08 < level["tax"] / gdp < 0.25
    rungs = {(o.target.id, o.tier): o.rung for o in answer.assessment.outcomes}
    assert rungs["tax", "ensure"] is Rung.PLAN and rungs["tax", "stretch"] is Rung.OUT
    rows = {row["target"]: row for row in tables(answer)["targets"].records()}
    assert rows["productivity"]["unit"].of("zh") == "万元/人"
    assert "tax_per_gdp" in {row["indicator"] for row in tables(answer)["indicators"].records()}


def test_a_whole_run_measures_limits_on_indicators_in_futures(tmp_path):
    """The quick look moves money on futures and says what it does to every limit, of a later year too."""
    limits = "limits:\n  quota: {title: q, on: indicator, indicator: coal, max: 5000}\n"
    limits += "  later: {title: l, on: indicator, indicator: coal, max: 5000, year: LAST}\n"
    file = tmp_path / "c.yaml"
    file.write_text(CITY + COAL, encoding="utf-8")
    last = load(file).scenario.years.last
    file.write_text(CITY.replace("limits:\n", limits.replace("LAST", f"{last}")) + COAL, encoding="utf-8")
    look = run(load(file), draws=256).quick
    assert {"limit_quota", "limit_later"} <= set(look.plan)
    assert {"limit_quota", "limit_later"} <= set(look.together)


def test_a_limit_on_a_shipped_block_is_priced_and_told(tmp_path):
    """The quota on energy of the target year in Deyang: what it costs the growth of GDP."""
    path = tmp_path / "d.yaml"
    text = (
        "extends: example:deyang-2022\nassumption: for this test\n"
        "indicators: {use: example:china-2023/energy.yaml}\n"
        "limits: {quota: {title: {zh: 能耗双控, en: Energy quota}, on: indicator, indicator: energy,"
        " max: MAX, relax_to: END, price: 0.1}}\n"
    )
    path.write_text(text.replace("MAX", "1e5").replace("END", "2e5"), encoding="utf-8")
    begun = study(load(path))
    used = begun.assessor.uses(begun.plan)[-1].used
    path.write_text(
        text.replace("MAX", f"{0.99 * used:.3f}").replace("END", f"{1.05 * used:.3f}"), encoding="utf-8"
    )
    answer = run(load(path), draws=0)
    row = next(row for row in tables(answer)["limits"].records() if row["limit"] == "quota")
    assert row["over"] == pytest.approx(0.01 * used, rel=1e-3)
    assert row["effect_gdp_growth"] > 0
    assert row["kind"].of("zh") == "生产用能" and row["unit"].of("zh") == "万吨标煤"


def blocks_of(page):
    """The YAML that a page shows."""
    text = (ROOT / "docs" / "howto" / page).read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("page", ["indicators.md", "indicators.zh.md"])
def test_what_the_how_to_shows_is_read(page, tmp_path):
    """The shipped blocks and the limits on them in Deyang, and water in the city; both pages say the same."""
    whole, water, limits = blocks_of(page)
    (tmp_path / "whole.yaml").write_text(f"{whole}{limits}", encoding="utf-8")
    made = load(tmp_path / "whole.yaml").scenario
    assert {"jobs", "energy", "tax", "energy_per_gdp_growth"} <= set(made.indicators)
    assert [made.limits[key].stated.value for key in ("coal", "intensity", "jobs")] == [1100, -2.5, 150]
    water = water.replace("steel", "industry")
    assert "sources:" not in water
    sources = "sources: {water-bulletin: {zh: 公报, en: bulletin}}\n"
    own = city(tmp_path, sources + water).scenario.indicators["water"]
    assert (own.coefficients["tertiary"].value, own.base.value, own.growth_of) == (2e0, 61000, {})
    shown = [
        {
            line.split("#")[0].split("assumption")[0].rstrip()
            for block in blocks_of(each)
            for line in block.splitlines()
        }
        for each in ("indicators.md", "indicators.zh.md")
    ]
    assert shown[0] == shown[1]
