"""The level of growth is that of the reference forecast: facts, lead, shift, scale, and the four numbers that
are told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from city import CITY
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.engine.forecast.anchor import without_news
from dabiao.engine.forecast.anchored import anchored, forecast
from dabiao.engine.forecast.business_as_usual import usual_works
from dabiao.engine.forecast.reference import reference_of
from dabiao.engine.forecast.trends import number_at, trend_paths
from dabiao.engine.run import run
from dabiao.engine.study import study
from dabiao.engine.uncertainty.futures import Futures
from dabiao.models.errors import ScenarioError
from dabiao.models.forecast import Fitted, Past, facts, leads
from dabiao.results.report import tables
from dabiao.results.tables.level import level_sentence
from dabiao.scenarios.load import Loaded, examples, load, load_example
from hypothesis import given
from hypothesis import strategies as st

OUTLOOK = ("outlook.growth=5", "outlook.error=1")
YEARS = (
    "history.years.2020.growth=4",
    "history.years.2021.growth=8",
    "history.years.2022.growth=3",
    "history.years.2023.growth=6",
)
rates = st.floats(-10, 20)


def alone(name: str, *sets: str) -> Loaded:
    """An example with no other reference than the one that is set."""
    return load_example(name, sets)


def usual_growth(loaded: Loaded, draws: int) -> np.ndarray:
    """Growth of business as usual in year 1 in every draw, %; a slump that the scenario states is none of
    it."""
    scenario = without_news(anchored(loaded).scenario)
    from dabiao.scenarios.load import numbers

    sample = Futures(scenario, {each.path: each for each in numbers(scenario)}, until=1).sample(0, draws)
    gdp = sample.economy.simulate(usual_works(scenario, sample.values, 1), until=1).gdp
    return np.broadcast_to(100 * (gdp[1] / gdp[0] - 1), (draws,))


@given(st.lists(rates, min_size=3, max_size=8), rates)
def test_a_region_like_all_others_leads_by_nothing(all_regions: list[float], target: float) -> None:
    """Same growth and targets as the mean of all: every fact is 0, whatever the coefficients."""
    growth = np.array([*all_regions, np.nan])
    aims = np.full(len(growth), target)
    past = Past(growth, aims, growth - aims, np.ones(len(growth)))
    fitted = Fitted({(0, True): np.ones(4), (0, False): np.ones(4)}, {(0, True): 2.0, (0, False): 2.5})
    assert facts(growth[None], aims[None], past)[0] == pytest.approx(np.zeros(4), abs=1e-9)
    middle, own = leads(growth[None], aims[None], past, fitted)
    assert middle[0] == pytest.approx(0, abs=1e-9)
    assert own[0] <= 2.0 + 1e-9  # as steady as can be: never a wider spread than all others'


def test_facts_by_hand() -> None:
    """Two years, half-life 2.5: last year counts 1, the year before 0.5^(1/2.5)."""
    growth, target = np.array([7.0, 9.0, np.nan]), np.array([np.nan, 8.0, 10.0])
    past = Past(
        np.array([6.0, 6.0, np.nan]),
        np.array([np.nan, 7.0, 7.5]),
        np.array([np.nan, -0.5, np.nan]),
        np.ones(3),
    )
    old = 0.5 ** (1 / 2.5)
    found = facts(growth[None], target[None], past)[0]
    assert found == pytest.approx([(1.0 + 0.5) / (1 + 2), 2.5, (3 + old * 1) / (1 + old), 3.0])


# a fast year of each country: what the spare capacity of its template, as widely as it is stated, can bear
NEXT_YEAR = [name for name in examples() if load(f"example:{name}").scenario.years.ahead == 1]
"""Scenarios whose sheet is of the year after the base year: a reference forecast is of that year."""
FAST = {"scotland-2023": 4}


@pytest.mark.parametrize(
    ("name", "figure"), [(name, figure) for name in examples() for figure in (2, FAST.get(name, 7))]
)
def test_business_as_usual_has_the_references_median_and_spread(name: str, figure: float) -> None:
    loaded = alone(name, f"outlook.growth={figure}", "outlook.error=2.4")
    found = forecast(loaded.scenario)
    assert found is not None
    reference = found.reference
    drawn = usual_growth(loaded, 4096)
    assert np.median(drawn) == pytest.approx(reference.median, abs=0.15)
    low, high = np.quantile(drawn, [0.1, 0.9])
    wanted = 2 * 1.2816 * np.hypot(reference.calm, reference.own)
    # capacity clips what is above, crises stretch what is below: the width is held to a quarter
    assert high - low == pytest.approx(wanted, rel=0.25)


@pytest.mark.parametrize("name", NEXT_YEAR)
def test_four_numbers_add_up(name: str) -> None:
    answer = run(alone(name, *OUTLOOK), draws=0)
    level = answer.level
    assert level is not None
    assert level.usual + sum(level.adds.values()) == pytest.approx(level.plan, abs=1e-9)
    assert level.usual == pytest.approx(
        level.forecast.anchor.usual[1], abs=0.02
    )  # found apart, by business as usual itself
    own = study(alone(name, *OUTLOOK, "anchor.to=none")).plan.path.gdp[:, 0]
    assert level.own == pytest.approx(100 * (own[answer.year] / own[answer.year - 1] - 1), abs=1e-9)
    rows = {row["id"]: row["value"] for row in tables(answer)["level"].records()}
    added = sum(value for key, value in rows.items() if key.startswith("adds_"))
    assert rows["usual"] + added == pytest.approx(rows["plan"], abs=1e-9)
    for lang in ("zh", "en"):
        assert f"{level.forecast.reference.median:.1f}" in level_sentence(answer, lang)


@pytest.mark.parametrize("name", examples())
def test_none_is_the_scenario_as_it_stands_and_a_weight_goes_part_of_the_way(name: str) -> None:
    off = alone(name, *OUTLOOK, "anchor.to=none")
    drawn = Futures(anchored(off).scenario, anchored(off).quantities(), until=1).scenario
    assert all(
        number_at(drawn, path).value == pytest.approx(number_at(off.scenario, path).value, abs=1e-9)
        for path in trend_paths(drawn)
    )
    assert drawn.uncertainty.shocks == off.scenario.uncertainty.shocks
    assert run(off, draws=0).level is None
    whole, half, nothing = (
        forecast(alone(name, *OUTLOOK, f"anchor.weight={weight}").scenario) for weight in (100, 50, 0)
    )
    assert whole and half and nothing
    assert nothing.anchor.shift == 0
    assert nothing.anchor.own == 1
    assert half.anchor.shift == pytest.approx(whole.anchor.shift / 2, abs=0.25)
    same = anchored(alone(name, *OUTLOOK, "anchor.weight=0"))
    held = Futures(same.scenario, same.quantities(), until=1).scenario
    assert all(
        number_at(held, path).value == pytest.approx(off.quantities()[path].value, abs=1e-9)
        for path in trend_paths(off.scenario)
    )


@pytest.mark.parametrize("name", NEXT_YEAR)
def test_a_better_outlook_is_a_better_chance(name: str) -> None:
    low, high = (
        run(alone(name, f"outlook.growth={figure}", "outlook.error=1"), draws=512) for figure in (4, 6)
    )
    one, two = (each.plan.path.gdp[:, 0] for each in (low, high))
    assert two[1] / two[0] > one[1] / one[0]
    chances = [
        float(np.mean(each.ensemble.outcomes["gdp_growth"] >= 5)) for each in (low, high) if each.ensemble
    ]
    assert chances[1] > chances[0] + 0.05


def test_without_history_and_outlook_the_level_is_judgement(tmp_path: Path) -> None:
    """The test's city states neither: it is run as it stands, and the report says that nobody scored its
    level."""
    path = tmp_path / "city.yaml"
    path.write_text(CITY, encoding="utf-8")
    bare = load(path)
    assert reference_of(bare.scenario) is None
    answer = run(bare, draws=0)
    assert answer.level is None
    assert "nobody scored" in level_sentence(answer, "en")
    assert "未经历史检验" in level_sentence(answer, "zh")
    known = [forecast(load(path, OUTLOOK + YEARS[-count:]).scenario) for count in (1, 2, 4)]
    laws = [
        (found.reference.median, found.reference.own, found.basis.years, found.basis.target)
        for found in known
        if found
    ]
    assert (
        len(set(laws)) == 1
    )  # how the region stands to its nation is not known: its history neither moves nor narrows an outlook
    assert laws[0][2:] == (0, None)


def test_a_shock_to_the_list_is_no_shock_to_business_as_usual() -> None:
    """A project that is called off leaves the shift as it is: what it took away is seen in full."""
    whole, without = (
        alone("panzhihua-2024", *OUTLOOK, *sets)
        for sets in ((), ("projects.anning-sponge.cancelled=2024-01",))
    )
    one, two = forecast(whole.scenario), forecast(without.scenario)
    assert one
    assert two
    assert one.anchor.shift == pytest.approx(two.anchor.shift, abs=1e-6)


def test_a_delay_is_no_good_news_under_an_outlook(tmp_path: Path) -> None:
    """Stating a slip, or taking a range away, changes nothing of business as usual."""
    path = tmp_path / "city.yaml"
    shifts = [
        forecast(city(path, CITY, *OUTLOOK, *sets).scenario)
        for sets in ((), ("projects.works.slip=8",), ("projects.works.slip=0",))
    ]
    assert shifts[0]
    assert all(
        each and each.anchor.shift == pytest.approx(shifts[0].anchor.shift, abs=1e-9) for each in shifts
    )


def test_an_own_outlook_is_passed_on_in_full() -> None:
    for name in examples():
        low, high = (
            forecast(alone(name, f"outlook.growth={figure}", "outlook.error=1").scenario) for figure in (4, 6)
        )
        assert low
        assert high
        assert high.anchor.usual[1] - low.anchor.usual[1] == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("name", examples())
def test_a_stated_slump_is_no_business_as_usual(name: str) -> None:
    """Demand that falls in a sector lowers growth by what it lowers it by without a reference; the shift is
    none of it."""
    sectors = [
        key for key, sector in load_example(name).scenario.sectors.items() if sector.model == "services"
    ]
    for key in sectors[:2]:
        found = []
        for way in ("reference", "none"):
            grown = []
            for value in (0, -10):
                gdp = study(
                    alone(name, *OUTLOOK, f"anchor.to={way}", f"sectors.{key}.demand={value}")
                ).plan.path.gdp[:, 0]
                grown.append(100 * (gdp[1] / gdp[0] - 1))
            found.append(grown[1] - grown[0])
        assert found[0] < 0
        assert found[0] == pytest.approx(found[1], rel=0.25, abs=0.02)


EXPERIENCED = CITY.replace("china-2023/priors.yaml", "china-2023/experience.yaml")


def city(path: Path, text: str, *sets: str) -> Loaded:
    path.write_text(text, encoding="utf-8")
    return load(path, sets)


def test_shipped_experience_gives_a_reference_by_hand(tmp_path: Path) -> None:
    """One year known, no target of it: January's mean, plus the target against the mean target, plus last
    year's lead."""
    loaded = city(tmp_path / "city.yaml", EXPERIENCED, "history.years.2023.growth=7")
    known = loaded.scenario.experience
    assert known
    said, slopes, before, now = (
        known.ahead["2024"]["january"],
        known.earlier["2024"].slopes["1-target"],
        known.nation["2023"],
        known.nation["2024"],
    )
    assert before.growth
    assert now.aim
    lead = 7 - before.growth.value
    foretold = (
        said.middle.value
        + slopes["target"].value * (5 - now.aim.value)
        + (slopes["mean"].value + slopes["last"].value) * lead
    )
    found = reference_of(loaded.scenario)
    assert found
    assert found[0].median == pytest.approx(foretold, abs=1e-9)
    assert found[0].calm == said.calm.value
    assert found[0].own == pytest.approx(known.earlier["2024"].spread["1-target"].value)


