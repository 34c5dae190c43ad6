"""Projects and quarters as columns and rows: every entry as on paper, for a road of two quarters, a mill
that waits for it and a park of four, over four quarters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dabiao.models.quantity import Bilingual
from dabiao.models.selection import Candidate, Programme, Quota
from dabiao.solvers import select_rows
from dabiao.solvers.arrays import Arrays, Block
from dabiao.solvers.select_rows import blocks, columns, elastic, rows

INF = float("inf")


def candidate(
    name: str, region: str, value: float, money: dict[str, float], build: int, window: tuple[int, int]
) -> Candidate:
    return Candidate(name, Bilingual(zh=name), region, value, money, build, *window)


def programme(**changes: object) -> Programme:
    """The road spends 2 of its own money and 1 of a loan a quarter, the mill 3 in one, the park a half."""
    road = candidate("road", "north", 16.0, {"own": 4.0, "loan": 2.0}, 2, (0, 2))
    mill = replace(candidate("mill", "south", 8.0, {"own": 3.0}, 1, (1, 3)), after=("road",))
    park = candidate("park", "north", 64.0, {"own": 2.0, "gift": 5.0}, 4, (0, 9))
    money = {"own": np.array([3.0, 3.0, 2.0, 2.0]), "loan": np.array([1.0, 1.5, 1.0, 0.5])}
    made = Programme((road, mill, park), ("Q1", "Q2", "Q3", "Q4"), money, discount=15.0)
    return replace(made, **changes)


def dense(block: Block, count: int = 10) -> list[list[float]]:
    table = np.zeros((len(block.low), count))
    np.add.at(table, (block.rows, block.columns), block.values)
    return table.tolist()


def matrix(problem: Arrays) -> list[list[float]]:
    return [problem.matrix.column(j).tolist() for j in range(len(problem.cost))]


def test_each_project_starts_once_at_most() -> None:
    own = programme()
    (road, mill, park) = own.candidates
    once = select_rows._once(columns(replace(own, candidates=(road, replace(mill, must=True), park))))
    assert dense(once) == [
        [1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
    ]
    assert (once.low.tolist(), once.high.tolist()) == ([0, 1, 0], [1, 1, 1])
    assert once.about == (("must", "road"), ("must", "mill"), ("must", "park"))


def test_money_of_a_quarter() -> None:
    own, loan = select_rows._budgets(columns(programme()))
    assert dense(own) == [
        [2, 0, 0, 0, 0, 0, 0.5, 0, 0, 0],
        [2, 2, 0, 3, 0, 0, 0.5, 0.5, 0, 0],
        [0, 2, 2, 0, 3, 0, 0.5, 0.5, 0.5, 0],
        [0, 0, 2, 0, 0, 3, 0.5, 0.5, 0.5, 0.5],
    ]
    assert dense(loan) == [
        [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    ]
    assert (own.low.tolist(), own.high.tolist()) == ([-INF] * 4, [3, 3, 2, 2])
    assert loan.high.tolist() == [1, 1.5, 1, 0.5]
    assert own.about == tuple(("budget", f"own Q{q}") for q in range(1, 5))
    assert loan.about[2] == ("budget", "loan Q3")
    # what spends nothing has no entry, not one of nothing
    assert len(loan.values) == 6 and len(own.values) == 19
    assert own.rows.dtype == own.columns.dtype == np.int64 and own.values.dtype == float


def test_money_up_to_a_quarter() -> None:
    own, _ = select_rows._budgets(columns(programme(carry=True)))
    assert dense(own) == [
        [2, 0, 0, 0, 0, 0, 0.5, 0, 0, 0],
        [4, 2, 0, 3, 0, 0, 1, 0.5, 0, 0],
        [4, 4, 2, 3, 3, 0, 1.5, 1, 0.5, 0],
        [4, 4, 4, 3, 3, 3, 2, 1.5, 1, 0.5],
    ]
    assert own.high.tolist() == [3, 6, 8, 10]


def test_what_waits_for_another() -> None:
    """Started by quarter q it needs a road started two quarters before: of the first mill none is."""
    block = select_rows._before(columns(programme()))
    assert dense(block) == [
        [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        [-1, 0, 0, 1, 1, 0, 0, 0, 0, 0],
        [-1, -1, 0, 1, 1, 1, 0, 0, 0, 0],
    ]
    assert (block.low.tolist(), block.high.tolist(), block.about) == ([-INF] * 3, [0, 0, 0], ())
    road, mill, park = programme().candidates
    late = replace(park, after=("road", "mill"), earliest=3)
    both = select_rows._before(columns(programme(candidates=(late, mill, road))))
    # columns: the park's one start, three of the mill, three of the road
    assert dense(both, 7) == [
        [1, 0, 0, 0, -1, -1, 0],
        [1, -1, -1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 0],
        [0, 1, 1, 0, -1, 0, 0],
        [0, 1, 1, 1, -1, -1, 0],
    ]
    none = select_rows._before(columns(programme(candidates=(road, park))))
    assert (len(none.low), len(none.high), len(none.values), none.rows.dtype) == (0, 0, 0, np.int64)
    assert (len(none.rows), len(none.columns), none.columns.dtype) == (0, 0, np.int64)


def test_groups_of_which_one_starts() -> None:
    road, mill, park = programme().candidates
    some = (replace(road, one_of=("site", "view")), mill, replace(park, one_of=("view",)))
    block = select_rows._groups(columns(programme(candidates=some)))
    assert dense(block) == [[1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 1, 1, 1, 1]]
    assert (block.low.tolist(), block.high.tolist()) == ([-INF] * 2, [1, 1])
    assert len(select_rows._groups(columns(programme())).low) == 0


def test_quotas_of_regions_and_least_numbers() -> None:
    """The road costs 6 and the park 7; a park done in the horizon starts in its first quarter, a road in the
    third, a mill in the last."""
    quotas = {"north": Quota(1, 2, 9.0), "south": Quota(0, 1)}
    own = columns(programme(quotas=quotas, starts=3, completions=2))
    north, money, south = select_rows._quotas(own)
    assert dense(north) == [[1, 1, 1, 0, 0, 0, 1, 1, 1, 1]]
    assert dense(money) == [[6, 6, 6, 0, 0, 0, 7, 7, 7, 7]]
    assert dense(south) == [[0, 0, 0, 1, 1, 1, 0, 0, 0, 0]]
    for block, low, high, about in (
        (north, 1, 2, ("region", "north")),
        (money, -INF, 9, ("region_money", "north")),
        (south, 0, 1, ("region", "south")),
    ):
        assert (block.low.tolist(), block.high.tolist(), block.about) == ([low], [high], (about,))
    starts, done = select_rows._numbers(own)
    assert dense(starts) == [[1] * 10] and dense(done) == [[1, 1, 1, 1, 1, 1, 1, 0, 0, 0]]
    assert (starts.low.tolist(), starts.high.tolist(), starts.about) == ([3], [INF], (("starts", ""),))
    assert (done.low.tolist(), done.high.tolist(), done.about) == ([2], [INF], (("completions", ""),))
    assert list(select_rows._numbers(columns(programme()))) == []


def test_all_rules_in_their_order() -> None:
    """Blocks one below the other, none that is empty."""
    road, mill, park = programme().candidates
    some = (replace(road, one_of=("site",)), mill, replace(park, one_of=("site",)))
    own = columns(programme(candidates=some, quotas={"north": Quota(1, 2, 9.0)}, starts=3, completions=2))
    assert [len(block.low) for block in blocks(own)] == [3, 4, 4, 3, 1, 1, 1, 1, 1]
    problem = rows(own)
    whole = np.concatenate([np.array(dense(block)) for block in blocks(own)])
    assert np.array(matrix(problem)).T.tolist() == whole.tolist()
    assert problem.row_low.tolist() == [0] * 3 + [-INF] * 12 + [1, -INF, 3, 2]
    assert problem.row_high.tolist() == [1] * 3 + [3, 3, 2, 2, 1, 1.5, 1, 0.5, 0, 0, 0, 1, 2, 9, INF, INF]
    assert problem.cost.tolist() == pytest.approx([4, 2, 1, 2, 1, 0.5, 4, 2, 1, 0.5])
    assert (problem.low.tolist(), problem.high.tolist()) == ([0] * 10, [1] * 10) and problem.integer.all()
    assert [len(block.low) for block in blocks(columns(programme(budgets={}, candidates=(park,))))] == [1]


def test_rules_that_give_by_hand() -> None:
    """A road that must start in the first two quarters, of two starts in all, for 3 of 5: five gives."""
    road = replace(programme().candidates[0], must=True, latest=1)
    own = programme(
        candidates=(road,), budgets={"own": np.array([5.0, 0.5, 0, 0])}, quotas={"north": Quota(1, 2)}
    )
    problem, rules = elastic(columns(own))
    assert rules == [
        ("must", "road"),
        *(("budget", f"own Q{q}") for q in range(1, 5)),
        ("region_least", "north"),
        ("region_most", "north"),
    ]
    assert problem.cost.tolist() == pytest.approx([0, 0, -1, -1 / 5, -1, -1, -1, -1, -1 / 2])
    assert np.array(matrix(problem)).T.tolist() == [
        [1, 1, 1, 0, 0, 0, 0, 0, 0],
        [2, 0, 0, -1, 0, 0, 0, 0, 0],
        [2, 2, 0, 0, -1, 0, 0, 0, 0],
        [0, 2, 0, 0, 0, -1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, -1, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 1, -1],
    ]
    assert (problem.low.tolist(), problem.high.tolist()) == ([0] * 9, [1, 1, *[INF] * 7])
    assert problem.row_low.tolist() == [1, *[-INF] * 4, 1]
    assert problem.row_high.tolist() == [1, 5, 0.5, 0, 0, 2] and not problem.integer.any()


def test_windows_end_with_the_horizon() -> None:
    """A window before the first quarter or after the last has no starts; another is cut at both ends."""
    free = {"own": 1.0}
    some = (
        candidate("over", "n", 1.0, free, 1, (-3, -1)),
        candidate("wide", "n", 8.0, free, 2, (-2, 7)),
        candidate("late", "n", 1.0, free, 1, (4, 9)),
        candidate("last", "n", 2.0, {}, 1, (3, 3)),
    )
    own = columns(programme(candidates=some, budgets={"own": np.full(4, 0.5)}))
    assert own.project.tolist() == [1, 1, 1, 1, 3] and own.quarter.tolist() == [0, 1, 2, 3, 3]
    assert own.worth.tolist() == pytest.approx([2, 1, 0.5, 0.25, 2 / 16])
    assert own.money.tolist() == [[1], [1], [1], [0]] and own.build.tolist() == [1, 2, 1, 1]
    assert own.point({"wide": 2, "last": 3}).tolist() == [0, 0, 1, 0, 1]
    assert own.read(np.array([0.5, 0.51, 0, 0, 1.0])) == {"wide": 1, "last": 3}
    assert own.most_each().tolist() == [0, 2, 0, 0.125]
    late = replace(some[2], must=True)
    assert columns(programme(candidates=(late, some[3]), budgets={})).most_each().tolist() == [0, 0.125]


def test_blocks_one_below_the_other() -> None:
    """Entries of a row in the order of their columns, whatever order they were given in."""
    first = Block(
        np.array([1, 0]), np.array([0, 2]), np.array([5.0, 7.0]), np.array([1.0, 2]), np.array([3.0, 4])
    )
    second = Block(
        np.array([0, 0]), np.array([2, 1]), np.array([8.0, 9.0]), np.array([-1.0]), np.array([6.0])
    )
    bits = np.array([True, False, True])
    made = Arrays.of(np.arange(3.0), np.arange(3.0) - 5, np.arange(3.0) + 5, bits, [first, second])
    assert (made.matrix.indptr.tolist(), made.matrix.indices.tolist()) == ([0, 1, 2, 4], [2, 0, 1, 2])
    assert made.matrix.data.tolist() == [7, 5, 9, 8] and made.matrix.shape == (3, 3)
    assert (made.row_low.tolist(), made.row_high.tolist()) == ([1, 2, -1], [3, 4, 6])
    assert made.cost.tolist() == [0, 1, 2] and made.integer is bits
    assert (made.low.tolist(), made.high.tolist()) == ([-5, -4, -3], [5, 6, 7])
    assert made.matrix.indices.dtype == made.matrix.indptr.dtype == np.int32
    last = Block(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(2), np.ones(2))
    ends = Arrays.of(np.ones(2), np.zeros(2), np.ones(2), np.zeros(2, bool), [last])
    assert ends.matrix.indptr.tolist() == [0, 0, 0] and ends.matrix.shape == (2, 2)
