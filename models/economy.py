"""The regional economy: sectors, accounts and households, and how a year clears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .accounts import Accounts
from .quantity import BoolArray, FloatArray, same_draws
from .realisation import Realisation
from .sector import Branch, Commissioned, Routing, Sector, State
from .shocks import NONE, Shocks
from .short_side import Loop, Market
from .trajectory import OnDemand, Trajectory

if TYPE_CHECKING:
    from .satellite import OwnIndicator


@dataclass(frozen=True)
class Households:
    """How consumption follows income.

    .. math:: C_{it} = C_{i0} (1 + \\delta_i)^t (1 + a)^t
              \\left[(1 - \\varepsilon) + \\varepsilon H_t / H_0\\right], \\qquad H_t = \\varphi \\sum_j \\lambda_j x_{jt} + T_t

    with autonomous growth ``a``, elasticity ``ε``, labour income ``λ`` per yuan of output and transfers
    ``T``;
    ``δ`` is the branch's own (:class:`Economy`). The form is linear in output, so that the income loop closes
    inside the year.

    Attributes
    ----------
    per_labour
        φ ``(D,)``: household income per yuan of labour income; 1, or what brings H of the base year to the
        disposable income that is stated.
    """  # noqa: E501

    elasticity: FloatArray
    autonomous: FloatArray
    transfers: FloatArray
    transfer_growth: FloatArray
    per_labour: FloatArray = field(default_factory=lambda: np.ones(1))


@dataclass(frozen=True)
class PriceGrowth:
    """Yearly factors of prices: GDP deflator, CPI, investment; branches' own ``(B, D)``; materials by id.

    A material with a long-run level returns to it from its base-year price: ``reversion`` is the part of the
    distance (in logarithms) closed a year, ``level`` the long-run over the base-year price.
    """

    gdp: FloatArray
    consumer: FloatArray
    investment: FloatArray
    sectors: FloatArray
    material: Mapping[str, FloatArray]
    material_base: Mapping[str, FloatArray]
    material_level: Mapping[str, FloatArray] = field(default_factory=dict)
    reversion: Mapping[str, FloatArray] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    """Money that an amount of each material at a price of one is worth."""
    gdp_in: Mapping[int, FloatArray] = field(default_factory=dict)
    """Factors of the GDP deflator in single years (1 is the first), in place of ``gdp``."""

    def deflator(self, year: int) -> FloatArray:
        """GDP deflator of a year (1, 2, ...) over that of the base year: the product of yearly factors."""
        stated = [factor for t, factor in self.gdp_in.items() if 0 < t <= year]
        return np.asarray(np.prod(np.broadcast_arrays(self.gdp ** (year - len(stated)), *stated), axis=0))


@dataclass(frozen=True)
class Economy:
    """A region ready to run: everything that does not depend on the plan.

    Attributes
    ----------
    above_scale
        Share of each branch's value added made by above-scale industry ``(B, D)``.
    indicators
        Indicators of the scenario's own, by key: jobs, energy, taxes (:mod:`.satellite`).
    demand_growth
        Yearly factor ``1 + δ`` on what households, government and investors here buy of each branch, beyond
        what income, budgets and investment explain ``(B, D)``.
    later
        Change of every market's growth against the first year, as the nation is expected to grow then ``(T,
        D)``, share.
    """

    base_year: int
    years: int
    sectors: tuple[Sector, ...]
    accounts: Accounts
    households: Households
    government_growth: FloatArray
    prices: PriceGrowth
    above_scale: FloatArray
    indicators: Mapping[str, OwnIndicator]
    groups: Mapping[str, tuple[str, ...]]
    shocks: Shocks = NONE
    demand_growth: FloatArray = field(default_factory=lambda: np.ones((1, 1)))
    later: FloatArray = field(default_factory=lambda: np.zeros((1, 1)))

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """All branches, sector by sector."""
        return tuple(branch for sector in self.sectors for branch in sector.branches)

    @cached_property
    def sector_ids(self) -> tuple[str, ...]:
        """Keys of the sectors, in the scenario's order."""
        return tuple(sector.id for sector in self.sectors)

    @cached_property
    def supply_led(self) -> BoolArray:
        """Which branches make all they can, ``(B,)``."""
        return np.array([branch.supply_led for branch in self.branches], dtype=np.bool_)

    def rows(self, sector: str) -> slice:
        """Where a sector's branches stand."""
        start = 0
        for each in self.sectors:
            if each.id == sector:
                return slice(start, start + len(each.branches))
            start += len(each.branches)
        raise KeyError(sector)

    def covered(self, names: tuple[str, ...]) -> FloatArray:
        """1 for the branches of the named sectors, groups or branches, 0 elsewhere, ``(B,)``."""
        wanted = {one for name in names for one in self.groups.get(name, (name,))}
        return np.array([1.0 if {b.sector, b.id} & wanted else 0.0 for b in self.branches])

    def surprised(self, year: int) -> FloatArray:
        """Household purchases that shocks up to a year add to what trend and income explain, ``(B, D)``,
        units of money.

        .. math:: C_{i0} (1+\\delta_i)^t (1+a)^t (w_t - 1), \\qquad w_t = \\prod_{s \\le t} (1 + z_s)
        """
        return self._wanted(year) * (self.households.autonomous**year * (self.shocks.wanted(year) - 1))

    def _wanted(self, year: int) -> FloatArray:
        """Base-year household purchases as each branch's own demand moves them, C_i0 (1 + δ_i)^t ``(B,
        D)``."""
        return self.accounts.household * self.demand_growth**year

    def price(self, material: str, year: int) -> FloatArray:
        """Price of a material, yuan per unit ``(D,)``.

        .. math:: p_t = p_0 (1+\\pi)^t (p^*/p_0)^{1-(1-\\kappa)^t} f_t
        """
        prices = self.prices
        path = prices.material_base[material] * prices.material[material] ** year
        if material in prices.material_level:
            path = path * prices.material_level[material] ** (1 - (1 - prices.reversion[material]) ** year)
        return path * self.shocks.price(material, year)

    def worth(self, material: str, year: int) -> FloatArray:
        """What a unit of a material is worth at the price of a year, money ``(D,)``."""
        return self.price(material, year) * self.prices.worth[material]

    def income(self, output: FloatArray, year: int) -> FloatArray:
        """Household income H_t of ``output`` ``(B, D)``, in money at base prices: φ Σ λ x + T ``(D,)``."""
        earned: FloatArray = np.einsum("bd,bd->d", *same_draws(self.earned, output))
        return earned + self.households.transfers * self.households.transfer_growth**year

    @cached_property
    def earned(self) -> FloatArray:
        """Household income per yuan of each branch's output, φ λ ``(B, D)``."""
        return self.households.per_labour * self.accounts.labour

    @cached_property
    def base_income(self) -> FloatArray:
        """Household income of the base year H_0, ``(D,)``."""
        return self.income(self.accounts.output, 0)

    def loop(self, year: int) -> Loop:
        """What households buy of the income that output makes; the same object whenever it is asked for."""
        if year not in self._loops:
            home = self.households
            spent = self._wanted(year) * (home.autonomous**year * home.elasticity / self.base_income)
            self._loops[year] = Loop(spent, self.earned)
        return self._loops[year]

    @cached_property
    def _loops(self) -> dict[int, Loop]:
        return {}

    @cached_property
    def market(self) -> Market:
        """What branches buy of each other, the same in all years and for all plans."""
        return Market(self.accounts.links, self.supply_led)

    def links(self, year: int) -> FloatArray:
        """Regional coefficients plus the consumption loop, ``(B, B, D)``."""
        loop = self.loop(year)
        return self.accounts.local + loop.spent[:, None, :] * loop.earned[None, :, :]

    def consumption(self, output: FloatArray, year: int) -> FloatArray:
        """Household purchases by branch, ``(B, D)``, in money at base prices."""
        home = self.households
        income = self.income(output, year) / self.base_income
        richer = 1 - home.elasticity + home.elasticity * income
        explained = self._wanted(year) * (home.autonomous**year * richer)
        return np.asarray(explained + self.surprised(year))

    def demand(self, year: int, outside: FloatArray, invested: FloatArray) -> FloatArray:
        """Final demand that does not depend on this year's output, ``(B, D)``, in money at base prices.

        .. math:: (1+\\delta_i)^t \\left[C_{i0} (1+a)^t (1 - \\varepsilon + \\varepsilon T_t / H_0 + w_t - 1)
                  + G_{i0} (1+g)^t + \\sum_s B_{is} F_{st}\\right] + E_{it}

        Parameters
        ----------
        outside
            Sales wished outside ``(B, D)``.
        invested
            Real investment by sector ``(S, D)``.
        """
        home = self.households
        fixed_income = home.transfers * home.transfer_growth**year / self.base_income
        consumption = self._wanted(year) * (
            home.autonomous**year * (1 - home.elasticity + home.elasticity * fixed_income)
        )
        moved = self.demand_growth**year
        government = self.accounts.government * self.government_growth**year * moved
        bought = self.accounts.investment.asked(invested) * moved
        return np.asarray(consumption + self.surprised(year) + government + bought + outside)

    def start(self) -> tuple[State, ...]:
        """Every sector in the base year."""
        return tuple(sector.start(self.accounts.outside[self.rows(sector.id)]) for sector in self.sectors)

    @cached_property
    def _started(self) -> tuple[State, ...]:
        return self.start()

    def struck(self, sector: str, year: int) -> FloatArray:
        """What is added to the growth of a sector's market in a year: its shock, and how the nation grows
        then ``(D,)``, share."""
        return np.asarray(self.shocks.sold(sector, year) + self.later[min(year, len(self.later)) - 1])

    def advance(self, states: tuple[State, ...], realisation: Realisation, year: int) -> tuple[State, ...]:
        """Every sector one year on, after the works of ``year`` (1, 2, ...)."""
        deflated = (
            realisation.pool
            / self.prices.investment[None, None, :] ** np.arange(1, self.years + 1)[None, :, None]
        )
        moved = []
        for s, (sector, state) in enumerate(zip(self.sectors, states, strict=True)):
            recent = deflated[s, :year][::-1]
            wide = same_draws(
                recent, (realisation.history if realisation.past is None else realisation.past)[s]
            )
            pool = np.concatenate(wide, axis=0)
            named, unlisted = (
                {key: path[year - 1] for key, path in each.get(sector.id, {}).items()}
                for each in (realisation.named, realisation.unlisted)
            )
            moved.append(
                sector.advance(
                    state,
                    Commissioned(
                        pool,
                        realisation.history[s],
                        named,
                        self.struck(sector.id, year),
                        realisation.usual.get(sector.id, {}),
                        unlisted,
                    ),
                )
            )
        return tuple(moved)

    def simulate(
        self,
        realisation: Realisation,
        routing: Mapping[str, Routing] | None = None,
        quotas: FloatArray | None = None,
        until: int | None = None,
    ) -> Trajectory:
        """Run every year up to ``until`` (the last): capacity, the short side, and what follows from output.

        ``routing`` gives, per sector, the shares in which a chain's materials are sent to its processes;
        ``quotas`` the most that each branch may make by year ``(B, T)``.
        """
        states, market = self._started, self.market
        passed = [(states, self.accounts.output)]
        limits, demands = [self.accounts.output], [self.accounts.output]
        for year in range(1, (self.years if until is None else until) + 1):
            states = self.advance(states, realisation, year)
            real = realisation.invested[:, year - 1] / self.prices.investment**year
            supplies = [
                sector.supply(state, (routing or {}).get(sector.id))
                for sector, state in zip(self.sectors, states, strict=True)
            ]
            limit = _join([supply.limit for supply in supplies])
            if quotas is not None:
                limit = np.minimum(limit, quotas[:, year - 1, None])
            demand = self.demand(year, _join([supply.outside for supply in supplies]), real)
            passed.append((states, market.clear(limit, demand, self.loop(year))))
            limits.append(limit)
            demands.append(demand)
        output = [made for _, made in passed]
        return Trajectory(
            self,
            realisation,
            _years(output),
            OnDemand(lambda: self._physical(passed)),
            OnDemand(lambda: {"limit": _years(limits), "asked": _years(self._asked(output, demands))}),
        )

    def _asked(self, output: list[FloatArray], demands: list[FloatArray]) -> list[FloatArray]:
        """What was asked of every branch by year: links and final demand; in the base year all that was
        made."""
        linked = (
            np.einsum("ijd,jd->id", *same_draws(self.links(t), made)) for t, made in enumerate(output) if t
        )
        return [output[0], *(own + demand for own, demand in zip(linked, demands[1:], strict=True))]

    def _physical(self, passed: list[tuple[tuple[State, ...], FloatArray]]) -> Mapping[str, FloatArray]:
        """Quantities of all years by name, from the states and outputs of each."""
        years: list[dict[str, FloatArray]] = []
        for states, output in passed:
            years.append({})
            for sector, state in zip(self.sectors, states, strict=True):
                years[-1] |= sector.physical(state, output[self.rows(sector.id)])
        return {key: np.stack(np.broadcast_arrays(*[year[key] for year in years])) for key in years[0]}


def _join(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(same_draws(*parts), axis=0)


def _years(parts: list[FloatArray]) -> FloatArray:
    """Yearly ``(B, D)`` arrays as one ``(B, T+1, D)``."""
    return np.stack(same_draws(*parts), axis=1)
