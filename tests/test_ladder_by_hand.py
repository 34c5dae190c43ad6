"""The ladder, the least investment, explanations and trade-offs, asked of a solver whose answers are stated
and of plans whose values are sums of money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.decide import assess, explain, reach, required
from dabiao.engine.decide.assess import Fix, Outcome, Run
from dabiao.engine.decide.reach import Goal
from dabiao.engine.decide.required import Reach
from dabiao.models.errors import DabiaoError
from dabiao.models.limits import SectorCeiling, TotalInvestment
from dabiao.models.plan import Plan
from dabiao.models.span import Over
from dabiao.models.target import Rung
from dabiao.solvers.ask import Optimum
from dabiao.solvers.conflict import Conflict
from dabiao.solvers.solution import Status
from toys import YEAR, Court, jury, plan, promise, row

VALUES = {"growth": (0.1, 0.2), "dirt": (0.0, 0.5), "jobs": (0.1, 0.2), "still": (0.0, 0.0)}
"""A unit of money brings 0.1 in farms and 0.2 in mills, where it also makes half a unit of dirt."""

FARMS = SectorCeiling("farms", 40.0, 20.0, 3.0, np.array([1.0, 0.0]))
MONEY = TotalInvestment("money", 60.0, 10.0, 2.0)


def court(own: Plan | None = None, *targets: Any, **more: Any) -> Court:
    """Growth of 7 under the plan."""
    return Court(
        own or plan(30, 20), targets or [row("growth", 7, main=True)], VALUES, [FARMS, MONEY], **more
    )


def rungs(outcomes: Sequence[Outcome]) -> list[Rung]:
    return [each.rung for each in outcomes]


# ---- an assessor


def test_a_plan_is_simulated_once_whatever_it_is_called() -> None:
    one = court()
    first, again = one.simulate(plan(31, 20, "a")), one.simulate(plan(31, 20, "b"))
    assert (first.plan.id, again.plan.id) == ("a", "b") and first.path is again.path
    one.simulate(plan(31, 20), whole=True)
    assert len(one.simulated) == 2
    assert one.value(one.targets[0], first) == pytest.approx(7.1) and one.money(plan(31, 20)) == 51


def test_how_far_a_plan_is_simulated() -> None:
    seen: list[Any] = []
    one = court()
    one.economy.simulate = lambda *some: seen.append(some)  # type: ignore[assignment,method-assign]
    quotas = np.ones((1, 1))
    led: Any = {"mills": {"ore": {"mill": 1.0}}}
    one.until = 3
    one.simulate(replace(plan(31, 20), routing=led, quotas=quotas))
    one.simulate(plan(32, 20), whole=True)
    assert seen[0][1:] == (led, quotas, 3) and seen[1][1:] == (None, None, None)


def test_the_value_that_counts_is_the_one_of_the_futures() -> None:
    growth, side = row("growth", 7, margin=0.5), row("dirt", at_most=9)
    one = jury([growth], VALUES, {"growth": np.repeat([-2.0, 0.0, 1.0, 5.0], 16)})
    told = court(None, growth, side, jury=one)
    run = told.run(plan(30, 20))
    assert told.settled(growth, run) == 7 + 0.5 - 0.5 and told.settled(side, run) == 10
    assert court(None, growth).settled(growth, run) == 7


def test_within_limits_each_relaxed_by_so_much() -> None:
    one = court()

    def within(first: float, second: float, **relaxed: float) -> bool:
        return one.within(one.run(plan(first, second)), relaxed)

    assert within(40, 20) and not within(41, 10) and not within(30, 31)
    assert within(41, 10, farms=1) and not within(41, 10, money=1) and within(45, 30, farms=5, money=15)
    assert within(40 + 3e-5, 10) and within(42 + 3e-5, 10, farms=2) and not within(42 + 1e-4, 10, farms=2)
    assert [round(use.over, 6) for use in one.uses(one.run(plan(45, 30)))] == [5, 15]


def test_which_values_are_first_order() -> None:
    """All of a later year; of the first, an own indicator, what speaks of several years, and any where money
    moves between years."""
    one = court()
    growth = one.targets[0]

    def first(target: Any) -> bool:
        return assess.Assessor.first_order(one, target)

    assert first(growth)
    one.year = 1
    assert not first(growth) and first(replace(growth, over=Over.__new__(Over)))
    assert first(replace(growth, indicator="coal")) is False
    one.economy.indicators["coal"] = None  # type: ignore[index]
    assert first(replace(growth, indicator="coal"))
    one.variables.moves = ((0, 0),)  # type: ignore[misc]
    assert first(growth)


def test_thresholds_of_a_whole_sheet() -> None:
    one = court(None, row("growth", 7, 9), row("dirt", at_most=12), row("still", 0))
    assert one.thresholds("ensure") == {"growth": 7, "dirt": 12, "still": 0}
    assert one.thresholds("stretch") == {"growth": 9, "dirt": 12, "still": 0}
    assert one._asked("ensure") and one._asked("stretch")
    bare = court(None, row("dirt", at_most=12))
    assert bare._asked("ensure") and not bare._asked("stretch")
    assert not court(None, row("growth", None, 9))._asked("ensure")
    assert one._missed(one.run(plan(30, 26)), one.thresholds("stretch")) == ("growth", "dirt")
    assert one._missed(one.run(plan(30, 20)), one.thresholds("ensure")) == ()
    assert one.least_likely("ensure") == ()
    judged = court(None, row("growth", 7, 9), row("dirt", at_most=12))
    judged.jury = jury(judged.targets, VALUES, {"growth": np.full(32, -1.0), "dirt": np.full(32, 2.0)})
    assert judged.least_likely("ensure") == ("growth",)


class Scripted:
    """An assessor whose solver finds what is stated."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *targets: Any, own: Plan | None = None, **more: Any
    ) -> None:
        self.court = court(own, *targets, **more)
        self.best: dict[bool, Plan | None] = {False: None, True: None}
        self.bound: float | None = 0.0
        self.cheap: dict[bool, tuple[Optimum | None, Run | None]] = {False: (None, None), True: (None, None)}
        self.asked: list[Any] = []
        self.status = Status.OPTIMAL
        monkeypatch.setattr(assess, "most", self.most)
        monkeypatch.setattr(assess, "ends", self.ends)
        monkeypatch.setattr(assess, "cheapest_run", self.cheapest)
        monkeypatch.setattr(assess, "close_gaps", self.gaps)
        monkeypatch.setattr(assess, "prices", self.prices)
        monkeypatch.setattr(assess, "nearest", lambda problem, economy, *, solver: promise(plan(20, 20)))
        monkeypatch.setattr(
            assess, "conflict", lambda problem, wanted, solver: Conflict((), ("a", "b"), (), True)
        )

    def promised(self, own: Plan | None, relaxed: Any = None) -> Optimum:
        goals = {} if own is None else {key: float(np.dot(w, own.money(YEAR))) for key, w in VALUES.items()}
        return promise(own, goals, relaxed)

    def most(self, problem: Any, key: str, sign: float, economy: Any, *, relax: bool, solver: str) -> Optimum:
        self.asked.append(("most", key, sign, relax))
        return self.promised(self.best[relax], {"farms": 20.0, "money": 13.0} if relax else {})

    def ends(self, problem: Any, key: str, sign: float, *, relax: bool, solver: str) -> Any:
        self.asked.append(("ends", key, sign, relax))
        return SimpleNamespace(
            status=self.status, found=self.status is Status.OPTIMAL, values={f"goal:{key}": self.bound}
        )

    def cheapest(self, one: Any, problem: Any, goals: Any, *, relax: bool) -> Any:
        self.asked.append(("cheapest", tuple(goal.target.id for goal in goals), relax))
        return self.cheap[relax]

    def gaps(self, problem: Any, tiers: Any, economy: Any, *, relax: bool, solver: str) -> Optimum:
        self.asked.append(("gaps", {key: list(names) for key, names in tiers.items()}, relax))
        return self.promised(self.best[False])

    def prices(self, problem: Any, key: str, sign: float, optimum: Any, *, relax: bool, solver: str) -> Any:
        assert problem is self.court.problem and optimum is self.court._promised[key]
        return {"row": sign * 2.0, "relax": float(relax)}

    def fixes(self, own: Plan, relaxed: Any = None, relax: bool = True) -> None:
        optimum = self.promised(own, relaxed or {})
        self.cheap[relax] = optimum, self.court.run(own)


