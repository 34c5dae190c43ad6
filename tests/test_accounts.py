"""Base-year accounts: the textbook's numbers, balance, and what happens where the figures do not fit."""

import laws
import numpy as np
import pytest
from dabiao.engine.build import base_investment, composition
from dabiao.models import accounts as books
from dabiao.models.errors import ScenarioError
from dabiao.models.links import by_supplier
from dabiao.models.quantity import Bilingual, Draws, Quantity
from dabiao.models.sector import Branch
from dabiao.scenarios.load import load_example
from hypothesis import given, settings
from regions import Drawn, chain, four, laid, moving, national, region, scenario, sector, sketches, spread


def test_miller_and_blair():
    """Tables 2.3 and 2.4 of Miller & Blair (2009): A, L, f = (350, 1700), and f = (600, 1500) -> x."""
    assert laws.textbook() == []


@settings(max_examples=40)
@given(sketches())
def test_base_year_balances(data):
    built = region(data)
    accounts = built.economy.accounts
    assert laws.unbalanced(accounts, base_investment(built.scenario, Draws())) == []
    assert laws.leaking(built) == []
    assert (accounts.va_ratio * accounts.output).sum() == pytest.approx(data["accounts"]["gdp"], rel=1e-12)
    for each in built.economy.sectors:
        rows = built.economy.rows(each.id)
        va = (accounts.va_ratio * accounts.output)[rows].sum()
        assert va == pytest.approx(data["sectors"][each.id]["va"], rel=1e-12)


def test_inputs_add_to_one_minus_value_added():
    """Where all is bought here and every class is made here, local inputs are all inputs."""
    sectors = {
        "farms": sector("agriculture", 150),
        "plants": sector("industry", 300),
        "shops": sector("services", 300),
        "builders": sector("industry", 50, national={"building": 100}, va_ratio=25),
    }
    data = scenario(
        sectors,
        accounts={"fai": 0, "household_consumption": 0, "government_consumption": 0},
        national={"classes": {name: {"regional_purchase": 100} for name in national()["classes"]}},
    )
    accounts = region(data).economy.accounts
    assert accounts.adjusted == ()
    assert accounts.local.sum(axis=0) == pytest.approx(1 - accounts.va_ratio, abs=1e-12)


def test_chain_inputs_are_physical():
    """A yuan of concentrate uses 2.5 t of ore at 100 over 500 + 1.2 x 10 yuan, whatever national tables
    say."""
    built = region(four())
    at = {branch.id: b for b, branch in enumerate(built.economy.branches)}
    local = built.economy.accounts.local[..., 0]
    assert local[at["mines/mining"], at["mines/dressing"]] == pytest.approx(250 / 512, abs=1e-12)
    assert local[at["mines/dressing"], at["mines/smelting"]] == pytest.approx(800 / 2090, abs=1e-12)
    assert local[at["mines/smelting"], at["mines/leaching"]] == pytest.approx(9000 / 20000, abs=1e-12)


def test_a_material_that_is_bought_in_part_is_local_in_part():
    """90 of ore are used and 50 mined: 40 come from outside, and 50 of 90 yuan for ore are spent here."""
    scale = 90 * 0.6 / 1.80
    processes = {"mining": {"base": 50 * scale}, "dressing": {"routing": {"ore": 100}}}
    built = region(four(chains={"ridge": {"materials": {"ore": {"bought": {}}}, "processes": processes}}))
    at = {branch.id: b for b, branch in enumerate(built.economy.branches)}
    local = built.economy.accounts.local[..., 0]
    assert local[at["mines/mining"], at["mines/dressing"]] == pytest.approx(250 / 512 * 50 / 90, abs=1e-12)
    assert local[at["mines/dressing"], at["mines/smelting"]] == pytest.approx(800 / 2090, abs=1e-12)


