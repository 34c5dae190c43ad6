"""A verdict is a statement about chances: rungs, medians, decisions, break-evens, ceilings, caps and floors,
one amount for one question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.decide.decisions import APART
from dabiao.engine.decide.explain import explain
from dabiao.engine.decide.explain import goals_of as tier_goals
from dabiao.engine.decide.jury import Jury
from dabiao.engine.decide.reach import Goal
from dabiao.engine.decide.required import required
from dabiao.engine.run import Answer, run
from dabiao.engine.study import Study, study
from dabiao.engine.uncertainty.crossing import crossing
from dabiao.engine.uncertainty.replicates import parts_of
from dabiao.engine.uncertainty.sample_points import PARTS
from dabiao.models.errors import ScenarioError
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual
from dabiao.models.target import Rung
from dabiao.results.report import tables
from dabiao.results.text.wording import SCALE, likelihood
from dabiao.scenarios.load import examples, load, load_example
from hypothesis import given
from hypothesis import strategies as st
from shown import readme

ROOT = Path(__file__).parents[1]
DRAWS = 1024


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Every shipped scenario and the README's."""
    found = {name: run(load_example(name), draws=DRAWS) for name in examples()}
    return found | {"readme": run(readme(tmp_path_factory.mktemp("readme")), draws=DRAWS)}


NAMES = (*examples(), "readme")


@pytest.mark.parametrize("name", NAMES)
def test_a_rung_is_that_of_the_highest_chance(answers: dict[str, Answer], name: str) -> None:
    answer = answers[name]
    mains = [outcome for outcome in answer.assessment.outcomes if outcome.target.main]
    assert mains
    for outcome in mains:
        assert outcome.probability is not None
        assert outcome.allowed is not None
        assert outcome.allowed >= outcome.probability - 1e-12
        assert outcome.relaxed is None or outcome.relaxed >= outcome.allowed - 1e-12
        if outcome.probability >= 0.5:
            assert outcome.rung is Rung.PLAN
        elif outcome.allowed >= 0.5:
            assert outcome.rung is Rung.MIX
        elif outcome.rung is Rung.RELAXED:
            assert outcome.fix is not None and outcome.relaxed is not None and outcome.relaxed >= 0.5
        else:
            assert outcome.rung in (Rung.OUT, Rung.UNDECIDED)
    for sheet in answer.assessment.sheets:
        assert (sheet.rung is Rung.PLAN) == ((sheet.probability or 0.0) >= 0.5)


@pytest.mark.parametrize("name", NAMES)
def test_expected_is_the_median_of_what_the_chance_comes_from(answers: dict[str, Answer], name: str) -> None:
    answer = answers[name]
    assert answer.ensemble is not None
    rows = {row["target"]: row for row in tables(answer)["targets"].records()}
    for key, target in answer.ensemble.targets.items():
        middle = answer.ensemble.quantile(key, 0.5)
        assert abs(rows[key]["expected"] - middle.value) <= APART * middle.error + 1e-9, key
        for tier, threshold in target.tiers.items():
            chance = answer.ensemble.probability(key, tier).value
            far = target.sign * (middle.value - target.edge(threshold))
            assert (chance >= 0.5) == (far >= 0) or abs(far) < 3 * middle.error


@pytest.mark.parametrize("name", NAMES)
def test_the_four_numbers_come_to_what_is_expected(answers: dict[str, Answer], name: str) -> None:
    answer = answers[name]
    assert answer.level is not None
    assert answer.level.usual + sum(answer.level.adds.values()) == pytest.approx(answer.level.plan, abs=1e-9)
    if answer.year > 1:
        return  # the reference holds the first year, and the sheet has no row of a year's growth there
    expected = next(
        row["expected"] for row in tables(answer)["targets"].records() if row["target"] == "gdp_growth"
    )
    assert answer.level.plan == pytest.approx(expected, abs=1e-9)
    assert answer.level.usual == pytest.approx(answer.level.forecast.reference.median, abs=0.02)


def jury_of(begun: Study) -> Jury:
    assert begun.jury is not None
    return begun.jury


