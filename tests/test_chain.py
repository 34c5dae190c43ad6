"""The process chain: material balances, bottlenecks worked out on paper, recoveries, wrong chains."""

import laws
import numpy as np
import pytest
from dabiao.models.chain import Chain
from dabiao.models.errors import ScenarioError
from dabiao.models.flow import build, order
from dabiao.models.quantity import Draws
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import between, chain, four, region, scenario, sector


def flow_of(**changes):
    return build(Chain.model_validate(chain(**changes)), "chains.ridge", Draws())


def test_bottlenecks_by_hand():
    """Five cases of mining, dressing, smelting: market, mine, smelter, mill and routing bind in turn."""
    assert laws.miscounted() == []


def test_base_year_comes_out_of_base_markets():
    """With what was sold as markets and no spare capacity, every process makes what it made."""
    flow = flow_of()
    assert flow.materials == ("ore", "concentrate", "tailings", "metal", "slag", "oxide")
    assert flow.sold(flow.base, 0)[:, 0] == pytest.approx([10, 20, 43.2, 10, 0.2, 0.08])
    market = flow.market
    assert market[:, 0] == pytest.approx([10, 20, 10, 0.08])
    for room in (1.0, 1.3):
        assert laws.differing("activity", flow.run(flow.base * room, market, 0), flow.base) == []


def test_value_is_that_of_all_that_is_made():
    """A ton of metal comes with 0.1 t of slag: 2000 + 90 yuan, 2090e-4 亿元 per 10,000 t."""
    value = flow_of().value(0)[:, 0]
    assert value == pytest.approx([0.01, 0.0512, 0.209, 2.0])
    later = flow_of(processes={"smelting": {"improvement": {"slag": 10}}})
    assert later.value(2)[2, 0] == pytest.approx((2000 + 90 * 1.21) * 1e-4)
    assert later.value(0)[2, 0] == pytest.approx(0.209)


def test_improvement_needs_less():
    flow = flow_of(processes={"dressing": {"improvement": {"ore": -2}}})
    ore, dressing = flow.materials.index("ore"), flow.processes.index("dressing")
    assert [flow.used(year)[ore, dressing, 0] for year in (0, 1, 3)] == pytest.approx(
        [2.5, 2.45, 2.5 * 0.98**3]
    )


def test_routing_left_out_takes_what_others_leave():
    """Two users of concentrate say nothing, a third says 50 %: a quarter each."""
    flow = flow_of(
        processes={
            "smelting": {"routing": {"concentrate": 50}},
            "pelletising": {
                "title": "p",
                "makes": "pellets",
                "base": 1,
                "uses": {"concentrate": 1},
                "va_ratio": 5,
                "national": "goods",
            },
            "sintering": {
                "title": "s",
                "makes": "sinter",
                "base": 1,
                "uses": {"concentrate": 1},
                "va_ratio": 5,
                "national": "goods",
            },
        },
        materials={"pellets": {"title": "p", "price": 700}, "sinter": {"title": "s", "price": 700}},
    )
    row = flow.share[flow.materials.index("concentrate"), :, 0]
    assert {p: row[k] for k, p in enumerate(flow.processes) if row[k]} == pytest.approx(
        {"smelting": 0.5, "pelletising": 0.25, "sintering": 0.25}
    )


limits = st.lists(between(0, 200), min_size=4, max_size=4)
markets = st.lists(between(0, 60), min_size=4, max_size=4)


@settings(max_examples=40)
@given(limits, markets, st.integers(0, 4), st.lists(between(0, 1), min_size=3, max_size=3))
def test_material_balances(limit, market, year, shares):
    """Whatever capacity, market and routing: nothing is used that is not made, no share is exceeded."""
    flow = flow_of(
        processes={"dressing": {"improvement": {"ore": -1}}, "smelting": {"improvement": {"slag": 2}}}
    )
    limit, market = np.array(limit)[:, None], np.array(market)[:, None]
    assert laws.overdrawn(flow, flow.run(limit, market, year), limit, year) == []
    routing = dict(
        zip(
            ("dressing", "smelting", "leaching"),
            ({m: s} for m, s in zip(("ore", "concentrate", "slag"), shares, strict=True)),
            strict=True,
        )
    )
    activity = flow.run(limit, market, year, routing)
    assert laws.overdrawn(flow, activity, limit, year, flow.routed(routing)) == []


@settings(max_examples=40)
@given(limits, markets, st.integers(0, 7), between(0, 80))
def test_more_capacity_or_market_never_lowers_any_process(limit, market, which, more):
    flow = flow_of()
    limit, market = np.array(limit)[:, None], np.array(market)[:, None]
    before = flow.run(limit, market, 1)
    raised = np.zeros((8, 1))
    raised[which] = more
    after = flow.run(limit + raised[:4], market + raised[4:], 1)
    assert laws.lower("activity", after, before) == []


