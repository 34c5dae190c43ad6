"""What a scenario leaves unsaid, and what it says without effect: told by validation and by every run
(提示)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...models.errors import Said
from ...models.quantity import FloatArray, Quantity
from ...models.target import Sheet
from ...scenarios.files import EXAMPLE, PRIORS
from ...scenarios.schema import Scenario
from ...scenarios.tables.panels import missing
from ...solvers.problem import FLOOR
from .. import build
from ..decide.assess import Run
from ..projects.drawn import DrawnPipeline
from ..projects.variants import MANY, Variant, varied
from .one_at_a_time import Moved, Recorded, differs, every_own, width

Kind = Literal[
    "left_out",
    "mix_leaves_out",
    "hole",
    "usual_slip",
    "no_start",
    "beyond",
    "late",
    "unlisted",
    "carried",
    "delay",
    "unlimited",
    "unbounded",
    "fitted",
    "uncounted",
    "no_long_view",
    "no_long_case",
    "idle",
]
"""What there is to tell.

left_out
    A sector that the plan's mix does not name gets no investment.
mix_leaves_out
    Nor does one that another mix does not name and the plan's does; ``process`` is that mix.
hole
    Years of the history that are missing between others.
usual_slip
    Works whose delay nobody stated: that of the priors is expected, months; ``process`` is how many.
no_start
    A project that states no date starts as soon as it can, in January of the year after the base year.
beyond, late
    A project that starts after the last year counts nothing; one that is finished after it is investment and
    brings no output.
unlisted
    Output that works on no list bring in year 1, inferred because the list of projects is not whole, money or
    the process's unit.
carried
    Money of the base year that comes late into year 1 from works on no list, inferred from the usual delay.
delay
    A tier that is reached, or missed, only because of a delay assumed alike for many projects; the amount is
    the target without it.
unbounded
    No limit on all investment is stated: allowed plans spend no more than the plan's total, in money.
unlimited
    No limit says how far the mix may move: optima keep an assumed part of every sector's planned money, %,
    and nothing else holds them.
fitted
    The level of an indicator of one's own that its coefficients give in the base year is not the one stated:
    all are multiplied by the amount.
uncounted
    Sectors that the coefficients of such an indicator do not speak of; ``process`` names them.
no_long_view
    Numbers that cannot stand together over the years of the long view: the run has none; ``why`` says it.
no_long_case
    The same of one question of the long view: the others are answered.
idle
    A stated number that was moved by half its range, and nothing moved with it: no output, investment or
    target in any year.
