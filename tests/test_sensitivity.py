"""What a target hangs on: indices against a closed form, bars against single runs, boxes against counts."""

from __future__ import annotations

import json
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine import build
from dabiao.engine.plans import project_plans, stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.engine.run import run
from dabiao.engine.uncertainty.causes import LUCK, by_cause, cause_of
from dabiao.engine.uncertainty.discovery import DELAY, columns_of, delays, discover
from dabiao.engine.uncertainty.futures import Futures, Sample
from dabiao.engine.uncertainty.pick_freeze import _moved, in_order, pick_freeze
from dabiao.engine.uncertainty.sample_points import PARTS, Points
from dabiao.engine.uncertainty.sensitivity import asked, sensitivity
from dabiao.engine.uncertainty.tornado import alone, fifths, together, tornado
from dabiao.models.errors import DabiaoError
from dabiao.models.quantity import Draws
from dabiao.results.tables.sensitivity import box_sentence, sensitivity_tables
from dabiao.results.text.causes import input_text, told_value
from dabiao.results.text.names import name_of
from dabiao.scenarios.load import load_example
from futures import futures, linear, loaded
from regions import laid, moving


def weights(one):
    """What one standard deviation of each shock adds to growth, points: by the Leontief inverse of the
    accounts."""
    book, _ = futures(one)
    accounts = book.sample(0, PARTS).economy.accounts
    local = accounts.local[..., 0]
    weight = accounts.va_ratio[:, 0] @ np.linalg.inv(np.eye(len(local)) - local)
    gdp = accounts.va_ratio[:, 0] @ accounts.output[:, 0]
    sales = weight * accounts.outside[:, 0] / gdp
    common = float(sales.sum() + weight @ accounts.household[:, 0] / gdp)
    return {"own": common, "sectors.care": 2 * float(sales[0]), "sectors.shop": 3 * float(sales[1])}


@pytest.mark.parametrize("rho", [0.0, 0.5, -0.6])
def test_indices_of_a_linear_economy_have_their_closed_form(tmp_path, rho):
    """Of two correlated shocks the first takes what they share: c + rho s, and the second sqrt(1 - rho²)
    s."""
    one = loaded(tmp_path, linear(rho))
    book, plan = futures(one)
    parts = weights(one)
    own, care, shop = parts["own"], parts["sectors.care"], parts["sectors.shop"]
    wanted = {"own": own**2, "sectors.care": (care + rho * shop) ** 2, "sectors.shop": (1 - rho**2) * shop**2}
    found = pick_freeze(book, plan, 1, ["gdp_growth"], ["uncertainty.shocks.own.2021"], 1024)
    indices = {index.group: index for index in found.causes["gdp_growth"]}
    assert indices.keys() == wanted.keys()
    for cause, variance in wanted.items():
        share = variance / sum(wanted.values())
        assert abs(indices[cause].first - share) < 4 * indices[cause].first_error + 0.003, cause
        assert abs(indices[cause].total - share) < 4 * indices[cause].total_error + 0.003, cause
    (alone_,) = found.inputs["gdp_growth"]
    assert (alone_.first, alone_.total) == (
        indices["own"].first,
        indices["own"].total,
    ), "one input is its whole cause"
    assert found.runs == 1024 * (2 + 3 + 1)


def test_what_moves_nothing_has_no_index(tmp_path):
    data = linear()
    data["demand"]["transfers"] = {"value": 2, "low": 0, "high": 4}  # consumption does not follow income here
    book, plan = futures(loaded(tmp_path, data))
    found = {
        index.group: index
        for index in pick_freeze(book, plan, 1, ["gdp_growth"], [], 256).causes["gdp_growth"]
    }
    assert found["demand"].total == pytest.approx(0, abs=1e-12) and found["demand"].first == pytest.approx(
        0, abs=1e-12
    )


def test_indices_are_the_same_for_any_block_and_workers(tmp_path):
    book, plan = futures(loaded(tmp_path, linear()))
    made = [
        pick_freeze(book, plan, 1, ["gdp_growth"], [], 512, workers=workers, block=block)
        for workers, block in ((1, 512), (2, 128), (2, 256))
    ]
    assert made[0] == made[1] == made[2]


