"""What is left unsaid, inferred, and stated without effect is told: by validation and by every run."""

from __future__ import annotations

import numpy as np
import pytest
from city import CITY
from click.testing import CliRunner
from dabiao import load
from dabiao.cli.main import simulate
from dabiao.engine import build
from dabiao.engine.forecast.anchored import anchored
from dabiao.engine.plans import stated_plans
from dabiao.engine.projects.run import Pipeline
from dabiao.engine.run import notes, run
from dabiao.models.quantity import Draws
from dabiao.results.report import tables
from dabiao.scenarios.files import examples
from dabiao.scenarios.load import load_example

LATE = """\
  dam:
    title: {zh: 水电站, en: Dam}
    sector: industry
    invest: 30
    stage: approved
    start: "2031-03"
    adds: {output: 5}
  mill:
    title: {zh: 磨坊, en: Mill}
    sector: industry
    invest: 3
    stage: approved
    adds: {output: 5}
"""


@pytest.fixture
def city(tmp_path):
    path = tmp_path / "city.yaml"
    text = CITY.replace(
        "shares: {agriculture: 3, industry: 47, services: 50}", "shares: {industry: 47, services: 53}"
    )
    path.write_text(
        text.replace("relax_to: 5600000", "relax_to: 560").replace("mixes:\n", LATE + "mixes:\n"),
        encoding="utf-8",
    )
    return path


def kinds(found):
    return {(one.kind, one.about) for one in found}


def test_silence_is_told(city):
    """A sector that no share names, a project without a start, one that starts after the last year."""
    found = notes(load(city))
    assert {("left_out", "agriculture"), ("no_start", "mill"), ("beyond", "dam")} <= kinds(found)
    said = {row["line"]: row["text"] for row in tables(run(load(city), draws=0))["summary"].records()}[
        "hints"
    ]
    assert "农业" in said.zh and "Mill states no start" in said.en
    for lang, words in (("zh", "提示"), ("en", "NOTE")):
        done = CliRunner().invoke(simulate, ["validate", str(city), "--lang", lang])
        assert done.exit_code == 0 and words in done.output


def test_a_number_without_effect_is_found_by_moving_it(city):
    """Prices of energy enter no target of the sheet; a branch that sells nothing outside has no market;
    demand here moves growth."""
    assert "sectors.energy.price_growth" in {
        one.path for one in notes(load_example("panzhihua-2024")) if one.kind == "idle"
    }
    closed = ["accounts.household_consumption=800", "sectors.services.demand=-2"]
    loaded = load(city, closed)
    path = run(loaded, draws=0).plan.path
    idle = {one.path for one in notes(loaded) if one.kind == "idle"}
    outside = path.economy.accounts.outside[path.economy.rows("services")].sum()
    assert outside == 0 and "sectors.services.market.trend" in idle
    assert "sectors.services.demand" not in idle and "sectors.industry.market.trend" not in idle


class Otherwise(Draws):
    """The central case with one number changed."""

    def __init__(self, path, value):
        self.path, self.value = path, value

    def __call__(self, quantity):
        """The central value, or the other one."""
        return np.array([self.value]) if quantity.path == self.path else super().__call__(quantity)


@pytest.mark.first(2)
@pytest.mark.parametrize("name", examples())
def test_every_number_said_to_have_no_effect_has_none(name):
    """Independently: a few of them moved leave the plan's central path as it is."""
    loaded = load_example(name)
    scenario = anchored(loaded).scenario

    def output(values):
        economy = build.economy(scenario, values)
        plan = stated_plans(scenario, values)[scenario.plan]
        return economy.simulate(Pipeline(scenario, economy, values).run(plan).realisation).output

    idle = [one for one in notes(loaded) if one.kind == "idle"]
    before = output(Draws())
    for one in idle[:: max(len(idle) // 4, 1)]:
        value = loaded.quantities()[one.path].value
        try:
            after = output(Otherwise(one.path, value * 0.97))
        except Exception:
            continue
        assert after == pytest.approx(before, rel=1e-9), one.path


def test_what_is_inferred_is_told_with_its_size():
    found = notes(load_example("panzhihua-2024"))
    assert any(one.kind == "unlisted" and one.amount and one.amount > 1 for one in found)
    whole = notes(load_example("panzhihua-2024", ["listing.whole=true", "listing.finishing=null"]))
    assert not any(one.kind in ("unlisted", "carried") for one in whole)


@pytest.mark.slow
def test_every_yuan_of_every_example_stands_once():
    for name in examples():
        loaded = load_example(name)
        made = tables(run(loaded, draws=0))
        if not loaded.scenario.projects:
            assert "money" not in made
            continue
        for row in made["money"].records():
            whole = row["overdue"] + row["planned"] + row["beyond"]
            assert whole == pytest.approx(row["spent"] + row["cancelled"] + row["left"], abs=1e-9), row["id"]
        total = next(row for row in made["money"].records() if row["level"] == "total")
        sectors = [row for row in made["money"].records() if row["level"] == "sector"]
        assert total["spent"] == pytest.approx(sum(row["spent"] for row in sectors))


def test_a_cancelled_projects_money_stands_under_cancelled():
    made = tables(run(load_example("panzhihua-2024", ["projects.foundry-park.cancelled=2024-10"]), draws=0))
    row = next(row for row in made["money"].records() if row["id"] == "foundry-park")
    assert row["spent"] == pytest.approx(20 * 6 / 22) and row["cancelled"] == pytest.approx(20 - 20 * 6 / 22)
    assert row["left"] == pytest.approx(0)


def test_of_a_long_list_the_numbers_of_single_projects_are_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else is without effect is told as before."""
    loaded = load_example("panzhihua-2024")
    before = {one.path for one in notes(loaded) if one.kind == "idle"}
    monkeypatch.setattr("dabiao.engine.diagnose.hints.MANY", 1)
    after = {one.path for one in notes(loaded) if one.kind == "idle"}
    gone = before - after
    assert gone and after <= before and all(path.startswith("projects.") for path in gone)