"""


@dataclass(frozen=True)
class Hint:
    """One thing to know: what kind, the place it stands at, whom it is about, and an amount where there is
    one.

    ``process`` is the process of a chain that it is about, or the tier.
    """

    kind: Kind
    path: str
    about: str = ""
    amount: float | None = None
    process: str = ""
    why: Said = ""


def hints(
    scenario: Scenario, quantities: Mapping[str, Quantity], sheet: Sheet, plan: Run, idle: frozenset[str]
) -> tuple[Hint, ...]:
    """Everything that there is to tell of a scenario and its plan, simulated; ``idle`` are numbers that move
    nothing in the economy."""
    return (
        *_silent(scenario, plan),
        *_inferred(plan),
        *_own(plan),
        *_delayed(scenario, sheet, plan),
        *_idle(scenario, quantities, sheet, plan, idle),
    )


def unfloored(scenario: Scenario) -> bool:
    """Whether no limit says how little some sector may have, so that an assumption does."""
    sectors, limits = scenario.sectors, scenario.limits.values()
    return not {key for limit in limits for key in limit.kind.floored(limit.sectors, sectors)} >= set(sectors)


def uncapped(scenario: Scenario) -> bool:
    """Whether no limit says how much some sector may have: an optimum may put into it whatever the others can
    spare."""
    sectors, limits = scenario.sectors, scenario.limits.values()
    return not {key for limit in limits for key in limit.kind.capped(limit.sectors, sectors)} >= set(sectors)


def unsaid(slip: Quantity) -> bool:
    """Whether a delay is that of the priors, since nobody stated one."""
    return slip.origin.startswith(EXAMPLE) and f"/{PRIORS}:" in slip.origin


def _gaps(scenario: Scenario) -> Iterator[Hint]:
    """Branches, years and delays that nobody stated."""
    stated = scenario.mixes[scenario.plan].shares
    for key in scenario.sectors:
        if key not in stated:
            yield Hint("left_out", f"mixes.{scenario.plan}.shares", key)
    for key, mix in scenario.mixes.items():
        silent = set(stated) - set(mix.shares) if key != scenario.plan and not mix.starts_from else set()
        for sector in (each for each in scenario.sectors if each in silent):
            yield Hint("mix_leaves_out", f"mixes.{key}.shares", sector, process=key)
    gone = missing(map(int, scenario.history.years))
    if gone:
        yield Hint("hole", "history.years", ", ".join(map(str, gone)))
    waiting = {key: project for key, project in scenario.projects.items() if project.stage != "commissioned"}
    usual = [key for key, project in waiting.items() if unsaid(project.slip) and project.slip.value]
    if usual:
        months = scenario.projects[usual[0]].slip.value
        yield Hint("usual_slip", f"projects.{usual[0]}", usual[0], months, str(len(usual)))


def _silent(scenario: Scenario, plan: Run) -> Iterator[Hint]:
    """What nobody stated, and what lies beyond the horizon."""
    yield from _gaps(scenario)
    if unfloored(scenario):
        yield Hint("unlimited", "limits", amount=100 * FLOOR)
    if not any(limit.kind.all_money for limit in scenario.limits.values()):
        yield Hint("unbounded", "limits", amount=plan.plan.total(scenario.years.ahead))
    horizon = 12.0 * (scenario.years.horizon)
    commissioned = plan.pipeline_run.result.dates["commissioned"]
    for project, end in zip(plan.pipeline_run.projects, commissioned, strict=True):
        said = scenario.projects[project.id]
        if project.ahead and said.start is None and said.finish is None and said.decided is None:
            yield Hint("no_start", f"projects.{project.id}", project.id)
        if project.ahead and project.begins >= horizon:
            if said.decided is None:
                yield Hint("beyond", f"projects.{project.id}.start", project.id)
        elif project.stop is None and project.output > 0 and not end < horizon:
            yield Hint("late", f"projects.{project.id}", project.id)


def _inferred(plan: Run) -> Iterator[Hint]:
    """What is read from the list of projects about works that are not on it."""
    realisation = plan.pipeline_run.realisation
    for sector, own in realisation.unlisted.items():
        for process, path in own.items():
            if path[0, 0] > 0:
                yield Hint("unlisted", "listing", sector, float(path[0, 0]), process)
    carried = plan.pipeline_run.realisation.invested[:, 0, 0] - plan.pipeline_run.unnamed[1][:, 0]
    for project, spent in zip(plan.pipeline_run.projects, plan.pipeline_run.result.investment, strict=True):
        carried[plan.path.economy.sector_ids.index(project.sector)] -= spent[:12].sum()
    if carried.sum() > 1e-9:
        yield Hint("carried", "listing", amount=float(carried.sum()))


ALIKE = 3
"""Projects with the very same delay from which on it is a figure for all rather than one of each."""


def _delayed(scenario: Scenario, sheet: Sheet, plan: Run) -> Iterator[Hint]:
    """Tiers whose reaching in the target year turns on a delay that is the same for many projects."""
    kinds: dict[tuple[float, float | None, float | None], list[str]] = {}
    for project in plan.pipeline_run.projects:
        slip = scenario.projects[project.id].slip
        if project.stage != "commissioned" and slip.value > 0:
            kinds.setdefault((slip.value, slip.low, slip.high), []).append(project.id)
    alike = frozenset(key for some in kinds.values() if len(some) >= ALIKE for key in some)
    if not alike:
        return
    year = scenario.years.ahead
    path = varied(scenario, plan.path.economy, plan.plan, [Variant("on_time", alike)], year)
    for target in sheet.targets.values():
        if not target.judged:
            continue
        value = np.broadcast_to(sheet.value(target, path, year), (2,))
        for tier, threshold in target.tiers.items():
            if target.met(float(value[0]), threshold) != target.met(float(value[1]), threshold):
                yield Hint("delay", f"targets.{target.id}.{tier}", target.id, float(value[1]), tier)


def _idle(
    scenario: Scenario, quantities: Mapping[str, Quantity], sheet: Sheet, plan: Run, idle: frozenset[str]
) -> Iterator[Hint]:
    """Numbers that a simulation reads and that move nothing, found by moving each in a draw of its own; those
    of the nation apart.

    What the economy around the works reads was moved for the ranking; here what the pipeline of projects
    reads. Of a list of more than :data:`MANY` projects their own numbers are not moved: a draw for each would
    take the square of its length in time and memory.
    """
    read, plan_of = Recorded(), plan.plan
    DrawnPipeline(scenario, read, 1, alike=True).run(plan_of)
    economy = plan.path.economy
    region = Recorded()
    build.economy(scenario, region)
    build.sheet(scenario, region)
    many = len(scenario.projects) > MANY
    chosen = [
        q
        for path, q in quantities.items()
        if path in read.read and width(q) > 0 and not (many and path.startswith("projects."))
    ]
    values, draws = Moved(chosen, part=1.0), 1 + len(chosen)
    realisation = DrawnPipeline(scenario, values, draws, alike=True).run(plan_of).realisation
    path = economy.simulate(realisation, plan_of.routing or None, plan_of.quotas)
    judged = [
        sheet.value(target, path, year)
        for target in sheet.targets.values()
        if target.judged
        for year in range(1, economy.years + 1)
    ]
    judged += every_own(path)
    still = ~differs(
        draws,
        path.output,
        np.nan_to_num(path.limit, posinf=0.0),
        realisation.invested,
        realisation.key_investment,
        *judged,
    )
    found = {
        q.path
        for at, q in enumerate(chosen, start=1)
        if still[at] and (q.path in idle or q.path not in region.read)
    }
    found |= {key for key in idle if key in region.read and key not in read.read}
    for key, quantity in quantities.items():
        # sources of money act on limits; no region has every class that speaks for the nation's
        if key in found and "national." not in key and ".funds." not in key and not _general(scenario, key):
            yield Hint("idle", key, amount=quantity.value)


def _general(scenario: Scenario, path: str) -> bool:
    """Whether a number of an indicator of one's own is that of a class or group of the national table."""
    head, _, name = path.rpartition(".")
    table = scenario.national
    return head.startswith("indicators.") and (name in table.classes or name in table.groups)


