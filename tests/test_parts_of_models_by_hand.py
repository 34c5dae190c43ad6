"""Small equations of the models on figures worked out on paper: capacity and sales, crops, visitors, lists of
projects, tables that are balanced, trade among neighbours, rows that fit one another, reference forecasts."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models import accounts, consistency, forecast, listing, neighbours, solow
from dabiao.models.capacity import Building, Selling, commissioned, gestation
from dabiao.models.consistency import Consistency
from dabiao.models.copula import correlated, matrix
from dabiao.models.errors import (
    DabiaoError,
    Problem,
    ScenarioError,
    SolverError,
    letters,
    reason_of,
    where,
)
from dabiao.models.errors import placed as placed_at
from dabiao.models.forecast import Fitted, Past, Reference
from dabiao.models.io_table import FlowTable, at_basic_prices, local_share, ras, residual
from dabiao.models.multipliers import inverse, multipliers
from dabiao.models.parameters import Capacity, MarketParameters
from dabiao.models.quantity import Bilingual, Draws, Quantity
from dabiao.models.sector import Branch, Commissioned, State
from dabiao.models.sectors.agriculture import Agriculture, AgricultureParameters
from dabiao.models.sectors.industry import Industry, IndustryParameters
from dabiao.models.sectors.services import Services, ServicesParameters
from dabiao.models.trajectory import OnDemand, Trajectory
from figures import INF, NONE, col, fact, near

# ---- capacity and sales


def capacity(**more: Any) -> dict[str, Any]:
    usual = {
        "utilisation": {"base": fact(80), "max": fact(90)},
        "output_per_yuan": fact(0.5),
        "gestation": [fact(25), fact(75)],
    }
    return {**usual, **more}


def market(trend: float = 5.0) -> dict[str, Any]:
    return {"trend": fact(trend), "finds_buyers": fact(60)}


def test_capacity_is_built_scrapped_and_improved() -> None:
    trend = np.array([1.05])
    plain = Building(Capacity.model_validate(capacity()), trend, Draws())
    assert plain.headroom.tolist() == [1.125] and plain.new(col(40, 20, 99)).tolist() == [0.5 * (10 + 15)]
    # 100 follow the market; 7 are commissioned where 4 are normal
    assert plain.grow(np.array([100.0]), np.array([7.0]), np.array([4.0])).tolist() == near([108.0])
    assert plain.grow(np.array([10.0]), np.array([0.0]), np.array([40.0])).tolist() == [0.0]
    better = Building(Capacity.model_validate(capacity(drift=fact(2))), trend, Draws())
    assert better.grow(np.array([100.0]), np.array([7.0]), np.array([4.0])).tolist() == near([110.0])
    old = Building(Capacity.model_validate(capacity(scrapping=fact(3), drift=fact(2))), trend, Draws())
    assert old.grow(np.array([100.0]), np.array([7.0]), np.array([4.0])).tolist() == near([106.0])
    full = capacity(utilisation={"base": fact(95), "max": fact(90)})
    assert Building(Capacity.model_validate(full), trend, Draws()).headroom.tolist() == [1.0]
    steep = Building(Capacity.model_validate(capacity(drift=fact(-20))), np.array([0.1]), Draws())
    assert steep.grow(np.array([100.0]), np.array([7.0]), np.array([4.0])).tolist() == [3.0]
    gone = Building(Capacity.model_validate(capacity(scrapping=fact(50))), trend, Draws())
    gone.drift = np.array([-0.75])
    assert gone.grow(np.array([100.0]), np.array([7.0]), np.array([4.0])).tolist() == [7.0]


def test_sales_follow_the_market_and_what_is_commissioned_beyond_the_normal() -> None:
    own = Selling(MarketParameters.model_validate(market()), Draws())
    sold = np.array([50.0])
    assert own.grow(sold, np.array([7.0]), np.array([4.0])).tolist() == near([52.5 + 1.8])
    assert own.grow(sold, np.array([4.0]), np.array([7.0]), -0.1).tolist() == near([47.5 - 1.8])
    assert own.grow(sold, np.array([4.0]), np.array([7.0]), -2.0).tolist() == near([-1.8])
    shares = gestation([Quantity(value=v, assumption=Bilingual(en="x")) for v in (30, 70)], Draws())
    assert shares.tolist() == [[0.3], [0.7]]
    assert commissioned(col(10), shares).tolist() == [3.0]
    assert commissioned(col(10, 20, 30), shares).tolist() == near([17.0])


def branch(output: float = 100.0) -> Branch:
    return Branch("s", "s", Bilingual(en="s"), np.array([output]), np.array([0.5]), {})


COMMON = {
    "title": "s",
    "national": {"goods": fact(100)},
    "va": fact(50),
    "investment_buys": {"building": fact(30)},
}


def got(pool: list[float], normal: list[float], **more: Any) -> Commissioned:
    return Commissioned(col(*pool), col(*normal), {"": np.array([2.0])}, **more)


USUAL = {"usual": {"": np.array([4.0])}, "unlisted": {"": np.array([1.0])}, "shock": np.array([0.01])}


def test_industry_by_hand() -> None:
    """Capacity 112.5; 0.5 (10 + 15) new and 3 listed, where 0.5 (4 + 6) and 4 are normal."""
    stated = IndustryParameters.model_validate(
        {**COMMON, "model": "industry", "market": market(), "capacity": capacity()}
    )
    own = Industry("s", stated, branch(), Draws())
    state = own.start(col(60))
    assert (state.year, state.limit.tolist(), state.outside.tolist()) == (0, [[112.5]], [[60.0]])
    after = own.advance(state, got([40, 20], [16, 8], **USUAL))
    assert (after.year, after.limit.tolist()) == (1, [near([112.5 * 1.05 + 15.5 - 9])])
    assert after.outside.tolist() == [near([60 * 1.06 + 0.6 * 6.5])]
    # no base year commissioned more than all of its capacity but what money brought
    most = own.advance(state, got([16, 8], [16, 8], usual={"": np.array([999.0])}))
    assert most.limit.tolist() == [near([112.5 * 1.05 + 2 - (112.5 - 5)])]
    sunk = own.supply(replace(after, outside=col(-3)))
    assert sunk.outside.tolist() == [[0.0]] and sunk.limit is after.limit
    assert own.physical(after, col(1)) == {} and own.routing(1, col(1)) is None
    same = own.response(after)
    assert (same.limit.tolist(), same.outside.tolist(), same.couplings) == (
        after.limit.tolist(),
        after.outside.tolist(),
        (),
    )


def services(**more: Any) -> Services:
    stated = {**COMMON, "model": "services", "market": market(), **more}
    return Services("s", ServicesParameters.model_validate(stated), branch(), Draws())


def test_services_by_hand() -> None:
    """Of 60 sold outside 20 are visitors', who spend 10 % more a year, and 1 % of luck."""
    visitors = {"spending": fact(20), "growth": fact(10)}
    plain = services(visitors=visitors)
    state = plain.start(col(60))
    assert state.stocks["visitors"].tolist() == [[20.0]] and state.limit.tolist() == [[INF]]
    assert plain.start(col(15)).stocks["visitors"].tolist() == [[15.0]]
    after = plain.advance(state, got([40, 20], [16, 8], **USUAL))
    assert after.stocks["visitors"].tolist() == [near([20 * 1.11])] and after.year == 1
    # no money makes anything possible here: 3 listed where 4 are usual
    assert after.outside.tolist() == [near([40 * 1.06 + 0.6 * -1 + 22.2])] and after.limit.tolist() == [[INF]]
    assert plain.advance(state, got([0], [0], shock=np.array([-9.0]))).stocks["visitors"].tolist() == [[0.0]]
    paying = services(output_per_yuan=fact(0.5), gestation=[fact(25), fact(75)])
    assert paying.new(col(40, 20)).tolist() == [12.5] and services(output_per_yuan=fact(2)).new(
        col(3, 9)
    ).tolist() == [6.0]
    most = paying.advance(paying.start(col(60)), got([16, 8], [16, 8], usual={"": np.array([999.0])}))
    assert most.outside.tolist() == [near([60 * 1.05 + 0.6 * (2 - 95)])]
    built = services(capacity=capacity())
    full = built.advance(built.start(col(60)), got([16, 8], [16, 8], usual={"": np.array([999.0])}))
    assert full.limit.tolist() == [near([112.5 * 1.05 + 2 - (112.5 - 5)])]
    assert built.start(col(60)).limit.tolist() == [[112.5]] and built.new(col(40, 20)).tolist() == [12.5]
    grown = built.advance(built.start(col(60)), got([40, 20], [16, 8], **USUAL))
    assert grown.limit.tolist() == [near([112.5 * 1.05 + 15.5 - 9])]
    # a usual of no more than all output
    assert plain.advance(state, got([0], [0], usual={"": np.array([999.0])})).outside.tolist() == [
        near([40 * 1.05 + 0.6 * (2 - 100) + 22.0])
    ]


