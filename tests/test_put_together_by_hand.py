"""From stated numbers to what runs, piece by piece: shares, ratios, prices, plans and dates worked out on
paper."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine import build, plans
from dabiao.engine.build import composition, economy, investment_history, sheet
from dabiao.engine.plans import LAGS, project_plans, resources, spread_of_months, stated_plans, totals
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Bilingual, Draws, Quantity
from dabiao.models.span import MEASURES, Over
from dabiao.scenarios.schema import Scenario
from regions import Drawn, four, laid, moving, sector


def place(**changes: Any) -> Scenario:
    return Scenario.model_validate(laid(four(), changes))


def moved(**changes: Any) -> Scenario:
    return Scenario.model_validate(laid(moving(), changes))


def q(value: float, **more: Any) -> Quantity:
    return Quantity(value=value, assumption="a", **more)


class Loose(Drawn):
    """Draws, which are taken to the edge of what is possible."""

    strict = False


def floats(stated: Any) -> dict[str, list[float]]:
    return {key: np.asarray(each).tolist() for key, each in stated.items()}


# ---- composition and ratios


def test_groups_are_opened_by_national_output() -> None:
    """Of 40 of `second` 600 parts of 850 are goods; all adds to 1, whatever was stated adds to."""
    national = place().national
    found = composition(national, {"second": q(40), "goods": q(20), "care": q(20)}, Draws())
    goods = (40 * 600 / 850 + 20) / 80
    assert {key: each[0] for key, each in found.items()} == pytest.approx(
        {"goods": goods, "building": 40 * 250 / 850 / 80, "care": 0.25}
    )
    # classes without output share evenly
    bare = place(national={"classes": {"goods": {"output": 0}, "building": {"output": 0}}}).national
    found = composition(bare, {"second": q(100)}, Draws())
    assert floats(found) == {"goods": [0.5], "building": [0.5]}


@pytest.mark.parametrize(
    ("stated", "ratio"),
    [({"va_ratio": 40}, 0.4), ({"output": 300}, 0.4), ({}, 0.3), ({"va_ratio": 50, "output": 300}, 0.5)],
)
def test_value_added_over_output_is_the_nearest_that_is_stated(
    stated: dict[str, float], ratio: float
) -> None:
    """The plants have 120 of value added, and goods 30 % in the nation."""
    branch = build._branches(place(sectors={"plants": stated}), "plants", Draws())[0]
    assert branch.va_ratio == pytest.approx([ratio]) and branch.output == pytest.approx([120 / ratio])
    assert branch.id == "plants" == branch.sector and not branch.supply_led
    assert build._branches(place(), "farms", Draws())[0].supply_led


def test_value_added_is_less_than_output() -> None:
    for output, kept in ((120, "1.000"), (100, "1.200")):
        scenario = place(sectors={"plants": {"output": output}})
        with pytest.raises(ScenarioError) as told:
            build._branches(scenario, "plants", Draws())
        assert kept in str(told.value) and told.value.problems[0].path == "sectors.plants.output"
    with np.errstate(divide="ignore"), pytest.raises(ScenarioError):
        build._branches(place(sectors={"plants": {"va_ratio": 0}}), "plants", Draws())
    scenario = place(sectors={"plants": {"output": 100}})
    stated = scenario.sectors["plants"].output
    loose = Loose({id(stated): np.array([100.0, 240.0, 1e9])})
    assert build._branches(scenario, "plants", loose)[0].va_ratio.tolist() == [0.999, 0.5, 0.001]


def test_a_chain_is_its_processes_and_other_products() -> None:
    """The chain makes 54 of 90 of value added. Dressing takes 2.5 ore at 100 for 512 of concentrate and
    tailings; smelting 1.6 concentrate at 500 for 2,090 of metal and slag; leaching 10 slag at 900."""
    scenario = place(chains={"ridge": {"processes": {"dressing": {"improvement": {"ore": -50}}}}})  # later
    branches = {each.id: each for each in build._branches(scenario, "mines", Draws())}
    scale = 54 / 1.8
    made = {"mining": 100 * 100, "dressing": 36 * 512, "smelting": 10 * 2090, "leaching": 0.08 * 20000}
    for name, value in made.items():
        assert branches[f"mines/{name}"].output == pytest.approx([value * scale * 1e-4]), name
    ratios = {"mining": 0.5, "dressing": 0.4, "smelting": 0.25, "leaching": 0.3}
    added = sum(made[name] * ratio for name, ratio in ratios.items()) * scale * 1e-4
    other = branches["mines/other"]
    whole = 90 / 0.38
    assert other.output == pytest.approx([whole - sum(made.values()) * scale * 1e-4])
    assert other.va_ratio == pytest.approx([(90 - added) / other.output[0]]) and not other.supply_led
    assert "ridge" not in str(other.title) and floats(other.national) == {"goods": [1.0]}
    assert other.title.of("en") == "Other products of process_chain"
    dressing, smelting, leaching = (branches[f"mines/{name}"] for name in list(made)[1:])
    assert floats(dressing.inputs) == {"mines/mining": pytest.approx([250 / 512])}
    assert floats(smelting.inputs) == {"mines/dressing": pytest.approx([800 / 2090])}
    assert floats(leaching.inputs) == {"mines/smelting": pytest.approx([9000 / 20000])}
    assert all(each.imported.tolist() == [0] and each.supply_led for each in (dressing, smelting, leaching))
    assert floats(leaching.national) == {"goods": pytest.approx([0.7]), "care": pytest.approx([0.3])}
    assert dressing.sector == "mines" and dressing.va_ratio == pytest.approx([0.4])
    assert [str(each.title) for each in branches.values()][:2] == ["mining", "dressing"]


def test_what_a_chain_buys_outside_comes_beside_what_it_makes() -> None:
    """Leaching of 0.2 takes 2 of slag, of which 1 is made: half of its 0.45 is bought. Coke at 50, half a
    unit for each of metal, is made by nobody."""
    chains = {
        "ridge": {
            "materials": {
                "slag": {"bought": {"national": {"building": 100}}},
                "coke": {"title": "coke", "price": 50, "bought": {"national": {"goods": 60, "soil": 40}}},
            },
            "processes": {
                "leaching": {"base": 0.2 * 30},
                "smelting": {"uses": {"coke": 0.5}, "base": 10 * 30},
            },
        }
    }
    scenario = place(chains=chains)
    branches = {each.id: each for each in build._branches(scenario, "mines", Draws())}
    leaching, smelting = branches["mines/leaching"], branches["mines/smelting"]
    assert leaching.imported == pytest.approx([0.225])
    assert floats(leaching.inputs) == {"mines/smelting": pytest.approx([0.225])}
    assert smelting.imported == pytest.approx([25 / 2090])
    assert leaching.feedstock == {"building"} and smelting.feedstock == {"goods", "soil"}
    assert branches["mines/mining"].feedstock == frozenset()


def test_a_chain_leaves_room_for_other_products() -> None:
    """All that it makes beyond the sector is told at once."""
    scenario = place(sectors={"mines": {"va": 40}})
    with pytest.raises(ScenarioError) as told:
        build._branches(scenario, "mines", Draws())
    assert [each.path for each in told.value.problems] == [
        f"sectors.mines.{name}" for name in ("output", "va", "output")
    ]
    cases = {(1, 1): 0, (-1, 1): 2, (2, -1): 1, (1, 2): 1, (-1e-10, -1e-10): 0, (0.5, 0.5 + 1e-8): 1}
    for (output, va), count in cases.items():
        if not count:
            build._leave_room("x", np.array([5, output]), np.array([1, va]))
            continue
        with pytest.raises(ScenarioError) as told:
            build._leave_room("x", np.array([5, output]), np.array([1, va]))
        assert len(told.value.problems) == count, (output, va)
    with pytest.raises(ScenarioError, match="3"):
        build._leave_room("x", np.array([-3.0, 1.0]), np.array([-4.0, 0.0]))
    loose = Loose({id(scenario.sectors["mines"].va): np.array([90.0, 40.0])})
    assert build._branches(scenario, "mines", loose)[-1].output[1] < 0


# ---- the base year


def test_investment_of_the_base_year_and_of_those_before() -> None:
    """168 in all: by the plan's shares, or by those stated for the base year; 4 % less each year back."""
    assert build.base_investment(place(), Draws())[:, 0] == pytest.approx([42] * 4)
    scenario = place(investment={"base_shares": {"plants": 60, "farms": 40}, "before": 4})
    assert build.base_investment(scenario, Draws())[:, 0] == pytest.approx([67.2, 100.8, 0, 0])
    past = investment_history(scenario, Draws())
    assert past.shape == (4, LAGS, 1) and past[1, :3, 0] == pytest.approx(
        [100.8, 100.8 / 1.04, 100.8 / 1.04**2]
    )
    drawn = Drawn({id(scenario.investment.before): np.array([4.0, 0.0, 25.0])})
    assert investment_history(scenario, drawn)[0, 1] == pytest.approx([67.2 / 1.04, 67.2, 67.2 / 1.25])


