"""Trade-offs, plans for a later year, the price of certainty and the least regret, on plans whose values are
sums of money and of solvers whose answers are stated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.decide import frontier, mixes, regret, robust, shadow_prices
from dabiao.engine.decide.reach import Goal
from dabiao.engine.decide.robust import Certainty, PriceOfChance, Search
from dabiao.engine.uncertainty.ensemble import Estimate
from dabiao.models.errors import DabiaoError, ScenarioError, SolverError
from dabiao.models.limits import Absorption, Advance, SectorCeiling, TotalInvestment
from dabiao.models.plan import Plan
from dabiao.models.quantity import Bilingual
from dabiao.solvers.ask import Optimum
from dabiao.solvers.chance import Chosen
from dabiao.solvers.frontier import Criterion, Point
from dabiao.solvers.ranging import PriceRange
from toys import SECTORS, YEAR, Court, jury, plan, promise, row

VALUES = {"growth": (0.1, 0.2), "dirt": (0.0, 0.5), "jobs": (0.3, 0.1)}
FARMS = SectorCeiling("farms", 40.0, 20.0, 3.0, np.array([1.0, 0.0]))
MONEY = TotalInvestment("money", 60.0, 10.0, 2.0)


def court(*targets: Any, own: Plan | None = None, **more: Any) -> Court:
    every = targets or (row("growth", 7, main=True), row("dirt", at_most=12), row("jobs", 9, main=True))
    return Court(own or plan(30, 20), every, VALUES, more.pop("bounds", [FARMS, MONEY]), **more)


# ---- trade-offs


def test_indicators_of_a_trade_off() -> None:
    """Two main targets, or two of the sheet; a limit counts from what it allows, all money from the
    plan's."""
    one = court(bounds=[FARMS, MONEY, Advance("sooner", 6.0, 0.0, 1.0)])
    told = frontier.criteria_of(one, [])
    assert told == (Criterion("growth", "goal:growth", 1.0), Criterion("jobs", "goal:jobs", 1.0))
    assert [
        each.id
        for each in frontier.criteria_of(court(row("growth", 7, main=True), row("dirt", at_most=1)), [])
    ] == [
        "growth",
        "dirt",
    ]
    named = frontier.criteria_of(one, ["dirt", "limit:farms", "limit:money"])
    assert named == (
        Criterion("dirt", "goal:dirt", -1.0),
        Criterion("limit:farms", "relax:farms", -1.0, 40.0),
        Criterion("limit:money", named[2].variable, -1.0, 50.0),
    )
    for wrong in (["growth"], ["growth", "growth"], ["growth", "dirt", "jobs", "limit:farms"]):
        with pytest.raises(DabiaoError, match="two or three different"):
            frontier.criteria_of(one, wrong)
    with pytest.raises(DabiaoError, match=r"limit:sooner.*growth, dirt, jobs, limit:farms, limit:money"):
        frontier.criteria_of(one, ["growth", "limit:sooner"])
    with pytest.raises(DabiaoError, match="two or three different"):
        frontier.criteria_of(court(row("growth", 7)), [])
    fixed = court(goals=["growth", "jobs"])
    with pytest.raises(DabiaoError, match="no indicator `dirt`"):
        frontier.criteria_of(fixed, ["growth", "dirt"])


def test_values_and_digits_of_an_indicator() -> None:
    one = court(row("growth", 7, digits=1), row("dirt", at_most=12))
    growth, farms = (
        Criterion("growth", "goal:growth", 1.0),
        Criterion("limit:farms", "relax:farms", -1.0, 40.0),
    )
    run = one.run(plan(31, 20))
    assert (
        frontier.value_of(one, growth, run) == pytest.approx(7.1) and frontier.value_of(one, farms, run) == 31
    )
    assert frontier.shown_digits(one.sheet, growth) == 3 and frontier.shown_digits(one.sheet, farms) == 2
    assert frontier._alike(one, growth) == pytest.approx(5e-4) and frontier._alike(
        one, farms
    ) == pytest.approx(5e-3)


def traded(*values: float) -> frontier.Traded:
    nothing: Any = None
    return frontier.Traded(values, values, nothing)


def test_points_alike_are_one() -> None:
    hair = np.array([0.1, 1.0])
    hair[0] = 0.25
    first, near, other, far = traded(1, 10), traded(1.25, 11), traded(1.25, 11.1), traded(1.5, 10)
    assert frontier._distinct([first, near, other, far], hair) == [first, other, far]
    assert frontier._distinct([], hair) == []


