"""What is done for all at once, and kept for the next question, gives what doing it one by one gives."""

import re

import numpy as np
import pytest
from dabiao.engine.projects.ledger import Ledger
from dabiao.engine.projects.named import named_projects
from dabiao.engine.uncertainty.futures import Futures
from dabiao.models import short_side
from dabiao.models.errors import Origins, placed
from dabiao.models.links import ByBranch, ByClass, Links, purchases
from dabiao.models.quantity import Draws
from dabiao.models.short_side import Loop, Market, clear
from dabiao.scenarios.load import examples, load_example
from hypothesis import given, settings
from hypothesis import strategies as st


def branches(count, draws, own=1, seed=0):
    """Limits, links with column sums below one, demand and households, numbers of their own in each draw."""
    rng = np.random.default_rng(seed)
    links = rng.uniform(0, 0.9 / count, (count, count, own))
    limit, demand = rng.uniform(60, 220, (count, draws)), rng.uniform(20, 60, (count, draws))
    loop = Loop(rng.uniform(0, 0.1 / count, (count, draws)), rng.uniform(0, 0.4, (count, draws)))
    return limit, links, demand, loop


def apart(limit, links, demand, loop):
    """Every draw by itself, from the top down until nothing moves."""
    found = np.empty_like(limit)
    for d in range(limit.shape[1]):
        whole = links[:, :, d % links.shape[2]] + np.outer(loop.spent[:, d], loop.earned[:, d])
        x = limit[:, d]
        for _ in range(400):
            x = np.minimum(limit[:, d], whole @ x + demand[:, d])
        found[:, d] = x
    return found


@pytest.mark.parametrize("count", [3, 17, 45, 60])
@pytest.mark.parametrize("own", [1, 130])
def test_a_wide_market_equals_plain_iteration_draw_by_draw(count, own):
    """The chunks that a market of many branches is solved in meet inside the draws, and nothing shows."""
    limit, links, demand, loop = branches(count, 130, own, count)
    found = clear(limit, links, demand, np.zeros(count, dtype=bool), loop)
    assert found == pytest.approx(apart(limit, links, demand, loop), rel=1e-9)
    assert (found < limit).any() and (found == limit).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.integers(1, 200), st.booleans(), st.integers(0, 99), st.integers(0, 600))
def test_a_kept_market_answers_the_next_plan_as_a_new_one(count, draws, shared, seed, room):
    """Plan after plan on one market, with room to keep all, some or nothing: the bytes of a new market."""
    limit, links, demand, loop = branches(count, draws, 1 if shared else draws, seed)
    led = np.zeros(count, dtype=bool)
    led[0] = seed % 2 == 0
    kept, before = Market(links, led), short_side.KEPT
    other = Loop(loop.spent * 0.5, loop.earned)
    try:
        short_side.KEPT = room * 10
        for step in range(4):
            for each in (loop, other):  # two years that must not be taken for each other
                asked = demand * (1 + 0.1 * step)
                new = Market(links, led).clear(limit, asked, each)
                assert kept.clear(limit, asked, each).tobytes() == new.tobytes()
        assert sum(each.size for each in kept._kept.values()) <= room * 10
    finally:
        short_side.KEPT = before


def test_chunks_of_any_width_give_the_same_bytes(monkeypatch):
    limit, links, demand, loop = branches(30, 500, 500, 4)
    led = np.zeros(30, dtype=bool)
    whole = clear(limit, links, demand, led, loop)
    for cache, fewest in ((1, 1), (1, 7), (30**2 * 99, 1)):
        monkeypatch.setattr(short_side, "CACHE", cache)
        monkeypatch.setattr(short_side, "FEWEST", fewest)
        assert clear(limit, links, demand, led, loop).tobytes() == whole.tobytes()


def by_class(count, classes, own, seed, direct=0):
    """Links of branches that each sell one class or two, processes selling straight to others besides."""
    rng = np.random.default_rng(seed)
    sold = np.zeros((count, classes, own))
    for b in range(count):
        sold[b, [b % classes, (b * 7) % classes]] = rng.uniform(0, classes / count, (1, own))
    straight = np.zeros((count, count, own))
    for b in range(direct):
        straight[b, b + 1 :: 4] = rng.uniform(0, 0.1)
    return Links(ByClass(sold, rng.uniform(0, 0.6 / classes, (classes, count, own))), straight)


