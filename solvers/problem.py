"""The planning problem as linear rows: money, starts, output, limits and indicators.

.. math::
    x_{bt} \\le Q_{bt}(l), \\quad x_{bt} \\le \\sum_j M_{bj} x_{jt} + f_{bt}(l), \\quad
    \\sum_s m_s = total + extra, \\quad \\sum_q y_{pq} = 1

with levers ``l = (m, y)``: money by sector and starts of projects. Whatever the levers, every feasible output
lies below the simulation's (its greatest fixed point), and is equal to it when output is rewarded; so an
optimum is a promise that the simulation can check. Source: the relaxation of complementary slackness in
Miller & Blair (2009) accounts; goal rows after Charnes & Cooper (1961).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.economy import Economy
from ..models.limits import TOTAL_MONEY, Bound, Ground
from ..models.quantity import FloatArray
from ..models.realisation import Realisation
from ..models.target import Sheet, Target
from ..models.trajectory import Trajectory
from .decision_variables import Affine, DecisionVariables, YearBounds, moved, read, years
from .model import Compiled, Rows

HAIR = 1e-9
"""Part of the largest below which a slope is rounding."""

FLOOR = 0.5
"""Part of its planned money that a sector keeps where no limit on cuts, and no floor of its own, says how
little it may have: an assumption."""

EXTRA = "extra money"
UNSPENT = "unspent money"
"""Variable: investment beyond what may be spent without a relaxation, 亿元."""


@dataclass(frozen=True)
class PlanningProblem:
    """A compiled problem with the names of its variables.

    ``goals`` maps each judged target to its variable; a goal is pushed up (or down for a ceiling). ``fixed``
    lists targets that no lever moves; ``leaders`` those that rise and fall with an earlier one, so that they
    share its best plan.
    """

    compiled: Compiled
    variables: DecisionVariables
    bounds: tuple[Bound, ...]
    ground: Ground
    goals: Mapping[str, str]
    fixed: Mapping[str, float]
    leaders: Mapping[str, str]
    output: tuple[tuple[str, ...], ...]
    va: FloatArray
    year: int
    ceilings: bool = False
    unspent: tuple[float, float] = (0.0, 0.0)
    """Money that may be left unspent, as limits stand and relaxed: all of it where a ceiling is to be kept,
    else what limits leave no use for."""

    def relaxed(self, allowed: bool) -> dict[str, tuple[float, float]]:
        """Bounds of the relaxations: all of them at most their end, or none."""
        bounds = {f"relax:{b.id}": (0.0, b.slack if allowed else 0.0) for b in self.bounds}
        return bounds | {UNSPENT: (0.0, self.unspent[allowed])}


def build(  # noqa: PLR0913  (each is a fact of its own)
    economy: Economy,
    variables: DecisionVariables,
    bounds: Sequence[Bound],
    sheet: Sheet,
    targets: Sequence[Target],
    plan: Trajectory,
    year: int,
    point: FloatArray | None = None,
    quotas: FloatArray | None = None,
) -> PlanningProblem:
    """Write the whole problem for goals in one year (1, 2, ...); a limit on an indicator holds in its own.

    What is first-order is so around the lever vector ``point`` and its path ``plan``, whose output ``quotas``
    ration; the plan as written where left out.
    """
    point = variables.plan if point is None else point
    rows = Rows()
    choices = {f"start:{c.project}:{c.shift:g}": c.shift for c in variables.choices}
    limited = [bound for bound in bounds if bound.about]
    invested = read(variables.realisation(moved(point)).invested, point) if limited else None
    ground = Ground.of(
        economy,
        variables.money,
        variables.base,
        bounds,
        variables.year,
        choices,
        plan,
        (invested.constant, invested.slope) if invested else None,
    )
    money = [
        rows.variable(f"money:{s}", least)
        for s, least in zip(economy.sector_ids, kept(ground, bounds).tolist(), strict=True)
    ]
    start = [rows.variable(name, 0, 1, binary=True) for name in choices]
    for bound in bounds:
        rows.variable(f"relax:{bound.id}", 0, bound.slack)
    rows.variable(UNSPENT, 0, float(variables.money.sum()))
    # a limit on investment bounds it by the limit's own relaxation; without one the plan's total stands
    rows.variable(EXTRA, 0, np.inf if any(b.all_money for b in bounds) else 0.0)
    names = [*money, *start]
    _money(rows, variables, ground, money, start)
    output = []
    last = max(year, *(bound.when for bound in limited), 0)
    for t, limits in enumerate(years(economy, variables, last, point), start=1):
        output.append(_year(rows, economy, limits, names, t))
    _limits(rows, bounds, ground, money, start, output)
    goals, fixed, leaders, eased = _goals(
        rows, economy, variables, sheet, targets, plan, names, output, year, point, quotas
    )
    _distance(rows, ground, money)
    _shortfalls(rows, targets, goals)
    return PlanningProblem(
        Compiled(rows),
        variables,
        tuple(bounds),
        ground,
        goals,
        fixed,
        leaders,
        tuple(output),
        economy.accounts.va_ratio[:, 0],
        year,
        eased,
    )


def kept(ground: Ground, bounds: Sequence[Bound]) -> FloatArray:
    """Money that every sector keeps where nobody said how little it may have ``(S,)``: a part of the plan's,
    or less where a limit says less."""
    least = FLOOR * ground.planned
    for bound in bounds:
        least = bound.leave(least, ground)
    return least


def _distance(rows: Rows, ground: Ground, money: list[str]) -> None:
    """``away:`` how far a sector's money is from the plan's share, for breaking ties towards the plan."""
    planned, total = ground.planned / ground.planned.sum(), ground.total
    for name, share in zip(money, planned.tolist(), strict=True):
        away = rows.variable(f"away:{name}")
        rows.row(f"more:{name}", {name: 1.0, away: -1.0, EXTRA: -share, UNSPENT: share}, high=share * total)
        rows.row(f"less:{name}", {name: 1.0, away: 1.0, EXTRA: -share, UNSPENT: share}, low=share * total)


def _shortfalls(rows: Rows, targets: Sequence[Target], goals: Mapping[str, str]) -> None:
    """``short:`` what a goal lacks of a tier, after the rounding of the sheet.

    In points for rates, in percent of the threshold for levels: 亿元 and 万吨 cannot be added.
    """
    for target in targets:
        if target.id not in goals:
            continue
        for tier, threshold in target.tiers.items():
            short = rows.variable(f"short:{target.id}:{tier}")
            enough = target.sign * enough_for(target, threshold, rounding=True)
            unit = 1.0 if target.unit == "%" or threshold == 0 else abs(threshold) / 100
            rows.row(f"short:{target.id}:{tier}", {goals[target.id]: target.sign, short: unit}, low=enough)


def enough_for(target: Target, threshold: float, rounding: bool = False) -> float:
    """The value that a plan is asked for: the tier itself; with ``rounding`` what rounds to it, and a hair
    for the solver's tolerance.

    That a little less rounds to a tier is a note on a plan, and its aim only where nothing more can be had.
    """
    half = 0.5 * 10.0**-target.digits
    return target.rounded(threshold) - target.sign * (half - 1e-3 * half if rounding else 0.0) - target.margin


def _terms(names: Sequence[str], slope: FloatArray, sign: float = 1.0) -> dict[str, float]:
    return {name: sign * float(c) for name, c in zip(names, slope, strict=True) if c != 0}


def _money(
    rows: Rows, variables: DecisionVariables, ground: Ground, money: list[str], start: list[str]
) -> None:
    """Money adds up to the plan's total (plus what is relaxed), covers named projects, and each starts
    once."""
    total = ground.total
    rows.row(TOTAL_MONEY, {**dict.fromkeys(money, 1.0), UNSPENT: 1.0, EXTRA: -1.0}, total, total)
    years_count = variables.fixed_planned.shape[1]
    for s, name in enumerate(money):
        for t in range(years_count):
            choices = {
                v: -float(c.planned[t])
                for v, c in zip(start, variables.choices, strict=True)
                if c.sector == s
            }
            need = float(variables.fixed_planned[s, t])
            if need > 0 or any(choices.values()):
                rows.row(
                    f"named projects:{ground.sectors[s]}:{t + 1}",
                    {name: float(variables.ratio[t]), **choices},
                    need,
                )
    for project in dict.fromkeys(c.project for c in variables.choices):
        own = {v: 1.0 for v, c in zip(start, variables.choices, strict=True) if c.project == project}
        rows.row(f"starts once:{project}", own, 1.0, 1.0)


def _year(rows: Rows, economy: Economy, limits: YearBounds, names: list[str], t: int) -> tuple[str, ...]:
    """Output of one year under capacity, demand and the couplings of chains."""
    branches = [branch.id for branch in economy.branches]
    output = tuple(rows.variable(f"output:{branch}:{t}") for branch in branches)
    led = economy.supply_led
    for b, name in enumerate(output):
        if np.isfinite(limits.limit.constant[b]):
            rows.row(
                f"capacity:{branches[b]}:{t}",
                {name: 1.0, **_terms(names, limits.limit.slope[b], -1)},
                high=float(limits.limit.constant[b]),
            )
        if not led[b]:
            linked = {v: -float(c) for v, c in zip(output, limits.links[b], strict=True) if c != 0}
            linked[name] = linked.get(name, 0.0) + 1.0
            rows.row(
                f"demand:{branches[b]}:{t}",
                {**linked, **_terms(names, limits.demand.slope[b], -1)},
                high=float(limits.demand.constant[b]),
            )
    aux = {
        economy.rows(sector.id).start: [rows.variable(f"wish:{sector.id}:{i}:{t}") for i in range(count)]
        for sector, count in zip(economy.sectors, limits.aux, strict=True)
        if count
    }
    several = sum(count > 0 for count in limits.aux) > 1
    for coupling, bound, first in limits.couplings:
        terms = {
            v: float(w)
            for v, w in zip(output[first : first + len(coupling.weights)], coupling.weights, strict=True)
        }
        terms |= {v: float(w) for v, w in zip(aux[first], coupling.aux_weights, strict=True)}
        kind, _, rest = coupling.name.partition(":")
        label = f"{kind}:{economy.branches[first].sector}/{rest}:{t}" if several else f"{coupling.name}:{t}"
        rows.row(label, {**terms, **_terms(names, bound.slope, -1)}, high=float(bound.constant))
    return output


def _limits(
    rows: Rows,
    bounds: Sequence[Bound],
    ground: Ground,
    money: list[str],
    start: list[str],
    output: Sequence[tuple[str, ...]],
) -> None:
    """The planner's limits, each with its own relaxation."""
    for bound in bounds:
        for name, row in bound.named_rows(ground).items():
            terms: dict[str, float] = {}
            made = ((output[t - 1], slope) for t, slope in row.output.items())
            for names, slope in ((money, row.money), *made, (start, row.starts)):
                terms |= _terms(names, slope) if slope.size else {}
            terms |= {f"relax:{bound.id}": row.relax, EXTRA: row.extra, UNSPENT: row.unspent}
            rows.row(name, terms, row.low, row.high)


