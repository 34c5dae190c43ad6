"""Business as usual: a region that goes on as it did, against which a plan is held (按常态)."""

from __future__ import annotations

import numpy as np

from ...models.quantity import Draws, FloatArray
from ...models.realisation import Realisation
from ...scenarios.schema import Scenario
from ..build import base_investment, investment_history
from ..projects.listed import past
from ..projects.named import named_projects


def usual_works(scenario: Scenario, values: Draws, years: int) -> Realisation:
    """Works of years that are like the base year: investment grows as it did (``investment.before``), in last
    year's mix, and listed works bring what works like them usually bring, no more and no less.

    .. math:: F_t = F_0 (1 + b)^t, \\qquad R_t = (1 - \\tau) F_t, \\qquad L_t = \\bar L
    """
    base, before = base_investment(scenario, values), 1 + values(scenario.investment.before) / 100
    normal = investment_history(scenario, values)
    seen = past(scenario, named_projects(scenario, values), base, values)
    invested = np.stack(np.broadcast_arrays(*[base * before**year for year in range(1, years + 1)]), axis=1)
    left = (1 - seen.tied)[:, None]

    def each_year(usual: FloatArray) -> FloatArray:
        return np.broadcast_to(usual, (years, *np.shape(usual))) + 0.0

    named = {
        sector: {process: each_year(usual) for process, usual in own.items()}
        for sector, own in seen.usual.items()
    }
    return Realisation(
        invested, left * invested, left * normal, normal, named, np.zeros((years, 1)), usual=seen.usual
    )
