"""Members that buy of one another: what plans change in one reaches the others (区域间贸易).

The shocks that members share were measured with the trade between them in it: what news does to all is not
carried a second time. What plans change is news to the others: what a member's own plan adds to business as
usual, and all that is spent beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...models.neighbours import income, spread
from ...models.quantity import FloatArray
from ...scenarios.province.load import Province
from .draws import Drawn


@dataclass
class Linked:
    """Levels of all members in the same futures, each by itself and with what the others buy of it."""

    province: Province
    members: Sequence[Drawn]

    @cached_property
    def alone(self) -> FloatArray:
        """Each by itself with its plan as written, reconciled ``(M, T + 1, D)``."""
        return np.stack([self._spending(at, 0.0) for at in range(len(self.members))])

    @cached_property
    def carried(self) -> FloatArray | None:
        """What a unit of GDP more in a column brings to each row beyond that unit itself ``(M, M)``; None
        without trade."""
        flows, trade = self.province.flows, self.province.regions.trade
        if flows is None or trade is None:
            return None
        sizes = np.array([each.member.gdp for each in self.members])
        earned = income(flows, sizes, trade.content.value / 100)
        return np.asarray(spread(earned) - np.eye(len(sizes)))

    @cached_property
    def planned(self) -> FloatArray:
        """What each plan adds to business as usual in the target year ``(M,)``, reconciled money."""
        gdp = np.array([each.member.gdp for each in self.members])
        return np.asarray(self.province.factor * gdp * [each.adds for each in self.members])

    @cached_property
    def brought(self) -> FloatArray:
        """What the members' plans as written bring to each through trade ``(M,)``, reconciled money."""
        nothing = np.zeros(len(self.members))
        return nothing if self.carried is None else np.asarray(self.carried @ self.planned)

    def levels(self, parts: Mapping[int, float] | None = None) -> FloatArray:
        """GDP of each member at base-year prices ``(M, T + 1, D)`` where members spend so much more of their
        plans' money, share.

        .. math:: Y_m = Y^0_m + \\sum_k \\left[(I - T)^{-1} - I\\right]_{mk} \\Delta_k

        with Y⁰ each by itself and Δ what plans change, in the target year.
        """
        found, changes = self.alone.copy(), {}
        for at, part in (parts or {}).items():
            found[at] = self._spending(at, part)
            changes[at] = found[at, -1] - self.alone[at, -1]
        if self.carried is not None:
            found[:, -1] += self.brought[:, None]
            for at, change in changes.items():
                found[:, -1] += np.outer(self.carried[:, at], change)
        return found

    def _spending(self, at: int, more: float) -> FloatArray:
        """One member by itself, reconciled, where it spends so much more of its plan's money, share."""
        return self.province.factor * self.members[at].levels(more)
