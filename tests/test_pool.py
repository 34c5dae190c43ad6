"""Stand-ins for key projects that nobody names: their numbers are the ones reported, their money the
plan's."""

from __future__ import annotations

import numpy as np
import pytest
from dabiao.models.pool import generic_projects, pool_kernel
from dabiao.models.project import PoolPlan, ProjectPlan
from hypothesis import given
from hypothesis import strategies as st

YEARS = 4


def pool(projects: float, starts: float, completions: float, construction: float) -> PoolPlan:
    return PoolPlan(projects, starts, completions, np.ones((1, YEARS)), construction=construction)


@given(
    st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.sampled_from([3.0, 8.0, 12.0, 24.0, 40.0])
)
def test_the_numbers_of_the_year_are_those_reported(
    projects: int, starts: int, completions: int, construction: float
) -> None:
    """Under way and started together are all; as many begin each year as are said to; as many are
    completed, as far as there are so many."""
    made = generic_projects(pool(projects, starts, completions, construction), (), YEARS)
    first = min(starts, projects)
    begun = made.start[~made.under_way]
    assert int(made.under_way.sum()) + first == projects
    assert [int(((begun >= 12 * y) & (begun < 12 * (y + 1))).sum()) for y in range(YEARS)] == [
        first,
        *[starts] * (YEARS - 1),
    ]
    ends = made.start + made.building
    quick = int((begun + construction < 12).sum())
    assert int((ends < 12).sum()) == max(quick, min(completions, projects - first + quick))
    assert (made.start[made.under_way] == 0).all() and (made.building > 0).all()
    assert (made.building[~made.under_way] == construction).all()


def test_dates_are_even_and_the_rest_finish_one_after_the_other() -> None:
    """Two start, in months 3 and 9; of four under way two are completed then too, and two within the 24
    months."""
    made = generic_projects(pool(6, 2, 2, 24.0), (), 1)
    assert list(made.start) == [0, 0, 0, 0, 3, 9]
    assert list(made.building) == pytest.approx([3, 9, 12 + 12 / 4, 12 + 12 * 3 / 4, 24, 24])


def test_named_key_projects_are_among_those_reported() -> None:
    """One under way that ends in the year, one that begins in the second: one fewer each of all, completed,
    and begun; one that is no key project, or is in use, is not counted."""
    months = {"construction": 12.0, "registration": 0.0, "approval": 0.0}
    named = [
        ProjectPlan("now", "s", 1.0, "started", 0.5, start=-6.0, finish=6.0, **months),
        ProjectPlan("next", "s", 1.0, "planned", start=18.0, finish=30.0, **months),
        ProjectPlan("other", "s", 1.0, "started", 0.5, start=-6.0, finish=6.0, key=False, **months),
        ProjectPlan("used", "s", 1.0, "commissioned", start=-30.0, finish=-6.0, **months),
    ]
    made = generic_projects(pool(10, 4, 3, 24.0), named, 2)
    begun = made.start[~made.under_way]
    assert int(made.under_way.sum()) == 10 - 1 - 4
    assert [int(((begun >= 12 * y) & (begun < 12 * (y + 1))).sum()) for y in range(2)] == [4, 3]
    assert int((made.start + made.building < 12).sum()) == 3 - 1


@given(st.integers(1, 30), st.integers(0, 20), st.integers(0, 20), st.sampled_from([3.0, 12.0, 24.0]))
def test_undelayed_money_is_spent_in_its_own_year(
    projects: int, starts: int, completions: int, construction: float
) -> None:
    made = generic_projects(pool(projects, starts, completions, construction), (), YEARS)
    rows = pool_kernel(made, made.start, made.building, YEARS)
    assert rows.shape == (YEARS, 12 * YEARS)
    for t, row in enumerate(rows):
        assert row[12 * t : 12 * (t + 1)].sum() == pytest.approx(1) == pytest.approx(row.sum())


def test_money_waits_with_the_works() -> None:
    """One project of 24 months from month 0: a year later, all its money comes a year later; twice as long,
    half of the first year's comes in the second."""
    made = generic_projects(pool(1, 1, 0, 24.0), (), 3)
    made = type(made)(made.start[:1], made.building[:1], made.under_way[:1])
    assert list(made.start) == [6]
    late = pool_kernel(made, made.start + 12, made.building, 3)
    assert late[0, :18].sum() == 0 and late[0, 18:24].sum() == pytest.approx(1)
    assert late[1, 24:36].sum() == pytest.approx(1)
    slow = pool_kernel(made, made.start, 2 * made.building, 3)
    assert slow[0, 6:12].sum() == pytest.approx(0.5) == pytest.approx(slow[0, 12:18].sum())
    none = generic_projects(pool(0, 0, 0, 24.0), (), 2)
    assert pool_kernel(none, none.start, none.building, 2) == pytest.approx(
        np.repeat(np.eye(2), 12, axis=1) / 12
    )
