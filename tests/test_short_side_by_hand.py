"""The short side of the market against the plain way, from the top down until nothing moves, in each way that
it goes: branch by branch, good by good, round by round."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.models import short_side
from dabiao.models.links import ByBranch, ByClass, Links
from dabiao.models.short_side import Loop, Market, clear
from figures import INF, col, near


def plainly(
    limit: np.ndarray, links: np.ndarray, demand: np.ndarray, led: np.ndarray, top: float = 1e6
) -> np.ndarray:
    """All make what is asked of them, or their limit, again and again."""
    draws = max(each.shape[-1] for each in (limit, links, demand))
    limit = np.broadcast_to(limit, (len(limit), draws))
    x = np.minimum(limit, top)
    for _ in range(3000):
        asked = np.einsum("ijd,jd->id", np.broadcast_to(links, (*links.shape[:2], draws)), x) + demand
        x = np.where(led[:, None], limit, np.minimum(limit, asked))
    return x


FREE = np.zeros(2, bool)
LINKS = np.array([[0.2, 0.3], [0.1, 0.4]])[..., None]


def test_two_branches() -> None:
    """(I - A)^-1 is [0.6 0.3; 0.1 0.8] / 0.45."""
    demand = col(9, 18)
    assert clear(col(INF, INF), LINKS, demand, FREE)[:, 0].tolist() == near([24.0, 34.0])
    assert clear(col(24, 34), LINKS, demand, FREE)[:, 0].tolist() == near([24.0, 34.0])
    # the second at its limit of 20: the first is asked for (9 + 0.3 * 20) / 0.8
    assert clear(col(99, 20), LINKS, demand, FREE)[:, 0].tolist() == near([18.75, 20.0])
    assert clear(col(10, 99), LINKS, demand, FREE)[:, 0].tolist() == near([10.0, 19 / 0.6])
    # both are asked for more than they can make
    assert clear(col(5, 7), LINKS, demand, FREE)[:, 0].tolist() == [5.0, 7.0]
    assert clear(col(5, 0), LINKS, demand, FREE)[:, 0].tolist() == [5.0, 0.0]
    # the first leads: it makes 50 whatever is asked; nothing is asked of what leads alone
    assert clear(col(50, 99), LINKS, demand, np.array([True, False]))[:, 0].tolist() == near([50, 23 / 0.6])
    assert clear(col(50, 99), LINKS, demand, ~FREE)[:, 0].tolist() == [50.0, 99.0]
    # the second has a limit in one draw alone, and it is asked for less in another
    many = clear(np.array([[99.0] * 3, [INF, 20, 99]]), LINKS, np.array([[9.0, 9, 9], [18, 18, 0]]), FREE)
    assert many == near(np.array([[24, 18.75, 9 * 0.6 / 0.45], [34, 20, 2.0]]))


def test_households_spend_what_they_earn() -> None:
    """Of income, 0.5 of the first's output and 0.25 of the second's, 0.2 and 0.4 come back: links of 0.3,
    0.35 and 0.3, 0.5."""
    loop = Loop(col(0.2, 0.4), col(0.5, 0.25))
    whole = np.array([[0.3, 0.35], [0.3, 0.5]])[..., None]
    demand = col(9, 18)
    expected = np.linalg.solve(np.eye(2) - whole[..., 0], demand)[:, 0]
    assert clear(col(INF, INF), LINKS, demand, FREE, loop)[:, 0] == near(expected)
    led = np.array([True, False])
    assert clear(col(50, INF), LINKS, demand, led, loop)[:, 0].tolist() == near([50, (18 + 15) / 0.5])
    assert clear(col(10, 99), LINKS, demand, FREE, loop)[:, 0].tolist() == near([10, 42.0])
    doubt = Loop(np.array([[0.2, 0.0], [0.4, 0.0]]), col(0.5, 0.25))
    assert doubt.draws == 2 and Loop(col(1, 1), np.ones((2, 3))).draws == 3
    found = clear(col(INF, INF), LINKS, demand, FREE, doubt)
    assert found[:, 0] == near(expected) and found[:, 1].tolist() == near([24.0, 34.0])


def test_orders_that_feed_each_other_without_end() -> None:
    """Each asks more than a unit of the other: they make what their limits allow; where nothing is asked
    at all, also."""
    links = np.array([[0.0, 1.5], [1.5, 0.0]])[..., None]
    assert clear(col(10, 12), links, col(1, 1), FREE)[:, 0].tolist() == [10.0, 12.0]
    assert clear(col(10, 40), links, col(1, 1), FREE)[:, 0].tolist() == near([10.0, 16.0])
    assert clear(col(10, INF), links, col(1, 1), FREE)[:, 0].tolist() == near([10.0, 16.0])
    unit = np.array([[0.0, 1.0], [1.0, 0.0]])[..., None]
    assert clear(col(10, 12), unit, col(0, 0), FREE)[:, 0].tolist() == [10.0, 10.0]


def test_what_is_solved_for_one_plan_serves_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen twice, the system of a year without limits is kept; not where there is no room for it, and not for
    another year."""
    done: list[int] = []
    eliminate = short_side._eliminate

    def counted(system: np.ndarray) -> np.ndarray:
        done.append(1)
        return eliminate(system)

    monkeypatch.setattr(short_side, "_eliminate", counted)
    market, loop, other = Market(LINKS, FREE), *(Loop(col(0.2, 0.4), col(0.5, 0.25)) for _ in range(2))

    def times(asked: float, year: Loop) -> int:
        found = market.clear(col(INF, INF), col(asked, 18), year)
        assert found == near(clear(col(INF, INF), LINKS, col(asked, 18), FREE, Loop(year.spent, year.earned)))
        done.pop()
        return len(done)

    assert [times(asked, loop) for asked in (9, 8, 7, 6)] == [1, 2, 2, 2]
    assert [times(9, other), times(9, loop)] == [3, 3]
    monkeypatch.setattr(short_side, "KEPT", 7)  # four are kept: no room for another four
    assert [times(9, other), times(9, other)] == [4, 5]
    monkeypatch.setattr(short_side, "KEPT", 8)
    assert [times(9, other), times(9, other)] == [6, 6]


