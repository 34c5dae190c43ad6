"""Process chains: what each process makes, what is sold, and whether reported recoveries are reproduced
(工艺链)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.quantity import Bilingual, FloatArray
from ...models.sectors.process_chain import ProcessChain
from ...models.words import msg
from ..text.format import unit_text
from ..text.wording import BINDS
from .table import Column, Table, declare, none

if TYPE_CHECKING:
    from ...engine.run import Answer
    from ...models.sector import State

_HAIR = 1e-9


def states_in(answer: Answer, year: int) -> tuple[State, ...]:
    """State of every sector in a year (1, 2, ...) of the plan."""
    states = answer.economy.start()
    for t in range(1, year + 1):
        states = answer.economy.advance(states, answer.plan.pipeline_run.realisation, t)
    return states


def chains(answer: Answer) -> Iterator[tuple[ProcessChain, State]]:
    """Sectors that are a process chain, with their state in the target year."""
    for sector, state in zip(answer.economy.sectors, states_in(answer, answer.year), strict=True):
        if isinstance(sector, ProcessChain):
            yield sector, state


def _activity(answer: Answer, sector: ProcessChain) -> FloatArray:
    """Activity of every process in the target year, ``(P,)``."""
    physical = answer.plan.path.physical
    return np.array([float(physical[f"activity:{name}"][answer.year, 0]) for name in sector.flow.processes])


def _highest(sector: ProcessChain) -> FloatArray:
    """Highest utilisation of every process, share, ``(P,)``."""
    own = [sector.chain.processes[name].utilisation for name in sector.flow.processes]
    shared = sector.parameters.capacity.utilisation
    return np.array([(stated or shared).max.value / 100 for stated in own])


def process_binds(answer: Answer, sector: ProcessChain, state: State) -> list[str]:
    """What holds each process in the target year: ``capacity``, ``market`` or ``feed``."""
    limit = state.stocks["limit"][:, :1]
    wanted = sector.flow.wanted(limit, state.stocks["market"][:, :1], state.year)[:, 0]
    made = _activity(answer, sector)
    return [
        (
            "feed"
            if made[k] < wanted[k] * (1 - _HAIR)
            else "capacity"
            if wanted[k] >= limit[k, 0] * (1 - _HAIR)
            else "market"
        )
        for k in range(len(made))
    ]


def chain_binds(answer: Answer, sector: ProcessChain, state: State) -> str:
    """What holds most of a chain's value added."""
    added = answer.plan.path.value_added[answer.economy.rows(sector.id), answer.year, 0]
    held = [*process_binds(answer, sector, state), answer.plan.path.binds(sector.id, answer.year)]
    weight: dict[str, float] = {}
    for name, va in zip(held, added, strict=True):
        weight[name] = weight.get(name, 0.0) + float(va)
    return max(weight, key=lambda name: weight[name])


def chain_utilisation(answer: Answer, sector: ProcessChain, state: State) -> float | None:
    """Output over nominal capacity of all processes and other products, weighted at base prices, %."""
    value = sector.flow.value(answer.year)[:, 0]
    rest = sector.parameters.capacity.utilisation.max.value / 100
    nominal = (
        float(value @ (state.stocks["limit"][:, 0] / _highest(sector)))
        + float(state.stocks["other"][0]) / rest
    )
    made = float(answer.plan.path.output[answer.economy.rows(sector.id), answer.year, 0].sum())
    return 100 * made / nominal if nominal > 0 else None


@dataclass(frozen=True)
class _Entry:
    """A process, a material or an element of a chain."""

    of: ProcessChain
    id: str
    stated: Any


@dataclass(frozen=True)
class _Process(_Entry):
    capacity: float
    held: str


def _physical(answer: Answer, what: str, year: int) -> Callable[[_Entry], Any]:
    """An amount of an entry in a year (0 is the base year); None where it has none such."""

    def amount(row: _Entry) -> float | None:
        found = answer.plan.path.physical.get(f"{what}:{row.id}")
        return None if found is None else float(found[year, 0])

    return amount


def chain_tables(answer: Answer) -> dict[str, Table]:
    """Processes, materials and recoveries; nothing where the scenario has no chain."""
    found = list(chains(answer))
    if not found:
        return {}
    tables = {"chain": _processes(answer, found), "materials": _materials(answer, found)}
    if any(sector.chain.recovery for sector, _ in found):
        tables["recovery"] = recovery(answer)
    return tables


def units_of(sectors: Iterable[ProcessChain]) -> tuple[str, str]:
    """The unit of amounts and of prices of chains; nothing where they differ."""
    stated = [sector.chain.units for sector in sectors]
    amounts, prices = {units.amount for units in stated}, {units.price for units in stated}
    return (amounts.pop() if len(amounts) == 1 else "", prices.pop() if len(prices) == 1 else "")


def unit_column(unit: str, of: Callable[[Any], ProcessChain]) -> tuple[Column, ...]:
    """A column of the unit of amounts, where chains differ in it."""
    title = msg("Unit of amounts")
    return () if unit else (Column("unit", title, value=lambda row: unit_text(of(row).chain.units.amount)),)


