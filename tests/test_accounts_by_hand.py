"""Base-year accounts of two branches and two classes, and where growth comes from, worked out on paper."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.models.accounts import Accounts, NationalTable, Totals, balance
from dabiao.models.demand_sources import demand_sources
from dabiao.models.errors import ScenarioError
from dabiao.models.quantity import Bilingual
from dabiao.models.sector import Branch
from figures import col, near


def branch(id: str, output: float, va: float, national: dict[str, float], **more: Any) -> Branch:
    usual = {"sector": id, **more}
    sector = usual.pop("sector")
    shares = {name: np.array([share]) for name, share in national.items()}
    return Branch(id, sector, Bilingual(en=id), np.array([output]), np.array([va]), shares, **usual)


def nation(**more: Any) -> NationalTable:
    usual: dict[str, Any] = {
        "classes": ("g", "h"),
        "coefficients": np.array([[0.2, 0.1], [0.1, 0.3]])[..., None],
        "va_ratio": col(0.3, 0.5),
        "regional_purchase": col(0.6, 0.9),
        "labour_share": col(0.6, 0.4),
        "household_share": col(0.3, 0.7),
        "government_share": col(0.1, 0.9),
        "outside": col(0.05, 0.02),
    }
    return NationalTable(**{**usual, **more})


def money(household: float = 40.0, government: float = 20.0) -> Totals:
    return Totals(np.array([household]), np.array([government]), col(30, 50))


BUYS = {"a": {"g": np.array([0.5])}, "b": {"h": np.array([0.2]), "g": np.array([0.1])}}


def two(strict: bool = True, **more: Any) -> Accounts:
    """100 of a, three quarters of it class g and a quarter h, and 200 of b, which is h."""
    usual: dict[str, Any] = {
        "branches": (branch("a", 100, 0.5, {"g": 0.75, "h": 0.25}), branch("b", 200, 0.4, {"h": 1.0})),
        "sectors": ("a", "b"),
        "national": nation(),
        "totals": money(),
        "buys": BUYS,
        "purchase": {},
        "labour": {},
    }
    return balance(**{**usual, **more}, strict=strict)


def test_the_base_year_of_two_branches() -> None:
    """All of g and a ninth of h is a's: of a yuan spent on g it sells 0.6 here, of one on h 0.1; b 0.8."""
    own = two()
    assert own.output[:, 0].tolist() == [100, 200] and own.va_ratio[:, 0].tolist() == [0.5, 0.4]
    # a buys 0.175 of g and 0.15 of h a unit, and 0.0425 that is in no row; b 0.1, 0.3 and 0.02
    scaled = [0.5 / 0.3675, 0.6 / 0.42]
    assert own.scaled[:, 0].tolist() == near(scaled)
    links = [
        [(0.6 * 0.175 + 0.1 * 0.15) * scaled[0], (0.6 * 0.1 + 0.1 * 0.3) * scaled[1]],
        [0.8 * 0.15 * scaled[0], 0.8 * 0.3 * scaled[1]],
    ]
    assert own.local[..., 0] == near(np.array(links))
    # value added of a is 0.75 of 0.3 and 0.25 of 0.5: labour has 60 and 40 % of them
    assert own.labour[:, 0].tolist() == near([0.5 * 0.185 / 0.35, 0.4 * 0.4])
    assert own.household[:, 0].tolist() == near([(0.6 * 0.3 + 0.1 * 0.7) * 40, 0.8 * 0.7 * 40])
    assert own.government[:, 0].tolist() == near([(0.6 * 0.1 + 0.1 * 0.9) * 20, 0.8 * 0.9 * 20])
    # what works buy is bought of those who make it, here
    assert own.buys[..., 0] == near(np.array([[0.5, 0.1 + 0.2 / 9], [0.0, 0.2 * 8 / 9]]))
    invested = [0.5 * 30 + (0.1 + 0.2 / 9) * 50, 0.2 * 8 / 9 * 50]
    assert own.outside[:, 0].tolist() == near(
        [
            100 - 100 * links[0][0] - 200 * links[0][1] - 10 - 3 - invested[0],
            200 - 100 * links[1][0] - 200 * links[1][1] - 22.4 - 14.4 - invested[1],
        ]
    )
    assert own.adjusted == ()
    plain = nation(outside=np.zeros((1, 1)))
    assert NationalTable(*[getattr(plain, name) for name in list(vars(plain))[:-1]]).outside.tolist() == [[0]]
    assert two(national=plain).scaled[:, 0].tolist() == near([0.5 / 0.325, 0.6 / 0.4])


