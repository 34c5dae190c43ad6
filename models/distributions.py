"""Distributions that a number in doubt may have: quantile functions of uniforms, each one class (概率分布).

One more distribution is one class here and its place in :data:`DISTRIBUTIONS`: schema, checks, reference and
draws take it from there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from .words import msg

if TYPE_CHECKING:
    from .errors import Said
    from .quantity import FloatArray, Quantity

FAR = 4.76
"""Standard deviations of a normal that leave out one draw in a million."""


class Law(ABC):
    """A distribution, known by its quantile function; a value: equal laws share their table."""

    fast: ClassVar[bool] = False
    """Whether its own formula is quicker than a look-up in a table."""

    @abstractmethod
    def ppf(self, u: FloatArray) -> FloatArray:
        """Quantiles at probabilities ``u`` in (0, 1), any shape, in the number's unit."""

    def standard(self) -> tuple[Law, float, float]:
        """A law that all those share which differ from this one in place and width alone; place and width."""
        return self, 0.0, 1.0


class Stated(Law):
    """A law that a scenario may state for a number.

    Attributes
    ----------
    kind, meaning, chinese
        Its name in a scenario, and what that stands for in English and Chinese.
    takes
        Keys of the distribution that belong to it; all but ``weights`` are needed.
    between
        Whether it lies between ``low`` and ``high``, so that one of them is needed.
    """

    kind: ClassVar[str]
    meaning: ClassVar[str]
    chinese: ClassVar[str]
    takes: ClassVar[tuple[str, ...]] = ()
    between: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """The law of a number that states it; None where nothing is left to chance."""

    @abstractmethod
    def ends(self) -> tuple[float, float]:
        """Least and greatest value that a draw in a million passes, without any special function."""

    @classmethod
    def refused(cls, value: float) -> tuple[Said, Said] | None:
        """What is wrong with a central value, and what is expected; None where nothing is."""
        return None


def bounds(quantity: Quantity) -> tuple[float, float]:
    """Low and high of a number; the value where one is not stated."""
    low = quantity.value if quantity.low is None else quantity.low
    return low, quantity.value if quantity.high is None else quantity.high


def _with_sd(quantity: Quantity) -> tuple[float, float, float, float] | None:
    """Value, standard deviation and the bounds that cut it; None without a deviation."""
    sd = quantity.distribution.sd if quantity.distribution else None
    if not sd:
        return None
    low = -np.inf if quantity.low is None else quantity.low
    return quantity.value, sd, low, np.inf if quantity.high is None else quantity.high


def _seen(quantity: Quantity) -> tuple[float, ...]:
    stated = quantity.distribution
    assert stated is not None  # else it has no values
    return tuple(quantity.value + each if stated.deviations else each for each in stated.values)


@dataclass(frozen=True)
class Uniform(Stated):
    """Every value between ``low`` and ``high`` alike."""

    kind: ClassVar[str] = "uniform"
    meaning: ClassVar[str] = "between `low` and `high`"
    chinese: ClassVar[str] = "`low` 与 `high` 之间"
    between: ClassVar[bool] = True
    fast: ClassVar[bool] = True

    low: float
    high: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """low + u (high - low)."""
        return self.low + u * (self.high - self.low)

    @classmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """Between the bounds of a number."""
        low, high = bounds(quantity)
        return cls(low, high) if high > low else None

    def ends(self) -> tuple[float, float]:
        """The bounds."""
        return self.low, self.high


@dataclass(frozen=True)
class _AboutMode(Stated):
    """Between two bounds, and likeliest at the number itself."""

    between: ClassVar[bool] = True

    low: float
    mode: float
    high: float

    @classmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """Between the bounds of a number."""
        low, high = bounds(quantity)
        return cls(low, quantity.value, high) if high > low else None

    def ends(self) -> tuple[float, float]:
        """The bounds."""
        return self.low, self.high


@dataclass(frozen=True)
class Triangular(_AboutMode):
    """Density rising from ``low`` to ``mode`` and falling to ``high``."""

    kind: ClassVar[str] = "triangular"
    meaning: ClassVar[str] = "between `low` and `high`, mode `value`"
    chinese: ClassVar[str] = "`low` 与 `high` 之间，众数为 `value`"
    fast: ClassVar[bool] = True

    def ppf(self, u: FloatArray) -> FloatArray:
        """Inverse of the piecewise quadratic distribution function."""
        whole, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(np.maximum(u * whole * left, 0.0))
        falling = self.high - np.sqrt(np.maximum((1 - u) * whole * (whole - left), 0.0))
        return np.asarray(np.where(u * whole <= left, rising, falling))


