"""One law book for all sector models: still without drivers, monotone, the same for arrays, for loops and for
solvers."""

import typing

import laws
import numpy as np
import pytest
from dabiao.models.quantity import Quantity
from dabiao.models.sector import Commissioned
from dabiao.models.sectors import SECTORS
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from regions import Drawn, between, four, laid, moving, region, sector, spread
from scipy.optimize import linprog

KEYS = {"agriculture": "farms", "industry": "plants", "services": "shops", "process_chain": "mines"}
LAGS, YEARS = 4, 4
every_model = pytest.mark.parametrize("model", SECTORS)


def test_every_model_is_held_to_the_laws():
    assert set(KEYS) == set(SECTORS)


def places(model):
    """Where named output or capacity can go: the sector's output, or a process of its chain."""
    return ("", "mining", "dressing", "smelting", "leaching") if model == "process_chain" else ("",)


def walk(one, outside, years, pool, normal, named):
    """States of a sector over the years; ``pool`` ``(T, L, D)``, ``named`` place -> ``(T, D)``."""
    states = [one.start(outside)]
    for year in range(years):
        got = Commissioned(pool[year], normal, {place: path[year] for place, path in named.items()})
        states.append(one.advance(states[-1], got))
    return states


def start(built, key):
    return built.economy.accounts.outside[built.economy.rows(key)]


def offers(one, states):
    """All that a sector offers in each year: greatest outputs and sales outside."""
    supplies = [one.supply(state) for state in states]
    pairs = [np.concatenate(np.broadcast_arrays(supply.limit, supply.outside)) for supply in supplies]
    return np.stack(np.broadcast_arrays(*pairs))


@pytest.fixture(scope="module")
def still():
    capacity = {"utilisation": {"base": 85, "max": 88}, "output_per_yuan": 0.2, "gestation": [50, 50]}
    return region(four(sectors={"shops": {"capacity": capacity}}))


@pytest.fixture(scope="module")
def lively():
    return region(moving())


@every_model
@pytest.mark.parametrize("invested", [0.0, 7.0, 60.0])
def test_nothing_changes_when_no_driver_changes(still, model, invested):
    """Pool investment as always, no project, no trend: the base year again, to 1e-12."""
    one, outside = still.sector(KEYS[model]), start(still, KEYS[model])
    normal = np.full((LAGS, 1), invested)
    states = walk(one, outside, YEARS, np.broadcast_to(normal, (YEARS, LAGS, 1)), normal, {})
    for state in states[1:]:
        assert laws.differing("limit", state.limit, states[0].limit) == []
        assert laws.differing("outside", state.outside, states[0].outside) == []
        for name, stock in state.stocks.items():
            assert laws.differing(name, stock, states[0].stocks[name]) == []


@every_model
def test_base_year_offer_covers_the_base_year(lively, model):
    one, rows = lively.sector(KEYS[model]), lively.economy.rows(KEYS[model])
    supply = one.supply(one.start(start(lively, KEYS[model])))
    assert laws.lower("limit", supply.limit, lively.economy.accounts.output[rows], 1e-12) == []
    led = [branch.supply_led for branch in one.branches]
    assert supply.limit[led] == pytest.approx(lively.economy.accounts.output[rows][led], rel=1e-12)


money = between(0, 400)


@st.composite
def investments(draw, model):
    """A path of pool investment and named output, and one that is nowhere below it."""
    pool = np.array(draw(st.lists(money, min_size=YEARS + LAGS, max_size=YEARS + LAGS)))
    more = pool + np.array(
        draw(st.lists(st.sampled_from([0.0, 0.0, 5.0, 80.0]), min_size=len(pool), max_size=len(pool)))
    )
    windows = [
        np.stack([path[year + 1 : year + 1 + LAGS][::-1, None] for year in range(YEARS)])
        for path in (pool, more)
    ]
    named, extra = {}, {}
    for place in places(model):
        new = np.array(
            draw(st.lists(st.sampled_from([0.0, 0.0, 1.0, 20.0]), min_size=YEARS, max_size=YEARS))
        )[:, None]
        add = np.array(
            draw(st.lists(st.sampled_from([0.0, 0.0, 0.5, 30.0]), min_size=YEARS, max_size=YEARS))
        )[:, None]
        named[place], extra[place] = new, new + add
    return windows[0], named, windows[1], extra, draw(between(0, 100) | between(100, 4000))


@every_model
@settings(max_examples=40)
@given(data=st.data(), base=st.booleans())
def test_more_investment_never_lowers_an_offer(lively, still, model, data, base):
    """More pool money or named output in any year lowers neither limit nor sales outside, then or later."""
    built = still if base else lively
    one, outside = built.sector(KEYS[model]), start(built, KEYS[model])
    pool, named, more, extra, usual = data.draw(investments(model))
    normal = np.full((LAGS, 1), usual)
    before, after = (walk(one, outside, YEARS, p, normal, n) for p, n in ((pool, named), (more, extra)))
    assert laws.lower("offer", offers(one, after), offers(one, before), 1e-12) == []
    # customers of a service branch whose investment stops may go elsewhere: what is sold outside, on balance,
    # may pass below zero
    assert model == "services" or offers(one, before).min() >= 0


