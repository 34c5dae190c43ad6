"""Many changed projects in one run against the reference pipeline, one at a time."""

import numpy as np
import pytest
from dabiao.engine.projects.variants import Variant, varied
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