def random_market(count: int, draws: int, strength: float = 0.9) -> tuple[np.ndarray, ...]:
    """Two classes that branches sell and take, orders between the first three, limits that bind some."""
    rng = np.random.default_rng(7)
    sold = rng.random((count, 2, 1)) / count
    taken = rng.random((2, count, draws)) * strength
    direct = np.zeros((count, count, 1))
    direct[0, 1], direct[2, 5], direct[2, 0] = 0.2, 0.1, 0.3
    limit = 0.6 + rng.random((count, draws)) * 2
    limit[-1] = INF
    demand = rng.random((count, draws))
    return sold, taken, direct, limit, demand


@pytest.mark.parametrize("draws", [1, 3])
@pytest.mark.parametrize("led", [(), (1, 4)])
@pytest.mark.parametrize("count", [12, 26])
def test_by_goods_as_by_branches_as_the_plain_way(draws: int, led: tuple[int, ...], count: int) -> None:
    """With 26 branches in one table those at their limits are found round by round."""
    sold, taken, direct, limit, demand = random_market(count, draws)
    leads = np.zeros(count, bool)
    leads[list(led)] = True
    goods = Links(ByClass(sold, taken), direct)
    table = Links(ByBranch(goods.whole), None)
    loop = Loop(np.full((count, 1), 0.2 / count), 0.5 * np.ones((count, draws)))
    for year in (None, loop):
        whole = goods.whole if year is None else goods.whole + year.spent[:, None] * year.earned[None]
        expected = plainly(limit, whole, demand, leads)
        assert (expected < limit)[~leads].any() and (expected == limit)[~leads].any()
        assert clear(limit, goods, demand, leads, year) == near(expected, rel=1e-11)
        assert clear(limit, table, demand, leads, year) == near(expected, rel=1e-11)
        assert clear(limit, goods.whole, demand, leads, year) == near(expected, rel=1e-11)
        free = np.where(leads[:, None], limit, INF)
        unbound = plainly(free, whole, demand, leads, 50.0)
        assert clear(free, goods, demand, leads, year) == near(unbound, rel=1e-11)
        assert clear(free, table, demand, leads, year) == near(unbound, rel=1e-11)


