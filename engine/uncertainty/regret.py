"""Mixes under uncertainty: all on the same draws, and what choosing one may cost (不确定下的结构比选)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from .replicates import Parts, mean


@dataclass(frozen=True)
class Standing:
    """How one mix stands against the others on one outcome.

    Attributes
    ----------
    difference
        Mean difference to the plan on the same draws, in the outcome's unit.
    best
        Probability of being the best of the mixes that compete; None for one that does not.
    regret, most_regret
        Mean and largest difference to the best mix of each future.
    """

    mix: str
    mean: float
    difference: float
    difference_error: float
    best: float | None
    best_error: float | None
    regret: float | None
    most_regret: float | None


@dataclass(frozen=True)
class Chance:
    """Probability that a mix reaches a tier, and its difference to the plan on the same draws."""

    value: float
    error: float
    difference: float
    difference_error: float


def chance(reached: FloatArray, plan: FloatArray, parts: Parts) -> Chance:
    """Probability of a tier; ``reached`` and ``plan`` are 0 or 1 by future ``(D,)``, on the same draws.

    The error of the difference is that of the mean of paired differences: futures in which both mixes make
    it, or neither, add nothing to it.
    """
    return Chance(*mean(reached, parts), *mean(reached - plan, parts))


def on_common_draws(
    outcomes: Mapping[str, FloatArray],
    plan: str,
    parts: Parts,
    *,
    sign: float = 1.0,
    competing: frozenset[str] | None = None,
) -> dict[str, Standing]:
    """Every mix against the plan and against the best of each future.

    .. math:: r_{md} = \\max_{k} s\\,y_{kd} - s\\,y_{md}

    with sign s (-1 for a ceiling); mixes that tie for the best share it. Source: Savage (1951), J. Am. Stat.
    Assoc. 46, 55 (minimax regret).

    Parameters
    ----------
    outcomes
        Value of the outcome by mix ``(D,)``, all on the same draws.
    competing
        Mixes that may be chosen (within the limits); all of them where left out.
    """
    able = [key for key in outcomes if competing is None or key in competing]
    table = sign * np.array([outcomes[key] for key in able])
    top = table.max(axis=0, initial=-np.inf)
    ties = np.isclose(table, top, rtol=0, atol=1e-9)
    found = {}
    for key, own in outcomes.items():
        difference = mean(own - outcomes[plan], parts)
        if key in able:
            wins = ties[able.index(key)] / ties.sum(axis=0)
            regret = top - sign * own
            rest = (*mean(wins, parts), float(regret.mean()), float(regret.max()))
        else:
            rest = (None, None, None, None)  # type: ignore[assignment]
        found[key] = Standing(key, float(own.mean()), *difference, *rest)
    return found
