"""The cheapest way to run a process network: what each plant makes, buys, sends and sells (工艺网络优化).

.. math::
    \\max \\; \\sum_{mi} (p^s_{mi} s_{mi} - p^o_{mi} o_{mi} - p_m b_{mi}) - \\sum_{ki} c_k z_{ki} - \\sum_{mij} \\tau_{mij} x_{mij}

.. math::
    \\sum_k a_{mk} z_{ki} + b_{mi} + o_{mi} + \\sum_j x_{mji} \\ge s_{mi} + n_{mi} + \\sum_j x_{mij}, \\qquad
    \\sum_{k \\in u} l_k z_{ki} \\le K_{ui}

with activity z of process k at place i, purchases b and o, sales s, needs n, shipments x and capacity K of
unit u: an
activity analysis (Koopmans 1951) over places. Source: Kendrick, Meeraus & Alatorre (1984).
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..models.network import Network, Step
from ..models.quantity import Quantity
from .model import Compiled, Question, Rows
from .solution import Status
from .solve import solve

Amounts = Mapping[tuple[str, ...], float]
"""Amount by key: (process, place), (material, place) or (material, from, to)."""


@dataclass(frozen=True)
class Flows:
    """The best way found.

    Attributes
    ----------
    margin
        Sales less purchases, process cost and transport, in the network's money; -margin is the cost of
        meeting the needs.
    activity, bought, offered, taken, sent
        By (process, place); by (material, place) what is bought outside, from an offer, sold to a taker; by
        (material, from, to).
    capacity_price
        What one more unit of capacity brings, by (unit, place); an optimum may have several such sets.
    material_price
        What one more unit of a material at a place is worth, by (material, place).
    """

    status: Status
    margin: float
    activity: Amounts
    bought: Amounts
    offered: Amounts
    taken: Amounts
    sent: Amounts
    capacity_price: Amounts
    material_price: Amounts


def best_flows(network: Network, solver: str = "auto", time_limit: float = 60.0) -> Flows:
    """The plan of a network with the greatest margin that meets every need.

    Raises
    ------
    SolverError
        Where the solver is missing or fails.
    """
    rows, gain, keys, held = _problem(network)
    compiled = Compiled(rows)
    found = solve(compiled, Question(gain, time_limit=time_limit), solver)
    if not found.found:
        return Flows(found.status, float("nan"), *[{}] * 7)

    def part(kind: str) -> Amounts:
        return {key: found.values[name] for name, (which, key) in keys.items() if which == kind}

    def price(kind: str, sign: float) -> Amounts:
        return {
            key: sign * found.duals[name]
            for name, (which, key) in held.items()
            if which == kind and name in found.duals
        }

    return Flows(
        found.status,
        found.objective,
        part("make"),
        part("buy"),
        part("offer"),
        part("take"),
        part("send"),
        price("capacity", 1.0),
        price("balance", -1.0),
    )


def worth(network: Network) -> float:
    """Money that a unit of amount at a price of one is worth."""
    found = network.units.factor(network.units.scale)
    assert found is not None  # the rules of network files see to it
    return found


def runs(network: Network) -> Iterator[tuple[str, Step, str, str]]:
    """Processes at the places where they can run: process, its recipe, place, unit."""
    for key, step in network.processes.items():
        unit = step.unit or key
        for place, site in network.places.items():
            if unit in site.capacity:
                yield key, step, place, unit


def freight(network: Network) -> dict[tuple[str, str, str], float]:
    """Cost of moving a unit, by (material, from, to)."""
    found = {}
    for material, carriage in network.transport.items():
        for start, ends in carriage.distance.items():
            for end, distance in ends.items():
                far = carriage.fixed.value + carriage.per_distance.value * distance.value
                found[material, start, end] = far if distance.value > 0 else 0.0
    return found


Meaning = dict[str, tuple[str, tuple[str, ...]]]
"""Name of a variable or row -> its kind, and what it is about."""


def _problem(network: Network) -> tuple[Rows, dict[str, float], Meaning, Meaning]:  # noqa: C901  (one branch a rule)
    """Rows, objective, and what each variable and each row stands for."""
    rows, gain = Rows(), dict[str, float]()
    keys, held = Meaning(), Meaning()
    balance: dict[tuple[str, str], dict[str, float]] = {}
    unit_load: dict[tuple[str, str], dict[str, float]] = {}
    money = worth(network)

    def variable(kind: str, key: tuple[str, ...], price: float, high: Quantity | None = None) -> str:
        name = rows.variable(":".join((kind, *key)), 0.0, np.inf if high is None else high.value)
        keys[name], gain[name] = (kind, key), money * price
        return name

    def put(material: str, place: str, name: str, amount: float) -> None:
        row = balance.setdefault((material, place), {})
        row[name] = row.get(name, 0.0) + amount

    for key, step, place, unit in runs(network):
        name = variable("make", (key, place), -(step.cost.value if step.cost else 0.0))
        put(step.makes, place, name, 1.0)
        for material, amount in step.joint.items():
            put(material, place, name, amount.value)
        for material, amount in step.uses.items():
            put(material, place, name, -amount.value)
        unit_load.setdefault((unit, place), {})[name] = step.load.value if step.load else 1.0
    for (material, start, end), cost in freight(network).items():
        name = variable("send", (material, start, end), -cost)
        put(material, start, name, -1.0)
        put(material, end, name, 1.0)
    for place, site in network.places.items():
        for material, trade in site.offers.items():
            put(material, place, variable("offer", (material, place), -trade.price.value, trade.most), 1.0)
        for material, trade in site.takes.items():
            put(material, place, variable("take", (material, place), trade.price.value, trade.most), -1.0)
        for material in site.needs:
            balance.setdefault((material, place), {})
    for material, place in list(balance):
        price = network.materials[material].price
        if price is not None:
            put(material, place, variable("buy", (material, place), -price.value), 1.0)
    for (material, place), terms in balance.items():
        need = network.places[place].needs.get(material)
        name = f"balance:{material}:{place}"
        held[name] = ("balance", (material, place))
        rows.row(name, terms, low=need.value if need else 0.0)
    for (unit, place), terms in unit_load.items():
        name = f"capacity:{unit}:{place}"
        held[name] = ("capacity", (unit, place))
        rows.row(name, terms, high=network.places[place].capacity[unit].value)
    return rows, gain, keys, held
