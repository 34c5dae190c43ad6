"""Laws of the whole economy: it stands still when nothing moves it, more never means less, names mean
nothing."""

from dataclasses import replace

import laws
import numpy as np
import pytest
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import load
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from regions import (
    MONTHS,
    Drawn,
    Region,
    between,
    four,
    laid,
    moving,
    region,
    scenario,
    sector,
    sketches,
    spread,
)
from yaml import safe_dump


def test_the_regions_of_the_tests_are_scenarios(tmp_path):
    """What the tests build in passing is a scenario that a user could write: the loader takes it, to the same
    result."""
    for data in (four(), moving()):
        path = tmp_path / "region.yaml"
        path.write_text(
            safe_dump({**data, "assumption": "invented"}, allow_unicode=True, sort_keys=False),
            encoding="utf-8",
        )
        loaded = region(load(path).scenario)
        assert np.array_equal(loaded.run().output, region(data).run().output)


# --- nothing moves, nothing changes
# -----------------------------------------------------------------------------


@settings(max_examples=30)
@given(sketches(still=True))
def test_every_year_is_the_base_year_when_nothing_moves(data):
    """To 1e-12 in every sector, with scrapping left out or stated as what the base year commissions."""
    assert laws.stirring(region(data)) == []


@pytest.mark.parametrize("scrapping", [None, "as commissioned"])
def test_all_four_models_stand_still_together(scrapping):
    """The chain included: materials, recoveries and all."""
    data = four()
    if scrapping:
        usual = 100 * 0.3 * 168 / 4 / (400 * 90 / 75)
        data = laid(data, {"sectors": {"plants": {"capacity": {"scrapping": usual}}}})
        usual = 100 * 0.3 * 168 / 4 / (90 / 0.38 * 90 / 75)
        data = laid(data, {"sectors": {"mines": {"capacity": {"scrapping": usual}}}})
    assert laws.stirring(region(data)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"demand": {"autonomous_consumption": 1}},
        {"demand": {"government": 1}},
        {"demand": {"transfers": 1}},
        {"investment": {"growth": 1}},
        {"investment": {"before": 1}},
        {"prices": {"investment": 1}},
        {"sectors": {"plants": {"market": {"trend": 1}}}},
        {"sectors": {"shops": {"visitors": {"growth": 1}}}},
        {"sectors": {"farms": {"trend": 1}}},
        {"sectors": {"mines": {"market": {"trend": 1}}}},
        {"chains": {"ridge": {"processes": {"dressing": {"improvement": {"ore": -1}}}}}},
    ],
)
def test_each_driver_moves_something(change):
    """The law above would be empty if the drivers did nothing."""
    assert laws.stirring(region(four(**change)))


# --- each year clears
# -------------------------------------------------------------------------------------------


@given(sketches())
def test_what_is_made_is_what_can_be_made_or_what_is_asked(data):
    """x = min(limit, A x + c(x) + g + B F + e), with consumption worked out apart from the links."""
    built = region(data)
    economy, realisation = built.economy, built.pipeline.run(built.plan).realisation
    path, states, led = economy.simulate(realisation), economy.start(), economy.supply_led
    for year in range(1, economy.years + 1):
        states = economy.advance(states, realisation, year)
        output = path.output[:, year]
        limit = np.concatenate(
            [one.supply(state).limit for one, state in zip(economy.sectors, states, strict=True)]
        )
        outside = np.concatenate(
            [one.supply(state).outside for one, state in zip(economy.sectors, states, strict=True)]
        )
        invested = realisation.invested[:, year - 1] / economy.prices.investment**year
        asked = (
            np.einsum("ijd,jd->id", economy.accounts.local, output)
            + economy.consumption(output, year)
            + economy.accounts.government * economy.government_growth**year
            + np.einsum("bsd,sd->bd", economy.accounts.buys, invested)
            + outside
        )
        cleared = np.where(led[:, None], limit, np.minimum(limit, asked))
        assert laws.differing(f"year {year}", output, cleared, 1e-10) == []
        assert np.array_equal(path.limit[:, year], limit)
        assert output.min() >= 0