def farm(output: float = 100.0, **more: Any) -> Agriculture:
    crop = {
        "title": "grain",
        "area": fact(50),
        "area_growth": fact(2),
        "crop_yield": fact(400),
        "yield_growth": fact(1),
        "price": fact(2.5),
    }
    stated = {
        **COMMON,
        "model": "agriculture",
        "crops": {"grain": crop, "rape": {**crop, "area": fact(10), "area_growth": fact(0)}},
        "trend": fact(4),
        "output_per_yuan": fact(0.5),
        "gestation": [fact(25), fact(75)],
        **more,
    }
    return Agriculture("s", AgricultureParameters.model_validate(stated), branch(output), Draws())


def test_crops_by_hand() -> None:
    """50 万亩 of 400 公斤 are 20 万吨, at 2.5 元 5 亿元; with rape 6 of 100."""
    own = farm()
    state = own.start(col(60))
    assert (state.limit.tolist(), state.outside.tolist(), state.stocks["rest"].tolist()) == (
        [[100.0]],
        [[60.0]],
        [near([94.0])],
    )
    plain = own.supply(State(1, col(7), col(-2)))
    assert (plain.limit.tolist(), plain.outside.tolist()) == ([[7.0]], [[-2.0]])
    after = own.advance(state, got([40, 20], [16, 8], **USUAL))
    rest = 94 * 1.05 + 12.5 - 5 + 3 - 4
    assert after.stocks["rest"].tolist() == [near([rest])]
    assert after.limit.tolist() == [near([rest + 5 * 1.02 * 1.01 + 1.01])] and after.outside is state.outside
    found = own.physical(after, col(1))
    assert {key: float(value[0]) for key, value in found.items()} == near(
        {"area:grain": 51.0, "crop:grain": 20 * 1.02 * 1.01, "area:rape": 10.0, "crop:rape": 4 * 1.01}
    )
    land = {"built": fact(4), "yield_gain": fact(10), "crops": ["grain"], "area": fact(40)}
    better = farm(farmland=land)
    assert better.physical(State(2, NONE, NONE), col(1))["crop:grain"].tolist() == near(
        [20 * (1.02 * 1.01 * 1.01) ** 2]
    )
    assert better.physical(State(2, NONE, NONE), col(1))["crop:rape"].tolist() == near([4 * 1.01**2])
    most = own.advance(state, got([16, 8], [16, 8], usual={"": np.array([999.0])}))
    assert most.stocks["rest"].tolist() == [near([94 * 1.04 + 2 - 95])]
    ruined = own.advance(state, got([0], [999], shock=np.array([-9.0])))
    assert ruined.stocks["rest"].tolist() == [[0.0]]
    assert farm(6.0).start(col(0)).stocks["rest"].tolist() == [near([0.0], abs=1e-12)]
    with pytest.raises(ScenarioError, match=r"sectors\.s\.crops"):
        farm(5.9)


