"""A process chain: ore to metal, crude to fuels, whatever is made of one another (工艺链)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from ..capacity import Building, Selling
from ..chain import Chain
from ..errors import Problem, ScenarioError
from ..flow import Flow, joined
from ..parameters import Capacity, MarketParameters, SectorParameters
from ..quantity import Draws, FloatArray, same_draws
from ..sector import Branch, Commissioned, Coupling, Response, Routing, State, Supply
from ..words import msg


class ProcessChainParameters(SectorParameters):
    """A sector whose output is a process chain plus what the chain does not list."""

    model: Literal["process_chain"]
    chain: str = Field(description="Key of `chains`.")
    market: MarketParameters = Field(
        description=(
            "For the products that the chain does not list, and for materials that do not say otherwise."
        )
    )
    capacity: Capacity = Field(
        description=(
            "For the products that the chain does not list, and for processes that do not say otherwise."
        )
    )


class ProcessChain:
    """A chain of processes, each a branch of the accounts, and one branch for other products.

    Each process makes the least of its feed, its capacity and its market (:mod:`..flow`); its activity
    times the value of all it makes is its gross output. Pool investment is spread over the branches by
    their base-year output; named projects add capacity to one process. Other products behave as industry.
    """

    Parameters = ProcessChainParameters

    def __init__(
        self,
        id: str,
        parameters: ProcessChainParameters,
        branches: tuple[Branch, ...],
        chain: Chain,
        flow: Flow,
        values: Draws,
    ) -> None:
        self.id = id
        self.parameters = parameters
        self.branches = branches
        self.chain = chain
        self.flow = flow
        self.selling = Selling(parameters.market, values)
        self.building = Building(parameters.capacity, self.selling.trend, values)
        self.other = branches[-1].output * self.building.headroom
        self.markets = [
            Selling(stated.market, values) if stated.market else self.selling
            for stated in chain.materials.values()
        ]
        output = np.stack(np.broadcast_arrays(*[branch.output for branch in branches]))
        self.spread = output / output.sum(axis=0)
        self.limit = self._limits(values)
        self.content = {
            (material, element): values(part) / 100
            for material, stated in chain.materials.items()
            for element, part in stated.content.items()
        }
        self.credit = {
            (element, material): values(part) / 100
            for element, stated in chain.recovery.items()
            for material, part in stated.sold.items()
        }

    def _limits(self, values: Draws) -> FloatArray:
        """Most that each process can make in the base year, ``(P, D)``."""
        limits, problems = [], []
        for k, name in enumerate(self.flow.processes):
            stated = self.chain.processes[name]
            used = stated.utilisation or self.parameters.capacity.utilisation
            base = self.flow.base[k]
            highest = values(used.max) / 100
            limit = (
                values(stated.capacity) * highest
                if stated.capacity
                else base * values(used.max) / values(used.base)
            )
            if values.strict and np.any(limit < base * (1 - 1e-9)):
                problems.append(
                    Problem(
                        f"chains.{self.parameters.chain}.processes.{name}.capacity",
                        msg("{limit:.4g} at the highest utilisation", limit=float(limit.min())),
                        msg("at least the base output {base:.4g}", base=float(base.max())),
                        msg("raise `capacity` or the highest utilisation"),
                    )
                )
            limits.append(np.maximum(limit, base))
        if problems:
            raise ScenarioError(problems)
        return np.stack(np.broadcast_arrays(*limits))

    def start(self, outside: FloatArray) -> State:
        """Base year: every process at its base output, each market at base sales."""
        stocks = {
            "limit": self.limit,
            "market": self.flow.market,
            "other": self.other,
        }
        return self._state(0, stocks, outside)

    def _state(self, year: int, stocks: Mapping[str, FloatArray], outside: FloatArray) -> State:
        value = self.flow.value(year)
        activity = self.flow.run(stocks["limit"], np.maximum(stocks["market"], 0.0), year)
        limit = np.concatenate(same_draws(activity * value, stocks["other"][None, :]), axis=0)
        return State(year, limit, outside, stocks)

    def advance(self, state: State, got: Commissioned) -> State:
        """Capacities, markets of the materials and other products after the year's commissioning."""
        year, building = state.year + 1, self.building
        new, normal = building.new(got.pool) * self.spread, building.new(got.normal) * self.spread
        value = np.maximum(self.flow.value(0), 1e-12)
        limit, market = [], list(state.stocks["market"])
        for k, material in enumerate(self.flow.makes):
            usually = normal[k] / value[k]
            listed, usual = got.listed(self.limit[k] - usually, self.flow.processes[k])
            added, usually = new[k] / value[k] + listed, usually + usual
            limit.append(building.grow(state.stocks["limit"][k], added, usually))
            market[k] = self.markets[material].grow(market[k], added, usually, got.shock)
        listed, usual = got.listed(self.other - normal[-1])
        added, usually = new[-1] + listed, normal[-1] + usual
        sales = self.selling.grow(state.outside[-1], added, usually, got.shock)
        stocks = {
            "limit": np.stack(np.broadcast_arrays(*limit)),
            "market": np.stack(np.broadcast_arrays(*market)),
            "other": building.grow(state.stocks["other"], added, usually),
        }
        outside = np.concatenate(same_draws(state.outside[:-1], sales[None, :]), axis=0)
        return self._state(year, stocks, outside)

    def supply(self, state: State, routing: Routing | None = None) -> Supply:
        """What the chain makes, given the routing; other products by capacity and market."""
        if not routing:
            return Supply(state.limit, np.maximum(state.outside, 0.0))
        activity = self.flow.run(
            state.stocks["limit"], np.maximum(state.stocks["market"], 0.0), state.year, routing
        )
        made = activity * self.flow.value(state.year)
        return Supply(
            np.concatenate(same_draws(made, state.limit[-1:]), axis=0), np.maximum(state.outside, 0.0)
        )

    def response(self, state: State) -> Response:
        """Capacity, market, wish and feed of every process as linear limits; routing is free.

        With ``w`` what a process wants and ``x`` its output at base prices, value ``c`` per unit, ``π`` its
        part of what the chain uses, ``b`` what can be bought:
        ``w_k <= L_k``, ``Σ_k w_k - Σ_k π_k Σ_j u_mj w_j <= Σ_k S_k`` over the processes counted by m,
        ``x_k / c_k <= w_k``, ``Σ_j u_mj x_j / c_j <= Σ_j y_mj x_j / c_j + b_m``.
        """
        flow, year = self.flow, state.year
        processes, width = len(flow.processes), len(self.branches)
        unit = np.eye(processes)
        used, made, value = flow.used(year)[..., 0], flow.made(year)[..., 0], flow.value(year)[..., 0]
        none_x, none_w = np.zeros(width), np.zeros(processes)
        zero = np.zeros(1)
        couplings = []
        for k, name in enumerate(flow.processes):
            m = flow.makes[k]
            output = np.concatenate([unit[k] / max(value[k], 1e-12), [0.0]])
            couplings.append(Coupling(f"capacity:{name}", none_x, unit[k], state.stocks["limit"][k]))
            if (makers := list(flow.counted[m]))[0] == k:
                asked = unit[makers].sum(axis=0) - flow.part[makers, 0].sum() * used[m]
                sales = np.maximum(state.stocks["market"][makers], 0.0).sum(axis=0)
                couplings.append(Coupling(f"market:{name}", none_x, asked, sales))
            couplings.append(Coupling(f"wish:{name}", output, -unit[k], zero))
        per_output = np.concatenate([1 / np.maximum(value, 1e-12), [0.0]])
        for m, material in enumerate(flow.materials):
            if flow.uses[m].any() and not flow.endless[m]:
                balance = np.concatenate([used[m] - made[m], [0.0]]) * per_output
                couplings.append(Coupling(f"feed:{material}", balance, none_w, flow.most[m]))
        limit = np.concatenate(same_draws(np.full((processes, 1), np.inf), state.limit[-1:]), axis=0)
        return Response(limit, np.maximum(state.outside, 0.0), tuple(couplings), processes)

    def physical(self, state: State, output: FloatArray) -> Mapping[str, FloatArray]:
        """``made:``, ``sold:`` per material, ``bought:`` of those that can be, ``activity:`` per process (in
        the chain's unit of amounts), ``recovery:`` per element (%)."""
        flow, year = self.flow, state.year
        activity = output[:-1] / np.maximum(flow.value(year), 1e-12)
        made = np.einsum("mpd,pd->md", *same_draws(flow.made(year), activity))
        sold, bought = flow.sold(activity, year), flow.bought(activity, year)
        found = {f"activity:{name}": activity[k] for k, name in enumerate(flow.processes)}
        for m, material in enumerate(flow.materials):
            found[f"made:{material}"], found[f"sold:{material}"] = made[m], sold[m]
        for m in flow.purchasable:
            found[f"bought:{flow.materials[m]}"] = bought[m]
        for element, stated in self.chain.recovery.items():
            ore = found[f"made:{stated.ore}"] * self.content[stated.ore, element]
            kept = np.zeros(1)
            for material in stated.made:
                kept = kept + found[f"made:{material}"] * self.content[material, element]
            for material in stated.sold:
                kept = kept + (
                    found[f"sold:{material}"]
                    * self.content[material, element]
                    * self.credit[element, material]
                )
            found[f"recovery:{element}"] = 100 * kept / np.maximum(ore, 1e-12)
        return found

    def routing(self, year: int, output: FloatArray) -> Routing | None:
        """Shares of materials that an output takes; what is left is shared out as the scenario's shares
        are. Where several processes make a material, each is asked for its share of what they make."""
        flow = self.flow
        activity = output[:-1, 0] / np.maximum(flow.value(year)[:, 0], 1e-12)
        made = flow.made(year)[..., 0] @ activity + flow.most[:, 0]
        taken = flow.used(year)[..., 0] * activity
        part: FloatArray = np.divide(
            taken, made[:, None], out=np.zeros_like(taken), where=made[:, None] > 1e-12
        )
        part[np.array(flow.endless)] = 0.0
        stated = flow.share[..., 0]
        if np.all(part <= stated + 1e-9) and not flow.several:
            return None
        left = np.maximum(1 - part.sum(axis=1), 0.0)
        share = part + left[:, None] * stated / np.maximum(stated.sum(axis=1), 1e-12)[:, None]
        feeds = {
            process: {
                material: float(share[m, k])
                for m, material in enumerate(flow.materials)
                if flow.uses[m, k].any()
            }
            for k, process in enumerate(flow.processes)
            if flow.uses[:, k].any()
        }
        return joined(feeds, *(_of_makers(flow, m, activity) for m in flow.several))


def _of_makers(flow: Flow, material: int, activity: FloatArray) -> Routing:
    """What share of the activities ``(P,)`` that are counted by a material each is."""
    makers = flow.counted[material]
    whole = float(sum(activity[k] for k in makers))
    return {
        flow.processes[k]: {flow.materials[material]: float(activity[k]) / whole} for k in makers if whole > 0
    }
