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
from dabiao.models.listing import usual_delay
from dabiao.models.quantity import Draws
from dabiao.scenarios.load import examples, load, load_example
from hypothesis import given
from hypothesis import strategies as st

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
