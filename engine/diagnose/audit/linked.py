"""Incomes, consumption, retail sales, revenue, jobs: what the sheet's own growth and prices imply for
them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ....models.consistency import FAR, Consistency, spread, together
from ....models.indicators import DRIVER_TITLES
from ....models.quantity import Bilingual, Quantity
from ....models.target import Target
from ....models.words import in_each, msg, tr
from ....scenarios.own_indicators import title_of
from ....scenarios.schema import RelationSpec
from ...forecast.levels import scale
from .line import AuditLine, compare, half, lacking, say
from .pins import Known, tier_value

INCOMES = ("urban_income_growth", "rural_income_growth")
"""Linked rows that are household income per head, nominal."""
_NOMINAL, _SPENT, _PRICES = "nominal_gdp_growth", "consumption_growth", "consumer_prices"


@dataclass(frozen=True)
class Driver:
    """What a relation depends on, at a tier of the sheet; ``bound``: no more than that (or no less, for a
    ceiling) can it be."""

    value: float
    sd: float
    used: tuple[Quantity, ...] = ()
    bound: bool = False


@dataclass(frozen=True)
class Missing:
    """A driver that the sheet does not state; ``open`` where it states a ceiling, which says nothing in this
    direction."""

    path: str
    open: bool = False


def linked_lines(known: Known) -> Iterator[AuditLine]:
    """Every linked row against its relation, at each tier; incomes and prices against what they stand
    beside."""
    for target in known.sheet.targets.values():
        relation = known.scenario.relations.get(target.indicator)
        if relation is not None and target.judged:
            for tier in target.tiers:
                yield from _relation(known, target, tier, relation)
                if _SPENT in relation.drivers and tier != "at_most":
                    yield from _from_incomes(known, target, tier, relation)
                if target.indicator in INCOMES:
                    yield from _share(known, target, tier)
        elif target.indicator == _PRICES:
            yield from _ceiling(known, target)


def driver(known: Known, name: str, tier: str, up: bool | None = None) -> Driver | Missing:
    """A driver's value where the sheet's rows stand at a tier.

    A row with nothing but a ceiling bounds it where the most that it can be is asked for (``up``, as for
    every tier but a ceiling unless stated); what a relation says of such a row stays below its ceiling.
    """
    up = tier != "at_most" if up is None else up
    scenario = known.scenario
    if name == _PRICES:
        stated = scenario.prices.consumer
        return Driver(stated.value, spread(stated), (stated,))
    if name == _NOMINAL:
        real, deflator = driver(known, "gdp_growth", tier, up), scenario.prices.gdp
        if isinstance(real, Missing):
            return real
        return Driver(
            100 * ((1 + real.value / 100) * (1 + deflator.value / 100) - 1),
            spread(deflator),
            (deflator,),
            real.bound,
        )
    asked = "household_consumption_growth" if name == _SPENT else name
    row, ceiling = known.row(asked), known.ceiling(asked)
    value = tier_value(row, tier) if row else None
    if value is not None:
        return Driver(value, 0.0)
    usual: Driver | Missing = Missing(f"targets.{name}", ceiling is not None)
    if name == _SPENT:
        usual = _consumption(known, tier, up)
    elif name in scenario.relations:
        usual = evaluate(known, scenario.relations[name], tier, up=up)
    if isinstance(usual, Driver) and (ceiling is None or usual.value <= ceiling):
        return (
            usual
            if ceiling is None or not up
            else replace(usual, sd=min(usual.sd, (ceiling - usual.value) / FAR))
        )
    if ceiling is None:
        return usual
    return Driver(ceiling, 0.0, bound=True) if up else Missing(f"targets.{name}", True)


def evaluate(
    known: Known,
    relation: RelationSpec,
    tier: str,
    over: Mapping[str, Driver] | None = None,
    up: bool | None = None,
) -> Driver | Missing:
    """constant + Σ coefficient × driver, with the doubt of the constant and of the drivers; what lowers it is
    read from below."""
    value, doubts, used, bound = (
        relation.constant.value,
        [spread(relation.constant)],
        [relation.constant],
        False,
    )
    up = tier != "at_most" if up is None else up
    for name, coefficient in relation.drivers.items():
        each = (over or {}).get(name) or driver(known, name, tier, up == (coefficient.value >= 0))
        if isinstance(each, Missing):
            return each
        bound |= each.bound
        value += coefficient.value * each.value
        doubts += [coefficient.value * each.sd, spread(coefficient) * each.value]
        used += [coefficient, *each.used]
    size = _size(known, relation)
    return Driver(size * value, size * together(*doubts), tuple(used), bound)


def _size(known: Known, relation: RelationSpec) -> float:
    """What a level taken over from the priors is multiplied by: the region's own last value over the
    relation's."""
    name = next((key for key, one in known.scenario.relations.items() if one is relation), "")
    return scale(known.scenario, name) or 1.0


