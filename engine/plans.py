"""What a scenario plans: its projects, its mixes and their money, as the pipeline takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..models.listing import usual_delay
from ..models.plan import Plan, spread
from ..models.project import ProjectPlan, Resources
from ..models.quantity import Draws, FloatArray, Quantity
from ..models.years import first_month
from ..scenarios.rules_economy import MOST_GESTATION
from ..scenarios.schema import Months, Scenario
from .tracking.now import finished

HAIR = 1e-6
"""Months by which "by the end of December" lies before 1 January."""

LAGS = MOST_GESTATION
"""Years of investment up to the base year, that one included, that still commission."""


def month(text: str, base: int) -> float:
    """Months from the beginning of the year after the base year; ``2024-03`` is the first of March.

    >>> from dabiao.models.years import Year
    >>> month("2024-03", 2023), month("2023-10", 2023), month("2024-03", Year(2023, 7))
    (2.0, -3.0, 8.0)
    """
    year, number = text.split("-")
    return float(12 * int(year) + int(number) - 1 - first_month(base + 1))


def project_plans(
    scenario: Scenario, values: Draws, durations: Draws | None = None
) -> tuple[ProjectPlan, ...]:
    """Named projects as the pipeline takes them; ``durations`` gives their months where those are not in
    ``values``."""
    timing = durations or values
    base = scenario.years.base
    advance = next((limit for limit in scenario.limits.values() if limit.kind.of_starts), None)
    plans = []
    usual = usual_delays(scenario)
    for at, (key, stated) in enumerate(scenario.projects.items()):
        months = stated.months
        start = month(stated.start, base) if stated.start else None
        # a plan says "by September": the month counts to its end
        finish = month(stated.finish, base) + 1 - HAIR if stated.finish else None
        adds = stated.adds
        full = (adds.output or adds.capacity) if adds else None
        plan = ProjectPlan(
            id=key,
            sector=stated.sector,
            invest=one(stated.invest, values),
            stage=stated.stage,
            done=one(stated.done, values) / 100 if stated.done else None,
            start=start,
            finish=finish,
            slip=one(stated.slip, timing),
            cancel=one(stated.cancel, values) / 100 if stated.cancel else 0.0,
            funds={f: one(q, values) / 100 for f, q in stated.funds.items()},
            key=stated.key,
            output=one(full, values) if full else 0.0,
            **_months(months, timing),
            spread=spread_of_months(months, stated.slip),
            usual=float(usual[at]),
            stop=month(stated.cancelled, base) if stated.cancelled else None,
        )
        if stated.decided:
            plan = plan.begun_at(month(stated.decided, base))
        # beyond `max` a start costs a relaxation, which the limit itself counts
        most = stated.earlier or ((advance.relax_to or advance.stated) if advance else None)
        plans.append(_allowed(plan, one(most, values) if most else 0.0))
    return tuple(plans)


def usual_delays(scenario: Scenario) -> FloatArray:
    """Months by which works have come late so far, by project ``(P,)``: as stated; or of works that agree in
    all but their dates."""
    if scenario.listing.slip is not None:
        return np.full(len(scenario.projects), scenario.listing.slip.value)
    stated = list(scenario.projects.values())
    kinds: list[object] = [
        (
            p.sector,
            p.adds.process if p.adds else None,
            p.months.construction.value,
            p.months.ramp_up.value,
            p.invest.value,
        )
        for p in stated
    ]
    slips = np.array([np.nan if p.stage == "commissioned" else p.slip.value for p in stated])
    return usual_delay(slips, kinds)


def _allowed(plan: ProjectPlan, months: float) -> ProjectPlan:
    return replace(plan, earliest=max(plan.begins - months, 0.0)) if plan.ahead else plan


def one(quantity: Quantity, values: Draws) -> float:
    """The first draw of a number."""
    return float(quantity.value) if type(values) is Draws else float(values(quantity)[0])


def _months(months: Months, values: Draws) -> dict[str, float]:
    return {
        name: one(getattr(months, name), values)
        for name in ("approval", "registration", "construction", "ramp_up")
    }


def spread_of_months(months: Months, slip: Quantity) -> dict[str, tuple[float, float]]:
    """Low and high of the durations that are in doubt."""
    stated = {name: getattr(months, name) for name in ("approval", "registration", "construction", "ramp_up")}
    stated["slip"] = slip
    return {
        name: (q.value if q.low is None else q.low, q.value if q.high is None else q.high)
        for name, q in stated.items()
        if q.low is not None or q.high is not None
    }


def resources(scenario: Scenario, values: Draws) -> Resources:
    """Desks, builders and money that projects share."""
    funds = {key: one(fund.amount, values) for key, fund in scenario.funds.items() if fund.amount}
    desks = scenario.pipeline
    if desks is None:
        return Resources(funds=funds)
    return Resources(int(one(desks.approvals, values)), int(one(desks.builders, values)), funds)


def totals(scenario: Scenario, values: Draws) -> FloatArray:
    """Planned nominal investment of years 1..T ``(T, D)``, in units of money."""
    stated = scenario.investment
    first = values(scenario.accounts.fai) * (1 + values(stated.growth) / 100)
    if not stated.path and not stated.growth_in:
        years = np.arange(scenario.years.horizon)[:, None]
        return np.asarray(first * (1 + values(stated.later) / 100) ** years)
    money = [values(scenario.accounts.fai)]
    for year in range(scenario.years.first, scenario.years.last + 1):
        otherwise = stated.later if len(money) > 1 else stated.growth
        growth = stated.growth_in.get(str(int(year)), otherwise)
        level = stated.path.get(str(int(year)))
        money.append(values(level) if level else money[-1] * (1 + values(growth) / 100))
    return np.stack(np.broadcast_arrays(*money[1:]))


def counted(scenario: Scenario, plan: Plan, year: int) -> float:
    """Investment by which plans are compared, money: of the target year (its index), or of all years up to it
    where money may move between them."""
    return float(counted_money(scenario, plan, year).sum())


def counted_money(scenario: Scenario, plan: Plan, year: int) -> FloatArray:
    """The same by sector ``(S,)``."""
    first = year if scenario.investment.movable is None else 1
    return np.asarray(plan.investment[:, first - 1 : year].sum(axis=1))


def stated_plans(scenario: Scenario, values: Draws) -> dict[str, Plan]:
    """Every mix of the scenario as a plan, the plan itself first; in years that are over all have its
    money."""
    order = [scenario.plan, *[key for key in scenario.mixes if key != scenario.plan]]
    money, done = totals(scenario, values)[:, 0], finished(scenario)
    found = {key: spread(_shares(scenario, key, values), money) for key in order}
    for investment in found.values():
        investment[:, :done] = found[scenario.plan][:, :done]
    return {key: Plan(key, scenario.mixes[key].title, investment) for key, investment in found.items()}


def _shares(scenario: Scenario, key: str, values: Draws) -> FloatArray:
    """Shares of the sectors in each year ``(S, T)``, %; ``(S,)`` where they are the same in all years."""
    mix = scenario.mixes[key]

    def of_sectors(stated: Mapping[str, Quantity]) -> FloatArray:
        return np.array([one(stated[s], values) if s in stated else 0.0 for s in scenario.sectors])

    if mix.starts_from:
        shares, more = _shares(scenario, mix.starts_from, values), of_sectors(mix.add)
        return np.asarray(shares + (more if shares.ndim == 1 else more[:, None]))
    if not mix.by_year:
        return of_sectors(mix.shares)
    found = [of_sectors(mix.shares)]
    for year in range(scenario.years.first, scenario.years.last + 1):
        stated = mix.by_year.get(str(int(year)))
        found.append(of_sectors(stated) if stated else found[-1])
    return np.stack(found[1:], axis=1)


def realised_share(scenario: Scenario, values: Draws) -> FloatArray:
    """What is put in place of each yuan planned besides named projects, by sector ``(S, D)``."""
    one = np.ones(1)
    return np.stack(
        np.broadcast_arrays(
            *[
                values(sector.realisation) / 100 if sector.realisation else one
                for sector in scenario.sectors.values()
            ]
        )
    )
