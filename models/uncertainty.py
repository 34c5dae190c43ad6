"""Distributions of numbers in doubt: quantile functions of uniforms (概率分布)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, isfinite, log, sqrt
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .quantity import FloatArray, Quantity

CELLS = 8192
"""Cells in each of which a tabulated quantile function is a straight line; in the two outermost it is
exact."""

COARSE, TAIL = 512, 32
"""Between the first and the last 1/TAIL the nodes themselves lie on straight lines between 1/COARSE."""

WORDS = 131_072
"""Numbers looked up at a time: few enough for the cache, enough that threads do not wait for each other."""

FAR = 4.76
"""Standard deviations of a normal that leave out one draw in a million."""


class Law(Protocol):
    """A distribution, known by its quantile function."""

    def ppf(self, u: FloatArray) -> FloatArray:
        """Quantiles at probabilities ``u`` in (0, 1), any shape, in the number's unit."""

    def __hash__(self) -> int:
        """A law is a value: equal laws share their table."""


@dataclass(frozen=True)
class Uniform:
    """Every value between ``low`` and ``high`` alike."""

    low: float
    high: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """low + u (high - low)."""
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True)
class Triangular:
    """Density rising from ``low`` to ``mode`` and falling to ``high``."""

    low: float
    mode: float
    high: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """Inverse of the piecewise quadratic distribution function."""
        whole, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(np.maximum(u * whole * left, 0.0))
        falling = self.high - np.sqrt(np.maximum((1 - u) * whole * (whole - left), 0.0))
        return np.asarray(np.where(u * whole <= left, rising, falling))


@dataclass(frozen=True)
class Pert:
    """Beta distribution on ``[low, high]`` with mean (low + 4 mode + high) / 6 (Malcolm et al. 1959)."""

    low: float
    mode: float
    high: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """low + (high - low) B⁻¹(u; 1 + 4 (m - a)/(b - a), 1 + 4 (b - m)/(b - a))."""
        from .special import betaincinv

        whole = self.high - self.low
        left = 4 * (self.mode - self.low) / whole
        return np.asarray(self.low + whole * betaincinv(1 + left, 5 - left, u))


@dataclass(frozen=True)
class Normal:
    """Normal, cut to ``[low, high]`` where these are finite (the mass outside is spread over the inside)."""

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


@dataclass(frozen=True)
class Lognormal:
    """Lognormal with a given median; ``sd`` is its standard deviation in the number's unit."""

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


@dataclass(frozen=True)
class Discrete:
    """A few values with given chances (weights that need not add to 1)."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def ppf(self, u: FloatArray) -> FloatArray:
        """The first value, in increasing order, whose cumulated chance reaches ``u``."""
        order = np.argsort(self.values, kind="stable")
        chance = np.cumsum(np.asarray(self.weights, dtype=float)[order])
        at = np.searchsorted(chance / chance[-1], u, side="left")
        return np.asarray(np.asarray(self.values, dtype=float)[order][np.minimum(at, len(order) - 1)])


@dataclass(frozen=True)
class Empirical:
    """What was seen: the quantile function that runs straight between the ordered values."""

    values: tuple[float, ...]

    def ppf(self, u: FloatArray) -> FloatArray:
        """Linear between order statistics at (i + ½)/n, flat beyond the first and last."""
        ordered = np.sort(np.asarray(self.values, dtype=float))
        return np.asarray(np.interp(u, (np.arange(len(ordered)) + 0.5) / len(ordered), ordered))


@dataclass(frozen=True)
class Student:
    """Student's t scaled to a standard deviation; ``freedom`` above 2."""

    sd: float
    freedom: float

    def ppf(self, u: FloatArray) -> FloatArray:
        """sd √((ν - 2)/ν) t⁻¹(u; ν)."""
        from .special import stdtrit

        return np.asarray(self.sd * sqrt((self.freedom - 2) / self.freedom) * stdtrit(self.freedom, u))


@dataclass(frozen=True)
class CalmOrCrisis:
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


@dataclass(frozen=True)
class Tabulated:
    """A quantile function looked up between nodes: fast, and exact in both tails; shift + scale · that of
    ``base``."""

    base: Law
    shift: float = 0.0
    scale: float = 1.0

    def ppf(self, u: FloatArray) -> FloatArray:
        """Straight between nodes; the law itself in the two outermost cells."""
        return Tables((self,)).ppf(u.reshape(1, -1), np.zeros(1, np.intp)).reshape(u.shape)


