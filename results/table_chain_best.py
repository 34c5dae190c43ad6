"""A chain at its best use, as tables: what each process makes, where materials go, what a limit is worth
(工艺链优化)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..engine.optimise.chain import Aim, ChainUse
from ..engine.study import Study
from ..models.quantity import Text
from ..solvers.solution import Status
from .format import number, unit_text
from .table import Column, Table
from .wording import both

_SAME = 1e-6  # relative difference below which the linear programme and the simulation agree
_KINDS = {
    "capacity": Text(zh="产能", en="capacity"),
    "market": Text(zh="市场", en="market"),
    "feed": Text(zh="原料", en="feed"),
}


def chain_best_tables(begun: Study, found: Sequence[ChainUse]) -> dict[str, Table]:
    """Every table of the answer by name."""
    made = (
        _summary(begun, found),
        _totals(found),
        _processes(found),
        _routing(found),
        _prices(found),
        _targets(begun, found),
    )
    return {table.name: table for table in made if table.rows}


def _summary(begun: Study, found: Sequence[ChainUse]) -> Table:
    rows = []
    for use in found:
        rows.append((f"{use.sector.id}:best", use.sector.chain.title, both(partial(_best, use))))
        rows.append((f"{use.sector.id}:check", Text(zh="核对", en="Check"), both(partial(_check, use))))
    columns = (
        Column("line", "代码", "Line id", shown=False),
        Column("label", "事项", "Line"),
        Column("text", "内容", "Text"),
    )
    return Table("summary", Text(zh="摘要", en="Summary"), columns, tuple(rows), ("line",))


def _best(use: ChainUse, lang: str) -> str:
    zh, worth = lang == "zh", use.worth[use.aim]
    if use.best.status is not Status.OPTIMAL:
        return f"求解器：{use.best.status.value}" if zh else f"solver: {use.best.status.value}"
    now, promised, simulated = (
        float(worth @ activity) for activity in (use.now, use.promised, use.simulated)
    )
    aim = use.aim.value.of(lang)
    more = promised - now
    if abs(more) <= _SAME * max(1.0, abs(now)):
        stops = "，".join(name for name in _top(use, lang)) if zh else "; ".join(_top(use, lang))
        return (
            f"现有物料去向下{aim}{number(now, 2)}亿元，已是最优；卡点：{stops}"
            if zh
            else (
                f"{aim} CNY {number(now, 2)} x 100m with today's routing, which is the best there is; what"
                f" holds it: {stops}"
            )
        )
    told = (
        (
            f"{aim}可由{number(now, 2)}亿元到{number(promised, 2)}亿元（{number(100 * more / now, 1)}%），"
            f"模拟{number(simulated, 2)}亿元"
            if zh
            else (
                f"{aim} can go from {number(now, 2)} to {number(promised, 2)} x CNY 100m"
                f" ({number(100 * more / now, 1)} %); simulated {number(simulated, 2)}"
            )
        )
        if now
        else aim
    )
    stops = ("；卡点：" if zh else "; what holds it: ") + ("，" if zh else "; ").join(_top(use, lang))
    return told + stops


def _top(use: ChainUse, lang: str, count: int = 4) -> list[str]:
    """The limits that one more unit's worth of 1 % would bring most."""
    ranked = sorted(_priced(use), key=lambda row: -abs(row[3]))[:count]
    return [f"{row[1].of(lang)}{'' if lang == 'zh' else ' '}{row[0].of(lang)}" for row in ranked]


def _check(use: ChainUse, lang: str) -> str:
    same = use.difference <= _SAME
    off = f"{use.difference:.0e}"
    if lang == "zh":
        return f"线性规划在方案的物料去向下与模拟{'一致' if same else '不一致'}（各工序最大相对差{off}）"
    return (
        f"with the plan's routing the linear programme {'equals' if same else 'differs from'} the simulation"
        f" (largest relative difference of a process {off})"
    )


def _totals(found: Sequence[ChainUse]) -> Table:
    rows = [
        (
            use.sector.id,
            use.sector.chain.title,
            aim.value,
            *(float(use.worth[aim] @ activity) for activity in (use.now, use.promised, use.simulated)),
            aim is use.aim,
        )
        for use in found
        for aim in Aim
    ]
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("chain", "工艺链", "Chain"),
        Column("what", "量", "What"),
        Column("now", "现方案", "Plan", "亿元", 2),
        Column("promised", "求解器承诺", "Promised", "亿元", 2),
        Column("simulated", "模拟", "Simulated", "亿元", 2),
        Column("aim", "优化目标", "Maximised"),
    )
    return Table(
        "chain_totals", Text(zh="工艺链合计", en="Chain totals"), columns, tuple(rows), ("sector", "what")
    )


