"""What stands for what is left out, what a stated model refuses, and constants with what they mean."""

from __future__ import annotations

import math
import pickle
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from dabiao.models import (
    consistency,
    distributions,
    flow,
    forecast,
    indicators,
    listing,
    neighbours,
    project,
    satellite,
    selection,
    span,
    uncertainty,
    worth,
)
from dabiao.models.accounts import Accounts, NationalTable
from dabiao.models.chain import Bought, Material, Process, Recovery, Units
from dabiao.models.economy import Economy, Households, PriceGrowth
from dabiao.models.errors import DabiaoError, Origins, Problem, ScenarioError, SolverError
from dabiao.models.limits import Bound, Row
from dabiao.models.network import Network, NetworkUnits
from dabiao.models.parameters import SectorParameters
from dabiao.models.plan import Plan
from dabiao.models.project import Course, PoolPlan, ProjectPlan, Resources
from dabiao.models.quantity import Bilingual, Distribution, Draws, Quantity, StrictModel, by_draw, measured
from dabiao.models.realisation import Realisation
from dabiao.models.sector import Branch, Commissioned, Coupling, Response, State
from dabiao.models.sectors import SECTORS
from dabiao.models.shocks import Shocks
from dabiao.models.uncertainty import STANDARD, Tabulated
from dabiao.models.years import Year
from figures import INF, NONE, col, fact, near
from pydantic import ValidationError


def left_out(kind: type, *stated: Any) -> dict[str, Any]:
    """What a value holds beyond what is stated, arrays as lists."""
    made = kind(*stated)
    names = [each.name for each in fields(kind)][len(stated) :]
    found = {name: getattr(made, name) for name in names}
    return {name: each.tolist() if isinstance(each, np.ndarray) else each for name, each in found.items()}


@pytest.mark.parametrize(
    ("kind", "stated", "found"),
    [
        (Households, 4, {"per_labour": [1.0]}),
        (PriceGrowth, 6, {"material_level": {}, "reversion": {}, "worth": {}, "gdp_in": {}}),
        (NationalTable, 7, {"outside": [[0.0]]}),
        (Accounts, 9, {"scaled": [[1.0]]}),
        (Branch, 6, {"inputs": {}, "imported": [0.0], "feedstock": frozenset(), "supply_led": False}),
        (Commissioned, 3, {"shock": [0.0], "usual": {}, "unlisted": {}}),
        (State, 3, {"stocks": {}}),
        (Response, 2, {"couplings": (), "aux": 0}),
        (Coupling, 4, {}),
        (Realisation, 6, {"usual": {}, "unlisted": {}, "past": None}),
        (Resources, 0, {"approvals": None, "builders": None, "funds": {}}),
        (Course, 6, {"part": 1.0}),
        (PoolPlan, 4, {"approval": 0.0, "construction": 24.0, "slip": 0.0, "funds": {}, "spread": {}}),
        (Plan, 3, {"shifts": {}, "routing": {}, "quotas": None}),
        (Problem, 3, {"hint": "", "file": "", "line": 0, "column": 0}),
        (Tabulated, 1, {"shift": 0.0, "scale": 1.0}),
        (distributions.Normal, 2, {"low": -INF, "high": INF}),
        (distributions.Lognormal, 2, {"low": 0.0, "high": INF}),
        (span.Series, 1, {"level": None, "rate": False, "sign": 1.0, "known": frozenset()}),
        (span.Over, 2, {"measure": span.IN_YEAR}),
        (span.Measure, 3, {"each": False}),
        (indicators.Asked, 0, {"covers": (), "base": None}),
        (indicators.Indicator, 4, {"growth": False, "covers": "", "level": None}),
        (satellite.Driver, 2, {"money": False}),
        (selection.Quota, 0, {"least": 0.0, "most": INF, "money": INF}),
        (
            selection.Programme,
            2,
            {"budgets": {}, "carry": False, "quotas": {}, "starts": 0, "completions": 0, "discount": 0.08},
        ),
        (
            satellite.OwnIndicator,
            5,
            {
                "over": None,
                "grows": False,
                "scale": 1.0,
                "level_unit": "",
                "fitted": None,
                "uncounted": (),
            },
        ),
        (
            Row,
            1,
            {
                "money": [],
                "output": {},
                "starts": [],
                "extra": 0.0,
                "unspent": 0.0,
                "low": -INF,
                "high": INF,
                "percent": False,
                "part": "",
                "allowed": 0.0,
            },
        ),
    ],
)
def test_what_stands_for_what_is_left_out(kind: type, stated: int, found: dict[str, Any]) -> None:
    assert left_out(kind, *[NONE] * stated) == found