def test_the_ladder_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """7 is reached by the plan, 8 by another mix, 9 with farms relaxed, 12 not by the bound of 10."""
    for threshold, rung in ((7, Rung.PLAN), (8, Rung.MIX), (9, Rung.RELAXED), (12, Rung.OUT)):
        one = Scripted(monkeypatch, row("growth", threshold, main=True))
        one.best[False], one.bound = plan(22, 30), 10.0
        if threshold < 10:
            one.fixes(plan(50, 20), {"farms": 10.0, "money": 10.0})
        found = one.court.assess([])
        (only,) = found.outcomes
        assert only.rung is rung and found.sheets[0].rung is rung
        assert (only.expected, only.attainable, only.gap, only.threshold) == (
            7,
            pytest.approx(8.2),
            7 - threshold,
            threshold,
        )
        assert only.optimum == pytest.approx(8.2) and only.gap_yi == pytest.approx(10 * (7 - threshold))
        assert (only.bound is None) == (threshold < 9) and (only.best is None) == (rung is not Rung.MIX)
        assert only.champion is not None and only.champion.plan.total(YEAR) == 52
        assert found.prices == {"growth": {"row": 2.0, "relax": 0.0}} and found.judged == one.court.plan
        assert found.optimised is not None and found.promised["growth"] == pytest.approx(8.2)
        if rung is Rung.RELAXED:
            assert only.fix is not None and (only.fix.relaxed["farms"], only.fix.cost) == (10.0, 50.0)
            assert only.fix.value == 9 and only.fix.run.plan.total(YEAR) == 70
        assert [use.used for use in found.uses] == [30, 50] and found.contradictory == ()


def test_a_named_mix_counts_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(monkeypatch, row("growth", 8), row("dirt", at_most=11))
    others = [one.court.run(plan(10, 70)), one.court.run(plan(38, 21)), one.court.run(plan(34, 24))]
    growth, dirt = one.court.assess(others).outcomes
    assert (
        growth.rung is Rung.MIX
        and growth.best is not None
        and growth.best.plan.money(YEAR).tolist() == [34, 24]
    )
    assert math.isnan(growth.optimum) and dirt.rung is Rung.PLAN and dirt.attainable == 10.0
    assert dirt.champion is not None and dirt.champion.plan == one.court.plan.plan


def test_what_no_lever_moves_is_reached_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for threshold, rung in ((0, Rung.PLAN), (1, Rung.OUT)):
        one = Scripted(monkeypatch, row("still", threshold), goals=[])
        found = one.court.assess([])
        assert rungs(found.outcomes) == [rung] and found.sheets[0].rung is rung and found.prices == {}
        assert found.outcomes[0].optimum == 0.0 and not any(each[0] == "most" for each in one.asked)
        assert found.sheets[0].missed == (() if rung is Rung.PLAN else ("still",))


def test_of_a_plan_that_breaks_a_limit_the_nearest_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(monkeypatch, row("growth", 6), own=plan(50, 20))
    found = one.court.assess([])
    assert found.judged.plan.id == "nearest" and found.judged.plan.total(YEAR) == 40
    assert found.outcomes[0].rung is Rung.PLAN and found.outcomes[0].expected == 9
    assert found.contradictory == ("a", "b")
    monkeypatch.setattr(assess, "nearest", lambda problem, economy, *, solver: promise(None))
    none = Scripted(monkeypatch, row("growth", 6), own=plan(50, 20))
    monkeypatch.setattr(assess, "nearest", lambda problem, economy, *, solver: promise(None))
    monkeypatch.setattr(assess, "conflict", lambda problem, wanted, solver: None)
    found = none.court.assess([])
    assert (
        found.judged == none.court.plan
        and math.isnan(found.outcomes[0].attainable)
        and found.contradictory == ()
    )
    assert found.outcomes[0].champion is None


