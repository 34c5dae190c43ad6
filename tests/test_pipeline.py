"""The project pipeline: closed forms, conservation of money, and the law of its queues."""

from dataclasses import replace

import numpy as np
import pytest
from dabiao.engine.projects.pipeline import run_pipeline
from dabiao.models.project import (
    HAIR,
    PoolPlan,
    ProjectPlan,
    Resources,
    central_durations,
    course,
    ramp_average,
    yearly,
)
from hypothesis import given, settings
from hypothesis import strategies as st

SECTORS = ("north", "south", "west")


def one(project, years=4, resources=None, rng=None):
    return run_pipeline([project], None, resources, years, SECTORS, rng)


def reported(years=5, **changes):
    """The totals of a work report: at least 200 projects, 290 亿元, 80 starts, 30 completions."""
    investment = np.outer([200.0, 80.0, 10.0], 1.07 ** np.arange(years))
    return replace(PoolPlan(200, 80, 30, investment, approval=4, construction=24), **changes)


# --- one project
# -----------------------------------------------------------------------------------------------


def test_single_project_closed_form():
    project = ProjectPlan(
        "p", "north", 30.0, start=6, approval=4, registration=3, construction=20, ramp_up=12, slip=4
    )
    result = one(project)
    dates = {name: date[0] for name, date in result.dates.items()}
    assert dates == pytest.approx(
        {"approved": 6, "started": 6, "registered": 9, "commissioned": 30, "full_load": 42}
    )
    monthly = result.investment[0]
    assert not monthly[:9].any()
    assert monthly[9] == pytest.approx(4 * 30 / 24)  # months 6 to 9 are counted on registration
    assert monthly[10:30] == pytest.approx(30 / 24)
    assert not monthly[30:].any()
    # month 30 is mid-year 3: six months of ramp in it, six months of ramp and six at full load in year 4
    assert result.share_online[0] == pytest.approx([0, 0, 0, 36 / 24 / 12, ((144 - 36) / 24 + 6) / 12])


def test_approval_comes_first_even_when_the_plan_forgets_it():
    late = one(ProjectPlan("p", "north", 10, start=2, approval=5))
    assert late.dates["started"][0] == 5
    ready = one(ProjectPlan("p", "north", 10, stage="approved", start=2, approval=5))
    assert ready.dates["started"][0] == 2
    assert ready.dates["approved"][0] == -np.inf


def test_works_under_way_carry_over():
    project = ProjectPlan(
        "p", "north", 40, stage="registered", done=0.25, start=-10, finish=8, slip=2, ramp_up=6
    )
    result = one(project, years=2)
    assert result.dates["commissioned"][0] == 10
    assert result.dates["started"][0] == -10
    assert result.investment[0, :10] == pytest.approx(3.0)
    assert result.investment.sum() == pytest.approx(30)


def test_commissioned_before_the_base_year_ended_still_ramps_up():
    result = one(ProjectPlan("p", "north", 40, stage="commissioned", finish=-6, ramp_up=12), years=2)
    # 6 months of the ramp lie in the base year, 6 in year 1
    assert result.share_online[0] == pytest.approx([36 / 24 / 12, (108 / 24 + 6) / 12, 1.0])
    assert not result.investment.any()
    assert not any(wait.any() for wait in result.waits.values())


def test_investment_before_registration_counts_in_its_year():
    project = ProjectPlan("p", "north", 24, stage="approved", start=9, registration=6, construction=24)
    spending = yearly(one(project).investment)[0]
    assert spending == pytest.approx([0, 15, 9, 0])


@given(st.floats(-40, 60), st.floats(0, 36), st.integers(0, 5))
def test_ramp_average_is_the_integral(commissioned, ramp_up, year):
    months = (np.arange(24000) + 0.5) / 2000 + 12 * (year - 1)
    line = np.clip((months - commissioned) / ramp_up, 0, 1) if ramp_up > 1e-6 else months >= commissioned
    assert ramp_average(commissioned, ramp_up, year) == pytest.approx(np.mean(line), abs=2e-4)


def test_ramp_average_without_dates():
    assert ramp_average(np.array([np.inf, -np.inf]), np.array([0.0, 12.0]), 1) == pytest.approx([0, 1])


# --- money
# -----------------------------------------------------------------------------------------------------


