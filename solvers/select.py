"""The best choice of projects and quarters: a mixed-integer programme with a proven bound (项目优选).

.. math::
    \\max \\sum_{iq} v_{iq} x_{iq}, \\quad \\sum_q x_{iq} \\le 1, \\quad
    \\sum_{iq} m_{is} [q \\le t < q + b_i] x_{iq} / b_i \\le B_{st}, \\quad
    \\sum_{q' \\le q} x_{jq'} \\le \\sum_{q' \\le q - b_i} x_{iq'} \\; (i \\text{ before } j)

with x in {0, 1}, exclusion, quotas and least numbers beside them. A large problem is solved by its linear
relaxation (whose optimum is the bound), a first choice read off it, a search among the starts that the
relaxation likes (kernel search; Angelelli, Mansini & Speranza 2010), and rounds around the best choice in
which the projects are opened on which it differs from the relaxation (relaxation induced neighbourhoods;
Danna, Rothberg & Le Pape 2005).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..models.quantity import BoolArray, FloatArray
from ..models.selection import Broken, Programme, broken
from .arrays import Arrays
from .select_first import first_choice
from .select_rows import Columns, columns, elastic, rows
from .solution import Mixed, Status
from .solve import choose, chosen

MARGIN = 0.4
"""Seconds kept back from a time limit for reading the answer."""

SMALL = 1500
"""Starts up to which all are searched at once."""

FEW, FIRST = 0.8, 0.4
"""In a larger problem: starts among which the search begins, for each project, and the part of the time for
that."""

ROUND = 150
"""Projects opened around the best choice in one round."""


@dataclass(frozen=True)
class ProjectChoice:
    """The best choice found.

    Attributes
    ----------
    status
        OPTIMAL where the gap asked for is proven, TIME_LIMIT where time ran out before, INFEASIBLE without
        any choice.
    starts
        Quarter of start by project; empty without a choice.
    value, bound
        Value of the choice, and what no choice exceeds; infinite where nothing is proven.
    seconds
        Time taken.
    """

    status: Status
    starts: Mapping[str, int]
    value: float
    bound: float
    seconds: float
    found: bool

    @property
    def gap(self) -> float:
        """How much more the best choice could be worth at most, relative to this one; infinite where nothing
        is proven."""
        if not self.found or not np.isfinite(self.bound):
            return float("inf")
        return max(0.0, self.bound - self.value) / max(abs(self.value), 1e-12)


def best_choice(
    programme: Programme, *, solver: str = "auto", time_limit: float = 60.0, gap: float = 0.0
) -> ProjectChoice:
    """Choose projects and quarters of the greatest value.

    Parameters
    ----------
    time_limit
        Seconds, kept to within 1.5; the best choice so far comes back then.
    gap
        Relative distance from the bound at which the search may end.

    Raises
    ------
    SolverError
        Where the solver is missing, or a choice that it returns breaks a rule.
    """
    return _Search(programme, chosen(solver), time_limit, gap).run()


def shortfalls(programme: Programme, *, solver: str = "auto", time_limit: float = 20.0) -> list[Broken]:
    """Why no choice exists: which rules would have to give, by how much at least, the least in all (relative
    to each).

    Shares of projects count here, so that whole projects may need a little more. Empty where shares of
    projects would do.
    """
    problem, rules = elastic(columns(programme))
    found = choose(chosen(solver), problem, time_limit=time_limit, relax=True)
    if found.point is None:
        return []
    gives = found.point[len(found.point) - len(rules) :]
    return [Broken(*rule, by=float(give)) for rule, give in zip(rules, gives, strict=True) if give > 1e-7]


class _Search:
    """One search; holds the best choice so far and the bound."""

    def __init__(self, programme: Programme, solver: str, time_limit: float, gap: float) -> None:
        self.begun = time.perf_counter()
        self.programme, self.solver, self.limit, self.gap = programme, solver, time_limit, gap
        self.columns: Columns = columns(programme)
        self.starts: dict[str, int] | None = None
        self.value, self.bound = -np.inf, np.inf

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.limit - MARGIN - (time.perf_counter() - self.begun)

    def run(self) -> ProjectChoice:
        """First choice, relaxation, search."""
        own = self.columns
        self.offer(first_choice(own, own.density()))
        self.bound = float(own.most_each().sum())
        if self.left <= 0:
            return self.ended(Status.TIME_LIMIT)
        problem = rows(own)
        if self.left <= 0:
            return self.ended(Status.TIME_LIMIT)
        relaxed = self.ask(problem, relax=True)
        if relaxed.status is Status.INFEASIBLE:
            return self.ended(Status.INFEASIBLE)
        if relaxed.status is not Status.OPTIMAL or relaxed.point is None:
            return self.ended(Status.TIME_LIMIT)
        self.bound = min(self.bound, relaxed.bound)
        order = relaxed.point * 1e6 + (relaxed.reduced if relaxed.reduced is not None else own.density())
        self.offer(first_choice(own, order))
        if self.close():
            return self.ended(Status.OPTIMAL)
        return self.search(problem, relaxed)

    def search(self, problem: Arrays, relaxed: Mixed) -> ProjectChoice:
        """Whole starts: all at once where they are few; else among those that the relaxation likes, then
        around the best choice."""
        if self.starts is None or len(self.columns.worth) <= SMALL:
            return self.exactly(problem)
        kept = self.liked(relaxed)
        self.among(problem, problem.low, np.where(kept, problem.high, 0.0), FIRST * self.left)
        rng = np.random.default_rng(1)
        while not self.close() and self.left > 0.5:
            free = self.around(relaxed, rng)
            point = self.point()
            if free.all() or point is None:
                return self.exactly(problem)
            low, high = np.where(free, problem.low, point), np.where(free, problem.high, point)
            self.among(problem, low, high, max(self.left / 5, 2.0))
        return self.ended(Status.OPTIMAL if self.close() else Status.TIME_LIMIT)

    def exactly(self, problem: Arrays) -> ProjectChoice:
        """All starts open: an end of the search is a proof."""
        found = self.ask(problem, relax=False, start=self.point())
        if found.point is not None:
            self.offer(self.columns.read(found.point))
        if found.status is Status.INFEASIBLE and self.starts is None:
            return self.ended(Status.INFEASIBLE)
        if np.isfinite(found.bound):
            self.bound = max(min(self.bound, found.bound), self.value)
        return self.ended(
            Status.OPTIMAL if self.close() or found.status is Status.OPTIMAL else Status.TIME_LIMIT
        )

    def among(self, problem: Arrays, low: FloatArray, high: FloatArray, seconds: float) -> None:
        """Search with some starts held, for so long."""
        found = self.ask(
            problem.bounded(low, high), relax=False, start=self.point(), within=min(seconds, self.left)
        )
        if found.point is not None:
            self.offer(self.columns.read(found.point))

    def liked(self, relaxed: Mixed) -> BoolArray:
        """Starts in the relaxation, in the best choice, or with the least to lose by reduced cost."""
        point = self.point()
        reduced = relaxed.reduced if relaxed.reduced is not None else self.columns.worth
        inside = np.zeros(len(reduced), dtype=bool) if relaxed.point is None else relaxed.point > 1e-9
        inside |= point > 0.5 if point is not None else False
        kept = np.zeros(len(reduced), dtype=bool)
        kept[
            np.argsort(-np.where(inside, np.inf, reduced), kind="stable")[
                : int(FEW * len(self.columns.build))
            ]
        ] = True
        return kept | inside

    def around(self, relaxed: Mixed, rng: np.random.Generator) -> BoolArray:
        """Starts of projects on which relaxation and best choice differ, and of others drawn at random (Danna
        et al. 2005)."""
        own, point = self.columns, self.point()
        count = len(own.build)
        differ = np.zeros(count, dtype=bool)
        if point is not None and relaxed.point is not None:
            differ[own.project[np.abs(relaxed.point - point) > 1e-6]] = True
        # rather those drawn that lie near: the same few projects, again and again, are soon exhausted
        opened = differ & (rng.random(count) < min(1.0, ROUND / max(differ.sum(), 1)))
        opened |= rng.random(count) < max(0.0, ROUND - opened.sum()) / count
        return np.asarray(opened[own.project])

    def ask(
        self, problem: Arrays, *, relax: bool, start: FloatArray | None = None, within: float | None = None
    ) -> Mixed:
        """One call of the solver within the time left, or a part of it."""
        seconds = max(self.left if within is None else within, 0.05)
        gap = 0.0 if relax else self.gap
        return choose(self.solver, problem, self.wrong, time_limit=seconds, relax=relax, start=start, gap=gap)

    def point(self) -> FloatArray | None:
        """The best choice so far as a point."""
        return None if self.starts is None else self.columns.point(self.starts)

    def offer(self, starts: dict[str, int] | None) -> None:
        """Take a choice that breaks no rule and is worth more than the best so far."""
        if starts is None or broken(self.programme, starts):
            return
        value = self.programme.total(starts)
        if value > self.value:
            self.starts, self.value = starts, value

    def wrong(self, point: FloatArray) -> str:
        """The first rule that the choice of a point breaks; empty where it breaks none."""
        found = broken(self.programme, self.columns.read(point))
        return str(found[0]) if found else ""

    def close(self) -> bool:
        """Whether the gap asked for is proven."""
        return self.starts is not None and self.bound - self.value <= max(self.gap, 1e-9) * max(
            abs(self.value), 1e-12
        )

    def ended(self, status: Status) -> ProjectChoice:
        """The answer; every choice was checked when it was taken."""
        seconds = time.perf_counter() - self.begun
        if self.starts is None:
            return ProjectChoice(status, {}, float("nan"), self.bound, seconds, False)
        return ProjectChoice(
            status, dict(self.starts), self.value, max(self.bound, self.value), seconds, True
        )