def test_income_is_the_one_stated() -> None:
    """Transfers of 33.6 are part of 133.6: labour income of 80 must earn 100."""
    accounts: Any = SimpleNamespace(labour=np.array([[0.5], [0.2]]), output=np.array([[100.0], [150.0]]))
    assert build._per_labour(place(), accounts, Draws()).tolist() == [1.0]
    stated = place(accounts={"disposable_income": 133.6})
    assert build._per_labour(stated, accounts, Draws()) == pytest.approx([1.25])
    for income in (33.6, 20.0):
        with pytest.raises(ScenarioError, match=r"33\.6") as told:
            build._per_labour(place(accounts={"disposable_income": income}), accounts, Draws())
        assert told.value.problems[0].path == "accounts.disposable_income"
    idle: Any = SimpleNamespace(labour=np.zeros((2, 1)), output=accounts.output)
    with pytest.raises(ScenarioError, match="labour_share"):
        build._per_labour(stated, idle, Draws())
    loose = Loose({id(stated.accounts.disposable_income): np.array([133.6, 20.0, 113.6])})
    assert build._per_labour(stated, accounts, loose) == pytest.approx([1.25, 0, 1])
    assert build._per_labour(stated, idle, loose).tolist() == [0, 0, 0]


def test_the_national_table_as_shares() -> None:
    """What households spend outside is no part of what they buy of classes."""
    scenario = place(
        national={
            "household_outside": 20,
            "government_outside": 5,
            "classes": {"goods": {"outside_inputs": 7, "government_share": 10}},
        }
    )
    found = build._table(scenario.national, Draws())
    assert found.classes == ("soil", "goods", "building", "care")
    assert found.coefficients[1, :, 0].tolist() == [0.15, 0.4, 0.5, 0.15]
    assert found.coefficients[:, 1, 0].tolist() == [0.1, 0.4, 0.01, 0.18]
    assert found.va_ratio[:, 0] == pytest.approx([0.6, 0.3, 0.25, 0.54])
    assert found.household_share[:, 0] == pytest.approx([0.12, 0.32, 0, 0.36])
    assert found.government_share[:, 0] == pytest.approx([0.019, 0.095, 0, 0.931])
    assert found.labour_share[:, 0] == pytest.approx([0.9, 0.4, 0.65, 0.5])
    assert found.regional_purchase[:, 0] == pytest.approx([0.5, 0.2, 0.8, 0.75])
    assert found.outside[:, 0] == pytest.approx([0, 0.07, 0, 0])
    assert build._class(scenario.national, "goods") == "goods"
    with pytest.raises(ScenarioError, match="`making`"):
        build._class(scenario.national, "making")


