"""What a project is left to chance hangs on its name: a list that changes moves nobody else's chances.

Without this two plans that differ in one project are compared in other futures, and what is told as the work
of the project is the luck of the draw.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dabiao.engine.uncertainty.futures import Futures
from dabiao.engine.uncertainty.sample_points import LOW, PARTS, Points
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import Loaded, load

DRAWS = 2 * PARTS * LOW


def without(loaded: Loaded, project: str) -> Loaded:
    """The scenario with one project fewer."""
    left = {key: own for key, own in loaded.scenario.projects.items() if key != project}
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"projects": left}))


def futures(loaded: Loaded) -> Futures:
    return Futures(loaded.scenario, loaded.quantities())


@pytest.mark.parametrize("method", ["sobol", "latin"])
@pytest.mark.parametrize("name", sorted(examples()))
def test_a_project_taken_off_the_list_leaves_all_other_chances_alone(name: str, method: str) -> None:
    """The first of the projects in doubt is taken off: every other input is the same in every draw."""
    loaded = load(f"example:{name}", (f"uncertainty.method={method}",))
    whole = futures(loaded)
    if not whole.inputs.listed:
        pytest.skip("no number of a single project is in doubt")
    project = whole.inputs.listed[0].split(".")[1]
    fewer = futures(without(loaded, project))
    assert len(fewer.inputs.rows) < len(whole.inputs.rows)
    one, two = (
        dict(zip(each.inputs.place, each.points.block(0, DRAWS), strict=True)) for each in (whole, fewer)
    )
    assert set(two) == {row for row in one if not row.startswith(f"projects.{project}.")}
    for row, uniforms in two.items():
        assert np.array_equal(uniforms, one[row]), row


@pytest.mark.parametrize("name", sorted(examples()))
def test_works_that_stay_on_the_list_keep_their_dates_and_their_cancellation(name: str) -> None:
    """Where nothing is scarce a project's dates are its own, whoever else is on the list."""
    loaded = load(f"example:{name}")
    projects = list(loaded.scenario.projects)
    if len(projects) < 2:
        pytest.skip("no two projects")
    free = loaded.scenario.model_copy(update={"pipeline": None, "pool": None, "funds": {}})
    bare = {
        key: own.model_copy(update={"funds": {}}) if hasattr(own, "funds") else own
        for key, own in free.projects.items()
    }
    loaded = replace(loaded, scenario=free.model_copy(update={"projects": bare}))
    whole, fewer = futures(loaded), futures(without(loaded, projects[0]))
    one, two = (each.sample(0, 512).drawn_pipeline for each in (whole, fewer))
    shifts = np.zeros(len(one.named.plans))
    first, second = one.timing(shifts), two.timing(shifts[1:])
    kept = [one.named.places[plan.id] for plan in two.named.plans]
    assert len(kept) == len(one.named.plans) - 1
    for part in ("cancelled", "started", "commissioned", "online"):
        assert np.array_equal(getattr(second, part), getattr(first, part)[kept]), part


@pytest.mark.parametrize("method", ["sobol", "latin"])
def test_dimensions_with_names_are_even_by_themselves_and_independent(method: str) -> None:
    """One point in each of 128 intervals of every scrambling; by the central limit theorem means of products
    of two centred uniforms stay within four of their standard errors, (1/12)/sqrt(n)."""
    names = ("projects.a.delay", "projects.b.delay", "projects.c.delay")
    found = Points(5, 3, method, first=2, named=names).block(0, DRAWS)
    for row in found[2:]:
        for part in range(PARTS):
            for low in (0, LOW):
                own = row[part::PARTS][low : low + LOW]
                assert np.array_equal(np.sort((own * LOW).astype(int)), np.arange(LOW))
    centred = found - 0.5
    products = centred @ centred.T / DRAWS
    apart = products[~np.eye(5, dtype=bool)]
    assert np.abs(apart).max() < 4 / 12 / np.sqrt(DRAWS)
    assert len(np.unique(found[2:])) == 3 * DRAWS


def test_a_name_keeps_its_numbers_in_any_company() -> None:
    """Another place on the list, another block: the same numbers. Another name, seed: others."""
    a, b = "projects.a.delay", "projects.b.delay"
    whole = Points(3, 3, named=(a, b)).block(0, DRAWS)
    assert np.array_equal(Points(2, 3, named=(b,)).block(0, DRAWS)[1], whole[2])
    assert np.array_equal(Points(3, 3, named=(b, a)).block(0, DRAWS)[[0, 2, 1]], whole)
    assert np.array_equal(Points(3, 3, named=(a, b)).block(48, 64), whole[:, 48:112])
    assert np.array_equal(Points(1, 3).block(0, DRAWS)[0], whole[0])
    other = Points(3, 4, named=(a, b)).block(0, DRAWS)
    assert not np.isclose(other, whole).any(axis=1).all()
    assert not np.array_equal(whole[1], whole[2])
