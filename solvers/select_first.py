"""A first choice of projects: starts taken in a stated order as long as no rule is broken."""

from __future__ import annotations

import numpy as np

from ..models.quantity import FloatArray
from ..models.selection import HAIR
from .select_rows import Columns


def first_choice(own: Columns, order: FloatArray) -> dict[str, int]:
    """Take starts by ``order`` ``(K,)``, the greatest first; those that must start, and what they need,
    before all others.

    Least numbers are not looked for: the choice may fall short of them.
    """
    taker = _Taker(own)
    must = np.array([each.must for each in own.programme.candidates], dtype=bool)
    for _ in range(1 + max((len(each.after) > 0 for each in own.programme.candidates), default=False)):
        for j in np.lexsort((-order, ~must[own.project])):
            if own.worth[j] > 0 or must[own.project[j]]:
                taker.take(int(j))
    return taker.starts


class _Taker:
    """What has been taken so far, and what is left of every budget and quota."""

    def __init__(self, own: Columns) -> None:
        self.own, programme = own, own.programme
        self.starts: dict[str, int] = {}
        self.budget = np.cumsum(own.budget, axis=1) if programme.carry else own.budget.copy()
        self.budget = self.budget + HAIR / 2 * np.maximum(1.0, self.budget)
        self.groups: set[str] = set()
        self.left = {region: [quota.most, quota.money] for region, quota in programme.quotas.items()}
        self.rate = own.money / own.build[:, None]

    def take(self, column: int) -> bool:
        """Take a start if nothing forbids it."""
        own, i = self.own, int(self.own.project[column])
        each, quarter = own.programme.candidates[i], int(own.quarter[column])
        if each.id in self.starts or any(group in self.groups for group in each.one_of):
            return False
        for before in each.after:
            if before not in self.starts or self.starts[before] + own.build[own.place[before]] > quarter:
                return False
        quota = self.left.get(each.region)
        if quota is not None and (quota[0] < 1 or quota[1] < each.invest):
            return False
        last = min(quarter + each.build, self.budget.shape[1])
        if own.programme.carry:
            months = np.minimum(np.arange(self.budget.shape[1]) - quarter + 1, each.build)[quarter:]
            spent, span = self.rate[i][:, None] * months, slice(quarter, None)
        else:
            spent, span = self.rate[i][:, None], slice(quarter, last)
        if np.any(self.budget[:, span] < spent):
            return False
        self.budget[:, span] -= spent
        self.groups.update(each.one_of)
        if quota is not None:
            quota[0] -= 1
            quota[1] -= each.invest
        self.starts[each.id] = quarter
        return True
