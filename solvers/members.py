"""Who does how much so that a sum of regions reaches its growth: the least money, the fairest part, or the
same money elsewhere (分解到成员).

.. math::
    \\min \\sum_m x_m \\quad\\text{or}\\quad \\min z,\\; x_m \\le z T_m
    \\qquad\\text{with}\\qquad \\sum_m s_m x_m \\ge b,\\; 0 \\le x_m \\le u_m
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .ask import CLOSE
from .model import Compiled, Question, Rows
from .solve import solve

LARGEST = "largest part"


@dataclass(frozen=True)
class Hand:
    """One member: its money T, points of the sum's growth that a unit of it brings, and what it may add or
    give away at most, in units of money."""

    id: str
    money: float
    slope: float
    most: float
    gives: float = 0.0

    @property
    def name(self) -> str:
        """Its variable."""
        return f"more:{self.id}"


def cheapest(hands: Sequence[Hand], need: float, solver: str) -> Mapping[str, float] | None:
    """Extra money by member with the least sum; None where the limits leave too little."""
    return _values(hands, _model(hands, need), Question(_sum(hands), maximise=False), solver)


def fairest(hands: Sequence[Hand], need: float, solver: str) -> Mapping[str, float] | None:
    """Extra money by member whose largest part of a member's own money is the least; of several such, the
    cheapest. None where the limits leave too little."""
    model = _model(hands, need)
    first = solve(model, Question({LARGEST: 1.0}, maximise=False), solver)
    if not first.found:
        return None
    part = first.values[LARGEST]
    bounds = {LARGEST: (0.0, part + CLOSE * max(1.0, part))}
    return _values(hands, model, Question(_sum(hands), maximise=False, bounds=bounds), solver)


def alone(hand: Hand, hands: Sequence[Hand], need: float, solver: str = "") -> Mapping[str, float] | None:
    """Extra money of one member alone; None where its limit leaves too little."""
    if hand.slope <= 0 or need / hand.slope > hand.most * (1 + 1e-9):
        return None
    return {each.id: min(need / hand.slope, hand.most) if each == hand else 0.0 for each in hands}


def elsewhere(hands: Sequence[Hand], solver: str) -> Mapping[str, float] | None:
    """Money moved between members, the sum as it is, for the greatest growth of the sum."""
    rows = Rows()
    for hand in hands:
        rows.variable(hand.name, -hand.gives, hand.most)
    rows.row("same", _sum(hands), 0.0, 0.0)
    question = Question({hand.name: hand.slope for hand in hands})
    return _values(hands, Compiled(rows), question, solver)


def where_most(hands: Sequence[Hand], money: float, solver: str) -> Mapping[str, float]:
    """Money of the parent by member where it brings the sum most; what the limits leave no room for stays."""
    rows = Rows()
    for hand in hands:
        rows.variable(hand.name, 0.0, hand.most)
    rows.row("pool", _sum(hands), high=money)
    question = Question({hand.name: hand.slope for hand in hands})
    return _values(hands, Compiled(rows), question, solver) or {}


def evenly(hands: Sequence[Hand], money: float, solver: str = "") -> Mapping[str, float]:
    """Money of the parent by member in equal parts of the members' own plans, as far as their limits let it:
    what one cannot take goes to the others in the same way."""
    given = dict.fromkeys((hand.id for hand in hands), 0.0)
    open_, left = [hand for hand in hands if hand.most > 0], money
    while open_ and left > 0:
        part = left / sum(hand.money for hand in open_)
        full = [hand for hand in open_ if part * hand.money >= hand.most]
        for hand in full or open_:
            given[hand.id] = min(part * hand.money, hand.most)
        if not full:
            break
        left -= sum(hand.most for hand in full)
        open_ = [hand for hand in open_ if hand not in full]
    return given


def _sum(hands: Sequence[Hand]) -> dict[str, float]:
    return {hand.name: 1.0 for hand in hands}


def _model(hands: Sequence[Hand], need: float) -> Compiled:
    rows = Rows()
    rows.variable(LARGEST, 0.0)
    for hand in hands:
        rows.variable(hand.name, 0.0, hand.most)
        rows.row(f"part:{hand.id}", {hand.name: 1.0, LARGEST: -hand.money}, high=0.0)
    rows.row("need", {hand.name: hand.slope for hand in hands}, low=need)
    return Compiled(rows)


def _values(
    hands: Sequence[Hand], model: Compiled, question: Question, solver: str
) -> Mapping[str, float] | None:
    found = solve(model, question, solver)
    return {hand.id: found.values[hand.name] for hand in hands} if found.found else None
