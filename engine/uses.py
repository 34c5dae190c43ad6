"""How far a simulated plan uses each limit (限制的使用)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..models.economy import Economy
from ..models.quantity import FloatArray
from ..solvers.problem import MONEY, Bound

if TYPE_CHECKING:
    from .assess import Run


@dataclass(frozen=True)
class Use:
    """How far a plan uses a limit: ``used`` of ``bound.most``; ``over`` by how much it breaks it."""

    bound: Bound
    used: float
    over: float


def use_of(bound: Bound, run: Run, plan: Run, economy: Economy, base: FloatArray, year: int) -> Use:
    """How far a plan uses a limit of the target's year, beside the ``plan`` as written and investment of the
    ``base`` year ``(S,)``."""
    money, planned = run.plan.money(year), plan.plan.money(year)
    if bound.kind == "investment":
        # what the plan itself spends is the yardstick: other mixes are judged at the plan's total
        used = float(money.sum())
    elif bound.kind in MONEY:
        used = float(bound.weights @ money)
    elif bound.kind == "energy":
        used = float(economy.energy[:, 0] @ run.path.output[:, year, 0])
    elif bound.kind == "absorption":
        # a year on average since the base year: the mix moves the whole path, and not its steps
        growth = (money / np.maximum(base, 1e-12)) ** (1 / year) - 1
        used = float(np.max(np.where(base > 0, 100 * growth, 0.0)))
    elif bound.kind == "cut":
        used = float(np.max(np.where(planned > 0, 100 * (1 - money / np.maximum(planned, 1e-12)), 0.0)))
    elif bound.kind == "mix":
        used = float(np.abs(run.plan.shares(year) - plan.plan.shares(year)).max())
    elif bound.kind == "advance":
        used = max((-shift for shift in run.plan.shifts.values()), default=0.0)
    else:
        raise ValueError(f"a limit of unknown kind: {bound.kind}")
    over = used - bound.most
    return Use(bound, used, over if over > 1e-6 * max(1.0, abs(bound.most)) else 0.0)
