"""What the region asks of its own sectors: each branch's own demand, and consumption that follows income."""

from dataclasses import replace

import laws
import numpy as np
import pytest
from dabiao.engine.diagnose.audit.linked import Driver, driver
from dabiao.engine.diagnose.audit.pins import Known
from dabiao.engine.run import look_ahead
from dabiao.engine.uncertainty.causes import cause_of
from dabiao.models.errors import ScenarioError
from dabiao.models.shocks import Shocks
from dabiao.scenarios.load import load_example
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from regions import Drawn, between, four, laid, moving, region, sketches

EXAMPLE = "panzhihua-2024"


@st.composite
def driven(draw):
    """A drawn region in which some sectors have a demand of their own and disposable income is stated."""
    data = draw(sketches())
    demand = {key: {"demand": draw(st.none() | between(-10, 10))} for key in data["sectors"]}
    income = draw(between(0.3, 0.9)) * data["accounts"]["gdp"]
    assume(income > 1.01 * data["accounts"]["transfers"])
    return laid(data, {"sectors": demand, "accounts": {"disposable_income": income}})


def moved(data, built):
    """Yearly factor of each branch's own demand, read off the plain data."""
    return np.array(
        [1 + (data["sectors"][b.sector].get("demand") or 0) / 100 for b in built.economy.branches]
    )[:, None]


# --- demand of each branch
# --------------------------------------------------------------------------------------


@given(driven())
def test_every_year_clears_with_each_branchs_own_demand(data):
    """x = min(limit, A x + (1 + δ)^t (c(H) + g + B F) + e), all worked out here from the base year."""
    built = region(data)
    economy, realisation = built.economy, built.pipeline.run(built.plan).realisation
    accounts, home = economy.accounts, economy.households
    path, states, led, own = (
        economy.simulate(realisation),
        economy.start(),
        economy.supply_led,
        moved(data, built),
    )
    transfers, income = data["accounts"]["transfers"], data["accounts"]["disposable_income"]
    earned = (accounts.labour * path.output[:, :, 0]).sum(axis=0)
    earned *= (income - transfers) / earned[0]
    for year in range(1, economy.years + 1):
        states = economy.advance(states, realisation, year)
        supplies = [one.supply(state) for one, state in zip(economy.sectors, states, strict=True)]
        limit, outside = (
            np.concatenate([getattr(one, name) for one in supplies]) for name in ("limit", "outside")
        )
        richer = (earned[year] + transfers * (1 + data["demand"]["transfers"] / 100) ** year) / income
        spent = (1 + data["demand"]["autonomous_consumption"] / 100) ** year * (
            1 + home.elasticity * (richer - 1)
        )
        bought = np.einsum(
            "bsd,sd->bd", accounts.buys, realisation.invested[:, year - 1] / economy.prices.investment**year
        )
        governed = accounts.government * (1 + data["demand"]["government"] / 100) ** year
        local = own**year * (accounts.household * spent + governed + bought)
        asked = np.einsum("ijd,jd->id", accounts.local, path.output[:, year]) + local + outside
        cleared = np.where(led[:, None], limit, np.minimum(limit, asked))
        assert laws.differing(f"year {year}", path.output[:, year], cleared, 1e-10) == []
        told = (own**year * accounts.household * spent).sum(axis=0)
        assert laws.differing(f"consumption of year {year}", path.consumption[year], told, 1e-10) == []


def test_none_is_no_growth():
    """Stated as 0 or left out, bit by bit the same."""
    zero = region(moving(sectors={key: {"demand": 0} for key in ("farms", "plants", "mines", "shops")}))
    assert np.array_equal(zero.run().output, region(moving()).run().output)


@pytest.mark.parametrize("part", ["household_consumption", "government_consumption", "fai"])
def test_each_part_of_local_demand_is_moved(part):
    """Whoever is the only one to buy here: shops sell less where they are asked for less, year after year."""
    only = dict.fromkeys(("household_consumption", "government_consumption", "fai"), 0.001) | {part: 60}
    data = four(accounts=only, sectors={"shops": {"investment_buys": {"care": 20}}})
    before, after = (
        region(each).run() for each in (data, laid(data, {"sectors": {"shops": {"demand": -6}}}))
    )
    at = before.economy.rows("shops")
    fell = before.output[at, :, 0] - after.output[at, :, 0]
    assert fell[0, 0] == 0
    accounts = before.economy.accounts
    bought = (
        accounts.household[at, 0]
        + accounts.government[at, 0]
        + accounts.buys[at, :, 0].sum() * only["fai"] / 4
    )
    # what they lose of this demand, and what they then buy of one another
    for year in (1, 4):
        lost = float(bought[0]) * (1 - 0.94**year)
        assert lost <= fell[0, year] <= 1.6 * lost
        assert lost > 0.1


