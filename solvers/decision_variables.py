"""What a planner can move, and what the economy could make of it: the link from levers to limits.

Levers are the money of each sector (the mix) and the start of each named project. Up to the short side
the economy is affine in them, so its exact coefficients are read off by running the simulation's own
equations with one lever moved in each draw: no equation is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..models.economy import Economy
from ..models.quantity import FloatArray
from ..models.realisation import Realisation, put_in_place
from ..models.sector import Coupling


@dataclass(frozen=True)
class Start:
    """One allowed start of one project: what it plans, spends and brings on line.

    ``planned`` and ``spent`` are money by year ``(T,)``; ``new`` is new output or capacity by year ``(T,)``;
    ``tied`` says that the money brings this and nothing else, even if only after the last year.
    """

    project: str
    shift: float
    sector: int
    sector_id: str
    process: str
    key: bool
    tied: bool
    planned: FloatArray
    spent: FloatArray
    new: FloatArray


@dataclass(frozen=True)
class KeyPool:
    """How the money of unnamed key projects follows the levers (first-order around the plan).

    They get ``w = total · scale - named`` of what named projects leave, F, and each sector in proportion to
    what it is left, ``k_s = F_s w / F``. Around the plan, with ``q = w / F`` there,

    .. math:: k_s \\approx q F_s + \\frac{F_s^0}{F^0} (w - q F)

    which is exact in the sum over sectors, and in every sector where the total and starts are the plan's.

    Attributes
    ----------
    total, named
        Planned money of all key projects in the plan, and of named ones that cannot be moved ``(T,)``.
    spent
        What these fixed named ones spend ``(T,)``.
    share, split
        q ``(T,)``, and each sector's part of what is left in the plan ``(S, T)``.
    moving
        1 where w follows the levers, 0 where the pool gets nothing or everything anyway ``(T,)``.
    late
        Share of the money planned for year t (row) that is put in place in year u (column) ``(T, T)``.
    """

    total: FloatArray
    named: FloatArray
    spent: FloatArray
    share: FloatArray
    split: FloatArray
    moving: FloatArray
    late: FloatArray

    def planned(self, free: FloatArray, scale: FloatArray, named: FloatArray) -> FloatArray:
        """Money of the pool by sector and year ``(S, T, D)`` for what is left ``free`` (same shape)."""
        beyond = self.total[:, None] * scale - named - self.share[:, None] * free.sum(axis=0)
        money: FloatArray = self.share[None, :, None] * free
        money += self.split[..., None] * (self.moving[:, None] * beyond)[None]
        return money


@dataclass(frozen=True)
class DecisionVariables:
    """The plan as a point in the space of levers, and the pipeline around it as affine maps.

    Attributes
    ----------
    money
        Money of the target year by sector in the plan ``(S,)``; other years follow ``ratio`` ``(S, T)``,
        which is 1 in the target year: a lever scales a sector's whole path of investment. ``rest`` ``(S, T)``
        is money of other years of a sector that has none in the target year.
    moves
        Sectors and years (0 is the first) before the target year whose money may differ from that, each a
        lever of its own, after money and starts; ``movable`` is the part of a year's planned total by which
        totals may.
    year
        Index of the target year (1 is the year after the base year).
    fixed_planned, fixed_spent, fixed_tied
        Planned money, money spent, and money spent on output of their own, of projects that cannot be moved,
        plus what queues change ``(S, T)``.
    carried
        Money of the base year that comes late into each year, on no list ``(S, T)``.
    realised
        What is put in place of a yuan planned besides named projects ``(S,)``, and of unnamed key projects'
        ``key_realised``.
    fixed_named
        New output or capacity of these projects by sector and key ``(T, 1)``.
    key
        The unnamed key projects, whose money is late.
    delivered
        The works of the plan itself, whose history and fixed projects are kept.
    """

    money: FloatArray
    ratio: FloatArray
    rest: FloatArray
    choices: tuple[Start, ...]
    fixed_planned: FloatArray
    fixed_spent: FloatArray
    fixed_tied: FloatArray
    fixed_named: dict[str, dict[str, FloatArray]]
    carried: FloatArray
    realised: FloatArray
    key_realised: float
    key: KeyPool
    delivered: Realisation
    year: int
    moves: tuple[tuple[int, int], ...] = ()
    movable: float = 0.0

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the starts that may be chosen, then of what moves between years."""
        starts = (f"start:{c.project}:{c.shift:g}" for c in self.choices)
        return (*starts, *(f"move:{sector}:{t + 1}" for sector, t in self.moves))

    def investment(self, money: FloatArray, moved: FloatArray | None = None) -> FloatArray:
        """Planned money by sector and year ``(S, T)`` for money of the target year ``(S,)``, and what is
        moved."""
        planned = money[:, None] * self.ratio + self.rest
        for (sector, t), more in zip(self.moves, () if moved is None else moved.tolist(), strict=False):
            planned[sector, t] += more
        return np.asarray(planned)

    def least(self, planned: FloatArray) -> FloatArray:
        """Money of the target year ``(S,)`` at which every year has what named projects plan ``(S, T)``."""
        need = np.divide(planned - self.rest, self.ratio, out=np.zeros_like(planned), where=self.ratio > 0)
        return np.asarray(need.max(axis=1))

    @property
    def base(self) -> FloatArray:
        """Investment of the base year by sector ``(S,)``, in units of money."""
        return self.delivered.placed(0)[:, 0]

    @property
    def plan(self) -> FloatArray:
        """The plan as a lever vector: money, then 1 for the choice without shift of each project."""
        starts = [1.0 if c.shift == 0 else 0.0 for c in self.choices]
        return np.concatenate([self.money, starts, np.zeros(len(self.moves))])

    def realisation(self, variables: FloatArray) -> Realisation:
        """What the pipeline delivers for lever vectors ``(n, D)``: affine, and exact at the plan."""
        sectors, years = self.ratio.shape
        money, start, moved = np.split(variables, [sectors, sectors + len(self.choices)])
        draws = variables.shape[1]
        planned = np.repeat(self.fixed_planned[..., None], draws, axis=2)
        spent = np.repeat(self.fixed_spent[..., None], draws, axis=2)
        tied = np.repeat(self.fixed_tied[..., None], draws, axis=2)
        key_spent = np.repeat(self.key.spent[:, None], draws, axis=1)
        key_planned = np.repeat(self.key.named[:, None], draws, axis=1)
        named = {
            sector: {
                key: np.repeat(path, draws, axis=1) if path.shape[1] == 1 else path
                for key, path in own.items()
            }
            for sector, own in self.fixed_named.items()
        }
        for choice, share in zip(self.choices, start, strict=True):
            planned[choice.sector] += choice.planned[:, None] * share
            spent[choice.sector] += choice.spent[:, None] * share
            if choice.tied:
                tied[choice.sector] += choice.spent[:, None] * share
            if choice.new.any():
                own = named.setdefault(choice.sector_id, {})
                own[choice.process] = (
                    own.get(choice.process, np.zeros((years, draws))) + choice.new[:, None] * share
                )
            if choice.key:
                key_spent += choice.spent[:, None] * share
                key_planned += choice.planned[:, None] * share
        whole = money[:, None, :] * self.ratio[..., None] + self.rest[..., None]
        for (sector, t), more in zip(self.moves, moved, strict=True):
            whole[sector, t] += more
        free = whole - planned
        scale = money.sum(axis=0) / self.money.sum()
        if self.moves or self.rest.any() or np.ptp(self.ratio, axis=0).any():
            scale = whole.sum(axis=0) / self.investment(self.money).sum(axis=0)[:, None]
        pool = self.key.planned(free, scale, key_planned)
        placed = np.einsum("tu,std->sud", self.key.late, pool)
        others = put_in_place(self.realised[:, None], free, pool, placed)
        invested = others + spent + self.carried[..., None]
        return Realisation(
            invested,
            invested - tied,
            self.delivered.history,
            self.delivered.normal,
            named,
            key_spent + self.key_realised * placed.sum(axis=0),
            self.delivered.usual,
            self.delivered.unlisted,
        )


