"""A level whose relation is another region's is scaled to the region's own last value, or not judged."""

from __future__ import annotations

import pytest
from dabiao import load
from dabiao.engine import build
from dabiao.engine.forecast.levels import borrowed, scale
from dabiao.models.quantity import Draws

CITY = "example:panzhihua-2024"


def made(*sets):
    scenario = load(CITY, list(sets)).scenario
    return scenario, build.sheet(scenario, Draws())


def test_a_borrowed_level_passes_through_the_regions_own_last_year():
    scenario, sheet = made("history.outcomes.urban_jobs=6.18")
    relation = sheet.relations["urban_jobs"]
    growth = scenario.history.outcomes["gdp_growth"].value
    assert borrowed(scenario, "urban_jobs") and sheet.targets["urban_jobs"].judged
    assert float(relation.constant[0] + relation.drivers["gdp_growth"][0] * growth) == pytest.approx(6.18)


@pytest.mark.parametrize("gone", ["urban_jobs", "gdp_growth"])
def test_a_borrowed_level_without_a_last_value_is_not_judged(gone):
    scenario = load(CITY).scenario
    history = scenario.history.model_copy(
        update={"outcomes": {k: v for k, v in scenario.history.outcomes.items() if k != gone}}
    )
    scenario = scenario.model_copy(update={"history": history})
    sheet = build.sheet(scenario, Draws())
    assert scale(scenario, "urban_jobs") is None and not sheet.targets["urban_jobs"].judged
    assert sheet.targets["retail_growth"].judged  # rates have no size


def test_a_relation_of_ones_own_is_taken_as_it_is():
    scenario, sheet = made("relations.urban_jobs.constant=5", "history.outcomes.urban_jobs=6.18")
    assert scale(scenario, "urban_jobs") == 1.0 and float(sheet.relations["urban_jobs"].constant[0]) == 5
