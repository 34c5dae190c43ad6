"""Targets, their tiers, and the ladder of verdicts (目标、档位与结论)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

import numpy as np

from .indicators import Asked, driver, indicator_of
from .money import MONEY
from .quantity import Bilingual, BoolArray, FloatArray
from .span import Over, Series
from .trajectory import Trajectory
from .words import msg


class Rung(Enum):
    """Where a tier stands on the ladder; the value is the text shown.

    Each is a statement about a chance: that of the plan, of any allowed plan, of any plan with limits relaxed
    is the confidence asked for.
    """

    PLAN = msg("reached by the plan")
    MIX = msg("reached by another mix")
    RELAXED = msg("feasible only if a constraint is relaxed")
    OUT = msg("not feasible within the limits")
    UNDECIDED = msg("undecided")


INSIDE = msg("reached by more investment within the limit")
"""How :attr:`Rung.RELAXED` is told where the money needed lies below the limit's maximum: nothing is relaxed
then."""
LESS = msg("reached by less investment")
"""How :attr:`Rung.MIX` is told where the plan found spends less in the same shares."""
FREE = msg("not feasible with the plan's money (no limit was stated)")
"""How :attr:`Rung.OUT` is told where the scenario states no limit at all."""
TOLD: tuple[tuple[Rung, Bilingual], ...] = (
    *((rung, rung.value) for rung in Rung),
    (Rung.RELAXED, INSIDE),
    (Rung.MIX, LESS),
    (Rung.OUT, FREE),
)
"""Every text that tells a rung."""


@dataclass(frozen=True)
class Relation:
    """A linked indicator: constant + Σ coefficient × driver."""

    constant: FloatArray
    drivers: Mapping[str, FloatArray]


@dataclass(frozen=True)
class Target:
    """One row of the sheet, ready to be judged.

    ``basis`` is ``modelled`` (an equation of the model), ``linked`` (a fitted relation) or ``stated``
    (copied and shown, never judged).
    """

    id: str
    title: Bilingual
    indicator: str
    basis: str
    unit: str
    digits: int
    ensure: float | None
    stretch: float | None
    at_most: float | None
    asked: Asked
    expected: float | None = None
    main: bool = False
    margin: float = 0.0
    """What is added to a value before it is compared: 0 but where another confidence than one half is asked
    for."""
    over: Over | None = None
    """The years that it speaks of and what it asks of them; None for the sheet's own year."""

    @property
    def tiers(self) -> dict[str, float]:
        """Tier name -> threshold, in the order of the sheet."""
        named = {"ensure": self.ensure, "stretch": self.stretch, "at_most": self.at_most}
        return {tier: value for tier, value in named.items() if value is not None}

    @property
    def judged(self) -> bool:
        """Whether the model says anything about it."""
        return self.basis != "stated"

    @property
    def sign(self) -> float:
        """+1 where more is better, -1 for a ceiling."""
        return -1.0 if self.at_most is not None else 1.0

    def rounded(self, value: float) -> float:
        """A value as the sheet prints it: half up, to the target's digits."""
        return rounded(value, self.digits)

    def met(self, value: float, threshold: float) -> bool:
        """Whether a value reaches a tier after rounding to the digits of the sheet."""
        return self.sign * (self.rounded(value + self.margin) - self.rounded(threshold)) >= 0

    def edge(self, threshold: float) -> float:
        """The value at which rounding tips over to a tier: half a printed digit short of it."""
        return self.rounded(threshold) - self.sign * 0.5 * 10.0**-self.digits - self.margin

    def reached(self, values: FloatArray, threshold: float) -> BoolArray:
        """:meth:`met` for an array of values of any shape: at once, by the value at which rounding tips
        over."""
        edge = self.edge(threshold)
        hair = 1e-11 * max(1.0, abs(edge))
        over = self.sign * (values - edge)
        # half is rounded away from zero: up to the threshold on one side of zero, away from it on the other
        return np.asarray(over >= -hair if self.sign * (edge + self.margin) > 0 else over > hair)


def leading(targets: Iterable[Target]) -> list[Target]:
    """The main ones of some targets, or all of them where none is called main."""
    known = list(targets)
    return [target for target in known if target.main] or known