@dataclass(frozen=True)
class Pert(_AboutMode):
    """Beta distribution on ``[low, high]`` with mean (low + 4 mode + high) / 6 (Malcolm et al. 1959)."""

    kind: ClassVar[str] = "pert"
    meaning: ClassVar[str] = "between `low` and `high`, mode `value`"
    chinese: ClassVar[str] = "`low` 与 `high` 之间，众数为 `value`"

    def ppf(self, u: FloatArray) -> FloatArray:
        """low + (high - low) B⁻¹(u; 1 + 4 (m - a)/(b - a), 1 + 4 (b - m)/(b - a))."""
        from .special import betaincinv

        whole = self.high - self.low
        left = 4 * (self.mode - self.low) / whole
        return np.asarray(self.low + whole * betaincinv(1 + left, 5 - left, u))

    def standard(self) -> tuple[Law, float, float]:
        """On ``[0, 1]``."""
        width = self.high - self.low
        return Pert(0.0, round((self.mode - self.low) / width, 9), 1.0), self.low, width


@dataclass(frozen=True)
class Normal(Stated):
    """Normal, cut to ``[low, high]`` where these are finite (the mass outside is spread over the inside)."""

    kind: ClassVar[str] = "normal"
    meaning: ClassVar[str] = "mean `value`, cut to `low` and `high` where stated"
    chinese: ClassVar[str] = "均值为 `value`，写了 `low`、`high` 则截断"
    takes: ClassVar[tuple[str, ...]] = ("sd",)

    mean: float
    sd: float
    low: float = -np.inf
    high: float = np.inf

    def ppf(self, u: FloatArray) -> FloatArray:
        """mean + sd Φ⁻¹(u), u squeezed into the probabilities of the bounds."""
        from .special import ndtr, ndtri

        least, most = ndtr((self.low - self.mean) / self.sd), ndtr((self.high - self.mean) / self.sd)
        return np.asarray(
            np.clip(self.mean + self.sd * ndtri(least + u * (most - least)), self.low, self.high)
        )

    @classmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """About the value of a number, cut to its bounds."""
        stated = _with_sd(quantity)
        return cls(*stated) if stated else None

    def ends(self) -> tuple[float, float]:
        """The bounds, or so many standard deviations off the mean."""
        return max(self.low, self.mean - FAR * self.sd), min(self.high, self.mean + FAR * self.sd)

    def standard(self) -> tuple[Law, float, float]:
        """Of mean 0 and standard deviation 1, where it is not cut."""
        whole = self.low == -np.inf and self.high == np.inf
        return (Normal(0.0, 1.0), self.mean, self.sd) if whole else (self, 0.0, 1.0)


@dataclass(frozen=True)
class Lognormal(Stated):
    """Lognormal with a given median; ``sd`` is its standard deviation in the number's unit."""

    kind: ClassVar[str] = "lognormal"
    meaning: ClassVar[str] = "median `value`, cut to `low` and `high` where stated"
    chinese: ClassVar[str] = "中位数为 `value`，写了 `low`、`high` 则截断"
    takes: ClassVar[tuple[str, ...]] = ("sd",)

    median: float
    sd: float
    low: float = 0.0
    high: float = np.inf

    @property
    def log_sd(self) -> float:
        """σ of the logarithm: exp(σ²) = (1 + √(1 + 4 (sd/median)²)) / 2."""
        return sqrt(log((1 + sqrt(1 + 4 * (self.sd / self.median) ** 2)) / 2))

    def ppf(self, u: FloatArray) -> FloatArray:
        """median · exp(σ Φ⁻¹(u)), cut to ``[low, high]``."""
        low = log(self.low) if self.low > 0 else -np.inf
        high = log(self.high) if isfinite(self.high) else np.inf
        return np.exp(Normal(log(self.median), self.log_sd, low, high).ppf(u))

    @classmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """About the value of a number, cut to its bounds."""
        stated = _with_sd(quantity)
        return cls(*stated) if stated else None

    def ends(self) -> tuple[float, float]:
        """The bounds, or so many standard deviations of the logarithm off the median."""
        far = FAR * self.log_sd
        return max(self.low, self.median * exp(-far)), min(self.high, self.median * exp(far))

    @classmethod
    def refused(cls, value: float) -> tuple[Said, Said] | None:
        """A median must be above zero."""
        if value > 0:
            return None
        return msg("lognormal with median {value:g}", value=value), msg("a median above 0")