@dataclass(frozen=True)
class Affine:
    """constant + coefficients · levers, for an array of quantities: ``(...)`` and ``(..., n)``."""

    constant: FloatArray
    slope: FloatArray


def read(values: FloatArray, point: FloatArray) -> Affine:
    """Affine map from values at ``point`` (draw 0) and at ``point + e_i`` (draw i + 1).

    Slopes below 1e-11 of the value are rounding and are dropped.
    """
    slope = values[..., 1:] - values[..., :1]
    scale = np.maximum(np.abs(values[..., :1]), 1.0)
    slope = np.where(np.abs(slope) < 1e-11 * scale, 0.0, slope)
    return Affine(values[..., 0] - slope @ point, slope)


def moved(point: FloatArray) -> FloatArray:
    """The lever vector and, per draw, one lever moved by one: ``(n, 1 + n)``."""
    return np.concatenate([point[:, None], point[:, None] + np.eye(len(point))], axis=1)


@dataclass(frozen=True)
class YearBounds:
    """What bounds one year, as affine maps of the levers: capacity, final demand, couplings per sector."""

    limit: Affine
    demand: Affine
    links: FloatArray
    couplings: tuple[tuple[Coupling, Affine, int], ...]
    """A coupling, its bound, and where its sector's branches start."""
    aux: tuple[int, ...]
    """Number of auxiliary variables of each sector."""


def years(economy: Economy, variables: DecisionVariables, count: int, point: FloatArray) -> list[YearBounds]:
    """Limits of years 1..count, read off the simulation's own equations around a lever vector.

    Affine but where sales or capacity end at zero: there the side that the point lies on counts.
    """
    realisation = variables.realisation(moved(point))
    states = economy.start()
    found = []
    for year in range(1, count + 1):
        states = economy.advance(states, realisation, year)
        real = realisation.invested[:, year - 1] / economy.prices.investment**year
        responses = [sector.response(state) for sector, state in zip(economy.sectors, states, strict=True)]
        draws = 1 + len(point)
        limit = np.concatenate([np.broadcast_to(r.limit, (len(r.limit), draws)) for r in responses])
        outside = np.concatenate([np.broadcast_to(r.outside, (len(r.outside), draws)) for r in responses])
        demand = economy.demand(year, outside, real)
        infinite = ~np.isfinite(limit)
        capacity = read(np.where(infinite, 0.0, limit), point)
        capacity = Affine(np.where(infinite[:, 0], np.inf, capacity.constant), capacity.slope)
        couplings = []
        for sector, response in zip(economy.sectors, responses, strict=True):
            start = economy.rows(sector.id).start
            for coupling in response.couplings:
                bound = read(np.broadcast_to(coupling.bound, (draws,)), point)
                couplings.append((coupling, bound, start))
        found.append(
            YearBounds(
                capacity,
                read(demand, point),
                economy.links(year)[..., 0],
                tuple(couplings),
                tuple(response.aux for response in responses),
            )
        )
    return found
