"""Regions of a province by hand: sums, gaps, targets that add up, shared shocks, trade, who gets how much;
two or three members whose levels are plain lines in their money."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.province import draws, run
from dabiao.engine.province.draws import Shared, drawn, mixed, reordered
from dabiao.engine.province.linked import Linked
from dabiao.engine.province.run import Division, counted, target_of
from dabiao.engine.province.together import Together, growth_of, variance_parts
from dabiao.engine.uncertainty.sample_points import PARTS, Points
from dabiao.models.quantity import Bilingual, FloatArray
from dabiao.models.special import ndtr, ndtri
from dabiao.scenarios.province.load import Member
from futures import linear, loaded

# ---- sums


def levels() -> FloatArray:
    """Three members, the base year and two more, four draws."""
    base = np.array([[100.0], [300.0], [50.0]])
    first = base * [[1.1, 1.0, 1.2, 0.9], [1.02, 1.05, 0.98, 1.0], [1.0, 1.3, 1.1, 1.2]]
    last = first * [[1.05, 1.0, 0.9, 1.1], [1.01, 1.06, 1.0, 1.03], [1.2, 1.0, 1.1, 0.8]]
    return np.stack([np.broadcast_to(base, (3, 4)), first, last], axis=1)


def test_sums_growth_and_what_each_brings() -> None:
    own = Together(levels(), np.array([10.0, np.nan, 2.0]))
    made = levels()
    assert own.draws == 4 and own.whole == pytest.approx(made[0] + made[1] + made[2])
    for d in range(4):
        before, after = made[:, 1, d], made[:, 2, d]
        assert own.growth[d] == pytest.approx(100 * (after.sum() / before.sum() - 1))
        assert own.own[:, d] == pytest.approx(100 * (after / before - 1))
        assert own.points[:, d] == pytest.approx(100 * (after - before) / before.sum())
        assert own.points[:, d].sum() == pytest.approx(own.growth[d])
    assert growth_of(np.array([[1.0, 2.0], [4.0, 2.0], [5.0, 1.0]])).tolist() == [25, -50]


def test_the_gap_is_among_those_whose_residents_are_known() -> None:
    made = levels()
    own = Together(made, np.array([10.0, np.nan, 2.0]))
    for year in (-1, 0, 1):
        heads = np.array([made[0, year] / 10, made[2, year] / 2])
        found = own.gap() if year == -1 else own.gap(year)
        assert found == pytest.approx(heads.max(axis=0) / heads.min(axis=0))
    assert own.gap(0) == pytest.approx([2.5] * 4)
    assert Together(made, np.array([10.0, np.nan, np.nan])).gap() is None


def test_targets_that_add_up_are_one_quantile_of_each() -> None:
    """Members of 100 and 300 that grow by 0 to 4 and 2 to 10 %: at a quantile q by 4q and 2 + 8q, together
    (100 * 4q + 300 * (2 + 8q)) / 400 = 1.5 + 7q. 5 % are at q = 1/2."""
    steps = np.linspace(0.0, 1.0, 33)
    growth = np.stack([4 * steps, 2 + 8 * steps[::-1]])
    base = np.array([[100.0], [300.0]])
    made = np.stack([np.broadcast_to(base, (2, 33)), base * (1 + growth / 100)], axis=1)
    own = Together(made, np.array([1.0, 1.0]))
    found = own.proposed(5.0)
    assert found is not None and found.targets == pytest.approx([2, 6], abs=1e-4)
    assert found.chance == pytest.approx(0.5, abs=1e-5)
    low = own.proposed(3.25)
    assert low is not None and low.targets == pytest.approx([1, 4], abs=1e-4)
    assert low.chance == pytest.approx(0.75, abs=1e-5)
    assert own.proposed(1.5) is None and own.proposed(8.5 + 1e-9) is None and own.proposed(1.4) is None
    assert own.proposed(8.49) is not None and own.proposed(1.51) is not None


def test_a_chance_and_its_error_over_scramblings() -> None:
    """Draw d of 32 is of scrambling d mod 16; what happens in the first 8 happens once in each of eight."""
    own = Together(np.ones((1, 2, 32)), np.ones(1))
    assert [part.tolist() for part in own.parts][3] == [3, 19] and len(own.parts) == PARTS
    found = own.chance(np.arange(32) < 8)
    assert found.value == 0.25
    assert found.error == pytest.approx(np.std([0.5] * 8 + [0.0] * 8, ddof=1) / 4)
    assert own.chance(np.zeros(32, bool)).error == 0.5 / 32


def test_members_with_nothing_in_common() -> None:
    """Each keeps its futures and takes them in an order of its own seed."""
    made = np.random.default_rng(1).uniform(90, 110, (2, 3, 40))
    own = Together(made, np.ones(2))
    found = own.apart([3, 4])
    orders = [np.random.default_rng(seed).permutation(40) for seed in (3, 4)]
    whole = made[0][:, orders[0]] + made[1][:, orders[1]]
    assert found == pytest.approx(100 * (whole[2] / whole[1] - 1))


def test_parts_of_variance_of_a_sum() -> None:
    """Variances of 9, 4 and 1: what two groups explain and what is left."""
    rng = np.random.default_rng(2)
    first, second, third = rng.random((3, 4000))
    values = 3 * ndtri(first) + 2 * ndtri(second) + ndtri(third)
    found = variance_parts(values, [first[None], np.empty((0, 4000)), second[None]])
    assert found == pytest.approx([9 / 14, 0, 4 / 14, 1 / 14], abs=0.03) and sum(found) == pytest.approx(1)
    assert variance_parts(np.full(4000, 5.0), [first[None]]) == (0.0, 1.0)
    noise = variance_parts(rng.random(40), [rng.random((5, 40))])
    assert noise[0] >= 0 and sum(noise) == pytest.approx(1)
    # adjusted for its terms: of pure noise nearly nothing is explained, on average nothing
    many = [variance_parts(rng.random(60), [rng.random((3, 60))])[0] for _ in range(40)]
    assert np.mean(many) < 0.12
    # a curve of degree five is seen whole, with three terms of its freedom taken
    x = 2 * first - 1
    assert variance_parts(x**5 - x**2, [first[None]])[0] == pytest.approx(1)
    assert variance_parts(x**6, [first[None]])[0] < 0.9999


# ---- shared futures


def test_whose_shock_an_input_is() -> None:
    names = {
        "uncertainty.shocks.national.1": ("national", (1, False, 0)),
        "uncertainty.shocks.province.2": ("province", (2, False, 1)),
        "uncertainty.shocks.national.drift.1": ("national", (1, True, 0)),
    }
    for name, (level, order) in names.items():
        assert draws._level(name) == level and draws._order(name) == order, name
    for name in (
        "uncertainty.shocks.own.1",
        "uncertainty.shocks.national",
        "x.uncertainty.shocks.national.1",
    ):
        assert draws._level(name) == ""
    ordered = sorted(names, key=draws._order)
    shared = Shared(tuple(ordered), np.arange(6.0).reshape(3, 2))
    assert [draws._level(name) for name in ordered] == ["national", "national", "province"]
    assert shared.of("national", 1).tolist() == [[0, 1], [2, 3]]
    assert shared.of("province", 1).shape == (0, 2) and shared.of("province", 2).tolist() == [[4, 5]]


def test_a_seed_of_its_own() -> None:
    """The first seven bytes of the hash of both, the largest first."""
    import hashlib

    digits = hashlib.sha256(b"5/east").hexdigest()[:14]
    assert mixed(5, "east") == int(digits, 16) and mixed(5, "east") != mixed(6, "east") != mixed(6, "west")


def test_points_are_reordered_inside_their_scrambling() -> None:
    points = np.arange(2 * 64.0).reshape(2, 64)
    kept = points.copy()
    found = reordered(points, 3)
    assert np.array_equal(points, kept) and not np.array_equal(found, points)
    for part in range(PARTS):
        assert sorted(found[0, part::PARTS]) == sorted(points[0, part::PARTS])
    assert np.array_equal(found[1] - found[0], np.full(64, 64.0))  # a point moves as a whole
    assert np.array_equal(found, reordered(points, 3)) and not np.array_equal(found, reordered(points, 4))


def test_the_mean_of_several_shocks_is_narrower() -> None:
    u = np.array([0.1, 0.5, 0.975])
    found = draws._mean_of(u, 4)
    assert ndtri(found) == pytest.approx(ndtri(u) / 2) and found[1] == pytest.approx(0.5)
    assert draws._mean_of(u, 1) == pytest.approx(u) and ndtr(ndtri(u)) == pytest.approx(u)


SHOCKS = {"national": {"sd": 1.0, "drift": 0.2}, "province": {"sd": 0.5}, "own": {"sd": 1.0}}


def member(folder: Path, key: str, regions: float = 1.0, **shocks: Any) -> Member:
    one = loaded(folder, linear(uncertainty={"shocks": SHOCKS | shocks}), f"{key}.yaml")
    return Member(key, Bilingual.same(key), one, {}, None, 10.0, 5.0, False, regions=regions)


def test_members_share_what_both_state(tmp_path: Path) -> None:
    """News of the nation is the same quantile for both; what one alone states is its own, and so is the rest,
    by a seed and an order of its own. A member of four regions is moved half as far by its own shocks."""
    east = member(tmp_path, "east")
    west = member(tmp_path, "west", regions=4.0, province=None)
    found, shared = drawn([east, west], 5, 64, "highs")
    assert shared.names == ("uncertainty.shocks.national.2021",)
    assert np.array_equal(shared.uniforms, Points(1, 5).block(0, 64))
    assert [each.member.id for each in found] == ["east", "west"]
    assert [len(each.samples) for each in found] == [1, 1] and found[0].samples[0].draws == 64
    alone, only = drawn([east], 5, 64, "highs")
    assert only.names == ("uncertainty.shocks.national.2021", "uncertainty.shocks.province.2021")
    assert only.uniforms.shape == (2, 64)
    first = found[0].levels()
    assert first.shape == (2, 64) and (first[0] == 200).all()
    assert not np.allclose(first, alone[0].levels())
    # money as plans are compared by, and more of it
    assert found[0].money == pytest.approx(found[0].plan.investment[:, 0].sum())
    assert found[0].levels(0.1)[1].mean() > first[1].mean() and found[0].adds == pytest.approx(0, abs=1e-9)
    # one who states no news of the nation takes no part in it
    third = member(tmp_path, "north", national=None)
    found, shared = drawn([east, west, third], 5, 64, "highs")
    assert shared.names == ("uncertainty.shocks.national.2021", "uncertainty.shocks.province.2021")
    assert np.array_equal(found[0].levels()[1] > 0, np.ones(64, bool)) and len(found) == 3
    # alike members: one of four regions is less in doubt
    four, _ = drawn([east, member(tmp_path, "south", regions=4.0)], 5, 1024, "highs")
    spreads = [float(growth_of(each.levels()).std()) for each in four]
    assert spreads[1] < 0.95 * spreads[0]


def test_a_province_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two members of 200, one of which plans 30 % more investment: the whole begins with the parent's 420."""
    east = member(tmp_path, "east")
    data = linear(uncertainty={"shocks": SHOCKS}, investment={"growth": 30})
    west = Member(
        "west", Bilingual.same("west"), loaded(tmp_path, data, "west.yaml"), {}, 8.0, 10.0, 5.0, False
    )
    regions = SimpleNamespace(
        seed=5,
        year=2020,
        trade=None,
        pool=None,
        targets=SimpleNamespace(gap=SimpleNamespace(at_most=SimpleNamespace(value=3.0))),
    )
    stated: Any = province(
        members=(east, west), regions=regions, factor=1.05, tiers={"ensure": 2.0, "stretch": 90.0}
    )
    found = run.run_province(stated, draws=64, solver="highs")
    assert found.together.draws == 64 and found.seed == 5 and found.year == 2021
    assert found.together.whole[0] == pytest.approx([420] * 64)
    assert np.isnan(found.together.people[0]) and found.together.people[1] == 8
    assert found.gap is not None and found.gap.at_most == 3.0 and found.growth.tiers == stated.tiers
    assert (
        set(found.proposed) <= {"ensure"} and len(found.parts) == 3 and sum(found.parts) == pytest.approx(1)
    )
    assert found.money["west"] == pytest.approx(1.3 * found.money["east"]) and found.apart.shape == (64,)
    own = drawn([east, west], 5, 64, "highs")[0]
    assert found.together.levels[1] == pytest.approx(1.05 * own[1].levels())
    assert own[0].adds == pytest.approx(0, abs=1e-9) and 1e-4 < own[1].adds < 0.3
    assert found.chance(found.growth, "ensure", np.full(64, 1.95)).value == 1.0
    assert found.divisions[-1].tier == "stretch" or found.divisions[-1].kind == "elsewhere"
    orders = [mixed(5, f"{key}/apart") for key in ("east", "west")]
    assert found.apart == pytest.approx(found.together.apart(orders))
    regions.targets.gap = None
    monkeypatch.setattr(run, "DRAWS", 32)
    less = run.run_province(stated, seed=6, solver="highs")
    assert less.together.draws == 32 and less.seed == 6 and less.gap is None


