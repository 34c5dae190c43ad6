"""What the list of projects says of what is not on it: usual commissioning, what finishes unlisted, money
that comes late.

Both engines of the pipeline and the optimiser's coefficients take it from here (清单之外的推断).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.listing import coming, missing, new_load, pace_end, spent_before
from ...models.quantity import Draws, FloatArray, share_of
from ...scenarios.schema import Scenario
from ..remember import remembered
from .named import Named, courses, named_projects, planned_spending, unhindered_spending

FEW = 3
"""Works of a kind (a sector's output, or capacity of a process) that are read as a stream."""

Parts = Mapping[str, Mapping[str, FloatArray]]
"""Sector -> process (``""`` for output) -> amounts."""


@dataclass(frozen=True)
class ListedPast:
    """What listed works that add output took and brought in the base year.

    Attributes
    ----------
    tied
        Share of each sector's base-year investment that went into them ``(S, D)``, at most 1.
    usual
        Output or capacity that works of this kind bring on line in a usual year ``(D,)``: what a yuan of each
        project brings times what was spent on it in the base year.
    """

    tied: FloatArray
    usual: Parts


@dataclass(frozen=True)
class Inferred:
    """What a list that is not whole leaves out.

    Attributes
    ----------
    missing
        Part of the usual commissioning that unlisted works bring in years 1..T ``(T, D)``.
    carried
        Money planned for the base year that comes late into year 1 from unlisted works, by sector ``(S, D)``:
        as much as comes late out of it by the usual delay, where listed works do not bring it.
    """

    missing: Parts
    carried: FloatArray


def past(scenario: Scenario, named: Named, base: FloatArray, values: Draws) -> ListedPast:
    """What listed works took of base-year investment ``base`` ``(S, D)`` and bring in a usual year."""
    sectors = tuple(scenario.sectors)
    money = base_year_money(named) * named.makes
    taken = np.zeros((len(sectors), money.shape[1]))
    for j, plan in enumerate(named.plans):
        taken[sectors.index(plan.sector)] += money[j]
    tied = share_of(taken, np.broadcast_to(base, np.broadcast_shapes(base.shape, taken.shape)))
    # more than was invested at all: the list is of another size, and brings no more than the sector's money
    # could
    kept = np.where(tied > 1.0, 1.0 / np.maximum(tied, 1.0), 1.0)
    streams = usual_output(scenario, named, values) * share_of(money, named.invest)
    usual = summed(
        scenario, named, [streams[j] * kept[sectors.index(p.sector)] for j, p in enumerate(named.plans)]
    )
    return ListedPast(np.minimum(tied, 1.0), usual)


def usual_output(scenario: Scenario, named: Named, values: Draws) -> FloatArray:
    """What works like each project bring at full load ``(P, D)``: its own output; of fewer than :data:`FEW`
    what their money brings.

    One or two works are no stream: that they are good says nothing of other years, which brought what a yuan
    brings.
    """
    made = named.output
    for (sector, process), rows in groups(scenario, named).items():
        stated = scenario.sectors[sector]
        per_yuan = getattr(getattr(stated, "capacity", stated), "output_per_yuan", None)
        if len(rows) < FEW and not process and per_yuan is not None:
            usual = values(per_yuan) * named.invest[rows]
            made = np.array(np.broadcast_to(made, (len(made), max(made.shape[1], usual.shape[1]))))
            made[rows] = usual
    return made


def base_year_money(named: Named) -> FloatArray:
    """Money of the base year by project, as the statistics count it ``(P, D)``, in units of money."""
    begun = ~named.ahead[:, None]
    registered = named.begins + named.registration
    registered = np.where(
        named.has("registered", "commissioned")[:, None], np.minimum(registered, -1e-6), registered
    )
    until = np.where(named.has("commissioned")[:, None], np.minimum(named.ends, 0.0), 0.0)
    return np.where(begun, spent_before(named.invest * named.worked, named.begins, until, registered), 0.0)


def inferred(scenario: Scenario, named: Named, values: Draws, years: int) -> Inferred:
    """What is missing from the list, by stationarity, or by the part of the usual that is stated to finish
    (``listing``)."""
    stated, sectors = scenario.listing, tuple(scenario.sectors)
    if stated.whole or not named.plans:
        return Inferred({}, np.zeros((len(sectors), 1)))
    begun = ~named.ahead[:, None]
    made = usual_output(scenario, named, values) * begun
    streams = made * share_of(base_year_money(named), named.invest)
    known = np.array([project.done is not None for project in scenario.projects.values()])[:, None]
    natural = np.where(
        named.has("commissioned")[:, None], named.ends, named.begins + named.lasts + _later(named)
    )
    ends = np.where(
        named.has("commissioned")[:, None],
        named.ends,
        pace_end(named.worked, named.begins, natural, known & named.under_way[:, None]),
    )
    stream = coming(named.begins, named.lasts, named.ramp_up, years) * begun[:, None]
    listed = made[:, None] * new_load(ends, named.ramp_up, years)
    finishing = values(stated.finishing) / 100 if stated.finishing else 1.0
    found: dict[str, dict[str, FloatArray]] = {}
    for (sector, process), rows in groups(scenario, named).items():
        part = missing(streams[rows], stream[rows], listed[rows], finishing)
        if part.any():
            found.setdefault(sector, {})[process] = part
    return Inferred(found, _carried(sectors, named, years))


def _carried(sectors: Sequence[str], named: Named, years: int) -> FloatArray:
    """Money of year 1 that comes late out of it by the usual delay and is not made up by what is listed as
    overdue."""
    listed = -named.decided  # what is decided now says nothing of the years before
    on_time = replace(named, slip=named.usual + _later(named), stop=np.full((len(listed), 1), np.inf))
    path, plan = courses(on_time, listed), planned_spending(on_time, listed, years)
    spent = unhindered_spending(on_time, path, years)
    short = np.zeros((len(sectors), max(spent.shape[2], plan.years.shape[2])))
    for j, project in enumerate(named.plans):
        short[sectors.index(project.sector)] += plan.years[j, 0] - spent[j, 0]
    return np.where(short > 1e-9, short, 0.0)


def _later(named: Named) -> FloatArray:
    """Months by which projects come later in a draw than is expected of them ``(P, D)``; 0 in the central
    case."""
    return np.asarray(named.slip - np.array([plan.slip for plan in named.plans]).reshape(-1, 1))


def expected_list(scenario: Scenario, values: Draws) -> Inferred:
    """The same for draws: what their delays take from a year on average comes into it as well, since the
    years before had them too.

    Central delays are the likeliest; where they may be longer rather than shorter, draws would otherwise lose
    money and works at the end of every year that no year gets at its beginning.
    """
    found = inferred(scenario, named_projects(scenario, values), values, scenario.years.horizon)

    def mean(path: FloatArray) -> FloatArray:
        return np.asarray(path.mean(axis=-1, keepdims=True))

    missing = {
        sector: {process: mean(part) for process, part in own.items()}
        for sector, own in found.missing.items()
    }
    return Inferred(missing, mean(found.carried))


def groups(scenario: Scenario, named: Named) -> dict[tuple[str, str], list[int]]:
    """Projects that add output or capacity, by sector and process."""
    found: dict[tuple[str, str], list[int]] = {}
    makes = (named.output > 0).any(axis=1)
    for j in np.flatnonzero(makes).tolist():
        plan = named.plans[j]
        adds = scenario.projects[plan.id].adds
        if adds is not None:
            found.setdefault((plan.sector, adds.process or ""), []).append(j)
    return found


def summed(scenario: Scenario, named: Named, amounts: Sequence[FloatArray]) -> Parts:
    """Amounts of projects ``(P, ...)`` added up by sector and process."""
    found: dict[str, dict[str, FloatArray]] = {}
    for (sector, process), rows in groups(scenario, named).items():
        found.setdefault(sector, {})[process] = np.asarray(
            sum((amounts[j] for j in rows[1:]), np.asarray(amounts[rows[0]]))
        )
    return found


def unlisted(usual: Parts, part: Parts) -> Parts:
    """New output or capacity of unlisted works in years 1..T ``(T, D)``: the missing part of the usual."""
    return {
        sector: {process: part[sector][process] * usual[sector][process] for process in own}
        for sector, own in part.items()
        if sector in usual
    }


@remembered(kept=4)
def central_list(scenario: Scenario) -> Inferred:
    """What is inferred from the central numbers: a fact of the scenario, the same in all draws and for all
    plans."""
    values = Draws()
    return inferred(scenario, named_projects(scenario, values), values, scenario.years.horizon)
