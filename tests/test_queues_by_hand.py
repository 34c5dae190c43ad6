"""Desks, builders and money by hand: works whose months can be counted, and crowds taken one ticket after
the other by plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dabiao.engine.projects import queue_arrays
from dabiao.engine.projects.batch import ProjectBatch, Shared, parts, schedule, tranches
from dabiao.engine.projects.queue import Job, Tranche, run_jobs
from dabiao.engine.projects.queue_arrays import covered, lined_up, serve
from dabiao.models.project import Resources

INF = np.inf
FUNDS = ("bank", "bond")


def job(
    arrival: float, approval: float, start: float, works: float, running: bool = False, **money: float
) -> Job:
    """A job whose money is spent evenly over its works, in tranches of a year."""
    months = [min(12.0, works - 12 * k) for k in range(max(int(np.ceil(works / 12)), 1))]
    cut = [
        Tranche(each, 1.0, {fund: whole * each / works for fund, whole in money.items()} if works else {})
        for each in months
    ]
    return Job(arrival, approval, start, running, tuple(cut))


def dates(each: Job) -> tuple[Any, ...]:
    return each.desk, each.approved, each.started, each.commissioned, each.paid


def test_a_job_that_shares_nothing_takes_its_own_months() -> None:
    """Works of 20 months from month 9 end at 29; of 51 at 60, which is no longer before the end."""
    free, late, beyond, unasked = (
        job(5, 4, 9, 20),
        job(5, 4, 9, 51),
        job(56, 4, 60, 1),
        job(0, 0, 3, 0),
    )
    run_jobs([free, late, beyond, unasked], Resources(), 60.0)
    assert dates(free) == (5, 9, 9, 29, [9, 21]) and free.queued
    assert dates(late) == (5, 9, 9, INF, [9, 21, 33, 45, 57])
    assert dates(beyond) == (INF, INF, INF, INF, []) and not beyond.queued
    assert dates(unasked) == (INF, INF, 3, 3, [3])


def test_one_desk_serves_in_the_order_of_arrival_and_of_the_list() -> None:
    """Arrivals at 2, 1 and 2 for 5, 3 and 4 months; the one that asks nothing takes no turn."""
    jobs = [job(2, 5, 8, 6), job(1, 3, 4, 6), job(2 - 1e-11, 4, 6, 6), job(0, 0, 1, 2)]
    run_jobs(jobs, Resources(approvals=1), 60.0)
    assert [each.desk for each in jobs] == pytest.approx([4, 1, 9, INF])
    assert [each.approved for each in jobs] == pytest.approx([9, 4, 13, INF])
    assert [each.started for each in jobs] == pytest.approx([9, 4, 13, 1])
    assert [each.commissioned for each in jobs] == pytest.approx([15, 10, 19, 3])
    rounded = [job(2 + 5e-10, 4, 6, 6)]  # approved a trifle after it was to begin
    run_jobs(rounded, Resources(approvals=1), 60.0)
    assert rounded[0].started == pytest.approx(6)
    both = [job(2, 5, 8, 6), job(1, 3, 4, 6), job(2, 4, 6, 6)]
    run_jobs(both, Resources(approvals=2), 60.0)
    assert [each.desk for each in both] == [2, 1, 4] and [each.started for each in both] == [8, 4, 8]


def test_builders_are_kept_for_the_next_ticket() -> None:
    """One builder, held by works under way until month 7: the one of month 3 waits for it, the one of month 4
    until 7 + 10. With two, of whom one is held, the one of month 3 begins at once and the next at 7."""

    def three() -> list[Job]:
        return [job(0, 0, 4, 5), job(0, 0, 3, 10), job(0, 0, 0, 7, running=True)]

    jobs = three()
    run_jobs(jobs, Resources(builders=1), 60.0)
    assert [each.started for each in jobs] == [17, 7, 0]
    assert [each.commissioned for each in jobs] == [22, 17, 7]
    jobs = three()
    run_jobs(jobs, Resources(builders=2), 60.0)
    assert [each.started for each in jobs] == [7, 3, 0]
    # more under way than there are builders: the first that is done leaves nobody a builder
    crowded = [job(0, 0, 1, 5), job(0, 0, 0, 4, running=True), job(0, 0, 0, 9, running=True)]
    run_jobs(crowded, Resources(builders=1), 60.0)
    assert [each.started for each in crowded] == [9, 0, 0]


def test_money_comes_in_quarters_and_goes_by_ticket() -> None:
    """12 a year are 3 a quarter. 8 for the works of month 1 are there with the third quarter, at 6; the 6 of
    the works of month 2 need 14, the fifth quarter, at 12; 24 over two years from 4 on need 26 and 38."""
    jobs = [job(0, 0, 4, 24, bank=24), job(0, 0, 2, 6, bank=6), job(0, 0, 1, 6, bank=8), job(0, 0, 2, 6)]
    run_jobs(jobs, Resources(funds={"bank": 12.0}), 60.0)
    assert [each.started for each in jobs] == [4, 2, 1, 2]
    assert [each.paid for each in jobs] == [[24, 36], [12], [6], [2]]
    assert [each.commissioned for each in jobs] == [48, 18, 12, 8]
    exact = [job(0, 0, 1, 6, bank=9)]  # three quarters to the last yuan
    run_jobs(exact, Resources(funds={"bank": 12.0}), 60.0)
    assert exact[0].paid == [6]
    for amount in (0.04, 1.6):  # a hair of money is at hand, of a yuan or of a year's money
        short = [job(0, 0, 1, 6, bank=amount / 2 + 0.9e-9 * max(amount, 1))]
        run_jobs(short, Resources(funds={"bank": amount}), 60.0)
        assert short[0].paid == [3]
    short = [job(0, 0, 1, 6, bank=0.8 + 1.8e-9)]
    run_jobs(short, Resources(funds={"bank": 1.6}), 60.0)
    assert short[0].paid == [6]
    none = [job(0, 0, 1, 6, bank=1), job(0, 0, 1, 6, bond=1)]
    run_jobs(none, Resources(funds={"bank": 0.0}), 60.0)
    assert [each.paid for each in none] == [[], [1]] and none[0].started == 1


def test_a_fund_pays_each_job_its_own_part() -> None:
    """Two funds: who asks both waits for the slower."""
    jobs = [job(0, 0, 1, 6, bank=3, bond=10), job(0, 0, 2, 6, bank=6), job(0, 0, 3, 6, bond=5)]
    run_jobs(jobs, Resources(funds={"bank": 12.0, "bond": 20.0}), 60.0)
    assert [each.paid for each in jobs] == [[3], [6], [6]]  # 10 at 3, 15 at 6; 3 at 0, 9 at 6


# ---- the same in arrays


def crowd(seed: int, size: int, draws: int) -> tuple[ProjectBatch, Shared]:
    """Jobs with many ties, some under way, absent, without approval, works or money; money for the first."""
    rng = np.random.default_rng(seed)
    shape = (size, draws)
    running = rng.random(size) < 0.25
    still = np.broadcast_to(running[:, None], shape)
    approval = np.where(still | (rng.random(shape) < 0.3), 0.0, rng.integers(1, 12, shape) / 2)
    start = np.where(still, 0.0, approval + rng.integers(0, 70, shape) / 2)
    building = rng.choice([0.0, 3.0, 12.0, 13.5, 30.0], shape)
    first = size - size // 3
    money = {fund: rng.choice([0.0, 2.0, 7.0], (first, draws)) for fund in FUNDS}
    batch = ProjectBatch(start - approval, approval, start, building, running, rng.random(shape) < 0.9, money)
    shared = Shared(
        rng.integers(1, 4, draws),
        rng.integers(1, 6, draws),
        {"bank": rng.choice([0.0, 8.0, 40.0], draws), "bond": rng.choice([5.0, 12.0, 1e4], draws)},
    )
    return batch, shared


def turns(tickets: list[tuple[float, int]], come: Any, busy: Any, free: list[float]) -> dict[int, float]:
    """Each ticket takes the place that is free first."""
    found = {}
    for _, j in sorted(tickets):
        free.sort()
        found[j] = max(come(j), free.pop(0))
        free.append(busy(j, found[j]))
    return found


def quarters(needs: list[tuple[float, int, int, float]], amount: float) -> dict[tuple[int, int], float]:
    """Months at which money covers each tranche and all before it."""
    found, whole = {}, 0.0
    for _, j, k, need in sorted(needs):
        whole += need
        months = [3.0 * q for q in range(200) if (q + 1) * amount / 4 >= whole - 1e-9 * max(amount, 1)]
        found[j, k] = months[0] if months else INF
    return found


def by_turns(batch: ProjectBatch, shared: Shared, d: int, horizon: float) -> dict[str, Any]:
    """One draw of a crowd by plain loops."""
    arrival, approval, start, works = (
        each[:, d] for each in (batch.arrival, batch.approval, batch.start, batch.building)
    )
    there = [j for j in range(len(start)) if batch.present[j, d] and start[j] < horizon]
    asks = [(arrival[j], j) for j in there if approval[j] > 0]
    desks = [-INF] * (len(there) if shared.approvals is None else int(shared.approvals[d]))
    served = turns(asks, lambda j: arrival[j], lambda j, at: at + approval[j], desks)
    approved = {j: at + approval[j] for j, at in served.items()}
    cut = {
        j: [(min(12.0, works[j] - 12 * k)) for k in range(max(-(-works[j] // 12), 1).__int__())]
        for j in there
    }
    paid_for: dict[tuple[int, int], float] = {}
    for fund, amount in shared.funds.items():
        needs = [
            (start[j] + 12 * k, j, k, batch.money[fund][j, d] * (length / works[j] if works[j] else 1.0))
            for j in there
            if j < len(batch.money[fund]) and batch.money[fund][j, d] > 0
            for k, length in enumerate(cut[j])
            if start[j] + 12 * k < horizon
        ]
        for at, month in quarters(needs, float(amount[d])).items():
            paid_for[at] = max(paid_for.get(at, -INF), month)

    def walked(j: int, begun: float) -> tuple[list[float], float]:
        paid, now = [], begun
        for k, length in enumerate(cut[j]):
            paid.append(max(now, paid_for.get((j, k), -INF)))
            now = paid[-1] + length
        return paid, now

    held = sorted(walked(j, start[j])[1] for j in there if batch.under_way[j])
    started = {j: max(start[j], approved.get(j, -INF)) for j in there}
    if shared.builders is not None:
        builders = int(shared.builders[d])
        free = held[max(len(held) - builders, 0) :] + [-INF] * max(builders - len(held), 0)
        tickets = [(start[j], j) for j in there if not batch.under_way[j]]
        started |= turns(tickets, lambda j: started[j], lambda j, at: walked(j, at)[1], free)
    return {
        "approved": approved,
        "started": started,
        "paid": {j: walked(j, started[j])[0] for j in there},
        "ends": {j: walked(j, started[j])[1] for j in there},
    }


HORIZON = 48.0


def same(found: float, expected: float) -> bool:
    """Equal months; from the end of the horizon on all are never."""
    return bool(min(found, HORIZON) == pytest.approx(min(expected, HORIZON), abs=1e-9))


@pytest.mark.parametrize("seed", range(12))
def test_a_crowd_goes_as_one_ticket_after_the_other(seed: int) -> None:
    batch, shared = crowd(seed, 4 + 2 * seed, 8)
    if seed % 4 == 1:
        shared = Shared(shared.approvals, None, shared.funds)
    if seed % 4 == 2:
        shared = Shared(None, shared.builders, {"bank": shared.funds["bank"]})
    kept = [np.array(each) for each in (batch.arrival, batch.approval, batch.start, batch.building)]
    found = schedule(batch, shared, HORIZON)
    for d in range(8):
        expected = by_turns(batch, shared, d, HORIZON)
        for j in range(len(batch.start)):
            there = j in expected["started"]
            assert found.unhindered[j, d] == (batch.start[j, d] if there else INF)
            if not there:
                assert found.started[j, d] == INF == found.commissioned[j, d]
                continue
            assert (
                found.approved[j, d] == -INF
                if j not in expected["approved"]
                else same(found.approved[j, d], expected["approved"][j])
            )
            assert same(found.started[j, d], expected["started"][j]), (d, j)
            assert same(found.commissioned[j, d], expected["ends"][j]), (d, j)
            if j < len(batch.money["bank"]):
                for k, month in enumerate(expected["paid"][j][: len(found.paid)]):
                    assert same(found.paid[k, j, d], month), (d, j, k)
    assert np.array_equal(found.desk, found.approved - batch.approval, equal_nan=True)
    before = (batch.arrival, batch.approval, batch.start, batch.building)
    assert all(np.array_equal(*pair) for pair in zip(kept, before, strict=True))
    one = [
        ProjectBatch(
            *(each[:, [3]] for each in before),
            batch.under_way,
            batch.present[:, [3]],
            {fund: money[:, [3]] for fund, money in batch.money.items()},
        ),
        Shared(
            None if shared.approvals is None else shared.approvals[[3]],
            None if shared.builders is None else shared.builders[[3]],
            {fund: amount[[3]] for fund, amount in shared.funds.items()},
        ),
    ]
    alone = schedule(*one, HORIZON)  # type: ignore[arg-type]
    assert np.array_equal(alone.commissioned[:, 0], found.commissioned[:, 3])


@pytest.mark.parametrize("seed", range(6))
def test_a_crowd_goes_event_by_event_as_by_loops(seed: int) -> None:
    batch, shared = crowd(100 + seed, 9, 1)
    jobs = {}
    for j in np.flatnonzero(batch.present[:, 0]).tolist():
        row = [float(each[j, 0]) for each in (batch.arrival, batch.approval, batch.start, batch.building)]
        own = {f: float(money[j, 0]) for f, money in batch.money.items() if j < len(money)}
        jobs[j] = job(row[0], row[1], row[2], row[3], bool(batch.under_way[j]), **own)
        if not row[3]:
            jobs[j].tranches = (Tranche(0.0, 1.0, own),)
    funds = {fund: float(amount[0]) for fund, amount in shared.funds.items()}
    assert shared.approvals is not None and shared.builders is not None
    run_jobs(
        list(jobs.values()), Resources(int(shared.approvals[0]), int(shared.builders[0]), funds), HORIZON
    )
    expected = by_turns(batch, shared, 0, HORIZON)
    for j, each in jobs.items():
        assert same(each.started, expected["started"].get(j, INF)), j
        assert same(each.commissioned, expected["ends"].get(j, INF)), j
        if j in expected["approved"]:
            assert same(each.approved, expected["approved"][j])
            assert same(each.desk, expected["approved"][j] - batch.approval[j, 0])
        months = [month for month in expected["paid"].get(j, []) if month < HORIZON]
        assert each.paid == pytest.approx(months)


def test_absent_projects_and_those_beyond_the_end_take_no_place() -> None:
    """One desk and one builder: of four only the first and the last are there."""
    batch = ProjectBatch(
        np.array([[1.0], [0.0], [30.0], [2.0]]),
        np.array([[3.0], [9.0], [6.0], [2.0]]),
        np.array([[4.0], [9.0], [36.0], [4.0]]),
        np.array([[10.0], [10.0], [10.0], [7.0]]),
        np.zeros(4, bool),
        np.array([[True], [False], [True], [True]]),
    )
    found = schedule(batch, Shared(np.array([1]), np.array([1])), 36.0)
    assert found.approved[:, 0].tolist() == [4, INF, INF, 6]
    assert found.desk[:, 0].tolist() == [1, INF, INF, 4]
    assert found.unhindered[:, 0].tolist() == [4, INF, INF, 4]
    assert found.started[:, 0].tolist() == [4, INF, INF, 14]
    assert found.commissioned[:, 0].tolist() == [14, INF, INF, 21]
    assert found.paid.shape == (1, 0, 1)
    free = schedule(batch, Shared(), 37.0)
    assert free.started[:, 0].tolist() == [4, INF, 36, 4]
    assert free.commissioned[:, 0].tolist() == [14, INF, 46, 11]


def test_a_fund_that_nobody_asks_holds_up_nobody() -> None:
    """Of works of 40 months two years lie before the end; the bond's 6 are there at month 3."""
    none = np.zeros((1, 1))
    batch = ProjectBatch(
        none, none, none + 1, none + 40, np.zeros(1, bool), none == 0, {"bond": np.array([[20.0]])}
    )
    found = schedule(batch, Shared(funds={"bank": np.array([0.0]), "bond": np.array([12.0])}), 24.0)
    assert found.paid[:, 0, 0].tolist() == [3, 15] and found.started[0, 0] == 1
    assert found.commissioned[0, 0] == 43


