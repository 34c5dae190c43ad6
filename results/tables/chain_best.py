"""A chain at its best use, as tables: what each process makes, where materials go, what a limit is worth
(工艺链优化)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...engine.decide.chain import Aim, ChainUse
from ...engine.study import Study
from ...models.chain import Process
from ...models.money import MONEY
from ...models.quantity import Bilingual
from ...models.words import msg, tr
from ...solvers.solution import Status
from ..text.format import number
from ..text.wording import amount, both
from .chain import unit_column, units_of
from .effect import effect_columns, effects
from .lines import Line, summary_of
from .table import Column, Table, declare

_SAME = 1e-6  # relative difference below which the linear programme and the simulation agree
_KINDS = {"capacity": msg("capacity"), "market": msg("market"), "feed": msg("feed")}
_SECTOR = Column("sector", msg("Sector id"), shown=False, value=lambda row: row.use.sector.id)


def chain_best_tables(begun: Study, found: Sequence[ChainUse]) -> dict[str, Table]:
    """Every table of the answer by name."""
    made = (
        _summary(found),
        _totals(found),
        _processes(found),
        _routing(found),
        _prices(found),
        _targets(begun, found),
    )
    return {table.name: table for table in made if table.rows}


def _summary(found: Sequence[ChainUse]) -> Table:
    lines = []
    for use in found:
        lines.append(Line(f"{use.sector.id}:best", use.sector.chain.title, both(partial(_best, use))))
        lines.append(Line(f"{use.sector.id}:check", msg("Check"), both(partial(_check, use))))
    return summary_of(lines)


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
            "{aim} {now} with today's routing, which is the best there is; what holds it: {stops}",
            aim=aim,
            now=amount(now, MONEY, lang, 2),
            stops=stops,
        )
    told = (
        (
            tr(
                lang,
                "{aim} can go from {now} to {promised} ({more} %); simulated {simulated}",
                aim=aim,
                now=amount(now, MONEY, lang, 2),
                promised=amount(promised, MONEY, lang, 2),
                more=number(100 * more / abs(now), 1),
                simulated=amount(simulated, MONEY, lang, 2),
            )
        )
        if now
        else aim
    )
    stops = tr(lang, "; what holds it: ") + tr(lang, "; ", context="table_chain_best").join(_top(use, lang))
    return told + stops


def _top(use: ChainUse, lang: str, count: int = 4) -> list[str]:
    """The limits that one more unit's worth of 1 % would bring most."""
    return [f"{price.title.of(lang)}{tr(lang, ' ')}{price.kind.of(lang)}" for price in _priced(use)[:count]]


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


@dataclass(frozen=True)
class _Total:
    use: ChainUse
    of: Aim


def _totals(found: Sequence[ChainUse]) -> Table:
    def money(name: str, title: Bilingual) -> Column:
        return Column(
            name, title, MONEY, 2, value=lambda row: float(row.use.worth[row.of] @ getattr(row.use, name))
        )

    columns = (
        _SECTOR,
        Column("chain", msg("Chain"), value=lambda row: row.use.sector.chain.title),
        Column("what", msg("What"), value=lambda row: row.of.value),
        money("now", msg("Plan")),
        money("promised", msg("Promised")),
        money("simulated", msg("Simulated")),
        Column("aim", msg("Maximised"), value=lambda row: row.of is row.use.aim),
    )
    rows = [_Total(use, aim) for use in found for aim in Aim]
    return declare("chain_totals", msg("Chain totals"), columns, rows, ("sector", "what"))


@dataclass(frozen=True)
class _Step:
    """A process by its place in the chain."""

    use: ChainUse
    at: int
    id: str
    stated: Process


