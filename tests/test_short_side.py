"""The short side: greatest fixed point of x = min(limit, M x + f)."""

import laws
import numpy as np
import pytest
from dabiao.models.short_side import Loop, clear
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays


@st.composite
def markets(draw, width=None):
    """Limits (some infinite), links with column sums below one, demand, supply-led rows; several draws."""
    count, draws = draw(st.integers(1, 6)), width or draw(st.integers(1, 4))
    unit = st.floats(0, 1, allow_subnormal=False)
    limit = draw(arrays(float, (count, draws), elements=unit.map(lambda x: round(200 * x, 3))))
    links = draw(arrays(float, (count, count, draws), elements=unit)) * 0.9 / count
    demand = draw(arrays(float, (count, draws), elements=unit.map(lambda x: round(100 * x, 3))))
    led = draw(arrays(bool, count))
    free = draw(arrays(bool, count)) & ~led
    return np.where(free[:, None], np.inf, limit), links, demand, led


def iterated(limit, links, demand, led):
    """The plain way: from the top down until nothing moves."""
    whole = np.abs(
        np.linalg.solve(np.eye(len(limit)) - links.transpose(2, 0, 1), np.ones(len(limit))[None, :, None])
    ).max()
    top = np.where(
        np.isfinite(limit), limit, whole * (demand.sum() + np.where(np.isfinite(limit), limit, 0).sum()) + 1
    )
    x = top
    for _ in range(2000):
        asked = np.einsum("ijd,jd->id", links, x) + demand
        new = np.where(led[:, None], limit, np.minimum(limit, asked))
        if np.array_equal(new, x):
            break
        x = new
    return x


