"""Trade among neighbouring regions: what one buys of another, and how far more income in one reaches the rest
(区域间贸易).

.. math::
    T_{mk} = v \\, F_{mk} / Y_k, \\qquad \\Delta Y = (I - T)^{-1} \\Delta Y^0

with F the goods and services that k buys of m, v the value added in a unit of them, and Y GDP: the
interregional trade multiplier (Metzler, L. A. 1950. A multiple-region theory of income and trade.
*Econometrica* 18(4): 329-354).
"""

from __future__ import annotations

import numpy as np

from .quantity import FloatArray

EARTH = 6371.0
"""Mean radius of the earth, km."""
NEAREST = 10.0
"""Distance below which two places count as this far apart, km: gravity has no meaning at none."""


def distances(places: FloatArray) -> FloatArray:
    """Great-circle distances ``(M, M)``, km, of latitudes and longitudes ``(M, 2)`` in degrees.

    .. math:: d = 2 R \\arcsin \\sqrt{\\sin^2 \\tfrac{\\varphi_1 - \\varphi_2}{2}
        + \\cos\\varphi_1 \\cos\\varphi_2 \\sin^2 \\tfrac{\\lambda_1 - \\lambda_2}{2}}
    """
    angles = np.radians(places)
    north, east = angles[:, 0], angles[:, 1]
    half = (
        np.sin((north[:, None] - north) / 2) ** 2
        + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    )
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def gravity(sizes: FloatArray, far: FloatArray, within: float, elasticity: float) -> FloatArray:
    """What each region buys of each other ``(M, M)``, rows sell, columns buy, in units of ``sizes``.

    .. math:: F_{mk} = G \\, Y_m Y_k d_{mk}^{-\\theta},\\quad m \\ne k,
        \\qquad \\sum_{m \\ne k} F_{mk} = w \\sum_m Y_m

    Two regions sell each other the same: what a large one buys of a small one is bounded by the small one's
    size.

    Parameters
    ----------
    sizes
        GDP ``(M,)``.
    far
        Distances ``(M, M)``, km; NaN for a region whose place nobody states: it trades with nobody.
    within
        Purchases of all from one another, share of the GDP of those that trade.
    elasticity
        How trade falls with distance: 1 % farther, so many % less.
    """
    with np.errstate(invalid="ignore"):
        pull = np.outer(sizes, sizes) * np.maximum(far, NEAREST) ** -elasticity
    pull = np.where(np.isfinite(pull), pull, 0.0)
    np.fill_diagonal(pull, 0.0)
    whole, trading = pull.sum(), sizes[pull.any(axis=0)].sum()
    return np.asarray(pull * (within * trading / whole)) if whole > 0 else pull


def income(flows: FloatArray, sizes: FloatArray, content: float) -> FloatArray:
    """Income of each region per unit of each other's GDP ``(M, M)``; nothing of its own."""
    found = content * flows / sizes
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)


def spread(earned: FloatArray) -> FloatArray:
    """What a unit of income more in a column brings to each row, all rounds together ``(M, M)``:
    :math:`(I - T)^{-1}`.

    Raises
    ------
    ValueError
        Where some region passes on all its income or more: nothing would come to rest.
    """
    if earned.size and float(earned.sum(axis=0).max()) >= 1:
        raise ValueError("a region earns others a unit or more of income per unit of its own")
    return np.asarray(np.linalg.inv(np.eye(len(earned)) - earned))