def test_a_relaxation_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    target = row("growth", 9)
    one = Scripted(monkeypatch, target)
    one.court._promised["growth"] = one.promised(plan(22, 30))

    def relaxed() -> Any:
        one.court._ends.clear()
        return one.court._relaxed(target, "ensure")

    one.status = Status.INFEASIBLE
    assert relaxed() == (Rung.OUT, None, None)
    one.status = Status.TIME_LIMIT
    assert relaxed() == (Rung.UNDECIDED, None, None)
    one.status, one.bound = Status.OPTIMAL, 8.4
    assert relaxed() == (Rung.OUT, None, 8.4)
    one.bound = 8.5  # rounds to 9
    assert relaxed() == (Rung.UNDECIDED, None, 8.5)
    one.best[True] = plan(55, 18)  # everything relaxed to its end is the last try
    rung, fix, bound = relaxed()
    assert rung is Rung.RELAXED and fix.relaxed["farms"] == 20.0 and (fix.cost, bound) == (86.0, 8.5)
    assert [each for each in one.asked if each[0] == "ends"] == [("ends", "growth", 1.0, True)] * 5
    assert (
        one.court._relaxed(target, "ensure")[2] == 8.5 and len([e for e in one.asked if e[0] == "ends"]) == 5
    )
    # a promise below the simulation of the best plan lifts the bound
    one.court._promised["growth"] = promise(plan(22, 30), {"growth": 7.9})
    one.bound = 8.4
    assert relaxed()[2] == pytest.approx(8.7)
    one.court._promised["growth"] = promise(plan(22, 30), {"growth": 8.9})
    assert relaxed()[2] == 8.4
    one.court._promised["growth"] = promise(None)
    assert relaxed()[2] == 8.4


def test_asked_for_more_than_needed_a_plan_within_the_limits_got_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Scripted(monkeypatch, row("growth", 9))
    one.best[False], one.bound = plan(22, 30), 10.0
    one.fixes(plan(20, 35), {})
    (only,) = one.court.assess([]).outcomes
    assert (only.rung, only.fix, only.attainable) == (Rung.MIX, None, 9.0)
    assert only.best is not None and only.best is only.champion and only.best.plan.total(YEAR) == 55


def test_a_promise_kept_within_what_it_relaxes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(monkeypatch, row("growth", 9), row("dirt", at_most=12))
    goal, dirt = Goal(one.court.targets[0], 9.0, "ensure"), Goal(one.court.targets[1], 12.0, "at_most")
    assert one.court.kept(promise(None), [goal]) is None
    assert one.court.kept(one.promised(plan(50, 20), {"farms": 9.0}), [goal]) is None
    assert one.court.kept(one.promised(plan(44, 20), {"farms": 9.0, "money": 9.0}), [goal]) is None  # 8.4
    fix = one.court.kept(one.promised(plan(50, 20), {"farms": 10.0, "money": 10.0}), [goal])
    assert fix is not None and (fix.cost, fix.value) == (50.0, 9.0) and fix.optimum is not None
    both = one.court.kept(one.promised(plan(50, 20), {"farms": 10.0, "money": 10.0}), [goal, dirt])
    assert both is not None and math.isnan(both.value)
    assert one.court.kept(one.promised(plan(50, 26), {"farms": 10.0, "money": 16.0}), [goal, dirt]) is None


def test_a_fix_is_looked_for_once_more_where_money_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(monkeypatch, row("growth", 9))
    goal = Goal(one.court.targets[0], 9.0, "ensure")
    assert one.court.fix([goal], relax=True) == (None, False)
    weak, good = one.promised(plan(44, 20)), one.promised(plan(20, 35))
    one.cheap[True] = weak, None
    assert one.court.fix([goal], relax=True) == (None, True)
    one.court.variables.moves = ((0, 0),)  # type: ignore[misc]
    around: list[Any] = []
    monkeypatch.setattr(one.court, "around", lambda optimum: around.append(optimum) or "anew")
    answers = iter([(weak, None), (good, one.court.run(plan(20, 35)))])
    monkeypatch.setattr(assess, "cheapest_run", lambda c, problem, goals, relax: next(answers))
    fix, hoped = one.court.fix([goal], relax=True)
    assert fix is not None and fix.run.plan.total(YEAR) == 55 and hoped and around == [weak]
    monkeypatch.setattr(
        assess, "cheapest_run", lambda c, problem, goals, relax: (one.promised(plan(20, 35)), None)
    )
    assert one.court.fix([goal], relax=False) == (None, True)


def test_the_nearest_plan_that_reaches_a_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(monkeypatch, row("growth", 9))
    assert one.court.nearby(one.court.targets[0], "ensure") is None
    one.fixes(plan(20, 35), relax=False)
    found = one.court.nearby(one.court.targets[0], "ensure")
    assert (
        found is not None
        and found.plan.total(YEAR) == 55
        and one.asked[-1] == ("cheapest", ("growth",), False)
    )


def whole(
    one: Scripted, tier: str = "ensure", judged: Run | None = None, outcomes: Sequence[Any] = ()
) -> Any:
    return one.court._sheet(tier, outcomes, judged)


