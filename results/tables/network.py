"""The best plan of a process network, as tables: what plants make, buy, send and sell, and what a limit is
worth."""

from __future__ import annotations

from ...models.network import Network
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...solvers.network import Flows, freight, worth
from ...solvers.solution import Status
from ..text.format import number
from ..text.wording import both
from .table import Column, Table

_HAIR = 1e-9


def network_tables(network: Network, found: Flows) -> dict[str, Table]:
    """Every table of the answer by name."""
    made = [_summary(network, found)]
    if found.status is Status.OPTIMAL:
        made += [
            _totals(network, found),
            _processes(network, found),
            _flows(network, found),
            _prices(network, found),
        ]
    return {table.name: table for table in made if table.rows}


def _money(network: Network, found: Flows) -> dict[str, float]:
    """Sales, purchases, process cost and transport; margin is the first less the others."""
    unit, price = worth(network), network.materials
    haul = freight(network)
    bought = sum(
        amount * own.value
        for (material, _), amount in found.bought.items()
        if (own := price[material].price) is not None
    )
    offered = sum(
        amount * network.places[place].offers[material].price.value
        for (material, place), amount in found.offered.items()
    )
    cost = sum(
        amount * own.value
        for (process, _), amount in found.activity.items()
        if (own := network.processes[process].cost) is not None
    )
    return {
        "sales": (
            unit
            * sum(
                amount * network.places[place].takes[material].price.value
                for (material, place), amount in found.taken.items()
            )
        ),
        "materials": unit * bought,
        "offers": unit * offered,
        "processes": unit * cost,
        "freight": unit * sum(amount * haul[key[0], key[1], key[2]] for key, amount in found.sent.items()),
    }


_NAMES = {
    "sales": msg("Sales"),
    "materials": msg("Materials bought outside"),
    "offers": msg("Bought from offers (imports)"),
    "processes": msg("Process cost"),
    "freight": msg("Freight"),
    "cost": msg("Total cost, net of sales"),
}


def _summary(network: Network, found: Flows) -> Table:
    def say(lang: str) -> str:
        if found.status is not Status.OPTIMAL:
            words = {
                Status.INFEASIBLE: msg("capacities, offers and routes cannot meet every need"),
                Status.UNBOUNDED: msg("profit without end: state `most` where products are taken"),
            }
            return words.get(found.status, Bilingual.same(found.status.value)).of(lang)
        cost = -found.margin
        money = network.units.money
        return (
            tr(
                lang,
                "the least cost that meets every need is {cost} {money}, net of sales",
                cost=number(cost, 4),
                money=money,
            )
            if cost > 0
            else tr(lang, "the greatest margin is {cost} {money}", cost=number(-cost, 4), money=money)
        )

    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, (("best", network.title, both(say)),), ("line",))


def _totals(network: Network, found: Flows) -> Table:
    parts = _money(network, found)
    rows = [(key, _NAMES[key], value) for key, value in (*parts.items(), ("cost", -found.margin))]
    columns = (
        Column("key", msg("Key"), shown=False),
        Column("what", msg("What")),
        Column("value", msg("Money", context="table_network"), network.units.money, 4),
    )
    return Table("network_totals", msg("Money", context="table_network-2"), columns, tuple(rows), ("key",))


def _processes(network: Network, found: Flows) -> Table:
    rows = []
    for (process, place), amount in found.activity.items():
        step = network.processes[process]
        unit = step.unit or process
        room = network.places[place].capacity[unit].value
        load = step.load.value if step.load else 1.0
        rows.append(
            (
                process,
                place,
                step.title,
                network.places[place].title,
                network.materials[step.makes].title,
                amount,
                room,
                100 * amount * load / room if room > 0 else None,
                found.capacity_price.get((unit, place)),
            )
        )
    columns = (
        Column("process", msg("Process id"), shown=False),
        Column("place", msg("Place id"), shown=False),
        Column("title", msg("Process")),
        Column("at", msg("Place")),
        Column("makes", msg("Makes")),
        Column("amount", msg("Made"), network.units.amount, 4),
        Column("capacity", msg("Capacity of its unit"), network.units.amount, 3),
        Column("used", msg("Used"), "%", 1),
        Column("price", msg("Saved per unit of capacity"), network.units.money, 3),
    )
    return Table(
        "network_processes",
        msg("What is made where"),
        columns,
        tuple(rows),
        ("process", "place"),
    )


_WAYS = {
    "buy": msg("bought outside"),
    "offer": msg("from an offer"),
    "take": msg("sold to a taker"),
    "send": msg("sent"),
}


def _flows(network: Network, found: Flows) -> Table:
    rows = []
    for way, amounts in (
        ("send", found.sent),
        ("offer", found.offered),
        ("take", found.taken),
        ("buy", found.bought),
    ):
        for (material, start, *end), amount in amounts.items():
            if amount > _HAIR:
                other = network.places[end[0]].title if end else None
                rows.append(
                    (
                        way,
                        material,
                        start,
                        end[0] if end else "",
                        _WAYS[way],
                        network.materials[material].title,
                        network.places[start].title,
                        other,
                        amount,
                    )
                )
    columns = (
        Column("kind", msg("Kind id"), shown=False),
        Column("material", msg("Material id"), shown=False),
        Column("start", msg("From id"), shown=False),
        Column("end", msg("To id"), shown=False),
        Column("way", msg("How")),
        Column("of", msg("Material")),
        Column("at", msg("At or from")),
        Column("to", msg("To", context="table_network")),
        Column("amount", msg("Amount"), network.units.amount, 4),
    )
    return Table(
        "network_flows",
        msg("Bought, sent, sold"),
        columns,
        tuple(rows),
        ("kind", "material", "start", "end"),
    )


def _prices(network: Network, found: Flows) -> Table:
    rows = [
        (
            material,
            place,
            network.materials[material].title,
            network.places[place].title,
            network.places[place].needs[material].value if material in network.places[place].needs else None,
            price / worth(network),
        )
        for (material, place), price in found.material_price.items()
        if abs(price) > _HAIR and network.materials[material].price is None
    ]
    columns = (
        Column("material", msg("Material id"), shown=False),
        Column("place", msg("Place id"), shown=False),
        Column("of", msg("Material")),
        Column("at", msg("Place")),
        Column("need", msg("Needed"), network.units.amount, 4),
        Column("price", msg("Marginal cost"), network.units.price, 3),
    )
    note = msg("What one more unit costs; an optimum may have several sets of such prices.")
    return Table(
        "network_prices",
        msg("Marginal costs"),
        columns,
        tuple(rows),
        ("material", "place"),
        note,
    )