def test_a_point_is_asked_anew_until_its_promise_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promises of growth a point too high, then kept; of plans that keep none the one with most growth
    counts."""
    one = court()
    criteria = frontier.criteria_of(one, ["growth", "dirt"])
    around: list[Any] = []
    monkeypatch.setattr(one, "around", lambda optimum: around.append(optimum) or "anew")

    def point(mills: float, off: float = 0.0, dirt: float = 0.0) -> Point:
        own = plan(30, mills)
        return Point((3 + 0.2 * mills + off, 0.5 * mills + dirt), promise(own))

    def kept(*points: Point) -> frontier.Traded:
        around.clear()
        left = iter(points[1:])

        def beyond(problem: Any, some: Any, values: Any, economy: Any, *, relax: bool, solver: str) -> Any:
            assert (problem, some, relax) == ("anew", criteria, True)
            return next(left, None)

        monkeypatch.setattr(frontier, "beyond", beyond)
        return frontier._kept(one, criteria, points[0], True)

    good = kept(point(20, 1.0), point(18))
    assert good.values == (pytest.approx(6.6), 9.0) and len(around) == 1
    assert kept(point(20, 9e-4), point(30)).values[1] == 10.0 and not around
    assert kept(point(20, 2e-3), point(18)).values[1] == 9.0
    assert kept(point(20, 0.0, 2e-3), point(18)).values[1] == 9.0
    best = kept(point(20, 1), point(22, 1), point(21, 1))
    assert best.values[1] == 11.0 and best.promised[0] == pytest.approx(8.4) and len(around) == 3
    many = kept(*(point(20 + k, 1) for k in range(9)))
    assert many.values[1] == 12.5 and len(around) == 6
    fine = court(row("growth", 7, digits=1), row("dirt", at_most=12))
    monkeypatch.setattr(fine, "around", lambda optimum: around.append(optimum))
    for off, times in ((9.5e-5, 0), (1.05e-4, 1)):
        around.clear()
        frontier._kept(fine, frontier.criteria_of(fine, ["growth", "dirt"]), point(20, off), True)
        assert len(around) == times
    limited = frontier.criteria_of(one, ["growth", "limit:farms"])
    monkeypatch.setattr(frontier, "beyond", lambda *some, **more: None)
    found = frontier._kept(one, limited, Point((7.0, 99.0), promise(plan(30, 20))), False)
    assert found.values == (7.0, 30.0)  # use of a limit is no promise


def test_a_frontier_holds_what_nothing_beats_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    one = court()
    seen: list[Any] = []
    some = [
        plan(30, 20),
        plan(20, 20),
        plan(22, 30),
        plan(24, 26),
        plan(24, 26.001),
        plan(45, 22),
        plan(28, 20),
    ]
    points = [Point((3.0, 3.0), promise(own)) for own in some]

    def front(problem: Any, criteria: Any, economy: Any, *, points: int, relax: bool, solver: str) -> Any:
        seen.append((points, relax))
        return found

    found = points
    monkeypatch.setattr(frontier, "frontier", front)
    monkeypatch.setattr(frontier, "_kept", lambda c, criteria, point, relax: _traded(one, criteria, point))

    def nearby(c: Any, criteria: Any, relax: bool, near: float, count: int) -> Any:
        assert c is one and len(criteria) == 2
        return "best", (near, count), "ranges"

    monkeypatch.setattr(frontier, "_nearby", nearby)
    front_of = frontier.trade_off(one, ["growth", "dirt"], points=5, near=3.0, count=2)
    # more growth takes more dirt; 20 of farms have less growth at the same dirt, 45 break their limit
    assert [each.run.plan.money(YEAR).tolist() for each in front_of.points] == [[22, 30], [24, 26], [30, 20]]
    assert front_of.outside == 4 and seen == [(5, False)] and front_of.near == 3.0
    assert (front_of.best, front_of.nearby, front_of.ranges) == ("best", (3.0, 2), "ranges")
    relaxed = frontier.trade_off(one, ["growth", "dirt"], relax=True)
    assert [30, 20] in [each.run.plan.money(YEAR).tolist() for each in relaxed.points]
    assert [45, 22] in [each.run.plan.money(YEAR).tolist() for each in relaxed.points] and seen[-1] == (
        9,
        True,
    )
    found = []
    empty = frontier.trade_off(one, ["growth", "dirt"])
    assert empty.points == () and empty.outside == 0


def _traded(one: Court, criteria: Any, point: Point) -> frontier.Traded:
    run = one.simulate(point.optimum.plan)  # type: ignore[arg-type]
    values = tuple(frontier.value_of(one, each, run) for each in criteria)
    return frontier.Traded(values, values, run)


def test_plans_nearly_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within 5 % of 8: at least 7.6 (of a ceiling of 4 at most 4.2), and no less than what already holds."""
    one = court()
    problem: Any = one.problem
    problem.mix, problem.compiled = ["money:farms", "money:mills"], SimpleNamespace(at={"goal:growth": 0})
    held: list[Any] = []
    stood: dict[str, tuple[float, float]] = {"x": (0.0, 1.0)}
    top = replace(promise(plan(30, 25)), objective=8.0)
    top.solution.values.update({"money:farms": 30.0, "money:mills": 25.0})  # type: ignore[union-attr]

    def others(problem: Any, bounds: Any, money: Any, economy: Any, *, count: int, solver: str) -> Any:
        held.append((bounds, money.tolist(), count))
        none = promise(None)
        return [
            SimpleNamespace(optimum=promise(plan(20, 29)), distance=4.0, proved=False),
            SimpleNamespace(optimum=none, distance=1.0, proved=True),
        ]

    monkeypatch.setattr(
        frontier, "room", lambda problem, some, relax: {**stood, "relaxed": (0.0, float(relax))}
    )
    monkeypatch.setattr(
        frontier, "spread", lambda problem, bounds, solver: np.array([[1.0, 2.0], [3.0, 4.0]])
    )
    monkeypatch.setattr(frontier, "alternatives", others)
    monkeypatch.setattr(one, "until_kept", lambda ask, targets: (top, one.run(plan(30, 25))))
    growth = frontier.criteria_of(one, ["growth", "dirt"])
    best, nearby, ranges = frontier._nearby(one, growth, True, 5.0, 2)
    assert held[-1] == (
        {**stood, "relaxed": (0.0, 1.0), "goal:growth": (pytest.approx(7.6), np.inf)},
        [30, 25],
        2,
    )
    assert best is not None and (best.distance, best.proved, best.values) == (0, True, (8.0, 12.5))
    assert [(each.distance, each.proved, each.values) for each in nearby] == [
        (4.0, False, (pytest.approx(7.8), 14.5))
    ]
    assert ranges.tolist() == [[1, 2], [3, 4]]
    top = replace(top, objective=4.0)
    dirt = frontier.criteria_of(one, ["dirt", "growth"])
    frontier._nearby(one, dirt, False, 5.0, 1)
    assert held[-1][0]["goal:dirt"] == (-np.inf, pytest.approx(4.2))
    stood["goal:dirt"] = (1.0, 4.1)
    frontier._nearby(one, dirt, False, 5.0, 1)
    assert held[-1][0]["goal:dirt"] == (1.0, 4.1)
    stood["goal:growth"] = (7.0, 9.0)
    top = replace(top, objective=8.0)
    frontier._nearby(one, growth, False, 5.0, 1)
    assert held[-1][0]["goal:growth"] == (pytest.approx(7.6), 9.0)
    none, empty, ranges = frontier._nearby(one, growth, False, 5.0, 0)
    assert none is None and empty == () and ranges.shape == (2, 2) and np.isnan(ranges).all()
    monkeypatch.setattr(one, "until_kept", lambda ask, targets: (promise(None), None))
    assert frontier._nearby(one, growth, False, 5.0, 2)[0] is None
    monkeypatch.setattr(one, "until_kept", lambda ask, targets: (top, one.run(plan(30, 25))))
    one.first = {"growth"}
    gone = SimpleNamespace(compiled=SimpleNamespace(at={}))
    monkeypatch.setattr(one, "around", lambda optimum: gone)
    assert frontier._nearby(one, growth, False, 5.0, 2)[0] is None
    monkeypatch.setattr(one, "around", lambda optimum: one.problem)
    assert frontier._nearby(one, growth, False, 5.0, 2)[0] is not None
    limit = frontier.criteria_of(one, ["limit:farms", "growth"])
    asked: list[Any] = []
    monkeypatch.setattr(
        one, "until_kept", lambda ask, targets: asked.append(targets) or (top, one.run(plan(30, 25)))
    )
    frontier._nearby(one, limit, False, 5.0, 1)
    assert asked == [[]] and held[-1][0]["relax:farms"] == (-np.inf, pytest.approx(8 * 1.05 - 40))


# ---- plans for a later year


