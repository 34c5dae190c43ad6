"""Projects sooner or later: the report's explanation holds in the simulation, and its figures are the run's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from city import CITY
from dabiao.engine import build
from dabiao.engine.run import run
from dabiao.engine.works import Pipeline, stated_plans
from dabiao.models.quantity import Values
from dabiao.results.report import tables
from dabiao.results.table_sooner import sooner_sentence, yields
from dabiao.results.wording import points
from dabiao.scenarios.load import Loaded, load

POOR = """\
  dam:
    title: {zh: 水电站, en: Dam}
    sector: industry
    invest: 100
    stage: approved
    start: "2024-07"
    months: {approval: 0, registration: 0, construction: 30, ramp_up: 12}
    slip: 0
    adds: {output: 5}
"""


@pytest.fixture
def city(tmp_path: Path) -> Loaded:
    path = tmp_path / "city.yaml"
    text = CITY.replace("years: {base: 2023, target: 2024}", "years: {base: 2023, target: 2024, last: 2028}").replace("relax_to: 5600000", "relax_to: 560")
    path.write_text(text.replace("mixes:\n", POOR + "mixes:\n"), encoding="utf-8")
    return load(path)


def growth(loaded: Loaded, months: float = 0.0, late: float = 0.0, more: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """GDP growth and investment put in place by year, with the dam's start moved, its commissioning late, or more money for its sector."""
    scenario, values = loaded.scenario, Values()
    economy = build.economy(scenario, values)
    pipeline = Pipeline(scenario, economy, values)
    plan = stated_plans(scenario, values)["plan"]
    money = plan.investment.copy()
    money[1] += more
    projects = [replace(p, slip=p.slip + late) if p.id == "dam" else p for p in pipeline.projects]
    delivery = pipeline.run(replace(plan, investment=money, shifts={"dam": months}), projects=projects)
    path = economy.simulate(delivery.works)
    return 100 * (path.gdp[1:, 0] / path.gdp[:-1, 0] - 1), delivery.works.invested.sum(axis=0)[:, 0]


def test_a_start_brought_forward_takes_its_money_from_other_works(city: Loaded) -> None:
    """The year's investment stays, its growth falls; put off, the other way round; with money of its own nothing is lost."""
    (plan, spent), (early, same) = growth(city), growth(city, -6)
    assert same[0] == pytest.approx(spent[0], rel=1e-9)
    assert early[0] < plan[0] - 1e-6
    late, _ = growth(city, 6)
    assert late[0] > plan[0] + 1e-6
    alone, _ = growth(city, -6, more=30)
    assert alone[0] > plan[0]


def test_a_delay_against_the_plan_is_not_made_good(city: Loaded) -> None:
    (plan, spent), (late, less) = growth(city), growth(city, late=6)
    assert less[0] < spent[0] - 1e-6 and late[0] < plan[0]


def test_the_figures_are_those_of_the_run(city: Loaded) -> None:
    answer = run(city, draws=0)
    usual = city.scenario.sectors["industry"].capacity.output_per_yuan.value  # type: ignore[union-attr]
    assert yields(answer) == [("dam", pytest.approx(5 / 100), usual)]
    earlier = next(move for move in answer.moves if move.id == "earlier")
    for lang, name in (("zh", "水电站0.05元"), ("en", "Dam 0.05 against")):
        said = {row["line"]: row["text"].of(lang) for row in tables(answer)["summary"].records()}["sooner"]
        assert name in said
        for year in (0, -1):
            assert points(float(earlier.gdp[year]), lang) in said


def test_without_named_projects_nothing_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "city.yaml"
    path.write_text(CITY.replace("relax_to: 5600000", "relax_to: 560"), encoding="utf-8")
    answer = run(load(path, ["projects=null"]), draws=0)
    assert sooner_sentence(answer, "zh") == "" and sooner_sentence(answer, "en") == ""
