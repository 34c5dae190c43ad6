"""A scenario carried on to the next year: every number of the new one worked out on paper from a region whose
plan is a few round figures."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.cli.roll import _parent
from dabiao.engine.tracking import roll_years
from dabiao.engine.tracking.roll import ROUNDED, _Roll, _scaled, _whole_year, roll
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Bilingual, Quantity
from dabiao.scenarios.schema import Project, Scenario
from dabiao.scenarios.schema_actuals import ProjectActual
from planning import target
from regions import four, moving

SECTORS = ("farms", "plants", "mines", "shops")
GREW = {"figures": {"gdp_growth": {"2021-12": {"value": 4.5, "source": "yearbook"}}}}
PATH = {
    "gdp": np.array([[420.0], [462.0]]),
    "consumption": np.array([[100.0], [120.0]]),
    "income": np.array([[50.0], [75.0]]),
    "value_added": np.array([[[60.0], [66.0]], [[120.0], [126.0]], [[90.0], [99.0]], [[150.0], [180.0]]]),
    "realisation": SimpleNamespace(placed=lambda year: np.array([[40.0, 60.0], [50.0, 65.0]][year])),
}
"""GDP is planned to grow by 10 %, sectors by 10, 5, 10 and 20, investment by 15."""


def rolling(actuals: dict[str, Any] | None = None, data: dict[str, Any] | None = None, **more: Any) -> _Roll:
    """Growth of 4.5 % is known besides what is stated; the rest is as planned."""
    said = actuals or {}
    known = {**said, "figures": {**GREW["figures"], **said.get("figures", {})}}
    scenario = Scenario.model_validate({**(data or four()), "actuals": known})
    money = np.array([30.0, 60.0, 40.0, 70.0])
    sheet = SimpleNamespace(
        targets={key: target("gdp_growth", 1.0) for key in scenario.targets},
        value=lambda row, path, year: np.array([3.25 + year]),
    )
    begun: Any = SimpleNamespace(
        plan=SimpleNamespace(
            path=SimpleNamespace(**PATH), plan=SimpleNamespace(money=lambda year: year * money)
        ),
        sheet=sheet,
        economy=SimpleNamespace(covered=lambda keys: np.array([float(key in keys) for key in SECTORS])),
        **more,
    )
    return _Roll(SimpleNamespace(scenario=scenario), begun, _whole_year(scenario))  # type: ignore[arg-type]


def values(made: dict[str, Any]) -> dict[str, float]:
    return {key: own["value"] for key, own in made.items()}


def english(made: _Roll) -> list[str]:
    return [each.of("en") for each in made.told]


# ---- accounts


def test_accounts_move_by_what_the_year_came_to_against_the_plan() -> None:
    """1.045 where the plan gave 1.1: consumption times 1.2, income 1.5, prices 2 %; GDP by 1 % of prices."""
    data = moving(accounts={"disposable_income": 200})
    made = rolling(data=data)
    off = 1.045 / 1.1
    assert values(made._accounts()) == {
        "gdp": round(420 * 1.045 * 1.01, 2),
        "fai": pytest.approx(168 * 1.15, abs=5e-4),
        "household_consumption": pytest.approx(147 * 1.2 * off * 1.02, abs=5e-4),
        "disposable_income": pytest.approx(200 * 1.5 * off * 1.02, abs=5e-4),
        "transfers": pytest.approx(33.6 * 1.03 * off * 1.02, abs=5e-4),
        "government_consumption": pytest.approx(50.4 * 1.02 * off * 1.02, abs=5e-4),
    }
    assert made.gdp == round(420 * 1.045 * 1.01, 2)
    assert english(made) == [
        "GDP of 2021 is not known: growth and the stated deflator are taken",
        "investment of 2021 is not known: the plan's is taken",
    ]
    said = made._gdp()["assumption"]
    assert said["en"].startswith("420 × (1 + 4.5 %)") and said["zh"].startswith("420×(1＋4.5%)")


def test_what_is_known_of_the_accounts_goes_before() -> None:
    """The deflator of the year before the usual one."""
    dear = moving(prices={"gdp_in": {"2021": 3, "2022": 9}})
    assert rolling(data=dear)._gdp()["value"] == round(420 * 1.045 * 1.03, 2)
    known = {"gdp": 450, "fai": 180, "government_consumption": {"value": 55, "source": "budget"}}
    made = rolling({"accounts": known})
    found = made._accounts()
    assert found["gdp"] == {"value": 450.0, "assumption": "-"} and made.gdp == 450
    assert found["fai"]["value"] == 180 and made._fai_growth() == pytest.approx(100 * (180 / 168 - 1))
    assert found["government_consumption"] == {"value": 55.0, "source": "budget"}
    assert english(made) == [] and made._fai_known


def test_accounts_are_known_by_rows_of_the_sheet_too() -> None:
    """A level of the whole region, or growth of investment; a row of some sectors is another matter."""
    rows = {"level": {"indicator": "gdp_level"}, "part": {"indicator": "gdp_level", "covers": ["farms"]}}
    data = four(targets={**rows, "fai_growth": {"ensure": 3}})
    part = rolling({"figures": {"part": {"2021-12": 70}}}, data)
    assert part._stated("gdp") is None and not part._fai_known
    whole = rolling({"figures": {"part": {"2021-12": 70}, "level": {"2021-12": 444}}}, data)
    assert whole._gdp()["value"] == 444
    grown = rolling({"figures": {"fai_growth": {"2021-12": -7.5, "2021-06": 99}}}, data)
    assert grown._fai_known and grown._fai_growth() == -7.5 and grown.told == []
    assert grown._accounts()["fai"]["value"] == pytest.approx(168 * 0.925)


def test_a_number_is_carried_on_with_its_range_and_its_reason() -> None:
    made = rolling()
    found = made._carried(Quantity(value=10.0, low=8.0, high=15.0), 1.23456)
    assert (found["value"], found["low"], found["high"]) == (12.346, 9.876, 18.518)
    assert found["assumption"]["en"].startswith("10 of 2020 carried on by the plan's growth of 2021")
    assert found["assumption"]["zh"].startswith("2020年10按方案2021年")
    bare = made._carried(Quantity(value=10.0), 2.0)
    assert set(bare) == {"value", "assumption"}
    exact = made._exact(Quantity(value=10.0, low=8.0), 12.345678)
    assert exact == {"value": 12.35, "assumption": bare["assumption"]}
    why = Quantity(value=1.0, assumption=Bilingual(zh="估", en="guess"))
    assert made._given(why) == {"value": 1.0, "assumption": {"zh": "估", "en": "guess"}}


# ---- sectors


def test_sectors_are_as_known_then_groups_then_the_rest_of_gdp() -> None:
    """Plants 140 of 250 that plants and mines make together: mines 110. Of 450 are left 200 for farms and
    shops, as 60 x 1.1 to 150 x 1.2."""
    data = four(sectors={"farms": {"growth_before": 3}, "shops": {"output": 300}})
    made = rolling({"accounts": {"gdp": 450, "second": 250, "plants": 140}}, data)
    made._accounts()
    found = made._sectors()
    farms = 200 * 66 / (66 + 180)
    assert {key: own["va"]["value"] for key, own in found.items()} == {
        "farms": pytest.approx(farms, abs=0.01),
        "plants": 140.0,
        "mines": 110.0,
        "shops": pytest.approx(200 - farms, abs=0.01),
    }
    assert sum(own["va"]["value"] for own in found.values()) == pytest.approx(450, abs=1e-9)
    assert found["plants"]["va"]["assumption"] == "-"
    assert found["farms"]["growth_before"]["value"] == 10.0 and "growth_before" not in found["mines"]
    assert found["shops"]["output"]["value"] == pytest.approx(300 * (200 - farms) / 150, abs=0.01)
    assert "output" not in found["farms"]


def test_prices_and_growth_alone_move_sectors_of_which_nothing_is_known() -> None:
    made = rolling({"accounts": {"gdp": 471}})
    made._accounts()
    found = made._sectors()
    assert {key: own["va"]["value"] for key, own in found.items()} == {
        "farms": 66.0,
        "plants": 126.0,
        "mines": 99.0,
        "shops": 180.0,
    }


def test_the_rest_of_rounding_is_the_largest_sectors_that_is_free() -> None:
    made = rolling({"accounts": {"shops": 180}})
    made.gdp = 471.0
    found = {
        "farms": {"va": {"value": 66.01}},
        "plants": {"va": {"value": 126.02}},
        "shops": {"va": {"value": 180.0}},
        "mines": {"va": {"value": 98.94}},
    }
    made._balance(found)
    assert found["plants"]["va"]["value"] == 126.05
    only = {"shops": {"va": {"value": 1.0}}}
    made._balance(only)
    assert only["shops"]["va"]["value"] == 1.0


@pytest.mark.parametrize(
    ("parts", "whole", "fits"),
    [
        ({"plants": 300.0, "shops": 102.0}, True, True),  # half a percent, which is what rounding may make
        ({"plants": 300.0, "shops": 98.0}, True, True),
        ({"plants": 300.0, "shops": 102.1}, True, False),
        ({"plants": 300.0, "shops": 97.9}, True, False),
        ({"plants": 399.0}, False, True),
        ({"plants": 400.0}, False, False),
        ({"plants": 120.0}, False, True),
        ({"plants": 120.0, "shops": 0.0}, False, False),
        ({"plants": 120.0, "shops": 0.5}, False, True),
        ({}, False, True),
    ],
)
def test_parts_fit_into_gdp(parts: dict[str, float], whole: bool, fits: bool) -> None:
    assert ROUNDED == 0.005
    made = rolling({"accounts": {"gdp": 400, "fai": 90, "transfers": 20, "plants": 1, "shops": 1}})
    made.gdp = 400.0
    if fits:
        made._adds_up(parts, whole=whole)
        return
    with pytest.raises(ScenarioError) as found:
        made._adds_up(parts, whole=whole)
    (problem,) = found.value.problems
    assert problem.path == "actuals.accounts.plants"
    text = str(problem)
    assert f"{sum(parts.values()):.2f} (plants, shops)" in text
    assert ("less than GDP of 2021, 400.00" in text) is not whole and "GDP of 2021, 400.00" in text


def test_nothing_stated_of_sectors_is_nothing_wrong() -> None:
    made = rolling({"accounts": {"gdp": 400, "fai": 90, "transfers": 20}})
    made.gdp = 400.0
    made._adds_up({"plants": 500.0}, whole=False)
    assert _scaled({}, 5.0) == {}


def test_classes_of_groups_are_those_of_their_members() -> None:
    made = rolling()
    sectors = made.scenario.sectors
    assert made._classes(sectors["plants"]) == {"goods"}
    group = sectors["plants"].model_copy(update={"national": {"second": Quantity(value=100.0)}})
    assert made._classes(group) == {"goods", "building"}


# ---- investment and limits


def test_the_plans_mix_is_the_base_years() -> None:
    """30, 60, 40 and 70 of 200; the first takes the rest of rounding."""
    assert rolling()._investment() == {
        "before": {"value": 15.0, "assumption": {"zh": "已知数，或方案推算", "en": "as known, or the plan's"}}
    }
    shares = dict.fromkeys(SECTORS, 25)
    made = rolling({"accounts": {"fai": 175.3}}, four(investment={"base_shares": shares}))
    made.begun.plan.plan.money = lambda year: np.array([10.0, 10.0, 10.0, 0.001]) * year  # type: ignore[method-assign]
    found = made._investment()
    assert found["before"]["value"] == pytest.approx(100 * (175.3 / 168 - 1), abs=0.005)
    assert list(found["base_shares"]) == ["assumption", *SECTORS]
    assert [found["base_shares"][key] for key in SECTORS] == [33.34, 33.33, 33.33, 0.0]
    assert found["base_shares"]["assumption"]["en"] == "the plan's mix of 2021"
    even = rolling(None, four(investment={"base_shares": shares}))._investment()["base_shares"]
    assert [even[key] for key in SECTORS] == [15.0, 30.0, 20.0, 35.0]


def test_limits_in_money_grow_with_investment() -> None:
    limits = {"purse": {"title": "purse", "on": "investment", "max": 200}}
    made = rolling({"accounts": {"fai": 210}}, four(limits=limits))
    assert made._limits()["purse"]["max"]["value"] == 250.0
    spans = {
        "purse": {"title": "purse", "on": "investment", "max": 600, "over": [2021, 2023], "together": True}
    }
    made = rolling({"accounts": {"fai": 210}}, four(limits=spans))
    assert made._limits()["purse"]["max"]["value"] == 390.0


def test_investment_of_years_that_are_over_goes() -> None:
    scenario = Scenario.model_validate(
        moving(
            years={"target": 2023},
            investment={
                "path": {"2020": 1, "2021": 2, "2022": 3},
                "growth_in": {"2022": 4},
                "later": {"value": 3, "low": 1, "source": "plan"},
            },
        )
    )
    assert roll_years.investment(scenario) == {
        "path": {"2020": None, "2021": None},
        "growth": {"value": 3.0, "low": 1.0, "source": "plan"},
    }
    later = {"value": 3, "high": 5, "assumption": {"zh": "估", "en": "guess"}}
    guess = Scenario.model_validate(moving(years={"target": 2022}, investment={"later": later}))
    assert roll_years.investment(guess)["growth"] == {
        "value": 3.0,
        "high": 5.0,
        "assumption": {"zh": "估", "en": "guess"},
    }
    bare = Scenario.model_validate(moving(years={"target": 2022}))
    assert roll_years.investment(bare)["growth"] == {"value": 3.0, "assumption": "-"}
    assert roll_years.investment(Scenario.model_validate(moving())) == {}


def test_shares_that_hold_from_a_year_that_is_over_hold_from_the_start() -> None:
    shares = {str(year): dict.fromkeys(SECTORS, year - 2000) for year in range(2019, 2023)}
    shares["2021"]["farms"] = {"value": 40, "source": "plan"}  # type: ignore[assignment]
    shares["2021"]["shops"] = {"value": 30, "assumption": {"zh": "估", "en": "guess"}}  # type: ignore[assignment]
    scenario = Scenario.model_validate(four(mixes={"plan": {"by_year": shares}}))
    assert roll_years.mixes(scenario) == {
        "plan": {
            "shares": {
                "farms": {"value": 40.0, "source": "plan"},
                "plants": {"value": 21.0, "assumption": "-"},
                "mines": {"value": 21.0, "assumption": "-"},
                "shops": {"value": 30.0, "assumption": {"zh": "估", "en": "guess"}},
            },
            "by_year": {"2019": None, "2020": None, "2021": None},
        }
    }
    assert roll_years.mixes(Scenario.model_validate(four())) == {}


# ---- projects

MONTHS = {"approval": 6, "registration": 0, "construction": 18, "ramp_up": 12}


def project(stage: str = "approved", **more: Any) -> Project:
    usual = {"title": "works", "sector": "plants", "invest": 9, "months": MONTHS, "slip": 3, "stage": stage}
    return Project.model_validate({**usual, **more})


STATE = {
    "zh": "2021年末状态：按实绩，缺者按计划",
    "en": "state at the end of 2021: as known, otherwise as planned",
}
DONE = {"stage": "commissioned", "done": 100, "slip": 0}


@pytest.mark.parametrize(
    ("stated", "started", "online", "done", "expected"),
    [
        (project(start="2021-03"), 2.0, 11.99, 0.4, {**DONE, "finish": "2021-12"}),
        (project(start="2021-12"), 2.0, 0.0, 0.4, {**DONE, "finish": "2021-01"}),
        (project(start="2022-01"), 2.0, 5.5, 0.4, {**DONE, "finish": "2021-06", "start": "2021-03"}),
        (project(), 2.0, 5.5, 0.4, {**DONE, "finish": "2021-06", "start": "2021-03"}),
        (project(), np.inf, 5.5, 0.4, {**DONE, "finish": "2021-06"}),
        (project(start="2022-02"), np.inf, 5.5, 0.4, {**DONE, "finish": "2021-06", "start": None}),
        (project(), 11.9, 12.0, 0.476, {"stage": "registered", "done": 47.6, "start": "2021-12"}),
        (project("planned"), 3.0, 40.0, 1.2, {"stage": "registered", "done": 99.0, "start": "2021-04"}),
        (project("started"), 3.0, 40.0, 0.12345, {"stage": "registered", "done": 12.3}),
        (
            project("registered", finish="2021-12", cancel=20),
            -3.0,
            14.0,
            0.5,
            {"stage": "registered", "done": 50.0, "finish": "2022-03", "cancel": None},
        ),
        (
            project("registered", finish="2021-12"),
            -3.0,
            np.inf,
            0.5,
            {"stage": "registered", "done": 50.0, "finish": None},
        ),
        (project("registered", finish="2022-01"), -3.0, 14.0, 0.5, {"stage": "registered", "done": 50.0}),
        (project(start="2021-12"), 12.0, 30.0, 0.0, {"start": "2022-01"}),
        (project(), 14.5, 30.0, 0.0, {"start": "2022-03"}),
        (project(start="2022-01"), 14.5, 30.0, 0.0, {}),
        (project(start="2021-06", finish="2021-12"), np.inf, np.inf, 0.0, {"finish": None}),
        (project(start="2022-01", finish="2022-01"), 14.5, 30.0, 0.0, {}),
        (project("commissioned", finish="2020-06"), -20.0, 5.0, 1.0, {}),
    ],
)
def test_a_project_at_the_end_of_the_year(
    stated: Project, started: float, online: float, done: float, expected: dict[str, Any]
) -> None:
    """The twelfth month after the base year is the last of the year that is over."""
    made = rolling()
    found = made._project(stated, started, online, done, "works")
    assert found == (expected | {"assumption": STATE} if expected else {})
    assert made.taken == (
        {expected["stage"]: [stated.title]} if expected.get("stage", stated.stage) != stated.stage else {}
    )


def test_what_is_known_of_a_project_goes_before_the_plan() -> None:
    """Done 33 %; expected later, so that the plan's month is the one found less the usual delay; what is
    known is not asked about."""

    def found(stated: Project, known: dict[str, Any], started: float, online: float) -> Any:
        made = rolling()
        made.actuals = made.actuals.model_copy(
            update={"projects": {"works": ProjectActual.model_validate(known)}}
        )
        own = made._project(stated, started, online, 0.5, "works")
        assert made.taken == {}
        return own and {key: value for key, value in own.items() if key != "assumption"}

    late = project("registered", finish="2022-03")
    under = {"stage": "registered", "done": 33.0}
    assert found(late, {"done": 33}, 1.0, 20.0) == under
    assert found(late, {"done": 33, "expected": "2022-09"}, 1.0, 20.0) == {**under, "finish": "2022-06"}
    assert found(late, {"done": 33, "started": "2021-02"}, 1.0, 20.0) == {**under, "finish": "2022-06"}
    assert found(late, {"done": 33, "expected": "2022-09"}, 1.0, np.inf) == under
    never = project("registered")
    assert found(never, {"done": 33, "expected": "2022-09"}, 1.0, 20.0) == under
    assert found(late, {"cancelled": "2021-05"}, 1.0, 20.0) is None
    assert found(late, {"done": 0}, 1.0, 20.0) == {"stage": "registered", "done": 0.0}


@pytest.mark.parametrize(("month", "left"), [("2021-12", True), ("2020-03", True), ("2022-01", False)])
def test_what_was_given_up_is_left_out(month: str, left: bool) -> None:
    made = rolling()
    found = made._project(project("registered", cancelled=month), 1.0, 20.0, 0.5, "works")
    assert (found is None) is left and bool(made.told) is left


def test_projects_are_read_off_the_pipeline() -> None:
    """What was worked off before and what the year's money adds; what stays as it is is not said."""
    data = four(
        projects={
            "one": {
                "title": "One",
                "sector": "plants",
                "invest": 8,
                "stage": "planned",
                "months": MONTHS,
                "slip": 0,
            },
            "two": {
                "title": "Two",
                "sector": "plants",
                "invest": 4,
                "stage": "approved",
                "months": MONTHS,
                "slip": 0,
            },
            "far": {
                "title": "Far",
                "sector": "farms",
                "invest": 4,
                "stage": "approved",
                "months": MONTHS,
                "slip": 0,
                "start": "2022-05",
            },
        }
    )
    plans = [
        SimpleNamespace(id=key, worked=0.1, invest=invest)
        for key, invest in (("one", 8), ("two", 0), ("far", 4))
    ]
    monthly = np.zeros((3, 24))
    monthly[0, [0, 3, 7, 11, 12]] = [0.5, 0.5, 0.5, 0.5, 9]
    run = SimpleNamespace(
        projects=plans,
        result=SimpleNamespace(
            investment=monthly,
            dates={"started": np.array([2.0, 3.0, 16.0]), "commissioned": np.array([30.0, 8.0, 40.0])},
        ),
    )
    made = rolling(None, data)
    made.begun.plan.pipeline_run = run  # type: ignore[misc]
    found = made._projects()
    assert list(found) == ["one", "two"]
    assert (found["one"]["done"], found["one"]["start"], found["two"]["finish"]) == (
        35.0,
        "2021-03",
        "2021-09",
    )
    assert english(made) == [
        f"taken to be {stage} by the end of 2021, as planned; correct what is not: {name}"
        for stage, name in (("under way", "One"), ("on line", "Two"))
    ]