def of_draws(links, part):
    """Some draws of links that have their own in each."""
    goods = ByClass(links.goods.sold[..., part], links.goods.taken[..., part])
    return Links(goods, links.direct[..., part])


@settings(max_examples=30, deadline=None)
@given(
    st.integers(24, 60),
    st.integers(1, 9),
    st.integers(0, 3),
    st.integers(0, 99),
    st.booleans(),
    st.booleans(),
)
def test_a_market_by_goods_is_that_of_the_whole_table(count, classes, direct, seed, shared, led_some):
    """Solved good by good, with limits or without, led by supply or not: output branch by branch."""
    draws = 70
    links = by_class(count, classes, 1 if shared else draws, seed, direct)
    limit, _, demand, loop = branches(count, draws, 1, seed)
    limit[::5] = np.inf
    led = np.zeros(count, dtype=bool)
    led[1::9] = led_some
    limit[led] = 80.0
    market = Market(links, led)
    assert isinstance(market.form, short_side._Goods)
    found = market.clear(limit, demand, loop)
    assert found == pytest.approx(Market(links.whole, led).clear(limit, demand, loop), rel=1e-11)
    part = slice(11, 12 + seed % 40)
    few = links if shared else of_draws(links, part)
    some = Loop(loop.spent[:, part], loop.earned[:, part])
    alone = Market(few, led).clear(limit[:, part], demand[:, part], some)
    assert alone.tobytes() == found[:, part].tobytes()
    again = market.clear(limit, demand, loop)  # kept from here on
    assert again.tobytes() == found.tobytes() == market.clear(limit, demand, loop).tobytes()


@pytest.mark.parametrize("count", [30, 60, 120])
def test_a_market_by_goods_holds_as_many_unknowns_as_goods(count):
    """Its systems, and what it keeps of them, do not grow with the branches."""
    limit, _, demand, loop = branches(count, 8, 1, 1)
    market = Market(by_class(count, 6, 8, 1), np.zeros(count, dtype=bool))
    for _ in range(2):
        market.clear(limit, demand, loop)
    assert [each.shape for each in market._kept.values()] == [(7, 7, 8)]


@pytest.mark.parametrize("strength", [0.3, 0.8, 0.99, 1.02])
@pytest.mark.parametrize("own", [1, 90])
def test_rounds_end_where_elimination_ends(monkeypatch, strength, own):
    """Links so strong that rounds are not enough, or that feed each other without end, included."""
    limit, links, demand, _ = branches(40, 90, own, 3)
    links = links / links.sum(axis=0) * strength
    led = np.zeros(40, dtype=bool)
    demand = demand * 3 * (1 - min(strength, 0.9))
    found = clear(limit, links, demand, led)
    monkeypatch.setattr(short_side, "WEAVE", 10**6)
    assert found == pytest.approx(clear(limit, links, demand, led), rel=1e-11)
    monkeypatch.setattr(short_side, "WEAVE", 0)
    monkeypatch.setattr(short_side, "ROUNDS", 3)
    assert clear(limit, links, demand, led) == pytest.approx(found, rel=1e-11)
    assert (found == limit).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 60), st.integers(1, 12), st.sampled_from([1, 5]), st.integers(0, 99))
def test_purchases_by_class_add_up_to_those_by_branch(count, classes, own, seed):
    """Whichever of the two a region is small or large enough for."""
    goods = by_class(count, classes, own, seed).goods
    made = purchases(goods.sold, goods.taken)

    table = ByBranch(np.einsum("bkd,knd->bnd", goods.sold, goods.taken))
    buyers, half = np.random.default_rng(seed).random((count, 5)), np.linspace(0.2, 1, count)[:, None]
    for each in (goods, made):
        assert each.whole == pytest.approx(table.whole, rel=1e-12)
        assert each.asked(buyers) == pytest.approx(table.asked(buyers), rel=1e-12)
        assert each.kept(half).asked(buyers) == pytest.approx(half * table.asked(buyers), rel=1e-12)


