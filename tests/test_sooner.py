"""Projects sooner or later: the report's explanation holds in the simulation, and its figures are the
run's."""

from __future__ import annotations

from pathlib import Path

import pytest
from city import CITY
from dabiao.engine import build
from dabiao.engine.decide.assess import Run
from dabiao.engine.diagnose.moves import Move, project_moves
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.engine.run import run
from dabiao.models.quantity import Draws
from dabiao.results.report import tables
from dabiao.results.tables.sooner import sooner_sentence, yields
from dabiao.results.text.wording import points
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
    text = CITY.replace(
        "years: {base: 2023, target: 2024}", "years: {base: 2023, target: 2024, last: 2028}"
    ).replace("relax_to: 5600000", "relax_to: 560")
    path.write_text(text.replace("mixes:\n", POOR + "mixes:\n"), encoding="utf-8")
    return load(path)


def study_of(loaded: Loaded):
    scenario, values = loaded.scenario, Draws()
    economy = build.economy(scenario, values)
    pipeline = Pipeline(scenario, economy, values)
    plan = stated_plans(scenario, values)["plan"]
    pipeline_run = pipeline.run(plan)
    return pipeline, Run(plan, pipeline_run, economy.simulate(pipeline_run.realisation))


def moved(loaded: Loaded) -> dict[str, Move]:
    return {move.id: move for move in project_moves(*study_of(loaded)) if move.project == "dam"}


def test_a_start_brought_forward_takes_its_money_from_other_works(city: Loaded) -> None:
    """A poor dam a quarter sooner: within the same total the other works of industry lose what it takes, and
    growth with it; with
    money of its own nothing is lost up to any year, and nobody gives anything up."""
    found = moved(city)
    instead, alone = found["sooner_instead"], found["sooner"]
    assert instead.displaced is not None and alone.displaced is not None
    assert instead.displaced[1, 0] == pytest.approx(100 * 3 / 30)
    assert instead.gdp[0] < -1e-4
    assert abs(alone.displaced[1, 0]) < 1e-9
    assert (alone.total >= -1e-9).all() and alone.gdp[0] > 0


def test_a_delay_against_the_plan_is_not_made_good(city: Loaded) -> None:
    """Later than planned: investment of the year and output up to every year fall; no other works fill the
    gap."""
    found = moved(city)["later"]
    assert found.gdp[0] < 0 and (found.total < 0).all()


def test_cancelled_is_not_deleted(city: Loaded) -> None:
    """Cancelled, its money is saved and demand falls; handed on, the other works of its sector bring more
    than the dam would."""
    found = moved(city)
    assert found["cancelled"].gdp[0] < 0 and (found["cancelled"].total < 0).all()
    assert found["handed_on"].total[-1] > found["cancelled"].total[-1]


def test_the_figures_are_those_of_the_run(city: Loaded) -> None:
    answer = run(city, draws=0)
    usual = city.scenario.sectors["industry"].capacity.output_per_yuan.value  # type: ignore[union-attr]
    assert yields(answer) == [("dam", pytest.approx(5 / 100), usual)]
    together = {move.id: move for move in answer.changes if not move.project}
    for lang, name in (("zh", "水电站0.05元"), ("en", "Dam 0.05 against")):
        said = {row["line"]: row["text"].of(lang) for row in tables(answer)["summary"].records()}["sooner"]
        assert name in said
        for key in ("sooner", "sooner_instead", "later", "cancelled"):
            assert points(float(together[key].gdp[answer.year - 1]), lang) in said


def test_without_named_projects_nothing_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "city.yaml"
    path.write_text(CITY.replace("relax_to: 5600000", "relax_to: 560"), encoding="utf-8")
    answer = run(load(path, ["projects=null"]), draws=0)
    assert sooner_sentence(answer, "zh") == "" and sooner_sentence(answer, "en") == ""
