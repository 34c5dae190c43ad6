"""The best use of a region's process chains: promised by the solver, then simulated, alone and in the economy
(工艺链优化)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from ...models.errors import Problem, ScenarioError
from ...models.flow import Flow, joined
from ...models.quantity import FloatArray, share_of
from ...models.sector import Routing, State
from ...models.sectors.process_chain import ProcessChain
from ...models.words import msg
from ...solvers.chain import Best, ChainYear, best_use
from ..study import Study
from .assess import Run


class Aim(Enum):
    """What a chain is to bring most of; the value is the text shown."""

    VALUE_ADDED = msg("value added")
    OUTPUT = msg("output")
    SALES = msg("sales outside the chain")


CLOSE = 1e-9
"""Difference of an activity, relative to one or its size, within which a promise is kept."""


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
        The shares handed over; ``worth`` the value of a unit of activity by aim ``(P,)``, in units of money.
    after
        The whole economy with that routing; None where markets or capacities are not the plan's.
    """

    sector: ProcessChain
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
        if isinstance(sector, ProcessChain)
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
        if isinstance(sector, ProcessChain):
            yield _use(
                begun, sector, _changed(sector, state, opened, stated), state, aim, current, time_limit
            )


def _changed(sector: ProcessChain, state: State, opened: bool, capacity: Mapping[str, float]) -> ChainYear:
    """The chain's year as the plan brings it, with markets and capacities as the question puts them."""
    limit = state.stocks["limit"][:, 0].copy()
    for k, name in enumerate(sector.flow.processes):
        limit[k] = capacity.get(name, limit[k])
    market = np.maximum(state.stocks["market"][:, 0], 0.0)
    return ChainYear(sector.flow, state.year, limit, np.full_like(market, np.inf) if opened else market)


def _use(
    begun: Study,
    sector: ProcessChain,
    changed: ChainYear,
    state: State,
    aim: Aim,
    current: bool,
    time_limit: float,
) -> ChainUse:
    flow, plan = sector.flow, begun.plan
    own = _changed(sector, state, False, {})
    own = replace(own, routing=_led(own, plan.plan.routing.get(sector.id)))
    worth = {each: worths(begun, sector, each, current) for each in Aim}
    now = np.array([float(plan.path.physical[f"activity:{name}"][state.year, 0]) for name in flow.processes])
    checked = best_use(own, worth[Aim.OUTPUT], held=True, solver=begun.solver, time_limit=time_limit)
    best = best_use(changed, worth[aim], near=now, solver=begun.solver, time_limit=time_limit)
    activity = best.activity if np.isfinite(best.activity).all() else now
    routing, run = handed_over(changed, activity)
    same = np.array_equal(changed.limit, own.limit) and np.array_equal(changed.market, own.market)
    after = (
        begun.assessor.simulate(
            replace(plan.plan, id="chain", routing={**plan.plan.routing, sector.id: routing})
        )
        if same
        else None
    )
    return ChainUse(sector, changed, aim, best, now, checked.activity, run, routing, worth, after)


def handed_over(chain: ChainYear, activity: FloatArray) -> tuple[Routing, FloatArray]:
    """Shares that make the simulation run at given activities ``(P,)``, and what it makes of them.

    Shares of feed are handed over, and where several processes make a material what each is asked for. Where
    that is not enough, since a process is to make less than it is asked for, what every process is asked for.
    """
    flow = chain.flow
    market = np.where(np.isfinite(chain.market), np.maximum(chain.market, 0.0), chain.limit)

    def simulated(materials: Iterable[int]) -> tuple[Routing, FloatArray]:
        asked = flow.asked_for(activity, market, chain.year, materials)
        routing = joined(flow.shares(activity, chain.year), asked)
        return routing, flow.run(chain.limit[:, None], market[:, None], chain.year, routing)[:, 0]

    routing, run = simulated(flow.several)
    if np.all(np.abs(run - activity) <= CLOSE * np.maximum(1.0, np.abs(activity))):
        return routing, run
    return simulated(flow.counted)


def _led(chain: ChainYear, routing: Routing | None) -> Routing | None:
    """The plan's routing, with what the makers of materials shared by cost are asked for in it."""
    flow = chain.flow
    led = [m for m in flow.several if flow.by_cost[m]]
    if not led:
        return routing
    wanted = flow.wanted(chain.limit[:, None], chain.market[:, None], chain.year, routing)[:, 0]
    return joined(flow.asked_for(wanted, chain.market, chain.year, led), routing or {})


def worths(begun: Study, sector: ProcessChain, aim: Aim, current: bool) -> FloatArray:
    """What a unit of activity of each process adds to the aim ``(P,)``, in units of money.

    Output: all that it makes at its price. Value added: output less the materials it uses, both at the prices
    asked for, less other purchases at base prices; at base prices, output times the process' own ratio.
    Sales: what it makes less what it takes from the chain, where no part of it was bought outside.

    .. math:: v_k = \\sum_m (y_{mk} - u_{mk})\\, p_m - o_k
    """
    flow, year = sector.flow, begun.year
    base = flow.price[:, 0]
    price = (
        np.array([float(begun.economy.price(name, year)[0]) for name in flow.materials]) if current else base
    )
    made, used = flow.made(year)[..., 0], flow.used(year)[..., 0]
    if aim is Aim.SALES:
        return np.asarray((made - used * _own(flow)[:, None]).T @ price * flow.worth)
    if aim is Aim.OUTPUT:
        return np.asarray(made.T @ price * flow.worth)
    kept = (made.T @ base) * flow.worth * flow.va_ratio[:, 0]
    return np.asarray(kept + (made - used).T @ (price - base) * flow.worth)


def _own(flow: Flow) -> FloatArray:
    """Part of each material's base-year supply that the chain makes itself, ``(M,)``."""
    made = np.einsum("mpd,pd->md", flow.made(0), flow.base)
    return share_of(made, made + flow.bought(flow.base, 0), 1.0)[:, 0]
