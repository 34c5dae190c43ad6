"""A sector that is a chain of processes, on figures worked out on paper: two mines of ore (30 and 50), a
smelter that makes 30 of metal of 60 of it and slag beside it, a kiln that makes 5 of lime of 10; worth 5, 5,
51 and 25 a unit, with other products of 45: 2100 in all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.models.errors import ScenarioError
from dabiao.models.flow import build
from dabiao.models.quantity import Bilingual, Draws
from dabiao.models.sector import Branch, Commissioned, State
from dabiao.models.sectors.process_chain import ProcessChain, ProcessChainParameters
from figures import NONE, chain_of_ore, col, fact, near

VALUES = (5.0, 5.0, 51.0, 25.0)
MADE = (150.0, 250.0, 1530.0, 125.0, 45.0)
PROCESSES = ("old", "new", "smelter", "kiln")


class Loose(Draws):
    strict = False


def sector(values: Draws | None = None, outputs: tuple[float, ...] = MADE, **more: Any) -> ProcessChain:
    stated = {
        "title": "s",
        "national": {"goods": fact(100)},
        "va": fact(50),
        "investment_buys": {"building": fact(30)},
        "model": "process_chain",
        "chain": "c",
        "market": {"trend": fact(5), "finds_buyers": fact(60)},
        "capacity": {
            "utilisation": {"base": fact(80), "max": fact(90)},
            "output_per_yuan": fact(0.5),
            "gestation": [fact(25), fact(75)],
        },
    }
    chain, values = chain_of_ore(**more), values or Draws()
    branches = tuple(
        Branch("b", "s", Bilingual(en="b"), np.array([made]), np.array([0.5]), {}) for made in outputs
    )
    parameters = ProcessChainParameters.model_validate(stated)
    return ProcessChain("s", parameters, branches, chain, build(chain, "chains.c", values), values)


SALES = col(0, 0, 0, 0, 45)


def test_what_each_process_can_make() -> None:
    """90 of 80 % used; or a stated capacity at the process's own highest use."""
    assert sector().limit[:, 0].tolist() == near([33.75, 56.25, 33.75, 5.625])
    assert sector().spread[:, 0].tolist() == near([each / 2100 for each in MADE])
    assert sector().other.tolist() == [45 * 1.125]
    own = sector(
        processes={
            "smelter": {"capacity": fact(40), "utilisation": {"base": fact(70), "max": fact(95)}},
            "kiln": {"utilisation": {"base": fact(50), "max": fact(60)}},
            "old": {"capacity": fact(50)},
        }
    )
    assert own.limit[:, 0].tolist() == near([45.0, 56.25, 38.0, 6.0])
    edge = sector(processes={"old": {"capacity": fact(30 / 0.9)}})
    assert edge.limit[0].tolist() == near([30.0])


def test_a_process_that_could_not_make_what_it_made() -> None:
    short = {"old": {"capacity": fact(30)}, "kiln": {"capacity": fact(5)}}
    with pytest.raises(ScenarioError) as caught:
        sector(processes=short)
    assert [(each.path, str(each.found), str(each.expected)) for each in caught.value.problems] == [
        (
            "chains.c.processes.old.capacity",
            "27 at the highest utilisation",
            "at least the base output 30",
        ),
        ("chains.c.processes.kiln.capacity", "4.5 at the highest utilisation", "at least the base output 5"),
    ]
    assert sector(Loose(), processes=short).limit[:, 0].tolist() == near([30.0, 56.25, 33.75, 5.0])