def shaken():
    """A region with projects and a chain in which everything is in doubt, correlations across causes
    included."""
    data = laid(
        moving(),
        {
            "uncertainty": {
                "shocks": {"own": {"sd": 2}, "sectors": {"second": {"sd": 2}}},
                "correlations": {
                    "both": {
                        "between": ["chains.ridge.materials.oxide", "uncertainty.shocks.sectors.second"],
                        "rho": 0.6,
                    }
                },
            }
        },
    )
    data["accounts"]["household_consumption"] = {"value": 100, "low": 80, "high": 110}
    data["investment"]["growth"] = {"value": 3, "low": 0, "high": 6}
    data["projects"]["coming"]["months"] = {
        **data["projects"]["coming"]["months"],
        "construction": {"value": 18, "low": 12, "high": 30},
    }
    data["projects"]["distant"]["cancel"] = 40
    data["chains"]["ridge"]["materials"]["oxide"] |= {"price_sd": 20, "price_reversion": 30}
    return data


def test_a_mixed_sample_is_what_it_would_be_afresh(tmp_path):
    """What is shared between samples changes nothing: every cause swapped, against a sample made anew from
    its points."""
    one = loaded(tmp_path, shaken())
    book, plan = futures(one)
    book.inputs = inputs = in_order(book.inputs)
    points = Points(2 * len(inputs.rows), 3).block(0, 64)
    a, b = points[: len(inputs.rows)], points[len(inputs.rows) :]
    first = Sample(book, inputs.values(a), 0, 64)
    first.outcomes(plan, 1)
    groups = by_cause(each.name for each in inputs.rows)
    assert {"own", "sectors.second", "chain_prices", "demand", "timing", "money"} <= set(groups)
    for cause, names in groups.items():
        rows = [inputs.place[name] for name in names]
        mixed = a.copy()
        mixed[rows] = b[rows]
        afresh = book.at(mixed, 0)
        swapped_ = first.changed(_moved(inputs, mixed, rows, first.inputs))
        assert all((afresh.inputs[name] == swapped_.inputs[name]).all() for name in afresh.inputs), cause
        for year in (1, 4):
            one_, two = afresh.path(plan, year), swapped_.path(plan, year)
            assert (one_.output == two.output).all(), cause
    luck = first.changed({}, 64 * 1000)
    assert luck.economy is first.economy and luck.drawn_pipeline is not first.drawn_pipeline


def test_luck_of_projects_is_a_cause_of_its_own(tmp_path):
    data = laid(moving(), {"targets": {"investment": {"indicator": "fai_growth", "ensure": 0}}})
    data["projects"]["distant"]["cancel"] = 40
    book, plan = futures(loaded(tmp_path, data))
    found = pick_freeze(book, plan, 1, ["investment", "gdp_growth"], [], 64)
    assert [index.group for index in found.causes["gdp_growth"]] == [LUCK], "nothing else is in doubt"
    [later] = pick_freeze(book, plan, 3, ["gdp_growth"], [], 512).causes["gdp_growth"]
    assert abs(later.total - 1) < 4 * later.total_error < 1
    assert abs(later.first - 1) < 4 * later.first_error < 1


def test_in_order_keeps_the_distribution(tmp_path):
    book, _ = futures(loaded(tmp_path, shaken()))
    before, after = book.inputs, in_order(book.inputs)
    for (rows, table), (others, moved) in zip(before.groups, after.groups, strict=True):
        assert sorted(rows) == list(others)
        for i, j in pairwise(range(len(rows))):
            assert moved[others.index(rows[i]), others.index(rows[j])] == table[i, j]


# --- tornado
# ----------------------------------------------------------------------------------------------------------


def test_bars_of_a_linear_economy_have_their_closed_form(tmp_path):
    one = loaded(tmp_path, linear(0.0))
    answer = run(one, draws=2048)
    book, _ = futures(one)
    parts = weights(one)
    names = [each.name for each in book.inputs.rows]
    for bar in tornado(book, answer.ensemble, "gdp_growth", "ensure", names, "plan"):
        span = 2 * 1.6448536 * parts[cause_of(bar.input)]
        assert bar.at_high - bar.at_low == pytest.approx(span, rel=1e-4)
        assert (bar.at_high + bar.at_low) / 2 == pytest.approx(
            answer.ensemble.quantile("gdp_growth", 0.5).value, abs=1e-4
        )
        assert bar.chance_high.value > bar.chance_low.value


