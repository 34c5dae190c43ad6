"""Verdicts, chances and decisions about plans whose values are sums of money, in futures that differ by stated
amounts: every answer can be counted."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.decide import amount, decisions, judge, price, reach
from dabiao.engine.decide import jury as juries
from dabiao.engine.decide.assess import Assessment, Fix, Outcome, Run, SheetOutcome
from dabiao.engine.decide.jury import Jury, median_sheet
from dabiao.engine.decide.reach import Goal, _crossing, _Rank, until_reached
from dabiao.engine.uncertainty.ensemble import Ensemble, Estimate
from dabiao.engine.uncertainty.replicates import halves, spread
from dabiao.models.errors import ScenarioError
from dabiao.models.limits import Advance, SectorCeiling, TotalInvestment
from dabiao.models.plan import Plan
from dabiao.models.target import Rung, Sheet, Target
from dabiao.solvers.ask import Optimum
from toys import YEAR, Court, jury, plan, promise, row

GROWTH = {"growth": (0.1, 0.2), "dirt": (0.0, 0.5)}
"""A unit of money brings 0.1 in farms and 0.2 in mills; in mills also half a unit of dirt."""

# ---- goals


def test_a_goal_of_a_tier_and_a_stated_value() -> None:
    """A tier of 6.0 of one digit is met from 5.95 on; a stated 6 from 6 on, but for a millionth."""
    tier, stated = (
        Goal(row("growth", 6.0, digits=1, margin=0.5), 6.0, "ensure"),
        Goal(row("growth", 6.0), 6.0),
    )
    assert tier.least(False) == 5.5 and tier.least(True) == pytest.approx(5.45 + 5e-5)
    assert tier.edge == pytest.approx(5.95 + 5e-5) and stated.edge == 6.0 == stated.least(True)
    assert tier.close == pytest.approx(1e-4) and stated.close == pytest.approx(6e-7)
    assert Goal(row("growth", 0.1), 0.1).close == pytest.approx(1e-7)
    assert tier.met(5.45) and not tier.met(5.44)
    assert stated.met(6 - 5e-6) and not stated.met(6 - 7e-6) and stated.met(7.0)
    small = Goal(row("growth", 0.1), 0.1)
    assert small.met(0.1 - 9e-7) and not small.met(0.1 - 2e-6)
    ceiling = Goal(row("dirt", at_most=6.0), 6.0)
    assert ceiling.met(5.0) and ceiling.met(6 + 5e-6) and not ceiling.met(6 + 7e-6)
    assert tier.span(4.0) == (4.0, np.inf) and ceiling.span(4.0) == (-np.inf, 4.0)
    court = Court(plan(30, 20), [row("growth", 6), row("dirt", at_most=9)], GROWTH, goals=["growth"])
    asked = reach.spans(
        court, [Goal(each, value) for each, value in zip(court.targets, (6.0, 9.0), strict=True)]
    )
    assert asked == {"growth": (6.0, np.inf)}


def test_the_next_question_by_a_line_through_two_answers() -> None:
    """10 is needed. Asked for 8 it gave 1 more, for 10 2 more: a slope of a half, so that 26/3 gives 4/3."""
    assert _crossing(10, (10, 2), None) == 8
    assert _crossing(10, (10, 2), (8, 1)) == pytest.approx(26 / 3)
    assert _crossing(10, (10, 2), (8, 3)) == pytest.approx((10 - 2 - 5) / 0.5)
    assert _crossing(10, (10, 2), (8, 0.9)) == 8 == _crossing(10, (10, 2), (10, 1))
    assert _crossing(10, (10, 2), (8, 3.1)) == 8


def test_which_of_two_plans_counts() -> None:
    plain = _Rank(False, 100.0, 3.0)
    assert plain.before(_Rank(True, 1.0, 0.0)) and not _Rank(True, 1.0, 0.0).before(plain)
    assert plain.before(_Rank(False, 100.1, 0.0)) and not _Rank(False, 100.1, 0.0).before(plain)
    assert plain.before(_Rank(False, 100 - 9e-5, 4.0)) and not plain.before(_Rank(False, 100 - 2e-4, 4.0))
    assert not plain.before(_Rank(False, 100.0, 3.0)) and not plain.before(_Rank(False, 100.0, 2.0))
    assert _Rank(False, 0.0, 1.0).before(_Rank(False, -9e-7, 2.0))


def test_the_rank_of_a_plan() -> None:
    goals = [Goal(row("growth", 6), 6.0, "ensure"), Goal(row("dirt", at_most=9), 9.0, "at_most")]
    needed = {"growth": 6.0, "dirt": 9.0}

    def rank(growth: float, dirt: float, promised: dict[str, float] | None = None) -> _Rank:
        found = promise(plan(1, 1), promised=promised or {})
        return reach._rank(goals, needed, {"growth": growth, "dirt": dirt}, found, 5.0)

    assert rank(6.0, 9.0) == _Rank(False, 5.0, 0.0)
    assert not rank(6 - 9e-4, 9 + 9e-4).short and rank(6 - 2e-3, 9.0).short and rank(6.0, 9 + 2e-3).short
    assert rank(7.0, 8.0, {"growth": 7.002, "dirt": 7.995}).off == pytest.approx(5)


def asking(court: Court, lost: float, gain: float = 0.1) -> tuple[list[Any], Any]:
    """A solver that promises what is asked with money in farms alone; the simulation gives ``lost`` less."""
    asked: list[Any] = []

    def ask(problem: Any, spans: Any) -> Optimum:
        asked.append(dict(spans))
        low = spans["growth"][0]
        return promise(plan((low - lost) / gain, 0), {"growth": low}, {"money": 1.0}, spans=spans)

    return asked, ask


def test_asked_again_until_the_simulation_gives_what_is_needed() -> None:
    """6 is needed and half a point is lost: 6.5 and a hair is asked for the second time, and promised with what
    was lost."""
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH)
    asked, ask = asking(court, 0.5)
    goal = Goal(court.targets[0], 6.0, "ensure")
    optimum, run = until_reached(court, court.problem, [goal], ask, lambda o: o.relaxed, lambda o, r: 1.0)
    assert optimum is not None and run is not None
    assert [each["growth"][0] for each in asked] == pytest.approx([6.0, 6.5 + 1e-4], abs=1e-9)
    assert court.value(goal.target, run) == pytest.approx(6 + 1e-4)
    assert optimum.promised["growth"] == pytest.approx(6 + 1e-4)
    exact, ask = asking(court, 0.0)
    until_reached(court, court.problem, [goal], ask, lambda o: o.relaxed, lambda o, r: 1.0)
    assert len(exact) == 1


def test_what_rounds_is_asked_for_only_where_the_tier_itself_cannot_be_had() -> None:
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH)
    asked: list[float] = []

    def ask(problem: Any, spans: Any) -> Optimum:
        asked.append(spans["growth"][0])
        return promise(plan(56, 0), {"growth": 5.6}) if asked[-1] <= 5.6 else promise(None)

    goal = Goal(court.targets[0], 6.0, "ensure")
    optimum, run = until_reached(court, court.problem, [goal], ask, lambda o: {}, lambda o, r: 1.0)
    assert asked[:2] == [6.0, 5.5005] and run is not None and run.plan.total(YEAR) == 56
    nothing = until_reached(
        court, court.problem, [goal], lambda p, s: promise(None), lambda o: {}, lambda o, r: 1.0
    )
    assert nothing == (None, None)


def test_of_plans_that_reach_the_cheapest_counts_within_the_limits_it_relaxes() -> None:
    """Each question costs less than the one before; a limit on farms of 58 lets none of 59 and more pass."""
    cap = SectorCeiling("farms", 58.0, 4.0, 1.0, np.array([1.0, 0.0]))
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH, [cap])
    goal = Goal(court.targets[0], 6.0)

    def search(relaxed: float) -> tuple[Any, list[float]]:
        money = iter((70.0, 68.0, 66.0, 64.0, 62.0, 61.0))
        asked: list[float] = []

        def ask(problem: Any, spans: Any) -> Optimum:
            asked.append(spans["growth"][0])
            return promise(plan(next(money), 0), {"growth": asked[-1]}, {"farms": relaxed})

        found = until_reached(
            court, court.problem, [goal], ask, lambda o: o.relaxed, lambda o, r: court.money(r.plan)
        )
        return found, asked

    (_, run), asked = search(99.0)
    assert run is not None and run.plan.total(YEAR) == 61 and len(asked) == 6
    (hoped, none), _ = search(2.0)
    assert none is None and hoped is not None and hoped.plan is not None


def test_what_is_first_order_is_written_anew_until_its_promise_is_kept() -> None:
    """Around the stated plan the solver promises a point too much; around the plan found what comes."""
    court = Court(plan(30, 20), [row("growth", 6), row("dirt", at_most=9)], GROWTH, first=["growth"])
    anew = SimpleNamespace(**{**vars(court.problem), "anew": True})
    around: list[Any] = []

    def written(optimum: Optimum, like: Any = None) -> Any:
        around.append((optimum.plan, like))
        return anew

    court.around = written  # type: ignore[method-assign]
    asked: list[tuple[Any, float]] = []

    def ask(problem: Any, spans: Any) -> Optimum:
        low = spans["growth"][0]
        asked.append((problem, low))
        money = (low - (0.0 if problem is anew else 1.0)) / 0.1
        return promise(plan(money, 0), {"growth": low, "dirt": 0.0})

    goals = [Goal(court.targets[0], 6.0), Goal(court.targets[1], 9.0)]
    optimum, run = until_reached(court, court.problem, goals, ask, lambda o: {}, lambda o, r: 1.0)
    assert run is not None and court.value(court.targets[0], run) == pytest.approx(6.0, abs=1e-6)
    assert asked[0][0] is court.problem and all(each[0] is anew for each in asked[1:]) and len(around) == 1
    assert around[0][1] is court.problem
    del anew.goals["growth"]
    anew.goals["dirt"] = "goal:dirt"
    lost = Court(plan(30, 20), [row("growth", 6)], GROWTH, first=["growth"])
    lost.around = lambda optimum, like=None: SimpleNamespace(goals={})  # type: ignore[method-assign]
    times: list[int] = []

    def once(problem: Any, spans: Any) -> Optimum:
        times.append(1)
        return promise(plan(50, 0), {"growth": 6.0})

    hoped, none = until_reached(lost, lost.problem, [goals[0]], once, lambda o: {}, lambda o, r: 1.0)
    assert none is None and hoped is not None and len(times) == 1


def test_the_cheapest_run_is_that_of_the_least_price(monkeypatch: pytest.MonkeyPatch) -> None:
    caps = [
        SectorCeiling("farms", 58.0, 40.0, 3.0, np.array([1.0, 0.0])),
        TotalInvestment("money", 99.0, 40.0, 2.0),
    ]
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH, caps)
    seen: list[Any] = []
    answers = iter([(70.0, {"farms": 12.0}), (66.0, {"money": 17.0}), (64.0, {"farms": 6.0, "money": 17.0})])

    def cheapest(problem: Any, wanted: Any, economy: Any, *, relax: bool, solver: str) -> Optimum:
        seen.append((problem, economy, relax, solver))
        money, relaxed = next(answers, (0.0, {}))
        return promise(plan(money, 0) if money else None, {"growth": 6.0}, relaxed)

    monkeypatch.setattr(reach, "cheapest", cheapest)
    optimum, run = reach.cheapest_run(court, court.problem, [Goal(court.targets[0], 6.0)], relax=True)
    assert seen[0] == (court.problem, court.economy, True, "none") and len(seen) == 4
    # 12 of farms cost 36, 17 of money 34 but farms are 8 over what they may, both 52
    assert optimum is not None and run is not None and optimum.relaxed == {"farms": 12.0}


# ---- a jury

OFF = np.array([-3.0, -1.0, 0.0, 2.0])


def spread_over(values: np.ndarray, times: int = 16) -> np.ndarray:
    """The same values in each of sixteen scramblings."""
    return np.repeat(values, times)


def panel(confidence: float = 0.5, **more: Any) -> Jury:
    """Growth is 7 under the plan, and in a quarter of the futures each 3 or 1 less, as much, 2 more; dirt is 10
    and 0, 1, 2, 3 more."""
    targets = [row("growth", 7, 9, main=True), row("dirt", at_most=12)]
    off = {"growth": spread_over(OFF), "dirt": spread_over(np.arange(4.0))}
    return jury(targets, GROWTH, off, confidence, **more)


def test_a_jury_counts_futures() -> None:
    one, own, more = panel(), plan(30, 20), plan(40, 20)
    assert one.draws == 64 and [part.tolist() for part in one.parts] == [
        [k, k + 16, k + 32, k + 48] for k in range(16)
    ]
    assert one.outcomes(own)["growth"][::16].tolist() == [4, 6, 7, 9]
    assert one.outcomes(replace(own, id="again")) is one.outcomes(own)
    asked: Any = one.samples[0]
    assert asked.asked == [("plan", YEAR)]
    assert one.chance(own, "growth", "ensure") == Estimate(0.5, 0.5 / 64)
    assert (
        one.chance(own, "growth", "stretch").value == 0.25
        and one.chance(own, "dirt", "at_most").value == 0.75
    )
    assert one.chance(more, "growth", "ensure").value == 0.75
    assert one.joint(own, {"growth": 7.0, "dirt": 12.0}).value == 0.25  # the third alone has both
    assert one.reached(own, {"dirt": 11.0})[::16].tolist() == [True, True, False, False]
    assert one.reached(own, {}).all()
    assert one.level(own, "growth") == 6.5 and one.level(own, "dirt") == 11.5
    surer = panel(0.75)
    assert surer.level(own, "growth") == pytest.approx(
        np.quantile([4] * 16 + [6] * 16 + [7] * 16 + [9] * 16, 0.25)
    )
    assert surer.level(own, "dirt") == 12.25  # between the 48th, 12, and the 49th, 13
    assert one.short(own, "growth", 8.0) == pytest.approx(7.5 - 6.5)
    assert one.short(own, "dirt", 8.0) == pytest.approx(11.5 - 8.5)
    assert surer.enough(Estimate(0.75 - 1e-13, 0.0)) and not surer.enough(Estimate(0.75 - 1e-11, 0.0))


def test_levels_of_halves_differ_as_their_draws() -> None:
    """Sixteen scramblings of one draw each: the median of a half less that of all."""
    values = np.array([3.0, 1, 4, 1.5, 9, 2, 6, 5, 3.5, 8, 9.5, 7, 9.25, 3.25, 2.5, 0])
    for confidence, sign in ((0.5, 1), (0.75, 1), (0.75, -1)):
        own = row("growth", 7) if sign > 0 else row("growth", at_most=7)
        one = jury([own], GROWTH, {"growth": values}, confidence)
        level = 1 - confidence if sign > 0 else confidence
        found = one.halved(plan(30, 20), "growth")
        expected = [np.quantile(7 + values[half > 0], level) for half in halves(16)]
        assert (
            found == pytest.approx(np.array(expected) - np.quantile(7 + values, level)) and len(found) == 30
        )


def test_chances_are_told_beside_the_plans_own_in_all_futures() -> None:
    one, own = panel(), plan(30, 20)
    known = {("growth", "ensure"): 0.6, ("growth", "stretch"): 0.1, ("dirt", "at_most"): 0.75}
    found: Any = SimpleNamespace(probability=lambda key, tier: Estimate(known[key, tier], 0.0))
    beside = one.beside(found, own)
    assert {key: round(value, 9) for key, value in beside.more.items()} == {
        ("growth", "ensure"): 0.1,
        ("growth", "stretch"): -0.15,
        ("dirt", "at_most"): 0.0,
    }
    assert beside.chance(own, "growth", "ensure").value == pytest.approx(0.6)
    assert beside.chance(plan(90, 20), "growth", "ensure").value == 1.0
    assert beside.chance(plan(0, 0), "growth", "stretch").value == 0.0
    assert beside.chance(plan(40, 20), "growth", "stretch").value == pytest.approx(0.1)
    assert beside.told(Estimate(0.3, 0.02), "dirt", "at_most") == Estimate(0.3, 0.02)
    assert beside.told(Estimate(0.3, 0.02), "growth", "ensure").error == 0.02


def test_a_jury_drawn_has_a_seed_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Futures:
        def __init__(self, scenario: Any, quantities: Any, until: int) -> None:
            made.append((scenario, quantities, until))

        def sample(self, low: int, count: int) -> Any:
            return SimpleNamespace(draws=count, low=low)

    monkeypatch.setattr(juries, "Futures", Futures)

    class Data(SimpleNamespace):
        def model_copy(self, update: Any) -> Any:
            return Data(**{**vars(self), **update})

    scenario: Any = Data(name="s", uncertainty=Data(seed=1, draws_min=2))
    one = Jury.drawn(scenario, {}, {}, 3, 5000, 77)
    assert made[0][0].uncertainty.seed == 77 and made[0][0].uncertainty.draws_min == 2 and made[0][2] == 3
    samples: Any = one.samples
    assert [(each.low, each.draws) for each in samples] == [(0, 2048), (2048, 2048), (4096, 904)]
    assert one.draws == 5000 and one.year == 3 and one.confidence == 0.5


def test_the_sheet_of_medians() -> None:
    """Growth: central 8, in the futures 4, 6, 7, 9; a ceiling: central 10, futures 10 to 13."""
    targets = {"growth": row("growth", 7), "dirt": row("dirt", at_most=12), "odd": row("odd", 1)}
    rows = {
        "growth": np.array([np.zeros(64), 7 + spread_over(OFF)]),
        "dirt": np.array([np.zeros(64), 10 + spread_over(np.arange(4.0))]),
        "odd": np.array([np.zeros(64), np.full(64, np.inf)]),
    }
    central = {
        key: np.array([0.0, value, 99.0]) for key, value in (("growth", 8.0), ("dirt", 10.0), ("odd", 1.0))
    }
    found = Ensemble(targets, rows, central, 2, 0.01, True, 3, (), 7)
    stated = {"rest": row("rest", 3)}
    sheet = Sheet({**targets, **stated}, {}, known={"growth": {1: 5.0}})
    even = median_sheet(sheet, found, 0.5)
    assert even.offsets == {"growth": -1.5, "dirt": 1.5} and even.at == 2 and even.known == sheet.known
    assert even.targets == sheet.targets
    sure = median_sheet(sheet, found, 0.75)
    assert sure.targets["growth"].margin == pytest.approx(np.quantile(rows["growth"][1], 0.25) - 6.5) and (
        sure.targets["dirt"].margin == pytest.approx(np.quantile(rows["dirt"][1], 0.75) - 11.5)
    )
    assert sure.targets["growth"].margin < 0 < sure.targets["dirt"].margin
    assert sure.targets["rest"] is stated["rest"] and sure.targets["odd"].margin == 0


# ---- what a chance costs with the plan's own mix


def test_limits_that_a_plan_breaks_and_those_beyond_their_end() -> None:
    caps = [
        SectorCeiling("farms", 30.0, 10.0, 1.0, np.array([1.0, 0.0])),
        SectorCeiling("mills", 20.0, 5.0, 1.0, np.array([0.0, 1.0])),
        SectorCeiling("both", 99.0, 5.0, 1.0, np.array([1.0, 1.0])),
    ]
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH, caps)

    def broken(farms: float, mills: float) -> tuple[list[str], list[str]]:
        over, beyond = price.broken_by(court, court.run(plan(farms, mills)))
        return [bound.id for bound in over], [bound.id for bound in beyond]

    assert broken(30, 20) == ([], [])
    assert broken(40, 20) == (["farms"], []) and broken(41, 25) == (["farms", "mills"], ["farms"])
    assert broken(30, 25 + 2e-5) == (["mills"], []) and broken(30, 25 + 1e-4) == (["mills"], ["mills"])


def test_chances_at_each_factor() -> None:
    """With 1.1 times the money growth is 7.7: three of four futures; a factor that leaves a project without money
    is left out."""
    cap = SectorCeiling("farms", 33.0, 0.0, 1.0, np.array([1.0, 0.0]))
    court, one = Court(plan(30, 20), [row("growth", 7, 9, main=True)], GROWTH, [cap]), panel()
    made = price.price_of_chance(court, one, [("growth", "ensure")])
    assert [point.factor for point in made] == [
        0.9,
        0.95,
        1.0,
        *(1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5),
    ]
    by = {point.factor: point for point in made}
    assert by[1.1].money == pytest.approx(55) and by[1.1].chances["growth", "ensure"].value == 0.75
    assert (
        by[1.0].chances["growth", "ensure"].value == 0.5
        and by[0.9].chances["growth", "ensure"].value == 0.25 + 0.0
    )
    assert by[1.1].broken == () and by[1.15].broken == (cap,) == by[1.15].beyond
    assert price.MOST == 1.5
    simulate = court.simulate

    def poor(own: Plan, **more: Any) -> Run:
        if own.total(YEAR) < 49:
            raise ScenarioError([])
        return simulate(own, **more)

    court.simulate = poor  # type: ignore[method-assign]
    assert [point.factor for point in price.price_of_chance(court, one, [])][:2] == [1.0, 1.05]