# ---- rows and history


def test_what_the_year_brought_of_a_row() -> None:
    rows = {
        "gdp_growth": {"ensure": 0},
        "level": {"indicator": "gdp_level", "ensure": 1},
        "money": {"indicator": "fai_level", "ensure": 1},
        "part": {"indicator": "fai_level", "covers": ["farms"], "ensure": 1},
    }
    made = rolling({"accounts": {"gdp": 444, "fai": 210}}, four(targets=rows))
    assert made._brought("gdp_growth") == 4.5
    assert made._brought("level") == 444 and made._brought("money") == pytest.approx(210) and made.told == []
    assert made._brought("part") == 4.25  # as the plan has it
    assert len(made.told) == 1 and "2021 is not known: the plan's is taken" in english(made)[0]
    none = rolling(None, four(targets=rows))
    assert none._brought("money") == 4.25 and none._brought("level") == 4.25 and len(none.told) == 2


def test_history_holds_what_was_asked_and_what_came() -> None:
    """The row of the year is the target where nobody stated one; outcomes of rows of the year alone."""
    rows = {
        "gdp_growth": {"ensure": 6, "stretch": 7, "main": True},
        "consumption_growth": {"at_most": 9},
        "five": {"indicator": "gdp_growth", "over": [2021, 2024], "measure": "average", "ensure": 5},
    }
    past = {
        "years": {"2020": {"growth": 3}},
        "outcomes": {"gdp_growth": 3, "fai_growth": 1},
        "growth": {"shops": 2},
    }
    made = rolling({"figures": {"five": {"2021-12": 4.5}}}, four(targets=rows, history=past))
    grown = {"value": 4.5, "source": "yearbook"}

    def plain(value: float) -> dict[str, Any]:
        return {"value": value, "assumption": "-"}

    assert made._history() == {
        "years": {
            "2021": {
                "growth": grown,
                "target": plain(6.0),
                "sheet": {
                    "gdp_growth": {"ensure": plain(6.0), "stretch": plain(7.0), "outcome": grown},
                    "consumption_growth": {"at_most": plain(9.0)},
                },
            }
        },
        "outcomes": {"fai_growth": None, "gdp_growth": grown},
        "growth": {"shops": None},
    }
    stated = four(targets=rows, history={"years": {"2021": {"target": 8}}})
    assert "target" not in rolling(None, stated)._history()["years"]["2021"]
    seen = four(targets=rows, history={"years": {"2021": {"growth": 8}}})
    assert rolling(None, seen)._history()["years"]["2021"]["target"] == plain(6.0)
    assert "growth" not in rolling(None, stated)._history()
    most = four(targets={"gdp_growth": {"ensure": None, "at_most": 6}})
    assert "target" not in rolling(None, most)._history()["years"]["2021"]


