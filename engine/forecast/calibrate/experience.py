"""What a panel and a file of outlooks teach: coefficients of the reference forecast, and how its chances came
true (经验系数)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....models.forecast import Learnt
from ....models.quantity import FloatArray
from ..backtest.judge import Judged
from ..backtest.outlook import editions
from ..backtest.panel import Panel
from ..backtest.regions import TEMPLATE
from ..backtest.roll import NONE, Outlooks, backtest
from ..learn import FEWEST, HALF_WIDTH, HELD, MEMORY, means

LEARNT = 10
"""Years of a panel before the first that is foretold."""

BEYOND = 2
"""Years after a panel's last for which an outlook is stated, where there is an edition, or the nation's
growth of the year before."""

MAPPED = 8
"""Fewest years that say what regions' mean growth is off by, given the nation's."""

INDICATORS = {"industry_above_scale_growth": "secondary", "fai_growth": "realised_investment"}
"""Indicators beside GDP, and the column of a panel that stands for each."""


@dataclass(frozen=True)
class Beside:
    """Another indicator's lead over GDP growth: its mean, the part that lasts into the next year, and the
    spread of what is left."""

    mean: float
    lasting: float
    spread: float
    cases: int


@dataclass(frozen=True)
class Taught:
    """All that is learnt.

    Attributes
    ----------
    years
        What was known when each year began, the last being that of the coefficients.
    beside
        By indicator.
    judged
        Backtests by edition of the nation's outlook.
    mapping
        What regions' mean growth was off by, given the nation's (:func:`mapping`).
    """

    panel: Panel
    years: tuple[Learnt, ...]
    beside: Mapping[str, Beside]
    judged: Mapping[str, Judged]
    mapping: float | None = None


def teach(
    panel: Panel,
    known: Outlooks,
    years: Sequence[int],
    *,
    draws: int,
    seed: int,
    jobs: int = 2,
    template: str = TEMPLATE,
) -> Taught:
    """Learn from a panel, and score by rolling origin what would have been said in ``years``.

    Parameters
    ----------
    known
        Outlooks on the years of the panel and :data:`BEYOND` more.
    """
    whole = panel.extended(panel.years[-1] + BEYOND)
    foretold = [
        year
        for at, year in enumerate(whole.years)
        if at >= LEARNT
        and (
            year <= panel.years[-1] + 1
            or np.isfinite(known.nation.release[at - 1])
            or any(np.isfinite(path[at]) for path in known.nation.editions.values())
        )
    ]
    learnt = tuple(known.learnt(whole.until(year))[0] for year in foretold)
    judged = {
        name: Judged(
            panel,
            backtest(
                panel,
                years,
                draws=draws,
                seed=seed,
                jobs=jobs,
                outlooks=replace(known, edition=name),
                template=template,
            ),
            draws,
            seed,
        )
        for name in editions(known)
        if name == NONE
        or np.isfinite(known.nation.editions[name][[whole.years.index(y) for y in years]]).any()
    }
    paths = dict(zip(panel.sectors, panel.sector_growth, strict=True)) | {
        "realised_investment": panel.plans[1]
    }
    found = {
        name: _beside(panel.growth, paths[column]) for name, column in INDICATORS.items() if column in paths
    }
    beside = {name: each for name, each in found.items() if each is not None}
    return Taught(panel, learnt, beside, judged, mapping(means(whole.growth), known.nation.release))


def mapping(growth: FloatArray, release: FloatArray) -> float | None:
    """Root mean square of what regions' mean growth was off by, given the nation's and last year's
    difference ``(Y,)``; None where fewer than :data:`MAPPED` years know both.

    .. math:: e_t = (\\bar g_t - n_t) - (\\bar g_{t-1} - n_{t-1})
    """
    step = np.diff(growth - release)
    seen = step[np.isfinite(step)]
    return float(np.sqrt(np.mean(seen**2))) if len(seen) >= MAPPED else None


def _beside(growth: FloatArray, other: FloatArray) -> Beside | None:
    """How an indicator's lead over GDP growth lasts; None where too little is known.

    .. math:: d_{rt} - \\bar d_t = \\rho (d_{r,t-1} - \\bar d_{t-1}) + e_{rt}
    """
    lead = other - growth
    off = lead - means(lead)
    before, now = off[:, :-1], off[:, 1:]
    there = np.isfinite(before) & np.isfinite(now)
    if there.sum() < FEWEST:
        return None
    years = np.arange(now.shape[1])
    last = int(np.flatnonzero(there.any(axis=0))[-1])
    weight = np.broadcast_to(0.5 ** ((last - years) / MEMORY), now.shape)[there]
    x, y = before[there], now[there]
    lasting = float(np.clip((weight * x * y).sum() / max(float((weight * x * x).sum()), 1e-9), 0.0, 1.0))
    left = np.abs(y - lasting * x)
    order = np.argsort(left)
    within = np.cumsum(weight[order]) / weight.sum()
    yearly = means(lead)
    known = np.flatnonzero(np.isfinite(yearly))
    old = 0.5 ** ((known[-1] - known) / MEMORY)
    spread = float(left[order][min(int(np.searchsorted(within, HELD)), len(left) - 1)]) / HALF_WIDTH
    news = float(
        np.sqrt(np.average((yearly[known] - np.average(yearly[known], weights=old)) ** 2, weights=old))
    )
    return Beside(
        float(np.average(yearly[known], weights=old)),
        lasting,
        float(np.hypot(spread, news)),
        int(there.sum()),
    )
