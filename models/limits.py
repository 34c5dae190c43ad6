"""Limits of a plan: one class a kind, and the registry of them all (限制).

A limit counts something of a plan in the target year and allows so much of it,

.. math:: used(plan) \\le most + r, \\qquad 0 \\le r \\le slack,

where every unit of the relaxation ``r`` costs ``price``. The class of a kind says it twice:
:meth:`Bound.used` of a plan that was simulated, and :meth:`Bound.rows`, the same as linear rows for an
optimiser. Schema, solvers, verdicts, tables and documents read the registry :data:`LIMITS`. Adding a kind is
one class here and its place in :data:`LIMITS`. What output takes or gives off (energy, carbon, jobs) is an
indicator of the scenario's own (:mod:`.satellite`), and a limit on it is one kind for all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Self

import numpy as np

from .economy import Economy
from .money import MONEY
from .plan import Plan, shares
from .quantity import Bilingual, FloatArray
from .satellite import at_most
from .trajectory import Trajectory
from .words import msg

TOTAL_MONEY = "total money"
"""What one more unit of all investment is worth, among the prices of rows."""

_HAIR = 1e-9


@dataclass(frozen=True)
class Ground:
    """What limits are counted from.

    Attributes
    ----------
    sectors
        Keys of the sectors, in the order of the arrays.
    planned, before
        Investment of the plan as written in the target year, and of the base year ``(S,)``, in money.
    total
        What may be spent without a relaxation, in units of money.
    economy, path
        The region (central case) and the trajectory that what is first-order is so around; None where there
        is none.
    year
        Index of the target year (1 is the year after the base year).
    starts
        Months by which each start that may be chosen is later than stated (negative: earlier), by its name.
    paths
        How money of other years follows that of the target year; None where only that year counts.
    placed
        Investment put in place as constant ``(S, T)`` and slopes ``(S, T, n)`` of money and starts; None
        where nothing is to be decided.
    """

    sectors: tuple[str, ...]
    planned: FloatArray
    before: FloatArray
    total: float
    economy: Economy
    starts: Mapping[str, float]
    year: int = 1
    path: Trajectory | None = None
    placed: tuple[FloatArray, FloatArray] | None = None
    paths: Paths | None = None

    def at(self, year: int) -> Ground:
        """The same in another year (1, 2, ...)."""
        if self.paths is None or year == self.year:
            return replace(self, year=year)
        planned = self.paths.planned[:, year - 1]
        return replace(self, planned=planned, total=float(planned.sum()), year=year)

    def levers(self, row: Row) -> Row:
        """A row in money of this ground's year as one in money of the target year and what is moved.

        With m_t = ratio m + rest + d, and e - u = Σ m_t - total.
        """
        assert self.paths is not None  # limits of other years are asked of plans alone
        known, t = self.paths, self.year - 1
        weights = (row.money if row.money.size else np.zeros(len(self.sectors))) + row.extra
        const = float(weights @ known.rest[:, t]) - row.extra * self.total
        moved = np.array([weights[s] if at == t else 0.0 for s, at in known.moves])
        return replace(
            row,
            money=weights * known.ratio[:, t],
            starts=np.concatenate([np.zeros(len(self.starts)), moved]) if known.moves else row.starts,
            extra=0.0,
            unspent=0.0,
            low=row.low - const,
            high=row.high - const,
        )

    @classmethod
    def of(  # noqa: PLR0913  (each is a fact of its own)
        cls,
        economy: Economy,
        planned: FloatArray,
        before: FloatArray,
        bounds: Iterable[Bound],
        year: int = 1,
        starts: Mapping[str, float] | None = None,
        path: Trajectory | None = None,
        placed: tuple[FloatArray, FloatArray] | None = None,
        paths: Paths | None = None,
    ) -> Self:
        """The ground of one economy (central case) and plan: its total, or less where a limit says so."""
        total = min(float(planned.sum()), *(b.most for b in bounds if b.sets_total), np.inf)
        return cls(
            economy.sector_ids, planned, before, total, economy, dict(starts or {}), year, path, placed, paths
        )

    def one(self, at: int) -> FloatArray:
        """1 for one sector, 0 for the others ``(S,)``."""
        return np.asarray(np.eye(len(self.sectors))[at])


@dataclass(frozen=True)
class Paths:
    """How planned money ``(S, T)`` follows that of the target year: ``ratio`` and ``rest`` ``(S, T)``, and
    the sectors and years ``moves`` whose money may differ from that."""

    planned: FloatArray
    ratio: FloatArray
    rest: FloatArray
    moves: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Row:
    """A limit, or its part for one sector or start, as a row of an optimiser.

    .. math:: low \\le a m + b x + c y + d e + g u + h r \\le high

    over money by sector ``m``, output ``x`` by year and branch, starts ``y``, money beyond the plan's total
    ``e``, money left unspent ``u`` and the relaxation ``r``; arrays that are left out are zero. A unit of
    relaxation moves the row's end by ``give``, or a hundredth of it where it is a ``percent``: -h. ``part``
    tells the rows of one limit apart: the sector, and which end of a range it is, or the start.
    """

    give: float
    money: FloatArray = field(default_factory=lambda: np.zeros(0))
    output: Mapping[int, FloatArray] = field(default_factory=dict)
    starts: FloatArray = field(default_factory=lambda: np.zeros(0))
    extra: float = 0.0
    unspent: float = 0.0
    low: float = -np.inf
    high: float = np.inf
    percent: bool = False
    part: str = ""
    allowed: float = 0.0
    """What the limit allows, where years may be added up."""

    @property
    def relax(self) -> float:
        """Coefficient of the relaxation, h."""
        return -self.give / 100 if self.percent else -self.give

    def added(self, other: Row) -> Row:
        """Two years' money in one row, with one relaxation; each stated the whole of what is allowed."""
        starts = self.starts + other.starts if self.starts.size else other.starts
        return replace(
            self,
            money=self.money + other.money,
            starts=starts,
            high=self.high + other.high - self.allowed,
        )

    def worth(self, price: float) -> float:
        """What a unit of relaxation is worth at a price π of the row: -h π."""
        return price * self.give / 100 if self.percent else price * self.give


