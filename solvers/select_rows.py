"""Candidate projects as columns and rows of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..models.quantity import FloatArray
from ..models.selection import Programme
from .arrays import Arrays, Block, IntArray


@dataclass(frozen=True)
class Columns:
    """One column per allowed start.

    Attributes
    ----------
    project, quarter
        Project (its place in the programme) and quarter of each column ``(K,)``.
    worth
        Value of each start ``(K,)``.
    money, build
        Investment by project and budgeted source ``(n, S)``, and quarters of building ``(n,)``.
    budget
        Money by source and quarter ``(S, Q)``.
    """

    programme: Programme
    project: IntArray
    quarter: IntArray
    worth: FloatArray
    money: FloatArray
    build: IntArray
    budget: FloatArray
    place: Mapping[str, int]

    def density(self) -> FloatArray:
        """Value of each start per part of the budgets that it uses ``(K,)``."""
        whole = np.maximum(self.budget.sum(axis=1), 1e-9)
        used = (self.money / whole).sum(axis=1) if len(whole) else np.zeros(len(self.build))
        return np.asarray(self.worth / np.maximum(used[self.project], 1e-12))

    def most_each(self) -> FloatArray:
        """Greatest value of each project, none below zero unless it must start ``(n,)``."""
        must = np.array([each.must for each in self.programme.candidates], dtype=bool)
        best = np.where(must, -np.inf, 0.0)
        np.maximum.at(best, self.project, self.worth)
        return np.where(np.isfinite(best), best, 0.0)

    def read(self, point: FloatArray) -> dict[str, int]:
        """Starts of a point."""
        ids = self.programme.candidates
        return {ids[int(self.project[k])].id: int(self.quarter[k]) for k in np.flatnonzero(point > 0.5)}

    def point(self, starts: Mapping[str, int]) -> FloatArray:
        """A choice as a point ``(K,)``."""
        when = np.full(len(self.build), -1)
        for name, quarter in starts.items():
            when[self.place[name]] = quarter
        return np.asarray((when[self.project] == self.quarter).astype(float))


def columns(programme: Programme) -> Columns:
    """All allowed starts of all candidates."""
    own, count = programme.candidates, len(programme.quarters)
    sources = list(programme.budgets)
    build = np.array([each.build for each in own], dtype=np.int64)
    first = np.array([max(each.earliest, 0) for each in own], dtype=np.int64)
    last = np.array([min(each.latest, count - 1) for each in own], dtype=np.int64)
    many = np.maximum(last - first + 1, 0)
    project = np.repeat(np.arange(len(own)), many)
    quarter = np.arange(len(project)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
    value = np.array([each.value for each in own], dtype=float)
    worth = value[project] / (1 + programme.discount) ** ((quarter + build[project]) / 4)
    money = np.array(
        [[each.money.get(source, 0.0) for source in sources] for each in own], dtype=float
    ).reshape(len(own), len(sources))
    budget = np.array([programme.budgets[source] for source in sources], dtype=float).reshape(
        len(sources), count
    )
    return Columns(
        programme, project, quarter, worth, money, build, budget, {each.id: i for i, each in enumerate(own)}
    )


def blocks(own: Columns) -> list[Block]:
    """All rules as blocks of rows."""
    every = (_once(own), *_budgets(own), _before(own), _groups(own), *_quotas(own), *_numbers(own))
    return [block for block in every if len(block.low)]


def rows(own: Columns) -> Arrays:
    """All rules as rows."""
    count = len(own.worth)
    return Arrays.of(own.worth, np.zeros(count), np.ones(count), np.ones(count, dtype=bool), blocks(own))


def elastic(own: Columns) -> tuple[Arrays, list[tuple[str, str]]]:
    """The same rules, each of which may give at a price: what the least giving in all (relative to each
    rule's size) is.

    Returns the problem, whose last columns are what the rules give, and which rule each of them belongs to.
    """
    count, parts = len(own.worth), []
    rules: list[tuple[str, str]] = []
    price: list[float] = []
    for block in blocks(own):
        row, column, value = [block.rows], [block.columns], [block.values]
        for r, about in enumerate(block.about):
            for bound, sign in ((block.low[r], 1.0), (block.high[r], -1.0)):
                # a window of nothing: a project that need not start cannot be short of it
                if np.isfinite(bound) and not (about[0] == "must" and (sign < 0 or bound == 0)):
                    row.append(np.array([r]))
                    column.append(np.array([count + len(rules)]))
                    value.append(np.array([sign]))
                    rules.append(
                        (
                            f"region_{'least' if sign > 0 else 'most'}" if about[0] == "region" else about[0],
                            about[1],
                        )
                    )
                    price.append(-1.0 / max(1.0, abs(float(bound))))
        parts.append(
            Block(np.concatenate(row), np.concatenate(column), np.concatenate(value), block.low, block.high)
        )
    whole = count + len(rules)
    high = np.concatenate([np.ones(count), np.full(len(rules), np.inf)])
    cost = np.concatenate([np.zeros(count), price])
    return Arrays.of(cost, np.zeros(whole), high, np.zeros(whole, dtype=bool), parts), rules


def _once(own: Columns) -> Block:
    must = np.array([1.0 if each.must else 0.0 for each in own.programme.candidates])
    every = np.arange(len(own.worth))
    about = tuple(("must", each.id) for each in own.programme.candidates)
    return Block(own.project, every, np.ones(len(every)), must, np.ones(len(must)), about)


def _budgets(own: Columns) -> Iterator[Block]:
    """Money spent in a quarter (or up to it, where it may be carried over), by source."""
    quarters = own.budget.shape[1]
    build = own.build[own.project]
    for s, source in enumerate(own.programme.budgets):
        rate = own.money[own.project, s] / build
        parts: list[tuple[IntArray, IntArray, FloatArray]] = []
        for t in range(quarters):
            inside = (own.quarter <= t) & (t < own.quarter + build)
            weight = (
                np.minimum(np.maximum(t - own.quarter + 1, 0), build)
                if own.programme.carry
                else inside.astype(float)
            )
            here = np.flatnonzero((weight > 0) & (rate > 0))
            parts.append((np.full(len(here), t), here, rate[here] * weight[here]))
        high = np.cumsum(own.budget[s]) if own.programme.carry else own.budget[s]
        about = tuple(("budget", f"{source} {name}") for name in own.programme.quarters)
        row, column, value = (np.concatenate([part[i] for part in parts]) for i in range(3))
        yield Block(
            row.astype(np.int64),
            column.astype(np.int64),
            value.astype(float),
            np.full(quarters, -np.inf),
            high,
            about,
        )


def _before(own: Columns) -> Block:
    """A project starts only when those before it are complete."""
    ends = np.cumsum(np.bincount(own.project, minlength=len(own.build)))
    begins = ends - np.bincount(own.project, minlength=len(own.build))
    row, column, value, at = [], [], [], 0
    for j, each in enumerate(own.programme.candidates):
        mine = np.arange(begins[j], ends[j])
        for name in each.after:
            i = own.place[name]
            before = np.arange(begins[i], ends[i])
            for q in own.quarter[mine]:
                later = mine[own.quarter[mine] <= q]
                ready = before[own.quarter[before] + own.build[i] <= q]
                row.append(np.full(len(later) + len(ready), at))
                column.append(np.concatenate([later, ready]))
                value.append(np.concatenate([np.ones(len(later)), -np.ones(len(ready))]))
                at += 1
    return _block(row, column, value, np.full(at, -np.inf), np.zeros(at))


def _groups(own: Columns) -> Block:
    """At most one project of a group."""
    members: dict[str, list[int]] = {}
    for i, each in enumerate(own.programme.candidates):
        for group in each.one_of:
            members.setdefault(group, []).append(i)
    row, column, value = [], [], []
    for at, inside in enumerate(members.values()):
        here = np.flatnonzero(np.isin(own.project, inside))
        row.append(np.full(len(here), at))
        column.append(here)
        value.append(np.ones(len(here)))
    return _block(row, column, value, np.full(len(members), -np.inf), np.ones(len(members)))


def _quotas(own: Columns) -> Iterator[Block]:
    """Starts and investment by region."""
    regions = np.array([each.region for each in own.programme.candidates], dtype=object)
    invest = np.array([each.invest for each in own.programme.candidates])
    for region, quota in own.programme.quotas.items():
        here = np.flatnonzero(regions[own.project] == region)
        yield _row(here, np.ones(len(here)), quota.least, quota.most, "region", region)
        if np.isfinite(quota.money):
            yield _row(here, invest[own.project[here]], -np.inf, quota.money, "region_money", region)


def _numbers(own: Columns) -> Iterator[Block]:
    """Least numbers of starts and completions."""
    whole = len(own.programme.quarters)
    if own.programme.starts:
        every = np.arange(len(own.worth))
        yield _row(every, np.ones(len(every)), own.programme.starts, np.inf, "starts")
    if own.programme.completions:
        done = np.flatnonzero(own.quarter + own.build[own.project] <= whole)
        yield _row(done, np.ones(len(done)), own.programme.completions, np.inf, "completions")


def _row(columns: IntArray, values: FloatArray, low: float, high: float, rule: str, about: str = "") -> Block:
    """A rule that is one row."""
    zero = np.zeros(len(columns), dtype=np.int64)
    return Block(zero, columns, values, np.array([float(low)]), np.array([float(high)]), ((rule, about),))


def _block(
    row: list[IntArray], column: list[IntArray], value: list[FloatArray], low: FloatArray, high: FloatArray
) -> Block:
    if not row:
        return Block(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0), low, high)
    return Block(np.concatenate(row), np.concatenate(column), np.concatenate(value), low, high)
