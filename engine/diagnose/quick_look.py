"""What a little more money, another mix or a delay does to the main targets, to first order, and how far off
that is (速算: 线性影响及其误差)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypeAlias

import numpy as np

from ...models.limits import Bound, Ground
from ...models.plan import Plan
from ...models.quantity import FloatArray, Quantity
from ...models.target import Target, leading
from ...scenarios.schema import Scenario
from ..build import base_investment
from ..decide.jury import Jury
from ..projects.queue import QUARTER
from ..study import Study
from ..uncertainty.futures import Sample
from ..uncertainty.price import slipped
from .tested import PART, PART_TESTED, POINTS, POINTS_TESTED, QUARTERS

FUTURES, FEW = 512, 128
"""Futures on which effects are measured, and those of delays, which cost far more: as means of changes on the
same draws they are known to about two hundredths of themselves."""
PROJECTS = 10
"""Projects that are told of: the largest that are not finished and do anything; twice as many are tried."""
MOST_TAKEN = 0.8
"""Part of a sector's share that is taken away at most when effects are tested."""
LINEAR = 0.005
"""A limit counts as linear where the error at every test is no more than this part of it."""
STEPS = 20
"""Steps to either side at which chances are known."""
DIGITS = 9
"""Digits behind the point that are kept of effects and errors: the rest is rounding."""
GDP = "gdp"
"""GDP of the target year at base-year prices among what moves."""

Kind = Literal["money", "share", "later", "sooner"]
Change: TypeAlias = "Mapping[str, float]"
"""Changes by what moves: ids of targets, :data:`GDP`, ``limit_`` and the id of a limit."""


@dataclass(frozen=True)
class Typed:
    """A number of the scenario for the exact run: ``constant + per × what is entered``."""

    path: str
    constant: float
    per: float


@dataclass(frozen=True)
class Room:
    """What limits that speak of one sector at a time leave it: money as that of the lever, and points by
    which its share may move, each with the limit that says so; infinite where none does."""

    low: float = 0.0
    low_by: str = ""
    high: float = np.inf
    high_by: str = ""
    shift: float = np.inf
    shift_by: str = ""


@dataclass(frozen=True)
class Lever:
    """One thing that can be changed.

    Attributes
    ----------
    kind, of
        All money, the share of a sector, or a project that comes later or sooner.
    stated
        In the plan: money, %, or no quarter at all.
    effects, errors
        By what moves, per money, per point, per quarter; and the largest difference between the simulated and
        the linear change at ``tested``.
    tested
        Moves that were simulated beside those that the effect was measured with, in the lever's unit.
    least
        Money that named projects of the sector need, as that of the lever, in units of money.
    room
        What limits leave the sector.
    typed
        How the exact run is asked for; empty where it cannot be typed.
    """

    kind: Kind
    of: str
    stated: float
    effects: Change
    errors: Change
    tested: tuple[float, ...]
    least: float = 0.0
    room: Room = Room()
    typed: tuple[Typed, ...] = ()


@dataclass(frozen=True)
class Curve:
    """Chance of each tier of a target where every future is moved by a ``shift``, in its unit."""

    shifts: FloatArray
    chances: Mapping[str, FloatArray]


@dataclass(frozen=True)
class QuickLook:
    """Linear effects and their errors.

    Attributes
    ----------
    plan
        What moves, in the plan: medians of targets, GDP of the central case, uses of limits.
    limits, bent
        Limits that answer linearly, and those that only an exact run can judge; neither are those that speak
        of one sector at a time (:class:`Room`).
    together
        Largest error with all money, a share and a project moved at once, by what moves.
    medians, chances
        Largest difference between the change of the median, or of the chance of a tier, in an exact run and
        here, over moves of all money and of the share that does most; points and share.
    futures, few, judged
        Futures on which effects are means, those of delays among them, and on which medians and chances were
        compared.
    """

    plan: Mapping[str, float]
    targets: tuple[Target, ...]
    levers: tuple[Lever, ...]
    limits: tuple[Bound, ...]
    bent: tuple[Bound, ...]
    together: Change
    medians: Mapping[str, float]
    chances: Mapping[tuple[str, str], float]
    curves: Mapping[str, Curve]
    futures: int
    few: int
    judged: int