def test_rates_that_a_sector_states_itself() -> None:
    """Half of all that a sells, whatever the class; labour has a third of its value added."""
    own = two(purchase={"a": np.array([0.5])}, labour={"a": np.array([1 / 3])})
    assert own.household[:, 0].tolist() == near([(0.5 * 0.3 + 0.5 / 9 * 0.7) * 40, 22.4])
    assert own.labour[:, 0].tolist() == near([0.5 / 3, 0.16])
    doubt = two(purchase={"b": np.array([0.9, 0.45])})
    assert doubt.household[1].tolist() == near([22.4, 11.2]) and doubt.output.shape == (2, 1)


def test_what_does_not_fit_is_lowered() -> None:
    """Households that would buy 25 of a's output of 100 and 56 of b's; ten times as much is too much of both:
    what is lowered leaves nothing to be sold outside."""
    own = two(totals=money(household=1000.0))
    assert own.outside[:, 0].tolist() == [0.0, 0.0] and [each.branch for each in own.adjusted] == ["a", "b"]
    used = two().local[..., 0] @ [100, 200]
    invested = two().buys[..., 0] @ [30, 50]
    asked = used + np.array([250 + 3, 560 + 14.4]) + invested
    for b, output in enumerate((100, 200)):
        part = output / asked[b]
        assert own.adjusted[b].purchases == near(part) and own.adjusted[b].investment == near(part)
        assert own.household[b, 0] == near(part * (250, 560)[b])
        assert own.government[b, 0] == near(part * (3, 14.4)[b])
        assert own.local[b, :, 0] == near(part * two().local[b, :, 0])
        assert own.buys[b, :, 0] == near(part * two().buys[b, :, 0])


def chain(strict: bool = True, **more: Any) -> Accounts:
    """Ore of class g (60) and metal of h (100) that takes 0.3 of ore and 0.1 from elsewhere a unit, and
    services of class i."""
    parts = {
        "ore": {"output": 60.0, "va": 0.5, "national": {"g": 1.0}},
        "metal": {
            "output": 100.0,
            "va": 0.2,
            "national": {"h": 1.0},
            "inputs": {"ore": np.array([0.3])},
            "imported": np.array([0.1]),
        },
        "rest": {"output": 80.0, "va": 0.5, "national": {"i": 1.0}, "supply_led": False},
    }
    branches = [
        branch(name, **{"sector": "c", "supply_led": True, **part, **more.get(name, {})})
        for name, part in parts.items()
    ]
    table = NationalTable(
        ("g", "h", "i"),
        np.array([[0.1, 0.2, 0.05], [0.2, 0.1, 0.05], [0.1, 0.2, 0.1]])[..., None],
        col(0.4, 0.4, 0.6),
        col(1.0, 0.5, 0.8),
        col(0.5, 0.5, 0.5),
        col(0.2, 0.3, 0.5),
        col(0.0, 0.0, 1.0),
    )
    totals = Totals(np.array([20.0]), np.array([10.0]), col(0))
    return balance(branches, ("c",), table, totals, {"c": {}}, {}, {}, strict)


def test_what_a_process_takes_from_its_chain_it_does_not_buy_again() -> None:
    own = chain()
    # the first process leaves out its own class, the second that of the ore; the last nothing
    assert own.scaled[:, 0].tolist() == near([0.5 / 0.3, 0.4 / 0.3, 0.5 / 0.2])
    assert own.local[..., 0] == near(
        np.array(
            [
                [0, 0.3, 0.05 * 2.5],
                [0.5 * 0.2 * 0.5 / 0.3, 0.5 * 0.1 * 0.4 / 0.3, 0.5 * 0.05 * 2.5],
                [0.8 * 0.1 * 0.5 / 0.3, 0.8 * 0.2 * 0.4 / 0.3, 0.8 * 0.1 * 2.5],
            ]
        )
    )
    fed = chain(metal={"feedstock": frozenset({"h"})})
    # the material from outside is of class h: nothing is left to buy but i
    assert fed.scaled[1].tolist() == near([0.4 / 0.2]) and fed.local[1, 1, 0] == 0.0
    alone = chain(metal={"inputs": {}})
    assert alone.scaled[1].tolist() == near([0.7 / 0.4]) and alone.local[0, 1, 0] == near(0.2 * 1.75)
    # a sector that leads and is no chain buys of its own class
    led = chain(ore={"sector": "ore"})
    assert led.scaled[0].tolist() == near([0.5 / 0.4])
    # what the chain keeps of 60 of ore, 30, is all that is offered: households buy 4 of g whole
    assert own.household[:, 0].tolist() == near([4.0, 3.0, 8.0])
    assert own.outside[0].tolist() == near([60 - 30 - 0.05 * 2.5 * 80 - 4.0])


