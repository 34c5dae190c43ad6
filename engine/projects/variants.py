"""One plan with many small changes to its projects, all in one run: each variant is a draw of its own
(逐项变动)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...models.economy import Economy
from ...models.plan import Plan
from ...models.project import ProjectPlan
from ...models.quantity import BoolArray, Draws
from ...models.trajectory import Trajectory
from ...scenarios.schema import Scenario
from .drawn import DrawnPipeline
from .listed import inferred
from .named import Named, named_projects, planned_spending

Change = Literal["deleted", "cancelled", "handed_on", "sooner", "sooner_instead", "later", "on_time"]
"""What happens to projects.

deleted
    Taken off the list: nobody knows of them. A change of information, not of the world: what the list says of
    the past and of unlisted works changes too.
cancelled
    Nothing more is done on them from month 0 on; what was spent brings nothing, what was planned is saved.
handed_on
    The same, and the money planned goes to other works of their sectors.
sooner, sooner_instead
    Begun ``months`` sooner (those under way: finished sooner), with the money that this takes added; or
    within the sectors' money, in place of other works.
later
    Commissioned ``months`` later than expected.
on_time
    Commissioned as planned, without the delay that is expected.
"""


@dataclass(frozen=True)
class Variant:
    """A change of some projects; ``months`` for those that move dates."""

    change: Change
    projects: frozenset[str]
    months: float = 3.0


CELLS = 1 << 20
"""Projects times variants that are simulated at a time: memory grows with neither."""

MANY = 400
"""Projects up to which each is moved by itself."""

MOST = 100
"""Of more, the largest that still are: one by one they would take the square of their number in time."""


def one_by_one(projects: Sequence[ProjectPlan]) -> tuple[ProjectPlan, ...]:
    """Those that are moved by themselves, in their order: all, of a list of more than :data:`MANY` the
    :data:`MOST` of the largest investment."""
    if len(projects) <= MANY:
        return tuple(projects)
    largest = {p.id for p in sorted(projects, key=lambda p: (-p.invest, p.id))[:MOST]}
    return tuple(p for p in projects if p.id in largest)


def each_varied(
    scenario: Scenario, economy: Economy, plan: Plan, variants: Sequence[Variant], until: int | None = None
) -> Iterator[tuple[Variant, Trajectory, int]]:
    """Each variant of a plan with a path and its draw in it, draw 0 of which is the plan; not all of a long
    list at once."""
    most = max(CELLS // max(len(scenario.projects), 1), 2) - 1
    for first in range(0, len(variants), most):
        some = variants[first : first + most]
        path = varied(scenario, economy, plan, some, until)
        for draw, variant in enumerate(some, start=1):
            yield variant, path, draw


def varied(
    scenario: Scenario, economy: Economy, plan: Plan, variants: Sequence[Variant], until: int | None = None
) -> Trajectory:
    """A plan with central durations, and with each variant of it: draw 0 is the plan, draw ``i + 1`` variant
    ``i``.

    Unnamed projects are all alike and nothing is cancelled by chance, so that draws differ by what the
    variant says and by nothing else.
    """
    draws, values = 1 + len(variants), Draws()
    central = named_projects(scenario, values)
    years = scenario.years.horizon
    known = _changed(central, variants, "deleted", invest=0.0, output=0.0)
    named = _changed(known, variants, "cancelled", stop=0.0)
    named = _changed(named, variants, "handed_on", stop=0.0)
    named = _moved(named, variants)
    planned = np.array([plan.shifts.get(project.id, 0.0) for project in central.plans])
    shifts = np.repeat(planned[:, None], draws, axis=1)
    added = np.zeros((len(scenario.sectors), years, draws))
    for draw, variant in enumerate(variants, start=1):
        if variant.change in ("sooner", "sooner_instead"):
            shifts[_rows(central, variant) & central.ahead, draw] -= variant.months
    due = planned_spending(named, shifts, years).years
    due = np.broadcast_to(due, (*due.shape[:2], draws))
    sectors = list(scenario.sectors)
    for draw, variant in enumerate(variants, start=1):
        for j in np.flatnonzero(_rows(central, variant)):
            row = sectors.index(central.plans[j].sector)
            if variant.change == "sooner":
                added[row, :, draw] += np.maximum(due[j, :, draw] - due[j, :, 0], 0.0)
            elif variant.change == "handed_on":
                added[row, :, draw] += due[j, :, draw]
    drawn_pipeline = DrawnPipeline(
        scenario, values, draws, alike=True, named=named, inferred=inferred(scenario, known, values, years)
    )
    realisation = drawn_pipeline.run(plan, shifts, added).realisation
    return economy.simulate(realisation, plan.routing or None, plan.quotas, until)


def _rows(named: Named, variant: Variant) -> BoolArray:
    """Which projects a variant changes ``(P,)``."""
    found = np.zeros(len(named.plans), dtype=np.bool_)
    found[[named.places[key] for key in variant.projects]] = True
    return found


def _changed(named: Named, variants: Sequence[Variant], change: Change, **values: float) -> Named:
    """Numbers of projects set to a value in the draws of the variants that make a change."""
    draws = 1 + len(variants)
    for name, value in values.items():
        before = getattr(named, name)
        wide = np.array(np.broadcast_to(before, (len(before), draws)))
        for draw, variant in enumerate(variants, start=1):
            if variant.change == change:
                wide[_rows(named, variant), draw] = value
        named = replace(named, **{name: wide})  # type: ignore[arg-type]
    return named


def _moved(named: Named, variants: Sequence[Variant]) -> Named:
    """Works under way finished sooner by their plan, and anything unfinished later than planned."""
    draws = 1 + len(variants)
    ends, slip = (np.repeat(getattr(named, name)[:, :1], draws, axis=1) for name in ("ends", "slip"))
    open_ = ~named.has("commissioned")
    for draw, variant in enumerate(variants, start=1):
        rows = _rows(named, variant)
        if variant.change in ("sooner", "sooner_instead"):
            running = rows & named.under_way
            ends[running, draw] = np.maximum(
                ends[running, draw] - variant.months, np.minimum(ends[running, draw], 0.0)
            )
        elif variant.change == "later":
            slip[rows & open_, draw] += variant.months
        elif variant.change == "on_time":
            slip[rows & open_, draw] = 0.0
    return replace(named, ends=ends, slip=slip)