# ---- lists of projects


def test_what_was_due_and_spent_before() -> None:
    worked = np.array([0.2, 0.9, 0.3, 0.5])
    begins, ends = np.array([-6.0, -6.0, 3.0, -9.0]), np.array([6.0, 6.0, 9.0, -1.0])
    assert listing.due(worked, begins, ends).tolist() == [0.5, 0.9, 0.3, 1.0]
    some = listing.due(np.zeros(5), np.array([-9.5, -9.0, 0.0, 0.5, -0.5]), np.array([0.5, 0.0, 9, 9, 1.5]))
    assert some.tolist() == [0.95, 1.0, 0.0, 0.0, 0.25]
    money = np.full(5, 24.0)
    begins, until = np.array([-24.0, -24.0, -6.0, -24.0, 2.0]), np.array([0.0, 0.0, 0.0, -18.0, 9.0])
    registered = np.array([-30.0, -6.0, -3.0, -30.0, -30.0])
    # half of two years' works in the base year; all of them, where they were registered in it
    assert listing.spent_before(money, begins, until, registered).tolist() == [12.0, 24.0, 24.0, 0.0, 0.0]
    assert listing.spent_before(
        np.array([24.0]), np.array([-6.0]), np.zeros(1), np.array([0.0])
    ).tolist() == [0.0]


def test_when_works_end_at_the_pace_so_far() -> None:
    """A quarter in six months: eighteen more; nothing so far never ends; and what is not stated ends as
    planned."""
    found = listing.pace_end(
        np.array([0.25, 0.0, 0.25, 0.25, 1.0]),
        np.array([-6.0, -6.0, -6.0, 3.0, -6.0]),
        np.array([9.0, 9.0, -2.0, 9.0, 9.0]),
        np.array([True, True, False, True, True]),
    )
    assert found[0] == 18.0 and found[1] > 1e9 and found[2:].tolist() == [0.0, 9.0, 0.0]


def test_a_stream_brings_one_project_a_year() -> None:
    """Begun each January and finished in eighteen months: that begun a year ago fills half of the first year,
    and so on; all of them bring one in every year."""
    begins, lasts, ramp = np.array([[-12.0]]), np.array([[18.0]]), np.array([[0.0]])
    found = listing.coming(begins, lasts, ramp, 4)[0, :, 0]
    # the last one begun commissions in month 6: half in the first year, half in the second; the one before in
    # the base year's middle: its other half in the first
    assert found.tolist() == near([1.0, 0.5, 0.0, 0.0])
    assert listing.new_load(np.array([[6.0]]), ramp, 3)[0, :, 0].tolist() == near([0.5, 0.5, 0.0])
    long = listing.coming(np.array([[-12.0]]), np.array([[60.0]]), ramp, 8)[0, :, 0]
    assert long.tolist() == near([1, 1, 1, 1, 1, 0, 0, 0])
    late = listing.coming(np.array([[-3.0]]), np.array([[18.0]]), ramp, 3)[0, :, 0]
    assert late.tolist() == near([1.0, 1.0, 0.25])


def test_what_unlisted_works_bring() -> None:
    usual, stream = col(4, 6), np.array([[[1.0], [0.5]], [[1.0], [0.25]]])
    listed = np.array([[[1.0], [2.0]], [[3.0], [9.0]]])
    # 10 less 4 of 10; 3.5 less 11 is none
    assert listing.missing(usual, stream, listed)[:, 0].tolist() == [0.6, 0.0]
    assert listing.missing(usual, stream, listed, 0.5)[:, 0].tolist() == near([0.1, 0.0])
    assert listing.missing(np.zeros((2, 1)), stream, listed)[:, 0].tolist() == [0.0, 0.0]


