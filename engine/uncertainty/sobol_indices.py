"""First-order and total Sobol' indices by pick-freeze (全局敏感性：一阶与总效应)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.quantity import FloatArray
from .replicates import spread


@dataclass(frozen=True)
class Index:
    """Effect of a group of inputs on an outcome's variance, each 0 to 1, with standard errors.

    ``first`` is what the group explains by itself, ``total`` what remains in doubt where all others are
    known.
    """

    group: str
    first: float
    first_error: float
    total: float
    total_error: float


def indices(first: FloatArray, second: FloatArray, mixed: Mapping[str, FloatArray]) -> tuple[Index, ...]:
    """Indices of every group from outcomes of pick-freeze draws.

    With A and B independent draws and A_B^G equal to A but for the inputs of G, which are B's,

    .. math:: S_G = \\frac{\\frac1N \\sum (f_B - \\bar f)(f_{A_B^G} - f_A)}{V}, \\qquad
              T_G = \\frac{\\frac1{2N} \\sum (f_A - f_{A_B^G})^2}{V}

    Sources: Saltelli et al. (2010), Comput. Phys. Commun. 181, 259 (first order, centred to lower its error);
    Jansen (1999), Comput. Phys. Commun. 117, 35 (total).

    Parameters
    ----------
    first, second
        Outcomes of A and of B ``(R, N)``: R independent replicates of N draws.
    mixed
        Outcome of A_B^G ``(R, N)`` by group.
    """
    centre = (first.mean() + second.mean()) / 2
    variance = float(((first - centre) ** 2).mean() + ((second - centre) ** 2).mean()) / 2
    if variance <= 1e-24 * max(1.0, float(np.abs(first).max())) ** 2:
        return tuple(Index(group, 0.0, 0.0, 0.0, 0.0) for group in mixed)
    # the variance of each replicate: its error is part of the indices'
    own = (((first - centre) ** 2).mean(axis=1) + ((second - centre) ** 2).mean(axis=1)) / 2
    found = []
    for group, swapped in mixed.items():
        alone = ((second - centre) * (swapped - first)).mean(axis=1) / own
        left = 0.5 * ((first - swapped) ** 2).mean(axis=1) / own
        found.append(Index(group, float(alone.mean()), spread(alone), float(left.mean()), spread(left)))
    return tuple(found)


def sobol(
    function: Callable[[FloatArray], FloatArray],
    groups: Mapping[str, Sequence[int]],
    dimensions: int,
    *,
    draws: int,
    replicates: int,
    seed: int,
) -> tuple[Index, ...]:
    """Indices of a function of uniforms ``(d, N) -> (N,)``; groups name rows.

    A and B are halves of one scrambled Sobol' sequence in 2 d dimensions, scrambled anew in every replicate.
    """
    from scipy.stats import qmc

    first, second, mixed = [], [], {group: [] for group in groups}  # type: ignore[var-annotated]
    for child in np.random.default_rng(seed).spawn(replicates):
        uniforms = qmc.Sobol(2 * dimensions, rng=child).random(draws).T
        a, b = uniforms[:dimensions], uniforms[dimensions:]
        first.append(function(a))
        second.append(function(b))
        for group, rows in groups.items():
            swapped = a.copy()
            swapped[list(rows)] = b[list(rows)]
            mixed[group].append(function(swapped))
    return indices(
        np.array(first), np.array(second), {group: np.array(each) for group, each in mixed.items()}
    )