def test_a_whole_sheet_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Growth of 9 with dirt of at most 15; still, which nothing moves, is there."""

    def made(*more: Any, goals: Any = ("growth", "dirt")) -> Scripted:
        return Scripted(monkeypatch, row("growth", 9), row("dirt", at_most=15), *more, goals=goals)

    one = made()
    good = one.court.run(plan(31, 29))
    assert whole(one, judged=good).rung is Rung.PLAN
    one.court.plan = good
    assert whole(one).rung is not Rung.PLAN  # where no plan keeps the limits it is none of theirs
    one = made(row("still", 1))
    out = whole(one, judged=one.court.plan)
    assert (out.rung, out.missed, out.fix) == (Rung.OUT, ("still",), None)
    one = made()
    one.court.tried = [one.court.run(plan(30, 21)), good, one.court.run(plan(32, 29))]
    found = whole(one, judged=one.court.plan)
    assert (found.rung, found.best, found.missed) == (Rung.MIX, good, ())
    one = made()
    one.fixes(plan(31, 29), {}, relax=False)
    found = whole(one, judged=one.court.plan)
    assert (found.rung, found.fix) == (Rung.MIX, None) and found.best.plan.total(YEAR) == 60
    one = made()
    one.fixes(plan(50, 20), {"farms": 10.0, "money": 10.0})
    found = whole(one, judged=one.court.plan)
    assert found.rung is Rung.RELAXED and found.fix.cost == 50.0 and found.best is None
    assert [each[2] for each in one.asked if each[0] == "cheapest"] == [False, True]
    one = made()
    one.cheap[False] = one.promised(plan(44, 20)), None
    found = whole(one, judged=one.court.plan)
    assert (found.rung, found.missed) == (Rung.UNDECIDED, ("growth",))
    one = made()
    outcomes = [
        Outcome(target, tier, value, 0, 0, 0, None, 0, None, rung)
        for target, tier, value, rung in (
            (one.court.targets[0], "ensure", 9.0, Rung.MIX),
            (one.court.targets[1], "at_most", 15.0, Rung.UNDECIDED),
        )
    ]
    found = whole(one, judged=one.court.plan, outcomes=outcomes)
    assert (found.rung, found.missed) == (Rung.OUT, ("dirt",))
    assert whole(one, judged=one.court.plan, outcomes=outcomes[:1]).missed == ("growth",)
    other = replace(outcomes[1], threshold=14.0)
    assert whole(one, judged=one.court.plan, outcomes=[other]).missed == ("growth",)


def test_the_optimisers_own_plan_is_asked_tier_by_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Scripted(
        monkeypatch, row("growth", 7, 9), row("dirt", at_most=15), row("still", 1), goals=["growth", "dirt"]
    )
    one.best[False] = plan(22, 30)
    run, goals = one.court._optimised()
    assert one.asked == [
        ("gaps", {"ensure": ["growth:ensure", "dirt:at_most"], "stretch": ["growth:stretch"]}, False)
    ]
    assert run is not None and run.plan.total(YEAR) == 52 and goals["growth"] == pytest.approx(8.2)
    one.best[False] = None
    assert one.court._optimised() == (None, {})


def test_asked_anew_around_the_plan_found_until_the_promise_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise of a point too much, then of half a point, then kept; the nearest counts, six times at
    most."""
    one = court(first=["growth"])
    growth = one.targets[0]
    anew: list[Any] = []
    monkeypatch.setattr(
        one, "around", lambda optimum: anew.append(optimum) or SimpleNamespace(fixed={}, n=len(anew))
    )

    def asked(*off: float) -> tuple[Any, Any]:
        anew.clear()
        left = iter(off)

        def ask(problem: Any) -> Optimum:
            by = next(left, None)
            return (
                promise(plan(30, 20 + len(anew)), {"growth": 7 + 0.2 * len(anew) + (by or 0)})
                if by is not None
                else promise(None)
            )

        return one.until_kept(ask, [growth])

    optimum, run = asked(1.0, 0.5, 0.0005, 0.0)
    assert run.plan.total(YEAR) == 52 and len(anew) == 2 and optimum.goals["growth"] == pytest.approx(7.4005)
    assert asked(1.0, 0.0015, 0.0)[1].plan.total(YEAR) == 52
    optimum, run = asked(0.5, -1.0, 0.7)
    assert run.plan.total(YEAR) == 50 and len(anew) == 3 and optimum.goals["growth"] == 7.5
    optimum, run = asked(*(1.0 - 0.1 * k for k in range(9)))
    assert len(anew) == 6 and run.plan.total(YEAR) == 55
    optimum, run = asked()
    assert run is None and optimum.plan is None
    # what is rationed all over is what it is
    monkeypatch.setattr(one, "around", lambda optimum: SimpleNamespace(fixed={"growth": 6.5, "other": 1.0}))
    optimum, run = one.until_kept(lambda problem: promise(plan(30, 20), {"growth": 9.0}), [growth])
    assert optimum.goals == {"growth": 6.5} and run is not None
    plain = court()
    optimum, run = plain.until_kept(
        lambda problem: promise(plan(30, 20), {"growth": 9.0}), plain.targets, whole=True
    )
    assert optimum.goals == {"growth": 9.0} and plain._runs.keys() == {f"True {plan(30, 20).key}"}


def test_near_a_plan_where_goals_are_first_order(monkeypatch: pytest.MonkeyPatch) -> None:
    one = court(None, row("growth", 7), row("dirt", at_most=9), first=["growth"])
    written = SimpleNamespace(goals={"growth": "a"})
    monkeypatch.setattr(one, "around", lambda optimum: written)
    span = (7.0, np.inf)
    assert one.near(promise(plan(1, 1), spans={"growth": span})) is written
    assert one.near(promise(plan(1, 1), spans={"dirt": span})) is one.problem
    assert one.near(promise(plan(1, 1), spans={"growth": span, "dirt": span})) is one.problem


# ---- the least investment