def test_the_usual_delay_is_that_of_its_like() -> None:
    slips = np.array([1.0, 5.0, 3.0, 10.0, np.nan, 20.0])
    assert listing.usual_delay(slips, ["a", "a", "a", "b", "a", "b"]).tolist() == [3, 3, 3, 5, 3, 5]
    assert listing.usual_delay(np.array([np.nan, np.nan]), ["a", "b"]).tolist() == [0.0, 0.0]
    assert listing.usual_delay(np.array([2.0, 4.0]), ["a", "a"]).tolist() == [3.0, 3.0]


# ---- tables


def table(**more: Any) -> FlowTable:
    """Two classes of output 100 and 200; the first column lacks 5, the second has 10 too much."""
    usual: dict[str, Any] = {
        "flows": np.array([[10.0, 40.0], [25.0, 60.0]]),
        "value_added": np.array([50.0, 90.0]),
        "imports": np.array([8.0, 12.0]),
        "taxes": np.array([2.0, 8.0]),
        "output": np.array([100.0, 200.0]),
    }
    return FlowTable(**{**usual, **more})


def test_where_a_table_does_not_add_up() -> None:
    own = table()
    assert own.room.tolist() == [40.0, 90.0] and own.gaps.tolist() == [0.05, -0.05]
    assert own.row_gaps.tolist() == [0.0, 0.0]
    assert table(sold=np.array([60.0, 75.0])).row_gaps.tolist() == [0.1, -0.05]
    left = residual(own)
    assert left.imports.tolist() == [13.0, 2.0] and np.allclose(left.gaps, 0)
    balanced = ras(own)
    assert balanced is not None and balanced.flows == near(
        np.array([[10 * 40 / 35, 36.0], [25 * 40 / 35, 54.0]])
    )


def test_rows_and_columns_are_scaled_until_both_add_up() -> None:
    found = ras(table(sold=np.array([55.0, 80.0])))
    assert found is not None and found.flows.sum(axis=0) == near([40.0, 90.0])
    # rows give way to the columns' 130 of 135
    assert found.flows.sum(axis=1) == near([55 * 130 / 135, 80 * 130 / 135])
    z = found.flows
    assert z[0, 0] * z[1, 1] / (z[0, 1] * z[1, 0]) == near(10 * 60 / (40 * 25))  # what scaling leaves alone
    assert ras(table(sold=np.array([-1.0, 80.0]))) is None and ras(table(sold=np.zeros(2))) is None
    assert ras(table(value_added=np.array([95.0, 90.0]))) is None
    assert ras(table(flows=np.array([[0.0, 40.0], [0.0, 60.0]]))) is None
    assert ras(table(flows=np.array([[0.0, 0.0], [25.0, 60.0]]), sold=np.array([5.0, 80.0]))) is None
    empty = ras(table(flows=np.array([[0.0, 40.0], [0.0, 60.0]]), value_added=np.array([90.0, 90.0])))
    assert empty is not None and empty.flows[:, 0].tolist() == [0.0, 0.0]
    zero = ras(table(flows=np.array([[0.0, 0.0], [25.0, 60.0]]), sold=np.array([0.0, 80.0])))
    assert zero is not None and zero.flows.tolist() == [[0.0, 0.0], near([40.0, 90.0])]
    few = ras(table(sold=np.array([0.2, 0.3])))
    assert few is not None and few.flows.sum(axis=1) == near([52.0, 78.0])
    odd = table(flows=np.array([[10.0, 0.0], [0.0, 60.0]]), sold=np.array([100.0, 10.0]))
    assert ras(odd) is None  # no scaling brings the one's money to the other


def test_margins_are_sold_by_those_who_earn_them() -> None:
    flows = np.array([[10.0, 20.0], [30.0, 40.0], [1.0, 2.0]])
    found = at_basic_prices(flows, {0: {2: 0.1, 1: 0.2}, 1: {2: 0.05}})
    assert found == near(np.array([[7.0, 14.0], [30.5, 42.0], [3.5, 6.0]])) and flows[0, 0] == 10.0
    assert found.sum(axis=0) == near(flows.sum(axis=0))
    assert local_share(
        np.array([100.0, 50.0, 10.0]), np.array([30.0, 0.0, 0.0]), np.array([40.0, 0.0, 10.0])
    ).tolist() == near([60 / 90, 1.0, 0.0])


def test_multipliers_of_two_branches() -> None:
    """(I - A)^-1 of [0.2 0.3; 0.1 0.4] is [0.6 0.3; 0.1 0.8] / 0.45."""
    local = np.array([[0.2, 0.3], [0.1, 0.4]])[..., None]
    assert inverse(local)[..., 0] == near(np.array([[0.6, 0.3], [0.1, 0.8]]) / 0.45)
    found = multipliers(local, col(0.5, 0.2), col(0.3, 0.1))
    assert found.output[:, 0] == near(np.array([0.7, 1.1]) / 0.45)
    assert found.value_added[:, 0] == near(np.array([0.32, 0.31]) / 0.45)
    assert found.income[:, 0] == near(np.array([0.19, 0.17]) / 0.45)