def test_bars_together_are_bars_alone():
    one = load_example("panzhihua-2024", ["anchor.to=none"])
    book, _ = futures(one)
    names = [
        "uncertainty.shocks.national.2024",
        "demand.autonomous_consumption",
        "accounts.fai",
        "investment.growth",
        "prices.investment",
        next(each.name for each in book.inputs.rows if each.name.endswith(".slip")),
        "national.classes.trade.regional_purchase",
    ]
    laws = {each.name: each.law for each in book.inputs.rows}
    span = {name: laws[name].ppf(np.array([0.05, 0.95])) for name in names}
    found = together(book, span, "gdp_growth", "plan", 1)
    for name in names:
        ends = [alone(book, {name: end}, "gdp_growth", "plan", 1) for end in span[name]]
        assert found[name] == pytest.approx(ends, abs=1e-9), name
    values = Draws()
    economy = build.economy(book.scenario, values)
    realisation = (
        Pipeline(book.scenario, economy, values).run(stated_plans(book.scenario, values)["plan"]).realisation
    )
    gdp = economy.simulate(realisation).gdp[:, 0]
    assert alone(book, {}, "gdp_growth", "plan", 1) == pytest.approx(100 * (gdp[1] / gdp[0] - 1), abs=1e-12)


def test_fifths_are_counts():
    rng = np.random.default_rng(1)
    values, reached = rng.normal(size=160), rng.random(160) < 0.4
    low, high = fifths(values, reached)
    ranked = np.argsort(values)
    assert low.value == reached[ranked[:32]].mean() and high.value == reached[ranked[-32:]].mean()


# --- boxes
# ------------------------------------------------------------------------------------------------------------


def test_a_shock_that_decides_is_the_box_and_its_figures_are_counts(tmp_path):
    data = linear(
        0.0, uncertainty={"shocks": {"own": {"sd": 6}, "sectors": {"care": {"sd": 0.1}, "shop": {"sd": 0.1}}}}
    )
    one = loaded(tmp_path, data)
    answer = run(one, draws=2048)
    found = answer.ensemble
    names = [each.name for each in futures(one)[0].inputs.rows]
    told = discover(found, "gdp_growth", "ensure", {name: found.drawn[name] for name in names})
    (box,) = told.boxes
    (condition,) = box.restrictions
    assert condition.input == "uncertainty.shocks.own.2021" and condition.low == -np.inf
    judged = np.arange(2048) % PARTS % 2 == 1
    held = (found.drawn[condition.input] <= condition.high)[judged]
    missed = ~found.reached("gdp_growth", "ensure")[judged]
    assert box.density == pytest.approx(missed[held].mean()) and box.coverage == pytest.approx(
        (missed & held).sum() / missed.sum()
    )
    assert (
        box.support == pytest.approx(held.mean())
        and box.density > 0.95
        and box.coverage > 0.95
        and box.p < 1e-6
    )
    both = [box_sentence(answer, told, 0, False, lang) for lang in ("zh", "en")]
    assert "未达" in both[0] and "本地冲击低于" in both[0] and f"{100 * box.coverage:.0f}%" in both[0]
    assert (
        "is missed in" in both[1]
        and "the region's own shock is below" in both[1]
        and "(p < 0.001)" in both[1]
    )
    other = discover(found, "gdp_growth", "ensure", {name: found.drawn[name] for name in names}, reached=True)
    assert other.boxes[0].restrictions[0].high == np.inf and other.share == pytest.approx(1 - told.share)