def test_tranches_are_years_of_works_and_parts_of_the_money() -> None:
    works = np.array([[0.0, 12.0], [30.0, 12.0 + 1e-10]])
    months = tranches(works, 9)
    assert months[:, 0].tolist() == [[0, 12], [0, 0], [0, 0]]
    assert months[:, 1].tolist() == [[12, 12], [12, 0], [6, 0]]
    assert tranches(works, 2).shape == (2, 2, 2) and tranches(works, 2)[1, 1, 0] == 12
    assert tranches(np.zeros((0, 1)), 4).shape == (1, 0, 1)
    assert parts(works, months)[:, 0].tolist() == [[1, 1], [0, 0], [0, 0]]
    assert parts(works, months)[:, 1, 0].tolist() == [0.4, 0.4, 0.2]


# ---- tickets


def test_tickets_by_month_and_place() -> None:
    month = np.array(
        [[3.0, INF, 0.0, 3.0 + 4e-10, 3.0 - 4e-10, 2e6, -0.5], [1.0, 1.0, 1.0, 0.0, 0.0, 9.0, 8.0]]
    )
    assert lined_up(month).tolist() == [[6, 2, 0, 3, 4, 1, 5], [3, 4, 0, 1, 2, 6, 5]]
    assert lined_up(month + 2e-9)[0].tolist() == [6, 2, 0, 3, 4, 1, 5]
    assert lined_up(np.array([[5.0]])).tolist() == [[0]]
    rng = np.random.default_rng(2)
    for places in (2, 3, 4, 5, 8, 9, 16384, 16385):
        many = rng.integers(0, 40, (1, places)) / 4.0
        expected = sorted(range(places), key=lambda i, own=many[0]: (own[i], i))
        assert lined_up(many)[0].tolist() == expected


