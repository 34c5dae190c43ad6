"""Verdicts, chances and decisions about plans whose values are sums of money, in futures that differ by
stated amounts: every answer can be counted."""

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
from dabiao.engine.uncertainty.replicates import halves
from dabiao.models.errors import ScenarioError
from dabiao.models.limits import SectorCeiling, TotalInvestment
from dabiao.models.plan import Plan
from dabiao.models.target import Rung, Sheet, Target
from dabiao.solvers.ask import Optimum
from toys import YEAR, Court, jury, plan, promise, row

GROWTH = {"growth": (0.1, 0.2), "dirt": (0.0, 0.5), "side": (0.0, 0.0)}
"""A unit of money brings 0.1 in farms and 0.2 in mills; in mills also half a unit of dirt; nothing moves
``side``."""

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
    """6 is needed and half a point is lost: 6.5 and a hair is asked for the second time, and promised with
    what was lost."""
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH)
    asked, ask = asking(court, 0.5)
    goal = Goal(court.targets[0], 6.0, "ensure")
    optimum, run = until_reached(court, court.problem, [goal], ask, lambda o: o.relaxed, lambda o, r: 1.0)
    assert optimum is not None and run is not None
    assert [each["growth"][0] for each in asked] == pytest.approx([6.0, 6.5 + 1e-4], abs=1e-9)
    assert court.value(goal.target, run) == pytest.approx(6 + 1e-4)
    assert optimum.promised["growth"] == pytest.approx(6 + 1e-4)
    exact, ask = asking(court, 0.0)
    kept, _ = until_reached(court, court.problem, [goal], ask, lambda o: o.relaxed, lambda o, r: 1.0)
    assert len(exact) == 1 and kept is not None and kept.promised == {"growth": 6.0}


def test_what_rounds_is_asked_for_only_where_the_tier_itself_cannot_be_had() -> None:
    court = Court(plan(30, 20), [row("growth", 6)], GROWTH)
    asked: list[float] = []

    def ask(problem: Any, spans: Any) -> Optimum:
        asked.append(spans["growth"][0])
        return promise(plan(56, 0), {"growth": 5.6}) if asked[-1] <= 5.6 else promise(None)

    goal = Goal(court.targets[0], 6.0, "ensure")
    _optimum, run = until_reached(court, court.problem, [goal], ask, lambda o: {}, lambda o, r: 1.0)
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
    _optimum, run = until_reached(court, court.problem, goals, ask, lambda o: {}, lambda o, r: 1.0)
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
    answers = iter([(70.0, {"farms": 12.0}), (66.0, {"money": 17.0}), (64.0, {"farms": 6.0})])

    def cheapest(problem: Any, wanted: Any, economy: Any, *, relax: bool, solver: str) -> Optimum:
        seen.append((problem, economy, relax, solver))
        money, relaxed = next(answers, (0.0, {}))
        return promise(plan(money, 0) if money else None, {"growth": 6.0}, relaxed)

    monkeypatch.setattr(reach, "cheapest", cheapest)
    optimum, run = reach.cheapest_run(court, court.problem, [Goal(court.targets[0], 6.0)], relax=True)
    assert seen[0] == (court.problem, court.economy, True, "none") and len(seen) == 4
    # 12 of farms cost 36, 6 of them 18; 17 of money cost 34, but farms are 8 over what they may
    assert optimum is not None and run is not None and optimum.relaxed == {"farms": 6.0}


# ---- a jury

OFF = np.array([-3.0, -1.0, 0.0, 2.0])


def spread_over(values: np.ndarray, times: int = 16) -> np.ndarray:
    """The same values in each of sixteen scramblings."""
    return np.repeat(values, times)


def panel(confidence: float = 0.5, **more: Any) -> Jury:
    """Growth is 7 under the plan, and in a quarter of the futures each 3 or 1 less, as much, 2 more; dirt is
    10 and 0, 1, 2, 3 more."""
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
    """With 1.1 times the money growth is 7.7: three of four futures; a factor that leaves a project without
    money is left out."""
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


def enough(
    court: Court, one: Jury, chance: float, tier: tuple[str, str] = ("growth", "ensure")
) -> float | None:
    """Money of the second year with which the plan's mix has a chance, of that planned."""
    points = price.price_of_chance(court, one, [])
    found = price.enough(court, one, tier, chance, points)
    return None if found is None else found.total(YEAR) / court.plan.plan.total(YEAR)