def _processes(found: Sequence[ChainUse]) -> Table:
    rows = []
    for use in found:
        for k, name in enumerate(use.sector.flow.processes):
            stated = use.sector.chain.processes[name]
            now, simulated = float(use.now[k]), float(use.simulated[k])
            price = use.best.prices.get(f"capacity:{name}", 0.0)
            market = float(use.year.market[use.sector.flow.makes[k]])
            rows.append(
                (
                    use.sector.id,
                    name,
                    stated.title,
                    use.sector.chain.materials[stated.makes].title,
                    float(use.year.limit[k]),
                    None if not np.isfinite(market) else market,
                    now,
                    float(use.promised[k]),
                    simulated,
                    100 * (simulated / now - 1) if now > 0 else None,
                    price,
                )
            )
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("process", "工序代码", "Process id", shown=False),
        Column("title", "工序", "Process"),
        Column("makes", "产品", "Makes"),
        Column("limit", "最大产能", "Can make", "万吨", 3),
        Column("market", "可外销", "Can be sold", "万吨", 3),
        Column("now", "现方案", "Plan", "万吨", 3),
        Column("promised", "承诺", "Promised", "万吨", 3),
        Column("simulated", "模拟", "Simulated", "万吨", 3),
        Column("change", "变动", "Change", "%", 1, signed=True),
        Column("price", "产能每增1万吨带来", "Per 10kt of capacity", "亿元", 3),
    )
    return Table(
        "chain_best",
        Text(zh="各工序最优产量", en="Best use of every process"),
        columns,
        tuple(rows),
        ("sector", "process"),
    )


def _routing(found: Sequence[ChainUse]) -> Table:
    rows = []
    for use in found:
        flow, chain, year = use.sector.flow, use.sector.chain, use.year.year
        before = flow.shares(use.now, year)
        for process, materials in use.routing.items():
            for material, share in materials.items():
                own = before[process][material]
                rows.append(
                    (
                        use.sector.id,
                        material,
                        process,
                        chain.materials[material].title,
                        chain.processes[process].title,
                        100 * own,
                        100 * share,
                        100 * (share - own),
                    )
                )
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("material", "物料代码", "Material id", shown=False),
        Column("process", "工序代码", "Process id", shown=False),
        Column("of", "物料", "Material"),
        Column("to", "去向", "Goes to"),
        Column("now", "现方案", "Plan", "%", 1),
        Column("best", "最优", "Best", "%", 1),
        Column("change", "变动", "Change", "points", 1, signed=True),
    )
    note = Text(
        zh="占该物料产量的比重；其余对外销售。",
        en="Share of what is made of the material; the rest is sold outside.",
    )
    return Table(
        "chain_routing",
        Text(zh="物料去向", en="Where materials go"),
        columns,
        tuple(rows),
        ("sector", "material", "process"),
        note,
    )


def _priced(use: ChainUse) -> list[tuple[Text, Text, float, float]]:
    """Kind, name, value of one more unit, value of one per cent more of every limit that binds."""
    found = []
    flow, chain = use.sector.flow, use.sector.chain
    made = flow.made(use.year.year)[..., 0] @ use.promised
    for row, price in use.best.prices.items():
        kind, _, name = row.partition(":")
        if kind == "feed":
            size, title = float(made[flow.materials.index(name)]), chain.materials[name].title
        else:
            k = flow.processes.index(name)
            size = float(use.year.limit[k] if kind == "capacity" else use.year.market[flow.makes[k]])
            title = (
                chain.processes[name].title
                if kind == "capacity"
                else chain.materials[chain.processes[name].makes].title
            )
        found.append((_KINDS[kind], title, price, price * size / 100 if np.isfinite(size) else 0.0))
    return found


def _prices(found: Sequence[ChainUse]) -> Table:
    rows = [
        (use.sector.id, kind, title, price, percent)
        for use in found
        for kind, title, price, percent in sorted(_priced(use), key=lambda row: -abs(row[3]))
    ]
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("kind", "限制", "Limit"),
        Column("of", "所限", "Of"),
        Column("price", "每增1万吨带来", "Per 10kt more", "亿元", 3),
        Column("percent", "每增1%带来", "Per 1 % more", "亿元", 3),
    )
    note = Text(
        zh="每次只放宽一项，幅度不大时成立；最优解可能有几组影子价格。",
        en="One limit at a time, while the change is small; an optimum may have several sets of such prices.",
    )
    return Table(
        "chain_prices",
        Text(zh="卡点的价值", en="What a limit is worth"),
        columns,
        tuple(rows),
        ("sector", "kind", "of"),
        note,
    )


def _targets(begun: Study, found: Sequence[ChainUse]) -> Table:
    rows = []
    for use in found:
        if use.after is None:
            continue
        for target in begun.assessor.targets:
            before, after = (begun.assessor.value(target, run) for run in (begun.plan, use.after))
            rows.append(
                (
                    use.sector.id,
                    target.id,
                    target.title,
                    before,
                    after,
                    after - before,
                    unit_text(target.unit),
                    target.digits + 1,
                )
            )
    columns = (
        Column("sector", "部门代码", "Sector id", shown=False),
        Column("target", "目标代码", "Target id", shown=False),
        Column("title", "目标", "Target"),
        Column("before", "现方案", "Plan", digits_from="digits"),
        Column("after", "按最优去向", "With the best routing", digits_from="digits"),
        Column("change", "变动", "Change", digits=3, signed=True),
        Column("unit", "单位", "Unit"),
        Column("digits", "位数", "Digits", shown=False),
    )
    return Table(
        "chain_targets",
        Text(zh="对目标的影响（全部模拟）", en="What it does to the targets (simulated)"),
        columns,
        tuple(rows),
        ("sector", "target"),
    )
