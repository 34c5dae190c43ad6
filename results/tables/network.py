"""The best plan of a process network, as tables: what plants make, buy, send and sell, and what a limit is
worth."""

from __future__ import annotations

from dataclasses import dataclass

from ...models.network import Network
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...solvers.network import Flows, freight, worth
from ...solvers.solution import Status
from ..text.format import number
from ..text.wording import both
from .lines import Line, summary_of
from .table import Column, Table, declare

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

    return summary_of([Line("best", network.title, both(say))])


def _totals(network: Network, found: Flows) -> Table:
    parts = _money(network, found) | {"cost": -found.margin}
    columns = (
        Column("key", msg("Key"), shown=False, value=str),
        Column("what", msg("What"), value=_NAMES.get),
        Column("value", msg("Money", context="table_network"), network.units.money, 4, value=parts.get),
    )
    return declare("network_totals", msg("Money", context="table_network-2"), columns, parts, ("key",))


@dataclass(frozen=True)
class _Item:
    """An amount or a price of a process or a material at a place, and whether and to where it goes."""

    id: str
    place: str
    amount: float
    way: str = ""
    end: str = ""


def _place(network: Network, title: Bilingual) -> Column:
    return Column("at", title, value=lambda row: network.places[row.place].title)


def _material(network: Network) -> Column:
    return Column("of", msg("Material"), value=lambda row: network.materials[row.id].title)


def _processes(network: Network, found: Flows) -> Table:
    def unit(row: _Item) -> str:
        return network.processes[row.id].unit or row.id

    def room(row: _Item) -> float:
        return network.places[row.place].capacity[unit(row)].value

    def used(row: _Item) -> float | None:
        load = network.processes[row.id].load
        return 100 * row.amount * (load.value if load else 1.0) / room(row) if room(row) > 0 else None

    def makes(row: _Item) -> Bilingual:
        return network.materials[network.processes[row.id].makes].title

    columns = (
        Column("process", msg("Process id"), shown=False, value=lambda row: row.id),
        Column("place", msg("Place id"), shown=False),
        Column("title", msg("Process"), value=lambda row: network.processes[row.id].title),
        _place(network, msg("Place")),
        Column("makes", msg("Makes"), value=makes),
        Column("amount", msg("Made"), network.units.amount, 4),
        Column("capacity", msg("Capacity of its unit"), network.units.amount, 3, value=room),
        Column("used", msg("Used"), "%", 1, value=used),
        Column(
            "price",
            msg("Saved per unit of capacity"),
            network.units.money,
            3,
            value=lambda row: found.capacity_price.get((unit(row), row.place)),
        ),
    )
    rows = [_Item(process, place, amount) for (process, place), amount in found.activity.items()]
    return declare("network_processes", msg("What is made where"), columns, rows, ("process", "place"))


_WAYS = {
    "buy": msg("bought outside"),
    "offer": msg("from an offer"),
    "take": msg("sold to a taker"),
    "send": msg("sent"),
}


def _flows(network: Network, found: Flows) -> Table:
    ways = {"send": found.sent, "offer": found.offered, "take": found.taken, "buy": found.bought}
    rows = [
        _Item(material, start, amount, way, *end)
        for way, amounts in ways.items()
        for (material, start, *end), amount in amounts.items()
        if amount > _HAIR
    ]
    columns = (
        Column("kind", msg("Kind id"), shown=False, value=lambda row: row.way),
        Column("material", msg("Material id"), shown=False, value=lambda row: row.id),
        Column("start", msg("From id"), shown=False, value=lambda row: row.place),
        Column("end", msg("To id"), shown=False),
        Column("way", msg("How"), value=lambda row: _WAYS[row.way]),
        _material(network),
        _place(network, msg("At or from")),
        Column(
            "to",
            msg("To", context="table_network"),
            value=lambda row: network.places[row.end].title if row.end else None,
        ),
        Column("amount", msg("Amount"), network.units.amount, 4),
    )
    key = ("kind", "material", "start", "end")
    return declare("network_flows", msg("Bought, sent, sold"), columns, rows, key)


def _prices(network: Network, found: Flows) -> Table:
    def need(row: _Item) -> float | None:
        needs = network.places[row.place].needs
        return needs[row.id].value if row.id in needs else None

    columns = (
        Column("material", msg("Material id"), shown=False, value=lambda row: row.id),
        Column("place", msg("Place id"), shown=False),
        _material(network),
        _place(network, msg("Place")),
        Column("need", msg("Needed"), network.units.amount, 4, value=need),
        Column("price", msg("Marginal cost"), network.units.price, 3, value=lambda row: row.amount),
    )
    rows = [
        _Item(material, place, price / worth(network))
        for (material, place), price in found.material_price.items()
        if abs(price) > _HAIR and network.materials[material].price is None
    ]
    note = msg("What one more unit costs; an optimum may have several sets of such prices.")
    return declare("network_prices", msg("Marginal costs"), columns, rows, ("material", "place"), note)
