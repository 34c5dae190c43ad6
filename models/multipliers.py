"""What one yuan of demand brings a region: output, value added and income multipliers (乘数)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .quantity import FloatArray


@dataclass(frozen=True)
class Multipliers:
    """Per yuan of final demand for each branch ``(B, D)``, direct effect included."""

    output: FloatArray
    value_added: FloatArray
    income: FloatArray


def inverse(local: FloatArray) -> FloatArray:
    """Leontief inverse ``(B, B, D)`` of local coefficients: L = (I - A)^-1.

    Source: Miller & Blair (2009), *Input-Output Analysis*, eq. 2.10.
    """
    matrices = np.moveaxis(local, -1, 0)
    return np.asarray(np.moveaxis(np.linalg.inv(np.eye(local.shape[0]) - matrices), 0, -1))


def multipliers(local: FloatArray, va_ratio: FloatArray, labour: FloatArray) -> Multipliers:
    """Simple multipliers, or total ones where ``local`` holds the households' loop.

    .. math:: m^x_j = \\sum_i L_{ij}, \\qquad m^v_j = \\sum_i v_i L_{ij}, \\qquad m^h_j = \\sum_i \\lambda_i L_{ij}

    They hold where capacity does not bind. Source: Miller & Blair (2009), ch. 6.2.

    Parameters
    ----------
    local
        Local product used per yuan of output ``(B, B, D)``.
    va_ratio, labour
        Value added and labour income per yuan of output ``(B, D)``.
    """  # noqa: E501
    solved = inverse(local)
    return Multipliers(
        solved.sum(axis=0), np.einsum("id,ijd->jd", va_ratio, solved), np.einsum("id,ijd->jd", labour, solved)
    )