def test_rows_of_years_lose_the_first() -> None:
    """2021 brought 10 %: 30 % over 2021 to 2023 leave 1.3 / 1.1; every year is asked as before."""
    rows = {
        "gdp_growth": {"ensure": 1},
        "gone": {"indicator": "gdp_growth", "year": 2021, "ensure": 1},
        "early": {"indicator": "gdp_growth", "over": [2020, 2021], "measure": "sum", "ensure": 1},
        "later": {"indicator": "gdp_growth", "year": 2022, "ensure": 1},
        "sum": {
            "indicator": "gdp_growth",
            "over": [2021, 2023],
            "measure": "sum",
            "said": "30",
            "title": "S",
            "ensure": 30,
            "at_most": 43,
        },
        "each": {
            "indicator": "gdp_growth",
            "over": [2021, 2024],
            "measure": "every",
            "ensure": 5,
            "title": "E",
        },
        "plain": {"indicator": "gdp_growth", "over": [2021, 2024], "measure": "every", "ensure": 5},
    }
    scenario = Scenario.model_validate(four(targets=rows))
    titles = {key: Bilingual.same(key) for key in rows}
    told: list[Bilingual] = []
    found = roll_years.targets(scenario, titles, lambda key: 10.0, told)
    assert set(found) == {"gone", "early", "sum", "each", "plain"}
    assert found["gone"] is None and found["early"] is None
    assert found["each"] == {"over": [2022, 2024], "title": None} and found["plain"] == {"over": [2022, 2024]}
    own = found["sum"]
    assert (own["over"], own["said"], own["title"]) == ([2022, 2023], None, None)
    assert (own["ensure"]["value"], own["at_most"]["value"]) == (18.18, 30.0)
    assert own["ensure"]["assumption"]["en"] == "30.0 asked over 2021-2023, of which 2021 brought 10.0"
    assert "stretch" not in own
    words = [each.of("en") for each in told]
    assert words[:2] == [f"{key} speaks of 2021 alone and is left out" for key in ("gone", "early")]
    assert words[2] == "sum: 30.0 asked over 2021-2023, of which 2021 brought 10.0; 18.18 is left to ask"
    assert [*roll_years.of_year(scenario)] == ["gdp_growth", "gone"]


