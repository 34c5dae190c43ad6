"""Process chains: what each process makes, what is sold, and whether reported recoveries are reproduced
(工艺链)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.quantity import FloatArray
from ...models.sectors.vanadium_titanium import VanadiumTitanium
from ...models.words import msg
from ..text.wording import BINDS
from .table import Column, Table

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


def chains(answer: Answer) -> Iterator[tuple[VanadiumTitanium, State]]:
    """Sectors that are a process chain, with their state in the target year."""
    for sector, state in zip(answer.economy.sectors, states_in(answer, answer.year), strict=True):
        if isinstance(sector, VanadiumTitanium):
            yield sector, state


def _activity(answer: Answer, sector: VanadiumTitanium, year: int) -> FloatArray:
    """Activity of every process, ``(P,)``."""
    return np.array(
        [float(answer.plan.path.physical[f"activity:{name}"][year, 0]) for name in sector.flow.processes]
    )


def _highest(sector: VanadiumTitanium) -> FloatArray:
    """Highest utilisation of every process, share, ``(P,)``."""
    own = [sector.chain.processes[name].utilisation for name in sector.flow.processes]
    shared = sector.parameters.capacity.utilisation
    return np.array([(stated or shared).max.value / 100 for stated in own])


def process_binds(answer: Answer, sector: VanadiumTitanium, state: State) -> list[str]:
    """What holds each process in the target year: ``capacity``, ``market`` or ``feed``."""
    limit = state.stocks["limit"][:, :1]
    wanted = sector.flow.wanted(limit, state.stocks["market"][:, :1], state.year)[:, 0]
    made = _activity(answer, sector, answer.year)
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


def chain_binds(answer: Answer, sector: VanadiumTitanium, state: State) -> str:
    """What holds most of a chain's value added."""
    added = answer.plan.path.value_added[answer.economy.rows(sector.id), answer.year, 0]
    held = [*process_binds(answer, sector, state), answer.plan.path.binds(sector.id, answer.year)]
    weight: dict[str, float] = {}
    for name, va in zip(held, added, strict=True):
        weight[name] = weight.get(name, 0.0) + float(va)
    return max(weight, key=lambda name: weight[name])


def chain_utilisation(answer: Answer, sector: VanadiumTitanium, state: State) -> float | None:
    """Output over nominal capacity of all processes and other products, weighted at base prices, %."""
    value = sector.flow.value(answer.year)[:, 0]
    rest = sector.parameters.capacity.utilisation.max.value / 100
    nominal = (
        float(value @ (state.stocks["limit"][:, 0] / _highest(sector)))
        + float(state.stocks["other"][0]) / rest
    )
    made = float(answer.plan.path.output[answer.economy.rows(sector.id), answer.year, 0].sum())
    return 100 * made / nominal if nominal > 0 else None


def chain_tables(answer: Answer) -> dict[str, Table]:
    """Processes, materials and recoveries; nothing where the scenario has no chain."""
    found = list(chains(answer))
    if not found:
        return {}
    tables = {"chain": _processes(answer, found), "materials": _materials(answer, found)}
    if any(sector.chain.recovery for sector, _ in found):
        tables["recovery"] = recovery(answer)
    return tables


def _years(answer: Answer) -> tuple[int, int]:
    return answer.economy.base_year, answer.economy.base_year + answer.year


def _processes(answer: Answer, found: list[tuple[VanadiumTitanium, State]]) -> Table:
    base, now = _years(answer)
    rows: list[tuple[Any, ...]] = []
    for sector, state in found:
        made, first = _activity(answer, sector, answer.year), _activity(answer, sector, 0)
        nominal = state.stocks["limit"][:, 0] / _highest(sector)
        held = process_binds(answer, sector, state)
        for k, name in enumerate(sector.flow.processes):
            stated = sector.chain.processes[name]
            rows.append(
                (
                    sector.id,
                    name,
                    stated.title,
                    sector.chain.materials[stated.makes].title,
                    float(first[k]),
                    float(made[k]),
                    float(100 * (made[k] / first[k] - 1)) if first[k] > 0 else None,
                    float(nominal[k]),
                    float(100 * made[k] / nominal[k]) if nominal[k] > 0 else None,
                    BINDS[held[k]],
                )
            )
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("process", msg("Process id"), shown=False),
        Column("title", msg("Process")),
        Column("makes", msg("Makes")),
        Column("base", msg("Made {base}", base=base), "万吨", 3),
        Column("made", msg("Made {now}", now=now), "万吨", 3),
        Column("growth", msg("Growth"), "%", 1),
        Column("capacity", msg("Capacity {now}", now=now), "万吨", 3),
        Column("utilisation", msg("Capacity used"), "%", 1),
        Column("binds", msg("Held by")),
    )
    return Table("chain", msg("Process chain"), columns, tuple(rows), ("sector", "process"))


def _materials(answer: Answer, found: list[tuple[VanadiumTitanium, State]]) -> Table:
    base, now = _years(answer)
    physical, price = answer.plan.path.physical, answer.economy.price
    rows = []
    for sector, _ in found:
        for name, stated in sector.chain.materials.items():
            amounts = [
                float(physical[f"{what}:{name}"][t, 0]) for what in ("made", "sold") for t in (0, answer.year)
            ]
            rows.append(
                (
                    sector.id,
                    name,
                    stated.title,
                    *amounts,
                    float(price(name, 0)[0]),
                    float(price(name, answer.year)[0]),
                )
            )
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("material", msg("Material id"), shown=False),
        Column("title", msg("Material")),
        Column("made_base", msg("Made {base}", base=base), "万吨", 3),
        Column("made", msg("Made {now}", now=now), "万吨", 3),
        Column("sold_base", msg("Sold {base}", base=base), "万吨", 3),
        Column("sold", msg("Sold {now}", now=now), "万吨", 3),
        Column("price_base", msg("Price {base}", base=base), "元/吨", 0),
        Column("price", msg("Price {now}", now=now), "元/吨", 0),
    )
    note = msg("Sold: outside the chain.")
    return Table("materials", msg("Materials"), columns, tuple(rows), ("sector", "material"), note)


def recovery(answer: Answer) -> Table:
    """Recovery of each element: reported, reproduced by the chain in the base year, and in the target
    year."""
    base, now = _years(answer)
    rows = []
    for sector, _ in chains(answer):
        for element, stated in sector.chain.recovery.items():
            path = answer.plan.path.physical[f"recovery:{element}"][:, 0]
            off = float(path[0]) - stated.reported.value
            near = stated.tolerance.value if stated.tolerance else None
            rows.append(
                (
                    sector.id,
                    element,
                    stated.reported.value,
                    float(path[0]),
                    off,
                    near,
                    abs(off) <= near if near is not None else None,
                    float(path[answer.year]),
                )
            )
    columns = (
        Column("sector", msg("Sector id"), shown=False),
        Column("element", msg("Element")),
        Column("reported", msg("Reported {base}", base=base), "%", 1),
        Column("reproduced", msg("Reproduced {base}", base=base), "%", 2),
        Column("difference", msg("Difference", context="table_chain"), "points", 2, signed=True),
        Column("tolerance", msg("Tolerance"), "points", 2),
        Column("ok", msg("Within tolerance")),
        Column("target_year", msg("Model {now}", now=now), "%", 2),
    )
    return Table(
        "recovery",
        msg("Recovery of elements"),
        columns,
        tuple(rows),
        ("sector", "element"),
        msg("Recoveries come out of the chain; they are no input."),
    )