def _own(plan: Run) -> Iterator[Hint]:
    """By how much coefficients were changed to give the base year, and sectors that they leave out."""
    for key, own in plan.path.economy.indicators.items():
        if own.fitted is not None and abs(own.fitted - 1) > 1e-9:
            yield Hint("fitted", f"indicators.{key}.base", key, own.fitted)
        if own.uncounted:
            yield Hint("uncounted", f"indicators.{key}.coefficients", key, process=", ".join(own.uncounted))


def money_by_project(plan: Run) -> tuple[tuple[str, FloatArray], ...]:
    """What becomes of each named project's money within the horizon, in units of money.

    Overdue at month 0, planned, put in place, cancelled, left over: overdue + planned = put in place +
    cancelled + left over. What is left over is below zero where works come sooner than planned.
    """
    found = []
    pipeline_run = plan.pipeline_run
    for j, project in enumerate(pipeline_run.projects):
        planned, overdue = float(pipeline_run.due[j].sum()), float(pipeline_run.overdue[j])
        spent = float(pipeline_run.result.investment[j].sum())
        rest = overdue + planned - spent
        gone = rest if project.stop is not None or pipeline_run.result.cancelled[j] else 0.0
        found.append((project.id, np.array([overdue, planned, spent, gone, rest - gone])))
    return tuple(found)