def fit(wished: list[float], invested: list[float], strict: bool = True, **own: float) -> Any:
    branches: Any = [SimpleNamespace(id=key, sector=key) for key in ("a", "b")]
    (kept, on_investment), adjusted = accounts._fit(
        branches,
        col(100, 100),
        col(*wished),
        col(*invested),
        {key: np.array([value]) for key, value in own.items()},
        strict,
    )
    return (
        kept[:, 0].tolist(),
        on_investment[:, 0].tolist(),
        [(a.branch, a.purchases, a.investment) for a in adjusted],
    )


def test_local_purchases_are_lowered_to_what_is_made() -> None:
    assert fit([60, 60], [40, 41]) == (
        [1.0, near(100 / 101)],
        [1.0, near(100 / 101)],
        [("b", near(100 / 101), near(100 / 101))],
    )
    # a coefficient that is stated stays: the works buy less
    assert fit([60, 60], [50, 10], a=0.5) == ([1.0, 1.0], [0.8, 1.0], [("a", 1.0, 0.8)])
    assert fit([60, 60], [10, 10], a=0.5) == ([1.0, 1.0], [1.0, 1.0], [])
    with pytest.raises(
        ScenarioError, match=r"^sectors\.a\.regional_purchase: got .*, expected at most its output"
    ):
        fit([101, 60], [10, 10], a=0.5)
    assert fit([125, 60], [10, 10], strict=False, a=0.5)[:2] == ([0.8, 1.0], [0.0, 1.0])
    assert fit([100, 60], [10, 10], a=0.5)[1] == [0.0, 1.0]


# ---- neighbours, correlation


def test_distances_on_the_earth() -> None:
    found = neighbours.distances(np.array([[0.0, 0.0], [0.0, 90.0], [90.0, 0.0], [0.0, 180.0], [60.0, 0.0]]))
    quarter = math.pi / 2 * neighbours.EARTH
    assert found[0].tolist() == near([0, quarter, quarter, 2 * quarter, 2 * quarter / 3])
    assert found == near(found.T)
    # a degree of longitude at 60° is half of one at the equator
    # from 30° to 50° east on the equator, and from 10° to 40° north
    some = neighbours.distances(np.array([[0.0, 30.0], [0.0, 50.0], [10.0, 50.0], [40.0, 50.0]]))
    assert some[0, 1] == near(20 * quarter / 90) and some[2, 3] == near(30 * quarter / 90)
    near_by = neighbours.distances(np.array([[60.0, 0.0], [60.0, 1.0], [0.0, 0.0], [0.0, 1.0]]))
    assert near_by[0, 1] == near(near_by[2, 3] / 2, rel=1e-3)


def test_trade_falls_with_distance() -> None:
    """Pulls 2/100, 3/400 and 6/100 (nearer than 10 km is 10) of sizes 1, 2 and 3; the last trades with
    nobody."""
    far = np.array([[0, 10, 20, np.nan], [10, 0, 5, np.nan], [20, 5, 0, np.nan], [np.nan] * 4])
    found = neighbours.gravity(np.array([1.0, 2.0, 3.0, 9.0]), far, 0.35, 2.0)
    assert found.sum() == near(0.35 * 6) and found == near(found.T) and not found[3].any()
    assert found[0, 1] / found[0, 2] == near(2 / 100 * 400 / 3) and found[1, 2] / found[0, 1] == near(3.0)
    assert np.diag(found).tolist() == [0.0] * 4
    assert not neighbours.gravity(np.ones(2), np.full((2, 2), np.nan), 0.35, 2.0).any()
    earned = neighbours.income(np.array([[5.0, 4.0], [2.0, 5.0]]), np.array([10.0, 20.0]), 0.5)
    assert earned.tolist() == [[0.0, 0.1], [0.1, 0.0]]
    assert neighbours.spread(earned) == near(np.array([[1, 0.1], [0.1, 1]]) / 0.99)
    with pytest.raises(ValueError, match="a unit or more"):
        neighbours.spread(np.array([[0.0, 1.0], [0.5, 0.0]]))
    assert neighbours.spread(np.zeros((0, 0))).shape == (0, 0)


def test_numbers_that_move_together() -> None:
    names, rho = matrix([("a", "b", 0.6), ("c", "b", -0.5)])
    assert names == ("a", "b", "c") and rho.tolist() == [[1, 0.6, 0], [0.6, 1, -0.5], [0, -0.5, 1]]
    moved = correlated(np.array([[1.0, 2.0], [10.0, 0.0], [100.0, -1.0]]), rho)
    assert moved[0].tolist() == [1.0, 2.0] and moved[1].tolist() == near([0.6 + 8, 1.2])
    lower = -0.5 / 0.8
    assert moved[2].tolist() == near([10 * lower + 100 * math.sqrt(1 - lower**2), -math.sqrt(1 - lower**2)])
    with pytest.raises(np.linalg.LinAlgError):
        correlated(np.zeros((2, 1)), np.array([[1.0, 2.0], [2.0, 1.0]]))


# ---- rows that fit one another


