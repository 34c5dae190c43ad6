"""The least investment that reaches a target: against a closed form, against random plans, and on the command
line.

The closed form stands on the region of the ladder's tests: two farm sectors, each of 60 亿元 of value added
with an
investment of 40 in the base year; a yuan beyond that adds 0.03 to growth, in points. The plan gives each a
third of
127.2. So growth of ``v`` points takes ``m = 40 + v / 0.03`` in that sector, and where the mix may move by six
points
(39.33 %), a total of ``m / 0.3933``.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.cli.required import span
from dabiao.engine.decide.reach import Goal, _crossing
from dabiao.engine.decide.required import Reach, curve, goals_of, required
from dabiao.models.errors import DabiaoError
from dabiao.results.tables.required import invested, required_tables, sentence
from hypothesis import given, settings
from hypothesis import strategies as st
from planning import Case
from regions import laid, moving, scenario, sector, sketches

HERE = Path(__file__).parent
SHARE = 1 / 3 + 0.06
BOTH = pytest.mark.parametrize("solver", ["highs", "glpk"])


def farms(threshold, covers="east", **tiers):
    return {"indicator": "sector_growth", "covers": [covers], "ensure": threshold, **tiers}


def stated(targets=None, **changes):
    sectors = {
        "east": sector("agriculture", 60),
        "west": sector("agriculture", 60),
        "shops": sector("services", 180),
    }
    limits = {
        "mix": {"title": "mix", "on": "mix", "max": 6},
        "cuts": {"title": "cuts", "on": "cut", "max": 100},
        "money": {"title": "money", "on": "investment", "max": 127.2, "relax_to": 130, "price": 1},
    }
    targets = targets or {"grow": farms(0.3)}
    return laid(
        scenario(sectors, investment={"growth": 6}, limits=limits, targets={"gdp_growth": None, **targets}),
        changes,
    )


def ask(value, solver="highs", data=None):
    case = Case(data or stated(), solver)
    return case, required(case.assessor, [Goal(case.sheet.targets["grow"], value)])


@BOTH
@pytest.mark.parametrize(
    "value, reach", [(0.0, Reach.WITHIN), (0.2, Reach.WITHIN), (0.4, Reach.MONEY), (3.0, Reach.MONEY)]
)
def test_the_least_investment_in_closed_form(value, reach, solver):
    _, found = ask(value, solver)
    money = (40 + value / 0.03) / SHARE
    assert found.reach is reach
    assert found.money == pytest.approx(money, rel=1e-6)
    assert found.values["grow"] == pytest.approx(value, abs=1e-6)
    assert found.promised["grow"] == pytest.approx(value, abs=1e-6)
    assert found.run.plan.shares(1)[0] == pytest.approx(100 * SHARE, rel=1e-6)


@BOTH
def test_a_tier_is_aimed_at_itself_and_counts_after_rounding_where_it_cannot_be_had(solver):
    case, exact = ask(0.3, solver)
    tier = required(case.assessor, [Goal(case.sheet.targets["grow"], 0.3, "ensure")])
    assert exact.money == pytest.approx((40 + 0.3 / 0.03) / SHARE, rel=1e-6)
    assert tier.money == pytest.approx(
        (40 + 0.3 / 0.03) / SHARE, rel=1e-4
    )  # not the 0.25 that is printed 0.3
    assert tier.goals[0].met(tier.values["grow"])
    # at most 49 in the east, 0.27: 0.3 itself cannot be had, and what is printed 0.3 is enough for a tier
    data = stated(limits={"mix": None, "haste": {"title": "haste", "on": "absorption", "max": 22.5}})
    case, exact = ask(0.3, solver, data)
    tier = required(case.assessor, [Goal(case.sheet.targets["grow"], 0.3, "ensure")])
    assert exact.reach is Reach.OUT and exact.best == pytest.approx({"grow": 0.27})
    assert tier.reach is Reach.WITHIN and tier.money == pytest.approx(40 + 0.25 / 0.03, rel=1e-4)
    assert tier.goals[0].met(tier.values["grow"]) and tier.values["grow"] == pytest.approx(0.25, abs=1e-4)


@BOTH
def test_two_targets_together_take_what_both_take(solver):
    case = Case(stated({"grow": farms(0.2), "west": farms(0.3, "west")}), solver)
    both = [Goal(case.sheet.targets["grow"], 0.2), Goal(case.sheet.targets["west"], 0.3)]
    found = required(case.assessor, both)
    need = np.array([40 + 0.2 / 0.03, 40 + 0.3 / 0.03])
    # the shops keep at least 27.33 %, and no sector has more than 39.33 %
    assert found.money == pytest.approx(max(need.sum() / (1 - (1 / 3 - 0.06)), need.max() / SHARE), rel=1e-6)
    assert all(goal.met(found.values[goal.target.id]) for goal in both)


@BOTH
def test_what_cannot_be_reached_within_other_limits_relaxes_them_as_little_as_pays(solver):
    data = stated(
        limits={
            "mix": None,
            "haste": {"title": "haste", "on": "absorption", "max": 20, "relax_to": 60, "price": 0.1},
        }
    )
    _, within = ask(0.2, solver, data)
    _, found = ask(0.4, solver, data)
    assert within.reach is Reach.WITHIN and not within.relaxed
    lift = 100 * ((40 + 0.4 / 0.03) / 40 - 1) - 20  # the sector grows by a third
    assert found.reach is Reach.RELAXED
    assert found.relaxed == pytest.approx({"haste": lift}, rel=1e-5)
    assert found.cost == pytest.approx(0.1 * lift, rel=1e-5)
    assert found.money == pytest.approx(40 + 0.4 / 0.03, rel=1e-5)  # nothing else needs money


@BOTH
def test_out_of_reach_says_which_limit_stops_it_and_how_far_it_would_have_to_give(solver):
    data = stated(
        limits={
            "mix": None,
            "haste": {"title": "haste", "on": "absorption", "max": 20, "relax_to": 60, "price": 0.1},
        }
    )
    case, found = ask(1.0, solver, data)
    assert found.reach is Reach.OUT and found.run is None
    assert found.best == pytest.approx({"grow": 0.03 * 40 * 0.6}, rel=1e-6)
    assert found.stops == pytest.approx({"haste": 100 * (1.0 / 0.03) / 40 - 20}, rel=1e-5)
    given_way = laid(data, {"limits": {"haste": {"relax_to": 20 + found.stops["haste"] + 1e-3}}})
    assert ask(1.0, solver, given_way)[1].reach is Reach.RELAXED
    assert (
        ask(
            1.0,
            solver,
            laid(given_way, {"limits": {"haste": {"relax_to": 20 + found.stops["haste"] - 1e-3}}}),
        )[1].reach
        is Reach.OUT
    )
    told = {row["line"]: row["text"] for row in tables_of(case, [found])["summary"].records()}["answer_1"]
    assert "haste" in told.en and "+63.3" in told.en and "0.72" in told.en


def test_less_money_than_the_plan_keeps_the_relaxed_mix_within_its_end():
    """Points of the mix are of what is invested: relaxed by six points of a smaller total, not of the
    plan's."""
    limits = {
        "mix": {"title": "mix", "on": "mix", "max": 0, "relax_to": 6, "price": 0},
        "haste": {"title": "haste", "on": "absorption", "max": -8},
    }
    case, found = ask(-0.1, data=stated(limits=limits))
    assert found.reach is Reach.WITHIN  # all a tenth smaller will do
    limits["haste"]["max"] = 25
    limits["cut"] = {"title": "cut", "on": "cut", "max": 40}
    limits["money"] = None
    data = stated(limits={**limits, "loans": None})
    case = Case(data)
    goals = [Goal(case.sheet.targets["grow"], 0.05)]
    whole = required(case.assessor, goals)
    assert whole.run is not None and case.assessor.within(whole.run, {"mix": 6})