def test_consumption_by_hand():
    """Elasticity 0.8: income up by a tenth lifts consumption by 8 %; 1 % a year comes by itself."""
    economy = region(four(demand={"autonomous_consumption": 1})).economy
    base = economy.accounts.output
    earned = economy.income(base, 0) - economy.households.transfers
    more = base * (1 + 0.1 * economy.income(base, 0) / earned)
    assert economy.consumption(more, 2) == pytest.approx(1.01**2 * 1.08 * economy.accounts.household)
    assert economy.income(base, 0)[0] == pytest.approx(
        0.9 * 60 + 0.4 * (120 + 90) + 0.5 * 150 + 0.08 * 420 + _chain_labour_beyond_the_sector(), rel=1e-9
    )


def _chain_labour_beyond_the_sector():
    """Processes earn by their own classes: mining 90 %, leaching 44.4 %, of their value added, where the
    sector earns 40 %.

    Leaching is 70 % goods (value added 30 %, of it 40 % labour) and 30 % care (54 %, 50 %).
    """
    scale, leaching = 90 * 0.6 / 1.80, (0.7 * 0.30 * 0.4 + 0.3 * 0.54 * 0.5) / (0.7 * 0.30 + 0.3 * 0.54)
    return scale * ((0.9 - 0.4) * 0.5 * 1.0 + (leaching - 0.4) * 0.3 * 0.16)


def test_capacity_binds_where_it_is_short():
    """Demand grows, capacity does not: the sector ends at its capacity and the report says so."""
    tight = {"market": {"trend": 8, "finds_buyers": 0}, "capacity": {"scrapping": 5, "output_per_yuan": 0}}
    built = region(four(sectors={"plants": tight}))
    path = built.run()
    assert path.binds("plants", 1) == "demand"
    assert path.binds("plants", 4) == "capacity"
    assert path.binds("farms", 4) == "supply"
    assert path.output[1, 4, 0] == pytest.approx(480 * 0.95**4)


# --- more never means less
# --------------------------------------------------------------------------------------


def restless(draw, data, slip=True):
    """One to four projects in a drawn region, none of which asks for more than its sector is given."""
    keys, found = list(data["sectors"]), {}
    for i in range(draw(st.integers(1, 4))):
        key = draw(st.sampled_from(keys))
        share = data["mixes"]["plan"]["shares"][key] / 100
        stage = draw(st.sampled_from(["planned", "approved", "started"]))
        start = (
            f"2020-{draw(st.integers(3, 9)):02d}"
            if stage == "started"
            else f"2021-{draw(st.integers(1, 12)):02d}"
        )
        adds = {"output": draw(between(0, 20))}
        if data["sectors"][key]["model"] == "process_chain":
            adds = {
                "process": draw(st.sampled_from(["mining", "smelting"])),
                "capacity": draw(between(0, 20)),
            }
        found[f"p{i}"] = {
            "title": f"p{i}",
            "sector": key,
            "stage": stage,
            "start": start,
            "adds": adds,
            "invest": 0.1 * data["accounts"]["fai"] * share,
            "months": {
                **MONTHS,
                "construction": draw(st.integers(6, 24)),
                "approval": draw(st.integers(0, 8)),
            },
            "slip": draw(st.integers(0, 9)) if slip else 0,
            "key": draw(st.booleans()),
        }
    data = laid(data, {"projects": found, "investment": {"growth": 2, "later": 2}})
    if draw(st.booleans()):
        data["pool"] = {
            "projects": 30,
            "investment": 0.3 * data["accounts"]["fai"],
            "starts": 9,
            "completions": 6,
            "months": MONTHS,
            "slip": draw(st.integers(0, 6)),
        }
    return data


@st.composite
def busy(draw):
    """A drawn region with projects."""
    return restless(draw, draw(sketches()))