def test_means_and_what_is_left_for_the_rest() -> None:
    parts = [(50.0, 4.0), (150.0, 8.0), (200.0, -1.0)]
    assert consistency.mean_growth(parts) == near(3.0)
    assert consistency.rest_growth(3.0, parts[1:], 50.0) == near(4.0)
    doubt = Quantity.model_validate({**fact(4.0), "low": 1.0, "high": 13.0})
    assert consistency.spread(doubt) == near(math.sqrt(4 * 8 / 7))
    assert consistency.spread(Quantity.model_validate(fact(4.0))) == 0.0
    assert consistency.together(3.0, 4.0, 12.0) == 13.0


@pytest.mark.parametrize(
    ("asked", "implied", "sd", "more", "found"),
    [
        (6.0, 5.9, 0.5, {}, "CONSISTENT"),
        (6.0, 5.9, None, {}, "CONSISTENT"),
        (6.0, 5.8, None, {}, "TOLD"),
        (6.0, 5.4, 0.5, {}, "TIGHT"),
        (6.0, 5.5, 0.5, {}, "CONSISTENT"),
        (6.0, 5.6, 0.5, {"nearer": True}, "TIGHT"),
        (6.0, 6.4, 0.5, {"nearer": True}, "LOOSE"),
        (6.0, 6.6, 0.5, {}, "LOOSE"),
        (6.0, 9.0, 0.5, {}, "LOOSE"),
        (6.0, 9.0, 0.5, {"floor": True}, "CONSISTENT"),
        (6.0, 9.0, None, {"floor": True}, "CONSISTENT"),
        (6.0, 5.0, 0.5, {}, "TIGHT"),
        (6.0, 4.9, 0.5, {}, "CONTRADICTORY"),
        (6.0, 4.9, 0.5, {"floor": True}, "CONTRADICTORY"),
        (6.0, 4.9, 0.5, {"ceiling": True}, "CONSISTENT"),
        (6.0, 6.6, 0.5, {"ceiling": True}, "TIGHT"),
        (6.0, 7.1, 0.5, {"ceiling": True}, "CONTRADICTORY"),
    ],
)
def test_how_what_is_asked_stands_to_what_is_implied(
    asked: float, implied: float, sd: float | None, more: dict[str, bool], found: str
) -> None:
    """Rounding hides a tenth and a hair."""
    assert consistency.level(asked, implied, sd, 0.1, **more) is Consistency[found]


# ---- reference forecasts


def test_quantiles_of_a_reference() -> None:
    """3 and 4 make 5 in a calm year; 12 and 4 in a crisis: at the median both are half."""
    one = Reference(6.0, 3.0, 12.0, 0.0, 4.0)
    assert one.quantile(0.5) == near(6.0) and one.quantile(0.8413447460685429) == near(11.0)
    both = replace(one, chance=0.25)
    assert both.quantile(0.5) == near(6.0, abs=1e-9)
    at = both.quantile(0.1) - 6
    below = 0.75 * 0.5 * math.erfc(-at / 5 / math.sqrt(2)) + 0.25 * 0.5 * math.erfc(
        -at / math.sqrt(160) / math.sqrt(2)
    )
    assert below == near(0.1) and Reference(6.0, 0.0, 0.0, 0.0, 0.0).quantile(0.9) == near(6.0, abs=1e-6)


def past(years: int = 4) -> Past:
    return Past(
        np.array([5.0, 6.0, 4.0, np.nan][:years]),
        np.array([7.0, 7.0, 6.0, 5.0][:years]),
        np.array([-1.0, 0.5, -2.0, np.nan][:years]),
        np.array([1.0, 2.0, 0.5, 1.0][:years]),
    )


def test_facts_of_a_region() -> None:
    """Leads of 1, nothing and 3 points; targets missed by 2 and 1: against all, -1 and 1."""
    growth = np.array([[6.0, np.nan, 7.0, np.nan], [np.nan] * 4])
    target = np.array([[8.0, np.nan, 8.0, 6.5], [np.nan, np.nan, np.nan, 99.0]])
    (gap, aim, mean, last), nothing = forecast.facts(growth, target, past())
    first, third = 0.5 ** (2 / 2.5), 1.0
    # gaps of -2 and -1, less -1 and -2
    assert gap == near((first * -1 + third * 1) / (first + third + 2)) and aim == 1.5
    assert mean == near((first * 1 + third * 3) / (first + third)) and last == 3.0
    assert nothing.tolist() == [0.0, 4.0, 0.0, 0.0]
    assert forecast.facts(growth, target - 99, past())[0, 1] == -4.0
    assert forecast.facts(growth[:, :1], target[:, :1], past(1))[0].tolist() == [0.0, 1.0, 0.0, 0.0]


def fitted() -> Fitted:
    slopes = {
        (0, False): np.array([0.0, 0.0, 0.0, 0.0]),
        (0, True): np.array([0.0, 0.5, 0.0, 0.0]),
        (2, True): np.array([0.0, 0.0, 0.0, 1.0]),
        (2, False): np.array([0.0, 0.0, 1.0, 0.0]),
    }
    return Fitted(slopes, {(0, False): 4.0, (0, True): 3.0, (2, True): 2.0, (2, False): 1.0})