def test_what_no_lever_moves_is_told():
    case = Case(
        stated(
            {"grow": farms(0.2), "prices": {"indicator": "still", "basis": "linked", "at_most": 1}},
            relations={"still": {"title": "still", "constant": 2, "drivers": {"consumer_prices": 1}}},
        )
    )
    found = required(
        case.assessor,
        [Goal(case.sheet.targets["grow"], 0.2), Goal(case.sheet.targets["prices"], 1, "at_most")],
    )
    assert found.reach is Reach.OUT and found.best["prices"] == pytest.approx(2)


# --- no plan with less money reaches it
# --------------------------------------------------------------------------------


LIMITS = {
    "mix": {"title": "mix", "on": "mix", "max": 6},
    "haste": {"title": "haste", "on": "absorption", "max": 80},
    "advance": {"title": "advance", "on": "advance", "max": 6},
}


def test_no_random_plan_reaches_the_target_with_less():
    case = Case(
        moving(
            limits=LIMITS, projects={"coming": {"start": "2021-09"}}, targets={"gdp_growth": {"ensure": 5}}
        )
    )
    target = case.sheet.targets["gdp_growth"]
    plan = case.assessor.value(target, case.plan)
    found = required(case.assessor, [Goal(target, plan + 0.4)])
    assert found.reach is Reach.WITHIN and found.values[target.id] == pytest.approx(plan + 0.4, abs=1e-5)
    rng, sectors = np.random.default_rng(3), len(case.variables.money)
    shares = case.variables.money / case.variables.money.sum()
    money = found.money * (1 - rng.choice([2e-4, 2e-3, 2e-2], 4000))
    best_mix = (
        found.run.plan.shares(1) / 100 - shares
    )  # around the answer: the strongest rivals stand near it
    moves = best_mix[:, None] + rng.uniform(-0.02, 0.02, (sectors, 4000)) * rng.integers(0, 2, 4000)
    moves -= moves.mean(axis=0)
    mixes = money * (shares[:, None] + moves)
    vectors = np.zeros((len(case.variables.plan), 4000))
    vectors[:sectors] = mixes
    for project in dict.fromkeys(c.project for c in case.variables.choices):
        own = [
            sectors + i
            for i, c in enumerate(case.variables.choices)
            if c.project == project and -c.shift <= 6
        ]
        vectors[rng.choice(own, 4000), np.arange(4000)] = 1.0
    planned = case.variables.fixed_planned[..., None] + np.einsum(
        "cst,cd->std",
        np.array([np.eye(sectors)[c.sector][:, None] * c.planned for c in case.variables.choices]),
        vectors[sectors:],
    )
    base = case.variables.delivered.normal[:, 0]
    fine = (np.abs(moves) <= 0.06).all(axis=0) & (
        mixes[:, None] * case.variables.ratio[..., None] >= planned
    ).all(axis=(0, 1))
    fine &= (mixes <= base * 1.8).all(axis=0)
    assert fine.sum() > 200
    path = case.economy.simulate(case.variables.realisation(vectors[:, fine]))
    best = float(case.sheet.value(target, path, 1).max())
    assert best < plan + 0.4
    assert best > plan  # and they come near: the test could fail


