"""What certainty costs, how mixes stand and what slips cost: on scenarios, against closed forms and separate
runs."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.run import run
from dabiao.engine.uncertainty.delays import QUARTER, delay_impacts, slip_of
from dabiao.engine.uncertainty.ensemble import KEPT, ensemble
from dabiao.engine.uncertainty.mixes import mixes_on_draws
from dabiao.engine.uncertainty.price import nice, open_projects, prices, short_of, slipped
from dabiao.engine.uncertainty.sample_points import PARTS, Points
from dabiao.models.indicators import Asked
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Target
from dabiao.results.report import tables
from dabiao.results.tables.certainty import certainty_sentence
from dabiao.results.tables.mixes_uncertain import rivals_sentence
from dabiao.results.tables.table import sentences
from dabiao.results.text.locales import close_up
from dabiao.scenarios.load import load_example
from futures import futures, linear, loaded
from hypothesis import given
from hypothesis import strategies as st
from regions import laid, moving
from scipy import stats


def target(digits=1, ceiling=False, threshold=6.5):
    tiers = (None, None, threshold) if ceiling else (threshold, None, None)
    return Target("x", Bilingual(zh="x", en="x"), "x", "modelled", "%", digits, *tiers, Asked())


def doubtful():
    """A region with projects, its markets and months in doubt."""
    data = laid(
        moving(),
        {
            "uncertainty": {"shocks": {"own": {"sd": 2}, "sectors": {"second": {"sd": 2}}}},
            "targets": {"gdp_growth": {"ensure": 3, "stretch": 5, "main": True}},
        },
    )
    data["projects"]["coming"]["months"] = {
        **data["projects"]["coming"]["months"],
        "construction": {"value": 18, "low": 12, "high": 30},
    }
    return data


# --- price of certainty
# -----------------------------------------------------------------------------------------------


def test_more_money_never_lowers_the_probability_and_the_curve_starts_at_the_plan(tmp_path):
    one = loaded(tmp_path, doubtful())
    book, plan = futures(one)
    samples = [book.sample(0, 512), book.sample(512, 512)]
    aims = {"gdp_growth": samples[0].sheet.targets["gdp_growth"]}
    found = prices(samples, plan, 1, aims)
    assert {(each.lever, each.tier) for each in found} == {
        (lever, tier) for lever in ("money", "earlier") for tier in ("ensure", "stretch")
    }
    own = ensemble(book, samples[0].sheet, plan, 1, {}, draws=1024)
    for each in found:
        steps = each.curve.steps
        assert steps[0].amount == 0 and steps[0].change == 0
        assert steps[0].probability == own.probability("gdp_growth", each.tier).value
        chances = [step.probability for step in steps]
        assert chances == sorted(chances), each
        assert all(low.amount < high.amount for low, high in pairwise(steps))
        apart = np.hypot(
            steps[1].error, steps[0].error
        )  # common random numbers: surer than two independent samples
        assert steps[1].change_error < 0.7 * apart
    money = next(each for each in found if each.lever == "money" and each.tier == "ensure")
    assert money.curve.steps[-1].probability > money.curve.steps[0].probability


def test_the_price_is_that_of_a_plan_with_more_money(tmp_path):
    """The curve at an amount is the ensemble of a plan with that much more, simulated by itself."""
    one = loaded(tmp_path, doubtful())
    book, plan = futures(one)
    samples = [book.sample(0, 256)]
    found = next(
        each
        for each in prices(samples, plan, 1, {"gdp_growth": samples[0].sheet.targets["gdp_growth"]})
        if each.lever == "money"
    )
    step = found.curve.steps[3]
    richer = plan.scaled(1 + step.amount / plan.investment[:, 0].sum())
    alone = ensemble(book, samples[0].sheet, richer, 1, {}, draws=256)
    assert step.probability == alone.probability("gdp_growth", found.tier).value


def test_the_amount_for_a_level_gives_that_level(tmp_path):
    one = loaded(tmp_path, laid(doubtful(), {"targets": {"gdp_growth": {"ensure": 3.4}}}))
    book, plan = futures(one)
    samples = [book.sample(0, 1024)]
    aim = samples[0].sheet.targets["gdp_growth"]
    for each in prices(samples, plan, 1, {"gdp_growth": aim}):
        for level in each.curve.levels:
            if each.lever == "money" and level.amount:
                richer = plan.scaled(1 + level.amount / plan.investment[:, 0].sum())
                there = aim.reached(samples[0].outcomes(richer, 1)["gdp_growth"], aim.tiers[each.tier]).mean()
                assert there == pytest.approx(level.probability, abs=0.01)


@given(
    st.lists(st.floats(-20, 20), min_size=1, max_size=30), st.booleans(), st.integers(0, 2), st.floats(-5, 10)
)
def test_short_is_nothing_where_reached(values, ceiling, digits, threshold):
    aim = target(digits, ceiling, round(threshold, digits))
    own = np.array(values)
    short = short_of(aim, own, round(threshold, digits))
    assert ((short <= 0) == aim.reached(own, round(threshold, digits))).all()
    edge = round(threshold, digits) - aim.sign * 0.5 * 10.0**-digits
    assert np.abs(short) == pytest.approx(np.abs(own - edge), abs=1e-9)


@given(st.floats(1e-6, 1e6))
def test_nice_amounts_are_near(value):
    found = nice(value)
    assert 0.6 < found / value < 1.7
    assert f"{found:e}"[0] in "125"


def test_a_ceiling_is_lost_with_money(tmp_path):
    data = laid(
        doubtful(),
        {"targets": {"gdp_growth": None, "cap": {"indicator": "fai_growth", "at_most": 7, "main": True}}},
    )
    one = loaded(tmp_path, data)
    answer = run(one, draws=256)
    book, plan = futures(one)
    found = prices([book.sample(0, 256)], plan, 1, {"cap": answer.ensemble.targets["cap"]})
    money = next(each for each in found if each.lever == "money").curve.steps
    assert [step.probability for step in money] == sorted(
        (step.probability for step in money), reverse=True
    ) and money[-1].change < -0.5
    assert "降到" in certainty_sentence(
        answer, found, "cap", "at_most", "zh"
    ) and "上限：" in certainty_sentence(answer, found, "cap", "at_most", "zh")
    assert "lowers it" in certainty_sentence(answer, found, "cap", "at_most", "en")


# --- mixes
# ------------------------------------------------------------------------------------------------------------


def two_mixes():
    """The linear economy, in which a second mix builds more of one sector; capacity never binds."""
    data = doubtful()
    keys = list(data["sectors"])
    shares = {key: 100 / len(keys) for key in keys}
    moved = {**shares, keys[1]: shares[keys[1]] + 10, keys[-1]: shares[keys[-1]] - 10}
    data["mixes"] = {
        "plan": {"title": "plan", "shares": shares},
        "other": {"title": "other", "shares": moved},
    }
    return data


def test_mixes_stand_on_the_draws_of_the_ensemble(tmp_path):
    one = loaded(tmp_path, two_mixes())
    answer = run(one, draws=1024)
    found = answer.mixes_on_draws
    assert found.draws == 1024 and set(found.standings) == set(answer.mixes)
    book, _ = futures(one)
    for mix, ran in answer.mixes.items():
        alone = ensemble(book, answer.sheet, ran.plan, 1, {}, draws=1024)
        assert found.standings[mix].mean == pytest.approx(alone.mean("gdp_growth").value, abs=1e-12)
        for tier in ("ensure", "stretch"):
            chance, own = (
                found.chances[mix]["gdp_growth", tier],
                answer.ensemble.probability("gdp_growth", tier),
            )
            assert chance.value == alone.probability("gdp_growth", tier).value
            assert chance.difference == pytest.approx(chance.value - own.value, abs=1e-12)
    assert found.standings["plan"].difference == 0
    able = [each for each in found.standings.values() if each.best is not None]
    assert sum(each.best for each in able) == pytest.approx(1)
    assert min(each.regret for each in able) >= 0


def test_the_difference_of_mixes_is_surer_on_common_draws(tmp_path):
    one = loaded(tmp_path, two_mixes())
    book, plan = futures(one)
    answer = run(one, draws=256)
    other = answer.mixes["other"].plan
    found = answer.mixes_on_draws.standings["other"]
    apart, _ = futures(one)
    apart.points = Points(len(apart.inputs.rows), 99)
    means = [
        ensemble(each, answer.sheet, mix, 1, {}, draws=256).mean("gdp_growth")
        for each, mix in ((book, plan), (apart, other))
    ]
    assert found.difference_error < 0.5 * np.hypot(means[0].error, means[1].error)
    assert abs(found.difference - (means[1].value - means[0].value)) < 4 * np.hypot(
        means[0].error, means[1].error
    )


def test_the_end_of_the_horizon_is_compared_too(tmp_path):
    one = loaded(tmp_path, two_mixes())
    book, plan = futures(one)
    answer = run(one, draws=0)
    plans = {key: ran.plan for key, ran in answer.mixes.items()}
    sample = book.sample(0, 64)
    found = mixes_on_draws(
        [sample],
        plans,
        "plan",
        1,
        {"gdp_growth": sample.sheet.targets["gdp_growth"]},
        frozenset(plans),
        horizon=True,
    )
    for mix, own in plans.items():
        assert found.later[mix].mean == pytest.approx(sample.path(own).gdp[-1].mean())
    assert found.later["plan"].difference == 0
    assert (
        mixes_on_draws(
            [sample],
            {"plan": plan},
            "plan",
            1,
            {"gdp_growth": sample.sheet.targets["gdp_growth"]},
            frozenset({"plan"}),
        )
        is None
    )


def test_rivals_are_the_same_for_any_block_and_workers(tmp_path):
    one = loaded(tmp_path, two_mixes())
    book, _ = futures(one)
    plans = {key: ran.plan for key, ran in run(one, draws=0).mixes.items()}
    aims = {"gdp_growth": book.sample(0, PARTS).sheet.targets["gdp_growth"]}
    made = []
    for block, workers in ((256, 1), (64, 2), (128, 2)):
        samples = [book.sample(low, block) for low in range(0, 256, block)]
        made.append(mixes_on_draws(samples, plans, "plan", 1, aims, frozenset(plans), workers=workers))
    assert made[0] == made[1] == made[2]


def test_a_run_keeps_samples_for_its_mixes_alone(tmp_path):
    one = loaded(tmp_path, linear())
    book, plan = futures(one)
    for block in (None, 1024):
        kept = []
        ensemble(book, book.sample(0, PARTS).sheet, plan, 1, {}, draws=8192, keep=kept, block=block)
        assert kept[0].first == 0 and [s.first + s.draws for s in kept] == [
            *(s.first for s in kept[1:]),
            KEPT,
        ]
    assert run(one, draws=0).mixes_on_draws is None and "mixes_uncertain" not in tables(run(one, draws=0))


def test_a_run_tells_its_mixes_under_doubt():
    answer = run(load_example("panzhihua-2024"), draws=512)
    made = tables(answer)
    table = made["mixes_uncertain"]
    assert list(table.column("mix")) == list(answer.mixes)
    assert sum(best for best in table.column("best") if best is not None) == pytest.approx(1)
    for lang in ("zh", "en"):
        own = rivals_sentence(answer, answer.mixes_on_draws, lang)
        assert sentences(made, lang)["rivals"][1] == (close_up(own) if lang == "zh" else own) != ""


# --- slips
# ------------------------------------------------------------------------------------------------------------


def test_a_slip_is_a_scenario_with_that_slip(tmp_path):
    """A project a quarter later on the same draws is the scenario whose slip is a quarter longer."""
    data = doubtful()
    one = loaded(tmp_path, data)
    book, plan = futures(one)
    sample = book.sample(0, 64)
    found, whole = delay_impacts(sample, plan, 1, sample.sheet.targets["gdp_growth"], "ensure")
    assert {slip.project for slip in found} == set(open_projects(sample)) and whole is not None
    assert [slip.effect.value for slip in found] == sorted(slip.effect.value for slip in found)
    before = sample.outcomes(plan, 1)["gdp_growth"]
    for slip in found:
        stated = data["projects"][slip.project].get("slip", 0)
        late = slipped(sample, [slip.project], QUARTER).drawn_pipeline.named.slip
        at = [each.id for each in sample.drawn_pipeline.named.plans].index(slip.project)
        assert late[at] == pytest.approx(stated + QUARTER)
        after = slipped(sample, [slip.project], QUARTER).outcomes(plan, 1)["gdp_growth"]
        assert slip.effect.value == pytest.approx((after - before).mean())
    assert slipped(sample, ["coming"], 0.0) is sample


@pytest.mark.parametrize("loss", [0.02, 0.2])
def test_the_fall_of_the_probability_has_its_closed_form(loss):
    """Growth is N(6.2, 1.5); a loss for all moves the probability of 6.45 by the normal law."""
    rng = np.random.default_rng(4)
    before = 6.2 + 1.5 * stats.norm.ppf((np.arange(4096) + 0.5) / 4096)
    rng.shuffle(before)
    slip = slip_of("x", before, before - loss, target(), "ensure")
    wanted = stats.norm.sf(6.45 + loss, 6.2, 1.5) - stats.norm.sf(6.45, 6.2, 1.5)
    assert slip.effect.value == pytest.approx(-loss)
    assert slip.chance.value == pytest.approx(wanted, rel=0.02)
    ceiling = slip_of("x", before, before - loss, target(ceiling=True), "at_most")
    assert ceiling.chance.value > 0, "less is better under a ceiling"


def test_without_doubt_a_slip_reaches_or_does_not():
    flat = np.full(64, 6.46)
    assert slip_of("x", flat, flat - 0.1, target(), "ensure").chance.value == -1
    assert slip_of("x", flat, flat - 0.001, target(), "ensure").chance.value == 0


def test_a_smoothed_change_is_surer_than_counts():
    """Over 50 seeds the smoothed change of a small loss scatters less than the counted one, around the same
    truth."""
    truth = stats.norm.sf(6.50, 6.2, 1.5) - stats.norm.sf(6.45, 6.2, 1.5)
    smooth, counted = [], []
    for seed in range(50):
        before = np.random.default_rng(seed).normal(6.2, 1.5, 1024)
        smooth.append(slip_of("x", before, before - 0.05, target(), "ensure").chance.value)
        counted.append((before - 0.05 >= 6.45).mean() - (before >= 6.45).mean())
    assert np.std(smooth) < 0.5 * np.std(counted)
    assert abs(np.mean(smooth) - truth) < 3 * np.std(smooth) / np.sqrt(50) + 0.03 * abs(truth)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_prices_certainty_and_slips(tmp_path, monkeypatch, lang):
    monkeypatch.chdir(tmp_path)
    loaded(tmp_path, two_mixes())
    done = CliRunner().invoke(
        simulate, ["sensitivity", "plan.yaml", "--draws", "256", "--lang", lang, "--json", "--quiet"]
    )
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)["tables"]
    assert {"certainty", "certainty_levels", "mixes_uncertain", "delay_impact_draws"} <= set(made)
    said = (
        {row[0] for row in made["summary"]["rows"]}
        if isinstance(made["summary"]["rows"][0], list)
        else {row["line"] for row in made["summary"]["rows"]}
    )
    assert {"causes", "price", "rivals", "delay_impact"} <= said
