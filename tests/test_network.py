"""Process networks: the published Mexican steel model, merit order on paper, wrong files, the command."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from dabiao.cli.main import simulate
from dabiao.models.errors import ScenarioError
from dabiao.models.network import Network
from dabiao.results.tables.network import network_tables
from dabiao.scenarios.network_file import is_network, load_network
from dabiao.solvers.network import best_flows
from dabiao.solvers.solution import Status
from hypothesis import given
from hypothesis import strategies as st

FILE = "example:steel-mexico/network.yaml"
SOLVERS = ("highs", "glpk")
# our names of the published model's processes, units and places
PROCESS = {
    "pig-iron": "smelting",
    "sponge": "reduction",
    "steel-oh": "open_hearth",
    "steel-el": "electric_arc",
    "steel-bof": "oxygen",
}
UNIT = {
    "blast-furn": "blast_furnace",
    "openhearth": "open_hearth",
    "bof": "converter",
    "direct-red": "direct_reduction",
    "elec-arc": "arc_furnace",
}
PLACE = {
    "mexico-df": "mexico_city",
    "monterrey": "monterrey",
    "guadalaja": "guadalajara",
    "export": "exports",
    "import": "imports",
}
GOOD = {"nat-gas": "gas", "electric": "electricity", "pig-iron": "pig_iron"}


@pytest.fixture(scope="module")
def steel():
    return load_network(FILE).network


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_published_optimum(steel, solver):
    found = best_flows(steel, solver)
    assert found.status is Status.OPTIMAL
    assert -found.margin == pytest.approx(538.8112, abs=5e-5)


def test_the_file_states_the_published_data(steel, shared):
    """Every number of the model: recipes, capacities, demand, distances, prices."""
    data = json.loads((shared / "reference_cases" / "gams_mexss_data.json").read_text())
    for key, amount in data["a"].items():
        good, process = key.split("|")
        step = steel.processes[PROCESS[process]]
        own = 1.0 if step.makes == GOOD.get(good, good) else -step.uses[GOOD.get(good, good)].value
        assert own == amount, key
    for key, amount in data["k"].items():
        unit, plant = key.split("|")
        assert steel.places[plant].capacity[UNIT[unit]].value == amount
    for market, share in data["dd"].items():
        assert steel.places[PLACE[market]].needs["steel"].value == pytest.approx(
            data["dt"] * (1 + data["rse"] / 100) * share / 100, rel=1e-12
        )
    haul = steel.transport["steel"]
    for key, distance in data["rd"].items():
        start, end = (PLACE.get(place, place) for place in key.split("|"))
        assert haul.distance[start][end].value == distance
    for key, price in data["prices"].items():
        good, kind = key.split("|")
        own = {
            "import": lambda: steel.places["imports"].offers["steel"].price,
            "export": lambda: steel.places["exports"].takes["steel"].price,
        }
        assert own.get(kind, lambda good=good: steel.materials[GOOD.get(good, good)].price)().value == price
    assert steel.places["exports"].takes["steel"].most.value == data["eb"]


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_published_plan_and_prices(steel, shared, solver):
    known = json.loads((shared / "reference_cases" / "gams_mexss_expected.json").read_text())
    found = best_flows(steel, solver)
    assert -found.margin == pytest.approx(known["phi"], rel=1e-7)
    made = {f"{process}|{place}": amount for (process, place), amount in found.activity.items()}
    assert {
        key: made[f"{PROCESS[key.split('|')[0]]}|{key.split('|')[1]}"] for key in known["z"]
    } == pytest.approx(known["z"], abs=1e-7)
    assert found.taken["steel", "exports"] == pytest.approx(sum(known["e"].values()))
    # a unit that stands nowhere at a plant has no row with us: only the units that do are compared
    for key, price in known["duals_cc"].items():
        unit, plant = key.split("|")
        if UNIT[unit] in steel.places[plant].capacity:
            assert found.capacity_price[UNIT[unit], plant] == pytest.approx(-price, abs=1e-6), key
    for market, price in known["duals_mr"].items():
        assert found.material_price["steel", PLACE[market]] == pytest.approx(price, abs=1e-6)
    parts = {row["key"]: row["value"] for row in network_tables(steel, found)["network_totals"].records()}
    assert [parts[key] for key in ("materials", "freight", "offers", "sales")] == pytest.approx(
        [known[key] for key in ("raw", "transport", "imports", "exports")], abs=1e-6
    )
    assert parts["materials"] + parts["freight"] + parts["offers"] + parts["processes"] - parts[
        "sales"
    ] == pytest.approx(parts["cost"])


def network(plants, need, *, distance=100.0, most=None):
    """Plants that make one product at (capacity, cost), one market at a distance from each."""
    fact = {"assumption": "test"}
    return Network.model_validate(
        {
            "title": "n",
            "units": {"worth": 1},
            "materials": {"steel": {"title": "steel"}},
            "processes": {
                f"p{i}": {"title": "p", "makes": "steel", "cost": {"value": cost, **fact}}
                for i, (_, cost) in enumerate(plants)
            },
            "places": {
                **{
                    f"plant{i}": {"title": "plant", "capacity": {f"p{i}": capacity}}
                    for i, (capacity, _) in enumerate(plants)
                },
                "market": {
                    "title": "m",
                    "needs": {"steel": need},
                    **(
                        {"takes": {"steel": {"price": 1000, **({"most": most} if most is not None else {})}}}
                        if most is not False
                        else {}
                    ),
                },
            },
            "transport": {
                "steel": {
                    "fixed": 1,
                    "per_distance": 0.01,
                    "distance": {f"plant{i}": {"market": distance} for i in range(len(plants))},
                }
            },
        }
    )


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 100)), min_size=1, max_size=5), st.floats(0, 1))
def test_merit_order(plants, part):
    """One product, one market: the cheapest plants run first. Cost by sorting alone."""
    need = part * sum(capacity for capacity, _ in plants)
    left, cost = need, 0.0
    for capacity, price in sorted(plants, key=lambda plant: plant[1]):
        taken = min(left, capacity)
        left, cost = left - taken, cost + taken * (price + 2.0)
    found = best_flows(network(plants, need * (1 - 1e-12), most=False))
    assert found.status is Status.OPTIMAL and -found.margin == pytest.approx(cost, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_has_no_plan_says_so(solver):
    assert best_flows(network([(5, 10)], 6, most=False), solver).status is Status.INFEASIBLE
    assert (
        network_tables(network([(5, 10)], 6), best_flows(network([(5, 10)], 6, most=False), solver))[
            "summary"
        ]
        .records()[0]["text"]
        .en.startswith("capacities")
    )
    free = network([(5, 10)], 1).model_copy(
        update={
            "materials": {
                "steel": (
                    Network.model_validate(
                        {
                            "title": "n",
                            "materials": {"steel": {"title": "s", "price": 1}},
                            "places": {"a": {"title": "a"}},
                        }
                    ).materials["steel"]
                )
            }
        }
    )
    assert best_flows(free, solver).status is Status.UNBOUNDED  # bought at 1, sold at 1000 without end


def test_joint_products_load_and_shared_units():
    """Two processes on one unit of 10, one of which takes 2 of it; a joint product sold beside."""
    fact = {"assumption": "t"}
    both = Network.model_validate(
        {
            "title": "n",
            "units": {"worth": 1},
            "materials": {"a": {"title": "a"}, "b": {"title": "b"}, "ore": {"title": "o", "price": 1}},
            "processes": {
                "one": {"title": "1", "unit": "mill", "makes": "a", "uses": {"ore": 2}, "joint": {"b": 0.5}},
                "two": {
                    "title": "2",
                    "unit": "mill",
                    "makes": "b",
                    "uses": {"ore": 1},
                    "load": {"value": 2, **fact},
                },
            },
            "places": {
                "x": {
                    "title": "x",
                    "capacity": {"mill": 10},
                    "takes": {"a": {"price": 5}, "b": {"price": 20}},
                }
            },
        }
    )
    found = best_flows(both)
    # per unit of the mill: one earns 5 + 10 - 2 = 13, two earns (20 - 1) / 2 = 9.5
    assert found.margin == pytest.approx(130) and found.activity["one", "x"] == pytest.approx(10)
    assert found.taken["b", "x"] == pytest.approx(5) and found.bought["ore", "x"] == pytest.approx(20)
    assert found.capacity_price["mill", "x"] == pytest.approx(13)


GOODFILE = """sources: {s: {en: source}}
network:
  source: s
  title: {en: n}
  materials: {ore: {title: ore, price: 3}, iron: {title: iron}}
  processes: {smelt: {title: smelt, makes: iron, uses: {ore: 2}}}
  places: {here: {title: here, capacity: {smelt: 5}, needs: {iron: 1}}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("makes: iron", "makes: irn", 6, "did you mean iron?"),
        ("uses: {ore: 2}", "uses: {coal: 2}", 6, '"coal"'),
        ("capacity: {smelt: 5}", "capacity: {smelter: 5}", 7, "did you mean smelt?"),
        ("needs: {iron: 1}", "needs: {gold: 1}", 7, '"gold"'),
        ("price: 3", "price: -3", 5, "at least 0"),
        ("price: 3", "prise: 3", 5, "did you mean price?"),
        ("  source: s\n", "", 4, "without source or assumption"),
        ("price: 3", "price: three", 5, "three"),
    ],
)
def test_wrong_files(tmp_path, old, new, line, word):
    path = tmp_path / "n.yaml"
    path.write_text(GOODFILE.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_network(path)
    text = str(caught.value)
    assert re.search(rf"n\.yaml:{line}:\d+", text) and word in text, text


def test_a_file_that_is_right(tmp_path):
    path = tmp_path / "n.yaml"
    path.write_text(GOODFILE, encoding="utf-8")
    assert (
        is_network(path) and not is_network("example:deyang-2022") and not is_network(tmp_path / "none.yaml")
    )
    assert -best_flows(load_network(path).network).margin == pytest.approx(6e-4)  # 2 万吨 of ore at 3 yuan
    assert load_network(path, ("network.materials.ore.price=5",)).network.materials["ore"].price.value == 5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(tmp_path, lang):
    words = ["optimize", "chain", FILE, "--out", str(tmp_path), "--lang", lang]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0 and "538.8112" in done.stdout, done.output
    made = json.loads(CliRunner().invoke(simulate, [*words, "--json", "--solver", "glpk"]).stdout)
    assert made["schema"] == "dabiao.run/2" and set(made["tables"]) >= {
        "network_totals",
        "network_processes",
        "network_flows",
        "network_prices",
    }
    assert list(tmp_path.glob("steel-mexico-network/chain-*/manifest.json"))