def test_delays_are_months_by_which_projects_come_late(tmp_path):
    """Without doubt the delay is the slip that is expected, by money."""
    data = moving()
    data["pool"] = None
    plain = laid(data, {"projects": {key: {"slip": 0} for key in data["projects"]}})
    one = loaded(tmp_path, {k: v for k, v in plain.items() if v is not None})
    book, plan = futures(one)
    before = delays(book, plan, 32)
    assert before is not None and before == pytest.approx(np.full(32, before[0]))
    late = loaded(
        tmp_path,
        {
            k: v
            for k, v in laid(plain, {"projects": {key: {"slip": 2} for key in data["projects"]}}).items()
            if v is not None
        },
        "late.yaml",
    )
    after = delays(*futures(late), 32)
    assert 0 < after[0] - before[0] <= 2 + 1e-9
    # project by project, by hand
    drawn_pipeline = book.sample(0, 32).drawn_pipeline
    named, done = (
        drawn_pipeline.named,
        np.minimum(drawn_pipeline.run(plan).timing.commissioned, 12 * drawn_pipeline.years),
    )
    whole = months = 0.0
    for j, finished in enumerate(named.has("commissioned")):
        due, money = float(named.ends[j, 0]), float(named.remaining[j, 0])
        if not finished and due < 12 * drawn_pipeline.years:
            whole, months = whole + money, months + money * (float(done[j, 0]) - due)
    assert len(named.ends) > 1 and before[0] == pytest.approx(months / whole)
    assert delays(*futures(loaded(tmp_path, linear(), "none.yaml")), 32) is None


def test_a_delay_that_decides_is_the_box(tmp_path):
    """Key investment hangs on how late one large project comes: the box says so, in months."""
    data = moving()
    data["projects"]["coming"] |= {
        "invest": 60,
        "key": True,
        "months": {
            **data["projects"]["coming"]["months"],
            "construction": {"value": 14, "low": 10, "high": 34},
        },
    }
    data["targets"] = {
        "gdp_growth": {"ensure": 1},
        "key": {"indicator": "key_project_investment", "ensure": 1},
    }
    one = loaded(tmp_path, data)
    answer = run(one, draws=2048)
    middle = float(np.median(answer.ensemble.outcomes["key"]))
    data["targets"]["key"]["ensure"] = round(middle, 1)
    one = loaded(tmp_path, data)
    answer = run(one, draws=2048)
    book, plan = futures(one)
    columns = columns_of(book, answer.ensemble, plan, [])
    assert list(columns) == [DELAY]
    told = discover(answer.ensemble, "key", "ensure", columns)
    box = told.boxes[0]
    assert (
        box.restrictions[0].input == DELAY
        and box.restrictions[0].high == np.inf
        and box.density > box.base + 0.2
    )
    assert "具名项目平均推迟高于" in box_sentence(answer, told, 0, False, "zh")
    assert "average delay of named projects is above" in box_sentence(answer, told, 0, False, "en")


def test_delay_is_among_what_boxes_restrict(tmp_path):
    one = loaded(tmp_path, shaken())
    answer = run(one, draws=256)
    book, plan = futures(one)
    columns = columns_of(book, answer.ensemble, plan, ["uncertainty.shocks.own.2021"])
    assert set(columns) == {"uncertainty.shocks.own.2021", DELAY} and {
        len(values) for values in columns.values()
    } == {256}
    assert columns[DELAY].std() > 0


# --- words and command
# ------------------------------------------------------------------------------------------------


def test_inputs_in_words():
    one = load_example("panzhihua-2024")
    answer = SimpleNamespace(scenario=one.scenario, loaded=one, year=1)
    price = next(
        name
        for name in (each.name for each in futures(one)[0].inputs.rows)
        if cause_of(name) == "chain_prices"
    )
    assert told_value(answer, price, 100 * np.log(0.85), "en") == "-15.0%", "a price falls by 15 %"
    assert input_text(answer, price).of("en").startswith("price of ") and input_text(answer, price).of(
        "zh"
    ).endswith("价格")
    assert told_value(answer, "uncertainty.shocks.national.2024", 1.25, "zh") == "+1.3个百分点"
    assert (
        told_value(answer, DELAY, 3.0, "en") == "3.0 months"
        and told_value(answer, DELAY, 3.0, "zh") == "3.0个月"
    )
    assert told_value(answer, "demand.autonomous_consumption", 2.0, "en") == "2.0%"
    later = SimpleNamespace(scenario=one.scenario, loaded=one, year=2)
    assert input_text(later, "uncertainty.shocks.national.2025").of("zh") == "2025年全国经济冲击"


