"""Indicators of one's own: coefficients by sector times what drives them (satellite accounts, 卫星账户).

.. math:: L_t = \\sum_b c_b \\, (1 + \\gamma_b)^t \\, d_{bt}

with a coefficient ``c`` per unit of the driver ``d`` (output, value added, investment, ...) of every branch
and its growth ``γ`` (productivity, efficiency). The indicator is such a level, its growth, or the ratio of
one level to another. Source: the satellite accounts of environmentally extended input-output analysis,
Miller & Blair (2009), chapters 9 and 10; United Nations (2012), System of Environmental-Economic Accounting.

All drivers are linear in output by branch or in investment by sector, so that an optimiser has the
same equation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .indicators import Asked, Indicator, growth
from .money import MONEY
from .quantity import Bilingual, FloatArray, same_draws, share_of
from .words import msg

if TYPE_CHECKING:
    from .economy import Economy
    from .trajectory import Trajectory


@dataclass(frozen=True)
class Driver:
    """What a coefficient is per unit of, in units of money.

    Attributes
    ----------
    factor
        ``(economy, year) -> (rows or 1, D)``: the driver per yuan of output at base prices of a branch, or,
        where it counts ``money``, per yuan of investment put in place by a sector.
    title
        What it is called.
    """

    factor: Callable[[Economy, int], FloatArray]
    title: Bilingual
    money: bool = False


def _plain(economy: Economy, year: int) -> FloatArray:
    return np.ones((1, 1))


DRIVERS: dict[str, Driver] = {
    "output": Driver(_plain, msg("gross output at base prices")),
    "value_added": Driver(lambda economy, year: economy.accounts.va_ratio, msg("value added at base prices")),
    "labour_income": Driver(
        lambda economy, year: economy.accounts.labour, msg("labour income at base prices")
    ),
    "investment": Driver(
        lambda economy, year: 1 / economy.prices.investment[None, :] ** year,
        msg("investment put in place, at base prices"),
        money=True,
    ),
    "nominal_output": Driver(
        lambda economy, year: economy.prices.sectors**year, msg("gross output at current prices")
    ),
    "nominal_value_added": Driver(
        lambda economy, year: economy.accounts.va_ratio * economy.prices.deflator(year)[None, :],
        msg("value added at current prices"),
    ),
    "nominal_investment": Driver(_plain, msg("investment put in place, at current prices"), money=True),
}
"""What an indicator of one's own may be driven by; value added at current prices adds up to nominal GDP."""

TOTALS: dict[str, str] = {
    "gdp": "value_added",
    "gdp_level": "nominal_value_added",
    "output": "output",
    "investment": "nominal_investment",
}
"""Totals of the region that an indicator may be set over, or be itself, and the driver that they are the sum
of."""


@dataclass(frozen=True)
class Account:
    """A level by sector: coefficients ``(rows, D)`` per unit of a driver, and their yearly factor alike; rows
    are branches, or sectors where the driver counts money."""

    driver: str
    coefficients: FloatArray
    factor: FloatArray

    def per_unit(self, economy: Economy, year: int) -> FloatArray:
        """The level per yuan of output by branch, or per yuan of investment put in place by sector ``(rows,
        D)``."""
        return np.asarray(self.coefficients * self.factor**year * DRIVERS[self.driver].factor(economy, year))

    @property
    def money(self) -> bool:
        """Whether it counts investment by sector, not output by branch."""
        return DRIVERS[self.driver].money

    def level(self, path: Trajectory, year: int) -> FloatArray:
        """The level of a year, the base year being 0 ``(D,)``."""
        driven = path.realisation.placed(year) if self.money else path.output[:, year]
        weights = np.broadcast_to(each := self.per_unit(path.economy, year), (len(driven), each.shape[-1]))
        return np.asarray(np.einsum("bd,bd->d", *same_draws(np.asarray(weights), driven)))