@given(busy(), between(1, 1.5), st.integers(0, 4))
def test_more_money_never_lowers_any_output(data, factor, since):
    """All sectors' investment up, in all years or from some year on: no output falls in any year."""
    built = region(data)
    money = built.plan.investment * np.where(np.arange(built.economy.years) >= since, factor, 1.0)
    before, after = built.run(), built.run(replace(built.plan, investment=money))
    wrong = laws.lower("output", after.output, before.output)
    assert wrong == []


@given(sketches(), st.data())
def test_more_money_for_one_sector_never_lowers_any_output(data, more):
    """Without unnamed key projects (whose money moves with the mix) it holds sector by sector, year by
    year."""
    built = region(data)
    shape = built.plan.investment.shape
    extra = np.array(
        more.draw(
            st.lists(
                st.sampled_from([0, 0, 1.0, 30.0]), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
            )
        )
    )
    before, after = (
        built.run(),
        built.run(replace(built.plan, investment=built.plan.investment + extra.reshape(shape))),
    )
    wrong = laws.lower("output", after.output, before.output)
    assert wrong == []


def sells(built: Region) -> bool:
    """Whether every sector that looks for buyers outside has some in every year.

    Sales that have fallen to nothing cannot fall further, and what would have made up for the shortfall is
    lost on
    them: an earlier arrival may then come too early.
    """
    states, realisation, led = (
        built.economy.start(),
        built.pipeline.run(built.plan).realisation,
        built.economy.supply_led,
    )
    for year in range(1, built.economy.years + 1):
        states = built.economy.advance(states, realisation, year)
        if not (np.concatenate([state.outside for state in states])[~led] > 0).all():
            return False
    return True


def hastened(built: Region, other: Region) -> list[str]:
    """What an earlier date must not lower, cumulated up to any year: investment, new output, output.

    What comes sooner is missing later, so no single year is asked. Where a year's demand meets capacity, or
    later money is worth
    more (prices fall, consumption grows by itself), works put forward may bring less than they would have
    later: the regions
    of these tests have room, and nothing of that kind moves.
    """
    realisation, sooner = (each.pipeline.run(each.plan).realisation for each in (built, other))
    wrong = laws.lower("invested so far", sooner.invested.cumsum(axis=1), realisation.invested.cumsum(axis=1))
    for key, own in realisation.named.items():
        for place, path in own.items():
            wrong += laws.lower(
                f"{key} {place} so far", sooner.named[key][place].cumsum(axis=0), path.cumsum(axis=0)
            )
    after, before = other.economy.simulate(sooner).output, built.economy.simulate(realisation).output
    return wrong + laws.lower("output so far", after.cumsum(axis=1), before.cumsum(axis=1))


def roomy(data):
    """The region with room in all that has capacity, and with no prices or habits that move."""
    for stated in data["sectors"].values():
        if "utilisation" in stated.get("capacity", {}):
            stated["capacity"] = {**stated["capacity"], "utilisation": {"base": 40, "max": 100}}
    return laid(
        data,
        {
            "demand": {"autonomous_consumption": 0, "government": 0, "transfers": 0},
            "prices": {"investment": 0},
        },
    )


def has_room(built: Region) -> bool:
    """Whether demand, not capacity, holds every branch that follows demand."""
    path, led = built.run(), built.economy.supply_led
    return bool((path.output[~led, 1:] < path.limit[~led, 1:] * (1 - 1e-9)).all())


@given(st.data())
def test_more_of_any_shared_resource_never_lowers_any_output_cumulated(data):
    """Unchanged projects, named and not, more approval desks and builders."""
    region_data = roomy(restless(data.draw, data.draw(sketches(lasting=True))))
    few = {"approvals": data.draw(st.integers(1, 4)), "builders": data.draw(st.integers(1, 20))}
    more = {name: count + data.draw(st.integers(0, 5)) for name, count in few.items()}
    first, second = (region({**region_data, "pipeline": desks}) for desks in (few, more))
    assume(sells(first) and sells(second) and has_room(first) and has_room(second))
    wrong = hastened(first, second)
    assert wrong == []


