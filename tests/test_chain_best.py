"""The best use of a chain: equal to the simulation where routing is held, better than any routing where it is
free."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from dabiao import load
from dabiao.cli.main import simulate
from dabiao.engine.decide.chain import Aim, chain_uses
from dabiao.engine.study import study
from dabiao.models.chain import Chain
from dabiao.models.errors import ScenarioError
from dabiao.models.flow import build
from dabiao.models.quantity import Draws
from dabiao.results.tables.chain_best import chain_best_tables
from dabiao.solvers.chain import ChainYear, best_use
from dabiao.solvers.solution import Status
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import between, chain

pytestmark = pytest.mark.usefixtures("english")

EXAMPLE = "example:panzhihua-2024"
FLOW = build(Chain.model_validate(chain()), "chains.ridge", Draws())
WORTH = FLOW.value(0)[:, 0]

limits = st.lists(between(0, 200), min_size=4, max_size=4).map(np.array)
markets = st.lists(between(0, 60), min_size=4, max_size=4).map(np.array)
shares = st.lists(between(0, 1), min_size=3, max_size=3)


def routed(parts):
    """Ore to dressing, concentrate to smelting, slag to leaching, in these shares."""
    return dict(
        zip(
            ("dressing", "smelting", "leaching"),
            ({m: s} for m, s in zip(("ore", "concentrate", "slag"), parts, strict=True)),
            strict=True,
        )
    )


def simulated(limit, market, routing=None, year=0):
    return FLOW.run(limit[:, None], market[:, None], year, routing)[:, 0]


@settings(max_examples=30)
@given(limits, markets, shares, st.integers(0, 3))
def test_with_routing_held_the_optimum_is_the_simulation(limit, market, parts, year):
    """Whatever is rewarded, as long as every process is: the programme's greatest point is the
    simulation's."""
    routing = routed(parts)
    want = simulated(limit, market, routing, year)
    for worth in (WORTH, np.ones(4), np.array([5.0, 0.1, 3.0, 0.2])):
        found = best_use(ChainYear(FLOW, year, limit, market, routing), worth, held=True)
        assert found.status is Status.OPTIMAL
        assert found.activity == pytest.approx(want, rel=1e-6, abs=1e-6)


@settings(max_examples=15)
@given(limits, markets)
def test_no_routing_beats_the_best_and_handing_it_over_keeps_the_promise(limit, market):
    found = best_use(ChainYear(FLOW, 0, limit, market), WORTH)
    rng = np.random.default_rng(7)
    tried = [float(WORTH @ simulated(limit, market, routed(rng.uniform(0, 1, 3)))) for _ in range(40)]
    assert max(tried) <= found.value + 1e-6 * max(1.0, found.value)
    kept = float(WORTH @ simulated(limit, market, FLOW.shares(found.activity, 0)))
    assert kept == pytest.approx(found.value, rel=1e-6, abs=1e-6)


@settings(max_examples=10)
@given(limits, markets)
def test_two_solvers_give_one_answer(limit, market):
    """Objective, and with ties broken towards what is made now the activities too."""
    now = simulated(limit, market)
    found = [
        best_use(ChainYear(FLOW, 0, limit, market), WORTH, near=now, solver=solver)
        for solver in ("highs", "glpk")
    ]
    assert found[0].value == pytest.approx(found[1].value, rel=1e-7, abs=1e-7)
    assert found[0].activity == pytest.approx(found[1].activity, rel=1e-5, abs=1e-5)


def test_a_price_is_what_one_more_unit_brings():
    limit, market = np.array([60.0, 40.0, 20.0, 1.0]), np.array([5.0, 30.0, 15.0, 1.0])
    first = best_use(ChainYear(FLOW, 0, limit, market), WORTH)
    assert any(name.startswith("capacity:") for name in first.prices)
    for name, price in first.prices.items():
        kind, _, which = name.partition(":")
        if kind == "capacity":
            more = limit.copy()
            more[FLOW.processes.index(which)] += 1e-3
            assert (
                best_use(ChainYear(FLOW, 0, more, market), WORTH).value - first.value
            ) / 1e-3 == pytest.approx(price, rel=1e-4)


def test_markets_left_aside():
    limit = np.array([60.0, 40.0, 20.0, 1.0])
    found = best_use(ChainYear(FLOW, 0, limit, np.full(4, np.inf)), WORTH)
    assert found.activity == pytest.approx(
        simulated(limit, np.full(4, np.inf), FLOW.shares(found.activity, 0))
    )
    assert found.activity[0] == pytest.approx(60)