def test_just_the_money_for_a_chance() -> None:
    """Growth is 7 f and off by -3, -1, 0 and 2, each sixteen times: the 3/4 level is that of the quantile at
    1/4."""
    court, one = Court(plan(30, 20), [row("growth", 7, 9, main=True)], GROWTH), panel()
    low = float(np.quantile(spread_over(OFF), 0.25))
    assert enough(court, one, 0.75) == pytest.approx((7 - low) / 7, abs=2e-4)
    assert enough(court, one, 0.5) == pytest.approx(7.5 / 7, abs=2e-4)
    assert enough(court, one, 0.25) is None  # there already
    assert enough(court, one, 0.99) == pytest.approx(10 / 7, abs=2e-4)
    assert enough(court, one, 0.9, ("growth", "stretch")) is None  # beyond half as much again
    fine = Court(plan(30, 20), [row("growth", 7, digits=1, main=True)], GROWTH)
    for short, there in ((9.5e-5, True), (1.05e-4, False)):
        level = jury(fine.targets, GROWTH, {"growth": np.full(64, -short)})
        assert (enough(fine, level, 0.5) is None) == there
    told = replace(one, more={("growth", "ensure"): 0.25})
    assert enough(court, told, 0.75) == pytest.approx(7.5 / 7, abs=2e-4)
    # of a ceiling it is less money: dirt of 10 f, 0 to 3 more
    dirt, jurors = row("dirt", at_most=11), panel()
    cap = Court(plan(30, 20), [dirt], GROWTH)
    jurors = jury([dirt], GROWTH, {"dirt": spread_over(np.arange(4.0))})
    assert enough(cap, jurors, 0.5, ("dirt", "at_most")) == pytest.approx(0.95, abs=2e-4)
    assert enough(cap, jurors, 0.9, ("dirt", "at_most")) is None


# ---- verdicts by their chances


def outcome(target: Target, tier: str = "ensure", **more: Any) -> Outcome:
    """Judged by the median so far."""
    rung = more.pop("rung", Rung.UNDECIDED)
    return Outcome(
        target, tier, target.tiers[tier], 7.0, 8.0, 8.0, more.pop("bound", None), 0.0, None, rung, **more
    )


class Bench:
    """A court with a jury whose plan grows by 7, and what is asked of the solver."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, confidence: float = 0.5, ensure: float = 8.0) -> None:
        self.growth = row("growth", ensure, main=True)
        cap = SectorCeiling("farms", 30.0, 15.0, 2.0, np.array([1.0, 0.0]))
        self.jury = jury([self.growth], GROWTH, {"growth": spread_over(OFF)}, confidence)
        self.court = Court(plan(30, 20), [self.growth], GROWTH, [cap], self.jury)
        self.near: Run | None = None
        self.loosest: Plan | None = None
        self.loose: list[bool] = []
        monkeypatch.setattr(self.court, "nearby", lambda target, tier: self.near)
        monkeypatch.setattr(judge, "most", self.most)

    def most(self, problem: Any, key: str, sign: float, economy: Any, *, relax: bool, solver: str) -> Optimum:
        assert (problem, key, sign, economy) == (self.court.problem, "growth", 1.0, self.court.economy)
        self.loose.append(relax)
        return promise(self.loosest, {"growth": 0.0})

    def judged(self, *others: Run, judged: Run | None = None, **more: Any) -> Outcome:
        own = judged or self.court.plan
        return judge._judged(self.court, outcome(self.growth, **more), [own, *others], own, self.jury)


def test_a_rung_is_that_of_the_highest_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 is asked for at even odds: growth of 8.5 in the centre has it in half of the futures."""
    bench = Bench(monkeypatch)
    court = bench.court
    fix = Fix({"farms": 5.0}, 10.0, 8.0, court.run(plan(50, 20)))
    better, worse = court.run(plan(30, 25)), court.run(plan(30, 21))
    stays = bench.judged(probability=0.5, fix=fix, best=worse)
    assert (stays.rung, stays.fix, stays.best, stays.allowed) == (Rung.PLAN, None, None, 0.5)
    # by the plan's own chance in these futures, a quarter, where another is judged
    bench.near = better
    found = bench.judged(better, judged=worse, probability=0.9, fix=fix, error=0.13)
    assert (found.rung, found.fix, found.best, found.allowed) == (Rung.MIX, None, better, 0.5)
    assert found.reached == court.settled(bench.growth, better) and found.attainable == 8.0 and found.close
    assert not bench.judged(better, probability=0.25, error=0.12).close
    assert bench.judged(better, probability=0.25, error=0.125).close
    assert not bench.judged(better, probability=0.25).close