@pytest.mark.parametrize("name", ["deyang-2022", "readme"])
def test_no_random_allowed_mix_is_likelier_than_what_was_found(
    answers: dict[str, Answer], tmp_path: Path, name: str
) -> None:
    """Against brute force: mixes of the plan's total within every limit, on the same futures."""
    loaded = readme(tmp_path) if name == "readme" else load_example(name)
    begun = study(loaded, draws=DRAWS)
    jury, plan = jury_of(begun), begun.plan.plan
    outcome = next(each for each in answers[name].assessment.outcomes if each.target.main)
    rng, tried = np.random.default_rng(3), 0
    base = plan.investment[:, 0] / plan.investment[:, 0].sum()
    for _ in range(400):
        share = np.maximum(base + 0.06 * rng.standard_normal(len(base)) * (base > 0), 0.0)
        money = plan.investment * (share / share.sum() / np.maximum(base, 1e-12))[:, None]
        one = Plan("random", Bilingual(zh="随机", en="random"), money, plan.shifts, plan.routing)
        try:
            simulated = begun.assessor.simulate(one)
        except ScenarioError:  # named projects need more than it gives
            continue
        if not begun.assessor.within(simulated):
            continue
        tried += 1
        chance = jury.chance(one, outcome.target.id, outcome.tier)
        assert outcome.allowed is not None
        assert chance.value <= outcome.allowed + 2 * chance.error
    assert tried > 20


def test_one_amount_for_one_question(tmp_path: Path) -> None:
    """What a tier takes is the same in the verdict, in `required` and in `explain`, and its plan has the
    chance asked for."""
    loaded = readme(tmp_path, "anchor.to=none", "targets.gdp_growth.stretch=null")
    answer = run(loaded)
    outcome = next(
        each
        for each in answer.assessment.outcomes
        if each.target.id == "gdp_growth" and each.tier == "ensure"
    )
    assert outcome.rung is Rung.RELAXED and outcome.fix is not None
    money = outcome.fix.run.plan.investment[:, 0].sum()
    begun = study(loaded, draws=None)
    target = begun.sheet.targets["gdp_growth"]
    asked = required(begun.assessor, [Goal(target, target.tiers["ensure"], "ensure")])
    assert asked.money == pytest.approx(money, rel=2e-3)
    told = explain(
        begun.assessor,
        [goal for goal in tier_goals(begun.assessor, "ensure") if goal.target.id == "gdp_growth"],
    )
    fix = next(fix for _, fix in told.fixes if fix is not None)
    assert fix.run.plan.investment[:, 0].sum() == pytest.approx(money, rel=2e-3)
    chance = jury_of(begun).chance(outcome.fix.run.plan, "gdp_growth", "ensure")
    assert 0.5 <= chance.value <= 0.52  # the tier itself is aimed at, what rounds to it counts
    row = next(row for row in tables(answer)["decisions"].records() if row["decision"].startswith("fix"))
    assert row["money"] == pytest.approx(money)
    assert row["chance_gdp_growth_ensure"] == pytest.approx(100 * chance.value)


def test_more_confidence_asks_for_more(tmp_path: Path) -> None:
    """A tier of even chance is reached at one half and not at 80 %; what it takes grows."""
    half, sure = (
        run(
            readme(
                tmp_path,
                "targets.gdp_growth.ensure=4.5",
                "targets.gdp_growth.stretch=null",
                f"uncertainty.confidence={c}",
            ),
            draws=DRAWS,
        )
        for c in (50, 80)
    )
    one, other = (
        next(each for each in answer.assessment.outcomes if each.target.id == "gdp_growth")
        for answer in (half, sure)
    )
    assert one.probability == other.probability
    assert one.probability is not None and 0.5 <= one.probability < 0.8
    assert one.rung is Rung.PLAN
    assert other.rung is not Rung.PLAN
    assert one.expected == other.expected  # the median, whatever is asked


def test_a_ceiling_is_kept_by_spending_less(tmp_path: Path) -> None:
    """More is planned than a ceiling on investment allows: another plan keeps it, near the ceiling, and the
    other rows speak of it."""
    loaded = readme(
        tmp_path,
        "targets.fai_growth.ensure=null",
        "targets.fai_growth.at_most=3",
        "targets.fai_growth.main=true",
    )
    answer = run(loaded, draws=DRAWS)
    outcome = next(each for each in answer.assessment.outcomes if each.target.id == "fai_growth")
    assert outcome.rung is Rung.MIX and outcome.best is not None
    money = outcome.best.plan.investment[:, 0].sum()
    assert 0.9 < money / answer.plan.plan.investment[:, 0].sum() < 1.0  # a little less, not nothing
    assert "less investment" in next(
        row["rung"].en for row in tables(answer)["verdict"].records() if row["target"] == "fai_growth"
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            ("targets.cap.indicator=gdp_growth", "targets.cap.at_most=4", "targets.cap.assumption=x"),
            "cannot both be met",
        ),
        (
            (
                "targets.gdp_growth.ensure.value=5",
                "targets.gdp_growth.ensure.low=5",
                "targets.gdp_growth.ensure.high=6",
                "targets.gdp_growth.ensure.assumption=x",
            ),
            "one number",
        ),
    ],
)
def test_rows_that_contradict_and_ranges_are_named(tmp_path: Path, rows: tuple[str, ...], words: str) -> None:
    with pytest.raises(ScenarioError, match=words) as caught:
        readme(tmp_path, *rows)
    assert "targets." in str(caught.value)