class Later:
    """A solver whose promise of growth is off by stated amounts, one after another, and 1 more in mills
    each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, one: Court, *off: float | None) -> None:
        self.left, self.points, self.one, self.count, self.step = list(off), [], one, 0, 1.0
        variables: Any = one.variables
        variables.realisation = lambda point: plan(*point[:2, 0])
        self.goals: dict[str, str] = {"growth": "goal:growth"}
        monkeypatch.setattr(one.economy, "simulate", self.simulate)
        monkeypatch.setattr(mixes, "build", self.build)
        monkeypatch.setattr(mixes, "spend", lambda problem, solver: problem)
        monkeypatch.setattr(mixes, "most", self.most)
        monkeypatch.setattr(mixes, "vector", self.vector)

    def vector(self, problem: Any, solution: Any) -> np.ndarray:
        assert problem.goals is self.goals and solution.found
        return np.array([30.0, 20.0 + self.count])

    def simulate(self, realisation: Any, routing: Any = None, *rest: Any) -> Any:
        return self.one._path(realisation, routing, None, None)

    def build(self, *some: Any) -> Any:
        self.points.append(some[7].tolist())
        return SimpleNamespace(goals=self.goals, year=some[6])

    def most(self, problem: Any, key: str, sign: float, economy: Any, *, relax: bool, solver: str) -> Optimum:
        assert problem.year == YEAR and not relax
        by = self.left.pop(0) if self.left else None
        if by is None:
            return promise(None)
        self.count += 1
        mills = 20 + self.step * self.count
        found = promise(plan(30, mills), {"growth": 3 + 0.2 * mills + (0.0 if math.isinf(by) else by)})
        return replace(found, solution=None) if math.isinf(by) else found


def around(
    monkeypatch: pytest.MonkeyPatch, *off: float | None, goal: Any = None, **more: Any
) -> tuple[Any, Later]:
    one = court()
    told = Later(monkeypatch, one, *off)
    vars(told).update(more)  # goals, and how much more is in mills each time
    return mixes._around(one, goal or one.targets[0], YEAR, np.array([30.0, 20.0])), told


def test_a_later_years_problem_is_written_anew_until_its_promise_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, told = around(monkeypatch, 1.0, 5e-4, 0.0)
    assert (found.value, found.run.plan.total(YEAR)) == (pytest.approx(7.4), 52) and told.count == 2
    assert found.optimum == pytest.approx(7.4005) and told.points == [[30, 20], [30, 21]]
    found, told = around(monkeypatch, *([1.0] * 9))
    assert told.count == 6 and found.run.plan.total(YEAR) == 56
    found, told = around(monkeypatch, 1.0, None)
    assert found.run.plan.total(YEAR) == 51
    assert around(monkeypatch, None)[0] is None and around(monkeypatch, 1.0, goals={})[0] is None
    assert all(key.startswith("True") for key in told.one._runs)
    assert around(monkeypatch, math.inf)[0] is None
    # less growth is not better, nor is as much, unless its promise is kept
    assert around(monkeypatch, 1.0, 1.0, None, step=-1.0)[0].run.plan.total(YEAR) == 49
    assert around(monkeypatch, 1.0, 1.0, None, step=1e-4)[0].run.plan.total(YEAR) == pytest.approx(50.0001)
    assert around(monkeypatch, 1.0, 0.0, step=-1e-4)[0].run.plan.total(YEAR) == pytest.approx(
        49.9998, abs=1e-6
    )
    # of a ceiling less is better: the first counts, until one is kept that is as good
    found, told = around(monkeypatch, 1.0, 1.0, None, goal=row("growth", at_most=7))
    assert found.run.plan.total(YEAR) == 51
    found, told = around(monkeypatch, 1.0, 0.0, goal=row("growth", at_most=7))
    assert found.run.plan.total(YEAR) == 51 and told.count == 2


def test_the_best_later_plan_of_all_beginnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Around the plan, the base year's mix with the plan's money, and with so much of it that what comes on
    line is never short: prices rise by a tenth a year, and the third year's money is half the target
    year's."""
    one = court()
    levers = SimpleNamespace(base=np.array([10.0, 40.0]), money=np.array([30.0, 20.0]))

    class Variables(SimpleNamespace):
        @property
        def plan(self) -> np.ndarray:
            return np.array([30.0, 20.0, 1.0])

    variables: Any = Variables(**vars(levers))
    one.variables = variables
    variables.ratio = np.array([[0.0, 1.0, 0.5], [0.0, 1.0, 2.0]])
    economy: Any = one.economy
    economy.prices = SimpleNamespace(investment=np.array([1.1]))
    begun: list[Any] = []
    answers = [(1, 6.2), (2, 6.9), (3, 6.8)]

    def found(c: Any, goal: Any, year: int, point: np.ndarray) -> Any:
        begun.append((point.tolist(), year))
        left = answers[len(begun) - 1]
        return left and mixes.Later(one.run(plan(left[0], 1)), 0.0, left[1])

    monkeypatch.setattr(mixes, "_around", found)
    best = mixes.best_later(one, one.targets[0], 3)
    assert best is not None and best.value == 6.9  # 6.9 and 6.8 print alike: the first found counts
    assert begun[0] == ([30, 20, 1], 3) and begun[1] == ([10, 40, 1], 3)
    assert begun[2][0] == pytest.approx([10 * 1.1**3 / 0.5, 40 * 1.1**3 / 0.5, 1])
    begun.clear()
    less = mixes.best_later(one, row("dirt", at_most=1), 3)
    assert less is not None and less.value == 6.2
    begun.clear()
    answers[:] = [None, None, None]  # type: ignore[list-item]
    assert mixes.best_later(one, one.targets[0], 3) is None


def test_the_plan_for_the_horizon_is_more_than_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    one = court()
    asked: list[Any] = []
    more = replace(plan(30, 20), investment=np.array([[100, 30, 9.0], [200, 20, 5.0]]))

    def best(own: Plan | None) -> Any:
        def later(c: Any, goal: Any, year: int) -> Any:
            asked.append((goal.id, goal.indicator, goal.sign, year))
            return own and mixes.Later(one.run(own), 14.5, 14.0)

        monkeypatch.setattr(mixes, "best_later", later)
        return mixes.horizon_plan(one)

    run, promised = best(more)
    assert (run.plan.id, promised) == ("horizon", 14.5) and "2023" in str(run.plan.title)
    assert asked == [("gdp_level", "gdp_level", 1.0, 3)]
    assert best(plan(40, 20)) is None and best(None) is None


# ---- the price of certainty


class Robust:
    """A search over money of two sectors, 64 futures in which growth is off by -3, -1, 0 and 2."""

    def __init__(self, own: Plan | None = None, bounds: Sequence[Any] = (FARMS, MONEY), **more: Any) -> None:
        self.growth = row("growth", more.get("ensure", 7))
        self.jury = jury([self.growth], VALUES, {"growth": np.repeat([-3.0, -1.0, 0.0, 2.0], 16)})
        self.court = court(self.growth, own=own, bounds=bounds)
        variables: Any = self.court.variables
        variables.fixed_planned, variables.least = np.zeros((2, 3)), lambda planned: planned[:, 1]
        variables.investment = self.spread
        self.search = Search(
            self.court,
            self.jury,
            [Goal(self.growth, more.get("ensure", 7.0), "ensure")],
            {},
            more.get("relax", False),
        )

    def spread(self, money: np.ndarray, moved: np.ndarray | None = None) -> np.ndarray:
        found = np.array([[100, money[0], 7.0], [200, money[1], 5.0]])
        if moved is not None:
            found[[s for s, _ in self.court.variables.moves], [t for _, t in self.court.variables.moves]] += (
                moved
            )
        return found


def mix(*money: float) -> np.ndarray:
    return np.array(money, dtype=float)