@given(st.data())
def test_an_earlier_finish_never_lowers_any_output_cumulated(data):
    """One project slips less, on a list that is whole and with the usual delay stated: nothing is inferred of
    the past from the delay to come (left out, the usual delay is the median of those listed)."""
    region_data = {
        **roomy(restless(data.draw, data.draw(sketches(lasting=True)))),
        "listing": {"whole": True, "slip": 5},
    }
    key = data.draw(st.sampled_from(sorted(region_data["projects"])))
    known = {"projects": {key: {"done": 40}}} if region_data["projects"][key]["stage"] == "started" else {}
    late, soon = (
        laid(laid(region_data, known), {"projects": {key: {"slip": data.draw(st.integers(*span))}}})
        for span in ((3, 24), (0, 3))
    )
    assume(all(sells(region(each)) and has_room(region(each)) for each in (late, soon)))
    assume(region(late).pipeline.past.tied == pytest.approx(region(soon).pipeline.past.tied))
    wrong = hastened(region(late), region(soon))
    assert wrong == []


@given(st.data())
def test_a_shorter_ramp_never_lowers_any_output(data):
    """The same money, an earlier full load, on a list that is whole."""
    region_data = {"listing": {"whole": True}} | restless(data.draw, data.draw(sketches(lasting=True)))
    key = data.draw(st.sampled_from(sorted(region_data["projects"])))
    slow, fast = sorted((data.draw(st.integers(0, 36)), data.draw(st.integers(0, 36))), reverse=True)
    both = [
        region(laid(region_data, {"projects": {key: {"months": {"ramp_up": months}}}}))
        for months in (slow, fast)
    ]
    assume(all(map(sells, both)))
    before, after = (built.run() for built in both)
    wrong = laws.lower("output", after.output, before.output)
    assert wrong == []


# --- adding up
# --------------------------------------------------------------------------------------------------


@given(sketches())
def test_contributions_add_up(data):
    """Increments of value added are GDP's increment; shares of it add to one, pulls to growth."""
    path = region(data).run()
    increments = np.stack([np.diff(path.sector_va(key), axis=0) for key in path.economy.sector_ids])
    assert increments.sum(axis=0) == pytest.approx(np.diff(path.gdp, axis=0), abs=1e-10)
    pulls = 100 * increments / path.gdp[:-1]
    assert pulls.sum(axis=0) == pytest.approx(100 * (path.gdp[1:] / path.gdp[:-1] - 1), abs=1e-10)


def test_contributions_of_the_nation_in_2023():
    """National bulletin 2023: GDP +5.2; 89755 (+4.1), 482589 (+4.7), 688238 (+5.8) at the year's prices.

    Value added of the year before at the prices of 2023 follows from each rate; the three pulls add to growth
    within what rounding of four rates to 0.1 allows.
    """
    now, rates = np.array([89755.0, 482589, 688238]), np.array([4.1, 4.7, 5.8])
    before = now / (1 + rates / 100)
    pulls = 100 * (now - before) / before.sum()
    assert pulls.sum() == pytest.approx(5.2, abs=0.1)
    # the same three sectors as a region, one year back: the model's own increments say the same
    data = scenario(
        {
            key: sector("services", va, market={"trend": rate})
            for key, va, rate in zip(("first", "second", "third"), before, rates, strict=True)
        }
    )
    built = region(data)
    path = built.run()
    output = path.output.copy()
    output[:, 1] = output[:, 0] * (1 + rates[:, None] / 100)
    grown = replace(path, output=output)
    found = [
        100 * np.diff(grown.sector_va(key), axis=0)[0, 0] / grown.gdp[0, 0]
        for key in ("first", "second", "third")
    ]
    assert found == pytest.approx(pulls)


# --- names and places mean nothing
# ------------------------------------------------------------------------------


def turned(data, order):
    """The same region with its sectors in another order."""
    return {**data, "sectors": {key: data["sectors"][key] for key in order}}