def test_draws_equal_a_loop():
    """Whichever of limits and markets has draws."""
    flow, rng = flow_of(), np.random.default_rng(3)
    limit, market = rng.uniform(0, 150, (4, 7)), rng.uniform(0, 50, (4, 7))
    for wide, many in ((limit, market), (limit[:, :1], market), (limit, market[:, :1])):
        together = flow.run(wide, many, 2)
        for d in range(7):
            alone = flow.run(
                wide[:, [d if wide.shape[1] > 1 else 0]], many[:, [d if many.shape[1] > 1 else 0]], 2
            )
            assert laws.differing("activity", together[:, [d]], alone) == []


def test_recovery_is_reproduced_by_the_chain():
    """Fe: concentrate made 36 x 55 % of ore 100 x 30 %; with a credit of half for what is sold, 20 x 55 % x
    0.5 more."""
    data = {
        "recovery": {
            "Fe": {"reported": 66, "ore": "ore", "made": ["concentrate"]},
            "V": {"reported": 50, "ore": "ore", "made": ["oxide"], "sold": {"concentrate": 50}},
        },
        "materials": {
            "ore": {"content": {"V": 0.2}},
            "concentrate": {"content": {"V": 0.4}},
            "oxide": {"content": {"V": 55}},
        },
    }
    built = region(scenario({"mines": sector("process_chain", 3)}, chains={"ridge": chain(**data)}))
    one = built.sector("mines")
    rows = built.economy.accounts.output
    found = one.physical(one.start(built.economy.accounts.outside), rows)
    assert found["recovery:Fe"][0] == pytest.approx(100 * 36 * 55 / (100 * 30))
    assert found["recovery:V"][0] == pytest.approx(100 * (0.08 * 55 + 0.5 * 20 * 0.4) / (100 * 0.2))
    assert {m: found[f"sold:{m}"][0] for m in ("ore", "concentrate", "metal", "slag")} == pytest.approx(
        {"ore": 10, "concentrate": 20, "metal": 10, "slag": 0.2}
    )
    assert {
        p: found[f"activity:{p}"][0] for p in ("mining", "dressing", "smelting", "leaching")
    } == pytest.approx({"mining": 100, "dressing": 36, "smelting": 10, "leaching": 0.08})


def test_routing_of_an_output_makes_that_output():
    """Shares read off an output that more slag to leaching made possible: the supply is that output again."""
    built = region(four(chains={"ridge": {"processes": {"leaching": {"routing": {"slag": 85}}}}}))
    one, economy = built.sector("mines"), built.economy
    state = one.start(economy.accounts.outside[economy.rows("mines")])
    assert one.routing(0, economy.accounts.output[economy.rows("mines")]) is None
    stocks = {**state.stocks, "limit": state.stocks["limit"] * 2, "market": state.stocks["market"] + 5}
    from dataclasses import replace

    state = replace(state, stocks=stocks)
    wanted = one.supply(state, {"leaching": {"slag": 1.0}})
    assert wanted.limit.sum() > one.supply(state).limit.sum()
    routing = one.routing(0, wanted.limit)
    assert laws.differing("output", one.supply(state, routing).limit, wanted.limit, 1e-9) == []
    for material in ("ore", "concentrate", "slag"):
        assert sum(shares.get(material, 0) for shares in routing.values()) <= 1 + 1e-12


@pytest.mark.parametrize(
    "changes, path, word",
    [
        # 10 t of metal use 16 t of concentrate; 20 t use 32 t, more than 60 % of 36
        (
            {"processes": {"smelting": {"base": 20}}},
            "chains.ridge.processes.smelting.routing.concentrate",
            "raise the share to 88.9 %",
        ),
        (
            {"processes": {"smelting": {"base": 30}}},
            "chains.ridge.materials.concentrate",
            "48 used in the base year",
        ),
        ({"processes": {"mining": {"base": 80}}}, "chains.ridge.materials.ore", "90 used in the base year"),
        (
            {"processes": {"dressing": {"routing": {"ore": 80}}}},
            "chains.ridge.processes.dressing.routing.ore",
            "raise the share to 90.0 %",
        ),
        ({"processes": {"mining": {"uses": {"metal": 0.1}}}}, "chains.ridge.processes", "a circle"),
    ],
)
def test_wrong_chains(changes, path, word):
    with pytest.raises(ScenarioError) as caught:
        flow_of(**changes)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert word in str(caught.value)


def test_capacity_below_base_output_is_an_error():
    with pytest.raises(ScenarioError) as caught:
        region(four(chains={"ridge": {"processes": {"smelting": {"capacity": 100}}}}))
    assert caught.value.problems[0].path == "chains.ridge.processes.smelting.capacity"


def test_order_follows_material_whatever_the_file_says():
    data = chain()
    data["processes"] = dict(reversed(data["processes"].items()))
    assert order(Chain.model_validate(data), "chains.ridge") == ("mining", "dressing", "smelting", "leaching")