def test_a_search_counts_money_and_futures() -> None:
    one = Robust()
    search = one.search
    problem: Any = one.court.problem
    problem.spent = (np.array([1.0, 2.0]), 3.0)
    assert search.total(mix(10, 20)) == 53 and search.thresholds == {"growth": 7.0}
    assert (
        search.plan(mix(30, 20)).money(YEAR).tolist() == [30, 20] and search.plan(mix(3, 20)).id == "robust"
    )
    variables: Any = one.court.variables
    variables.fixed_planned = np.array([[0, 5.0, 0], [0, 0, 0]])
    assert search.plan(mix(3, -1)).money(YEAR).tolist() == [5, 0]  # named projects need five
    assert variables.fixed_planned.tolist() == [[0, 5, 0], [0, 0, 0]]
    assert search.levers(plan(31, 20)).tolist() == [31, 20]
    assert search.share(plan(30, 20)) == 0.5 and search.share(plan(40, 20)) == 0.75
    assert search.values(plan(30, 20))[0, ::16].tolist() == [4, 6, 7, 9]
    variables.moves = ((1, 0), (0, 2))
    assert search.levers(plan(31, 20)).tolist() == [31, 20, 0, 0]
    moved = search.plan(mix(30, 20, -50, 4))
    assert moved.investment.tolist() == [[100, 30, 11], [150, 20, 5]]
    assert search.levers(moved).tolist() == [30, 20, -50, 4]
    assert search.plan(mix(30, 20, -300, 4)).investment[1, 0] == 0


def test_starts_taken_are_those_of_the_central_plan() -> None:
    one = Robust()
    variables: Any = one.court.variables
    variables.choices = tuple(
        SimpleNamespace(
            project=key, shift=shift, sector=at, planned=np.array([0.0, 10.0 * (at + 1) + shift, 0.0])
        )
        for at, key in enumerate(("farm", "mill"))
        for shift in (0.0, -3.0)
    )
    goals = [Goal(one.growth, 7.0, "ensure")]
    search = Search(one.court, one.jury, goals, {"mill": -3.0}, False)
    assert {key: span for key, span in search.bounds.items() if key.startswith("start")} == {
        "start:farm:0": (1.0, 1.0),
        "start:farm:-3": (0.0, 0.0),
        "start:mill:0": (0.0, 0.0),
        "start:mill:-3": (1.0, 1.0),
    }
    found = search.plan(mix(1, 1))
    assert found.money(YEAR).tolist() == [10, 17] and found.shifts == {"mill": -3.0}


def test_lines_are_tangents_where_the_simulation_lies_below() -> None:
    """The first mix gets lines for all futures, through their values with slopes of 0.1 and 0.2; nothing is
    added where they say the same."""
    one = Robust()
    search = one.search
    share, settled = search.try_mix(mix(30, 20))
    assert (share, settled) == (0.5, False)
    draw, constant, slope, need = search.cuts.joined()
    assert draw.tolist() == list(range(64)) and constant[::16] == pytest.approx([-3, -1, 0, 2], abs=1e-9)
    assert slope == pytest.approx(np.tile([0.1, 0.2], (64, 1))) and need == pytest.approx(np.full(64, 6.5005))
    assert search.try_mix(mix(40, 20)) == (0.75, True) and len(search.cuts.draw) == 1
    # in one future the value falls short of the line by half a point
    draws: Any = one.jury.samples[0]
    plain = draws.outcomes

    def bent(own: Plan, year: int) -> Any:
        found = dict(plain(own, year))
        found["growth"] = found["growth"] - 0.5 * (np.arange(64) == 3) * (own.money(YEAR)[0] > 45)
        return found

    draws.outcomes = bent
    assert search.try_mix(mix(50, 20)) == (0.75, False)
    assert search.cuts.draw[1].tolist() == [3] and search.cuts.constant[1] == pytest.approx([-3.5])
    # what is far on the safe side gets no line
    far = Robust()
    draws = far.jury.samples[0]
    draws.off["growth"][3] = 50.0
    far.search.try_mix(mix(30, 20))
    plain, draws.outcomes = draws.outcomes, bent
    assert far.search.try_mix(mix(50, 20))[1] is True and len(far.search.cuts.draw) == 1


@pytest.mark.parametrize(
    ("ensure", "short", "settled"), [(0, 1.5e-5, False), (0, 5e-6, True), (7, 5e-5, True), (7, 8e-5, False)]
)
def test_lines_may_lie_a_hair_above(ensure: float, short: float, settled: bool) -> None:
    """A hundred-thousandth of a point, or of the threshold where that is more."""
    one = Robust(ensure=ensure)
    one.search.try_mix(mix(30, 20))
    draws: Any = one.jury.samples[0]
    plain = draws.outcomes
    draws.outcomes = lambda own, year: {"growth": plain(own, year)["growth"] - short * (np.arange(64) == 3)}
    one.jury._known.clear()
    assert one.search.try_mix(mix(31, 20))[1] is settled


def test_lines_of_a_ceiling_are_turned_about() -> None:
    one = Robust()
    dirt = row("dirt", at_most=11)
    jurors = jury([dirt], VALUES, {"dirt": np.repeat(np.arange(4.0), 16)})
    search = Search(court(dirt), jurors, [Goal(dirt, 11.0, "at_most")], {}, False)
    search.court = one  # type: ignore[attr-defined]
    search.assessor.variables = one.court.variables
    assert search.try_mix(mix(30, 20)) == (0.5, False)
    _, constant, slope, need = search.cuts.joined()
    assert constant[::16] == pytest.approx([0, -1, -2, -3], abs=1e-9) and slope[0] == pytest.approx(
        [0, -0.5], abs=1e-9
    )
    assert need[0] == pytest.approx(-11.4995)
    assert search.try_mix(mix(30, 18)) == (0.75, True)


@pytest.mark.parametrize(
    ("unit", "over", "year", "concave"),
    [("%", None, 1, True), ("%", None, 2, False), ("money", None, 2, True), ("%", (1, 3, False), 2, True),
     ("%", (2, 3, False), 2, False), ("%", (1, 3, True), 2, False), ("%", (1, 1, True), 2, True)],
)  # fmt: skip
def test_growth_from_the_base_year_on_is_concave(unit: str, over: Any, year: int, concave: bool) -> None:
    one = Robust()
    span = over and SimpleNamespace(first=over[0], last=over[1], measure=SimpleNamespace(each=over[2]))
    one.court.year = year
    target = replace(one.growth, unit=unit, over=span)
    one.search.goals = [Goal(target, 7.0), Goal(replace(one.growth, unit="money"), 7.0)]
    assert one.search.concave is concave and one.search._concave(target) is concave


def test_what_each_sector_may_have() -> None:
    """Growth of ten per cent a year from 10: 12.1; the part of a cut; relaxed to a fifth more."""
    haste = Absorption("haste", 10.0, 10.0, 1.0)
    one = Robust(bounds=[haste])
    assert one.search._spans() == pytest.approx(np.array([[0, 12.1], [0, 12.1]]))
    assert one.search._most() == pytest.approx(24.2)
    assert one.search._ranges(8.0).tolist() == [[0, 8], [0, 8]]
    assert Robust(bounds=[haste], relax=True).search._spans() == pytest.approx(np.array([[0, 14.4]] * 2))
    free = Robust()
    assert math.isinf(free.search._most()) and free.search._ranges(8.0).tolist() == [[0, 8], [0, 8]]
    variables: Any = free.court.variables
    variables.moves, variables.ratio = ((1, 0),), np.array([[0.5, 1, 2], [0.25, 1, 2]])
    assert free.search._ranges(8.0).tolist() == [[0, 8], [0, 8], [-2, 8]] and math.isinf(free.search._most())
    bounded = Robust(bounds=[haste])
    bounded.court.variables = variables
    assert math.isinf(bounded.search._most())