@settings(max_examples=40)
@given(markets())
def test_equals_plain_iteration_from_the_top(market):
    """Iteration from above reaches the greatest fixed point; so does the product, in a few solves."""
    assert clear(*market) == pytest.approx(iterated(*market), rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(markets(), st.floats(0, 1))
def test_is_the_greatest_feasible_output(market, shrink):
    """Exactly feasible; and whatever else is feasible lies below."""
    limit, links, demand, led = market
    output = clear(*market)
    asked = np.einsum("ijd,jd->id", links, output) + demand
    free = ~led
    assert laws.lower("capacity left", limit, output, 1e-12) == []
    assert laws.lower("demand left", asked[free], output[free], 1e-12) == []
    assert np.array_equal(output[led], limit[led])
    # a feasible point: start lower and let it settle under its own demand
    other = np.where(led[:, None], limit, shrink * np.minimum(limit, demand))
    for _ in range(50):
        other = np.where(
            led[:, None], limit, np.minimum(limit, np.einsum("ijd,jd->id", links, other) + demand)
        )
        if (np.einsum("ijd,jd->id", links, other) + demand >= other - 1e-12)[free].all():
            assert laws.lower("output", output, other) == []


@pytest.mark.parametrize("unit", [1.0, 1e-3, 1e-8, 1e8])
def test_a_small_economy_is_a_large_one_in_other_units(unit):
    """The second makes 80 of the 100 asked; of the first it asks 40, and 50 in all, not the 55 it can."""
    limit, demand = np.array([[55.0], [80.0]]), np.array([[10.0], [100.0]])
    links = np.array([[0, 0.5], [0, 0]])[..., None]
    found = clear(unit * limit, links, unit * demand, np.zeros(2, dtype=bool))
    assert found[:, 0] == pytest.approx([50 * unit, 80 * unit], rel=1e-12)


@settings(max_examples=40)
@given(markets(), st.integers(0, 5), st.floats(0, 50))
def test_never_falls_when_limit_or_demand_rises(market, row, more):
    limit, links, demand, led = market
    row %= len(limit)
    before = clear(*market)
    raised = np.zeros_like(demand)
    raised[row] = more
    assert laws.lower("output, more capacity", clear(limit + raised, links, demand, led), before) == []
    assert laws.lower("output, more demand", clear(limit, links, demand + raised, led), before) == []
    assert laws.lower("output, stronger links", clear(limit, links * 1.01, demand, led), before) == []


@given(markets(width=5))
def test_draws_equal_a_loop(market):
    limit, links, demand, led = market
    together = clear(limit, links, demand, led)
    for d in range(5):
        alone = clear(limit[:, [d]], links[:, :, [d]], demand[:, [d]], led)
        assert laws.differing("output", together[:, [d]], alone) == []
    # a single column stands for every draw
    wide = clear(limit, links[:, :, :1], demand, led)
    assert np.array_equal(wide, clear(limit, np.repeat(links[:, :, :1], 5, axis=2), demand, led))


def test_by_hand():
    """Two branches, half of each other's output: free (200, 200); the first held at 60, the second asks
    130."""
    links = np.array([[0.0, 0.5], [0.5, 0.0]])[..., None]
    demand = np.full((2, 1), 100.0)
    free, every = np.full((2, 1), np.inf), np.zeros(2, dtype=bool)
    assert clear(free, links, demand, every)[:, 0] == pytest.approx([200, 200])
    assert clear(np.array([[60.0], [np.inf]]), links, demand, every)[:, 0] == pytest.approx([60, 130])
    # led by supply it makes all it can, and the other follows
    assert clear(np.array([[300.0], [1000.0]]), links, demand, np.array([True, False]))[
        :, 0
    ] == pytest.approx([300, 250])


def test_a_draw_keeps_its_digits_in_any_company():
    """Two thousand draws at once or any part of them: the same bytes."""
    rng = np.random.default_rng(5)
    limit, demand = rng.uniform(50, 120, (12, 2000)), rng.uniform(10, 60, (12, 2000))
    links = rng.uniform(0, 0.9 / 12, (12, 12, 2000))
    led = np.arange(12) % 4 == 0
    for each in (links, links[:, :, :1]):
        whole = clear(limit, each, demand, led)
        part = slice(701, 1333)
        some = clear(limit[:, part], each if each.shape[2] == 1 else each[:, :, part], demand[:, part], led)
        assert some.tobytes() == whole[:, part].tobytes()


@settings(max_examples=40)
@given(markets(), st.floats(1.2, 3))
def test_capacity_ends_what_orders_alone_would_not(market, more):
    """Links that feed each other without end are fine as long as every branch has a limit."""
    limit, links, demand, led = market
    limit, links = np.where(np.isfinite(limit), limit, 150.0), links * more
    output = clear(limit, links, demand, led)
    expected = iterated(limit, links, demand, led)
    assert output == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_orders_that_just_feed_each_other_end_at_the_limits():
    """A system without a solution, or with a pivot of zero, is no warning and no missing number."""
    limit, none = np.full((2, 1), 100.0), np.zeros(2, dtype=bool)
    ring, own = np.array([[0.0, 1.0], [1.0, 0.0]])[..., None], np.array([[1.0, 0.2], [0.2, 0.3]])[..., None]
    with np.errstate(all="raise"):
        assert clear(limit, ring, np.ones((2, 1)), none)[:, 0] == pytest.approx([100, 100])
        assert clear(limit, own, np.ones((2, 1)), none)[:, 0] == pytest.approx([100, 21 / 0.7])


@pytest.mark.parametrize(
    "draws", [(1, 1, 1, 1, 1), (9, 1, 9, 1, 1), (9, 1, 1, 9, 1), (1, 1, 9, 1, 9), (9, 9, 9, 9, 9)]
)
def test_households_are_links_of_their_own(draws):
    """What they buy of the income made is the link ``spent · earned``, whichever of the numbers are drawn."""
    rng = np.random.default_rng(sum(draws))
    wide, linked, asked, bought, paid = draws
    limit, demand = rng.uniform(40, 150, (7, wide)), rng.uniform(10, 60, (7, asked))
    links, led = rng.uniform(0, 0.1, (7, 7, linked)), np.arange(7) % 3 == 1
    spent, earned = rng.uniform(0, 0.1, (7, bought)), rng.uniform(0, 0.5, (7, paid))
    limit[0] = np.inf
    together = clear(limit, links, demand, led, Loop(spent, earned))
    assert together.shape == (7, max(draws))
    assert together == pytest.approx(
        clear(limit, links + spent[:, None] * earned[None], demand, led), rel=1e-12
    )


def test_draws_in_doubt_about_households_alone_keep_their_digits():
    rng = np.random.default_rng(6)
    limit, demand, links = (
        rng.uniform(50, 120, (5, 1)),
        rng.uniform(10, 60, (5, 1)),
        rng.uniform(0, 0.15, (5, 5, 1)),
    )
    spent, led = rng.uniform(0, 0.3, (5, 3000)), np.array([True, False, False, False, False])
    earned = np.full((5, 1), 0.4)
    whole = clear(limit, links, demand, led, Loop(spent, earned))
    some = clear(limit, links, demand, led, Loop(spent[:, 1000:2500], earned))
    assert some.tobytes() == whole[:, 1000:2500].tobytes()


def test_a_branch_without_limit_follows_where_others_feed_each_other_without_end():
    links = np.array([[0.0, 1.5, 0.0], [1.5, 0.0, 0.0], [0.1, 0.1, 0.2]])[..., None]
    limit = np.array([[100.0], [50.0], [np.inf]])
    assert clear(limit, links, np.full((3, 1), 1.0), np.zeros(3, dtype=bool))[:, 0] == pytest.approx(
        [76, 50, 13.6 / 0.8]
    )