@given(sketches(), st.randoms(use_true_random=False))
def test_order_of_sectors_permutes_the_results(data, random):
    order = list(data["sectors"])
    random.shuffle(order)
    before, after = region(data).run(), region(turned(data, order)).run()
    for key in order:
        assert laws.differing(key, after.sector_va(key), before.sector_va(key), 1e-11) == []
    assert laws.differing("gdp", after.gdp, before.gdp, 1e-11) == []


def renamed(part, names):
    """Plain data with every key and text that names a sector, project or material renamed."""
    if isinstance(part, dict):
        names_here = {} if "reported" in part else names  # `ore` is a word of the schema there
        return {
            names_here.get(key, key): value if key == "title" else renamed(value, names)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [renamed(each, names) for each in part]
    return names.get(part, part) if isinstance(part, str) else part


def test_renamed_ids_give_the_same_numbers():
    """Sectors, projects, chain, processes, materials and classes under meaningless names: bit by bit the
    same."""
    ids = (
        "farms",
        "plants",
        "mines",
        "shops",
        "ridge",
        "mining",
        "dressing",
        "smelting",
        "leaching",
        "ore",
        "concentrate",
        "tailings",
        "metal",
        "slag",
        "oxide",
        "grain",
        "ramping",
        "rising",
        "coming",
        "distant",
        "soil",
        "goods",
        "building",
        "care",
    )
    names = {name: f"x{i}" for i, name in enumerate(ids)}
    before, after = region(moving()).run(), region(renamed(moving(), names)).run()
    assert np.array_equal(before.output, after.output)
    for name, path in before.physical.items():
        kind, _, what = name.partition(":")
        assert np.array_equal(path, after.physical[f"{kind}:{names.get(what, what)}"])


# --- draws
# ------------------------------------------------------------------------------------------------------


def test_draws_of_each_number_equal_a_loop():
    """Every number outside sectors and chains, one at a time, in three draws."""
    built = region(moving())
    stated, realisation = built.scenario, built.pipeline.run(built.plan).realisation
    parts = [stated.national, stated.accounts, stated.demand, stated.prices]
    checked = 0
    for quantity, array in (
        item for part in parts for item in spread(part, np.array([1.0, 0.99, 1.01])).items()
    ):
        drawn = Drawn({quantity: array})
        together = region(stated, drawn).economy.simulate(realisation)
        for d in range(3):
            alone = region(stated, drawn.one(d)).economy.simulate(realisation)
            for name in ("output", "value_added", "gdp", "consumption", "asked"):
                found = getattr(together, name)
                expected = getattr(alone, name)[..., 0]
                assert laws.differing(name, found[..., d if found.shape[-1] > 1 else 0], expected) == []
        checked += 1
    assert checked > 40


def test_draws_of_works_equal_a_loop():
    """Investment and new capacity that differ from draw to draw, all numbers drawn besides."""
    built = region(moving())
    rng = np.random.default_rng(8)
    draws = {}
    for part in (built.scenario.accounts, built.scenario.demand, built.scenario.prices):
        for quantity in spread(part, np.ones(1)).items():
            draws[quantity[0]] = quantity[1] * rng.uniform(0.98, 1.02, 4)
    drawn = Drawn(draws)
    realisation = built.pipeline.run(built.plan).realisation
    factors = rng.uniform(0.7, 1.3, 4)
    wide = replace(
        realisation,
        invested=realisation.invested * factors,
        pool=realisation.pool * factors,
        named={
            key: {place: path * factors for place, path in own.items()}
            for key, own in realisation.named.items()
        },
    )
    together = region(built.scenario, drawn).economy.simulate(wide)
    for d in range(4):
        one = replace(
            realisation,
            invested=realisation.invested * factors[d],
            pool=realisation.pool * factors[d],
            named={
                key: {place: path * factors[d] for place, path in own.items()}
                for key, own in realisation.named.items()
            },
        )
        alone = region(built.scenario, drawn.one(d)).economy.simulate(one)
        assert laws.differing("output", together.output[..., d], alone.output[..., 0]) == []


def test_central_values_are_one_draw():
    path = region(moving(), Draws()).run()
    assert path.output.shape == (8, 5, 1)
    assert path.gdp.shape == (5, 1)
