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


def correlated(scores: FloatArray, table: FloatArray) -> FloatArray:
    """Normal scores with the correlation matrix ``table`` ``(n, n)`` from independent ones; ``(n, D)`` ->
    ``(n, D)``.

    .. math:: z' = L z, \\qquad L L^\\top = R

    so that Φ(z') are uniforms under a Gaussian copula. Source: Nelsen (2006), *An Introduction to Copulas*,
    ch. 2.

    Raises
    ------
    numpy.linalg.LinAlgError
        Where the matrix is not positive definite; the loader has checked a scenario's.
    """
    lower = np.linalg.cholesky(table)
    moved = np.empty_like(scores)
    # row by row: the digits of a draw do not depend on how many are drawn with it
    for i, row in enumerate(lower):
        np.multiply(scores[i], row[i], out=moved[i])
        for j in np.flatnonzero(row[:i]):
            moved[i] += row[j] * scores[j]
    return moved