def test_a_prior_that_does_not_fit_is_lowered_and_reported():
    """Building makes 40 but is asked for 0.8 x (all that is built): sales outside end at zero, not below."""
    sectors = {
        "plants": sector("industry", 300),
        "builders": sector("industry", 10, national={"building": 100}),
        "shops": sector("services", 290),
    }
    data = scenario(sectors)
    built = region(data)
    accounts = built.economy.accounts
    adjusted = {each.branch: each for each in accounts.adjusted}
    assert set(adjusted) == {"builders"}
    assert 0 < adjusted["builders"].purchases < 1
    assert adjusted["builders"].purchases == pytest.approx(adjusted["builders"].investment)
    assert accounts.outside[1, 0] == 0.0
    assert accounts.outside[[0, 2]].min() > 0
    # what is lowered is lowered in proportion: coefficients against those of a region with room
    roomy = region(
        laid(data, {"accounts": {"gdp": 660, "fai": 240}, "sectors": {"builders": {"va": 70}}})
    ).economy.accounts
    assert not roomy.adjusted
    factor = adjusted["builders"].purchases
    assert accounts.buys[1] == pytest.approx(factor * roomy.buys[1], rel=1e-9)
    assert accounts.local[1] == pytest.approx(factor * roomy.local[1], rel=1e-9)


def test_a_stated_coefficient_that_cannot_be_is_an_error():
    sectors = {"plants": sector("industry", 300), "shops": sector("services", 100, regional_purchase=100)}
    data = scenario(sectors, accounts={"household_consumption": 900})
    with pytest.raises(ScenarioError) as caught:
        region(data)
    [problem] = caught.value.problems
    assert problem.path == "sectors.shops.regional_purchase"
    for word in ("regional_purchase", "household_consumption", "va_ratio"):
        assert word in str(problem.hint)
    # left to the priors, the same region can be built
    assert region(laid(data, {"sectors": {"shops": {"regional_purchase": None}}})).economy.accounts.adjusted


def test_a_stated_coefficient_gives_way_to_nothing_but_investment():
    """Where purchases fit but investment's do not, only the latter are lowered."""
    sectors = {
        "plants": sector("industry", 300),
        "builders": sector("industry", 10, national={"building": 100}, regional_purchase=20),
    }
    data = scenario(sectors, accounts={"fai": 500})
    accounts = region(data).economy.accounts
    [adjusted] = accounts.adjusted
    assert adjusted.purchases == 1.0
    assert adjusted.investment < 1
    assert accounts.outside[1, 0] == 0.0


@pytest.mark.parametrize(
    "change, path",
    [
        ({"sectors": {"mines": {"va": 20}}, "accounts": {"gdp": 350}}, "sectors.mines"),
        ({"sectors": {"plants": {"output": 100}}}, "sectors.plants.output"),
        ({"chains": {"ridge": {"processes": {"smelting": {"va_ratio": 70}}}}}, "sectors.mines"),
    ],
)
def test_figures_that_contradict_each_other_are_errors(change, path):
    with pytest.raises(ScenarioError) as caught:
        region(four(**change))
    assert any(problem.path.startswith(path) for problem in caught.value.problems)
    assert all(problem.expected for problem in caught.value.problems)


def test_composition_opens_groups_by_national_output():
    built = region(four())
    mix = composition(
        built.scenario.national, {"second": Quantity(value=60), "care": Quantity(value=40)}, Draws()
    )
    expected = {"goods": 0.6 * 600 / 850, "building": 0.6 * 250 / 850, "care": 0.4}
    assert {name: part[0] for name, part in mix.items()} == pytest.approx(expected)


def test_draws_of_the_accounts_equal_a_loop():
    """Every number of the table, the totals and the sectors drawn at once, by 3 %."""
    built = region(moving())
    rng = np.random.default_rng(1)
    stated = built.scenario
    draws = {}
    for part in (stated.accounts, stated.demand, stated.prices, *stated.sectors.values()):
        draws |= dict(spread(part, rng.uniform(0.97, 1.03, 5)).items())
    # what adds to 100 must go on adding to 100
    for part in stated.sectors.values():
        shares = [
            *part.national.values(),
            *getattr(part, "gestation", ()),
            *getattr(getattr(part, "capacity", None), "gestation", ()),
        ]
        for quantity in shares:
            draws.pop(id(quantity), None)
    drawn = Drawn(draws)
    together = region(stated, drawn).economy.accounts
    for draw in range(5):
        alone = region(stated, drawn.one(draw)).economy.accounts
        for name in ("output", "va_ratio", "labour", "local", "household", "government", "outside", "buys"):
            array = getattr(together, name)
            assert (
                laws.differing(
                    name, array[..., draw if array.shape[-1] > 1 else 0], getattr(alone, name)[..., 0]
                )
                == []
            )


