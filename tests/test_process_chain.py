"""Chains with bought feedstock, several makers of one material, by-products and own units."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.engine.build import economy
from dabiao.engine.decide.chain import Aim, chain_uses, handed_over
from dabiao.engine.study import study
from dabiao.models.chain import Chain
from dabiao.models.errors import ScenarioError
from dabiao.models.flow import build
from dabiao.models.quantity import Draws
from dabiao.models.worth import size, worth
from dabiao.scenarios.load import load
from dabiao.scenarios.network_file import load_network
from dabiao.solvers.chain import ChainYear, best_use
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from regions import between

REFINERY = "example:templates/refinery.yaml"


def plant(sharing="parts", most=70.0, **changes):
    """A small refinery: distillation and two crackers, all counted by diesel; some of the heavy oil is bought
    too."""
    cracker = {"title": "c", "makes": "diesel", "uses": {"heavy": 1.3}, "national": "goods"}
    data = {
        "title": "plant",
        "units": {"amount": "kbbl", "price": "USD/bbl"},
        "materials": {
            "crude": {"title": "crude", "price": 80, "bought": {"most": most}},
            "diesel": {"title": "diesel", "price": 105, "sharing": sharing},
            "naphtha": {"title": "naphtha", "price": 95},
            "heavy": {"title": "heavy", "price": 70, "bought": {"most": 5}},
            "gas": {"title": "gas", "price": 0},
            "bunker": {"title": "bunker", "price": 100},
        },
        "processes": {
            "distillation": {
                "title": "d",
                "makes": "diesel",
                "base": 20,
                "uses": {"crude": 2.5},
                "joint": {"naphtha": 1.0, "heavy": 0.45, "gas": 0.05},
                "other_purchases": 2,
                "national": "goods",
            },
            "old": {
                **cracker,
                "base": 4,
                "routing": {"heavy": 45},
                "joint": {"gas": 0.3},
                "other_purchases": 9,
            },
            "new": {
                **cracker,
                "base": 3,
                "routing": {"heavy": 40},
                "joint": {"naphtha": 0.2, "gas": 0.1},
                "other_purchases": 5,
            },
            "blending": {
                "title": "b",
                "makes": "bunker",
                "base": 2,
                "uses": {"diesel": 0.5, "heavy": 0.5},
                "routing": {"heavy": 15},
                "va_ratio": 5,
                "national": "goods",
            },
        },
    }
    return Chain.model_validate(data | changes)


def flow_of(**stated):
    return build(plant(**stated), "chains.plant", Draws())


FLOWS = {sharing: flow_of(sharing=sharing) for sharing in ("parts", "cost")}
limits = st.lists(between(0, 60), min_size=4, max_size=4).map(lambda made: np.array(made)[:, None])
markets = st.lists(between(0, 40), min_size=4, max_size=4).map(lambda made: np.array(made)[:, None])
worths = st.lists(between(-5, 20), min_size=4, max_size=4).map(np.array)
sharings = st.sampled_from(("parts", "cost"))


@settings(max_examples=60)
@given(sharings, limits, markets)
def test_every_tonne_once(sharing, limit, market):
    """What is made and bought is used or sold, nothing beyond what can be bought, nothing negative."""
    flow = FLOWS[sharing]
    activity = flow.run(limit, market, 0)
    made = np.einsum("mpd,pd->md", flow.made(0), activity)
    used = np.einsum("mpd,pd->md", flow.used(0), activity)
    bought, sold = flow.bought(activity, 0), flow.sold(activity, 0)
    assert made + bought == pytest.approx(used + sold, abs=1e-9)
    assert np.all(bought <= flow.most + 1e-9) and np.all(sold >= -1e-9) and np.all(activity <= limit + 1e-12)


@pytest.mark.parametrize("sharing", ["parts", "cost"])
@pytest.mark.parametrize("room", [1.0, 1.4])
def test_the_base_year_comes_out_whatever_room_there_is(sharing, room):
    flow = FLOWS[sharing]
    assert flow.run(flow.base * room, flow.market, 0) == pytest.approx(flow.base)
    at = {name: m for m, name in enumerate(flow.materials)}
    assert flow.bought(flow.base, 0)[at["crude"], 0] == pytest.approx(50)
    # 7 of cracking take 9.1 of heavy oil and blending 1.0: 1.1 beyond the 9.0 that distillation makes
    assert flow.bought(flow.base, 0)[at["heavy"], 0] == pytest.approx(1.1)


@settings(max_examples=60)
@given(limits, markets, st.integers(0, 7), between(0, 40))
def test_by_parts_more_capacity_or_market_never_lowers_any_process(limit, market, which, more):
    flow, raised = FLOWS["parts"], np.zeros((8, 1))
    raised[which] = more
    before, after = flow.run(limit, market, 0), flow.run(limit + raised[:4], market + raised[4:], 0)
    assert np.all(after >= before - 1e-9)


@settings(max_examples=40)
@given(sharings, limits, markets, between(40, 200), between(0, 200))
def test_more_to_buy_never_lowers_any_process(sharing, limit, market, most, more):
    flows = [flow_of(sharing=sharing, most=amount) for amount in (max(most, 50), max(most, 50) + more)]
    before, after = (flow.run(limit, market, 0) for flow in flows)
    assert np.all(after >= before - 1e-9)


@settings(max_examples=60)
@given(limits, markets)
def test_by_cost_what_one_maker_cannot_make_is_asked_of_the_others(limit, market):
    """Together the makers are asked for all that they can make of what is wanted; by parts for no more."""
    plain, flow = FLOWS["parts"].wanted(limit, market, 0), FLOWS["cost"].wanted(limit, market, 0)
    makers, at = list(FLOWS["cost"].counted[1]), FLOWS["cost"].materials.index("diesel")
    assert at == 1
    inside = (FLOWS["cost"].used(0)[at] * flow).sum(axis=0)
    asked = float(FLOWS["cost"].whole(at, inside, market)[0])
    assert flow[makers].sum() == pytest.approx(min(asked, float(limit[makers].sum())), abs=1e-9)
    assert np.all(flow >= plain - 1e-9)


@settings(max_examples=20)
@given(sharings, st.lists(limits, min_size=3, max_size=3), st.lists(markets, min_size=3, max_size=3))
def test_draws_equal_a_loop(sharing, many_limits, many_markets):
    flow = FLOWS[sharing]
    limit, market = np.concatenate(many_limits, axis=1), np.concatenate(many_markets, axis=1)
    together = flow.run(limit, market, 0)
    for d in range(3):
        assert together[:, [d]] == pytest.approx(flow.run(limit[:, [d]], market[:, [d]], 0), abs=1e-12)


def test_the_maker_that_keeps_most_is_asked_first():
    """The new cracker keeps more value added per barrel of diesel than the old one."""
    flow = FLOWS["cost"]
    kept = (flow.va_ratio * flow.value(0))[:, 0]
    old, new = (flow.processes.index(name) for name in ("old", "new"))
    assert kept[new] > kept[old]
    limit = flow.base * 1.2
    limit[flow.processes.index("distillation")] *= 0.85 / 1.2
    wanted = flow.wanted(limit, flow.market, 0)
    assert wanted[new, 0] == pytest.approx(limit[new, 0])  # 0.6 more: all its room
    assert flow.base[old, 0] < wanted[old, 0] <= limit[old, 0]  # the rest of the 3.0 that are missing


@settings(max_examples=30)
@given(sharings, limits, markets, st.lists(between(0, 1), min_size=3, max_size=3))
def test_with_routing_held_the_optimum_is_the_simulation(sharing, limit, market, asked):
    """By parts, by cost and with shares stated for every maker."""
    flow = FLOWS[sharing]
    shares = {flow.processes[k]: {"diesel": share} for k, share in zip(flow.counted[1], asked, strict=True)}
    wanted = flow.wanted(limit, market, 0)[:, 0]
    led = flow.asked_for(wanted, market[:, 0], 0, [1]) if sharing == "cost" else {}
    for routing in (led, shares):
        year = ChainYear(flow, 0, limit[:, 0], market[:, 0], routing)
        found = best_use(year, np.ones(4), held=True)
        assert found.activity == pytest.approx(flow.run(limit, market, 0, routing)[:, 0], rel=1e-6, abs=1e-6)


@settings(max_examples=40)
@given(sharings, limits, markets, worths, st.booleans())
def test_what_the_optimiser_promises_the_simulation_makes(sharing, limit, market, value, opened):
    """Also where a process is to stand still since its materials are dearer than what it makes."""
    flow = FLOWS[sharing]
    sales = np.full(4, np.inf) if opened else market[:, 0]
    year = ChainYear(flow, 0, limit[:, 0], sales)
    found = best_use(year, value)
    _, run = handed_over(year, found.activity)
    assert run == pytest.approx(found.activity, rel=1e-6, abs=1e-6)
    for solver in ("highs", "glpk"):
        again = best_use(year, value, near=flow.base[:, 0], solver=solver)
        assert again.value == pytest.approx(found.value, rel=1e-7, abs=1e-6)
    own = ChainYear(flow, 0, limit[:, 0], sales)
    plan = flow.run(limit, np.where(np.isfinite(sales), sales, limit[:, 0])[:, None], 0)[:, 0]
    assert found.value >= float(value @ plan) - 1e-6 and own.routing is None


@settings(max_examples=40)
@given(between(40, 82), between(0, 3))
def test_a_dearer_crude_leaves_less(price, more):
    """At base prices every process that uses it keeps less of what it makes, the others keep the same."""

    def kept(crude):
        stated = plant().model_dump(exclude_none=True)
        stated["materials"]["crude"]["price"]["value"] = crude
        return build(Chain.model_validate(stated), "chains.plant", Draws()).va_ratio[:, 0]

    before, after = kept(price), kept(price + more)
    assert np.all(after <= before + 1e-12)
    k = FLOWS["parts"].processes.index("distillation")
    value = float(FLOWS["parts"].value(0)[k, 0] / FLOWS["parts"].worth)
    assert before[k] - after[k] == pytest.approx(2.5 * more / value)


def test_purchases_that_leave_nothing_are_told():
    stated = plant().model_dump(exclude_none=True)
    stated["materials"]["crude"]["price"]["value"] = 95.0
    with pytest.raises(ScenarioError, match=r"distillation\.other_purchases: got materials of 102\.6 %"):
        build(Chain.model_validate(stated), "chains.plant", Draws())


@pytest.mark.parametrize(
    ("amount", "price", "money", "is_worth"),
    [
        ("万吨", "元/吨", 1e8, 1e-4),
        ("kt", "元/吨", 1e8, 1e-5),
        ("kt", "万元/吨", 1e8, 0.1),
        ("million bbl", "USD/bbl", 1e6, 1.0),
        ("kbbl", "USD/bbl", 1e9, 1e-6),
        ("barrels", "EUR per barrel", 1e6, 1e-6),
        ("million bbl", "USD/t", 1e6, None),
        ("万吨", "元", 1e8, None),
        ("t", "/t", 1e6, None),
        ("t", "元/", 1e8, None),
        ("", "元/", 1e8, None),
        ("thousand pallets", "thousand GHS/pallet", 1e6, 1.0),
        ("GWh", "EUR/MWh", 1e6, 1e-3),
    ],
)
def test_worth_of_units(amount, price, money, is_worth):
    assert worth(amount, price, money) == (None if is_worth is None else pytest.approx(is_worth))


@pytest.mark.parametrize(
    ("many", "of", "one"),
    [
        (42, "gal", "bbl"),
        (1000, "l", "m3"),
        (1000, "bbl", "kbbl"),
        (1000, "kbbl", "MMbbl"),
        (1000, "kg", "t"),
        (2, "斤", "kg"),
        (1000, "吨", "kt"),
        (1000, "kt", "Mt"),
        (1000, "kWh", "MWh"),
        (1000, "MWh", "GWh"),
        (1000, "GWh", "TWh"),
        (1, "度", "kWh"),
        (1, "方", "立方米"),
        (10_000, "吨", "万吨"),
    ],
)
def test_units_of_one_kind_are_so_many_of_one_another(many, of, one):
    assert size(of).base == size(one).base
    assert many * size(of).factor == pytest.approx(size(one).factor, rel=1e-9)
    assert (size("t").factor, size("m3").factor, size("kWh").factor) == (1, 1, 1)


def test_units_change_no_answer():
    """The same chain in barrels and in thousands of them, prices in dollars and in cents of a thousand."""
    first = flow_of()
    stated = plant(units={"amount": "bbl", "price": "thousand USD/bbl"}).model_dump(exclude_none=True)
    for material in stated["materials"].values():
        material["price"]["value"] /= 1e3
        if "bought" in material:
            material["bought"]["most"]["value"] *= 1e3
    for process in stated["processes"].values():
        process["base"]["value"] *= 1e3
    other = build(Chain.model_validate(stated), "chains.plant", Draws())
    assert other.va_ratio == pytest.approx(first.va_ratio)
    assert other.base * other.value(0) == pytest.approx(first.base * first.value(0))


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (("units.price=CNY/t",), "prices in CNY/t for amounts in million bbl"),
        (("units.worth=1",), "0.01, which million bbl at prices in CNY/bbl are worth"),
        (("materials.crude.bought=null",), "crude, which no process makes"),
        (("processes.cracking.va_ratio=10",), "both `va_ratio` and `other_purchases`"),
        (("processes.cracking.part=40",), "a part, and none for distillation"),
        (("processes.cracking.part=40", "processes.distillation.part=70"), "that add to 110"),
        (("materials.naphtha.sharing=cost",), "fewer than two processes"),
        (("materials.fuel_gas.long_run_price=3",), "from a price of 0"),
        (("materials.crude.bought.most=40",), "at most the 40 that is made or can be bought"),
    ],
)
def test_wrong_chains_are_told(sets, said):
    with pytest.raises(ScenarioError) as caught:
        loaded = load(REFINERY, [f"chains.refinery.{each}" for each in sets])
        economy(loaded.scenario, Draws())
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "read"), [("thousand bbl", 63.0), ("million bbl", 63000.0), ("bbl/yr", 0.063), ("t", None)]
)
def test_amounts_in_a_multiple_of_the_chains_unit_are_read_as_it(tmp_path, unit, read):
    """A multiple is converted and told, another unit refused."""
    stated = f"{{value: 63000, unit: {unit}, assumption: x}}"
    inside = f"chains:\n  refinery:\n    materials:\n      crude: {{bought: {{most: {stated}}}}}\n"
    (tmp_path / "a.yaml").write_text(f"extends: {REFINERY}\n{inside}", encoding="utf-8")
    if read is None:
        with pytest.raises(ScenarioError, match=r'most\.unit: got "t", expected "million bbl/yr"'):
            load(tmp_path / "a.yaml")
        return
    loaded = load(tmp_path / "a.yaml")
    bought = loaded.scenario.chains["refinery"].materials["crude"].bought
    assert bought.most.value == pytest.approx(read)
    assert (read == 63000) == (not any("63000" in note.en for note in loaded.notes))


@pytest.fixture(scope="module")
def begun():
    return study(load(REFINERY))


def test_the_refinery(begun):
    """Every barrel once, the programme equals the simulation, and the promise is kept."""
    (use,) = chain_uses(begun, Aim.VALUE_ADDED)
    assert use.difference < 1e-9
    kept = use.worth[Aim.VALUE_ADDED]
    assert use.simulated == pytest.approx(use.promised, rel=1e-9)
    assert float(kept @ use.promised) > float(kept @ use.now)
    found = begun.plan.path.physical
    names = use.sector.flow.materials
    for year in (0, 1):
        inside = found["activity:distillation"][year] * 8.333333333 + found["activity:cracking"][year] * 4 / 3
        total = sum(found[f"made:{name}"][year] for name in names)
        assert total + found["bought:crude"][year] == pytest.approx(
            sum(found[f"sold:{name}"][year] for name in names) + inside, rel=1e-6
        )
        # volumes are kept: what comes in as crude goes out as products and fuel
        assert found["bought:crude"][year] == pytest.approx(
            sum(found[f"sold:{name}"][year] for name in names), rel=1e-6
        )
    accounts, rows = begun.economy.accounts, begun.economy.rows("refining")
    taken = accounts.local[:, rows, 0].sum(axis=0)[:2]
    crude = 560 * 8.333333333 / (use.sector.flow.value(0)[0, 0] / use.sector.flow.worth)
    assert taken[0] + crude + accounts.va_ratio[rows, 0][0] <= 1, "crude is bought outside, not here"


@settings(max_examples=6, deadline=None)
@given(between(-20, 20), between(0, 20))
def test_a_dearer_crude_never_raises_what_the_refinery_can_earn(price, more):
    path = "chains.refinery.materials.crude.price_growth"

    def best(growth):
        stated = [f"{path}.low=-90", f"{path}.high=90", f"{path}.value={growth}"]
        (use,) = chain_uses(study(load(REFINERY, stated)), Aim.VALUE_ADDED, current=True)
        assert use.simulated == pytest.approx(use.promised, rel=1e-6, abs=1e-6)
        value = use.worth[Aim.VALUE_ADDED]
        return float(value @ use.promised), float(value @ use.now)

    assume(more > 1e-3)
    cheap, dear = best(price), best(price + more)
    assert dear[0] <= cheap[0] + 1e-9 and dear[1] < cheap[1]


def test_the_old_name_of_the_model_is_read(tmp_path):
    """`vanadium_titanium` is a process chain, with what `defaults` state under either name."""
    text = "extends: example:panzhihua-2024/baseline.yaml\nsectors: {vti: {model: MODEL}}\n"
    found = []
    for model in ("vanadium_titanium", "process_chain"):
        (tmp_path / "a.yaml").write_text(text.replace("MODEL", model), encoding="utf-8")
        found.append(load(tmp_path / "a.yaml").scenario.sectors["vti"])
    assert found[0] == found[1] and found[0].model == "process_chain"


def test_a_network_whose_worth_is_not_what_its_units_say(tmp_path):
    with pytest.raises(ScenarioError, match="which mill t at prices in US"):
        load_network("example:steel-mexico/network.yaml", ["network.units.worth=2"])