def _processes(found: Sequence[ChainUse]) -> Table:
    def market(row: _Step) -> float | None:
        most = float(row.use.year.market[row.at])
        return most if np.isfinite(most) else None

    def activity(name: str) -> Callable[[_Step], float]:
        return lambda row: float(getattr(row.use, name)[row.at])

    def change(row: _Step) -> float | None:
        return 100 * (simulated(row) / now(row) - 1) if now(row) > 0 else None

    now, promised, simulated = map(activity, ("now", "promised", "simulated"))
    amount, _ = units_of(use.sector for use in found)
    columns = (
        _SECTOR,
        Column("process", msg("Process id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Process"), value=lambda row: row.stated.title),
        Column(
            "makes", msg("Makes"), value=lambda row: row.use.sector.chain.materials[row.stated.makes].title
        ),
        *unit_column(amount, lambda row: row.use.sector),
        Column("limit", msg("Can make"), amount, 3, value=lambda row: float(row.use.year.limit[row.at])),
        Column("market", msg("Can be sold"), amount, 3, value=market),
        Column("now", msg("Plan"), amount, 3, value=now),
        Column("promised", msg("Promised", context="table_chain_best"), amount, 3, value=promised),
        Column("simulated", msg("Simulated"), amount, 3, value=simulated),
        Column("change", msg("Change", context="table_chain_best"), "%", 1, signed=True, value=change),
        Column(
            "price",
            msg("Per unit of capacity"),
            MONEY,
            3,
            value=lambda row: row.use.best.prices.get(f"capacity:{row.id}", 0.0),
        ),
    )
    rows = [
        _Step(use, at, name, use.sector.chain.processes[name])
        for use in found
        for at, name in enumerate(use.sector.flow.processes)
    ]
    return declare("chain_best", msg("Best use of every process"), columns, rows, ("sector", "process"))


@dataclass(frozen=True)
class _Route:
    """The share of a material that a process takes, in the plan and at best."""

    use: ChainUse
    material: str
    process: str
    now: float
    best: float


def _routing(found: Sequence[ChainUse]) -> Table:
    rows = []
    for use in found:
        before, used = use.sector.flow.shares(use.now, use.year.year), use.sector.chain.processes
        rows += [
            _Route(use, material, process, before[process][material], share)
            for process, materials in use.routing.items()
            for material, share in materials.items()
            if material in used[process].uses
        ]
    change = msg("Change", context="table_chain_best")
    columns = (
        _SECTOR,
        Column("material", msg("Material id"), shown=False),
        Column("process", msg("Process id"), shown=False),
        Column("of", msg("Material"), value=lambda row: row.use.sector.chain.materials[row.material].title),
        Column("to", msg("Goes to"), value=lambda row: row.use.sector.chain.processes[row.process].title),
        Column("now", msg("Plan"), "%", 1, value=lambda row: 100 * row.now),
        Column("best", msg("Best"), "%", 1, value=lambda row: 100 * row.best),
        Column("change", change, "points", 1, signed=True, value=lambda row: 100 * (row.best - row.now)),
    )
    note = msg("Share of what is made of the material; the rest is sold outside.")
    key = ("sector", "material", "process")
    return declare("chain_routing", msg("Where materials go"), columns, rows, key, note)


@dataclass(frozen=True)
class _Price:
    """What one more unit, and one per cent more, of a limit that binds is worth."""

    use: ChainUse
    kind: Bilingual
    title: Bilingual
    price: float
    percent: float


def _priced(use: ChainUse) -> list[_Price]:
    """Every limit that binds, the dearest first."""
    found = []
    flow, chain = use.sector.flow, use.sector.chain
    made = flow.made(use.year.year)[..., 0] @ use.promised
    for row, price in use.best.prices.items():
        kind, _, name = row.partition(":")
        if kind == "feed":
            m = flow.materials.index(name)
            size, title = float(made[m] + flow.most[m, 0]), chain.materials[name].title
        else:
            k, process = flow.processes.index(name), chain.processes[name]
            size = float(
                use.year.limit[k]
                if kind == "capacity"
                else use.year.market[list(flow.counted[flow.makes[k]])].sum()
            )
            title = process.title if kind == "capacity" else chain.materials[process.makes].title
        percent = price * size / 100 if np.isfinite(size) else 0.0
        found.append(_Price(use, _KINDS[kind], title, price, percent))
    return sorted(found, key=lambda each: -abs(each.percent))


def _prices(found: Sequence[ChainUse]) -> Table:
    columns = (
        _SECTOR,
        Column("kind", msg("Limit")),
        Column("of", msg("Of"), value=lambda row: row.title),
        Column("price", msg("Per unit more"), MONEY, 3),
        Column("percent", msg("Per 1 % more"), MONEY, 3),
    )
    note = msg(
        "One limit at a time, while the change is small; an optimum may have several sets of such prices."
    )
    rows = [price for use in found for price in _priced(use)]
    return declare(
        "chain_prices", msg("What a limit is worth"), columns, rows, ("sector", "kind", "of"), note
    )


def _targets(begun: Study, found: Sequence[ChainUse]) -> Table:
    change = msg("Change", context="table_chain_best")
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        *effect_columns(msg("With the best routing"), change, 3),
    )
    rows = [row for use in found if use.after for row in effects(begun, use.after, use.sector.id)]
    title = msg("What it does to the targets (simulated)")
    return declare("chain_targets", title, columns, rows, ("sector", "target"))
