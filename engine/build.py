"""From the scenario that a user wrote to an economy that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

import numpy as np

from ..models.accounts import Accounts, NationalTable, Totals, balance
from ..models.chain import Chain, Process
from ..models.economy import Economy, Households, PriceGrowth
from ..models.errors import Problem, ScenarioError
from ..models.flow import Flow, build
from ..models.indicators import INDICATORS, Asked
from ..models.money import in_money
from ..models.parameters import SectorParameters
from ..models.quantity import Bilingual, Draws, FloatArray, Quantity, by_draw, share_of
from ..models.satellite import OwnIndicator
from ..models.sector import Branch, Sector
from ..models.sectors import SECTORS
from ..models.sectors.process_chain import ProcessChain, ProcessChainParameters
from ..models.span import IN_YEAR, MEASURES, Over
from ..models.target import Relation, Sheet, Target, rounded
from ..models.words import msg
from ..scenarios.own_indicators import unit_of
from ..scenarios.schema import National, Scenario, TargetSpec, Years
from .forecast.levels import scale
from .plans import LAGS
from .satellites import own_indicators


def economy(scenario: Scenario, values: Draws) -> Economy:
    """Build the region: branches, balanced accounts, sectors, prices.

    Raises
    ------
    ScenarioError
        Where the numbers cannot be put together, with the parameters to check.
    """
    stated, demand = scenario.sectors, scenario.demand
    branches = [branch for each in _owned(scenario, values).values() for branch in each]
    accounts = values.once("accounts", partial(_accounts, scenario))
    return Economy(
        base_year=scenario.years.base,
        years=scenario.years.horizon,
        sectors=tuple(values.once(f"sector.{key}", partial(_sector, scenario, key)) for key in stated),
        accounts=accounts,
        households=Households(
            values(demand.income_elasticity),
            _factor(demand.autonomous_consumption, values),
            values(scenario.accounts.transfers),
            _factor(demand.transfers, values),
            _per_labour(scenario, accounts, values),
        ),
        government_growth=_factor(demand.government, values),
        prices=_prices(scenario, branches, values),
        above_scale=values.once(
            "above_scale", lambda own: _by_branch(branches, stated, "above_scale", own, 100)
        ),
        indicators=values.once("indicators", partial(_indicators, scenario)) if scenario.indicators else {},
        groups=_groups(scenario),
        demand_growth=1 + values.once("demand", lambda own: _by_branch(branches, stated, "demand", own, 100)),
        later=_later(scenario, values),
    )


def _indicators(scenario: Scenario, values: Draws) -> Mapping[str, OwnIndicator]:
    """Indicators of the scenario's own."""
    accounts = values.once("accounts", partial(_accounts, scenario))
    branches = [branch for each in _owned(scenario, values).values() for branch in each]
    placed = base_investment(scenario, values)
    value_added = accounts.va_ratio * accounts.output
    driven = {
        "output": accounts.output,
        "nominal_output": accounts.output,
        "value_added": value_added,
        "nominal_value_added": value_added,
        "labour_income": accounts.labour * accounts.output,
        "investment": placed,
        "nominal_investment": placed,
    }
    classes = {
        key: composition(scenario.national, stated.national, values)
        for key, stated in scenario.sectors.items()
    }
    return own_indicators(scenario, branches, classes, driven, values)


def _later(scenario: Scenario, values: Draws) -> FloatArray:
    """Change of every market's growth against the first year by the nation's outlook for later years ``(T,
    D)``, share."""
    years, found, now = scenario.years, [], np.zeros(1)
    for year in range(years.first, years.last + 1):
        stated = scenario.outlook.change.get(str(year))
        now = values(stated) / 100 if stated else now
        found.append(now)
    return np.stack(np.broadcast_arrays(*found))


def _flow(scenario: Scenario, key: str, values: Draws) -> Flow | None:
    """Material flow of a sector's chain, where it has one."""
    stated = scenario.sectors[key]
    if not isinstance(stated, ProcessChainParameters):
        return None
    return values.once(
        f"flow.{stated.chain}",
        lambda own: build(scenario.chains[stated.chain], f"chains.{stated.chain}", own, scenario.money_scale),
    )


def _owned(scenario: Scenario, values: Draws) -> dict[str, tuple[Branch, ...]]:
    """Rows of the accounts by sector."""
    return {
        key: values.once(f"branches.{key}", partial(_branches, scenario, key)) for key in scenario.sectors
    }