def test_leads_and_own_spreads() -> None:
    growth = np.array([[6.0, np.nan, 7.0, np.nan], [np.nan, np.nan, 7.0, np.nan]])
    target = np.array([[8.0, np.nan, 8.0, 6.5], [np.nan, np.nan, np.nan, np.nan]])
    assert fitted().used(5, True) == (2, True) and fitted().used(1, True) == (0, True)
    assert fitted().used(2, False) == (2, False)
    middle, spread = forecast.leads(growth, target, past(), fitted())
    # two years and a target: the last lead, 3; one year and none: nothing
    assert middle.tolist() == near([3.0, 0.0])
    # in the third year the first region was foretold half its target's 2 above all: 1 of 3, over 0.5 three
    # times at most; the second nothing of 3
    weight = 0.5 ** (0 / 4)
    assert spread.tolist() == near([2 * math.sqrt((6 + 9 * weight) / (6 + weight)), 4 * math.sqrt(15 / 7)])
    known = forecast.Learnt((1, 2, 3, 4), past(), np.zeros(4), fitted(), {}, 0.1)
    one, two = known.references(growth, target, forecast.Ahead(5.0, 1.5, 4.0))
    assert (one.median, one.calm, one.crisis, one.chance, one.nation, one.known) == (
        8.0,
        1.5,
        4.0,
        0.1,
        5.0,
        2,
    )
    assert (two.median, two.known) == (5.0, 1) and one.own == near(spread[0])
    assert past().until(1).growth.tolist() == [5.0, 6.0]


def test_sources_of_no_growth_add_up_to_none() -> None:
    """What capital adds, people at work take away; of growth of 10 % each is as large a part of it as of its
    logarithm."""
    given: Any = SimpleNamespace(
        labour_share=np.array([0.6]),
        work=np.array([0.99]),
        human=np.array([0.01]),
        productivity=np.array([-0.004]),
    )
    for growth, scale in ((0.0, 1.0), (0.1, 0.1 / math.log(1.1))):
        path: Any = SimpleNamespace(ratio=np.array([[2.0], [2.1]]), growth=np.array([[growth]]))
        found = solow.account(given, path)
        assert found.capital[0, 0] == near(0.4 * math.log(1.05 * (1 + growth)) * scale)
        assert found.work.ravel()[0] == near(0.6 * math.log(0.99 / 1.01) * scale)
        assert found.human.ravel()[0] == near(0.6 * math.log(1.01) * scale)
        assert found.productivity.ravel()[0] == near(math.log(0.996) * scale)


# ---- paths


def test_what_holds_a_sector() -> None:
    """By output: 60 of 100 at their limit is capacity; a sector that leads is held by supply."""
    output = np.array([[[0.0], [60.0]], [[0.0], [40.0]], [[0.0], [9.0]]])
    limit = np.array([[[0.0], [60.0]], [[0.0], [99.0]], [[0.0], [9.0]]])
    rows = {"two": slice(0, 2), "led": slice(2, 3), "one": slice(1, 2), "all": slice(0, 3)}
    economy: Any = SimpleNamespace(rows=rows.get, supply_led=np.array([False, False, True]))
    own = Trajectory(economy, NONE, output, {}, {"limit": limit, "asked": output})
    assert [own.binds(key, 1) for key in rows] == ["capacity", "supply", "demand", "capacity"]
    half = Trajectory(
        economy, NONE, np.where(output == 60, 40.0, output), {}, {"limit": np.where(limit == 60, 40.0, limit)}
    )
    assert half.binds("two", 1) == "demand"
    hair = Trajectory(economy, NONE, output, {}, {"limit": limit * (1 + 0.9e-9)})
    assert hair.binds("two", 1) == "capacity"
    assert Trajectory(economy, NONE, output, {}, {"limit": limit * (1 + 2e-9)}).binds("two", 1) == "demand"


def test_arrays_are_made_when_asked_for() -> None:
    made: list[int] = []
    own = OnDemand(lambda: made.append(1) or {"x": np.ones(1)})  # type: ignore[func-returns-value]
    assert made == [] and own["x"].tolist() == [1.0] and list(own) == ["x"] and len(own) == 1 and made == [1]


# ---- mistakes