class Master:
    """Answers of the lines, one after another, and their bound."""

    def __init__(self, *mixes: Any, bound: Any = (1.0, None)) -> None:
        self.mixes, self.told, self.asked = list(mixes), bound, []

    def choose(self, count: int, start: np.ndarray) -> Chosen | None:
        self.asked.append((count, start.tolist()))
        found = self.mixes.pop(0) if self.mixes else None
        return None if found is None else Chosen(found, np.ones(64, dtype=bool), float(found.sum()))

    def bound(self, count: int, top: float, ranges: np.ndarray) -> Any:
        self.asked.append(("bound", count, top))
        return self.told


def cheapest(monkeypatch: pytest.MonkeyPatch, count: int, *mixes: Any, starts: Any = (), **more: Any) -> Any:
    one, concave = Robust(bounds=more.pop("bounds", (FARMS, MONEY))), more.pop("concave", True)
    master = Master(*mixes, **more)
    settled = [len(mixes) - 1]

    def tried(money: np.ndarray) -> tuple[float, bool]:
        settled[0] -= 1
        return one.search.share(one.search.plan(money)), settled[0] < 0

    monkeypatch.setattr(one.search, "master", lambda: master)
    monkeypatch.setattr(one.search, "try_mix", tried)
    monkeypatch.setattr(Search, "concave", concave)
    return one.search.cheapest(count, starts), master


def test_the_cheapest_mix_that_reaches_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the futures: 70 in farms alone, 35 in mills alone."""
    (best, inside, bound), master = cheapest(
        monkeypatch, 32, mix(70, 0), mix(20, 25), mix(0, 35), starts=[mix(72, 0)]
    )
    assert best.tolist() == [0, 35] and (inside, bound) == (0.5, 1.0)
    # 72 of farms break their limit: the lines begin there all the same, then at the best so far
    assert [each[1] for each in master.asked[:3]] == [[72, 0], [70, 0], [20, 25]]
    assert master.asked[3] == ("bound", 32, 35.0)
    (best, inside, _), _ = cheapest(
        monkeypatch, 32, mix(0, 20), mix(20, 25), starts=[mix(20, 26), mix(10, 30), mix(0, 80)]
    )
    assert best.tolist() == [10, 30] and inside == 0.5  # begun with, and never beaten
    (best, inside, bound), master = cheapest(
        monkeypatch, 32, None, starts=[mix(0, 1)], bound=(33.0, mix(0, 34))
    )
    assert best is None and math.isnan(inside) and math.isnan(bound) and len(master.asked) == 1
    (best, inside, bound), _ = cheapest(
        monkeypatch, 32, mix(0, 36), bound=(33.0, mix(0, 35)), starts=[mix(0, 1)]
    )
    assert best.tolist() == [0, 35] and bound == 33.0
    (best, _, bound), _ = cheapest(monkeypatch, 32, mix(0, 36), bound=(33.0, mix(0, 20)), starts=[mix(0, 1)])
    assert best.tolist() == [0, 36] and bound == 33.0
    (best, _, bound), _ = cheapest(
        monkeypatch, 32, mix(0, 36), bound=(9.0, None), starts=[mix(0, 1)], concave=False
    )
    assert best.tolist() == [0, 36] and math.isnan(bound)
    limited = [Absorption("haste", 100.0, 0.0, 1.0)]
    (best, _, bound), master = cheapest(
        monkeypatch, 32, None, bound=(9.0, None), starts=[mix(0, 1)], bounds=limited
    )
    assert best is None and bound == 9.0 and master.asked[-1] == ("bound", 32, 80.0)


def test_one_future_too_few_is_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """36 in mills reach 32 of 64, begun with, by the lines or by their bound."""
    near: Any = mix(0, 36)
    limited = [Absorption("haste", 900.0, 0.0, 1.0)]
    for starts, mixes_, bound in (
        ([near], [], None),
        ([mix(0, 1)], [near], None),
        ([mix(0, 1)], [None], near),
    ):
        for count, found in ((32, [0, 36]), (33, None)):
            (best, *_), _ = cheapest(
                monkeypatch, count, *mixes_, starts=starts, bound=(9.0, bound), bounds=limited
            )
            assert (None if best is None else best.tolist()) == found


def test_lines_are_added_a_dozen_times_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Robust()
    master = Master(*[mix(0, 60 - k) for k in range(20)])
    monkeypatch.setattr(one.search, "master", lambda: master)
    monkeypatch.setattr(one.search, "try_mix", lambda money: (1.0, False))
    monkeypatch.setattr(Search, "concave", True)
    best, inside, _ = one.search.cheapest(32, [mix(0, 1)])
    assert best is not None and best.tolist() == [0, 49] and inside == 1.0 and len(master.asked) == 13


def test_mixes_begun_with_keep_the_limits() -> None:
    """All investment is free; farms may have 40, or 60 where limits are relaxed."""
    one, relaxed = Robust(), Robust(relax=True)
    starts = [mix(50, 30), mix(0, 90), mix(20, 25), mix(0, 30)]
    found = one.search._begun(32, starts)
    assert found[0] is not None and found[0].tolist() == [20, 25] and found[1] == 0.5
    assert one.search._begun(48, starts)[0].tolist() == [0, 90]  # type: ignore[union-attr]
    assert relaxed.search._begun(48, starts)[0].tolist() == [50, 30]  # type: ignore[union-attr]
    none, share = one.search._begun(64, [mix(0, 30)])
    assert none is None and math.isnan(share)


def test_the_likeliest_mix_of_so_much_money_by_halving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines let 41 of 64 futures be reached with 50: halving finds them; the simulation has three
    quarters."""
    one = Robust()
    asked: list[int] = []

    def choose(count: int, start: np.ndarray) -> Chosen | None:
        asked.append(count)
        if count > 60:
            return None
        return Chosen(mix(0, 40), np.ones(64, dtype=bool), 50.0 if count <= 41 else 50.1)

    monkeypatch.setattr(one.search, "master", lambda: SimpleNamespace(choose=choose))
    monkeypatch.setattr(one.search, "try_mix", lambda money: (one.search.share(one.search.plan(money)), True))
    best, share = one.search.likeliest(50.0, mix(30, 20))
    assert best.tolist() == [0, 40] and share == 0.75 and asked == [32, 48, 40, 44, 42, 41]
    best, share = one.search.likeliest(40.0, mix(30, 20))
    assert best.tolist() == [30, 20] and share == 0.5
    best, share = one.search.likeliest(50.0, mix(90, 90))
    assert best.tolist() == [90, 90] and share == 1.0
    asked.clear()
    monkeypatch.setattr(one.search, "try_mix", lambda money: (0.75, False))
    one.search.likeliest(50.0, mix(30, 20))
    assert len(asked) == 6 * 6