def test_a_floor_and_a_ceiling_of_one_indicator_make_a_range(tmp_path: Path) -> None:
    """Between 2 and 9 per cent: two rows, both judged, the chance of both together no more than of each."""
    loaded = readme(
        tmp_path,
        "targets.gdp_growth.ensure=2",
        "targets.gdp_growth.stretch=null",
        "targets.cap.indicator=gdp_growth",
        "targets.cap.at_most=9",
        "targets.cap.main=true",
        "targets.cap.assumption=x",
    )
    answer = run(loaded, draws=DRAWS)
    found = {outcome.target.id: outcome for outcome in answer.assessment.outcomes}
    assert found["gdp_growth"].rung is found["cap"].rung is Rung.PLAN


def limits(*rows: str) -> str:
    """Limits in YAML, each ``key: {...}``."""
    return "limits:\n  assumption: x\n" + "".join(f"  {row}\n" for row in rows)


CAP = "cap: {title: Services, on: sector, sectors: [services], max: 320}"
FARMS = "farms: {title: Farms, on: floor, sectors: [agriculture], min: 28}"


def test_caps_and_floors_of_sectors_hold_in_every_plan_that_is_shown(tmp_path: Path) -> None:
    loaded = readme(tmp_path, more=limits(CAP, FARMS))
    answer = run(loaded, draws=256)
    at = {key: row for row, key in enumerate(answer.scenario.sectors)}
    for key, mix in answer.mixes.items():
        money = mix.plan.investment[:, 0]
        if all(use.over <= 0 for use in answer.uses[key]):
            assert money[at["services"]] <= 320 + 1e-6
            assert money[at["agriculture"]] >= 28 - 1e-6
    assert answer.assessment.optimised is not None
    rows = {row["limit"]: row for row in tables(answer)["limits"].records()}
    assert (rows["cap"]["max"], rows["farms"]["max"]) == (320, 28)
    assert rows["farms"]["used"] == pytest.approx(answer.plan.plan.investment[at["agriculture"], 0])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("cap: {title: Services, on: sector, sectors: [services], min: 3}", "no `max`"),
        ("farms: {title: Farms, on: floor, sectors: [agriculture], min: 3, max: 5}", "beside `min`"),
        ("cap: {title: Services, on: sector, max: 3}", "without `sectors`"),
        ("cap: {title: Services, on: sector, sectors: [service], max: 3}", "services"),
        (
            "farms: {title: Farms, on: floor, sectors: [agriculture], min: 3, relax_to: 5, price: 1}",
            "at most `min`",
        ),
        ("all: {title: All, on: investment, sectors: [services], max: 3}", "no `sectors` unless"),
    ],
)
def test_wrong_caps_and_floors_are_told(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        readme(tmp_path, more=limits(row))
    assert words in str(caught.value)


def test_without_limits_no_optimum_leaves_a_sector_without_money(tmp_path: Path) -> None:
    """Nobody said how little a sector may have: each keeps half of its money, and the run says so, whatever
    else is limited."""
    for settings in (("limits.mix=null",), ("limits.mix.relax_to=40", "limits.mix.max=40")):
        answer = run(readme(tmp_path, *settings), draws=256)
        assert any(hint.kind == "unlimited" for hint in answer.hints)
        for run_ in (
            answer.assessment.optimised,
            *(outcome.champion for outcome in answer.assessment.outcomes),
        ):
            assert run_ is not None
            kept = run_.plan.investment[:, 0] / answer.plan.plan.investment[:, 0]
            assert kept.min() >= 0.5 - 1e-6


@pytest.mark.parametrize(
    "row",
    [
        "cuts: {title: Cuts, on: cut, max: 90}",
        (
            "every: {title: Floors, on: floor, sectors: [agriculture, industry, construction, services], min:"
            " 200}"
        ),
    ],
)
def test_a_stated_cut_or_floor_replaces_the_half_that_a_sector_keeps(tmp_path: Path, row: str) -> None:
    answer = run(readme(tmp_path, "limits.mix.max=60", "limits.mix.relax_to=60", more=limits(row)), draws=0)
    assert not any(hint.kind == "unlimited" for hint in answer.hints)
    runs = [outcome.champion for outcome in answer.assessment.outcomes if outcome.champion]
    assert min((run_.plan.investment[:, 0] / answer.plan.plan.investment[:, 0]).min() for run_ in runs) < 0.5


def test_a_cap_below_half_of_the_plan_is_kept(tmp_path: Path) -> None:
    """The cap is stated and the half is assumed: the cap wins, and there is an allowed plan."""
    answer = run(
        readme(
            tmp_path,
            "limits.mix.max=60",
            "limits.mix.relax_to=60",
            more=limits("cap: {title: Services, on: sector, sectors: [services], max: 100}"),
        ),
        draws=0,
    )
    assert not answer.assessment.contradictory
    assert answer.assessment.judged.plan.investment[3, 0] == pytest.approx(100, abs=1e-4)


def test_words_for_chances_follow_one_scale() -> None:
    """The scale of the IPCC, from both ends; a certain chance and an impossible one have words too."""
    told = {
        0.0: "extremely unlikely",
        0.05: "extremely unlikely",
        0.08: "very unlikely",
        0.2: "unlikely",
        0.33: "about as likely as not",
        0.5: "about as likely as not",
        0.66: "likely",
        0.9: "very likely",
        0.95: "extremely likely",
        1.0: "extremely likely",
    }
    assert {chance: likelihood(chance).of("en") for chance in told} == told


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_never_has_a_lower_word(one: float, other: float) -> None:
    order = [word.of("en") for _, word in SCALE][::-1]
    low, high = sorted((one, other))
    assert order.index(likelihood(low).of("en")) <= order.index(likelihood(high).of("en"))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_break_evens_where_the_law_is_known(sign: float) -> None:
    """y = ±x + e, both normal: P(y >= 1 | x) is one half at x = ±1, and x is at least as good in 1 - Φ(1) of
    the futures."""
    rng = np.random.default_rng(5)
    x, e = rng.standard_normal((2, 40_000))
    parts = parts_of(np.arange(len(x)) % PARTS)
    found = crossing(x, (sign * x + 0.5 * e >= 1).astype(float), 0.5, parts)
    assert found.value == pytest.approx(sign, abs=0.15)
    assert found.beyond == pytest.approx(0.1587, abs=0.03)
    never = crossing(x, np.zeros(len(x)), 0.5, parts)
    assert (never.value, never.beyond, never.known) == (None, 0.0, True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_terminal_says_the_words_the_decisions_and_what_it_would_take(tmp_path: Path, lang: str) -> None:
    readme(tmp_path)
    done = CliRunner().invoke(
        simulate,
        ["run", str(tmp_path / "city.yaml"), "--draws", "512", "--lang", lang, "--out", str(tmp_path)],
    )
    assert done.exit_code == 0, done.output
    shown = " ".join(done.output.split())
    assert ("把握为" if lang == "zh" else "has a chance of") in shown
    assert ("同样投资、把握最高的结构" if lang == "zh" else "likeliest mix for the same money") in shown
    assert ("须有其一" if lang == "zh" else "one of these") in shown or (
        "都不足以" if lang == "zh" else "no single driver"
    ) in shown


def test_a_row_in_step_with_another_is_judged_by_what_levers_do(tmp_path: Path) -> None:
    """Retail growth less GDP growth: less output would raise it, and no plan has less output than it makes;
    the bound is near the best."""
    loaded = readme(
        tmp_path,
        more=(
            "relations:\n  in_step: {title: In step, unit: points, constant: {value: 0, assumption: x},"
            " drivers: {retail_growth: {value: 1, assumption: x}, gdp_growth: {value: -1, assumption:"
            " x}}}\ntargets:\n  in_step: {ensure: 3, main: true, assumption: x}\n"
        ),
    )
    answer = run(load(tmp_path / "more.yaml"), draws=DRAWS)
    assert loaded.scenario.title == answer.scenario.title
    outcome = next(each for each in answer.assessment.outcomes if each.target.id == "in_step")
    assert outcome.rung is Rung.OUT
    assert outcome.bound is not None
    assert abs(outcome.bound - outcome.attainable) < 1.0
