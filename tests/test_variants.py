"""Many changed projects in one run against the reference pipeline, one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from dabiao.engine.study import study
from dabiao.engine.variants import slipped
from dabiao.scenarios.load import load_example
from futures import loaded
from regions import laid, moving


@pytest.fixture(scope="module", params=["panzhihua-2024", "deyang-2022", "own"])
def begun(request, tmp_path_factory):
    if request.param == "own":
        return study(loaded(tmp_path_factory.mktemp("own"), laid(moving(), {"projects": {"distant": {"cancel": 50}}})))
    return study(load_example(request.param))


def test_each_variant_is_its_own_run(begun):
    projects = [p for p in begun.plan.delivery.projects if p.stage != "commissioned"][:6]
    variants = [*({p.id: p.slip + 3} for p in projects), {p.id: 0.0 for p in projects}, {}]
    path = slipped(begun.scenario, begun.economy, begun.plan.plan, variants, begun.year)
    assert path.gdp.shape[0] == begun.year + 1
    np.testing.assert_allclose(path.output[..., 0], begun.plan.path.output[:, : begun.year + 1, 0], rtol=1e-9)
    for draw, variant in enumerate(variants, start=1):
        changed = [replace(p, slip=variant.get(p.id, p.slip)) for p in begun.plan.delivery.projects]
        alone = begun.economy.simulate(begun.pipeline.run(begun.plan.plan, projects=changed).works)
        np.testing.assert_allclose(path.output[..., draw], alone.output[:, : begun.year + 1, 0], rtol=1e-9)