class Courtly:
    """A court of fresh futures that reach so much of a mix, and a search that finds what is stated."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fresh: dict[float, float]) -> None:
        self.one = Robust()
        self.wanted: list[int] = []
        self.found: list[Any] = []
        jurors: Any = SimpleNamespace(joint=lambda own, thresholds: Estimate(fresh[own.total(YEAR)], 0.01))
        self.court = robust._Court(self.one.search, jurors)
        monkeypatch.setattr(self.one.search, "cheapest", self.cheapest)

    def cheapest(self, count: int, starts: Any) -> Any:
        self.wanted.append(count)
        return self.found.pop(0)


def test_a_level_that_fresh_futures_do_not_confirm_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Courtly(monkeypatch, {50.0: 0.47, 55.0: 0.485, 60.0: 0.6, 70.0: 0.1})
    one.found = [(mix(30, 20), 0.5, 44.0), (mix(30, 25), 0.53, 45.0)]
    found = one.court.least(0.5, [], 99.0, 3)
    assert one.wanted == [32, 34] and (found.asked, found.money, found.inside, found.bound) == (
        0.5,
        55,
        0.53,
        44.0,
    )
    assert found.fresh is not None and found.fresh.value == 0.485 and found.run is not None
    one.found = [(mix(30, 20), 0.5, 44.0)]
    assert one.court.least(0.5, [], 99.0, 0).money == 50
    one.wanted.clear()
    one.found = [(mix(50, 20), 0.5, 44.0)] * 5
    assert one.court.least(0.5, [], 99.0, 3).money == 70 and one.wanted == [32, 58]
    one.found = [(mix(30, 30), 0.5, 44.0)]
    gone = one.court.least(0.5, [], 59.0, 3)  # nobody invests so much
    assert gone.run is None and math.isnan(gone.money) and gone.bound == 44.0
    one.found = [(mix(30, 30), 0.5, 44.0)]
    assert one.court.least(0.5, [], 60.0, 3).money == 60
    one.found = [(None, math.nan, math.inf)]
    none = one.court.least(0.25, [], 60.0, 3)
    assert (none.asked, none.run, none.bound, none.fresh) == (0.25, None, math.inf, None)
    one.wanted.clear()
    one.found = [(None, math.nan, 1.0)] * 2
    one.court.least(0.3, [], 60.0, 0), one.court.least(0.25 + 1e-12, [], 60.0, 0)
    assert one.wanted == [20, 16]


def test_a_plan_that_was_made_for_no_level(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Courtly(monkeypatch, {50.0: 0.47})
    nothing = one.court.stated(None)
    assert (
        nothing.run is None and nothing.asked is None and nothing.fresh is None and math.isnan(nothing.money)
    )
    found = one.court.stated(one.one.court.plan)
    assert (found.money, found.inside, found.run) == (50, 0.5, one.one.court.plan) and math.isnan(found.bound)
    assert found.fresh == Estimate(0.47, 0.01)


def test_the_price_of_certainty_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels are asked in their order, each begun at the one before; what looked better on few futures and is
    not gives way to the plan."""
    growth = row("growth", 7, margin=-0.5, main=True)
    one = court(growth)
    goal, made, likely = Goal(growth, 7.0, "ensure"), [], []
    few = jury([growth], VALUES, {"growth": np.repeat([-3.0, -1.0, 0.0, 2.0], 16)})
    fresh = jury([growth], VALUES, {"growth": np.repeat([-3.0, -1.0, 0.0, 2.0], 32)})
    variables: Any = one.variables
    variables.fixed_planned, variables.least = np.zeros((2, 3)), lambda planned: planned[:, 1]
    variables.investment = lambda money: np.array([[100, money[0], 7.0], [200, money[1], 5.0]])

    def drawn(scenario: Any, quantities: Any, targets: Any, year: int, draws: int, seed: int) -> Any:
        made.append((targets["growth"].margin, year, draws, seed))
        return {256: few, 4096: fresh}[draws]

    central: Any = SimpleNamespace(run=one.run(plan(28, 21, mill=-3.0)), error=1.5, relaxed={"farms": 1.0})
    asked: list[Any] = []
    least: list[Any] = []

    def cheapest(search: Search, count: int, starts: Any) -> Any:
        least.append((count, [start.tolist() for start in starts], dict(search.shifts)))
        return mix(0, 30 + len(least)), 0.75, 1.0

    def best(search: Search, total: float, start: Any) -> Any:
        asked.append((total, start.tolist()))
        return likely.pop(0)

    monkeypatch.setattr(robust.Jury, "drawn", drawn)
    monkeypatch.setattr(robust, "required", lambda c, goals: central)
    monkeypatch.setattr(Search, "cheapest", cheapest)
    monkeypatch.setattr(Search, "likeliest", best)
    monkeypatch.setattr(Search, "try_mix", lambda search, money: (0.5, True))
    scenario: Any = SimpleNamespace(uncertainty=SimpleNamespace(seed=7))

    def certainty(**more: Any) -> Certainty:
        for each in (made, asked, least):
            each.clear()  # type: ignore[attr-defined]
        return robust.certainty(one, scenario, {}, [goal], **more)

    likely[:] = [(mix(0, 50), 0.9), (mix(0, 34), 0.75)]
    found = certainty(levels=(0.75, 0.5))
    assert made == [(0.0, YEAR, 256, 7), (0.0, YEAR, 4096, 8)] and found.goals[0].target.margin == 0
    assert asked == [(100.0, [28, 21]), (50.0, [30, 20])]
    top = [0, 50]
    assert least == [
        (32, [[28, 21], [28, 21], top], {"mill": -3.0}),
        (48, [[0, 31], [28, 21], top], {"mill": -3.0}),
    ]
    assert [(level.asked, level.money) for level in found.levels] == [(0.5, 31), (0.75, 32)]
    assert (found.draws, found.fresh_draws, found.plan.money, found.most.money) == (256, 4096, 50, 50)
    assert (found.central.error, found.central.relaxed, found.central.money) == (1.5, True, 49)
    assert found.most.inside == 0.9 and found.most.asked is None
    # of the plan's 50 growth of 7 has half of the fresh futures, 34 in mills a quarter: the plan it is
    assert found.likeliest is found.plan
    likely[:] = [(mix(0, 50), 0.9), (mix(10, 40), 0.75)]
    assert certainty(levels=(0.5,)).likeliest.money == 50 and one.plan.plan.total(YEAR) == 50
    likely[:] = [(mix(0, 50), 0.9), (mix(10, 40), 0.75)]
    assert certainty(levels=(0.5,)).likeliest.run.plan.money(YEAR).tolist() == [10, 40]  # type: ignore[union-attr]
    one.plan = one.run(plan(46, 12))
    likely[:] = [(mix(0, 150), 0.9), (mix(0, 34), 0.75)]
    outside = certainty(levels=())
    assert outside.likeliest.money == 34 and asked[0][0] == 116.0 and outside.levels == ()
    likely[:] = [(mix(0, 150), 0.9), (mix(0, 34), 0.75)]
    usual = certainty()
    assert [level.asked for level in usual.levels] == [0.5, 0.6, 0.7, 0.8, 0.9]
    assert [count for count, *_ in least] == [32, 39, 45, 52, 58]
    again: list[int] = []
    monkeypatch.setattr(
        robust._Court, "least", lambda own, p, starts, end, turns: again.append(turns) or PriceOfChance(p)
    )
    for confirm in (False, True):
        likely[:] = [(mix(0, 150), 0.9), (mix(0, 34), 0.75)]
        certainty(levels=(0.5,), confirm=confirm)
    assert again == [0, 3]
    central.run = None
    likely[:] = [(mix(0, 150), 0.9), (mix(0, 34), 0.75)]
    bare = certainty(levels=())
    assert bare.central.run is None and asked[0] == (116.0, [46, 12])