# ---- trade


def line(key: str, gdp: float, gain: float, growth: FloatArray, adds: float = 0.0, **more: Any) -> Any:
    """A member whose last level rises by ``gain`` for each share of its plan's money."""

    def made(part: float = 0.0) -> FloatArray:
        return np.stack([np.full(len(growth), gdp), gdp * (1 + growth / 100) + gain * part])

    usual = {"most": 10.0, "cut": 5.0}
    own = SimpleNamespace(id=key, gdp=gdp, **{**usual, **more})
    works = SimpleNamespace(planned=np.array([[2.0, 1.0], [0.0, 0.0]]))
    plan = SimpleNamespace(investment=np.array([[10.0, 10.0], [0.0, 5.0]]))
    begun = SimpleNamespace(plan=SimpleNamespace(pipeline_run=works, plan=plan))
    return SimpleNamespace(member=own, levels=made, adds=adds, plan=plan, begun=begun, money=10.0)


def province(**more: Any) -> Any:
    regions = SimpleNamespace(trade=None, pool=None)
    return SimpleNamespace(**{"flows": None, "factor": 1.0, "confidence": 0.5, "regions": regions} | more)


def test_levels_without_trade_are_each_members_own() -> None:
    growth = np.array([1.0, 2.0, 3.0])
    own = Linked(province(factor=1.1), [line("a", 100, 4, growth), line("b", 300, 6, 2 * growth)])
    assert own.alone[:, 0] == pytest.approx(np.array([[110] * 3, [330] * 3]))
    assert own.carried is None and own.brought.tolist() == [0, 0]
    assert own.levels() == pytest.approx(own.alone)
    found = own.levels({1: 0.5})
    assert found[0] == pytest.approx(own.alone[0]) and found[1, 1] == pytest.approx(own.alone[1, 1] + 3.3)
    assert found[1, 0] == pytest.approx(own.alone[1, 0])