def _goals(  # noqa: PLR0913  (each is a fact of its own)
    rows: Rows,
    economy: Economy,
    variables: DecisionVariables,
    sheet: Sheet,
    targets: Sequence[Target],
    plan: Trajectory,
    names: list[str],
    output: list[tuple[str, ...]],
    year: int,
    point: FloatArray,
    quotas: FloatArray | None,
) -> tuple[dict[str, str], dict[str, float], dict[str, str], bool]:
    """A variable per judged target, tied to the levers and the year's output by its own function.

    Exact in the first year for what is pushed up. First-order around the point are ceilings and rows in step
    with another (output is concave in the levers, so that a promise to stay below is kept) and, in later
    years, the year before in a growth rate.
    """
    goals, fixed, leaders, eased = {}, {}, {}, False
    ways: dict[str, FloatArray] = {}
    here = plan.output[:, year, 0]
    moving = economy.simulate(variables.realisation(moved(point)), quotas=quotas)
    by_lever, by_output = _nearby(economy, variables, plan, moving, year, point)
    for target in targets:
        rewarded = target.sign > 0
        if rewarded:
            on_levers = _around(sheet, target, by_lever, year, point)
            on_output = _around(sheet, target, by_output, year, here)
            rewarded = bool((on_output.slope >= -HAIR * np.abs(on_output.slope).max(initial=0.0)).all())
        if not rewarded:
            # a ceiling, or a row in step with another, rewards less output than there would be: the levers
            # alone decide, as in the simulation
            on_levers = _around(sheet, target, moving, year, point)
            on_output = read(np.zeros(1 + len(here)), here)
        value = float(sheet.value(target, plan, year)[0])
        if not on_levers.slope.any() and not on_output.slope.any():
            fixed[target.id] = value
            continue
        goal = rows.variable(f"goal:{target.id}", -np.inf)
        constant = value - float(on_levers.slope @ point) - float(on_output.slope @ here)
        rows.row(
            f"goal:{target.id}",
            {
                goal: 1.0,
                **_terms(names, on_levers.slope, -1),
                **_terms(output[year - 1], on_output.slope, -1),
            },
            constant,
            constant,
        )
        goals[target.id] = goal
        # less money helps where an indicator is held down, or in step with another that money moves more
        eased = eased or (
            not rewarded and bool((target.sign * on_levers.slope[: len(variables.money)] < 0).any())
        )
        way = target.sign * np.concatenate([on_levers.slope, on_output.slope])
        way /= np.linalg.norm(way)
        leader = next((key for key, other in ways.items() if np.abs(way - other).max() < 1e-10), target.id)
        leaders[target.id] = leader
        ways.setdefault(leader, way)
    return goals, fixed, leaders, eased


