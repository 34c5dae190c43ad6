"""Small pieces of the solvers on problems that can be solved on paper: the range of a price, the file that
GLPK reads, the least regret with starts, conflicts."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dabiao.solvers.arrays import Arrays, Block
from dabiao.solvers.chain import best_use
from dabiao.solvers.conflict import irreducible, proved
from dabiao.solvers.glpk_arrays import _read, mps
from dabiao.solvers.ranging import TURNS, _farthest, _piece, worth
from dabiao.solvers.regret import MOST, RegretCase, least_regret
from dabiao.solvers.solution import Solution, Status
from planning import Case, target
from regions import laid, moving

# ---- the range of a price


def concave(*lines: tuple[float, float], low: float = -math.inf, high: float = math.inf) -> Any:
    """The least of some lines (constant, slope), feasible between two ends; how often it is asked."""

    def probe(by: float) -> tuple[float, float] | None:
        probe.asked += 1  # type: ignore[attr-defined]
        if not low <= by <= high:
            return None
        return min((constant + slope * by, slope) for constant, slope in lines)

    probe.asked = 0  # type: ignore[attr-defined]
    return probe


def test_a_price_holds_up_to_the_next_kink() -> None:
    """3 a unit up to 2, then 1; below -4 it is 5."""
    found = worth(concave((10, 3), (14, 1), (18, 5)), 100.0, 100.0)
    assert (found.more, found.less) == (3.0, 3.0)
    assert (found.up, found.down) == (pytest.approx(2.0), pytest.approx(4.0))


def test_a_kink_right_here_has_two_prices() -> None:
    """5 a unit up to here; 1 from here to 10, and nothing beyond."""
    found = worth(concave((10, 5), (10, 1), (20, 0)), 100.0, 100.0)
    assert (found.more, found.less) == (pytest.approx(1.0), pytest.approx(5.0))
    assert found.up == pytest.approx(10.0) and found.down == math.inf


def test_a_price_without_a_kink_within_reach_has_no_end() -> None:
    found = worth(concave((10, 2), (1010, 1)), 100.0, 100.0)
    assert (found.more, found.less, found.up, found.down) == (2.0, 2.0, math.inf, math.inf)


def test_a_price_ends_where_nothing_is_feasible() -> None:
    """Up to 7 more and 3 less; within a millionth of the reach."""
    found = worth(concave((10, 2), low=-3.0, high=7.0), 100.0, 50.0)
    assert (found.more, found.less) == (2.0, 2.0)
    assert found.up == pytest.approx(7.0, abs=1e-3) and found.down == pytest.approx(3.0, abs=1e-3)
    assert found.up <= 7.0 and found.down <= 3.0


def test_what_cannot_be_tightened_has_no_price() -> None:
    found = worth(concave((10, 2), low=0.0), 100.0, 100.0)
    assert found.more == 2.0 and found.up == math.inf
    assert math.isnan(found.less) and found.down == 0.0
    nothing = worth(lambda by: None, 100.0, 100.0)
    assert math.isnan(nothing.more) and math.isnan(nothing.less) and nothing.up == nothing.down == 0.0


@pytest.mark.parametrize("reach", [0.5, 100.0])
def test_room_of_a_hundred_thousandth_of_the_reach_is_none(reach: float) -> None:
    """Halving goes on until a millionth of the reach is left."""
    for end, told in ((0.9e-5, False), (1.3e-5, True), (0.3, True), (1.0, True)):
        far = _farthest(concave((10, 2), high=end * reach), reach)
        assert (far > 0) is told
        if told:
            assert end * reach - 1e-6 * reach <= far <= end * reach
        found = worth(concave((10, 2), high=end * reach), reach, reach)
        assert math.isnan(found.more) is not told and found.less == 2.0 and found.down == math.inf
        assert found.up == (math.inf if end == 1.0 else far)
    asked: list[float] = []
    assert _farthest(lambda by: asked.append(by) or (None if by > 3 else (0.0, 0.0)), 8.0) > 3 - 8e-6  # type: ignore[func-returns-value]
    assert asked[:5] == [8.0, 4.0, 2.0, 3.0, 3.5] and len(asked) == 21


@pytest.mark.parametrize(
    ("some", "reach", "expected"),
    [
        # 4 up to 1, 3 up to 3, 1 up to 6, then -2
        (((0, 4), (1, 3), (7, 1), (25, -2)), 50.0, (4.0, 1.0)),
        (((0, 4), (1, 3), (7, 1), (25, -2)), 0.75, (4.0, math.inf)),
        (((0, 4), (1, 3), (7, 1), (25, -2)), 2.0, (4.0, 1.0)),
        (((-1000, 4), (-999, 3)), 50.0, (4.0, 1.0)),
        (((0, 2),), 9.0, (2.0, math.inf)),
        (((0, 0), (12, -3)), 9.0, (0.0, 4.0)),
        (((0, -1), (3, -2)), 9.0, (-1.0, 3.0)),
    ],
)
def test_the_first_piece_of_a_roof(
    some: tuple[tuple[float, float], ...], reach: float, expected: tuple[float, float]
) -> None:
    """The least of lines; from here to the first place where another is less."""
    assert _piece(concave(*some), reach) == pytest.approx(expected)


def test_a_difference_of_a_ten_millionth_is_none() -> None:
    """Of a value of 100 that is a hundred-thousandth; of one below 1 a ten-millionth."""
    for value, apart, end in ((100.0, 0.9e-5, math.inf), (100.0, 1.1e-5, 5.0), (0.5, 1.1e-7, 5.0)):
        slope = 0.01
        beyond = (value + slope * 5, 0.0)  # from 5 on it rises no more, by so much less at 5 + apart / slope
        reach = 5 + apart / slope
        found = _piece(concave((value, slope), beyond), reach)
        assert found[0] == slope and found[1] == pytest.approx(end, rel=1e-6)


def test_a_kink_within_a_hair_of_the_far_point_is_here() -> None:
    """5 a unit up to 5e-6, then 1: of 100 that is here, of a half it is not."""
    probe = concave((1000.0, 5.0), (1000.0 + 4 * 5e-6, 1.0))
    assert _piece(probe, 100.0) == (1.0, math.inf)
    assert _piece(concave((0.0, 5.0), (4 * 5e-6, 1.0)), 0.5) == pytest.approx((5.0, 5e-6))
    assert _piece(concave((0.0, 5.0), (4 * 0.9e-8, 1.0)), 0.5) == (1.0, math.inf)


def test_a_line_is_met_to_the_edge_of_its_hair() -> None:
    """At 4 the value is a ten-millionth below the line of here, which is none: no more is asked."""
    asked: list[float] = []

    def roof(by: float) -> tuple[float, float]:
        asked.append(by)
        return {0.0: (0.0, 0.0), 10.0: (-6.0, -1.0), 4.0: (-1e-7, -1.0)}[by]

    assert _piece(roof, 10.0) == (0.0, 4.0) and asked == [0.0, 10.0, 10.0, 4.0]
    assert _piece(lambda by: (-1e-7 if by else 0.0, 0.0), 10.0) == (0.0, math.inf)
    assert _piece(lambda by: (-1.1e-7 if by else 0.0, 0.0), 10.0) == (0.0, 0.0)


def test_many_kinks_are_found_in_few_solves() -> None:
    """A hundred lines tangent to a parabola: the first ends half way to the next tangent."""
    lines = [(-at * at, 2 * at) for at in np.linspace(-10, 10, 101)]
    probe = concave(*((-c, s) for c, s in lines))
    found = worth(probe, 8.0, 8.0)
    assert found.more == pytest.approx(0, abs=1e-9) and found.less == pytest.approx(0, abs=1e-9)
    assert probe.asked < 2 * TURNS


# ---- the file that GLPK reads

ROWS = """NAME dabiao
ROWS
 N c
 L r0
 G r1
 E r2
 L r3
 N r4
