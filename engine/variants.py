"""One plan with many small changes to its projects, all in one run: each variant is a draw of its own (逐项变动)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..models.economy import Economy
from ..models.plan import Plan
from ..models.quantity import FloatArray, Quantity, Values
from ..models.trajectory import Trajectory
from ..scenarios.schema import Scenario
from .deliveries import Deliveries


class _Changed(Values):
    """Central values, but for the slips of projects in the variants that change them."""

    def __init__(self, slips: Mapping[str, FloatArray]) -> None:
        self.slips = slips

    def __call__(self, quantity: Quantity) -> FloatArray:
        """The slip in every variant ``(D,)``, else the central value."""
        found = self.slips.get(quantity.path)
        return super().__call__(quantity) if found is None else found


def slipped(
    scenario: Scenario, economy: Economy, plan: Plan, variants: Sequence[Mapping[str, float]], year: int
) -> Trajectory:
    """A plan up to a year with central durations, and with the slips of some projects set to other months.

    Draw 0 is the plan as it is, draw ``i + 1`` its variant ``i``: slip in months by project. Unnamed projects are all
    alike and nothing is cancelled, so that draws differ by what the variant says and by nothing else.
    """
    draws = 1 + len(variants)
    slips: dict[str, FloatArray] = {}
    for draw, variant in enumerate(variants, start=1):
        for project, months in variant.items():
            quantity = scenario.projects[project].slip
            slips.setdefault(quantity.path, np.full(draws, quantity.value))[draw] = months
    works = Deliveries(scenario, _Changed(slips), draws, alike=True).run(plan).works
    return economy.simulate(works, plan.routing or None, plan.quotas, year)
