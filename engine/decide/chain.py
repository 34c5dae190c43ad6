"""The best use of a region's process chains: promised by the solver, then simulated, alone and in the economy
(工艺链优化)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.flow import YUAN
from ...models.quantity import FloatArray
from ...models.sector import Routing, State
from ...models.sectors.vanadium_titanium import VanadiumTitanium
from ...models.words import msg
from ...solvers.chain import Best, ChainYear, best_use
from ..study import Study
from .assess import Run


class Aim(Enum):
    """What a chain is to bring most of; the value is the text shown."""

    VALUE_ADDED = msg("value added")
    OUTPUT = msg("output")
    SALES = msg("sales outside the chain")


@dataclass(frozen=True)
class ChainUse:
    """One chain in the target year, at its best use.

    Attributes
    ----------
    now, promised, simulated
        Activity of every process ``(P,)`` in the plan, as the solver promises it, and as the simulation gives
        it with the routing that the solver found.
    checked
        What the same linear programme gives with the plan's own routing: equal to ``now``, or the two models
        differ.
    routing
        The shares handed over; ``worth`` the value of a unit of activity by aim ``(P,)``, 亿元.
    after
        The whole economy with that routing; None where markets or capacities are not the plan's.
    """

    sector: VanadiumTitanium
    year: ChainYear
    aim: Aim
    best: Best
    now: FloatArray
    checked: FloatArray
    simulated: FloatArray
    routing: Routing
    worth: Mapping[Aim, FloatArray]
    after: Run | None

    @property
    def promised(self) -> FloatArray:
        """Activity of every process that the solver promises, ``(P,)``."""
        return self.best.activity

    @property
    def difference(self) -> float:
        """Largest difference between the linear programme and the simulation for the plan's routing, relative
        to the size of a process."""
        size = np.maximum(np.abs(self.now), 1e-9)
        return float(np.max(np.abs(self.checked - self.now) / size, initial=0.0))


def chain_uses(
    begun: Study,
    aim: Aim,
    *,
    current: bool = False,
    opened: bool = False,
    capacity: Mapping[str, float] | None = None,
    time_limit: float = 60.0,
) -> Iterator[ChainUse]:
    """Every chain of a scenario at its best use in the target year, capacities and markets as the plan brings
    them.

    Parameters
    ----------
    aim
        What there is to be most of; processes are worth what they add to it.
    current
        Whether prices are those of the target year; otherwise the base year's, in which the accounts are
        kept.
    opened
        Whether markets are left aside: everything that is made finds a buyer.
    capacity
        Most that single processes can make, in place of what the plan brings: so much ore, say.

    Raises
    ------
    ScenarioError
        Where ``capacity`` names no process of any chain.
    SolverError
        Where the solver is missing or fails.
    """
    stated = dict(capacity or {})
    known = [
        name
        for sector in begun.economy.sectors
        if isinstance(sector, VanadiumTitanium)
        for name in sector.flow.processes
    ]
    if wrong := [name for name in stated if name not in known]:
        raise ScenarioError(
            [
                Problem(
                    "--capacity",
                    wrong[0],
                    msg(
                        "a process of a chain: {names}",
                        names=(", ".join(known) or msg("the scenario has none")),
                    ),
                )
            ]
        )
    states = begun.economy.start()
    for t in range(1, begun.year + 1):
        states = begun.economy.advance(states, begun.plan.pipeline_run.realisation, t)
    for sector, state in zip(begun.economy.sectors, states, strict=True):
        if isinstance(sector, VanadiumTitanium):
            yield _use(
                begun, sector, _changed(sector, state, opened, stated), state, aim, current, time_limit
            )


def _changed(
    sector: VanadiumTitanium, state: State, opened: bool, capacity: Mapping[str, float]
) -> ChainYear:
    """The chain's year as the plan brings it, with markets and capacities as the question puts them."""
    limit = state.stocks["limit"][:, 0].copy()
    for k, name in enumerate(sector.flow.processes):
        limit[k] = capacity.get(name, limit[k])
    market = np.maximum(state.stocks["market"][:, 0], 0.0)
    return ChainYear(sector.flow, state.year, limit, np.full_like(market, np.inf) if opened else market)


def _use(
    begun: Study,
    sector: VanadiumTitanium,
    changed: ChainYear,
    state: State,
    aim: Aim,
    current: bool,
    time_limit: float,
) -> ChainUse:
    flow, plan = sector.flow, begun.plan
    own = replace(_changed(sector, state, False, {}), routing=plan.plan.routing.get(sector.id))
    worth = {each: worths(begun, sector, each, current) for each in Aim}
    now = np.array([float(plan.path.physical[f"activity:{name}"][state.year, 0]) for name in flow.processes])
    checked = best_use(own, worth[Aim.OUTPUT], held=True, solver=begun.solver, time_limit=time_limit)
    best = best_use(changed, worth[aim], near=now, solver=begun.solver, time_limit=time_limit)
    activity = best.activity if np.isfinite(best.activity).all() else now
    routing = flow.shares(activity, state.year)
    run = flow.run(changed.limit[:, None], changed.market[:, None], state.year, routing)
    same = np.array_equal(changed.limit, own.limit) and np.array_equal(changed.market, own.market)
    after = (
        begun.assessor.simulate(
            replace(plan.plan, id="chain", routing={**plan.plan.routing, sector.id: routing})
        )
        if same
        else None
    )
    return ChainUse(sector, changed, aim, best, now, checked.activity, run[:, 0], routing, worth, after)


def worths(begun: Study, sector: VanadiumTitanium, aim: Aim, current: bool) -> FloatArray:
    """What a unit of activity of each process adds to the aim ``(P,)``, 亿元.

    Output: all that it makes at its price. Value added: output times the process' own ratio. Sales: what it
    makes less what it takes from the chain.
    """
    flow, year, prices = sector.flow, begun.year, begun.economy.prices
    price = flow.price[:, 0]
    if current:
        price = price * np.array([float(prices.material[name][0]) ** year for name in flow.materials])
    made, used = flow.made(year)[..., 0], flow.used(year)[..., 0]
    if aim is Aim.SALES:
        return np.asarray((made - used).T @ price * YUAN)
    output = made.T @ price * YUAN
    if aim is Aim.OUTPUT:
        return np.asarray(output)
    ratio = np.array([float(branch.va_ratio[0]) for branch in sector.branches[: len(flow.processes)]])
    return np.asarray(output * ratio)