def test_levels_with_trade_reach_the_others() -> None:
    """b buys 60 of a, a 20 of b, half of which is value added: 30/300 of b's income comes to a, 10/100 of a's
    to b. (I - T)^-1 = [[1, .1], [.1, 1]] / .99."""
    trade = SimpleNamespace(content=SimpleNamespace(value=50.0))
    stated = province(
        flows=np.array([[0.0, 60.0], [20.0, 0.0]]),
        factor=2.0,
        regions=SimpleNamespace(trade=trade, pool=None),
    )
    growth = np.array([1.0, 2.0])
    own = Linked(stated, [line("a", 100, 4, growth, adds=0.03), line("b", 300, 6, growth, adds=0.01)])
    assert own.carried == pytest.approx(np.array([[1 / 0.99 - 1, 0.1 / 0.99], [0.1 / 0.99, 1 / 0.99 - 1]]))
    assert own.planned == pytest.approx([6, 6])
    assert own.brought == pytest.approx([6 * (1.1 / 0.99 - 1)] * 2)
    base = own.levels()
    assert base[:, 0] == pytest.approx(own.alone[:, 0])
    assert base[:, 1] == pytest.approx(own.alone[:, 1] + own.brought[:, None])
    found = own.levels({1: 0.5})  # 2 * 6 * 0.5 more in b
    assert found[0, 1] - base[0, 1] == pytest.approx([6 * 0.1 / 0.99] * 2)
    assert found[1, 1] - base[1, 1] == pytest.approx([6 / 0.99] * 2)
    half = province(flows=stated.flows)  # trade is not stated
    assert Linked(half, own.members).carried is None