def test_more_places_than_bits_are_sorted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    month = np.array([[2.0, 1.0, 2.0, INF, 1.0]])
    monkeypatch.setattr(queue_arrays, "LEFT", 2)
    assert lined_up(month).tolist() == [[1, 4, 0, 2, 3]]


def test_a_month_in_hairs_fits_beside_the_places() -> None:
    """1e6 months of 1e9 hairs are 50 bits; 13 are left of 63."""
    assert queue_arrays.LEFT == 13 and queue_arrays.FOREVER == 1e6


def test_two_draws_are_served_each_by_itself() -> None:
    """Two holders with one place that is back at month 5 in the first draw and 1 in the second; a floor of 20
    for the first holder alone."""
    month = np.array([[2.0, 2.0], [3.0, 1.0]])
    ready, busy = month + np.array([[0.0, 0.0], [0.5, 0.0]]), np.array([[4.0, 6.0], [1.0, 1.0]])
    floor, held = np.array([[20.0, -INF]]), np.array([[5.0, 1.0], [-INF, 9.0]])
    served = serve(month, ready, busy, floor, np.array([1, 2]), held, 60.0)
    assert served.tolist() == [[5.0, 2.0], [20.0, 1.0]]
    assert serve(month[:0], ready[:0], busy[:0], None, np.array([1, 1]), held, 60.0).shape == (0, 2)
    # by one place, of two that are held: the first that comes back serves nobody
    served = serve(month, ready, busy, None, np.array([1, 1]), held, 60.0)
    assert served.tolist() == [[5.0, 10.0], [9.0, 9.0]]