# ---- the least regret


class Studied:
    """A study of a court."""

    def __init__(self, name: str, one: Court, best: Plan | None, sectors: Sequence[str] = SECTORS) -> None:
        self.assessor, self.sheet, self.plan, self.year, self.solver = one, one.sheet, one.plan, YEAR, "none"
        self.economy = SimpleNamespace(sector_ids=tuple(sectors))
        self.loaded = SimpleNamespace(name=name)
        self.scenario = SimpleNamespace(title=Bilingual(zh=name, en=name))
        self.best = best
        variables: Any = one.variables
        variables.investment = lambda money: np.array([[1.0, money[0], 1.0], [1.0, money[1], 1.0]])
        one.until_kept = self.until_kept  # type: ignore[method-assign]

    def until_kept(self, ask: Any, targets: Any, whole: bool = False) -> Any:
        self.asked = ask, [each.id for each in targets]
        goals = (
            {} if self.best is None else {"growth": self.assessor.run(self.best).path.values["growth"] + 0.25}
        )
        return promise(self.best, goals), None


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Plans of 50 and of 100; the second may have no more than 55 in farms."""
    first = Studied("first", court(own=plan(30, 20)), plan(10, 40, "best"))
    second = Studied(
        "second", court(own=plan(60, 40), bounds=[replace(FARMS, most=55.0)]), plan(50, 50, "best")
    )
    return [first, second]


def test_regrets_by_hand(two: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mix is shares of each total: 9 against 9 and 18 against 15, and so on."""
    seen: list[Any] = []

    def least(cases: Any, solver: str) -> Any:
        seen.extend(cases)
        return SimpleNamespace(plans=(plan(20, 30), plan(40, 60)), regret=1.5)

    monkeypatch.setattr(regret, "least_regret", least)
    found = regret.regrets(two)
    assert [(case.goal, case.sign, case.best) for case in seen] == [
        ("growth", 1.0, 9.25),
        ("growth", 1.0, 15.25),
    ]
    assert [case.problem for case in seen] == [each.assessor.problem for each in two]
    assert found.least is not None and found.least.values == (8, 16) and found.least.regrets == (1, -1)
    assert found.least.most == 1 and found.promised == 1.5 and found.target.id == "growth"
    plain, best, other = found.others
    assert (
        plain.values[0] == 7 and math.isnan(plain.values[1]) and math.isnan(plain.most) and plain.own is None
    )
    assert (best.values, best.regrets, best.own) == ((9, 18), (0, -3), 0)
    assert (other.values, other.regrets, other.own) == ((7.5, 15), (1.5, 0), 1)
    assert other.runs[1] is not None and other.runs[1].plan.money(YEAR).tolist() == [50, 50]
    assert found.titles == (two[0].scenario.title, two[1].scenario.title)
    monkeypatch.setattr(
        regret, "least_regret", lambda cases, solver: SimpleNamespace(plans=(), regret=math.nan)
    )
    assert regret.regrets(two).least is None
    ceiling = regret.regrets(two, "growth")
    assert ceiling.target.id == "growth"


def test_what_cannot_be_compared_is_told(two: list[Any]) -> None:
    with pytest.raises(DabiaoError, match="two scenarios or more"):
        regret.regrets(two[:1])
    with pytest.raises(DabiaoError, match="not every scenario judges `oil`; known: growth, dirt, jobs"):
        regret.regrets(two, "oil")
    two[1].assessor.problem.goals.pop("growth")
    assert regret._target(two, None).id == "jobs"
    with pytest.raises(DabiaoError, match="known: dirt, jobs"):
        regret.regrets(two, "growth")
    two[1].assessor.problem.goals.clear()
    with pytest.raises(DabiaoError, match="not every scenario"):
        regret._target(two, None)
    two[1].economy.sector_ids = ("mills", "farms")
    with pytest.raises(DabiaoError, match="second: its sectors are not those of first"):
        regret.regrets(two)


def test_a_scenario_without_any_plan_is_told(two: list[Any]) -> None:
    two[1].best = None
    with pytest.raises(DabiaoError, match="second: no plan keeps its limits"):
        regret.regrets(two)


def test_problems_of_what_is_first_order_are_those_around_the_best(
    two: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        regret,
        "least_regret",
        lambda cases, solver: seen.extend(cases) or SimpleNamespace(plans=(), regret=0.0),
    )
    first, second = (each.assessor for each in two)
    first.first, second.first = {"growth"}, {"growth"}
    around = SimpleNamespace(goals={"growth": "g"}), SimpleNamespace(goals={})
    first.around, second.around = (lambda optimum: around[0]), (lambda optimum: around[1])
    regret.regrets(two)
    assert [case.problem for case in seen] == [around[0], second.problem]


def test_a_mix_everywhere_as_shares_and_starts_that_are_allowed(two: list[Any]) -> None:
    second = two[1].assessor
    second.variables.choices = (SimpleNamespace(project="mill", shift=-3.0),)
    one, other = regret._everywhere(two, plan(25, 25, "even", mill=-3.0, farm=-3.0))
    assert one is not None and one.plan.shifts == {} and one.plan.money(YEAR).tolist() == [25, 25]
    assert (
        other is not None
        and other.plan.shifts == {"mill": -3.0}
        and other.plan.money(YEAR).tolist() == [50, 50]
    )
    assert other.plan.id == "even"

    def refused(*some: Any, **more: Any) -> Any:
        raise ScenarioError([])

    two[0].assessor.simulate = refused
    assert (
        regret._everywhere(two, plan(25, 25))[0] is None and regret._everywhere(two, plan(30, 20))[1] is None
    )