# ---- who does how much

DRAWS = 64
STEPS = np.repeat([-1.0, 0.0, 0.0, 1.0], PARTS)


def dividing(tiers: Mapping[str, float], pool: float | None = None, **more: Any) -> run._Dividing:
    """a and b of 100 and 300 grow by 5 %, more or less by one: a tenth of a's 10 of money brings .1 points of
    the sum, that of b's 40 brings .2. a may have 2 more, b 4; each may give up 5 %."""
    growth = 5.0 + STEPS
    members = [
        line("a", 100, 4.0, growth, most=20.0),
        line("b", 300, 8.0, growth, most=10.0),
    ]
    members[1].money = 40.0
    members += more.pop("others", [])
    regions = SimpleNamespace(trade=None, pool=None if pool is None else SimpleNamespace(value=pool))
    own = Linked(province(regions=regions, **more), members)
    people = np.array([50.0, 100.0] + [np.nan] * (len(members) - 2))
    return run._Dividing(
        own, Together(own.levels(), people), target_of("growth", "gdp_growth", tiers, 1), "highs"
    )


def by_kind(found: tuple[Division, ...]) -> dict[tuple[str, str], Division]:
    return {(each.kind, each.tier): each for each in found}


def test_what_hands_may_do_and_bring() -> None:
    """A unit of a's money brings .4 of 400 GDP, of b's .2; a third of a's money is of named projects."""
    own = dividing({"ensure": 5.2})
    a, b = own.hands
    assert (a.id, a.money, a.most, a.gives) == ("a", 10, 2, pytest.approx(0.5))
    assert (b.id, b.money, b.most, b.gives) == ("b", 40, 4, pytest.approx(2))
    assert a.slope == pytest.approx(0.1) and b.slope == pytest.approx(0.05)
    assert own.start == pytest.approx(5) == own.median
    tight = dividing({"ensure": 5.2}, others=[line("c", 40, 1.0, 5.0 + STEPS, most=0.0, cut=90.0)])
    c = tight.hands[2]
    assert c.most == 0 and c.gives == pytest.approx(8)  # two tenths of its money are named projects'
    assert c.slope == pytest.approx(100 * 0.8 / 440 / 8)
    idle = dividing({"ensure": 5.2}, others=[line("c", 40, 1.0, 5.0 + STEPS, most=0.0, cut=0.0)]).hands[2]
    assert (idle.money, idle.slope, idle.most, idle.gives) == (10, 0, 0, 0)
    poor = line("c", 40, 1.0, 5.0 + STEPS)
    poor.money = 0.0
    assert dividing({"ensure": 5.2}, others=[poor]).hands[2].money == 1e-9