def test_of_plans_that_have_the_chance_the_nearest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    far, close, short = (bench.court.run(plan(*money)) for money in ((0, 45), (29, 26), (30, 21)))
    bench.near = short  # the nearest of the centre does not have the chance
    assert bench.judged(far, close, short, probability=0.25).best is close
    bench.near = None
    assert bench.judged(far, short, probability=0.25).best is far
    first = replace(
        close, plan=replace(close.plan, investment=close.plan.investment + np.array([[90.0, 0, 0]] * 2))
    )
    last = replace(
        close, plan=replace(close.plan, investment=close.plan.investment + np.array([[0, 0, 90.0]] * 2))
    )
    assert judge._away(bench.court, close) == judge._away(bench.court, last) == 7
    assert judge._away(bench.court, first) == 187


def test_of_a_ceiling_the_plan_named_is_what_is_attainable(monkeypatch: pytest.MonkeyPatch) -> None:
    dirt = row("dirt", at_most=9, main=True)
    one = jury([dirt], GROWTH, {"dirt": spread_over(np.arange(4.0))})
    court = Court(plan(30, 20), [dirt], GROWTH, (), one)
    less = court.run(plan(30, 14))
    monkeypatch.setattr(court, "nearby", lambda target, tier: less)
    found = judge._judged(
        court, outcome(dirt, "at_most", probability=0.0), [court.plan, less], court.plan, one
    )
    assert found.rung is Rung.MIX and found.attainable == found.reached == 8.5


def test_without_the_chance_a_relaxation_may_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    court = bench.court
    fix = Fix({"farms": 10.0}, 20.0, 8.0, court.run(plan(40, 20)))
    weak = Fix({"farms": 1.0}, 2.0, 7.1, court.run(plan(31, 20)))
    relaxed = bench.judged(probability=0.25, fix=fix)
    assert (relaxed.rung, relaxed.fix, relaxed.allowed, relaxed.relaxed) == (Rung.RELAXED, fix, 0.25, 0.5)
    assert bench.loose == [True]
    bench.loosest = plan(40, 20)
    undecided = bench.judged(probability=0.25)
    assert (undecided.rung, undecided.fix, undecided.relaxed) == (Rung.UNDECIDED, None, 0.5)
    assert bench.judged(probability=0.25, fix=weak).rung is Rung.RELAXED
    bench.loosest = None
    out = bench.judged(probability=0.25, fix=weak, bound=7.4)
    assert (out.rung, out.fix, out.relaxed) == (Rung.OUT, None, 0.25)
    assert bench.judged(probability=0.25, fix=weak, bound=7.5).rung is Rung.UNDECIDED
    assert bench.judged(probability=0.3).relaxed == 0.3


def test_where_no_plan_keeps_the_limits_none_has_a_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch, ensure=7.0)
    none = judge._judged(
        bench.court, outcome(bench.growth, probability=0.9), [], bench.court.plan, bench.jury
    )
    # the plan itself is within its relaxed limits and has it, but no fix was found
    assert (none.rung, none.allowed, none.relaxed) == (Rung.UNDECIDED, None, 0.5)
    outside = Court(plan(46, 20), [bench.growth], GROWTH, bench.court.bounds, bench.jury)
    monkeypatch.setattr(judge, "loosest", lambda one, target: None)
    none = judge._judged(outside, outcome(bench.growth), [], outside.plan, bench.jury)
    assert (none.rung, none.relaxed) == (Rung.OUT, 0.0)
    still = Bench(monkeypatch)
    still.court.problem.goals.clear()  # type: ignore[attr-defined]
    fixed = still.judged(probability=0.2, bound=9.0)
    assert (fixed.rung, fixed.allowed, fixed.relaxed) == (Rung.OUT, 0.25, None)
    nothing = judge._judged(still.court, outcome(still.growth), [], still.court.plan, still.jury)
    assert (nothing.rung, nothing.allowed) == (Rung.OUT, None)