@pytest.mark.parametrize("last", [5.0, INF])
def test_some_draws_without_end_among_many_branches(last: float) -> None:
    """In the second draw all orders together are more than is made of them: limits alone hold them, and where
    one has none, what the others ask of it."""
    sold, taken, direct, limit, demand = random_market(26, 3)
    limit[-1] = last
    taken[..., 1] *= 4
    goods = Links(ByClass(sold, taken), direct)
    whole = goods.whole
    assert max(abs(np.linalg.eigvals(whole[..., 1]))) > 1 > max(abs(np.linalg.eigvals(whole[..., 0])))
    expected = plainly(limit, whole, demand, np.zeros(26, bool))
    for form in (goods, whole):
        assert clear(limit, form, demand, np.zeros(26, bool)) == near(expected, rel=1e-11)


@pytest.mark.parametrize("size", ["CHUNK", "CACHE", "ALIKE", "FEWEST"])
def test_draws_are_the_same_however_many_are_solved_at_a_time(
    size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold, taken, direct, limit, demand = random_market(12, 7)
    goods, led = Links(ByClass(sold, taken), direct), np.zeros(12, bool)
    one = Links(ByClass(sold, taken[..., :1]), direct)
    before = [clear(limit, each, demand, led) for each in (goods, goods.whole, one, one.whole)]
    monkeypatch.setattr(short_side, size, 2)
    after = [clear(limit, each, demand, led) for each in (goods, goods.whole, one, one.whole)]
    for then, now in zip(before, after, strict=True):
        assert np.array_equal(then, now)


def test_few_rounds_are_not_enough_where_links_are_strong(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has not settled in so many rounds is solved; what has, is not solved again."""
    sold, taken, direct, limit, demand = random_market(26, 4, strength=1.3)
    whole = Links(ByClass(sold, taken), direct).whole
    expected = plainly(limit, whole, demand, np.zeros(26, bool))
    for rounds in (0, 1, 12, 100):
        monkeypatch.setattr(short_side, "ROUNDS", rounds)
        assert clear(limit, whole, demand, np.zeros(26, bool)) == near(expected, rel=1e-11)
    solved: list[int] = []
    substitute = short_side._substitute

    def counted(system: np.ndarray, right: np.ndarray) -> np.ndarray:
        solved.append(right.shape[1])
        return substitute(system, right)

    monkeypatch.setattr(short_side, "_substitute", counted)
    clear(limit, whole, demand, np.zeros(26, bool))
    assert solved == [4]


def test_which_way_links_are_solved() -> None:
    """By goods where two classes, two makers that sell straight to others and income are few beside the
    branches: 1.6 (4 + 1) <= 8, of those that follow demand."""
    sold, taken, direct, *_ = random_market(9, 1)
    links, led = Links(ByClass(sold, taken), direct), np.zeros(9, bool)
    assert isinstance(Market(links, led).form, short_side._Goods)
    led[3] = True
    assert isinstance(Market(links, led).form, short_side._Goods)
    led[4] = True
    assert isinstance(Market(links, led).form, short_side._Table)
    # a maker that leads sells nothing that is asked for: a good fewer
    led[[4, 0]] = False, True
    assert isinstance(Market(links, led).form, short_side._Goods)
    led[5] = True
    assert isinstance(Market(links, led).form, short_side._Table)
    assert isinstance(Market(Links(ByBranch(links.whole), None), ~led).form, short_side._Table)
    assert isinstance(Market(links.whole, ~led).form, short_side._Table)
    goods = Market(links, np.zeros(9, bool)).form
    assert isinstance(goods, short_side._Goods) and (goods.size, goods.draws) == (36, 1)
    table = Market(np.ones((9, 9, 5)), led).form
    assert isinstance(table, short_side._Table) and (table.size, table.draws) == (36, 5)