def test_less_known_of_the_nation_is_a_wider_spread_and_an_own_outlook_goes_before(tmp_path: Path) -> None:
    path = tmp_path / "city.yaml"
    january, october, none, own = (
        reference_of(city(path, EXPERIENCED, *sets).scenario)
        for sets in (
            (),
            ("outlook.edition=october",),
            ("outlook.edition=none",),
            ("outlook.growth=3", "outlook.error=0.5"),
        )
    )
    assert january
    assert october
    assert none
    assert own
    assert january[0].calm < october[0].calm
    assert january[0].crisis < october[0].crisis < none[0].crisis
    assert own[1].outlook == "own"
    assert own[0].median < january[0].median - 1  # two points below the edition, less what regions lead by
    assert (
        reference_of(
            city(
                path,
                EXPERIENCED.replace("{base: 2023, target: 2024}", "{base: 2027, target: 2028}").replace(
                    "2024-03", "2028-03"
                ),
            ).scenario
        )
        is None
    )


def test_a_run_is_where_its_reference_is(tmp_path: Path) -> None:
    """What the plan adds is all that stands between them, the ensemble's median included."""
    answer = run(city(tmp_path / "city.yaml", EXPERIENCED, "history.years.2023.growth=5"), draws=2048)
    level, drawn = answer.level, answer.ensemble
    assert level
    assert drawn
    median = float(np.median(drawn.outcomes["gdp_growth"]))
    assert median == pytest.approx(level.forecast.reference.median + sum(level.adds.values()), abs=0.35)


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ("history.years.23.growth=5", 'the key "23"'),
        (
            "history.years.1923.growth=5",
            "a year from 1973 to 2023, as four digits; or 2024, of which the target alone",
        ),
        ("history.years.2024.growth=5", "the year to come"),
        ("outlook.edition=janary", "january"),
        ("anchor.weight=150", "150"),
        ("projects.works.cancelled=2023-01", "a month of 2024 or later"),
    ],
)
def test_wrong_years_and_choices_are_refused(tmp_path: Path, sets: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(told)):
        city(tmp_path / "city.yaml", CITY, sets)


