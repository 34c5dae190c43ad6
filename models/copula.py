"""Numbers that move together: a Gaussian copula over uniforms (高斯 Copula)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .quantity import FloatArray


def matrix(pairs: Sequence[tuple[str, str, float]]) -> tuple[tuple[str, ...], FloatArray]:
    """All names in order of appearance and their correlation matrix ``(n, n)``; pairs not stated are 0."""
    names = tuple(dict.fromkeys(name for pair in pairs for name in pair[:2]))
    table = np.eye(len(names))
    for one, two, rho in pairs:
        i, j = names.index(one), names.index(two)
        table[i, j] = table[j, i] = rho
    return names, table


def correlated(uniforms: FloatArray, table: FloatArray) -> FloatArray:
    """Uniforms whose normal scores have the correlation matrix ``table`` ``(n, n)``; ``(n, D)`` -> ``(n, D)``.

    .. math:: u' = \\Phi(L\\,\\Phi^{-1}(u)), \\qquad L L^\\top = R

    Source: Nelsen (2006), *An Introduction to Copulas*, ch. 2.

    Raises
    ------
    numpy.linalg.LinAlgError
        Where the matrix is not positive definite; the loader has checked a scenario's.
    """
    from scipy.special import ndtr, ndtri

    lower = np.linalg.cholesky(table)
    scores = ndtri(uniforms)
    # row by row: the digits of a draw do not depend on how many are drawn with it
    moved = np.stack([sum((lower[i, j] * scores[j] for j in range(i + 1)), np.zeros_like(scores[0])) for i in range(len(lower))])
    return np.asarray(np.clip(ndtr(moved), 1e-16, 1 - 1e-16))
