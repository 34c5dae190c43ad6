"""What a list of projects says, where it is short, late or hurried: signs that a planner expects."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from city import CITY
from dabiao.engine.projects.named import named_projects, planned_spending
from dabiao.engine.projects.variants import Variant, _moved
from dabiao.engine.study import study
from dabiao.models.listing import coming, due, missing, new_load, pace_end, spent_before, usual_delay
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import examples, load, load_example
from hypothesis import given
from hypothesis import strategies as st
from regions import moving, region

UNDER_WAY = (
    CITY.replace("stage: approved", "stage: started")
    .replace('start: "2024-03"', 'start: "2023-02"')
    .replace("target: 2024}", "target: 2024, last: 2028}")
)


def gdp(path: Path, *sets: str) -> np.ndarray:
    return study(load(path, sets)).plan.path.gdp[:, 0]


@pytest.mark.parametrize("done", [10, 50, 90])
def test_one_good_project_is_no_stream(tmp_path: Path, done: float) -> None:
    """The more a lone project under way brings, the more is produced up to every year; it is no promise of
    others like it."""
    path = tmp_path / "city.yaml"
    path.write_text(UNDER_WAY, encoding="utf-8")
    sets = (f"projects.works.done={done}",)
    grown = [gdp(path, *sets, f"projects.works.adds.output={output}").cumsum() for output in (5, 30, 90, 180)]
    for less, more in pairwise(grown):
        assert (more - less >= -1e-9).all()
    assert grown[-1][-1] > grown[0][-1] + 50


@pytest.mark.parametrize("name", examples())
def test_works_that_come_late_lower_output_however_many_do(name: str) -> None:
    """Where the usual delay is stated, one more late work never raises what is produced in all."""
    open_ = [
        key
        for key, project in load_example(name).scenario.projects.items()
        if project.stage != "commissioned"
    ]
    counts = sorted({0, len(open_) // 4, len(open_) // 2, min(len(open_) // 2 + 1, len(open_)), len(open_)})
    base, *more = (
        study(load_example(name, [f"projects.{key}.slip=12" for key in open_[:count]]))
        .plan.path.gdp[:, 0]
        .sum()
        for count in counts
    )
    for late in more:
        assert late < base
        base = late


@pytest.mark.parametrize("name", examples())
def test_a_decision_to_finish_sooner_makes_nothing_overdue(name: str) -> None:
    scenario = load_example(name).scenario
    named = named_projects(scenario, Draws())
    everything = frozenset(plan.id for plan in named.plans)
    moved = _moved(named, [Variant("sooner_instead", everything, 6.0)])
    none = np.zeros(len(named.plans))
    before, after = (planned_spending(each, none, 3).overdue for each in (named, moved))
    assert moved.ends[:, 1].sum() < named.ends.sum() or not named.under_way.any()
    np.testing.assert_allclose(np.broadcast_to(before, after.shape)[:, -1], after[:, -1], atol=1e-12)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.one_of(st.just(np.nan), st.floats(-24, 24))), max_size=20)
)
def test_the_usual_delay_is_the_median_of_the_kind_or_of_all(works: list[tuple[str, float]]) -> None:
    known = [slip for _, slip in works if np.isfinite(slip)]
    for (kind, _), found in zip(
        works, usual_delay(np.array([slip for _, slip in works]), [kind for kind, _ in works]), strict=True
    ):
        alike = [slip for each, slip in works if each == kind and np.isfinite(slip)]
        expected = alike if len(alike) >= 3 else known
        assert found == (np.median(expected) if expected else 0.0)


def test_three_of_a_kind_have_their_own_delay_and_two_have_not() -> None:
    slips = np.array([1.0, 2.0, 9.0, 4.0, 6.0, np.nan, np.nan])
    found = usual_delay(slips, ["a", "a", "a", "b", "b", "b", "a"])
    assert list(found) == [2, 2, 2, 4, 4, 4, 2]  # the median of 1, 2, 9 and that of all five
    assert list(usual_delay(np.array([np.nan, np.nan]), ["a", "b"])) == [0, 0]


# ---- one project at a time, months by hand


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_what_is_due_by_the_base_years_end() -> None:
    """Half of the time is over; ahead of the plan counts; a plan that is over wanted all; what has not begun
    owes nothing."""
    worked, begins = column(0.2, 0.8, 0.2, 0.2, 0.3), column(-12, -12, -12, 6, 0)
    ends = column(12, 12, -1, 30, 12)
    assert due(worked, begins, ends)[:, 0] == pytest.approx([0.5, 0.8, 1.0, 0.2, 0.3])
    assert due(column(0.2), column(-12), column(0))[0, 0] == 1.0


def test_what_was_spent_in_the_base_year_is_what_statistics_counted() -> None:
    """100 evenly over the 24 months before: half in the year; registered in the year, all so far counts then;
    not registered, nothing; what is finished half a year ago has six months in it."""
    money, begins = column(100, 100, 100, 100, 100, 100), column(-24, -24, -24, -24, -18, 3)
    until = column(0, 0, 0, 0, -6, 27)
    registered = column(-24, -6, 0, 5, -18, 3)
    assert spent_before(money, begins, until, registered)[:, 0] == pytest.approx([50, 100, 0, 0, 50, 0])
    edge = spent_before(column(100), column(-24), column(0), column(-12))
    assert edge[0, 0] == pytest.approx(100)  # registered as the year began: its past comes with it


def test_the_pace_so_far_foretells_the_end() -> None:
    """A quarter in 12 months leaves 36; all done leaves none; nothing done never ends; not stated, the plan
    and not before today; not begun, the plan."""
    worked, begins = column(0.25, 1.0, 0.0, 0.25, 0.25, 0.25), column(-12, -12, -12, -12, -12, 2)
    ends = column(6, 6, 6, 7, -7, 20)
    stated = np.array([[True], [True], [True], [False], [False], [True]])
    found = pace_end(worked, begins, ends, stated)[:, 0]
    assert list(found[[0, 1, 3, 4, 5]]) == pytest.approx([36, 0, 7, 0, 20])
    assert found[2] > 1e9


@given(st.floats(-60, -0.5), st.floats(1, 80), st.sampled_from([0.0, 6.0, 12.0, 30.0]), st.integers(1, 5))
def test_a_stream_brings_one_a_year_by_those_begun_before_or_later(
    begins: float, lasts: float, ramp_up: float, years: int
) -> None:
    """One begun every 12 months for ever brings one at full load in every year: what those begun before month
    0 do not, those begun later do."""
    before = coming(column(begins), column(lasts), column(ramp_up), years)[0, :, 0]
    starts = np.array([begins % 12.0 + 12.0 * k for k in range(12)])
    later = new_load(starts[:, None] + lasts, np.full((12, 1), ramp_up), years).sum(axis=0)[:, 0]
    assert before + later == pytest.approx(np.ones(years), abs=1e-9)


def test_what_the_list_leaves_out_of_the_usual() -> None:
    """10 and 30 are usual; streams bring 0.8 and 0.5 of it, the list 5 and 9: 23 - 14 of 40; more than usual
    leaves none, and so does half of the usual."""
    usual, stream = column(10, 30), np.array([0.8, 0.5])[:, None, None]
    listed = np.array([5.0, 9.0])[:, None, None]
    assert missing(usual, stream, listed) == pytest.approx(np.array([[9 / 40]]))
    assert missing(usual, stream, 2 * listed) == pytest.approx(np.array([[0.0]]))
    assert missing(usual, stream, listed, 0.75) == pytest.approx(np.array([[(17.25 - 14) / 40]]))
    assert missing(usual, stream, listed, 0.5) == pytest.approx(np.array([[0.0]]))
    assert missing(0 * usual, stream, 0 * listed) == pytest.approx(np.array([[0.0]]))


def test_what_is_in_use_is_not_made_late_any_more() -> None:
    """Six months later, or on time: works that are not finished, and those alone."""
    named = named_projects(region(moving()).scenario, Draws())
    everything = frozenset(plan.id for plan in named.plans)
    changes = [Variant("later", everything, 6.0), Variant("on_time", everything, 0.0)]
    moved, done = _moved(named, changes), named.has("commissioned")
    assert done.any() and not done.all()
    before = np.broadcast_to(named.slip[:, :1], moved.slip[:, :1].shape)[:, 0]
    assert list(moved.slip[:, 1] - before) == pytest.approx(list(np.where(done, 0.0, 6.0)))
    assert list(moved.slip[:, 2]) == pytest.approx(list(np.where(done, before, 0.0)))