def test_what_is_not_anchored_says_so(tmp_path: Path) -> None:
    answer = run(city(tmp_path / "city.yaml", CITY, *OUTLOOK, "anchor.to=none"), draws=0)
    assert "as the scenario asks" in level_sentence(answer, "en")
    assert "按方案的设定" in level_sentence(answer, "zh")


def test_the_price_of_certainty_is_asked_of_the_same_futures() -> None:
    """The plan's chance by ``optimize robust`` is that of a run: both draw about the reference, trends in
    doubt included."""
    asked = ("outlook.growth=7", "outlook.error=1")
    words = [
        "optimize",
        "robust",
        "example:deyang-2022",
        *(word for each in asked for word in ("--set", each)),
        "--draws",
        "256",
        "--level",
        "0.5",
        "--json",
    ]
    plan = json.loads(CliRunner().invoke(simulate, words).stdout)["tables"]["robust"]["rows"][0]
    answer = run(load_example("deyang-2022", asked), draws=2048)
    assert answer.ensemble
    assert plan[2] == "plan"
    assert plan[8] == pytest.approx(100 * np.mean(answer.ensemble.outcomes["gdp_growth"] >= 6.95), abs=3)


@pytest.mark.parametrize("name", NEXT_YEAR)
def test_a_mean_of_the_nations_shock_is_news_against_the_outlook(name: str) -> None:
    """Two points below the outlook: the reference and the shift stay, futures fall by about as much times
    what a shock does."""
    plain, weak = (alone(name, *OUTLOOK, f"uncertainty.shocks.national.mean={mean}") for mean in (0, -2))
    one, other = forecast(plain.scenario), forecast(weak.scenario)
    assert one and other and one.anchor.shift == other.anchor.shift
    target = {"gdp_growth"}
    low, mid = (np.median(next(study_draws(each)[key] for key in target)) for each in (weak, plain))
    assert -3.2 < low - mid < -0.8