# ---- what is told, and the whole


def test_growth_far_off_the_plan_is_asked_about() -> None:
    """Planned is 25 %: a year of 14.9 or 35.1 is further than ten points off, 15 and 35 are not."""
    for growth, asked in ((14.9, True), (15.0, False), (35.0, False), (35.1, True)):
        made = rolling()
        made.path.gdp = np.array([[400.0], [500.0]])  # type: ignore[misc]
        made.growth = growth
        made._ask_about_growth()
        assert bool(made.told) is asked, growth
    assert "where the plan gives 25.0" in english(made)[0]


def test_what_is_known_of_later_years_is_left_out_and_told() -> None:
    """Of 2021 itself nothing is left out; an outlook and figures of the nation count."""
    made = rolling({"figures": {"gdp_growth": {"2021-06": 3, "2021-12": 4.5}}, "nation": {"2021-12": 5}})
    made._left_out()
    assert made.told == []
    later = {"figures": {"gdp_growth": {"2021-12": 4.5, "2023-06": 1}}, "nation": {"2022-01": 5}}
    made = rolling({**later, "outlook": {"2024": 4}})
    made._left_out()
    assert english(made)[0].startswith("what was known of 2022, 2023, 2024 is left out")


def test_a_plan_whose_rows_are_all_over_is_not_rolled() -> None:
    over = {
        "gdp_growth": {"ensure": 1, "year": 2021},
        "five": {"indicator": "gdp_growth", "over": [2020, 2021]},
    }
    with pytest.raises(ScenarioError, match="2021") as found:
        rolling(None, four(targets=over))._rows_left()
    assert "target: 2022" in str(found.value) and found.value.problems[0].path == "targets"
    rolling(None, four(targets={**over, "open": {"indicator": "gdp_growth", "year": 2022}}))._rows_left()
    rolling(None, four(targets={**over, "usual": {"indicator": "gdp_growth"}}))._rows_left()


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize(("target_year", "last"), [(2021, 2021), (2021, 2024), (2023, 2024)])
def test_the_whole_tree(stated: bool, target_year: int, last: int) -> None:
    """Years, what is taken away, and what is told once."""
    data = moving(
        years={"target": target_year, "last": last},
        outlook={"growth": 5, "error": 1, "nation": 4, "change": {"2022": 1}},
        investment={"growth": 6.5},
    )
    made = rolling({"nation": {"2022-03": 4}}, data)
    run = SimpleNamespace(
        projects=[],
        result=SimpleNamespace(investment=np.zeros((0, 24)), dates={"started": [], "commissioned": []}),
    )
    made.begun.plan.pipeline_run = run  # type: ignore[misc]
    found = made.done(stated)
    tree = found.tree
    assert tree["years"] == {"base": 2021, "target": max(target_year, 2022), "last": max(last, 2022)}
    assert tree["outlook"] == {"growth": None, "error": None, "nation": None, "change": None}
    assert set(tree["accounts"]) >= {"gdp", "fai"} and set(tree["sectors"]) == set(SECTORS)
    assert not {"mixes", "projects", "limits", "targets"} & set(tree)  # nothing changes there
    assert ("actuals" in tree) is stated and tree.get("actuals") is None
    words = [each.of("en") for each in found.told]
    assert len(words) == len(set(words))
    assert any("what was known of 2022 is left out" in each for each in words) is stated
    asked = [each for each in words if "put the new" in each]
    assert len(asked) == (2 if target_year == 2021 else 0)
    if asked:
        assert "targets of 2021" in asked[0] and asked[0].endswith("(gdp_growth)") and "6.5 %" in asked[1]
    bare = rolling({"nation": {"2021-12": 4}}, moving(outlook={"edition": "none"}))
    bare.begun.plan.pipeline_run = run  # type: ignore[misc]
    assert "outlook" not in bare.done(stated).tree