@pytest.fixture(scope="module")
def begun():
    return study(load(EXAMPLE))


def test_of_a_scenario(begun):
    """The chain of a whole region: the programme equals the simulation, the promise is kept, the economy no
    worse."""
    (use,) = chain_uses(begun, Aim.VALUE_ADDED)
    assert use.difference < 1e-9 and use.after is not None
    worth = use.worth[Aim.VALUE_ADDED]
    assert float(worth @ use.promised) >= float(worth @ use.now) * (1 - 1e-9)
    assert float(worth @ use.simulated) == pytest.approx(float(worth @ use.promised), rel=1e-7)
    growth = begun.sheet.targets["gdp_growth"]
    assert begun.assessor.value(growth, use.after) >= begun.assessor.value(growth, begun.plan) - 1e-9
    added = begun.plan.path.value_added[begun.economy.rows(use.sector.id), begun.year, 0]
    assert float(worth @ use.now) == pytest.approx(float(added[: len(worth)].sum()))


@pytest.mark.parametrize("aim", list(Aim))
def test_open_markets_and_more_ore_bring_more(begun, aim):
    plain, opened, rich = (
        next(iter(chain_uses(begun, aim, **asked)))
        for asked in ({}, {"opened": True}, {"opened": True, "capacity": {"mining": 9000}})
    )
    values = [float(use.worth[aim] @ use.promised) for use in (plain, opened, rich)]
    assert values[0] < values[1] < values[2]
    for use in (opened, rich):
        assert use.after is None, "the economy is simulated with the plan's own markets alone"
        assert float(use.worth[aim] @ use.simulated) == pytest.approx(
            float(use.worth[aim] @ use.promised), rel=1e-6
        )


def test_current_prices(begun):
    """Output at current prices: every price with its growth of one year."""
    (use,) = chain_uses(begun, Aim.OUTPUT, current=True)
    flow, prices = use.sector.flow, begun.economy.prices
    at = {name: float(prices.material_base[name][0] * prices.material[name][0]) for name in flow.materials}
    melt = flow.processes.index("melting")
    only = [m for m, amount in enumerate(flow.made(begun.year)[:, melt, 0]) if amount]
    assert use.worth[Aim.OUTPUT][melt] == pytest.approx(
        sum(at[flow.materials[m]] * flow.made(begun.year)[m, melt, 0] for m in only) * 1e-4
    )


def test_tables_and_wrong_words(begun):
    found = list(chain_uses(begun, Aim.SALES, opened=True))
    made = chain_best_tables(begun, found)
    assert set(made) == {"summary", "chain_totals", "chain_best", "chain_routing", "chain_prices"}
    assert [key.split(":")[1] for key in made["summary"].column("line")] == ["best", "check"] * len(found)
    taken = {}
    for row in made["chain_routing"].records():
        taken[row["material"]] = taken.get(row["material"], 0.0) + row["best"]
    assert max(taken.values()) <= 100 + 1e-6
    with pytest.raises(ScenarioError, match="melting"):
        list(chain_uses(begun, Aim.SALES, capacity={"melt": 3}))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(tmp_path, lang):
    words = [
        "optimize",
        "chain",
        EXAMPLE,
        "--open-markets",
        "--capacity",
        "mining=6000",
        "--out",
        str(tmp_path),
        "--lang",
        lang,
    ]
    made = json.loads(CliRunner().invoke(simulate, [*words, "--json"]).stdout)
    columns = made["tables"]["chain_best"]["columns"]
    at = [column["name"] if isinstance(column, dict) else column for column in columns].index("process")
    assert "mining" in {
        row["process"] if isinstance(row, dict) else row[at] for row in made["tables"]["chain_best"]["rows"]
    }
    done = CliRunner().invoke(simulate, ["optimize", "chain", "example:deyang-2022", "--out", str(tmp_path)])
    assert done.exit_code == 2 and "chains" in done.output
    done = CliRunner().invoke(simulate, ["optimize", "chain", EXAMPLE, "--capacity", "mining"])
    assert done.exit_code == 2 and "PROCESS=AMOUNT" in done.output


def test_a_chain_that_must_do_more_than_it_can_has_no_best_use():
    """What cannot be is told with no number, and no price."""
    year = ChainYear(FLOW, 0, np.full(4, -1.0), np.full(4, 50.0), None)
    found = best_use(year, WORTH)
    assert found.status is Status.INFEASIBLE
    assert np.isnan(found.value) and np.isnan(found.activity).all() and len(found.activity) == 4
    assert found.prices == {}
