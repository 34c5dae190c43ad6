"""The long view: growth from capital, labour and productivity, and its three questions (长期增长核算).

Output is Y = A K^(1-β) (h L)^β, people at work L = participation x working-age share x population N, and
capital K' = (1-δ) K + I. Sources: Solow (1956); Hevia & Loayza (2012); Loayza & Pennings (2022), *The Long
Term Growth Model*. Rates and shares are fractions a year (0.065 is 6.5 %). Arrays: ``T`` years, ``D`` draws,
the last axis.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from .quantity import FloatArray
from .words import msg


@dataclass(frozen=True)
class Fundamentals:
    """What the long view takes as given.

    Attributes
    ----------
    labour_share, depreciation
        β and δ, ``(D,)``.
    productivity, human, participation, working_age, population
        Growth a year of A, h, the part of the working age that works, the part of the population in working
        age, and N, ``(T, D)``.
    """

    labour_share: FloatArray
    depreciation: FloatArray
    productivity: FloatArray
    human: FloatArray
    participation: FloatArray
    working_age: FloatArray
    population: FloatArray

    @classmethod
    def steady(
        cls,
        years: int,
        *,
        labour_share: float,
        depreciation: float,
        productivity: float = 0.0,
        human: float = 0.0,
        participation: float = 0.0,
        working_age: float = 0.0,
        population: float = 0.0,
    ) -> Fundamentals:
        """The same rates in each of a number of years, one draw."""
        flat = [
            np.full((years, 1), rate)
            for rate in (productivity, human, participation, working_age, population)
        ]
        return cls(np.array([labour_share]), np.array([depreciation]), *flat)

    def until(self, years: int) -> Fundamentals:
        """The same up to a number of years."""
        return Fundamentals(
            self.labour_share, self.depreciation, *(getattr(self, f.name)[:years] for f in fields(self)[2:])
        )

    def __post_init__(self) -> None:
        """Refuse shares and rates that the production function has no meaning for.

        Raises
        ------
        ValueError
            Where β is not between 0 and 1, δ not in [0, 1), or a rate is -100 % a year or less.
        """
        if not np.all((self.labour_share > 0) & (self.labour_share < 1)):
            raise ValueError(msg("the labour share must lie between 0 and 1"))
        if not np.all((self.depreciation >= 0) & (self.depreciation < 1)):
            raise ValueError(msg("depreciation must be at least 0 and below 1"))
        for part in fields(self)[2:]:
            if not np.all(getattr(self, part.name) > -1):
                raise ValueError(msg("growth of {part} must be above -1", part=part.name))

    @property
    def years(self) -> int:
        """How many years of growth."""
        return len(self.productivity)

    @property
    def work(self) -> FloatArray:
        """Growth factor of h L a year: (1+g_h)(1+g_ρ)(1+g_ω)(1+g_N), ``(T, D)``."""
        parts = (self.human, self.participation, self.working_age, self.population)
        return np.asarray(np.prod(np.broadcast_arrays(*[1 + part for part in parts]), axis=0))

    @property
    def free(self) -> FloatArray:
        """Growth factor of output at constant capital: (1+g_A)(h L growth)^β, ``(T, D)``."""
        return np.asarray((1 + self.productivity) * self.work**self.labour_share)


@dataclass(frozen=True)
class LongPath:
    """A path of the long view.

    Attributes
    ----------
    growth
        Growth of output from each year to the next, ``(T, D)``; ``per_head`` of output per person.
    investment
        I/Y of each year, which makes the growth to the next, ``(T, D)``.
    ratio
        Capital over output K/Y, ``(T + 1, D)``, from the base year on.
    """

    growth: FloatArray
    per_head: FloatArray
    investment: FloatArray
    ratio: FloatArray

    @property
    def level(self) -> FloatArray:
        """Output with the base year as one, ``(T + 1, D)``."""
        return _index(self.growth)

    @property
    def level_per_head(self) -> FloatArray:
        """Output per person with the base year as one, ``(T + 1, D)``."""
        return _index(self.per_head)

    @property
    def icor(self) -> FloatArray:
        """Investment per unit of growth, (I/Y) / g, ``(T, D)``; infinite without growth."""
        return icor(self.investment, self.growth)


def _index(growth: FloatArray) -> FloatArray:
    return np.concatenate([np.ones((1, growth.shape[1])), np.cumprod(1 + growth, axis=0)])


def growth_from_investment(given: Fundamentals, ratio: FloatArray, investment: FloatArray) -> LongPath:
    """First question: what growth does a path of investment give?

    .. math:: 1 + g_Y = (1+g_A) \\Big[1-\\delta + \\frac{I/Y}{K/Y}\\Big]^{1-\\beta} (h L)^{\\beta}_{growth}, \\qquad
              (K/Y)' = (K/Y) \\frac{1-\\delta + (I/Y)/(K/Y)}{1+g_Y}

    Exact, not log-linear. Source: Loayza & Pennings (2022), the model's first sub-model.

    Parameters
    ----------
    ratio
        K/Y of the base year, ``(D,)``.
    investment
        I/Y of each year, ``(T, D)``.

    Raises
    ------
    ValueError
        Where K/Y is not above 0, or negative investment would leave no capital.
    """  # noqa: E501
    ratios, grown, capital = [_positive(ratio)], [], 1 - given.labour_share
    for t in range(given.years):
        factor = 1 - given.depreciation + investment[t] / ratios[-1]
        if not np.all(factor > 0):
            raise ValueError(msg("year {year}: more capital is taken away than there is", year=t + 1))
        grown.append(given.free[t] * factor**capital - 1)
        ratios.append(ratios[-1] * factor / (1 + grown[-1]))
    return _path(given, np.stack(grown), investment, ratios)


def investment_from_growth(given: Fundamentals, ratio: FloatArray, growth: FloatArray) -> LongPath:
    """Second question: what investment does a path of growth need?

    .. math:: \\frac IY = \\frac KY \\Big\\{ \\Big[ \\frac{1+g_Y}{(1+g_A)(h L)^{\\beta}_{growth}} \\Big]^{1/(1-\\beta)} - (1-\\delta) \\Big\\}

    The inverse of the first question. A negative share says that the growth comes without any investment, and
    more.
    Source: Loayza & Pennings (2022), second sub-model.

    Parameters
    ----------
    growth
        Growth wanted to the year after each, ``(T, D)``.
    """  # noqa: E501
    ratios, shares, capital = [_positive(ratio)], [], 1 - given.labour_share
    for t in range(given.years):
        factor = ((1 + growth[t]) / given.free[t]) ** (1 / capital)
        shares.append(ratios[-1] * (factor - (1 - given.depreciation)))
        ratios.append(ratios[-1] * factor / (1 + growth[t]))
    return _path(given, growth, np.stack(shares), ratios)


def productivity_for(given: Fundamentals, ratio: FloatArray, investment: FloatArray, growth: float) -> float:
    """Growth of productivity, the same in every year, with which investment gives an average growth.

    Compound growth, one draw. Whatever productivity is given counts for nothing. By secants: growth is all
    but linear in it.
    """

    def off(rate: float) -> float:
        tried = replace(given, productivity=np.full_like(given.productivity, rate))
        level = growth_from_investment(tried, ratio, investment).level[-1, 0]
        return float(level ** (1 / given.years)) - 1 - growth

    last, rate = 0.0, growth / 2 + 1e-3
    before, now = off(last), off(rate)
    for _ in range(60):
        if abs(now) < 1e-14 or now == before:
            break
        last, rate, before = rate, rate - now * (rate - last) / (now - before), now
        now = off(rate)
    return rate


def growth_from_savings(
    given: Fundamentals, ratio: FloatArray, savings: FloatArray, balance: FloatArray
) -> LongPath:
    """Third question: what growth do savings give, with so much money from outside?

    .. math:: I/Y = S/Y - CAB/Y

    ``balance`` is the current account over output, negative where money flows in (for a region: net sales
    outside). Source: Loayza & Pennings (2022), third sub-model; the identity of saving and investment.

    Parameters
    ----------
    savings, balance
        S/Y and CAB/Y of each year, ``(T, D)``.
    """
    return growth_from_investment(given, ratio, savings - balance)


def liabilities(path: LongPath, start: FloatArray, balance: FloatArray) -> FloatArray:
    """Net liabilities to the outside over output that a current account piles up, ``(T + 1, D)``.

    .. math:: b' = (b - CAB/Y) / (1 + g_Y)

    An identity without revaluations; interest is inside the current account.
    """
    held = [start]
    for t in range(len(path.growth)):
        held.append((held[-1] - balance[t]) / (1 + path.growth[t]))
    return np.stack(np.broadcast_arrays(*held))


def _positive(ratio: FloatArray) -> FloatArray:
    if not np.all(ratio > 0):
        raise ValueError(msg("capital over output must be above 0"))
    return np.asarray(ratio, dtype=float)


def _path(
    given: Fundamentals, growth: FloatArray, investment: FloatArray, ratios: list[FloatArray]
) -> LongPath:
    per_head = (1 + growth) / (1 + given.population) - 1
    return LongPath(growth, per_head, investment, np.stack(np.broadcast_arrays(*ratios)))


@dataclass(frozen=True)
class Sources:
    """Points of growth by source (fractions), adding up to growth exactly, each ``(T, D)``."""

    capital: FloatArray
    work: FloatArray
    human: FloatArray
    productivity: FloatArray


def account(given: Fundamentals, path: LongPath) -> Sources:
    """Growth accounting: how much of each year's growth comes from capital, people, schooling and
    productivity.

    .. math:: \\ln(1+g_Y) = (1-\\beta)\\ln\\frac{K'}{K} + \\beta \\ln\\frac{L'}{L} + \\beta \\ln\\frac{h'}{h} + \\ln(1+g_A)

    each part scaled by g_Y / ln(1 + g_Y), so that the parts add up without a residual. Source: Solow (1957).
    """  # noqa: E501
    beta = given.labour_share
    factor = path.ratio[1:] * (1 + path.growth) / path.ratio[:-1]
    logs = np.log1p(path.growth)
    scale = np.where(logs == 0, 1.0, path.growth / np.where(logs == 0, 1.0, logs))
    return Sources(
        (1 - beta) * np.log(factor) * scale,
        beta * np.log(given.work / (1 + given.human)) * scale,
        beta * np.log1p(given.human) * scale,
        np.log1p(given.productivity) * scale,
    )


def balanced(given: Fundamentals, investment: FloatArray, growth: FloatArray) -> FloatArray:
    """K/Y to which a constant share of investment and constant growth lead: (I/Y) / (δ + g_Y)."""
    return np.asarray(investment / (given.depreciation + growth))


def icor(investment: FloatArray, growth: FloatArray) -> FloatArray:
    """Incremental capital-output ratio, an identity: (I/Y) / g_Y (增量资本产出率)."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.divide(investment, growth))


def needed(ratio: FloatArray, growth: FloatArray) -> FloatArray:
    """Share of investment that growth needs at a constant ICOR: (I/Y) = ICOR x g. Source: Harrod-Domar;
    planning practice."""
    return np.asarray(ratio * growth)


def ramp(first: float, last: float, over: int, years: int) -> FloatArray:
    """A rate that moves in equal steps from ``first`` to ``last`` in ``over`` years and then stays, ``(T,
    1)``."""
    steps = np.minimum(np.arange(1, years + 1) / max(over, 1), 1.0)
    return np.asarray(first + (last - first) * steps)[:, None]


def poverty(share: float, path: LongPath, elasticity: float = -2.0) -> FloatArray:
    """Share of poor people along a path: pov' = pov (1 + ε g per head), between 0 and 1, ``(T + 1, D)``."""
    held = [np.full(path.growth.shape[1], share)]
    for growth in path.per_head:
        held.append(np.clip(held[-1] * (1 + elasticity * growth), 0.0, 1.0))
    return np.stack(held)
