"""Trade among neighbours: distances, gravity, the multiplier in closed form; what plans change is carried,
what news does to all is not; a table of trade with its mistakes; money of the parent; the map."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.engine.province.run import run_province
from dabiao.models.errors import ScenarioError
from dabiao.models.neighbours import distances, gravity, income, spread
from dabiao.results.charts.gallery import drawn
from dabiao.results.charts.scene import Dot
from dabiao.results.charts.words import Words
from dabiao.results.tables.province import province_tables
from dabiao.scenarios.province.load import load_province
from dabiao.solvers.members import Hand, evenly, where_most
from hypothesis import given, settings
from hypothesis import strategies as st

FEW = 512
HEAD = """\
sources: {s: {en: a made-up yearbook}}
regions:
  source: s
  title: Lakeland
  year: 2022
  parent: {gdp: 660}
  table: {rows: cities.csv}
"""
CITIES = """\
City,GDP,Primary,Secondary,Growth (%),Target (%),Residents (万人),Lat,Lon
Alder,400,20,170,4.1,6,480,30,104
Birch,100,15,33,3.2,5,190,31,104
Cold,160,24,60,3.9,5.5,270,30,107
"""
TRADE = "  trade: {within: {value: 20, assumption: x}, content: {value: 50, assumption: y}}\n"


def province(folder, more="", cities=CITIES, **files):
    (folder / "cities.csv").write_text(cities, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "lake.yaml").write_text(HEAD + more, encoding="utf-8")
    return load_province(folder / "lake.yaml")


def answer(folder, more="", **files):
    return run_province(province(folder, more, **files), draws=FEW)


def test_distances_of_known_places():
    """A degree of latitude is R pi / 180; Chengdu to Chongqing is about 270 km, Beijing to Shanghai 1,070."""
    found = distances(np.array([[30.0, 104.0], [31.0, 104.0], [30.67, 104.07], [29.56, 106.55]]))
    assert found[0, 1] == pytest.approx(6371.0 * np.pi / 180, rel=1e-9)
    assert found[2, 3] == pytest.approx(269, abs=4)
    capitals = distances(np.array([[39.90, 116.41], [31.23, 121.47]]))
    assert capitals[0, 1] == pytest.approx(1068, abs=6)
    np.testing.assert_allclose(found, found.T)
    assert np.diag(found).max() == 0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(1, 1e5), min_size=2, max_size=6),
    st.floats(0.01, 0.9),
    st.floats(0, 3),
    st.integers(0, 99),
)
def test_gravity_is_balanced_and_adds_up(sizes, within, elasticity, seed):
    rng = np.random.default_rng(seed)
    whole = np.array(sizes)
    far = distances(np.column_stack([rng.uniform(20, 40, len(sizes)), rng.uniform(100, 120, len(sizes))]))
    flows = gravity(whole, far, within, elasticity)
    assert flows.sum() == pytest.approx(within * whole.sum(), rel=1e-9)
    np.testing.assert_allclose(flows, flows.T, rtol=1e-9)
    assert np.diag(flows).max() == 0


def test_gravity_falls_with_distance_by_its_elasticity():
    far = np.array([[0.0, 100.0, 200.0], [100.0, 0.0, 300.0], [200.0, 300.0, 0.0]])
    flows = gravity(np.array([1.0, 1.0, 1.0]), far, 0.3, 0.9)
    assert flows[0, 1] / flows[0, 2] == pytest.approx(2**0.9)


def test_a_member_without_a_place_trades_with_nobody():
    far = distances(np.array([[30.0, 104.0], [31.0, 104.0], [np.nan, np.nan]]))
    flows = gravity(np.array([4.0, 1.0, 2.0]), far, 0.2, 0.9)
    assert flows[2].max() == flows[:, 2].max() == 0
    assert flows.sum() == pytest.approx(0.2 * 5)


def test_two_regions_in_closed_form():
    """(1 / (1 - ab)) ((1, b), (a, 1))."""
    a, b = 0.3, 0.1
    found = spread(np.array([[0.0, b], [a, 0.0]]))
    np.testing.assert_allclose(found, np.array([[1, b], [a, 1]]) / (1 - a * b))


def test_rounds_of_spending_add_up_to_the_multiplier():
    rng = np.random.default_rng(1)
    earned = income(rng.uniform(0, 10, (5, 5)), np.full(5, 100.0), 0.6)
    rounds, power = np.zeros((5, 5)), np.eye(5)
    for _ in range(60):
        rounds, power = rounds + power, power @ earned
    np.testing.assert_allclose(spread(earned), rounds, atol=1e-12)
    with pytest.raises(ValueError, match="unit or more"):
        spread(np.array([[0.0, 0.2], [1.0, 0.0]]))


def test_more_money_in_one_reaches_the_others_and_only_then(tmp_path):
    """What others gain of money in Alder is, in every future, what the multiplier makes of its own gain."""
    plain, linked = answer(tmp_path).linked, answer(tmp_path, TRADE).linked
    np.testing.assert_allclose(linked.levels()[:, 0], plain.levels()[:, 0])
    gain = plain.levels({0: 0.1})[:, -1] - plain.levels()[:, -1]
    assert gain[0].min() > 0
    assert np.abs(gain[1:]).max() == 0
    carried = linked.levels({0: 0.1})[:, -1] - linked.levels()[:, -1]
    earned = income(linked.province.flows, np.array([400.0, 100.0, 160.0]), 0.5)
    np.testing.assert_allclose(carried, spread(earned)[:, [0]] @ gain[[0]], rtol=1e-9)
    assert carried[1].min() > 0
    assert carried[2].min() > 0


def test_what_plans_as_usual_bring_is_nothing_and_a_bold_plan_brings_something(tmp_path):
    usual = answer(tmp_path, TRADE)
    assert np.abs(usual.linked.brought).max() < 0.01
    bold = CITIES.replace("Lon\n", "Lon,Investment,Planned investment growth\n")
    bold = (
        bold.replace("30,104\n", "30,104,220,25\n")
        .replace("31,104\n", "31,104,,\n")
        .replace("107\n", "107,,\n")
    )
    found = answer(tmp_path, TRADE, cities=bold)
    assert found.linked.planned[0] > 0.5
    assert found.linked.brought[1] > 0
    assert found.linked.brought[2] > 0
    # the larger part goes to the nearer and smaller neighbour, as a part of its own GDP
    assert found.linked.brought[1] / 100 > found.linked.brought[2] / 160
    table = province_tables(found)["province_trade"].records()
    assert sum(row["sold"] for row in table[:-1]) == pytest.approx(table[-1]["bought"])
    assert table[-1]["bought"] == pytest.approx(0.2 * 660)
    lines = [province_tables(one)["summary"].column("line") for one in (found, answer(tmp_path))]
    assert ["sales" in each for each in lines] == [True, False]
    with pytest.raises(ValueError, match="table summary has no column lines"):
        province_tables(found)["summary"].column("lines")


def test_trade_helps_the_whole(tmp_path):
    tiers = "  targets: {growth: {ensure: 5.5}}\n"
    without, linked = answer(tmp_path, tiers), answer(tmp_path, tiers + TRADE)
    money = [found.divisions[0].money for found in (without, linked)]
    assert [found.divisions[0].kind for found in (without, linked)] == ["cheapest", "cheapest"]
    assert money[1] < money[0]


def test_a_table_of_trade(tmp_path):
    trade = "  trade: {rows: flows.csv, content: {value: 50, assumption: y}}\n"
    found = province(
        tmp_path, trade, flows="From,To,Amount (亿元)\nAlder,Birch,10\nCold,Alder,4\nAlder,Alder,90\n"
    )
    np.testing.assert_allclose(found.flows, [[0, 10, 0], [0, 0, 0], [4, 0, 0]])
    with pytest.raises(ScenarioError) as failed:
        province(
            tmp_path,
            trade,
            flows="卖方,买方,金额\nAlder,Brich,10\nCold,Alder,-4\nCold,Birch,1\nCold,Birch,x\n",
        )
    told = [(problem.line, problem.column) for problem in failed.value.problems]
    assert told == [(2, 7), (3, 12), (5, 12)], failed.value.problems
    assert "Birch" in str(failed.value.problems[0].hint)
    with pytest.raises(ScenarioError, match="less than 1"):
        province(tmp_path, trade, flows="From,To,Amount\nAlder,Birch,201\n")
    with pytest.raises(ScenarioError, match="each pair once"):
        province(tmp_path, trade, flows="From,To,Amount\nAlder,Birch,2\nAlder,Birch,3\n")
    with pytest.raises(ScenarioError, match="headings such as"):
        province(tmp_path, trade, flows="a,b\n1,2\n")


@pytest.mark.parametrize(
    ("trade", "said"),
    [
        ("{content: {value: 50, assumption: y}}", "neither"),
        ("{content: {value: 50, assumption: y}, rows: f.csv, within: 3}", "one of them"),
        ("{content: {value: 0, assumption: y}, within: 3}", "0.1"),
    ],
)
def test_trade_wrongly_stated(tmp_path, trade, said):
    with pytest.raises(ScenarioError, match=said):
        province(tmp_path, f"  trade: {trade}\n", f="a")


def test_gravity_needs_places(tmp_path):
    with pytest.raises(ScenarioError, match="latitude"):
        province(tmp_path, TRADE, cities=CITIES.replace("Lat,Lon", "x,y"))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1, 100), st.floats(0.001, 1), st.floats(0, 50)), min_size=1, max_size=5),
    st.floats(0.1, 200),
)
def test_the_parents_money_is_spent_as_far_as_limits_let_it(drawn_hands, money):
    hands = [Hand(str(at), own, slope, most) for at, (own, slope, most) in enumerate(drawn_hands)]
    room = sum(hand.most for hand in hands)
    best = {solver: where_most(hands, money, solver) for solver in ("highs", "glpk")}
    even = evenly(hands, money)
    for given_ in (*best.values(), even):
        assert sum(given_.values()) == pytest.approx(min(money, room), rel=1e-6, abs=1e-6)
        assert all(-1e-9 <= given_[hand.id] <= hand.most + 1e-6 for hand in hands)
    gains = [sum(hand.slope * one[hand.id] for hand in hands) for one in (*best.values(), even)]
    assert gains[0] == pytest.approx(gains[1], rel=1e-6, abs=1e-9)
    assert gains[0] >= gains[2] - 1e-6
    # evenly: whoever is below its limit has the same part of its own money, and none has more
    parts = [even[hand.id] / hand.money for hand in hands if even[hand.id] < hand.most - 1e-6]
    assert not parts or max(parts) == pytest.approx(min(parts), rel=1e-6)
    assert all(even[hand.id] / hand.money <= max(parts) + 1e-9 for hand in hands) if parts else True


def test_the_parents_money_is_simulated(tmp_path):
    found = answer(tmp_path, "  targets: {growth: {ensure: 6}}\n  pool: 12\n")
    pooled = {one.kind: one for one in found.divisions if one.kind.startswith("pool")}
    assert set(pooled) == {"pool_best", "pool_even"}
    for one in pooled.values():
        assert sum(one.more.values()) == pytest.approx(12)
        assert one.simulated > np.median(found.together.growth)
        assert one.chance.value >= found.chance(found.growth, "ensure", found.together.growth).value
    assert pooled["pool_best"].simulated >= pooled["pool_even"].simulated - 0.01
    assert "CNY 1.20bn of the parent" in str(province_tables(found)["summary"].rows)


def test_what_stands_for_several_regions_is_less_in_doubt(tmp_path):
    """Var(own) falls as 1 / n: with 4 alike, half of the standard deviation that is its own is left."""
    one = run_province(province(tmp_path), draws=4096)
    four = run_province(
        province(tmp_path, "  members: {Alder: {regions: {value: 4, assumption: x}}}\n"), draws=4096
    )
    before, after = one.together.own[0], four.together.own[0]
    assert after.std() < before.std()
    assert abs(np.median(after) - np.median(before)) < 0.1
    np.testing.assert_array_equal(one.together.own[1], four.together.own[1])


def test_the_map_shows_who_lies_where(tmp_path):
    tables = province_tables(answer(tmp_path))
    scene = drawn("members_map", tables, Words("en"))
    dots = {dot.tip.split(":")[0]: dot for dot in scene.shapes if isinstance(dot, Dot) and dot.tip}
    assert set(dots) == {"Alder", "Birch", "Cold"}
    assert dots["Birch"].y < dots["Alder"].y  # north is up
    assert dots["Cold"].x > dots["Alder"].x
    assert dots["Alder"].radius == pytest.approx(2 * dots["Birch"].radius)  # the area is the GDP
    told = " ".join(label.text for label in scene.labels())
    assert all(name in told for name in dots)
    assert "no target is stated" in told
    assert "north is up; figures: median growth, %; colour: chance of the lower tier" in told
    nowhere = province_tables(answer(tmp_path, cities=CITIES.replace("Lat,Lon", "x,y")))
    assert drawn("members_map", nowhere, Words("en")) is None


def test_targets_that_add_up_are_as_likely_for_each(tmp_path):
    found = answer(tmp_path, "  targets: {growth: {ensure: 5, stretch: 6}}\n")
    for tier, asked in (("ensure", 5.0), ("stretch", 6.0)):
        made = found.proposed[tier]
        weights = found.together.levels[:, 0, 0] / 660
        assert weights @ made.targets == pytest.approx(asked, abs=1e-3)
        reached = (found.together.own >= made.targets[:, None]).mean(axis=1)
        np.testing.assert_allclose(reached, made.chance, atol=2 / FEW)
    assert found.proposed["stretch"].chance < found.proposed["ensure"].chance
    assert answer(tmp_path, "  targets: {growth: {ensure: 45}}\n").proposed == {}


def test_the_least_money_is_the_least_of_all_that_are_tried(tmp_path):
    """Neither one member alone nor a hundredth less of the same reaches the tier."""
    found = answer(tmp_path, "  targets: {growth: {ensure: 5.2}}\n" + TRADE)
    cheap, even = found.divisions[:2]
    assert (cheap.kind, even.kind) == ("cheapest", "fairest")
    assert cheap.money <= even.money
    money, linked = found.money, found.linked

    def reaches(more):
        levels = linked.levels({at: more.get(m.id, 0.0) / money[m.id] for at, m in enumerate(found.members)})
        growth = 100 * (levels[:, -1].sum(axis=0) / levels[:, -2].sum(axis=0) - 1)
        return (growth >= 5.15).mean() >= 0.5

    assert reaches(cheap.more)
    assert not reaches({key: 0.99 * value for key, value in cheap.more.items()})
    for member in found.members:
        if cheap.money < 0.1 * money[member.id]:
            assert not reaches({member.id: 0.99 * cheap.money})
    assert cheap.error > 0
    assert set(cheap.near) <= {key for key, value in cheap.more.items() if value == 0}


def test_with_more_confidence_the_median_is_still_the_median(tmp_path):
    tiers = "  targets: {growth: {ensure: 3.6}}\n"
    plain, sure = answer(tmp_path, tiers), answer(tmp_path, tiers + "  confidence: 80\n")
    assert plain.divisions[0].kind == "elsewhere"
    assert sure.divisions[0].chance.value == pytest.approx(0.8, abs=0.03)
    assert sure.divisions[0].simulated > np.median(sure.together.growth)
    assert "80 %" in str(province_tables(sure)["summary"].rows)


def test_the_doubt_of_one_member_has_the_same_sources(tmp_path):
    """A province of one is its city, the shares of its doubt too."""
    one = run_province(
        province(tmp_path, "", "\n".join(CITIES.splitlines()[:2]).replace("400", "660")), draws=2048
    )
    assert 0.2 < one.parts[0] < 0.6
    assert sum(one.parts) == pytest.approx(1)
    assert one.parts[2] < 0.7


def test_a_member_gives_up_no_more_than_its_limit(tmp_path):
    found = answer(tmp_path, "  limits: {Birch: {cut: 1, most: 50}, Cold: {cut: 0}}\n")
    moved = next(one for one in found.divisions if one.kind == "elsewhere").more
    for member in found.members:
        cut = {"Birch": 1.0, "Cold": 0.0}.get(member.id, 5.0)
        assert moved[member.id] >= -cut / 100 * found.money[member.id] - 1e-6