def sheet(bench: Bench, allowed: list[Run], judged: Run | None = None, **more: Any) -> SheetOutcome:
    one = SheetOutcome("ensure", Rung.UNDECIDED, more.pop("fix", None), ("growth",), **more)
    return judge._together(bench.court, one, allowed, judged or bench.court.plan, bench.jury)


def test_whole_sheets_by_their_joint_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    court = bench.court
    better, best, worse = (court.run(plan(*money)) for money in ((30, 25), (30, 30), (30, 21)))
    fix = Fix({"farms": 5.0}, 10.0, 8.0, court.run(plan(40, 20)))
    stays = sheet(bench, [court.plan], probability=0.5, fix=fix)
    assert (stays.rung, stays.fix, stays.missed) == (Rung.PLAN, None, ())
    mixed = sheet(bench, [court.plan, better, worse], probability=0.25, fix=fix)
    assert (mixed.rung, mixed.fix, mixed.missed, mixed.allowed, mixed.best) == (
        Rung.MIX,
        None,
        (),
        0.5,
        better,
    )
    assert sheet(bench, [court.plan, better], probability=0.25, best=best).best is best
    assert sheet(bench, [court.plan], judged=better, probability=0.25).rung is Rung.PLAN
    relaxed = sheet(bench, [court.plan], probability=0.25, fix=fix)
    assert (relaxed.rung, relaxed.fix, relaxed.missed, relaxed.allowed) == (Rung.RELAXED, fix, (), 0.25)
    assert sheet(bench, [], probability=0.9, fix=fix).allowed is None
    weak = Fix({"farms": 5.0}, 10.0, 8.0, court.run(plan(31, 20)))
    out = sheet(bench, [court.plan], probability=0.2, fix=weak)
    assert (out.rung, out.fix, out.missed, out.allowed) == (Rung.OUT, None, ("growth",), 0.25)
    bad = court.run(plan(0, 0))
    assert sheet(bench, [bad], judged=bad, fix=weak).allowed == 0.25
    none = sheet(bench, [], probability=0.9)
    assert (none.rung, none.allowed) == (Rung.OUT, None)


