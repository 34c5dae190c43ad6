"""The story of a province: its members in the same futures, their sum against its targets, who must do what
(全省推演)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...models.errors import ScenarioError
from ...models.indicators import Asked
from ...models.quantity import FloatArray
from ...models.target import Target
from ...models.words import msg
from ...scenarios.province.load import Member, Province
from ...solvers.members import Hand, cheapest, elsewhere, evenly, fairest, where_most
from ...solvers.solve import chosen
from ..uncertainty.ensemble import Estimate
from .draws import LEVELS, Shared, drawn
from .linked import Linked
from .together import Together, variance_parts

DRAWS = 4096
"""Futures where nobody asks for another number: chances are known to half a point."""
ROUNDS, CLOSE = 12, 2e-4
"""How often a division is asked for again, and points by which it may do more than is needed."""
LIMIT = 1e-6
"""Part of a member's money below which nothing is asked of it."""

Kind = Literal["cheapest", "fairest", "most", "elsewhere", "pool_best", "pool_even"]


@dataclass(frozen=True)
class Division:
    """Who does how much, simulated.

    Attributes
    ----------
    kind
        With the least money, with the least largest part, all that the limits allow, the same money
        elsewhere, or the parent's money where it brings most, or in equal parts of the plans.
    tier
        What it is for; empty for the same money elsewhere.
    more
        Extra money by member.
    gap
        GDP per head, richest to poorest, the median; None where residents are not known.
    promised, simulated
        The value of the parent's growth that counts (the median, where the confidence is one half), by
        slopes and by simulation, %.
    reached
        Whether the tier is reached in simulation.
    """

    kind: Kind
    tier: str
    more: Mapping[str, float]
    promised: float
    simulated: float
    chance: Estimate | None
    reached: bool
    gap: float | None = None

    @property
    def money(self) -> float:
        """Extra money in all; of the same money elsewhere, what is moved."""
        return sum(max(value, 0.0) for value in self.more.values())


@dataclass(frozen=True)
class ProvinceAnswer:
    """Everything that is found out about a province.

    Attributes
    ----------
    growth, gap
        Targets of the sum's growth and of the gap per head.
    parts
        Part of the variance of the sum's growth that comes from the nation, the province and the members
        themselves.
    apart
        Growth of the sum where members had nothing in common ``(D,)``, %.
    linked
        Members as they buy of one another.
    """

    province: Province
    members: tuple[Member, ...]
    together: Together
    shared: Shared
    money: Mapping[str, float]
    growth: Target
    gap: Target | None
    parts: tuple[float, ...]
    apart: FloatArray
    divisions: tuple[Division, ...]
    linked: Linked
    solver: str
    seed: int

    @property
    def year(self) -> int:
        """The target year."""
        return self.province.regions.year + 1

    def counts(self, values: FloatArray) -> float:
        """The value of an outcome that counts: the one reached with the confidence asked for."""
        return counted(values, self.province.confidence)

    def chance(self, target: Target, tier: str, values: FloatArray) -> Estimate:
        """Chance that values reach a tier of a target."""
        return self.together.chance(target.reached(values, target.tiers[tier]))


def counted(values: FloatArray, confidence: float) -> float:
    """The value that is reached with a confidence (the median, where that is one half)."""
    return float(np.quantile(values, 1 - confidence))


def run_province(
    province: Province, *, draws: int | None = None, seed: int | None = None, solver: str = "auto"
) -> ProvinceAnswer:
    """Answer a file of regions.

    Parameters
    ----------
    draws
        Futures, a multiple of 16; :data:`DRAWS` where left out.
    seed
        Instead of the file's.

    Raises
    ------
    ScenarioError
        Where a member cannot be put together, with the file and line of what is wrong.
    """
    members, solver = province.members, chosen(solver)
    seed = province.regions.seed if seed is None else seed
    count = draws or DRAWS
    found, shared = drawn(members, seed, count, solver)
    linked = Linked(province, found)
    people = np.array([np.nan if m.population is None else m.population for m in members])
    together = Together(linked.levels(), people)
    stated = province.regions.targets
    growth = target_of("growth", "gdp_growth", province.tiers, 1)
    gap = target_of("gap", "gap", {"at_most": stated.gap.at_most.value}, 2) if stated.gap else None
    if gap is not None and together.gap() is None:
        raise ScenarioError.single(
            "regions.targets.gap",
            msg("residents of fewer than two members"),
            msg("`population` of the members, or a column of residents in the table"),
        )
    groups = [shared.of(level, province.regions.year + 1) for level in LEVELS]
    return ProvinceAnswer(
        province,
        members,
        together,
        shared,
        {each.member.id: each.money for each in found},
        growth,
        gap,
        variance_parts(together.growth, groups),
        together.apart(seed),
        _Dividing(linked, together, growth, solver).all(),
        linked,
        solver,
        seed,
    )