@dataclass(frozen=True)
class _OfValues(Stated):
    """One of some values, or between them."""

    fast: ClassVar[bool] = True

    values: tuple[float, ...]

    def ends(self) -> tuple[float, float]:
        """The least and the greatest value."""
        return min(self.values), max(self.values)


@dataclass(frozen=True)
class Discrete(_OfValues):
    """A few values with given chances (weights that need not add to 1)."""

    kind: ClassVar[str] = "discrete"
    meaning: ClassVar[str] = "`values` with `weights`"
    chinese: ClassVar[str] = "`values` 配 `weights`"
    takes: ClassVar[tuple[str, ...]] = ("values", "weights")

    weights: tuple[float, ...]

    def ppf(self, u: FloatArray) -> FloatArray:
        """The first value, in increasing order, whose cumulated chance reaches ``u``."""
        order = np.argsort(self.values, kind="stable")
        chance = np.cumsum(np.asarray(self.weights, dtype=float)[order])
        at = np.searchsorted(chance / chance[-1], u, side="left")
        return np.asarray(np.asarray(self.values, dtype=float)[order][np.minimum(at, len(order) - 1)])

    @classmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """The values of a number with their weights, alike where none are stated."""
        values = _seen(quantity)
        weights = quantity.distribution.weights if quantity.distribution else ()
        return cls(values, weights or (1.0,) * len(values))


@dataclass(frozen=True)
class Empirical(_OfValues):
    """What was seen: the quantile function that runs straight between the ordered values."""

    kind: ClassVar[str] = "empirical"
    meaning: ClassVar[str] = "`values` as seen"
    chinese: ClassVar[str] = "`values` 为观测值"
    takes: ClassVar[tuple[str, ...]] = ("values",)
    fast: ClassVar[bool] = True

    def ppf(self, u: FloatArray) -> FloatArray:
        """Linear between order statistics at (i + ½)/n, flat beyond the first and last."""
        ordered = np.sort(np.asarray(self.values, dtype=float))
        return np.asarray(np.interp(u, (np.arange(len(ordered)) + 0.5) / len(ordered), ordered))

    @classmethod
    def of(cls, quantity: Quantity) -> Law | None:
        """The values that were seen of a number."""
        return cls(_seen(quantity) or (quantity.value,))


@dataclass(frozen=True)
class Student(Law):
    """Student's t scaled to a standard deviation; ``freedom`` above 2."""

    sd: float
    freedom: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """sd √((ν - 2)/ν) t⁻¹(u; ν)."""
        from .special import stdtrit

        return np.asarray(self.sd * sqrt((self.freedom - 2) / self.freedom) * stdtrit(self.freedom, u))

    def standard(self) -> tuple[Law, float, float]:
        """Of standard deviation 1."""
        return Student(1.0, self.freedom), 0.0, self.sd


@dataclass(frozen=True)
class CalmOrCrisis(Law):
    """Mixture of two normals about 0: calm years and, with chance ``chance``, crises."""

    sd: float
    crisis: float
    chance: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """The root of (1 - p) Φ(x/s) + p Φ(x/c) = u, by bisection to the last digits."""
        from .special import ndtr, ndtri

        calm, rough = max(self.sd, 1e-12), max(self.crisis, 1e-12)
        z = ndtri(u)
        low, high = np.minimum(z * calm, z * rough), np.maximum(z * calm, z * rough)
        for _ in range(60):
            middle = (low + high) / 2
            under = (1 - self.chance) * ndtr(middle / calm) + self.chance * ndtr(middle / rough) < u
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)

    def standard(self) -> tuple[Law, float, float]:
        """Of standard deviation 1 in calm years."""
        if self.sd <= 1e-9:
            return self, 0.0, 1.0
        return CalmOrCrisis(1.0, round(self.crisis / self.sd, 9), self.chance), 0.0, self.sd


DISTRIBUTIONS: dict[str, type[Stated]] = {
    law.kind: law for law in (Pert, Triangular, Uniform, Normal, Lognormal, Discrete, Empirical)
}
"""Every distribution that a scenario may state, by its name; the first is that of a number with bounds and no
more."""
