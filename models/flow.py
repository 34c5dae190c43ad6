"""Material flow through a process chain: from what is wanted up to what is made (物料平衡).

Activity of a process is its output of the material it is counted by, in 10,000 t (or 10,000 m³) a year.
Arrays: ``P`` processes, ``M`` materials, ``D`` draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .chain import Chain
from .errors import Problem, ScenarioError
from .quantity import Draws, FloatArray, by_draw
from .sector import Routing
from .words import msg

YUAN = 1e-4
"""10,000 t at one yuan per t are 10,000 yuan = 1e-4 亿元."""


@dataclass(frozen=True)
class Flow:
    """A chain as arrays, processes in the order in which material flows.

    Attributes
    ----------
    uses, joint
        Material used and jointly made per unit made, base year, shape ``(M, P, D)``.
    uses_growth, joint_growth
        Factor a year of the same, from `improvement`.
    share
        Largest share of a material that a process may take, ``(M, P, D)``.
    base
        Base-year activity ``(P, D)``; ``price`` base-year price, yuan per unit ``(M, D)``.
    makes
        Index of the material by which each process is counted.
    """

    materials: tuple[str, ...]
    processes: tuple[str, ...]
    makes: tuple[int, ...]
    uses: FloatArray
    uses_growth: FloatArray
    joint: FloatArray
    joint_growth: FloatArray
    share: FloatArray
    base: FloatArray
    price: FloatArray
    _known: dict[tuple[str, int], FloatArray] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def used(self, year: int) -> FloatArray:
        """Material used per unit made in a year, ``(M, P, D)``."""
        return self._once("used", year, lambda: _grown(self.uses, self.uses_growth, year))

    def made(self, year: int) -> FloatArray:
        """Material made per unit of activity in a year, the counted one included, ``(M, P, D)``."""
        return self._once("made", year, lambda: self._made(year))

    def _made(self, year: int) -> FloatArray:
        made = _grown(self.joint, self.joint_growth, year)
        for process, material in enumerate(self.makes):
            made[material, process] += 1.0
        return made

    def value(self, year: int) -> FloatArray:
        """Value at base prices of all that a unit of activity makes, 亿元, ``(P, D)``."""
        return self._once("value", year, lambda: np.einsum("mpd,md->pd", self.made(year), self.price) * YUAN)

    def _once(self, name: str, year: int, make: Callable[[], FloatArray]) -> FloatArray:
        """What does not change within a year, made once and never written to."""
        if (name, year) not in self._known:
            found = self._known[name, year] = make()
            found.flags.writeable = False
        return self._known[name, year]

    def sold(self, activity: FloatArray, year: int) -> FloatArray:
        """Material that nobody in the chain takes, ``(M, D)``."""
        left: FloatArray = np.einsum("mpd,pd->md", self.made(year) - self.used(year), activity)
        return left

    def wanted(self, limit: FloatArray, market: FloatArray, year: int) -> FloatArray:
        """Activity wanted: capacity, or what the market and the processes downstream want.

        .. math:: W_k = \\min(L_k,\\; S_{m(k)} + \\sum_j u_{m(k) j} W_j)

        Parameters
        ----------
        limit
            Capacity ``(P, D)``.
        market
            Sales outside of each material at most ``(M, D)``.
        """
        used = self.used(year)
        draws = max(array.shape[-1] for array in (limit, market, used))
        wanted = np.broadcast_to(limit, (len(limit), draws)).copy()
        for k in reversed(range(len(self.processes))):
            material = self.makes[k]
            asked = market[material] + _weighted(used[material], wanted, self.users[material])
            wanted[k] = np.minimum(wanted[k], asked)
        return wanted

    def run(
        self, limit: FloatArray, market: FloatArray, year: int, routing: Routing | None = None
    ) -> FloatArray:
        """Activity of every process: the least of feed, capacity and market, ``(P, D)``.

        Feed flows down; a process takes at most its share of each material, so that one process never
        takes another's feed and more capacity never lowers any output.
        """
        used, made, share = self.used(year), self.made(year), self.routed(routing)
        wanted = self.wanted(limit, market, year)
        draws = max(array.shape[-1] for array in (wanted, made, share))
        activity = np.broadcast_to(wanted, (len(wanted), draws)).copy()
        for k in range(len(self.processes)):
            for m in self.takes[k]:
                available = _weighted(made[m], activity, self.makers[m])
                with np.errstate(divide="ignore", invalid="ignore"):
                    feed = np.where(used[m, k] > 0, share[m, k] * available / used[m, k], np.inf)
                np.minimum(activity[k], feed, out=activity[k])
        return activity

    @cached_property
    def takes(self) -> tuple[tuple[int, ...], ...]:
        """Materials that each process uses."""
        return _marked(self.uses.any(axis=2).T)

    @cached_property
    def users(self) -> tuple[tuple[int, ...], ...]:
        """Processes that use each material."""
        return _marked(self.uses.any(axis=2))

    @cached_property
    def makers(self) -> tuple[tuple[int, ...], ...]:
        """Processes that make each material, alone or with another."""
        return _marked(self.made(0).any(axis=2))

    def shares(self, activity: FloatArray, year: int) -> Routing:
        """Shares of each material that activities ``(P,)`` take of what they make: a routing that leaves the
        rest unrouted."""
        made = self.made(year)[..., 0] @ activity
        taken = self.used(year)[..., 0] * activity
        part: FloatArray = np.divide(
            taken, made[:, None], out=np.zeros_like(taken), where=made[:, None] > 1e-12
        )
        return {
            process: {
                material: float(min(part[m, k], 1.0))
                for m, material in enumerate(self.materials)
                if self.uses[m, k].any()
            }
            for k, process in enumerate(self.processes)
            if self.uses[:, k].any()
        }

    def routed(self, routing: Routing | None) -> FloatArray:
        """Shares with the planner's routing in place of the scenario's where it has one."""
        if not routing:
            return self.share
        share = self.share.copy()
        for process, materials in routing.items():
            for material, part in materials.items():
                share[self.materials.index(material), self.processes.index(process)] = part
        return share


def _marked(table: Any) -> tuple[tuple[int, ...], ...]:
    """Columns marked in each row of a table of truths."""
    return tuple(tuple(int(at) for at in np.flatnonzero(row)) for row in table)


def _grown(base: FloatArray, factor: FloatArray, year: int) -> FloatArray:
    """A table ``(M, P, D)`` after some years, of which most cells are empty."""
    if year == 0:
        return base.copy()
    grown = np.zeros((*base.shape[:2], max(base.shape[2], factor.shape[2])))
    for cell in zip(*np.nonzero(base.any(axis=2)), strict=True):
        grown[cell] = base[cell] * factor[cell] ** year
    return grown


def _weighted(weights: FloatArray, activity: FloatArray, of: Iterable[int]) -> FloatArray:
    """Sum of weights times activity over some processes, ``(D,)``."""
    total = np.zeros(1)
    for j in of:
        total = total + weights[j] * activity[j]
    return total


def order(chain: Chain, path: str) -> tuple[str, ...]:
    """Processes in an order in which every material is made before it is used.

    Raises
    ------
    ScenarioError
        Where processes feed one another in a circle.
    """
    maker = {m: p for p, process in chain.processes.items() for m in (process.makes, *process.joint)}
    left, done = dict(chain.processes), []
    while left:
        ready = [p for p, process in left.items() if all(maker.get(m) not in left for m in process.uses)]
        if not ready:
            raise ScenarioError(
                [
                    Problem(
                        f"{path}.processes",
                        msg("a circle: {way}", way=", ".join(left)),
                        msg("processes that do not feed one another in a circle"),
                    )
                ]
            )
        done.extend(ready)
        for p in ready:
            del left[p]
    return tuple(done)


EMPTY = {"uses": 0.0, "joint": 0.0, "uses_growth": 1.0, "joint_growth": 1.0, "share": 0.0}
"""What stands in the cells of a flow's tables of which nothing is stated."""


