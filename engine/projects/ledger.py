"""What a plan's money becomes and what projects bring, stated once (投资与项目的账).

Two engines find when things happen: :mod:`.run` event by event for one path, :mod:`.drawn` in arrays
for all draws. What follows from the dates is booked here for both, and :mod:`.options` takes the optimiser's
coefficients from it. Arrays have sectors or projects, years 1..T and draws; one path is one draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Self

import numpy as np

from ...models.plan import Plan
from ...models.quantity import BoolArray, Draws, FloatArray
from ...models.realisation import Realisation, put_in_place
from ...scenarios.schema import Scenario
from ..build import investment_history
from ..plans import realised_share, totals
from .listed import Inferred, central_list, groups, past, unlisted
from .named import Named, named_projects


@dataclass(frozen=True)
class Works:
    """What named projects plan, spend and bring on given dates; no money planned beside them moves it.

    Attributes
    ----------
    planned, spent
        Spending by sector as planned and as it goes ``(S, T, D)``; ``making``: of those with output of their
        own.
    key_planned, key_spent
        Of the key projects ``(T, D)``.
    brought
        New output or capacity by sector, process and year ``(T, D)``.
    """

    planned: FloatArray
    key_planned: FloatArray
    spent: FloatArray
    making: FloatArray
    key_spent: FloatArray
    brought: Mapping[str, Mapping[str, FloatArray]]


class Ledger:
    """The numbers of a scenario that money and projects are booked by.

    Parameters
    ----------
    named, inferred
        The list of projects and what it leaves out, where they are not the scenario's own.
    """

    def __init__(
        self,
        scenario: Scenario,
        values: Draws,
        named: Named | None = None,
        inferred: Inferred | None = None,
    ) -> None:
        self.scenario, self.values = scenario, values
        self.sectors, self.years = tuple(scenario.sectors), scenario.years.horizon
        self.named = named or named_projects(scenario, values)
        places = {sector: at for at, sector in enumerate(self.sectors)}
        self.rows = [places[plan.sector] for plan in self.named.plans]
        self.totals, self.normal = totals(scenario, values), investment_history(scenario, values)
        self.past = past(scenario, self.named, self.normal[:, 0], values)
        self.inferred = inferred or central_list(scenario)
        self.realised = realised_share(scenario, values)

    def planned_in_all(self, factor: float) -> Self:
        """The same works where so many times the money is planned in all: key projects stay as listed."""
        other = copy(self)
        other.totals = self.totals * factor
        return other

    @cached_property
    def adding(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Rows of the named projects that add output or capacity, by sector and process."""
        return groups(self.scenario, self.named)

    @property
    def key_realised(self) -> FloatArray:
        """What the unnamed key projects put in place of each yuan as key projects ``(D,)``."""
        pool = self.scenario.pool
        return self.values(pool.realisation) / 100 if pool and pool.realisation else np.ones(1)

    def shifts(self, plan: Plan) -> FloatArray:
        """Months by which a plan moves the start of each project ``(P,)``."""
        return np.array([plan.shifts.get(project.id, 0.0) for project in self.named.plans])

    def by_sector(self, paths: FloatArray, of: BoolArray | None = None) -> FloatArray:
        """Sums of the named projects' paths ``(P, ...)`` by sector ``(S, ...)``, or of those that ``of``
        names ``(P,)``."""
        total = np.zeros((len(self.sectors), *paths.shape[1:]))
        for j in range(len(paths)) if of is None else np.flatnonzero(of).tolist():
            total[self.rows[j]] += paths[j]
        return total

    def of_key(self, paths: FloatArray) -> FloatArray:
        """Sum of the named key projects' paths ``(P, T, D)``."""
        return added(paths[self.named.key], self.years)

    def works(self, planned: FloatArray, spent: FloatArray, online: FloatArray) -> Works:
        """Named projects booked: planned and actual spending by year ``(P, T, D)``, and their share of full
        load in the years 0..T ``(P, T+1, D)``."""
        listed, makes = self.by_sector(spent), self.named.makes[:, 0] > 0
        return Works(
            self.by_sector(planned),
            self.of_key(planned),
            listed,
            listed if makes.all() else self.by_sector(spent, makes),
            self.of_key(spent),
            self.brought(online),
        )

    def split(self, money: FloatArray, works: Works) -> tuple[FloatArray, FloatArray]:
        """What named projects leave of a sector's money, and what of it is planned for the unnamed key
        projects; ``(S, T, D)``, in units of money.

        The key projects' total follows all investment; by sector it follows what is left,
        ``k_s = F_s min(max(K I_t / I_1 - N, 0), F) / F``.
        """
        left, pool = np.maximum(money - works.planned, 0.0), self.scenario.pool
        if pool is None:
            return left, np.zeros_like(left)
        whole = added(left, self.years)
        # the pool is that of the first year, whatever the target year
        total = self.values(pool.investment) * added(money, self.years) / self.totals[0]
        wanted, there = np.clip(total - works.key_planned, 0.0, whole), whole > 0
        return left, np.asarray(left * np.where(there, wanted / np.where(there, whole, 1.0), 0.0))

    def realisation(self, left: FloatArray, key: FloatArray, placed: FloatArray, works: Works) -> Realisation:
        """What is put in place and brought on line: named projects as they go, other works as planned, moved
        by queues and by what is realised.

        Parameters
        ----------
        left, key
            As :meth:`split` gives them.
        placed
            When the unnamed key projects' money is put in place ``(S, T, D)``.
        """
        others = put_in_place(self.realised, left, key, placed)
        invested = others + works.spent
        invested[:, 0] = invested[:, 0] + self.inferred.carried  # of the base year: it comes in the first
        keyed = np.minimum(self.key_realised * added(placed, self.years), added(others, self.years))
        return Realisation(
            invested=invested,
            pool=invested - works.making,
            history=(1.0 - self.past.tied)[:, None] * self.normal,
            normal=self.normal,
            named=works.brought,
            key_investment=works.key_spent + keyed,
            usual=self.past.usual,
            unlisted=unlisted(self.past.usual, self.inferred.missing),
        )

    def brought(self, online: FloatArray) -> Mapping[str, Mapping[str, FloatArray]]:
        """New output or capacity of named projects by sector, process and year ``(T, D)``."""
        found: dict[str, dict[str, FloatArray]] = {}
        for (sector, process), rows in self.adding.items():
            new = (self.named.output[j] * (online[j, 1:] - online[j, :-1]) for j in rows)
            found.setdefault(sector, {})[process] = added(new, self.years)
        return found


def added(paths: Iterable[FloatArray], years: int) -> FloatArray:
    """Sum over the first axis, term by term: the same digits whatever the number of draws."""
    return reduce(np.add, paths, np.zeros((years, 1)))