@given(st.floats(-5, 5), st.floats(-3, 3), st.floats(-0.45, 0.45), st.floats(0.01, 2))
def test_two_answers_on_a_line_give_the_third(needed, gives, slope, step):
    """What the simulation gives on top is a line in what is asked: the third question gets the needed."""

    def gave(asked: float) -> float:
        return gives + slope * asked

    first, second = needed, needed - step
    third = _crossing(needed, (second, gave(second)), (first, gave(first)))
    assert third + gave(third) == pytest.approx(needed, abs=1e-6)


@given(sketch=sketches(), more=st.floats(0.05, 1.0))
@settings(max_examples=12)
def test_the_promise_holds_in_any_region_and_a_little_less_misses(sketch, more):
    data = laid(sketch, {"limits": LIMITS, "targets": {"gdp_growth": {"ensure": 5}}})
    case = Case(data)
    target = case.sheet.targets["gdp_growth"]
    goal = Goal(target, case.assessor.value(target, case.plan) + more)
    found = required(case.assessor, [goal])
    if found.run is None:
        assert found.reach in (Reach.OUT, Reach.UNDECIDED)
        return
    again = case.assessor.simulate(replace(found.run.plan, id="again"))
    assert goal.met(case.assessor.value(target, again))
    assert case.assessor.value(target, again) == pytest.approx(goal.threshold, abs=1e-4)
    projects = (case.variables.fixed_planned / case.variables.ratio).max(axis=1)
    less = replace(found.run.plan.scaled(1 - 1e-3), id="less")
    if (less.investment[:, 0] >= projects).all() and not found.run.plan.shifts:
        assert case.assessor.value(target, case.assessor.simulate(less)) < goal.threshold


