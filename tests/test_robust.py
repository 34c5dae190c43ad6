"""The price of certainty and the least regret: closed forms, brute force over draws, a grid of all mixes.

The region is that of test_required: growth of a farm sector is what it is plus 0.03 points per 亿元 beyond
40; a
share may be at most 39.33 %. Its shocks move the growth of every draw, and hardly what a yuan adds.
"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.decide.jury import Jury
from dabiao.engine.decide.reach import Goal
from dabiao.engine.decide.regret import regrets
from dabiao.engine.decide.robust import MOST, Search, certainty
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Bilingual
from dabiao.scenarios.load import load_example
from dabiao.solvers.chance import Cuts, Master
from dabiao.solvers.require import any_money
from futures import loaded
from planning import Case
from regions import laid, scenario, sector

HERE = Path(__file__).parent
SHARE = 1 / 3 + 0.06
BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])
DOUBT = {
    "shocks": {
        "sectors": {"east": {"sd": 1.0}, "west": {"sd": 1.0}, "shops": {"sd": 1.0}},
        "own": {"sd": 0.5},
    }
}


def farms(threshold, *covers):
    return {"indicator": "sector_growth", "covers": list(covers), "ensure": threshold, "main": True}


def stated(**changes):
    sectors = {
        "east": sector("agriculture", 60),
        "west": sector("agriculture", 60),
        "shops": sector("services", 180),
    }
    limits = {
        "mix": {"title": "mix", "on": "mix", "max": 6},
        "cuts": {"title": "cuts", "on": "cut", "max": 100},
    }
    targets = {"gdp_growth": None, "east": farms(0.5, "east")}
    return laid(
        scenario(sectors, investment={"growth": 6}, limits=limits, targets=targets, uncertainty=DOUBT),
        changes,
    )


def bought(folder, data, levels, draws=64, solver="highs", fresh=1024):
    one = loaded(folder, data)
    case = Case(one, solver)
    goals = [
        Goal(target, target.ensure, "ensure")
        for target in case.sheet.targets.values()
        if target.main and target.ensure is not None
    ]
    found = certainty(
        case.assessor, one.scenario, one.quantities(), goals, levels=levels, draws=draws, fresh=fresh
    )
    return case, one, goals, found


def searching(case, one, goals):
    """The search of 64 draws without lines, as :func:`certainty` begins it."""
    jury = Jury.drawn(
        one.scenario,
        one.quantities(),
        {goal.target.id: goal.target for goal in goals},
        1,
        64,
        one.scenario.uncertainty.seed,
    )
    return Search(case.assessor, jury, goals, {}, False)


# --- the price of certainty
# --------------------------------------------------------------------------------------------


@BOTH
def test_the_least_investment_is_the_quantile_of_what_each_draw_needs(solver, tmp_path):
    """One sector decides, so that the draws can be ranked: each needs its own investment there."""
    levels = (0.25, 0.5, 0.75, 0.9)
    case, one, goals, found = bought(tmp_path, stated(), levels, solver=solver)
    search = searching(case, one, goals)
    money = case.variables.money
    here = search.values(search.plan(money))[0]
    slope = search.values(search.plan(money + np.array([1.0, 0, 0])))[0] - here
    needs = np.sort((money[0] + (goals[0].edge - here) / slope) / SHARE)
    for level in found.levels[:3]:
        count = math.ceil(level.asked * 64)
        assert level.money == pytest.approx(needs[count - 1], rel=1e-4)
        assert level.inside >= level.asked and level.inside <= (count + 1) / 64
        assert level.bound == pytest.approx(level.money, rel=1e-4)  # proved
    paid = [level.money for level in found.levels[:3]]
    assert paid == sorted(paid) and len(set(paid)) == 3
    # nine draws of ten take more than twice the plan's 127.2, which no plan is looked for with; how much is
    # still proved
    last = needs[math.ceil(levels[3] * 64) - 1]
    assert last > MOST * money.sum() and found.levels[3].run is None and math.isnan(found.levels[3].money)
    assert found.levels[3].bound == pytest.approx(last, rel=1e-4)
    # the most that is told is what twice the plan's money brings, all the east may have of it
    assert found.most.money <= MOST * money.sum() * (1 + 1e-9)
    assert found.most.inside * 64 == pytest.approx((needs <= MOST * money.sum()).sum(), abs=1)


def test_fresh_draws_tell_what_was_chosen_on_few_with_an_error_that_covers_it(tmp_path):
    _, _, _, found = bought(tmp_path, stated(), (0.5, 0.8), draws=128, fresh=4096)
    for level in found.levels:
        error = math.sqrt(level.asked * (1 - level.asked) / 128 + level.fresh.error**2)
        assert abs(level.fresh.value - level.asked) < 4 * error
        assert 0 < level.fresh.error < 0.05
    assert found.levels[1].fresh.value > found.levels[0].fresh.value > found.plan.fresh.value


def test_what_the_central_case_just_reaches_is_reached_about_half_the_time(tmp_path):
    _, _, _, found = bought(tmp_path, stated(), (0.5,), draws=64, fresh=4096)
    assert found.central.fresh.value == pytest.approx(0.5, abs=0.05)
    # the median of 64 draws of growth with a spread of 1.1 points is 0.17 points off, 15 亿元: three times
    # that at most
    assert found.levels[0].money == pytest.approx(found.central.money, abs=45)


def test_two_targets_together_are_reached_in_no_more_draws_than_either(tmp_path):
    data = stated(targets={"west": farms(0.5, "west")})
    case, one, goals, found = bought(tmp_path, data, (0.6,), draws=64)
    level = found.levels[0]
    search = searching(case, one, goals)
    values = search.values(level.run.plan)
    alone = [goal.target.reached(own, goal.threshold) for goal, own in zip(goals, values, strict=True)]
    assert level.inside == (alone[0] & alone[1]).mean() >= 0.6
    assert case.assessor.within(level.run)
    # brute force, walked from the answer: no mix with a hair less reaches as many
    rng = np.random.default_rng(2)
    for _ in range(200):
        money = level.run.plan.investment[:, 0] + rng.normal(0, 1.5, 3)
        money *= level.money * (1 - 1e-3) / money.sum()
        share = money / money.sum()
        if np.abs(share - case.plan.plan.shares(1) / 100).max() <= 0.06:
            assert search.share(search.plan(money)) < level.inside + 1e-9


def test_what_no_investment_reaches_is_proved_and_told(tmp_path):
    data = stated(limits={"haste": {"title": "haste", "on": "absorption", "max": 30}})
    case, one, goals, found = bought(tmp_path, data, (0.3, 0.95), draws=64)
    low, high = found.levels
    assert low.run is not None and high.run is None and math.isinf(high.bound)
    # with all that haste allows, 52 in the east, the part of draws that reach it is the most
    search = searching(case, one, goals)
    most = search.share(search.plan(np.array([52.0, 45, 45])))
    assert found.most.inside == pytest.approx(most) and most < 0.95


def test_the_likeliest_mix_of_the_total_is_the_one_with_most_in_the_east(tmp_path):
    case, _, _, found = bought(tmp_path, stated(), (0.5,), draws=64)
    assert found.likeliest.money <= case.variables.money.sum() * (1 + 1e-9)
    assert found.likeliest.inside >= found.plan.inside
    assert found.likeliest.run.plan.investment[0, 0] > case.variables.money[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_the_best_of_all_ways_to_give_up_draws(seed):
    """Lines of eight draws with slopes of their own: every subset of five is tried."""
    case = Case(stated())
    rng = np.random.default_rng(seed)
    cuts = Cuts(3, 8)
    money = case.variables.money
    cuts.add(np.arange(8.0), rng.normal(0, 0.5, 8), rng.uniform(0.002, 0.05, (8, 3)), money, 0.4)
    bounds = any_money(case.assessor.problem, relax=False)
    master = Master(case.assessor.problem, bounds, cuts, "highs")
    best = math.inf
    for subset in itertools.combinations(range(8), 5):
        kept = np.isin(np.arange(8), subset)
        found = master.cheapest(kept)
        best = min(best, math.inf if found is None else found.sum())
    top = 3000.0
    bound, _ = master.bound(5, top, np.stack([np.zeros(3), np.full(3, top)], axis=1))
    assert bound == pytest.approx(best, rel=1e-6)
    chosen = master.choose(5, money)
    assert chosen.total >= best * (1 - 1e-9) and chosen.kept.sum() == 5
    assert (cuts.room(chosen.money)[chosen.kept] >= -1e-6).all()


# --- the least regret
# --------------------------------------------------------------------------------------------------


def studied(data, name):
    """A region as a study, with a title."""
    case = Case(data)
    return SimpleNamespace(
        loaded=SimpleNamespace(name=name),
        economy=case.economy,
        sheet=case.sheet,
        assessor=case.assessor,
        plan=case.plan,
        year=1,
        solver=case.solver,
        contradictory=(),
        scenario=SimpleNamespace(title=Bilingual(zh=name, en=name)),
    )


def two(**second):
    """Growth of both farms together; a yuan brings more in the east in one scenario, in the west in the
    other."""

    def one(east, west, **changes):
        targets = {"east": None, "farms": farms(0.1, "east", "west")}
        return stated(
            targets=targets,
            sectors={"east": {"output_per_yuan": east}, "west": {"output_per_yuan": west}},
            **changes,
        )

    return [studied(one(0.16, 0.08), "east"), studied(one(0.06, 0.12, **second), "west")]


def test_the_least_regret_is_the_least_on_a_grid_of_all_mixes():
    studies = two()
    found = regrets(studies)
    total = 127.2
    steps = np.arange(1 / 3 - 0.06, SHARE + 1e-9, 0.002)
    grid = np.array(
        [(e, w, 1 - e - w) for e in steps for w in steps if 1 / 3 - 0.06 - 1e-9 <= 1 - e - w <= SHARE + 1e-9]
    )
    values = []
    for study in studies:
        target = study.sheet.targets["farms"]
        path = study.economy.simulate(study.assessor.variables.realisation(total * grid.T))
        values.append(np.broadcast_to(study.sheet.value(target, path, 1), len(grid)))
    table = np.array(values)
    worst = (table.max(axis=1, keepdims=True) - table).max(axis=0)
    assert found.least.most == pytest.approx(worst.min(), abs=2e-3)
    assert found.least.most <= worst.min() + 1e-6  # the grid has no finer mix
    assert found.promised == pytest.approx(found.least.most, abs=1e-5)
    assert all(np.isnan(other.most) or other.most >= found.least.most - 1e-6 for other in found.others)
    best = {other.own: other for other in found.others if other.own is not None}
    assert best[0].regrets[0] == pytest.approx(0, abs=1e-9) and best[1].regrets[1] == pytest.approx(
        0, abs=1e-9
    )
    assert best[0].regrets[1] > found.least.most


def test_totals_may_differ_and_a_mix_is_shares():
    studies = two(investment={"growth": 12})
    found = regrets(studies)
    runs = found.least.runs
    assert runs[0].plan.shares(1) == pytest.approx(runs[1].plan.shares(1), abs=1e-6)
    assert runs[1].plan.investment[:, 0].sum() == pytest.approx(120 * 1.12)


def test_scenarios_that_cannot_be_compared_are_told():
    studies = two()
    with pytest.raises(DabiaoError, match="--against"):
        regrets(studies[:1])
    with pytest.raises(DabiaoError, match="known: farms"):
        regrets(studies, "gdp_growth")
    data = stated()
    data["sectors"]["more"] = laid(data["sectors"]["shops"], {"va": 40})
    data["accounts"]["gdp"] += 40
    data["mixes"]["plan"]["shares"] = dict.fromkeys(data["sectors"], 25)
    with pytest.raises(DabiaoError, match="sectors"):
        regrets([*studies, studied(data, "more")])


# --- an example and the command
# ----------------------------------------------------------------------------------------


def test_certainty_costs_in_an_example():
    one = load_example("panzhihua-2024")
    case = Case(one)
    target = case.sheet.targets["gdp_growth"]
    found = certainty(
        case.assessor,
        one.scenario,
        one.quantities(),
        [Goal(target, target.ensure, "ensure")],
        levels=(0.3, 0.5),
        draws=64,
        fresh=512,
    )
    low, high = found.levels
    assert low.money < high.money and low.fresh.value < high.fresh.value
    assert all(level.bound >= level.money * (1 - 1e-4) for level in found.levels)
    assert found.likeliest.fresh.value > found.plan.fresh.value - 2 * found.plan.fresh.error
    assert case.assessor.within(found.likeliest.run)


VALLEY = str(HERE / "scenarios_for_tests" / "answered.yaml")


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(simulate, ["optimize", "robust", *words], prog_name="simulate")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(call, lang):
    few = ("--draws", "32", "--fresh", "64", "--level", "0.5", "--lang", lang)
    done = call(VALLEY, *few, "--against", VALLEY)
    assert done.exit_code == 0, done.output
    folder = next(Path("runs").glob("*/robust-*"))
    whole = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
    assert whole["tables"]["robust"]["rows"] and whole["tables"]["regret"]["rows"]
    assert (folder / "csv" / "robust_mix.csv").is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("--draws", "33"),
        ("--level", "1.5"),
        ("--only-regret",),
        ("--target", "nothing"),
        ("--against", "missing.yaml"),
    ],
)
def test_wrong_words_end_with_2(call, words):
    done = call(VALLEY, *words)
    assert done.exit_code == 2 and "Traceback" not in done.stderr
