"""A chain at its best use, as tables: what each process makes, where materials go, what a limit is worth
(工艺链优化)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ...engine.decide.chain import Aim, ChainUse
from ...engine.study import Study
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...solvers.solution import Status
from ..text.format import number, unit_text
from ..text.wording import both
from .table import Column, Table

_SAME = 1e-6  # relative difference below which the linear programme and the simulation agree
_KINDS = {
    "capacity": msg("capacity"),
    "market": msg("market"),
    "feed": msg("feed"),
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
        rows.append((f"{use.sector.id}:check", msg("Check"), both(partial(_check, use))))
    columns = (
        Column("line", msg("Line id"), shown=False),
        Column("label", msg("Line")),
        Column("text", msg("Text")),
    )
    return Table("summary", msg("Summary"), columns, tuple(rows), ("line",))


def _best(use: ChainUse, lang: str) -> str:
    worth = use.worth[use.aim]
    if use.best.status is not Status.OPTIMAL:
        return tr(lang, "solver: {value}", value=use.best.status.value)
    now, promised, simulated = (
        float(worth @ activity) for activity in (use.now, use.promised, use.simulated)
    )
    aim = use.aim.value.of(lang)
    more = promised - now
    if abs(more) <= _SAME * max(1.0, abs(now)):
        stops = tr(lang, "; ", context="table_chain_best").join(_top(use, lang))
        return tr(
            lang,
            "{aim} CNY {now} x 100m with today's routing, which is the best there is; what holds it: {stops}",
            aim=aim,
            now=number(now, 2),
            stops=stops,
        )
    told = (
        (
            tr(
                lang,
                "{aim} can go from {now} to {promised} x CNY 100m ({more} %); simulated {simulated}",
                aim=aim,
                now=number(now, 2),
                promised=number(promised, 2),
                more=number(100 * more / now, 1),
                simulated=number(simulated, 2),
            )
        )
        if now
        else aim
    )
    stops = tr(lang, "; what holds it: ") + tr(lang, "; ", context="table_chain_best").join(_top(use, lang))
    return told + stops


def _top(use: ChainUse, lang: str, count: int = 4) -> list[str]:
    """The limits that one more unit's worth of 1 % would bring most."""
    ranked = sorted(_priced(use), key=lambda row: -abs(row[3]))[:count]
    return [f"{row[1].of(lang)}{tr(lang, ' ')}{row[0].of(lang)}" for row in ranked]


def _check(use: ChainUse, lang: str) -> str:
    same = use.difference <= _SAME
    off = f"{use.difference:.0e}"
    return tr(
        lang,
        "with the plan's routing the linear programme {same} the simulation (largest relative difference of a"
        " process {off})",
        off=off,
        same=(tr(lang, "equals") if same else tr(lang, "differs from")),
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
        Column("sector", msg("Sector id"), shown=False),
        Column("chain", msg("Chain")),
        Column("what", msg("What")),
        Column("now", msg("Plan"), "亿元", 2),
        Column("promised", msg("Promised"), "亿元", 2),
        Column("simulated", msg("Simulated"), "亿元", 2),
        Column("aim", msg("Maximised")),
    )
    return Table("chain_totals", msg("Chain totals"), columns, tuple(rows), ("sector", "what"))


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
        Column("sector", msg("Sector id"), shown=False),
        Column("process", msg("Process id"), shown=False),
        Column("title", msg("Process")),
        Column("makes", msg("Makes")),
        Column("limit", msg("Can make"), "万吨", 3),
        Column("market", msg("Can be sold"), "万吨", 3),
        Column("now", msg("Plan"), "万吨", 3),
        Column("promised", msg("Promised", context="table_chain_best"), "万吨", 3),
        Column("simulated", msg("Simulated"), "万吨", 3),
        Column("change", msg("Change", context="table_chain_best"), "%", 1, signed=True),
        Column("price", msg("Per 10kt of capacity"), "亿元", 3),
    )
    return Table(
        "chain_best",
        msg("Best use of every process"),
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
        Column("sector", msg("Sector id"), shown=False),
        Column("material", msg("Material id"), shown=False),
        Column("process", msg("Process id"), shown=False),
        Column("of", msg("Material")),
        Column("to", msg("Goes to")),
        Column("now", msg("Plan"), "%", 1),
        Column("best", msg("Best"), "%", 1),
        Column("change", msg("Change", context="table_chain_best"), "points", 1, signed=True),
    )
    note = msg("Share of what is made of the material; the rest is sold outside.")
    return Table(
        "chain_routing",
        msg("Where materials go"),
        columns,
        tuple(rows),
        ("sector", "material", "process"),
        note,
    )


def _priced(use: ChainUse) -> list[tuple[Bilingual, Bilingual, float, float]]:
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
        Column("sector", msg("Sector id"), shown=False),
        Column("kind", msg("Limit")),
        Column("of", msg("Of")),
        Column("price", msg("Per 10kt more"), "亿元", 3),
        Column("percent", msg("Per 1 % more"), "亿元", 3),
    )
    note = msg(
        "One limit at a time, while the change is small; an optimum may have several sets of such prices."
    )
    return Table(
        "chain_prices",
        msg("What a limit is worth"),
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
        Column("sector", msg("Sector id"), shown=False),
        Column("target", msg("Target id"), shown=False),
        Column("title", msg("Target")),
        Column("before", msg("Plan"), digits_from="digits"),
        Column("after", msg("With the best routing"), digits_from="digits"),
        Column("change", msg("Change", context="table_chain_best"), digits=3, signed=True),
        Column("unit", msg("Unit")),
        Column("digits", msg("Digits"), shown=False),
    )
    return Table(
        "chain_targets",
        msg("What it does to the targets (simulated)"),
        columns,
        tuple(rows),
        ("sector", "target"),
    )