def quick_look(begun: Study, stated: Scenario) -> QuickLook | None:
    """Effects on the main targets, measured and tested; None where no futures were drawn or no money is
    planned.

    With y the outcome in a future and x what is changed,

    .. math:: e = \\frac{\\sum_i x_i\\,\\overline{y(x_i) - y(0)}}{\\sum_i x_i^2}

    over the moves x_i of a lever (to both sides where both are possible), means over the same futures. The
    effect of any change of the mix follows from those of the sectors, each taken from the others in
    proportion to their shares w (%),

    .. math:: \\Delta y = \\sum_s \\left(1 - \\frac{w_s}{100}\\right) e_s\\,\\Delta w_s
              \\qquad \\text{where } \\sum_s \\Delta w_s = 0.

    Of several years every year's money moves in the same proportion, and every year's mix by the same points;
    money is that by which plans are compared, w the mix of the target year.

    Parameters
    ----------
    stated
        The scenario as it was stated, for what is typed.
    """
    if begun.ensemble is None or begun.jury is None or begun.plan.plan.total(begun.year) <= 0:
        return None
    gauge = Gauge(begun, begun.jury)
    if not gauge.targets:
        return None
    levers = (_money(gauge, stated), *_shares(gauge, stated), *_delays(gauge, stated))
    strongest = max(
        (lever for lever in levers if lever.kind == "share" and POINTS_TESTED in lever.tested),
        key=lambda lever: abs(lever.effects[gauge.targets[0].id]),
        default=None,
    )
    late = next((lever for lever in levers if lever.kind == "later"), None)
    together = gauge.together(levers, strongest, late)
    ground = begun.assessor.problem.ground
    bounds = [
        bound
        for bound in begun.assessor.bounds
        if not bound.of_shares and not _by_sector(bound, ground) and _moved(bound, levers)
    ]
    limits = tuple(bound for bound in bounds if _linear(bound, levers, together))
    medians, chances = _whole(gauge, [levers[0], *([strongest] if strongest else [])])
    return QuickLook(
        gauge.plan_values(),
        tuple(gauge.targets),
        levers,
        limits,
        tuple(bound for bound in bounds if bound not in limits),
        together,
        medians,
        chances,
        {target.id: _curve(gauge, target, levers) for target in gauge.targets},
        gauge.sample.draws,
        gauge.few.draws,
        gauge.jury.draws,
    )


def limit_id(bound: Bound) -> str:
    """How a limit is called among what moves."""
    return f"limit_{bound.id}"


class Gauge:
    """Simulates moved plans on the same few futures, and says what changes."""

    def __init__(self, begun: Study, jury: Jury) -> None:
        self.begun, self.jury, self.year = begun, jury, begun.year
        self.plan: Plan = begun.plan.plan
        self.targets = leading(begun.assessor.targets)
        self.total = begun.assessor.money(self.plan)
        self.mix = self.plan.shares(self.year)
        futures = jury.samples[0].futures
        self.sample, self.few = (futures.sample(0, min(count, jury.draws)) for count in (FUTURES, FEW))
        self.before = {each: self._values(each, self.plan) for each in (self.sample, self.few)}

    def _values(self, sample: Sample, plan: Plan) -> dict[str, FloatArray]:
        """What moves, in every future."""
        assessor = self.begun.assessor
        last = max(self.year, *(max(bound.years, default=0) for bound in assessor.bounds), 0)
        path = sample.path(plan, last)
        return {
            **{target.id: sample.sheet.value(target, path, self.year) for target in self.targets},
            GDP: path.gdp[self.year],
            **{
                limit_id(bound): np.array([bound.measured(plan, path, assessor.problem.ground)])
                for bound in assessor.bounds
            },
        }

    def plan_values(self) -> dict[str, float]:
        """What moves, as the plan's tables tell it."""
        begun = self.begun
        return {
            **{target.id: begun.assessor.value(target, begun.plan) for target in self.targets},
            GDP: float(begun.plan.path.gdp[self.year, 0]),
            **{limit_id(use.bound): use.used for use in begun.assessor.uses(begun.plan)},
        }

    def change(self, plan: Plan | None) -> Change | None:
        """Mean change under another plan; None where named projects need more than it gives their sectors."""
        return self._change(self.sample, plan)

    def delayed(self, project: str, quarters: float) -> Change | None:
        """Mean change where a project comes later, or sooner where below zero."""
        return self._change(self.few, self.plan, project, quarters)

    def _change(
        self, sample: Sample, plan: Plan | None, project: str = "", quarters: float = 0.0
    ) -> Change | None:
        if plan is None or not self.allowed(plan):
            return None
        moved = slipped(sample, [project], QUARTER * quarters) if project else sample
        before, after = self.before[sample], self._values(moved, plan)
        return {key: float((after[key] - before[key]).mean()) for key in after}

    def allowed(self, plan: Plan) -> bool:
        """Whether every sector has the money of its named projects, and none less than nothing."""
        planned, money = self.begun.plan.pipeline_run.planned, plan.investment
        return bool((money >= 0).all() and (planned <= money * (1 + 1e-9) + 1e-9).all())

    def richer(self, money: float) -> Plan:
        """The same mixes with so much more money, in units of money, every year in the same proportion."""
        return self.plan.scaled(1 + money / self.total)

    def shifted(self, sector: int, points: float, plan: Plan | None = None) -> Plan | None:
        """Points of every year's mix moved into a sector, taken from the others in proportion to their shares
        of the target year; None where there are none."""
        money, own = (plan or self.plan).investment, self.mix[sector]
        if own >= 100:
            return None
        away = -self.mix * points / (100 - own)
        away[sector] = points
        new = money + away[:, None] / 100 * money.sum(axis=0)
        if (new < 0).any():
            return None
        return replace(plan or self.plan, id="moved", investment=new)

    def money_of(self, sector: int, year: int, money: float) -> float:
        """A sector's money of a year as that by which plans are compared: where its share moves by as many
        points, so much is what the total times its share of the target year comes to."""
        if not np.isfinite(money):
            return money
        whole = self.plan.total(year)
        apart = self.mix[sector] - 100 * self.plan.investment[sector, year - 1] / whole
        return float((money / whole + apart / 100) * self.total)

    def together(self, levers: Sequence[Lever], share: Lever | None, late: Lever | None) -> Change:
        """The largest errors with money, the share that does most and the largest project moved at once."""
        money, found = levers[0], []
        for sign in (1.0, -1.0):
            amount, points = sign * PART_TESTED * self.total, sign * POINTS_TESTED
            plan: Plan | None = self.richer(amount)
            parts = [(money, amount)]
            if share is not None:
                plan = self.shifted(self.begun.economy.sector_ids.index(share.of), points, plan)
                parts.append((share, points))
            if late is not None:
                own = next(each for each in levers if each.of == late.of and each.kind == _SIDE[sign])
                parts.append((own, 1.0))
            change = self._change(self.sample, plan, late.of if late else "", sign)
            if change is not None:
                found.append({key: change[key] - _linear_change(parts, key) for key in change})
        return largest(found)


