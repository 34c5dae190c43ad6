"""The pipeline in arrays against the one in SimPy: the same events in every draw, and the law of its
queues."""

import json

import numpy as np
import pytest
from dabiao.engine.projects.batch import ProjectBatch, Shared, parts, schedule, tranches
from dabiao.engine.projects.queue import Job, Tranche, run_jobs
from dabiao.models.project import Resources
from hypothesis import given, settings
from hypothesis import strategies as st

FUNDS = ("bank", "bond")


def crowd(rng, draws, size, scarce=True):
    """Jobs that anything may happen to: ties, no works, no approval, works under way, absent ones; and what
    they share."""

    def months(top):
        drawn = rng.uniform(0, top, (size, draws))
        return np.where(rng.random((size, draws)) < 0.5, np.round(drawn), drawn)

    under_way = rng.random(size) < 0.3
    approval = np.where(under_way[:, None] | (rng.random((size, draws)) < 0.2), 0.0, months(9))
    start = np.where(under_way[:, None], 0.0, np.maximum(months(50), approval))
    shares = np.where(rng.random((2, size, 1)) < 0.5, rng.uniform(0, 1, (2, size, 1)), 0.0)
    building, amount = months(40), rng.uniform(0, 30, (size, draws))
    batch = ProjectBatch(
        start - approval,
        approval,
        start,
        building,
        under_way,
        rng.random((size, draws)) < 0.9,
        {fund: share * amount for fund, share in zip(FUNDS, shares, strict=True)},
    )
    most = max(size // 2, 1)
    shared = (
        Shared(
            rng.integers(1, most + 1, draws),
            rng.integers(1, 2 * most + 1, draws),
            {fund: rng.choice([0.0, 20.0, 60.0, 1e5], draws) for fund in FUNDS},
        )
        if scarce
        else Shared()
    )
    return batch, shared


def events(batch, shared, draw, horizon):
    """The same draw through SimPy."""
    jobs = {}
    for j in np.flatnonzero(batch.present[:, draw]):
        building = batch.building[j, draw]
        months = tranches(building, 99)
        stages = tuple(
            Tranche(
                float(months),
                1.0,
                {fund: float(money[j, draw] * part) for fund, money in batch.money.items()},
            )
            for months, part in zip(months, parts(building, months), strict=True)
        )
        row = (float(each[j, draw]) for each in (batch.arrival, batch.approval, batch.start))
        jobs[j] = Job(*row, bool(batch.under_way[j]), stages)
    resources = Resources(
        None if shared.approvals is None else int(shared.approvals[draw]),
        None if shared.builders is None else int(shared.builders[draw]),
        {fund: float(amount[draw]) for fund, amount in shared.funds.items()},
    )
    run_jobs(list(jobs.values()), resources, horizon)
    return jobs


def close(found, expected, horizon):
    """Equal months; the last instant before the horizon is as good as never."""
    return found == expected or abs(found - expected) < 1e-9 or min(found, expected) > horizon - 1e-6


def differences(batch, shared, horizon):
    dates = schedule(batch, shared, horizon)
    wrong = []
    for draw in range(batch.start.shape[1]):
        for j, job in events(batch, shared, draw, horizon).items():
            names = (
                ("desk", "approved", "started", "commissioned")
                if job.approval > 0
                else ("started", "commissioned")
            )
            pairs = {name: (getattr(dates, name)[j, draw], getattr(job, name)) for name in names}
            pairs |= {
                f"paid {k}": (dates.paid[k, j, draw], month)
                for k, month in enumerate(job.paid)
                if k < len(dates.paid)
            }
            wrong += [(draw, j, name, *pair) for name, pair in pairs.items() if not close(*pair, horizon)]
    return wrong


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 14), st.booleans(), st.sampled_from([12.0, 36.0, 60.0]))
def test_every_draw_has_the_events_of_simpy(seed, size, scarce, horizon):
    batch, shared = crowd(np.random.default_rng(seed), 4, size, scarce)
    assert differences(batch, shared, horizon) == []


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_long_queues_have_the_events_of_simpy(seed):
    batch, shared = crowd(np.random.default_rng(seed), 2, 150)
    assert differences(batch, shared, 60.0) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 3), st.integers(0, 3), st.floats(0, 30))
def test_more_desks_builders_or_money_never_make_anything_later(seed, desks, builders, money):
    batch, scarce = crowd(np.random.default_rng(seed), 40, 12)
    ample = Shared(
        scarce.approvals + desks,
        scarce.builders + builders,
        {fund: amount + money for fund, amount in scarce.funds.items()},
    )
    before, after, free = (schedule(batch, each, 60.0) for each in (scarce, ample, Shared()))
    for name in ("desk", "approved", "started", "commissioned"):
        assert (getattr(after, name) <= getattr(before, name) + 1e-9).all()
        assert (getattr(free, name) <= getattr(after, name) + 1e-9).all()


def test_a_draw_does_not_know_its_neighbours():
    batch, shared = crowd(np.random.default_rng(3), 50, 30)
    whole = schedule(batch, shared, 60.0)
    alone = ProjectBatch(
        *(getattr(batch, name)[:, 7:8] for name in ("arrival", "approval", "start", "building")),
        batch.under_way,
        batch.present[:, 7:8],
        {fund: money[:, 7:8] for fund, money in batch.money.items()},
    )
    some = Shared(
        shared.approvals[7:8], shared.builders[7:8], {fund: a[7:8] for fund, a in shared.funds.items()}
    )
    assert np.array_equal(schedule(alone, some, 60.0).commissioned[:, 0], whole.commissioned[:, 7])


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("case", range(3))
def test_desks_wait_as_erlang_says(case, shared):
    """M/M/c in 2000 draws: the mean wait of settled tickets is Wq = C(c, λ/μ)/(cμ - λ) (Erlang C)."""
    stated = json.loads((shared / "reference_cases" / "uncertainty_cases.json").read_text())["erlang_c"][case]
    rate, service, desks, expected = (stated[name] for name in ("lam", "mu", "c", "Wq"))
    rng = np.random.default_rng(5)
    arrivals = rng.exponential(1 / rate, (600, 2000)).cumsum(axis=0)
    approvals = rng.exponential(1 / service, arrivals.shape)
    batch = ProjectBatch(
        arrivals,
        approvals,
        arrivals + approvals,
        np.ones(arrivals.shape),
        np.zeros(600, dtype=bool),
        np.ones(arrivals.shape, dtype=bool),
    )
    desk = schedule(batch, Shared(approvals=np.full(2000, desks)), 1e5).desk
    waits = (desk - arrivals)[300:].mean(axis=0)
    assert waits.mean() == pytest.approx(expected, abs=4 * waits.std(ddof=1) / np.sqrt(len(waits)))