def test_a_project_of_which_little_is_known() -> None:
    one = ProjectPlan("p", "s", 1.0)
    assert (one.stage, one.done, one.start, one.finish, one.earliest, one.stop) == ("planned", *[None] * 5)
    assert (one.approval, one.registration, one.construction, one.ramp_up, one.slip) == (0, 0, 12.0, 0, 0)
    assert (one.key, one.output, one.shift, one.cancel, one.usual, one.decided) == (True, 0, 0, 0, 0, 0)
    assert (one.funds, one.spread) == ({}, {})
    assert project.DURATIONS == ("approval", "registration", "construction", "ramp_up", "slip")


def test_a_region_of_which_little_is_known() -> None:
    own = Economy(2020, 1, *[NONE] * 8)
    assert own.demand_growth.tolist() == [[1.0]] and own.later.tolist() == [[0.0]]
    assert own.shocks.wanted(3).tolist() == [1.0] and own.shocks.sold("a", 2).tolist() == [0.0]
    assert Shocks(col(0.5)).sold("a", 1).tolist() == [0.0]
    assert by_draw((1, 2), {}).tolist() == [[[0.0], [0.0]]] and Draws.strict is True


def test_constants_mean_what_they_say() -> None:
    """A normal leaves a millionth beyond FAR on each side; the earth's mean radius is 6371.0 km (IUGG);
    accounts are in 100 million; halves, weights and bounds as the forecast's equations state them."""
    assert 0.5 * math.erfc(distributions.FAR / math.sqrt(2)) == near(1e-6, rel=0.05)
    assert (neighbours.EARTH, neighbours.NEAREST, worth.USUAL) == (6371.0, 10.0, 1e8)
    assert (forecast.HALF_LIFE, forecast.PRIOR_YEARS, forecast.BOLD) == (2.5, 2.0, 4.0)
    assert (forecast.STEADY, forecast.VOLATILE_LIFE) == (6.0, 4.0)
    assert (consistency.FAR, consistency.HAIR, selection.HAIR, project.HAIR) == (2.0, 1e-9, 1e-6, 1e-9)
    assert (listing.LONGEST, uncertainty.CELLS, uncertainty.COARSE, uncertainty.TAIL) == (60, 8192, 512, 32)
    assert STANDARD.base == distributions.Normal(0.0, 1.0)
    assert flow.EMPTY == {"uses": 0, "joint": 0, "uses_growth": 1, "joint_growth": 1, "share": 0}
    assert [DabiaoError.exit_code, ScenarioError.exit_code, SolverError.exit_code] == [2, 2, 3]
    assert list(SECTORS) == ["industry", "services", "agriculture", "process_chain"]
    assert [each.__name__ for each in SECTORS.values()] == [
        "Industry",
        "Services",
        "Agriculture",
        "ProcessChain",
    ]
    laws = {kind: (law.between, law.fast, law.takes) for kind, law in distributions.DISTRIBUTIONS.items()}
    assert laws == {
        "pert": (True, False, ()),
        "triangular": (True, True, ()),
        "uniform": (True, True, ()),
        "normal": (False, False, ("sd",)),
        "lognormal": (False, False, ("sd",)),
        "discrete": (False, True, ("values", "weights")),
        "empirical": (False, True, ("values",)),
    }
    assert not distributions.Student.fast and not distributions.CalmOrCrisis.fast
    money = {name for name, each in satellite.DRIVERS.items() if each.money}
    assert money == {"investment", "nominal_investment"}
    assert {name for name, each in indicators.INDICATORS.items() if each.growth} == {
        name for name in indicators.INDICATORS if name.endswith("_growth")
    }
    assert {each.digits for each in indicators.INDICATORS.values()} == {1}
    assert {name: each.covers for name, each in indicators.INDICATORS.items() if each.covers} == {
        "sector_growth": "sectors",
        "output_value": "goods",
        "crop_output": "crops",
        "crop_area": "crops",
    }
    assert [name for name, each in span.MEASURES.items() if each.each] == ["every"]


def test_a_stated_model_takes_what_it_knows_and_nothing_else() -> None:
    class Own(StrictModel):
        width: float = 1.0
        count: Quantity | None = measured("t", "Some.", 1, 2, default=None)

    assert Own().count is None and Own(width=2).width == 2.0
    for wrong in ({"widht": 1.0}, {"width": math.inf}, {"width": math.nan}, {"width": "much"}):
        with pytest.raises(ValidationError):
            Own.model_validate(wrong)
    with pytest.raises(ValidationError):
        Own().width = 2.0  # type: ignore[misc]
    extra = Own.model_fields["count"].json_schema_extra
    assert extra == {"unit": "t", "at_least": 1, "at_most": 2}