def test_the_best_of_a_scenario_is_within_its_limits(two: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(regret, "most", lambda *some, **more: seen.append((some, more)))
    problem: Any = "problem"
    regret._most(two[0], row("dirt", at_most=3), problem)
    assert seen == [(("problem", "dirt", -1.0, two[0].economy), {"relax": False, "solver": "none"})]


# ---- what one more unit is worth


def test_prices_have_the_targets_sign_and_matter() -> None:
    growth, dirt = row("growth", 7), row("dirt", at_most=9)
    (one,) = shadow_prices._priced(growth, 8.0, "limit:x", PriceRange(2.0, 3.0, 4.0, 5.0))
    assert (one.target, one.best, one.row, one.worth) == (
        growth,
        8.0,
        "limit:x",
        PriceRange(2.0, 3.0, 4.0, 5.0),
    )
    (other,) = shadow_prices._priced(dirt, -8.0, "limit:x", PriceRange(2.0, 3.0, 4.0, 5.0))
    assert (other.best, other.worth) == (8.0, PriceRange(-2.0, -3.0, 4.0, 5.0))
    assert shadow_prices._priced(growth, 8.0, "x", PriceRange(1e-9, -1e-9, 4.0, 5.0)) == []
    assert len(shadow_prices._priced(growth, 8.0, "x", PriceRange(0.0, -2e-9, 4.0, 5.0))) == 1
    assert len(shadow_prices._priced(growth, 8.0, "x", PriceRange(2e-9, math.nan, 4.0, 5.0))) == 1


class Solved:
    """A problem of two rows, solved as stated."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
        self.asked: list[Any] = []
        self.answers = list(answers)
        self.model: Any = SimpleNamespace(
            at={"relax:farms": 1, "relax:money": 2},
            matrix=SimpleNamespace(
                column=lambda at: {1: np.array([-1.0, 0.0]), 2: np.array([0.5, -2.0])}[at]
            ),
            row_names=("one", "two"),
            row_at={"one": 0, "two": 1},
            row_low=np.array([-np.inf, 3.0]),
            row_high=np.array([8.0, 6.0]),
        )
        self.problem: Any = SimpleNamespace(compiled=self.model)
        monkeypatch.setattr(shadow_prices, "solve", self.solve)

    def solve(self, model: Any, question: Any, solver: str) -> Any:
        assert model is self.model
        self.asked.append(question)
        found = self.answers.pop(0)
        if found is SolverError:
            raise SolverError("no")
        return SimpleNamespace(found=found is not None, objective=found, duals={"one": 4.0, "two": 0.25})


def test_slopes_of_a_limit_and_of_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Solved(monkeypatch, 7.0, 6.0, None, SolverError, 5.0, 4.0, None)
    held = {"x": (0.0, 1.0)}
    farms = shadow_prices.limit_probe(told.problem, FARMS, {"g": 1.0}, held, "none")
    assert farms(2.0) == (7.0, 4.0)
    question = told.asked[0]
    assert dict(question.bounds) == {"x": (0.0, 1.0), "relax:farms": (2.0, 2.0)} and not question.integer
    money = shadow_prices.limit_probe(told.problem, MONEY, {"g": 1.0}, held, "none")
    assert money(-3.0) == (6.0, -1.5)
    extra = [span for name, span in told.asked[1].bounds.items() if name not in ("x", "relax:money")]
    assert extra == [(-3.0, np.inf)] and money(2.0) is None and money(2.0) is None
    assert [span for name, span in told.asked[3].bounds.items() if name not in ("x", "relax:money")] == [
        (0.0, np.inf)
    ]
    two = shadow_prices.row_probe(told.problem, "two", {"g": 1.0}, held, "none")
    assert two(1.5) == (5.0, 0.25) and dict(told.asked[4].rows) == {"two": (4.5, 7.5)}
    one = shadow_prices.row_probe(told.problem, "one", {"g": 1.0}, held, "none")
    assert (
        one(-1.0) == (4.0, 4.0) and dict(told.asked[5].rows) == {"one": (-np.inf, 7.0)} and one(9.0) is None
    )


def test_prices_of_main_goals_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts are held where they are best; limits on them have no price, and rows only where they bind."""
    sooner, free = Advance("sooner", 6.0, 0.0, 1.0), replace(FARMS, id="wide", most=-0.5, slack=0.25)
    one = court(bounds=[FARMS, MONEY, sooner, free])
    asked: list[Any] = []
    answers: list[Any] = []
    model: Any = SimpleNamespace(
        names=("x", "y", "z"),
        binary=(False, True, True),
        row_at={"market:a": 0, "feed:b": 1, "odd": 2, "feed:c": 3},
        row_high=np.array([9.0, np.inf, 1.0, 1.0]),
        row_low=np.array([0.0, -0.5, 1.0, 1.0]),
    )
    problem: Any = one.problem
    problem.compiled, problem.relaxed = model, lambda relax: {"relaxed": (0.0, float(relax))}

    def solve(own: Any, question: Any, solver: str) -> Any:
        asked.append(replace(question, bounds=dict(question.bounds)))
        return answers.pop(0)

    duals = {"market:a": 2e-9, "feed:b": -1.0, "odd": 5.0, "feed:c": 1e-9}
    best = SimpleNamespace(found=True, objective=7.5, values={"x": 0.4, "y": 0.999, "z": 0.001})
    linear = SimpleNamespace(found=True, duals=duals)
    monkeypatch.setattr(shadow_prices, "solve", solve)
    monkeypatch.setattr(shadow_prices, "facts_of", lambda problem: list(duals))
    monkeypatch.setattr(shadow_prices, "limit_probe", lambda problem, bound, *rest: bound.id)

    def row_probe(own: Any, row: str, objective: Any, bounds: Any, solver: str) -> str:
        assert own is problem and bounds["y"] == (1.0, 1.0)
        return row

    monkeypatch.setattr(shadow_prices, "row_probe", row_probe)
    monkeypatch.setattr(shadow_prices, "worth", lambda probe, up, down: PriceRange(1.0, 1.0, up, down))
    goals = [Goal(target, 1.0) for target in one.targets[:2]]
    answers[:] = [best, linear]
    found = shadow_prices.prices_of(one, goals)
    told = [(each.target.id, each.row, each.worth.up, each.worth.down, each.best) for each in found]
    assert told == [
        ("growth", "limit:farms", 40.0, 40.0, 7.5),
        ("growth", "limit:money", 25.0, 25.0, 7.5),
        ("growth", "limit:wide", 1.0, 1.0, 7.5),
        ("growth", "market:a", 9.0, 9.0, 7.5),
        ("growth", "feed:b", 1.0, 1.0, 7.5),
    ]
    held = {"relaxed": (0.0, 0.0), "goal:growth": (1.0, np.inf), "goal:dirt": (-np.inf, 1.0)}
    assert (
        dict(asked[0].bounds) == held
        and dict(asked[0].objective) == {"goal:growth": 1.0}
        and asked[0].integer
    )
    assert dict(asked[1].bounds) == {**held, "y": (1.0, 1.0), "z": (0.0, 0.0)} and not asked[1].integer
    answers[:] = [SimpleNamespace(found=False)]
    assert shadow_prices.prices_of(one, goals) == ()
    answers[:] = [best, SimpleNamespace(found=False)]
    assert shadow_prices.prices_of(one, goals) == ()
    asked.clear()
    answers[:] = [SimpleNamespace(found=False), best, linear]
    mains = [Goal(target, 1.0) for target in one.targets]
    assert {each.target.id for each in shadow_prices.prices_of(one, mains)} == {"jobs"}
    del problem.goals["growth"], problem.goals["jobs"]
    answers[:] = [best, linear]
    asked.clear()
    assert {each.target.id for each in shadow_prices.prices_of(one, mains)} == {"dirt"}
    assert dict(asked[0].objective) == {"goal:dirt": -1.0}