COLUMNS
 x0 c 3.0
 x0 r0 1.0
 x0 r2 4.0
 M1 'MARKER' 'INTORG'
 x1 c -2.0
 x1 r0 2.0
 x1 r1 1.0
 x1 r3 1.0
 x1 r4 1.0
 M2 'MARKER' 'INTEND'
 x2 c 0.0
 x2 r3 -1.0
 M3 'MARKER' 'INTORG'
 x3 c 1.0
 x3 r1 0.5
 MEND 'MARKER' 'INTEND'
RHS
 b r0 8.0
 b r1 -1.0
 b r2 4.0
 b r3 5.0
RANGES
 g r3 3.0
BOUNDS
 LO d x0 0.0
 UP d x0 10.0
 LO d x1 -1.0
 PL d x1
 MI d x2
 UP d x2 0.0
 LO d x3 0.0
 UP d x3 1.0
ENDATA
"""


def four() -> Arrays:
    """x0 + 2 x1 <= 8, x1 + x3 / 2 >= -1, 4 x0 = 4, 2 <= x1 - x2 <= 5, and a row that says nothing."""
    inf = np.inf
    rows = np.array([0, 0, 1, 1, 2, 3, 3, 4])
    columns = np.array([0, 1, 1, 3, 0, 1, 2, 1])
    values = np.array([1.0, 2.0, 1.0, 0.5, 4.0, 1.0, -1.0, 1.0])
    block = Block(
        rows, columns, values, np.array([-inf, -1, 4, 2, -inf]), np.array([8, inf, 4, 5, inf], dtype=float)
    )
    return Arrays.of(
        np.array([3.0, -2.0, 0.0, 1.0]),
        np.array([0, -1, -inf, 0]),
        np.array([10, inf, 0, 1]),
        np.array([False, True, False, True]),
        [block],
    )


def test_a_problem_is_written_as_it_is() -> None:
    assert mps(four(), relax=False) == ROWS
    plain = [line for line in ROWS.splitlines() if "MARKER" not in line]
    assert mps(four(), relax=True).splitlines() == plain


def test_how_far_a_point_is_off() -> None:
    """Rows by their size, bounds and whole numbers as they are."""
    point = np.array([1.0, 2.0, -1.0, 1.0])
    assert four().violation(point) == 0.0
    assert four().violation(np.array([1.0, 2.5, -1.0, 1.0])) == 0.5  # a half of a whole
    assert four().violation(np.array([1.0, 2.5, -1.0, 1.0]), whole=False) == 0.0
    assert four().violation(np.array([1.0, 4.0, -1.0, 1.0])) == pytest.approx(1 / 9)  # 9 of 8, and 5 of 5
    assert four().violation(np.array([1.0, 2.0, -1.0, 3.0])) == 2.0
    assert four().violation(np.array([1.0, 2.0, 0.5, 1.0])) == 0.5
    assert four().violation(np.array([1.0, 1.0, -0.5, 1.0])) == pytest.approx(0.5 / 1.5)
    other = four().bounded(np.array([1, -1, -9.0, 0]), np.array([1, 1, 0.0, 1]))
    assert other.violation(point) == 1.0 and other.cost.tolist() == [3, -2, 0, 1]
    empty = Arrays.of(np.ones(2), np.zeros(2), np.ones(2), np.zeros(2, bool), [])
    assert empty.violation(np.array([0.5, 1.0])) == 0.0 and empty.violation(np.array([-1.0, 0.0])) == 1.0


MIXED = "c Problem:\ns mip 5 4 {} 12.5\ni 1 3\nj 1 1\nj 3 -2.5\nj 4 1\ne o f\n"
PLAIN = "s bas 5 4 f f 7.5\ni 1 b 3 0\nj 1 b 1.5 0\nj 2 l 0 -0.25\nj 4 u 1 2\ne o f\n"


def test_what_the_program_found_is_read() -> None:
    done = _read(MIXED.format("o"), "", four(), False)
    assert (done.status, done.bound, done.reduced) == (Status.OPTIMAL, 12.5, None)
    assert done.point is not None and done.point.tolist() == [1, 0, -2.5, 1]
    so_far = _read(MIXED.format("f"), "", four(), False)
    assert (so_far.status, so_far.bound) == (Status.TIME_LIMIT, np.inf)
    assert so_far.point is not None and so_far.point.tolist() == [1, 0, -2.5, 1]
    bare = _read(MIXED.format("u"), "", four(), False)
    assert (bare.status, bare.point, bare.bound) == (Status.TIME_LIMIT, None, np.inf)
    for said in ("PROBLEM HAS NO FEASIBLE SOLUTION", "x\nPROBLEM HAS NO PRIMAL FEASIBLE SOLUTION"):
        none = _read(MIXED.format("u"), said, four(), False)
        assert (none.status, none.point, none.bound) == (Status.INFEASIBLE, None, np.inf)
    relaxed = _read(PLAIN, "", four(), True)
    assert (relaxed.status, relaxed.bound) == (Status.OPTIMAL, 7.5)
    assert relaxed.point is not None and relaxed.point.tolist() == [1.5, 0, 0, 1]
    assert relaxed.reduced is not None and relaxed.reduced.tolist() == [0, -0.25, 0, 2]


# ---- the least regret, with projects that may start at other times


def begun(**more: object) -> Case:
    advance = {"title": "advance", "on": "advance", "max": 6}
    sector = {"projects": {"coming": {"start": "2021-09"}}, **more}
    return Case(laid(moving(limits={"advance": advance}), sector))


def regretted(*cases: Case) -> tuple[list[RegretCase], list[Any]]:
    grown, found, bests = target("gdp_growth"), [], []
    for case in cases:
        problem = case.problem(grown, 3)
        best = case.most(grown, 3)
        bests.append(best)
        found.append(
            RegretCase(
                problem, case.economy, "gdp_growth", 1.0, best.solution.values[problem.goals["gdp_growth"]]
            )
        )
    return found, bests


def test_of_one_scenario_and_of_two_alike_nothing_is_regretted() -> None:
    """The plan of each is the one that is best in it, starts and all."""
    (one,), (best,) = regretted(begun())
    assert best.plan.shifts  # an earlier start is worth something
    for cases in ([one], [one, one]):
        found = least_regret(cases, "highs")
        assert found.status is Status.OPTIMAL and len(found.plans) == len(cases)
        assert found.regret == pytest.approx(0, abs=1e-5)
        for plan in found.plans:
            assert plan.shifts == best.plan.shifts


def test_what_scenarios_do_not_all_allow_starts_as_stated() -> None:
    """In the other scenario the project may not be moved: it stays where it was in both, and what that costs
    in the first is regretted."""
    free, held = begun(), begun(limits={"advance": {"max": 0}})
    cases, bests = regretted(free, held)
    assert bests[0].plan.shifts and not bests[1].plan.shifts
    found = least_regret(cases, "highs")
    assert found.status is Status.OPTIMAL and [plan.shifts for plan in found.plans] == [{}, {}]
    shares = [plan.shares(3) for plan in found.plans]
    assert shares[0] == pytest.approx(shares[1], abs=1e-6)
    assert found.regret == pytest.approx(cases[0].best - cases[1].best, abs=1e-4)


def test_no_regret_where_no_plan_keeps_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    from dabiao.solvers import regret

    (one,), _ = regretted(begun())
    monkeypatch.setattr(regret, "solve", lambda *_: Solution(Status.INFEASIBLE, math.nan, {}, {}))
    found = least_regret([one], "highs")
    assert found.status is Status.INFEASIBLE and math.isnan(found.regret) and found.plans == ()


def test_the_part_of_a_solution_that_is_one_scenarios() -> None:
    from dabiao.solvers.regret import _own

    whole = Solution(Status.OPTIMAL, 3.0, {"0/a": 1.0, "1/a": 2.0, "10/a": 3.0, MOST: 4.0}, {})
    assert _own(whole, "1/").values == {"a": 2.0} and _own(whole, "0/").objective == 3.0


# ---- a chain that can do nothing


def test_a_chain_without_an_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from dabiao.solvers import chain

    monkeypatch.setattr(chain, "solve", lambda *_: Solution(Status.TIME_LIMIT, math.nan, {}, {}))
    monkeypatch.setattr(chain, "_rows", lambda *_: None)
    monkeypatch.setattr(chain, "Compiled", lambda _: None)
    asked: Any = SimpleNamespace(flow=SimpleNamespace(processes=("a", "b")))
    found = best_use(asked, np.ones(2))
    assert found.status is Status.TIME_LIMIT and math.isnan(found.value) and found.prices == {}
    assert found.activity.shape == (2,) and np.isnan(found.activity).all()


# ---- conflicts


def test_an_irreducible_set_keeps_what_stands_last() -> None:
    """Any two of three cannot hold together: the first goes."""

    def holds(kept: frozenset[str]) -> bool:
        return len(kept & set("abc")) < 2

    assert irreducible("xabcy", holds) == ("b", "c")
    assert proved("bc", holds) and not proved("abc", holds) and not proved("b", holds)
    assert not proved("bcx", holds)