def test_surprises_are_moved_too():
    """A shock to consumption strikes what a branch still sells to households."""
    economy = region(moving(sectors={"shops": {"demand": -50}})).economy
    struck = replace(economy, shocks=Shocks(np.full((economy.years, 1), 0.1), {}))
    at = economy.rows("shops")
    expected = economy.accounts.household * 1.01**2 * (1.1**2 - 1)
    expected[at] *= 0.25
    assert struck.surprised(2) == pytest.approx(expected)
    base = economy.accounts.output
    assert struck.consumption(base, 2) - economy.consumption(base, 2) == pytest.approx(expected)
    none, money = np.zeros_like(expected), np.zeros((4, 1))
    assert struck.demand(2, none, money) - economy.demand(2, none, money) == pytest.approx(expected)


def services():
    """Service sectors of the shipped example."""
    return [key for key, one in load_example(EXAMPLE).scenario.sectors.items() if one.model == "services"]


@pytest.mark.parametrize("key", services())
def test_a_slump_of_any_service_enters(key):
    """6 % less asked of it: GDP growth of the target year falls by what the sector sells here, and by more
    later."""
    before, after = (
        region(load_example(EXAMPLE, [f"sectors.{key}.demand={rate}"]).scenario) for rate in (0, -6)
    )
    paths = [built.run() for built in (before, after)]
    growth = [100 * (path.gdp[1, 0] / path.gdp[0, 0] - 1) for path in paths]
    own = [path.sector_va(key)[:, 0] for path in paths]
    accounts, at = before.economy.accounts, before.economy.rows(key)
    realisation = before.pipeline.run(before.plan).realisation
    sold = (
        accounts.household[at, 0]
        + accounts.government[at, 0]
        + (accounts.buys[at, :, 0] @ realisation.invested[:, 0, 0])
    )
    least = 0.06 * float(sold @ accounts.va_ratio[at, 0])
    assert own[0][1] - own[1][1] > least
    assert growth[0] - growth[1] > 100 * least / paths[0].gdp[0, 0] > 0.01
    assert np.all(np.diff(own[0][1:] - own[1][1:]) > 0)


def test_a_property_slump_is_visible():
    """A tenth of a point and more of GDP growth."""
    growth = []
    for rate in (0, -6):
        path = region(load_example(EXAMPLE, [f"sectors.real_estate.demand={rate}"]).scenario).run()
        growth.append(100 * (path.gdp[1, 0] / path.gdp[0, 0] - 1))
    assert growth[0] - growth[1] > 0.1


# --- disposable income
# ------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(sketches(still=True), between(0.1, 2))
def test_stated_income_changes_nothing_that_stands_still(data, share):
    """The base year still repeats itself, whatever the income."""
    income = data["accounts"]["transfers"] + share * data["accounts"]["gdp"]
    built = region(laid(data, {"accounts": {"disposable_income": income}}))
    assert built.economy.base_income == pytest.approx(income, rel=1e-12)
    assert laws.stirring(built) == []


def test_income_by_hand():
    """Twice the labour income: φ is 2, and a tenth more output brings a tenth more of it, transfers as they
    are."""
    plain = region(four()).economy
    base = plain.accounts.output
    labour, transfers = float((plain.accounts.labour * base).sum()), float(plain.households.transfers[0])
    economy = region(four(accounts={"disposable_income": transfers + 2 * labour})).economy
    assert economy.households.per_labour == pytest.approx(2)
    assert economy.base_income == pytest.approx(transfers + 2 * labour)
    assert economy.income(1.1 * base, 1) == pytest.approx(transfers + 2.2 * labour)
    richer = 1 + 0.2 * labour / (transfers + 2 * labour)
    assert economy.consumption(1.1 * base, 1) == pytest.approx(
        (0.2 + 0.8 * richer) * economy.accounts.household
    )
    loop = economy.loop(1)
    assert loop.earned == pytest.approx(2 * plain.accounts.labour)
    assert loop.spent == pytest.approx(0.8 * plain.accounts.household / (transfers + 2 * labour))
    # what factors earn of output is as it was
    assert np.array_equal(economy.accounts.labour, plain.accounts.labour)


def test_not_stated_is_labour_and_transfers():
    """φ is 1, to the last bit."""
    economy = region(moving()).economy
    assert np.array_equal(economy.households.per_labour, np.ones(1))
    assert np.array_equal(economy.earned, economy.accounts.labour)


@pytest.mark.parametrize("income, transfers", [(30, 30), (20, 33.6)])
def test_an_income_of_transfers_alone_is_an_error(income, transfers):
    with pytest.raises(ScenarioError) as caught:
        region(four(accounts={"disposable_income": income, "transfers": transfers}))
    [problem] = caught.value.problems
    assert problem.path == "accounts.disposable_income"
    assert "transfers" in str(problem.expected)
    assert f"{transfers:g}" in str(problem.expected)


def test_an_income_that_nothing_earns_is_an_error():
    none = {"labour_share": 0}
    data = four(
        accounts={"disposable_income": 200},
        sectors=dict.fromkeys(("farms", "plants", "mines", "shops"), none),
    )
    with pytest.raises(ScenarioError) as caught:
        region(data)
    assert caught.value.problems[0].path == "accounts.disposable_income"
    assert "labour" in str(caught.value.problems[0].expected)