def test_without_the_growth_of_the_whole_year_nothing_is_rolled() -> None:
    """Half a year of it, or all of another row, is not enough."""
    data = four(targets={"fai_growth": {}})
    for figures in (None, {"gdp_growth": {"2021-06": 5}}, {"fai_growth": {"2021-12": 5}}):
        scenario = Scenario.model_validate({**data, "actuals": figures and {"figures": figures}})
        with pytest.raises(ScenarioError) as found:
            roll(SimpleNamespace(scenario=scenario))  # type: ignore[arg-type]
        assert found.value.problems[0].path == "actuals"
        assert "no growth of GDP of the whole of 2021" in str(found.value)
        assert "{gdp_growth: {2021: 6.5}}" in str(found.value) and "--actuals FILE" in str(found.value)


def test_the_old_scenario_is_named_as_it_lies_beside_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads through a link would be one out of the project."""
    home = tmp_path / "deep" / "home"
    home.mkdir(parents=True)
    (home / "a.yaml").touch()
    (tmp_path / "link").symlink_to(home)
    monkeypatch.chdir(tmp_path)
    assert _parent("link/a.yaml", Path("link/a-2025.yaml")) == "a.yaml"
    assert _parent("link/a.yaml", home / "a-2025.yaml") == "a.yaml"
    assert _parent("link", home / "baseline-2025.yaml") == "baseline.yaml"
    assert _parent("example:x/a.yaml", Path("a.yaml")) == "example:x/a.yaml"