def test_inputs_of_more_than_is_made() -> None:
    with pytest.raises(ScenarioError) as caught:
        chain(metal={"va": 0.7})
    assert [(each.path, str(each.found)) for each in caught.value.problems] == [
        ("sectors.c", "metal: value added and chain inputs of 1.100 per unit of output")
    ]
    drawn = chain(strict=False, metal={"va": 0.7})
    assert drawn.scaled[1].tolist() == [0.0] and drawn.local[0, 1, 0] == 0.3
    assert chain(metal={"va": 0.6}).scaled[1].tolist() == near([0.0], abs=1e-9)


def test_growth_by_who_buys() -> None:
    """(I - A)^-1 of [0.2 0.3; 0.1 0.4] is [0.6 0.3; 0.1 0.8] / 0.45: with 0.5 and 0.2 of value added a yuan
    asked of the first brings 0.32 / 0.45 and of the second 0.31 / 0.45."""
    accounts: Any = SimpleNamespace(
        local=np.array([[0.2, 0.3], [0.1, 0.4]])[..., None],
        va_ratio=col(0.5, 0.2),
        government=col(5, 2),
        buys=np.array([[[0.5]], [[0.25]]]),
    )
    spent = (col(20, 10), col(22, 13), col(23, 9))
    economy: Any = SimpleNamespace(
        accounts=accounts,
        demand_growth=col(1.0, 0.9),
        government_growth=np.array([1.1]),
        prices=SimpleNamespace(investment=np.array([1.05])),
        consumption=lambda made, t: spent[t],
    )
    made = np.array([[100.0, 110.0, 120.0], [50.0, 60.0, 55.0]])[..., None]
    path: Any = SimpleNamespace(
        economy=economy,
        output=made,
        realisation=SimpleNamespace(placed=lambda t: col((10.0, 15.75, 22.05)[t])),
        gdp=np.array([[60.0], [67.0], [71.0]]),
    )
    found = demand_sources(path)
    worth = np.array([0.32, 0.31]) / 0.45
    # works of 10, 15 and 20 at prices of the base year; the second's demand falls by a tenth a year
    for t in (1, 2):
        government = (1.1**t - 1.1 ** (t - 1)) * 5, (0.99**t - 0.99 ** (t - 1)) * 2
        building = 2.5, 0.25 * ((5 + 5 * t + 5) * 0.9**t - (5 + 5 * t) * 0.9 ** (t - 1))
        households = (spent[t] - spent[t - 1])[:, 0]
        grown = made[:, t, 0] - made[:, t - 1, 0]
        asked = grown - accounts.local[..., 0] @ grown
        expected = {
            "households": households,
            "government": np.array(government),
            "building": np.array(building),
        }
        expected["outside"] = asked - sum(expected.values())
        before = path.gdp[t - 1, 0]
        assert {name: float(each[t - 1, 0]) for name, each in found.items()} == near(
            {name: float(worth @ each) / before for name, each in expected.items()}
        )
    growth = sum(float(each[0, 0]) for each in found.values())
    assert growth == near((0.5 * 110 + 0.2 * 60 - 60) / 60) and found["outside"].shape == (2, 1)


def test_what_a_chain_uses_itself_is_not_offered() -> None:
    """Of 60 of ore 30 go to metal: 30 are offered beside the 80 of others. Where 10 go there, 50."""
    own = chain(rest={"national": {"g": 1.0}})
    assert own.household[[0, 2], 0].tolist() == near([4 * 30 / 110, 4 * 80 / 110])
    doubt = chain(metal={"inputs": {"ore": np.array([0.3, 0.1])}}, rest={"national": {"g": 1.0}})
    assert doubt.household[0].tolist() == near([4 * 30 / 110, 4 * 50 / 130])
    assert doubt.local[0, 1].tolist() == near([0.3, 0.1]) and doubt.output.shape[0] == 3