def test_main_rows_are_judged_on_the_draws_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of rows beside the main ones the rung stays; a plan beyond a limit is not judged."""
    bench = Bench(monkeypatch)
    court, side = bench.court, row("side", 1.0)
    court.targets.append(side)
    bench.jury = jury([bench.growth, side], GROWTH, {"growth": spread_over(OFF), "side": np.full(64, 5.0)})
    better, wild = court.run(plan(30, 25)), court.run(plan(90, 25))
    bench.near = better
    errors: list[Any] = []
    monkeypatch.setattr(judge, "measured", lambda one, fix: errors.append(fix) or fix)
    one = SheetOutcome("ensure", Rung.UNDECIDED, None, ())
    found = Assessment((outcome(bench.growth), outcome(side)), (one,), (), {}, wild, {}, court.plan)
    court.tried, court.jury = [better], bench.jury
    done = judge.on_draws(court, found, bench.jury)
    assert [each.rung for each in done.outcomes] == [Rung.MIX, Rung.UNDECIDED]
    assert done.outcomes[0].allowed == 0.5 and done.sheets[0].rung is Rung.MIX and len(errors) == 3
    court.__dict__["contradictory"] = ("farms",)
    none = judge.on_draws(court, found, bench.jury)
    assert none.outcomes[0].allowed is None and none.sheets[0].rung is Rung.OUT


def test_the_loosest_plan_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    assert judge.loosest(bench.court, bench.growth) is None
    bench.loosest = plan(45, 21)
    found = judge.loosest(bench.court, bench.growth)
    assert found is not None and found.plan is bench.loosest and bench.loose == [True, True]


# ---- the error of an amount


def asked_again(limits: tuple[float, float] = (-np.inf, np.inf)) -> tuple[list[float], Any]:
    """A solver for which a unit more of growth costs 10 of money, within limits of what can be asked."""
    asked: list[float] = []

    def ask(spans: Any) -> Optimum:
        low = spans["growth"][0]
        asked.append(low)
        return promise(plan(10 * low, 0) if limits[0] <= low <= limits[1] else None, {"growth": low})

    return asked, ask


def test_the_error_of_money_is_its_slope_times_the_error_of_the_level(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = row("growth", 7)
    one = jury(
        [own], GROWTH, {"growth": np.array([3.0, 1, 4, 1.5, 9, 2, 6, 5, 3.5, 8, 9.5, 7, 9.25, 3.25, 2.5, 0])}
    )
    court = Court(plan(30, 20), [own], GROWTH, (), one)
    away = one.halved(plan(70, 0), "growth")
    step = math.sqrt(np.mean(away**2))
    run, span = court.run(plan(70, 0)), {"growth": (7.0, np.inf)}
    asked, ask = asked_again()
    found = amount.money_error(court, promise(plan(70, 0), {"growth": 7.0}, spans=span), run, ask)
    assert found == pytest.approx(10 * step) and sorted(asked) == pytest.approx([7 - step, 7 + step])
    held = promise(
        plan(70, 0), {"growth": 7 + 6e-6}, spans={**span, "odd": (-np.inf, np.inf), "far": (1.0, 2.0)}
    )
    assert amount.money_error(court, replace(held, goals={**held.goals, "far": 1.0}), run, ask) == found
    loose = promise(plan(70, 0), {"growth": 7 + 6e-6}, spans=span)
    assert amount.money_error(court, loose, run, ask) is not None
    off = promise(plan(70, 0), {"growth": 7 + 8e-6}, spans=span)
    assert amount.money_error(court, off, run, ask) is None
    for missing in (
        amount.money_error(court, None, run, ask),
        amount.money_error(court, loose, None, ask),
        amount.money_error(court, promise(plan(70, 0), {"growth": 7.0}), run, ask),
        amount.money_error(Court(plan(30, 20), [own], GROWTH), loose, run, ask),
    ):
        assert missing is None
    # where one side has no plan the step is to the other alone; where neither has one, nothing is known
    small = promise(plan(70, 0), {"growth": 0.1}, spans={"growth": (0.1 + 9e-7, np.inf)})
    assert amount.money_error(court, small, run, ask) is not None
    tight = promise(plan(70, 0), {"growth": 0.1}, spans={"growth": (0.1 + 2e-6, np.inf)})
    assert amount.money_error(court, tight, run, ask) is None
    _, none = asked_again((50, 50))
    assert amount.money_error(court, loose, run, none) is None


@pytest.mark.parametrize(
    ("limits", "slope"), [((-9, 9), 10.0), ((7, 9), (90 - 65) / 2), ((0, 7), (65 - 50) / 2), ((7, 7), None)]
)
def test_a_slope_to_the_sides_that_there_are(limits: tuple[float, float], slope: float | None) -> None:
    """Money of the plan found is 65; 5 costs 50 and 9 costs 90."""
    court = Court(plan(30, 20), [row("growth", 7)], GROWTH)
    _, ask = asked_again(limits)
    found = amount._slope(court, {"growth": (7.0, np.inf)}, "growth", 2.0, court.run(plan(65, 0)), ask)
    assert found == slope
    assert amount._slope(court, {"growth": (7.0, np.inf)}, "growth", 0.0, court.run(plan(65, 0)), ask) == 0.0


def test_errors_of_several_goals_come_together_half_by_half() -> None:
    """A unit more of growth costs 10 and a unit less of dirt 4: what moves both in one future is not added as
    if apart."""
    own, dirt = row("growth", 7), row("dirt", at_most=9)
    off = np.array([3.0, 1, 4, 1.5, 9, 2, 6, 5, 3.5, 8, 9.5, 7, 9.25, 3.25, 2.5, 0])
    one = jury([own, dirt], GROWTH, {"growth": off, "dirt": off[::-1] ** 2})
    court = Court(plan(30, 20), [own, dirt], GROWTH, (), one)
    spans = {"growth": (7.0, np.inf), "dirt": (-np.inf, 9.0)}

    def ask(asked: Any) -> Optimum:
        return promise(plan(10 * asked["growth"][0] - 4 * asked["dirt"][1], 0), {"growth": 7.0, "dirt": 9.0})

    away = 10 * one.halved(plan(34, 0), "growth") - 4 * one.halved(plan(34, 0), "dirt")
    found = amount.money_error(court, replace(ask(spans), spans=spans), court.run(plan(34, 0)), ask)
    assert found == pytest.approx(math.sqrt(np.mean(away**2)))


def test_a_fix_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    court = Court(plan(30, 20), [row("growth", 7)], GROWTH)
    run = court.run(plan(65, 0))
    seen: list[Any] = []

    def error(one: Any, optimum: Any, run: Any, ask: Any) -> float:
        seen.append(ask({"growth": (8.0, np.inf)}))
        return 4.5

    def cheapest(problem: Any, spans: Any, economy: Any, *, relax: bool, solver: str) -> Any:
        return problem, spans, economy, relax, solver

    monkeypatch.setattr(amount, "money_error", error)
    monkeypatch.setattr(amount, "cheapest", cheapest)
    bare = Fix({}, 0.0, 7.0, run)
    assert amount.measured(court, None) is None and amount.measured(court, bare) is bare and not seen
    found = amount.measured(court, replace(bare, optimum=promise(run.plan, {"growth": 7.0})))
    assert found is not None and found.error == 4.5
    assert seen == [(court.problem, {"growth": (8.0, np.inf)}, court.economy, True, "none")]


# ---- what can be decided


class Table(Bench):
    """The same with inputs of the futures: rain that decides and dust that does not, and a surprise too
    late."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, confidence: float = 0.5, **more: Any) -> None:
        super().__init__(monkeypatch, confidence, **more)
        draws: Any = self.jury.samples[0]
        draws.inputs = {"rain": np.arange(64.0), "dust": np.tile([1.0, 2.0], 32), "own.2023": np.arange(64.0)}
        self.tiers = [("growth", "ensure")]

    def decision(self, kind: Any, own: Plan) -> decisions.Decision:
        return decisions._decision(self.court, self.jury, self.tiers, kind, self.court.run(own))