def test_targets_and_tiers_are_asked_for_by_name(tmp_path):
    found = run(loaded(tmp_path, linear()), draws=256).ensemble
    assert asked(found, None, None) == ("gdp_growth", "ensure") and asked(found, "gdp_growth", "stretch") == (
        "gdp_growth",
        "stretch",
    )
    with pytest.raises(DabiaoError, match="gdp_growth"):
        asked(found, "gdp_grwth", None)
    with pytest.raises(DabiaoError, match="stretch"):
        asked(found, "gdp_growth", "at_most")


def test_all_is_certain_where_nothing_is_in_doubt(tmp_path):
    """Answers without doubt are answers: no cause, no bar, no box, and a sentence that says so."""
    data = linear()
    del data["uncertainty"]["shocks"], data["uncertainty"]["correlations"]
    answer = run(loaded(tmp_path, data), draws=256)
    found = sensitivity(answer, draws=256)
    assert not found.bars and not found.missed.boxes and not found.pick_freeze.causes["gdp_growth"]
    made = sensitivity_tables(answer, found)
    assert not {"sobol", "tornado", "boxes"} & set(made)
    assert made["summary"].column("line")[:2] == ("causes", "missed")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_tells_and_writes(tmp_path, monkeypatch, lang):
    monkeypatch.chdir(tmp_path)
    loaded(tmp_path, linear())
    words = ["sensitivity", "plan.yaml", "--draws", "512", "--lang", lang]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0, done.output
    whole = CliRunner().invoke(simulate, [*words, "--json", "--quiet"])
    tables = json.loads(whole.stdout)["tables"]
    assert {"summary", "sobol", "tornado", "boxes"} <= set(tables)
    assert CliRunner().invoke(simulate, [*words, "--json", "--quiet"]).stdout == whole.stdout
    wrong = CliRunner().invoke(
        simulate, ["sensitivity", "plan.yaml", "--draws", "512", "--target", "gdp_grwoth"]
    )
    assert wrong.exit_code == 2 and "gdp_growth" in wrong.output
    assert CliRunner().invoke(simulate, ["sensitivity", "plan.yaml", "--draws", "500"]).exit_code == 2


def test_a_number_in_doubt_is_named_by_what_it_is() -> None:
    """Two numbers of one entry have two names in either language, and none is the bare title of its entry."""
    scenario = load_example("panzhihua-2024").scenario
    relations = scenario.relations
    assert relations
    for key, relation in relations.items():
        for lang in ("zh", "en"):
            assert name_of(scenario, f"relations.{key}.constant").of(lang) != relation.title.of(lang)
        assert name_of(scenario, f"relations.{key}.constant").zh == f"{relation.title.of('zh')}·常数项"
    for key, project in scenario.projects.items():
        assert name_of(scenario, f"projects.{key}.slip").zh == f"{project.title.of('zh')}·推迟月数"
    assert name_of(scenario, "prices.investment").en == "Prices: investment"


def test_the_delay_of_projects_is_their_mean_over_the_money_left():
    """Project by project and draw by draw: how much later than planned, weighted by what is left to spend."""
    one = load_example("panzhihua-2024")
    book, plan = (
        Futures(one.scenario, one.quantities()),
        stated_plans(one.scenario, Draws())[one.scenario.plan],
    )
    found = delays(book, plan, 64, block=32)
    assert found is not None and found.shape == (64,) and np.ptp(found) > 0
    assert delays(book, plan, 64, block=64) == pytest.approx(found)
    realisation = book.sample(32, 32).drawn_pipeline
    done, horizon = realisation.run(plan).timing.commissioned, 12.0 * realisation.years
    planned = project_plans(one.scenario, Draws())
    for draw in (0, 31):
        late = money = 0.0
        for at, project in enumerate(planned):
            if project.stage != "commissioned" and project.ends < horizon:
                late += project.remaining * (min(done[at, draw], horizon) - project.ends)
                money += project.remaining
        assert found[32 + draw] == pytest.approx(
            late / money, abs=1.0
        )  # dates and money in doubt, around the central ones