def _years(answer: Answer) -> tuple[int, int]:
    return answer.economy.base_year, answer.economy.base_year + answer.year


def _processes(answer: Answer, found: list[tuple[ProcessChain, State]]) -> Table:
    base, now = _years(answer)
    amount, _ = units_of(sector for sector, _ in found)
    first, made = (_physical(answer, "activity", t) for t in (0, answer.year))
    rows = []
    for sector, state in found:
        most, held = state.stocks["limit"][:, 0] / _highest(sector), process_binds(answer, sector, state)
        for name, capacity, bind in zip(sector.flow.processes, most.tolist(), held, strict=True):
            rows.append(_Process(sector, name, sector.chain.processes[name], capacity, bind))

    def growth(row: _Process) -> float | None:
        return 100 * (made(row) / first(row) - 1) if first(row) > 0 else None

    def used(row: _Process) -> float | None:
        return 100 * made(row) / row.capacity if row.capacity > 0 else None

    columns = (
        Column("sector", msg("Sector id"), shown=False, value=lambda row: row.of.id),
        Column("process", msg("Process id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Process"), value=lambda row: row.stated.title),
        Column("makes", msg("Makes"), value=lambda row: row.of.chain.materials[row.stated.makes].title),
        *unit_column(amount, lambda row: row.of),
        Column("base", msg("Made {base}", base=base), amount, 3, value=first),
        Column("made", msg("Made {now}", now=now), amount, 3, value=made),
        Column("growth", msg("Growth"), "%", 1, value=growth),
        Column("capacity", msg("Capacity {now}", now=now), amount, 3),
        Column("utilisation", msg("Capacity used"), "%", 1, value=used),
        Column("binds", msg("Binding constraint"), value=lambda row: BINDS[row.held]),
    )
    return declare("chain", msg("Process chain"), columns, rows, ("sector", "process"))


def _materials(answer: Answer, found: list[tuple[ProcessChain, State]]) -> Table:
    base, now = _years(answer)

    weight, money = units_of(sector for sector, _ in found)

    def amount(name: str, title: Bilingual, what: str, year: int, optional: bool = False) -> Column:
        return Column(name, title, weight, 3, value=_physical(answer, what, year), optional=optional)

    def price(name: str, title: Bilingual, year: int) -> Column:
        return Column(name, title, money, 0, value=lambda row: float(answer.economy.price(row.id, year)[0]))

    columns = (
        Column("sector", msg("Sector id"), shown=False, value=lambda row: row.of.id),
        Column("material", msg("Material id"), shown=False, value=lambda row: row.id),
        Column("title", msg("Material"), value=lambda row: row.stated.title),
        *unit_column(weight, lambda row: row.of),
        amount("made_base", msg("Made {base}", base=base), "made", 0),
        amount("made", msg("Made {now}", now=now), "made", answer.year),
        amount("bought_base", msg("Bought {base}", base=base), "bought", 0, True),
        amount("bought", msg("Bought {now}", now=now), "bought", answer.year, True),
        amount("sold_base", msg("Sold {base}", base=base), "sold", 0),
        amount("sold", msg("Sold {now}", now=now), "sold", answer.year),
        price("price_base", msg("Price {base}", base=base), 0),
        price("price", msg("Price {now}", now=now), answer.year),
    )
    rows = [_Entry(sector, *item) for sector, _ in found for item in sector.chain.materials.items()]
    note = msg("Sold: outside the chain; bought: outside the region.")
    return declare("materials", msg("Materials"), columns, rows, ("sector", "material"), note, brief=none)


def recovery(answer: Answer) -> Table:
    """Recovery of each element: reported, reproduced by the chain in the base year, and in the target
    year."""
    base, now = _years(answer)
    reproduced, later = (_physical(answer, "recovery", t) for t in (0, answer.year))

    def off(row: _Entry) -> float:
        return float(reproduced(row) - row.stated.reported.value)

    def near(row: _Entry) -> float | None:
        return row.stated.tolerance.value if row.stated.tolerance else None

    def ok(row: _Entry) -> bool | None:
        return abs(off(row)) <= row.stated.tolerance.value if row.stated.tolerance else None

    columns = (
        Column("sector", msg("Sector id"), shown=False, value=lambda row: row.of.id),
        Column("element", msg("Element"), value=lambda row: row.id),
        Column(
            "reported", msg("Reported {base}", base=base), "%", 1, value=lambda row: row.stated.reported.value
        ),
        Column("reproduced", msg("Reproduced {base}", base=base), "%", 2, value=reproduced),
        Column("difference", msg("Difference", context="table_chain"), "points", 2, signed=True, value=off),
        Column("tolerance", msg("Tolerance"), "points", 2, value=near),
        Column("ok", msg("Within tolerance"), value=ok),
        Column("target_year", msg("Model {now}", now=now), "%", 2, value=later),
    )
    rows = [_Entry(sector, *item) for sector, _ in chains(answer) for item in sector.chain.recovery.items()]
    note = msg("Recoveries come out of the chain; they are no input.")
    return declare("recovery", msg("Recovery of elements"), columns, rows, ("sector", "element"), note)