def test_the_base_year_of_a_chain_is_what_was_made() -> None:
    own = sector()
    state = own.start(SALES)
    assert (state.year, state.outside is SALES) == (0, True)
    assert state.limit[:, 0].tolist() == near([*MADE[:4], 45 * 1.125])
    # of 70 of ore that are used three eighths are asked of the old mine
    assert state.stocks["market"][:, 0].tolist() == near([3.75, 6.25, 30.0, 5.0])
    assert state.stocks["limit"] is own.limit and state.stocks["other"] is own.other
    # nothing is sold below zero: 75 of ore from the mines that are wanted inside the chain alone
    sunk = State(0, state.limit, state.outside, {**state.stocks, "market": col(-9, -9, 30, 5)})
    assert own.supply(sunk, {"kiln": {"ore": 0.2}}).limit[:2, 0].tolist() == near([5 * 26.25, 5 * 43.75])


def test_a_year_of_a_chain() -> None:
    """0.5 (10 + 15) and 0.5 (4 + 6) of output by 2100ths; ore's market grows by 9 %, all else by 5, and 1 %
    of luck for all."""
    own = sector(materials={"ore": {"market": {"trend": fact(9), "finds_buyers": fact(20)}}})
    got = Commissioned(
        col(40, 20),
        col(16, 8),
        {"": np.array([2.0]), "old": np.array([1.5])},
        shock=np.array([0.01]),
        usual={"": np.array([0.5]), "smelter": np.array([0.25])},
        unlisted={"kiln": np.array([9.0]), "smelter": np.array([0.5])},
    )
    after = own.advance(own.start(SALES), got)
    named, usual = (1.5, 0.0, 0.5, 0.0), (0.0, 0.0, 0.25, 0.0)
    limits, markets = (33.75, 56.25, 33.75, 5.625), (3.75, 6.25, 30.0, 5.0)
    for k, made in enumerate(MADE[:4]):
        beyond = 7.5 * made / 2100 / VALUES[k] + named[k] - usual[k]
        trend, finds = (1.1, 0.2) if k < 2 else (1.06, 0.6)
        assert after.stocks["limit"][k, 0] == near(limits[k] * 1.05 + beyond)
        assert after.stocks["market"][k, 0] == near(markets[k] * trend + finds * beyond)
    other = 7.5 * 45 / 2100 + 2 - 0.5
    assert after.stocks["other"].tolist() == near([45 * 1.125 * 1.05 + other])
    assert after.outside[:, 0].tolist() == near([0, 0, 0, 0, 45 * 1.06 + 0.6 * other])
    assert after.year == 1 and after.limit[4].tolist() == near(after.stocks["other"].tolist())
    # the ore that a unit of metal takes is halved, the slag beside it a fifth more
    run = own.flow.run(after.stocks["limit"], after.stocks["market"], 1)[:, 0]
    assert after.limit[:4, 0].tolist() == near((run * [5.0, 5.0, (100 + 0.6 * 4) * 0.5, 25.0]).tolist())
    sunk = State(1, after.limit, col(1, -1, 2, 3, -4), after.stocks)
    plain = own.supply(sunk)
    assert plain.limit is after.limit and plain.outside[:, 0].tolist() == [1, 0, 2, 3, 0]
    routed = own.supply(sunk, {"smelter": {"ore": 0.1}})
    less = own.flow.run(after.stocks["limit"], after.stocks["market"], 1, {"smelter": {"ore": 0.1}})[:, 0]
    assert less[2] < run[2] and routed.outside[:, 0].tolist() == [1, 0, 2, 3, 0]
    assert routed.limit[:, 0].tolist() == near([*less * [5.0, 5.0, 51.2, 25.0], after.limit[4, 0]])


def test_a_usual_is_no_more_than_all_that_a_process_can_make() -> None:
    """No base year commissioned more than the capacity that it left: what is usual of money comes off it."""
    own = sector()
    got = Commissioned(
        col(16, 8),
        col(16, 8),
        {},
        usual={"old": np.array([999.0]), "": np.array([999.0])},
    )
    after = own.advance(own.start(SALES), got)
    most = 33.75 - 5 * 150 / 2100 / 5
    assert after.stocks["limit"][0, 0] == near(33.75 * 1.05 - most)
    assert after.stocks["other"][0] == near(45 * 1.125 * 1.05 - (45 * 1.125 - 5 * 45 / 2100))
    assert after.outside[4, 0] == near(45 * 1.05 - 0.6 * (45 * 1.125 - 5 * 45 / 2100))


