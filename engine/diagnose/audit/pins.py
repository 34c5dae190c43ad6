"""How fast every sector grows according to the sheet, or else by last year's rate or the scenario's own
trend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....models.consistency import FAR, rest_growth, spread, together
from ....models.economy import Economy
from ....models.quantity import Bilingual, Draws, Quantity
from ....models.target import Sheet, Target
from ....models.words import msg
from ....scenarios.schema import Scenario
from ...build import base_investment
from ...plans import totals
from .line import say

SPEAKS = 0.5
"""A growth target speaks for a sector of whose value added it covers at least this part."""
MOVES = 0.5
"""A sector that sells at least this part of its output to local investment moves with investment."""
GROUPS: dict[str, Bilingual] = {
    "primary": msg("Primary"),
    "secondary": msg("Secondary"),
    "tertiary": msg("Tertiary"),
}
"""Groups that national accounts know by these names."""
HOW: dict[str, Bilingual] = {
    "sheet": msg("target"),
    "rest": msg("left by targets"),
    "investment": msg("with investment"),
    "ceiling": msg("ceiling"),
    "history": msg("last year", context="pins"),
    "trend": msg("the scenario's trend"),
}
"""Where a growth rate comes from."""


@dataclass(frozen=True)
class Pin:
    """A sector's growth, %, with its doubt; ``source`` tells pins of one origin from others, ``most`` names a
    ceiling above it."""

    source: str
    title: Bilingual
    growth: float
    sd: float
    how: str
    used: tuple[Quantity, ...] = ()
    most: Bilingual | None = None


@dataclass(frozen=True)
class SectorBlock:
    """Sectors that grow alike for one reason."""

    sectors: tuple[str, ...]
    weight: float
    pin: Pin

    @property
    def set_by_sheet(self) -> bool:
        """Whether the sheet itself says the rate."""
        return self.pin.how in ("sheet", "rest", "investment", "ceiling")


@dataclass(frozen=True)
class Aggregate:
    """A growth row of the sheet and the value added by sector that it adds up."""

    target: Target
    weights: Mapping[str, float]

    @property
    def total(self) -> float:
        """Value added that it covers, in units of money."""
        return float(sum(self.weights.values()))


class Known:
    """The sheet's growth rows over base-year value added, and the rates that they imply for every sector."""

    def __init__(self, scenario: Scenario, economy: Economy, sheet: Sheet) -> None:
        self.scenario, self.economy, self.sheet = scenario, economy, sheet
        self.years = scenario.years.ahead
        """Years from the base year to the sheet's; its growth rates are taken to hold in each of them."""
        self.money = totals(scenario, Draws())[:, 0]
        """The plan's investment of years 1..T ``(T,)``, in units of money."""
        added = economy.accounts.va_ratio[:, 0] * economy.accounts.output[:, 0]
        self.va = {key: float(added[economy.rows(key)].sum()) for key in economy.sector_ids}
        found = [
            Aggregate(target, weights)
            for target in sheet.targets.values()
            if target.judged and target.tiers and (weights := self._weights(target, added))
        ]
        self.aggregates = sorted(found, key=lambda one: (one.total, one.target.id))

    def _weights(self, target: Target, added: np.ndarray) -> dict[str, float]:
        """Value added of each sector that a growth row adds up; nothing for other rows."""
        economy = self.economy
        if target.indicator == "gdp_growth":
            part = np.ones_like(added)
        elif target.indicator == "industry_above_scale_growth":
            part = economy.above_scale[:, 0]
        elif target.indicator == "sector_growth":
            part = economy.covered(target.asked.covers)
        else:
            return {}
        by_sector = {key: float((part * added)[economy.rows(key)].sum()) for key in economy.sector_ids}
        return {key: weight for key, weight in by_sector.items() if weight > 0}

    def rows(self, indicator: str) -> list[Target]:
        """The sheet's rows of an indicator of the whole region that have a tier: those to reach first, then
        ceilings."""
        rows = [
            each
            for each in self.sheet.targets.values()
            if each.judged and each.indicator == indicator and each.tiers
        ]
        return sorted(rows, key=lambda each: each.at_most is not None)

    def row(self, indicator: str) -> Target | None:
        """The sheet's first row of an indicator of the whole region, if it has a tier; a ceiling only where
        there is no other."""
        return next(iter(self.rows(indicator)), None)

    def ceiling(self, indicator: str, covers: tuple[str, ...] = ()) -> float | None:
        """The lowest ceiling that the sheet sets on an indicator."""
        found = [
            each.at_most
            for each in self.sheet.targets.values()
            if each.judged
            and each.indicator == indicator
            and set(each.asked.covers) == set(covers)
            and each.at_most is not None
        ]
        return min(found, default=None)

    def ranged(self, target: Target) -> bool:
        """Whether a ceiling stands above a row: between the two everything is right."""
        return self.ceiling(target.indicator, target.asked.covers) is not None

    def reading(self, row: Target, tier: str) -> tuple[float | None, bool]:
        """What a row says where another row of a tier is set against it, and whether that is only the most
        that it can be.

        A row with nothing but a ceiling bounds what others may reach; against the ceiling of another it says
        nothing.
        """
        stated = tier_value(row, tier)
        if stated is None and tier != "at_most":
            return self.ceiling(row.indicator, row.asked.covers), True
        return stated, False

    def outcome(self, target: Target) -> Quantity | None:
        """Last year's outcome of a row; GDP's may stand in the history of years."""
        history = self.scenario.history
        past = history.years.get(str(self.scenario.years.base)) if target.indicator == "gdp_growth" else None
        return (
            history.outcomes.get(target.id)
            or history.outcomes.get(target.indicator)
            or (past.growth if past else None)
        )

    def swing(self, sectors: Iterable[str]) -> Quantity | None:
        """How much growth changes from year to year, of the narrowest part of the economy that holds the
        sectors."""
        return _narrowest(self.scenario.history.swing, tuple(sectors), self.economy, whole="gdp")

    def pins(self, tier: str, below: Aggregate | None = None) -> dict[str, Pin]:
        """Growth of every sector at a tier of the sheet, by the narrowest row that speaks for it.

        ``below`` leaves out that row and those as wide or wider. A sector of which nothing is known is left
        out. What no row asks of a sector stays below its ceiling; at the tier ``at_most`` rows to reach stand
        at their first tier.
        """
        pins: dict[str, Pin] = {}
        rows = [
            one
            for one in self.aggregates
            if one.target.indicator != "gdp_growth" and (below is None or one.total < below.total)
        ]
        for one in rows:
            self._pin(one, tier, pins)
        for key in self.economy.sector_ids:
            if key not in pins and (
                pin := self._investment(key, tier) or self._history(key) or self._trend(key)
            ):
                pins[key] = pin
        for one in rows:
            if one.target.at_most is not None:
                self._hold(one, one.target.at_most, tier, pins)
        return pins

    def _hold(self, one: Aggregate, ceiling: float, tier: str, pins: dict[str, Pin]) -> None:
        """Keep what no row asks of some sectors below a ceiling: it goes no faster, nor may it stray further
        up.

        Judged against a ceiling of a wider row it may well stay lower, so that its doubt is kept.
        """
        free = [
            key
            for key, weight in one.weights.items()
            if weight >= SPEAKS * self.va[key]
            and key in pins
            and pins[key].how not in ("sheet", "rest", "ceiling")
        ]
        if not free or not one.weights.keys() <= pins.keys():
            return
        weight = sum(one.weights[key] for key in free)
        others = [(w, pins[key].growth) for key, w in one.weights.items() if key not in free]
        most = rest_growth(ceiling, others, weight)
        room = most - sum(one.weights[key] * pins[key].growth for key in free) / weight
        up = tier != "at_most"
        named = msg('"{title}" at most {ceiling}', title=one.target.title, ceiling=say(ceiling, 1))
        if room >= 0:
            if up:
                pins.update(
                    {key: replace(pins[key], sd=min(pins[key].sd, room / FAR), most=named) for key in free}
                )
            return
        title = one.target.title
        if others:
            rest = msg("the rest of {title}", title=title)
            title = self.title(free) if len(free) == 1 else rest
        sd = 0.0 if up else max(pins[key].sd for key in free)
        pins.update(
            dict.fromkeys(
                free,
                Pin(
                    f"{one.target.id}:ceiling",
                    title,
                    most,
                    sd,
                    "ceiling",
                    most=named if others else None,
                ),
            )
        )

    def _pin(self, one: Aggregate, tier: str, pins: dict[str, Pin]) -> None:
        """Let a row speak for the sectors that no narrower row speaks for."""
        growth = tier_value(one.target, tier)
        rest = {k: w for k, w in one.weights.items() if k not in pins and w >= SPEAKS * self.va[k]}
        if growth is None or not rest:
            return
        others = [(w, pins[k].growth) for k, w in one.weights.items() if k in pins]
        pin = Pin(one.target.id, one.target.title, growth, 0.0, "sheet")
        if others:
            title = msg("the rest of {title}", title=one.target.title)
            left = rest_growth(growth, others, sum(rest.values()))
            pin = Pin(f"{one.target.id}:rest", title, left, 0.0, "rest")
        pins.update(dict.fromkeys(rest, pin))

    def investment_growth(self, tier: str) -> tuple[float, tuple[Quantity, ...]]:
        """Real growth of investment, over its price; see :meth:`invested`."""
        scenario = self.scenario
        nominal, used = self.invested(tier)
        used = (*used, scenario.prices.investment)
        return 100 * ((1 + nominal / 100) / (1 + scenario.prices.investment.value / 100) - 1), used

    def invested(self, tier: str) -> tuple[float, tuple[Quantity, ...]]:
        """Nominal growth of investment, %: the sheet's row at a tier, else the plan's total, below the
        sheet's ceiling."""
        row, plan = self.row("fai_growth"), self.planned
        stated, ceiling = tier_value(row, tier) if row else None, self.ceiling("fai_growth")
        if stated is not None:
            return stated, ()
        return plan.value if ceiling is None else min(plan.value, ceiling), (plan,)

    @property
    def planned(self) -> Quantity:
        """Growth of planned investment in the sheet's year."""
        stated = self.scenario.investment
        if stated.path or stated.growth_in:
            growth = 100 * (float(self.money[self.years - 1]) / self.invested_before - 1)
            return stated.later.model_copy(update={"value": growth, "low": None, "high": None})
        return self.scenario.investment.growth if self.years == 1 else self.scenario.investment.later

    @property
    def invested_before(self) -> float:
        """Investment of the year before the sheet's: of the base year, or planned, in units of money."""
        return self.scenario.accounts.fai.value if self.years == 1 else float(self.money[self.years - 2])

    @property
    def yearly(self) -> Bilingual:
        """Words behind a rate that holds in each of several years."""
        return Bilingual.told({}) if self.years == 1 else msg(" a year for {years} years", years=self.years)

    def _investment(self, key: str, tier: str) -> Pin | None:
        """A sector that mostly sells to local investment moves with it."""
        accounts, rows = self.economy.accounts, self.economy.rows(key)
        invested = base_investment(self.scenario, Draws())[:, 0]
        sold = float((accounts.buys[rows, :, 0] @ invested).sum())
        if sold < MOVES * float(accounts.output[rows, 0].sum()):
            return None
        growth, used = self.investment_growth(tier)
        return Pin(
            f"investment:{key}",
            self.title((key,)),
            growth,
            spread(self.scenario.prices.investment),
            "investment",
            used,
        )

    def _history(self, key: str) -> Pin | None:
        """Last year's rate of the sector, or of the narrowest group that holds it."""
        own = self.scenario.sectors[key].growth_before
        stated = self.scenario.history.growth
        swing = self.swing((key,))
        used = (swing,) if swing else ()
        sd = swing.value if swing else 0.0
        if own is not None:
            return Pin(f"sector:{key}", self.title((key,)), own.value, sd, "history", (own, *used))
        found = _narrowest_name(stated, (key,), self.economy)
        if found is None:
            return None
        members = self.economy.groups.get(found, (found,))
        return Pin(
            f"group:{found}",
            self.title(members, found),
            stated[found].value,
            sd,
            "history",
            (stated[found], *used),
        )

    def _trend(self, key: str) -> Pin | None:
        """What the scenario itself expects of the sector or of its market."""
        parameters = self.scenario.sectors[key]
        market = getattr(parameters, "market", None)
        trend: Quantity | None = getattr(parameters, "trend", None) or (market.trend if market else None)
        if trend is None:
            return None
        swing = self.swing((key,))  # a year strays from its trend as it strays from the year before
        sd, used = (
            together(spread(trend), swing.value if swing else 0.0),
            ((trend, swing) if swing else (trend,)),
        )
        return Pin(f"sector:{key}", self.title((key,)), trend.value, sd, "trend", used)

    def title(self, sectors: Sequence[str], group: str = "") -> Bilingual:
        """Name of a sector, or of a group."""
        if len(sectors) == 1:
            return self.scenario.sectors[sectors[0]].title
        return GROUPS.get(group, Bilingual.same(group))

    def blocks(self, one: Aggregate, tier: str) -> tuple[list[SectorBlock], list[str]]:
        """What a row is made of, and the sectors of whose growth nothing is known."""
        pins = self.pins(tier, one)
        sources: dict[str, list[str]] = {}
        for key in one.weights:
            if key in pins:
                sources.setdefault(pins[key].source, []).append(key)
        blocks = [
            SectorBlock(
                tuple(keys), sum(one.weights[key] for key in keys), self._named(tuple(keys), pins[keys[0]])
            )
            for keys in sources.values()
        ]
        return blocks, [key for key in one.weights if key not in pins]

    def _named(self, sectors: tuple[str, ...], pin: Pin) -> Pin:
        """A rate of a group that only one of its sectors takes is called after that sector."""
        alone = pin.source.startswith("group:") and len(sectors) == 1
        return replace(pin, title=self.title(sectors)) if alone else pin