def test_where_a_mistake_stands() -> None:
    assert [letters(n) for n in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    for file, line, column in (
        ("a.yaml", 3, 7),
        ("b.xlsx!S", 12, 28),
        ("C:/x.csv", 1, 1),
        ("B.XLSX!S!T", 2, 703),
    ):
        assert placed_at(where(file, line, column)) == (file, line, column)
    assert where("a.yaml") == "a.yaml" == where("a.yaml", 0, 5) and placed_at("a.yaml") is None
    assert placed_at("b.xlsx!S!aB9") == ("b.xlsx!S", 9, 28)
    plain = Problem("x.y", "1", "2")
    assert str(plain) == "x.y: got 1, expected 2"
    full = replace(plain, hint="do", file="f.yaml", line=2, column=3)
    assert str(full) == "f.yaml:2:3  x.y: got 1, expected 2; do"
    both = ScenarioError([plain, full])
    assert (
        str(both).splitlines() == [str(plain), str(full)]
        and both.exit_code == 2
        and SolverError("x").exit_code == 3
    )
    assert DabiaoError(Bilingual(zh="甲", en="a")).of("zh") == "甲"
    spelled = "a\\x1b[3m"  # it would steer a terminal
    assert DabiaoError("a\x1b[3m").of("en") == spelled == str(DabiaoError("a\x1b[3m"))


def test_what_systems_say() -> None:
    import errno

    assert str(reason_of(OSError(errno.ENOENT, "x"))) == "no such file or folder"
    assert str(reason_of(OSError(errno.EDQUOT, "x"))) == "no space left in the quota"
    assert str(reason_of(OSError(9999, "odd"))) == "odd" and str(reason_of(ValueError("v"))) == "v"


def test_a_year_without_a_typical_size_teaches_no_spread() -> None:
    """Leads of 1, -1 and 3; the second was foretold 0, the third the mean of the first two."""
    growth, target = np.array([[6.0, 5.0, 7.0, np.nan]]), np.full((1, 4), np.nan)
    halved = 0.5 ** (1 / 2.5)
    first = 3 - (halved - 1) / (halved + 1)
    old = 0.5 ** (1 / 4)
    for size, part, weight in (
        (2.0, 0.25 * old, old),
        (0.0, 0.0, 0.0),
        (INF, 0.0, 0.0),
        (0.25, 9 * old, old),
    ):
        known = replace(past(), spread=np.array([9.0, size, 2.0, 9.0]))
        (middle,), (spread,) = forecast.leads(growth, target, known, fitted())
        assert spread == near(math.sqrt((6 + part + (first / 2) ** 2) / (6 + weight + 1)))
        quarter = 0.5 ** (2 / 2.5)
        assert middle == near((quarter - halved + 3) / (quarter + halved + 1))
    unknown = replace(past(), growth=np.array([5.0, np.nan, 4.0, np.nan]))
    (spread,) = forecast.leads(growth, target, unknown, fitted())[1]
    # of the third year the mean of one lead is foretold, by the entry of one year: nothing
    assert spread == near(math.sqrt((6 + 9) / 7))


def test_what_is_no_part_of_the_usual_is_a_matter_of_shares() -> None:
    """Five ten-thousandths of a little are something; 10^-11 of much is nothing."""
    stream = np.ones((1, 1, 1))
    little = listing.missing(col(1e-3), stream, np.array([[[0.9995e-3]]]))
    assert little.tolist() == [[near(5e-4, rel=1e-9)]]
    assert listing.missing(col(1e6), stream, np.array([[[1e6 - 1e-5]]])).tolist() == [[0.0]]


def test_what_comes_of_longer_ramps_and_later_years() -> None:
    """One begun each January, done in 18 months, at full load a year later: the last one begun ends in month
    6, and half its first year of load lies in the second half of year 1."""
    begins, lasts, ramp = np.array([[-12.0]]), np.array([[18.0]]), np.array([[12.0]])
    found = listing.coming(begins, lasts, ramp, 4)[0, :, 0]
    # year 1: the last 1/8, the one before (month -6) from 1/8 to 7/8, that of month -18 from 7/8 to 1
    assert found.tolist() == near([1.0, 7 / 8, 1 / 8, 0.0])
    # of 60 years' works the first 60 count
    endless = listing.coming(np.array([[-1.0]]), np.array([[12.0 * 90]]), np.array([[0.0]]), 100)[0, :, 0]
    assert endless.sum() == near(60.0)
    many = listing.coming(np.array([[-12.0], [-3.0]]), np.array([[18.0, 30.0]]), np.zeros((2, 1)), 3)
    assert many.shape == (2, 3, 2) and many[0, :, 0].tolist() == near([1.0, 0.5, 0.0])
    assert many[0, :, 1].tolist() == near([1.0, 1.0, 0.5])
    assert many[1].T.tolist() == [near([1.0, 1.0, 0.25]), near([1.0, 1.0, 1.0])]


def test_a_table_in_another_unit_is_scaled_alike() -> None:
    one = ras(table(sold=np.array([55.0, 80.0])))
    for unit in (1e7, 1e-3):
        parts = {name: unit * getattr(table(), name) for name in ("flows", "value_added", "imports", "taxes")}
        scaled = ras(FlowTable(**parts, output=unit * table().output, sold=unit * np.array([55.0, 80.0])))
        assert one is not None and scaled is not None and scaled.flows == near(unit * one.flows, rel=1e-6)


def test_poverty_falls_by_twice_what_growth_per_head_is() -> None:
    path: Any = SimpleNamespace(growth=np.zeros((3, 1)), per_head=col(0.05, -0.1, 0.6))
    assert solow.poverty(0.2, path)[:, 0].tolist() == near([0.2, 0.18, 0.216, 0.0])
    assert solow.poverty(0.9, path, -3.0)[:, 0].tolist() == near([0.9, 0.765, 0.9945, 0.0])
    assert solow.ramp(1.0, 4.0, 3, 4)[:, 0].tolist() == [2, 3, 4, 4]
    assert solow.ramp(1.0, 4.0, 0, 2)[:, 0].tolist() == [4, 4]
