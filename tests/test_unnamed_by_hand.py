"""Unnamed projects: where they stand, by hand, and that a draw's chance is its own."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.engine.projects.unnamed import (
    CHUNK,
    Unnamed,
    held_up,
    individual,
    spread_of,
    spreads,
    stand_ins,
    uniforms,
)
from dabiao.models.quantity import Quantity
from dabiao.scenarios.schema import Scenario
from regions import laid, moving


def placed(
    projects: list[float], starts: list[float], completions: list[float], construction: float
) -> Unnamed:
    """Two years; one named project under way, one that completes in the first year, one that starts in the
    second."""
    count = len(projects)
    return stand_ins(
        np.array(projects),
        np.array(starts),
        np.array(completions),
        np.array([[0.0] * count, [1.0] * count]),
        np.array([1.0]),
        np.array([1.0]),
        construction,
    )


def test_stand_ins_by_hand() -> None:
    """Of 6 projects one is named; 2 start at months 3 and 9, the first of which is done in 11; of the other 3
    one completes to make 3 with the named one, the rest in the year after; in the second year one more starts
    beside the named one."""
    found = placed([6.2], [1.8], [3.0], 8.0)
    assert found.start[:, 0].tolist() == [0, 0, 0, 3, 9, 18]
    assert found.building[:, 0].tolist() == pytest.approx([6, 15, 21, 8, 8, 8])
    assert found.present.all() and found.under_way.tolist() == [True] * 3 + [False] * 3
    assert found.blocks == (3, 2, 1)


def test_long_works_end_over_as_many_months_as_they_take_beyond_a_year() -> None:
    """Of works of 30 months none that starts completes: 2 do at months 3 and 9, one half way through the 18
    that are left."""
    found = placed([6.0], [2.0], [3.0], 30.0)
    assert found.building[:, 0].tolist() == pytest.approx([3, 9, 21, 30, 30, 30])


def test_works_that_take_the_year_to_its_end_are_not_done_in_it() -> None:
    """The first starts at month 3: with works of 9 months it is there at 12, in the next year."""
    assert placed([6.0], [2.0], [3.0], 9.0).building[:3, 0].tolist() == pytest.approx([3, 9, 18])
    assert placed([6.0], [2.0], [3.0], 8.9).building[:3, 0].tolist() == pytest.approx([6, 15, 21])


def test_draws_with_fewer_projects_lack_them() -> None:
    """One named one is all that there is of 1; of 3 both others start."""
    found = placed([6.0, 3.0, 1.0], [2.0, 2.0, 2.0], [3.0, 0.0, 0.0], 8.0)
    assert found.present.T.tolist() == [
        [True] * 6,
        [False] * 3 + [True] * 3,
        [False] * 5 + [True],
    ]
    assert found.start[3:5].T.tolist() == [[3, 9], [3, 9], [6, 18]]
    none = placed([0.0], [0.0], [9.0], 8.0)
    assert none.blocks == (0, 0, 0) and not len(none.present)


def delayed(begun: float, slowness: float, start: float = 0.0, building: float = 12.0) -> np.ndarray:
    """One project planned from ``start``, which would begin then and begins at ``begun``, over two years."""
    plan = Unnamed(
        np.array([[start]]), np.array([[building]]), np.array([[True]]), np.array([False]), (0, 1, 0)
    )
    return held_up(plan, np.array([[begun]]), np.array([[start]]), np.array([[slowness]]), 2)[..., 0]


def test_what_queues_hold_up_by_hand() -> None:
    """Half a year late, half of the year's money comes in the next; at half the pace a quarter is late, and
    a quarter is later than the horizon; what is planned for the second year alone is lost there."""
    assert delayed(6.0, 1.0).tolist() == [[-0.5, 0.5], [0, 0]]
    assert delayed(6.0, 2.0).tolist() == [[-0.25, 0.0], [0, 0]]
    assert delayed(18.0, 1.0, start=12.0).tolist() == [[0, 0], [0, -0.5]]
    assert delayed(3.0, 1.0, building=6.0).tolist() == [[0, 0], [0, 0]]
    assert delayed(9.0, 1.0, building=6.0).tolist() == [[-0.5, 0.5], [0, 0]]
    assert delayed(1e-7, 1.0).tolist() == [[0, 0], [0, 0]]
    # planned over both years: months 6 to 18, half in each; three late, three of the six come in the next
    assert delayed(9.0, 1.0, start=6.0).tolist() == [[-0.5, 0.5], [0, 0]]


def test_who_is_not_late_or_not_there_takes_no_part() -> None:
    """Three projects: one late by half a year, one in time, and one that is not there in the second draw."""
    plan = Unnamed(
        np.zeros((3, 1)),
        np.full((3, 1), 12.0),
        np.array([[True, True], [True, True], [True, False]]),
        np.zeros(3, bool),
        (0, 3, 0),
    )
    begun = np.array([[6.0, 6.0], [0.0, 0.0], [0.0, 6.0]])
    found = held_up(plan, begun, np.zeros((3, 2)), np.ones((3, 1)), 2)
    assert found[0].T.tolist() == pytest.approx(np.array([[-1 / 6, 1 / 6], [-1 / 4, 1 / 4]]))
    assert not found[1].any()
    only = held_up(plan, begun[:, :1], np.zeros((3, 1)), np.ones((3, 1)), 2)
    assert np.array_equal(only[..., 0], found[..., 0])  # to the last digit


SPREAD = np.linspace(0.0, 4095.0, 4096)


def test_a_block_of_draws_and_of_projects_is_part_of_the_whole() -> None:
    """Whatever lies before, beside or after; one more project of a block leaves the others alone."""
    blocks = (3, 2, 4)
    whole = individual(SPREAD, 5, 1, blocks, 0, 2 * CHUNK)
    assert whole.shape == (9, 2 * CHUNK) and len(np.unique(whole)) > 1500
    assert abs(whole.mean() / 2047.5 - 1) < 0.03 and whole.min() < 20 and whole.max() > 4075
    for first, count in ((0, 7), (100, CHUNK), (CHUNK - 1, 2), (CHUNK, 16), (CHUNK + 3, CHUNK - 3)):
        assert np.array_equal(
            individual(SPREAD, 5, 1, blocks, first, count), whole[:, first : first + count]
        ), (first, count)
    assert np.array_equal(individual(SPREAD, 5, 1, blocks, 0, CHUNK, skip=1), whole[3:, :CHUNK])
    more = individual(SPREAD, 5, 1, (3, 3, 4), 0, CHUNK)
    assert np.array_equal(more[[0, 1, 2, 3, 4, 6, 7, 8, 9]], whole[:, :CHUNK])
    for other in ((6, 1), (5, 2)):
        assert not np.array_equal(individual(SPREAD, *other, blocks, 0, CHUNK), whole[:, :CHUNK])
    assert individual(np.array([7.0]), 5, 1, blocks, 0, CHUNK, skip=1).tolist() == [[7.0]] * 6


def test_uniform_numbers_of_a_draw_are_its_own() -> None:
    names = ("a", "b", "c", "d")
    whole = uniforms(5, names, 0, 2 * CHUNK)
    assert whole.min() >= 0 and whole.max() < 1 and whole.mean() == pytest.approx(0.5, abs=0.03)
    for first, count in ((0, 7), (100, CHUNK), (CHUNK - 1, 2), (CHUNK, CHUNK)):
        assert np.array_equal(uniforms(5, names, first, count), whole[:, first : first + count])
    assert np.array_equal(uniforms(5, ("d", "b"), 0, CHUNK), whole[[3, 1], :CHUNK])
    assert len(np.unique(whole)) == whole.size
    assert not np.array_equal(whole[:, :CHUNK], whole[:, CHUNK:])
    assert not np.array_equal(uniforms(6, names, 0, CHUNK), whole[:, :CHUNK])


def test_the_spread_of_a_number() -> None:
    """One value where it is certain; else equally likely ones, whose mean is that of its PERT."""
    sure = Quantity(value=7.0, assumption="a")
    assert spread_of(sure).tolist() == [7.0]
    wide = spread_of(Quantity(value=6.0, low=3.0, high=12.0, assumption="a"))
    assert len(wide) == 4096 and (np.diff(wide) > 0).all() and 3 < wide[0] < 3.2 and 11 < wide[-1] < 12
    assert wide.mean() == pytest.approx((3 + 4 * 6 + 12) / 6, rel=1e-3)


def test_unnamed_projects_differ_around_what_is_usual() -> None:
    """Months as multiples with mean 1, never below nothing; a delay as a difference with mean 0."""
    change = {
        "months": {
            "approval": {"value": 0.5, "low": -0.4, "high": 4.0},
            "construction": {"value": 20, "low": 16, "high": 40},
        },
        "slip": {"value": 2, "low": -1, "high": 9},
    }
    pool = Scenario.model_validate(laid(moving(), {"pool": change})).pool
    assert pool is not None
    approval, works, slip = spreads(pool)
    raw = np.maximum(spread_of(pool.months.approval), 0.0)
    assert approval.min() == 0.0 and approval == pytest.approx(raw / raw.mean())
    assert works.mean() == pytest.approx(1) and works.max() / works.min() == pytest.approx(40 / 16, rel=0.08)
    assert slip.mean() == pytest.approx(0, abs=1e-9) and 9 < np.ptp(slip) < 10
    sure = Scenario.model_validate(moving()).pool
    assert sure is not None and [each.tolist() for each in spreads(sure)] == [[1.0], [1.0], [0.0]]