_SIDE: Mapping[float, Kind] = {1.0: "later", -1.0: "sooner"}


def _linear_change(parts: Sequence[tuple[Lever, float]], key: str) -> float:
    return sum(lever.effects[key] * moved for lever, moved in parts)


def largest(errors: Sequence[Change]) -> dict[str, float]:
    """The largest of each, whatever its sign."""
    keys = errors[0] if errors else ()
    return {key: round(_larger(*(each[key] for each in errors)), DIGITS) for key in keys}


def _larger(*values: float) -> float:
    """The value that is furthest from nothing."""
    return max(values, key=abs)


def _measured(
    at: Callable[[float], Change | None], steps: Sequence[float], tests: Sequence[float]
) -> tuple[Change, Change, tuple[float, ...]] | None:
    """Effect by unit, largest errors at the tests, and which tests were possible; None where no step is."""
    near = {step: change for step in steps if (change := at(step)) is not None}
    if not near:
        return None
    square = sum(step**2 for step in near)
    keys = next(iter(near.values()))
    effects = {
        key: round(sum(step * change[key] for step, change in near.items()) / square, DIGITS) for key in keys
    }
    far = {test: change for test in tests if (change := at(test)) is not None}
    checked = {**near, **far}
    errors = [
        {key: change[key] - moved * effects[key] for key in effects} for moved, change in checked.items()
    ]
    return effects, largest(errors), tuple(far)


def _money(gauge: Gauge, stated: Scenario) -> Lever:
    """All money, the mix as planned."""
    own = gauge.total
    found = _measured(
        lambda money: gauge.change(gauge.richer(money)),
        (PART * own, -PART * own),
        (PART_TESTED * own, -PART_TESTED * own),
    )
    assert found is not None  # more money than planned is always enough for named projects
    typed = _typed_money(stated, own)
    if typed and stated.pool is not None:  # of key projects that are not named the plan grows along
        pool = stated.pool.investment
        more = typed_number("pool.investment", pool, lambda v: (0.0, v / own))
        typed = (*typed, *more) if more else ()
    return Lever("money", "", own, *found, typed=typed)


