"""Who does how much of a sum of regions: three members, worked out by hand with both solvers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dabiao.solvers import members
from dabiao.solvers.members import Hand, alone, cheapest, elsewhere, evenly, fairest, where_most
from dabiao.solvers.model import Compiled, Question
from dabiao.solvers.solution import Solution, Status

EAST = Hand("east", 10.0, 2.0, 3.0, gives=1.0)
WEST = Hand("west", 30.0, 1.0, 12.0, gives=5.0)
POOR = Hand("poor", 20.0, 0.5, 0.0, gives=2.0)
HANDS = (EAST, WEST, POOR)

both = pytest.mark.parametrize("solver", ["highs", "glpk"])


def near(**money: float) -> object:
    return pytest.approx({"east": 0.0, "west": 0.0, "poor": 0.0} | money, abs=1e-5)


@both
def test_the_cheapest_asks_the_strongest_first(solver: str) -> None:
    """East brings 2 points a unit and takes 3 units: 6 of 7 points, and West one."""
    assert cheapest(HANDS, 7.0, solver) == near(east=3.0, west=1.0)
    assert cheapest(HANDS, 5.0, solver) == near(east=2.5)
    assert cheapest(HANDS, 18.0, solver) == near(east=3.0, west=12.0)
    assert cheapest(HANDS, 18.1, solver) is None


@both
def test_the_fairest_asks_the_same_part_of_each_as_far_as_limits_let_it(solver: str) -> None:
    """2 * 10 z + 30 z = 8 at z = 0.16; at 17 points East is at its 3 units and West does the other 11."""
    assert fairest(HANDS, 8.0, solver) == near(east=1.6, west=4.8)
    assert fairest(HANDS, 17.0, solver) == near(east=3.0, west=11.0)
    assert fairest(HANDS, 18.1, solver) is None


@both
def test_the_fairest_asks_nothing_of_who_brings_nothing(solver: str) -> None:
    """Of all ways in which the largest part is the same it is the cheapest."""
    idle = replace(POOR, slope=0.0, most=5.0)
    assert fairest((EAST, WEST, idle), 8.0, solver) == near(east=1.6, west=4.8)


@both
def test_the_fairest_is_never_more_than_a_hair_above_its_part(solver: str) -> None:
    """A part of 3 is larger than 1: 10 * 3 + 10 * 3 = 60."""
    one, two = Hand("east", 10.0, 1.0, 100.0), Hand("west", 10.0, 1.0, 100.0)
    assert fairest((one, two), 60.0, solver) == pytest.approx({"east": 30.0, "west": 30.0}, abs=1e-4)


def test_the_largest_part_may_give_a_hair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ten-millionth of a part of 40, and of one where it is less."""
    for part, most in ((40.0, 40 + 40e-7), (0.25, 0.25 + 1e-7)):
        asked: list[Question] = []
        values = {members.LARGEST: part, **{hand.name: hand.money for hand in HANDS}}

        def noted(
            model: Compiled,
            question: Question,
            solver: str,
            asked: list[Question] = asked,
            values: dict[str, float] = values,
        ) -> Solution:
            assert solver == "s" and model.names[0] == members.LARGEST
            asked.append(question)
            return Solution(Status.OPTIMAL, 0.0, values, {})

        monkeypatch.setattr(members, "solve", noted)
        assert fairest(HANDS, 8.0, "s") == {"east": 10.0, "west": 30.0, "poor": 20.0}
        first, second = asked
        assert (first.objective, first.maximise, first.bounds) == ({members.LARGEST: 1.0}, False, {})
        assert second.objective == {f"more:{key}": 1.0 for key in ("east", "west", "poor")}
        assert not second.maximise and second.bounds == {
            members.LARGEST: (0.0, pytest.approx(most, rel=1e-12))
        }


def test_what_is_asked_of_members_written_out() -> None:
    """Each at most its part of its own money and its own limit; together what is needed."""
    model = members._model(HANDS, 7.0)
    assert model.names == (members.LARGEST, "more:east", "more:west", "more:poor")
    assert model.low.tolist() == [0.0] * 4 and model.high.tolist() == [float("inf"), 3.0, 12.0, 0.0]
    assert model.row_names == ("part:east", "part:west", "part:poor", "need")
    assert [model.matrix.column(j).tolist() for j in range(4)] == [
        [-10, -30, -20, 0],
        [1, 0, 0, 2],
        [0, 1, 0, 1],
        [0, 0, 1, 0.5],
    ]
    assert model.row_low.tolist() == [-float("inf")] * 3 + [7.0]
    assert model.row_high.tolist() == [0.0] * 3 + [float("inf")]


def test_one_alone_does_it_all_or_cannot() -> None:
    assert alone(EAST, HANDS, 4.0) == {"east": 2.0, "west": 0.0, "poor": 0.0}
    assert alone(WEST, HANDS, 4.0) == {"east": 0.0, "west": 4.0, "poor": 0.0}
    assert alone(EAST, HANDS, 6.0) == {"east": 3.0, "west": 0.0, "poor": 0.0}
    assert alone(EAST, HANDS, 6.0 * (1 + 5e-10)) == {"east": 3.0, "west": 0.0, "poor": 0.0}
    assert alone(EAST, HANDS, 6.1) is None
    slow = replace(EAST, slope=0.5)
    assert alone(slow, (slow, WEST), 1.0) == {"east": 2.0, "west": 0.0}
    assert alone(replace(EAST, slope=0.0), HANDS, 1.0) is None
    assert alone(replace(EAST, slope=-2.0), HANDS, 1.0) is None


@both
def test_the_same_money_goes_where_it_brings_most(solver: str) -> None:
    """East takes 3: 2 from Poor, who has no more to give, and 1 from West."""
    assert elsewhere(HANDS, solver) == near(east=3.0, west=-1.0, poor=-2.0)
    last = replace(EAST, most=9.0)
    assert elsewhere((last, WEST, POOR), solver) == near(east=7.0, west=-5.0, poor=-2.0)


@both
def test_money_of_the_parent_goes_where_it_brings_most(solver: str) -> None:
    assert where_most(HANDS, 2.0, solver) == near(east=2.0)
    assert where_most(HANDS, 5.0, solver) == near(east=3.0, west=2.0)
    assert where_most(HANDS, 100.0, solver) == near(east=3.0, west=12.0)


def test_money_in_equal_parts_goes_on_from_who_is_full() -> None:
    """8 of 40 is a fifth of each; of 14 East takes only 3, and the other 11 are West's; 15 is all they
    take. Poor takes nothing, and its own plan counts nowhere."""
    assert evenly(HANDS, 8.0) == near(east=2.0, west=6.0)
    assert evenly(HANDS, 12.0) == near(east=3.0, west=9.0)
    assert evenly(HANDS, 14.0) == near(east=3.0, west=11.0)
    assert evenly(HANDS, 15.0) == near(east=3.0, west=12.0)
    assert evenly(HANDS, 40.0) == near(east=3.0, west=12.0)
    assert evenly(HANDS, 0.0) == near()
    small = Hand("small", 10.0, 1.0, 0.5)
    # a fifth would be 2: the 1.5 that Small cannot take go to the others, who have 40 together
    assert evenly((small, *HANDS), 10.0) == pytest.approx(
        {"small": 0.5, "east": 9.5 / 4, "west": 9.5 * 3 / 4, "poor": 0.0}
    )
    # of 12.5 the 12 left are exactly what East has room for, and of 14 East is full in the second turn
    assert evenly((small, *HANDS), 14.0) == pytest.approx(
        {"small": 0.5, "east": 3.0, "west": 10.5, "poor": 0.0}
    )