@every_model
@settings(max_examples=20)
@given(trend=between(-30, 30), invested=money, drift=between(-20, 20))
def test_nothing_is_negative(model, trend, invested, drift):
    """Markets collapse, investment stops: output and sales end at zero, not below."""
    moves = {
        "agriculture": {"trend": trend},
        "industry": {"market": {"trend": trend}, "capacity": {"drift": drift}},
        "services": {"market": {"trend": trend}, "visitors": {"growth": trend}},
        "process_chain": {"market": {"trend": trend}, "capacity": {"drift": drift}},
    }[model]
    built = region(four(sectors={KEYS[model]: moves}))
    one, outside = built.sector(KEYS[model]), start(built, KEYS[model])
    states = walk(one, outside, 8, np.zeros((8, LAGS, 1)), np.full((LAGS, 1), invested), {})
    found = offers(one, states)
    assert found.min() >= 0
    assert not np.isnan(found).any()
    for state in states:
        for name, stock in state.stocks.items():
            # the path of a market may pass below zero: nothing is sold then, and no shortfall is forgotten
            assert name == "market" or stock.min() >= 0, name


@every_model
def test_draws_of_what_is_invested_equal_a_loop(lively, model):
    one, outside, rng = lively.sector(KEYS[model]), start(lively, KEYS[model]), np.random.default_rng(5)
    pool, normal = rng.uniform(0, 90, (YEARS, LAGS, 6)), rng.uniform(0, 90, (LAGS, 6))
    named = {place: rng.uniform(0, 3, (YEARS, 6)) for place in places(model)}
    together = offers(one, walk(one, outside, YEARS, pool, normal, named))
    for d in range(6):
        alone = walk(
            one, outside, YEARS, pool[..., [d]], normal[:, [d]], {k: v[:, [d]] for k, v in named.items()}
        )
        assert (
            laws.differing(
                "offer", together[..., d if together.shape[-1] > 1 else 0], offers(one, alone)[..., 0]
            )
            == []
        )


@every_model
def test_draws_of_each_number_equal_a_loop(model):
    """Every number of the sector, one at a time, in three draws: the array is the loop, whatever has which
    width."""
    built = region(moving())
    key = KEYS[model]
    stated, realisation = built.scenario, built.pipeline.run(built.plan).realisation
    parts = [stated.sectors[key], *(stated.chains.values() if model == "process_chain" else ())]
    factors = np.array([1.0, 0.99, 1.01])
    checked = 0
    for part in parts:
        for quantity, array in spread(part, factors).items():
            drawn = Drawn({quantity: array})
            together = region(stated, drawn).economy.simulate(realisation)
            for d in range(3):
                alone = region(stated, drawn.one(d)).economy.simulate(realisation)
                wide = d if together.output.shape[-1] > 1 else 0
                assert laws.differing("output", together.output[..., wide], alone.output[..., 0]) == []
                assert (
                    laws.differing(
                        "gdp", together.gdp[..., d if together.gdp.shape[-1] > 1 else 0], alone.gdp[..., 0]
                    )
                    == []
                )
                for name, path in alone.physical.items():
                    found = together.physical[name]
                    assert laws.differing(name, found[:, d if found.shape[-1] > 1 else 0], path[:, 0]) == []
            checked += 1
    assert checked > 10


# --- what solvers are told
# --------------------------------------------------------------------------------------


def best(one, state):
    """Output of greatest value within the response of a sector, as a solver finds it."""
    response = one.response(state)
    if not response.couplings:
        return response.limit[:, 0]
    width = len(response.limit)
    rows = np.stack([np.concatenate([c.weights, c.aux_weights]) for c in response.couplings])
    bound = np.array([c.bound[0] for c in response.couplings])
    limits = [(0, None if np.isinf(x) else x) for x in response.limit[:, 0]] + [(0, None)] * response.aux
    found = linprog(
        -np.concatenate([np.ones(width), np.zeros(response.aux)]), rows, bound, bounds=limits, method="highs"
    )
    assert found.status == 0
    return found.x[:width]


