"""The story of a province: its members in the same futures, their sum against its targets, who must do what
(全省推演)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from ...models.indicators import Asked
from ...models.quantity import FloatArray
from ...models.target import Target
from ...models.words import msg
from ...scenarios.province.load import Member, Province
from ...solvers.members import Hand, alone, cheapest, elsewhere, evenly, fairest, where_most
from ...solvers.solve import chosen
from ..uncertainty.ensemble import Estimate
from ..uncertainty.replicates import spread
from .draws import LEVELS, Shared, drawn, mixed
from .linked import Linked
from .together import Proposed, Together, variance_parts

DRAWS = 4096
"""Futures where nobody asks for another number: chances are known to half a point."""
ROUNDS, CLOSE = 12, 1e-3
"""How often more is asked of a division, and the part to which its least is known."""
ALONE, NEAR = 3, 0.1
"""How many members are tried by themselves, and the part by which money may bring less and nearly as much."""
LIMIT = 1e-6
"""Part of a member's money below which nothing is asked of it."""

Divide = Callable[[Sequence[Hand], float, str], Mapping[str, float] | None]
"""Extra money by member that brings so many points of the sum's growth, by slopes; None where none does."""
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
    promised, simulated
        The parent's growth, its median, by slopes and by simulation, %.
    reached
        Whether the tier is reached in simulation with the confidence asked for.
    gap
        GDP per head, richest to poorest, the median; None where residents are not known.
    error
        Standard error of the money, from that of what it has to make good; None where nothing is made good.
    near
        Members in which money brings nearly as much as in the best of those that get some.
    after
        Growth of each member, its median, %.
    """

    kind: Kind
    tier: str
    more: Mapping[str, float]
    promised: float
    simulated: float
    chance: Estimate | None
    reached: bool
    gap: float | None
    error: float | None
    near: tuple[str, ...]
    after: Mapping[str, float]

    @property
    def money(self) -> float:
        """Extra money in all; of the same money elsewhere, what is moved."""
        return _money(self.more)


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
    proposed
        By tier, targets of the members that add up to it and are as likely for each.
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
    proposed: Mapping[str, Proposed]
    solver: str
    seed: int

    @property
    def year(self) -> int:
        """The target year."""
        return self.province.regions.year + 1

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
        together.apart([mixed(seed, f"{member.id}/apart") for member in members]),
        _Dividing(linked, together, growth, solver).all(),
        linked,
        {tier: made for tier, value in growth.tiers.items() if (made := together.proposed(value))},
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
        self.confidence = self.province.confidence
        self.start = counted(self.together.growth, self.confidence)
        self.median = float(np.median(self.together.growth))
        self.hands = [self._hand(at) for at in range(len(self.members))]

    def all(self) -> tuple[Division, ...]:
        """For every tier that is not reached the cheapest and the fairest division, or all that the limits
        allow; for every tier what the parent's money does, where it brings most the better of what slopes
        say and of equal parts; and the same money elsewhere, where that gains anything in simulation."""
        found: list[Division] = []
        for tier in self.growth.tiers:
            if not self._reaches(tier, {}):
                found += self._divided(tier) or [self._simulated("most", tier, self._most())]
        if (pool := self.province.regions.pool) is not None:
            ways = {kind: share(self.hands, pool.value, self.solver) for kind, share in POOLS}
            for tier in self.growth.tiers:
                made = {kind: self._simulated(kind, tier, more) for kind, more in ways.items()}
                best = max(made.values(), key=lambda one: (_chance(one), one.simulated))
                found += [replace(best, kind="pool_best"), made["pool_even"]]
        if len(self.hands) > 1 and (moved := elsewhere(self.hands, self.solver)) is not None:
            made_elsewhere = self._simulated("elsewhere", "", moved)
            if made_elsewhere.simulated > self.median:
                found.append(made_elsewhere)
        return tuple(found)

    def _hand(self, at: int) -> Hand:
        """What a member may do, and what that brings to the sum: the mean over futures, at its limit."""
        each = self.members[at]
        most, cut = each.member.most / 100, each.member.cut / 100
        planned, money = each.begun.plan.pipeline_run.planned, each.plan.investment
        with np.errstate(divide="ignore", invalid="ignore"):
            named = np.nan_to_num(np.where(money > 0, planned / money, 0.0)).max(initial=0.0)
        gives = float(np.clip(1 - named, 0.0, cut))
        step = most or gives
        if step <= 0 or each.money <= 0:
            return Hand(each.member.id, max(each.money, 1e-9), 0.0, 0.0)
        gained = self._made({at: step}).growth - self.together.growth
        slope = float(gained.mean()) / (step * each.money)
        return Hand(each.member.id, each.money, slope, most * each.money, gives * each.money)

    def _divided(self, tier: str) -> list[Division]:
        """The cheapest and the fairest division that reach a tier in simulation; nothing where the limits
        leave too little.

        Slopes are means over futures, the tier asks of a quantile: what slopes promise is therefore sought
        anew until simulation just reaches. Of the members that can do it alone the best few are tried too, so
        that the cheapest is the least of all that were simulated.
        """
        if not self._reaches(tier, self._most()):
            return []
        even = self._least(tier, fairest)
        best = sorted(self.hands, key=lambda hand: -hand.slope)[:ALONE]
        tried = [
            even,
            self._least(tier, cheapest),
            *(self._least(tier, partial(alone, hand)) for hand in best),
        ]
        least = min((more for more in tried if more is not None), key=_money, default=None)
        made: list[Division] = []
        for kind, more in (("cheapest", least), ("fairest", even)):
            if more is not None:
                made.append(self._simulated(kind, tier, more))  # type: ignore[arg-type]
        return made

    def _least(self, tier: str, divide: Divide) -> Mapping[str, float] | None:
        """The least that a way of dividing needs for a tier in simulation; None where it cannot.

        The growth that is asked of the slopes is bracketed and halved until the money is known to
        :data:`CLOSE`.
        """
        need = max(self.growth.edge(self.growth.tiers[tier]) - self.start, 1e-6)
        low, high = 0.0, need
        found = divide(self.hands, high, self.solver)
        for _ in range(ROUNDS):
            if found is None or self._reaches(tier, found):
                break
            low, high = high, 1.25 * high
            found = divide(self.hands, high, self.solver)
        if found is None:  # between what is too little and what slopes say that nobody can
            high = sum(hand.slope * hand.most for hand in self.hands)
            found = divide(self.hands, high * (1 - 1e-9), self.solver)
        if found is None or not self._reaches(tier, found):
            return None
        while high - low > CLOSE * high:
            middle = (low + high) / 2
            tried = divide(self.hands, middle, self.solver)
            if tried is not None and self._reaches(tier, tried):
                high, found = middle, tried
            else:
                low = middle
        return found

    def _most(self) -> Mapping[str, float]:
        """All that the limits allow."""
        return {hand.id: hand.most for hand in self.hands}

    def _parts(self, more: Mapping[str, float]) -> dict[int, float]:
        """Extra money as shares of the members' plans."""
        return {
            at: more[hand.id] / hand.money
            for at, hand in enumerate(self.hands)
            if abs(more.get(hand.id, 0.0)) > LIMIT * hand.money
        }

    def _reaches(self, tier: str, more: Mapping[str, float]) -> bool:
        """Whether a tier is reached in simulation with the confidence asked for: by its chance, and by the
        value that counts, which lies between two futures."""
        return self._holds(tier, self._made(self._parts(more)).growth)

    def _holds(self, tier: str, growth: FloatArray) -> bool:
        threshold = self.growth.tiers[tier]
        happens = self.growth.reached(growth, threshold)
        enough = counted(growth, self.confidence) >= self.growth.edge(threshold)
        return bool(happens.mean() >= self.confidence and enough)

    def _simulated(self, kind: Kind, tier: str, more: Mapping[str, float]) -> Division:
        parts = self._parts(more)
        made = self._made(parts)
        kept = {hand.id: parts.get(at, 0.0) * hand.money for at, hand in enumerate(self.hands)}
        chance = None
        if tier:
            chance = self.together.chance(self.growth.reached(made.growth, self.growth.tiers[tier]))
        gap = made.gap()
        return Division(
            kind=kind,
            tier=tier,
            more=kept,
            promised=self.median + sum(hand.slope * kept[hand.id] for hand in self.hands),
            simulated=float(np.median(made.growth)),
            chance=chance,
            reached=bool(tier) and self._holds(tier, made.growth),
            gap=None if gap is None else float(np.median(gap)),
            error=self._error(tier, _money(kept)) if kind in ("cheapest", "fairest") else None,
            near=self._near(kept) if kind == "cheapest" else (),
            after={
                each.member.id: float(np.median(own))
                for each, own in zip(self.members, made.own, strict=True)
            },
        )

    def _error(self, tier: str, money: float) -> float:
        """Standard error of the money: that of the growth that is lacking, at the price of a point."""
        lacking = self.growth.edge(self.growth.tiers[tier]) - self.start
        values = self.together.growth
        own = [counted(values[part], self.confidence) for part in self.together.parts]
        return spread(np.array(own)) * money / lacking if lacking > 0 else 0.0

    def _near(self, more: Mapping[str, float]) -> tuple[str, ...]:
        """Members that get nothing and in which money brings nearly as much as where it goes."""
        best = max((hand.slope for hand in self.hands if more[hand.id] > 0), default=0.0)
        return tuple(
            hand.id
            for hand in self.hands
            if more[hand.id] <= 0 and hand.most > 0 and hand.slope >= (1 - NEAR) * best > 0
        )

    def _made(self, parts: Mapping[int, float]) -> Together:
        """All members where they spend so much more of their plans' money."""
        return Together(self.linked.levels(parts), self.together.people)


def _chance(one: Division) -> float:
    return 0.0 if one.chance is None else one.chance.value


def _money(more: Mapping[str, float]) -> float:
    return sum(max(value, 0.0) for value in more.values())
