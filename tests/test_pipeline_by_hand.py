"""The way of projects through desk, builders and money on small lists whose dates and sums are worked out on
paper; and the way in arrays against the way by events, draw by draw."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from dabiao.engine.plans import stated_plans, totals
from dabiao.engine.projects.drawn import KEPT, DrawnPipeline
from dabiao.engine.projects.pipeline import run_pipeline, timetable
from dabiao.engine.projects.run import Pipeline, pool_in_place
from dabiao.engine.projects.unnamed import uniforms
from dabiao.models.errors import ScenarioError
from dabiao.models.pool import PoolDurations, generic_projects
from dabiao.models.project import (
    PipelineResult,
    PoolPlan,
    ProjectPlan,
    Resources,
    central_durations,
    ramp_average,
    yearly,
)
from dabiao.models.quantity import Draws, FloatArray
from dabiao.scenarios.schema import Scenario
from regions import Drawn, laid, moving, region, spread

INF = np.inf

LIST = (
    ProjectPlan(
        "asks", "a", 18, "planned", start=3, approval=5, registration=2, construction=18, ramp_up=12,
        funds={"bank": 0.5},
    ),
    ProjectPlan("waits", "a", 12, "approved", start=3, construction=12, ramp_up=6),
    ProjectPlan("begun", "b", 16, "started", start=-10, finish=6, registration=12),
    ProjectPlan("open", "b", 9, "commissioned", start=-20, finish=-6, ramp_up=24, key=False),
    ProjectPlan("stops", "b", 18, "approved", start=1, construction=18, stop=10),
    ProjectPlan(
        "last", "a", 7, "planned", start=4, approval=4, registration=20, construction=10, funds={"bank": 1.0}
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def scarce() -> PipelineResult:
    """One desk, two builders, one of whom is held until month 6, and 1.5 of money a quarter.

    The desk: `asks` from 0 to 5, `last` from 5 to 9. The builders: `stops` at 1 until 10, `waits` at 6 until
    18, `last` at 10, `asks` at 18. The money: 7 for `last` with the fifth quarter, at 12; 6 more for `asks`
    with the ninth, at 24; 3 more with the eleventh, at 30, when its first year of works is not over yet.
    """
    return run_pipeline(LIST, None, Resources(1, 2, {"bank": 6.0}), 4, ("a", "b"))


def test_dates_of_a_list_in_queues(scarce: PipelineResult) -> None:
    dates = {name: each.tolist() for name, each in scarce.dates.items()}
    assert dates["approved"] == [5, -INF, -INF, -INF, -INF, 9]
    assert dates["started"] == [18, 6, -10, -20, 1, 10]
    assert dates["registered"] == [20, 6, 2, -INF, 1, 30]
    assert dates["commissioned"] == [42, 18, 6, -6, INF, 22]
    assert dates["full_load"] == [INF, 24, 6, 18, INF, 22]
    assert scarce.ids == tuple(each.id for each in LIST) and not scarce.cancelled.any()
    waits = {name: each.tolist() for name, each in scarce.waits.items()}
    assert waits["approval"] == [0, 0, 0, 0, 0, 5]
    assert waits["start"] == [13, 3, 0, 0, 0, 1]
    assert waits["money"] == [6, 0, 0, 0, 0, 2]
    assert scarce.starts["named"].tolist() == [3, 1, 0, 0]
    assert scarce.completions["named"].tolist() == [1, 2, 0, 1]
    assert [len(each) for each in scarce.pool_dates.values()] == [0] * len(scarce.pool_dates)
    assert scarce.starts["pool"].tolist() == [0] * 4


def test_money_of_a_list_in_queues(scarce: PipelineResult) -> None:
    """All that was placed before it is registered counts in its month: 10 and 3 of `begun` in the third."""
    monthly = np.zeros((6, 48))
    monthly[0, 24:42] = 1
    monthly[1, 6:18] = 1
    monthly[2, 2], monthly[2, 3:6] = 13, 1
    monthly[4, 1:10] = 1
    monthly[5, 30] = 7
    assert scarce.investment == pytest.approx(monthly, abs=1e-6)
    bank = 0.5 * monthly[0] + monthly[5]
    assert list(scarce.by_fund) == ["bank"] and scarce.by_fund["bank"] == pytest.approx(bank, abs=1e-6)
    assert scarce.remaining == pytest.approx(np.zeros(6), abs=1e-6)
    # after two years `asks` has all before it, and `last` is not registered
    short = run_pipeline(LIST, None, Resources(1, 2, {"bank": 6.0}), 2, ("a", "b"))
    assert short.remaining == pytest.approx([18, 0, 0, 0, 0, 7], abs=1e-6)
    assert short.investment == pytest.approx(np.where(np.arange(6) == 0, 0, monthly[:, :24].T).T, abs=1e-6)
    ends = np.array([42, 18, 6, -6, INF, 22.0])
    ramps = np.array([12, 6, 0, 24, 0, 0.0])
    for year in range(5):
        assert scarce.share_online[:, year] == pytest.approx(ramp_average(ends, ramps, year)), year


def test_what_the_end_cuts_off() -> None:
    """The only builder is back at 25, in the third year: within two, who waits for him waits without end.
    What is registered after the end has all its money before it, what was placed before month 0 included."""
    works = (
        ProjectPlan("long", "a", 25, "approved", start=0, construction=25),
        ProjectPlan("next", "a", 4, "approved", start=3, construction=4),
        ProjectPlan("slow", "b", 16, "started", start=-10, finish=6, registration=50),
    )
    found = run_pipeline(works[:2], None, Resources(builders=1), 2, ("a", "b"))
    assert found.waits["start"].tolist() == [0, INF] and found.dates["started"].tolist() == [0, INF]
    longer = run_pipeline(works[:2], None, Resources(builders=1), 3, ("a", "b"))
    assert longer.waits["start"].tolist() == [0, 22] and longer.dates["commissioned"].tolist() == [25, 29]
    found = run_pipeline(works, None, None, 2, ("a", "b"))
    assert found.remaining == pytest.approx([1, 0, 16]) and not found.investment[2].any()


POOL = PoolPlan(
    3, 2, 1, np.array([[12.0, 24.0], [0.0, 8.0]]), approval=4, construction=8, slip=1, funds={"bank": 0.25}
)


def test_unnamed_projects_in_queues() -> None:
    """One is under way until 18; others are planned for 3, 9, 15 and 21 and come a month later. Of two
    builders one is held: works begin at 4, 12, 18 (when the first is back) and 22.

    Of 23 planned months of the first year 3 come in the second, of the 22 of the second 3 after the end.
    """
    found = run_pipeline((), POOL, Resources(builders=2), 2, ("a", "b"))
    assert found.pool_dates["started"].tolist() == [0, 4, 12, 18, 22]
    assert found.pool_dates["commissioned"].tolist() == [18, 12, 20, INF, INF]
    assert found.pool_waits["start"].tolist() == [0, 0, 2, 2, 0]
    assert found.pool_waits["approval"].tolist() == [0] * 5 == found.pool_waits["money"].tolist()
    assert found.starts["pool"].tolist() == [1, 3] and found.completions["pool"].tolist() == [0, 3]
    assert yearly(found.pool_kernel) == pytest.approx(np.array([[20 / 23, 3 / 23], [0, 19 / 22]]))
    spent = np.array([[12 * 20 / 23, 12 * 3 / 23 + 24 * 19 / 22], [0, 8 * 19 / 22]])
    assert yearly(found.pool_investment) == pytest.approx(spent)
    assert found.pool_realised == pytest.approx(np.array([[20 / 23, spent[0, 1] / 24], [1, 19 / 22]]))
    assert found.by_fund["bank"].sum() == pytest.approx(0.25 * spent.sum())
    assert found.investment.shape == (0, 24)
    one = run_pipeline((), POOL, Resources(approvals=1, builders=2), 2, ("a", "b"))
    assert one.pool_waits["approval"].tolist() == [0] * 5
    with pytest.raises(ValueError, match=r"\(2, 2\), expected \(2, 3\)"):
        run_pipeline((), POOL, None, 3, ("a", "b"))
    with pytest.raises(ValueError, match=r"\(2, 2\), expected \(1, 2\)"):
        run_pipeline((), POOL, None, 2, ("a",))


def test_named_and_unnamed_projects_pay_from_one_fund() -> None:
    named = (
        ProjectPlan("one", "a", 6, "approved", start=0, construction=6, funds={"bank": 0.5, "bond": 0.1}),
    )
    found = run_pipeline(named, POOL, None, 2, ("a", "b"))
    assert found.by_fund["bond"] == pytest.approx(np.repeat([0.1, 0.0], [6, 18]))
    expected = 0.25 * found.pool_investment.sum(axis=0) + np.repeat([0.5, 0.0], [6, 18])
    assert found.by_fund["bank"] == pytest.approx(expected)


def test_durations_found_elsewhere_are_taken() -> None:
    """A cancelled one never begins and takes no builder; unnamed works take as much longer as is said."""
    durations = central_durations(LIST)
    durations.cancelled[1] = True
    count = len(generic_projects(POOL, LIST, 2).start)
    own = PoolDurations(np.full(count, 2.0), np.linspace(1, 2, count), np.linspace(0, 3, count))
    found = timetable(LIST, POOL, None, 2, drawn=(durations, own))
    assert found.named[1].started == INF and found.named[0].started == 5
    assert found.building == pytest.approx(found.generics.building * own.stretch)
    late = found.generics.start + own.slip
    for job, start, running in zip(found.unnamed, late, found.generics.under_way, strict=True):
        assert job.start == pytest.approx(0 if running else start)
        assert job.approval == pytest.approx(0 if running else min(2.0, start))
        assert job.arrival == pytest.approx(0 if running else start - min(2.0, start))


def test_durations_drawn_stay_between_their_bounds() -> None:
    pool = PoolPlan(
        40, 20, 5, np.zeros((1, 2)), approval=6, construction=20, slip=1,
        spread={"construction": (16, 30), "approval": (2, 8)},
    )  # fmt: skip
    found = timetable((), pool, None, 2, np.random.default_rng(3))
    ratio = found.building / found.generics.building
    assert ratio.min() >= 0.8 and ratio.max() <= 1.5 and len(np.unique(ratio.round(9))) == len(ratio) > 30
    assert ratio.mean() == pytest.approx((16 + 4 * 20 + 30) / 6 / 20, abs=0.05)
    asked = np.array([job.approval for job in found.unnamed if job.start > 8])
    assert asked.min() >= 2 and asked.max() <= 8 and len(np.unique(asked)) > 10
    begins = found.generics.start[~found.generics.under_way]
    assert [job.start for job in found.unnamed if not job.under_way] == pytest.approx(begins + 1)
    again = timetable((), pool, None, 2, np.random.default_rng(3))
    assert np.array_equal(found.building, again.building)
    assert timetable(LIST, None, None, 2, np.random.default_rng(3)).building.size == 0


def test_only_what_queues_hold_up_moves_between_years() -> None:
    """Half a year of slip moves nothing between years; a month held up by queues does."""
    free = np.zeros((2, 24))
    free[0, 6:18], free[1, 18:24] = 1 / 12, 1 / 12
    found = pool_in_place(free, free)
    assert found[0, 6:12] == pytest.approx(np.full(6, 1 / 6)) and yearly(found) == pytest.approx(np.eye(2))
    held = free.copy()
    held[0, 6], held[0, 18] = 0.0, 1 / 12
    moved = yearly(pool_in_place(held, free))
    assert moved == pytest.approx(np.array([[11 / 12, 1 / 12], [0, 1]]))
    assert pool_in_place(np.zeros((2, 24)), np.zeros((2, 24)))[1, 12:] == pytest.approx(np.full(12, 1 / 12))


# ---- a scenario


def place(**changes: Any) -> Scenario:
    """Four sectors, works of all stages, unnamed ones, and too few desks, builders and money."""
    more = {
        f"more{i}": {
            "title": "more",
            "sector": ("shops", "plants", "farms")[i],
            "invest": 4 + i,
            "stage": "planned",
            "start": f"202{1 + i}-0{2 + i}",
            "months": {"approval": 4 + i, "registration": i, "construction": 10 + 8 * i, "ramp_up": 6},
            "slip": i - 1,
            "funds": {"bank": 50, "bond": 30},
            "cancel": 40,
            "key": i != 1,
        }
        for i in range(3)
    }
    more["more1"]["adds"] = {"output": 1.5}
    more["rising"] = {"finish": "2022-01"}  # not in the first year
    data = moving(
        funds={"bank": {"title": "bank", "amount": 1.1}, "bond": {"title": "bond"}},
        pipeline={"approvals": 2, "builders": 17},
        sectors={"shops": {"realisation": 90}},
        pool={
            "realisation": 80,
            "projects": 26,
            "investment": 30,
            "months": {
                "construction": {"value": 18, "low": 12, "high": 40},
                "approval": {"value": 6, "low": 3},
            },
        },
    )
    return Scenario.model_validate(laid(laid(data, {"projects": more}), changes))


@pytest.fixture(scope="module")
def town() -> Scenario:
    return place()


def compared(found: Any, expected: Any, column: int | None) -> None:
    """Each number of a realisation; one column of the first where it has several."""
    for field in fields(expected):
        a, b = getattr(found, field.name), getattr(expected, field.name)
        if b is None:
            assert a is None
            continue
        pairs = [(a, b)] if not isinstance(b, dict) else [(a[s][p], b[s][p]) for s in b for p in b[s]]
        for x, y in pairs:
            own = x if column is None or x.shape[-1] == 1 else x[..., [column]]
            assert np.broadcast_arrays(own, y)[0] == pytest.approx(y, rel=1e-9, abs=1e-9), field.name


def test_arrays_and_events_agree_where_nothing_is_left_to_chance(town: Scenario) -> None:
    """The central case, with starts moved; queues bind in it."""
    whole = region(town)
    arrays = DrawnPipeline(town, Draws(), 1, alike=True)
    for shifts in ({}, {"coming": 5.0, "more0": -1.0}):
        plan = replace(whole.plan, shifts=shifts)
        events, found = whole.pipeline.run(plan), arrays.run(plan)
        compared(found.realisation, events.realisation, None)
        dates = events.result.dates
        for name in ("started", "commissioned"):
            own = getattr(found.timing, name)[:, 0]
            assert np.where(own < 48 - 1e-6, own, INF) == pytest.approx(dates[name]), name
        assert found.planned[..., 0] == pytest.approx(events.planned)
        due, overdue = whole.pipeline.planned(plan)
        assert events.due == pytest.approx(due) and events.overdue == pytest.approx(overdue)
        assert found.timing.waited.max() > 1 and not found.timing.cancelled.any()
        assert np.abs(found.timing.held).max() > 0.01
        waits = events.result.waits
        ahead = np.array([each.ahead for each in events.projects])
        late = np.where(ahead, np.maximum(dates["started"] - _unhindered(events), 0), 0)
        begun = np.isfinite(dates["started"])
        assert found.timing.waited[begun, 0] == pytest.approx(late[begun])
        assert waits["approval"].max() > 0


def _unhindered(events: Any) -> FloatArray:
    """Starts where nothing is scarce."""
    free = timetable(events.projects, None, None, 4)
    return np.array([path.start for path in free.courses])


@pytest.fixture(scope="module")
def many(town: Scenario) -> Drawn:
    factors = np.array([1.0, 0.8, 1.3, 1.1, 0.6, 1.0, 1.2])
    stated = [town.projects, town.pool, town.investment, town.accounts.fai, town.funds, town.pipeline]
    found: dict[int, np.ndarray] = {}
    for at, part in enumerate(stated):
        found |= spread(part, np.roll(factors, at))
    return Drawn(found)


def timing(run: Any, column: slice | list[int]) -> list[FloatArray]:
    return [
        np.broadcast_to(each, (*each.shape[:-1], run.timing.started.shape[-1]))[..., column]
        for each in (getattr(run.timing, name) for name in type(run.timing).__dataclass_fields__)
    ]


def test_each_draw_is_a_region_of_its_own(town: Scenario, many: Drawn) -> None:
    """Seven draws together, in blocks, by two threads, or alone: the same dates and money."""
    plan = stated_plans(town, Draws())["plan"]
    whole = DrawnPipeline(town, many, 7, alike=True).run(plan)
    for workers in (1, 2):
        cut = DrawnPipeline(town, many, 7, alike=True, workers=workers, block=3).run(plan)
        for a, b in zip(timing(whole, slice(None)), timing(cut, slice(None)), strict=True):
            assert np.array_equal(a, b)
    assert whole.realisation.invested.shape == (4, 4, 7)
    for draw in (1, 4):
        alone = DrawnPipeline(town, many.one(draw), 1, alike=True).run(plan)
        for a, b in zip(timing(whole, [draw]), timing(alone, [0]), strict=True):
            assert np.array_equal(a, b)
        compared(whole.realisation, alone.realisation, draw)
    scale = totals(town, many) / totals(town, Draws())
    own = DrawnPipeline(town, many, 7, alike=True)
    assert own.scale == pytest.approx(scale) and own.scale.shape == (4, 7)


def test_a_draw_has_its_chance_whatever_block_it_is_in(town: Scenario) -> None:
    plan = stated_plans(town, Draws())["plan"]
    whole = DrawnPipeline(town, Draws(), 9, seed=3).run(plan)
    later = DrawnPipeline(town, Draws(), 4, seed=3, first=5, block=2).run(plan)
    for a, b in zip(timing(whole, slice(5, 9)), timing(later, slice(None)), strict=True):
        assert np.array_equal(a, b)
    other = DrawnPipeline(town, Draws(), 9, seed=4).run(plan)
    assert not np.array_equal(whole.timing.held, other.timing.held)
    off = DrawnPipeline(town, Draws(), 400, seed=3)
    gone = off.run(plan).timing.cancelled
    ahead = [town.projects[key].cancel is not None for key in town.projects]
    assert gone[np.array(ahead)].mean() == pytest.approx(0.4, abs=0.05) and not gone[~np.array(ahead)].any()
    chance = uniforms(3, list(town.projects), 0, 400)
    assert np.array_equal(gone, (chance < 0.4) & np.array(ahead)[:, None])
    assert (off.run(plan).timing.commissioned[gone] == INF).all()
    assert (off.run(plan).timing.spent.transpose(0, 2, 1)[gone] == 0).all()


def test_dates_are_kept_and_money_is_not(town: Scenario) -> None:
    """Another plan with the same shifts has the same dates; money beside the plan is spent besides."""
    plan = stated_plans(town, Draws())["plan"]
    own = DrawnPipeline(town, Draws(), 3, seed=1)
    first, second = own.run(plan), own.run(plan.scaled(1.1))
    assert first.timing is second.timing and len(own._kept) == 1
    assert second.realisation.invested.sum() > first.realisation.invested.sum()
    more = np.zeros((4, 4, 3))
    more[1, 2] = 5.0
    bare = DrawnPipeline(place(pool=None), Draws(), 3)
    added = bare.run(plan, added=more).realisation.invested - bare.run(plan).realisation.invested
    assert added == pytest.approx(more)
    for shift in range(KEPT + 2):
        own.run(plan, shifts=np.full(len(town.projects), float(shift)))
    assert len(own._kept) == KEPT
    assert own.run(plan, shifts=np.zeros(len(town.projects))).timing is not first.timing
    richer = Scenario.model_validate(place(investment={"growth": 20}))
    other = own.planning(richer, Draws())
    assert other.run(plan).timing is own.run(plan).timing and other.scenario is richer
    assert other.totals[0] == pytest.approx(own.totals[0] * 1.2 / 1.06) and own.scenario is town
    assert other.scale == pytest.approx(np.ones((4, 1)))
    before = len(own._kept)
    other.run(plan, shifts=np.full(len(town.projects), 77.0))
    assert len(own._kept) == before


def test_named_projects_beyond_their_money_are_refused(town: Scenario) -> None:
    whole = region(town)
    poor = whole.plan.scaled(0.02)
    with pytest.raises(ScenarioError) as told:
        whole.pipeline.run(poor)
    needed = whole.pipeline.booked(poor).works.planned[..., 0]
    assert len(told.value.problems) == int((needed > poor.investment).sum()) > 1
    first = told.value.problems[0]
    s, t = np.argwhere(needed > poor.investment)[0]
    assert first.path == "mixes.plan" and str(2021 + t) in str(first.found)
    assert list(town.sectors)[s] in str(first.found)
    # to the last yuan, less a trifle, is enough; half a yuan short is not
    just = np.maximum(needed, 1.0)
    just[1, 0] = needed[1, 0] / (1 + 8e-10)
    whole.pipeline._check(replace(whole.plan, investment=just), needed)
    just[1, 0] = needed[1, 0] - 0.5
    with pytest.raises(ScenarioError) as told:
        whole.pipeline._check(replace(whole.plan, investment=just), needed)
    assert len(told.value.problems) == 1
    # with durations found elsewhere nothing is refused
    durations = central_durations(whole.pipeline.projects)
    none = PoolDurations(*(np.empty(0),) * 3)
    bare = Scenario.model_validate(place(pool=None))
    Pipeline(bare, whole.economy, Draws(), drawn=(durations, none)).run(poor)


def test_durations_found_elsewhere_leave_the_plan_as_it_is(town: Scenario) -> None:
    """Plans are made with central months; the money may be another in each draw."""
    whole = region(town)
    months = Drawn(spread(town.projects, np.array([1.5])))
    none = central_durations(whole.pipeline.projects), PoolDurations(*(np.empty(0),) * 3)
    own, drawn = Pipeline(town, whole.economy, months), Pipeline(town, whole.economy, months, drawn=none)
    for mine, theirs, central in zip(own.projects, drawn.projects, whole.pipeline.projects, strict=True):
        assert mine.construction == 1.5 * central.construction and theirs.construction == central.construction
        assert mine.invest == theirs.invest == 1.5 * central.invest and theirs.slip == central.slip


def test_dates_are_found_once_and_may_be_handed_on(town: Scenario) -> None:
    whole = region(town)
    first = whole.pipeline.booked(whole.plan)
    assert whole.pipeline.booked(whole.plan.scaled(2)) is first
    dates = whole.pipeline._dates
    assert len(dates) == 2  # with what is scarce, and without
    other = Pipeline(town, whole.economy, Draws())
    other.recall(dates)
    assert other.booked(whole.plan).result.dates["started"] is not None and other._dates is dates
    assert len(dates) == 2
    drawn = Pipeline(town, whole.economy, Draws(), seed=5)
    found = drawn.run(whole.plan)
    again = Pipeline(town, whole.economy, Draws(), seed=5).run(whole.plan)
    assert np.array_equal(found.realisation.invested, again.realisation.invested)
    lapsed = Pipeline(town, whole.economy, Draws(), seed=6).run(whole.plan)
    assert not np.array_equal(found.realisation.invested, lapsed.realisation.invested)