def test_questions_of_a_sheet() -> None:
    """Each alone at its tier, ceilings once, then the whole sheet, in which a target without stretch keeps
    its ensure."""
    targets = [row("growth", 7, 9, main=True), row("still", 1, main=True), row("dirt", at_most=12, main=True)]
    one = court(None, *targets, row("side", 3))
    sheet = required.goals_of(one, [], ["ensure", "stretch"])
    told = [[(goal.target.id, goal.threshold, goal.tier) for goal in goals] for goals in sheet]
    growth, still, dirt = ("growth", 7, "ensure"), ("still", 1, "ensure"), ("dirt", 12, "at_most")
    more = ("growth", 9, "stretch")
    assert told == [[growth], [still], [dirt], [more], [growth, still, dirt], [more, still, dirt]]
    named = required.goals_of(one, ["growth=7.5", "side"], ["ensure"])
    told = [[(goal.target.id, goal.threshold, goal.tier) for goal in goals] for goals in named]
    assert told == [
        [("growth", 7.5, "")],
        [("side", 3, "ensure")],
        [("growth", 7.5, ""), ("side", 3, "ensure")],
    ]
    two = required.goals_of(one, ["growth=7.5", "side=2"], ["ensure"])
    assert [len(goals) for goals in two] == [1, 1, 2]
    assert [len(goals) for goals in required.goals_of(one, ["growth=7.5"], ["ensure"])] == [1]
    assert [len(goals) for goals in required.goals_of(one, ["dirt"], ["ensure"])] == [1]
    plain = court(None, row("growth", 7), row("side", 3))
    assert [goals[0].target.id for goals in required.goals_of(plain, [], ["ensure"])] == [
        "growth",
        "side",
        "growth",
    ]
    # together only at a tier that one of them has
    assert [len(goals) for goals in required.goals_of(plain, [], ["stretch"])] == []


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "-inf", "1e15", "-1e15"])
def test_a_number_is_finite(text: str) -> None:
    with pytest.raises(DabiaoError, match="--where"):
        required.number(text, "--where")


def test_numbers_and_names_as_written() -> None:
    assert required.number("-6.5", "x") == -6.5 and required.number("9.9e14", "x") == 9.9e14
    known = {"growth": row("growth", 7)}
    assert required._named(known, "growth=-1") == (known["growth"], -1.0)
    assert required._named(known, "growth") == (known["growth"], None)
    with pytest.raises(DabiaoError, match="growht"):
        required._named(known, "growht=3")


class Least:
    """An assessor whose solver says of the least investment what is stated, by whether limits are relaxed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *targets: Any, **more: Any) -> None:
        self.court = court(None, *targets, **more)
        self.answers: dict[bool, Plan | None] = {False: None, True: None}
        self.most: dict[str, Plan | None] = {}
        self.failed = Status.INFEASIBLE
        self.asked: list[Any] = []
        self.clash: Conflict | None = None
        self.lifts = {"farms": 25.0, "mills": math.inf}
        monkeypatch.setattr(required, "least_money", self.least)
        monkeypatch.setattr(required, "most_with_any_money", self.any)
        monkeypatch.setattr(required, "money_error", lambda *some: 1.25)
        monkeypatch.setattr(required, "least_lift", self.lift)
        monkeypatch.setattr(required, "any_money", lambda problem, relax: ("any", relax))
        monkeypatch.setattr(required, "prices", self.prices)
        monkeypatch.setattr(required, "conflict", self.conflict)

    def promised(self, own: Plan | None) -> Optimum:
        goals = {} if own is None else {key: float(np.dot(w, own.money(YEAR))) for key, w in VALUES.items()}
        return promise(own, goals)

    def least(
        self, problem: Any, wanted: Any, economy: Any, *, relax: bool, solver: str, keep: bool
    ) -> Optimum:
        self.asked.append((relax, keep, dict(wanted)))
        return self.promised(self.answers[relax])

    def any(self, problem: Any, key: str, sign: float, economy: Any, *, relax: bool, solver: str) -> Optimum:
        assert key in problem.goals
        self.asked.append(("any", key, sign, relax))
        found = self.promised(self.most.get(key))
        return found if found.plan is not None else replace(found, status=self.failed)

    def conflict(self, problem: Any, wanted: Any, solver: str, *, any_amount: bool) -> Conflict | None:
        assert problem is self.court.problem and set(wanted) <= set(VALUES) and any_amount
        return self.clash

    def lift(self, problem: Any, wanted: Any, key: str, *, solver: str) -> float:
        self.asked.append(("lift", dict(wanted), key))
        return self.lifts[key]

    def prices(
        self, problem: Any, key: str, sign: float, end: Any, *, relax: bool, solver: str, within: Any
    ) -> Any:
        return {"row": sign, "within": within, "of": end.goals[key], "relax": relax}

    def required(self, *goals: Goal) -> required.Required:
        return required.required(self.court, goals)


def test_the_least_investment_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Least(monkeypatch, row("growth", 8), row("dirt", at_most=12))
    growth, dirt = Goal(one.court.targets[0], 8.0, "ensure"), Goal(one.court.targets[1], 12.0, "at_most")
    one.answers[False] = plan(36, 22)
    found = one.required(growth, dirt)
    assert (found.reach, found.money, found.relaxed, found.cost, found.error) == (
        Reach.WITHIN,
        58,
        {},
        0,
        1.25,
    )
    assert found.values == {"growth": pytest.approx(8), "dirt": 11} == found.promised
    assert found.run is not None and found.run.plan is one.answers[False] and found.goals == (growth, dirt)
    one.answers[False] = plan(36, 24)
    assert one.required(growth).reach is Reach.WITHIN
    one.answers[False] = plan(30, 34)
    assert one.required(growth).reach is Reach.MONEY and one.required(growth).relaxed == {}
    one.answers = {False: None, True: plan(46, 22)}
    found = one.required(growth)
    assert (found.reach, found.relaxed, found.cost) == (Reach.RELAXED, {"farms": 6.0}, 18.0)
    assert [each[0] for each in one.asked[-3:]] == [False, False, True] and not any(
        each[1] for each in one.asked[-3:]
    )
    one.answers = {False: plan(30, 20), True: None}  # promised and never simulated
    monkeypatch.setattr(required, "until_reached", lambda *some: (promise(plan(30, 20)), None))
    assert one.required(growth).reach is Reach.UNDECIDED


def test_of_ceilings_alone_the_plan_or_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Least(monkeypatch, row("dirt", at_most=10), row("growth", 7))
    dirt = Goal(one.court.targets[0], 10.0, "at_most")
    kept = one.required(dirt)
    assert (kept.reach, kept.money, kept.values, kept.relaxed) == (Reach.WITHIN, 50, {"dirt": 10.0}, {})
    assert kept.run == one.court.plan and kept.promised == kept.values and not one.asked
    less = replace(dirt, threshold=9.0)
    one.answers[False] = plan(30, 18)
    assert one.required(less).money == 48 and one.asked[-1][1] is True
    both = one.required(dirt, Goal(one.court.targets[1], 6.0, "ensure"))
    assert both.money == 48 and one.asked[-1][1] is False
    two = Least(monkeypatch, row("dirt", at_most=10), row("jobs", at_most=5))
    two.answers[False] = plan(10, 18)
    dirt, jobs = Goal(two.court.targets[0], 10.0, "at_most"), Goal(two.court.targets[1], 5.0, "at_most")
    assert two.required(dirt, jobs).money == 28 and two.required(dirt).money == 50
    broken = Least(monkeypatch, row("dirt", at_most=10))
    broken.court.plan = broken.court.run(plan(50, 18))
    broken.answers[False] = plan(30, 18)
    assert broken.required(Goal(broken.court.targets[0], 10.0, "at_most")).money == 48


def test_what_no_lever_moves_stops_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Least(monkeypatch, row("growth", 8), row("still", 1), goals=["growth"])
    growth, still = Goal(one.court.targets[0], 8.0, "ensure"), Goal(one.court.targets[1], 1.0, "ensure")
    found = one.required(growth, still)
    assert (found.reach, found.best, found.run) == (Reach.OUT, {"still": 0.0}, None) and math.isnan(
        found.money
    )
    one.answers[False] = plan(36, 22)
    assert one.required(growth, replace(still, threshold=0.0)).reach is Reach.WITHIN


def test_why_no_investment_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Growth of at most 9 is short of 12: limits that would let it through, and what binds."""
    one = Least(
        monkeypatch, row("growth", 12), row("dirt", at_most=12), row("still", 0), goals=["growth", "dirt"]
    )
    one.court.problem.bounds = (FARMS, MONEY, replace(FARMS, id="mills"))  # type: ignore[misc]
    growth, dirt, still = (Goal(t, v, "x") for t, v in zip(one.court.targets, (12.0, 12.0, 0.0), strict=True))
    one.most = {"growth": plan(50, 20), "dirt": plan(30, 0)}
    found = one.required(dirt, growth, still)
    assert found.reach is Reach.OUT and found.best == {"dirt": 0.0, "growth": 9.0} and found.clash is None
    assert found.stops == {"farms": 25.0}
    assert found.binds == {"row": 1.0, "within": ("any", True), "of": 9.0, "relax": True}
    assert ("any", "dirt", -1.0, True) in one.asked and ("any", "growth", 1.0, True) in one.asked
    spans = {
        "dirt": (-np.inf, reach.spans(one.court, [dirt])["dirt"][1]),
        "growth": reach.spans(one.court, [growth])["growth"],
    }
    assert ("lift", spans, "farms") in one.asked and ("lift", spans, "mills") in one.asked
    # each alone has a plan: what cannot stand together, or nothing is known
    one.most["growth"] = plan(50, 40)
    assert one.required(dirt, growth).reach is Reach.UNDECIDED
    one.clash = Conflict(("growth", "dirt"), ("farms",), (), True)
    together = one.required(dirt, growth)
    assert (together.reach, together.clash, together.binds) == (Reach.OUT, one.clash, {})
    one.most["growth"] = None
    limits = one.required(growth)
    assert limits.best == {} and limits.clash is one.clash
    for status, reached in ((Status.TIME_LIMIT, Reach.UNDECIDED), (Status.FAILED, Reach.UNDECIDED)):
        one.failed = status
        assert one.required(growth).reach is reached
    one.failed = Status.UNBOUNDED
    assert one.required(growth).reach is Reach.OUT


