"""A scenario set to its reference: factors by their formulas, responses by moving one number at a time, in a
region of two service sectors whose growth is nearly linear in what strikes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dabiao.engine.build import economy
from dabiao.engine.forecast import anchor as setting
from dabiao.engine.forecast import anchored
from dabiao.engine.forecast.anchor import (
    LEAST,
    SMALLEST,
    RegionDraws,
    Solved,
    anchor,
    settled,
    solve,
    without_news,
)
from dabiao.engine.forecast.business_as_usual import usual_works
from dabiao.engine.forecast.levels import borrowed, scale
from dabiao.engine.forecast.trends import as_drawn, centred, number_at, trend_paths, with_trends
from dabiao.models.forecast import Reference
from dabiao.models.quantity import Draws, Quantity
from dabiao.models.realisation import Realisation
from dabiao.scenarios.load import numbers
from dabiao.scenarios.schema import Scenario
from futures import linear, loaded
from regions import laid, moving

SHOCKS = {
    "national": {"sd": 0.5, "mean": 0.2, "drift": 0.3, "crisis": {"sd": 2, "chance": 10}},
    "province": {"sd": 0.7, "drift": 0.4},
}
REFERENCE = Reference(3.0, 1.2, 3.4, 0.15, 2.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("anchor")


def two(folder: Path, **changes: Any) -> Scenario:
    """Demand of households grows by 1 % whatever their income."""
    base = linear(uncertainty={"shocks": SHOCKS}, demand={"autonomous_consumption": 1})
    return loaded(folder, laid(base, changes)).scenario


@pytest.fixture(scope="module")
def plain(folder: Path) -> Scenario:
    return two(folder)


def usual(scenario: Scenario) -> float:
    return setting._central(without_news(scenario))


# ---- responses and scales


def test_responses_are_what_one_number_moves_growth_by(folder: Path, plain: Scenario) -> None:
    common, single = setting._responses(without_news(plain), {}, 1)
    for key in ("care", "shop"):
        more = two(folder, sectors={key: {"market": {"trend": 3}}})
        assert single[key] == pytest.approx([usual(more) - usual(plain)], rel=1e-6)
    up = two(
        folder,
        demand={"autonomous_consumption": 2},
        sectors={k: {"market": {"trend": 3}} for k in ("care", "shop")},
    )
    down = two(
        folder,
        demand={"autonomous_consumption": 0},
        sectors={k: {"market": {"trend": 1}} for k in ("care", "shop")},
    )
    assert common == pytest.approx([(usual(up) - usual(down)) / 2], rel=2e-3)
    given = {"sectors.care.va": np.array([80.0, 130.0])}
    both, parts = setting._responses(without_news(plain), given, 2)
    assert both[0] == pytest.approx(common[0]) and parts["care"][1] > parts["care"][0] == pytest.approx(
        single["care"][0]
    )


def test_a_region_that_nothing_moves_responds_a_little(
    monkeypatch: pytest.MonkeyPatch, plain: Scenario
) -> None:
    monkeypatch.setattr(setting, "_grown", lambda scenario, values, draws, shocks: np.zeros(draws))
    assert setting._responses(plain, {}, 2)[0].tolist() == [LEAST, LEAST]


def test_scales_by_their_formula(folder: Path, plain: Scenario) -> None:
    """1.2 points of the nation at 0.8 a point; of 2.5 points of one's own 1.5 are numbers in doubt, and the
    rest is shared by province, region and two sectors."""
    single = {"care": 0.25, "shop": 0.5}
    nation, own = setting._scales(plain, REFERENCE, 1.5, 0.8, single)
    assert nation == pytest.approx(1.2 / 0.8 / 0.5)
    whole = np.sqrt((0.8 * 0.7) ** 2 + (0.8 * 1.0) ** 2 + (0.25 * 2) ** 2 + (0.5 * 3) ** 2)
    assert own == pytest.approx(2.0 / whole)
    assert setting._scales(plain, REFERENCE, 2.5, 0.8, single)[1] == SMALLEST
    assert setting._scales(plain, REFERENCE, 9.0, 0.8, single)[1] == SMALLEST
    calm = {"national": {"sd": 0.4}, "province": None, "own": {"sd": 0.5}, "sectors": None}
    small = two(folder, uncertainty={"shocks": calm, "correlations": None})
    assert setting._scales(small, REFERENCE, 0.0, 1.0, {}) == (pytest.approx(3.0), pytest.approx(5.0))
    still = two(folder, uncertainty={"shocks": {"national": {"sd": 0}}})
    assert setting._scales(still, REFERENCE, 1.5, 0.8, single)[0] == 1.0
    nothing = {
        "shocks": {"national": None, "province": None, "own": {"sd": 0}, "sectors": None},
        "correlations": None,
    }
    none = two(folder, uncertainty=nothing)
    assert setting._scales(none, REFERENCE, 1.5, 0.8, {}) == (1.0, 1.0)


def test_shocks_scaled(plain: Scenario) -> None:
    """The nation's by 3, its crises as the reference has them; own ones by 2; changes for good by 1.25."""
    shocks = setting._with_shocks(plain, 3.0, 2.0, REFERENCE, 1.25).uncertainty.shocks
    national, province, own = shocks.national, shocks.province, shocks.own
    assert national is not None and national.crisis is not None and national.drift is not None
    assert (national.sd.value, national.drift.value) == (1.5, 0.375)
    assert national.crisis.sd.value == pytest.approx(1.5 * 3.4 / 1.2) and national.crisis.chance.value == 15
    assert province is not None and province.drift is not None and own is not None
    assert (province.sd.value, province.drift.value, own.sd.value, own.drift) == (1.4, 0.5, 2.0, None)
    assert {key: each.sd.value for key, each in shocks.sectors.items()} == {"care": 4.0, "shop": 6.0}
    assert national.mean is not None and national.mean.value == 0.2
    part = setting._with_shocks(plain, 3.0, 2.0, None).uncertainty.shocks.national
    assert part is not None and part.crisis is not None and part.drift is not None
    assert (part.crisis.sd.value, part.crisis.chance.value, part.drift.value) == (6.0, 10.0, 0.3)
    calm = setting._with_shocks(plain, 3.0, 2.0, replace(REFERENCE, calm=0.0)).uncertainty.shocks.national
    assert calm is not None and calm.crisis is not None and calm.crisis.sd.value == 6.0
    wide = Quantity(value=0.5, low=0.1, high=2)
    doubt = plain.uncertainty.shocks.national.model_copy(update={"sd": wide, "crisis": None})  # type: ignore[union-attr]
    shocks_ = plain.uncertainty.shocks.model_copy(update={"national": doubt, "province": None})
    bare = plain.model_copy(update={"uncertainty": plain.uncertainty.model_copy(update={"shocks": shocks_})})
    made = setting._with_shocks(bare, 3.0, 2.0, REFERENCE).uncertainty.shocks
    assert made.province is None and made.national is not None and made.national.crisis is None
    assert (made.national.sd.value, made.national.sd.low, made.national.sd.high) == (1.5, None, None)