def test_a_decision_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 more in mills is a point more growth: half of the futures reach 8 and not a quarter; farms of 46
    break their limit beyond its end of 45."""
    table = Table(monkeypatch)
    one = table.decision("mix", plan(46, 17, "other"))
    found = one.chances["growth", "ensure"]
    assert (found.value, found.difference, one.money, one.later, one.wins) == (0.5, 0.25, 63.0, 0.0, 1.0)
    assert one.broken == table.court.bounds == one.beyond and not one.same and one.turns is None
    assert one.firsts == {"growth": "ensure"} and one.kind == "mix" and one.run.plan.id == "other"
    like = table.decision("mix", plan(32, 20))
    assert like.same and like.broken and not like.beyond and not table.decision("end", plan(32, 20)).same
    later = replace(plan(30, 25), investment=plan(30, 25).investment + np.array([[0, 0, 1.5], [0, 0, 2.0]]))
    assert table.decision("free", later).later == 3.5
    assert table.decision("mix", plan(20, 20)).wins == 0.0
    table.jury.more = {("growth", "ensure"): 0.125}
    told = table.decision("mix", plan(30, 25)).chances["growth", "ensure"]
    assert (told.value, told.difference) == (0.625, 0.25)


def test_a_mix_that_wins_in_some_futures_turns_on_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(monkeypatch)
    rain: Any = np.arange(64.0)

    def outcomes(own: Plan, year: int) -> dict[str, np.ndarray]:
        return {"growth": np.where(rain >= 40, 3.0, -1.0) if own.id == "mix" else np.zeros(64)}

    draws: Any = table.jury.samples[0]
    draws.outcomes = outcomes
    one = table.decision("mix", plan(30, 21, "mix"))
    assert one.wins == 24 / 64 and one.turns is not None
    assert one.turns[0] == "rain" and one.turns[1].value == pytest.approx(39.5, abs=2)
    assert one.turns[1].beyond == pytest.approx(24 / 64, abs=0.04)
    assert table.decision("free", plan(30, 21, "mix")).turns is None
    draws.inputs = {"own.2023": rain}
    assert decisions._turns(table.court, table.jury, rain - 30) is None  # known only after the year 2022
    draws.inputs = {"own.2022": rain}
    turned = decisions._turns(table.court, table.jury, rain - 40.5)
    assert turned is not None and turned[0] == "own.2022"
    assert decisions._turns(table.court, table.jury, rain + 1) is None  # better everywhere


def test_the_plan_is_turned_only_between_one_and_nineteen_in_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(monkeypatch)
    monkeypatch.setattr(decisions, "_turns", lambda *some: "turned")
    draws: Any = table.jury.samples[0]
    for count, turns in ((3, None), (4, "turned"), (60, "turned"), (61, None)):
        draws.outcomes = lambda own, year, count=count: {
            "growth": (np.arange(64) < count) * (own.id == "mix") * 1.0
        }
        table.jury._known.clear()
        assert table.decision("mix", plan(30, 21 + count, "mix")).turns == turns


def test_the_likeliest_mix_and_the_likeliest_that_costs_nothing_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Table(monkeypatch)
    court = table.court

    def late(own: Plan, by: float) -> Run:
        return court.run(replace(own, investment=own.investment + np.array([[0, 0, by], [0, 0, 0]])))

    best, good, weak = late(plan(30, 40), -1.0), late(plan(30, 25), 0.0), late(plan(30, 21), 9.0)

    def kinds(*some: Run) -> list[tuple[str, Run]]:
        found = decisions._mixes(court, table.jury, table.tiers, some)
        return [(each.kind, each.run) for each in found]

    assert kinds(weak, good, best) == [("mix", best), ("free", good)]
    assert kinds(weak, best) == [("mix", best)] and kinds(good, weak) == [("mix", good)]
    hardly = late(plan(30, 40), -0.04)
    assert kinds(good, hardly) == [("mix", hardly)]
    assert kinds(court.plan) == [] == kinds()
    assert kinds(replace(good, plan=replace(good.plan, id="a")), good) == [("mix", good)]


def test_more_money_up_to_the_limit_on_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(monkeypatch)

    def at(most: float, *others: Any) -> list[decisions.Decision]:
        court = Court(
            plan(30, 20), [table.growth], GROWTH, [TotalInvestment("money", most, 0.0, 1.0), *others]
        )
        return decisions._at_the_limit(court, table.jury, table.tiers)

    (one,) = at(60.0)
    assert (
        one.kind == "limit" and one.run.plan.investment[:, 1] == pytest.approx([36, 24]) and one.money == 60
    )
    assert at(50.04) == [] and len(at(50.06)) == 1 and at(45.0) == []
    assert at(60.0, SectorCeiling("farms", 35.0, 5.0, 1.0, np.array([1.0, 0.0]))) == []
    both = at(60.0, TotalInvestment("less", 55.0, 0.0, 1.0))
    assert both[0].money == pytest.approx(55)
    other = Court(
        plan(30, 20), [table.growth], GROWTH, [SectorCeiling("farms", 90.0, 5.0, 1.0, np.array([1.0, 0.0]))]
    )
    assert decisions._at_the_limit(other, table.jury, table.tiers) == []


def test_the_end_of_every_limit_where_it_is_likelier(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(monkeypatch)
    made = [table.decision("plan", plan(30, 20)), table.decision("mix", plan(30, 25))]
    for loosest, kinds in ((None, []), (plan(45, 18), []), (plan(60, 20), ["end"])):
        monkeypatch.setattr(
            decisions, "loosest", lambda court, target, own=loosest: own and table.court.run(own)
        )
        assert [
            one.kind for one in decisions._at_the_end(table.court, table.jury, table.tiers, made)
        ] == kinds
    table.court.problem.goals.clear()  # type: ignore[attr-defined]
    assert decisions._at_the_end(table.court, table.jury, table.tiers, made) == []


def test_what_each_chance_costs_with_the_plans_own_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter now; one half and four fifths are priced; what is not found has the amount of the highest
    chance."""
    table = Table(monkeypatch)
    asked: list[Any] = []

    def found(court: Any, jury: Any, aim: Any, chance: float, points: Any) -> Plan | None:
        asked.append((aim, chance))
        return plan(36, 24) if chance == 0.5 else None

    monkeypatch.setattr(decisions, "enough", found)
    tier = ("growth", "ensure")
    points = [
        price.Priced(factor, 0.0, {tier: Estimate(value, 0.0)}, (), ())
        for factor, value in ((0.9, 0.1), (1.4, 0.7), (1.5, 0.6))
    ]
    half, sure = decisions._more(table.court, table.jury, table.tiers, points)
    assert asked == [(tier, 0.5), (tier, 0.8)] and half.kind == sure.kind == "more"
    assert (half.asked, half.enough, half.reaches, half.money) == (0.5, True, tier, 60)
    assert (sure.asked, sure.enough, sure.money) == (0.8, False, pytest.approx(70))
    table.jury.confidence = 0.9
    (only,) = decisions._more(table.court, table.jury, table.tiers, points)
    assert only.asked == 0.9
    table.jury.confidence = 0.25
    assert [one.asked for one in decisions._more(table.court, table.jury, table.tiers, points)] == [0.8]