def _accounts(scenario: Scenario, values: Draws) -> Accounts:
    """The balanced base year."""
    national, stated = scenario.national, scenario.sectors
    return balance(
        [branch for each in _owned(scenario, values).values() for branch in each],
        tuple(stated),
        values.once("table", partial(_table, national)),
        Totals(
            values(scenario.accounts.household_consumption),
            values(scenario.accounts.government_consumption),
            base_investment(scenario, values),
        ),
        {
            key: {_class(national, c): values(q) / 100 for c, q in s.investment_buys.items()}
            for key, s in stated.items()
        },
        {key: values(s.regional_purchase) / 100 for key, s in stated.items() if s.regional_purchase},
        {key: values(s.labour_share) / 100 for key, s in stated.items() if s.labour_share},
        values.strict,
    )


def _per_labour(scenario: Scenario, accounts: Accounts, values: Draws) -> FloatArray:
    """Household income per yuan of labour income φ ``(D,)``: income of the base year is the one stated.

    .. math:: \\varphi = (H_0 - T_0) / \\sum_j \\lambda_j x_{j0}

    1 where none is stated. A draw whose income is not above transfers earns nothing.

    Raises
    ------
    ScenarioError
        Where transfers leave nothing of the income stated, or nothing is earned that could make it up.
    """
    stated = scenario.accounts.disposable_income
    if stated is None:
        return np.ones(1)
    whole, transfers = values(stated), values(scenario.accounts.transfers)
    labour: FloatArray = (accounts.labour * accounts.output).sum(axis=0)
    place, total = "accounts.disposable_income", f"{float(whole.max()):g}"
    if values.strict and np.any(whole <= transfers):
        most = msg("more than `transfers`, {value:g}", value=float(transfers.max()))
        raise ScenarioError([Problem(place, total, most, msg("transfers are part of it"))])
    if values.strict and np.any(labour <= 0):
        found = msg("{total} beside labour income of 0", total=total)
        raise ScenarioError(
            [Problem(place, found, msg("labour income above 0"), msg("check `labour_share`"))]
        )
    return share_of(np.maximum(whole - transfers, 0.0), labour)


def base_investment(scenario: Scenario, values: Draws) -> FloatArray:
    """Base-year investment by sector ``(S, D)``, money: stated base shares, else the plan's."""
    shares = scenario.investment.base_shares or scenario.mixes[scenario.plan].shares
    total = values(scenario.accounts.fai)
    return np.stack(
        np.broadcast_arrays(
            *[total * values(shares[key]) / 100 if key in shares else total * 0 for key in scenario.sectors]
        )
    )


def investment_history(scenario: Scenario, values: Draws) -> FloatArray:
    """All investment of the base year, the year before, ... ``(S, L, D)``, in units of money."""
    base, before = base_investment(scenario, values), 1 + values(scenario.investment.before) / 100
    return np.stack(np.broadcast_arrays(*[base / before**lag for lag in range(LAGS)]), axis=1)


def sheet(scenario: Scenario, values: Draws) -> Sheet:
    """The target sheet, each row with its basis."""
    sized = {key: scale(scenario, key) for key in scenario.relations}
    relations = {
        key: Relation(
            (sized[key] or 1.0) * values(r.constant),
            {name: (sized[key] or 1.0) * values(q) for name, q in r.drivers.items()},
        )
        for key, r in scenario.relations.items()
    }
    targets = {}
    for key, stated in scenario.targets.items():
        name = stated.indicator or key
        own = scenario.indicators.get(name)
        indicator, relation = INDICATORS.get(name), scenario.relations.get(name)
        basis = stated.basis or ("modelled" if indicator or own else "linked")
        if not (indicator or own) and sized.get(name, 1.0) is None:
            basis = "stated"  # a level of another region's size judges nothing
        known = indicator or own or relation
        over = _over(stated, scenario.years)
        title = stated.title or _titled(
            known.title if known else Bilingual.same(key), over, scenario.years.base
        )
        ensure, stretch, at_most, expected = (
            q.value if q else None for q in (stated.ensure, stated.stretch, stated.at_most, stated.expected)
        )
        targets[key] = Target(
            id=key,
            title=title,
            indicator=name,
            basis=basis,
            unit=stated.unit or unit_of(scenario, name),
            digits=_digits(known.digits if known else 1, (ensure, stretch, at_most)),
            asked=Asked(stated.covers, values(stated.base) if stated.base else None),
            main=stated.main,
            ensure=ensure,
            stretch=stretch,
            at_most=at_most,
            expected=expected,
            over=over,
        )
    return Sheet(targets, relations)


def _digits(usual: int, tiers: Sequence[float | None]) -> int:
    """Digits of a row: the indicator's, and one more where a tier is stated finer (5.25 %), which would
    otherwise be asked and shown as another number."""
    return usual + any(
        tier is not None and rounded(tier, usual) != rounded(tier, usual + 1) for tier in tiers
    )