def test_what_is_first_order_is_begun_around_its_best(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Least(monkeypatch, row("growth", 8), row("dirt", at_most=12), first=["growth"])
    growth, dirt = Goal(one.court.targets[0], 8.0), Goal(one.court.targets[1], 12.0)
    goals = {"growth": "g", "dirt": "d"}
    monkeypatch.setattr(one.court, "around", lambda optimum: SimpleNamespace(goals=goals, fixed={}))
    assert len(list(required._beginnings(one.court, [growth, dirt], False))) == 1  # no plan at all
    one.most = {"growth": plan(50, 20)}
    first, second = required._beginnings(one.court, [growth, dirt], False)
    assert first is one.court.problem and second.goals is goals
    assert ("any", "growth", 1.0, False) in one.asked and not any(
        each[:2] == ("any", "dirt") for each in one.asked
    )
    del goals["dirt"]
    assert len(list(required._beginnings(one.court, [growth, dirt], False))) == 1
    assert len(list(required._beginnings(one.court, [growth], False))) == 2


def test_of_beginnings_the_first_that_simulates_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Least(monkeypatch, row("growth", 8))
    goal = Goal(one.court.targets[0], 8.0)
    weak, run = promise(plan(30, 20), {"growth": 8.0}), one.court.run(plan(36, 22))
    seen: list[Any] = []
    answers = iter([(weak, None), (None, None), (promise(run.plan), run), (None, None)])

    def until(c: Any, problem: Any, goals: Any, ask: Any, free: Any, least: Any) -> Any:
        seen.append((problem, free(weak), least(weak, run)))
        return next(answers)

    monkeypatch.setattr(required, "until_reached", until)
    monkeypatch.setattr(required, "_beginnings", lambda *some: iter(["a", "b", "c", "d"]))
    _optimum, found = required._least(one.court, [goal], relax=True)
    assert found is run and [each[0] for each in seen] == ["a", "b", "c"]
    assert seen[0][1] == {"farms": 20.0, "money": math.inf} and seen[0][2] == 58.0
    answers = iter([(weak, None), (None, None), (None, None), (None, None)])
    dirty = row("dirt", at_most=9)
    assert required._least(one.court, [Goal(dirty, 9.0)], relax=False) == (weak, None)
    assert seen[-1][1] == {"farms": 0.0, "money": math.inf} and seen[-1][2] == -58.0


def test_a_curve_asks_value_by_value(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Least(monkeypatch, row("growth", 8))
    one.answers[False] = plan(36, 24)
    found = required.curve(one.court, one.court.targets[0], [8.0, 7.5])
    assert [each.goals[0].threshold for each in found] == [8.0, 7.5] and found[0].goals[0].tier == ""


# ---- why


def test_goals_of_a_tier() -> None:
    one = court(None, row("growth", 7, 9), row("dirt", at_most=12), row("still", 0))

    def told(tier: str, *names: str) -> list[tuple[str, float, str]]:
        return [(goal.target.id, goal.threshold, goal.tier) for goal in explain.goals_of(one, tier, names)]

    assert told("stretch") == [("growth", 9, "stretch"), ("dirt", 12, "at_most"), ("still", 0, "ensure")]
    assert told("ensure", "still", "growth") == [("growth", 7, "ensure"), ("still", 0, "ensure")]


class Why:
    """An assessor whose solver explains what is stated."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *targets: Any, **more: Any) -> None:
        self.court = court(None, *targets, **more)
        self.cheap: tuple[Optimum | None, Run | None] = None, None
        self.reliefs: dict[str, tuple[Optimum | None, Run | None]] = {}
        self.fixed: dict[tuple[str, ...], Fix] = {}
        self.conflicts: list[Conflict | None] = []
        self.wanted: list[Any] = []
        self.lowered: Plan | None = None
        self.names: list[Any] = []
        monkeypatch.setattr(explain, "cheapest_run", self.cheapest)
        monkeypatch.setattr(explain, "conflict", self.conflict)
        monkeypatch.setattr(explain, "prices_of", lambda one, goals: ("price", *goals))
        monkeypatch.setattr(explain, "measured", lambda one, fix: fix)
        monkeypatch.setattr(explain, "close_gaps", self.gaps)
        monkeypatch.setattr(self.court, "fix", self.fix)

    def cheapest(self, one: Any, problem: Any, goals: Any, *, relax: bool) -> Any:
        if not relax:
            assert problem is one.problem
            return self.cheap
        (open_,) = [bound.id for bound in problem.bounds if bound.slack]
        assert all(bound.price == 1.0 for bound in problem.bounds)
        assert [bound.slack for bound in problem.bounds if bound.id == open_] == [math.inf]
        return self.reliefs.get(open_, (None, None))

    def fix(self, goals: Any, *, relax: bool) -> tuple[Fix | None, bool]:
        assert relax
        return self.fixed.get(tuple(goal.target.id for goal in goals)), True

    def conflict(self, problem: Any, wanted: Any, solver: str) -> Conflict | None:
        self.wanted.append(dict(wanted))
        return self.conflicts.pop(0) if self.conflicts else None

    def gaps(self, problem: Any, tiers: Any, economy: Any, *, relax: bool, solver: str) -> Optimum:
        self.names.append((tiers, relax))
        return promise(self.lowered, {}, {"farms": 20.0, "money": 20.0})


@pytest.fixture
def why(monkeypatch: pytest.MonkeyPatch) -> Why:
    monkeypatch.setattr(explain, "replace", lambda one, **more: _replaced(one, more))
    return Why(monkeypatch, row("growth", 9), row("dirt", at_most=9))


def _replaced(one: Any, more: Any) -> Any:
    if isinstance(one, SimpleNamespace):
        return SimpleNamespace(**{**vars(one), **more})
    return replace(one, **more)


def asked(why: Why, *thresholds: float) -> explain.Explanation:
    tiers = ("ensure", "at_most", "ensure")
    goals = [Goal(t, v, tier) for t, v, tier in zip(why.court.targets, thresholds, tiers, strict=False)]
    return explain.explain(why.court, goals)


def test_what_is_met_has_prices_and_no_reasons(why: Why) -> None:
    found = asked(why, 7.0, 10.0)
    assert (found.rung, found.run, found.missed, found.values) == (
        *(Rung.PLAN, why.court.plan, ()),
        {"growth": 7.0, "dirt": 10.0},
    )
    assert found.prices[0] == "price" and len(found.prices) == 3 and found.together is None
    run = why.court.run(plan(22, 34))
    why.cheap = promise(run.plan), run
    mixed = asked(why, 9.0, 20.0)
    assert (mixed.rung, mixed.run) == (Rung.MIX, run) and mixed.prices[0] == "price"
    assert [goal.target.id for goal in mixed.missed] == ["growth"]
    why.court.plan = why.court.run(plan(50, 12))
    assert asked(why, 7.0, 10.0).rung is Rung.MIX  # met, but a limit is broken


def test_the_chance_of_all_together(why: Why) -> None:
    targets = {target.id: target for target in why.court.targets}
    off = {"growth": np.repeat([-1.0, 0.0, 1.0, 2.0], 16), "dirt": np.repeat([0.0, 1.0, 0.0, 0.0], 16)}
    why.court.jury = jury(list(targets.values()), VALUES, off)
    assert asked(why, 7.0, 10.0).together == 0.5
    assert asked(why, 7.0).together is None
    why.court.jury = jury([targets["growth"]], VALUES, {"growth": off["growth"]})
    assert asked(why, 7.0, 10.0).together is None


def test_why_not_and_what_would_do(why: Why) -> None:
    """Growth of 9 with dirt of at most 9: each question is asked of each limit alone and of several."""
    run = why.court.run(plan(60, 18))
    why.reliefs["farms"] = promise(run.plan, {}, {"farms": 20.0}), run
    why.fixed = {
        ("growth",): Fix({"farms": 10.0}, 30.0, 9.0, run),
        ("growth", "dirt"): Fix({"farms": 20.0}, 60.0, math.nan, run),
    }
    why.conflicts = [Conflict(("growth", "dirt"), ("farms",), (), True), None]
    found = asked(why, 9.0, 9.0)
    assert found.rung is Rung.RELAXED and found.lowered is None and found.run is None
    told = [(len(r.goals), r.limit, r.amount, r.allowed, r.cost, r.run) for r in found.reliefs]
    first = ("farms", 20.0, 20.0, 60.0, run), ("money", math.inf, 10.0, math.inf, None)
    assert told == [
        (1, *first[0]),
        (1, *first[1]),
        (1, *first[0]),
        (1, *first[1]),
        (2, *first[0]),
        (2, *first[1]),
    ]
    assert [len(part) for part, _ in found.fixes] == [1, 1, 2] and found.fixes[1][1] is None
    assert found.conflicts == (Conflict(("growth", "dirt"), ("farms",), (), True),)
    why.fixed["growth", "dirt"] = Fix({}, 0.0, math.nan, run)
    assert asked(why, 9.0, 9.0).rung is Rung.MIX
    del why.fixed["growth", "dirt"]
    assert asked(why, 9.0, 9.0).rung is Rung.OUT
    why.cheap = promise(run.plan), None
    assert asked(why, 9.0, 9.0).rung is Rung.UNDECIDED
    one = asked(why, 9.0)
    assert one.rung is Rung.RELAXED and [len(part) for part, _ in one.fixes] == [1]


def test_conflicts_one_after_another(why: Why) -> None:
    why.court.targets.append(row("still", 1))
    first, second = Conflict(("dirt",), ("a",), (), True), Conflict((), ("b",), (), True)
    why.conflicts = [first, second, Conflict(("growth",), (), (), True)]
    goals = [Goal(t, v) for t, v in zip(why.court.targets, (9.0, 9.0, 1.0), strict=True)]
    found = explain._conflicts(why.court, goals)
    assert found == (Conflict(("still",), (), (), True), first, second)
    assert [set(wanted) for wanted in why.wanted] == [{"growth", "dirt"}, {"growth"}]
    assert explain._conflicts(why.court, [replace(goals[2], threshold=0.0)]) == ()
    why.conflicts = [None, first]
    assert explain._conflicts(why.court, goals[:1]) == () and len(why.wanted) == 3


def test_what_nothing_lets_through_is_lowered(why: Why) -> None:
    """With all relaxed growth comes to 8.6, which prints as 9, and dirt to 14: it is allowed so much."""
    why.court.targets.append(row("still", 1))
    why.lowered = plan(30, 28)
    goals = tuple(Goal(t, v, "x") for t, v in zip(why.court.targets, (9.0, 9.0, 1.0), strict=True))
    lower, fix = explain._lowered(why.court, goals)
    assert [goal.threshold for goal in lower] == [9.0, 14.0, 0.0] and lower[0] is goals[0]
    assert why.names == [({"asked": ["growth:x", "dirt:x"]}, True)]
    assert fix is not None and fix.relaxed == {"farms": 20.0, "money": 20.0} and fix.cost == 100
    why.fixed["growth", "dirt", "still"] = Fix({}, 0.0, math.nan, why.court.plan)
    assert explain._lowered(why.court, goals)[1] is why.fixed["growth", "dirt", "still"]
    why.lowered = None
    stated = explain._lowered(why.court, (Goal(why.court.targets[0], 9.0),))
    assert [goal.threshold for goal in stated[0]] == [7.0] and stated[1] is None
    assert why.names[-1] == ({"asked": []}, True)


def test_an_assessor_looks_as_far_as_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the target's year, or a limit's that is later; rows without tiers or only stated are not
    judged."""
    asked: list[Any] = []
    monkeypatch.setattr(assess, "build", lambda *some: asked.append(some) or "problem")
    monkeypatch.setattr(assess, "spend", lambda problem, solver: (problem, solver))
    growth, bare, told = row("growth", 7), row("bare"), replace(row("told", 5), basis="stated")
    sheet: Any = SimpleNamespace(targets={each.id: each for each in (growth, bare, told)})
    late = replace(FARMS, years=(1, 3))
    one = court()
    variables: Any = SimpleNamespace(year=2)
    for bounds, until in (((FARMS, late), 3), ((replace(FARMS, years=(1,)),), 2), ((), 2)):
        made = assess.Assessor(one.economy, one.pipeline, sheet, one.plan, variables, bounds, "glpk")
        assert (made.until, made.year, made.bounds, made.jury) == (until, 2, bounds, None)
        assert made.targets == [growth] and made.problem == ("problem", "glpk")  # type: ignore[comparison-overlap]
    assert asked[0] == (one.economy, variables, (FARMS, late), sheet, [growth], one.plan.path, 2)


def test_a_problem_around_a_plan_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of its levers, its routing and its quotas; limits and what may stay unspent are another problem's."""
    one = court()
    asked: list[Any] = []

    @dataclass(frozen=True)
    class Problem:
        unspent: tuple[float, float]
        bounds: tuple[Any, ...]

    monkeypatch.setattr(assess, "build", lambda *some: asked.append(some) or Problem((9.0, 9.0), ()))
    monkeypatch.setattr(assess, "vector", lambda problem, solution: np.array([3.0, 4.0]))
    variables: Any = one.variables
    variables.realisation = lambda point: ("spent", point.tolist())
    one.economy.simulate = lambda *some: ("path", *some)  # type: ignore[assignment,method-assign]
    one.problem.unspent = (1.0, 2.0)  # type: ignore[misc]
    quotas: Any = np.ones((1, 1))
    own = replace(plan(30, 20), quotas=quotas)
    made = one.around(promise(own))
    path = ("path", ("spent", [[3.0], [4.0]]), None, quotas, YEAR)
    assert asked[0][:5] == (one.economy, one.variables, one.bounds, one.sheet, one.targets)
    assert (
        asked[0][5] == path
        and asked[0][6] == YEAR
        and asked[0][7].tolist() == [3, 4]
        and asked[0][8] is quotas
    )
    assert (made.unspent, made.bounds) == ((1.0, 2.0), one.problem.bounds)
    other: Any = SimpleNamespace(unspent=(5.0, 6.0), bounds=(FARMS,))
    made = one.around(promise(own), other)
    assert (made.unspent, made.bounds) == ((5.0, 6.0), (FARMS,))