def study_draws(loaded: Loaded) -> dict[str, np.ndarray]:
    """Outcomes of the plan in 512 futures."""
    held = anchored(loaded)
    futures = Futures(held.scenario, held.quantities(), until=1)
    from dabiao.engine.plans import stated_plans
    from dabiao.models.quantity import Draws

    return futures.sample(0, 512).outcomes(stated_plans(held.scenario, Draws())[held.scenario.plan], 1)


def test_a_slump_that_is_expected_is_no_news_and_one_beyond_it_is(tmp_path: Path) -> None:
    """The level stays where the outlook knows the slump; a deeper one takes from it; what the plan adds says
    so."""
    known = ("sectors.services.demand=-5", "sectors.services.demand_expected=-5")
    none, same, deeper = (
        run(city(tmp_path / f"{at}.yaml", CITY, *OUTLOOK, *sets), draws=0).level
        for at, sets in enumerate(
            ((), known, ("sectors.services.demand=-10", "sectors.services.demand_expected=-5"))
        )
    )
    assert none and same and deeper
    assert same.adds["demand"] == pytest.approx(0, abs=1e-9)
    assert same.usual == pytest.approx(none.usual, abs=0.1)
    assert deeper.adds["demand"] < -0.3
    assert deeper.forecast.anchor.shift == same.forecast.anchor.shift