@pytest.mark.parametrize("name", examples())
def test_a_region_has_one_market_for_all_its_plans(name):
    """A second plan on the same region is what it is on a region made anew."""
    loaded = load_example(name)
    scenario = loaded.scenario
    sample = Futures(scenario, loaded.quantities()).sample(0, 48)
    again = Futures(scenario, loaded.quantities()).sample(0, 48)
    from dabiao.engine.plans import stated_plans

    plans = list(stated_plans(scenario, Draws()).values())
    for plan in (*plans, *plans):
        fresh = again.changed({})
        fresh.__dict__.pop("economy", None)
        assert sample.path(plan).output.tobytes() == fresh.path(plan).output.tobytes()


@pytest.mark.parametrize("name", examples())
def test_numbers_of_all_projects_are_those_asked_one_by_one(name):
    """Arrays of all projects' numbers, drawn and central, equal a call for each."""
    loaded = load_example(name)
    scenario = loaded.scenario
    values = Futures(scenario, loaded.quantities()).sample(0, 32).values
    stated = [*(p.invest for p in scenario.projects.values()), None]
    stated += [p.done for p in scenario.projects.values()]
    for each in (values, Draws()):
        found = each.rows(stated)
        assert found.shape[0] == len(stated) and found.shape[1] in (1, 32)
        for row, quantity in zip(found, stated, strict=True):
            assert (row == (0.0 if quantity is None else each(quantity))).all()
    if scenario.projects:
        named = named_projects(scenario, values)
        for row, (plan, p) in enumerate(zip(named.plans, scenario.projects.values(), strict=True)):
            assert (named.invest[row] == np.maximum(values(p.invest), 0)).all()
            if p.done is not None and plan.stage != "commissioned":
                assert (named.worked[row] == np.clip(values(p.done) / 100, 0, 1)).all()


@pytest.mark.parametrize("name", examples())
def test_what_projects_bring_is_added_up_project_by_project(name):
    scenario = load_example(name).scenario
    ledger = Ledger(scenario, Draws())
    count, years = len(ledger.named.plans), ledger.years
    rng = np.random.default_rng(2)
    online = np.sort(rng.random((count, years + 1, 3)), axis=1)
    expected: dict[tuple[str, str], np.ndarray] = {}
    for j, plan in enumerate(ledger.named.plans):
        adds = scenario.projects[plan.id].adds
        if adds is not None and (ledger.named.output[j] > 0).any():
            key = plan.sector, adds.process or ""
            new = ledger.named.output[j] * np.diff(online[j], axis=0)
            expected[key] = expected.get(key, 0) + new
    found = {(s, p): each for s, own in ledger.brought(online).items() for p, each in own.items()}
    assert found.keys() == expected.keys()
    assert all((found[key] == expected[key]).all() for key in found)
    some = rng.random(count) < 0.5
    total = ledger.by_sector(online, some)
    for at, sector in enumerate(ledger.sectors):
        rows = [j for j, plan in enumerate(ledger.named.plans) if plan.sector == sector and some[j]]
        assert total[at] == pytest.approx(sum((online[j] for j in rows), np.zeros((years + 1, 3))))


PARTS = st.sampled_from(["a", "b", "ab", "a_b", "1"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(".".join)
PLACES = st.sampled_from(["", "x.yaml:1:2", "y.yaml:30:4", "somewhere"])


@given(st.dictionaries(PATHS, PLACES, max_size=12), PATHS)
def test_the_place_of_a_path_is_found_as_by_looking_through_all(origins, path):
    """The first value at a path or below it that has a place, else the same of the path above it."""
    expected, at = "", path
    while at and not expected:
        here = next((where for key, where in origins.items() if re.match(rf"{re.escape(at)}(\.|$)", key)), "")
        expected, at = (here if here and placed(here) else ""), at.rpartition(".")[0]
    assert Origins(origins).of(path) == expected
