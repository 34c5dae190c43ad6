"""What the pipeline of projects delivers to the economy: investment and new capacity by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .quantity import FloatArray


@dataclass(frozen=True)
class Works:
    """Investment put in place and capacity brought on line, years 1..T (``S`` sectors, ``L`` lags, ``D`` draws).

    Attributes
    ----------
    invested
        Nominal investment put in place by sector ``(S, T, D)``, 亿元.
    pool
        The part of it that is not tied to named projects with output of their own ``(S, T, D)``.
    history, normal
        The same pool investment and all investment in the base year, the year before, ... ``(S, L, D)``.
    named
        Per sector: new output (key ``""``, 亿元) or process capacity by year ``(T, D)``.
    key_investment
        Investment of key projects ``(T, D)``, 亿元.
    """

    invested: FloatArray
    pool: FloatArray
    history: FloatArray
    normal: FloatArray
    named: Mapping[str, Mapping[str, FloatArray]]
    key_investment: FloatArray
