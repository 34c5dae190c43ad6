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
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ..models.economy import Economy
from ..models.limits import TOTAL_MONEY, Bound, Ground, Paths
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

_Told = tuple[Mapping[str, float], float]
"""A value as slopes of variables and a constant."""

ALL_MONEY = "all money:"
"""Before a sector: its money of all years up to the target year, where it moves between them."""

EXTRA = "extra money"
UNSPENT = "unspent money"
"""Variable: investment beyond what may be spent without a relaxation, in units of money."""

APART = "extra money without relaxation"
"""Variable: money beyond the plan's total that no limit's relaxation is asked for; nothing, but where the use
of a limit is counted from below it."""


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
    every: Mapping[str, tuple[float, tuple[_Told, ...]]] = field(default_factory=dict)
    """Of goals that are held in each of several years the sign, and each year's value."""
    ceilings: bool = False
    unspent: tuple[float, float] = (0.0, 0.0)
    """Money that may be left unspent, as limits stand and relaxed: all of it where a ceiling is to be kept,
    else what limits leave no use for."""

    @property
    def mix(self) -> tuple[str, ...]:
        """Variables of the money of each sector by which plans are compared: of the target year, or of all
        years where money moves between them."""
        head = ALL_MONEY if self.variables.moves else "money:"
        return tuple(head + sector for sector in self.ground.sectors)

    @property
    def levers(self) -> tuple[str, ...]:
        """Variables of money: of each sector, then what is moved between years."""
        money = tuple(f"money:{sector}" for sector in self.ground.sectors)
        return money + self.variables.names[len(self.variables.choices) :]

    @cached_property
    def spent(self) -> tuple[FloatArray, float]:
        """Money by which plans are compared (:attr:`mix`, summed) by lever, and what it has besides."""
        variables, years = self.variables, slice(self.variables.year)
        if not variables.moves:
            return np.ones(len(variables.money)), 0.0
        weights = [variables.ratio[:, years].sum(axis=1), np.ones(len(variables.moves))]
        return np.concatenate(weights), float(variables.rest[:, years].sum())

    def extra(self, money: float) -> float:
        """The variable :data:`EXTRA` where so much is spent by which plans are compared."""
        if not self.variables.moves:
            return money - self.ground.total
        whole = self.variables.investment(self.variables.money)[:, : self.variables.year].sum(axis=0)
        scale = self.ground.total / float(self.variables.money.sum())
        return float((money - whole.sum() * scale) / (whole.sum() / whole[-1]))

    def reached(self, values: Mapping[str, float]) -> dict[str, float]:
        """What a solution makes of every goal: of one that is held in each year the worst of them."""
        found = {target: values[name] for target, name in self.goals.items()}
        for target, (sign, parts) in self.every.items():
            years = [
                constant + sum(slope * values[name] for name, slope in terms.items())
                for terms, constant in parts
            ]
            found[target] = min(years) if sign > 0 else max(years)
        return found

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
        Paths(variables.investment(variables.money), variables.ratio, variables.rest, variables.moves),
    )
    money = [
        rows.variable(f"money:{s}", least)
        for s, least in zip(economy.sector_ids, kept(ground, bounds).tolist(), strict=True)
    ]
    start = [rows.variable(name, binary=True) for name in choices]
    start += [rows.variable(name, -np.inf) for name in variables.names[len(choices) :]]
    for bound in bounds:
        rows.variable(f"relax:{bound.id}", 0, bound.slack)
    rows.variable(UNSPENT, 0, float(variables.money.sum()))
    # a limit on investment bounds it by the limit's own relaxation; without one the plan's total stands
    rows.variable(EXTRA, 0, np.inf if any(b.all_money for b in bounds) else 0.0)
    names = [*money, *start]
    _money(rows, variables, ground, money, start)
    output = []
    last = max([year, *(when for bound in limited for when in bound.years)])
    for t, limits in enumerate(years(economy, variables, last, point), start=1):
        output.append(_year(rows, economy, limits, names, t))
    _limits(rows, bounds, ground, money, start, output)
    _extra(rows, bounds, ground)
    found = _goals(
        rows, _Around(economy, variables, sheet, plan, year, point, quotas), targets, names, output
    )
    _distance(rows, ground, money)
    _shortfalls(rows, targets, found.goals)
    return PlanningProblem(
        Compiled(rows),
        variables,
        tuple(bounds),
        ground,
        found.goals,
        found.fixed,
        found.leaders,
        tuple(output),
        economy.accounts.va_ratio[:, 0],
        year,
        found.every,
        found.eased,
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


def _extra(rows: Rows, bounds: Sequence[Bound], ground: Ground) -> None:
    """Money beyond the plan's total is a relaxation also where limits on investment are of other years:
    e ≤ Σ r / k, k being planned money of those years over the target year's."""
    money = [bound for bound in bounds if bound.all_money]
    if not money or any(bound.sets_total for bound in money):
        return
    terms = {EXTRA: 1.0}
    terms[rows.variable(APART, 0, 0.0)] = -1.0
    for bound in money:
        totals = [one.total / ground.total for one in bound.grounds(ground)]
        terms[f"relax:{bound.id}"] = -1.0 / (sum(totals) if bound.together else max(totals))
    rows.row("extra money", terms, high=0.0)


def _between_years(
    rows: Rows, variables: DecisionVariables, ground: Ground, money: list[str], start: list[str]
) -> None:
    """Money moved between years: all of them together have what the plan has, no year's total is further
    from the plan's than it may be, and each sector keeps in each year the part that it keeps at least."""
    own, paths = start[len(variables.choices) :], ground.paths
    assert paths is not None
    whole, count = variables.investment(variables.money), variables.year
    # years that are over have all their money in `rest`: it neither moves nor grows with what is added
    still = [t for t in range(count) if variables.ratio[:, t].any()]
    add = float(whole[:, still].sum()) / float(whole[:, variables.year - 1].sum())
    kept_part = FLOOR * whole
    every: dict[str, float] = {}
    for t in still:
        year = {name: float(variables.ratio[s, t]) for s, name in enumerate(money)}
        year |= {name: 1.0 for name, (_, at) in zip(own, variables.moves, strict=True) if at == t}
        every = {name: every.get(name, 0.0) + year.get(name, 0.0) for name in {**every, **year}}
        total, rest = float(whole[:, t].sum()), float(variables.rest[:, t].sum())
        room, more = variables.movable * total, total / float(whole[:, variables.year - 1].sum())
        # where a limit on investment allows less than the plan, all years are that much smaller
        aim = total * ground.total / float(variables.money.sum())
        rows.row(
            f"year total:{t + 1}", {**year, EXTRA: -more, UNSPENT: more}, aim - room - rest, aim + room - rest
        )
    envelope = float(whole[:, still].sum()) * ground.total / float(variables.money.sum())
    rest = float(variables.rest[:, still].sum())
    rows.row(TOTAL_MONEY, {**every, EXTRA: -add, UNSPENT: add}, envelope - rest, envelope - rest)
    for s, sector in enumerate(ground.sectors):
        terms = {name: -1.0 for name, (of, _) in zip(own, variables.moves, strict=True) if of == s}
        terms |= {rows.variable(ALL_MONEY + sector): 1.0, money[s]: -float(variables.ratio[s, :count].sum())}
        fixed = float(variables.rest[s, :count].sum())
        rows.row(ALL_MONEY + sector, terms, fixed, fixed)
    for name, (s, t) in zip(own, variables.moves, strict=True):
        rows.row(
            f"kept:{name}",
            {money[s]: float(variables.ratio[s, t]), name: 1.0},
            low=float(kept_part[s, t] - variables.rest[s, t]),
        )
        away = rows.variable(f"away:{name}")
        rows.row(f"more:{name}", {name: 1.0, away: -1.0}, high=0.0)
        rows.row(f"less:{name}", {name: 1.0, away: 1.0}, low=0.0)


def _shortfalls(rows: Rows, targets: Sequence[Target], goals: Mapping[str, str]) -> None:
    """``short:`` what a goal lacks of a tier, after the rounding of the sheet.

    In points for rates, in percent of the threshold for levels: money and 万吨 cannot be added.
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
    if variables.moves:
        _between_years(rows, variables, ground, money, start)
    else:
        rows.row(TOTAL_MONEY, {**dict.fromkeys(money, 1.0), UNSPENT: 1.0, EXTRA: -1.0}, total, total)
    years_count = variables.fixed_planned.shape[1]
    moved = {at: name for name, at in zip(start[len(variables.choices) :], variables.moves, strict=True)}
    for s, name in enumerate(money):
        for t in range(years_count):
            choices = {
                v: -float(c.planned[t])
                for v, c in zip(start, variables.choices, strict=False)
                if c.sector == s
            }
            choices |= {moved[s, t]: 1.0} if (s, t) in moved else {}
            need = float(variables.fixed_planned[s, t] - variables.rest[s, t])
            if need > 0 or any(choices.values()):
                rows.row(
                    f"named projects:{ground.sectors[s]}:{t + 1}",
                    {name: float(variables.ratio[s, t]), **choices},
                    need,
                )
    for project in dict.fromkeys(c.project for c in variables.choices):
        own = {v: 1.0 for v, c in zip(start, variables.choices, strict=False) if c.project == project}
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
            starts = start[: row.starts.size]  # of starts alone where nothing is said of money moved
            for names, slope in ((money, row.money), *made, (starts, row.starts)):
                terms |= _terms(names, slope) if slope.size else {}
            terms |= {f"relax:{bound.id}": row.relax, EXTRA: row.extra, UNSPENT: row.unspent}
            rows.row(name, terms, row.low, row.high)


@dataclass(frozen=True)
class _Goal:
    """A target, or a year of one that is held in every year, around a point: its value there, its slopes by
    lever and by output of year ``last``."""

    value: float
    levers: FloatArray
    output: FloatArray
    last: int
    rewarded: bool

    @property
    def fixed(self) -> bool:
        """Whether nothing moves it."""
        return not self.levers.any() and not self.output.any()

    def way(self, sign: float) -> FloatArray:
        """Which way it is pushed, of length one."""
        way = sign * np.concatenate([self.levers, self.output])
        return np.asarray(way / np.linalg.norm(way))


@dataclass
class _Around:
    """What goals are read off: the economy around a point of the levers."""

    economy: Economy
    variables: DecisionVariables
    sheet: Sheet
    plan: Trajectory
    year: int
    point: FloatArray
    quotas: FloatArray | None

    def __post_init__(self) -> None:
        self.moving = self.economy.simulate(self.variables.realisation(moved(self.point)), quotas=self.quotas)
        self._near: dict[int, tuple[Trajectory, Trajectory]] = {}

    def near(self, year: int) -> tuple[Trajectory, Trajectory]:
        """Paths by lever and by the output of a year (:func:`_nearby`)."""
        if year not in self._near:
            self._near[year] = _nearby(self.economy, self.variables, self.plan, self.moving, year, self.point)
        return self._near[year]

    def goals(self, target: Target) -> tuple[_Goal, ...]:
        """A target, year by year where each of its years counts."""
        if target.over is None:
            return (self._goal(target, self.year),)
        return tuple(self._goal(replace(target, over=part), part.last) for part in target.over.parts())

    def _goal(self, target: Target, last: int) -> _Goal:
        here = self.plan.output[:, last, 0]
        rewarded = target.sign > 0
        if rewarded:
            by_lever, by_output = self.near(last)
            on_levers = _around(self.sheet, target, by_lever, last, self.point)
            on_output = _around(self.sheet, target, by_output, last, here)
            rewarded = bool((on_output.slope >= -HAIR * np.abs(on_output.slope).max(initial=0.0)).all())
        if not rewarded:
            # a ceiling, or a row in step with another, rewards less output than there would be: the levers
            # alone decide, as in the simulation
            on_levers = _around(self.sheet, target, self.moving, last, self.point)
            on_output = read(np.zeros(1 + len(here)), here)
        off = 0.0 if last == self.year else self.sheet.offset(target, self.year)
        value = float(self.sheet.value(target, self.plan, last)[0]) + off
        return _Goal(value, on_levers.slope, on_output.slope, last, rewarded)


@dataclass
class _Goals:
    """Variables of goals, as :class:`PlanningProblem` names them."""

    goals: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, float] = field(default_factory=dict)
    leaders: dict[str, str] = field(default_factory=dict)
    every: dict[str, tuple[float, tuple[_Told, ...]]] = field(default_factory=dict)
    eased: bool = False


def _goals(
    rows: Rows, around: _Around, targets: Sequence[Target], names: list[str], output: list[tuple[str, ...]]
) -> _Goals:
    """A variable per judged target, tied to the levers and the year's output by its own function.

    Exact in the first year for what is pushed up. First-order around the point are ceilings and rows in step
    with another (output is concave in the levers, so that a promise to stay below is kept) and, in later
    years, the years before: in a growth rate, in what is asked of several years. A target that every year is
    to reach has one row a year, and its goal lies below (of a ceiling above) all of them.
    """
    found, ways = _Goals(), dict[str, FloatArray]()
    for target in targets:
        parts = around.goals(target)
        if all(part.fixed for part in parts):
            values = [part.value for part in parts]
            found.fixed[target.id] = min(values) if target.sign > 0 else max(values)
            continue
        goal = rows.variable(f"goal:{target.id}", -np.inf)
        told = [_told(part, around, names, output) for part in parts]
        for part, (terms, constant) in zip(parts, told, strict=True):
            each = len(parts) > 1
            rows.row(
                f"goal:{target.id}:{part.last}" if each else f"goal:{target.id}",
                {goal: 1.0, **{name: -slope for name, slope in terms.items()}},
                -np.inf if each and target.sign > 0 else constant,
                np.inf if each and target.sign < 0 else constant,
            )
        found.goals[target.id] = goal
        # less money helps where an indicator is held down, or in step with another that money moves more
        money = len(around.variables.money)
        found.eased = found.eased or any(
            not part.rewarded and bool((target.sign * part.levers[:money] < 0).any()) for part in parts
        )
        if len(parts) > 1:
            found.every[target.id], found.leaders[target.id] = (target.sign, tuple(told)), target.id
            continue
        way = np.append(parts[0].way(target.sign), parts[0].last)
        leader = next((key for key, other in ways.items() if np.abs(way - other).max() < 1e-10), target.id)
        found.leaders[target.id] = leader
        ways.setdefault(leader, way)
    return found


def _told(part: _Goal, around: _Around, names: list[str], output: list[tuple[str, ...]]) -> _Told:
    """A goal's value as slopes of variables and a constant."""
    here = around.plan.output[:, part.last, 0]
    constant = part.value - float(part.levers @ around.point) - float(part.output @ here)
    return {**_terms(names, part.levers), **_terms(output[part.last - 1], part.output)}, constant


def _around(sheet: Sheet, target: Target, path: Trajectory, year: int, point: FloatArray) -> Affine:
    """A target's value around a point, from a path with one thing moved by one per draw; of an indicator of
    one's own by the slopes of its levels, since a ratio is not linear."""
    values = np.broadcast_to(sheet.value(target, path, year), 1 + len(point))
    own = path.economy.indicators.get(target.indicator)
    if own is None or (target.over is not None and target.over.first < target.over.last):
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
