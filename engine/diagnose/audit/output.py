"""Quantities and values: harvest against area and yield, output value against growth and prices, nominal
GDP."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ....models.consistency import Consistency, spread, together
from ....models.quantity import Bilingual, Quantity
from ....models.sectors.agriculture import AgricultureParameters
from ....models.target import Target
from ....models.words import in_a_list, msg
from .line import AuditLine, compare, half, lacking, say
from .pins import HOW, Known, Pin, tier_value


def output_lines(known: Known) -> Iterator[AuditLine]:
    """All comparisons of levels, and what stated rows ask over last year."""
    for target in known.sheet.targets.values():
        makers = {"crop_output": _harvest, "output_value": _output_value, "gdp_level": _gdp_level}
        if target.judged and target.indicator in makers:
            for tier in target.tiers:
                yield from makers[target.indicator](known, target, tier)
        elif not target.judged and target.indicator != "consumer_prices":
            yield from _asks(known, target)


def _harvest(known: Known, target: Target, tier: str) -> Iterator[AuditLine]:
    """Harvest against area × yield: 万亩 × 公斤/亩 ÷ 1000 = 万吨.

    The area is that of the sheet where a row says it of the same crops, else the scenario's.
    """
    areas, harvests, doubts = 0.0, 0.0, 0.0
    used: list[Quantity] = []
    for sector, state in zip(known.economy.sectors, known.economy.start(), strict=True):
        stated = sector.parameters
        if not isinstance(stated, AgricultureParameters):
            continue
        found = sector.physical(
            replace(state, year=known.years), known.economy.accounts.output[known.economy.rows(sector.id)]
        )
        for crop in target.asked.covers:
            if crop not in stated.crops:
                continue
            harvest = float(found[f"crop:{crop}"][0])
            areas, harvests = areas + float(found[f"area:{crop}"][0]), harvests + harvest
            used += [stated.crops[crop].crop_yield, stated.crops[crop].yield_growth]
            doubts += harvest * spread(stated.crops[crop].yield_growth) / 100 * known.years
            if stated.farmland and crop in stated.farmland.crops:
                land = stated.farmland
                used += [land.built, land.yield_gain, land.area]
                doubts += (
                    known.years * harvest * spread(land.yield_gain) / 100 * land.built.value / land.area.value
                )
    if areas <= 0:
        return
    row = next(
        (
            each
            for each in known.sheet.targets.values()
            if each.indicator == "crop_area"
            and set(each.asked.covers) == set(target.asked.covers)
            and each.tiers
        ),
        None,
    )
    most = known.ceiling("crop_area", row.asked.covers) if row else None
    sown = (tier_value(row, tier) if row else None) or min(areas, areas if most is None else most)
    crop_yield = 1000 * harvests / areas
    implied, needed = sown * crop_yield / 1000, 1000 * target.tiers[tier] / sown
    area_slack = half(row.digits) * crop_yield / 1000 if row else 0.0
    formula = f"{say(sown, 1)} × {say(crop_yield, 1)} ÷ 1000 = {say(implied, 2)}"
    yield compare(
        "harvest",
        target,
        tier,
        implied,
        sd=doubts * sown / areas,
        slack=half(target.digits) + area_slack,
        floor=True,
        about=msg("{title} against area and yield", title=target.title),
        used=used,
        by=msg(
            "{million} million mu at {crop_yield} kg",
            million=say(sown / 100, 3),
            sown=say(sown, 1),
            crop_yield=say(crop_yield, 1),
        ),
        basis=msg(
            "{formula}; the row needs a yield of {crop_yield}", formula=formula, crop_yield=say(needed, 1)
        ),
    )


@dataclass(frozen=True)
class _Made:
    """A covered good or sector in the base year: value, price factor and its doubt, and the sector's
    growth."""

    value: float
    price: float
    sd: float
    sector: str
    used: tuple[Quantity, ...]


def _covered(known: Known, names: tuple[str, ...]) -> list[_Made]:
    """What an output value adds up, good by good and sector by sector."""
    economy, scenario = known.economy, known.scenario
    made: list[_Made] = []
    for sector, state in zip(economy.sectors, economy.start(), strict=True):
        rows = economy.rows(sector.id)
        found = sector.physical(state, economy.accounts.output[rows])
        for good in names:
            if f"made:{good}" in found:
                growth = next(
                    (c.materials[good].price_growth for c in scenario.chains.values() if good in c.materials),
                    None,
                )
                value = float(found[f"made:{good}"][0] * economy.worth(good, 0)[0])
                made.append(
                    _Made(
                        value,
                        float(economy.price(good, known.years)[0] / economy.price(good, 0)[0]),
                        known.years * spread(growth) if growth else 0.0,
                        sector.id,
                        (growth,) if growth else (),
                    )
                )
        part = economy.covered(names)[rows] * economy.accounts.output[rows, 0]
        if part.sum() > 0:
            own = scenario.sectors[sector.id].price_growth or scenario.prices.gdp
            price, sd = (1 + own.value / 100) ** known.years, known.years * spread(own)
            made.append(_Made(float(part.sum()), price, sd, sector.id, (own,)))
    return made


def _output_value(known: Known, target: Target, tier: str) -> Iterator[AuditLine]:
    """Output value against real growth and prices.

    .. math:: V_n = V_0 \\frac{\\sum_k v_k \\pi_k (1 + g_{s(k)})^n}{\\sum_k v_k}

    with base-year values v, price factors π and growth of the sector that makes the good: the sheet's, last
    year's or its trend's.
    """
    about = msg("{title} against growth and prices", title=target.title)
    made, pins = _covered(known, target.asked.covers), known.pins(tier)
    whole = sum(each.value for each in made)
    unknown = sorted({each.sector for each in made if each.sector not in pins})
    stated = known.scenario.targets[target.id].base
    base = stated.value if stated else whole
    if unknown or whole <= 0 or base <= 0:
        yield lacking(
            "output",
            target,
            tier,
            about,
            [f"history.growth.{key}" for key in unknown] or [f"targets.{target.id}.base"],
        )
        return
    price, years = sum(each.value * each.price for each in made) / whole, known.years
    ratio = (
        sum(each.value * each.price * (1 + pins[each.sector].growth / 100) ** years for each in made) / whole
    )
    implied, needed = base * ratio, 100 * ((target.tiers[tier] / base / price) ** (1 / years) - 1)
    moves = {
        each.sector: sum(m.value * m.price for m in made if m.sector == each.sector) / whole for each in made
    }
    doubts = [share * years * _own_doubt(known, key, pins[key]) / 100 for key, share in moves.items()]
    prices = sum(each.value * each.sd for each in made) / whole / 100
    sd = (
        base * together(prices, *doubts)
        if not stated
        else together(base * together(prices, *doubts), ratio * spread(stated))
    )
    growth = 100 * ((ratio / price) ** (1 / years) - 1)
    formula = f"{say(base, 1)} × {say(price, 4)} × {say((1 + growth / 100) ** years, 4)} = {say(implied, 1)}"
    how = _how(moves, pins)
    used = [
        *([stated] if stated else []),
        *(q for each in made for q in each.used),
        *(q for key in moves for q in pins[key].used),
    ]
    yield compare(
        "output",
        target,
        tier,
        implied,
        sd=sd,
        slack=half(target.digits),
        about=about,
        used=_once(used),
        floor=known.ranged(target),
        by=msg(
            "a base of {base}, prices at {prices} % and real growth of {growth} %{yearly} ({how}),",
            yearly=known.yearly,
            base=say(base, 1),
            prices=say(100 * (price - 1), 1),
            growth=say(growth, 1),
            how=how,
        ),
        basis=msg(
            "{formula}; the row needs real growth of {growth} %", formula=formula, growth=say(needed, 1)
        ),
    )


def _own_doubt(known: Known, sector: str, pin: Pin) -> float:
    """A rate that a wider row sets may differ from sector to sector as growth differs from year to year."""
    swing = known.swing((sector,))
    return together(pin.sd, swing.value if swing and pin.how in ("sheet", "rest") else 0.0)


def _how(moves: Mapping[str, float], pins: Mapping[str, Pin]) -> Bilingual:
    """Where the rates come from."""
    found = {pins[key].source: pins[key] for key in moves}
    told = [msg("{title}, {how}", title=pin.title, how=HOW[pin.how]) for pin in found.values()]
    return in_a_list(told)


def _once(used: list[Quantity]) -> tuple[Quantity, ...]:
    return tuple({quantity.path or str(id(quantity)): quantity for quantity in used}.values())


def _gdp_level(known: Known, target: Target, tier: str) -> Iterator[AuditLine]:
    """Nominal GDP against its growth row and the deflator: Y_0 (1 + g)^n (1 + p)^n."""
    gdp, scenario = known.row("gdp_growth"), known.scenario
    about = msg("{title} against growth and deflator", title=target.title)
    growth, bound = known.reading(gdp, tier) if gdp else (None, False)
    if gdp is None:
        yield lacking("level", target, tier, about, ["targets.gdp_growth"])
        return
    if growth is None:
        return
    base, deflator, years = scenario.accounts.gdp, scenario.prices.gdp, known.years
    stated = [
        each.value
        for year, each in scenario.prices.gdp_in.items()
        if int(year) <= scenario.years.base + years
    ]
    free = years - len(stated)
    real = (1 + growth / 100) ** years
    price = (1 + deflator.value / 100) ** free * math.prod(1 + value / 100 for value in stated)
    implied = base.value * real * price
    text = f"{say(base.value, 1)} × {say(real, 4)} × {say(price, 4)} = {say(implied, 1)}"
    yield compare(
        "level",
        target,
        tier,
        implied,
        sd=free * implied * spread(deflator) / (100 + deflator.value),
        about=about,
        slack=half(target.digits) + years * implied * half(gdp.digits) / 100,
        used=(base, deflator, *scenario.prices.gdp_in.values()),
        floor=bound or known.ranged(target),
        by=msg(
            "growth of {growth} % with a deflator of {deflator} %{yearly}",
            yearly=known.yearly,
            growth=say(growth, gdp.digits),
            deflator=say(deflator.value, 1),
        ),
        basis=Bilingual.same(text),
    )


def _asks(known: Known, target: Target) -> Iterator[AuditLine]:
    """What a stated row asks over last year; nothing in the scenario tells whether it fits."""
    before = known.scenario.targets[target.id].expected
    if before is None or not before.value:
        return
    for tier, asked in target.tiers.items():
        over = 100 * (asked / before.value - 1)
        text = f"{say(asked, target.digits)} ÷ {say(before.value, target.digits)} - 1 = {say(over, 1)} %"
        yield compare(
            "over_last_year",
            target,
            tier,
            before.value,
            sd=None,
            slack=0.0,
            grade=Consistency.TOLD,
            about=target.title,
            by=msg("last year"),
            basis=Bilingual.same(text),
            used=(before,),
        )