def test_a_curve_rises_and_never_bends_down():
    case = Case(moving(limits=LIMITS, targets={"gdp_growth": {"ensure": 5}}))
    target = case.sheet.targets["gdp_growth"]
    plan = case.assessor.value(target, case.plan)
    values = [plan + step for step in np.linspace(-0.5, 0.8, 8)]
    money = np.array([one.money for one in curve(case.assessor, target, values)])
    steps = np.diff(money)
    assert (steps > 0).all()
    # with starts given the least money is convex in the value; starts are few and cheap here
    assert (np.diff(steps) > -1e-3 * steps[1:]).all()


# --- which questions
# ---------------------------------------------------------------------------------------------------


def as_setting(case):
    return SimpleNamespace(
        scenario=case.region.scenario,
        economy=case.economy,
        sheet=case.sheet,
        plan=case.plan,
        contradictory=(),
        bounds=case.bounds,
        year=1,
    )


def tables_of(case, found, points=()):
    return required_tables(as_setting(case), found, points)


def test_questions_are_each_target_alone_then_all_together():
    case = Case(
        stated(
            {
                "grow": farms(0.2, stretch=0.3, main=True),
                "west": farms(0.3, "west", main=True),
                "gdp_growth": {"ensure": 1, "main": False},
            }
        )
    )
    asked = [
        [(g.target.id, g.tier) for g in goals] for goals in goals_of(case.assessor, [], ["ensure", "stretch"])
    ]
    assert asked == [
        [("grow", "ensure")],
        [("west", "ensure")],
        [("grow", "stretch")],
        [("grow", "ensure"), ("west", "ensure")],
        [("grow", "stretch"), ("west", "ensure")],
    ]
    one = goals_of(case.assessor, ["gdp_growth=0.5"], ["ensure"])
    assert [(g.target.id, g.threshold, g.tier) for goals in one for g in goals] == [("gdp_growth", 0.5, "")]


@pytest.mark.parametrize(
    "name, said",
    [
        ("gdp_grwth", "did you mean gdp_growth"),
        ("nothing", "known: "),
        ("grow=x", "got `x`"),
        ("grow=nan", "got `nan`"),
    ],
)
def test_a_wrong_target_is_told_with_the_nearest(name, said):
    case = Case(stated({"grow": farms(0.2), "gdp_growth": {"ensure": 1}}))
    with pytest.raises(DabiaoError, match=said):
        goals_of(case.assessor, [name], ["ensure"])


# --- the command
# -------------------------------------------------------------------------------------------------------


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(simulate, ["optimize", "required", *words], prog_name="simulate")


VALLEY = str(HERE / "scenarios_for_tests" / "answered.yaml")


