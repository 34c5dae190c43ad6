"""The long view with public capital apart: what public investment growth needs (公共资本).

Output is Y = Kg^φ Kp^(α-φ) (A h L)^(1-α); productivity A augments labour here, unlike in :mod:`.solow`: the
two A cannot be exchanged. Source: Devadas & Pennings (2018), *Assessing the Effect of Public Capital on
Growth*. Rates and shares are fractions a year; every array ``(D,)`` is one year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .quantity import FloatArray


@dataclass(frozen=True)
class TwoCapitals:
    """One year of a region with public and private capital.

    Attributes
    ----------
    capital_share, public_share
        α, and φ, the part of α that is public capital's.
    public_ratio, private_ratio
        Kg/Y and Kp/Y.
    public_depreciation, private_depreciation
        δg and δp.
    efficiency
        Public capital that a yuan of public investment leaves behind, of one yuan.
    productivity, human, population, working_age, participation
        Growth of A, h, N, the share in working age and the share of it at work.
    """

    capital_share: FloatArray
    public_share: FloatArray
    public_ratio: FloatArray
    private_ratio: FloatArray
    public_depreciation: FloatArray
    private_depreciation: FloatArray
    efficiency: FloatArray
    productivity: FloatArray
    human: FloatArray
    population: FloatArray
    working_age: FloatArray
    participation: FloatArray

    @property
    def labour(self) -> FloatArray:
        """Growth factor of people at work: (1+g_N)(1+g_ω)(1+g_ρ)."""
        return np.asarray((1 + self.population) * (1 + self.working_age) * (1 + self.participation))

    @property
    def skill(self) -> FloatArray:
        """What productivity and schooling add to output per worker, as a factor."""
        return np.asarray(((1 + self.productivity) * (1 + self.human)) ** (1 - self.capital_share))


@dataclass(frozen=True)
class Grown:
    """Growth of a year: of public and private capital per worker, and of output per worker, per head and in
    all."""

    public: FloatArray
    private: FloatArray
    per_worker: FloatArray
    per_head: FloatArray
    total: FloatArray


def grow(given: TwoCapitals, public: FloatArray, private: FloatArray) -> Grown:
    """Growth that public and private investment give in a year.

    .. math:: 1+g_{kg} = \\frac{1-\\delta_g + e\\,(I_g/Y)/(K_g/Y)}{1+g_L}, \\qquad
              1+g_y = (1+g_{kg})^{\\varphi} (1+g_{kp})^{\\alpha-\\varphi} [(1+g_A)(1+g_h)]^{1-\\alpha}

    Parameters
    ----------
    public, private
        Ig/Y and Ip/Y.
    """
    kg = (1 - given.public_depreciation + given.efficiency * public / given.public_ratio) / given.labour
    kp = _private(given, private)
    worker = kg**given.public_share * kp ** (given.capital_share - given.public_share) * given.skill
    head = worker * (1 + given.working_age) * (1 + given.participation)
    return Grown(kg - 1, kp - 1, worker - 1, head - 1, worker * given.labour - 1)


def required_public(given: TwoCapitals, per_head: FloatArray, private: FloatArray) -> FloatArray:
    """Public investment over output that growth per head needs, with private investment given; the inverse of
    :func:`grow`.

    .. math:: \\frac{I_g}Y = \\Big[\\Big(\\frac{1+g_y}{(1+g_{kp})^{\\alpha-\\varphi}[(1+g_A)(1+g_h)]^{1-\\alpha}}\\Big)^{1/\\varphi}
              (1+g_L) - (1-\\delta_g)\\Big] \\frac{K_g/Y}{e}

    With φ = 0.08 this is a power of 12.5: see :func:`slope` before planning by it.
    """  # noqa: E501
    worker = (1 + per_head) / ((1 + given.working_age) * (1 + given.participation))
    rest = _private(given, private) ** (given.capital_share - given.public_share) * given.skill
    kg = (worker / rest) ** (1 / given.public_share)
    return np.asarray(
        (kg * given.labour - (1 - given.public_depreciation)) * given.public_ratio / given.efficiency
    )


def slope(given: TwoCapitals, per_head: FloatArray, private: FloatArray) -> FloatArray:
    """Points of output in public investment that one more point of growth per head needs: how steep the
    answer is.

    .. math:: \\frac{\\partial (I_g/Y)}{\\partial g} = \\frac{(1+g_{kg})(1+g_L)}{\\varphi (1+g)} \\frac{K_g/Y}{e}

    The derivative of :func:`required_public`.
    """  # noqa: E501
    share = required_public(given, per_head, private)
    factor = share * given.efficiency / given.public_ratio + 1 - given.public_depreciation
    return np.asarray(factor / (given.public_share * (1 + per_head)) * given.public_ratio / given.efficiency)


def _private(given: TwoCapitals, private: FloatArray) -> FloatArray:
    return np.asarray((1 - given.private_depreciation + private / given.private_ratio) / given.labour)