def _over(stated: TargetSpec, years: Years) -> Over | None:
    """The years that a row speaks of; None for the sheet's own year alone."""
    first, last = (year - years.base for year in stated.span(years))
    if first == last == years.ahead:
        return None
    return Over(first, last, MEASURES[stated.measure] if stated.measure else IN_YEAR)


def _titled(title: Bilingual, over: Over | None, base: int) -> Bilingual:
    """An indicator's title with the years that a row speaks of."""
    return over.measure.title(title, str(base + over.first), str(base + over.last)) if over else title


def _class(national: National, name: str) -> str:
    if name in national.classes:
        return name
    raise ScenarioError(
        [Problem("sectors.*.investment_buys", f"`{name}`", msg("a class of the national table"))]
    )


def composition(national: National, stated: Mapping[str, Quantity], values: Draws) -> dict[str, FloatArray]:
    """Shares of classes, groups opened by national output; adds to 1."""
    shares: dict[str, FloatArray] = {}
    for name, quantity in stated.items():
        members = national.groups.get(name, (name,))
        weights = {c: values(national.classes[c].output) for c in members}
        whole = sum(weights.values(), np.zeros(1))
        for c, weight in weights.items():
            part = share_of(weight, whole, 1 / len(weights))
            shares[c] = shares.get(c, np.zeros(1)) + values(quantity) / 100 * part
    total = sum(shares.values(), np.zeros(1))
    return {c: share / total for c, share in shares.items()}


def _va_ratio(
    stated: SectorParameters, mix: Mapping[str, FloatArray], national: National, values: Draws
) -> FloatArray:
    """Value added per yuan of output: stated, from stated output, or the national classes'."""
    kept = _stated_ratio(stated, mix, national, values)
    return kept if values.strict else np.clip(kept, 0.001, 0.999)


def _stated_ratio(
    stated: SectorParameters, mix: Mapping[str, FloatArray], national: National, values: Draws
) -> FloatArray:
    if stated.va_ratio:
        return values(stated.va_ratio) / 100
    if stated.output:
        return values(stated.va) / values(stated.output)
    return sum((share * values(national.classes[c].va_ratio) / 100 for c, share in mix.items()), np.zeros(1))


def _branches(scenario: Scenario, key: str, values: Draws) -> tuple[Branch, ...]:
    """A sector's rows of the accounts: one, or one per process of its chain and one for other products."""
    stated, flow = scenario.sectors[key], _flow(scenario, key, values)
    mix = composition(scenario.national, stated.national, values)
    kept = _va_ratio(stated, mix, scenario.national, values)
    output = values(stated.va) / kept
    if flow is None:
        if values.strict and (np.any(kept >= 1) or np.any(kept <= 0)):
            raise ScenarioError(
                [
                    Problem(
                        f"sectors.{key}.output",
                        msg("value added over output of {kept:.3f}", kept=float(kept.max())),
                        msg("between 0 and 1"),
                        msg("output must be larger than value added"),
                    )
                ]
            )
        return (Branch(key, key, stated.title, output, kept, mix, supply_led=stated.model == "agriculture"),)
    chain = scenario.chains[cast(ProcessChainParameters, stated).chain]
    found, va_left, output_left = [], values(stated.va), output
    for k, name in enumerate(flow.processes):
        process, made = chain.processes[name], flow.base[k] * flow.value(0)[k]
        inputs, imported = _inputs(key, flow, k)
        found.append(
            Branch(
                f"{key}/{name}",
                key,
                process.title,
                made,
                flow.va_ratio[k],
                composition(scenario.national, process.national, values),
                inputs,
                imported,
                _feedstock(scenario.national, chain, process, values),
                supply_led=True,
            )
        )
        output_left = output_left - made
        va_left = va_left - flow.va_ratio[k] * made
    if values.strict:
        _leave_room(key, output_left, va_left)
    rest = share_of(va_left, np.where(output_left > 1e-9, output_left, 0.0), 0.5)
    other = msg("Other products of {title}", title=stated.title)
    return (*found, Branch(f"{key}/other", key, other, output_left, rest, mix))


def _inputs(sector: str, flow: Flow, k: int) -> tuple[dict[str, FloatArray], FloatArray]:
    """What a process takes of each maker and from outside, per unit of its output, in the parts in which the
    base year made and bought each material."""
    inputs, imported = dict[str, FloatArray](), np.zeros(1)
    bought, made = flow.bought(flow.base, 0), flow.made(0) * flow.base
    for m in flow.takes[k]:
        spent = flow.used(0)[m, k] * flow.price[m] * flow.worth / flow.value(0)[k]
        supply = made[m].sum(axis=0) + bought[m]
        imported = imported + spent * share_of(bought[m], supply, float(not flow.makers[m]))
        for maker in flow.makers[m]:
            branch = f"{sector}/{flow.processes[maker]}"
            part = spent * share_of(made[m, maker], supply, 1 / len(flow.makers[m]))
            inputs[branch] = inputs.get(branch, np.zeros(1)) + part
    return inputs, imported