def _consumption(known: Known, tier: str, up: bool | None = None) -> Driver | Missing:
    """Real household consumption where labour income grows with GDP and transfers at their own rate.

    .. math:: c = (1 + a)(1 + \\varepsilon h)(1 + d) - 1,
              \\qquad h = (\\lambda_0 g + T_0 \\tau) / (\\lambda_0 + T_0)

    the model's own equation (:class:`~dabiao.models.economy.Households`), with household income from labour
    λ₀ and what the sectors' own demand adds, d = Σ δ C₀ / Σ C₀.
    """
    real = driver(known, "gdp_growth", tier, up)
    if isinstance(real, Missing):
        return real
    economy, demand = known.economy, known.scenario.demand
    transfers = float(economy.households.transfers[0])
    labour = float((economy.earned[:, 0] * economy.accounts.output[:, 0]).sum())
    whole = labour + transfers
    income = (labour * real.value + transfers * demand.transfers.value) / whole if whole > 0 else 0.0
    found = _spent(
        known, income, transfers / whole * spread(demand.transfers) if whole > 0 else 0.0, (demand.transfers,)
    )
    return replace(found, bound=real.bound)


def _spent(known: Known, income: float, sd: float, used: tuple[Quantity, ...]) -> Driver:
    """Real consumption growth from real income growth, %."""
    demand = known.scenario.demand
    elasticity, own = demand.income_elasticity, demand.autonomous_consumption
    sectors = tuple(each.demand for each in known.scenario.sectors.values() if each.demand)
    value = 100 * ((1 + own.value / 100) * (1 + elasticity.value * income / 100) * _wanted(known) - 1)
    doubts = together(spread(own), elasticity.value * sd, spread(elasticity) * income)
    return Driver(value, doubts, (own, elasticity, *sectors, *used))


def _wanted(known: Known) -> float:
    """Factor that the sectors' own demand puts on all that households buy, 1 + d."""
    bought = known.economy.accounts.household[:, 0]
    whole = float(bought.sum())
    return float((known.economy.demand_growth[:, 0] * bought).sum()) / whole if whole > 0 else 1.0


def _formula(
    known: Known, relation: RelationSpec, tier: str, over: Mapping[str, Driver] | None = None
) -> Bilingual:
    """The relation with its numbers in it, its drivers by their titles."""
    terms: list[tuple[str, Bilingual, str]] = []
    for name, coefficient in relation.drivers.items():
        each = (over or {}).get(name) or driver(
            known, name, tier, (tier != "at_most") == (coefficient.value >= 0)
        )
        if isinstance(each, Driver):
            size = abs(coefficient.value)
            sign = "- " if coefficient.value < 0 else "+ " if terms or relation.constant.value else ""
            times = f"{size:g} × " if size != 1 else ""
            terms.append((sign + times, _title(known, name), say(each.value, 2)))
    whole = _size(known, relation)

    def formula(lang: str) -> str:
        first = [f"{relation.constant.value:g}"] if relation.constant.value else []
        told = " ".join([*first, *(f"{sign}{title.of(lang)} {value}" for sign, title, value in terms)])
        return told if whole == 1 else f"{say(whole, 3)} × ({told})"

    return in_each(formula)


def _title(known: Known, name: str) -> Bilingual:
    """What a driver is called: itself, an indicator or another linked row."""
    if name in DRIVER_TITLES:
        return DRIVER_TITLES[name]
    return title_of(known.scenario, name)


def _relation(known: Known, target: Target, tier: str, relation: RelationSpec) -> Iterator[AuditLine]:
    """A linked row against its relation at the sheet's own growth and prices; a row in step with others
    against these alone."""
    found = evaluate(known, relation, tier)
    if isinstance(found, Missing):
        if not found.open:
            yield lacking("relation", target, tier, target.title, [found.path])
        return
    formula = _formula(known, relation, tier)
    basis = msg("{formula} = {value}", formula=formula, value=say(found.value, 2))
    nominal = driver(known, _NOMINAL, tier)
    if (
        _NOMINAL in relation.drivers
        and isinstance(nominal, Driver)
        and not found.bound
        and abs(nominal.value) > 1e-9
    ):
        basis = msg(
            "{formula}; elasticity asked {asked}, by the relation {usual}",
            formula=basis,
            asked=say(target.tiers[tier] / nominal.value, 2),
            usual=say(found.value / nominal.value, 2),
        )
    rows = _rows(known, relation)
    yield compare(
        "relation",
        target,
        tier,
        found.value,
        sd=found.sd if rows else found.sd or None,
        about=target.title,
        slack=(
            half(target.digits) + sum(half(row.digits) for row in rows) if rows else 2 * half(target.digits)
        ),
        floor=bool(rows) or found.bound or known.ranged(target),
        by=(
            msg(
                "the same tier of {rows}",
                rows=in_each(lambda lang: tr(lang, " and ").join(row.title.of(lang) for row in rows)),
            )
            if rows
            else msg("the linked relation at the sheet's growth and prices")
        ),
        basis=basis,
        used=found.used,
    )