class Loose(Drawn):
    """Draws that may be beyond what is possible."""

    strict = False


def test_purchases_go_to_every_supplier():
    """Branches that sell several classes, sellers that are there in some draws alone, one draw for all."""
    rng = np.random.default_rng(4)
    supplier = rng.random((5, 7, 6)) * (rng.random((5, 7, 6)) < 0.4)
    for sold in (supplier, supplier[..., :1]):
        for asked in (rng.random((7, 3, 6)), rng.random((7, 3, 1))):
            wide = np.broadcast_arrays(np.empty(sold.shape[2]), np.empty(asked.shape[2]))[0].shape[0]
            expected = np.einsum(
                "bkd,knd->bnd", *(np.broadcast_to(a, (*a.shape[:2], wide)) for a in (sold, asked))
            )
            assert by_supplier(sold, asked) == pytest.approx(expected, rel=1e-12)


def test_a_draw_that_asks_too_much_of_a_sector_gets_what_there_is():
    """Draws within what is possible are what they would be by themselves; the others end at sales of zero
    outside."""
    sectors = {"plants": sector("industry", 60), "shops": sector("services", 100, regional_purchase=100)}
    data = scenario(sectors, accounts={"household_consumption": 100, "fai": 20})
    stated = region(data).scenario
    bought = np.array([100.0, 900.0, 110.0, 3000.0])
    found = region(stated, Loose({id(stated.accounts.household_consumption): bought})).economy.accounts
    for draw in (0, 2):
        alone = region(
            laid(data, {"accounts": {"household_consumption": float(bought[draw])}})
        ).economy.accounts
        assert found.outside[:, draw] == pytest.approx(alone.outside[:, 0], rel=1e-12)
        assert alone.outside[1, 0] > 0
    for draw in (1, 3):
        assert found.outside[1, draw] == pytest.approx(0, abs=1e-9)
        assert found.outside[0, draw] >= 0
        assert found.buys[1, :, draw] == pytest.approx(0)
        assert 0 < found.household[1, draw] < found.output[1, 0]


def test_a_draw_whose_inputs_leave_nothing_buys_nothing_else():
    """Value added and chain inputs beyond the price: no negative purchases of what a process does not take
    from its chain."""
    data = four()
    stated = region(data).scenario
    ratio = stated.chains["ridge"].processes["smelting"].va_ratio
    found = region(stated, Loose({id(ratio): np.array([25.0, 70.0])})).economy
    at = [branch.id for branch in found.branches].index("mines/smelting")
    chained = [b for b, branch in enumerate(found.branches) if branch.sector == "mines"]
    others = np.delete(found.accounts.local[:, at], chained, axis=0)
    assert others[:, 0].max() > 0
    assert (found.accounts.local >= 0).all()
    assert others[:, 1] == pytest.approx(0)


def test_the_small_chain_makes_what_its_scale_says():
    """The scale by which test regions fit a chain into a sector: 5.09 亿元 of output, 1.80 of value added."""
    built = region(scenario({"mines": sector("process_chain", 3)}, chains={"ridge": chain()}))
    branches = built.economy.branches[:-1]
    assert sum(b.output[0] for b in branches) == pytest.approx(5.0932)
    assert sum(b.output[0] * b.va_ratio[0] for b in branches) == pytest.approx(1.808, abs=0.001)


# --- class by class
# ---------------------------------------------------------------------------------------------


def two_sellers(purchase=None, labour=None):
    """A mill of 100 makes soft goods (60 %) and hard ones, a foundry of 200 hard ones alone; nobody
    invests."""
    classes = ("soft", "hard")
    mix = {"mill": {"soft": np.array([0.6]), "hard": np.array([0.4])}, "foundry": {"hard": np.ones(1)}}
    branches = [
        Branch(key, key, Bilingual(en=key), np.array([made]), np.array([kept]), mix[key])
        for key, made, kept in (("mill", 100.0, 0.52), ("foundry", 200.0, 0.4))
    ]
    facts = {
        "va_ratio": [0.6, 0.4],
        "regional_purchase": [0.8, 0.1],
        "labour_share": [0.9, 0.3],
        "household_share": [0.7, 0.3],
        "government_share": [0.2, 0.8],
    }
    table = books.NationalTable(
        classes,
        np.array([[0.3, 0.2], [0.1, 0.4]])[..., None],
        **{key: np.array(each)[:, None] for key, each in facts.items()},
    )
    totals = books.Totals(np.array([10.0]), np.array([5.0]), np.zeros((2, 1)))
    buys = {"mill": {"hard": np.array([0.5])}, "foundry": {}}
    return books.balance(branches, ("mill", "foundry"), table, totals, buys, purchase or {}, labour or {})