def test_money_pauses_works_between_tranches():
    project = ProjectPlan("p", "north", 24, stage="approved", start=0, construction=24, funds={"bank": 0.5})
    # each year needs 6 from the bank: 1 a quarter covers the first at month 15, the second at month 33
    result = one(project, years=6, resources=Resources(funds={"bank": 4.0}))
    assert result.dates["commissioned"][0] == 45
    assert result.waits["money"][0] == 21
    assert result.investment[0, 15:27] == pytest.approx(1.0)
    assert not result.investment[0, 27:33].any()
    assert result.investment.sum() == pytest.approx(24)
    assert result.by_fund["bank"].sum() == pytest.approx(12)


def test_no_money_no_works():
    result = one(
        ProjectPlan("p", "north", 24, start=0, funds={"bank": 1.0}), resources=Resources(funds={"bank": 0.0})
    )
    assert result.dates["commissioned"][0] == np.inf
    assert not result.investment.any()
    assert result.remaining[0] == 24


def test_money_that_just_suffices_costs_no_quarter():
    projects = [
        ProjectPlan(f"p{i}", "north", 0.1, stage="approved", start=0, funds={"bank": 1.0}) for i in range(10)
    ]
    result = run_pipeline(projects, None, Resources(funds={"bank": 4.0}), 2, SECTORS)
    assert not result.waits["money"].any()


# --- the law of the queues
# -------------------------------------------------------------------------------------


@st.composite
def plans(draw):
    number = st.floats(0, 30).map(lambda x: round(x, 1))
    projects = []
    for i in range(draw(st.integers(1, 9))):
        stage = draw(
            st.sampled_from(["planned", "planned", "approved", "started", "registered", "commissioned"])
        )
        begin = draw(number)
        construction = draw(st.floats(1, 40))
        start = begin if stage in ("planned", "approved") else -begin
        projects.append(
            ProjectPlan(
                f"p{i}",
                "north",
                draw(st.floats(1, 50)),
                stage=stage,
                start=start,
                construction=construction,
                approval=draw(number),
                registration=draw(st.floats(0, 6)),
                ramp_up=draw(number),
                slip=draw(st.floats(-4, 9)),
                funds=draw(st.sampled_from([{}, {"bank": 1.0}, {"bank": 0.4, "bond": 0.6}])),
                spread={"construction": (construction / 2, construction * 2)},
                cancel=0.1,
            )
        )
    size = draw(st.integers(0, 12))
    pool = PoolPlan(
        size,
        draw(st.integers(0, 6)),
        draw(st.integers(0, 4)),
        np.ones((3, 6)),
        approval=draw(st.floats(0, 8)),
        construction=draw(st.floats(2, 30)),
        slip=draw(st.floats(-2, 5)),
    )
    return projects, pool if size else None


resource_sets = st.builds(
    lambda desks, builders, bank, bond: Resources(desks, builders, {"bank": bank, "bond": bond}),
    st.integers(1, 4),
    st.integers(1, 8),
    st.floats(0, 60),
    st.floats(0, 60),
)


def commissionings(result):
    return np.concatenate([result.dates["commissioned"], result.pool_dates["commissioned"]])


@settings(max_examples=150, deadline=None)
@given(plans(), resource_sets, st.integers(0, 3), st.integers(0, 3), st.floats(0, 20), st.integers(0, 5))
def test_more_desks_builders_or_money_never_delay_anybody(given_plans, scarce, desks, builders, money, seed):
    projects, pool = given_plans
    ample = Resources(
        scarce.approvals + desks,
        scarce.builders + builders,
        {fund: amount + money for fund, amount in scarce.funds.items()},
    )
    before, after, free = (
        run_pipeline(projects, pool, r, 6, SECTORS, np.random.default_rng(seed))
        for r in (scarce, ample, None)
    )
    assert (commissionings(after) <= commissionings(before) + 1e-9).all()
    assert (commissionings(free) <= commissionings(after) + 1e-9).all()
    assert (after.share_online >= before.share_online - 1e-9).all()
    assert (after.pool_investment.cumsum(axis=1) >= before.pool_investment.cumsum(axis=1) - 1e-9).all()
    assert (after.investment.cumsum(axis=1) >= before.investment.cumsum(axis=1) - 1e-9).all()