@every_model
@settings(max_examples=15)
@given(data=st.data())
def test_response_promises_what_supply_delivers(lively, model, data):
    """With routing that does not bind, the best output within the response is the flow itself."""
    wide = {
        "chains": {"ridge": {"processes": {"dressing": {"routing": None}, "smelting": {"routing": None}}}}
    }
    built = region(laid(moving(), wide)) if model == "process_chain" else lively
    one, outside = built.sector(KEYS[model]), start(built, KEYS[model])
    pool, named, _, _, usual = data.draw(investments(model))
    for state in walk(one, outside, YEARS, pool, np.full((LAGS, 1), usual), named):
        supply = one.supply(state)
        assert laws.differing("limit", best(one, state), supply.limit[:, 0], 1e-7) == []
        assert laws.differing("outside", one.response(state).outside, supply.outside) == []


@every_model
def test_response_moves_as_supply_does(model):
    """A little more pool money or process capacity moves what solvers see and what is supplied by the same
    amount."""
    wide = {
        "chains": {"ridge": {"processes": {"dressing": {"routing": None}, "smelting": {"routing": None}}}}
    }
    built = region(laid(moving(), wide))
    one, outside = built.sector(KEYS[model]), start(built, KEYS[model])
    normal, pool = np.full((LAGS, 1), 20.0), np.full((YEARS, LAGS, 1), 20.0)
    h, moved = 0.01, False
    base = walk(one, outside, YEARS, pool, normal, {})[-1]
    for place in (None, *places(model)):
        named = {} if place is None else {place: np.full((YEARS, 1), h)}
        up = walk(one, outside, YEARS, pool + (h if place is None else 0), normal, named)[-1]
        with np.errstate(invalid="ignore"):
            promised = np.nan_to_num((best(one, up) - best(one, base)) / h)
            delivered = np.nan_to_num((one.supply(up).limit - one.supply(base).limit)[:, 0] / h)
        assert promised == pytest.approx(delivered, abs=1e-4)
        moved = moved or delivered.any() or np.any(up.outside > base.outside)
    assert moved


def test_routing_that_binds_makes_supply_the_smaller(still):
    """Where a share binds, the response (routing free) promises at least what supply delivers."""
    one, outside = still.sector("mines"), start(still, "mines")
    state = walk(
        one, outside, 1, np.zeros((1, LAGS, 1)), np.zeros((LAGS, 1)), {"leaching": np.full((1, 1), 99.0)}
    )[-1]
    held = one.supply(state, {"leaching": {"slag": 0.5}})
    assert held.limit.sum() < one.supply(state).limit.sum()
    assert laws.lower("promise", best(one, state).sum(), one.supply(state).limit.sum()) == []


# --- what users are told
# ----------------------------------------------------------------------------------------


def quantities(model, path=""):
    """Every field that holds a number, in a model and the parts in it."""
    for name, field in model.model_fields.items():
        kinds = list(inner(field.annotation))
        if Quantity in kinds:
            yield f"{path}{name}", field
        for kind in kinds:
            if kind is not Quantity and isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from quantities(kind, f"{path}{name}.")


def inner(kind):
    """The types inside a type."""
    yield kind
    for arg in typing.get_args(kind):
        yield from inner(arg)


@every_model
def test_every_parameter_has_unit_and_description(model):
    found = dict(quantities(SECTORS[model].Parameters))
    assert len(found) > 8
    for name, field in found.items():
        assert field.description and field.description.strip().endswith((".", ".)", ").")), name
        assert isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("unit"), name


# --- each model by hand
# -----------------------------------------------------------------------------------------


def test_industry_by_hand():
    """Output 400, capacity 400 x 90/75 = 480; trend 5 %, κ 0.3, usual investment 40, this year's 60 (10, 50,
    40 %)."""
    built = region(
        four(sectors={"plants": {"market": {"trend": 5}, "capacity": {"scrapping": 4, "drift": 1}}})
    )
    one = built.sector("plants")
    normal = np.full((LAGS, 1), 40.0)
    pool = np.array([60.0, 40, 40, 40])[None, :, None]
    state = walk(one, np.full((1, 1), 200.0), 1, pool, normal, {"": np.full((1, 1), 3.0)})[-1]
    new = 0.3 * (0.1 * 60 + 0.5 * 40 + 0.4 * 40) + 3
    assert state.limit[0, 0] == pytest.approx(480 * (1 - 0.04 + 0.01) + new)
    assert state.outside[0, 0] == pytest.approx(200 * 1.05 + 0.6 * (new - 0.3 * 40))


def test_scrapping_left_out_lets_capacity_follow_the_market():
    """With the commissioning of the base year, capacity and sales grow as the market; 2 more a year add 2 and
    what the market makes of them."""
    built = region(four(sectors={"plants": {"market": {"trend": 5}}}))
    one, normal = built.sector("plants"), np.full((LAGS, 1), 40.0)
    pool = np.stack([normal] * YEARS)
    states = walk(one, np.full((1, 1), 200.0), YEARS, pool, normal, {})
    more = walk(one, np.full((1, 1), 200.0), YEARS, pool, normal, {"": np.full((YEARS, 1), 2.0)})
    for year, (state, other) in enumerate(zip(states, more, strict=True)):
        assert state.limit[0, 0] == pytest.approx(480 * 1.05**year)
        assert state.outside[0, 0] == pytest.approx(200 * 1.05**year)
        added = sum(2 * 1.05**back for back in range(year))
        assert other.limit[0, 0] == pytest.approx(480 * 1.05**year + added)
        assert other.outside[0, 0] == pytest.approx(200 * 1.05**year + 0.6 * added)