def test_past_years_may_stand_in_a_table(tmp_path: Path) -> None:
    """The same history in the file and in a CSV; a blank cell is a target that nobody knows."""
    (tmp_path / "years.csv").write_text(
        "year,growth,target\n2021,8,\n2022,3,7\n2023,6,6.5\n", encoding="utf-8"
    )
    inline = {"2021": {"growth": 8}, "2022": {"growth": 3, "target": 7}, "2023": {"growth": 6, "target": 6.5}}
    extra = "\nhistory: {assumption: known, years: %s}\n"
    one, two = (
        city(tmp_path / f"{at}.yaml", CITY + extra % years, *OUTLOOK).scenario
        for at, years in enumerate((json.dumps(inline), "{file: years.csv}"))
    )
    assert {
        k: (y.growth and y.growth.value, y.target and y.target.value) for k, y in one.history.years.items()
    } == {k: (y.growth and y.growth.value, y.target and y.target.value) for k, y in two.history.years.items()}
    assert two.history.years["2021"].target is None


def test_a_past_alone_makes_a_reference_from_four_years_on() -> None:
    """Three years make none; four do, and nobody scored that; the report says so."""
    rows = [f"history.years.{2020 + at}.growth={growth}" for at, growth in enumerate((4, 8, 3, 6))]
    base = load_example("templates/three-sectors.yaml", tuple(rows[1:]))
    assert forecast(base.scenario) is None
    found = forecast(load_example("templates/three-sectors.yaml", tuple(rows)).scenario)
    assert found is not None
    assert found.basis.outlook == "past"
    assert 3 < found.reference.median < 8


def test_a_run_shows_how_such_chances_came_true() -> None:
    answer = run(load_example("panzhihua-2024"), draws=256)
    made = tables(answer)
    rows = made["reliability"].records()
    assert sum(row["count"] for row in rows) == 1836
    sentence = {row["line"]: row["text"] for row in made["summary"].records()}["record"]
    assert re.search(r"of \d+ region-years", sentence.en) and "地区年" in sentence.zh
    beside = {row["id"]: row["value"] for row in made["level"].records()}
    assert beside["reference"] - 3 < beside["beside_industry_above_scale_growth"] < beside["reference"] + 3
    assert beside["usual"] == pytest.approx(beside["reference"], abs=0.02)  # the central case is the median


def test_a_row_of_the_first_year_is_its_target_in_a_plan_of_several_years() -> None:
    """And one of several years, or of a later one, is not."""
    name, unstated = "panzhihua-plan14", "history.years.2021.target=null"
    stated = reference_of(load_example(name).scenario)
    by_row = reference_of(load_example(name, [unstated]).scenario)
    assert stated is not None and by_row is not None and by_row == stated
    for away in ("targets.growth_2021=null", "targets.growth_2021.year=2022"):
        alone = reference_of(load_example(name, [unstated, away]).scenario)
        assert alone is not None and alone[1].target is None and alone[0].median != stated[0].median
