"""How far a simulated plan uses each limit (限制的使用)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...models.limits import Bound, Ground

if TYPE_CHECKING:
    from .assess import Run

_FULL = 1e-6  # relative distance at which a limit counts as used up


@dataclass(frozen=True)
class Use:
    """How far a plan uses a limit: ``used`` of ``bound.most``; ``over`` by how much it breaks it."""

    bound: Bound
    used: float
    over: float

    @property
    def slack(self) -> float:
        """What the plan leaves of it."""
        return max(self.bound.most - self.used, 0.0)

    @property
    def full(self) -> bool:
        """Whether the plan uses it up."""
        return self.slack <= _FULL * max(1.0, abs(self.bound.most))


def use_of(bound: Bound, run: Run, ground: Ground) -> Use:
    """How far a simulated plan uses a limit, in the years in which it holds."""
    used = bound.measured(run.plan, run.path, ground)
    over = used - bound.most
    return Use(bound, used, over if over > 1e-6 * max(1.0, abs(bound.most)) else 0.0)
