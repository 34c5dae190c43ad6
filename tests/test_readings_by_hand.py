"""Figures to date: which count, what each says of its year and how surely, worked out on paper from a region
and errors of round figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.engine.tracking import readings as reading
from dabiao.engine.tracking.now import finished, now_of, until_of
from dabiao.engine.tracking.readings import NATION, Reading, facts, known_values, readings
from dabiao.scenarios.schema import Scenario
from regions import four, laid

ERRORS = {
    "tails": 8,
    "quarters": {
        "1": {
            "plain": {"sd": 2.0, "common": 40},
            "before": {"before": 0.5, "sd": 1.8, "common": 30},
            "three": {"before": 0.75, "sd": 1.5, "common": 20},
        },
        "2": {"plain": {"sd": 1.4, "common": 50}, "before": {"before": -0.25, "sd": 1.2, "common": 45}},
        "3": {"plain": {"sd": 0.6, "common": 60}},
    },
}
ROWS = {
    "gdp_growth": {"ensure": 0},
    "level": {"indicator": "gdp_level"},
    "part": {"indicator": "gdp_level", "covers": ["farms"]},
    "again": {"indicator": "gdp_growth", "year": 2022, "ensure": 1},
    "money": {"indicator": "fai_level"},
    "fai_growth": {},
    "jobs": {},
    "rate": {},
    "said": {"indicator": "gdp_growth", "basis": "stated"},
    "industry_above_scale_growth": {},
}
JOBS = {"title": "jobs", "unit": "万人", "constant": 1, "drivers": {"gdp_growth": 1}}


def known(actuals: dict[str, Any] | None, **more: Any) -> Scenario:
    data = four(targets=ROWS, relations={"jobs": JOBS, "rate": {**JOBS, "unit": "%"}}, to_date=ERRORS)
    return Scenario.model_validate(laid({**data, "actuals": actuals}, more))


def figures(**rows: dict[str, Any]) -> Scenario:
    return known({"figures": rows})


def told(found: tuple[Reading, ...]) -> list[tuple[Any, ...]]:
    return [(each.row, each.year, each.month, each.use) for each in found]


# ---- up to when


def test_up_to_when_is_known() -> None:
    """The latest month of a year of the plan; figures of the base year say nothing of it."""
    assert until_of(known(None)) == "" and now_of(known(None)) is None and finished(known(None)) == 0
    assert now_of(figures(gdp_growth={"2020-12": 3})) is None
    two = known(
        {"figures": {"gdp_growth": {"2021-06": 3}, "level": {"2021-03": 1}}, "nation": {"2021-09": 5}}
    )
    assert until_of(two) == "2021-09" and now_of(two) == (1, 9) and finished(two) == 0
    assert now_of(known({"until": "2022-02", "figures": {"gdp_growth": {"2021-12": 3}}})) == (2, 2)
    assert finished(known({"until": "2022-02"})) == 1
    assert finished(known({"until": "2022-12"})) == 2


# ---- errors


@pytest.mark.parametrize(
    ("month", "years", "sd", "kind"),
    [
        (1, 0, 2 * 3**0.5, "plain"),
        (2, 0, 2 * 1.5**0.5, "plain"),
        (3, 0, 2.0, "plain"),
        (3, 1, 1.8, "before"),
        (3, 2, 1.8, "before"),
        (3, 3, 1.5, "three"),
        (2, 3, 1.5 * 1.5**0.5, "three"),
        (4, 0, 1.8, "plain"),
        (5, 1, 1.8 - 2 / 3 * 0.6, "before"),
        (4, 3, 1.5 - 0.1, "three"),  # towards what half a year says beside one year before
        (6, 3, 1.2, "before"),
        (7, 1, 1.2 - 0.2, "before"),
        (9, 3, 0.6, "plain"),
        (10, 0, 0.4, "plain"),
        (11, 0, 0.2, "plain"),
    ],
)
def test_the_error_after_a_month(month: int, years: int, sd: float, kind: str) -> None:
    """In a line between quarters, to nothing after the twelfth month, and with a root before the third."""
    block = known(None).to_date
    assert block is not None
    found, name = reading.error_of(block, month, years)
    assert (found.sd.value, name) == (pytest.approx(sd), kind)
    quarter, of = str(max(month // 3, 1)), {"plain": 0, "before": 1, "three": 2}
    assert found.common.value == list(block.quarters[quarter].values())[of[kind]].common.value


# ---- growth


def test_growth_is_freed_of_its_base_effect() -> None:
    """A year before 4 to June came to 3; of -0.25 of that the figure is freed: 5 + 0.25."""
    (now,) = [
        each
        for each in readings(figures(gdp_growth={"2020-06": 4, "2020-12": 3, "2021-06": 5}))
        if each.counts
    ]
    assert (now.says, now.sd, now.common, now.known) == (5.25, 1.2, 0.45, "before")
    assert (now.time, now.year, now.month, now.value, now.growth) == ("2021-06", 1, 6, 5.0, True)
    assert not now.exact and not now.held and now.share is None and not now.assumed
    (plain,) = readings(figures(gdp_growth={"2021-06": 5}))
    assert (plain.says, plain.sd, plain.common, plain.known) == (5.0, 1.4, 0.5, "plain")
    own = known({"figures": {"gdp_growth": {"2021-06": 5}}, "errors": {"gdp_growth": {"2021-06": 0.7}}})
    (stated,) = readings(own)
    assert (stated.sd, stated.known, stated.says) == (0.7, "own", 5.0)
    sure = known({"figures": {"gdp_growth": {"2021-06": 5}}, "errors": {"gdp_growth": {"2021-06": 0}}})
    (exact,) = readings(sure)
    assert exact.held and exact.exact and exact.use == "used"


def test_three_years_before_count_less_the_older() -> None:
    """Off by 1, 2 and 3: 0.75 (1 + 2 x 2/3 + 3 / 3) is taken off."""
    past = {"2020-03": 4, "2020-12": 3, "2019-03": 7, "2019-12": 5, "2018-03": 9, "2018-12": 6}
    found = readings(figures(gdp_growth={**past, "2021-03": 5}))
    assert [each.use for each in found] == ["base"] * 6 + ["used"]
    assert found[-1].says == pytest.approx(5 - 0.75 * (1 + 4 / 3 + 1)) and found[-1].known == "three"
    del past["2019-12"]
    assert readings(figures(gdp_growth={**past, "2021-03": 5}))[-1].says == pytest.approx(5 - 0.5 * 1)


def test_growth_of_years_before_is_read_where_it_stands() -> None:
    """History of GDP, outcomes of the base year for any row, releases of the nation."""
    history = {
        "years": {"2020": {"growth": 3}, "2019": {"growth": 2}},
        "outcomes": {"industry_above_scale_growth": 8},
    }
    release = {"nation": {"2020": {"release": 6}, "2019": {"growth": 1}}, "chance": 10}
    scenario = known(None, history=history, experience=release)

    def grown(row: str, year: int, stated: dict[tuple[int, int], float] | None = None) -> float | None:
        return reading._grown(scenario, row, stated or {}, year)

    assert grown("gdp_growth", 0) == 3 and grown("gdp_growth", -1) == 2 and grown("gdp_growth", -2) is None
    assert grown("again", 0) == 3
    assert grown("industry_above_scale_growth", 0) == 8 and grown("industry_above_scale_growth", -1) is None
    assert grown("fai_growth", 0) is None
    assert grown("gdp_growth", 0, {(0, 12): 3.3}) == 3.3 and grown("gdp_growth", 0, {(0, 6): 9}) == 3
    assert grown("gdp_growth", 1) is None and grown("gdp_growth", 1, {(1, 12): 4}) == 4
    assert grown(NATION, 0) == 6 and grown(NATION, -1) is None and grown(NATION, -3) is None
    assert reading._grown(known(None), NATION, {}, 0) is None
    held = known(None, history={"outcomes": {"gdp_growth": 4}})
    assert reading._grown(held, "gdp_growth", {}, 0) == 4

    effects = reading.base_effects(scenario, "gdp_growth", {(0, 6): 5.0, (-1, 6): 1.0, (-2, 6): 7.0}, 1, 6)
    assert effects == [2.0, -1.0]  # of 2018 the year is not known
    assert reading.base_effects(scenario, "gdp_growth", {(-1, 6): 1.0}, 1, 6) == []
    four_known = {(year, month): float(month) for year in range(-4, 2) for month in (6, 12)}
    assert reading.base_effects(scenario, "gdp_growth", four_known, 1, 6) == [-6.0] * 3


# ---- levels


def test_a_level_to_date_is_as_large_a_part_as_a_year_before() -> None:
    """Of 420 in 2020 168 had come by May: 200 then says 500, with an error of 1.6 %."""
    (now,) = [each for each in readings(figures(level={"2020-05": 168, "2021-05": 200})) if each.counts]
    error = 2 - 2 / 3 * 0.6
    assert (now.says, now.share) == (pytest.approx(500), pytest.approx(0.4))
    assert (now.sd, now.common, now.known) == (pytest.approx(5 * error), 0.4, "plain")
    assert not now.assumed and not now.growth
    (own,) = [
        each
        for each in readings(figures(level={"2020-05": 100, "2020-12": 400, "2021-05": 200}))
        if each.counts
    ]
    assert own.says == pytest.approx(800)
    stated = known(
        {"figures": {"level": {"2020-05": 168, "2021-05": 200}}, "shares": {"level": {"2020-05": 50}}}
    )
    assert readings(stated)[-1].says == pytest.approx(400)
    (money,) = [each for each in readings(figures(money={"2020-06": 84, "2021-06": 90})) if each.counts]
    assert money.says == pytest.approx(180) and money.sd == pytest.approx(1.8 * 1.4)


def test_a_level_without_a_year_before_is_shown_only() -> None:
    assert [each.use for each in readings(figures(level={"2021-05": 200}))] == ["unshared"]
    assert [each.use for each in readings(figures(part={"2020-05": 10, "2021-05": 20}))] == [
        "base",
        "unshared",
    ]
    assert [each.use for each in readings(figures(jobs={"2020-05": 10, "2021-05": 20}))] == [
        "base",
        "unshared",
    ]
    own = known({"figures": {"level": {"2021-03": 100}}, "errors": {"level": {"2021-03": 25}}})
    (found,) = readings(own)
    assert (found.says, found.sd, found.share, found.assumed) == (400, 25, 0.25, True)
    assert found.known == "own" and found.common == pytest.approx(0.4)


def test_an_error_of_a_level_is_a_part_of_its_size() -> None:
    """Whatever its sign."""
    block = known(None).to_date
    assert block is not None
    plain = Reading("level", "2021-03", 1, 3, -100.0, "base", growth=False)
    found = reading._level(plain, 0.25, block, None)
    assert (found.says, found.sd) == (-400, pytest.approx(8.0))


# ---- which count


def test_only_the_latest_figure_of_a_year_counts() -> None:
    found = readings(
        figures(industry_above_scale_growth={"2022-03": 6, "2021-12": 4, "2020-12": 1, "2021-06": 5})
    )
    assert told(found) == [
        ("industry_above_scale_growth", 0, 12, "base"),
        ("industry_above_scale_growth", 1, 6, "superseded"),
        ("industry_above_scale_growth", 1, 12, "beside"),
        ("industry_above_scale_growth", 2, 3, "used"),
    ]
    assert [each.counts for each in found] == [False, False, True, True]
    whole = found[2]
    assert (whole.says, whole.sd, whole.held) == (4.0, None, False)
    assert readings(known(None)) == ()
    assert readings(known({"figures": {"gdp_growth": {"2021-06": 5}}}, to_date=None)) == ()


def test_finished_years_are_facts_of_money_prices_or_news() -> None:
    scenario = figures(
        gdp_growth={"2021-12": 5},
        level={"2021-12": 450, "2022-12": 480},
        money={"2021-12": 170},
        fai_growth={"2022-12": 4, "2021-06": 1},
        jobs={"2021-12": 7, "2022-12": 8},
        rate={"2021-12": 7, "2022-12": 8},
        said={"2021-12": 5, "2022-06": 1},
    )
    assert told(readings(scenario)) == [
        ("gdp_growth", 1, 12, "whole"),
        ("level", 1, 12, "prices"),
        ("level", 2, 12, "beside"),  # growth of 2022 is not known
        ("money", 1, 12, "money"),
        ("fai_growth", 1, 6, "used"),
        ("fai_growth", 2, 12, "money"),
        ("jobs", 1, 12, "held"),  # no news of its own by year: the last is the observation
        ("jobs", 2, 12, "beside"),
        ("rate", 1, 12, "held"),
        ("rate", 2, 12, "beside"),
        ("said", 1, 12, "stated"),
        ("said", 2, 6, "stated"),
    ]
    (gdp, *_) = readings(scenario)
    assert gdp.held and gdp.exact and gdp.sd == 0 and gdp.says == 5


def test_the_nations_figures_count_in_the_first_year_and_later_where_something_was_expected() -> None:
    said = {"nation": {"2020-12": 2, "2021-06": 7, "2021-12": 8, "2022-06": 3, "2023-12": 4}}
    uses = [each.use for each in readings(known(said))]
    assert uses == ["base", "superseded", "whole", "later", "later"]
    foretold = readings(known(said, outlook={"growth": 5, "change": {"2022": 1}}))
    assert [each.use for each in foretold] == ["base", "superseded", "whole", "later", "whole"]
    assert all(each.row == NATION and each.growth for each in foretold)
    assert foretold[2].held and not foretold[2].exact
    assert [each.use for each in readings(known(said, outlook={"nation": 5, "change": {"2022": 1}}))][
        -1
    ] == "whole"
    for outlook in ({"change": {"2022": 1}}, {"growth": 5}):
        assert [each.use for each in readings(known(said, outlook=outlook))][-1] == "later"


# ---- facts


def test_prices_of_finished_years_are_what_nominal_gdp_leaves() -> None:
    """420 at 5 % and then 3 % growth came to 504: alike in both years; 2023 by itself."""
    scenario = figures(
        gdp_growth={"2021-12": 5, "2022-12": 3, "2023-12": -2},
        level={"2022-12": 504, "2023-12": 500, "2021-06": 7},
        part={"2021-12": 60},
    )
    both = 100 * ((504 / 420 / (1.05 * 1.03)) ** 0.5 - 1)
    found = facts(scenario)
    assert found.prices == {
        "2021": pytest.approx(both),
        "2022": pytest.approx(both),
        "2023": pytest.approx(100 * (500 / 504 / 0.98 - 1)),
    }
    gap = facts(figures(gdp_growth={"2021-12": 5, "2023-12": 3}, level={"2021-12": 450, "2023-12": 504}))
    assert gap.prices == {"2021": pytest.approx(100 * (450 / 420 / 1.05 - 1))}
    assert facts(known(None)).prices == {} == facts(known(None)).path


def test_money_of_finished_years_is_its_level_before_its_growth() -> None:
    scenario = figures(
        money={"2021-12": 170, "2022-06": 9}, fai_growth={"2021-12": 1, "2022-12": 4, "2023-06": 8}
    )
    found = facts(scenario)
    assert {year: each.value for year, each in found.path.items()} == {"2021": 170}
    assert {year: each.value for year, each in found.growth_in.items()} == {"2022": 4}


def test_figures_of_one_row_are_those_of_all_that_ask_the_same() -> None:
    scenario = figures(
        gdp_growth={"2020-12": 1, "2021-12": 5, "2022-06": 9},
        again={"2022-12": 3},
        part={"2021-12": 60},
        jobs={"2021-06": 2},
    )
    assert known_values(scenario) == {
        "gdp_growth": {1: 5, 2: 3},
        "again": {1: 5, 2: 3},
        "part": {1: 60},
    }
    assert known_values(known(None)) == {}


def test_every_shipped_error_falls_with_the_months() -> None:
    """From the first month to the last, whatever is known besides."""
    block = known(None).to_date
    assert block is not None
    for years in (0, 1, 3):
        path = [reading.error_of(block, month, years)[0].sd.value for month in range(1, 12)]
        assert np.all(np.diff(path) < 0)
