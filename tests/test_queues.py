"""Queues in arrays, many tickets at a time, against a heap of places and one ticket after the other."""

import heapq

import numpy as np
import pytest
from dabiao.engine.projects.queue_arrays import covered, lined_up, serve
from hypothesis import given, settings
from hypothesis import strategies as st

HORIZON = 60.0


def one_by_one(month, ready, busy, floor, capacity, held):
    """One draw: each ticket takes the place that comes free first, and gives it back at its end."""
    taken = sorted(each for each in held if each > -np.inf)
    places = taken[max(len(taken) - capacity, 0) :] + [-np.inf] * max(capacity - len(taken), 0)
    heapq.heapify(places)
    begun = ready.copy()
    for i in sorted(range(len(month)), key=lambda i: (month[i], i)):
        if np.isfinite(month[i]):
            begun[i] = max(ready[i], heapq.heappop(places))
            heapq.heappush(places, max(begun[i] + busy[i], floor[i]))
    return begun


def crowd(rng, tickets, draws, most):
    """Holders of whom many come at once, are never there or stay for no time at all, and places that are held
    or too few."""
    shape = (tickets, draws)
    month = rng.integers(0, 2 * 70, shape) / 2 * rng.choice([1.0, 0.0], shape, p=[0.8, 0.2])
    month = np.where(rng.random(shape) < 0.1, np.inf, month)
    ready = month + rng.integers(0, 12, shape) * rng.choice([0.0, 0.5], shape)
    busy = rng.choice([0.0, 0.25, 1.0, 7.5, 30.0], shape) * rng.choice([1.0, rng.random()], shape)
    held = np.where(rng.random((most, draws)) < 0.5, -np.inf, rng.integers(0, 40, (most, draws)) / 2)
    floor = np.where(
        rng.random((tickets // 2, draws)) < 0.5, -np.inf, rng.integers(0, 60, (tickets // 2, draws)) * 1.0
    )
    return month, ready, busy, floor, rng.integers(1, most + 1, draws), held


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 25))
def test_many_tickets_at_a_time_are_one_after_the_other(seed, tickets, most):
    month, ready, busy, floor, capacity, held = crowd(np.random.default_rng(seed), tickets, 6, most)
    kept = [each.copy() for each in (month, ready, busy, floor, held)]
    found = serve(month, ready, busy, floor, capacity, held, HORIZON)
    floors = np.concatenate([floor, np.full((tickets - len(floor), 6), -np.inf)])
    for draw in range(6):
        expected = one_by_one(
            month[:, draw], ready[:, draw], busy[:, draw], floors[:, draw], capacity[draw], held[:, draw]
        )
        own = found[:, draw]
        assert ((own == expected) | ((own > HORIZON) & (expected > HORIZON))).all()
    assert all(np.array_equal(*pair) for pair in zip(kept, (month, ready, busy, floor, held), strict=True))


@pytest.mark.parametrize("tickets", [1, 2, 1024, 1025, 8192, 8193, 20_000])
def test_tickets_line_up_by_month_and_place_however_many(tickets):
    """Ties and tickets of nobody among them."""
    rng = np.random.default_rng(tickets)
    month = np.where(rng.random((2, tickets)) < 0.3, np.inf, rng.integers(0, 600, (2, tickets)) / 4)
    assert np.array_equal(lined_up(month), np.argsort(month, axis=1, kind="stable"))


def test_the_quick_look_hides_no_wait():
    """Places one short of what a draw needs: somebody waits in it, and in no other draw."""
    rng = np.random.default_rng(7)
    month = rng.uniform(0, HORIZON, (200, 400))
    busy = rng.uniform(1, 9, month.shape)
    inside = (month[:, None] <= month) & (
        month < (month + busy)[:, None]
    )  # holder i is there when j comes: (i, j, D)
    needed = inside.sum(axis=0).max(axis=0)
    short = rng.random(400) < 0.5
    found = serve(month, month, busy, None, needed - short, np.empty((0, 400)), HORIZON)
    assert np.array_equal((found > month).any(axis=0), short)


def test_rounding_of_sums_costs_no_quarter():
    """Three needs of 0.1 are a quarter of 1.2, though the machine's sum of them is more than 0.3; a little
    more waits."""
    need, month = np.array([[0.1, 0.1, 0.1, 0.0], [0.1, 0.1, 0.1001, 0.0]]), np.zeros((2, 4))
    assert sum([0.1] * 3) > 0.3
    assert covered(month, need, np.array([1.2, 1.2])).tolist() == [[0, 0, 0, -np.inf], [0, 0, 3, -np.inf]]


def test_money_by_cumulated_need():
    """The month is the first quarter whose money, with all before it, covers a ticket and all earlier
    ones."""
    rng = np.random.default_rng(8)
    month, need, amount = (
        rng.integers(0, 30, (20, 12)) * 1.0,
        rng.uniform(0, 9, (20, 12)),
        rng.uniform(5, 40, 20),
    )
    found = covered(month, need, amount)
    for draw in range(20):
        for i in range(12):
            before = (month[draw] < month[draw, i]) | ((month[draw] == month[draw, i]) & (np.arange(12) <= i))
            asked = need[draw, before].sum()
            quarter = next(q for q in range(999) if (q + 1) * amount[draw] / 4 >= asked)
            assert found[draw, i] == 3 * quarter