def test_who_comes_when_there_is_room_waits_for_nothing() -> None:
    """The quick look: as long as no half month has more tickets than places, nobody waits."""
    month = np.array([[0.0], [1.0], [1.2], [4.0]])
    back = month + 2.0
    none = np.empty((0, 1))
    for places, waits in ((1, True), (2, True), (3, False), (4, False)):
        assert queue_arrays._binds(month, back, none, np.array([places]), 6.0).tolist() == [waits], places
    # in one half month two come: one place is too few there, whatever the first takes
    assert queue_arrays._binds(month[1:3] + 3, month[1:3] + 3.1, none, np.array([1]), 6.0).all()
    # a place that comes back a full half month before is there: 0 to 2, then 4
    two = np.array([[0.0], [4.0]])
    assert not queue_arrays._binds(two, two + 2.0, none, np.array([1]), 6.0).any()
    assert queue_arrays._binds(two, two + 4.1, none, np.array([1]), 6.0).all()
    held = np.array([[2.0], [-INF], [3.0]])
    assert not queue_arrays._binds(two[1:], two[1:] + 1, held, np.array([2]), 6.0).any()
    assert queue_arrays._binds(two[:1], two[:1] + 1, held, np.array([2]), 6.0).all()
    assert not queue_arrays._binds(two[:1], two[:1] + 1, held, np.array([3]), 6.0).any()
    assert queue_arrays._binds(two[1:], two[1:] + 1, held, np.array([1]), 6.0).all()
    # beyond the horizon nobody looks
    assert not queue_arrays._binds(two + 9, two + 30, none, np.array([1]), 6.0).any()
    assert queue_arrays._binds(two, two + 9, none, np.array([1]), 4.5).all()