def test_a_crisis_of_no_size_stays_so(folder: Path) -> None:
    none = two(folder, uncertainty={"shocks": {"national": {"crisis": {"sd": 0}}}})
    made = setting._with_shocks(none, 3.0, 2.0, REFERENCE).uncertainty.shocks.national
    assert made is not None and made.crisis is not None and made.crisis.sd.value == 0


def test_changes_for_good_are_in_points_of_gdp(plain: Scenario) -> None:
    """Of the second of two regions, which responds by two fifths of a point."""
    found = Solved(*(np.array(own) for own in ([0.0, 1.5], [9.0, 2.0], [9.0, 3.0], [9.0, 0.4], [0.0, 0.0])))
    made = settled(plain, REFERENCE, found, 1)
    shocks = made.uncertainty.shocks
    assert shocks.national is not None and shocks.national.drift is not None and shocks.own is not None
    assert (shocks.national.drift.value, shocks.national.sd.value, shocks.own.sd.value) == (
        pytest.approx(0.75),
        1.0,
        3.0,
    )
    assert number_at(made, "sectors.care.market.trend").value == 3.5
    half = settled(plain, REFERENCE, found, 1, 0.5).uncertainty.shocks.national
    assert half is not None and half.drift is not None and half.drift.value == pytest.approx(0.525)
    assert half.crisis is not None and half.crisis.sd.value == 4.0


# ---- solving