def tier_value(target: Target, tier: str) -> float | None:
    """The threshold of a tier, or of the row's first tier where it has not that one; ceilings are none."""
    tiers = {name: value for name, value in target.tiers.items() if name != "at_most"}
    return tiers.get(tier, next(iter(tiers.values()), None))


def told(block: SectorBlock) -> Bilingual:
    """A block with its rate and where that comes from."""
    how, most = HOW[block.pin.how], block.pin.most
    if most:
        how = msg("{how}; {most}", how=how, most=most)
    return msg(
        "{title} {rate} ({how})",
        title=block.pin.title,
        rate=say(block.pin.growth, 1),
        how=how,
    )


def _narrowest_name(stated: Mapping[str, Quantity], sectors: tuple[str, ...], economy: Economy) -> str | None:
    """The key of the smallest sector or group that holds all the sectors."""
    held = {
        name: len(members)
        for name in stated
        if set(sectors) <= set(members := economy.groups.get(name, (name,))) and members
    }
    return min(held, key=lambda name: held[name]) if held else None


def _narrowest(
    stated: Mapping[str, Quantity], sectors: tuple[str, ...], economy: Economy, whole: str
) -> Quantity | None:
    name = _narrowest_name(stated, sectors, economy)
    return stated[name] if name is not None else stated.get(whole)