def test_what_is_usual_of_listed_works_is_what_the_market_contains():
    """Listed works that bring the usual 3 change nothing; 1 of it brought by unlisted works counts alike; no
    usual is above capacity."""
    from dabiao.models.sector import Commissioned

    one, normal = (
        region(four(sectors={"plants": {"market": {"trend": 5}}})).sector("plants"),
        np.full((LAGS, 1), 40.0),
    )
    start_state = one.start(np.full((1, 1), 200.0))
    three, two, single = (np.array([each]) for each in (3.0, 2.0, 1.0))
    usual = Commissioned(normal, normal, {"": three}, usual={"": three})
    shared = Commissioned(normal, normal, {"": two}, usual={"": three}, unlisted={"": single})
    for got in (usual, shared):
        state = one.advance(start_state, got)
        assert state.outside[0, 0] == pytest.approx(210)
        assert state.limit[0, 0] == pytest.approx(480 * 1.05)
    endless = Commissioned(normal, normal, {}, usual={"": np.array([1e6])}, unlisted={"": np.array([5e5])})
    state = one.advance(start_state, endless)
    room = 480 - 0.3 * 40
    assert state.outside[0, 0] == pytest.approx(210 + 0.6 * (0.5 * room - room))


def test_services_that_invest_beyond_the_usual_sell_more():
    """κ 0.1, 40 % of it sold: 10 more than the usual 40 add 0.4 to sales outside; without κ nothing."""
    pool = np.array([50.0, 40, 40, 40])[None, :, None]
    for kappa, added in ((0.1, 0.4 * 0.1 * 10), (None, 0.0)):
        own = {"output_per_yuan": kappa, "gestation": [100]} if kappa else {}
        one = region(four(sectors={"shops": {**own, "visitors": {"growth": 0}}})).sector("shops")
        state = walk(one, np.full((1, 1), 50.0), 1, pool, np.full((LAGS, 1), 40.0), {})[-1]
        assert state.outside[0, 0] == pytest.approx(50 + added)


def test_services_by_hand():
    """Visitors 7.5 of 50 sold outside grow at 10 %, the rest at 4 %; no capacity, no limit."""
    built = region(four(sectors={"shops": {"market": {"trend": 4}, "visitors": {"growth": 10}}}))
    one = built.sector("shops")
    states = walk(one, np.full((1, 1), 50.0), 2, np.zeros((2, LAGS, 1)), np.full((LAGS, 1), 40.0), {})
    assert np.isinf(states[-1].limit).all()
    assert states[-1].outside[0, 0] == pytest.approx(42.5 * 1.04**2 + 7.5 * 1.1**2)
    # visitors can be no more than all that is sold outside
    assert one.start(np.full((1, 1), 5.0)).stocks["visitors"][0, 0] == 5.0


def test_agriculture_by_hand():
    """60 万亩 x 400 公斤 x 2.5 元 = 6 亿元 of 100; 4 of 40 万亩 upgraded gains 8 %; the rest grows at 3 %."""
    changes = {
        "trend": 3,
        "crops": {"grain": {"area_growth": 1, "yield_growth": 2}},
        "farmland": {"built": 4, "yield_gain": 8, "crops": ["grain"], "area": 40},
    }
    one = region(four(sectors={"farms": changes})).sector("farms")
    normal = np.full((LAGS, 1), 20.0)
    pool = np.array([50.0, 20, 20, 20])[None, :, None]
    state = walk(one, np.full((1, 1), 50.0), 1, pool, normal, {"": np.full((1, 1), 1.5)})[-1]
    harvest = 60 * 1.01 * 400 * 1.02 * 1.008 / 1000
    rest = 94 * 1.03 + 0.1 * (0.3 * 50 + 0.7 * 20 - 20) + 1.5
    assert one.physical(state, state.limit)["crop:grain"][0] == pytest.approx(harvest)
    assert one.physical(state, state.limit)["area:grain"][0] == pytest.approx(60.6)
    assert state.limit[0, 0] == pytest.approx(rest + harvest * 2.5 / 10)


def test_crops_cannot_be_worth_more_than_agriculture():
    from dabiao.models.errors import ScenarioError

    with pytest.raises(ScenarioError) as caught:
        region(four(sectors={"farms": sector("agriculture", 60, crops={"grain": {"price": 50}})}))
    assert caught.value.problems[0].path == "sectors.farms.crops"