@dataclass(frozen=True)
class OwnIndicator:
    """An indicator that a scenario defines: a level, its ratio ``over`` another, or the growth of either.

    .. math:: y_t = f \\, L_t / M_t, \\qquad g_t = 100 (y_t / y_{t-1} - 1)

    Attributes
    ----------
    scale
        f: it puts the ratio of two units into the indicator's own.
    level_unit
        Unit of the level whose growth it is.
    fitted
        What all coefficients were multiplied by so that the base year is as stated; None where none is.
    uncounted
        Sectors that no coefficient speaks of, in whole or in part: they count nothing.
    """

    id: str
    title: Bilingual
    unit: str
    digits: int
    account: Account
    over: Account | None = None
    grows: bool = False
    scale: float = 1.0
    level_unit: str = ""
    fitted: float | None = None
    uncounted: tuple[str, ...] = ()

    def parts(self, year: int) -> list[tuple[Account, int, float]]:
        """The levels that it is a product of: account, year, and power (1 or -1)."""
        found = [(self.account, year, 1.0)]
        if self.over is not None:
            found.append((self.over, year, -1.0))
        if self.grows:
            found += [(account, year - 1, -power) for account, _, power in found]
        return found

    def level(self, path: Trajectory, year: int) -> FloatArray:
        """The level or ratio ``(D,)``; 0 where there is nothing that it could be set over."""
        found = self.account.level(path, year)
        return self.scale * (found if self.over is None else share_of(found, self.over.level(path, year)))

    def value(self, path: Trajectory, year: int) -> FloatArray:
        """The indicator ``(D,)``."""
        if self.grows:
            return growth(self.level(path, year), self.level(path, year - 1))
        return self.level(path, year)

    def slope(self, path: Trajectory, year: int, read: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Its derivatives at draw 0, from those of its levels, which ``read`` makes of their draws.

        .. math:: \\nabla y = y \\sum_i p_i \\nabla L_i / L_i

        (of growth, 100 + g in place of y): exact for a level, first-order for a ratio.
        """
        here = float(self.value(path, year)[0]) + (100.0 if self.grows else 0.0)
        found: FloatArray = np.zeros(1)
        for account, when, power in self.parts(year):
            levels = account.level(path, when)
            if float(levels[0]):
                found = found + power * here / float(levels[0]) * read(levels)
            elif power > 0:
                found = found + self.scale * read(levels)
        return found

    @property
    def indicator(self) -> Indicator:
        """The same as an indicator of the product: wherever that may stand, it may."""

        def value(path: Trajectory, year: int, asked: Asked) -> FloatArray:
            """The indicator of one's own, as the trajectory's economy has it."""
            return path.economy.indicators[self.id].value(path, year)

        def level(path: Trajectory, year: int, asked: Asked) -> FloatArray:
            """Its level, in units of money."""
            return path.economy.indicators[self.id].level(path, year)

        money = self.grows and self.level_unit == MONEY
        return Indicator(
            value, self.unit, self.digits, self.title, self.grows, level=level if money else None
        )


@dataclass(frozen=True)
class Linear:
    """A limit on an indicator of one's own as one linear row:

    .. math:: \\sum_t a_t x_t + b\\, l - g r \\le c

    over output by year and branch, what may be decided, and the relaxation.
    """

    output: dict[int, FloatArray]
    levers: FloatArray
    give: float
    high: float


def at_most(
    own: OwnIndicator,
    most: float,
    sign: float,
    year: int,
    path: Trajectory,
    placed: tuple[FloatArray, FloatArray] | None,
) -> Linear:
    """``sign`` × indicator ≤ ``most`` + r as a row that is linear in output and in what may be decided.

    With numerator N and everything that it is set over, K: N - m K ≤ r K_0, m the cap in N over K. Exact
    where K is one level (a ratio, or growth, over one year or against the base year); first-order around the
    path where it is a product of several, and in r where there is a K at all.

    Parameters
    ----------
    path
        The plan's trajectory, draw 0.
    placed
        Investment put in place as constant ``(S, T)`` and slopes ``(S, T, n)`` of what may be decided; None
        where nothing may.
    """
    (account, when, _), *rest = own.parts(year)
    under = [(each, t, -power, level) for each, t, power in rest if (level := float(each.level(path, t)[0]))]
    whole = float(np.prod([level**power for *_, power, level in under]))
    cap = 1 + sign * most / 100 if own.grows else sign * most / own.scale
    terms = [(account, when, sign)]
    constant = -sign * cap * whole * (1 - sum(power for *_, power, _ in under)) if under else 0.0
    terms += [(each, t, -sign * cap * whole * power / level) for each, t, power, level in under]
    high = -constant if under else sign * cap
    output: dict[int, FloatArray] = {}
    levers: FloatArray = np.zeros(placed[1].shape[-1] if placed else 0)
    for each, t, times in terms:
        weights = times * each.per_unit(path.economy, t)[:, 0]
        if t == 0 or (each.money and placed is None):
            high -= times * float(each.level(path, t)[0])
        elif each.money and placed is not None:
            weights = np.broadcast_to(weights, (len(placed[0]),))
            high -= float(weights @ placed[0][:, t - 1])
            levers = levers + weights @ placed[1][:, t - 1]
        else:
            weights = np.broadcast_to(weights, (path.output.shape[0],))
            output[t] = output.get(t, np.zeros(len(weights))) + weights
    give = whole / (100 if own.grows else own.scale)
    return Linear(output, levers, give, high)