def test_prices_grow_as_stated() -> None:
    scenario = moved(
        prices={"gdp_in": {"2022": 5}},
        chains={"ridge": {"materials": {"metal": {"long_run_price": 3000, "price_reversion": 30}}}},
    )
    own = economy(scenario, Draws())
    prices = own.prices
    assert prices.gdp == pytest.approx([1.01]) and prices.consumer == pytest.approx([1.02])
    assert prices.investment == pytest.approx([1.015]) and floats(prices.gdp_in) == {2: [1.05]}
    by_branch = dict(zip((each.id for each in _branches(scenario)), prices.sectors[:, 0], strict=True))
    assert by_branch["plants"] == pytest.approx(0.98) and by_branch["shops"] == pytest.approx(1.01)
    assert by_branch["mines/leaching"] == pytest.approx(1.01)
    material = floats(prices.material)
    assert material["oxide"] == [0.95] and material["ore"] == [1.0]
    assert floats(prices.material_base)["slag"] == [900.0]
    assert floats(prices.material_level) == {"metal": [1.5]}
    assert floats(prices.reversion)["metal"] == [0.3] and floats(prices.reversion)["ore"] == [0.0]
    assert prices.worth["ore"] == pytest.approx(1e-4)


def _branches(scenario: Scenario) -> list[Any]:
    return [branch for each in build._owned(scenario, Draws()).values() for branch in each]