def test_the_cheapest_and_the_fairest_division() -> None:
    """5.2 is printed from 5.15 on: .15 points, by a alone 1.5; in equal parts of 5 % 0.5 and 2."""
    own = dividing({"ensure": 5.2})
    found = by_kind(own.all())
    assert set(found) == {("cheapest", "ensure"), ("fairest", "ensure"), ("elsewhere", "")}
    cheap, fair, moved = (found[key] for key in found)
    assert cheap.more == pytest.approx({"a": 1.5, "b": 0}, abs=0.01) and cheap.money == pytest.approx(
        1.5, abs=0.01
    )
    assert fair.more == pytest.approx({"a": 0.5, "b": 2}, abs=0.01) and fair.money == pytest.approx(
        2.5, abs=0.01
    )
    for each in (cheap, fair):
        assert (
            each.reached and each.simulated >= 5.15 - 1e-9 and each.simulated == pytest.approx(5.15, abs=1e-3)
        )
        assert each.promised == pytest.approx(each.simulated, abs=1e-6)
        assert each.chance is not None and each.chance.value == 0.75 and each.error == pytest.approx(0)
    assert cheap.after["a"] == pytest.approx(5 + 0.6, abs=0.01) and cheap.after["b"] == pytest.approx(5)
    assert cheap.gap == pytest.approx(3.15 / (1.056 * 2), abs=0.01)
    assert moved.more == pytest.approx({"a": 2, "b": -2}) and moved.money == pytest.approx(2)
    assert moved.simulated == pytest.approx(5.1) and moved.chance is None and not moved.reached
    assert moved.error is None and moved.near == () and fair.near == () and cheap.near == ()