def test_places_that_come_free_by_hand() -> None:
    """Held until 3 and 8, of 1, 2 and 4 places; an absent holder stands first."""
    given = np.array([[-INF, 3.0, 8.0]] * 3)
    found = [sorted(row) for row in queue_arrays._places(given, np.array([1, 2, 4])).tolist()]
    assert found == [[8, INF, INF, INF, INF], [3, 8, INF, INF, INF], [-INF, -INF, 3, 8, INF]]


def test_money_covers_tickets_by_quarters() -> None:
    """4 a year is 1 a quarter: 1 is there at once, 2 at month 3, 5 at month 12; by tickets, not by places."""
    found = covered(np.array([[5.0, 1.0, 5.0, 2.0]]), np.array([[3.0, 1.0, 0.0, 1.0]]), np.array([4.0]))
    assert found.tolist() == [[12.0, 0.0, -INF, 3.0]]
    poor = covered(np.array([[5.0, 1.0]] * 3), np.array([[1e-10, 2.0]] * 3), np.array([0.0, 4e-7, 8.0]))
    assert poor[0].tolist() == [3e6, 3e6] and poor[2].tolist() == [0, 0]
    assert 3e6 >= poor[1, 1] > 1e6
    hair = covered(np.array([[1.0]] * 3), np.array([[1e-9], [1.1e-9], [0.4 + 1.5e-9]]), np.array([0, 0, 1.6]))
    assert hair.tolist() == [[0.0], [3e6], [0.0]]
    nothing = covered(np.array([[1.0, 2.0]]), np.array([[1e-10, 1.0]]), np.array([0.0]))
    assert nothing[0, 0] == 0.0 and nothing[0, 1] == 3e6