def test_business_as_usual_meets_its_reference(plain: Scenario) -> None:
    """The factors are those of the formula, the shift brings the median there, and half the weight goes half
    the way."""
    common, single = setting._responses(without_news(plain), {}, 1)
    found = solve(plain, [REFERENCE])
    one = {key: float(each[0]) for key, each in single.items()}
    assert found.response == pytest.approx(common)
    nation, own = setting._scales(plain, REFERENCE, 0.0, float(common[0]), one)
    assert (found.nation, found.own) == (pytest.approx([nation]), pytest.approx([own]))
    assert abs(found.median[0] - 3.0) < 2 * setting.EXACT
    start = solve(plain, [REFERENCE], weight=0.0)
    assert (start.shift, start.nation, start.own) == ([0.0], [1.0], [1.0])
    assert start.median == pytest.approx([usual(plain)], abs=0.02)
    half = solve(plain, [replace(REFERENCE, crisis=90.0, chance=0.5)], weight=0.5)  # crises stay its own
    assert half.shift == pytest.approx(found.shift / 2) and half.nation == pytest.approx(
        (1 + found.nation) / 2
    )
    assert half.own == pytest.approx((1 + found.own) / 2)
    assert half.median == pytest.approx((start.median + found.median) / 2, abs=0.03)


def test_numbers_in_doubt_take_their_part_of_the_spread(folder: Path) -> None:
    """A trend between 0 and 8 spreads growth by itself; the region's own shocks are smaller by it."""
    doubt = {"shop": {"market": {"trend": {"value": 4, "low": 0, "high": 8}}}}
    sure, wide = two(folder, sectors={"shop": {"market": {"trend": 4}}}), two(folder, sectors=doubt)
    found, other = solve(sure, [REFERENCE]), solve(wide, [REFERENCE])
    _, single = setting._responses(without_news(sure), {}, 1)
    spread = 8 / 6 * np.sqrt(9 / 7) * float(single["shop"][0])  # of a PERT in the middle of its range
    expected = found.own[0] * np.sqrt(2.5**2 - spread**2) / 2.5
    assert other.own[0] == pytest.approx(expected, rel=0.03) and other.own[0] < 0.98 * found.own[0]
    assert other.nation == pytest.approx(found.nation)


