"""Figures read off a few draws, each worked out on paper: means of scramblings, prices of a chance,
crossings, standings of mixes, indices, boxes and shares of variance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import pytest
from dabiao.engine.uncertainty import decomposition, prim
from dabiao.engine.uncertainty.certainty import _quantile, curve, needed, reached
from dabiao.engine.uncertainty.crossing import _crossed, crossing
from dabiao.engine.uncertainty.decomposition import REST, first_orders
from dabiao.engine.uncertainty.prim import boxes, inside
from dabiao.engine.uncertainty.regret import chance, on_common_draws
from dabiao.engine.uncertainty.replicates import halves, mean, parts_of, share, spread
from dabiao.engine.uncertainty.sobol_indices import indices

# ---- means of scramblings


def test_an_error_is_that_of_the_means_of_parts() -> None:
    """1, 2, 3 and 6 have the mean 3 and squares about it of 4 + 1 + 0 + 9."""
    assert spread(np.array([1.0, 2.0, 3.0, 6.0])) == pytest.approx(math.sqrt(14 / 3) / 2)
    assert spread(np.array([1.0, 2.0])) == pytest.approx(0.5)
    assert math.isnan(spread(np.array([7.0]))) and math.isnan(spread(np.array([])))
    parts = parts_of(np.array([3, 1, 3, 0]))
    assert [part.tolist() for part in parts] == [[3], [1], [0, 2]]
    value, error = mean(np.array([1.0, 5.0, 4.0, 2.0]), parts)  # parts of 2, 5 and 2.5
    assert value == 3 and error == pytest.approx(spread(np.array([2, 5, 2.5])))
    assert share(np.ones(4, dtype=bool), parts) == (1.0, 0.125)
    found = share(np.array([True, False, False, True]), parts)
    assert found == (0.5, pytest.approx(spread(np.array([1.0, 0.0, 0.5]))))


@pytest.mark.parametrize("parts", [2, 4, 8])
def test_balanced_halves_have_every_part_as_often_and_give_a_mean_its_error(parts: int) -> None:
    found = halves(parts)
    assert found.shape == (2 * parts - 2, parts) and set(found.ravel()) == {0.0, 1.0}
    assert (found.sum(axis=1) == parts / 2).all() and (found.sum(axis=0) == parts - 1).all()
    assert (found[: parts - 1] + found[parts - 1 :] == 1).all()
    values = np.array([1.0, 4.0, -2.0, 8.0, 3.0, 3.5, 0.0, 10.0])[:parts]
    means = found @ values / (parts / 2)
    assert math.sqrt(np.mean((means - values.mean()) ** 2)) == pytest.approx(spread(values))


# ---- what a chance costs


def test_the_least_amount_of_each_future() -> None:
    """Amounts of 0, 10 and 30: on a line between the last that is short and the first that is not."""
    short = np.array([[4, 2, -2], [-1, -2, -3], [5, 3, 1], [3, 0, -1], [0, 0, 0], [1, -1, -2], [2, 3, -1.0]])
    found = needed(np.array([0.0, 10.0, 30.0]), short.T)
    assert found.tolist() == pytest.approx([20, 0, np.inf, 10, 0, 5, 25])
    assert reached(np.array([1.0, 2.0, 3.0]), 2.0, 1.0).tolist() == [False, True, True]
    assert reached(np.array([1.0, 2.0, 3.0]), 2.0, -1.0).tolist() == [True, True, False]
    ranked = np.array([9.0, 1.0, 4.0, 7.0])
    assert [_quantile(ranked, level) for level in (0.0, 0.25, 0.26, 0.5, 0.75, 0.8, 1.0)] == [
        *(1, 1, 4, 4, 7, 9, 9)
    ]


def test_a_curve_by_hand() -> None:
    """Four futures in two parts need 0, 4, 6 and more than 10: one, then two, then three of four reach it."""
    short = np.array([[-1.0, 2, 3, 9], [-2, -0.5, 0.5, 8], [-3, -3, -1, 7]])
    parts = [np.array([0, 1]), np.array([2, 3])]
    found = curve([0, 5, 10], short, parts, (0.25, 0.5, 0.75, 0.9))
    assert [step.amount for step in found.steps] == [0, 5, 10]
    assert [step.probability for step in found.steps] == [0.25, 0.5, 0.75]
    assert [step.change for step in found.steps] == [0, 0.25, 0.5]
    # parts of 1/2 and 0, then 1 and 0, then 1 and 1/2
    assert [step.error for step in found.steps] == pytest.approx([0.25, 0.5, 0.25])
    assert [step.change_error for step in found.steps] == pytest.approx([0, 0.25, 0])
    first, second, third, never = found.levels
    third_needs = 5 + 5 * 0.5 / 1.5
    assert (first.probability, first.amount) == (0.25, 0.0)
    assert first.error == pytest.approx(spread(np.array([0.0, third_needs])))
    assert second.amount == pytest.approx(4) and second.error == pytest.approx(first.error)
    assert third.amount == pytest.approx(third_needs) and third.error is None  # one part does not get there
    assert (never.probability, never.amount, never.error) == (0.9, None, None)
    assert [level.probability for level in curve([0], short[:1], parts).levels] == [0.5, 0.8, 0.9]


# ---- crossings


def stepped(sign: float, edges: Sequence[int] = (32, 32, 32, 32)) -> tuple[np.ndarray, np.ndarray]:
    """64 values, every fourth of a part; an event from an edge of its part on, or up to it."""
    values = np.arange(64.0)
    happens = values >= np.array(edges)[np.arange(64) % 4]
    return values, (happens if sign > 0 else ~happens).astype(float)


PARTS = parts_of(np.arange(64) % 4)


def test_a_crossing_by_hand() -> None:
    """Bins of four: middles 29.5 and 33.5 on both sides of 32; halves of the parts lie up to 1 off."""
    off = spread(np.array([0.0, 1.0, 2.0, 3.0]))
    values, happens = stepped(1)
    found = crossing(values, happens, 0.5, PARTS)
    assert (found.value, found.known) == (31.5, True) and found.error == pytest.approx(off)
    assert (found.beyond, found.beyond_error) == (0.5, 0.0)
    low = crossing(values, happens, 0.25, PARTS)
    assert low.value == 30.5 and low.beyond == 33 / 64
    # of halves {0,2}, {0,1}, {0,3} and the others: 30, 29.5, 30.5 and 31, 31.5, 30.5
    beyond = [
        np.mean([v >= at for v in range(64) if v % 4 in some])
        for at, some in (
            (30, (0, 2)),
            (29.5, (0, 1)),
            (30.5, (0, 3)),
            (31, (1, 3)),
            (31.5, (2, 3)),
            (30.5, (1, 2)),
        )
    ]
    assert low.beyond_error == pytest.approx(float(np.std(beyond))) and low.beyond_error > 0
    shuffled = np.random.default_rng(3).permutation(16)
    places = (4 * shuffled[:, None] + np.arange(4)).ravel()  # the order of the draws in a part is nothing
    again = crossing(values[places], happens[places], 0.25, PARTS)
    assert again == low
    fallen = crossing(*stepped(-1), 0.25, PARTS)
    assert fallen.value == 32.5 and fallen.beyond == 33 / 64


def test_what_the_draws_do_not_settle_is_not_known() -> None:
    values, _ = stepped(1)
    for always in (0.0, 1.0):
        none = crossing(values, np.full(64, always), 0.5, PARTS)
        assert none.value is None and none.known and none.beyond == 0.0 and math.isnan(none.error)
    # only draws of one part: a quarter on the whole, a half in some halves
    some = crossing(values, ((values >= 32) & (np.arange(64) % 4 == 0)).astype(float), 0.4, PARTS)
    assert some.value is None and not some.known
    # of two parts the edge is at 20 and of two at 44: two errors are within the deviation of 18.5, three not
    near, far = (crossing(*stepped(1, edges), 0.5, PARTS) for edges in ((20, 20, 44, 44), (16, 16, 48, 48)))
    assert near.known and 18.47 / 3 < near.error < 18.47 / 2
    assert not far.known and far.value is None


def test_isotonic_means_cross_where_a_line_says() -> None:
    middles = np.array([1.0, 2.0, 4.0, 8.0])
    assert _crossed(middles, np.array([0.0, 0.2, 0.6, 1.0]), 0.5, 1.0) == pytest.approx(2 + 2 * 0.75)
    assert _crossed(middles, np.array([1.0, 0.6, 0.2, 0.0]), 0.5, -1.0) == pytest.approx(4 - 2 * 0.75)
    # 0.4 and 0.2 are one mean of 0.3
    assert _crossed(middles, np.array([0.0, 0.4, 0.2, 1.0]), 0.15, 1.0) == pytest.approx(1.5)
    assert _crossed(middles, np.array([0.0, 0.2, 0.6, 1.0]), 1.1, 1.0) is None
    assert _crossed(middles, np.array([0.3, 0.4, 0.6, 1.0]), 0.3, 1.0) is None


# ---- mixes on the same draws


def test_standings_by_hand() -> None:
    """Four futures in two parts; ``wild`` does not compete, the first future is a tie."""
    parts = [np.array([0, 1]), np.array([2, 3])]
    outcomes = {
        "plan": np.array([5.0, 3.0, 4.0, 1.0]),
        "mills": np.array([5.0, 4.0, 1.0, 3.0]),
        "wild": np.array([9.0, 9.0, 9.0, 9.0]),
    }
    found = on_common_draws(outcomes, "plan", parts, competing=frozenset({"plan", "mills"}))
    plan, mills, wild = found.values()
    assert list(found) == ["plan", "mills", "wild"] == [each.mix for each in found.values()]
    assert (plan.mean, plan.difference, plan.difference_error) == (3.25, 0.0, 0.0)
    assert (mills.mean, mills.difference) == (3.25, 0.0)
    assert mills.difference_error == pytest.approx(0.5)  # parts of 0.5 and -0.5
    assert (plan.best, mills.best) == (0.375, 0.625) and plan.best_error == pytest.approx(0.125)
    assert (plan.regret, plan.most_regret) == (0.75, 2.0) and (mills.regret, mills.most_regret) == (0.75, 3.0)
    assert (wild.mean, wild.difference, wild.difference_error) == (9.0, 5.75, pytest.approx(0.75))
    assert wild.best is None is wild.best_error and wild.regret is None is wild.most_regret
    less = on_common_draws(outcomes, "plan", parts, sign=-1.0)
    assert less["plan"].best == 0.625 and less["wild"].best == 0.0 and less["wild"].most_regret == 8.0
    assert less["mills"].regret == 0.75
    none = on_common_draws(outcomes, "plan", parts, competing=frozenset())
    assert all(each.best is None for each in none.values())
    nearly = on_common_draws(
        {"a": np.array([1.0, 1.0]), "b": np.array([1 + 5e-10, 1 + 3e-9])}, "a", [np.arange(2)]
    )
    assert nearly["a"].best == 0.25


def test_a_chance_and_its_difference_by_hand() -> None:
    parts = [np.array([0, 1]), np.array([2, 3])]
    found = chance(np.array([1.0, 1, 0, 1]), np.array([0.0, 1, 1, 0]), parts)
    assert (found.value, found.difference) == (0.75, 0.25)
    assert (found.error, found.difference_error) == (pytest.approx(0.25), pytest.approx(0.25))


# ---- indices


def test_indices_by_hand() -> None:
    """Two replicates of two draws about 2: variances of 1.5 and 3, products of 1 and 4, squares of 1/4 and
    4."""
    first, second = np.array([[1.0, 3.0], [2.0, 0.0]]), np.array([[0.0, 2.0], [4.0, 4.0]])
    (one,) = indices(first, second, {"group": np.array([[0.0, 3.0], [2.0, 4.0]])})
    assert (one.group, one.first, one.total) == ("group", pytest.approx(1.0), pytest.approx(0.75))
    assert one.first_error == pytest.approx(1 / 3) and one.total_error == pytest.approx(7 / 12)


@pytest.mark.parametrize(
    ("first", "told"),
    [([0.0, 1e-11], True), ([0.0, 1e-13], False), ([1e6, 1e6 + 1e-4], True), ([-1e6, -1e6 + 5e-7], False)],
)
def test_what_does_not_vary_has_no_index(first: list[float], told: bool) -> None:
    (one,) = indices(np.array([first]), np.array([first[::-1]]), {"group": np.array([first[::-1]])})
    assert (one.total > 0.5) == told
    if not told:
        assert (one.first, one.first_error, one.total, one.total_error) == (0, 0, 0, 0)


# ---- boxes


def binomial(least: int, draws: int, chance: float) -> float:
    """P(at least so many of so many draws)."""
    return sum(math.comb(draws, k) * chance**k * (1 - chance) ** (draws - k) for k in range(least, draws + 1))


def test_a_box_of_one_input_by_hand() -> None:
    """Shaped where the upper fifth misses; judged where 16 of it miss, and 5 of the 80 others."""
    place = np.concatenate([np.arange(100.0), np.arange(100.0)])
    missed = np.concatenate([np.arange(100) >= 80, (np.arange(100) >= 85) | (np.arange(100) % 16 == 3)])
    shape, judge = np.arange(100), np.arange(100, 200)
    (box,) = boxes({"still": np.ones(200), "height": place}, missed, shape, judge)
    (only,) = box.restrictions
    assert (only.input, only.low, only.high) == ("height", 80.0, np.inf)
    assert (box.coverage, box.density, box.base, box.support) == (16 / 21, 0.8, 0.21, 0.2)
    assert box.density_error == pytest.approx(math.sqrt(0.8 * 0.2 / 20))
    assert box.p == pytest.approx(binomial(16, 20, 0.21)) == pytest.approx(only.p)
    (down,) = boxes({"depth": -place}, missed, shape, judge)
    assert (down.restrictions[0].low, down.restrictions[0].high) == (-np.inf, -80.0)
    assert boxes({"height": place}, missed, shape, judge, level=1e-12) == ()
    assert boxes({"still": np.ones(200)}, missed, shape, judge) == ()
    for every in (np.ones(200, dtype=bool), np.zeros(200, dtype=bool)):
        assert boxes({"height": place}, every, shape, judge) == ()
    assert len(boxes({"height": place}, missed, shape, judge, most=2)) == 1


def grid() -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """20 times 20 points twice: draws that shape and draws that judge."""
    x, y = (np.tile(each.ravel(), 2) for each in np.meshgrid(np.arange(20.0), np.arange(20.0)))
    z = np.tile(np.arange(400.0) % 7, 2)
    return {"x": x, "y": y, "z": z}, np.arange(400), np.arange(400, 800)


def test_a_box_of_two_inputs_by_hand() -> None:
    """All of the corner x >= 10, y < 10 misses and nothing else: without one side half of the rest does."""
    inputs, shape, judge = grid()
    missed = (inputs["x"] >= 10) & (inputs["y"] < 10)
    (box,) = boxes(inputs, missed, shape, judge)
    sides = {each.input: (each.low, each.high) for each in box.restrictions}
    assert sides == {"x": (10, np.inf), "y": (-np.inf, 9)}
    assert (box.coverage, box.density, box.density_error, box.base, box.support) == (1, 1, 0, 0.25, 0.25)
    assert [each.p for each in box.restrictions] == pytest.approx([0.5**100] * 2) and box.p < 1e-50
    (one,) = boxes(inputs, missed, shape, judge, dimensions=1)
    assert len(one.restrictions) == 1 and one.density == 0.5 and one.coverage == 1


def test_a_second_box_looks_only_outside_the_first() -> None:
    """The highest 20 and the lowest 10 of 100 miss; the larger group is told first, both parts of all
    misses."""
    place = np.tile(np.arange(100.0), 2)
    missed, shape, judge = (place >= 80) | (place < 10), np.arange(100), np.arange(100, 200)
    first, second = boxes({"height": place}, missed, shape, judge, most=2)
    assert [(r.low, r.high) for r in (*first.restrictions, *second.restrictions)] == [
        (80, np.inf),
        (-np.inf, 9),
    ]
    assert (first.coverage, second.coverage) == (20 / 30, 10 / 30) and first.base == second.base == 0.3
    assert (first.support, second.support) == (0.2, 0.1) and first.density == second.density == 1
    assert first.p == pytest.approx(0.3**20) and second.p == pytest.approx((10 / 80) ** 10)
    assert len(boxes({"height": place}, missed, shape, judge)) == 1


TABLE = np.array([[0.0, 1, 2, 3, 4, 5], [5.0, 5, 1, 1, 0, 0]])
HIT = np.array([False, True, True, False, True, True])


def test_pieces_of_boxes_by_hand() -> None:
    assert inside(TABLE, {0: (1, 4), 1: (1, np.inf)}).tolist() == [False, True, True, True, False, False]
    assert inside(TABLE, {}).all()
    held = np.array([True, True, True, False, False, False])
    assert prim._gain(HIT, held) == pytest.approx(2 / 4 - 1 / 2)
    assert prim._gain(np.ones(6, dtype=bool), held) == 0.5
    # the box 1..2 holds two misses of two; of all 4 of 6, without the second input
    found = prim._quasi(TABLE, HIT, {0: (1, 2)})
    assert found == {0: pytest.approx((4 / 6) ** 2)}
    both = prim._quasi(TABLE, HIT, {0: (1, 2), 1: (1, 1)})
    assert both == {0: pytest.approx(0.5), 1: 1.0}
    assert prim._quasi(TABLE, HIT, {0: (3, 3)}) == {0: 1.0}  # holds none
    assert prim._quasi(TABLE, HIT, {0: (2, 5)})[0] == pytest.approx(binomial(3, 4, 4 / 6))
    assert prim._by_chance(6, 4, 3, 2) == pytest.approx(binomial(2, 3, 4 / 6))
    assert prim._by_chance(6, 4, 3, 0) == 1.0


def test_the_cheapest_restriction_goes_first() -> None:
    """Without the first input the second holds 1, 2 of two misses and hits; without the second the first
    keeps all its misses."""
    spans = {0: (1.0, 2.0), 1: (1.0, 5.0)}
    assert prim._fewer(TABLE, HIT, spans, lambda left: len(left) > 1) == {0: (1.0, 2.0)}
    assert prim._fewer(TABLE, HIT, spans, lambda left: True) == {}
    assert prim._fewer(TABLE, HIT, spans, lambda left: False) == spans


def peeled(table: np.ndarray, hit: np.ndarray) -> dict[int, tuple[float, float]]:
    """Peeling point by point in lists: of each input from below and from above, the twentieth is left out (a
    tie whole, where all else is the tie) that raises the density most for every draw that goes."""
    rows, keep = range(len(table)), list(range(len(hit)))
    spans: dict[int, tuple[float, float]] = {}
    best, most = dict(spans), 0.0
    while True:
        step, tries = max(len(keep) // 20, 1), []
        density = sum(hit[k] for k in keep) / len(keep)
        for at in rows:
            for low in (True, False):
                ranked = sorted((table[at, k] for k in keep), reverse=not low)
                edge = ranked[step]
                left = [k for k in keep if (table[at, k] >= edge if low else table[at, k] <= edge)]
                if len(left) == len(keep):
                    left = [k for k in keep if table[at, k] != edge]
                if len(left) >= max(len(hit) / 20, 2):
                    rise = (sum(hit[k] for k in left) / len(left) - density) / (len(keep) - len(left))
                    tries.append((rise, at, low, left))
        if not tries:
            return best
        rise, at, low, keep = max(tries, key=lambda one: one[0])
        before = spans.get(at, (-np.inf, np.inf))
        ends = min(table[at, k] for k in keep), max(table[at, k] for k in keep)
        spans[at] = (ends[0], before[1]) if low else (before[0], ends[1])
        got = sum(hit[k] for k in keep)
        gain = got / sum(hit) - (len(keep) - got) / (len(hit) - sum(hit))
        if gain > most:
            best, most = dict(spans), gain


@pytest.mark.parametrize("seed", range(6))
def test_peeling_draw_by_draw(seed: int) -> None:
    """Two inputs, the second of few values; misses in a corner, some elsewhere."""
    rng = np.random.default_rng(seed)
    table = np.stack([rng.normal(size=90), rng.integers(0, 5, 90).astype(float)])
    hit = ((table[0] > 0.2) & (table[1] > 1)) ^ (rng.random(90) < 0.15)
    table *= (-1) ** seed  # of odd seeds the corner is the lower one
    found, expected = prim._peeled(table, hit, range(2)), peeled(table, hit)
    assert list(found.items()) == list(expected.items())
    assert prim._peeled(table, hit, [1]) == {1: peeled(table[1:], hit)[0]}


def test_a_planner_reads_three_inputs_and_only_what_is_no_chance() -> None:
    """Five of six values of each of four inputs: every restriction is needed, three are told. Of 24 draws of
    which half miss, nine of eleven in a box happen by chance in 67 of 2,048 cases."""
    places = np.array(list(product(range(6), repeat=4)), dtype=float).T
    inputs = {f"x{k}": np.tile(place, 2) for k, place in enumerate(places)}
    shape, judge = np.arange(1296), np.arange(1296, 2592)
    missed = np.logical_and.reduce([values > 0 for values in inputs.values()])
    (box,) = boxes(inputs, missed, shape, judge)
    assert len(box.restrictions) == 3 and all(each.low == 1 for each in box.restrictions)
    (four,) = boxes(inputs, missed, shape, judge, dimensions=4)
    assert len(four.restrictions) == 4 and four.density == 1
    place = np.concatenate([np.arange(100.0), np.arange(24.0) * 4])
    hit = np.concatenate(
        [np.arange(100) >= 50, np.isin(np.arange(24), [1, 4, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])]
    )
    loose = boxes({"x": place}, hit, np.arange(100), np.arange(100, 124), level=0.05)
    assert [box.p for box in loose] == [pytest.approx(67 / 2048)]
    assert boxes({"x": place}, hit, np.arange(100), np.arange(100, 124)) == ()


# ---- shares of variance


def test_terms_are_the_value_and_polynomials_of_the_rank() -> None:
    """Ranks 0, 2, 1 of 3 are -2/3, 2/3 and 0: (3 s² - 1) / 2 = 1/6, 1/6, -1/2."""
    columns, owner = decomposition._terms([np.array([1.0, 9.0, 2.0]), np.ones(3)], 2, np.array([2, 0, 1]))
    assert owner.tolist() == [0, 0]
    first = (np.array([2.0, 1.0, 9.0]) - 4) / np.std([1, 9, 2])
    assert columns == pytest.approx(np.column_stack([first, [-math.sqrt(2), math.sqrt(0.5), math.sqrt(0.5)]]))
    cubic, owner = decomposition._terms([np.array([4.0, 1.0, 2.0, 8.0])], 3, np.arange(4))
    s = np.array([0.25, -0.75, -0.25, 0.75])
    rows = [np.array([4.0, 1, 2, 8]), (3 * s**2 - 1) / 2, (5 * s**3 - 3 * s) / 2]
    assert owner.tolist() == [0, 0, 0]
    assert pytest.approx(np.array([(row - row.mean()) / row.std() for row in rows])) == cubic.T
    # equal values have one rank, that of the first of them
    tied, _ = decomposition._terms([np.array([3.0, 7.0, 3.0, 9.0])], 2, np.arange(4))
    legendre = (3 * np.array([-0.75, 0.25, -0.75, 0.75]) ** 2 - 1) / 2
    assert tied[:, 1] == pytest.approx((legendre - legendre.mean()) / legendre.std())
    only, owner = decomposition._terms([np.array([1.0, 3.0])], 1, np.arange(2))
    assert only.tolist() == [[-1.0], [1.0]] and owner.tolist() == [0]


def test_a_part_is_explained_by_a_fit_on_the_others() -> None:
    """Five parts in four folds, the first of two parts: covariances by least squares on all other rows."""
    rng = np.random.default_rng(5)
    columns, y = rng.normal(size=(35, 2)), rng.normal(size=(35, 1))
    edges = [0, 4, 10, 19, 27, 35]
    blocks = list(pairwise(edges))
    found = decomposition._held_out(columns, y, blocks)
    for at, (low, high) in enumerate(blocks):
        away = slice(0, 10) if at < 2 else slice(low, high)
        rest = np.delete(np.arange(35), np.arange(35)[away])
        fit = np.linalg.lstsq(columns[rest], y[rest], rcond=None)[0][:, 0]
        own = y[low:high, 0] - y[low:high, 0].mean()
        assert found[at, :, 0] == pytest.approx(fit * (columns[low:high].T @ own) / (high - low), rel=1e-6)


def test_shares_are_told_largest_first_and_the_rest_last() -> None:
    found = decomposition._shares(("a", "b"), np.array([[0.1, 0.5], [0.2, 0.7]]))
    assert [share.group for share in found] == ["b", "a", REST]
    assert [share.value for share in found] == pytest.approx([0.6, 0.15, 0.25])
    assert [share.error for share in found] == pytest.approx([0.1, 0.05, 0.15])


def test_shares_of_a_sum_by_hand() -> None:
    """3 a - b on every pair of four values: nine tenths and one tenth; c is in no group, d never moves."""
    ends = np.array([-3.0, -1.0, 1.0, 3.0])
    a, b = np.array(list(product(ends, ends))).T
    a, b = np.tile(a, 4), np.tile(b, 4)
    rng = np.random.default_rng(1)
    inputs = {"a": a, "b": b, "c": rng.normal(size=64), "d": np.full(64, 2.0)}
    parts = [np.arange(64).reshape(4, 16)[k] for k in range(4)]
    outcomes = {"sum": 5 + 3 * a - b, "still": np.full(64, 7.0), "own": 2 * inputs["c"] + 0 * a}
    groups = {"alone": ("b", "d"), "big": ("a",), "none": ("d",)}
    found = first_orders(inputs, outcomes, parts, groups)
    assert list(found) == ["sum", "still", "own"]
    assert [share.group for share in found["sum"]] == ["big", "alone", "none", REST]
    assert [share.value for share in found["sum"]] == pytest.approx([0.9, 0.1, 0, 0], abs=1e-6)
    assert [(share.group, share.value, share.error) for share in found["still"]] == [
        *(("alone", 0, 0), ("big", 0, 0), ("none", 0, 0), (REST, 0, 0))
    ]
    every = first_orders({"a": a, "d": inputs["d"]}, {"sum": a}, parts)
    assert [(share.group, round(share.value, 6)) for share in every["sum"]] == [("a", 1), ("d", 0), (REST, 0)]
    unmoved = first_orders({"d": inputs["d"]}, {"sum": a}, parts)
    assert [share.value for share in unmoved["sum"]] == [0, 0]
    tiny = [
        decomposition._varies(values) for values in (1e-11 * a, 1e-13 * a, 1e6 + 1e-7 * a, 1e6 + 1e-5 * a)
    ]
    assert tiny == [True, False, False, True]


def test_shares_know_neither_level_nor_scale() -> None:
    rng = np.random.default_rng(9)
    x, parts = rng.random((2, 192)), [np.arange(192)[k::4] for k in range(4)]
    y = x[0] + 0.3 * x[1] ** 2
    inputs = {"a": 0.1 * x[0], "b": x[1]}
    outcomes = {"plain": y, "high": y + 1000, "small": 1e-3 * y}
    plain, high, small = first_orders(inputs, outcomes, parts).values()
    assert [share.group for share in plain] == ["a", "b", REST] and plain[1].value > 0.02
    for other in (high, small):
        assert [share.value for share in other] == pytest.approx([share.value for share in plain], rel=1e-6)
    # a part in which the outcome stands still is set over the variance of all
    calm = y.copy()
    calm[parts[1]] = y.mean()
    assert all(math.isfinite(share.value) for share in first_orders(inputs, {"calm": calm}, parts)["calm"])


@pytest.mark.parametrize(
    ("draws", "degree", "idle", "told"),
    [
        *((960, 8, 0, True), (960, 9, 0, False), (24, 2, 0, True), (23, 2, 0, False)),
        *((48, 2, 1, True), (47, 2, 1, False)),
    ],
)
def test_a_curve_has_as_many_terms_as_draws_allow(draws: int, degree: int, idle: int, told: bool) -> None:
    """A Legendre polynomial of the rank is one term: of the eighth degree at most, of the second with two
    draws in each of twelve for every input."""
    from numpy.polynomial import legendre

    rng = np.random.default_rng(2)
    values = rng.permutation(draws)
    y = legendre.legval(2 * (values + 0.5) / draws - 1, [0] * degree + [1])
    parts = [np.arange(draws)[k::4] for k in range(4)]
    inputs = {"x": values.astype(float)} | {f"idle{k}": rng.random(draws) for k in range(idle)}
    share = {each.group: each.value for each in first_orders(inputs, {"y": y}, parts)["y"]}["x"]
    assert (share > 0.99) == told and (told or share < 0.2)