@settings(max_examples=80, deadline=None)
@given(plans(), resource_sets)
def test_nobody_uses_more_than_there_is(given_plans, scarce):
    projects, pool = given_plans
    result = run_pipeline(projects, pool, scarce, 6, SECTORS)
    realisation = [
        (max(s, 0.0), c)
        for s, c, p in zip(result.dates["started"], result.dates["commissioned"], projects, strict=True)
        if p.stage != "commissioned" and s < np.inf
    ]
    realisation += list(zip(result.pool_dates["started"], result.pool_dates["commissioned"], strict=True))
    at_zero = sum(p.under_way for p in projects) + (
        int((result.pool_dates["started"] == 0).sum()) if pool else 0
    )
    for moment in (begin for begin, _ in realisation if begin < np.inf):
        busy = sum(begin <= moment < end - 1e-9 for begin, end in realisation)
        assert busy <= max(scarce.builders, at_zero)
    cumulated = {fund: np.zeros(6 * 12) for fund in scarce.funds}
    for project, path, registered in zip(
        projects, result.investment, result.dates["registered"], strict=True
    ):
        earlier = (
            project.invest * project.worked if registered >= -HAIR else 0.0
        )  # paid before month 0, counted on registration
        for fund, share in project.funds.items():
            cumulated[fund] += share * np.maximum(path.cumsum() - earlier, 0.0)
    for fund, amount in scarce.funds.items():
        received = amount / 4 * (np.arange(72) // 3 + 1)
        assert (cumulated[fund] <= received + 1e-6).all()


@settings(max_examples=80, deadline=None)
@given(plans(), st.integers(0, 5))
def test_ample_resources_make_nobody_wait(given_plans, seed):
    projects, pool = given_plans
    ample = Resources(500, 500, {"bank": 1e6, "bond": 1e6})
    queued = run_pipeline(projects, pool, ample, 6, SECTORS, np.random.default_rng(seed))
    free = run_pipeline(projects, pool, None, 6, SECTORS, np.random.default_rng(seed))
    for result in (queued, free):
        for waits in (result.waits, result.pool_waits):
            assert all((wait < 1e-9).all() for wait in waits.values())
    for name, dates in free.dates.items():
        assert queued.dates[name] == pytest.approx(dates, abs=1e-9)
    assert queued.investment == pytest.approx(free.investment, abs=1e-6)
    assert queued.pool_investment == pytest.approx(free.pool_investment, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(plans(), resource_sets)
def test_money_is_neither_made_nor_lost(given_plans, scarce):
    projects, pool = given_plans
    for horizon in (2, 15):
        result = run_pipeline(projects, None, scarce, horizon, SECTORS)
        total = result.investment.sum(axis=1) + result.remaining
        waiting = [
            p.invest * p.worked if reg >= -HAIR else 0.0
            for p, reg in zip(projects, result.dates["registered"], strict=True)
        ]
        assert total == pytest.approx([p.remaining + some for p, some in zip(projects, waiting, strict=True)])
        done = result.dates["full_load"] < np.inf
        registered = result.dates["registered"] < 12 * horizon - 1
        assert result.remaining[done & registered] == pytest.approx(0, abs=1e-9)
    if pool is not None:
        assert (
            yearly(run_pipeline(projects, pool, scarce, 6, SECTORS).pool_kernel).sum(axis=1) <= 1 + 1e-9
        ).all()


def test_a_ticket_is_kept_for_its_holder():
    """Serving whoever comes first would let the later project slip in while the earlier one is at the
    desk."""
    blocker = ProjectPlan("blocker", "north", 1, start=5, approval=5, construction=1)
    first = ProjectPlan("first", "north", 1, start=6, approval=4, construction=10)
    second = ProjectPlan("second", "north", 1, stage="approved", start=7, construction=30)
    result = run_pipeline([second, first, blocker], None, Resources(1, 1), 6, SECTORS)
    # the blocker holds the only desk until 5; the first project then needs it until 9
    assert result.dates["started"] == pytest.approx([19, 9, 5])
    assert result.waits["approval"] == pytest.approx([0, 3, 0])


def test_works_under_way_hold_their_builders():
    running = [
        ProjectPlan(f"r{i}", "north", 1, stage="started", start=-1, finish=5 * (i + 1)) for i in range(3)
    ]
    new = ProjectPlan("new", "north", 1, stage="approved", start=1)
    # three under way on two builders: the new one comes in when two of them have finished
    result = run_pipeline([*running, new], None, Resources(builders=2), 3, SECTORS)
    assert result.dates["started"][3] == 10
    assert result.waits["start"][3] == 9
    assert result.dates["commissioned"][:3] == pytest.approx([5, 10, 15])


def test_no_deadlock_between_builders_and_money():
    """A project that waits for a builder must not hold back the money of the one that has him."""
    # 5 a quarter: long is paid at 3, short at 9, long again at 15, and at 27 when its second year is over
    long = ProjectPlan("long", "north", 30, stage="approved", start=0, construction=36, funds={"bank": 1.0})
    short = ProjectPlan("short", "north", 10, stage="approved", start=6, construction=6, funds={"bank": 1.0})
    result = run_pipeline([long, short], None, Resources(builders=1, funds={"bank": 20.0}), 6, SECTORS)
    assert result.dates["commissioned"] == pytest.approx([39, 45])


# --- the pool
# --------------------------------------------------------------------------------------------------


def test_reported_totals_come_out_exactly():
    pool = reported()
    result = run_pipeline([], pool, None, 5, SECTORS)
    assert result.starts["pool"].tolist() == [80] * 5
    assert result.completions["pool"][0] == 30
    assert (result.pool_dates["started"] < 12).sum() == 200
    assert yearly(result.pool_investment) == pytest.approx(pool.investment, rel=1e-12)
    assert yearly(result.pool_investment)[:, 0].sum() == pytest.approx(290, rel=1e-12)
    assert result.pool_realised == pytest.approx(1.0, rel=1e-12)


def test_named_key_projects_count_inside_the_totals():
    named = [
        ProjectPlan("a", "north", 5, stage="started", start=-6, finish=7),
        ProjectPlan("b", "north", 5, stage="approved", start=3, construction=20),
        ProjectPlan("c", "north", 5, stage="approved", start=3, construction=20, key=False),
        ProjectPlan("d", "north", 5, stage="approved", start=15, construction=20),
        ProjectPlan("e", "north", 5, stage="commissioned", finish=-2),
    ]
    result = run_pipeline(named, reported(), None, 5, SECTORS)
    assert (result.starts["pool"] + result.starts["named"]).tolist() == [80] * 5
    assert result.completions["pool"][0] + result.completions["named"][0] == 30
    assert (result.pool_dates["started"] < 12).sum() == 198
    moved = [named[0], named[1], named[2], named[3].moved(-6), named[4]]
    forward = run_pipeline(moved, reported(), None, 5, SECTORS)
    assert forward.starts["pool"].tolist() == result.starts["pool"].tolist()
    assert forward.starts["named"].tolist() == [2, 0, 0, 0, 0]


def test_slip_moves_the_pools_money_into_later_years():
    slipped = run_pipeline([], reported(slip=3), None, 5, SECTORS)
    assert (slipped.pool_realised[:, 0] < 0.95).all()
    assert slipped.pool_kernel.sum(axis=1)[:3] == pytest.approx(1.0)
    assert slipped.starts["pool"][0] == 60


def test_more_money_scales_amounts_and_moves_no_date():
    scarce = Resources(approvals=20, builders=190)
    poor, rich = reported(), reported()
    rich = replace(rich, investment=rich.investment * np.array([[1.0], [3.0], [0.5]]))
    one_, two = (run_pipeline([], pool, scarce, 5, SECTORS) for pool in (poor, rich))
    assert (one_.pool_dates["commissioned"] == two.pool_dates["commissioned"]).all()
    assert two.pool_investment == pytest.approx(one_.pool_investment * np.array([[1.0], [3.0], [0.5]]))
    assert one_.pool_realised[0, 0] < 0.97


def test_pool_without_projects_spreads_evenly():
    result = run_pipeline([], PoolPlan(0, 0, 0, np.array([[12.0, 24.0]])), None, 2, ("all",))
    assert result.pool_investment[0] == pytest.approx([1.0] * 12 + [2.0] * 12)


def test_wrong_shape_of_the_pools_plan():
    with pytest.raises(ValueError, match="shape"):
        run_pipeline([], reported(years=3), None, 5, SECTORS)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="negative"):
        ProjectPlan("p", "north", -1)
    with pytest.raises(ValueError, match="between"):
        ProjectPlan("p", "north", 1, done=1.2)
    with pytest.raises(ValueError, match="lunch"):
        ProjectPlan("p", "north", 1, spread={"lunch": (0, 1)})


# --- chance
# ----------------------------------------------------------------------------------------------------


def doubtful(i):
    return ProjectPlan(
        f"p{i}",
        "north",
        10,
        start=i,
        approval=4,
        construction=18,
        slip=2,
        cancel=0.2,
        spread={"construction": (12, 30), "slip": (0, 9), "approval": (2, 9)},
    )


def test_the_seed_decides_everything():
    projects, pool = [doubtful(i) for i in range(12)], reported(spread={"slip": (0, 6)}, slip=1)
    draws = [
        run_pipeline(projects, pool, Resources(8, 180), 5, SECTORS, np.random.default_rng(seed))
        for seed in (7, 7, 8)
    ]
    assert (draws[0].dates["commissioned"] == draws[1].dates["commissioned"]).all()
    assert (draws[0].pool_investment == draws[1].pool_investment).all()
    assert (draws[0].dates["commissioned"] != draws[2].dates["commissioned"]).any()


def test_a_change_to_one_project_leaves_the_draws_of_the_others_alone():
    projects = [doubtful(i) for i in range(5)]
    changed = [replace(projects[0], spread={}), *projects[1:]]
    a, b = (run_pipeline(p, None, None, 5, SECTORS, np.random.default_rng(3)) for p in (projects, changed))
    assert (a.dates["commissioned"][1:] == b.dates["commissioned"][1:]).all()


def test_cancelled_projects_never_build():
    projects = [replace(doubtful(i), cancel=1.0) for i in range(3)]
    result = run_pipeline(projects, None, Resources(1, 1), 5, SECTORS, np.random.default_rng(1))
    assert result.cancelled.all()
    assert (result.dates["commissioned"] == np.inf).all()
    assert not result.investment.any() and not result.share_online.any() and not result.remaining.any()


def test_draws_have_the_mean_of_a_pert():
    project = ProjectPlan(
        "p", "north", 1, stage="approved", start=0, construction=20, spread={"construction": (15, 40)}
    )
    projects = [replace(project, id=f"p{i}") for i in range(4000)]
    result = run_pipeline(projects, None, None, 4, SECTORS, np.random.default_rng(11))
    lasted = result.dates["commissioned"] - result.dates["started"]
    assert lasted.mean() == pytest.approx((15 + 4 * 20 + 40) / 6, abs=4 * lasted.std() / np.sqrt(4000))
    assert 15 <= lasted.min() <= lasted.max() <= 40


def test_overdue_works_end_at_month_zero_or_after_their_slip():
    overdue = ProjectPlan("p", "north", 1, stage="started", start=-20, finish=-3, slip=5)
    assert course(overdue, central_durations([overdue]), 0).commissioned == 2
    assert course(replace(overdue, slip=1), central_durations([overdue]), 0).commissioned >= 0


@pytest.mark.slow
def test_desks_wait_as_erlang_says():
    """Approval desks as an M/M/c queue: λ = 4, μ = 3, c = 2 waits Wq = C(2, 4/3)/(cμ - λ) = 0.26667 (Erlang
    C)."""
    rate, service, batches, years = 4.0, 3.0, 40, 25
    rng = np.random.default_rng(5)
    means = []
    for _ in range(batches):
        arrivals = np.cumsum(rng.exponential(1 / rate, int(rate * 12 * years * 0.9)))
        approvals = rng.exponential(1 / service, len(arrivals))
        projects = [
            ProjectPlan(f"p{i}", "north", 1, start=a + s, approval=s, construction=1)
            for i, (a, s) in enumerate(zip(arrivals.tolist(), approvals.tolist(), strict=True))
        ]
        waits = run_pipeline(projects, None, Resources(approvals=2), years, SECTORS).waits["approval"]
        settled = (arrivals > 20) & (arrivals < 12 * years - 20)
        means.append(waits[settled].mean())
    assert np.mean(means) == pytest.approx(4 / 15, abs=4 * np.std(means, ddof=1) / np.sqrt(batches))