@dataclass(frozen=True)
class Bound(ABC):
    """A limit of a plan; each kind is a subclass.

    Attributes
    ----------
    most
        What is allowed; less than zero where a least is meant (``sign``).
    slack, price
        How far it can be relaxed (0: never), and what one unit of that costs, in units of money.
    weights
        The part of each sector's money that counts ``(S,)``; zero where the kind names none.
    kind, title, unit, counts
        How a scenario calls the kind, its name, the unit it is counted in, and what it counts, in a phrase.
    names
        The key of a limit that says what counts: a ``fund``, ``sectors``, an ``indicator`` or nothing.
    sign
        -1 for a least: what is counted is then less than zero.
    plain_price
        The price of a unit where none is stated, in units of money.
    all_money
        About all investment: it bounds what is spent beyond the plan's total.
    of_shares
        Says how far the mix may move: a unit of relaxation is a point of what is invested.
    of_starts
        About the starts of projects, which are yes or no: nothing is marginal.
    about
        The indicator of the scenario's own that it is on.
    years, together
        Indices of the years in which it holds, empty for the target year; whether they are added up.
    by_year, adds
        Whether money of any year can be measured, and whether that of several may be added up.
    """

    id: str
    most: float
    slack: float
    price: float
    weights: FloatArray = field(default_factory=lambda: np.zeros(0))
    about: str = ""
    years: tuple[int, ...] = ()
    together: bool = False

    kind: ClassVar[str]
    title: ClassVar[Bilingual]
    unit: ClassVar[str]
    counts: ClassVar[str]
    names: ClassVar[Literal["", "fund", "sectors", "indicator"]] = ""
    sign: ClassVar[float] = 1.0
    plain_price: ClassVar[float] = 0.0
    all_money: ClassVar[bool] = False
    of_shares: ClassVar[bool] = False
    of_starts: ClassVar[bool] = False
    by_year: ClassVar[bool] = True
    adds: ClassVar[bool] = False

    @property
    def sets_total(self) -> bool:
        """Whether it says what all investment of the target year may be."""
        return self.all_money and not self.years

    @classmethod
    def of(  # noqa: PLR0913  (each is a fact of its own)
        cls,
        id: str,
        most: float,
        end: float,
        price: float | None,
        weights: FloatArray,
        total: float,
        about: str = "",
        years: tuple[int, ...] = (),
        together: bool = False,
    ) -> Self:
        """The limit that a scenario states: its number, how far it can be relaxed, at what price.

        ``weights`` are the part of each sector's money that the named fund or sectors stand for ``(S,)``,
        ``total`` all money of the plan in the years that count, in units of money; ``about`` the indicator.
        """
        return cls(
            id,
            cls.sign * most,
            cls._slack(most, end, total),
            cls.plain_price if price is None else price,
            cls.sign * weights,
            about,
            years,
            together,
        )

    @classmethod
    def _slack(cls, most: float, end: float, total: float) -> float:
        return abs(end - most)

    def end(self, ground: Ground) -> float:
        """How much of it a plan may use where it is relaxed to its end."""
        return self.most + self.slack

    @classmethod
    def floored(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """Of all ``sectors`` those of which it says how little they may have; ``named`` are its own."""
        return ()

    @classmethod
    def capped(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """Of all ``sectors`` those of which it says how much they may have; ``named`` are its own."""
        return ()

    @classmethod
    def told(cls) -> str:
        """What it counts, with its unit."""
        return cls.counts if cls.counts.startswith(cls.unit) else f"{cls.counts}, {cls.unit}"

    @abstractmethod
    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """How much a plan uses of it, whose trajectory is ``path``."""

    @abstractmethod
    def rows(self, ground: Ground) -> Iterator[Row]:
        """The same for an optimiser; a plan keeps all rows where it uses no more than is allowed."""

    def grounds(self, ground: Ground) -> tuple[Ground, ...]:
        """What it is counted from, year by year."""
        return tuple(ground.at(year) for year in self.years) or (ground,)

    def measured(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """How much a plan uses of it over its years: together, or in the year that uses most."""
        each = [self.used(plan, path, one) for one in self.grounds(ground)]
        return sum(each) if self.together else max(each)

    def named_rows(self, ground: Ground) -> dict[str, Row]:
        """The rows by name: ``limit:`` and the limit's id, then what tells them apart."""
        found: dict[str, Row] = {}
        for one in self.grounds(ground):
            for row in self.rows(one):
                year = str(one.year) if len(self.years) > 1 and not self.together else ""
                name = ":".join(filter(None, ("limit", self.id, row.part, year)))
                own = one.levers(row) if self.years and self.by_year and ground.paths else row
                found[name] = own if name not in found else found[name].added(own)
        return found

    def worth(self, prices: Mapping[str, float], ground: Ground) -> float | None:
        """What one more unit is worth by the ``prices`` of rows; None where nothing is marginal.

        .. math:: -\\sum_i h_i \\pi_i

        with a row's coefficient of the relaxation ``h`` and its price ``π``: one more unit allowed is a unit
        of relaxation for nothing.
        """
        rows = self.named_rows(ground)
        return sum((row.worth(prices[name]) for name, row in rows.items() if name in prices), 0.0)

    def spans(self, ground: Ground, give: float) -> tuple[FloatArray, FloatArray]:
        """Least and most money of every sector, whatever the others have, with ``give`` of relaxation."""
        return np.zeros(len(ground.sectors)), np.full(len(ground.sectors), np.inf)

    def leave(self, least: FloatArray, ground: Ground) -> FloatArray:
        """What is left of the money that sectors keep by assumption ``(S,)``: this limit comes first."""
        return np.minimum(least, self.spans(ground, 0.0)[1])


class TotalInvestment(Bound):
    """All investment of the target year, as planned: other mixes are judged at the plan's total."""

    kind, unit = "investment", MONEY
    title = msg("total investment")
    counts = "all money in the target year"
    plain_price = 1.0  # a yuan more costs a yuan where nothing else is said
    all_money = adds = True

    @classmethod
    def _slack(cls, most: float, end: float, total: float) -> float:
        # the ladder judges other mixes at the plan's total; money above it is a relaxation
        return max(0.0, end - min(most, total))

    def end(self, ground: Ground) -> float:
        """The plan's total, or the limit where that is less, with what may be added to it."""
        if self.years:
            totals = [one.total for one in self.grounds(ground)]
            return min(sum(totals) if self.together else max(totals), self.most) + self.slack
        return ground.total + self.slack

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """What is planned, Σ m; what comes late does not count."""
        return plan.total(ground.year)

    def rows(self, ground: Ground) -> Iterator[Row]:
        """e ≤ r: the total itself is a row of every problem; of other years M_t ≤ most + r."""
        if self.years:
            everywhere = np.ones(len(ground.sectors))
            yield Row(1.0, money=everywhere, high=self.most, allowed=self.most)
        else:
            yield Row(1.0, extra=1.0, high=0.0)

    def worth(self, prices: Mapping[str, float], ground: Ground) -> float | None:
        """The price of all money, with all that follows from more of it."""
        if self.years:
            return super().worth(prices, ground)
        return prices.get(f"limit:{self.id}", prices.get(TOTAL_MONEY, 0.0))

    def leave(self, least: FloatArray, ground: Ground) -> FloatArray:
        """No more than the total, in proportion."""
        if self.years:
            return least
        whole = least.sum()
        return least * self.most / whole if whole > self.most else least


class _OfMoney(Bound):
    """A weighted sum of the sectors' money, Σ w m."""

    unit = MONEY
    adds = True

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """Σ w m, in units of money."""
        return float(self.weights @ plan.money(ground.year))

    def rows(self, ground: Ground) -> Iterator[Row]:
        """Σ w m - r ≤ most."""
        yield Row(1.0, money=self.weights, high=self.most, allowed=self.most)

    def leave(self, least: FloatArray, ground: Ground) -> FloatArray:
        """No more than the sum, in proportion, where the money counts."""
        asked = float(self.weights @ least)
        if asked <= 0:
            return least
        return np.where(self.weights > 0, least * min(1.0, max(self.most, 0.0) / asked), least)


class FundMoney(_OfMoney):
    """Money from one source, by the part of each sector's investment that it pays."""

    kind, names = "source", "fund"
    title = msg("source of money")
    counts = "money from one of `funds`"


class SectorCeiling(_OfMoney):
    """Money of some sectors together, at most."""

    kind, names = "sector", "sectors"
    title = msg("investment of sectors, at most")
    counts = "money of some `sectors` together, at most"

    @classmethod
    def capped(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """The sectors that it names."""
        return named


class SectorFloor(_OfMoney):
    """Money of some sectors together, at least: a ceiling on what is not spent there."""

    kind, names, sign = "floor", "sectors", -1.0
    title = msg("investment of sectors, at least")
    counts = "the same, at least (`min`)"

    @classmethod
    def floored(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """The sectors that it names."""
        return named

    def leave(self, least: FloatArray, ground: Ground) -> FloatArray:
        """Nothing by assumption where it says how little a sector may have."""
        return np.where(self.weights < 0, 0.0, least)


class Absorption(Bound):
    """Growth of any one sector's investment: what its builders, officials and land can take up."""

    kind, unit = "absorption", "%"
    title = msg("growth of a sector's investment")
    counts = "growth of any sector's investment, a year since the base year"

    @classmethod
    def capped(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """Every sector."""
        return sectors

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """The highest of 100 ((m / m_0)^(1/t) - 1), where there was investment before, t years on."""
        before, money = ground.before, plan.money(ground.year)
        growth = (money / np.maximum(before, 1e-12)) ** (1 / ground.year) - 1
        return float(np.max(np.where(before > 0, 100 * growth, 0.0)))

    def rows(self, ground: Ground) -> Iterator[Row]:
        """m - m_0 t (1 + most / 100)^(t - 1) r / 100 ≤ m_0 (1 + most / 100)^t, sector by sector; to first
        order in r, so that a relaxation promised is enough."""
        rate, years = 1 + self.most / 100, ground.year
        for at, sector in enumerate(ground.sectors):
            if (before := float(ground.before[at])) > 0:
                yield Row(
                    before * years * rate ** (years - 1),
                    percent=True,
                    money=ground.one(at),
                    high=before * rate**years,
                    part=sector,
                )

    def spans(self, ground: Ground, give: float) -> tuple[FloatArray, FloatArray]:
        """At most so much more than before."""
        grown = ground.before * (1 + (self.most + give) / 100) ** ground.year
        return np.zeros(len(grown)), np.where(ground.before > 0, grown, np.inf)


class Cut(Bound):
    """The part of its planned money that any one sector may lose."""

    kind, unit = "cut", "%"
    title = msg("cut of one sector's investment")
    counts = "part of its planned money that a sector may lose"

    @classmethod
    def floored(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """Every sector."""
        return sectors

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """The highest of 100 (1 - m / m_plan)."""
        planned, money = ground.planned, plan.money(ground.year)
        return float(np.max(np.where(planned > 0, 100 * (1 - money / np.maximum(planned, 1e-12)), 0.0)))

    def rows(self, ground: Ground) -> Iterator[Row]:
        """m + m_plan r / 100 ≥ m_plan (1 - most / 100), sector by sector."""
        for at, sector in enumerate(ground.sectors):
            if (planned := float(ground.planned[at])) > 0:
                yield Row(
                    -planned,
                    percent=True,
                    money=ground.one(at),
                    low=planned * (1 - self.most / 100),
                    part=sector,
                )

    def spans(self, ground: Ground, give: float) -> tuple[FloatArray, FloatArray]:
        """At least so much of the plan's."""
        return ground.planned * (1 - (self.most + give) / 100), super().spans(ground, give)[1]

    def leave(self, least: FloatArray, ground: Ground) -> FloatArray:
        """Nothing by assumption: the limit says how little."""
        return np.zeros_like(least)


class MixShift(Bound):
    """Points by which any sector's share in investment may differ from the plan's."""

    kind, unit, of_shares = "mix", "points", True
    title = msg("shift of the mix")
    counts = "points that a share may move from the plan"

    @classmethod
    def capped(cls, named: Collection[str], sectors: Collection[str]) -> Collection[str]:
        """Every sector."""
        return sectors

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """The largest difference between a share and the plan's, points."""
        return float(np.abs(plan.shares(ground.year) - shares(ground.planned)).max())

    def rows(self, ground: Ground) -> Iterator[Row]:
        """(share - most) M - r total / 100 ≤ m ≤ (share + most) M + r total / 100 with M what is invested."""
        room = self.most / 100
        for at, sector in enumerate(ground.sectors):
            share = float(ground.planned[at] / ground.planned.sum())
            high, low = share + room, share - room
            yield Row(
                ground.total,
                percent=True,
                money=ground.one(at),
                extra=-high,
                unspent=high,
                high=high * ground.total,
                part=f"{sector}:more",
            )
            yield Row(
                -ground.total,
                percent=True,
                money=ground.one(at),
                extra=-low,
                unspent=low,
                low=low * ground.total,
                part=f"{sector}:less",
            )


class OfIndicator(Bound):
    """An indicator of the scenario's own in a year, at most: energy, carbon, jobs, taxes over GDP."""

    kind, names, unit, by_year = "indicator", "indicator", "", False
    title = msg("own indicator, at most")
    counts = "an indicator of one's own (`indicator`) in the target year or in `year`, at most"

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """The indicator in its year, in the mean of the path's draws; of a floor what is less than zero."""
        own = path.economy.indicators[self.about]
        return self.sign * float(own.value(path, ground.year).mean())

    def rows(self, ground: Ground) -> Iterator[Row]:
        """± (N - m K) - g r ≤ c (:func:`.satellite.at_most`)."""
        own, when = ground.economy.indicators[self.about], ground.year
        assert ground.path is not None  # given wherever limits are asked of a plan
        row = at_most(own, self.most, self.sign, when, ground.path, ground.placed)
        money, starts = np.split(row.levers, [len(ground.sectors)]) if row.levers.any() else _NONE
        yield Row(row.give, money, row.output, starts, high=row.high)


_NONE = (np.zeros(0), np.zeros(0))


class LeastOfIndicator(OfIndicator):
    """The same, at least: a ceiling on what lacks."""

    kind, sign = "indicator_floor", -1.0
    title = msg("own indicator, at least")
    counts = "the same, at least (`min`)"


class Advance(Bound):
    """Months by which a project may start earlier than stated."""

    kind, unit, of_starts, by_year = "advance", "months", True, False
    title = msg("months brought forward")
    counts = "months that a project may be brought forward"

    def used(self, plan: Plan, path: Trajectory, ground: Ground) -> float:
        """The most months by which a project is earlier."""
        return max((-shift for shift in plan.shifts.values()), default=0.0)

    def rows(self, ground: Ground) -> Iterator[Row]:
        """-shift y - r ≤ most for every start that is earlier than allowed."""
        for at, (name, shift) in enumerate(ground.starts.items()):
            if -shift > self.most + _HAIR:
                starts = -shift * np.eye(len(ground.starts))[at]
                yield Row(1.0, starts=starts, high=self.most, part=name)

    def worth(self, prices: Mapping[str, float], ground: Ground) -> float | None:
        """Nothing is marginal: a project starts then or it does not."""
        return None


LIMITS: dict[str, type[Bound]] = {
    limit.kind: limit
    for limit in (
        TotalInvestment,
        FundMoney,
        SectorCeiling,
        SectorFloor,
        Absorption,
        Cut,
        MixShift,
        OfIndicator,
        LeastOfIndicator,
        Advance,
    )
}
"""Every kind of limit by the word that a scenario uses for it."""


def naming(key: str, between: str = " or ") -> str:
    """The kinds that say with a key (``fund``, ``sectors``) whose money counts, as a scenario writes them.

    >>> naming("sectors")
    '`on: sector` or `on: floor`'
    """
    return between.join(f"`on: {kind}`" for kind, limit in LIMITS.items() if limit.names == key)