def test_an_economy_has_what_is_stated() -> None:
    scenario = moved(
        sectors={"shops": {"demand": 2}},
        outlook={"change": {"2022": 1.5, "2024": -2}},
        accounts={"disposable_income": 170},
    )
    own = economy(scenario, Draws())
    assert (
        own.base_year == 2020 and own.years == 4 and own.sector_ids == ("farms", "plants", "mines", "shops")
    )
    assert own.later[:, 0] == pytest.approx([0, 0.015, 0.015, -0.02])
    assert own.government_growth == pytest.approx([1.02])
    people = own.households
    assert (people.elasticity[0], people.transfers[0]) == pytest.approx((0.8, 33.6))
    assert people.autonomous == pytest.approx([1.01]) and people.transfer_growth == pytest.approx([1.03])
    labour = (own.accounts.labour * own.accounts.output).sum()
    assert people.per_labour == pytest.approx([(170 - 33.6) / labour])
    ids = [each.id for each in _branches(scenario)]
    assert dict(zip(ids, own.above_scale[:, 0], strict=True)) == pytest.approx(
        {key: {"farms": 0, "plants": 0.9, "shops": 0}.get(key, 0.95) for key in ids}
    )
    assert dict(zip(ids, own.demand_growth[:, 0], strict=True)) == pytest.approx(
        {key: 1.02 if key == "shops" else 1.0 for key in ids}
    )
    assert own.indicators == {}
    assert own.accounts.output[:, 0].sum() == pytest.approx(
        sum(each.output[0] for each in _branches(scenario))
    )


def test_groups_of_sectors_are_made_of_their_classes_alone() -> None:
    """`second` holds goods and building, and what is stated by `making`; mines are goods, shops care."""
    scenario = place(
        sectors={
            "plants": {"national": {"goods": None, "making": 70, "building": 30}},
            "farms": {"national": {"soil": 90, "goods": 10}},
        },
        national={"groups": {"all": ["soil", "goods", "building", "care"]}},
    )
    assert build._groups(scenario) == {
        "second": ("plants", "mines"),
        "making": ("mines",),
        "all": ("farms", "plants", "mines", "shops"),
    }


# ---- the sheet


def test_digits_show_a_tier_as_it_is_stated() -> None:
    assert build._digits(1, (5.25, None, 6.0)) == 2 and build._digits(1, (5.2, None)) == 1
    assert build._digits(0, (5.5,)) == 1 and build._digits(1, (None, None, None)) == 1
    assert build._digits(1, (5.2, None, 4.44)) == 2


def test_rows_of_a_sheet() -> None:
    relations = {
        "jobs": {"title": "Jobs", "unit": "1", "digits": 2, "constant": 3, "drivers": {"gdp_growth": 0.5}},
        "fees": {
            "title": "Fees",
            "constant": 10,
            "drivers": {"gdp_growth": 2.0},
            "borrowed": True,
            "unit": "yuan",
        },
    }
    rows = {
        "gdp_growth": {"ensure": 5.25, "stretch": 6, "main": True},
        "trade": {
            "indicator": "output_value",
            "covers": ["plants"],
            "at_most": 9,
            "title": "Trade",
            "base": 7,
        },
        "jobs": {"ensure": 4, "year": 2023},
        "fees": {"ensure": 2},
        "air": {
            "basis": "stated",
            "unit": "days",
            "expected": 3,
            "stretch": 4,
            "over": [2021, 2023],
            "measure": "sum",
        },
        "mean": {"indicator": "gdp_growth", "ensure": 5, "year": 2021},
    }
    scenario = place(relations=relations, targets=rows, years={"target": 2022})
    found = sheet(scenario, Draws())
    growth, trade, jobs, fees, air, mean = (found.targets[key] for key in rows)
    assert (growth.basis, growth.unit, growth.main, growth.digits) == ("modelled", "%", True, 2)
    assert (growth.ensure, growth.stretch, growth.at_most, growth.expected) == (5.25, 6, None, None)
    assert growth.over is None and growth.asked.base is None and growth.id == "gdp_growth"
    assert (trade.indicator, trade.basis, trade.at_most, str(trade.title)) == (
        "output_value",
        "modelled",
        9,
        "Trade",
    )
    assert trade.asked.covers == ("plants",) and trade.asked.base == pytest.approx([7]) and not trade.main
    assert (jobs.basis, jobs.unit, jobs.digits, jobs.over) == ("linked", "1", 2, Over(3, 3))
    assert str(jobs.title) != "Jobs" and "Jobs" in str(jobs.title) and "2023" in str(jobs.title)
    assert fees.basis == "stated" and fees.unit == "yuan"
    assert (air.basis, air.unit, air.expected, air.digits) == ("stated", "days", 3, 1)
    assert air.over == Over(1, 3, MEASURES["sum"]) and "air" in str(air.title) and "2021" in str(air.title)
    assert mean.over == Over(1, 1) and mean.indicator == "gdp_growth"
    assert found.relations["jobs"].constant == pytest.approx([3])
    assert found.relations["jobs"].drivers["gdp_growth"] == pytest.approx([0.5])
    # a level of another region: 30 of this one where 10 + 2 x 5 are expected
    known = place(
        relations=relations, targets=rows, years={"target": 2022},
        history={"outcomes": {"fees": 30, "gdp_growth": 5}},
    )  # fmt: skip
    own = sheet(known, Draws())
    assert own.targets["fees"].basis == "linked"
    assert own.relations["fees"].constant == pytest.approx([15])
    assert own.relations["fees"].drivers["gdp_growth"] == pytest.approx([3])