def test_a_chain_as_linear_limits() -> None:
    own = sector(materials={"metal": {"bought": {}}, "slag": {"bought": {"most": fact(7)}}})
    state = own.start(SALES)
    worth = np.array([*VALUES, 1.0])
    found = own.response(State(0, state.limit, col(-1, 2, 3, 4, 5), state.stocks))
    assert found.aux == 4 and found.limit[:, 0].tolist() == near([np.inf] * 4 + [45 * 1.125])
    assert found.outside[:, 0].tolist() == [0, 2, 3, 4, 5]
    rows = {
        each.name: (each.weights.tolist(), each.aux_weights.tolist(), float(each.bound[0]))
        for each in found.couplings
    }
    zero, none = [0.0] * 5, [0.0] * 4
    unit = np.eye(5)

    def wish(k: int) -> tuple[Any, ...]:
        return near((unit[k] / worth).tolist()), (-np.eye(4)[k]).tolist(), 0.0

    for k, (name, limit) in enumerate(zip(PROCESSES, (33.75, 56.25, 33.75, 5.625), strict=True)):
        assert rows.pop(f"capacity:{name}") == (zero, np.eye(4)[k].tolist(), near(limit))
        assert rows.pop(f"wish:{name}") == wish(k)
    assert rows == {
        "market:old": (zero, [1.0, 1.0, -2.0, -2.0], near(10.0)),
        "market:smelter": (zero, [0.0, 0.0, 1.0, 0.0], 30.0),
        "market:kiln": (zero, [0.0, 0.0, 0.0, 1.0], 5.0),
        "feed:ore": (near([-1 / 5, -1 / 5, 2 / 51, 2 / 25, 0.0]), none, 0.0),
    }
    sunk = own.response(
        State(1, state.limit, state.outside, {**state.stocks, "market": col(-9, 6.25, 30, 5)})
    )
    later = {each.name: each for each in sunk.couplings}
    assert later["market:old"].bound.tolist() == [6.25]
    assert later["market:old"].aux_weights.tolist() == near([1.0, 1.0, -1.0, -2.0])
    assert later["feed:ore"].weights.tolist() == near([-1 / 5, -1 / 5, 1 / 51.2, 2 / 25, 0.0])
    some = sector(materials={"ore": {"bought": {"most": fact(7)}}})
    assert [each.bound.tolist() for each in some.response(some.start(SALES)).couplings][-1] == [7.0]
    free = sector(materials={"ore": {"bought": {}}})
    assert not any(each.name.startswith("feed") for each in free.response(free.start(SALES)).couplings)


def test_what_is_behind_the_output_of_a_chain() -> None:
    """Of an element that is 40 % of the ore, 60 % of the metal, 50 % of the slag and 10 % of the lime: metal
    counts as it is made, a quarter of slag and four fifths of lime as they are sold."""
    part = {"ore": 40, "metal": 60, "slag": 50, "lime": 10}
    own = sector(
        materials={
            **{name: {"content": {"fe": fact(share)}} for name, share in part.items()},
            "slag": {"content": {"fe": fact(50)}, "bought": {"most": fact(2)}},
        },
        recovery={
            "fe": {
                "reported": fact(50),
                "ore": "ore",
                "made": ["metal"],
                "sold": {"slag": fact(25), "lime": fact(80)},
            }
        },
    )
    activity = np.array([31.0, 49.0, 20.0, 4.0])
    state = own.start(SALES)
    found = own.physical(state, col(*(activity * VALUES), 45))
    assert {key: float(each[0]) for key, each in found.items()} == near(
        {
            "activity:old": 31.0,
            "activity:new": 49.0,
            "activity:smelter": 20.0,
            "activity:kiln": 4.0,
            "made:ore": 80.0,
            "sold:ore": 80.0 - 48.0,
            "made:metal": 20.0,
            "sold:metal": 20.0,
            "made:slag": 10.0,
            "sold:slag": 10.0,
            "made:lime": 4.0,
            "sold:lime": 4.0,
            "bought:slag": 0.0,
            "recovery:fe": 100 * (20 * 0.6 + 10 * 0.5 * 0.25 + 4 * 0.1 * 0.8) / (80 * 0.4),
        }
    )
    # a year later a unit of metal brings 0.6 of slag
    later = own.physical(State(1, NONE, NONE), col(155, 245, 1024, 100, 45))
    assert later["made:slag"].tolist() == near([12.0]) and later["sold:ore"].tolist() == near([52.0])
    assert own.physical(state, col(0, 0, 0, 0, 0))["recovery:fe"].tolist() == [0.0]