def rounded(value: float, digits: int) -> float:
    """Round half away from zero in decimal, as official statistics do.

    >>> rounded(6.45, 1), rounded(-0.05, 1), rounded(2.675, 2)
    (6.5, -0.1, 2.68)
    """
    if not abs(value) < 1e15:  # no figure that is printed
        return value
    # 12 significant digits first: 6.449999999999999 is 6.45 computed
    exact = Decimal(f"{value:.12g}")
    return float(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


class Sheet:
    """Evaluates targets on trajectories; knows the relations of linked indicators.

    ``offsets`` are added to the values of targets in year ``at``: what the median of the futures lies off the
    central case. ``known`` are values of rows in years that are over (1 is the first): they go before what a
    path gives.
    """

    def __init__(
        self,
        targets: Mapping[str, Target],
        relations: Mapping[str, Relation],
        offsets: Mapping[str, float] | None = None,
        at: int = 0,
        known: Mapping[str, Mapping[int, float]] | None = None,
    ) -> None:
        self.targets = targets
        self.relations = relations
        self.offsets, self.at = offsets or {}, at
        self.known = known or {}

    def knowing(self, known: Mapping[str, Mapping[int, float]]) -> Sheet:
        """The sheet with what rows came to in years that are over."""
        return Sheet(self.targets, self.relations, self.offsets, self.at, known)

    def speaking_of(self, over: Over | None = None) -> Sheet:
        """The rows that speak of the same years; left out: of the sheet's own year."""
        rows = {key: target for key, target in self.targets.items() if target.over == over}
        return Sheet(rows, self.relations, self.offsets, self.at, self.known)

    def value(self, target: Target, path: Trajectory, year: int) -> FloatArray:
        """Value of a target in a year (1, 2, ...), ``(D,)``; of one that speaks of several years what they
        have come to by then, so that it stands from their last year on."""
        if target.basis == "stated":
            return np.array([np.nan if target.expected is None else target.expected])
        off = self.offset(target, year)
        if target.over:
            return target.over.value(self.series(target, path), year) + off
        return self.in_year(target, path, year) + off

    def offset(self, target: Target, year: int) -> float:
        """What is added to a target's value in a year."""
        return self.offsets.get(target.id, 0.0) if year == self.at else 0.0

    def in_year(self, target: Target, path: Trajectory, year: int) -> FloatArray:
        """Value of a target's indicator in a single year, ``(D,)``."""
        if year in (over := self.known.get(target.id, {})):
            return np.array([over[year]])
        if known := indicator_of(target.indicator, path.economy):
            return known.value(path, year, target.asked)
        return self.linked(target.indicator, path, year)

    def series(self, target: Target, path: Trajectory) -> Series:
        """A target's indicator year by year; relations in % are of growth."""
        known = indicator_of(target.indicator, path.economy)
        level = known.level if known and known.growth else None
        return Series(
            lambda year: self.in_year(target, path, year),
            (lambda year: level(path, year, target.asked)) if level else None,
            known.growth if known else target.unit == "%",
            target.sign,
            frozenset(self.known.get(target.id, ())),
        )

    def linked(self, name: str, path: Trajectory, year: int) -> FloatArray:
        """Value of a linked relation: constant + Σ coefficient × driver."""
        relation = self.relations[name]
        total = relation.constant
        for key, coefficient in relation.drivers.items():
            known = self.linked(key, path, year) if key in self.relations else driver(path, year, key)
            total = total + coefficient * known
        return total

    def gap_yi(self, target: Target, path: Trajectory, year: int, threshold: float) -> float | None:
        """Gap to a tier in money of the indicator's level, positive when over it; None where it has no level.

        For a growth rate: (g - T)/100 × level of the year before.
        """
        value = float(self.value(target, path, year)[0])
        known = indicator_of(target.indicator, path.economy)
        if known is None:
            return None
        if target.over and known.growth:
            return target.over.gap(self.series(target, path), value, threshold)
        if known.growth and known.level:
            return (value - threshold) / 100 * float(known.level(path, year - 1, target.asked)[0])
        return value - threshold if known.unit == MONEY else None