def test_what_is_reached_needs_nothing_and_what_is_beyond_limits_gets_all() -> None:
    """All that limits allow is .4 points: 5.4, and 5.5 is printed from 5.45 on."""
    found = by_kind(dividing({"ensure": 5.0, "stretch": 5.5}).all())
    assert set(found) == {("most", "stretch"), ("elsewhere", "")}
    most = found["most", "stretch"]
    assert most.more == pytest.approx({"a": 2, "b": 4}) and not most.reached
    assert most.simulated == pytest.approx(5.4) and most.error is None
    tied = dividing({"ensure": 5.0})
    for each in tied.members:
        each.member.most = each.member.cut = 0.0
    tied.hands = [tied._hand(at) for at in range(2)]
    assert tied.all() == ()  # nobody may give or take anything
    just = by_kind(dividing({"ensure": 5.4}).all())
    assert just["cheapest", "ensure"].reached and just["cheapest", "ensure"].money == pytest.approx(
        2 + 3, abs=0.02
    )


def test_confidence_asks_for_more() -> None:
    """With nine tenths it is the lower futures that must reach: from 4 on, and limits do not allow 4.9."""
    own = dividing({"ensure": 4.3}, confidence=0.9)
    assert own.start == pytest.approx(4) and own.median == pytest.approx(5)
    found = by_kind(own.all())
    cheap = found["cheapest", "ensure"]
    assert cheap.money == pytest.approx(2 + 1, abs=0.02)  # .25 points: .2 by a, .05 by b
    assert cheap.chance is not None and cheap.chance.value == 1.0 and cheap.reached
    assert cheap.promised == pytest.approx(5.25, abs=0.001)
    assert own._holds("ensure", np.full(10, 4.25)) and not own._holds("ensure", np.full(10, 4.2499))
    assert not own._holds("ensure", np.array([4.0, 4.0, *[5.0] * 8]))
    even = dividing({"ensure": 4.3})  # half of them reach it, and what lies between does not
    assert not even._holds("ensure", np.array([4.0, 4.3])) and even._holds("ensure", np.array([4.2, 4.3]))
    assert counted(np.arange(11.0), 0.9) == pytest.approx(1) and counted(np.arange(11.0), 0.5) == 5
    assert ("most", "ensure") in by_kind(dividing({"ensure": 4.9}, confidence=0.9).all())