def _rows(known: Known, relation: RelationSpec) -> list[Target]:
    """The rows that a row is in step with (同步): a plain difference of rows of the sheet, exact at each
    tier; else none."""
    rates = [each.value for each in relation.drivers.values()]
    if spread(relation.constant) or any(abs(rate) != 1 for rate in rates) or min(rates, default=1) > 0:
        return []
    rows = [known.row(name) for name in relation.drivers]
    return [row for row in rows if row is not None] if None not in rows else []


def _from_incomes(known: Known, target: Target, tier: str, relation: RelationSpec) -> Iterator[AuditLine]:
    """A row that follows consumption, against the highest of the sheet's income rows: more than that is not
    earned."""
    prices = known.scenario.prices.consumer
    rows = [row for name in INCOMES if (row := known.row(name)) is not None]
    read = ((known.ceiling(row.indicator), tier_value(row, tier)) for row in rows)
    stated = [value for most, at_tier in read if (value := at_tier if most is None else most) is not None]
    if not stated:
        return
    highest = max(stated)
    income = 100 * ((1 + highest / 100) / (1 + prices.value / 100) - 1)
    over = {_SPENT: _spent(known, income, spread(prices), (prices,))}
    found = evaluate(known, relation, tier, over)
    if isinstance(found, Missing):
        return
    demand = known.scenario.demand
    formula = _formula(known, relation, tier, over)
    wanted = 100 * (_wanted(known) - 1)
    factors = [
        f"(1 + {say(demand.autonomous_consumption.value, 1)} %)",
        f"(1 + {demand.income_elasticity.value:g} × {say(income, 2)} %)",
        *([f"(1 + {say(wanted, 2)} %)"] if abs(wanted) > 1e-9 else []),
    ]
    head = f"{' '.join(factors)} - 1 = {say(over[_SPENT].value, 2)} %; "
    yield compare(
        "incomes",
        target,
        tier,
        found.value,
        sd=found.sd or None,
        slack=2 * half(target.digits),
        floor=True,
        about=msg("{title} against incomes", title=target.title),
        used=found.used,
        by=msg("income per head at the sheet's highest, {highest} %, at most", highest=say(highest, 1)),
        basis=in_each(lambda lang: f"{head}{formula.of(lang)} = {say(found.value, 2)}"),
    )


def _share(known: Known, target: Target, tier: str) -> Iterator[AuditLine]:
    """Income per head against nominal GDP: with a steady share of income and of residents the two grow
    alike."""
    nominal = driver(known, _NOMINAL, tier)
    about = msg("{title} against nominal GDP", title=target.title)
    if isinstance(nominal, Missing):
        if not nominal.open:
            yield lacking("income_share", target, tier, about, [nominal.path])
        return
    real = driver(known, "gdp_growth", tier)
    swing, prices = known.swing(known.economy.sector_ids), known.scenario.prices
    sd = together(nominal.sd, swing.value) if swing else None
    growth = real.value if isinstance(real, Driver) else 0.0
    text = f"(1 + {say(growth, 1)} %) (1 + {say(prices.gdp.value, 1)} %) - 1 = {say(nominal.value, 2)} %"
    per_head = 100 * ((1 + target.tiers[tier] / 100) / (1 + prices.consumer.value / 100) - 1)
    yield compare(
        "income_share",
        target,
        tier,
        nominal.value,
        sd=sd,
        slack=2 * half(target.digits),
        about=about,
        floor=nominal.bound or known.ranged(target),
        by=msg("nominal GDP, with the share of income and residents steady,"),
        basis=msg(
            "{formula}; the row is {growth} % in real terms; growth of population is not part of a scenario",
            formula=text,
            growth=say(per_head, 2),
        ),
        used=(*nominal.used, prices.consumer, *((swing,) if swing else ())),
    )


def _ceiling(known: Known, target: Target) -> Iterator[AuditLine]:
    """A ceiling on consumer prices against the prices that the scenario assumes."""
    prices = known.scenario.prices.consumer
    for tier, asked in target.tiers.items():
        if tier != "at_most":
            continue
        over = prices.value - asked
        sd = spread(prices)
        grade = (
            Consistency.CONSISTENT
            if over <= half(target.digits)
            else Consistency.TIGHT
            if over <= sd
            else Consistency.CONTRADICTORY
        )
        yield compare(
            "prices",
            target,
            tier,
            prices.value,
            sd=sd,
            slack=half(target.digits),
            about=target.title,
            grade=grade,
            by=msg("the scenario's own assumption"),
            basis=msg("assumed rise of consumer prices = {value} %", value=say(prices.value, 2)),
            used=(prices,),
        )