def test_many_regions_are_solved_as_one_by_one(plain: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number that is solved at once; the region that is larger elsewhere is another one."""
    references = [
        REFERENCE,
        replace(REFERENCE, median=5.0, own=2.0),
        replace(REFERENCE, median=-2.0, calm=0.6),
    ]
    given = {"sectors.care.va": np.array([80.0, 130.0, 50.0])}
    together = solve(plain, references, given)
    monkeypatch.setattr(setting, "BATCH", 2)
    apart = solve(plain, references, given)
    for name in ("shift", "nation", "own", "response", "median"):
        assert getattr(together, name) == pytest.approx(getattr(apart, name), abs=0.02)
    care = plain.sectors["care"]
    larger = care.model_copy(update={"va": care.va.model_copy(update={"value": 130.0})})
    second = solve(plain.model_copy(update={"sectors": {**plain.sectors, "care": larger}}), references[1:2])
    assert second.response == pytest.approx(together.response[1:2]) and second.own == pytest.approx(
        together.own[1:2]
    )
    assert second.shift == pytest.approx(together.shift[1:2], abs=0.02)
    assert together.shift[1] > together.shift[0] > together.shift[2]


def test_the_central_case_is_the_median(folder: Path) -> None:
    """A trend that is likelier to be higher: centre and median differ, and are made one."""
    skewed = {"shop": {"market": {"trend": {"value": 2, "low": 1.9, "high": 12}}}}
    scenario = two(folder, sectors=skewed)
    made = anchor(scenario, REFERENCE)
    assert made.scenario.anchor.centre > 0.3 and made.usual[0] == usual(scenario)
    assert made.usual[1] == pytest.approx(3.0, abs=3e-3) == usual(made.scenario)
    found = solve(scenario, [REFERENCE])
    assert (made.shift, made.nation, made.own) == (found.shift[0], found.nation[0], found.own[0])
    drawn, _ = as_drawn(made.scenario, {})
    moved = number_at(drawn, "sectors.care.market.trend").value - 2
    assert moved == pytest.approx(made.shift)
    same = setting.unanchored(scenario)
    assert same.uncertainty.shocks == scenario.uncertainty.shocks and same.anchor.centre > 0.3
    assert number_at(as_drawn(same, {})[0], "sectors.care.market.trend").value == pytest.approx(2)


def test_the_forecast_of_a_scenario(folder: Path) -> None:
    """An outlook alone; half of the way; none."""
    scenario = two(folder, outlook={"growth": 4.5}, anchor={"weight": 50})
    found = anchored.forecast(scenario)
    assert found is not None and found.reference.median == 4.5 and found.basis.outlook == "alone"
    assert found.anchor.shift == pytest.approx(float(solve(scenario, [found.reference], weight=0.5).shift[0]))
    assert anchored.anchored_scenario(scenario) is found.anchor.scenario and found.beside == {}
    read = loaded(folder, linear(outlook={"growth": 4.5}))
    made = anchored.anchored(read)
    assert made.origins is read.origins and made.scenario is anchored.anchored_scenario(read.scenario)
    whole = anchored.forecast(two(folder, outlook={"growth": 4.5}))
    assert whole is not None and whole.anchor.usual[1] == pytest.approx(4.5, abs=3e-3)
    free = two(folder, outlook={"growth": 4.5}, anchor={"to": "none"})
    assert anchored.held_to(free) is None and anchored.forecast(free) is None
    assert usual(anchored.anchored_scenario(free)) == pytest.approx(usual(free), abs=0.05)


# ---- what is left out


def test_business_as_usual_knows_no_news(folder: Path) -> None:
    """Demand is what was expected, without its range; shocks are right on average."""
    demand = {"demand": -20, "demand_expected": {"value": 3, "low": 1, "high": 5}}
    scenario = two(
        folder,
        sectors={"care": demand, "shop": {"demand": 9}},
        uncertainty={"shocks": {"sectors": {"care": {"mean": 4}}}},
    )
    found = without_news(scenario)
    care, shop = found.sectors["care"].demand, found.sectors["shop"].demand
    assert care is not None and (care.value, care.low, care.high) == (3, None, None) and shop is None
    shocks = found.uncertainty.shocks
    assert shocks.national is not None and shocks.national.mean is None and shocks.own is not None
    assert shocks.own.mean is None and shocks.sectors["care"].mean is None and shocks.own.sd.value == 1


def test_how_late_works_are_is_not_in_doubt_while_it_is_solved(folder: Path) -> None:
    doubt = {"value": 18, "low": 12, "high": 30}
    months = {"construction": doubt}
    changes = {
        "projects": {
            "coming": {
                "months": months,
                "slip": {"value": 3, "low": 0},
                "cancel": {"value": 5, "high": 9},
                "invest": {"value": 9, "low": 8},
            }
        },
        "pool": {"slip": {"value": 1, "high": 4}},
    }
    scenario = loaded(folder, laid(moving(), changes)).scenario
    found = setting._known(scenario)
    assert set(found) == {each.path for each in numbers(scenario)}
    ranges = {path for path, each in found.items() if each.low is not None or each.high is not None}
    assert ranges == {"projects.coming.invest"}


def test_draws_of_regions() -> None:
    """Three regions of two draws: stated numbers by region, drawn ones alike in all."""
    draws = RegionDraws({"a": np.array([1.0, 2, 3])}, {"b": np.array([7.0, 8])}, 3, 2)
    assert draws(Quantity(value=0.0, path="a")).tolist() == [1, 1, 2, 2, 3, 3]
    assert draws(Quantity(value=0.0, path="b")).tolist() == [7, 8, 7, 8, 7, 8]
    assert draws(Quantity(value=5.0, path="c")).tolist() == [5] and draws.strict is False
    assert RegionDraws({}, {}, 3, 2).strict is True


# ---- trends


def test_all_trends_move_with_their_ranges(folder: Path) -> None:
    data = moving(sectors={"plants": {"market": {"trend": {"value": 5, "low": 3, "high": 8}}}})
    scenario = Scenario.model_validate(data)
    assert trend_paths(scenario) == (
        "sectors.farms.trend",
        "sectors.plants.market.trend",
        "sectors.mines.market.trend",
        "sectors.shops.market.trend",
        "sectors.shops.visitors.growth",
        "chains.ridge.materials.oxide.market.trend",
    )
    made = with_trends(scenario, 1.5)
    for path in trend_paths(scenario):
        assert number_at(made, path).value == number_at(scenario, path).value + 1.5
    plants = number_at(made, "sectors.plants.market.trend")
    assert (plants.low, plants.high) == (4.5, 9.5) and number_at(made, "sectors.farms.trend").low is None
    twice = centred(centred(scenario, 2.0), 0.5)
    assert twice.anchor.centre == 0.5 and number_at(twice, "sectors.farms.trend").value == 3.5
    path = "sectors.farms.trend"
    known = {path: number_at(twice, path), "x": Quantity(value=1.0)}
    drawn, numbers_ = as_drawn(twice, known)
    assert drawn.anchor.centre == 0 and numbers_[path].value == 3 and set(numbers_) == {path, "x"}
    assert as_drawn(scenario, known) == (scenario, known) and as_drawn(scenario, known)[0] is scenario


def test_levels_of_another_region_are_scaled_by_ones_own_last_year() -> None:
    """1 + 2 x 3 + 0.5 x 4 = 9 where this region had 45; of a relation of one's own nothing is made."""
    relation = {
        "title": "jobs",
        "unit": "万人",
        "constant": 1,
        "drivers": {"gdp_growth": 2, "consumer_prices": 0.5},
    }
    outcomes = {"jobs": 45, "gdp_growth": 3, "consumer_prices": 4}

    def found(last: dict[str, Any] = outcomes, **more: Any) -> Any:
        rows = {"row": {"indicator": "jobs"}, "gdp_growth": {}}
        data = moving(
            relations={"jobs": {**relation, "borrowed": True, **more}},
            history={"outcomes": last},
            targets=rows,
        )
        return Scenario.model_validate(data)

    assert scale(found(), "jobs") == 5.0 and borrowed(found(), "jobs")
    assert scale(found({**outcomes, "row": 9}), "jobs") == 5.0
    other = {key: value for key, value in outcomes.items() if key != "jobs"}
    assert scale(found({**other, "row": 18}), "jobs") == 2.0
    assert scale(found(other), "jobs") is None
    assert (
        scale(found({key: value for key, value in outcomes.items() if key != "consumer_prices"}), "jobs")
        is None
    )
    assert scale(found({**outcomes, "jobs": 0}), "jobs") is None
    assert scale(found({**outcomes, "gdp_growth": -1.5}), "jobs") is None  # nothing to scale
    assert scale(found({**outcomes, "jobs": -4}), "jobs") is None
    assert scale(found({"jobs": 0.5, "gdp_growth": -0.5, "consumer_prices": 1}), "jobs") == 1.0
    assert scale(found(borrowed=False), "jobs") == 1.0 and not borrowed(found(borrowed=False), "jobs")
    assert scale(found(), "gdp_growth") == 1.0


# ---- business as usual, and what a plan adds to it


def test_works_of_years_that_are_like_the_base_year() -> None:
    """Investment grows by 4 % a year as it did; listed works bring what works like them bring."""
    scenario = Scenario.model_validate(moving())
    found = usual_works(scenario, Draws(), 3)
    invested = found.invested
    assert invested.shape[:2] == (4, 3)
    assert invested[:, 0] == pytest.approx(np.full((4, 1), 168 / 4 * 1.04))
    assert invested[:, 2] == pytest.approx(invested[:, 0] * 1.04**2)
    assert found.pool.shape == invested.shape and (found.pool <= invested + 1e-12).all()
    tied = 1 - found.pool / invested
    assert tied[:, 0] == pytest.approx(tied[:, 2]) and tied.max() > 0.001
    left = (found.pool / invested)[:, 0]
    normal = found.normal
    assert found.history == pytest.approx(left[:, None] * normal) and normal.shape[0] == 4
    assert found.normal[:, 0] == pytest.approx(invested[:, 0] / 1.04)
    assert found.key_investment.shape == (3, 1) and not found.key_investment.any() and found.unlisted == {}
    assert found.usual and found.named.keys() == found.usual.keys()
    for sector, own in found.named.items():
        for process, each in own.items():
            assert len(each) == 3 and each[0] == pytest.approx(found.usual[sector][process])
            assert each[2] == pytest.approx(each[0])


def test_what_a_plan_adds_is_shared_out(folder: Path) -> None:
    """Nothing more than business as usual adds nothing; demand alone is all of what it adds."""
    scenario = two(folder, sectors={"care": {"demand": 6}})
    own = economy(scenario, Draws())
    works = usual_works(scenario, Draws(), own.years)
    added = anchored.plan_adds(scenario, own, works, 1)
    assert list(added) == ["spending", "capacity", "projects", "demand"]
    assert [added[key] for key in ("spending", "capacity", "projects")] == [0, 0, 0]
    whole = setting._simulated(own, works, 1) - setting._simulated(
        replace(own, demand_growth=economy(without_news(scenario), Draws()).demand_growth), works, 1
    )
    assert added["demand"] == pytest.approx(float(whole[0])) and added["demand"] > 0.1
    more: Realisation = replace(works, invested=works.invested * 1.5)
    spent = anchored.plan_adds(scenario, own, more, 1)
    assert spent["spending"] > 0.1 and spent["capacity"] == spent["projects"] == 0
    gdp = own.simulate(more, until=1).gdp
    base = (
        replace(own, demand_growth=economy(without_news(scenario), Draws()).demand_growth)
        .simulate(works, until=1)
        .gdp
    )
    total = 100 * float((gdp[1] / gdp[0])[0] - (base[1] / base[0])[0])
    assert sum(spent.values()) == pytest.approx(total)