def test_a_deviation_is_no_less_than_none() -> None:
    none = Distribution(kind="normal", sd=0.0)
    assert (none.sd, none.values, none.weights, none.deviations) == (0.0, (), (), False)
    assert Distribution(kind="uniform").sd is None
    with pytest.raises(ValidationError):
        Distribution(kind="normal", sd=-1e-9)
    plain = Quantity(value=1.0)
    assert (plain.unit, plain.low, plain.high, plain.distribution, plain.source, plain.assumption) == (
        *[None] * 6,
    )
    assert (plain.path, plain.origin) == ("", "") and "path" not in plain.model_dump()
    assert "origin" not in Quantity(value=1.0, origin="f").model_dump()


def test_parts_of_chains_and_networks_that_may_be_left_out() -> None:
    units = Units()
    assert (units.amount, units.price, units.worth) == ("万吨", "元/吨", None)
    ore = Material.model_validate({"title": "o", "price": fact(1)})
    assert (ore.bought, ore.sharing, ore.price_growth, ore.long_run_price, ore.content, ore.market) == (
        None,
        "parts",
        None,
        None,
        {},
        None,
    )
    assert (ore.price_reversion, ore.price_sd, Bought().most, Bought().national) == (None, None, None, {})
    step = Process.model_validate({"title": "p", "makes": "ore", "base": fact(1), "national": "g"})
    assert (step.part, step.routing, step.improvement, step.utilisation, step.capacity) == (
        None,
        {},
        {},
        None,
        None,
    )
    assert (step.va_ratio, step.other_purchases, step.uses, step.joint) == (None, None, {}, {})
    assert {name: each.value for name, each in step.national.items()} == {"g": 100.0}
    assert Bought.model_validate({"national": "g"}).national["g"].value == 100.0
    back = Recovery.model_validate({"reported": fact(50), "ore": "ore"})
    assert (back.made, back.sold, back.tolerance) == ((), {}, None)
    place = {"title": "here"}
    for materials, places in (({}, {"a": place}), ({"ore": place}, {})):
        with pytest.raises(ValidationError):
            Network.model_validate({"title": "n", "materials": materials, "places": places})
    least = Network.model_validate({"title": "n", "materials": {"ore": place}, "places": {"a": place}})
    assert (least.processes, least.transport, least.places["a"].needs) == ({}, {}, {})
    assert NetworkUnits().scale == 1e8 and NetworkUnits(money="million USD").scale == 1e6
    sector = SectorParameters.model_validate(
        {"model": "m", "title": "t", "national": "g", "va": fact(1), "investment_buys": {}}
    )
    assert sector.national["g"].value == 100.0 and sector.funds == {} and sector.realisation is None


def test_where_values_stand_in_files() -> None:
    """The first value at a path or below it stands for the path; what stands above is asked last."""
    known = Origins({"a.b.c": "f.yaml:3:5", "a.d": "g.yaml:9:2", "e": "--set", "e.f": "f.yaml:8:1"})
    assert [known.of(path) for path in ("a.b.c", "a.b", "a", "a.d.x.y", "e.f", "e", "z", "")] == [
        "f.yaml:3:5",
        "f.yaml:3:5",
        "f.yaml:3:5",
        "g.yaml:9:2",
        "f.yaml:8:1",
        "",
        "",
        "",
    ]
    wrong = ScenarioError(
        [Problem("a.d.x", "1", "2"), Problem("a.b", "1", "2", line=7), Problem("z", "", "")]
    )
    found = wrong.placed({"a.b.c": "f.yaml:3:5", "a.d": "g.yaml:9:2"}).problems
    assert [(each.file, each.line, each.column) for each in found] == [
        ("g.yaml", 9, 2),
        ("", 7, 0),
        ("", 0, 0),
    ]
    (one,) = ScenarioError.single("p", "1", "2", "do").problems
    assert (one.path, one.found, one.expected, one.hint) == ("p", "1", "2", "do")
    unseen = Problem("p", "a\u200bb", "c").of("en")
    assert unseen == "p: got a\\u200bb, expected c; characters that cannot be seen stand there: U+200B"
    assert pickle.loads(pickle.dumps(wrong)).problems == wrong.problems


def test_a_year_is_the_same_after_it_was_put_away() -> None:
    again = pickle.loads(pickle.dumps(Year(2013, 7)))
    assert (again, again.begins, str(again)) == (2013, 7, "2012-13")
    assert str(Year(2013, 2)) == "2012-13" and Year(2013).begins == 1
    assert Bilingual(zh="甲").of("zh") == "甲" == str(Bilingual(zh="甲"))
    stated = {each.name: each.default for each in fields(Bound)}
    assert stated["together"] is False
