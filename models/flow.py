"""Material flow through a process chain: from what is wanted up to what is made (物料平衡).

Activity of a process is its output of the material it is counted by, in the chain's unit of amounts a year.
Arrays: ``P`` processes, ``M`` materials, ``D`` draws.

A material may be bought outside, and several processes may make it. What is made and bought of it is used or
sold, every tonne once:

.. math:: \\sum_k y_{mk} z_k + b_m = \\sum_k u_{mk} z_k + s_m

Purchases fill what is used beyond what is made; what the chain asks of the makers that are counted by the
material is their part of it in the base year, the rest comes jointly with other products or from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from .chain import Bought, Chain, Process, Units
from .errors import Problem, ScenarioError
from .quantity import Draws, FloatArray, by_draw, share_of
from .sector import Routing
from .words import msg
from .worth import USUAL


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
        Base-year activity ``(P, D)``; ``price`` base-year price, money per unit ``(M, D)``.
    makes
        Index of the material by which each process is counted.
    most
        Most that can be bought outside of each material ``(M, D)``, 0 where none can; ``endless`` where any
        amount can.
    part
        Part of what the chain uses of its counted material that each process is asked for ``(P, D)``: 1 for
        the only maker of a material that is not bought.
    by_cost
        Materials of which makers are asked for what others cannot make, by value added per unit.
    worth
        Money that an amount at a price of one is worth.
    va_ratio
        Value added over the value of all that a process makes ``(P, D)``.
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
    most: FloatArray
    endless: tuple[bool, ...]
    part: FloatArray
    by_cost: tuple[bool, ...]
    worth: float
    va_ratio: FloatArray
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
        """Value at base prices of all that a unit of activity makes, money, ``(P, D)``."""
        return self._once(
            "value", year, lambda: np.einsum("mpd,md->pd", self.made(year), self.price) * self.worth
        )

    def _once(self, name: str, year: int, make: Callable[[], FloatArray]) -> FloatArray:
        """What does not change within a year, made once and never written to."""
        if (name, year) not in self._known:
            found = self._known[name, year] = make()
            found.flags.writeable = False
        return self._known[name, year]

    def sold(self, activity: FloatArray, year: int) -> FloatArray:
        """Material that nobody in the chain takes, ``(M, D)``."""
        left: FloatArray = np.einsum("mpd,pd->md", self.made(year) - self.used(year), activity)
        left[self.purchasable] = np.maximum(left[self.purchasable], 0.0)
        return left

    def bought(self, activity: FloatArray, year: int) -> FloatArray:
        """Material bought outside: what is used beyond what is made, ``(M, D)``."""
        net: FloatArray = np.einsum("mpd,pd->md", self.used(year) - self.made(year), activity)
        net[[m for m in range(len(self.materials)) if m not in self.purchasable]] = 0.0
        return np.maximum(net, 0.0)

    @cached_property
    def market(self) -> FloatArray:
        """Base-year sales outside of what each process is counted by, ``(P, D)``."""
        inside = np.einsum("mpd,pd->md", self.used(0), self.base)[list(self.makes)]
        return np.asarray(np.maximum(self.base - self.part * inside, 0.0))

    def wanted(
        self, limit: FloatArray, market: FloatArray, year: int, routing: Routing | None = None
    ) -> FloatArray:
        """Activity wanted: capacity, or what the market and the processes downstream want.

        .. math:: W_k = \\min(L_k,\\; S_k + \\pi_k \\sum_j u_{m(k) j} W_j)

        With a routing that says so, a maker is asked for a share of all that is asked of the material. Of
        materials shared by cost, makers with room are asked for what others cannot make.

        Parameters
        ----------
        limit
            Capacity ``(P, D)``.
        market
            Sales outside of each process at most ``(P, D)``.
        """
        used = self.used(year)
        draws = max(array.shape[-1] for array in (limit, market, used, self.part))
        wanted = np.broadcast_to(limit, (len(limit), draws)).copy()
        for m in self.downstream:
            inside = _weighted(used[m], wanted, self.users[m])
            unmet = np.zeros(draws)
            for k in self.counted[m]:
                asked = self._asked(k, inside, market, routing)
                if self.by_cost[m]:
                    unmet = unmet + np.maximum(asked - wanted[k], 0.0)
                np.minimum(wanted[k], asked, out=wanted[k])
            if self.by_cost[m] and not _directed(self, m, routing):
                self._pass_on(m, limit, wanted, unmet)
        return wanted

    def _asked(self, k: int, inside: FloatArray, market: FloatArray, routing: Routing | None) -> FloatArray:
        """What is asked of a process for the material it is counted by, ``(D,)``."""
        m = self.makes[k]
        share = (routing or {}).get(self.processes[k], {}).get(self.materials[m])
        if share is None:
            return np.asarray(market[k] + self.part[k] * inside)
        return np.asarray(share * self.whole(m, inside, market))

    def whole(self, material: int, inside: FloatArray, market: FloatArray) -> FloatArray:
        """All that is asked of the processes counted by a material, ``(D,)``."""
        makers = list(self.counted[material])
        return np.asarray(market[makers].sum(axis=0) + self.part[makers].sum(axis=0) * inside)

    def _pass_on(self, m: int, limit: FloatArray, wanted: FloatArray, unmet: FloatArray) -> None:
        """Ask makers with room for what others cannot make."""
        for k in self.ranked[m]:
            more = np.minimum(np.maximum(limit[k] - wanted[k], 0.0), unmet)
            wanted[k] += more
            unmet = unmet - more

    def run(
        self, limit: FloatArray, market: FloatArray, year: int, routing: Routing | None = None
    ) -> FloatArray:
        """Activity of every process: the least of feed, capacity and market, ``(P, D)``.

        Feed flows down; a process takes at most its share of each material, so that one process never
        takes another's feed and, where no material is shared by cost, more capacity never lowers any output.
        """
        used, made, share = self.used(year), self.made(year), self.routed(routing)
        wanted = self.wanted(limit, market, year, routing)
        draws = max(array.shape[-1] for array in (wanted, made, share, self.most))
        activity = np.broadcast_to(wanted, (len(wanted), draws)).copy()
        for k in range(len(self.processes)):
            for m in self.takes[k]:
                if self.endless[m]:
                    continue
                available = _weighted(made[m], activity, self.makers[m]) + self.most[m]
                with np.errstate(divide="ignore", invalid="ignore"):
                    feed = np.where(used[m, k] > 0, share[m, k] * available / used[m, k], np.inf)
                np.minimum(activity[k], feed, out=activity[k])
        return activity

    @cached_property
    def purchasable(self) -> list[int]:
        """Materials that can be bought outside."""
        return [m for m, any_ in enumerate(self.endless) if any_ or self.most[m].any()]

    @cached_property
    def counted(self) -> dict[int, tuple[int, ...]]:
        """Processes counted by each material that any is counted by."""
        return {
            m: tuple(k for k, other in enumerate(self.makes) if other == m) for m in dict.fromkeys(self.makes)
        }

    @cached_property
    def several(self) -> list[int]:
        """Materials by which more than one process is counted."""
        return [m for m, makers in self.counted.items() if len(makers) > 1]

    @cached_property
    def downstream(self) -> tuple[int, ...]:
        """Materials that processes are counted by, every one after those made of it."""
        return tuple(dict.fromkeys(self.makes[k] for k in reversed(range(len(self.makes)))))

    @cached_property
    def ranked(self) -> dict[int, list[int]]:
        """Processes counted by each material, most value added per unit first."""
        kept = (self.va_ratio * self.value(0)).mean(axis=1)
        return {m: sorted(makers, key=lambda k: -float(kept[k])) for m, makers in self.counted.items()}

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
        """Shares of each material that activities ``(P,)`` take of what they make and can buy: a routing that
        leaves the rest unrouted."""
        made = self.made(year)[..., 0] @ activity + self.most[:, 0]
        taken = self.used(year)[..., 0] * activity
        part: FloatArray = np.divide(
            taken, made[:, None], out=np.zeros_like(taken), where=made[:, None] > 1e-12
        )
        return {
            process: {
                material: 1.0 if self.endless[m] else float(min(part[m, k], 1.0))
                for m, material in enumerate(self.materials)
                if self.uses[m, k].any()
            }
            for k, process in enumerate(self.processes)
            if self.uses[:, k].any()
        }

    def asked_for(
        self, activity: FloatArray, market: FloatArray, year: int, materials: Iterable[int]
    ) -> Routing:
        """Shares of all that is asked of materials that their makers' activities ``(P,)`` are: handed over,
        makers make so much."""
        used, found = self.used(year)[..., 0], dict[str, dict[str, float]]()
        for m in materials:
            inside = (used[m] * activity).sum(keepdims=True)
            asked = float(self.whole(m, inside, market[:, None])[0])
            for k in self.counted[m]:
                share = float(activity[k]) / asked if asked > 0 else 0.0
                found[self.processes[k]] = {self.materials[m]: share}
        return found

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


def _directed(flow: Flow, material: int, routing: Routing | None) -> bool:
    """Whether a routing says what share of a material its makers are asked for."""
    name = flow.materials[material]
    return any(name in (routing or {}).get(flow.processes[k], {}) for k in flow.counted[material])


def joined(*routings: Routing) -> Routing:
    """Routings as one; where two say something of a process and material, the last counts."""
    found: dict[str, dict[str, float]] = {}
    for routing in routings:
        for process, materials in routing.items():
            found[process] = found.get(process, {}) | dict(materials)
    return found


def makers_of(processes: Mapping[str, Process]) -> dict[str, list[str]]:
    """Processes that make each material, alone or with another."""
    found: dict[str, list[str]] = {}
    for name, process in processes.items():
        for material in dict.fromkeys((process.makes, *process.joint)):
            found.setdefault(material, []).append(name)
    return found


def order(chain: Chain, path: str) -> tuple[str, ...]:
    """Processes in an order in which every material is made before it is used.

    Raises
    ------
    ScenarioError
        Where processes feed one another in a circle.
    """
    makers = makers_of(chain.processes)
    left, done = dict(chain.processes), []
    while left:
        ready = [
            p
            for p, process in left.items()
            if not any(maker in left for m in process.uses for maker in makers.get(m, ()))
        ]
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


def build(chain: Chain, path: str, values: Draws, money: float = USUAL) -> Flow:
    """Turn the stated chain into arrays and check that base-year material balances.

    Parameters
    ----------
    money
        Single yuan (dollars, ...) of the unit in which the accounts are kept.

    Raises
    ------
    ScenarioError
        Where more of a material is used than is made and can be bought, a process takes more than its routing
        allows, or units of amounts and prices do not fit.
    """
    worth = chain.units.factor(money)
    if worth is None:
        raise ScenarioError([unfit(chain.units, path)])
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
            tables["share"][at[m], k] = _share(chain, name, m, values)
    shape = len(materials), len(processes)
    arrays = {name: by_draw(shape, cells, EMPTY[name]) for name, cells in tables.items()}
    makes = tuple(at[chain.processes[p].makes] for p in processes)
    bought = [chain.materials[m].bought for m in materials]
    base = _rows([values(chain.processes[p].base) for p in processes])
    made = _made(arrays["joint"], makes, base)
    whole = np.maximum(made, np.einsum("mpd,pd->md", arrays["uses"], base))
    flow = Flow(
        materials,
        processes,
        makes,
        base=base,
        price=_rows([values(chain.materials[m].price) for m in materials]),
        most=_most([chain.materials[m].bought for m in materials], whole - made, values),
        endless=tuple(each is not None and each.most is None for each in bought),
        part=_rows(
            [
                values(own) / 100
                if (own := chain.processes[p].part)
                else share_of(base[k], whole[makes[k]], 1 / makes.count(makes[k]))
                for k, p in enumerate(processes)
            ]
        ),
        by_cost=tuple(chain.materials[m].sharing == "cost" for m in materials),
        worth=worth,
        va_ratio=base,
        **arrays,
    )
    flow = replace(flow, va_ratio=_kept(flow, chain, path, values))
    _check(flow, path, values.strict)
    return flow


def unfit(units: Units, path: str) -> Problem:
    """That amounts and prices are in units that do not fit."""
    return Problem(
        f"{path}.units",
        msg("prices in {price} for amounts in {amount}", price=units.price, amount=units.amount),
        msg("a price of money over the same kind of unit, such as {example}", example="kt, USD/t"),
        msg("or state `worth`: money that one unit of amount at a price of one is worth"),
    )


def _rows(rows: list[FloatArray]) -> FloatArray:
    return np.stack(np.broadcast_arrays(*rows))


def _share(chain: Chain, process: str, material: str, values: Draws) -> FloatArray:
    """Largest share of a material that a process may take: as stated, or its part of what others leave."""
    stated = chain.processes[process].routing.get(material)
    if stated:
        return values(stated) / 100
    others = sum(
        (
            values(other.routing[material]) / 100
            for other in chain.processes.values()
            if material in other.routing
        ),
        np.zeros(1),
    )
    unsaid = sum(
        1 for other in chain.processes.values() if material in other.uses and material not in other.routing
    )
    return np.maximum(1 - others, 0.0) / unsaid


def _made(joint: FloatArray, makes: tuple[int, ...], base: FloatArray) -> FloatArray:
    """Base-year output of each material, ``(M, D)``."""
    made: FloatArray = np.einsum("mpd,pd->md", joint, base)
    for k, m in enumerate(makes):
        made[m] = made[m] + base[k]
    return made


def _most(stated: list[Bought | None], least: FloatArray, values: Draws) -> FloatArray:
    """Most that can be bought of each material ``(M, D)``; a draw below base-year purchases is lifted to
    them."""
    most = _rows([values(each.most) if each and each.most else np.zeros(1) for each in stated])
    if values.strict:
        return most
    bounded = np.array([bool(each and each.most) for each in stated])[:, None]
    return np.where(bounded, np.maximum(most, least), most)


def _kept(flow: Flow, chain: Chain, path: str, values: Draws) -> FloatArray:
    """Value added over value of every process ``(P, D)``: stated, or what materials and others leave.

    .. math:: v_k = 1 - \\frac{\\sum_m u_{mk} p_m}{\\sum_m y_{mk} p_m} - o_k

    Raises
    ------
    ScenarioError
        Where a process makes nothing of value, or its purchases leave no value added.
    """
    value = flow.value(0)
    spent = np.einsum("mpd,md->pd", flow.used(0), flow.price) * flow.worth
    rows, problems = [], []
    for k, name in enumerate(flow.processes):
        stated, at = chain.processes[name], f"{path}.processes.{name}"
        if values.strict and np.any(value[k] <= 0):
            problems.append(
                Problem(at, msg("products without any value"), msg("a product with a price above 0"))
            )
            continue
        if stated.va_ratio:
            rows.append(values(stated.va_ratio) / 100)
            continue
        other = values(stated.other_purchases) / 100 if stated.other_purchases else np.zeros(1)
        left = 1 - share_of(spent[k], value[k]) - other
        if values.strict and np.any(left <= 0):
            problems.append(
                Problem(
                    f"{at}.other_purchases",
                    msg(
                        "materials of {materials:.1f} % and other purchases of {other:.1f} % of what is made",
                        materials=100 * float(share_of(spent[k], value[k]).max()),
                        other=100 * float(other.max()),
                    ),
                    msg("less than 100 together"),
                    msg("check prices and the amounts used"),
                )
            )
        rows.append(np.clip(left, 0.001, 0.999))
    if problems:
        raise ScenarioError(problems)
    return _rows(rows)


def _check(flow: Flow, path: str, strict: bool) -> None:
    """Base-year balance, routing and parts."""
    problems = []
    made = np.einsum("mpd,pd->md", flow.made(0), flow.base) + flow.most
    taken = flow.used(0) * flow.base[None, :, :]
    whole, used = made.min(axis=1), taken.sum(axis=1).max(axis=1)
    need, most = taken, flow.share * made[:, None]
    over = np.any(need > most * (1 + 1e-9) + 1e-12, axis=2)
    for m, material in enumerate(flow.materials):
        if flow.endless[m]:
            continue
        if used[m] > whole[m] * (1 + 1e-9) + 1e-12:
            problems.append(
                Problem(
                    f"{path}.materials.{material}",
                    msg("{used:.4g} used in the base year", used=used[m]),
                    msg("at most the {whole:.4g} that is made or can be bought", whole=whole[m])
                    if flow.most[m].any()
                    else msg("at most the {whole:.4g} that is made", whole=whole[m]),
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
    if strict:
        problems += _parts(flow, path, taken.sum(axis=1))
    if problems:
        raise ScenarioError(problems)


def _parts(flow: Flow, path: str, used: FloatArray) -> list[Problem]:
    """Parts of a material that its makers are asked for and did not make in the base year."""
    return [
        Problem(
            f"{path}.processes.{flow.processes[k]}.part",
            msg("{asked:.4g} of the chain's own use", asked=float((flow.part[k] * used[m]).max())),
            msg("at most its base output {base:.4g}", base=float(flow.base[k].min())),
            msg("lower `part`, or leave it out: as in the base year"),
        )
        for k, m in enumerate(flow.makes)
        if np.any(flow.part[k] * used[m] > flow.base[k] * (1 + 1e-9) + 1e-12)
    ]
