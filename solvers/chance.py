"""The least investment that reaches goals in enough of many draws: a sample-average chance constraint
(机会约束)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..models.quantity import BoolArray, FloatArray
from .alternatives import copied
from .ask import Spans
from .model import Compiled, Question
from .problem import EXTRA, PlanningProblem
from .solution import Status
from .solve import solve

TURNS = 30
"""Times that the set of draws to be reached is chosen anew for one set of cuts."""

SECONDS = 20.0
"""Longest search for a proof."""


@dataclass
class Cuts:
    """Lines that lie above what each draw gives: ``value_d(m) <= constant + slope · m`` for money by sector
    ``m``, and what is moved between years (:attr:`.PlanningProblem.levers`).

    ``draw`` numbers the draws, ``need`` is what the value must reach; every goal of a draw has lines of its
    own.
    """

    levers: int
    draws: int
    draw: list[FloatArray] = field(default_factory=list)
    constant: list[FloatArray] = field(default_factory=list)
    slope: list[FloatArray] = field(default_factory=list)
    need: list[FloatArray] = field(default_factory=list)

    def add(
        self, draw: FloatArray, value: FloatArray, slope: FloatArray, at: FloatArray, need: float
    ) -> None:
        """Lines through ``value`` ``(n,)`` at money ``at`` ``(L,)`` with slopes ``(n, L)`` for the draws
        ``(n,)``."""
        self.draw.append(draw)
        self.constant.append(value - slope @ at)
        self.slope.append(slope)
        self.need.append(np.full(len(draw), need))

    def joined(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """All lines: draw, constant, slope, need."""
        return (
            np.concatenate(self.draw).astype(int),
            np.concatenate(self.constant),
            np.concatenate(self.slope),
            np.concatenate(self.need),
        )

    def room(self, money: FloatArray) -> FloatArray:
        """By how much the lines let each draw reach what it needs at a mix, the least of its goals
        ``(D,)``."""
        draw, constant, slope, need = self.joined()
        least = np.full(self.draws, np.inf)
        np.minimum.at(least, draw.astype(int), constant + slope @ money - need)
        return least


@dataclass(frozen=True)
class Chosen:
    """A mix that the lines let reach enough draws: money by lever, the draws it is to reach, and the
    investment by which plans are compared."""

    money: FloatArray
    kept: BoolArray
    total: float


class Master:
    """The problem's limits and the lines of all draws, compiled once per set of lines and asked many
    times."""

    def __init__(self, problem: PlanningProblem, bounds: Spans, cuts: Cuts, solver: str) -> None:
        """Take the limits in ``bounds`` as they are; the draws' lines become rows ``cut:i``."""
        self.bounds, self.cuts, self.problem, self.solver = bounds, cuts, problem, solver
        self.draw, self.constant, self.slope, self.need = cuts.joined()
        rows = copied(problem.compiled)
        for i in range(len(self.draw)):
            rows.row(f"cut:{i}", self._terms(i), low=float(self.need[i] - self.constant[i]))
        self.model = Compiled(rows)

    def _terms(self, i: int) -> dict[str, float]:
        return {name: float(c) for name, c in zip(self.problem.levers, self.slope[i], strict=True)}

    def total(self, money: FloatArray) -> float:
        """Investment by which plans are compared, in units of money."""
        weights, fixed = self.problem.spent
        return float(weights @ money) + fixed

    def _money(self, values: Mapping[str, float]) -> FloatArray:
        return np.array([values[name] for name in self.problem.levers])

    def cheapest(self, kept: BoolArray, most: float = math.inf) -> FloatArray | None:
        """Money by sector of the least total that reaches the ``kept`` draws; None where none does (within
        ``most``)."""
        free = {f"cut:{i}": (-np.inf, np.inf) for i in np.flatnonzero(~kept[self.draw])}
        found = solve(
            self.model, Question({EXTRA: 1.0}, maximise=False, bounds=self.bounds, rows=free), self.solver
        )
        if not found.found:
            return None
        money = self._money(found.values)
        return money if self.total(money) <= most * (1 + 1e-9) else None

    def choose(self, count: int, start: FloatArray) -> Chosen | None:
        """A mix of little total that reaches ``count`` draws by the lines; None where nothing found does.

        From a mix, the draws that have most room there are kept and the least investment that reaches them is
        found; there the choice is made anew, as long as the total falls. The total never rises, since the mix
        found reaches the draws that it is left with.
        """
        best: Chosen | None = None
        money = start
        for _ in range(TURNS):
            kept = np.zeros(self.cuts.draws, dtype=bool)
            kept[np.argsort(-self.cuts.room(money), kind="stable")[:count]] = True
            found = self.cheapest(kept)
            if found is None:
                break
            total = self.total(found)
            if best is not None and total >= best.total - 1e-7 * best.total:
                break
            best, money = Chosen(found, kept, total), found
        return best

    def bound(self, count: int, top: float, ranges: FloatArray) -> tuple[float, FloatArray | None]:
        """The least total that reaches ``count`` draws by the lines, which no plan can be below, and its mix.

        .. math:: \\min \\sum_s m_s, \\quad a_d + b_d m + M_d z_d \\ge need, \\quad \\sum_d z_d \\le D - count,
                  \\quad z_d \\in \\{0, 1\\}

        with ``M_d`` what the line can lack at most where every lever's money is within ``ranges`` ``(L,
        2)``, and ``top`` the most that is invested.
        NaN where the clock runs out, infinite where none reaches so many. Source: Luedtke & Ahmed (2008),
        SIAM J. Optim. 19, 674.
        """  # noqa: E501
        rows = copied(self.model, without="cut:")
        low = np.where(self.slope > 0, ranges[:, 0], ranges[:, 1])
        lacks = np.maximum(0.0, self.need - self.constant - (self.slope * low).sum(axis=1))
        names = {d: rows.variable(f"missed:{d}", binary=True) for d in np.unique(self.draw)}
        for i, d in enumerate(self.draw):
            rows.row(
                f"cut:{i}",
                {**self._terms(i), names[d]: float(lacks[i])},
                low=float(self.need[i] - self.constant[i]),
            )
        rows.row("missed", dict.fromkeys(names.values(), 1.0), high=float(self.cuts.draws - count))
        bounds = {**self.bounds, EXTRA: (self.bounds[EXTRA][0], self.problem.extra(top))}
        found = solve(
            Compiled(rows),
            Question({EXTRA: 1.0}, maximise=False, bounds=bounds, time_limit=SECONDS),
            self.solver,
        )
        if found.status is Status.INFEASIBLE:
            return math.inf, None
        if found.status is not Status.OPTIMAL:
            return math.nan, None
        money = self._money(found.values)
        return self.total(money), money
