"""The protocol that all sector models share, and the values that pass through it.

Arrays carry draws on the last axis ``D`` (one path has ``D = 1``); ``b`` counts a sector's branches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from .parameters import SectorParameters
from .quantity import Bilingual, FloatArray, share_of


@dataclass(frozen=True)
class Branch:
    """A row and column of the accounts: a whole sector, or one process of a chain.

    Attributes
    ----------
    output, va_ratio
        Base-year gross output (money) and value added over output (share), shape ``(D,)``.
    national
        Classes of the national table whose purchases it resembles and whose product it makes, shares.
    inputs
        Output of other branches used per yuan of output, known physically (chains only).
    imported, feedstock
        Materials bought outside the region per yuan of output ``(D,)``, and the classes that they belong to
        (chains only).
    supply_led
        True where output is what can be made and sales outside are the residual.
    """

    id: str
    sector: str
    title: Bilingual
    output: FloatArray
    va_ratio: FloatArray
    national: Mapping[str, FloatArray]
    inputs: Mapping[str, FloatArray] = field(default_factory=dict)
    imported: FloatArray = field(default_factory=lambda: np.zeros(1))
    feedstock: frozenset[str] = frozenset()
    supply_led: bool = False


@dataclass(frozen=True)
class Commissioned:
    """What investment brings a sector in one year.

    Attributes
    ----------
    pool
        Real investment not tied to named projects in this year, the last, ...; shape ``(L, D)``, in money.
    normal
        The same in the base year and the years before it, which commissions normally.
    named
        New output of named projects (key ``""``) or new capacity of a process (key: process); ``(D,)``.
    usual, unlisted
        What works like the named ones bring on line in a usual year, and what of it works on no list bring
        now; as ``named``.
    shock
        Added to the growth of the sector's sales outside in this year, share ``(D,)``.
    """

    pool: FloatArray
    normal: FloatArray
    named: Mapping[str, FloatArray]
    shock: FloatArray = field(default_factory=lambda: np.zeros(1))
    usual: Mapping[str, FloatArray] = field(default_factory=dict)
    unlisted: Mapping[str, FloatArray] = field(default_factory=dict)

    def listed(self, most: FloatArray, process: str = "") -> tuple[FloatArray, FloatArray]:
        """New output or capacity of this year that is not the pool's, and the usual, ``(D,)`` each.

        ``most`` is the greatest usual that can be: no base year commissions more than its whole capacity.
        """
        nothing = np.zeros(1)
        stated = self.usual.get(process, nothing)
        usual = np.minimum(stated, np.maximum(most, 0.0))
        part = share_of(usual, np.broadcast_to(stated, usual.shape))
        return self.named.get(process, nothing) + self.unlisted.get(process, nothing) * part, usual


@dataclass(frozen=True)
class State:
    """Where a sector stands in one year: what it can make, what it can sell outside, and its own stocks."""

    year: int
    limit: FloatArray
    outside: FloatArray
    stocks: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Supply:
    """What the short side of the market needs: greatest output and sales outside, ``(b, D)``, in money."""

    limit: FloatArray
    outside: FloatArray


@dataclass(frozen=True)
class Coupling:
    """A linear limit between branches of one sector: weights · output + aux_weights · aux <= bound.

    ``aux`` are free non-negative variables of the sector (what a process wants to make).
    """

    name: str
    weights: FloatArray
    aux_weights: FloatArray
    bound: FloatArray


@dataclass(frozen=True)
class Response:
    """The same supply for solvers: limits and sales per branch, and couplings between branches."""

    limit: FloatArray
    outside: FloatArray
    couplings: tuple[Coupling, ...] = ()
    aux: int = 0


Routing = Mapping[str, Mapping[str, float]]
"""Process -> material -> largest share (0..1) that the process may take."""


class Plain:
    """What sectors of one branch and without a chain have in common."""

    def __init__(self, id: str, parameters: SectorParameters, branch: Branch) -> None:
        self.id, self.parameters = id, parameters
        self.branches: tuple[Branch, ...] = (branch,)

    def supply(self, state: State, routing: Routing | None = None) -> Supply:
        """What can be made, and sales outside: below zero where too little investment sends buyers away."""
        return Supply(state.limit, state.outside)

    def response(self, state: State) -> Response:
        """The same, already linear."""
        made = self.supply(state)
        return Response(made.limit, made.outside)

    def physical(self, state: State, output: FloatArray) -> Mapping[str, FloatArray]:
        """Nothing physical is counted."""
        return {}

    def routing(self, year: int, output: FloatArray) -> Routing | None:
        """No chain, no routing."""
        return None


class Sector(Protocol):
    """One sector of the economy. All methods are pure."""

    id: str
    branches: tuple[Branch, ...]

    @property
    def parameters(self) -> SectorParameters:
        """What the user stated."""

    def start(self, outside: FloatArray) -> State:
        """State of the base year, given base-year sales outside ``(b, D)``."""

    def advance(self, state: State, got: Commissioned) -> State:
        """State of the next year after investment has commissioned."""

    def supply(self, state: State, routing: Routing | None = None) -> Supply:
        """What can be made and sold in the year of ``state``."""

    def response(self, state: State) -> Response:
        """Linear form of :meth:`supply` with routing free, for solvers."""

    def physical(self, state: State, output: FloatArray) -> Mapping[str, FloatArray]:
        """Quantities behind ``output`` ``(b, D)``, by name such as ``made:steel``; each ``(D,)``."""

    def routing(self, year: int, output: FloatArray) -> Routing | None:
        """Shares of materials that ``output`` ``(b, 1)`` needs, or None where the scenario's are enough."""