class Tables:
    """Several tabulated laws looked up together, one a row."""

    def __init__(self, laws: Sequence[Tabulated]) -> None:
        self.laws = tuple(laws)
        bases = {base: at for at, base in enumerate(dict.fromkeys(law.base for law in laws))}
        self.lines = np.concatenate([_lines(base) for base in bases]) if bases else np.zeros(0, np.complex128)
        self.begin = np.array([bases[law.base] * (CELLS + 1) for law in laws], np.intp)[:, None]
        self.scale, self.shift = (
            np.array([getattr(law, name) for law in laws])[:, None] for name in ("scale", "shift")
        )

    def ppf(self, u: FloatArray, rows: npt.NDArray[np.intp]) -> FloatArray:
        """Quantiles ``(n, D)`` of the laws at probabilities in (0, 1) that stand in some rows of ``u``, one
        for each law."""
        found = np.empty((len(rows), u.shape[1]))
        step = max(WORDS // max(u.shape[1], 1), 1)
        for low in range(0, len(rows), step):
            some = slice(low, low + step)
            self._quantiles(u[rows[some]], some, found[some])
        return found

    def _quantiles(self, u: FloatArray, some: slice, out: FloatArray) -> None:
        """Some laws at a time, so that what is in between stays in the cache."""
        place = np.multiply(u, CELLS, out=out)
        cell = np.floor(place)
        line = self.lines.take(cell.astype(np.intp) + self.begin[some])
        place -= cell
        place *= line.imag
        place += line.real
        ends = (cell == 0) | (cell >= CELLS - 1)
        for row in np.flatnonzero(ends.any(axis=1)):
            at = np.flatnonzero(ends[row])
            place[row, at] = self.laws[some][row].base.ppf(u[row, at])
        place *= self.scale[some]
        place += self.shift[some]


@lru_cache(maxsize=4096)
def _lines(base: Law) -> npt.NDArray[np.complex128]:
    """Quantile at each node, exact in the tails and at coarse nodes, and its rise to the next.

    As one complex number, real and imaginary part, so that one look-up fetches both.
    """
    u = np.arange(CELLS + 1) / CELLS
    coarse = np.arange(1, COARSE) / COARSE
    nodes = np.interp(u, coarse, base.ppf(coarse))
    tails = np.flatnonzero((u < 1 / TAIL) | (u > 1 - 1 / TAIL))
    nodes[tails] = base.ppf(np.clip(u[tails], 1e-6, 1 - 1e-6))  # the outermost cells are not used
    return nodes + 1j * np.append(np.diff(nodes), 0.0)


STANDARD = Tabulated(Normal(0.0, 1.0))
"""Normal scores of uniforms."""


def at_scores(law: Law, scores: FloatArray) -> FloatArray:
    """Quantiles at probabilities Φ(scores); a normal law's are the scores themselves, in its place and
    width."""
    from .special import ndtr

    if isinstance(law, Tabulated) and law.base == STANDARD.base:
        return law.shift + law.scale * scores
    return law.ppf(np.clip(ndtr(scores), 1e-16, 1 - 1e-16))


def tabulated(law: Law) -> Law:
    """The law, by a table where its own formula is slow; laws that differ in place and width alone share
    one."""
    if isinstance(law, (Uniform, Triangular, Discrete, Empirical)):
        return law
    if isinstance(law, Pert):
        width = law.high - law.low
        return Tabulated(Pert(0.0, round((law.mode - law.low) / width, 9), 1.0), law.low, width)
    if isinstance(law, Normal) and law.low == -np.inf and law.high == np.inf:
        return Tabulated(Normal(0.0, 1.0), law.mean, law.sd)
    if isinstance(law, Student):
        return Tabulated(Student(1.0, law.freedom), 0.0, law.sd)
    if isinstance(law, CalmOrCrisis) and law.sd > 1e-9:
        return Tabulated(CalmOrCrisis(1.0, round(law.crisis / law.sd, 9), law.chance), 0.0, law.sd)
    return Tabulated(law)


def law(quantity: Quantity) -> Law | None:
    """How a number is distributed; None where it is certain.

    Without a stated distribution, ``low`` and ``high`` bound a PERT with mode ``value``.
    """
    value, stated = quantity.value, quantity.distribution
    low = value if quantity.low is None else quantity.low
    high = value if quantity.high is None else quantity.high
    if stated is None or stated.kind in ("pert", "triangular", "uniform"):
        if high <= low:
            return None
        kind = "pert" if stated is None else stated.kind
        return (
            Uniform(low, high)
            if kind == "uniform"
            else (Triangular if kind == "triangular" else Pert)(low, value, high)
        )
    if stated.kind in ("normal", "lognormal"):
        if not stated.sd:
            return None
        least = -np.inf if quantity.low is None else quantity.low
        most = np.inf if quantity.high is None else quantity.high
        return (Normal if stated.kind == "normal" else Lognormal)(value, stated.sd, least, most)
    seen = tuple(value + each if stated.deviations else each for each in stated.values)
    if len(set(seen)) < 2 and stated.kind == "empirical":
        seen = seen or (value,)
    if stated.kind == "discrete":
        return Discrete(seen, stated.weights or (1.0,) * len(seen))
    return Empirical(seen)


def span(quantity: Quantity) -> tuple[float, float]:
    """Least and greatest value that a draw in a million passes, without any special function."""
    found = law(quantity)
    if isinstance(found, Normal):
        return max(found.low, found.mean - FAR * found.sd), min(found.high, found.mean + FAR * found.sd)
    if isinstance(found, Lognormal):
        return max(found.low, found.median * exp(-FAR * found.log_sd)), min(
            found.high, found.median * exp(FAR * found.log_sd)
        )
    if isinstance(found, (Discrete, Empirical)):
        return min(found.values), max(found.values)
    low = quantity.value if quantity.low is None else quantity.low
    return low, quantity.value if quantity.high is None else quantity.high


def shock_law(
    sd: float, freedom: float | None = None, crisis: float | None = None, chance: float = 0.0
) -> Law | None:
    """A shock about 0: calm or crisis where crises are stated, Student's t where tails are, else normal."""
    if crisis is not None and chance > 0:
        return CalmOrCrisis(sd, crisis, chance)
    if sd <= 0:
        return None
    return Normal(0.0, sd) if freedom is None else Student(sd, freedom)