def test_the_years_that_a_row_speaks_of() -> None:
    years = place(years={"target": 2022}).years

    def over(**stated: Any) -> Over | None:
        row = place(targets={"gdp_growth": {"ensure": 1, "main": True, **stated}}, years={"target": 2022})
        return build._over(row.targets["gdp_growth"], years)

    assert over() is None and over(year=2022) is None
    assert over(year=2021) == Over(1, 1) and over(year=2024) == Over(4, 4)
    assert over(over=[2021, 2023], measure="sum") == Over(1, 3, MEASURES["sum"])
    assert over(measure="every") == Over(1, 2, MEASURES["every"])
    title = Bilingual.same("Growth")
    assert build._titled(title, None, 2020) is title
    assert "2022" in str(build._titled(title, Over(2, 4, MEASURES["sum"]), 2020))
    assert "2024" in str(build._titled(title, Over(2, 4, MEASURES["sum"]), 2020))


# ---- plans


def test_totals_by_growth_and_by_stated_years() -> None:
    """168, 6 % more, then 3 %; a level in one year and another growth in another go before."""
    change = {"growth": 6, "later": 3}
    plain = place(investment=change)
    assert totals(plain, Draws())[:, 0] == pytest.approx([168 * 1.06 * 1.03**t for t in range(4)])
    fixed = place(investment=change | {"path": {"2022": 200}, "growth_in": {"2024": -10}})
    assert totals(fixed, Draws())[:, 0] == pytest.approx([168 * 1.06, 200, 206, 206 * 0.9])
    first = place(investment=change | {"growth_in": {"2021": 1}})
    assert totals(first, Draws())[:, 0] == pytest.approx([168 * 1.01 * 1.03**t for t in range(4)])
    drawn = Drawn({id(fixed.investment.later): np.array([3.0, 0.0])})
    assert totals(fixed, drawn)[2] == pytest.approx([206, 200]) and totals(fixed, drawn).shape == (4, 2)


