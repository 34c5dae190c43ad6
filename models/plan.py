"""A plan: how much is invested where, when projects start, where materials go (方案)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from .quantity import Bilingual, FloatArray
from .sector import Routing


@dataclass(frozen=True)
class Plan:
    """What a planner decides.

    Attributes
    ----------
    investment
        Planned nominal investment by sector and year ``(S, T)``, in money; named projects count inside.
    shifts
        Months by which a named project starts later than the scenario says (negative: earlier).
    routing
        Per sector with a chain: the shares in which materials go to processes; empty for the scenario's.
    quotas
        Most that each branch may make by year ``(B, T)``, in money at base prices, infinite where nothing is
        rationed; None for no quota at all.
    """

    id: str
    title: Bilingual
    investment: FloatArray
    shifts: Mapping[str, float] = field(default_factory=dict)
    routing: Mapping[str, Routing] = field(default_factory=dict)
    quotas: FloatArray | None = None

    def money(self, year: int) -> FloatArray:
        """Investment of a year (1 is the first after the base year) by sector ``(S,)``, in units of money."""
        return self.investment[:, year - 1]

    def total(self, year: int) -> float:
        """Investment of a year in all sectors, in units of money."""
        return float(self.money(year).sum())

    def shares(self, year: int) -> FloatArray:
        """Share of each sector in a year's investment, % ``(S,)``."""
        return shares(self.money(year))

    @property
    def key(self) -> str:
        """What tells two plans apart, whatever they are called."""
        quotas = None if self.quotas is None else self.quotas.tolist()
        return repr(
            (np.round(self.investment, 9).tolist(), sorted(self.shifts.items()), self.routing, quotas)
        )

    def scaled(self, factor: float) -> Plan:
        """The same mix with every year's money multiplied."""
        return replace(self, investment=self.investment * factor)


def shares(money: FloatArray) -> FloatArray:
    """Share of each sector's money in all of it, % ``(S,)``; zero where there is none."""
    total = money.sum()
    return 100 * money / total if total else np.zeros(len(money))


def spread(shares: FloatArray, totals: FloatArray) -> FloatArray:
    """Investment ``(S, T)`` from shares in %, of all years ``(S,)`` or of each ``(S, T)``, and totals
    ``(T,)``."""
    return np.outer(shares / 100, totals) if shares.ndim == 1 else np.asarray(shares / 100 * totals)