def test_all_decisions_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan, an allowed mix, the fix that reaches the tier, what a chance costs; the end of all limits
    only where no fix reaches the first tier and the plan has no even chance."""
    table = Table(monkeypatch)
    court = table.court
    better, wild = court.run(plan(30, 25)), court.run(plan(31, 45))
    fix = Fix({"farms": 10.0}, 20.0, 8.0, court.run(plan(40, 20)))
    monkeypatch.setattr(decisions, "_more", lambda *some: ["more"])
    monkeypatch.setattr(decisions, "_at_the_end", lambda *some: ["end"])

    def kinds(fix: Fix | None, tier: str = "ensure") -> list[Any]:
        one = outcome(table.growth, fix=fix, champion=better)
        two = replace(one, tier="stretch", fix=fix)
        some: Any = SimpleNamespace(optimised=wild, outcomes=[two if tier == "stretch" else one])
        return list(decisions.decisions(court, some, table.jury, []))

    made = kinds(fix)
    assert [getattr(each, "kind", each) for each in made] == ["plan", "mix", "fix", "more"]
    assert made[1].run == better and made[2].fix is fix and made[2].reaches == ("growth", "ensure")
    assert [getattr(each, "kind", each) for each in kinds(None)] == ["plan", "mix", "end", "more"]
    assert [getattr(each, "kind", each) for each in kinds(fix, "stretch")] == ["plan", "mix", "end", "more"]
    table.jury.confidence = 0.25
    assert [getattr(each, "kind", each) for each in kinds(None)] == ["plan", "mix", "more"]
    assert decisions.main_tiers(court, table.jury) == [("growth", "ensure")]
    court.targets[:] = [row("growth", 1, 2), row("far", 1)]
    assert decisions.main_tiers(court, table.jury) == [("growth", "ensure"), ("growth", "stretch")]
    court.targets.clear()
    nothing: Any = SimpleNamespace(optimised=None, outcomes=[])
    assert decisions.decisions(court, nothing, table.jury, []) == ()


def test_the_strongest_drivers_and_what_would_have_to_be_true() -> None:
    """Growth is 7 and ±1 by rain; rain of 63.5 is where it turns; what is known of too few draws is left
    out."""
    rain = np.arange(128.0)
    values = 7 + (rain - 63.5) / 64
    drawn = {
        "dust": np.tile([1.0, 2.0], 64),
        "rain": rain,
        "own.2022": rain**2,
        "wind": np.cos(rain),
        "own.2023": rain,
        "short": rain[:127],
    }
    one = row("growth", 7)
    found = Ensemble(
        {"growth": one}, {"growth": np.stack([0 * values, values])}, {}, 2, 0.01, True, 3, (), 7, drawn
    )
    short = replace(found, drawn={key: own for key, own in drawn.items() if key != "short"})
    assert decisions.strongest(short, "growth", 2022) == ("rain", "own.2022", "dust")
    assert decisions.strongest(short, "growth", 2023)[:2] == ("rain", "own.2023")
    assert decisions.strongest(replace(found, drawn={}), "growth", 2022) == ()
    some = decisions.break_evens(found, one, "ensure", ["none", "rain", "short"], 0.5)
    assert [each.driver for each in some] == ["rain"]
    (rainy,) = some
    assert (rainy.target, rainy.tier, rainy.now) == ("growth", "ensure", 63.5)
    # 7 is met from 6.5 on, which is 31.5
    assert rainy.needed.value == pytest.approx(31.5, abs=4.1)
    assert rainy.needed.beyond == pytest.approx(0.75, abs=0.04)
    every = decisions.break_evens(found, one, "ensure", ["none", "none", "none", "rain"], 0.5)
    assert every == ()