def _typed_money(stated: Scenario, own: float) -> tuple[Typed, ...]:
    """The first year's money, from which the others grow, and years whose money is stated by itself; nothing
    where one of these has a distribution of its own."""
    known, first = stated.investment, str(int(stated.years.first))
    made = [
        typed_number(f"investment.path.{year}", level, lambda v: (0.0, v / own))
        for year, level in known.path.items()
    ]
    if first not in known.path:
        path, growth = "investment.growth", known.growth
        if first in known.growth_in:
            path, growth = f"investment.growth_in.{first}", known.growth_in[first]
        made.append(typed_number(path, growth, lambda v: (-100.0, (100 + v) / own)))
    return tuple(one for each in made for one in each) if all(made) else ()


def _shares(gauge: Gauge, stated: Scenario) -> Iterator[Lever]:
    """The share of each sector, taken from the others in proportion."""
    economy, planned = gauge.begun.economy, gauge.begun.plan.pipeline_run.planned
    for at, sector in enumerate(economy.sector_ids):

        @cache
        def moved(points: float, at: int = at) -> Change | None:
            return gauge.change(gauge.shifted(at, points))

        # a sector that has too little to give is measured by a smaller step to both sides
        steps = [step for step in (POINTS, POINTS / 10) if moved(-step) is not None] or [POINTS, POINTS / 10]
        tests = (POINTS_TESTED, -min(POINTS_TESTED, MOST_TAKEN * float(gauge.mix[at])))
        tries = ((step, tests if step == POINTS else (POINTS, *tests)) for step in steps)
        found = next(
            (found for step, far in tries if (found := _measured(moved, (step, -step), far)) is not None),
            None,
        )
        if found is not None:
            needs = (gauge.money_of(at, year, need) for year, need in enumerate(planned[at], 1) if need > 0)
            least = max(needs, default=0.0)
            yield Lever(
                "share",
                sector,
                float(gauge.mix[at]),
                *found,
                least,
                _room(gauge, at),
                tuple(_typed_share(gauge, stated, sector)),
            )


def _by_sector(bound: Bound, ground: Ground) -> bool:
    """Whether a limit says how much money each sector may have, whatever the others have."""
    low, high = bound.spans(ground, 0.0)
    return bool((low > 0).any() or np.isfinite(high).any())


def _room(gauge: Gauge, at: int) -> Room:
    """What limits leave a sector."""
    room, ground = Room(), gauge.begun.assessor.problem.ground
    for bound in gauge.begun.assessor.bounds:
        spans = [(one.year, *bound.spans(one, 0.0)) for one in bound.grounds(ground)]
        low = max(
            gauge.money_of(at, year, float(least[at])) if least[at] > 0 else 0.0 for year, least, _ in spans
        )
        high = min(gauge.money_of(at, year, float(most[at])) for year, _, most in spans)
        if low > room.low:
            room = replace(room, low=low, low_by=bound.id)
        if high < room.high:
            room = replace(room, high=high, high_by=bound.id)
        if bound.of_shares and bound.most < room.shift:
            room = replace(room, shift=bound.most, shift_by=bound.id)
    return room


def _typed_share(gauge: Gauge, stated: Scenario, sector: str) -> Iterator[Typed]:
    """The share in the plan's mix; what it was in the base year is held where the mix says that too."""
    mix = stated.mixes[stated.plan]
    if mix.starts_from:
        added = mix.add[sector].value if sector in mix.add else 0.0
        at = gauge.begun.economy.sector_ids.index(sector)
        yield Typed(f"mixes.{stated.plan}.add.{sector}", added - float(gauge.mix[at]), 1.0)
    else:
        yield from _typed_mix(gauge, stated, sector)
    if not stated.investment.base_shares:
        money = base_investment(stated, gauge.begun.values)[:, 0]
        own = float(money[gauge.begun.economy.sector_ids.index(sector)])
        yield Typed(f"investment.base_shares.{sector}", 100 * own / stated.accounts.fai.value, 0.0)


def _typed_mix(gauge: Gauge, stated: Scenario, sector: str) -> Iterator[Typed]:
    """Shares as stated, and those that hold from a later year on: as many points more as in the target
    year."""
    mix, at = stated.mixes[stated.plan], gauge.begun.economy.sector_ids.index(sector)
    own = float(gauge.mix[at])
    whole = {"shares": mix.shares} | {f"by_year.{year}": each for year, each in mix.by_year.items()}
    for where, shares in whole.items():
        share = shares[sector].value if sector in shares else 0.0
        away = share - own if abs(share - own) > 1e-9 else 0.0
        yield Typed(f"mixes.{stated.plan}.{where}.{sector}", away, 1.0)


