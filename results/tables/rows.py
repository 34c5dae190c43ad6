"""Rows of several tables: an answer by its number, a sector's part of a mix (表的行)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...engine.plans import counted_money
from ...models.quantity import Bilingual
from ..text.wording import printed_shares

if TYPE_CHECKING:
    from ...engine.decide.assess import Run
    from .setting import Setting


@dataclass(frozen=True)
class Numbered:
    """An answer by its number, or something of it; ``of`` is what goes with it: a goal, a year, months."""

    at: int
    one: Any
    of: Any = None


@dataclass(frozen=True)
class SectorMoney:
    """Money of a sector by which plans are compared, 亿元, and its share as printed, %: in a mix, ``at``
    which it stands in an answer, and in the plan."""

    at: Any
    sector: str
    title: Bilingual
    plan_money: float
    money: float
    plan_share: float
    share: float

    @property
    def more(self) -> float:
        """Money beyond the plan's."""
        return self.money - self.plan_money


def by_sector(setting: Setting, runs: Mapping[Any, Run]) -> list[SectorMoney]:
    """Every sector in the runs, one run after another; their keys say which."""
    sectors, plan, year = setting.scenario.sectors.items(), setting.plan, setting.year
    before = list(
        zip(
            sectors,
            counted_money(setting.scenario, plan.plan, year),
            printed_shares(setting, plan),
            strict=True,
        )
    )
    return [
        SectorMoney(at, key, sector.title, float(old), float(new), old_share, share)
        for at, run in runs.items()
        for ((key, sector), old, old_share), new, share in zip(
            before,
            counted_money(setting.scenario, run.plan, year),
            printed_shares(setting, run),
            strict=True,
        )
    ]


def known(value: float) -> float | None:
    """A cell that is empty where there is no number.

    >>> known(1.5), known(float("nan"))
    (1.5, None)
    """
    return None if math.isnan(value) else value
