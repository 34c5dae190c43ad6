"""What changed against January's answer, by cause (与年初判断的差异)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from ..uncertainty.causes import by_cause, until
from ..uncertainty.ensemble import Ensemble

GROUPS: tuple[tuple[str, str], ...] = (
    ("nation", r"national$|province$|drift$"),
    ("projects", r"timing$|projects$|money$|luck$"),
    ("prices", r"prices$|chain_prices$"),
    ("own", r"own$|sectors\."),
)
"""Causes of doubt by what a planner calls news of; all others are numbers that nobody knew exactly."""
OTHER = "numbers"
CAUSES = ("progress", "outlook", "nation", "own", "projects", "prices", OTHER, "rest")
"""``progress``: what projects have done and money has been placed, before any figure; ``outlook``: what is
foretold of the nation in the years to come; ``rest``: what is not linear."""


@dataclass(frozen=True)
class News:
    """One row's median in January and now, and by how much each cause moved it (points; they add up)."""

    row: str
    january: float
    now: float
    moved: Mapping[str, float]


def group_of(cause: str) -> str:
    """The news that a cause of doubt belongs to.

    >>> group_of("national"), group_of("sectors.secondary"), group_of("timing"), group_of("links")
    ('nation', 'own', 'projects', 'numbers')
    """
    return next((name for name, words in GROUPS if re.match(words, cause)), OTHER)


def news(january: Ensemble, steps: Mapping[str, Ensemble], now: Ensemble, row: str, last: int) -> News:
    """Why a row's median moved.

    .. math:: \\Delta_k = \\sum_{j \\in k} \\beta_j (E[x_j \\mid y] - E[x_j])

    with slopes β of the row on the inputs over the draws before the figures, and means of the inputs after
    and before them; what is left of the change of the median is not linear.

    Parameters
    ----------
    january, steps, now
        The plan's futures as of January; step by step with what has become of projects and money, with
        prices and the outlook as they are now, by cause; with the figures too.
    last
        Calendar year of the row: later surprises cannot bear on it.
    """
    start, end = (found.quantile(row, 0.5).value for found in (january, now))
    moved, before, middle = dict.fromkeys(CAUSES, 0.0), january, start
    for cause, before in steps.items():
        moved[cause] += before.quantile(row, 0.5).value - middle
        middle = before.quantile(row, 0.5).value
    names = [name for name in until(before.drawn, last) if np.ptp(before.drawn[name]) > 0]
    if names and now is not before:
        x = np.stack([before.drawn[name] for name in names])
        slope = _slopes(x, before.outcomes[row][: x.shape[1]])
        shift = np.array([now.drawn[name].mean() for name in names]) - x.mean(axis=1)
        place = {name: at for at, name in enumerate(names)}
        for cause, own in by_cause(names).items():
            at = [place[name] for name in own]
            moved[group_of(cause)] += float(slope[at] @ shift[at])
    moved["rest"] = end - start - sum(moved.values())
    return News(row, start, end, moved)


def _slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    """Least squares with the prior that a standardised input moves little: as many noisy slopes as inputs
    would otherwise add up to something."""
    spread = x.std(axis=1)
    z = (x - x.mean(axis=1, keepdims=True)) / spread[:, None]
    off = y - y.mean()
    ridge = np.linalg.solve(z @ z.T + len(z) * np.eye(len(z)), z @ off)
    return np.asarray(ridge / spread)
