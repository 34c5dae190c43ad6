"""The price of certainty: the least investment with which targets are reached in enough futures
(确定性的代价)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...models.plan import Plan
from ...models.quantity import FloatArray, Quantity
from ...models.target import Target
from ...models.words import msg
from ...scenarios.schema import Scenario
from ...solvers.chance import Chosen, Cuts, Master
from ...solvers.require import any_money
from ..uncertainty.ensemble import Estimate
from .assess import Assessor, Run
from .jury import Jury
from .reach import Goal
from .required import required

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9)
DRAWS, FRESH = 256, 4096
"""Draws on which a mix is chosen, and fresh ones on which its probability is told."""

ROUNDS = 12
"""Times that lines are added where the simulation lies below them."""

CLOSE = 1e-5
"""Points (or parts of the threshold) by which a line may lie above the simulation."""


@dataclass(frozen=True)
class PriceOfChance:
    """One mix and how often it reaches the goals.

    Attributes
    ----------
    asked
        Probability that was asked for; None for mixes that were not made for one.
    money, run
        Investment by which plans are compared (:meth:`.Assessor.money`), and the plan in the central case;
        NaN and None where no mix reaches so often.
    inside
        Part of the draws it was chosen on that reach the goals.
    fresh
        The same on fresh draws, with its standard error: what to believe.
    bound
        No mix can reach that part of the draws with less (by the lines above them all): infinite where it is
        proved that none reaches it at all, NaN where nothing was proved in time.
    """

    asked: float | None
    money: float = math.nan
    run: Run | None = None
    inside: float = math.nan
    fresh: Estimate | None = None
    bound: float = math.nan
    error: float | None = None
    """Standard error of ``money``, where it was measured on the draws of the sheet."""
    relaxed: bool = False
    """Whether the plan goes beyond limits other than that on all investment."""


@dataclass(frozen=True)
class Certainty:
    """The price of certainty of some goals together.

    ``plan`` is the plan as written, ``central`` the least investment that reaches the goals with the
    confidence of the sheet, and ``likeliest`` the mix of at most the plan's total that reaches them in most
    draws; ``most`` the same with any investment.
    """

    goals: tuple[Goal, ...]
    draws: int
    fresh_draws: int
    plan: PriceOfChance
    central: PriceOfChance
    likeliest: PriceOfChance
    most: PriceOfChance
    levels: tuple[PriceOfChance, ...]


@dataclass
class Search:
    """The search for mixes: lines above all draws, added where a mix is tried.

    A mix is money by lever ``(L,)``: of each sector, and what moves between years where it may.
    """

    assessor: Assessor
    jury: Jury
    goals: Sequence[Goal]
    shifts: Mapping[str, float]
    relax: bool
    cuts: Cuts = field(init=False)

    def __post_init__(self) -> None:
        """Begin without lines."""
        self.cuts = Cuts(len(self.assessor.problem.levers), self.jury.draws)
        self.thresholds = {goal.target.id: goal.threshold for goal in self.goals}
        self.bounds = any_money(self.assessor.problem, relax=self.relax)
        for choice in self.assessor.variables.choices:
            taken = 1.0 if choice.shift == self.shifts.get(choice.project, 0.0) else 0.0
            self.bounds[f"start:{choice.project}:{choice.shift:g}"] = (taken, taken)
        self._master: Master | None = None

    def total(self, money: FloatArray) -> float:
        """Investment by which plans are compared, of money by lever."""
        weights, fixed = self.assessor.problem.spent
        return float(weights @ money) + fixed

    def levers(self, plan: Plan) -> FloatArray:
        """A plan's money by sector, and how far it is moved between years ``(L,)``."""
        variables = self.assessor.variables
        money = plan.money(self.assessor.year)
        away = plan.investment - variables.investment(money)
        return np.concatenate([money, [away[sector, t] for sector, t in variables.moves]])

    def plan(self, levers: FloatArray) -> Plan:
        """Money by lever as a plan."""
        variables = self.assessor.variables
        money, moved = np.split(levers, [len(variables.money)])
        planned = variables.fixed_planned + sum(
            (
                np.eye(len(variables.money))[c.sector][:, None] * c.planned
                for c in variables.choices
                if c.shift == self.shifts.get(c.project, 0.0)
            ),
            np.zeros_like(variables.fixed_planned),
        )
        if variables.moves:
            investment = np.maximum(variables.investment(money, moved), planned)
        else:
            investment = variables.investment(np.maximum(money, variables.least(planned)))
        return Plan("robust", msg("robust"), investment, dict(self.shifts))

    def values(self, plan: Plan) -> FloatArray:
        """Values of the goals in all draws ``(G, D)``."""
        found = self.jury.outcomes(plan)
        return np.stack([found[goal.target.id] for goal in self.goals])

    def share(self, plan: Plan) -> float:
        """Part of the draws in which a plan reaches every goal."""
        return float(self.jury.reached(plan, self.thresholds).mean())

    def master(self) -> Master:
        """The limits with all lines so far."""
        if self._master is None:
            self._master = Master(
                self.assessor.problem,
                self.bounds,
                self.cuts,
                self.assessor.solver,
            )
        return self._master

    def try_mix(self, money: FloatArray) -> tuple[float, bool]:
        """Part of the draws that a mix reaches; whether the lines said no more. New lines where they did.

        Values are concave in money (output is the least of what bounds it), so that a tangent lies above them
        everywhere. Its slopes are differences to plans with a little more money in one sector.
        """
        plan = self.plan(money)
        values, share, size = self.values(plan), self.share(plan), 1e-4 * plan.total(self.assessor.year)
        said = self.cuts.room(money) if self.cuts.draw else np.full(self.jury.draws, np.inf)
        room = np.min(
            [g.target.sign * (own - g.edge) for g, own in zip(self.goals, values, strict=True)], axis=0
        )
        scale = max(1.0, *(abs(goal.edge) for goal in self.goals))
        above = said > room + CLOSE * scale
        # what is far on the safe side decides nothing
        near = (
            above & (room < 3 * CLOSE * scale + np.quantile(np.abs(room), 0.9))
            if self.cuts.draw
            else np.ones_like(above)
        )
        at = np.flatnonzero(near)
        if len(at):
            slopes = []
            for s in range(len(money)):
                more = money.copy()
                more[s] += size
                slopes.append((self.values(self.plan(more)) - values) / size)
            for g, goal in enumerate(self.goals):
                slope = goal.target.sign * np.stack([own[g, at] for own in slopes], axis=1)
                self.cuts.add(
                    at.astype(float),
                    goal.target.sign * values[g, at],
                    slope,
                    money,
                    goal.target.sign * goal.edge,
                )
            self._master = None
        return share, not len(at)

    def cheapest(self, count: int, starts: Sequence[FloatArray]) -> tuple[FloatArray | None, float, float]:
        """The mix of least total found that reaches ``count`` draws in simulation, its share, and a proved
        lower bound."""
        best, inside = self._begun(count, starts)
        for _ in range(ROUNDS):
            tried = (self.master().choose(count, start) for start in ([best] if best is not None else starts))
            chosen = next((one for one in tried if one is not None), None)
            if chosen is None:
                break
            share, settled = self.try_mix(chosen.money)
            if share * self.jury.draws >= count - 1e-6 and (
                best is None or chosen.total < self.total(best) * (1 - 1e-9)
            ):
                best, inside = chosen.money, share
            if settled:
                break
        most = self.total(best) if best is not None else self._most()
        if not math.isfinite(most):
            return None, inside, math.nan
        bound, mix = self.master().bound(count, most, self._ranges(most))
        if mix is not None and (best is None or self.total(mix) < self.total(best) * (1 - 1e-6)):
            share, _ = self.try_mix(mix)
            if share * self.jury.draws >= count - 1e-6:
                best, inside = mix, share
        return best, inside, bound if self.concave else math.nan

    @property
    def concave(self) -> bool:
        """Whether lines lie above what money brings everywhere, as a proof needs: levels are concave in
        money, and what grows from the base year on; growth from a year that money moves is not."""
        return all(self._concave(goal.target) for goal in self.goals)

    def _concave(self, target: Target) -> bool:
        if target.unit != "%":
            return True
        if target.over is None:
            return self.assessor.year == 1
        return target.over.first == 1 and not (target.over.measure.each and target.over.last > 1)

    def _begun(self, count: int, starts: Sequence[FloatArray]) -> tuple[FloatArray | None, float]:
        """The mix of least total among those begun with that reaches ``count`` draws within the limits."""
        free = {
            bound.id: math.inf if bound.all_money else bound.slack if self.relax else 0.0
            for bound in self.assessor.bounds
        }
        for start in sorted(starts, key=self.total):
            share, run = self.share(self.plan(start)), self.assessor.simulate(self.plan(start))
            if share * self.jury.draws >= count - 1e-6 and self.assessor.within(run, free):
                return start, share
        return None, math.nan

    def _most(self) -> float:
        """All that can be invested where every sector's growth is limited; infinite where it is not."""
        return float(self._spans()[:, 1].sum()) if not self.assessor.variables.moves else math.inf

    def _spans(self) -> FloatArray:
        """Least and most money that each sector may have whatever the mix, by its own limits ``(S, 2)``."""
        count = len(self.assessor.variables.money)
        found = np.stack([np.zeros(count), np.full(count, np.inf)], axis=1)
        for bound in self.assessor.bounds:
            low, high = bound.spans(self.assessor.problem.ground, bound.slack if self.relax else 0.0)
            found = np.stack([np.maximum(found[:, 0], low), np.minimum(found[:, 1], high)], axis=1)
        return found

    def _ranges(self, most: float) -> FloatArray:
        """Money that each sector may have whatever the mix, what its own limits leave; and how far it may
        move between years, from all that the year has by the sector's path to all money."""
        variables = self.assessor.variables
        if variables.moves:
            ratio = np.array([variables.ratio[sector, t] for sector, t in variables.moves])
            low = np.concatenate([np.zeros(len(variables.money)), -ratio * most])
            return np.stack([low, np.full(len(low), most)], axis=1)
        own = self._spans()
        high = np.minimum(own[:, 1], most)
        return np.stack([np.minimum(own[:, 0], high), high], axis=1)

    def likeliest(self, total: float, start: FloatArray) -> tuple[FloatArray, float]:
        """The mix of at most ``total`` found to reach most draws, by halving the number of draws asked
        for."""
        best, most = start, self.try_mix(start)[0]
        for _ in range(ROUNDS // 2):
            low, high, found = 0, self.jury.draws, None
            while high - low > 1:
                middle = (low + high) // 2
                chosen: Chosen | None = self.master().choose(middle, best)
                if chosen is not None and chosen.total <= total * (1 + 1e-9):
                    low, found = middle, chosen
                else:
                    high = middle
            if found is None:
                break
            share, settled = self.try_mix(found.money)
            if share > most:
                best, most = found.money, share
            if settled:
                break
        return best, most


AGAIN = 3
"""Times that a level is asked for anew because fresh futures did not confirm it."""

MOST = 2.0
"""Times the plan's money beyond which no plan is looked for."""


@dataclass(frozen=True)
class _Court:
    """Mixes found on some draws, judged on fresh ones."""

    search: Search
    fresh: Jury

    def level(
        self, money: FloatArray | None, inside: float, p: float | None, bound: float = math.nan
    ) -> PriceOfChance:
        """A mix with its chance on fresh draws; what is known where none was found."""
        if money is None:
            return PriceOfChance(p, bound=bound)
        plan = self.search.plan(money)
        run = self.search.assessor.simulate(plan)
        return PriceOfChance(
            p,
            self.search.assessor.money(plan),
            run,
            inside,
            self.fresh.joint(plan, self.search.thresholds),
            bound,
        )

    def stated(self, run: Run | None) -> PriceOfChance:
        """A plan that was not made for a level."""
        if run is None:
            return PriceOfChance(None)
        return PriceOfChance(
            None,
            self.search.assessor.money(run.plan),
            run,
            self.search.share(run.plan),
            self.fresh.joint(run.plan, self.search.thresholds),
        )

    def least(self, p: float, starts: Sequence[FloatArray], end: float, again: int) -> PriceOfChance:
        """The least investment up to ``end`` for a level, asked for anew up to ``again`` times where fresh
        draws do not confirm it."""
        wanted, bound, one = p, math.nan, PriceOfChance(p)
        for turn in range(1 + again):
            mix, inside, least = self.search.cheapest(
                math.ceil(wanted * self.search.jury.draws - 1e-9), starts
            )
            bound = bound if turn else least
            if mix is not None and self.search.total(mix) > end * (1 + 1e-9):
                mix = None  # nobody invests so much: the chance is told as out of reach
            one = self.level(mix, inside, p, bound)
            if (
                one.fresh is None
                or one.fresh.value >= p - 2 * one.fresh.error
                or wanted + p - one.fresh.value > 1
            ):
                break
            wanted += p - one.fresh.value
        return one


def certainty(  # noqa: PLR0913  (each is a fact of its own)
    assessor: Assessor,
    scenario: Scenario,
    quantities: Mapping[str, Quantity],
    goals: Sequence[Goal],
    *,
    levels: Sequence[float] = LEVELS,
    draws: int = DRAWS,
    fresh: int = FRESH,
    relax: bool = False,
    confirm: bool = False,
) -> Certainty:
    """The least investment that reaches all goals in at least each part of the draws, and how likely it is on
    fresh ones.

    .. math:: \\min \\sum_s m_s \\quad \\text{so that} \\quad \\frac1D \\#\\{d : goal_{kd}(m) \\ge need_k \\; \\forall k\\} \\ge p

    (sample average approximation of a chance constraint, Luedtke & Ahmed 2008) within all limits but those on
    all
    investment, projects starting as in the least investment of the central case. Values in every draw are
    simulated; lines above them (tangents) are added until the mix that the lines choose is what the
    simulation says.
    Which draws to give up is improved step by step, and the total is set beside a bound that no choice can
    beat.

    Parameters
    ----------
    draws, fresh
        Futures to choose on and to judge on, both multiples of the number of scramblings; the fresh ones have
        another seed.
    confirm
        Whether a mix that fresh futures do not confirm (two standard errors short) gives way to the least
        investment for as much more of
        the draws it is chosen on, up to :data:`AGAIN` times. Its bound stays that of the level itself.

    Raises
    ------
    SolverError
        Where a solver fails.
    """  # noqa: E501
    central = required(assessor, tuple(goals))
    # a chance is of the tier itself, whatever confidence the sheet asks for
    asked = tuple(replace(goal, target=replace(goal.target, margin=0.0)) for goal in goals)
    base = central.run.plan if central.run is not None else assessor.plan.plan
    seed = scenario.uncertainty.seed
    targets = {goal.target.id: goal.target for goal in asked}
    search = Search(
        assessor,
        Jury.drawn(scenario, quantities, targets, assessor.year, draws, seed),
        asked,
        dict(base.shifts),
        relax,
    )
    court = _Court(search, Jury.drawn(scenario, quantities, targets, assessor.year, fresh, seed + 1))
    start = middle = search.levers(base)
    search.try_mix(start)
    total = assessor.money(assessor.plan.plan)
    end = max(MOST * total, search.total(start))
    top, often = search.likeliest(end, start)
    found = []
    for p in sorted(levels):
        one = court.least(p, (start, middle, top), end, AGAIN if confirm else 0)
        start = search.levers(one.run.plan) if one.run is not None else start
        found.append(one)
    plan, most = court.stated(assessor.plan), court.level(top, often, None)
    likely = court.level(*search.likeliest(total, search.levers(assessor.plan.plan)), None)
    if (
        assessor.within(assessor.plan)
        and plan.fresh
        and likely.fresh
        and likely.fresh.value < plan.fresh.value
    ):
        likely = plan  # what looked better on the draws it was chosen on is not
    return Certainty(
        asked,
        draws,
        fresh,
        plan,
        replace(court.stated(central.run), error=central.error, relaxed=bool(central.relaxed)),
        likely,
        most,
        tuple(found),
    )