def target_of(key: str, indicator: str, tiers: Mapping[str, float], digits: int) -> Target:
    """A target of the sum, of a member or of the gap."""
    return Target(
        id=key,
        title=msg("GDP growth") if indicator == "gdp_growth" else msg("GDP per head, richest to poorest"),
        indicator=indicator,
        basis="modelled",
        unit="%" if indicator == "gdp_growth" else "1",
        digits=digits,
        ensure=tiers.get("ensure"),
        stretch=tiers.get("stretch"),
        at_most=tiers.get("at_most"),
        asked=Asked(),
        main=True,
    )


WAYS: tuple[tuple[Kind, Callable[[Sequence[Hand], float, str], Mapping[str, float] | None]], ...] = (
    ("cheapest", cheapest),
    ("fairest", fairest),
)
"""How what the sum lacks is divided."""
POOLS: tuple[tuple[Kind, Callable[[Sequence[Hand], float, str], Mapping[str, float]]], ...] = (
    ("pool_best", where_most),
    ("pool_even", evenly),
)
"""How the parent's money is shared."""


@dataclass
class _Dividing:
    """Divides what the sum lacks among its members, and simulates it."""

    linked: Linked
    together: Together
    growth: Target
    solver: str

    def __post_init__(self) -> None:
        self.province, self.members = self.linked.province, self.linked.members
        self.start = counted(self.together.growth, self.province.confidence)

    def all(self) -> tuple[Division, ...]:
        """For every tier that is not reached the cheapest and the fairest division, or all that the limits
        allow; for every tier what the parent's money does; and the same money elsewhere."""
        hands = [self._hand(at) for at in range(len(self.members))]
        found: list[Division] = []
        for tier, threshold in self.growth.tiers.items():
            if self.start >= self.growth.edge(threshold):
                continue
            found += self._divided(tier, hands) or [self._at_most(tier, hands)]
        if (pool := self.province.regions.pool) is not None:
            for kind, share in POOLS:
                more = share(hands, pool.value, self.solver)
                found += [self._simulated(kind, tier, hands, more) for tier in self.growth.tiers]
        if len(hands) > 1 and (moved := elsewhere(hands, self.solver)) is not None:
            found.append(self._simulated("elsewhere", "", hands, moved))
        return tuple(found)

    def _hand(self, at: int) -> Hand:
        """What a member may do, and what that brings to the sum: the mean over futures, at its limit."""
        each = self.members[at]
        most = each.member.most / 100
        planned, money = each.begun.plan.pipeline_run.planned, each.plan.investment
        with np.errstate(divide="ignore", invalid="ignore"):
            named = np.nan_to_num(np.where(money > 0, planned / money, 0.0)).max(initial=0.0)
        gives = float(np.clip(1 - named, 0.0, most))
        if most <= 0 or each.money <= 0:
            return Hand(each.member.id, max(each.money, 1e-9), 0.0, 0.0)
        gained = self._made({at: most}).growth - self.together.growth
        slope = float(gained.mean()) / (most * each.money)
        return Hand(each.member.id, each.money, slope, most * each.money, gives * each.money)

    def _divided(self, tier: str, hands: Sequence[Hand]) -> list[Division]:
        """The cheapest and the fairest division that reach a tier in simulation; nothing where the limits
        leave too little.

        What slopes miss is asked for again, of both the same: the cheapest is the cheaper one whatever the
        futures drawn do to a quantile.
        """
        edge = self.growth.edge(self.growth.tiers[tier])
        need = edge - self.start
        best: list[Division] = []
        for _ in range(ROUNDS):
            given = [(kind, divide(hands, need, self.solver)) for kind, divide in WAYS]
            if any(more is None for _, more in given):
                break
            made = [self._simulated(kind, tier, hands, more) for kind, more in given if more is not None]
            off = edge + CLOSE / 2 - min(one.simulated for one in made)
            if all(one.reached for one in made) and (not best or made[0].money < best[0].money):
                best = made
            if all(one.reached for one in made) and abs(off) <= CLOSE / 2:
                break
            need += off
        return best

    def _at_most(self, tier: str, hands: Sequence[Hand]) -> Division:
        return self._simulated("most", tier, hands, {hand.id: hand.most for hand in hands})

    def _simulated(self, kind: Kind, tier: str, hands: Sequence[Hand], more: Mapping[str, float]) -> Division:
        parts = {
            at: more[hand.id] / hand.money
            for at, hand in enumerate(hands)
            if abs(more[hand.id]) > LIMIT * hand.money
        }
        made = self._made(parts)
        promised = self.start + sum(hand.slope * more[hand.id] for hand in hands)
        chance, reached = None, False
        if tier:
            happens = self.growth.reached(made.growth, self.growth.tiers[tier])
            chance = self.together.chance(happens)
            reached = bool(happens.mean() >= self.province.confidence)
        kept = {hand.id: parts.get(at, 0.0) * hand.money for at, hand in enumerate(hands)}
        simulated, gap = counted(made.growth, self.province.confidence), made.gap()
        middle = None if gap is None else float(np.median(gap))
        return Division(kind, tier, kept, promised, simulated, chance, reached, middle)

    def _made(self, parts: Mapping[int, float]) -> Together:
        """All members where they spend so much more of their plans' money."""
        return Together(self.linked.levels(parts), self.together.people)
