"""What the pipeline of projects delivers to the economy: investment and new capacity by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .quantity import FloatArray


@dataclass(frozen=True)
class Realisation:
    """Investment put in place and capacity brought on line, years 1..T (``S`` sectors, ``L`` lags, ``D``
    draws).

    Attributes
    ----------
    invested
        Nominal investment put in place by sector ``(S, T, D)``, in units of money.
    pool
        The part of it that is not tied to named projects with output of their own ``(S, T, D)``.
    history
        That part in the base year, the year before, ... ``(S, L, D)``: as much of it each year as in the base
        year.
    past
        What of ``history`` still commissions; all of it where left out.
    normal
        All investment in the base year, the year before, ... ``(S, L, D)``.
    named
        Per sector: new output (key ``""``, money) or process capacity of named projects by year ``(T, D)``.
    usual
        Per sector: what works like the named ones bring on line in a usual year ``(D,)``.
    unlisted
        Per sector: the part of the usual that works on no list bring on line by year ``(T, D)``.
    key_investment
        Investment of key projects ``(T, D)``, in units of money.
    """

    invested: FloatArray
    pool: FloatArray
    history: FloatArray
    normal: FloatArray
    named: Mapping[str, Mapping[str, FloatArray]]
    key_investment: FloatArray
    usual: Mapping[str, Mapping[str, FloatArray]] = field(default_factory=dict)
    unlisted: Mapping[str, Mapping[str, FloatArray]] = field(default_factory=dict)
    past: FloatArray | None = None

    def placed(self, year: int) -> FloatArray:
        """Investment put in place by sector in a year, the base year being 0 ``(S, D)``, in money."""
        return self.invested[:, year - 1] if year else self.normal[:, 0]


def put_in_place(realised: FloatArray, left: FloatArray, key: FloatArray, placed: FloatArray) -> FloatArray:
    """Money of works besides named projects that is put in place ``(S, T, D)``: the realised part ``(S, D)``
    of what named projects leave, the unnamed key projects' share of it when they get to it.

    .. math:: o = r (F - k + k')
    """
    return np.asarray(realised[:, None] * (left - key + placed))
