"""The best plan of a process network, as tables: what plants make, buy, send and sell, and what a limit is
worth."""

from __future__ import annotations

from ..models.network import Network
from ..models.quantity import Text
from ..solvers.network import Flows, freight, worth
from ..solvers.solution import Status
from .format import number
from .table import Column, Table
from .wording import both

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
    "sales": Text(zh="销售收入", en="Sales"),
    "materials": Text(zh="外购原料", en="Materials bought outside"),
    "offers": Text(zh="外购成品（进口等）", en="Bought from offers (imports)"),
    "processes": Text(zh="加工费用", en="Process cost"),
    "freight": Text(zh="运费", en="Freight"),
    "cost": Text(zh="总成本（减销售）", en="Total cost, net of sales"),
}


def _summary(network: Network, found: Flows) -> Table:
    def say(lang: str) -> str:
        if found.status is not Status.OPTIMAL:
            words = {
                Status.INFEASIBLE: Text(
                    zh="产能、供应与路线满足不了全部需求",
                    en="capacities, offers and routes cannot meet every need",
                ),
                Status.UNBOUNDED: Text(
                    zh="可无限获利：请给收购量设上限",
                    en="profit without end: state `most` where products are taken",
                ),
            }
            return words.get(found.status, Text(zh=found.status.value, en=found.status.value)).of(lang)
        cost = -found.margin
        money = network.units.money
        if lang == "zh":
            return (
                f"满足全部需求的最小成本{number(cost, 4)} {money}（已减销售收入）"
                if cost > 0
                else f"最大毛利{number(-cost, 4)} {money}"
            )
        return (
            f"the least cost that meets every need is {number(cost, 4)} {money}, net of sales"
            if cost > 0
            else f"the greatest margin is {number(-cost, 4)} {money}"
        )

    columns = (
        Column("line", "代码", "Line id", shown=False),
        Column("label", "事项", "Line"),
        Column("text", "内容", "Text"),
    )
    return Table(
        "summary", Text(zh="摘要", en="Summary"), columns, (("best", network.title, both(say)),), ("line",)
    )


def _totals(network: Network, found: Flows) -> Table:
    parts = _money(network, found)
    rows = [(key, _NAMES[key], value) for key, value in (*parts.items(), ("cost", -found.margin))]
    columns = (
        Column("key", "代码", "Key", shown=False),
        Column("what", "量", "What"),
        Column("value", "金额", "Money", network.units.money, 4),
    )
    return Table("network_totals", Text(zh="收支", en="Money"), columns, tuple(rows), ("key",))


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
        Column("process", "工序代码", "Process id", shown=False),
        Column("place", "地点代码", "Place id", shown=False),
        Column("title", "工序", "Process"),
        Column("at", "地点", "Place"),
        Column("makes", "产品", "Makes"),
        Column("amount", "产量", "Made", network.units.amount, 4),
        Column("capacity", "设备能力", "Capacity of its unit", network.units.amount, 3),
        Column("used", "占用", "Used", "%", 1),
        Column("price", "能力每增一单位省", "Saved per unit of capacity", network.units.money, 3),
    )
    return Table(
        "network_processes",
        Text(zh="生产", en="What is made where"),
        columns,
        tuple(rows),
        ("process", "place"),
    )


_WAYS = {
    "buy": Text(zh="外购", en="bought outside"),
    "offer": Text(zh="供应（进口）", en="from an offer"),
    "take": Text(zh="售出（出口）", en="sold to a taker"),
    "send": Text(zh="运输", en="sent"),
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
        Column("kind", "类别代码", "Kind id", shown=False),
        Column("material", "物料代码", "Material id", shown=False),
        Column("start", "起点代码", "From id", shown=False),
        Column("end", "终点代码", "To id", shown=False),
        Column("way", "方式", "How"),
        Column("of", "物料", "Material"),
        Column("at", "地点", "At or from"),
        Column("to", "到", "To"),
        Column("amount", "数量", "Amount", network.units.amount, 4),
    )
    return Table(
        "network_flows",
        Text(zh="购、运、销", en="Bought, sent, sold"),
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
        Column("material", "物料代码", "Material id", shown=False),
        Column("place", "地点代码", "Place id", shown=False),
        Column("of", "物料", "Material"),
        Column("at", "地点", "Place"),
        Column("need", "需求", "Needed", network.units.amount, 4),
        Column("price", "边际成本", "Marginal cost", network.units.price, 3),
    )
    note = Text(
        zh="多要一单位的代价；最优解可能有几组影子价格。",
        en="What one more unit costs; an optimum may have several sets of such prices.",
    )
    return Table(
        "network_prices",
        Text(zh="边际成本", en="Marginal costs"),
        columns,
        tuple(rows),
        ("material", "place"),
        note,
    )