def _delays(gauge: Gauge, stated: Scenario) -> Iterator[Lever]:
    """The largest unfinished projects whose dates do anything, later and sooner by quarters."""
    known = stated.projects
    finished = {p.id for p in gauge.begun.plan.pipeline_run.projects if p.stage == "commissioned"}
    open_ = [key for key in known if key not in finished and known[key].cancelled is None]
    count = 0
    for key in sorted(open_, key=lambda key: -known[key].invest.value)[: 2 * PROJECTS]:
        if count == PROJECTS:
            return
        sides = [_delay(gauge, known[key].slip, key, sign) for sign in _SIDE]
        if any(any(side.effects.values()) or any(side.errors.values()) for side in sides):
            count += 1
            yield from sides


def _delay(gauge: Gauge, slip: Quantity, project: str, sign: float) -> Lever:
    """A project later (+1) or sooner (-1)."""
    found = _measured(lambda quarters: gauge.delayed(project, sign * quarters), QUARTERS[:1], QUARTERS[1:])
    assert found is not None  # the plan's own money is enough for its named projects
    typed = typed_number(slip.path, slip, lambda v: (v, QUARTER)) if sign > 0 else ()
    return Lever(_SIDE[sign], project, 0.0, *found, typed=typed)


def typed_number(
    path: str, quantity: Quantity, line: Callable[[float], tuple[float, float]]
) -> tuple[Typed, ...]:
    """A number with its range moved along, so that the doubt about it stays; nothing where it has a
    distribution of its own."""
    if quantity.distribution is not None:
        return ()
    ends = {name: end for name in ("low", "high") if (end := getattr(quantity, name)) is not None}
    if not ends:
        return (Typed(path, *line(quantity.value)),)
    return tuple(Typed(f"{path}.{name}", *line(v)) for name, v in {"value": quantity.value, **ends}.items())


def _moved(bound: Bound, levers: Sequence[Lever]) -> bool:
    """Whether anything does something to a limit."""
    key = limit_id(bound)
    return any(
        abs(each[key]) > 1e-9 * max(1.0, abs(bound.most))
        for lever in levers
        for each in (lever.effects, lever.errors)
    )


def _linear(bound: Bound, levers: Sequence[Lever], together: Change) -> bool:
    """Whether a limit answers linearly at every test."""
    key, room = limit_id(bound), LINEAR * max(1.0, abs(bound.most))
    errors = [lever.errors[key] for lever in levers]
    return all(abs(error) <= room for error in [*errors, together.get(key, 0.0)])


def _whole(gauge: Gauge, levers: Sequence[Lever]) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """How far medians and chances of exact runs lie from those here, at the tests of some levers."""
    jury, found = gauge.jury, gauge.begun.ensemble
    assert found is not None
    own = jury.outcomes(gauge.plan)
    medians: dict[str, float] = {}
    chances: dict[tuple[str, str], float] = {}
    for lever in levers:
        at = gauge.begun.economy.sector_ids.index(lever.of) if lever.of else -1
        for moved in lever.tested:
            plan = gauge.richer(moved) if lever.kind == "money" else gauge.shifted(at, moved)
            assert plan is not None
            there = jury.outcomes(plan)
            for target in gauge.targets:
                key, linear = target.id, moved * lever.effects[target.id]
                off = float(np.median(there[key]) - np.median(own[key])) - linear
                medians[key] = _larger(medians.get(key, 0.0), off)
                for tier, value in target.tiers.items():
                    exact = target.reached(there[key], value).mean() - target.reached(own[key], value).mean()
                    near = chance(target, found.outcomes[key], tier, linear) - chance(
                        target, found.outcomes[key], tier, 0.0
                    )
                    chances[key, tier] = _larger(chances.get((key, tier), 0.0), float(exact - near))
    return medians, chances


def chance(target: Target, outcomes: FloatArray, tier: str, shift: float) -> float:
    """Share of futures that reach a tier where each is moved by ``shift``."""
    return float(np.mean(target.reached(outcomes + shift, target.tiers[tier])))


def _curve(gauge: Gauge, target: Target, levers: Sequence[Lever]) -> Curve:
    """Chances at shifts that cover a quarter more than all tested moves at once."""
    found = gauge.begun.ensemble
    assert found is not None
    reach = {
        kind: max(
            (
                abs(moved * lever.effects[target.id])
                for lever in levers
                if lever.kind == kind
                for moved in lever.tested
            ),
            default=0.0,
        )
        for kind in ("money", "share", "later", "sooner")
    }
    span = max(1.25 * sum(reach.values()), 10.0 ** (1 - target.digits))
    shifts = np.linspace(-span, span, 2 * STEPS + 1)
    outcomes = found.outcomes[target.id]
    return Curve(
        shifts,
        {
            tier: np.array([chance(target, outcomes, tier, float(shift)) for shift in shifts])
            for tier in target.tiers
        },
    )