def _around(sheet: Sheet, target: Target, path: Trajectory, year: int, point: FloatArray) -> Affine:
    """A target's value around a point, from a path with one thing moved by one per draw; of an indicator of
    one's own by the slopes of its levels, since a ratio is not linear."""
    values = np.broadcast_to(sheet.value(target, path, year), 1 + len(point))
    own = path.economy.indicators.get(target.indicator)
    if own is None:
        return read(values, point)

    def slope_of(levels: FloatArray) -> FloatArray:
        return read(np.broadcast_to(levels, 1 + len(point)), point).slope

    slope = np.broadcast_to(own.slope(path, year, slope_of), len(point))
    return Affine(np.asarray(values[0] - slope @ point), slope)


def _nearby(
    economy: Economy,
    variables: DecisionVariables,
    plan: Trajectory,
    moving: Trajectory,
    year: int,
    point: FloatArray,
) -> tuple[Trajectory, Trajectory]:
    """The plan's path with one lever moved per draw (the year's output held), and with one output moved per
    draw."""
    count = len(economy.branches)

    def path(realisation: Realisation, output: FloatArray) -> Trajectory:
        return Trajectory(economy, realisation, output, _physical(economy, plan, output, year), plan.market)

    still = np.repeat(plan.output[..., :1], 1 + len(point), axis=2)
    still[:, :year] = moving.output[:, :year]
    stirred = np.repeat(plan.output[..., :1], 1 + count, axis=2).copy()
    for b in range(count):
        stirred[b, year, b + 1] += 1.0
    return path(variables.realisation(moved(point)), still), path(plan.realisation, stirred)


def _physical(economy: Economy, plan: Trajectory, output: FloatArray, year: int) -> dict[str, FloatArray]:
    """Physical quantities of stirred output: those of the plan in other years, recomputed in ``year``."""
    states = economy.start()
    for t in range(1, year + 1):
        states = economy.advance(states, plan.realisation, t)
    draws = output.shape[2]
    found = {key: np.repeat(path[:, :1], draws, axis=1).copy() for key, path in plan.physical.items()}
    for sector, state in zip(economy.sectors, states, strict=True):
        for key, value in sector.physical(state, output[economy.rows(sector.id), year]).items():
            found[key][year] = value
    return found
