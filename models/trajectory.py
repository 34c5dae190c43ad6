"""The path of an economy: what was made each year, and what it means (轨迹)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .quantity import FloatArray
from .realisation import Realisation

if TYPE_CHECKING:
    from .economy import Economy


class OnDemand(Mapping[str, FloatArray]):
    """Arrays by name that are made when one of them is first asked for."""

    def __init__(self, make: Callable[[], Mapping[str, FloatArray]]) -> None:
        self._make = make

    @cached_property
    def _found(self) -> Mapping[str, FloatArray]:
        return self._make()

    def __getitem__(self, name: str) -> FloatArray:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True)
class Trajectory:
    """Output by branch and year, with all that follows from it.

    Attributes
    ----------
    output
        Gross output ``(B, T+1, D)``, in money at base prices; year 0 is the base year.
    physical
        Quantities by name (``made:…``, ``sold:…``, ``activity:…``, ``recovery:…``, ``area:…``, ``crop:…``),
        ``(T+1, D)``.
    market
        ``limit`` and ``asked``: the most that could be made, and what was asked for, like ``output``.
    """

    economy: Economy
    realisation: Realisation
    output: FloatArray
    physical: Mapping[str, FloatArray]
    market: Mapping[str, FloatArray]

    @property
    def limit(self) -> FloatArray:
        """The most that could be made ``(B, T+1, D)``; in the base year what was made."""
        return self.market["limit"]

    @property
    def asked(self) -> FloatArray:
        """What was asked for ``(B, T+1, D)``."""
        return self.market["asked"]

    @cached_property
    def value_added(self) -> FloatArray:
        """Value added by branch at base prices, ``(B, T+1, D)``."""
        return self.economy.accounts.va_ratio[:, None, :] * self.output

    @cached_property
    def gdp(self) -> FloatArray:
        """GDP at base prices, ``(T+1, D)``."""
        total: FloatArray = self.value_added.sum(axis=0)
        return total

    def sector_va(self, sector: str) -> FloatArray:
        """Value added of one sector, ``(T+1, D)``."""
        total: FloatArray = self.value_added[self.economy.rows(sector)].sum(axis=0)
        return total

    @cached_property
    def consumption(self) -> FloatArray:
        """Real household purchases from local producers, all branches, ``(T+1, D)``."""
        return np.stack(
            [self.economy.consumption(self.output[:, t], t).sum(axis=0) for t in range(self.output.shape[1])]
        )

    @cached_property
    def income(self) -> FloatArray:
        """Household income H_t at base prices, ``(T+1, D)``."""
        return np.stack([self.economy.income(self.output[:, t], t) for t in range(self.output.shape[1])])

    def binds(self, sector: str, year: int) -> str:
        """What holds a sector's output in a year (first draw): ``capacity``, ``demand`` or ``supply``."""
        rows = self.economy.rows(sector)
        led = self.economy.supply_led[rows]
        if led.all():
            return "supply"
        made, limit = self.output[rows, year, 0], self.limit[rows, year, 0]
        held = (made >= limit * (1 - 1e-9)) & ~led
        return "capacity" if (made * held).sum() > 0.5 * made[~led].sum() else "demand"