class Loose(Drawn):
    """Draws that may be beyond what is possible."""

    strict = False


def test_a_draw_of_too_little_income_earns_nothing():
    """Draws above transfers are what they would be by themselves; the others have transfers alone."""
    data = four(accounts={"disposable_income": 200})
    stated = region(data).scenario
    drawn = np.array([200.0, 10.0, 150.0])
    together = region(stated, Loose({id(stated.accounts.disposable_income): drawn}))
    transfers = data["accounts"]["transfers"]
    assert together.economy.base_income == pytest.approx([200, transfers, 150])
    path = together.run()
    for draw in (0, 2):
        alone = region(four(accounts={"disposable_income": float(drawn[draw])})).run()
        assert laws.differing("output", path.output[..., draw], alone.output[..., 0]) == []
    assert np.isfinite(path.output).all()


def test_draws_of_demand_and_income_equal_a_loop():
    """Drawn at once, one by one."""
    sectors = {"shops": {"demand": -3}, "mines": {"demand": 2}}
    stated = region(moving(accounts={"disposable_income": 220}, sectors=sectors)).scenario
    drawn = Drawn(
        {
            id(stated.accounts.disposable_income): np.array([180.0, 220, 260]),
            id(stated.sectors["shops"].demand): np.array([-9.0, -3, 4]),
        }
    )
    together = region(stated, drawn).run()
    for draw in range(3):
        alone = region(stated, drawn.one(draw)).run()
        for name in ("output", "consumption", "income"):
            assert (
                laws.differing(name, getattr(together, name)[..., draw], getattr(alone, name)[..., 0]) == []
            )


# --- consumption follows income
# ---------------------------------------------------------------------------------


@given(sketches(), st.booleans())
def test_consumption_over_income_is_steady_unless_something_is_stated(data, stated):
    """Elasticity 1, no growth by itself, no demand of its own: C/H of every year is the base year's, to
    1e-12."""
    data = laid(data, {"demand": {"income_elasticity": 1, "autonomous_consumption": 0}})
    if stated:
        income = 0.7 * data["accounts"]["gdp"] + data["accounts"]["transfers"]
        data = laid(data, {"accounts": {"disposable_income": income}})
    path = region(data).run()
    ratio = path.consumption / path.income
    assert laws.differing("consumption over income", ratio / ratio[0], np.ones_like(ratio)) == []


@pytest.mark.parametrize(
    "change, sign",
    [
        ({}, 0),
        ({"accounts": {"disposable_income": 300}}, 0),
        ({"demand": {"autonomous_consumption": 1}}, 1),
        ({"demand": {"income_elasticity": 0.8}}, -1),
        ({"sectors": {"shops": {"demand": 2}}}, 1),
        ({"sectors": {"shops": {"demand": -2}}}, -1),
    ],
)
def test_in_a_growing_economy_too(change, sign):
    """Income grows every year; C/H moves where, and only where, the scenario says so."""
    path = region(laid(moving(demand={"income_elasticity": 1, "autonomous_consumption": 0}), change)).run()
    assert np.all(np.diff(path.income[:, 0]) > 0.01 * path.income[0, 0])
    ratio = path.consumption[:, 0] / path.income[:, 0]
    moves = np.diff(ratio) / ratio[0]
    assert np.all(np.abs(moves) < 1e-12) if sign == 0 else np.all(sign * moves > 1e-4)


# --- who else reads it
# ------------------------------------------------------------------------------------------


def test_the_audit_uses_the_same_equation():
    """All output up by the sheet's growth: the audit's consumption is the model's."""
    data = four(
        accounts={"disposable_income": 300},
        targets={"gdp_growth": {"ensure": 6}},
        sectors={"shops": {"demand": -3}, "plants": {"demand": 1}},
        demand={"autonomous_consumption": 0.5, "transfers": 2},
    )
    built = region(data)
    economy = built.economy
    found = driver(Known(built.scenario, economy, built.sheet), "consumption_growth", "ensure")
    more = economy.consumption(1.06 * economy.accounts.output, 1).sum() / economy.accounts.household.sum()
    assert isinstance(found, Driver)
    assert found.value == pytest.approx(100 * (more - 1), rel=1e-9)
    assert built.scenario.sectors["shops"].demand in found.used


def test_the_long_view_keeps_its_labour_share():
    """Disposable income is what households get, not what labour earns of output."""
    both = [], ["accounts.disposable_income=900"]
    shares = [look_ahead(load_example(EXAMPLE, sets)).given.labour_share for sets in both]
    assert np.array_equal(*shares)


def test_doubt_in_demand_has_its_cause():
    assert cause_of("sectors.shops.demand") == cause_of("accounts.disposable_income") == "demand"
    assert cause_of("sectors.shops.labour_share") == "links"