def test_money_of_the_parent() -> None:
    """3.2: where it brings most 2 to a and 1.2 to b, .26 points; in equal parts .64 and 2.56, .192."""
    found = by_kind(dividing({"ensure": 4.0, "stretch": 5.3}, pool=3.2).all())
    for tier in ("ensure", "stretch"):
        best, even = found["pool_best", tier], found["pool_even", tier]
        assert best.more == pytest.approx({"a": 2, "b": 1.2}) and even.more == pytest.approx(
            {"a": 0.64, "b": 2.56}
        )
        assert best.simulated == pytest.approx(5.26) and even.simulated == pytest.approx(5.192)
        assert best.error is None
    assert found["pool_best", "stretch"].reached and not found["pool_even", "stretch"].reached
    assert found["pool_best", "ensure"].chance == found["pool_even", "ensure"].chance


def test_the_better_of_two_ways_to_share_is_told_as_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = (("pool_best", lambda *_: {"a": 0.0, "b": 1.0}), ("pool_even", lambda *_: {"a": 1.0, "b": 0.0}))
    monkeypatch.setattr(run, "POOLS", ways)
    found = by_kind(dividing({"ensure": 5.0}, pool=1.0).all())
    assert found["pool_best", "ensure"].more == {"a": 1.0, "b": 0.0} == found["pool_even", "ensure"].more
    assert found["pool_best", "ensure"].kind == "pool_best"


def test_nearly_as_good_members_and_small_change() -> None:
    """c brings 95 % of what a does, d 85 %; what is less than a millionth of a plan is nothing."""
    others = [
        line("c", 1e-6, 0.95 * 4.0, 5.0 + STEPS),
        line("d", 1e-6, 0.85 * 4.0, 5.0 + STEPS),
        line("e", 1e-6, 0.99 * 4.0, 5.0 + STEPS, most=0.0),
    ]
    own = dividing({"ensure": 5.2}, others=others)
    assert own._near({"a": 1.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0}) == ("c",)
    assert own._near({"a": 1.0, "b": 0.0, "c": 0.5, "d": 0.0, "e": 0.0}) == ()
    assert own._near({"a": 0.0, "b": 1.0, "c": 0.0, "d": 0.0, "e": 0.0}) == ("a", "c", "d")
    assert own._near(dict.fromkeys("abcde", 0.0)) == ()
    assert own._parts({"a": 1.01e-5, "b": 0.99e-5 * 4, "c": -1.0}) == pytest.approx({0: 1.01e-6, 2: -0.1})
    assert own._most() == {"a": 2, "b": 4, "c": 1, "d": 1, "e": 0}
    assert run._money({"a": 2.0, "b": -3.0, "c": 0.5}) == 2.5


def test_the_error_of_money_is_that_of_what_is_lacking() -> None:
    own = dividing({"ensure": 5.2})
    values = own.together.growth + np.linspace(-0.3, 0.3, DRAWS)
    own.together.__dict__["growth"] = values
    own.start = counted(values, 0.5)
    medians = [np.quantile(values[part], 0.5) for part in own.together.parts]
    expected = np.std(medians, ddof=1) / 4 * 3.0 / (5.15 - own.start)
    assert own._error("ensure", 3.0) == pytest.approx(expected) and expected > 0
    own.start = 5.15
    assert own._error("ensure", 3.0) == 0.0


def test_targets_of_a_sum() -> None:
    growth = target_of("growth", "gdp_growth", {"ensure": 5, "stretch": 6}, 1)
    assert (growth.unit, growth.digits, growth.tiers) == ("%", 1, {"ensure": 5, "stretch": 6})
    assert growth.main and str(growth.title) == "GDP growth" and growth.indicator == "gdp_growth"
    gap = target_of("gap", "gap", {"at_most": 2.5}, 2)
    assert (gap.unit, gap.digits, gap.tiers, gap.at_most, gap.ensure) == ("1", 2, {"at_most": 2.5}, 2.5, None)
    assert "richest" in str(gap.title)
    assert growth.reached(np.array([4.94, 4.95]), 5.0).tolist() == [False, True]
    assert gap.reached(np.array([2.504, 2.506]), 2.5).tolist() == [True, False]