def test_mixes_share_the_money_of_each_year() -> None:
    mixes = {
        "other": {"title": "other", "shares": {"plants": 70, "shops": 30}},
        "more": {"title": "more", "starts_from": "other", "add": {"plants": -10, "farms": 10}},
        "years": {
            "title": "years",
            "shares": {"plants": 100},
            "by_year": {"2022": {"plants": 50, "mines": 50}, "2024": {"shops": 100}},
        },
        "yet": {"title": "yet", "starts_from": "years", "add": {"farms": 5, "plants": -5}},
    }
    scenario = place(mixes=mixes)
    found = stated_plans(scenario, Draws())
    assert list(found) == ["plan", "other", "more", "years", "yet"]
    assert [str(each.title) for each in found.values()] == list(found) == [each.id for each in found.values()]
    parts = {key: each.investment / 1.68 for key, each in found.items()}
    assert parts["plan"] == pytest.approx(np.full((4, 4), 25))
    assert parts["other"][:, 2] == pytest.approx([0, 70, 0, 30]) and parts["more"][:, 2] == pytest.approx(
        [10, 60, 0, 30]
    )
    assert (
        pytest.approx(np.array([[0, 100, 0, 0], [0, 50, 50, 0], [0, 50, 50, 0], [0, 0, 0, 100]]))
        == parts["years"].T
    )
    assert (
        pytest.approx(np.array([[5, 95, 0, 0], [5, 45, 50, 0], [5, 45, 50, 0], [5, -5, 0, 100]]))
        == parts["yet"].T
    )
    plan = found["years"]
    assert plans.counted(scenario, plan, 2) == pytest.approx(168)
    assert plans.counted_money(scenario, plan, 2) == pytest.approx([0, 84, 84, 0])
    free = place(mixes=mixes, investment={"movable": 10})
    assert plans.counted_money(free, plan, 2) == pytest.approx([0, 252, 84, 0])
    assert plans.counted(free, plan, 3) == pytest.approx(504)


def test_a_part_of_the_money_is_put_in_place() -> None:
    found = plans.realised_share(place(sectors={"plants": {"realisation": 85}}), Draws())
    assert found[:, 0].tolist() == [1, 0.85, 1, 1]


def test_what_projects_share() -> None:
    funds = {"bank": {"title": "bank", "amount": 20}, "own": {"title": "own"}}
    found = resources(place(funds=funds, pipeline={"approvals": 3, "builders": 7.9}), Draws())
    assert (found.approvals, found.builders, found.funds) == (3, 7, {"bank": 20.0})
    free = resources(place(funds=funds), Draws())
    assert (free.approvals, free.builders, free.funds) == (None, None, {"bank": 20.0})


MONTHS = {"approval": 5, "registration": 2, "construction": 18, "ramp_up": 12}


def works(**over: Any) -> dict[str, Any]:
    shared = {
        "title": "w",
        "sector": "plants",
        "invest": 18,
        "stage": "approved",
        "months": MONTHS,
        "slip": 3,
    }
    return laid(shared, over)


def test_projects_as_the_pipeline_takes_them() -> None:
    stated = {
        "one": works(
            start="2022-04", done=0, cancel=20, funds={"bank": 30}, adds={"output": 6}, key=False, earlier=4,
            months={"construction": {"value": 18, "low": 12, "high": 30}}, slip={"value": 3, "high": 9},
        ),
        "two": works(stage="started", start="2020-10", finish="2021-12", done=35, cancelled="2021-05"),
        "three": works(start="2021-02", decided="2021-09"),
        "four": works(sector="mines", adds={"process": "leaching", "capacity": 0.3}, start="2021-03"),
    }  # fmt: skip
    scenario = place(projects=stated, funds={"bank": {"title": "bank"}})
    one, two, three, four = project_plans(scenario, Draws())
    assert (one.id, one.sector, one.invest, one.stage, one.start, one.finish) == (
        "one", "plants", 18, "approved", 15, None,
    )  # fmt: skip
    assert (one.done, one.cancel, dict(one.funds), one.key, one.output, one.stop) == (
        0, 0.2, {"bank": 0.3}, False, 6, None,
    )  # fmt: skip
    assert (one.approval, one.registration, one.construction, one.ramp_up, one.slip) == (5, 2, 18, 12, 3)
    assert dict(one.spread) == {"construction": (12, 30), "slip": (3, 9)} and one.earliest == 11
    assert (two.start, two.done, two.stop, two.earliest, two.cancel) == (-3, 0.35, 4, None, 0)
    assert two.finish == pytest.approx(12, abs=2e-6) and two.finish is not None and two.finish < 12
    assert (three.start, three.decided, three.earliest, three.done) == (8, 7, 8, None)
    assert two.output == 0 and four.output == 0.3 and four.key and not four.funds and four.earliest == 2
    assert [each.usual for each in (one, two, three, four)] == [3, 3, 3, 3]
    # as far as a limit of starts lets it, relaxed or not; not before month 0
    limit = {"title": "early", "on": "advance", "max": 2, "relax_to": 6, "price": 1}
    for change, months in ((limit, 6), ({**limit, "relax_to": None}, 2)):
        limited = place(
            projects=stated, funds={"bank": {"title": "bank"}}, limits={"early": laid({}, change)}
        )
        early = project_plans(limited, Draws())
        assert [each.earliest for each in early] == [11, None, 8 - months, max(2 - months, 0)]
    drawn = Drawn(
        {
            id(scenario.projects["one"].invest): np.array([20.0, 30.0]),
            id(scenario.projects["one"].months.construction): np.array([24.0, 30.0]),
        }
    )
    assert project_plans(scenario, drawn)[0].construction == 24
    apart = project_plans(scenario, drawn, Draws())[0]
    assert apart.construction == 18 and apart.invest == 20


