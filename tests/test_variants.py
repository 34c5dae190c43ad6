"""Many changed projects in one run against the reference pipeline, one at a time."""

import numpy as np
import pytest
from dabiao.engine.diagnose.delay_impact import delay_impacts
from dabiao.engine.diagnose.gap import gaps
from dabiao.engine.diagnose.moves import project_moves
from dabiao.engine.projects import variants as varying
from dabiao.engine.projects.variants import Variant, one_by_one, varied
from dabiao.engine.study import study
from dabiao.scenarios.load import load_example
from futures import loaded
from regions import laid, moving

EXAMPLES = ["panzhihua-2024", "deyang-2022"]
OWN = laid(
    moving(), {"projects": {"distant": {"cancel": 50, "slip": 2}, "coming": {"slip": 2}}, "pool": None}
)


@pytest.fixture(scope="module", params=[*EXAMPLES, "own"])
def again(request, tmp_path_factory):
    """Studies the scenario with some of its projects changed, or taken out (None)."""

    def make(projects):
        if request.param == "own":
            data = {
                **OWN,
                "projects": {
                    k: laid(each, projects.get(k, {}))
                    for k, each in OWN["projects"].items()
                    if projects.get(k, {}) is not None
                },
            }
            return study(loaded(tmp_path_factory.mktemp("own"), data))
        sets = [
            f"projects.{k}=null" if each is None else f"projects.{k}.slip={each['slip']:g}"
            for k, each in projects.items()
        ]
        return study(load_example(request.param, [*sets, "anchor.to=none"]))

    return make


@pytest.mark.first(1)
def test_each_variant_is_its_own_scenario(again):
    begun = again({})
    projects = [p for p in begun.plan.pipeline_run.projects if p.stage != "commissioned"]
    some = projects[:4]
    variants = [*(Variant("later", frozenset({p.id})) for p in some), Variant("later", frozenset())]
    path = varied(begun.scenario, begun.economy, begun.plan.plan, variants, begun.year)
    assert path.gdp.shape[0] == begun.year + 1
    stop = begun.year + 1
    np.testing.assert_allclose(path.output[..., 0], begun.plan.path.output[:, :stop, 0], rtol=1e-9)
    np.testing.assert_allclose(path.output[..., -1], begun.plan.path.output[:, :stop, 0], rtol=1e-9)
    for draw, p in enumerate(some, start=1):
        alone = again({p.id: {"slip": p.slip + 3}})
        if not np.array_equal(
            [q.usual for q in alone.pipeline.projects], [q.usual for q in begun.pipeline.projects]
        ):
            continue  # of so few, one more delay is another usual delay
        np.testing.assert_allclose(path.output[..., draw], alone.plan.path.output[:, :stop, 0], rtol=1e-9)


def test_a_deleted_project_is_a_scenario_without_it(again):
    """Unnamed key projects aside, whose stand-ins take the place of the named: taken off the list, or never
    on it."""
    begun = again({})
    if begun.scenario.pool is not None:
        pytest.skip("unnamed projects take the place of a named one")
    key = next(p.id for p in begun.plan.pipeline_run.projects if p.stage != "commissioned")
    path = varied(begun.scenario, begun.economy, begun.plan.plan, [Variant("deleted", frozenset({key}))])
    np.testing.assert_allclose(path.output[..., 1], again({key: None}).plan.path.output[..., 0], rtol=1e-9)


def moved(begun):
    """Everything that moves projects one by one, as bytes of its numbers."""
    target = begun.assessor.targets[0]
    late = delay_impacts(begun.scenario, begun.economy, begun.plan, begun.sheet, target, begun.year, None)
    moves = project_moves(begun.pipeline, begun.plan)
    lacking = gaps(begun.scenario, begun.economy, begun.sheet, begun.plan, begun.year)
    return (
        [(one.project, one.effect, one.money) for one in late],
        [(m.id, m.project, m.gdp.tobytes(), m.total.tobytes(), m.displaced.tobytes()) for m in moves],
        [(one.late, one.together) for one in lacking],
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_few_at_a_time_give_the_same_bytes(monkeypatch, name):
    begun = study(load_example(name))
    whole = moved(begun)
    assert len(whole[1]) > 6
    monkeypatch.setattr(varying, "CELLS", 3 * len(begun.scenario.projects))
    assert moved(begun) == whole


def test_of_a_long_list_the_largest_are_moved_and_it_is_said(monkeypatch):
    begun = study(load_example("panzhihua-2024"))
    every = moved(begun)
    open_ = [p for p in begun.plan.pipeline_run.projects if p.stage != "commissioned"]
    monkeypatch.setattr(varying, "MANY", len(open_) - 1)
    monkeypatch.setattr(varying, "MOST", 3)
    largest = {p.id for p in one_by_one(open_)}
    assert len(largest) == 3
    assert min(p.invest for p in open_ if p.id in largest) >= max(
        p.invest for p in open_ if p.id not in largest
    )
    few = moved(begun)
    assert [one for one in every[0] if one[0] in largest] == few[0]
    assert [one for one in every[1] if one[1] in largest | {""}] == few[1]
    for (late, together), (all_late, all_together) in zip(few[2], every[2], strict=True):
        assert {one.project for one in late} == {one.project for one in all_late} & largest
        assert sum(one.money for one in late) + together == pytest.approx(
            sum(one.money for one in all_late) + all_together
        ), "what the others cost stands in what all cost together"


@pytest.mark.parametrize("name", EXAMPLES)
def test_draws_in_blocks_for_a_long_list_are_the_same_draws(monkeypatch, name):
    from dabiao.engine.uncertainty import ensemble

    found = study(load_example(name), draws=1024).ensemble
    monkeypatch.setattr(ensemble, "CELLS", 256 * len(load_example(name).scenario.projects))
    again = study(load_example(name), draws=1024).ensemble
    assert all(found.paths[key].tobytes() == again.paths[key].tobytes() for key in found.paths)
