"""Members come together: the parent's level is the sum of theirs, in every future (合计)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...models.quantity import BoolArray, FloatArray
from ..uncertainty.ensemble import Estimate
from ..uncertainty.replicates import Parts, parts_of, share
from ..uncertainty.sample_points import PARTS

DEGREE = 5
"""Degree of the curves by which the parts of the nation and the province are seen."""


@dataclass(frozen=True)
class Proposed:
    """Targets of growth of the members ``(M,)``, %, that add up to one of the parent's: all are the same
    quantile of their member's growth, reached with one chance."""

    targets: FloatArray
    chance: float


@dataclass(frozen=True)
class Together:
    """Levels of all members in the same futures.

    Attributes
    ----------
    levels
        GDP of each member at base-year prices ``(M, T + 1, D)``, reconciled: their sum is the parent's.
    people
        Residents of each, 万人; NaN where nobody says.
    """

    levels: FloatArray
    people: FloatArray

    @property
    def draws(self) -> int:
        """Number of futures D."""
        return int(self.levels.shape[-1])

    @cached_property
    def parts(self) -> Parts:
        """The draws of each scrambling."""
        return parts_of(np.arange(self.draws) % PARTS)

    @cached_property
    def whole(self) -> FloatArray:
        """The parent's level ``(T + 1, D)``."""
        return np.asarray(self.levels.sum(axis=0))

    @cached_property
    def growth(self) -> FloatArray:
        """Growth of the parent in the last year ``(D,)``, %."""
        return growth_of(self.whole)

    @cached_property
    def own(self) -> FloatArray:
        """Growth of each member in the last year ``(M, D)``, %."""
        return np.stack([growth_of(level) for level in self.levels])

    @cached_property
    def points(self) -> FloatArray:
        """What each member brings to the parent's growth ``(M, D)``, points; they add up to it.

        .. math:: c_m = 100 \\, \\frac{Y_{m,t} - Y_{m,t-1}}{\\sum_k Y_{k,t-1}}
        """
        return np.asarray(100 * (self.levels[:, -1] - self.levels[:, -2]) / self.whole[-2])

    def gap(self, year: int = -1) -> FloatArray | None:
        """GDP per head of the richest member over that of the poorest ``(D,)``, of those whose residents are
        known; None where fewer than two are. Residents stay as they are in the base year."""
        known = np.isfinite(self.people)
        if known.sum() < 2:
            return None
        heads = self.levels[known, year] / self.people[known, None]
        return np.asarray(heads.max(axis=0) / heads.min(axis=0))

    def proposed(self, tier: float) -> Proposed | None:
        """Targets that add up to a tier and are as likely for each member; None where no quantile does.

        .. math:: \\sum_m w_m Q_m(q) = g,\\qquad w_m = Y_{m,t-1} / \\sum_k Y_{k,t-1}

        with Q the quantile functions of the members' growth; each is reached with the chance 1 − q.
        """
        weights = self.levels[:, -2].mean(axis=1)
        weights = weights / weights.sum()

        def adds_up(q: float) -> float:
            return float(weights @ np.quantile(self.own, q, axis=1))

        low, high = 0.0, 1.0
        if not adds_up(low) < tier < adds_up(high):
            return None
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if adds_up(middle) < tier else (low, middle)
        return Proposed(np.quantile(self.own, high, axis=1), 1 - high)

    def chance(self, happens: BoolArray) -> Estimate:
        """Chance of an event ``(D,)``, with its error over scramblings."""
        return Estimate(*share(happens, self.parts))

    def apart(self, seeds: Sequence[int]) -> FloatArray:
        """Growth of the parent where its members' futures have nothing to do with one another ``(D,)``, %;
        a seed for each member."""
        orders = [np.random.default_rng(seed).permutation(self.draws) for seed in seeds]
        alone = np.stack([level[:, order] for level, order in zip(self.levels, orders, strict=True)])
        return growth_of(alone.sum(axis=0))


def growth_of(levels: FloatArray) -> FloatArray:
    """Growth of the last year, %, of levels ``(T + 1, D)``."""
    return np.asarray(100 * (levels[-1] / levels[-2] - 1))


def variance_parts(values: FloatArray, uniforms: Sequence[FloatArray]) -> tuple[float, ...]:
    """Part of the variance that each group of shared shocks explains, one after the other, and what is left:
    it is the members' own.

    .. math:: R^2_k = 1 - \\operatorname{Var}(y - f_1(u_1) - ... - f_k(u_k)) / \\operatorname{Var}(y)

    with each f a polynomial of the uniforms behind a shock, fitted by least squares and adjusted for its
    terms. Shocks of several groups are independent, so that their order matters by no more than sampling.
    """
    columns = [np.ones_like(values)]
    total, before, found = float(values.var()), 0.0, []
    for group in uniforms:
        for row in group:
            columns += [
                np.polynomial.legendre.legval(2 * row - 1, [0.0] * n + [1.0]) for n in range(1, DEGREE + 1)
            ]
        left = _residual(values, np.stack(columns, axis=1))
        explained = max(1 - left / total, before) if total > 0 else 0.0
        found.append(explained - before)
        before = explained
    return (*found, 1 - before)


def _residual(values: FloatArray, terms: FloatArray) -> float:
    """Variance that a regression leaves, adjusted for the number of its terms."""
    fit, *_ = np.linalg.lstsq(terms, values, rcond=None)
    off = values - terms @ fit
    squares, freedom = float(np.sum(off**2)), max(int(len(values) - terms.shape[1]), 1)
    return squares / freedom