def build(chain: Chain, path: str, values: Draws) -> Flow:
    """Turn the stated chain into arrays and check that base-year material balances.

    Raises
    ------
    ScenarioError
        Where more of a material is used than is made, or a process takes more than its routing allows.
    """
    materials, processes = tuple(chain.materials), order(chain, path)
    at = {m: i for i, m in enumerate(materials)}
    tables: dict[str, dict[tuple[int, int], FloatArray]] = {name: {} for name in EMPTY}
    for k, name in enumerate(processes):
        process = chain.processes[name]
        growth = {m: 1 + values(q) / 100 for m, q in process.improvement.items()}
        for key, stated in (("uses", process.uses), ("joint", process.joint)):
            for m, quantity in stated.items():
                tables[key][at[m], k] = values(quantity)
                tables[f"{key}_growth"][at[m], k] = growth.get(m, np.ones(1))
        for m in process.uses:
            others = sum(
                (values(other.routing[m]) / 100 for other in chain.processes.values() if m in other.routing),
                np.zeros(1),
            )
            unsaid = sum(
                1 for other in chain.processes.values() if m in other.uses and m not in other.routing
            )
            tables["share"][at[m], k] = (
                values(process.routing[m]) / 100
                if m in process.routing
                else np.maximum(1 - others, 0.0) / unsaid
            )
    shape = len(materials), len(processes)
    arrays = {name: by_draw(shape, cells, EMPTY[name]) for name, cells in tables.items()}
    base = np.stack(np.broadcast_arrays(*[values(chain.processes[p].base) for p in processes]))
    price = np.stack(np.broadcast_arrays(*[values(chain.materials[m].price) for m in materials]))
    flow = Flow(
        materials,
        processes,
        tuple(at[chain.processes[p].makes] for p in processes),
        base=base,
        price=price,
        **arrays,
    )
    _check(flow, path)
    return flow


def _check(flow: Flow, path: str) -> None:
    """Base-year balance and routing."""
    problems = []
    made = np.einsum("mpd,pd->md", flow.made(0), flow.base)
    taken = flow.used(0) * flow.base[None, :, :]
    whole, used = made.min(axis=1), taken.sum(axis=1).max(axis=1)
    need, most = taken, flow.share * made[:, None]
    over = np.any(need > most * (1 + 1e-9) + 1e-12, axis=2)
    for m, material in enumerate(flow.materials):
        if used[m] > whole[m] * (1 + 1e-9) + 1e-12:
            problems.append(
                Problem(
                    f"{path}.materials.{material}",
                    msg("{used:.4g} used in the base year", used=used[m]),
                    msg("at most the {whole:.4g} that is made", whole=whole[m]),
                    msg("lower `base` or `uses` of its users, or raise that of its maker"),
                )
            )
            continue
        for k in np.flatnonzero(over[m]):
            share = 100 * float((need[m, k] / made[m]).max())
            problems.append(
                Problem(
                    f"{path}.processes.{flow.processes[k]}.routing.{material}",
                    msg("{amount:.4g} to take", amount=float(most[m, k].min())),
                    msg("at least the {need:.4g} that its base output uses", need=float(need[m, k].max())),
                    msg("raise the share to {share:.1f} % or more", share=share),
                )
            )
    if problems:
        raise ScenarioError(problems)