def _feedstock(national: National, chain: Chain, process: Process, values: Draws) -> frozenset[str]:
    """Classes of the national table that the materials bought outside belong to."""
    bought = [stated for m in process.uses if (stated := chain.materials[m].bought)]
    return frozenset(
        c
        for each in bought
        if each.national
        for c, share in composition(national, each.national, values).items()
        if np.any(share)
    )


def _leave_room(key: str, output: FloatArray, va: FloatArray) -> None:
    """Other products are what the chain leaves of the sector; they cannot be negative."""
    problems = [
        Problem(
            f"sectors.{key}.{name}",
            msg("{gap} less than its chain makes", gap=in_money(-float(left.min()), 2)),
            msg("at least the chain's"),
            msg("raise it, or lower base outputs, prices or va_ratio of the chain's processes"),
        )
        for name, left in (("output", output), ("va", va), ("output", output - va))
        if np.any(left < -1e-9)
    ]
    if problems:
        raise ScenarioError(problems)


def _sector(scenario: Scenario, key: str, values: Draws) -> Sector:
    stated, flow = scenario.sectors[key], _flow(scenario, key, values)
    branches = values.once(f"branches.{key}", partial(_branches, scenario, key))
    if flow is not None and isinstance(stated, ProcessChainParameters):
        return ProcessChain(key, stated, branches, scenario.chains[stated.chain], flow, values)
    model = SECTORS[stated.model]
    return cast(Sector, model(key, stated, branches[0], values))


def _table(national: National, values: Draws) -> NationalTable:
    classes = tuple(national.classes)
    cells = {
        (i, j): values(national.coefficients[row][column])
        for i, row in enumerate(classes)
        for j, column in enumerate(classes)
    }

    def share(stated: Quantity | None) -> FloatArray:
        return values(stated) / 100 if stated else np.zeros(1)

    def each(name: str) -> FloatArray:
        return np.stack(np.broadcast_arrays(*[share(getattr(national.classes[c], name)) for c in classes]))

    return NationalTable(
        classes,
        by_draw((len(classes), len(classes)), cells),
        each("va_ratio"),
        each("regional_purchase"),
        each("labour_share"),
        each("household_share") * (1 - share(national.household_outside)),
        each("government_share") * (1 - share(national.government_outside)),
        each("outside_inputs"),
    )


def _factor(quantity: Quantity, values: Draws) -> FloatArray:
    return 1 + values(quantity) / 100


def _prices(scenario: Scenario, branches: list[Branch], values: Draws) -> PriceGrowth:
    materials = {m: stated for chain in scenario.chains.values() for m, stated in chain.materials.items()}
    gdp = _factor(scenario.prices.gdp, values)
    own = []
    for branch in branches:
        growth = scenario.sectors[branch.sector].price_growth
        own.append(_factor(growth, values) if growth else gdp)
    return PriceGrowth(
        gdp,
        _factor(scenario.prices.consumer, values),
        _factor(scenario.prices.investment, values),
        np.stack(np.broadcast_arrays(*own)),
        {m: _factor(s.price_growth, values) if s.price_growth else np.ones(1) for m, s in materials.items()},
        {m: values(s.price) for m, s in materials.items()},
        {
            m: share_of(values(s.long_run_price), values(s.price), 1.0)
            for m, s in materials.items()
            if s.long_run_price
        },
        {
            m: values(s.price_reversion) / 100 if s.price_reversion else np.zeros(1)
            for m, s in materials.items()
        },
        {
            m: chain.units.factor(scenario.money_scale) or 0.0
            for chain in scenario.chains.values()
            for m in chain.materials
        },
        {
            int(year) - scenario.years.base: _factor(stated, values)
            for year, stated in scenario.prices.gdp_in.items()
        },
    )


def _by_branch(
    branches: list[Branch], stated: Mapping[str, SectorParameters], name: str, values: Draws, scale: float
) -> FloatArray:
    quantities = [getattr(stated[branch.sector], name) for branch in branches]
    return np.stack(np.broadcast_arrays(*[values(q) / scale if q else np.zeros(1) for q in quantities]))


def _groups(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Groups of the national table as groups of the region's sectors: those made of its classes alone."""
    national = scenario.national
    members = {}
    for group, classes in national.groups.items():
        inside = {group, *classes}
        inside |= {g for g, c in national.groups.items() if set(c) <= set(classes)}
        members[group] = tuple(k for k, s in scenario.sectors.items() if set(s.national) <= inside)
    return members
