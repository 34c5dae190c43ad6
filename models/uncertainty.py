"""How numbers in doubt are drawn: their laws, by tables where these are faster (抽样)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .distributions import DISTRIBUTIONS, CalmOrCrisis, Law, Normal, Pert, Stated, Student, bounds
from .quantity import FloatArray, Quantity

CELLS = 8192
"""Cells in each of which a tabulated quantile function is a straight line; in the two outermost it is
exact."""

COARSE, TAIL = 512, 32
"""Between the first and the last 1/TAIL the nodes themselves lie on straight lines between 1/COARSE."""

WORDS = 131_072
"""Numbers looked up at a time: few enough for the cache, enough that threads do not wait for each other."""


@dataclass(frozen=True)
class Tabulated(Law):
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
    return law if law.fast else Tabulated(*law.standard())


def law(quantity: Quantity) -> Law | None:
    """How a number is distributed; None where it is certain.

    Without a stated distribution, ``low`` and ``high`` bound a PERT with mode ``value``.
    """
    stated = quantity.distribution
    return (DISTRIBUTIONS[stated.kind] if stated else Pert).of(quantity)


def span(quantity: Quantity) -> tuple[float, float]:
    """Least and greatest value that a draw in a million passes, without any special function."""
    found = law(quantity)
    return found.ends() if isinstance(found, Stated) else bounds(quantity)


def shock_law(
    sd: float, freedom: float | None = None, crisis: float | None = None, chance: float = 0.0
) -> Law | None:
    """A shock about 0: calm or crisis where crises are stated, Student's t where tails are, else normal."""
    if crisis is not None and chance > 0:
        return CalmOrCrisis(sd, crisis, chance)
    if sd <= 0:
        return None
    return Normal(0.0, sd) if freedom is None else Student(sd, freedom)