def test_purchases_are_made_class_by_class():
    """All soft goods come from the mill, of hard ones 40 of 240: each class at its own rate, whoever sells
    it.

    The mill takes 0.6 (0.3, 0.1) + 0.4 (0.2, 0.4) = (0.26, 0.22) of the classes, the foundry (0.2, 0.4).
    """
    found = two_sellers()
    mill, foundry = (
        (0.8 * 0.26 + 0.1 * 0.22 / 6, 0.8 * 0.2 + 0.1 * 0.4 / 6),
        (
            0.1 * 0.22 * 5 / 6,
            0.1 * 0.4 * 5 / 6,
        ),
    )
    assert found.local[..., 0] == pytest.approx(np.array([mill, foundry]), rel=1e-12)
    assert found.household[:, 0] == pytest.approx(
        [10 * (0.8 * 0.7 + 0.1 * 0.3 / 6), 10 * 0.1 * 0.3 * 5 / 6], rel=1e-12
    )
    assert found.government[:, 0] == pytest.approx(
        [5 * (0.8 * 0.2 + 0.1 * 0.8 / 6), 5 * 0.1 * 0.8 * 5 / 6], rel=1e-12
    )
    assert found.buys[:, 0, 0] == pytest.approx(
        [0.5 / 6, 0.5 * 5 / 6], rel=1e-12
    )  # bought here as it is stated
    assert found.adjusted == ()
    assert laws.unbalanced(found, np.zeros((2, 1))) == []


def test_a_sectors_own_rate_holds_for_all_that_it_sells():
    """And for nothing that others sell."""
    free, found = two_sellers(), two_sellers(purchase={"mill": np.array([0.5])})
    assert found.local[0, :, 0] == pytest.approx([0.5 * (0.26 + 0.22 / 6), 0.5 * (0.2 + 0.4 / 6)], rel=1e-12)
    assert found.household[0, 0] == pytest.approx(10 * 0.5 * (0.7 + 0.3 / 6), rel=1e-12)
    assert found.government[0, 0] == pytest.approx(5 * 0.5 * (0.2 + 0.8 / 6), rel=1e-12)
    for name in ("local", "household", "government"):
        assert np.array_equal(getattr(found, name)[1], getattr(free, name)[1])


def test_labour_shares_are_weighted_by_value_added():
    """Of the mill's value added per yuan made, 0.36 is of soft goods (90 % labour), 0.16 of hard ones (30
    %)."""
    found = two_sellers()
    assert found.labour[:, 0] == pytest.approx(
        [0.52 * (0.36 * 0.9 + 0.16 * 0.3) / 0.52, 0.4 * 0.3], rel=1e-12
    )
    assert two_sellers(labour={"mill": np.array([0.5])}).labour[:, 0] == pytest.approx(
        [0.26, 0.12], rel=1e-12
    )


def test_what_builders_buy_of_a_whole_industry():
    """Shipped table, one sector for all of industry: 0.157 of a yuan, where an average rate over its output
    would say 0.101."""
    table = load_example("panzhihua-2024").scenario.national
    sectors = {
        "works": sector("industry", 500, national={"industry": 100}),
        "rest": sector("services", 450, national={"tertiary": 100}),
        "sites": sector("industry", 60, national={"construction": 100}),
    }
    for each in sectors.values():
        each["investment_buys"] = {}
    accounts = region({**scenario(sectors), "national": table}).economy.accounts
    assert accounts.adjusted == ()
    assert accounts.local[0, 2, 0] == pytest.approx(0.157, abs=5e-4)
    members = [table.classes[c] for c in table.groups["industry"]]
    average = (
        sum(c.output.value * c.regional_purchase.value for c in members)
        / sum(c.output.value for c in members)
        / 100
    )
    taken = sum(table.coefficients[c]["construction"].value for c in table.groups["industry"])
    assert average * taken == pytest.approx(0.101, abs=5e-4)