@pytest.mark.parametrize("lang, said", [("en", "at least CNY"), ("zh", "全年投资至少")])
def test_the_command_answers_and_writes(call, lang, said):
    done = call(VALLEY, "--target", "fai_growth", "--lang", lang)
    assert done.exit_code == 0, done.output
    assert said in done.stdout
    folder = next(Path("runs").glob("*/required-*"))
    names = {file.name for file in folder.rglob("*") if file.is_file()}
    assert {
        "required.csv",
        "required_mix.csv",
        "required_goals.csv",
        "tables.xlsx",
        "report.html",
        "report.md",
        "tables.json",
    } <= names
    assert not any("Traceback" in text for text in (done.stdout, done.stderr))
    rows = list(csv.DictReader((folder / "csv" / "required_goals.csv").open(encoding="utf-8-sig")))
    assert rows and all(row["met"] == "true" for row in rows)


def test_an_answer_reads_back_verifies_and_becomes_a_report(call, tmp_path):
    from dabiao.results.write import read_run

    assert call(VALLEY, "--target", "fai_growth", "-q").exit_code == 0
    folder = next(Path("runs").glob("*/required-*"))
    assert {"required", "required_mix", "summary"} <= set(read_run(folder).tables)
    verified = CliRunner().invoke(simulate, ["verify", str(folder)], prog_name="simulate")
    assert verified.exit_code == 0, verified.output
    written = CliRunner().invoke(
        simulate,
        ["report", str(folder), "--format", "markdown", "--lang", "en", "--out", "told"],
        prog_name="simulate",
    )
    assert written.exit_code == 0, written.output
    page = next(Path("told").rglob("report.md")).read_text(encoding="utf-8")
    assert "Investment required" in page and "Promised and simulated" in page


def test_the_command_draws_a_curve(call):
    done = call(VALLEY, "--target", "fai_growth", "--curve", "4:6:1", "--json", "-q")
    assert done.exit_code == 0, done.output
    table = json.loads(done.stdout_bytes)["tables"]["required_curve"]
    at = [column["name"] for column in table["columns"]].index("value")
    assert [row[at] for row in table["rows"]] == [4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    "words",
    [
        ("--curve", "5:8:1"),
        ("--target", "fai_growth", "--curve", "8:5:1"),
        ("--target", "fai_growth", "--curve", "x"),
        ("--target", "fai_growth", "--curve", "1:2:0"),
        ("--target", "fai_growth", "--curve", "1:2:1e-9"),
        ("--target", "fai_grwth"),
        ("--tier", "nothing"),
    ],
)
def test_wrong_words_end_with_2(call, words):
    done = call(VALLEY, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_values_of_a_curve():
    assert span("5:8:0.5") == [5, 5.5, 6, 6.5, 7, 7.5, 8]
    assert span("0:1") == [round(i / 10, 10) for i in range(11)]
    assert span("-1:-0.5:0.25") == [-1, -0.75, -0.5]


def test_a_mistyped_question_is_guessed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(simulate, ["optimize", "requird", VALLEY], prog_name="simulate")
    assert done.exit_code == 2 and "simulate optimize required" in done.stderr


LONG = {
    "capital_output": 2.5,
    "capital_formation": 80,
    "depreciation": 5,
    "productivity": 1,
    "human": 0,
    "participation": 0,
    "working_age": 0,
    "population": 0,
    "usual": 40,
    "highest": 80,
}


@pytest.mark.parametrize(("value", "said"), [(0.2, ""), (0.9, "少见"), (3.0, "不可信")])
def test_an_amount_beyond_what_provinces_have_done_is_not_credible(value, said):
    """Capital formation over GDP is the stated part of the investment, at base prices, over the GDP of the
    plan found."""
    case, found = ask(value, data=stated(long_view=LONG))
    path, price = found.run.path, 1 + case.region.scenario.prices.investment.value / 100
    share = 0.8 * found.money / price / path.value_added[:, 1, 0].sum()
    setting = as_setting(case)
    assert invested(setting, found.run, found.money) == pytest.approx(100 * share)
    told = sentence(setting, found, "zh")
    assert ("少见" in told, "不可信" in told) == (0.4 < share <= 0.8, share > 0.8)
    assert said in told
    assert ("也超出可放宽的终点130.0亿元" in told) == (found.money > 130)
    assert invested(as_setting(Case(stated())), found.run, found.money) is None