def test_usual_delays_are_those_of_their_kind() -> None:
    """Three alike are late by 1, 4 and 9, others by 2 and 0: of all it is 2; a finished one counts not."""
    alike = {f"a{late}": works(slip=late, start="2021-03") for late in (1, 9, 4)}
    others = {
        "b": works(invest=20, slip=2, start="2021-03"),
        "c": works(sector="shops", slip=0, start="2021-03"),
    }
    done = {"d": works(stage="commissioned", start="2019-01", finish="2020-06", slip=50)}
    scenario = place(projects=alike | others | done)
    assert plans.usual_delays(scenario).tolist() == [4, 4, 4, 2, 2, 4]
    assert plans.usual_delays(place(projects=alike, listing={"slip": 7})).tolist() == [7] * 3
    parted = {
        "a1": laid(alike["a1"], {"months": {"ramp_up": 3}}),
        "a9": alike["a9"],
        "a4": laid(alike["a4"], {"adds": {"output": 1}}),
    }
    # an output of its own parts no kinds, another ramp-up does: no three are alike
    assert plans.usual_delays(place(projects=parted)).tolist() == [4] * 3
    longer = {
        "a1": laid(alike["a1"], {"months": {"construction": 30}}),
        **{k: alike[k] for k in ("a9", "a4")},
    }
    assert plans.usual_delays(place(projects=longer | {"b": works(slip=8, start="2021-03")})).tolist() == [
        6,
        8,
        8,
        8,
    ]


def test_bounds_of_months() -> None:
    months = moved(
        projects={
            "coming": {"months": {"approval": {"value": 6, "low": 2}, "ramp_up": {"value": 9, "high": 12}}}
        }
    ).projects["coming"]
    assert spread_of_months(months.months, months.slip) == {"approval": (2, 6), "ramp_up": (9, 12)}
    assert (
        plans.one(q(4), Draws()) == 4.0
        and plans.one(months.slip, Drawn({id(months.slip): np.array([7.0])})) == 7.0
    )
    assert sector("industry", 10)["va"] == 10


def test_indicators_are_fitted_to_what_drives_them_in_the_base_year() -> None:
    """Of the plants: 400 of output, 120 of value added, 42 of investment, and their labour income."""
    driven = {
        "output": 400,
        "nominal_output": 400,
        "value_added": 120,
        "nominal_value_added": 120,
        "labour_income": 0.35 * 120,
        "investment": 42,
        "nominal_investment": 42,
    }
    counts = {
        key: {"title": key, "unit": "t", "driver": key, "coefficients": {"plants": 2}, "base": 84}
        for key in driven
    }
    scenario = place(indicators=counts, sectors={"plants": {"labour_share": 35}})
    found = economy(scenario, Draws()).indicators
    assert {key: each.fitted for key, each in found.items()} == pytest.approx(
        {key: 84 / (2 * value) for key, value in driven.items()}
    )


def test_what_a_sector_states_of_its_purchases_and_wages_is_taken() -> None:
    """Nothing is bought here of a sector of which nothing is; wages are so much of its value added."""
    scenario = place(sectors={"plants": {"regional_purchase": 0, "labour_share": 35}})
    own = economy(scenario, Draws()).accounts
    at = [each.id for each in _branches(scenario)].index("plants")
    assert not own.local[at].any() and not own.household[at].any()
    assert own.labour[at] == pytest.approx([0.35 * 0.3])
    some = economy(place(sectors={"plants": {"regional_purchase": 4}}), Draws()).accounts
    more = economy(place(sectors={"plants": {"regional_purchase": 8}}), Draws()).accounts
    assert more.local[at, at] == pytest.approx(2 * some.local[at, at]) and some.local[at, at, 0] > 0
    assert some.labour[at] == pytest.approx([0.4 * 0.3])
