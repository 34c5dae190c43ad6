"""Indicators of the target sheet: each one documented function of a trajectory (指标).

Adding one is one function and one line in :data:`INDICATORS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .money import MONEY
from .quantity import Bilingual, FloatArray, share_of
from .trajectory import Trajectory
from .words import msg

if TYPE_CHECKING:
    from .economy import Economy


@dataclass(frozen=True)
class Asked:
    """What a target asks of an indicator: what it covers, and a base-year level wider than that."""

    covers: tuple[str, ...] = ()
    base: FloatArray | None = None


Value = Callable[[Trajectory, int, Asked], FloatArray]


@dataclass(frozen=True)
class Indicator:
    """One indicator: its function ``(trajectory, year index, asked) -> (D,)``, unit, printed digits and
    names.

    ``covers`` tells what the target must list: ``sectors``, ``goods``, ``crops`` or nothing.
    ``growth`` is True for growth rates in %; their gap in money is a gap times the level the year before.
    """

    value: Value
    unit: str
    digits: int
    title: Bilingual
    growth: bool = False
    covers: str = ""
    level: Value | None = None


def growth(now: FloatArray, before: FloatArray) -> FloatArray:
    """Growth in %, zero where there was nothing before."""
    return np.asarray(100 * (share_of(now, before, 1.0) - 1))


def grown(level: Value, title: Bilingual, covers: str = "") -> Indicator:
    """The indicator that is the growth of a level."""

    def value(path: Trajectory, year: int, asked: Asked) -> FloatArray:
        """Growth of the level over the year before, %: 100 (l_t / l_{t-1} - 1)."""
        return growth(level(path, year, asked), level(path, year - 1, asked))

    return Indicator(value, "%", 1, title, True, covers, level)


def gdp_level(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Nominal GDP, money: real GDP times the deflator."""
    return np.asarray(path.gdp[year] * path.economy.prices.deflator(year))


def _real_gdp(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """GDP at base prices, money: Σ v x_t."""
    return np.asarray(path.gdp[year])


def _above_scale(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Value added of above-scale industry at base prices, money, so that growth is on a comparable basis.

    Sectors are weighted by base-year above-scale value added; a firm that merely crosses the threshold
    adds nothing.
    """
    shares = np.broadcast_to(path.economy.above_scale, path.value_added[:, year].shape)
    return np.asarray(np.einsum("bd,bd->d", shares, path.value_added[:, year]))


def _covered_va(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Value added of the covered sectors or groups at base prices, in units of money."""
    va: FloatArray = path.economy.covered(asked.covers) @ path.value_added[:, year]
    return va


def _fai(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Investment put in place, nominal, in units of money."""
    return np.asarray(path.realisation.placed(year).sum(axis=0))


def key_project_investment(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Investment of key projects put in place, money (zero in the base year: not modelled)."""
    return path.realisation.key_investment[year - 1] if year else np.zeros(1)


def _income(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Household income at base prices, in units of money; H as in :class:`~.economy.Households`."""
    return np.asarray(path.income[year])


def _output_value(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Current-price value of the covered goods, and of covered sectors, groups or branches."""
    prices, total = path.economy.prices, np.zeros(1)
    for good in asked.covers:
        if f"made:{good}" in path.physical:
            total = total + path.physical[f"made:{good}"][year] * path.economy.worth(good, year)
    for row in np.flatnonzero(path.economy.covered(asked.covers)):
        total = total + path.output[row, year] * prices.sectors[row] ** year
    return total


def output_value(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Output value at current prices, money (产值).

    With a stated base-year level ``base`` that is wider than the covered goods: base × Σ p_t q_t / Σ p_0 q_0.
    """
    value = _output_value(path, year, asked)
    if asked.base is None:
        return value
    return asked.base * value / _output_value(path, 0, asked)


def crop_output(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Harvest of the covered crops, 万吨."""
    total: FloatArray = np.sum([path.physical[f"crop:{crop}"][year] for crop in asked.covers], axis=0)
    return total


def crop_area(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Area of the covered crops, 万亩."""
    total: FloatArray = np.sum([path.physical[f"area:{crop}"][year] for crop in asked.covers], axis=0)
    return total


def _consumption(path: Trajectory, year: int, asked: Asked) -> FloatArray:
    """Household consumption at base prices, in units of money."""
    return np.asarray(path.consumption[year])


INDICATORS: dict[str, Indicator] = {
    "gdp_growth": grown(_real_gdp, msg("GDP growth")),
    "industry_above_scale_growth": grown(_above_scale, msg("Above-scale industry growth")),
    "sector_growth": grown(_covered_va, msg("Sector value-added growth"), "sectors"),
    "fai_growth": grown(_fai, msg("Investment growth")),
    "fai_level": Indicator(_fai, MONEY, 1, msg("Investment put in place"), level=_fai),
    "key_project_investment": Indicator(key_project_investment, MONEY, 1, msg("Key-project investment")),
    "output_value": Indicator(output_value, MONEY, 1, msg("Output value"), covers="goods"),
    "crop_output": Indicator(crop_output, "万吨", 1, msg("Crop output"), covers="crops"),
    "crop_area": Indicator(crop_area, "万亩", 1, msg("Sown area"), covers="crops"),
    "household_consumption_growth": grown(_consumption, msg("Household consumption growth")),
    "household_income_growth": grown(_income, msg("Real growth of household income")),
    "gdp_level": Indicator(gdp_level, MONEY, 1, msg("Nominal GDP")),
}
"""Every indicator that an equation of the model gives."""


def indicator_of(name: str, economy: Economy) -> Indicator | None:
    """An indicator of the product, or of the scenario's own, by its key."""
    own = economy.indicators.get(name)
    return own.indicator if own else INDICATORS.get(name)


DRIVERS = ("gdp_growth", "nominal_gdp_growth", "consumption_growth", "consumer_prices")
"""What a linked relation may depend on, besides other indicators without `covers` and other relations."""
DRIVER_TITLES: dict[str, Bilingual] = {
    "nominal_gdp_growth": msg("nominal GDP growth"),
    "consumption_growth": msg("real growth of household consumption"),
    "consumer_prices": msg("growth of consumer prices"),
}


def driver(path: Trajectory, year: int, name: str) -> FloatArray:
    """Value of a driver of linked relations, %.

    ``nominal_gdp_growth`` = (1 + g)(1 + deflator) - 1; ``consumer_prices`` is the assumed CPI growth.
    """
    prices = path.economy.prices
    if name == "nominal_gdp_growth":
        return growth(gdp_level(path, year, Asked()), gdp_level(path, year - 1, Asked()))
    if name == "consumption_growth":
        name = "household_consumption_growth"
    if name == "consumer_prices":
        return 100 * (prices.consumer - 1)
    known = indicator_of(name, path.economy)
    assert known is not None  # the rules see to it
    return known.value(path, year, Asked())
