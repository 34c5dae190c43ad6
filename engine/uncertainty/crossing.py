"""The value of a driver at which an event has a stated chance, with its standard error (临界值)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from .replicates import Parts, halves

BINS = 16
"""Bins of a driver's values in which chances are counted: 128 of 2,048 futures each."""

KNOWN = 2.0
"""Standard errors that must stay within the driver's own standard deviation."""


@dataclass(frozen=True)
class Crossing:
    """Where the chance of an event crosses a level as one driver moves.

    Attributes
    ----------
    value, error
        The value of the driver, in its unit, and its standard error; None and NaN where there is none to
        show.
    beyond, beyond_error
        Part of the futures in which the driver is at least as favourable, and its standard error.
    known
        Whether the draws settle it: that there is no such value among those drawn, or which it is.
    """

    value: float | None = None
    error: float = float("nan")
    beyond: float = 0.0
    beyond_error: float = float("nan")
    known: bool = True


def crossing(values: FloatArray, happens: FloatArray, level: float, parts: Parts) -> Crossing:
    """The value at which the frequency of an event crosses a level.

    By isotonic means of the frequency over equal bins of the driver (Barlow et al. 1972), linear between
    their middles; errors from balanced halves of the independent scramblings (:func:`.replicates.halves`).
    Nothing is shown (``known`` is False) where not every half has a crossing though some have, or where two
    standard errors exceed the standard deviation of the driver: it could then be anything that the driver
    commonly is.

    Parameters
    ----------
    values, happens
        The driver, and 0 or 1, by future ``(D,)``.
    parts
        Positions of the draws of each scrambling.
    """
    part, place = np.empty(len(values), dtype=np.int_), np.empty(len(values), dtype=np.int_)
    for at, places in enumerate(parts):
        part[places] = at
    place[np.argsort(values, kind="stable")] = np.arange(len(values)) * BINS // len(values)
    cell, cells = part * BINS + place, len(parts) * BINS
    count, total, events = (
        np.bincount(cell, weight, cells).reshape(-1, BINS) for weight in (None, values, happens)
    )
    taken = np.concatenate([np.ones((1, len(parts))), halves(len(parts))])  # all of them, then every half
    counted = np.maximum(taken @ count, 1)
    middles, rates = taken @ total / counted, taken @ events / counted
    sign = 1.0 if rates[0].std() == 0 or np.corrcoef(middles[0], rates[0])[0, 1] >= 0 else -1.0
    every = [_crossed(own, rate, level, sign) for own, rate in zip(middles, rates, strict=True)]
    found = np.array([each for each in every if each is not None])
    if len(found) < len(every):
        return Crossing(known=not len(found))
    error = float(found[1:].std())
    if not KNOWN * error <= values.std():
        return Crossing(known=False)
    weights = taken[:, part]
    beyond = np.average(sign * values >= sign * found[:, None], axis=1, weights=weights)
    return Crossing(float(found[0]), error, float(beyond[0]), float(beyond[1:].std()))


def _crossed(middles: FloatArray, rates: FloatArray, level: float, sign: float) -> float | None:
    """Where isotonic means of rates by bin cross a level; None where all lie on one side of it."""
    from scipy.optimize import isotonic_regression

    middles, rates = middles[:: int(sign)], isotonic_regression(rates[:: int(sign)]).x
    at = int(np.searchsorted(rates, level))
    if at in (0, len(rates)):
        return None
    low, high = rates[at - 1], rates[at]
    return float(middles[at - 1] + (middles[at] - middles[at - 1]) * (level - low) / (high - low))