def test_the_routing_that_an_output_needs() -> None:
    """The smelter takes four fifths of the ore at most, the kiln a fifth, unless they are told otherwise."""
    own = sector()
    given = own.routing(0, col(150, 250, 51 * 20, 25 * 10, 9))
    # 40 and 20 of 80 taken: the quarter that is left goes by four to one
    assert given == {
        "smelter": {"ore": near(0.5 + 0.25 * 0.8)},
        "kiln": {"ore": near(0.25 + 0.25 * 0.2)},
        "old": {"ore": near(30 / 80)},
        "new": {"ore": near(50 / 80)},
    }
    # more than all is taken: nothing is left to share out
    over = own.routing(0, col(150, 250, 51 * 40, 25 * 10, 9))
    assert over is not None and (over["smelter"]["ore"], over["kiln"]["ore"]) == (near(1.0), near(0.25))
    bought = sector(materials={"ore": {"bought": {"most": fact(20)}}}).routing(0, col(150, 250, 1020, 250, 9))
    assert bought is not None and bought["smelter"]["ore"] == near(0.4 + 0.4 * 0.8)
    free = sector(materials={"ore": {"bought": {}}}).routing(0, col(150, 250, 51 * 40, 250, 9))
    assert free is not None and (free["smelter"]["ore"], free["kiln"]["ore"]) == (near(0.8), near(0.2))
    still = own.routing(0, col(0, 0, 0, 0, 9))
    assert still == {"smelter": {"ore": near(0.8)}, "kiln": {"ore": near(0.2)}}
    # of a thousandth of it all the shares are the same
    little = own.routing(0, col(0.15, 0.25, 51 * 0.02, 25 * 0.01, 0.009))
    assert little is not None and little["smelter"]["ore"] == near(0.5 + 0.25 * 0.8)
    # the stated shares may leave a tenth to nobody: what is left goes by 76 to 14
    some = sector(
        processes={"smelter": {"routing": {"ore": fact(76)}}, "kiln": {"routing": {"ore": fact(14)}}}
    )
    part = some.routing(0, col(150, 250, 51 * 20, 25 * 5, 9))
    assert part is not None and part["kiln"]["ore"] == near(0.125 + 0.375 * 14 / 90)
    assert part["smelter"]["ore"] == near(0.5 + 0.375 * 76 / 90)
    # of one mine there is nothing to say where the stated shares are enough
    alone = sector(processes={"old": None, "new": {"base": fact(80)}}, outputs=(400.0, 1530.0, 125.0, 45.0))
    assert alone.routing(0, col(400, 51 * 32, 25 * 5, 9)) is None
    assert alone.routing(0, col(400, 51 * 33, 25 * 5, 9)) == {
        "smelter": {"ore": near(0.825 + 0.05 * 0.8)},
        "kiln": {"ore": near(0.125 + 0.05 * 0.2)},
    }
